//! The schemas of vendors and standards, each component with everything it refers to as one document. Where their
//! files are not there, the project's own schemas stand in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::json::Json;
use crate::outside::files;

/// Named schemas of one file that refer to each other.
#[derive(Debug)]
pub struct Family {
    /// What it is called in reports.
    pub name: String,
    /// As in `x-mapc-dialect`.
    pub dialect: &'static str,
    /// Where references lead: `#/components/schemas/`.
    prefix: &'static str,
    /// The schemas by name.
    pub schemas: Vec<(String, Json)>,
    /// What was taken out of them, and how often.
    pub left_out: LeftOut,
}

/// What is not asked about, and how often it stood there.
pub type LeftOut = BTreeMap<&'static str, usize>;

/// The files that are read, below the folder of vendor schemas.
const FILES: &[&str] = &[
    "sap-s4hana/openapi/API_SALES_ORDER_SRV.openapi.json",
    "sap-s4hana/openapi/API_BUSINESS_PARTNER.openapi3.json",
    "acumatica/derived-Default-24.200.001.openapi.json",
    "netsuite/reconstructed-rest-record-v1.openapi.json",
    "oracle-fusion/derived-fusion-subset.openapi.json",
    "infor/derived-m3-OIS100MI.openapi.json",
    "business-central/BCOAS1.0.yaml",
    "unified/apideck-accounting.yml",
    "standards/ubl-2.5/json-schema/CommonAggregateComponents-2.5.json",
];

/// The families of the vendors' files.
pub fn vendors(folder: &Path) -> Vec<Family> {
    FILES.iter().filter_map(|file| family(folder, file)).filter(|family| !family.schemas.is_empty()).collect()
}

/// The project's own schemas, each a family of its own.
pub fn own() -> Vec<Family> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = ["mappings", "docs/errors/fixture", "tests/spec", "compiler/cli/src/commands/init"];
    let all = folders.iter().flat_map(|folder| files(&root.join(folder), "json"));
    all.filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let mut schema = Json::parse(&std::fs::read_to_string(&path).ok()?)?;
        let dialect = match (schema.get("x-mapc-dialect"), schema.get("$schema")) {
            (Some(known), _) if known.as_text() == Some("openapi-3.0") => "openapi-3.0",
            (_, Some(uri)) if uri.as_text()?.contains("2020-12") => "2020-12",
            _ => return None,
        };
        let definitions = schema.get("$defs").cloned();
        schema.remove("$schema");
        schema.remove("$defs");
        let mut schemas = vec![("document".to_owned(), schema)];
        schemas.extend(definitions.iter().flat_map(Json::fields).cloned());
        let mut left_out = LeftOut::new();
        schemas.iter_mut().for_each(|(_, schema)| tidy(schema, "#/$defs/", &mut left_out));
        Some(Family { name, dialect, prefix: "#/$defs/", schemas, left_out })
    })
    .collect()
}

fn family(folder: &Path, file: &str) -> Option<Family> {
    let text = std::fs::read_to_string(folder.join(file)).ok()?;
    let name = file.rsplit('/').next()?.to_owned();
    let document = if file.ends_with(".json") { Json::parse(&text)? } else { yaml(&text)? };
    let (mut schemas, dialect, prefix) = match document.get("components").and_then(|all| all.get("schemas")) {
        Some(schemas) => (schemas.fields().to_vec(), "openapi-3.0", "#/components/schemas/"),
        None => (document.get("$defs")?.fields().to_vec(), "2020-12", "#/$defs/"),
    };
    let mut left_out = LeftOut::new();
    schemas.iter_mut().for_each(|(_, schema)| tidy(schema, prefix, &mut left_out));
    Some(Family { name, dialect, prefix, schemas, left_out })
}

/// Formats whose texts the loader knows a part of only: a target may write those, a source may hold more.
const INEXACT: &[&str] = &["uri", "email", "hostname"];

