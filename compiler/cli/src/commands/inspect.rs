//! `mapc inspect`

use mapc_driver::{Module, listing, verify};

use crate::arguments::Inspect;
use crate::exit::Exit;
use crate::session::Session;
use crate::trouble::Trouble;

pub(super) fn run(arguments: &Inspect, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    if super::is_artifact(&arguments.file) {
        let bytes = super::read_artifact(&arguments.file)?;
        let module =
            Module::decode(&bytes).map_err(|error| super::broken_artifact(&arguments.file, &error))?;
        let verified = verify(module).map_err(|error| super::broken_artifact(&arguments.file, &error))?;
        session.print(&listing(verified.module()))?;
        return Ok(Exit::Done);
    }
    let compiled = super::compile(&arguments.file)?;
    let exit = super::show(&compiled, session)?;
    if let Some(module) = &compiled.compilation.module {
        session.print(&listing(module))?;
    }
    Ok(exit)
}
