//! Unsound rules that a test can switch on one at a time, to see that it finds them. Without the feature `planted`,
//! which no product crate asks for, [`is_on`] is the constant `false` and the wrong arms are compiled away.

/// A rule that is wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lie {
    /// `upper` keeps the length.
    UpperKeepsLength,
}

impl Lie {
    /// All of them.
    pub const ALL: &'static [Lie] = &[Lie::UpperKeepsLength];
}

#[cfg(feature = "planted")]
mod switch {
    use super::Lie;
    use std::cell::Cell;

    thread_local! {
        static ON: Cell<Option<Lie>> = const { Cell::new(None) };
    }

    /// Runs `work` while the lie is told on this thread.
    pub fn with<T>(lie: Lie, work: impl FnOnce() -> T) -> T {
        struct Before(Option<Lie>);
        impl Drop for Before {
            fn drop(&mut self) {
                ON.set(self.0);
            }
        }
        let _before = Before(ON.replace(Some(lie)));
        work()
    }

    /// Is this lie told on this thread?
    pub fn is_on(lie: Lie) -> bool {
        ON.get() == Some(lie)
    }
}

#[cfg(feature = "planted")]
pub use switch::{is_on, with};

/// Is this lie told? Never, outside of the soundness tests.
#[cfg(not(feature = "planted"))]
#[inline(always)]
pub const fn is_on(_: Lie) -> bool {
    false
}
