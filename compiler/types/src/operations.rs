//! Meets, joins and unions of whole types. Knows shapes only, no messages.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use indexmap::IndexMap;

use crate::fits::Definitions;
use crate::language::Language;
use crate::shape::{DateKind, Length, List, Object, Presence, Rest, Slot, Text, Type, Wire};

/// Deeper types are not taken apart.
pub(crate) const MAX_DEPTH: usize = 100;
/// A join with more branches than this widens.
const MAX_BRANCHES: usize = 64;
/// A meet of unions with more branches than this is given up.
const MAX_PRODUCT: usize = 4_096;

/// A meet of more pairs of descriptions than this is given up.
const MAX_STEPS: usize = 200_000;

/// What sort of value a type describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// Yes/no.
    Bool,
    /// A calendar value.
    Date(DateKind),
    /// A list.
    List,
    /// A record.
    Record,
    /// One of several.
    Union,
    /// Everything.
    Any,
    /// Nothing.
    Never,
    /// A name of the definitions.
    Named,
}

impl Slot {
    /// A slot that always has a value.
    pub fn required(value: Type) -> Self {
        Self { presence: Presence::REQUIRED, value }
    }
    /// A slot that may be absent.
    pub fn optional(value: Type) -> Self {
        Self { presence: Presence::OPTIONAL, value }
    }
    /// Anything at all: absent, null or any value.
    pub fn anything() -> Self {
        Self { presence: Presence { absent: true, null: true }, value: Type::Any }
    }
    /// Neither absent, nor null, nor a value: nothing can stand here.
    pub fn is_impossible(&self) -> bool {
        self.presence.is_required() && self.value.is_never()
    }
    /// Never there.
    fn is_always_absent(&self) -> bool {
        !self.presence.null && self.value.is_never()
    }
}

impl Object {
    /// What may stand under a name, declared or not.
    pub fn slot(&self, name: &str) -> Slot {
        if let Some(slot) = self.fields.get(name) {
            return slot.clone();
        }
        let absent = Slot { presence: Presence::OPTIONAL, value: Type::Never };
        match &self.rest {
            Rest::Closed => absent,
            Rest::Open => Slot::anything(),
            Rest::Typed(_, Some(names)) if !names.contains(name) => absent,
            Rest::Typed(slot, _) => {
                Slot { presence: Presence { absent: true, ..slot.presence }, value: slot.value.clone() }
            }
        }
    }

    /// No number of fields is allowed. Without a limit any number is: only then are all fields looked into.
    pub(crate) fn lacks_room(&self) -> bool {
        self.count.is_some() && self.field_count().is_empty()
    }

    /// Number of fields, from the limit and the declared fields together.
    pub fn field_count(&self) -> Length {
        let required = self.fields.values().filter(|slot| !slot.presence.absent).count() as u64;
        let possible = self.fields.values().filter(|slot| !slot.is_always_absent()).count() as u64;
        let undeclared = match &self.rest {
            Rest::Closed => Some(0),
            Rest::Open => None,
            Rest::Typed(slot, _) if slot.is_always_absent() => Some(0),
            Rest::Typed(_, None) => None,
            Rest::Typed(_, Some(names)) => names.members(1_000).map(|names| {
                names.iter().filter(|name| !self.fields.contains_key(name.as_str())).count() as u64
            }),
        };
        let derived = Length::new(required, undeclared.map(|more| possible + more));
        derived.meet(self.count.unwrap_or(Length::ANY))
    }
}

impl Type {
    /// Yes or no.
    pub fn bool() -> Self {
        Type::Bool { may_be_true: true, may_be_false: true }
    }

    /// The sort of value.
    pub fn kind(&self) -> Kind {
        match self {
            Type::Never => Kind::Never,
            Type::Any => Kind::Any,
            Type::Bool { .. } => Kind::Bool,
            Type::Text(_) => Kind::Text,
            Type::Decimal(_) => Kind::Number,
            Type::Date(kind, _) => Kind::Date(*kind),
            Type::List(_) => Kind::List,
            Type::Object(_) => Kind::Record,
            Type::Union(_) => Kind::Union,
            Type::Named(_) => Kind::Named,
        }
    }

    /// Follows names to what they stand for. `None`: an unknown name, or names that stand only for each other.
    pub fn resolve<'a>(&'a self, definitions: &'a Definitions) -> Option<&'a Type> {
        let mut current = self;
        for _ in 0..64 {
            match current {
                Type::Named(name) => current = definitions.get(name)?,
                _ => return Some(current),
            }
        }
        None
    }

    /// There is surely no value. (False also where that is hard to tell; names count as having values.)
    pub fn is_never(&self) -> bool {
        self.is_never_within(0)
    }

