//! Values, membership and random types for the tests of this crate. Shares no code with the comparisons.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use num_rational::BigRational;
use proptest::prelude::*;

use crate::fits::Definitions;
use crate::language::Language;
use crate::shape::{
    Bound, DateKind, Decimal, Interval, Length, List, Object, Presence, Rest, Slot, Text, Type, Wire,
};

/// A value as the model has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Null,
    Bool(bool),
    Number(BigRational),
    Text(String),
    List(Vec<Value>),
    Record(BTreeMap<String, Value>),
}

/// Is the value one of the type?
pub fn member(value: &Value, of: &Type, definitions: &Definitions) -> bool {
    match (of, value) {
        (Type::Named(name), _) => member(value, &definitions[name], definitions),
        (Type::Union(branches), _) => branches.iter().any(|branch| member(value, branch, definitions)),
        (_, Value::Null) | (Type::Never, _) => false,
        (Type::Any, _) => true,
        (Type::Bool { may_be_true, may_be_false }, Value::Bool(own)) => {
            if *own {
                *may_be_true
            } else {
                *may_be_false
            }
        }
        (Type::Text(text), Value::Text(own)) => text.contains(own),
        (Type::Date(kind, _), Value::Text(own)) => Language::of_date_kind(*kind).contains(own),
        (Type::Decimal(decimal), Value::Number(own)) => decimal.contains(own),
        (Type::List(list), Value::List(own)) => {
            let distinct = own.iter().collect::<std::collections::BTreeSet<_>>().len() == own.len();
            list.count.contains(own.len() as u64)
                && own.iter().all(|value| present(value, &list.element, definitions))
                && (distinct || !list.unique)
        }
        (Type::Object(object), Value::Record(own)) => {
            let declared = object.fields.iter().all(|(name, slot)| match own.get(&**name) {
                None => slot.presence.absent,
                Some(value) => present(value, slot, definitions),
            });
            let undeclared = own.iter().filter(|(name, _)| !object.fields.contains_key(name.as_str())).all(
                |(name, value)| match &object.rest {
                    Rest::Closed => false,
                    Rest::Open => true,
                    Rest::Typed(slot, names) => {
                        names.as_ref().is_none_or(|names| names.contains(name))
                            && present(value, slot, definitions)
                    }
                },
            );
            declared && undeclared && object.count.is_none_or(|count| count.contains(own.len() as u64))
        }
        _ => false,
    }
}

fn present(value: &Value, slot: &Slot, definitions: &Definitions) -> bool {
    if *value == Value::Null { slot.presence.null } else { member(value, &slot.value, definitions) }
}

/// A small generator of choices.
pub struct Choices(pub u64);

impl Choices {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }

    fn chance(&mut self) -> bool {
        self.below(2) == 0
    }
}

const NAMES: [&str; 4] = ["a", "b", "c", "zz"];

