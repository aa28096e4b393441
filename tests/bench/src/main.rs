//! Are we faster than hand-written Rust? One command: rivals side by side in one process and one run.

mod arguments;
mod compare;
mod contest;
mod contestant;
mod contestants;
mod data;
mod figures;
mod heap;
mod machine;
mod report;
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
    println!("{machine:#?}");
    let mut figures = Figures { machine, quick: arguments.quick, rows: Vec::new(), figures: Vec::new() };
    for name in ["w1", "w2", "w3", "wx"] {
        if arguments.wants(name) {
            let set = data.set(name)?;
            let mut entrants = stable.everyone(set.map)?;
            let mut rows = contest::compare(&set, &mut entrants, arguments.write.as_deref())?;
            if name != "wx" {
                contest::time(&set.messages, &mut entrants, contest::plan(&set.messages, arguments.quick), &mut rows);
            }
            figures.rows.append(&mut rows);
            println!("{}", report::terminal(&figures, name));
        }
    }
    Ok(())
}
