//! A run over any number of messages in constant memory: blocks are read, run (on several threads, if wished) and
//! handed on in the order they were read. Knows no file and no terminal.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use crate::ending::Ending;
use crate::engine::{Engine, GuardCount, Runner};
use crate::messages::{Block, Source};
use crate::rejects;
use crate::run_summary::RunSummary;
use crate::trouble::Trouble;

/// What is to become of messages that give no document.
#[derive(Clone, Copy, Debug)]
pub struct Rejects {
    /// One JSON line each; else words for people.
    pub as_lines: bool,
    /// With the message itself.
    pub with_values: bool,
}

/// A block and what came of it.
#[derive(Debug, Default)]
pub struct Work {
    number: u64,
    block: Block,
    /// Documents, a line each.
    pub documents: Vec<u8>,
    /// Messages without a document, as JSON lines.
    pub rejects: Vec<u8>,
    /// The first of them, as words.
    pub words: Vec<String>,
    /// How many more could have been said.
    pub more: u64,
    /// Counts.
    pub summary: RunSummary,
    /// Reading failed behind these messages.
    pub failed: Option<std::io::Error>,
}

impl Work {
    /// Bytes of the input read up to the end of this block.
    pub fn consumed(&self) -> u64 {
        self.block.consumed()
    }

    /// Reads the next block; false at the end.
    fn read(&mut self, source: &mut impl Source) -> bool {
        self.block.clear();
        self.documents.clear();
        self.rejects.clear();
        self.words.clear();
        self.more = 0;
        self.summary = RunSummary::default();
        self.failed = source.fill(&mut self.block).err();
        !self.block.is_empty() || self.failed.is_some()
    }

    fn run(&mut self, runner: &mut Runner<'_>, how: Rejects) {
        for (line, message) in self.block.messages() {
            let ending = runner.run(message);
            self.summary.add(&ending);
            if let Ending::Deliver { document, .. } = ending {
                self.documents.extend_from_slice(document);
                self.documents.push(b'\n');
            } else if how.as_lines {
                let kept = how.with_values.then_some(message);
                let text = rejects::json_line(line, &ending, kept).unwrap_or_default();
                self.rejects.extend_from_slice(text.as_bytes());
            } else if matches!(ending, Ending::Skip(_)) {
                // Deliberate: only counted.
            } else if (self.words.len() as u64) < rejects::SHOWN {
                self.words.extend(rejects::words(line, &ending));
            } else {
                self.more += 1;
            }
        }
    }
}

/// Runs every message of a source. `take` gets the blocks in the order they were read; when it fails, nothing more is
/// read. Gives what the guards found over all messages.
///
/// # Errors
/// Those of `take`.
pub fn run<S: Source + Send>(
    engine: &Engine,
    mut source: S,
    how: Rejects,
    jobs: NonZeroUsize,
    mut take: impl FnMut(&mut Work) -> Result<(), Trouble>,
) -> Result<Vec<GuardCount>, Trouble> {
    if jobs.get() > 1 {
        return on_threads(engine, source, how, jobs, take);
    }
    let mut runner = engine.runner();
    let mut work = Work::default();
    while work.read(&mut source) {
        work.run(&mut runner, how);
        take(&mut work)?;
    }
    Ok(runner.guards())
}

/// The source, and how far it was read.
struct Reader<S> {
    source: S,
    next: u64,
    ended: bool,
}

/// What a thread hands on.
enum Report {
    Done(Work),
    /// It met a fault: its block will never come.
    Fault,
}

/// Says so when its thread ends by a fault, so that nobody waits for it.
struct Watch(mpsc::Sender<Report>);

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            drop(self.0.send(Report::Fault));
        }
    }
}

fn on_threads<S: Source + Send>(
    engine: &Engine,
    source: S,
    how: Rejects,
    jobs: NonZeroUsize,
    mut take: impl FnMut(&mut Work) -> Result<(), Trouble>,
) -> Result<Vec<GuardCount>, Trouble> {
    let reader = Mutex::new(Reader { source, next: 0, ended: false });
    // So many blocks there are, whatever the size of the input: who has none waits until one was handed on.
    let (give_back, pool) = mpsc::channel();
    for _ in 0..jobs.get().saturating_mul(2).saturating_add(1) {
        drop(give_back.send(Work::default()));
    }
    let pool = Mutex::new(pool);
    std::thread::scope(|scope| {
        let (send, reports) = mpsc::channel();
        let mut threads = Vec::new();
        for _ in 0..jobs.get() {
            let (reader, pool, watch) = (&reader, &pool, Watch(send.clone()));
            let thread = std::thread::Builder::new().stack_size(crate::STACK);
            let thread = thread.spawn_scoped(scope, move || {
                let mut runner = engine.runner();
                while let Some(mut work) = next_block(reader, pool) {
                    work.run(&mut runner, how);
                    if watch.0.send(Report::Done(work)).is_err() {
                        break;
                    }
                }
                runner.guards()
            });
            // Fewer threads than wished for do the same work.
            threads.extend(thread.ok());
        }
        drop(send);
        let mut result = if threads.is_empty() {
            Err(Trouble::new("the system gives no thread to work on").help("try `--jobs 1`"))
        } else {
            Ok(())
        };
        let mut early: BTreeMap<u64, Work> = BTreeMap::new();
        let mut due = 0;
        while let (Ok(()), Ok(Report::Done(work))) = (&result, reports.recv()) {
            early.insert(work.number, work);
            while let (Ok(()), Some(mut work)) = (&result, early.remove(&due)) {
                due += 1;
                result = take(&mut work);
                drop(give_back.send(work));
            }
        }
        // Whoever still waits or works finds nobody and ends.
        lock(&reader).ended = true;
        drop(give_back);
        drop(reports);
        let mut guards: Vec<GuardCount> = Vec::new();
        for thread in threads {
            match thread.join() {
                Ok(counts) => add(&mut guards, counts),
                Err(fault) => std::panic::resume_unwind(fault),
            }
        }
        result.map(|()| guards)
    })
}

/// The next block of the input, when there is one and room for it.
fn next_block<S: Source>(reader: &Mutex<Reader<S>>, pool: &Mutex<mpsc::Receiver<Work>>) -> Option<Work> {
    let mut work = lock(pool).recv().ok()?;
    let mut reader = lock(reader);
    if reader.ended {
        return None;
    }
    let more = work.read(&mut reader.source);
    reader.ended = !more || work.failed.is_some();
    work.number = reader.next;
    reader.next += 1;
    more.then_some(work)
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add(all: &mut Vec<GuardCount>, counts: Vec<GuardCount>) {
    if all.is_empty() {
        *all = counts;
        return;
    }
    for (sum, count) in all.iter_mut().zip(counts) {
        sum.count += count.count;
    }
}

#[cfg(test)]
mod tests;
