//! Walks over rows, and what is made of many rows.

use mapc_bytecode::{ConstantIndex, Cursor, CursorShape, Instruction, Pick, Register, TextRegister};
use mapc_check::typed::{
    Aggregate, Constant, Expression, ListId, ReasonId, RowSource, Rows, RowsId, ScopeId,
};

use super::{Encoder, small};

impl<'map> Encoder<'map> {
    /// The cursor that stands for a row variable here.
    pub(super) fn cursor(&self, scope: ScopeId) -> Cursor {
        self.cursors.get(&scope).copied().unwrap_or(Cursor(0))
    }

    fn new_cursor(&mut self, shape: CursorShape) -> Cursor {
        let cursor = Cursor(u16::try_from(self.module.cursors.len()).unwrap_or(u16::MAX));
        self.module.cursors.push(shape);
        cursor
    }

    /// Opens a walk over the source of the rows.
    fn cursor_of(&mut self, rows: &Rows) -> Cursor {
        match rows.source {
            RowSource::List { list: ListId(list), scope } => {
                let parent = self.cursor(scope);
                self.new_cursor(CursorShape { list: small(list), parent })
            }
            RowSource::Group { scope } => {
                let group = self.cursor(scope);
                let shape = self.module.cursors.get(usize::from(group.0)).copied();
                self.new_cursor(shape.unwrap_or(CursorShape { list: 0, parent: Cursor(0) }))
            }
        }
    }

    /// Code for every row, the row variable bound. `release`: the texts made in it are not needed afterwards.
    pub(super) fn walk(&mut self, id: RowsId, release: bool, body: impl FnOnce(&mut Self)) {
        let Some(rows) = self.typed.rows.get(id.0) else { return };
        let cursor = self.cursor_of(rows);
        let numbered = self.plan.numbered.contains(&rows.scope);
        let whole = |encoder: &mut Self| {
            if numbered {
                encoder.emit(Instruction::KeepRow { cursor });
            }
            body(encoder);
        };
        if rows.group.is_none() && rows.sort.is_none() {
            self.each_source_row(rows, cursor, release, whole);
        } else {
            self.collect(rows, cursor);
            self.each_collected(rows, cursor, release, whole);
        }
    }

    /// Every row of the source that the filter lets through.
    fn each_source_row(
        &mut self,
        rows: &'map Rows,
        cursor: Cursor,
        release: bool,
        body: impl FnOnce(&mut Self),
    ) {
        let end = self.code.label();
        match rows.source {
            RowSource::List { .. } => self.emit(Instruction::EachRow { cursor, end }),
            RowSource::Group { scope } => {
                let group = self.cursor(scope);
                self.emit(Instruction::EachInGroup { cursor, group, end });
            }
        }
        self.rows_body(rows.scope, cursor, release, |encoder| {
            let next = encoder.code.label();
            if let Some(filter) = &rows.filter {
                encoder.jump_unless(filter, next);
            }
            body(encoder);
            encoder.code.bind(next);
        });
        self.code.bind(end);
    }

    fn each_collected(&mut self, rows: &Rows, cursor: Cursor, release: bool, body: impl FnOnce(&mut Self)) {
        let end = self.code.label();
        self.emit(Instruction::EachCollected { cursor, end });
        self.rows_body(rows.scope, cursor, release, body);
        self.code.bind(end);
    }

    /// The body of a walk with the instruction that ends it.
    fn rows_body(&mut self, scope: ScopeId, cursor: Cursor, release: bool, body: impl FnOnce(&mut Self)) {
        let start = self.code.here();
        let outer_cursor = self.cursors.insert(scope, cursor);
        let outer_level = self.levels.insert(scope, self.depth + 1);
        let mark = self.registers.mark();
        self.share_reads(scope, cursor);
        self.walks.push(false);
        self.branch(body);
        let keeps_text = self.walks.pop().unwrap_or(true);
        self.registers.release(mark);
        // Whatever happened in the body, this is where the next row begins.
        self.code.here();
        self.emit(Instruction::NextRow { cursor, body: start, release: release && !keeps_text });
        match outer_cursor {
            Some(outer) => self.cursors.insert(scope, outer),
            None => self.cursors.remove(&scope),
        };
        match outer_level {
            Some(outer) => self.levels.insert(scope, outer),
            None => self.levels.remove(&scope),
        };
    }

