//! A conjunction becomes a few flat alternatives: references, `allOf`, `anyOf`, `oneOf`, `not`, `if` and
//! dependencies are resolved here; what remains are each schema's own limits.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use mapc_diagnostics::Code;
use mapc_types::planted::{Lie, is_on};

use crate::dialect::Draft;
use crate::errors;
use crate::loader::{Conjunction, Item, Loader, Way, items};
use crate::resolve::Unresolved;
use crate::tree::{Json, NodeId};

/// A set of JSON kinds.
pub(crate) type Kinds = u8;
pub(crate) const NULL: Kinds = 1;
pub(crate) const BOOL: Kinds = 2;
pub(crate) const TEXT: Kinds = 4;
pub(crate) const NUMBER: Kinds = 8;
pub(crate) const LIST: Kinds = 16;
pub(crate) const RECORD: Kinds = 32;
/// A number may have a fraction; means nothing without [`NUMBER`].
pub(crate) const FRACTION: Kinds = 64;
const EVERY: Kinds = 127;
const KIND: Kinds = 63;

/// More alternatives are not kept apart.
const ALTERNATIVES: usize = 64;
/// Longer chains of references are refused.
const CHAIN_LIMIT: usize = 500;
/// `oneOf` with more branches is not compared pair by pair on a source, where that only serves the report.
const REPORT_PAIRS: usize = 8;

/// Schemas whose own limits hold together.
#[derive(Clone, Debug)]
pub(crate) struct Alternative {
    pub(crate) nodes: Vec<NodeId>,
    pub(crate) kinds: Kinds,
}

/// The way by which a schema was reached without leaving the value.
struct Link {
    node: NodeId,
    before: Option<Rc<Link>>,
    length: usize,
}

type Chain = Option<Rc<Link>>;

/// A choice that is still open.
#[derive(Clone)]
struct Choice {
    owner: NodeId,
    keyword: &'static str,
    branches: Vec<Vec<NodeId>>,
    chain: Chain,
}

/// A consequence of the presence of a field.
#[derive(Clone)]
struct Dependent {
    owner: NodeId,
    keyword: &'static str,
    field: Arc<str>,
    schema: NodeId,
    chain: Chain,
}

#[derive(Clone)]
struct State {
    nodes: Vec<NodeId>,
    own: HashSet<NodeId>,
    expanded: HashSet<NodeId>,
    kinds: Kinds,
    /// Null is admitted whatever else is said (`nullable` on a source).
    null: bool,
    choices: VecDeque<Choice>,
    dependents: Vec<Dependent>,
}

impl State {
    fn impossible(&self) -> bool {
        self.kinds & KIND == 0
    }
}

impl Loader {
    /// The flat alternatives of a conjunction. None: nothing is admitted.
    pub(crate) fn alternatives(&mut self, conjunction: &Conjunction, way: Way) -> Rc<Vec<Alternative>> {
        if let Some(known) = self.results(way).alternatives.get(conjunction) {
            return known.clone();
        }
        let found = Rc::new(self.unfold(conjunction, way));
        self.results(way).alternatives.insert(conjunction.clone(), found.clone());
        found
    }

