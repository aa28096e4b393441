//! Proofs against sampled members, refutations against found witnesses, and named cases row by row.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;
use crate::number::parse_decimal;
use crate::sampling::{Choices, edited, member, members, types, types_with};
use crate::shape::{Bound, Decimal, Interval, Length, Object, Presence, Rest, Wire};

fn answer(a: &Type, b: &Type) -> Fit {
    fits(a, b, &BTreeMap::new(), &BTreeMap::new())
}

/// The gap of a refusal with its path, in short form.
fn shown(fit: &Fit) -> String {
    match fit {
        Fit::Yes => "yes".into(),
        Fit::Unknown(_) => "unknown".into(),
        Fit::No(misfit) => {
            let path: String = misfit
                .path
                .iter()
                .map(|step| match step {
                    PathStep::Field(name) => format!("{name}."),
                    PathStep::Rest => "*.".into(),
                    PathStep::Element => "[].".into(),
                })
                .collect();
            let gap = format!("{:?}", misfit.gap);
            let short: String = gap.chars().filter(|c| !"\"\\ ".contains(*c)).collect();
            format!("{path}{short}")
        }
    }
}

fn text(max: u64) -> Type {
    Type::Text(Text::max_length(max))
}

fn set(values: &[&str]) -> Type {
    Type::Text(Text::of_set(values.iter().copied()))
}

fn pattern(pattern: &str) -> Type {
    Type::Text(Text::from_pattern(pattern).unwrap())
}

fn number(low: &str, high: &str, scale: Option<u32>) -> Type {
    let (low, high) = (parse_decimal(low).unwrap(), parse_decimal(high).unwrap());
    let grid = scale.map(Decimal::with_scale).unwrap_or_default();
    Type::Decimal(Decimal::between(low, high).meet(&grid))
}

fn list(element: Type, min: u64, max: Option<u64>, unique: bool) -> Type {
    Type::List(Box::new(List { element: Slot::required(element), count: Length::new(min, max), unique }))
}

fn record(fields: &[(&str, Slot)], rest: Rest) -> Type {
    let fields: IndexMap<Arc<str>, Slot> =
        fields.iter().map(|(name, slot)| ((*name).into(), slot.clone())).collect();
    Type::Object(Arc::new(Object { fields, rest, count: None }))
}

/// What no branch takes at one place, all branches together do not take.
#[test]
fn a_place_that_no_branch_takes_refutes_all_of_them() {
    let (required, optional) = (Slot::required, Slot::optional);
    let pair = |id: Slot, name: Slot, rest| record(&[("id", id), ("name", name)], rest);
    let either = |most: u64, rest: &Rest| {
        Type::Union(vec![
            pair(required(text(most)), optional(text(most)), rest.clone()),
            pair(optional(text(most)), required(text(most)), rest.clone()),
        ])
    };
    let (open, closed) = (Rest::Open, Rest::Closed);
    let both = |most, rest| pair(required(text(most)), required(text(most)), rest);
    let check =
        |a: &Type, b: &Type, expected: &str| assert_eq!(shown(&answer(a, b)), expected, "{a:?}\n{b:?}");
    check(&both(3, Rest::Closed), &either(3, &closed), "yes");
    check(&both(4, Rest::Closed), &either(3, &closed), "id.Text(TooLong{allows:Some(4),limit:3})");
    check(&both(3, Rest::Open), &either(3, &closed), "*.UndeclaredFields");
    check(&either(3, &open), &either(3, &open), "yes");
    check(&either(4, &open), &either(3, &open), "id.Text(TooLong{allows:Some(4),limit:3})");
    // Together they take more than each alone: nothing is said.
    let part = |low, high| required(number(low, high, None));
    let halves = Type::Union(vec![
        pair(part("0", "5"), optional(text(3)), Rest::Closed),
        pair(part("5", "9"), optional(text(3)), Rest::Closed),
    ]);
    check(&pair(part("0", "9"), optional(text(3)), Rest::Closed), &halves, "unknown");
    check(&pair(optional(text(3)), optional(text(3)), Rest::Closed), &either(3, &closed), "unknown");
    // A record without any value fits.
    check(&pair(required(text(9)), required(Type::Never), Rest::Closed), &either(3, &closed), "yes");
    let lists =
        |most| Type::Union(vec![list(text(most), 0, Some(2), false), list(text(most), 2, None, false)]);
    check(&list(text(4), 0, None, false), &lists(3), "[].Text(TooLong{allows:Some(4),limit:3})");
    check(&list(text(3), 0, None, false), &lists(3), "unknown");
}

