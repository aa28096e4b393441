//! Workload W1 side by side: a compiled map in the vm, and serde structs as a good engineer would write them.
//!
//! `cargo run --release -- DATA` where DATA holds `w1.ndjson` and `tables.json` as made by the workload generator. Prints
//! nanoseconds per message (median of the rounds, contestants taking turns) and the ratio. With `--documents FILE` it
//! writes what the map makes of every message instead, for the semantic comparison.

mod owned;
mod turns;

use std::path::Path;
use std::process::ExitCode;

use mapc_driver::{Entry, Files, ReadError, Workspace, compile};
use mapc_vm::{Context, Instance, MemoryXref, Outcome, Program};

/// Files below the workspace of the benchmark.
struct Below(std::path::PathBuf);

impl Files for Below {
    fn read(&self, path: &str, _limit: u64) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path)).map_err(|_| ReadError::Missing)
    }
    fn exists(&self, path: &str) -> bool {
        self.0.join(path).is_file()
    }
    fn list(&self, _folder: &str) -> Vec<Entry> {
        Vec::new()
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let data = arguments.first().ok_or("name the folder with w1.ndjson and tables.json")?;
    let read = |name: &str| std::fs::read(Path::new(data).join(name)).map_err(|error| format!("{name}: {error}"));
    let messages: Vec<Box<[u8]>> =
        read("w1.ndjson")?.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(Into::into).collect();
    let tables: owned::Tables = serde_json::from_slice(&read("tables.json")?).map_err(|error| error.to_string())?;

    let below = Below(Path::new(env!("CARGO_MANIFEST_DIR")).join("workspace"));
    let started = std::time::Instant::now();
    let compilation = compile(&Workspace::default(), "w1.map", &below);
    let compiled = started.elapsed();
    let Some(module) = compilation.module else {
        return Err(compilation.diagnostics.iter().map(|one| format!("{} {}\n", one.code, one.title)).collect());
    };
    let artifact = module.encode();
    let started = std::time::Instant::now();
    let program = Program::load(&artifact).map_err(|error| error.to_string())?;
    let loaded = started.elapsed();
    let ids = MemoryXref::new();
    let context = Context::new(&ids);
    let mut instance = Instance::new(&program);

    if let Some(at) = arguments.iter().position(|word| word == "--documents") {
        let path = arguments.get(at + 1).ok_or("--documents needs a file")?;
        let mut all = Vec::new();
        for message in &messages {
            if let Outcome::Deliver { document, .. } = instance.run(message, &context) {
                all.extend_from_slice(document);
            }
            all.push(b'\n');
        }
        return std::fs::write(path, all).map_err(|error| error.to_string());
    }

    let mut out = Vec::new();
    let mut contestants: Vec<turns::Contestant> = vec![
        turns::Contestant::new("serde structs, owned", |message: &[u8]| {
            owned::map(message, &tables, &mut out).map(|()| out.len()).unwrap_or(0)
        }),
        turns::Contestant::new("mapc", move |message: &[u8]| match instance.run(message, &context) {
            Outcome::Deliver { document, .. } => document.len(),
            _ => 0,
        }),
    ];
    let results = turns::take(&mut contestants, &messages, 40);
    let bytes: usize = messages.iter().map(|message| message.len()).sum();
    let mean = bytes as f64 / messages.len() as f64;
    println!("W1: {} messages, mean {mean:.0} bytes; map compiled in {compiled:?}, artifact of {} bytes loaded in {loaded:?}", messages.len(), artifact.len());
    let first = results.first().map_or(1.0, |result| result.nanoseconds);
    for result in &results {
        println!(
            "{:<24} {:>8.0} ns per message  {:>7.1} MB/s  {:>5.2} x",
            result.name,
            result.nanoseconds,
            mean * 1000.0 / result.nanoseconds,
            first / result.nanoseconds
        );
        if result.empty > 0 {
            return Err(format!("{} made no document of {} messages", result.name, result.empty));
        }
    }
    Ok(())
}
