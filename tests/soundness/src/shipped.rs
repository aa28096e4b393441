//! The maps that are shipped, with the real schemas of both their sides.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mapc_driver::Workspace;
use mapc_harness::compiled::Compiled;
use mapc_harness::ending::Ending;
use mapc_harness::folder::Folder;
use mapc_harness::judge::Judge;
use mapc_vm::Limits;

use crate::case::{Case, Judges};
use crate::choices::Choices;
use crate::generate::json::Json;
use crate::generate::message::{self, Matter};
use crate::oracle::Oracle;
use crate::tally::Tally;

/// A shipped map.
#[derive(Debug)]
pub struct Shipped {
    /// Its path below `mappings`.
    pub path: String,
    compiled: Compiled,
    folder: Folder,
    source: Json,
    matter: Matter,
    /// What the documents must be valid by.
    judges: Vec<String>,
}

/// Every map below `mappings`.
///
/// # Errors
/// A schema of it cannot be read.
pub fn all() -> Result<Vec<Shipped>, String> {
    let folder = Folder::copy_of("mappings")?;
    let maps: Vec<String> = folder.paths().filter(|path| path.ends_with(".map")).map(str::to_owned).collect();
    maps.into_iter().map(|path| Shipped::new(path, folder.clone())).collect()
}

impl Shipped {
    fn new(path: String, folder: Folder) -> Result<Shipped, String> {
        let compiled = Compiled::new(&folder, &path);
        if compiled.compilation.has_errors() {
            return Err(format!("{path} has errors:\n{}", compiled.words()));
        }
        let references = &compiled.compilation.references;
        let side = |name: &Option<mapc_check::SchemaName>| {
            let name = name.as_ref().ok_or("a side has no schema")?;
            schemas(
                &folder,
                &name.name,
                name.version.as_deref().unwrap_or_default(),
                references.tenant.as_deref(),
            )
        };
        let source = side(&references.source)?;
        let judges = side(&references.target)?;
        let source = Json::parse(source.first().map_or("", String::as_str))?;
        let matter = matter(&folder);
        Ok(Shipped { path, compiled, folder, source, matter, judges })
    }

    /// Share of the points of the map that the types prove, of a hundred, and their number.
    pub fn proved(&self) -> (f64, usize) {
        let report = self.compiled.compilation.checked.as_ref().map(|checked| checked.typed().report.clone());
        let report = report.unwrap_or_default();
        (100.0 * report.proved as f64 / report.obligations.max(1) as f64, report.obligations)
    }

    /// Runs so many messages.
    ///
    /// # Errors
    /// The claim is broken.
    pub fn run(&self, messages: u64, choices: &mut Choices, oracle: &mut Oracle) -> Result<Tally, String> {
        let mut tally = Tally::default();
        let judges = Case { judges: self.judges.clone(), ..Case::default() }.judges()?;
        let mut runner = self.compiled.runner(&self.folder, Limits::default())?;
        let mut documents: Vec<String> = Vec::new();
        for _ in 0..messages {
            let (_, message) = message::message_from(&self.source, &self.matter, choices);
            let shown = || String::from_utf8_lossy(&message).into_owned();
            let ending = catch_unwind(AssertUnwindSafe(|| runner.both(&message)));
            let ending = ending.map_err(|_| format!("{} panics on {}", self.path, shown()))?;
            let ending = ending.map_err(|why| format!("{}: {why}", self.path))?;
            tally.count("endings", ending.word());
            if let Ending::Other { code, .. } = &ending {
                tally.count("reasons", code);
            }
            let Some(document) = ending.document() else { continue };
            judges
                .judge(document)
                .map_err(|failure| format!("{}: {} for {}", self.path, failure.words, shown()))?;
            documents.push(String::from_utf8_lossy(document).into_owned());
            if documents.len() == 500 {
                self.second_opinion(&judges, &mut documents, oracle, &mut tally)?;
            }
        }
        self.second_opinion(&judges, &mut documents, oracle, &mut tally)?;
        Ok(tally)
    }

    fn second_opinion(
        &self,
        judges: &Judges,
        documents: &mut Vec<String>,
        oracle: &mut Oracle,
        tally: &mut Tally,
    ) -> Result<(), String> {
        for schema in &self.judges {
            let verdicts = oracle.verdicts(schema, judges.dialect.name(), documents)?;
            if let Some((_, document)) =
                verdicts.iter().zip(documents.iter()).find(|(verdict, _)| **verdict == Some(false))
            {
                return Err(format!("{}: the second oracle alone refuses {document}", self.path));
            }
            let silent = verdicts.iter().filter(|verdict| verdict.is_none()).count();
            tally.add("judged", "no verdict of the second oracle", u64::try_from(silent).unwrap_or(0));
        }
        tally.add("judged", "documents", u64::try_from(documents.len()).unwrap_or(0));
        documents.clear();
        Ok(())
    }
}

/// Samples and codes that lie beside the maps.
fn matter(folder: &Folder) -> Matter {
    let mut matter = Matter::default();
    for path in folder.paths() {
        let text = folder.text(path).unwrap_or_default();
        if path.ends_with(".csv") {
            let cells = text.lines().skip(1).flat_map(|line| line.split(','));
            matter.words.extend(cells.map(|cell| cell.trim_matches('"').to_owned()));
        } else if path.contains("/samples/") && path.ends_with("json") {
            let lines: Vec<&str> =
                if path.ends_with(".ndjson") { text.lines().collect() } else { vec![text] };
            let short = lines.into_iter().filter(|line| line.len() < 8000);
            matter.samples.extend(
                short.filter_map(|line| Json::parse(line).ok()).filter(|sample| !sample.members().is_empty()),
            );
        }
    }
    matter
}

/// The schema of a side and the lines of its overlays, as plain schemas.
fn schemas(folder: &Folder, name: &str, version: &str, tenant: Option<&str>) -> Result<Vec<String>, String> {
    let workspace = Workspace::default();
    let path = workspace.schema_path(name, version).ok_or_else(|| format!("{name} is no file"))?;
    let beside = workspace.overlay_path(name, version);
    let own = tenant.and_then(|tenant| workspace.tenant_overlay_path(tenant, name, version));
    let overlays: Vec<&str> =
        [beside, own].into_iter().flatten().filter_map(|overlay| folder.text(&overlay).ok()).collect();
    Ok(Judge::new(folder.text(&path)?, &overlays)?.schemas().to_vec())
}
