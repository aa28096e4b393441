//! What each function does with a value: the checker's own reference, used for values known when a map is checked.

use mapc_types::{BigRational, DateKind, RoundingMode};
use num_traits::Signed;
use unicode_segmentation::UnicodeSegmentation;

use super::arguments::machine_number;
use super::calendar::{self, Local};
use super::function::{Function, Kind};
use super::{exact, layout};
use crate::typed::Constant;

/// Distance from UTC in seconds at a moment, given in seconds since 1970-01-01T00:00:00Z.
pub type Offset<'a> = &'a dyn Fn(i64) -> i64;

/// Why there is no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The function fails on this value, with its declared reason.
    Fails,
    /// Value or arguments are not what a signature asks for, or a zone is needed and not given.
    NotCallable,
}

/// First moment a zone can be applied to, and the first after the last: the years 1900 to 2200 in UTC.
const ZONED: std::ops::Range<i64> = -2_208_988_800..7_289_654_400;

/// Runs a function on a value; no value stands for a missing one. Calendar values are in their standard texts, moments
/// as written.
pub fn evaluate(
    function: &Function,
    value: &Constant,
    arguments: &[Constant],
    zone: Option<Offset<'_>>,
) -> Result<Option<Constant>, Failure> {
    let signature = function.signature(Kind::of_constant(value)).ok_or(Failure::NotCallable)?;
    super::arguments::Arguments::check(signature, arguments).map_err(|_| Failure::NotCallable)?;
    let call = Call { arguments, zone };
    match value {
        Constant::Text(text) => call.text(&function.name, text),
        Constant::Decimal(number) => call.number(&function.name, number),
        Constant::Bool(yes) => call.yes_no(&function.name, *yes),
        Constant::Date(kind, text) => call.date(&function.name, *kind, text),
    }
}

type Outcome = Result<Option<Constant>, Failure>;

struct Call<'a> {
    arguments: &'a [Constant],
    zone: Option<Offset<'a>>,
}

fn text(value: impl Into<String>) -> Outcome {
    Ok(Some(Constant::Text(value.into())))
}

fn number(value: BigRational) -> Outcome {
    Ok(Some(Constant::Decimal(value)))
}

fn date(kind: DateKind, value: impl Into<String>) -> Outcome {
    Ok(Some(Constant::Date(kind, value.into())))
}

