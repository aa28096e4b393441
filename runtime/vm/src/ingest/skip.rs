//! Records and lists that nobody reads: tested to be JSON, and passed. Knows no plan and no slots.

use super::Fault;
use super::scalar::{Scalar, byte, plain, rest_of_text, skip_blank};
use crate::index::Bitmap;

/// What is open: one bit each, the innermost lowest, set for lists; in words of 64, full ones in `outer`.
struct Open<'a> {
    inner: u64,
    outer: &'a mut Vec<u64>,
    count: usize,
}

impl Open<'_> {
    #[inline(always)]
    fn push(&mut self, is_list: bool) {
        if self.count != 0 && self.count.is_multiple_of(64) {
            self.outer.push(self.inner);
        }
        self.inner = self.inner << 1 | u64::from(is_list);
        self.count += 1;
    }

    #[inline(always)]
    fn pop(&mut self) {
        self.count -= 1;
        self.inner >>= 1;
        if self.count != 0 && self.count.is_multiple_of(64) {
            self.inner = self.outer.pop().unwrap_or_default();
        }
    }

    #[inline(always)]
    fn in_list(&self) -> bool {
        self.inner & 1 != 0
    }

    /// The bracket that closes the innermost one.
    #[inline(always)]
    fn closer(&self) -> u8 {
        b'}' - ((self.inner & 1) as u8) * (b'}' - b']')
    }
}

/// Behind the record or list at a place. At most `room` may be open at once, this one included.
#[inline(never)]
pub(super) fn skip(
    bytes: &[u8],
    start: u32,
    bitmap: Bitmap<'_>,
    room: usize,
    outer: &mut Vec<u64>,
) -> Result<u32, Fault> {
    outer.clear();
    let mut open = Open { inner: 0, outer, count: 0 };
    let mut at = start;
    loop {
        // A value starts here.
        let first = byte(bytes, at);
        if first == b'"' {
            at = text(bytes, at, bitmap)?;
        } else if first | 0x20 == b'{' {
            if open.count == room {
                return Err(Fault::Depth);
            }
            open.push(first == b'[');
            at = to_next(bytes, at + 1);
            if byte(bytes, at) != open.closer() {
                if !open.in_list() {
                    at = key(bytes, at, bitmap)?;
                }
                continue;
            }
        } else {
            let Scalar { end, .. } = plain(bytes, at, first)?.ok_or(Fault::NotJson)?;
            at = end;
        }
        // Behind a value, or in something empty.
        loop {
            at = to_next(bytes, at);
            let next = byte(bytes, at);
            if next == b',' {
                at = to_next(bytes, at + 1);
                if !open.in_list() {
                    at = key(bytes, at, bitmap)?;
                }
                break;
            }
            if next != open.closer() {
                return Err(Fault::NotJson);
            }
            at += 1;
            open.pop();
            if open.count == 0 {
                return Ok(at);
            }
        }
    }
}

/// Behind blanks, if there are any.
#[inline(always)]
fn to_next(bytes: &[u8], at: u32) -> u32 {
    // Nothing below a blank starts or ends anything.
    if byte(bytes, at) <= b' ' { skip_blank(bytes, at) } else { at }
}

/// Behind a text, from its quote.
#[inline(always)]
fn text(bytes: &[u8], at: u32, bitmap: Bitmap<'_>) -> Result<u32, Fault> {
    let mut end = bitmap.next(at + 1);
    if byte(bytes, end) != b'"' {
        end = rest_of_text(bytes, end, bitmap)?;
    }
    Ok(end + 1)
}

/// From a key to its value.
#[inline(always)]
fn key(bytes: &[u8], at: u32, bitmap: Bitmap<'_>) -> Result<u32, Fault> {
    if byte(bytes, at) != b'"' {
        return Err(Fault::NotJson);
    }
    let at = to_next(bytes, text(bytes, at, bitmap)?);
    if byte(bytes, at) != b':' {
        return Err(Fault::NotJson);
    }
    Ok(to_next(bytes, at + 1))
}
