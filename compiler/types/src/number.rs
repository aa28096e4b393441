//! Exact decimals as texts and back. Knows the JSON form of a number, no types.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Pow, Signed, ToPrimitive, Zero};

/// Exponents beyond this are refused.
const MAX_EXPONENT: i64 = 1_000;
/// Numbers with more digits are refused.
const MAX_DIGITS: usize = 10_000;
/// No decimal that was read has more decimals than this; a larger scale is taken as this.
pub(crate) const MAX_SCALE: u32 = 12_000;
/// Numbers with more bits than this are given up by the transfer rules.
pub(crate) const MAX_BITS: u64 = 60_000;
/// Significant digits a run holds.
const RUN_DIGITS: u32 = 34;

/// Ten to the power of a scale, which is capped at [`MAX_SCALE`].
pub(crate) fn power_of_ten(scale: u32) -> BigInt {
    Pow::pow(BigInt::from(10), scale.min(MAX_SCALE))
}

/// The grid of decimals with so many digits after the point.
pub(crate) fn grid_of_scale(scale: u32) -> BigRational {
    BigRational::new(BigInt::from(1), power_of_ten(scale))
}

/// Numerator and denominator are of moderate size.
pub(crate) fn is_moderate(value: &BigRational) -> bool {
    value.numer().bits() <= MAX_BITS && value.denom().bits() <= MAX_BITS
}

/// Reads a number in the JSON form. `None`: another form, more than 10,000 digits, an exponent beyond 1,000.
pub fn parse_decimal(text: &str) -> Option<BigRational> {
    if text.len() > MAX_DIGITS + 20 {
        return None;
    }
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(place) => (rest.get(..place)?, Some(rest.get(place + 1..)?)),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (mantissa, ""),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if whole.is_empty() || leading_zero || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    if whole.len() + fraction.len() > MAX_DIGITS {
        return None;
    }
    let exponent = match exponent {
        None => 0,
        Some(text) => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            if digits.is_empty() || !all_digits(digits) {
                return None;
            }
            let size: i64 = digits
                .trim_start_matches('0')
                .parse()
                .or_else(
                    |error: std::num::ParseIntError| {
                        if digits.bytes().all(|byte| byte == b'0') { Ok(0) } else { Err(error) }
                    },
                )
                .ok()?;
            if text.starts_with('-') { -size } else { size }
        }
    };
    if exponent.abs() > MAX_EXPONENT {
        return None;
    }
    let digits = BigInt::parse_bytes(format!("{whole}{fraction}").as_bytes(), 10)?;
    let digits = if negative { -digits } else { digits };
    let shift = exponent - i64::try_from(fraction.len()).ok()?;
    let size = Pow::pow(BigInt::from(10), shift.unsigned_abs());
    Some(if shift >= 0 { BigRational::from_integer(digits * size) } else { BigRational::new(digits, size) })
}

/// Digits after the point in the shortest form. `None`: not a finite decimal, or too long.
pub fn scale_of(value: &BigRational) -> Option<u32> {
    let mut rest = value.denom().clone();
    if rest.bits() > MAX_BITS {
        return None;
    }
    let twos = u32::try_from(rest.trailing_zeros().unwrap_or(0)).ok()?;
    rest >>= twos;
    let mut fives = 0;
    let (step, size) = (BigInt::from(9_765_625), 10);
    for (divisor, count) in [(step, size), (BigInt::from(5), 1)] {
        loop {
            let (quotient, remainder) = rest.div_rem(&divisor);
            if !remainder.is_zero() {
                break;
            }
            rest = quotient;
            fives += count;
        }
    }
    (rest == BigInt::from(1)).then_some(twos.max(fives))
}

/// The shortest form: no exponent, no zeros at the end of the fraction, no `-0`. `None`: not a finite decimal.
pub fn format_decimal(value: &BigRational) -> Option<String> {
    let scale = scale_of(value)?;
    if value.numer().bits() > MAX_BITS {
        return None;
    }
    let coefficient = value * BigRational::from_integer(Pow::pow(BigInt::from(10), scale));
    let digits = coefficient.numer().magnitude().to_string();
    let scale = usize::try_from(scale).ok()?;
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len().checked_sub(scale)?)?;
    let sign = if value.numer().sign() == Sign::Minus { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// Coefficient and scale of the shortest form. `None`: not a finite decimal, or beyond 34 digits in either.
pub fn to_coefficient_scale(value: &BigRational) -> Option<(i128, u32)> {
    let scale = scale_of(value)?;
    if scale > RUN_DIGITS || value.numer().bits() > 128 {
        return None;
    }
    let coefficient = (value * BigRational::from_integer(power_of_ten(scale))).to_integer();
    if digits_of_whole(&coefficient) > RUN_DIGITS {
        return None;
    }
    Some((coefficient.to_i128()?, scale))
}

/// Digits of the coefficient in the shortest form (100.5 has 4, 0.001 has 1, 0 has 1). `None`: not a finite decimal.
pub fn digits_of(value: &BigRational) -> Option<u32> {
    let scale = scale_of(value)?;
    if !is_moderate(value) {
        return None;
    }
    Some(digits_of_whole(&(value * BigRational::from_integer(power_of_ten(scale))).to_integer()))
}

/// Decimal digits of a whole number; 1 for zero.
pub(crate) fn digits_of_whole(value: &BigInt) -> u32 {
    let magnitude = value.abs();
    // An estimate from below by bits, then exact.
    let mut digits = (magnitude.bits().saturating_sub(1) as f64 * std::f64::consts::LOG10_2) as u32;
    digits = digits.saturating_sub(1);
    let mut power = Pow::pow(BigInt::from(10), digits);
    while power <= magnitude {
        power *= 10;
        digits += 1;
    }
    digits.max(1)
}

#[cfg(test)]
mod tests;
