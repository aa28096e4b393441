//! `mapc completions`

use clap::CommandFactory;

use crate::arguments::{Arguments, Completions};
use crate::exit::Exit;
use crate::session::Session;
use crate::trouble::Trouble;

pub(super) fn run(arguments: &Completions, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "mapc", &mut script);
    session.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
