//! Exact decimals: at most 34 digits, scale 0 to 34. Knows no JSON beyond the form of a number.

use std::cmp::Ordering;

use mapc_bytecode::{Ratio, Rounding};

use crate::wide::Wide;

/// Most digits of a coefficient, and the largest scale.
const DIGITS: u32 = 34;
/// The first coefficient that is too long.
const LIMIT: u128 = 10u128.pow(DIGITS);

/// `coefficient / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Decimal {
    pub(crate) coefficient: i128,
    pub(crate) scale: u8,
}

/// More than 34 digits, or a zero divisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

mod short;
#[cfg(test)]
mod tests;

pub(crate) use short::Short;

#[expect(clippy::indexing_slicing, reason = "in a constant: the compiler proves it")]
static POWERS: [u128; 39] = {
    let mut powers = [1u128; 39];
    let mut exponent = 1;
    while exponent < 39 {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// 10^exponent, for exponents up to 38.
fn power(exponent: u32) -> u128 {
    POWERS.get(exponent as usize).copied().unwrap_or(u128::MAX)
}

/// Quotient and remainder; in one word where both fit, which is several times faster.
fn divided(above: u128, below: u128) -> (u128, u128) {
    match (u64::try_from(above), u64::try_from(below)) {
        (Ok(above), Ok(below)) => (u128::from(above / below), u128::from(above % below)),
        _ => (above / below, above % below),
    }
}

impl Decimal {
    pub(crate) const ZERO: Decimal = Decimal { coefficient: 0, scale: 0 };

    /// A JSON number, exponent included. Keeps its scale. The lexeme is known to be a JSON number.
    pub(crate) fn read(lexeme: &[u8]) -> Result<Decimal, TooLong> {
        let (negative, unsigned) = match lexeme.split_first() {
            Some((b'-', rest)) => (true, rest),
            _ => (false, lexeme),
        };
        let mut coefficient = 0u128;
        let mut digits = 0u32;
        let mut fraction = 0usize;
        let mut in_fraction = false;
        let mut exponent = 0i64;
        let mut short = 0u64;
        for (place, byte) in unsigned.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    if digits > 0 || *byte != b'0' {
                        digits += 1;
                    }
                    // Up to 18 digits in one word, the rest in two.
                    if digits <= 18 {
                        short = short * 10 + u64::from(byte - b'0');
                    } else if digits <= DIGITS {
                        if digits == 19 {
                            coefficient = u128::from(short);
                        }
                        coefficient = coefficient * 10 + u128::from(byte - b'0');
                    }
                    fraction += usize::from(in_fraction);
                }
                b'.' => in_fraction = true,
                _ => {
                    exponent = read_exponent(unsigned.get(place + 1..).unwrap_or_default());
                    break;
                }
            }
        }
        if digits <= 18 {
            coefficient = u128::from(short);
        }
        let scale = i64::try_from(fraction).map_err(|_| TooLong)?.saturating_sub(exponent);
        if digits > DIGITS || scale > i64::from(DIGITS) {
            return Err(TooLong);
        }
        if scale < 0 && coefficient != 0 {
            let added = u32::try_from(scale.saturating_neg()).map_err(|_| TooLong)?;
            if digits.saturating_add(added) > DIGITS {
                return Err(TooLong);
            }
            coefficient *= power(added);
        }
        Ok(Decimal::signed(negative, coefficient, scale.max(0) as u8))
    }

    /// Whether a text is in canonical form: `-?(0|[1-9][0-9]*)(\.[0-9]+)?`.
    pub(crate) fn is_canonical(text: &str) -> bool {
        let bytes = text.as_bytes();
        let bytes = bytes.strip_prefix(b"-").unwrap_or(bytes);
        let whole = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if whole == 0 || (whole > 1 && bytes.first() == Some(&b'0')) {
            return false;
        }
        match bytes.get(whole..) {
            None | Some([]) => true,
            Some([b'.', fraction @ ..]) => !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit),
            Some(_) => false,
        }
    }

    /// The caller knows that the coefficient has at most 34 digits.
    fn signed(negative: bool, coefficient: u128, scale: u8) -> Decimal {
        let coefficient = coefficient as i128;
        Decimal { coefficient: if negative { -coefficient } else { coefficient }, scale }
    }

    fn magnitude(self) -> u128 {
        self.coefficient.unsigned_abs()
    }

    fn checked(coefficient: i128, scale: u32) -> Result<Decimal, TooLong> {
        if coefficient.unsigned_abs() >= LIMIT || scale > DIGITS {
            return Err(TooLong);
        }
        Ok(Decimal { coefficient, scale: scale as u8 }.shortest())
    }

    /// The same value without zeros at the end of the fraction.
    pub(crate) fn shortest(self) -> Decimal {
        let mut scale = self.scale;
        if scale == 0 {
            return self;
        }
        if let Ok(mut small) = i64::try_from(self.coefficient) {
            while scale > 0 && small % 10 == 0 {
                small /= 10;
                scale -= 1;
            }
            return Decimal { coefficient: i128::from(small), scale };
        }
        let mut coefficient = self.coefficient;
        while scale > 0 && coefficient % 10 == 0 {
            coefficient /= 10;
            scale -= 1;
        }
        Decimal { coefficient, scale }
    }

    pub(crate) fn is_whole(self) -> bool {
        self.shortest().scale == 0
    }

    pub(crate) fn negate(self) -> Decimal {
        Decimal { coefficient: -self.coefficient, scale: self.scale }.shortest()
    }

    pub(crate) fn absolute(self) -> Decimal {
        Decimal { coefficient: self.coefficient.abs(), scale: self.scale }.shortest()
    }

    fn at_scale(self, scale: u8) -> Option<i128> {
        let more = scale.checked_sub(self.scale)?;
        if more == 0 {
            return Some(self.coefficient);
        }
        self.coefficient.checked_mul(power(u32::from(more)) as i128)
    }

    pub(crate) fn compare(self, other: Decimal) -> Ordering {
        if self.scale == other.scale {
            return self.coefficient.cmp(&other.coefficient);
        }
        let scale = self.scale.max(other.scale);
        match (self.at_scale(scale), other.at_scale(scale)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.compare_ratio(Ratio {
                numerator: other.coefficient,
                denominator: power(u32::from(other.scale)) as i128,
            }),
        }
    }

    /// The denominator is positive.
    pub(crate) fn compare_ratio(self, other: Ratio) -> Ordering {
        let signs = self.coefficient.signum().cmp(&other.numerator.signum());
        if signs.is_ne() {
            return signs;
        }
        let left = Wide::product(self.magnitude(), other.denominator.unsigned_abs());
        let right = Wide::product(other.numerator.unsigned_abs(), power(u32::from(self.scale)));
        let order = left.cmp(&right);
        if self.coefficient < 0 { order.reverse() } else { order }
    }

    /// A whole multiple of the positive grid.
    pub(crate) fn is_on_grid(self, grid: Ratio) -> bool {
        let above = Wide::product(self.magnitude(), grid.denominator.unsigned_abs());
        let below = Wide::product(grid.numerator.unsigned_abs(), power(u32::from(self.scale)));
        above.divided(below).is_some_and(|(_, rest)| rest.is_zero())
    }

    pub(crate) fn add(self, other: Decimal) -> Result<Decimal, TooLong> {
        let (left, right) = (self.shortest(), other.shortest());
        let scale = left.scale.max(right.scale);
        // An operand that does not fit here is at least a thousand times too long for the other one to mend it.
        let (Some(left), Some(right)) = (left.at_scale(scale), right.at_scale(scale)) else {
            return Err(TooLong);
        };
        Decimal::checked(left.checked_add(right).ok_or(TooLong)?, u32::from(scale))
    }

    pub(crate) fn subtract(self, other: Decimal) -> Result<Decimal, TooLong> {
        self.add(Decimal { coefficient: -other.coefficient, scale: other.scale })
    }

    pub(crate) fn multiply(self, other: Decimal) -> Result<Decimal, TooLong> {
        let (left, right) = (self.shortest(), other.shortest());
        let product = left.coefficient.checked_mul(right.coefficient).ok_or(TooLong)?;
        Decimal::checked(product, u32::from(left.scale) + u32::from(right.scale))
    }

    /// The exact quotient, rounded to `scale` decimals (at most 34).
    pub(crate) fn divide(self, other: Decimal, scale: u32, mode: Rounding) -> Result<Decimal, TooLong> {
        let scale = scale.min(DIGITS);
        let (left, right) = (self.shortest(), other.shortest());
        let above = Wide::product(left.magnitude(), power(u32::from(right.scale)));
        let below = Wide::product(right.magnitude(), power(u32::from(left.scale)));
        let (whole, mut rest) = above.divided(below).ok_or(TooLong)?;
        let whole = whole.narrow().filter(|whole| *whole < LIMIT).ok_or(TooLong)?;
        let mut fraction = 0u128;
        if let (Some(small), Some(divisor)) = (rest.narrow(), below.narrow())
            && let Some(scaled) = small.checked_mul(power(scale))
        {
            fraction = scaled / divisor;
            rest = Wide::from(scaled % divisor);
        } else {
            // Digit by digit: the rest is below the divisor, which has at most 68 digits.
            for _ in 0..scale {
                let (digit, next) = rest.tenfold().and_then(|rest| rest.divided(below)).ok_or(TooLong)?;
                fraction = fraction * 10 + digit.narrow().ok_or(TooLong)?;
                rest = next;
            }
        }
        let negative = (left.coefficient < 0) != (right.coefficient < 0);
        let half = match rest.twice() {
            _ if rest.is_zero() => None,
            Some(twice) => Some(twice.cmp(&below)),
            None => Some(Ordering::Greater),
        };
        let odd = if scale == 0 { whole % 2 == 1 } else { fraction % 2 == 1 };
        let (mut whole, mut fraction) = (whole, fraction);
        if rounds_away(half, negative, odd, mode) {
            fraction += 1;
            if fraction == power(scale) || scale == 0 {
                whole += 1;
                fraction = 0;
            }
        }
        let mut places = scale;
        while places > 0 && fraction % 10 == 0 {
            fraction /= 10;
            places -= 1;
        }
        let coefficient =
            whole.checked_mul(power(places)).and_then(|it| it.checked_add(fraction)).ok_or(TooLong)?;
        if coefficient >= LIMIT {
            return Err(TooLong);
        }
        Ok(Decimal::signed(negative, coefficient, places as u8))
    }

    /// Rounded to so many decimals, in shortest form.
    pub(crate) fn round(self, scale: u32, mode: Rounding) -> Decimal {
        let Some(dropped) = u32::from(self.scale).checked_sub(scale).filter(|dropped| *dropped > 0) else {
            return self.shortest();
        };
        let unit = power(dropped);
        let (mut kept, rest) = divided(self.magnitude(), unit);
        let half = if rest == 0 { None } else { Some((rest * 2).cmp(&unit)) };
        let negative = self.coefficient < 0;
        if rounds_away(half, negative, kept % 2 == 1, mode) {
            kept += 1;
        }
        Decimal::signed(negative, kept, scale as u8).shortest()
    }

    /// With the digits it has; never `-0`.
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        if self.coefficient < 0 {
            out.push(b'-');
        }
        // A coefficient of 39 digits and a scale of 34 fit easily.
        let mut buffer = [b'0'; 48];
        let mut rest = self.magnitude();
        let mut used = 0usize;
        let mut slots = buffer.iter_mut().rev();
        let mut put = |digit: u8, used: &mut usize| {
            if let Some(slot) = slots.next() {
                *slot = b'0' + digit;
                *used += 1;
            }
        };
        while rest > u128::from(u64::MAX) {
            put((rest % 10) as u8, &mut used);
            rest /= 10;
        }
        let mut rest = rest as u64;
        while rest > 0 {
            put((rest % 10) as u8, &mut used);
            rest /= 10;
        }
        let scale = usize::from(self.scale);
        let width = used.max(scale + 1);
        let digits =
            buffer.len().checked_sub(width).and_then(|start| buffer.get(start..)).unwrap_or_default();
        let (whole, fraction) = digits.split_at_checked(width.saturating_sub(scale)).unwrap_or((digits, &[]));
        out.extend_from_slice(whole);
        if !fraction.is_empty() {
            out.push(b'.');
            out.extend_from_slice(fraction);
        }
    }

    /// Without fraction.
    pub(crate) fn write_whole(self, out: &mut Vec<u8>) {
        self.round(0, Rounding::Down).write(out);
    }
}

/// The exponent behind `e`; one that fits no number is decided by its sign.
fn read_exponent(digits: &[u8]) -> i64 {
    let (negative, digits) = match digits.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, digits),
    };
    let mut exponent = 0i64;
    for digit in digits {
        exponent = exponent.saturating_mul(10).saturating_add(i64::from(digit.wrapping_sub(b'0')));
    }
    let exponent = exponent.min(i64::MAX / 2);
    if negative { -exponent } else { exponent }
}

/// Whether a magnitude goes up: `half` is how what is dropped compares to one half, `None` if nothing is.
fn rounds_away(half: Option<Ordering>, negative: bool, odd: bool, mode: Rounding) -> bool {
    let Some(half) = half else { return false };
    match mode {
        Rounding::Down => false,
        Rounding::Up => true,
        Rounding::Floor => negative,
        Rounding::Ceiling => !negative,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && odd),
    }
}
