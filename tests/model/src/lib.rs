//! The reference interpreter: what the right answer of a checked map on a message is, written for clarity alone.
//! Shares no code with the runtime; the vm is compared with it byte for byte.
//!
//! Choices where the meaning of a run leaves room:
//! - All operands are evaluated, left to right, before absence is looked at; only `and`, `or`, `choose`, `else` and
//!   `when` skip anything. Rows without group and sort stream: filter, body, next row.
//! - `first`, `last`, `only` look at all rows first, pick one and evaluate the element there alone. They, `min` and
//!   `max` give the element unchanged; of equal ones the first.
//! - A message or row that is null where a record is needed is R0201, also for nullable fields.
//! - Tests of the 34 digits are made before trailing zeros are dropped; of a quotient after.
//! - An operation that fails although the proof excludes it ends as R0112 and is caught by no handler.
//! - A failure inside `when`, a gate, a key or a handler's text ends with its own reason. A failure of a field is never
//!   caught by another field that uses it.
//! - `wait` names `entity key`; a rejection without words says its reason's own.
//! - An instant outside the years 1 to 9999 in UTC is not read; zones are known from 1900 to 2200.
//! - Tests of text on a date or number look at its canonical text.

pub mod builder;
mod calendar;
pub mod cases;
mod decimal;
mod document;
mod evaluate;
mod json;
mod library;
pub mod member;
mod outcome;
mod predicate;
mod rows;
mod run;
mod source;
#[cfg(test)]
mod tests;
mod value;

pub use outcome::{Context, Limits, Outcome};
pub use run::run;
