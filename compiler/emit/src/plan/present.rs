//! Values that are always there, whatever the message says: seen from the expression alone, without any proof.

use mapc_check::typed::{
    Action, Aggregate, Arm, Expression, ExpressionKind, Fallback, FieldId, Predicate, TemplatePart,
};

use super::Plan;

impl Plan<'_> {
    /// Whether the field is written whenever the run gets past it.
    pub(super) fn is_always_written(&self, id: FieldId) -> bool {
        self.typed.fields.get(id.0).is_some_and(|field| {
            let mut actions = field.guards.iter().map(|guard| &guard.action).chain(&field.on_failure);
            field.when.is_none()
                && !actions.any(|action| matches!(action, Action::Omit))
                && self.is_always_present(&field.value)
        })
    }

    fn is_always_present(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::Constant(_) | ExpressionKind::Position(_) => true,
            // What is required may still be null where the schema allows it.
            ExpressionKind::Read { field, .. } => self
                .typed
                .source_fields
                .get(field.0)
                .is_some_and(|field| field.facts.contains(&Predicate::Present) && !field.nullable),
            ExpressionKind::Let(id) => {
                self.typed.lets.get(id.0).is_some_and(|named| self.is_always_present(&named.value))
            }
            ExpressionKind::Template(parts) => parts.iter().all(|part| match part {
                TemplatePart::Text(_) => true,
                TemplatePart::Hole(hole) => self.is_always_present(hole),
            }),
            ExpressionKind::Negate(operand) => self.is_always_present(operand),
            ExpressionKind::Arithmetic { left, right, .. } | ExpressionKind::Quotient { left, right, .. } => {
                self.is_always_present(left) && self.is_always_present(right)
            }
            ExpressionKind::Aggregate { function, .. } => {
                matches!(function, Aggregate::Sum | Aggregate::Count)
            }
            ExpressionKind::Choose { arms, otherwise: Some(otherwise), .. } => {
                let mut arms = arms.iter().map(|Arm { then, .. }| then);
                arms.all(|then| self.gives_value(then)) && self.gives_value(otherwise)
            }
            ExpressionKind::Else { fallback, .. } => self.gives_value(fallback),
            _ => false,
        }
    }

    /// A value, or the end of the run.
    fn gives_value(&self, fallback: &Fallback) -> bool {
        match fallback {
            Fallback::Value(value) => self.is_always_present(value),
            Fallback::Reject { .. } | Fallback::Wait { .. } => true,
            Fallback::Omit => false,
        }
    }
}
