//! Samples, changes to them, and judgements.

use mapc_diagnostics::{FileId, Span};
use mapc_driver::typed::{Expectation, ExpectationKind, SamplePath, SampleValue};

use super::{Json, change, judge, same_number};
use crate::ending::{Cause, Ending};

fn path(text: &str) -> Vec<SamplePath> {
    text.split('.')
        .map(|step| match step.parse() {
            Ok(number) => SamplePath::Index(number),
            Err(_) => SamplePath::Field(step.to_owned()),
        })
        .collect()
}

#[test]
fn json_keeps_numbers_and_order() {
    let text = r#"{"b":1.50,"a":[1e2,-0.0,{"x":null}],"t":"ä\"\n","f":false,"w":true}"#;
    assert_eq!(Json::parse(text.as_bytes()).unwrap().to_string(), text);
    let big = "[123456789012345678901234567890123456789012345678901234567890]";
    assert_eq!(Json::parse(big.as_bytes()).unwrap().to_string(), big);
}

#[test]
fn what_is_not_json_says_where() {
    assert_eq!(Json::parse(b"{\"a\":\n1,}").unwrap_err(), "it is not JSON, line 2, column 3");
    assert!(Json::parse(&b"[".repeat(100_000)).is_err());
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    assert_eq!(Json::parse(deep.as_bytes()).unwrap_err(), "it is nested deeper than 128 levels");
}

