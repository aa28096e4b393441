//! Is a document valid against a schema? The answer that decides, from the standards alone: exact numbers, known
//! formats asserted. Shares no code with the loader of schemas.
//!
//! Where the standards leave room:
//! - A whole number may be written with a fraction of zeros, in every draft.
//! - What an unread keyword holds says nothing; `content…` says nothing.
//! - `dependencies` holds in every draft.
//! - Keywords beside `$ref` say nothing up to draft 7 and in OpenAPI 3.0.
//! - `int32` and `int64` bound a number; whether it is whole says `type`.
//! - `nullable` adds null to a `type` beside it, to nothing else.

mod formats;
mod index;
mod number;
mod pattern;
mod run;
#[cfg(test)]
mod tests;
mod uri;
mod value;

use std::collections::BTreeMap;

use index::{Draft, Index, Place};
use pattern::{Engine, Patterns};
use run::Run;
use value::Value;

/// Which keywords there are and what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Draft 4.
    Draft4,
    /// Draft 7.
    Draft7,
    /// Draft 2019-09.
    Draft201909,
    /// Draft 2020-12.
    Draft202012,
    /// OpenAPI 3.0: draft 4 with `nullable`.
    OpenApi30,
    /// OpenAPI 3.1: draft 2020-12.
    OpenApi31,
}

impl Dialect {
    /// Its name, as `x-mapc-dialect` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft4 => "draft-04",
            Self::Draft7 => "draft-07",
            Self::Draft201909 => "2019-09",
            Self::Draft202012 => "2020-12",
            Self::OpenApi30 => "openapi-3.0",
            Self::OpenApi31 => "openapi-3.1",
        }
    }

    /// The dialect of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        let all = [
            Self::Draft4,
            Self::Draft7,
            Self::Draft201909,
            Self::Draft202012,
            Self::OpenApi30,
            Self::OpenApi31,
        ];
        all.into_iter().find(|dialect| dialect.name() == name)
    }
}

/// Whose reading of patterns counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Valid for a reader with ECMA-262 patterns and for one with Rust patterns.
    Both,
    /// Valid for one of them at least.
    Either,
}

/// A schema that values can be held against.
#[derive(Debug)]
pub struct Schema {
    root: Place,
    index: Index,
    patterns: Patterns,
}

/// Address of a schema that has none.
const HERE: &str = "urn:mapc:schema";

impl Schema {
    /// Reads a schema. `documents`: other documents that it may refer to, by address.
    pub fn new(text: &str, dialect: Dialect, documents: &BTreeMap<String, String>) -> Result<Self, String> {
        let (draft, openapi30) = match dialect {
            Dialect::Draft4 => (Draft::Four, false),
            Dialect::OpenApi30 => (Draft::Four, true),
            Dialect::Draft7 => (Draft::Seven, false),
            Dialect::Draft201909 => (Draft::Y2019, false),
            Dialect::Draft202012 | Dialect::OpenApi31 => (Draft::Y2020, false),
        };
        let root = Value::read(text)?;
        let documents = documents
            .iter()
            .map(|(uri, text)| Ok((uri.trim_end_matches('#').to_owned(), Value::read(text)?)))
            .collect::<Result<BTreeMap<_, _>, String>>()?;
        let (mut index, mut patterns) = (Index::default(), Patterns::default());
        for (uri, document) in
            std::iter::once((HERE, &root)).chain(documents.iter().map(|(u, d)| (u.as_str(), d)))
        {
            index.add(uri, document, draft, openapi30, &documents);
            patterns.add(document);
        }
        let root = index.place(&root, 0);
        Ok(Self { root, index, patterns })
    }

    /// Is the document valid? Absent an answer: it is not JSON, or the schema cannot be judged.
    pub fn accepts(&self, document: &[u8], reading: Reading) -> Result<bool, String> {
        let text = std::str::from_utf8(document).map_err(|_| "not UTF-8".to_owned())?;
        let value = Value::read(text)?;
        let ecma = self.valid(&value, Engine::Ecma)?;
        let settled = match reading {
            Reading::Both => !ecma,
            Reading::Either => ecma,
        };
        if settled || self.patterns.is_empty() { Ok(ecma) } else { self.valid(&value, Engine::Rust) }
    }

    fn valid(&self, value: &Value, engine: Engine) -> Result<bool, String> {
        Ok(Run::new(self, engine).check(&self.root, value)?.is_some())
    }
}
