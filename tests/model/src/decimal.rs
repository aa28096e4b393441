//! Exact decimals of at most 34 digits, with the scale they were written with. Knows no JSON and no dates.

use std::cmp::Ordering;

use mapc_check::typed::{Arithmetic, Rounding};
use mapc_types::BigRational;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

/// Most digits of a coefficient, and the largest scale.
const DIGITS: usize = 34;

/// `coefficient / 10^scale`.
#[derive(Clone, Debug)]
pub(crate) struct Decimal {
    coefficient: BigInt,
    scale: usize,
}

/// More than 34 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

fn power_of_ten(exponent: usize) -> BigInt {
    num_traits::pow(BigInt::from(10), exponent)
}

impl Decimal {
    pub(crate) fn zero() -> Decimal {
        Decimal { coefficient: BigInt::zero(), scale: 0 }
    }

    pub(crate) fn whole(value: u64) -> Decimal {
        Decimal { coefficient: BigInt::from(value), scale: 0 }
    }

    /// Reads a number as JSON writes it, exponent included. Keeps its scale.
    pub(crate) fn read(lexeme: &str) -> Result<Decimal, TooLong> {
        let (negative, unsigned) = match lexeme.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, lexeme),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        // An exponent that fits no i64 is decided by its sign alone.
        let huge = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let exponent = exponent.parse().unwrap_or(huge).clamp(i64::MIN / 2, i64::MAX / 2);
        let scale = i64::try_from(fraction.len()).map_err(|_| TooLong)?.saturating_sub(exponent);
        if digits.is_empty() {
            let scale = usize::try_from(scale.max(0)).map_err(|_| TooLong)?;
            return Decimal { coefficient: BigInt::zero(), scale }.checked();
        }
        let added = usize::try_from(scale.saturating_neg().max(0)).map_err(|_| TooLong)?;
        if digits.len().saturating_add(added) > DIGITS {
            return Err(TooLong);
        }
        let coefficient = digits.parse::<BigInt>().map_err(|_| TooLong)? * power_of_ten(added);
        let scale = usize::try_from(scale.max(0)).map_err(|_| TooLong)?;
        Decimal { coefficient: if negative { -coefficient } else { coefficient }, scale }.checked()
    }

    /// Whether a text is a decimal in canonical form: `-?(0|[1-9][0-9]*)(\.[0-9]+)?`.
    pub(crate) fn is_canonical(text: &str) -> bool {
        let text = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(digits)
    }

    /// The exact value of a finite decimal; other rationals lose what 34 decimals cannot hold.
    pub(crate) fn from_rational(value: &BigRational) -> Decimal {
        let scaled = value.numer() * power_of_ten(DIGITS);
        Decimal { coefficient: scaled / value.denom(), scale: DIGITS }.shortest()
    }

    fn checked(self) -> Result<Decimal, TooLong> {
        let digits = self.coefficient.magnitude().to_string().len();
        if digits > DIGITS || self.scale > DIGITS { Err(TooLong) } else { Ok(self) }
    }

    /// The same value without zeros at the end of the fraction.
    pub(crate) fn shortest(&self) -> Decimal {
        let ten = BigInt::from(10);
        let mut result = self.clone();
        while result.scale > 0 && result.coefficient.is_multiple_of(&ten) {
            result.coefficient /= &ten;
            result.scale -= 1;
        }
        result
    }

    fn at_scale(&self, scale: usize) -> BigInt {
        &self.coefficient * power_of_ten(scale.saturating_sub(self.scale))
    }

    pub(crate) fn compare(&self, other: &Decimal) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.at_scale(scale).cmp(&other.at_scale(scale))
    }

    pub(crate) fn compare_rational(&self, other: &BigRational) -> Ordering {
        self.rational().cmp(other)
    }

    fn rational(&self) -> BigRational {
        BigRational::new(self.coefficient.clone(), power_of_ten(self.scale))
    }

    pub(crate) fn is_on_grid(&self, grid: &BigRational) -> bool {
        if grid.is_zero() { self.coefficient.is_zero() } else { (self.rational() / grid).is_integer() }
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.shortest().scale == 0
    }

    pub(crate) fn negate(&self) -> Decimal {
        Decimal { coefficient: -&self.coefficient, scale: self.scale }.shortest()
    }

    pub(crate) fn absolute(&self) -> Decimal {
        Decimal { coefficient: self.coefficient.abs(), scale: self.scale }.shortest()
    }

    /// Exact; fails above 34 digits.
    pub(crate) fn calculate(&self, operator: Arithmetic, other: &Decimal) -> Result<Decimal, TooLong> {
        let (left, right) = (self.shortest(), other.shortest());
        let scale = left.scale.max(right.scale);
        let result = match operator {
            Arithmetic::Add => Decimal { coefficient: left.at_scale(scale) + right.at_scale(scale), scale },
            Arithmetic::Subtract => {
                Decimal { coefficient: left.at_scale(scale) - right.at_scale(scale), scale }
            }
            Arithmetic::Multiply => {
                Decimal { coefficient: left.coefficient * right.coefficient, scale: left.scale + right.scale }
            }
        };
        Ok(result.checked()?.shortest())
    }

    /// The exact quotient, rounded; fails for a zero divisor or above 34 digits.
    pub(crate) fn divide(&self, other: &Decimal, scale: usize, mode: Rounding) -> Result<Decimal, TooLong> {
        if other.coefficient.is_zero() {
            return Err(TooLong);
        }
        round(&(self.rational() / other.rational()), scale, mode).checked()
    }

    pub(crate) fn round(&self, scale: usize, mode: Rounding) -> Decimal {
        if scale >= self.scale { self.shortest() } else { round(&self.rational(), scale, mode) }
    }

    /// With the digits it has; never `-0`.
    pub(crate) fn digits(&self) -> String {
        let digits = format!("{:0>width$}", self.coefficient.magnitude().to_string(), width = self.scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale);
        let sign = if self.coefficient.is_negative() { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }

    /// Without fraction.
    pub(crate) fn whole_digits(&self) -> String {
        self.round(0, Rounding::Down).digits()
    }
}

/// Rounds an exact value; the result is in shortest form.
fn round(value: &BigRational, scale: usize, mode: Rounding) -> Decimal {
    let scaled = value * BigRational::from_integer(power_of_ten(scale));
    let floor = scaled.floor().to_integer();
    let rest = scaled - BigRational::from_integer(floor.clone());
    let half = rest.cmp(&BigRational::new(BigInt::one(), BigInt::from(2)));
    let negative = value.is_negative();
    // `rest` is the way from the floor up: the floor is the end toward zero only for positive values.
    let up = !rest.is_zero()
        && match mode {
            Rounding::Floor => false,
            Rounding::Ceiling => true,
            Rounding::Down => negative,
            Rounding::Up => !negative,
            Rounding::HalfUp => half.is_gt() || (half.is_eq() && !negative),
            Rounding::HalfDown => half.is_gt() || (half.is_eq() && negative),
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && floor.is_odd()),
        };
    Decimal { coefficient: if up { floor + 1 } else { floor }, scale }.shortest()
}
