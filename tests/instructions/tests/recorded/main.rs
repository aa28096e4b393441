//! Do messages cost as many instructions as it is recorded? Counted by callgrind, so that no other load of the machine
//! matters; two passes minus one, so that loading and warm-up do not count.
//!
//! The record is `recorded.toml`. More than three percent above it fails; more than three percent below it is said, to be
//! recorded, so that what was won is kept. `MAPC_BLESS=1 cargo test -p mapc-instructions` writes it anew. Without valgrind
//! nothing is counted, and a line says so.

#[cfg(test)]
mod messages;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use mapc_driver::{Entry, Files, ReadError, Workspace, compile};

    use crate::messages;

    /// Instructions per message: lane, then map.
    type Record = BTreeMap<String, BTreeMap<String, u64>>;

    /// How far from the record a count may lie, in percent.
    const SLACK: f64 = 3.0;

    struct Disk(PathBuf);

    impl Files for Disk {
        fn read(&self, path: &str, _limit: u64) -> Result<Vec<u8>, ReadError> {
            std::fs::read(self.0.join(path)).map_err(|_| ReadError::Missing)
        }
        fn exists(&self, path: &str) -> bool {
            self.0.join(path).is_file()
        }
        fn list(&self, folder: &str) -> Vec<Entry> {
            let entries = std::fs::read_dir(self.0.join(folder)).into_iter().flatten().flatten();
            entries
                .map(|entry| Entry {
                    name: entry.file_name().to_string_lossy().into_owned(),
                    folder: entry.path().is_dir(),
                })
                .collect()
        }
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// Artifact, messages and ids of one map, where the counted program looks for them.
    fn lay_out(folder: &Path, name: &str, workspace: &str, map: &str, messages: &[String], ids: &str) {
        let files = Disk(root().join(workspace));
        let compilation = compile(&Workspace::default(), map, &files);
        let said: Vec<_> = compilation.diagnostics.iter().map(|one| (one.code, &one.title)).collect();
        let module = compilation.module.unwrap_or_else(|| panic!("{map}: {said:?}"));
        std::fs::write(folder.join(format!("{name}.mapb")), module.encode()).unwrap();
        std::fs::write(folder.join(format!("{name}.ndjson")), messages.join("\n")).unwrap();
        std::fs::write(folder.join(format!("{name}.ids")), ids).unwrap();
    }

    fn acme_ids() -> String {
        let mut ids = String::new();
        for entity in ["netsuite.customer", "netsuite.item"] {
            let path = root().join(format!("mappings/tenants/acme/xref/{entity}.csv"));
            for row in std::fs::read_to_string(path).unwrap().lines().skip(1) {
                writeln!(ids, "{entity},{row}").unwrap();
            }
        }
        ids
    }

    /// Builds the counted program for release, in a folder of its own.
    fn program() -> PathBuf {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "mapc-instructions",
            "--bin",
            "mapc-instructions",
        ]);
        cargo.arg("--target-dir").arg(&target).current_dir(root());
        // Counts are of a plain build, whatever the one around it is.
        for variable in
            ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_BUILD_RUSTFLAGS"]
        {
            cargo.env_remove(variable);
        }
        assert!(cargo.status().unwrap().success(), "the counted program could not be built");
        target.join("release/mapc-instructions")
    }

    /// Instructions of so many passes.
    fn passes(program: &Path, folder: &Path, name: &str, lane: &str, passes: u64) -> u64 {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).arg(folder);
        let output = valgrind.args([name, lane, &passes.to_string()]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {said}");
        let counted = said.lines().find_map(|line| line.split_once("Collected :"));
        counted.and_then(|(_, count)| count.trim().parse().ok()).unwrap_or_else(|| panic!("{name}: {said}"))
    }

    fn write(record: &Record) -> String {
        let mut out = String::from(
            "# Instructions per message, as callgrind counts them; by the way a message is read and by map.\n\
             # Written by `MAPC_BLESS=1 cargo test -p mapc-instructions`; what they are for: tests/recorded.rs.\n",
        );
        for (lane, counts) in record {
            write!(out, "\n[{lane}]\n").unwrap();
            for (name, count) in counts {
                writeln!(out, "{name} = {count}").unwrap();
            }
        }
        out
    }

    #[test]
    fn messages_cost_what_is_recorded() {
        if Command::new("valgrind").arg("--version").output().is_err() {
            println!("instructions are not counted: there is no valgrind");
            return;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("counted");
        std::fs::create_dir_all(&folder).unwrap();
        let lines = |path: &str| {
            let text = std::fs::read_to_string(root().join(path)).unwrap();
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let bench = "tests/bench/workspace";
        lay_out(&folder, "w1", bench, "w1.map", &messages::orders(40, 10), "");
        lay_out(&folder, "w2", bench, "w2.map", &messages::journal_lines(200), "");
        lay_out(&folder, "w3", bench, "w1.map", &messages::orders(1, 1000), "");
        let samples = lines("mappings/canonical/samples/sales_orders.ndjson");
        lay_out(&folder, "acme", "mappings", "tenants/acme/sales_order.map", &samples, &acme_ids());

        let program = program();
        let lanes = Command::new(&program).arg("lanes").output().unwrap();
        let lanes = String::from_utf8(lanes.stdout).unwrap();
        let mut found = Record::new();
        // Valgrind knows no AVX-512.
        for lane in lanes.split_whitespace().filter(|lane| *lane != "avx512") {
            for name in ["w1", "w2", "w3", "acme"] {
                let count = lines_of(&folder, name);
                let [once, twice] = [1, 2].map(|times| passes(&program, &folder, name, lane, times));
                found.entry(lane.to_owned()).or_default().insert(name.to_owned(), (twice - once) / count);
            }
        }

        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recorded.toml");
        if std::env::var_os("MAPC_BLESS").is_some() {
            // A lane that this machine does not have keeps its record.
            let mut record: Record = std::fs::read_to_string(&path)
                .map_or_else(|_| Record::new(), |text| toml::from_str(&text).unwrap());
            record.extend(found);
            std::fs::write(&path, write(&record)).unwrap();
            return;
        }
        let record: Record = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let mut complaints = String::new();
        for (lane, counts) in &found {
            for (name, count) in counts {
                let Some(recorded) = record.get(lane).and_then(|counts| counts.get(name)) else {
                    writeln!(complaints, "{lane} {name}: {count}, nothing recorded").unwrap();
                    continue;
                };
                let percent = (*count as f64 / *recorded as f64 - 1.0) * 100.0;
                println!("{lane:<9} {name:<5} {count:>9} instructions per message ({percent:+.1} %)");
                if percent > SLACK {
                    writeln!(complaints, "{lane} {name}: {count} instructions per message, {recorded} recorded ({percent:+.1} %): slower").unwrap();
                } else if percent < -SLACK {
                    println!("{lane} {name} became faster: MAPC_BLESS=1 records it, so that it stays so");
                }
            }
        }
        assert!(
            complaints.is_empty(),
            "{complaints}If that is meant, or another compiler is in use: MAPC_BLESS=1 cargo test -p mapc-instructions, and say why."
        );
    }

    fn lines_of(folder: &Path, name: &str) -> u64 {
        let text = std::fs::read_to_string(folder.join(format!("{name}.ndjson"))).unwrap();
        text.lines().filter(|line| !line.is_empty()).count() as u64
    }
}
