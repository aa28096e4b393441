//! What the fuzzer calls: one function per way in, any bytes go. Knows nothing of the fuzzer; the tests replay its seeds
//! through the same functions.
//!
//! Each gives the words of what is wrong. A panic, and work without end, are wrong in any case.

mod artifact;
mod layout;
mod map;
mod messages;
mod parts;
pub mod shelf;
mod spans;
mod text;
mod twin;
mod type_file;

pub use artifact::{load, trial};
pub use layout::format;
pub use map::check;
pub use messages::{prepare, run};
pub use text::parse;
pub use type_file::schema;

/// What a target says: nothing, or what is wrong.
pub type Verdict = Result<(), String>;

/// A target as a value.
pub type Target = fn(&[u8]) -> Verdict;

/// All targets by name.
pub const ALL: &[(&str, Target)] = &[
    ("parse", parse),
    ("check", check),
    ("load", load),
    ("run", run),
    ("format", format),
    ("schema", schema),
];