#[test]
fn rows_of_the_table() {
    let required = Slot::required;
    let optional = Slot::optional;
    let nullable = |value| Slot { presence: Presence { absent: false, null: true }, value };
    let typed = |value, names: Option<&str>| {
        let names = names.map(|names| Language::from_pattern(names).unwrap());
        Rest::Typed(Box::new(optional(value)), names)
    };
    let yes_only = Type::Bool { may_be_true: true, may_be_false: false };
    let date = Type::Date(DateKind::Date, Wire::Plain);
    let any_text = || Type::Text(Text::any());
    let whole = || Type::Decimal(Decimal::whole());
    let half_open = |low: &str| {
        let low = Some(Bound::exclusive(parse_decimal(low).unwrap()));
        Type::Decimal(Decimal::in_interval(Interval { low, high: None }))
    };
    let cases: Vec<(Type, Type, &str)> = vec![
        (text(10), text(10), "yes"),
        (text(11), text(10), "Text(TooLong{allows:Some(11),limit:10})"),
        (any_text(), text(10), "Text(TooLong{allows:None,limit:10})"),
        (
            text(10),
            Type::Text(Text::any().with_length(Length::new(1, None))),
            "Text(TooShort{allows:0,limit:1})",
        ),
        (set(&["A", "B"]), set(&["A", "B", "C"]), "yes"),
        (set(&["A", "B"]), set(&["A"]), "Text(OutsideSet{missing:Some([B]),allowed:{A}})"),
        (
            set(&["EUR", "usd"]),
            pattern("^[A-Z]{3}$"),
            "Text(OutsideLanguage{index:0,example:Some(usd),unknown:false})",
        ),
        (pattern("^(A|B)$"), set(&["A", "B", "C"]), "yes"),
        (pattern("^[A-C]$"), set(&["A", "B"]), "Text(OutsideSet{missing:Some([C]),allowed:{A,B}})"),
        (any_text(), set(&["A"]), "Text(OutsideSet{missing:None,allowed:{A}})"),
        (pattern("^[A-Z]{3}$"), pattern("^[A-Z0-9]+$"), "yes"),
        (pattern("^[A-Z]{3}$"), text(3), "yes"),
        (pattern("^[A-Z]*$"), text(3), "Text(TooLong{allows:None,limit:3})"),
        (text(4_000), pattern("^[A-Z]*$"), "Text(OutsideLanguage{index:0,example:Some(0),unknown:false})"),
        (text(4_000), set(&["A"]), "Text(OutsideSet{missing:None,allowed:{A}})"),
        (text(0), set(&[""]), "yes"),
        (Type::Text(Text::never()), text(0), "yes"),
        (number("0", "10", Some(2)), number("0", "10", Some(2)), "yes"),
        (number("0", "10", Some(2)), number("0", "10", None), "yes"),
        (number("0", "3", Some(0)), number("0", "3", Some(2)), "yes"),
        (whole(), Type::Decimal(Decimal::any()), "yes"),
        (number("5", "5", None), whole(), "yes"),
        (half_open("0"), half_open("0"), "yes"),
        (Type::Never, text(1), "yes"),
        (text(1), Type::Never, "Kind{found:Text,expected:Never}"),
        (text(1), Type::Any, "yes"),
        (Type::Any, text(1), "Kind{found:Any,expected:Text}"),
        (yes_only.clone(), Type::bool(), "yes"),
        (Type::bool(), yes_only.clone(), "Bool(false)"),
        (date.clone(), date.clone(), "yes"),
        (
            date.clone(),
            Type::Date(DateKind::Instant, Wire::Plain),
            "Kind{found:Date(Date),expected:Date(Instant)}",
        ),
        (date.clone(), text(10), "yes"),
        (date.clone(), text(9), "Text(TooLong{allows:Some(10),limit:9})"),
        (set(&["2024-02-29"]), date.clone(), "yes"),
        (set(&["2023-02-29"]), date.clone(), "Kind{found:Text,expected:Date(Date)}"),
        (list(text(1), 1, Some(3), false), list(text(2), 0, Some(3), false), "yes"),
        (
            list(text(1), 0, Some(3), false),
            list(text(1), 1, None, false),
            "ListCount{allows:Length{min:0,max:Some(3)},limit:Length{min:1,max:None}}",
        ),
        (
            list(text(3), 0, None, false),
            list(text(2), 0, None, false),
            "[].Text(TooLong{allows:Some(3),limit:2})",
        ),
        (list(text(3), 0, Some(0), false), list(Type::bool(), 0, None, true), "yes"),
        (list(Type::Never, 0, None, false), list(text(1), 0, Some(0), false), "yes"),
        (list(text(1), 0, Some(2), false), list(text(1), 0, None, true), "NotUnique"),
        (list(text(1), 0, Some(1), false), list(text(1), 0, None, true), "yes"),
        (list(Type::bool(), 0, None, true), list(Type::bool(), 0, Some(2), true), "yes"),
        (list(Type::bool(), 3, None, true), text(1), "yes"),
        (
            record(&[("a", required(text(1)))], Rest::Closed),
            record(&[("a", optional(text(1)))], Rest::Closed),
            "yes",
        ),
        (
            record(&[("a", optional(text(1)))], Rest::Closed),
            record(&[("a", required(text(1)))], Rest::Open),
            "a.MissingRequired(a)",
        ),
        (
            record(&[("a", nullable(text(1)))], Rest::Closed),
            record(&[("a", required(text(1)))], Rest::Open),
            "a.Null",
        ),
        (record(&[("a", required(text(1)))], Rest::Closed), record(&[], Rest::Closed), "a.Undeclared(a)"),
        (record(&[("a", optional(Type::Never))], Rest::Closed), record(&[], Rest::Closed), "yes"),
        (
            record(&[("a", required(Type::Never))], Rest::Open),
            record(&[("b", required(text(1)))], Rest::Closed),
            "yes",
        ),
        (
            record(&[("a", required(text(2)))], Rest::Closed),
            record(&[], typed(text(1), None)),
            "a.Text(TooLong{allows:Some(2),limit:1})",
        ),
        (
            record(&[("a", required(text(1)))], Rest::Closed),
            record(&[], typed(text(1), Some("^b"))),
            "a.FieldName(a)",
        ),
        (record(&[], Rest::Open), record(&[], Rest::Closed), "*.UndeclaredFields"),
        (record(&[], Rest::Open), record(&[("a", optional(text(1)))], Rest::Open), "a.Null"),
        (record(&[], typed(text(1), Some("^a$"))), record(&[("a", optional(text(2)))], Rest::Closed), "yes"),
        (record(&[], typed(text(1), Some("^a"))), record(&[], typed(text(1), Some("^[ab]"))), "yes"),
        (record(&[], typed(text(1), Some("^a"))), record(&[], typed(text(1), Some("^aa"))), "*.FieldName(a)"),
        (Type::Union(vec![text(1), whole()]), Type::Union(vec![whole(), text(2)]), "yes"),
        (
            Type::Union(vec![text(3), whole()]),
            Type::Union(vec![whole(), text(2)]),
            "Text(TooLong{allows:Some(3),limit:2})",
        ),
        (Type::bool(), Type::Union(vec![text(1), whole()]), "Kind{found:Bool,expected:Union}"),
        (
            Type::bool(),
            Type::Union(vec![yes_only, Type::Bool { may_be_true: false, may_be_false: true }]),
            "yes",
        ),
        (number("0", "10", None), Type::Union(vec![number("0", "5", None), number("5", "10", None)]), "yes"),
        (
            number("0", "10", None),
            Type::Union(vec![number("0", "5", None), number("6", "10", None)]),
            "NoBranch",
        ),
        (text(2), Type::Union(vec![pattern("^A"), pattern("^[^A]"), set(&[""])]), "yes"),
        (text(2), Type::Union(vec![pattern("^A"), pattern("^[^A]")]), "NoBranch"),
    ];
    for (index, (a, b, expect)) in cases.iter().enumerate() {
        assert_eq!(shown(&answer(a, b)), *expect, "case {index}: {a:?} in {b:?}");
    }
    for (a, b) in [
        (number("-1", "10", None), number("0", "10", None)),
        (number("0", "11", None), number("0", "10", None)),
        (number("0", "10", None), number("0", "10", Some(2))),
        (number("0", "10", Some(3)), number("0", "10", Some(2))),
        (half_open("-1"), half_open("0")),
        (number("0", "1", None), half_open("0")),
    ] {
        assert!(matches!(answer(&a, &b), Fit::No(Misfit { gap: Gap::Decimal(_), .. })), "{a:?} {b:?}");
    }
}

