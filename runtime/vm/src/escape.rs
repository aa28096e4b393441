//! Escapes of JSON texts: the fewest that writing needs, and what any of them stands for.

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// High bits of the bytes that are a quote, a backslash or a control character; exact up to the first one.
pub(crate) fn special(word: u64) -> u64 {
    let zero = |word: u64| word.wrapping_sub(LOW) & !word;
    let quote = zero(word ^ (LOW * 0x22));
    let backslash = zero(word ^ (LOW * 0x5C));
    let control = word.wrapping_sub(LOW * 0x20) & !word;
    (quote | backslash | control) & HIGH
}

/// A byte that must be escaped.
pub(crate) fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..=0x1F)
}

/// The place of the first byte that must be escaped.
#[inline(always)]
pub(crate) fn first_special(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(chunk) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let found = special(u64::from_le_bytes(*chunk));
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    rest.iter().position(|byte| is_special(*byte)).map(|place| at + place)
}

/// The value of each hexadecimal digit; all bits of what is none.
static DIGITS: [u8; 256] = {
    let mut digits = [0xFF; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        if let Some(value) = char::to_digit(byte as char, 16) {
            #[expect(clippy::indexing_slicing, reason = "in a constant: the compiler proves it")]
            {
                digits[byte as usize] = value as u8;
            }
        }
        byte += 1;
    }
    digits
};

/// Four hexadecimal digits at the front.
#[inline(always)]
pub(crate) fn hex(bytes: Option<&[u8]>) -> Option<u32> {
    let [first, second, third, fourth] = *bytes?.first_chunk::<4>()?;
    let digit = |byte: u8| u32::from(DIGITS.get(usize::from(byte)).copied().unwrap_or(0xFF));
    let (first, second, third, fourth) = (digit(first), digit(second), digit(third), digit(fourth));
    if (first | second | third | fourth) > 15 {
        return None;
    }
    Some((first << 12) | (second << 8) | (third << 4) | fourth)
}

/// The character of an escape at the front that starts with `\\u00`, the most frequent of the long ones.
#[inline(always)]
pub(crate) fn low(bytes: &[u8]) -> Option<u8> {
    let [b'\\', b'u', b'0', b'0', high, low] = *bytes.first_chunk::<6>()? else { return None };
    let digit = |byte: u8| DIGITS.get(usize::from(byte)).copied().unwrap_or(0xFF);
    let (high, low) = (digit(high), digit(low));
    (high | low <= 15).then_some(high << 4 | low)
}

/// The character that an escape at the front stands for, and its length. The escape is known to be valid.
pub(crate) fn unescape_one(raw: &[u8]) -> (char, usize) {
    match raw.get(1).copied().unwrap_or_default() {
        b'b' => ('\u{8}', 2),
        b'f' => ('\u{c}', 2),
        b'n' => ('\n', 2),
        b'r' => ('\r', 2),
        b't' => ('\t', 2),
        b'u' => {
            let unit = hex(raw.get(2..)).unwrap_or(0xFFFD);
            if !(0xD800..0xDC00).contains(&unit) {
                return (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 6);
            }
            let second = hex(raw.get(8..)).unwrap_or(0xDC00);
            let point = 0x10000 + ((unit - 0xD800) << 10) + second.wrapping_sub(0xDC00);
            (char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        other => (char::from(other), 2),
    }
}

/// Appends the text that a JSON text stands for. The raw form is known to be valid, so that every special byte is a
/// backslash or stands behind one.
pub(crate) fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(place) = first_special(rest) {
        out.extend_from_slice(rest.get(..place).unwrap_or_default());
        rest = rest.get(place..).unwrap_or_default();
        // Where one escape stands there are often more.
        while rest.first() == Some(&b'\\') {
            if let Some(byte @ ..0x80) = low(rest) {
                out.push(byte);
                rest = rest.get(6..).unwrap_or_default();
                continue;
            }
            let (character, used) = unescape_one(rest);
            match u8::try_from(character) {
                Ok(byte) if byte < 0x80 => out.push(byte),
                _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
            rest = rest.get(used..).unwrap_or_default();
        }
    }
    out.extend_from_slice(rest);
}

/// Appends a text with the fewest escapes.
pub(crate) fn escape(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(place) = first_special(rest) {
        out.extend_from_slice(rest.get(..place).unwrap_or_default());
        let (bytes, length) = escaped(rest.get(place).copied().unwrap_or_default());
        out.extend_from_slice(bytes.get(..length).unwrap_or_default());
        rest = rest.get(place + 1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// The shortest escape of a special byte, and its length.
pub(crate) fn escaped(byte: u8) -> ([u8; 6], usize) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        8 => b'b',
        9 => b't',
        10 => b'n',
        12 => b'f',
        13 => b'r',
        control => {
            let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + value - 10 };
            return ([b'\\', b'u', b'0', b'0', digit(control >> 4), digit(control & 15)], 6);
        }
    };
    ([b'\\', short, 0, 0, 0, 0], 2)
}
