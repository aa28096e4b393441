//! How the driver asks for texts. Knows no disk: the command line and the editor bring their own.

use std::sync::Arc;

use crate::content::Content;

/// Where texts come from. Paths are relative to the workspace, with `/`, already free of `.` and `..`.
pub trait Files {
    /// The bytes of a file, at most `limit` of them.
    ///
    /// # Errors
    /// The file is not there, is larger than the limit, or cannot be read.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// The same file with its hash and its lines. A host that compiles many maps may give the same one again and
    /// again, so that a schema is read once.
    ///
    /// # Errors
    /// As for `read`.
    fn content(&self, path: &str, limit: u64) -> Result<Arc<Content>, ReadError> {
        self.read(path, limit).map(|bytes| Arc::new(Content::new(path, bytes)))
    }

    /// A file of that path can be read.
    fn exists(&self, path: &str) -> bool;

    /// What lies directly in a folder, in order of name; empty if there is no such folder.
    fn list(&self, folder: &str) -> Vec<Entry>;

    /// Something lies in the folder. Less than the list: it stays true when a file is added.
    fn is_filled(&self, folder: &str) -> bool {
        !self.list(folder).is_empty()
    }
}

/// One thing in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name, without the folder.
    pub name: String,
    /// It is a folder itself.
    pub folder: bool,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    Missing,
    /// It is larger than the limit.
    TooLarge,
    /// It is there, and: the words of the system, without any path.
    Unreadable(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::Missing => f.write_str("there is no such file"),
            ReadError::TooLarge => f.write_str("the file is too large"),
            ReadError::Unreadable(why) => f.write_str(why),
        }
    }
}
