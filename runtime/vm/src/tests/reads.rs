//! Reads of the message: kinds, null, facts, limits, the order of complaints.

use mapc_bytecode::*;

use super::builder::{Builder, check, check_with};
use crate::Limits;

fn copy(read: ReadKind, nullable: bool, facts: &[Predicate]) -> Builder {
    let mut builder = Builder::new();
    let field = builder.field(0, "a.b", read, nullable, facts);
    builder.open();
    let fragment = builder.key("x");
    let (cursor, null, form) = (Cursor(0), OnNull::Write, NumberForm::Plain);
    builder.push(match read.class() {
        Class::Text => Instruction::CopyText { fragment, cursor, field, null },
        Class::Number => Instruction::CopyNumber { fragment, cursor, field, form, null },
        Class::Flag => Instruction::CopyFlag { fragment, cursor, field, null },
        Class::Date => Instruction::CopyDate { fragment, cursor, field, null },
    });
    builder.close();
    builder
}

#[test]
fn text_is_copied_in_its_shortest_form() {
    check(
        &copy(ReadKind::Text, false, &[]),
        &[
            (r#"{"a":{"b":"plain"}}"#, r#"{"x":"plain"}"#),
            (r#" { "z" : [1,{"b":2}] , "a" : { "c" : null , "b" : "" } } "#, r#"{"x":""}"#),
            (
                r#"{"a":{"b":"\u0041\/\"\\\n\u001F\u0000\ud83d\ude00"}}"#,
                "{\"x\":\"A/\\\"\\\\\\n\\u001f\\u0000\u{1F600}\"}",
            ),
            (r#"{"\u0061":{"\u0062":"escaped keys"}}"#, r#"{"x":"escaped keys"}"#),
            (r#"{"a":{}}"#, "{}"),
            (r#"{}"#, "{}"),
            (r#"{"a":{"b":null}}"#, "R0201"),
            (r#"{"a":null}"#, "R0201"),
            (r#"{"a":7}"#, "R0201"),
            (r#"{"a":[]}"#, "R0201"),
            (r#"{"a":{"b":7}}"#, "R0201"),
            (r#"{"a":{"b":{}}}"#, "R0201"),
            (r#"{"a":{"b":[]}}"#, "R0201"),
            (r#"[]"#, "R0201"),
            (r#"null"#, "R0201"),
            (r#""text""#, "R0201"),
        ],
    );
}

#[test]
fn null_passes_where_it_may() {
    check(
        &copy(ReadKind::Text, true, &[]),
        &[
            (r#"{"a":{"b":null}}"#, r#"{"x":null}"#),
            (r#"{"a":null}"#, r#"{"x":null}"#),
            (r#"{"a":{}}"#, "{}"),
            ("null", "R0201"),
        ],
    );
    check(
        &copy(ReadKind::Text, true, &[Predicate::Present]),
        &[
            (r#"{"a":{"b":null}}"#, r#"{"x":null}"#),
            (r#"{"a":{}}"#, "R0201"),
            (r#"{"a":{"b":"v"}}"#, r#"{"x":"v"}"#),
        ],
    );
}

#[test]
fn facts_are_tested() {
    check(
        &copy(ReadKind::Text, false, &[Predicate::MinLength(2), Predicate::MaxLength(3)]),
        &[
            (r#"{"a":{"b":"x"}}"#, "R0201"),
            ("{\"a\":{\"b\":\"\u{e4}\u{f6}\u{fc}\"}}", "{\"x\":\"\u{e4}\u{f6}\u{fc}\"}"),
            (r#"{"a":{"b":"\u00e4\u00f6"}}"#, "{\"x\":\"\u{e4}\u{f6}\"}"),
            (r#"{"a":{"b":"four"}}"#, "R0201"),
            (r#"{"a":{"b":"\ud83d\ude00"}}"#, "R0201"),
        ],
    );
    let ratio = |numerator, denominator| Ratio { numerator, denominator };
    check(
        &copy(
            ReadKind::Number,
            false,
            &[
                Predicate::AtLeast { value: ratio(0, 1), inclusive: false },
                Predicate::AtMost { value: ratio(10, 1), inclusive: true },
                Predicate::OnGrid(ratio(1, 4)),
            ],
        ),
        &[
            (r#"{"a":{"b":0}}"#, "R0201"),
            (r#"{"a":{"b":10.00}}"#, r#"{"x":10.00}"#),
            (r#"{"a":{"b":10.25}}"#, "R0201"),
            (r#"{"a":{"b":0.75}}"#, r#"{"x":0.75}"#),
            (r#"{"a":{"b":0.3}}"#, "R0201"),
        ],
    );
}

#[test]
fn numbers() {
    check(
        &copy(ReadKind::Number, false, &[]),
        &[
            (r#"{"a":{"b":12.50}}"#, r#"{"x":12.50}"#),
            (r#"{"a":{"b":-0}}"#, r#"{"x":0}"#),
            (r#"{"a":{"b":-0.0}}"#, r#"{"x":0.0}"#),
            (r#"{"a":{"b":1.5e1}}"#, r#"{"x":15}"#),
            (r#"{"a":{"b":"1"}}"#, "R0201"),
            (&format!(r#"{{"a":{{"b":{}}}}}"#, "9".repeat(60)), "R0112"),
            (&format!(r#"{{"a":{{"c":{},"b":1}}}}"#, "9".repeat(60)), r#"{"x":1}"#),
        ],
    );
    check(
        &copy(ReadKind::DecimalText, false, &[]),
        &[
            (r#"{"a":{"b":"12.50"}}"#, r#"{"x":12.50}"#),
            (r#"{"a":{"b":"\u0031"}}"#, r#"{"x":1}"#),
            (r#"{"a":{"b":"1e2"}}"#, "R0201"),
            (r#"{"a":{"b":12}}"#, "R0201"),
            (&format!(r#"{{"a":{{"b":"{}"}}}}"#, "9".repeat(35)), "R0112"),
        ],
    );
}

#[test]
fn flags_and_dates() {
    check(
        &copy(ReadKind::Flag, false, &[]),
        &[
            (r#"{"a":{"b":true}}"#, r#"{"x":true}"#),
            (r#"{"a":{"b":false}}"#, r#"{"x":false}"#),
            (r#"{"a":{"b":"true"}}"#, "R0201"),
        ],
    );
    check(
        &copy(ReadKind::Date(DateKind::Instant), false, &[]),
        &[
            (r#"{"a":{"b":"2024-03-01T00:30:00.50+01:00"}}"#, r#"{"x":"2024-02-29T23:30:00.5Z"}"#),
            (r#"{"a":{"b":"2024-03-01\u005400:30:00Z"}}"#, r#"{"x":"2024-03-01T00:30:00Z"}"#),
            (r#"{"a":{"b":"2024-03-01"}}"#, "R0201"),
        ],
    );
}

#[test]
fn complaints_come_in_order() {
    let builder = copy(ReadKind::Text, false, &[]);
    check(
        &builder,
        &[
            ("", "R0101"),
            ("{", "R0101"),
            ("\u{feff}{}", "R0101"),
            (r#"{"a":{"b":"x"}} x"#, "R0101"),
            (r#"{"a":{"b":"x"},"a":{"b":"y"}}"#, "R0103"),
            (r#"{"a":{"b":"x","\u0062":"y"}}"#, "R0103"),
            (r#"{"a":{"b":"x","c":1,"c":2},"d":{"b":1,"b":2}}"#, r#"{"x":"x"}"#),
            (r#"{"a":{"b":"x"},"a":{"b":"y"}"#, "R0101"),
            (r#"{"z":"\ud800"}"#, "R0102"),
            (r#"{"\udc00":1}"#, "R0102"),
            (r#"{"z":"\ud800\ud800"}"#, "R0102"),
            (r#"{"z":"\ud800x"#, "R0102"),
            (r#"{"z":"\ud8"#, "R0101"),
            (r#"{"z":x,"y":"\ud800"}"#, "R0101"),
            (r#"{"z":"\ud800","y":x}"#, "R0102"),
        ],
    );
    let limits = Limits { depth: 3, ..Limits::default() };
    check_with(
        &builder,
        limits,
        &[
            (r#"{"a":{"b":"x","z":[]}}"#, r#"{"x":"x"}"#),
            (r#"{"z":[[[]]]}"#, "R0110"),
            (r#"{"z":[[[}"#, "R0110"),
            (r#"{"z":[[}"#, "R0101"),
        ],
    );
    let limits = Limits { input_bytes: 10, ..Limits::default() };
    check_with(
        &builder,
        limits,
        &[(r#"{"a":  {}}"#, "{}"), (r#"{"a":   {}}"#, "R0111"), ("\u{fc}xxxxxxxxxxxxxxx", "R0111")],
    );
    let program = builder.program();
    let mut instance = crate::Instance::new(&program);
    let xref = crate::MemoryXref::new();
    let outcome = instance.run(b"{\"z\":x,\"y\":\"\xff\"}", &crate::Context::new(&xref));
    assert_eq!(outcome.code(), Some(102));
}

#[test]
fn ten_thousand_open_brackets_are_refused() {
    let builder = copy(ReadKind::Text, false, &[]);
    for open in ["[", "{\"a\":", "{\"z\":"] {
        check(&builder, &[(&open.repeat(10_000), "R0110")]);
    }
    // The limit is the host's: without it depth costs no stack.
    let limits = Limits { depth: 1 << 20, ..Limits::default() };
    let deep = format!("{{\"z\":{}{},\"a\":{{\"b\":\"x\"}}}}", "[".repeat(100_000), "]".repeat(100_000));
    check_with(&builder, limits, &[(&deep, r#"{"x":"x"}"#)]);
}

#[test]
fn a_place_may_be_read_in_several_ways() {
    let mut builder = Builder::new();
    let whole = builder.field(0, "a", ReadKind::Text, false, &[]);
    let part = builder.field(0, "a.b", ReadKind::Text, false, &[]);
    let number = builder.field(0, "a", ReadKind::Number, false, &[]);
    let rows = builder.list(Some(0), "a", false, &[]);
    let element = builder.field(rows, "", ReadKind::Number, false, &[]);
    let kind = builder.field(0, "kind", ReadKind::Text, false, &[]);
    let cursor = builder.cursor(rows, Cursor(0));
    let (t, f) = (TextRegister(0), FlagRegister(0));
    builder.push(Instruction::ReadText { into: t, cursor: Cursor(0), field: kind });
    builder.open();
    let mut cases = Vec::new();
    for (name, field) in [("text", whole), ("record", part), ("number", number)] {
        let set = builder.set(Class::Text, &[Constant::Text(name.into())]);
        builder.push(Instruction::IsOneOf { into: f, subject: t.into(), set, negated: false });
        let jump = builder.push(Instruction::JumpUnless { flag: f, target: Label(0) });
        let fragment = builder.key(name);
        builder.push(if name == "number" {
            Instruction::CopyNumber {
                fragment,
                cursor: Cursor(0),
                field,
                form: NumberForm::Plain,
                null: OnNull::Leave,
            }
        } else {
            Instruction::CopyText { fragment, cursor: Cursor(0), field, null: OnNull::Leave }
        });
        builder.land(jump);
        cases.push(name);
    }
    let set = builder.set(Class::Text, &[Constant::Text("list".into())]);
    builder.push(Instruction::IsOneOf { into: f, subject: t.into(), set, negated: false });
    let jump = builder.push(Instruction::JumpUnless { flag: f, target: Label(0) });
    let fragment = builder.key("list");
    builder.push(Instruction::OpenList { fragment });
    let opener = builder.push(Instruction::EachRow { cursor, end: Label(0) });
    let fragment = builder.key("");
    builder.push(Instruction::CopyNumber {
        fragment,
        cursor,
        field: element,
        form: NumberForm::Plain,
        null: OnNull::Leave,
    });
    builder.push(Instruction::EndElement {});
    builder.end_walk(opener, cursor, true);
    builder.push(Instruction::CloseList { required: true });
    builder.land(jump);
    builder.close();
    check(
        &builder,
        &[
            (r#"{"kind":"text","a":"x"}"#, r#"{"text":"x"}"#),
            (r#"{"kind":"record","a":{"b":"x"}}"#, r#"{"record":"x"}"#),
            (r#"{"kind":"number","a":1.0}"#, r#"{"number":1.0}"#),
            (r#"{"kind":"list","a":[1,2]}"#, r#"{"list":[1,2]}"#),
            (r#"{"kind":"list","a":[]}"#, r#"{"list":[]}"#),
            (r#"{"kind":"list"}"#, r#"{"list":[]}"#),
            (r#"{"kind":"list","a":[1,"x"]}"#, "R0201"),
            (r#"{"kind":"list","a":{}}"#, "R0201"),
            (r#"{"kind":"text","a":[1]}"#, "R0201"),
            (r#"{"kind":"record","a":[1]}"#, "R0201"),
            (r#"{"kind":"record","a":"x"}"#, "R0201"),
        ],
    );
}
