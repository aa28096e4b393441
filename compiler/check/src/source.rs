//! What a map reads of its source: lists and single values, each once, with the facts a proof may rely on.
//!
//! A read gives the declared type only as far as the current [`Assumed`] facts allow; the JSON kind is always
//! assumed, because it is always tested.

use std::collections::BTreeMap;
use std::sync::Arc;

use mapc_schema::{LoadedSchema, Step};
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Decimal, Interval, Length, List, Presence, Slot, Text, Type, Wire};

use crate::typed::{Constant, ListId, Predicate, ReadKind, ReasonId, SourceField, SourceFieldId, SourceList};

/// Facts of a declared type beyond its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FactKind {
    /// It is there.
    Present,
    /// Shortest length.
    MinLength,
    /// Longest length.
    MaxLength,
    /// Pattern or format.
    Language,
    /// One of a list of values.
    Set,
    /// Lower end.
    Low,
    /// Upper end.
    High,
    /// Decimals.
    Grid,
    /// Number of rows.
    Count,
}

/// A place in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    /// A single value.
    Field(SourceFieldId),
    /// A list.
    List(ListId),
}

/// Which facts may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Assumed {
    /// All that the schema declares.
    All,
    /// All but these.
    AllBut(Vec<(Place, FactKind)>),
}

impl Assumed {
    fn has(&self, place: Place, fact: FactKind) -> bool {
        match self {
            Assumed::All => true,
            Assumed::AllBut(dropped) => !dropped.contains(&(place, fact)),
        }
    }
}

/// Everything read so far.
#[derive(Clone, Debug)]
pub(crate) struct SourceBook {
    pub(crate) lists: Vec<SourceList>,
    pub(crate) fields: Vec<SourceField>,
    list_types: Vec<Slot>,
    field_slots: Vec<Slot>,
    relied: BTreeMap<Place, Vec<FactKind>>,
}

impl SourceBook {
    /// Only the message itself.
    pub(crate) fn new(alias: &str, root: Slot, reason: ReasonId) -> Self {
        let message = SourceList {
            parent: None,
            path: Vec::new(),
            nullable: false,
            facts: Vec::new(),
            source_reason: reason,
            display: alias.to_owned(),
        };
        Self {
            lists: vec![message],
            fields: Vec::new(),
            list_types: vec![root],
            field_slots: Vec::new(),
            relied: BTreeMap::new(),
        }
    }

    /// Sizes, to come back to by [`SourceBook::truncate`].
    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.lists.len(), self.fields.len())
    }

    /// Forgets what was added since.
    pub(crate) fn truncate(&mut self, (lists, fields): (usize, usize)) {
        self.lists.truncate(lists);
        self.list_types.truncate(lists);
        self.fields.truncate(fields);
        self.field_slots.truncate(fields);
    }

    /// Type of one row of a list (for the message: of the message).
    pub(crate) fn row(&self, list: ListId) -> Slot {
        match self.list_types.get(list.0) {
            Some(Slot { value: Type::List(inner), .. }) => inner.element.clone(),
            Some(slot) => slot.clone(),
            None => any(),
        }
    }

    /// The list at that place, added when new. `slot` is its declared slot, presence of the whole way included.
    pub(crate) fn list(&mut self, list: SourceList, slot: Slot) -> ListId {
        let found =
            self.lists.iter().position(|known| known.parent == list.parent && known.path == list.path);
        ListId(match found {
            // entry 0 is the message: it has no parent, a list always has one
            Some(at) => at,
            None => {
                self.lists.push(list);
                self.list_types.push(slot);
                self.lists.len() - 1
            }
        })
    }

    /// The single value at that place, added when new.
    pub(crate) fn field(&mut self, field: SourceField, slot: Slot) -> SourceFieldId {
        let found = self.fields.iter().position(|known| known.list == field.list && known.path == field.path);
        SourceFieldId(found.unwrap_or_else(|| {
            self.fields.push(field);
            self.field_slots.push(slot);
            self.fields.len() - 1
        }))
    }

    /// The declared slot of a single value, as far as it may be assumed.
    pub(crate) fn field_slot(&self, id: SourceFieldId, assumed: &Assumed) -> Slot {
        let Some(slot) = self.field_slots.get(id.0) else { return any() };
        if matches!(assumed, Assumed::All) {
            return slot.clone();
        }
        weaken(slot, &|fact| assumed.has(Place::Field(id), fact))
    }

    /// The declared slot of a list, as far as it may be assumed.
    pub(crate) fn list_slot(&self, id: ListId, assumed: &Assumed) -> Slot {
        let Some(slot) = self.list_types.get(id.0) else { return any() };
        if matches!(assumed, Assumed::All) {
            return slot.clone();
        }
        weaken(slot, &|fact| assumed.has(Place::List(id), fact))
    }

    /// Every fact that a place declares.
    pub(crate) fn declared(&self, place: Place) -> Vec<FactKind> {
        let slot = match place {
            Place::Field(id) => self.field_slots.get(id.0),
            Place::List(id) => self.list_types.get(id.0),
        };
        slot.map(declared).unwrap_or_default()
    }

    /// The proof uses these facts: they will be tested.
    pub(crate) fn rely(&mut self, place: Place, facts: impl IntoIterator<Item = FactKind>) {
        let known = self.relied.entry(place).or_default();
        for fact in facts {
            if !known.contains(&fact) {
                known.push(fact);
            }
        }
        known.sort();
    }

    /// Turns the facts relied on into tests and gives the finished lists.
    pub(crate) fn finish(mut self) -> (Vec<SourceList>, Vec<SourceField>) {
        for (place, facts) in &self.relied {
            let facts: Vec<FactKind> = facts.iter().copied().filter(|fact| !forgotten(*fact)).collect();
            match place {
                Place::Field(id) => {
                    let slot = self.field_slots.get(id.0).cloned().unwrap_or_else(any);
                    if let Some(field) = self.fields.get_mut(id.0) {
                        field.facts = predicates(&slot, &facts);
                    }
                }
                Place::List(id) => {
                    let slot = self.list_types.get(id.0).cloned().unwrap_or_else(any);
                    if let Some(list) = self.lists.get_mut(id.0) {
                        list.facts = predicates(&slot, &facts);
                    }
                }
            }
        }
        (self.lists, self.fields)
    }
}

