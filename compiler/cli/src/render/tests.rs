//! One diagnostic in every format, and the hard cases: credentials, control characters, endless lines.

use mapc_diagnostics::{Code, Diagnostic, FixLevel, Side, Sources, Span};

use super::{Shown, counted, for_people, json};
use crate::arguments::Format;
use crate::look::Look;

fn look(format: Format) -> Look {
    Look {
        colour: false,
        ascii: false,
        width: 80,
        format,
        max_errors: 50,
        quiet: false,
        verbose: 0,
        terminal: false,
    }
}

const MAP: &str = "map acme.sales_order version 3\n\nfields {\n  memo = order.note\n}\n";
const SCHEMA: &str = "{\n  \"memo\": { \"type\": \"string\", \"maxLength\": 300 }\n}\n";

/// The ideal diagnostic of the design, over two files.
fn ideal() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let map = sources.add("tenants/acme/sales_order.map", MAP);
    let schema = sources.add("netsuite/sales_order@2025.2.schema.json", SCHEMA);
    let at = |file, text: &str, word: &str| {
        let start = text.find(word).unwrap();
        Span::new(file, start, start + word.len())
    };
    let span = at(map, MAP, "order.note");
    let diagnostic = Diagnostic::new(
        Code::E0401,
        "`memo` may be longer than NetSuite accepts",
        span,
        "allows up to 500 characters",
    )
    .related(at(schema, SCHEMA, "\"maxLength\": 300"), "accepts at most 300")
    .fact(Side::Source, "/note", "allows up to 500 characters")
    .fact(Side::Target, "/memo", "accepts at most 300 characters")
    .why("NetSuite refuses the whole order when `memo` is too long, and nobody sees it until the next morning")
    .help("say what happens to a longer note\n  memo = order.note or cut                     keeps 300, loses the rest")
    .fix(FixLevel::Choice, "keep the first 300 characters", span.after(), " or cut")
    .target("memo");
    (sources, vec![diagnostic])
}

#[test]
fn full_form() {
    let (sources, diagnostics) = ideal();
    insta::assert_snapshot!("full", for_people(&sources, &diagnostics, &look(Format::Full)));
}

#[test]
fn full_form_in_ascii_has_no_other_character() {
    let (sources, diagnostics) = ideal();
    let text = for_people(&sources, &diagnostics, &Look { ascii: true, ..look(Format::Full) });
    assert!(text.is_ascii(), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn full_form_in_colour_is_the_same_text() {
    let (sources, diagnostics) = ideal();
    let plain = for_people(&sources, &diagnostics, &look(Format::Full));
    let colour = for_people(&sources, &diagnostics, &Look { colour: true, ..look(Format::Full) });
    assert!(colour.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut rest = colour.as_str();
    while let Some((before, behind)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = behind.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    let squeeze = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(squeeze(&stripped), squeeze(&plain));
}

#[test]
fn no_line_of_the_full_form_is_wider_than_80() {
    let (sources, mut diagnostics) = ideal();
    diagnostics[0].help.clear();
    let text = for_people(&sources, &diagnostics, &look(Format::Full));
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn short_form() {
    let (sources, diagnostics) = ideal();
    insta::assert_snapshot!("short", for_people(&sources, &diagnostics, &look(Format::Short)));
}

#[test]
fn plain_form() {
    let (sources, diagnostics) = ideal();
    insta::assert_snapshot!("plain", for_people(&sources, &diagnostics, &look(Format::Plain)));
}

#[test]
fn json_form() {
    let (sources, diagnostics) = ideal();
    let finding = json::finding(&Shown::new(&sources, &diagnostics), &diagnostics[0]);
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&finding).unwrap());
}

#[test]
fn a_credential_is_masked_in_every_form() {
    let text = "map a version 1\nlet token = \"sk_live_4242424242\"\n";
    let mut sources = Sources::new();
    let file = sources.add("a.map", text);
    let start = text.find('"').unwrap();
    let span = Span::new(file, start, text.len() - 1);
    let diagnostics = vec![
        Diagnostic::new(Code::E1001, "a credential stands in this map", span, "20 characters"),
        Diagnostic::new(Code::W0202, "`token` is never used", Span::new(file, 20, 25), "not used"),
    ];
    for format in [Format::Full, Format::Short, Format::Plain] {
        let shown = for_people(&sources, &diagnostics, &look(format));
        assert!(!shown.contains("sk_live"), "{shown}");
    }
    let shown = for_people(&sources, &diagnostics, &look(Format::Full));
    assert!(shown.contains("let token = ********************"), "{shown}");
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let text = "map \u{1b}[31m\u{202e}x\u{7}\n";
    let mut sources = Sources::new();
    let file = sources.add("a.map", text);
    let span = Span::new(file, 4, 5);
    let diagnostic =
        Diagnostic::new(Code::E0103, "`\u{1b}` is not a word", span, "here \u{7}").help("x\u{1b}y\n  z\u{7}");
    for format in [Format::Full, Format::Short, Format::Plain] {
        let shown = for_people(&sources, std::slice::from_ref(&diagnostic), &look(format));
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
    }
}

#[test]
fn an_endless_line_is_not_quoted() {
    let text = format!("map {}\n", "x".repeat(100_000));
    let mut sources = Sources::new();
    let file = sources.add("a.map", text);
    let diagnostic =
        Diagnostic::new(Code::E0103, "unknown word", Span::new(file, 4, 100_004), "no such word")
            .help("write less");
    let shown = for_people(&sources, &[diagnostic], &look(Format::Full));
    assert!(shown.len() < 500, "{shown}");
    insta::assert_snapshot!("endless", shown);
}

#[test]
fn odd_spans_are_no_trouble() {
    let mut sources = Sources::new();
    let file = sources.add("ä.map", "äöü\nß");
    let none = mapc_diagnostics::FileId(99);
    for (file, start, end) in [(file, 1, 2), (file, 3, 1), (file, 900, 901), (none, 0, 3), (file, 8, 9)] {
        let span = Span { file, start, end };
        let diagnostic = Diagnostic::new(Code::E0106, "something", span, "here").related(span, "and there");
        for format in [Format::Full, Format::Short, Format::Plain] {
            let shown = for_people(&sources, std::slice::from_ref(&diagnostic), &look(format));
            assert!(shown.contains("E0106"), "{shown}");
        }
        let finding = json::finding(&Shown::new(&sources, std::slice::from_ref(&diagnostic)), &diagnostic);
        assert!(serde_json::to_string(&finding).unwrap().contains("E0106"));
    }
}

#[test]
fn beyond_the_cap_only_counts_are_shown() {
    let mut sources = Sources::new();
    let file = sources.add("a.map", "abc");
    let make = |code| Diagnostic::new(code, "odd", Span::new(file, 0, 1), "here");
    let diagnostics = vec![make(Code::E0103), make(Code::E0401), make(Code::E0103), make(Code::W0202)];
    let shown = for_people(&sources, &diagnostics, &Look { max_errors: 1, ..look(Format::Short) });
    assert_eq!(
        shown,
        "a.map:1:1: error[E0103]: odd\n\
         3 more not shown, 4 in all (E0103: 2, E0401: 1, W0202: 1); show more with `--max-errors 4`\n"
    );
    assert_eq!(counted(&diagnostics), "3 errors, 1 warning");
}
