//! Schemas that were loaded, for all maps of one run: a schema that a thousand tenants share is typed once. Knows no
//! map and no disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mapc_diagnostics::{Diagnostic, FileId, Staged};
use mapc_schema::{Direction, LoadedSchema};

/// Schemas of one run. Loading is a function of the key alone, so whoever asks first answers for all.
#[derive(Debug, Default)]
pub struct Schemas {
    loaded: Mutex<HashMap<Key, Arc<OnceLock<Loaded>>>>,
}

/// Everything that loading a schema depends on: the files in order (their places in diagnostics carry number and
/// path) and the direction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) files: Vec<Read>,
    pub(crate) direction: Direction,
}

/// One file that was read: its number among the sources, its path and the SHA-256 of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Read {
    pub(crate) number: FileId,
    pub(crate) path: String,
    pub(crate) sha256: [u8; 32],
}

/// A loaded schema and what was said about it.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) schema: Option<Arc<LoadedSchema>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl From<Staged<Option<LoadedSchema>>> for Loaded {
    fn from(staged: Staged<Option<LoadedSchema>>) -> Self {
        Self { schema: staged.value.map(Arc::new), diagnostics: staged.diagnostics }
    }
}

impl Schemas {
    /// No schema yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many are held.
    pub fn count(&self) -> usize {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The schema of that key; made when nobody asked before. Two who ask at once wait for one another.
    pub(crate) fn get(&self, key: Key, make: impl FnOnce() -> Loaded) -> Loaded {
        let slot = {
            let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(loaded.entry(key).or_default())
        };
        slot.get_or_init(make).clone()
    }
}
