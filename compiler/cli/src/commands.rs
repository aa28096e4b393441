//! One file per command.

mod build;
mod check;
mod completions;
mod explain;
mod fmt;
mod init;
mod inspect;
mod run;
mod sample;
mod schema;
mod test;

use std::path::Path;

use mapc_driver::Compilation;

use crate::answer::{Answer, Wanted, machine_output};
use crate::arguments::{Command, Format, Schema};
use crate::config::{Place, place_of};
use crate::exit::Exit;
use crate::render;
use crate::session::Session;
use crate::trouble::Trouble;

/// Runs a command.
///
/// # Errors
/// The command could not do its work.
pub fn run(command: Command, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    match command {
        Command::Check(arguments) => check::run(&arguments, session),
        Command::Build(arguments) => build::run(&arguments, session),
        Command::Run(arguments) => run::run(&arguments, session),
        Command::Sample(arguments) => sample::run(&arguments, session),
        Command::Test(arguments) => test::run(&arguments, session),
        Command::Fmt(arguments) => fmt::run(&arguments, session),
        Command::Explain(arguments) => explain::run(&arguments, session),
        Command::Inspect(arguments) => inspect::run(&arguments, session),
        Command::Schema(Schema::Lint(arguments)) => schema::run(&arguments, session),
        Command::Init(arguments) => init::run(&arguments, session),
        Command::Completions(arguments) => completions::run(&arguments, session),
    }
}

/// A map, compiled.
struct Compiled {
    place: Place,
    /// Path in the workspace.
    path: String,
    compilation: Compilation,
}

/// Compiles the map at a path as it was typed.
fn compile(path: &Path) -> Result<Compiled, Trouble> {
    compile_with(path, mapc_driver::compile)
}

/// The same, with the gaps that nothing answers left open besides: to search for messages that show them.
fn compile_open(path: &Path) -> Result<Compiled, Trouble> {
    compile_with(path, mapc_driver::compile_open)
}

type Compiler = fn(&mapc_driver::Workspace, &str, &dyn mapc_driver::Files) -> Compilation;

fn compile_with(path: &Path, compiler: Compiler) -> Result<Compiled, Trouble> {
    let (place, inside) = place_of(path)?;
    if path.is_dir() {
        let trouble =
            Trouble::new(format!("`{}` is a folder, and one map is needed", crate::disk::shown(path)));
        return Err(trouble.help("name a file that ends in `.map`"));
    }
    let compilation = compiler(&place.workspace, &inside, &place.disk);
    Ok(Compiled { place, path: inside, compilation })
}

/// Shows what there is to say about a compilation, and whether an error is among it. JSON goes to standard
/// output in the form of `check`.
fn show(compiled: &Compiled, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let compilation = &compiled.compilation;
    let failed = compilation.has_errors();
    if session.look.format == Format::Json {
        if failed {
            let answer = Answer::new(&compiled.path, compilation, &Wanted::default(), &session.look);
            session.print(&machine_output(&[answer]))?;
        }
    } else {
        let text = render::for_people(&compilation.sources, &compilation.diagnostics, &session.look);
        session.say(&text);
        if failed {
            let counted = render::counted(&compilation.diagnostics);
            session.tell(&format!("{}  fails: {counted}\n", compiled.path));
        }
    }
    Ok(if failed { Exit::Findings } else { Exit::Done })
}

/// A compiled map that is not one, in the words of its page.
fn broken_artifact(path: &Path, error: &dyn std::fmt::Display) -> Trouble {
    Trouble::new(format!("`{}` cannot be used: {error}", crate::disk::shown(path)))
        .code("E0908")
        .help("build the map again with this mapc; `mapc explain E0908` says more")
}

/// The path names a compiled map.
fn is_artifact(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("mapb"))
}

/// Reads a compiled map.
fn read_artifact(path: &Path) -> Result<Vec<u8>, Trouble> {
    std::fs::read(path).map_err(|error| Trouble::file("read", &crate::disk::shown(path), &error))
}
