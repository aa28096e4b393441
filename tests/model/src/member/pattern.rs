//! Patterns in two engines: ECMA-262 and Rust. Knows nothing of schemas beyond where their patterns stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::value::Value;

/// Who reads the patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Ecma,
    Rust,
}

/// The patterns of some documents.
#[derive(Debug, Default)]
pub(super) struct Patterns(BTreeMap<String, Pattern>);

/// Absent: this engine cannot read it.
#[derive(Debug)]
struct Pattern {
    ecma: Option<regress::Regex>,
    rust: Option<regex::Regex>,
}

impl Patterns {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes in every pattern in a document.
    pub(super) fn add(&mut self, document: &Arc<Value>) {
        let mut open = vec![document];
        while let Some(value) = open.pop() {
            open.extend(value.list().unwrap_or(&[]));
            let Some(record) = value.record() else { continue };
            open.extend(record.values());
            let named = record.get("patternProperties").and_then(|named| named.record());
            let named = named.into_iter().flat_map(BTreeMap::keys).map(String::as_str);
            for pattern in record.get("pattern").and_then(|pattern| pattern.text()).into_iter().chain(named) {
                self.0
                    .entry(pattern.to_owned())
                    .or_insert_with(|| Pattern { ecma: ecma(pattern), rust: rust(pattern) });
            }
        }
    }

    /// Is the pattern found in the text? What one engine cannot read, the other one decides.
    pub(super) fn matches(&self, engine: Engine, pattern: &str, text: &str) -> Result<bool, String> {
        let unreadable = || format!("the pattern `{pattern}` cannot be read");
        let known = self.0.get(pattern).ok_or_else(unreadable)?;
        match (engine, &known.ecma, &known.rust) {
            (Engine::Ecma, Some(ecma), _) | (Engine::Rust, Some(ecma), None) => Ok(ecma.find(text).is_some()),
            (_, _, Some(rust)) => Ok(rust.is_match(text)),
            (_, None, None) => Err(unreadable()),
        }
    }
}

/// With the flag for Unicode; patterns from before it without.
fn ecma(pattern: &str) -> Option<regress::Regex> {
    regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern)).ok()
}

/// With digits, letters of words and their ends as in ASCII, which is the reading that the project has pinned.
fn rust(pattern: &str) -> Option<regex::Regex> {
    let mut pinned = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let escaped = if letter == '\\' { letters.next() } else { None };
        match escaped {
            Some('d') => pinned.push_str("[0-9]"),
            Some('D') => pinned.push_str("[^0-9]"),
            Some('w') => pinned.push_str("[0-9A-Za-z_]"),
            Some('W') => pinned.push_str("[^0-9A-Za-z_]"),
            Some('b') => pinned.push_str("(?-u:\\b)"),
            escaped => pinned.extend([letter].into_iter().chain(escaped)),
        }
    }
    regex::Regex::new(&pinned).ok()
}

/// Is the text a pattern by today's ECMA-262?
pub(super) fn is_pattern(text: &str) -> bool {
    regress::Regex::with_flags(text, "u").is_ok()
}
