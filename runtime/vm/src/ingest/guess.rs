//! Which key followed which in the messages before: a guess at the next key costs one comparison. A wrong guess costs
//! time and nothing else. Knows keys and where their values go, not what stands around them.

use crate::index::chunk;
use crate::plan::{Keys, SMALL, Target};

/// So many bytes from a key on are looked at; no more than the padding.
pub(super) type Window = [u8; 80];

/// The link before the first key of a record.
pub(super) const START: u16 = 0;

/// The link of a key that is not remembered: the last such one.
pub(super) const ODD: u16 = 1;

/// Where remembered links stand.
const FIRST: u16 = 2;

/// Keys of so many bytes are compared at once, with quote and colon.
const SHORT: u32 = 14;

/// Longer ones are not remembered.
const LONG: u32 = 28;

/// So many places are tried for a link.
const PROBES: u32 = 8;

/// Quote and colon behind a key.
const QUOTE_COLON: [u8; 2] = *b"\":";

/// A key, and the two that followed it.
#[derive(Clone, Copy, Debug)]
#[repr(align(128))]
pub(super) struct Link {
    /// A short key with quote and colon behind it; else what stands nowhere.
    short: [u64; 2],
    short_mask: [u64; 2],
    /// The first and the second sixteen bytes of any key with quote and colon.
    whole: [u128; 2],
    /// The bits behind quote, colon and another quote.
    pub(super) beyond: u64,
    pub(super) target: Target,
    /// What it adds to the seen keys.
    pub(super) step: u64,
    /// The key that is expected behind it, and the last other one.
    pub(super) first: u16,
    second: u16,
    /// The distance from the key to behind its colon.
    pub(super) value: u8,
    /// A bit that no quote has, if more than a plain value may be read there.
    pub(super) odd: u8,
}

impl Link {
    /// A link that no key matches.
    const NONE: Link = Link {
        short: [1; 2],
        short_mask: [0; 2],
        whole: [0; 2],
        beyond: !0 << 3,
        target: Target::NOWHERE,
        step: 0,
        first: START,
        second: START,
        value: 2,
        odd: 0,
    };

    /// Whether another key than this one stands at the start of a window, or this is no short key.
    #[inline(always)]
    pub(super) fn differs(&self, window: &Window) -> bool {
        let [low, high] = self.short;
        let [low_mask, high_mask] = self.short_mask;
        ((eight(window, 0) & low_mask) ^ low) | ((eight(window, 8) & high_mask) ^ high) != 0
    }

    /// Whether [`Link::differs`] may say no.
    #[inline(always)]
    pub(super) fn is_short(&self) -> bool {
        self.short_mask != [0; 2]
    }

    /// Whether just this key stands there.
    fn fits(&self, key: &[u128; 2], value: u8) -> bool {
        self.value == value && self.whole == *key
    }
}

/// What is remembered of the keys of one kind of record.
#[derive(Clone, Debug)]
pub(super) struct Links {
    links: Vec<Link>,
    /// One less than the number of places, a power of two.
    mask: u32,
    /// The keys are too many for a bit each in one word.
    pub(super) are_many: bool,
}

impl Links {
    /// Nothing yet. Memory is taken only when such a record is met.
    pub(super) fn new(keys: &Keys) -> Links {
        let places = (keys.entries.len() as u32 * 4 + 16).next_power_of_two().min(256);
        Links { links: vec![Link::NONE; FIRST.into()], mask: places - 1, are_many: !keys.is_small }
    }

    #[inline(always)]
    pub(super) fn all(&self) -> &[Link] {
        &self.links
    }

    #[inline(always)]
    pub(super) fn at(&self, number: u16) -> &Link {
        static NONE: Link = Link::NONE;
        self.links.get(usize::from(number)).unwrap_or(&NONE)
    }

    /// The link of the key that stands at the start of a window and is `length` bytes long, its quote not included, free
    /// of escapes, when another one was expected; nothing if it is not worth remembering.
    #[inline(never)]
    pub(super) fn find(
        &mut self,
        before: u16,
        window: &Window,
        length: Option<u32>,
        keys: &Keys,
    ) -> Option<u16> {
        let length = length?;
        if let Some([low, high]) = MASKS.get(length as usize)
            && let key = [eight(window, 0) & low, eight(window, 8) & high]
            && let number = FIRST + (hash(key) & self.mask) as u16
            && self.at(number).short == key
        {
            self.follow(before, number);
            return Some(number);
        }
        self.look(before, window, length, keys)
    }

