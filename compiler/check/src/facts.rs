//! Flow typing: what a condition says about source values and `let` names. The source never changes, so nothing
//! is ever forgotten except at joins.

use std::collections::BTreeMap;
use std::sync::Arc;

use mapc_types::planted::{Lie, is_on};
use mapc_types::{Bound, Decimal, Definitions, Interval, Length, Presence, Slot, Text, Type};

use crate::typed::{Comparison, Constant, Expression, ExpressionKind, LetId, ScopeId, SourceFieldId};

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// A source value in a row.
    Read(ScopeId, SourceFieldId),
    /// A named value.
    Let(LetId),
}

/// What is known of one subject.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    /// Met with the declared slot.
    slot: Slot,
    /// Values it does not have. Kept apart: they only mean something against a finite set, and whether the declared
    /// set may be used is decided at the place of use.
    excluded: Vec<Constant>,
}

/// Narrowed slots; they are met with the declared ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    known: BTreeMap<Subject, Known>,
}

impl Facts {
    /// The slot of a subject under these facts.
    pub(crate) fn apply(&self, subject: Subject, declared: Slot) -> Slot {
        match self.known.get(&subject) {
            Some(known) => without(meet(&declared, &known.slot), &known.excluded),
            None => declared,
        }
    }

    /// True when a value of this expression is known not to be the constant.
    pub(crate) fn rule_out(&self, expression: &Expression, constant: &Constant) -> bool {
        subject(expression)
            .and_then(|subject| self.known.get(&subject))
            .is_some_and(|known| known.excluded.contains(constant))
    }

    fn add(&mut self, subject: Subject, slot: Slot) {
        let known = self.known.entry(subject).or_insert_with(unknown);
        known.slot = meet(&known.slot, &slot);
    }

    fn exclude(&mut self, subject: Subject, values: &[Constant]) {
        let known = self.known.entry(subject).or_insert_with(unknown);
        known.excluded.extend(values.iter().cloned());
    }

    /// Facts that hold whichever of both holds.
    fn join(&self, other: &Facts) -> Facts {
        let both = self.known.iter().filter_map(|(subject, left)| {
            let right = other.known.get(subject)?;
            let presence = left.slot.presence.or(right.slot.presence);
            let slot = Slot { presence, value: left.slot.value.join(&right.slot.value) };
            let excluded =
                left.excluded.iter().filter(|value| right.excluded.contains(value)).cloned().collect();
            Some((*subject, Known { slot, excluded }))
        });
        Facts { known: both.collect() }
    }

    /// These facts and what follows from `condition` being `truth`.
    pub(crate) fn with(&self, condition: &Expression, truth: bool) -> Facts {
        let mut next = self.clone();
        narrow(condition, truth, &mut next);
        next
    }
}

fn unknown() -> Known {
    Known { slot: Slot { presence: MAYBE, value: Type::Any }, excluded: Vec::new() }
}

fn meet(left: &Slot, right: &Slot) -> Slot {
    let presence = Presence {
        absent: left.presence.absent && right.presence.absent,
        null: left.presence.null && right.presence.null,
    };
    let value = match (&left.value, &right.value) {
        (Type::Any, other) | (other, Type::Any) => other.clone(),
        (a, b) => a.meet(b, &Definitions::new()),
    };
    Slot { presence, value }
}

/// What an expression that can be narrowed is about.
fn subject(expression: &Expression) -> Option<Subject> {
    match &expression.kind {
        ExpressionKind::Read { scope, field } => Some(Subject::Read(*scope, *field)),
        ExpressionKind::Let(id) => Some(Subject::Let(*id)),
        _ => None,
    }
}

fn present(value: Type) -> Slot {
    Slot { presence: Presence::REQUIRED, value }
}

const MAYBE: Presence = Presence { absent: true, null: true };

