//! The narrated form: whole sentences in reading order, for screen readers.

use mapc_diagnostics::{Diagnostic, Severity, Side};

use super::shown::{Shown, clean};

/// One paragraph.
pub fn render(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let place = shown.start(diagnostic.primary.span);
    let word = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    };
    let mut text = format!(
        "{word} {}, file {}, line {}, column {}.",
        diagnostic.code.number(),
        shown.path(diagnostic.primary.span),
        place.line,
        place.column
    );
    sentence(&mut text, &diagnostic.title);
    if diagnostic.facts.is_empty() {
        sentence(&mut text, &diagnostic.primary.text);
        for label in &diagnostic.related {
            let line = shown.start(label.span).line;
            sentence(&mut text, &format!("{}, see {}, line {line}", label.text, shown.path(label.span)));
        }
    } else {
        let facts: Vec<String> = diagnostic
            .facts
            .iter()
            .map(|fact| {
                let side = match fact.side {
                    Side::Map => "map",
                    Side::Source => "source",
                    Side::Target => "target",
                    Side::Table => "table",
                };
                format!("{side}: {}", fact.statement)
            })
            .collect();
        sentence(&mut text, &facts.join("; "));
        for label in &diagnostic.related {
            sentence(
                &mut text,
                &format!("See {}, line {}", shown.path(label.span), shown.start(label.span).line),
            );
        }
    }
    if let Some(why) = &diagnostic.why {
        sentence(&mut text, why);
    }
    if let Some(witness) = &diagnostic.witness {
        sentence(&mut text, witness);
    }
    for (at, help) in diagnostic.help.iter().enumerate() {
        let lines: Vec<&str> = help.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let words: Vec<&str> = lines.iter().flat_map(|line| line.split("  ")).map(str::trim).collect();
        let words: Vec<&str> = words.into_iter().filter(|part| !part.is_empty()).collect();
        sentence(&mut text, &format!("Choice {}: {}", at + 1, words.join(", ")));
    }
    sentence(&mut text, &format!("More: mapc explain {}", diagnostic.code.number()));
    text.push('\n');
    text
}

/// Adds a sentence: first letter large, a full stop behind.
fn sentence(text: &mut String, words: &str) {
    let words = clean(words.trim());
    let mut letters = words.chars();
    let Some(first) = letters.next() else { return };
    text.push(' ');
    text.extend(first.to_uppercase());
    text.push_str(letters.as_str());
    if !words.ends_with(['.', ':', '?']) {
        text.push('.');
    }
}
