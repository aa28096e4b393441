//! Exact numbers from the text of a JSON number. Never a float.

use mapc_types::BigRational;
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

/// More digits, or a larger exponent, are not worked with.
const LIMIT: i64 = 400;

/// The exact value of a number's text; absent when it has more than 400 digits or a larger exponent.
pub(crate) fn exact(text: &str) -> Option<BigRational> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (text, "0"),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('0');
    let all = format!("{whole}{fraction}");
    if all.trim_start_matches('0').is_empty() {
        return Some(BigRational::zero());
    }
    let exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let length = i64::try_from(all.len()).ok()?;
    let scale = i64::try_from(fraction.len()).ok()?;
    let shift = exponent.checked_sub(scale)?;
    if length > LIMIT || shift.abs() > LIMIT {
        return None;
    }
    let coefficient: BigInt = all.parse().ok()?;
    let power = u32::try_from(shift.unsigned_abs()).ok()?;
    let ten = BigInt::from(10).pow(power);
    let value = if shift >= 0 {
        BigRational::from_integer(coefficient * ten)
    } else {
        BigRational::new(coefficient, ten)
    };
    Some(if negative { -value } else { value })
}

/// A count (`maxLength`) from a number's text: whole and not negative. Larger than `u64` is taken as `u64::MAX`.
pub(crate) fn count(text: &str) -> Option<u64> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let value = exact(text)?;
    if !value.is_integer() || value.is_negative() {
        return None;
    }
    Some(u64::try_from(value.to_integer()).unwrap_or(u64::MAX))
}

/// `10^-scale`.
pub(crate) fn grid(scale: u32) -> BigRational {
    BigRational::new(BigInt::one(), BigInt::from(10).pow(scale))
}

/// Shortest text of a number: `12.5`; as a quotient when it has no finite decimal form.
pub(crate) fn shortest(value: &BigRational) -> String {
    if value.is_integer() {
        return value.to_integer().to_string();
    }
    let mut scaled = value.clone();
    for scale in 1..=LIMIT {
        scaled *= BigRational::from_integer(BigInt::from(10));
        if scaled.is_integer() {
            let digits = scaled.to_integer();
            let sign = if digits.is_negative() { "-" } else { "" };
            let width = usize::try_from(scale).unwrap_or(0);
            let text = format!("{:0>width$}", digits.abs().to_string(), width = width + 1);
            let (whole, fraction) = text.split_at(text.len() - width);
            return format!("{sign}{whole}.{fraction}");
        }
    }
    format!("{}/{}", value.numer(), value.denom())
}

/// Exact value of a canonical decimal text `-?(0|[1-9][0-9]*)(\.[0-9]+)?`.
pub(crate) fn decimal_text(text: &str) -> Option<BigRational> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let sound =
        all_digits(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(all_digits);
    if sound { exact(text) } else { None }
}
