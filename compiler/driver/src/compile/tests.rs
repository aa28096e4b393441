//! Whole compilations in memory: what is found, what is missing, what is pinned.

use mapc_diagnostics::Code;

use super::{Compilation, compile, compile_sharing, lint_schema};
use crate::memory::MemoryFiles;
use crate::pins::PinKind;
use crate::schemas::Schemas;
use crate::workspace::Workspace;

const SHOP: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object", "additionalProperties": false, "required": ["id", "colour"],
  "properties": {
    "id": { "type": "string", "minLength": 1, "maxLength": 20 },
    "colour": { "type": "string", "enum": ["red", "green"] }
  }
}"#;
const ERP: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object", "additionalProperties": false, "required": ["number"],
  "properties": {
    "number": { "type": "string", "minLength": 1, "maxLength": 20 },
    "colour": { "type": "string", "enum": ["1", "2"] }
  }
}"#;
const MAP: &str = "map demo.order version 1\nfrom shop.order@1 as order\nto   erp.order@1 tenant demo\n\n\
                   table colour from \"tables/colour.csv\" key code gives id\n\n\
                   fields {\n  number = order.id\n  colour = order.colour | lookup colour\n}\n";
const PATH: &str = "tenants/demo/order.map";

fn workspace() -> MemoryFiles {
    MemoryFiles::new()
        .with("shop/order@1.schema.json", SHOP)
        .with("erp/order@1.schema.json", ERP)
        .with("tenants/demo/tables/colour.csv", "code,id\nred,1\ngreen,2\n")
        .with(PATH, MAP)
}

fn run(files: &MemoryFiles) -> Compilation {
    compile(&Workspace::default(), PATH, files)
}

/// Code, the characters it points at, and the title of each error.
fn errors(compilation: &Compilation) -> Vec<(Code, String, String)> {
    let errors = compilation.diagnostics.iter().filter(|one| one.is_error());
    errors
        .map(|one| (one.code, compilation.sources.slice(one.primary.span).to_owned(), one.title.clone()))
        .collect()
}

fn check(files: &MemoryFiles, expect: &[(Code, &str, &str)]) {
    let compilation = run(files);
    let found = errors(&compilation);
    let found: Vec<(Code, &str, &str)> =
        found.iter().map(|(code, at, title)| (*code, at.as_str(), title.as_str())).collect();
    assert_eq!(found, expect);
    assert!(compilation.module.is_none() && compilation.checked.is_none());
}

#[test]
fn a_sound_map_becomes_a_module_with_pins() {
    let compilation = run(&workspace());
    assert_eq!(errors(&compilation), []);
    let module = compilation.module.unwrap();
    assert_eq!(module.meta.map, "demo.order");
    let pins: Vec<(PinKind, &str)> =
        compilation.pins.iter().map(|pin| (pin.kind, pin.name.as_str())).collect();
    assert_eq!(
        pins,
        [
            (PinKind::Map, PATH),
            (PinKind::SourceSchema, "shop.order@1"),
            (PinKind::TargetSchema, "erp.order@1"),
            (PinKind::Table, "tables/colour.csv"),
        ]
    );
    // SHA-256 of the bytes, as any other tool gives it.
    let content = crate::content::Content::new("x", Vec::new());
    let empty = crate::pins::Pin::new(PinKind::Table, "x", "x", content.sha256());
    assert_eq!(empty.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for pin in &compilation.pins {
        assert!(module.pins.iter().any(|found| found.hash == pin.sha256), "{}", pin.name);
    }
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let (one, two) = (run(&workspace()), run(&workspace()));
    assert_eq!(one.module.unwrap().encode(), two.module.unwrap().encode());
    assert_eq!(one.diagnostics, two.diagnostics);
}

#[test]
fn maps_that_share_schemas_come_out_as_each_alone() {
    const OVERLAY: &str = r#"{"overlay": "erp.order@1", "version": 1, "lines": [
        {"at": "number", "maxLength": 10, "note": "made up"}]}"#;
    let files = workspace()
        .with("tenants/two/order.map", MAP.replace("tenant demo", "tenant two"))
        .with("tenants/two/tables/colour.csv", "code,id\nred,1\ngreen,2\n")
        .with("tenants/three/order.map", MAP.replace("tenant demo", "tenant three"))
        .with("tenants/three/tables/colour.csv", "code,id\nred,2\ngreen,1\n")
        .with("tenants/three/erp.order@1.overlay.json", OVERLAY)
        .with("maps/order.map", MAP.replace(" tenant demo", ""));
    let schemas = Schemas::new();
    let tenants = [PATH, "tenants/two/order.map", "tenants/three/order.map", "maps/order.map", PATH];
    for path in tenants {
        let alone = compile(&Workspace::default(), path, &files);
        let shared = compile_sharing(&schemas, &Workspace::default(), path, &files, false);
        assert_eq!(alone.diagnostics, shared.diagnostics, "{path}");
        assert_eq!(alone.pins, shared.pins, "{path}");
        let encoded = |one: &Compilation| one.module.as_ref().map(mapc_bytecode::Module::encode);
        assert_eq!(encoded(&alone), encoded(&shared), "{path}");
        assert_eq!(alone.has_errors(), path.contains("three") || path.contains("maps"), "{path}");
    }
    assert_eq!(schemas.count(), 2, "one as a source, one as a target; that of the own overlay is not held");
    // Another content under the same path is another schema.
    let other = files.with("shop/order@1.schema.json", SHOP.replace("\"green\"", "\"blue\""));
    let shared = compile_sharing(&schemas, &Workspace::default(), PATH, &other, false);
    assert_eq!(shared.diagnostics, compile(&Workspace::default(), PATH, &other).diagnostics);
    assert!(shared.has_errors(), "the table lacks blue");
}

