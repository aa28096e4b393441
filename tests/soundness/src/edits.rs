//! One small change to a schema with a known effect: it admits more documents afterwards, or fewer. With a document
//! that shows it. Knows nothing of types.

use std::collections::BTreeSet;

use mapc_types::{BigRational, format_decimal, parse_decimal};

use crate::json::Json;

/// What a change does to the set of valid documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// There are more, unless something else forbids them.
    Wider,
    /// There are fewer.
    Narrower,
}

/// A change at one place.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What is changed, in words: `maxLength +1`.
    pub what: &'static str,
    /// What it does.
    pub effect: Effect,
    /// The schema document afterwards.
    pub schema: Json,
    /// A document that the wider of both accepts and the narrower refuses, unless something else stands in the way.
    pub witness: Option<Json>,
}

/// One step into a document.
#[derive(Clone, Debug)]
enum Hop {
    Field(String),
    Element,
}

/// A schema in the document, and the way to a value of it.
#[derive(Clone, Debug)]
pub struct Spot {
    place: Vec<String>,
    route: Vec<Hop>,
    /// Other schemas hold for the same value (`allOf` and the like).
    shared: bool,
}

impl Spot {
    /// The whole document.
    pub fn root() -> Spot {
        Spot { place: Vec::new(), route: Vec::new(), shared: false }
    }

    /// Other schemas hold for the same value. Whether `nullable` of one of them admits null is read in two ways.
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// The document with another schema at this place.
    pub fn replaced(&self, document: &Json, schema: Json) -> Json {
        let mut changed = document.clone();
        if let Some(place) = changed.at_mut(&self.place) {
            *place = schema;
        }
        changed
    }
}

/// Longer ways are not gone.
const LONGEST: usize = 8;
/// More places of one document are not looked at.
const SPOTS: usize = 400;

/// The schemas of a document that a value can stand under, each once.
pub fn spots(document: &Json) -> Vec<Spot> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![Spot::root()];
    while let Some(spot) = open.pop() {
        if spot.route.len() > LONGEST || found.len() > SPOTS || !seen.insert(spot.place.clone()) {
            continue;
        }
        let Some(schema) = document.at(&spot.place) else { continue };
        let several = ["allOf", "anyOf", "oneOf"].iter().any(|keyword| schema.get(keyword).is_some());
        let under = |steps: &[&str], hop: Option<Hop>| Spot {
            place: spot.place.iter().cloned().chain(steps.iter().map(|step| (*step).to_owned())).collect(),
            shared: hop.is_none() && (spot.shared || several),
            route: spot.route.iter().cloned().chain(hop).collect(),
        };
        if let Some(target) = target(schema) {
            open.push(Spot { place: target, ..spot });
            continue;
        }
        for (name, _) in schema.get("properties").map(Json::fields).unwrap_or_default() {
            open.push(under(&["properties", name], Some(Hop::Field(name.clone()))));
        }
        if let Some(Json::Record(_)) = schema.get("items") {
            open.push(under(&["items"], Some(Hop::Element)));
        }
        for keyword in ["allOf", "anyOf"] {
            for at in 0..schema.get(keyword).map(Json::elements).unwrap_or_default().len() {
                open.push(under(&[keyword, &at.to_string()], None));
            }
        }
        if !spot.place.is_empty() {
            found.push(Spot { shared: spot.shared || several, ..spot });
        }
    }
    found
}

/// The place a reference within the document leads to.
fn target(schema: &Json) -> Option<Vec<String>> {
    let pointer = schema.get("$ref")?.as_text()?.strip_prefix("#/")?;
    Some(pointer.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect())
}

/// Every change that fits a place.
pub fn edits(document: &Json, spot: &Spot) -> Vec<Edit> {
    let Some(schema) = document.at(&spot.place) else { return Vec::new() };
    let mut made = Made { document, spot, schema, edits: Vec::new() };
    made.lengths();
    made.least_lengths();
    made.patterns();
    made.counts();
    made.numbers();
    made.values();
    made.fields();
    made.null();
    made.edits
}

struct Made<'a> {
    document: &'a Json,
    spot: &'a Spot,
    schema: &'a Json,
    edits: Vec<Edit>,
}

