//! Where the bytes of a message stand that end a text or need care in it: quotes, backslashes, control characters. Two
//! ways to find them: eight bytes at a time where it is asked, or all at once into a bitmap. Knows no JSON beyond that.

#[cfg(target_arch = "x86_64")]
mod bitmap;
#[cfg(target_arch = "x86_64")]
mod simd;

#[cfg(target_arch = "x86_64")]
pub(crate) use bitmap::{Bitmap, Index};
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
