//! Blanks between the tokens of a line. Knows no lines and no columns.

use mapc_grammar::{Token, TokenKind};

/// Words that are followed by a value: a sign or a parenthesis behind them belongs to that value.
const BEFORE_VALUE: &[&str] = &[
    "else",
    "or",
    "and",
    "not",
    "is",
    "when",
    "where",
    "by",
    "of",
    "than",
    "key",
    "default",
    "choose",
    "skip",
    "otherwise",
    "matches",
];
/// Words that end the arguments of a function.
const ENDS_ARGUMENTS: &[&str] = &[
    "else",
    "or",
    "and",
    "not",
    "is",
    "when",
    "where",
    "matches",
    "sort",
    "group",
    "descending",
    "otherwise",
    "as",
];

/// The tokens from `from` on as text; the whole line is needed to know what a sign means.
pub(crate) fn spaced(tokens: &[Token<'_>]) -> Vec<(bool, String)> {
    let mut out: Vec<(bool, String)> = Vec::new();
    // Are we behind the name of a function? One flag per open parenthesis.
    let mut arguments = vec![false];
    let mut before: Option<Token<'_>> = None;
    let mut before_that: Option<Token<'_>> = None;
    let mut sign = false;
    for token in tokens {
        let in_arguments = arguments.last().copied().unwrap_or(false);
        let space = before.is_some_and(|before| {
            let path = before_that.is_some_and(|token| token.is("."));
            let glued = sign
                || [".", "(", "["].iter().any(|mark| before.is(mark))
                || [".", ")", "]", ",", "["].iter().any(|mark| token.is(mark))
                || token.kind == TokenKind::Version
                || (token.is("(") && calls(&before, path) && !in_arguments);
            !glued
        });
        sign = token.is("-")
            && before.is_none_or(|before| {
                let path = before_that.is_some_and(|token| token.is("."));
                in_arguments || before_value(&before, path)
            });
        let word = token.kind == TokenKind::Word && !before.is_some_and(|before| before.is("."));
        if token.is("(") {
            arguments.push(false);
        } else if token.is(")") {
            arguments.pop();
        } else if let Some(last) = arguments.last_mut() {
            if before.is_some_and(|before| before.is("|")) {
                *last = true;
            } else if (word && ENDS_ARGUMENTS.contains(&token.text))
                || (token.kind == TokenKind::Mark && !sign && !matches!(token.text, "." | "[" | "]"))
            {
                *last = false;
            }
        }
        out.push((space, token.text.to_owned()));
        before_that = before;
        before = Some(*token);
    }
    out
}

/// A name with a parenthesis behind it is a call.
fn calls(before: &Token<'_>, path: bool) -> bool {
    before.kind == TokenKind::Word && (path || !BEFORE_VALUE.contains(&before.text))
}

/// What comes behind this begins a value.
fn before_value(before: &Token<'_>, path: bool) -> bool {
    match before.kind {
        TokenKind::Mark => !before.is(")") && !before.is("]"),
        TokenKind::Word => !path && BEFORE_VALUE.contains(&before.text),
        // `check "…" -order.total is 3`: a text cannot be reckoned with.
        TokenKind::Text => true,
        _ => false,
    }
}

/// Pieces with their blanks, in one text.
pub(crate) fn joined(pieces: &[(bool, String)]) -> String {
    let mut text = String::new();
    for (space, piece) in pieces {
        if *space && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(piece);
    }
    text
}
