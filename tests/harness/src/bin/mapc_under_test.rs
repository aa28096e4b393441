//! The `mapc` command again, so that the tests of this package have its path. Holds nothing of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(mapc::main(std::env::args_os().collect()))
}
