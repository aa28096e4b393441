//! Arithmetic, library functions, tables, ids.

use mapc_bytecode::*;

use super::builder::{Builder, check};

fn text(text: &str) -> Constant {
    Constant::Text(text.into())
}

fn whole(number: i128) -> Constant {
    Constant::Number { coefficient: number, scale: 0 }
}

/// `x` through a function, written as `y`; failures end with R0402.
fn through(name: &str, read: ReadKind, arguments: &[Constant]) -> Builder {
    let mut builder = Builder::new();
    let field = builder.field(0, "x", read, true, &[]);
    let info = natives::find(name, read.class()).unwrap();
    let input = Register::new(info.input, 0);
    let into = Register::new(info.output, 1);
    let cursor = Cursor(0);
    builder.push(match input {
        Register::Text(into) => Instruction::ReadText { into, cursor, field },
        Register::Number(into) => Instruction::ReadNumber { into, cursor, field },
        Register::Flag(into) => Instruction::ReadFlag { into, cursor, field },
        Register::Date(into) => Instruction::ReadDate { into, cursor, field },
    });
    let arguments = builder.arguments(arguments);
    let failure = Failure::Reject(builder.reason(402));
    builder.push(Instruction::Call { into, function: info.id, input, arguments, failure });
    builder.open();
    let fragment = builder.key("y");
    let null = OnNull::Write;
    builder.push(match into {
        Register::Text(value) => Instruction::PutText { fragment, value, null },
        Register::Number(value) => Instruction::PutNumber { fragment, value, form: NumberForm::Plain, null },
        Register::Flag(value) => Instruction::PutFlag { fragment, value, null },
        Register::Date(value) => Instruction::PutDate { fragment, value, null },
    });
    builder.close();
    builder.module.zone = Some(Zone {
        name: "Test/East".into(),
        initial_offset: 3600,
        transitions: vec![(1_711_846_800, 7200)],
    });
    builder
}

