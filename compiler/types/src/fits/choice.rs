//! Comparing with a union: one branch that takes everything, or a split of the left side.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use num_rational::BigRational;

use super::{All, Comparison, Fit, Gap, PathStep};
use crate::language::Language;
use crate::operations::Kind;
use crate::shape::{Bound, Decimal, Interval, List, Object, Presence, Rest, Slot, Text, Type};

/// A record is split by a field with at most so many values.
const MAX_SPLIT: usize = 100;

/// Sorts of values as JSON tells them apart.
#[derive(PartialEq, Eq)]
enum Sort {
    Bool,
    Text,
    Number,
    List,
    Record,
    Any,
}

fn sort(value: &Type) -> Option<Sort> {
    Some(match value.kind() {
        Kind::Bool => Sort::Bool,
        Kind::Text | Kind::Date(_) => Sort::Text,
        Kind::Number => Sort::Number,
        Kind::List => Sort::List,
        Kind::Record => Sort::Record,
        Kind::Any | Kind::Named => Sort::Any,
        Kind::Never | Kind::Union => return None,
    })
}

impl Comparison<'_> {
    /// Is every value of `a` (no union, no name) a value of one of the branches?
    pub(super) fn choice(&mut self, a: &Type, branches: &[Type]) -> Fit {
        if matches!(a, Type::Any) {
            return self.anything(branches);
        }
        let mut flat = self.flatten(branches);
        let own = sort(a);
        let definitions = self.right;
        flat.retain(|branch| {
            let known = branch.resolve(definitions).unwrap_or(branch);
            let other = sort(known);
            let apart = match (a, known) {
                (Type::Object(record), Type::Object(other)) => are_disjoint(record, other),
                _ => false,
            };
            (other == own || other == Some(Sort::Any)) && !apart
        });
        let mut answers = Vec::new();
        for branch in &flat {
            // Every further branch multiplies the work below.
            self.steps += answers.len().saturating_mul(20);
            let answer = self.types(a, branch);
            if answer.is_yes() {
                return answer;
            }
            answers.push(answer);
        }
        match (flat.as_slice(), answers.pop()) {
            ([], _) => {
                let expected = Kind::Union;
                let answer = Fit::no(match a {
                    Type::Object(_) => Gap::NoBranch,
                    _ => Gap::Kind { found: a.kind(), expected },
                });
                self.unless_empty(a, answer)
            }
            // Only one branch can take any value of `a`: its answer is the answer.
            ([_], Some(only)) => only,
            _ => {
                let known = flat.iter().map(|branch| branch.resolve(definitions).unwrap_or(branch).clone());
                self.split(a, &known.collect::<Vec<_>>())
            }
        }
    }

    /// The branches without unions, `Never` and repetitions; a name of anything else stays a name. Every union is
    /// opened, however far away, so that comparing the branches always looks into the left side.
    fn flatten(&self, branches: &[Type]) -> Vec<Type> {
        let mut flat: Vec<Type> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut waiting: Vec<&Type> = branches.iter().rev().collect();
        while let Some(branch) = waiting.pop() {
            let mut known = branch;
            // A name is followed once; names that stand only for each other stand for nothing.
            let repeated = loop {
                match known {
                    Type::Named(name) if !seen.insert(name) => break true,
                    Type::Named(name) => match self.right.get(name) {
                        Some(next) => known = next,
                        None => break false,
                    },
                    _ => break false,
                }
            };
            match known {
                _ if repeated => {}
                Type::Union(more) => waiting.extend(more.iter().rev()),
                Type::Never => {}
                _ if flat.contains(branch) => {}
                _ => flat.push(branch.clone()),
            }
        }
        flat
    }

    /// Anything fits a union only if its branches cover every sort of value.
    fn anything(&mut self, branches: &[Type]) -> Fit {
        let sorts = [
            Type::bool(),
            Type::Text(Text::any()),
            Type::Decimal(Decimal::any()),
            Type::List(Box::new(List {
                element: Slot { presence: Presence { absent: false, null: true }, value: Type::Any },
                count: crate::shape::Length::ANY,
                unique: false,
            })),
            Type::Object(Arc::new(Object::default())),
        ];
        let mut all = All(Fit::Yes);
        for sort in &sorts {
            if !all.add(self.types(sort, &Type::Union(branches.to_vec()))) {
                break;
            }
        }
        all.0
    }

    /// Several branches may share the values of `a` among them.
    fn split(&mut self, a: &Type, branches: &[Type]) -> Fit {
        match a {
            Type::Bool { may_be_true, may_be_false } if *may_be_true && *may_be_false => {
                let halves =
                    [true, false].map(|value| Type::Bool { may_be_true: value, may_be_false: !value });
                self.each(&halves, branches)
            }
            Type::Text(text) => split_text(text, branches),
            Type::Date(kind, _) => split_text(&Text::in_language(Language::of_date_kind(*kind)), branches),
            Type::Decimal(decimal) => self.split_decimal(decimal, branches),
            Type::Object(record) => match split_record(record, branches) {
                Some(pieces) => self.each(&pieces, branches),
                None => {
                    let answer = self.shared_field(record, branches);
                    self.unless_empty(a, answer)
                }
            },
            Type::List(list) => {
                let answer = self.shared_element(list, branches);
                self.unless_empty(a, answer)
            }
            _ => Fit::unknown("several branches may take it"),
        }
    }

    /// A value of one field that no branch takes there refutes them all together: its other fields are free. (`record`
    /// has values; a refutation is one, anything else stays unknown.)
    fn shared_field(&mut self, record: &Object, branches: &[Type]) -> Fit {
        const OPEN: &str = "several branches may take it";
        let records: Vec<Arc<Object>> = branches.iter().filter_map(as_record).collect();
        if records.len() != branches.len() || record.count.is_some() {
            return Fit::unknown(OPEN);
        }
        let free = match &record.rest {
            Rest::Closed | Rest::Typed(_, Some(_)) => false,
            Rest::Open => true,
            Rest::Typed(slot, None) => slot.presence.null || self.has_values(&slot.value),
        };
        if free && records.iter().all(|other| matches!(other.rest, Rest::Closed)) {
            return Fit::no(Gap::UndeclaredFields).below(PathStep::Rest);
        }
        let others = records.iter().flat_map(|other| other.fields.keys());
        let names: BTreeSet<Arc<str>> = record.fields.keys().chain(others).cloned().collect();
        self.steps += names.len().saturating_mul(5);
        for name in names {
            let limits: Vec<Slot> = records.iter().map(|other| other.slot(&name)).collect();
            let slot = record.slot(&name);
            let answer = if slot.presence.absent && limits.iter().all(|limit| !limit.presence.absent) {
                Fit::no(Gap::MissingRequired(name.clone()))
            } else {
                self.shared_value(&slot, limits)
            };
            if matches!(answer, Fit::No(_)) {
                return answer.below(PathStep::Field(name));
            }
        }
        Fit::unknown(OPEN)
    }

    /// The same for an element; a list of one sort of elements only, so that it can stand in some list.
    fn shared_element(&mut self, list: &List, branches: &[Type]) -> Fit {
        let limits: Vec<Slot> = branches
            .iter()
            .filter_map(|branch| match branch {
                Type::List(other) => Some(other.element.clone()),
                _ => None,
            })
            .collect();
        let stands = list.count.max != Some(0) && (list.count.min <= 1 || !list.unique);
        if limits.len() == branches.len()
            && stands
            && let answer @ Fit::No(_) = self.shared_value(&list.element, limits)
        {
            return answer.below(PathStep::Element);
        }
        Fit::unknown("several branches may take it")
    }

    /// Null or a value that none of the places takes; `No` or `Unknown`.
    fn shared_value(&mut self, slot: &Slot, limits: Vec<Slot>) -> Fit {
        if slot.presence.null && limits.iter().all(|limit| !limit.presence.null) {
            return Fit::no(Gap::Null);
        }
        let values = limits.into_iter().map(|limit| limit.value).collect();
        match self.types(&slot.value, &Type::Union(values)) {
            Fit::Yes => Fit::unknown("several branches may take it"),
            other => other,
        }
    }

    /// Every piece must fit; a piece is smaller than what was split.
    fn each(&mut self, pieces: &[Type], branches: &[Type]) -> Fit {
        let mut all = All(Fit::Yes);
        let whole = Type::Union(branches.to_vec());
        self.steps += pieces.len().saturating_mul(20);
        for piece in pieces {
            if !all.add(self.types(piece, &whole)) {
                break;
            }
        }
        all.0
    }

    fn split_decimal(&mut self, a: &Decimal, branches: &[Type]) -> Fit {
        let limits: Vec<&Decimal> = branches
            .iter()
            .filter_map(|branch| match branch {
                Type::Decimal(limit) => Some(limit),
                _ => None,
            })
            .collect();
        if limits.len() != branches.len() {
            return Fit::unknown("several branches may take it");
        }
        if let Some(members) = a.members(crate::MAX_SET) {
            let fits = |value: &BigRational| limits.iter().any(|limit| limit.contains(value));
            let all = members.iter().all(fits);
            return if all { Fit::Yes } else { Fit::no(Gap::NoBranch) };
        }
        // Cut the left side at every end of a branch: a piece lies wholly inside or outside of each interval.
        let mut cuts: BTreeSet<BigRational> = BTreeSet::new();
        for limit in &limits {
            let ends = [&limit.interval.low, &limit.interval.high];
            cuts.extend(ends.into_iter().flatten().map(|bound| bound.value.clone()));
            if limit.set.is_some() {
                cuts.extend(limit.set.iter().flat_map(|set| set.iter().cloned()));
            }
        }
        let mut all = All(Fit::Yes);
        for piece in pieces_between(&cuts) {
            let part = a.meet(&Decimal::in_interval(piece));
            if part.is_empty() {
                continue;
            }
            let open: Vec<&&Decimal> = limits.iter().filter(|limit| !limit.meet(&part).is_empty()).collect();
            let taken = open.iter().any(|limit| crate::gaps::decimal_gaps(&part, limit).is_empty());
            if taken {
                continue;
            }
            let answer = match open.len() {
                0 | 1 => Fit::no(Gap::NoBranch),
                _ => Fit::unknown("several branches may take it"),
            };
            if !all.add(answer) {
                break;
            }
        }
        all.0
    }
}

