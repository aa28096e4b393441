//! Exact decimals for the serde contestants, by way of raw values (`arbitrary_precision` would change serde_json for
//! everyone in the build), and the shape of a moment. Allocates nothing.

use std::fmt::Write;

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Long enough for every decimal with its sign and point.
pub struct Digits {
    bytes: [u8; 40],
    used: usize,
}

impl Digits {
    /// Of a decimal.
    pub fn of(decimal: &Decimal) -> Self {
        let mut digits = Self { bytes: [0; 40], used: 0 };
        let _ = write!(digits, "{decimal}");
        digits
    }

    /// What was written.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.used]).unwrap_or_default()
    }
}

impl Write for Digits {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.used + text.len();
        let place = self.bytes.get_mut(self.used..end).ok_or(std::fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.used = end;
        Ok(())
    }
}

/// Digits become a decimal; an exponent is not expected.
pub fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok()
}

/// Reads a JSON number.
pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    decimal(raw.get()).ok_or_else(|| D::Error::custom("not a number"))
}

/// Reads a JSON number that may be null.
pub fn read_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let Some(raw) = Option::<&RawValue>::deserialize(deserializer)? else { return Ok(None) };
    decimal(raw.get()).map(Some).ok_or_else(|| D::Error::custom("not a number"))
}

/// Reads decimal text.
pub fn read_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = super::borrowed::Text::deserialize(deserializer)?;
    decimal(&text).ok_or_else(|| D::Error::custom("not a decimal"))
}

/// Reads decimal text that may be null.
pub fn read_optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let Some(text) = Option::<super::borrowed::Text>::deserialize(deserializer)? else { return Ok(None) };
    decimal(&text).map(Some).ok_or_else(|| D::Error::custom("not a decimal"))
}

/// Writes a JSON number.
pub fn write<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let digits = Digits::of(decimal);
    let raw: &RawValue = serde_json::from_str(digits.as_str()).map_err(S::Error::custom)?;
    raw.serialize(serializer)
}

/// Writes a JSON number when there is one.
pub fn write_optional<S: Serializer>(decimal: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match decimal {
        Some(decimal) => write(decimal, serializer),
        None => serializer.serialize_none(),
    }
}

/// The day of a moment as it was written.
pub fn date(moment: &str) -> Option<&str> {
    let bytes = moment.as_bytes();
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let fits =
        |(wanted, byte): (&u8, &u8)| if *wanted == b'd' { byte.is_ascii_digit() } else { wanted == byte };
    if bytes.len() <= shape.len() || !shape.iter().zip(bytes).all(fits) {
        return None;
    }
    let rest = &bytes[shape.len()..];
    let rest = match rest.strip_prefix(b".") {
        Some(fraction) => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            &fraction[digits..]
        }
        None => rest,
    };
    let zone = match rest {
        b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    if zone { moment.get(..10) } else { None }
}
