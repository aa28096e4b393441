//! Random types of single values with members at their boundaries, and arguments that matter for them.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use mapc_check::library::{ArgumentKind, Kind, Signature, rounding_word};
use mapc_check::typed::{Constant, Rounding};
use mapc_types::{
    BigRational, Bound, DateKind, Decimal, Interval, Language, Length, Text, Type, Wire, parse_decimal,
};

use mapc_soundness::choices::Choices;

/// Pieces of texts; each row is used alone as often as together with others.
const ALPHABETS: &[&[&str]] = &[
    &["0", "1", "9", "5"],
    &["A", "Z", "B"],
    &["a", "z", "b"],
    &["A", "a", "7", "-", "_", "."],
    &["a", "B", " ", "-", "/", ";", "@", "\"", "\\"],
    &["a", "\t", " ", "\n", "\r\n", "\u{A0}", "\u{3000}", "\u{85}", "\u{0}", "\u{1680}", "\u{200B}"],
    &["ß", "ÿ", "µ", "Ä", "é", "a"],
    &["İ", "ı", "ŉ", "ﬂ", "ﬃ", "ǰ", "ΐ", "Σ", "ς", "ſ", "\u{212A}", "ᾳ", "և", "ᾨ", "ẞ", "ǅ"],
    &["e\u{301}", "\u{308}", "a", "\u{200D}", "\u{0345}", "q\u{307}\u{323}"],
    &["👩\u{200D}👩\u{200D}👧", "🇩🇪", "🇺", "👍🏽", "x", "\u{FE0F}", "𐐨", "각", "\u{1100}", "क्षि"],
];

/// Texts that are cases of their own.
const WHOLE: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "-1",
    "12.50",
    "007",
    "1.",
    ".5",
    "-0.001",
    "1e5",
    "+1",
    "٣",
    "9999999999999999999999999999999999",
    "99999999999999999999999999999999990",
    "0.0000000000000000000000000000000001",
    "-9999999999999999999999999999999.999",
    "1.00000000000000000000000000000000000",
    "0.00000000000000000000000000000000001",
    "a;b;c",
    ";",
    "a@b",
    "SO-1",
    "SO-",
    "aaa",
    "é",
    "e\u{301}",
];

/// Days: ends of the calendar, of what a zone knows, of months, and days on which clocks jump.
const DAYS: &[&str] = &[
    "0001-01-01",
    "9999-12-31",
    "2024-02-29",
    "1900-02-28",
    "2000-02-29",
    "1900-01-01",
    "1899-12-31",
    "2200-12-31",
    "2201-01-01",
    "2024-03-10",
    "2024-11-03",
    "2024-03-31",
    "2024-10-27",
    "2011-12-30",
    "2024-04-07",
    "1916-04-30",
];

/// Times of the day.
const TIMES: &[&str] = &[
    "00:00:00",
    "23:59:59",
    "23:59:59.999999999",
    "00:30:00.5",
    "01:00:00",
    "01:59:59",
    "02:00:00",
    "02:30:00.120",
    "06:59:59",
    "07:00:00",
    "10:00:00",
    "12:00:00.000000001",
];

/// Distances from UTC as they are written.
const OFFSETS: &[&str] = &["Z", "+00:00", "-00:00", "+02:00", "-05:00", "+14:00", "+23:59", "-23:59"];

/// Zones: with jumps, without, by half an hour, and one that left out a day.
pub const ZONES: &[&str] =
    &["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "UTC"];

/// Texts that are almost dates.
const ALMOST_DATES: &[&str] = &[
    "2023-02-29",
    "1900-02-29",
    "0000-01-01",
    "2024-13-01",
    "2024-04-31",
    "29.02.2024",
    "30.02.2024",
    "31.02.2024",
    "20240229",
    "02/29/2024*",
    "24:00:00",
    "12:00:60",
    "12:00:00.",
    "12:00:00.1234567890",
    "2024-02-29T23:59:59",
    "2024-02-29T23:59:59z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-00:01",
];

/// Days in the forms of [`PATTERNS`].
const PATTERN_DATES: &[&str] =
    &["29.02.2024", "31.12.9999", "01.01.0001", "20240229", "00010101", "02/29/2024*", "2024-02-29"];

/// Patterns of whole days.
const PATTERNS: &[&str] = &["YYYY-MM-DD", "DD.MM.YYYY", "YYYYMMDD", "MM/DD/YYYY*"];

/// Numbers that are cases of their own.
const NUMBERS: &[&str] = &[
    "0",
    "999.996",
    "-999.996",
    "999.995",
    "0.5",
    "-0.5",
    "1.5",
    "2.5",
    "-2.5",
    "0.05",
    "0.005",
    "9.5",
    "-9.5",
    "9999999999999999999999999999999999",
    "-9999999999999999999999999999999999",
    "999999999999999999999999999999999.5",
    "0.9999999999999999999999999999999999",
    "0.0000000000000000000000000000000001",
    "-0.0000000000000000000000000000000001",
    "99999999999999999.99999999999999999",
];

/// One of these.
pub fn any<'a, T>(choices: &mut Choices, these: &'a [T]) -> &'a T {
    choices.any(these).unwrap()
}

