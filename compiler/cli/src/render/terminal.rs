//! The full form: the lines it speaks of, across files, then why, help and where to read more.

use codespan_reporting::diagnostic::{Diagnostic as Block, Label, Severity as Grade};
use codespan_reporting::term::termcolor::{Ansi, NoColor};
use codespan_reporting::term::{Chars, Config, Styles, StylesWriter, emit_to_write_style};
use mapc_diagnostics::{Diagnostic, Severity};

use super::short;
use super::shown::{Shown, clean};
use crate::look::Look;

/// Lines longer than this are not quoted.
const LONGEST_LINE: usize = 500;

/// One diagnostic with a blank line behind it.
pub fn render(shown: &Shown<'_>, diagnostic: &Diagnostic, look: &Look) -> String {
    let notes = notes(diagnostic, look.width);
    let spans = diagnostic.related.iter().map(|label| label.span);
    let long =
        std::iter::once(diagnostic.primary.span).chain(spans).any(|s| shown.line_length(s) > LONGEST_LINE);
    if long {
        return without_lines(shown, diagnostic, &notes);
    }
    let primary = Label::primary(diagnostic.primary.span.file, shown.range(diagnostic.primary.span))
        .with_message(clean(&diagnostic.primary.text));
    let related = diagnostic.related.iter().filter(|label| !shown.path(label.span).is_empty());
    let related = related.map(|label| {
        Label::secondary(label.span.file, shown.range(label.span)).with_message(clean(&label.text))
    });
    let block = Block::new(grade(diagnostic.severity))
        .with_code(diagnostic.code.number())
        .with_message(clean(&diagnostic.title))
        .with_labels(std::iter::once(primary).chain(related).collect())
        .with_notes(notes.clone());
    let chars = if look.ascii { Chars::ascii() } else { Chars::default() };
    let config = Config { chars, ..Config::default() };
    let mut bytes = Vec::new();
    let done = if look.colour {
        let styles = Styles::default();
        emit_to_write_style(&mut StylesWriter::new(Ansi::new(&mut bytes), &styles), &config, shown, &block)
    } else {
        let styles = Styles::no_color();
        emit_to_write_style(&mut StylesWriter::new(NoColor::new(&mut bytes), &styles), &config, shown, &block)
    };
    match (done, String::from_utf8(bytes)) {
        (Ok(()), Ok(text)) => tidy(&text),
        _ => without_lines(shown, diagnostic, &notes),
    }
}

/// The same without quoting lines.
fn without_lines(shown: &Shown<'_>, diagnostic: &Diagnostic, notes: &[String]) -> String {
    let mut text = short::render(shown, diagnostic);
    let labels =
        std::iter::once(&diagnostic.primary).chain(&diagnostic.related).filter(|l| !l.text.is_empty());
    for label in labels {
        let place = shown.start(label.span);
        let line =
            format!("{}:{}:{}: {}", shown.path(label.span), place.line, place.column, clean(&label.text));
        text.push_str(&format!("    = {line}\n"));
    }
    for note in notes {
        text.push_str(&format!("    = {}\n", note.replace('\n', "\n      ")));
    }
    text.push('\n');
    text
}

fn grade(severity: Severity) -> Grade {
    match severity {
        Severity::Error => Grade::Error,
        Severity::Warning => Grade::Warning,
        Severity::Note => Grade::Note,
    }
}

/// `why:`, `help:`, `e.g.:`, `more:`.
fn notes(diagnostic: &Diagnostic, width: usize) -> Vec<String> {
    // Behind "   = help: " and a line number of three digits.
    let room = width.saturating_sub(14).max(24);
    let mut notes = Vec::new();
    if let Some(why) = &diagnostic.why {
        notes.push(format!("why:  {}", wrap(&clean(why), room, "      ")));
    }
    if let Some(witness) = &diagnostic.witness {
        notes.push(clean_lines(witness).replace('\n', "\n      "));
    }
    for help in &diagnostic.help {
        let help = clean_lines(help);
        let mut lines = help.lines();
        let first = wrap(lines.next().unwrap_or(""), room, "      ");
        let lines: Vec<&str> = lines.map(str::trim_end).collect();
        // Whatever indentation it came with, map text stands a little right of the advice.
        let filled = lines.iter().filter(|line| !line.is_empty());
        let common = filled.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
        let rest: String =
            lines.iter().map(|line| format!("\n  {}", line.get(common..).unwrap_or(""))).collect();
        notes.push(format!("help: {first}{rest}"));
    }
    notes.push(format!("more: mapc explain {}", diagnostic.code.number()));
    notes
}

fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// Breaks a sentence at spaces so that no line is longer than `room`.
fn wrap(text: &str, room: usize, indent: &str) -> String {
    let mut wrapped = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            wrapped.push('\n');
            wrapped.push_str(indent);
            used = 0;
        } else if used > 0 {
            wrapped.push(' ');
            used += 1;
        }
        wrapped.push_str(word);
        used += length;
    }
    wrapped
}

/// No blanks at line ends.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for line in text.lines() {
        tidy.push_str(line.trim_end());
        tidy.push('\n');
    }
    tidy
}
