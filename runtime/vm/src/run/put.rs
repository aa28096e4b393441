//! Writing into the document: key, value, closers, comma.

use mapc_bytecode::{
    ConstantIndex, Cursor, Failure, Field, FragmentIndex, NumberForm, NumberRegister, OnNull, Rounding,
    TableIndex,
};

use super::read::{Number, refuse};
use super::{Done, End, Run, texts};
use crate::calendar::Moment;
use crate::decimal::{Decimal, WIDEST};
use crate::document::Piece;
use crate::escape::first_special;
use crate::program::{FragmentPlan, Prepared};
use crate::slot::Kind;
use crate::text::{self, Made};
use crate::value::{Cell, Holds, NumberCell, Origin, Span, TextCell};

/// Over the limit only the finished document counts: brackets and a comma may still be dropped.
pub(super) const SLACK: usize = 4096;

impl<'a> Run<'a> {
    #[inline(always)]
    fn fragment(&self, index: FragmentIndex) -> Option<&'a FragmentPlan> {
        let prepared: &'a Prepared = self.prepared;
        prepared.fragments.get(index.index())
    }

    #[inline(always)]
    fn key_piece(&self, fragment: &FragmentPlan, quote: bool) -> Piece<'a> {
        let prepared: &'a Prepared = self.prepared;
        let length = fragment.length as usize + usize::from(quote);
        Piece { from: &prepared.keys, start: fragment.start as usize, length }
    }

    /// Writes a key and makes room for its value; with the quote of a text when asked for.
    #[inline(always)]
    fn start_value(&mut self, fragment: &FragmentPlan, room: usize, quote: bool) {
        let length = fragment.length as usize + usize::from(quote);
        let out = &mut self.machine.document;
        out.room(length + room + usize::from(fragment.closers));
        out.write_part(&self.prepared.keys, fragment.start as usize, length);
    }

    /// Ends a value.
    #[inline(always)]
    fn end_value(&mut self, fragment: &FragmentPlan) -> Done {
        self.machine.document.end_value(fragment.closers);
        self.within_slack()
    }

    #[inline(always)]
    fn within_slack(&self) -> Done {
        if self.machine.document.length() > self.ceiling {
            return Err(self.too_large());
        }
        Ok(())
    }

    fn too_large(&self) -> End {
        End::reject(self.prepared.module.builtin.output)
    }

    /// Writes a JSON value with its key.
    fn put(&mut self, fragment: FragmentIndex, value: &[u8]) -> Done {
        let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
        self.start_value(fragment, value.len(), false);
        self.machine.document.write(value);
        self.end_value(fragment)
    }

    /// Writes what stands in the work buffer as a JSON value.
    fn put_work(&mut self, fragment: FragmentIndex) -> Done {
        let work = std::mem::take(&mut self.machine.work);
        let done = self.put(fragment, &work);
        self.machine.work = work;
        done
    }

    #[inline(always)]
    fn put_null(&mut self, fragment: FragmentIndex, is_null: bool, null: OnNull) -> Done {
        if is_null && null == OnNull::Write { self.put(fragment, b"null") } else { Ok(()) }
    }

    /// Behind a bracket: the closed document has one comma more than counts.
    pub(super) fn within_output(&self) -> Done {
        let slack = if self.machine.document.is_closed() { 1 } else { SLACK };
        if self.machine.document.length() > self.limits.output_bytes.saturating_add(slack) {
            return Err(self.too_large());
        }
        Ok(())
    }

    pub(super) fn open(&mut self, fragment: FragmentIndex, bracket: u8) -> Done {
        let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
        let (start, length) = (fragment.start as usize, fragment.length as usize);
        self.machine.document.open(&self.prepared.keys, start, length, bracket);
        Ok(())
    }

    #[inline(always)]
    pub(super) fn put_text(&mut self, fragment: FragmentIndex, cell: TextCell, null: OnNull) -> Done {
        let Cell::Value(span) = cell else { return self.put_null(fragment, cell == Cell::Null, null) };
        let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
        let length = span.length();
        let from: &[u8] = match span.origin {
            Origin::Message | Origin::Made => &self.machine.arena,
            Origin::PlainConstant | Origin::Constant => &self.prepared.texts,
        };
        let is_plain = match span.origin {
            Origin::Message | Origin::PlainConstant => true,
            Origin::Made => {
                let text = from.get(span.start as usize..span.end as usize).unwrap_or_default();
                length < 32 && first_special(text).is_none()
            }
            Origin::Constant => false,
        };
        if is_plain {
            let key = self.key_piece(fragment, true);
            let value = Piece { from, start: span.start as usize, length };
            if self.machine.document.write_field(key, value, fragment.text_tail) {
                return self.within_slack();
            }
        }
        self.start_value(fragment, length, true);
        let machine = &mut *self.machine;
        match span.origin {
            Origin::Message => machine.document.write_part(&machine.arena, span.start as usize, length),
            Origin::PlainConstant => {
                machine.document.write_part(&self.prepared.texts, span.start as usize, length);
            }
            Origin::Made | Origin::Constant => {
                let from: &[u8] =
                    if span.origin == Origin::Made { &machine.arena } else { &self.prepared.texts };
                let text = from.get(span.start as usize..span.end as usize).unwrap_or_default();
                machine.document.write_escaped(text);
                machine.document.room(usize::from(fragment.closers));
            }
        }
        machine.document.push(b'"');
        self.end_value(fragment)
    }

    #[inline(always)]
    pub(super) fn put_number(
        &mut self,
        fragment: FragmentIndex,
        register: NumberRegister,
        form: NumberForm,
        null: OnNull,
    ) -> Done {
        let cell = self.machine.numbers.cell(register.index());
        if cell.holds == Holds::Long {
            return match self.number(register) {
                Cell::Value(number) => self.put_decimal(fragment, number, form),
                _ => Ok(()),
            };
        }
        self.put_cell(fragment, cell, form, null)
    }

    #[inline(always)]
    fn put_cell(
        &mut self,
        fragment: FragmentIndex,
        cell: NumberCell,
        form: NumberForm,
        null: OnNull,
    ) -> Done {
        let whole = form == NumberForm::Whole && cell.short.scale > 0;
        if cell.holds != Holds::Short {
            return self.put_null(fragment, cell.holds == Holds::Null, null);
        }
        if whole || form == NumberForm::Text {
            return self.put_decimal(fragment, cell.short.into(), form);
        }
        let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
        let key = self.key_piece(fragment, false);
        let machine = &mut *self.machine;
        let (start, end) = cell.lexeme;
        let written = if start < end {
            let value = Piece { from: &machine.arena, start: start as usize, length: (end - start) as usize };
            machine.document.write_field(key, value, fragment.tail)
        } else {
            machine.document.write_number_field(key, cell.short, fragment.tail)
        };
        if written {
            return self.within_slack();
        }
        self.start_value(fragment, WIDEST, false);
        let machine = &mut *self.machine;
        if start < end {
            machine.document.write_part(&machine.arena, start as usize, (end - start) as usize);
        } else {
            machine.document.write_short(cell.short);
        }
        self.end_value(fragment)
    }

    #[inline(never)]
    fn put_decimal(&mut self, fragment: FragmentIndex, number: Decimal, form: NumberForm) -> Done {
        let work = &mut self.machine.work;
        work.clear();
        match form {
            NumberForm::Plain => number.write(work),
            NumberForm::Whole => number.round(0, Rounding::Down).write(work),
            NumberForm::Text => {
                work.push(b'"');
                number.shortest().write(work);
                work.push(b'"');
            }
        }
        self.put_work(fragment)
    }

    pub(super) fn copy_number(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        form: NumberForm,
        null: OnNull,
    ) -> Done {
        match self.read_number(cursor, field)? {
            Number::Cell(cell) => self.put_cell(fragment, cell, form, null),
            Number::Long(number) => self.put_decimal(fragment, number, form),
        }
    }

    pub(super) fn put_flag(&mut self, fragment: FragmentIndex, cell: Cell<bool>, null: OnNull) -> Done {
        let Cell::Value(value) = cell else { return self.put_null(fragment, cell == Cell::Null, null) };
        self.put(fragment, if value { b"true" } else { b"false" })
    }

    pub(super) fn put_date(&mut self, fragment: FragmentIndex, cell: Cell<Moment>, null: OnNull) -> Done {
        let Cell::Value(moment) = cell else { return self.put_null(fragment, cell == Cell::Null, null) };
        let work = &mut self.machine.work;
        work.clear();
        work.push(b'"');
        moment.write(work);
        work.push(b'"');
        self.put_work(fragment)
    }

    #[inline(always)]
    pub(super) fn put_constant(
        &mut self,
        fragment: FragmentIndex,
        constant: ConstantIndex,
        form: NumberForm,
    ) -> Done {
        let prepared: &'a Prepared = self.prepared;
        let Some(constant) = prepared.constants.get(constant.index()) else { return Ok(()) };
        let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
        let (start, end) = constant.form(form);
        let length = end.saturating_sub(start) as usize;
        let value = Piece { from: &prepared.texts, start: start as usize, length };
        if self.machine.document.write_field(self.key_piece(fragment, false), value, fragment.tail) {
            return self.within_slack();
        }
        self.start_value(fragment, length, false);
        self.machine.document.write_part(&prepared.texts, start as usize, length);
        self.end_value(fragment)
    }

    /// A text without facts goes straight from the message to the document.
    #[inline(always)]
    pub(super) fn copy_text(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        null: OnNull,
    ) -> Done {
        let (plan, slot) = match self.slot::<()>(cursor, field)? {
            Ok(found) => found,
            Err(missing) => return self.put_null(fragment, missing == Cell::Null, null),
        };
        match slot.kind {
            Kind::Text => {
                let span = Span { start: slot.start, end: slot.end, origin: Origin::Message };
                self.text_facts(plan, span)?;
                self.put_text(fragment, Cell::Value(span), null)
            }
            Kind::Escaped if plan.facts.is_empty() => {
                let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
                self.start_value(fragment, 0, true);
                let machine = &mut *self.machine;
                let raw = machine.arena.get(slot.start as usize..slot.end as usize).unwrap_or_default();
                machine.document.write_raw(raw);
                machine.document.room(usize::from(fragment.closers));
                machine.document.push(b'"');
                self.end_value(fragment)
            }
            Kind::Escaped => {
                let mark = self.machine.arena.len();
                let span = self.span(plan, slot)?;
                self.text_facts(plan, span)?;
                self.put_text(fragment, Cell::Value(span), null)?;
                self.machine.arena.truncate(mark);
                Ok(())
            }
            _ => Err(refuse(plan)),
        }
    }

    /// A text of the message, looked up and written.
    #[inline(always)]
    pub(super) fn copy_code(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        table: TableIndex,
        form: NumberForm,
        failure: Failure,
    ) -> Done {
        let mark = self.machine.arena.len();
        let Cell::Value(span) = self.read_text(cursor, field)? else { return Ok(()) };
        let found = self.find_row(table, texts!(self).get(span));
        self.machine.arena.truncate(mark);
        match found {
            Some(Some(constant)) => self.put_constant(fragment, constant, form),
            Some(None) => Ok(()),
            None => self.fail(failure),
        }
    }

    /// A text of the message, its first code points.
    pub(super) fn copy_start(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        length: u64,
        null: OnNull,
    ) -> Done {
        let mark = self.machine.arena.len();
        let cell = match self.read_text(cursor, field)? {
            // A text has at most as many code points as bytes.
            Cell::Value(span) if span.length() as u64 > length => {
                self.charge(span.length())?;
                let text = std::str::from_utf8(texts!(self).get(span)).unwrap_or_default();
                match text::start(text, length) {
                    Made::Part(from, to) => Cell::Value(span.part(from, to)),
                    _ => Cell::Value(span),
                }
            }
            other => other,
        };
        self.put_text(fragment, cell, null)?;
        self.machine.arena.truncate(mark);
        Ok(())
    }

    /// The constant that a text of the message stands for, or the other one.
    #[inline(always)]
    pub(super) fn copy_choice(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        table: TableIndex,
        otherwise: ConstantIndex,
        form: NumberForm,
    ) -> Done {
        let mark = self.machine.arena.len();
        let found = match self.read_text(cursor, field)? {
            Cell::Value(span) => self.find_row(table, texts!(self).get(span)).flatten(),
            Cell::Absent | Cell::Null => None,
        };
        self.machine.arena.truncate(mark);
        self.put_constant(fragment, found.unwrap_or(otherwise), form)
    }

    /// The calendar day that an instant of the message is written with: its first ten characters.
    pub(super) fn copy_written_date(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        null: OnNull,
    ) -> Done {
        match self.read_date(cursor, field)? {
            Cell::Value(moment) => {
                let cell = moment.written_date().map_or(Cell::Absent, Cell::Value);
                self.put_date(fragment, cell, null)
            }
            missing => self.put_date(fragment, missing, null),
        }
    }
}
