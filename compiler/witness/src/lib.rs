//! Messages that show something: a gap of a map that nothing answers, or an end its run may come to.
//!
//! Built from the schema of the source alone and confirmed by a run; the same map gives the same message. Knows no
//! files and no terminal.

mod build;
mod hints;
mod limits;
mod message;
mod places;
mod rules;
mod search;
#[cfg(test)]
mod tests;
mod values;
mod words;

use mapc_bytecode::Module;
use mapc_check::typed::{Reason, Typed};
use mapc_check::{OpenGap, OpenMap};
use mapc_diagnostics::{Code, Sources};
use mapc_schema::LoadedSchema;
use mapc_vm::{Context, Instance, Outcome, Program, Xref};

use places::Places;
use search::Search;

/// A message, and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The whole message: compact JSON in one line.
    pub message: String,
    /// The same for people: long texts and lists by their beginning.
    pub shown: String,
    /// What happens with it: "`memo` is 301 characters".
    pub effect: String,
}

/// A receiving system that knows every record.
struct Everything;

impl Xref for Everything {
    fn find<'a>(&'a self, _entity: &str, _key: &str) -> Option<&'a str> {
        Some("1001")
    }
}

/// A receiving system that knows no record.
struct Nothing;

impl Xref for Nothing {
    fn find<'a>(&'a self, _entity: &str, _key: &str) -> Option<&'a str> {
        None
    }
}

/// A receiving system whose ids are none.
struct Wrong;

impl Xref for Wrong {
    fn find<'a>(&'a self, _entity: &str, _key: &str) -> Option<&'a str> {
        Some("")
    }
}

/// A message of the source that shows a gap of a map.
pub fn of_gap(open: &OpenMap, gap: &OpenGap, source: &LoadedSchema, sources: &Sources) -> Option<Witness> {
    let only = open.only(gap);
    let program = Program::load(&mapc_emit::emit_open(&only, sources).encode()).ok()?;
    let places = Places::of(only.typed(), source);
    let worlds: [&dyn Xref; 2] = [&Everything, &Nothing];
    let found = Search::new(only.typed(), &program, source, &places, &gap.reason, &worlds).find()?;
    let effect = words::effect(gap, &found.text);
    Some(Witness { message: found.message.to_string(), shown: found.message.shortened(), effect })
}

/// A message that makes a map end with a reason. `ids`: what the receiving system knows; other knowledge is tried too.
///
/// For a read that fails (R0201) and the reasons every map has, it is a message that the source's own schema refuses.
pub fn of_reason(
    typed: &Typed,
    module: &Module,
    source: &LoadedSchema,
    reason: &Reason,
    ids: &dyn Xref,
) -> Option<Witness> {
    let program = Program::load(&module.encode()).ok()?;
    if let Some(message) = whole_message(reason, typed) {
        let ends = ends_with(&program, message.as_bytes(), ids, &reason.id);
        let shown = if message.chars().count() > 200 { words::beginning(&message) } else { message.clone() };
        return ends.then(|| Witness { message, shown, effect: reason.text.clone() });
    }
    if limits::is_of_every_map(reason.code) {
        return None;
    }
    let places = Places::of(typed, source);
    let mut worlds: Vec<&dyn Xref> = vec![ids, &Everything, &Nothing];
    if reason.code == Code::R0201 {
        worlds.push(&Wrong);
    }
    let found = Search::new(typed, &program, source, &places, &reason.id, &worlds).find()?;
    Some(Witness { message: found.message.to_string(), shown: found.message.shortened(), effect: found.text })
}

/// What no part of the map decides.
fn whole_message(reason: &Reason, typed: &Typed) -> Option<String> {
    if reason.code == Code::R0201 { None } else { limits::message(reason.code, typed) }
}

/// Does a message end with that reason?
fn ends_with(program: &Program, message: &[u8], ids: &dyn Xref, wanted: &str) -> bool {
    match Instance::new(program).run(message, &Context::new(ids)) {
        Outcome::Deliver { .. } => false,
        Outcome::Skip { reason } | Outcome::Wait { reason, .. } | Outcome::Reject { reason, .. } => {
            reason.id == wanted
        }
    }
}
