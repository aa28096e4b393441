//! How one message ended, as this command speaks of it. Knows no vm: `engine.rs` translates.

/// How a message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A document.
    Deliver {
        /// Compact JSON.
        document: Vec<u8>,
        /// Idempotency key.
        key: Option<String>,
    },
    /// Deliberately nothing.
    Skip(Cause),
    /// A record of the receiving system is not there yet.
    Wait {
        /// Why.
        cause: Cause,
        /// The record that is waited for: `netsuite.customer C-1001`.
        reference: Option<String>,
    },
    /// Refused.
    Reject(Cause),
}

/// One entry of the closed list, with the words of this message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// `R0301`.
    pub code: String,
    /// Stable id.
    pub id: String,
    /// Target path, source path or rule.
    pub rule: String,
    /// The reason's own words, the same for every message.
    pub general: String,
    /// The map's own text, filled in for this message.
    pub text: Option<String>,
}

impl Cause {
    /// The map's own text, else the reason's.
    pub fn words(&self) -> &str {
        self.text.as_deref().filter(|text| !text.is_empty()).unwrap_or(&self.general)
    }
}

impl Ending {
    /// `deliver`, `skip`, `wait`, `reject`.
    pub fn word(&self) -> &'static str {
        match self {
            Ending::Deliver { .. } => "deliver",
            Ending::Skip(_) => "skip",
            Ending::Wait { .. } => "wait",
            Ending::Reject(_) => "reject",
        }
    }

    /// Why there is no document.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Ending::Deliver { .. } => None,
            Ending::Skip(cause) | Ending::Wait { cause, .. } | Ending::Reject(cause) => Some(cause),
        }
    }
}
