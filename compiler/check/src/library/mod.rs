//! The library functions: what is written about them in `stdlib`, what they do to a value, and what follows for the
//! type of the result. Knows nothing of maps, places in texts or the wording of errors.

mod amount;
mod apply;
mod arguments;
mod calendar;
mod evaluate;
mod exact;
mod function;
mod layout;
mod pattern;
#[cfg(feature = "planted")]
mod planted;
mod read;
mod reference;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use apply::{Applied, Misuse, apply};
pub use arguments::{ArgumentFault, PatternFault};
pub use evaluate::{Failure, Offset, evaluate};
pub use function::{ArgumentKind, Example, Expect, Function, Kind, Parameter, Signature, rounding_word};
pub use reference::reference;

use function::Library;

/// What the files say; a test proves that they can be read.
static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| read::library(mapc_stdlib::FILES).unwrap_or_else(|_| Library::default()));

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Function> {
    #[cfg(feature = "planted")]
    if let Some(library) = planted::library() {
        return library.functions.get(name);
    }
    LIBRARY.functions.get(name)
}

/// The names of all functions, in the order of the files.
pub fn names() -> impl Iterator<Item = &'static str> {
    LIBRARY.functions.keys().map(String::as_str)
}
