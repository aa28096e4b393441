//! Guards in words, for listings and counters.

use mapc_check::typed::{Guard, Predicate};

/// What must hold.
pub(super) fn words(guard: &Guard) -> String {
    match &guard.predicate {
        Predicate::Present => "is there".to_owned(),
        Predicate::MinLength(length) => format!("at least {length} characters"),
        Predicate::MaxLength(length) => format!("at most {length} characters"),
        Predicate::InLanguage(_, name) => format!("fits {name}"),
        Predicate::OneOf(values) => format!("one of {} values", values.len()),
        Predicate::AtLeast { value, inclusive: true } => format!("at least {value}"),
        Predicate::AtLeast { value, inclusive: false } => format!("more than {value}"),
        Predicate::AtMost { value, inclusive: true } => format!("at most {value}"),
        Predicate::AtMost { value, inclusive: false } => format!("less than {value}"),
        Predicate::OnGrid(grid) => format!("a multiple of {grid}"),
        Predicate::Count { min, max: Some(max) } => format!("{min} to {max} elements"),
        Predicate::Count { min, max: None } => format!("at least {min} elements"),
        Predicate::Unique => "no two elements equal".to_owned(),
    }
}