impl Call<'_> {
    fn count(&self, position: usize) -> Result<usize, Failure> {
        let number = self.arguments.get(position).and_then(machine_number).ok_or(Failure::NotCallable)?;
        usize::try_from(number).map_err(|_| Failure::NotCallable)
    }

    fn word(&self, position: usize) -> Result<&str, Failure> {
        match self.arguments.get(position) {
            Some(Constant::Text(text)) => Ok(text),
            _ => Err(Failure::NotCallable),
        }
    }

    fn amount(&self, position: usize) -> Result<&BigRational, Failure> {
        match self.arguments.get(position) {
            Some(Constant::Decimal(number)) => Ok(number),
            _ => Err(Failure::NotCallable),
        }
    }

    fn text(&self, name: &str, value: &str) -> Outcome {
        match name {
            "cut" => {
                let limit = self.count(0)?;
                let mut end = 0;
                let mut length = 0;
                for cluster in value.graphemes(true) {
                    length += cluster.chars().count();
                    if length > limit {
                        break;
                    }
                    end += cluster.len();
                }
                text(value.get(..end).unwrap_or_default())
            }
            "start" => text(value.chars().take(self.count(0)?).collect::<String>()),
            "end" => {
                let skip = value.chars().count().saturating_sub(self.count(0)?);
                text(value.chars().skip(skip).collect::<String>())
            }
            "trim" => text(value.trim()),
            "squeeze" => text(value.split_whitespace().collect::<Vec<_>>().join(" ")),
            "nonblank" => {
                if value.trim().is_empty() {
                    Ok(None)
                } else {
                    text(value)
                }
            }
            "upper" => text(value.to_uppercase()),
            "lower" => text(value.to_lowercase()),
            "upper_ascii" => text(value.to_ascii_uppercase()),
            "lower_ascii" => text(value.to_ascii_lowercase()),
            "pad_left" | "pad_right" => {
                let missing = self.count(0)?.saturating_sub(value.chars().count());
                let fill = self.word(1)?.repeat(missing);
                text(if name == "pad_left" { fill + value } else { value.to_owned() + &fill })
            }
            "replace" => text(value.replace(self.word(0)?, self.word(1)?)),
            "without_prefix" => text(value.strip_prefix(self.word(0)?).unwrap_or(value)),
            "without_suffix" => text(value.strip_suffix(self.word(0)?).unwrap_or(value)),
            "before" => text(value.split_once(self.word(0)?).map_or(value, |(before, _)| before)),
            "after" => match value.split_once(self.word(0)?) {
                Some((_, after)) => text(after),
                None => Ok(None),
            },
            "part" => match value.split(self.word(0)?).nth(self.count(1)?.saturating_sub(1)) {
                Some(part) => text(part),
                None => Ok(None),
            },
            "digits" => text(value.chars().filter(char::is_ascii_digit).collect::<String>()),
            "number" => number(exact::read_decimal(value).ok_or(Failure::Fails)?),
            "date" => {
                calendar::read_date(value).ok_or(Failure::Fails)?;
                date(DateKind::Date, value)
            }
            "time" => {
                let (second, nano) = calendar::read_time(value).ok_or(Failure::Fails)?;
                date(DateKind::Time, calendar::write_time(second, nano))
            }
            "instant" => {
                calendar::read_instant(value).ok_or(Failure::Fails)?;
                date(DateKind::Instant, value)
            }
            "parse_date" => {
                let day = layout::read(self.word(0)?, value).ok_or(Failure::Fails)?;
                date(DateKind::Date, calendar::write_date(day))
            }
            _ => Err(Failure::NotCallable),
        }
    }

    fn number(&self, name: &str, value: &BigRational) -> Outcome {
        let rounded = |mode: RoundingMode| -> Outcome {
            let places = u64::try_from(self.count(0)?).map_err(|_| Failure::NotCallable)?;
            number(exact::round(value, places, mode))
        };
        match name {
            "round" => rounded(RoundingMode::from_name(self.word(1)?).ok_or(Failure::NotCallable)?),
            "round_up" => rounded(RoundingMode::Up),
            "round_down" => rounded(RoundingMode::Down),
            "floor" => rounded(RoundingMode::Floor),
            "ceiling" => rounded(RoundingMode::Ceiling),
            "abs" => number(value.abs()),
            "clamp" => number(value.max(self.amount(0)?).min(self.amount(1)?).clone()),
            "whole" if value.is_integer() => number(value.clone()),
            "whole" => Err(Failure::Fails),
            "text" => text(mapc_types::format_decimal(value).ok_or(Failure::NotCallable)?),
            _ => Err(Failure::NotCallable),
        }
    }

    fn yes_no(&self, name: &str, yes: bool) -> Outcome {
        match name {
            "text" => text(if yes { "true" } else { "false" }),
            "yes_no" => text(self.word(usize::from(!yes))?),
            _ => Err(Failure::NotCallable),
        }
    }

    fn date(&self, name: &str, kind: DateKind, value: &str) -> Outcome {
        match (name, kind) {
            ("date", DateKind::Date) => date(DateKind::Date, value),
            ("date", DateKind::Local) => date(DateKind::Date, calendar::write_date(local(value)?.day)),
            ("date", DateKind::Instant) => date(DateKind::Date, calendar::write_date(self.zoned(value)?.day)),
            ("written_date", DateKind::Instant) => {
                date(DateKind::Date, calendar::write_date(instant(value)?.0.day))
            }
            ("time", DateKind::Local) => {
                let local = local(value)?;
                date(DateKind::Time, calendar::write_time(local.second, local.nano))
            }
            ("format", DateKind::Date) => {
                text(layout::write(self.word(0)?, Local { day: day(value)?, second: 0, nano: 0 }))
            }
            ("format", DateKind::Local) => text(layout::write(self.word(0)?, local(value)?)),
            ("format", DateKind::Instant) => text(layout::write(self.word(0)?, self.zoned(value)?)),
            ("add_days", DateKind::Date) => {
                let days = self.arguments.first().and_then(machine_number).ok_or(Failure::NotCallable)?;
                let later = day(value)?.saturating_add(days);
                if !(calendar::FIRST_DAY..=calendar::LAST_DAY).contains(&later) {
                    return Err(Failure::Fails);
                }
                date(DateKind::Date, calendar::write_date(later))
            }
            ("text", DateKind::Date) => text(calendar::write_date(day(value)?)),
            ("text", DateKind::Time) => {
                let (second, nano) = calendar::read_time(value).ok_or(Failure::NotCallable)?;
                text(calendar::write_time(second, nano))
            }
            ("text", DateKind::Local) => text(calendar::write_local(local(value)?)),
            ("text", DateKind::Instant) => {
                let (local, offset) = instant(value)?;
                text(calendar::write_local(calendar::shift(local, -offset)) + "Z")
            }
            _ => Err(Failure::NotCallable),
        }
    }

    fn zoned(&self, value: &str) -> Result<Local, Failure> {
        let offset_at = self.zone.ok_or(Failure::NotCallable)?;
        let (local, offset) = instant(value)?;
        let utc = calendar::shift(local, -offset);
        let seconds = calendar::seconds_of(utc);
        if !ZONED.contains(&seconds) {
            return Err(Failure::Fails);
        }
        Ok(calendar::shift(utc, offset_at(seconds)))
    }
}

fn day(value: &str) -> Result<i64, Failure> {
    calendar::read_date(value).ok_or(Failure::NotCallable)
}

fn local(value: &str) -> Result<Local, Failure> {
    calendar::read_local(value).ok_or(Failure::NotCallable)
}

fn instant(value: &str) -> Result<(Local, i64), Failure> {
    calendar::read_instant(value).ok_or(Failure::NotCallable)
}
