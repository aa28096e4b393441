//! The pages of `docs/reference`, made from the tables they speak of.

use std::fmt::Write;

use mapc_diagnostics::{Severity, Stage, all_codes};

use crate::repository;

/// Every generated page: its path and its content.
///
/// # Errors
/// The grammar cannot be read.
pub fn pages() -> Result<Vec<(&'static str, String)>, String> {
    Ok(vec![
        ("docs/reference/functions.md", mapc_check::library::reference()),
        ("docs/reference/codes.md", codes()),
        ("docs/reference/instructions.md", mapc_bytecode::reference()),
        ("docs/reference/grammar.md", grammar(&repository::text("grammar/src/map.pest")?)),
    ])
}

/// What a stage is about.
fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Parse => "Syntax",
        Stage::Names => "Names",
        Stage::Presence => "Presence",
        Stage::Values => "Values",
        Stage::Shape => "Lists and shape",
        Stage::Tables => "Tables",
        Stage::Routing => "Routing",
        Stage::Delivery => "Delivery",
        Stage::Schema => "Schemas",
        Stage::Safety => "Safety",
        Stage::Warning => "Warnings",
        Stage::Runtime => "Endings of a run",
    }
}

fn codes() -> String {
    let mut page = String::from(
        "# All codes\n\nGenerated from the table in `compiler/diagnostics`. A code is never used again and never gets another number. \
         Each has a page with examples; `mapc explain CODE` prints it.\n",
    );
    let mut last = None;
    for entry in all_codes() {
        if last != Some(entry.stage) {
            last = Some(entry.stage);
            let _ = write!(
                page,
                "\n## {}\n\n| code | name | title | kind | since |\n|---|---|---|---|---|\n",
                stage(entry.stage)
            );
        }
        let kind = match entry.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "ending",
        };
        let (number, name, title, since) = (entry.number, entry.name, entry.title, entry.since);
        let _ =
            writeln!(page, "| [{number}](../errors/{number}.md) | `{name}` | {title} | {kind} | {since} |");
    }
    page
}

/// The rules of the grammar with their doc lines, in their sections; keywords as one list.
fn grammar(text: &str) -> String {
    let mut page = String::from(
        "# Grammar\n\nGenerated from `grammar/src/map.pest`. Before these rules see a file, remarks are blanked and lines that go on are joined, so that a line \
         end always ends a statement. `a ~ b` is one behind the other, `a | b` a choice, `a?` one or none, `a*` any number, `a+` at least one, `!a` and \
         `&a` look ahead. Rules whose name begins with `kw_` are the keywords of the last section.\n",
    );
    let mut doc = Vec::new();
    let mut rule: Vec<&str> = Vec::new();
    let mut keywords = Vec::new();
    for line in text.lines() {
        if let Some(section) = line.strip_prefix("// -").map(|rest| rest.trim_start_matches('-').trim()) {
            if section == "keywords" {
                page.push_str("\n## Keywords\n\n");
            } else {
                let mut letters = section.chars();
                let first = letters.next().map(char::to_uppercase).into_iter().flatten().collect::<String>();
                let _ = writeln!(page, "\n## {first}{}", letters.as_str());
            }
        } else if let Some(words) = line.strip_prefix("///") {
            doc.push(words.trim());
        } else if line.starts_with("//!") || (line.trim().is_empty() && rule.is_empty()) {
        } else {
            rule.push(line);
            if line.trim_end().ends_with('}') {
                let name = rule.first().and_then(|first| first.split_whitespace().next()).unwrap_or_default();
                if name.starts_with("kw_") {
                    keywords.push(doc.join(" "));
                } else {
                    let words = doc.join(" ");
                    let _ = write!(page, "\n### {name}\n\n{words}\n\n```pest\n{}\n```\n", rule.join("\n"));
                }
                doc.clear();
                rule.clear();
            }
        }
    }
    keywords.sort();
    let _ = writeln!(page, "{}", keywords.join(", "));
    page
}
