//! Every hand-built map becomes a module that verifies; listings of a few stay put.

use mapc_diagnostics::Sources;
use mapc_model::cases::{Case, cases};

use crate::emit_typed;

fn listing(case: &Case) -> String {
    let module = emit_typed(&case.typed, Vec::new(), &Sources::new());
    match mapc_bytecode::verify(module.clone()) {
        Ok(_) => mapc_bytecode::listing(&module),
        Err(error) => format!("{error}\n{}", mapc_bytecode::listing(&module)),
    }
}

#[test]
fn modules_verify() {
    for case in cases() {
        let module = emit_typed(&case.typed, Vec::new(), &Sources::new());
        if let Err(error) = mapc_bytecode::verify(module) {
            panic!("{}: {error}\n{}", case.name, listing(&case));
        }
    }
}