    fn is_never_within(&self, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        let impossible = |slot: &Slot| slot.presence.is_required() && slot.value.is_never_within(depth + 1);
        match self {
            Type::Never => true,
            Type::Any | Type::Date(..) | Type::Named(_) => false,
            Type::Bool { may_be_true, may_be_false } => !may_be_true && !may_be_false,
            Type::Text(text) => text.is_empty(),
            Type::Decimal(decimal) => decimal.is_empty(),
            Type::List(list) => list.count.is_empty() || (list.count.min > 0 && impossible(&list.element)),
            Type::Object(object) => object.lacks_room() || object.fields.values().any(impossible),
            Type::Union(branches) => branches.iter().all(|branch| branch.is_never_within(depth + 1)),
        }
    }

    /// One of these; exact. Branches are flattened, repeated and empty ones dropped, finite sets united.
    pub fn union_of(branches: impl IntoIterator<Item = Type>) -> Type {
        let mut kept: Vec<Type> = Vec::new();
        for branch in branches {
            let parts = match branch {
                Type::Union(parts) => parts,
                other => vec![other],
            };
            for part in parts {
                if matches!(part, Type::Any) {
                    return Type::Any;
                }
                if part.is_never() || kept.contains(&part) {
                    continue;
                }
                let merged = kept.iter().enumerate().find_map(|(at, known)| Some((at, unite(known, &part)?)));
                match merged {
                    Some((at, merged)) => {
                        if let Some(slot) = kept.get_mut(at) {
                            *slot = merged;
                        }
                    }
                    None => kept.push(part),
                }
            }
        }
        one_or_union(kept)
    }

    /// Values of both. Where two recursive names meet, or the types are too deep or too many to take apart, the
    /// result is the left side: it then holds more than the values of both, see [`Type::meet_exact`].
    #[must_use]
    pub fn meet(&self, other: &Type, definitions: &Definitions) -> Type {
        Meeting::new(definitions).types(self, other, 0)
    }

    /// Values of both. `None`: the meet cannot be written down exactly.
    pub fn meet_exact(&self, other: &Type, definitions: &Definitions) -> Option<Type> {
        let mut meeting = Meeting::new(definitions);
        let result = meeting.types(self, other, 0);
        meeting.exact.then_some(result)
    }

    /// At least the values of either: one description per kind, records beside each other up to 64.
    #[must_use]
    pub fn join(&self, other: &Type) -> Type {
        join_within(self, other, 0)
    }
}

impl Slot {
    /// What may stand in either.
    #[must_use]
    pub fn join(&self, other: &Slot) -> Slot {
        Slot { presence: self.presence.or(other.presence), value: self.value.join(&other.value) }
    }
}

fn one_or_union(mut branches: Vec<Type>) -> Type {
    match branches.len() {
        0 => Type::Never,
        1 => branches.pop().unwrap_or(Type::Never),
        _ => Type::Union(branches),
    }
}

/// Two descriptions as one, where that is exact.
fn unite(left: &Type, right: &Type) -> Option<Type> {
    match (left, right) {
        (Type::Bool { may_be_true: a, may_be_false: b }, Type::Bool { may_be_true: c, may_be_false: d }) => {
            Some(Type::Bool { may_be_true: *a || *c, may_be_false: *b || *d })
        }
        (Type::Text(one), Type::Text(two)) => {
            let (a, b) = (one.set.as_ref()?, two.set.as_ref()?);
            (a.len() + b.len() <= crate::MAX_SET).then(|| Type::Text(one.join(two)))
        }
        (Type::Decimal(one), Type::Decimal(two)) if one.wire == two.wire => {
            let (a, b) = (one.set.as_ref()?, two.set.as_ref()?);
            (a.len() + b.len() <= crate::MAX_SET).then(|| Type::Decimal(one.join(two)))
        }
        _ => None,
    }
}

struct Meeting<'a> {
    definitions: &'a Definitions,
    open: Vec<(Arc<str>, Type)>,
    steps: usize,
    exact: bool,
}

impl<'a> Meeting<'a> {
    fn new(definitions: &'a Definitions) -> Self {
        Self { definitions, open: Vec::new(), steps: 0, exact: true }
    }

    fn give_up(&mut self, left: &Type) -> Type {
        self.exact = false;
        left.clone()
    }

