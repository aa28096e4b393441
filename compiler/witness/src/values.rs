//! Values of a type, the plain one first, then those at which a rule turns. Knows no messages and no paths.

use std::cell::OnceCell;

use mapc_types::{BigRational, DateKind, Decimal, Language, Length, Text, Type, Wire, format_decimal};
use num_bigint::BigInt;

use crate::hints::{Hints, step_of};
use crate::message::Message;

/// A length for texts that have no limit, when nothing else is known to matter.
const LONG: u64 = 200;
/// Longer texts are not looked for in an automaton.
const COUNTED: u64 = 24;
/// Longer texts are not made.
const LONGEST: u64 = 100_000;
/// Texts with which readers of texts have trouble.
const ODD_TEXTS: [&str; 16] = [
    "",
    " ",
    "0",
    "1",
    "-1",
    "1.5",
    "0.005",
    "x",
    "abc",
    "2024-02-29",
    "2024-13-40",
    "10:00:00",
    "2024-02-29T10:00:00",
    "2024-02-29T10:00:00Z",
    "99999999999999999999999999999999999",
    "true",
];
/// Characters that change their number when they change their case, and a wide one.
const ODD_CHARACTERS: [&str; 4] = ["\u{df}", "\u{fb03}", "\u{130}", "\u{1f600}"];

/// A plain value of the type, with the name of its field for a text; `None`: it has none, or is not a single value.
pub(crate) fn plain(of: &Type, name: &str) -> Option<Message> {
    match of {
        Type::Text(text) => plain_text(text, name).map(Message::Text),
        Type::Decimal(decimal) => {
            numbers(decimal, &Hints::default()).first().and_then(|value| wire(decimal, value))
        }
        Type::Bool { may_be_true, .. } => Some(Message::Bool(*may_be_true)),
        Type::Date(kind, _) => dates(*kind, &Hints::default()).into_iter().next().map(Message::Text),
        Type::Any => Some(Message::Text(name.to_owned())),
        Type::Never | Type::List(_) | Type::Object(_) | Type::Union(_) | Type::Named(_) => None,
    }
}

