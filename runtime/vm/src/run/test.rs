//! Tests on values: comparisons, sets, languages, facts and guards.

use std::cmp::Ordering;

use mapc_bytecode::{Comparison, GuardIndex, LanguageIndex, Predicate, PredicateIndex, Register, SetIndex};

use super::{End, Run, texts};
use crate::calendar::Moment;
use crate::codes::is_same;
use crate::decimal::Decimal;
use crate::program::{Prepared, SetPlan};
use crate::text;
use crate::value::Span;

/// What a comparison says; `None` when a side is missing.
pub(super) fn answer(comparison: Comparison, order: Option<Ordering>) -> bool {
    let Some(order) = order else { return comparison == Comparison::NotEqual };
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

impl<'a> Run<'a> {
    fn set(&self, set: SetIndex) -> Option<&'a SetPlan> {
        let prepared: &'a Prepared = self.prepared;
        prepared.sets.get(set.index())
    }

    fn predicate(&self, index: PredicateIndex) -> Option<&'a Predicate> {
        let prepared: &'a Prepared = self.prepared;
        prepared.module.predicates.get(index.index())
    }

    pub(super) fn is_one_of(&self, subject: Register, set: SetIndex) -> bool {
        let Some(set) = self.set(set) else { return false };
        match subject {
            Register::Text(it) => self.text(it).value().is_some_and(|span| self.has_text(set, span)),
            Register::Number(it) => self.number(it).value().is_some_and(|number| has_number(set, number)),
            Register::Flag(it) => self.flag(it).value().is_some_and(|value| has_flag(set, value)),
            Register::Date(it) => self.date(it).value().is_some_and(|moment| has_date(set, moment)),
        }
    }

    #[inline(always)]
    fn has_text(&self, set: &SetPlan, span: Span) -> bool {
        let text = texts!(self).get(span);
        match set {
            SetPlan::Text(only) => is_same(texts!(self).get(*only), text),
            SetPlan::Texts(codes) => codes.find(text).is_some(),
            _ => false,
        }
    }

    pub(super) fn in_language(&self, language: LanguageIndex, span: Span) -> bool {
        let Some(language) = self.prepared.module.languages.get(language.index()) else { return false };
        let width = usize::from(language.class_count);
        let mut state = usize::from(language.start);
        for byte in texts!(self).get(span) {
            let class = language.classes.get(usize::from(*byte)).copied().unwrap_or_default();
            let next = language.transitions.get(state * width + usize::from(class));
            state = usize::from(next.copied().unwrap_or_default());
        }
        language.accepting.get(state).copied().unwrap_or_default()
    }

    pub(super) fn holds_on_text(&self, index: PredicateIndex, span: Span) -> bool {
        match self.predicate(index) {
            Some(Predicate::MinLength(length)) => text::at_least(texts!(self).get(span), *length),
            Some(Predicate::MaxLength(length)) => text::at_most(texts!(self).get(span), *length),
            Some(Predicate::InLanguage(language)) => self.in_language(*language, span),
            Some(Predicate::OneOf(set)) => self.set(*set).is_some_and(|set| self.has_text(set, span)),
            _ => true,
        }
    }

    pub(super) fn holds_on_number(&self, index: PredicateIndex, number: Decimal) -> bool {
        match self.predicate(index) {
            Some(Predicate::OneOf(set)) => self.set(*set).is_some_and(|set| has_number(set, number)),
            Some(Predicate::AtLeast { value, inclusive }) => match number.compare_ratio(*value) {
                Ordering::Less => false,
                Ordering::Equal => *inclusive,
                Ordering::Greater => true,
            },
            Some(Predicate::AtMost { value, inclusive }) => match number.compare_ratio(*value) {
                Ordering::Less => true,
                Ordering::Equal => *inclusive,
                Ordering::Greater => false,
            },
            Some(Predicate::OnGrid(grid)) => number.is_on_grid(*grid),
            _ => true,
        }
    }

    pub(super) fn holds_on_flag(&self, index: PredicateIndex, value: bool) -> bool {
        match self.predicate(index) {
            Some(Predicate::OneOf(set)) => self.set(*set).is_some_and(|set| has_flag(set, value)),
            _ => true,
        }
    }

    pub(super) fn holds_on_date(&self, index: PredicateIndex, moment: Moment) -> bool {
        match self.predicate(index) {
            Some(Predicate::OneOf(set)) => self.set(*set).is_some_and(|set| has_date(set, moment)),
            _ => true,
        }
    }

    /// Whether the value fits; a missing one does.
    pub(super) fn holds(&mut self, predicate: PredicateIndex, subject: Register) -> Result<bool, End> {
        Ok(match subject {
            Register::Text(it) => match self.text(it).value() {
                Some(span) => {
                    self.charge(span.length())?;
                    self.holds_on_text(predicate, span)
                }
                None => true,
            },
            Register::Number(it) => {
                self.number(it).value().is_none_or(|number| self.holds_on_number(predicate, number))
            }
            Register::Flag(it) => {
                self.flag(it).value().is_none_or(|value| self.holds_on_flag(predicate, value))
            }
            Register::Date(it) => {
                self.date(it).value().is_none_or(|moment| self.holds_on_date(predicate, moment))
            }
        })
    }

    /// Whether the open list fits; an empty one that is not required does.
    pub(super) fn list_holds(&mut self, predicate: PredicateIndex, required: bool) -> Result<bool, End> {
        let count = self.machine.document.count();
        if count == 0 && !required {
            return Ok(true);
        }
        Ok(match self.predicate(predicate) {
            Some(Predicate::Count { min, max }) => count >= *min && max.is_none_or(|max| count <= max),
            Some(Predicate::Unique) => {
                self.charge(usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(64))?;
                self.machine.document.is_unique()
            }
            _ => true,
        })
    }

    pub(super) fn count_guard(&mut self, guard: GuardIndex) {
        if let Some(count) = self.guards.get_mut(guard.index()) {
            *count = count.saturating_add(1);
        }
    }
}

fn has_number(set: &SetPlan, number: Decimal) -> bool {
    match set {
        SetPlan::Numbers(members) => members.binary_search_by(|member| member.compare(number)).is_ok(),
        _ => false,
    }
}

fn has_flag(set: &SetPlan, value: bool) -> bool {
    match set {
        SetPlan::Flags(no, yes) => {
            if value {
                *yes
            } else {
                *no
            }
        }
        _ => false,
    }
}

fn has_date(set: &SetPlan, moment: Moment) -> bool {
    match set {
        SetPlan::Dates(members) => {
            members.iter().any(|member| member.compare(moment) == Some(Ordering::Equal))
        }
        _ => false,
    }
}
