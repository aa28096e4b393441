//! Exact numbers of the map in the forms of the artifact.

#[cfg(test)]
mod tests;

use mapc_bytecode::{Constant, Ratio};
use mapc_check::typed::Rounding;
use mapc_types::BigRational;

/// Largest scale of a number.
const SCALE: u32 = 34;

/// A finite decimal in shortest form.
pub(super) fn constant(value: &BigRational) -> Constant {
    let ten = BigRational::from_integer(10.into());
    let mut scaled = value.clone();
    let mut scale = 0;
    while !scaled.is_integer() && scale < SCALE {
        scaled *= &ten;
        scale += 1;
    }
    // More than 34 digits are refused by the checker.
    let coefficient = i128::try_from(scaled.to_integer()).unwrap_or(i128::MAX);
    Constant::Number { coefficient, scale: u8::try_from(scale).unwrap_or(u8::MAX) }
}

/// The exact ratio, if it fits.
pub(super) fn ratio(value: &BigRational) -> Option<Ratio> {
    let numerator = i128::try_from(value.numer()).ok()?;
    let denominator = i128::try_from(value.denom()).ok()?;
    Some(Ratio { numerator, denominator })
}

/// A ratio that lies as the end of an interval does for every number of at most 34 digits. `up`: to the next number
/// above where the end itself has too many digits.
pub(super) fn end(value: &BigRational, up: bool) -> Ratio {
    if let Some(ratio) = ratio(value) {
        return ratio;
    }
    let ten = BigRational::from_integer(10.into());
    let far = (0..35).fold(BigRational::from_integer(1.into()), |power, _| power * &ten);
    let zero = BigRational::from_integer(0.into());
    let beyond = far.numer().clone();
    let beyond = i128::try_from(beyond).unwrap_or(i128::MAX);
    if *value > far {
        return Ratio { numerator: beyond, denominator: 1 };
    }
    if *value < &zero - &far {
        return Ratio { numerator: -beyond, denominator: 1 };
    }
    // As many decimals as fit: more than a number of this size can have.
    let mut best = Ratio { numerator: 0, denominator: 1 };
    let mut scale = BigRational::from_integer(1.into());
    for _ in 0..=SCALE {
        let scaled = value * &scale;
        let whole = if up { scaled.ceil() } else { scaled.floor() };
        match ratio(&(whole / &scale)) {
            Some(closer) => best = closer,
            None => break,
        }
        scale *= &ten;
    }
    best
}

/// As library functions name it.
pub(super) fn mode_name(mode: Rounding) -> &'static str {
    super::expression::rounding(mode).name()
}
