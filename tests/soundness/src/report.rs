//! Figures of a run, written past the test harness: it keeps back what passing tests print, and figures are read when all
//! is well.

use std::fmt::Arguments;
use std::io::Write;

/// One line of figures.
pub fn line(text: Arguments<'_>) {
    // whoever does not read them loses nothing else
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// As `println!`, but seen in every run.
#[macro_export]
macro_rules! say {
    ($($part:tt)*) => { $crate::report::line(format_args!($($part)*)) };
}
