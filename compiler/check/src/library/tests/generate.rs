//! Random types with members at the boundaries, from a fixed seed.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use mapc_types::{BigRational, Bound, DateKind, Decimal, Interval, Language, Length, Text, Type, Wire};

use super::super::LIBRARY;
use super::super::exact;
use super::super::function::{ArgumentKind, Kind, Signature, rounding_word};
use crate::typed::{Constant, Rounding};

/// A small deterministic generator.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.below(from.len());
        &from[index]
    }
}

const ALPHABETS: &[&[&str]] = &[
    &["0", "1", "9", "5"],
    &["A", "Z", "B"],
    &["a", "z", "b"],
    &["A", "a", "7", "-", "_", "."],
    &["a", "B", " ", "-", "/", ";", "@"],
    &["a", "\t", " ", "\n", "\r\n", "\u{A0}", "\u{3000}", "\u{85}", "\u{0}"],
    &["ß", "ÿ", "µ", "Ä", "é", "a"],
    &["İ", "ı", "ŉ", "ﬂ", "ﬃ", "ǰ", "ΐ", "Σ", "ſ", "\u{212A}", "ᾳ", "ԵՒ", "և"],
    &["e\u{301}", "\u{308}", "a", "\u{200D}"],
    &["👩\u{200D}👩\u{200D}👧", "🇩🇪", "🇺", "👍🏽", "x", "\u{FE0F}", "𐐨", "각", "\u{1100}"],
];

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
    "9999999999999999999999999999999999",
    "99999999999999999999999999999999990",
    "0.0000000000000000000000000000000001",
    "-9999999999999999999999999999999.999",
    "1.00000000000000000000000000000000000",
    "0.00000000000000000000000000000000001",
    "2024-02-29",
    "2023-02-29",
    "0001-01-01",
    "9999-12-31",
    "0000-01-01",
    "2024-13-01",
    "29.02.2024",
    "20240229",
    "31.02.2024",
    "00:00:00",
    "23:59:59.999999999",
    "24:00:00",
    "08:30:00.500",
    "12:00:60",
    "12:00:00.",
    "2024-02-29T23:59:59Z",
    "2024-02-29T23:59:59+14:00",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-00:01",
    "2024-02-29T23:59:59",
    "a;b;c",
    ";",
    "a@b",
    "SO-1",
    "SO-",
    "aaa",
    "é",
    "e\u{301}",
];

pub fn text(dice: &mut Dice) -> String {
    match dice.below(8) {
        7 => (*dice.pick(&["29.02.2024", "30.02.2024", "20240229", "02/29/2024*", "2024-02-29"])).to_owned(),
        6 => {
            let kind = *dice.pick(&[DateKind::Date, DateKind::Time, DateKind::Local, DateKind::Instant]);
            date(dice, kind)
        }
        0 => (*dice.pick(WHOLE)).to_owned(),
        1 => {
            let alphabet = *dice.pick(ALPHABETS);
            let long = 1 + dice.below(40);
            (0..long).map(|_| *dice.pick(alphabet)).collect()
        }
        2 => (0..dice.below(6))
            .map(|_| {
                let alphabet = *dice.pick(ALPHABETS);
                *dice.pick(alphabet)
            })
            .collect(),
        _ => {
            let alphabet = *dice.pick(ALPHABETS);
            (0..dice.below(6)).map(|_| *dice.pick(alphabet)).collect()
        }
    }
}

/// At most 34 digits and 34 decimals, as the runtime holds.
pub fn number(dice: &mut Dice) -> BigRational {
    if dice.below(8) == 0 {
        let known = [
            "0",
            "999.996",
            "-999.996",
            "0.5",
            "-0.5",
            "2.5",
            "1.5",
            "0.05",
            "-2.5",
            "9.5",
            "-9.5",
            "9999999999999999999999999999999999",
            "0.9999999999999999999999999999999999",
            "-0.0000000000000000000000000000000001",
            "99999999999999999.99999999999999999",
        ];
        return exact::read_decimal(dice.pick::<&str>(&known)).unwrap();
    }
    let digits = 1 + if dice.below(4) == 0 { dice.below(34) } else { dice.below(6) };
    let coefficient: String = (0..digits).map(|_| *dice.pick(&['0', '1', '4', '5', '6', '9', '9'])).collect();
    let places = if dice.below(3) == 0 { 0 } else { dice.below(if digits > 6 { 35 } else { 8 }) };
    let value = BigRational::new(coefficient.parse().unwrap(), exact::power_of_ten(places as u64));
    if dice.below(3) == 0 { -value } else { value }
}