fn check_call(name: &str, read: ReadKind, arguments: &[Constant], cases: &[(&str, &str)]) {
    let builder = through(name, read, arguments);
    check(&builder, &[("{}", "{}"), (r#"{"x":null}"#, r#"{"y":null}"#)]);
    for (input, expect) in cases {
        let expect = match *expect {
            "absent" => "{}".to_string(),
            failed if failed.starts_with('R') => failed.to_string(),
            value => format!("{{\"y\":{value}}}"),
        };
        check(&builder, &[(&format!("{{\"x\":{input}}}"), &expect)]);
    }
}

fn check_text(name: &str, arguments: &[Constant], cases: &[(&str, &str)]) {
    let quote = |text: &str| if text == "absent" { text.to_string() } else { format!("\"{text}\"") };
    let cases: Vec<(String, String)> =
        cases.iter().map(|(input, expect)| (quote(input), quote(expect))).collect();
    let cases: Vec<(&str, &str)> = cases.iter().map(|(one, other)| (one.as_str(), other.as_str())).collect();
    check_call(name, ReadKind::Text, arguments, &cases);
}

#[test]
fn functions_on_text() {
    check_text(
        "cut",
        &[whole(3)],
        &[
            ("abcd", "abc"),
            ("abc", "abc"),
            ("", ""),
            ("ae\u{301}e\u{301}", "ae\u{301}"),
            ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", ""),
            (r"\u0061\u0062\u0063\u0064", "abc"),
            ("a\\r\\nb", "a\\r\\n"),
            ("ab\\r\\n", "ab"),
            ("abcd\u{301}", "abc"),
            ("abc\u{301}", "ab"),
        ],
    );
    check_text("cut", &[whole(0)], &[("a", "")]);
    check_text("start", &[whole(2)], &[("\u{e4}bc", "\u{e4}b"), ("a", "a"), ("", "")]);
    check_text("end", &[whole(2)], &[("ab\u{e4}", "b\u{e4}"), ("a", "a"), ("", "")]);
    check_text("end", &[whole(0)], &[("abc", "")]);
    check_text(
        "trim",
        &[],
        &[(" \\t\u{a0}a b\u{3000} ", "a b"), ("", ""), ("  ", ""), (r"\u0020x\u0020", "x")],
    );
    check_text("squeeze", &[], &[("  a \u{a0} b\\n", "a b"), (" ", "")]);
    check_text("nonblank", &[], &[(" a ", " a "), (" \\t", "absent"), ("", "absent")]);
    check_text("upper", &[], &[("stra\u{df}e", "STRASSE"), ("\u{149}", "\u{2BC}N"), ("abc1", "ABC1")]);
    check_text(
        "lower",
        &[],
        &[
            ("\u{130}", "i\u{307}"),
            ("\u{39F}\u{394}\u{39F}\u{3A3}", "\u{3BF}\u{3B4}\u{3BF}\u{3C2}"),
            ("ABC1", "abc1"),
        ],
    );
    check_text("upper_ascii", &[], &[("a\u{e4}", "A\u{e4}")]);
    check_text("lower_ascii", &[], &[("A\u{c4}", "a\u{c4}")]);
    check_text("pad_left", &[whole(4), text("\u{e4}")], &[("ab", "\u{e4}\u{e4}ab"), ("abcde", "abcde")]);
    check_text("pad_right", &[whole(4), text("0")], &[("\u{e4}b", "\u{e4}b00"), ("", "0000")]);
    check_text("replace", &[text("aa"), text("\"")], &[("aaa", "\\\"a"), ("b", "b"), ("aaaa", "\\\"\\\"")]);
    check_text("without_prefix", &[text("AB")], &[("ABAB", "AB"), ("xAB", "xAB")]);
    check_text("without_suffix", &[text("AB")], &[("ABAB", "AB"), ("ABx", "ABx")]);
    check_text("before", &[text("-")], &[("a-b-c", "a"), ("abc", "abc"), ("-a", "")]);
    check_text("after", &[text("-")], &[("a-b-c", "b-c"), ("abc", "absent"), ("a-", "")]);
    check_text(
        "part",
        &[text("--"), whole(2)],
        &[("a--b--c", "b"), ("a", "absent"), ("a----c", ""), (r"a--\u0062", "b")],
    );
    check_text("digits", &[], &[("a1\u{661}-2", "12"), ("", "")]);
}

#[test]
fn functions_on_numbers() {
    let number = ReadKind::Number;
    for (name, expect) in [("round_up", "-2"), ("round_down", "-1"), ("floor", "-2"), ("ceiling", "-1")] {
        check_call(name, number, &[whole(0)], &[("-1.5", expect)]);
    }
    check_call(
        "round",
        number,
        &[whole(2), text("half_even")],
        &[("1.005", "1"), ("1.015", "1.02"), ("1.10", "1.1")],
    );
    check_call("abs", number, &[], &[("-1.50", "1.5")]);
    check_call("clamp", number, &[whole(1), whole(3)], &[("0.5", "1"), ("2.50", "2.5"), ("3.1", "3")]);
    check_call("whole", number, &[], &[("2.00", "2"), ("2.01", "R0402")]);
    check_call("text", number, &[], &[("2.50", "\"2.5\""), ("-0.0", "\"0\""), ("1e3", "\"1000\"")]);
    check_call(
        "number",
        ReadKind::Text,
        &[],
        &[("\"-2.50\"", "-2.5"), ("\" 1\"", "R0402"), ("\"\"", "R0402")],
    );
    let long = format!("\"{}\"", "9".repeat(35));
    check_call("number", ReadKind::Text, &[], &[(&long, "R0402")]);
}

#[test]
fn functions_on_flags_and_dates() {
    check_call("yes_no", ReadKind::Flag, &[text("Y"), text("N")], &[("true", "\"Y\""), ("false", "\"N\"")]);
    check_call("text", ReadKind::Flag, &[], &[("true", "\"true\"")]);
    let instant = ReadKind::Date(DateKind::Instant);
    check_call("text", instant, &[], &[("\"2024-01-01T01:00:00+01:00\"", "\"2024-01-01T00:00:00Z\"")]);
    check_call(
        "date",
        instant,
        &[],
        &[
            ("\"2024-07-01T22:00:00Z\"", "\"2024-07-02\""),
            ("\"2024-01-01T22:59:59Z\"", "\"2024-01-01\""),
            ("\"1800-01-01T00:00:00Z\"", "R0402"),
        ],
    );
    check_call("written_date", instant, &[], &[("\"2024-07-01T22:00:00-05:00\"", "\"2024-07-01\"")]);
    check_call(
        "date",
        ReadKind::Date(DateKind::Local),
        &[],
        &[("\"2024-07-01T22:00:00\"", "\"2024-07-01\"")],
    );
    check_call("date", ReadKind::Date(DateKind::Time), &[], &[("\"22:00:00\"", "R0402")]);
    check_call(
        "time",
        ReadKind::Date(DateKind::Local),
        &[],
        &[("\"2024-07-01T22:00:00.50\"", "\"22:00:00.5\"")],
    );
    check_call(
        "date",
        ReadKind::Text,
        &[],
        &[("\"2024-02-29\"", "\"2024-02-29\""), ("\"2023-02-29\"", "R0402")],
    );
    check_call("time", ReadKind::Text, &[], &[("\"12:00:00\"", "\"12:00:00\""), ("\"12:00\"", "R0402")]);
    check_call(
        "instant",
        ReadKind::Text,
        &[],
        &[("\"2024-01-01T00:00:00Z\"", "\"2024-01-01T00:00:00Z\""), ("\"2024\"", "R0402")],
    );
    check_call(
        "format",
        instant,
        &[text("DD.MM.YYYY hh:mm")],
        &[("\"2024-07-01T22:05:00Z\"", "\"02.07.2024 00:05\"")],
    );
    check_call(
        "parse_date",
        ReadKind::Text,
        &[text("DD.MM.YYYY")],
        &[("\"01.02.2024\"", "\"2024-02-01\""), ("\"1.2.2024\"", "R0402")],
    );
    check_call(
        "add_days",
        ReadKind::Date(DateKind::Date),
        &[whole(-1)],
        &[("\"2024-03-01\"", "\"2024-02-29\""), ("\"0001-01-01\"", "R0402")],
    );
}

#[test]
fn arithmetic_and_its_handler() {
    type Make = fn(Failure) -> Instruction;
    let (into, left, right) = (NumberRegister(2), NumberRegister(0), NumberRegister(1));
    let makes: [(Make, &[(&str, &str)]); 4] = [
        (
            |failure| Instruction::Add {
                into: NumberRegister(2),
                left: NumberRegister(0),
                right: NumberRegister(1),
                failure,
            },
            &[("1.50,0.5", "2"), ("1,-1.0", "0"), ("9999999999999999999999999999999999,1", "failed")],
        ),
        (
            |failure| Instruction::Subtract {
                into: NumberRegister(2),
                left: NumberRegister(0),
                right: NumberRegister(1),
                failure,
            },
            &[("1.50,0.5", "1"), ("0,1.0", "-1")],
        ),
        (
            |failure| Instruction::Multiply {
                into: NumberRegister(2),
                left: NumberRegister(0),
                right: NumberRegister(1),
                failure,
            },
            &[
                ("1.50,2", "3"),
                ("-0.1,0.1", "-0.01"),
                ("99999999999999999999,99999999999999999999", "failed"),
            ],
        ),
        (
            |failure| Instruction::Divide {
                into: NumberRegister(2),
                left: NumberRegister(0),
                right: NumberRegister(1),
                scale: Count(2),
                mode: Rounding::HalfUp,
                failure,
            },
            &[("1,3", "0.33"), ("2,3", "0.67"), ("1,0", "failed"), ("1,8", "0.13")],
        ),
    ];
    for (make, cases) in makes {
        let mut builder = Builder::new();
        for (register, name) in [(left, "a"), (right, "b")] {
            let field = builder.field(0, name, ReadKind::Number, true, &[]);
            builder.push(Instruction::ReadNumber { into: register, cursor: Cursor(0), field });
        }
        builder.open();
        let calculated = builder.push(make(Failure::Never));
        let over = builder.push(Instruction::Jump { target: Label(0) });
        let handler = builder.here();
        let default = builder.number(-99);
        builder.push(Instruction::LoadNumber { into, constant: default });
        builder.land(over);
        let fragment = builder.key("y");
        builder.push(Instruction::PutNumber {
            fragment,
            value: into,
            form: NumberForm::Plain,
            null: OnNull::Leave,
        });
        builder.close();
        builder.module.code[calculated.index()] = make(Failure::Jump(handler));
        for (input, expect) in cases {
            let (a, b) = input.split_once(',').unwrap();
            let expect = if *expect == "failed" { "-99" } else { expect };
            check(&builder, &[(&format!("{{\"a\":{a},\"b\":{b}}}"), &format!("{{\"y\":{expect}}}"))]);
            check(
                &builder,
                &[(&format!("{{\"a\":{a}}}"), "{}"), (&format!("{{\"b\":{b},\"a\":null}}"), "{}")],
            );
        }
    }
}

#[test]
fn tables() {
    let mut builder = Builder::new();
    let (a, b) =
        (builder.field(0, "a", ReadKind::Text, true, &[]), builder.field(0, "b", ReadKind::Text, true, &[]));
    let table = builder.table(
        Class::Text,
        &[(&["DE", "full"], Some(text("19"))), (&["DE", "none"], None), (&["D", "Efull"], Some(text("?")))],
    );
    let codes = builder.table(Class::Number, &[(&["x"], Some(whole(7))), (&["y"], None)]);
    let (first, second) = (TextRegister(3), TextRegister(4));
    builder.push(Instruction::ReadText { into: first, cursor: Cursor(0), field: a });
    builder.push(Instruction::ReadText { into: second, cursor: Cursor(0), field: b });
    let failure = Failure::Reject(builder.reason(601));
    let into = TextRegister(0);
    builder.push(Instruction::Lookup {
        into: into.into(),
        table,
        keys: TextRange { first, count: 2 },
        failure,
    });
    builder.open();
    let fragment = builder.key("rate");
    builder.push(Instruction::PutText { fragment, value: into, null: OnNull::Leave });
    let c = builder.field(0, "c", ReadKind::Text, true, &[]);
    let fragment = builder.key("code.id");
    builder.push(Instruction::CopyCode {
        fragment,
        cursor: Cursor(0),
        field: c,
        table: codes,
        form: NumberForm::Text,
        failure,
    });
    builder.close();
    check(
        &builder,
        &[
            (r#"{"a":"DE","b":"full"}"#, r#"{"rate":"19"}"#),
            (r#"{"a":"\u0044E","b":"full","c":"\u0078"}"#, r#"{"rate":"19","code":{"id":"7"}}"#),
            (r#"{"a":"DE","b":"none","c":"y"}"#, "{}"),
            (r#"{"a":"DE","b":"half"}"#, "R0601"),
            (r#"{"a":"DE"}"#, "{}"),
            (r#"{"c":"z"}"#, "R0601"),
            (r#"{"c":null}"#, "{}"),
        ],
    );
}

#[test]
fn ids_of_the_target() {
    let mut builder = Builder::new();
    let field = builder.field(0, "c", ReadKind::Text, true, &[]);
    let (key, into) = (TextRegister(0), TextRegister(1));
    builder.push(Instruction::ReadText { into: key, cursor: Cursor(0), field });
    let entity = builder.text("erp.customer");
    let reason = builder.reason(201);
    builder.push(Instruction::Xref { into, entity, key, reason });
    builder.open();
    let fragment = builder.key("id");
    builder.push(Instruction::PutText { fragment, value: into, null: OnNull::Leave });
    builder.close();
    check(
        &builder,
        &[
            (r#"{"c":"C-1"}"#, r#"{"id":"77"}"#),
            (r#"{"c":"C-2"}"#, "{}"),
            (r#"{"c":"C-empty"}"#, "R0201"),
            (r#"{"c":null}"#, "{}"),
        ],
    );
}
