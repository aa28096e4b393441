//! Samples and documents of tests: JSON whose numbers stay the text they are. Never a float.

mod change;
mod decimal;
mod judge;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

pub use change::change;
pub use decimal::same_number;
pub use judge::{Failure, judge};

/// Deeper samples are refused.
const DEPTH: usize = 128;

/// A JSON value; numbers as written, fields in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// null
    Null,
    /// true/false
    Bool(bool),
    /// As written.
    Number(String),
    /// Text.
    Text(String),
    /// List.
    List(Vec<Json>),
    /// Record.
    Record(Vec<(String, Json)>),
}

/// Fields of a record in order.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry::<String, &'de RawValue>()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl Json {
    /// Reads one JSON text.
    ///
    /// # Errors
    /// It is not JSON (with line and column), or nested too deep.
    pub fn parse(bytes: &[u8]) -> Result<Json, String> {
        let raw: &RawValue = serde_json::from_slice(bytes)
            .map_err(|error| format!("it is not JSON, line {}, column {}", error.line(), error.column()))?;
        Self::read(raw, DEPTH)
    }

    fn read(raw: &RawValue, depth: usize) -> Result<Json, String> {
        if depth == 0 {
            return Err(format!("it is nested deeper than {DEPTH} levels"));
        }
        let text = raw.get();
        let broken = |_: serde_json::Error| "a text in it is broken".to_owned();
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let Fields(fields) = serde_json::from_str(text).map_err(broken)?;
                let read = |(name, raw)| Ok((name, Self::read(raw, depth - 1)?));
                Json::Record(fields.into_iter().map(read).collect::<Result<_, String>>()?)
            }
            Some(b'[') => {
                let rows: Vec<&RawValue> = serde_json::from_str(text).map_err(broken)?;
                Json::List(rows.into_iter().map(|raw| Self::read(raw, depth - 1)).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Json::Text(serde_json::from_str(text).map_err(broken)?),
            Some(b't') => Json::Bool(true),
            Some(b'f') => Json::Bool(false),
            Some(b'n') => Json::Null,
            _ => Json::Number(text.to_owned()),
        })
    }

    /// The field of a record; the last one, should there be two.
    pub fn field(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Record(fields) => {
                fields.iter().rev().find(|(found, _)| found == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Compact JSON.
    pub fn write(&self, text: &mut String) {
        match self {
            Json::Null => text.push_str("null"),
            Json::Bool(true) => text.push_str("true"),
            Json::Bool(false) => text.push_str("false"),
            Json::Number(number) => text.push_str(number),
            Json::Text(value) => text.push_str(&quoted(value)),
            Json::List(rows) => {
                text.push('[');
                for (at, row) in rows.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    row.write(text);
                }
                text.push(']');
            }
            Json::Record(fields) => {
                text.push('{');
                for (at, (name, value)) in fields.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    text.push_str(&quoted(name));
                    text.push(':');
                    value.write(text);
                }
                text.push('}');
            }
        }
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

/// A text in quotes, as JSON.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests;
