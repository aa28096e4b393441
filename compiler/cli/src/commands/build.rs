//! `mapc build`

use crate::arguments::Build;
use crate::disk::{shown, write_whole};
use crate::exit::Exit;
use crate::session::Session;
use crate::trouble::Trouble;

pub(super) fn run(arguments: &Build, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let compiled = super::compile(&arguments.map)?;
    let exit = super::show(&compiled, session)?;
    let Some(module) = &compiled.compilation.module else { return Ok(exit) };
    let output = arguments.output.clone().unwrap_or_else(|| arguments.map.with_extension("mapb"));
    if is_same_file(&output, &arguments.map) {
        return Err(Trouble::new(format!("`{}` is the map itself", shown(&output)))
            .help("name another file behind `--output`; compiled maps end in `.mapb`"));
    }
    let bytes = module.encode();
    write_whole(&output, &bytes).map_err(|error| Trouble::file("write", &shown(&output), &error))?;
    session.tell(&format!("{} written, {} bytes\n", shown(&output), bytes.len()));
    Ok(exit)
}

/// Both paths lead to one file that is there.
pub(super) fn is_same_file(left: &std::path::Path, right: &std::path::Path) -> bool {
    match (std::fs::canonicalize(left), std::fs::canonicalize(right)) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}
