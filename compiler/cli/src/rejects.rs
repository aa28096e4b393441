//! Messages that gave no document: one JSON line each in a file, or the first few as words for people.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::ending::Ending;

/// Without a file, this many are shown.
pub const SHOWN: u64 = 20;

/// One line of the rejects file.
#[derive(Debug, Serialize)]
struct RejectLine<'a> {
    line: u64,
    outcome: &'a str,
    code: &'a str,
    reason: &'a str,
    rule: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    waits_for: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Kept<'a>>,
}

/// The message itself: as JSON if it is, else as text.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Kept<'a> {
    Json(&'a RawValue),
    Text(String),
}

/// The JSON line for a message, with its line end; `None` for a delivered one. The message itself goes in only
/// when it is given.
pub fn json_line(line: u64, ending: &Ending<'_>, message: Option<&[u8]>) -> Option<String> {
    let cause = ending.cause()?;
    let waits_for = match ending {
        Ending::Wait { reference: Some(reference), .. } => Some(*reference),
        _ => None,
    };
    let reject = RejectLine {
        line,
        outcome: ending.word(),
        code: &cause.code,
        reason: cause.id,
        rule: cause.rule,
        text: cause.words(),
        waits_for,
        message: message.map(kept),
    };
    let mut text = serde_json::to_string(&reject).ok()?;
    text.push('\n');
    Some(text)
}

fn kept(message: &[u8]) -> Kept<'_> {
    match serde_json::from_slice::<&RawValue>(message) {
        // Over several lines it would break the one line per message.
        Ok(json) if !json.get().contains(['\n', '\r']) => Kept::Json(json),
        _ => Kept::Text(String::from_utf8_lossy(message).into_owned()),
    }
}

/// The same in words: `line 12: rejected, R0301 country: …`.
pub fn words(line: u64, ending: &Ending<'_>) -> Option<String> {
    let cause = ending.cause()?;
    let (verb, waiting) = match ending {
        Ending::Wait { reference: Some(reference), .. } => {
            ("waits", format!(", for {}", crate::render::clean(reference)))
        }
        Ending::Wait { .. } => ("waits", String::new()),
        Ending::Skip(_) => ("skipped", String::new()),
        _ => ("rejected", String::new()),
    };
    let rule = if cause.rule.is_empty() { String::new() } else { format!(" {}", cause.rule) };
    let text = crate::render::clean(cause.words()).replace('\n', " ");
    Some(format!("line {line}: {verb}, {}{rule}: {text}{waiting}\n", cause.code))
}

#[cfg(test)]
mod tests;
