//! Messages for a schema, from its text: half of them valid as far as one pass sees, on the ends of every limit; a quarter
//! damaged; a quarter bytes. Knows nothing of maps. Nobody relies on what it calls valid.

use super::json::Json;
use super::number::Exact;
use super::schema::{Dialect, FORMS};
use crate::choices::Choices;

mod damage;

/// What a message was made to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Make {
    /// By the schema.
    Valid,
    /// By the schema, then damaged.
    Damaged,
    /// Bytes.
    Raw,
}

/// What messages are made from.
#[derive(Clone, Debug, Default)]
pub struct Matter {
    /// Messages that are known to be good, if there are any.
    pub samples: Vec<Json>,
    /// Texts that mean something to the map.
    pub words: Vec<String>,
}

impl Matter {
    /// The texts in a map.
    pub fn of_map(map: &str) -> Matter {
        let words = map.split('"').skip(1).step_by(2).filter(|text| !text.contains(['{', '\\']));
        Matter { samples: Vec::new(), words: words.map(str::to_owned).collect() }
    }
}

/// A message from the schema alone.
pub fn message(schema: &Json, choices: &mut Choices) -> (Make, Vec<u8>) {
    message_from(schema, &Matter::default(), choices)
}

/// A message: half valid, a quarter damaged, a quarter raw.
pub fn message_from(schema: &Json, matter: &Matter, choices: &mut Choices) -> (Make, Vec<u8>) {
    let maker = Maker { root: schema, dialect: Dialect::of(schema), words: &matter.words };
    let value = |wild: u64, choices: &mut Choices| {
        let made = maker.value(&[schema], 0, wild, choices);
        match choices.any(&matter.samples) {
            Some(sample) if choices.percent(80) => {
                let share = choices.one(&[1, 3, 10, 30]);
                crossed(sample, &made, share, choices)
            }
            _ => made,
        }
    };
    match choices.below(4) {
        0 | 1 => {
            let wild = choices.one(&[0, 0, 0, 1, 3]);
            let value = value(wild, choices);
            (Make::Valid, written(&value, choices))
        }
        2 => {
            let mut value = value(4, choices);
            for _ in 0..=choices.below(2) {
                damage::json(&mut value, choices);
            }
            let bytes = written(&value, choices);
            let bytes = if choices.percent(50) { damage::bytes(bytes, choices) } else { bytes };
            (Make::Damaged, bytes)
        }
        _ => {
            let value = value(2, choices);
            (Make::Raw, damage::raw(written(&value, choices), choices))
        }
    }
}

/// The sample with some of its parts replaced by those of the other value.
fn crossed(sample: &Json, other: &Json, share: u64, choices: &mut Choices) -> Json {
    if choices.percent(share) {
        return other.clone();
    }
    match (sample, other) {
        (Json::Record(members), Json::Record(others)) => {
            let mut kept: Vec<(String, Json)> = Vec::new();
            for (name, value) in members {
                let value = match other.get(name) {
                    Some(other) => crossed(value, other, share, choices),
                    None if choices.percent(share) => continue,
                    None => value.clone(),
                };
                kept.push((name.clone(), value));
            }
            for (name, value) in others {
                if sample.get(name).is_none() && choices.percent(share) {
                    kept.push((name.clone(), value.clone()));
                }
            }
            Json::Record(kept)
        }
        (Json::List(elements), Json::List(others)) => {
            let pairs = elements.iter().enumerate();
            let crossed = pairs.map(|(at, element)| match others.get(at) {
                Some(other) => crossed(element, other, share, choices),
                None => element.clone(),
            });
            Json::List(crossed.collect())
        }
        _ => sample.clone(),
    }
}

/// Written, now and then with white space and escapes.
fn written(value: &Json, choices: &mut Choices) -> Vec<u8> {
    let text = value.to_string();
    match choices.below(8) {
        0 => damage::escaped(&text, choices),
        1 => format!(" \n{text}\t\r\n").into_bytes(),
        _ => text.into_bytes(),
    }
}

