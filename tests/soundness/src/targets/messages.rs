//! A map of the shelf on any bytes as a message.
//!
//! The first byte says which map, the rest is the message. A new map on the shelf takes over a few of the 256 numbers
//! and leaves the others alone.

use std::sync::LazyLock;

use mapc_model::member::Reading;

use super::Verdict;
use super::shelf::{self, Ready};
use super::twin::Twin;

static SHELF: LazyLock<Vec<Ready>> = LazyLock::new(shelf::all);

/// Compiles the shelf, which takes longer than any message may.
pub fn prepare() {
    LazyLock::force(&SHELF);
}

/// Runs a message: the vm and the reference interpreter agree, a reason is one of the list, and a document is valid
/// against the target schema.
///
/// # Errors
/// One of these does not hold.
pub fn run(bytes: &[u8]) -> Verdict {
    let Some((number, message)) = bytes.split_first() else { return Ok(()) };
    let weight = |ready: &&Ready| crc32fast::hash(format!("{number} {}", ready.name).as_bytes());
    let Some(ready) = SHELF.iter().max_by_key(weight) else { return Err("the shelf is empty".to_owned()) };
    let mut twin = Twin::new(ready.checked.typed(), &ready.program);
    let ended = twin.run(message).and_then(|document| match document {
        Some(document) => judge(ready, &document),
        None => Ok(()),
    });
    ended.map_err(|why| format!("{}: {why}", ready.name))
}

fn judge(ready: &Ready, document: &[u8]) -> Verdict {
    if ready.judge.accepts(document, Reading::Both)? {
        Ok(())
    } else {
        Err(format!("the target schema refuses {}", String::from_utf8_lossy(document)))
    }
}
