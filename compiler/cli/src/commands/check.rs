//! `mapc check`

use crate::answer::{Wanted, machine_output};
use crate::arguments::{Check, Format};
use crate::batch::{Batch, named_maps};
use crate::check_report;
use crate::exit::Exit;
use crate::in_order::{all_cores, in_order};
use crate::session::Session;
use crate::trouble::Trouble;

pub(super) fn run(arguments: &Check, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let maps = named_maps(&arguments.maps)?;
    let machine = session.look.format == Format::Json;
    let wanted =
        Wanted { strict: arguments.strict, witness: arguments.witness, stats: arguments.stats, build: false };
    let batch = Batch::new(wanted, &session.look, &arguments.many);
    let jobs = arguments.many.jobs.unwrap_or_else(all_cores);
    let mut exit = Exit::Done;
    let mut answers = Vec::new();
    in_order(
        &maps,
        jobs,
        |map| batch.answer(map),
        |found| {
            let (answer, _) = found?;
            if !answer.passes {
                exit = Exit::Findings;
            }
            session.say(&answer.said);
            session.tell(&answer.told);
            if machine || arguments.stats {
                answers.push(answer);
            }
            Ok(())
        },
    )?;
    if machine {
        session.print(&machine_output(&answers))?;
    } else if arguments.stats {
        let rows: Vec<_> = answers.into_iter().filter_map(|answer| answer.stats).collect();
        session.say(&check_report::stats(&rows));
    } else if maps.len() > 1 {
        session.tell(&format!("{} maps checked\n", maps.len()));
    }
    if arguments.many.cache_stats {
        session.say(&batch.cache_words());
    }
    Ok(exit)
}
