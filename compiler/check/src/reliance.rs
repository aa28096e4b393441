//! Which facts of the source a proof really needs. A fact that can be dropped without changing what is guarded, what
//! can fail and what may be absent is not relied on, and so is not tested at run time.

use mapc_types::Presence;

use crate::checker::{Checker, Environment};
use crate::source::{Assumed, FactKind, Place};
use crate::typed::{
    ArmWhen, Expression, ExpressionKind, Fallback, LetId, ReasonId, RowSource, RowsId, TemplatePart,
};

/// What must not change when a fact is dropped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// Reasons that the expression may end with.
    pub(crate) reasons: Vec<ReasonId>,
    /// Presence of the result.
    pub(crate) presence: Presence,
    /// Anything else: the guards in words.
    pub(crate) guards: Vec<String>,
}

impl<'a> Checker<'a> {
    /// Checks an expression whose result is used as it is (a gate, a `let`): only failures and presence count.
    pub(crate) fn settle(
        &mut self,
        environment: &Environment,
        work: impl Fn(&mut Self, &Environment) -> Expression,
    ) -> Expression {
        self.settle_with(
            |checker| work(checker, environment),
            |checker, value| Outcome {
                reasons: checker.reasons_of(value),
                presence: value.slot.presence,
                guards: Vec::new(),
            },
            |value| vec![value],
            &[],
        )
    }

    /// Runs `work` under as few facts as give the same outcome, and records those facts as relied on. `parts` gives
    /// the expressions of the result, to find what it reads; `also` names places that the work looks at besides.
    pub(crate) fn settle_with<R>(
        &mut self,
        work: impl Fn(&mut Self) -> R,
        outcome: impl Fn(&Self, &R) -> Outcome,
        parts: impl Fn(&R) -> Vec<&Expression>,
        also: &[Place],
    ) -> R {
        let before = self.errors();
        let start = (self.scopes.len(), self.rows.len());
        let value = work(self);
        if self.errors() > before || !matches!(self.assumed, Assumed::All) {
            return value;
        }
        let wanted = outcome(self, &value);
        let mut places = also.to_vec();
        for part in parts(&value) {
            self.places_of(part, &mut places);
        }
        places.sort();
        places.dedup();
        let facts: Vec<(Place, FactKind)> = places
            .iter()
            .flat_map(|place| self.book.declared(*place).into_iter().map(move |fact| (*place, fact)))
            .collect();
        // all at once first: most lines rely on nothing
        let mut dropped = Vec::new();
        if self.same(&work, &outcome, &facts, &wanted) {
            dropped = facts.clone();
        } else {
            for fact in &facts {
                let mut next = dropped.clone();
                next.push(*fact);
                if self.same(&work, &outcome, &next, &wanted) {
                    dropped = next;
                }
            }
        }
        for (place, fact) in facts {
            if !dropped.contains(&(place, fact)) {
                self.book.rely(place, [fact]);
            }
        }
        // the result itself may only promise what was relied on; people are told what the schema as a whole says
        self.scopes.truncate(start.0);
        self.rows.truncate(start.1);
        let said = self.diagnostics.len();
        self.assumed = Assumed::AllBut(dropped);
        let value = work(self);
        self.assumed = Assumed::All;
        self.diagnostics.truncate(said);
        value
    }

    /// Does dropping these facts leave the outcome as it is?
    fn same<R>(
        &mut self,
        work: &impl Fn(&mut Self) -> R,
        outcome: &impl Fn(&Self, &R) -> Outcome,
        dropped: &[(Place, FactKind)],
        wanted: &Outcome,
    ) -> bool {
        let (got, diagnostics) = self.trial(Assumed::AllBut(dropped.to_vec()), |checker| {
            let value = work(checker);
            outcome(checker, &value)
        });
        !diagnostics.iter().any(mapc_diagnostics::Diagnostic::is_error) && got == *wanted
    }

    /// Reasons that evaluating an expression may end with, except those of reads.
    pub(crate) fn reasons_of(&self, expression: &Expression) -> Vec<ReasonId> {
        let mut found = Vec::new();
        self.visit(expression, &mut |inner| {
            let reason = match &inner.kind {
                ExpressionKind::Arithmetic { failure, .. }
                | ExpressionKind::Quotient { failure, .. }
                | ExpressionKind::Call { failure, .. }
                | ExpressionKind::Lookup { failure, .. }
                | ExpressionKind::Aggregate { failure, .. } => *failure,
                _ => None,
            };
            found.extend(reason);
        });
        found.sort();
        found.dedup();
        found
    }

