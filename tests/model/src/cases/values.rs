//! Reads, arithmetic, texts, conditions and choices.

use mapc_check::typed::*;
use mapc_diagnostics::Code;
use mapc_types::{BigRational, DateKind, Language, Wire};

use super::Case;
use crate::builder::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        reads(),
        facts(),
        arithmetic(),
        quotients(),
        templates(),
        conditions(),
        choices(),
        listed_choices(),
        tables(),
        xrefs(),
        named(),
    ]
}

fn reads() -> Case {
    let mut builder = Builder::default();
    let read = |builder: &mut Builder, name: &str, read, write| {
        let value = builder.field(MESSAGE, name, read, false, Vec::new());
        builder.put(name, write, value);
    };
    read(&mut builder, "t", ReadKind::Text, Write::Text);
    read(&mut builder, "n", ReadKind::Decimal(Wire::Plain), Write::Number { whole: false });
    read(&mut builder, "w", ReadKind::Decimal(Wire::Plain), Write::Number { whole: true });
    read(&mut builder, "d", ReadKind::Decimal(Wire::DecimalText), Write::DecimalText);
    read(&mut builder, "b", ReadKind::Bool, Write::Bool);
    read(&mut builder, "day", ReadKind::Date(DateKind::Date), Write::Date(DateKind::Date));
    read(&mut builder, "time", ReadKind::Date(DateKind::Time), Write::Date(DateKind::Time));
    read(&mut builder, "local", ReadKind::Date(DateKind::Local), Write::Date(DateKind::Local));
    read(&mut builder, "at", ReadKind::Date(DateKind::Instant), Write::Date(DateKind::Instant));
    let digits = "1234567890123456789012345678901234";
    let long = format!(r#"{{"n":{digits}}}"#);
    let longer = format!(r#"{{"n":{digits}0}}"#);
    let unread = format!(r#"{{"z":{digits}0}}"#);
    let text = format!(r#"{{"d":"{digits}.0"}}"#);
    Case::new(
        "reads",
        builder,
        &[
            ("{}", "{}"),
            (r#"{"t":"\"\\\b\f\r\t\u007f\u2028"}"#, "{\"t\":\"\\\"\\\\\\b\\f\\r\\t\u{7f}\u{2028}\"}"),
            (r#"{"t":1}"#, "reject R0201 t: R0201"),
            (r#"{"t":null}"#, "reject R0201 t: R0201"),
            (r#"{"n":12.50}"#, r#"{"n":12.50}"#),
            (r#"{"n":-0.0}"#, r#"{"n":0.0}"#),
            (r#"{"n":-0}"#, r#"{"n":0}"#),
            (r#"{"n":1e2}"#, r#"{"n":100}"#),
            (r#"{"n":1.5E+1}"#, r#"{"n":15}"#),
            (r#"{"n":-1.50e1}"#, r#"{"n":-15.0}"#),
            (r#"{"n":15e-4}"#, r#"{"n":0.0015}"#),
            (r#"{"n":0e99}"#, r#"{"n":0}"#),
            (r#"{"n":0e-99}"#, "reject R0112 : R0112"),
            (r#"{"n":1e34}"#, "reject R0112 : R0112"),
            (r#"{"n":1e33}"#, r#"{"n":1000000000000000000000000000000000}"#),
            (r#"{"n":1e-34}"#, r#"{"n":0.0000000000000000000000000000000001}"#),
            (r#"{"n":1e-35}"#, "reject R0112 : R0112"),
            (r#"{"n":1e99999999999999999999}"#, "reject R0112 : R0112"),
            (r#"{"n":1e-99999999999999999999}"#, "reject R0112 : R0112"),
            (r#"{"n":0e99999999999999999999}"#, r#"{"n":0}"#),
            (&long, &long),
            (&longer, "reject R0112 : R0112"),
            (&unread, "{}"),
            (r#"{"n":"1"}"#, "reject R0201 n: R0201"),
            (r#"{"w":7.00}"#, r#"{"w":7}"#),
            (r#"{"w":-0.0}"#, r#"{"w":0}"#),
            (r#"{"d":"7.10"}"#, r#"{"d":"7.1"}"#),
            (r#"{"d":"-0.00"}"#, r#"{"d":"0"}"#),
            (r#"{"d":"07"}"#, "reject R0201 d: R0201"),
            (r#"{"d":"1e2"}"#, "reject R0201 d: R0201"),
            (r#"{"d":".5"}"#, "reject R0201 d: R0201"),
            (r#"{"d":"5."}"#, "reject R0201 d: R0201"),
            (r#"{"d":""}"#, "reject R0201 d: R0201"),
            (r#"{"d":"+5"}"#, "reject R0201 d: R0201"),
            (r#"{"d":"\u0035"}"#, r#"{"d":"5"}"#),
            (&text, "reject R0112 : R0112"),
            (r#"{"d":5}"#, "reject R0201 d: R0201"),
            (r#"{"b":true}"#, r#"{"b":true}"#),
            (r#"{"b":false}"#, r#"{"b":false}"#),
            (r#"{"b":0}"#, "reject R0201 b: R0201"),
            (r#"{"day":"2024-02-29"}"#, r#"{"day":"2024-02-29"}"#),
            (r#"{"day":"2023-02-29"}"#, "reject R0201 day: R0201"),
            (r#"{"day":"1900-02-29"}"#, "reject R0201 day: R0201"),
            (r#"{"day":"0000-01-01"}"#, "reject R0201 day: R0201"),
            (r#"{"day":"0001-01-01"}"#, r#"{"day":"0001-01-01"}"#),
            (r#"{"day":"9999-12-31"}"#, r#"{"day":"9999-12-31"}"#),
            (r#"{"day":"2024-2-9"}"#, "reject R0201 day: R0201"),
            (r#"{"day":"2024-02-09 "}"#, "reject R0201 day: R0201"),
            (r#"{"day":"2024-13-01"}"#, "reject R0201 day: R0201"),
            (r#"{"time":"23:59:59.120"}"#, r#"{"time":"23:59:59.12"}"#),
            (r#"{"time":"23:59:59.000"}"#, r#"{"time":"23:59:59"}"#),
            (r#"{"time":"23:59:60"}"#, "reject R0201 time: R0201"),
            (r#"{"time":"24:00:00"}"#, "reject R0201 time: R0201"),
            (r#"{"time":"12:00:00."}"#, "reject R0201 time: R0201"),
            (r#"{"time":"12:00:00.1234567891"}"#, "reject R0201 time: R0201"),
            (r#"{"time":"12:00:00.123456789"}"#, r#"{"time":"12:00:00.123456789"}"#),
            (r#"{"time":"12:00"}"#, "reject R0201 time: R0201"),
            (r#"{"local":"2024-01-02T03:04:05.5"}"#, r#"{"local":"2024-01-02T03:04:05.5"}"#),
            (r#"{"local":"2024-01-02T03:04:05Z"}"#, "reject R0201 local: R0201"),
            (r#"{"local":"2024-01-02t03:04:05"}"#, "reject R0201 local: R0201"),
            (r#"{"at":"2024-01-01T00:30:00+02:00"}"#, r#"{"at":"2023-12-31T22:30:00Z"}"#),
            (r#"{"at":"2024-01-01T00:30:00.250-23:59"}"#, r#"{"at":"2024-01-02T00:29:00.25Z"}"#),
            (r#"{"at":"2024-01-01T00:30:00-00:00"}"#, r#"{"at":"2024-01-01T00:30:00Z"}"#),
            (r#"{"at":"2024-01-01T00:30:00z"}"#, "reject R0201 at: R0201"),
            (r#"{"at":"2024-01-01T00:30:00+24:00"}"#, "reject R0201 at: R0201"),
            (r#"{"at":"2024-01-01T00:30:00+02:60"}"#, "reject R0201 at: R0201"),
            (r#"{"at":"2024-01-01T00:30:00"}"#, "reject R0201 at: R0201"),
            (r#"{"at":"0001-01-01T00:00:00+00:01"}"#, "reject R0201 at: R0201"),
            (r#"{"at":"9999-12-31T23:59:59.999999999Z"}"#, r#"{"at":"9999-12-31T23:59:59.999999999Z"}"#),
            (r#"{"at":"9999-12-31T23:59:59-00:01"}"#, "reject R0201 at: R0201"),
        ],
    )
}

fn rational(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn facts() -> Case {
    let mut builder = Builder::default();
    let text = |builder: &mut Builder, name: &str, facts| {
        let value = builder.field(MESSAGE, name, ReadKind::Text, true, facts);
        builder.put_text(name, value);
    };
    text(&mut builder, "length", vec![Predicate::MinLength(1), Predicate::MaxLength(3)]);
    text(
        &mut builder,
        "set",
        vec![Predicate::OneOf(vec![Constant::Text("A".into()), Constant::Text("B".into())])],
    );
    if let Some(language) = Language::of_set(["aé", "b"]) {
        text(&mut builder, "language", vec![Predicate::InLanguage(language, "a or b".into())]);
    }
    let number = |builder: &mut Builder, name: &str, facts| {
        let value = builder.field(MESSAGE, name, ReadKind::Decimal(Wire::Plain), false, facts);
        builder.put_number(name, value);
    };
    let least = Predicate::AtLeast { value: rational(0, 1), inclusive: false };
    let most = Predicate::AtMost { value: rational(21, 2), inclusive: true };
    number(&mut builder, "range", vec![least, most]);
    number(&mut builder, "grid", vec![Predicate::OnGrid(rational(1, 4))]);
    number(&mut builder, "one", vec![Predicate::OneOf(vec![hundredths(150)])]);
    let must = builder.field(MESSAGE, "must.be", ReadKind::Bool, true, vec![Predicate::Present]);
    let given = builder.text(MESSAGE, "given");
    let field = builder.put("must", Write::Bool, must);
    if let Some(field) = builder.typed.fields.get_mut(field.0) {
        field.when = Some(is(given, words("yes"), false));
    }
    Case::new(
        "facts",
        builder,
        &[
            ("{}", "{}"),
            (r#"{"length":"äöü"}"#, r#"{"length":"äöü"}"#),
            (r#"{"length":"\u00e4\u00f6\u00fc"}"#, r#"{"length":"äöü"}"#),
            (r#"{"length":"abcd"}"#, "reject R0201 length: R0201"),
            (r#"{"length":""}"#, "reject R0201 length: R0201"),
            (r#"{"length":null}"#, "{}"),
            (r#"{"set":"A"}"#, r#"{"set":"A"}"#),
            (r#"{"set":"C"}"#, "reject R0201 set: R0201"),
            (r#"{"language":"a\u00e9"}"#, r#"{"language":"aé"}"#),
            (r#"{"language":"a"}"#, "reject R0201 language: R0201"),
            (r#"{"range":0.1}"#, r#"{"range":0.1}"#),
            (r#"{"range":10.50}"#, r#"{"range":10.50}"#),
            (r#"{"range":0}"#, "reject R0201 range: R0201"),
            (r#"{"range":10.51}"#, "reject R0201 range: R0201"),
            (r#"{"grid":-1.75}"#, r#"{"grid":-1.75}"#),
            (r#"{"grid":1.7}"#, "reject R0201 grid: R0201"),
            (r#"{"one":1.500}"#, r#"{"one":1.500}"#),
            (r#"{"one":1.6}"#, "reject R0201 one: R0201"),
            (r#"{"given":"no","must":1}"#, "{}"),
            (r#"{"given":"yes","must":{"be":true}}"#, r#"{"must":true}"#),
            (r#"{"given":"yes"}"#, "reject R0201 must.be: R0201"),
            (r#"{"given":"yes","must":{"be":null}}"#, "{}"),
        ],
    )
}

fn arithmetic() -> Case {
    let mut builder = Builder::default();
    let failure = Some(builder.reason(Code::R0403, "sum"));
    for (name, operator) in
        [("add", Arithmetic::Add), ("subtract", Arithmetic::Subtract), ("multiply", Arithmetic::Multiply)]
    {
        let left = Box::new(builder.number(MESSAGE, "a"));
        let right = Box::new(builder.number(MESSAGE, "b"));
        builder.put_number(name, expression(ExpressionKind::Arithmetic { operator, left, right, failure }));
    }
    let value = Box::new(builder.number(MESSAGE, "a"));
    builder.put_number("negate", expression(ExpressionKind::Negate(value)));
    let value = builder.number(MESSAGE, "a");
    builder.put_number("same", value);
    let nines = "9".repeat(34);
    let sum = format!(r#"{{"a":{nines},"b":1}}"#);
    let sum_of_zero = format!(r#"{{"a":{nines},"b":0}}"#);
    let zero =
        format!(r#"{{"add":{nines},"subtract":{nines},"multiply":0,"negate":-{nines},"same":{nines}}}"#);
    Case::new(
        "arithmetic",
        builder,
        &[
            (
                r#"{"a":1.50,"b":-0.5}"#,
                r#"{"add":1,"subtract":2,"multiply":-0.75,"negate":-1.5,"same":1.50}"#,
            ),
            (r#"{"a":10,"b":20}"#, r#"{"add":30,"subtract":-10,"multiply":200,"negate":-10,"same":10}"#),
            (r#"{"a":1.50}"#, r#"{"negate":-1.5,"same":1.50}"#),
            (r#"{"a":null,"b":2}"#, "{}"),
            (r#"{"a":1,"b":"2"}"#, "reject R0201 b: R0201"),
            (r#"{"b":"2"}"#, "reject R0201 b: R0201"),
            (&sum, "reject R0403 sum: R0403"),
            (&sum_of_zero, &zero),
            (r#"{"a":1e-34,"b":1}"#, "reject R0403 sum: R0403"),
            (r#"{"a":1e-20,"b":1e-20}"#, "reject R0403 sum: R0403"),
            (r#"{"a":1e20,"b":1e20}"#, "reject R0403 sum: R0403"),
            (r#"{"a":0.00,"b":0.0}"#, r#"{"add":0,"subtract":0,"multiply":0,"negate":0,"same":0.00}"#),
        ],
    )
}

fn quotients() -> Case {
    let mut builder = Builder::default();
    let failure = Some(builder.reason(Code::R0403, "share"));
    let modes = [
        ("half_up", Rounding::HalfUp),
        ("half_even", Rounding::HalfEven),
        ("half_down", Rounding::HalfDown),
        ("floor", Rounding::Floor),
        ("ceiling", Rounding::Ceiling),
        ("down", Rounding::Down),
        ("up", Rounding::Up),
    ];
    for (name, mode) in modes {
        let left = Box::new(builder.number(MESSAGE, "a"));
        let right = Box::new(builder.number(MESSAGE, "b"));
        let quotient = ExpressionKind::Quotient { left, right, scale: 0, mode, failure };
        builder.put_number(name, expression(quotient));
    }
    let left = Box::new(builder.number(MESSAGE, "a"));
    let right = Box::new(builder.number(MESSAGE, "b"));
    let quotient = ExpressionKind::Quotient { left, right, scale: 4, mode: Rounding::HalfUp, failure };
    builder.put_number("four", expression(quotient));
    Case::new(
        "quotients",
        builder,
        &[
            (
                r#"{"a":5,"b":2}"#,
                r#"{"half_up":3,"half_even":2,"half_down":2,"floor":2,"ceiling":3,"down":2,"up":3,"four":2.5}"#,
            ),
            (
                r#"{"a":-5,"b":2}"#,
                r#"{"half_up":-3,"half_even":-2,"half_down":-2,"floor":-3,"ceiling":-2,"down":-2,"up":-3,"four":-2.5}"#,
            ),
            (
                r#"{"a":7,"b":-2}"#,
                r#"{"half_up":-4,"half_even":-4,"half_down":-3,"floor":-4,"ceiling":-3,"down":-3,"up":-4,"four":-3.5}"#,
            ),
            (
                r#"{"a":1,"b":3}"#,
                r#"{"half_up":0,"half_even":0,"half_down":0,"floor":0,"ceiling":1,"down":0,"up":1,"four":0.3333}"#,
            ),
            (
                r#"{"a":-2,"b":3}"#,
                r#"{"half_up":-1,"half_even":-1,"half_down":-1,"floor":-1,"ceiling":0,"down":0,"up":-1,"four":-0.6667}"#,
            ),
            (
                r#"{"a":1e33,"b":1e-0}"#,
                r#"{"half_up":1000000000000000000000000000000000,"half_even":1000000000000000000000000000000000,"half_down":1000000000000000000000000000000000,"floor":1000000000000000000000000000000000,"ceiling":1000000000000000000000000000000000,"down":1000000000000000000000000000000000,"up":1000000000000000000000000000000000,"four":1000000000000000000000000000000000}"#,
            ),
            (
                r#"{"a":1e-34,"b":1e-34}"#,
                r#"{"half_up":1,"half_even":1,"half_down":1,"floor":1,"ceiling":1,"down":1,"up":1,"four":1}"#,
            ),
            (r#"{"a":1,"b":0}"#, "reject R0403 share: R0403"),
            (r#"{"a":0,"b":0}"#, "reject R0403 share: R0403"),
            (r#"{"a":10,"b":1e-34}"#, "reject R0403 share: R0403"),
            (r#"{"b":0}"#, "{}"),
        ],
    )
}

fn templates() -> Case {
    let mut builder = Builder::default();
    let parts = template(vec![
        ("SO-", Some(builder.text(MESSAGE, "id"))),
        ("/", Some(builder.number(MESSAGE, "n"))),
        ("/", Some(builder.field(MESSAGE, "b", ReadKind::Bool, true, Vec::new()))),
        ("/", Some(builder.field(MESSAGE, "at", ReadKind::Date(DateKind::Instant), true, Vec::new()))),
        ("\"", None),
    ]);
    builder.put_text("x", expression(ExpressionKind::Template(parts.clone())));
    let missing = builder.text(MESSAGE, "stop");
    let condition = is(missing, words("now"), false);
    let reason = builder.reason(Code::R0302, "stop");
    builder.typed.gates.push(Gate::Reject { condition, reason, text: parts });
    let skipped = builder.text(MESSAGE, "skip");
    let reason = builder.reason(Code::R0701, "skip");
    builder.typed.gates.push(Gate::Skip { condition: is(skipped, words("now"), false), reason });
    builder.typed.key = Some(builder.number(MESSAGE, "n"));
    builder.typed.order_by = Some(builder.text(MESSAGE, "id"));
    Case::new(
        "templates, gates and the key",
        builder,
        &[
            (
                r#"{"id":"a\"b","n":1.50,"b":true,"at":"2024-01-01T00:00:00.10+01:00"}"#,
                r#"{"x":"SO-a\"b/1.5/true/2023-12-31T23:00:00.1Z\""} key 1.5 order a"b"#,
            ),
            (r#"{"id":"a","n":-0.0,"b":true}"#, "{} key 0 order a"),
            (r#"{"id":null,"b":1}"#, "reject R0201 b: R0201"),
            (r#"{"stop":"now","n":2}"#, r#"reject R0302 SO-(missing)/2/(missing)/(missing)""#),
            (r#"{"stop":"now","skip":"now"}"#, r#"reject R0302 SO-(missing)/(missing)/(missing)/(missing)""#),
            (r#"{"skip":"now"}"#, "skip R0701"),
            (r#"{"id":""}"#, "{} order "),
        ],
    )
}

fn conditions() -> Case {
    let mut builder = Builder::default();
    let test = |builder: &mut Builder, name: &str, kind| {
        builder.put(name, Write::Bool, expression(kind));
    };
    for (name, negated) in [("is", false), ("not", true)] {
        let (left, right) = (builder.text(MESSAGE, "a"), builder.text(MESSAGE, "b"));
        test(&mut builder, name, is(left, right, negated).kind);
        let subject = Box::new(builder.text(MESSAGE, "a"));
        let values = vec![Constant::Text("x".into()), Constant::Text("y".into())];
        test(&mut builder, &format!("{name}_one"), ExpressionKind::OneOf { subject, values, negated });
        let subject = Box::new(builder.text(MESSAGE, "a"));
        test(&mut builder, &format!("{name}_missing"), ExpressionKind::IsMissing { subject, negated });
        let subject = Box::new(builder.text(MESSAGE, "a"));
        test(&mut builder, &format!("{name}_null"), ExpressionKind::IsNull { subject, negated });
        let subject = Box::new(builder.text(MESSAGE, "a"));
        test(
            &mut builder,
            &format!("{name}_longer"),
            ExpressionKind::LongerThan { subject, length: 1, negated },
        );
    }
    for (name, operator) in [
        ("lt", Comparison::Less),
        ("le", Comparison::LessOrEqual),
        ("gt", Comparison::Greater),
        ("ge", Comparison::GreaterOrEqual),
    ] {
        let (left, right) = (builder.number(MESSAGE, "m"), builder.number(MESSAGE, "n"));
        test(&mut builder, name, compare(operator, left, right).kind);
    }
    let (left, right) = (builder.text(MESSAGE, "a"), builder.text(MESSAGE, "b"));
    test(&mut builder, "text_lt", compare(Comparison::Less, left, right).kind);
    let flag = |builder: &mut Builder, name| {
        let read = builder.field(MESSAGE, name, ReadKind::Bool, true, Vec::new());
        Box::new(expression(ExpressionKind::IsTrue(Box::new(read))))
    };
    let (left, right) = (flag(&mut builder, "p"), flag(&mut builder, "q"));
    test(&mut builder, "and", ExpressionKind::And(left.clone(), right.clone()));
    test(&mut builder, "or", ExpressionKind::Or(left.clone(), right));
    test(&mut builder, "no", ExpressionKind::Not(left));
    let none = |more: &str| {
        format!(
            "{{\"is\":false,\"is_one\":false,\"is_missing\":true,\"is_null\":{more},\"is_longer\":false,\
             \"not\":true,\"not_one\":true,\"not_missing\":false,\"not_null\":{},\"not_longer\":true,",
            more == "false"
        )
    };
    let numbers = |flags: [bool; 4]| {
        format!("\"lt\":{},\"le\":{},\"gt\":{},\"ge\":{},", flags[0], flags[1], flags[2], flags[3])
    };
    let some = |text: &str| format!("{{{text},");
    let absent =
        none("false") + &numbers([false; 4]) + r#""text_lt":false,"and":false,"or":false,"no":true}"#;
    let null = none("true") + &numbers([false; 4]) + r#""text_lt":false,"and":false,"or":true,"no":false}"#;
    let present = some(
        r#""is":false,"is_one":true,"is_missing":false,"is_null":false,"is_longer":false,"not":true,"not_one":false,"not_missing":true,"not_null":true,"not_longer":true"#,
    ) + &numbers([false, true, false, true])
        + r#""text_lt":true,"and":true,"or":true,"no":false}"#;
    let equal = some(
        r#""is":true,"is_one":false,"is_missing":false,"is_null":false,"is_longer":true,"not":false,"not_one":true,"not_missing":true,"not_null":true,"not_longer":false"#,
    ) + &numbers([true, true, false, false])
        + r#""text_lt":false,"and":false,"or":false,"no":true}"#;
    Case::new(
        "conditions",
        builder,
        &[
            ("{}", &absent),
            (r#"{"a":null,"p":true}"#, &null),
            (r#"{"a":"x","b":"😀","m":1.0,"n":1,"p":true,"q":true}"#, &present),
            (r#"{"a":"\u00e4\u00f6","b":"äö","m":-1,"n":0.5,"p":false,"q":false}"#, &equal),
            (r#"{"p":true,"q":1}"#, "reject R0201 q: R0201"),
            (r#"{"a":"x","b":1}"#, "reject R0201 b: R0201"),
        ],
    )
}

fn choices() -> Case {
    let mut builder = Builder::default();
    let reason = builder.reason(Code::R0302, "no arm");
    let waiting = builder.reason(Code::R0702, "arm");
    let subject = Box::new(builder.text(MESSAGE, "c"));
    let values =
        |words: &[&str]| ArmWhen::Values(words.iter().map(|word| Constant::Text((*word).into())).collect());
    let echo = template(vec![("no ", Some(builder.text(MESSAGE, "c")))]);
    let arms = vec![
        Arm { when: values(&["US", "CA"]), then: Fallback::Value(Box::new(words("1"))) },
        Arm { when: values(&["GB"]), then: Fallback::Value(Box::new(builder.text(MESSAGE, "d"))) },
        Arm { when: values(&["OM"]), then: Fallback::Omit },
        Arm { when: values(&["WA"]), then: Fallback::Wait { reason: waiting, reference: None } },
    ];
    let otherwise = Some(Fallback::Reject { reason, text: echo });
    builder.put_text("x", expression(ExpressionKind::Choose { subject: Some(subject), arms, otherwise }));
    let size = builder.number(MESSAGE, "n");
    let big = compare(Comparison::Greater, size, constant(whole(10)));
    let number = builder.number(MESSAGE, "n");
    let arms = vec![Arm { when: ArmWhen::Condition(big), then: Fallback::Value(Box::new(number)) }];
    builder.put_number("big", expression(ExpressionKind::Choose { subject: None, arms, otherwise: None }));
    let first = builder.text(MESSAGE, "d");
    let second = builder.text(MESSAGE, "e");
    let stopped = builder.reason(Code::R0301, "e");
    let last = Fallback::Reject { reason: stopped, text: Vec::new() };
    let value = or_else(or_else(first, Fallback::Value(Box::new(second))), last);
    builder.put_text("else", value);
    Case::new(
        "choices",
        builder,
        &[
            (r#"{"c":"CA","e":"e","n":11.0}"#, r#"{"x":"1","big":11.0,"else":"e"}"#),
            (r#"{"c":"GB","d":"d","n":10}"#, r#"{"x":"d","else":"d"}"#),
            (r#"{"c":"GB","d":null,"e":"e"}"#, r#"{"else":"e"}"#),
            (r#"{"c":"OM","d":""}"#, r#"{"else":""}"#),
            (r#"{"c":"OM","d":null,"e":null}"#, "reject R0301 e: R0301"),
            (r#"{"c":"WA"}"#, "wait R0702 "),
            (r#"{"c":"XX"}"#, "reject R0302 no XX"),
            (r#"{"c":null}"#, "reject R0302 no (missing)"),
            (r#"{"c":"US","d":1}"#, "reject R0201 d: R0201"),
        ],
    )
}

fn listed_choices() -> Case {
    let mut builder = Builder::default();
    let table = |builder: &mut Builder, otherwise| {
        let subject = Some(Box::new(builder.text(MESSAGE, "c")));
        let arm = |keys: &[&str], result: i64| Arm {
            when: ArmWhen::Values(keys.iter().map(|key| Constant::Text((*key).into())).collect()),
            then: Fallback::Value(Box::new(constant(hundredths(result)))),
        };
        let arms = vec![arm(&["US", "CA"], 150), arm(&["GB", "US"], 200), arm(&[""], 0)];
        expression(ExpressionKind::Choose { subject, arms, otherwise })
    };
    let value = table(&mut builder, None);
    builder.put_number("x", value);
    let reason = builder.reason(Code::R0302, "no arm");
    let when = builder.text(MESSAGE, "must");
    let text = template(vec![("no ", Some(builder.text(MESSAGE, "c")))]);
    let value = table(&mut builder, Some(Fallback::Reject { reason, text }));
    let field = builder.put_number("y", value);
    if let Some(field) = builder.typed.fields.get_mut(field.0) {
        field.when = Some(is(when, words("yes"), false));
    }
    Case::new(
        "choices among constants",
        builder,
        &[
            (r#"{"c":"US"}"#, r#"{"x":1.5}"#),
            (r#"{"c":"GB","must":"yes"}"#, r#"{"x":2,"y":2}"#),
            (r#"{"c":"","must":"yes"}"#, r#"{"x":0,"y":0}"#),
            (r#"{"c":"X"}"#, "{}"),
            (r#"{"c":"X","must":"yes"}"#, "reject R0302 no X"),
            (r#"{"must":"yes"}"#, "reject R0302 no (missing)"),
            (r#"{"c":null,"must":"yes"}"#, "reject R0302 no (missing)"),
            (r#"{"c":null}"#, "{}"),
        ],
    )
}

fn tables() -> Case {
    let mut builder = Builder::default();
    let text = |word: &str| Constant::Text(word.to_owned());
    builder.typed.tables.push(CodeTable {
        name: "method".into(),
        key_parts: 1,
        rows: vec![
            (vec!["UPS".into()], Some(text("4"))),
            (vec!["".into()], Some(text("0"))),
            (vec!["PICKUP".into()], None),
        ],
        file: None,
    });
    builder.typed.tables.push(CodeTable {
        name: "tax".into(),
        key_parts: 2,
        rows: vec![
            (vec!["US".into(), "A".into()], Some(hundredths(150))),
            (vec!["U".into(), "SA".into()], Some(hundredths(2500))),
        ],
        file: None,
    });
    let failure = Some(builder.reason(Code::R0601, "method"));
    let keys = vec![builder.text(MESSAGE, "m")];
    builder.put_text("method", expression(ExpressionKind::Lookup { table: TableId(0), keys, failure }));
    let keys = vec![builder.text(MESSAGE, "m")];
    let looked = expression(ExpressionKind::Lookup { table: TableId(0), keys, failure });
    let omitted = builder.put_text("omitted", looked);
    if let Some(field) = builder.typed.fields.get_mut(omitted.0) {
        field.on_failure = Some(Action::Omit);
    }
    let keys = vec![builder.text(MESSAGE, "c"), builder.text(MESSAGE, "t")];
    let looked = expression(ExpressionKind::Lookup { table: TableId(1), keys, failure });
    let rate = builder.put_number("rate", looked);
    if let Some(field) = builder.typed.fields.get_mut(rate.0) {
        field.on_failure = Some(Action::Default(hundredths(990)));
    }
    // Both fields look the same key up: the first one decides when it is not there.
    builder.typed.document.fields.rotate_left(1);
    Case::new(
        "tables",
        builder,
        &[
            ("{}", "{}"),
            (r#"{"m":"UPS"}"#, r#"{"omitted":"4","method":"4"}"#),
            (r#"{"m":"\u0055PS"}"#, r#"{"omitted":"4","method":"4"}"#),
            (r#"{"m":""}"#, r#"{"omitted":"0","method":"0"}"#),
            (r#"{"m":"PICKUP"}"#, "{}"),
            (r#"{"m":"DHL"}"#, "reject R0601 method: R0601"),
            (r#"{"m":null,"c":"US","t":"A"}"#, r#"{"rate":1.5}"#),
            (r#"{"c":"U","t":"SA"}"#, r#"{"rate":25}"#),
            (r#"{"c":"US","t":"SA"}"#, r#"{"rate":9.9}"#),
            (r#"{"c":"US"}"#, "{}"),
            (r#"{"t":1}"#, "reject R0201 t: R0201"),
        ],
    )
}

fn xrefs() -> Case {
    let mut builder = Builder::default();
    let source_reason = builder.reason(Code::R0201, "xref");
    let xref = |key: Expression| {
        expression(ExpressionKind::Xref {
            entity: "netsuite.customer".into(),
            key: Box::new(key),
            source_reason,
        })
    };
    let reason = builder.reason(Code::R0702, "customer");
    let key = builder.text(MESSAGE, "id");
    let reference = Some(("netsuite.customer".to_owned(), Box::new(key.clone())));
    let value = or_else(xref(key), Fallback::Wait { reason, reference });
    builder.put_text("entity", value);
    Case::new(
        "xref",
        builder,
        &[
            (r#"{"id":"8812"}"#, r#"{"entity":"401"}"#),
            (r#"{"id":"1"}"#, "wait R0702 netsuite.customer 1"),
            (r#"{}"#, "wait R0702 netsuite.customer (missing)"),
            (r#"{"id":"empty"}"#, "reject R0201 xref: R0201"),
        ],
    )
}

fn named() -> Case {
    let mut builder = Builder::default();
    let first = builder.text(MESSAGE, "a");
    let second = builder.text(MESSAGE, "b");
    let value = or_else(first, Fallback::Value(Box::new(second)));
    builder.typed.lets.push(Let { name: "country".into(), value });
    let country = || expression(ExpressionKind::Let(LetId(0)));
    builder.typed.lets.push(Let { name: "lower".into(), value: call("lower", country(), &[]) });
    let subject = Box::new(country());
    let missing = expression(ExpressionKind::IsMissing { subject, negated: false });
    let reason = builder.reason(Code::R0302, "country");
    builder.typed.gates.push(Gate::Reject { condition: missing, reason, text: Vec::new() });
    let field = builder.put_text("x", expression(ExpressionKind::Let(LetId(1))));
    builder.guard(field, Predicate::MaxLength(2), Action::Cut(2));
    let target = || expression(ExpressionKind::Target(field));
    builder.put_text("y", target());
    let twice = template(vec![("", Some(target())), ("+", Some(target()))]);
    builder.put_text("z", expression(ExpressionKind::Template(twice)));
    builder.typed.key = Some(target());
    Case::new(
        "names and targets",
        builder,
        &[
            (r#"{"a":"USA"}"#, r#"{"x":"us","y":"us","z":"us+us"} key us"#),
            (r#"{"a":null,"b":"B"}"#, r#"{"x":"b","y":"b","z":"b+b"} key b"#),
            (r#"{"a":"B","b":1}"#, r#"{"x":"b","y":"b","z":"b+b"} key b"#),
            (r#"{"b":1}"#, "reject R0201 b: R0201"),
            (r#"{}"#, "reject R0302 country: R0302"),
        ],
    )
}
