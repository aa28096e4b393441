//! Checked reads: a slot of a row becomes a value of the kind that the map relies on, or the run ends.

use mapc_bytecode::{Cursor, Field, NumberRegister, PredicateIndex, ReadKind};

use super::{Done, End, Run, texts};
use crate::calendar::Moment;
use crate::decimal::{Decimal, Short};
use crate::escape::unescape;
use crate::program::{FieldPlan, Prepared};
use crate::slot::{Kind, Slot};
use crate::value::{Cell, Holds, NumberCell, Origin, Span, TextCell};

impl<'a> Run<'a> {
    /// What stands at the field.
    #[inline(always)]
    pub(super) fn at(&self, cursor: Cursor, field: Field) -> Option<(&'a FieldPlan, Slot)> {
        let prepared: &'a Prepared = self.prepared;
        let field = prepared.fields.get(field.index())?;
        let base = self.machine.cursors.get(cursor.index())?.base;
        Some((field, self.store.get_at(field.table, base + field.slot as usize)))
    }

    /// A text that needs no test and has no escapes.
    #[inline(always)]
    pub(super) fn plain_text(&self, cursor: Cursor, field: Field) -> Option<Span> {
        let (plan, slot) = self.at(cursor, field)?;
        if plan.plain != Some(slot.kind) {
            return None;
        }
        Some(Span { start: slot.start, end: slot.end, origin: Origin::Message })
    }

    /// The slot, if there is a value; what a missing one reads as.
    #[inline(always)]
    pub(super) fn slot<T>(
        &self,
        cursor: Cursor,
        field: Field,
    ) -> Result<Result<(&'a FieldPlan, Slot), Cell<T>>, End> {
        let prepared: &'a Prepared = self.prepared;
        let Some(field) = prepared.fields.get(field.index()) else { return Ok(Err(Cell::Absent)) };
        let base = self.machine.cursors.get(cursor.index()).map_or(0, |cursor| cursor.base);
        let slot = self.store.get_at(field.table, base + field.slot as usize);
        match slot.kind {
            Kind::Absent if !field.present => Ok(Err(Cell::Absent)),
            Kind::Null if field.nullable => Ok(Err(Cell::Null)),
            Kind::Absent | Kind::Null | Kind::Wrong => Err(refuse(field)),
            _ => Ok(Ok((field, slot))),
        }
    }

    #[inline(always)]
    pub(super) fn read_text(&mut self, cursor: Cursor, field: Field) -> Result<TextCell, End> {
        match self.plain_text(cursor, field) {
            Some(span) => Ok(Cell::Value(span)),
            None => self.read_any_text(cursor, field),
        }
    }

    #[inline(never)]
    pub(super) fn read_any_text(&mut self, cursor: Cursor, field: Field) -> Result<TextCell, End> {
        let (field, slot) = match self.slot(cursor, field)? {
            Ok(found) => found,
            Err(missing) => return Ok(missing),
        };
        let span = self.span(field, slot)?;
        self.text_facts(field, span)?;
        Ok(Cell::Value(span))
    }

    /// The text of a slot, unescaped.
    #[inline(always)]
    pub(super) fn span(&mut self, field: &FieldPlan, slot: Slot) -> Result<Span, End> {
        match slot.kind {
            Kind::Text => Ok(Span { start: slot.start, end: slot.end, origin: Origin::Message }),
            Kind::Escaped => self.unescaped(slot),
            _ => Err(refuse(field)),
        }
    }

    #[cold]
    fn unescaped(&mut self, slot: Slot) -> Result<Span, End> {
        let raw = self.machine.arena.get(slot.start as usize..slot.end as usize).unwrap_or_default();
        self.machine.work.clear();
        unescape(raw, &mut self.machine.work);
        self.keep_work()
    }

    #[inline(always)]
    pub(super) fn text_facts(&mut self, field: &FieldPlan, span: Span) -> Done {
        for fact in &field.facts {
            if !self.text_holds(*fact, span)? {
                return Err(refuse(field));
            }
        }
        Ok(())
    }

    fn text_holds(&mut self, fact: PredicateIndex, span: Span) -> Result<bool, End> {
        self.charge(span.length())?;
        Ok(self.holds_on_text(fact, span))
    }

    /// Reads a number into a register.
    #[inline(always)]
    pub(super) fn read_number(&mut self, into: NumberRegister, cursor: Cursor, field: Field) -> Done {
        if let Some((plan, slot)) = self.at(cursor, field)
            && plan.plain == Some(slot.kind)
        {
            let machine = &mut *self.machine;
            let raw = machine.arena.get(slot.start as usize..slot.end as usize).unwrap_or_default();
            let short = if slot.kind == Kind::Number { Short::read(raw) } else { Short::read_canonical(raw) };
            if let Some((short, is_written_so)) = short {
                let lexeme = if is_written_so { (slot.start, slot.end) } else { (0, 0) };
                machine.numbers.set_cell(into.index(), NumberCell { short, holds: Holds::Short, lexeme });
                return Ok(());
            }
        }
        let cell = self.read_any_number(cursor, field)?;
        self.machine.numbers.set(into.index(), cell);
        Ok(())
    }

    fn number_facts(&self, field: &FieldPlan, number: Decimal) -> Done {
        if field.facts.iter().all(|fact| self.holds_on_number(*fact, number)) {
            Ok(())
        } else {
            Err(refuse(field))
        }
    }

    /// A number in any form.
    #[inline(never)]
    pub(super) fn read_any_number(&mut self, cursor: Cursor, field: Field) -> Result<Cell<Decimal>, End> {
        let (field, slot) = match self.slot(cursor, field)? {
            Ok(found) => found,
            Err(missing) => return Ok(missing),
        };
        let too_long = End::reject(self.prepared.module.builtin.number);
        let number = match (field.read, slot.kind) {
            (ReadKind::Number, Kind::Number) => {
                let raw = self.machine.arena.get(slot.start as usize..slot.end as usize).unwrap_or_default();
                Decimal::read(raw).map_err(|_| too_long)?
            }
            (ReadKind::DecimalText, Kind::Text | Kind::Escaped) => {
                let mark = self.machine.arena.len();
                let span = self.span(field, slot)?;
                let text = std::str::from_utf8(texts!(self).get(span)).unwrap_or_default();
                if !Decimal::is_canonical(text) {
                    return Err(refuse(field));
                }
                let number = Decimal::read(text.as_bytes()).map_err(|_| too_long)?;
                self.machine.arena.truncate(mark);
                number
            }
            _ => return Err(refuse(field)),
        };
        self.number_facts(field, number)?;
        Ok(Cell::Value(number))
    }

    #[inline(always)]
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
        let mark = self.machine.arena.len();
        let span = self.span(field, slot)?;
        let moment = Moment::read(kind, texts!(self).get(span)).ok_or_else(|| refuse(field))?;
        self.machine.arena.truncate(mark);
        if field.facts.iter().all(|fact| self.holds_on_date(*fact, moment)) {
            Ok(Cell::Value(moment))
        } else {
            Err(refuse(field))
        }
    }
}

/// R0201 of the field.
pub(super) fn refuse(field: &FieldPlan) -> End {
    End::reject(field.reason)
}
