//! One file as it was read: its hash, and its text with the places of its lines. Knows no disk and no meaning.

use mapc_diagnostics::SourceFile;
use sha2::{Digest, Sha256};

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct Content {
    sha256: [u8; 32],
    text: Result<SourceFile, NotUtf8>,
}

/// Where a file is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotUtf8 {
    /// Byte, from 0.
    pub(crate) at: usize,
    /// Line of that byte, from 1.
    pub(crate) line: usize,
    /// The text with the broken bytes replaced.
    pub(crate) lossy: String,
}

impl Content {
    /// The content of the file at a workspace path.
    pub fn new(path: &str, bytes: Vec<u8>) -> Self {
        let sha256 = Sha256::digest(&bytes).into();
        let text = String::from_utf8(bytes).map(|text| SourceFile::new(path, text)).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            NotUtf8 { at, line, lossy: String::from_utf8_lossy(bytes).into_owned() }
        });
        Self { sha256, text }
    }

    /// SHA-256 of its bytes.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    pub(crate) fn text(&self) -> Result<&SourceFile, &NotUtf8> {
        self.text.as_ref()
    }
}
