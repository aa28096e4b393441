//! The messages and what must come of them: made by the workload generator when they are not there. Knows no contestant.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

/// A set of messages with the documents that must come of them.
pub struct Set {
    /// `w1`, `w2`, `w3`, `wx`.
    pub name: &'static str,
    /// Which map: `w1` or `w2`.
    pub map: &'static str,
    /// Each in a heap block of its own.
    pub messages: Vec<Box<[u8]>>,
    /// As the oracle wrote them.
    pub expected: Vec<Box<[u8]>>,
}

impl Set {
    /// Bytes of a message, on average.
    pub fn mean(&self) -> f64 {
        mean(&self.messages)
    }
}

/// Bytes of a message, on average.
pub fn mean(messages: &[Box<[u8]>]) -> f64 {
    messages.iter().map(|message| message.len()).sum::<usize>() as f64 / messages.len() as f64
}

/// Sets with their map and the first half of their SHA-256, as the workload's definition gives it.
const SETS: [(&str, &str, &str); 4] = [
    ("w1", "w1", "1261f06ae97336ce"),
    ("w2", "w2", "8a502a42d29e07a3"),
    ("w3", "w1", "06354a2f4c9b2a47"),
    ("wx", "w1", "284c0e66ff31e4e1"),
];

/// The code tables: name to code to value.
pub type Tables = HashMap<String, HashMap<String, String>>;

/// The folder of the messages.
pub struct Data {
    folder: PathBuf,
}

impl Data {
    /// Opens the folder; makes what is not there.
    pub fn open(folder: Option<&Path>) -> Result<Self, String> {
        let folder = folder.map_or_else(|| target("bench-data"), |folder| Ok(folder.to_path_buf()))?;
        let data = Self { folder };
        if SETS.iter().any(|(name, ..)| !data.path(&format!("{name}.expected.ndjson")).is_file()) {
            data.make()?;
        }
        Ok(data)
    }

    /// Where the messages lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file of the target folder.
    pub fn beside(&self, name: &str) -> Result<PathBuf, String> {
        target(name)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn make(&self) -> Result<(), String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench");
        let tools = std::env::var_os("MAPC_BENCH").map_or(root, PathBuf::from);
        let python = |arguments: &[&std::ffi::OsStr]| {
            let output = Command::new("python3").args(arguments).output();
            let output = output.map_err(|error| format!("python3: {error}"))?;
            let said = || String::from_utf8_lossy(&output.stderr).into_owned();
            if output.status.success() { Ok(output.stdout) } else { Err(said()) }
        };
        eprintln!("making the messages in {}", self.folder.display());
        std::fs::create_dir_all(&self.folder).map_err(|error| error.to_string())?;
        python(&[tools.join("gen.py").as_os_str(), self.folder.as_os_str()])?;
        for (name, map, _) in SETS {
            let tables = self.path("tables.json");
            let input = self.path(&format!("{name}.ndjson"));
            let oracle = tools.join("ref.py");
            let expected =
                python(&[oracle.as_os_str(), tables.as_os_str(), input.as_os_str(), map.as_ref()])?;
            let into = self.path(&format!("{name}.expected.ndjson"));
            std::fs::write(into, expected).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// The code tables.
    pub fn tables(&self) -> Result<Tables, String> {
        serde_json::from_slice(&read(&self.path("tables.json"))?).map_err(|error| error.to_string())
    }

    /// A set by its name.
    pub fn set(&self, wanted: &str) -> Result<Set, String> {
        let set = SETS.iter().find(|(name, ..)| *name == wanted);
        let &(name, map, hash) = set.ok_or_else(|| format!("there is no set {wanted}"))?;
        let input = read(&self.path(&format!("{name}.ndjson")))?;
        let found: String = Sha256::digest(&input).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        if found != hash {
            return Err(format!("{name}.ndjson is not the workload: {found}, expected {hash}"));
        }
        let expected = lines(&read(&self.path(&format!("{name}.expected.ndjson")))?);
        Ok(Set { name, map, messages: lines(&input), expected })
    }
}

/// A path in the target folder.
fn target(name: &str) -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = program.ancestors().nth(2).ok_or("the program lies in no target folder")?;
    Ok(folder.join(name))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn lines(bytes: &[u8]) -> Vec<Box<[u8]>> {
    bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(Into::into).collect()
}
