//! Calls: library functions, code tables, ids of the target.

use mapc_bytecode::natives::{Native, NativeId};
use mapc_bytecode::{
    ArgumentsIndex, ConstantIndex, DateKind, Failure, ReasonIndex, Register, Rounding, TableIndex, TextRange,
    TextRegister,
};

use super::{Done, End, Run, SCRATCH, texts};
use crate::calendar::Moment;
use crate::decimal::Decimal;
use crate::program::{Constant, Given, Prepared};
use crate::text::{self, Made};
use crate::value::{Cell, Span};

/// Constant arguments of a call; the verifier has proved their number and kinds.
#[derive(Clone, Copy)]
struct Arguments<'a> {
    prepared: &'a Prepared,
    list: &'a [ConstantIndex],
}

impl<'a> Arguments<'a> {
    fn get(self, place: usize) -> Option<&'a Constant> {
        let index = self.list.get(place)?;
        self.prepared.constants.get(index.index()).map(|constant| &constant.value)
    }

    fn text(self, place: usize) -> &'a str {
        match self.get(place) {
            Some(Constant::Text(span)) => {
                let text = self.prepared.texts.get(span.start as usize..span.end as usize);
                std::str::from_utf8(text.unwrap_or_default()).unwrap_or_default()
            }
            _ => "",
        }
    }

    fn number(self, place: usize) -> Decimal {
        match self.get(place) {
            Some(Constant::Number(number)) => (*number).into(),
            Some(Constant::LongNumber(number)) => **number,
            _ => Decimal::ZERO,
        }
    }

    fn count(self, place: usize) -> u64 {
        u64::try_from(self.number(place).coefficient).unwrap_or(0)
    }
}

impl<'a> Run<'a> {
    pub(super) fn call(
        &mut self,
        into: Register,
        function: NativeId,
        input: Register,
        arguments: ArgumentsIndex,
        failure: Failure,
    ) -> Done {
        // Absent and null pass through unchanged.
        if !self.is_present(input) {
            let null = self.is_null(input);
            return match into {
                Register::Text(into) => self.set_text(into, if null { Cell::Null } else { Cell::Absent }),
                Register::Number(into) => self.set_number(into, if null { Cell::Null } else { Cell::Absent }),
                Register::Flag(into) => self.set_flag(into, if null { Cell::Null } else { Cell::Absent }),
                Register::Date(into) => self.set_date(into, if null { Cell::Null } else { Cell::Absent }),
            };
        }
        let prepared: &'a Prepared = self.prepared;
        let native = prepared.natives.get(usize::from(function.0)).copied().flatten();
        let list = prepared.module.arguments.get(arguments.index()).map_or(&[][..], Vec::as_slice);
        let arguments = Arguments { prepared, list };
        let Some(native) = native else { return self.fail(failure) };
        match (input, into) {
            (Register::Text(input), Register::Text(into)) => {
                let Some(span) = self.text(input).value() else { return Ok(()) };
                let cell = self.text_to_text(native, span, arguments)?;
                self.set_text(into, cell)
            }
            (Register::Text(input), Register::Number(into)) => {
                let Some(span) = self.text(input).value() else { return Ok(()) };
                let text = texts!(self).get(span);
                let text = std::str::from_utf8(text).unwrap_or_default();
                let number =
                    if Decimal::is_canonical(text) { Decimal::read(text.as_bytes()).ok() } else { None };
                match number {
                    Some(number) => self.set_number(into, Cell::Value(number.shortest())),
                    None => self.fail(failure),
                }
            }
            (Register::Text(input), Register::Date(into)) => {
                let Some(span) = self.text(input).value() else { return Ok(()) };
                let text = texts!(self).get(span);
                let moment = match native {
                    Native::DateOfText => Moment::read(DateKind::Date, text),
                    Native::TimeOfText => Moment::read(DateKind::Time, text),
                    Native::InstantOfText => Moment::read(DateKind::Instant, text),
                    _ => Moment::parse(arguments.text(0), std::str::from_utf8(text).unwrap_or_default()),
                };
                match moment {
                    Some(moment) => self.set_date(into, Cell::Value(moment)),
                    None => self.fail(failure),
                }
            }
            (Register::Number(input), Register::Number(into)) => {
                let Some(number) = self.number(input).value() else { return Ok(()) };
                match on_number(native, number, arguments) {
                    Some(number) => self.set_number(into, Cell::Value(number)),
                    None => self.fail(failure),
                }
            }
            (Register::Flag(input), Register::Text(into)) if native == Native::YesNo => {
                let Some(value) = self.flag(input).value() else { return Ok(()) };
                match arguments.get(usize::from(!value)) {
                    Some(Constant::Text(word)) => self.set_text(into, Cell::Value(*word)),
                    _ => self.set_text(into, Cell::Absent),
                }
            }
            (Register::Date(input), Register::Date(into)) => {
                let Some(moment) = self.date(input).value() else { return Ok(()) };
                let zone = prepared.module.zone.as_ref();
                let moment = match native {
                    Native::DateOfDate => moment.to_date(zone),
                    Native::TimeOfDate => moment.to_time(),
                    Native::WrittenDate => moment.written_date(),
                    _ => i64::try_from(arguments.number(0).coefficient)
                        .ok()
                        .and_then(|days| moment.add_days(days)),
                };
                match moment {
                    Some(moment) => self.set_date(into, Cell::Value(moment)),
                    None => self.fail(failure),
                }
            }
            (Register::Date(input), Register::Text(into)) if native == Native::Format => {
                let Some(moment) = self.date(input).value() else { return Ok(()) };
                let zone = prepared.module.zone.as_ref();
                self.machine.work.clear();
                if moment.format(arguments.text(0), zone, &mut self.machine.work).is_none() {
                    return self.fail(failure);
                }
                let span = self.keep_work()?;
                self.set_text(into, Cell::Value(span))
            }
            // What is left is the text form of a value.
            (input, Register::Text(into)) => {
                let mark = self.machine.arena.len();
                self.write_plain(input);
                let span = self.made(mark)?;
                self.set_text(into, Cell::Value(span))
            }
            _ => self.fail(failure),
        }
    }

