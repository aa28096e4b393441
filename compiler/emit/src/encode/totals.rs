//! Sums and counts over the rows of a list of the document: added up while the rows are written, where that gives the same
//! as a walk of its own later. An addition that fails is left to that walk, so that the run ends where the map says.

use mapc_bytecode::{Class, Failure, FlagRegister, Instruction, NumberRegister, Register};
use mapc_check::typed::{Aggregate, Expression, FieldId, ListNode, RowsId};

use super::Encoder;
use super::kept::KeptId;
use crate::plan::{Piece, RowBody, Total};

/// A total that is added up.
#[derive(Clone, Copy)]
pub(super) struct Adding<'map> {
    total: Total<'map>,
    register: NumberRegister,
    /// An addition failed.
    lost: FlagRegister,
}

impl<'map> Encoder<'map> {
    /// Sets up the totals that the rows of a list can add up.
    pub(super) fn start_totals(
        &mut self,
        list: &'map ListNode,
        rows: &'map RowBody<'map>,
    ) -> Vec<Adding<'map>> {
        // Only rows that are written once, and on every way to what follows.
        if self.depth > 0 || list.when.is_some() {
            return Vec::new();
        }
        let mut fields = Vec::new();
        match rows {
            RowBody::Record(pieces) => fields_of(pieces, &mut fields),
            RowBody::Value { field, .. } => fields.push(*field),
        }
        let fits = |total: &&Total<'map>| {
            total.rows == list.rows && total.field().is_none_or(|field| fields.contains(&field))
        };
        let plan = self.plan;
        let mut adding = Vec::new();
        for total in plan.totals.iter().filter(fits) {
            let (register, lost) = (self.registers.number(), self.registers.flag());
            self.load(&super::rows::zero(), register.into());
            if total.sums {
                self.emit(Instruction::LoadFlag { into: lost, value: false });
            }
            adding.push(Adding { total: *total, register, lost });
        }
        adding
    }

    /// Behind a written row: adds it. Totals of fields that are not at hand are dropped.
    pub(super) fn add_row(&mut self, adding: &mut Vec<Adding<'map>>) {
        adding.retain(|one| match one.total.field() {
            None => true,
            Some(field) => {
                let cheap = self.plan.targets.get(field.0).is_some_and(|keep| keep.cheap);
                cheap || self.known.contains(&KeptId::Target(field))
            }
        });
        for Adding { total, register, lost } in adding.iter().copied() {
            let mark = self.registers.mark();
            match total.element {
                Some(element) if total.sums => {
                    let value = self.number_operand(element);
                    let (fails, next) = (self.code.label(), self.code.label());
                    let failure = Failure::Jump(fails);
                    self.emit(Instruction::Accumulate { sum: register, value, failure });
                    self.emit(Instruction::Jump { target: next });
                    self.code.bind(fails);
                    self.emit(Instruction::LoadFlag { into: lost, value: true });
                    self.code.bind(next);
                }
                Some(element) => {
                    let value = self.operand(element, Class::Text);
                    self.emit(Instruction::CountValue { count: register, value });
                }
                None => self.emit(Instruction::CountRow { count: register }),
            }
            self.registers.release(mark);
        }
    }

    /// The total that was added up for this sum or count.
    pub(super) fn total(
        &self,
        function: &Aggregate,
        rows: RowsId,
        element: Option<&Expression>,
    ) -> Option<Adding<'map>> {
        let wanted = Total::of(function, rows, element)?;
        self.totals.iter().find(|one| one.total.is_same(&wanted)).copied()
    }

    /// The total that was added up, or what `walk` makes of the rows when that failed.
    pub(super) fn take_total(
        &mut self,
        adding: Adding<'map>,
        into: Register,
        walk: impl FnOnce(&mut Encoder<'map>),
    ) {
        self.emit(Instruction::Move { into, from: adding.register.into() });
        if adding.total.sums {
            let over = self.code.label();
            self.emit(Instruction::JumpUnless { flag: adding.lost, target: over });
            self.branch(walk);
            self.code.bind(over);
        }
    }
}

/// Single values of a row that are written in every row.
fn fields_of(pieces: &[Piece<'_>], fields: &mut Vec<FieldId>) {
    for piece in pieces {
        match piece {
            Piece::Value { field, .. } => fields.push(*field),
            Piece::Record { pieces, .. } => fields_of(pieces, fields),
            Piece::List { .. } => {}
        }
    }
}
