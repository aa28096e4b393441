//! `deliver`, `mask` and `test` blocks.

use mapc_diagnostics::{Code, Diagnostic, Side, Span};

use super::{names, suggest};

fn unknown_word(code: Code, word: &str, span: Span, what: &str, all: &[&str]) -> Diagnostic {
    let near = crate::words::near(word, all.iter().copied());
    let diagnostic = Diagnostic::new(code, format!("`{word}` is not {what}"), span, "unknown word")
        .fact(Side::Map, "", format!("`{word}` is written"))
        .fact(Side::Map, "", format!("possible are {}", names(all)))
        .why("the worker would not know what to do");
    if near.is_empty() {
        diagnostic.help(format!("write one of {}", names(all)))
    } else {
        suggest(diagnostic, span, &near)
    }
}

/// Unknown method.
pub(crate) fn unknown_method(word: &str, span: Span) -> Diagnostic {
    unknown_word(Code::E0207, word, span, "a way to deliver", &["create", "update", "upsert"])
}

/// Unknown answer class.
pub(crate) fn unknown_answer_class(word: &str, span: Span) -> Diagnostic {
    unknown_word(
        Code::E0804,
        word,
        span,
        "an answer that can be retried",
        &["throttled", "transient", "conflict", "auth"],
    )
}

/// Unknown wait.
pub(crate) fn unknown_wait(word: &str, span: Span) -> Diagnostic {
    unknown_word(Code::E0207, word, span, "a time to wait", &["retry_after", "30s", "5m"])
}

/// Unknown dead letter action.
pub(crate) fn unknown_dead_letter(word: &str, span: Span) -> Diagnostic {
    unknown_word(Code::E0207, word, span, "an answer to a dead letter", &["hold", "next"])
}

/// Unknown masking.
pub(crate) fn unknown_mask(word: &str, span: Span) -> Diagnostic {
    unknown_word(Code::E0207, word, span, "a way to mask", &["hash", "hide", "last 4"])
}

/// `upsert` without `by`.
pub(crate) fn method_without_field(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("`{word}` needs a field to find the record by"),
        span,
        "no `by` here",
    )
    .fact(Side::Map, "", format!("`{word}` stands without `by`"))
    .fact(Side::Map, "", "the record must be found before it is changed")
    .why("a second record would be created")
    .help(format!("write\n{word} by externalId"))
}

/// Pauses in the wrong order.
pub(crate) fn backoff_order(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0803,
        "the pauses are in the wrong order",
        span,
        "first, longest and last do not grow",
    )
    .fact(Side::Map, "", "the first pause is longer than the longest, or than the whole time")
    .fact(Side::Map, "", "pauses grow from the first to the longest, within the whole time")
    .why("the worker could never retry as written")
    .help("write\nretry transient backoff from 2s to 10m for 24h")
}

/// A path that is no output field.
pub(crate) fn output_expected(path: &str, span: Span, near: &[String]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0202, format!("the map does not fill `{path}`"), span, "not filled")
            .fact(Side::Map, "", format!("no line fills `{path}`"))
            .fact(Side::Map, "", "the field must be part of the document")
            .why("the record could not be found by it");
    if near.is_empty() {
        diagnostic.help(format!("fill it\n{path} = …"))
    } else {
        suggest(diagnostic, span, near)
    }
}

/// A test without sample.
pub(crate) fn test_without_given(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("the test \"{name}\" has no sample"), span, "no `given` line")
        .fact(Side::Map, "", "no line begins with `given`")
        .fact(Side::Map, "", "a test runs the map on a sample")
        .why("there is nothing to run")
        .help("write\ngiven \"samples/order.json\"")
}

/// A test without expectation.
pub(crate) fn test_without_expect(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("the test \"{name}\" expects nothing"), span, "no `expect` line")
        .fact(Side::Map, "", "no line begins with `expect`")
        .fact(Side::Map, "", "a test without expectation can never fail")
        .why("it would prove nothing")
        .help("write\nexpect deliver")
}

/// `expect key is` something else than a text.
pub(crate) fn key_text_expected(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0406, "the key is a text", span, "not a text")
        .fact(Side::Map, "", "another kind of value is expected")
        .fact(Side::Map, "", "the key is a text")
        .why("the test could never pass")
        .help("write\nexpect key is \"…\"")
}
