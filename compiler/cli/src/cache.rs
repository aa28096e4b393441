//! Answers of earlier runs, kept in a folder. An answer is used only when everything it rests on is still the same:
//! this very program, the question with all its options, and every answer the files gave. What is damaged, foreign or
//! stale is no answer. Knows no map: it keeps what it is given.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use mapc_driver::Files;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::reading::{Trace, hex};

/// First line of every file: raised when the layout changes.
const HEAD: &[u8] = b"mapc cache 1\n";
/// Larger files were not written by us.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A folder with answers.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    tool: String,
}

/// What is kept beside the answer, on one line before it.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    tool: String,
    question: String,
    trace: Trace,
}

impl Cache {
    /// The cache of a workspace: `.mapc/cache` in it. `None`: this program cannot tell itself from another one, or the
    /// folder is a link that leads out of the workspace.
    pub fn of_workspace(root: &Path) -> Option<Self> {
        let cache = Self { folder: root.join(".mapc").join("cache"), tool: tool()?.to_owned() };
        let outside = |path: &Path| {
            let found = std::fs::canonicalize(path);
            found.is_ok_and(|found| !found.starts_with(root))
        };
        (!outside(&root.join(".mapc")) && !outside(&cache.folder)).then_some(cache)
    }

    /// The cache in that folder.
    pub fn in_folder(folder: PathBuf) -> Option<Self> {
        Some(Self { folder, tool: tool()?.to_owned() })
    }

    /// The answer to a question, when it still holds, with the bytes that were kept beside it.
    pub fn find<A: DeserializeOwned>(&self, question: &str, files: &dyn Files) -> Option<(A, Vec<u8>)> {
        let path = self.path(question);
        let about = std::fs::metadata(&path).ok()?;
        if !about.is_file() || about.len() > LARGEST {
            return None;
        }
        let content = std::fs::read(&path).ok()?;
        let (sum, rest) = content.strip_prefix(HEAD)?.split_at_checked(32)?;
        if sum != Sha256::digest(rest).as_slice() {
            return None;
        }
        let (label, rest) = line(rest)?;
        let label: Label = serde_json::from_slice(label).ok()?;
        if label.tool != self.tool || label.question != question || !label.trace.holds(files) {
            return None;
        }
        let (answer, beside) = line(rest)?;
        Some((serde_json::from_slice(answer).ok()?, beside.to_vec()))
    }

    /// Keeps an answer. When that fails the next run works it out again: nothing else is lost.
    pub fn keep(&self, question: &str, trace: Trace, answer: &impl Serialize, beside: &[u8]) {
        drop(self.try_keep(question, trace, answer, beside));
    }

    fn try_keep(
        &self,
        question: &str,
        trace: Trace,
        answer: &impl Serialize,
        beside: &[u8],
    ) -> std::io::Result<()> {
        let label = Label { tool: self.tool.clone(), question: question.to_owned(), trace };
        let mut rest = serde_json::to_vec(&label)?;
        rest.push(b'\n');
        serde_json::to_writer(&mut rest, answer)?;
        rest.push(b'\n');
        rest.extend_from_slice(beside);
        self.open()?;
        // Another process may keep the same answer at the same time: each writes a file of its own and puts it in place
        // in one step.
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let moment = moment.map_or(0, |moment| moment.as_nanos());
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let part = self.folder.join(format!(".{}-{moment}-{count}.part", std::process::id()));
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&part)?;
        let written = file
            .write_all(HEAD)
            .and_then(|()| file.write_all(&Sha256::digest(&rest)))
            .and_then(|()| file.write_all(&rest));
        drop(file);
        let placed = written.and_then(|()| std::fs::rename(&part, self.path(question)));
        if placed.is_err() {
            drop(std::fs::remove_file(&part));
        }
        placed
    }

    /// Makes the folder, and keeps it out of version control when it is ours alone.
    fn open(&self) -> std::io::Result<()> {
        if self.folder.is_dir() {
            return Ok(());
        }
        std::fs::create_dir_all(&self.folder)?;
        let ours =
            self.folder.parent().filter(|parent| parent.file_name().is_some_and(|name| name == ".mapc"));
        match ours.map(|folder| folder.join(".gitignore")) {
            Some(ignore) if !ignore.exists() => std::fs::write(ignore, "*\n"),
            _ => Ok(()),
        }
    }

    fn path(&self, question: &str) -> PathBuf {
        self.folder.join(hex(&Sha256::digest(question.as_bytes())))
    }
}

/// What stands before and behind the first line end.
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = bytes.split_at(end);
    Some((line, rest.get(1..)?))
}

/// What tells this program from every other one: the hash of its own bytes.
fn tool() -> Option<&'static str> {
    static TOOL: OnceLock<Option<String>> = OnceLock::new();
    let own = TOOL.get_or_init(|| {
        let bytes = std::fs::read(std::env::current_exe().ok()?).ok()?;
        Some(format!("{} {}", env!("CARGO_PKG_VERSION"), hex(&Sha256::digest(bytes))))
    });
    own.as_deref()
}

#[cfg(test)]
mod tests;
