//! Files that are not part of the project: suites and vendor schemas beside the checkout. Absent is said, never passed.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of a suite, if it is there: beside the checkout, or where `MAPC_SUITES` points.
pub fn suite(name: &str) -> Option<PathBuf> {
    folder("MAPC_SUITES", "suites").map(|found| found.join(name)).filter(|found| found.is_dir())
}

/// The folder of the vendor schemas, if it is there: beside the checkout, or where `MAPC_SPECS` points.
pub fn specs() -> Option<PathBuf> {
    folder("MAPC_SPECS", "specs")
}

fn folder(variable: &str, name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    let found = std::env::var_os(variable).map_or_else(beside, PathBuf::from);
    found.is_dir().then_some(found)
}

/// All files of an ending below a folder, in order.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|own| own == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The long version is asked for (`MAPC_SOAK=1`).
pub fn is_soak() -> bool {
    std::env::var_os("MAPC_SOAK").is_some_and(|value| value == "1")
}
