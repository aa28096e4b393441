//! Changes at a path: copies of the schemas on the way, through references and alternatives.

use std::sync::Arc;

use mapc_diagnostics::Span;

use crate::api::Step;
use crate::loader::Loader;
use crate::tree::{Json, Member, Node, NodeId, Record};

/// A change to one schema.
pub(super) enum Edit {
    /// Holds together with this.
    Tighten(NodeId),
    /// Or this.
    Either(NodeId),
    /// Another value for a keyword wherever it stands; none removes it.
    Replace(Arc<str>, Option<NodeId>),
    /// A name is no longer required.
    Optional(Arc<str>),
    /// A name may be used although the record is closed.
    Open(Arc<str>, Span),
}

/// Longer ways are not followed.
const DEPTH: usize = 300;

impl Loader {
    /// Changes the root at a path. False if the change hits nothing.
    pub(super) fn edit(&mut self, steps: &[Step], edit: &Edit) -> bool {
        match self.patched(self.root, steps, edit, &mut Vec::new()) {
            Some(root) => {
                self.root = root;
                // Names and results depend on the root.
                self.forget();
                true
            }
            None => false,
        }
    }

    fn patched(
        &mut self,
        node: NodeId,
        steps: &[Step],
        edit: &Edit,
        trail: &mut Vec<(NodeId, usize)>,
    ) -> Option<NodeId> {
        let here = (node, steps.len());
        if trail.len() > DEPTH || trail.contains(&here) || !self.spend(1) {
            return None;
        }
        if let Json::Link(target) = self.tree.json(node) {
            let target = *target;
            return self.patched(target, steps, edit, trail);
        }
        if steps.is_empty() {
            match edit {
                Edit::Tighten(other) => return Some(self.combined("allOf", node, *other)),
                Edit::Either(other) => return Some(self.combined("anyOf", node, *other)),
                _ => {}
            }
        }
        trail.push(here);
        let found = self.patched_inside(node, steps, edit, trail);
        trail.pop();
        found
    }

    fn combined(&mut self, keyword: &str, node: NodeId, other: NodeId) -> NodeId {
        let list = self.plain(Json::List(vec![node, other]), node);
        let span = self.tree.span(node);
        let members = vec![Member { name: keyword.into(), span, value: list }];
        self.plain(Json::Record(Record::new(members)), node)
    }

    /// A value made from another that belongs to no overlay line of its own.
    fn plain(&mut self, json: Json, origin: NodeId) -> NodeId {
        let span = self.tree.span(origin);
        self.tree.push(Node { json, span, parent: None, origin: Some(origin), line: None })
    }

    /// A copy of a value, from the same line as the value.
    fn copy(&mut self, json: Json, origin: NodeId) -> NodeId {
        self.tree.make(json, origin)
    }

