//! Ends of intervals keep their meaning for every number of at most 34 digits.

use mapc_bytecode::{Constant, Ratio};
use mapc_types::BigRational;

fn power(exponent: usize) -> BigRational {
    let ten = BigRational::from_integer(10.into());
    (0..exponent).fold(BigRational::from_integer(1.into()), |power, _| power * &ten)
}

fn value(ratio: Ratio) -> BigRational {
    BigRational::new(ratio.numerator.into(), ratio.denominator.into())
}

#[test]
fn ends_that_fit_are_exact() {
    for (numerator, denominator) in [(0, 1), (-5, 2), (1, 3), (999_999, 1000)] {
        let end = BigRational::new(numerator.into(), denominator.into());
        assert_eq!(value(super::end(&end, true)), end);
        assert_eq!(value(super::end(&end, false)), end);
    }
}

#[test]
fn ends_beyond_every_number_stay_beyond() {
    let far = power(50);
    assert!(value(super::end(&far, true)) > power(34));
    assert!(value(super::end(&-far, false)) < -power(34));
}

#[test]
fn ends_with_too_many_digits_lie_between_the_same_numbers() {
    // 34 digits of a number of this size are fewer decimals than are kept.
    let end = power(10) + BigRational::from_integer(1.into()) / power(60);
    let (low, high) = (value(super::end(&end, false)), value(super::end(&end, true)));
    let step = BigRational::from_integer(1.into()) / power(23);
    assert!(low <= end && end <= high);
    assert!(low >= power(10) && high < power(10) + step);
}

#[test]
fn constants_are_in_shortest_form() {
    let check = |numerator: i64, denominator: i64, coefficient: i128, scale: u8| {
        let constant = super::constant(&BigRational::new(numerator.into(), denominator.into()));
        assert_eq!(constant, Constant::Number { coefficient, scale });
    };
    check(150, 100, 15, 1);
    check(-1200, 1, -1200, 0);
    check(1, 8, 125, 3);
    check(0, 5, 0, 0);
}
