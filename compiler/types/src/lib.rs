//! What a value may be, and when one type fits another.
//!
//! Never hears of JSON Schema, places in texts or map files. Numbers are exact rationals, lengths are
//! Unicode code points. Presence is not a value: it stands beside the type in a [`Slot`].

mod language;
mod shape;

pub use language::Language;
pub use num_rational::BigRational;
pub use shape::{
    Bound, DateKind, Decimal, Grid, Interval, Length, List, Object, Presence, Rest, Slot, Text, Type, Wire,
};
