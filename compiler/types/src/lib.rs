//! What a value may be, and when one type fits another.
//!
//! Never hears of JSON Schema, places in texts or map files. Numbers are exact rationals, lengths are
//! Unicode code points. Presence is not a value: it stands beside the type in a [`Slot`].

mod decimal;
mod fits;
mod gaps;
mod language;
mod number;
mod operations;
pub mod planted;
#[cfg(test)]
mod sampling;
mod shape;
mod text;

pub use decimal::{RoundingMode, round_value};
pub use fits::{Definitions, Fit, Gap, Misfit, PathStep, fits};
pub use gaps::{DecimalGap, TextGap, decimal_gaps, text_gaps};
pub use language::{Language, LanguageTable, PatternError};
pub use num_rational::BigRational;
pub use number::{digits_of, format_decimal, parse_decimal, scale_of, to_coefficient_scale};
pub use operations::Kind;
pub use shape::{
    Bound, DateKind, Decimal, Grid, Interval, Length, List, Object, Presence, Rest, Slot, Text, Type, Wire,
};

/// Finite sets hold at most this many values.
pub(crate) const MAX_SET: usize = 10_000;
