//! Every map, built by hand or at random, becomes a module that verifies; the vm and the reference interpreter agree.

mod generator;

use mapc_check::typed::Typed;
use mapc_diagnostics::Sources;
use mapc_model::builder::describe;
use mapc_model::cases::{cases, context};

use crate::emit_typed;

fn listing(typed: &Typed) -> String {
    mapc_bytecode::listing(&emit_typed(typed, Vec::new(), &Sources::new()))
}

fn verified(name: &str, typed: &Typed) {
    let module = emit_typed(typed, Vec::new(), &Sources::new());
    if let Err(error) = mapc_bytecode::verify(module) {
        panic!("{name}: {error}\n{}", listing(typed));
    }
}

#[test]
fn modules_verify() {
    for case in cases() {
        verified(case.name, &case.typed);
    }
}

#[test]
fn listings_stay_put() {
    let wanted =
        ["names and targets", "grouped rows", "guards", "tables", "choices among constants", "nested rows"];
    for case in cases().iter().filter(|case| wanted.contains(&case.name)) {
        insta::assert_snapshot!(case.name.replace(' ', "_"), listing(&case.typed));
    }
}

#[test]
fn random_modules_verify() {
    for seed in 0..2_000 {
        verified(&format!("seed {seed}"), &generator::map(seed));
    }
}

#[test]
fn random_maps_reach_documents() {
    let mut outcomes = std::collections::BTreeMap::new();
    for seed in 0..2_000 {
        let typed = generator::map(seed);
        for message in 0..3 {
            let input = generator::message(seed * 3 + message);
            let outcome = mapc_model::run(&typed, &input, &context(), &mapc_model::Limits::default());
            let line = describe(&typed, &outcome);
            let kind = match line.split_once(' ') {
                Some((word, rest)) if !line.starts_with('{') => {
                    format!("{word} {}", rest.split(' ').next().unwrap_or_default())
                }
                _ => "deliver".to_owned(),
            };
            *outcomes.entry(kind).or_insert(0) += 1;
        }
    }
    println!("{outcomes:?}");
    assert!(outcomes.get("deliver").is_some_and(|count| *count > 1_000), "{outcomes:?}");
}
