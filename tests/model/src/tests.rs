//! Every case gives the outcome it states; limits are those of the call.

use crate::builder::{Builder, MESSAGE, describe};
use crate::cases::{cases, context};
use crate::{Context, Limits, run};

#[test]
fn cases_give_what_they_state() {
    let mut wrong = Vec::new();
    for case in cases() {
        for (input, expected) in &case.runs {
            let outcome = describe(&case.typed, &run(&case.typed, input, &context(), &Limits::default()));
            if outcome != *expected {
                let input = String::from_utf8_lossy(input);
                wrong.push(format!("{}: {input}\n  expected {expected}\n  is       {outcome}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn check(limits: Limits, input: &str, expected: &str) {
    let mut builder = Builder::default();
    let rows = builder.list(MESSAGE, "rows", true, Vec::new());
    let element = builder.text(rows.scope, "");
    let element = builder.value("rows", mapc_check::typed::Write::Text, element);
    let rows = builder.rows(rows);
    let body = mapc_check::typed::ListBody::Value(element);
    builder.put_list("rows", rows, body, false, Vec::new());
    let outcome = run(&builder.typed, input.as_bytes(), &Context::default(), &limits);
    assert_eq!(describe(&builder.typed, &outcome), expected, "{input}");
}

#[test]
fn limits_hold() {
    let limits = Limits { input: 24, depth: 2, rows: 2, output: 16 };
    check(limits, r#"{"rows":["a","b"]}"#, "reject R0114 : R0114");
    check(limits, r#"{"rows":["a",""]}"#, "reject R0114 : R0114");
    check(limits, r#"{"rows":["abc"]}"#, r#"{"rows":["abc"]}"#);
    check(limits, r#"{"rows":[1,2,3]}"#, "reject R0111 : R0111");
    check(limits, r#"{"z":[1,2,3]}"#, "{}");
    check(limits, r#"{"z":[[1]]}"#, "reject R0110 : R0110");
    check(limits, r#"{"z":[[1]"#, "reject R0110 : R0110");
    check(limits, r#"{"rows":["abcdefghijklmn"]}"#, "reject R0111 : R0111");
    check(limits, r#"{"rows":1,"rows":2}"#, "reject R0103 : R0103");
}

#[test]
fn examples_of_the_library_hold() {
    let examples = crate::cases::library_examples();
    assert!(examples.len() > 60, "only {} examples", examples.len());
    let outcome = |typed| describe(typed, &run(typed, b"{}", &context(), &Limits::default()));
    for (text, called, expected) in &examples {
        match expected {
            Some(expected) => assert_eq!(outcome(called), outcome(expected), "{text}"),
            None => assert_eq!(outcome(called), "reject R0402 example: R0402", "{text}"),
        }
    }
}