fn date(dice: &mut Dice, kind: DateKind) -> String {
    let day = *dice.pick(&[
        "0001-01-01",
        "9999-12-31",
        "2024-02-29",
        "1900-01-01",
        "1899-12-31",
        "2200-12-31",
        "2201-01-01",
        "2024-03-10",
    ]);
    let time = *dice.pick(&["00:00:00", "23:59:59", "12:30:00.5", "23:59:59.999999999", "02:30:00"]);
    match kind {
        DateKind::Date => day.to_owned(),
        DateKind::Time => time.to_owned(),
        DateKind::Local => format!("{day}T{time}"),
        DateKind::Instant => {
            let offset = *dice.pick(&["Z", "+02:00", "-05:00", "+23:59", "-23:59"]);
            let text = format!("{day}T{time}{offset}");
            if super::super::calendar::read_instant(&text).is_some() {
                text
            } else {
                format!("{day}T{time}Z")
            }
        }
    }
}

pub fn text_set(members: impl IntoIterator<Item = String>) -> Type {
    let set: BTreeSet<String> = members.into_iter().collect();
    let length = hull(&set);
    Type::Text(Text { length, set: Some(Arc::new(set)), languages: Vec::new() })
}

fn hull(set: &BTreeSet<String>) -> Length {
    let lengths = || set.iter().map(|text| text.chars().count() as u64);
    Length::new(lengths().min().unwrap_or(0), lengths().max())
}

/// Languages beside the classes of the files.
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
    ];
    let mut all: Vec<Language> =
        patterns.iter().map(|one| Language::from_full_pattern(one).unwrap()).collect();
    for kind in [DateKind::Date, DateKind::Time, DateKind::Local, DateKind::Instant] {
        all.push(Language::of_date_kind(kind));
    }
    all.push(Language::decimal_text(34, 34));
    all.extend(LIBRARY.classes.iter().map(|class| class.language.clone()));
    all
});

/// A type and some of its members.
pub fn typed_members(dice: &mut Dice, kind: Kind) -> (Type, Vec<Constant>) {
    match kind {
        Kind::Text => {
            // Often all members share a language, so that the facts of the files apply.
            let languages = &*LANGUAGES;
            let wanted = dice.below(languages.len());
            let mut set: BTreeSet<String> = BTreeSet::new();
            for _ in 0..12 {
                let member = text(dice);
                if dice.below(4) == 0 || languages[wanted].contains(&member) {
                    set.insert(member);
                }
            }
            if set.is_empty() {
                set.insert(text(dice));
            }
            let members = set.iter().cloned().map(Constant::Text).collect();
            let facts = || -> Vec<Language> {
                languages
                    .iter()
                    .filter(|language| set.iter().all(|text| language.contains(text)))
                    .cloned()
                    .collect()
            };
            let value = match dice.below(5) {
                0 => text_set(set.clone()),
                1 => Type::Text(Text { length: hull(&set), set: None, languages: Vec::new() }),
                2 => Type::Text(Text { length: hull(&set), set: None, languages: facts() }),
                3 => {
                    let all = facts();
                    let some = if all.is_empty() { Vec::new() } else { vec![dice.pick(&all).clone()] };
                    let most = hull(&set).max.map(|most| most + dice.next() % 3);
                    Type::Text(Text { length: Length::new(0, most), set: None, languages: some })
                }
                _ => {
                    let exactly = Language::of_set(set.iter()).into_iter().collect();
                    Type::Text(Text { length: Length::ANY, set: None, languages: exactly })
                }
            };
            (value, members)
        }
        Kind::Number => {
            let set: BTreeSet<BigRational> = (0..1 + dice.below(5)).map(|_| number(dice)).collect();
            let members = set.iter().cloned().map(Constant::Decimal).collect();
            let grid = set.iter().fold(BigRational::default(), |grid, one| exact::common_grid(&grid, one));
            let grid = if grid == BigRational::default() { exact::whole(1) } else { grid };
            let slack = |dice: &mut Dice, outward: i64| {
                let extra = exact::whole(outward) * exact::step(dice.next() % 4);
                if dice.below(3) == 0 { (extra, false) } else { (BigRational::default(), true) }
            };
            let (low, low_closed) = slack(dice, -1);
            let (high, high_closed) = slack(dice, 1);
            let interval = Interval {
                low: Some(Bound { value: set.first().unwrap() + low, inclusive: low_closed }),
                high: Some(Bound { value: set.last().unwrap() + high, inclusive: high_closed }),
            };
            let wire = *dice.pick(&[Wire::Plain, Wire::DecimalText]);
            let decimal = match dice.below(5) {
                0 => Decimal {
                    interval,
                    grid: Some(grid),
                    set: Some(Arc::new(set.into_iter().collect())),
                    wire,
                },
                1 => Decimal { interval, grid: None, set: None, wire },
                2 => Decimal {
                    interval: Interval { low: interval.low, high: None },
                    grid: Some(grid),
                    set: None,
                    wire,
                },
                3 => Decimal {
                    interval: Interval { low: None, high: interval.high },
                    grid: None,
                    set: None,
                    wire,
                },
                _ => Decimal { interval, grid: Some(grid), set: None, wire },
            };
            (Type::Decimal(decimal), members)
        }
        Kind::YesNo => {
            let which = 1 + dice.below(3);
            let (may_be_true, may_be_false) = (which & 1 != 0, which & 2 != 0);
            let members = [(may_be_true, true), (may_be_false, false)];
            let members =
                members.into_iter().filter(|(may, _)| *may).map(|(_, yes)| Constant::Bool(yes)).collect();
            (Type::Bool { may_be_true, may_be_false }, members)
        }
        Kind::Date(kind) => {
            let members = (0..4).map(|_| Constant::Date(kind, date(dice, kind))).collect();
            (Type::Date(kind, Wire::Plain), members)
        }
    }
}

