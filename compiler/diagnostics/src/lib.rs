//! What a place in a text is, and what we say about it.
//!
//! Plain data: no trait objects, no text built before it is shown, no dependency on a renderer.
//! Renderers live at the edge, in the command-line crate.

mod codes;
mod model;
mod source;
mod suggest;

pub use codes::{Code, CodeEntry, Severity, Stage, all_codes};
pub use model::{Diagnostic, Edit, Fact, Fix, FixLevel, Label, Side, Staged, sort};
pub use source::{FileId, Position, SourceFile, Sources, Span};
pub use suggest::nearest;