    fn patched_inside(
        &mut self,
        node: NodeId,
        steps: &[Step],
        edit: &Edit,
        trail: &mut Vec<(NodeId, usize)>,
    ) -> Option<NodeId> {
        let record = self.tree.record(node)?.clone();
        let mut changed = record.clone();
        let mut hit = false;
        // The same value, said elsewhere.
        if let Some(member) = record.member("$ref") {
            let target = match self.tree.json(member.value) {
                Json::Link(target) => Some(*target),
                Json::Text(reference) => self.resolver.resolve(&self.tree, node, reference).ok(),
                _ => None,
            };
            if let Some(target) = target.and_then(|target| self.patched(target, steps, edit, trail)) {
                let link = self.copy(Json::Link(target), member.value);
                changed.set(member.name.clone(), member.span, link);
                hit = true;
            }
        }
        let lone = self.dialect.lone_ref() && record.get("$ref").is_some();
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let Some(member) = record.member(keyword).filter(|_| !lone) else { continue };
            let Some(list) = self.tree.list(member.value).map(<[NodeId]>::to_vec) else { continue };
            let mut fresh = list.clone();
            let mut any = false;
            for slot in &mut fresh {
                if let Some(other) = self.patched(*slot, steps, edit, trail) {
                    *slot = other;
                    any = true;
                }
            }
            if any {
                let list = self.copy(Json::List(fresh), member.value);
                changed.set(member.name.clone(), member.span, list);
                hit = true;
            }
        }
        for keyword in ["then", "else"] {
            let Some(member) = record.member(keyword).filter(|_| !lone) else { continue };
            if let Some(other) = self.patched(member.value, steps, edit, trail) {
                changed.set(member.name.clone(), member.span, other);
                hit = true;
            }
        }
        if !lone {
            hit |= match steps.split_first() {
                None => self.edit_here(node, &record, &mut changed, edit),
                Some((step, rest)) => self.step(&record, &mut changed, step, rest, edit, trail),
            };
        }
        hit.then(|| self.copy(Json::Record(changed), node))
    }

    /// The change at the schema itself.
    fn edit_here(&mut self, node: NodeId, record: &Record, changed: &mut Record, edit: &Edit) -> bool {
        match edit {
            Edit::Tighten(_) | Edit::Either(_) => false,
            Edit::Replace(keyword, value) => {
                let Some(member) = record.member(keyword) else { return false };
                match value {
                    Some(value) => changed.set(keyword.clone(), member.span, *value),
                    None => changed.remove(keyword),
                }
                true
            }
            Edit::Optional(name) => {
                let Some(member) = record.member("required") else { return false };
                let names = self.tree.list(member.value).unwrap_or(&[]).to_vec();
                let is_name = |one: &NodeId| self.tree.text(*one).is_some_and(|text| text == name);
                let kept: Vec<NodeId> = names.iter().copied().filter(|one| !is_name(one)).collect();
                if kept.len() == names.len() {
                    return false;
                }
                let list = self.copy(Json::List(kept), member.value);
                changed.set("required".into(), member.span, list);
                true
            }
            Edit::Open(name, span) => {
                let closes = ["additionalProperties", "unevaluatedProperties"];
                if closes.iter().all(|keyword| record.get(keyword).is_none()) {
                    return false;
                }
                let anything = self.plain(Json::Bool(true), node);
                let old = record.get("properties");
                let mut fields = old.and_then(|value| self.tree.record(value)).cloned().unwrap_or_default();
                fields.set(name.clone(), *span, anything);
                let fields = match old {
                    Some(old) => self.copy(Json::Record(fields), old),
                    None => self.plain(Json::Record(fields), node),
                };
                changed.set("properties".into(), *span, fields);
                true
            }
        }
    }

    /// One step further.
    fn step(
        &mut self,
        record: &Record,
        changed: &mut Record,
        step: &Step,
        rest: &[Step],
        edit: &Edit,
        trail: &mut Vec<(NodeId, usize)>,
    ) -> bool {
        match step {
            Step::Field(name) => {
                let Some(member) = record.member("properties") else { return false };
                let Some(fields) = self.tree.record(member.value).cloned() else { return false };
                let Some(field) = fields.member(name).cloned() else { return false };
                let Some(other) = self.patched(field.value, rest, edit, trail) else { return false };
                let mut fields = fields;
                fields.set(name.clone(), field.span, other);
                let fields = self.copy(Json::Record(fields), member.value);
                changed.set(member.name.clone(), member.span, fields);
                true
            }
            Step::Element => {
                let mut hit = false;
                for keyword in ["prefixItems", "items", "additionalItems"] {
                    let Some(member) = record.member(keyword) else { continue };
                    let fresh = match self.tree.json(member.value).clone() {
                        Json::List(mut list) => {
                            let mut any = false;
                            for slot in &mut list {
                                if let Some(other) = self.patched(*slot, rest, edit, trail) {
                                    *slot = other;
                                    any = true;
                                }
                            }
                            any.then(|| self.copy(Json::List(list), member.value))
                        }
                        _ => self.patched(member.value, rest, edit, trail),
                    };
                    if let Some(fresh) = fresh {
                        changed.set(member.name.clone(), member.span, fresh);
                        hit = true;
                    }
                }
                hit
            }
        }
    }
}
