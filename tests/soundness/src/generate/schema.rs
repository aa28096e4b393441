//! Schemas as generators see them: what a field is about, roughly. The JSON text that is made of it says it exactly, in
//! one of the ways its dialect has, and may say more; whoever judges reads the text.

use super::json::Json;
use super::number::Exact;
use super::render;
use crate::choices::Choices;

/// Dialects that a schema can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Draft 4.
    Draft4,
    /// Draft 7.
    Draft7,
    /// 2019-09.
    Draft2019,
    /// 2020-12.
    Draft2020,
    /// OpenAPI 3.0.
    OpenApi30,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 5] =
        [Dialect::Draft4, Dialect::Draft7, Dialect::Draft2019, Dialect::Draft2020, Dialect::OpenApi30];

    /// As `x-mapc-dialect` names it.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Draft4 => "draft-04",
            Dialect::Draft7 => "draft-07",
            Dialect::Draft2019 => "2019-09",
            Dialect::Draft2020 => "2020-12",
            Dialect::OpenApi30 => "openapi-3.0",
        }
    }

    /// Of a schema text.
    pub fn of(schema: &Json) -> Dialect {
        let named = schema.get("x-mapc-dialect").or_else(|| schema.get("$schema")).and_then(Json::as_text);
        match named.unwrap_or_default() {
            text if text.contains("openapi-3.0") => Dialect::OpenApi30,
            text if text.contains("draft-04") => Dialect::Draft4,
            text if text.contains("draft-06") || text.contains("draft-07") => Dialect::Draft7,
            text if text.contains("2019-09") => Dialect::Draft2019,
            _ => Dialect::Draft2020,
        }
    }

    /// The member that declares it.
    pub fn declaration(self) -> (String, Json) {
        let uri = match self {
            Dialect::OpenApi30 => return ("x-mapc-dialect".to_owned(), Json::text(self.name())),
            Dialect::Draft4 => "http://json-schema.org/draft-04/schema#",
            Dialect::Draft7 => "http://json-schema.org/draft-07/schema#",
            Dialect::Draft2019 => "https://json-schema.org/draft/2019-09/schema",
            Dialect::Draft2020 => "https://json-schema.org/draft/2020-12/schema",
        };
        ("$schema".to_owned(), Json::text(uri))
    }
}

/// Kinds of single values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Text,
    Number,
    YesNo,
    Date,
    Time,
    Local,
    Instant,
}

/// Forms of text: a pattern or format, and texts that have it.
pub struct Form {
    /// `pattern` or `format`.
    pub keyword: &'static str,
    /// Its value.
    pub value: &'static str,
    /// Texts that fit.
    pub fitting: &'static [&'static str],
}

/// Forms that schemas of both sides share.
pub const FORMS: &[Form] = &[
    Form { keyword: "pattern", value: "^[A-Z]{2}$", fitting: &["DE", "US", "XX"] },
    Form { keyword: "pattern", value: "^[A-Z]+$", fitting: &["A", "USD", "ABCDEFGH"] },
    Form { keyword: "pattern", value: "^[A-Z0-9-]*$", fitting: &["", "A-1", "7", "SO-12"] },
    Form { keyword: "pattern", value: "^[0-9]+$", fitting: &["0", "42", "00017"] },
    Form { keyword: "pattern", value: "^\\d{1,5}$", fitting: &["1", "12345", "007"] },
    Form { keyword: "pattern", value: "^SO-", fitting: &["SO-", "SO-1", "SO-x y"] },
    Form { keyword: "pattern", value: "[a-z]", fitting: &["a", "Az", "1b2"] },
    Form { keyword: "pattern", value: "^[^ ]", fitting: &["x", "Straße", "1 2"] },
    Form { keyword: "pattern", value: "\\S", fitting: &["x", " a ", "-"] },
    Form { keyword: "pattern", value: "^[ -~]*$", fitting: &["", "plain text", "~"] },
    Form { keyword: "pattern", value: "^(A|B|CC)$", fitting: &["A", "B", "CC"] },
    Form { keyword: "pattern", value: "^\\w*$", fitting: &["", "a_1", "Z"] },
    Form { keyword: "pattern", value: "^.{0,4}$", fitting: &["", "abcd", "é😀"] },
    Form { keyword: "pattern", value: "^-?[0-9]+(\\.[0-9]{1,2})?$", fitting: &["0", "-1.25", "12.5"] },
    Form {
        keyword: "pattern",
        value: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        fitting: &["2026-01-31", "0000-99-99"],
    },
    Form { keyword: "format", value: "uuid", fitting: &["123e4567-e89b-12d3-a456-426614174000"] },
    Form { keyword: "format", value: "email", fitting: &["a@b.example"] },
    Form { keyword: "format", value: "ipv4", fitting: &["10.0.0.1", "255.255.255.255"] },
    Form { keyword: "format", value: "surely-unknown", fitting: &["x", ""] },
];

