//! Are we faster than hand-written Rust? One command: rivals side by side in one process and one run.

mod arguments;
mod compare;
mod contest;
mod contestant;
mod contestants;
mod data;
mod document;
mod figures;
mod goals;
mod heap;
mod instructions;
mod machine;
mod report;
mod sets;
mod turns;

use std::process::ExitCode;

use arguments::Arguments;
use contestants::Stable;
use data::Data;
use figures::Figures;
use machine::Machine;

fn main() -> ExitCode {
    match Arguments::read(std::env::args().skip(1)).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let machine = Machine::pin();
    let data = Data::open(arguments.data.as_deref())?;
    let stable = Stable::open(data.tables()?)?;
    if let Some((set, id, passes)) = &arguments.counted {
        return instructions::counted(&stable, &data.set(set)?, id, *passes);
    }
    println!("{machine:#?}");
    let quick = arguments.quick;
    let mut figures = Figures { machine, quick, rows: Vec::new(), figures: Vec::new() };
    for name in ["w1", "w2", "w3", "wx"] {
        if !arguments.wants(name) {
            continue;
        }
        let set = data.set(name)?;
        let mut entrants = stable.entrants(set.map, |_| true)?;
        let mut rows = contest::compare(&set, &mut entrants, arguments.write.as_deref())?;
        if name != "wx" {
            contest::time(&set.messages, &mut entrants, contest::plan(&set.messages, quick), &mut rows);
        }
        figures.rows.append(&mut rows);
        if matches!(name, "w1" | "w2") && !quick && arguments.wants("instructions") {
            instructions::measure(&set, data.folder(), &mut figures)?;
        }
        println!("{}", report::terminal(&figures, name));
    }
    if arguments.wants("hostile") {
        sets::hostile::measure(&stable, &data.set("w1")?, quick, &mut figures)?;
    }
    if arguments.wants("load") {
        sets::load::measure(stable.compiled("w1"), &data.set("w3")?, quick, &mut figures)?;
    }
    if arguments.wants("threads") {
        sets::threads::measure(stable.compiled("w1"), &data.set("w1")?, quick, &mut figures);
    }
    if arguments.wants("tenants") || arguments.wants("growth") {
        let set = data.set("w1")?;
        let tenants = sets::tenants::compile(if quick { 100 } else { 500 })?;
        if arguments.wants("tenants") {
            sets::tenants::measure(&tenants, &set, quick, &mut figures)?;
        }
        if arguments.wants("growth") {
            sets::growth::measure(&tenants, &set, quick, &mut figures)?;
        }
    }
    println!("{}", goals::terminal(&goals::all(&figures)));
    let json = arguments.json.clone().map_or_else(|| data.beside("bench.json"), Ok)?;
    let text = serde_json::to_string_pretty(&figures).map_err(|error| error.to_string())?;
    std::fs::write(&json, text).map_err(|error| format!("{}: {error}", json.display()))?;
    println!("figures: {}", json.display());
    arguments.markdown.as_deref().map_or(Ok(()), |path| document::rewrite(path, &figures))
}