    fn types(&mut self, left: &Type, right: &Type, depth: usize) -> Type {
        self.steps += 1;
        if depth > MAX_DEPTH || self.steps > MAX_STEPS {
            return self.give_up(left);
        }
        match (left, right) {
            (Type::Never, _) | (_, Type::Never) => Type::Never,
            (Type::Any, other) | (other, Type::Any) => other.clone(),
            (Type::Named(one), Type::Named(two)) if one == two => left.clone(),
            (Type::Named(name), other) | (other, Type::Named(name)) => {
                self.named(name, left, other, right, depth)
            }
            (Type::Union(branches), other) => self.branches(branches, other, left, true, depth),
            (other, Type::Union(branches)) => self.branches(branches, other, left, false, depth),
            (
                Type::Bool { may_be_true: a, may_be_false: b },
                Type::Bool { may_be_true: c, may_be_false: d },
            ) => never_if_empty(Type::Bool { may_be_true: *a && *c, may_be_false: *b && *d }),
            (Type::Text(one), Type::Text(two)) => never_if_empty(Type::Text(one.meet(two))),
            (Type::Decimal(one), Type::Decimal(two)) => {
                let wire = if one.wire == Wire::Plain { two.wire } else { one.wire };
                let mut both = one.meet(two);
                both.wire = wire;
                never_if_empty(Type::Decimal(both))
            }
            (Type::Date(one, wire), Type::Date(two, _)) => {
                if one == two {
                    Type::Date(*one, *wire)
                } else {
                    Type::Never
                }
            }
            (Type::Date(kind, wire), Type::Text(text)) | (Type::Text(text), Type::Date(kind, wire)) => {
                let written = Text::in_language(Language::of_date_kind(*kind));
                if crate::gaps::text_gaps(&written, text).is_empty() {
                    Type::Date(*kind, *wire)
                } else {
                    never_if_empty(Type::Text(written.meet(text)))
                }
            }
            (Type::List(one), Type::List(two)) => self.lists(one, two, depth),
            (Type::Object(one), Type::Object(two)) => self.objects(one, two, left, depth),
            _ => Type::Never,
        }
    }

    /// `name` stands on one side, `other` on the other; `left` and `right` are the sides in order.
    fn named(&mut self, name: &Arc<str>, left: &Type, other: &Type, right: &Type, depth: usize) -> Type {
        let key = (name.clone(), other.clone());
        if self.open.len() > MAX_DEPTH || self.open.contains(&key) {
            return self.give_up(left);
        }
        let Some(known) = self.definitions.get(name).cloned() else {
            return self.give_up(left);
        };
        self.open.push(key);
        let name_is_left = matches!(left, Type::Named(own) if own == name);
        let result = if name_is_left {
            self.types(&known, right, depth + 1)
        } else {
            self.types(left, &known, depth + 1)
        };
        self.open.pop();
        // A meet that takes nothing away keeps the name.
        if result == known { Type::Named(name.clone()) } else { result }
    }

    fn branches(
        &mut self,
        branches: &[Type],
        other: &Type,
        left: &Type,
        is_left: bool,
        depth: usize,
    ) -> Type {
        let width = match other {
            Type::Union(more) => more.len(),
            _ => 1,
        };
        if branches.len().saturating_mul(width) > MAX_PRODUCT {
            return self.give_up(left);
        }
        let met: Vec<Type> = branches
            .iter()
            .map(|branch| {
                let (one, two) = if is_left { (branch, other) } else { (other, branch) };
                self.types(one, two, depth + 1)
            })
            .collect();
        Type::union_of(met)
    }

    fn slots(&mut self, left: &Slot, right: &Slot, depth: usize) -> Slot {
        let presence = Presence {
            absent: left.presence.absent && right.presence.absent,
            null: left.presence.null && right.presence.null,
        };
        Slot { presence, value: self.types(&left.value, &right.value, depth + 1) }
    }

    fn lists(&mut self, left: &List, right: &List, depth: usize) -> Type {
        let element = self.slots(&left.element, &right.element, depth);
        let mut count = left.count.meet(right.count);
        if element.is_impossible() {
            count = count.meet(Length::new(0, Some(0)));
        }
        never_if_empty(Type::List(Box::new(List { element, count, unique: left.unique || right.unique })))
    }

    fn objects(&mut self, left: &Object, right: &Object, whole: &Type, depth: usize) -> Type {
        let mut fields: IndexMap<Arc<str>, Slot> = IndexMap::new();
        let names =
            left.fields.keys().chain(right.fields.keys().filter(|name| !left.fields.contains_key(*name)));
        for name in names {
            let slot = self.slots(&left.slot(name), &right.slot(name), depth);
            if slot.is_impossible() {
                return Type::Never;
            }
            fields.insert(name.clone(), slot);
        }
        let rest = match (&left.rest, &right.rest) {
            (Rest::Closed, _) | (_, Rest::Closed) => Rest::Closed,
            (Rest::Open, other) | (other, Rest::Open) => other.clone(),
            (Rest::Typed(one, names), Rest::Typed(two, more)) => {
                let both = match (names, more) {
                    (Some(a), Some(b)) => match a.intersect(b) {
                        Some(both) => Some(both),
                        None => return self.give_up(whole),
                    },
                    (a, b) => a.clone().or_else(|| b.clone()),
                };
                Rest::Typed(Box::new(self.slots(one, two, depth)), both)
            }
        };
        let count = match (left.count, right.count) {
            (Some(one), Some(two)) => Some(one.meet(two)),
            (one, two) => one.or(two),
        };
        never_if_empty(Type::Object(Arc::new(Object { fields, rest, count })))
    }
}

