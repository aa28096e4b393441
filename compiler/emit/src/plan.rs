//! Plans a program: which class each value has, which names are kept in registers, how the document is put together.
//! Knows no instructions.

pub(crate) mod class;
mod document;
mod present;
mod total;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use mapc_check::typed::{
    Arm, Constant, Expression, FieldId, ListNode, ReasonId, ScopeId, SourceFieldId, TableId, Typed,
};

pub(crate) use total::Total;

/// What `encode` needs to know about a map beside the map itself.
pub(crate) struct Plan<'map> {
    /// The map.
    pub(crate) typed: &'map Typed,
    /// By named value: whether and where it is kept.
    pub(crate) lets: Vec<Keep>,
    /// By output field, for references to it.
    pub(crate) targets: Vec<Keep>,
    /// Row variables whose position is asked for.
    pub(crate) numbered: BTreeSet<ScopeId>,
    /// How often the map names each read of a row.
    pub(crate) reads: BTreeMap<(ScopeId, SourceFieldId), usize>,
    /// Sums and counts of output fields over their rows.
    pub(crate) totals: Vec<Total<'map>>,
    /// The document.
    pub(crate) document: Vec<Piece<'map>>,
}

/// How a named value or output field is evaluated that is used in several places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keep {
    /// Keep it in a register; otherwise it is evaluated at each use.
    pub(crate) keep: bool,
    /// Cheaper to evaluate again than to ask whether it is there.
    pub(crate) cheap: bool,
    /// The innermost row variable it depends on.
    pub(crate) level: ScopeId,
}

/// A piece of the document with the keys in front of it.
pub(crate) enum Piece<'map> {
    /// A single value.
    Value { keys: Vec<&'map str>, field: FieldId, shape: Shape<'map> },
    /// A record that is opened and closed.
    Record { keys: Vec<&'map str>, pieces: Vec<Piece<'map>>, required: bool },
    /// A list.
    List { keys: Vec<&'map str>, list: &'map ListNode, rows: RowBody<'map> },
}

/// What each row of a list becomes.
pub(crate) enum RowBody<'map> {
    /// A record.
    Record(Vec<Piece<'map>>),
    /// A single value.
    Value { field: FieldId, shape: Shape<'map> },
}

/// How a single value comes about, where one instruction can make and write it.
#[derive(Clone, Copy)]
pub(crate) enum Shape<'map> {
    /// A read, written as it is.
    Copy { scope: ScopeId, field: SourceFieldId },
    /// A read, cut to a length.
    Cut { scope: ScopeId, field: SourceFieldId, length: u32 },
    /// A read, its first characters.
    Start { scope: ScopeId, field: SourceFieldId, length: u32 },
    /// The calendar day that a read instant is written with.
    WrittenDate { scope: ScopeId, field: SourceFieldId },
    /// Conditions that decide between constants, or nothing when none holds.
    Choose { subject: Option<&'map Expression>, arms: &'map [Arm], otherwise: Option<&'map Constant> },
    /// A read, looked up in a table.
    Code { scope: ScopeId, field: SourceFieldId, table: TableId, failure: Option<ReasonId> },
    /// Always the same.
    Constant(&'map Constant),
    /// Anything else.
    Computed,
}

/// Plans a map.
pub(crate) fn plan(typed: &Typed) -> Plan<'_> {
    let uses::Uses { lets, targets, numbered, reads, totals } = uses::uses(typed);
    let mut plan = Plan { typed, lets, targets, numbered, reads, totals, document: Vec::new() };
    plan.document = plan.pieces(&typed.document);
    plan
}
