//! One line of an overlay: its words, its path, its effect.

use std::sync::Arc;

use mapc_diagnostics::{Span, nearest};

use super::patch::Edit;
use super::unchanged;
use crate::api::{OverlaySummary, Step};
use crate::errors;
use crate::loader::Loader;
use crate::tree::{Json, Member, NodeId, Record};

/// Limits that a line may add or take away.
const LIMITS: &[&str] = &[
    "type",
    "enum",
    "const",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "additionalProperties",
    "nullable",
    "x-mapc-decimal",
    "x-mapc-minimum",
    "x-mapc-maximum",
    "x-mapc-exclusive-minimum",
    "x-mapc-exclusive-maximum",
    "x-mapc-date",
];
/// Words about a field that limit no value.
const REMARKS: &[&str] = &[
    "readOnly",
    "deprecated",
    "title",
    "description",
    "x-sensitive",
    "x-mapc-key",
    "x-mapc-currency-of",
    "x-mapc-creatable",
    "x-mapc-updatable",
];
/// The other words of a line.
const WORDS: &[&str] = &["at", "note", "required", "add", "loosen"];

impl Loader {
    pub(super) fn overlay_line(&mut self, line: NodeId, path: &str, summary: &mut OverlaySummary) {
        let span = self.tree.span(line);
        let head = Span { end: span.start.saturating_add(1), ..span };
        let Some(record) = self.tree.record(line).cloned() else {
            let expected = "a record with `at`, `note` and what changes";
            self.diagnostics.push(errors::overlay_form(span, "an overlay line is not a record", expected));
            return;
        };
        let Some((at, place)) = record.get("at").and_then(|at| Some((self.tree.text(at)?.clone(), at)))
        else {
            let expected = "`\"at\"` with the path of a field";
            self.diagnostics.push(errors::overlay_form(head, "an overlay line does not say where", expected));
            return;
        };
        let mut sound = true;
        for member in record.iter() {
            let word: &str = &member.name;
            let known = [LIMITS, REMARKS, WORDS].iter().any(|words| words.contains(&word));
            if !known {
                let all = LIMITS.iter().chain(REMARKS).chain(WORDS).copied();
                self.diagnostics.push(errors::overlay_word(member.span, word, &nearest(word, all)));
                sound = false;
            }
        }
        let note = record.get("note").and_then(|note| self.tree.text(note)).map(|note| note.to_string());
        let Some(note) = note.filter(|note| !note.trim().is_empty()) else {
            self.diagnostics.push(errors::overlay_note(head, &at));
            return;
        };
        let place = self.tree.span(place);
        let Some(steps) = steps(&at) else {
            let expected = "names with dots between them, `[]` behind the name of a list";
            self.diagnostics.push(errors::overlay_form(
                place,
                "the path of an overlay line is broken",
                expected,
            ));
            return;
        };
        if !sound {
            return;
        }
        let number = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        self.lines.push((path.to_owned(), note));
        self.mark(line, number, 0);
        Line { node: line, record, at, place, steps }.apply(self, summary);
    }

    /// Remembers which line a value comes from.
    fn mark(&mut self, node: NodeId, line: u32, depth: usize) {
        if depth > crate::read::DEPTH_LIMIT {
            return;
        }
        let inner: Vec<NodeId> = match self.tree.json(node) {
            Json::List(list) => list.clone(),
            Json::Record(record) => record.iter().map(|member| member.value).collect(),
            _ => Vec::new(),
        };
        if let Some(node) = self.tree.node_mut(node) {
            node.line = Some(line);
        }
        for one in inner {
            self.mark(one, line, depth + 1);
        }
    }
}

