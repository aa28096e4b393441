//! "Is every document of one schema a document of the other?", asked of the loader and `fits` together.
//!
//! A source type is never smaller than its schema and a target type never larger. So a proof from source to target is
//! a proof for the schemas, and a refutation from target to source is a refutation for them, exact or not.

use std::collections::HashMap;
use std::sync::Arc;

use mapc_diagnostics::{Diagnostic, Sources};
use mapc_schema::{Direction, LoadedSchema, Operation, load};
use mapc_types::{DateKind, Definitions, Fit, Language, List, Object, Rest, Slot, Text, Type, Wire, fits};

use crate::json::Json;

/// What the product says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Every document of the one is a document of the other.
    Inside,
    /// Some document is not.
    Outside,
    /// It does not know; why.
    Undecided(String),
}

/// A schema, read in both directions.
#[derive(Debug)]
pub struct Side {
    source: LoadedSchema,
    target: LoadedSchema,
    /// The source with more texts in place of dates and decimals in text: it reads these in one form, and tests it.
    widest: (Type, Definitions),
}

impl Side {
    /// Loads a schema text. `Err`: the loader refuses it; what it says.
    pub fn load(text: &str) -> Result<Side, String> {
        let source = read(text, Direction::Source)?;
        let target = read(text, Direction::Target(Operation::Create))?;
        let mut widening = Widening::default();
        let root = widening.value(&source.root);
        let named = source.definitions.iter().map(|(name, body)| (name.clone(), widening.value(body)));
        let widest = (root, named.collect());
        Ok(Side { source, target, widest })
    }

    /// Both readings are exactly the schema.
    pub fn is_exact(&self) -> bool {
        let (one, two) = (&self.source, &self.target);
        fits(&one.root, &two.root, &one.definitions, &two.definitions).is_yes()
    }

    /// It has recursive types.
    pub fn is_recursive(&self) -> bool {
        !self.source.definitions.is_empty()
    }
}

/// The texts around a format.
fn around(format: &str) -> Text {
    Language::around_format(format).map_or_else(Text::any, Text::in_language)
}

/// Puts more texts in place of values that are read in one form only. Each record is rewritten once: types share them.
#[derive(Default)]
struct Widening {
    /// By the address of the record, which is kept alive beside its new form.
    done: HashMap<*const Object, (Arc<Object>, Arc<Object>)>,
}

impl Widening {
    fn slot(&mut self, slot: &Slot) -> Slot {
        Slot { presence: slot.presence, value: self.value(&slot.value) }
    }

    fn value(&mut self, value: &Type) -> Type {
        match value {
            Type::Date(kind, _) => Type::Text(match kind {
                DateKind::Date => around("date"),
                DateKind::Instant => around("date-time"),
                DateKind::Time | DateKind::Local => Text::any(),
            }),
            Type::Decimal(decimal) if decimal.wire == Wire::DecimalText => Type::Text(Text::any()),
            Type::List(list) => {
                Type::List(Box::new(List { element: self.slot(&list.element), ..list.as_ref().clone() }))
            }
            Type::Object(object) => Type::Object(self.record(object)),
            Type::Union(branches) => Type::union_of(branches.iter().map(|branch| self.value(branch))),
            other => other.clone(),
        }
    }

    fn record(&mut self, object: &Arc<Object>) -> Arc<Object> {
        if let Some((_, known)) = self.done.get(&Arc::as_ptr(object)) {
            return known.clone();
        }
        let new = Arc::new(Object {
            fields: object.fields.iter().map(|(name, field)| (name.clone(), self.slot(field))).collect(),
            rest: match &object.rest {
                Rest::Typed(rest, names) => Rest::Typed(Box::new(self.slot(rest)), names.clone()),
                other => other.clone(),
            },
            count: object.count,
        });
        self.done.insert(Arc::as_ptr(object), (object.clone(), new.clone()));
        new
    }
}

fn read(text: &str, direction: Direction) -> Result<LoadedSchema, String> {
    let mut sources = Sources::new();
    let file = sources.add("schema.json", text);
    let staged = load(&sources, file, &[], direction);
    match (staged.diagnostics.iter().find(|one| one.is_error()), staged.value) {
        (None, Some(loaded)) => Ok(loaded),
        (Some(error), _) => Err(said(error)),
        (None, None) => Err("no value".to_owned()),
    }
}

fn said(diagnostic: &Diagnostic) -> String {
    format!("{}: {}", diagnostic.code, diagnostic.title)
}

/// Is every document of `inner` a document of `outer`?
pub fn is_inside(inner: &Side, outer: &Side) -> Answer {
    let (source, target) = (&inner.source, &outer.target);
    let proof = fits(&source.root, &target.root, &source.definitions, &target.definitions);
    if proof.is_yes() {
        return Answer::Inside;
    }
    let (target, (widest, names)) = (&inner.target, &outer.widest);
    let refutation = fits(&target.root, widest, &target.definitions, names);
    match (refutation, proof) {
        (Fit::No(_), _) => Answer::Outside,
        (Fit::Unknown(why), _) | (_, Fit::Unknown(why)) => Answer::Undecided(why),
        (Fit::Yes, proof) => Answer::Undecided(differing(inner, outer, &proof)),
    }
}

/// What is not read exactly: the first that the loader names.
fn differing(inner: &Side, outer: &Side, proof: &Fit) -> String {
    let sides = [&outer.target, &inner.source, &outer.source, &inner.target];
    match sides.iter().find_map(|side| side.lint.first()) {
        Some(lint) => format!("not read exactly: `{}`, {}", lint.keyword, lint.text),
        None => format!("not read exactly: {proof:?}").chars().take(200).collect(),
    }
}

/// A record with one optional field of this schema, so that nothing is lost: neither null nor a schema without
/// documents. References are led to the new place.
pub fn as_field(schema: &Json, dialect: &str) -> Json {
    let mut schema = schema.clone();
    lead(&mut schema);
    Json::record([
        ("x-mapc-dialect", Json::text(dialect)),
        ("type", Json::text("object")),
        ("properties", Json::record([("v", schema)])),
        ("additionalProperties", Json::Bool(false)),
    ])
}

/// A document with the value in that field.
pub fn field_document(value: &str) -> String {
    format!(r#"{{"v":{value}}}"#)
}

/// Leads references within the document to its new place; a schema with an address of its own keeps them.
fn lead(schema: &mut Json) {
    let own = schema.get("$ref").is_none() && schema.get("$id").and_then(Json::as_text).is_some();
    let Json::Record(fields) = schema else { return };
    if own {
        return;
    }
    for (keyword, value) in fields {
        match keyword.as_str() {
            "$ref" => {
                if let Json::Text(reference) = value
                    && let Some(pointer) = reference.strip_prefix('#')
                    && (pointer.is_empty() || pointer.starts_with('/'))
                {
                    *reference = format!("#/properties/v{pointer}");
                }
            }
            "properties" | "patternProperties" | "definitions" | "$defs" | "dependencies"
            | "dependentSchemas" => {
                if let Json::Record(named) = value {
                    named.iter_mut().for_each(|(_, schema)| lead(schema));
                }
            }
            "enum" | "const" | "default" | "examples" | "example" => {}
            _ => match value {
                Json::List(schemas) => schemas.iter_mut().for_each(lead),
                other => lead(other),
            },
        }
    }
}