    fn unfold(&mut self, conjunction: &Conjunction, way: Way) -> Vec<Alternative> {
        let mut state = State {
            nodes: Vec::new(),
            own: HashSet::new(),
            expanded: HashSet::new(),
            kinds: EVERY,
            null: false,
            choices: VecDeque::new(),
            dependents: Vec::new(),
        };
        for item in conjunction.iter().filter(|item| item.local) {
            self.own(&mut state, item.node, way);
        }
        let start = conjunction.iter().filter(|item| !item.local).map(|item| (item.node, None)).collect();
        self.expand(&mut state, start, way);
        let mut open = VecDeque::from([state]);
        let mut done: Vec<State> = Vec::new();
        while let Some(mut state) = open.pop_front() {
            if state.impossible() {
                if state.null && way != Way::Under {
                    done.push(state);
                }
                continue;
            }
            if !self.spend(state.nodes.len() + 1) {
                return Vec::new();
            }
            let Some(choice) = state.choices.pop_front() else {
                if self.settle(&mut state, way) {
                    open.push_front(state);
                } else {
                    done.push(state);
                }
                continue;
            };
            let branches = self.branches(&state, &choice, way);
            let room = ALTERNATIVES.saturating_sub(open.len() + done.len());
            if branches.len() > room.max(1) {
                if way != Way::Under {
                    let text = "there are too many combinations of alternatives; these are not used";
                    self.lint(way, Code::W0904, choice.owner, choice.keyword, text);
                    open.push_front(state);
                    continue;
                }
                let text = "there are too many combinations of alternatives; only the first are used";
                self.lint(way, Code::W0904, choice.owner, choice.keyword, text);
            }
            for branch in branches.into_iter().take(room.max(1)).rev() {
                let mut next = state.clone();
                let start = branch.into_iter().map(|node| (node, choice.chain.clone())).collect();
                self.expand(&mut next, start, way);
                open.push_front(next);
            }
        }
        done.into_iter()
            .map(|state| {
                let kinds = if state.null { state.kinds | NULL } else { state.kinds };
                Alternative { nodes: state.nodes, kinds }
            })
            .collect()
    }

    /// Takes in a schema's own limits.
    fn own(&mut self, state: &mut State, node: NodeId, way: Way) {
        if !state.own.insert(node) {
            return;
        }
        state.nodes.push(node);
        state.kinds &= self.kinds_of(node, way);
        if way != Way::Under && self.nullable(node) {
            state.null = true;
        }
    }

    fn nullable(&self, node: NodeId) -> bool {
        self.keyword(node, "nullable").and_then(|value| self.tree.boolean(value)) == Some(true)
    }

    /// The kinds that `type`, `enum` and `const` of one schema leave.
    fn kinds_of(&mut self, node: NodeId, way: Way) -> Kinds {
        let mut kinds = EVERY;
        if let Some(value) = self.keyword(node, "type") {
            let names = match self.tree.json(value) {
                Json::Text(name) => vec![(name.clone(), value)],
                _ => self.tree.texts(value),
            };
            let mut named = 0;
            for (name, place) in &names {
                named |= match name.as_ref() {
                    "null" => NULL,
                    "boolean" => BOOL,
                    "string" => TEXT,
                    "number" => NUMBER | FRACTION,
                    "integer" => NUMBER,
                    "array" => LIST,
                    "object" => RECORD,
                    _ => {
                        let expected =
                            "one of `null`, `boolean`, `string`, `number`, `integer`, `array`, `object`";
                        self.malformed(node, *place, "type", expected);
                        0
                    }
                };
            }
            if names.is_empty() {
                self.malformed(node, value, "type", "a name of a kind, or a list of them");
            }
            if self.nullable(node) {
                named |= NULL;
            }
            kinds &= named;
        } else if way == Way::Under && self.nullable(node) {
            let text = "`nullable` without `type` has no effect; an overlay line can state what is meant";
            self.lint(way, Code::W0904, node, "nullable", text);
        }
        for keyword in ["enum", "const"] {
            let Some(value) = self.keyword(node, keyword) else { continue };
            let values = match (keyword, self.tree.json(value)) {
                ("enum", Json::List(list)) => list.clone(),
                ("enum", _) => {
                    self.malformed(node, value, "enum", "a list of values");
                    continue;
                }
                _ => vec![value],
            };
            let mut named = 0;
            for one in values {
                named |= match self.tree.json(one) {
                    Json::Null => NULL,
                    Json::Bool(_) => BOOL,
                    Json::Text(_) => TEXT,
                    Json::Number(_) => NUMBER | FRACTION,
                    Json::List(_) => LIST,
                    Json::Record(_) => RECORD,
                    Json::Link(_) => 0,
                };
            }
            if named & NULL == 0 && self.nullable(node) {
                if way == Way::Under && !is_on(Lie::NullableAddsNullToEnum) {
                    let text = "`nullable` does not reach a list of values without null; an overlay line can state it";
                    self.lint(way, Code::W0904, node, "nullable", text);
                } else {
                    named |= NULL;
                }
            }
            kinds &= named;
        }
        kinds
    }

