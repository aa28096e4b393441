//! The standard library: signatures, documentation and examples.
//!
//! The text of the library files and nothing else; `mapc-check` reads it.

/// One library file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// Name of the file, such as `text.map`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Every library file, in the order of the reference page.
pub const FILES: &[File] = &[
    File { name: "text.map", text: include_str!("../text.map") },
    File { name: "number.map", text: include_str!("../number.map") },
    File { name: "date.map", text: include_str!("../date.map") },
    File { name: "choice.map", text: include_str!("../choice.map") },
];
