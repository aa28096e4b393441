//! Where things are in this repository.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A file of the repository as text.
///
/// # Errors
/// It cannot be read.
pub fn text(path: &str) -> Result<String, String> {
    let bytes = bytes(path)?;
    String::from_utf8(bytes).map_err(|error| format!("{path}: {error}"))
}

/// A file of the repository.
///
/// # Errors
/// It cannot be read.
pub fn bytes(path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// Every file below a folder of the repository whose name has that ending, in order; build output and hidden folders
/// are left out.
pub fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(folder.trim_end_matches('/'), ending, &mut found);
    found.sort();
    found
}

fn collect(folder: &str, ending: &str, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(root().join(folder)) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && name != "target" && !name.starts_with('.') => {
                collect(&path, ending, found);
            }
            Ok(kind) if kind.is_file() && name.ends_with(ending) => found.push(path),
            _ => {}
        }
    }
}
