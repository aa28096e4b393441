//! Small arithmetic in the library files: lengths (`min(max, n)`) and ends of ranges (`round(low, n, mode)`).

use mapc_types::{BigRational, Bound, Interval, Length, RoundingMode};
use num_traits::{Signed, ToPrimitive};

use super::arguments::{Arguments, machine_number};
use super::exact;
use crate::typed::Constant;

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Amount {
    Number(i64),
    /// An argument, or one of `min`, `max`, `low`, `high`.
    Name(String),
    /// Length of a text argument.
    LengthOf(String),
    Add(Box<Amount>, Box<Amount>),
    Subtract(Box<Amount>, Box<Amount>),
    Multiply(Box<Amount>, Box<Amount>),
    Divide(Box<Amount>, Box<Amount>),
    Negate(Box<Amount>),
    Least(Box<Amount>, Vec<Amount>),
    Most(Box<Amount>, Vec<Amount>),
    Round(Box<Amount>, /* places */ String, /* mode or name of it */ String),
}

/// One end of a range that may be endless.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    Below,
    At(Bound),
    Above,
}

/// Which end of the result is computed: it decides whether an end that is met twice belongs to the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Low,
    High,
}

impl Amount {
    /// The value as a length; `None` is without limit. Subtraction stops at 0, division drops the fraction.
    pub(super) fn length(&self, input: Length, arguments: &Arguments<'_>) -> Option<u64> {
        let value = |part: &Amount| part.length(input, arguments);
        match self {
            Amount::Number(number) => Some(u64::try_from(*number).unwrap_or(0)),
            Amount::Name(name) if name == "min" => Some(input.min),
            Amount::Name(name) if name == "max" => input.max,
            Amount::Name(name) => u64::try_from(machine_number(arguments.get(name)?)?).ok(),
            Amount::LengthOf(name) => u64::try_from(arguments.text(name)?.chars().count()).ok(),
            Amount::Add(left, right) => Some(value(left)?.saturating_add(value(right)?)),
            Amount::Subtract(left, right) => Some(value(left)?.saturating_sub(value(right)?)),
            Amount::Multiply(left, right) => match (value(left), value(right)) {
                (Some(0), _) | (_, Some(0)) => Some(0),
                (left, right) => left?.checked_mul(right?),
            },
            Amount::Divide(left, right) => value(left)?.checked_div(value(right)?),
            Amount::Least(first, others) => {
                others.iter().fold(value(first), |least, other| match (least, value(other)) {
                    (Some(left), Some(right)) => Some(left.min(right)),
                    (left, right) => left.or(right),
                })
            }
            Amount::Most(first, others) => {
                others.iter().fold(value(first), |most, other| Some(most?.max(value(other)?)))
            }
            Amount::Negate(_) | Amount::Round(..) => None,
        }
    }

    /// The value as an end of a range.
    pub(super) fn end(&self, side: Side, input: &Interval, arguments: &Arguments<'_>) -> End {
        let value = |part: &Amount| part.end(side, input, arguments);
        let endless = match side {
            Side::Low => End::Below,
            Side::High => End::Above,
        };
        match self {
            Amount::Number(number) => closed(exact::whole(*number)),
            Amount::Name(name) if name == "low" => input.low.clone().map_or(End::Below, End::At),
            Amount::Name(name) if name == "high" => input.high.clone().map_or(End::Above, End::At),
            Amount::Name(name) => match arguments.get(name) {
                Some(Constant::Decimal(number)) => closed(number.clone()),
                _ => endless,
            },
            Amount::Negate(inner) => match value(inner) {
                End::Below => End::Above,
                End::Above => End::Below,
                End::At(bound) => End::At(Bound { value: -bound.value, inclusive: bound.inclusive }),
            },
            Amount::Least(first, others) => others
                .iter()
                .fold(value(first), |least, other| smaller(least, value(other), side == Side::Low)),
            Amount::Most(first, others) => {
                others.iter().fold(value(first), |most, other| larger(most, value(other), side == Side::High))
            }
            Amount::Round(inner, places, mode) => {
                let (Some(places), Some(mode)) = (places_of(places, arguments), mode_of(mode, arguments))
                else {
                    return endless;
                };
                match value(inner) {
                    End::At(bound) => closed(exact::round(&bound.value, places, mode)),
                    other => other,
                }
            }
            Amount::LengthOf(_)
            | Amount::Add(..)
            | Amount::Subtract(..)
            | Amount::Multiply(..)
            | Amount::Divide(..) => endless,
        }
    }

    /// The names that occur.
    pub(super) fn names(&self, found: &mut Vec<String>) {
        match self {
            Amount::Number(_) => {}
            Amount::Name(name) | Amount::LengthOf(name) => found.push(name.clone()),
            Amount::Add(left, right)
            | Amount::Subtract(left, right)
            | Amount::Multiply(left, right)
            | Amount::Divide(left, right) => {
                left.names(found);
                right.names(found);
            }
            Amount::Negate(inner) => inner.names(found),
            Amount::Least(first, others) | Amount::Most(first, others) => {
                first.names(found);
                for other in others {
                    other.names(found);
                }
            }
            Amount::Round(inner, places, mode) => {
                inner.names(found);
                found.push(places.clone());
                if RoundingMode::from_name(mode).is_none() {
                    found.push(mode.clone());
                }
            }
        }
    }
}

/// The argument of that name as a number of decimals.
pub(super) fn places_of(name: &str, arguments: &Arguments<'_>) -> Option<u64> {
    match arguments.get(name)? {
        Constant::Decimal(number) if number.is_integer() && !number.is_negative() => {
            number.to_integer().to_u64()
        }
        _ => None,
    }
}

fn mode_of(word: &str, arguments: &Arguments<'_>) -> Option<RoundingMode> {
    RoundingMode::from_name(word).or_else(|| RoundingMode::from_name(arguments.text(word)?))
}

fn closed(value: BigRational) -> End {
    End::At(Bound { value, inclusive: true })
}

/// The smaller end; when both are at the same place, `inclusive_wins` says whether it belongs to the range.
fn smaller(left: End, right: End, inclusive_wins: bool) -> End {
    match (left, right) {
        (End::Below, _) | (_, End::Below) => End::Below,
        (End::Above, other) | (other, End::Above) => other,
        (End::At(left), End::At(right)) => End::At(match left.value.cmp(&right.value) {
            std::cmp::Ordering::Less => left,
            std::cmp::Ordering::Greater => right,
            std::cmp::Ordering::Equal => tie(left, &right, inclusive_wins),
        }),
    }
}

fn larger(left: End, right: End, inclusive_wins: bool) -> End {
    match (left, right) {
        (End::Above, _) | (_, End::Above) => End::Above,
        (End::Below, other) | (other, End::Below) => other,
        (End::At(left), End::At(right)) => End::At(match left.value.cmp(&right.value) {
            std::cmp::Ordering::Greater => left,
            std::cmp::Ordering::Less => right,
            std::cmp::Ordering::Equal => tie(left, &right, inclusive_wins),
        }),
    }
}

fn tie(left: Bound, right: &Bound, inclusive_wins: bool) -> Bound {
    let inclusive =
        if inclusive_wins { left.inclusive || right.inclusive } else { left.inclusive && right.inclusive };
    Bound { value: left.value, inclusive }
}
