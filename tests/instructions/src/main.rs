//! The program that runs below callgrind: an artifact, over and over, on the lines of a file. Knows no map texts.
//!
//! `mapc-instructions lanes` names the ways of reading that this machine has; `mapc-instructions FOLDER NAME LANE PASSES`
//! runs `FOLDER/NAME.mapb` on every line of `FOLDER/NAME.ndjson`, so many times, with the ids of `FOLDER/NAME.ids`, and
//! prints how many messages became documents.

use std::path::Path;
use std::process::ExitCode;

use mapc_vm::{Context, Instance, Lane, Limits, MemoryXref, Outcome, Program};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["lanes"] => Ok(Lane::available().into_iter().map(Lane::name).collect::<Vec<_>>().join(" ")),
        [folder, name, lane, passes] => run(Path::new(folder), name, lane, passes),
        _ => Err("words: lanes | FOLDER NAME LANE PASSES".to_owned()),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, name: &str, lane: &str, passes: &str) -> Result<String, String> {
    let read = |ending: &str| {
        let path = folder.join(format!("{name}.{ending}"));
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let passes: usize = passes.parse().map_err(|_| format!("{passes} is not a number of passes"))?;
    let program = Program::load(&read("mapb")?).map_err(|error| error.to_string())?;
    let messages = read("ndjson")?;
    let messages: Vec<&[u8]> =
        messages.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let listed = String::from_utf8(read("ids")?).map_err(|error| error.to_string())?;
    let mut ids = MemoryXref::new();
    for line in listed.lines() {
        let mut cells = line.split(',');
        if let (Some(entity), Some(key), Some(id)) = (cells.next(), cells.next(), cells.next()) {
            ids.insert(entity, key, id);
        }
    }
    let mut instance = instance(&program, lane)?;
    let context = Context::new(&ids);
    let mut delivered = 0;
    for _ in 0..passes {
        delivered = 0;
        for message in &messages {
            delivered += usize::from(matches!(instance.run(message, &context), Outcome::Deliver { .. }));
        }
    }
    Ok(format!("{delivered} of {}", messages.len()))
}

fn instance(program: &Program, lane: &str) -> Result<Instance, String> {
    let found = Lane::available().into_iter().find(|one| one.name() == lane);
    let lane = found.ok_or_else(|| format!("there is no lane {lane}"))?;
    Ok(Instance::with_lane(program, Limits::default(), lane))
}
