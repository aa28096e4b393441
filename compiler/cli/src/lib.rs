//! The `mapc` command: talks to people and to CI. Everything that touches files, terminals, clocks or the
//! environment is here and nowhere below.

mod answer;
mod arguments;
mod batch;
mod cache;
mod check_report;
mod commands;
mod config;
mod disk;
mod ending;
mod engine;
mod exit;
mod in_order;
mod internal;
mod limits;
mod look;
mod messages;
mod pages;
mod progress;
mod reading;
mod rejects;
mod render;
mod run_summary;
mod sample;
mod session;
mod stream;
mod trouble;
mod xref;

use std::ffi::OsString;
use std::io::Write;

use clap::Parser;

use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::look::Look;
use crate::session::Session;

/// Stack of the thread that works: the same on every platform.
const STACK: usize = 64 * 1024 * 1024;

/// Runs `mapc` with these arguments (the first is the program) and gives the exit code: 0 done, 1 findings, 2 could
/// not do the work, 101 internal error.
pub fn main(arguments: Vec<OsString>) -> u8 {
    internal::install();
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run(arguments));
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit.code(),
        // The hook has already spoken.
        Ok(Err(_)) => Exit::Internal.code(),
        Err(_) => Exit::Unable.code(),
    }
}

fn run(arguments: Vec<OsString>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let look = Look::of_terminal(&arguments.global);
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut err = std::io::stderr();
    let mut session = Session::new(look, &mut out, &mut err);
    match commands::run(arguments.command, &mut session) {
        Ok(exit) => exit,
        Err(trouble) => {
            session.complain(&trouble);
            Exit::Unable
        }
    }
}

/// Help and version are done; anything else about arguments is a command that could not be understood.
fn usage(error: &clap::Error) -> Exit {
    let printed = error.print();
    drop(std::io::stdout().flush());
    match (error.use_stderr(), printed) {
        (false, Ok(())) => Exit::Done,
        _ => Exit::Unable,
    }
}