/// A random attempt at a value of the type; the caller tests membership.
pub fn attempt(of: &Type, definitions: &Definitions, choices: &mut Choices, depth: usize) -> Value {
    match of {
        Type::Named(name) => attempt(&definitions[name], definitions, choices, depth + 1),
        Type::Union(branches) => {
            attempt(&branches[choices.below(branches.len())], definitions, choices, depth + 1)
        }
        Type::Never => Value::Null,
        Type::Any => {
            let simple = [
                Value::Bool(true),
                Value::Number(BigRational::new(7.into(), 1_000.into())),
                Value::Text("\u{1f600}\n".into()),
                Value::List(vec![Value::Null, Value::Null]),
                Value::Record(BTreeMap::from([("a".into(), Value::Bool(false)), ("q".into(), Value::Null)])),
            ];
            simple[choices.below(simple.len())].clone()
        }
        Type::Bool { may_be_true, may_be_false } => {
            Value::Bool(if *may_be_true && *may_be_false { choices.chance() } else { *may_be_true })
        }
        Type::Text(text) => attempt_text(text, choices),
        Type::Date(kind, _) => Value::Text(
            match kind {
                DateKind::Date => ["2024-02-29", "0001-01-01", "9999-12-31"][choices.below(3)],
                DateKind::Time => ["00:00:00", "23:59:59.123456789"][choices.below(2)],
                DateKind::Local => ["2024-02-29T00:00:00", "9999-12-31T23:59:59.5"][choices.below(2)],
                DateKind::Instant => {
                    ["2024-02-29T00:00:00Z", "0001-01-01T23:59:59.5-23:59"][choices.below(2)]
                }
            }
            .into(),
        ),
        Type::Decimal(decimal) => attempt_number(decimal, choices),
        Type::List(list) => {
            let most = list.count.max.unwrap_or(list.count.min + 2).min(list.count.min + 3);
            let count =
                list.count.min + choices.below((most.saturating_sub(list.count.min) + 1) as usize) as u64;
            let count = if depth > 6 { list.count.min } else { count };
            let again = choices.chance();
            let mut elements: Vec<Value> = Vec::new();
            for _ in 0..count.min(12) {
                let next = match elements.first() {
                    Some(first) if again && !list.unique => first.clone(),
                    _ => attempt_slot(&list.element, definitions, choices, depth + 1),
                };
                elements.push(next);
            }
            Value::List(elements)
        }
        Type::Object(object) => {
            let mut fields = BTreeMap::new();
            let all = choices.below(3);
            for (name, slot) in &object.fields {
                let leave = slot.presence.absent && (depth > 6 || all == 0 || (all == 1 && choices.chance()));
                if !leave {
                    fields.insert(name.to_string(), attempt_slot(slot, definitions, choices, depth + 1));
                }
            }
            let extra = choices.below(7);
            let more = ["z", "z1", "z2", "z3"];
            for name in NAMES.iter().chain(&more).skip(choices.below(6)).take(extra) {
                if object.fields.contains_key(*name) {
                    continue;
                }
                match &object.rest {
                    Rest::Closed => {}
                    Rest::Open => {
                        fields.insert(
                            (*name).into(),
                            attempt_slot(&Slot::anything(), definitions, choices, depth + 1),
                        );
                    }
                    Rest::Typed(slot, _) => {
                        fields.insert((*name).into(), attempt_slot(slot, definitions, choices, depth + 1));
                    }
                }
            }
            Value::Record(fields)
        }
    }
}

fn attempt_slot(slot: &Slot, definitions: &Definitions, choices: &mut Choices, depth: usize) -> Value {
    if slot.presence.null && (depth > 6 || choices.below(3) == 0) {
        Value::Null
    } else {
        attempt(&slot.value, definitions, choices, depth)
    }
}

fn attempt_text(text: &Text, choices: &mut Choices) -> Value {
    if let Some(set) = &text.set {
        return Value::Text(set.iter().nth(choices.below(set.len())).cloned().unwrap_or_default());
    }
    let pool = pool();
    let from = choices.below(pool.len());
    let near = pool.iter().skip(from).chain(pool.iter().take(from)).find(|value| text.contains(value));
    Value::Text(near.cloned().unwrap_or_default())
}

/// Short texts of several alphabets, in no order of length.
fn pool() -> &'static [String] {
    static POOL: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    POOL.get_or_init(|| {
        let letters = ["A", "a", "0", "\u{1f600}", "\n", "B", "9"];
        let mut texts = vec![String::new()];
        let mut last = texts.clone();
        for _ in 0..3 {
            last = last.iter().flat_map(|text| letters.iter().map(move |c| format!("{text}{c}"))).collect();
            texts.extend(last.iter().cloned());
        }
        for count in 4..10 {
            for start in ["", "A", "a", "0"] {
                texts.extend(letters.iter().map(|letter| format!("{start}{}", letter.repeat(count))));
            }
        }
        // A fixed shuffle.
        let count = texts.len();
        (0..count).map(|at| texts[(at * 211 + 17) % count].clone()).collect()
    })
}

fn attempt_number(decimal: &Decimal, choices: &mut Choices) -> Value {
    let own = decimal.normalize();
    if let Some(set) = &own.set {
        let zero = BigRational::from_integer(0.into());
        return Value::Number(set.get(choices.below(set.len())).cloned().unwrap_or(zero));
    }
    let step = own.grid.clone().unwrap_or(BigRational::new(1.into(), 1_000.into()));
    let base = match (&own.interval.low, &own.interval.high, choices.chance()) {
        (Some(low), _, true) | (Some(low), None, _) => low.value.clone(),
        (_, Some(high), _) => high.value.clone(),
        _ => &step * BigRational::from_integer(1_000_000.into()),
    };
    let base = (base / &step).round() * &step;
    let offset = BigRational::from_integer((choices.below(9) as i64 - 4).into());
    Value::Number(base + offset * step)
}