/// A fact that is not tested although it is relied on. Never, outside of the soundness tests.
fn forgotten(fact: FactKind) -> bool {
    is_on(match fact {
        FactKind::MaxLength => Lie::LimitNotTested,
        FactKind::High => Lie::RangeNotTested,
        FactKind::Set => Lie::SetNotTested,
        FactKind::Count => Lie::CountNotTested,
        FactKind::Present => Lie::PresenceNotTested,
        _ => return false,
    })
}

/// A slot of which nothing is known: the type of holes.
pub(crate) fn any() -> Slot {
    Slot { presence: Presence { absent: true, null: true }, value: Type::Any }
}

/// The facts a slot declares beyond its kind.
fn declared(slot: &Slot) -> Vec<FactKind> {
    let mut facts = Vec::new();
    if !slot.presence.absent {
        facts.push(FactKind::Present);
    }
    match &slot.value {
        Type::Text(text) => {
            // what is dear to test comes first: it is the first to be dropped
            if !text.languages.is_empty() {
                facts.push(FactKind::Language);
            }
            if text.set.is_some() {
                facts.push(FactKind::Set);
            }
            if text.length.min > 0 {
                facts.push(FactKind::MinLength);
            }
            if text.length.max.is_some() {
                facts.push(FactKind::MaxLength);
            }
        }
        Type::Decimal(decimal) => {
            if decimal.set.is_some() {
                facts.push(FactKind::Set);
            }
            if decimal.interval.low.is_some() {
                facts.push(FactKind::Low);
            }
            if decimal.interval.high.is_some() {
                facts.push(FactKind::High);
            }
            if decimal.grid.is_some() {
                facts.push(FactKind::Grid);
            }
        }
        Type::Bool { may_be_true, may_be_false } if !(*may_be_true && *may_be_false) => {
            facts.push(FactKind::Set)
        }
        Type::List(list) if list.count != Length::ANY => facts.push(FactKind::Count),
        _ => {}
    }
    facts
}

/// The slot with only the kept facts.
fn weaken(slot: &Slot, keep: &dyn Fn(FactKind) -> bool) -> Slot {
    let presence = Presence {
        absent: slot.presence.absent || !keep(FactKind::Present),
        // null on a place that may not be null is another kind: always tested
        null: slot.presence.null,
    };
    let value = match &slot.value {
        Type::Text(text) if text.set.is_some() && keep(FactKind::Set) => Type::Text(text.clone()),
        Type::Text(text) => Type::Text(Text {
            length: Length {
                min: if keep(FactKind::MinLength) { text.length.min } else { 0 },
                max: text.length.max.filter(|_| keep(FactKind::MaxLength)),
            },
            set: None,
            languages: if keep(FactKind::Language) { text.languages.clone() } else { Vec::new() },
        }),
        Type::Decimal(decimal) if decimal.set.is_some() && keep(FactKind::Set) => {
            Type::Decimal(decimal.clone())
        }
        Type::Decimal(decimal) => Type::Decimal(Decimal {
            interval: Interval {
                low: decimal.interval.low.clone().filter(|_| keep(FactKind::Low)),
                high: decimal.interval.high.clone().filter(|_| keep(FactKind::High)),
            },
            grid: decimal.grid.clone().filter(|_| keep(FactKind::Grid)),
            set: None,
            wire: decimal.wire,
        }),
        Type::Bool { .. } if !keep(FactKind::Set) => Type::Bool { may_be_true: true, may_be_false: true },
        Type::List(list) => Type::List(Box::new(List {
            element: list.element.clone(),
            count: if keep(FactKind::Count) { list.count } else { Length::ANY },
            unique: false,
        })),
        other => other.clone(),
    };
    Slot { presence, value }
}

