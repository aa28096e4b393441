//! Do the maps we ship work on real records? Every map below `mappings/` is checked, laid out, built, tested and run.

use mapc_harness::command::Shell;
use mapc_harness::compiled::{Compiled, Runner};
use mapc_harness::ending::Ending;
use mapc_harness::folder::Folder;
use mapc_harness::judge::Judge;
use mapc_harness::repository;
use mapc_vm::Limits;
use serde_json::Value;

const ACME: &str = "tenants/acme/sales_order.map";

fn mappings() -> Folder {
    Folder::copy_of("mappings").unwrap_or_default()
}

#[test]
fn every_map_checks_builds_loads_and_is_laid_out() {
    let folder = mappings();
    let maps: Vec<&str> = folder.paths().filter(|path| path.ends_with(".map")).collect();
    assert!(maps.contains(&ACME));
    for map in maps {
        let compiled = Compiled::new(&folder, map);
        assert!(!compiled.compilation.has_errors(), "{map} has errors:\n{}", compiled.words());
        compiled.runner(&folder, Limits::default()).unwrap();
        let text = folder.text(map).unwrap();
        let laid_out = mapc_format::format(text).unwrap();
        assert!(laid_out == text, "{map} is not laid out; `mapc fmt` does it");
        let again = Compiled::new(&folder, map);
        let bytes = |one: &Compiled| one.compilation.module.as_ref().map(mapc_bytecode::Module::encode);
        assert!(bytes(&again) == bytes(&compiled), "{map} does not give the same artifact twice");
    }
}

#[test]
fn every_test_block_passes() {
    let place = repository::root().join("mappings");
    let shell = Shell::new(env!("CARGO_BIN_EXE_mapc-under-test"), place);
    let printed = shell.run(&["test", "."], b"").unwrap();
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(printed.err.contains(" 0 failed"), "{}", printed.err);
}

/// Sample messages with what is said of each.
fn samples(folder: &Folder) -> Vec<(Vec<u8>, Value)> {
    let file = folder.get("canonical/samples/sales_orders.ndjson").unwrap_or_default();
    let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let expected = folder.get("canonical/samples/expected.json").unwrap_or_default();
    let expected: Vec<Value> = serde_json::from_slice(expected).unwrap_or_default();
    assert_eq!(lines.len(), expected.len(), "lines of the samples and of what is expected");
    lines.into_iter().map(<[u8]>::to_vec).zip(expected).collect()
}

/// What is wrong with the ending of a sample.
fn compare(runner: &mut Runner<'_>, message: &[u8], expected: &Value) -> Result<(), String> {
    let text = |name: &str| expected.get(name).and_then(Value::as_str);
    let ending = runner.both(message)?;
    if Some(ending.word()) != text("outcome") || ending.code() != text("code") {
        return Err(format!("ends with {ending}"));
    }
    match &ending {
        Ending::Deliver { document, .. } => {
            let document: Value = serde_json::from_slice(document).map_err(|error| error.to_string())?;
            let id = document.get("externalId").and_then(Value::as_str);
            let rows =
                document.pointer("/item/items").and_then(Value::as_array).map(|rows| rows.len() as u64);
            if id != text("externalId") || rows != expected.get("rows").and_then(Value::as_u64) {
                return Err(format!("{id:?} with {rows:?} rows"));
            }
        }
        Ending::Other { rule, text: words, .. } => {
            if text("at").is_some_and(|at| !rule.contains(at)) {
                return Err(format!("{ending} hangs on `{rule}`"));
            }
            if text("text").is_some_and(|expected| expected != words) {
                return Err(format!("says `{words}`"));
            }
            if text("reference").is_some_and(|expected| expected != words) {
                return Err(format!("waits for `{words}`"));
            }
        }
    }
    Ok(())
}

#[test]
fn every_sample_ends_as_expected() {
    let folder = mappings();
    let compiled = Compiled::new(&folder, ACME);
    let mut runner = compiled.runner(&folder, Limits::default()).unwrap();
    let mut wrong = Vec::new();
    for (message, expected) in samples(&folder) {
        if let Err(why) = compare(&mut runner, &message, &expected) {
            wrong.push(format!("line {}: expected {expected}; {why}", expected["line"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_document_is_valid_by_the_schema_and_each_line_of_the_overlays() {
    let folder = mappings();
    let text = |path| folder.text(path).unwrap();
    let overlays = [
        text("netsuite/sales_order@2025.2.overlay.json"),
        text("tenants/acme/netsuite.sales_order@2025.2.overlay.json"),
    ];
    let judge = Judge::new(text("netsuite/sales_order@2025.2.schema.json"), &overlays).unwrap();
    let compiled = Compiled::new(&folder, ACME);
    let mut runner = compiled.runner(&folder, Limits::default()).unwrap();
    let mut delivered = 0;
    for (line, (message, _)) in samples(&folder).iter().enumerate() {
        if let Some(document) = runner.vm(message).document() {
            delivered += 1;
            judge.judge(document).unwrap_or_else(|why| panic!("line {}: {why}", line + 1));
        }
    }
    println!("{delivered} documents judged by {} schemas", judge.size());
    assert!(delivered >= 25 && judge.size() > 20);
}

#[test]
fn every_ending_stands_in_the_list_that_check_prints() {
    let folder = mappings();
    let place = repository::root().join("mappings");
    let shell = Shell::new(env!("CARGO_BIN_EXE_mapc-under-test"), place);
    let printed = shell.run(&["check", ACME, "-v", "--format", "json"], b"").unwrap();
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    let report: Value = serde_json::from_str(&printed.out).unwrap();
    let compiled = Compiled::new(&folder, ACME);
    let mut runner = compiled.runner(&folder, Limits::default()).unwrap();
    for (message, _) in samples(&folder) {
        if let Ending::Other { id, code, .. } = runner.vm(&message) {
            assert!(report.to_string().contains(&id), "{code} {id} is not in the report of `mapc check`");
        }
    }
}

#[test]
fn every_sample_schema_reads_its_own_samples() {
    let folder = mappings();
    let overlay = folder.text("tenants/acme/canonical.sales_order@1.overlay.json").unwrap();
    let judge = Judge::new(folder.text("canonical/sales_order@1.schema.json").unwrap(), &[overlay]).unwrap();
    for (message, expected) in samples(&folder) {
        if expected["outcome"] == "deliver" {
            judge.judge(&message).unwrap_or_else(|why| panic!("line {}: {why}", expected["line"]));
        }
    }
}
