//! Sources and schemas become an artifact or diagnostics. Pure: the host brings the files.

mod errors;
mod files;
mod memory;
mod path;
mod pins;
mod workspace;

pub use errors::MAP_LIMIT;
pub use files::{Entry, Files, ReadError};
pub use memory::MemoryFiles;
pub use path::{PathError, folder as folder_of, join as join_path};
pub use pins::{Pin, PinKind};
pub use workspace::Workspace;
