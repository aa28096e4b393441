//! Which class of register an expression needs, and whether it may be null. Read off the expression itself.

use mapc_bytecode::{Class, natives};
use mapc_check::typed::{
    Aggregate, Arm, Constant, Expression, ExpressionKind, Fallback, FieldId, Operation, ReadKind,
    SourceFieldId, TableId, Write,
};

use mapc_types::Type;

use super::Plan;

impl Plan<'_> {
    /// Class of the value; `None` if there is never one.
    pub(crate) fn class(&self, expression: &Expression) -> Option<Class> {
        match &expression.kind {
            ExpressionKind::Missing => None,
            ExpressionKind::Constant(constant) => Some(of_constant(constant)),
            ExpressionKind::Read { field, .. } => self.class_of_field(*field),
            ExpressionKind::Let(id) => self.typed.lets.get(id.0).and_then(|named| self.class(&named.value)),
            ExpressionKind::Target(id) => self.target_class(*id),
            ExpressionKind::Template(_) | ExpressionKind::Xref { .. } => Some(Class::Text),
            ExpressionKind::Negate(_)
            | ExpressionKind::Arithmetic { .. }
            | ExpressionKind::Quotient { .. }
            | ExpressionKind::Position(_) => Some(Class::Number),
            ExpressionKind::Call { function, input, .. } => {
                let input = self.class(input)?;
                Some(natives::find(function, input).map_or(input, |native| native.output))
            }
            ExpressionKind::Lookup { table, .. } => Some(self.table_class(*table)),
            ExpressionKind::Aggregate { function, element, .. } => match function {
                Aggregate::Sum | Aggregate::Count => Some(Class::Number),
                Aggregate::Join(_) => Some(Class::Text),
                _ => element.as_deref().and_then(|element| self.class(element)),
            },
            ExpressionKind::Choose { arms, otherwise, .. } => {
                let arms = || arms.iter().map(|Arm { then, .. }| then).chain(otherwise);
                arms()
                    .filter(|fallback| gives_value(fallback))
                    .chain(arms())
                    .find_map(|fallback| self.fallback_class(fallback))
            }
            ExpressionKind::Else { value, fallback } => {
                let value_class = self.class(value);
                value_class
                    .filter(|_| value.slot.value != Type::Never || !gives_value(fallback))
                    .or_else(|| self.fallback_class(fallback))
                    .or(value_class)
            }
            ExpressionKind::Equal { .. }
            | ExpressionKind::OneOf { .. }
            | ExpressionKind::IsMissing { .. }
            | ExpressionKind::IsNull { .. }
            | ExpressionKind::LongerThan { .. }
            | ExpressionKind::Matches { .. }
            | ExpressionKind::Compare { .. }
            | ExpressionKind::IsTrue(_)
            | ExpressionKind::Not(_)
            | ExpressionKind::And(..)
            | ExpressionKind::Or(..) => Some(Class::Flag),
        }
    }

    /// Class of a source field.
    pub(crate) fn class_of_field(&self, field: SourceFieldId) -> Option<Class> {
        self.typed.source_fields.get(field.0).map(|field| of_read(field.read))
    }

    fn fallback_class(&self, fallback: &Fallback) -> Option<Class> {
        match fallback {
            Fallback::Value(value) => self.class(value),
            Fallback::Reject { .. } | Fallback::Wait { .. } | Fallback::Omit => None,
        }
    }

    /// Class of the final value of an output field.
    pub(crate) fn target_class(&self, id: FieldId) -> Option<Class> {
        let field = self.typed.fields.get(id.0)?;
        let class = self.class(&field.value).filter(|_| field.value.slot.value != Type::Never);
        class.or(Some(of_write(field.write)))
    }

    /// Class of the values of a table; of a table without values: text.
    pub(crate) fn table_class(&self, id: TableId) -> Class {
        let table = self.typed.tables.get(id.0);
        let value = table.and_then(|table| table.rows.iter().find_map(|(_, value)| value.as_ref()));
        value.map_or(Class::Text, of_constant)
    }

    /// Whether the value may be null.
    pub(crate) fn may_be_null(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::Read { field, .. } => {
                self.typed.source_fields.get(field.0).is_some_and(|field| field.nullable)
            }
            ExpressionKind::Let(id) => {
                self.typed.lets.get(id.0).is_some_and(|named| self.may_be_null(&named.value))
            }
            ExpressionKind::Target(id) => {
                self.typed.operation != Operation::Create
                    && self.typed.fields.get(id.0).is_some_and(|field| self.may_be_null(&field.value))
            }
            ExpressionKind::Call { input, .. } => self.may_be_null(input),
            ExpressionKind::Aggregate {
                function: Aggregate::First | Aggregate::Last | Aggregate::Only,
                element: Some(element),
                ..
            } => self.may_be_null(element),
            ExpressionKind::Choose { arms, otherwise, .. } => {
                let arms = arms.iter().map(|Arm { then, .. }| then);
                arms.chain(otherwise).any(|fallback| self.fallback_may_be_null(fallback))
            }
            ExpressionKind::Else { fallback, .. } => self.fallback_may_be_null(fallback),
            _ => false,
        }
    }

    fn fallback_may_be_null(&self, fallback: &Fallback) -> bool {
        matches!(fallback, Fallback::Value(value) if self.may_be_null(value))
    }
}

/// Whether there is ever a value: what is never there has the class of whatever it stands for.
fn gives_value(fallback: &Fallback) -> bool {
    matches!(fallback, Fallback::Value(value) if value.slot.value != Type::Never)
}

/// Class of a constant.
pub(crate) fn of_constant(constant: &Constant) -> Class {
    match constant {
        Constant::Text(_) => Class::Text,
        Constant::Decimal(_) => Class::Number,
        Constant::Bool(_) => Class::Flag,
        Constant::Date(..) => Class::Date,
    }
}

/// Class of what is read.
pub(crate) fn of_read(read: ReadKind) -> Class {
    match read {
        ReadKind::Text => Class::Text,
        ReadKind::Decimal(_) => Class::Number,
        ReadKind::Bool => Class::Flag,
        ReadKind::Date(_) => Class::Date,
    }
}

/// Class of what is written.
pub(crate) fn of_write(write: Write) -> Class {
    match write {
        Write::Text => Class::Text,
        Write::Number { .. } | Write::DecimalText => Class::Number,
        Write::Bool => Class::Flag,
        Write::Date(_) => Class::Date,
    }
}

/// The constant that an arm or an `else` gives, if it gives one.
pub(crate) fn constant_of(fallback: &Fallback) -> Option<&Constant> {
    let Fallback::Value(value) = fallback else { return None };
    match &value.kind {
        ExpressionKind::Constant(constant) => Some(constant),
        _ => None,
    }
}
