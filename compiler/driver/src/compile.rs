//! The one way from a map file to a module: read, parse, find what it names, load, check, emit. Only here is it
//! decided that an error forbids emission.

use std::collections::BTreeMap;
use std::sync::Arc;

use mapc_bytecode::Module;
use mapc_check::{CheckInput, Checked, OpenMap, References, SchemaName};
use mapc_diagnostics::{Code, Diagnostic, FileId, Sources, Span, Stage, Staged, nearest};
use mapc_grammar::tree::{Item, MapFile};
use mapc_schema::{Direction, Lint, LoadedSchema, Operation, OverlaySummary};

use crate::content::{Content, NotUtf8};
use crate::errors;
use crate::files::{Files, ReadError};
use crate::path;
use crate::pins::{Pin, PinKind};
use crate::schemas::{Key, Loaded, Read, Schemas};
use crate::workspace::Workspace;

/// Largest schema or overlay file.
const SCHEMA_LIMIT: u64 = 64 * 1024 * 1024;
/// Largest table file.
const TABLE_LIMIT: u64 = 64 * 1024 * 1024;

/// Everything a compilation found out.
#[derive(Debug)]
pub struct Compilation {
    /// Every text that was read.
    pub sources: Sources,
    /// The map among them.
    pub map: FileId,
    /// What there is to say, in order, nothing twice.
    pub diagnostics: Vec<Diagnostic>,
    /// What the map refers to.
    pub references: References,
    /// The checked map; there exactly when no diagnostic is an error.
    pub checked: Option<Checked>,
    /// The module; there exactly when `checked` is.
    pub module: Option<Module>,
    /// Exact contents everything rests on.
    pub pins: Vec<Pin>,
    /// What the overlays of the target do.
    pub overlays: Vec<OverlaySummary>,
    /// The source schema, when it could be loaded.
    pub source: Option<Arc<LoadedSchema>>,
    /// The map with its gaps left open, when that was asked for and one is there.
    pub open: Option<OpenMap>,
}

