//! The library's functions on texts. Each gives a part of its input or writes into a buffer.

use unicode_segmentation::UnicodeSegmentation;

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// This part of the input.
    Part(usize, usize),
    /// What was written into the buffer.
    Written,
    /// Nothing.
    Absent,
    /// More than the buffer may hold.
    TooLong,
}

fn all(text: &str) -> Made {
    Made::Part(0, text.len())
}

/// Number of code points.
pub(crate) fn code_points(text: &[u8]) -> u64 {
    // Every byte but those that continue a code point.
    text.iter().filter(|byte| (**byte as i8) >= -64).count() as u64
}

/// At most so many code points?
pub(crate) fn at_most(text: &[u8], length: u64) -> bool {
    text.len() as u64 <= length || code_points(text) <= length
}

/// At least so many code points?
pub(crate) fn at_least(text: &[u8], length: u64) -> bool {
    text.len() as u64 >= length && code_points(text) >= length
}

/// Byte length of the longest prefix of whole grapheme clusters with at most so many code points.
pub(crate) fn cut(text: &str, length: u64) -> usize {
    if at_most(text.as_bytes(), length) {
        return text.len();
    }
    // Between two ASCII characters a cluster ends, except within a line end.
    if let Ok(place) = usize::try_from(length)
        && let Some(ascii) = text.as_bytes().get(..=place).filter(|bytes| bytes.is_ascii())
        && !ascii.ends_with(b"\r\n")
    {
        return place;
    }
    let mut left = length;
    let mut end = 0;
    for cluster in text.graphemes(true) {
        let Some(rest) = left.checked_sub(code_points(cluster.as_bytes())) else { break };
        left = rest;
        end += cluster.len();
    }
    end
}

pub(crate) fn start(text: &str, count: u64) -> Made {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if text.as_bytes().get(..count).is_some_and(<[u8]>::is_ascii) {
        return Made::Part(0, count);
    }
    Made::Part(0, text.char_indices().nth(count).map_or(text.len(), |(place, _)| place))
}

pub(crate) fn end(text: &str, count: u64) -> Made {
    let Some(before) = usize::try_from(count).unwrap_or(usize::MAX).checked_sub(1) else {
        return Made::Part(text.len(), text.len());
    };
    Made::Part(text.char_indices().rev().nth(before).map_or(0, |(place, _)| place), text.len())
}

pub(crate) fn trim(text: &str) -> Made {
    let from = text.len() - text.trim_start().len();
    Made::Part(from, from + text.trim().len())
}

pub(crate) fn nonblank(text: &str) -> Made {
    if text.trim().is_empty() { Made::Absent } else { all(text) }
}

pub(crate) fn squeeze(text: &str, out: &mut Vec<u8>) -> Made {
    for (place, word) in text.split_whitespace().enumerate() {
        if place > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word.as_bytes());
    }
    Made::Written
}

fn push(character: char, out: &mut Vec<u8>) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

pub(crate) fn upper(text: &str, out: &mut Vec<u8>) -> Made {
    if text.is_ascii() {
        return upper_ascii(text, out);
    }
    text.chars().flat_map(char::to_uppercase).for_each(|character| push(character, out));
    Made::Written
}

pub(crate) fn lower(text: &str, out: &mut Vec<u8>) -> Made {
    if text.is_ascii() {
        return lower_ascii(text, out);
    }
    if text.contains('\u{3A3}') {
        // The final form of sigma depends on its neighbours.
        out.extend_from_slice(text.to_lowercase().as_bytes());
    } else {
        text.chars().flat_map(char::to_lowercase).for_each(|character| push(character, out));
    }
    Made::Written
}

pub(crate) fn upper_ascii(text: &str, out: &mut Vec<u8>) -> Made {
    out.extend(text.bytes().map(|byte| byte.to_ascii_uppercase()));
    Made::Written
}

pub(crate) fn lower_ascii(text: &str, out: &mut Vec<u8>) -> Made {
    out.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
    Made::Written
}

fn padding(text: &str, count: u64, fill: &str, out: &mut Vec<u8>) {
    for _ in code_points(text.as_bytes())..count {
        out.extend_from_slice(fill.as_bytes());
    }
}

pub(crate) fn pad_left(text: &str, count: u64, fill: &str, out: &mut Vec<u8>) -> Made {
    padding(text, count, fill, out);
    out.extend_from_slice(text.as_bytes());
    Made::Written
}

pub(crate) fn pad_right(text: &str, count: u64, fill: &str, out: &mut Vec<u8>) -> Made {
    out.extend_from_slice(text.as_bytes());
    padding(text, count, fill, out);
    Made::Written
}

/// `most` bytes at most.
pub(crate) fn replace(text: &str, find: &str, put: &str, most: usize, out: &mut Vec<u8>) -> Made {
    if find.is_empty() || !text.contains(find) {
        return all(text);
    }
    for (place, piece) in text.split(find).enumerate() {
        if place > 0 {
            out.extend_from_slice(put.as_bytes());
        }
        out.extend_from_slice(piece.as_bytes());
        if out.len() > most {
            return Made::TooLong;
        }
    }
    Made::Written
}

pub(crate) fn without_prefix(text: &str, prefix: &str) -> Made {
    Made::Part(if text.starts_with(prefix) { prefix.len() } else { 0 }, text.len())
}

pub(crate) fn without_suffix(text: &str, suffix: &str) -> Made {
    Made::Part(0, text.len() - if text.ends_with(suffix) { suffix.len() } else { 0 })
}

pub(crate) fn before(text: &str, mark: &str) -> Made {
    Made::Part(0, text.find(mark).unwrap_or(text.len()))
}

pub(crate) fn after(text: &str, mark: &str) -> Made {
    text.find(mark).map_or(Made::Absent, |place| Made::Part(place + mark.len(), text.len()))
}

pub(crate) fn part(text: &str, mark: &str, number: u64) -> Made {
    let wanted = number.checked_sub(1).and_then(|number| usize::try_from(number).ok());
    let mut start = 0;
    for (place, piece) in text.split(mark).enumerate() {
        if Some(place) == wanted {
            return Made::Part(start, start + piece.len());
        }
        start += piece.len() + mark.len();
    }
    Made::Absent
}

pub(crate) fn digits(text: &str, out: &mut Vec<u8>) -> Made {
    out.extend(text.bytes().filter(u8::is_ascii_digit));
    Made::Written
}