fn as_record(branch: &Type) -> Option<Arc<Object>> {
    match branch {
        Type::Object(record) => Some(record.clone()),
        _ => None,
    }
}

/// The points and the open intervals between them, over all numbers.
fn pieces_between(cuts: &BTreeSet<BigRational>) -> Vec<Interval> {
    let mut pieces = Vec::new();
    let mut low: Option<Bound> = None;
    for cut in cuts {
        pieces.push(Interval { low: low.take(), high: Some(Bound::exclusive(cut.clone())) });
        let point = Bound::inclusive(cut.clone());
        pieces.push(Interval { low: Some(point.clone()), high: Some(point) });
        low = Some(Bound::exclusive(cut.clone()));
    }
    pieces.push(Interval { low, high: None });
    pieces
}

fn split_text(a: &Text, branches: &[Type]) -> Fit {
    let limits: Option<Vec<Text>> = branches
        .iter()
        .map(|branch| match branch {
            Type::Text(limit) => Some(limit.clone()),
            Type::Date(kind, _) => Some(Text::in_language(Language::of_date_kind(*kind))),
            _ => None,
        })
        .collect();
    let Some(limits) = limits else {
        return Fit::unknown("several branches may take it");
    };
    if let Some(set) = &a.normalize().set {
        let fits = |value: &String| limits.iter().any(|limit| limit.contains(value));
        return if set.iter().all(fits) { Fit::Yes } else { Fit::no(Gap::NoBranch) };
    }
    let mut rest = match a.exact_language() {
        Some(whole) => whole,
        None => return Fit::unknown("patterns too large to compare"),
    };
    for limit in &limits {
        let Some(left) = limit.exact_language().and_then(|taken| rest.difference(&taken)) else {
            return Fit::unknown("patterns too large to compare");
        };
        rest = left;
    }
    if rest.is_empty() { Fit::Yes } else { Fit::no(Gap::NoBranch) }
}

