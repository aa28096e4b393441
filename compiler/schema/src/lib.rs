//! An ERP's schema becomes a type, soundly or not at all.

mod api;

pub use api::{Described, Direction, Lint, LintSide, LoadedSchema, Operation, OverlaySummary, Step, Strength};
