//! The same schema in other words, and the step by which a schema is changed on one side of a map. Knows nothing of
//! types.

use crate::choices::Choices;
use crate::edits::{Edit, Effect, Spot, edits, spots};
use crate::json::Json;

/// A way to say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rewording {
    /// Fields and keywords in another order.
    Order,
    /// The schema of each field behind a reference.
    Named,
    /// What is behind a reference in its place.
    Inlined,
    /// The limits of a single value beside each other in `allOf`.
    Split,
    /// Draft 7 as draft 2020-12.
    Modern,
}

/// All of them.
pub const REWORDINGS: &[Rewording] =
    &[Rewording::Order, Rewording::Named, Rewording::Inlined, Rewording::Split, Rewording::Modern];

impl Rewording {
    /// The schema document in these words; absent: it has nothing that could be said so.
    pub fn of(self, schema: &Json) -> Option<Json> {
        let mut new = schema.clone();
        match self {
            Rewording::Order => reversed(&mut new),
            Rewording::Named => named(&mut new),
            Rewording::Inlined => inlined(&mut new, schema, 0),
            Rewording::Split => split(&mut new),
            Rewording::Modern if declares(schema, "draft-07") => modern(&mut new),
            Rewording::Modern => {}
        }
        (new != *schema).then_some(new)
    }
}

fn declares(schema: &Json, dialect: &str) -> bool {
    schema.get("$schema").and_then(Json::as_text).is_some_and(|uri| uri.contains(dialect))
}

/// Keywords whose value is a value.
const VALUES: &[&str] = &["enum", "const", "default", "examples", "example"];
/// Keywords whose value is a record of schemas.
const NAMED: &[&str] =
    &["properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas"];

/// Calls `change` with each schema inside of another, outermost first.
fn below(schema: &mut Json, change: &mut dyn FnMut(&mut Json)) {
    let Json::Record(keywords) = schema else { return };
    for (keyword, value) in keywords {
        match value {
            _ if VALUES.contains(&keyword.as_str()) => {}
            Json::Record(all) if NAMED.contains(&keyword.as_str()) => {
                all.iter_mut().for_each(|(_, schema)| change(schema));
            }
            Json::Record(_) => change(value),
            Json::List(all) => all.iter_mut().for_each(&mut *change),
            _ => {}
        }
    }
}

fn reversed(schema: &mut Json) {
    below(schema, &mut reversed);
    let Json::Record(keywords) = schema else { return };
    keywords.reverse();
    for (keyword, value) in keywords {
        if let Json::Record(all) = value
            && NAMED.contains(&keyword.as_str())
        {
            all.reverse();
        }
    }
}

/// Where schemas with names live, as the schema's dialect has it.
fn home(schema: &Json) -> &'static str {
    let modern = declares(schema, "2019-09") || declares(schema, "2020-12");
    if modern { "$defs" } else { "definitions" }
}

fn named(schema: &mut Json) {
    let home = home(schema);
    let mut moved = schema.get(home).map(Json::fields).unwrap_or_default().to_vec();
    moved_fields(schema, home, &mut moved);
    if !moved.is_empty() {
        schema.set(home, Json::Record(moved));
    }
}

fn moved_fields(schema: &mut Json, home: &str, moved: &mut Vec<(String, Json)>) {
    if let Some(items @ Json::Record(_)) = schema.get_mut("items") {
        moved_fields(items, home, moved);
    }
    let Some(Json::Record(fields)) = schema.get_mut("properties") else { return };
    for (_, field) in fields {
        moved_fields(field, home, moved);
        let name = format!("law{}", moved.len());
        let reference = Json::record([("$ref", Json::text(format!("#/{home}/{name}")))]);
        moved.push((name, std::mem::replace(field, reference)));
    }
}

fn inlined(schema: &mut Json, whole: &Json, depth: usize) {
    let alone = matches!(schema, Json::Record(keywords) if keywords.len() == 1);
    let pointer = schema.get("$ref").and_then(Json::as_text).and_then(|target| target.strip_prefix("#/"));
    let place = pointer.map(|pointer| pointer.split('/').map(str::to_owned).collect::<Vec<_>>());
    if let Some(found) = place.filter(|_| alone && depth < 6).and_then(|place| whole.at(&place)) {
        *schema = found.clone();
        inlined(schema, whole, depth + 1);
        return;
    }
    below(schema, &mut |inner| inlined(inner, whole, depth));
}

/// Limits of texts and numbers that say nothing about each other.
const LIMITS: &[&str] = &["minLength", "maxLength", "pattern", "format", "multipleOf", "enum"];

fn split(schema: &mut Json) {
    below(schema, &mut split);
    let plain = matches!(schema.get("type").and_then(Json::as_text), Some("string" | "number" | "integer"));
    let known = |keyword: &str| keyword == "type" || LIMITS.contains(&keyword);
    if !plain || schema.fields().len() < 2 || !schema.fields().iter().all(|(keyword, _)| known(keyword)) {
        return;
    }
    let parts =
        schema.fields().iter().map(|(keyword, value)| Json::record([(keyword.clone(), value.clone())]));
    *schema = Json::record([("allOf", Json::List(parts.collect()))]);
}

fn modern(schema: &mut Json) {
    schema.set("$schema", Json::text("https://json-schema.org/draft/2020-12/schema"));
    newer(schema);
}

fn newer(schema: &mut Json) {
    below(schema, &mut newer);
    if let Some(target) = schema.get("$ref").and_then(Json::as_text) {
        // Words beside a reference say nothing in draft 7; definitions are still found there.
        let target = target.replace("#/definitions/", "#/$defs/");
        if let Json::Record(keywords) = schema {
            keywords.retain(|(keyword, _)| matches!(keyword.as_str(), "definitions" | "$schema"));
        }
        schema.set("$ref", Json::Text(target));
    }
    rename(schema, "definitions", "$defs");
    if matches!(schema.get("items"), Some(Json::List(_))) {
        rename(schema, "items", "prefixItems");
        rename(schema, "additionalItems", "items");
    } else {
        schema.remove("additionalItems");
    }
    if let Some(all) = schema.get("dependencies").cloned() {
        schema.remove("dependencies");
        let is_list = |(_, need): &&(String, Json)| matches!(need, Json::List(_));
        let (lists, schemas): (Vec<_>, Vec<_>) = all.fields().iter().partition(is_list);
        for (keyword, needs) in [("dependentRequired", lists), ("dependentSchemas", schemas)] {
            if !needs.is_empty() {
                schema.set(keyword, Json::Record(needs.into_iter().cloned().collect()));
            }
        }
    }
}

fn rename(schema: &mut Json, old: &str, new: &str) {
    if let Json::Record(keywords) = schema {
        keywords
            .iter_mut()
            .filter(|(keyword, _)| keyword == old)
            .for_each(|(keyword, _)| new.clone_into(keyword));
    }
}

/// One random step of a schema document with this effect; absent: none was found.
pub fn step(schema: &Json, effect: Effect, choices: &mut Choices) -> Option<Edit> {
    let mut places = spots(schema);
    places.push(Spot::root());
    for _ in 0..20 {
        let spot = choices.any(&places)?;
        let all: Vec<Edit> = edits(schema, spot).into_iter().filter(|edit| edit.effect == effect).collect();
        // Null fits everywhere, so it would crowd out the others.
        if let Some(edit) = choices.any(&all)
            && (edit.what != "nullable set" || choices.percent(15))
        {
            return Some(edit.clone());
        }
    }
    None
}
