//! What instructions work on: registers, indexes into the module, labels, small choices. Does not know the instructions.

use crate::bytes::{Reader, Truncated, Writer};
use crate::natives::NativeId;

/// Class of a register or constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Text.
    Text,
    /// Exact decimal.
    Number,
    /// Yes/no.
    Flag,
    /// Date, time, local or instant.
    Date,
}

impl Class {
    /// `text`, `number`, `yes/no`, `date`.
    pub fn name(self) -> &'static str {
        match self {
            Class::Text => "text",
            Class::Number => "number",
            Class::Flag => "yes/no",
            Class::Date => "date",
        }
    }
}

/// What an instruction does with an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A register that is set.
    Sets,
    /// A register that is used.
    Uses,
    /// A register that is used and set.
    Updates,
    /// Not a register.
    Names,
}

impl Role {
    /// One word for the reference.
    pub fn name(self) -> &'static str {
        match self {
            Role::Sets => "sets",
            Role::Uses => "uses",
            Role::Updates => "updates",
            Role::Names => "",
        }
    }
}

/// An operand type: how it is encoded and what it is in the generic view.
pub(crate) trait OperandType: Copy {
    /// Name of the kind in the reference.
    const KIND: &'static str;
    fn encode(self, writer: &mut Writer);
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated>;
    fn operand(self) -> Operand;
}

macro_rules! indexes {
    ($($(#[$doc:meta])* $name:ident: $int:ty, $kind:literal;)+) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $int);

        impl OperandType for $name {
            const KIND: &'static str = $kind;
            fn encode(self, writer: &mut Writer) { writer.number(u64::from(self.0)); }
            fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated> { Ok($name(reader.small()?)) }
            fn operand(self) -> Operand { Operand::$name(self) }
        }

        impl $name {
            /// As an index.
            pub fn index(self) -> usize { self.0 as usize }
        })+

        /// One operand, in the generic view that verifier and listing work on.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Operand {
            $($(#[$doc])* $name($name),)+
            /// A register of any class.
            Register(Register),
            /// A text register or none.
            OptionalText(OptionalText),
            /// Neighbouring text registers.
            TextRange(TextRange),
            /// What happens on failure.
            Failure(Failure),
            /// A plain choice or number, as it is shown.
            Choice(&'static str),
            /// A library function.
            Native(NativeId),
        }
    };
}

indexes! {
    /// A text register.
    TextRegister: u16, "text register";
    /// A number register.
    NumberRegister: u16, "number register";
    /// A yes/no register.
    FlagRegister: u16, "yes/no register";
    /// A register for dates, times, locals and instants.
    DateRegister: u16, "date register";
    /// Index into `Module::cursors`.
    Cursor: u16, "cursor";
    /// Index into `Module::source_fields`.
    Field: u32, "source field";
    /// Index into `Module::constants`.
    ConstantIndex: u32, "constant";
    /// Index into `Module::fragments`.
    FragmentIndex: u32, "fragment";
    /// Index into `Module::templates`.
    TemplateIndex: u32, "template";
    /// Index into `Module::tables`.
    TableIndex: u32, "table";
    /// Index into `Module::sets`.
    SetIndex: u32, "set";
    /// Index into `Module::languages`.
    LanguageIndex: u32, "language";
    /// Index into `Module::predicates`.
    PredicateIndex: u32, "predicate";
    /// Index into `Module::guards`.
    GuardIndex: u32, "guard";
    /// Index into `Module::arguments`.
    ArgumentsIndex: u32, "arguments";
    /// Index into `Module::reasons`.
    ReasonIndex: u32, "reason";
    /// Index of an instruction in `Module::code`.
    Label: u32, "label";
    /// A plain number: a length, a scale.
    Count: u32, "number";
}

/// A register of any class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Register {
    /// Text.
    Text(TextRegister),
    /// Number.
    Number(NumberRegister),
    /// Yes/no.
    Flag(FlagRegister),
    /// Date.
    Date(DateRegister),
}

impl Register {
    /// The register of this class and number.
    pub fn new(class: Class, index: u16) -> Register {
        match class {
            Class::Text => Register::Text(TextRegister(index)),
            Class::Number => Register::Number(NumberRegister(index)),
            Class::Flag => Register::Flag(FlagRegister(index)),
            Class::Date => Register::Date(DateRegister(index)),
        }
    }

    /// Its class.
    pub fn class(self) -> Class {
        match self {
            Register::Text(_) => Class::Text,
            Register::Number(_) => Class::Number,
            Register::Flag(_) => Class::Flag,
            Register::Date(_) => Class::Date,
        }
    }

    /// Its number within the class.
    pub fn index(self) -> u16 {
        match self {
            Register::Text(register) => register.0,
            Register::Number(register) => register.0,
            Register::Flag(register) => register.0,
            Register::Date(register) => register.0,
        }
    }
}

macro_rules! register_from {
    ($($name:ident $variant:ident),+) => {$(
        impl From<$name> for Register {
            fn from(register: $name) -> Register { Register::$variant(register) }
        }
    )+};
}
register_from!(TextRegister Text, NumberRegister Number, FlagRegister Flag, DateRegister Date);

impl OperandType for Register {
    const KIND: &'static str = "register";
    fn encode(self, writer: &mut Writer) {
        writer.byte(match self.class() {
            Class::Text => 0,
            Class::Number => 1,
            Class::Flag => 2,
            Class::Date => 3,
        });
        writer.number(u64::from(self.index()));
    }
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        let class = match reader.byte()? {
            0 => Class::Text,
            1 => Class::Number,
            2 => Class::Flag,
            3 => Class::Date,
            _ => return Err(Truncated),
        };
        Ok(Register::new(class, reader.small()?))
    }
    fn operand(self) -> Operand {
        Operand::Register(self)
    }
}

/// A text register or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OptionalText(pub Option<TextRegister>);

impl OperandType for OptionalText {
    const KIND: &'static str = "text register or none";
    fn encode(self, writer: &mut Writer) {
        writer.number(self.0.map_or(0, |register| u64::from(register.0) + 1));
    }
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        let number: u32 = reader.small()?;
        match number.checked_sub(1) {
            None => Ok(OptionalText(None)),
            Some(index) => Ok(OptionalText(Some(TextRegister(u16::try_from(index).map_err(|_| Truncated)?)))),
        }
    }
    fn operand(self) -> Operand {
        Operand::OptionalText(self)
    }
}

