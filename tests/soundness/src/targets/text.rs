//! Any bytes are a text, and every text has a tree.

use mapc_diagnostics::Sources;

use super::{Verdict, spans};

/// Parses the bytes: a tree comes out, and whatever is said points into the text.
///
/// # Errors
/// Something points elsewhere, or the tokens are not the text.
pub fn parse(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let mut sources = Sources::new();
    let file = sources.add("fuzz.map", &*text);
    let parsed = mapc_grammar::parse(&sources, file);
    spans::all_inside(&parsed.diagnostics, &sources)?;
    let _shown = mapc_grammar::tree_text(&parsed.value);
    let joined: String = mapc_grammar::tokens(&text).iter().map(|token| token.text).collect();
    if joined == text { Ok(()) } else { Err("the tokens are not the text".to_owned()) }
}
