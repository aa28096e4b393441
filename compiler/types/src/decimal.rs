//! Sets of numbers: intervals, grids and finite sets, and what arithmetic does to them. Knows no records or texts.
//!
//! Every result of arithmetic holds at least the values that can arise; where exactness would cost too much, it
//! holds more.

mod rounding;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::language::Language;
use crate::number::{digits_of_whole, grid_of_scale, is_moderate, power_of_ten, scale_of};
use crate::planted::{Lie, is_on};
use crate::shape::{Bound, Decimal, Grid, Interval, Length, Wire};

pub use rounding::{RoundingMode, round_value};

/// Sets grow to this size in arithmetic; beyond it only interval and grid remain.
const MAX_COMBINED: usize = 1_000;
/// Longest text of a number that a run holds: sign, `0.`, 34 digits.
const RUN_TEXT: u64 = 37;

impl Bound {
    /// An end that belongs to the interval.
    pub fn inclusive(value: BigRational) -> Self {
        Self { value, inclusive: true }
    }
    /// An end that does not belong to the interval.
    pub fn exclusive(value: BigRational) -> Self {
        Self { value, inclusive: false }
    }
}

impl Interval {
    /// Is the number inside?
    pub fn contains(&self, value: &BigRational) -> bool {
        let above = |low: &Bound| if low.inclusive { *value >= low.value } else { *value > low.value };
        let below = |high: &Bound| if high.inclusive { *value <= high.value } else { *value < high.value };
        self.low.as_ref().is_none_or(above) && self.high.as_ref().is_none_or(below)
    }

    /// No number is inside.
    pub fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => {
                low.value > high.value || (low.value == high.value && !(low.inclusive && high.inclusive))
            }
            _ => false,
        }
    }

    /// Numbers inside both.
    #[must_use]
    pub fn meet(&self, other: &Interval) -> Interval {
        let low = match (&self.low, &other.low) {
            (Some(left), Some(right)) => Some(if low_order(left) < low_order(right) { right } else { left }),
            (left, right) => left.as_ref().or(right.as_ref()),
        };
        let high = match (&self.high, &other.high) {
            (Some(left), Some(right)) => {
                Some(if high_order(left) > high_order(right) { right } else { left })
            }
            (left, right) => left.as_ref().or(right.as_ref()),
        };
        Interval { low: low.cloned(), high: high.cloned() }
    }

    /// The least interval around both.
    #[must_use]
    pub fn hull(&self, other: &Interval) -> Interval {
        let low = self.low.as_ref().zip(other.low.as_ref());
        let high = self.high.as_ref().zip(other.high.as_ref());
        Interval {
            low: low.map(|(l, r)| if low_order(l) < low_order(r) { l } else { r }.clone()),
            high: high.map(|(l, r)| if high_order(l) > high_order(r) { l } else { r }.clone()),
        }
    }

    /// Every number of this interval is inside the other, if this one is not empty.
    pub fn within(&self, other: &Interval) -> bool {
        let low = match (&self.low, &other.low) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(limit)) => low_order(own) >= low_order(limit),
        };
        let high = match (&self.high, &other.high) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(limit)) => high_order(own) <= high_order(limit),
        };
        low && high
    }

    /// Gives up ends that are too long to work with.
    fn moderate(self) -> Interval {
        Interval {
            low: self.low.filter(|bound| is_moderate(&bound.value)),
            high: self.high.filter(|bound| is_moderate(&bound.value)),
        }
    }

    fn negated(&self) -> Interval {
        let flip = |bound: &Bound| Bound { value: -&bound.value, inclusive: bound.inclusive };
        Interval { low: self.high.as_ref().map(flip), high: self.low.as_ref().map(flip) }
    }
}

/// Order of lower ends: an open end stands after a closed one.
fn low_order(bound: &Bound) -> (&BigRational, bool) {
    (&bound.value, !bound.inclusive)
}

/// Order of upper ends: an open end stands before a closed one.
fn high_order(bound: &Bound) -> (&BigRational, bool) {
    (&bound.value, bound.inclusive && !is_on(Lie::OpenEndIsClosed))
}