/// Neighbouring text registers: the parts of a table key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextRange {
    /// The first.
    pub first: TextRegister,
    /// How many.
    pub count: u16,
}

impl OperandType for TextRange {
    const KIND: &'static str = "text registers";
    fn encode(self, writer: &mut Writer) {
        writer.number(u64::from(self.first.0));
        writer.number(u64::from(self.count));
    }
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        Ok(TextRange { first: TextRegister(reader.small()?), count: reader.small()? })
    }
    fn operand(self) -> Operand {
        Operand::TextRange(self)
    }
}

/// What happens when an instruction fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Proved impossible; should it happen all the same, the message is rejected with `Builtin::number`.
    Never,
    /// The message is rejected with this reason and its own words.
    Reject(ReasonIndex),
    /// Goes on there, nothing set.
    Jump(Label),
}

impl OperandType for Failure {
    const KIND: &'static str = "on failure: never, reason or label";
    fn encode(self, writer: &mut Writer) {
        match self {
            Failure::Never => writer.byte(0),
            Failure::Reject(reason) => {
                writer.byte(1);
                reason.encode(writer);
            }
            Failure::Jump(label) => {
                writer.byte(2);
                label.encode(writer);
            }
        }
    }
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        match reader.byte()? {
            0 => Ok(Failure::Never),
            1 => Ok(Failure::Reject(ReasonIndex::decode(reader)?)),
            2 => Ok(Failure::Jump(Label::decode(reader)?)),
            _ => Err(Truncated),
        }
    }
    fn operand(self) -> Operand {
        Operand::Failure(self)
    }
}

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident, $kind:literal {
        $($(#[$variant_doc:meta])* $variant:ident = $byte:literal $show:literal),+ $(,)?
    })+) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// How it is shown.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $show),+ }
            }

            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
        }

        impl OperandType for $name {
            const KIND: &'static str = $kind;
            fn encode(self, writer: &mut Writer) {
                writer.byte(match self { $($name::$variant => $byte),+ });
            }
            fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
                match reader.byte()? { $($byte => Ok($name::$variant),)+ _ => Err(Truncated) }
            }
            fn operand(self) -> Operand { Operand::Choice(self.name()) }
        })+
    };
}

choices! {
    /// What a put does with null.
    OnNull, "on null: leave or write" {
        /// The field is left out.
        Leave = 0 "leave out null",
        /// `null` is written.
        Write = 1 "write null",
    }
    /// How a number is written.
    NumberForm, "number form" {
        /// JSON number with the digits it has.
        Plain = 0 "plain",
        /// JSON number without fraction.
        Whole = 1 "whole",
        /// Shortest form in quotes.
        Text = 2 "text",
    }
    /// A comparison. `NotEqual` is the exact negation of `Equal`: true when a side is missing; the others are then false.
    Comparison, "comparison" {
        /// `is`
        Equal = 0 "is",
        /// `is not`
        NotEqual = 1 "is not",
        /// `<`
        Less = 2 "<",
        /// `<=`
        LessOrEqual = 3 "<=",
        /// `>`
        Greater = 4 ">",
        /// `>=`
        GreaterOrEqual = 5 ">=",
    }
    /// Which row is picked.
    Pick, "pick: first, last or only" {
        /// The first.
        First = 0 "first",
        /// The last.
        Last = 1 "last",
        /// The only one; several fail.
        Only = 2 "only",
    }
    /// How halves are rounded.
    Rounding, "rounding" {
        /// Away from zero.
        HalfUp = 0 "half_up",
        /// To the even digit.
        HalfEven = 1 "half_even",
        /// Toward zero on halves.
        HalfDown = 2 "half_down",
        /// Toward negative infinity.
        Floor = 3 "floor",
        /// Toward positive infinity.
        Ceiling = 4 "ceiling",
        /// Toward zero.
        Down = 5 "down",
        /// Away from zero.
        Up = 6 "up",
    }
}

impl OperandType for bool {
    const KIND: &'static str = "yes/no";
    fn encode(self, writer: &mut Writer) {
        writer.byte(u8::from(self));
    }
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        match reader.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Truncated),
        }
    }
    fn operand(self) -> Operand {
        Operand::Choice(if self { "yes" } else { "no" })
    }
}

impl OperandType for NativeId {
    const KIND: &'static str = "library function";
    fn encode(self, writer: &mut Writer) {
        writer.number(u64::from(self.0));
    }
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        Ok(NativeId(reader.small()?))
    }
    fn operand(self) -> Operand {
        Operand::Native(self)
    }
}
