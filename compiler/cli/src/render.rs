//! Diagnostics become text: one file per format, all from one model. Knows no stage.

pub mod json;
pub mod plain;
pub mod short;
mod shown;
pub mod terminal;

use mapc_diagnostics::{Code, Diagnostic, Severity, Sources};

use crate::arguments::Format;
use crate::look::Look;
pub use shown::{Shown, clean};

/// Diagnostics of one compilation for people; empty for JSON, which goes to standard output.
pub fn for_people(sources: &Sources, diagnostics: &[Diagnostic], look: &Look) -> String {
    let kept: Vec<&Diagnostic> =
        diagnostics.iter().filter(|one| !look.quiet || one.severity == Severity::Error).collect();
    let shown = Shown::new(sources, diagnostics);
    let mut text = String::new();
    for diagnostic in kept.iter().take(look.max_errors) {
        match look.format {
            Format::Full => text.push_str(&terminal::render(&shown, diagnostic, look)),
            Format::Short => text.push_str(&short::render(&shown, diagnostic)),
            Format::Plain => text.push_str(&plain::render(&shown, diagnostic)),
            Format::Json => {}
        }
    }
    if look.format != Format::Json && kept.len() > look.max_errors {
        text.push_str(&rest(&kept, look.max_errors));
    }
    text
}

/// How many more there are, in all and per code.
fn rest(diagnostics: &[&Diagnostic], shown: usize) -> String {
    let mut counts: Vec<(Code, usize)> = Vec::new();
    for diagnostic in diagnostics {
        match counts.iter_mut().find(|(code, _)| *code == diagnostic.code) {
            Some((_, count)) => *count += 1,
            None => counts.push((diagnostic.code, 1)),
        }
    }
    counts.sort();
    let counts: Vec<String> = counts.iter().map(|(code, count)| format!("{code}: {count}")).collect();
    let total = diagnostics.len();
    format!(
        "{} more not shown, {total} in all ({}); show more with `--max-errors {total}`\n",
        total - shown,
        counts.join(", ")
    )
}

/// `error`, `warning`, `note`.
pub(crate) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// "3 errors, 1 warning"; empty when there is nothing.
pub fn counted(diagnostics: &[Diagnostic]) -> String {
    let count = |severity| diagnostics.iter().filter(|one| one.severity == severity).count();
    let words = [
        (count(Severity::Error), "error"),
        (count(Severity::Warning), "warning"),
        (count(Severity::Note), "note"),
    ];
    let words: Vec<String> = words
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests;
