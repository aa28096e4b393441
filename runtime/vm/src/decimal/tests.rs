//! Decimals against exact rationals of another crate.

use std::cmp::Ordering;

use mapc_bytecode::{Ratio, Rounding};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::{Decimal, Short, TooLong};

fn ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

fn exact(number: Decimal) -> BigRational {
    BigRational::new(BigInt::from(number.coefficient), ten(u32::from(number.scale)))
}

/// A shortest decimal of at most 34 digits, if the value is one.
fn expected(value: &BigRational) -> Result<Decimal, TooLong> {
    for scale in 0..=34u8 {
        let scaled = value * BigRational::from_integer(ten(u32::from(scale)));
        if scaled.is_integer() {
            let whole = scaled.to_integer();
            if whole.magnitude() >= ten(34).magnitude() {
                return Err(TooLong);
            }
            return Ok(Decimal { coefficient: whole.try_into().unwrap(), scale });
        }
    }
    Err(TooLong)
}

fn rounded(value: &BigRational, scale: u32, mode: Rounding) -> BigRational {
    let unit = BigRational::from_integer(ten(scale));
    let scaled = value * &unit;
    let half = BigRational::new(BigInt::from(1), BigInt::from(2));
    let magnitude = scaled.abs();
    let below = magnitude.floor();
    let rest = &magnitude - &below;
    let odd = (below.to_integer() % BigInt::from(2)) == BigInt::from(1);
    let up = !rest.is_zero()
        && match mode {
            Rounding::HalfUp => rest >= half,
            Rounding::HalfDown => rest > half,
            Rounding::HalfEven => rest > half || (rest == half && odd),
            Rounding::Floor => value.is_negative(),
            Rounding::Ceiling => !value.is_negative(),
            Rounding::Down => false,
            Rounding::Up => true,
        };
    let magnitude = if up { below + BigRational::from_integer(BigInt::from(1)) } else { below };
    (if value.is_negative() { -magnitude } else { magnitude }) / unit
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn decimal(&mut self) -> Decimal {
        let digits = match self.below(4) {
            0 => self.below(4),
            1 => self.below(19),
            _ => self.below(35),
        };
        let mut coefficient = 0i128;
        for _ in 0..digits {
            let digit = match self.below(4) {
                0 => 0,
                1 => 9,
                _ => self.below(10),
            };
            coefficient = coefficient * 10 + i128::from(digit);
        }
        if self.below(2) == 0 {
            coefficient = -coefficient;
        }
        let most = if self.below(2) == 0 { 5 } else { 35 };
        Decimal { coefficient, scale: self.below(most) as u8 }
    }
}

fn text(number: Decimal) -> String {
    let mut out = Vec::new();
    number.write(&mut out);
    String::from_utf8(out).unwrap()
}

fn read(lexeme: &str) -> Result<String, TooLong> {
    Decimal::read(lexeme.as_bytes()).map(text)
}

#[test]
fn numbers_keep_the_digits_they_were_written_with() {
    let nines = "9".repeat(34);
    for (lexeme, expect) in [
        ("0", Ok("0")),
        ("-0", Ok("0")),
        ("-0.0", Ok("0.0")),
        ("12.50", Ok("12.50")),
        ("-12.50", Ok("-12.50")),
        ("1e2", Ok("100")),
        ("1.5e1", Ok("15")),
        ("1.50e1", Ok("15.0")),
        ("15E-3", Ok("0.015")),
        ("0e999999999999999999999", Ok("0")),
        ("0e-40", Err(TooLong)),
        ("0.000e5", Ok("0")),
        ("1e33", Ok("1000000000000000000000000000000000")),
        ("1e34", Err(TooLong)),
        ("1e-34", Ok("0.0000000000000000000000000000000001")),
        ("1e-35", Err(TooLong)),
        ("1e99999999999999999999999", Err(TooLong)),
        ("1e-99999999999999999999999", Err(TooLong)),
        (nines.as_str(), Ok(nines.as_str())),
        ("12345678901234567890", Ok("12345678901234567890")),
        ("1234567890123456789.0123456789", Ok("1234567890123456789.0123456789")),
    ] {
        assert_eq!(read(lexeme), expect.map(str::to_string), "{lexeme}");
    }
    assert_eq!(read(&"9".repeat(35)), Err(TooLong));
    assert_eq!(read(&"9".repeat(60)), Err(TooLong));
    assert_eq!(read(&format!("0.{}1", "0".repeat(33))), Ok(format!("0.{}1", "0".repeat(33))));
}

