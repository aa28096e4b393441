//! Choices between constants, written where they are made: conditions in order, and a table where the last ones ask one
//! text of the source.

use mapc_bytecode::{Failure, FragmentIndex, Instruction, Label};
use mapc_check::typed::{
    Arm, ArmWhen, Constant, Expression, ExpressionKind, ScopeId, SourceFieldId, ValueField,
};

use super::Encoder;
use super::expression::field_index;
use super::field::number_form;
use crate::plan::class::{constant_of, of_write};

/// Subject, arms and what else is written.
type Choose<'map> = (Option<&'map Expression>, &'map [Arm], Option<&'map Constant>);

/// A text of the source and the constants it is compared with.
type Asked<'map> = ((ScopeId, SourceFieldId), &'map [Constant]);

impl<'map> Encoder<'map> {
    /// Writes the constant of the first arm that applies.
    pub(super) fn put_choose(
        &mut self,
        fragment: FragmentIndex,
        field: &'map ValueField,
        (subject, arms, otherwise): Choose<'map>,
        over: Label,
    ) {
        let form = number_form(field.write);
        let asked: Vec<_> = arms.iter().map(|arm| self.asked(subject, arm)).collect();
        let last = asked.last().copied().flatten().map(|(read, _)| read);
        let same = |one: &&Option<Asked<'map>>| last.is_some() && one.map(|(read, _)| read) == last;
        let table_from = arms.len() - asked.iter().rev().take_while(same).count();
        let known = self.known.clone();
        let depth = self.depth;
        for Arm { when, then } in arms.get(..table_from).unwrap_or_default() {
            let next = self.code.label();
            match (when, subject) {
                (ArmWhen::Condition(condition), _) => self.jump_unless(condition, next),
                (ArmWhen::Values(values), Some(subject)) => {
                    let subject = self.operand(subject, of_write(field.write));
                    self.jump_unless_one_of(subject, values, next);
                }
                (ArmWhen::Values(_), None) => self.emit(Instruction::Jump { target: next }),
            }
            if let Some(constant) = constant_of(then) {
                self.put_constant(fragment, constant, form);
            }
            self.emit(Instruction::Jump { target: over });
            self.code.bind(next);
            // Every further condition is asked only when this one is false.
            if self.depth == depth {
                self.depth += 1;
            }
        }
        let mut rows = Vec::new();
        for (arm, asked) in arms.iter().zip(&asked).skip(table_from) {
            if let (Some(result), Some((_, keys))) = (constant_of(&arm.then), asked) {
                rows.extend(keys.iter().filter_map(|key| match key {
                    Constant::Text(key) => Some((key.as_str(), result)),
                    _ => None,
                }));
            }
        }
        match (last.filter(|_| !rows.is_empty()), otherwise) {
            (Some((scope, source)), _) => {
                let table = self.table_of_choices(of_write(field.write), &rows);
                let (cursor, source) = (self.cursor(scope), field_index(source));
                let otherwise = otherwise.map(|constant| self.constant(constant));
                self.emit(match otherwise {
                    Some(otherwise) => {
                        Instruction::CopyChoice { fragment, cursor, field: source, table, otherwise, form }
                    }
                    None => {
                        let failure = Failure::Jump(over);
                        Instruction::CopyCode { fragment, cursor, field: source, table, form, failure }
                    }
                });
            }
            (None, Some(constant)) => self.put_constant(fragment, constant, form),
            (None, None) => {}
        }
        self.depth = depth;
        self.known = known;
    }

    /// What the arm asks of a text of the source, if it asks nothing else.
    fn asked(&self, subject: Option<&'map Expression>, arm: &'map Arm) -> Option<Asked<'map>> {
        let (subject, values): (_, &[Constant]) = match &arm.when {
            ArmWhen::Values(values) => (subject?, values),
            ArmWhen::Condition(condition) => match &condition.kind {
                ExpressionKind::Equal { left, right, negated: false } => match (&left.kind, &right.kind) {
                    (_, ExpressionKind::Constant(constant)) => (left, std::slice::from_ref(constant)),
                    (ExpressionKind::Constant(constant), _) => (right, std::slice::from_ref(constant)),
                    _ => return None,
                },
                ExpressionKind::OneOf { subject, values, negated: false } => (subject, values),
                _ => return None,
            },
        };
        let read = self.plan.text_read(&subject.kind)?;
        values.iter().all(|value| matches!(value, Constant::Text(_))).then_some((read, values))
    }
}