impl Made<'_> {
    fn add(
        &mut self,
        what: &'static str,
        effect: Effect,
        change: impl FnOnce(&mut Json),
        value: Option<Json>,
    ) {
        let mut schema = self.document.clone();
        let Some(place) = schema.at_mut(&self.spot.place) else { return };
        change(place);
        let wider = if effect == Effect::Wider { &schema } else { self.document };
        let witness = value.map(|value| embed(wider, &[], &self.spot.route, value, 0));
        self.edits.push(Edit { what, effect, schema, witness });
    }

    fn is(&self, kind: &str) -> bool {
        self.schema.get("type").and_then(Json::as_text) == Some(kind)
    }

    fn lengths(&mut self) {
        let text =
            |count: u64| Some(Json::Text("1".repeat(usize::try_from(count).unwrap_or(0).min(100_000))));
        if let Some(most) = self.schema.get("maxLength").and_then(Json::as_count) {
            self.add(
                "maxLength +1",
                Effect::Wider,
                |place| place.set("maxLength", Json::number(most + 1)),
                text(most + 1),
            );
            if most > 0 {
                let less = Json::number(most - 1);
                self.add("maxLength -1", Effect::Narrower, |place| place.set("maxLength", less), text(most));
            }
        } else if self.is("string")
            && self.schema.get("enum").is_none()
            && self.schema.get("format").is_none()
        {
            let limit = Json::number(20);
            self.add("maxLength set", Effect::Narrower, |place| place.set("maxLength", limit), text(21));
        }
    }

    fn least_lengths(&mut self) {
        let text =
            |count: u64| Some(Json::Text("1".repeat(usize::try_from(count).unwrap_or(0).min(100_000))));
        let Some(least) = self.schema.get("minLength").and_then(Json::as_count) else { return };
        let most = self.schema.get("maxLength").and_then(Json::as_count);
        if least > 0 {
            let less = Json::number(least - 1);
            self.add("minLength -1", Effect::Wider, |place| place.set("minLength", less), text(least - 1));
        }
        if most.is_none_or(|most| least < most) {
            let more = Json::number(least + 1);
            self.add("minLength +1", Effect::Narrower, |place| place.set("minLength", more), text(least));
        }
    }

    fn patterns(&mut self) {
        if self.schema.get("pattern").is_some() {
            self.add("pattern removed", Effect::Wider, |place| place.remove("pattern"), None);
        }
    }

    fn counts(&mut self) {
        let count = |keyword: &str| self.schema.get(keyword).and_then(Json::as_count);
        let (least, most) = (count("minItems"), count("maxItems"));
        let mut changes = Vec::new();
        if let Some(least) = least {
            changes.extend(least.checked_sub(1).map(|new| ("minItems -1", Effect::Wider, "minItems", new)));
            if most.is_none_or(|most| least < most) {
                changes.push(("minItems +1", Effect::Narrower, "minItems", least + 1));
            }
        }
        if let Some(most) = most {
            changes.push(("maxItems +1", Effect::Wider, "maxItems", most + 1));
            if most > least.unwrap_or(0) {
                changes.push(("maxItems -1", Effect::Narrower, "maxItems", most - 1));
            }
        }
        for (what, effect, keyword, new) in changes {
            self.add(what, effect, |place| place.set(keyword, Json::number(new)), None);
        }
    }

    fn numbers(&mut self) {
        let number = |keyword: &str| match self.schema.get(keyword) {
            Some(Json::Number(digits)) => parse_decimal(digits),
            _ => None,
        };
        let json = |value: &BigRational| format_decimal(value).map(Json::Number);
        let one = BigRational::from_integer(1.into());
        let (least, most, step) = (number("minimum"), number("maximum"), number("multipleOf"));
        let strict = |keyword: &str| self.schema.get(keyword).is_some();
        let moves = [
            ("maximum", most, "exclusiveMaximum", [("maximum +1", true), ("maximum -1", false)]),
            ("minimum", least, "exclusiveMinimum", [("minimum +1", true), ("minimum -1", false)]),
        ];
        let mut changes = Vec::new();
        for (keyword, old, exclusive, ways) in moves {
            let Some(old) = old.filter(|_| !strict(exclusive)) else { continue };
            for (what, up) in ways {
                let new = if up { &old + &one } else { &old - &one };
                let effect = if up == (keyword == "maximum") { Effect::Wider } else { Effect::Narrower };
                let shown = if effect == Effect::Wider { json(&new) } else { json(&old) };
                changes.push((what, effect, keyword, json(&new), shown));
            }
        }
        if let Some(step) = step {
            let ten = BigRational::from_integer(10.into());
            let finer = &step / &ten;
            changes.push(("scale +1", Effect::Wider, "multipleOf", json(&finer), json(&finer)));
            changes.push(("scale -1", Effect::Narrower, "multipleOf", json(&(&step * &ten)), json(&step)));
        }
        for (what, effect, keyword, new, shown) in changes {
            if let Some(new) = new {
                self.add(what, effect, |place| place.set(keyword, new), shown);
            }
        }
    }

    fn values(&mut self) {
        let Some(Json::List(values)) = self.schema.get("enum").cloned() else { return };
        if self.is("string") {
            let fresh = Json::text("zz9");
            let more = values.iter().cloned().chain([fresh.clone()]).collect();
            self.add("enum +1", Effect::Wider, |place| place.set("enum", Json::List(more)), Some(fresh));
        }
        if let [rest @ .., last] = values.as_slice()
            && !rest.is_empty()
            && !rest.contains(last)
        {
            let less = Json::List(rest.to_vec());
            self.add("enum -1", Effect::Narrower, |place| place.set("enum", less), Some(last.clone()));
        }
    }

    fn fields(&mut self) {
        let fields = self.schema.get("properties").map(Json::fields).unwrap_or_default();
        let required = self.schema.get("required").map(Json::elements).unwrap_or_default().to_vec();
        if fields.is_empty() && !self.is("object") {
            return;
        }
        let blank = sample(self.document, self.schema, 0);
        let without = |name: &str| {
            let mut record = blank.clone();
            record.remove(name);
            Some(record)
        };
        let optional = fields.iter().map(|(name, _)| Json::text(name)).find(|name| !required.contains(name));
        if let Some(name) = optional {
            let more = required.iter().cloned().chain([name.clone()]).collect();
            let shown = without(name.as_text().unwrap_or_default());
            self.add("required +1", Effect::Narrower, |place| place.set("required", Json::List(more)), shown);
        }
        if let [first, rest @ ..] = required.as_slice()
            && !rest.contains(first)
        {
            let less = Json::List(rest.to_vec());
            let shown = without(first.as_text().unwrap_or_default());
            let change = |place: &mut Json| {
                if less.elements().is_empty() {
                    place.remove("required")
                } else {
                    place.set("required", less)
                }
            };
            self.add("required -1", Effect::Wider, change, shown);
        }
        let mut extra = blank;
        extra.set("zzExtra", Json::Bool(true));
        match self.schema.get("additionalProperties") {
            Some(Json::Bool(false)) => {
                self.add("opened", Effect::Wider, |place| place.remove("additionalProperties"), Some(extra));
            }
            None | Some(Json::Bool(true)) => {
                let change = |place: &mut Json| place.set("additionalProperties", Json::Bool(false));
                self.add("closed", Effect::Narrower, change, Some(extra));
            }
            _ => {}
        }
    }

    fn null(&mut self) {
        let openapi = self.document.get("x-mapc-dialect").and_then(Json::as_text) == Some("openapi-3.0");
        if let Some(Json::List(kinds)) = self.schema.get("type")
            && kinds.len() > 1
            && kinds.contains(&Json::text("null"))
        {
            let less: Vec<Json> =
                kinds.iter().filter(|kind| kind.as_text() != Some("null")).cloned().collect();
            let change = |place: &mut Json| place.set("type", Json::List(less));
            self.add("null removed", Effect::Narrower, change, Some(Json::Null));
        }
        let Some(Json::Text(kind)) = self.schema.get("type").cloned() else { return };
        if self.schema.get("enum").is_some() || self.schema.get("const").is_some() || kind == "null" {
            return;
        }
        // Vendors mean that null is admitted if one of several says so, the standard that all of them must: a source
        // is read the one way and a target the other, so there is no exact answer.
        if openapi && self.spot.shared {
            return;
        }
        let shown = || Some(Json::Null);
        if !openapi {
            let both = Json::List(vec![Json::Text(kind), Json::text("null")]);
            self.add("nullable set", Effect::Wider, |place| place.set("type", both), shown());
        } else if self.schema.get("nullable") == Some(&Json::Bool(true)) {
            self.add("nullable removed", Effect::Narrower, |place| place.remove("nullable"), shown());
        } else {
            self.add("nullable set", Effect::Wider, |place| place.set("nullable", Json::Bool(true)), shown());
        }
    }
}

