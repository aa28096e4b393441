//! What people know about each place of a schema: names, spans, titles. Says nothing about values.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
use mapc_types::{Type, Wire};

use crate::api::{Described, Direction, LoadedSchema, Strength};
use crate::dialect::Role;
use crate::loader::Loader;
use crate::tree::{Json, NodeId};

/// One place: a set of schemas that speak of the same value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) described: Described,
    pub(crate) fields: IndexMap<Arc<str>, Edge>,
    pub(crate) element: Option<Edge>,
}

/// A step to the next place; what is said there in this role.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) described: Described,
    pub(crate) place: usize,
}

/// More places than this, and than the schema has values, are not described: parts that multiply.
const PLACES: usize = 5_000;

impl Loader {
    /// All schemas that speak of the same value, whatever branch holds, in order of the text.
    pub(crate) fn outline(&self, start: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
        self.speakers(start, true)
    }

    /// The schemas that surely speak of the same value; with `branches` also those that do so only in some case.
    pub(crate) fn speakers(&self, start: impl IntoIterator<Item = NodeId>, branches: bool) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut stack: Vec<NodeId> = start.into_iter().collect();
        stack.reverse();
        while let Some(node) = stack.pop() {
            if !seen.insert(node) {
                continue;
            }
            if let Json::Link(target) = self.tree.json(node) {
                stack.push(*target);
                continue;
            }
            let Some(record) = self.tree.record(node) else { continue };
            let reference = record.get("$ref").and_then(|value| match self.tree.json(value) {
                Json::Link(target) => Some(*target),
                Json::Text(reference) => self.resolver.resolve(&self.tree, node, reference).ok(),
                _ => None,
            });
            let lone = reference.is_some() && self.dialect.lone_ref();
            let mut next: Vec<NodeId> = reference.into_iter().collect();
            if !lone {
                found.push(node);
                let lists: &[&str] = if branches { &["allOf", "anyOf", "oneOf"] } else { &["allOf"] };
                for keyword in lists {
                    next.extend(
                        self.keyword(node, keyword).and_then(|value| self.tree.list(value)).unwrap_or(&[]),
                    );
                }
                if branches {
                    next.extend(
                        ["then", "else"].into_iter().filter_map(|keyword| self.keyword(node, keyword)),
                    );
                    let dependents =
                        self.keyword(node, "dependentSchemas").and_then(|value| self.tree.record(value));
                    next.extend(
                        dependents.into_iter().flat_map(|record| record.iter().map(|member| member.value)),
                    );
                }
            }
            next.reverse();
            stack.extend(next);
        }
        found
    }

    /// The schemas for a field, among schemas that speak of its record.
    pub(crate) fn children(&self, speakers: &[NodeId], name: &str) -> Vec<NodeId> {
        speakers.iter().filter_map(|node| self.tree.get(self.keyword(*node, "properties")?, name)).collect()
    }

    /// The schemas for the elements, among schemas that speak of the list.
    pub(crate) fn element_schemas(&self, speakers: &[NodeId]) -> Vec<NodeId> {
        let mut found = Vec::new();
        for node in speakers {
            for keyword in ["prefixItems", "items", "additionalItems"] {
                let Some(value) = self.keyword(*node, keyword) else { continue };
                match self.tree.json(value) {
                    Json::List(list) => found.extend(list.iter().copied()),
                    _ => found.push(value),
                }
            }
        }
        found
    }

    /// Describes everything that can be reached from the root.
    pub(crate) fn describe(&self, root: NodeId) -> Vec<Place> {
        let limit = self.tree.len().max(PLACES);
        let mut places: Vec<Place> = vec![Place::default()];
        let mut numbers: HashMap<Vec<NodeId>, usize> = HashMap::from([(vec![root], 0)]);
        let mut open: Vec<(usize, Vec<NodeId>)> = vec![(0, vec![root])];
        let mut known: HashMap<usize, Described> = HashMap::new();
        while let Some((number, start)) = open.pop() {
            let speakers = self.outline(start);
            let mut place = Place { described: self.described(&speakers), ..Place::default() };
            let mut reach = |nodes: Vec<NodeId>, open: &mut Vec<(usize, Vec<NodeId>)>| -> Option<usize> {
                let mut key = nodes.clone();
                key.sort_unstable();
                key.dedup();
                if let Some(number) = numbers.get(&key) {
                    return Some(*number);
                }
                if numbers.len() > limit {
                    return None;
                }
                let number = numbers.len();
                numbers.insert(key, number);
                open.push((number, nodes));
                Some(number)
            };
            let mut fields: IndexMap<Arc<str>, (Described, Vec<NodeId>)> = IndexMap::new();
            for node in &speakers {
                let Some(record) =
                    self.keyword(*node, "properties").and_then(|value| self.tree.record(value))
                else {
                    continue;
                };
                for member in record.iter() {
                    let (described, nodes) = fields.entry(member.name.clone()).or_default();
                    nodes.push(member.value);
                    described.name = described.name.or(Some(member.span));
                }
            }
            for node in &speakers {
                for (name, entry) in
                    self.keyword(*node, "required").map(|value| self.tree.texts(value)).unwrap_or_default()
                {
                    if let Some((described, _)) = fields.get_mut(&name) {
                        described.required = described.required.or(Some(self.tree.span(entry)));
                    }
                }
            }
            for (name, (own, nodes)) in fields {
                let Some(next) = reach(nodes.clone(), &mut open) else { continue };
                let value = known.entry(next).or_insert_with(|| self.described(&self.outline(nodes))).clone();
                let described = Described { name: own.name, required: own.required, ..value };
                place.fields.insert(name, Edge { described, place: next });
            }
            let elements = self.element_schemas(&speakers);
            if !elements.is_empty()
                && let Some(next) = reach(elements.clone(), &mut open)
            {
                let described =
                    known.entry(next).or_insert_with(|| self.described(&self.outline(elements))).clone();
                place.element = Some(Edge { described, place: next });
            }
            while places.len() <= number {
                places.push(Place::default());
            }
            if let Some(slot) = places.get_mut(number) {
                *slot = place;
            }
        }
        places
    }

    /// What schemas that speak of one value say to people.
    fn described(&self, speakers: &[NodeId]) -> Described {
        let mut found = Described::default();
        for node in speakers {
            let Some(record) = self.tree.record(*node) else { continue };
            let line = self.tree.line(*node);
            for member in record.iter() {
                let text = || self.tree.text(member.value).map(|text| text.to_string());
                let yes = || self.tree.boolean(member.value) == Some(true);
                match &*member.name {
                    "title" => found.title = found.title.take().or_else(text),
                    "description" => found.description = found.description.take().or_else(text),
                    "deprecated" => found.deprecated |= yes(),
                    "x-sensitive" => found.sensitive |= yes(),
                    "x-mapc-key" => found.key |= yes(),
                    "x-mapc-currency-of" => found.currency = found.currency.take().or_else(text),
                    _ => {}
                }
                let shown = self.dialect.role(&member.name) == Role::Assertion
                    || matches!(&*member.name, "readOnly" | "deprecated" | "x-sensitive" | "x-mapc-key");
                let joins =
                    matches!(&*member.name, "$ref" | "allOf" | "anyOf" | "oneOf" | "if" | "then" | "else");
                let made = line.is_none() && self.tree.origin(*node).is_some();
                if shown && !joins && !(made && member.name.starts_with('\u{0}')) {
                    let span = member.span.to(self.tree.span(member.value));
                    if line.is_some() {
                        found.keywords.insert(member.name.to_string(), span);
                    } else {
                        found.keywords.entry(member.name.to_string()).or_insert(span);
                    }
                }
            }
            if let Some(note) = line.and_then(|line| self.lines.get(usize::try_from(line).ok()?)) {
                found.overlay = Some(note.clone());
            }
            if let Direction::Target(operation) = self.direction {
                found.read_only |= self.says_read_only(*node, operation);
            } else {
                found.read_only |=
                    self.tree.get(*node, "readOnly").and_then(|v| self.tree.boolean(v)) == Some(true);
            }
        }
        found
    }
}