/// The values of a slot one by one, if they are few and it is always there.
fn values(slot: &Slot) -> Option<Vec<Type>> {
    if !slot.presence.is_required() {
        return None;
    }
    match &slot.value {
        Type::Bool { may_be_true: true, may_be_false: true } => {
            Some([true, false].map(|value| Type::Bool { may_be_true: value, may_be_false: !value }).to_vec())
        }
        Type::Text(text) => {
            let set = text.normalize().set?;
            let split = (2..=MAX_SPLIT).contains(&set.len());
            split.then(|| set.iter().map(|value| Type::Text(Text::constant(value))).collect())
        }
        Type::Decimal(decimal) => {
            let set = decimal.normalize().set?;
            let split = (2..=MAX_SPLIT).contains(&set.len());
            split.then(|| set.iter().map(|value| Type::Decimal(Decimal::constant(value.clone()))).collect())
        }
        _ => None,
    }
}

/// The record once per value of the first field that tells branches apart.
fn split_record(record: &Object, branches: &[Type]) -> Option<Vec<Type>> {
    let tells_apart = |name: &Arc<str>, values: &[Type]| {
        branches.iter().any(|branch| match branch {
            Type::Object(other) => {
                let limit = other.slot(name);
                values.iter().any(|value| are_apart(value, &limit.value))
            }
            _ => false,
        })
    };
    let (name, values) = record
        .fields
        .iter()
        .filter_map(|(name, slot)| Some((name, values(slot)?)))
        .find(|(name, values)| tells_apart(name, values))?;
    let piece = |value: Type| {
        let mut fields = record.fields.clone();
        fields.insert(name.clone(), Slot::required(value));
        Type::Object(Arc::new(Object { fields, rest: record.rest.clone(), count: record.count }))
    };
    Some(values.into_iter().map(piece).collect())
}

