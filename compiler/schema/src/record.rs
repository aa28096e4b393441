//! Limits on records: fields, required names, what undeclared fields may be.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;
use mapc_diagnostics::Code;
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Language, Length, Object, Presence, Rest, Slot, Type};

use crate::api::{Direction, Operation};
use crate::dialect::Draft;
use crate::loader::{Item, Loader, Way, items};
use crate::tree::{Json, NodeId};

/// What one schema says about fields that it does not name.
struct Others {
    node: NodeId,
    keyword: &'static str,
    named: HashSet<Arc<str>>,
    patterns: Vec<(Arc<str>, Option<NodeId>)>,
    rest: Option<NodeId>,
}

/// What a schema looks at whatever branch holds.
pub(crate) struct Evaluated {
    names: HashSet<Arc<str>>,
    patterns: Vec<Arc<str>>,
    every_field: bool,
    pub(crate) every_item: bool,
    pub(crate) items: usize,
    /// Nothing depends on a branch.
    pub(crate) certain: bool,
}

impl Loader {
    /// The records that all schemas admit.
    pub(crate) fn record(&mut self, nodes: &[NodeId], way: Way) -> Type {
        let mut fields: IndexMap<Arc<str>, Vec<Item>> = IndexMap::new();
        let mut declared: HashSet<Arc<str>> = HashSet::new();
        let mut required: IndexMap<Arc<str>, (NodeId, NodeId)> = IndexMap::new();
        let mut others: Vec<Others> = Vec::new();
        let mut names: Vec<NodeId> = Vec::new();
        let mut count = Length::ANY;
        for node in nodes.iter().copied() {
            if let Some(value) = self.keyword(node, "properties") {
                match self.tree.record(value) {
                    Some(record) => {
                        for member in record.iter() {
                            let item = Item { node: member.value, local: false };
                            fields.entry(member.name.clone()).or_default().push(item);
                            declared.insert(member.name.clone());
                        }
                    }
                    None => self.malformed(node, value, "properties", "a record of fields"),
                }
            }
            if let Some(value) = self.keyword(node, "required") {
                // Draft 3 wrote yes/no here; tools still do. It has no effect.
                if self.tree.list(value).is_none() && self.tree.boolean(value).is_none() {
                    self.malformed(node, value, "required", "a list of field names");
                }
                for (name, place) in self.tree.texts(value) {
                    required.entry(name).or_insert((node, place));
                }
            }
            let min =
                self.count(node, "minProperties").filter(|_| !is_on(Lie::FieldCountIgnored)).unwrap_or(0);
            count = count.meet(Length::new(min, self.count(node, "maxProperties")));
            names.extend(self.keyword(node, "propertyNames"));
            self.others(node, way, &mut others);
        }
        for name in required.keys() {
            fields.entry(name.clone()).or_default();
        }
        if !self.spend(fields.len() * (others.len() + 1)) {
            return Type::Never;
        }
        let mut object = Object::default();
        for (name, mut own) in fields {
            self.apply_others(&name, &others, way, &mut own);
            self.apply_names(&name, &names, way, &mut own);
            let conjunction = items(own);
            let must = match required.get(&name) {
                Some((node, place)) => {
                    self.is_required(*node, *place, &name, &conjunction, declared.contains(&name), way)
                }
                None => false,
            };
            let slot = self.slot(&conjunction, must, way);
            if must && !slot.presence.null && slot.value == Type::Never {
                return Type::Never;
            }
            object.fields.insert(name, slot);
        }
        object.rest = self.rest(nodes, &others, &names, way);
        if count != Length::ANY {
            let needed = object.fields.values().filter(|slot| !slot.presence.absent).count();
            let possible =
                object.fields.values().filter(|slot| slot.presence.null || slot.value != Type::Never).count();
            let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
            let possible = (object.rest == Rest::Closed).then_some(size(possible));
            if count.meet(Length::new(size(needed), possible)).is_empty() {
                return Type::Never;
            }
            object.count = Some(count);
        }
        Type::Object(Arc::new(object))
    }

    /// Must the field be there?
    fn is_required(
        &mut self,
        node: NodeId,
        place: NodeId,
        name: &str,
        conjunction: &crate::loader::Conjunction,
        declared: bool,
        way: Way,
    ) -> bool {
        if !declared {
            let text = format!("`{name}` is required but not described; it may hold anything");
            self.lint(way, Code::W0904, node, "required", text);
        }
        if way == Way::Under && self.read_only(conjunction) {
            let text = format!("`{name}` is required and read-only; it is not counted as required");
            let node = if self.tree.origin(node).is_none() { node } else { place };
            self.lint(way, Code::W0904, node, "required", text);
            return false;
        }
        true
    }

