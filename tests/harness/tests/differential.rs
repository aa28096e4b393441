//! Do the vm and the reference interpreter agree, byte for byte? On the samples, on thousands of damaged samples, and on
//! bytes without meaning. Whatever comes in, what comes out is a valid document or a listed reason.

use std::collections::BTreeMap;

use mapc_harness::compiled::{Compiled, Runner};
use mapc_harness::ending::Ending;
use mapc_harness::folder::Folder;
use mapc_harness::judge::Judge;
use mapc_harness::mutation::{Dice, mutate, noise};
use mapc_vm::Limits;

const ACME: &str = "tenants/acme/sales_order.map";

/// Endings by kind, and how many there were of each code.
#[derive(Debug, Default)]
struct Counts(BTreeMap<String, usize>);

impl Counts {
    fn add(&mut self, ending: &Ending) {
        let kind = format!("{} {}", ending.word(), ending.code().unwrap_or_default());
        *self.0.entry(kind.trim_end().to_owned()).or_default() += 1;
    }

    fn of(&self, word: &str) -> usize {
        self.0.iter().filter(|(kind, _)| kind.starts_with(word)).map(|(_, count)| count).sum()
    }

    fn print(&self, what: &str) {
        let all: usize = self.0.values().sum();
        let [delivered, skipped, waiting, rejected] =
            ["deliver", "skip", "wait", "reject"].map(|word| self.of(word));
        println!(
            "{what}: {all} messages: {delivered} delivered, {skipped} skipped, {waiting} waiting, {rejected} rejected"
        );
        println!("  {:?}", self.0);
    }
}

fn folder() -> Folder {
    Folder::copy_of("mappings").unwrap_or_default()
}

fn judge(folder: &Folder) -> Judge {
    let text = |path| folder.text(path).unwrap_or_default();
    let overlays = [
        text("netsuite/sales_order@2025.2.overlay.json"),
        text("tenants/acme/netsuite.sales_order@2025.2.overlay.json"),
    ];
    let judge = Judge::new(text("netsuite/sales_order@2025.2.schema.json"), &overlays);
    judge.unwrap_or_else(|why| unreachable!("{why}"))
}

fn samples(folder: &Folder) -> Vec<Vec<u8>> {
    let file = folder.get("canonical/samples/sales_orders.ndjson").unwrap_or_default();
    file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// Runs messages until there are too many differences.
fn compare(
    runner: &mut Runner<'_>,
    judge: &Judge,
    messages: impl Iterator<Item = Vec<u8>>,
) -> (Counts, Vec<String>) {
    let mut counts = Counts::default();
    let mut wrong = Vec::new();
    for (number, message) in messages.enumerate() {
        let ending = match runner.both(&message) {
            Ok(ending) => ending,
            Err(why) => {
                wrong.push(format!("message {number}: {why}"));
                if wrong.len() == 10 {
                    break;
                }
                continue;
            }
        };
        counts.add(&ending);
        if let Some(document) = ending.document()
            && let Err(why) = judge.judge(document)
        {
            wrong.push(format!("message {number}: {why}\n  {}", String::from_utf8_lossy(&message)));
        }
    }
    (counts, wrong)
}

#[test]
fn on_every_sample() {
    let folder = folder();
    let compiled = Compiled::new(&folder, ACME);
    let mut runner = compiled.runner(&folder, Limits::default()).unwrap();
    let (counts, wrong) = compare(&mut runner, &judge(&folder), samples(&folder).into_iter());
    counts.print("samples");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn on_damaged_samples() {
    let folder = folder();
    let compiled = Compiled::new(&folder, ACME);
    let mut runner = compiled.runner(&folder, Limits::default()).unwrap();
    // The long samples say nothing the short ones do not, and cost most of the time.
    let samples: Vec<Vec<u8>> = samples(&folder).into_iter().filter(|sample| sample.len() < 6000).collect();
    let mut dice = Dice::new(7);
    let messages = (0..4000).map(|number: usize| {
        let mut message = samples[number % samples.len()].clone();
        for _ in 0..=dice.below(3) {
            message = mutate(&message, &mut dice);
        }
        message
    });
    let (counts, wrong) = compare(&mut runner, &judge(&folder), messages);
    counts.print("damaged samples");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for word in ["deliver", "skip", "wait", "reject"] {
        assert!(counts.of(word) >= 20, "hardly any message ends with {word}");
    }
}

#[test]
fn on_bytes_without_meaning() {
    let folder = folder();
    let compiled = Compiled::new(&folder, ACME);
    let mut runner = compiled.runner(&folder, Limits::default()).unwrap();
    let mut dice = Dice::new(11);
    let (counts, wrong) = compare(&mut runner, &judge(&folder), (0..2000).map(|_| noise(&mut dice)));
    counts.print("noise");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn on_every_sample_with_small_limits() {
    let folder = folder();
    let compiled = Compiled::new(&folder, ACME);
    let judge = judge(&folder);
    for limits in [
        Limits { input_bytes: 900, ..Limits::default() },
        Limits { depth: 3, ..Limits::default() },
        Limits { list_rows: 1, ..Limits::default() },
        Limits { output_bytes: 400, ..Limits::default() },
    ] {
        let mut runner = compiled.runner(&folder, limits).unwrap();
        let (counts, wrong) = compare(&mut runner, &judge, samples(&folder).into_iter());
        counts.print(&format!("{limits:?}"));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn the_same_message_gives_the_same_bytes_in_any_company() {
    let folder = folder();
    let compiled = Compiled::new(&folder, ACME);
    let samples = samples(&folder);
    let mut warm = compiled.runner(&folder, Limits::default()).unwrap();
    for sample in &samples {
        warm.vm(sample);
    }
    for sample in samples.iter().rev() {
        let mut fresh = compiled.runner(&folder, Limits::default()).unwrap();
        assert_eq!(warm.vm(sample), fresh.vm(sample));
    }
}
