//! Types in the analyst's words: "text of 1 to 35 characters", "number with 2 decimals".

use mapc_types::{BigRational, format_decimal};
use mapc_types::{DateKind, Decimal, Length, Text, Type};

use crate::typed::Constant;

/// At most three names near a misspelt one, best first.
pub(crate) fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    mapc_diagnostics::nearest(name, candidates).into_iter().map(str::to_owned).collect()
}

/// A number as people write it.
pub(crate) fn number(value: &BigRational) -> String {
    format_decimal(value).unwrap_or_else(|| value.to_string())
}

/// "1 character", "300 characters".
pub(crate) fn count(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// A constant as it is written in a map.
pub(crate) fn constant(value: &Constant) -> String {
    match value {
        Constant::Text(text) => quoted(text),
        Constant::Decimal(decimal) => number(decimal),
        Constant::Bool(flag) => flag.to_string(),
        Constant::Date(_, text) => quoted(text),
    }
}

/// A text in quotes, shortened when long.
pub(crate) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    if escaped.chars().count() > 60 {
        let start: String = escaped.chars().take(57).collect();
        return format!("\"{start}...\"");
    }
    format!("\"{escaped}\"")
}

/// Values in quotes: all up to 8, else the first 3 and the count.
pub(crate) fn values<'a>(all: impl ExactSizeIterator<Item = &'a str>) -> String {
    let total = all.len();
    if total <= 8 {
        return all.map(quoted).collect::<Vec<_>>().join(", ");
    }
    let shown: Vec<String> = all.take(3).map(quoted).collect();
    format!("{} and {} more", shown.join(", "), total - 3)
}

/// What a type is, in words.
pub(crate) fn kind(value: &Type) -> String {
    match value {
        Type::Never => "nothing".to_owned(),
        Type::Any => "anything".to_owned(),
        Type::Bool { .. } => "yes/no".to_owned(),
        Type::Text(_) => "text".to_owned(),
        Type::Decimal(decimal) if is_whole(decimal) => "whole number".to_owned(),
        Type::Decimal(_) => "number".to_owned(),
        Type::Date(kind, _) => date(*kind).to_owned(),
        Type::List(_) => "list".to_owned(),
        Type::Object(_) | Type::Named(_) => "record".to_owned(),
        Type::Union(arms) => {
            let mut words: Vec<String> = arms.iter().map(self::kind).collect();
            words.dedup();
            words.join(" or ")
        }
    }
}

/// The kind with its article: "a text", "an amount".
pub(crate) fn a_kind(value: &Type) -> String {
    match value {
        Type::Never | Type::Any | Type::Bool { .. } => kind(value),
        _ => format!("a {}", kind(value)),
    }
}

/// "date", "moment" …
pub(crate) fn date(kind: DateKind) -> &'static str {
    match kind {
        DateKind::Date => "date",
        DateKind::Time => "time",
        DateKind::Local => "date with time",
        DateKind::Instant => "moment",
    }
}

/// True for whole numbers.
pub(crate) fn is_whole(decimal: &Decimal) -> bool {
    decimal.grid.as_ref().is_some_and(BigRational::is_integer)
}

/// "allows 1 to 35 characters", "allows up to 500 characters", "allows any length".
pub(crate) fn length(length: Length) -> String {
    match (length.min, length.max) {
        (0, None) => "any length".to_owned(),
        (min, None) => format!("{} or more", count(min, "character")),
        (0, Some(max)) => format!("up to {}", count(max, "character")),
        (min, Some(max)) if min == max => count(max, "character"),
        (min, Some(max)) => format!("{min} to {}", count(max, "character")),
    }
}

/// A type with its limits and its article: "a text of 3 characters", "one of …".
pub(crate) fn a_full(value: &Type) -> String {
    let words = full(value);
    if words.starts_with("one of ") || words.starts_with("yes/no") || words.starts_with("any") {
        return words;
    }
    format!("a {words}")
}

/// A type with its limits.
pub(crate) fn full(value: &Type) -> String {
    match value {
        Type::Text(text) => text_words(text),
        Type::Decimal(decimal) => decimal_words(decimal),
        other => kind(other),
    }
}

fn text_words(text: &Text) -> String {
    if let Some(set) = &text.set {
        return format!("one of {}", values(set.iter().map(String::as_str).collect::<Vec<_>>().into_iter()));
    }
    if text.length == Length::ANY {
        return "text".to_owned();
    }
    format!("text of {}", length(text.length))
}

fn decimal_words(decimal: &Decimal) -> String {
    let mut words = if is_whole(decimal) { "whole number".to_owned() } else { "number".to_owned() };
    if let (false, Some(scale)) = (is_whole(decimal), decimal.scale()) {
        words.push_str(&format!(" with up to {}", count(u64::from(scale), "decimal")));
    }
    if let Some(low) = &decimal.interval.low {
        let word = if low.inclusive { "from" } else { "above" };
        words.push_str(&format!(" {word} {}", number(&low.value)));
    }
    if let Some(high) = &decimal.interval.high {
        let word = if high.inclusive { "up to" } else { "below" };
        words.push_str(&format!(" {word} {}", number(&high.value)));
    }
    words
}
