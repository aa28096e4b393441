//! Contestants take turns, a slice of the messages each per round, in rotating order; the median of the rounds counts.

use std::time::Instant;

/// One way to do the work: a message in, the length of the document out (0: none).
pub struct Contestant<'a> {
    name: &'static str,
    work: Box<dyn FnMut(&[u8]) -> usize + 'a>,
}

impl<'a> Contestant<'a> {
    /// A named way.
    pub fn new(name: &'static str, work: impl FnMut(&[u8]) -> usize + 'a) -> Self {
        Self { name, work: Box::new(work) }
    }
}

/// What came of it.
pub struct Measured {
    pub name: &'static str,
    /// Median nanoseconds per message.
    pub nanoseconds: f64,
    /// Messages of one round without a document.
    pub empty: usize,
}

/// Runs every contestant over all messages, `rounds` times.
pub fn take(contestants: &mut [Contestant<'_>], messages: &[Box<[u8]>], rounds: usize) -> Vec<Measured> {
    let count = contestants.len();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); count];
    let mut empty = vec![0; count];
    for round in 0..rounds {
        for turn in 0..count {
            let at = (turn + round) % count;
            let (Some(contestant), Some(times), Some(empty)) =
                (contestants.get_mut(at), times.get_mut(at), empty.get_mut(at))
            else {
                continue;
            };
            *empty = 0;
            let started = Instant::now();
            for message in messages {
                *empty += usize::from((contestant.work)(message) == 0);
            }
            times.push(started.elapsed().as_nanos() as f64 / messages.len() as f64);
        }
    }
    contestants
        .iter()
        .zip(times)
        .zip(empty)
        .map(|((contestant, mut times), empty)| {
            times.sort_by(f64::total_cmp);
            let nanoseconds = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
            Measured { name: contestant.name, nanoseconds, empty }
        })
        .collect()
}
