//! Laying out a map changes nothing but its layout.

use mapc_grammar::{FileId, TokenKind, parse_text, tokens, tree_text};

use super::{Verdict, spans};

/// Lays out a text: same tree, same comments, and a second time nothing changes.
///
/// # Errors
/// One of these does not hold.
pub fn format(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let once = match mapc_format::format(&text) {
        Ok(once) => once,
        Err(diagnostics) => {
            let mut sources = mapc_diagnostics::Sources::new();
            sources.add("fuzz.map", &*text);
            return spans::all_inside(&diagnostics, &sources);
        }
    };
    let again = mapc_format::format(&once).map_err(|_| format!("cannot be read again:\n{once}"))?;
    if again != once {
        return Err(format!("a second time it is different:\n{once}\n-----\n{again}"));
    }
    if tree(&once) != tree(&text) {
        return Err(format!("another tree:\n{once}"));
    }
    if comments(&once) != comments(&text) {
        return Err(format!("other comments:\n{once}"));
    }
    let ends_well = once.is_empty() || (once.ends_with('\n') && !once.ends_with("\n\n"));
    let laid_out = ends_well && !once.contains("\n\n\n") && once.lines().all(|line| line.trim_end() == line);
    if laid_out { Ok(()) } else { Err(format!("not laid out:\n{once:?}")) }
}

fn tree(text: &str) -> String {
    tree_text(&parse_text(FileId(0), text).value)
}

fn comments(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let comments = tokens.iter().filter(|token| token.kind == TokenKind::Comment);
    comments.map(|token| token.text.trim_end().to_owned()).collect()
}
