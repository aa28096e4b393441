//! One run: the instructions of a program, one after the other. What each family does stands in the modules below.

mod call;
mod put;
mod read;
mod test;
mod walk;

use mapc_bytecode::{
    Failure, Instruction, Label, OptionalText, ReasonIndex, Register, TemplateIndex, TemplatePart,
    TextRegister,
};

use crate::calendar::Moment;
use crate::context::{Context, Limits};
use crate::decimal::{Decimal, Short, TooLong};
use crate::document::Document;
use crate::index::PADDING;
use crate::program::{Constant, Prepared};
use crate::slot::Store;
use crate::value::{Cell, Holds, Key, Numbers, Origin, Span, TextCell};

pub(crate) use walk::{Collection, CursorState};

/// Most bytes of texts made in one run.
const SCRATCH: usize = 256 << 20;

/// How a run ends. Texts are named by their registers, which keep what they hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    Skip(ReasonIndex),
    /// With these words, or the reason's own.
    Reject(ReasonIndex, OptionalText),
    Wait(ReasonIndex, OptionalText),
    Deliver {
        key: OptionalText,
        order_by: OptionalText,
    },
}

impl End {
    /// With the reason's own words.
    #[inline(always)]
    pub(crate) fn reject(reason: ReasonIndex) -> End {
        End::Reject(reason, OptionalText(None))
    }
}

/// Registers and buffers, kept from run to run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    pub(crate) texts: Vec<TextCell>,
    pub(crate) numbers: Numbers,
    pub(crate) flags: Vec<Cell<bool>>,
    pub(crate) dates: Vec<Cell<Moment>>,
    pub(crate) cursors: Vec<CursorState>,
    pub(crate) collections: Vec<Collection>,
    /// The message, some zeros, and the texts made in this run.
    pub(crate) arena: Vec<u8>,
    /// Where those texts start.
    made: usize,
    pub(crate) work: Vec<u8>,
    pub(crate) document: Document,
}

impl Machine {
    /// Has at least the registers of this program. What earlier programs left in them is never used: the verifier has
    /// proved that each is set before.
    pub(crate) fn fit(&mut self, prepared: &Prepared) {
        fn grow<T: Clone + Default>(registers: &mut Vec<T>, count: usize) {
            if registers.len() < count {
                registers.resize(count, T::default());
            }
        }
        let registers = prepared.module.registers;
        let cursors = prepared.module.cursors.len();
        grow(&mut self.texts, usize::from(registers.text));
        self.numbers.fit(usize::from(registers.number));
        grow(&mut self.flags, usize::from(registers.flag));
        grow(&mut self.dates, usize::from(registers.date));
        grow(&mut self.cursors, cursors);
        grow(&mut self.collections, cursors);
    }

    /// Takes the message in.
    pub(crate) fn load(&mut self, input: &[u8]) {
        self.arena.clear();
        self.arena.extend_from_slice(input);
        self.arena.extend_from_slice(&[0; PADDING]);
        self.made = self.arena.len();
    }

    /// What a text register holds.
    pub(crate) fn text(&self, register: TextRegister) -> Option<Span> {
        self.texts.get(register.index()).and_then(|cell| cell.value())
    }

    fn reset(&mut self, prepared: &Prepared) {
        self.document.clear(prepared.tests_unique);
        // Registers need no reset: the verifier has proved that each is set before it is used.
        if let Some(message) = self.cursors.first_mut() {
            *message = CursorState::default();
        }
    }
}

/// Where texts stand.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'t> {
    pub(crate) arena: &'t [u8],
    pub(crate) constants: &'t [u8],
}

impl<'t> Texts<'t> {
    #[inline(always)]
    pub(crate) fn get(self, span: Span) -> &'t [u8] {
        self.pool(span).get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// What it is part of.
    #[inline(always)]
    pub(crate) fn pool(self, span: Span) -> &'t [u8] {
        match span.origin {
            Origin::Message | Origin::Made => self.arena,
            Origin::PlainConstant | Origin::Constant => self.constants,
        }
    }
}

