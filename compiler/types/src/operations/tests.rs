//! Meets, joins and unions of whole types, by membership of samples.

use proptest::prelude::*;

use super::*;
use crate::fits::{Fit, fits};
use crate::sampling::{member, members, types};
use crate::shape::Decimal;

#[test]
fn unions_are_flat() {
    let text = |values: &[&str]| Type::Text(Text::of_set(values.iter().copied()));
    let whole = Type::Decimal(Decimal::whole());
    assert_eq!(Type::union_of([text(&["a"]), text(&["b"])]), text(&["a", "b"]));
    assert_eq!(Type::union_of([]), Type::Never);
    assert_eq!(Type::union_of([Type::Never, whole.clone(), whole.clone()]), whole);
    assert_eq!(Type::union_of([whole.clone(), Type::Any]), Type::Any);
    let two =
        Type::union_of([whole.clone(), Type::Text(Text::max_length(2)), Type::Text(Text::max_length(3))]);
    assert!(matches!(&two, Type::Union(branches) if branches.len() == 3));
    assert_eq!(Type::union_of([two.clone(), whole]), two);
    assert_eq!(two.kind(), Kind::Union);
}

#[test]
fn joins_widen() {
    let record = |name: String| {
        let fields = IndexMap::from([(Arc::from(name), Slot::required(Type::bool()))]);
        Type::Object(Arc::new(Object { fields, rest: Rest::Closed, count: None }))
    };
    let few = (0..64).fold(Type::Never, |known, n| known.join(&record(format!("f{n}"))));
    assert!(matches!(&few, Type::Union(branches) if branches.len() == 64));
    let many = few.join(&record("f64".into()));
    let Type::Object(object) = many else { panic!("one record") };
    assert!(object.fields.len() == 65 && object.fields.values().all(|slot| slot.presence.absent));
    let text = Type::Text(Text::max_length(2)).join(&Type::Text(Text::max_length(5)));
    assert_eq!(text, Type::Text(Text::max_length(5)));
}

#[test]
fn recursive_meets_end() {
    let list = |name: &str, max| {
        let element = Slot::required(Type::Named(name.into()));
        Type::List(Box::new(List { element, count: Length::new(0, max), unique: false }))
    };
    let definitions = Definitions::from([
        ("a".into(), list("a", Some(2))),
        ("b".into(), list("b", Some(3))),
        ("loop".into(), Type::Named("loop".into())),
    ]);
    let name = |name: &str| Type::Named(name.into());
    assert_eq!(name("a").meet_exact(&name("a"), &definitions), Some(name("a")));
    assert_eq!(name("a").meet_exact(&name("b"), &definitions), None);
    assert_eq!(name("a").meet_exact(&Type::Any, &definitions), Some(name("a")));
    assert_eq!(name("a").meet_exact(&Type::bool(), &definitions), Some(Type::Never));
    assert_eq!(name("loop").meet_exact(&Type::bool(), &definitions), None);
    assert_eq!(name("gone").meet_exact(&Type::bool(), &definitions), None);
    assert_eq!(name("loop").resolve(&definitions), None);
    // What is given up holds at least the values of both.
    let met = name("a").meet(&name("b"), &definitions);
    assert_eq!(fits(&met, &name("a"), &definitions, &definitions), Fit::Yes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn by_membership(one in types(), two in types(), seed: u64) {
        let none = Definitions::new();
        let met = one.meet_exact(&two, &none).unwrap();
        let (joined, union) = (one.join(&two), Type::union_of([one.clone(), two.clone()]));
        let mut samples = members(&one, &none, seed, 60);
        samples.extend(members(&two, &none, seed, 60));
        prop_assert!(!one.is_never() || members(&one, &none, seed, 60).is_empty());
        for value in &samples {
            let (a, b) = (member(value, &one, &none), member(value, &two, &none));
            prop_assert_eq!(member(value, &met, &none), a && b, "{:?} in {:?}", value, met);
            prop_assert_eq!(member(value, &union, &none), a || b, "{:?} in {:?}", value, union);
            prop_assert!(member(value, &joined, &none), "{:?} in {:?}", value, joined);
        }
        for value in members(&met, &none, seed, 60) {
            prop_assert!(member(&value, &one, &none) && member(&value, &two, &none), "{value:?}");
        }
        for (part, whole) in [(&met, &one), (&met, &two), (&one, &joined), (&two, &joined), (&one, &union)] {
            prop_assert!(!matches!(fits(part, whole, &none, &none), Fit::No(_)), "{part:?}\n{whole:?}");
        }
    }
}
