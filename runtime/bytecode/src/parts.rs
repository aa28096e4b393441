//! How the data of a module is laid down as bytes, piece by piece. Does not know sections or checksums.

use crate::bytes::{Reader, Truncated, Writer};
use crate::instruction::Instruction;
use crate::module::*;
use crate::operand::*;

/// A piece of a module: written and read back. Every piece takes at least one byte.
pub(crate) trait Part: Sized {
    fn write(&self, writer: &mut Writer);
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated>;
}

impl Part for String {
    fn write(&self, writer: &mut Writer) {
        writer.text(self);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        reader.text()
    }
}

impl Part for bool {
    fn write(&self, writer: &mut Writer) {
        writer.byte(u8::from(*self));
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        match reader.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Truncated),
        }
    }
}

macro_rules! unsigned_parts {
    ($($int:ty),+) => {$(
        impl Part for $int {
            fn write(&self, writer: &mut Writer) { writer.number(u64::from(*self)); }
            fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> { reader.small() }
        }
    )+};
}
unsigned_parts!(u8, u16, u32, u64);

impl Part for i64 {
    fn write(&self, writer: &mut Writer) {
        writer.signed(*self);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        reader.signed()
    }
}

impl Part for i32 {
    fn write(&self, writer: &mut Writer) {
        writer.signed(i64::from(*self));
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        i32::try_from(reader.signed()?).map_err(|_| Truncated)
    }
}

impl Part for i128 {
    fn write(&self, writer: &mut Writer) {
        writer.wide(*self);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        reader.wide()
    }
}

impl<const N: usize> Part for [u8; N] {
    fn write(&self, writer: &mut Writer) {
        writer.bytes.extend_from_slice(self);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        reader.take(N)?.try_into().map_err(|_| Truncated)
    }
}

impl<T: Part> Part for Option<T> {
    fn write(&self, writer: &mut Writer) {
        match self {
            None => writer.byte(0),
            Some(value) => {
                writer.byte(1);
                value.write(writer);
            }
        }
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        match reader.byte()? {
            0 => Ok(None),
            1 => Ok(Some(T::read(reader)?)),
            _ => Err(Truncated),
        }
    }
}

impl<T: Part> Part for Vec<T> {
    fn write(&self, writer: &mut Writer) {
        writer.length(self.len());
        for value in self {
            value.write(writer);
        }
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        let length = reader.length()?;
        let mut values = Vec::new();
        for _ in 0..length {
            values.push(T::read(reader)?);
        }
        // The length is not to be trusted before; a worker holds thousands of these.
        values.shrink_to_fit();
        Ok(values)
    }
}

impl<A: Part, B: Part> Part for (A, B) {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
        self.1.write(writer);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        Ok((A::read(reader)?, B::read(reader)?))
    }
}

impl<A: Part, B: Part, C: Part> Part for (A, B, C) {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
        self.1.write(writer);
        self.2.write(writer);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        Ok((A::read(reader)?, B::read(reader)?, C::read(reader)?))
    }
}

impl Part for Instruction {
    fn write(&self, writer: &mut Writer) {
        self.encode(writer);
    }
    fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        Instruction::decode(reader)
    }
}

/// Operands that also stand in the data.
macro_rules! operand_parts {
    ($($name:ty),+) => {$(
        impl Part for $name {
            fn write(&self, writer: &mut Writer) { OperandType::encode(*self, writer); }
            fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> { OperandType::decode(reader) }
        }
    )+};
}
operand_parts!(Cursor, ConstantIndex, LanguageIndex, PredicateIndex, ReasonIndex, SetIndex, Register);

/// Records: their fields in this order.
macro_rules! record_parts {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {$(
        impl Part for $name {
            fn write(&self, writer: &mut Writer) { $(self.$field.write(writer);)+ }
            fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
                Ok($name { $($field: Part::read(reader)?),+ })
            }
        }
    )+};
}
record_parts! {
    Meta { map, version, tenant, compiler, source, target, operation }
    Pin { name, hash }
    Reason { code, rule, text, id }
    Builtin { not_json, bad_text, duplicate_key, depth, size, number, steps, output }
    Fragment { text, closers }
    Template { parts }
    LanguageTable { name, classes, class_count, transitions, start, accepting }
    Table { name, key_parts, class, rows }
    Set { class, members }
    Zone { name, initial_offset, transitions }
    SourceList { parent, path, nullable, facts, reason, display }
    SourceField { list, path, read, nullable, facts, reason, display, sensitive }
    Ratio { numerator, denominator }
    GuardInfo { id, target, text }
    CursorShape { list, parent }
    Registers { text, number, flag, date }
    SourceLine { instruction, file, line }
    Deliver { by, connections, retries, unknown, dead_letter }
    Mask { path, method }
}

/// Choices: a byte, then the content.
macro_rules! choice_parts {
    ($($name:ident { $($byte:literal => $variant:ident $(($($item:ident),+))? $({ $($field:ident),+ })?),+ $(,)? })+) => {$(
        impl Part for $name {
            fn write(&self, writer: &mut Writer) {
                match self {
                    $($name::$variant $(($($item),+))? $({ $($field),+ })? => {
                        writer.byte($byte);
                        $($($item.write(writer);)+)?
                        $($($field.write(writer);)+)?
                    })+
                }
            }
            fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
                Ok(match reader.byte()? {
                    $($byte => {
                        $($(let $item = Part::read(reader)?;)+)?
                        $($(let $field = Part::read(reader)?;)+)?
                        $name::$variant $(($($item),+))? $({ $($field),+ })?
                    })+
                    _ => return Err(Truncated),
                })
            }
        }
    )+};
}
choice_parts! {
    Operation { 0 => Create, 1 => Update, 2 => Upsert }
    Class { 0 => Text, 1 => Number, 2 => Flag, 3 => Date }
    DateKind { 0 => Date, 1 => Time, 2 => Local, 3 => Instant }
    ReadKind { 0 => Text, 1 => Number, 2 => DecimalText, 3 => Flag, 4 => Date(kind) }
    Constant { 0 => Text(text), 1 => Number { coefficient, scale }, 2 => Flag(value), 3 => Date(kind, text) }
    TemplatePart { 0 => Text(text), 1 => Hole(register) }
    Predicate {
        0 => Present, 1 => MinLength(length), 2 => MaxLength(length), 3 => InLanguage(language), 4 => OneOf(set),
        5 => AtLeast { value, inclusive }, 6 => AtMost { value, inclusive }, 7 => OnGrid(grid),
        8 => Count { min, max }, 9 => Unique,
    }
    Retry { 0 => RetryAfter, 1 => Wait(seconds), 2 => Backoff { from, to, horizon } }
    MaskMethod { 0 => Hash, 1 => Last(count), 2 => Hide }
}
