//! How a run ended, in one form for the vm and the reference interpreter.

use std::fmt;

use mapc_check::typed::{ReasonId, Typed};

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A document.
    Deliver {
        /// JSON.
        document: Vec<u8>,
        /// Idempotency key.
        key: Option<String>,
        /// What orders delivery.
        order_by: Option<String>,
    },
    /// No document.
    Other {
        /// `skip`, `wait` or `reject`.
        word: &'static str,
        /// `R0302`.
        code: String,
        /// Stable id of the reason.
        id: String,
        /// Target path, source path or rule.
        rule: String,
        /// Words, or what is waited for.
        text: String,
    },
}

impl Ending {
    /// Of the vm.
    pub fn of_vm(outcome: &mapc_vm::Outcome<'_>) -> Ending {
        let other = |word, reason: &mapc_vm::bytecode::Reason, text: &str| Ending::Other {
            word,
            code: format!("R{:04}", reason.code),
            id: reason.id.clone(),
            rule: reason.rule.clone(),
            text: text.to_owned(),
        };
        match *outcome {
            mapc_vm::Outcome::Deliver { document, key, order_by } => Ending::Deliver {
                document: document.to_vec(),
                key: key.map(str::to_owned),
                order_by: order_by.map(str::to_owned),
            },
            mapc_vm::Outcome::Skip { reason } => other("skip", reason, ""),
            mapc_vm::Outcome::Wait { reason, reference } => other("wait", reason, reference),
            mapc_vm::Outcome::Reject { reason, text } => other("reject", reason, text),
        }
    }

    /// Of the reference interpreter.
    pub fn of_model(typed: &Typed, outcome: &mapc_model::Outcome) -> Ending {
        let other = |word, reason: ReasonId, text: &str| {
            let reason = typed.reasons.get(reason.0);
            let field = |of: fn(&mapc_check::typed::Reason) -> String| reason.map(of).unwrap_or_default();
            Ending::Other {
                word,
                code: field(|reason| reason.code.to_string()),
                id: field(|reason| reason.id.clone()),
                rule: field(|reason| reason.rule.clone()),
                text: text.to_owned(),
            }
        };
        match outcome {
            mapc_model::Outcome::Deliver { document, key, order_by } => {
                Ending::Deliver { document: document.clone(), key: key.clone(), order_by: order_by.clone() }
            }
            mapc_model::Outcome::Skip { reason } => other("skip", *reason, ""),
            mapc_model::Outcome::Wait { reason, reference } => other("wait", *reason, reference),
            mapc_model::Outcome::Reject { reason, text } => other("reject", *reason, text),
        }
    }

    /// `deliver`, `skip`, `wait` or `reject`.
    pub fn word(&self) -> &'static str {
        match self {
            Ending::Deliver { .. } => "deliver",
            Ending::Other { word, .. } => word,
        }
    }

    /// The code, unless a document is delivered.
    pub fn code(&self) -> Option<&str> {
        match self {
            Ending::Deliver { .. } => None,
            Ending::Other { code, .. } => Some(code),
        }
    }

    /// The document, if one is delivered.
    pub fn document(&self) -> Option<&[u8]> {
        match self {
            Ending::Deliver { document, .. } => Some(document),
            Ending::Other { .. } => None,
        }
    }

    /// As written in a page: `reject R0302: words`, `skip R0701`, `wait R0702 erp.customer C-9`, or without words.
    pub fn is_written(&self, expected: &str) -> bool {
        let Some(code) = self.code() else { return false };
        let expected = expected.trim();
        expected == format!("{} {code}", self.word()) || expected == self.to_string()
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Deliver { document, key, order_by } => {
                write!(formatter, "deliver {}", String::from_utf8_lossy(document))?;
                if let Some(key) = key {
                    write!(formatter, " key {key}")?;
                }
                order_by.as_ref().map_or(Ok(()), |order| write!(formatter, " in order by {order}"))
            }
            Ending::Other { word: "reject", code, text, .. } => write!(formatter, "reject {code}: {text}"),
            Ending::Other { word, code, text, .. } if text.is_empty() => write!(formatter, "{word} {code}"),
            Ending::Other { word, code, text, .. } => write!(formatter, "{word} {code} {text}"),
        }
    }
}
