//! Languages against brute force over short texts, and patterns under their two readings.

use proptest::prelude::*;

use super::*;

/// All texts of up to three characters over a small alphabet with one-, two-, three- and four-byte characters.
fn short_texts() -> Vec<String> {
    let alphabet = ['a', 'b', '0', '-', '\n', '\u{e9}', '\u{20ac}', '\u{1f600}'];
    let mut texts = vec![String::new()];
    let mut last = texts.clone();
    for _ in 0..3 {
        last = last.iter().flat_map(|text| alphabet.iter().map(move |c| format!("{text}{c}"))).collect();
        texts.extend(last.iter().cloned());
    }
    texts
}

/// Members of the full pattern, and texts outside.
fn check(pattern: &str, inside: &[&str], outside: &[&str]) {
    let language = Language::from_pattern(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}"));
    for text in inside {
        assert!(language.contains(text), "{pattern} should admit {text:?}");
    }
    for text in outside {
        assert!(!language.contains(text), "{pattern} should refuse {text:?}");
    }
}

#[test]
fn patterns_are_searched() {
    check("b", &["b", "abc", "\nb\n", "\u{20ac}b"], &["", "a", "B"]);
    check("^b", &["b", "bc"], &["ab", ""]);
    check("b$", &["b", "ab"], &["ba", "b\n"]);
    check("^(EUR|USD)$", &["EUR", "USD"], &["EURUSD", "EUR ", "EUR\n", ""]);
    check("^a|b$", &["ax", "xb"], &["xa", "bx"]);
    check("", &["", "x"], &[]);
    check("^$", &[""], &["x", "\n"]);
    check("a^b", &[], &["ab", "a", "b", "a^b"]);
}

#[test]
fn classes_are_ascii_and_ecma() {
    check(r"^\d$", &["0", "9"], &["\u{660}", "a"]);
    check(r"^\w$", &["_", "Z", "5"], &["\u{e9}", "-"]);
    check(r"^\W$", &["\u{e9}", "-"], &["_"]);
    check(r"^\s$", &["\u{a0}", "\u{b}", "\u{2029}"], &["\u{feff}", "\u{85}", "\u{200b}", "a"]);
    check(r"^\S$", &["a", "\u{200b}"], &["\u{feff}", "\u{85}", "\u{a0}"]);
    check(r"^[^\s]$", &["a"], &["\u{feff}", "\u{85}"]);
    check(r"^.$", &["a", "\u{1f600}", "\u{85}"], &["\n", "\r", "\u{2028}", "\u{2029}", ""]);
    check(r"^[^a]$", &["\n", "\u{1f600}"], &["a", ""]);
    check(r"^[\w.-]+$", &["a-b.c"], &["a b"]);
    check(r"^[\w-.]+$", &["a-b.c"], &["a b"]);
    check(r"^[^\s\d]$", &["a"], &["1", " "]);
    check(r"^\p{Lu}\p{L}*$", &["\u{c9}a"], &["a"]);
    check(r"^\uD83D\uDE00\u{20ac}\x41\cA\0$", &["\u{1f600}\u{20ac}A\u{1}\0"], &[]);
    check(r"^[\uD800-\uDFFF]$", &[], &["a", "\u{fffd}"]);
    check(r"^[^\uD800-\uDFFF]$", &["a", "\u{fffd}"], &[]);
    check(r"^a{2,3}?b{2}c{1,}$", &["aabbc", "aaabbccc"], &["abbc", "aabbb"]);
    check(r"^(?:a|(?<n>b))+$", &["abba"], &[""]);
    check(r"^\-\/\.\]}]$", &["-/.]}]"], &[]);
}

#[test]
fn wide_reading_holds_both() {
    for (pattern, texts) in [
        (r"^\s$", vec!["\u{85}", "\u{feff}"]),
        (r"^[^\s]$", vec!["\u{85}", "\u{feff}"]),
        (r"^\S$", vec!["\u{85}", "\u{feff}"]),
        (r"^[^\S]$", vec!["\u{85}", "\u{feff}"]),
        (r"^.$", vec!["\r", "\u{2028}"]),
    ] {
        let wide = Language::from_pattern_wide(pattern).unwrap();
        let narrow = Language::from_pattern(pattern).unwrap();
        assert_eq!(narrow.is_subset(&wide), Some(true), "{pattern}");
        for text in texts {
            assert!(wide.contains(text), "{pattern} {text:?}");
        }
    }
}