/// Values of the type worth trying. `beyond`: also values that the type does not have.
pub(crate) fn candidates(of: &Type, name: &str, hints: &Hints, beyond: bool) -> Vec<Message> {
    let mut found = match of {
        Type::Text(text) => texts(text, name, hints, beyond).into_iter().map(Message::Text).collect(),
        Type::Decimal(decimal) => {
            let of = if beyond { Decimal { wire: decimal.wire, ..Decimal::any() } } else { decimal.clone() };
            numbers(&of, hints).iter().filter_map(|value| wire(&of, value)).collect()
        }
        Type::Bool { may_be_true, may_be_false } => {
            let both = [(true, *may_be_true), (false, *may_be_false)];
            both.into_iter().filter(|(_, may)| *may || beyond).map(|(flag, _)| Message::Bool(flag)).collect()
        }
        Type::Date(kind, _) => dates(*kind, hints).into_iter().map(Message::Text).collect(),
        Type::Any => texts(&Text::any(), name, hints, beyond).into_iter().map(Message::Text).collect(),
        _ => Vec::new(),
    };
    if beyond {
        found.extend([
            Message::Bool(true),
            Message::Number("0".to_owned()),
            Message::Text("x".to_owned()),
            Message::List(Vec::new()),
            Message::Record(Vec::new()),
        ]);
    }
    let mut kept: Vec<Message> = Vec::new();
    for one in found {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

/// Values of the type for rows that differ.
pub(crate) fn others(of: &Type, name: &str) -> Vec<Message> {
    let numbered = (1..30).map(|number| Message::Text(format!("{name} {number}")));
    let fits = |message: &Message| matches!((of, message), (Type::Text(of), Message::Text(text)) if of.contains(text));
    let found: Vec<Message> = numbered.filter(fits).collect();
    if found.is_empty() { candidates(of, name, &Hints::default(), false) } else { found }
}

/// A number as its field is written.
fn wire(decimal: &Decimal, value: &BigRational) -> Option<Message> {
    let text = format_decimal(value)?;
    Some(match decimal.wire {
        Wire::Plain => Message::Number(text),
        Wire::DecimalText => Message::Text(text),
    })
}

fn plain_text(of: &Text, name: &str) -> Option<String> {
    if let Some(set) = &of.set {
        return set.iter().next().cloned();
    }
    let least = of.length.min.max(1);
    let least = of.length.max.map_or(least, |max| least.min(max));
    let usual = u64::try_from(name.chars().count()).unwrap_or(least).max(least);
    let usual = of.length.max.map_or(usual, |max| usual.min(max));
    // automata are put together only when nothing simpler does: this runs for every message
    let simple = [usual, least].into_iter().find_map(|length| words_of_length(&of.languages, length, name));
    simple
        .filter(|text| of.contains(text))
        .or_else(|| of.languages.iter().find_map(|one| one.example().filter(|text| of.contains(text))))
        .or_else(|| repeated(&of.languages, least).filter(|text| of.contains(text)))
        .or_else(|| {
            within(all_of(&of.languages).as_ref(), of.length)?.example().filter(|text| of.contains(text))
        })
}

fn texts(of: &Text, name: &str, hints: &Hints, beyond: bool) -> Vec<String> {
    if let Some(set) = &of.set {
        // what the rule does not know comes first
        let (known, other): (Vec<&String>, Vec<&String>) =
            set.iter().take(2_000).partition(|one| hints.texts.contains(one));
        let mut found: Vec<String> = other.into_iter().chain(known).take(300).cloned().collect();
        if beyond {
            found.extend(set.iter().next().map(|one| format!("{one}?")));
        }
        return found;
    }
    let mut found: Vec<String> = plain_text(of, name).into_iter().collect();
    let common = all_of(&of.languages);
    let own = common.clone().unwrap_or_else(Language::any);
    let short = OnceCell::new();
    // forms the rule needs, and others
    for known in hints.languages.iter().take(12) {
        found.extend([12, 4, 1].iter().filter_map(|length| words_of_length(&of.languages, *length, name)));
        found.extend(known.example());
        found.extend(own.example_outside(known).filter(|text| of.contains(text)).or_else(|| {
            short.get_or_init(|| within(Some(&own), of.length)).as_ref()?.example_outside(known)
        }));
        found.extend(own.intersect(known).and_then(|both| both.example()));
    }
    for length in lengths(of.length, &hints.lengths) {
        found.extend(text_of_length(&of.languages, common.as_ref(), length, name));
        if length <= LONG {
            let count = usize::try_from(length).unwrap_or(0);
            found.extend(ODD_CHARACTERS.iter().map(|one| one.repeat(count)));
            found.push(" ".repeat(count));
        }
    }
    found.extend(hints.texts.iter().cloned());
    found.extend(hints.texts.iter().take(20).map(|text| format!("{text}{name}")));
    found.extend(hints.texts.iter().take(20).map(|text| format!("{name}{text}{name}")));
    found.extend(ODD_TEXTS.iter().map(|text| (*text).to_owned()));
    found.retain(|text| beyond || of.contains(text));
    found
}

/// Lengths worth trying, inside the bounds.
fn lengths(bounds: Length, hints: &[u64]) -> Vec<u64> {
    let mut found: Vec<u64> = hints
        .iter()
        .flat_map(|length| [length.saturating_add(1), *length, length.saturating_sub(1)])
        .filter(|length| bounds.contains(*length) && *length <= LONGEST)
        .collect();
    found.truncate(24);
    found.push(bounds.min);
    match bounds.max {
        Some(max) => found.push(max.min(LONGEST)),
        None => found.push(LONG.max(bounds.min)),
    }
    let mut kept = Vec::new();
    for length in found {
        if !kept.contains(&length) {
            kept.push(length);
        }
    }
    kept
}

/// Texts of all the languages; `None`: any text, or too large to tell.
fn all_of(languages: &[Language]) -> Option<Language> {
    let (first, rest) = languages.split_first()?;
    rest.iter().try_fold(first.clone(), |known, next| known.intersect(next))
}

/// Members of the language of these lengths.
fn within(language: Option<&Language>, length: Length) -> Option<Language> {
    // the shortest member is wanted: what is much longer than it must be only makes the automaton large
    let least = length.min.min(1_000);
    let bounded = Language::of_length(Length::new(least, length.max.map(|max| max.min(least + COUNTED))))?;
    match language {
        Some(language) => language.intersect(&bounded),
        None => Some(bounded),
    }
}

/// A text of so many characters, readable where there is a choice.
fn text_of_length(
    languages: &[Language],
    common: Option<&Language>,
    length: u64,
    name: &str,
) -> Option<String> {
    let exact = || {
        let language = common.filter(|_| length <= COUNTED)?;
        within(Some(language), Length::new(length, Some(length)))?.example()
    };
    words_of_length(languages, length, name).or_else(|| repeated(languages, length)).or_else(exact)
}

/// The name of the field, repeated to that length.
fn words_of_length(languages: &[Language], length: u64, name: &str) -> Option<String> {
    let count = usize::try_from(length).ok()?;
    let words: String = name.chars().chain([' ']).cycle().take(count).collect();
    // no blank at an end: it would be another text after trimming
    let words = if words.ends_with(' ') { format!("{}x", words.get(..words.len() - 1)?) } else { words };
    let upper = words.to_uppercase();
    let known = [words.clone(), words.replace(' ', "x"), upper.clone(), upper.replace(' ', "X")];
    let fits = |text: &String| {
        text.chars().count() == count && languages.iter().all(|language| language.contains(text))
    };
    known.into_iter().find(fits)
}

/// An example of the languages with its last character repeated to that length.
fn repeated(languages: &[Language], length: u64) -> Option<String> {
    let count = usize::try_from(length).ok()?;
    languages.iter().find_map(|language| {
        let example = language.example()?;
        let last = example.chars().last()?;
        let text: String = example.chars().chain(std::iter::repeat(last)).take(count).collect();
        languages.iter().all(|language| language.contains(&text)).then_some(text)
    })
}

/// Numbers of the type: a plain one, then those at which the rule turns.
fn numbers(of: &Decimal, hints: &Hints) -> Vec<BigRational> {
    let own = of.normalize();
    if let Some(set) = &own.set {
        let (known, other): (Vec<&BigRational>, Vec<&BigRational>) =
            set.iter().take(2_000).partition(|one| hints.numbers.contains(one));
        return other.into_iter().chain(known).take(300).cloned().collect();
    }
    let one = BigRational::from_integer(1.into());
    let step = own.grid.clone().unwrap_or_else(|| step_of(2));
    let fine: Vec<BigRational> = match &own.grid {
        Some(grid) => vec![grid.clone()],
        None => hints
            .grids
            .iter()
            .flat_map(|grid| [grid / tens(1), grid / tens(2)])
            .chain([step_of(2), step_of(5)])
            .collect(),
    };
    let ends = [&own.interval.low, &own.interval.high].into_iter().flatten();
    let mut points = vec![one.clone(), step.clone()];
    points.extend(ends.clone().map(|end| end.value.clone()));
    let around: Vec<BigRational> =
        ends.map(|end| end.value.clone()).chain(hints.numbers.iter().cloned()).collect();
    for value in around {
        points.push(value.clone());
        for size in fine.iter().chain([&one, &step]) {
            points.push(&value + size);
            points.push(&value - size);
        }
    }
    points.push(BigRational::default());
    for size in &fine {
        points.push(&one + size);
        points.push(size.clone());
        points.push(size * BigRational::from_integer(5.into()));
    }
    for length in hints.lengths.iter().filter(|length| **length <= 34).take(20) {
        points.push(tens(u32::try_from(*length).unwrap_or(0)));
    }
    for power in [2, 4, 6, 9, 12, 15, 17, 20, 25, 33] {
        points.push(tens(power));
        points.push(tens(power) - &step);
        points.push(-tens(power));
    }
    points.push(-one);
    let snapped = points.into_iter().map(|value| match &own.grid {
        Some(grid) => (value / grid).round() * grid,
        None => value,
    });
    let mut kept: Vec<BigRational> = Vec::new();
    for value in snapped.filter(|value| own.contains(value)) {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

fn tens(power: u32) -> BigRational {
    BigRational::from_integer(BigInt::from(10).pow(power))
}

fn dates(kind: DateKind, hints: &Hints) -> Vec<String> {
    let days = ["2024-02-29", "2025-12-31", "0001-01-01", "9999-12-31"];
    let times = ["10:30:00", "00:00:00", "23:59:59.999999999"];
    let mut found: Vec<String> = match kind {
        DateKind::Date => days.iter().map(|day| (*day).to_owned()).collect(),
        DateKind::Time => times.iter().map(|time| (*time).to_owned()).collect(),
        DateKind::Local => days.iter().map(|day| format!("{day}T10:30:00")).collect(),
        DateKind::Instant => {
            let late = ["2024-12-31T23:59:59+14:00", "2024-01-01T00:00:00-12:00"].map(str::to_owned);
            days.iter().map(|day| format!("{day}T10:30:00Z")).chain(late).collect()
        }
    };
    let language = Language::of_date_kind(kind);
    found.extend(hints.dates.iter().cloned());
    found.extend(hints.dates.iter().filter_map(|date| other_year(date)));
    found.retain(|text| language.contains(text));
    found
}

/// The same date in another year.
fn other_year(date: &str) -> Option<String> {
    let year: u32 = date.get(..4)?.parse().ok()?;
    Some(format!("{:04}{}", year.checked_add(1)?, date.get(4..)?))
}