    /// Source places that an expression reads, through `let` names and rows.
    pub(crate) fn places_of(&self, expression: &Expression, found: &mut Vec<Place>) {
        self.visit(expression, &mut |inner| match &inner.kind {
            ExpressionKind::Read { field, .. } => found.push(Place::Field(*field)),
            ExpressionKind::Aggregate { rows, .. } => {
                if let Some(RowSource::List { list, .. }) = self.rows.get(rows.0).map(|rows| rows.source) {
                    found.push(Place::List(list));
                }
            }
            _ => {}
        });
    }

    /// Calls `found` for every expression inside, through `let` names (each once) and rows but not through output
    /// fields.
    pub(crate) fn visit<'e>(&'e self, expression: &'e Expression, found: &mut dyn FnMut(&'e Expression)) {
        self.visit_inside(expression, &mut Vec::new(), found);
    }

    fn visit_inside<'e>(
        &'e self,
        expression: &'e Expression,
        seen: &mut Vec<LetId>,
        found: &mut dyn FnMut(&'e Expression),
    ) {
        found(expression);
        match &expression.kind {
            ExpressionKind::Constant(_)
            | ExpressionKind::Missing
            | ExpressionKind::Read { .. }
            | ExpressionKind::Target(_)
            | ExpressionKind::Position(_) => {}
            ExpressionKind::Let(id) => {
                // names made of names: each is looked at once
                if let Some(known) = self.lets.get(id.0).filter(|_| !seen.contains(id)) {
                    seen.push(*id);
                    self.visit_inside(&known.value, seen, found);
                }
            }
            ExpressionKind::Template(parts) => self.visit_template(parts, seen, found),
            ExpressionKind::Negate(inner) | ExpressionKind::IsTrue(inner) | ExpressionKind::Not(inner) => {
                self.visit_inside(inner, seen, found);
            }
            ExpressionKind::Arithmetic { left, right, .. }
            | ExpressionKind::Quotient { left, right, .. }
            | ExpressionKind::Equal { left, right, .. }
            | ExpressionKind::Compare { left, right, .. }
            | ExpressionKind::And(left, right)
            | ExpressionKind::Or(left, right) => {
                self.visit_inside(left, seen, found);
                self.visit_inside(right, seen, found);
            }
            ExpressionKind::Call { input, .. } => self.visit_inside(input, seen, found),
            ExpressionKind::Lookup { keys, .. } => {
                for key in keys {
                    self.visit_inside(key, seen, found);
                }
            }
            ExpressionKind::Xref { key, .. } => self.visit_inside(key, seen, found),
            ExpressionKind::Aggregate { rows, element, .. } => {
                self.visit_rows(*rows, seen, found);
                if let Some(element) = element {
                    self.visit_inside(element, seen, found);
                }
            }
            ExpressionKind::Choose { subject, arms, otherwise } => {
                if let Some(subject) = subject {
                    self.visit_inside(subject, seen, found);
                }
                for arm in arms {
                    if let ArmWhen::Condition(condition) = &arm.when {
                        self.visit_inside(condition, seen, found);
                    }
                    self.visit_fallback(&arm.then, seen, found);
                }
                if let Some(otherwise) = otherwise {
                    self.visit_fallback(otherwise, seen, found);
                }
            }
            ExpressionKind::Else { value, fallback } => {
                self.visit_inside(value, seen, found);
                self.visit_fallback(fallback, seen, found);
            }
            ExpressionKind::OneOf { subject, .. }
            | ExpressionKind::IsMissing { subject, .. }
            | ExpressionKind::IsNull { subject, .. }
            | ExpressionKind::LongerThan { subject, .. }
            | ExpressionKind::Matches { subject, .. } => self.visit_inside(subject, seen, found),
        }
    }

    fn visit_rows<'e>(&'e self, rows: RowsId, seen: &mut Vec<LetId>, found: &mut dyn FnMut(&'e Expression)) {
        let Some(rows) = self.rows.get(rows.0) else { return };
        for part in rows.filter.iter().chain(rows.group.iter()).chain(rows.sort.iter().map(|sort| &sort.key))
        {
            self.visit_inside(part, seen, found);
        }
    }

    fn visit_template<'e>(
        &'e self,
        parts: &'e [TemplatePart],
        seen: &mut Vec<LetId>,
        found: &mut dyn FnMut(&'e Expression),
    ) {
        for part in parts {
            if let TemplatePart::Hole(hole) = part {
                self.visit_inside(hole, seen, found);
            }
        }
    }

    fn visit_fallback<'e>(
        &'e self,
        fallback: &'e Fallback,
        seen: &mut Vec<LetId>,
        found: &mut dyn FnMut(&'e Expression),
    ) {
        match fallback {
            Fallback::Value(value) => self.visit_inside(value, seen, found),
            Fallback::Reject { text, .. } => self.visit_template(text, seen, found),
            Fallback::Wait { reference, .. } => {
                if let Some((_, key)) = reference {
                    self.visit_inside(key, seen, found);
                }
            }
            Fallback::Omit => {}
        }
    }
}
