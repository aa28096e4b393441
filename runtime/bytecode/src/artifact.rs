//! The `.mapb` file: magic, version, section table, sections, checksum. Knows where things stand, not what they mean.
//!
//! Layout, numbers with the lowest byte first: `MAPB`, major u16, minor u16, number of sections u32; per section tag u16
//! and length u32; the sections one after the other; CRC-32 of everything before it.

use std::fmt;

use crate::bytes::{Reader, Writer};
use crate::module::Module;
use crate::parts::Part;

/// First bytes of an artifact.
pub const MAGIC: [u8; 4] = *b"MAPB";
/// Major version of the format: a reader refuses a newer one.
pub const FORMAT_MAJOR: u16 = 1;
/// Minor version of the format: a reader accepts a newer one.
pub const FORMAT_MINOR: u16 = 0;

/// Tags from here on are optional: a reader keeps what it does not know.
const OPTIONAL: u16 = 0x8000;
const HEADER: usize = 12;
const ENTRY: usize = 6;
const TRAILER: usize = 4;

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

impl fmt::Display for ArtifactError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArtifactError::NotAnArtifact => {
                write!(formatter, "this is not a compiled map: a .mapb file starts with the letters MAPB")
            }
            ArtifactError::Truncated => {
                write!(formatter, "this compiled map is cut off: the file ends before its content does")
            }
            ArtifactError::Damaged(part) => write!(formatter, "this compiled map is damaged: {part}"),
            ArtifactError::Newer { found, known } => write!(
                formatter,
                "this compiled map was made by a newer mapc: it has format {}.{}, this mapc reads up to {}.{}",
                found.0, found.1, known.0, known.1
            ),
        }
    }
}

impl std::error::Error for ArtifactError {}

macro_rules! sections {
    ($($tag:literal $name:literal { $($field:ident),+ })+) => {
        fn write_sections(module: &Module) -> Vec<(u16, Vec<u8>)> {
            let mut sections = Vec::new();
            $({
                let mut writer = Writer::default();
                $(module.$field.write(&mut writer);)+
                sections.push(($tag, writer.bytes));
            })+
            sections.extend(module.extras.iter().cloned());
            sections
        }

        fn read_section(module: &mut Module, tag: u16, content: &[u8]) -> Result<(), ArtifactError> {
            match tag {
                $($tag => {
                    let mut reader = Reader::new(content);
                    $(module.$field = Part::read(&mut reader).map_err(|_| senseless($name))?;)+
                    if reader.is_done() { Ok(()) } else { Err(senseless($name)) }
                })+
                tag if tag >= OPTIONAL => {
                    module.extras.push((tag, content.to_vec()));
                    Ok(())
                }
                tag => Err(ArtifactError::Damaged(format!("section {tag} is not known to this format version"))),
            }
        }

        const REQUIRED: &[(u16, &str)] = &[$(($tag, $name)),+];
    };
}

sections! {
    1 "names" { meta }
    2 "pins" { pins }
    3 "reasons" { reasons, builtin }
    4 "constants" { constants, sets, arguments }
    5 "fragments" { fragments }
    6 "templates" { templates }
    7 "languages" { languages }
    8 "tables" { tables }
    9 "zone" { zone }
    10 "source" { source_lists, source_fields, predicates }
    11 "guards" { guards }
    12 "code" { cursors, registers, code }
    13 "delivery" { deliver, masks }
    14 "source map" { files, source_map }
}

fn senseless(section: &str) -> ArtifactError {
    ArtifactError::Damaged(format!("its section \"{section}\" makes no sense"))
}

impl Module {
    /// The artifact. The same module always gives the same bytes.
    pub fn encode(&self) -> Vec<u8> {
        let sections = write_sections(self);
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT_MAJOR.to_le_bytes());
        bytes.extend_from_slice(&FORMAT_MINOR.to_le_bytes());
        bytes.extend_from_slice(&(sections.len() as u32).to_le_bytes());
        for (tag, content) in &sections {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&(content.len() as u32).to_le_bytes());
        }
        for (_, content) in &sections {
            bytes.extend_from_slice(content);
        }
        let checksum = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The module of an artifact. Not yet verified. Never panics, never reserves more than the bytes given.
    pub fn decode(bytes: &[u8]) -> Result<Module, ArtifactError> {
        let magic = bytes.get(..MAGIC.len()).unwrap_or(bytes);
        if magic.is_empty() || !MAGIC.starts_with(magic) {
            return Err(ArtifactError::NotAnArtifact);
        }
        let major = read_u16(bytes, 4)?;
        let minor = read_u16(bytes, 6)?;
        if major > FORMAT_MAJOR {
            return Err(ArtifactError::Newer { found: (major, minor), known: (FORMAT_MAJOR, FORMAT_MINOR) });
        }
        if major == 0 {
            return Err(ArtifactError::Damaged("there is no format version 0".to_string()));
        }
        let count = read_u32(bytes, 8)? as usize;
        let table_end = count.checked_mul(ENTRY).and_then(|size| size.checked_add(HEADER));
        let table_end = table_end.ok_or(ArtifactError::Truncated)?;
        let table = bytes.get(HEADER..table_end).ok_or(ArtifactError::Truncated)?;
        let mut end = table_end;
        let mut ranges = Vec::new();
        for entry in table.chunks_exact(ENTRY) {
            let length = read_u32(entry, 2)? as usize;
            let next = end.checked_add(length).ok_or(ArtifactError::Truncated)?;
            ranges.push((read_u16(entry, 0)?, end..next));
            end = next;
        }
        let body = bytes.get(..end).ok_or(ArtifactError::Truncated)?;
        let checksum = read_u32(bytes, end)?;
        if bytes.len() != end.saturating_add(TRAILER) {
            return Err(ArtifactError::Damaged("there are bytes behind its end".to_string()));
        }
        if checksum != crc32fast::hash(body) {
            return Err(ArtifactError::Damaged("its content does not match its checksum".to_string()));
        }
        let mut module = Module::default();
        let mut seen = Vec::new();
        for (tag, range) in ranges {
            if tag < OPTIONAL && seen.contains(&tag) {
                return Err(ArtifactError::Damaged(format!("section {tag} stands twice")));
            }
            seen.push(tag);
            read_section(&mut module, tag, body.get(range).ok_or(ArtifactError::Truncated)?)?;
        }
        for (tag, name) in REQUIRED {
            if !seen.contains(tag) {
                return Err(ArtifactError::Damaged(format!("its section \"{name}\" is missing")));
            }
        }
        Ok(module)
    }
}

fn read_u16(bytes: &[u8], at: usize) -> Result<u16, ArtifactError> {
    match bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(chunk) => Ok(u16::from_le_bytes(*chunk)),
        None => Err(ArtifactError::Truncated),
    }
}

fn read_u32(bytes: &[u8], at: usize) -> Result<u32, ArtifactError> {
    match bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(chunk) => Ok(u32::from_le_bytes(*chunk)),
        None => Err(ArtifactError::Truncated),
    }
}
