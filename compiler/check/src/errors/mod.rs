//! What the checker says. Message text stands here and nowhere else; the callers bring facts.

mod delivery;
mod expressions;
mod gaps;
mod header;
mod lists;
mod names;
mod presence;
mod tables;
mod values;

pub(crate) use delivery::*;
pub(crate) use expressions::*;
pub(crate) use gaps::*;
pub(crate) use header::*;
pub(crate) use lists::*;
pub(crate) use names::*;
pub(crate) use presence::*;
pub(crate) use tables::*;
pub(crate) use values::*;

use mapc_diagnostics::{Diagnostic, FixLevel, Side, Span};
use mapc_schema::Described;

use crate::typed::Constant;

/// What is known of the line a value stands in.
#[derive(Clone, Debug)]
pub(crate) struct LineFacts {
    /// `item.items[].rate`
    pub(crate) target: String,
    /// The left side.
    pub(crate) target_span: Span,
    /// The value as written.
    pub(crate) value_text: String,
    /// Its place.
    pub(crate) value_span: Span,
    /// `NetSuite`
    pub(crate) system: String,
    /// What people know of the field.
    pub(crate) described: Option<Described>,
    /// The only source field the value reads: its path and what people know of it.
    pub(crate) source: Option<(String, Described)>,
    /// The value with its limits, in words.
    pub(crate) value_words: String,
    /// The value is this constant.
    pub(crate) constant: Option<Constant>,
    /// The value comes from this table.
    pub(crate) lookup: Option<(String, Span)>,
    /// Pattern or format of the field as the schema has it, for people.
    pub(crate) pattern: String,
}

impl LineFacts {
    /// Facts of a line before its value is typed.
    pub(crate) fn new(
        target: String,
        target_span: Span,
        value: (String, Span),
        system: String,
        described: Option<Described>,
    ) -> Self {
        let (value_text, value_span) = value;
        Self {
            target,
            target_span,
            value_text,
            value_span,
            system,
            described,
            source: None,
            value_words: String::new(),
            constant: None,
            lookup: None,
            pattern: "the pattern of the field".to_owned(),
        }
    }

    /// The last name of the target path, as it stands at the line.
    pub(crate) fn short(&self) -> &str {
        self.target.rsplit("[].").next().unwrap_or(&self.target)
    }

    /// `target = value` with something behind it, to paste.
    pub(crate) fn line(&self, behind: &str) -> String {
        let value = self.value_text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        // the rows of a list of single values have no name
        let left = if self.target.ends_with("[]") { "->".to_owned() } else { format!("{} =", self.short()) };
        format!("{left} {value} {behind}").trim_end().to_owned()
    }

    /// Where the schema states a keyword of the field.
    pub(crate) fn keyword(&self, keyword: &str) -> Option<Span> {
        let described = self.described.as_ref()?;
        described.keywords.get(keyword).copied().or(described.name)
    }

    /// Where the source states a keyword.
    pub(crate) fn source_keyword(&self, keyword: &str) -> Option<Span> {
        let (_, described) = self.source.as_ref()?;
        described.keywords.get(keyword).copied().or(described.name)
    }

    /// The source as a path for facts: `/shipTo/country`.
    pub(crate) fn source_path(&self) -> String {
        match &self.source {
            Some((display, _)) => pointer(display.split_once('.').map_or("", |(_, rest)| rest)),
            None => String::new(),
        }
    }
}

/// `lines[].sku` → `/lines/sku`
pub(crate) fn pointer(path: &str) -> String {
    let parts: Vec<&str> =
        path.split('.').map(|part| part.trim_end_matches("[]")).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!("/{}", parts.join("/")) }
}

/// Backquoted names, joined.
pub(crate) fn names<T: AsRef<str>>(all: &[T]) -> String {
    all.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A short name list: all up to 8, else the first 6 and the count.
pub(crate) fn some_names<T: AsRef<str>>(all: &[T]) -> String {
    if all.len() <= 8 {
        return names(all);
    }
    let shown = all.get(..6).unwrap_or(all);
    format!("{} and {} more", names(shown), all.len() - shown.len())
}

/// Adds did-you-mean: help for all, a machine edit for the best; safe only when it is the only one.
pub(crate) fn suggest(mut diagnostic: Diagnostic, span: Span, near: &[String]) -> Diagnostic {
    let Some(best) = near.first() else { return diagnostic };
    diagnostic = diagnostic.help(match near {
        [_] => format!("write `{best}`"),
        _ => format!("write one of {}", names(near)),
    });
    let level = if near.len() == 1 { FixLevel::Safe } else { FixLevel::Choice };
    for name in near {
        diagnostic = diagnostic.fix(level, format!("rename to `{name}`"), span, name.clone());
    }
    diagnostic
}

/// Adds the schema's side when its place is known.
pub(crate) fn beside(diagnostic: Diagnostic, place: Option<Span>, text: impl Into<String>) -> Diagnostic {
    match place {
        Some(place) => diagnostic.related(place, text),
        None => diagnostic,
    }
}

/// Adds a fact about both sides of a line.
pub(crate) fn both(diagnostic: Diagnostic, facts: &LineFacts, source: &str, target: &str) -> Diagnostic {
    let side = if facts.source.is_some() { Side::Source } else { Side::Map };
    diagnostic
        .fact(side, facts.source_path(), source.to_owned())
        .fact(Side::Target, pointer(&facts.target), target.to_owned())
        .target(facts.target.clone())
}
