//! The containment suite: labelled pairs of schemas, "is the one inside the other?". Knows nothing of our answer.

use std::collections::BTreeSet;
use std::path::Path;

use crate::json::Json;
use crate::outside::files;

/// A labelled pair.
#[derive(Clone, Debug)]
pub struct Question {
    /// The suite's sort: `valid`, `nonvalid`, `reflexive`, ...
    pub sort: String,
    /// File below the sort, without ending: `maxLength`.
    pub file: String,
    /// Number in the file; `<` behind it asks for the other way round.
    pub name: String,
    /// Is it inside ...
    pub inner: Json,
    /// ... this one?
    pub outer: Json,
    /// What the suite says.
    pub expected: bool,
}

/// The twelve groups of keywords that ERP schemas use, by their files in the suite.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("type", &["type"]),
    ("enum, const", &["enum", "const"]),
    ("maxLength", &["maxLength"]),
    ("minLength", &["minLength"]),
    ("minimum, maximum", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
    ("multipleOf", &["multipleOf"]),
    ("format", &["format"]),
    ("required", &["required"]),
    ("properties, additionalProperties", &["properties", "additionalProperties"]),
    ("items, minItems, maxItems", &["items", "minItems", "maxItems"]),
    ("$ref, definitions", &["ref", "definitions", "infinite-loop-detection"]),
    ("allOf, anyOf", &["allOf", "anyOf"]),
];

/// The keywords of these groups, and those that limit nothing.
const KEYWORDS: &[&str] = &[
    "type",
    "nullable",
    "enum",
    "const",
    "maxLength",
    "minLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "format",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "minItems",
    "maxItems",
    "$ref",
    "allOf",
    "anyOf",
    "definitions",
    "$id",
    "$schema",
    "$comment",
    "title",
    "description",
    "default",
];

/// All questions of the suite, in order.
pub fn questions(folder: &Path) -> Vec<Question> {
    let mut found = Vec::new();
    let root = folder.join("tests/draft7");
    for path in files(&root, "json") {
        let Ok(below) = path.strip_prefix(&root) else { continue };
        let below = below.with_extension("").to_string_lossy().replace('\\', "/");
        let Some((sort, file)) = below.split_once('/') else { continue };
        let entries = std::fs::read_to_string(&path).ok().and_then(|text| Json::parse(&text));
        for entry in entries.as_ref().map(Json::elements).unwrap_or_default() {
            add(entry, sort, file, &mut found);
        }
    }
    found
}

fn add(entry: &Json, sort: &str, file: &str, found: &mut Vec<Question>) {
    let (Some(one), Some(two)) = (entry.get("schema1"), entry.get("schema2")) else { return };
    let number = entry.get("id").map(Json::to_string).unwrap_or_default();
    let ways = [("s1SubsetEqOfs2", "", one, two), ("s2SubsetEqOfs1", "<", two, one)];
    for (label, mark, inner, outer) in ways {
        if let Some(Json::Bool(expected)) = entry.get("tests").and_then(|tests| tests.get(label)) {
            found.push(Question {
                sort: sort.to_owned(),
                file: file.to_owned(),
                name: format!("{number}{mark}"),
                inner: inner.clone(),
                outer: outer.clone(),
                expected: *expected,
            });
        }
    }
}

impl Question {
    /// The group of keywords that the question's file is about, if ERPs use it.
    pub fn group(&self) -> Option<&'static str> {
        let holds = |files: &[&str]| files.contains(&self.file.as_str());
        let optional = self.file.starts_with("optional/format/").then_some("format");
        GROUPS.iter().find(|(_, files)| holds(files)).map(|(name, _)| *name).or(optional)
    }

    /// Both schemas use only keywords that ERPs use, in the way in which they use them.
    pub fn is_plain(&self) -> bool {
        let mut used = BTreeSet::new();
        keywords(&self.inner, &mut used);
        keywords(&self.outer, &mut used);
        used.iter().all(|keyword| KEYWORDS.contains(keyword))
    }
}

/// The formats in the schemas of ERPs (five vendors, one standard and a union of vendors).
const FORMATS: &[&str] = &["uuid", "date", "date-time", "time", "int32", "int64", "double", "decimal"];

/// The keywords that a schema uses. A list of places (`items` with a list) and a format that no ERP uses count as
/// keywords of their own.
fn keywords<'a>(schema: &'a Json, used: &mut BTreeSet<&'a str>) {
    for (keyword, value) in schema.fields() {
        used.insert(match keyword.as_str() {
            "items" if matches!(value, Json::List(_)) => "items by place",
            "format" if !value.as_text().is_some_and(|name| FORMATS.contains(&name)) => "another format",
            "$ref" if !value.as_text().is_some_and(|target| target.starts_with('#')) => {
                "a reference out of the file"
            }
            keyword => keyword,
        });
        match keyword.as_str() {
            "properties" | "patternProperties" | "definitions" | "$defs" | "dependencies" => {
                value.fields().iter().for_each(|(_, schema)| keywords(schema, used));
            }
            "enum" | "const" | "default" | "examples" => {}
            _ => {
                keywords(value, used);
                value.elements().iter().for_each(|schema| keywords(schema, used));
            }
        }
    }
}
