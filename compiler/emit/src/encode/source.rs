//! What is read of the source: lists and fields with their facts, and the code tables. All keep their numbers.

use std::collections::HashSet;

use mapc_bytecode::{
    Class, KEY_SEPARATOR, ReadKind as Read, SourceField, SourceLine, SourceList, Table, TableIndex,
};
use mapc_check::typed::{Constant, FieldId, ReadKind, TableId};
use mapc_types::Wire;

use super::pools::{date_kind, place};
use super::{Encoder, reason_index, small};
use crate::plan::class::of_constant;

impl Encoder<'_> {
    pub(super) fn source(&mut self) {
        let typed = self.typed;
        for list in &typed.source_lists {
            let facts = list.facts.iter().map(|fact| self.predicate(fact)).collect();
            self.module.source_lists.push(SourceList {
                parent: list.parent.map(|parent| small(parent.0)),
                path: list.path.iter().map(|name| name.to_string()).collect(),
                nullable: list.nullable,
                facts,
                reason: reason_index(list.source_reason),
                display: list.display.clone(),
            });
        }
        for field in &typed.source_fields {
            let facts = field.facts.iter().map(|fact| self.predicate(fact)).collect();
            self.module.source_fields.push(SourceField {
                list: small(field.list.0),
                path: field.path.iter().map(|name| name.to_string()).collect(),
                read: match field.read {
                    ReadKind::Text => Read::Text,
                    ReadKind::Decimal(Wire::Plain) => Read::Number,
                    ReadKind::Decimal(Wire::DecimalText) => Read::DecimalText,
                    ReadKind::Bool => Read::Flag,
                    ReadKind::Date(kind) => Read::Date(date_kind(kind)),
                },
                nullable: field.nullable,
                facts,
                reason: reason_index(field.source_reason),
                display: field.display.clone(),
                sensitive: field.sensitive,
            });
        }
        for place in 0..typed.tables.len() {
            self.table(TableId(place));
        }
    }

    fn table(&mut self, id: TableId) {
        let Some(table) = self.typed.tables.get(id.0) else { return };
        let class = self.plan.table_class(id);
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        for (parts, value) in &table.rows {
            let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
            let key = parts.join(&KEY_SEPARATOR);
            if seen.insert(key.clone()) {
                let value = value.as_ref().filter(|value| of_constant(value) == class);
                let value = value.map(|value| self.constant(value));
                rows.push((key, value));
            }
        }
        let key_parts = u16::try_from(table.key_parts).unwrap_or(u16::MAX);
        self.module.tables.push(Table { name: table.name.clone(), key_parts, class, rows });
    }

    /// The table of a choice; of equal keys the first counts.
    pub(super) fn table_of_choices(&mut self, class: Class, choices: &[(&str, &Constant)]) -> TableIndex {
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        for (key, result) in choices {
            if seen.insert(*key) {
                let result = self.constant(result);
                rows.push((key.as_bytes().to_vec(), Some(result)));
            }
        }
        let table = Table { name: "choose".to_owned(), key_parts: 1, class, rows };
        TableIndex(place(&mut self.module.tables, table))
    }

    /// The code from here on comes from the line of this output field.
    pub(super) fn line_of(&mut self, id: FieldId) {
        let Some(field) = self.typed.fields.get(id.0) else { return };
        let Some(file) = self.sources.file(field.span.file) else { return };
        let name = file.path.clone();
        let known = self.module.files.iter().position(|known| *known == name);
        let file = small(known.unwrap_or_else(|| {
            self.module.files.push(name);
            self.module.files.len() - 1
        }));
        let line = self.sources.position(field.span).line;
        let instruction = self.code.length();
        match self.module.source_map.last_mut() {
            Some(last) if last.instruction == instruction => (last.file, last.line) = (file, line),
            Some(last) if last.instruction > instruction => {}
            _ => self.module.source_map.push(SourceLine { instruction, file, line }),
        }
    }
}
