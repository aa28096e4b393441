//! Every row of the conversion table, in both directions, through one `check`.

mod hostile;
mod overlays;
mod print;
mod rows;

use mapc_diagnostics::{FileId, Sources, Staged};

use crate::api::{Direction, LoadedSchema, Operation};
use print::{lints, print};

const TARGET: Direction = Direction::Target(Operation::Create);

/// A schema with `$schema` of 2020-12 in front.
fn modern(schema: &str) -> String {
    format!(r#"{{"$schema":"https://json-schema.org/draft/2020-12/schema",{}"#, &schema[1..])
}

fn seventh(schema: &str) -> String {
    format!(r#"{{"$schema":"http://json-schema.org/draft-07/schema#",{}"#, &schema[1..])
}

fn sources(schema: &str, overlays: &[&str]) -> (Sources, FileId, Vec<FileId>) {
    let mut sources = Sources::new();
    let id = sources.add("schema.json", schema);
    let overlays = overlays
        .iter()
        .enumerate()
        .map(|(at, text)| sources.add(format!("overlay{at}.json"), *text))
        .collect();
    (sources, id, overlays)
}

fn run(schema: &str, overlays: &[&str], direction: Direction) -> Staged<Option<LoadedSchema>> {
    let (sources, id, overlays) = sources(schema, overlays);
    crate::load(&sources, id, &overlays, direction)
}

/// The codes and titles that loading gives.
fn codes(schema: &str, overlays: &[&str], direction: Direction) -> Vec<String> {
    let staged = run(schema, overlays, direction);
    staged.diagnostics.iter().map(|one| format!("{}: {}", one.code, one.title)).collect()
}

/// The type without anything to say about it.
fn quiet(schema: &str, direction: Direction) -> LoadedSchema {
    let staged = run(schema, &[], direction);
    assert!(staged.diagnostics.is_empty(), "{schema}: {:#?}", staged.diagnostics);
    staged.value.unwrap()
}

/// Compares the printed type and the lint lines of both directions; an expectation of the form `type | keyword code`.
#[track_caller]
fn check(schema: &str, target: &str, source: &str) {
    check_raw(&modern(schema), target, source);
}

#[track_caller]
fn check_raw(schema: &str, target: &str, source: &str) {
    for (direction, expect) in [(TARGET, target), (Direction::Source, source)] {
        let staged = run(schema, &[], direction);
        let loaded = staged.value.unwrap_or_else(|| panic!("{schema}: {:#?}", staged.diagnostics));
        let lints = lints(&loaded);
        let found = format!("{}{}{lints}", print(&loaded), if lints.is_empty() { "" } else { " | " });
        assert_eq!(found, expect, "{direction:?} of {schema}");
    }
}

/// The same in both directions, and nothing to report.
#[track_caller]
fn exact(schema: &str, expect: &str) {
    check(schema, expect, expect);
}
