//! JSON values by meaning: numbers exact, records without order. Equality is that of JSON Schema (1 = 1.0).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::number::Number;
use crate::json::{self, Json};

/// Deeper documents are not judged.
const DEPTH: usize = 300;

/// A value. Each part of a document has an address of its own, which a schema's index goes by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Arc<Value>>),
    Record(BTreeMap<String, Arc<Value>>),
}

impl Value {
    /// Reads a document; the same name twice in a record is refused.
    pub(super) fn read(text: &str) -> Result<Arc<Self>, String> {
        let json = json::read(text, DEPTH).map_err(|code| format!("not JSON ({code:?})"))?;
        Self::of(json).map(Arc::new)
    }

    fn of(json: Json) -> Result<Self, String> {
        Ok(match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(lexeme) => Self::Number(Number::read(&lexeme)?),
            Json::Text(text) => Self::Text(text),
            Json::List(elements) => Self::List(
                elements
                    .into_iter()
                    .map(|element| Self::of(element).map(Arc::new))
                    .collect::<Result<_, String>>()?,
            ),
            Json::Record(fields) => {
                let mut record = BTreeMap::new();
                for (name, value) in fields {
                    if record.insert(name.clone(), Arc::new(Self::of(value)?)).is_some() {
                        return Err(format!("`{name}` stands twice in a record"));
                    }
                }
                Self::Record(record)
            }
        })
    }

    pub(super) fn record(&self) -> Option<&BTreeMap<String, Arc<Self>>> {
        if let Self::Record(record) = self { Some(record) } else { None }
    }

    pub(super) fn list(&self) -> Option<&[Arc<Self>]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<Self>> {
        self.record()?.get(name)
    }

    /// Where this value stands in memory: its name in an index.
    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}