    /// Is a field not assignable in this direction?
    pub(crate) fn read_only(&mut self, conjunction: &crate::loader::Conjunction) -> bool {
        let Direction::Target(operation) = self.direction else { return false };
        let nodes = self.outline(conjunction.iter().map(|item| item.node));
        nodes.iter().any(|node| self.says_read_only(*node, operation))
    }

    /// `readOnly`, or not creatable or updatable for the operation.
    pub(crate) fn says_read_only(&self, node: NodeId, operation: Operation) -> bool {
        let flag = |keyword: &str| self.tree.get(node, keyword).and_then(|value| self.tree.boolean(value));
        let creates = matches!(operation, Operation::Create | Operation::Upsert);
        let updates = matches!(operation, Operation::Update | Operation::Upsert);
        flag("readOnly") == Some(true)
            || (creates && flag("x-mapc-creatable") == Some(false))
            || (updates && flag("x-mapc-updatable") == Some(false))
    }

    fn others(&mut self, node: NodeId, way: Way, others: &mut Vec<Others>) {
        let patterns: Vec<(Arc<str>, Option<NodeId>)> =
            match self.keyword(node, "patternProperties").map(|value| (value, self.tree.record(value))) {
                Some((_, Some(record))) => {
                    record.iter().map(|member| (member.name.clone(), Some(member.value))).collect()
                }
                Some((value, None)) => {
                    self.malformed(node, value, "patternProperties", "a record of patterns");
                    Vec::new()
                }
                None => Vec::new(),
            };
        let rest = self.keyword(node, "additionalProperties");
        if !patterns.is_empty() || rest.is_some() {
            let named = self.keyword(node, "properties").and_then(|value| self.tree.record(value));
            let named = match (rest, named) {
                (Some(_), Some(record)) => record.iter().map(|member| member.name.clone()).collect(),
                _ => HashSet::new(),
            };
            let keyword = if patterns.is_empty() { "additionalProperties" } else { "patternProperties" };
            others.push(Others { node, keyword, named, patterns, rest });
        }
        let Some(rest) = self.keyword(node, "unevaluatedProperties") else { return };
        let evaluated = self.evaluated(node);
        if evaluated.every_field {
            return;
        }
        if !evaluated.certain {
            if way != Way::Under {
                self.lint(way, Code::W0904, node, "unevaluatedProperties", "not used");
                return;
            }
            let text = "only fields that are named whatever branch holds are accepted";
            self.lint(way, Code::W0904, node, "unevaluatedProperties", text);
        }
        others.push(Others {
            node,
            keyword: "unevaluatedProperties",
            named: evaluated.names,
            patterns: evaluated.patterns.into_iter().map(|pattern| (pattern, None)).collect(),
            rest: Some(rest),
        });
    }

