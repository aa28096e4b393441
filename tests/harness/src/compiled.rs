//! A compiled map with everything needed to run it twice: in the vm and in the reference interpreter.

use mapc_diagnostics::{Diagnostic, Severity};
use mapc_driver::{Compilation, Workspace, compile};
use mapc_vm::{Context, Instance, Limits, MemoryXref, Program};

use crate::ending::Ending;
use crate::folder::Folder;

/// A map and what came of it.
#[derive(Debug)]
pub struct Compiled {
    /// What the driver says.
    pub compilation: Compilation,
}

impl Compiled {
    /// Compiles a map of a workspace with the usual folders.
    pub fn new(folder: &Folder, map: &str) -> Compiled {
        Compiled { compilation: compile(&Workspace::default(), map, &folder.files()) }
    }

    /// Numbers of all diagnostics of a severity, in order.
    pub fn codes(&self, severity: Severity) -> Vec<&'static str> {
        let those = self.compilation.diagnostics.iter().filter(|one| one.severity == severity);
        those.map(|one| one.code.number()).collect()
    }

    /// Every diagnostic in one line, for messages of tests.
    pub fn words(&self) -> String {
        let line = |one: &Diagnostic| {
            let place = self.compilation.sources.file(one.primary.span.file);
            let path = place.map_or("", |file| file.path.as_str());
            format!("  {} {} ({path} at {})\n", one.code, one.title, one.primary.span.start)
        };
        self.compilation.diagnostics.iter().map(line).collect()
    }

    /// Ready to run.
    ///
    /// # Errors
    /// The map has errors, or its artifact does not load.
    pub fn runner(&self, folder: &Folder, limits: Limits) -> Result<Runner<'_>, String> {
        let (Some(module), Some(checked)) = (&self.compilation.module, &self.compilation.checked) else {
            return Err(format!("the map has errors:\n{}", self.words()));
        };
        let program = Program::load(&module.encode()).map_err(|error| format!("does not load: {error}"))?;
        let tenant = self.compilation.references.tenant.clone().unwrap_or_default();
        let mut ids = MemoryXref::new();
        let mut known = mapc_model::Context::default();
        for (entity, key, id) in folder.ids(&tenant) {
            ids.insert(entity.clone(), key.clone(), id.clone());
            known.xrefs.insert((entity, key), id);
        }
        let instance = Instance::with_limits(&program, limits);
        Ok(Runner { typed: checked.typed(), instance, ids, known, limits })
    }
}

/// Runs messages one after the other.
#[derive(Debug)]
pub struct Runner<'a> {
    typed: &'a mapc_check::typed::Typed,
    instance: Instance,
    ids: MemoryXref,
    known: mapc_model::Context,
    limits: Limits,
}

impl Runner<'_> {
    /// What the vm makes of a message.
    pub fn vm(&mut self, message: &[u8]) -> Ending {
        Ending::of_vm(&self.instance.run(message, &Context::new(&self.ids)))
    }

    /// What the reference interpreter makes of it.
    pub fn model(&self, message: &[u8]) -> Ending {
        let limits = mapc_model::Limits {
            input: self.limits.input_bytes,
            depth: self.limits.depth,
            rows: self.limits.list_rows,
            output: self.limits.output_bytes,
        };
        Ending::of_model(self.typed, &mapc_model::run(self.typed, message, &self.known, &limits))
    }

    /// What both make of it.
    ///
    /// # Errors
    /// They differ, or the reason is not in the list the check printed.
    pub fn both(&mut self, message: &[u8]) -> Result<Ending, String> {
        let (vm, model) = (self.vm(message), self.model(message));
        let shown = || String::from_utf8_lossy(message.get(..message.len().min(4000)).unwrap_or(message));
        if vm != model {
            return Err(format!("they differ on {}\n  vm     {vm:?}\n  model  {model:?}", shown()));
        }
        if let Ending::Other { id, code, .. } = &vm {
            let listed = |one: &mapc_check::typed::Reason| one.id == *id && one.code.number() == code;
            if !self.typed.reasons.iter().any(listed) {
                return Err(format!("{vm} is not in the list of reasons; message {}", shown()));
            }
        }
        Ok(vm)
    }
}
