//! The machine form. Additions raise the second number of `format_version`; nothing else may change.

use mapc_diagnostics::{Diagnostic, FixLevel, Label, Side};
use serde::Serialize;

use super::severity_word;
use super::shown::Shown;

/// Version of everything we write as JSON.
pub const FORMAT_VERSION: &str = "1.0";

/// A value, laid out over several lines.
pub fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// One diagnostic.
#[derive(Debug, Serialize)]
pub struct Finding {
    code: &'static str,
    severity: &'static str,
    title: String,
    primary: Place,
    related: Vec<Place>,
    facts: Vec<FactLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    help: Vec<String>,
    fixes: Vec<FixLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    target: String,
    page: String,
}

/// A labelled place: line and column from 1, columns in characters; bytes from 0, end excluded.
#[derive(Debug, Serialize)]
struct Place {
    file: String,
    start: [u32; 2],
    end: [u32; 2],
    bytes: [usize; 2],
    text: String,
}

#[derive(Debug, Serialize)]
struct FactLine {
    side: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    path: String,
    statement: String,
}

#[derive(Debug, Serialize)]
struct FixLine {
    level: &'static str,
    title: String,
    edits: Vec<EditLine>,
}

#[derive(Debug, Serialize)]
struct EditLine {
    file: String,
    bytes: [usize; 2],
    insert: String,
}

/// The machine form of one diagnostic.
pub fn finding(shown: &Shown<'_>, diagnostic: &Diagnostic) -> Finding {
    let facts = diagnostic.facts.iter().map(|fact| FactLine {
        side: match fact.side {
            Side::Map => "map",
            Side::Source => "source",
            Side::Target => "target",
            Side::Table => "table",
        },
        path: fact.path.clone(),
        statement: fact.statement.clone(),
    });
    let fixes = diagnostic.fixes.iter().map(|fix| FixLine {
        level: match fix.level {
            FixLevel::Safe => "safe",
            FixLevel::Choice => "choice",
            FixLevel::Placeholder => "placeholder",
        },
        title: fix.title.clone(),
        edits: fix
            .edits
            .iter()
            .map(|edit| {
                let range = shown.range(edit.span);
                EditLine {
                    file: shown.path(edit.span).to_owned(),
                    bytes: [range.start, range.end],
                    insert: edit.insert.clone(),
                }
            })
            .collect(),
    });
    Finding {
        code: diagnostic.code.number(),
        severity: severity_word(diagnostic.severity),
        title: diagnostic.title.clone(),
        primary: place(shown, &diagnostic.primary),
        related: diagnostic.related.iter().map(|label| place(shown, label)).collect(),
        facts: facts.collect(),
        why: diagnostic.why.clone(),
        help: diagnostic.help.clone(),
        fixes: fixes.collect(),
        witness: diagnostic.witness.clone(),
        target: diagnostic.target.clone(),
        page: format!("errors/{}", diagnostic.code.number()),
    }
}

fn place(shown: &Shown<'_>, label: &Label) -> Place {
    let (start, end, range) = (shown.start(label.span), shown.end(label.span), shown.range(label.span));
    Place {
        file: shown.path(label.span).to_owned(),
        start: [start.line, start.column],
        end: [end.line, end.column],
        bytes: [range.start, range.end],
        text: label.text.clone(),
    }
}
