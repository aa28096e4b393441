//! Expressions of a wanted kind.

use super::super::number::Exact;
use super::super::schema::{FORMS, Kind, LENGTHS, Leaf, Shape};
use super::scope::{Read, Rows, Scope};
use super::{Writer, literal};

/// A written expression and what is roughly known of it.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) text: String,
    /// It may be missing.
    pub(super) absent: bool,
    /// It may be null.
    pub(super) null: bool,
    /// How tightly it holds together: 0 a word, 1 arithmetic, 2 a pipe, 3 anything looser.
    loose: u8,
}

impl Value {
    fn new(text: String, absent: bool, null: bool, loose: u8) -> Value {
        Value { text, absent, null, loose }
    }

    fn word(text: impl Into<String>) -> Value {
        Value::new(text.into(), false, false, 0)
    }

    pub(super) fn of_path(path: String, absent: bool, null: bool) -> Value {
        Value::new(path, absent, null, 0)
    }

    pub(super) fn piped(text: String, absent: bool, null: bool) -> Value {
        Value::new(text, absent, null, 2)
    }

    fn of_read(read: &Read) -> Value {
        Value::new(read.path.clone(), read.absent, read.null, 0)
    }

    /// In brackets if it is looser.
    fn within(&self, loose: u8) -> String {
        if self.loose > loose { format!("({})", self.text) } else { self.text.clone() }
    }

    fn pipe(&self, function: &str) -> Value {
        Value::new(format!("{} | {function}", self.within(2)), self.absent, self.null, 2)
    }
}

