//! The opposite of a schema, where a schema can say it. Never admits a value that the schema admits;
//! exact only where it says so.

use std::sync::Arc;

use crate::dialect::{NOT_VALUES, Role};
use crate::expand::{BOOL, FRACTION, Kinds, LIST, NULL, NUMBER, RECORD, TEXT};
use crate::loader::Loader;
use crate::number;
use crate::tree::{Json, NodeId};

const EVERY: Kinds = 127;
/// Deeper nests of references and combinations have no opposite.
const DEPTH: usize = 16;
/// Lists of more numbers have no opposite.
const NUMBERS: usize = 16;

impl Loader {
    /// The opposite of a schema and whether it is exact; absent where nothing can be said.
    pub(crate) fn negate(&mut self, node: NodeId, depth: usize) -> Option<(NodeId, bool)> {
        if let Some(known) = self.negations.get(&node) {
            return *known;
        }
        if depth > DEPTH || !self.spend(1) {
            return None;
        }
        // While it is being worked out, it has none: this ends circles.
        self.negations.insert(node, None);
        let found = self.opposite(node, depth);
        self.negations.insert(node, found);
        found
    }

    fn opposite(&mut self, node: NodeId, depth: usize) -> Option<(NodeId, bool)> {
        match self.tree.json(node) {
            Json::Link(target) => {
                let target = *target;
                return self.negate(target, depth + 1);
            }
            Json::Bool(value) => {
                let value = !value;
                return Some((self.tree.make(Json::Bool(value), node), true));
            }
            Json::Record(_) => {}
            _ => return None,
        }
        let mut parts = Vec::new();
        let mut exact = true;
        let keywords: Vec<(Arc<str>, NodeId)> = self.tree.record(node).map_or_else(Vec::new, |record| {
            record.iter().map(|member| (member.name.clone(), member.value)).collect()
        });
        let lone = self.dialect.lone_ref() && keywords.iter().any(|(name, _)| &**name == "$ref");
        for (keyword, value) in keywords {
            if self.dialect.role(&keyword) != Role::Assertion || (lone && &*keyword != "$ref") {
                continue;
            }
            exact &= self.opposite_of(node, &keyword, value, &mut parts, depth);
        }
        match parts.len() {
            0 if exact => Some((self.never(node), true)),
            0 => None,
            1 => Some((*parts.first()?, exact)),
            _ => {
                let list = self.tree.make(Json::List(parts), node);
                Some((self.tree.make_record([("anyOf", list)], node), exact))
            }
        }
    }

