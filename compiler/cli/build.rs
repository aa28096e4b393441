//! Embeds the pages of `docs/errors` into the binary, so that `mapc explain` needs no network and no files.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let folder = here.join("../../docs/errors");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut pages: Vec<PathBuf> = match std::fs::read_dir(&folder) {
        Ok(content) => content.filter_map(Result::ok).map(|entry| entry.path()).collect(),
        Err(_) => Vec::new(),
    };
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    pages.sort();
    let mut table = String::from("&[\n");
    for page in &pages {
        if let Some(code) = page.file_stem().and_then(std::ffi::OsStr::to_str) {
            println!("cargo:rerun-if-changed={}", page.display());
            let text = std::fs::read_to_string(page)?.replace("\r\n", "\n");
            writeln!(table, "    ({code:?}, {text:?}),")?;
        }
    }
    table.push_str("]\n");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(Path::new(&out).join("pages.rs"), table)?;
    Ok(())
}
