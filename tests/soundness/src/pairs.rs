//! Random schemas over the keywords of ERPs, with recursion and alternatives; pairs that lie near each other; and
//! documents around them. Knows nothing of types.

use crate::choices::Choices;
use crate::edits::{edits, spots};
use crate::json::Json;

const NAMES: [&str; 4] = ["a", "b", "c", "kind"];
const WORDS: [&str; 8] = ["", "A", "AB", "ABC", "open", "closed", "é😀", "2024-02-29"];
const PATTERNS: [&str; 5] = ["^[A-Z]{1,3}$", "^[a-z]*$", "^[0-9A-F-]+$", "A", "^(open|closed)$"];
const NUMBERS: [&str; 8] = ["0", "1", "-1", "0.5", "2.25", "10", "100", "99.99"];
const STEPS: [&str; 5] = ["1", "0.01", "0.1", "0.5", "5"];

/// A document with one optional field `v` of a random schema, and two named schemas it may use.
pub fn schema(choices: &mut Choices) -> Json {
    let named = Json::record([("x", guarded(choices)), ("y", guarded(choices))]);
    Json::record([
        ("x-mapc-dialect", Json::text("2020-12")),
        ("type", Json::text("object")),
        ("properties", Json::record([("v", any(choices, 0))])),
        ("additionalProperties", Json::Bool(false)),
        ("$defs", named),
    ])
}

/// The schema after a few small changes.
pub fn near(schema: &Json, choices: &mut Choices) -> Json {
    let mut changed = schema.clone();
    for _ in 0..=choices.below(3) {
        let places = spots(&changed);
        let Some(spot) = choices.any(&places) else { return changed };
        if choices.percent(15) {
            let fresh = any(choices, 2);
            changed = spot.replaced(&changed, fresh);
        } else if let Some(edit) = choices.any(&edits(&changed, spot)) {
            changed = edit.schema.clone();
        }
    }
    changed
}

/// A schema whose values are finite although it may name itself.
fn guarded(choices: &mut Choices) -> Json {
    match choices.below(3) {
        0 => Json::record([("type", Json::text("array")), ("items", any(choices, 2))]),
        1 => Json::record([("anyOf", Json::List(vec![record(choices, 2, false), any(choices, 3)]))]),
        _ => record(choices, 1, false),
    }
}

fn any(choices: &mut Choices, depth: usize) -> Json {
    let simple = if depth > 3 { 50 } else { 100 };
    let mut made = match choices.below(simple) {
        0..=21 => text(choices),
        22..=41 => number(choices),
        42..=45 => Json::record([("type", Json::text("boolean"))]),
        46..=49 => Json::record([("enum", Json::List((0..3).map(|_| value(choices, 4)).collect()))]),
        50..=59 => list(choices, depth),
        60..=79 => record(choices, depth, true),
        80..=84 => return Json::record([("$ref", Json::text(choices.one(&["#/$defs/x", "#/$defs/y"])))]),
        85..=94 => several(choices, depth),
        95..=97 => {
            let inner = if choices.percent(50) { text(choices) } else { number(choices) };
            let mut outer = any(choices, depth + 2);
            outer.set("not", inner);
            return outer;
        }
        _ => conditional(choices),
    };
    if choices.percent(15)
        && let Some(Json::Text(kind)) = made.get("type").cloned()
    {
        made.set("type", Json::List(vec![Json::Text(kind), Json::text("null")]));
    }
    made
}

fn text(choices: &mut Choices) -> Json {
    let mut made = Json::record([("type", Json::text("string"))]);
    match choices.below(6) {
        0 => {
            let words = (0..=choices.below(3)).map(|_| Json::text(choices.one(&WORDS)));
            let mut words: Vec<Json> = words.collect();
            words.dedup();
            made.set("enum", Json::List(words));
        }
        1 => made.set("pattern", Json::text(choices.one(&PATTERNS))),
        2 if choices.percent(40) => made.set("format", Json::text(choices.one(&["date", "uuid"]))),
        _ => {
            let low = choices.below(3);
            if choices.percent(40) {
                made.set("minLength", Json::number(low));
            }
            if choices.percent(70) {
                made.set("maxLength", Json::number(low + choices.below(6)));
            }
        }
    }
    made
}

fn number(choices: &mut Choices) -> Json {
    let kind = choices.one(&["number", "integer"]);
    let mut made = Json::record([("type", Json::text(kind))]);
    let mut limit = |made: &mut Json, keywords: [&str; 2], share: u64| {
        if choices.percent(share) {
            let [usual, strict] = keywords;
            let keyword = if choices.percent(25) { strict } else { usual };
            made.set(keyword, Json::Number(choices.one(&NUMBERS).to_owned()));
        }
    };
    limit(&mut made, ["minimum", "exclusiveMinimum"], 50);
    limit(&mut made, ["maximum", "exclusiveMaximum"], 50);
    if choices.percent(30) {
        made.set("multipleOf", Json::Number(choices.one(&STEPS).to_owned()));
    }
    made
}

