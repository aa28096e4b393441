//! The workspace on disk: the one place where paths of the system meet paths of the workspace.

use std::io::Read;
use std::path::{Path, PathBuf};

use mapc_driver::{Entry, Files, ReadError};

use crate::trouble::words;

/// Files below a folder; nothing outside it is ever read, not even through links.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The files below `root`, which must be a full path without links.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The full path of a workspace path.
    pub fn full(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(path) }
    }

    fn inside(&self, path: &str) -> Result<PathBuf, ReadError> {
        let full = std::fs::canonicalize(self.full(path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::Missing,
            _ => ReadError::Unreadable(words(&error)),
        })?;
        if full.starts_with(&self.root) {
            Ok(full)
        } else {
            Err(ReadError::Unreadable("it is a link that leads out of the workspace".to_owned()))
        }
    }
}

impl Files for Disk {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let full = self.inside(path)?;
        if full.is_dir() {
            return Err(ReadError::Unreadable("it is a folder".to_owned()));
        }
        let unreadable = |error: &std::io::Error| ReadError::Unreadable(words(error));
        let file = std::fs::File::open(full).map_err(|error| unreadable(&error))?;
        let mut content = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut content).map_err(|error| unreadable(&error))?;
        match u64::try_from(content.len()) {
            Ok(size) if size <= limit => Ok(content),
            _ => Err(ReadError::TooLarge),
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.inside(path).is_ok_and(|full| full.is_file())
    }

    fn list(&self, folder: &str) -> Vec<Entry> {
        let Ok(full) = self.inside(folder) else { return Vec::new() };
        let Ok(content) = std::fs::read_dir(full) else { return Vec::new() };
        let mut entries: Vec<Entry> = content
            .filter_map(Result::ok)
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                // Answers of earlier runs are no part of the workspace.
                if name == ".mapc" {
                    return None;
                }
                Some(Entry { folder: entry.path().is_dir(), name })
            })
            .collect();
        entries.sort();
        entries
    }
}

/// A path as it was typed, with `/`.
pub fn shown(path: &Path) -> String {
    let text = path
        .strip_prefix(".")
        .ok()
        .filter(|rest| !rest.as_os_str().is_empty())
        .unwrap_or(path)
        .to_string_lossy();
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() }
}

/// Every map file among these files and below these folders, each once, in order.
pub fn map_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, crate::trouble::Trouble> {
    let mut found = Vec::new();
    for path in paths {
        let about = std::fs::metadata(path)
            .map_err(|error| crate::trouble::Trouble::file("read", &shown(path), &error))?;
        if about.is_dir() {
            let before = found.len();
            below(path, 16, &mut found);
            if found.len() == before {
                let message = format!("no map below `{}`", shown(path));
                return Err(crate::trouble::Trouble::new(message).help("map files end in `.map`"));
            }
        } else {
            found.push(path.clone());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|path| seen.insert(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    Ok(found)
}

fn below(folder: &Path, depth: u32, found: &mut Vec<PathBuf>) {
    let Ok(content) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = content.filter_map(Result::ok).map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let link = entry.symlink_metadata().is_ok_and(|about| about.is_symlink());
        if entry.is_dir() {
            if depth > 0 && !hidden && !link {
                below(&entry, depth - 1, found);
            }
        } else if entry.extension().is_some_and(|ending| ending == "map") {
            found.push(entry);
        }
    }
}

/// Writes a file whole or not at all: into a neighbour first, then renamed.
///
/// # Errors
/// The system's own.
pub fn write_whole(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let Some(name) = path.file_name() else {
        return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory));
    };
    if path.is_dir() {
        return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory));
    }
    let mut neighbour = std::ffi::OsString::from(".");
    neighbour.push(name);
    neighbour.push(format!(".{}.part", std::process::id()));
    let neighbour = path.with_file_name(neighbour);
    let written = std::fs::write(&neighbour, content).and_then(|()| {
        if let Ok(about) = std::fs::metadata(path) {
            std::fs::set_permissions(&neighbour, about.permissions())?;
        }
        std::fs::rename(&neighbour, path)
    });
    if written.is_err() {
        // The first failure is the one to report; a leftover neighbour is only untidy.
        drop(std::fs::remove_file(&neighbour));
    }
    written
}
