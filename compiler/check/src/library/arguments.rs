//! Whether constants are the arguments that a signature asks for.

use mapc_types::RoundingMode;
use num_traits::ToPrimitive;

use super::apply::Misuse;
use super::exact;
use super::function::{ArgumentKind, Kind, Parameter, Signature};
use super::layout::{Piece, pieces};
use crate::typed::Constant;

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentFault {
    /// It is of another kind.
    WrongKind(Kind),
    /// A whole number is needed.
    NotWhole,
    /// A number outside its range.
    OutOfRange,
    /// A number below another argument, named here.
    Below(String),
    /// An empty text.
    Empty,
    /// Not exactly one character.
    NotOneCharacter,
    /// A date pattern that cannot be used here.
    Pattern(PatternFault),
    /// Not the name of a rounding mode.
    NotARoundingMode,
}

/// What is wrong with a date pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternFault {
    /// It has hours, minutes or seconds, and the value is a day.
    TimeOfADay,
    /// Year, month or day does not occur exactly once.
    NotEachOnce,
}

/// The arguments by name.
pub(super) struct Arguments<'a> {
    signature: &'a Signature,
    values: &'a [Constant],
}

impl<'a> Arguments<'a> {
    /// Takes the arguments if they are what the signature asks for.
    pub(super) fn check(signature: &'a Signature, values: &'a [Constant]) -> Result<Self, Misuse> {
        let arguments = Self { signature, values };
        let written = signature.parameters.iter().filter(|parameter| !parameter.is_supplied()).count();
        if values.len() != signature.parameters.len() {
            let supplied = signature.parameters.len() - written;
            return Err(Misuse::ArgumentCount {
                expects: written,
                got: values.len().saturating_sub(supplied.min(values.len())),
            });
        }
        for (position, (parameter, value)) in signature.parameters.iter().zip(values).enumerate() {
            if let Some(fault) = arguments.fault(parameter, value) {
                return Err(Misuse::Argument { position, parameter: parameter.clone(), fault });
            }
        }
        Ok(arguments)
    }

    /// The argument of that name.
    pub(super) fn get(&self, name: &str) -> Option<&'a Constant> {
        let position = self.signature.parameters.iter().position(|parameter| parameter.name == name)?;
        self.values.get(position)
    }

    /// The text argument of that name.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        match self.get(name)? {
            Constant::Text(text) => Some(text),
            _ => None,
        }
    }

    fn fault(&self, parameter: &Parameter, value: &Constant) -> Option<ArgumentFault> {
        match (&parameter.kind, value) {
            (ArgumentKind::Whole { least, most }, Constant::Decimal(number)) => {
                if !number.is_integer() {
                    return Some(ArgumentFault::NotWhole);
                }
                let inside = *number >= exact::whole(*least) && *number <= exact::whole(*most);
                (!inside).then_some(ArgumentFault::OutOfRange)
            }
            (ArgumentKind::Number { from }, Constant::Decimal(number)) => {
                let other = from.as_ref()?;
                match self.get(other) {
                    Some(Constant::Decimal(least)) if number < least => {
                        Some(ArgumentFault::Below(other.clone()))
                    }
                    _ => None,
                }
            }
            (ArgumentKind::Text, Constant::Text(_)) => None,
            (ArgumentKind::FilledText, Constant::Text(text)) => {
                text.is_empty().then_some(ArgumentFault::Empty)
            }
            (ArgumentKind::Character, Constant::Text(text)) => {
                (text.chars().count() != 1).then_some(ArgumentFault::NotOneCharacter)
            }
            (ArgumentKind::Pattern { time, full }, Constant::Text(text)) => pattern_fault(text, *time, *full),
            (ArgumentKind::Rounding, Constant::Text(text)) => {
                RoundingMode::from_name(text).is_none().then_some(ArgumentFault::NotARoundingMode)
            }
            (_, other) => Some(ArgumentFault::WrongKind(Kind::of_constant(other))),
        }
    }
}

fn pattern_fault(text: &str, time: bool, full: bool) -> Option<ArgumentFault> {
    if text.is_empty() {
        return Some(ArgumentFault::Empty);
    }
    let pieces = pieces(text);
    if !time && pieces.iter().any(|piece| piece.is_time()) {
        return Some(ArgumentFault::Pattern(PatternFault::TimeOfADay));
    }
    let once = |wanted: Piece| pieces.iter().filter(|piece| **piece == wanted).count() == 1;
    if full && !(once(Piece::Year) && once(Piece::Month) && once(Piece::Day)) {
        return Some(ArgumentFault::Pattern(PatternFault::NotEachOnce));
    }
    None
}

/// A whole number argument as a machine number.
pub(super) fn machine_number(value: &Constant) -> Option<i64> {
    match value {
        Constant::Decimal(number) if number.is_integer() => number.to_integer().to_i64(),
        _ => None,
    }
}
