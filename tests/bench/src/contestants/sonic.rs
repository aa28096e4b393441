//! Contestant (c): the borrowed structs read and written by sonic-rs.

use rust_decimal::Decimal;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use sonic_rs::LazyValue;

use super::borrowed::{self, Entry, JournalLine, JournalTables, Order, OrderTables, Raw, Written};
use super::exact::Digits;

impl Raw for LazyValue<'_> {
    fn raw(&self) -> &str {
        self.as_raw_str()
    }
}

/// A decimal written as a JSON number.
pub struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = Digits::of(&self.0);
        let raw: LazyValue<'_> = sonic_rs::from_str(digits.as_str()).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl Written<'_> for Number {
    fn decimal(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

/// One message of W1 to one document.
pub fn order(message: &[u8], tables: &OrderTables<'_>, out: &mut Vec<u8>) -> Option<()> {
    let order: Order<'_, LazyValue<'_>> = sonic_rs::from_slice(message).ok()?;
    let document: borrowed::Document<'_, Number> = borrowed::order(&order, tables)?;
    sonic_rs::to_writer(out, &document).ok()
}

/// One message of W2 to one document.
pub fn journal(message: &[u8], tables: &JournalTables<'_>, out: &mut Vec<u8>) -> Option<()> {
    let entry: Entry<'_> = sonic_rs::from_slice(message).ok()?;
    let document: JournalLine<'_, Number> = borrowed::journal(&entry, tables)?;
    sonic_rs::to_writer(out, &document).ok()
}
