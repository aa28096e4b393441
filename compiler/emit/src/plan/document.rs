//! The document as pieces: records of one field are folded into the keys in front of it, single values get a shape.

use mapc_bytecode::Class;
use mapc_check::typed::{
    Arm, Constant, Content, Expression, ExpressionKind, Fallback, FieldId, FieldNode, ListBody, ReadKind,
    RecordBody, ScopeId, SourceFieldId,
};
use mapc_types::DateKind;

use super::class::{constant_of, of_constant, of_write};
use super::{Piece, Plan, RowBody, Shape};

/// Keys that one put may carry.
const DEEPEST_FOLD: usize = 16;

impl<'map> Plan<'map> {
    /// The fields of a record.
    pub(super) fn pieces(&self, body: &'map RecordBody) -> Vec<Piece<'map>> {
        body.fields.iter().map(|node| self.piece(node)).collect()
    }

    fn piece(&self, node: &'map FieldNode) -> Piece<'map> {
        let keys = vec![&*node.key];
        match &node.content {
            Content::Value(field) => Piece::Value { keys, field: *field, shape: self.shape(*field) },
            Content::Record { body, required } => {
                let mut pieces = self.pieces(body);
                match (pieces.pop(), *required, pieces.is_empty()) {
                    (Some(Piece::Value { keys: inner, field, shape }), required, true)
                        if inner.len() < DEEPEST_FOLD && (!required || self.is_always_written(field)) =>
                    {
                        Piece::Value { keys: [keys, inner].concat(), field, shape }
                    }
                    (last, required, _) => {
                        pieces.extend(last);
                        Piece::Record { keys, pieces, required }
                    }
                }
            }
            Content::List(list) => {
                let rows = match &list.body {
                    ListBody::Record(body) => RowBody::Record(self.pieces(body)),
                    ListBody::Value(field) => RowBody::Value { field: *field, shape: self.shape(*field) },
                };
                Piece::List { keys, list, rows }
            }
        }
    }

    fn shape(&self, id: FieldId) -> Shape<'map> {
        let Some(field) = self.typed.fields.get(id.0) else { return Shape::Computed };
        let kept = self.targets.get(id.0).is_some_and(|keep| keep.keep);
        if kept || !field.guards.is_empty() || self.class(&field.value) != Some(of_write(field.write)) {
            return Shape::Computed;
        }
        match &field.value.kind {
            ExpressionKind::Read { scope, field } => Shape::Copy { scope: *scope, field: *field },
            ExpressionKind::Constant(constant) => Shape::Constant(constant),
            ExpressionKind::Call { function, input, arguments, .. } => {
                self.call_shape(function, input, arguments).unwrap_or(Shape::Computed)
            }
            ExpressionKind::Choose { subject, arms, otherwise } => {
                self.choose_shape(subject.as_deref(), arms, otherwise.as_ref(), of_write(field.write))
            }
            ExpressionKind::Lookup { table, keys, failure } => {
                match keys.first().filter(|_| keys.len() == 1).and_then(|key| self.text_read(&key.kind)) {
                    Some((scope, field)) => Shape::Code { scope, field, table: *table, failure: *failure },
                    None => Shape::Computed,
                }
            }
            _ => Shape::Computed,
        }
    }

    /// A function of a read that has an instruction of its own.
    fn call_shape(&self, function: &str, input: &Expression, arguments: &[Constant]) -> Option<Shape<'map>> {
        if let ("written_date", ExpressionKind::Read { scope, field }) = (function, &input.kind) {
            let read = self.typed.source_fields.get(field.0)?.read;
            let shape = Shape::WrittenDate { scope: *scope, field: *field };
            return (read == ReadKind::Date(DateKind::Instant)).then_some(shape);
        }
        let (scope, field) = self.text_read(&input.kind)?;
        let [Constant::Decimal(length)] = arguments else { return None };
        let length = u32::try_from(length.numer()).ok().filter(|length| *length <= 1_000_000)?;
        match function {
            "cut" => Some(Shape::Cut { scope, field, length }),
            "start" => Some(Shape::Start { scope, field, length }),
            _ => None,
        }
    }

    /// Arms that give constants of the class, and what else there is.
    fn choose_shape(
        &self,
        subject: Option<&'map Expression>,
        arms: &'map [Arm],
        otherwise: Option<&'map Fallback>,
        class: Class,
    ) -> Shape<'map> {
        let constant = |fallback: &'map Fallback| constant_of(fallback).filter(|it| of_constant(it) == class);
        let subject_is_read = subject.is_none_or(|subject| self.text_read(&subject.kind).is_some());
        let otherwise = match otherwise {
            None | Some(Fallback::Omit) => None,
            Some(otherwise) => match constant(otherwise) {
                Some(constant) => Some(constant),
                None => return Shape::Computed,
            },
        };
        if subject_is_read && arms.iter().all(|arm| constant(&arm.then).is_some()) {
            Shape::Choose { subject, arms, otherwise }
        } else {
            Shape::Computed
        }
    }

    pub(crate) fn text_read(&self, kind: &ExpressionKind) -> Option<(ScopeId, SourceFieldId)> {
        match kind {
            ExpressionKind::Read { scope, field } => {
                let read = self.typed.source_fields.get(field.0)?.read;
                (super::class::of_read(read) == Class::Text).then_some((*scope, *field))
            }
            _ => None,
        }
    }
}
