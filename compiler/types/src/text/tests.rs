//! Descriptions of texts: putting together, meeting, joining, by membership.

use proptest::prelude::*;

use super::*;

fn check(value: &Text, expect: &str) {
    let set = value.set.as_ref().map(|set| set.iter().cloned().collect::<Vec<_>>().join("|"));
    let shown = format!("{}..{:?} {:?} {}", value.length.min, value.length.max, set, value.languages.len());
    assert_eq!(shown.replace("Some(", "").replace(')', ""), expect);
}

fn matching(pattern: &str) -> Text {
    Text::from_pattern(pattern).unwrap()
}

#[test]
fn putting_together() {
    let any = Text::any();
    check(&Text::concat(&Text::constant("INV-"), &Text::max_length(10)), "4..14 None 1");
    check(&Text::concat(&any, &any), "0..None None 0");
    check(&Text::concat(&Text::of_set(["a", "bb"]), &Text::of_set(["", "c"])), "1..3 \"a|ac|bb|bbc\" 0");
    check(&Text::concat(&Text::never(), &any), "1..0 \"\" 0");
    let joined = Text::concat(&Text::constant("INV-"), &matching("^[0-9]{3}$"));
    assert!(joined.contains("INV-123") && !joined.contains("INV-12a") && !joined.contains("IN-1234"));
    let big = Text::of_set((0..200).map(|n| format!("{n:03}")));
    check(&Text::concat(&big, &big), "6..6 None 1");
    let huge = Text::any().with_length(Length::new(u64::MAX, None));
    check(&Text::concat(&huge, &huge), &format!("{}..None None 0", u64::MAX));
    let long = Text::of_set((0..900).map(|n| format!("{n:03}{}", "x".repeat(2_000))));
    check(&Text::concat(&long, &Text::of_set(["a", "b"])), "2004..2004 None 0");
}

#[test]
fn normal_forms() {
    check(&matching("^[A-Z]{2,3}$").with_length(Length::new(0, Some(2))), "2..2 None 1");
    check(&Text::of_set(["a", "bb", "ccc"]).with_length(Length::new(2, None)), "2..3 \"bb|ccc\" 0");
    check(&Text::of_set(["a", "1"]).with_language(Language::from_pattern("[0-9]").unwrap()), "1..1 \"1\" 0");
    check(
        &matching("^a").with_language(Language::any()).with_language(Language::from_pattern("^a").unwrap()),
        "1..None None 1",
    );
    check(&Text::max_length(2).with_length(Length::new(3, None)), "1..0 \"\" 0");
    check(&Text::of_set((0..10_001).map(|n| n.to_string())), "1..5 None 0");
    assert!(matching("^a").meet(&matching("^b")).is_empty());
    assert!(matching("^(aa)*$").with_length(Length::new(3, Some(3))).is_empty());
    assert!(!matching("^(aa)*$").with_length(Length::new(3, Some(4))).is_empty());
    assert!(!Text::any().is_empty() && Text::never().is_empty());
    let wide = matching(r"^[\p{L}\p{N} ]{1,90}$");
    assert_eq!(wide.length, Length::new(1, Some(90)));
    assert!(wide.contains("\u{c9}t\u{e9} 5") && !wide.contains("") && !wide.contains("-"));
    assert_eq!(matching("^[ab]{2}$").members(4).map(|set| set.len()), Some(4));
    assert_eq!(Text::any().members(4), None);
    let both = matching("^(ab|ba)*$").meet(&matching("^[^a]*$"));
    assert_eq!(both.members(4).map(|set| set.len()), Some(1));
}

fn text() -> impl Strategy<Value = Text> {
    let pattern = prop::sample::select(vec!["^a", "b$", "^[ab]*$", "^(ab|ba)*$", "^[^a]*$", "^.{0,2}$"]);
    let length = (0u64..3, prop::option::of(0u64..3))
        .prop_map(|(min, more)| Length::new(min, more.map(|more| min + more)));
    prop_oneof![
        (length, prop::collection::vec(pattern, 0..3)).prop_map(|(length, patterns)| Text {
            length,
            set: None,
            languages: patterns.into_iter().map(|pattern| Language::from_pattern(pattern).unwrap()).collect(),
        }),
        prop::collection::vec("[ab\u{e9}]{0,3}", 0..5).prop_map(Text::of_set),
    ]
}

fn short() -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut last = texts.clone();
    for _ in 0..4 {
        last = last.iter().flat_map(|text| ["a", "b", "\u{e9}"].map(|c| format!("{text}{c}"))).collect();
        texts.extend(last.iter().cloned());
    }
    texts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn operations_by_membership(one in text(), two in text()) {
        let (met, joined, together) = (one.meet(&two), one.join(&two), Text::concat(&one, &two));
        let (normal, exact) = (one.normalize(), one.exact_language().unwrap());
        let texts = short();
        let mut none = true;
        for text in &texts {
            let (a, b) = (one.contains(text), two.contains(text));
            none &= !a;
            prop_assert_eq!(met.contains(text), a && b);
            prop_assert!(joined.contains(text) || !(a || b));
            prop_assert_eq!(normal.contains(text), a);
            prop_assert_eq!(exact.contains(text), a);
        }
        prop_assert!(!one.is_empty() || none);
        for left in texts.iter().take(40).filter(|text| one.contains(text)) {
            for right in texts.iter().take(40).filter(|text| two.contains(text)) {
                let whole = format!("{left}{right}");
                prop_assert!(together.contains(&whole), "{:?}", whole);
            }
        }
        let gaps = crate::gaps::text_gaps(&one, &two);
        let outside = texts.iter().any(|text| one.contains(text) && !two.contains(text));
        prop_assert!(!(gaps.is_empty() && outside));
        prop_assert_eq!(gaps.is_empty(), exact.is_subset(&two.exact_language().unwrap()) == Some(true));
    }
}
