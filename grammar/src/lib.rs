//! Text becomes a tree, always: every text gives a tree with holes and a list of diagnostics.

pub mod errors;
mod layout;
mod offsets;
mod parse;
mod tokens;
pub mod tree;
mod tree_text;

pub use errors::not_utf8;
pub use layout::continued;
pub use mapc_diagnostics::{Diagnostic, FileId, Sources, Span, Staged};
pub use parse::{parse, parse_text};
pub use tokens::{Token, TokenKind, tokens};
pub use tree_text::tree_text;

#[cfg(test)]
mod tests;