/// Everything that must have a value for this one to have one.
fn require(expression: &Expression, facts: &mut Facts) {
    if let Some(subject) = subject(expression) {
        facts.add(subject, present(Type::Any));
    }
    match &expression.kind {
        ExpressionKind::Negate(inner) | ExpressionKind::Call { input: inner, .. } => require(inner, facts),
        ExpressionKind::Arithmetic { left, right, .. } | ExpressionKind::Quotient { left, right, .. } => {
            require(left, facts);
            require(right, facts);
        }
        _ => {}
    }
}

fn narrow(condition: &Expression, truth: bool, facts: &mut Facts) {
    match &condition.kind {
        ExpressionKind::Not(inner) => narrow(inner, !truth, facts),
        ExpressionKind::And(left, right) if truth => {
            narrow(left, true, facts);
            narrow(right, true, facts);
        }
        ExpressionKind::Or(left, right) if !truth => {
            narrow(left, false, facts);
            narrow(right, false, facts);
        }
        ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) => {
            // the right side is only looked at when the left one did not decide
            let first = facts.with(left, truth);
            let second = facts.with(left, !truth).with(right, truth);
            let joined = if is_on(Lie::JoinKeepsFacts) { first } else { first.join(&second) };
            for (subject, known) in joined.known {
                facts.add(subject, known.slot);
                facts.exclude(subject, &known.excluded);
            }
        }
        ExpressionKind::Equal { left, right, negated } => equal(left, right, truth != *negated, facts),
        ExpressionKind::OneOf { subject: inner, values, negated } => {
            one_of(inner, values, truth != *negated, facts);
        }
        ExpressionKind::IsMissing { subject: inner, negated } => {
            if truth == *negated {
                require(inner, facts);
            } else if let Some(subject) = subject(inner) {
                facts.add(subject, Slot { presence: MAYBE, value: Type::Never });
            }
        }
        ExpressionKind::IsNull { subject: inner, negated } => {
            if let Some(subject) = subject(inner) {
                let slot = if truth == *negated {
                    Slot { presence: Presence::OPTIONAL, value: Type::Any }
                } else {
                    Slot { presence: Presence { absent: false, null: true }, value: Type::Never }
                };
                facts.add(subject, slot);
            }
        }
        ExpressionKind::LongerThan { subject: inner, length, negated } => {
            let longer = truth != *negated;
            let limits = if longer {
                Length::new(length.saturating_add(1), None)
            } else {
                Length::new(0, Some(*length))
            };
            let text = Type::Text(Text { length: limits, ..Text::any() });
            if longer {
                require(inner, facts);
            }
            if let Some(subject) = subject(inner) {
                facts.add(
                    subject,
                    Slot { presence: if longer { Presence::REQUIRED } else { MAYBE }, value: text },
                );
            }
        }
        ExpressionKind::Matches { subject: inner, language } if truth => {
            require(inner, facts);
            if let Some(subject) = subject(inner) {
                let text = Text { languages: vec![language.clone()], ..Text::any() };
                facts.add(subject, present(Type::Text(text)));
            }
        }
        ExpressionKind::Compare { operator, left, right } => compare(*operator, left, right, truth, facts),
        ExpressionKind::IsTrue(inner) => {
            if truth {
                require(inner, facts);
            }
            if let Some(subject) = subject(inner) {
                let value = Type::Bool { may_be_true: truth, may_be_false: !truth };
                facts.add(subject, Slot { presence: if truth { Presence::REQUIRED } else { MAYBE }, value });
            }
        }
        _ => {}
    }
}

fn equal(left: &Expression, right: &Expression, holds: bool, facts: &mut Facts) {
    if holds {
        require(left, facts);
        require(right, facts);
    }
    for (one, other) in [(left, right), (right, left)] {
        if let (Some(_), ExpressionKind::Constant(constant)) = (subject(one), &other.kind) {
            one_of(one, std::slice::from_ref(constant), holds, facts);
        }
    }
}

fn one_of(inner: &Expression, values: &[Constant], holds: bool, facts: &mut Facts) {
    if holds {
        require(inner, facts);
    }
    let Some(subject) = subject(inner) else { return };
    match (holds, constants_type(values)) {
        (true, Some(value)) => facts.add(subject, present(value)),
        (true, None) => {}
        (false, _) => facts.exclude(subject, values),
    }
}