/// `item.items[].rate` as steps; the empty path is the root.
fn steps(at: &str) -> Option<Vec<Step>> {
    let mut found = Vec::new();
    if at.is_empty() {
        return Some(found);
    }
    for part in at.split('.') {
        let mut name = part;
        let mut elements = 0;
        while let Some(rest) = name.strip_suffix("[]") {
            name = rest;
            elements += 1;
        }
        if name.contains(['[', ']']) || (name.is_empty() && !(found.is_empty() && elements > 0)) {
            return None;
        }
        if !name.is_empty() {
            found.push(Step::Field(name.into()));
        }
        found.extend(std::iter::repeat_n(Step::Element, elements));
    }
    Some(found)
}

/// A line that is built as one.
struct Line {
    node: NodeId,
    record: Record,
    at: Arc<str>,
    place: Span,
    steps: Vec<Step>,
}

impl Line {
    fn apply(&self, loader: &mut Loader, summary: &mut OverlaySummary) {
        if let Some(schema) = self.record.get("add") {
            if self.add(loader, schema) {
                summary.tightens += 1;
            }
            return;
        }
        if let Some((missing, names)) = loader.first_missing(&self.steps) {
            let near = nearest(&missing, names.iter().map(|name| &**name));
            loader.diagnostics.push(errors::overlay_path(self.place, &self.at, &missing, &near));
            return;
        }
        if let Some(changes) = self.record.get("loosen")
            && self.loosen(loader, changes)
        {
            summary.loosens.push(self.at.to_string());
        }
        let mut tightens = self.remarks(loader, summary);
        tightens |= self.limits(loader);
        tightens |= self.required(loader, summary);
        summary.tightens += usize::from(tightens);
        let words = self.record.iter().filter(|member| !matches!(&*member.name, "at" | "note")).count();
        if words == 0 {
            let expected = "a limit, `required`, `add` or `loosen`";
            let what = "an overlay line changes nothing";
            loader.diagnostics.push(errors::overlay_form(self.place, what, expected));
        }
    }

    fn nothing(&self, loader: &mut Loader, keyword: &str, reason: &str) {
        let span = loader.keyword_span(self.node, keyword);
        loader.diagnostics.push(errors::overlay_effect(span, &self.at, keyword, reason));
    }

    /// A record of some of the line's words, as a schema.
    fn part(&self, loader: &mut Loader, members: Vec<Member>) -> NodeId {
        loader.tree.make(Json::Record(Record::new(members)), self.node)
    }

    /// Adds a field that the schema does not have.
    fn add(&self, loader: &mut Loader, schema: NodeId) -> bool {
        let Some((Step::Field(name), parent)) = self.steps.split_last() else {
            let expected = "the name of the new field at the end of `at`";
            let what = "an overlay line adds a field without a name";
            loader.diagnostics.push(errors::overlay_form(self.place, what, expected));
            return false;
        };
        if let Some((missing, names)) = loader.first_missing(parent) {
            let near = nearest(&missing, names.iter().map(|name| &**name));
            loader.diagnostics.push(errors::overlay_path(self.place, &self.at, &missing, &near));
            return false;
        }
        if !loader.locate(&self.steps).is_empty() {
            self.nothing(
                loader,
                "add",
                "the schema has this field already; state the limits on the line itself",
            );
            return false;
        }
        for word in self.record.iter() {
            if !matches!(&*word.name, "at" | "note" | "add" | "required") && LIMITS.contains(&&*word.name) {
                let what = "limits of a new field stand beside `add`";
                loader.diagnostics.push(errors::overlay_form(word.span, what, "them inside `add`"));
                return false;
            }
        }
        let remarks: Vec<Member> =
            self.record.iter().filter(|member| REMARKS.contains(&&*member.name)).cloned().collect();
        let schema = if remarks.is_empty() {
            schema
        } else {
            let remarks = self.part(loader, remarks);
            let both = loader.tree.make(Json::List(vec![schema, remarks]), self.node);
            loader.tree.make_record([("allOf", both)], self.node)
        };
        let must = self.record.get("required").and_then(|value| loader.tree.boolean(value)) == Some(true);
        loader.edit(parent, &Edit::Open(name.clone(), self.place));
        let field = Member { name: name.clone(), span: self.place, value: schema };
        let properties = self.part(loader, vec![field]);
        let mut members = vec![Member { name: "properties".into(), span: self.place, value: properties }];
        if must {
            members.push(self.required_member(loader, name));
        }
        let addition = self.part(loader, members);
        loader.edit(parent, &Edit::Tighten(addition));
        true
    }

