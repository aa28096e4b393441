//! Any bytes as a schema: loaded in every direction.
//!
//! The parts, with the line `%%` between them: the schema and its overlay.

use mapc_diagnostics::Sources;
use mapc_schema::{Direction, Operation};

use super::parts::Parts;
use super::{Verdict, spans};

/// Loads a schema, as a source and as a target of every operation: what is said points into its text.
///
/// # Errors
/// Something points elsewhere.
pub fn schema(bytes: &[u8]) -> Verdict {
    let parts = Parts::of(bytes);
    let mut sources = Sources::new();
    let file = sources.add("fuzz.schema.json", String::from_utf8_lossy(parts.get(0)).into_owned());
    let mut overlays = Vec::new();
    if !parts.get(1).trim_ascii().is_empty() {
        overlays.push(sources.add("fuzz.overlay.json", String::from_utf8_lossy(parts.get(1)).into_owned()));
    }
    let directions = [
        Direction::Source,
        Direction::Target(Operation::Create),
        Direction::Target(Operation::Update),
        Direction::Target(Operation::Upsert),
    ];
    for direction in directions {
        let loaded = mapc_schema::load(&sources, file, &overlays, direction);
        spans::all_inside(&loaded.diagnostics, &sources)?;
    }
    let linted = mapc_schema::lint(&sources, file, &overlays);
    spans::all_inside(&linted.diagnostics, &sources)
}
