//! Exact decimal numbers of any size. Knows nothing of schemas; no exponent makes it do more work.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{Signed, Zero};

/// More digits than this are not looked at.
const DIGITS: usize = 20_000;

/// `coefficient × 10^exponent`, without zeros at the end of the coefficient: equal values are equal parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    coefficient: BigInt,
    exponent: i64,
}

impl Number {
    /// A number as JSON writes it.
    pub(super) fn read(lexeme: &str) -> Result<Self, String> {
        let far = || format!("a number that is too long: {}", lexeme.chars().take(40).collect::<String>());
        if lexeme.len() > DIGITS {
            return Err(far());
        }
        let (mantissa, exponent) = lexeme.split_once(['e', 'E']).unwrap_or((lexeme, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let kept = digits.trim_end_matches('0');
        let coefficient: BigInt =
            if kept.is_empty() || kept == "-" { BigInt::zero() } else { kept.parse().map_err(|_| far())? };
        if coefficient.is_zero() {
            return Ok(Self { coefficient, exponent: 0 });
        }
        let length = |text: &str| i64::try_from(text.len()).map_err(|_| far());
        let exponent: i64 = exponent.parse().map_err(|_| far())?;
        let exponent = exponent
            .checked_sub(length(fraction)?)
            .and_then(|exponent| exponent.checked_add(length(&digits).ok()? - length(kept).ok()?))
            .filter(|exponent| exponent.unsigned_abs() < 1 << 60)
            .ok_or_else(far)?;
        Ok(Self { coefficient, exponent })
    }

    pub(super) fn of_count(count: usize) -> Self {
        let digits = count.to_string();
        Self::read(&digits).unwrap_or(Self { coefficient: count.into(), exponent: 0 })
    }

    pub(super) fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// Is this a whole multiple of the other? Nothing is a multiple of zero.
    pub(super) fn is_multiple_of(&self, step: &Self) -> bool {
        if step.coefficient.is_zero() {
            return false;
        }
        if self.coefficient.is_zero() {
            return true;
        }
        let shift = self.exponent - step.exponent;
        let distance = shift.unsigned_abs();
        if shift >= 0 {
            let modulus = step.coefficient.magnitude();
            let power = BigUint::from(10_u8).modpow(&BigUint::from(distance), modulus);
            return (self.coefficient.magnitude() * power).is_multiple_of(modulus);
        }
        // A smaller number is no multiple, so the power has few digits.
        match u32::try_from(distance) {
            Ok(distance) if u64::from(distance) <= self.digits() => {
                self.coefficient.is_multiple_of(&(&step.coefficient * BigInt::from(10).pow(distance)))
            }
            _ => false,
        }
    }

    fn digits(&self) -> u64 {
        self.coefficient.magnitude().to_string().len() as u64
    }

    /// Compares the sizes of two numbers that are not zero.
    fn compare_size(&self, other: &Self) -> Ordering {
        let place = |number: &Self| number.exponent.saturating_add_unsigned(number.digits());
        place(self).cmp(&place(other)).then_with(|| {
            let least = self.exponent.min(other.exponent);
            let scaled = |number: &Self| {
                let zeros = u32::try_from(number.exponent - least).unwrap_or(u32::MAX);
                number.coefficient.abs() * BigInt::from(10).pow(zeros)
            };
            scaled(self).cmp(&scaled(other))
        })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| number.coefficient.sign();
        match (sign(self), sign(other)) {
            (Sign::Plus, Sign::Plus) => self.compare_size(other),
            (Sign::Minus, Sign::Minus) => other.compare_size(self),
            (one, two) => one.cmp(&two),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
