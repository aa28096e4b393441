//! A map with everything it names, from one byte string: compiled, loaded, and run if it passes.
//!
//! The parts, with the line `%%` between them: the map, the source schema, the target schema, the overlay of the target,
//! the content of every table, and messages, one per line. Where a schema is empty the one of the documentation's
//! examples stands.

use mapc_driver::{Compilation, MemoryFiles, Workspace, compile};
use mapc_grammar::{FileId, parse_text};
use mapc_vm::Program;

use super::parts::Parts;
use super::twin::Twin;
use super::{Verdict, shelf, spans};

/// Where the map stands.
const MAP: &str = "tenants/demo/fuzz.map";

/// Compiles a map: what is said points into the texts; what passes loads, and runs as it means.
///
/// # Errors
/// One of these does not hold.
pub fn check(bytes: &[u8]) -> Verdict {
    let parts = Parts::of(bytes);
    let workspace = Workspace::default();
    let compilation = compile(&workspace, MAP, &files(&workspace, &parts));
    spans::all_inside(&compilation.diagnostics, &compilation.sources)?;
    let Compilation { checked: Some(checked), module: Some(module), .. } = &compilation else {
        return if compilation.has_errors() { Ok(()) } else { Err("no error and no module".to_owned()) };
    };
    if compilation.has_errors() {
        return Err("a module in spite of errors".to_owned());
    }
    let program = Program::load(&module.encode()).map_err(|error| error.to_string())?;
    if program.module() != module {
        return Err("the artifact holds another module".to_owned());
    }
    let mut twin = Twin::new(checked.typed(), &program);
    parts.lines(5).take(8).try_for_each(|message| twin.run(message).map(|_| ()))
}

/// The workspace: the files of the documentation's examples, and in the place of what the map names the parts.
fn files(workspace: &Workspace, parts: &Parts<'_>) -> MemoryFiles {
    let map = String::from_utf8_lossy(parts.get(0));
    let named = mapc_check::references(&parse_text(FileId(0), &map).value);
    let mut files = shelf::examples().with(MAP, parts.get(0));
    let path = |name: &Option<mapc_check::SchemaName>, beside: bool| {
        let name = name.as_ref()?;
        let version = name.version.as_deref()?;
        if beside {
            workspace.overlay_path(&name.name, version)
        } else {
            workspace.schema_path(&name.name, version)
        }
    };
    let places =
        [(path(&named.source, false), 1), (path(&named.target, false), 2), (path(&named.target, true), 3)];
    for (place, part) in places {
        if let Some(place) = place.filter(|_| !parts.get(part).trim_ascii().is_empty()) {
            files = files.with(place, parts.get(part));
        }
    }
    if let Some(tenant) = &named.tenant {
        files = files.with(format!("{}/here", workspace.tenant_folder(tenant)), "");
    }
    for (table, _) in named.tables.iter().filter(|_| !parts.get(4).is_empty()) {
        if let Ok(place) = mapc_driver::join_path(mapc_driver::folder_of(MAP), table) {
            files = files.with(place, parts.get(4));
        }
    }
    files
}
