//! The functions of the library, each on a present value. Knows no expressions and no failures' reasons.

use mapc_check::typed::{Constant, Rounding};
use mapc_types::DateKind;
use num_traits::ToPrimitive;
use unicode_segmentation::UnicodeSegmentation;

use crate::calendar::{self, Calendar};
use crate::decimal::Decimal;
use crate::value::Value;

/// What a function gives.
pub(crate) enum Answer {
    Value(Value),
    Absent,
    /// The value cannot be converted.
    Failed,
}

impl Answer {
    fn or_failed(value: Option<Value>) -> Answer {
        value.map_or(Answer::Failed, Answer::Value)
    }

    fn or_absent(text: Option<&str>) -> Answer {
        text.map_or(Answer::Absent, |text| Answer::Value(Value::Text(text.to_owned())))
    }
}

/// Calls a function; a call the checker would refuse fails.
pub(crate) fn call(function: &str, input: &Value, arguments: &[Constant], zone: Option<&str>) -> Answer {
    match input {
        Value::Text(text) => on_text(function, text, arguments),
        Value::Decimal(number) => Answer::or_failed(on_decimal(function, number, arguments)),
        Value::Calendar(value) => Answer::or_failed(on_calendar(function, *value, arguments, zone)),
        Value::Bool(value) => Answer::or_failed(match function {
            "yes_no" => text_at(arguments, usize::from(!value)).map(|word| Value::Text(word.to_owned())),
            "text" => Some(Value::Text(value.to_string())),
            _ => None,
        }),
    }
}

/// The longest prefix of whole grapheme clusters with at most so many code points.
pub(crate) fn cut(text: &str, length: u64) -> String {
    let mut left = length;
    let mut result = String::new();
    for cluster in text.graphemes(true) {
        let Some(rest) = left.checked_sub(cluster.chars().count() as u64) else { break };
        left = rest;
        result.push_str(cluster);
    }
    result
}

fn text_at(arguments: &[Constant], place: usize) -> Option<&str> {
    match arguments.get(place) {
        Some(Constant::Text(text)) => Some(text),
        _ => None,
    }
}

fn count_at(arguments: &[Constant], place: usize) -> Option<usize> {
    match arguments.get(place) {
        Some(Constant::Decimal(number)) => number.to_integer().to_usize(),
        _ => None,
    }
}

fn on_text(function: &str, text: &str, arguments: &[Constant]) -> Answer {
    let first = text_at(arguments, 0).unwrap_or_default();
    let count = count_at(arguments, 0).unwrap_or_default();
    let length = text.chars().count();
    let padding = |text: &str| text.repeat(count.saturating_sub(length));
    let result = match function {
        "cut" => cut(text, count as u64),
        "start" => text.chars().take(count).collect(),
        "end" => text.chars().skip(length.saturating_sub(count)).collect(),
        "trim" => text.trim().to_owned(),
        "squeeze" => text.split_whitespace().collect::<Vec<_>>().join(" "),
        "nonblank" => return Answer::or_absent(Some(text).filter(|text| !text.trim().is_empty())),
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "upper_ascii" => text.to_ascii_uppercase(),
        "lower_ascii" => text.to_ascii_lowercase(),
        "pad_left" => padding(text_at(arguments, 1).unwrap_or_default()) + text,
        "pad_right" => text.to_owned() + &padding(text_at(arguments, 1).unwrap_or_default()),
        "replace" if first.is_empty() => text.to_owned(),
        "replace" => text.replace(first, text_at(arguments, 1).unwrap_or_default()),
        "without_prefix" => text.strip_prefix(first).unwrap_or(text).to_owned(),
        "without_suffix" => text.strip_suffix(first).unwrap_or(text).to_owned(),
        "before" => text.split_once(first).map_or(text, |(before, _)| before).to_owned(),
        "after" => return Answer::or_absent(text.split_once(first).map(|(_, after)| after)),
        "part" => {
            let wanted = count_at(arguments, 1).and_then(|place| place.checked_sub(1));
            return Answer::or_absent(wanted.and_then(|place| text.split(first).nth(place)));
        }
        "digits" => text.chars().filter(char::is_ascii_digit).collect(),
        "text" => text.to_owned(),
        "number" => {
            let number = Decimal::is_canonical(text).then(|| Decimal::read(text).ok()).flatten();
            return Answer::or_failed(number.map(|number| Value::Decimal(number.shortest())));
        }
        "date" => return calendar(Calendar::read(DateKind::Date, text)),
        "time" => return calendar(Calendar::read(DateKind::Time, text)),
        "instant" => return calendar(Calendar::read(DateKind::Instant, text)),
        "parse_date" => return calendar(calendar::parse_date(first, text).map(Calendar::Date)),
        _ => return Answer::Failed,
    };
    Answer::Value(Value::Text(result))
}

fn calendar(value: Option<Calendar>) -> Answer {
    Answer::or_failed(value.map(Value::Calendar))
}

fn on_decimal(function: &str, number: &Decimal, arguments: &[Constant]) -> Option<Value> {
    let round = |mode| count_at(arguments, 0).map(|scale| number.round(scale, mode));
    let end = |place| match arguments.get(place) {
        Some(Constant::Decimal(end)) => Some(Decimal::from_rational(end)),
        _ => None,
    };
    let result = match function {
        "round" => round(rounding(text_at(arguments, 1)?)?)?,
        "round_up" => round(Rounding::Up)?,
        "round_down" => round(Rounding::Down)?,
        "floor" => round(Rounding::Floor)?,
        "ceiling" => round(Rounding::Ceiling)?,
        "abs" => number.absolute(),
        "clamp" => {
            let (low, high) = (end(0)?, end(1)?);
            let raised = if number.compare(&low).is_lt() { low } else { number.shortest() };
            if raised.compare(&high).is_gt() { high } else { raised }
        }
        "whole" => number.is_whole().then(|| number.shortest())?,
        "number" => number.clone(),
        "text" => return Some(Value::Text(number.shortest().digits())),
        _ => return None,
    };
    Some(Value::Decimal(result))
}

fn rounding(name: &str) -> Option<Rounding> {
    Some(match name {
        "half_up" => Rounding::HalfUp,
        "half_even" => Rounding::HalfEven,
        "half_down" => Rounding::HalfDown,
        "floor" => Rounding::Floor,
        "ceiling" => Rounding::Ceiling,
        "down" => Rounding::Down,
        "up" => Rounding::Up,
        _ => return None,
    })
}

fn on_calendar(function: &str, value: Calendar, arguments: &[Constant], zone: Option<&str>) -> Option<Value> {
    let result = match (function, value) {
        ("text", _) => return Some(Value::Text(value.text())),
        ("format", _) => return value.format(text_at(arguments, 0)?, zone).map(Value::Text),
        ("date", _) => Calendar::Date(value.date(zone)?),
        ("time", _) => Calendar::Time(value.time()?),
        ("instant", Calendar::Instant(..)) => value,
        ("written_date", _) => Calendar::Date(value.written_date()?),
        ("add_days", Calendar::Date(date)) => {
            let Some(Constant::Decimal(days)) = arguments.first() else { return None };
            Calendar::Date(calendar::add_days(date, days.to_integer().to_i64()?)?)
        }
        _ => return None,
    };
    Some(Value::Calendar(result))
}
