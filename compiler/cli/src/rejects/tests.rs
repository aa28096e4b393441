//! What is written about messages without a document.

use super::{json_line, words};
use crate::ending::{Cause, Ending};

fn cause() -> Cause<'static> {
    Cause {
        code: "R0302".to_owned(),
        id: "00aa",
        rule: "reject 1",
        general: "refused by a rule",
        text: Some("Order \"1\"\nhas no country"),
    }
}

#[test]
fn a_reject_is_one_json_line() {
    let line = json_line(7, &Ending::Reject(cause()), None).unwrap();
    assert_eq!(
        line,
        "{\"line\":7,\"outcome\":\"reject\",\"code\":\"R0302\",\"reason\":\"00aa\",\"rule\":\"reject 1\",\
         \"text\":\"Order \\\"1\\\"\\nhas no country\"}\n"
    );
}

#[test]
fn a_wait_names_the_record() {
    let wait = Ending::Wait { cause: cause(), reference: Some("netsuite.customer C-1") };
    let line = json_line(7, &wait, None).unwrap();
    assert!(line.contains("\"waits_for\":\"netsuite.customer C-1\""), "{line}");
    assert_eq!(
        words(7, &wait).unwrap(),
        "line 7: waits, R0302 reject 1: Order \"1\" has no country, for netsuite.customer C-1\n"
    );
}

#[test]
fn the_message_goes_in_only_when_it_is_given() {
    let reject = Ending::Reject(cause());
    let with = |message: &[u8]| json_line(1, &reject, Some(message)).unwrap();
    assert!(with(b"{\"a\": 1.50}").contains("\"message\":{\"a\": 1.50}"));
    assert!(with(b"{\"a\":\n1}").contains("\"message\":\"{\\\"a\\\":\\n1}\""));
    assert!(with(b"{\"a\":\xff").contains("\"message\":\"{\\\"a\\\":\u{fffd}\""));
    assert_eq!(with(b"{\n}").lines().count(), 1);
}

#[test]
fn a_delivered_message_is_no_reject() {
    let deliver = Ending::Deliver { document: b"{}", key: None };
    assert_eq!(json_line(1, &deliver, None), None);
    assert_eq!(words(1, &deliver), None);
}
