//! A workspace in memory that examples change and that can be put on disk.

use std::collections::BTreeMap;
use std::path::Path;

use mapc_driver::MemoryFiles;

use crate::repository;

/// Files by path, with `/`.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    files: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    /// A copy of a folder of the repository.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn copy_of(folder: &str) -> Result<Folder, String> {
        let mut copy = Folder::default();
        for path in repository::files(folder, "") {
            let inside = path.strip_prefix(folder).unwrap_or(&path).trim_start_matches('/');
            copy.put(inside, repository::bytes(&path)?);
        }
        Ok(copy)
    }

    /// Adds a file or replaces it.
    pub fn put(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.files.insert(path.to_owned(), content.into());
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// A file's content.
    ///
    /// # Errors
    /// There is no such file.
    pub fn get(&self, path: &str) -> Result<&[u8], String> {
        self.files.get(path).map(Vec::as_slice).ok_or_else(|| format!("there is no file {path}"))
    }

    /// A file's text.
    ///
    /// # Errors
    /// There is no such file, or it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<&str, String> {
        std::str::from_utf8(self.get(path)?).map_err(|error| format!("{path}: {error}"))
    }

    /// Paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The same files for the driver.
    pub fn files(&self) -> MemoryFiles {
        let mut files = MemoryFiles::new();
        for (path, content) in &self.files {
            files = files.with(path.clone(), content.clone());
        }
        files
    }

    /// Writes all files below a folder on disk.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn write_to(&self, place: &Path) -> Result<(), String> {
        for (path, content) in &self.files {
            let full = place.join(path);
            let parent = full.parent().unwrap_or(place);
            std::fs::create_dir_all(parent).map_err(|error| format!("{path}: {error}"))?;
            std::fs::write(&full, content).map_err(|error| format!("{path}: {error}"))?;
        }
        Ok(())
    }

    /// Ids of the tenant's snapshot: entity, key, id.
    pub fn ids(&self, tenant: &str) -> Vec<(String, String, String)> {
        let place = format!("tenants/{tenant}/xref/");
        let mut ids = Vec::new();
        for (path, content) in &self.files {
            let entity = path.strip_prefix(&place).and_then(|rest| rest.strip_suffix(".csv"));
            let Some(entity) = entity else { continue };
            let text = String::from_utf8_lossy(content);
            for (key, id) in text.lines().skip(1).filter_map(|line| line.split_once(',')) {
                ids.push((entity.to_owned(), key.to_owned(), id.to_owned()));
            }
        }
        ids
    }
}
