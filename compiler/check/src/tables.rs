//! Code tables: rows from the map or from a CSV file, keys unique, values of one kind.

use std::collections::HashMap;

use mapc_diagnostics::{FileId, Span};
use mapc_grammar::tree::{self, Item, Literal, TableSource};

use crate::checker::Checker;
use crate::condition::literal_span;
use crate::errors;
use crate::typed::{CodeTable, Constant, TableId};

/// Rows a table may have.
const MOST_ROWS: usize = 1_000_000;

/// A table while the map is checked.
#[derive(Clone, Debug)]
pub(crate) struct TableEntry {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) key_parts: usize,
    pub(crate) rows: Vec<Row>,
    pub(crate) file: Option<String>,
    pub(crate) used: bool,
    /// Something in it was reported: lookups stay silent.
    pub(crate) broken: bool,
    /// Where a row can be added in the map.
    pub(crate) insert: Option<Span>,
    /// Which rows some lookup may find.
    pub(crate) reached: Vec<bool>,
}

impl TableEntry {
    /// A lookup may find these rows.
    pub(crate) fn reach(&mut self, rows: &[bool]) {
        self.reached.resize(self.rows.len(), false);
        for (known, new) in self.reached.iter_mut().zip(rows) {
            *known |= new;
        }
    }

    /// Rows that no lookup can find; none when the table is not looked up at all.
    pub(crate) fn unused_rows(&self) -> Vec<&Row> {
        self.rows.iter().zip(&self.reached).filter(|(_, reached)| !**reached).map(|(row, _)| row).collect()
    }
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) key: Vec<String>,
    pub(crate) value: Option<Constant>,
    pub(crate) span: Span,
}

/// Reads every table of the map.
pub(crate) fn read_all(checker: &mut Checker<'_>) {
    for item in &checker.input.tree.items {
        let Item::Table(table) = item else { continue };
        if let Some(first) = checker.tables.iter().find(|known| known.name == table.name.text) {
            let diagnostic = errors::name_taken(&table.name.text, table.name.span, first.span);
            checker.say(diagnostic);
            continue;
        }
        let before = checker.errors();
        let mut entry = TableEntry {
            name: table.name.text.clone(),
            span: table.name.span,
            key_parts: 1,
            rows: Vec::new(),
            file: None,
            used: false,
            broken: false,
            insert: None,
            reached: Vec::new(),
        };
        match &table.source {
            TableSource::Inline { rows } => checker.inline_rows(table, rows, &mut entry),
            TableSource::File { file, keys, gives } => checker.file_rows(file, keys, gives, &mut entry),
        }
        checker.unique_keys(&mut entry);
        entry.broken |= checker.errors() > before;
        checker.tables.push(entry);
    }
}

