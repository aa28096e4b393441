//! Work on many things at once, results one after the other in the order of the things. Knows nothing of maps.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::trouble::Trouble;

/// As many as this machine does at once.
pub fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Does `work` on every item, on `jobs` threads, and gives the results to `take` in the order of the items. When `take`
/// fails nothing more is begun, and its failure is the answer: what came out before is what one thread would have given.
///
/// # Errors
/// Those of `take`.
pub fn in_order<T: Sync, R: Send>(
    items: &[T],
    jobs: NonZeroUsize,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let jobs = jobs.get().min(items.len());
    let next = AtomicUsize::new(0);
    if jobs > 1 {
        return std::thread::scope(|scope| {
            let (send, receive) = mpsc::channel();
            let mut workers = Vec::new();
            for _ in 0..jobs {
                let (send, next, work) = (send.clone(), &next, &work);
                let worker = std::thread::Builder::new().stack_size(crate::STACK);
                let worker = worker.spawn_scoped(scope, move || {
                    while let Some((at, item)) = claim(items, next) {
                        if send.send((at, work(item))).is_err() {
                            break;
                        }
                    }
                });
                // Fewer threads than wished for do the same work.
                workers.extend(worker.ok());
            }
            drop(send);
            let mut result = if workers.is_empty() {
                Err(Trouble::new("the system gives no thread to work on").help("try `--jobs 1`"))
            } else {
                Ok(())
            };
            let mut early: BTreeMap<usize, R> = BTreeMap::new();
            let mut due = 0;
            while let (Ok(()), Ok((at, found))) = (&result, receive.recv()) {
                early.insert(at, found);
                while let (Ok(()), Some(found)) = (&result, early.remove(&due)) {
                    due += 1;
                    result = take(found);
                }
            }
            // Nobody takes what the others are still at.
            next.store(items.len(), Ordering::Relaxed);
            drop(receive);
            for worker in workers {
                if let Err(fault) = worker.join() {
                    std::panic::resume_unwind(fault);
                }
            }
            result
        });
    }
    while let Some((_, item)) = claim(items, &next) {
        take(work(item))?;
    }
    Ok(())
}

/// The next item that nobody works on.
fn claim<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    items.get(at).map(|item| (at, item))
}

#[cfg(test)]
mod tests;
