//! What is wrong with a message before anything is evaluated.

use mapc_check::typed::ListBody;

use super::Case;
use crate::builder::{Builder, MESSAGE};

pub(super) fn cases() -> Vec<Case> {
    let mut builder = Builder::default();
    let value = builder.text(MESSAGE, "a.b");
    builder.put_text("x", value);
    let rows = builder.list(MESSAGE, "rows", true, Vec::new());
    let element = builder.text(rows.scope, "c");
    let rows = builder.rows(rows);
    let element = builder.value("r", mapc_check::typed::Write::Text, element);
    builder.put_list("r", rows, ListBody::Value(element), false, Vec::new());
    let deep = format!("{{\"z\":{}", "[".repeat(64));
    let mut all = Case::new(
        "the message",
        builder,
        &[
            (r#" { "a" : { "b" : "x" } } "#, r#"{"x":"x"}"#),
            (r#"{"\u0061":{"b":"\ud83d\ude00\/\u00e9\n\u0001"}}"#, r#"{"x":"😀/é\n\u0001"}"#),
            (r#"{"rows":[{"c":"1"},{},{"c":null},{"c":"2","d":[]}]}"#, r#"{"r":["1","2"]}"#),
            ("", "reject R0101 : R0101"),
            ("{", "reject R0101 : R0101"),
            ("{}}", "reject R0101 : R0101"),
            ("{} x", "reject R0101 : R0101"),
            ("\u{feff}{}", "reject R0101 : R0101"),
            (r#"{"z":01}"#, "reject R0101 : R0101"),
            (r#"{"z":1.}"#, "reject R0101 : R0101"),
            (r#"{"z":-}"#, "reject R0101 : R0101"),
            (r#"{"z":1e}"#, "reject R0101 : R0101"),
            (r#"{"z":+1}"#, "reject R0101 : R0101"),
            (r#"{"z":nul}"#, "reject R0101 : R0101"),
            (r#"{"z":"\x"}"#, "reject R0101 : R0101"),
            (r#"{"z":"\u00g0"}"#, "reject R0101 : R0101"),
            ("{\"z\":\"\t\"}", "reject R0101 : R0101"),
            (r#"{"z":[1,]}"#, "reject R0101 : R0101"),
            (r#"{"z":1,}"#, "reject R0101 : R0101"),
            (r#"{"z":[1 2]}"#, "reject R0101 : R0101"),
            (r#"{z:1}"#, "reject R0101 : R0101"),
            (r#"{"z":"\ud800"}"#, "reject R0102 : R0102"),
            (r#"{"z":"\udc00"}"#, "reject R0102 : R0102"),
            (r#"{"z":"\ud800\u0061"}"#, "reject R0102 : R0102"),
            (r#"{"z":"\ud800\uzz"}"#, "reject R0102 : R0102"),
            (r#"{"\udfff":1,}"#, "reject R0102 : R0102"),
            (r#"{"z":"\ud800"#, "reject R0102 : R0102"),
            (r#"{"z":],"y":"\ud800"}"#, "reject R0101 : R0101"),
            (&deep, "reject R0110 : R0110"),
            (r#"{"a":{"b":"1","b":"2"}}"#, "reject R0103 : R0103"),
            (r#"{"a":{},"\u0061":1}"#, "reject R0103 : R0103"),
            (r#"{"rows":[{},{"c":1,"c":2}]}"#, "reject R0103 : R0103"),
            (r#"{"z":1,"z":2,"rows":[{"z":1,"z":1}],"a":{"z":{"b":1,"b":1}}}"#, "{}"),
            ("[]", "reject R0201 a.b: R0201"),
            ("null", "reject R0201 a.b: R0201"),
            (r#"{"a":null,"rows":null}"#, "{}"),
            (r#"{"a":[]}"#, "reject R0201 a.b: R0201"),
            (r#"{"a":{"b":1}}"#, "reject R0201 a.b: R0201"),
            (r#"{"rows":{}}"#, "reject R0201 rows: R0201"),
            (r#"{"rows":[null]}"#, "reject R0201 c: R0201"),
            (r#"{"rows":[[]]}"#, "reject R0201 c: R0201"),
        ],
    );
    all.runs.push((b"\xff".to_vec(), "reject R0102 : R0102".to_owned()));
    all.runs.push((b"{}} \xed\xa0\x80".to_vec(), "reject R0102 : R0102".to_owned()));
    vec![all]
}
