//! How a run ends.

use mapc_bytecode::Reason;

/// How a run ends. Borrowed from the instance, whose buffers it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// A document for the target.
    Deliver {
        /// JSON, compact.
        document: &'a [u8],
        /// Idempotency key.
        key: Option<&'a str>,
        /// What orders delivery.
        order_by: Option<&'a str>,
    },
    /// Nothing to deliver.
    Skip {
        /// R0701.
        reason: &'a Reason,
    },
    /// A record is not there yet.
    Wait {
        /// R0702.
        reason: &'a Reason,
        /// What is waited for; empty if the map names nothing.
        reference: &'a str,
    },
    /// Refused.
    Reject {
        /// Which of the reasons of the map.
        reason: &'a Reason,
        /// What it says to people, with values of this message.
        text: &'a str,
    },
}

impl<'a> Outcome<'a> {
    /// The reason, unless a document is delivered.
    pub fn reason(&self) -> Option<&'a Reason> {
        match *self {
            Outcome::Deliver { .. } => None,
            Outcome::Skip { reason } | Outcome::Wait { reason, .. } | Outcome::Reject { reason, .. } => {
                Some(reason)
            }
        }
    }

    /// Number of the R code (401 for R0401), unless a document is delivered.
    pub fn code(&self) -> Option<u16> {
        self.reason().map(|reason| reason.code)
    }

    /// The document, if one is delivered.
    pub fn document(&self) -> Option<&'a [u8]> {
        match *self {
            Outcome::Deliver { document, .. } => Some(document),
            _ => None,
        }
    }
}
