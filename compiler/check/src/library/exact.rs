//! Exact arithmetic on rationals: rounding, grids, decimals as a run reads them. Knows nothing of types.

use mapc_types::{BigRational, RoundingMode};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};

/// Digits a number may have.
pub(super) const DIGITS: usize = 34;

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
pub(super) fn round(value: &BigRational, places: u64, mode: RoundingMode) -> BigRational {
    mapc_types::round_value(value, u32::try_from(places).unwrap_or(u32::MAX), mode)
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

/// Reads `-?(0|[1-9][0-9]*)(\.[0-9]+)?` with at most 34 digits, leading zeros not counted, and 34 decimals.
pub(super) fn read_decimal(text: &str) -> Option<BigRational> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if !unsigned.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let places = unsigned.split_once('.').map_or(0, |(_, behind)| behind.len());
    let digits = unsigned.trim_start_matches(['0', '.']).bytes().filter(u8::is_ascii_digit).count();
    if digits > DIGITS || places > DIGITS {
        return None;
    }
    mapc_types::parse_decimal(text)
}
