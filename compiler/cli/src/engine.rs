//! The one place that knows the vm: loads a program, runs a message, says how it ended.

use mapc_vm::{Context, Instance, Limits, Outcome, Program, Xref};

use crate::ending::{Cause, Ending};
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
        self.program.module().meta.tenant.clone()
    }

    /// A runner, for one message after the other.
    pub fn runner(&self) -> Runner<'_> {
        Runner { instance: Instance::with_limits(&self.program, self.limits), ids: &self.ids }
    }
}

impl Xref for Snapshot {
    fn find<'a>(&'a self, entity: &str, key: &str) -> Option<&'a str> {
        Snapshot::find(self, entity, key)
    }
}

/// Runs messages one after the other.
pub struct Runner<'a> {
    instance: Instance,
    ids: &'a Snapshot,
}

/// A guard of a program and how often it found something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardCount {
    /// Stable id.
    pub id: String,
    /// Target path and what must hold: `memo: at most 300 characters`.
    pub name: String,
    /// How often it did not hold.
    pub count: u64,
}

impl Runner<'_> {
    /// What the guards found so far, in the order of the program.
    pub fn guards(&self) -> Vec<GuardCount> {
        let count = |(guard, count): (&mapc_vm::bytecode::GuardInfo, u64)| GuardCount {
            id: guard.id.clone(),
            name: guard.name(),
            count,
        };
        self.instance.guards().map(count).collect()
    }

    /// Runs one message.
    pub fn run(&mut self, message: &[u8]) -> Ending<'_> {
        match self.instance.run(message, &Context::new(self.ids)) {
            Outcome::Deliver { document, key, .. } => Ending::Deliver { document, key },
            Outcome::Skip { reason } => Ending::Skip(because(reason, None)),
            Outcome::Wait { reason, reference } => Ending::Wait {
                cause: because(reason, None),
                reference: Some(reference).filter(|reference| !reference.is_empty()),
            },
            Outcome::Reject { reason, text } => Ending::Reject(because(reason, Some(text))),
        }
    }
}

fn because<'a>(reason: &'a mapc_vm::bytecode::Reason, text: Option<&'a str>) -> Cause<'a> {
    Cause {
        code: format!("R{:04}", reason.code),
        id: &reason.id,
        rule: &reason.rule,
        general: &reason.text,
        text,
    }
}
