//! Order, failures, and how much is begun.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::in_order;
use crate::trouble::Trouble;

/// The numbers that came out until `stop`, and how the whole ended.
fn check(count: usize, jobs: usize, stop: usize) -> (Vec<usize>, Option<String>) {
    let items: Vec<usize> = (0..count).collect();
    let mut taken = Vec::new();
    let work = |item: &usize| {
        // The first ones take longest, so that later ones overtake them.
        std::thread::sleep(std::time::Duration::from_micros(((count - item) % 7 * 100) as u64));
        item * 10
    };
    let ended = in_order(&items, NonZeroUsize::new(jobs).unwrap(), work, |result| {
        if result == stop * 10 {
            return Err(Trouble::new("stopped"));
        }
        taken.push(result);
        Ok(())
    });
    (taken, ended.err().map(|trouble| trouble.message().to_owned()))
}

#[test]
fn results_come_in_the_order_of_the_items() {
    let all: Vec<usize> = (0..100).map(|item| item * 10).collect();
    for jobs in [1, 2, 3, 8, 200] {
        assert_eq!(check(100, jobs, 1000), (all.clone(), None), "{jobs} jobs");
    }
    assert_eq!(check(0, 4, 0), (Vec::new(), None));
}

#[test]
fn a_failure_ends_it_where_one_thread_would_end() {
    let before: Vec<usize> = (0..30).map(|item| item * 10).collect();
    for jobs in [1, 2, 8] {
        assert_eq!(check(100, jobs, 30), (before.clone(), Some("stopped".to_owned())), "{jobs} jobs");
    }
}

#[test]
fn nothing_more_is_begun_after_a_failure() {
    let items: Vec<usize> = (0..10_000).collect();
    let begun = AtomicUsize::new(0);
    let work = |_: &usize| {
        begun.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(std::time::Duration::from_micros(50));
    };
    let ended = in_order(&items, NonZeroUsize::new(4).unwrap(), work, |()| Err(Trouble::new("stopped")));
    assert!(ended.is_err());
    assert!(begun.load(Ordering::Relaxed) < 1000, "{begun:?}");
}