impl Compilation {
    /// An error forbids emission.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Compiles the map at `map_path`. Never fails: what cannot be done is said by a diagnostic.
pub fn compile(workspace: &Workspace, map_path: &str, files: &dyn Files) -> Compilation {
    compile_sharing(&Schemas::new(), workspace, map_path, files, false)
}

/// Like [`compile`], and gives the map with its gaps left open besides: to search for messages that show them.
pub fn compile_open(workspace: &Workspace, map_path: &str, files: &dyn Files) -> Compilation {
    compile_sharing(&Schemas::new(), workspace, map_path, files, true)
}

/// Like [`compile`] or, with `leave_open`, like [`compile_open`], for many maps of one workspace: a schema that several
/// of them name is loaded once. May be called from several threads.
pub fn compile_sharing(
    schemas: &Schemas,
    workspace: &Workspace,
    map_path: &str,
    files: &dyn Files,
    leave_open: bool,
) -> Compilation {
    let mut work = Work {
        schemas,
        workspace,
        files,
        sources: Sources::new(),
        diagnostics: Vec::new(),
        pins: Vec::new(),
        known_schemas: None,
    };
    let read = work.map(map_path);
    let (map, tree) = match read {
        Ok(map) => {
            let tree = work.keep(mapc_grammar::parse(&work.sources, map));
            (map, tree)
        }
        Err(map) => return work.finish(map, References::default(), None, Vec::new()),
    };
    // Nothing could be read: all there is to say was said, and whatever is missing would only be said again.
    if tree.items.is_empty() && work.diagnostics.iter().any(Diagnostic::is_error) {
        return work.finish(map, References::default(), None, Vec::new());
    }
    let references = mapc_check::references(&tree);
    work.tenant(&tree);
    let direction = Direction::Target(references.operation.unwrap_or(Operation::Create));
    let source =
        work.schema(references.source.as_ref(), &references, Direction::Source, PinKind::SourceSchema);
    let target = work.schema(references.target.as_ref(), &references, direction, PinKind::TargetSchema);
    let tables = work.tables(path::folder(map_path), &references);
    let input = CheckInput {
        sources: &work.sources,
        map,
        tree: &tree,
        source: source.as_deref(),
        target: target.as_deref(),
        tables: &tables,
    };
    let mut checked = mapc_check::check(input);
    let wanted = leave_open && source.is_some() && checked.value.is_none();
    let open = wanted.then(|| mapc_check::open_gaps(input)).filter(|open| !open.gaps().is_empty());
    if references.source.is_some() && source.is_none() {
        // The missing schema was reported; what its fields may hold is unknown, not wrong.
        checked.diagnostics.retain(|one| !rests_on_source(one.code));
    }
    let checked = work.keep(checked);
    let overlays = target.map(|schema| schema.overlays.clone()).unwrap_or_default();
    Compilation { source, open, ..work.finish(map, references, checked, overlays) }
}

/// What of a schema, with the overlay beside it, is not represented exactly.
pub fn lint_schema(schema_path: &str, files: &dyn Files) -> SchemaReport {
    let workspace = Workspace::default();
    let mut work = Work {
        schemas: &Schemas::new(),
        workspace: &workspace,
        files,
        sources: Sources::new(),
        diagnostics: Vec::new(),
        pins: Vec::new(),
        known_schemas: None,
    };
    // What is wrong with a file as a whole is said at its beginning.
    let empty = work.sources.add(schema_path, "");
    let place = Span::new(empty, 0, 0);
    let mut lint = Vec::new();
    if let Some(schema) = work.text(schema_path, SCHEMA_LIMIT, place) {
        let overlay = schema_path.strip_suffix(".schema.json").map(|stem| format!("{stem}.overlay.json"));
        let overlay = overlay.filter(|overlay| files.exists(overlay));
        let overlays = overlay.and_then(|overlay| work.text(&overlay, SCHEMA_LIMIT, place));
        let overlays: Vec<FileId> = overlays.into_iter().map(|overlay| overlay.number).collect();
        lint = work.keep(mapc_schema::lint(&work.sources, schema.number, &overlays));
    }
    work.tidy();
    SchemaReport { sources: work.sources, diagnostics: work.diagnostics, lint }
}

/// How well a schema is represented.
#[derive(Debug)]
pub struct SchemaReport {
    /// Its texts.
    pub sources: Sources,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// What is not exact, in order of path.
    pub lint: Vec<Lint>,
}

/// One compilation under way.
struct Work<'a> {
    schemas: &'a Schemas,
    workspace: &'a Workspace,
    files: &'a dyn Files,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    pins: Vec<Pin>,
    known_schemas: Option<Vec<String>>,
}

