//! Blanks, numbers, words, escapes and odd keys of a message: where they end. Knows a buffer with zeros behind the
//! message, not what is open.

use super::Fault;
use crate::escape::{hex, low, unescape};
use crate::index::{Bitmap, chunk};
use crate::plan::Keys;
use crate::slot::Kind;

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

/// A number or a word.
pub(super) struct Scalar {
    pub(super) kind: Kind,
    pub(super) end: u32,
}

/// A value that is neither text nor record nor list, by its first byte; nothing if another byte stands there.
#[inline(always)]
pub(super) fn plain(bytes: &[u8], at: u32, first: u8) -> Result<Option<Scalar>, Fault> {
    let word = |at, word: &[u8; 4], kind| {
        if chunk::<4>(bytes, at) != Some(word) {
            return Err(Fault::NotJson);
        }
        Ok(Some(Scalar { kind, end: at + 4 }))
    };
    match first {
        b'0'..=b'9' | b'-' => Ok(Some(Scalar { kind: Kind::Number, end: number(bytes, at)? })),
        b'n' => word(at, b"null", Kind::Null),
        b't' => word(at, b"true", Kind::True),
        b'f' => word(at + 1, b"alse", Kind::False),
        _ => Ok(None),
    }
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
fn number(bytes: &[u8], mut at: u32) -> Result<u32, Fault> {
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
pub(super) fn rest_of_text(bytes: &[u8], mut at: u32, bitmap: Bitmap<'_>) -> Result<u32, Fault> {
    loop {
        match byte(bytes, at) {
            b'"' => return Ok(at),
            b'\\' => at = escaped(bytes, at)?,
            _ => return Err(Fault::NotJson),
        }
        // Where one escape stands there are often more.
        loop {
            let rest = bytes.get(at as usize..).unwrap_or_default();
            if low(rest).is_some() {
                at += 6;
            } else if rest.first() == Some(&b'\\') {
                at = escaped(bytes, at)?;
            } else {
                break;
            }
        }
        at = bitmap.next(at);
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

/// Any key, from behind its quote: the place behind its colon and blanks, and the number of its entry.
#[inline(never)]
pub(super) fn any_key(
    bytes: &[u8],
    start: u32,
    bitmap: Bitmap<'_>,
    keys: &Keys,
    unescaped: &mut Vec<u8>,
) -> Result<(u32, usize), Fault> {
    let mut end = bitmap.next(start);
    let is_escaped = byte(bytes, end) != b'"';
    if is_escaped {
        end = rest_of_text(bytes, end, bitmap)?;
    }
    let at = skip_blank(bytes, end + 1);
    if byte(bytes, at) != b':' {
        return Err(Fault::NotJson);
    }
    let at = skip_blank(bytes, at + 1);
    let mut text = bytes.get(start as usize..end as usize).unwrap_or_default();
    if is_escaped {
        unescaped.clear();
        unescape(text, unescaped);
        text = unescaped;
    }
    Ok((at, keys.find(text)))
}
