//! Numbers as texts and back.

use super::*;

fn number(text: &str) -> BigRational {
    parse_decimal(text).unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn json_numbers_are_read() {
    let check = |text: &str, expect: Option<&str>| {
        let found = parse_decimal(text).map(|value| format_decimal(&value).unwrap());
        assert_eq!(found.as_deref(), expect, "{text}");
    };
    for (text, expect) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("1.50", "1.5"),
        ("1e2", "100"),
        ("1.5e1", "15"),
        ("-12.34E-2", "-0.1234"),
        ("1e+02", "100"),
        ("1e-05", "0.00001"),
        ("0e999", "0"),
        ("100", "100"),
        ("1e0", "1"),
        ("1e000", "1"),
        ("99999999999999999999.5", "99999999999999999999.5"),
    ] {
        check(text, Some(expect));
    }
    for text in [
        "",
        "-",
        "01",
        ".5",
        "5.",
        "1e",
        "1e+",
        "+1",
        "1_0",
        " 1",
        "1 ",
        "0x1",
        "NaN",
        "1e1001",
        "1e-1001",
        "--1",
        "1.2.3",
        "1e99999999999999999999999",
        "\u{661}",
        "1e1.0",
    ] {
        check(text, None);
    }
    assert!(parse_decimal(&"9".repeat(10_000)).is_some());
    assert!(parse_decimal(&"9".repeat(10_001)).is_none());
}

#[test]
fn forms_of_a_number() {
    let third = BigRational::new(1.into(), 3.into());
    assert_eq!((format_decimal(&third), scale_of(&third), digits_of(&third)), (None, None, None));
    for (text, digits, scale) in
        [("0", 1, 0), ("0.001", 1, 3), ("100.5", 4, 1), ("1e30", 31, 0), ("-999", 3, 0), ("1000", 4, 0)]
    {
        assert_eq!(
            (digits_of(&number(text)), scale_of(&number(text))),
            (Some(digits), Some(scale)),
            "{text}"
        );
    }
    assert_eq!(to_coefficient_scale(&number("-12.50")), Some((-125, 1)));
    assert_eq!(to_coefficient_scale(&number("1e33")).map(|(_, scale)| scale), Some(0));
    assert_eq!(to_coefficient_scale(&number("1e34")), None);
    assert_eq!(to_coefficient_scale(&number(&"9".repeat(34))), Some(("9".repeat(34).parse().unwrap(), 0)));
    assert_eq!(to_coefficient_scale(&number("1e-34")), Some((1, 34)));
    assert_eq!(to_coefficient_scale(&number("1e-35")), None);
    let huge = BigRational::from_integer(Pow::pow(BigInt::from(10), 50_000u32));
    assert_eq!((format_decimal(&huge), to_coefficient_scale(&huge)), (None, None));
}

proptest::proptest! {
    #[test]
    fn text_and_back(coefficient in proptest::num::i64::ANY, scale in 0u32..40) {
        let value = BigRational::new(coefficient.into(), power_of_ten(scale));
        let text = format_decimal(&value).unwrap();
        proptest::prop_assert_eq!(parse_decimal(&text).unwrap(), value.clone());
        let digits = text.trim_start_matches('-').replace('.', "");
        let digits = digits.trim_start_matches('0').len().max(1) as u32;
        proptest::prop_assert_eq!(digits_of(&value), Some(digits));
        proptest::prop_assert!(!text.contains('.') || !text.ends_with('0'));
    }

    #[test]
    fn any_text_is_safe(text in "[-+0-9.eE]{0,12}") {
        // serde-independent check of the grammar.
        let language = crate::Language::from_full_pattern(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?").unwrap();
        let exponent = text.split(['e', 'E']).nth(1).and_then(|e| e.parse::<i64>().ok()).unwrap_or(0);
        proptest::prop_assert_eq!(parse_decimal(&text).is_some(), language.contains(&text) && exponent.abs() <= 1_000);
    }
}
