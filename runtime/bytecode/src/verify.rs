//! The verifier: a verified module never makes the vm panic, loop without end or read outside. Three steps: the data is
//! sound, the code is well nested, every register is set before it is used. Knows no single instruction's meaning beyond
//! what these three need.

mod blocks;
mod data;
mod flow;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::module::Module;

/// A module that the vm may run.
#[derive(Clone, Debug)]
pub struct VerifiedModule(Module);

impl VerifiedModule {
    /// The module.
    pub fn module(&self) -> &Module {
        &self.0
    }

    /// Gives the module back.
    pub fn into_module(self) -> Module {
        self.0
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

impl VerifyError {
    fn data(message: impl Into<String>) -> VerifyError {
        VerifyError { instruction: None, message: message.into() }
    }

    fn at(instruction: usize, message: impl Into<String>) -> VerifyError {
        VerifyError { instruction: Some(instruction), message: message.into() }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instruction {
            Some(index) => {
                write!(formatter, "this compiled map does not verify: instruction {index}: {}", self.message)
            }
            None => write!(formatter, "this compiled map does not verify: {}", self.message),
        }
    }
}

impl std::error::Error for VerifyError {}

/// Checks everything the vm relies on.
pub fn verify(module: Module) -> Result<VerifiedModule, VerifyError> {
    data::check(&module)?;
    let blocks = blocks::check(&module)?;
    flow::check(&module, &blocks)?;
    Ok(VerifiedModule(module))
}
