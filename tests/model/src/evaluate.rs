//! Expressions, each by its own rule. Operands are evaluated left to right, all of them, before absence is looked at.

use mapc_check::typed::{
    Arm, ArmWhen, Comparison, Constant, Expression, ExpressionKind, Fallback, ReasonId, TableId, TemplatePart,
};

use crate::decimal::{Decimal, TooLong};
use crate::library::{self, Answer};
use crate::predicate;
use crate::run::{Run, Stop, shown};
use crate::source::{self, Refusal};
use crate::value::{Cell, Value};

impl Run<'_> {
    /// Gives value, absent or null, or stops.
    pub(crate) fn evaluate(&mut self, expression: &Expression) -> Result<Cell, Stop> {
        Ok(match &expression.kind {
            ExpressionKind::Constant(constant) => Cell::some(Value::constant(constant)),
            ExpressionKind::Missing => Cell::Absent,
            ExpressionKind::Read { scope, field } => {
                let field = self.entry(&self.typed.source_fields, field.0)?;
                source::read(field, self.row(*scope))
                    .map_err(|refusal| self.refused(refusal, field.source_reason))?
            }
            ExpressionKind::Let(id) => {
                let named = self.entry(&self.typed.lets, id.0)?;
                self.evaluate(&named.value)?
            }
            ExpressionKind::Target(field) => self.field(*field)?,
            ExpressionKind::Template(parts) => self.template(parts)?,
            ExpressionKind::Negate(operand) => {
                let operand = self.decimal(operand)?;
                Cell::some(operand.map(|number| Value::Decimal(number.negate())))
            }
            ExpressionKind::Arithmetic { operator, left, right, failure } => {
                self.arithmetic(left, right, *failure, |left, right| left.calculate(*operator, right))?
            }
            ExpressionKind::Quotient { left, right, scale, mode, failure } => {
                self.arithmetic(left, right, *failure, |left, right| {
                    left.divide(right, *scale as usize, *mode)
                })?
            }
            ExpressionKind::Call { function, input, arguments, failure } => {
                self.call(function, input, arguments, *failure)?
            }
            ExpressionKind::Lookup { table, keys, failure } => self.lookup(*table, keys, *failure)?,
            ExpressionKind::Xref { entity, key, source_reason } => self.xref(entity, key, *source_reason)?,
            ExpressionKind::Aggregate { function, rows, element, failure } => {
                self.aggregate(function, *rows, element.as_deref(), *failure)?
            }
            ExpressionKind::Position(scope) => {
                Cell::Value(Value::Decimal(Decimal::whole(self.position(*scope))))
            }
            ExpressionKind::Choose { subject, arms, otherwise } => {
                self.choose(subject.as_deref(), arms, otherwise.as_ref())?
            }
            ExpressionKind::Else { value, fallback } => {
                let value = self.evaluate(value)?;
                if value.is_missing() { self.fallback(fallback)? } else { value }
            }
            _ => Cell::Value(Value::Bool(self.test(expression)?)),
        })
    }

    /// A condition.
    fn test(&mut self, expression: &Expression) -> Result<bool, Stop> {
        Ok(match &expression.kind {
            ExpressionKind::Equal { left, right, negated } => {
                let (left, right) = (self.evaluate(left)?.value(), self.evaluate(right)?.value());
                let equal = left.zip(right).is_some_and(|(left, right)| left.equals(&right));
                equal != *negated
            }
            ExpressionKind::OneOf { subject, values, negated } => {
                let subject = self.evaluate(subject)?.value();
                subject.is_some_and(|subject| subject.is_one_of(values)) != *negated
            }
            ExpressionKind::IsMissing { subject, negated } => {
                self.evaluate(subject)?.is_missing() != *negated
            }
            ExpressionKind::IsNull { subject, negated } => {
                matches!(self.evaluate(subject)?, Cell::Null) != *negated
            }
            ExpressionKind::LongerThan { subject, length, negated } => {
                let subject = self.evaluate(subject)?.value();
                subject.is_some_and(|text| predicate::code_points(&text.text()) > *length) != *negated
            }
            ExpressionKind::Matches { subject, language } => {
                let subject = self.evaluate(subject)?.value();
                subject.is_some_and(|text| language.contains(&text.text()))
            }
            ExpressionKind::Compare { operator, left, right } => {
                let (left, right) = (self.evaluate(left)?.value(), self.evaluate(right)?.value());
                let order = left.zip(right).and_then(|(left, right)| left.compare(&right));
                order.is_some_and(|order| match operator {
                    Comparison::Less => order.is_lt(),
                    Comparison::LessOrEqual => order.is_le(),
                    Comparison::Greater => order.is_gt(),
                    Comparison::GreaterOrEqual => order.is_ge(),
                })
            }
            ExpressionKind::Not(condition) => !self.evaluate(condition)?.is_true(),
            ExpressionKind::And(left, right) => {
                self.evaluate(left)?.is_true() && self.evaluate(right)?.is_true()
            }
            ExpressionKind::Or(left, right) => {
                self.evaluate(left)?.is_true() || self.evaluate(right)?.is_true()
            }
            ExpressionKind::IsTrue(operand) => self.evaluate(operand)?.is_true(),
            // Everything else gives a value, and is answered above.
            _ => return Err(self.failure(None)),
        })
    }

    fn decimal(&mut self, operand: &Expression) -> Result<Option<Decimal>, Stop> {
        match self.evaluate(operand)? {
            Cell::Value(Value::Decimal(number)) => Ok(Some(number)),
            Cell::Value(_) => Err(self.failure(None)),
            Cell::Absent | Cell::Null => Ok(None),
        }
    }

    fn arithmetic(
        &mut self,
        left: &Expression,
        right: &Expression,
        failure: Option<ReasonId>,
        calculate: impl Fn(&Decimal, &Decimal) -> Result<Decimal, TooLong>,
    ) -> Result<Cell, Stop> {
        let (left, right) = (self.decimal(left)?, self.decimal(right)?);
        let Some((left, right)) = left.zip(right) else { return Ok(Cell::Absent) };
        let result = calculate(&left, &right).map_err(|TooLong| self.failure(failure))?;
        Ok(Cell::Value(Value::Decimal(result)))
    }

    fn template(&mut self, parts: &[TemplatePart]) -> Result<Cell, Stop> {
        let mut text = Some(String::new());
        for part in parts {
            let piece = match part {
                TemplatePart::Text(text) => Some(text.clone()),
                TemplatePart::Hole(hole) => self.evaluate(hole)?.value().map(|value| value.text()),
            };
            text = text.zip(piece).map(|(text, piece)| text + &piece);
        }
        Ok(Cell::some(text.map(Value::Text)))
    }

    fn call(
        &mut self,
        function: &str,
        input: &Expression,
        arguments: &[Constant],
        failure: Option<ReasonId>,
    ) -> Result<Cell, Stop> {
        let input = match self.evaluate(input)? {
            Cell::Value(value) => value,
            passed => return Ok(passed),
        };
        match library::call(function, &input, arguments, self.typed.zone.as_deref()) {
            Answer::Value(value) => Ok(Cell::Value(value)),
            Answer::Absent => Ok(Cell::Absent),
            Answer::Failed => Err(self.failure(failure)),
        }
    }

    fn lookup(
        &mut self,
        table: TableId,
        keys: &[Expression],
        failure: Option<ReasonId>,
    ) -> Result<Cell, Stop> {
        let table = self.entry(&self.typed.tables, table.0)?;
        let mut parts = Vec::new();
        for key in keys {
            parts.push(self.evaluate(key)?.value().map(|value| value.text()));
        }
        let Some(parts) = parts.into_iter().collect::<Option<Vec<String>>>() else { return Ok(Cell::Absent) };
        match table.rows.iter().find(|(keys, _)| *keys == parts) {
            Some((_, value)) => Ok(Cell::some(value.as_ref().and_then(Value::constant))),
            None => Err(self.failure(failure)),
        }
    }

    fn xref(&mut self, entity: &str, key: &Expression, source_reason: ReasonId) -> Result<Cell, Stop> {
        let Some(key) = self.evaluate(key)?.value() else { return Ok(Cell::Absent) };
        let Some(id) = self.context.xrefs.get(&(entity.to_owned(), key.text())) else {
            return Ok(Cell::Absent);
        };
        if !(1..=100).contains(&predicate::code_points(id)) {
            return Err(self.refused(Refusal::Source, source_reason));
        }
        Ok(Cell::Value(Value::Text(id.clone())))
    }

    fn choose(
        &mut self,
        subject: Option<&Expression>,
        arms: &[Arm],
        otherwise: Option<&Fallback>,
    ) -> Result<Cell, Stop> {
        let subject = match subject {
            Some(subject) => self.evaluate(subject)?.value(),
            None => None,
        };
        for arm in arms {
            let applies = match &arm.when {
                ArmWhen::Values(values) => subject.as_ref().is_some_and(|subject| subject.is_one_of(values)),
                ArmWhen::Condition(condition) => self.evaluate(condition)?.is_true(),
            };
            if applies {
                return self.fallback(&arm.then);
            }
        }
        otherwise.map_or(Ok(Cell::Absent), |otherwise| self.fallback(otherwise))
    }

    fn fallback(&mut self, fallback: &Fallback) -> Result<Cell, Stop> {
        match fallback {
            Fallback::Value(value) => self.evaluate(value),
            Fallback::Reject { reason, text } => Err(Stop::End(self.reject(*reason, text)?)),
            Fallback::Wait { reason, reference } => {
                let reference = match reference {
                    Some((entity, key)) => format!("{entity} {}", shown(self.evaluate(key)?)),
                    None => String::new(),
                };
                Err(Stop::End(crate::outcome::Outcome::Wait { reason: *reason, reference }))
            }
            Fallback::Omit => Ok(Cell::Absent),
        }
    }
}
