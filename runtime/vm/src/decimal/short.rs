//! Decimals of one word: what nearly all numbers are. Whatever does not fit is left to the long form.

use std::cmp::Ordering;

use mapc_bytecode::Rounding;

use super::{DIGITS, Decimal, rounds_away};

/// `coefficient / 10^scale` in one word. Never the least `i64`, so that it has a negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Short {
    pub(crate) coefficient: i64,
    pub(crate) scale: u8,
}

/// Powers of ten that fit.
static POWERS: [i64; 19] = {
    let mut powers = [1i64; 19];
    let mut exponent = 1;
    while exponent < 19 {
        #[expect(clippy::indexing_slicing, reason = "in a constant: the compiler proves it")]
        {
            powers[exponent] = powers[exponent - 1] * 10;
        }
        exponent += 1;
    }
    powers
};

/// Two digits each.
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0u8; 2]; 100];
    let mut number = 0;
    while number < 100 {
        #[expect(clippy::indexing_slicing, reason = "in a constant: the compiler proves it")]
        {
            pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        }
        number += 1;
    }
    pairs
};

/// Digits of a number that is written in one block: 34 decimals and one in front.
const BLOCK: usize = 36;
/// Where the last digit ends in the block that digits are made in.
const MIDDLE: usize = 40;
/// Numbers below this have at most eight digits.
const EIGHT: u64 = 100_000_000;
/// Most digits that are made at once.
const SIXTEEN: usize = 16;
/// Room that writing needs: sign, point and two blocks.
pub(crate) const WIDEST: usize = 80;

impl From<Short> for Decimal {
    fn from(short: Short) -> Decimal {
        Decimal { coefficient: i128::from(short.coefficient), scale: short.scale }
    }
}

impl Short {
    pub(crate) fn of(number: Decimal) -> Option<Short> {
        let coefficient = i64::try_from(number.coefficient).ok().filter(|it| *it != i64::MIN)?;
        Some(Short { coefficient, scale: number.scale })
    }

