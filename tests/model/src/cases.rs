//! Small maps built by hand with messages and the outcome of each: one per construct. The interpreter's own tests, and
//! what the vm is compared on.

mod fields;
mod functions;
mod input;
mod rows;
mod values;

pub use functions::library_examples;
use mapc_check::typed::Typed;

use crate::outcome::Context;

/// A map and what it makes of messages.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about.
    pub name: &'static str,
    /// The map.
    pub typed: Typed,
    /// Messages and outcomes as [`crate::builder::describe`] gives them.
    pub runs: Vec<(Vec<u8>, String)>,
}

impl Case {
    fn new(name: &'static str, builder: crate::builder::Builder, runs: &[(&str, &str)]) -> Case {
        let runs =
            runs.iter().map(|(input, outcome)| (input.as_bytes().to_vec(), (*outcome).to_owned())).collect();
        Case { name, typed: builder.typed, runs }
    }
}

/// All cases.
pub fn cases() -> Vec<Case> {
    [fields::cases(), functions::cases(), input::cases(), rows::cases(), values::cases()].concat()
}

/// What the host of the cases knows.
pub fn context() -> Context {
    let ids = [("8812", "401"), ("empty", "")];
    let entry = |(key, id): (&str, &str)| (("netsuite.customer".to_owned(), key.to_owned()), id.to_owned());
    Context { xrefs: ids.into_iter().map(entry).collect() }
}
