//! A compiled map beside its meaning: every message goes through the vm and through the reference interpreter.

use mapc_check::typed::{ReasonId, Typed};
use mapc_vm::{Context, Instance, MemoryXref, Outcome, Program};

use super::Verdict;

/// A program and the checked map it came from.
#[derive(Debug)]
pub struct Twin<'a> {
    typed: &'a Typed,
    instance: Instance,
}

/// What the host of these runs knows: entity, key, id.
const IDS: &[(&str, &str, &str)] =
    &[("erp.customer", "C-1", "77"), ("erp.item", "A", "501"), ("netsuite.customer", "C-1001", "8812")];

impl<'a> Twin<'a> {
    /// Ready to run.
    pub fn new(typed: &'a Typed, program: &Program) -> Twin<'a> {
        Twin { typed, instance: Instance::new(program) }
    }

    /// Runs a message in both; gives the document if there is one.
    ///
    /// # Errors
    /// They differ, or the reason is not one of the list.
    pub fn run(&mut self, message: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let mut ids = MemoryXref::new();
        let mut known = mapc_model::Context::default();
        for (entity, key, id) in IDS {
            ids.insert(*entity, *key, *id);
            known.xrefs.insert(((*entity).to_owned(), (*key).to_owned()), (*id).to_owned());
        }
        let outcome = self.instance.run(message, &Context::new(&ids));
        listed(self.typed, &outcome)?;
        let model = mapc_model::run(self.typed, message, &known, &mapc_model::Limits::default());
        if !same(self.typed, &outcome, &model) {
            let shown = String::from_utf8_lossy(message);
            return Err(format!("they differ on {shown}\n  vm     {outcome:?}\n  model  {model:?}"));
        }
        Ok(outcome.document().map(<[u8]>::to_vec))
    }
}

/// The reason is in the list that the check has printed.
fn listed(typed: &Typed, outcome: &Outcome<'_>) -> Verdict {
    let Some(found) = outcome.reason() else { return Ok(()) };
    let code = format!("R{:04}", found.code);
    let known = typed.reasons.iter().any(|one| one.id == found.id && one.code.number() == code);
    if known { Ok(()) } else { Err(format!("{code} {} is not in the list of reasons", found.rule)) }
}

/// The same end, to the byte.
fn same(typed: &Typed, vm: &Outcome<'_>, model: &mapc_model::Outcome) -> bool {
    use mapc_model::Outcome as Model;
    let is = |reason: &mapc_vm::bytecode::Reason, id: ReasonId| {
        typed.reasons.get(id.0).is_some_and(|one| one.id == reason.id)
    };
    match (*vm, model) {
        (
            Outcome::Deliver { document, key, order_by },
            Model::Deliver { document: other, key: id, order_by: order },
        ) => document == other && key == id.as_deref() && order_by == order.as_deref(),
        (Outcome::Skip { reason }, Model::Skip { reason: other }) => is(reason, *other),
        (Outcome::Wait { reason, reference }, Model::Wait { reason: other, reference: name }) => {
            is(reason, *other) && reference == name
        }
        (Outcome::Reject { reason, text }, Model::Reject { reason: other, text: words }) => {
            is(reason, *other) && text == words
        }
        _ => false,
    }
}