    /// Collects the rows, grouped and sorted as asked for.
    fn collect(&mut self, rows: &'map Rows, cursor: Cursor) {
        self.emit(Instruction::ClearRows { cursor });
        let key = rows.group.as_ref().or(rows.sort.as_ref().map(|sort| &sort.key));
        self.each_source_row(rows, cursor, false, |encoder| match key {
            Some(key) => {
                let key = encoder.operand(key, mapc_bytecode::Class::Text);
                encoder.emit(Instruction::CollectKeyed { cursor, key });
            }
            None => encoder.emit(Instruction::CollectRow { cursor }),
        });
        if rows.group.is_some() {
            self.emit(Instruction::GroupRows { cursor });
        }
        let Some(sort) = &rows.sort else { return };
        if rows.group.is_some() {
            self.each_collected(rows, cursor, false, |encoder| {
                let key = encoder.operand(&sort.key, mapc_bytecode::Class::Text);
                encoder.emit(Instruction::SetKey { cursor, key });
            });
        }
        self.emit(Instruction::SortRows { cursor, descending: sort.descending });
    }

    /// One value from many rows.
    pub(super) fn aggregate(
        &mut self,
        function: &'map Aggregate,
        rows: RowsId,
        element: Option<&'map Expression>,
        failure: Option<ReasonId>,
        into: Register,
    ) {
        match self.total(function, rows, element) {
            Some(adding) => self.take_total(adding, into, |encoder| {
                encoder.walk_for(function, rows, element, failure, into);
            }),
            None => self.walk_for(function, rows, element, failure, into),
        }
    }

    /// One value from a walk of its own.
    fn walk_for(
        &mut self,
        function: &'map Aggregate,
        rows: RowsId,
        element: Option<&'map Expression>,
        failure: Option<ReasonId>,
        into: Register,
    ) {
        match (function, element, into) {
            (Aggregate::Sum, Some(element), Register::Number(sum)) => {
                let failure = self.failure(failure);
                self.load(&zero(), into);
                self.walk(rows, true, |encoder| {
                    let value = encoder.number_operand(element);
                    encoder.emit(Instruction::Accumulate { sum, value, failure });
                });
            }
            (Aggregate::Count, None, Register::Number(count)) => {
                self.load(&zero(), into);
                self.walk(rows, true, |encoder| encoder.emit(Instruction::CountRow { count }));
            }
            (Aggregate::Count, Some(element), Register::Number(count)) => {
                self.load(&zero(), into);
                self.walk(rows, true, |encoder| {
                    let value = encoder.operand(element, into.class());
                    encoder.emit(Instruction::CountValue { count, value });
                });
            }
            (Aggregate::Min, Some(element), least) => {
                self.emit(Instruction::Clear { into });
                self.walk(rows, false, |encoder| {
                    let value = encoder.operand(element, into.class());
                    encoder.emit(Instruction::KeepLeast { least, value });
                });
            }
            (Aggregate::Max, Some(element), greatest) => {
                self.emit(Instruction::Clear { into });
                self.walk(rows, false, |encoder| {
                    let value = encoder.operand(element, into.class());
                    encoder.emit(Instruction::KeepGreatest { greatest, value });
                });
            }
            (Aggregate::Join(separator), Some(element), Register::Text(text)) => {
                self.emit(Instruction::Clear { into });
                let separator = self.text_constant(separator);
                self.walk(rows, false, |encoder| encoder.join(text, element, separator));
            }
            (Aggregate::First | Aggregate::Last | Aggregate::Only, Some(element), _) => {
                self.pick(function, rows, element, failure, into);
            }
            _ => self.emit(Instruction::Clear { into }),
        }
    }

    fn join(&mut self, text: TextRegister, element: &'map Expression, separator: ConstantIndex) {
        let value = self.text_operand(element);
        self.emit(Instruction::Join { text, value, separator });
    }

    /// The element of one row, picked when all rows are known.
    fn pick(
        &mut self,
        function: &Aggregate,
        id: RowsId,
        element: &'map Expression,
        failure: Option<ReasonId>,
        into: Register,
    ) {
        let Some(rows) = self.typed.rows.get(id.0) else { return };
        let pick = match function {
            Aggregate::First => Pick::First,
            Aggregate::Last => Pick::Last,
            _ => Pick::Only,
        };
        let cursor = self.cursor_of(rows);
        self.collect(rows, cursor);
        self.emit(Instruction::Clear { into });
        let end = self.code.label();
        let failure = self.failure(failure);
        self.emit(Instruction::PickRow { cursor, pick, end, failure });
        self.rows_body(rows.scope, cursor, false, |encoder| encoder.evaluate(element, into));
        self.code.bind(end);
    }
}

/// What totals start from.
pub(super) fn zero() -> Constant {
    Constant::Decimal(mapc_types::BigRational::from_integer(0.into()))
}
