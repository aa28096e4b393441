//! Sources and schemas become an artifact or diagnostics. Pure: the host brings the files.

mod compile;
mod content;
mod errors;
mod files;
mod memory;
mod path;
mod pins;
mod schemas;
mod workspace;

pub use compile::{Compilation, SchemaReport, compile, compile_open, compile_sharing, lint_schema};
pub use content::Content;
pub use errors::MAP_LIMIT;
pub use files::{Entry, Files, ReadError};
pub use memory::MemoryFiles;
pub use path::{PathError, folder as folder_of, join as join_path};
pub use pins::{Pin, PinKind};
pub use schemas::Schemas;
pub use workspace::Workspace;

/// What a compiled map is, for hosts that show or write one.
pub use mapc_bytecode::{ArtifactError, Module, VerifyError, listing, verify};
/// The checked map, for hosts that report on it or test it.
pub use mapc_check::{Checked, OpenGap, OpenMap, References, typed};
