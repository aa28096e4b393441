//! Where the bytes of a message stand that end a text or need care in it: quotes, backslashes, control characters. Two
//! ways to find them: eight bytes at a time where it is asked, or all at once into a bitmap. Knows no JSON beyond that.

use std::num::NonZeroU64;

#[cfg(target_arch = "x86_64")]
mod simd;

#[cfg(target_arch = "x86_64")]
pub(crate) use simd::{Message, Work, has_avx2, has_avx512, with_avx2, with_avx512};

#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn has_avx2() -> bool {
    false
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn has_avx512() -> bool {
    false
}

/// So many zero bytes stand behind every message.
pub(crate) const PADDING: usize = 80;

/// Finds quotes, backslashes and control characters. A zero byte is one, so that every search ends behind the message.
pub(crate) trait Specials: Copy {
    /// What a look at the next ones tells about those behind.
    type Look: Copy;

    /// The distance from a place to the next one, if it is near.
    fn near(self, bytes: &[u8], at: u32) -> Option<(u32, Self::Look)>;

    /// The distance of the third one from a place that was looked at, if it is near; `start` is that behind the second.
    fn third(self, bytes: &[u8], at: u32, start: u32, look: Self::Look) -> Option<u32>;

    /// The place of the next one, from this place on.
    fn next(self, bytes: &[u8], at: u32) -> u32;
}

/// So many bytes from a place.
#[inline(always)]
pub(crate) fn chunk<const N: usize>(bytes: &[u8], at: u32) -> Option<&[u8; N]> {
    let at = at as usize;
    bytes.get(at..at + N)?.first_chunk()
}

/// Searches where it is asked, without an index.
#[derive(Clone, Copy)]
pub(crate) struct Search;

impl Specials for Search {
    type Look = ();

    #[inline(always)]
    fn third(self, bytes: &[u8], at: u32, start: u32, (): ()) -> Option<u32> {
        let (distance, ()) = self.near(bytes, at + start)?;
        Some(start + distance)
    }

    #[inline(always)]
    fn near(self, bytes: &[u8], at: u32) -> Option<(u32, ())> {
        let chunk = chunk::<16>(bytes, at)?;
        let all = u128::from_le_bytes(*chunk);
        let first = special(all as u64);
        if first != 0 {
            return Some((first.trailing_zeros() / 8, ()));
        }
        let last = special((all >> 64) as u64);
        if last != 0 {
            return Some((8 + last.trailing_zeros() / 8, ()));
        }
        None
    }

    #[inline(always)]
    fn next(self, bytes: &[u8], mut at: u32) -> u32 {
        while let Some(chunk) = chunk::<8>(bytes, at) {
            let found = special(u64::from_le_bytes(*chunk));
            if found != 0 {
                return at + found.trailing_zeros() / 8;
            }
            at += 8;
        }
        bytes.len() as u32
    }
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// High bits of the bytes that are a quote, a backslash or a control character; exact up to the first one.
#[inline(always)]
fn special(word: u64) -> u64 {
    let zero = |word: u64| word.wrapping_sub(LOW) & !word;
    let quote = zero(word ^ (LOW * 0x22));
    let backslash = zero(word ^ (LOW * 0x5C));
    let control = word.wrapping_sub(LOW * 0x20) & !word;
    (quote | backslash | control) & HIGH
}

/// What an index pass finds. Kept from message to message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// A bit for each byte from the start of the buffer: whether it is special.
    bits: Vec<u8>,
    /// A bit for each byte: whether it is not ASCII; a word for each block of 64 bytes.
    wide: Vec<u64>,
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
    fn prepare(&mut self, to: usize) {
        let blocks = to / 64 + 1;
        self.bits.resize(blocks * 8 + 8, 0);
        self.wide.resize(blocks, 0);
        // Behind the message every byte is special.
        if let Some(last) = self.bits.last_chunk_mut::<8>() {
            *last = [0xFF; 8];
        }
    }

    fn bitmap(&self) -> Bitmap<'_> {
        Bitmap { bits: &self.bits }
    }

    /// Whether `bytes[from..to]` is UTF-8: whether every byte that is not ASCII belongs to a character.
    fn is_text(&self, bytes: &[u8], from: usize, to: usize) -> bool {
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
