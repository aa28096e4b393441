//! `mapc fmt`

use std::io::Read;
use std::path::Path;

use mapc_diagnostics::{Diagnostic, Sources};

use crate::arguments::{Fmt, Format};
use crate::disk::{map_files, shown, write_whole};
use crate::exit::Exit;
use crate::render;
use crate::session::Session;
use crate::trouble::Trouble;

pub(super) fn run(arguments: &Fmt, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    if arguments.maps.iter().any(|map| map == Path::new("-")) {
        return stream(arguments, session);
    }
    let maps = map_files(&arguments.maps)?;
    let mut exit = Exit::Done;
    let (mut changed, mut unread) = (0_usize, 0_usize);
    for map in &maps {
        let name = shown(map);
        let bytes = read_limited(map)?;
        let Some(before) = text(&name, bytes, session) else {
            exit = Exit::Findings;
            unread += 1;
            continue;
        };
        let Some(after) = laid_out(&name, &before, session) else {
            exit = Exit::Findings;
            unread += 1;
            continue;
        };
        if after == before {
            continue;
        }
        changed += 1;
        if arguments.diff {
            session.print(&difference(&name, &before, &after))?;
        }
        if arguments.check {
            exit = Exit::Findings;
            session.say(&format!("{name} would change\n"));
        } else if !arguments.diff {
            write_whole(map, after.as_bytes()).map_err(|error| Trouble::file("write", &name, &error))?;
            session.tell(&format!("{name} laid out\n"));
        }
    }
    if session.look.format != Format::Json {
        let same = maps.len() - changed - unread;
        let verb = if arguments.check || arguments.diff { "would change" } else { "laid out" };
        let unread = if unread > 0 { format!(", {unread} could not be read") } else { String::new() };
        session.tell(&format!("{changed} {verb}, {same} already right{unread}\n"));
    }
    Ok(exit)
}

/// Standard input to standard output.
fn stream(arguments: &Fmt, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    if arguments.maps.len() > 1 {
        return Err(Trouble::new("`-` stands alone").help("write `mapc fmt -`"));
    }
    let limit = mapc_driver::MAP_LIMIT;
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| Trouble::file("read", "-", &error))?;
    let bytes = within(limit, "-", bytes)?;
    let Some(before) = text("-", bytes, session) else { return Ok(Exit::Findings) };
    let Some(after) = laid_out("-", &before, session) else { return Ok(Exit::Findings) };
    if arguments.diff {
        session.print(&difference("-", &before, &after))?;
    } else if !arguments.check {
        session.print(&after)?;
    }
    Ok(if arguments.check && after != before { Exit::Findings } else { Exit::Done })
}

fn read_limited(map: &Path) -> Result<Vec<u8>, Trouble> {
    let name = shown(map);
    let limit = mapc_driver::MAP_LIMIT;
    let mut bytes = Vec::new();
    let read =
        std::fs::File::open(map).and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes));
    read.map_err(|error| Trouble::file("read", &name, &error))?;
    within(limit, &name, bytes)
}

fn within(limit: u64, name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, Trouble> {
    match u64::try_from(bytes.len()) {
        Ok(size) if size <= limit => Ok(bytes),
        _ => Err(Trouble::new(format!("`{name}` is larger than 1 MiB, and no map is")).code("E0107")),
    }
}

fn text(name: &str, bytes: Vec<u8>, session: &mut Session<'_>) -> Option<String> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            session.say(&format!("{name}: error[E0109]: this file is not UTF-8 text, byte {}\n", at + 1));
            None
        }
    }
}

/// The text in its one layout; `None` when it cannot be read as a map, which is said.
fn laid_out(name: &str, before: &str, session: &mut Session<'_>) -> Option<String> {
    match mapc_format::format(before) {
        Ok(after) => Some(after),
        Err(diagnostics) => {
            // The diagnostics speak of file 0.
            let mut sources = Sources::new();
            sources.add(name, before);
            let errors: Vec<Diagnostic> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
            session.say(&render::for_people(&sources, &errors, &session.look.clone()));
            None
        }
    }
}

fn difference(name: &str, before: &str, after: &str) -> String {
    similar::TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(2)
        .header(name, &format!("{name} laid out"))
        .to_string()
}