/// Schemas that hold for the same value: references, `allOf` and the first of several alternatives followed.
fn together<'a>(document: &'a Json, schema: &'a Json, found: &mut Vec<&'a Json>, depth: usize) {
    if depth > 20 {
        return;
    }
    if let Some(next) = target(schema).and_then(|place| document.at(&place)) {
        together(document, next, found, depth + 1);
        return;
    }
    found.push(schema);
    for branch in schema.get("allOf").map(Json::elements).unwrap_or_default() {
        together(document, branch, found, depth + 1);
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(branch) = schema.get(keyword).and_then(|branches| branches.elements().first()) {
            together(document, branch, found, depth + 1);
        }
    }
}

/// A document with this value at the end of the way, as the schema at the place asks for.
fn embed(document: &Json, place: &[String], route: &[Hop], value: Json, depth: usize) -> Json {
    let Some((hop, rest)) = route.split_first() else { return value };
    let Some(schema) = document.at(place) else { return value };
    let mut whole = sample(document, schema, depth);
    let mut parts = Vec::new();
    together(document, schema, &mut parts, 0);
    let below = |part: &&Json| match hop {
        Hop::Field(name) => part.get("properties").and_then(|fields| fields.get(name)).cloned(),
        Hop::Element => part.get("items").cloned(),
    };
    let next = parts.iter().find_map(below).unwrap_or(Json::Bool(true));
    let mut held = document.clone();
    held.set("x-next", next);
    let inner = embed(&held, &["x-next".to_owned()], rest, value, depth + 1);
    match hop {
        Hop::Field(name) => {
            if !matches!(whole, Json::Record(_)) {
                whole = Json::Record(Vec::new());
            }
            whole.set(name, inner);
            whole
        }
        Hop::Element => {
            let least = parts.iter().filter_map(|part| part.get("minItems").and_then(Json::as_count)).max();
            Json::List(vec![inner; usize::try_from(least.unwrap_or(1)).unwrap_or(1).clamp(1, 100)])
        }
    }
}

