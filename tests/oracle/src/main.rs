//! Answers questions about schemas and documents, one JSON record per line in and one per line out:
//! `{"schema", "dialect", "documents", "others"}` gives `{"verdicts": [true, false, null]}`,
//! `{"outer", "inner", "dialect"}` gives `{"covers": true}`, `{"standards": true}` gives `{"documents": {…}}`.
//! Null means that there is no answer. Knows nothing of the project.

mod standards;

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use jsonschema::canonical::Containment;
use jsonschema::{Draft, Registry};
use serde_json::{Map, Value, json};

fn main() -> std::io::Result<()> {
    let mut known = HashMap::new();
    let mut out = std::io::stdout().lock();
    std::panic::set_hook(Box::new(|_| {}));
    for line in std::io::stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line?)?;
        let answer = catch_unwind(AssertUnwindSafe(|| answer(&question, &mut known)));
        writeln!(out, "{}", answer.unwrap_or_else(|_| json!({ "failed": true })))?;
        out.flush()?;
    }
    Ok(())
}

type Known = HashMap<String, Option<jsonschema::Validator>>;

fn answer(question: &Value, known: &mut Known) -> Value {
    let text = |name: &str| question.get(name).and_then(Value::as_str).unwrap_or_default();
    let Some((draft, openapi30)) = dialect(text("dialect")) else {
        return match question.get("standards") {
            Some(_) => json!({ "documents": standards::documents() }),
            None => json!({ "failed": true }),
        };
    };
    if question.get("outer").is_some() {
        return json!({ "covers": covers(text("outer"), text("inner"), draft, openapi30) });
    }
    let others = question.get("others").and_then(Value::as_object);
    let key = format!("{}\n{}\n{}", text("dialect"), others.map_or(0, Map::len), text("schema"));
    if known.len() > 2_000 {
        known.clear();
    }
    let validator = known.entry(key).or_insert_with(|| validator(text("schema"), draft, openapi30, others));
    let documents = question.get("documents").and_then(Value::as_array);
    let verdicts = documents.into_iter().flatten().map(|document| {
        let value: Value = serde_json::from_str(document.as_str()?).ok()?;
        validator
            .as_ref()
            .and_then(|validator| catch_unwind(AssertUnwindSafe(|| validator.is_valid(&value))).ok())
    });
    json!({ "verdicts": verdicts.collect::<Vec<Option<bool>>>() })
}

fn dialect(name: &str) -> Option<(Draft, bool)> {
    Some(match name {
        "draft-04" => (Draft::Draft4, false),
        "openapi-3.0" => (Draft::Draft4, true),
        "draft-06" => (Draft::Draft6, false),
        "draft-07" => (Draft::Draft7, false),
        "2019-09" => (Draft::Draft201909, false),
        "2020-12" | "openapi-3.1" => (Draft::Draft202012, false),
        _ => return None,
    })
}

fn schema(text: &str, openapi30: bool) -> Option<Value> {
    let mut schema = serde_json::from_str(text).ok()?;
    if openapi30 {
        spell_out(&mut schema);
    }
    Some(schema)
}

/// Writes `nullable` as draft 4 would: null among the kinds of `type`.
fn spell_out(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(spell_out),
        Value::Object(record) => {
            let nullable = record.get("nullable") == Some(&Value::Bool(true));
            if let Some(Value::String(kind)) = record.get("type").filter(|_| nullable) {
                let kinds = json!([kind, "null"]);
                record.insert("type".to_owned(), kinds);
            }
            let literal = ["enum", "const", "default", "example", "examples"];
            record
                .iter_mut()
                .filter(|(name, _)| !literal.contains(&name.as_str()))
                .for_each(|(_, part)| spell_out(part));
        }
        _ => {}
    }
}

fn validator(
    text: &str,
    draft: Draft,
    openapi30: bool,
    others: Option<&Map<String, Value>>,
) -> Option<jsonschema::Validator> {
    let schema = schema(text, openapi30)?;
    let others = others.into_iter().flatten().filter_map(|(uri, text)| {
        let value: Value = serde_json::from_str(text.as_str()?).ok()?;
        Some((uri.as_str(), value))
    });
    let registry = Registry::new().draft(draft).extend(others).ok()?.prepare().ok()?;
    jsonschema::options()
        .with_draft(draft)
        .with_registry(&registry)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .offline()
        .build(&schema)
        .ok()
}

fn covers(outer: &str, inner: &str, draft: Draft, openapi30: bool) -> Option<bool> {
    let canonical = |text: &str| {
        jsonschema::canonical::options()
            .with_draft(draft)
            .should_validate_formats(true)
            .offline()
            .canonicalize(&schema(text, openapi30)?)
            .ok()
    };
    match canonical(outer)?.covers(&canonical(inner)?).ok()? {
        Containment::Yes => Some(true),
        Containment::No => Some(false),
        Containment::Unknown => None,
    }
}
