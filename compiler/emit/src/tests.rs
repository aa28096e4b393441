//! Every map, built by hand or at random, becomes a module that verifies; the vm and the reference interpreter agree.

mod generator;
mod totals;

use mapc_check::typed::{ReasonId, Typed};
use mapc_diagnostics::Sources;
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
    let wanted = [
        "names and targets",
        "grouped rows",
        "guards",
        "required records",
        "tables",
        "choices among constants",
        "nested rows",
    ];
    for case in cases().iter().filter(|case| wanted.contains(&case.name)) {
        insta::assert_snapshot!(case.name.replace(' ', "_"), listing(&case.typed));
    }
}

#[test]
fn random_modules_verify() {
    for seed in 0..500 {
        verified(&format!("seed {seed}"), &generator::map(seed));
    }
}

/// An outcome in words: the reason with its id, or everything that is delivered.
fn by_model(typed: &Typed, input: &[u8]) -> String {
    use mapc_model::Outcome;
    let reason = |reason: &ReasonId| {
        let reason = &typed.reasons[reason.0];
        format!("{} {}", reason.code.number(), reason.id)
    };
    match mapc_model::run(typed, input, &context(), &mapc_model::Limits::default()) {
        Outcome::Deliver { document, key, order_by } => {
            format!("deliver {} {key:?} {order_by:?}", String::from_utf8(document).unwrap())
        }
        Outcome::Skip { reason: why } => format!("skip {}", reason(&why)),
        Outcome::Wait { reason: why, reference } => format!("wait {} {reference:?}", reason(&why)),
        Outcome::Reject { reason: why, text } => format!("reject {} {text:?}", reason(&why)),
    }
}

/// The same of the vm.
struct Vm {
    instance: mapc_vm::Instance,
    ids: mapc_vm::MemoryXref,
}

impl Vm {
    fn new(name: &str, typed: &Typed) -> Vm {
        let module = emit_typed(typed, Vec::new(), &Sources::new());
        let program = mapc_vm::Program::load(&module.encode());
        let program = program.unwrap_or_else(|error| panic!("{name}: {error}\n{}", listing(typed)));
        let mut ids = mapc_vm::MemoryXref::new();
        for ((entity, key), id) in context().xrefs {
            ids.insert(entity, key, id);
        }
        Vm { instance: mapc_vm::Instance::new(&program), ids }
    }

    fn run(&mut self, input: &[u8]) -> String {
        use mapc_vm::Outcome;
        let reason = |reason: &mapc_vm::bytecode::Reason| format!("R{:04} {}", reason.code, reason.id);
        match self.instance.run(input, &mapc_vm::Context::new(&self.ids)) {
            Outcome::Deliver { document, key, order_by } => {
                format!("deliver {} {key:?} {order_by:?}", String::from_utf8(document.to_vec()).unwrap())
            }
            Outcome::Skip { reason: why } => format!("skip {}", reason(why)),
            Outcome::Wait { reason: why, reference } => format!("wait {} {reference:?}", reason(why)),
            Outcome::Reject { reason: why, text } => format!("reject {} {text:?}", reason(why)),
        }
    }
}

/// The vm and the reference interpreter on one message; says how they differ.
fn difference(name: &str, typed: &Typed, vm: &mut Vm, input: &[u8]) -> Option<String> {
    let (is, expected) = (vm.run(input), by_model(typed, input));
    (is != expected).then(|| {
        let input = String::from_utf8_lossy(input);
        format!("{name}: {input}\n  model {expected}\n  vm    {is}\n")
    })
}

fn agree(differences: Vec<String>) {
    let first: String = differences.iter().take(12).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} differences\n{first}", differences.len());
}

#[test]
fn vm_and_model_agree_on_cases() {
    let mut differences = Vec::new();
    for case in cases() {
        let mut vm = Vm::new(case.name, &case.typed);
        for (input, _) in &case.runs {
            differences.extend(difference(case.name, &case.typed, &mut vm, input));
        }
        // Messages of other cases: mostly unfit.
        for (input, _) in cases().iter().flat_map(|other| &other.runs) {
            differences.extend(difference(case.name, &case.typed, &mut vm, input));
        }
    }
    agree(differences);
}

#[test]
fn vm_and_model_agree_on_examples_of_the_library() {
    let mut differences = Vec::new();
    for (name, typed, _) in mapc_model::cases::library_examples() {
        differences.extend(difference(&name, &typed, &mut Vm::new(&name, &typed), b"{}"));
    }
    agree(differences);
}

/// Compares on so many random maps; `MAPC_EMIT_SEEDS=first,count` looks elsewhere.
#[test]
fn vm_and_model_agree_on_random_maps() {
    let range = std::env::var("MAPC_EMIT_SEEDS").ok().and_then(|range| {
        let (first, count) = range.split_once(',')?;
        Some((first.parse::<u64>().ok()?, count.parse::<u64>().ok()?))
    });
    let (first, count) = range.unwrap_or((0, 1_000));
    let mut differences = Vec::new();
    let mut delivered = 0;
    for seed in first..first + count {
        let name = format!("seed {seed}");
        let typed = generator::map(seed);
        let mut vm = Vm::new(&name, &typed);
        for message in 0..8 {
            let input = generator::message(seed * 8 + message);
            delivered += u64::from(by_model(&typed, &input).starts_with("deliver"));
            differences.extend(difference(&name, &typed, &mut vm, &input));
        }
    }
    agree(differences);
    assert!(delivered > count, "only {delivered} documents");
}