/// Counts how much a target limits. A recursive record counts once.
pub(crate) fn strength(schema: &LoadedSchema) -> Strength {
    let mut counter = Counter { schema, known: HashMap::new(), names: HashSet::new() };
    counter.of(&schema.root, 0)
}

struct Counter<'a> {
    schema: &'a LoadedSchema,
    known: HashMap<*const mapc_types::Object, Strength>,
    names: HashSet<Arc<str>>,
}

impl Counter<'_> {
    fn of(&mut self, value: &Type, depth: usize) -> Strength {
        if depth > 200 {
            return Strength::default();
        }
        let single = |limited: bool| Strength { fields: 1, limited: usize::from(limited), required: 0 };
        match value {
            Type::Never => Strength::default(),
            Type::Any => single(false),
            Type::Bool { may_be_true, may_be_false } => single(!(*may_be_true && *may_be_false)),
            Type::Text(text) => single(
                text.set.is_some()
                    || text.length.max.is_some()
                    || text.length.min > 0
                    || !text.languages.is_empty(),
            ),
            Type::Decimal(decimal) => single(
                decimal.set.is_some()
                    || decimal.interval.low.is_some()
                    || decimal.interval.high.is_some()
                    || decimal.grid.as_ref().is_some_and(|grid| !grid.is_integer())
                    || (decimal.wire == Wire::DecimalText && decimal.grid.is_some()),
            ),
            Type::Date(..) => single(true),
            Type::List(list) => self.of(&list.element.value, depth + 1),
            Type::Named(name) => {
                if !self.names.insert(name.clone()) {
                    return Strength::default();
                }
                match self.schema.definitions.get(name) {
                    Some(body) => self.of(body, depth + 1),
                    None => Strength::default(),
                }
            }
            Type::Union(branches) => {
                let records = branches.iter().any(|branch| matches!(branch, Type::Object(_) | Type::List(_)));
                if !records {
                    let all = branches.iter().all(|branch| self.of(branch, depth + 1).limited > 0);
                    return single(all);
                }
                // Alternatives of a record: the largest of them.
                let each = branches.iter().map(|branch| self.of(branch, depth + 1));
                each.max_by_key(|one| one.fields).unwrap_or_default()
            }
            Type::Object(object) => {
                let key = Arc::as_ptr(object);
                if let Some(known) = self.known.get(&key) {
                    return *known;
                }
                let mut total = Strength::default();
                for slot in object.fields.values() {
                    let own = self.of(&slot.value, depth + 1);
                    total.fields = total.fields.saturating_add(own.fields);
                    total.limited = total.limited.saturating_add(own.limited);
                    total.required = total.required.saturating_add(own.required);
                    if !slot.presence.absent {
                        total.required = total.required.saturating_add(1);
                    }
                }
                self.known.insert(key, total);
                total
            }
        }
    }
}
