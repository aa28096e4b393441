//! Files in memory: for tests and for hosts without a disk.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{Entry, Files, ReadError};

/// A workspace that lives in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFiles {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or puts another content into it.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), content.into());
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let content = self.files.get(path).ok_or(ReadError::Missing)?;
        match u64::try_from(content.len()) {
            Ok(size) if size <= limit => Ok(content.clone()),
            _ => Err(ReadError::TooLarge),
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn list(&self, folder: &str) -> Vec<Entry> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let inside = self.files.keys().filter_map(|path| path.strip_prefix(&prefix));
        let entries: BTreeSet<Entry> = inside
            .map(|rest| match rest.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), folder: true },
                None => Entry { name: rest.to_owned(), folder: false },
            })
            .collect();
        entries.into_iter().collect()
    }
}
