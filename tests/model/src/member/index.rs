//! Where the parts of a schema are: resources with their addresses, anchors and drafts. Judges no values.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::uri;
use super::value::Value;

/// Edition of JSON Schema; later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Draft {
    Four,
    Seven,
    Y2019,
    Y2020,
}

/// A schema with an address of its own.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) uri: String,
    pub(super) root: Arc<Value>,
    pub(super) draft: Draft,
    pub(super) openapi30: bool,
    /// Its vocabulary has `type`, `minimum` and so on.
    pub(super) asserts: bool,
    pub(super) anchors: BTreeMap<String, Arc<Value>>,
    pub(super) dynamic: BTreeMap<String, Arc<Value>>,
    /// `$recursiveAnchor` at its root.
    pub(super) recursive: bool,
}

/// A schema and the number of the resource that it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) schema: Arc<Value>,
    pub(super) resource: usize,
}

/// All resources that can be reached.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) resources: Vec<Resource>,
    by_uri: BTreeMap<String, usize>,
    /// Resource of each schema, by its address in memory.
    owners: HashMap<usize, usize>,
    /// Some schema looks at what others have left over.
    pub(super) leftovers: bool,
}

const ONE: &[(&str, Draft, Draft)] = &[
    ("additionalProperties", Draft::Four, Draft::Y2020),
    ("not", Draft::Four, Draft::Y2020),
    ("items", Draft::Four, Draft::Y2020),
    ("additionalItems", Draft::Four, Draft::Y2019),
    ("contains", Draft::Seven, Draft::Y2020),
    ("propertyNames", Draft::Seven, Draft::Y2020),
    ("if", Draft::Seven, Draft::Y2020),
    ("then", Draft::Seven, Draft::Y2020),
    ("else", Draft::Seven, Draft::Y2020),
    ("unevaluatedProperties", Draft::Y2019, Draft::Y2020),
    ("unevaluatedItems", Draft::Y2019, Draft::Y2020),
    ("contentSchema", Draft::Y2019, Draft::Y2020),
];
const MANY: &[(&str, Draft, Draft)] = &[
    ("allOf", Draft::Four, Draft::Y2020),
    ("anyOf", Draft::Four, Draft::Y2020),
    ("oneOf", Draft::Four, Draft::Y2020),
    ("items", Draft::Four, Draft::Y2019),
    ("prefixItems", Draft::Y2020, Draft::Y2020),
];
const NAMED: &[(&str, Draft, Draft)] = &[
    ("properties", Draft::Four, Draft::Y2020),
    ("patternProperties", Draft::Four, Draft::Y2020),
    ("definitions", Draft::Four, Draft::Y2020),
    ("dependencies", Draft::Four, Draft::Y2020),
    ("$defs", Draft::Y2019, Draft::Y2020),
    ("dependentSchemas", Draft::Y2019, Draft::Y2020),
];

impl Index {
    /// Takes a document in. `documents` are asked for the vocabulary of a `$schema`.
    pub(super) fn add(
        &mut self,
        uri: &str,
        root: &Arc<Value>,
        draft: Draft,
        openapi30: bool,
        documents: &BTreeMap<String, Arc<Value>>,
    ) {
        self.resources.push(Self::open(uri, root, draft, openapi30));
        let number = self.resources.len() - 1;
        self.by_uri.insert(uri.to_owned(), number);
        self.walk(root, number, documents);
    }

    fn open(uri: &str, root: &Arc<Value>, draft: Draft, openapi30: bool) -> Resource {
        Resource {
            uri: uri.to_owned(),
            root: root.clone(),
            draft,
            openapi30,
            asserts: true,
            anchors: BTreeMap::new(),
            dynamic: BTreeMap::new(),
            recursive: false,
        }
    }

