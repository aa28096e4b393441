//! Are two documents the same? Numbers as exact decimals, order of keys free. Shares no code with any contestant.

use std::collections::BTreeMap;

/// What a document holds.
#[derive(Debug, PartialEq, Eq)]
enum Tree {
    Null,
    YesNo(bool),
    /// Sign, digits without needless zeros, and how many of them stand behind the point.
    Number(bool, Vec<u8>, i64),
    Text(Vec<u16>),
    List(Vec<Tree>),
    Record(BTreeMap<Vec<u16>, Tree>),
}

/// `None` when they are the same, otherwise what is not.
pub fn difference(expected: &[u8], got: &[u8]) -> Option<String> {
    let read = |bytes: &[u8]| std::str::from_utf8(bytes).ok().and_then(read);
    let Some(expected) = read(expected) else { return Some("the expected document is not JSON".to_owned()) };
    let Some(got) = read(got) else { return Some("not JSON".to_owned()) };
    differ(&expected, &got, "$")
}

fn differ(expected: &Tree, got: &Tree, path: &str) -> Option<String> {
    match (expected, got) {
        (Tree::Record(expected), Tree::Record(got)) => {
            for (key, one) in expected {
                let name = String::from_utf16_lossy(key);
                let Some(other) = got.get(key) else { return Some(format!("{path}.{name} is missing")) };
                if let Some(found) = differ(one, other, &format!("{path}.{name}")) {
                    return Some(found);
                }
            }
            let more = got.keys().find(|key| !expected.contains_key(*key))?;
            Some(format!("{path}.{} is too much", String::from_utf16_lossy(more)))
        }
        (Tree::List(expected), Tree::List(got)) if expected.len() == got.len() => {
            let mut both = expected.iter().zip(got).enumerate();
            both.find_map(|(at, (one, other))| differ(one, other, &format!("{path}[{at}]")))
        }
        _ if expected == got => None,
        _ => Some(format!("{path}: {expected:.60?} is {got:.60?}")),
    }
}

fn read(text: &str) -> Option<Tree> {
    let mut rest = text;
    let tree = value(&mut rest)?;
    rest.trim_ascii().is_empty().then_some(tree)
}

fn take(rest: &mut &str, word: &str) -> Option<()> {
    *rest = rest.trim_ascii_start().strip_prefix(word)?;
    Some(())
}

fn value(rest: &mut &str) -> Option<Tree> {
    *rest = rest.trim_ascii_start();
    match rest.as_bytes().first()? {
        b'{' => record(rest),
        b'[' => list(rest),
        b'"' => text(rest).map(Tree::Text),
        b't' => take(rest, "true").map(|()| Tree::YesNo(true)),
        b'f' => take(rest, "false").map(|()| Tree::YesNo(false)),
        b'n' => take(rest, "null").map(|()| Tree::Null),
        _ => number(rest),
    }
}

fn record(rest: &mut &str) -> Option<Tree> {
    take(rest, "{")?;
    let mut members = BTreeMap::new();
    if take(rest, "}").is_some() {
        return Some(Tree::Record(members));
    }
    loop {
        *rest = rest.trim_ascii_start();
        let key = text(rest)?;
        take(rest, ":")?;
        let member = value(rest)?;
        if members.insert(key, member).is_some() {
            return None;
        }
        if take(rest, ",").is_none() {
            return take(rest, "}").map(|()| Tree::Record(members));
        }
    }
}

fn list(rest: &mut &str) -> Option<Tree> {
    take(rest, "[")?;
    let mut elements = Vec::new();
    if take(rest, "]").is_some() {
        return Some(Tree::List(elements));
    }
    loop {
        elements.push(value(rest)?);
        if take(rest, ",").is_none() {
            return take(rest, "]").map(|()| Tree::List(elements));
        }
    }
}

fn text(rest: &mut &str) -> Option<Vec<u16>> {
    let mut out = Vec::new();
    let mut letters = rest.strip_prefix('"')?.chars();
    loop {
        match letters.next()? {
            '"' => break,
            '\\' => out.push(match letters.next()? {
                'b' => 8,
                'f' => 12,
                'n' => 10,
                'r' => 13,
                't' => 9,
                'u' => {
                    let digits: String = letters.by_ref().take(4).collect();
                    u16::from_str_radix(&digits, 16).ok()?
                }
                other @ ('"' | '\\' | '/') => other as u16,
                _ => return None,
            }),
            control if control < ' ' => return None,
            other => out.extend_from_slice(other.encode_utf16(&mut [0; 2])),
        }
    }
    *rest = letters.as_str();
    Some(out)
}

fn number(rest: &mut &str) -> Option<Tree> {
    let end =
        rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
    let (lexeme, behind) = rest.split_at(end);
    *rest = behind;
    let negative = lexeme.starts_with('-');
    let lexeme = lexeme.trim_start_matches('-');
    let (lexeme, exponent) = match lexeme.split_once(['e', 'E']) {
        Some((front, exponent)) => (front, exponent.trim_start_matches('+').parse().ok()?),
        None => (lexeme, 0_i64),
    };
    let (whole, fraction) = lexeme.split_once('.').unwrap_or((lexeme, ""));
    let mut digits: Vec<u8> =
        whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0').collect();
    if whole.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut scale = fraction.len() as i64 - exponent;
    while digits.last() == Some(&b'0') {
        digits.pop();
        scale -= 1;
    }
    if digits.is_empty() {
        return Some(Tree::Number(false, digits, 0));
    }
    Some(Tree::Number(negative, digits, scale))
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn what_is_the_same() {
        let same = |one: &str, other: &str| difference(one.as_bytes(), other.as_bytes());
        assert_eq!(same(r#"{"a":1.50,"b":"\u00fc"}"#, r#"{ "b": "ü", "a": 15e-1 }"#), None);
        assert_eq!(same("[-0.0, 100]", "[0, 1e2]"), None);
        assert!(same("1.000000000000000000000001", "1").is_some());
        assert!(same(r#"{"a":1}"#, r#"{"a":1,"b":2}"#).is_some());
        assert!(same(r#"{"a":1,"b":2}"#, r#"{"a":1}"#).is_some());
        assert!(same("1", r#""1""#).is_some());
        assert!(same("[1,2]", "[2,1]").is_some());
        assert!(same("{}", r#"{"a":1,"a":1}"#).is_some());
    }
}