#[test]
fn a_schema_that_is_not_there_is_named_with_its_neighbours() {
    let files = workspace().with(PATH, MAP.replace("shop.order@1", "shop.ordre@1"));
    let compilation = run(&files);
    let first = compilation.diagnostics.iter().find(|one| one.code == Code::E0211).unwrap();
    assert_eq!(compilation.sources.slice(first.primary.span), "shop.ordre@1");
    assert!(first.help[0].starts_with("did you mean `shop.order@1`"), "{:?}", first.help);
    assert_eq!(first.fixes[0].edits[0].insert, "shop.order@1");
}

#[test]
fn a_missing_schema_is_one_diagnostic_and_hides_no_other() {
    let text = MAP.replace("shop.order@1", "ship.order@9").replace("order.id", "\"{order.id}\"");
    let compilation = run(&workspace().with(PATH, &*text));
    let codes: Vec<Code> = errors(&compilation).iter().map(|(code, ..)| *code).collect();
    assert_eq!(codes, [Code::E0211], "{:?}", errors(&compilation));
    let compilation = run(&workspace().with(PATH, text.replace("  number", "  numbr")));
    let codes: Vec<Code> = errors(&compilation).iter().map(|(code, ..)| *code).collect();
    assert_eq!(codes, [Code::E0211, Code::E0202], "{:?}", errors(&compilation));
}

#[test]
fn a_schema_that_is_no_schema() {
    let files = workspace().with("shop/order@1.schema.json", "{ \"type\": ");
    let compilation = run(&files);
    assert!(
        compilation.diagnostics.iter().any(|one| one.code == Code::E0903),
        "{:?}",
        compilation.diagnostics
    );
    assert!(compilation.module.is_none());
}

#[test]
fn a_schema_that_is_not_utf8() {
    let files = workspace().with("shop/order@1.schema.json", &b"{\n\"\xff\""[..]);
    let compilation = run(&files);
    let found = compilation.diagnostics.iter().find(|one| one.code == Code::E0109).unwrap();
    assert_eq!(found.primary.text, "line 2 of it, byte 4 of the file, is not UTF-8");
}

#[test]
fn a_table_file_that_is_not_there() {
    let files = workspace().with(PATH, MAP.replace("tables/colour.csv", "tables/color.csv"));
    check(
        &files,
        &[(Code::E0605, "\"tables/color.csv\"", "the table file `tables/color.csv` cannot be read")],
    );
    let compilation = run(&files);
    assert_eq!(compilation.diagnostics[0].help, ["did you mean `tables/colour.csv`"]);
}

#[test]
fn a_table_file_outside_the_workspace() {
    for path in ["../../../secret.csv", "/etc/passwd", "C:/x.csv"] {
        let files = workspace().with(PATH, MAP.replace("tables/colour.csv", path));
        let title = format!("the table file `{path}` lies outside the workspace");
        check(&files, &[(Code::E0605, &format!("\"{path}\""), &title)]);
    }
}

#[test]
fn a_tenant_without_a_folder() {
    let files = workspace().with(PATH, MAP.replace("tenant demo", "tenant dmeo"));
    check(&files, &[(Code::E0211, "dmeo", "there is no tenant `dmeo` in this workspace")]);
    assert_eq!(run(&files).diagnostics[0].help[0], "did you mean `demo`");
}

#[test]
fn a_map_that_is_no_text() {
    let files = workspace().with(PATH, &b"map a version 1\n\xff\xfe"[..]);
    let compilation = run(&files);
    assert_eq!(compilation.diagnostics.len(), 1);
    assert_eq!(compilation.diagnostics[0].code, Code::E0109);
    assert_eq!(compilation.sources.position(compilation.diagnostics[0].primary.span).line, 2);
}

#[test]
fn a_map_that_is_too_large() {
    let files = workspace().with(PATH, "# x\n".repeat(300_000));
    check(&files, &[(Code::E0107, "", "`tenants/demo/order.map` is larger than 1 MiB")]);
}

#[test]
fn an_empty_map_is_one_diagnostic() {
    for text in ["", "\n\n", "\u{feff}", "# nothing\n"] {
        let compilation = run(&workspace().with(PATH, text));
        assert_eq!(compilation.diagnostics.len(), 1, "{text:?}: {:?}", compilation.diagnostics);
        assert_eq!(compilation.diagnostics[0].code, Code::E0106);
    }
}

#[test]
fn a_map_that_is_not_there() {
    let compilation = compile(&Workspace::default(), "no.map", &workspace());
    assert_eq!(compilation.diagnostics.len(), 1);
    assert_eq!(compilation.diagnostics[0].code, Code::E0211);
}

#[test]
fn diagnostics_are_in_order_and_said_once() {
    let text = MAP.replace("order.id", "order.idd").replace("order.colour |", "order.color |");
    let compilation = run(&workspace().with(PATH, text));
    let spans: Vec<_> = compilation.diagnostics.iter().map(|one| one.primary.span).collect();
    let mut sorted = spans.clone();
    sorted.sort();
    assert_eq!(spans, sorted);
    assert!(compilation.diagnostics.len() >= 2);
}

#[test]
fn what_is_not_exact_in_a_schema_is_listed() {
    let schema = r#"{ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
        "additionalProperties": false, "properties": { "a": { "type": "string", "pattern": "^(?=x)y" } } }"#;
    let report = lint_schema("s@1.schema.json", &MemoryFiles::new().with("s@1.schema.json", schema));
    assert!(!report.lint.is_empty());
    let report = lint_schema("shop/order@1.schema.json", &workspace());
    assert!(report.lint.is_empty() && report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    let report = lint_schema("none.schema.json", &workspace());
    assert_eq!(report.diagnostics[0].code, Code::E0903);
}
