//! Schemas as JSON text: the same limits in the many ways the dialects have, and more limits beside them.

use super::json::Json;
use super::number::Exact;
use super::schema::{Dialect, FORMS, Field, Kind, LENGTHS, Leaf, List, Record, Schema, Shape, VALUES};
use crate::choices::Choices;

/// Writes a schema.
pub fn schema(shape: Record, dialect: Dialect, overlaid: bool, choices: &mut Choices) -> Schema {
    let mut renderer = Renderer { dialect, shared: Vec::new(), choices };
    let mut root = renderer.record(&shape);
    let (keyword, value) = dialect.declaration();
    if let Json::Record(members) = &mut root {
        members.insert(0, (keyword, value));
    }
    let shared = std::mem::take(&mut renderer.shared);
    if !shared.is_empty() {
        root.set(home(dialect), Json::Record(shared));
    }
    let overlay = if overlaid { overlay(&shape, renderer.choices) } else { None };
    let mut judges = vec![for_judges(&root).to_string()];
    let lines = overlay.iter().flat_map(|overlay| overlay.get("lines").map(Json::elements)).flatten();
    judges.extend(lines.filter_map(|line| line_schema(line, dialect)).map(|schema| schema.to_string()));
    Schema {
        text: root.to_string(),
        overlay: overlay.map(|overlay| overlay.to_string()),
        judges,
        dialect,
        shape,
    }
}

/// Where shared parts live.
fn home(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Draft4 | Dialect::Draft7 | Dialect::OpenApi30 => "definitions",
        Dialect::Draft2019 | Dialect::Draft2020 => "$defs",
    }
}

struct Renderer<'a> {
    dialect: Dialect,
    shared: Vec<(String, Json)>,
    choices: &'a mut Choices,
}

type Members = Vec<(String, Json)>;

fn member(name: &str, value: Json) -> (String, Json) {
    (name.to_owned(), value)
}