    /// The longest prefix of whole grapheme clusters with at most so many code points.
    pub(super) fn cut(&mut self, span: Span, length: u64) -> Result<Span, End> {
        let bytes = texts!(self).get(span);
        if text::at_most(bytes, length) {
            return Ok(span);
        }
        let end = text::cut(std::str::from_utf8(bytes).unwrap_or_default(), length);
        Ok(span.part(0, end))
    }

    fn text_to_text(
        &mut self,
        native: Native,
        span: Span,
        arguments: Arguments<'_>,
    ) -> Result<Cell<Span>, End> {
        let length = span.length();
        self.charge(length)?;
        // A text has at most as many code points as bytes.
        if matches!(native, Native::Start | Native::End | Native::Cut) && length as u64 <= arguments.count(0)
        {
            return Ok(Cell::Value(span));
        }
        self.machine.work.clear();
        let bytes = texts!(self).get(span);
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let out = &mut self.machine.work;
        let made = match native {
            Native::Cut => Made::Part(0, text::cut(text, arguments.count(0))),
            Native::Start => text::start(text, arguments.count(0)),
            Native::End => text::end(text, arguments.count(0)),
            Native::Trim => text::trim(text),
            Native::Squeeze => text::squeeze(text, out),
            Native::Nonblank => text::nonblank(text),
            Native::Upper => text::upper(text, out),
            Native::Lower => text::lower(text, out),
            Native::UpperAscii => text::upper_ascii(text, out),
            Native::LowerAscii => text::lower_ascii(text, out),
            Native::PadLeft => text::pad_left(text, arguments.count(0), arguments.text(1), out),
            Native::PadRight => text::pad_right(text, arguments.count(0), arguments.text(1), out),
            Native::Replace => text::replace(text, arguments.text(0), arguments.text(1), SCRATCH, out),
            Native::WithoutPrefix => text::without_prefix(text, arguments.text(0)),
            Native::WithoutSuffix => text::without_suffix(text, arguments.text(0)),
            Native::Before => text::before(text, arguments.text(0)),
            Native::After => text::after(text, arguments.text(0)),
            Native::Part => text::part(text, arguments.text(0), arguments.count(1)),
            Native::Digits => text::digits(text, out),
            _ => Made::Part(0, text.len()),
        };
        match made {
            Made::Part(from, to) => Ok(Cell::Value(span.part(from, to))),
            Made::Written => Ok(Cell::Value(self.keep_work()?)),
            Made::Absent => Ok(Cell::Absent),
            Made::TooLong => Err(End::reject(self.prepared.module.builtin.output)),
        }
    }

