//! Messages for what could not be read: each piece of junk is looked at alone.

use mapc_diagnostics::Span;
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};

use super::{Grammar, Lower, Nodes, Rule, words};
use crate::errors;
use crate::layout::{MAX_OPERATORS, POISON};
use crate::tokens::{Token, TokenKind, tokens};
use crate::tree::Path;

/// Where the junk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Fields,
    Row,
    Policy,
    Deliver,
    Mask,
    Test,
}

impl Place {
    fn rule(self) -> Rule {
        match self {
            Place::Top => Rule::item_alone,
            Place::Fields => Rule::assignment_alone,
            Place::Row => Rule::row_alone,
            Place::Policy => Rule::policy_alone,
            Place::Deliver => Rule::deliver_alone,
            Place::Mask => Rule::mask_alone,
            Place::Test => Rule::test_alone,
        }
    }
}

/// Where pest stopped.
pub(super) fn location(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// The rules that would have gone on there.
fn wanted(error: &Error<Rule>) -> Vec<&'static str> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return Vec::new() };
    let mut found: Vec<&'static str> = Vec::new();
    for word in positives.iter().filter_map(|rule| words::words(*rule)) {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// The layout pass counts operators outside of texts; this counts those of a hole.
pub(super) fn too_many_operators(source: &str) -> bool {
    let operator = |token: &Token<'_>| match token.kind {
        TokenKind::Mark => matches!(token.text, "+" | "-" | "*" | "/" | "|" | "("),
        TokenKind::Word => matches!(token.text, "not" | "and" | "or" | "else"),
        _ => false,
    };
    tokens(source).iter().filter(|token| operator(token)).count() > MAX_OPERATORS / 4
}

impl Lower<'_> {
    /// Says what is wrong with a statement that could not be read.
    pub(super) fn explain(&mut self, place: Place, start: usize, end: usize) {
        let layout = self.layout;
        let source = layout.text.get(start..end).unwrap_or("").trim_end();
        let all = tokens(source);
        let found: Vec<Token<'_>> = all.into_iter().filter(Token::is_significant).collect();
        if found.iter().any(|token| token.text.starts_with(POISON)) {
            return;
        }
        let Err(error) = Grammar::parse(place.rule(), source) else { return };
        self.explain_at(&error, &found, start, source.len());
    }

    fn explain_at(&mut self, error: &Error<Rule>, found: &[Token<'_>], start: usize, length: usize) {
        let at = location(error);
        let wanted = wanted(error);
        let next = found.iter().find(|token| token.end() > at);
        match next {
            Some(token) => {
                let span = self.span(start + token.start, start + token.end());
                self.diagnostics.push(errors::expected(span, &wanted, Some(token.text)));
            }
            None => {
                let span = self.span(start + length, start + length);
                self.diagnostics.push(errors::expected(span, &wanted, None));
            }
        }
    }

    /// Something behind a block.
    pub(super) fn explain_rest(&mut self, start: usize, end: usize) {
        let rest = self.layout.text.get(start..end).unwrap_or("");
        if rest.contains(POISON) {
            return;
        }
        let from = start + (rest.len() - rest.trim_start().len());
        let span = self.span(from, end);
        self.diagnostics.push(errors::expected(span, &["the end of the line"], Some(rest.trim())));
    }

    pub(super) fn explain_hole(&mut self, error: &Error<Rule>, start: usize, end: usize) {
        let source = self.layout.text.get(self.base + start..self.base + end).unwrap_or("");
        let found = tokens(source);
        let found: Vec<Token<'_>> = found.into_iter().filter(Token::is_significant).collect();
        self.explain_at(error, &found, start, source.len());
    }

    /// The left side of a line that could not be read.
    pub(super) fn target_of(&mut self, start: usize, end: usize) -> Option<Path> {
        let layout = self.layout;
        let source = layout.text.get(start..end)?;
        let pair = Grammar::parse(Rule::target_alone, source).ok()?.next()?;
        let outer = std::mem::replace(&mut self.base, start);
        let path = Nodes::of(pair).find(Rule::path).map(|path| self.path(path));
        self.base = outer;
        path
    }

    /// A line `path = …` at top level.
    pub(super) fn is_field_line(&self, start: usize, end: usize) -> bool {
        let source = self.layout.text.get(start..end).unwrap_or("");
        let found = tokens(source);
        let mut rest = found.iter().filter(|token| token.is_significant()).take(64);
        let mut last: Option<Span> = None;
        loop {
            let Some(token) = rest.next() else { return false };
            if !matches!(token.kind, TokenKind::Word | TokenKind::Backquoted) {
                return false;
            }
            last = last.or(Some(self.span(start, start)));
            match rest.next() {
                Some(token) if token.is("=") => return true,
                Some(token) if token.is(".") => {}
                _ => return false,
            }
        }
    }
}