#[test]
fn whole_numbers_are_written_without_fraction() {
    for (lexeme, expect) in [("1.0", "1"), ("-7.00", "-7"), ("120", "120"), ("-0.0", "0")] {
        let mut out = Vec::new();
        Decimal::read(lexeme.as_bytes()).unwrap().write_whole(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }
}

#[test]
fn canonical_decimal_text() {
    for good in ["0", "-0", "10", "-1.50", "0.0", "123456789.000"] {
        assert!(Decimal::is_canonical(good), "{good}");
    }
    for bad in ["", "-", "+1", "01", "1.", ".5", "1e2", " 1", "1 ", "1,5", "--1", "1.2.3", "00.1", "\u{661}"]
    {
        assert!(!Decimal::is_canonical(bad), "{bad}");
    }
}

#[test]
fn arithmetic_agrees_with_exact_rationals() {
    let mut chance = Chance(1);
    let mut fits = 0;
    for _ in 0..5_000 {
        let (left, right) = (chance.decimal(), chance.decimal());
        let (one, other) = (exact(left), exact(right));
        // The rule looks at digits before zeros at the end of the fraction are dropped.
        let (short_left, short_right) = (left.shortest(), right.shortest());
        let scale = u32::from(short_left.scale.max(short_right.scale));
        let limited = |value: BigRational, scale: u32| {
            let coefficient = (&value * BigRational::from_integer(ten(scale))).to_integer();
            if coefficient.magnitude() >= ten(34).magnitude() || scale > 34 {
                Err(TooLong)
            } else {
                expected(&value)
            }
        };
        assert_eq!(left.add(right), limited(&one + &other, scale), "{left:?} + {right:?}");
        assert_eq!(left.subtract(right), limited(&one - &other, scale), "{left:?} - {right:?}");
        let scale = u32::from(short_left.scale) + u32::from(short_right.scale);
        let product = left.multiply(right);
        fits += usize::from(product.is_ok());
        assert_eq!(product, limited(&one * &other, scale), "{left:?} * {right:?}");
        assert_eq!(left.compare(right), one.cmp(&other), "{left:?} {right:?}");
        assert_eq!(left.negate(), expected(&-one.clone()).unwrap());
        assert_eq!(left.is_whole(), one.is_integer());
    }
    assert!(fits > 500, "{fits}");
}

#[test]
fn quotients_and_rounding_agree_with_exact_rationals() {
    let mut chance = Chance(2);
    let mut fits = 0;
    for _ in 0..5_000 {
        let (left, right) = (chance.decimal(), chance.decimal());
        let mode = Rounding::ALL[chance.below(7) as usize];
        let scale = chance.below(35) as u32;
        let rounded_left = left.round(scale, mode);
        assert_eq!(exact(rounded_left), rounded(&exact(left), scale, mode), "{left:?} {scale} {mode:?}");
        assert_eq!(rounded_left, rounded_left.shortest());
        let quotient = left.divide(right, scale, mode);
        if right.coefficient == 0 {
            assert_eq!(quotient, Err(TooLong));
            continue;
        }
        let expect = expected(&rounded(&(exact(left) / exact(right)), scale, mode));
        assert_eq!(quotient, expect, "{left:?} / {right:?} {scale} {mode:?}");
        fits += usize::from(quotient.is_ok());
    }
    assert!(fits > 1_000, "{fits}");
}

#[test]
fn halves_round_as_the_mode_says() {
    use Rounding::{Ceiling, Down, Floor, HalfDown, HalfEven, HalfUp, Up};
    for (lexeme, mode, expect) in [
        ("2.5", HalfUp, "3"),
        ("-2.5", HalfUp, "-3"),
        ("2.5", HalfEven, "2"),
        ("3.5", HalfEven, "4"),
        ("2.5", HalfDown, "2"),
        ("-2.5", HalfDown, "-2"),
        ("2.1", Up, "3"),
        ("-2.1", Up, "-3"),
        ("2.9", Down, "2"),
        ("-2.1", Floor, "-3"),
        ("-2.9", Ceiling, "-2"),
        ("-0.4", HalfUp, "0"),
    ] {
        assert_eq!(
            text(Decimal::read(lexeme.as_bytes()).unwrap().round(0, mode)),
            expect,
            "{lexeme} {mode:?}"
        );
    }
}

#[test]
fn ratios_compare_exactly() {
    let mut chance = Chance(3);
    let mut equal = 0;
    for _ in 0..5_000 {
        let (number, other) = (chance.decimal(), chance.decimal());
        let other = if chance.below(4) == 0 { number } else { other };
        let denominator = if chance.below(2) == 0 { 10i128.pow(u32::from(other.scale)) } else { 3 };
        let ratio = Ratio { numerator: other.coefficient, denominator };
        let exact_ratio = BigRational::new(BigInt::from(ratio.numerator), BigInt::from(ratio.denominator));
        let order = number.compare_ratio(ratio);
        equal += usize::from(order == Ordering::Equal);
        assert_eq!(order, exact(number).cmp(&exact_ratio), "{number:?} {ratio:?}");
        if ratio.numerator > 0 {
            assert_eq!(
                number.is_on_grid(ratio),
                (exact(number) / exact_ratio).is_integer(),
                "{number:?} {ratio:?}"
            );
        }
    }
    assert!(equal > 25, "{equal}");
}

/// Numbers of one word, biased to the limits of the word and to round values.
fn shorts() -> Vec<Short> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut all = Vec::new();
    for coefficient in [0, 1, 9, 10, 99, 100, 99_999_999, 100_000_000, 9_999_999_999_999_999, i64::MAX] {
        for scale in [0, 1, 2, 7, 8, 15, 16, 18, 34] {
            all.push(Short { coefficient, scale });
            all.push(Short { coefficient: -coefficient, scale });
        }
    }
    for _ in 0..2_000 {
        let width = next() % 64;
        let coefficient = (next() >> width) as i64;
        let scale = (next() % 12) as u8;
        if coefficient != i64::MIN {
            all.push(Short { coefficient, scale });
        }
    }
    all
}

