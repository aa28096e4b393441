//! Tests of the layout.

use mapc_grammar::{FileId, parse_text, tree_text};

use crate::{format, lay_out};

const ACME: &str = include_str!("../../../grammar/tests/ok/acme.map");
const WIDE: &str = include_str!("../../../grammar/tests/ok/wide.map");

/// Lays out, and checks what must hold for every file.
fn check(text: &str) -> String {
    let once = format(text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    assert_eq!(once, lay_out(text), "the layout would change the meaning of\n{text}");
    assert_eq!(format(&once).unwrap(), once, "a second time it is different");
    let tree = |text: &str| tree_text(&parse_text(FileId(0), text).value);
    assert_eq!(tree(&once), tree(text));
    let comments = |text: &str| {
        let tokens = mapc_grammar::tokens(text);
        let comments = tokens.iter().filter(|token| token.kind == mapc_grammar::TokenKind::Comment);
        comments.map(|token| token.text.trim_end().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(comments(&once), comments(text));
    for line in once.lines() {
        assert_eq!(line.trim_end(), line);
    }
    assert!(
        once.ends_with('\n') && !once.ends_with("\n\n") && !once.contains("\n\n\n") && !once.contains('\r')
    );
    once
}

#[test]
fn the_acme_file_is_laid_out_already() {
    assert_eq!(check(ACME), ACME);
}

#[test]
fn blanks_and_line_ends_do_not_matter() {
    assert_eq!(check(&ACME.replace('\n', "\r\n")), ACME);
    assert_eq!(check(&format!("\u{feff}{ACME}\n\n\n")), ACME);
    let lines: Vec<&str> = ACME.lines().map(str::trim_start).collect();
    assert_eq!(check(&lines.join("  \n")), ACME);
    let squeezed: Vec<String> = ACME
        .lines()
        .map(|line| {
            let mut text = line.to_owned();
            while text.contains("  ") {
                text = text.replace("  ", " ");
            }
            text
        })
        .collect();
    assert_eq!(check(&squeezed.join("\n")), ACME);
    assert_eq!(check(&ACME.replace("\n\n", "\n\n\n\n")), ACME);
}

#[test]
fn every_construct_is_laid_out() {
    insta::assert_snapshot!(check(WIDE));
}

#[test]
fn comments_stay_with_their_lines() {
    let text =
        "# head\nfields{# open\n\n\n# alone\na=b#short\n long.name   =   c  # long\n# last\n\n}\n# end";
    let wanted = "# head\nfields {  # open\n  # alone\n  a         = b  #short\n  long.name = c  # long\n  # last\n}\n# end\n";
    assert_eq!(check(text), wanted);
}

#[test]
fn signs_and_parentheses() {
    let line = |right: &str| {
        let text = check(&format!("fields {{\n  x = {right}\n}}\n"));
        text.lines().nth(1).unwrap_or("").trim_start().trim_start_matches("x = ").to_owned()
    };
    for (from, to) in [
        ("a-b", "a - b"),
        ("-a- -b", "-a - -b"),
        ("a.is-b", "a.is - b"),
        ("a|clamp -5 10", "a | clamp -5 10"),
        ("a|clamp(b+1)3", "a | clamp (b + 1) 3"),
        ("(a|round 2)-3", "(a | round 2) - 3"),
        ("sum (a.b)-c", "sum(a.b) - c"),
        ("not(a is -3)", "not (a is -3)"),
        ("a or default -3", "a or default -3"),
        ("a when b>-3", "a when b > -3"),
        ("a[1].b", "a[1].b"),
        ("a.`b c`.d", "a.`b c`.d"),
    ] {
        assert_eq!(line(from), to);
    }
}

#[test]
fn files_that_cannot_be_read_are_not_touched() {
    assert!(format("fields {\n  a = \n}\n").is_err());
    assert!(format("fields {\n  a = “b”\n}\n").is_err());
    assert!(format("").is_err());
}

/// Changes of layout alone: line ends, blanks, comments, blank lines at random places between tokens.
#[test]
fn shuffled_layouts_come_back() {
    let mut seed = 0x5eed_u64;
    let mut below = move |limit: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % limit
    };
    let mut readable = 0;
    for round in 0..200 {
        let mut text = String::new();
        for token in mapc_grammar::tokens(if round % 2 == 0 { WIDE } else { ACME }) {
            match below(60) {
                0 => text.push_str(" \t "),
                1 => text.push('\n'),
                2 => text.push_str("  # remark\n"),
                3 => text.push_str("\n\n\n"),
                4 if token.kind == mapc_grammar::TokenKind::Space => continue,
                5 if token.kind == mapc_grammar::TokenKind::LineEnd => continue,
                _ => {}
            }
            text.push_str(token.text);
            if below(400) == 0 {
                break;
            }
        }
        // Most of these cannot be read; then what stands before the first mistake is tried.
        while let Some(first) = parse_text(FileId(0), &text).diagnostics.first() {
            let start = usize::try_from(first.primary.span.start).unwrap();
            let Some(at) = text[..start].trim_end().rfind('\n') else { break };
            text.truncate(at);
        }
        if parse_text(FileId(0), &text).diagnostics.is_empty() {
            readable += 1;
            check(&text);
        }
    }
    assert!(readable > 50, "only {readable} files could be read");
}
