//! Texts found by hash: rows of code tables, members of sets. Codes of at most eight bytes, which most are, are single
//! words. Knows no module.

/// An index over texts, which are numbered in the order they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
    short: Box<[Short]>,
    long: Box<[u32]>,
    entries: Box<[Entry]>,
    keys: Box<[u8]>,
}

/// A place for a text of at most eight bytes.
#[derive(Clone, Copy, Debug)]
struct Short {
    word: u64,
    length: u32,
    index: u32,
}

/// Where a text stands among the keys.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    length: u32,
}

const EMPTY: u32 = u32::MAX;
/// Bytes of a short text.
const WORD: usize = 8;

impl Codes {
    /// Over these texts, which differ.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a [u8]>) -> Codes {
        let mut keys = Vec::new();
        let mut entries = Vec::new();
        let mut count = [0usize; 2];
        for text in texts {
            entries.push(Entry { start: keys.len() as u32, length: text.len() as u32 });
            keys.extend_from_slice(text);
            let [short, long] = &mut count;
            *(if text.len() <= WORD { short } else { long }) += 1;
        }
        let size = |count: usize| if count == 0 { 0 } else { (count * 2).next_power_of_two() };
        let [short, long] = count.map(size);
        let empty = Short { word: 0, length: 0, index: EMPTY };
        let mut codes = Codes {
            short: vec![empty; short].into(),
            long: vec![EMPTY; long].into(),
            entries: entries.into(),
            keys: keys.into(),
        };
        for index in 0..codes.entries.len() {
            codes.insert(index as u32);
        }
        codes
    }

    fn insert(&mut self, index: u32) {
        let text = self.text(index).unwrap_or_default();
        let length = text.len();
        if length > WORD {
            let mask = self.long.len().wrapping_sub(1);
            let mut place = hash(text) as usize & mask;
            while let Some(taken) = self.long.get_mut(place) {
                if *taken == EMPTY {
                    *taken = index;
                    break;
                }
                place = (place + 1) & mask;
            }
            return;
        }
        let word = word(text, 0, length);
        let mask = self.short.len().wrapping_sub(1);
        let mut place = mixed(word) & mask;
        while let Some(taken) = self.short.get_mut(place) {
            if taken.index == EMPTY {
                *taken = Short { word, length: length as u32, index };
                break;
            }
            place = (place + 1) & mask;
        }
    }

    fn text(&self, index: u32) -> Option<&[u8]> {
        let entry = self.entries.get(index as usize)?;
        self.keys.get(entry.start as usize..(entry.start + entry.length) as usize)
    }

    /// The number of a text that is part of something longer.
    #[inline(always)]
    pub(crate) fn find(&self, from: &[u8], start: usize, length: usize) -> Option<usize> {
        if length > WORD {
            return self.find_long(from.get(start..start + length)?);
        }
        let word = word(from, start, length);
        let mask = self.short.len().wrapping_sub(1);
        let mut place = mixed(word) & mask;
        loop {
            let found = self.short.get(place)?;
            if found.word == word && found.length as usize == length && found.index != EMPTY {
                return Some(found.index as usize);
            }
            if found.index == EMPTY {
                return None;
            }
            place = (place + 1) & mask;
        }
    }

    #[inline(never)]
    fn find_long(&self, wanted: &[u8]) -> Option<usize> {
        let mask = self.long.len().wrapping_sub(1);
        let mut place = hash(wanted) as usize & mask;
        loop {
            let index = *self.long.get(place)?;
            if index == EMPTY {
                return None;
            }
            if self.text(index)? == wanted {
                return Some(index as usize);
            }
            place = (place + 1) & mask;
        }
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