#[test]
fn changes_set_make_and_remove() {
    let check = |sample: &str, at: &str, value: Option<SampleValue>, expect: Result<&str, &str>| {
        let mut json = Json::parse(sample.as_bytes()).unwrap();
        let done = change(&mut json, &path(at), value.as_ref());
        assert_eq!(
            done.map(|()| json.to_string()).as_deref().map_err(String::as_str),
            expect,
            "{sample} {at}"
        );
    };
    let text = |text: &str| Some(SampleValue::Text(text.to_owned()));
    check(r#"{"a":{"b":1}}"#, "a.b", text("x"), Ok(r#"{"a":{"b":"x"}}"#));
    check(r#"{"a":{}}"#, "a.b.c", text("x"), Ok(r#"{"a":{"b":{"c":"x"}}}"#));
    check(
        r#"{"a":[{"b":1},{"b":2}]}"#,
        "a.2.b",
        Some(SampleValue::Null),
        Ok(r#"{"a":[{"b":1},{"b":null}]}"#),
    );
    check(r#"{"a":1,"b":2}"#, "a", None, Ok(r#"{"b":2}"#));
    check(r#"{"a":1}"#, "x.y", None, Ok(r#"{"a":1}"#));
    check(r#"{"a":[1,2]}"#, "a.1", None, Ok(r#"{"a":[2]}"#));
    check(r#"{"a":[1,2]}"#, "a.3", text("x"), Err("the list has 2 rows, and row 3 is asked for"));
    check(r#"{"a":1}"#, "a.b", text("x"), Err("the sample has no record where `b` is looked for"));
    check(r#"{"a":1}"#, "a.1", text("x"), Err("the sample has no list there"));
    let number = Some(SampleValue::Number("0.10".to_owned()));
    check(r#"{"a":1}"#, "a", number, Ok(r#"{"a":0.10}"#));
}

#[test]
fn numbers_are_compared_by_value() {
    let check = |left: &str, right: &str, expect: bool| {
        assert_eq!(same_number(left, right), expect, "{left} {right}");
    };
    check("12.5", "12.50", true);
    check("1.25e1", "12.5", true);
    check("125E-1", "12.5", true);
    check("0", "-0.000", true);
    check("0.1", "0.10000000000000000000000000000000001", false);
    check("100", "1e+2", true);
    check("0.001", "1e-3", true);
    check("-1", "1", false);
    check("12345678901234567890123456789012345", "12345678901234567890123456789012346", false);
    check("1", "one", false);
    check("", "", false);
}

fn cause(text: &str) -> Cause<'_> {
    Cause { code: "R0302".to_owned(), rule: "r", general: text, ..Cause::default() }
}

fn failures(kinds: Vec<ExpectationKind>, ending: &Ending<'_>) -> Vec<(String, String)> {
    let span = Span::new(FileId(0), 0, 1);
    let expects: Vec<Expectation> = kinds.into_iter().map(|kind| Expectation { kind, span }).collect();
    judge(&expects, ending).into_iter().map(|failure| (failure.expected, failure.actual)).collect()
}

#[test]
fn fields_are_judged_in_the_document() {
    let ending = Ending::Deliver {
        document: br#"{"a":{"b":[{"r":12.50},{"r":"7.0"}]},"n":null,"t":"x"}"#,
        key: Some("k/1"),
    };
    let check = |at: &str, value: Option<SampleValue>, negated: bool, expect: Option<(&str, &str)>| {
        let found = failures(vec![ExpectationKind::Field { path: path(at), value, negated }], &ending);
        let found = found.first().map(|(expected, actual)| (expected.as_str(), actual.as_str()));
        assert_eq!(found, expect, "{at}");
    };
    let number = |text: &str| Some(SampleValue::Number(text.to_owned()));
    let text = |text: &str| Some(SampleValue::Text(text.to_owned()));
    check("a.b.1.r", number("12.5"), false, None);
    check("a.b.2.r", number("7"), false, None);
    check("a.b.1.r", number("12"), false, Some(("a.b[1].r is 12", "a.b[1].r is 12.50")));
    check("a.b.1.r", number("12.5"), true, Some(("a.b[1].r is not 12.5", "a.b[1].r is 12.50")));
    check("a.b.3", None, false, None);
    check("a.b.2", None, true, None);
    check("t", None, false, Some(("t is missing", "t is \"x\"")));
    check("n", Some(SampleValue::Null), false, None);
    check("n", None, false, Some(("n is missing", "n is null")));
    check("t", text("y"), false, Some(("t is \"y\"", "t is \"x\"")));
    check("t", text("y"), true, None);
    check("u", text("y"), true, None);
    check("u", text("y"), false, Some(("u is \"y\"", "u is missing")));
    assert_eq!(failures(vec![ExpectationKind::Key("k/1".to_owned())], &ending), []);
    assert_eq!(failures(vec![ExpectationKind::Key("k/2".to_owned())], &ending).len(), 1);
}

#[test]
fn another_ending_is_said_once() {
    let ending = Ending::Reject(cause("No country"));
    let field = ExpectationKind::Field {
        path: path("a"),
        value: Some(SampleValue::Text("x".to_owned())),
        negated: false,
    };
    let found =
        failures(vec![ExpectationKind::Deliver, field, ExpectationKind::Key("k".to_owned())], &ending);
    assert_eq!(found, [("a document".to_owned(), "rejected, R0302 r: No country".to_owned())]);
}

#[test]
fn endings_are_judged_with_their_texts() {
    let reject = Ending::Reject(cause("No country"));
    assert_eq!(failures(vec![ExpectationKind::Reject(None)], &reject), []);
    assert_eq!(failures(vec![ExpectationKind::Reject(Some("No country".to_owned()))], &reject), []);
    assert_eq!(failures(vec![ExpectationKind::Reject(Some("No".to_owned()))], &reject).len(), 1);
    let wait = Ending::Wait { cause: cause("w"), reference: Some("ns.customer C") };
    assert_eq!(failures(vec![ExpectationKind::Wait(Some("ns.customer C".to_owned()))], &wait), []);
    assert_eq!(failures(vec![ExpectationKind::Wait(Some("ns.customer D".to_owned()))], &wait).len(), 1);
    assert_eq!(failures(vec![ExpectationKind::Skip], &wait).len(), 1);
    assert_eq!(failures(vec![ExpectationKind::Skip], &Ending::Skip(cause("s"))), []);
    let deliver = Ending::Deliver { document: b"{}", key: None };
    assert_eq!(
        failures(vec![ExpectationKind::Reject(None)], &deliver),
        [("rejected".to_owned(), "a document was delivered".to_owned())]
    );
}
