//! Exact arithmetic on rationals: rounding, grids, decimal text. Knows nothing of types.

use mapc_types::BigRational;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use crate::typed::Rounding;

/// Digits a number may have.
pub(super) const DIGITS: u64 = 34;

/// `10^power`.
pub(super) fn power_of_ten(power: u64) -> BigInt {
    let power = u32::try_from(power).unwrap_or(u32::MAX);
    num_traits::pow::Pow::pow(BigInt::from(10), power)
}

/// `10^-places`.
pub(super) fn step(places: u64) -> BigRational {
    BigRational::new(BigInt::one(), power_of_ten(places))
}

/// The number as a rational.
pub(super) fn whole(value: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(value))
}

/// The nearest number with at most so many decimals.
pub(super) fn round(value: &BigRational, places: u64, mode: Rounding) -> BigRational {
    let factor = power_of_ten(places);
    let scaled = value * BigRational::from_integer(factor.clone());
    let (below, rest) = scaled.numer().div_mod_floor(scaled.denom());
    if rest.is_zero() {
        return value.clone();
    }
    let above = &below + BigInt::one();
    let twice = (&rest + &rest).cmp(scaled.denom());
    let negative = scaled.is_negative();
    let up = match mode {
        Rounding::Floor => false,
        Rounding::Ceiling => true,
        Rounding::Down => negative,
        Rounding::Up => !negative,
        Rounding::HalfUp | Rounding::HalfDown | Rounding::HalfEven => match twice {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => match mode {
                Rounding::HalfUp => !negative,
                Rounding::HalfDown => negative,
                _ => below.is_odd(),
            },
        },
    };
    BigRational::new(if up { above } else { below }, factor)
}

/// The largest number of which both are whole multiples; of zero and `x`, `x`.
pub(super) fn common_grid(left: &BigRational, right: &BigRational) -> BigRational {
    let numerator = (left.numer() * right.denom()).gcd(&(right.numer() * left.denom()));
    BigRational::new(numerator, left.denom() * right.denom())
}

/// The smallest positive number that is a whole multiple of both positive numbers.
pub(super) fn joint_grid(left: &BigRational, right: &BigRational) -> BigRational {
    let numerator = (left.numer() * right.denom()).lcm(&(right.numer() * left.denom()));
    BigRational::new(numerator, left.denom() * right.denom())
}

/// True if the value is a whole multiple of the positive grid.
pub(super) fn on_grid(value: &BigRational, grid: &BigRational) -> bool {
    !grid.is_zero() && (value / grid).is_integer()
}

/// Decimals of the shortest decimal form of a number with this denominator, counting only the factors 2 and 5; with
/// other factors the number itself has no decimal form, but those of its multiples that have one need no more.
pub(super) fn places_of_grid(grid: &BigRational) -> u64 {
    let mut rest = grid.denom().clone();
    let mut count = |factor: u32| {
        let factor = BigInt::from(factor);
        let mut times = 0;
        while !rest.is_zero() && rest.is_multiple_of(&factor) {
            rest /= &factor;
            times += 1;
        }
        times
    };
    let (twos, fives): (u64, u64) = (count(2), count(5));
    twos.max(fives)
}

/// The shortest decimal text, or `None` if there is no finite one.
pub(super) fn decimal_text(value: &BigRational) -> Option<String> {
    let places = places_of_grid(value);
    let scaled = value * BigRational::from_integer(power_of_ten(places));
    if !scaled.is_integer() {
        return None;
    }
    let digits = scaled.numer().magnitude().to_string();
    let places = usize::try_from(places).ok()?;
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (front, back) = digits.split_at_checked(digits.len().saturating_sub(places))?;
    let sign = if scaled.numer().sign() == Sign::Minus { "-" } else { "" };
    let point = if back.is_empty() { "" } else { "." };
    Some(format!("{sign}{front}{point}{back}"))
}

/// Reads `-?(0|[1-9][0-9]*)(\.[0-9]+)?` with at most 34 digits before leading zeros and 34 decimals.
pub(super) fn read_decimal(text: &str) -> Option<BigRational> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (front, back) = match unsigned.split_once('.') {
        Some((_, "")) => return None,
        Some((front, back)) => (front, back),
        None => (unsigned, ""),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let plain_front = !front.is_empty() && (front == "0" || !front.starts_with('0'));
    if !plain_front || !digits(front) || !digits(back) {
        return None;
    }
    let coefficient = format!("{front}{back}");
    let significant = coefficient.trim_start_matches('0');
    let places = u64::try_from(back.len()).ok()?;
    if u64::try_from(significant.len()).ok()? > DIGITS || places > DIGITS {
        return None;
    }
    let numerator: BigInt = if significant.is_empty() { BigInt::zero() } else { significant.parse().ok()? };
    let value = BigRational::new(numerator, power_of_ten(places));
    Some(if negative { -value } else { value })
}

/// Digits before the point of a number of this size (`0` for less than one).
pub(super) fn digits_before_point(magnitude: &BigRational) -> u64 {
    let front = magnitude.abs().floor().to_integer();
    if front.is_zero() { 0 } else { u64::try_from(front.to_string().len()).unwrap_or(u64::MAX) }
}
