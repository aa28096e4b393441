//! The way in: a schema file with its overlays becomes a [`LoadedSchema`], or the report for `mapc schema lint`.

use std::collections::BTreeMap;

use mapc_diagnostics::{Code, Diagnostic, FileId, Sources, Span, Staged, nearest};
use mapc_types::Type;

use crate::api::{Direction, Lint, LintSide, LoadedSchema, Operation};
use crate::dialect::{Dialect, NAMES};
use crate::errors;
use crate::loader::{Loader, Way, whole};
use crate::places::strength;
use crate::read::read;
use crate::tree::{Json, NodeId, Tree};

/// Reads a schema in one direction, with its overlays in order. Without a value the diagnostics say why.
pub fn load(
    sources: &Sources,
    schema: FileId,
    overlays: &[FileId],
    direction: Direction,
) -> Staged<Option<LoadedSchema>> {
    let mut staged = load_even_empty(sources, schema, overlays, direction);
    // nothing could be mapped to a schema that admits nothing, and every line would say so again
    if staged.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::E0906) {
        staged.value = None;
    }
    staged
}

/// The same, with a value also for a schema that admits nothing.
fn load_even_empty(
    sources: &Sources,
    schema: FileId,
    overlays: &[FileId],
    direction: Direction,
) -> Staged<Option<LoadedSchema>> {
    let mut diagnostics = Vec::new();
    let value = attempt(sources, schema, overlays, direction, &mut diagnostics);
    mapc_diagnostics::sort(&mut diagnostics);
    diagnostics.dedup();
    Staged { value, diagnostics }
}

fn attempt(
    sources: &Sources,
    schema: FileId,
    overlays: &[FileId],
    direction: Direction,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<LoadedSchema> {
    let file = sources.file(schema)?;
    let mut tree = Tree::default();
    let root = read(&mut tree, schema, file, diagnostics);
    let overlay_roots: Vec<(FileId, NodeId)> = overlays
        .iter()
        .filter_map(|id| Some((*id, read(&mut tree, *id, sources.file(*id)?, diagnostics)?)))
        .collect();
    let root = root?;
    let dialect = dialect(&tree, root, &file.path, diagnostics)?;
    let mut loader = Loader::new(tree, root, dialect, direction);
    let mut summaries = Vec::new();
    for (id, overlay) in overlay_roots {
        let path = sources.file(id).map(|file| file.path.clone()).unwrap_or_default();
        summaries.extend(loader.overlay(overlay, &path));
    }
    let way = match direction {
        Direction::Source => Way::Over,
        Direction::Target(_) => Way::Under,
    };
    let root = loader.root;
    let body = loader.lower_root(&whole([root]), way);
    if loader.exhausted() {
        diagnostics.append(&mut loader.diagnostics);
        return None;
    }
    let already = loader.diagnostics.iter().any(Diagnostic::is_error);
    if body == Type::Never && !already {
        let span = loader.tree.span(root);
        let head = Span { end: span.start.saturating_add(1), ..span };
        loader.diagnostics.push(errors::admits_nothing(&file.path, head));
    }
    let places = loader.describe(root);
    let mut lint = loader.take_lints();
    for (diagnostic, line) in loader.take_unknown() {
        if way == Way::Under {
            loader.diagnostics.push(diagnostic);
            lint.push(line);
        }
    }
    if way == Way::Under {
        for line in lint.iter().filter(|line| line.code == Code::W0901) {
            loader.diagnostics.push(errors::limits_nothing(&line.pointer, line.span));
        }
    }
    lint.sort_by(|left, right| (&left.pointer, &left.keyword).cmp(&(&right.pointer, &right.keyword)));
    diagnostics.append(&mut loader.diagnostics);
    let definitions = std::mem::take(&mut loader.results(way).definitions);
    let mut loaded = LoadedSchema {
        root: body,
        definitions,
        lint,
        overlays: summaries,
        strength: Default::default(),
        places,
    };
    loaded.strength = strength(&loaded);
    Some(loaded)
}

/// The dialect that the root declares.
fn dialect(tree: &Tree, root: NodeId, path: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Dialect> {
    let span = tree.span(root);
    let head = Span { end: span.start.saturating_add(1), ..span };
    if !matches!(tree.json(root), Json::Record(_)) {
        diagnostics.push(errors::dialect_missing(path, head));
        return None;
    }
    let named = tree.get(root, "x-mapc-dialect").map(|value| (value, true));
    let Some((value, own)) = named.or_else(|| tree.get(root, "$schema").map(|value| (value, false))) else {
        diagnostics.push(errors::dialect_missing(path, head));
        return None;
    };
    let text = tree.text(value).cloned().unwrap_or_default();
    let found = if own { Dialect::from_name(&text) } else { Dialect::from_schema(&text) };
    if found.is_none() {
        let known = [
            "http://json-schema.org/draft-04/schema#",
            "http://json-schema.org/draft-06/schema#",
            "http://json-schema.org/draft-07/schema#",
            "https://json-schema.org/draft/2019-09/schema",
            "https://json-schema.org/draft/2020-12/schema",
        ];
        let near = if own { nearest(&text, NAMES.iter().copied()) } else { nearest(&text, known) };
        diagnostics.push(errors::dialect_unknown(tree.span(value), &text, &near));
    }
    found
}

/// Everything that is not exact, on both sides, in order of path.
pub fn lint(sources: &Sources, schema: FileId, overlays: &[FileId]) -> Staged<Vec<Lint>> {
    let target = load_even_empty(sources, schema, overlays, Direction::Target(Operation::Create));
    let source = load_even_empty(sources, schema, overlays, Direction::Source);
    let mut merged: BTreeMap<(String, String, Code), Lint> = BTreeMap::new();
    let lines = |loaded: Option<LoadedSchema>| loaded.map(|loaded| loaded.lint).unwrap_or_default();
    for line in lines(target.value).into_iter().chain(lines(source.value)) {
        let key = (line.pointer.clone(), line.keyword.clone(), line.code);
        match merged.get_mut(&key) {
            Some(before) if before.side != line.side => {
                if before.text != line.text {
                    before.text = format!("as a target: {}; as a source: {}", before.text, line.text);
                }
                before.side = LintSide::Both;
            }
            Some(_) => {}
            None => {
                merged.insert(key, line);
            }
        }
    }
    let mut diagnostics = target.diagnostics;
    for diagnostic in source.diagnostics {
        if !diagnostics.contains(&diagnostic) {
            diagnostics.push(diagnostic);
        }
    }
    mapc_diagnostics::sort(&mut diagnostics);
    Staged { value: merged.into_values().collect(), diagnostics }
}