    /// What a schema looks at without leaving the value, whatever branch holds.
    pub(crate) fn evaluated(&mut self, start: NodeId) -> Evaluated {
        let mut found = Evaluated {
            names: HashSet::new(),
            patterns: Vec::new(),
            every_field: false,
            every_item: false,
            items: 0,
            certain: true,
        };
        let mut seen = HashSet::new();
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if !seen.insert(node) || !self.spend(1) {
                continue;
            }
            let conditional = [
                "anyOf",
                "oneOf",
                "if",
                "not",
                "dependentSchemas",
                "$dynamicRef",
                "$recursiveRef",
                "contains",
            ];
            found.certain &= conditional.iter().all(|keyword| self.keyword(node, keyword).is_none());
            if let Some(value) = self.keyword(node, "$ref") {
                let target = match self.tree.json(value) {
                    Json::Link(target) => Some(*target),
                    Json::Text(reference) => self.resolver.resolve(&self.tree, node, reference).ok(),
                    _ => None,
                };
                match target {
                    Some(target) => stack.push(target),
                    None => found.certain = false,
                }
            }
            if let Some(branches) = self.keyword(node, "allOf").and_then(|value| self.tree.list(value)) {
                stack.extend(branches.iter().copied());
            }
            if let Json::Link(target) = self.tree.json(node) {
                stack.push(*target);
            }
            for keyword in ["properties", "patternProperties"] {
                let record = self.keyword(node, keyword).and_then(|value| self.tree.record(value));
                let names =
                    record.into_iter().flat_map(|record| record.iter().map(|member| member.name.clone()));
                if keyword == "properties" { found.names.extend(names) } else { found.patterns.extend(names) }
            }
            let nested = node != start;
            found.every_field |= self.keyword(node, "additionalProperties").is_some()
                || (nested && self.keyword(node, "unevaluatedProperties").is_some());
            let items = self.keyword(node, "items");
            let listed = items.and_then(|items| self.tree.list(items)).map(<[NodeId]>::len);
            found.every_item |= (items.is_some() && listed.is_none())
                || (listed.is_some() && self.keyword(node, "additionalItems").is_some())
                || (nested && self.keyword(node, "unevaluatedItems").is_some());
            let first =
                self.keyword(node, "prefixItems").and_then(|list| self.tree.list(list)).map(<[NodeId]>::len);
            let first = if self.dialect.draft >= Draft::Draft2020 { first } else { listed };
            found.items = found.items.max(first.unwrap_or(0));
        }
        found
    }

    /// Adds what the schemas say about a field that they do not name, or name by a pattern.
    fn apply_others(&mut self, name: &Arc<str>, others: &[Others], way: Way, own: &mut Vec<Item>) {
        for other in others {
            let mut matched = false;
            let mut unclear = false;
            for (pattern, schema) in &other.patterns {
                match self.matches(pattern, name) {
                    Some(true) => {
                        matched = true;
                        own.extend(schema.map(|node| Item { node, local: false }));
                    }
                    Some(false) => {}
                    None => {
                        unclear = true;
                        if way == Way::Under {
                            own.extend(schema.map(|node| Item { node, local: false }));
                            let text = "whether a name has this pattern cannot be told; taken as if it had";
                            self.lint(way, Code::W0904, other.node, other.keyword, text);
                        } else {
                            let text = "whether a name has this pattern cannot be told; not used";
                            self.lint(way, Code::W0904, other.node, other.keyword, text);
                        }
                    }
                }
            }
            let named = other.named.contains(name) || is_on(Lie::ClosedSeesAllOf);
            let applies = !matched && !named && (!unclear || way == Way::Under);
            if let (true, Some(rest)) = (applies, other.rest) {
                own.push(Item { node: rest, local: false });
            }
        }
    }

    /// Adds "never there" if the name itself is not allowed.
    fn apply_names(&mut self, name: &Arc<str>, names: &[NodeId], way: Way, own: &mut Vec<Item>) {
        for schema in names.iter().copied() {
            let text = self.tree.make(Json::Text(name.clone()), schema);
            let constant = self.constant(text);
            let both = items([schema, constant].map(|node| Item { node, local: false }).into());
            if self.quietly(|loader| loader.lower(&both, way)).is_never() {
                let never = self.never(schema);
                own.push(Item { node: never, local: false });
            }
        }
    }

    /// What fields may be that no schema names.
    fn rest(&mut self, nodes: &[NodeId], others: &[Others], names: &[NodeId], way: Way) -> Rest {
        if others.is_empty() && names.is_empty() {
            return Rest::Open;
        }
        let item = |node: NodeId| Item { node, local: false };
        let closed = |loader: &Self, other: &Others| {
            other.rest.is_some_and(|rest| loader.tree.boolean(rest) == Some(false))
        };
        if others.iter().any(|other| closed(self, other) && other.patterns.is_empty()) {
            return Rest::Closed;
        }
        let first = nodes.first().copied().unwrap_or(self.root);
        let mut language: Option<Language> = None;
        if way == Way::Under {
            let mut all: Vec<Item> = Vec::new();
            for other in others {
                all.extend(other.patterns.iter().filter_map(|(_, schema)| schema.map(item)));
                if !closed(self, other) {
                    all.extend(other.rest.map(item));
                    if !other.patterns.is_empty() {
                        let text = "other fields are asked to satisfy what any pattern of names asks for";
                        self.lint(way, Code::W0904, other.node, other.keyword, text);
                    }
                    continue;
                }
                // Closed except for patterns: names surely have one of them.
                let own = other.patterns.iter().try_fold(Language::empty(), |all, (pattern, _)| {
                    all.union(&self.pattern(pattern, false)?)
                });
                let Some(own) = own.and_then(|own| both(language.as_ref(), &own)) else {
                    return Rest::Closed;
                };
                language = Some(own);
            }
            for schema in names {
                let own = match names_of(&self.lower(&items(vec![item(*schema)]), way).value) {
                    Names::Every => continue,
                    Names::In(own) => Some(own),
                    Names::None | Names::Unclear => None,
                };
                match own.and_then(|own| both(language.as_ref(), &own)) {
                    Some(own) => language = Some(own),
                    None => {
                        let text = "only the fields described here are accepted";
                        self.lint(way, Code::W0904, first, "propertyNames", text);
                        return Rest::Closed;
                    }
                }
            }
            return self.typed_rest(all, language, way);
        }
        let patterned: Vec<&Others> = others.iter().filter(|other| !other.patterns.is_empty()).collect();
        let base: Vec<Item> = others
            .iter()
            .filter(|other| other.patterns.is_empty())
            .filter_map(|other| other.rest.map(item))
            .collect();
        if let [other] = patterned.as_slice() {
            let mut slots = Vec::new();
            let mut rest = base.clone();
            rest.extend(other.rest.map(item));
            slots.push(self.lower(&items(rest), way));
            for schema in other.patterns.iter().filter_map(|(_, schema)| *schema) {
                let mut own = base.clone();
                own.push(item(schema));
                slots.push(self.lower(&items(own), way));
            }
            if other.patterns.iter().any(|(_, schema)| schema.is_none()) {
                slots.push(self.lower(&items(base.clone()), way));
            }
            if closed(self, other)
                && let [(pattern, _)] = other.patterns.as_slice()
            {
                language = self.pattern(pattern, true);
            } else {
                let text = "other fields are read as what any pattern of names allows";
                self.lint(way, Code::W0904, other.node, other.keyword, text);
            }
            let null = slots.iter().any(|slot| slot.null);
            let value = self.unite(slots.into_iter().map(|slot| slot.value).collect(), way, other.node);
            return rest_of(Slot { presence: Presence { absent: true, null }, value }, language);
        }
        if patterned.len() > 1 {
            self.lint(way, Code::W0904, first, "patternProperties", "not used for other fields");
        }
        for schema in names {
            let own = match names_of(&self.lower(&items(vec![item(*schema)]), way).value) {
                Names::Every => continue,
                Names::None => return Rest::Closed,
                Names::In(own) => Some(own),
                Names::Unclear => None,
            };
            match own.and_then(|own| both(language.as_ref(), &own)) {
                Some(own) => language = Some(own),
                None => self.lint(way, Code::W0904, *schema, "propertyNames", "not used for other fields"),
            }
        }
        self.typed_rest(base, language, way)
    }

    fn typed_rest(&mut self, all: Vec<Item>, language: Option<Language>, way: Way) -> Rest {
        let slot = self.slot(&items(all), false, way);
        rest_of(slot, language)
    }
}