#[test]
fn what_is_not_regular_is_refused() {
    let kind = |pattern: &str| match Language::from_pattern(pattern) {
        Ok(_) => "fine",
        Err(PatternError::Unsupported(_)) => "unsupported",
        Err(PatternError::Invalid(_)) => "invalid",
        Err(PatternError::TooComplex) => "complex",
    };
    let unsupported = [
        "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", r"(a)\1", r"\k<n>", r"\bword", "(?i)a", "(?P<n>a)", "[]",
        "[^]", "[]a]", "[a[b]", "[a&&b]", "[a--b]", r"a\z", r"\pL", "a{", "a{,3}", "{", r"\<", r"\a",
        r"\x{41}", "^*", "[+--]",
    ];
    for pattern in unsupported {
        assert_eq!(kind(pattern), "unsupported", "{pattern}");
    }
    for pattern in ["(", ")", "a**", "*", "[a", "[b-a]", "a{3,2}", "\\", "(a", "a|)", "a{2}{3}", "a?+"] {
        assert_eq!(kind(pattern), "invalid", "{pattern}");
    }
    let deep = format!("{}a{}", "(".repeat(500), ")".repeat(500));
    let exponential = "^(a|b)*a(a|b){20}$";
    let huge = ["a{1000000000000}", "((a{1000}){1000}){1000}", "(a{0,30000})", "^(.{1,900}-.{1,900})$"];
    for pattern in huge.into_iter().chain([deep.as_str(), exponential]) {
        assert_eq!(kind(pattern), "complex", "{pattern}");
    }
    assert_eq!(kind("^[A-Za-z0-9 .-]{1,4000}$"), "fine");
    assert_eq!(kind("^(.{1,255})$"), "fine");
}

#[test]
fn a_counted_class_splits() {
    let (language, length) = Language::from_counted_pattern(r"^[A-Z\]\d]{1,35}$").unwrap();
    assert_eq!((language.contains("A]9"), length), (true, Length::new(1, Some(35))));
    for pattern in
        [r"^[A-Z]+$", "[A-Z]{2}$", "^a{2}b$", "^a{2}$$", "^(a){2}$", "^a{2}", r"^\b{2}$", "^a{2}?$"]
    {
        assert!(Language::from_counted_pattern(pattern).is_none(), "{pattern}");
    }
    for pattern in [r"^\d{2,4}$", r"^.{0,3}$", "^a{2,}$"] {
        let (language, length) = Language::from_counted_pattern(pattern).unwrap();
        let both = language.intersect(&Language::of_length(length).unwrap()).unwrap();
        assert_eq!(both, Language::from_pattern(pattern).unwrap(), "{pattern}");
    }
}

#[test]
fn equal_languages_are_equal() {
    let same = [
        ("^(ab|ac)$", "^a[bc]$"),
        ("a|", ""),
        ("^(a*)*$", "^a*$"),
        ("^[^a]$", "^([^a])$"),
        ("^a+$", "^aa*$"),
        (r"^[\d]{2}$", "^[0-9][0-9]$"),
    ];
    for (left, right) in same {
        assert_eq!(
            Language::from_pattern(left).unwrap(),
            Language::from_pattern(right).unwrap(),
            "{left} {right}"
        );
    }
    assert_eq!(Language::from_full_pattern("(a|b)c").unwrap(), Language::of_set(["bc", "ac"]).unwrap());
    assert_eq!(Language::exact("a\u{20ac}").unwrap(), Language::of_set(["a\u{20ac}"]).unwrap());
    assert_eq!(Language::of_set(Vec::<&str>::new()).unwrap(), Language::empty());
    assert_eq!(
        Language::from_full_pattern("[a-z]b").unwrap().intersect(&Language::empty()),
        Some(Language::empty())
    );
    assert_eq!(Language::from_pattern("").unwrap(), Language::any());
    assert_ne!(Language::any(), Language::empty());
    assert!(Language::any().is_any() && Language::empty().is_empty());
    let counted = Language::from_full_pattern(r"(?:[^\uD800-\uDFFF]){2,5}").unwrap();
    assert_eq!(counted, Language::of_length(Length::new(2, Some(5))).unwrap());
}

