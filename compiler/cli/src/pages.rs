//! The page of each code, embedded when mapc was built.

use mapc_diagnostics::Code;

const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page of a code, as Markdown.
pub fn page(code: Code) -> Option<&'static str> {
    PAGES.iter().find(|(name, _)| *name == code.number()).map(|(_, text)| *text)
}
