//! `mapc sample`

use std::path::PathBuf;

use mapc_diagnostics::{Code, Severity};
use mapc_driver::OpenGap;
use mapc_driver::typed::{Reason, Typed};
use mapc_witness::{Witness, of_gap, of_reason};

use super::Compiled;
use crate::arguments::Sample;
use crate::disk::map_files;
use crate::exit::Exit;
use crate::session::Session;
use crate::trouble::Trouble;
use crate::xref::Snapshot;

pub(super) fn run(arguments: &Sample, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    // behind `--all` the only word is the map
    let (code, map) = match (&arguments.code, &arguments.map) {
        (Some(word), None) if arguments.all => (None, Some(PathBuf::from(word))),
        (code, map) => (code.as_deref(), map.clone()),
    };
    if arguments.all && code.is_some() {
        return Err(
            Trouble::new("`--all` is for every reason; a code is for one").help("leave one of them away")
        );
    }
    let maps = map_files(&[map.unwrap_or_else(|| PathBuf::from("."))])?;
    let Some(code) = code else { return all(&maps, session) };
    let parsed = Code::parse(code.trim());
    let refusal = parsed.filter(|code| code.severity() != Severity::Note);
    let mut exit = Exit::Findings;
    let mut tried = Tried::default();
    for map in &maps {
        let found = match refusal {
            Some(code) => of_refusal(&super::compile_open(map)?, code, &mut tried),
            None => one(map, code, parsed, session, &mut tried)?,
        };
        if let Some(found) = found {
            session.print(&format!("{}\n", found.message))?;
            exit = Exit::Done;
            break;
        }
    }
    if exit == Exit::Findings && !tried.said {
        session.say(&tried.words(code, refusal.is_some(), maps.len()));
    }
    Ok(exit)
}

/// What was searched for without success.
#[derive(Debug, Default)]
struct Tried {
    /// Reasons or refusals that the word names.
    named: usize,
    /// Everything was said already.
    said: bool,
}

impl Tried {
    fn words(&self, code: &str, refusal: bool, maps: usize) -> String {
        let whose = if maps == 1 { "the map" } else { "none of the maps" };
        match (self.named, refusal) {
            (0, true) if maps == 1 => format!("{whose} has no refusal `{code}` that a message could show\n"),
            (0, true) => format!("{whose} has a refusal `{code}` that a message could show\n"),
            (0, false) if maps == 1 => {
                format!("{whose} never ends with `{code}`; `mapc check -v` lists every reason\n")
            }
            (0, false) => format!("{whose} ends with `{code}`; `mapc check -v` lists every reason\n"),
            _ => format!("no message found that shows `{code}`\n"),
        }
    }
}

/// A message that shows a refusal.
fn of_refusal(compiled: &Compiled, code: Code, tried: &mut Tried) -> Option<Witness> {
    let compilation = &compiled.compilation;
    let (open, source) = (compilation.open.as_ref()?, compilation.source.as_ref()?);
    let said = |gap: &&OpenGap| compilation.diagnostics.iter().any(|one| gap.is_of(one));
    let mut gaps = open.gaps().iter().filter(|gap| gap.code == code).filter(said);
    gaps.find_map(|gap| {
        tried.named += 1;
        of_gap(open, gap, source, &compilation.sources)
    })
}

/// A message for one reason.
fn one(
    map: &std::path::Path,
    word: &str,
    code: Option<Code>,
    session: &mut Session<'_>,
    tried: &mut Tried,
) -> Result<Option<Witness>, Trouble> {
    let Some(ready) = Ready::new(map, session)? else {
        tried.said = true;
        return Ok(None);
    };
    let named = |reason: &&Reason| {
        code.is_some_and(|code| reason.code == code) || reason.id == word || reason.rule == word
    };
    for reason in ready.typed().iter().flat_map(|typed| &typed.reasons).filter(named) {
        tried.named += 1;
        if let Some(found) = ready.witness(reason) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// A message for every reason of every map.
fn all(maps: &[PathBuf], session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let mut exit = Exit::Done;
    for map in maps {
        let Some(ready) = Ready::new(map, session)? else {
            exit = Exit::Findings;
            continue;
        };
        let reasons = ready.typed().map(|typed| typed.reasons.as_slice()).unwrap_or_default();
        let mut found = 0;
        for reason in reasons {
            let rule = if reason.rule.is_empty() { String::new() } else { format!("{}: ", reason.rule) };
            match ready.witness(reason) {
                Some(witness) => {
                    found += 1;
                    session.print(&format!("{}\n", witness.message))?;
                }
                // only the limits of the host decide
                None if matches!(reason.code, Code::R0111 | Code::R0112 | Code::R0113 | Code::R0114) => {
                    session.tell(&format!(
                        "{} {rule}{}: no short message reaches it\n",
                        reason.code, reason.text
                    ));
                }
                None => {
                    exit = Exit::Findings;
                    session.say(&format!("{} {rule}{}: no message found\n", reason.code, reason.text));
                }
            }
        }
        session.tell(&format!(
            "{}: {found} of {} reasons have a message\n",
            ready.compiled.path,
            reasons.len()
        ));
    }
    Ok(exit)
}

/// A map that passes, with what its tenant's system knows.
struct Ready {
    compiled: Compiled,
    ids: Snapshot,
}

impl Ready {
    /// `None`: the map does not pass, which is shown.
    fn new(map: &std::path::Path, session: &mut Session<'_>) -> Result<Option<Ready>, Trouble> {
        let compiled = super::compile(map)?;
        if compiled.compilation.has_errors() {
            super::show(&compiled, session)?;
            return Ok(None);
        }
        let ids = match &compiled.compilation.references.tenant {
            Some(tenant) => Snapshot::of_tenant(&compiled.place, tenant)?,
            None => Snapshot::default(),
        };
        Ok(Some(Ready { compiled, ids }))
    }

    fn typed(&self) -> Option<&Typed> {
        self.compiled.compilation.checked.as_ref().map(mapc_driver::Checked::typed)
    }

    fn witness(&self, reason: &Reason) -> Option<Witness> {
        let compilation = &self.compiled.compilation;
        let (module, source) = (compilation.module.as_ref()?, compilation.source.as_ref()?);
        of_reason(self.typed()?, module, source, reason, &self.ids)
    }
}