/// The texts of a run, borrowed beside its other parts.
macro_rules! texts {
    ($run:expr) => {
        $crate::run::Texts { arena: &$run.machine.arena, constants: &$run.prepared.texts }
    };
}
pub(crate) use texts;

/// A run under way.
pub(crate) struct Run<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) store: &'a Store,
    pub(crate) context: &'a Context<'a>,
    pub(crate) limits: Limits,
    pub(crate) guards: &'a mut [u64],
    pub(crate) machine: &'a mut Machine,
    /// Bytes that an unfinished document may have.
    ceiling: usize,
    steps: u64,
    next: usize,
}

/// An instruction is done, or the run is over.
type Done = Result<(), End>;

impl<'a> Run<'a> {
    pub(crate) fn new(
        prepared: &'a Prepared,
        store: &'a Store,
        context: &'a Context<'a>,
        limits: Limits,
        guards: &'a mut [u64],
        machine: &'a mut Machine,
    ) -> Run<'a> {
        machine.reset(prepared);
        let ceiling = limits.output_bytes.saturating_add(put::SLACK);
        Run { ceiling, prepared, store, context, limits, guards, machine, steps: limits.steps, next: 0 }
    }

    /// Runs to the end.
    pub(crate) fn finish(&mut self) -> End {
        let code: &'a [Instruction] = &self.prepared.module.code;
        // Jumps go forward except to the body of a walk, which charges for it: the code once is the rest.
        if self.charge_steps(code.len()).is_err() {
            return self.out_of_steps();
        }
        loop {
            // The verifier has proved that the last instruction ends the run.
            let Some(instruction) = code.get(self.next) else { return self.out_of_steps() };
            self.next += 1;
            if let Err(end) = self.step(instruction) {
                return end;
            }
        }
    }

    fn out_of_steps(&self) -> End {
        End::reject(self.prepared.module.builtin.steps)
    }

    /// Charges for work that grows with a text.
    fn charge(&mut self, bytes: usize) -> Done {
        self.charge_steps(bytes / 64)
    }

    #[inline(always)]
    fn charge_steps(&mut self, steps: usize) -> Done {
        match self.steps.checked_sub(steps as u64) {
            Some(steps) => {
                self.steps = steps;
                Ok(())
            }
            None => Err(self.out_of_steps()),
        }
    }

    fn jump(&mut self, label: Label) {
        self.next = label.index();
    }

    fn fail(&mut self, failure: Failure) -> Done {
        match failure {
            Failure::Never => Err(End::reject(self.prepared.module.builtin.number)),
            Failure::Reject(reason) => Err(End::reject(reason)),
            Failure::Jump(label) => {
                self.jump(label);
                Ok(())
            }
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm per instruction")]
    #[inline(always)]
    fn step(&mut self, instruction: &Instruction) -> Done {
        match *instruction {
            Instruction::Skip { reason } => Err(End::Skip(reason)),
            Instruction::Reject { reason } => Err(End::reject(reason)),
            Instruction::RejectText { reason, text } => Err(End::Reject(reason, OptionalText(Some(text)))),
            Instruction::Wait { reason, reference } => Err(End::Wait(reason, reference)),
            Instruction::Deliver { key, order_by } => self.deliver(key, order_by),

            Instruction::Jump { target } => {
                self.jump(target);
                Ok(())
            }
            Instruction::JumpIf { flag, target } => {
                if self.flag(flag).value() == Some(true) {
                    self.jump(target);
                }
                Ok(())
            }
            Instruction::JumpUnless { flag, target } => {
                if self.flag(flag).value() != Some(true) {
                    self.jump(target);
                }
                Ok(())
            }
            Instruction::JumpIfPresent { register, target } => {
                if self.is_present(register) {
                    self.jump(target);
                }
                Ok(())
            }
            Instruction::JumpIfMissing { register, target } => {
                if !self.is_present(register) {
                    self.jump(target);
                }
                Ok(())
            }

            Instruction::JumpUnlessOneOf { subject, set, negated, target } => {
                if self.is_one_of(subject, set) == negated {
                    self.jump(target);
                }
                Ok(())
            }
            Instruction::JumpUnlessNumber { left, comparison, constant, target } => {
                let order = match (self.machine.numbers.short(left.index()), self.constant(constant)) {
                    (Some(left), Some(Constant::Number(right))) => left.compare(*right),
                    _ => None,
                };
                let order = order.or_else(|| match (self.number(left).value(), self.constant(constant)) {
                    (Some(left), Some(Constant::Number(right))) => Some(left.compare((*right).into())),
                    (Some(left), Some(Constant::LongNumber(right))) => Some(left.compare(**right)),
                    _ => None,
                });
                if !test::answer(comparison, order) {
                    self.jump(target);
                }
                Ok(())
            }

            Instruction::EachRow { cursor, end } => self.each_row(cursor, end),
            Instruction::EachCollected { cursor, end } => self.each_collected(cursor, end),
            Instruction::EachInGroup { cursor, group, end } => self.each_in_group(cursor, group, end),
            Instruction::PickRow { cursor, pick, end, failure } => self.pick_row(cursor, pick, end, failure),
            Instruction::NextRow { cursor, body, release } => self.next_row(cursor, body, release),
            Instruction::KeepRow { cursor } => self.keep_row(cursor),
            Instruction::ClearRows { cursor } => self.clear_rows(cursor),
            Instruction::CollectRow { cursor } => self.collect(cursor, Key::Missing),
            Instruction::CollectKeyed { cursor, key } => self.collect(cursor, self.key(key)),
            Instruction::GroupRows { cursor } => self.group_rows(cursor),
            Instruction::SetKey { cursor, key } => self.set_key(cursor, key),
            Instruction::SortRows { cursor, descending } => self.sort_rows(cursor, descending),

            Instruction::ReadText { into, cursor, field } => {
                let cell = self.read_text(cursor, field)?;
                self.set_text(into, cell)
            }
            Instruction::ReadNumber { into, cursor, field } => self.read_number(into, cursor, field),
            Instruction::ReadFlag { into, cursor, field } => {
                let cell = self.read_flag(cursor, field)?;
                self.set_flag(into, cell)
            }
            Instruction::ReadDate { into, cursor, field } => {
                let cell = self.read_date(cursor, field)?;
                self.set_date(into, cell)
            }

            Instruction::LoadText { into, constant } => match self.constant(constant) {
                Some(Constant::Text(span)) => self.set_text(into, Cell::Value(*span)),
                _ => self.set_text(into, Cell::Absent),
            },
            Instruction::LoadNumber { into, constant } => match self.constant(constant) {
                Some(Constant::Number(short)) => {
                    self.machine.numbers.set_short(into.index(), *short);
                    Ok(())
                }
                Some(Constant::LongNumber(number)) => self.set_number(into, Cell::Value(**number)),
                _ => self.set_number(into, Cell::Absent),
            },
            Instruction::LoadFlag { into, value } => self.set_flag(into, Cell::Value(value)),
            Instruction::LoadDate { into, constant } => match self.constant(constant) {
                Some(Constant::Date(moment)) => self.set_date(into, Cell::Value(*moment)),
                _ => self.set_date(into, Cell::Absent),
            },
            Instruction::Clear { into } => self.clear(into),
            Instruction::Move { into, from } => self.copy(into, from),

            Instruction::Template { into, template } => self.template(into, template, None),
            Instruction::TemplateOrMissing { into, template } => {
                self.template(into, template, Some(b"(missing)"))
            }
            Instruction::Join { text, value, separator } => self.join(text, value, separator),

            Instruction::Negate { into, from } => {
                let cell = match self.number(from) {
                    Cell::Value(number) => Cell::Value(number.negate()),
                    Cell::Absent | Cell::Null => Cell::Absent,
                };
                self.set_number(into, cell)
            }
            Instruction::Add { into, left, right, failure } => {
                self.arithmetic(into, left, right, failure, Short::add, Decimal::add)
            }
            Instruction::Subtract { into, left, right, failure } => {
                self.arithmetic(into, left, right, failure, Short::subtract, Decimal::subtract)
            }
            Instruction::Multiply { into, left, right, failure } => {
                self.arithmetic(into, left, right, failure, Short::multiply, Decimal::multiply)
            }
            Instruction::Divide { into, left, right, scale, mode, failure } => {
                let short = |_, _| None;
                self.arithmetic(into, left, right, failure, short, |left, right| {
                    left.divide(right, scale.0, mode)
                })
            }
            Instruction::Accumulate { sum, value, failure } => {
                let sides =
                    self.machine.numbers.short(sum.index()).zip(self.machine.numbers.short(value.index()));
                if let Some(after) = sides.and_then(|(before, value)| before.add(value)) {
                    self.machine.numbers.set_short(sum.index(), after);
                    return Ok(());
                }
                let Some(value) = self.number(value).value() else { return Ok(()) };
                let before = self.number(sum).value().unwrap_or(Decimal::ZERO);
                match before.add(value) {
                    Ok(after) => self.set_number(sum, Cell::Value(after)),
                    Err(_) => self.fail(failure),
                }
            }
            Instruction::CountRow { count } => self.count(count),
            Instruction::CountValue { count, value } => {
                if self.is_present(value) {
                    self.count(count)
                } else {
                    Ok(())
                }
            }
            Instruction::KeepLeast { least, value } => self.keep(least, value, std::cmp::Ordering::Less),
            Instruction::KeepGreatest { greatest, value } => {
                self.keep(greatest, value, std::cmp::Ordering::Greater)
            }
            Instruction::Position { into, cursor } => {
                let coefficient = i64::try_from(self.cursor(cursor).position).unwrap_or(i64::MAX);
                self.machine.numbers.set_short(into.index(), Short { coefficient, scale: 0 });
                Ok(())
            }

            Instruction::Round { into, from, scale, mode } => {
                let short = self.machine.numbers.short(from.index());
                if let Some(short) = short.and_then(|short| short.round(scale.0 as u8, mode)) {
                    self.machine.numbers.set_short(into.index(), short);
                    return Ok(());
                }
                let cell = match self.number(from) {
                    Cell::Value(number) => Cell::Value(number.round(scale.0, mode)),
                    other => other,
                };
                self.set_number(into, cell)
            }
            Instruction::OrNumber { into, from, constant } => {
                if self.is_present(Register::Number(from)) {
                    self.machine.numbers.copy(into.index(), from.index());
                    return Ok(());
                }
                self.load(Register::Number(into), constant)
            }

            Instruction::Call { into, function, input, arguments, failure } => {
                self.call(into, function, input, arguments, failure)
            }
            Instruction::Lookup { into, table, keys, failure } => self.lookup(into, table, keys, failure),
            Instruction::Xref { into, entity, key, reason } => self.xref(into, entity, key, reason),

            Instruction::CompareText { into, comparison, left, right } => {
                let order = match (self.text(left), self.text(right)) {
                    (Cell::Value(left), Cell::Value(right)) => {
                        Some(texts!(self).get(left).cmp(texts!(self).get(right)))
                    }
                    _ => None,
                };
                self.set_flag(into, Cell::Value(test::answer(comparison, order)))
            }
            Instruction::CompareNumber { into, comparison, left, right } => {
                let numbers = &self.machine.numbers;
                let short = numbers.short(left.index()).zip(numbers.short(right.index()));
                let order = short.and_then(|(left, right)| left.compare(right)).or_else(|| {
                    let sides = self.number(left).value().zip(self.number(right).value());
                    sides.map(|(left, right)| left.compare(right))
                });
                self.set_flag(into, Cell::Value(test::answer(comparison, order)))
            }
            Instruction::CompareFlag { into, comparison, left, right } => {
                let sides = self.flag(left).value().zip(self.flag(right).value());
                let order = sides.map(|(left, right)| left.cmp(&right));
                self.set_flag(into, Cell::Value(test::answer(comparison, order)))
            }
            Instruction::CompareDate { into, comparison, left, right } => {
                let sides = self.date(left).value().zip(self.date(right).value());
                let order = sides.and_then(|(left, right)| left.compare(right));
                self.set_flag(into, Cell::Value(test::answer(comparison, order)))
            }
            Instruction::IsOneOf { into, subject, set, negated } => {
                let found = self.is_one_of(subject, set);
                self.set_flag(into, Cell::Value(found != negated))
            }
            Instruction::IsMissing { into, subject, negated } => {
                let missing = !self.is_present(subject);
                self.set_flag(into, Cell::Value(missing != negated))
            }
            Instruction::IsNull { into, subject, negated } => {
                let null = self.is_null(subject);
                self.set_flag(into, Cell::Value(null != negated))
            }
            Instruction::LongerThan { into, subject, length, negated } => {
                let subject = self.text(subject).value();
                let longer = match subject {
                    Some(span) => !crate::text::at_most(texts!(self).get(span), u64::from(length.0)),
                    None => false,
                };
                self.set_flag(into, Cell::Value(longer != negated))
            }
            Instruction::Matches { into, subject, language } => {
                let subject = self.text(subject).value();
                let matches = subject.is_some_and(|span| self.in_language(language, span));
                self.set_flag(into, Cell::Value(matches))
            }
            Instruction::IsTrue { into, from } => {
                let value = self.flag(from).value() == Some(true);
                self.set_flag(into, Cell::Value(value))
            }
            Instruction::Not { into, from } => {
                let value = self.flag(from).value() != Some(true);
                self.set_flag(into, Cell::Value(value))
            }

            Instruction::Require { subject, predicate, guard, reason } => {
                if self.holds(predicate, subject)? {
                    return Ok(());
                }
                self.count_guard(guard);
                Err(End::reject(reason))
            }
            Instruction::Check { subject, predicate, guard, pass } => {
                if self.holds(predicate, subject)? {
                    self.jump(pass);
                } else {
                    self.count_guard(guard);
                }
                Ok(())
            }
            Instruction::RequireList { predicate, required, guard, reason } => {
                if self.list_holds(predicate, required)? {
                    return Ok(());
                }
                self.count_guard(guard);
                Err(End::reject(reason))
            }
            Instruction::CheckList { predicate, required, guard, pass } => {
                if self.list_holds(predicate, required)? {
                    self.jump(pass);
                } else {
                    self.count_guard(guard);
                }
                Ok(())
            }
            Instruction::ClearList {} => {
                self.machine.document.clear_list();
                Ok(())
            }

            Instruction::OpenRecord { fragment } => self.open(fragment, b'{'),
            Instruction::CloseRecord { required } => {
                self.machine.document.close(b'}', required);
                self.within_output()
            }
            Instruction::OpenList { fragment } => self.open(fragment, b'['),
            Instruction::CloseList { required } => {
                self.machine.document.close(b']', required);
                self.within_output()
            }
            Instruction::OpenElement {} => {
                self.machine.document.open(&[], 0, 0, b'{');
                Ok(())
            }
            Instruction::CloseElement {} => {
                self.machine.document.close(b'}', true);
                self.machine.document.end_element();
                self.within_output()
            }
            Instruction::EndElement {} => {
                self.machine.document.end_element();
                Ok(())
            }
            Instruction::PutText { fragment, value, null } => self.put_text(fragment, self.text(value), null),
            Instruction::PutNumber { fragment, value, form, null } => {
                self.put_number(fragment, value, form, null)
            }
            Instruction::PutFlag { fragment, value, null } => self.put_flag(fragment, self.flag(value), null),
            Instruction::PutDate { fragment, value, null } => self.put_date(fragment, self.date(value), null),
            Instruction::PutConstant { fragment, constant, form } => {
                self.put_constant(fragment, constant, form)
            }
            Instruction::CopyText { fragment, cursor, field, null } => {
                self.copy_text(fragment, cursor, field, null)
            }
            Instruction::CopyNumber { fragment, cursor, field, form, null } => {
                self.copy_number(fragment, cursor, field, form, null)
            }
            Instruction::CopyFlag { fragment, cursor, field, null } => {
                let cell = self.read_flag(cursor, field)?;
                self.put_flag(fragment, cell, null)
            }
            Instruction::CopyDate { fragment, cursor, field, null } => {
                let cell = self.read_date(cursor, field)?;
                self.put_date(fragment, cell, null)
            }
            Instruction::CopyCut { fragment, cursor, field, length, null } => {
                let mark = self.machine.arena.len();
                let cell = self.read_text(cursor, field)?;
                let cell = match cell {
                    Cell::Value(span) => Cell::Value(self.cut(span, u64::from(length.0))?),
                    other => other,
                };
                self.put_text(fragment, cell, null)?;
                self.machine.arena.truncate(mark);
                Ok(())
            }
            Instruction::CopyStart { fragment, cursor, field, length, null } => {
                self.copy_start(fragment, cursor, field, u64::from(length.0), null)
            }
            Instruction::CopyChoice { fragment, cursor, field, table, otherwise, form } => {
                self.copy_choice(fragment, cursor, field, table, otherwise, form)
            }
            Instruction::CopyWrittenDate { fragment, cursor, field, null } => {
                self.copy_written_date(fragment, cursor, field, null)
            }
            Instruction::CopyCode { fragment, cursor, field, table, form, failure } => {
                self.copy_code(fragment, cursor, field, table, form, failure)
            }
        }
    }

    fn deliver(&mut self, key: OptionalText, order_by: OptionalText) -> Done {
        self.machine.document.finish();
        Err(End::Deliver { key, order_by })
    }

    // Registers. The verifier has proved that every index is in range.

    pub(crate) fn text(&self, register: TextRegister) -> TextCell {
        self.machine.texts.get(register.index()).copied().unwrap_or_default()
    }

    fn number(&self, register: mapc_bytecode::NumberRegister) -> Cell<Decimal> {
        self.machine.numbers.get(register.index())
    }

    fn flag(&self, register: mapc_bytecode::FlagRegister) -> Cell<bool> {
        self.machine.flags.get(register.index()).copied().unwrap_or_default()
    }

    fn date(&self, register: mapc_bytecode::DateRegister) -> Cell<Moment> {
        self.machine.dates.get(register.index()).copied().unwrap_or_default()
    }

    fn set_text(&mut self, register: TextRegister, cell: TextCell) -> Done {
        if let Some(place) = self.machine.texts.get_mut(register.index()) {
            *place = cell;
        }
        Ok(())
    }

    fn set_number(&mut self, register: mapc_bytecode::NumberRegister, cell: Cell<Decimal>) -> Done {
        self.machine.numbers.set(register.index(), cell);
        Ok(())
    }

    fn set_flag(&mut self, register: mapc_bytecode::FlagRegister, cell: Cell<bool>) -> Done {
        if let Some(place) = self.machine.flags.get_mut(register.index()) {
            *place = cell;
        }
        Ok(())
    }

    fn set_date(&mut self, register: mapc_bytecode::DateRegister, cell: Cell<Moment>) -> Done {
        if let Some(place) = self.machine.dates.get_mut(register.index()) {
            *place = cell;
        }
        Ok(())
    }

    fn clear(&mut self, register: Register) -> Done {
        match register {
            Register::Text(into) => self.set_text(into, Cell::Absent),
            Register::Number(into) => self.set_number(into, Cell::Absent),
            Register::Flag(into) => self.set_flag(into, Cell::Absent),
            Register::Date(into) => self.set_date(into, Cell::Absent),
        }
    }

    fn copy(&mut self, into: Register, from: Register) -> Done {
        match (into, from) {
            (Register::Text(into), Register::Text(from)) => self.set_text(into, self.text(from)),
            (Register::Number(into), Register::Number(from)) => {
                self.machine.numbers.copy(into.index(), from.index());
                Ok(())
            }
            (Register::Flag(into), Register::Flag(from)) => self.set_flag(into, self.flag(from)),
            (Register::Date(into), Register::Date(from)) => self.set_date(into, self.date(from)),
            // The verifier has proved that classes are equal.
            _ => Ok(()),
        }
    }

    /// Sets a register to a constant of its class.
    fn load(&mut self, into: Register, constant: mapc_bytecode::ConstantIndex) -> Done {
        match (into, self.constant(constant)) {
            (Register::Text(into), Some(Constant::Text(span))) => self.set_text(into, Cell::Value(*span)),
            (Register::Number(into), Some(Constant::Number(short))) => {
                self.machine.numbers.set_short(into.index(), *short);
                Ok(())
            }
            (Register::Number(into), Some(Constant::LongNumber(number))) => {
                self.set_number(into, Cell::Value(**number))
            }
            (Register::Flag(into), Some(Constant::Flag(value))) => {
                let value = *value;
                self.set_flag(into, Cell::Value(value))
            }
            (Register::Date(into), Some(Constant::Date(moment))) => {
                let moment = *moment;
                self.set_date(into, Cell::Value(moment))
            }
            _ => self.clear(into),
        }
    }

    fn is_present(&self, register: Register) -> bool {
        match register {
            Register::Text(it) => matches!(self.text(it), Cell::Value(_)),
            Register::Number(it) => {
                matches!(self.machine.numbers.cell(it.index()).holds, Holds::Short | Holds::Long)
            }
            Register::Flag(it) => matches!(self.flag(it), Cell::Value(_)),
            Register::Date(it) => matches!(self.date(it), Cell::Value(_)),
        }
    }

    fn is_null(&self, register: Register) -> bool {
        match register {
            Register::Text(it) => matches!(self.text(it), Cell::Null),
            Register::Number(it) => self.machine.numbers.cell(it.index()).holds == Holds::Null,
            Register::Flag(it) => matches!(self.flag(it), Cell::Null),
            Register::Date(it) => matches!(self.date(it), Cell::Null),
        }
    }

    fn key(&self, register: Register) -> Key {
        match register {
            Register::Text(it) => self.text(it).value().map_or(Key::Missing, Key::Text),
            Register::Number(it) => self.number(it).value().map_or(Key::Missing, Key::Number),
            Register::Flag(it) => self.flag(it).value().map_or(Key::Missing, Key::Flag),
            Register::Date(it) => self.date(it).value().map_or(Key::Missing, Key::Date),
        }
    }

    fn constant(&self, index: mapc_bytecode::ConstantIndex) -> Option<&'a Constant> {
        let prepared: &'a Prepared = self.prepared;
        prepared.constants.get(index.index()).map(|constant| &constant.value)
    }

    // Texts.

    /// What was made since the mark, as a text.
    fn made(&mut self, mark: usize) -> Result<Span, End> {
        let end = self.machine.arena.len();
        if end - self.machine.made > SCRATCH {
            return Err(End::reject(self.prepared.module.builtin.output));
        }
        self.charge(end - mark)?;
        Ok(Span { start: mark as u32, end: end as u32, origin: Origin::Made })
    }

    /// Keeps what stands in the work buffer.
    fn keep_work(&mut self) -> Result<Span, End> {
        let mark = self.machine.arena.len();
        let machine = &mut *self.machine;
        if mark - machine.made + machine.work.len() <= SCRATCH {
            machine.arena.extend_from_slice(&machine.work);
            return self.made(mark);
        }
        Err(End::reject(self.prepared.module.builtin.output))
    }

    fn template(&mut self, into: TextRegister, template: TemplateIndex, missing: Option<&[u8]>) -> Done {
        let prepared = self.prepared;
        let Some(template) = prepared.module.templates.get(template.index()) else { return Ok(()) };
        let mark = self.machine.arena.len();
        for part in &template.parts {
            let present = match part {
                TemplatePart::Text(text) => {
                    self.machine.arena.extend_from_slice(text.as_bytes());
                    true
                }
                TemplatePart::Hole(register) => self.write_plain(*register),
            };
            if !present {
                match missing {
                    Some(word) => self.machine.arena.extend_from_slice(word),
                    None => {
                        self.machine.arena.truncate(mark);
                        return self.set_text(into, Cell::Absent);
                    }
                }
            }
            if self.machine.arena.len() - self.machine.made > SCRATCH {
                return Err(End::reject(self.prepared.module.builtin.output));
            }
        }
        let span = self.made(mark)?;
        self.set_text(into, Cell::Value(span))
    }

    /// Appends the text form of a register to the texts made in this run; `false` when there is no value.
    fn write_plain(&mut self, register: Register) -> bool {
        match register {
            Register::Text(it) => {
                let Some(span) = self.text(it).value() else { return false };
                self.append(span);
            }
            Register::Number(it) => {
                let Some(number) = self.number(it).value() else { return false };
                number.shortest().write(&mut self.machine.arena);
            }
            Register::Flag(it) => {
                let Some(value) = self.flag(it).value() else { return false };
                self.machine.arena.extend_from_slice(if value { b"true" } else { b"false" });
            }
            Register::Date(it) => {
                let Some(moment) = self.date(it).value() else { return false };
                moment.write(&mut self.machine.arena);
            }
        }
        true
    }

    fn join(
        &mut self,
        text: TextRegister,
        value: TextRegister,
        separator: mapc_bytecode::ConstantIndex,
    ) -> Done {
        let Some(value) = self.text(value).value() else { return Ok(()) };
        let Some(before) = self.text(text).value() else { return self.set_text(text, Cell::Value(value)) };
        // A text that ends where the next one will start grows in place.
        let mark = self.machine.arena.len();
        let grows = before.origin == Origin::Made && before.end as usize == mark;
        if !grows {
            self.append(before);
        }
        if let Some(Constant::Text(separator)) = self.constant(separator) {
            self.append(*separator);
        }
        self.append(value);
        let mut span = self.made(mark)?;
        if grows {
            span.start = before.start;
        }
        self.set_text(text, Cell::Value(span))
    }

    /// Appends a text to those made in this run.
    fn append(&mut self, span: Span) {
        let (start, end) = (span.start as usize, span.end as usize);
        match span.origin {
            Origin::Message | Origin::Made => {
                if end <= self.machine.arena.len() && start <= end {
                    self.machine.arena.extend_from_within(start..end);
                }
            }
            Origin::PlainConstant | Origin::Constant => {
                let text = self.prepared.texts.get(start..end).unwrap_or_default();
                self.machine.arena.extend_from_slice(text);
            }
        }
    }

    // Numbers.

    #[inline(always)]
    fn arithmetic(
        &mut self,
        into: mapc_bytecode::NumberRegister,
        left: mapc_bytecode::NumberRegister,
        right: mapc_bytecode::NumberRegister,
        failure: Failure,
        short: impl Fn(Short, Short) -> Option<Short>,
        calculate: impl Fn(Decimal, Decimal) -> Result<Decimal, TooLong>,
    ) -> Done {
        let numbers = &mut self.machine.numbers;
        let sides = numbers.short(left.index()).zip(numbers.short(right.index()));
        if let Some(result) = sides.and_then(|(left, right)| short(left, right)) {
            numbers.set_short(into.index(), result);
            return Ok(());
        }
        let sides = self.number(left).value().zip(self.number(right).value());
        let Some((left, right)) = sides else { return self.set_number(into, Cell::Absent) };
        match calculate(left, right) {
            Ok(result) => self.set_number(into, Cell::Value(result)),
            Err(_) => self.fail(failure),
        }
    }

    fn count(&mut self, count: mapc_bytecode::NumberRegister) -> Done {
        let before = self.machine.numbers.short(count.index()).unwrap_or_default();
        let after = Short { coefficient: before.coefficient.saturating_add(1), ..before };
        self.machine.numbers.set_short(count.index(), after);
        Ok(())
    }

    fn keep(&mut self, kept: Register, value: Register, better: std::cmp::Ordering) -> Done {
        let (old, new) = (self.key(kept), self.key(value));
        if new.is_missing() {
            return Ok(());
        }
        let order = new.compare(old, |span| texts!(self).get(span));
        if old.is_missing() || order == better { self.copy(kept, value) } else { Ok(()) }
    }
}
