//! Two threads against one: each with an instance of its own and a core of its own.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::contestant::Contestant;
use crate::contestants::{Compiled, Lane, Ours};
use crate::data::Set;
use crate::figures::Figures;
use crate::turns::quantile;

/// Messages per second of so many threads together.
fn rate(compiled: &Compiled, set: &Set, threads: usize, time: Duration) -> f64 {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    let barrier = Barrier::new(threads);
    let work = |thread: usize| {
        if let Some(core) = cores.iter().rev().nth(thread) {
            core_affinity::set_for_current(*core);
        }
        let mut ours = Ours::new(&compiled.program, Lane::best());
        for message in &set.messages {
            std::hint::black_box(ours.map(message));
        }
        barrier.wait();
        let (mut done, started) = (0_u64, Instant::now());
        for message in set.messages.iter().cycle().skip(thread * set.messages.len() / 2) {
            std::hint::black_box(ours.map(message));
            done += 1;
            if done % 64 == 0 && started.elapsed() > time {
                break;
            }
        }
        done as f64 / started.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).sum()
    })
}

/// Notes the ratio.
pub fn measure(compiled: &Compiled, set: &Set, quick: bool, figures: &mut Figures) {
    let (rounds, time) = if quick { (3, 150) } else { (9, 500) };
    let time = Duration::from_millis(time);
    let ratios = (0..rounds).map(|_| {
        let one = rate(compiled, set, 1, time);
        rate(compiled, set, 2, time) / one
    });
    figures.note("two threads against one", quantile(ratios.collect(), 0.5), "x");
}
