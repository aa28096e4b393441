//! What a run is given beside the message, and what it ends with.

use std::collections::BTreeMap;

use mapc_check::typed::ReasonId;

/// What the host knows.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Ids by entity (`netsuite.customer`) and key.
    pub xrefs: BTreeMap<(String, String), String>,
}

/// What a message may cost. Steps are not counted here.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the message.
    pub input: usize,
    /// Open brackets.
    pub depth: usize,
    /// Elements of a list that is read.
    pub rows: usize,
    /// Bytes of the document.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { input: 16 << 20, depth: 64, rows: 100_000, output: 64 << 20 }
    }
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A document for the target.
    Deliver {
        /// JSON, compact.
        document: Vec<u8>,
        /// Idempotency key.
        key: Option<String>,
        /// What orders delivery.
        order_by: Option<String>,
    },
    /// Nothing to deliver.
    Skip {
        /// R0701.
        reason: ReasonId,
    },
    /// A record is not there yet.
    Wait {
        /// R0702.
        reason: ReasonId,
        /// `netsuite.customer 8812`; empty if the map names none.
        reference: String,
    },
    /// Refused.
    Reject {
        /// Which of the reasons of the map.
        reason: ReasonId,
        /// What it says to people, with the values of this message.
        text: String,
    },
}