    /// Adds what breaks one keyword; false if that is not all that breaks it.
    fn opposite_of(
        &mut self,
        node: NodeId,
        keyword: &str,
        value: NodeId,
        parts: &mut Vec<NodeId>,
        depth: usize,
    ) -> bool {
        match keyword {
            "$ref" => {
                let target = match self.tree.json(value) {
                    Json::Link(target) => Some(*target),
                    Json::Text(reference) => self.resolver.resolve(&self.tree, node, reference).ok(),
                    _ => None,
                };
                match target.and_then(|target| self.negate(target, depth + 1)) {
                    Some((opposite, exact)) => {
                        parts.push(opposite);
                        exact
                    }
                    None => false,
                }
            }
            "type" => {
                let names = match self.tree.json(value) {
                    Json::Text(name) => vec![name.clone()],
                    _ => self.tree.texts(value).into_iter().map(|(name, _)| name).collect(),
                };
                let nullable = self.keyword(node, "nullable").and_then(|value| self.tree.boolean(value));
                let mut kinds = if nullable == Some(true) { NULL } else { 0 };
                let mut exact = nullable != Some(true);
                for name in names {
                    kinds |= match &*name {
                        "null" => NULL,
                        "boolean" => BOOL,
                        "string" => TEXT,
                        "number" => NUMBER | FRACTION,
                        "integer" => NUMBER,
                        "array" => LIST,
                        "object" => RECORD,
                        _ => 0,
                    };
                }
                if kinds & (NUMBER | FRACTION) == NUMBER {
                    // Numbers with a fraction would remain; no schema says that.
                    kinds |= FRACTION;
                    exact = false;
                }
                let rest = self.kinds_schema(EVERY & !kinds, node);
                parts.push(rest);
                exact
            }
            "nullable" => false,
            "enum" | "const" => {
                let values = match (keyword, self.tree.json(value)) {
                    ("enum", Json::List(list)) => list.clone(),
                    ("enum", _) => return false,
                    _ => vec![value],
                };
                self.other_values(node, &values, parts)
            }
            "required" => {
                let names = self.tree.texts(value);
                for (name, place) in names {
                    let absent = self.never(place);
                    let properties = self.tree.make_record([(&*name, absent)], node);
                    parts.push(self.of_kind("object", [("properties", properties)], node));
                }
                true
            }
            "properties" => {
                let fields: Vec<(Arc<str>, NodeId)> =
                    self.tree.record(value).map_or_else(Vec::new, |record| {
                        record.iter().map(|member| (member.name.clone(), member.value)).collect()
                    });
                let mut exact = true;
                for (name, schema) in fields {
                    match self.negate(schema, depth + 1) {
                        Some((opposite, whole)) => {
                            exact &= whole;
                            if self.tree.json(opposite).is_false() {
                                continue;
                            }
                            let text = self.tree.make(Json::Text(name.clone()), node);
                            let required = self.tree.make(Json::List(vec![text]), node);
                            let properties = self.tree.make_record([(&*name, opposite)], node);
                            let members = [("required", required), ("properties", properties)];
                            parts.push(self.of_kind("object", members, node));
                        }
                        None => exact = false,
                    }
                }
                exact
            }
            "minLength" => self.beyond(node, keyword, "string", "maxLength", false, parts),
            "maxLength" => self.beyond(node, keyword, "string", "minLength", true, parts),
            "minItems" => self.beyond(node, keyword, "array", "maxItems", false, parts),
            "maxItems" => self.beyond(node, keyword, "array", "minItems", true, parts),
            "minProperties" => self.beyond(node, keyword, "object", "maxProperties", false, parts),
            "maxProperties" => self.beyond(node, keyword, "object", "minProperties", true, parts),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                if self.tree.boolean(value).is_some() {
                    return true;
                }
                let strict = keyword.starts_with("exclusive")
                    || self
                        .tree
                        .get(node, if keyword == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" })
                        .and_then(|flag| self.tree.boolean(flag))
                        == Some(true);
                let low = keyword.ends_with("inimum");
                let opposite = self.bound(value, !low, !strict, node);
                parts.push(opposite);
                true
            }
            "allOf" | "anyOf" => {
                let schemas = self.tree.list(value).unwrap_or(&[]).to_vec();
                let mut exact = true;
                let mut found = Vec::new();
                for schema in schemas {
                    match self.negate(schema, depth + 1) {
                        Some((opposite, whole)) => {
                            exact &= whole;
                            found.push(opposite);
                        }
                        None if keyword == "allOf" => exact = false,
                        None => return false,
                    }
                }
                if keyword == "allOf" {
                    parts.extend(found);
                } else {
                    let list = self.tree.make(Json::List(found), node);
                    parts.push(self.tree.make_record([("allOf", list)], node));
                }
                exact
            }
            "not" => {
                parts.push(value);
                true
            }
            "then" | "else" => self.tree.get(node, "if").is_none(),
            "if" => self.tree.get(node, "then").is_none() && self.tree.get(node, "else").is_none(),
            "minContains" | "maxContains" => self.tree.get(node, "contains").is_none(),
            NOT_VALUES => {
                parts.push(self.tree.make_record([("enum", value)], node));
                true
            }
            _ => false,
        }
    }