struct Maker<'a> {
    root: &'a Json,
    dialect: Dialect,
    words: &'a [String],
}

type Nodes<'a> = Vec<&'a Json>;

impl<'a> Maker<'a> {
    /// Every schema that speaks about a place, alternatives chosen.
    fn expand(&self, nodes: &[&'a Json], depth: usize, found: &mut Nodes<'a>, choices: &mut Choices) {
        if depth > 12 || found.len() > 60 {
            return;
        }
        for node in nodes {
            let lone = matches!(self.dialect, Dialect::Draft4 | Dialect::Draft7 | Dialect::OpenApi30);
            if let Some(reference) = node.get("$ref").and_then(Json::as_text) {
                let target = match reference {
                    "#" => Some(self.root),
                    _ => reference.strip_prefix('#').and_then(|pointer| self.root.at(pointer)),
                };
                self.expand(&target.into_iter().collect::<Nodes>(), depth + 1, found, choices);
                if lone {
                    continue;
                }
            }
            found.push(node);
            let all: Nodes = node.get("allOf").into_iter().flat_map(Json::elements).collect();
            self.expand(&all, depth + 1, found, choices);
            for word in ["anyOf", "oneOf"] {
                let arms = node.get(word).map(Json::elements).unwrap_or_default();
                let arm: Nodes = choices.any(arms).into_iter().collect();
                self.expand(&arm, depth + 1, found, choices);
            }
            if let Some(condition) = node.get("if") {
                let holds = choices.percent(60);
                let parts: [Option<&Json>; 2] =
                    if holds { [Some(condition), node.get("then")] } else { [None, node.get("else")] };
                let parts: Nodes = parts.into_iter().flatten().collect();
                self.expand(&parts, depth + 1, found, choices);
            }
        }
    }

    fn value(&self, nodes: &[&'a Json], depth: usize, wild: u64, choices: &mut Choices) -> Json {
        let mut all = Nodes::new();
        self.expand(nodes, 0, &mut all, choices);
        if choices.percent(wild) {
            return stranger(choices);
        }
        let lists = all.iter().filter_map(|node| node.get("enum").map(Json::elements));
        if let Some(values) = lists.min_by_key(|values| values.len()) {
            return self.listed(values, wild, choices);
        }
        if let Some(only) = all.iter().find_map(|node| node.get("const")) {
            return self.listed(std::slice::from_ref(only), wild, choices);
        }
        match self.kind(&all, depth, choices) {
            "object" => self.record(&all, depth, wild, choices),
            "array" => self.list(&all, depth, wild, choices),
            "null" => Json::Null,
            "boolean" => Json::Bool(choices.percent(50)),
            "number" => Json::Number(number(&all, false, wild, choices)),
            "integer" => Json::Number(number(&all, true, wild, choices)),
            _ => Json::Text(self.text(&all, wild, choices)),
        }
    }

    fn listed(&self, values: &[Json], wild: u64, choices: &mut Choices) -> Json {
        let value = choices.any(values).cloned().unwrap_or(Json::Null);
        match &value {
            Json::Text(text) if choices.percent(wild * 3) => Json::Text(choices.one(&[
                format!("{text} "),
                text.to_uppercase(),
                format!("{text}x"),
                String::new(),
            ])),
            Json::Number(digits) if choices.percent(20) => {
                Json::Number(if digits.contains(['.', 'e']) { digits.clone() } else { format!("{digits}.0") })
            }
            _ => value,
        }
    }

    fn text(&self, all: &[&Json], wild: u64, choices: &mut Choices) -> String {
        let made = text(all, wild, choices);
        let plain =
            !all.iter().any(|node| node.get("x-mapc-decimal").is_some() || node.get("x-mapc-date").is_some());
        if !(plain && choices.percent(35)) {
            return made;
        }
        let count = |word: &str| all.iter().filter_map(|node| node.get(word).and_then(Json::count)).min();
        let (min, max) = (count("minLength").unwrap_or(0), count("maxLength").unwrap_or(u64::MAX));
        let length = |word: &str| u64::try_from(word.chars().count()).unwrap_or(u64::MAX);
        let formed = all.iter().any(|node| node.get("pattern").or(node.get("format")).is_some());
        let word = choices.any(self.words).filter(|word| (min..=max).contains(&length(word)) && !formed);
        word.cloned().unwrap_or(made)
    }

    fn kind(&self, all: &[&Json], depth: usize, choices: &mut Choices) -> &'static str {
        const KINDS: [&str; 7] = ["string", "number", "integer", "boolean", "object", "array", "null"];
        let mut kinds: Vec<&'static str> = KINDS.to_vec();
        for node in all {
            let Some(types) = node.get("type") else { continue };
            let names: Vec<&str> = match types {
                Json::Text(name) => vec![name.as_str()],
                other => other.elements().iter().filter_map(Json::as_text).collect(),
            };
            let mut names = names;
            if node.get("nullable") == Some(&Json::Bool(true)) {
                names.push("null");
            }
            kinds.retain(|kind| names.contains(kind) || (*kind == "integer" && names.contains(&"number")));
        }
        if kinds.len() > 1 && depth > 0 {
            // null is one value among many
            if kinds.contains(&"null") && choices.percent(25) {
                return "null";
            }
            kinds.retain(|kind| *kind != "null");
        }
        let typed = all.iter().any(|node| node.get("type").is_some());
        if !typed && all.iter().any(|node| node.get("properties").is_some()) {
            return "object";
        }
        choices.any(&kinds).copied().unwrap_or("string")
    }

    fn record(&self, all: &[&'a Json], depth: usize, wild: u64, choices: &mut Choices) -> Json {
        let mut names: Vec<&str> = Vec::new();
        let mut required: Vec<&str> = Vec::new();
        for node in all {
            for (name, _) in node.get("properties").map(Json::members).unwrap_or_default() {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            for name in node.get("required").map(Json::elements).unwrap_or_default() {
                required.extend(name.as_text());
            }
        }
        for name in &required {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let share = choices.one(&[15, 60, 85, 100]);
        let mut members = Vec::new();
        for name in names {
            let must = required.contains(&name) && !choices.percent(wild);
            if depth > 8 || !(must || (choices.percent(share) && depth < 5)) {
                continue;
            }
            let schemas: Nodes = all
                .iter()
                .filter_map(|node| node.get("properties").and_then(|properties| properties.get(name)))
                .collect();
            if !must && schemas.iter().any(|schema| matches!(schema, Json::Bool(false))) {
                continue;
            }
            members.push((name.to_owned(), self.value(&schemas, depth + 1, wild, choices)));
        }
        let closed = all.iter().any(|node| node.get("additionalProperties") == Some(&Json::Bool(false)));
        if choices.percent(if closed { wild } else { 8 }) {
            members.push((choices.one(&["extra", "x-1", "", "id "]).to_owned(), stranger(choices)));
        }
        if choices.percent(10) {
            members.reverse();
        }
        Json::Record(members)
    }

    fn list(&self, all: &[&'a Json], depth: usize, wild: u64, choices: &mut Choices) -> Json {
        let limits = |word: &str| {
            all.iter().filter_map(|node| node.get(word).and_then(Json::count)).collect::<Vec<u64>>()
        };
        let min = limits("minItems").into_iter().max().unwrap_or(0);
        let max = limits("maxItems").into_iter().min().unwrap_or(min + 4).min(min + 12);
        let mut count = match choices.below(5) {
            0 => min,
            1 => max,
            _ => choices.between(min, max.max(min)),
        };
        if choices.percent(wild * 2) {
            count = if choices.percent(50) { max + 1 } else { min.saturating_sub(1) };
        }
        if depth > 6 {
            count = count.min(1);
        }
        let mut elements: Vec<Json> = Vec::new();
        for at in 0..count {
            let place = usize::try_from(at).unwrap_or(0);
            let schemas: Nodes = all.iter().filter_map(|node| element_schema(node, place)).collect();
            let unique = all.iter().any(|node| node.get("uniqueItems").is_some());
            let mut element = self.value(&schemas, depth + 1, wild, choices);
            if !unique && choices.percent(10) {
                element = elements.last().cloned().unwrap_or(element);
            }
            elements.push(element);
        }
        Json::List(elements)
    }
}

fn element_schema(node: &Json, place: usize) -> Option<&Json> {
    if let Some(schema) = node.get("prefixItems").and_then(|list| list.elements().get(place)) {
        return Some(schema);
    }
    match node.get("items") {
        Some(Json::List(places)) => places.get(place).or_else(|| node.get("additionalItems")),
        other => other,
    }
}

/// A value of any kind.
fn stranger(choices: &mut Choices) -> Json {
    match choices.below(10) {
        0 => Json::Null,
        1 => Json::Bool(true),
        2 => Json::number(choices.one(NUMBERS)),
        3 => Json::List(Vec::new()),
        4 => Json::List(vec![Json::Null, Json::number(1)]),
        5 => Json::Record(Vec::new()),
        6 => Json::record([("id", Json::text("x"))]),
        7 => Json::text("2026-02-29"),
        8 => Json::text(""),
        _ => Json::text(choices.one(WORDS)),
    }
}

/// Numbers on the edge of something.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-0.0",
    "1e2",
    "1.50",
    "1.5e1",
    "25e-3",
    "999999999999999",
    "9007199254740993",
    "9999999999999999999999999999999999",
    "12345678901234567890123456789012345",
    "0.1000000000000000055511151231257827",
    "1e400",
    "1e-40",
    "0e99",
    "0e-50",
    "-1",
    "0.005",
    "2.675",
    "999.995",
    "1E+2",
    "100.00",
];
/// Texts on the edge of something.
const WORDS: &[&str] = &[
    "",
    " ",
    "a",
    "A",
    "ß",
    "İ",
    "ﬂ",
    "ŉ",
    "ǆ",
    "ΐ",
    "e\u{301}",
    "\u{301}",
    "😀",
    "👨‍👩‍👧",
    "\u{a0}",
    "\u{2028}",
    "\t",
    "\n",
    "a\n",
    "\r\n",
    "null",
    "\"",
    "\\",
    "/",
    "\u{0}",
    "\u{7f}",
    "\u{feff}",
    "x y",
    "12",
    "1.50",
    "-0",
    "007",
    "1e2",
    "DE",
    "open",
    "EUR",
    "2026-01-31",
    "a,b;c",
    "🇩🇪",
    "가",
    "ا",
    "A-1",
    "SO-1",
];
/// Dates on the edge of something.
const DATES: &[&str] = &[
    "2026-01-31",
    "2024-02-29",
    "2023-02-29",
    "0001-01-01",
    "9999-12-31",
    "2000-02-29",
    "1900-02-29",
    "0000-01-01",
    "2026-13-01",
    "2026-1-1",
    "2026-06-15",
];
/// Times of day.
const TIMES: &[&str] = &[
    "00:00:00",
    "23:59:59",
    "12:30:15.5",
    "23:59:59.999999999",
    "24:00:00",
    "23:59:60",
    "01:02",
    "07:08:09.100",
];
/// Offsets.
const OFFSETS: &[&str] = &["Z", "+00:00", "-00:00", "+05:30", "-23:59", "+23:59", "z", "", "+24:00"];

fn number(all: &[&Json], whole: bool, wild: u64, choices: &mut Choices) -> String {
    if choices.percent(4 + wild * 3) {
        return choices.one(NUMBERS).to_owned();
    }
    let exact = |node: &Json, word: &str| node.get(word).and_then(Json::digits).and_then(Exact::parse);
    let mut steps: Vec<Exact> = all.iter().filter_map(|node| exact(node, "multipleOf")).collect();
    if whole {
        steps.push(Exact::ONE);
    }
    let step = steps.iter().copied().fold(None::<Exact>, |found, step| {
        Some(match found {
            Some(found)
                if found
                    .steps(step)
                    .is_some_and(|times| step.repeated(times).minus(found) == Exact::ZERO) =>
            {
                found
            }
            Some(found) => {
                if found > step {
                    found.times(step)
                } else {
                    step
                }
            }
            None => step,
        })
    });
    let least = ["minimum", "exclusiveMinimum"]
        .iter()
        .flat_map(|word| all.iter().filter_map(move |node| exact(node, word)));
    let most = ["maximum", "exclusiveMaximum"]
        .iter()
        .flat_map(|word| all.iter().filter_map(move |node| exact(node, word)));
    let low = least.fold(None::<Exact>, |found, end| Some(found.filter(|found| *found > end).unwrap_or(end)));
    let high = most.fold(None::<Exact>, |found, end| Some(found.filter(|found| *found < end).unwrap_or(end)));
    let step = step.unwrap_or_else(|| Exact::new(1, choices.one(&[0, 1, 2, 2, 3, 5])));
    let some = Exact::new(i128::from(choices.one(&[0_u32, 1, 2, 5, 7, 10, 99, 100, 12345])), 0).times(step);
    let value = match (low, high, choices.below(5)) {
        (Some(low), _, 0) => low,
        (_, Some(high), 1) => high,
        (Some(low), _, 2) => low.plus(step),
        (_, Some(high), 3) => high.minus(step),
        (Some(low), Some(high), _) => {
            let room = high.minus(low).steps(step).unwrap_or(0).clamp(0, 1_000_000_000);
            let times = choices.below(usize::try_from(room).unwrap_or(0) + 1);
            low.plus(step.repeated(i128::try_from(times).unwrap_or(0)))
        }
        (Some(low), None, _) => low.plus(some),
        (None, Some(high), _) => high.minus(some),
        (None, None, 0 | 1) => Exact::ZERO.minus(some),
        (None, None, _) => some,
    };
    // onto the grid, inside the range
    let on_grid = value.steps(step).map_or(value, |times| step.repeated(times));
    let on_grid = if low.is_some_and(|low| on_grid < low) { on_grid.plus(step) } else { on_grid };
    let value = match choices.below(100) {
        chance if chance < usize::try_from(wild).unwrap_or(0) * 2 => {
            value.plus(Exact::new(1, step.scale() + 1))
        }
        chance if chance > 95 => match low {
            Some(low) if wild > 0 => low.minus(step),
            _ => on_grid,
        },
        _ => on_grid,
    };
    match choices.below(12) {
        0 if !value.to_string().contains('.') => format!("{value}.0"),
        1 => format!("{value}e0"),
        2 if value.to_string().contains('.') => format!("{value}0"),
        _ => value.to_string(),
    }
}

fn text(all: &[&Json], wild: u64, choices: &mut Choices) -> String {
    let words = |word: &'static str| all.iter().filter_map(move |node| node.get(word));
    if let Some(form) = words("x-mapc-decimal").next() {
        return decimal_text(form, wild, choices);
    }
    let date = words("x-mapc-date").find_map(Json::as_text);
    let format = words("format").find_map(Json::as_text).or(date);
    match format {
        Some("date") => {
            return choices.one(if wild > 0 { DATES } else { DATES.get(..2).unwrap_or(DATES) }).to_owned();
        }
        Some("date-time" | "instant") => {
            let (good, times) = if wild > 0 {
                (DATES, TIMES)
            } else {
                (DATES.get(..2).unwrap_or(DATES), TIMES.get(..4).unwrap_or(TIMES))
            };
            let offsets = if wild > 0 { OFFSETS } else { OFFSETS.get(..6).unwrap_or(OFFSETS) };
            return format!("{}T{}{}", choices.one(good), choices.one(times), choices.one(offsets));
        }
        Some("local") => return format!("{}T{}", choices.one(DATES), choices.one(TIMES)),
        Some("time") => {
            return choices.one(if wild > 0 { TIMES } else { TIMES.get(..4).unwrap_or(TIMES) }).to_owned();
        }
        _ => {}
    }
    let form = words("pattern").chain(words("format")).find_map(Json::as_text);
    if let Some(form) = form.and_then(|value| FORMS.iter().find(|form| form.value == value))
        && !choices.percent(wild * 3)
    {
        return choices.one(form.fitting).to_owned();
    }
    let limits = |word: &'static str| words(word).filter_map(Json::count);
    let min = limits("minLength").max().unwrap_or(0);
    let max = limits("maxLength").min();
    if max.is_none_or(|max| max >= 4) && min <= 1 && choices.percent(30) {
        let word = choices.one(WORDS);
        let long = word.chars().count() as u64;
        if wild > 0 || (min <= long && max.is_none_or(|max| long <= max)) {
            return word.to_owned();
        }
    }
    let length = match (max, choices.below(5)) {
        (Some(max), 0 | 1) => max,
        (Some(max), 2) => max.saturating_sub(1),
        (_, 3) => min,
        (max, _) => choices.between(min, max.unwrap_or(min + 60).min(min + 80)),
    };
    let length = if choices.percent(wild * 2) {
        if choices.percent(50) { max.unwrap_or(length) + 1 } else { min.saturating_sub(1) }
    } else {
        length.max(min)
    };
    repeated(usize::try_from(length).unwrap_or(0), choices)
}

/// A text of so many characters.
fn repeated(length: usize, choices: &mut Choices) -> String {
    const LETTERS: &[&str] = &[
        "a",
        "B",
        "7",
        " ",
        "-",
        "ß",
        "İ",
        "ﬂ",
        "é",
        "e\u{301}",
        "😀",
        "ΐ",
        "Z",
        "x",
        "ŉ",
        "\u{a0}",
        ",",
        "\"",
        "👨‍👩‍👧",
    ];
    let mut text = String::with_capacity(length * 2);
    let mut left = length;
    let plain = choices.percent(55);
    while left > 0 {
        let piece = if plain { choices.one(&["a", "b", "C", "9", " ", "0"]) } else { choices.one(LETTERS) };
        let run = if choices.percent(50) { 1 } else { left.min(30) };
        for _ in 0..run {
            let taken: String = piece.chars().take(left).collect();
            left -= taken.chars().count();
            text.push_str(&taken);
        }
    }
    text
}

fn decimal_text(form: &Json, wild: u64, choices: &mut Choices) -> String {
    let part = |name, other| form.get(name).and_then(Json::count).unwrap_or(other);
    let scale = part("scale", 0).min(18);
    let digits = part("precision", 15).saturating_sub(scale).min(18);
    let power = |exponent: u64| 10_i128.pow(u32::try_from(exponent).unwrap_or(0));
    let most = power(digits + scale) - 1;
    let scale = u32::try_from(scale).unwrap_or(0);
    let value = match choices.below(5) {
        0 => Exact::new(most, scale),
        1 => Exact::new(-most, scale),
        2 => Exact::new(0, 0),
        _ => Exact::new(i128::try_from(choices.below(100_000)).unwrap_or(0).min(most), scale),
    };
    if choices.percent(wild * 4) {
        return choices
            .one(&[
                "1e2",
                "+1",
                "01",
                "1.",
                ".5",
                "",
                "-0",
                "99999999999999999999999999999999999.9",
                "0.12345678",
                " 1",
            ])
            .to_owned();
    }
    value.to_string()
}