/// The slot without these values, where its values are finitely many.
fn without(slot: Slot, excluded: &[Constant]) -> Slot {
    if excluded.is_empty() {
        return slot;
    }
    let value = match slot.value {
        Type::Text(Text { set: Some(set), length, languages }) => {
            let left = set.iter().filter(|value| !excluded.contains(&Constant::Text((*value).clone())));
            Type::Text(Text { set: Some(Arc::new(left.cloned().collect())), length, languages })
        }
        Type::Decimal(Decimal { set: Some(set), interval, grid, wire }) => {
            let left = set.iter().filter(|value| !excluded.contains(&Constant::Decimal((*value).clone())));
            Type::Decimal(Decimal { set: Some(Arc::new(left.cloned().collect())), interval, grid, wire })
        }
        Type::Decimal(mut decimal) => {
            // an end of the range that is excluded is open
            let Interval { low, high } = &mut decimal.interval;
            for bound in [low, high].into_iter().flatten() {
                bound.inclusive &= !excluded.contains(&Constant::Decimal(bound.value.clone()));
            }
            Type::Decimal(decimal)
        }
        Type::Bool { may_be_true, may_be_false } => Type::Bool {
            may_be_true: may_be_true && !excluded.contains(&Constant::Bool(true)),
            may_be_false: may_be_false && !excluded.contains(&Constant::Bool(false)),
        },
        other => other,
    };
    Slot { presence: slot.presence, value }
}

fn compare(operator: Comparison, left: &Expression, right: &Expression, truth: bool, facts: &mut Facts) {
    if truth {
        require(left, facts);
        require(right, facts);
    }
    for (one, other, mirrored) in [(left, right, false), (right, left, true)] {
        let (Some(subject), ExpressionKind::Constant(Constant::Decimal(value))) = (subject(one), &other.kind)
        else {
            continue;
        };
        // when the comparison is false the value may also be missing: it then says nothing about values
        // that are there only if the comparison failed for its value; a present value satisfies the opposite
        let (is_upper, inclusive) = match (operator, truth) {
            (Comparison::Less, true) | (Comparison::GreaterOrEqual, false) => (true, false),
            (Comparison::LessOrEqual, true) | (Comparison::Greater, false) => (true, true),
            (Comparison::Greater, true) | (Comparison::LessOrEqual, false) => (false, false),
            (Comparison::GreaterOrEqual, true) | (Comparison::Less, false) => (false, true),
        };
        let bound = Some(Bound { value: value.clone(), inclusive });
        let interval = if is_upper != mirrored {
            Interval { low: None, high: bound }
        } else {
            Interval { low: bound, high: None }
        };
        let value = Type::Decimal(Decimal { interval, ..Decimal::default() });
        let there = truth || is_on(Lie::FalseMeansPresent);
        facts.add(subject, Slot { presence: if there { Presence::REQUIRED } else { MAYBE }, value });
    }
}

/// The type of exactly these constants; `None` for mixed kinds or dates.
pub(crate) fn constants_type(values: &[Constant]) -> Option<Type> {
    match values.first()? {
        Constant::Text(_) => {
            let texts = values.iter().map(|value| match value {
                Constant::Text(text) => Some(text.clone()),
                _ => None,
            });
            Some(Type::Text(Text::of_set(texts.collect::<Option<Vec<_>>>()?)))
        }
        Constant::Decimal(_) => {
            let numbers = values.iter().map(|value| match value {
                Constant::Decimal(number) => Some(number.clone()),
                _ => None,
            });
            Some(Type::Decimal(Decimal::of_set(numbers.collect::<Option<Vec<_>>>()?)))
        }
        Constant::Bool(_) => Some(Type::Bool {
            may_be_true: values.contains(&Constant::Bool(true)),
            may_be_false: values.contains(&Constant::Bool(false)),
        }),
        Constant::Date(kind, _) => Some(Type::Date(*kind, mapc_types::Wire::Plain)),
    }
}
