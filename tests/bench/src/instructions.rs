//! Instructions per message, counted by callgrind: this program runs itself below it, with one contestant, once with one pass
//! and once with two. Valgrind knows no AVX-512.

use std::process::Command;

use crate::contestants::Stable;
use crate::data::Set;
use crate::figures::Figures;

/// Messages that are counted: every so many-th.
fn sample(set: &Set) -> impl Iterator<Item = &[u8]> {
    set.messages.iter().step_by((set.messages.len() / 100).max(1)).map(|message| &**message)
}

/// The run below callgrind.
pub fn counted(stable: &Stable, set: &Set, id: &str, passes: usize) -> Result<(), String> {
    let mut entrants = stable.entrants(set.map, |one| one == id)?;
    let entrant = entrants.first_mut().ok_or_else(|| format!("there is no contestant {id}"))?;
    for _ in 0..passes {
        for message in sample(set) {
            std::hint::black_box(entrant.contestant.map(message));
        }
    }
    Ok(())
}

/// Completes the rows of a set.
pub fn measure(set: &Set, data: &std::path::Path, figures: &mut Figures) -> Result<(), String> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("instructions are not counted: there is no valgrind");
        return Ok(());
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let count = sample(set).count() as f64;
    let rows = figures.rows.iter_mut().filter(|row| row.set == set.name && row.id != "avx512");
    for row in rows {
        let mut passes = [0.0; 2];
        for (at, figure) in passes.iter_mut().enumerate() {
            let mut valgrind = Command::new("valgrind");
            valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&program);
            valgrind.arg("--data").arg(data).args(["instructions", set.name, &row.id, &(at + 1).to_string()]);
            let output = valgrind.output().map_err(|error| error.to_string())?;
            let said = String::from_utf8_lossy(&output.stderr);
            let counted = said.lines().find_map(|line| line.split_once("Collected :"));
            let counted = counted.and_then(|(_, count)| count.trim().parse().ok());
            *figure = counted.ok_or_else(|| format!("{} below callgrind: {said}", row.id))?;
        }
        row.instructions = Some((passes[1] - passes[0]) / count);
    }
    Ok(())
}