impl Renderer<'_> {
    fn modern(&self) -> bool {
        matches!(self.dialect, Dialect::Draft2019 | Dialect::Draft2020)
    }

    fn seventh(&self) -> bool {
        self.modern() || self.dialect == Dialect::Draft7
    }

    fn record(&mut self, record: &Record) -> Json {
        let mut properties = Members::new();
        let mut required = Vec::new();
        for field in &record.fields {
            properties.push((field.name.clone(), self.field(field)));
            if field.required && !field.read_only {
                required.push(Json::text(&field.name));
            }
        }
        let mut members = vec![member("type", Json::text("object"))];
        if !required.is_empty() {
            members.push(member("required", Json::List(required)));
        }
        members.push(member("properties", Json::Record(properties)));
        if record.closed {
            members.push(member("additionalProperties", Json::Bool(false)));
        } else if self.choices.percent(6) {
            members.push(member("additionalProperties", Json::record([("type", Json::text("string"))])));
        }
        if self.choices.percent(14) {
            self.limit_record(record, &mut members);
        }
        Json::Record(members)
    }

    /// One more limit on a record.
    fn limit_record(&mut self, record: &Record, members: &mut Members) {
        let plain: Vec<&Field> = record.fields.iter().filter(|field| !field.read_only).collect();
        let (Some(one), Some(two)) = (self.choices.any(&plain).copied(), self.choices.any(&plain).copied())
        else {
            return;
        };
        if one.name == two.name {
            return;
        }
        let texts = |names: &[&Field]| Json::texts(names.iter().map(|field| field.name.as_str()));
        let needs = |names: &[&Field]| Json::record([("required", texts(names))]);
        let limited = |field: &Field, limit: Json| {
            Json::Record(vec![member("properties", Json::Record(vec![(field.name.clone(), limit)]))])
        };
        let short = Json::record([("maxLength", Json::number(self.choices.one(LENGTHS)))]);
        let all = |list: Vec<Json>| Json::List(list);
        let closing = ["additionalProperties", "unevaluatedProperties"];
        match self.choices.below(20) {
            0 => members.push(member("patternProperties", Json::record([("^x", short)]))),
            1 => {
                let name: String = one.name.chars().filter(char::is_ascii_alphanumeric).collect();
                members.push(member("patternProperties", Json::Record(vec![(format!("^{name}"), short)])));
            }
            2 if self.seventh() => {
                let limit = self.choices.one(&[4, 6, 8, 12]);
                members.push(member("propertyNames", Json::record([("maxLength", Json::number(limit))])));
            }
            3 if self.modern() => {
                let rule = Json::Record(vec![(one.name.clone(), texts(&[two]))]);
                members.push(member("dependentRequired", rule));
            }
            4 => {
                let rule = Json::Record(vec![(one.name.clone(), texts(&[two]))]);
                members.push(member("dependencies", rule));
            }
            5 if self.modern() => {
                let rule = Json::Record(vec![(one.name.clone(), limited(two, short))]);
                members.push(member("dependentSchemas", rule));
            }
            6 => members.push(member("minProperties", Json::number(1 + self.choices.below(2)))),
            7 => {
                let most = 1 + self.choices.below(record.fields.len() + 1);
                members.push(member("maxProperties", Json::number(most)));
            }
            8 if self.seventh() => {
                let value = self.constant(one);
                let condition = Json::Record(vec![
                    member("properties", Json::Record(vec![(one.name.clone(), value)])),
                    member("required", texts(&[one])),
                ]);
                members.push(member("if", condition));
                members.push(member(
                    "then",
                    if self.choices.percent(50) { needs(&[two]) } else { limited(two, short) },
                ));
                if self.choices.percent(40) {
                    members.push(member("else", needs(&[one])));
                }
            }
            9 if self.seventh() => {
                members.push(member("if", Json::record([("type", Json::text("object"))])));
                members.push(member("then", limited(two, short)));
                members.push(member("else", Json::Bool(false)));
            }
            10 => members.push(member("anyOf", all(vec![needs(&[one]), needs(&[two])]))),
            11 => members.push(member("oneOf", all(vec![needs(&[one]), needs(&[two])]))),
            12 => members.push(member("not", needs(&[one, two]))),
            13 => members.push(member("allOf", all(vec![limited(two, short), needs(&[one])]))),
            14 => {
                let names: Members = record
                    .fields
                    .iter()
                    .map(|field| (field.name.clone(), Json::Record(Vec::new())))
                    .collect();
                let inner = Json::Record(vec![
                    member("properties", Json::Record(names)),
                    member("additionalProperties", Json::Bool(false)),
                ]);
                members.push(member("allOf", all(vec![inner])));
            }
            15 if self.modern() => {
                members.retain(|(name, _)| !closing.contains(&name.as_str()));
                members.push(member("unevaluatedProperties", Json::Bool(false)));
            }
            16 => members.push(member("maxLenght", Json::number(3))),
            17 => {
                let (value, other) = (self.constant(one), self.constant(one));
                let arm = |value: Json, limit: Json| {
                    Json::Record(vec![
                        member(
                            "properties",
                            Json::Record(vec![(one.name.clone(), value), (two.name.clone(), limit)]),
                        ),
                        member("required", Json::List(vec![Json::text(&one.name)])),
                    ])
                };
                let arms = vec![arm(value, short), arm(other, Json::Record(Vec::new()))];
                let word = if self.choices.percent(60) { "oneOf" } else { "anyOf" };
                members.push(member(word, all(arms)));
            }
            18 => {
                members.push(member("discriminator", Json::record([("propertyName", Json::text(&one.name))])))
            }
            _ => members.push(member("x-note", Json::text("nothing to do with values"))),
        }
    }

    /// A schema that only one value of a field has.
    fn constant(&mut self, field: &Field) -> Json {
        let value = match &field.shape {
            Shape::Leaf(leaf) if leaf.kind == Kind::Text => {
                let own = self.choices.one(&leaf.values);
                Json::Text(if leaf.values.is_empty() { self.choices.one(VALUES).to_owned() } else { own })
            }
            Shape::Leaf(leaf) if leaf.kind == Kind::YesNo => Json::Bool(self.choices.percent(50)),
            Shape::Leaf(leaf) if leaf.kind == Kind::Number && leaf.wire.is_none() => {
                Json::number(self.choices.below(3))
            }
            _ => Json::text("2026-01-01"),
        };
        if self.seventh() && self.choices.percent(60) {
            Json::record([("const", value)])
        } else {
            Json::record([("enum", Json::List(vec![value]))])
        }
    }

    fn field(&mut self, field: &Field) -> Json {
        if field.recursive {
            return Json::record([("$ref", Json::text("#"))]);
        }
        let mut schema = match &field.shape {
            Shape::Leaf(leaf) => self.leaf(leaf, field.nullable),
            Shape::Record(record) => {
                let record = self.record(record);
                let record = if self.choices.percent(12) { self.share(record) } else { record };
                self.nullable(record, field.nullable)
            }
            Shape::List(list) => {
                let list = self.list(list);
                self.nullable(list, field.nullable)
            }
        };
        if field.read_only {
            schema = Json::record([("allOf", Json::List(vec![schema])), ("readOnly", Json::Bool(true))]);
        } else if self.choices.percent(5) {
            let remark = self.choices.one(&["description", "title", "$comment", "x-mapc-key"]);
            let value = if remark == "x-mapc-key" { Json::Bool(true) } else { Json::text("said to people") };
            schema.set(remark, value);
        } else if self.choices.percent(4) && schema.get("$ref").is_none() {
            schema.set("default", Json::text("A"));
        }
        schema
    }

    /// Moves a schema to the shared parts.
    fn share(&mut self, schema: Json) -> Json {
        let name = format!("part{}", self.shared.len());
        self.shared.push((name.clone(), schema));
        Json::record([("$ref", Json::Text(format!("#/{}/{name}", home(self.dialect))))])
    }

    fn nullable(&mut self, schema: Json, nullable: bool) -> Json {
        if !nullable {
            return schema;
        }
        let mut schema = schema;
        let kind = schema.get("type").and_then(Json::as_text).map(str::to_owned);
        let null = || Json::record([("type", Json::text("null"))]);
        match (self.dialect, kind) {
            (Dialect::OpenApi30, Some(_)) => {
                schema.set("nullable", Json::Bool(true));
                if let Some(values) = schema.get("enum").map(Json::elements) {
                    let values = values.iter().cloned().chain([Json::Null]).collect();
                    schema.set("enum", Json::List(values));
                }
                schema
            }
            (Dialect::OpenApi30, None) => schema,
            (_, Some(kind)) if self.choices.percent(70) => {
                schema.set("type", Json::List(vec![Json::Text(kind), Json::text("null")]));
                if let Some(values) = schema.get("enum").map(Json::elements) {
                    let values = values.iter().cloned().chain([Json::Null]).collect();
                    schema.set("enum", Json::List(values));
                }
                schema
            }
            _ => {
                let word = if self.choices.percent(50) { "anyOf" } else { "oneOf" };
                Json::record([(word, Json::List(vec![schema, null()]))])
            }
        }
    }

    fn list(&mut self, list: &List) -> Json {
        let element = match list.element.as_ref() {
            Shape::Leaf(leaf) => self.leaf(leaf, list.nullable),
            Shape::Record(record) => {
                let record = self.record(record);
                self.nullable(record, list.nullable)
            }
            Shape::List(list) => self.list(list),
        };
        let mut members = vec![member("type", Json::text("array")), member("items", element.clone())];
        if list.min > 0 {
            members.push(member("minItems", Json::number(list.min)));
        }
        if let Some(max) = list.max {
            members.push(member("maxItems", Json::number(max.max(list.min))));
        }
        if list.unique {
            members.push(member("uniqueItems", Json::Bool(true)));
        }
        match self.choices.below(28) {
            0 if self.seventh() => {
                members.push(member("contains", Json::record([("maxLength", Json::number(3))])));
                if self.modern() && self.choices.percent(50) {
                    members.push(member("minContains", Json::number(self.choices.below(2))));
                    members.push(member("maxContains", Json::number(1 + self.choices.below(3))));
                }
            }
            1 if self.dialect == Dialect::Draft2020 => {
                members.push(member("prefixItems", Json::List(vec![element])));
            }
            2 if matches!(self.dialect, Dialect::Draft7 | Dialect::Draft4) => {
                members.retain(|(name, _)| name != "items");
                members.push(member("items", Json::List(vec![element.clone()])));
                members.push(member("additionalItems", element));
            }
            3 if self.modern() => members.push(member("unevaluatedItems", Json::Bool(false))),
            _ => {}
        }
        Json::Record(members)
    }

    fn leaf(&mut self, leaf: &Leaf, nullable: bool) -> Json {
        let plain = Json::Record(self.leaf_members(leaf));
        let schema = match self.choices.below(24) {
            0 => self.split(plain),
            1 | 2 => {
                let shared = self.share(plain);
                if self.choices.percent(25) { self.beside(shared, leaf) } else { shared }
            }
            3 => self.alternatives(plain, leaf),
            4 => self.without(plain, leaf),
            5 if self.seventh() => {
                let mut schema = plain;
                schema.set("if", Json::record([("type", Json::text(base(leaf)))]));
                schema.set("then", self.tighter(leaf));
                if self.choices.percent(50) {
                    schema.set("else", Json::Bool(false));
                }
                schema
            }
            6 if self.choices.percent(40) => {
                let mut schema = plain;
                let (word, value) = match self.choices.below(3) {
                    0 => ("maximum", Json::number(5)),
                    1 => ("maxLength", Json::number(2)),
                    _ => ("pattern", Json::text("^a")),
                };
                if schema.get(word).is_none() && (base(leaf) == "string") == (word == "maximum") {
                    schema.set(word, value);
                }
                schema
            }
            _ => plain,
        };
        if nullable { self.nullable(schema, true) } else { schema }
    }

    /// Keywords that stand beside a reference.
    fn beside(&mut self, mut reference: Json, leaf: &Leaf) -> Json {
        for (name, value) in self.tighter(leaf).members() {
            reference.set(name, value.clone());
        }
        reference
    }

    /// Some of the limits in parts of their own.
    fn split(&mut self, plain: Json) -> Json {
        let (mut here, mut parts) = (Members::new(), Vec::new());
        for (name, value) in plain.members() {
            if name == "type"
                || name.starts_with("exclusive")
                || name.starts_with("m")
                || self.choices.percent(50)
            {
                here.push((name.clone(), value.clone()));
            } else {
                parts.push(Json::Record(vec![(name.clone(), value.clone())]));
            }
        }
        if parts.is_empty() {
            parts.push(Json::Record(here.clone()));
            here.clear();
        }
        here.push(member("allOf", Json::List(parts)));
        Json::Record(here)
    }

    /// The plain schema or another one.
    fn alternatives(&mut self, plain: Json, leaf: &Leaf) -> Json {
        let (word, other) = match self.choices.below(5) {
            0 => ("anyOf", Json::record([("type", Json::text(other_base(leaf)))])),
            1 => ("oneOf", Json::record([("type", Json::text(other_base(leaf)))])),
            2 => (
                "oneOf",
                Json::Record(self.leaf_members(&Leaf::of_kind(leaf.kind, &mut self.choices.clone()))),
            ),
            3 => ("anyOf", Json::Record(self.leaf_members(&leaf.moved(&mut self.choices.clone())))),
            _ => (
                "anyOf",
                Json::Record(self.leaf_members(&Leaf::of_kind(leaf.kind, &mut self.choices.clone()))),
            ),
        };
        let arms = if self.choices.percent(50) { vec![plain, other] } else { vec![other, plain] };
        Json::record([(word, Json::List(arms))])
    }

    /// The plain schema without some values.
    fn without(&mut self, plain: Json, leaf: &Leaf) -> Json {
        let mut schema = plain;
        let not = match (leaf.kind, self.choices.below(4)) {
            (Kind::Text, 0) => Json::record([("enum", Json::texts([self.choices.one(VALUES), "A"]))]),
            (Kind::Text, 1) => Json::record([("maxLength", Json::number(self.choices.below(3)))]),
            (Kind::Text, 2) => Json::record([("minLength", Json::number(self.choices.one(LENGTHS)))]),
            (Kind::Text, _) if self.choices.percent(30) => Json::record([("pattern", Json::text("^a"))]),
            (Kind::Text, _) => Json::record([("type", Json::text("null"))]),
            (Kind::Number, 0) => {
                Json::record([("enum", Json::List(vec![Json::number(0), Json::number("1.0")]))])
            }
            (Kind::Number, 1) => {
                Json::record([("maximum", Json::number(self.choices.one(&["0", "-1", "9.99"])))])
            }
            (Kind::Number, 2) => Json::record([("minimum", Json::number(self.choices.one(&["100", "5"])))]),
            _ => Json::record([("type", Json::List(vec![Json::text("object"), Json::text("null")]))]),
        };
        schema.set("not", not);
        schema
    }

    /// A further limit for such values.
    fn tighter(&mut self, leaf: &Leaf) -> Json {
        match leaf.kind {
            Kind::Number if leaf.wire.is_none() => match self.choices.below(3) {
                0 => Json::record([("multipleOf", Json::number(self.choices.one(&["1", "0.01", "0.5"])))]),
                1 => Json::record([("maximum", Json::number(self.choices.one(&["10", "99.99"])))]),
                _ => Json::record([("minimum", Json::number(self.choices.one(&["0", "1"])))]),
            },
            Kind::Text => match self.choices.below(3) {
                0 => Json::record([("minLength", Json::number(1))]),
                _ => Json::record([("maxLength", Json::number(self.choices.one(LENGTHS)))]),
            },
            _ => Json::Record(Vec::new()),
        }
    }

    fn leaf_members(&mut self, leaf: &Leaf) -> Members {
        let mut members = Members::new();
        let untyped = !leaf.values.is_empty() && self.choices.percent(40);
        if !untyped || leaf.wire.is_some() {
            members.push(member("type", Json::text(base(leaf))));
        }
        match leaf.kind {
            Kind::Text => self.text_members(leaf, &mut members),
            Kind::Number => match leaf.wire {
                Some((precision, scale)) => {
                    let form = Json::record([
                        ("precision", Json::number(precision)),
                        ("scale", Json::number(scale)),
                    ]);
                    members.push(member("x-mapc-decimal", form));
                }
                None => self.number_members(leaf, &mut members),
            },
            Kind::YesNo => {
                if let Some(only) = leaf.only {
                    members.push(member("enum", Json::List(vec![Json::Bool(only)])));
                }
            }
            Kind::Date if self.choices.percent(80) => members.push(member("format", Json::text("date"))),
            Kind::Instant if self.choices.percent(80) => {
                members.push(member("format", Json::text("date-time")))
            }
            Kind::Date | Kind::Time | Kind::Local | Kind::Instant => {
                members.push(member("x-mapc-date", Json::text(date_word(leaf.kind))));
            }
        }
        members
    }

    fn text_members(&mut self, leaf: &Leaf, members: &mut Members) {
        if !leaf.values.is_empty() {
            let texts = Json::texts(leaf.values.iter().map(String::as_str));
            match leaf.values.as_slice() {
                [only] if self.seventh() && self.choices.percent(70) => {
                    members.push(member("const", Json::text(only)));
                }
                _ => members.push(member("enum", texts)),
            }
        }
        if leaf.min > 0 {
            members.push(member("minLength", Json::number(leaf.min)));
        }
        if let Some(max) = leaf.max {
            members.push(member("maxLength", Json::number(max)));
        }
        if let Some(form) = leaf.form.and_then(|form| FORMS.get(form)) {
            members.push(member(form.keyword, Json::text(form.value)));
        }
    }

    fn number_members(&mut self, leaf: &Leaf, members: &mut Members) {
        if !leaf.values.is_empty() {
            let values = leaf.values.iter().map(Json::number).collect();
            members.push(member("enum", Json::List(values)));
        }
        let ends = [("minimum", "exclusiveMinimum", leaf.low), ("maximum", "exclusiveMaximum", leaf.high)];
        for (word, exclusive, end) in ends {
            let Some((value, inclusive)) = end else { continue };
            match (inclusive, self.seventh()) {
                (true, _) => members.push(member(word, Json::number(value))),
                (false, true) => members.push(member(exclusive, Json::number(value))),
                (false, false) => {
                    members.push(member(word, Json::number(value)));
                    members.push(member(exclusive, Json::Bool(true)));
                }
            }
        }
        if let Some(step) = leaf.step {
            let short = if step == Exact::new(1, 5) { "1e-05".to_owned() } else { step.to_string() };
            members.push(member("multipleOf", Json::Number(short)));
        }
        if leaf.whole && self.choices.percent(8) {
            members.push(member("format", Json::text("int32")));
        }
    }
}

