//! Contestant (b): the borrowed structs read and written by serde_json.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::borrowed::{self, Entry, JournalLine, JournalTables, Order, OrderTables, Raw, Written};
use super::exact;

impl Raw for &RawValue {
    fn raw(&self) -> &str {
        self.get()
    }
}

/// A decimal written as a JSON number.
pub struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        exact::write(&self.0, serializer)
    }
}

impl Written<'_> for Number {
    fn decimal(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

/// One message of W1 to one document.
pub fn order(message: &[u8], tables: &OrderTables<'_>, out: &mut Vec<u8>) -> Option<()> {
    let order: Order<'_, &RawValue> = serde_json::from_slice(message).ok()?;
    let document: borrowed::Document<'_, Number> = borrowed::order(&order, tables)?;
    serde_json::to_writer(out, &document).ok()
}

/// One message of W2 to one document.
pub fn journal(message: &[u8], tables: &JournalTables<'_>, out: &mut Vec<u8>) -> Option<()> {
    let entry: Entry<'_> = serde_json::from_slice(message).ok()?;
    let document: JournalLine<'_, Number> = borrowed::journal(&entry, tables)?;
    serde_json::to_writer(out, &document).ok()
}