#[test]
fn lengths_and_examples() {
    let length = |pattern: &str| {
        let language = Language::from_pattern(pattern).unwrap();
        let length = language.length();
        if let Some(example) = language.example() {
            assert_eq!(example.chars().count() as u64, length.min, "{pattern}");
            assert!(language.contains(&example), "{pattern}");
        }
        (length.min, length.max)
    };
    assert_eq!(length("^[A-Z]{3}$"), (3, Some(3)));
    assert_eq!(length("a"), (1, None));
    assert_eq!(length("^(a|\u{20ac}\u{1f600}{2,4})?$"), (0, Some(5)));
    assert_eq!(length("^\u{1f600}+$"), (1, None));
    assert_eq!(length("^[^a]{2}$"), (2, Some(2)));
    assert!(Language::empty().length().is_empty());
    assert_eq!(Language::empty().example(), None);
    assert_eq!(Language::from_pattern("^[A-Z]{2}[0-9]$").unwrap().example().as_deref(), Some("AA0"));
    let digits = Language::from_pattern("^[0-9]+$").unwrap();
    let letters = Language::from_pattern("^[0-9A-F]*$").unwrap();
    assert_eq!(letters.example_outside(&digits).as_deref(), Some(""));
    assert_eq!(digits.example_outside(&letters), None);
    assert_eq!(letters.members(10), None);
    let few = Language::from_pattern("^(b|a|\u{20ac})?$").unwrap();
    assert_eq!(few.members(4).unwrap().into_iter().collect::<Vec<_>>(), ["", "a", "b", "\u{20ac}"]);
    assert_eq!((few.members(3), few.count()), (None, Some(4)));
    let count = |pattern: &str| Language::from_pattern(pattern).unwrap().count();
    assert_eq!(
        (count("^[ab]{10}$"), count("^a*$"), count("^[a-z]{100}$")),
        (Some(1_024), None, Some(u64::MAX))
    );
    assert_eq!((count("^[^a]$"), Language::empty().count()), (Some(0x11_0000 - 0x800 - 1), Some(0)));
    assert_eq!(Language::from_pattern("^a{3000}$").unwrap().members(1).unwrap().len(), 1);
}

#[test]
fn prefixes_and_ascii() {
    let closed = |pattern: &str| Language::from_full_pattern(pattern).unwrap().is_prefix_closed();
    assert!(closed("a*") && closed("a?b?") && closed("[^b]*") && closed("\u{20ac}{0,3}"));
    assert!(!closed("a*b") && !closed("(ab)*") && !closed("\u{20ac}{1,3}"));
    assert!(Language::any().is_prefix_closed());
    assert!(Language::printable_ascii().ascii_only() && !Language::any().ascii_only());
    assert!(Language::empty().ascii_only());
}

#[test]
fn formats_are_strict() {
    let cases: [(&str, &[&str], &[&str]); 9] = [
        (
            "date",
            &["2024-02-29", "2000-02-29", "0004-02-29", "9999-12-31", "0001-01-01", "2023-06-30"],
            &[
                "2023-02-29",
                "1900-02-29",
                "2024-06-31",
                "0000-01-01",
                "2024-13-01",
                "2024-1-1",
                "2024-01-00",
                "0000-02-29",
            ],
        ),
        ("time", &["23:59:59Z", "00:00:00.5+02:00"], &["24:00:00Z", "12:00:00", "12:00:60Z", "12:00Z"]),
        (
            "date-time",
            &["2024-02-29T00:00:00Z", "2024-02-28T10:11:12.123-05:30"],
            &["2024-02-30T00:00:00Z", "2024-02-28"],
        ),
        ("local-time", &["10:11:12", "10:11:12.000000001"], &["10:11:12Z", "10:11:12.0000000001"]),
        ("uuid", &["123e4567-e89b-12d3-a456-42661417400A"], &["123e4567e89b12d3a456426614174000"]),
        (
            "email",
            &["a.b+c@example.com", "joe@localhost"],
            &["a@", "@b", "a b@c.d", ".a@b.c", "a@b..c", "a@-b.c"],
        ),
        ("ipv4", &["0.0.0.0", "255.249.199.9"], &["256.0.0.0", "01.0.0.0", "1.2.3"]),
        ("hostname", &["a", "a-b.example.co.uk"], &["-a", "a-", "a..b", ""]),
        (
            "uri",
            &["https://example.com/a/b?x=1#f", "http://a:80"],
            &["example.com", "https://", "https://a b"],
        ),
    ];
    for (name, inside, outside) in cases {
        let language = Language::format(name).unwrap();
        for text in inside {
            assert!(language.contains(text), "{name} should admit {text}");
        }
        for text in outside {
            assert!(!language.contains(text), "{name} should refuse {text}");
        }
    }
    assert_eq!(Language::format("email").unwrap().example_outside(&Language::printable_ascii()), None);
    assert!(Language::format("nonsense").is_none());
    let long = format!("{}@example.com", "a".repeat(65));
    assert!(!Language::format("email").unwrap().contains(&long));
}

