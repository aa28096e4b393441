//! The binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(mapc::main(std::env::args_os().collect()))
}
