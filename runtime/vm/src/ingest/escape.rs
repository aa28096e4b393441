//! The escapes of JSON texts, both ways. Knows single texts only.

/// Four hexadecimal digits at the front.
pub(super) fn hex(bytes: Option<&[u8]>) -> Option<u32> {
    let mut unit = 0;
    for byte in bytes?.first_chunk::<4>()? {
        unit = unit * 16 + char::from(*byte).to_digit(16)?;
    }
    Some(unit)
}

/// Appends the text that a JSON text stands for. The raw form is known to be valid.
pub(crate) fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(place) = rest.iter().position(|byte| *byte == b'\\') {
        out.extend_from_slice(rest.get(..place).unwrap_or_default());
        let escape = rest.get(place + 1).copied().unwrap_or_default();
        let mut used = 2;
        match escape {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => {
                let mut unit = hex(rest.get(place + 2..)).unwrap_or(0xFFFD);
                used = 6;
                if (0xD800..0xDC00).contains(&unit) {
                    let second = hex(rest.get(place + 8..)).unwrap_or(0xDC00);
                    unit = 0x10000 + ((unit - 0xD800) << 10) + second.wrapping_sub(0xDC00);
                    used = 12;
                }
                let character = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            other => out.push(other),
        }
        rest = rest.get(place + used..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// Appends a text with the fewest escapes.
pub(crate) fn escape(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(place) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)) {
        out.extend_from_slice(rest.get(..place).unwrap_or_default());
        let byte = rest.get(place).copied().unwrap_or_default();
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            8 => out.extend_from_slice(b"\\b"),
            9 => out.extend_from_slice(b"\\t"),
            10 => out.extend_from_slice(b"\\n"),
            12 => out.extend_from_slice(b"\\f"),
            13 => out.extend_from_slice(b"\\r"),
            control => {
                out.extend_from_slice(b"\\u00");
                for digit in [control >> 4, control & 15] {
                    out.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
                }
            }
        }
        rest = rest.get(place + 1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}
