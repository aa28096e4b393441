//! Texts found by hash: rows of code tables, members of sets. Knows no module.

/// An index over texts that are held elsewhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
    places: Vec<u32>,
}

const EMPTY: u32 = u32::MAX;

impl Codes {
    /// Over so many texts, `text` giving each.
    pub(crate) fn new<'a>(count: usize, text: impl Fn(usize) -> Option<&'a [u8]>) -> Codes {
        let size = (count * 2).max(1).next_power_of_two();
        let mut places = vec![EMPTY; size];
        for index in 0..count {
            let mut place = hash(text(index).unwrap_or_default()) as usize & (size - 1);
            while let Some(taken) = places.get_mut(place) {
                if *taken == EMPTY {
                    *taken = index as u32;
                    break;
                }
                place = (place + 1) & (size - 1);
            }
        }
        Codes { places }
    }

    /// The number of the text.
    pub(crate) fn find<'a>(&self, wanted: &[u8], text: impl Fn(usize) -> Option<&'a [u8]>) -> Option<usize> {
        let mask = self.places.len().checked_sub(1)?;
        let mut place = hash(wanted) as usize & mask;
        loop {
            let index = *self.places.get(place)?;
            if index == EMPTY {
                return None;
            }
            if text(index as usize) == Some(wanted) {
                return Some(index as usize);
            }
            place = (place + 1) & mask;
        }
    }
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
