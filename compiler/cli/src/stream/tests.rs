//! Blocks of a made-up source: their order, how many there are at once, and ends that come too early.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use mapc_driver::{MemoryFiles, Workspace, compile};

use super::{Rejects, Work, run};
use crate::engine::Engine;
use crate::limits::limits;
use crate::messages::{Block, Message, Source};
use crate::trouble::Trouble;

const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object", "additionalProperties": false, "required": ["id"],
  "properties": { "id": { "type": "string", "maxLength": 20 } }
}"#;

fn engine() -> Engine {
    let map = "map demo.order version 1\nfrom shop.order@1 as order\nto   shop.order@1\n\nfields {\n  id = order.id\n}\n";
    let files = MemoryFiles::new().with("shop/order@1.schema.json", SCHEMA).with("maps/order.map", map);
    let module = compile(&Workspace::default(), "maps/order.map", &files).module.unwrap();
    Engine::load(&module.encode(), limits(&[])).unwrap()
}

/// So many small blocks; every third message is refused. Then the end, or a failure.
struct Blocks<'a> {
    next: u64,
    count: u64,
    fails: bool,
    read: &'a AtomicUsize,
}

impl Source for Blocks<'_> {
    fn fill(&mut self, block: &mut Block) -> std::io::Result<()> {
        if self.next == self.count {
            let failure = std::io::Error::from(std::io::ErrorKind::TimedOut);
            return if self.fails { Err(failure) } else { Ok(()) };
        }
        self.read.fetch_add(1, Ordering::Relaxed);
        for line in self.next * 5..self.next * 5 + 5 {
            let text = if line % 3 == 0 { "{}".to_owned() } else { format!("{{\"id\":\"{line}\"}}") };
            block.push(&Message { line, bytes: text.into_bytes() });
        }
        self.next += 1;
        Ok(())
    }
}

/// Documents, lines of rejects, and how it ended.
fn ran(jobs: usize, count: u64, fails: bool, stop: usize) -> (String, String, Result<u64, String>) {
    let (engine, read) = (engine(), AtomicUsize::new(0));
    let jobs = NonZeroUsize::new(jobs).unwrap();
    let (mut documents, mut rejects, mut messages, mut taken) = (Vec::new(), Vec::new(), 0, 0);
    let source = Blocks { next: 0, count, fails, read: &read };
    let how = Rejects { as_lines: true, with_values: false };
    let ended = run(&engine, source, how, jobs, |work: &mut Work| {
        taken += 1;
        let ahead = read.load(Ordering::Relaxed).saturating_sub(taken);
        assert!(ahead <= jobs.get() * 2 + 1, "{ahead} blocks are held");
        documents.extend_from_slice(&work.documents);
        rejects.extend_from_slice(&work.rejects);
        messages += work.summary.messages();
        if work.failed.is_some() || taken > stop {
            return Err(Trouble::new("ended"));
        }
        Ok(())
    });
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ended = ended.map(|_| messages).map_err(|trouble| trouble.message().to_owned());
    (text(documents), text(rejects), ended)
}

#[test]
fn the_order_is_that_of_the_input() {
    let one = ran(1, 200, false, usize::MAX);
    assert_eq!(one.2, Ok(1000));
    assert_eq!(one.0.lines().count(), 666);
    assert!(one.0.starts_with("{\"id\":\"1\"}\n{\"id\":\"2\"}\n{\"id\":\"4\"}\n"), "{}", one.0);
    assert!(one.1.starts_with("{\"line\":0,\"outcome\":\"reject\",\"code\":\"R0201\""), "{}", one.1);
    for jobs in [2, 3, 7] {
        assert!(ran(jobs, 200, false, usize::MAX) == one, "{jobs} jobs");
    }
    assert_eq!(ran(3, 0, false, usize::MAX), (String::new(), String::new(), Ok(0)));
}

#[test]
fn what_was_read_before_a_failure_is_handed_on() {
    let (documents, ..) = ran(1, 50, false, usize::MAX);
    for jobs in [1, 2, 5] {
        let (found, _, ended) = ran(jobs, 50, true, usize::MAX);
        assert_eq!((found.as_str(), ended), (documents.as_str(), Err("ended".to_owned())), "{jobs} jobs");
    }
}

#[test]
fn when_nobody_takes_more_nothing_more_is_handed_on() {
    let one = ran(1, 1000, false, 20);
    assert_eq!(one.0.lines().count(), 70);
    for jobs in [2, 4] {
        assert!(ran(jobs, 1000, false, 20) == one, "{jobs} jobs");
    }
}
