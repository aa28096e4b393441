//! Arithmetic on descriptions against arithmetic on sampled members.

use proptest::prelude::*;

use super::*;
use crate::number::{format_decimal, parse_decimal};

fn number(text: &str) -> BigRational {
    parse_decimal(text).unwrap_or_else(|| panic!("{text}"))
}

fn cents(value: i64) -> BigRational {
    BigRational::new(value.into(), 100.into())
}

/// Shows ends, grid and set of a description.
fn shown(value: &Decimal) -> String {
    let own = value.normalize();
    let text = |value: &BigRational| format_decimal(value).unwrap_or_else(|| value.to_string());
    if let Some(set) = &own.set {
        return format!("{{{}}}", set.iter().map(text).collect::<Vec<_>>().join(","));
    }
    let low = own
        .interval
        .low
        .as_ref()
        .map_or("(".into(), |b| format!("{}{}", if b.inclusive { "[" } else { "(" }, text(&b.value)));
    let high = own
        .interval
        .high
        .as_ref()
        .map_or(")".into(), |b| format!("{}{}", text(&b.value), if b.inclusive { "]" } else { ")" }));
    format!("{low},{high}{}", own.grid.as_ref().map_or(String::new(), |grid| format!("/{}", text(grid))))
}

fn between(low: &str, high: &str) -> Decimal {
    Decimal::between(number(low), number(high))
}

fn scaled(low: &str, high: &str, scale: u32) -> Decimal {
    Decimal { grid: Some(grid_of_scale(scale)), ..between(low, high) }
}

#[test]
fn arithmetic_on_descriptions() {
    let any = Decimal::any();
    let set = |values: &[&str]| Decimal::of_set(values.iter().map(|text| number(text)));
    let half_up = RoundingMode::HalfUp;
    let cases = [
        (scaled("0", "10", 2).add(&scaled("1", "5", 1)), "[1,15]/0.01"),
        (set(&["1", "2"]).add(&set(&["10", "20"])), "{11,12,21,22}"),
        (scaled("0", "10", 2).add(&set(&["1"])), "[1,11]/0.01"),
        (scaled("0", "10", 2).multiply(&set(&["2"])), "[0,20]/0.02"),
        (between("-2", "3").multiply(&between("-5", "7")), "[-15,21]"),
        (any.multiply(&set(&["0"])), "{0}"),
        (any.multiply(&between("0", "1")), "(,)"),
        (Decimal::whole().add(&set(&["0.5"])), "(,)/0.5"),
        (scaled("-3", "2", 0).abs(), "[0,3]/1"),
        (scaled("-3", "-1", 0).abs(), "[1,3]/1"),
        (scaled("0", "999.996", 3).round(2, half_up), "[0,1000]/0.01"),
        (scaled("0", "5", 0).round(2, half_up), "[0,5]/1"),
        (any.round(2, half_up), "(,)/0.01"),
        (Decimal::sum(&scaled("1", "5", 2), Length::new(0, Some(10))), "[0,50]/0.01"),
        (Decimal::sum(&scaled("-1", "5", 2), Length::new(2, Some(10))), "[-10,50]/0.01"),
        (Decimal::sum(&scaled("1", "5", 2), Length::new(2, None)), "[2,)/0.01"),
        (Decimal::sum(&any, Length::new(0, Some(0))), "{0}"),
        (Decimal::divide_rounded(&scaled("0", "10", 2), &scaled("0", "4", 0), 2, half_up), "[0,10]/0.01"),
        (Decimal::divide_rounded(&set(&["1", "2"]), &set(&["3", "0"]), 2, half_up), "{0.33,0.67}"),
        (Decimal::divide_rounded(&any, &set(&["0"]), 2, half_up), "{}"),
        (Decimal::divide_rounded(&between("1", "2"), &between("-4", "4"), 0, half_up), "(,)/1"),
        (any.clamp(&number("1"), &number("9")), "[1,9]"),
        (scaled("5", "20", 2).clamp(&number("0"), &number("10")), "[5,10]/0.01"),
        (between("0", "1").negate(), "[-1,0]"),
        (scaled("0.5", "2.5", 0), "[1,2]/1"),
        (scaled("0.1", "0.9", 0), "{}"),
        (Decimal::whole().meet(&Decimal { grid: Some(number("0.4")), ..any.clone() }), "(,)/2"),
        (set(&["1", "2.5"]).meet(&Decimal::whole()), "{1}"),
        (set(&["1", "2.5"]).join(&scaled("10", "20", 0)), "[1,20]/0.5"),
        (scaled("1", "2", 0).subtract(&scaled("1", "2", 0)), "[-1,1]/1"),
    ];
    for (index, (value, expect)) in cases.iter().enumerate() {
        assert_eq!(shown(value), *expect, "case {index}");
    }
}