impl Writer<'_> {
    /// Everything of a kind that can be read here: fields and names.
    pub(super) fn reads_of(&self, kind: Kind, scope: &Scope) -> Vec<Read> {
        let all = scope.reads.iter().chain(&self.lets);
        all.filter(|read| read.leaf.kind == kind).cloned().collect()
    }

    fn read(&mut self, kind: Kind, scope: &Scope) -> Option<Read> {
        let reads = self.reads_of(kind, scope);
        self.choices.any(&reads).cloned()
    }

    /// A constant that is likely to fit; absent for kinds without constants.
    pub(super) fn constant(&mut self, want: &Leaf) -> Option<String> {
        let fits = self.choices.percent(if self.careful { 99 } else { 85 });
        Some(match want.kind {
            Kind::Text => {
                if let Some(value) = self.choices.any(&want.values).filter(|_| fits) {
                    return Some(literal(value));
                }
                if let Some(form) = want.form.and_then(|form| FORMS.get(form)).filter(|_| fits) {
                    let long = |text: &&&str| {
                        let length = text.chars().count() as u64;
                        length >= want.min && want.max.is_none_or(|max| length <= max)
                    };
                    let fitting: Vec<&&str> = form.fitting.iter().filter(long).collect();
                    return Some(literal(self.choices.any(&fitting).copied().unwrap_or(&"-")));
                }
                let word = self.choices.one(&["n/a", "-", "x", "EUR", "DE", "missing", "ß"]);
                let most = usize::try_from(want.max.unwrap_or(20)).unwrap_or(20);
                let mut text: String = word.chars().take(if fits { most } else { 20 }).collect();
                while fits && (text.chars().count() as u64) < want.min {
                    text.push('0');
                }
                literal(&text)
            }
            Kind::Number => {
                if let Some(value) = self.choices.any(&want.values).filter(|_| fits) {
                    return Some(value.clone());
                }
                let step = want.step.unwrap_or(if want.whole { Exact::ONE } else { Exact::new(1, 1) });
                let low = want.low.map(|(low, inclusive)| if inclusive { low } else { low.plus(step) });
                let high = want.high.map(|(high, inclusive)| if inclusive { high } else { high.minus(step) });
                let value = low.or(high).unwrap_or(Exact::ZERO);
                let zero_fits =
                    low.is_none_or(|low| low <= Exact::ZERO) && high.is_none_or(|high| high >= Exact::ZERO);
                let value = if zero_fits && self.choices.percent(70) { Exact::ZERO } else { value };
                let value = value.steps(step).map_or(value, |times| step.repeated(times));
                let value = if low.is_some_and(|low| value < low) { value.plus(step) } else { value };
                value.to_string()
            }
            Kind::YesNo => match want.only {
                Some(only) if fits => only.to_string(),
                _ => self.choices.one(&["true", "false"]).to_owned(),
            },
            Kind::Date => literal(self.choices.one(&["2026-01-31", "2024-02-29", "9999-12-31"])),
            Kind::Time => literal(self.choices.one(&["00:00:00", "23:59:59"])),
            Kind::Local | Kind::Instant => return None,
        })
    }

    /// An expression of the kind that is wanted.
    pub(super) fn value(&mut self, want: &Leaf, scope: &Scope, depth: usize) -> Value {
        if depth > 0 {
            match self.choices.below(20) {
                0 => return self.choose(want, scope, depth),
                1 => {
                    let first = self.value(want, scope, depth - 1);
                    let second = self.value(want, scope, depth - 1);
                    let text = format!("{} else {}", first.within(2), second.within(2));
                    return Value::new(text, (first.absent || first.null) && second.absent, second.null, 3);
                }
                2 => {
                    if let Some(found) = self.row_value(want, scope) {
                        return found;
                    }
                }
                _ => {}
            }
        }
        let found = match want.kind {
            Kind::Text => self.text(want, scope, depth),
            Kind::Number => self.number(want, scope, depth),
            Kind::YesNo => self.yes_no(scope),
            Kind::Date => self.date(scope),
            Kind::Time => self.time(scope),
            Kind::Local => self.read(Kind::Local, scope).map(|read| Value::of_read(&read)),
            Kind::Instant => self.instant(scope),
        };
        if let Some(found) = found {
            return found;
        }
        if let Some(constant) = self.constant(want) {
            return Value::word(constant);
        }
        // nothing here is of that kind: what never applies has every kind
        let none = Value::new("none".to_owned(), true, false, 0);
        self.read(Kind::Text, scope)
            .filter(|_| want.kind == Kind::Instant)
            .map_or(none, |read| Value::of_read(&read).pipe("instant"))
    }

    fn choose(&mut self, want: &Leaf, scope: &Scope, depth: usize) -> Value {
        let mut arms = Vec::new();
        let mut absent = false;
        let mut null = false;
        let mut arm = |writer: &mut Self, last: bool| match writer.choices.below(12) {
            0 => {
                absent = true;
                "none".to_owned()
            }
            1 if last => format!("reject {}", writer.words(scope)),
            2 if last => "wait".to_owned(),
            3 if last => {
                absent = true;
                "omit".to_owned()
            }
            _ => {
                let value = writer.value(want, scope, depth - 1);
                absent |= value.absent;
                null |= value.null;
                value.within(2)
            }
        };
        let listed: Vec<Read> = self
            .reads_of(Kind::Text, scope)
            .into_iter()
            .filter(|read| !read.leaf.values.is_empty())
            .collect();
        let subject = self.choices.any(&listed).cloned().filter(|_| self.choices.percent(50));
        let mut open = true;
        if let Some(read) = &subject {
            for value in &read.leaf.values {
                let then = arm(self, false);
                arms.push(format!("  {} -> {then}", literal(value)));
            }
            open = self.choices.percent(60);
        } else {
            for _ in 0..1 + self.choices.below(2) {
                let condition = self.condition(scope, 1);
                let then = arm(self, false);
                arms.push(format!("  {condition} -> {then}"));
            }
        }
        if open {
            let then = arm(self, true);
            arms.push(format!("  otherwise -> {then}"));
        } else {
            absent |= subject.as_ref().is_none_or(|read| read.absent || read.null);
        }
        let subject = subject.map(|read| format!("{} ", read.path)).unwrap_or_default();
        Value::new(format!("choose {subject}{{\n{}\n}}", arms.join("\n")), absent, null, 0)
    }

    // ------------------------------------------------------------------------------------------ rows

    /// One value from many rows.
    fn row_value(&mut self, want: &Leaf, scope: &Scope) -> Option<Value> {
        let rows: Vec<(Rows, bool)> = scope
            .lists
            .iter()
            .map(|rows| (rows.clone(), false))
            .chain(scope.groups.iter().map(|rows| (rows.clone(), true)))
            .collect();
        let (rows, grouped) = self.choices.any(&rows).cloned()?;
        let mut columns: Vec<Read> = Vec::new();
        match rows.list.element.as_ref() {
            Shape::Record(record) => {
                let inner = Scope::of(record);
                columns.extend(inner.reads.into_iter().map(|read| {
                    let path = read.path.strip_prefix("order").map(|rest| format!("{}{rest}", rows.path));
                    Read { path: path.unwrap_or_default(), ..read }
                }));
            }
            Shape::Leaf(leaf) if !grouped => columns.push(Read {
                path: rows.path.clone(),
                leaf: leaf.clone(),
                absent: false,
                null: rows.list.nullable,
            }),
            _ => {}
        }
        if want.kind == Kind::Number && self.choices.percent(25) {
            return Some(Value::word(format!("count({})", rows.path)));
        }
        columns.retain(|read| read.leaf.kind == want.kind);
        let column = self.choices.any(&columns).cloned()?;
        let path = &column.path;
        Some(match (want.kind, self.choices.below(6)) {
            (Kind::Number, 0..=2) => Value::word(format!("sum({path})")),
            (Kind::Text, 0 | 1) => {
                let separator = self.choices.one(&[", ", "", "-", "ß"]);
                Value::new(format!("join({path}, \"{separator}\")"), true, false, 0)
            }
            _ => {
                let function = self.choices.one(&["first", "last", "only", "min", "max"]);
                let null = column.null && matches!(function, "first" | "last" | "only");
                Value::new(format!("{function}({path})"), true, null, 0)
            }
        })
    }

    // ------------------------------------------------------------------------------------------ text

    fn text(&mut self, want: &Leaf, scope: &Scope, depth: usize) -> Option<Value> {
        let listed = !want.values.is_empty();
        let choice = self.choices.below(if listed { 14 } else { 20 });
        match choice {
            0 | 1 if listed => self.lookup(want, scope),
            2 if listed => self.constant(want).map(Value::word),
            0 => self.lookup(want, scope),
            1 => self.xref(scope),
            2 => self.constant(want).map(Value::word),
            3 | 4 => Some(self.other_as_text(scope)).flatten(),
            5 | 6 => Some(self.template(want, scope)),
            7..=9 => self.read(Kind::Text, scope).map(|read| Value::of_read(&read)),
            _ => {
                let mut value = if depth > 1 && self.choices.percent(20) {
                    self.text(want, scope, depth - 1)?
                } else {
                    Value::of_read(&self.read(Kind::Text, scope)?)
                };
                for _ in 0..1 + usize::from(self.choices.percent(30)) {
                    value = self.text_function(value, want);
                }
                Some(value)
            }
        }
    }

    /// One function on a text.
    fn text_function(&mut self, value: Value, want: &Leaf) -> Value {
        let length = match want.max {
            Some(max) if self.choices.percent(75) => self.choices.near(max),
            _ => self.choices.one(LENGTHS),
        };
        let length = length.max(1);
        let short = want.min.max(1) + u64::from(self.choices.percent(50));
        let mark = self.choices.one(&["-", ",", " ", "a", "SO-", "ß", "::"]);
        let fill = self.choices.one(&["0", " ", "x", "ß", "😀"]);
        let function = match self.choices.below(19) {
            0..=2 => format!("cut {length}"),
            3 => format!("start {length}"),
            4 => format!("end {length}"),
            5 => "trim".to_owned(),
            6 => "squeeze".to_owned(),
            7 => {
                let mut value = value.pipe("nonblank");
                value.absent = true;
                return value;
            }
            8 => self.choices.one(&["upper", "upper_ascii"]).to_owned(),
            9 => self.choices.one(&["lower", "lower_ascii"]).to_owned(),
            10 => format!(
                "pad_left {} \"{fill}\"",
                short.max(if self.choices.percent(40) { length } else { 1 })
            ),
            11 => format!(
                "pad_right {} \"{fill}\"",
                short.max(if self.choices.percent(40) { length } else { 1 })
            ),
            12 => format!("replace \"{mark}\" \"{}\"", self.choices.one(&["", "_", "--", "ss"])),
            13 => format!("without_prefix \"{mark}\""),
            14 => format!("without_suffix \"{mark}\""),
            15 => format!("before \"{mark}\""),
            16 => {
                let mut value = value.pipe(&format!("after \"{mark}\""));
                value.absent = true;
                return value;
            }
            17 => {
                let mut value = value.pipe(&format!("part \"{mark}\" {}", 1 + self.choices.below(3)));
                value.absent = true;
                return value;
            }
            _ => "digits".to_owned(),
        };
        value.pipe(&function)
    }

    /// A value of another kind, as text.
    fn other_as_text(&mut self, scope: &Scope) -> Option<Value> {
        let kinds =
            [Kind::Number, Kind::Number, Kind::YesNo, Kind::Date, Kind::Local, Kind::Instant, Kind::Time];
        let kind = *self.choices.any(&kinds)?;
        let read = self.read(kind, scope)?;
        let value = Value::of_read(&read);
        Some(match (kind, self.choices.below(3)) {
            (Kind::YesNo, 0 | 1) => {
                let (yes, no) = self.choices.one(&[("Y", "N"), ("true", ""), ("ja", "nein"), ("A", "B")]);
                value.pipe(&format!("yes_no \"{yes}\" \"{no}\""))
            }
            (Kind::Date, 0 | 1) => {
                let pattern = self.choices.one(&["DD.MM.YYYY", "YYYYMMDD", "YYYY-MM-DD", "MM/YYYY"]);
                value.pipe(&format!("format \"{pattern}\""))
            }
            (Kind::Local | Kind::Instant, 0 | 1) => {
                let pattern =
                    self.choices.one(&["YYYYMMDD", "YYYY-MM-DDThh:mm:ss", "hh:mm", "DD.MM.YYYY hh:mm"]);
                value.pipe(&format!("format \"{pattern}\""))
            }
            (Kind::Number, 0) => value.pipe(&format!("round {}", self.choices.below(3))).pipe("text"),
            _ => value.pipe("text"),
        })
    }

    fn template(&mut self, want: &Leaf, scope: &Scope) -> Value {
        let mut text = "\"".to_owned();
        let (mut absent, mut null) = (false, false);
        let holes = self.choices.one(&[1, 1, 2]);
        text.push_str(self.choices.one(&["", "SO-", "N ", "é"]));
        for number in 0..holes {
            if number > 0 {
                text.push_str(self.choices.one(&["/", " ", "", "{{x}}", "\\\\"]));
            }
            let Some(read) = scope.hole(self.choices) else { continue };
            absent |= read.absent || read.null;
            null |= read.null;
            let piece = match read.leaf.kind {
                Kind::Text if self.choices.percent(40) => {
                    format!("{} | cut {}", read.path, self.choices.near(want.max.unwrap_or(10)).max(1))
                }
                Kind::Number if self.choices.percent(30) => format!("{} | round 2", read.path),
                Kind::Number if self.choices.percent(20) => format!("{} + 1", read.path),
                _ => read.path.clone(),
            };
            text.push_str(&format!("{{{piece}}}"));
        }
        text.push_str(self.choices.one(&["", "", "!", "\\n"]));
        text.push('"');
        Value::new(text, absent || null, false, 0)
    }

    fn xref(&mut self, scope: &Scope) -> Option<Value> {
        let read = self.read(Kind::Text, scope)?;
        let entity = self.choices.one(&["erp.customer", "erp.item"]);
        let answer = match self.choices.below(4) {
            0 => "wait".to_owned(),
            1 => "omit".to_owned(),
            2 => "\"0\"".to_owned(),
            _ => format!("reject {}", self.words(scope)),
        };
        let absent = answer == "omit";
        Some(Value::new(format!("{} | xref {entity} else {answer}", read.path), absent, false, 3))
    }

    // ------------------------------------------------------------------------------------------ numbers

    fn number(&mut self, want: &Leaf, scope: &Scope, depth: usize) -> Option<Value> {
        let places = want.step.map_or_else(|| if want.whole { 0 } else { 2 }, Exact::scale);
        match self.choices.below(20) {
            0 => self.constant(want).map(Value::word),
            1 => match &scope.row {
                Some(row) => Some(Value::word(format!("position({row})"))),
                None => self.row_value(want, scope),
            },
            2 => self.lookup(want, scope),
            3 => {
                let read = self.read(Kind::Text, scope)?;
                let value = Value::of_read(&read);
                let value = if self.choices.percent(40) { value.pipe("digits") } else { value };
                Some(value.pipe("number"))
            }
            4..=7 => self.read(Kind::Number, scope).map(|read| Value::of_read(&read)),
            8 | 9 => self.quotient(scope, places),
            10..=12 if depth > 0 => {
                let left = self.number(want, scope, depth - 1)?;
                let right = if self.choices.percent(50) {
                    self.number(want, scope, depth - 1)?
                } else {
                    Value::word(self.choices.one(&["1", "2", "0.5", "0.01", "100", "1.19", "3"]))
                };
                let (sign, loose) = self.choices.one(&[("+", 1), ("-", 1), ("*", 1)]);
                let text = format!("{} {sign} {}", left.within(0), right.within(0));
                Some(Value::new(text, left.absent || right.absent || left.null || right.null, false, loose))
            }
            13 => {
                let value = Value::of_read(&self.read(Kind::Number, scope)?);
                Some(Value::new(format!("-{}", value.within(0)), value.absent || value.null, false, 1))
            }
            _ => {
                let value = if depth > 1 && self.choices.percent(30) {
                    self.number(want, scope, depth - 1)?
                } else {
                    Value::of_read(&self.read(Kind::Number, scope)?)
                };
                Some(self.number_function(value, want, places))
            }
        }
    }

    fn number_function(&mut self, value: Value, want: &Leaf, places: u32) -> Value {
        let places = if self.choices.percent(80) { places } else { self.choices.one(&[0, 1, 2, 3, 6]) };
        let function = match self.choices.below(10) {
            0..=2 => format!("round {places}"),
            3 => format!("round_up {places}"),
            4 => format!("round_down {places}"),
            5 => format!("floor {places}"),
            6 => format!("ceiling {places}"),
            7 => "abs".to_owned(),
            8 => "whole".to_owned(),
            _ => {
                let low = want.low.map_or(Exact::ZERO, |(low, _)| low);
                let high = want.high.map_or(Exact::new(100, 0), |(high, _)| high);
                let high = if self.choices.percent(20) { high.plus(Exact::ONE) } else { high };
                if low > high { "abs".to_owned() } else { format!("clamp {low} {high}") }
            }
        };
        value.pipe(&function)
    }

    fn quotient(&mut self, scope: &Scope, places: u32) -> Option<Value> {
        let left = Value::of_read(&self.read(Kind::Number, scope)?);
        let right = if self.choices.percent(50) {
            Value::word(self.choices.one(&["2", "3", "7", "100", "0.5"]))
        } else {
            Value::of_read(&self.read(Kind::Number, scope)?)
        };
        let text = format!("{} / {} | round {places}", left.text, right.text);
        Some(Value::new(text, left.absent || right.absent || left.null || right.null, false, 2))
    }

    // ------------------------------------------------------------------------------------------ other kinds

    fn yes_no(&mut self, scope: &Scope) -> Option<Value> {
        match self.choices.below(3) {
            0 => self.read(Kind::YesNo, scope).map(|read| Value::of_read(&read)),
            1 => Some(Value::word(self.choices.one(&["true", "false"]))),
            _ => Some(Value::new(format!("({})", self.condition(scope, 1)), false, false, 0)),
        }
    }

    fn date(&mut self, scope: &Scope) -> Option<Value> {
        let from =
            [Kind::Date, Kind::Date, Kind::Instant, Kind::Instant, Kind::Local, Kind::Text, Kind::Text];
        let kind = *self.choices.any(&from)?;
        let value = Value::of_read(&self.read(kind, scope)?);
        let value = match (kind, self.choices.below(3)) {
            (Kind::Date, 0) => {
                value.pipe(&format!("add_days {}", self.choices.one(&["1", "-1", "30", "3650", "-400000"])))
            }
            (Kind::Date, 1) => value.pipe("date"),
            (Kind::Date, _) => value,
            (Kind::Instant, 0) => value.pipe("written_date"),
            (Kind::Text, 0) => {
                let pattern = self.choices.one(&["DD.MM.YYYY", "YYYYMMDD", "YYYY-MM-DD"]);
                value.pipe(&format!("parse_date \"{pattern}\""))
            }
            _ => value.pipe("date"),
        };
        Some(if self.choices.percent(15) { value.pipe("add_days 1") } else { value })
    }

    fn time(&mut self, scope: &Scope) -> Option<Value> {
        let kind = *self.choices.any(&[Kind::Time, Kind::Local, Kind::Text])?;
        let value = Value::of_read(&self.read(kind, scope)?);
        Some(if kind == Kind::Time { value } else { value.pipe("time") })
    }

    fn instant(&mut self, scope: &Scope) -> Option<Value> {
        if self.choices.percent(75)
            && let Some(read) = self.read(Kind::Instant, scope)
        {
            return Some(Value::of_read(&read));
        }
        self.read(Kind::Text, scope).map(|read| Value::of_read(&read).pipe("instant"))
    }
}
