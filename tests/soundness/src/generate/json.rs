//! JSON as it is written: numbers keep their digits, records their order and their repeated keys. For generators, which
//! build and change texts; nothing is judged here.

use std::fmt::Write;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// Digits as written.
    Number(String),
    /// A text, escapes resolved.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// A record.
    Record(Vec<(String, Json)>),
}

impl Json {
    /// A text.
    pub fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    /// A number.
    pub fn number(digits: impl ToString) -> Json {
        Json::Number(digits.to_string())
    }

    /// A record of these members.
    pub fn record<const N: usize>(members: [(&str, Json); N]) -> Json {
        Json::Record(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A list of texts.
    pub fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Json {
        Json::List(texts.into_iter().map(Json::text).collect())
    }

    /// A member of a record.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.members().iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The members of a record; none of anything else.
    pub fn members(&self) -> &[(String, Json)] {
        match self {
            Json::Record(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list; none of anything else.
    pub fn elements(&self) -> &[Json] {
        match self {
            Json::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The digits of a number.
    pub fn digits(&self) -> Option<&str> {
        match self {
            Json::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// A small whole number.
    pub fn count(&self) -> Option<u64> {
        self.digits()?.parse().ok()
    }

    /// Sets a member of a record, at its place or at the end.
    pub fn set(&mut self, name: &str, value: Json) {
        if let Json::Record(members) = self {
            match members.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = value,
                None => members.push((name.to_owned(), value)),
            }
        }
    }

    /// What stands at a pointer.
    pub fn at(&self, pointer: &str) -> Option<&Json> {
        pointer.split('/').skip(1).try_fold(self, |here, step| {
            let step = step.replace("~1", "/").replace("~0", "~");
            match here {
                Json::Record(_) => here.get(&step),
                Json::List(elements) => elements.get(step.parse::<usize>().ok()?),
                _ => None,
            }
        })
    }

    /// Reads a text.
    ///
    /// # Errors
    /// It is not JSON; says where.
    pub fn parse(text: &str) -> Result<Json, String> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.blanks();
        if reader.at < text.len() { Err(reader.error("the end")) } else { Ok(value) }
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Json::Null => formatter.write_str("null"),
            Json::Bool(flag) => write!(formatter, "{flag}"),
            Json::Number(digits) => formatter.write_str(digits),
            Json::Text(text) => formatter.write_str(&quoted(text)),
            Json::List(elements) => {
                formatter.write_str("[")?;
                for (number, element) in elements.iter().enumerate() {
                    formatter.write_str(if number > 0 { "," } else { "" })?;
                    element.fmt(formatter)?;
                }
                formatter.write_str("]")
            }
            Json::Record(members) => {
                formatter.write_str("{")?;
                for (number, (name, value)) in members.iter().enumerate() {
                    formatter.write_str(if number > 0 { "," } else { "" })?;
                    write!(formatter, "{}:", quoted(name))?;
                    value.fmt(formatter)?;
                }
                formatter.write_str("}")
            }
        }
    }
}

/// A text in quotes, escaped as little as possible.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn error(&self, expected: &str) -> String {
        format!("{expected} expected at byte {}", self.at)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, mark: u8) -> Result<(), String> {
        self.blanks();
        if self.byte() == Some(mark) {
            self.at += 1;
            return Ok(());
        }
        Err(self.error(&char::from(mark).to_string()))
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > 200 {
            return Err(self.error("less depth"));
        }
        self.blanks();
        match self.byte() {
            Some(b'{') => self.record(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
                let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
                self.at += end;
                Ok(Json::Number(rest.get(..end).unwrap_or_default().to_owned()))
            }
            _ => {
                let words = [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))];
                let rest = self.text.get(self.at..).unwrap_or_default();
                let found = words.into_iter().find(|(word, _)| rest.starts_with(word));
                let (word, value) = found.ok_or_else(|| self.error("a value"))?;
                self.at += word.len();
                Ok(value)
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        self.expect(b'[')?;
        let mut elements = Vec::new();
        self.blanks();
        if self.byte() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            self.blanks();
            if self.byte() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.expect(b']')?;
            return Ok(Json::List(elements));
        }
    }

    fn record(&mut self, depth: usize) -> Result<Json, String> {
        self.expect(b'{')?;
        let mut members = Vec::new();
        self.blanks();
        if self.byte() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Record(members));
        }
        loop {
            self.blanks();
            let name = self.string()?;
            self.expect(b':')?;
            members.push((name, self.value(depth + 1)?));
            self.blanks();
            if self.byte() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.expect(b'}')?;
            return Ok(Json::Record(members));
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut end = 1;
        loop {
            match rest.as_bytes().get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
                None => return Err(self.error("the end of a text")),
            }
        }
        let piece = rest.get(..=end).ok_or_else(|| self.error("a text"))?;
        let text = serde_json::from_str(piece).map_err(|_| self.error("a text"))?;
        self.at += end + 1;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(Json::parse(text).ok().map(|json| json.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn digits_order_and_repeated_keys_are_kept() {
        check(
            r#" { "b" : 1.50e-05, "a" : [ true , null ], "b": "\u00e9\n\"" } "#,
            Some("{\"b\":1.50e-05,\"a\":[true,null],\"b\":\"é\\u000a\\\"\"}"),
        );
        check("[]", Some("[]"));
        check("[1", None);
        check("{} x", None);
        check("\"a", None);
    }
}
