//! Header lines: E0106, E0207, E0407 and the policy.

use mapc_diagnostics::{Code, Diagnostic, FixLevel, Side, Span};

use super::{names, suggest};

/// A line stands twice.
pub(crate) fn stated_twice(word: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("`{word}` stands twice in this map"), span, "again here")
        .related(first, "first here")
        .fact(Side::Map, "", format!("`{word}` is stated above"))
        .fact(Side::Map, "", "a map states it once")
        .why("two of them would contradict each other")
        .help(format!("keep one `{word}`"))
}

/// A header line is missing.
pub(crate) fn header_missing(word: &str, example: &str, place: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("the map has no `{word}` line"), place, "it belongs at the top")
        .fact(Side::Map, "", format!("no line begins with `{word}`"))
        .fact(Side::Map, "", "a map needs `map`, `from` and `to`")
        .why("without it mapc does not know what this map turns into what")
        .help(format!("write a line like\n{example}"))
        .fix(FixLevel::Placeholder, format!("add a `{word}` line"), place, format!("{example}\n"))
}

/// No `fields` block.
pub(crate) fn fields_missing(place: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, "the map has no `fields` block", place, "it belongs here")
        .fact(Side::Map, "", "no block begins with `fields {`")
        .fact(Side::Map, "", "`fields` holds one line for each field of the document")
        .why("a map without fields writes nothing")
        .help("write\nfields {\n}")
        .fix(FixLevel::Placeholder, "add an empty `fields` block", place, "\nfields {\n}\n")
}

/// No such zone.
pub(crate) fn unknown_zone(zone: &str, span: Span, near: &[String]) -> Diagnostic {
    let near: Vec<String> = near.iter().map(|name| format!("\"{name}\"")).collect();
    let diagnostic =
        Diagnostic::new(Code::E0407, format!("no time zone is called \"{zone}\""), span, "unknown zone")
            .fact(Side::Map, "", format!("the map names \"{zone}\""))
            .fact(Side::Map, "", "zones have names like \"Europe/Berlin\" or \"America/New_York\"")
            .why("the zone decides on which day a moment falls");
    suggest(diagnostic, span, &near)
}

/// No such rounding.
pub(crate) fn unknown_rounding(word: &str, span: Span, near: &[String], all: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0207, format!("`{word}` is not a way of rounding"), span, "unknown word")
            .fact(Side::Map, "", format!("the map says `{word}`"))
            .fact(Side::Map, "", format!("the ways are {}", names(all)))
            .why("amounts would differ by a cent");
    let diagnostic = suggest(diagnostic, span, near);
    if near.is_empty() { diagnostic.help("write `half_up` for the usual way") } else { diagnostic }
}

/// A policy for no kind of field.
pub(crate) fn unknown_policy_kind(word: &str, span: Span, near: &[String]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0207, format!("`{word}` is not a kind of field"), span, "unknown kind")
            .fact(Side::Map, "", format!("the policy says `{word}`"))
            .fact(
                Side::Map,
                "",
                "kinds are `key`, `code`, `amount`, `number`, `date`, `list`, `text`, `missing`",
            )
            .why("the line would answer nothing");
    let diagnostic = suggest(diagnostic, span, near);
    if near.is_empty() { diagnostic.help("write one of the kinds") } else { diagnostic }
}

/// `text else cut`
pub(crate) fn policy_joiner(kind: &str, joiner: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0108,
        format!("`{kind}` is answered with `{joiner}`"),
        span,
        format!("write `{joiner}`"),
    )
    .fact(Side::Map, "", "`else` answers missing values")
    .fact(Side::Map, "", "`or` answers values that do not fit")
    .why("both words read alike but answer different questions")
    .help(format!("write `{joiner}` here"))
    .fix(FixLevel::Safe, format!("write `{joiner}`"), span, joiner)
}

/// E0415.
pub(crate) fn policy_would_change(kind: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0415,
        format!("a policy never changes a field of kind `{kind}`"),
        span,
        "would change content",
    )
    .fact(Side::Map, "", format!("this line changes or drops fields of kind `{kind}`"))
    .fact(Side::Map, "", "keys, codes and amounts may only be rejected by a policy")
    .why("a changed amount or key is worse than a rejected message")
    .help(format!("write\n{kind} or reject"))
}

/// An action that a kind does not have.
pub(crate) fn policy_action(kind: &str, action: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0206,
        format!("`{kind}` has no answer `{action}`"),
        span,
        "not possible for this kind",
    )
    .fact(Side::Map, "", format!("`{action}` stands behind `{kind}`"))
    .fact(Side::Map, "", "text may be `cut`, a number may be `round`, every kind may `reject`")
    .why("the line would answer nothing")
    .help(format!("write\n{kind} or reject"))
}

/// A kind twice.
pub(crate) fn policy_twice(kind: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("the policy answers `{kind}` twice"), span, "again here")
        .fact(Side::Map, "", format!("`{kind}` is answered above"))
        .fact(Side::Map, "", "each kind has one answer")
        .why("the second line would never be used")
        .help("delete one of the lines")
}