    /// Follows references and gathers alternatives, until only own limits are left.
    fn expand(&mut self, state: &mut State, start: Vec<(NodeId, Chain)>, way: Way) {
        let mut stack = start;
        stack.reverse();
        while let Some((node, chain)) = stack.pop() {
            if !self.spend(1) {
                state.kinds = 0;
                return;
            }
            let circle = std::iter::successors(chain.as_deref(), |link| link.before.as_deref())
                .any(|link| link.node == node);
            let length = chain.as_ref().map_or(0, |link| link.length) + 1;
            if circle || length > CHAIN_LIMIT {
                let span = self.tree.span(node);
                let diagnostic = if circle {
                    errors::reference_circle(&self.tree.pointer(node), span)
                } else {
                    errors::too_complex(span)
                };
                self.complain(node, diagnostic);
                continue;
            }
            if let Json::Link(target) = self.tree.json(node) {
                let target = *target;
                stack.push((target, chain));
                continue;
            }
            match self.tree.json(node) {
                Json::Bool(true) => continue,
                Json::Bool(false) => {
                    state.kinds = 0;
                    continue;
                }
                Json::Record(_) => {}
                _ => {
                    self.malformed(node, node, "schema", "a record of keywords, or true or false");
                    continue;
                }
            }
            if !state.expanded.insert(node) {
                continue;
            }
            self.visit(node);
            let chain: Chain = Some(Rc::new(Link { node, before: chain, length }));
            let from = stack.len();
            if let Some(target) = self.reference(node, way) {
                stack.push((target, chain.clone()));
                if self.dialect.lone_ref() || is_on(Lie::RefDropsSiblings) {
                    self.siblings(state, node, way);
                    continue;
                }
            } else if self.dialect.lone_ref()
                && self.tree.get(node, "$ref").is_some_and(|r| self.tree.text(r).is_some())
            {
                continue;
            }
            self.own(state, node, way);
            self.applicators(state, node, &chain, &mut stack, way);
            if let Some(fresh) = stack.get_mut(from..) {
                fresh.reverse();
            }
        }
    }

    /// Keywords beside a `$ref` in a dialect where they have no effect.
    fn siblings(&mut self, state: &mut State, node: NodeId, way: Way) {
        if self.nullable(node) {
            if way != Way::Under {
                state.null = true;
            }
            let text = "`nullable` beside `$ref` has no effect in this dialect; an overlay line can state what is meant";
            self.lint(way, Code::W0904, node, "nullable", text);
        }
        let others: Vec<Arc<str>> = self.tree.record(node).map_or_else(Vec::new, |record| {
            let limits = |name: &str| self.dialect.role(name) == crate::dialect::Role::Assertion;
            let names = record.iter().map(|member| member.name.clone());
            names.filter(|name| !matches!(&**name, "$ref" | "nullable") && limits(name)).collect()
        });
        for name in others {
            self.lint(
                way,
                Code::W0904,
                node,
                &name,
                "stands beside `$ref` and has no effect in this dialect",
            );
        }
    }

