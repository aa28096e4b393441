//! The library files can be read, and every example in them holds.

use mapc_stdlib::FILES;

use super::super::evaluate::{Failure, evaluate};
use super::super::function::{Expect, Kind};
use super::super::{Applied, apply, find, names, read, reference};
use super::contains;
use crate::typed::Rounding;

/// Every name of the language's list of functions.
const NAMES: [&str; 38] = [
    "cut",
    "start",
    "end",
    "trim",
    "squeeze",
    "nonblank",
    "upper",
    "lower",
    "upper_ascii",
    "lower_ascii",
    "pad_left",
    "pad_right",
    "replace",
    "without_prefix",
    "without_suffix",
    "before",
    "after",
    "part",
    "digits",
    "round",
    "round_up",
    "round_down",
    "floor",
    "ceiling",
    "abs",
    "clamp",
    "whole",
    "number",
    "text",
    "date",
    "time",
    "instant",
    "written_date",
    "format",
    "parse_date",
    "add_days",
    "yes_no",
    "",
];

#[test]
fn files_can_be_read_and_are_complete() {
    let library = read::library(FILES).unwrap();
    let expected: Vec<&str> = NAMES.into_iter().filter(|name| !name.is_empty()).collect();
    assert_eq!(names().collect::<Vec<_>>(), expected);
    for (name, function) in &library.functions {
        assert!(!function.doc.is_empty(), "{name} has no description");
        assert!(function.examples.len() >= 2, "{name} has too few examples");
        for signature in &function.signatures {
            let own: Vec<&str> =
                signature.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let all: Vec<&str> =
                function.parameters().iter().map(|parameter| parameter.name.as_str()).collect();
            assert_eq!(own, all, "{name}");
            let examples = function
                .examples
                .iter()
                .filter(|example| Kind::of_constant(&example.input) == signature.input);
            let outcomes: Vec<&Expect> = examples.map(|example| &example.expect).collect();
            assert!(!outcomes.is_empty(), "{name} of {} has no example", signature.input.word());
            assert_eq!(
                signature.fails.is_some(),
                outcomes.contains(&&Expect::Fails),
                "{name}: failing example"
            );
            assert_eq!(
                signature.missing.is_some(),
                outcomes.contains(&&Expect::Missing),
                "{name}: missing example"
            );
        }
    }
}

#[test]
fn faults_in_files_are_found() {
    let fault = |text: &'static str| {
        read::library(&[mapc_stdlib::File { name: "x.map", text }]).err().unwrap_or_default()
    };
    assert!(fault("native f(value: text) -> text {\n    length 0 .. mxa\n}\n").contains("no such name: mxa"));
    assert!(fault("native f(value: text) -> text {\n    lenght 0 .. 1\n}\n").contains("not understood"));
    assert!(fault("native f(value: txet) -> text {\n}\n").contains("no such kind"));
    assert!(fault("native f(value: text) -> text {\n").contains("not closed"));
    assert!(
        fault("#    \"a\" | g --> \"b\"\nnative f(value: text) -> text {\n}\n").contains("another function")
    );
    assert!(fault("class a = \"[\"\n").contains("cannot be built"));
}

#[test]
fn examples_hold() {
    let mut count = 0;
    for name in names() {
        let function = find(name).unwrap();
        for example in &function.examples {
            let zone = example.zone.as_deref().map(|zone| jiff::tz::TimeZone::get(zone).unwrap());
            let offset = |second: i64| {
                let zone = zone.as_ref().unwrap();
                i64::from(zone.to_offset(jiff::Timestamp::from_second(second).unwrap()).seconds())
            };
            let arguments = function.complete(example.arguments.clone(), Rounding::HalfUp);
            let outcome = evaluate(function, &example.input, &arguments, Some(&offset));
            let expected = match &example.expect {
                Expect::Value(value) => Ok(Some(value.clone())),
                Expect::Missing => Ok(None),
                Expect::Fails => Err(Failure::Fails),
            };
            assert_eq!(outcome, expected, "{}", example.text);
            count += 1;
        }
    }
    assert!(count >= 100, "{count}");
}

#[test]
fn examples_agree_with_types_of_one_value() {
    for name in names() {
        let function = find(name).unwrap();
        for example in &function.examples {
            let crate::typed::Constant::Text(text) = &example.input else { continue };
            let input = super::generate::text_set([text.clone()]);
            let arguments = function.complete(example.arguments.clone(), Rounding::HalfUp);
            let Applied { value, may_be_absent, may_fail } = apply(function, &input, &arguments).unwrap();
            match &example.expect {
                Expect::Value(result) => {
                    assert!(contains(&value, result) && !may_be_absent && !may_fail, "{}", example.text);
                }
                Expect::Missing => assert!(may_be_absent && !may_fail, "{}", example.text),
                Expect::Fails => assert!(may_fail && !may_be_absent, "{}", example.text),
            }
        }
    }
}

#[test]
fn reference_page_shows_every_function_and_example() {
    let page = reference();
    for name in names() {
        let function = find(name).unwrap();
        assert!(page.contains(&format!("### `{name}")), "{name}");
        for example in &function.examples {
            assert!(page.contains(&example.text), "{}", example.text);
        }
    }
    for title in ["\n## Text\n", "\n## Numbers\n", "\n## Dates and times\n", "\n## Yes and no\n"] {
        assert!(page.contains(title), "{title}");
    }
    assert!(page.contains("| `most` |") && !page.contains("| `mode` |"), "the compiler adds the mode");
}
