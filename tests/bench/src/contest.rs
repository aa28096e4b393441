//! One set: everyone is compared with the expected documents, counted and timed.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use crate::compare::difference;
use crate::contestant::Entrant;
use crate::data::{Set, mean};
use crate::figures::Row;
use crate::heap;
use crate::turns::{self, Plan};

/// Compares every contestant's document of every message, and says what it did to the heap. One that claims to be exact and
/// is not ends the run.
pub fn compare(set: &Set, entrants: &mut [Entrant<'_>], write: Option<&Path>) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for entrant in entrants {
        let (mut right, mut first) = (0, None);
        let mut written = Vec::new();
        let contestant = &mut entrant.contestant;
        // The first pass is the warm-up of the second, which is watched; nothing but the contestant runs in it.
        let ((), cold) = heap::watch(|| {
            for message in &set.messages {
                std::hint::black_box(contestant.map(message));
            }
        });
        let ((), warm) = heap::watch(|| {
            for message in &set.messages {
                std::hint::black_box(contestant.map(message));
            }
        });
        for (at, (message, expected)) in set.messages.iter().zip(&set.expected).enumerate() {
            let document = contestant.map(message);
            let found =
                document.map_or_else(|| Some("no document".to_owned()), |got| difference(expected, got));
            match found {
                None => right += 1,
                Some(found) if first.is_none() => first = Some(format!("message {at}: {found}")),
                Some(_) => {}
            }
            written.extend_from_slice(document.unwrap_or(b"null"));
            written.push(b'\n');
        }
        if let Some(folder) = write {
            let path = folder.join(format!("{}.{}.ndjson", set.name, entrant.id));
            let file = std::fs::File::create(&path).and_then(|mut file| file.write_all(&written));
            file.map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let of = set.messages.len();
        if let Some(first) = first {
            let miss =
                format!("{} on {}: {right} of {of} documents as expected; {first}", entrant.id, set.name);
            if entrant.exact || set.name != "wx" {
                return Err(miss);
            }
            println!("{miss}");
        }
        rows.push(Row {
            set: set.name.to_owned(),
            id: entrant.id.to_owned(),
            name: entrant.name.to_owned(),
            right,
            of,
            nanoseconds: None,
            lowest_decile: None,
            megabytes: None,
            to_owned: None,
            to_borrowed: None,
            to: Vec::new(),
            allocations: Some(warm.calls as f64 / of as f64),
            peak: Some(cold.peak),
            instructions: None,
        });
    }
    Ok(rows)
}

/// Times everyone and completes the rows.
pub fn time(messages: &[Box<[u8]>], entrants: &mut [Entrant<'_>], plan: Plan, rows: &mut [Row]) {
    let rounds = turns::take(entrants, messages, plan);
    let size = mean(messages);
    let of = |id: &str| entrants.iter().position(|entrant| entrant.id == id).and_then(|at| rounds.get(at));
    for ((row, own), entrant) in rows.iter_mut().zip(&rounds).zip(entrants.iter()) {
        debug_assert_eq!(row.id, entrant.id);
        row.nanoseconds = Some(own.median() * size);
        row.lowest_decile = Some(own.lowest_decile() * size);
        row.megabytes = Some(1000.0 / own.median());
        row.to_owned = of("owned").map(|other| own.faster_than(other));
        row.to_borrowed = of("borrowed").map(|other| own.faster_than(other));
        row.to = ["sonic", "vrl", "jaq", "straight"]
            .into_iter()
            .filter(|id| *id != row.id)
            .filter_map(|id| of(id).map(|other| (id.to_owned(), own.faster_than(other))))
            .collect();
    }
}

/// Rounds and slices that fit a set.
pub fn plan(messages: &[Box<[u8]>], quick: bool) -> Plan {
    let mut plan = Plan::new(if quick { 15 } else { 120 }, messages, 400_000);
    plan.patience = if quick { Duration::from_millis(10) } else { Duration::from_millis(25) };
    plan
}