/// Two single values that surely have nothing in common.
fn are_apart(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Text(one), Type::Text(two)) => one.meet(two).is_empty(),
        (Type::Decimal(one), Type::Decimal(two)) => one.meet(two).is_empty(),
        (Type::Bool { may_be_true: a, may_be_false: b }, Type::Bool { may_be_true: c, may_be_false: d }) => {
            !((*a && *c) || (*b && *d))
        }
        (Type::Any | Type::Named(_) | Type::Union(_), _)
        | (_, Type::Any | Type::Named(_) | Type::Union(_)) => false,
        (Type::Never, _) | (_, Type::Never) => true,
        _ => sort(left) != sort(right),
    }
}

/// No record is a value of both: a field that one requires is apart, or not there, in the other.
fn are_disjoint(left: &Object, right: &Object) -> bool {
    let apart = |one: &Object, two: &Object| {
        one.fields.iter().any(|(name, slot)| {
            let other = two.slot(name);
            let both_empty = slot.presence.absent || (slot.presence.null && other.presence.null);
            !both_empty && are_apart(&slot.value, &other.value)
        })
    };
    let names_nothing = |object: &Object| matches!(object.rest, Rest::Closed) && object.fields.is_empty();
    (!names_nothing(left) && apart(left, right)) || (!names_nothing(right) && apart(right, left))
}
