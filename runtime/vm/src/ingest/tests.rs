//! The reader's verdicts against those of another parser, on valid and damaged texts, with and without a plan.

mod lanes;

use mapc_bytecode::ReadKind;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Bounds, Fault, Ingest};
use crate::Lane;
use crate::escape::{escape, unescape};
use crate::index::PADDING;
use crate::plan::Plan;
use crate::slot::Store;
use crate::tests::Builder;

fn read(plan: &Plan, text: &str) -> Result<(), Fault> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(text.len() + PADDING, 0);
    let bounds = Bounds { depth: 100, list_rows: 1000 };
    let read = |lane| {
        let mut store = Store::new(plan);
        let verdict = Ingest::default().read(&bytes, 0, text.len(), plan, bounds, &mut store, lane);
        (verdict, verdict.map(|()| store.tables.into_iter().map(|table| table.slots).collect::<Vec<_>>()))
    };
    let portable = read(Lane::Portable);
    for lane in Lane::available() {
        assert_eq!(read(lane), portable, "{} reads {text:?}", lane.name());
    }
    portable.0
}

fn plan() -> Plan {
    let mut builder = Builder::new();
    for path in ["a", "a.b", "name", "x.y.z"] {
        builder.field(0, path, ReadKind::Text, true, &[]);
    }
    let list = builder.list(Some(0), "list", true, &[]);
    builder.field(list, "", ReadKind::Number, true, &[]);
    builder.field(list, "k", ReadKind::Number, true, &[]);
    let inner = builder.list(Some(list), "inner", true, &[]);
    builder.field(inner, "a", ReadKind::Number, true, &[]);
    Plan::new(&builder.module)
}

/// Both parsers must agree; `true` if the text is fine.
fn check(plan: &Plan, text: &str) -> bool {
    let ours = read(&Plan::default(), text);
    let planned = read(plan, text);
    if planned != Err(Fault::DuplicateKey) {
        assert_eq!(ours, planned, "{text}");
    }
    match ours {
        Ok(()) => {
            let theirs = serde_json::from_str::<&RawValue>(text);
            assert!(theirs.is_ok(), "we accept {text}");
        }
        Err(Fault::NotJson) => {
            let theirs = serde_json::from_str::<&RawValue>(text);
            assert!(theirs.is_err(), "we refuse {text}");
        }
        // The other parser looks at escapes only when it builds values.
        Err(Fault::BadText) => assert!(serde_json::from_str::<Value>(text).is_err(), "bad text {text}"),
        Err(other) => panic!("{other:?} for {text}"),
    }
    ours.is_ok()
}

const SAMPLE: &str = r#" {"a":{"b":"text \"quoted\" \\ \/ \b\f\n\r\t \u00e4 \ud83d\ude00","c":[ ]},
	"name":null,"list":[1,-2.50,{"k":1e+10,"inner":[{"a":0.0E-1},{}]},true,false,[[],{}]],"x":{"y":{"z":"été 日本 😀"}},"":0}
"#;

#[test]
fn valid_and_invalid_texts() {
    let plan = plan();
    for good in [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.0",
        "1e5",
        "1E+5",
        "1e-5",
        "-1.25e10",
        "\"\"",
        "\"\\u0000\"",
        "[]",
        "{}",
        " [ 1 , 2 ] ",
        "{\"a\":{}}",
        "\t\r\n 1",
        "\"\u{7f}\"",
        "\"\u{2028}\"",
        "1e99999",
        "[[[[]]]]",
        SAMPLE,
        "{\"\\u0061\":1}",
        "123456789012345678901234567890123456789012345678901234567890",
    ] {
        assert!(check(&plan, good), "{good}");
    }
    for bad in [
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "00",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "1 2",
        "NaN",
        "Infinity",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\n\"",
        "\"\u{1}\"",
        "'a'",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "}",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "[}",
        "{]",
        "[1}",
        "{\"a\":1]",
        "\u{feff}1",
        "1\u{a0}",
        "\u{b}1",
        "/**/1",
        "[]]",
        "{}}",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud800",
    ] {
        assert!(!check(&plan, bad), "{bad}");
    }
}

#[test]
fn truncated_texts_are_refused() {
    let plan = plan();
    let trimmed = SAMPLE.trim();
    for end in 0..trimmed.len() {
        if let Some(text) = trimmed.get(..end) {
            assert!(!check(&plan, text), "{text}");
        }
    }
    assert!(check(&plan, trimmed));
}

#[test]
fn damaged_texts_get_the_same_verdict() {
    let plan = plan();
    let mut accepted = 0;
    let mut seed = 7u64;
    let mut chance = move |end: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % end
    };
    let pieces = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "9", ".", "e", "-", " ", "u", "\\ud800", "null",
        "\u{e4}", "\u{1}", "a",
    ];
    for _ in 0..10_000 {
        let mut text: Vec<char> = SAMPLE.chars().collect();
        for _ in 0..=chance(2) {
            let place = chance(text.len());
            match chance(3) {
                0 => {
                    text.remove(place);
                }
                1 => {
                    let piece = pieces[chance(pieces.len())];
                    text.splice(place..place, piece.chars());
                }
                _ => {
                    let piece = pieces[chance(pieces.len())];
                    text.splice(place..=place, piece.chars());
                }
            }
        }
        accepted += usize::from(check(&plan, &text.into_iter().collect::<String>()));
    }
    assert!((300..9_700).contains(&accepted), "{accepted}");
}

#[test]
fn texts_survive_both_ways() {
    let mut all = String::new();
    for code in (0..0x300).chain([0x2028, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF]) {
        all.push(char::from_u32(code).unwrap());
    }
    let mut escaped = Vec::new();
    escape(all.as_bytes(), &mut escaped);
    let quoted = format!("\"{}\"", String::from_utf8(escaped.clone()).unwrap());
    assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), all);
    assert_eq!(quoted, serde_json::to_string(&all).unwrap());
    let mut back = Vec::new();
    unescape(&escaped, &mut back);
    assert_eq!(String::from_utf8(back).unwrap(), all);
    let units: String = all.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
    let mut back = Vec::new();
    unescape(units.as_bytes(), &mut back);
    assert_eq!(String::from_utf8(back).unwrap(), all);
}

#[test]
fn quotes_are_found_at_every_distance() {
    for length in 0..40 {
        for (special, fine) in
            [("\"", true), ("\\n\"", true), ("\u{1f}\"", false), ("\u{80}\"", true), ("\u{7f}\"", true)]
        {
            let text = format!("\"{}{special}", "x".repeat(length));
            assert_eq!(read(&Plan::default(), &text).is_ok(), fine, "{text:?}");
        }
    }
}
