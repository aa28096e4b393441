//! A conjunction of schemas becomes a type: kind by kind, alternative by alternative. Recursion becomes a name.

use std::sync::Arc;

use mapc_diagnostics::Code;
use mapc_types::{Definitions, Fit, List, Object, Presence, Rest, Slot, Type, fits};

use crate::dialect::Role;
use crate::expand::{Alternative, BOOL, Kinds, LIST, NULL, NUMBER, RECORD, TEXT};
use crate::loader::{Conjunction, Item, Loader, Lowered, Way, items};
use crate::tree::{Json, NodeId};

/// Deeper types are named instead of written out.
const DEPTH: usize = 60;
/// More branches of one union are not kept.
const BRANCHES: usize = 64;

impl Loader {
    /// What a conjunction admits.
    pub(crate) fn lower(&mut self, conjunction: &Conjunction, way: Way) -> Lowered {
        let canonical = self.canonical(conjunction);
        let conjunction = &canonical;
        if let Some(known) = self.results(way).done.get(conjunction) {
            return known.clone();
        }
        if conjunction.is_empty() {
            return Lowered { null: true, value: Type::Any };
        }
        let nothing = Lowered { null: false, value: Type::Never };
        if !self.spend(conjunction.len()) {
            return if way == Way::Under { nothing } else { Lowered { null: true, value: Type::Any } };
        }
        let null = self.admits_null(conjunction, way);
        if self.results(way).running.contains(conjunction) {
            self.results(way).recursive.insert(conjunction.clone());
            return Lowered { null, value: Type::Named(self.name(conjunction, way)) };
        }
        if self.depth > DEPTH {
            let name = self.name(conjunction, way);
            if self.results(way).recursive.insert(conjunction.clone()) {
                self.results(way).queue.push(conjunction.clone());
            }
            return Lowered { null, value: Type::Named(name) };
        }
        self.results(way).running.insert(conjunction.clone());
        self.depth += 1;
        let body = self.body(conjunction, way);
        self.depth -= 1;
        self.results(way).running.remove(conjunction);
        let lowered = if self.results(way).recursive.contains(conjunction) {
            let name = self.name(conjunction, way);
            self.results(way).definitions.insert(name.clone(), body.clone());
            let value = if body == Type::Never { Type::Never } else { Type::Named(name) };
            Lowered { null, value }
        } else {
            Lowered { null, value: body }
        };
        self.results(way).done.insert(conjunction.clone(), lowered.clone());
        lowered
    }

    /// The same conjunction with bare references followed, so that one schema has one name.
    fn canonical(&mut self, conjunction: &Conjunction) -> Conjunction {
        let bare = |loader: &Self, node: NodeId| {
            let record = loader.tree.record(node)?;
            let value = record.get("$ref")?;
            let alone = record.iter().all(|member| {
                &*member.name == "$ref" || loader.dialect.role(&member.name) == Role::Annotation
            });
            match loader.tree.json(value) {
                Json::Link(target) if alone => Some(*target),
                Json::Text(reference) if alone => loader.resolver.resolve(&loader.tree, node, reference).ok(),
                _ => None,
            }
        };
        let follow = |loader: &Self, start: NodeId| {
            let mut node = start;
            for _ in 0..32 {
                match bare(loader, node) {
                    Some(target) => node = target,
                    None => return node,
                }
            }
            start
        };
        if conjunction.iter().all(|item| item.local || bare(self, item.node).is_none()) {
            return conjunction.clone();
        }
        items(
            conjunction
                .iter()
                .map(
                    |item| {
                        if item.local { *item } else { Item { node: follow(self, item.node), local: false } }
                    },
                )
                .collect(),
        )
    }

    /// Lowers the root and everything that was put off; gives the body of the root, not its name.
    pub(crate) fn lower_root(&mut self, conjunction: &Conjunction, way: Way) -> Type {
        let root = self.lower(conjunction, way).value;
        while let Some(next) = self.results(way).queue.pop() {
            let name = self.name(&next, way);
            if self.results(way).definitions.contains_key(&name) {
                continue;
            }
            self.results(way).running.insert(next.clone());
            let body = self.body(&next, way);
            self.results(way).running.remove(&next);
            self.results(way).definitions.insert(name, body);
        }
        match &root {
            Type::Named(name) => self.results(way).definitions.get(name).cloned().unwrap_or(root),
            _ => root,
        }
    }

    fn admits_null(&mut self, conjunction: &Conjunction, way: Way) -> bool {
        self.alternatives(conjunction, way).iter().any(|alternative| alternative.kinds & NULL != 0)
    }