/// A small value of a schema; a guess that somebody else checks.
fn sample(document: &Json, schema: &Json, depth: usize) -> Json {
    let mut parts = Vec::new();
    together(document, schema, &mut parts, 0);
    let first = |keyword: &str| parts.iter().find_map(|part| part.get(keyword));
    if let Some(value) = first("const").or_else(|| first("enum").and_then(|values| values.elements().first()))
    {
        return value.clone();
    }
    let kind = match first("type") {
        Some(Json::List(kinds)) => kinds.first().and_then(Json::as_text),
        other => other.and_then(Json::as_text),
    };
    let count = |keyword: &str| {
        let counts = parts.iter().filter_map(|part| part.get(keyword).and_then(Json::as_count));
        usize::try_from(counts.max().unwrap_or(0)).unwrap_or(0)
    };
    match kind {
        Some("string") => Json::text(match first("format").and_then(Json::as_text) {
            Some("date") => "2024-01-31".to_owned(),
            Some("date-time") => "2024-01-31T00:00:00Z".to_owned(),
            Some("time") => "00:00:00Z".to_owned(),
            Some("uuid") => "00000000-0000-0000-0000-000000000000".to_owned(),
            Some("email") => "a@example.com".to_owned(),
            Some("uri") => "https://example.com".to_owned(),
            _ => "x".repeat(count("minLength").min(10_000)),
        }),
        Some("number" | "integer") => first("minimum").cloned().unwrap_or(Json::number(0)),
        Some("boolean") => Json::Bool(true),
        Some("array") => {
            let element = || first("items").map_or(Json::Null, |items| sample(document, items, depth + 1));
            Json::List((0..count("minItems").min(100)).map(|_| element()).collect())
        }
        Some("null") => Json::Null,
        _ if depth > 12 => Json::Null,
        _ => {
            let names: BTreeSet<&str> = parts
                .iter()
                .flat_map(|part| part.get("required").map(Json::elements).unwrap_or_default())
                .filter_map(Json::as_text)
                .collect();
            let field = |name: &str| {
                let schema =
                    parts.iter().find_map(|part| part.get("properties").and_then(|all| all.get(name)));
                schema.map_or(Json::text("x"), |schema| sample(document, schema, depth + 1))
            };
            Json::record(names.into_iter().map(|name| (name, field(name))))
        }
    }
}