impl Checker<'_> {
    /// The table of that name.
    pub(crate) fn find_table(&self, name: &str) -> Option<TableId> {
        self.tables.iter().position(|table| table.name == name).map(TableId)
    }

    fn inline_rows(&mut self, table: &tree::Table, rows: &[tree::TableRow], entry: &mut TableEntry) {
        entry.insert = rows.last().map(|row| row.span.after());
        entry.key_parts = rows.first().and_then(|row| row.keys.first()).map_or(1, Vec::len);
        if rows.is_empty() {
            self.say(errors::table_empty(&table.name.text, table.name.span));
        }
        let mut kind: Option<(Constant, Span)> = None;
        for row in rows {
            let value = match &row.value {
                Literal::None(_) => None,
                literal => match self.constant(literal) {
                    Some(constant) => {
                        let span = literal_span(literal);
                        match &kind {
                            Some((first, place))
                                if std::mem::discriminant(first) != std::mem::discriminant(&constant) =>
                            {
                                self.say(errors::table_kinds(&table.name.text, span, *place));
                                continue;
                            }
                            Some(_) => {}
                            None => kind = Some((constant.clone(), span)),
                        }
                        Some(constant)
                    }
                    None => continue,
                },
            };
            for key in &row.keys {
                let parts: Option<Vec<String>> = key
                    .iter()
                    .map(|part| match part {
                        Literal::Text(text) => Some(text.text.clone()),
                        Literal::Number(number) => Some(number.text.clone()),
                        _ => None,
                    })
                    .collect();
                let span = key.first().map_or(row.span, |first| {
                    key.last().map_or(row.span, |last| literal_span(first).to(literal_span(last)))
                });
                match parts {
                    Some(parts) if parts.len() == entry.key_parts => {
                        entry.rows.push(Row { key: parts, value: value.clone(), span });
                    }
                    _ => self.say(errors::table_key(&table.name.text, entry.key_parts, span)),
                }
            }
        }
    }

    fn file_rows(
        &mut self,
        file: &tree::Quoted,
        keys: &[tree::Name],
        gives: &tree::Name,
        entry: &mut TableEntry,
    ) {
        entry.key_parts = keys.len().max(1);
        entry.file = Some(file.text.clone());
        let Some(id) = self.input.tables.get(&file.text).copied() else {
            // the driver has said that it cannot be read
            entry.broken = true;
            return;
        };
        let sources = self.input.sources;
        let Some(source) = sources.file(id) else { return };
        let (path, full) = (source.path.clone(), source.text.clone());
        let text = full.strip_prefix('\u{feff}').unwrap_or(&full);
        let skipped = full.len() - text.len();
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers: Vec<String> = match reader.headers() {
            Ok(headers) => headers.iter().map(str::to_owned).collect(),
            Err(_) => {
                self.say(errors::table_unreadable(&path, file.span, place(id, skipped, 0)));
                return;
            }
        };
        if headers.is_empty() {
            self.say(errors::table_empty(&entry.name, entry.span));
            return;
        }
        let mut columns = Vec::new();
        for name in keys.iter().chain([gives]) {
            match headers.iter().position(|header| *header == name.text) {
                Some(at) => columns.push(at),
                None => {
                    let near = crate::words::near(&name.text, headers.iter().map(String::as_str));
                    self.say(errors::unknown_column(
                        &name.text,
                        name.span,
                        &path,
                        place(id, skipped, 0),
                        &near,
                        &headers,
                    ));
                }
            }
        }
        let Some((value_column, key_columns)) =
            columns.split_last().filter(|_| columns.len() == keys.len() + 1)
        else {
            return;
        };
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let at = error.position().map_or(0, csv::Position::byte);
                    self.say(errors::table_unreadable(&path, file.span, place(id, skipped, at)));
                    return;
                }
            };
            let at = record.position().map_or(0, csv::Position::byte);
            let span = line_span(&full, id, skipped, at);
            if record.iter().all(str::is_empty) {
                continue;
            }
            if entry.rows.len() >= MOST_ROWS {
                self.say(errors::table_unreadable(&path, file.span, span));
                return;
            }
            let key: Option<Vec<String>> =
                key_columns.iter().map(|column| record.get(*column).map(str::to_owned)).collect();
            match (key, record.get(*value_column)) {
                (Some(key), Some(value)) if key.iter().all(|part| !part.is_empty()) => {
                    let value = (!value.is_empty()).then(|| Constant::Text(value.to_owned()));
                    entry.rows.push(Row { key, value, span });
                }
                _ => {
                    entry.broken = true;
                    self.say(errors::row_incomplete(&path, span));
                }
            }
        }
        if entry.rows.is_empty() && !entry.broken {
            self.say(errors::table_empty(&entry.name, entry.span));
        }
    }

    fn unique_keys(&mut self, entry: &mut TableEntry) {
        let mut first: HashMap<Vec<String>, Span> = HashMap::new();
        let mut doubled = Vec::new();
        for row in &entry.rows {
            match first.get(&row.key) {
                Some(before) => doubled.push((row.key.join(", "), row.span, *before)),
                None => {
                    first.insert(row.key.clone(), row.span);
                }
            }
        }
        for (key, span, before) in doubled {
            self.say(errors::duplicate_key(&entry.name, &key, span, before));
        }
    }
}

fn place(file: FileId, skipped: usize, at: u64) -> Span {
    let at = usize::try_from(at).unwrap_or(usize::MAX).saturating_add(skipped);
    Span::new(file, at, at)
}

/// The line that begins at a byte.
fn line_span(text: &str, file: FileId, skipped: usize, at: u64) -> Span {
    let start = usize::try_from(at).unwrap_or(usize::MAX).saturating_add(skipped).min(text.len());
    let rest = text.get(start..).unwrap_or("");
    let blank = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let start = start + blank;
    let rest = text.get(start..).unwrap_or("");
    let end = rest.find(['\n', '\r']).map_or(text.len(), |length| start + length);
    Span::new(file, start, end)
}

/// A table as it goes into the checked map.
pub(crate) fn finished(entry: TableEntry) -> CodeTable {
    CodeTable {
        name: entry.name,
        key_parts: entry.key_parts,
        rows: entry.rows.into_iter().map(|row| (row.key, row.value)).collect(),
        file: entry.file,
    }
}
