//! Maps that are right by construction: each line's values are known exactly, and its field takes all of them, or a little
//! more. An error about a value on such a line is a false alarm.

use std::collections::BTreeMap;

use mapc_diagnostics::Severity;

use crate::case::Case;
use crate::choices::Choices;
use crate::generate::json::Json;
use crate::generate::number::Exact;

/// A map, and what the check said about it without reason.
#[derive(Debug)]
pub struct Trial {
    /// Lines of the map.
    pub fields: usize,
    /// Codes of false alarms with the kind of line.
    pub alarms: Vec<(String, String)>,
    /// Other errors: the generator's own fault.
    pub faults: Vec<String>,
    /// The case.
    pub case: Case,
}

/// A random map, checked.
///
/// # Errors
/// The compiler panicked.
pub fn trial(choices: &mut Choices) -> Result<Trial, String> {
    let mut maker = Maker { choices, source: Vec::new(), required: Vec::new(), head: Vec::new(), number: 0 };
    let mut lines = Vec::new();
    let mut target = Vec::new();
    let mut must = Vec::new();
    let count = 3 + maker.choices.below(5);
    for _ in 0..count {
        let line = maker.line();
        let name = format!("{}_{}", line.kind, maker.number);
        lines.push(format!("  {name} = {}", line.text));
        if line.always && maker.choices.percent(70) {
            must.push(name.clone());
        }
        let image = widened(line.image, maker.choices);
        target.push((name, image));
    }
    let case = Case {
        source: document(&maker.source, &maker.required),
        target: document(&target, &must),
        map: format!(
            "map test.record version 1\nfrom shop.record@1 as order\nto erp.record@1\nzone \"Europe/Berlin\"\n{}fields {{\n{}\n}}\n",
            maker.head.concat(),
            lines.join("\n")
        ),
        ..Case::default()
    };
    let checked = case.check().map_err(|failure| failure.words)?;
    let compilation = &checked.compiled.compilation;
    let (mut alarms, mut faults) = (Vec::new(), Vec::new());
    for one in compilation.diagnostics.iter().filter(|one| one.severity == Severity::Error) {
        let code = one.code.number();
        let before = case.map.get(..one.primary.span.start as usize).unwrap_or_default();
        let line = before.lines().count().max(1) - usize::from(!before.ends_with('\n'));
        let text = case.map.lines().nth(line).unwrap_or_default();
        let kind = text.trim().split('_').next().unwrap_or_default().to_owned();
        if ["E03", "E04", "E05"].iter().any(|stage| code.starts_with(stage)) {
            alarms.push((code.to_owned(), kind));
        } else {
            faults.push(format!("{code} {}: {text}", one.title));
        }
    }
    Ok(Trial { fields: count, alarms, faults, case })
}

/// Alarms by code and kind of line.
pub type Causes = BTreeMap<(String, String), u64>;

fn document(fields: &[(String, Json)], required: &[String]) -> String {
    Json::record([
        ("$schema", Json::text("https://json-schema.org/draft/2020-12/schema")),
        ("type", Json::text("object")),
        ("required", Json::texts(required.iter().map(String::as_str))),
        ("additionalProperties", Json::Bool(false)),
        ("properties", Json::Record(fields.to_vec())),
    ])
    .to_string()
}

/// A line and the values it gives.
struct Line {
    kind: &'static str,
    text: String,
    image: Json,
    /// It always has a value.
    always: bool,
}

/// Numbers from, to, on a grid of so many decimals.
#[derive(Clone, Copy)]
struct Range {
    low: Exact,
    high: Exact,
    scale: u32,
}

impl Range {
    fn schema(self) -> Json {
        let step = Exact::new(1, self.scale);
        Json::record([
            ("type", Json::text(if self.scale == 0 { "integer" } else { "number" })),
            ("minimum", Json::number(self.low)),
            ("maximum", Json::number(self.high)),
            ("multipleOf", Json::number(step)),
        ])
    }

    fn map(self, change: impl Fn(Exact) -> Exact, scale: u32) -> Range {
        let (one, two) = (change(self.low), change(self.high));
        let (low, high) = if one < two { (one, two) } else { (two, one) };
        Range { low, high, scale }
    }
}

fn texts(min: u64, max: u64) -> Json {
    Json::record([
        ("type", Json::text("string")),
        ("minLength", Json::number(min)),
        ("maxLength", Json::number(max)),
    ])
}

fn listed<'a>(values: impl IntoIterator<Item = &'a str>) -> Json {
    Json::record([("enum", Json::texts(values))])
}

struct Maker<'a> {
    choices: &'a mut Choices,
    source: Vec<(String, Json)>,
    required: Vec<String>,
    head: Vec<String>,
    number: usize,
}