impl Work<'_> {
    fn say(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn keep<T>(&mut self, staged: Staged<T>) -> T {
        self.diagnostics.extend(staged.diagnostics);
        staged.value
    }

    /// The map's text; `Err` when there is none to parse.
    fn map(&mut self, map_path: &str) -> Result<FileId, FileId> {
        let mut refuse = |text: &str, make: &dyn Fn(Span) -> Diagnostic| {
            let file = self.sources.add(map_path, text);
            self.diagnostics.push(make(Span::new(file, 0, 0)));
            Err(file)
        };
        match self.files.content(map_path, errors::MAP_LIMIT) {
            Ok(content) => {
                self.pins.push(Pin::new(PinKind::Map, map_path, map_path, content.sha256()));
                match content.text() {
                    Ok(file) => Ok(self.sources.share(file.clone())),
                    Err(NotUtf8 { at, line, lossy }) => {
                        let file = self.sources.add(map_path, lossy.as_str());
                        let span = Span::new(file, *at, at.saturating_add('\u{fffd}'.len_utf8()));
                        self.diagnostics.push(errors::not_utf8(map_path, span, *at, *line));
                        Err(file)
                    }
                }
            }
            Err(ReadError::TooLarge) => refuse("", &|span| errors::too_large(map_path, span)),
            Err(error) => refuse("", &|span| errors::unreadable_map(map_path, span, &error.to_string())),
        }
    }

    /// A schema or overlay as text, with its hash; what is wrong is said at `span`.
    fn text(&mut self, file_path: &str, limit: u64, span: Span) -> Option<Read> {
        match self.files.content(file_path, limit) {
            Ok(content) => self.decode(file_path, &content, span),
            Err(error) => {
                self.say(errors::unreadable_schema(file_path, span, &error.to_string()));
                None
            }
        }
    }

    fn decode(&mut self, file_path: &str, content: &Content, span: Span) -> Option<Read> {
        match content.text() {
            Ok(file) => {
                let number = self.sources.share(file.clone());
                Some(Read { number, path: file_path.to_owned(), sha256: content.sha256() })
            }
            Err(NotUtf8 { at, line, .. }) => {
                self.say(errors::not_utf8(file_path, span, *at, *line));
                None
            }
        }
    }

    fn pin(&mut self, kind: PinKind, name: &str, read: &Read) {
        self.pins.push(Pin::new(kind, name, &read.path, read.sha256));
    }

    fn known(&mut self) -> Vec<String> {
        let (workspace, files) = (self.workspace, self.files);
        self.known_schemas.get_or_insert_with(|| workspace.schema_references(files)).clone()
    }

    /// A tenant without a folder has no overlay and no tables: the name is a slip.
    fn tenant(&mut self, tree: &MapFile) {
        let named = tree.items.iter().find_map(|item| match item {
            Item::To { tenant: Some(tenant), .. } => Some(tenant),
            _ => None,
        });
        let Some(tenant) = named else { return };
        let folder = self.workspace.tenant_folder(&tenant.text);
        if !self.files.is_filled(&folder) {
            let known = self.workspace.tenant_names(self.files);
            self.say(errors::unknown_tenant(&tenant.text, tenant.span, &folder, &known));
        }
    }

    fn schema(
        &mut self,
        name: Option<&SchemaName>,
        references: &References,
        direction: Direction,
        kind: PinKind,
    ) -> Option<Arc<LoadedSchema>> {
        let SchemaName { name, version, span } = name?;
        let Some(version) = version else {
            let known = self.known();
            self.say(errors::schema_without_version(name, *span, &known));
            return None;
        };
        let reference = format!("{name}@{version}");
        let expected = self.workspace.schema_path(name, version);
        let Some(schema_path) = expected.as_deref().filter(|found| self.files.exists(found)) else {
            let known = self.known();
            self.say(errors::unknown_schema(&reference, *span, expected.as_deref(), &known));
            return None;
        };
        let schema = self.text(schema_path, SCHEMA_LIMIT, *span)?;
        self.pin(kind, &reference, &schema);
        let beside = self.workspace.overlay_path(name, version);
        let tenant = references.tenant.as_deref();
        let of_tenant = tenant.and_then(|tenant| self.workspace.tenant_overlay_path(tenant, name, version));
        let mut files = vec![schema];
        let mut shared = true;
        for (overlay, own) in [(beside, false), (of_tenant, true)] {
            let Some(overlay) = overlay.filter(|overlay| self.files.exists(overlay)) else { continue };
            // An overlay that cannot be read may hold limits: without it nothing would be proved.
            let file = self.text(&overlay, SCHEMA_LIMIT, *span)?;
            self.pin(PinKind::Overlay, &overlay, &file);
            files.push(file);
            // Nobody else has this tenant's overlay: what comes of it is not worth keeping.
            shared &= !own;
        }
        let loaded = self.load(files, direction, shared);
        self.diagnostics.extend(loaded.diagnostics);
        loaded.schema
    }

    fn load(&self, files: Vec<Read>, direction: Direction, shared: bool) -> Loaded {
        let numbers: Vec<FileId> = files.iter().map(|file| file.number).collect();
        let load = || match numbers.split_first() {
            Some((schema, overlays)) => mapc_schema::load(&self.sources, *schema, overlays, direction).into(),
            None => Loaded { schema: None, diagnostics: Vec::new() },
        };
        if shared { self.schemas.get(Key { files, direction }, load) } else { load() }
    }

    /// The files of tables, by the path written in the map.
    fn tables(&mut self, folder: &str, references: &References) -> BTreeMap<String, FileId> {
        let mut tables = BTreeMap::new();
        let mut refused: Vec<&str> = Vec::new();
        for (written, span) in &references.tables {
            if tables.contains_key(written) || refused.contains(&written.as_str()) {
                continue;
            }
            let found = match path::join(folder, written) {
                Err(error) => {
                    self.say(errors::table_path(written, *span, error));
                    None
                }
                Ok(table_path) => self.table(folder, written, &table_path, *span),
            };
            match found {
                Some(file) => {
                    self.pin(PinKind::Table, written, &file);
                    tables.insert(written.clone(), file.number);
                }
                None => refused.push(written),
            }
        }
        tables
    }

    fn table(&mut self, folder: &str, written: &str, table_path: &str, span: Span) -> Option<Read> {
        match self.files.content(table_path, TABLE_LIMIT) {
            Ok(content) => self.decode(table_path, &content, span),
            Err(error) => {
                let beside = path::folder(table_path);
                let names: Vec<String> = self
                    .files
                    .list(beside)
                    .into_iter()
                    .filter(|entry| !entry.folder)
                    .map(
                        |entry| {
                            if beside.is_empty() { entry.name } else { format!("{beside}/{}", entry.name) }
                        },
                    )
                    .filter_map(|found| as_written(folder, &found))
                    .collect();
                let near = match error {
                    ReadError::Missing => nearest(written, names.iter().map(String::as_str)),
                    _ => Vec::new(),
                };
                self.diagnostics.push(errors::table_file(written, span, &error.to_string(), &near));
                None
            }
        }
    }

    fn tidy(&mut self) {
        mapc_diagnostics::sort(&mut self.diagnostics);
        self.diagnostics.dedup();
    }

    fn finish(
        mut self,
        map: FileId,
        references: References,
        checked: Option<Checked>,
        overlays: Vec<OverlaySummary>,
    ) -> Compilation {
        self.tidy();
        let checked = checked.filter(|_| !self.diagnostics.iter().any(Diagnostic::is_error));
        let module = checked.as_ref().map(|checked| emit(checked, &self.sources, &self.pins));
        Compilation {
            sources: self.sources,
            map,
            diagnostics: self.diagnostics,
            references,
            checked,
            module,
            pins: self.pins,
            overlays,
            source: None,
            open: None,
        }
    }
}

/// A finding that compares what the source may hold with what the target takes.
fn rests_on_source(code: Code) -> bool {
    let stage = code.entry().map(|entry| entry.stage);
    let compares = matches!(stage, Some(Stage::Presence | Stage::Values | Stage::Shape));
    compares && !matches!(code, Code::E0301 | Code::E0302 | Code::E0306)
}

/// The emitter, with the pins in the artifact's own words.
fn emit(checked: &Checked, sources: &Sources, pins: &[Pin]) -> Module {
    let pins = pins.iter().map(|pin| mapc_bytecode::Pin { name: pin.label(), hash: pin.sha256 });
    mapc_emit::emit(checked, pins.collect(), sources)
}

/// A workspace path as it is written in a map of `folder`; only paths below it.
fn as_written(folder: &str, found: &str) -> Option<String> {
    if folder.is_empty() {
        return Some(found.to_owned());
    }
    found.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned)
}

#[cfg(test)]
mod tests;
