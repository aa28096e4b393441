//! Blanks, numbers, words and escapes of a message: where they end. Knows a buffer with zeros behind the message, no plan.

use super::Fault;
use super::escape::hex;
use crate::index::{Specials, chunk};

/// The byte at a place; zero behind the end.
#[inline(always)]
pub(super) fn byte(bytes: &[u8], at: u32) -> u8 {
    bytes.get(at as usize).copied().unwrap_or_default()
}

/// Four bytes from a place, the first one lowest.
#[inline(always)]
pub(super) fn four(bytes: &[u8], at: u32) -> Result<u32, Fault> {
    Ok(u32::from_le_bytes(*chunk::<4>(bytes, at).ok_or(Fault::NotJson)?))
}

#[inline(always)]
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The place of the next byte that is not blank.
#[inline]
pub(super) fn skip_blank(bytes: &[u8], mut at: u32) -> u32 {
    while is_blank(byte(bytes, at)) {
        at += 1;
    }
    at
}

/// Behind `true`, `false` or `null`.
#[inline(always)]
pub(super) fn word(bytes: &[u8], at: u32, word: &[u8; 4]) -> Result<u32, Fault> {
    if chunk::<4>(bytes, at) == Some(word) { Ok(at + 4) } else { Err(Fault::NotJson) }
}

/// Behind some digits, at least one.
#[inline(always)]
fn digits(bytes: &[u8], start: u32) -> Result<u32, Fault> {
    let mut at = start;
    while byte(bytes, at).is_ascii_digit() {
        at += 1;
    }
    if at == start { Err(Fault::NotJson) } else { Ok(at) }
}

/// Behind a number.
#[inline(always)]
pub(super) fn number(bytes: &[u8], mut at: u32) -> Result<u32, Fault> {
    if byte(bytes, at) == b'-' {
        at += 1;
    }
    if byte(bytes, at) == b'0' {
        at += 1;
    } else {
        at = digits(bytes, at)?;
    }
    if byte(bytes, at) == b'.' {
        at = digits(bytes, at + 1)?;
    }
    if byte(bytes, at) | 0x20 == b'e' {
        at += 1;
        if let b'+' | b'-' = byte(bytes, at) {
            at += 1;
        }
        at = digits(bytes, at)?;
    }
    Ok(at)
}

/// From the first special byte of a text, which is no quote, to its closing quote.
#[inline(never)]
pub(super) fn rest_of_text<S: Specials>(bytes: &[u8], mut at: u32, specials: S) -> Result<u32, Fault> {
    loop {
        match byte(bytes, at) {
            b'"' => return Ok(at),
            b'\\' => at = escaped(bytes, at)?,
            _ => return Err(Fault::NotJson),
        }
        at = specials.next(bytes, at);
    }
}

/// Behind an escape.
#[inline(always)]
fn escaped(bytes: &[u8], at: u32) -> Result<u32, Fault> {
    match byte(bytes, at + 1) {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(at + 2),
        b'u' => {
            let unit = hex(bytes.get(at as usize + 2..)).ok_or(Fault::NotJson)?;
            if !(0xD800..0xE000).contains(&unit) {
                return Ok(at + 6);
            }
            let rest = bytes.get(at as usize + 6..).unwrap_or_default();
            let second = rest.strip_prefix(b"\\u").and_then(|rest| hex(Some(rest)));
            match second {
                Some(0xDC00..=0xDFFF) if unit < 0xDC00 => Ok(at + 12),
                _ => Err(Fault::BadText),
            }
        }
        _ => Err(Fault::NotJson),
    }
}