#[test]
fn a_language_around_a_format_holds_the_language_inside() {
    for name in ["uuid", "ipv4", "date", "time", "date-time"] {
        let (inside, around) = (Language::format(name).unwrap(), Language::around_format(name).unwrap());
        assert_eq!(inside.is_subset(&around), Some(true), "{name}");
    }
    let time = Language::around_format("time").unwrap();
    assert!(
        ["23:59:60Z", "12:00:00.0000000000001z", "00:59:60+01:00"].iter().all(|text| time.contains(text))
    );
    assert!(["24:00:00Z", "12:00:00", "12:00:00.Z"].iter().all(|text| !time.contains(text)));
    let moment = Language::around_format("date-time").unwrap();
    assert!(moment.contains("0000-02-29t23:59:60z") && !moment.contains("2021-02-29T00:00:00Z"));
    assert_eq!(Language::around_format("email"), None);
}

#[test]
fn every_day_of_many_years() {
    let language = Language::of_date_kind(DateKind::Date);
    for year in [1, 4, 99, 100, 400, 1600, 1899, 1900, 1996, 2000, 2023, 2024, 2100, 9996, 9999] {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for month in 0..=13 {
            for day in 0..=32 {
                let days = match month {
                    1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
                    4 | 6 | 9 | 11 => 30,
                    2 if leap => 29,
                    2 => 28,
                    _ => 0,
                };
                let text = format!("{year:04}-{month:02}-{day:02}");
                assert_eq!(language.contains(&text), (1..=days).contains(&day), "{text}");
            }
        }
    }
}

#[test]
fn decimal_texts_are_canonical() {
    let language = Language::decimal_text(3, 2);
    for text in ["0", "-1", "999", "0.01", "-0.5", "123.45"] {
        assert!(language.contains(text), "{text}");
    }
    for text in ["-0", "00", "1.50", "1.", ".5", "1000", "0.001", "+1", "1e2", "", "-0.0"] {
        assert!(!language.contains(text), "{text}");
    }
    assert_eq!(Language::decimal_text(1, 0).length(), Length::new(1, Some(2)));
    assert_eq!(Language::decimal_text(0, 2).length(), Length::new(1, Some(5)));
    assert_eq!(Language::decimal_text(u32::MAX, u32::MAX).length().max, Some(1 + 1_000 + 1 + 1_000));
}

#[test]
fn sizes_are_bounded() {
    assert!(Language::exact(&"x".repeat(20_000)).is_none());
    assert!(Language::exact(&"x".repeat(5_000)).is_some());
    assert!(Language::of_length(Length::new(0, Some(u64::MAX))).is_none());
    assert!(Language::of_length(Length::new(u64::MAX, None)).is_none());
    assert!(Language::of_set((0..10_000).map(|n| format!("{n:05}"))).is_some());
    let long = Language::from_pattern("^[ab]{5000}$").unwrap();
    let other = Language::from_pattern("^([ab]{7})*$").unwrap();
    assert_eq!(long.intersect(&other).map(|both| both.is_empty()), Some(true));
    let blow = Language::from_pattern("^(a|b)*a(a|b){11}$").unwrap();
    assert!(blow.concat(&blow).is_none());
}

