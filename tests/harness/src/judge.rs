//! The independent judge of documents: the `jsonschema` crate over the schema file, and the lines of overlays written
//! again as a second schema. Shares nothing with the loader of the compiler.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Judges documents.
#[derive(Debug)]
pub struct Judge {
    validators: Vec<(String, Validator)>,
    schemas: Vec<String>,
}

impl Judge {
    /// By this schema and the overlays on top of it, as JSON text.
    ///
    /// # Errors
    /// One is not JSON, or no schema.
    pub fn new(schema: &str, overlays: &[&str]) -> Result<Judge, String> {
        let schema: Value = serde_json::from_str(schema).map_err(|error| format!("schema: {error}"))?;
        let mut plain = schema.clone();
        let mut lines = Vec::new();
        for overlay in overlays {
            let overlay: Value =
                serde_json::from_str(overlay).map_err(|error| format!("overlay: {error}"))?;
            for line in overlay.get("lines").and_then(Value::as_array).into_iter().flatten() {
                let at = line.get("at").and_then(Value::as_str).unwrap_or_default().to_owned();
                if let Some(added) = line.get("add") {
                    declare(&mut plain, &at, added)?;
                }
                lines.push((at, line.clone()));
            }
        }
        let mut validators = vec![("the schema".to_owned(), validator(&plain)?)];
        let mut schemas = vec![plain.to_string()];
        for (at, line) in lines {
            for one in line_schemas(&plain, &at, &line) {
                validators.push((format!("the overlay's line for `{at}`"), validator(&one)?));
                schemas.push(one.to_string());
            }
        }
        Ok(Judge { validators, schemas })
    }

    /// The schemas that judge, as text: the plain one with the added fields first.
    pub fn schemas(&self) -> &[String] {
        &self.schemas
    }

    /// How many schemas judge: the plain one and one per limit of an overlay line.
    pub fn size(&self) -> usize {
        self.validators.len()
    }

    /// The document is valid by all of them.
    ///
    /// # Errors
    /// It is not; says by which and why.
    pub fn judge(&self, document: &[u8]) -> Result<(), String> {
        let value: Value = serde_json::from_slice(document).map_err(|error| format!("not JSON: {error}"))?;
        for (what, validator) in &self.validators {
            if let Some(error) = validator.iter_errors(&value).next() {
                return Err(format!("{what} refuses it at `{}`: {error}", error.instance_path()));
            }
        }
        Ok(())
    }
}

fn validator(schema: &Value) -> Result<Validator, String> {
    jsonschema::options().should_validate_formats(true).build(schema).map_err(|error| error.to_string())
}

/// Follows local references.
fn resolved<'a>(root: &'a Value, mut place: &'a Value) -> &'a Value {
    for _ in 0..32 {
        let target =
            place.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        match target.and_then(|pointer| root.pointer(pointer)) {
            Some(target) => place = target,
            None => break,
        }
    }
    place
}

/// The schema of a record with dots in its path, references followed.
fn place<'a>(root: &'a Value, at: &str) -> &'a Value {
    let mut here = resolved(root, root);
    for step in at.split('.').filter(|step| !step.is_empty()) {
        let name = step.trim_end_matches("[]");
        here = resolved(
            root,
            here.get("properties").and_then(|fields| fields.get(name)).unwrap_or(&Value::Null),
        );
        if step.ends_with("[]") {
            here = resolved(root, here.get("items").unwrap_or(&Value::Null));
        }
    }
    here
}

/// Adds a field to a schema: references on the way are replaced by what they stand for.
fn declare(root: &mut Value, at: &str, added: &Value) -> Result<(), String> {
    let whole = root.clone();
    let lost = || format!("nothing at `{at}`");
    let (parent, name) = at.rsplit_once('.').unwrap_or(("", at));
    let mut here = root;
    for step in parent.split('.').filter(|step| !step.is_empty()) {
        here = here
            .get_mut("properties")
            .and_then(|fields| fields.get_mut(step.trim_end_matches("[]")))
            .ok_or_else(lost)?;
        *here = resolved(&whole, here).clone();
        if step.ends_with("[]") {
            here = here.get_mut("items").ok_or_else(lost)?;
            *here = resolved(&whole, here).clone();
        }
    }
    let record = here.as_object_mut().ok_or_else(lost)?;
    let fields = record.entry("properties").or_insert_with(|| json!({}));
    fields.as_object_mut().ok_or_else(lost)?.insert(name.to_owned(), added.clone());
    Ok(())
}

