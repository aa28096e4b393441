//! A JSON text as a tree that keeps the order of fields and the digits of numbers. Knows no schema.

use std::fmt;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, by its digits.
    Number(String),
    /// A text, unescaped.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// A record, in its order.
    Record(Vec<(String, Json)>),
}

/// Deeper texts are not read.
const DEPTH: usize = 500;

impl Json {
    /// Reads a text; absent if it is not JSON.
    pub fn parse(text: &str) -> Option<Json> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        (reader.at == text.len()).then_some(value)
    }

    /// A text value.
    pub fn text(value: impl Into<String>) -> Json {
        Json::Text(value.into())
    }

    /// A number value.
    pub fn number(value: impl fmt::Display) -> Json {
        Json::Number(value.to_string())
    }

    /// A record of these fields.
    pub fn record<N: Into<String>>(fields: impl IntoIterator<Item = (N, Json)>) -> Json {
        Json::Record(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// The fields of a record; none for anything else.
    pub fn fields(&self) -> &[(String, Json)] {
        match self {
            Json::Record(fields) => fields,
            _ => &[],
        }
    }

    /// The elements of a list; none for anything else.
    pub fn elements(&self) -> &[Json] {
        match self {
            Json::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_count(&self) -> Option<u64> {
        match self {
            Json::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The field of a record.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.fields().iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The field of a record, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        match self {
            Json::Record(fields) => {
                fields.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Sets the field of a record.
    pub fn set(&mut self, name: &str, value: Json) {
        if let Some(known) = self.get_mut(name) {
            *known = value;
        } else if let Json::Record(fields) = self {
            fields.push((name.to_owned(), value));
        }
    }

    /// Removes the field of a record.
    pub fn remove(&mut self, name: &str) {
        if let Json::Record(fields) = self {
            fields.retain(|(known, _)| known != name);
        }
    }

    /// What stands at a path of field names and places.
    pub fn at(&self, path: &[String]) -> Option<&Json> {
        path.iter().try_fold(self, |value, step| match value {
            Json::List(elements) => elements.get(step.parse::<usize>().ok()?),
            _ => value.get(step),
        })
    }

    /// The same, to be changed.
    pub fn at_mut(&mut self, path: &[String]) -> Option<&mut Json> {
        path.iter().try_fold(self, |value, step| match value {
            Json::List(elements) => elements.get_mut(step.parse::<usize>().ok()?),
            _ => value.get_mut(step),
        })
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(value) => write!(f, "{value}"),
            Json::Number(digits) => f.write_str(digits),
            Json::Text(text) => write_text(text, f),
            Json::List(elements) => {
                f.write_str("[")?;
                for (at, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if at == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Json::Record(fields) => {
                f.write_str("{")?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "," })?;
                    write_text(name, f)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn take(&mut self, word: &str) -> Option<()> {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found.then_some(())
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.space();
        match self.rest().bytes().next()? {
            b'{' if depth < DEPTH => self.fields(depth).map(Json::Record),
            b'[' if depth < DEPTH => self.elements(depth).map(Json::List),
            b'"' => self.string().map(Json::Text),
            b'n' => self.take("null").map(|()| Json::Null),
            b't' => self.take("true").map(|()| Json::Bool(true)),
            b'f' => self.take("false").map(|()| Json::Bool(false)),
            b'-' | b'0'..=b'9' => self.digits().map(Json::Number),
            _ => None,
        }
    }

    fn fields(&mut self, depth: usize) -> Option<Vec<(String, Json)>> {
        let mut fields = Vec::new();
        self.take("{")?;
        self.space();
        while self.take("}").is_none() {
            if !fields.is_empty() {
                self.take(",")?;
                self.space();
            }
            let name = self.string()?;
            self.space();
            self.take(":")?;
            fields.push((name, self.value(depth + 1)?));
            self.space();
        }
        Some(fields)
    }

    fn elements(&mut self, depth: usize) -> Option<Vec<Json>> {
        let mut elements = Vec::new();
        self.take("[")?;
        self.space();
        while self.take("]").is_none() {
            if !elements.is_empty() {
                self.take(",")?;
            }
            elements.push(self.value(depth + 1)?);
            self.space();
        }
        Some(elements)
    }

    fn string(&mut self) -> Option<String> {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.bytes().enumerate().skip(1).find_map(|(at, byte)| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends.then_some(at)
        })?;
        let found = serde_json::from_str(rest.get(..=end)?).ok()?;
        self.at += end + 1;
        Some(found)
    }

    fn digits(&mut self) -> Option<String> {
        let rest = self.rest();
        let end =
            rest.bytes().position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
        let found = rest.get(..end.unwrap_or(rest.len()))?;
        let _: &serde_json::value::RawValue = serde_json::from_str(found).ok()?;
        let found = found.to_owned();
        self.at += found.len();
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn texts_come_back_as_they_were() {
        for text in [r#"{"b":[1.50,-0.0,1e400,{}],"a":"x\"\\\n","c":[true,false,null,[]]}"#, "0", "\"\""] {
            assert_eq!(Json::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Json::parse(" { \"a\" : [ 1 , 2 ] } ").unwrap().to_string(), r#"{"a":[1,2]}"#);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "[1,]", "{\"a\":1,}", "01", "1 2", "\"", "nul", "[1 2]", "{a:1}", "--1"] {
            assert_eq!(Json::parse(text), None, "{text}");
        }
    }
}