/// The names that a schema for names admits.
enum Names {
    Every,
    None,
    In(Language),
    Unclear,
}

fn names_of(value: &Type) -> Names {
    match value {
        Type::Any => Names::Every,
        Type::Named(_) | Type::Date(..) => Names::Unclear,
        Type::Text(text) => text.exact_language().map_or(Names::Unclear, Names::In),
        Type::Union(branches) => {
            let mut all = Language::empty();
            let mut any = false;
            for branch in branches {
                match names_of(branch) {
                    Names::Every => return Names::Every,
                    Names::None => {}
                    Names::Unclear => return Names::Unclear,
                    Names::In(own) => match all.union(&own) {
                        Some(both) => (all, any) = (both, true),
                        None => return Names::Unclear,
                    },
                }
            }
            if any { Names::In(all) } else { Names::None }
        }
        _ => Names::None,
    }
}

/// Names in both, or in the one that is known.
fn both(known: Option<&Language>, other: &Language) -> Option<Language> {
    match known {
        Some(known) => known.intersect(other),
        None => Some(other.clone()),
    }
}

fn rest_of(slot: Slot, language: Option<Language>) -> Rest {
    if slot.value == Type::Never && !slot.presence.null {
        return Rest::Closed;
    }
    if slot.value == Type::Any && slot.presence.null && language.is_none() {
        return Rest::Open;
    }
    Rest::Typed(Box::new(slot), language)
}
