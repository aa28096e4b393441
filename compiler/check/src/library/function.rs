//! What the library files say about a function, as data.

use indexmap::IndexMap;
use mapc_diagnostics::Code;
use mapc_types::{DateKind, Language, Type};

use super::amount::Amount;
use super::pattern::Pattern;
use crate::typed::{Constant, Rounding};

/// Everything the library files say.
#[derive(Debug, Default)]
pub(super) struct Library {
    /// By name, in the order of the files.
    pub functions: IndexMap<String, Function>,
    /// Sets of characters, narrow before wide.
    pub classes: Vec<Class>,
}

/// The texts made of a set of characters.
#[derive(Debug)]
pub(super) struct Class {
    /// Name in the files.
    pub name: String,
    /// The texts.
    pub language: Language,
    /// Writing a member in capital or small letters gives a member.
    pub cased: bool,
    /// Other classes (by index) that hold all its members.
    pub inside: Vec<usize>,
}

/// A library function.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The file that describes it, such as `text.map`.
    pub file: &'static str,
    /// What it does, in the words of an analyst.
    pub doc: String,
    /// Examples, all executed by the tests.
    pub examples: Vec<Example>,
    /// One for each kind of value it accepts; at least one.
    pub signatures: Vec<Signature>,
}

/// What a function accepts and gives for one kind of value.
#[derive(Debug)]
pub struct Signature {
    /// Kind of the value before the pipe.
    pub input: Kind,
    /// Arguments in order, those the compiler adds included.
    pub parameters: Vec<Parameter>,
    /// Kind of the result.
    pub result: Kind,
    /// The map must name a zone.
    pub needs_zone: bool,
    /// There may be no result.
    pub missing: Option<Doubt>,
    /// It can fail, with this reason.
    pub fails: Option<(Code, Doubt)>,
    /// What is known of the result, in the order of the file.
    pub(super) facts: Vec<Fact>,
}

/// An effect that happens unless a condition on the input excludes it.
#[derive(Debug)]
pub struct Doubt {
    pub(super) unless: Option<Condition>,
}

/// Kinds of single values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text.
    Text,
    /// Number.
    Number,
    /// Yes/no.
    YesNo,
    /// A date, a time, a local date-time or an instant.
    Date(DateKind),
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the documentation.
    pub name: String,
    /// What it must be.
    pub kind: ArgumentKind,
}

/// What a constant argument must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A whole number in a range, both ends included.
    Whole {
        /// Smallest.
        least: i64,
        /// Largest.
        most: i64,
    },
    /// A number; at least the argument of that name, if one is named.
    Number {
        /// Name of the other argument.
        from: Option<String>,
    },
    /// Any text.
    Text,
    /// A text that is not empty.
    FilledText,
    /// Exactly one code point.
    Character,
    /// A date pattern, not empty.
    Pattern {
        /// `hh`, `mm` and `ss` may occur.
        time: bool,
        /// `YYYY`, `MM` and `DD` occur once each.
        full: bool,
    },
    /// The map's rounding mode; added by the compiler, not written by the analyst.
    Rounding,
}

/// A line of documentation that is executed.
#[derive(Clone, Debug)]
pub struct Example {
    /// As it stands in the file.
    pub text: String,
    /// The value before the pipe.
    pub input: Constant,
    /// Arguments as written.
    pub arguments: Vec<Constant>,
    /// Zone of the map.
    pub zone: Option<String>,
    /// The outcome.
    pub expect: Expect,
}

/// The outcome of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A value.
    Value(Constant),
    /// A missing value.
    Missing,
    /// A failure.
    Fails,
}

/// Something known of the result.
#[derive(Debug)]
pub(super) enum Fact {
    /// The value passes unchanged under the condition.
    Same(Condition),
    /// Length of the text; the first that applies counts.
    Length { least: Amount, most: Amount, when: Option<Condition> },
    /// The value itself, if there is a result.
    KeepsAll,
    /// A beginning of the value: stays in the languages that hold every beginning of their members.
    KeepsBeginnings,
    /// Stays in the classes it is in.
    KeepsClasses { cased: bool, with: Option<Extra> },
    /// The text matches.
    In(Pattern),
    /// Range of the number.
    Range { least: Amount, most: Amount },
    /// Grid of the number.
    Grid(GridRule),
    /// Text of a number.
    WritesNumber,
    /// Number of a text.
    ReadsNumber,
    /// Text by the argument `pattern`.
    WritesPattern,
}

/// A text that joins the result.
#[derive(Debug)]
pub(super) enum Extra {
    /// The argument of that name.
    Argument(String),
    /// This text.
    Text(String),
}