/// Members of the type that were found.
pub fn members(of: &Type, definitions: &Definitions, seed: u64, tries: usize) -> Vec<Value> {
    let mut choices = Choices(seed);
    let found = (0..tries).map(|_| attempt(of, definitions, &mut choices, 0));
    found.filter(|value| member(value, of, definitions)).collect()
}

fn length() -> impl Strategy<Value = Length> {
    (0u64..4, prop::option::of(0u64..4)).prop_map(|(min, more)| Length::new(min, more.map(|more| min + more)))
}

fn text() -> impl Strategy<Value = Text> {
    let language = prop::sample::select(vec![
        "^[A-Z]*$",
        "^[0-9]+$",
        "^A",
        "a",
        "^(A|AA|a)$",
        "^[^0]*$",
        "^(AA)*$",
        "^.{0,2}$",
    ]);
    let languages = prop::collection::vec(language, 0..3);
    prop_oneof![
        2 => (length(), languages).prop_map(|(length, patterns)| Text {
            length,
            set: None,
            languages: patterns.into_iter().map(|pattern| Language::from_pattern(pattern).unwrap()).collect(),
        }),
        1 => prop::collection::vec(prop::sample::select(vec!["A", "AA", "a", "", "0", "B"]), 1..4).prop_map(Text::of_set::<&str>),
    ]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    let end = prop_oneof![Just(None), (-4i64..8, any::<bool>()).prop_map(Some)];
    let grid = prop::sample::select(vec![
        None,
        Some((1, 1)),
        Some((2, 1)),
        Some((3, 1)),
        Some((1, 2)),
        Some((1, 100)),
    ]);
    let whole = |value: i64| BigRational::from_integer(value.into());
    prop_oneof![
        3 => (end.clone(), end, grid).prop_map(move |(low, high, grid)| Decimal {
            interval: Interval {
                low: low.map(|(value, inclusive)| Bound { value: whole(value), inclusive }),
                high: high.map(|(value, inclusive)| Bound { value: whole(value), inclusive }),
            },
            grid: grid.map(|(n, d): (i64, i64)| BigRational::new(n.into(), d.into())),
            ..Decimal::default()
        }),
        1 => prop::collection::vec(-4i64..8, 1..4).prop_map(move |set| Decimal::of_set(set.into_iter().map(whole))),
    ]
}

fn presence() -> impl Strategy<Value = Presence> {
    (any::<bool>(), prop::bool::weighted(0.2)).prop_map(|(absent, null)| Presence { absent, null })
}

/// Random types, without names.
pub fn types() -> impl Strategy<Value = Type> {
    types_with(Vec::new())
}

