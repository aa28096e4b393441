//! The document as pieces: records of one field are folded into the keys in front of it, single values get a shape.

use mapc_bytecode::Class;
use mapc_check::typed::{
    Constant, Content, ExpressionKind, FieldId, FieldNode, ListBody, RecordBody, ScopeId, SourceFieldId,
};

use super::class::of_write;
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
            ExpressionKind::Call { function, input, arguments, .. } if function == "cut" => {
                match (self.text_read(&input.kind), arguments.as_slice()) {
                    (Some((scope, field)), [Constant::Decimal(length)]) => {
                        match u32::try_from(length.numer()) {
                            Ok(length) if length <= 1_000_000 => Shape::Cut { scope, field, length },
                            _ => Shape::Computed,
                        }
                    }
                    _ => Shape::Computed,
                }
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

    fn text_read(&self, kind: &ExpressionKind) -> Option<(ScopeId, SourceFieldId)> {
        match kind {
            ExpressionKind::Read { scope, field } => {
                let read = self.typed.source_fields.get(field.0)?.read;
                (super::class::of_read(read) == Class::Text).then_some((*scope, *field))
            }
            _ => None,
        }
    }
}
