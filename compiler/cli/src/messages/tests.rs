//! How streams fall into messages.

use std::io::BufReader;

use super::{Block, Messages, Source};
use crate::arguments::InputForm;

fn split(input: &[u8], form: InputForm, limit: usize) -> Vec<(u64, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    // A tiny buffer, so that every border is crossed.
    let mut messages = Messages::new(BufReader::with_capacity(3, input), form, limit);
    let mut found = Vec::new();
    while let Some(message) = messages.next().unwrap() {
        found.push((message.line, text(&message.bytes)));
    }
    assert_eq!(messages.consumed, input.len() as u64, "every byte is read");
    // In blocks they are the same, also when everything is at hand at once.
    for capacity in [3, 1 << 20] {
        let mut messages = Messages::new(BufReader::with_capacity(capacity, input), form, limit);
        let mut block = Block::default();
        let mut in_blocks = Vec::new();
        loop {
            block.clear();
            messages.fill(&mut block).unwrap();
            if block.is_empty() {
                break;
            }
            in_blocks.extend(block.messages().map(|(line, bytes)| (line, text(bytes))));
        }
        assert_eq!(in_blocks, found, "with a buffer of {capacity}");
        assert_eq!(block.consumed(), input.len() as u64);
    }
    found
}

fn check(input: &str, expect: &[(u64, &str)]) {
    let found = split(input.as_bytes(), InputForm::Auto, 1000);
    let found: Vec<(u64, &str)> = found.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(found, expect, "{input:?}");
}

#[test]
fn one_message_per_line() {
    check("{\"a\":1}\n{\"a\":2}\n", &[(1, "{\"a\":1}"), (2, "{\"a\":2}")]);
    check("{\"a\":1}\r\n\r\n\n{\"a\":2}", &[(1, "{\"a\":1}\r"), (4, "{\"a\":2}")]);
    check("\u{feff}{\"a\":1}\n", &[(1, "{\"a\":1}")]);
    check("", &[]);
    check("\n \n", &[]);
    check("{\"a\":\"}{\\\"\"}\n[]", &[(1, "{\"a\":\"}{\\\"\"}"), (2, "[]")]);
}

#[test]
fn a_cut_off_line_costs_itself_alone() {
    check("{\"a\":1}\n{\"a\":\n{\"a\":3}\n", &[(1, "{\"a\":1}"), (2, "{\"a\":"), (3, "{\"a\":3}")]);
    check("{\"a\":\"x\n{\"a\":3}\n", &[(1, "{\"a\":\"x"), (2, "{\"a\":3}")]);
    check("hello\n{\"a\":3}\n", &[(1, "hello"), (2, "{\"a\":3}")]);
}

#[test]
fn one_document_over_many_lines() {
    check("{\n  \"a\": [\n  1]\n}\n", &[(1, "{\n  \"a\": [\n  1]\n}")]);
    check("\n{\n}\n\n{\n}", &[(2, "{\n}"), (5, "{\n}")]);
    check("{\n \"a\":1", &[(1, "{\n \"a\":1")]);
}

#[test]
fn documents_one_after_the_other() {
    check("{\"a\":1}{\"a\":2} [3]\n", &[(1, "{\"a\":1}"), (1, "{\"a\":2}"), (1, " [3]")]);
    check("{}{\n}{}", &[(1, "{}"), (1, "{\n}"), (2, "{}")]);
    check("{} x \"y\" 12{}", &[(1, "{}"), (1, " x"), (1, " \"y\""), (1, " 12"), (1, "{}")]);
    check("{}}\n{}", &[(1, "{}"), (1, "}"), (2, "{}")]);
}

#[test]
fn a_text_over_a_line_end_is_broken_there() {
    check("{}{\"a\n{\"b\":1}", &[(1, "{}"), (1, "{\"a"), (2, "{\"b\":1}")]);
}

#[test]
fn the_form_can_be_said() {
    let found = split(b"{\n}\n", InputForm::Lines, 100);
    assert_eq!(found, [(1, "{".to_owned()), (2, "}".to_owned())]);
    let found = split(b"{}{}\n", InputForm::Json, 100);
    assert_eq!(found.len(), 2);
}

#[test]
fn a_message_over_the_limit_is_cut_one_byte_behind_it() {
    let long = format!("{{\"a\":\"{}\"}}\n{{}}\n", "x".repeat(100));
    let found = split(long.as_bytes(), InputForm::Auto, 20);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].1.len(), 21);
    assert_eq!(found[1], (2, "{}".to_owned()));
    let many = format!("{{\n{}}}\n{{}}", " \"a\": 1,\n".repeat(50));
    let found = split(many.as_bytes(), InputForm::Auto, 20);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].1.len(), 21);
    assert_eq!(found[1], (53, "{}".to_owned()));
}

#[test]
fn elements_of_a_list_are_messages_with_their_lines() {
    let found = super::elements(&b"[{\"a\":1},\n {\"b\":\n2}, 3\n,\n[]]"[..], 100).unwrap().unwrap();
    let found: Vec<(u64, &[u8])> = found.iter().map(|one| (one.line, one.bytes.as_slice())).collect();
    assert_eq!(found, [(1, &b"{\"a\":1}"[..]), (2, b"{\"b\":\n2}"), (3, b"3"), (5, b"[]")]);
    assert_eq!(super::elements(&b"{}"[..], 100).unwrap().unwrap_err(), "line 1, column 0");
}

/// Gives a few bytes, then fails.
struct Failing<'a>(&'a [u8]);

impl std::io::Read for Failing<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return Err(std::io::Error::from(std::io::ErrorKind::TimedOut));
        }
        self.0.read(into)
    }
}

#[test]
fn what_was_read_before_a_failure_is_there() {
    let input = b"{\"a\":1}\n{\"a\":2}\n{\"a\":";
    let mut messages = Messages::new(BufReader::with_capacity(1 << 16, Failing(input)), InputForm::Auto, 100);
    let mut block = Block::default();
    assert!(messages.fill(&mut block).is_err());
    let lines: Vec<u64> = block.messages().map(|(line, _)| line).collect();
    assert_eq!(lines, [1, 2], "the line that was cut off is no message");
}

#[test]
fn a_block_ends_when_the_next_message_would_have_to_be_waited_for() {
    let mut messages =
        Messages::new(BufReader::with_capacity(8, &b"{\"a\":1}\n{\"a\":2}\n"[..]), InputForm::Lines, 100);
    let mut block = Block::default();
    messages.fill(&mut block).unwrap();
    assert_eq!(block.messages().count(), 1);
}