/// A text.
pub fn text(choices: &mut Choices) -> String {
    let pieces = |choices: &mut Choices, most: usize| -> String {
        let alphabet: &&[&str] = any(choices, ALPHABETS);
        (0..choices.below(most)).map(|_| *any(choices, alphabet)).collect()
    };
    match choices.below(12) {
        10 => (*any(choices, PATTERN_DATES)).to_owned(),
        0 => (*any(choices, WHOLE)).to_owned(),
        1 => (*any(choices, ALMOST_DATES)).to_owned(),
        2 => {
            let kind = *any(choices, &[DateKind::Date, DateKind::Time, DateKind::Local, DateKind::Instant]);
            date(choices, kind)
        }
        3 => pieces(choices, 42),
        4 => (0..choices.below(6))
            .map(|_| {
                let alphabet: &&[&str] = any(choices, ALPHABETS);
                *any(choices, alphabet)
            })
            .collect(),
        _ => pieces(choices, 7),
    }
}

/// A number of at most 34 digits and decimals.
pub fn number(choices: &mut Choices) -> BigRational {
    if choices.below(8) == 0 {
        let known: &&str = any(choices, NUMBERS);
        return parse_decimal(known).unwrap();
    }
    let digits = 1 + if choices.below(4) == 0 { choices.below(34) } else { choices.below(6) };
    let coefficient: String =
        (0..digits).map(|_| *any(choices, &['0', '1', '4', '5', '6', '9', '9'])).collect();
    let places = if choices.below(3) == 0 { 0 } else { choices.below(if digits > 6 { 35 } else { 8 }) };
    let value = BigRational::from_integer(coefficient.parse().unwrap()) * step(places);
    if choices.below(3) == 0 { -value } else { value }
}

/// One in the last of so many decimals.
fn step(places: usize) -> BigRational {
    let digits = if places == 0 { "1".to_owned() } else { format!("0.{:0>places$}", 1) };
    parse_decimal(&digits).unwrap()
}

/// A date of a kind, as it is read.
pub fn date(choices: &mut Choices, kind: DateKind) -> String {
    let (day, time) = (*any(choices, DAYS), *any(choices, TIMES));
    match kind {
        DateKind::Date => day.to_owned(),
        DateKind::Time => time.to_owned(),
        DateKind::Local => format!("{day}T{time}"),
        DateKind::Instant => format!("{day}T{time}{}", any(choices, OFFSETS)),
    }
}

/// The hull of the lengths of texts.
fn hull(set: &BTreeSet<String>) -> Length {
    let lengths = || set.iter().map(|text| text.chars().count() as u64);
    Length::new(lengths().min().unwrap_or(0), lengths().max())
}

/// Languages that types are in: of patterns, of dates, of numbers, of sets of characters.
static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let patterns = [
        "[A-Z0-9 ]{0,12}",
        "[A-Z]{1,3}-[0-9]*",
        "[0-9]{1,8}(\\.[0-9]{1,2})?",
        "-?[0-9]{1,4}",
        "[^ ]*",
        "[\\s\\S]*@[\\s\\S]*",
        "[a-zß]*",
        "[\\s\\S]{0,6}",
        "[0-9]*",
        "[A-Z]*",
        "[a-z]*",
        "[A-Za-z0-9]*",
        "[ -~]*",
        "[\\x00-\\x7F]*",
        "[\\x00-\\xFF]*",
        "[^\\x00-\\x1F]*",
        "\\S[\\s\\S]*",
        "[A-ZÄÖÜ]*",
    ];
    let mut all: Vec<Language> =
        patterns.iter().map(|one| Language::from_full_pattern(one).unwrap()).collect();
    for kind in [DateKind::Date, DateKind::Time, DateKind::Local, DateKind::Instant] {
        all.push(Language::of_date_kind(kind));
    }
    all.push(Language::decimal_text(34, 34));
    all.push(Language::decimal_text(5, 2));
    all
});

