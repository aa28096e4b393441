//! `mapc.toml`: found by walking up, read with clear words. Knows no map.

use std::path::{Path, PathBuf};

use mapc_diagnostics::nearest;
use mapc_driver::{Workspace, join_path};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::disk::{Disk, shown};
use crate::trouble::Trouble;

/// Name of the file that makes a folder a workspace.
pub const FILE_NAME: &str = "mapc.toml";

/// A workspace on disk.
#[derive(Debug)]
pub struct Place {
    /// Its files.
    pub disk: Disk,
    /// Its layout.
    pub workspace: Workspace,
}

/// The workspace a file or folder lies in, and the path of that file inside it.
///
/// # Errors
/// The file is not there, or no folder above it has a `mapc.toml`, or that file is odd.
pub fn place_of(path: &Path) -> Result<(Place, String), Trouble> {
    let (root, inside) = root_of(path)?;
    Ok((load(root)?, inside))
}

/// The folder of the workspace a file or folder lies in, a full path without links, and the path of that file inside it.
///
/// # Errors
/// The file is not there, or no folder above it has a `mapc.toml`.
pub fn root_of(path: &Path) -> Result<(PathBuf, String), Trouble> {
    let found = std::fs::canonicalize(path).map_err(|error| Trouble::file("read", &shown(path), &error))?;
    let start = if found.is_dir() { Some(found.as_path()) } else { found.parent() };
    let root = start.into_iter().flat_map(Path::ancestors).find(|folder| folder.join(FILE_NAME).is_file());
    let Some(root) = root else { return Err(no_workspace(path)) };
    let inside = found.strip_prefix(root).unwrap_or(Path::new(""));
    let inside =
        inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    Ok((root.to_path_buf(), inside))
}

/// The workspace of that folder.
///
/// # Errors
/// Its `mapc.toml` is odd.
pub fn load(root: PathBuf) -> Result<Place, Trouble> {
    let bytes =
        std::fs::read(root.join(FILE_NAME)).map_err(|error| Trouble::file("read", FILE_NAME, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Trouble::new(format!(
            "`{FILE_NAME}` is not UTF-8 text, byte {}",
            error.utf8_error().valid_up_to() + 1
        ))
        .help("save the file as UTF-8")
    })?;
    let workspace = parse(text.strip_prefix('\u{feff}').unwrap_or(&text))?;
    for (key, folder) in [("schemas", &workspace.schemas), ("tenants", &workspace.tenants)] {
        let full = root.join(folder);
        if full.exists() && !full.is_dir() {
            return Err(Trouble::new(format!(
                "`{key}` in `{FILE_NAME}` names `{folder}`, which is not a folder"
            )));
        }
        if key == "schemas" && !full.exists() {
            return Err(Trouble::new(format!(
                "`schemas` in `{FILE_NAME}` names `{folder}`, which is not there"
            ))
            .help(format!("make the folder `{folder}`, or name the one that holds the schemas")));
        }
    }
    Ok(Place { disk: Disk::new(root), workspace })
}

fn no_workspace(path: &Path) -> Trouble {
    Trouble::new(format!("no `{FILE_NAME}` in the folder of `{}` or above it", shown(path))).help(format!(
        "write a file `{FILE_NAME}` at the top of your maps, with these lines:\n  [workspace]\n  schemas = \".\"\n  \
         tenants = \"tenants\"\nor start a new workspace with `mapc init`"
    ))
}

/// Reads the text of a `mapc.toml`.
///
/// # Errors
/// It is not TOML, or has a word we do not know, or a value of another kind.
pub fn parse(text: &str) -> Result<Workspace, Trouble> {
    let odd = |message: String, range: std::ops::Range<usize>, label: &str| {
        Trouble::new(message).place(FILE_NAME, text, range, label)
    };
    let document = DeTable::parse(text).map_err(|error| {
        let range = error.span().unwrap_or(0..0);
        odd(format!("`{FILE_NAME}` cannot be read"), range, &error.message().replace('\n', ", "))
    })?;
    let mut workspace = Workspace::default();
    let mut stated = false;
    for (key, value) in document.get_ref() {
        if key.get_ref() != "workspace" {
            return Err(unknown(key, &["workspace"], &odd));
        }
        let DeValue::Table(table) = value.get_ref() else {
            let trouble =
                odd("`workspace` must be a section".to_owned(), value.span(), "this is a single value");
            return Err(trouble.help("write `[workspace]` on a line of its own"));
        };
        stated = true;
        for (key, value) in table {
            let slot = match key.get_ref().as_ref() {
                "schemas" => &mut workspace.schemas,
                "tenants" => &mut workspace.tenants,
                _ => return Err(unknown(key, &["schemas", "tenants"], &odd)),
            };
            let DeValue::String(folder) = value.get_ref() else {
                let message = format!("`{}` must be text in quotes", key.get_ref());
                let help = format!("name a folder, as in `{} = \".\"`", key.get_ref());
                return Err(odd(message, value.span(), "not a text").help(help));
            };
            *slot = join_path("", folder).map_err(|error| {
                let message = format!("`{}` names a folder outside the workspace", key.get_ref());
                odd(message, value.span(), &format!("this path {}", error.words()))
                    .help(format!("write a folder below the one of `{FILE_NAME}`"))
            })?;
        }
    }
    if stated {
        Ok(workspace)
    } else {
        Err(Trouble::new(format!("`{FILE_NAME}` has no section `[workspace]`"))
            .help("write these lines into it:\n  [workspace]\n  schemas = \".\"\n  tenants = \"tenants\""))
    }
}

fn unknown(
    key: &Spanned<DeString<'_>>,
    known: &[&str],
    odd: &dyn Fn(String, std::ops::Range<usize>, &str) -> Trouble,
) -> Trouble {
    let near = nearest(key.get_ref(), known.iter().copied());
    let help = match near.first() {
        Some(name) => format!("did you mean `{name}`"),
        None => format!("known here: {}", known.join(", ")),
    };
    odd(format!("`{}` is not known in `{FILE_NAME}`", key.get_ref()), key.span(), "unknown word").help(help)
}

#[cfg(test)]
mod tests;
