//! Runs a verified program on one message; the crate that workers embed. Knows no map texts, schemas or types: what the
//! compiler has proved is spent, what must still be tested is an instruction.
//!
//! Three calls: load, run, outcome.
//!
//! ```no_run
//! use mapc_vm::{Context, Instance, MemoryXref, Outcome, Program};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let program = Program::load(&std::fs::read("sales_order.mapb")?)?;
//! let mut instance = Instance::new(&program);
//! let xref = MemoryXref::new();
//! match instance.run(br#"{"id": "SO-1"}"#, &Context::new(&xref)) {
//!     Outcome::Deliver { document, .. } => println!("{}", String::from_utf8_lossy(document)),
//!     Outcome::Skip { reason } => println!("skipped: {}", reason.text),
//!     Outcome::Wait { reference, .. } => println!("waiting for {reference}"),
//!     Outcome::Reject { reason, text } => println!("R{:04}: {text}", reason.code),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A [`Program`] is shared by threads; each thread has its own [`Instance`], whose buffers are used again for every
//! message.

mod calendar;
mod codes;
mod context;
mod decimal;
mod document;
mod escape;
mod index;
mod ingest;
mod instance;
mod lane;
mod outcome;
mod plan;
mod program;
mod run;
mod slot;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod wide;

pub use context::{Context, Limits, MemoryXref, Xref};
pub use instance::{Buffers, Instance};
pub use lane::Lane;
pub use outcome::Outcome;
pub use program::{LoadError, Program};

pub use mapc_bytecode as bytecode;