    /// The name of a conjunction among the definitions.
    fn name(&mut self, conjunction: &Conjunction, way: Way) -> Arc<str> {
        if let Some(known) = self.results(way).names.get(conjunction) {
            return known.clone();
        }
        let mut node = conjunction.iter().map(|item| item.node).next().unwrap_or(self.root);
        for _ in 0..16 {
            let target = self.tree.get(node, "$ref").and_then(|value| match self.tree.json(value) {
                Json::Link(target) => Some(*target),
                Json::Text(reference) => self.resolver.resolve(&self.tree, node, reference).ok(),
                _ => None,
            });
            match target {
                Some(target) => node = target,
                None => break,
            }
        }
        let pointer = self.tree.pointer(node);
        let last = pointer.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("document");
        let mut name: Arc<str> = last.into();
        let mut number = 2;
        let results = self.results(way);
        while results.taken.contains(&name) {
            name = format!("{last}~{number}").into();
            number += 1;
        }
        results.taken.insert(name.clone());
        results.names.insert(conjunction.clone(), name.clone());
        name
    }

    fn body(&mut self, conjunction: &Conjunction, way: Way) -> Type {
        let alternatives = self.alternatives(conjunction, way);
        let mut types = Vec::new();
        for alternative in alternatives.iter() {
            match self.of_alternative(alternative, way) {
                Some(found) => types.extend(found),
                None => return Type::Any,
            }
        }
        let first = conjunction.iter().map(|item| item.node).next().unwrap_or(self.root);
        self.unite(types, way, first)
    }

    /// The types of one alternative, one or more per kind; absent if nothing limits it.
    fn of_alternative(&mut self, alternative: &Alternative, way: Way) -> Option<Vec<Type>> {
        let Alternative { nodes, kinds } = alternative;
        let has = |kind: Kinds| kinds & kind != 0;
        let mut found = Vec::new();
        if has(RECORD) {
            found.push(self.record(nodes, way));
        }
        if has(LIST) {
            found.push(self.list(nodes, way));
        }
        if has(TEXT) {
            found.push(self.text(nodes, way));
        }
        if has(NUMBER) {
            found.push(self.number(nodes, *kinds, way));
        }
        if has(BOOL) {
            found.push(self.yes_no(nodes));
        }
        let free = has(crate::expand::FRACTION) && found.len() == 5 && found.iter().all(is_free);
        if free { None } else { Some(found) }
    }

    fn yes_no(&mut self, nodes: &[NodeId]) -> Type {
        let values = self.listed(nodes, |json| match json {
            Json::Bool(value) => Some(*value),
            _ => None,
        });
        let may = |value: bool| values.as_ref().is_none_or(|values| values.contains(&value));
        let (may_be_true, may_be_false) = (may(true), may(false));
        if may_be_true || may_be_false { Type::Bool { may_be_true, may_be_false } } else { Type::Never }
    }

    /// The values of one kind that every `enum` and `const` lists; absent if there is neither.
    pub(crate) fn listed<T: Ord>(
        &self,
        nodes: &[NodeId],
        pick: impl Fn(&Json) -> Option<T>,
    ) -> Option<std::collections::BTreeSet<T>> {
        let mut found: Option<std::collections::BTreeSet<T>> = None;
        for node in nodes {
            for keyword in ["enum", "const"] {
                let Some(value) = self.keyword(*node, keyword) else { continue };
                let values = match (keyword, self.tree.json(value)) {
                    ("enum", Json::List(list)) => list.as_slice(),
                    ("enum", _) => continue,
                    _ => std::slice::from_ref(&value),
                };
                let own = values.iter().filter_map(|one| pick(self.tree.json(*one))).collect();
                found = Some(match found {
                    None => own,
                    Some(before) => before.into_iter().filter(|value| own.contains(value)).collect(),
                });
            }
        }
        found
    }

    /// One type for several.
    pub(crate) fn unite(&mut self, types: Vec<Type>, way: Way, node: NodeId) -> Type {
        let mut kept: Vec<Type> = Vec::new();
        for part in types {
            let parts = match part {
                Type::Union(parts) => parts,
                other => vec![other],
            };
            for part in parts {
                match part {
                    Type::Never => {}
                    Type::Any => return Type::Any,
                    part => add(&mut kept, part),
                }
            }
        }
        if way != Way::Under {
            self.join_records(&mut kept, way, node);
        }
        if kept.len() == 5 && kept.iter().all(is_free) {
            return Type::Any;
        }
        if kept.len() > BRANCHES {
            if way == Way::Under {
                let text = "there are too many alternatives; only the first 64 are used";
                self.lint(way, Code::W0904, node, "anyOf", text);
                kept.truncate(BRANCHES);
            } else {
                self.lint(
                    way,
                    Code::W0904,
                    node,
                    "anyOf",
                    "there are too many alternatives; read as anything",
                );
                return Type::Any;
            }
        }
        match kept.len() {
            0 => Type::Never,
            1 => kept.pop().unwrap_or(Type::Never),
            _ => Type::Union(kept),
        }
    }

