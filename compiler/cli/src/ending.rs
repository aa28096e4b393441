//! How one message ended, as this command speaks of it. Knows no vm: `engine.rs` translates.

/// How a message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending<'a> {
    /// A document.
    Deliver {
        /// Compact JSON.
        document: &'a [u8],
        /// Idempotency key.
        key: Option<&'a str>,
    },
    /// Deliberately nothing.
    Skip(Cause<'a>),
    /// A record of the receiving system is not there yet.
    Wait {
        /// Why.
        cause: Cause<'a>,
        /// The record that is waited for: `netsuite.customer C-1001`.
        reference: Option<&'a str>,
    },
    /// Refused.
    Reject(Cause<'a>),
}

/// One entry of the closed list, with the words of this message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause<'a> {
    /// `R0301`.
    pub code: String,
    /// Stable id.
    pub id: &'a str,
    /// Target path, source path or rule.
    pub rule: &'a str,
    /// The reason's own words, the same for every message.
    pub general: &'a str,
    /// The map's own text, filled in for this message.
    pub text: Option<&'a str>,
}

impl Cause<'_> {
    /// The map's own text, else the reason's.
    pub fn words(&self) -> &str {
        self.text.filter(|text| !text.is_empty()).unwrap_or(self.general)
    }
}

impl<'a> Ending<'a> {
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
    pub fn cause(&self) -> Option<&Cause<'a>> {
        match self {
            Ending::Deliver { .. } => None,
            Ending::Skip(cause) | Ending::Wait { cause, .. } | Ending::Reject(cause) => Some(cause),
        }
    }
}