#[test]
fn digits_and_texts() {
    let money = scaled("-999.99", "99999.99", 2);
    assert_eq!((money.scale(), money.max_digits()), (Some(2), Some(7)));
    assert_eq!(money.text_language_or_length(), Length::new(1, Some(8)));
    assert_eq!(scaled("100", "999", 0).text_language_or_length(), Length::new(3, Some(3)));
    assert_eq!(scaled("-999", "-100", 0).text_language_or_length(), Length::new(4, Some(4)));
    assert_eq!(Decimal::any().text_language_or_length(), Length::new(1, Some(37)));
    assert_eq!((Decimal::any().scale(), Decimal::any().max_digits()), (None, None));
    assert_eq!(Decimal::whole().max_digits(), None);
    assert_eq!(Decimal::of_set([number("0.001"), number("1e30")]).max_digits(), Some(31));
    assert_eq!(scaled("0", "0.0001", 40).max_digits(), Some(40));
    assert!(money.may_be_zero() && !between("1", "2").may_be_zero());
    let text = scaled("0", "99", 2).text_language().unwrap();
    assert!(text.contains("99.99") && text.contains("0.5") && !text.contains("100") && !text.contains("-1"));
}

#[test]
fn hostile_sizes_end() {
    let huge = Decimal::between(number("-1e1000"), number("1e1000"));
    let mut product = huge.clone();
    for _ in 0..40 {
        product = product.multiply(&product);
    }
    assert_eq!(shown(&product), "(,)");
    let tiny = Decimal { grid: Some(number("1e-1000")), ..Decimal::any() };
    let mut product = tiny.clone();
    for _ in 0..40 {
        product = product.multiply(&product).add(&tiny);
    }
    assert!(Decimal::with_scale(u32::MAX).contains(&number("1e-1000")));
    assert!(huge.round(u32::MAX, RoundingMode::HalfUp).contains(&number("1e-1000")));
    assert!(Decimal::sum(&huge, Length::new(0, Some(u64::MAX))).interval.low.is_some());
    assert!(huge.members(10_000).is_none());
    let many = Decimal::of_set((0..10_001).map(|n| BigRational::from_integer(n.into())));
    assert_eq!(shown(&many), "[0,10000]/1");
    let strange = Decimal { grid: Some(BigRational::zero()), ..Decimal::any() };
    assert!(strange.contains(&number("1")) && !strange.is_empty());
    let third = BigRational::new(1.into(), 3.into());
    assert!(!round_value(&third, u32::MAX, RoundingMode::Down).is_integer());
}

/// Rounding by looking at the two neighbours.
fn naive_round(value: &BigRational, scale: u32, mode: RoundingMode) -> BigRational {
    let step = grid_of_scale(scale);
    let below = (value / &step).floor() * &step;
    let above = (value / &step).ceil() * &step;
    let (down, up) = (value - &below, &above - value);
    let away = |positive: &BigRational, negative: &BigRational| {
        if value.is_negative() { negative.clone() } else { positive.clone() }
    };
    let nearer = |tie: BigRational| match down.cmp(&up) {
        std::cmp::Ordering::Less => below.clone(),
        std::cmp::Ordering::Greater => above.clone(),
        std::cmp::Ordering::Equal => tie,
    };
    match mode {
        RoundingMode::Floor => below,
        RoundingMode::Ceiling => above,
        RoundingMode::Down => away(&below, &above),
        RoundingMode::Up => away(&above, &below),
        RoundingMode::HalfUp => nearer(away(&above, &below)),
        RoundingMode::HalfDown => nearer(away(&below, &above)),
        RoundingMode::HalfEven => {
            let even = |value: &BigRational| (value / &step).to_integer().is_even();
            nearer(if even(&below) { below.clone() } else { above.clone() })
        }
    }
}

