//! The schemas that describe schemas, by address.

use referencing::meta;
use serde_json::{Map, Value};

/// As texts, for readers that keep numbers as they are written.
pub(crate) fn documents() -> Map<String, Value> {
    let old = [
        ("http://json-schema.org/draft-04/schema", &*meta::DRAFT4),
        ("http://json-schema.org/draft-06/schema", &*meta::DRAFT6),
        ("http://json-schema.org/draft-07/schema", &*meta::DRAFT7),
    ];
    let new = [
        &*meta::DRAFT201909,
        &*meta::DRAFT201909_APPLICATOR,
        &*meta::DRAFT201909_CONTENT,
        &*meta::DRAFT201909_CORE,
        &*meta::DRAFT201909_FORMAT,
        &*meta::DRAFT201909_META_DATA,
        &*meta::DRAFT201909_VALIDATION,
        &*meta::DRAFT202012,
        &*meta::DRAFT202012_CORE,
        &*meta::DRAFT202012_APPLICATOR,
        &*meta::DRAFT202012_UNEVALUATED,
        &*meta::DRAFT202012_VALIDATION,
        &*meta::DRAFT202012_META_DATA,
        &*meta::DRAFT202012_FORMAT_ANNOTATION,
        &*meta::DRAFT202012_FORMAT_ASSERTION,
        &*meta::DRAFT202012_CONTENT,
    ];
    let named = new.into_iter().filter_map(|one| Some((one.get("$id")?.as_str()?, one)));
    old.into_iter()
        .chain(named)
        .map(|(uri, document)| (uri.to_owned(), Value::String(document.to_string())))
        .collect()
}