/// Greatest number of which both are whole multiples.
fn grid_gcd(left: &BigRational, right: &BigRational) -> BigRational {
    // gcd(a/b, c/d) = gcd(a·d, c·b) / (b·d)
    let numerator = (left.numer() * right.denom()).gcd(&(right.numer() * left.denom()));
    BigRational::new(numerator, left.denom() * right.denom())
}

/// Least positive number that is a whole multiple of both (both positive).
pub(crate) fn grid_lcm(left: &BigRational, right: &BigRational) -> BigRational {
    let gcd = grid_gcd(left, right);
    if gcd.is_zero() { BigRational::zero() } else { left * right / gcd }
}

fn on_grid(value: &BigRational, grid: &Grid) -> bool {
    grid.as_ref().is_none_or(|grid| !grid.is_positive() || (value / grid).is_integer())
}

/// The grid of all values of a description.
enum Steps {
    /// Only zero: on every grid.
    Zero,
    /// Whole multiples of this.
    Of(BigRational),
    /// No grid is known.
    Free,
}

impl Steps {
    fn gcd(self, other: Steps) -> Steps {
        match (self, other) {
            (Steps::Free, _) | (_, Steps::Free) => Steps::Free,
            (Steps::Zero, steps) | (steps, Steps::Zero) => steps,
            (Steps::Of(left), Steps::Of(right)) if is_on(Lie::GridsMeetInTheLarger) => {
                Steps::Of(grid_lcm(&left, &right))
            }
            (Steps::Of(left), Steps::Of(right)) => Steps::Of(grid_gcd(&left, &right)),
        }
    }

    fn product(self, other: Steps) -> Steps {
        match (self, other) {
            (Steps::Zero, _) | (_, Steps::Zero) => Steps::Zero,
            (Steps::Free, _) | (_, Steps::Free) => Steps::Free,
            (Steps::Of(left), Steps::Of(right)) => Steps::Of(left * right),
        }
    }

    fn grid(self) -> Grid {
        match self {
            Steps::Of(grid) if is_moderate(&grid) => Some(grid),
            Steps::Zero => Some(BigRational::one()),
            Steps::Of(_) | Steps::Free => None,
        }
    }
}

impl Decimal {
    /// Any number.
    pub fn any() -> Self {
        Self::default()
    }

    /// Any whole number.
    pub fn whole() -> Self {
        Self { grid: Some(BigRational::one()), ..Self::default() }
    }

    /// Exactly this number.
    pub fn constant(value: BigRational) -> Self {
        Self::of_set([value])
    }

    /// Exactly these numbers. More than 10,000 widen to their interval and grid.
    pub fn of_set(values: impl IntoIterator<Item = BigRational>) -> Self {
        let values: BTreeSet<BigRational> = values.into_iter().collect();
        let set: Vec<BigRational> = values.into_iter().collect();
        let hull = Self::hull_of(&set);
        if set.len() > crate::MAX_SET { hull } else { Self { set: Some(Arc::new(set)), ..hull } }
    }

    /// No number.
    pub fn never() -> Self {
        Self::of_set([])
    }

    /// From the one to the other, both included.
    pub fn between(low: BigRational, high: BigRational) -> Self {
        Self::in_interval(Interval { low: Some(Bound::inclusive(low)), high: Some(Bound::inclusive(high)) })
    }

    /// Inside the interval.
    pub fn in_interval(interval: Interval) -> Self {
        Self { interval, ..Self::default() }
    }

    /// Any number with at most so many digits after the point (a scale above 12,000 is taken as 12,000).
    pub fn with_scale(scale: u32) -> Self {
        Self { grid: Some(grid_of_scale(scale)), ..Self::default() }
    }