    /// The row of a code table: `None` if there is none.
    #[inline(always)]
    pub(super) fn find_row(&self, table: TableIndex, key: Span) -> Option<Option<ConstantIndex>> {
        let table = self.prepared.tables.get(table.index())?;
        table.find(texts!(self).pool(key), key.start as usize, key.length()).map(Given::constant)
    }

    pub(super) fn lookup(
        &mut self,
        into: Register,
        table: TableIndex,
        keys: TextRange,
        failure: Failure,
    ) -> Done {
        let mut found = None;
        if keys.count == 1 {
            let Some(span) = self.text(keys.first).value() else { return self.clear(into) };
            found = self.find_row(table, span);
        } else {
            self.machine.work.clear();
            for part in 0..keys.count {
                let register = TextRegister(keys.first.0.saturating_add(part));
                let Some(span) = self.text(register).value() else { return self.clear(into) };
                let key = texts!(self).get(span);
                if part > 0 {
                    self.machine.work.push(mapc_bytecode::KEY_SEPARATOR);
                }
                self.machine.work.extend_from_slice(key);
            }
            if let Some(table) = self.prepared.tables.get(table.index()) {
                found = table.find(&self.machine.work, 0, self.machine.work.len()).map(Given::constant);
            }
        }
        match found {
            Some(Some(constant)) => self.load(into, constant),
            Some(None) => self.clear(into),
            None => self.fail(failure),
        }
    }

    pub(super) fn xref(
        &mut self,
        into: TextRegister,
        entity: ConstantIndex,
        key: TextRegister,
        reason: ReasonIndex,
    ) -> Done {
        let Some(key) = self.text(key).value() else { return self.set_text(into, Cell::Absent) };
        let Some(Constant::Text(entity)) = self.constant(entity) else {
            return self.set_text(into, Cell::Absent);
        };
        let entity = std::str::from_utf8(texts!(self).get(*entity)).unwrap_or_default();
        let key = std::str::from_utf8(texts!(self).get(key)).unwrap_or_default();
        let Some(id) = self.context.xref.find(entity, key) else { return self.set_text(into, Cell::Absent) };
        if id.is_empty() || !text::at_most(id.as_bytes(), 100) {
            return Err(End::reject(reason));
        }
        self.machine.work.clear();
        self.machine.work.extend_from_slice(id.as_bytes());
        let span = self.keep_work()?;
        self.set_text(into, Cell::Value(span))
    }
}

fn on_number(native: Native, number: Decimal, arguments: Arguments<'_>) -> Option<Decimal> {
    let scale = u32::try_from(arguments.count(0)).unwrap_or(u32::MAX);
    Some(match native {
        Native::Round => {
            let name = arguments.text(1);
            let mode = Rounding::ALL.iter().find(|mode| mode.name() == name)?;
            number.round(scale, *mode)
        }
        Native::RoundUp => number.round(scale, Rounding::Up),
        Native::RoundDown => number.round(scale, Rounding::Down),
        Native::Floor => number.round(scale, Rounding::Floor),
        Native::Ceiling => number.round(scale, Rounding::Ceiling),
        Native::Abs => number.absolute(),
        Native::Clamp => {
            let (low, high) = (arguments.number(0), arguments.number(1));
            let raised = if number.compare(low).is_lt() { low } else { number.shortest() };
            if raised.compare(high).is_gt() { high } else { raised }
        }
        Native::Whole => {
            if !number.is_whole() {
                return None;
            }
            number.shortest()
        }
        _ => return None,
    })
}
