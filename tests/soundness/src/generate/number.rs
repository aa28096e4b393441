//! Small exact decimals for generators: ends of ranges, steps, values beside them.

use std::cmp::Ordering;
use std::fmt;

/// `coefficient / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    coefficient: i128,
    scale: u32,
}

impl Exact {
    /// Zero.
    pub const ZERO: Exact = Exact { coefficient: 0, scale: 0 };
    /// One.
    pub const ONE: Exact = Exact { coefficient: 1, scale: 0 };

    /// From its parts.
    pub fn new(coefficient: i128, scale: u32) -> Exact {
        Exact { coefficient, scale }
    }

    /// Reads digits, with fraction and exponent; absent if they are too many.
    pub fn parse(digits: &str) -> Option<Exact> {
        let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let coefficient: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = i64::try_from(fraction.len()).ok()? - exponent.parse::<i64>().ok()?;
        if scale >= 0 {
            return Some(Exact {
                coefficient,
                scale: u32::try_from(scale).ok().filter(|scale| *scale < 37)?,
            });
        }
        let power = 10_i128.checked_pow(u32::try_from(-scale).ok()?)?;
        Some(Exact { coefficient: coefficient.checked_mul(power)?, scale: 0 })
    }

    fn at(self, scale: u32) -> Option<i128> {
        self.coefficient.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    /// The sum; the left side if there are too many digits.
    pub fn plus(self, other: Exact) -> Exact {
        let scale = self.scale.max(other.scale);
        let sum = self.at(scale).zip(other.at(scale)).and_then(|(a, b)| a.checked_add(b));
        sum.map_or(self, |coefficient| Exact { coefficient, scale })
    }

    /// The difference.
    pub fn minus(self, other: Exact) -> Exact {
        self.plus(Exact { coefficient: -other.coefficient, scale: other.scale })
    }

    /// The product; the left side if there are too many digits.
    pub fn times(self, other: Exact) -> Exact {
        match self.coefficient.checked_mul(other.coefficient) {
            Some(coefficient) if self.scale + other.scale < 37 => {
                Exact { coefficient, scale: self.scale + other.scale }
            }
            _ => self,
        }
    }

    /// How many whole steps lie in the value, rounded down; absent for a step of zero.
    pub fn steps(self, step: Exact) -> Option<i128> {
        let scale = self.scale.max(step.scale);
        let (value, step) = (self.at(scale)?, step.at(scale)?);
        value.checked_div_euclid(step)
    }

    /// As many times.
    pub fn repeated(self, times: i128) -> Exact {
        Exact {
            coefficient: self.coefficient.checked_mul(times).unwrap_or(self.coefficient),
            scale: self.scale,
        }
    }

    /// Decimals as written.
    pub fn scale(self) -> u32 {
        self.scale
    }

    /// Rounded half away from zero to so many decimals.
    pub fn rounded(self, scale: u32) -> Exact {
        if self.scale <= scale {
            return self;
        }
        let Some(power) = 10_i128.checked_pow(self.scale - scale) else { return Exact::ZERO };
        let half = if self.coefficient < 0 { -(power / 2) } else { power / 2 };
        Exact { coefficient: self.coefficient.checked_add(half).unwrap_or(self.coefficient) / power, scale }
    }

    /// Rounded down to so many decimals.
    pub fn floor(self, scale: u32) -> Exact {
        if self.scale <= scale {
            return self;
        }
        let Some(power) = 10_i128.checked_pow(self.scale - scale) else { return Exact::ZERO };
        Exact { coefficient: self.coefficient.div_euclid(power), scale }
    }

    /// The value without its sign.
    pub fn abs(self) -> Exact {
        Exact { coefficient: self.coefficient.saturating_abs(), scale: self.scale }
    }

    /// Below zero.
    pub fn is_negative(self) -> bool {
        self.coefficient < 0
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        match (self.at(scale), other.at(scale)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => None,
        }
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.coefficient < 0 { "-" } else { "" };
        let digits = self.coefficient.unsigned_abs().to_string();
        let scale = usize::try_from(self.scale).unwrap_or_default();
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if fraction.is_empty() {
            write!(formatter, "{sign}{whole}")
        } else {
            write!(formatter, "{sign}{whole}.{fraction}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exact;

    #[track_caller]
    fn check(digits: &str, expected: &str) {
        assert_eq!(Exact::parse(digits).unwrap().to_string(), expected);
    }

    #[test]
    fn digits_are_exact() {
        check("1e2", "100");
        check("-1.50", "-1.50");
        check("5e-3", "0.005");
        check("-0.01", "-0.01");
        let sum = Exact::parse("99.99").unwrap().plus(Exact::parse("0.015").unwrap());
        assert_eq!(sum.to_string(), "100.005");
        assert_eq!(sum.rounded(2).to_string(), "100.01");
        assert_eq!(Exact::parse("-7.5").unwrap().steps(Exact::new(2, 0)), Some(-4));
    }
}
