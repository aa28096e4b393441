//! Limits of a run as they are typed: `--limit rows=200000`.

use mapc_vm::Limits;

use crate::arguments::LimitName;

/// The default limits with these changes.
pub fn limits(changes: &[(LimitName, u64)]) -> Limits {
    let mut limits = Limits::default();
    for (name, number) in changes {
        let size = usize::try_from(*number).unwrap_or(usize::MAX);
        match name {
            LimitName::Input => limits.input_bytes = size,
            LimitName::Depth => limits.depth = size,
            LimitName::Rows => limits.list_rows = size,
            LimitName::Output => limits.output_bytes = size,
            LimitName::Steps => limits.steps = *number,
        }
    }
    limits
}

/// How much of a message is kept in memory: enough to see that it is too large.
pub fn message_limit(limits: &Limits) -> usize {
    limits.input_bytes.min(usize::MAX - 2)
}
