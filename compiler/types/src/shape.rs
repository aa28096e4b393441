//! The types themselves: data only. Operations on them live in the neighbouring files.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use num_rational::BigRational;

use crate::language::Language;

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Nothing: a field of this type may only be absent.
    Never,
    /// Everything.
    Any,
    /// Yes/no; the set of values it may have.
    Bool {
        /// May be true.
        may_be_true: bool,
        /// May be false.
        may_be_false: bool,
    },
    /// Text.
    Text(Text),
    /// A number; a whole number is a decimal on the grid 1.
    Decimal(Decimal),
    /// A date, a time, a local date-time or an instant.
    Date(DateKind, Wire),
    /// A list.
    List(Box<List>),
    /// A record.
    Object(Arc<Object>),
    /// One of several, at least two, none of them a union.
    Union(Vec<Type>),
    /// A recursive type, by its name in the definitions of the loaded schema.
    Named(Arc<str>),
}

/// Kinds of calendar values. They never mix implicitly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateKind {
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// Day and time without zone.
    Local,
    /// A moment: day, time and offset.
    Instant,
}

/// How the value stands on the wire when that differs from the plain JSON form. Ignored by `fits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Wire {
    /// The JSON form of its kind: number, string in ISO form, true/false.
    #[default]
    Plain,
    /// A decimal written as JSON text in canonical form: `-?(0|[1-9][0-9]*)(\.[0-9]+)?`.
    DecimalText,
}

/// Text with its refinements. `set` present: exactly these values, and the other facts describe them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Length in Unicode code points.
    pub length: Length,
    /// The finite set of values, at most 10,000.
    pub set: Option<Arc<BTreeSet<String>>>,
    /// Every value lies in each of these languages (full-match, over UTF-8).
    pub languages: Vec<Language>,
}

/// An interval of counts; `max` absent = unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Length {
    /// At least.
    pub min: u64,
    /// At most.
    pub max: Option<u64>,
}

/// One end of a numeric interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The value at the end.
    pub value: BigRational,
    /// The value itself belongs to the interval.
    pub inclusive: bool,
}

/// A numeric interval; an absent end is unbounded.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Interval {
    /// Lower end.
    pub low: Option<Bound>,
    /// Upper end.
    pub high: Option<Bound>,
}

/// All values are whole multiples of this positive number; absent: any decimal.
pub type Grid = Option<BigRational>;

/// A number with its refinements. `set` present: exactly these values.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Decimal {
    /// Range.
    pub interval: Interval,
    /// Grid: 1 for whole numbers, 1/100 for two decimals.
    pub grid: Grid,
    /// The finite set of values, at most 10,000, ascending without repetition.
    pub set: Option<Arc<Vec<BigRational>>>,
    /// Wire form.
    pub wire: Wire,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Type of an element and whether it may be null (`absent` is never set here).
    pub element: Slot,
    /// Number of elements.
    pub count: Length,
    /// No two elements are equal.
    pub unique: bool,
}

/// What a field may be: a non-empty subset of {absent, null, value}.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Presence {
    /// May be absent.
    pub absent: bool,
    /// May be null.
    pub null: bool,
}

/// Presence and type together: what stands at a field or list position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// May it be absent or null?
    pub presence: Presence,
    /// The type of a value.
    pub value: Type,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Object {
    /// Declared fields, in the order of the schema.
    pub fields: IndexMap<Arc<str>, Slot>,
    /// Undeclared fields.
    pub rest: Rest,
    /// Number of fields, where the schema limits it (`minProperties`, `maxProperties`).
    pub count: Option<Length>,
}

/// What undeclared fields may be.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Rest {
    /// There are none (closed record).
    Closed,
    /// Anything (open record).
    #[default]
    Open,
    /// Each is of this type; names lie in the language, if one is given.
    Typed(Box<Slot>, Option<Language>),
}

impl Presence {
    /// Always there with a value.
    pub const REQUIRED: Presence = Presence { absent: false, null: false };
    /// May be absent, never null.
    pub const OPTIONAL: Presence = Presence { absent: true, null: false };
    /// Always a value: neither absent nor null.
    pub fn is_required(self) -> bool {
        !self.absent && !self.null
    }
    /// Either may happen.
    #[must_use]
    pub fn or(self, other: Presence) -> Presence {
        Presence { absent: self.absent || other.absent, null: self.null || other.null }
    }
}

impl Length {
    /// Any length.
    pub const ANY: Length = Length { min: 0, max: None };
    /// `min..=max`.
    pub fn new(min: u64, max: Option<u64>) -> Self {
        Self { min, max }
    }
    /// True if no count lies in it.
    pub fn is_empty(self) -> bool {
        self.max.is_some_and(|max| max < self.min)
    }
    /// True if the count lies in it.
    pub fn contains(self, count: u64) -> bool {
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }
    /// Counts of both.
    #[must_use]
    pub fn meet(self, other: Length) -> Length {
        let max = match (self.max, other.max) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        };
        Length { min: self.min.max(other.min), max }
    }
    /// The least interval around both.
    #[must_use]
    pub fn hull(self, other: Length) -> Length {
        Length {
            min: self.min.min(other.min),
            max: self.max.zip(other.max).map(|(left, right)| left.max(right)),
        }
    }
    /// Sums of a count of each; an end too large to hold is given up.
    #[must_use]
    pub fn plus(self, other: Length) -> Length {
        let max = self.max.zip(other.max).and_then(|(left, right)| left.checked_add(right));
        Length { min: self.min.saturating_add(other.min), max }
    }
    /// True if every count of `self` lies in `other`.
    pub fn within(self, other: Length) -> bool {
        self.min >= other.min
            && match (self.max, other.max) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(own), Some(limit)) => own <= limit,
            }
    }
}

impl Text {
    /// Any text.
    pub fn any() -> Self {
        Self { length: Length::ANY, set: None, languages: Vec::new() }
    }
}