/// A type and some of its members.
pub fn typed_members(choices: &mut Choices, kind: Kind) -> (Type, Vec<Constant>) {
    match kind {
        Kind::Text => {
            let (of, members) = texts(choices);
            // Sometimes one of two kinds of text.
            if choices.below(8) > 0 {
                return (of, members);
            }
            let (other, more) = texts(choices);
            (Type::Union(vec![of, other]), [members, more].concat())
        }
        Kind::Number => numbers(choices),
        Kind::YesNo => {
            let which = 1 + choices.below(3);
            let (may_be_true, may_be_false) = (which & 1 != 0, which & 2 != 0);
            let members = [(may_be_true, true), (may_be_false, false)];
            let members = members.into_iter().filter(|(may, _)| *may).map(|(_, yes)| Constant::Bool(yes));
            (Type::Bool { may_be_true, may_be_false }, members.collect())
        }
        Kind::Date(kind) => {
            let members = (0..16).map(|_| Constant::Date(kind, date(choices, kind))).collect();
            (Type::Date(kind, Wire::Plain), members)
        }
    }
}

fn texts(choices: &mut Choices) -> (Type, Vec<Constant>) {
    // Often all members share a language, so that the facts of the files apply.
    let languages = &*LANGUAGES;
    let wanted = choices.below(languages.len());
    let mut set: BTreeSet<String> = BTreeSet::new();
    for _ in 0..36 {
        let member = text(choices);
        if choices.below(4) == 0 || languages[wanted].contains(&member) {
            set.insert(member);
        }
    }
    if set.is_empty() {
        set.insert(text(choices));
    }
    let members = set.iter().cloned().map(Constant::Text).collect();
    // One language that holds all of them.
    let one = |choices: &mut Choices| -> Vec<Language> {
        let first = choices.below(languages.len());
        let mut found = languages.iter().cycle().skip(first).take(languages.len());
        found.find(|one| set.iter().all(|text| one.contains(text))).cloned().into_iter().collect()
    };
    let text = match choices.below(5) {
        0 => Text { length: hull(&set), set: Some(Arc::new(set)), languages: Vec::new() },
        1 => Text { length: hull(&set), set: None, languages: Vec::new() },
        2 => Text { length: hull(&set), set: None, languages: one(choices) },
        3 => {
            let most = hull(&set).max.map(|most| most + choices.number() % 3);
            Text { length: Length::new(0, most), set: None, languages: [one(choices), one(choices)].concat() }
        }
        _ => Text {
            length: Length::ANY,
            set: None,
            languages: Language::of_set(set.iter()).into_iter().collect(),
        },
    };
    (Type::Text(text), members)
}

/// A grid that holds all of these: the largest power of ten that does, or one of its parts.
fn grid(choices: &mut Choices, set: &BTreeSet<BigRational>) -> BigRational {
    let fits = |grid: &BigRational| set.iter().all(|one| (one / grid).is_integer());
    let steps = ["1000", "50", "10", "5", "2", "1", "0.5", "0.25", "0.1", "0.05"];
    let mut found: Vec<BigRational> = steps.iter().map(|one| parse_decimal(one).unwrap()).collect();
    found.extend((2..35).map(step));
    let mut fitting = found.into_iter().filter(fits);
    fitting.nth(if choices.below(3) == 0 { 1 } else { 0 }).unwrap_or_else(|| step(34))
}

fn numbers(choices: &mut Choices) -> (Type, Vec<Constant>) {
    let set: BTreeSet<BigRational> = (0..1 + choices.below(16)).map(|_| number(choices)).collect();
    let members = set.iter().cloned().map(Constant::Decimal).collect();
    let grid = grid(choices, &set);
    let fits = set.iter().all(|one| (one / &grid).is_integer());
    let grid = fits.then_some(grid);
    // The ends are members, or lie outside by a step, and then may belong to the range or not.
    let end = |choices: &mut Choices, value: &BigRational, outward: i32| {
        let far = step(choices.below(5)) * BigRational::from_integer(outward.into());
        match choices.below(3) {
            0 => Bound { value: value + far, inclusive: choices.below(2) == 0 },
            _ => Bound { value: value.clone(), inclusive: true },
        }
    };
    let low = Some(end(choices, set.first().unwrap(), -1));
    let high = Some(end(choices, set.last().unwrap(), 1));
    let wire = *any(choices, &[Wire::Plain, Wire::DecimalText]);
    let decimal = match choices.below(6) {
        0 => Decimal {
            interval: Interval { low, high },
            grid,
            set: Some(Arc::new(set.into_iter().collect())),
            wire,
        },
        1 => Decimal { interval: Interval { low, high }, grid: None, set: None, wire },
        2 => Decimal { interval: Interval { low, high: None }, grid, set: None, wire },
        3 => Decimal { interval: Interval { low: None, high }, grid: None, set: None, wire },
        _ => Decimal { interval: Interval { low, high }, grid, set: None, wire },
    };
    (Type::Decimal(decimal), members)
}