/// `string`, `number` …
fn base(leaf: &Leaf) -> &'static str {
    match leaf.kind {
        Kind::Number if leaf.wire.is_some() => "string",
        Kind::Number if leaf.whole => "integer",
        Kind::Number => "number",
        Kind::YesNo => "boolean",
        _ => "string",
    }
}

fn other_base(leaf: &Leaf) -> &'static str {
    match base(leaf) {
        "string" => "integer",
        "boolean" => "string",
        _ => "boolean",
    }
}

fn date_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Time => "time",
        Kind::Local => "local",
        Kind::Instant => "instant",
        _ => "date",
    }
}

/// The schema with the words of ours said in words that judges know.
pub fn for_judges(schema: &Json) -> Json {
    match schema {
        Json::List(elements) => Json::List(elements.iter().map(for_judges).collect()),
        Json::Record(members) => {
            let mut parts: Vec<Json> = Vec::new();
            let mut kept = Members::new();
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("x-mapc-decimal", Json::Record(_)) => parts.push(decimal_form(value)),
                    ("x-mapc-date", Json::Text(word)) => parts.push(date_form(word)),
                    _ => kept.push((name.clone(), for_judges(value))),
                }
            }
            if !parts.is_empty() {
                let before = kept.iter().position(|(name, _)| name == "allOf").map(|at| kept.remove(at).1);
                parts.extend(before.iter().flat_map(|list| list.elements().iter().cloned()));
                kept.push(member("allOf", Json::List(parts)));
            }
            Json::Record(kept)
        }
        other => other.clone(),
    }
}