/// What happens to the grid.
#[derive(Debug)]
pub(super) enum GridRule {
    /// As before.
    Kept,
    /// Whole numbers only: members that are not do not come through.
    Whole,
    /// At most so many decimals.
    Rounded(String),
    /// As before, or an argument.
    With(Vec<String>),
}

/// A condition on the type of the input and on the arguments.
#[derive(Debug)]
pub(super) enum Condition {
    /// All of them.
    All(Vec<Condition>),
    /// An amount is at most another.
    AtMost(Amount, Amount),
    /// The text is in the class.
    Class(usize),
    /// The text matches.
    In(Pattern),
    /// The number is whole.
    Whole,
}

impl Function {
    /// The kinds of value it accepts.
    pub fn inputs(&self) -> Vec<Kind> {
        self.signatures.iter().map(|signature| signature.input).collect()
    }

    /// What it does with this kind of value.
    pub fn signature(&self, kind: Kind) -> Option<&Signature> {
        self.signatures.iter().find(|signature| signature.input == kind)
    }

    /// The arguments, those the compiler adds included.
    pub fn parameters(&self) -> &[Parameter] {
        self.signatures.first().map_or(&[], |signature| signature.parameters.as_slice())
    }

    /// The reason of its failures, if some kind of value can make it fail.
    pub fn fails(&self) -> Option<Code> {
        self.signatures.iter().find_map(|signature| signature.fails.as_ref().map(|(code, _)| *code))
    }

    /// The map must name a zone when a value of this kind goes in.
    pub fn needs_zone(&self, kind: Kind) -> bool {
        self.signature(kind).is_some_and(|signature| signature.needs_zone)
    }

    /// The arguments as the analyst wrote them, followed by those the compiler adds.
    pub fn complete(&self, mut written: Vec<Constant>, rounding: Rounding) -> Vec<Constant> {
        for parameter in self.parameters() {
            if parameter.is_supplied() {
                written.push(Constant::Text(rounding_word(rounding).to_owned()));
            }
        }
        written
    }
}

impl Parameter {
    /// The compiler adds it; the analyst does not write it.
    pub fn is_supplied(&self) -> bool {
        self.kind == ArgumentKind::Rounding
    }
}

impl Kind {
    /// The kind as an analyst calls it, with an article where it needs one.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Number => "a number",
            Kind::YesNo => "yes/no",
            Kind::Date(DateKind::Date) => "a date",
            Kind::Date(DateKind::Time) => "a time of day",
            Kind::Date(DateKind::Local) => "a local date and time",
            Kind::Date(DateKind::Instant) => "a moment",
        }
    }

    /// The kind in the files: `text`, `number`, `yes/no`, `date`, `time`, `local`, `instant`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Number => "number",
            Kind::YesNo => "yes/no",
            Kind::Date(DateKind::Date) => "date",
            Kind::Date(DateKind::Time) => "time",
            Kind::Date(DateKind::Local) => "local",
            Kind::Date(DateKind::Instant) => "instant",
        }
    }

    /// Every kind.
    pub const ALL: [Kind; 7] = [
        Kind::Text,
        Kind::Number,
        Kind::YesNo,
        Kind::Date(DateKind::Date),
        Kind::Date(DateKind::Time),
        Kind::Date(DateKind::Local),
        Kind::Date(DateKind::Instant),
    ];

    /// The kind of a constant.
    pub fn of_constant(constant: &Constant) -> Kind {
        match constant {
            Constant::Text(_) => Kind::Text,
            Constant::Decimal(_) => Kind::Number,
            Constant::Bool(_) => Kind::YesNo,
            Constant::Date(kind, _) => Kind::Date(*kind),
        }
    }

    /// The kind of the values of a type, if they are single values of one kind.
    pub fn of_type(value: &Type) -> Option<Kind> {
        match value {
            Type::Text(_) => Some(Kind::Text),
            Type::Decimal(_) => Some(Kind::Number),
            Type::Bool { .. } => Some(Kind::YesNo),
            Type::Date(kind, _) => Some(Kind::Date(*kind)),
            Type::Never | Type::Any | Type::List(_) | Type::Object(_) | Type::Union(_) | Type::Named(_) => {
                None
            }
        }
    }
}

/// The word of a rounding mode in the argument that the compiler adds.
pub fn rounding_word(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::HalfUp => "half_up",
        Rounding::HalfEven => "half_even",
        Rounding::HalfDown => "half_down",
        Rounding::Floor => "floor",
        Rounding::Ceiling => "ceiling",
        Rounding::Down => "down",
        Rounding::Up => "up",
    }
}
