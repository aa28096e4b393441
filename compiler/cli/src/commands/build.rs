//! `mapc build`

use crate::answer::{Wanted, machine_output};
use crate::arguments::{Build, Format};
use crate::batch::{Batch, named_maps, one_output};
use crate::disk::{shown, write_whole};
use crate::exit::Exit;
use crate::in_order::{all_cores, in_order};
use crate::session::Session;
use crate::trouble::Trouble;

pub(super) fn run(arguments: &Build, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let maps = named_maps(&arguments.maps)?;
    if let Some(output) = &arguments.output {
        one_output(output, &maps)?;
    }
    let machine = session.look.format == Format::Json;
    let wanted = Wanted { build: true, ..Wanted::default() };
    let batch = Batch::new(wanted, &session.look, &arguments.many);
    let jobs = arguments.many.jobs.unwrap_or_else(all_cores);
    let mut failed = Vec::new();
    let mut outputs =
        maps.iter().map(|map| (map, arguments.output.clone().unwrap_or_else(|| map.with_extension("mapb"))));
    in_order(
        &maps,
        jobs,
        |map| batch.answer(map),
        |found| {
            let (answer, artifact) = found?;
            session.say(&answer.said);
            session.tell(&answer.told);
            let place = outputs.next();
            if !answer.passes {
                failed.push(answer);
            }
            let (Some((map, output)), Some(bytes)) = (place, artifact) else { return Ok(()) };
            if is_same_file(&output, map) {
                return Err(Trouble::new(format!("`{}` is the map itself", shown(&output)))
                    .help("name another file behind `--output`; compiled maps end in `.mapb`"));
            }
            write_whole(&output, &bytes).map_err(|error| Trouble::file("write", &shown(&output), &error))?;
            session.tell(&format!("{} written, {} bytes\n", shown(&output), bytes.len()));
            Ok(())
        },
    )?;
    if machine && !failed.is_empty() {
        session.print(&machine_output(&failed))?;
    }
    if maps.len() > 1 {
        let built = maps.len() - failed.len();
        session.tell(&format!("{} maps: {built} built, {} failed\n", maps.len(), failed.len()));
    }
    if arguments.many.cache_stats {
        session.say(&batch.cache_words());
    }
    Ok(if failed.is_empty() { Exit::Done } else { Exit::Findings })
}

/// Both paths lead to one file that is there.
pub(super) fn is_same_file(left: &std::path::Path, right: &std::path::Path) -> bool {
    match (std::fs::canonicalize(left), std::fs::canonicalize(right)) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}
