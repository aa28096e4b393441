//! The bits of a message: its special bytes, and those of characters of several bytes. Does not know how they are found.

use std::num::NonZeroU64;

use super::chunk;

/// What an index pass finds. Kept from message to message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// A bit for each byte from the start of the buffer: whether it is special.
    pub(super) bits: Vec<u8>,
    /// A bit for each byte: whether it is not ASCII; a word for each block of 64 bytes.
    pub(super) wide: Vec<u64>,
}

/// Looks into the bits of an index: where the next quote, backslash or control character stands. Zero bytes are such, so
/// that every search ends behind the message.
#[derive(Clone, Copy)]
pub(crate) struct Bitmap<'a> {
    bits: &'a [u8],
}

impl Bitmap<'_> {
    /// The bits from a place on, the first one lowest: at least 57 of them.
    #[inline(always)]
    fn from(self, at: u32) -> u64 {
        chunk::<8>(self.bits, at >> 3).map_or(0, |bytes| u64::from_le_bytes(*bytes) >> (at & 7))
    }

    /// The distance from a place to the next one, if it is near, with a look at those behind.
    #[inline(always)]
    pub(crate) fn near(self, at: u32) -> Option<(u32, Look)> {
        let bits = NonZeroU64::new(self.from(at))?;
        Some((bits.trailing_zeros(), Look(bits.get())))
    }

    /// The place of the next one, from this place on.
    #[inline(always)]
    pub(crate) fn next(self, at: u32) -> u32 {
        match self.near(at) {
            Some((distance, _)) => at + distance,
            None => self.far(at),
        }
    }

    /// Nothing in the eight bytes of bits that hold this place: on from the ones behind them.
    #[inline(never)]
    fn far(self, at: u32) -> u32 {
        let mut byte = (at >> 3) + 8;
        while let Some(chunk) = chunk::<8>(self.bits, byte) {
            let word = u64::from_le_bytes(*chunk);
            if word != 0 {
                return byte * 8 + word.trailing_zeros();
            }
            byte += 8;
        }
        (self.bits.len() * 8) as u32
    }
}

/// The bits from a place on.
#[derive(Clone, Copy)]
pub(crate) struct Look(u64);

impl Look {
    /// The distance of the third special byte, if it is near.
    #[inline(always)]
    pub(crate) fn third(self) -> Option<u32> {
        let behind_first = self.0 & self.0.wrapping_sub(1);
        Some(NonZeroU64::new(behind_first & behind_first.wrapping_sub(1))?.trailing_zeros())
    }
}

impl Index {
    /// Room for the blocks that hold this message and for one word behind.
    pub(super) fn prepare(&mut self, to: usize) {
        let blocks = to / 64 + 1;
        self.bits.resize(blocks * 8 + 8, 0);
        self.wide.resize(blocks, 0);
        // Behind the message every byte is special.
        if let Some(last) = self.bits.last_chunk_mut::<8>() {
            *last = [0xFF; 8];
        }
    }

    /// Makes the index with plain code, in shapes that compilers know to turn into what vectors the target has.
    pub(crate) fn fill(&mut self, bytes: &[u8], to: usize) {
        self.prepare(to);
        let blocks = bytes.as_chunks::<64>().0.iter();
        for ((block, bits), wide) in blocks.zip(self.bits.as_chunks_mut().0).zip(&mut self.wide) {
            let special = |byte: u8| byte == b'"' || byte == b'\\' || byte < 0x20;
            *bits = gather(&block.map(|byte| u8::from(special(byte)))).to_le_bytes();
            *wide = 0;
            if !block.is_ascii() {
                *wide = gather(&block.map(|byte| byte >> 7));
            }
        }
    }

    pub(crate) fn bitmap(&self) -> Bitmap<'_> {
        Bitmap { bits: &self.bits }
    }

    /// Whether `bytes[from..to]` is UTF-8: whether every byte that is not ASCII belongs to a character.
    pub(crate) fn is_text(&self, bytes: &[u8], from: usize, to: usize) -> bool {
        let mut behind = from;
        for (word, block) in self.wide.iter().zip((0usize..).step_by(64)) {
            let mut rest = *word;
            while rest != 0 {
                let at = block + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if at >= behind && at < to {
                    let Some(length) = character(bytes, at) else { return false };
                    behind = at + length;
                }
            }
        }
        true
    }
}

/// One bit of each byte that is 0 or 1.
#[inline(always)]
fn gather(flags: &[u8; 64]) -> u64 {
    let mut bits = [0; 8];
    for (bits, eight) in bits.iter_mut().zip(flags.as_chunks().0) {
        // Each byte is moved to its own bit of the highest byte.
        *bits = (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8;
    }
    u64::from_le_bytes(bits)
}

/// The length of the character of several bytes at a place; nothing if there is none.
fn character(bytes: &[u8], at: usize) -> Option<usize> {
    let four = u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    let second = (four >> 8) as u8;
    let length = match four as u8 {
        0xC2..=0xDF => 2,
        0xE0 if second < 0xA0 => return None,
        0xED if second >= 0xA0 => return None,
        0xE0..=0xEF => 3,
        0xF0 if second < 0x90 => return None,
        0xF4 if second >= 0x90 => return None,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    // What follows the first byte starts with the bits 10.
    let upper = 0xC0C0_C000u32 & (u32::MAX >> (32 - 8 * length));
    (four & upper == 0x8080_8000 & upper).then_some(length as usize)
}
