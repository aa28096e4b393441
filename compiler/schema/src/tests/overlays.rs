//! Overlays: what each word does, what it is told when it does nothing.

use super::*;
use crate::api::Step;

const ORDER: &str = r##"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
    "required":["entity","tranId"],"properties":{
    "memo":{"type":"string","maxLength":999},
    "entity":{"$ref":"#/$defs/ref"},"other":{"$ref":"#/$defs/ref"},
    "tranId":{"type":"string"},
    "item":{"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{
        "rate":{"type":"number"}}}}}}},
    "$defs":{"ref":{"type":"object","additionalProperties":false,"properties":{"id":{"type":"string"}}}}}"##;

const PLAIN: &str = "{memo?: text0..999, entity: {id?: text}, other?: {id?: text}, tranId: text, \
    item?: {items?: [{rate?: number, ...}], ...}, ...}";

fn overlay(lines: &str) -> String {
    format!(r#"{{"overlay":"netsuite.sales_order@2025.2","version":7,"lines":[{lines}]}}"#)
}

/// The type of the order under overlays, which must be free of findings.
#[track_caller]
fn changed(overlays: &[&str], from: &str, to: &str) -> LoadedSchema {
    let overlays: Vec<String> = overlays.iter().map(|lines| overlay(lines)).collect();
    let overlays: Vec<&str> = overlays.iter().map(String::as_str).collect();
    let staged = run(ORDER, &overlays, TARGET);
    assert!(staged.diagnostics.is_empty(), "{:#?}", staged.diagnostics);
    let loaded = staged.value.unwrap();
    assert!(PLAIN.contains(from));
    assert_eq!(print(&loaded), PLAIN.replacen(from, to, 1));
    loaded
}

#[test]
fn limits_are_met_with_the_schema() {
    changed(&[r#"{"at":"memo","maxLength":300,"note":"n"}"#], "text0..999", "text0..300");
    changed(
        &[r#"{"at":"item.items[].rate","multipleOf":0.0001,"note":"n"}"#],
        "rate?: number",
        "rate?: number/0.0001",
    );
    changed(
        &[r#"{"at":"item.items","minItems":1,"note":"n"}"#],
        "[{rate?: number, ...}]",
        "[{rate?: number, ...}]1..",
    );
    changed(&[r#"{"at":"memo","const":"x","note":"n"}"#], "text0..999", "{\"x\"}");
    // A later overlay is met with an earlier one.
    changed(
        &[
            r#"{"at":"memo","loosen":{"maxLength":2000},"note":"n"}"#,
            r#"{"at":"memo","maxLength":50,"note":"n"}"#,
        ],
        "text0..999",
        "text0..50",
    );
}

#[test]
fn shared_parts_stay_as_they_are_elsewhere() {
    let loaded = changed(
        &[r#"{"at":"entity.id","maxLength":35,"note":"manual p. 4"}"#],
        "entity: {id?: text}",
        "entity: {id?: text0..35}",
    );
    let path = |names: [&str; 2]| names.map(|name| Step::Field(name.into()));
    let known = loaded.describe(&path(["entity", "id"])).unwrap();
    assert_eq!(known.overlay, Some(("overlay0.json".into(), "manual p. 4".into())));
    assert_eq!(known.keywords["maxLength"].file, FileId(1));
    assert_eq!(known.keywords["type"].file, FileId(0));
    assert_eq!(loaded.describe(&path(["other", "id"])).unwrap().overlay, None);
    assert_eq!(loaded.describe(&path(["entity", "id"])[..1]).unwrap().overlay, None);
}

#[test]
fn required_and_not_required() {
    let loaded = changed(&[r#"{"at":"memo","required":true,"note":"n"}"#], "memo?", "memo");
    let memo = loaded.describe(&[Step::Field("memo".into())]).unwrap();
    assert_eq!(memo.required.unwrap().file, FileId(1));
    assert_eq!(memo.name.unwrap().file, FileId(0));
    let loaded = changed(&[r#"{"at":"tranId","required":false,"note":"n"}"#], "tranId", "tranId?");
    assert_eq!(loaded.overlays[0].loosens, ["tranId"]);
    assert_eq!(loaded.overlays[0].tightens, 0);
    assert_eq!(loaded.overlays[0].version, 7);
}

#[test]
fn fields_are_added() {
    changed(
        &[r#"{"at":"custbody_x","add":{"type":"string","maxLength":50},"required":true,"note":"n"},
            {"at":"custbody_x","maxLength":40,"note":"n"}"#],
        ", ...}, ...}",
        ", ...}, custbody_x: text0..40, ...}",
    );
}

#[test]
fn a_field_added_to_a_closed_record() {
    let lines = overlay(
        r#"{"at":"entity.name","add":{"type":"string","maxLength":50},"required":true,"note":"n"},
           {"at":"entity.name","maxLength":40,"note":"n"}"#,
    );
    let staged = run(ORDER, &[&lines], TARGET);
    assert!(staged.diagnostics.is_empty(), "{:#?}", staged.diagnostics);
    let loaded = staged.value.unwrap();
    assert!(
        print(&loaded).contains("entity: {id?: text, name: text0..40}, other?: {id?: text}"),
        "{}",
        print(&loaded)
    );
    let known = loaded.describe(&[Step::Field("entity".into()), Step::Field("name".into())]).unwrap();
    assert_eq!(known.name.unwrap().file, FileId(1));
    assert_eq!(known.required.unwrap().file, FileId(1));
    assert_eq!(loaded.overlays[0].tightens, 2);
}

#[test]
fn a_record_is_closed() {
    let lines = overlay(r#"{"at":"","additionalProperties":false,"note":"n"}"#);
    let later = overlay(r#"{"at":"custbody","add":{"type":"boolean"},"note":"n"}"#);
    let staged = run(ORDER, &[&lines, &later], TARGET);
    assert!(staged.diagnostics.is_empty(), "{:#?}", staged.diagnostics);
    let found = print(&staged.value.unwrap());
    assert!(found.ends_with("...}], ...}, custbody?: yesno}"), "{found}");
}

#[test]
fn read_only_and_remarks() {
    let lines =
        overlay(r#"{"at":"tranId","readOnly":true,"note":"n"},{"at":"memo","x-sensitive":true,"note":"n"}"#);
    let loaded = run(ORDER, &[&lines], TARGET).value.unwrap();
    assert!(loaded.describe(&[Step::Field("tranId".into())]).unwrap().read_only);
    assert!(loaded.describe(&[Step::Field("memo".into())]).unwrap().sensitive);
    assert!(print(&loaded).contains("tranId?: text"), "read-only fields are not required");
}

#[test]
fn null_is_taken_or_given() {
    changed(&[r#"{"at":"memo","loosen":{"nullable":true},"note":"n"}"#], "text0..999", "text0..999|null");
    changed(&[r#"{"at":"memo","loosen":{"maxLength":null},"note":"n"}"#], "text0..999", "text");
}

#[test]
fn lines_that_hit_nothing() {
    let told = |lines: &str| codes(ORDER, &[&overlay(lines)], TARGET);
    assert_eq!(
        told(r#"{"at":"mmeo","maxLength":3,"note":"n"}"#),
        ["E0907: the overlay line for `mmeo` hits nothing"]
    );
    assert_eq!(
        told(r#"{"at":"memo","maxLength":1000,"note":"n"}"#),
        ["E0907: `maxLength` on `memo` changes nothing"]
    );
    assert_eq!(
        told(r#"{"at":"memo","required":false,"note":"n"}"#),
        ["E0907: `required` on `memo` changes nothing"]
    );
    assert_eq!(
        told(r#"{"at":"tranId","required":true,"note":"n"}"#),
        ["E0907: `required` on `tranId` changes nothing"]
    );
    assert_eq!(
        told(r#"{"at":"memo","loosen":{"pattern":"x"},"note":"n"}"#),
        ["E0907: `pattern` on `memo` changes nothing"]
    );
    assert_eq!(
        told(r#"{"at":"memo","add":{"type":"string"},"note":"n"}"#),
        ["E0907: `add` on `memo` changes nothing"]
    );
    assert_eq!(
        told(r#"{"at":"memo[]","maxLength":3,"note":"n"}"#),
        ["E0907: the overlay line for `memo[]` hits nothing"]
    );
}

#[test]
fn lines_that_are_not_built_as_lines() {
    let told = |lines: &str| codes(ORDER, &[&overlay(lines)], TARGET);
    assert_eq!(
        told(r#"{"at":"memo","maxLenght":3,"note":"n"}"#),
        ["E0903: an overlay line knows no `maxLenght`"]
    );
    assert_eq!(
        told(r#"{"at":"memo","maxLength":3}"#),
        ["E0903: the overlay line for `memo` says not where it comes from"]
    );
    assert_eq!(told(r#"{"maxLength":3,"note":"n"}"#), ["E0903: an overlay line does not say where"]);
    assert_eq!(told(r#"3"#), ["E0903: an overlay line is not a record"]);
    assert_eq!(
        told(r#"{"at":"a..b","maxLength":3,"note":"n"}"#),
        ["E0903: the path of an overlay line is broken"]
    );
    assert_eq!(codes(ORDER, &[r#"{"overlay":"x","version":1,"line":[]}"#], TARGET).len(), 2);
    assert_eq!(codes(ORDER, &["{"], TARGET).len(), 1);
}

#[test]
fn overlays_on_a_source_are_read_too() {
    let lines = overlay(r#"{"at":"memo","maxLength":300,"note":"n"}"#);
    let staged = run(ORDER, &[&lines], Direction::Source);
    assert!(staged.diagnostics.is_empty());
    assert!(print(&staged.value.unwrap()).starts_with("{memo?: text0..300,"));
}

#[test]
fn a_recursive_record_is_changed_at_its_path_alone() {
    let schema = r##"{"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/n","$defs":{"n":{
        "type":"object","properties":{"n":{"$ref":"#/$defs/n"},"a":{"type":"string"}}}}}"##;
    let lines = overlay(r#"{"at":"n.a","maxLength":3,"note":"n"}"#);
    let staged = run(schema, &[&lines], TARGET);
    assert!(staged.diagnostics.is_empty(), "{:#?}", staged.diagnostics);
    assert_eq!(
        print(&staged.value.unwrap()),
        "{n?: {n?: <n>, a?: text0..3, ...}, a?: text, ...} where n = {n?: <n>, a?: text, ...}"
    );
}