/// The tests for facts of a declared slot.
fn predicates(slot: &Slot, facts: &[FactKind]) -> Vec<Predicate> {
    let mut tests = Vec::new();
    for fact in facts {
        match (fact, &slot.value) {
            (FactKind::Present, _) => tests.push(Predicate::Present),
            (FactKind::MinLength, Type::Text(text)) => tests.push(Predicate::MinLength(text.length.min)),
            (FactKind::MaxLength, Type::Text(text)) => {
                tests.extend(text.length.max.map(Predicate::MaxLength));
            }
            (FactKind::Language, Type::Text(text)) => {
                tests.extend(text.languages.iter().map(|language| {
                    Predicate::InLanguage(language.clone(), "the form the source schema states".to_owned())
                }));
            }
            (FactKind::Set, Type::Text(text)) => {
                let values = text.set.iter().flat_map(|set| set.iter().cloned().map(Constant::Text));
                tests.push(Predicate::OneOf(values.collect()));
            }
            (FactKind::Set, Type::Decimal(decimal)) => {
                let values = decimal.set.iter().flat_map(|set| set.iter().cloned().map(Constant::Decimal));
                tests.push(Predicate::OneOf(values.collect()));
            }
            (FactKind::Set, Type::Bool { may_be_true, may_be_false }) => {
                let values = [(true, *may_be_true), (false, *may_be_false)];
                let allowed =
                    values.into_iter().filter(|(_, may)| *may).map(|(value, _)| Constant::Bool(value));
                tests.push(Predicate::OneOf(allowed.collect()));
            }
            (FactKind::Low, Type::Decimal(decimal)) => {
                tests.extend(
                    decimal
                        .interval
                        .low
                        .clone()
                        .map(|bound| Predicate::AtLeast { value: bound.value, inclusive: bound.inclusive }),
                );
            }
            (FactKind::High, Type::Decimal(decimal)) => {
                tests.extend(
                    decimal
                        .interval
                        .high
                        .clone()
                        .map(|bound| Predicate::AtMost { value: bound.value, inclusive: bound.inclusive }),
                );
            }
            (FactKind::Grid, Type::Decimal(decimal)) => {
                tests.extend(decimal.grid.clone().map(Predicate::OnGrid));
            }
            (FactKind::Count, Type::List(list)) => {
                tests.push(Predicate::Count { min: list.count.min, max: list.count.max });
            }
            _ => {}
        }
    }
    tests
}

/// Alternatives of one kind as one description that holds them all: texts or numbers of one written form.
pub(crate) fn as_one(value: Type) -> Type {
    let Type::Union(branches) = &value else { return value };
    let mut rest = branches.iter().cloned();
    let joined = rest.next().and_then(|first| {
        rest.try_fold(first, |whole, branch| match (&whole, &branch) {
            (Type::Text(one), Type::Text(two)) => Some(Type::Text(one.join(two))),
            (Type::Decimal(one), Type::Decimal(two)) if one.wire == two.wire => {
                Some(Type::Decimal(one.join(two)))
            }
            _ => None,
        })
    });
    joined.unwrap_or(value)
}

/// How a single value of that type is read; `None` when it is not a single value of one kind.
pub(crate) fn read_kind(value: &Type) -> Option<ReadKind> {
    match value {
        Type::Text(_) => Some(ReadKind::Text),
        Type::Decimal(decimal) => Some(ReadKind::Decimal(decimal.wire)),
        Type::Bool { .. } => Some(ReadKind::Bool),
        Type::Date(kind, Wire::Plain | Wire::DecimalText) => Some(ReadKind::Date(*kind)),
        _ => None,
    }
}

/// Names of the fields of a record, for suggestions.
pub(crate) fn field_names(schema: &LoadedSchema, record: &Type) -> Vec<Arc<str>> {
    match schema.resolve(record) {
        Type::Object(object) => object.fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// Steps of a path for [`LoadedSchema::describe`].
pub(crate) fn field_steps(path: &[Arc<str>]) -> impl Iterator<Item = Step> + '_ {
    path.iter().cloned().map(Step::Field)
}