/// A single value.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Its kind.
    pub kind: Kind,
    /// Shortest length.
    pub min: u64,
    /// Longest length.
    pub max: Option<u64>,
    /// Index into [`FORMS`].
    pub form: Option<usize>,
    /// The only values: texts, or digits.
    pub values: Vec<String>,
    /// Least number; `true`: it belongs to the range.
    pub low: Option<(Exact, bool)>,
    /// Greatest number.
    pub high: Option<(Exact, bool)>,
    /// All numbers are multiples of this.
    pub step: Option<Exact>,
    /// `integer`.
    pub whole: bool,
    /// Precision and scale of a number that travels as text.
    pub wire: Option<(u32, u32)>,
    /// The only yes/no value.
    pub only: Option<bool>,
}

/// What stands in a field.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A single value.
    Leaf(Leaf),
    /// A record.
    Record(Record),
    /// A list.
    List(List),
}

/// A record.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Its fields.
    pub fields: Vec<Field>,
    /// No other fields.
    pub closed: bool,
}

/// A field of a record.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What stands there.
    pub shape: Shape,
    /// It must be there.
    pub required: bool,
    /// It may be null.
    pub nullable: bool,
    /// Nobody may write it.
    pub read_only: bool,
    /// Written as a reference to the whole schema.
    pub recursive: bool,
}

/// A list.
#[derive(Clone, Debug)]
pub struct List {
    /// What its elements are.
    pub element: Box<Shape>,
    /// Elements may be null.
    pub nullable: bool,
    /// Fewest elements.
    pub min: u64,
    /// Most elements.
    pub max: Option<u64>,
    /// No two the same.
    pub unique: bool,
}

/// A schema in every form that is needed.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Roughly what it says.
    pub shape: Record,
    /// What it is written in.
    pub dialect: Dialect,
    /// The file.
    pub text: String,
    /// The overlay beside it.
    pub overlay: Option<String>,
    /// Schemas that say together what file and overlay say, for judges that know no overlays and no words of ours.
    pub judges: Vec<String>,
}

/// Lengths that both sides choose from, so that they are often the same or beside each other.
pub const LENGTHS: &[u64] = &[1, 2, 3, 4, 5, 8, 10, 20, 35, 40, 41];
/// Values of lists of values.
pub const VALUES: &[&str] =
    &["A", "B", "open", "closed", "draft", "DE", "US", "FR", "EUR", "1", "2", "straße", "", "ǆ", "a b"];
/// Names of fields.
const NAMES: &[&str] = &[
    "id", "number", "memo", "status", "country", "currency", "total", "rate", "day", "placedAt", "lines",
    "note", "quantity", "price", "customer", "code", "flag", "kind", "ref", "amount", "count", "text",
    "length", "tags",
];
/// Names that are no words.
const STRANGE: &[&str] =
    &["@odata.id", "ship-to", "ü", "a\"b", "x y", "back\\slash", "key", "wait", "locked"];
/// Ends of ranges.
const ENDS: &[&str] = &[
    "0",
    "1",
    "-1",
    "0.01",
    "5",
    "9.99",
    "10",
    "99.99",
    "100",
    "999",
    "1000",
    "-1000",
    "0.5",
    "2147483647",
    "999999999999.99",
    "-0.005",
    "12345678901234567890",
    "0.001",
];
/// Steps.
const STEPS: &[&str] = &["1", "0.01", "0.01", "0.1", "0.001", "0.5", "0.25", "5", "3", "1e-05", "10"];

impl Leaf {
    /// Any value of a kind.
    pub fn any(kind: Kind) -> Leaf {
        Leaf {
            kind,
            min: 0,
            max: None,
            form: None,
            values: Vec::new(),
            low: None,
            high: None,
            step: None,
            whole: false,
            wire: None,
            only: None,
        }
    }

    /// A random one.
    pub fn random(choices: &mut Choices) -> Leaf {
        let kind = match choices.below(20) {
            0..=8 => Kind::Text,
            9..=14 => Kind::Number,
            15 | 16 => Kind::YesNo,
            17 => Kind::Date,
            18 => Kind::Instant,
            _ => choices.any(&[Kind::Time, Kind::Local, Kind::Date]).copied().unwrap_or(Kind::Date),
        };
        Leaf::of_kind(kind, choices)
    }