fn decimal_form(value: &Json) -> Json {
    let part = |name| value.get(name).and_then(Json::count);
    let scale = part("scale").unwrap_or(0);
    let digits = match part("precision") {
        Some(precision) if precision == scale => "0".to_owned(),
        Some(precision) => format!("(0|[1-9][0-9]{{0,{}}})", precision.saturating_sub(scale + 1)),
        None => "(0|[1-9][0-9]*)".to_owned(),
    };
    let fraction = match scale {
        0 => String::new(),
        scale => format!("(\\.[0-9]{{1,{scale}}})?"),
    };
    Json::record([("pattern", Json::Text(format!("^-?{digits}{fraction}$")))])
}

fn date_form(word: &str) -> Json {
    let (date, time) = ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?");
    match word {
        "date" => Json::record([("format", Json::text("date"))]),
        "instant" => Json::record([("format", Json::text("date-time"))]),
        "time" => Json::record([("pattern", Json::Text(format!("^{time}$")))]),
        _ => Json::record([("pattern", Json::Text(format!("^{date}T{time}$")))]),
    }
}

/// An overlay with a line or two.
fn overlay(shape: &Record, choices: &mut Choices) -> Option<Json> {
    let mut lines = Vec::new();
    for field in &shape.fields {
        let plain = field.name.chars().all(|c| c.is_ascii_alphanumeric());
        if lines.len() > 1 || field.read_only || field.recursive || !plain {
            continue;
        }
        let mut line = vec![
            member("at", Json::text(&field.name)),
            member("note", Json::text("as the administrator told us")),
        ];
        match &field.shape {
            Shape::Leaf(leaf) if leaf.kind == Kind::Text && leaf.values.is_empty() && leaf.form.is_none() => {
                let max = leaf.max.map_or(30, |max| max.saturating_sub(1)).max(leaf.min).max(1);
                line.push(member("maxLength", Json::number(max)));
            }
            Shape::Leaf(leaf)
                if leaf.kind == Kind::Number && leaf.values.is_empty() && leaf.wire.is_none() =>
            {
                line.push(member("multipleOf", Json::number(choices.one(&["1", "0.1", "0.01"]))));
            }
            Shape::List(list) => {
                line.push(member("maxItems", Json::number(list.max.unwrap_or(3).max(list.min))));
            }
            _ if !field.required => line.push(member("required", Json::Bool(true))),
            _ => continue,
        }
        if choices.percent(60) {
            lines.push(Json::Record(line));
        }
    }
    (!lines.is_empty()).then(|| {
        Json::record([
            ("overlay", Json::text("erp.record@1")),
            ("version", Json::number(1)),
            ("lines", Json::List(lines)),
        ])
    })
}

/// What a line of an overlay says, as a schema of the whole document.
fn line_schema(line: &Json, dialect: Dialect) -> Option<Json> {
    let name = line.get("at").and_then(Json::as_text)?;
    let limits: Members = line
        .members()
        .iter()
        .filter(|(word, _)| !matches!(word.as_str(), "at" | "note" | "required"))
        .cloned()
        .collect();
    let mut members = vec![dialect.declaration()];
    if line.get("required").is_some() {
        members.push(member("required", Json::List(vec![Json::text(name)])));
    }
    if !limits.is_empty() {
        members.push(member("properties", Json::Record(vec![(name.to_owned(), Json::Record(limits))])));
    }
    Some(Json::Record(members))
}
