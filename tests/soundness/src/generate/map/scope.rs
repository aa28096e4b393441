//! What can be read where a line stands.

use super::super::schema::{Kind, Leaf, List, Record, Shape};
use super::name;
use crate::choices::Choices;

/// A single value that can be read.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// As it is written.
    pub(super) path: String,
    /// What the schema says, roughly.
    pub(super) leaf: Leaf,
    /// It may be missing.
    pub(super) absent: bool,
    /// It may be null.
    pub(super) null: bool,
}

/// A list that can be walked.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) path: String,
    pub(super) list: List,
}

/// Everything in scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) reads: Vec<Read>,
    pub(super) lists: Vec<Rows>,
    /// The row variable, where its number may be asked.
    pub(super) row: Option<String>,
    /// Lists that only aggregates may cross: the rows of a group.
    pub(super) groups: Vec<Rows>,
}

impl Scope {
    /// Of a message.
    pub(super) fn of(record: &Record) -> Scope {
        let mut scope = Scope::default();
        scope.gather(record, "order", false, false);
        scope
    }

    fn gather(&mut self, record: &Record, prefix: &str, absent: bool, null: bool) {
        for field in &record.fields {
            let path = format!("{prefix}.{}", name(&field.name));
            let (absent, null) = (absent || !field.required, null || field.nullable);
            match &field.shape {
                Shape::Leaf(leaf) => self.reads.push(Read { path, leaf: leaf.clone(), absent, null }),
                Shape::Record(inner) => self.gather(inner, &path, absent, null),
                Shape::List(list) => self.lists.push(Rows { path, list: list.clone() }),
            }
        }
    }

    /// In the rows of a list.
    pub(super) fn inside(&self, row: &str, rows: &Rows) -> Scope {
        let mut inner = self.clone();
        inner.lists.clear();
        inner.row = Some(row.to_owned());
        match rows.list.element.as_ref() {
            Shape::Record(record) => inner.gather(record, row, false, rows.list.nullable),
            Shape::Leaf(leaf) => inner.reads.push(Read {
                path: row.to_owned(),
                leaf: leaf.clone(),
                absent: false,
                null: rows.list.nullable,
            }),
            Shape::List(_) => {}
        }
        inner
    }

    /// In the groups of a list.
    pub(super) fn inside_group(&self, row: &str, rows: &Rows, key: &Read) -> Scope {
        let mut inner = self.clone();
        inner.lists.clear();
        inner.row = Some(row.to_owned());
        inner.reads.push(key.clone());
        inner.groups.push(Rows { path: row.to_owned(), list: rows.list.clone() });
        inner
    }

    /// Only what the row holds.
    pub(super) fn only_rows(&self, row: &str) -> Scope {
        let mut inner = self.clone();
        inner.reads.retain(|read| read.path.starts_with(row));
        inner
    }

    /// Any value of a kind.
    pub(super) fn any(&self, kind: Option<Kind>, choices: &mut Choices) -> Option<Read> {
        let fitting: Vec<&Read> =
            self.reads.iter().filter(|read| kind.is_none_or(|kind| read.leaf.kind == kind)).collect();
        choices.any(&fitting).map(|read| (*read).clone())
    }

    /// Any value whose path may stand in the hole of a text.
    pub(super) fn hole(&self, choices: &mut Choices) -> Option<Read> {
        let plain: Vec<&Read> = self.reads.iter().filter(|read| !read.path.contains(['"', '\\'])).collect();
        choices.any(&plain).map(|read| (*read).clone())
    }

    /// Often only a few values, so that a condition and a value speak of the same.
    pub(super) fn focused(&self, choices: &mut Choices) -> Scope {
        if !choices.percent(40) || self.reads.is_empty() {
            return self.clone();
        }
        let mut focused = self.clone();
        while focused.reads.len() > 3 {
            focused.reads.swap_remove(choices.below(focused.reads.len()));
        }
        focused
    }
}
