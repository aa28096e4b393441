//! The `.mapb` file.
/// First bytes of an artifact.
pub const MAGIC: [u8; 4] = *b"MAPB";
/// Readers refuse a newer one.
pub const FORMAT_MAJOR: u16 = 1;
/// Readers accept a newer one.
pub const FORMAT_MINOR: u16 = 0;
use crate::module::Module;
/// Why bytes are not an artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArtifactError {
    /// It does not start as one.
    NotAnArtifact,
    /// It ends early.
    Truncated,
    /// Its content does not match its checksum, or makes no sense; names the part.
    Damaged(String),
    /// A newer compiler made it.
    Newer {
        /// Version of the file.
        found: (u16, u16),
        /// Newest version this reader knows.
        known: (u16, u16),
    },
}
impl Module {
    /// The artifact.
    pub fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
    /// The module of an artifact. Not yet verified.
    pub fn decode(_bytes: &[u8]) -> Result<Module, ArtifactError> {
        Err(ArtifactError::NotAnArtifact)
    }
}
