//! Maps and files of this repository that the targets work on: the map of the sample tenant, the good files of the
//! corpus, and every example of the specification.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mapc_check::Checked;
use mapc_driver::{MemoryFiles, Workspace, compile};
use mapc_model::member::{Dialect, Schema};
use mapc_vm::Program;

/// The files of the documentation's examples.
const EXAMPLES: &str = "docs/errors/fixture";
/// Where the target schema of the examples stands.
const TARGET: &str = "erp/order@1.schema.json";

/// A map that passes.
#[derive(Debug)]
pub struct Ready {
    /// Where it comes from.
    pub name: String,
    /// What it means.
    pub checked: Checked,
    /// What runs.
    pub program: Program,
    /// Judges its documents: the target schema, without overlays.
    pub judge: Schema,
}

/// The workspace of the documentation's examples.
pub fn examples() -> MemoryFiles {
    static FILES: std::sync::LazyLock<MemoryFiles> =
        std::sync::LazyLock::new(|| folder(EXAMPLES, MemoryFiles::new()));
    FILES.clone()
}

/// Every map on the shelf.
pub fn all() -> Vec<Ready> {
    let mut found = Vec::new();
    let target = "netsuite/sales_order@2025.2.schema.json";
    let files = folder("mappings", MemoryFiles::new());
    put(&mut found, "acme", "tenants/acme/sales_order.map", &files, &text(&format!("mappings/{target}")));
    let target = text(&format!("{EXAMPLES}/{TARGET}"));
    for name in names("tests/corpus/ok", ".map") {
        let files = examples().with("tenants/demo/one.map", text(&format!("tests/corpus/ok/{name}")));
        put(&mut found, &name, "tenants/demo/one.map", &files, &target);
    }
    for page in names("tests/spec", ".md") {
        let mut files = examples();
        for (number, block) in blocks(&text(&format!("tests/spec/{page}"))).into_iter().enumerate() {
            let word = |name: &str| block.words.iter().find_map(|word| word.strip_prefix(name));
            if let Some(path) = word("file=") {
                files = files.with(path, block.text);
            } else if block.words.first().is_some_and(|language| language == "map")
                && word("error=").is_none()
            {
                let files = files.clone().with("tenants/demo/one.map", whole_map(&block.text));
                put(&mut found, &format!("{page} {number}"), "tenants/demo/one.map", &files, &target);
            }
        }
    }
    found
}

/// The messages of the specification's examples.
pub fn messages() -> Vec<Vec<u8>> {
    let pages = names("tests/spec", ".md");
    let blocks = pages.iter().flat_map(|page| blocks(&text(&format!("tests/spec/{page}"))));
    let inputs = blocks.filter(|block| block.words.first().is_some_and(|word| word == "json"));
    let inputs = inputs.filter(|block| block.words.iter().any(|word| word == "in"));
    inputs.map(|block| block.text.trim_end().as_bytes().to_vec()).collect()
}

/// Compiles a map and keeps it if it passes.
fn put(found: &mut Vec<Ready>, name: &str, map: &str, files: &MemoryFiles, target: &str) {
    let compilation = compile(&Workspace::default(), map, files);
    let program = compilation.module.and_then(|module| Program::from_module(module).ok());
    let judge = Schema::new(target, Dialect::Draft202012, &BTreeMap::new()).ok();
    if let (Some(checked), Some(program), Some(judge)) = (compilation.checked, program, judge) {
        found.push(Ready { name: name.to_owned(), checked, program, judge });
    }
}

/// A fenced block of a page.
struct Block {
    words: Vec<String>,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(info), None) => {
                let words = info.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { words, text: String::new() });
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// The whole map that a block of a page stands for.
fn whole_map(block: &str) -> String {
    const HEAD: &str =
        "map demo.order version 1\nfrom shop.order@1 as order\nto   erp.order@1 tenant demo\n\n";
    let starts = |word: &str| block.lines().any(|line| line.starts_with(word));
    let numbered = |line: &str| {
        line.trim_start().strip_prefix("number").is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    if starts("map ") {
        block.to_owned()
    } else if starts("fields") {
        format!("{HEAD}{block}")
    } else if block.lines().any(numbered) {
        format!("{HEAD}fields {{\n{block}}}\n")
    } else {
        format!("{HEAD}fields {{\n  number = order.number\n{block}}}\n")
    }
}

/// A place in this repository.
fn place(path: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(place(path)).unwrap_or_default()
}

/// Names of the files in a folder, in order.
fn names(folder: &str, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(place(folder)).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(ending));
    names.sort();
    names
}

/// Every file below a folder, by its path inside.
fn folder(root: &str, files: MemoryFiles) -> MemoryFiles {
    let mut files = files;
    let mut open = vec![String::new()];
    while let Some(inside) = open.pop() {
        let entries = std::fs::read_dir(place(&format!("{root}/{inside}")));
        for entry in entries.into_iter().flatten().filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if inside.is_empty() { name } else { format!("{inside}/{name}") };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                _ => files = files.with(path, std::fs::read(entry.path()).unwrap_or_default()),
            }
        }
    }
    files
}