#[test]
fn a_discriminator_splits() {
    let kind = |value: &str, more: &str, size| {
        record(&[("kind", Slot::required(set(&[value]))), (more, Slot::required(text(size)))], Rest::Closed)
    };
    let target = Type::Union(vec![kind("P", "name", 5), kind("C", "name", 9)]);
    assert_eq!(answer(&kind("P", "name", 5), &target), Fit::Yes);
    assert_eq!(shown(&answer(&kind("P", "name", 6), &target)), "name.Text(TooLong{allows:Some(6),limit:5})");
    let both = |size| {
        record(
            &[("kind", Slot::required(set(&["P", "C"]))), ("name", Slot::required(text(size)))],
            Rest::Closed,
        )
    };
    assert_eq!(answer(&both(5), &target), Fit::Yes);
    assert_eq!(shown(&answer(&both(6), &target)), "name.Text(TooLong{allows:Some(6),limit:5})");
    assert_eq!(shown(&answer(&kind("X", "name", 1), &target)), "NoBranch");
}

#[test]
fn recursion_ends() {
    let tree = |size: u64, name: &str| {
        let children = list(Type::Named(name.into()), 0, None, false);
        record(&[("label", Slot::required(text(size))), ("children", Slot::optional(children))], Rest::Closed)
    };
    let definitions = |size| Definitions::from([("tree".into(), tree(size, "tree"))]);
    let named = Type::Named("tree".into());
    let (small, large) = (definitions(5), definitions(9));
    assert_eq!(fits(&named, &named, &small, &large), Fit::Yes);
    assert_eq!(shown(&fits(&named, &named, &large, &small)), "label.Text(TooLong{allows:Some(9),limit:5})");
    assert_eq!(fits(&tree(5, "tree"), &named, &small, &large), Fit::Yes);
    assert_eq!(
        shown(&fits(&tree(5, "tree"), &named, &large, &small)),
        "children.[].label.Text(TooLong{allows:Some(9),limit:5})"
    );
    // Two names for one thing; names that stand only for each other; a name without values.
    let twice = Definitions::from([("one".into(), tree(5, "two")), ("two".into(), tree(5, "one"))]);
    assert_eq!(fits(&Type::Named("one".into()), &named, &twice, &large), Fit::Yes);
    let circle =
        Definitions::from([("a".into(), Type::Named("b".into())), ("b".into(), Type::Named("a".into()))]);
    assert!(matches!(fits(&Type::Named("a".into()), &text(1), &circle, &circle), Fit::Unknown(_)));
    let endless = record(&[("next", Slot::required(Type::Named("endless".into())))], Rest::Closed);
    let endless = Definitions::from([("endless".into(), endless)]);
    assert_eq!(fits(&Type::Named("endless".into()), &text(1), &endless, &endless), Fit::Yes);
    // A ring of unions proves nothing by itself.
    let ring = |more: &Type| -> Definitions {
        let link =
            |n: usize| Type::Union(vec![Type::Named(format!("u{}", (n + 1) % 70).into()), more.clone()]);
        (0..70).map(|n| (format!("u{n}").into(), link(n))).collect()
    };
    let first = Type::Named("u0".into());
    assert_eq!(
        shown(&fits(&text(1), &first, &small, &ring(&Type::bool()))),
        "Kind{found:Text,expected:Union}"
    );
    assert_eq!(fits(&Type::bool(), &first, &small, &ring(&Type::bool())), Fit::Yes);
    assert_eq!(fits(&first, &Type::bool(), &ring(&Type::bool()), &small), Fit::Yes);
    assert_eq!(fits(&first, &first, &ring(&text(1)), &ring(&text(2))), Fit::Yes);
    assert!(matches!(fits(&first, &first, &ring(&text(2)), &ring(&text(1))), Fit::No(_)));
    // A failed branch takes back what was assumed on the way to it.
    let choice = Type::Union(vec![
        record(
            &[("next", Slot::optional(Type::Named("u".into()))), ("x", Slot::required(text(1)))],
            Rest::Closed,
        ),
        record(
            &[("next", Slot::optional(Type::Named("u".into()))), ("x", Slot::required(text(2)))],
            Rest::Closed,
        ),
    ]);
    let right = Definitions::from([("u".into(), choice)]);
    let left = |size| {
        let node = record(
            &[("next", Slot::optional(Type::Named("n".into()))), ("x", Slot::required(text(size)))],
            Rest::Closed,
        );
        Definitions::from([("n".into(), node)])
    };
    assert_eq!(fits(&Type::Named("n".into()), &Type::Named("u".into()), &left(2), &right), Fit::Yes);
    assert_ne!(fits(&Type::Named("n".into()), &Type::Named("u".into()), &left(3), &right), Fit::Yes);
}

