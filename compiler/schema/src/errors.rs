//! What this stage says: one constructor per code. The only place with its words.

use mapc_diagnostics::{Code, Diagnostic, Side, Span};

fn quoted(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first, second] => format!("`{first}` or `{second}`"),
        [first, rest @ ..] => format!("`{first}`, {}", quoted(rest)),
    }
}

fn did_you_mean(mut diagnostic: Diagnostic, nearest: &[&str]) -> Diagnostic {
    if !nearest.is_empty() {
        diagnostic = diagnostic.help(format!("write {} instead", quoted(nearest)));
    }
    diagnostic
}

/// Keeps titles within 80 characters.
fn short(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(limit.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// E0903: the file is not JSON.
pub(crate) fn broken_json(path: &str, span: Span, problem: &str) -> Diagnostic {
    Diagnostic::new(Code::E0903, format!("`{}` is not readable as JSON", short(path, 50)), span, problem)
        .why("without its schema no field of this system can be checked")
        .help("mend the file at this place")
}

/// E0903: a name stands twice in a record.
pub(crate) fn duplicate_name(path: &str, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0903,
        format!("`{}` has the name `{}` twice in one record", short(path, 30), short(name, 20)),
        span,
        "this name stands in the record already",
    )
    .why("readers disagree on which of the two counts")
    .help("remove one of the two")
}

/// E0903: something cannot be read as a schema.
pub(crate) fn malformed(pointer: &str, span: Span, keyword: &str, expected: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0903,
        format!("`{}` of the schema has another form than it must have", short(keyword, 30)),
        span,
        format!("expected {expected}"),
    )
    .fact(Side::Target, pointer, format!("`{keyword}` must be {expected}"))
    .help(format!("write {expected}"))
}

/// E0903: a reference that leads out of the file.
pub(crate) fn remote_reference(pointer: &str, span: Span, reference: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0903,
        format!("`{}` leads out of this schema file", short(reference, 50)),
        span,
        "nothing in this file has this name",
    )
    .fact(Side::Target, pointer, "points to a schema that is not in this file")
    .why("nothing is ever fetched while checking, so that the same files always give the same answer")
    .help("put the referenced schema into this file under `$defs`")
}

/// E0903: a reference to nothing.
pub(crate) fn unresolved_reference(
    pointer: &str,
    span: Span,
    reference: &str,
    nearest: &[&str],
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0903,
        format!("`{}` points to nothing in this schema file", short(reference, 45)),
        span,
        "nothing stands at this place",
    )
    .fact(Side::Target, pointer, "points to a place that does not exist");
    did_you_mean(diagnostic, nearest)
}

/// E0903: references that lead back to themselves.
pub(crate) fn reference_circle(pointer: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0903,
        "a reference leads back to itself with nothing in between",
        span,
        "following this never ends",
    )
    .fact(Side::Target, pointer, "means itself")
    .why("such a schema says nothing about any value")
    .help("remove the reference, or put a field or a list in between")
}

/// E0903: too much work.
pub(crate) fn too_complex(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0903,
        "the schema combines so many parts that it cannot be read in bounded time",
        span,
        "reading stopped",
    )
    .why("a schema that multiplies its parts could keep the check busy forever")
    .help("write the combined parts out, or leave out alternatives that are not used")
}

/// E0903: an overlay is not built as an overlay.
pub(crate) fn overlay_form(span: Span, problem: &str, expected: &str) -> Diagnostic {
    Diagnostic::new(Code::E0903, short(problem, 80), span, format!("expected {expected}"))
        .why("an overlay changes what is proved, so each line must say exactly what it does")
        .help(format!("write {expected}"))
}

/// E0903: an unknown word in an overlay line.
pub(crate) fn overlay_word(span: Span, word: &str, nearest: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0903,
        format!("an overlay line knows no `{}`", short(word, 50)),
        span,
        "this word has no meaning here",
    )
    .why("a misspelt limit would silently limit nothing");
    did_you_mean(diagnostic, nearest)
}

/// E0903: an overlay line without its source.
pub(crate) fn overlay_note(span: Span, at: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0903,
        format!("the overlay line for `{}` says not where it comes from", short(at, 40)),
        span,
        "`note` is missing",
    )
    .why("a limit that nobody can trace is a limit that nobody dares to change")
    .help("add `\"note\": \"…\"` with the source: a manual page, a refused record, a ticket")
}

/// E0904: the dialect is not declared.
pub(crate) fn dialect_missing(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0904,
        format!("`{}` does not say which dialect of JSON Schema it uses", short(path, 30)),
        span,
        "`$schema` is missing",
    )
    .why("the same word means different things in different dialects")
    .help(
        "add `\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"` as the first line of the record",
    )
    .help("or, for a schema taken from an OpenAPI 3.0 file, add `\"x-mapc-dialect\": \"openapi-3.0\"`")
}

/// E0904: an unknown dialect.
pub(crate) fn dialect_unknown(span: Span, dialect: &str, nearest: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0904,
        format!("`{}` is no dialect that can be read", short(dialect, 45)),
        span,
        "this dialect is not known",
    )
    .fact(
        Side::Target,
        "",
        "dialects that can be read: JSON Schema draft 4, 6, 7, 2019-09, 2020-12; OpenAPI 3.0, 3.1",
    );
    did_you_mean(diagnostic, nearest)
}

/// W0902 for an assertion-like keyword that nobody knows.
pub(crate) fn keyword_ignored(
    pointer: &str,
    span: Span,
    keyword: &str,
    places: usize,
    nearest: &[&str],
) -> Diagnostic {
    let times = if places > 1 { format!(" ({places} places)") } else { String::new() };
    let diagnostic = Diagnostic::new(
        Code::W0902,
        format!("the keyword `{}` of the schema is not known and limits nothing{times}", short(keyword, 25)),
        span,
        "has no effect",
    )
    .fact(Side::Target, pointer, format!("uses `{keyword}`"))
    .why("if the system enforces it, it may refuse what the check has passed");
    did_you_mean(diagnostic, nearest)
}

/// W0901: an alternative that allows everything.
pub(crate) fn limits_nothing(pointer: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::W0901,
        "one of the alternatives allows everything, so the others limit nothing",
        span,
        "this alternative allows everything",
    )
    .fact(Side::Target, pointer, "allows any value")
    .help("add a line to an overlay that states what the system really accepts")
}

/// E0906: nothing is accepted.
pub(crate) fn admits_nothing(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0906,
        format!("`{}` accepts no document at all", short(path, 45)),
        span,
        "no document can satisfy all of this",
    )
    .why("nothing could ever be delivered")
    .help(
        "look for limits that contradict each other; `mapc schema lint` lists what could not be read exactly",
    )
}

/// E0907: an overlay line whose path leads nowhere.
pub(crate) fn overlay_path(span: Span, at: &str, missing: &str, nearest: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0907,
        format!("the overlay line for `{}` hits nothing", short(at, 40)),
        span,
        format!("there is no `{missing}`"),
    )
    .fact(Side::Target, at, format!("the schema has no `{missing}` here"))
    .why("the limit would protect nothing");
    did_you_mean(diagnostic, nearest)
}

/// E0907: an overlay line without effect.
pub(crate) fn overlay_effect(span: Span, at: &str, keyword: &str, reason: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0907,
        format!("`{}` on `{}` changes nothing", short(keyword, 20), short(at, 35)),
        span,
        reason.to_owned(),
    )
    .fact(Side::Target, at, reason.to_owned())
    .why("a line without effect hides that the schema has moved")
    .help("remove it from the line")
}
