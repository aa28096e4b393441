//! Texts: escapes, holes, literals.

use mapc_diagnostics::Span;
use pest::Parser;
use pest::iterators::Pair;

use super::{Grammar, Lower, Nodes, Rule, recover};
use crate::errors;
use crate::tree::{Expression, ExpressionKind, Literal, Quoted, Template, TemplatePart};

/// A character of a text as it is meant, with the place where it was written.
struct Character {
    meant: char,
    /// It was written with a backslash: a brace among these is an ordinary one.
    escaped: bool,
    start: usize,
    end: usize,
}

impl Lower<'_> {
    pub(super) fn find_quoted(&mut self, nodes: &mut Nodes<'_>) -> Option<Quoted> {
        nodes.find(Rule::text).map(|text| self.quoted(&text))
    }

    pub(super) fn find_template(&mut self, nodes: &mut Nodes<'_>) -> Option<Template> {
        nodes.find(Rule::text).map(|text| self.template(&text))
    }

    /// A text in which braces are ordinary characters.
    fn quoted(&mut self, pair: &Pair<'_, Rule>) -> Quoted {
        let text = self.characters(pair).into_iter().map(|character| character.meant).collect();
        Quoted { text, span: self.span_of(pair) }
    }

    pub(super) fn literal(&mut self, pair: Pair<'_, Rule>) -> Option<Literal> {
        Nodes::of(pair).next().and_then(|value| self.literal_value(value))
    }

    pub(super) fn literal_value(&mut self, pair: Pair<'_, Rule>) -> Option<Literal> {
        let span = self.span_of(&pair);
        Some(match pair.as_rule() {
            Rule::text => Literal::Text(self.quoted(&pair)),
            Rule::number | Rule::signed_number => Literal::Number(self.number(&pair)),
            Rule::yes => Literal::Bool(true, span),
            Rule::no => Literal::Bool(false, span),
            Rule::none => Literal::None(span),
            Rule::null => Literal::Null(span),
            Rule::absent => Literal::Missing(span),
            _ => return None,
        })
    }

    /// A default is printed as it stands: a field name in it was meant as a hole.
    pub(super) fn check_constant(&mut self, literal: &Literal) {
        let Literal::Text(text) = literal else { return };
        let holes = text.text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let path = |hole: &str| {
            hole.split('.').all(|segment| {
                segment.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                    && segment.chars().all(crate::tokens::is_word_character)
            })
        };
        if holes.map(|(hole, _)| hole).any(path) {
            self.diagnostics.push(errors::hole_in_constant(text.span));
        }
    }

    /// The characters between the quotes, escapes read.
    fn characters(&mut self, pair: &Pair<'_, Rule>) -> Vec<Character> {
        let start = pair.as_span().start() + 1;
        let text = pair.as_str();
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
        let mut found = Vec::new();
        let mut characters = inner.char_indices();
        while let Some((at, c)) = characters.next() {
            let mut meant = c;
            let escaped = c == '\\';
            if escaped {
                meant = match characters.next().map(|(_, c)| c) {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('r') => '\r',
                    Some(c @ ('"' | '\\')) => c,
                    Some('u') => {
                        let rest = characters.as_str();
                        let digits = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                        let code = digits.filter(|(digits, _)| digits.len() <= 6 && !digits.starts_with('+'));
                        let meant = code
                            .and_then(|(digits, _)| u32::from_str_radix(digits, 16).ok())
                            .and_then(char::from_u32);
                        match (meant, digits) {
                            (Some(meant), Some((digits, _))) => {
                                for _ in 0..digits.len() + 2 {
                                    characters.next();
                                }
                                meant
                            }
                            _ => self.unknown_escape(start + at, "\\u"),
                        }
                    }
                    Some(c) => self.unknown_escape(start + at, &format!("\\{c}")),
                    None => '\\',
                };
            }
            let end = start + inner.len() - characters.as_str().len();
            found.push(Character { meant, escaped, start: start + at, end });
        }
        found
    }

    fn unknown_escape(&mut self, start: usize, written: &str) -> char {
        let span = self.span(start, start + written.len());
        self.diagnostics.push(errors::unknown_escape(span, written));
        written.chars().next_back().unwrap_or('\\')
    }

    /// A text with holes.
    pub(super) fn template(&mut self, pair: &Pair<'_, Rule>) -> Template {
        let span = self.span_of(pair);
        let characters = self.characters(pair);
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = characters.as_slice();
        while let [first, tail @ ..] = rest {
            rest = tail;
            let doubled = tail.first().filter(|next| !next.escaped && next.meant == first.meant);
            match first.meant {
                '{' | '}' if !first.escaped && doubled.is_some() => {
                    text.push(first.meant);
                    rest = tail.get(1..).unwrap_or(&[]);
                }
                '{' if !first.escaped => {
                    let Some(length) = tail.iter().position(|c| c.meant == '}' && !c.escaped) else {
                        let hole = self.span(first.start, first.end);
                        self.diagnostics.push(errors::hole_not_closed(hole));
                        parts.push(TemplatePart::Hole(Expression {
                            kind: ExpressionKind::Broken,
                            span: hole,
                        }));
                        break;
                    };
                    let end = tail.get(length).map_or(first.end, |close| close.start);
                    rest = tail.get(length + 1..).unwrap_or(&[]);
                    if !text.is_empty() {
                        parts.push(TemplatePart::Text(std::mem::take(&mut text)));
                    }
                    parts.push(TemplatePart::Hole(self.hole(first.end, end)));
                }
                '}' if !first.escaped => {
                    let place = self.span(first.start, first.end);
                    self.diagnostics.push(errors::brace_in_text(place));
                }
                meant => text.push(meant),
            }
        }
        if !text.is_empty() || parts.is_empty() {
            parts.push(TemplatePart::Text(text));
        }
        Template { parts, span }
    }

    /// The expression between the braces; places count from the text that pest saw.
    fn hole(&mut self, start: usize, end: usize) -> Expression {
        let layout = self.layout;
        let source = layout.text.get(self.base + start..self.base + end).unwrap_or("");
        let span: Span = layout.span(self.base + start, self.base + end);
        let broken = Expression { kind: ExpressionKind::Broken, span };
        if recover::too_many_operators(source) {
            self.diagnostics.push(errors::too_long_a_rule(span, crate::layout::MAX_OPERATORS));
            return broken;
        }
        match Grammar::parse(Rule::hole_alone, source) {
            Ok(mut pairs) => {
                let outer = self.base;
                self.base = outer + start;
                let value = pairs
                    .next()
                    .and_then(|hole| Nodes::of(hole).find(Rule::expression))
                    .map_or(broken, |pair| self.expression(pair));
                self.base = outer;
                value
            }
            Err(error) => {
                self.explain_hole(&error, start, end);
                broken
            }
        }
    }
}
