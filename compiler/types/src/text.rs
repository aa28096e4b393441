//! Sets of texts: lengths, finite sets and languages, and what joining texts does to them. Knows no records.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::MAX_SET;
use crate::language::{Language, PatternError};
use crate::planted::{Lie, is_on};
use crate::shape::{Length, Text};

/// Sets grow to this size when texts are put together; beyond it only lengths and languages remain.
const MAX_COMBINED: usize = 1_000;
/// Sets of more bytes than this are not built.
const MAX_COMBINED_BYTES: usize = 1_000_000;
/// Languages with more states than this are not put together.
const SMALL: usize = 1_000;

/// Length in code points.
pub(crate) fn count(text: &str) -> u64 {
    if is_on(Lie::LengthInBytes) { text.len() as u64 } else { text.chars().count() as u64 }
}

impl Text {
    /// Exactly these texts. More than 10,000 widen to their lengths.
    pub fn of_set<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        let set: BTreeSet<String> = values.into_iter().map(Into::into).collect();
        let length = Length::new(
            set.iter().map(|value| count(value)).min().unwrap_or(1),
            Some(set.iter().map(|value| count(value)).max().unwrap_or(0)),
        );
        Self { length, set: (set.len() <= MAX_SET).then(|| Arc::new(set)), languages: Vec::new() }
    }

    /// Exactly this text.
    pub fn constant(value: &str) -> Self {
        Self::of_set([value])
    }

    /// No text.
    pub fn never() -> Self {
        Self::of_set(Vec::<String>::new())
    }

    /// Any text of at most so many code points.
    pub fn max_length(limit: u64) -> Self {
        Self::any().with_length(Length::new(0, Some(limit)))
    }

    /// Any text of the language.
    pub fn in_language(language: Language) -> Self {
        Self::any().with_language(language)
    }

    /// Any text in which the JSON Schema `pattern` is found, under both readings. Where the automaton of a counted
    /// class would be too large, class and length stand apart.
    pub fn from_pattern(pattern: &str) -> Result<Self, PatternError> {
        match Language::from_pattern(pattern) {
            Ok(language) => Ok(Self::in_language(language)),
            Err(error) => match Language::from_counted_pattern(pattern) {
                Some((language, length)) => Ok(Self::in_language(language).with_length(length)),
                None => Err(error),
            },
        }
    }

    /// Those with a length in the interval.
    #[must_use]
    pub fn with_length(mut self, length: Length) -> Self {
        self.length = self.length.meet(length);
        self.normalize()
    }

    /// Those in the language.
    #[must_use]
    pub fn with_language(mut self, language: Language) -> Self {
        self.languages.push(language);
        self.normalize()
    }

    /// Filters the set by the other facts and drops what it makes needless; without a set tightens the length by
    /// the languages. The values stay the same.
    #[must_use]
    pub fn normalize(&self) -> Self {
        if let Some(set) = &self.set {
            let fits = |value: &String| {
                self.length.contains(count(value)) && self.languages.iter().all(|known| known.contains(value))
            };
            if set.iter().all(fits) {
                let hull = Self::of_set(set.iter().map(String::as_str));
                return Self { set: Some(set.clone()), ..hull };
            }
            return Self::of_set(set.iter().filter(|value| fits(value)).cloned());
        }
        let mut length = self.length;
        let mut languages: Vec<Language> = Vec::new();
        for language in &self.languages {
            length = length.meet(language.length());
            if !language.is_any() && !languages.contains(language) {
                languages.push(language.clone());
            }
        }
        if length.is_empty() || languages.iter().any(Language::is_empty) {
            return Self::never();
        }
        Self { length, set: None, languages }
    }

    /// Is the text one of the values?
    pub fn contains(&self, text: &str) -> bool {
        self.length.contains(count(text))
            && self.set.as_ref().is_none_or(|set| set.contains(text))
            && self.languages.iter().all(|language| language.contains(text))
    }

    /// There is surely no value. (False also where languages are too large to intersect.)
    pub fn is_empty(&self) -> bool {
        let own = self.normalize();
        match &own.set {
            Some(set) => set.is_empty(),
            None if own.languages.is_empty() => false,
            None => {
                let single = match own.languages.as_slice() {
                    [only] => only.length() == own.length || only.length().within(own.length),
                    _ => false,
                };
                !single && own.exact_language().is_some_and(|language| language.is_empty())
            }
        }
    }

    /// The values as one language. `None`: too large.
    pub fn exact_language(&self) -> Option<Language> {
        let own = self.normalize();
        if let Some(set) = &own.set {
            return Language::of_set(set.iter());
        }
        let mut languages = own.languages.iter();
        let mut whole = languages.next().cloned().unwrap_or_else(Language::any);
        for language in languages {
            whole = whole.intersect(language)?;
        }
        let tightened = whole.length();
        if whole.is_empty() || tightened.within(own.length) {
            return Some(whole);
        }
        // Only the ends that are not implied are counted.
        let needed = Length {
            min: if tightened.min >= own.length.min { 0 } else { own.length.min },
            max: own.length.max.filter(|max| tightened.max.is_none_or(|longest| longest > *max)),
        };
        whole.intersect(&Language::of_length(needed)?)
    }

    /// All values, if there are at most so many and they can be listed.
    pub fn members(&self, limit: usize) -> Option<BTreeSet<String>> {
        let own = self.normalize();
        match &own.set {
            Some(set) => (set.len() <= limit).then(|| set.as_ref().clone()),
            None => {
                // Languages together may be finite although each alone is not.
                if own.languages.len() < 2 {
                    own.length.max?;
                }
                own.exact_language()?.members(limit)
            }
        }
    }

    /// Texts of both; exact.
    #[must_use]
    pub fn meet(&self, other: &Text) -> Self {
        let set = match (&self.set, &other.set) {
            (Some(left), Some(right)) => Some(Arc::new(left.intersection(right).cloned().collect())),
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        let languages = self.languages.iter().chain(&other.languages).cloned().collect();
        Self { length: self.length.meet(other.length), set, languages }.normalize()
    }

    /// At least the texts of either.
    #[must_use]
    pub fn join(&self, other: &Text) -> Self {
        let (left, right) = (self.normalize(), other.normalize());
        if left.set.as_ref().is_some_and(|set| set.is_empty()) {
            return right;
        }
        if right.set.as_ref().is_some_and(|set| set.is_empty()) {
            return left;
        }
        if is_on(Lie::JoinForgetsRightText) {
            return left;
        }
        if let (Some(one), Some(two)) = (&left.set, &right.set)
            && one.len() + two.len() <= MAX_SET
        {
            return Self::of_set(one.union(two).cloned());
        }
        let holds = |text: &Text, language: &Language| {
            let all_members = |set: &Arc<BTreeSet<String>>| set.iter().all(|value| language.contains(value));
            text.set.as_ref().is_some_and(all_members)
                || text.languages.iter().any(|known| known.is_subset(language) == Some(true))
        };
        let mut languages: Vec<Language> =
            left.languages.iter().filter(|language| holds(&right, language)).cloned().collect();
        let from_right = right.languages.iter().filter(|language| holds(&left, language));
        languages.extend(from_right.cloned());
        Self { length: left.length.hull(right.length), set: None, languages }.normalize()
    }

    /// A text of the one followed by a text of the other. Holds at least the texts that can arise.
    #[must_use]
    pub fn concat(left: &Text, right: &Text) -> Self {
        let (left, right) = (left.normalize(), right.normalize());
        let length = left.length.plus(right.length);
        let length = if is_on(Lie::ConcatKeepsLonger) { left.length.hull(right.length) } else { length };
        if left.length.is_empty() || right.length.is_empty() {
            return Self::never();
        }
        if let (Some(one), Some(two)) = (&left.set, &right.set) {
            let bytes = |set: &BTreeSet<String>| set.iter().map(String::len).sum::<usize>();
            let pairs = one.len().saturating_mul(two.len());
            let size =
                bytes(one).saturating_mul(two.len()).saturating_add(bytes(two).saturating_mul(one.len()));
            if pairs <= MAX_COMBINED && size <= MAX_COMBINED_BYTES {
                let joined = one.iter().flat_map(|a| two.iter().map(move |b| format!("{a}{b}")));
                return Self::of_set(joined);
            }
        }
        let any = |text: &Text| text.set.is_none() && text.languages.is_empty();
        let languages = if any(&left) && any(&right) {
            Vec::new()
        } else {
            let joined = left.one_small_language().zip(right.one_small_language());
            let joined = joined.and_then(|(one, two)| one.concat(&two));
            joined.filter(|language| language.states() <= SMALL && !language.is_any()).into_iter().collect()
        };
        Self { length, set: None, languages }.normalize()
    }

    /// A small language that holds every value.
    fn one_small_language(&self) -> Option<Language> {
        let language = match (&self.set, self.languages.as_slice()) {
            (Some(set), _) if set.len() <= MAX_COMBINED => Language::of_set(set.iter())?,
            (_, []) => Language::any(),
            (_, [only]) => only.clone(),
            (_, [first, ..]) => first.clone(),
        };
        (language.states() <= SMALL).then_some(language)
    }
}
