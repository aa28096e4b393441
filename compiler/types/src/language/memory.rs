//! What was made before. The same few lengths, patterns and intersections stand in every schema and every map, and each
//! is a function of its key alone. Knows no languages; holds a bounded amount and forgets all of it when it is full.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Bytes one memory holds.
const MOST: usize = 8 * 1024 * 1024;
/// What an entry weighs beside its content.
const ENTRY: usize = 128;

/// Results by key.
pub(super) struct Memory<K, V>(Mutex<Held<K, V>>);

struct Held<K, V> {
    known: BTreeMap<K, V>,
    weight: usize,
}

impl<K: Ord, V: Clone> Memory<K, V> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Held { known: BTreeMap::new(), weight: 0 }))
    }

    /// The result for the key. It is made outside of the lock: two who ask at once may both make it.
    pub(super) fn get(&self, key: K, make: impl FnOnce() -> V, weight: impl FnOnce(&V) -> usize) -> V {
        let held = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = held().known.get(&key) {
            return value.clone();
        }
        let value = make();
        let weight = weight(&value).saturating_add(ENTRY);
        if weight > MOST / 4 {
            return value;
        }
        let mut held = held();
        if held.weight.saturating_add(weight) > MOST {
            held.known.clear();
            held.weight = 0;
        }
        held.weight += weight;
        held.known.insert(key, value.clone());
        value
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Memory};

    #[test]
    fn a_result_is_made_once_until_the_memory_is_full() {
        let memory: Memory<u32, String> = Memory::new();
        let made = std::cell::Cell::new(0);
        let get = |key: u32| {
            let make = || {
                made.set(made.get() + 1);
                format!("{key}")
            };
            assert_eq!(memory.get(key, make, |_| MOST / 10), format!("{key}"));
            made.get()
        };
        assert_eq!((get(1), get(2), get(1), get(2)), (1, 2, 2, 2));
        for key in 3..20 {
            get(key);
        }
        assert!(memory.0.lock().unwrap().known.len() < 10, "it does not grow for ever");
        assert_eq!(get(1), 20, "forgotten, and made again");
        let large: Memory<u32, ()> = Memory::new();
        large.get(1, || (), |()| MOST);
        assert!(large.0.lock().unwrap().known.is_empty(), "one result does not drive out all others");
    }
}
