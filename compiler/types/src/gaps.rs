//! What is missing for single values to fit: one entry per fact that is not proved. Knows no records or lists.

use std::collections::BTreeSet;
use std::sync::Arc;

use num_rational::BigRational;
use num_traits::Signed;

use crate::MAX_SET;
use crate::language::Language;
use crate::shape::{Bound, Decimal, Interval, Length, Text};

/// A fact about a text that is not proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextGap {
    /// It may be too long.
    TooLong {
        /// The greatest possible length; absent: unbounded.
        allows: Option<u64>,
        /// The limit.
        limit: u64,
    },
    /// It may be too short.
    TooShort {
        /// The least possible length.
        allows: u64,
        /// The limit.
        limit: u64,
    },
    /// It may be outside the list.
    OutsideSet {
        /// The possible values outside the list; absent: they cannot be listed.
        missing: Option<Vec<String>>,
        /// The list.
        allowed: Arc<BTreeSet<String>>,
    },
    /// It may be outside a pattern or format.
    OutsideLanguage {
        /// Which of the limit's languages.
        index: usize,
        /// A possible value outside.
        example: Option<String>,
        /// Neither proved nor refuted: too large.
        unknown: bool,
    },
}

/// A fact about a number that is not proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecimalGap {
    /// It may be below the limit.
    Below {
        /// The least possible value; absent: unbounded.
        allows: Option<Bound>,
        /// The limit.
        limit: Bound,
    },
    /// It may be above the limit.
    Above {
        /// The greatest possible value; absent: unbounded.
        allows: Option<Bound>,
        /// The limit.
        limit: Bound,
    },
    /// It may not be a whole multiple of the step (it may have too many decimals).
    Grid {
        /// The step of the values; absent: any decimal.
        allows: Option<BigRational>,
        /// The step that is asked for.
        limit: BigRational,
    },
    /// It may be outside the list.
    OutsideSet {
        /// The possible values outside the list; absent: they cannot be listed.
        missing: Option<Vec<BigRational>>,
        /// The list.
        allowed: Arc<Vec<BigRational>>,
    },
}

/// Everything that keeps the values of one text description from fitting another. Empty: proved to fit.
pub fn text_gaps(value: &Text, limit: &Text) -> Vec<TextGap> {
    let value = value.normalize();
    if value.is_empty() {
        return Vec::new();
    }
    let mut gaps = Vec::new();
    let listed = match (&value.set, &limit.set) {
        (Some(set), _) => Some(set.clone()),
        (None, Some(_)) => value.members(MAX_SET).map(Arc::new),
        (None, None) => None,
    };
    if limit.set.is_some() {
        let limit = limit.normalize();
        let allowed = limit.set.unwrap_or_default();
        let missing: Option<Vec<String>> = listed.map(|set| set.difference(&allowed).cloned().collect());
        if missing.as_ref().is_none_or(|missing| !missing.is_empty()) {
            gaps.push(TextGap::OutsideSet { missing, allowed });
        }
        return gaps;
    }
    length_gaps(&value, limit.length, &mut gaps);
    for (index, language) in limit.languages.iter().enumerate() {
        let (example, unknown) = match &value.set {
            Some(set) => match set.iter().find(|member| !language.contains(member)) {
                Some(member) => (Some(member.clone()), false),
                None => continue,
            },
            None => match outside(&value, language) {
                Outside::No => continue,
                Outside::Yes(example) => (Some(example), false),
                Outside::Unknown => (None, true),
            },
        };
        gaps.push(TextGap::OutsideLanguage { index, example, unknown });
    }
    gaps
}

fn length_gaps(value: &Text, limit: Length, gaps: &mut Vec<TextGap>) {
    let mut length = value.length;
    if !length.within(limit) && !value.languages.is_empty() {
        // The languages together may leave less than each alone.
        length = value.exact_language().map_or(length, |language| language.length());
    }
    if let Some(most) = limit.max
        && length.max.is_none_or(|max| max > most)
    {
        gaps.push(TextGap::TooLong { allows: length.max, limit: most });
    }
    if length.min < limit.min {
        gaps.push(TextGap::TooShort { allows: length.min, limit: limit.min });
    }
}

enum Outside {
    No,
    Yes(String),
    Unknown,
}

/// Can a value (without a set) be outside the language?
fn outside(value: &Text, language: &Language) -> Outside {
    let own: Vec<Language> =
        if value.languages.is_empty() { vec![Language::any()] } else { value.languages.clone() };
    if own.iter().any(|known| known.is_subset(language) == Some(true)) {
        return Outside::No;
    }
    for known in &own {
        if let Some(example) = known.example_outside(language)
            && value.contains(&example)
        {
            return Outside::Yes(example);
        }
    }
    let Some(exact) = value.exact_language() else {
        return Outside::Unknown;
    };
    match (exact.is_subset(language), exact.example_outside(language)) {
        (Some(true), _) => Outside::No,
        (_, Some(example)) => Outside::Yes(example),
        _ => Outside::Unknown,
    }
}

/// True if the text's description is exact: its bounds are attained and its gaps are real.
pub(crate) fn is_exact(value: &Text) -> bool {
    let value = value.normalize();
    value.set.is_some() || value.languages.is_empty() || value.exact_language().is_some()
}

/// Everything that keeps the values of one number description from fitting another. Empty: proved to fit.
pub fn decimal_gaps(value: &Decimal, limit: &Decimal) -> Vec<DecimalGap> {
    let value = value.normalize();
    if value.is_empty() {
        return Vec::new();
    }
    let mut gaps = Vec::new();
    if limit.set.is_some() {
        let allowed = limit.normalize().set.unwrap_or_default();
        let missing: Option<Vec<BigRational>> = value
            .members(MAX_SET)
            .map(|all| all.into_iter().filter(|member| allowed.binary_search(member).is_err()).collect());
        if missing.as_ref().is_none_or(|missing| !missing.is_empty()) {
            gaps.push(DecimalGap::OutsideSet { missing, allowed });
        }
        return gaps;
    }
    let unlimited_below = Interval { low: limit.interval.low.clone(), high: None };
    let unlimited_above = Interval { low: None, high: limit.interval.high.clone() };
    if let Some(bound) = limit.interval.low.clone()
        && !value.interval.within(&unlimited_below)
    {
        gaps.push(DecimalGap::Below { allows: value.interval.low.clone(), limit: bound });
    }
    if let Some(bound) = limit.interval.high.clone()
        && !value.interval.within(&unlimited_above)
    {
        gaps.push(DecimalGap::Above { allows: value.interval.high.clone(), limit: bound });
    }
    if let Some(grid) = limit.grid.as_ref().filter(|grid| grid.is_positive()) {
        // Steps of values: two neighbours differ by the step, so the step itself must be on the grid, unless there
        // are so few values that each can be looked at.
        let by_step = value.grid.as_ref().is_some_and(|own| (own / grid).is_integer());
        let each =
            || value.members(1_000).is_some_and(|all| all.iter().all(|member| (member / grid).is_integer()));
        if !by_step && !each() {
            gaps.push(DecimalGap::Grid { allows: value.grid.clone(), limit: grid.clone() });
        }
    }
    gaps
}
