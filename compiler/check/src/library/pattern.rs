//! Regular languages in the library files, and whether a text type lies in one.

use mapc_types::{Language, Length, Text};

use super::arguments::Arguments;

/// A pattern for whole texts; `<name>` stands for a text argument, taken literally.
#[derive(Debug)]
pub(super) struct Pattern {
    pub text: String,
    /// Ready when no argument occurs in it.
    pub ready: Option<Language>,
}

impl Pattern {
    /// The standard texts of a date kind.
    pub(super) fn of_date_kind(kind: mapc_types::DateKind) -> Self {
        Self { text: String::new(), ready: Some(Language::of_date_kind(kind)) }
    }

    /// The pattern with the `letters` lines filled in.
    pub(super) fn new(text: String) -> Self {
        let ready = if arguments_in(&text).next().is_none() { compile(&text) } else { None };
        Self { text, ready }
    }

    /// Names of arguments that occur.
    pub(super) fn names(&self) -> Vec<String> {
        arguments_in(&self.text).map(str::to_owned).collect()
    }

    /// The language under these arguments; `None` if it is too large to build.
    pub(super) fn language(&self, arguments: &Arguments<'_>) -> Option<Language> {
        if let Some(ready) = &self.ready {
            return Some(ready.clone());
        }
        let mut filled = self.text.clone();
        for name in arguments_in(&self.text) {
            filled = filled.replace(&format!("<{name}>"), &literal(arguments.text(name)?));
        }
        compile(&filled)
    }
}

fn arguments_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(name, _)| name))
}

/// The pattern that matches this text alone.
pub(super) fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for character in text.chars() {
        if "\\.+*?()|[]{}^$".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// The language of a pattern for whole texts; `None` if it cannot be built.
pub(super) fn compile(pattern: &str) -> Option<Language> {
    Language::from_full_pattern(pattern).ok()
}

/// Surely every member of the one is a member of the other.
pub(super) fn is_inside(language: &Language, other: &Language) -> bool {
    language.is_subset(other) == Some(true)
}

/// Surely every value of the type is a member.
pub(super) fn holds_all(text: &Text, language: &Language) -> bool {
    match &text.set {
        Some(set) => set.iter().all(|member| language.contains(member)),
        None => text.languages.iter().any(|own| is_inside(own, language)),
    }
}

/// Least lengths above this are not joined with the languages.
const JOINED_LENGTH: u64 = 64;

/// Surely every value of the type is a member, by all that is known of it together.
pub(super) fn holds_together(text: &Text, language: &Language) -> bool {
    if holds_all(text, language) {
        return true;
    }
    if text.set.is_some() || text.languages.is_empty() {
        return false;
    }
    let long_enough = match text.length.min {
        0 => None,
        least => Language::of_length(Length::new(least.min(JOINED_LENGTH), None)),
    };
    let mut all = text.languages.iter().cloned().chain(long_enough);
    let joint = all.next().and_then(|first| all.try_fold(first, |joint, next| joint.intersect(&next)));
    joint.is_some_and(|joint| is_inside(&joint, language))
}