    /// Where the references of a schema lead.
    fn reference(&mut self, node: NodeId, way: Way) -> Option<NodeId> {
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            let Some(value) = self.keyword(node, keyword) else { continue };
            if let Json::Link(target) = self.tree.json(value) {
                return Some(*target);
            }
            let Some(reference) = self.tree.text(value).cloned() else {
                self.malformed(node, value, keyword, "a text with a reference");
                continue;
            };
            let found = match keyword {
                "$ref" => self.resolver.resolve(&self.tree, node, &reference),
                "$dynamicRef" => self.resolver.resolve_dynamic(&self.tree, node, &reference),
                _ => self.resolver.resolve_recursive(&self.tree, node),
            };
            let (pointer, span) = (self.tree.pointer(node), self.tree.span(value));
            match found {
                Ok(target) => return Some(target),
                Err(Unresolved::Remote) => {
                    self.complain(value, errors::remote_reference(&pointer, span, &reference));
                }
                Err(Unresolved::Missing(near)) => {
                    let near: Vec<&str> = near.iter().map(String::as_str).collect();
                    self.complain(value, errors::unresolved_reference(&pointer, span, &reference, &near));
                }
                Err(Unresolved::Dynamic) if way == Way::Under => {
                    let text =
                        "what this stands for depends on where it is reached from, so nothing can be proved";
                    self.lint(way, Code::E0905, node, keyword, text);
                    return Some(self.never(node));
                }
                Err(Unresolved::Dynamic) => {
                    let text =
                        "what this stands for depends on where it is reached from; it is read as anything";
                    self.lint(way, Code::W0904, node, keyword, text);
                }
            }
        }
        None
    }

    /// A schema that admits nothing.
    pub(crate) fn never(&mut self, origin: NodeId) -> NodeId {
        if let Some(known) = self.made.get(&(origin, "never")) {
            return *known;
        }
        let id = self.tree.make(Json::Bool(false), origin);
        self.made.insert((origin, "never"), id);
        id
    }

    /// The schemas in the list of a keyword.
    fn schemas(&mut self, node: NodeId, keyword: &str) -> Option<Vec<NodeId>> {
        let value = self.keyword(node, keyword)?;
        let found = self.tree.list(value).map(<[NodeId]>::to_vec);
        if found.is_none() {
            self.malformed(node, value, keyword, "a list of schemas");
        }
        found
    }

    fn applicators(
        &mut self,
        state: &mut State,
        node: NodeId,
        chain: &Chain,
        stack: &mut Vec<(NodeId, Chain)>,
        way: Way,
    ) {
        for branch in self.schemas(node, "allOf").unwrap_or_default() {
            stack.push((branch, chain.clone()));
        }
        if let Some(branches) = self.schemas(node, "anyOf") {
            for branch in &branches {
                if self.limits_nothing(*branch) {
                    let text = "one of the alternatives allows everything, so the others limit nothing";
                    self.lint(way, Code::W0901, *branch, "anyOf", text);
                }
            }
            let branches = branches.into_iter().map(|branch| vec![branch]).collect();
            state.choices.push_back(Choice { owner: node, keyword: "anyOf", branches, chain: chain.clone() });
        }
        if let Some(branches) = self.schemas(node, "oneOf") {
            let branches = branches.into_iter().map(|branch| vec![branch]).collect();
            state.choices.push_back(Choice { owner: node, keyword: "oneOf", branches, chain: chain.clone() });
        }
        if let Some(inner) = self.keyword(node, "not").filter(|_| !is_on(Lie::NotIgnored)) {
            match (self.negate(inner, 0), way) {
                (Some((opposite, exact)), _) if exact || way == Way::Under => {
                    if !exact {
                        let text = "only a part of what `not` leaves over can be proved; less is accepted";
                        self.lint(way, Code::W0904, node, "not", text);
                    }
                    stack.push((opposite, chain.clone()));
                }
                (_, Way::Under) => {
                    self.lint(way, Code::E0905, node, "not", "what this `not` leaves over cannot be proved");
                    state.kinds = 0;
                }
                _ => {
                    self.lint(way, Code::W0904, node, "not", "not used: more is read than the schema allows")
                }
            }
        }
        self.condition(state, node, chain);
        self.dependents(state, node, chain, way);
        self.constants(state, node, chain, stack);
    }

    /// True for `true`, `{}` and schemas with annotations only.
    fn limits_nothing(&self, node: NodeId) -> bool {
        match self.tree.json(node) {
            Json::Bool(value) => *value,
            Json::Record(record) => {
                record.iter().all(|member| self.dialect.role(&member.name) != crate::dialect::Role::Assertion)
            }
            _ => false,
        }
    }

    fn condition(&mut self, state: &mut State, node: NodeId, chain: &Chain) {
        let Some(condition) = self.keyword(node, "if").filter(|_| !is_on(Lie::IfIgnored)) else { return };
        let (then, otherwise) = (self.keyword(node, "then"), self.keyword(node, "else"));
        if then.is_none() && otherwise.is_none() {
            return;
        }
        // Decided in `branches`, where the rest of the conjunction is known.
        let branches = vec![vec![condition], then.into_iter().collect(), otherwise.into_iter().collect()];
        state.choices.push_back(Choice { owner: node, keyword: "if", branches, chain: chain.clone() });
    }

    fn dependents(&mut self, state: &mut State, node: NodeId, chain: &Chain, way: Way) {
        for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
            let Some(value) = self.keyword(node, keyword).filter(|_| !is_on(Lie::DependentIgnored)) else {
                continue;
            };
            if keyword == "dependencies" && way != Way::Under && self.dialect.draft >= Draft::Draft2019 {
                continue;
            }
            let Some(record) = self.tree.record(value) else {
                self.malformed(node, value, keyword, "a record of field names");
                continue;
            };
            let entries: Vec<(Arc<str>, NodeId)> =
                record.iter().map(|member| (member.name.clone(), member.value)).collect();
            for (field, consequence) in entries {
                let schema = match self.tree.json(consequence) {
                    Json::List(_) => match self.made.get(&(consequence, "required")) {
                        Some(known) => *known,
                        None => {
                            let made = self.tree.make_record([("required", consequence)], consequence);
                            self.made.insert((consequence, "required"), made);
                            made
                        }
                    },
                    _ => consequence,
                };
                state.dependents.push(Dependent {
                    owner: node,
                    keyword,
                    field,
                    schema,
                    chain: chain.clone(),
                });
            }
        }
    }

    /// Applies consequences of present fields once everything else is known. True if something was added.
    fn settle(&mut self, state: &mut State, way: Way) -> bool {
        let mut added = false;
        let only_records = state.kinds & KIND == RECORD;
        for dependent in std::mem::take(&mut state.dependents) {
            let present = state.nodes.iter().any(|node| {
                let names =
                    self.keyword(*node, "required").and_then(|value| self.tree.list(value)).unwrap_or(&[]);
                names.iter().any(|name| self.tree.text(*name).is_some_and(|name| *name == dependent.field))
            });
            if !(present && only_records) {
                if way != Way::Under {
                    let text = "not used: whether the field is there is known only in the message";
                    self.lint(way, Code::W0904, dependent.owner, dependent.keyword, text);
                    continue;
                }
                let text = format!("asked for even when `{}` is missing", dependent.field);
                self.lint(way, Code::W0904, dependent.owner, dependent.keyword, text);
            }
            self.expand(state, vec![(dependent.schema, dependent.chain)], way);
            added = true;
        }
        added
    }

    /// Values that are records or lists become schemas of their own.
    fn constants(
        &mut self,
        state: &mut State,
        node: NodeId,
        chain: &Chain,
        stack: &mut Vec<(NodeId, Chain)>,
    ) {
        let composite =
            |loader: &Self, value: NodeId| matches!(loader.tree.json(value), Json::List(_) | Json::Record(_));
        if let Some(value) = self.keyword(node, "const")
            && composite(self, value)
        {
            let made = self.constant(value);
            stack.push((made, chain.clone()));
        }
        let Some(value) = self.keyword(node, "enum") else { return };
        let values = self.tree.list(value).unwrap_or(&[]).to_vec();
        if !values.iter().any(|one| composite(self, *one)) {
            return;
        }
        let mut branches = Vec::new();
        if values.iter().any(|one| !composite(self, *one)) {
            branches.push(vec![self.single_values(value)]);
        }
        for one in values {
            if composite(self, one) {
                branches.push(vec![self.constant(one)]);
            }
        }
        state.choices.push_back(Choice { owner: node, keyword: "enum", branches, chain: chain.clone() });
    }

    /// A schema for all values that are neither records nor lists.
    fn single_values(&mut self, origin: NodeId) -> NodeId {
        if let Some(known) = self.made.get(&(origin, "single")) {
            return *known;
        }
        let made = self.kinds_schema(NULL | BOOL | TEXT | NUMBER | FRACTION, origin);
        self.made.insert((origin, "single"), made);
        made
    }

    /// `{"type": [...]}` for a set of kinds.
    pub(crate) fn kinds_schema(&mut self, kinds: Kinds, origin: NodeId) -> NodeId {
        let names = [
            (NULL, "null"),
            (BOOL, "boolean"),
            (TEXT, "string"),
            (NUMBER, if kinds & FRACTION == 0 { "integer" } else { "number" }),
            (LIST, "array"),
            (RECORD, "object"),
        ];
        let names: Vec<NodeId> = names
            .into_iter()
            .filter(|(kind, _)| kinds & kind != 0)
            .map(|(_, name)| self.tree.make(Json::Text(name.into()), origin))
            .collect();
        if names.is_empty() {
            return self.never(origin);
        }
        let list = self.tree.make(Json::List(names), origin);
        self.tree.make_record([("type", list)], origin)
    }

    /// A schema that admits exactly one value.
    pub(crate) fn constant(&mut self, value: NodeId) -> NodeId {
        if let Some(known) = self.constants.get(&value) {
            return *known;
        }
        let made = match self.tree.json(value).clone() {
            Json::List(elements) => {
                let kind = self.tree.make(Json::Text("array".into()), value);
                let count = self.tree.make(Json::Number(elements.len().to_string().into()), value);
                let schemas: Vec<NodeId> = elements.iter().map(|element| self.constant(*element)).collect();
                let list = self.tree.make(Json::List(schemas), value);
                let keyword = if self.dialect.draft >= Draft::Draft2020 { "prefixItems" } else { "items" };
                let mut members = vec![("type", kind), ("minItems", count), ("maxItems", count)];
                if !elements.is_empty() {
                    members.push((keyword, list));
                }
                self.tree.make_record(members, value)
            }
            Json::Record(record) => {
                let kind = self.tree.make(Json::Text("object".into()), value);
                let closed = self.tree.make(Json::Bool(false), value);
                let members: Vec<(Arc<str>, NodeId)> =
                    record.iter().map(|member| (member.name.clone(), member.value)).collect();
                let fields: Vec<(Arc<str>, NodeId)> =
                    members.iter().map(|(name, value)| (name.clone(), self.constant(*value))).collect();
                let names: Vec<NodeId> =
                    members.iter().map(|(name, _)| self.tree.make(Json::Text(name.clone()), value)).collect();
                let required = self.tree.make(Json::List(names), value);
                let properties = self.tree.make_record(fields.iter().map(|(name, id)| (&**name, *id)), value);
                self.tree.make_record(
                    [
                        ("type", kind),
                        ("properties", properties),
                        ("required", required),
                        ("additionalProperties", closed),
                    ],
                    value,
                )
            }
            _ => {
                let list = self.tree.make(Json::List(vec![value]), value);
                self.tree.make_record([("enum", list)], value)
            }
        };
        self.constants.insert(value, made);
        made
    }

    /// Have the schemas no value in common, beside what the state says already?
    fn disjoint(&mut self, state: &State, nodes: &[NodeId]) -> bool {
        let own = state.nodes.iter().map(|node| Item { node: *node, local: true });
        let all = own.chain(nodes.iter().map(|node| Item { node: *node, local: false })).collect();
        let kinds = state.kinds & KIND;
        let conjunction = items(all);
        self.quietly(|loader| loader.lower(&conjunction, Way::Probe)).is_never() || kinds == 0
    }

    /// The branches of a choice, each a list of schemas that hold together.
    fn branches(&mut self, state: &State, choice: &Choice, way: Way) -> Vec<Vec<NodeId>> {
        match choice.keyword {
            "oneOf" => self.one_of(state, choice, way),
            "if" => self.decide(state, choice, way),
            _ => choice.branches.clone(),
        }
    }

    fn one_of(&mut self, state: &State, choice: &Choice, way: Way) -> Vec<Vec<NodeId>> {
        let branches: Vec<NodeId> = choice.branches.iter().flatten().copied().collect();
        let count = branches.len();
        let any_of = is_on(Lie::OneOfAsAnyOf) && way == Way::Under;
        if way == Way::Probe || (way == Way::Over && count > REPORT_PAIRS) || any_of {
            return choice.branches.clone();
        }
        let mut overlaps = vec![Vec::new(); count];
        let mut any = false;
        for (first, left) in branches.iter().enumerate() {
            for (second, right) in branches.iter().enumerate().skip(first + 1) {
                if !self.spend(1) {
                    return Vec::new();
                }
                if !self.disjoint(state, &[*left, *right]) {
                    any = true;
                    if let Some(list) = overlaps.get_mut(first) {
                        list.push(*right);
                    }
                    if let Some(list) = overlaps.get_mut(second) {
                        list.push(*left);
                    }
                }
            }
        }
        if !any {
            return choice.branches.clone();
        }
        if way == Way::Over {
            let text = "a value may fit several of these; it is read as any of them";
            self.lint(way, Code::W0904, choice.owner, "oneOf", text);
            return choice.branches.clone();
        }
        let mut found = Vec::new();
        let mut exact = true;
        for (branch, others) in branches.iter().zip(overlaps) {
            let mut nodes = vec![*branch];
            let mut provable = true;
            for other in others {
                match self.negate(other, 0) {
                    Some((opposite, whole)) => {
                        exact &= whole;
                        nodes.push(opposite);
                    }
                    None => provable = false,
                }
            }
            if provable {
                found.push(nodes);
            } else {
                exact = false;
            }
        }
        let nothing = found.iter().all(|nodes: &Vec<NodeId>| self.disjoint(state, nodes));
        if nothing && count > 0 {
            let text = "a value may fit several of these, and that it fits only one cannot be proved";
            self.lint(way, Code::E0905, choice.owner, "oneOf", text);
        } else if !exact {
            let text = "only values that surely fit exactly one of these are accepted";
            self.lint(way, Code::W0904, choice.owner, "oneOf", text);
        }
        found
    }

    /// `if`: the branch that is taken, or what is safe when that is not known.
    fn decide(&mut self, state: &State, choice: &Choice, way: Way) -> Vec<Vec<NodeId>> {
        let mut parts = choice.branches.iter().cloned();
        let condition = parts.next().unwrap_or_default();
        let (then, otherwise) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let Some(test) = condition.first().copied() else { return vec![Vec::new()] };
        let opposite = self.negate(test, 0);
        if way != Way::Probe {
            if self.disjoint(state, &[test]) {
                return vec![otherwise];
            }
            if let Some((opposite, true)) = opposite
                && self.disjoint(state, &[opposite])
            {
                return vec![then];
            }
        }
        let with = |first: NodeId, rest: &[NodeId]| -> Vec<NodeId> {
            std::iter::once(first).chain(rest.iter().copied()).collect()
        };
        if way != Way::Under {
            let yes = with(test, &then);
            return match opposite {
                Some((opposite, true)) => vec![yes, with(opposite, &otherwise)],
                _ => {
                    let text = "which branch holds is not used; it is read as either of them";
                    self.lint(way, Code::W0904, choice.owner, "if", text);
                    vec![yes, otherwise]
                }
            };
        }
        let both: Vec<NodeId> = then.iter().chain(&otherwise).copied().collect();
        let together = {
            let own = state.nodes.iter().map(|node| Item { node: *node, local: true });
            items(own.chain(both.iter().map(|node| Item { node: *node, local: false })).collect())
        };
        let empty = self.quietly(|loader| loader.lower(&together, Way::Probe)).is_never();
        if !empty {
            let text = "which branch holds is not known, so both are asked for";
            self.lint(way, Code::W0904, choice.owner, "if", text);
            return vec![both];
        }
        let mut found = vec![with(test, &then)];
        match opposite {
            Some((opposite, exact)) => {
                if !exact {
                    let text = "only a part of the values for `else` can be proved; less is accepted";
                    self.lint(way, Code::W0904, choice.owner, "if", text);
                }
                found.push(with(opposite, &otherwise));
            }
            None => {
                let text = "only values for `then` can be proved; those for `else` are not accepted";
                self.lint(way, Code::W0904, choice.owner, "if", text);
            }
        }
        found
    }
}