/// The limits of one line as schemas of the whole document.
fn line_schemas(root: &Value, at: &str, line: &Value) -> Vec<Value> {
    let mut schemas = Vec::new();
    let mut limits = Map::new();
    let (parent, name) = at.rsplit_once('.').unwrap_or(("", at));
    for (key, value) in line.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("at" | "note" | "add" | "loosen", _) | ("required", Value::Bool(false)) => {}
            ("required", _) => schemas.push(nested(parent, json!({ "required": [name] }))),
            ("readOnly", _) => schemas.push(nested(parent, json!({ "not": { "required": [name] } }))),
            ("additionalProperties", Value::Bool(false)) => {
                let fields = place(root, at).get("properties").and_then(Value::as_object);
                let names: Vec<&String> = fields.into_iter().flat_map(Map::keys).collect();
                schemas.push(nested(at, json!({ "propertyNames": { "enum": names } })));
            }
            _ => {
                limits.insert(key.clone(), value.clone());
            }
        }
    }
    if !limits.is_empty() {
        schemas.push(nested(at, Value::Object(limits)));
    }
    schemas
}

/// A schema for the place, as a schema for the document.
fn nested(at: &str, inner: Value) -> Value {
    let steps = at.split('.').filter(|step| !step.is_empty());
    let mut schema = steps.rev().fold(inner, |inner, step| {
        let below = if step.ends_with("[]") { json!({ "items": inner }) } else { inner };
        let mut fields = Map::new();
        fields.insert(step.trim_end_matches("[]").to_owned(), below);
        json!({ "properties": fields })
    });
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r##"{ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
      "properties": { "a": { "type": "string" }, "rows": { "type": "array", "items": { "$ref": "#/$defs/row" } } },
      "$defs": { "row": { "type": "object", "properties": { "d": { "type": "string", "format": "date" } } } } }"##;

    #[track_caller]
    fn check(line: &str, document: &str, valid: bool) {
        let overlay = format!(r#"{{ "lines": [ {line} ] }}"#);
        let judge = Judge::new(SCHEMA, &[&overlay]).unwrap();
        assert_eq!(judge.judge(document.as_bytes()).is_ok(), valid, "{line} on {document}");
    }

    #[test]
    fn every_kind_of_line_is_judged() {
        check("", r#"{"a":"xx","rows":[{"d":"2026-02-28"}]}"#, true);
        check("", r#"{"rows":[{"d":"2026-02-30"}]}"#, false);
        check(r#"{"at":"a","maxLength":1}"#, r#"{"a":"x"}"#, true);
        check(r#"{"at":"a","maxLength":1}"#, r#"{"a":"xx"}"#, false);
        check(r#"{"at":"a","required":true}"#, r#"{}"#, false);
        check(r#"{"at":"a","readOnly":true}"#, r#"{"a":"x"}"#, false);
        check(r#"{"at":"rows[].d","required":true}"#, r#"{"rows":[{}]}"#, false);
        check(r#"{"at":"rows[].d","required":true}"#, r#"{"rows":[]}"#, true);
        check(r#"{"at":"rows[]","additionalProperties":false}"#, r#"{"rows":[{"e":1}]}"#, false);
        check(r#"{"at":"rows[].e","add":{"type":"string"}}"#, r#"{"rows":[{"e":1}]}"#, false);
        check(
            r#"{"at":"rows[].e","add":{"type":"string"}},{"at":"rows[]","additionalProperties":false}"#,
            r#"{"rows":[{"e":"1"}]}"#,
            true,
        );
        check(r#"{"at":"","additionalProperties":false}"#, r#"{"b":1}"#, false);
    }
}