    /// Interval and grid of an ascending list, without the list.
    fn hull_of(set: &[BigRational]) -> Self {
        let interval = Interval {
            low: set.first().cloned().map(Bound::inclusive),
            high: set.last().cloned().map(Bound::inclusive),
        };
        let mut steps = Steps::Zero;
        for value in set {
            let own = if value.is_zero() { Steps::Zero } else { Steps::Of(value.abs()) };
            steps = match steps.gcd(own) {
                Steps::Of(grid) if !is_moderate(&grid) => Steps::Free,
                steps => steps,
            };
        }
        Self { interval, grid: steps.grid(), ..Self::default() }
    }

    /// Drops values that the other facts exclude, moves the ends inward to the grid, and makes one remaining value a
    /// set. The values stay the same.
    #[must_use]
    pub fn normalize(&self) -> Self {
        if let Some(set) = &self.set {
            let kept = set.iter().filter(|value| self.interval.contains(value) && on_grid(value, &self.grid));
            return Self { wire: self.wire, ..Self::of_set(kept.cloned()) };
        }
        let mut interval = self.interval.clone();
        if let Some(grid) = self.grid.as_ref().filter(|grid| grid.is_positive()) {
            interval.low = interval.low.map(|bound| {
                let steps = &bound.value / grid;
                let onward =
                    if steps.is_integer() && !bound.inclusive { BigInt::one() } else { BigInt::zero() };
                Bound::inclusive(BigRational::from_integer(steps.ceil().to_integer() + onward) * grid)
            });
            interval.high = interval.high.map(|bound| {
                let steps = &bound.value / grid;
                let onward =
                    if steps.is_integer() && !bound.inclusive { BigInt::one() } else { BigInt::zero() };
                Bound::inclusive(BigRational::from_integer(steps.floor().to_integer() - onward) * grid)
            });
        }
        if interval.is_empty() {
            return Self { wire: self.wire, ..Self::never() };
        }
        match (&interval.low, &interval.high) {
            (Some(low), Some(high)) if low.value == high.value => {
                let set = Some(low.value.clone()).filter(|value| on_grid(value, &self.grid));
                Self { wire: self.wire, ..Self::of_set(set) }
            }
            _ => Self {
                interval,
                grid: self.grid.clone().filter(Signed::is_positive),
                set: None,
                wire: self.wire,
            },
        }
    }

    /// The values, if there are at most so many.
    pub fn members(&self, limit: usize) -> Option<Vec<BigRational>> {
        let own = self.normalize();
        if let Some(set) = &own.set {
            return (set.len() <= limit).then(|| set.to_vec());
        }
        let (low, high) = (own.interval.low?, own.interval.high?);
        let grid = own.grid?;
        let first = (low.value / &grid).to_integer();
        let count = ((high.value / &grid).to_integer() - &first).to_usize().filter(|count| *count < limit)?;
        Some((0..=count).map(|step| BigRational::from_integer(&first + BigInt::from(step)) * &grid).collect())
    }

    /// Is the number one of the values?
    pub fn contains(&self, value: &BigRational) -> bool {
        self.interval.contains(value)
            && on_grid(value, &self.grid)
            && self.set.as_ref().is_none_or(|set| set.binary_search(value).is_ok())
    }

    /// There is no value.
    pub fn is_empty(&self) -> bool {
        self.normalize().set.is_some_and(|set| set.is_empty())
    }

    /// Zero is one of the values.
    pub fn may_be_zero(&self) -> bool {
        self.contains(&BigRational::zero())
    }