fn list(choices: &mut Choices, depth: usize) -> Json {
    let mut made = Json::record([("type", Json::text("array")), ("items", any(choices, depth + 1))]);
    if choices.percent(40) {
        made.set("minItems", Json::number(choices.below(3)));
    }
    if choices.percent(40) {
        made.set("maxItems", Json::number(1 + choices.below(3)));
    }
    if choices.percent(10) {
        made.set("uniqueItems", Json::Bool(true));
    }
    made
}

fn record(choices: &mut Choices, depth: usize, may_require: bool) -> Json {
    let mut fields: Vec<(String, Json)> = Vec::new();
    for name in NAMES {
        if choices.percent(60) {
            fields.push((name.to_owned(), any(choices, depth + 1)));
        }
    }
    let required: Vec<Json> = fields
        .iter()
        .filter(|_| may_require && choices.percent(35))
        .map(|(name, _)| Json::text(name))
        .collect();
    let mut made = Json::record([("type", Json::text("object")), ("properties", Json::Record(fields))]);
    if !required.is_empty() {
        made.set("required", Json::List(required));
    }
    match choices.below(4) {
        0 => {}
        1 => made.set("additionalProperties", any(choices, depth + 2)),
        _ => made.set("additionalProperties", Json::Bool(false)),
    }
    made
}

fn several(choices: &mut Choices, depth: usize) -> Json {
    let keyword = choices.one(&["anyOf", "anyOf", "allOf", "oneOf"]);
    if choices.percent(30) {
        // Told apart by a field.
        let branch = |choices: &mut Choices, word: &str| {
            let mut made = record(choices, depth + 1, true);
            let constant = Json::record([("const", Json::text(word))]);
            if let Some(fields) = made.get_mut("properties") {
                fields.set("kind", constant);
            }
            made.set("required", Json::List(vec![Json::text("kind")]));
            made
        };
        let branches = vec![branch(choices, "open"), branch(choices, "closed")];
        return Json::record([(choices.one(&["anyOf", "oneOf"]), Json::List(branches))]);
    }
    let branches = if keyword == "allOf" {
        let one = if choices.percent(50) { record(choices, depth + 1, true) } else { text(choices) };
        let mut two = one.clone();
        two.remove("additionalProperties");
        vec![one, if choices.percent(70) { two } else { any(choices, depth + 1) }]
    } else {
        (0..2 + choices.below(2)).map(|_| any(choices, depth + 1)).collect()
    };
    Json::record([(keyword, Json::List(branches))])
}

fn conditional(choices: &mut Choices) -> Json {
    let mut made = record(choices, 2, true);
    let required = Json::List(vec![Json::text(choices.one(&NAMES))]);
    let constant = Json::record([("kind", Json::record([("const", Json::text("open"))]))]);
    made.set(
        "if",
        Json::record([("properties", constant), ("required", Json::List(vec![Json::text("kind")]))]),
    );
    made.set("then", Json::record([("required", required)]));
    made
}

/// Any value at all.
fn value(choices: &mut Choices, depth: usize) -> Json {
    match choices.below(if depth > 2 { 4 } else { 6 }) {
        0 => Json::Null,
        1 => Json::Bool(choices.percent(50)),
        2 => Json::Number(choices.one(&NUMBERS).to_owned()),
        3 => Json::text(choices.one(&WORDS)),
        4 => Json::List((0..choices.below(3)).map(|_| value(choices, depth + 1)).collect()),
        _ => {
            let count = choices.below(3);
            Json::record(NAMES.iter().take(count).map(|name| (*name, value(choices, depth + 1))))
        }
    }
}

/// A document around a schema: often valid, often just not.
pub fn document(schema: &Json, choices: &mut Choices) -> Json {
    let inner = schema.get("properties").and_then(|fields| fields.get("v"));
    let value = inner.map_or(Json::Null, |inner| Growing { whole: schema, choices }.value(inner, 0));
    Json::record([("v", value)])
}

struct Growing<'a> {
    whole: &'a Json,
    choices: &'a mut Choices,
}

