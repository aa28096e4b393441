//! Comparisons, sets, languages, guards and their handlers.

use mapc_bytecode::*;

use super::builder::{Builder, check};

/// Reads text `t`, numbers `n` and `m`, flag `f`, date `d`.
fn values() -> Builder {
    let mut builder = Builder::new();
    let cursor = Cursor(0);
    for (place, name) in [(0, "t"), (1, "u")] {
        let field = builder.field(0, name, ReadKind::Text, true, &[]);
        builder.push(Instruction::ReadText { into: TextRegister(place), cursor, field });
    }
    for (place, name) in [(0, "n"), (1, "m")] {
        let field = builder.field(0, name, ReadKind::Number, true, &[]);
        builder.push(Instruction::ReadNumber { into: NumberRegister(place), cursor, field });
    }
    for (place, name) in [(0, "f"), (1, "g")] {
        let field = builder.field(0, name, ReadKind::Flag, true, &[]);
        builder.push(Instruction::ReadFlag { into: FlagRegister(place), cursor, field });
    }
    for (place, name) in [(0, "d"), (1, "e")] {
        let field = builder.field(0, name, ReadKind::Date(DateKind::Instant), true, &[]);
        builder.push(Instruction::ReadDate { into: DateRegister(place), cursor, field });
    }
    builder
}

fn answers(builder: &mut Builder, tests: Vec<Instruction>) {
    builder.open();
    for (place, test) in tests.into_iter().enumerate() {
        builder.push(test);
        let fragment = builder.key(&format!("{place}"));
        builder.push(Instruction::PutFlag { fragment, value: FlagRegister(2), null: OnNull::Leave });
    }
    builder.close();
}

fn expected(answers: &str) -> String {
    let fields: Vec<String> =
        answers.chars().enumerate().map(|(place, it)| format!("\"{place}\":{}", it == 'y')).collect();
    format!("{{{}}}", fields.join(","))
}

fn check_answers(builder: &Builder, cases: &[(&str, &str)]) {
    for (input, answers) in cases {
        check(builder, &[(input, &expected(answers))]);
    }
}

const INTO: FlagRegister = FlagRegister(2);

