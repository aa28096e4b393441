//! Contestants take turns: a short slice of the messages each per round, in rotating order. The slice of a round is the same
//! for all of them. Knows neither messages nor contestants.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::contestant::Entrant;

/// Processor time of this thread, in nanoseconds: what others do on the machine is not counted.
pub fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Rounds.
    pub rounds: usize,
    /// Messages of a slice.
    pub slice: usize,
    /// A contestant that takes longer ends its slice early.
    pub patience: Duration,
}

impl Plan {
    /// Slices of about this many bytes.
    pub fn new(rounds: usize, messages: &[Box<[u8]>], bytes: usize) -> Self {
        let mean = crate::data::mean(messages).max(1.0);
        let slice = (bytes as f64 / mean).round().max(1.0) as usize;
        Self { rounds, slice: slice.min(messages.len()), patience: Duration::from_millis(25) }
    }
}

/// Nanoseconds per byte of one contestant, round by round.
#[derive(Clone, Debug, Default)]
pub struct Rounds(Vec<f64>);

impl Rounds {
    /// Median.
    pub fn median(&self) -> f64 {
        quantile(self.0.clone(), 0.5)
    }

    /// What only one round of ten goes below.
    pub fn lowest_decile(&self) -> f64 {
        quantile(self.0.clone(), 0.1)
    }

    /// How many times slower the other one was: the median over the rounds both took part in.
    pub fn faster_than(&self, other: &Self) -> f64 {
        quantile(self.0.iter().zip(&other.0).map(|(own, other)| other / own).collect(), 0.5)
    }

    /// How many times faster the other one was.
    pub fn slower_than(&self, other: &Self) -> f64 {
        other.faster_than(self)
    }
}

/// A quantile of figures; not a number when there are none.
pub fn quantile(mut figures: Vec<f64>, part: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    let at = (figures.len().saturating_sub(1)) as f64 * part;
    figures.get(at.round() as usize).copied().unwrap_or(f64::NAN)
}

/// Lets everyone take turns over the messages.
pub fn take(entrants: &mut [Entrant<'_>], messages: &[Box<[u8]>], plan: Plan) -> Vec<Rounds> {
    let count = entrants.len();
    let mut rounds = vec![Rounds::default(); count];
    let mut from = 0;
    for round in 0..plan.rounds {
        let slice: Vec<&[u8]> =
            messages.iter().cycle().skip(from).take(plan.slice).map(|message| &**message).collect();
        let before = messages.get((from + messages.len() - 1) % messages.len());
        for turn in 0..count {
            let at = (turn + round) % count;
            let contestant = &mut entrants[at].contestant;
            // One message that does not count: the others have used the caches.
            if let Some(before) = before {
                std::hint::black_box(contestant.map(before));
            }
            let (mut bytes, started, from) = (0, Instant::now(), processor_time());
            for (done, message) in slice.iter().enumerate() {
                std::hint::black_box(contestant.map(message));
                bytes += message.len();
                if done % 8 == 7 && started.elapsed() > plan.patience {
                    break;
                }
            }
            rounds[at].0.push((processor_time() - from) / bytes as f64);
        }
        from = (from + plan.slice) % messages.len();
    }
    rounds
}