impl Maker<'_> {
    /// A new field of the source, and whether it is always there.
    fn field(&mut self, schema: Json) -> (String, bool) {
        self.number += 1;
        let name = format!("f{}", self.number);
        let always = self.choices.percent(60);
        if always {
            self.required.push(name.clone());
        }
        self.source.push((name.clone(), schema));
        (format!("order.{name}"), always)
    }

    fn text(&mut self) -> (String, bool, u64, u64) {
        let max = self.choices.between(2, 60);
        let min = if self.choices.percent(40) { self.choices.between(1, max.min(5)) } else { 0 };
        let (path, always) = self.field(texts(min, max));
        (path, always, min, max)
    }

    fn range(&mut self) -> (String, bool, Range) {
        let scale = self.choices.one(&[0, 0, 1, 2, 2, 4]);
        let low = Exact::new(i128::from(self.choices.one(&[0_i32, 0, 1, -1000, -5, 10])), 0);
        let high = low.plus(Exact::new(i128::from(self.choices.one(&[1_u32, 9, 99, 100, 99_999])), 0));
        let range = Range { low, high, scale };
        let (path, always) = self.field(range.schema());
        (path, always, range)
    }

    fn line(&mut self) -> Line {
        match self.choices.below(12) {
            0..=4 => self.text_line(),
            5..=8 => self.number_line(),
            9 => self.code_line(),
            10 => self.rows_line(),
            _ => self.other_line(),
        }
    }

    fn text_line(&mut self) -> Line {
        let (path, always, min, max) = self.text();
        let n = self.choices.between(1, max + 3);
        let (kind, text, low, high) = match self.choices.below(17) {
            0 => ("read", path, min, max),
            1 => ("cut", format!("{path} | cut {n}"), if max <= n { min } else { 0 }, max.min(n)),
            2 => ("start", format!("{path} | start {n}"), min.min(n), max.min(n)),
            3 => ("end", format!("{path} | end {n}"), min.min(n), max.min(n)),
            4 => ("trim", format!("{path} | trim"), 0, max),
            5 => {
                let text = format!("{path} | nonblank else \"x\"");
                return Line { kind: "nonblank", text, image: texts(1, max), always: true };
            }
            6 => ("upper", format!("{path} | upper_ascii"), min, max),
            7 => ("lower", format!("{path} | lower_ascii"), min, max),
            8 => ("pad", format!("{path} | pad_left {n} \"0\""), min.max(n), max.max(n)),
            9 => ("template", format!("\"SO-{{{path}}}\""), min + 3, max + 3),
            10 => ("replace", format!("{path} | replace \"a\" \"bb\""), min, max * 2),
            11 => ("before", format!("{path} | before \"-\""), 0, max),
            12 => {
                let text = format!("{path} | after \"-\"");
                return Line { kind: "after", text, image: texts(0, max - 1), always: false };
            }
            13 => ("prefix", format!("{path} | without_prefix \"SO\""), min.saturating_sub(2), max),
            14 => {
                let short = min.min(3);
                let text = format!("{path} else \"n/a\"");
                return Line { kind: "else", text, image: texts(short, max.max(3)), always: true };
            }
            15 => {
                let n = n.max(min);
                let text = format!("{path} when {path} is not longer than {n}");
                return Line { kind: "when", text, image: texts(min.min(n), max.min(n)), always: false };
            }
            _ => {
                let mut image = texts(0, max);
                image.set("pattern", Json::text("^[0-9]*$"));
                return Line { kind: "digits", text: format!("{path} | digits"), image, always };
            }
        };
        Line { kind, text, image: texts(low, high), always }
    }

    fn number_line(&mut self) -> Line {
        let (path, always, range) = self.range();
        let scale = self.choices.one(&[0, 1, 2]);
        let (kind, text, image) = match self.choices.below(14) {
            0 => ("amount", path, range),
            1 => (
                "round",
                format!("{path} | round {scale}"),
                range.map(|x| x.rounded(scale), scale.min(range.scale)),
            ),
            2 => (
                "floor",
                format!("{path} | floor {scale}"),
                range.map(|x| x.floor(scale), scale.min(range.scale)),
            ),
            3 => {
                let (other, both, more) = self.range();
                let image = Range {
                    low: range.low.plus(more.low),
                    high: range.high.plus(more.high),
                    scale: range.scale.max(more.scale),
                };
                return Line {
                    kind: "sum",
                    text: format!("{path} + {other}"),
                    image: image.schema(),
                    always: always && both,
                };
            }
            4 => {
                let (other, both, less) = self.range();
                let image = Range {
                    low: range.low.minus(less.high),
                    high: range.high.minus(less.low),
                    scale: range.scale.max(less.scale),
                };
                return Line {
                    kind: "difference",
                    text: format!("{path} - {other}"),
                    image: image.schema(),
                    always: always && both,
                };
            }
            5 => {
                let (factor, digits) = self.choices.one(&[("2", 0), ("0.5", 1), ("1.19", 2), ("-3", 0)]);
                let by = Exact::parse(factor).unwrap_or(Exact::ONE);
                ("product", format!("{path} * {factor}"), range.map(|x| x.times(by), range.scale + digits))
            }
            6 => {
                let low = Exact::ZERO;
                let high = Exact::new(50, 0);
                let inside = |x: Exact| {
                    if x < low {
                        low
                    } else if x > high {
                        high
                    } else {
                        x
                    }
                };
                ("clamp", format!("{path} | clamp 0 50"), range.map(inside, range.scale))
            }
            7 => {
                let crosses = range.low.is_negative() && !range.high.is_negative();
                let mut image = range.map(Exact::abs, range.scale);
                if crosses {
                    image.low = Exact::ZERO;
                }
                ("abs", format!("{path} | abs"), image)
            }
            8 => {
                let (by, times) =
                    self.choices.one(&[("2", "0.5"), ("4", "0.25"), ("5", "0.2"), ("100", "0.01")]);
                let times = Exact::parse(times).unwrap_or(Exact::ONE);
                let text = format!("{path} / {by} | round {scale}");
                ("quotient", text, range.map(|x| x.times(times).rounded(scale), scale))
            }
            9 => ("minus", format!("-{path}"), range.map(|x| Exact::ZERO.minus(x), range.scale)),
            10 => {
                let mut image = range;
                image.low = if range.low > Exact::ZERO { Exact::ZERO } else { range.low };
                image.high = if range.high < Exact::ZERO { Exact::ZERO } else { range.high };
                let text = format!("{path} else 0");
                return Line { kind: "orzero", text, image: image.schema(), always: true };
            }
            11 if range.high > Exact::ZERO => {
                let mut image = range.schema();
                if range.low <= Exact::ZERO {
                    image.set("exclusiveMinimum", Json::number(0));
                }
                let text = format!("{path} when {path} > 0");
                return Line { kind: "positive", text, image, always: false };
            }
            12 => {
                let length = |value: Exact| {
                    value.to_string().len() as u64
                        + u64::from(value.scale() == 0 && range.scale > 0) * (u64::from(range.scale) + 1)
                };
                let most = length(range.low).max(length(range.high));
                let text = format!("{path} | text");
                return Line { kind: "digitsof", text, image: texts(1, most), always };
            }
            _ => {
                let digits = self.choices.between(1, 6);
                let pattern = format!("^[0-9]{{1,{digits}}}$");
                let schema = Json::record([("type", Json::text("string")), ("pattern", Json::Text(pattern))]);
                let (path, always) = self.field(schema);
                let high = Exact::new(10_i128.pow(u32::try_from(digits).unwrap_or(1)) - 1, 0);
                let image = Range { low: Exact::ZERO, high, scale: 0 };
                // leading zeros are no number
                let text = format!("{path} | number");
                return Line { kind: "number", text, image: image.schema(), always };
            }
        };
        Line { kind, text, image: image.schema(), always }
    }

    fn code_line(&mut self) -> Line {
        const CODES: [&str; 6] = ["open", "closed", "draft", "DE", "FR", "US"];
        let count = 1 + self.choices.below(CODES.len());
        let codes = CODES.get(..count).unwrap_or(&CODES);
        let (path, always) = self.field(listed(codes.iter().copied()));
        match self.choices.below(4) {
            0 => Line { kind: "code", text: path, image: listed(codes.iter().copied()), always },
            1 => {
                let table = format!("table{}", self.number);
                self.head.push(format!("table {table} {{\n"));
                for (number, code) in codes.iter().enumerate() {
                    self.head.push(format!("  \"{code}\" -> \"{number}\"\n"));
                }
                self.head.push("}\n".to_owned());
                let values: Vec<String> = (0..count).map(|number| number.to_string()).collect();
                let image = listed(values.iter().map(String::as_str));
                Line { kind: "table", text: format!("{path} | lookup {table}"), image, always }
            }
            2 => {
                let arms: Vec<String> =
                    codes.iter().map(|code| format!("\"{code}\" -> \"{}x\"", code)).collect();
                let values: Vec<String> = codes.iter().map(|code| format!("{code}x")).collect();
                let image = listed(values.iter().map(String::as_str));
                Line {
                    kind: "choose",
                    text: format!("choose {path} {{ {} }}", arms.join(", ")),
                    image,
                    always,
                }
            }
            _ => {
                let first = codes.first().copied().unwrap_or_default();
                let text = format!("{path} when {path} is \"{first}\"");
                Line { kind: "whencode", text, image: listed([first]), always: false }
            }
        }
    }

    fn rows_line(&mut self) -> Line {
        let (min, max) = (self.choices.below(2) as u64, self.choices.between(2, 9));
        let length = self.choices.between(1, 12);
        let row = Json::record([
            ("type", Json::text("object")),
            ("required", Json::texts(["t", "n"])),
            (
                "properties",
                Json::record([
                    ("t", texts(0, length)),
                    ("n", Range { low: Exact::ZERO, high: Exact::new(100, 0), scale: 2 }.schema()),
                ]),
            ),
        ]);
        let list = |items: Json, min: u64| {
            Json::record([
                ("type", Json::text("array")),
                ("items", items),
                ("minItems", Json::number(min)),
                ("maxItems", Json::number(max)),
            ])
        };
        let (path, always) = self.field(list(row, min));
        let many = i128::from(max);
        match self.choices.below(5) {
            0 => {
                let image = Range { low: Exact::ZERO, high: Exact::new(100 * many, 0), scale: 2 }.schema();
                Line { kind: "total", text: format!("sum({path}.n)"), image, always: true }
            }
            1 => {
                let low = if always { min } else { 0 };
                let image =
                    Range { low: Exact::new(i128::from(low), 0), high: Exact::new(many, 0), scale: 0 };
                Line { kind: "count", text: format!("count({path})"), image: image.schema(), always: true }
            }
            2 => {
                let image = texts(0, length * max + 2 * (max - 1));
                Line {
                    kind: "join",
                    text: format!("join({path}.t, \", \")"),
                    image,
                    always: always && min > 0,
                }
            }
            3 => {
                let text = format!("first({path}.n)");
                let image = Range { low: Exact::ZERO, high: Exact::new(100, 0), scale: 2 }.schema();
                Line { kind: "first", text, image, always: always && min > 0 }
            }
            _ => {
                let rows = format!("row{}", self.number);
                let filtered = self.choices.percent(50);
                let filter = if filtered { format!(" where {rows}.n > 0") } else { String::new() };
                let items = Json::record([
                    ("type", Json::text("object")),
                    ("required", Json::texts(["a"])),
                    ("properties", Json::record([("a", texts(0, length))])),
                ]);
                let text = format!("each {path} as {rows}{filter} {{\n    a = {rows}.t\n  }}");
                Line {
                    kind: "rows",
                    text,
                    image: list(items, if filtered { 0 } else { min }),
                    always: always && min > 0 && !filtered,
                }
            }
        }
    }

    fn other_line(&mut self) -> Line {
        let of = |word: &str, format: &str| {
            let mut schema = Json::record([("type", Json::text(word))]);
            if !format.is_empty() {
                schema.set("format", Json::text(format));
            }
            schema
        };
        match self.choices.below(6) {
            0 => {
                let (path, always) = self.field(of("boolean", ""));
                Line { kind: "flag", text: path, image: of("boolean", ""), always }
            }
            1 => {
                let (path, always) = self.field(of("boolean", ""));
                Line {
                    kind: "yesno",
                    text: format!("{path} | yes_no \"Y\" \"N\""),
                    image: listed(["Y", "N"]),
                    always,
                }
            }
            2 => {
                let (path, always) = self.field(of("string", "date"));
                Line { kind: "date", text: path, image: of("string", "date"), always }
            }
            3 => {
                let (path, always) = self.field(of("string", "date"));
                let text = format!("{path} | format \"DD.MM.YYYY\"");
                Line { kind: "format", text, image: texts(10, 10), always }
            }
            4 => {
                let (path, always) = self.field(of("string", "date-time"));
                Line { kind: "day", text: format!("{path} | date"), image: of("string", "date"), always }
            }
            _ => {
                let (path, always) = self.field(of("string", "date-time"));
                Line { kind: "moment", text: path, image: of("string", "date-time"), always }
            }
        }
    }
}

/// The schema, or one that takes a little more.
fn widened(image: Json, choices: &mut Choices) -> Json {
    let mut wide = image;
    match choices.below(5) {
        0 => {
            if let Some(max) = wide.get("maxLength").and_then(Json::count) {
                wide.set("maxLength", Json::number(max + 1));
            } else if let Some(max) = wide.get("maximum").and_then(Json::digits).and_then(Exact::parse) {
                wide.set("maximum", Json::number(max.plus(Exact::ONE)));
            }
        }
        1 => {
            if let Json::Record(members) = &mut wide {
                members.retain(|(name, _)| {
                    !matches!(name.as_str(), "minLength" | "minimum" | "multipleOf" | "minItems")
                });
            }
        }
        2 => {
            if let Some(values) = wide.get("enum").map(Json::elements) {
                let values = values.iter().cloned().chain([Json::text("and one more")]).collect();
                wide.set("enum", Json::List(values));
            }
        }
        _ => {}
    }
    wide
}