    /// `"required": ["name"]`, with the place of the line's own `required`.
    fn required_member(&self, loader: &mut Loader, name: &Arc<str>) -> Member {
        let span = loader.keyword_span(self.node, "required");
        let text = loader.tree.make(Json::Text(name.clone()), self.node);
        if let Some(node) = loader.tree.node_mut(text) {
            node.span = span;
        }
        let list = loader.tree.make(Json::List(vec![text]), self.node);
        if let Some(node) = loader.tree.node_mut(list) {
            node.span = span;
        }
        Member { name: "required".into(), span, value: list }
    }

    /// Takes limits away. True if there was something to take.
    fn loosen(&self, loader: &mut Loader, changes: NodeId) -> bool {
        let Some(record) = loader.tree.record(changes).cloned() else {
            let expected = "a record with the new limits, null to remove one";
            let what = "`loosen` of an overlay line is not a record";
            loader.diagnostics.push(errors::overlay_form(loader.tree.span(changes), what, expected));
            return false;
        };
        let mut any = false;
        for change in record.iter() {
            let word: &str = &change.name;
            if !LIMITS.contains(&word) {
                let near = nearest(word, LIMITS.iter().copied());
                loader.diagnostics.push(errors::overlay_word(change.span, word, &near));
                continue;
            }
            let before = loader.admitted(&self.steps);
            let value = Some(change.value).filter(|value| !matches!(loader.tree.json(*value), Json::Null));
            let hit = if word == "nullable" {
                let null = loader.tree.make(Json::Text("null".into()), change.value);
                let null = loader.tree.make_record([("type", null)], change.value);
                loader.edit(&self.steps, &Edit::Either(null))
            } else {
                loader.edit(&self.steps, &Edit::Replace(change.name.clone(), value))
            };
            let after = loader.admitted(&self.steps);
            if !hit {
                let span = change.span;
                let reason = format!("the schema has no `{word}` here");
                loader.diagnostics.push(errors::overlay_effect(span, &self.at, word, &reason));
            } else if before.null == after.null && unchanged(&before.value, &after.value) {
                let reason = "the schema accepts this already";
                loader.diagnostics.push(errors::overlay_effect(change.span, &self.at, word, reason));
            } else {
                any = true;
            }
        }
        any
    }

    /// Words that limit no value.
    fn remarks(&self, loader: &mut Loader, summary: &mut OverlaySummary) -> bool {
        let mut members: Vec<Member> = Vec::new();
        for member in self.record.iter().filter(|member| REMARKS.contains(&&*member.name)) {
            if &*member.name == "readOnly" && loader.tree.boolean(member.value) == Some(false) {
                if loader.edit(&self.steps, &Edit::Replace(member.name.clone(), None)) {
                    summary.loosens.push(self.at.to_string());
                } else {
                    self.nothing(loader, "readOnly", "the field is not read-only");
                }
            } else {
                members.push(member.clone());
            }
        }
        if members.is_empty() {
            return false;
        }
        let remarks = self.part(loader, members);
        loader.edit(&self.steps, &Edit::Tighten(remarks));
        true
    }