#[test]
fn a_proof_falls_with_its_ground() {
    let named = |name: &str| Type::Named(name.into());
    let optional = |name: &str| Slot::optional(named(name));
    let definitions = |size| {
        Definitions::from([
            ("x".into(), record(&[("p", optional("y")), ("q", Slot::required(text(size)))], Rest::Closed)),
            ("y".into(), record(&[("back", optional("x"))], Rest::Closed)),
        ])
    };
    let both = |f: Type| record(&[("f", Slot::optional(f)), ("g", Slot::optional(named("y")))], Rest::Closed);
    // On the way to the first branch `y` fits as long as `x` does; the second branch asks for `y` again.
    let target = Type::Union(vec![both(named("x")), both(Type::Any)]);
    let found = fits(&both(named("x")), &target, &definitions(9), &definitions(5));
    assert!(!found.is_yes(), "{found:?}");
    assert_eq!(fits(&both(named("x")), &target, &definitions(5), &definitions(5)), Fit::Yes);
    // `y` has values although none is found while `x` is being looked at.
    let definitions = Definitions::from([
        ("x".into(), Type::Union(vec![named("y"), text(1)])),
        ("y".into(), record(&[("r", Slot::required(named("x")))], Rest::Closed)),
    ]);
    let lists = |one: Type, two: Type, max| {
        let fields = [
            ("f", Slot::required(list(one, 0, None, false))),
            ("g", Slot::required(list(two, 0, max, false))),
        ];
        record(&fields, Rest::Closed)
    };
    let found = fits(
        &lists(named("x"), named("y"), None),
        &lists(Type::Any, Type::Any, Some(0)),
        &definitions,
        &definitions,
    );
    assert_eq!(shown(&found), "g.ListCount{allows:Length{min:0,max:None},limit:Length{min:0,max:Some(0)}}");
}

