//! How long it takes to load and verify an artifact, and to compile a map whose schemas are in memory; what an instance
//! keeps.

use mapc_vm::Program;

use crate::contestant::Contestant;
use crate::contestants::{Compiled, Lane, Ours, artifact, files};
use crate::data::Set;
use crate::figures::Figures;
use crate::heap;
use crate::turns::{processor_time, quantile};

/// Notes all of it.
pub fn measure(compiled: &Compiled, largest: &Set, quick: bool, figures: &mut Figures) -> Result<(), String> {
    let milliseconds = |started: f64| (processor_time() - started) / 1e6;
    let loads = (0..if quick { 50 } else { 300 }).map(|_| {
        let started = processor_time();
        let _ = std::hint::black_box(Program::load(&compiled.artifact));
        milliseconds(started)
    });
    figures.note("load and verify the W1 artifact", quantile(loads.collect(), 0.5), "ms");
    let files = files()?;
    let compiles = (0..if quick { 5 } else { 40 }).map(|_| {
        let started = processor_time();
        let _ = std::hint::black_box(artifact(&files, "w1.map"));
        milliseconds(started)
    });
    figures.note("compile the W1 map, schemas in memory", quantile(compiles.collect(), 0.5), "ms");
    figures.note("W1 artifact", compiled.artifact.len() as f64 / 1024.0, "KB");
    let message = largest.messages.iter().max_by_key(|message| message.len()).ok_or("no message")?;
    let (ours, used) = heap::watch(|| {
        let mut ours = Ours::new(&compiled.program, Lane::best());
        for _ in 0..3 {
            std::hint::black_box(ours.map(message));
        }
        ours
    });
    drop(ours);
    figures.note("an instance against its largest message", used.kept as f64 / message.len() as f64, "x");
    Ok(())
}
