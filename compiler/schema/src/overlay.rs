//! Overlays: a versioned list of changes to a schema, read and applied line by line. The schema's own values are
//! never touched: a change copies what lies on the way to it, so that shared parts stay as they are elsewhere.

mod line;
mod patch;

use std::sync::Arc;

use mapc_diagnostics::nearest;
use mapc_types::Type;

use crate::api::{OverlaySummary, Step};
use crate::errors;
use crate::loader::{Loader, Way, whole};
use crate::number;
use crate::tree::{Json, NodeId};

/// Words at the top of an overlay.
const HEAD: &[&str] = &["overlay", "version", "lines", "$schema", "note", "title", "description", "tenant"];

impl Loader {
    /// Applies an overlay to the root; absent if it is not built as an overlay.
    pub(crate) fn overlay(&mut self, overlay: NodeId, path: &str) -> Option<OverlaySummary> {
        let span = self.tree.span(overlay);
        let Some(head) = self.tree.record(overlay) else {
            let expected = "a record with `overlay`, `version` and `lines`";
            self.diagnostics.push(errors::overlay_form(span, "this is not an overlay", expected));
            return None;
        };
        let words: Vec<(Arc<str>, _)> =
            head.iter().map(|member| (member.name.clone(), member.span)).collect();
        for (word, span) in words {
            if !HEAD.contains(&&*word) && !word.starts_with("x-") {
                let near = nearest(&word, HEAD.iter().copied());
                self.diagnostics.push(errors::overlay_word(span, &word, &near));
            }
        }
        if self.tree.get(overlay, "overlay").and_then(|name| self.tree.text(name)).is_none() {
            let expected = "`\"overlay\": \"system.record@release\"`";
            self.diagnostics.push(errors::overlay_form(
                span,
                "the overlay does not say what it changes",
                expected,
            ));
        }
        let version = self.tree.get(overlay, "version").and_then(|value| match self.tree.json(value) {
            Json::Number(text) => number::count(text).and_then(|version| u32::try_from(version).ok()),
            _ => None,
        });
        if version.is_none() {
            let expected = "`\"version\"` with a whole number";
            self.diagnostics.push(errors::overlay_form(span, "the overlay has no version", expected));
        }
        let mut summary = OverlaySummary {
            path: path.into(),
            version: version.unwrap_or(0),
            tightens: 0,
            loosens: Vec::new(),
        };
        let lines =
            self.tree.get(overlay, "lines").and_then(|lines| self.tree.list(lines)).map(<[NodeId]>::to_vec);
        let Some(lines) = lines else {
            let expected = "`\"lines\": [ … ]`";
            self.diagnostics.push(errors::overlay_form(span, "the overlay has no lines", expected));
            return Some(summary);
        };
        for line in lines {
            self.overlay_line(line, path, &mut summary);
            if self.exhausted() {
                break;
            }
        }
        self.forget();
        Some(summary)
    }

    /// The schemas at a path.
    fn locate(&self, steps: &[Step]) -> Vec<NodeId> {
        let mut nodes = vec![self.root];
        for step in steps {
            let speakers = self.outline(nodes);
            nodes = match step {
                Step::Field(name) => self.children(&speakers, name),
                Step::Element => self.element_schemas(&speakers),
            };
        }
        nodes
    }

    /// What is admitted at a path.
    fn admitted(&mut self, steps: &[Step]) -> crate::loader::Lowered {
        let nodes = self.locate(steps);
        self.quietly(|loader| loader.lower(&whole(nodes), Way::Under))
    }

    /// The first step of a path that leads nowhere, with the names that would lead on.
    fn first_missing(&self, steps: &[Step]) -> Option<(String, Vec<Arc<str>>)> {
        let mut nodes = vec![self.root];
        for step in steps {
            let speakers = self.outline(nodes);
            let next = match step {
                Step::Field(name) => self.children(&speakers, name),
                Step::Element => self.element_schemas(&speakers),
            };
            if next.is_empty() {
                let names = speakers
                    .iter()
                    .filter_map(|node| self.tree.record(self.keyword(*node, "properties")?))
                    .flat_map(|record| record.iter().map(|member| member.name.clone()))
                    .collect();
                return Some(match step {
                    Step::Field(name) => (name.to_string(), names),
                    Step::Element => ("[]".into(), Vec::new()),
                });
            }
            nodes = next;
        }
        None
    }
}

/// Surely or very likely the same: nested records and lists are not compared.
fn unchanged(before: &Type, after: &Type) -> bool {
    match (before, after) {
        (Type::Object(one), Type::Object(two)) => {
            one.rest == two.rest
                && one.count == two.count
                && one.fields.len() == two.fields.len()
                && one.fields.iter().zip(&two.fields).all(|((name, slot), (other, changed))| {
                    name == other
                        && slot.presence == changed.presence
                        && (slot.value == Type::Never) == (changed.value == Type::Never)
                })
        }
        (Type::List(one), Type::List(two)) => {
            one.count == two.count
                && one.unique == two.unique
                && one.element.presence == two.element.presence
                && unchanged(&one.element.value, &two.element.value)
        }
        (Type::Union(one), Type::Union(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| unchanged(one, two))
        }
        (
            Type::Object(_) | Type::List(_) | Type::Union(_),
            Type::Object(_) | Type::List(_) | Type::Union(_),
        ) => false,
        _ => before == after,
    }
}