impl Growing<'_> {
    fn value(&mut self, schema: &Json, depth: usize) -> Json {
        if depth > 8 || self.choices.percent(3) {
            return value(self.choices, depth.min(3));
        }
        if let Some(name) =
            schema.get("$ref").and_then(Json::as_text).and_then(|to| to.strip_prefix("#/$defs/"))
        {
            let named = self.whole.get("$defs").and_then(|all| all.get(name));
            return named.map_or(Json::Null, |named| self.value(named, depth + 1));
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(found) = schema.get("enum").and_then(|values| self.choices.any(values.elements())) {
            return found.clone();
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.get(keyword).map(Json::elements).unwrap_or_default();
            if let Some(branch) = self.choices.any(branches) {
                return self.value(branch, depth + 1);
            }
        }
        if let Some(branches) = schema.get("allOf") {
            return self.all(branches.elements(), depth);
        }
        let kind = match schema.get("type") {
            Some(Json::List(kinds)) => self.choices.any(kinds).and_then(Json::as_text),
            Some(kind) => kind.as_text(),
            None => None,
        };
        match kind {
            Some("string") => self.text(schema),
            Some("number" | "integer") => self.number(schema),
            Some("boolean") => Json::Bool(self.choices.percent(50)),
            Some("array") => self.list(schema, depth),
            Some("object") => self.record(schema, depth),
            Some(_) => Json::Null,
            None => value(self.choices, depth.min(3)),
        }
    }

    /// Fields of all, and otherwise a value of one.
    fn all(&mut self, branches: &[Json], depth: usize) -> Json {
        let mut fields: Vec<(String, Json)> = Vec::new();
        let mut last = Json::Null;
        for branch in branches {
            last = self.value(branch, depth + 1);
            for (name, value) in last.fields() {
                if !fields.iter().any(|(known, _)| known == name) {
                    fields.push((name.clone(), value.clone()));
                }
            }
        }
        if matches!(last, Json::Record(_)) { Json::Record(fields) } else { last }
    }

    fn text(&mut self, schema: &Json) -> Json {
        match schema.get("format").and_then(Json::as_text) {
            Some("date") if self.choices.percent(80) => return Json::text("2024-02-29"),
            Some("uuid") if self.choices.percent(80) => {
                return Json::text("123e4567-e89b-12d3-a456-42661417400A");
            }
            _ => {}
        }
        if schema.get("pattern").is_some() {
            let known = ["A", "ABC", "Z", "a", "open", "closed", "0-F", "", "AAAA"];
            return Json::text(self.choices.one(&known));
        }
        let low = schema.get("minLength").and_then(Json::as_count);
        let high = schema.get("maxLength").and_then(Json::as_count);
        let length = match (low, high) {
            (_, Some(high)) if self.choices.percent(50) => high,
            (Some(low), _) if self.choices.percent(70) => low,
            (_, high) => self.choices.near(high.unwrap_or(4)),
        };
        let letter = self.choices.one(&["A", "b", "é", "😀", " ", "1"]);
        Json::Text(letter.repeat(usize::try_from(length).unwrap_or(0).min(60)))
    }

    fn number(&mut self, schema: &Json) -> Json {
        let known = |keyword: &str| match schema.get(keyword) {
            Some(Json::Number(digits)) => digits.parse::<f64>().ok(),
            _ => None,
        };
        let ends: Vec<f64> = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
            .iter()
            .filter_map(|keyword| known(keyword))
            .collect();
        let step = known("multipleOf").unwrap_or(self.choices.one(&[1.0, 0.5, 0.01, 0.001]));
        let near = self.choices.any(&ends).copied().unwrap_or(0.0);
        let shifted =
            (near / step).round() * step + step * self.choices.one(&[0.0, 1.0, -1.0, 2.0, -2.0, 10.0]);
        let shown = if self.choices.percent(30) { near } else { shifted };
        Json::Number(format!("{}", (shown * 10_000.0).round() / 10_000.0))
    }

    fn list(&mut self, schema: &Json, depth: usize) -> Json {
        let low = schema.get("minItems").and_then(Json::as_count).unwrap_or(0);
        let high = schema.get("maxItems").and_then(Json::as_count).unwrap_or(low + 2);
        let count = if self.choices.percent(5) { high + 1 } else { self.choices.between(low, high.max(low)) };
        let anything = Json::Bool(true);
        let element = schema.get("items").unwrap_or(&anything);
        Json::List((0..count.min(6)).map(|_| self.value(element, depth + 1)).collect())
    }

    fn record(&mut self, schema: &Json, depth: usize) -> Json {
        let required = schema.get("required").map(Json::elements).unwrap_or_default();
        let mut fields = Vec::new();
        for (name, inner) in schema.get("properties").map(Json::fields).unwrap_or_default() {
            let asked = required.iter().any(|known| known.as_text() == Some(name));
            if self.choices.percent(if asked { 97 } else { 50 }) {
                fields.push((name.clone(), self.value(inner, depth + 1)));
            }
        }
        let extra = match schema.get("additionalProperties") {
            Some(Json::Bool(false)) => self.choices.percent(3).then(|| value(self.choices, 3)),
            Some(inner) => self.choices.percent(40).then(|| self.value(inner, depth + 1)),
            None => self.choices.percent(30).then(|| value(self.choices, 3)),
        };
        let free = NAMES.iter().chain(&["zzExtra"]).find(|name| {
            !schema
                .get("properties")
                .map(Json::fields)
                .unwrap_or_default()
                .iter()
                .any(|(known, _)| known == *name)
        });
        fields.extend(free.zip(extra).map(|(name, value)| ((*name).to_owned(), value)));
        Json::Record(fields)
    }
}
