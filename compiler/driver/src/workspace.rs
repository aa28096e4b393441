//! How a workspace is laid out: where schemas, overlays and tenants live. Knows no disk.

use crate::files::Files;
use crate::path;

/// Folders of a workspace, relative to it, with `/`; empty for the workspace itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Below it, `canonical/sales_order@1.schema.json` is the schema `canonical.sales_order@1`.
    pub schemas: String,
    /// Below it, one folder per tenant.
    pub tenants: String,
}

impl Default for Workspace {
    fn default() -> Self {
        Self { schemas: String::new(), tenants: "tenants".to_owned() }
    }
}

impl Workspace {
    /// Folder of a tenant.
    pub fn tenant_folder(&self, tenant: &str) -> String {
        path::join(&self.tenants, tenant).unwrap_or_default()
    }

    /// Path of the schema file a reference stands for; `None` when the name could not be a file's.
    pub fn schema_path(&self, name: &str, version: &str) -> Option<String> {
        self.beside_schema(name, version, "schema.json")
    }

    /// Path of the overlay beside that schema.
    pub fn overlay_path(&self, name: &str, version: &str) -> Option<String> {
        self.beside_schema(name, version, "overlay.json")
    }

    /// Path of a tenant's overlay for that schema.
    pub fn tenant_overlay_path(&self, tenant: &str, name: &str, version: &str) -> Option<String> {
        let plain = [tenant, version].into_iter().chain(name.split('.')).all(is_plain);
        plain
            .then(|| path::join(&self.tenants, &format!("{tenant}/{name}@{version}.overlay.json")).ok())
            .flatten()
    }

    fn beside_schema(&self, name: &str, version: &str, ending: &str) -> Option<String> {
        let plain = std::iter::once(version).chain(name.split('.')).all(is_plain);
        let file = format!("{}@{version}.{ending}", name.replace('.', "/"));
        plain.then(|| path::join(&self.schemas, &file).ok()).flatten()
    }

    /// Every schema of the workspace as it is written in a map: `canonical.sales_order@1`.
    pub fn schema_references(&self, files: &dyn Files) -> Vec<String> {
        let mut found = Vec::new();
        self.collect(files, &self.schemas, "", 4, &mut found);
        found.sort();
        found
    }

    fn collect(&self, files: &dyn Files, folder: &str, dotted: &str, depth: u32, found: &mut Vec<String>) {
        const MOST: usize = 10_000;
        for entry in files.list(folder) {
            if found.len() >= MOST {
                return;
            }
            if let Some(name) = entry.name.strip_suffix(".schema.json").filter(|_| !entry.folder) {
                found.push(format!("{dotted}{name}"));
            } else if entry.folder && depth > 0 && is_plain(&entry.name) {
                let below = path::join(folder, &entry.name).unwrap_or_default();
                if below != self.tenants {
                    self.collect(files, &below, &format!("{dotted}{}.", entry.name), depth - 1, found);
                }
            }
        }
    }

    /// Every tenant that has a folder.
    pub fn tenant_names(&self, files: &dyn Files) -> Vec<String> {
        files.list(&self.tenants).into_iter().filter(|entry| entry.folder).map(|entry| entry.name).collect()
    }
}

/// A word that may stand in a file name without leading anywhere else.
fn is_plain(word: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    !word.is_empty() && !word.starts_with('.') && word.chars().all(fits)
}

#[cfg(test)]
mod tests;
