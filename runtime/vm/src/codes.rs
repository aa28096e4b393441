//! Texts found by hash: rows of code tables, members of sets. Codes of at most eight bytes, which most are, are single
//! words, and what they stand for is beside them. Knows no module.

use crate::index::prefetch;

/// An index over texts, with what each one stands for.
#[derive(Clone, Debug)]
pub(crate) struct Codes<T> {
    short: Box<[Short<T>]>,
    /// Numbers of entries.
    long: Box<[u32]>,
    entries: Box<[Entry<T>]>,
    keys: Box<[u8]>,
}

/// A place for a text of at most eight bytes.
#[derive(Clone, Copy, Debug)]
struct Short<T> {
    word: u64,
    /// [`NONE`] if there is no text here.
    length: u8,
    value: T,
}

/// A longer text, which stands among the keys.
#[derive(Clone, Copy, Debug)]
struct Entry<T> {
    start: u32,
    length: u32,
    value: T,
}

/// So many places of a table are worth calling for.
const FEW: usize = 16;
const EMPTY: u32 = u32::MAX;
const NONE: u8 = u8::MAX;
/// Bytes of a short text.
const WORD: usize = 8;

impl<T: Copy + Default> Codes<T> {
    /// Over these texts, which differ.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = (&'a [u8], T)>) -> Codes<T> {
        let (short, long): (Vec<_>, Vec<_>) = texts.partition(|(text, _)| text.len() <= WORD);
        let size = |count: usize| if count == 0 { 0 } else { (count * 2).next_power_of_two() };
        let empty = Short { word: 0, length: NONE, value: T::default() };
        let mut places = vec![empty; size(short.len())];
        let mask = places.len().wrapping_sub(1);
        for (text, value) in short {
            let word = word(text, 0, text.len());
            let mut place = mixed(word) & mask;
            while let Some(taken) = places.get_mut(place) {
                if taken.length == NONE {
                    *taken = Short { word, length: text.len() as u8, value };
                    break;
                }
                place = (place + 1) & mask;
            }
        }
        let mut keys = Vec::new();
        let mut entries = Vec::new();
        let mut numbers = vec![EMPTY; size(long.len())];
        let mask = numbers.len().wrapping_sub(1);
        for (text, value) in long {
            let mut place = hash(text) as usize & mask;
            while let Some(taken) = numbers.get_mut(place) {
                if *taken == EMPTY {
                    *taken = entries.len() as u32;
                    break;
                }
                place = (place + 1) & mask;
            }
            entries.push(Entry { start: keys.len() as u32, length: text.len() as u32, value });
            keys.extend_from_slice(text);
        }
        Codes { short: places.into(), long: numbers.into(), entries: entries.into(), keys: keys.into() }
    }

    /// What a text that is part of something longer stands for.
    #[inline(always)]
    pub(crate) fn find(&self, from: &[u8], start: usize, length: usize) -> Option<T> {
        if length > WORD {
            return self.find_long(from.get(start..start + length)?);
        }
        let word = word(from, start, length);
        let mask = self.short.len().wrapping_sub(1);
        let mut place = mixed(word) & mask;
        loop {
            let found = self.short.get(place)?;
            if found.word == word && usize::from(found.length) == length {
                return Some(found.value);
            }
            if found.length == NONE {
                return None;
            }
            place = (place + 1) & mask;
        }
    }

    #[inline(never)]
    fn find_long(&self, wanted: &[u8]) -> Option<T> {
        let mask = self.long.len().wrapping_sub(1);
        let mut place = hash(wanted) as usize & mask;
        loop {
            // No number is that of no entry.
            let entry = self.entries.get(*self.long.get(place)? as usize)?;
            let text = self.keys.get(entry.start as usize..(entry.start + entry.length) as usize)?;
            if text == wanted {
                return Some(entry.value);
            }
            place = (place + 1) & mask;
        }
    }

    /// Calls for the memory of short codes ahead of a message.
    pub(crate) fn prefetch(&self) {
        prefetch(self.short.get(..FEW).unwrap_or(&self.short));
    }
}

/// The bytes of a text of at most eight, in one word with zeros behind them.
#[inline(always)]
pub(crate) fn word(from: &[u8], start: usize, length: usize) -> u64 {
    match from.get(start..).and_then(|rest| rest.first_chunk::<WORD>()) {
        // What stands behind the text is masked out.
        Some(chunk) => {
            let mask = 1u64.checked_shl(8 * length as u32).map_or(u64::MAX, |bit| bit - 1);
            u64::from_le_bytes(*chunk) & mask
        }
        None => {
            let text = from.get(start..start + length).unwrap_or_default();
            text.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte))
        }
    }
}

#[inline(always)]
fn mixed(word: u64) -> usize {
    (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

fn hash(text: &[u8]) -> u32 {
    let mut hash = 0x9E37_79B9_7F4A_7C15u64 ^ (text.len() as u64);
    let mut chunks = text.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk));
        hash = (hash ^ word).wrapping_mul(0xFF51_AFD7_ED55_8CCD).rotate_left(29);
    }
    for byte in chunks.remainder() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    (hash >> 32) as u32
}
