//! Reads JSON text into a tree, strictly by RFC 8259. Numbers stay lexemes, duplicate keys are kept, nothing is
//! known of maps.

use mapc_diagnostics::Code;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    /// In order, duplicates included.
    Record(Vec<(String, Json)>),
}

/// Reads one value that fills the whole input; the first complaint in byte order wins.
pub(crate) fn read(text: &str, depth: usize) -> Result<Json, Code> {
    let mut reader = Reader { rest: text, depth };
    reader.blank();
    let value = reader.value()?;
    reader.blank();
    if reader.rest.is_empty() { Ok(value) } else { Err(Code::R0101) }
}

struct Reader<'text> {
    rest: &'text str,
    /// Brackets that may still be opened.
    depth: usize,
}

impl Reader<'_> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Takes `expected` if it comes next.
    fn take(&mut self, expected: &str) -> bool {
        let rest = self.rest.strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn need(&mut self, expected: &str) -> Result<(), Code> {
        if self.take(expected) { Ok(()) } else { Err(Code::R0101) }
    }

    fn next(&mut self) -> Result<char, Code> {
        let mut characters = self.rest.chars();
        let next = characters.next().ok_or(Code::R0101)?;
        self.rest = characters.as_str();
        Ok(next)
    }

    fn value(&mut self) -> Result<Json, Code> {
        match self.rest.chars().next() {
            Some('{') => self.nested(Self::record),
            Some('[') => self.nested(Self::list),
            Some('"') => Ok(Json::Text(self.text()?)),
            Some('n') => self.need("null").map(|()| Json::Null),
            Some('t') => self.need("true").map(|()| Json::Bool(true)),
            Some('f') => self.need("false").map(|()| Json::Bool(false)),
            _ => self.number(),
        }
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Result<Json, Code>) -> Result<Json, Code> {
        self.depth = self.depth.checked_sub(1).ok_or(Code::R0110)?;
        let value = inner(self)?;
        self.depth += 1;
        Ok(value)
    }

    fn record(&mut self) -> Result<Json, Code> {
        self.need("{")?;
        let mut fields = Vec::new();
        self.blank();
        if self.take("}") {
            return Ok(Json::Record(fields));
        }
        loop {
            self.blank();
            let key = self.text()?;
            self.blank();
            self.need(":")?;
            self.blank();
            fields.push((key, self.value()?));
            self.blank();
            if self.take("}") {
                return Ok(Json::Record(fields));
            }
            self.need(",")?;
        }
    }

    fn list(&mut self) -> Result<Json, Code> {
        self.need("[")?;
        let mut elements = Vec::new();
        self.blank();
        if self.take("]") {
            return Ok(Json::List(elements));
        }
        loop {
            self.blank();
            elements.push(self.value()?);
            self.blank();
            if self.take("]") {
                return Ok(Json::List(elements));
            }
            self.need(",")?;
        }
    }

    fn text(&mut self) -> Result<String, Code> {
        self.need("\"")?;
        let mut text = String::new();
        loop {
            match self.next()? {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                control if control < ' ' => return Err(Code::R0101),
                other => text.push(other),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Code> {
        Ok(match self.next()? {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.unit()?;
                match unit {
                    // The first half of a pair: the second must follow at once.
                    0xD800..=0xDBFF => {
                        let second = if self.take("\\u") { self.unit().ok() } else { None };
                        let second =
                            second.filter(|unit| (0xDC00..=0xDFFF).contains(unit)).ok_or(Code::R0102)?;
                        let scalar = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
                        char::from_u32(scalar).ok_or(Code::R0102)?
                    }
                    other => char::from_u32(other).ok_or(Code::R0102)?,
                }
            }
            _ => return Err(Code::R0101),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32, Code> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + self.next()?.to_digit(16).ok_or(Code::R0101)?;
        }
        Ok(unit)
    }

    fn digits(&mut self) -> Result<(), Code> {
        let rest = self.rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        if rest.len() == self.rest.len() {
            return Err(Code::R0101);
        }
        self.rest = rest;
        Ok(())
    }

    fn number(&mut self) -> Result<Json, Code> {
        let start = self.rest;
        self.take("-");
        if !self.take("0") {
            self.digits()?;
        }
        if self.take(".") {
            self.digits()?;
        }
        if self.take("e") || self.take("E") {
            if !self.take("+") {
                self.take("-");
            }
            self.digits()?;
        }
        let length = start.len() - self.rest.len();
        start.get(..length).map(|lexeme| Json::Number(lexeme.to_owned())).ok_or(Code::R0101)
    }
}
