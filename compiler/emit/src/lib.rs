//! The proof becomes the shortest program: a checked map becomes a module.
//!
//! Two stages. `plan` decides which values are kept in registers and how the document is put together; `encode` writes
//! the instructions and the tables they refer to. No obligation is looked at again: what must still be tested at run
//! time stands in the checked map.

mod encode;
mod plan;
#[cfg(test)]
mod tests;

use mapc_bytecode::{Module, Pin};
use mapc_check::Checked;
use mapc_check::typed::Typed;
use mapc_diagnostics::Sources;

/// The module of a checked map. `pins`: hashes of what the proof rests on; `sources`: for the lines of the map.
pub fn emit(checked: &Checked, pins: Vec<Pin>, sources: &Sources) -> Module {
    emit_typed(checked.typed(), pins, sources)
}

/// The module of a map whose gaps are left open: for searching messages that reach them, never for use.
pub fn emit_open(open: &mapc_check::OpenMap, sources: &Sources) -> Module {
    emit_typed(open.typed(), Vec::new(), sources)
}

fn emit_typed(typed: &Typed, pins: Vec<Pin>, sources: &Sources) -> Module {
    encode::encode(&plan::plan(typed), pins, sources)
}