    /// A random one of this kind.
    pub fn of_kind(kind: Kind, choices: &mut Choices) -> Leaf {
        let mut leaf = Leaf::any(kind);
        match kind {
            Kind::Text => leaf.limit_text(choices),
            Kind::Number => leaf.limit_number(choices),
            Kind::YesNo if choices.percent(6) => leaf.only = Some(choices.percent(50)),
            _ => {}
        }
        leaf
    }

    fn limit_text(&mut self, choices: &mut Choices) {
        match choices.below(10) {
            0 | 1 => {
                let count = 1 + choices.below(4);
                self.values = (0..count).map(|_| choices.one(VALUES).to_owned()).collect();
                self.values.sort();
                self.values.dedup();
            }
            2 => self.form = Some(choices.below(FORMS.len())),
            3 => {}
            4 if choices.percent(20) => self.max = Some(choices.one(&[120, 255, 300])),
            _ => self.max = Some(choices.one(LENGTHS)),
        }
        if self.values.is_empty() && choices.percent(25) {
            self.min = choices.between(1, self.max.unwrap_or(3).min(3));
        }
        if self.form.is_some() && choices.percent(40) {
            self.max = Some(choices.one(LENGTHS));
        }
    }

    fn limit_number(&mut self, choices: &mut Choices) {
        let end = |choices: &mut Choices| Exact::parse(choices.one(ENDS)).unwrap_or(Exact::ZERO);
        if choices.percent(10) {
            let count = 1 + choices.below(3);
            self.values = (0..count).map(|_| end(choices).to_string()).collect();
            self.values.sort();
            self.values.dedup();
            return;
        }
        if choices.percent(6) {
            let scale = choices.one(&[0, 2, 2, 3]);
            self.wire = Some((scale + choices.one(&[1, 3, 9, 13]), scale));
            return;
        }
        self.whole = choices.percent(40);
        if choices.percent(if self.whole { 15 } else { 50 }) {
            self.step = Exact::parse(choices.one(STEPS));
        }
        if choices.percent(60) {
            self.low = Some((end(choices), choices.percent(85)));
        }
        if choices.percent(55) {
            let high = end(choices);
            let above = self.low.is_none_or(|(low, _)| low < high);
            self.high = above.then_some((high, choices.percent(85)));
        }
    }

    /// The same with one limit moved a little, or gone.
    pub fn moved(&self, choices: &mut Choices) -> Leaf {
        let mut leaf = self.clone();
        let nearby = |value: u64, choices: &mut Choices| match choices.below(4) {
            0 => value.saturating_sub(1).max(1),
            1 => value + 1,
            2 => value,
            _ => choices.one(LENGTHS),
        };
        match self.kind {
            Kind::Text => match choices.below(5) {
                0 => leaf.min = choices.below(3) as u64,
                1 => leaf.form = None,
                2 if !leaf.values.is_empty() => {
                    if choices.percent(60) {
                        leaf.values.push(choices.one(VALUES).to_owned());
                        leaf.values.sort();
                        leaf.values.dedup();
                    } else if leaf.values.len() > 1 {
                        leaf.values.remove(choices.below(leaf.values.len()));
                    }
                }
                _ => leaf.max = leaf.max.map(|max| nearby(max, choices)),
            },
            Kind::Number => match choices.below(5) {
                0 => leaf.step = Exact::parse(choices.one(STEPS)),
                1 => leaf.low = leaf.low.map(|(low, open)| (low.minus(Exact::new(1, 2)), !open)),
                2 => leaf.high = leaf.high.map(|(high, open)| (high.plus(Exact::new(1, 2)), open)),
                3 => leaf.whole = !leaf.whole && leaf.values.is_empty() && leaf.wire.is_none(),
                _ => leaf.values.clear(),
            },
            _ => {}
        }
        if leaf.max.is_some_and(|max| max < leaf.min) {
            leaf.min = 0;
        }
        leaf
    }
}

/// A random record for the source.
pub fn source_record(choices: &mut Choices) -> Record {
    let mut names = Names::default();
    let count = 3 + choices.below(6);
    let mut record = record(count, 0, &mut names, choices);
    if choices.percent(60) {
        let list = List {
            element: Box::new(Shape::Record(self::record(2 + choices.below(3), 1, &mut names, choices))),
            nullable: choices.percent(4),
            min: u64::from(choices.percent(15)),
            max: choices.percent(40).then(|| 1 + choices.one(&[0, 1, 2, 4, 9])),
            unique: choices.percent(5),
        };
        record.fields.push(field(names.next(choices), Shape::List(list), choices));
    }
    record
}

