//! Writing into the document: key, value, closers, comma.

use mapc_bytecode::{ConstantIndex, Cursor, Failure, Field, FragmentIndex, NumberForm, OnNull, TableIndex};

use super::read::refuse;
use super::{Done, End, Run, texts};
use crate::calendar::Moment;
use crate::decimal::Decimal;
use crate::ingest::{escape, unescape};
use crate::program::{FragmentPlan, Prepared};
use crate::slot::Kind;
use crate::value::{Cell, Span, TextCell};

/// Over the limit only the finished document counts: brackets and a comma may still be dropped.
const SLACK: usize = 4096;

impl<'a> Run<'a> {
    fn fragment(&self, index: FragmentIndex) -> Option<&'a FragmentPlan> {
        let prepared: &'a Prepared = self.prepared;
        prepared.fragments.get(index.index())
    }

    /// Writes one value with its key.
    fn put(&mut self, fragment: FragmentIndex, write: impl FnOnce(&mut Vec<u8>)) -> Done {
        let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
        let out = &mut self.machine.document.bytes;
        out.extend_from_slice(&fragment.text);
        write(out);
        for _ in 0..fragment.closers {
            out.push(b'}');
        }
        out.push(b',');
        self.within_output()
    }

    fn put_null<T>(&mut self, fragment: FragmentIndex, cell: &Cell<T>, null: OnNull) -> Done {
        match (cell, null) {
            (Cell::Null, OnNull::Write) => self.put(fragment, |out| out.extend_from_slice(b"null")),
            _ => Ok(()),
        }
    }

    pub(super) fn within_output(&self) -> Done {
        // Behind the closed document there is one comma.
        let slack = if self.machine.document.is_closed() { 1 } else { SLACK };
        if self.machine.document.bytes.len() > self.limits.output_bytes.saturating_add(slack) {
            return Err(End::Reject(self.prepared.module.builtin.output, None));
        }
        Ok(())
    }

    pub(super) fn open(&mut self, fragment: FragmentIndex, bracket: u8) -> Done {
        let key = self.fragment(fragment).map_or(&[][..], |fragment| &fragment.text);
        self.machine.document.open(key, bracket);
        Ok(())
    }

    pub(super) fn put_text(&mut self, fragment: FragmentIndex, cell: TextCell, null: OnNull) -> Done {
        let Cell::Value(span) = cell else { return self.put_null(fragment, &cell, null) };
        if let Span::Constant(index) = span {
            return self.put_constant(fragment, ConstantIndex(index), NumberForm::Plain);
        }
        let Some(fragment) = self.fragment(fragment) else { return Ok(()) };
        let text = texts!(self).get(span);
        let out = &mut self.machine.document.bytes;
        out.extend_from_slice(&fragment.text);
        out.push(b'"');
        match span {
            // Without a backslash in the message there is nothing to escape.
            Span::Input { .. } => out.extend_from_slice(text),
            _ => escape(text, out),
        }
        out.push(b'"');
        for _ in 0..fragment.closers {
            out.push(b'}');
        }
        out.push(b',');
        self.within_output()
    }

    pub(super) fn put_number(
        &mut self,
        fragment: FragmentIndex,
        cell: Cell<Decimal>,
        form: NumberForm,
        null: OnNull,
    ) -> Done {
        let Cell::Value(number) = cell else { return self.put_null(fragment, &cell, null) };
        self.put(fragment, |out| match form {
            NumberForm::Plain => number.write(out),
            NumberForm::Whole => number.write_whole(out),
            NumberForm::Text => {
                out.push(b'"');
                number.shortest().write(out);
                out.push(b'"');
            }
        })
    }

    pub(super) fn put_flag(&mut self, fragment: FragmentIndex, cell: Cell<bool>, null: OnNull) -> Done {
        let Cell::Value(value) = cell else { return self.put_null(fragment, &cell, null) };
        self.put(fragment, |out| out.extend_from_slice(if value { b"true" } else { b"false" }))
    }

    pub(super) fn put_date(&mut self, fragment: FragmentIndex, cell: Cell<Moment>, null: OnNull) -> Done {
        let Cell::Value(moment) = cell else { return self.put_null(fragment, &cell, null) };
        self.put(fragment, |out| {
            out.push(b'"');
            moment.write(out);
            out.push(b'"');
        })
    }

    pub(super) fn put_constant(
        &mut self,
        fragment: FragmentIndex,
        constant: ConstantIndex,
        form: NumberForm,
    ) -> Done {
        let prepared: &'a Prepared = self.prepared;
        let Some(constant) = prepared.constants.get(constant.index()) else { return Ok(()) };
        self.put(fragment, |out| out.extend_from_slice(constant.form(form)))
    }

    /// A text without facts goes straight from the message to the document.
    pub(super) fn copy_text(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        null: OnNull,
    ) -> Done {
        let (plan, slot) = match self.slot(cursor, field)? {
            Ok(found) => found,
            Err(missing) => return self.put_null::<Span>(fragment, &missing, null),
        };
        match slot.kind {
            Kind::Text => {
                let span = Span::Input { start: slot.start, end: slot.end };
                self.text_facts(plan, span)?;
                self.put_text(fragment, Cell::Value(span), null)
            }
            Kind::Escaped => {
                let raw = self.input.get(slot.start as usize..slot.end as usize).unwrap_or_default();
                let mark = self.machine.scratch.len();
                unescape(raw, &mut self.machine.scratch);
                let span = Span::Scratch { start: mark, end: self.machine.scratch.len() };
                self.text_facts(plan, span)?;
                self.put_text(fragment, Cell::Value(span), null)?;
                self.machine.scratch.truncate(mark);
                Ok(())
            }
            _ => Err(refuse(plan)),
        }
    }

    /// A text of the message, looked up and written.
    pub(super) fn copy_code(
        &mut self,
        fragment: FragmentIndex,
        cursor: Cursor,
        field: Field,
        table: TableIndex,
        form: NumberForm,
        failure: Failure,
    ) -> Done {
        let mark = self.machine.scratch.len();
        let Cell::Value(span) = self.read_text(cursor, field)? else { return Ok(()) };
        let found = self.find_row(table, texts!(self).get(span));
        self.machine.scratch.truncate(mark);
        match found {
            Some(Some(constant)) => self.put_constant(fragment, constant, form),
            Some(None) => Ok(()),
            None => self.fail(failure),
        }
    }
}
