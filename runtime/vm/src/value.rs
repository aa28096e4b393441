//! Registers: what an instruction leaves for the next one. Texts are spans, never copies.

use std::cmp::Ordering;

use crate::calendar::Moment;
use crate::decimal::{Decimal, Short};

/// A register of texts, yes/no or dates; a number on its way to a register.
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

/// Where a text stands, and whether it can be written as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In the message, without a backslash: nothing to escape.
    Message,
    /// Made in this run, behind the message.
    Made,
    /// Part of a constant with nothing to escape.
    PlainConstant,
    /// Part of a constant.
    Constant,
}

/// A text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) origin: Origin,
}

impl Span {
    /// A part of it, in bytes.
    pub(crate) fn part(self, from: usize, to: usize) -> Span {
        let end = self.start.saturating_add(to as u32).min(self.end);
        Span { start: self.start.saturating_add(from as u32).min(end), end, ..self }
    }

    pub(crate) fn length(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }
}

/// A register of texts.
pub(crate) type TextCell = Cell<Span>;

/// What a number register holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Holds {
    #[default]
    Absent,
    Null,
    /// A number of one word.
    Short,
    /// A longer one; its coefficient stands beside the registers.
    Long,
}

/// A register of numbers: one word for those that fit, which nearly all do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NumberCell {
    pub(crate) short: Short,
    pub(crate) holds: Holds,
    /// Where it stands in the message in the form that is written; empty for a computed one.
    pub(crate) lexeme: (u32, u32),
}

/// The registers of numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    cells: Vec<NumberCell>,
    /// Coefficients of long ones, by register.
    long: Vec<i128>,
}

impl Numbers {
    /// At least so many.
    pub(crate) fn fit(&mut self, count: usize) {
        if self.cells.len() < count {
            self.cells.resize(count, NumberCell::default());
            self.long.resize(count, 0);
        }
    }

    #[inline(always)]
    pub(crate) fn cell(&self, register: usize) -> NumberCell {
        self.cells.get(register).copied().unwrap_or_default()
    }

    /// The number, if it is a short one.
    #[inline(always)]
    pub(crate) fn short(&self, register: usize) -> Option<Short> {
        match self.cells.get(register) {
            Some(NumberCell { short, holds: Holds::Short, .. }) => Some(*short),
            _ => None,
        }
    }

    pub(crate) fn get(&self, register: usize) -> Cell<Decimal> {
        let cell = self.cell(register);
        match cell.holds {
            Holds::Absent => Cell::Absent,
            Holds::Null => Cell::Null,
            Holds::Short => Cell::Value(cell.short.into()),
            Holds::Long => {
                let coefficient = self.long.get(register).copied().unwrap_or_default();
                Cell::Value(Decimal { coefficient, scale: cell.short.scale })
            }
        }
    }

    #[inline(always)]
    pub(crate) fn set_short(&mut self, register: usize, short: Short) {
        self.set_cell(register, NumberCell { short, holds: Holds::Short, lexeme: (0, 0) });
    }

    #[inline(always)]
    pub(crate) fn set_cell(&mut self, register: usize, cell: NumberCell) {
        if let Some(place) = self.cells.get_mut(register) {
            *place = cell;
        }
    }

    pub(crate) fn set(&mut self, register: usize, value: Cell<Decimal>) {
        let mut cell = NumberCell::default();
        match value {
            Cell::Absent => {}
            Cell::Null => cell.holds = Holds::Null,
            Cell::Value(number) => match Short::of(number) {
                Some(short) => cell = NumberCell { short, holds: Holds::Short, lexeme: (0, 0) },
                None => {
                    cell.short.scale = number.scale;
                    cell.holds = Holds::Long;
                    if let Some(long) = self.long.get_mut(register) {
                        *long = number.coefficient;
                    }
                }
            },
        }
        self.set_cell(register, cell);
    }

    pub(crate) fn copy(&mut self, into: usize, from: usize) {
        let cell = self.cell(from);
        if cell.holds == Holds::Long {
            let number = self.get(from);
            self.set(into, number);
        } else {
            self.set_cell(into, cell);
        }
    }
}

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