/// A random record for the target; often with fields that are like those of the source.
pub fn target_record(source: &Record, choices: &mut Choices) -> Record {
    let mut names = Names::default();
    let count = 2 + choices.below(5);
    let mut record = record(count, 0, &mut names, choices);
    liken(&mut record, &leaves(source), choices);
    if choices.percent(8) && record.fields.len() < 5 {
        let mut inner = record.clone();
        inner.fields.retain(|field| matches!(field.shape, Shape::Leaf(_)));
        let mut below = field(names.next(choices), Shape::Record(inner), choices);
        below.required = false;
        below.recursive = true;
        record.fields.push(below);
    }
    record
}

/// Makes leaves of a record like those of another.
fn liken(record: &mut Record, models: &[Leaf], choices: &mut Choices) {
    for field in &mut record.fields {
        match &mut field.shape {
            Shape::Leaf(leaf) if choices.percent(60) => {
                if let Some(model) = choices.any(models).cloned() {
                    *leaf = if choices.percent(60) { model.moved(choices) } else { model };
                }
            }
            Shape::Leaf(_) => {}
            Shape::Record(inner) => liken(inner, models, choices),
            Shape::List(list) => {
                if let Shape::Record(inner) = list.element.as_mut() {
                    liken(inner, models, choices);
                }
            }
        }
    }
}

fn leaves(record: &Record) -> Vec<Leaf> {
    let mut found = Vec::new();
    for field in &record.fields {
        match &field.shape {
            Shape::Leaf(leaf) => found.push(leaf.clone()),
            Shape::Record(inner) => found.extend(leaves(inner)),
            Shape::List(list) => match list.element.as_ref() {
                Shape::Leaf(leaf) => found.push(leaf.clone()),
                Shape::Record(inner) => found.extend(leaves(inner)),
                Shape::List(_) => {}
            },
        }
    }
    found
}

/// Names, none twice.
#[derive(Default)]
struct Names {
    taken: Vec<String>,
}

impl Names {
    fn next(&mut self, choices: &mut Choices) -> String {
        let base = if choices.percent(4) { choices.one(STRANGE) } else { choices.one(NAMES) };
        let mut name = base.to_owned();
        let mut number = 1;
        while self.taken.contains(&name) {
            number += 1;
            name = format!("{base}{number}");
        }
        self.taken.push(name.clone());
        name
    }
}

fn record(count: usize, depth: usize, names: &mut Names, choices: &mut Choices) -> Record {
    let fields = (0..count).map(|_| {
        let shape = match choices.below(14) {
            0 | 1 if depth < 2 => Shape::Record(record(1 + choices.below(3), depth + 1, names, choices)),
            2 if depth < 2 => Shape::List(list(depth, names, choices)),
            _ => Shape::Leaf(Leaf::random(choices)),
        };
        field(names.next(choices), shape, choices)
    });
    Record { fields: fields.collect(), closed: choices.percent(60) }
}

fn list(depth: usize, names: &mut Names, choices: &mut Choices) -> List {
    let element = if choices.percent(60) {
        Shape::Record(record(1 + choices.below(3), depth + 2, names, choices))
    } else {
        Shape::Leaf(Leaf::random(choices))
    };
    List {
        element: Box::new(element),
        nullable: choices.percent(8),
        min: if choices.percent(20) { 1 + choices.below(2) as u64 } else { 0 },
        max: choices.percent(40).then(|| 2 + choices.below(4) as u64),
        unique: choices.percent(15),
    }
}

fn field(name: String, shape: Shape, choices: &mut Choices) -> Field {
    let leaf = matches!(shape, Shape::Leaf(_));
    Field {
        name,
        required: choices.percent(45),
        nullable: choices.percent(if leaf { 15 } else { 6 }),
        read_only: choices.percent(2),
        recursive: false,
        shape,
    }
}

impl Schema {
    /// A random schema of this shape.
    pub fn new(shape: Record, overlaid: bool, choices: &mut Choices) -> Schema {
        let dialect = match choices.below(10) {
            0..=4 => Dialect::Draft2020,
            5 => Dialect::Draft2019,
            6 | 7 => Dialect::Draft7,
            8 => Dialect::Draft4,
            _ => Dialect::OpenApi30,
        };
        render::schema(shape, dialect, overlaid, choices)
    }
}
