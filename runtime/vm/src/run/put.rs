//! Writing into the document: key, value, closers, comma.

use mapc_bytecode::{
    ConstantIndex, Cursor, Failure, Field, FragmentIndex, NumberForm, NumberRegister, OnNull, ReadKind,
    Rounding, TableIndex,
};

use super::read::refuse;
use super::{Done, End, Run, Texts, texts};
use crate::calendar::Moment;
use crate::decimal::{Decimal, Short};
use crate::program::{FragmentPlan, Prepared};
use crate::slot::{Kind, Slot};
use crate::text::{self, Made};
use crate::value::{Cell, Holds, Origin, Span, TextCell};

/// Over the limit only the finished document counts: brackets and a comma may still be dropped.
pub(super) const SLACK: usize = 4096;

impl<'a> Run<'a> {
    #[inline(always)]
    fn fragment(&self, index: FragmentIndex) -> Option<&'a FragmentPlan> {
        let prepared: &'a Prepared = self.prepared;
        prepared.fragments.get(index.index())
    }

    /// Writes a key and makes room for its value; with the quote of a text when asked for.
    #[inline(always)]
    fn start_value(&mut self, fragment: &FragmentPlan, room: usize, quote: bool) {
        let length = fragment.length as usize + usize::from(quote);
        let out = &mut self.machine.document;
        out.room(length + room + usize::from(fragment.key.closers()));
        out.write_part(&self.prepared.keys, fragment.start as usize, length);
    }

    /// Ends a value.
    #[inline(always)]
    fn end_value(&mut self, fragment: &FragmentPlan) -> Done {
        self.machine.document.end_value(fragment.key.closers());
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
        if let Cell::Value(span) = cell
            && matches!(span.origin, Origin::Message | Origin::PlainConstant)
        {
            return self.put_plain(fragment, span);
        }
        self.put_any_text(fragment, cell, null)
    }

    /// A text with nothing to escape.
    #[inline(always)]
    fn put_plain(&mut self, index: FragmentIndex, span: Span) -> Done {
        let Some(fragment) = self.fragment(index) else { return Ok(()) };
        let machine = &mut *self.machine;
        let pool: &[u8] = if span.origin == Origin::Message { &machine.arena } else { &self.prepared.texts };
        let (start, length) = (span.start as usize, span.length());
        if machine.document.write_field::<true>(&fragment.key, pool, start, length) {
            return self.within_slack();
        }
        self.put_any_text(index, Cell::Value(span), OnNull::Leave)
    }

    #[inline(never)]
    fn put_any_text(&mut self, fragment: FragmentIndex, cell: TextCell, null: OnNull) -> Done {
        let Cell::Value(span) = cell else { return self.put_null(fragment, cell == Cell::Null, null) };
        let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
        let length = span.length();
        self.start_value(fragment, length, true);
        let machine = &mut *self.machine;
        let texts = Texts { arena: &machine.arena, constants: &self.prepared.texts };
        match span.origin {
            Origin::Message | Origin::PlainConstant => {
                machine.document.write_part(texts.pool(span), span.start as usize, length);
            }
            Origin::Made | Origin::Constant => {
                machine.document.write_escaped(texts.get(span));
                machine.document.room(usize::from(fragment.key.closers()));
            }
        }
        machine.document.push(b'"');
        self.end_value(fragment)
    }

    #[inline(always)]
    pub(super) fn put_number(
        &mut self,
        index: FragmentIndex,
        register: NumberRegister,
        form: NumberForm,
        null: OnNull,
    ) -> Done {
        let machine = &mut *self.machine;
        let cell = machine.numbers.cell(register.index());
        let is_plain = match form {
            NumberForm::Plain => true,
            NumberForm::Whole => cell.short.scale == 0,
            NumberForm::Text => false,
        };
        if cell.holds == Holds::Short
            && is_plain
            && let Some(fragment) = self.prepared.fragments.get(index.index())
        {
            let (start, end) = cell.lexeme;
            let written = if start < end {
                let length = (end - start) as usize;
                machine.document.write_field::<false>(&fragment.key, &machine.arena, start as usize, length)
            } else {
                machine.document.write_number_field(&fragment.key, cell.short)
            };
            if written {
                return self.within_slack();
            }
        }
        self.put_any_number(index, self.machine.numbers.get(register.index()), form, null)
    }

    #[inline(never)]
    fn put_any_number(
        &mut self,
        fragment: FragmentIndex,
        cell: Cell<Decimal>,
        form: NumberForm,
        null: OnNull,
    ) -> Done {
        match cell {
            Cell::Value(number) => self.put_decimal(fragment, number, form),
            missing => self.put_null(fragment, missing == Cell::Null, null),
        }
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
        if let Some((plan, slot)) = self.at(cursor, field)
            && plan.plain == Some(slot.kind)
            && plan.read == ReadKind::Number
            && form == NumberForm::Plain
            && let Some(fragment) = self.prepared.fragments.get(fragment.index())
        {
            // Digits that need no other form are copied.
            let machine = &mut *self.machine;
            let (start, length) = (slot.start as usize, slot.end.saturating_sub(slot.start) as usize);
            let lexeme = machine.arena.get(start..start + length).unwrap_or_default();
            if Short::read(lexeme).is_some_and(|(_, is_written_so)| is_written_so)
                && machine.document.write_field::<false>(&fragment.key, &machine.arena, start, length)
            {
                return self.within_slack();
            }
        }
        let cell = self.read_any_number(cursor, field)?;
        self.put_any_number(fragment, cell, form, null)
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
        let (start, length) = (start as usize, end.saturating_sub(start) as usize);
        if self.machine.document.write_field::<false>(&fragment.key, &prepared.texts, start, length) {
            return self.within_slack();
        }
        self.put_long_constant(fragment, start, length)
    }

    #[inline(never)]
    fn put_long_constant(&mut self, fragment: &FragmentPlan, start: usize, length: usize) -> Done {
        self.start_value(fragment, length, false);
        self.machine.document.write_part(&self.prepared.texts, start, length);
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
        if let Some((plan, slot)) = self.at(cursor, field)
            && plan.plain == Some(slot.kind)
        {
            let span = Span { start: slot.start, end: slot.end, origin: Origin::Message };
            return self.put_plain(fragment, span);
        }
        self.copy_any_text(fragment, cursor, field, null)
    }

    #[inline(never)]
    fn copy_any_text(&mut self, fragment: FragmentIndex, cursor: Cursor, field: Field, null: OnNull) -> Done {
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
                machine.document.room(usize::from(fragment.key.closers()));
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
        let found = match self.plain_text(cursor, field) {
            Some(span) => self.find_row(table, span),
            None => {
                let mark = self.machine.arena.len();
                let Cell::Value(span) = self.read_any_text(cursor, field)? else { return Ok(()) };
                let found = self.find_row(table, span);
                self.machine.arena.truncate(mark);
                found
            }
        };
        match found {
            Some(Some(constant)) => self.put_constant(fragment, constant, form),
            Some(None) => Ok(()),
            None => self.fail(failure),
        }
    }

    /// A text of the message, its first code points.
    #[inline(always)]
    pub(super) fn copy_start(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        length: u64,
        null: OnNull,
    ) -> Done {
        if let Some(span) = self.plain_text(cursor, field)
            && span.length() as u64 <= length
        {
            return self.put_plain(fragment, span);
        }
        self.copy_any_start(fragment, cursor, field, length, null)
    }

    #[inline(never)]
    fn copy_any_start(
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
        let found = match self.plain_text(cursor, field) {
            Some(span) => self.find_row(table, span).flatten(),
            None => {
                let mark = self.machine.arena.len();
                let cell = self.read_any_text(cursor, field)?;
                let found = cell.value().and_then(|span| self.find_row(table, span).flatten());
                self.machine.arena.truncate(mark);
                found
            }
        };
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
                if let Some((_, Slot { start, kind: Kind::Text, .. })) = self.at(cursor, field) {
                    return self
                        .put_plain(fragment, Span { start, end: start + 10, origin: Origin::Message });
                }
                let cell = moment.written_date().map_or(Cell::Absent, Cell::Value);
                self.put_date(fragment, cell, null)
            }
            missing => self.put_date(fragment, missing, null),
        }
    }
}
