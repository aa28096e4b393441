//! Every broken map of the repository with its workspace: corpus, pages of codes, pages that say what the language means.

use mapc_diagnostics::{Code, Severity, all_codes};

use crate::example::{BASE, MAP, SOURCE, TARGET, fixture, schema, whole_map};
use crate::folder::Folder;
use crate::page::{Block, Page};
use crate::repository;

/// A broken map.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// Where it stands in the repository.
    pub place: String,
    /// Its workspace.
    pub folder: Folder,
    /// Its path there.
    pub map: &'static str,
}

/// All of them.
///
/// # Errors
/// A file cannot be read.
pub fn all() -> Result<Vec<Mistake>, String> {
    let mut found = corpus()?;
    for entry in all_codes() {
        if Code::parse(entry.number).is_some_and(|code| code.severity() == Severity::Error) {
            found.extend(of_code(&Page::read(&format!("docs/errors/{}.md", entry.number))?)?);
        }
    }
    let pages = repository::files("docs", ".md").into_iter().chain(repository::files("tests/spec", ".md"));
    for path in pages.filter(|path| !path.starts_with("docs/errors/") && !path.starts_with("docs/reference/"))
    {
        of_story(&Page::read(&path)?, &mut found)?;
    }
    Ok(found)
}

fn corpus() -> Result<Vec<Mistake>, String> {
    let mut found = Vec::new();
    for path in repository::files("tests/corpus/err", ".map") {
        let mut folder = fixture()?;
        folder.put(MAP, repository::bytes(&path)?);
        found.push(Mistake { place: path, folder, map: MAP });
    }
    Ok(found)
}

/// The wrong example of a code's page.
fn of_code(page: &Page) -> Result<Option<Mistake>, String> {
    let mut mistake = Mistake { place: page.path.clone(), folder: fixture()?, map: BASE };
    let blocks: Vec<&Block> = page.blocks.iter().filter(|block| !block.has("right")).collect();
    if !blocks.iter().any(|block| block.has("wrong")) {
        return Ok(None);
    }
    for block in blocks {
        if let Some(path) = block.value("file") {
            mistake.folder.put(path, block.bytes()?);
        } else if block.language == "map" {
            let map = whole_map(&mistake.folder, &block.bytes()?)?;
            mistake.folder.put(MAP, map);
            mistake.map = MAP;
        }
    }
    Ok(Some(mistake))
}

/// Blocks that a page says are refused.
fn of_story(page: &Page, found: &mut Vec<Mistake>) -> Result<(), String> {
    let mut folder = fixture()?;
    for block in &page.blocks {
        if let Some(path) = block.value("file") {
            folder.put(path, block.bytes()?);
        } else if block.language == "json" && block.has("source") {
            folder.put(SOURCE, schema(&block.text)?);
        } else if block.language == "json" && block.has("target") {
            folder.put(TARGET, schema(&block.text)?);
        } else if block.language == "map" && block.value("error").is_some() {
            let mut folder = folder.clone();
            let map = whole_map(&folder, &block.bytes()?)?;
            folder.put(MAP, map);
            found.push(Mistake { place: format!("{}:{}", page.path, block.line), folder, map: MAP });
        }
    }
    Ok(())
}