#[test]
fn comparisons() {
    // is, is not, <, <=, >, >=
    type Make = fn(Comparison) -> Instruction;
    let makes: [Make; 4] = [
        |comparison| Instruction::CompareText {
            into: INTO,
            comparison,
            left: TextRegister(0),
            right: TextRegister(1),
        },
        |comparison| Instruction::CompareNumber {
            into: INTO,
            comparison,
            left: NumberRegister(0),
            right: NumberRegister(1),
        },
        |comparison| Instruction::CompareFlag {
            into: INTO,
            comparison,
            left: FlagRegister(0),
            right: FlagRegister(1),
        },
        |comparison| Instruction::CompareDate {
            into: INTO,
            comparison,
            left: DateRegister(0),
            right: DateRegister(1),
        },
    ];
    let cases: [&[(&str, &str)]; 4] = [
        &[
            (r#"{"t":"a","u":"\u0061"}"#, "ynnyny"),
            (r#"{"t":"\uffff","u":"\ud83d\ude00"}"#, "nyyynn"),
            (r#"{"t":"ab","u":"a"}"#, "nynnyy"),
            (r#"{"t":"a"}"#, "nynnnn"),
            (r#"{"t":null,"u":null}"#, "nynnnn"),
        ],
        &[
            (r#"{"n":1.0,"m":1e0}"#, "ynnyny"),
            (r#"{"n":-2,"m":1}"#, "nyyynn"),
            (
                r#"{"n":1000000000000000000000000000000000,"m":0.0000000000000000000000000000000001}"#,
                "nynnyy",
            ),
            (r#"{"m":1}"#, "nynnnn"),
        ],
        &[
            (r#"{"f":true,"g":true}"#, "ynnyny"),
            (r#"{"f":false,"g":true}"#, "nyyynn"),
            (r#"{"f":false}"#, "nynnnn"),
        ],
        &[
            (r#"{"d":"2024-01-01T01:00:00+01:00","e":"2024-01-01T00:00:00Z"}"#, "ynnyny"),
            (r#"{"d":"2024-01-01T00:00:00Z","e":"2024-01-01T00:00:00.1Z"}"#, "nyyynn"),
            (r#"{"d":"2024-01-01T00:00:00Z"}"#, "nynnnn"),
        ],
    ];
    for (make, cases) in makes.into_iter().zip(cases) {
        let mut builder = values();
        answers(&mut builder, Comparison::ALL.iter().map(|comparison| make(*comparison)).collect());
        check_answers(&builder, cases);
    }
}

#[test]
fn presence_and_conditions() {
    let mut builder = values();
    let subject = Register::from(TextRegister(0));
    let from = FlagRegister(0);
    answers(
        &mut builder,
        vec![
            Instruction::IsMissing { into: INTO, subject, negated: false },
            Instruction::IsMissing { into: INTO, subject, negated: true },
            Instruction::IsNull { into: INTO, subject, negated: false },
            Instruction::IsNull { into: INTO, subject, negated: true },
            Instruction::LongerThan {
                into: INTO,
                subject: TextRegister(0),
                length: Count(2),
                negated: false,
            },
            Instruction::LongerThan { into: INTO, subject: TextRegister(0), length: Count(2), negated: true },
            Instruction::IsTrue { into: INTO, from },
            Instruction::Not { into: INTO, from },
        ],
    );
    check_answers(
        &builder,
        &[
            ("{}", "ynnynyny"),
            (r#"{"t":null,"f":null}"#, "ynynnyny"),
            (r#"{"t":"abc","f":true}"#, "nynyynyn"),
            (r#"{"t":"\u00e4\u00e4","f":false}"#, "nynynyny"),
        ],
    );
}

#[test]
fn sets_and_languages() {
    let mut builder = values();
    let number = |coefficient, scale| Constant::Number { coefficient, scale };
    let texts = builder.set(Class::Text, &[Constant::Text("a".into()), Constant::Text("\u{fc}".into())]);
    let numbers = builder.set(Class::Number, &[number(5, 0), number(-120, 2), number(1, 0)]);
    let flags = builder.set(Class::Flag, &[Constant::Flag(false)]);
    let dates = builder.set(Class::Date, &[Constant::Date(DateKind::Instant, "2024-01-01T00:00:00Z".into())]);
    let none = builder.set(Class::Text, &[]);
    // Texts of an even number of `a`.
    let mut classes = [1u8; 256];
    classes[usize::from(b'a')] = 0;
    builder.module.languages.push(LanguageTable {
        name: "(aa)*".into(),
        classes,
        class_count: 2,
        transitions: vec![1, 2, 0, 2, 2, 2],
        start: 0,
        accepting: vec![true, false, false],
    });
    let one_of = |subject: Register, set, negated| Instruction::IsOneOf { into: INTO, subject, set, negated };
    answers(
        &mut builder,
        vec![
            one_of(TextRegister(0).into(), texts, false),
            one_of(TextRegister(0).into(), texts, true),
            one_of(NumberRegister(0).into(), numbers, false),
            one_of(FlagRegister(0).into(), flags, false),
            one_of(DateRegister(0).into(), dates, false),
            one_of(TextRegister(0).into(), none, false),
            Instruction::Matches { into: INTO, subject: TextRegister(1), language: LanguageIndex(0) },
        ],
    );
    check_answers(
        &builder,
        &[
            ("{}", "nynnnnn"),
            (r#"{"t":"\u00fc","n":-1.2,"f":false,"d":"2024-01-01T01:00:00+01:00","u":"aa"}"#, "ynyyyny"),
            (r#"{"t":"b","n":1.01,"f":true,"d":"2024-01-01T01:00:00Z","u":"a"}"#, "nynnnnn"),
            (r#"{"t":"a","n":1.00,"u":""}"#, "ynynnny"),
            (r#"{"u":"aab"}"#, "nynnnnn"),
        ],
    );
}

#[test]
fn guards_and_their_actions() {
    let mut builder = values();
    let subject = Register::from(TextRegister(0));
    let short = builder.predicate(Predicate::MaxLength(3));
    let positive = builder
        .predicate(Predicate::AtLeast { value: Ratio { numerator: 0, denominator: 1 }, inclusive: false });
    let (first, second) = (builder.guard(), builder.guard());
    let reason = builder.reason(401);
    let length = builder.arguments(&[Constant::Number { coefficient: 3, scale: 0 }]);
    let cut = natives::find("cut", Class::Text).unwrap().id;
    builder.open();
    let check_text =
        builder.push(Instruction::Check { subject, predicate: short, guard: first, pass: Label(0) });
    builder.push(Instruction::Call {
        into: subject,
        function: cut,
        input: subject,
        arguments: length,
        failure: Failure::Never,
    });
    builder.land(check_text);
    let fragment = builder.key("t");
    builder.push(Instruction::PutText { fragment, value: TextRegister(0), null: OnNull::Write });
    builder.push(Instruction::Require {
        subject: NumberRegister(0).into(),
        predicate: positive,
        guard: second,
        reason,
    });
    let fragment = builder.key("n");
    builder.push(Instruction::PutNumber {
        fragment,
        value: NumberRegister(0),
        form: NumberForm::Plain,
        null: OnNull::Leave,
    });
    builder.close();
    let cases = [
        (r#"{"t":"abcd","n":1}"#, r#"{"t":"abc","n":1}"#),
        ("{\"t\":\"ae\u{301}\u{302}x\"}", "{\"t\":\"a\"}"),
        (r#"{"t":null}"#, r#"{"t":null}"#),
        (r#"{"t":"ok","n":0}"#, "R0401"),
        (r#"{"n":null}"#, "{}"),
    ];
    check(&builder, &cases);
    let program = builder.program();
    let mut instance = crate::Instance::new(&program);
    let xref = crate::MemoryXref::new();
    for (input, _) in &cases {
        instance.run(input.as_bytes(), &crate::Context::new(&xref));
    }
    assert_eq!(instance.guard_counts(), [2, 1]);
}