/// The same without what no question here is about, each counted: texts for what lies in files that are not there;
/// without `readOnly`, which changes what a target is asked for and not which documents are valid; without a
/// `nullable` that has no effect in its dialect, as an overlay line would state it; without formats that are not read
/// exactly.
fn tidy(schema: &mut Json, prefix: &str, left_out: &mut LeftOut) {
    let mut count = |what: &'static str| *left_out.entry(what).or_default() += 1;
    let absent = schema.get("$ref").and_then(Json::as_text).is_some_and(|target| !target.starts_with(prefix));
    if absent {
        count("a reference to another file");
        *schema = Json::record([("type", Json::text("string"))]);
    }
    if schema.get("readOnly").is_some_and(|flag| matches!(flag, Json::Bool(_))) {
        count("readOnly");
        schema.remove("readOnly");
    }
    let lists_null = || schema.get("enum").is_none_or(|values| values.elements().contains(&Json::Null));
    let reached = schema.get("$ref").is_none() && schema.get("type").is_some() && lists_null();
    if !reached && schema.get("nullable").is_some_and(|flag| matches!(flag, Json::Bool(_))) {
        count("nullable without effect");
        schema.remove("nullable");
    }
    if schema.get("format").and_then(Json::as_text).is_some_and(|name| INEXACT.contains(&name)) {
        count("a format of which a part is known");
        schema.remove("format");
    }
    match schema {
        Json::Record(fields) => fields.iter_mut().for_each(|(_, value)| tidy(value, prefix, left_out)),
        Json::List(elements) => elements.iter_mut().for_each(|value| tidy(value, prefix, left_out)),
        _ => {}
    }
}

fn yaml(text: &str) -> Option<Json> {
    fn read(value: &serde_yaml::Value) -> Option<Json> {
        Some(match value {
            serde_yaml::Value::Null => Json::Null,
            serde_yaml::Value::Bool(value) => Json::Bool(*value),
            serde_yaml::Value::Number(value) => Json::number(value),
            serde_yaml::Value::String(value) => Json::text(value),
            serde_yaml::Value::Sequence(list) => Json::List(list.iter().filter_map(read).collect()),
            serde_yaml::Value::Mapping(map) => Json::record(
                map.iter().filter_map(|(name, value)| Some((name.as_str()?.to_owned(), read(value)?))),
            ),
            serde_yaml::Value::Tagged(_) => return None,
        })
    }
    read(&serde_yaml::from_str(text).ok()?)
}

impl Family {
    /// The schema of a name.
    fn get(&self, name: &str) -> Option<&Json> {
        self.schemas.iter().find(|(known, _)| known == name).map(|(_, schema)| schema)
    }

    /// A component with everything it refers to: a record with one optional field `v` of it. Absent: more than
    /// `limit` schemas take part, or one of them is not there.
    pub fn document(&self, name: &str, limit: usize) -> Option<Json> {
        let mut needed = vec![name.to_owned()];
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut schemas = Vec::new();
        while let Some(name) = needed.pop() {
            let schema = self.get(&name)?;
            let mut names = BTreeSet::new();
            references(schema, self.prefix, &mut names);
            needed.extend(names.into_iter().filter(|name| seen.insert(name.clone())));
            schemas.push((name, schema.clone()));
            if schemas.len() > limit {
                return None;
            }
        }
        schemas.sort_by(|left, right| left.0.cmp(&right.0));
        let places: Vec<&str> = self.prefix.trim_matches(['#', '/']).split('/').collect();
        let named =
            places.iter().rev().fold(Json::Record(schemas), |inner, place| Json::record([(*place, inner)]));
        let reference = Json::record([("$ref", Json::text(format!("{}{name}", self.prefix)))]);
        let mut document = Json::record([
            ("x-mapc-dialect", Json::text(self.dialect)),
            ("type", Json::text("object")),
            ("properties", Json::record([("v", reference)])),
            ("additionalProperties", Json::Bool(false)),
        ]);
        for (place, value) in named.fields() {
            document.set(place, value.clone());
        }
        Some(document)
    }
}

fn references(schema: &Json, prefix: &str, names: &mut BTreeSet<String>) {
    if let Some(name) =
        schema.get("$ref").and_then(Json::as_text).and_then(|target| target.strip_prefix(prefix))
    {
        names.insert(name.to_owned());
    }
    schema.fields().iter().for_each(|(_, value)| references(value, prefix, names));
    schema.elements().iter().for_each(|value| references(value, prefix, names));
}
