//! Measures how `mapc check`, `build` and `run` grow with their input, and prints one table for each. Not part of any test
//! command: `docs/scale.md` says how to run it.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use mapc_harness::folder::Folder;
use mapc_harness::scale::{self, Target};
use mapc_vm::{Context, Instance, MemoryXref, Program};

const USAGE: &str = "usage: mapc-scale compile [SIZES]      tenants, for example 10,100,1000\n       \
                     mapc-scale stream [MEGABYTES]   a file of so many megabytes\n       \
                     mapc-scale first                the first finding of a map of 500 lines\n";

fn main() -> ExitCode {
    let mut words: Vec<OsString> = std::env::args_os().collect();
    // The program under measurement is this one: it begins anew with `mapc` as its first word.
    if words.get(1).is_some_and(|word| word == "mapc") {
        words.remove(0);
        return ExitCode::from(mapc::main(words));
    }
    let word = |at: usize| words.get(at).map(|word| word.to_string_lossy().into_owned());
    let done = match (word(1).as_deref(), word(2)) {
        (Some("compile"), sizes) => compile(&sizes.unwrap_or_else(|| "10,100,1000".to_owned())),
        (Some("stream"), size) => stream(size.and_then(|size| size.parse().ok()).unwrap_or(1000)),
        (Some("first"), None) => first(),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprint!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// What one call cost.
struct Cost {
    time: Duration,
    /// Most memory that was resident, in megabytes; 0 where the system does not tell.
    peak: f64,
    code: i32,
    said: String,
}

/// Runs `mapc` in a folder.
fn call(place: &Path, arguments: &[&str]) -> Result<Cost, String> {
    let words = |error: std::io::Error| format!("mapc {}: {error}\n", arguments.join(" "));
    let said = place.join("said.txt");
    let file = std::fs::File::create(&said).map_err(words)?;
    let own = std::env::current_exe().map_err(words)?;
    let started = Instant::now();
    let mut child = Command::new(own)
        .arg("mapc")
        .args(arguments)
        .current_dir(place)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file)
        .spawn()
        .map_err(words)?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    let code = loop {
        if let Some(mark) = std::fs::read_to_string(&status).ok().and_then(|text| high_water(&text)) {
            peak = peak.max(mark);
        }
        if let Some(code) = child.try_wait().map_err(words)? {
            break code.code().unwrap_or(-1);
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let time = started.elapsed();
    let text = std::fs::read_to_string(&said).map_err(words)?;
    std::fs::remove_file(&said).map_err(words)?;
    Ok(Cost { time, peak, code, said: text })
}

/// `VmHWM:     12345 kB`, in megabytes.
fn high_water(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
}

fn compile(sizes: &str) -> Result<(), String> {
    let sizes: Vec<usize> = sizes.split(',').map_while(|size| size.parse().ok()).collect();
    for (name, target) in [("NetSuite", Target::NetSuite), ("5,000 fields", Target::Wide(5000))] {
        println!("{name}\n");
        println!("| tenants | command | cold | per map | peak | warm | per map | peak | one core, cold |");
        println!("|---|---|---|---|---|---|---|---|---|");
        for size in &sizes {
            let Some(folder) = scale::workspace(target, *size)? else {
                println!("the description of {name} is not there: skipped");
                break;
            };
            let place = temporary()?;
            folder.write_to(&place)?;
            for command in ["check", "build"] {
                let cold = call(&place, &[command, "."])?;
                let warm = call(&place, &[command, "."])?;
                let one = call(&place, &[command, ".", "--jobs", "1", "--no-cache"])?;
                if [&cold, &warm, &one].iter().any(|cost| cost.code != 0) {
                    return Err(cold.said);
                }
                if cold.said != warm.said || cold.said != one.said {
                    return Err("warm, cold and one core do not say the same\n".to_owned());
                }
                let each = |cost: &Cost| cost.time.as_secs_f64() * 1000.0 / *size as f64;
                println!(
                    "| {size} | {command} | {:.2} s | {:.2} ms | {:.0} MB | {:.2} s | {:.2} ms | {:.0} MB | {:.2} s |",
                    cold.time.as_secs_f64(),
                    each(&cold),
                    cold.peak,
                    warm.time.as_secs_f64(),
                    each(&warm),
                    warm.peak,
                    one.time.as_secs_f64()
                );
            }
            std::fs::remove_dir_all(&place).map_err(|error| error.to_string())?;
        }
        println!();
    }
    Ok(())
}

/// How long the first finding of a large map takes.
fn first() -> Result<(), String> {
    let place = temporary()?;
    let Some(mut folder) = scale::workspace(Target::Wide(5000), 1)? else { return Ok(()) };
    let map = scale::wide_map(0, 5000, 500);
    let lines = map.lines().count();
    folder.put(&scale::map_path(0), map.replacen("= order.amount", "= order.amuont", 1));
    folder.write_to(&place)?;
    let mut times = Vec::new();
    for _ in 0..11 {
        let cost = call(&place, &["check", ".", "--no-cache"])?;
        if cost.code != 1 {
            return Err(cost.said);
        }
        times.push(cost.time);
    }
    times.sort();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    println!(
        "a map of {lines} lines, 5,000 target fields, one slip: {:.0} ms",
        middle.as_secs_f64() * 1000.0
    );
    std::fs::remove_dir_all(&place).map_err(|error| error.to_string())
}

/// A file of sample orders, run in memory and from the disk.
fn stream(megabytes: usize) -> Result<(), String> {
    let words = |error: std::io::Error| format!("{error}\n");
    let place = temporary()?;
    let folder = Folder::copy_of("mappings")?;
    folder.write_to(&place)?;
    let samples = folder.get("canonical/samples/sales_orders.ndjson")?.to_vec();
    let copies = (megabytes * 1_000_000).div_ceil(samples.len().max(1));
    let built = call(&place, &["build", "tenants/acme/sales_order.map", "-o", "acme.mapb"])?;
    if built.code != 0 {
        return Err(built.said);
    }
    {
        let mut file = std::io::BufWriter::with_capacity(
            1 << 20,
            std::fs::File::create(place.join("orders.ndjson")).map_err(words)?,
        );
        for _ in 0..copies {
            std::io::Write::write_all(&mut file, &samples).map_err(words)?;
        }
    }
    let bytes = samples.len() * copies;
    let rate = |bytes: usize, time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    // In memory: the same messages, again and again, on one core and with nothing around.
    let program = Program::load(&std::fs::read(place.join("acme.mapb")).map_err(words)?)
        .map_err(|error| format!("{error}\n"))?;
    let mut ids = MemoryXref::new();
    for (entity, key, id) in folder.ids("acme") {
        ids.insert(entity, key, id);
    }
    let mut instance = Instance::new(&program);
    let messages: Vec<&[u8]> = samples.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let rounds = (copies / 4).clamp(1, 2000);
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        for _ in 0..rounds {
            for message in &messages {
                std::hint::black_box(instance.run(message, &Context::new(&ids)));
            }
        }
        best = best.min(started.elapsed());
    }
    let memory = rate(samples.len() * rounds, best);
    println!("{:.0} MB of sample orders, {} messages\n", bytes as f64 / 1e6, messages.len() * copies);
    println!("| how | MB/s | of the rate in memory | peak |\n|---|---|---|---|");
    println!("| in memory, one core | {memory:.0} | 100 % | |");
    let mut outputs: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for (jobs, out) in [("1", "/dev/null"), ("2", "/dev/null"), ("1", "out.ndjson"), ("2", "out.ndjson")] {
        let mut arguments =
            vec!["run", "acme.mapb", "--in", "orders.ndjson", "--jobs", jobs, "--out", out, "-q"];
        let xref = ids_file(&folder, &place)?;
        arguments.extend(["--xref", xref.as_str()]);
        if out != "/dev/null" {
            arguments.extend(["--rejects", "rejects.ndjson"]);
        }
        let cost = call(&place, &arguments)?;
        if cost.code != 0 {
            return Err(cost.said);
        }
        let found = rate(bytes, cost.time);
        println!(
            "| `--jobs {jobs}`, into {} | {found:.0} | {:.0} % | {:.0} MB |",
            if out == "/dev/null" { "nothing" } else { "two files" },
            found / memory * 100.0,
            cost.peak
        );
        if out != "/dev/null" {
            let digest = |path: &str| ends_of(&place.join(path)).map_err(words);
            outputs.push((digest(out)?, digest("rejects.ndjson")?));
        }
    }
    if outputs.windows(2).any(|pair| matches!(pair, [one, two] if one != two)) {
        return Err("one job and two do not write the same\n".to_owned());
    }
    std::fs::remove_dir_all(&place).map_err(words)
}

/// Size, first and last stretch of a file: two runs that differ in order differ there.
fn ends_of(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    let mut found = size.to_le_bytes().to_vec();
    let stretch = 4 << 20;
    for part in 0..5 {
        file.seek(SeekFrom::Start(size.saturating_sub(stretch) / 4 * part))?;
        Read::by_ref(&mut file).take(stretch).read_to_end(&mut found)?;
    }
    Ok(found)
}

fn ids_file(folder: &Folder, place: &Path) -> Result<String, String> {
    let mut text = "entity,key,id\n".to_owned();
    for (entity, key, id) in folder.ids("acme") {
        text.push_str(&format!("{entity},{key},{id}\n"));
    }
    std::fs::write(place.join("ids.csv"), text).map_err(|error| error.to_string())?;
    Ok("ids.csv".to_owned())
}

fn temporary() -> Result<std::path::PathBuf, String> {
    let place = std::env::temp_dir().join(format!("mapc-scale-{}", std::process::id()));
    std::fs::create_dir_all(&place).map_err(|error| error.to_string())?;
    std::fs::canonicalize(&place).map_err(|error| error.to_string())
}
