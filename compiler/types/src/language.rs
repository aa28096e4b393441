//! Regular languages of texts, as minimal automata over UTF-8 bytes.

/// A regular language; equality is equality of languages (minimal, canonical numbering).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {}