/// Arguments that the signature accepts, often ones that matter for these members.
pub fn arguments(choices: &mut Choices, signature: &Signature, members: &[Constant]) -> Vec<Constant> {
    let mut given: Vec<Constant> = Vec::new();
    for parameter in &signature.parameters {
        let value = match &parameter.kind {
            ArgumentKind::Whole { least, most } => {
                // Nobody waits for a million fill characters.
                let most = if signature.parameters.len() == 2 { (*most).min(60) } else { *most };
                whole(choices, *least, most, members)
            }
            ArgumentKind::Number { from: None } => Constant::Decimal(edge(choices, members)),
            ArgumentKind::Number { from: Some(_) } => {
                let Some(Constant::Decimal(least)) = given.last() else { panic!("no lower end") };
                let other = edge(choices, members);
                Constant::Decimal(if other < *least { least.clone() } else { other })
            }
            ArgumentKind::Text | ArgumentKind::FilledText => {
                let mut wanted = String::new();
                if let Constant::Text(member) = any(choices, members) {
                    let start = choices.below(3);
                    wanted = member.chars().skip(start).take(1 + choices.below(3)).collect();
                }
                if choices.below(3) == 0 {
                    wanted = text(choices);
                }
                if wanted.is_empty() && parameter.kind == ArgumentKind::FilledText {
                    wanted = "-".to_owned();
                }
                Constant::Text(wanted)
            }
            ArgumentKind::Character => {
                Constant::Text((*any(choices, &["0", " ", "ß", "\u{301}", "👍", "x", "\u{200D}"])).to_owned())
            }
            ArgumentKind::Pattern { full: true, .. } => Constant::Text(day_pattern(choices, members)),
            ArgumentKind::Pattern { time, .. } => {
                let patterns: &[&str] = if *time {
                    &["YYYY-MM-DD hh:mm:ss", "hhmm", "YYYYYY", "[DD]", "ß(hh)?", "MMM"]
                } else {
                    &["YYYY-MM-DD", "DD.MM.YY", "YYYYYY", "[DD]", "ß(MM)?", "a+b"]
                };
                Constant::Text((*any(choices, patterns)).to_owned())
            }
            ArgumentKind::Rounding => {
                let modes = [
                    Rounding::HalfUp,
                    Rounding::HalfEven,
                    Rounding::HalfDown,
                    Rounding::Floor,
                    Rounding::Ceiling,
                    Rounding::Down,
                    Rounding::Up,
                ];
                Constant::Text(rounding_word(*any(choices, &modes)).to_owned())
            }
        };
        given.push(value);
    }
    given
}

/// A whole number at an end of its range, at the length of a member, or small.
fn whole(choices: &mut Choices, least: i64, most: i64, members: &[Constant]) -> Constant {
    let wanted = match choices.below(5) {
        0 => *any(choices, &[least, most, least + 1, most - 1]),
        1 | 2 => match any(choices, members) {
            Constant::Text(text) => text.chars().count() as i64 + choices.below(3) as i64 - 1,
            _ => choices.below(5) as i64,
        },
        _ => *any(choices, &[1, 2, 3, 5, 12, 30, -1, 365]),
    };
    Constant::Decimal(BigRational::from_integer(wanted.clamp(least, most).into()))
}

/// A number, often a member or one step beside it.
fn edge(choices: &mut Choices, members: &[Constant]) -> BigRational {
    let Constant::Decimal(member) = any(choices, members) else { return number(choices) };
    let beside = match choices.below(4) {
        0 => member.clone(),
        1 => member + step(2),
        2 => member - step(2),
        _ => return number(choices),
    };
    // Only what a map can hold.
    if mapc_types::to_coefficient_scale(&beside).is_some() { beside } else { member.clone() }
}

/// A pattern of whole days, often one that a member looks like.
fn day_pattern(choices: &mut Choices, members: &[Constant]) -> String {
    let shape = |text: &str| text.replace(|one: char| one.is_ascii_alphanumeric(), "0");
    let fits = |pattern: &&&str| {
        members.iter().any(|member| matches!(member, Constant::Text(text) if shape(text) == shape(pattern)))
    };
    match PATTERNS.iter().find(fits) {
        Some(pattern) if choices.percent(90) => (*pattern).to_owned(),
        _ => (*any(choices, PATTERNS)).to_owned(),
    }
}
