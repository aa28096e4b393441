//! Deterministic damage to messages: what the wire, another sender or an attacker might make of them.

/// A small generator of numbers; the same seed gives the same numbers everywhere.
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Dice {
        Dice { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// Any number.
    pub fn roll(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from((self.roll() >> 11) % end).unwrap_or(0)
    }

    /// One of these.
    pub fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices.get(self.below(choices.len())).copied().unwrap_or_default()
    }
}

/// A piece of JSON text: where it begins and ends.
type Piece = (usize, usize);

/// Texts, numbers and words of a JSON text; a text that stands before a colon is not among the values.
fn pieces(text: &str) -> (Vec<Piece>, Vec<Piece>) {
    let bytes = text.as_bytes();
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        if *byte == b'"' {
            at += 1;
            while let Some(byte) = bytes.get(at) {
                at += if *byte == b'\\' { 2 } else { 1 };
                if *byte == b'"' {
                    break;
                }
            }
            at = at.min(bytes.len());
            let behind = bytes.get(at..).unwrap_or_default().trim_ascii_start();
            if behind.first() == Some(&b':') { keys.push((start, at)) } else { values.push((start, at)) }
        } else if byte.is_ascii_alphanumeric() || *byte == b'-' {
            while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)) {
                at += 1;
            }
            values.push((start, at));
        } else {
            at += 1;
        }
    }
    (keys, values)
}

/// Values put in the place of others.
const ODD: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "1e2",
    "1.50",
    "0.00005",
    "12345678901234567890123456789012345",
    "1e400",
    "-1e-400",
    "1E+2",
    "99999999999999.99995",
    "\"\"",
    "\" \"",
    "\"0\"",
    "\"0.0\"",
    "\"-1\"",
    "\"+1\"",
    "\"01\"",
    "\"1.\"",
    "\"1.005\"",
    "\"0.00005\"",
    "\"9999999999999.9999\"",
    "\"draft\"",
    "\"open\"",
    "\"US\"",
    "\"BR\"",
    "\"us\"",
    "\"USD\"",
    "\"XXX\"",
    "\"invoice\"",
    "\"STORE_PICKUP\"",
    "\"C-1001\"",
    "\"2026-02-29\"",
    "\"2028-02-29\"",
    "\"0000-01-01\"",
    "\"2026-03-08T02:30:00-05:00\"",
    "\"2026-04-01T03:59:60Z\"",
    "\"2026-04-01T03:59:59.123456789Z\"",
    "\"2026-04-01T03:59:59.1234567890Z\"",
    "\"1899-12-31T23:59:59Z\"",
    "\"2200-12-31T23:59:59Z\"",
    "\"2026-04-01t03:59:59z\"",
    "\"2026-04-01T03:59:59+23:59\"",
    "\"\\ud83d\"",
    "\"\\ud83d\\ude00\"",
    "\"\\u0000\\u001f\\u007f\"",
    "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
    "\"ß\u{130}ﬁ\u{1f468}\u{200d}\u{1f469}\"",
    "\"a\u{301}\u{301}\"",
    "\"\u{2028}\u{feff}\"",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "{\"id\":null}",
    "[{\"quantity\":\"1\"}]",
];

/// The message with one thing changed.
pub fn mutate(message: &[u8], dice: &mut Dice) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(message) else { return bytes(message, dice) };
    let (keys, values) = pieces(text);
    let (Some(key), Some(value)) =
        (keys.get(dice.below(keys.len())).copied(), values.get(dice.below(values.len())).copied())
    else {
        return bytes(message, dice);
    };
    let put = |(start, end): Piece, new: &str| {
        let parts = [text.get(..start), Some(new), text.get(end..)];
        parts.into_iter().flatten().collect::<String>().into_bytes()
    };
    let of = |(start, end): Piece| text.get(start..end).unwrap_or_default();
    // A member: its key, and the simple value behind it if there is one.
    let simple = |(_, end): Piece| values.iter().copied().find(|(start, _)| (end..=end + 2).contains(start));
    match dice.below(14) {
        0..=3 => put(value, dice.one_of(ODD)),
        4 => put(value, of(values.get(dice.below(values.len())).copied().unwrap_or(value))),
        5 => put(key, of(keys.get(dice.below(keys.len())).copied().unwrap_or(key))),
        6 => put(key, "\"unknown field\""),
        7 => simple(key)
            .map_or_else(|| put(key, "\"\\u0069d\""), |value| put((key.0, value.1), "\"dropped\":1")),
        8 => match simple(key) {
            Some(value) => {
                let member = of((key.0, value.1));
                put((key.0, value.1), &format!("{member},{member}"))
            }
            None => put((key.0, key.0), &format!("{}:null,", of(key))),
        },
        9 => simple(key).map_or_else(|| bytes(message, dice), |value| put(value, "null")),
        10 => {
            let unit = dice.one_of(&["x", "é", "\u{1f468}\u{200d}\u{1f469}", " ", "\\n", "\\u00e9"]);
            let length = dice.one_of(&["1", "30", "44", "45", "46", "299", "301", "999", "1000", "2500"]);
            put(value, &format!("\"{}\"", unit.repeat(length.parse().unwrap_or(1))))
        }
        11 => {
            let digits = dice.one_of(&["1", "17", "33", "34", "35", "60", "400"]).parse().unwrap_or(1);
            let number = format!(
                "{}{}",
                dice.one_of(&["9", "1", "10", "0."]),
                dice.one_of(&["9", "0", "3"]).repeat(digits)
            );
            let quoted = dice.below(2) == 0;
            put(value, &if quoted { format!("\"{number}\"") } else { number })
        }
        12 => {
            let cut = (0..=dice.below(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.get(..cut).unwrap_or_default().as_bytes().to_vec()
        }
        _ => bytes(message, dice),
    }
}

/// The message with some bytes changed, taken out or put in.
pub fn bytes(message: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut changed = message.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(changed.len());
        let byte = u8::try_from(dice.roll() >> 56).unwrap_or(0);
        match (dice.below(4), changed.get_mut(at)) {
            (0, Some(place)) => *place ^= 1 << dice.below(8),
            (1, Some(place)) => *place = byte,
            (2, Some(_)) => drop(changed.remove(at)),
            _ => changed.insert(at, *b"{}[]\",:\\ 019eu".get(dice.below(14)).unwrap_or(&b' ')),
        }
    }
    changed
}

/// Bytes without any meaning, or JSON without any order.
pub fn noise(dice: &mut Dice) -> Vec<u8> {
    let length = dice.below(60);
    if dice.below(2) == 0 {
        (0..length).map(|_| u8::try_from(dice.roll() >> 56).unwrap_or(0)).collect()
    } else {
        let words = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"id\"",
            "\"lines\"",
            "1",
            "-",
            "null",
            "tru",
            "\"",
            "\\u",
            " ",
            "1e9",
        ];
        (0..length).map(|_| dice.one_of(&words)).collect::<String>().into_bytes()
    }
}
