//! The keys of one record: a perfect hash over sixteen bytes that tell a key, and a search for what does not fit it.
//! Knows bytes of keys and where their values go.

use super::{NONE, WASTE};

/// The keys of a record that has none.
pub(crate) const EMPTY: u32 = 0;

/// So many bytes of a key are compared at once.
const WHOLE: u32 = 16;

/// So many keys have a bit each in one word, and a place each in 256.
const SMALL: usize = 64;

/// Multipliers that are tried for a perfect hash.
const TRIES: u32 = 4096;

/// A key and where its value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// All of a key up to sixteen bytes, zeros behind; else what no such key is.
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// Where its value goes.
    pub(crate) target: Target,
    /// Its number in the record, from 0.
    pub(crate) number: u32,
}

/// Where a value goes: a slot of the row, and the place below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target(u64);

impl Target {
    /// A value that is not read.
    pub(crate) const NOWHERE: Target = Target::new(WASTE, NONE);

    pub(crate) const fn new(slot: u32, node: u32) -> Target {
        Target((node.wrapping_add(1) as u64) << 32 | slot as u64)
    }

    /// The wasted slot if only something below is read.
    #[inline(always)]
    pub(crate) fn slot(self) -> u32 {
        self.0 as u32
    }

    /// [`NONE`] if nothing below is read.
    #[inline(always)]
    pub(crate) fn node(self) -> u32 {
        ((self.0 >> 32) as u32).wrapping_sub(1)
    }

    /// Whether nothing below is read.
    #[inline(always)]
    pub(crate) fn is_plain(self) -> bool {
        self.0 >> 32 == 0
    }
}

/// A zero byte before others: no key up to sixteen bytes in plain form.
const UNLIKE: u64 = 0xFF00;

/// What no key finds.
static NOTHING: Entry = Entry { first: UNLIKE, last: UNLIKE, target: Target::NOWHERE, number: 0 };

/// The keys of one record.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// Spreads the keys over `places` without collision, if they are few enough.
    pub(crate) multiplier: u64,
    /// Whether the keys are few enough for the hash.
    pub(crate) is_small: bool,
    /// Keys of this length and longer ones are looked up by [`Keys::find`].
    pub(crate) limit: u32,
    /// Which entry a hash may mean.
    pub(crate) places: [u8; 256],
    /// The first one is none.
    pub(crate) entries: Vec<Entry>,
    /// Of each entry; the first one has none.
    texts: Vec<Box<[u8]>>,
    /// Numbers of entries in the order of their texts, for many keys.
    sorted: Vec<u32>,
}

impl Default for Keys {
    fn default() -> Keys {
        Keys { entries: vec![NOTHING], texts: vec![Box::default()], ..Keys::none() }
    }
}

impl Keys {
    /// No keys at all, not even the entry for nothing.
    pub(crate) const fn none() -> Keys {
        Keys {
            multiplier: 0,
            is_small: true,
            limit: WHOLE + 1,
            places: [0; 256],
            entries: Vec::new(),
            texts: Vec::new(),
            sorted: Vec::new(),
        }
    }

    /// Of distinct keys with slot and place below.
    pub(super) fn new(children: Vec<(Box<[u8]>, u32, u32)>) -> Keys {
        let mut keys = Keys::default();
        for (number, (text, slot, node)) in (0u32..).zip(children) {
            let mut entry = Entry { target: Target::new(slot, node), number, ..NOTHING };
            if text.len() <= WHOLE as usize {
                (entry.first, entry.last) = fingerprint(&text);
            }
            keys.entries.push(entry);
            keys.texts.push(text);
        }
        keys.is_small = keys.texts.len() <= SMALL + 1 && keys.spread();
        if !keys.is_small {
            keys.limit = 0;
            let texts = &keys.texts;
            keys.sorted = (1..texts.len() as u32).collect();
            keys.sorted.sort_by_key(|number| texts.get(*number as usize));
        }
        keys
    }

    /// Looks for a multiplier that gives each key its own place.
    fn spread(&mut self) -> bool {
        let mut multiplier = 0x9E37_79B9_7F4A_7C15u64;
        for _ in 0..TRIES {
            let mut places = [0u8; 256];
            let fits = (1u8..).zip(self.texts.iter().skip(1)).all(|(number, text)| {
                let (first, last) = fingerprint(text);
                let place = places.get_mut(place(first, last, multiplier));
                place.is_some_and(|taken| std::mem::replace(taken, number) == 0)
            });
            if fits {
                self.multiplier = multiplier;
                self.places = places;
                return true;
            }
            multiplier = multiplier.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(2) | 1;
        }
        false
    }

    /// The number of the entry of a key, unescaped; 0 if there is none.
    pub(crate) fn find(&self, key: &[u8]) -> usize {
        let number = if self.is_small {
            let (first, last) = fingerprint(key);
            self.places.get(place(first, last, self.multiplier)).copied().unwrap_or_default().into()
        } else {
            let text = |number: &u32| self.texts.get(*number as usize).map_or(&[][..], |text| text);
            let found = self.sorted.binary_search_by(|number| text(number).cmp(key));
            found.ok().and_then(|at| self.sorted.get(at)).map_or(0, |number| *number as usize)
        };
        if number != 0 && self.texts.get(number).is_some_and(|text| **text == *key) { number } else { 0 }
    }
}

/// Sixteen bytes of a key: all of it up to sixteen with zeros behind; else the first and the last eight.
fn fingerprint(key: &[u8]) -> (u64, u64) {
    if key.len() > 16 {
        let first = key.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let last = key.last_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        return (first, last);
    }
    let mut all = [0u8; 16];
    for (to, byte) in all.iter_mut().zip(key) {
        *to = *byte;
    }
    let all = u128::from_le_bytes(all);
    (all as u64, (all >> 64) as u64)
}

/// The place of a fingerprint, below 256.
#[inline(always)]
pub(crate) fn place(first: u64, last: u64, multiplier: u64) -> usize {
    ((first ^ last).wrapping_mul(multiplier) >> 56) as usize
}