    /// A number of up to 18 bytes without exponent: sign, digits, at most one point. The flag says whether the lexeme is
    /// in the form that is written, which only `-0` is not. The lexeme is known to be a JSON number.
    #[inline(always)]
    pub(crate) fn read(lexeme: &[u8]) -> Option<(Short, bool)> {
        let (negative, digits) = match lexeme {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, lexeme),
        };
        if digits.len() > 18 {
            return None;
        }
        let mut coefficient = 0i64;
        let mut point = None;
        for (place, byte) in digits.iter().enumerate() {
            let digit = byte.wrapping_sub(b'0');
            if digit < 10 {
                coefficient = coefficient * 10 + i64::from(digit);
            } else if *byte == b'.' && point.is_none() {
                point = Some(place);
            } else {
                return None;
            }
        }
        let scale = point.map_or(0, |point| digits.len() - 1 - point) as u8;
        let plain = !negative || coefficient != 0;
        let coefficient = if negative { -coefficient } else { coefficient };
        Some((Short { coefficient, scale }, plain))
    }

    /// Decimal text of up to 18 bytes in canonical form: `-?(0|[1-9][0-9]*)(\.[0-9]+)?`. `None` for everything else,
    /// which may still be canonical when it is longer.
    #[inline(always)]
    pub(crate) fn read_canonical(text: &[u8]) -> Option<(Short, bool)> {
        let unsigned = match text {
            [b'-', rest @ ..] => rest,
            _ => text,
        };
        match unsigned {
            [.., b'.'] => None,
            [b'1'..=b'9', ..] | [b'0'] | [b'0', b'.', ..] => Short::read(text),
            _ => None,
        }
    }

    /// Without zeros at the end of the fraction.
    #[inline(always)]
    pub(crate) fn shortest(self) -> Short {
        let Short { mut coefficient, mut scale } = self;
        while scale > 0 && coefficient % 10 == 0 {
            coefficient /= 10;
            scale -= 1;
        }
        Short { coefficient, scale }
    }

    #[inline(always)]
    fn at_scale(self, scale: u8) -> Option<i64> {
        if self.scale == scale {
            return Some(self.coefficient);
        }
        let power = POWERS.get(usize::from(scale.checked_sub(self.scale)?))?;
        self.coefficient.checked_mul(*power)
    }

    #[inline(always)]
    fn checked(coefficient: Option<i64>, scale: u8) -> Option<Short> {
        let coefficient = coefficient.filter(|it| *it != i64::MIN)?;
        Some(Short { coefficient, scale }.shortest())
    }

    /// In shortest form; `None` if it takes more than a word on the way.
    #[inline(always)]
    pub(crate) fn add(self, other: Short) -> Option<Short> {
        let scale = self.scale.max(other.scale);
        Short::checked(self.at_scale(scale)?.checked_add(other.at_scale(scale)?), scale)
    }

    #[inline(always)]
    pub(crate) fn subtract(self, other: Short) -> Option<Short> {
        self.add(Short { coefficient: -other.coefficient, scale: other.scale })
    }

    #[inline(always)]
    pub(crate) fn multiply(self, other: Short) -> Option<Short> {
        let scale = self.scale + other.scale;
        if u32::from(scale) > DIGITS {
            return None;
        }
        Short::checked(self.coefficient.checked_mul(other.coefficient), scale)
    }

    #[inline(always)]
    pub(crate) fn compare(self, other: Short) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        Some(self.at_scale(scale)?.cmp(&other.at_scale(scale)?))
    }

    /// Rounded to so many decimals, in shortest form.
    #[inline(always)]
    pub(crate) fn round(self, scale: u8, mode: Rounding) -> Option<Short> {
        let Some(dropped) = self.scale.checked_sub(scale).filter(|dropped| *dropped > 0) else {
            return Some(self.shortest());
        };
        let unit = *POWERS.get(usize::from(dropped))?;
        let (kept, rest) = (self.coefficient / unit, (self.coefficient % unit).abs());
        let half = if rest == 0 { None } else { Some(rest.cmp(&(unit - rest))) };
        let away = rounds_away(half, self.coefficient < 0, kept % 2 != 0, mode);
        let step = if self.coefficient < 0 { -1 } else { 1 };
        let coefficient = if away { kept + step } else { kept };
        Some(Short { coefficient, scale }.shortest())
    }

    /// Writes it with the digits it has into the front of the buffer; how many bytes it takes. Never `-0`. Blocks of one
    /// size are copied, so bytes behind the number change as well.
    #[inline(always)]
    pub(crate) fn write(self, out: &mut [u8; WIDEST]) -> usize {
        let magnitude = self.coefficient.unsigned_abs();
        if magnitude < EIGHT * EIGHT && usize::from(self.scale) < SIXTEEN {
            return self.write_sixteen(magnitude, out);
        }
        // Digits grow from the middle of a block of zeros to the front.
        let mut block = [b'0'; MIDDLE + BLOCK];
        let mut at = MIDDLE;
        let mut rest = magnitude;
        while rest >= 100 {
            at -= 2;
            put_pair(&mut block, at, rest % 100);
            rest /= 100;
        }
        if rest >= 10 {
            at -= 2;
            put_pair(&mut block, at, rest);
        } else if rest > 0 {
            at -= 1;
            if let Some(place) = block.get_mut(at) {
                *place = b'0' + rest as u8;
            }
        }
        let scale = usize::from(self.scale);
        let width = (MIDDLE - at).max(scale + 1);
        let sign = usize::from(self.coefficient < 0);
        if let Some(first) = out.first_mut() {
            *first = b'-';
        }
        copy_block::<BLOCK>(&block, MIDDLE - width, out, sign);
        if scale == 0 {
            return sign + width;
        }
        let point = sign + width - scale;
        copy_block::<BLOCK>(&block, MIDDLE - scale, out, point + 1);
        if let Some(place) = out.get_mut(point) {
            *place = b'.';
        }
        sign + width + 1
    }

    /// The same with at most sixteen digits.
    #[inline(always)]
    fn write_sixteen(self, magnitude: u64, out: &mut [u8; WIDEST]) -> usize {
        let low = eight_digits(magnitude % EIGHT);
        let high = if magnitude < EIGHT { 0 } else { eight_digits(magnitude / EIGHT) };
        // The first digit stands in the lowest byte; a zero has one digit.
        let zeros = if high == 0 { 64 + (low | 1 << 63).trailing_zeros() } else { high.trailing_zeros() };
        let used = SIXTEEN - (zeros / 8) as usize;
        let mut block = [b'0'; 2 * SIXTEEN];
        put_word(&mut block, 0, high);
        put_word(&mut block, 8, low);
        let scale = usize::from(self.scale);
        let width = used.max(scale + 1);
        let sign = usize::from(self.coefficient < 0);
        if let Some(first) = out.first_mut() {
            *first = b'-';
        }
        copy_block::<SIXTEEN>(&block, SIXTEEN - width, out, sign);
        if scale == 0 {
            return sign + width;
        }
        let point = sign + width - scale;
        copy_block::<SIXTEEN>(&block, SIXTEEN - scale, out, point + 1);
        if let Some(place) = out.get_mut(point) {
            *place = b'.';
        }
        sign + width + 1
    }
}

#[inline(always)]
fn put_pair(block: &mut [u8], at: usize, pair: u64) {
    let pair = PAIRS.get(pair as usize).copied().unwrap_or_default();
    if let Some(place) = block.get_mut(at..at + 2) {
        place.copy_from_slice(&pair);
    }
}

/// The digits of a number below 10^8, one a byte, the first in the lowest byte: halves, then pairs, then digits, all at
/// once in one word. Factors and shifts are those of division by 100 and by 10.
#[inline(always)]
fn eight_digits(number: u64) -> u64 {
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let pairs = hundreds | ((halves - 100 * hundreds) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000F_000F_000F_000F;
    tens | ((pairs - 10 * tens) << 8)
}

#[inline(always)]
fn put_word(block: &mut [u8], at: usize, digits: u64) {
    if let Some(place) = block.get_mut(at..at + 8) {
        place.copy_from_slice(&(digits | 0x3030_3030_3030_3030).to_le_bytes());
    }
}

#[inline(always)]
fn copy_block<const LENGTH: usize>(from: &[u8], start: usize, into: &mut [u8], at: usize) {
    if let (Some(from), Some(into)) = (from.get(start..start + LENGTH), into.get_mut(at..at + LENGTH)) {
        into.copy_from_slice(from);
    }
}
