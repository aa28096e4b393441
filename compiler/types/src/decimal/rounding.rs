//! Rounding of exact numbers.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use crate::number::power_of_ten;

/// How a number that lies between two neighbours is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoundingMode {
    /// To the nearer; halves away from zero.
    #[default]
    HalfUp,
    /// To the nearer; halves to the even neighbour.
    HalfEven,
    /// To the nearer; halves toward zero.
    HalfDown,
    /// To the smaller.
    Floor,
    /// To the larger.
    Ceiling,
    /// Toward zero.
    Down,
    /// Away from zero.
    Up,
}

impl RoundingMode {
    /// All modes.
    pub const ALL: [RoundingMode; 7] = [
        RoundingMode::HalfUp,
        RoundingMode::HalfEven,
        RoundingMode::HalfDown,
        RoundingMode::Floor,
        RoundingMode::Ceiling,
        RoundingMode::Down,
        RoundingMode::Up,
    ];

    /// The name in maps: `half_up`.
    pub fn name(self) -> &'static str {
        match self {
            RoundingMode::HalfUp => "half_up",
            RoundingMode::HalfEven => "half_even",
            RoundingMode::HalfDown => "half_down",
            RoundingMode::Floor => "floor",
            RoundingMode::Ceiling => "ceiling",
            RoundingMode::Down => "down",
            RoundingMode::Up => "up",
        }
    }

    /// The mode of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// The number rounded to so many digits after the point (a scale above 12,000 is taken as 12,000).
pub fn round_value(value: &BigRational, scale: u32, mode: RoundingMode) -> BigRational {
    let power = power_of_ten(scale);
    // The number is `numerator / denominator` steps of the target grid.
    let numerator = value.numer() * &power;
    let denominator = value.denom();
    let (below, rest) = numerator.div_mod_floor(denominator);
    if rest.is_zero() {
        return value.clone();
    }
    let negative = value.is_negative();
    let half = (&rest + &rest).cmp(denominator);
    let upward = match mode {
        RoundingMode::Floor => false,
        RoundingMode::Ceiling => true,
        RoundingMode::Down => negative,
        RoundingMode::Up => !negative,
        RoundingMode::HalfUp => half.is_gt() || (half.is_eq() && !negative),
        RoundingMode::HalfDown => half.is_gt() || (half.is_eq() && negative),
        RoundingMode::HalfEven => half.is_gt() || (half.is_eq() && below.is_odd()),
    };
    let steps = if upward { below + BigInt::one() } else { below };
    BigRational::new(steps, power)
}
