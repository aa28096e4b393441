//! The bits of a message: its special bytes, and those of characters of several bytes. Does not know how they are found.

use std::num::NonZeroU64;

use super::{Specials, chunk};

/// What an index pass finds. Kept from message to message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// A bit for each byte from the start of the buffer: whether it is special.
    pub(super) bits: Vec<u8>,
    /// A bit for each byte: whether it is not ASCII; a word for each block of 64 bytes.
    pub(super) wide: Vec<u64>,
}

/// Looks into the bits of an index.
#[derive(Clone, Copy)]
pub(crate) struct Bitmap<'a> {
    bits: &'a [u8],
}

impl Specials for Bitmap<'_> {
    type Look = u64;

    #[inline(always)]
    fn third(self, _: &[u8], _: u32, _: u32, look: u64) -> Option<u32> {
        let behind_first = look & look.wrapping_sub(1);
        Some(NonZeroU64::new(behind_first & behind_first.wrapping_sub(1))?.trailing_zeros())
    }

    #[inline(always)]
    fn near(self, _: &[u8], at: u32) -> Option<(u32, u64)> {
        let word = u64::from_le_bytes(*chunk::<8>(self.bits, at >> 3)?) >> (at & 7);
        Some((NonZeroU64::new(word)?.trailing_zeros(), word))
    }

    #[inline(always)]
    fn next(self, bytes: &[u8], at: u32) -> u32 {
        match self.near(bytes, at) {
            Some((distance, _)) => at + distance,
            None => self.far(at),
        }
    }
}

impl Bitmap<'_> {
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

    pub(super) fn bitmap(&self) -> Bitmap<'_> {
        Bitmap { bits: &self.bits }
    }

    /// Whether `bytes[from..to]` is UTF-8: whether every byte that is not ASCII belongs to a character.
    pub(super) fn is_text(&self, bytes: &[u8], from: usize, to: usize) -> bool {
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
