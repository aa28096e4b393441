//! An ERP's schema becomes a type, soundly or not at all.

mod api;
mod dialect;
mod errors;
mod expand;
mod load;
mod loader;
mod lower;
mod negate;
mod number;
mod numeric;
mod overlay;
mod places;
mod read;
mod record;
mod resolve;
mod sequence;
mod text;
mod tree;

#[cfg(test)]
mod tests;

pub use api::{
    Described, Direction, Lint, LintSide, LoadedSchema, Operation, OverlaySummary, Step, Strength,
};
pub use load::{lint, load};