    fn walk(&mut self, schema: &Arc<Value>, within: usize, documents: &BTreeMap<String, Arc<Value>>) {
        let Some(record) = schema.record() else { return };
        let mut number = within;
        let Some(outer) = self.resources.get(within) else { return };
        let is_root = outer.root.address() == schema.address();
        let (mut draft, openapi30) = (outer.draft, outer.openapi30);
        let declared = record.get("$schema").and_then(|uri| uri.text()).filter(|_| !openapi30);
        let vocabulary = declared.and_then(|uri| documents.get(uri)?.get("$vocabulary")?.record());
        let has_id = record.get("$id").or_else(|| record.get("id")).and_then(|id| id.text()).is_some();
        if let Some(known) = declared.and_then(draft_of).filter(|_| is_root || has_id) {
            draft = known;
        }
        let lone = draft <= Draft::Seven && record.get("$ref").is_some_and(|target| target.text().is_some());
        let keyword = if draft == Draft::Four { "id" } else { "$id" };
        let id = record.get(keyword).and_then(|id| id.text()).filter(|_| !lone && !openapi30);
        let (address, fragment) = uri::split(id.unwrap_or(""));
        if !address.is_empty() {
            let full = uri::join(&outer.uri, address);
            if is_root {
                self.by_uri.insert(full.clone(), within);
            } else {
                self.resources.push(Self::open(&full, schema, draft, openapi30));
                number = self.resources.len() - 1;
                self.by_uri.insert(full.clone(), number);
            }
            if let Some(own) = self.resources.get_mut(number) {
                own.uri = full;
            }
        }
        if let Some(own) = self.resources.get_mut(number) {
            own.draft = draft;
            if let Some(vocabulary) = vocabulary {
                own.asserts = vocabulary.keys().any(|uri| uri.ends_with("/vocab/validation"));
            }
            if !fragment.is_empty() && draft <= Draft::Seven {
                own.anchors.insert(fragment.to_owned(), schema.clone());
            }
            let text = |name: &str| record.get(name).and_then(|anchor| anchor.text());
            let anchors = [text("$anchor"), text("$dynamicAnchor").filter(|_| draft == Draft::Y2020)];
            for anchor in anchors.into_iter().flatten().filter(|_| draft >= Draft::Y2019) {
                own.anchors.insert(anchor.to_owned(), schema.clone());
            }
            if let Some(anchor) = text("$dynamicAnchor").filter(|_| draft == Draft::Y2020) {
                own.dynamic.insert(anchor.to_owned(), schema.clone());
            }
            if own.root.address() == schema.address() && draft == Draft::Y2019 {
                own.recursive = record.get("$recursiveAnchor").is_some_and(|yes| **yes == Value::Bool(true));
            }
        }
        self.owners.insert(schema.address(), number);
        self.leftovers |=
            record.contains_key("unevaluatedProperties") || record.contains_key("unevaluatedItems");
        for part in parts(record, draft) {
            self.walk(part, number, documents);
        }
    }

    /// A part of a schema in its own resource; unless it has one, in that of the whole.
    pub(super) fn place(&self, schema: &Arc<Value>, within: usize) -> Place {
        let resource = self.owners.get(&schema.address()).copied().unwrap_or(within);
        Place { schema: schema.clone(), resource }
    }

    /// Where a reference leads; with the name of the anchor, if it is one.
    pub(super) fn resolve(&self, from: usize, reference: &str) -> Result<(Place, String), String> {
        let missing = || format!("nothing is known of `{reference}`");
        let (address, fragment) = uri::split(reference);
        let base = &self.resources.get(from).ok_or_else(missing)?.uri;
        let full = if address.is_empty() { base.clone() } else { uri::join(base, address) };
        let number = *self.by_uri.get(&full).ok_or_else(missing)?;
        let resource = self.resources.get(number).ok_or_else(missing)?;
        let fragment = uri::decoded(fragment).ok_or_else(missing)?;
        let root = Place { schema: resource.root.clone(), resource: number };
        if fragment.is_empty() {
            return Ok((root, fragment));
        }
        if let Some(steps) = uri::steps(&fragment) {
            let mut place = root;
            for step in steps {
                let inner = match &*place.schema {
                    Value::Record(record) => record.get(&step),
                    Value::List(list) => step.parse::<usize>().ok().and_then(|at| list.get(at)),
                    _ => None,
                };
                place = self.place(inner.ok_or_else(missing)?, place.resource);
            }
            return Ok((place, String::new()));
        }
        let schema = resource.anchors.get(&fragment).ok_or_else(missing)?;
        Ok((self.place(schema, number), fragment))
    }
}

/// The draft that a `$schema` names.
fn draft_of(uri: &str) -> Option<Draft> {
    let known = [
        ("draft-04", Draft::Four),
        ("draft-06", Draft::Seven),
        ("draft-07", Draft::Seven),
        ("2019-09", Draft::Y2019),
        ("2020-12", Draft::Y2020),
    ];
    let ours = uri.contains("json-schema.org/");
    known.iter().find(|(name, _)| ours && uri.contains(name)).map(|(_, draft)| *draft)
}

/// The schemas directly inside of a schema.
fn parts(record: &BTreeMap<String, Arc<Value>>, draft: Draft) -> Vec<&Arc<Value>> {
    let held = |table: &'static [(&str, Draft, Draft)]| {
        table
            .iter()
            .filter(move |(_, since, until)| (*since..=*until).contains(&draft))
            .filter_map(|(name, _, _)| record.get(*name))
    };
    let lists = held(MANY).filter_map(|list| list.list()).flatten();
    let named = held(NAMED).filter_map(|named| named.record()).flat_map(BTreeMap::values);
    held(ONE).chain(lists).chain(named).collect()
}