#[test]
fn shared_records_are_compared_once() {
    let doubled = |innermost: Type| {
        (0..60).fold(innermost, |inner, _| {
            let fields = [("a", Slot::required(inner.clone())), ("b", Slot::optional(inner))];
            record(&fields, Rest::Closed)
        })
    };
    let (short, long) = (doubled(text(10)), doubled(text(11)));
    assert_eq!(answer(&short, &long), Fit::Yes);
    assert!(matches!(answer(&long, &short), Fit::No(_)));
}

#[test]
fn hostile_shapes_end() {
    let mut deep = text(1);
    for _ in 0..400 {
        deep = list(deep, 0, None, false);
    }
    assert!(matches!(answer(&deep, &deep), Fit::Unknown(_)));
    // Each name leads to two others, twice over: memoised by name.
    let definitions: Definitions = (0..60)
        .map(|n: u32| {
            let next = |m: u32| Slot::optional(Type::Named(format!("n{}", (n + m) % 60).into()));
            (format!("n{n}").into(), record(&[("a", next(1)), ("b", next(2)), ("c", next(3))], Rest::Closed))
        })
        .collect();
    assert_eq!(
        fits(&Type::Named("n0".into()), &Type::Named("n0".into()), &definitions, &definitions),
        Fit::Yes
    );
    let wide = record(
        &(0..300).map(|n| (["a", "b", "c"][n % 3], Slot::required(text(9)))).collect::<Vec<_>>(),
        Rest::Open,
    );
    let branches =
        Type::Union((0..400).map(|n| record(&[("a", Slot::required(text(n % 9)))], Rest::Open)).collect());
    assert!(!answer(&wide, &branches).is_yes());
    assert!(answer(&text(u64::MAX), &text(u64::MAX)).is_yes());
}

