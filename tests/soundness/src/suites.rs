//! The official suite of JSON Schema, read from the folder beside the checkout.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mapc_model::member::Dialect;

use crate::json::Json;
use crate::outside;

/// A schema of the suite with its tests.
#[derive(Clone, Debug)]
pub struct Group {
    /// `draft7/optional/format/date.json`.
    pub file: String,
    /// What the suite says of the schema.
    pub name: String,
    /// The draft of the folder.
    pub dialect: Dialect,
    /// The schema.
    pub schema: Json,
    /// Documents that it may refer to, by address.
    pub others: BTreeMap<String, String>,
    /// Its tests.
    pub tests: Vec<Test>,
}

/// A document with the verdict of the suite.
#[derive(Clone, Debug)]
pub struct Test {
    /// What the suite says of it.
    pub name: String,
    /// The document.
    pub document: Json,
    /// Its verdict.
    pub valid: bool,
}

const DRAFTS: &[(&str, Dialect)] = &[
    ("draft4", Dialect::Draft4),
    ("draft7", Dialect::Draft7),
    ("draft2019-09", Dialect::Draft201909),
    ("draft2020-12", Dialect::Draft202012),
];

impl Group {
    /// Not among the tests that every validator must pass.
    pub fn is_optional(&self) -> bool {
        self.file.contains("/optional/")
    }

    /// The folder of the draft.
    pub fn draft(&self) -> &str {
        self.file.split('/').next().unwrap_or_default()
    }
}

/// All groups of four drafts. `standards`: the schemas that describe schemas. Absent: the suite is not there.
pub fn official(standards: &BTreeMap<String, String>) -> Option<Result<Vec<Group>, String>> {
    let folder = outside::suite("json-schema-test-suite")?;
    Some(read(&folder, standards))
}

fn read(folder: &Path, standards: &BTreeMap<String, String>) -> Result<Vec<Group>, String> {
    let remotes = remotes(&folder.join("remotes"))?;
    let mut groups = Vec::new();
    for (draft, dialect) in DRAFTS {
        let tests = folder.join("tests");
        for path in outside::files(&tests.join(draft), "json") {
            let file = relative(&path, &tests);
            let malformed = || format!("{file}: not a file of tests");
            let text = fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
            let content = Json::parse(&text).ok_or_else(malformed)?;
            for group in content.elements() {
                groups.push(group_of(group, &file, *dialect, &remotes, standards).ok_or_else(malformed)?);
            }
        }
    }
    if groups.is_empty() { Err("the suite is empty".to_owned()) } else { Ok(groups) }
}

fn relative(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn remotes(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let read = |path: std::path::PathBuf| {
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((format!("http://localhost:1234/{}", relative(&path, folder)), text))
    };
    outside::files(folder, "json").into_iter().map(read).collect()
}

fn group_of(
    group: &Json,
    file: &str,
    dialect: Dialect,
    remotes: &BTreeMap<String, String>,
    standards: &BTreeMap<String, String>,
) -> Option<Group> {
    let name = |value: &Json| value.get("description").and_then(Json::as_text).map(str::to_owned);
    let schema = group.get("schema")?.clone();
    let text = schema.to_string();
    let mut others = BTreeMap::new();
    if text.contains("localhost:1234") {
        let draft = file.split('/').next()?;
        let own = |uri: &str| {
            let folder = uri.split('/').nth(3).unwrap_or_default();
            folder == draft
                || file.contains("cross-draft")
                || !(folder.starts_with("draft") || folder == "v1")
        };
        others.extend(
            remotes.iter().filter(|(uri, _)| own(uri)).map(|(uri, text)| (uri.clone(), text.clone())),
        );
    }
    if text.contains("\"$ref\":\"http://json-schema.org")
        || text.contains("\"$ref\":\"https://json-schema.org")
    {
        others.extend(standards.clone());
    }
    let test = |test: &Json| {
        let valid = match test.get("valid")? {
            Json::Bool(valid) => *valid,
            _ => return None,
        };
        Some(Test { name: name(test)?, document: test.get("data")?.clone(), valid })
    };
    let tests = group.get("tests")?.elements().iter().map(test).collect::<Option<_>>()?;
    Some(Group { file: file.to_owned(), name: name(group)?, dialect, schema, others, tests })
}
