//! Any bytes as a schema: loaded in every direction, and held against documents.
//!
//! The parts, with the line `%%` between them: the schema, its overlay, and documents, one per line.

use std::collections::BTreeMap;

use mapc_diagnostics::Sources;
use mapc_model::member::{Dialect, Reading, Schema};
use mapc_schema::{Direction, Operation};

use super::parts::Parts;
use super::{Verdict, spans};
use crate::json::Json;
use crate::loaded::Loaded;
use crate::values::Value;

/// Loads a schema, as a source and as a target of every operation: what is said points into its text, and a document
/// that a map may write is valid.
///
/// # Errors
/// One of these does not hold.
pub fn schema(bytes: &[u8]) -> Verdict {
    let parts = Parts::of(bytes);
    let mut sources = Sources::new();
    let text = String::from_utf8_lossy(parts.get(0));
    let file = sources.add("fuzz.schema.json", &*text);
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
    spans::all_inside(&linted.diagnostics, &sources)?;
    documents(&text, &parts)
}

/// What the type of the schema admits, the schema admits too.
fn documents(text: &str, parts: &Parts<'_>) -> Verdict {
    let mut lines = parts.lines(2).peekable();
    if lines.peek().is_none() {
        return Ok(());
    }
    let Some(dialect) = Json::parse(text).as_ref().and_then(dialect) else { return Ok(()) };
    let judge = Schema::new(text, dialect, &BTreeMap::new());
    let (Ok(judge), Ok(loaded)) = (judge, Loaded::new(text)) else { return Ok(()) };
    lines.take(8).try_for_each(|line| document(&judge, &loaded, line))
}

fn document(judge: &Schema, loaded: &Loaded, line: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(line);
    // A map writes records.
    let Some(json @ Json::Record(_)) = Json::parse(&text) else { return Ok(()) };
    let Some(value) = Value::of(&json) else { return Ok(()) };
    let refused = judge.accepts(text.as_bytes(), Reading::Both) == Ok(false);
    if refused && loaded.writes(&value) {
        return Err(format!("a map may write {text}, which the schema refuses"));
    }
    Ok(())
}

/// The dialect that a schema declares, if the judge knows it.
fn dialect(schema: &Json) -> Option<Dialect> {
    if let Some(own) = schema.get("x-mapc-dialect") {
        return Dialect::of_name(own.as_text()?);
    }
    let uri = schema.get("$schema")?.as_text()?;
    let bare = uri.trim_end_matches('#').trim_start_matches("http://").trim_start_matches("https://");
    Some(match bare {
        "json-schema.org/draft-04/schema" => Dialect::Draft4,
        "json-schema.org/draft-07/schema" => Dialect::Draft7,
        "json-schema.org/draft/2019-09/schema" => Dialect::Draft201909,
        "json-schema.org/draft/2020-12/schema" => Dialect::Draft202012,
        _ => return None,
    })
}
