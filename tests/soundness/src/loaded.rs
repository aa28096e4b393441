//! A schema as the loader has it, in both directions, ready to be asked about values.

use std::collections::BTreeMap;

use mapc_diagnostics::{Code, Sources};
use mapc_model::member::Dialect;
use mapc_schema::{Direction, LoadedSchema, Operation};

use crate::json::Json;
use crate::values::{Form, Value, member_of};

/// A schema as target and as source.
#[derive(Debug)]
pub struct Loaded {
    /// Absent: it admits nothing.
    target: Option<LoadedSchema>,
    source: Option<LoadedSchema>,
}

impl Loaded {
    /// Loads a schema without overlays. Why not: the first error.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut sources = Sources::new();
        let file = sources.add("schema.json", text);
        let load = |direction| {
            let staged = mapc_schema::load(&sources, file, &[], direction);
            let mut errors =
                staged.diagnostics.iter().filter(|one| one.is_error() && one.code != Code::E0906);
            match errors.next() {
                Some(error) => Err(format!("{}: {}", error.code, error.title)),
                None => Ok(staged.value),
            }
        };
        let target = load(Direction::Target(Operation::Create))?;
        Ok(Self { target, source: load(Direction::Source)? })
    }

    /// May a map write this?
    pub fn writes(&self, value: &Value) -> bool {
        self.target.as_ref().is_some_and(|loaded| is_in(value, loaded, Form::Written))
    }

    /// May a map rely on reading this?
    pub fn reads(&self, value: &Value) -> bool {
        self.source.as_ref().is_some_and(|loaded| is_in(value, loaded, Form::Read))
    }
}

fn is_in(value: &Value, loaded: &LoadedSchema, form: Form) -> bool {
    member_of(value, &loaded.root, &loaded.definitions, form)
}

/// A schema for records whose only field `v` has the given one: types speak of null at fields only. The given schema
/// keeps an address of its own, so that its references still lead to the same places, and other documents stand beside
/// it. Why not: what would be lost.
pub fn as_field(schema: &Json, dialect: Dialect, others: &BTreeMap<String, String>) -> Result<Json, String> {
    let old = matches!(dialect, Dialect::Draft4 | Dialect::Draft7);
    let id = if dialect == Dialect::Draft4 { "id" } else { "$id" };
    let text = schema.to_string();
    let mut inner = schema.clone();
    let declared = schema.get("$schema").and_then(Json::as_text);
    if declared.is_some_and(|uri| !uri.contains("//json-schema.org/")) {
        return Err("a dialect of its own".to_owned());
    }
    inner.remove("$schema");
    if text.contains("Ref\":") || text.contains("ref\":") {
        if old && schema.get("$ref").is_some() {
            return Err("a schema that is a reference to a part of itself".to_owned());
        }
        match schema.get(id).and_then(Json::as_text) {
            Some(own) if !own.contains(':') => return Err("a schema without a full address".to_owned()),
            Some(_) => {}
            None => inner.set(id, Json::text("https://suite.test/schema")),
        }
    }
    let beside = others.iter().filter_map(|(uri, text)| {
        let mut other = Json::parse(text)?;
        let foreign = other.get("$schema").and_then(Json::as_text).is_some_and(|own| Some(own) != declared);
        let named = other.get(id).is_some();
        other.remove("$schema");
        other.set(id, Json::text(uri.clone()));
        (!foreign && !named).then_some((uri.clone(), other))
    });
    Ok(Json::record([
        ("x-mapc-dialect", Json::text(dialect.name())),
        ("type", Json::text("object")),
        ("properties", Json::record([("v", inner)])),
        ("required", Json::List(vec![Json::text("v")])),
        ("additionalProperties", Json::Bool(false)),
        (if old { "definitions" } else { "$defs" }, Json::record(beside)),
    ]))
}
