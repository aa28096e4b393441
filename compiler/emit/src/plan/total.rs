//! Sums and counts of output fields over the rows they are written in.

use mapc_check::typed::{Aggregate, Expression, ExpressionKind, FieldId, RowsId};

/// A sum of an output field, or a count, over some rows.
#[derive(Clone, Copy)]
pub(crate) struct Total<'map> {
    /// The rows.
    pub(crate) rows: RowsId,
    /// What is added up or counted: an output field; nothing when rows are counted.
    pub(crate) element: Option<&'map Expression>,
    /// A sum; otherwise a count.
    pub(crate) sums: bool,
}

impl<'map> Total<'map> {
    /// The total that an aggregate stands for.
    pub(crate) fn of(
        function: &Aggregate,
        rows: RowsId,
        element: Option<&'map Expression>,
    ) -> Option<Total<'map>> {
        let sums = match function {
            Aggregate::Sum => true,
            Aggregate::Count => false,
            _ => return None,
        };
        let total = Total { rows, element, sums };
        let is_field = total.field().is_some();
        (is_field || (element.is_none() && !sums)).then_some(total)
    }

    /// The output field.
    pub(crate) fn field(&self) -> Option<FieldId> {
        match self.element?.kind {
            ExpressionKind::Target(id) => Some(id),
            _ => None,
        }
    }

    /// Whether both are the same.
    pub(crate) fn is_same(&self, other: &Total<'_>) -> bool {
        self.rows == other.rows && self.sums == other.sums && self.field() == other.field()
    }
}