/// Small random patterns over the alphabet of `short_texts`.
fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a",
        "b",
        "0",
        "-",
        "\u{e9}",
        "\u{20ac}",
        "\u{1f600}",
        ".",
        "[ab]",
        "[^a]",
        r"\d",
        r"\w",
        r"\s",
        "[a-\u{20ac}]",
        "",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}{b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(?:{a}|{b})")),
            inner.clone().prop_map(|a| format!("(?:{a})*")),
            inner.clone().prop_map(|a| format!("(?:{a})?")),
            inner.clone().prop_map(|a| format!("(?:{a}){{1,2}}")),
            inner.clone().prop_map(|a| format!("(?:^{a})")),
            inner.prop_map(|a| format!("(?:{a}$)")),
        ]
    })
}

/// The pattern for the engine of `regex-automata`, whose classes are made those of the pinned reading.
fn reference(pattern: &str) -> regex_automata::meta::Regex {
    let space = r"[\x09-\x0D\x20\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF]";
    let pattern = pattern
        .replace('.', r"[^\n\r\u2028\u2029]")
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "[0-9A-Za-z_]")
        .replace(r"\s", space);
    regex_automata::meta::Regex::new(&pattern).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn agrees_with_a_search(pattern in pattern()) {
        let language = Language::from_pattern(&pattern).unwrap();
        let reference = reference(&pattern);
        for text in short_texts() {
            prop_assert_eq!(language.contains(&text), reference.is_match(&text), "{} {:?}", pattern, text);
        }
        let length = language.length();
        let example = language.example();
        prop_assert_eq!(example.is_none(), language.is_empty());
        if let Some(example) = example {
            prop_assert!(reference.is_match(&example));
            prop_assert_eq!(example.chars().count() as u64, length.min);
        }
    }

    #[test]
    fn operations_agree_with_membership(left in pattern(), right in pattern()) {
        let one = Language::from_full_pattern(&left).unwrap();
        let two = Language::from_full_pattern(&right).unwrap();
        let both = one.intersect(&two).unwrap();
        let either = one.union(&two).unwrap();
        let only = one.difference(&two).unwrap();
        let joined = one.concat(&two).unwrap();
        let mut counterexample = false;
        for text in short_texts() {
            let (a, b) = (one.contains(&text), two.contains(&text));
            prop_assert_eq!(both.contains(&text), a && b);
            prop_assert_eq!(either.contains(&text), a || b);
            prop_assert_eq!(only.contains(&text), a && !b);
            counterexample |= a && !b;
            let parts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            let split = parts.into_iter().any(|at| one.contains(&text[..at]) && two.contains(&text[at..]));
            prop_assert_eq!(joined.contains(&text), split, "{} {} {:?}", left, right, text);
        }
        let subset = one.is_subset(&two).unwrap();
        prop_assert_eq!(subset, only.is_empty());
        prop_assert!(!(subset && counterexample));
        match one.example_outside(&two) {
            Some(witness) => prop_assert!(!subset && one.contains(&witness) && !two.contains(&witness)),
            None => prop_assert!(subset),
        }
        // Equality is equality of languages.
        prop_assert_eq!(one == two, subset && two.is_subset(&one).unwrap());
        prop_assert_eq!(one.union(&two).unwrap(), two.union(&one).unwrap());
        if let Some(members) = both.members(200) {
            for text in short_texts() {
                prop_assert_eq!(both.contains(&text), members.contains(&text));
            }
        }
        let shorter = |text: &str| text.char_indices().map(|(at, _)| text[..at].to_owned()).collect::<Vec<_>>();
        if one.is_prefix_closed() {
            for text in short_texts().iter().filter(|text| one.contains(text)) {
                prop_assert!(shorter(text).iter().all(|prefix| one.contains(prefix)));
            }
        }
    }

    #[test]
    fn sets_are_exact(values in prop::collection::btree_set("[ab\u{e9}\u{1f600}]{0,3}", 0..12)) {
        let language = Language::of_set(&values).unwrap();
        for text in short_texts() {
            prop_assert_eq!(language.contains(&text), values.contains(&text));
        }
        prop_assert_eq!(language.members(12).unwrap(), values);
    }

    #[test]
    fn no_pattern_panics(pattern in r"[\\\[\](){}|^$.*+?a-d0-9,:<=!&~u-]{0,14}") {
        let _ = Language::from_pattern(&pattern);
        let _ = Language::from_pattern_wide(&pattern);
    }
}
