//! Registers: what an instruction leaves for the next one. Texts are spans, never copies.

use std::cmp::Ordering;

use crate::calendar::Moment;
use crate::decimal::Decimal;

/// A register of numbers, yes/no or dates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Cell<T> {
    #[default]
    Absent,
    Null,
    Value(T),
}

impl<T: Copy> Cell<T> {
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Cell::Value(value) => Some(value),
            Cell::Absent | Cell::Null => None,
        }
    }
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    /// In the message, without a backslash.
    Input { start: u32, end: u32 },
    /// Among the texts made in this run.
    Scratch { start: usize, end: usize },
    /// A constant.
    Constant(u32),
}

/// A register of texts.
pub(crate) type TextCell = Cell<Span>;

/// A key of a collected row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Key {
    #[default]
    Missing,
    Text(Span),
    Number(Decimal),
    Flag(bool),
    Date(Moment),
}

impl Key {
    /// Keys of one walk are of one class; texts are compared by the caller's `text`. Missing keys come last.
    pub(crate) fn compare<'a>(self, other: Key, text: impl Fn(Span) -> &'a [u8]) -> Ordering {
        match (self, other) {
            (Key::Missing, Key::Missing) => Ordering::Equal,
            (Key::Missing, _) => Ordering::Greater,
            (_, Key::Missing) => Ordering::Less,
            (Key::Text(left), Key::Text(right)) => text(left).cmp(text(right)),
            (Key::Number(left), Key::Number(right)) => left.compare(right),
            (Key::Flag(left), Key::Flag(right)) => left.cmp(&right),
            (Key::Date(left), Key::Date(right)) => {
                left.compare(right).unwrap_or_else(|| left.kind.cmp(&right.kind))
            }
            (left, right) => left.rank().cmp(&right.rank()),
        }
    }

    fn rank(self) -> u8 {
        match self {
            Key::Missing => 4,
            Key::Text(_) => 0,
            Key::Number(_) => 1,
            Key::Flag(_) => 2,
            Key::Date(_) => 3,
        }
    }

    pub(crate) fn is_missing(self) -> bool {
        matches!(self, Key::Missing)
    }
}