/// `Never` for a shallow description without values; deeper parts were looked at where they were made.
fn never_if_empty(value: Type) -> Type {
    let empty = match &value {
        Type::Bool { may_be_true, may_be_false } => !may_be_true && !may_be_false,
        Type::Text(text) => text.is_empty(),
        Type::Decimal(decimal) => decimal.is_empty(),
        Type::List(list) => list.count.is_empty(),
        Type::Object(object) => object.field_count().is_empty(),
        _ => false,
    };
    if empty { Type::Never } else { value }
}

fn parts(value: &Type) -> Vec<Type> {
    match value {
        Type::Union(branches) => branches.clone(),
        Type::Never => Vec::new(),
        other => vec![other.clone()],
    }
}

fn join_within(left: &Type, right: &Type, depth: usize) -> Type {
    if left == right {
        return left.clone();
    }
    if depth > MAX_DEPTH {
        return Type::Any;
    }
    let mut kept: Vec<Type> = Vec::new();
    for part in parts(left).into_iter().chain(parts(right)) {
        if matches!(part, Type::Any) {
            return Type::Any;
        }
        if kept.contains(&part) {
            continue;
        }
        let hull = kept.iter().enumerate().find_map(|(at, known)| Some((at, hull(known, &part, depth)?)));
        match hull {
            Some((at, hull)) => {
                if let Some(slot) = kept.get_mut(at) {
                    *slot = hull;
                }
            }
            None => kept.push(part),
        }
    }
    if kept.len() > MAX_BRANCHES {
        kept = widen(kept, depth);
    }
    one_or_union(kept)
}

/// One description around two of the same kind; records and names stay apart.
fn hull(left: &Type, right: &Type, depth: usize) -> Option<Type> {
    match (left, right) {
        (Type::Bool { may_be_true: a, may_be_false: b }, Type::Bool { may_be_true: c, may_be_false: d }) => {
            Some(Type::Bool { may_be_true: *a || *c, may_be_false: *b || *d })
        }
        (Type::Text(one), Type::Text(two)) => Some(Type::Text(one.join(two))),
        (Type::Decimal(one), Type::Decimal(two)) if one.wire == two.wire => {
            Some(Type::Decimal(one.join(two)))
        }
        (Type::List(one), Type::List(two)) => {
            let no_elements = |list: &List| list.count.max == Some(0);
            let element = match (no_elements(one), no_elements(two)) {
                (true, _) => two.element.clone(),
                (_, true) => one.element.clone(),
                _ => join_slots(&one.element, &two.element, depth + 1),
            };
            let count = one.count.hull(two.count);
            Some(Type::List(Box::new(List { element, count, unique: one.unique && two.unique })))
        }
        _ => None,
    }
}

fn join_slots(left: &Slot, right: &Slot, depth: usize) -> Slot {
    Slot { presence: left.presence.or(right.presence), value: join_within(&left.value, &right.value, depth) }
}

/// Too many branches: records become one, names become anything.
fn widen(branches: Vec<Type>, depth: usize) -> Vec<Type> {
    let mut kept: Vec<Type> = Vec::new();
    let mut record: Option<Object> = None;
    for branch in branches {
        match branch {
            Type::Named(_) => return vec![Type::Any],
            Type::Object(object) => {
                record = Some(match record {
                    None => object.as_ref().clone(),
                    Some(known) => record_hull(&known, &object, depth),
                });
            }
            other => kept.push(other),
        }
    }
    kept.extend(record.map(|object| Type::Object(Arc::new(object))));
    if kept.len() > MAX_BRANCHES { vec![Type::Any] } else { kept }
}

/// One record around two.
fn record_hull(left: &Object, right: &Object, depth: usize) -> Object {
    let mut fields: IndexMap<Arc<str>, Slot> = IndexMap::new();
    let names = left.fields.keys().chain(right.fields.keys().filter(|name| !left.fields.contains_key(*name)));
    for name in names {
        fields.insert(name.clone(), join_slots(&left.slot(name), &right.slot(name), depth + 1));
    }
    let rest = match (&left.rest, &right.rest) {
        (Rest::Closed, other) | (other, Rest::Closed) => other.clone(),
        (Rest::Open, _) | (_, Rest::Open) => Rest::Open,
        (Rest::Typed(one, names), Rest::Typed(two, more)) => {
            let both = names.as_ref().zip(more.as_ref()).and_then(|(a, b)| a.union(b));
            Rest::Typed(Box::new(join_slots(one, two, depth + 1)), both)
        }
    };
    Object { fields, rest, count: left.count.zip(right.count).map(|(one, two)| one.hull(two)) }
}
