//! Files as a whole run sees them: what many maps share is read once, and what one map asked is written down, so that
//! its answer can be kept. Knows no map.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mapc_driver::{Content, Entry, Files, ReadError, Workspace};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::disk::Disk;

/// The files of one workspace for one run. Schemas and overlays outside the folders of tenants, and lists of folders
/// outside of them, are looked at once: every map of the run sees the same.
#[derive(Debug)]
pub struct Reading {
    disk: Disk,
    tenants: String,
    contents: Memory<(String, u64), Result<Arc<Content>, ReadError>>,
    exist: Memory<String, bool>,
    folders: Memory<String, Vec<Entry>>,
}

/// Answers by question; who asks first answers for all.
#[derive(Debug)]
struct Memory<K, V>(Mutex<HashMap<K, Arc<OnceLock<V>>>>);

impl<K: Eq + std::hash::Hash, V: Clone> Memory<K, V> {
    fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    fn get(&self, key: K, make: impl FnOnce() -> V) -> V {
        let slot = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        slot.get_or_init(make).clone()
    }
}

impl Reading {
    /// Nothing read yet.
    pub fn new(disk: Disk, workspace: &Workspace) -> Self {
        Self {
            disk,
            tenants: workspace.tenants.clone(),
            contents: Memory::new(),
            exist: Memory::new(),
            folders: Memory::new(),
        }
    }

    /// Not of one tenant alone.
    fn is_shared(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.tenants.as_str());
        !below.is_some_and(|rest| self.tenants.is_empty() || rest.starts_with('/'))
    }

    /// A schema, or an overlay for every tenant.
    fn is_kept(&self, path: &str) -> bool {
        path.ends_with(".json") && self.is_shared(path)
    }
}

impl Files for Reading {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.disk.read(path, limit)
    }

    fn content(&self, path: &str, limit: u64) -> Result<Arc<Content>, ReadError> {
        if self.is_kept(path) {
            self.contents.get((path.to_owned(), limit), || self.disk.content(path, limit))
        } else {
            self.disk.content(path, limit)
        }
    }

    fn exists(&self, path: &str) -> bool {
        if self.is_kept(path) {
            self.exist.get(path.to_owned(), || self.disk.exists(path))
        } else {
            self.disk.exists(path)
        }
    }

    fn list(&self, folder: &str) -> Vec<Entry> {
        if self.is_shared(folder) {
            self.folders.get(folder.to_owned(), || self.disk.list(folder))
        } else {
            self.disk.list(folder)
        }
    }
}

/// One thing that was asked of the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Asked {
    /// What is in the file of that path, at most so many bytes?
    Content(String, u64),
    /// Is there such a file?
    Exists(String),
    /// What lies in the folder?
    Folder(String),
    /// Does anything lie in it?
    Filled(String),
}

/// What was asked and answered: the same answers to the same questions lead to the same result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace(Vec<(Asked, String)>);

impl Trace {
    /// Every answer is still the same.
    pub fn holds(&self, files: &dyn Files) -> bool {
        self.0.iter().all(|(asked, answer)| match asked {
            Asked::Content(path, limit) => of_content(&files.content(path, *limit)) == *answer,
            Asked::Exists(path) => of_presence(files.exists(path)) == answer,
            Asked::Folder(path) => of_folder(&files.list(path)) == *answer,
            Asked::Filled(path) => of_presence(files.is_filled(path)) == answer,
        })
    }
}

fn of_content(content: &Result<Arc<Content>, ReadError>) -> String {
    match content {
        Ok(content) => hex(&content.sha256()),
        Err(error) => format!("none: {error}"),
    }
}

fn of_presence(exists: bool) -> &'static str {
    if exists { "yes" } else { "no" }
}

fn of_folder(entries: &[Entry]) -> String {
    let mut hash = Sha256::new();
    for entry in entries {
        // No name holds a line end's neighbour `/`: the lines cannot be read in two ways.
        hash.update(if entry.folder { "folder /" } else { "file /" });
        hash.update(entry.name.as_bytes());
        hash.update("/\n");
    }
    hex(&hash.finalize())
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files as one map sees them; every answer is written down.
pub struct Traced<'a> {
    files: &'a Reading,
    answers: RefCell<BTreeMap<Asked, String>>,
}

impl<'a> Traced<'a> {
    /// Nothing asked yet.
    pub fn new(files: &'a Reading) -> Self {
        Self { files, answers: RefCell::default() }
    }

    /// Everything that was asked.
    pub fn trace(self) -> Trace {
        Trace(self.answers.into_inner().into_iter().collect())
    }

    fn note(&self, asked: Asked, answer: String) {
        self.answers.borrow_mut().insert(asked, answer);
    }
}

impl Files for Traced<'_> {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.files.read(path, limit);
        let content = bytes.clone().map(|bytes| Arc::new(Content::new(path, bytes)));
        self.note(Asked::Content(path.to_owned(), limit), of_content(&content));
        bytes
    }

    fn content(&self, path: &str, limit: u64) -> Result<Arc<Content>, ReadError> {
        let content = self.files.content(path, limit);
        self.note(Asked::Content(path.to_owned(), limit), of_content(&content));
        content
    }

    fn exists(&self, path: &str) -> bool {
        let exists = self.files.exists(path);
        self.note(Asked::Exists(path.to_owned()), of_presence(exists).to_owned());
        exists
    }

    fn list(&self, folder: &str) -> Vec<Entry> {
        let entries = self.files.list(folder);
        self.note(Asked::Folder(folder.to_owned()), of_folder(&entries));
        entries
    }

    fn is_filled(&self, folder: &str) -> bool {
        let filled = self.files.is_filled(folder);
        self.note(Asked::Filled(folder.to_owned()), of_presence(filled).to_owned());
        filled
    }
}