    /// The same for a key that is long, not yet remembered or not at its first place.
    #[inline(never)]
    fn look(&mut self, before: u16, window: &Window, length: u32, keys: &Keys) -> Option<u16> {
        if length > LONG || !keys.is_small || chunk(window, length) != Some(&QUOTE_COLON) {
            return None;
        }
        let value = (length + 2) as u8;
        let key = whole(window, value);
        let expected = self.at(before).first;
        if self.at(expected).fits(&key, value) {
            // A long key is never found at once.
            return Some(expected);
        }
        let [low, _] = key;
        let home = hash([low as u64, (low >> 64) as u64]);
        let mask = self.mask;
        let place = |probe: u32| FIRST + (home.wrapping_add(probe) & mask) as u16;
        let mut number = place(0);
        for probe in 0..PROBES {
            let link = self.at(place(probe));
            if link.fits(&key, value) {
                self.follow(before, place(probe));
                return Some(place(probe));
            }
            if link.whole == [0; 2] {
                number = place(probe);
                break;
            }
        }
        self.remember(number, &key, length, keys);
        self.follow(before, number);
        Some(number)
    }

    /// A key that is not remembered was read.
    pub(super) fn odd(&mut self, target: Target, step: u64) -> u16 {
        if let Some(link) = self.links.get_mut(usize::from(ODD)) {
            link.target = target;
            link.step = step;
            link.odd = if target.is_plain() { 0 } else { 0x80 };
        }
        ODD
    }

    /// Another key followed than was expected: it is expected from now on if it was the last other one, too.
    #[inline(always)]
    fn follow(&mut self, before: u16, number: u16) {
        if let Some(link) = self.links.get_mut(usize::from(before)) {
            if link.first == START || link.second == number {
                link.second = link.first;
                link.first = number;
            } else {
                link.second = number;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn remember(&mut self, number: u16, key: &[u128; 2], length: u32, keys: &Keys) {
        if self.links.len() <= usize::from(FIRST) {
            self.links.resize(usize::from(FIRST) + self.mask as usize + 1, Link::NONE);
        }
        let mut bytes = [0u8; 32];
        for (half, from) in bytes.as_chunks_mut::<16>().0.iter_mut().zip(key) {
            *half = from.to_le_bytes();
        }
        let entry = keys.find(bytes.get(..length as usize).unwrap_or_default());
        let mut link =
            Link { whole: *key, value: (length + 2) as u8, beyond: !0 << (length + 3), ..Link::NONE };
        if entry != 0
            && let Some(entry) = keys.entries.get(entry)
        {
            link.target = entry.target;
            link.step = step(entry.number);
            link.odd = if entry.target.is_plain() { 0 } else { 0x80 };
        }
        if length <= SHORT {
            let [short, _] = *key;
            let mask = u128::MAX >> (8 * (SHORT - length));
            link.short = [short as u64, (short >> 64) as u64];
            link.short_mask = [mask as u64, (mask >> 64) as u64];
        }
        if let Some(place) = self.links.get_mut(usize::from(number)) {
            *place = link;
        }
    }
}

/// For each length the bits of a key with quote and colon in sixteen bytes.
static MASKS: [[u64; 2]; SHORT as usize + 1] = masks();

const fn masks() -> [[u64; 2]; SHORT as usize + 1] {
    let mut masks = [[0; 2]; SHORT as usize + 1];
    let mut rest: &mut [[u64; 2]] = &mut masks;
    let mut bits = 16;
    while let Some((mask, longer)) = rest.split_first_mut() {
        let all = u128::MAX >> (128 - bits);
        *mask = [all as u64, (all >> 64) as u64];
        rest = longer;
        bits += 8;
    }
    masks
}

/// What a key adds to the seen ones: its bit below, a one above. As long as no sum overflows, as many bits are set below
/// as the number above says if and only if no key was added twice.
pub(super) fn step(number: u32) -> u64 {
    const { assert!(SMALL <= SEEN_BITS as usize) };
    1 << (number % SEEN_BITS) | 1 << SEEN_BITS
}

/// Whether some key was added twice.
#[inline(always)]
pub(super) fn is_doubled(seen: u64) -> bool {
    u64::from((seen & ((1 << SEEN_BITS) - 1)).count_ones()) != seen >> SEEN_BITS
}

/// Bits for keys; the rest counts.
const SEEN_BITS: u32 = 56;

/// Spreads keys over places.
#[inline(always)]
fn hash([low, high]: [u64; 2]) -> u32 {
    ((low ^ high).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as u32
}

#[inline(always)]
fn eight(window: &Window, at: u32) -> u64 {
    chunk::<8>(window, at).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[inline(always)]
fn sixteen(window: &Window, at: u32) -> u128 {
    chunk::<16>(window, at).map_or(0, |bytes| u128::from_le_bytes(*bytes))
}

/// So many bytes of a window, zeros behind.
fn whole(window: &Window, length: u8) -> [u128; 2] {
    let bits = 8 * u32::from(length);
    if bits <= 128 {
        return [sixteen(window, 0) & (u128::MAX >> (128 - bits)), 0];
    }
    [sixteen(window, 0), sixteen(window, 16) & (u128::MAX >> (256 - bits))]
}
