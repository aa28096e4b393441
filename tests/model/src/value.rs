//! Values of a run: what an expression gives. Knows no expressions.

use std::cmp::Ordering;

use mapc_check::typed::{Constant, Write};

use crate::calendar::Calendar;
use crate::decimal::Decimal;

/// A present value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Decimal(Decimal),
    Bool(bool),
    Calendar(Calendar),
}

/// What stands at a place: absence and null are no values.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Absent,
    Null,
    Value(Value),
}

impl Value {
    /// A constant of the map; `None` if a calendar constant is not in its strict form.
    pub(crate) fn constant(constant: &Constant) -> Option<Value> {
        Some(match constant {
            Constant::Text(text) => Value::Text(text.clone()),
            Constant::Decimal(number) => Value::Decimal(Decimal::from_rational(number)),
            Constant::Bool(value) => Value::Bool(*value),
            Constant::Date(kind, text) => Value::Calendar(Calendar::read(*kind, text)?),
        })
    }

    /// `None` for different kinds. Text by code points, no before yes, instants by moment.
    pub(crate) fn compare(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            (Value::Decimal(left), Value::Decimal(right)) => Some(left.compare(right)),
            (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
            (Value::Calendar(left), Value::Calendar(right)) => left.compare(*right),
            _ => None,
        }
    }

    pub(crate) fn equals(&self, other: &Value) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }

    pub(crate) fn is_one_of(&self, constants: &[Constant]) -> bool {
        constants.iter().any(|constant| Value::constant(constant).is_some_and(|value| self.equals(&value)))
    }

    /// As it stands inside a text.
    pub(crate) fn text(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Decimal(number) => number.shortest().digits(),
            Value::Bool(value) => value.to_string(),
            Value::Calendar(value) => value.text(),
        }
    }

    /// As it stands in the document.
    pub(crate) fn json(&self, write: Write) -> String {
        match (write, self) {
            (Write::Number { whole: true }, Value::Decimal(number)) => number.whole_digits(),
            (Write::Number { whole: false }, Value::Decimal(number)) => number.digits(),
            (Write::Bool, Value::Bool(value)) => value.to_string(),
            _ => quoted(&self.text()),
        }
    }
}

impl Cell {
    pub(crate) fn some(value: Option<Value>) -> Cell {
        value.map_or(Cell::Absent, Cell::Value)
    }

    /// The value, if it is there.
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Cell::Value(value) => Some(value),
            Cell::Absent | Cell::Null => None,
        }
    }

    pub(crate) fn is_missing(&self) -> bool {
        !matches!(self, Cell::Value(_))
    }

    /// Absent and null are false.
    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Cell::Value(Value::Bool(true)))
    }
}

/// A JSON text with the fewest escapes.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{8}' => quoted.push_str("\\b"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\u{c}' => quoted.push_str("\\f"),
            '\r' => quoted.push_str("\\r"),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
