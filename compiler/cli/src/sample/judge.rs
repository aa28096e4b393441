//! Does the outcome of a run meet what a test expects?

use mapc_diagnostics::Span;
use mapc_driver::typed::{Expectation, ExpectationKind, SamplePath, SampleValue};

use super::{Json, quoted, same_number};
use crate::ending::Ending;

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Place of the expectation.
    pub span: Span,
    /// What was expected, in words.
    pub expected: String,
    /// What there is.
    pub actual: String,
}

/// Every expectation that is not met. When the message ended otherwise than expected, that alone is said.
pub fn judge(expects: &[Expectation], ending: &Ending<'_>) -> Vec<Failure> {
    let document = match ending {
        Ending::Deliver { document, .. } => Some(Json::parse(document)),
        _ => None,
    };
    let mut failures = Vec::new();
    let mut ended_otherwise = false;
    for expect in expects {
        let fail = |expected: String, actual: String| Some(Failure { span: expect.span, expected, actual });
        let failure = match (&expect.kind, ending) {
            (ExpectationKind::Deliver, Ending::Deliver { .. }) | (ExpectationKind::Skip, Ending::Skip(_)) => {
                None
            }
            (ExpectationKind::Wait(wanted), Ending::Wait { reference, .. }) => match wanted {
                Some(wanted) if *reference != Some(wanted.as_str()) => {
                    let found = reference.unwrap_or("a record without a name");
                    fail(format!("waits for {wanted}"), format!("waits for {found}"))
                }
                _ => None,
            },
            (ExpectationKind::Reject(wanted), Ending::Reject(cause)) => match wanted {
                Some(wanted) if cause.words() != wanted => {
                    fail(format!("reject {}", quoted(wanted)), format!("reject {}", quoted(cause.words())))
                }
                _ => None,
            },
            (ExpectationKind::Key(wanted), Ending::Deliver { key, .. }) => match key {
                Some(key) if *key == wanted.as_str() => None,
                Some(key) => fail(format!("key {}", quoted(wanted)), format!("key {}", quoted(key))),
                None => fail(format!("key {}", quoted(wanted)), "the map gives no key".to_owned()),
            },
            (ExpectationKind::Field { path, value, negated }, Ending::Deliver { .. }) => match &document {
                Some(Ok(document)) => field(document, path, value.as_ref(), *negated)
                    .and_then(|(expected, actual)| fail(expected, actual)),
                _ => fail("a document".to_owned(), "the document cannot be read".to_owned()),
            },
            (kind, ending) => {
                let otherwise = fail(wanted_ending(kind).to_owned(), described(ending));
                otherwise.filter(|_| !std::mem::replace(&mut ended_otherwise, true))
            }
        };
        failures.extend(failure);
    }
    failures
}

fn wanted_ending(kind: &ExpectationKind) -> &'static str {
    match kind {
        ExpectationKind::Deliver | ExpectationKind::Key(_) | ExpectationKind::Field { .. } => "a document",
        ExpectationKind::Skip => "skipped",
        ExpectationKind::Wait(_) => "waits",
        ExpectationKind::Reject(_) => "rejected",
    }
}

fn described(ending: &Ending<'_>) -> String {
    match ending {
        Ending::Deliver { .. } => "a document was delivered".to_owned(),
        Ending::Skip(cause) => format!("skipped, {} {}", cause.code, cause.rule),
        Ending::Wait { reference: Some(reference), .. } => format!("waits for {reference}"),
        Ending::Wait { cause, .. } => format!("waits, {} {}", cause.code, cause.rule),
        Ending::Reject(cause) => format!("rejected, {} {}: {}", cause.code, cause.rule, cause.words()),
    }
}

/// Expected and actual when the field does not meet it.
fn field(
    document: &Json,
    path: &[SamplePath],
    value: Option<&SampleValue>,
    negated: bool,
) -> Option<(String, String)> {
    let found = find(document, path);
    let met = match (value, found) {
        (None, found) => found.is_none(),
        (Some(_), None) => false,
        (Some(value), Some(found)) => same(value, found),
    };
    if met != negated {
        return None;
    }
    let name = shown(path);
    let expected = value.map_or_else(|| "missing".to_owned(), literal);
    let not = if negated { "not " } else { "" };
    Some((
        format!("{name} is {not}{expected}"),
        found.map_or_else(|| format!("{name} is missing"), |found| format!("{name} is {}", brief(found))),
    ))
}

fn find<'a>(document: &'a Json, path: &[SamplePath]) -> Option<&'a Json> {
    path.iter().try_fold(document, |value, step| match (step, value) {
        (SamplePath::Field(name), value) => value.field(name),
        (SamplePath::Index(number), Json::List(rows)) => {
            rows.get(usize::try_from(*number).ok()?.checked_sub(1)?)
        }
        (SamplePath::Index(_), _) => None,
    })
}

/// An expected number also meets a number that the receiving system wants written as text.
fn same(expected: &SampleValue, found: &Json) -> bool {
    match (expected, found) {
        (SampleValue::Text(expected), Json::Text(found)) => expected == found,
        (SampleValue::Number(expected), Json::Number(found) | Json::Text(found)) => {
            same_number(expected, found)
        }
        (SampleValue::Bool(expected), Json::Bool(found)) => expected == found,
        (SampleValue::Null, Json::Null) => true,
        _ => false,
    }
}

fn literal(value: &SampleValue) -> String {
    match value {
        SampleValue::Text(text) => quoted(text),
        SampleValue::Number(number) => number.clone(),
        SampleValue::Bool(flag) => flag.to_string(),
        SampleValue::Null => "null".to_owned(),
    }
}

fn shown(path: &[SamplePath]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            SamplePath::Field(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            SamplePath::Index(number) => text.push_str(&format!("[{number}]")),
        }
    }
    text
}

fn brief(value: &Json) -> String {
    const MOST: usize = 200;
    let text = value.to_string();
    if text.chars().count() <= MOST {
        return text;
    }
    text.chars().take(MOST).chain(std::iter::once('…')).collect()
}
