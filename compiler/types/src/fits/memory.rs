//! What a comparison remembers: pairs taken to fit, proved and refuted. Knows nothing of why.
//!
//! A pair that is being compared is taken to fit. A proof may rest on pairs that are still being compared; it is
//! kept as long as they stand, and becomes final when it rests on nothing open.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Fit;
use crate::shape::Type;

enum State {
    /// Being compared, or proved on the ground of the pair at this place of the trail.
    RestsOn(usize),
    Proved,
    /// Refuted or left open.
    Failed(Fit),
    Forgotten,
}

struct Entry {
    a: Type,
    b: Type,
    state: State,
}

#[derive(Default)]
pub(super) struct Memory {
    by_hash: HashMap<u64, Vec<usize>>,
    /// Pairs of records by their addresses: types share records, so the same pair is met again and again. An entry
    /// keeps its records alive, so no address is used twice.
    by_address: HashMap<(usize, usize), usize>,
    entries: Vec<Entry>,
    /// Entries that rest on something open, in order.
    trail: Vec<usize>,
    /// The lowest place of the trail that the current proof rests on.
    lowest: usize,
}

/// A comparison that has begun.
pub(super) struct Begun {
    entry: usize,
    place: usize,
    outer: usize,
}

/// A hash that looks at the outermost shape only; equal types have equal hashes.
fn shallow(value: &Type, into: &mut DefaultHasher) {
    std::mem::discriminant(value).hash(into);
    match value {
        Type::Named(name) => name.hash(into),
        Type::Union(branches) => branches.len().hash(into),
        Type::Object(object) => {
            object.fields.len().hash(into);
            object.count.hash(into);
        }
        Type::List(list) => list.count.hash(into),
        Type::Text(text) => text.length.hash(into),
        _ => {}
    }
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { lowest: usize::MAX, ..Self::default() }
    }

    /// The known answer, or a new comparison.
    pub(super) fn begin(&mut self, a: &Type, b: &Type) -> Result<Fit, Begun> {
        let entry = match (a, b) {
            (Type::Object(one), Type::Object(two)) => {
                let addresses = (Arc::as_ptr(one) as usize, Arc::as_ptr(two) as usize);
                let next = self.entries.len();
                let entry = *self.by_address.entry(addresses).or_insert(next);
                if entry == next {
                    self.entries.push(Entry { a: a.clone(), b: b.clone(), state: State::Forgotten });
                }
                entry
            }
            _ => self.by_shape(a, b),
        };
        self.start(entry)
    }

    /// The entry of a pair, new or known.
    fn by_shape(&mut self, a: &Type, b: &Type) -> usize {
        let mut hasher = DefaultHasher::new();
        shallow(a, &mut hasher);
        shallow(b, &mut hasher);
        let same = self.by_hash.entry(hasher.finish()).or_default();
        let known = same
            .iter()
            .copied()
            .find(|at| self.entries.get(*at).is_some_and(|entry| entry.a == *a && entry.b == *b));
        match known {
            Some(at) => at,
            None => {
                same.push(self.entries.len());
                self.entries.push(Entry { a: a.clone(), b: b.clone(), state: State::Forgotten });
                self.entries.len() - 1
            }
        }
    }

    fn start(&mut self, entry: usize) -> Result<Fit, Begun> {
        let place = self.trail.len();
        let Some(known) = self.entries.get_mut(entry) else {
            return Ok(Fit::unknown("too large to compare"));
        };
        match &known.state {
            State::Proved => return Ok(Fit::Yes),
            State::Failed(fit) => return Ok(fit.clone()),
            State::RestsOn(ground) => {
                self.lowest = self.lowest.min(*ground);
                return Ok(Fit::Yes);
            }
            State::Forgotten => known.state = State::RestsOn(place),
        }
        self.trail.push(entry);
        Err(Begun { entry, place, outer: std::mem::replace(&mut self.lowest, usize::MAX) })
    }

    /// The comparison ended with this answer.
    pub(super) fn end(&mut self, begun: &Begun, answer: &Fit) {
        let ground = std::mem::replace(&mut self.lowest, begun.outer);
        if answer.is_yes() && ground < begun.place {
            // It rests on an outer pair: so does everything that was proved on the way.
            self.set(begun.entry, State::RestsOn(ground));
            self.lowest = self.lowest.min(ground);
            return;
        }
        for entry in self.trail.split_off(begun.place.min(self.trail.len())) {
            self.set(entry, if answer.is_yes() { State::Proved } else { State::Forgotten });
        }
        if !answer.is_yes() {
            self.set(begun.entry, State::Failed(answer.clone()));
        }
    }

    fn set(&mut self, entry: usize, state: State) {
        if let Some(known) = self.entries.get_mut(entry) {
            known.state = state;
        }
    }
}