/// A description and some of its members.
fn described() -> impl Strategy<Value = (Decimal, Vec<BigRational>)> {
    let end = prop_oneof![Just(None), (-400i64..400, any::<bool>()).prop_map(Some)];
    let grid = prop::sample::select(vec![None, Some(1), Some(5), Some(25), Some(50), Some(100), Some(300)]);
    let ranged = (end.clone(), end, grid).prop_map(|(low, high, grid)| Decimal {
        interval: Interval {
            low: low.map(|(value, inclusive)| Bound { value: cents(value), inclusive }),
            high: high.map(|(value, inclusive)| Bound { value: cents(value), inclusive }),
        },
        grid: grid.map(cents),
        ..Decimal::default()
    });
    let listed =
        prop::collection::vec(-400i64..400, 0..5).prop_map(|set| Decimal::of_set(set.into_iter().map(cents)));
    prop_oneof![ranged, listed].prop_map(|description| {
        let mut tries: Vec<BigRational> = (-16..=16).map(|step| cents(step * 50)).collect();
        tries.extend([-9999, -333, -101, -7, -1, 1, 3, 99, 101, 299, 397, 3999, 123_456].map(cents));
        tries.extend([number("0.001"), number("-0.125"), number("1e6"), number("-1e6")]);
        for bound in [&description.interval.low, &description.interval.high].into_iter().flatten() {
            tries.extend([0, 1, -1, 5, -5, 100, -100].map(|step| &bound.value + cents(step)));
        }
        if let Some(set) = &description.set {
            tries.extend(set.iter().cloned());
        }
        tries.retain(|value| description.contains(value));
        (description, tries)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn rounding_is_that_of_the_neighbours(numerator in -5_000i64..5_000, denominator in prop::sample::select(vec![1i64, 2, 3, 8, 10, 100, 1000]), scale in 0u32..4) {
        let value = BigRational::new(numerator.into(), denominator.into());
        for mode in RoundingMode::ALL {
            prop_assert_eq!(round_value(&value, scale, mode), naive_round(&value, scale, mode), "{} {:?}", value, mode);
            prop_assert_eq!(RoundingMode::from_name(mode.name()), Some(mode));
        }
    }

    #[test]
    fn normalizing_keeps_the_values((one, members) in described()) {
        let own = one.normalize();
        for value in &members {
            prop_assert!(own.contains(value));
        }
        prop_assert_eq!(own.normalize(), own.clone());
        for step in -500..500 {
            prop_assert_eq!(own.contains(&cents(step)), one.contains(&cents(step)));
        }
        if let Some(all) = one.members(2_000) {
            prop_assert!(all.iter().all(|value| one.contains(value)));
            prop_assert!(members.iter().all(|value| all.contains(value)));
        }
        prop_assert!(!one.is_empty() || members.is_empty());
    }

    #[test]
    fn single_arguments((one, members) in described(), a in -400i64..400, b in -400i64..400, scale in 0u32..3) {
        let (low, high) = (cents(a.min(b)), cents(a.max(b)));
        let clamped = one.clamp(&low, &high);
        for value in &members {
            prop_assert!(one.negate().contains(&-value));
            prop_assert!(one.abs().contains(&value.abs()));
            prop_assert!(clamped.contains(value.max(&low).min(&high)), "{} {}", shown(&one), shown(&clamped));
            for mode in RoundingMode::ALL {
                let rounded = one.round(scale, mode);
                prop_assert!(rounded.contains(&round_value(value, scale, mode)), "{} {}", shown(&one), shown(&rounded));
            }
            let text = format_decimal(value).unwrap();
            let length = one.text_language_or_length();
            prop_assert!(length.contains(text.len() as u64), "{} {:?}", text, length);
            prop_assert!(one.text_language().unwrap().contains(&text), "{}", text);
            if let Some(digits) = one.max_digits() {
                prop_assert!(crate::number::digits_of(value).unwrap() <= digits && scale_of(value).unwrap() <= digits);
            }
            if let Some(scale) = one.scale() {
                prop_assert!(scale_of(value).unwrap() <= scale);
            }
        }
    }

    #[test]
    fn two_arguments((one, left) in described(), (two, right) in described(), scale in 0u32..3) {
        let (sum, difference, product) = (one.add(&two), one.subtract(&two), one.multiply(&two));
        let mode = RoundingMode::HalfEven;
        let quotient = Decimal::divide_rounded(&one, &two, scale, mode);
        let (met, joined) = (one.meet(&two), one.join(&two));
        for a in &left {
            for b in &right {
                prop_assert!(sum.contains(&(a + b)));
                prop_assert!(difference.contains(&(a - b)));
                prop_assert!(product.contains(&(a * b)), "{} * {} = {}: {a} {b}", shown(&one), shown(&two), shown(&product));
                if !b.is_zero() {
                    let value = round_value(&(a / b), scale, mode);
                    prop_assert!(quotient.contains(&value), "{} / {} = {}: {a} {b}", shown(&one), shown(&two), shown(&quotient));
                }
            }
        }
        for value in left.iter().chain(&right) {
            prop_assert!(joined.contains(value));
            prop_assert_eq!(met.contains(value), one.contains(value) && two.contains(value));
        }
    }

    #[test]
    fn sums((one, members) in described(), min in 0u64..4, more in prop::option::of(0u64..4), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        let count = Length::new(min, more.map(|more| min + more));
        let sum = Decimal::sum(&one, count);
        if count.contains(picks.len() as u64) && (picks.is_empty() || !members.is_empty()) {
            let total: BigRational = picks.iter().map(|pick| pick.get(&members).clone()).sum();
            prop_assert!(sum.contains(&total), "{} x {:?} = {}: {}", shown(&one), count, shown(&sum), total);
        }
    }
}
