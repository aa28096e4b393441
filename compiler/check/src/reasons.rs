//! The closed list of reasons of a map, filled while it is checked. A reason is interned: the same code, rule and
//! text is the same reason.

use mapc_diagnostics::Code;

use crate::typed::{Reason, ReasonId};

/// Reasons in order of first use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reasons {
    list: Vec<Reason>,
}

impl Reasons {
    /// A list that holds what every run may end with.
    pub(crate) fn standard() -> Self {
        let mut reasons = Self::default();
        for (code, text) in [
            (Code::R0101, "the message is not JSON"),
            (Code::R0102, "the message holds broken text"),
            (Code::R0103, "a key that is read stands twice in one record"),
            (Code::R0110, "the message is nested too deep"),
            (Code::R0111, "the message or one of its lists is too large"),
            (Code::R0112, "a number has more than 34 digits"),
            (Code::R0113, "the map takes too many steps for this message"),
            (Code::R0114, "the document is too large"),
        ] {
            reasons.intern(code, "", text);
        }
        reasons
    }

    /// The number of this reason.
    pub(crate) fn intern(&mut self, code: Code, rule: &str, text: &str) -> ReasonId {
        self.find(code, rule, text).unwrap_or_else(|| {
            let id = stable_id(&[code.number(), rule, text]);
            self.list.push(Reason { code, rule: rule.to_owned(), text: text.to_owned(), id });
            ReasonId(self.list.len() - 1)
        })
    }

    /// The number of this reason, if it is there.
    pub(crate) fn find(&self, code: Code, rule: &str, text: &str) -> Option<ReasonId> {
        let same = |reason: &Reason| reason.code == code && reason.rule == rule && reason.text == text;
        self.list.iter().position(same).map(ReasonId)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets all from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// The reason of that number.
    pub(crate) fn get(&self, id: ReasonId) -> Option<&Reason> {
        self.list.get(id.0)
    }

    /// The finished list.
    pub(crate) fn into_list(self) -> Vec<Reason> {
        self.list
    }
}

/// A stable id of 16 hex digits: FNV-1a over the parts, each ended by a zero byte.
pub(crate) fn stable_id(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.iter().flat_map(|part| part.bytes().chain(std::iter::once(0))) {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{hash:016x}")
}
