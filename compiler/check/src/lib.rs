//! Every name bound, every target obligation proved.
//!
//! [`check`] takes a tree and two loaded schemas and gives diagnostics and, when no error is among them, a
//! [`Checked`] map: the only thing that `emit` accepts. No file system here: tables arrive as texts.

mod aggregate;
mod checker;
mod choose;
mod condition;
mod deliver;
mod errors;
mod expression;
mod facts;
mod field;
mod gaps;
mod header;
pub mod library;
mod list;
mod open;
mod path;
mod pipe;
mod policy;
mod prune;
mod reasons;
mod reliance;
mod report;
mod samples;
mod source;
mod systems;
mod tables;
mod target;
#[cfg(test)]
mod tests;
pub mod typed;
mod words;

use std::collections::BTreeMap;

use mapc_diagnostics::{Code, Diagnostic, FileId, Sources, Staged};
use mapc_grammar::tree::MapFile;
use mapc_schema::{LoadedSchema, Operation};
pub use open::{OpenGap, OpenMap};

/// Everything that is known about one map.
#[derive(Clone, Copy)]
pub struct CheckInput<'a> {
    /// All texts, for quoting.
    pub sources: &'a Sources,
    /// The file of the map.
    pub map: FileId,
    /// Its tree.
    pub tree: &'a MapFile,
    /// The source schema; `None`: it could not be loaded, which was already said. Names of it stay unchecked.
    pub source: Option<&'a LoadedSchema>,
    /// The target schema, likewise.
    pub target: Option<&'a LoadedSchema>,
    /// Table files by the path written in the map; one that is not here could not be read, which was already said.
    pub tables: &'a BTreeMap<String, FileId>,
}

/// A map without errors. Only [`check`] can make one.
#[derive(Clone, Debug)]
pub struct Checked {
    typed: typed::Typed,
}

impl Checked {
    /// The map, every name bound and every value typed.
    pub fn typed(&self) -> &typed::Typed {
        &self.typed
    }
}

/// What the header of a map refers to: enough for the driver to load schemas and tables before the check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// `from`: dotted name, version and place.
    pub source: Option<SchemaName>,
    /// `to`.
    pub target: Option<SchemaName>,
    /// `tenant`.
    pub tenant: Option<String>,
    /// Table files as written, with the place of the name.
    pub tables: Vec<(String, mapc_diagnostics::Span)>,
    /// Sample files of `test` blocks, as written.
    pub samples: Vec<(String, mapc_diagnostics::Span)>,
    /// What the delivery does with the record.
    pub operation: Option<Operation>,
}

/// A schema as the map names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaName {
    /// `netsuite.sales_order`.
    pub name: String,
    /// `2025.2`.
    pub version: Option<String>,
    /// Place.
    pub span: mapc_diagnostics::Span,
}

/// Reads what a tree refers to. Says nothing: [`check`] does.
pub fn references(tree: &MapFile) -> References {
    header::references(tree)
}

/// Checks one map. The value is there exactly when no diagnostic is an error.
pub fn check(input: CheckInput<'_>) -> Staged<Option<Checked>> {
    let checker::Checking { typed, mut diagnostics, .. } = checker::run(input, false);
    mapc_diagnostics::sort(&mut diagnostics);
    diagnostics.dedup();
    let diagnostics = one_for_each_cause(diagnostics);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    Staged { value: (!failed).then_some(Checked { typed }), diagnostics }
}

/// The map with every gap that nothing answers left open, to search for messages that show them. What else is wrong
/// with it is said by [`check`]; such lines are not in the result.
pub fn open_gaps(input: CheckInput<'_>) -> OpenMap {
    let checking = checker::run(input, true);
    OpenMap::new(checking.typed, checking.gaps)
}

/// The same unknown name in several places is one mistake: the first place is the primary one, three more are shown.
fn one_for_each_cause(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    const NAMES: [Code; 4] = [Code::E0201, Code::E0206, Code::E0207, Code::E0601];
    let mut kept: Vec<(Diagnostic, usize)> = Vec::new();
    for diagnostic in diagnostics {
        let same = |known: &(Diagnostic, usize)| {
            NAMES.contains(&diagnostic.code)
                && known.0.code == diagnostic.code
                && known.0.title == diagnostic.title
                && known.0.help == diagnostic.help
                && known.0.primary.text == diagnostic.primary.text
        };
        match kept.iter_mut().find(|known| same(known)) {
            Some((first, more)) => {
                *more += 1;
                if *more <= 3 {
                    let text = "here too".to_owned();
                    first.related.push(mapc_diagnostics::Label { span: diagnostic.primary.span, text });
                }
                for (fix, other) in first.fixes.iter_mut().zip(diagnostic.fixes) {
                    fix.edits.extend(other.edits);
                }
            }
            None => kept.push((diagnostic, 0)),
        }
    }
    let counted = kept.into_iter().map(|(mut diagnostic, more)| {
        if more > 3 {
            let text = format!("the same in {} more places", more - 3);
            diagnostic = diagnostic.fact(mapc_diagnostics::Side::Map, "", text);
        }
        diagnostic
    });
    counted.collect()
}