    /// Values of both; exact. The wire form is that of `self`.
    #[must_use]
    pub fn meet(&self, other: &Decimal) -> Self {
        let interval = self.interval.meet(&other.interval);
        let grid = match (&self.grid, &other.grid) {
            (Some(left), Some(right)) if left.is_positive() && right.is_positive() => {
                Some(grid_lcm(left, right))
            }
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        let set = match (&self.set, &other.set) {
            (Some(left), Some(right)) => {
                Some(Arc::new(left.iter().filter(|v| right.binary_search(v).is_ok()).cloned().collect()))
            }
            (left, right) => left.clone().or_else(|| right.clone()),
        };
        Self { interval, grid, set, wire: self.wire }.normalize()
    }

    /// At least the values of either. The wire form is that of `self`.
    #[must_use]
    pub fn join(&self, other: &Decimal) -> Self {
        let (left, right) = (self.normalize(), other.normalize());
        if left.is_empty() {
            return Self { wire: self.wire, ..right };
        }
        if right.is_empty() {
            return left;
        }
        if let (Some(one), Some(two)) = (&left.set, &right.set)
            && one.len() + two.len() <= crate::MAX_SET
        {
            return Self { wire: self.wire, ..Self::of_set(one.iter().chain(two.iter()).cloned()) };
        }
        if is_on(Lie::JoinForgetsRightNumber) {
            return left;
        }
        let interval = left.interval.hull(&right.interval);
        Self { interval, grid: left.steps().gcd(right.steps()).grid(), set: None, wire: self.wire }
    }

    fn steps(&self) -> Steps {
        let only_zero = self.set.as_ref().is_some_and(|set| set.iter().all(Zero::is_zero));
        match &self.grid {
            _ if only_zero => Steps::Zero,
            Some(grid) if grid.is_positive() => Steps::Of(grid.clone()),
            _ => Steps::Free,
        }
    }

    /// Combines two finite sets value by value, if few combinations arise.
    fn pairwise(
        &self,
        other: &Decimal,
        combine: impl Fn(&BigRational, &BigRational) -> Option<BigRational>,
    ) -> Option<Self> {
        let (left, right) = (self.set.as_ref()?, other.set.as_ref()?);
        if left.len().saturating_mul(right.len()) > MAX_COMBINED {
            return None;
        }
        let values = left.iter().flat_map(|one| right.iter().filter_map(|two| combine(one, two)));
        let values: BTreeSet<BigRational> = values.collect();
        values.iter().all(is_moderate).then(|| Self::of_set(values))
    }

    /// Applies a rule to each value of a finite set, if there are few.
    fn each(&self, rule: impl Fn(&BigRational) -> BigRational) -> Option<Self> {
        let set = self.set.as_ref().filter(|set| set.len() <= crate::MAX_SET)?;
        Some(Self::of_set(set.iter().map(rule)))
    }

    fn ranged(interval: Interval, steps: Steps) -> Self {
        Self { interval: interval.moderate(), grid: steps.grid(), set: None, wire: Wire::Plain }.normalize()
    }

    /// The sum of two numbers.
    #[must_use]
    pub fn add(&self, other: &Decimal) -> Self {
        let (left, right) = (self.normalize(), other.normalize());
        if left.is_empty() || right.is_empty() {
            return Self::never();
        }
        left.pairwise(&right, |one, two| Some(one + two)).unwrap_or_else(|| {
            let end = |one: &Option<Bound>, two: &Option<Bound>| {
                let (one, two) = one.as_ref().zip(two.as_ref())?;
                Some(Bound { value: &one.value + &two.value, inclusive: one.inclusive && two.inclusive })
            };
            let interval = Interval {
                low: end(&left.interval.low, &right.interval.low),
                high: end(&left.interval.high, &right.interval.high),
            };
            Self::ranged(interval, left.steps().gcd(right.steps()))
        })
    }

    /// The first number less the second.
    #[must_use]
    pub fn subtract(&self, other: &Decimal) -> Self {
        if is_on(Lie::SubtractAdds) {
            return self.add(other);
        }
        self.add(&other.negate())
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negate(&self) -> Self {
        let own = self.normalize();
        own.each(|value| -value).unwrap_or_else(|| Self::ranged(own.interval.negated(), own.steps()))
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        let own = self.normalize();
        if own.is_empty() {
            return own;
        }
        own.each(|value| value.abs()).unwrap_or_else(|| {
            let zero = Interval { low: Some(Bound::inclusive(BigRational::zero())), high: None };
            let upper = own.interval.meet(&zero);
            let lower = own.interval.negated().meet(&zero);
            let interval = match (upper.is_empty(), lower.is_empty()) {
                (false, true) => upper,
                (true, _) => lower,
                (false, false) => upper.hull(&lower),
            };
            Self::ranged(interval, own.steps())
        })
    }

    /// The number, moved to the nearer end where it lies outside the two. The order of the ends does not matter:
    /// a value is first raised to `low`, then lowered to `high`.
    #[must_use]
    pub fn clamp(&self, low: &BigRational, high: &BigRational) -> Self {
        let own = self.normalize();
        if own.is_empty() {
            return own;
        }
        let moved = |value: &BigRational| value.max(low).min(high).clone();
        own.each(moved).unwrap_or_else(|| {
            let end = |bound: &Option<Bound>, open: &BigRational| match bound {
                None => Bound::inclusive(moved(open)),
                Some(bound) => {
                    let value = moved(&bound.value);
                    let inclusive =
                        bound.inclusive || value != bound.value || value == *low || value == *high;
                    Bound { value, inclusive }
                }
            };
            let interval = Interval {
                low: Some(end(&own.interval.low, low)),
                high: Some(end(&own.interval.high, high)),
            };
            let inside = Interval {
                low: Some(Bound::inclusive(low.clone())),
                high: Some(Bound::inclusive(high.clone())),
            };
            let steps = if own.interval.within(&inside) {
                own.steps()
            } else {
                let ends = Self::hull_of(&[low.min(high).clone(), high.max(low).clone()]);
                own.steps().gcd(ends.steps())
            };
            Self::ranged(interval, steps)
        })
    }

    /// The product of two numbers.
    #[must_use]
    pub fn multiply(&self, other: &Decimal) -> Self {
        let (left, right) = (self.normalize(), other.normalize());
        if left.is_empty() || right.is_empty() {
            return Self::never();
        }
        left.pairwise(&right, |one, two| Some(one * two)).unwrap_or_else(|| {
            let interval = interval_product(&left.interval, &right.interval);
            Self::ranged(interval, left.steps().product(right.steps()))
        })
    }

    /// The sum of so many elements, each one of these numbers; 0 without elements.
    #[must_use]
    pub fn sum(element: &Decimal, count: Length) -> Self {
        let zero = BigRational::zero;
        let own = element.normalize();
        if own.is_empty() || count.max == Some(0) {
            return Self::constant(zero());
        }
        let times = |count: u64| BigRational::from_integer(BigInt::from(count));
        // `outward`: the end grows with the number of elements.
        let end = |bound: &Option<Bound>, outward: bool| {
            let bound = bound.as_ref()?;
            let count = if outward { count.max? } else { count.min };
            let count = if is_on(Lie::EmptySumHasElements) { count.max(1) } else { count };
            let count = if is_on(Lie::SumOfOne) { count.min(1) } else { count };
            if count == 0 {
                return Some(Bound::inclusive(zero()));
            }
            Some(Bound { value: &bound.value * times(count), inclusive: bound.inclusive })
        };
        let outward_low = own.interval.low.as_ref().is_some_and(|low| low.value.is_negative());
        let outward_high = own.interval.high.as_ref().is_some_and(|high| high.value.is_positive());
        let interval = Interval {
            low: end(&own.interval.low, outward_low),
            high: end(&own.interval.high, outward_high),
        };
        Self::ranged(interval, own.steps())
    }

    /// The quotient, rounded. Zero divisors raise a failure at run and bring no value.
    #[must_use]
    pub fn divide_rounded(left: &Decimal, right: &Decimal, scale: u32, mode: RoundingMode) -> Self {
        let (left, right) = (left.normalize(), right.normalize());
        if left.is_empty() || right.is_empty() {
            return Self::never();
        }
        let exact = left.pairwise(&right, |one, two| {
            if two.is_zero() { None } else { Some(round_value(&(one / two), scale, mode)) }
        });
        if let Some(exact) = exact {
            return exact;
        }
        // The least distance of a divisor from zero is its grid, if it has one.
        let least = match &right.grid {
            Some(grid) => Bound::inclusive(grid.clone()),
            None => Bound::exclusive(BigRational::zero()),
        };
        let positive = Interval { low: Some(least), high: None };
        let mut whole: Option<Interval> = None;
        for (divisor, negative) in [(&right.interval, false), (&right.interval.negated(), true)] {
            let divisor = divisor.meet(&positive);
            if divisor.is_empty() {
                continue;
            }
            let quotient = interval_product(&left.interval, &reciprocal(&divisor));
            let quotient = if negative { quotient.negated() } else { quotient };
            whole = Some(whole.map_or(quotient.clone(), |known| known.hull(&quotient)));
        }
        match whole {
            None => Self::never(),
            Some(interval) => {
                let interval = interval.moderate();
                // The quotient itself lies on no grid: the rounding gives it one.
                Self { interval, ..Self::default() }.round(scale, mode)
            }
        }
    }

    /// The number rounded to so many digits after the point; the ends of the interval are rounded too.
    #[must_use]
    pub fn round(&self, scale: u32, mode: RoundingMode) -> Self {
        let own = self.normalize();
        let rounded = |value: &BigRational| round_value(value, scale, mode);
        own.each(rounded).unwrap_or_else(|| {
            let grid = grid_of_scale(scale);
            if own.grid.as_ref().is_some_and(|steps| (steps / &grid).is_integer()) {
                return Self { wire: Wire::Plain, ..own };
            }
            let end = |bound: &Bound| Bound::inclusive(rounded(&bound.value));
            let interval = Interval {
                low: own.interval.low.as_ref().map(end),
                high: own.interval.high.as_ref().map(end),
            };
            Self::ranged(interval, Steps::Of(grid))
        })
    }

    /// Digits after the point that the values need at most. `None`: unbounded.
    pub fn scale(&self) -> Option<u32> {
        let own = self.normalize();
        match &own.set {
            Some(set) => set.iter().map(scale_of).try_fold(0, |known, scale| Some(known.max(scale?))),
            None => own.grid.as_ref().and_then(scale_of),
        }
    }

    /// A bound on the digits of the coefficient and on the scale of every value in its shortest form, so that at most
    /// 34 proves that a run can hold it. `None`: unbounded.
    pub fn max_digits(&self) -> Option<u32> {
        let own = self.normalize();
        let scale = own.scale()?;
        if let Some(set) = &own.set {
            let digits = |value: &BigRational| crate::number::digits_of(value);
            return set.iter().map(digits).try_fold(scale.max(1), |known, digits| Some(known.max(digits?)));
        }
        let (low, high) = (own.interval.low?.value.abs(), own.interval.high?.value.abs());
        let largest = (low.max(high) * BigRational::from_integer(power_of_ten(scale))).to_integer();
        Some(digits_of_whole(&largest).max(scale))
    }

    /// Length of the shortest text of a value. Never above 37: a run holds 34 digits.
    pub fn text_language_or_length(&self) -> Length {
        let own = self.normalize();
        if let Some(set) = &own.set {
            let texts = set.iter().map(crate::number::format_decimal);
            let lengths: Option<Vec<u64>> = texts.map(|text| Some(text?.len() as u64)).collect();
            return match lengths {
                Some(lengths) if !lengths.is_empty() => {
                    Length::new(lengths.iter().copied().min().unwrap_or(1), lengths.iter().copied().max())
                }
                _ => Length::new(1, Some(RUN_TEXT)),
            };
        }
        let digits = |value: &BigRational| u64::from(digits_of_whole(&value.abs().to_integer()));
        let zero = BigRational::zero();
        let (low, high) = (own.interval.low.map(|b| b.value), own.interval.high.map(|b| b.value));
        let fraction = own
            .grid
            .as_ref()
            .and_then(scale_of)
            .map(|scale| if scale == 0 { 0 } else { u64::from(scale) + 1 });
        let may_be_negative = low.as_ref().is_none_or(|low| *low < zero);
        let may_be_positive = high.as_ref().is_none_or(|high| *high > zero);
        let max = fraction.and_then(|fraction| {
            let negative = if may_be_negative { 1 + digits(low.as_ref()?) } else { 0 };
            let positive = if may_be_positive { digits(high.as_ref()?) } else { 1 };
            Some(negative.max(positive) + fraction)
        });
        let min = match (&low, &high) {
            (Some(low), _) if *low > zero => digits(low),
            (_, Some(high)) if *high < zero => 1 + digits(high),
            _ => 1,
        };
        Length::new(min.min(RUN_TEXT), Some(max.map_or(RUN_TEXT, |max| max.min(RUN_TEXT))))
    }

    /// A language that holds the shortest text of every value, where digits are bounded.
    pub fn text_language(&self) -> Option<Language> {
        let own = self.normalize();
        if let Some(set) = &own.set {
            let texts: Option<Vec<String>> = set.iter().map(crate::number::format_decimal).collect();
            return Language::of_set(texts?);
        }
        let scale = own.grid.as_ref().and_then(scale_of).filter(|scale| *scale <= 34).unwrap_or(34);
        let digits = match (&own.interval.low, &own.interval.high) {
            (Some(low), Some(high)) => {
                let largest = low.value.abs().max(high.value.abs()).to_integer();
                if largest.is_zero() { 0 } else { digits_of_whole(&largest).min(34) }
            }
            _ => 34,
        };
        let all = Language::decimal_text(digits, scale);
        let not_negative = own.interval.low.is_some_and(|low| !low.value.is_negative());
        if !not_negative {
            return Some(all);
        }
        Language::from_full_pattern("[0-9.]*").ok()?.intersect(&all)
    }
}

/// One end of a product: a number, or beyond all numbers with a sign.
enum End {
    Finite(BigRational, bool),
    Infinite(bool),
}

/// All products of a number of each.
fn interval_product(left: &Interval, right: &Interval) -> Interval {
    let ends = |interval: &Interval| {
        let end = |bound: &Option<Bound>, positive: bool| match bound {
            Some(bound) => End::Finite(bound.value.clone(), bound.inclusive),
            None => End::Infinite(positive),
        };
        [end(&interval.low, false), end(&interval.high, true)]
    };
    let mut low: Option<Bound> = None;
    let mut high: Option<Bound> = None;
    let (mut open_low, mut open_high) = (false, false);
    for (row, one) in ends(left).iter().enumerate() {
        for (column, two) in ends(right).iter().enumerate() {
            if is_on(Lie::ProductOfTwoCorners) && row != column {
                continue;
            }
            let corner = match (one, two) {
                (End::Finite(a, a_in), End::Finite(b, b_in)) => {
                    // A zero that belongs to its side makes the product zero whatever the other side is.
                    let inclusive = (*a_in && (*b_in || a.is_zero())) || (*b_in && b.is_zero());
                    Bound { value: a * b, inclusive }
                }
                (End::Finite(a, inclusive), End::Infinite(_))
                | (End::Infinite(_), End::Finite(a, inclusive))
                    if a.is_zero() =>
                {
                    Bound { value: BigRational::zero(), inclusive: *inclusive }
                }
                (End::Finite(a, _), End::Infinite(positive))
                | (End::Infinite(positive), End::Finite(a, _)) => {
                    let up = a.is_positive() == *positive;
                    (open_low, open_high) = (open_low || !up, open_high || up);
                    continue;
                }
                (End::Infinite(a), End::Infinite(b)) => {
                    let up = a == b;
                    (open_low, open_high) = (open_low || !up, open_high || up);
                    continue;
                }
            };
            if low.as_ref().is_none_or(|known| low_order(&corner) < low_order(known)) {
                low = Some(corner.clone());
            }
            if high.as_ref().is_none_or(|known| high_order(&corner) > high_order(known)) {
                high = Some(corner);
            }
        }
    }
    Interval { low: low.filter(|_| !open_low), high: high.filter(|_| !open_high) }
}

/// One over each number of a positive interval.
fn reciprocal(positive: &Interval) -> Interval {
    let low = match &positive.high {
        None => Bound::exclusive(BigRational::zero()),
        Some(bound) => Bound { value: bound.value.recip(), inclusive: bound.inclusive },
    };
    let high = positive.low.as_ref().filter(|bound| bound.value.is_positive());
    let high = high.map(|bound| Bound { value: bound.value.recip(), inclusive: bound.inclusive });
    Interval { low: Some(low), high }
}