    /// Records that differ only in which fields are there are read as one record.
    fn join_records(&mut self, kept: &mut Vec<Type>, way: Way, node: NodeId) {
        let mut at = 0;
        let mut joined = false;
        while at < kept.len() {
            let mut other = at + 1;
            while other < kept.len() {
                let both = match (kept.get(at), kept.get(other)) {
                    (Some(Type::Object(left)), Some(Type::Object(right))) => weakest(left, right),
                    _ => None,
                };
                match both {
                    Some((both, larger)) => {
                        joined |= larger;
                        kept.remove(other);
                        if let Some(slot) = kept.get_mut(at) {
                            *slot = Type::Object(Arc::new(both));
                        }
                    }
                    None => other += 1,
                }
            }
            at += 1;
        }
        if joined {
            let text = "these records are read as one; which of its fields come together is not used";
            let keyword =
                ["anyOf", "oneOf", "if", "enum"].into_iter().find(|word| self.tree.get(node, word).is_some());
            self.lint(way, Code::W0904, node, keyword.unwrap_or("anyOf"), text);
        }
    }

    /// A slot that may be there.
    pub(crate) fn slot(&mut self, conjunction: &Conjunction, required: bool, way: Way) -> Slot {
        let Lowered { null, value } = self.lower(conjunction, way);
        Slot { presence: Presence { absent: !required, null }, value }
    }
}

/// One record around two with the same fields and the same types, and whether it is larger than both together.
fn weakest(left: &Object, right: &Object) -> Option<(Object, bool)> {
    if left.fields.len() != right.fields.len() || left.rest != right.rest || left.count != right.count {
        return None;
    }
    let mut fields = left.fields.clone();
    let mut larger = false;
    for (name, slot) in &mut fields {
        let other = right.fields.get(name)?;
        let value = match (&slot.value, &other.value) {
            (one, two) if same(one, two, 0) => one.clone(),
            (Type::Never, value) | (value, Type::Never) => {
                larger = true;
                value.clone()
            }
            _ => return None,
        };
        larger |= slot.presence != other.presence;
        *slot = Slot { presence: slot.presence.or(other.presence), value };
    }
    Some((Object { fields, rest: left.rest.clone(), count: left.count }, larger))
}

/// Surely equal. Records deep inside are compared by identity, so this ends soon on every input.
fn same(left: &Type, right: &Type, depth: usize) -> bool {
    match (left, right) {
        (Type::Object(one), Type::Object(two)) => {
            let rest = || match (&one.rest, &two.rest) {
                (Rest::Typed(one, names), Rest::Typed(two, other)) => {
                    names == other && one.presence == two.presence && same(&one.value, &two.value, depth + 1)
                }
                (Rest::Open, Rest::Open) | (Rest::Closed, Rest::Closed) => true,
                _ => false,
            };
            Arc::ptr_eq(one, two)
                || (depth < 3
                    && one.count == two.count
                    && one.fields.len() == two.fields.len()
                    && rest()
                    && one.fields.iter().zip(&two.fields).all(|((name, slot), (other_name, other))| {
                        name == other_name
                            && slot.presence == other.presence
                            && same(&slot.value, &other.value, depth + 1)
                    }))
        }
        (Type::List(one), Type::List(two)) => {
            one.count == two.count
                && one.unique == two.unique
                && one.element.presence == two.element.presence
                && same(&one.element.value, &two.element.value, depth)
        }
        (Type::Union(one), Type::Union(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two, depth))
        }
        (Type::Object(_) | Type::List(_) | Type::Union(_), _) => false,
        _ => left == right,
    }
}

/// Adds a branch, or makes it one with a branch that is there.
fn add(kept: &mut Vec<Type>, part: Type) {
    if kept.iter().any(|known| same(known, &part, 0) || within(&part, known)) {
        return;
    }
    kept.retain(|known| !within(known, &part));
    for known in &mut *kept {
        let scalar = matches!(
            (&*known, &part),
            (Type::Text(_), Type::Text(_))
                | (Type::Decimal(_), Type::Decimal(_))
                | (Type::Bool { .. }, Type::Bool { .. })
        );
        if scalar {
            let united = Type::union_of([known.clone(), part.clone()]);
            if !matches!(united, Type::Union(_)) {
                *known = united;
                return;
            }
        }
    }
    kept.push(part);
}

/// Single values only: surely a part of the other.
fn within(left: &Type, right: &Type) -> bool {
    let comparable = match (left, right) {
        (Type::Text(_), Type::Text(_)) => true,
        (Type::Decimal(left), Type::Decimal(right)) => left.wire == right.wire,
        _ => false,
    };
    let none = Definitions::new();
    comparable && fits(left, right, &none, &none) == Fit::Yes
}

/// Nothing limits this kind.
fn is_free(value: &Type) -> bool {
    match value {
        Type::Bool { may_be_true, may_be_false } => *may_be_true && *may_be_false,
        Type::Text(text) => {
            text.set.is_none() && text.languages.is_empty() && text.length == mapc_types::Length::ANY
        }
        Type::Decimal(decimal) => *decimal == mapc_types::Decimal::default(),
        Type::List(list) => {
            let List { element, count, unique } = list.as_ref();
            !unique
                && *count == mapc_types::Length::ANY
                && element.presence.null
                && element.value == Type::Any
        }
        Type::Object(object) => {
            object.fields.is_empty() && object.rest == Rest::Open && object.count.is_none()
        }
        _ => false,
    }
}