/// Arguments that the signature accepts, often ones that matter for these members.
pub fn arguments(dice: &mut Dice, signature: &Signature, members: &[Constant]) -> Vec<Constant> {
    let mut given: Vec<Constant> = Vec::new();
    for parameter in &signature.parameters {
        let value = match &parameter.kind {
            ArgumentKind::Whole { least, most } => {
                let near = [1, 2, 3, 5, 12, 30];
                let wanted = match dice.below(5) {
                    0 => *dice.pick(&[*least, *most]),
                    1 => match dice.pick(members) {
                        Constant::Text(text) => text.chars().count() as i64 + dice.below(3) as i64 - 1,
                        _ => 0,
                    },
                    _ => *dice.pick(&near),
                };
                // Nobody waits for a million fill characters.
                let most = if parameter.name == "n" && signature.parameters.len() == 2 {
                    (*most).min(60)
                } else {
                    *most
                };
                Constant::Decimal(exact::whole(wanted.clamp(*least, most)))
            }
            ArgumentKind::Number { from: None } => Constant::Decimal(number(dice)),
            ArgumentKind::Number { from: Some(_) } => {
                let Some(Constant::Decimal(least)) = given.last() else { panic!("no lower end") };
                let other = number(dice);
                Constant::Decimal(if other < *least { least.clone() } else { other })
            }
            ArgumentKind::Text | ArgumentKind::FilledText => {
                let mut wanted = String::new();
                if let Constant::Text(member) = dice.pick(members) {
                    let start = dice.below(3);
                    wanted = member.chars().skip(start).take(1 + dice.below(3)).collect();
                }
                if dice.below(3) == 0 {
                    wanted = text(dice);
                }
                if wanted.is_empty() && parameter.kind == ArgumentKind::FilledText {
                    wanted = "-".to_owned();
                }
                Constant::Text(wanted)
            }
            ArgumentKind::Character => {
                Constant::Text((*dice.pick(&["0", " ", "ß", "\u{301}", "👍", "x"])).to_owned())
            }
            ArgumentKind::Pattern { full: true, .. } => Constant::Text(
                (*dice.pick(&["YYYY-MM-DD", "DD.MM.YYYY", "YYYYMMDD", "MM/DD/YYYY*"])).to_owned(),
            ),
            ArgumentKind::Pattern { time, .. } => {
                let patterns: &[&str] = if *time {
                    &["YYYY-MM-DD hh:mm:ss", "hhmm", "YYYYYY", "[DD]", "ß(hh)?", "MMM"]
                } else {
                    &["YYYY-MM-DD", "DD.MM.YY", "YYYYYY", "[DD]", "ß(MM)?", "a+b"]
                };
                Constant::Text((*dice.pick(patterns)).to_owned())
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
                Constant::Text(rounding_word(*dice.pick(&modes)).to_owned())
            }
        };
        given.push(value);
    }
    given
}
