//! A message as it is put together: a JSON value whose numbers are the text they are. Knows no types.

use std::fmt::{self, Write};

/// Texts longer than this are shown by their beginning and length.
const SHOWN: usize = 32;
/// Rows shown of a list.
const ROWS: usize = 3;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// null
    Null,
    /// true/false
    Bool(bool),
    /// As written.
    Number(String),
    /// Text.
    Text(String),
    /// List.
    List(Vec<Message>),
    /// Record, fields in order.
    Record(Vec<(String, Message)>),
}

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(out, false)
    }
}

impl Message {
    /// For people: long texts and lists by their beginning.
    pub(crate) fn shortened(&self) -> String {
        let mut out = String::new();
        // writing to a text never fails
        let _ = self.write(&mut out, true);
        out
    }

    fn write(&self, out: &mut dyn Write, short: bool) -> fmt::Result {
        match self {
            Message::Null => out.write_str("null"),
            Message::Bool(flag) => write!(out, "{flag}"),
            Message::Number(number) => out.write_str(number),
            Message::Text(text) => {
                let count = text.chars().count();
                if short && count > SHOWN {
                    let start: String = text.chars().take(SHOWN / 2).collect();
                    return write_text(out, &format!("{}… ({count} characters)", start.trim_end()));
                }
                write_text(out, text)
            }
            Message::List(rows) => {
                out.write_char('[')?;
                let shown = if short && rows.len() > ROWS { 1 } else { rows.len() };
                for (at, row) in rows.iter().take(shown).enumerate() {
                    if at > 0 {
                        out.write_char(',')?;
                    }
                    row.write(out, short)?;
                }
                if shown < rows.len() {
                    write!(out, ", … ({} rows)", rows.len())?;
                }
                out.write_char(']')
            }
            Message::Record(fields) => {
                out.write_char('{')?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    if at > 0 {
                        out.write_char(',')?;
                    }
                    write_text(out, name)?;
                    out.write_char(':')?;
                    value.write(out, short)?;
                }
                out.write_char('}')
            }
        }
    }
}

fn write_text(out: &mut dyn Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            control if control < ' ' => write!(out, "\\u{:04x}", u32::from(control))?,
            other => out.write_char(other)?,
        }
    }
    out.write_char('"')
}
