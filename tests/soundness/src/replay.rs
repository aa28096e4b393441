//! Saved cases: a folder each below `tests/soundness/cases`, named for the behaviour that was wrong once.

use std::path::{Path, PathBuf};

use crate::case::Case;

/// A saved case.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Name of its folder.
    pub name: String,
    /// Schemas and map.
    pub case: Case,
    /// What was run.
    pub messages: Vec<Vec<u8>>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// All of them, in order of name.
///
/// # Errors
/// A file cannot be read.
pub fn saved() -> Result<Vec<Saved>, String> {
    let entries = std::fs::read_dir(folder()).into_iter().flatten();
    let mut places: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    places.sort();
    places.iter().map(|place| read(place)).collect()
}

fn read(place: &Path) -> Result<Saved, String> {
    let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut saved = Saved { name, case: Case::default(), messages: Vec::new() };
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in [place.to_path_buf(), place.join("tables")] {
        files.extend(std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()));
    }
    files.sort();
    for path in files.iter().filter(|path| path.is_file()) {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = path.strip_prefix(place).unwrap_or(path).to_string_lossy().replace('\\', "/");
        if file.starts_with("message") {
            saved.messages.push(bytes);
            continue;
        }
        let text = String::from_utf8(bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        match file.as_str() {
            "source.schema.json" => saved.case.source = text,
            "target.schema.json" => saved.case.target = text,
            "target.overlay.json" => saved.case.overlay = Some(text),
            "record.map" => saved.case.map = text,
            file if file.starts_with("judge-") => saved.case.judges.push(text),
            file if file.starts_with("tables/") => saved.case.tables.push((file.to_owned(), text)),
            other => return Err(format!("{}: nobody reads {other}", saved.name)),
        }
    }
    if saved.case.judges.is_empty() {
        saved.case.judges.push(saved.case.target.clone());
    }
    Ok(saved)
}
