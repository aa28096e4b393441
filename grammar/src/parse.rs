//! The only place that knows pest: grammar rules in, tree out.

mod expressions;
mod items;
mod recover;
#[cfg(test)]
mod tests;
mod texts;
mod words;

use std::cell::OnceCell;
use std::collections::HashSet;

use mapc_diagnostics::{Diagnostic, FileId, Sources, Span, Staged, sort};
use pest::Parser;
use pest::iterators::{Pair, Pairs};

use crate::errors;
use crate::layout::{Layout, lay_out};
use crate::tree::{Item, MapFile, Name, Number, Path, Segment};

/// The generated parser.
#[derive(pest_derive::Parser)]
#[grammar = "map.pest"]
struct Grammar;

/// Reads a map file. There is always a tree, with holes where something could not be read; every hole has its
/// diagnostic. Diagnostics are in order of their places.
pub fn parse(sources: &Sources, file: FileId) -> Staged<MapFile> {
    let text = sources.file(file).map_or("", |file| &*file.text);
    parse_text(file, text)
}

/// Reads a map from a text that stands in no list of sources yet.
pub fn parse_text(file: FileId, text: &str) -> Staged<MapFile> {
    let mut layout = lay_out(file, text);
    let mut diagnostics = std::mem::take(&mut layout.diagnostics);
    let whole = Span::new(file, 0, text.len());
    if layout.refused {
        return Staged { value: MapFile { items: vec![Item::Broken { span: whole }] }, diagnostics };
    }
    let mut lower = Lower {
        layout: &layout,
        base: 0,
        outside: false,
        diagnostics: Vec::new(),
        source_names: OnceCell::new(),
    };
    let value = match Grammar::parse(Rule::file, &layout.text) {
        Ok(pairs) => lower.file(pairs),
        Err(error) => {
            // The grammar accepts every text; only its own stack limit ends here.
            let at = recover::location(&error);
            lower.diagnostics.push(errors::too_deep(layout.span(at, at)));
            MapFile { items: vec![Item::Broken { span: whole }] }
        }
    };
    if lower.outside {
        // One brace too many: the lines behind it were reported, its partner at the end says nothing new.
        diagnostics.retain(|one| !errors::is_closes_nothing(one));
    }
    diagnostics.append(&mut lower.diagnostics);
    sort(&mut diagnostics);
    Staged { value, diagnostics }
}

/// From pairs to the tree.
struct Lower<'a> {
    layout: &'a Layout,
    /// Where the text that pest saw begins in the repaired text.
    base: usize,
    /// Field lines stood at top level.
    outside: bool,
    diagnostics: Vec<Diagnostic>,
    /// Every name behind an `as`, looked up when a message needs it.
    source_names: OnceCell<HashSet<String>>,
}

/// The children of a pair, taken one after the other.
struct Nodes<'a>(std::iter::Peekable<Pairs<'a, Rule>>);

impl<'a> Nodes<'a> {
    fn of(pair: Pair<'a, Rule>) -> Self {
        Self(pair.into_inner().peekable())
    }

    fn peek(&mut self) -> Option<Rule> {
        self.0.peek().map(Pair::as_rule)
    }

    fn next(&mut self) -> Option<Pair<'a, Rule>> {
        self.0.next()
    }

    /// The next child if it is of this rule.
    fn take(&mut self, rule: Rule) -> Option<Pair<'a, Rule>> {
        self.0.next_if(|pair| pair.as_rule() == rule)
    }

    /// The next child of this rule; what stands before it is passed over.
    fn find(&mut self, rule: Rule) -> Option<Pair<'a, Rule>> {
        self.0.find(|pair| pair.as_rule() == rule)
    }
}

impl Lower<'_> {
    fn span_of(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        self.span(span.start(), span.end())
    }

    /// The place in the file; `end` must lie behind the last character that counts.
    fn span(&self, start: usize, end: usize) -> Span {
        let text = self.layout.text.get(self.base + start..self.base + end).unwrap_or("");
        let end = start + text.trim_end().len();
        self.layout.span(self.base + start, self.base + end)
    }

    fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { text: pair.as_str().trim_matches('`').to_owned(), span: self.span_of(pair) }
    }

    fn number(&self, pair: &Pair<'_, Rule>) -> Number {
        Number { text: pair.as_str().to_owned(), span: self.span_of(pair) }
    }

    /// A small whole number; too large a one is reported and becomes the largest.
    fn integer(&mut self, pair: &Pair<'_, Rule>) -> (u32, Span) {
        let span = self.span_of(pair);
        let number = pair.as_str().parse().unwrap_or_else(|_| {
            self.diagnostics.push(errors::number_too_large(span));
            u32::MAX
        });
        (number, span)
    }

    fn path(&mut self, pair: Pair<'_, Rule>) -> Path {
        let span = self.span_of(&pair);
        let mut segments = Vec::new();
        for segment in pair.into_inner().filter(|pair| pair.as_rule() == Rule::segment) {
            let mut nodes = Nodes::of(segment);
            let Some(word) = nodes.next() else { continue };
            let name = self.name(&word);
            let index = nodes.take(Rule::index).and_then(|index| Nodes::of(index).find(Rule::integer));
            let index = index.map(|integer| self.integer(&integer));
            segments.push(Segment { name, index });
        }
        Path { segments, span }
    }
}
