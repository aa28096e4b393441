//! Whole numbers of 256 bits: products and quotients on the way of exact decimals. Knows no sign and no scale.

use std::cmp::Ordering;

/// `high * 2^128 + low`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wide {
    high: u128,
    low: u128,
}

impl Wide {
    pub(crate) fn from(low: u128) -> Wide {
        Wide { high: 0, low }
    }

    /// Exact product.
    pub(crate) fn product(left: u128, right: u128) -> Wide {
        let mask = u128::from(u64::MAX);
        let (left_high, left_low) = (left >> 64, left & mask);
        let (right_high, right_low) = (right >> 64, right & mask);
        let low = left_low * right_low;
        let first = left_high * right_low + (low >> 64);
        let second = left_low * right_high + (first & mask);
        Wide {
            high: left_high * right_high + (first >> 64) + (second >> 64),
            low: (second << 64) | (low & mask),
        }
    }

    /// The value if it fits 128 bits.
    pub(crate) fn narrow(self) -> Option<u128> {
        if self.high == 0 { Some(self.low) } else { None }
    }

    pub(crate) fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    fn doubled(self, bit: u128) -> Wide {
        Wide { high: (self.high << 1) | (self.low >> 127), low: (self.low << 1) | bit }
    }

    fn checked_add(self, other: Wide) -> Option<Wide> {
        let (low, carry) = self.low.overflowing_add(other.low);
        let high = self.high.checked_add(other.high)?.checked_add(u128::from(carry))?;
        Some(Wide { high, low })
    }

    /// The caller knows that `other` is not larger.
    fn minus(self, other: Wide) -> Wide {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        Wide { high: self.high.wrapping_sub(other.high).wrapping_sub(u128::from(borrow)), low }
    }

    /// Twice the value, if it fits.
    pub(crate) fn twice(self) -> Option<Wide> {
        self.checked_add(self)
    }

    /// Ten times the value, if it fits.
    pub(crate) fn tenfold(self) -> Option<Wide> {
        let twice = self.twice()?;
        twice.twice()?.twice()?.checked_add(twice)
    }

    /// Quotient and remainder; `None` for a zero divisor.
    pub(crate) fn divided(self, divisor: Wide) -> Option<(Wide, Wide)> {
        if divisor.is_zero() {
            return None;
        }
        if let (Some(left), Some(right)) = (self.narrow(), divisor.narrow()) {
            return Some((Wide::from(left / right), Wide::from(left % right)));
        }
        let mut quotient = Wide::from(0);
        let mut rest = Wide::from(0);
        for place in (0..256u32).rev() {
            let bit = if place >= 128 { self.high >> (place - 128) } else { self.low >> place } & 1;
            // `rest` is below the divisor; doubling may pass 2^256 only if the divisor is above 2^255.
            let overflow = rest.high >> 127 == 1;
            rest = rest.doubled(bit);
            let fits = overflow || rest >= divisor;
            if fits {
                rest = rest.minus(divisor);
            }
            quotient = quotient.doubled(u128::from(fits));
        }
        Some((quotient, rest))
    }
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Wide) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wide {
    fn cmp(&self, other: &Wide) -> Ordering {
        self.high.cmp(&other.high).then(self.low.cmp(&other.low))
    }
}