/// Yes: every sample of `a` is in `b`. No: tells whether a sample shows it.
fn consistent(
    a: &Type,
    b: &Type,
    left: &Definitions,
    right: &Definitions,
    seed: u64,
) -> Result<&'static str, String> {
    let outside = members(a, left, seed, 150).into_iter().find(|value| !member(value, b, right));
    match (fits(a, b, left, right), outside) {
        (Fit::Yes, Some(value)) => Err(format!("proved, but {value:?} is not in it:\n{a:?}\n{b:?}")),
        (Fit::Yes, None) => Ok("yes"),
        (Fit::No(_), Some(_)) => Ok("no"),
        (Fit::No(_), None) => Ok("no, unseen"),
        (Fit::Unknown(_), _) => Ok("unknown"),
    }
}

/// Answers of many random pairs: proofs hold, refutations are nearly always seen, few stay open.
#[test]
fn random_pairs() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let none = Definitions::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..1_500u64 {
        let a = types().new_tree(&mut runner).unwrap().current();
        let b = match seed % 3 {
            0 => types().new_tree(&mut runner).unwrap().current(),
            _ => edited(&a, &mut Choices(seed)),
        };
        let found = consistent(&a, &b, &none, &none, seed).unwrap();
        *counts.entry(found).or_default() += 1;
        assert_eq!(answer(&a, &a), Fit::Yes, "{a:?}");
    }
    let count = |key: &str| counts.get(key).copied().unwrap_or(0);
    assert!(count("yes") > 300 && count("no") > 300, "{counts:?}");
    assert!(count("no, unseen") <= 8 && count("unknown") <= 15, "{counts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn proofs_hold_with_names(
        one in types_with(vec!["x", "y"]), two in types_with(vec!["x", "y"]), other in types_with(vec!["x", "y"]), seed: u64,
    ) {
        // Guarded: each name stands for a list or an optional field, so that values are finite.
        let guard = |value: &Type| Type::Union(vec![
            list(value.clone(), 0, Some(2), false),
            record(&[("a", Slot::optional(value.clone())), ("b", Slot::optional(Type::bool()))], Rest::Closed),
        ]);
        let left = Definitions::from([("x".into(), guard(&one)), ("y".into(), guard(&two))]);
        let right = Definitions::from([("x".into(), guard(&edited(&one, &mut Choices(seed)))), ("y".into(), guard(&other))]);
        for (a, b) in [("x", "x"), ("x", "y"), ("y", "x")] {
            let found = consistent(&Type::Named(a.into()), &Type::Named(b.into()), &left, &right, seed);
            prop_assert!(found.is_ok(), "{found:?}");
        }
    }
}
