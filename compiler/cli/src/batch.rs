//! Many maps of one call: each workspace is opened once, and an answer that still holds is not worked out again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mapc_driver::{Compilation, Schemas, Workspace, compile_sharing};

use crate::answer::{Answer, Wanted};
use crate::arguments::Many;
use crate::cache::Cache;
use crate::config;
use crate::disk::shown;
use crate::look::Look;
use crate::reading::{Reading, Traced};
use crate::trouble::Trouble;

/// The maps of one call.
#[derive(Debug)]
pub struct Batch {
    wanted: Wanted,
    look: Look,
    options: Many,
    projects: Mutex<BTreeMap<PathBuf, Arc<Project>>>,
    kept: AtomicUsize,
    worked_out: AtomicUsize,
}

/// A workspace of the call.
#[derive(Debug)]
struct Project {
    workspace: Workspace,
    files: Reading,
    schemas: Schemas,
    cache: Option<Cache>,
}

impl Batch {
    /// Nothing worked out yet.
    pub fn new(wanted: Wanted, look: &Look, options: &Many) -> Self {
        Self {
            wanted,
            look: look.clone(),
            options: options.clone(),
            projects: Mutex::default(),
            kept: AtomicUsize::new(0),
            worked_out: AtomicUsize::new(0),
        }
    }

    /// The answer for the map at a path as it was typed, with the compiled map when that is wanted and there is one.
    ///
    /// # Errors
    /// The map lies in no workspace, or in an odd one.
    pub fn answer(&self, path: &Path) -> Result<(Answer, Option<Vec<u8>>), Trouble> {
        let (root, inside) = config::root_of(path)?;
        let project = self.project(root)?;
        let question = self.wanted.question(&project.workspace, &inside, &self.look);
        let found = project.cache.as_ref().and_then(|cache| cache.find::<Answer>(&question, &project.files));
        if let Some((answer, beside)) = found {
            self.kept.fetch_add(1, Ordering::Relaxed);
            let artifact = (self.wanted.build && answer.passes).then_some(beside);
            return Ok((answer, artifact));
        }
        self.worked_out.fetch_add(1, Ordering::Relaxed);
        let files = Traced::new(&project.files);
        let open = self.wanted.witness;
        let mut compilation = compile_sharing(&project.schemas, &project.workspace, &inside, &files, open);
        if self.wanted.witness {
            add_witnesses(&mut compilation);
        }
        let answer = Answer::new(&inside, &compilation, &self.wanted, &self.look);
        let artifact = if self.wanted.build {
            compilation.module.as_ref().map(mapc_driver::Module::encode)
        } else {
            None
        };
        if let Some(cache) = &project.cache {
            cache.keep(&question, files.trace(), &answer, artifact.as_deref().unwrap_or_default());
        }
        Ok((answer, artifact))
    }

    /// "12 maps: 10 unchanged, 2 worked out".
    pub fn cache_words(&self) -> String {
        let (kept, worked_out) = (self.kept.load(Ordering::Relaxed), self.worked_out.load(Ordering::Relaxed));
        format!("cache: {kept} unchanged, {worked_out} worked out\n")
    }

    fn project(&self, root: PathBuf) -> Result<Arc<Project>, Trouble> {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(project) = projects.get(&root) {
            return Ok(Arc::clone(project));
        }
        let place = config::load(root.clone())?;
        let cache = match &self.options.cache_dir {
            _ if self.options.no_cache => None,
            Some(folder) => Cache::in_folder(folder.clone()),
            None => Cache::of_workspace(&root),
        };
        let project = Arc::new(Project {
            files: Reading::new(place.disk, &place.workspace),
            workspace: place.workspace,
            schemas: Schemas::new(),
            cache,
        });
        projects.insert(root, Arc::clone(&project));
        Ok(project)
    }
}

/// The maps that were named; every map of the workspace around this folder when none was.
///
/// # Errors
/// A path leads nowhere, or there is no map.
pub fn named_maps(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    if !paths.is_empty() {
        return crate::disk::map_files(paths);
    }
    let here = Path::new(".");
    let (root, inside) = config::root_of(here)?;
    // Paths stay as short as if they had been typed.
    let up = inside.split('/').filter(|part| !part.is_empty()).map(|_| "..");
    let above: PathBuf = std::iter::once(".").chain(up).collect();
    let same = std::fs::canonicalize(&above).is_ok_and(|found| found == root);
    crate::disk::map_files(&[if same { above } else { root }])
}

/// Every refusal that compares source and target says which message shows it.
fn add_witnesses(compilation: &mut Compilation) {
    if let (Some(open), Some(source)) = (&compilation.open, &compilation.source) {
        let alias = open.typed().scopes.first().map(|scope| scope.name.as_str());
        let alias = alias.filter(|alias| !alias.is_empty()).unwrap_or("message");
        for diagnostic in &mut compilation.diagnostics {
            let Some(gap) = open.gaps().iter().find(|gap| gap.is_of(diagnostic)) else { continue };
            let found = mapc_witness::of_gap(open, gap, source, &compilation.sources);
            diagnostic.witness = Some(match found {
                Some(found) => format!("this {alias} shows it:\n{}\n→ {}", found.shown, found.effect),
                None => "no message found that shows it".to_owned(),
            });
        }
    }
}

/// Two maps must not be built into one file, nor over a map.
///
/// # Errors
/// They would be.
pub fn one_output(output: &Path, maps: &[PathBuf]) -> Result<(), Trouble> {
    if maps.len() > 1 {
        let message = format!("`--output` names one file, `{}`, for {} maps", shown(output), maps.len());
        return Err(Trouble::new(message).help("leave it away: each compiled map is written beside its map"));
    }
    Ok(())
}
