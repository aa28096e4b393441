//! What the host gives beside the message: ids of records in the target, and what a message may cost.

use std::collections::BTreeMap;

/// The host's snapshot of ids in the target system.
pub trait Xref {
    /// The id of the record of this entity (`netsuite.customer`) with this key.
    fn find<'a>(&'a self, entity: &str, key: &str) -> Option<&'a str>;
}

/// Ids held in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryXref {
    entities: BTreeMap<String, BTreeMap<String, String>>,
}

impl MemoryXref {
    /// No ids.
    pub fn new() -> MemoryXref {
        MemoryXref::default()
    }

    /// Adds an id.
    pub fn insert(&mut self, entity: impl Into<String>, key: impl Into<String>, id: impl Into<String>) {
        self.entities.entry(entity.into()).or_default().insert(key.into(), id.into());
    }
}

impl Xref for MemoryXref {
    fn find<'a>(&'a self, entity: &str, key: &str) -> Option<&'a str> {
        self.entities.get(entity)?.get(key).map(String::as_str)
    }
}

/// What one run is given beside the message.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Context<'a> {
    /// Ids of records in the target.
    pub xref: &'a dyn Xref,
    /// When the message was received, in seconds since 1970.
    pub received: Option<i64>,
}

impl<'a> Context<'a> {
    /// With these ids.
    pub fn new(xref: &'a dyn Xref) -> Context<'a> {
        Context { xref, received: None }
    }
}

/// What a message may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the message (R0111); never more than 2 GiB.
    pub input_bytes: usize,
    /// Open brackets (R0110).
    pub depth: usize,
    /// Elements of one list that is read (R0111); all lists together hold at most sixteen times as many.
    pub list_rows: usize,
    /// Bytes of the document (R0114).
    pub output_bytes: usize,
    /// Instructions, and texts worked on (R0113).
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            input_bytes: 16 << 20,
            depth: 64,
            list_rows: 100_000,
            output_bytes: 64 << 20,
            steps: 50_000_000,
        }
    }
}
