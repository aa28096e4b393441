//! Snapshots of ids: which records the receiving system already has. Read from csv, held in memory.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::config::Place;
use crate::disk::shown;
use crate::trouble::Trouble;

/// Ids by record and key: `netsuite.customer`, `C-1001`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    records: BTreeMap<String, HashMap<String, String>>,
}

impl Snapshot {
    /// The id of a record, if the receiving system has it.
    pub fn find(&self, entity: &str, key: &str) -> Option<&str> {
        self.records.get(entity)?.get(key).map(String::as_str)
    }

    /// No id at all.
    pub fn is_empty(&self) -> bool {
        self.records.values().all(HashMap::is_empty)
    }

    /// One file with the columns `entity`, `key`, `id`.
    ///
    /// # Errors
    /// The file cannot be read, or lacks a column, or says two things of one record.
    pub fn of_file(path: &Path) -> Result<Snapshot, Trouble> {
        let mut snapshot = Snapshot::default();
        snapshot.read(path, &shown(path), None)?;
        Ok(snapshot)
    }

    /// The files `<record>.csv` with the columns `key`, `id` in the folder `xref` of a tenant.
    ///
    /// # Errors
    /// As for one file. No folder is an empty snapshot.
    pub fn of_tenant(place: &Place, tenant: &str) -> Result<Snapshot, Trouble> {
        let folder = format!("{}/xref", place.workspace.tenant_folder(tenant));
        let mut snapshot = Snapshot::default();
        for entry in mapc_driver::Files::list(&place.disk, &folder) {
            if let Some(entity) = entry.name.strip_suffix(".csv").filter(|_| !entry.folder) {
                let path = format!("{folder}/{}", entry.name);
                snapshot.read(&place.disk.full(&path), &path, Some(entity))?;
            }
        }
        Ok(snapshot)
    }

    fn read(&mut self, path: &Path, name: &str, entity: Option<&str>) -> Result<(), Trouble> {
        let file = std::fs::File::open(path).map_err(|error| Trouble::file("read", name, &error))?;
        self.read_csv(file, name, entity)
    }

    fn read_csv(
        &mut self,
        input: impl std::io::Read,
        name: &str,
        entity: Option<&str>,
    ) -> Result<(), Trouble> {
        let odd = |error: &csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            let why = match error.kind() {
                csv::ErrorKind::Utf8 { .. } => "it is not UTF-8 text".to_owned(),
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    format!("it has {len} columns, the first line has {expected_len}")
                }
                csv::ErrorKind::Io(error) => crate::trouble::words(error),
                _ => "it is not csv".to_owned(),
            };
            Trouble::new(format!("`{name}`, line {line} cannot be read: {why}"))
        };
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(input);
        let headers = reader.headers().map_err(|error| odd(&error))?.clone();
        let column = |wanted: &str| headers.iter().position(|header| header.trim() == wanted);
        let columns: &[&str] = if entity.is_some() { &["key", "id"] } else { &["entity", "key", "id"] };
        let lacks = |wanted: &str| {
            let found: Vec<String> = headers.iter().map(|header| format!("`{}`", header.trim())).collect();
            let trouble = Trouble::new(format!("`{name}` has no column `{wanted}`"));
            trouble.help(format!(
                "the first line must name the columns {}; it has {}",
                columns.join(", "),
                found.join(", ")
            ))
        };
        let key = column("key").ok_or_else(|| lacks("key"))?;
        let id = column("id").ok_or_else(|| lacks("id"))?;
        let entity_column = column("entity");
        if entity.is_none() && entity_column.is_none() {
            return Err(lacks("entity"));
        }
        for row in reader.records() {
            let row = row.map_err(|error| odd(&error))?;
            let cell = |at: usize| row.get(at).unwrap_or("");
            let entity = entity.unwrap_or_else(|| entity_column.map_or("", cell));
            let known = self.records.entry(entity.to_owned()).or_default();
            match known.insert(cell(key).to_owned(), cell(id).to_owned()) {
                Some(before) if before != cell(id) => {
                    let line = row.position().map_or(0, csv::Position::line);
                    return Err(Trouble::new(format!(
                        "`{name}`, line {line} gives a second id for a `{entity}` that has one already"
                    ))
                    .help("keep one line per record"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
