//! Does it stay flat? Larger messages, and many loaded maps.

use mapc_vm::Program;

use crate::contestant::Contestant;
use crate::contestants::{Compiled, Lane, Ours};
use crate::data::Set;
use crate::figures::Figures;
use crate::heap;
use crate::turns::{processor_time, quantile};

/// Nanoseconds per message of one map, the median over passes.
fn one_map(ours: &mut Ours, set: &Set, passes: usize) -> f64 {
    let times = (0..passes).map(|_| {
        let started = processor_time();
        for message in &set.messages {
            std::hint::black_box(ours.map(message));
        }
        (processor_time() - started) / set.messages.len() as f64
    });
    quantile(times.collect(), 0.5)
}

/// Notes what each of many loaded maps keeps, and whether loading and running stay as quick as with few.
pub fn measure(tenants: &[Compiled], set: &Set, quick: bool, figures: &mut Figures) -> Result<(), String> {
    let count = if quick { 1_000 } else { 10_000 };
    let passes = if quick { 10 } else { 40 };
    let first = tenants.first().ok_or("no tenant")?;
    let mut ours = Ours::new(&first.program, Lane::best());
    let before = one_map(&mut ours, set, passes);
    let mut times = Vec::with_capacity(count);
    let (programs, used) = heap::watch(|| {
        let mut programs = Vec::with_capacity(count);
        for tenant in tenants.iter().cycle().take(count) {
            let started = processor_time();
            let program = Program::load(&tenant.artifact);
            times.push(processor_time() - started);
            programs.push(program);
        }
        programs
    });
    if programs.iter().any(Result::is_err) {
        return Err("a tenant's artifact does not load".to_owned());
    }
    let after = one_map(&mut ours, set, passes);
    let tenth = count / 10;
    let [early, late] = [&times[..tenth], &times[count - tenth..]].map(|part| quantile(part.to_vec(), 0.5));
    figures.note(format!("a loaded map, of {count}"), used.kept as f64 / count as f64 / 1024.0, "KB");
    figures.note("loading: the last tenth of them against the first", late / early, "x slower");
    figures.note("running one map with all loaded against before", after / before, "x slower");
    Ok(())
}
