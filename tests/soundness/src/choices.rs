//! A stream of choices from a seed. Knows no clock: the same seed chooses the same everywhere.

/// A source of choices; small, fast, without any claim to secrecy.
#[derive(Clone, Debug)]
pub struct Choices {
    state: u64,
}

impl Choices {
    /// From a seed.
    pub fn new(seed: u64) -> Choices {
        Choices { state: seed }
    }

    /// The choices of one case of a run: independent of those of its neighbours.
    pub fn of(seed: u64, case: u64) -> Choices {
        let mut choices = Choices::new(seed ^ case.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        choices.number();
        choices
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from((self.number() >> 11) % end).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + (self.number() >> 11) % (high.saturating_sub(low).saturating_add(1)).max(1)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, share: u64) -> bool {
        (self.number() >> 11) % 100 < share
    }

    /// One of these; the default value if there is none.
    pub fn one<T: Clone + Default>(&mut self, these: &[T]) -> T {
        these.get(self.below(these.len())).cloned().unwrap_or_default()
    }

    /// One of these, if there is any.
    pub fn any<'a, T>(&mut self, these: &'a [T]) -> Option<&'a T> {
        these.get(self.below(these.len()))
    }

    /// A number around an end: one less, the end itself, one more, or anything below it.
    pub fn near(&mut self, end: u64) -> u64 {
        match self.below(6) {
            0 => end.saturating_sub(1),
            1 | 2 => end,
            3 => end.saturating_add(1),
            _ => self.between(0, end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Choices;

    #[test]
    fn the_same_seed_chooses_the_same() {
        let take = |seed| {
            let mut choices = Choices::of(seed, 3);
            (0..8).map(|_| choices.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(take(7), take(7));
        assert_ne!(take(7), take(8));
    }

    #[test]
    fn between_reaches_both_ends() {
        let mut choices = Choices::new(1);
        let seen: std::collections::BTreeSet<u64> = (0..200).map(|_| choices.between(3, 6)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6]);
    }
}
