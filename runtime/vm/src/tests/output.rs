//! Writing: records and lists that are dropped, forms of values, limits, ends.

use mapc_bytecode::*;

use super::builder::{Builder, check, check_with};
use crate::Limits;

fn texts(builder: &mut Builder, names: &[&str]) {
    for name in names {
        let field = builder.field(0, name, ReadKind::Text, true, &[]);
        let fragment = builder.key(name);
        builder.push(Instruction::CopyText { fragment, cursor: Cursor(0), field, null: OnNull::Leave });
    }
}

#[test]
fn empty_records_are_left_out_unless_required() {
    let mut builder = Builder::new();
    builder.open();
    for (name, required) in [("r", false), ("q", true)] {
        let fragment = builder.key(name);
        builder.push(Instruction::OpenRecord { fragment });
        texts(&mut builder, &["a", "b"]);
        builder.push(Instruction::CloseRecord { required });
    }
    texts(&mut builder, &["c"]);
    builder.close();
    check(
        &builder,
        &[
            (r#"{}"#, r#"{"q":{}}"#),
            (r#"{"c":"3"}"#, r#"{"q":{},"c":"3"}"#),
            (r#"{"b":"2"}"#, r#"{"r":{"b":"2"},"q":{"b":"2"}}"#),
            (r#"{"a":"1","b":"2","c":"3"}"#, r#"{"r":{"a":"1","b":"2"},"q":{"a":"1","b":"2"},"c":"3"}"#),
        ],
    );
}

#[test]
fn folded_records_stand_and_fall_with_their_field() {
    let mut builder = Builder::new();
    let field = builder.field(0, "a", ReadKind::Text, false, &[]);
    builder.open();
    let fragment = builder.key("entity.ref.id");
    builder.push(Instruction::CopyText { fragment, cursor: Cursor(0), field, null: OnNull::Leave });
    builder.close();
    check(&builder, &[(r#"{"a":"1"}"#, r#"{"entity":{"ref":{"id":"1"}}}"#), ("{}", "{}")]);
}

#[test]
fn constants_and_number_forms() {
    let mut builder = Builder::new();
    let field = builder.field(0, "n", ReadKind::Number, true, &[]);
    builder.open();
    let all = [
        Constant::Text("a\"\n".into()),
        Constant::Number { coefficient: 1200, scale: 2 },
        Constant::Flag(true),
        Constant::Date(DateKind::Instant, "2024-01-01T01:00:00+01:00".into()),
    ];
    for (place, constant) in all.into_iter().enumerate() {
        let constant = builder.constant(constant);
        let fragment = builder.key(&format!("c{place}"));
        builder.push(Instruction::PutConstant { fragment, constant, form: NumberForm::Plain });
    }
    for form in NumberForm::ALL {
        let fragment = builder.key(form.name());
        builder.push(Instruction::CopyNumber {
            fragment,
            cursor: Cursor(0),
            field,
            form: *form,
            null: OnNull::Write,
        });
    }
    builder.close();
    let constants = r#""c0":"a\"\n","c1":12,"c2":true,"c3":"2024-01-01T00:00:00Z""#;
    check(
        &builder,
        &[
            (r#"{"n":5.00}"#, &format!(r#"{{{constants},"plain":5.00,"whole":5,"text":"5"}}"#)),
            (r#"{"n":null}"#, &format!(r#"{{{constants},"plain":null,"whole":null,"text":null}}"#)),
            (r#"{}"#, &format!("{{{constants}}}")),
        ],
    );
}

#[test]
fn ends() {
    let mut builder = Builder::new();
    let kind = builder.field(0, "kind", ReadKind::Text, false, &[]);
    let id = builder.field(0, "id", ReadKind::Text, true, &[]);
    let (t, u, f) = (TextRegister(0), TextRegister(1), FlagRegister(0));
    builder.push(Instruction::ReadText { into: t, cursor: Cursor(0), field: kind });
    builder.push(Instruction::ReadText { into: u, cursor: Cursor(0), field: id });
    let (skipped, refused, waiting) = (builder.reason(701), builder.reason(302), builder.reason(702));
    let template = builder.template(vec![
        TemplatePart::Text("Order ".into()),
        TemplatePart::Hole(u.into()),
        TemplatePart::Text(" is odd".into()),
    ]);
    let when = |builder: &mut Builder, name: &str, instructions: &[Instruction]| {
        let set = builder.set(Class::Text, &[Constant::Text(name.into())]);
        builder.push(Instruction::IsOneOf { into: f, subject: t.into(), set, negated: false });
        let jump = builder.push(Instruction::JumpUnless { flag: f, target: Label(0) });
        for instruction in instructions {
            builder.push(*instruction);
        }
        builder.land(jump);
    };
    when(&mut builder, "skip", &[Instruction::Skip { reason: skipped }]);
    when(&mut builder, "reject", &[Instruction::Reject { reason: refused }]);
    let words = TextRegister(2);
    when(
        &mut builder,
        "words",
        &[
            Instruction::TemplateOrMissing { into: words, template },
            Instruction::RejectText { reason: refused, text: words },
        ],
    );
    when(
        &mut builder,
        "template",
        &[
            Instruction::Template { into: words, template },
            Instruction::RejectText { reason: refused, text: words },
        ],
    );
    when(&mut builder, "wait", &[Instruction::Wait { reason: waiting, reference: OptionalText(Some(u)) }]);
    when(&mut builder, "nothing", &[Instruction::Wait { reason: waiting, reference: OptionalText(None) }]);
    builder.open();
    builder.push(Instruction::CloseRecord { required: true });
    builder.push(Instruction::Deliver { key: OptionalText(Some(u)), order_by: OptionalText(Some(t)) });
    check(
        &builder,
        &[
            (r#"{"kind":"skip"}"#, "skip R0701"),
            (r#"{"kind":"reject"}"#, "R0302"),
            (r#"{"kind":"words","id":"7\n"}"#, "R0302 Order 7\n is odd"),
            (r#"{"kind":"words","id":null}"#, "R0302 Order (missing) is odd"),
            (r#"{"kind":"template"}"#, "R0302"),
            (r#"{"kind":"wait","id":"C-9"}"#, "wait R0702 C-9"),
            (r#"{"kind":"nothing","id":"C-9"}"#, "wait R0702 "),
            (r#"{"kind":"ok","id":"\u0037"}"#, "{} key 7 order ok"),
            (r#"{"kind":"ok"}"#, "{} order ok"),
        ],
    );
}

#[test]
fn output_and_steps_are_limited() {
    let mut builder = Builder::new();
    builder.open();
    texts(&mut builder, &["a"]);
    builder.close();
    let limits = Limits { output_bytes: 9, ..Limits::default() };
    check_with(&builder, limits, &[(r#"{"a":"x"}"#, r#"{"a":"x"}"#), (r#"{"a":"xx"}"#, "R0114")]);
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(100_000));
    check_with(&builder, limits, &[(&long, "R0114")]);
    let limits = Limits { steps: 4, ..Limits::default() };
    check_with(&builder, limits, &[(r#"{"a":"x"}"#, r#"{"a":"x"}"#)]);
    let limits = Limits { steps: 3, ..Limits::default() };
    check_with(&builder, limits, &[(r#"{"a":"x"}"#, "R0113")]);
}

#[test]
fn first_characters_are_copied() {
    let mut builder = Builder::new();
    let field = builder.field(0, "t", ReadKind::Text, true, &[]);
    builder.open();
    let fragment = builder.key("t");
    let (cursor, null) = (Cursor(0), OnNull::Write);
    builder.push(Instruction::CopyStart { fragment, cursor, field, length: Count(3), null });
    builder.close();
    check(
        &builder,
        &[
            (r#"{"t":"ab"}"#, r#"{"t":"ab"}"#),
            (r#"{"t":"abcd"}"#, r#"{"t":"abc"}"#),
            (r#"{"t":"äöüß"}"#, r#"{"t":"äöü"}"#),
            (r#"{"t":"a\u0042\n\"x"}"#, r#"{"t":"aB\n"}"#),
            (r#"{"t":null}"#, r#"{"t":null}"#),
            ("{}", "{}"),
        ],
    );
}

#[test]
fn a_text_decides_between_constants() {
    let mut builder = Builder::new();
    let field = builder.field(0, "t", ReadKind::Text, true, &[]);
    let one = Constant::Number { coefficient: 1, scale: 0 };
    let rows: [(&[&str], Option<Constant>); 4] = [
        (&["web"], Some(one)),
        (&[""], Some(Constant::Number { coefficient: 2, scale: 0 })),
        (&["a text of more than eight bytes"], Some(Constant::Number { coefficient: 35, scale: 1 })),
        (&["none"], None),
    ];
    let table = builder.table(Class::Number, &rows);
    let otherwise = builder.number(9);
    builder.open();
    let fragment = builder.key("n");
    let form = NumberForm::Plain;
    builder.push(Instruction::CopyChoice { fragment, cursor: Cursor(0), field, table, otherwise, form });
    builder.close();
    check(
        &builder,
        &[
            (r#"{"t":"web"}"#, r#"{"n":1}"#),
            (r#"{"t":"w\u0065b"}"#, r#"{"n":1}"#),
            (r#"{"t":""}"#, r#"{"n":2}"#),
            (r#"{"t":"a text of more than eight bytes"}"#, r#"{"n":3.5}"#),
            (r#"{"t":"web\u0000"}"#, r#"{"n":9}"#),
            (r#"{"t":"none"}"#, r#"{"n":9}"#),
            (r#"{"t":null}"#, r#"{"n":9}"#),
            ("{}", r#"{"n":9}"#),
        ],
    );
}

#[test]
fn the_day_an_instant_is_written_with() {
    let mut builder = Builder::new();
    let field = builder.field(0, "at", ReadKind::Date(DateKind::Instant), true, &[]);
    builder.open();
    let fragment = builder.key("day");
    builder.push(Instruction::CopyWrittenDate { fragment, cursor: Cursor(0), field, null: OnNull::Leave });
    builder.close();
    check(
        &builder,
        &[
            (r#"{"at":"2024-02-29T23:30:00-05:00"}"#, r#"{"day":"2024-02-29"}"#),
            (r#"{"at":"2024-01-01T00:30:00.5+05:00"}"#, r#"{"day":"2024-01-01"}"#),
            (r#"{"at":null}"#, "{}"),
            ("{}", "{}"),
        ],
    );
}

#[test]
fn numbers_are_rounded_answered_and_asked() {
    let mut builder = Builder::new();
    let field = builder.field(0, "n", ReadKind::Number, true, &[]);
    let (n, two, never) = (NumberRegister(0), NumberRegister(1), Count(1));
    let seven = builder.number(7);
    let set = builder.set(Class::Number, &[Constant::Number { coefficient: 50, scale: 1 }]);
    builder.open();
    builder.push(Instruction::ReadNumber { into: n, cursor: Cursor(0), field });
    builder.push(Instruction::Round { into: two, from: n, scale: never, mode: Rounding::HalfEven });
    let put = |builder: &mut Builder, key: &str, value| {
        let fragment = builder.key(key);
        let (form, null) = (NumberForm::Plain, OnNull::Leave);
        builder.push(Instruction::PutNumber { fragment, value, form, null })
    };
    put(&mut builder, "round", two);
    builder.push(Instruction::OrNumber { into: two, from: n, constant: seven });
    put(&mut builder, "or", two);
    let subject = Register::Number(n);
    let over = builder.push(Instruction::JumpUnlessOneOf { subject, set, negated: false, target: Label(0) });
    put(&mut builder, "five", n);
    builder.land(over);
    let comparison = Comparison::Greater;
    let over = builder.push(Instruction::JumpUnlessNumber {
        left: n,
        comparison,
        constant: seven,
        target: Label(0),
    });
    put(&mut builder, "more", n);
    builder.land(over);
    builder.close();
    let long = "12345678901234567890123456789.25";
    check(
        &builder,
        &[
            (r#"{"n":1.25}"#, r#"{"round":1.2,"or":1.25}"#),
            (r#"{"n":5}"#, r#"{"round":5,"or":5,"five":5}"#),
            (r#"{"n":7.01}"#, r#"{"round":7,"or":7.01,"more":7.01}"#),
            (
                &format!("{{\"n\":{long}}}"),
                &format!("{{\"round\":12345678901234567890123456789.2,\"or\":{long},\"more\":{long}}}"),
            ),
            (r#"{"n":null}"#, r#"{"or":7}"#),
            ("{}", r#"{"or":7}"#),
        ],
    );
}
