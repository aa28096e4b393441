//! One case: two schemas, a map between them, messages. Compiled as `mapc build` would, run in the vm and in the reference
//! interpreter, judged by schemas that the compiler never sees. A case that breaks the claim gives a [`Failure`].

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mapc_diagnostics::Severity;
use mapc_harness::compiled::Compiled;
use mapc_harness::ending::Ending;
use mapc_harness::folder::Folder;
use mapc_model::member::{self, Reading};
use mapc_vm::Limits;

use crate::choices::Choices;
use crate::generate::json::Json;
use crate::generate::map;
use crate::generate::schema::{Dialect, Schema, source_record, target_record};

/// Two schemas and a map.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Schema of the messages.
    pub source: String,
    /// Schema of the documents.
    pub target: String,
    /// What is laid over it.
    pub overlay: Option<String>,
    /// What the documents must be valid by.
    pub judges: Vec<String>,
    /// The map.
    pub map: String,
    /// Table files.
    pub tables: Vec<(String, String)>,
}

/// How the claim was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something panicked.
    Panic,
    /// A map passed, but its module does not load.
    Loading,
    /// The vm and the reference interpreter do not agree, or a reason is not in the list.
    Difference,
    /// A document was delivered that a judge refuses.
    Refused,
}

/// A broken claim.
#[derive(Clone, Debug)]
pub struct Failure {
    /// How.
    pub kind: Kind,
    /// In words.
    pub words: String,
}

/// What became of one message.
#[derive(Clone, Debug)]
pub struct Run {
    /// The ending.
    pub ending: Ending,
}

/// A case that was compiled.
#[derive(Debug)]
pub struct Checked {
    /// The compilation.
    pub compiled: Compiled,
    folder: Folder,
}

const MAP: &str = "record.map";
/// Keys that the other system knows.
const KNOWN: &[&str] = &["A", "B", "open", "closed", "DE", "EUR", "a", "1", "x", "7", "SO-1", "A-1", "", " "];

impl Case {
    /// A random one.
    pub fn random(choices: &mut Choices) -> Case {
        let source = Schema::new(source_record(choices), false, choices);
        let overlaid = choices.percent(12);
        let target = Schema::new(target_record(&source.shape, choices), overlaid, choices);
        let map = map::map(&source.shape, &target.shape, choices);
        Case {
            source: source.text,
            target: target.text,
            overlay: target.overlay,
            judges: target.judges,
            map: map.text,
            tables: map.tables,
        }
    }

    fn folder(&self) -> Folder {
        let mut folder = Folder::default();
        folder.put("shop/record@1.schema.json", self.source.as_bytes());
        folder.put("erp/record@1.schema.json", self.target.as_bytes());
        if let Some(overlay) = &self.overlay {
            folder.put("erp/record@1.overlay.json", overlay.as_bytes());
        }
        folder.put(MAP, self.map.as_bytes());
        for (path, content) in &self.tables {
            folder.put(path, content.as_bytes());
        }
        for entity in ["erp.customer", "erp.item"] {
            let mut rows = "key,id\n".to_owned();
            for (number, key) in KNOWN.iter().enumerate() {
                // two of the ids are none: empty, and longer than any id
                let id = match number {
                    3 => String::new(),
                    5 => "9".repeat(101),
                    7 => "9".repeat(100),
                    _ => format!("id {number}"),
                };
                rows.push_str(&format!("{key},{id}\n"));
            }
            folder.put(&format!("tenants//xref/{entity}.csv"), rows);
        }
        folder
    }

    /// Compiles the map.
    ///
    /// # Errors
    /// The compiler panicked.
    pub fn check(&self) -> Result<Checked, Failure> {
        let folder = self.folder();
        let compiled = catch_unwind(AssertUnwindSafe(|| Compiled::new(&folder, MAP)));
        let compiled = compiled.map_err(|panic| panicked("the compiler", &*panic))?;
        Ok(Checked { compiled, folder })
    }

    /// The judges of the documents, ready to judge.
    ///
    /// # Errors
    /// One of the schemas cannot be read.
    pub fn judges(&self) -> Result<Judges, String> {
        let mut members = Vec::new();
        let mut dialect = Dialect::Draft2020;
        for text in &self.judges {
            dialect = Dialect::of(&Json::parse(text)?);
            members.push(member::Schema::new(text, member_dialect(dialect), &BTreeMap::new())?);
        }
        Ok(Judges { members, dialect })
    }
}

fn member_dialect(dialect: Dialect) -> member::Dialect {
    match dialect {
        Dialect::Draft4 => member::Dialect::Draft4,
        Dialect::Draft7 => member::Dialect::Draft7,
        Dialect::Draft2019 => member::Dialect::Draft201909,
        Dialect::Draft2020 => member::Dialect::Draft202012,
        Dialect::OpenApi30 => member::Dialect::OpenApi30,
    }
}

fn panicked(who: &str, panic: &(dyn std::any::Any + Send)) -> Failure {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Failure { kind: Kind::Panic, words: format!("{who} panicked: {}", text.unwrap_or_default()) }
}

impl Checked {
    /// The map passed.
    pub fn accepted(&self) -> bool {
        !self.compiled.compilation.has_errors()
    }

    /// Codes of the errors.
    pub fn errors(&self) -> Vec<&'static str> {
        self.compiled.codes(Severity::Error)
    }

    /// Runs every message in the vm and in the reference interpreter.
    ///
    /// # Errors
    /// The number of the message, and what is wrong.
    pub fn run(&self, messages: &[Vec<u8>]) -> Result<Vec<Ending>, (usize, Failure)> {
        let runner = catch_unwind(AssertUnwindSafe(|| self.compiled.runner(&self.folder, Limits::default())));
        let mut runner = runner
            .map_err(|panic| (0, panicked("the loader", &*panic)))?
            .map_err(|words| (0, Failure { kind: Kind::Loading, words }))?;
        let mut endings = Vec::with_capacity(messages.len());
        for (number, message) in messages.iter().enumerate() {
            let both = catch_unwind(AssertUnwindSafe(|| runner.both(message)));
            let both = both.map_err(|panic| (number, panicked("a run", &*panic)))?;
            endings.push(both.map_err(|words| (number, Failure { kind: Kind::Difference, words }))?);
        }
        Ok(endings)
    }
}

/// Schemas that a document must be valid by, all of them.
#[derive(Debug)]
pub struct Judges {
    members: Vec<member::Schema>,
    /// What they are written in.
    pub dialect: Dialect,
}

impl Judges {
    /// The first oracle's verdict.
    ///
    /// # Errors
    /// The document is refused, or cannot be judged.
    pub fn judge(&self, document: &[u8]) -> Result<(), Failure> {
        for schema in &self.members {
            let shown = || String::from_utf8_lossy(document).into_owned();
            let refused = |words| Err(Failure { kind: Kind::Refused, words });
            match schema.accepts(document, Reading::Both) {
                Ok(true) => {}
                Ok(false) => return refused(format!("the target refuses {}", shown())),
                Err(why) => return refused(format!("nobody can judge {}: {why}", shown())),
            }
        }
        Ok(())
    }
}