    /// Words that limit values: met with the schema.
    fn limits(&self, loader: &mut Loader) -> bool {
        let mut members: Vec<Member> = Vec::new();
        let mut first: Option<Arc<str>> = None;
        for member in self.record.iter().filter(|member| LIMITS.contains(&&*member.name)) {
            first = first.or(Some(member.name.clone()));
            let flag = loader.tree.boolean(member.value);
            let wrong = |loader: &mut Loader, expected: &str| {
                let what = format!("`{}` cannot be loosened by its bare word", member.name);
                loader.diagnostics.push(errors::overlay_form(member.span, &what, expected));
            };
            match &*member.name {
                "nullable" if flag == Some(false) => {
                    let kinds = loader.kinds_schema(127 & !crate::expand::NULL, member.value);
                    members.extend(
                        loader
                            .tree
                            .get(kinds, "type")
                            .map(|value| Member { name: "type".into(), ..member.with(value) }),
                    );
                }
                "nullable" => wrong(loader, "`\"loosen\": {\"nullable\": true}`"),
                "additionalProperties" if flag == Some(false) => members.extend(self.close(loader, member)),
                "additionalProperties" => wrong(loader, "`\"additionalProperties\": false`, or `loosen`"),
                "const" => {
                    let list = loader.tree.make(Json::List(vec![member.value]), member.value);
                    members.push(Member { name: "enum".into(), ..member.with(list) });
                }
                _ => members.push(member.clone()),
            }
        }
        let Some(first) = first.filter(|_| !members.is_empty()) else { return false };
        let before = loader.admitted(&self.steps);
        let limits = self.part(loader, members);
        loader.edit(&self.steps, &Edit::Tighten(limits));
        let after = loader.admitted(&self.steps);
        if before.null == after.null && unchanged(&before.value, &after.value) {
            self.nothing(loader, &first, "the schema says this already");
            return false;
        }
        true
    }

    /// `additionalProperties: false`, beside all fields that are described so far.
    fn close(&self, loader: &mut Loader, member: &Member) -> Vec<Member> {
        let speakers = loader.outline(loader.locate(&self.steps));
        let mut closed = vec![member.clone()];
        for keyword in ["properties", "patternProperties"] {
            let names: Vec<Arc<str>> = speakers
                .iter()
                .filter_map(|node| loader.tree.record(loader.keyword(*node, keyword)?))
                .flat_map(|record| record.iter().map(|member| member.name.clone()))
                .collect();
            if names.is_empty() {
                continue;
            }
            let anything = loader.tree.make(Json::Bool(true), self.node);
            let all = loader.tree.make(Json::Record(Record::default()), self.node);
            if let Some(node) = loader.tree.node_mut(all)
                && let Json::Record(record) = &mut node.json
            {
                for name in names {
                    record.set(name, member.span, anything);
                }
            }
            closed.push(Member { name: keyword.into(), ..member.with(all) });
        }
        closed
    }

    /// `required`: true tightens, false loosens.
    fn required(&self, loader: &mut Loader, summary: &mut OverlaySummary) -> bool {
        let Some(value) = self.record.get("required") else { return false };
        let Some(must) = loader.tree.boolean(value) else {
            let what = "`required` of an overlay line is neither true nor false";
            loader.diagnostics.push(errors::overlay_form(loader.tree.span(value), what, "true or false"));
            return false;
        };
        let Some((Step::Field(name), parent)) = self.steps.split_last() else {
            let what = "only a field can be required";
            loader.diagnostics.push(errors::overlay_form(
                loader.tree.span(value),
                what,
                "the path of a field",
            ));
            return false;
        };
        if !must {
            if loader.edit(parent, &Edit::Optional(name.clone())) {
                summary.loosens.push(self.at.to_string());
            } else {
                self.nothing(loader, "required", "the schema does not require it");
            }
            return false;
        }
        let surely = loader.speakers(loader.locate(parent), false);
        let already = surely.iter().any(|node| {
            let names = loader.keyword(*node, "required").map(|names| loader.tree.texts(names));
            names.is_some_and(|names| names.iter().any(|(known, _)| known == name))
        });
        if already {
            self.nothing(loader, "required", "the schema requires it already");
            return false;
        }
        let member = self.required_member(loader, name);
        let part = self.part(loader, vec![member]);
        loader.edit(parent, &Edit::Tighten(part));
        true
    }
}

impl Member {
    /// The same name and place with another value.
    fn with(&self, value: NodeId) -> Member {
        Member { name: self.name.clone(), span: self.span, value }
    }
}