#[test]
fn numbers_of_one_word_agree_with_long_ones() {
    let all = shorts();
    let mut answered = 0;
    for (place, left) in all.iter().enumerate() {
        let right = &all[(place * 7919 + 13) % all.len()];
        let (long_left, long_right) = (Decimal::from(*left), Decimal::from(*right));
        let pairs = [
            (left.add(*right), long_left.add(long_right)),
            (left.subtract(*right), long_left.subtract(long_right)),
            (left.multiply(*right), long_left.multiply(long_right)),
        ];
        for (short, long) in pairs {
            if let Some(short) = short {
                assert_eq!(Ok(Decimal::from(short)), long, "{left:?} {right:?}");
                answered += 1;
            }
        }
        if let Some(order) = left.compare(*right) {
            assert_eq!(order, long_left.compare(long_right), "{left:?} {right:?}");
        }
        for mode in Rounding::ALL {
            if let Some(short) = left.round((place % 10) as u8, *mode) {
                assert_eq!(Decimal::from(short), long_left.round((place % 10) as u32, *mode), "{left:?}");
            }
        }
        let mut written = Vec::new();
        long_left.write(&mut written);
        let mut room = [0; super::short::WIDEST];
        let length = left.write(&mut room);
        assert_eq!(room[..length], written[..], "{left:?}");
        if let Some((read, is_written_so)) = Short::read(&written) {
            assert_eq!((read, is_written_so), (*left, true));
            assert_eq!(Short::read_canonical(&written), Some((*left, true)));
        }
    }
    assert!(answered > 3_000, "{answered}");
}

#[test]
fn a_short_text_is_canonical_exactly_when_it_is() {
    for text in
        ["0", "-0", "1.50", "-12.3", "00", "01", "1.", ".5", "-", "", "1..2", "1.2.3", "+1", "1e5", "0.0"]
    {
        let short = Short::read_canonical(text.as_bytes());
        assert_eq!(short.is_some(), Decimal::is_canonical(text), "{text}");
    }
    assert_eq!(Short::read(b"-0.0"), Some((Short { coefficient: 0, scale: 1 }, false)));
}
