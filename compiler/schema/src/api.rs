//! What a loaded schema offers to the checker and to people.

use std::collections::BTreeMap;
use std::sync::Arc;

use mapc_diagnostics::Span;
use mapc_types::{Slot, Type};

/// Which way values flow through the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Read: the type is never smaller than the schema.
    Source,
    /// Written: the type is never larger than the schema.
    Target(Operation),
}

/// What is done to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Created.
    Create,
    /// Changed.
    Update,
    /// Created or changed.
    Upsert,
}

/// One step into a schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A field of a record.
    Field(Arc<str>),
    /// An element of a list.
    Element,
}

/// A schema with its overlays, read in one direction.
#[derive(Clone, Debug)]
pub struct LoadedSchema {
    /// Type of the whole document.
    pub root: Type,
    /// Types behind [`Type::Named`].
    pub definitions: BTreeMap<Arc<str>, Type>,
    /// What could not be represented exactly, in order of path.
    pub lint: Vec<Lint>,
    /// What the overlays do.
    pub overlays: Vec<OverlaySummary>,
    /// How much the schema limits.
    pub strength: Strength,
    pub(crate) described: BTreeMap<Vec<StepKey>, Described>,
}

/// Key form of a step, for ordered maps.
pub(crate) type StepKey = Option<Arc<str>>;

/// What people know about one place of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// Place of the field's name in the schema or overlay file.
    pub name: Option<Span>,
    /// Place of each keyword with its value: `maxLength`, `enum`, `type`.
    pub keywords: BTreeMap<String, Span>,
    /// Place of the entry in `required` (schema or overlay line).
    pub required: Option<Span>,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// Not assignable (`readOnly`, or not creatable for this operation).
    pub read_only: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-sensitive`.
    pub sensitive: bool,
    /// Added or changed by an overlay: its file path and source note.
    pub overlay: Option<(String, String)>,
    /// A field whose unit or currency is fixed elsewhere: `x-mapc-currency-of`.
    pub currency: Option<String>,
    /// A business identity: `x-mapc-key`.
    pub key: bool,
}

/// A conversion that is not exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// JSON pointer in the schema file.
    pub pointer: String,
    /// Side on which it is not exact.
    pub side: LintSide,
    /// Keyword.
    pub keyword: String,
    /// What the loader does instead, in words.
    pub text: String,
    /// Place.
    pub span: Span,
}

/// Side of a lint line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintSide {
    /// As a source.
    Source,
    /// As a target.
    Target,
    /// On both sides.
    Both,
}

/// What an overlay does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlaySummary {
    /// File path.
    pub path: String,
    /// Version.
    pub version: u32,
    /// Lines that tighten or add.
    pub tightens: usize,
    /// Lines that loosen, by path.
    pub loosens: Vec<String>,
}

/// How much a target limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Strength {
    /// Single-value fields.
    pub fields: usize,
    /// Of these, with at least one limit beyond the kind.
    pub limited: usize,
    /// Required fields.
    pub required: usize,
}

impl LoadedSchema {
    /// Follows [`Type::Named`] to what it stands for. An unknown name is `Any` on a source, never on a target:
    /// the loader has refused it.
    pub fn resolve<'a>(&'a self, value: &'a Type) -> &'a Type {
        let mut current = value;
        for _ in 0..64 {
            match current {
                Type::Named(name) => match self.definitions.get(name) {
                    Some(next) => current = next,
                    None => return current,
                },
                _ => return current,
            }
        }
        current
    }

    /// The slot of a field of a record type, following names.
    pub fn field<'a>(&'a self, record: &'a Type, name: &str) -> Option<&'a Slot> {
        match self.resolve(record) {
            Type::Object(object) => object.fields.get(name),
            _ => None,
        }
    }
}
