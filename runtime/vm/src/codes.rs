//! Texts found by hash: rows of code tables, members of sets. One block of keys and one of places; knows no module.

/// An index over texts, which are numbered in the order they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
    places: Box<[u32]>,
    entries: Box<[Entry]>,
    keys: Box<[u8]>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    length: u32,
}

const EMPTY: u32 = u32::MAX;

impl Codes {
    /// Over these texts, which differ.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a [u8]>) -> Codes {
        let mut keys = Vec::new();
        let mut entries = Vec::new();
        for text in texts {
            entries.push(Entry { start: keys.len() as u32, length: text.len() as u32 });
            keys.extend_from_slice(text);
        }
        let size = (entries.len() * 2).max(1).next_power_of_two();
        let mut codes =
            Codes { places: vec![EMPTY; size].into(), entries: entries.into(), keys: keys.into() };
        for index in 0..codes.entries.len() {
            let mut place = hash(codes.text(index).unwrap_or_default()) as usize & (size - 1);
            while let Some(taken) = codes.places.get_mut(place) {
                if *taken == EMPTY {
                    *taken = index as u32;
                    break;
                }
                place = (place + 1) & (size - 1);
            }
        }
        codes
    }

    fn text(&self, index: usize) -> Option<&[u8]> {
        let entry = self.entries.get(index)?;
        self.keys.get(entry.start as usize..(entry.start + entry.length) as usize)
    }

    /// The number of the text.
    #[inline(always)]
    pub(crate) fn find(&self, wanted: &[u8]) -> Option<usize> {
        let mask = self.places.len().checked_sub(1)?;
        let mut place = hash(wanted) as usize & mask;
        loop {
            let index = *self.places.get(place)?;
            if index == EMPTY {
                return None;
            }
            if self.text(index as usize).is_some_and(|text| is_same(text, wanted)) {
                return Some(index as usize);
            }
            place = (place + 1) & mask;
        }
    }
}

/// Equal texts; short ones, which codes are, without a call.
#[inline(always)]
pub(crate) fn is_same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match ends(left) {
        Some(word) => Some(word) == ends(right),
        None => left == right,
    }
}

/// All bytes of a text of at most 16, as two words that may overlap; with equal lengths, equal words mean equal texts.
#[inline(always)]
fn ends(text: &[u8]) -> Option<(u64, u64)> {
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        let words = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        return (text.len() <= 16).then_some(words);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return Some((u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last))));
    }
    let word = match text {
        [] => 0,
        [one] => u64::from(*one),
        [one, two] => u64::from(u16::from_le_bytes([*one, *two])),
        [one, two, three, ..] => u64::from(u32::from_le_bytes([*one, *two, *three, 0])),
    };
    Some((word, 0))
}

#[inline(always)]
fn hash(text: &[u8]) -> u32 {
    let mut hash = 0x9E37_79B9_7F4A_7C15u64 ^ (text.len() as u64);
    match ends(text) {
        Some((first, last)) => {
            hash = (hash ^ first).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
            hash = (hash ^ last ^ (hash >> 32)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
        }
        None => {
            let mut chunks = text.chunks_exact(8);
            for chunk in &mut chunks {
                let word = chunk.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk));
                hash = (hash ^ word).wrapping_mul(0xFF51_AFD7_ED55_8CCD).rotate_left(29);
            }
            for byte in chunks.remainder() {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
            }
            hash = (hash ^ (hash >> 32)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
        }
    }
    (hash >> 32) as u32
}
