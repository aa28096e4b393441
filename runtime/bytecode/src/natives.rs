//! The library functions the runtime knows, by id: one table shared by `emit` (names to ids) and the vm (ids to code).

use crate::module::Constant;
use crate::operand::{Class, Rounding};

/// Number of a library function in an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NativeId(pub u16);

/// What a constant argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A whole number from 0 to 1,000,000.
    Count,
    /// A whole number from 1 to 1,000,000.
    Ordinal,
    /// A whole number from 0 to 34.
    Scale,
    /// A whole number from -4,000,000 to 4,000,000.
    Days,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A text that is not empty.
    FilledText,
    /// A text of exactly one code point.
    Character,
    /// The name of a rounding mode.
    Rounding,
    /// A date pattern.
    Pattern,
}

impl Argument {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Argument::Count => "count",
            Argument::Ordinal => "position from 1",
            Argument::Scale => "decimals",
            Argument::Days => "days",
            Argument::Number => "number",
            Argument::Text => "text",
            Argument::FilledText => "text that is not empty",
            Argument::Character => "one character",
            Argument::Rounding => "rounding mode",
            Argument::Pattern => "date pattern",
        }
    }

    /// Whether the constant may stand there.
    pub fn admits(self, constant: &Constant) -> bool {
        let whole = match constant {
            Constant::Number { coefficient, scale: 0 } => Some(*coefficient),
            _ => None,
        };
        let within = |low: i128, high: i128| whole.is_some_and(|number| (low..=high).contains(&number));
        match (self, constant) {
            (Argument::Count, _) => within(0, 1_000_000),
            (Argument::Ordinal, _) => within(1, 1_000_000),
            (Argument::Scale, _) => within(0, 34),
            (Argument::Days, _) => within(-4_000_000, 4_000_000),
            (Argument::Number, Constant::Number { .. }) => true,
            (Argument::Text | Argument::Pattern, Constant::Text(_)) => true,
            (Argument::FilledText, Constant::Text(text)) => !text.is_empty(),
            (Argument::Character, Constant::Text(text)) => text.chars().count() == 1,
            (Argument::Rounding, Constant::Text(text)) => {
                Rounding::ALL.iter().any(|rounding| rounding.name() == text)
            }
            _ => false,
        }
    }
}

/// A library function.
#[derive(Clone, Copy, Debug)]
pub struct NativeInfo {
    /// Which.
    pub native: Native,
    /// Number in artifacts.
    pub id: NativeId,
    /// Name in the library.
    pub name: &'static str,
    /// Class of what stands before the pipe.
    pub input: Class,
    /// Class of the result.
    pub output: Class,
    /// Constant arguments.
    pub arguments: &'static [Argument],
    /// It can fail.
    pub fails: bool,
    /// It needs the map's zone for instants.
    pub zone: bool,
}

macro_rules! natives {
    ($($id:literal $native:ident $name:literal $input:ident -> $output:ident [$($argument:ident),*] $($word:ident)*;)+) => {
        /// A library function for one class of input.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the library documents them by name")]
        pub enum Native { $($native),+ }

        /// All library functions.
        pub const NATIVES: &[NativeInfo] = &[$(NativeInfo {
            native: Native::$native,
            id: NativeId($id),
            name: $name,
            input: Class::$input,
            output: Class::$output,
            arguments: &[$(Argument::$argument),*],
            fails: words!(fails; $($word)*),
            zone: words!(zone; $($word)*),
        }),+];
    };
}

macro_rules! words {
    (fails; fails $($rest:ident)*) => { true };
    (zone; zone $($rest:ident)*) => { true };
    ($word:ident; $other:ident $($rest:ident)*) => { words!($word; $($rest)*) };
    ($word:ident;) => { false };
}

natives! {
    1 Cut "cut" Text -> Text [Count];
    2 Start "start" Text -> Text [Count];
    3 End "end" Text -> Text [Count];
    4 Trim "trim" Text -> Text [];
    5 Squeeze "squeeze" Text -> Text [];
    6 Nonblank "nonblank" Text -> Text [];
    7 Upper "upper" Text -> Text [];
    8 Lower "lower" Text -> Text [];
    9 UpperAscii "upper_ascii" Text -> Text [];
    10 LowerAscii "lower_ascii" Text -> Text [];
    11 PadLeft "pad_left" Text -> Text [Count, Character];
    12 PadRight "pad_right" Text -> Text [Count, Character];
    13 Replace "replace" Text -> Text [FilledText, Text];
    14 WithoutPrefix "without_prefix" Text -> Text [Text];
    15 WithoutSuffix "without_suffix" Text -> Text [Text];
    16 Before "before" Text -> Text [FilledText];
    17 After "after" Text -> Text [FilledText];
    18 Part "part" Text -> Text [FilledText, Ordinal];
    19 Digits "digits" Text -> Text [];

    32 Round "round" Number -> Number [Scale, Rounding] fails;
    33 RoundUp "round_up" Number -> Number [Scale] fails;
    34 RoundDown "round_down" Number -> Number [Scale] fails;
    35 Floor "floor" Number -> Number [Scale] fails;
    36 Ceiling "ceiling" Number -> Number [Scale] fails;
    37 Abs "abs" Number -> Number [];
    38 Clamp "clamp" Number -> Number [Number, Number];
    39 Whole "whole" Number -> Number [] fails;
    40 NumberOfText "number" Text -> Number [] fails;
    41 TextOfNumber "text" Number -> Text [];
    42 TextOfFlag "text" Flag -> Text [];
    43 TextOfDate "text" Date -> Text [];

    64 DateOfDate "date" Date -> Date [] fails zone;
    65 DateOfText "date" Text -> Date [] fails;
    66 TimeOfDate "time" Date -> Date [];
    67 TimeOfText "time" Text -> Date [] fails;
    68 InstantOfText "instant" Text -> Date [] fails;
    69 WrittenDate "written_date" Date -> Date [];
    70 Format "format" Date -> Text [Pattern] fails zone;
    71 ParseDate "parse_date" Text -> Date [Pattern] fails;
    72 AddDays "add_days" Date -> Date [Days] fails;

    96 YesNo "yes_no" Flag -> Text [Text, Text];
}

/// The function of this library name for this class of input.
pub fn find(name: &str, input: Class) -> Option<&'static NativeInfo> {
    NATIVES.iter().find(|info| info.name == name && info.input == input)
}

/// The function with this id.
pub fn info(id: NativeId) -> Option<&'static NativeInfo> {
    NATIVES.iter().find(|info| info.id == id)
}
