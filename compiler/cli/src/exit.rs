//! The one exit code policy.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, nothing to object to.
    Done,
    /// Findings: errors, failed tests, unformatted files.
    Findings,
    /// Could not do the work: usage, configuration, missing or unreadable file.
    Unable,
    /// A fault of mapc itself.
    Internal,
}

impl Exit {
    /// 0, 1, 2 or 101.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::Unable => 2,
            Exit::Internal => 101,
        }
    }
}
