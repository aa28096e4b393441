//! Damage to messages: what other senders, the wire or an attacker might make of them.

use super::super::json::Json;
use super::stranger;
use crate::choices::Choices;

/// Changes one place of a value.
pub fn json(value: &mut Json, choices: &mut Choices) {
    match value {
        Json::Record(members) if !members.is_empty() && choices.percent(92) => {
            let at = choices.below(members.len());
            let Some((name, inner)) = members.get_mut(at) else { return };
            match choices.below(14) {
                0 => {
                    members.remove(at);
                }
                1 => name.push('x'),
                2 => {
                    let twin = (name.clone(), inner.clone());
                    members.insert(choices.below(members.len()), twin);
                }
                3 => {
                    let twin = (name.clone(), stranger(choices));
                    members.push(twin);
                }
                4 => *inner = Json::Null,
                5 => *inner = stranger(choices),
                6 => *inner = Json::List(vec![inner.clone()]),
                7 => *inner = other_kind(inner),
                _ => json(inner, choices),
            }
        }
        Json::List(elements) if !elements.is_empty() && choices.percent(92) => {
            let at = choices.below(elements.len());
            let Some(inner) = elements.get_mut(at) else { return };
            match choices.below(8) {
                0 => {
                    elements.remove(at);
                }
                1 => {
                    let twin = inner.clone();
                    elements.push(twin);
                }
                2 => *inner = stranger(choices),
                3 => *inner = Json::Null,
                _ => json(inner, choices),
            }
        }
        other => *other = if choices.percent(40) { other_kind(other) } else { stranger(choices) },
    }
}

/// The same value as another kind.
fn other_kind(value: &Json) -> Json {
    match value {
        Json::Text(text) => match text.parse::<f64>() {
            Ok(_) if Json::parse(text).is_ok() => Json::Number(text.clone()),
            _ => Json::Bool(text == "true"),
        },
        Json::Number(digits) => Json::Text(digits.clone()),
        Json::Bool(flag) => Json::Text(flag.to_string()),
        Json::Null => Json::Text("null".to_owned()),
        other => Json::Text(other.to_string()),
    }
}

/// Writes letters of texts and keys as escapes here and there.
pub fn escaped(text: &str, choices: &mut Choices) -> Vec<u8> {
    let mut out = String::with_capacity(text.len() * 2);
    let (mut inside, mut escape) = (false, false);
    for c in text.chars() {
        if escape {
            escape = false;
            out.push(c);
            continue;
        }
        match c {
            '"' => inside = !inside,
            '\\' => escape = true,
            _ if inside && choices.percent(20) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04X}"));
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
        if !inside && matches!(c, ',' | ':' | '{' | '[') && choices.percent(20) {
            out.push_str(choices.one(&[" ", "\n", "\t", "\r\n", "   "]));
        }
    }
    out.into_bytes()
}

/// Changes bytes.
pub fn bytes(mut message: Vec<u8>, choices: &mut Choices) -> Vec<u8> {
    for _ in 0..=choices.below(2) {
        let at = choices.below(message.len());
        match choices.below(8) {
            0 => {
                if let Some(byte) = message.get_mut(at) {
                    *byte ^= 1 << choices.below(8);
                }
            }
            1 => message.truncate(at),
            2 => insert(&mut message, at, choices.one(PIECES).as_bytes()),
            3 => {
                if at < message.len() {
                    message.remove(at);
                }
            }
            4 => {
                let end = (at + choices.below(12)).min(message.len());
                let piece = message.get(at..end).unwrap_or_default().to_vec();
                insert(&mut message, at, &piece);
            }
            5 => insert(&mut message, at, &[choices.one(&[0xff_u8, 0xc3, 0x80, 0, 0xed, 0xf5])]),
            6 => {
                // inside a text: an escape
                let quote =
                    message.iter().skip(at).position(|byte| *byte == b'"').map_or(at, |found| at + found + 1);
                insert(&mut message, quote, choices.one(ESCAPES).as_bytes());
            }
            _ => insert(&mut message, at, choices.one(&[" ", "\n", "\u{feff}", "\u{a0}"]).as_bytes()),
        }
    }
    message
}

const PIECES: &[&str] =
    &["{", "}", "[", "]", ",", ":", "\"", "null", "true", "-", "0", "1e9", "\\", "\"a\":1,", "{}", "//"];
const ESCAPES: &[&str] = &[
    "\\u0041",
    "\\ud800",
    "\\udc00",
    "\\ud83d\\ude00",
    "\\n",
    "\\/",
    "\\x",
    "\\u00",
    "\\\"",
    "\\\\",
    "\\u0000",
];

fn insert(message: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let at = at.min(message.len());
    message.splice(at..at, piece.iter().copied());
}

/// Bytes: none, any, very deep, or a message with much damage.
pub fn raw(message: Vec<u8>, choices: &mut Choices) -> Vec<u8> {
    match choices.below(8) {
        0 => Vec::new(),
        1 => (0..choices.below(40)).map(|_| u8::try_from(choices.below(256)).unwrap_or(0)).collect(),
        2 => {
            let depth = choices.one(&[3, 40, 63, 64, 65, 200]);
            let (open, close) = choices.one(&[("[", "]"), ("{\"a\":", "}")]);
            format!("{}1{}", open.repeat(depth), close.repeat(depth)).into_bytes()
        }
        3 => choices
            .one(&["null", "1", "\"x\"", "[]", "{}", "true", "[{}]", "{} {}", " {} "])
            .as_bytes()
            .to_vec(),
        4 => {
            let mut twice = message.clone();
            twice.extend(message);
            twice
        }
        5 => b"\xef\xbb\xbf".iter().copied().chain(message).collect(),
        _ => {
            let once = bytes(message, choices);
            bytes(once, choices)
        }
    }
}
