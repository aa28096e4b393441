//! Ours: maps compiled by the driver, artifacts loaded and verified by the runtime. Everything through their public faces.

use std::path::Path;

use mapc_driver::{Files, MemoryFiles, Workspace, compile};
use mapc_vm::{Buffers, Context, Instance, Limits, MemoryXref, Outcome, Program};

use crate::contestant::Contestant;

/// The way a message is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane(mapc_vm::Lane);

impl Lane {
    /// Those this machine can run, slowest first.
    pub fn available() -> Vec<Self> {
        mapc_vm::Lane::available().into_iter().map(Self).collect()
    }

    /// The one that the runtime takes by itself.
    pub fn best() -> Self {
        Self(mapc_vm::Lane::best())
    }

    /// A word for the command line and for JSON.
    pub fn id(self) -> &'static str {
        self.0.name()
    }

    /// For tables.
    pub fn title(self) -> &'static str {
        match self.0 {
            mapc_vm::Lane::Avx2 => "mapc, AVX2",
            mapc_vm::Lane::Avx512 => "mapc, AVX-512",
            _ => "mapc, portable",
        }
    }
}

/// A compiled map, from source to program.
pub struct Compiled {
    /// The artifact.
    pub artifact: Vec<u8>,
    /// Loaded and verified.
    pub program: Program,
}

impl Compiled {
    /// A map of the benchmark's workspace.
    pub fn workspace(map: &str) -> Result<Self, String> {
        Self::from(&files()?, map)
    }

    /// A map of these files.
    pub fn from(files: &dyn Files, map: &str) -> Result<Self, String> {
        let artifact = artifact(files, map)?;
        let program = Program::load(&artifact).map_err(|error| error.to_string())?;
        Ok(Self { artifact, program })
    }
}

/// Compiles a map.
pub fn artifact(files: &dyn Files, map: &str) -> Result<Vec<u8>, String> {
    let compilation = compile(&Workspace::default(), map, files);
    let said =
        || compilation.diagnostics.iter().map(|one| format!("{map}: {} {}\n", one.code, one.title)).collect();
    compilation.module.as_ref().map(|module| module.encode()).ok_or_else(said)
}

/// The files of the benchmark's workspace, in memory.
pub fn files() -> Result<MemoryFiles, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("workspace");
    let mut files = MemoryFiles::new();
    for folder in ["", "bench", "tables"] {
        let entries = std::fs::read_dir(root.join(folder)).map_err(|error| format!("workspace: {error}"))?;
        for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let content = std::fs::read(entry.path()).map_err(|error| format!("{name}: {error}"))?;
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            files = files.with(path, content);
        }
    }
    Ok(files)
}

/// An instance as a contestant.
pub struct Ours {
    instance: Instance,
    ids: MemoryXref,
}

impl Ours {
    /// Of a program.
    pub fn new(program: &Program, lane: Lane) -> Self {
        Self { instance: Instance::with_lane(program, Limits::default(), lane.0), ids: MemoryXref::new() }
    }
}

impl Ours {
    /// The document, made in buffers that others use as well.
    pub fn map_in<'a>(&'a mut self, buffers: &'a mut Buffers, message: &[u8]) -> Option<&'a [u8]> {
        match self.instance.run_in(buffers, message, &Context::new(&self.ids)) {
            Outcome::Deliver { document, .. } => Some(document),
            _ => None,
        }
    }
}

impl Contestant for Ours {
    fn map(&mut self, message: &[u8]) -> Option<&[u8]> {
        match self.instance.run(message, &Context::new(&self.ids)) {
            Outcome::Deliver { document, .. } => Some(document),
            _ => None,
        }
    }
}
