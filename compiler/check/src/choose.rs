//! `choose`: the first arm that applies. Each arm is checked under its own facts, the rest gets what is left.

use std::collections::BTreeSet;

use mapc_diagnostics::Code;
use mapc_grammar::tree;
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Presence, Slot, Type};

use crate::checker::{Checker, Environment};
use crate::condition::literal_span;
use crate::errors;
use crate::expression::{YES_NO, join, required};
use crate::typed::{Arm, ArmWhen, Constant, Expression, ExpressionKind, Fallback, ReasonId};

impl<'a> Checker<'a> {
    /// A choice.
    pub(crate) fn choose(&mut self, choose: &'a tree::Choose, environment: &Environment) -> Expression {
        let subject = choose.subject.as_ref().map(|subject| self.single(subject, environment));
        let mut rest = environment.clone();
        let mut arms = Vec::new();
        let mut slot: Option<Slot> = None;
        let mut seen: Vec<Constant> = Vec::new();
        for arm in &choose.arms {
            let (when, condition) = match (&arm.when, &subject) {
                (tree::ArmWhen::Values(literals), Some(subject)) => {
                    let mut values = Vec::new();
                    for literal in literals {
                        let span = literal_span(literal);
                        let Some(constant) = self.constant(literal) else { continue };
                        let Some(constant) = self.comparable_constant(subject, constant, span) else {
                            continue;
                        };
                        if seen.contains(&constant) {
                            self.say(errors::arm_twice(self.text(span), span));
                        }
                        seen.push(constant.clone());
                        values.push(constant);
                    }
                    let condition = Expression {
                        kind: ExpressionKind::OneOf {
                            subject: Box::new(subject.clone()),
                            values: values.clone(),
                            negated: false,
                        },
                        slot: required(YES_NO),
                        span: arm.span,
                    };
                    (ArmWhen::Values(values), condition)
                }
                (tree::ArmWhen::Condition(condition), None) => {
                    let condition = self.condition(condition, &rest);
                    (ArmWhen::Condition(condition.clone()), condition)
                }
                (tree::ArmWhen::Values(_), None) => {
                    self.say(errors::values_without_subject(arm.span));
                    continue;
                }
                (tree::ArmWhen::Condition(_), Some(_)) => {
                    self.say(errors::condition_with_subject(arm.span));
                    continue;
                }
            };
            let inside = rest.with_facts(rest.facts.with(&condition, true));
            let (then, given) = self.fallback(&arm.then, None, Code::R0302, &inside);
            add(&mut slot, given);
            arms.push(Arm { when, then });
            rest = rest.with_facts(rest.facts.with(&condition, false));
        }
        let otherwise = match &choose.otherwise {
            Some((fallback, _)) => {
                let (fallback, given) = self.fallback(fallback, None, Code::R0302, &rest);
                add(&mut slot, given);
                Some(fallback)
            }
            None => {
                let open = self.exhaustive(choose, subject.as_ref(), &seen);
                let missing = subject.as_ref().is_none_or(|subject| !subject.slot.presence.is_required());
                if missing && !is_on(Lie::ChoiceCoversMissing) {
                    add(&mut slot, Some(Slot { presence: Presence::OPTIONAL, value: Type::Never }));
                }
                // without a subject no arm is meant
                arms.extend(subject.as_ref().filter(|_| open.is_some()).map(crate::open::omit_missing));
                open.map(|reason| Fallback::Reject { reason, text: Vec::new() })
            }
        };
        let slot = slot.unwrap_or_else(|| required(Type::Never));
        Expression {
            kind: ExpressionKind::Choose { subject: subject.map(Box::new), arms, otherwise },
            slot,
            span: choose.span,
        }
    }

    /// Without `otherwise` every value of the subject must have an arm.
    fn exhaustive(
        &mut self,
        choose: &tree::Choose,
        subject: Option<&Expression>,
        seen: &[Constant],
    ) -> Option<ReasonId> {
        let left: Option<Vec<String>> = match subject.map(|subject| &subject.slot.value) {
            Some(Type::Any | Type::Never) => Some(Vec::new()),
            Some(Type::Text(text)) => text.set.as_ref().map(|set: &std::sync::Arc<BTreeSet<String>>| {
                set.iter()
                    .filter(|value| !seen.contains(&Constant::Text((*value).clone())))
                    .cloned()
                    .collect()
            }),
            Some(Type::Bool { may_be_true, may_be_false }) => Some(
                [(true, *may_be_true), (false, *may_be_false)]
                    .into_iter()
                    .filter(|(value, may)| *may && !seen.contains(&Constant::Bool(*value)))
                    .map(|(value, _)| value.to_string())
                    .collect(),
            ),
            _ => None,
        };
        match left {
            Some(left) if left.is_empty() => None,
            left => {
                let rule = self.rule_name();
                self.unanswered(errors::choose_not_exhaustive(choose.span, left.as_deref()), &rule)
            }
        }
    }
}

fn add(slot: &mut Option<Slot>, given: Option<Slot>) {
    *slot = match (slot.take(), given) {
        (Some(a), Some(b)) => Some(join(&a, &b)),
        (a, b) => a.or(b),
    };
}
