//! The finished map and what people are told about it.

use mapc_diagnostics::Diagnostic;
use mapc_schema::LoadedSchema;
use mapc_types::Type;

use crate::checker::Checker;
use crate::deliver::Delivery;
use crate::prune::prune;
use crate::tables;
use crate::typed::{Gate, Mask, RecordBody, Report, SourceField, TestCase, Typed};

/// Puts the parts together.
pub(crate) fn finish(
    mut checker: Checker<'_>,
    gates: Vec<Gate>,
    document: RecordBody,
    delivery: Delivery,
    masks: Vec<Mask>,
    tests: Vec<TestCase>,
) -> (Typed, Vec<Diagnostic>) {
    let header = &checker.header;
    let tally = std::mem::take(&mut checker.tally);
    let strength = checker.input.target.map(|schema| schema.strength).unwrap_or_default();
    let (source_lists, source_fields) = checker.book.finish();
    let never_read = match (checker.input.source, header.alias) {
        (Some(schema), Some(alias)) => unread(schema, &alias.text, &source_fields),
        _ => Vec::new(),
    };
    let report = Report {
        obligations: tally.obligations,
        proved: tally.proved,
        handled: tally.handled,
        by_policy: tally.by_policy,
        loses: tally.loses,
        required: strength.required,
        limited: strength.limited,
        target_fields: strength.fields,
        never_read,
    };
    let mut typed = Typed {
        name: header.name.map(|name| name.text.clone()).unwrap_or_default(),
        version: header.version,
        tenant: header.tenant.map(|tenant| tenant.text.clone()),
        source: header.source_name(),
        target: header.target_name(),
        operation: header.operation,
        zone: header.zone.clone(),
        source_lists,
        source_fields,
        scopes: checker.scopes,
        rows: checker.rows,
        tables: checker.tables.into_iter().map(tables::finished).collect(),
        lets: checker.lets,
        gates,
        fields: checker.fields,
        document,
        key: delivery.key,
        order_by: delivery.order_by,
        deliver: delivery.data,
        masks,
        tests,
        reasons: checker.reasons.into_list(),
        report,
    };
    prune(&mut typed);
    (typed, checker.diagnostics)
}

/// Single values of the source that no line reads, to a depth of six records.
fn unread(schema: &LoadedSchema, alias: &str, read: &[SourceField]) -> Vec<String> {
    let mut found = Vec::new();
    walk(schema, &schema.root, alias, 0, &mut found);
    found.retain(|path| !read.iter().any(|field| field.display == *path));
    found
}

fn walk(schema: &LoadedSchema, value: &Type, at: &str, depth: usize, found: &mut Vec<String>) {
    if depth > 6 {
        return;
    }
    match schema.resolve(value) {
        Type::Object(object) => {
            for (name, slot) in &object.fields {
                walk(schema, &slot.value, &format!("{at}.{name}"), depth + 1, found);
            }
        }
        Type::List(list) => walk(schema, &list.element.value, &format!("{at}[]"), depth, found),
        _ => found.push(at.to_owned()),
    }
}
