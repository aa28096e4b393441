//! What an answer must rest on to hold, and what is no answer.

use std::path::Path;

use mapc_driver::{Files, MemoryFiles};
use serde::{Deserialize, Serialize};

use super::Cache;
use crate::disk::Disk;
use crate::reading::{Reading, Trace, Traced};

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told(String);

fn cache(folder: &Path, tool: &str) -> Cache {
    Cache { folder: folder.join("kept"), tool: tool.to_owned() }
}

fn files(text: &str) -> MemoryFiles {
    MemoryFiles::new().with("a.json", text)
}

/// What is asked of a workspace with the file `a.json`.
fn trace(folder: &Path, text: &str) -> Trace {
    let root = std::fs::canonicalize(folder).unwrap().join("workspace");
    std::fs::create_dir_all(&root).unwrap();
    std::fs::write(root.join("a.json"), text).unwrap();
    let reading = Reading::new(Disk::new(root), &mapc_driver::Workspace::default());
    let traced = Traced::new(&reading);
    traced.content("a.json", 100).unwrap();
    assert!(!traced.exists("b.json"));
    assert!(traced.list("c").is_empty());
    traced.trace()
}

#[test]
fn an_answer_holds_while_everything_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let cache = cache(folder.path(), "this");
    let found = |question: &str, files: &MemoryFiles| cache.find::<Told>(question, files);
    assert_eq!(found("q", &files("1")), None);
    cache.keep("q", trace(folder.path(), "1"), &Told("yes".to_owned()), b"beside\n\xff");
    assert_eq!(found("q", &files("1")), Some((Told("yes".to_owned()), b"beside\n\xff".to_vec())));
    assert_eq!(found("other", &files("1")), None, "another question");
    assert_eq!(found("q", &files("2")), None, "another content");
    assert_eq!(found("q", &files(&"1".repeat(200))), None, "over the limit it was read with");
    assert_eq!(found("q", &MemoryFiles::new()), None, "the file is gone");
    assert_eq!(found("q", &files("1").with("b.json", "")), None, "a file that was not there");
    assert_eq!(found("q", &files("1").with("c/d", "")), None, "a folder that was empty");
    assert_eq!(self::cache(folder.path(), "that").find::<Told>("q", &files("1")), None, "another program");
    cache.keep("q", trace(folder.path(), "2"), &Told("no".to_owned()), b"");
    assert_eq!(found("q", &files("2")), Some((Told("no".to_owned()), Vec::new())));
}

#[test]
fn what_is_damaged_is_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let cache = cache(folder.path(), "this");
    cache.keep("q", trace(folder.path(), "1"), &Told("yes".to_owned()), b"beside");
    let path = cache.path("q");
    let whole = std::fs::read(&path).unwrap();
    let found = || cache.find::<Told>("q", &files("1"));
    for at in 0..whole.len() {
        let mut other = whole.clone();
        other[at] ^= 0x20;
        std::fs::write(&path, &other).unwrap();
        assert_eq!(found(), None, "byte {at}");
        std::fs::write(&path, &whole[..at]).unwrap();
        assert_eq!(found(), None, "cut off at {at}");
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(found(), None, "a folder");
    cache.keep("q", trace(folder.path(), "1"), &Told("yes".to_owned()), b"");
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(found().map(|(told, _)| told), Some(Told("yes".to_owned())));
    let left: Vec<_> = std::fs::read_dir(folder.path().join("kept")).unwrap().collect();
    assert_eq!(left.len(), 1, "no part of a file stays: {left:?}");
}

#[test]
fn many_writers_leave_a_whole_answer() {
    let folder = tempfile::tempdir().unwrap();
    let cache = cache(folder.path(), "this");
    let trace = trace(folder.path(), "1");
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (cache, trace) = (&cache, trace.clone());
            scope.spawn(move || {
                for round in 0..50 {
                    let told = Told(format!("{writer} {round} ").repeat(100));
                    cache.keep("q", trace.clone(), &told, told.0.as_bytes());
                    let (found, beside) = cache.find::<Told>("q", &files("1")).unwrap();
                    assert_eq!(found.0.as_bytes(), beside);
                }
            });
        }
    });
}

#[test]
fn the_cache_of_a_workspace_does_not_leave_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = std::fs::canonicalize(folder.path()).unwrap();
    assert!(Cache::of_workspace(&root).is_some());
    #[cfg(unix)]
    {
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), root.join(".mapc")).unwrap();
        assert!(Cache::of_workspace(&root).is_none());
    }
}