/// Random types over these names.
pub fn types_with(names: Vec<&'static str>) -> impl Strategy<Value = Type> {
    let kind = prop::sample::select(vec![DateKind::Date, DateKind::Time, DateKind::Local, DateKind::Instant]);
    let plain = prop_oneof![
        1 => Just(Type::Never),
        1 => Just(Type::Any),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(may_be_true, may_be_false)| Type::Bool { may_be_true, may_be_false }),
        6 => text().prop_map(Type::Text),
        6 => decimal().prop_map(Type::Decimal),
        1 => kind.prop_map(|kind| Type::Date(kind, Wire::Plain)),
    ];
    let leaf = if names.is_empty() {
        plain.boxed()
    } else {
        prop_oneof![2 => plain, 1 => prop::sample::select(names).prop_map(|name| Type::Named(name.into()))]
            .boxed()
    };
    leaf.prop_recursive(3, 12, 3, |inner| {
        let slot = (presence(), inner.clone()).prop_map(|(presence, value)| Slot { presence, value }).boxed();
        let element = (prop::bool::weighted(0.2), inner.clone())
            .prop_map(|(null, value)| Slot { presence: Presence { absent: false, null }, value });
        let list = (element, length(), prop::bool::weighted(0.3))
            .prop_map(|(element, count, unique)| Type::List(Box::new(List { element, count, unique })));
        let fields = prop::collection::vec((prop::sample::select(NAMES.to_vec()), slot.clone()), 0..4);
        let rest = prop_oneof![
            3 => Just(Rest::Closed),
            2 => Just(Rest::Open),
            1 => (slot, prop::option::of(prop::sample::select(vec!["^[ab]$", "^z", "^[^c]*$"])))
                .prop_map(|(slot, names)| Rest::Typed(Box::new(slot), names.map(|names| Language::from_pattern(names).unwrap()))),
        ];
        let count = prop_oneof![4 => Just(None), 1 => length().prop_map(Some)];
        let record = (fields, rest, count).prop_map(|(fields, rest, count)| {
            let fields: IndexMap<Arc<str>, Slot> = fields.into_iter().map(|(name, slot)| (name.into(), slot)).collect();
            Type::Object(Arc::new(Object { fields, rest, count }))
        });
        prop_oneof![
            2 => list,
            4 => record,
            2 => prop::collection::vec(inner, 2..4).prop_map(|branches| {
                let flat: Vec<Type> = branches.into_iter().flat_map(|branch| match branch {
                    Type::Union(more) => more,
                    other => vec![other],
                }).collect();
                Type::Union(flat)
            }),
        ]
    })
}

/// A type near another: one edit somewhere.
pub fn edited(of: &Type, choices: &mut Choices) -> Type {
    match of {
        Type::Text(text) => {
            let mut text = text.clone();
            match (&text.set, choices.below(4)) {
                (Some(set), _) if set.len() > 1 => {
                    let dropped = set.iter().nth(choices.below(set.len())).cloned();
                    text.set = Some(Arc::new(
                        set.iter().filter(|value| Some(*value) != dropped.as_ref()).cloned().collect(),
                    ));
                }
                (_, 0) => text.length.max = text.length.max.map(|max| max + 1),
                (_, 1) => text.length.max = Some(text.length.max.unwrap_or(5).saturating_sub(1)),
                (_, 2) => text.length.min = text.length.min.saturating_sub(1),
                _ => {
                    text.languages.pop();
                }
            }
            Type::Text(text)
        }
        Type::Decimal(decimal) => {
            let mut decimal = decimal.clone();
            match choices.below(4) {
                0 => decimal.interval.low = None,
                1 => decimal.interval.high.iter_mut().for_each(|bound| bound.inclusive = !bound.inclusive),
                2 => decimal.grid = decimal.grid.map(|grid| grid * BigRational::from_integer(2.into())),
                _ => decimal.grid = decimal.grid.map(|grid| grid / BigRational::from_integer(2.into())),
            }
            Type::Decimal(decimal)
        }
        Type::List(list) => {
            let mut list = list.as_ref().clone();
            match choices.below(4) {
                0 => list.unique = !list.unique,
                1 => list.count.max = list.count.max.map(|max| max + 1),
                2 => list.element.presence.null = !list.element.presence.null,
                _ => list.element.value = edited(&list.element.value, choices),
            }
            Type::List(Box::new(list))
        }
        Type::Object(object) => {
            let mut object = object.as_ref().clone();
            let at = choices.below(object.fields.len());
            let slot = object.fields.get_index_mut(at).map(|(_, slot)| slot);
            match (slot, choices.below(7)) {
                (_, 0) => object.rest = Rest::Open,
                (_, 1) => object.rest = Rest::Closed,
                (_, 2) => object.count = None,
                (Some(slot), 3) => slot.presence.absent = !slot.presence.absent,
                (Some(slot), 4) => slot.presence.null = true,
                (Some(slot), _) => slot.value = edited(&slot.value, choices),
                _ => {}
            }
            Type::Object(Arc::new(object))
        }
        Type::Union(branches) => {
            let mut branches = branches.clone();
            let at = choices.below(branches.len());
            match choices.below(3) {
                0 => branches.reverse(),
                1 if branches.len() > 2 => {
                    branches.remove(at);
                }
                _ => branches[at] = edited(&branches[at].clone(), choices),
            }
            Type::Union(branches)
        }
        other => other.clone(),
    }
}
