//! Checked reads: a slot of a row becomes a value of the kind that the map relies on, or the run ends.

use mapc_bytecode::{Cursor, Field, PredicateIndex, ReadKind};

use super::{End, Run, texts};
use crate::calendar::Moment;
use crate::decimal::Decimal;
use crate::ingest::unescape;
use crate::program::{FieldPlan, Prepared};
use crate::slot::{Kind, Slot};
use crate::value::{Cell, Span, TextCell};

impl<'a> Run<'a> {
    /// The slot, if there is a value; what a missing one reads as.
    pub(super) fn slot<T>(
        &self,
        cursor: Cursor,
        field: Field,
    ) -> Result<Result<(&'a FieldPlan, Slot), Cell<T>>, End> {
        let prepared: &'a Prepared = self.prepared;
        let Some(field) = prepared.fields.get(field.index()) else { return Ok(Err(Cell::Absent)) };
        let slot = self.store.get(field.table, self.cursor(cursor).row, field.slot);
        match slot.kind {
            Kind::Absent if !field.present => Ok(Err(Cell::Absent)),
            Kind::Null if field.nullable => Ok(Err(Cell::Null)),
            Kind::Absent | Kind::Null | Kind::Wrong => Err(refuse(field)),
            _ => Ok(Ok((field, slot))),
        }
    }

    pub(super) fn read_text(&mut self, cursor: Cursor, field: Field) -> Result<TextCell, End> {
        let (field, slot) = match self.slot(cursor, field)? {
            Ok(found) => found,
            Err(missing) => return Ok(missing),
        };
        let span = self.span(field, slot)?;
        self.text_facts(field, span)?;
        Ok(Cell::Value(span))
    }

    /// The text of a slot, unescaped.
    pub(super) fn span(&mut self, field: &FieldPlan, slot: Slot) -> Result<Span, End> {
        match slot.kind {
            Kind::Text => Ok(Span::Input { start: slot.start, end: slot.end }),
            Kind::Escaped => {
                let raw = self.input.get(slot.start as usize..slot.end as usize).unwrap_or_default();
                self.machine.work.clear();
                unescape(raw, &mut self.machine.work);
                self.keep_work()
            }
            _ => Err(refuse(field)),
        }
    }

    pub(super) fn text_facts(&mut self, field: &FieldPlan, span: Span) -> Result<(), End> {
        for fact in &field.facts {
            if !self.text_holds(*fact, span)? {
                return Err(refuse(field));
            }
        }
        Ok(())
    }

    fn text_holds(&mut self, fact: PredicateIndex, span: Span) -> Result<bool, End> {
        let length = texts!(self).get(span).len();
        self.charge(length)?;
        Ok(self.holds_on_text(fact, span))
    }

    pub(super) fn read_number(&mut self, cursor: Cursor, field: Field) -> Result<Cell<Decimal>, End> {
        let (field, slot) = match self.slot(cursor, field)? {
            Ok(found) => found,
            Err(missing) => return Ok(missing),
        };
        let too_long = |_| End::Reject(self.prepared.module.builtin.number, None);
        let number = match (field.read, slot.kind) {
            (ReadKind::Number, Kind::Number) => {
                let raw = self.input.get(slot.start as usize..slot.end as usize).unwrap_or_default();
                Decimal::read(raw).map_err(too_long)?
            }
            (ReadKind::DecimalText, Kind::Text | Kind::Escaped) => {
                let mark = self.machine.scratch.len();
                let span = self.span(field, slot)?;
                let text = texts!(self).get(span);
                let text = std::str::from_utf8(text).unwrap_or_default();
                if !Decimal::is_canonical(text) {
                    return Err(refuse(field));
                }
                let number = Decimal::read(text.as_bytes())
                    .map_err(|_| End::Reject(self.prepared.module.builtin.number, None))?;
                self.machine.scratch.truncate(mark);
                number
            }
            _ => return Err(refuse(field)),
        };
        if field.facts.iter().all(|fact| self.holds_on_number(*fact, number)) {
            Ok(Cell::Value(number))
        } else {
            Err(refuse(field))
        }
    }

    pub(super) fn read_flag(&mut self, cursor: Cursor, field: Field) -> Result<Cell<bool>, End> {
        let (field, slot) = match self.slot(cursor, field)? {
            Ok(found) => found,
            Err(missing) => return Ok(missing),
        };
        let value = match slot.kind {
            Kind::True => true,
            Kind::False => false,
            _ => return Err(refuse(field)),
        };
        if field.facts.iter().all(|fact| self.holds_on_flag(*fact, value)) {
            Ok(Cell::Value(value))
        } else {
            Err(refuse(field))
        }
    }

    pub(super) fn read_date(&mut self, cursor: Cursor, field: Field) -> Result<Cell<Moment>, End> {
        let (field, slot) = match self.slot(cursor, field)? {
            Ok(found) => found,
            Err(missing) => return Ok(missing),
        };
        let ReadKind::Date(kind) = field.read else { return Err(refuse(field)) };
        let mark = self.machine.scratch.len();
        let span = self.span(field, slot)?;
        let moment = Moment::read(kind, texts!(self).get(span)).ok_or_else(|| refuse(field))?;
        self.machine.scratch.truncate(mark);
        if field.facts.iter().all(|fact| self.holds_on_date(*fact, moment)) {
            Ok(Cell::Value(moment))
        } else {
            Err(refuse(field))
        }
    }
}

/// R0201 of the field.
pub(super) fn refuse(field: &FieldPlan) -> End {
    End::Reject(field.reason, None)
}
