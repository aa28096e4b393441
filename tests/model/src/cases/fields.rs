//! Output fields: conditions, guards, handlers, null, records.

use mapc_check::typed::*;
use mapc_diagnostics::Code;
use mapc_types::{BigRational, DateKind, Wire};

use super::Case;
use crate::builder::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        guards(),
        failures(),
        null(Operation::Create),
        null(Operation::Upsert),
        records(),
        required_records(),
    ]
}

fn guards() -> Case {
    let mut builder = Builder::default();
    let reason = builder.reason(Code::R0401, "too long");
    let text =
        template(vec![("long: ", Some(builder.text(MESSAGE, "a"))), ("/", Some(builder.text(MESSAGE, "b")))]);
    let guarded = |builder: &mut Builder, key: &str, source: &str, predicate, action| {
        let value = builder.text(MESSAGE, source);
        let field = builder.put_text(key, value);
        builder.guard(field, predicate, action);
        field
    };
    guarded(&mut builder, "omit", "a", Predicate::MaxLength(3), Action::Omit);
    let default = Action::Default(Constant::Text("long".into()));
    guarded(&mut builder, "default", "a", Predicate::MaxLength(3), default);
    let cut = guarded(&mut builder, "cut", "a", Predicate::MaxLength(3), Action::Cut(3));
    builder.guard(cut, Predicate::MinLength(1), Action::Default(Constant::Text("empty".into())));
    guarded(&mut builder, "reject", "a", Predicate::MaxLength(7), Action::Reject { reason, text });
    let own = Action::Reject { reason, text: Vec::new() };
    guarded(&mut builder, "own", "b", Predicate::MaxLength(3), own);
    let value = builder.number(MESSAGE, "n");
    let field = builder.put_number("round", value);
    let hundredth = BigRational::new(1.into(), 100.into());
    builder.guard(field, Predicate::OnGrid(hundredth), Action::Round { scale: 2, mode: Rounding::HalfUp });
    let most = Predicate::AtMost { value: BigRational::from_integer(10.into()), inclusive: false };
    builder.guard(field, most, Action::Omit);
    Case::new(
        "guards",
        builder,
        &[
            ("{}", "{}"),
            (r#"{"a":"abc"}"#, r#"{"omit":"abc","default":"abc","cut":"abc","reject":"abc"}"#),
            (r#"{"a":"abcd"}"#, r#"{"default":"long","cut":"abc","reject":"abcd"}"#),
            (
                r#"{"a":"ab\u0065\u0301x"}"#,
                "{\"default\":\"long\",\"cut\":\"ab\",\"reject\":\"abe\u{301}x\"}",
            ),
            (r#"{"a":"👩‍👩‍👧‍👧"}"#, r#"{"default":"long","cut":"empty","reject":"👩‍👩‍👧‍👧"}"#),
            (r#"{"a":""}"#, r#"{"omit":"","default":"","cut":"empty","reject":""}"#),
            (r#"{"a":"12345678"}"#, "reject R0401 long: 12345678/(missing)"),
            (r#"{"a":"12345678","b":"b"}"#, "reject R0401 long: 12345678/b"),
            (r#"{"b":"bbbb"}"#, "reject R0401 too long: R0401"),
            (r#"{"n":1.50}"#, r#"{"round":1.50}"#),
            (r#"{"n":1.500}"#, r#"{"round":1.500}"#),
            (r#"{"n":1.505}"#, r#"{"round":1.51}"#),
            (r#"{"n":9.995}"#, "{}"),
            (r#"{"n":9.994}"#, r#"{"round":9.99}"#),
            (r#"{"n":-1.505}"#, r#"{"round":-1.51}"#),
        ],
    )
}

fn failures() -> Case {
    let mut builder = Builder::default();
    let failure = Some(builder.reason(Code::R0402, "n"));
    let number = |builder: &mut Builder| {
        let text = builder.text(MESSAGE, "n");
        call_or("number", text, &[], failure)
    };
    let handlers = [
        ("omit", Some(Action::Omit)),
        ("default", Some(Action::Default(whole(7)))),
        ("cut", Some(Action::Cut(3))),
        (
            "reject",
            Some(Action::Reject {
                reason: builder.reason(Code::R0402, "handled"),
                text: template(vec![("not a number: ", Some(builder.text(MESSAGE, "n")))]),
            }),
        ),
    ];
    let gate = builder.text(MESSAGE, "only");
    for (key, handler) in handlers {
        let inner = number(&mut builder);
        let reason = builder.reason(Code::R0301, key);
        // The fallback does not see a failure.
        let value = or_else(inner, Fallback::Reject { reason, text: Vec::new() });
        let field = builder.put_number(key, value);
        if let Some(field) = builder.typed.fields.get_mut(field.0) {
            field.on_failure = handler;
            field.when = Some(is(gate.clone(), words(key), false));
        }
    }
    // A failure of a field is not caught by another that uses it.
    let inner = number(&mut builder);
    let failing = builder.value("hidden", Write::Number { whole: false }, inner);
    let field = builder.put_number("target", expression(ExpressionKind::Target(failing)));
    if let Some(field) = builder.typed.fields.get_mut(field.0) {
        field.on_failure = Some(Action::Omit);
        field.when = Some(is(gate.clone(), words("target"), false));
    }
    // A named value's failure is.
    let value = number(&mut builder);
    builder.typed.lets.push(Let { name: "n".into(), value });
    for key in ["let", "again"] {
        let field = builder.put_number(key, expression(ExpressionKind::Let(LetId(0))));
        if let Some(field) = builder.typed.fields.get_mut(field.0) {
            field.on_failure = Some(Action::Default(whole(if key == "let" { 1 } else { 2 })));
            field.when = Some(is(gate.clone(), words("let"), false));
        }
    }
    Case::new(
        "failures",
        builder,
        &[
            (r#"{"n":"x"}"#, "{}"),
            (r#"{"only":"omit","n":"x"}"#, "{}"),
            (r#"{"only":"omit","n":"1.20"}"#, r#"{"omit":1.2}"#),
            (r#"{"only":"omit"}"#, "reject R0301 omit: R0301"),
            (r#"{"only":"default","n":"x"}"#, r#"{"default":7}"#),
            (r#"{"only":"cut","n":"x"}"#, "reject R0402 n: R0402"),
            (r#"{"only":"reject","n":"x\n"}"#, "reject R0402 not a number: x\n"),
            (r#"{"only":"target","n":"x"}"#, "reject R0402 n: R0402"),
            (r#"{"only":"target","n":"-5"}"#, r#"{"target":-5}"#),
            (r#"{"only":"let","n":"x"}"#, r#"{"let":1,"again":2}"#),
            (r#"{"only":"let","n":"5"}"#, r#"{"let":5,"again":5}"#),
            (r#"{"only":"let","n":5}"#, "reject R0201 n: R0201"),
        ],
    )
}

fn null(operation: Operation) -> Case {
    let mut builder = Builder::default();
    builder.typed.operation = operation;
    let reason = builder.reason(Code::R0401, "short");
    let value = builder.text(MESSAGE, "t");
    let field = builder.put_text("t", value);
    builder.guard(field, Predicate::MinLength(2), Action::Reject { reason, text: Vec::new() });
    let value = builder.number(MESSAGE, "n");
    let value = call("abs", value, &[]);
    builder.put_number("n", value);
    let value = builder.field(MESSAGE, "b", ReadKind::Bool, true, Vec::new());
    builder.put("b", Write::Bool, value);
    let value = builder.field(MESSAGE, "d", ReadKind::Date(DateKind::Date), true, Vec::new());
    builder.put("d", Write::Date(DateKind::Date), value);
    let value = builder.field(MESSAGE, "s", ReadKind::Decimal(Wire::DecimalText), true, Vec::new());
    builder.put("s", Write::DecimalText, value);
    let read = builder.text(MESSAGE, "t");
    let twice = template(vec![("", Some(read))]);
    builder.put_text("template", expression(ExpressionKind::Template(twice)));
    let rows = builder.list(MESSAGE, "rows", true, Vec::new());
    let element = builder.text(rows.scope, "");
    let element = builder.value("rows[]", Write::Text, element);
    let rows = builder.rows(rows);
    builder.put_list("rows", rows, ListBody::Value(element), false, Vec::new());
    builder.put_text("target", expression(ExpressionKind::Target(field)));
    let nothing = builder.put_text("nothing", expression(ExpressionKind::Missing));
    if let Some(field) = builder.typed.fields.get_mut(nothing.0) {
        field.when = Some(is(words("a"), words("a"), false));
    }
    let all = r#"{"t":null,"n":null,"b":null,"d":null,"s":null,"rows":["a",null,"b"]}"#;
    let (name, written) = match operation {
        Operation::Create => ("null on create", r#"{"rows":["a","b"]}"#),
        _ => (
            "null on upsert",
            r#"{"t":null,"n":null,"b":null,"d":null,"s":null,"rows":["a",null,"b"],"target":null}"#,
        ),
    };
    let only = r#"{"rows":[null]}"#;
    Case::new(
        name,
        builder,
        &[
            (all, written),
            (only, if operation == Operation::Create { "{}" } else { only }),
            (r#"{"rows":[]}"#, "{}"),
            (r#"{"t":"x"}"#, "reject R0401 short: R0401"),
            (r#"{"t":"xy","n":-1.50}"#, r#"{"t":"xy","n":1.5,"template":"xy","target":"xy"}"#),
            (r#"{"s":"1.50","b":false,"d":"2024-01-01"}"#, r#"{"b":false,"d":"2024-01-01","s":"1.5"}"#),
        ],
    )
}

fn required_records() -> Case {
    let mut builder = Builder::default();
    let reason = builder.reason(Code::R0301, "id");
    let value = builder.text(MESSAGE, "a");
    let value = or_else(value, Fallback::Reject { reason, text: Vec::new() });
    let always = builder.value("id", Write::Text, value.clone());
    let guarded = builder.value("code", Write::Text, value);
    builder.guard(guarded, Predicate::MaxLength(2), Action::Omit);
    let record = |id| Content::Record {
        body: RecordBody { fields: vec![node("id", Content::Value(id))] },
        required: true,
    };
    builder.typed.document.fields = vec![node("entity", record(always)), node("code", record(guarded))];
    Case::new(
        "required records",
        builder,
        &[
            ("{}", "reject R0301 id: R0301"),
            (r#"{"a":"1"}"#, r#"{"entity":{"id":"1"},"code":{"id":"1"}}"#),
            (r#"{"a":"123"}"#, r#"{"entity":{"id":"123"},"code":{}}"#),
        ],
    )
}

fn records() -> Case {
    let mut builder = Builder::default();
    let mut leaf = |key: &str, source: &str| {
        let value = builder.text(MESSAGE, source);
        let id = builder.value(key, Write::Text, value);
        node(key, Content::Value(id))
    };
    let record = |fields, required| Content::Record { body: RecordBody { fields }, required };
    let document = vec![
        node("one", record(vec![leaf("id", "a")], false)),
        node("nested", record(vec![node("in\"ner", record(vec![leaf("id", "a")], false))], false)),
        node("two", record(vec![leaf("x", "a"), node("deep", record(vec![leaf("y", "b")], false))], false)),
        node("must", record(vec![leaf("z", "b")], true)),
        node("outer", record(vec![node("must", record(vec![leaf("z", "b")], true))], false)),
        node("empty", record(Vec::new(), false)),
        node("always", record(Vec::new(), true)),
        node("deep", record(vec![node("gone", record(vec![], false)), leaf("c", "c")], false)),
    ];
    builder.typed.document.fields = document;
    Case::new(
        "records",
        builder,
        &[
            ("{}", r#"{"must":{},"outer":{"must":{}},"always":{}}"#),
            (
                r#"{"a":"1"}"#,
                r#"{"one":{"id":"1"},"nested":{"in\"ner":{"id":"1"}},"two":{"x":"1"},"must":{},"outer":{"must":{}},"always":{}}"#,
            ),
            (
                r#"{"b":"2","c":"3"}"#,
                r#"{"two":{"deep":{"y":"2"}},"must":{"z":"2"},"outer":{"must":{"z":"2"}},"always":{},"deep":{"c":"3"}}"#,
            ),
            (
                r#"{"a":"1","b":"2"}"#,
                r#"{"one":{"id":"1"},"nested":{"in\"ner":{"id":"1"}},"two":{"x":"1","deep":{"y":"2"}},"must":{"z":"2"},"outer":{"must":{"z":"2"}},"always":{}}"#,
            ),
        ],
    )
}