    /// A schema for one kind with more keywords.
    fn of_kind<'a, const N: usize>(
        &mut self,
        kind: &str,
        members: [(&'a str, NodeId); N],
        origin: NodeId,
    ) -> NodeId {
        let kind = self.tree.make(Json::Text(kind.into()), origin);
        let all: Vec<(&'a str, NodeId)> = std::iter::once(("type", kind)).chain(members).collect();
        self.tree.make_record(all, origin)
    }

    /// Counts on the other side of a limit.
    fn beyond(
        &mut self,
        node: NodeId,
        keyword: &str,
        kind: &str,
        opposite: &str,
        above: bool,
        parts: &mut Vec<NodeId>,
    ) -> bool {
        let Some(limit) = self.count(node, keyword) else { return false };
        let other = if above { limit.checked_add(1) } else { limit.checked_sub(1) };
        let Some(other) = other else { return true };
        let number = self.tree.make(Json::Number(other.to_string().into()), node);
        parts.push(self.of_kind(kind, [(opposite, number)], node));
        true
    }

    /// `{"type": "number", ...}` with one bound.
    fn bound(&mut self, value: NodeId, low: bool, strict: bool, origin: NodeId) -> NodeId {
        let plain = if low { "minimum" } else { "maximum" };
        if !strict {
            return self.of_kind("number", [(plain, value)], origin);
        }
        let exclusive = if low { "exclusiveMinimum" } else { "exclusiveMaximum" };
        if self.dialect.draft == crate::dialect::Draft::Draft4 {
            let flag = self.tree.make(Json::Bool(true), origin);
            self.of_kind("number", [(plain, value), (exclusive, flag)], origin)
        } else {
            self.of_kind("number", [(exclusive, value)], origin)
        }
    }

    /// Everything but the values; false if less.
    fn other_values(&mut self, node: NodeId, values: &[NodeId], parts: &mut Vec<NodeId>) -> bool {
        let mut exact = true;
        let mut kinds: Kinds = 0;
        let (mut texts, mut numbers, mut flags) = (Vec::new(), Vec::new(), Vec::new());
        for value in values {
            kinds |= match self.tree.json(*value) {
                Json::Null => NULL,
                Json::Bool(flag) => {
                    flags.push(*flag);
                    BOOL
                }
                Json::Text(_) => {
                    texts.push(*value);
                    TEXT
                }
                Json::Number(text) => {
                    numbers.push((number::exact(text), *value));
                    NUMBER | FRACTION
                }
                Json::List(_) => {
                    exact = false;
                    LIST
                }
                Json::Record(_) => {
                    exact = false;
                    RECORD
                }
                Json::Link(_) => return false,
            };
        }
        let rest = self.kinds_schema(EVERY & !kinds, node);
        parts.push(rest);
        if !texts.is_empty() {
            let list = self.tree.make(Json::List(texts), node);
            parts.push(self.of_kind("string", [(NOT_VALUES, list)], node));
        }
        if let [flag] = flags.as_slice() {
            let other = self.tree.make(Json::Bool(!flag), node);
            let list = self.tree.make(Json::List(vec![other]), node);
            parts.push(self.tree.make_record([("enum", list)], node));
        }
        if !numbers.is_empty() {
            let known: Option<Vec<_>> =
                numbers.into_iter().map(|(value, place)| value.map(|value| (value, place))).collect();
            let Some(mut known) = known.filter(|known| known.len() <= NUMBERS) else { return false };
            known.sort();
            known.dedup_by(|left, right| left.0 == right.0);
            for at in 0..=known.len() {
                let below = at.checked_sub(1).and_then(|before| known.get(before)).map(|(_, place)| *place);
                let above = known.get(at).map(|(_, place)| *place);
                let bounds: Vec<NodeId> = below
                    .map(|place| self.bound(place, true, true, node))
                    .into_iter()
                    .chain(above.map(|place| self.bound(place, false, true, node)))
                    .collect();
                let list = self.tree.make(Json::List(bounds), node);
                parts.push(self.tree.make_record([("allOf", list)], node));
            }
        }
        exact
    }
}

impl Json {
    fn is_false(&self) -> bool {
        matches!(self, Json::Bool(false))
    }
}
