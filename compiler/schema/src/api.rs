//! What a loaded schema offers to the checker and to people.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use mapc_diagnostics::{Code, Span};
use mapc_types::{Object, Slot, Type};

use crate::places::Place;

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
    /// Element 0 is the root; the others are reached by their numbers.
    pub(crate) places: Vec<Place>,
}

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
    /// What it counts as: W0904 not exact, E0905 nothing provable (the place accepts nothing), W0901 an alternative
    /// that allows everything, W0902 an unknown keyword.
    pub code: Code,
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

    /// What may stand under a name in a record, or in one of several records: the join of their slots. Also answers
    /// for undeclared names of open records. Absent: no record can stand here, or none has a field of this name.
    pub fn slot_of(&self, record: &Type, name: &str) -> Option<Slot> {
        let mut found: Option<Slot> = None;
        for object in self.records(record) {
            let own = object.slot(name);
            found = Some(match found {
                None => own,
                Some(before) => Slot {
                    presence: before.presence.or(own.presence),
                    value: match (before.value, own.value) {
                        (Type::Never, value) | (value, Type::Never) => value,
                        (one, two) => one.join(&two),
                    },
                },
            });
        }
        found.filter(|slot| slot.presence.null || slot.value != Type::Never)
    }

    /// The declared fields of a record (of all of them, for several records), in the order of the schema.
    pub fn field_names<'a>(&'a self, record: &'a Type) -> Vec<&'a Arc<str>> {
        let mut names: Vec<&Arc<str>> = Vec::new();
        let mut seen = HashSet::new();
        for object in self.records(record) {
            names.extend(object.fields.keys().filter(|name| seen.insert(*name)));
        }
        names
    }

    /// The records that a type may be.
    pub fn records<'a>(&'a self, value: &'a Type) -> Vec<&'a Object> {
        match self.resolve(value) {
            Type::Object(object) => vec![object],
            Type::Union(branches) => branches
                .iter()
                .filter_map(|branch| match self.resolve(branch) {
                    Type::Object(object) => Some(object.as_ref()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// What people know about the place at a path; the empty path is the whole document. Follows references, also
    /// recursive ones, to any depth.
    pub fn describe(&self, path: &[Step]) -> Option<&Described> {
        let mut place = self.places.first()?;
        let mut described = &place.described;
        for step in path {
            let edge = match step {
                Step::Field(name) => place.fields.get(name)?,
                Step::Element => place.element.as_ref()?,
            };
            described = &edge.described;
            place = self.places.get(edge.place)?;
        }
        Some(described)
    }

    /// The field names that the schema and its overlays describe at a path, in their order: also names that no
    /// document may have here.
    pub fn described_names(&self, path: &[Step]) -> Vec<&Arc<str>> {
        let mut place = self.places.first();
        for step in path {
            let edge = place.and_then(|place| match step {
                Step::Field(name) => place.fields.get(name),
                Step::Element => place.element.as_ref(),
            });
            place = edge.and_then(|edge| self.places.get(edge.place));
        }
        place.map(|place| place.fields.keys().collect()).unwrap_or_default()
    }
}
