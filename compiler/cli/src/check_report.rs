//! What `mapc check` says about a map as a whole: points to prove, the closed list of rejections, the target, pins.

use std::collections::BTreeMap;

use mapc_diagnostics::Code;
use mapc_driver::typed::{Action, Content, ListBody, ListNode, Reason, RecordBody, Typed};
use mapc_driver::{Compilation, PinKind};
use serde::{Deserialize, Serialize};

use crate::render::counted;

/// One map of a check, for machines.
#[derive(Debug, Serialize)]
pub struct MapReport {
    file: String,
    passes: bool,
    errors: usize,
    warnings: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Counts>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<ReasonEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    guards: Vec<GuardEntry>,
    pins: Vec<PinEntry>,
}

/// A test that remains in every run.
#[derive(Debug, Serialize)]
struct GuardEntry {
    id: String,
    name: String,
    /// The reason it rejects with; absent: it changes the value or leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Debug, Serialize)]
struct Counts {
    points: usize,
    proved: usize,
    share_proved: f64,
    handled: usize,
    by_policy: usize,
    loses: Vec<String>,
    required: usize,
    limited: usize,
    target_fields: usize,
    never_read: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ReasonEntry {
    code: &'static str,
    rule: String,
    text: String,
    id: String,
}

#[derive(Debug, Serialize)]
struct PinEntry {
    kind: &'static str,
    name: String,
    path: String,
    sha256: String,
}

/// The report for machines.
pub fn machine(file: &str, compilation: &Compilation, passes: bool) -> MapReport {
    let count = |error: bool| compilation.diagnostics.iter().filter(|one| one.is_error() == error).count();
    let typed = compilation.checked.as_ref().map(mapc_driver::Checked::typed);
    let reasons =
        typed.map(|typed| typed.reasons.as_slice()).unwrap_or_default().iter().map(|reason| ReasonEntry {
            code: reason.code.number(),
            rule: reason.rule.clone(),
            text: reason.text.clone(),
            id: reason.id.clone(),
        });
    let pins = compilation.pins.iter().map(|pin| PinEntry {
        kind: pin.kind.word(),
        name: pin.name.clone(),
        path: pin.path.clone(),
        sha256: pin.hex(),
    });
    MapReport {
        file: file.to_owned(),
        passes,
        errors: count(true),
        warnings: count(false),
        report: typed.map(|typed| Counts {
            points: typed.report.obligations,
            proved: typed.report.proved,
            share_proved: share(typed.report.proved, typed.report.obligations),
            handled: typed.report.handled,
            by_policy: typed.report.by_policy,
            loses: typed.report.loses.clone(),
            required: typed.report.required,
            limited: typed.report.limited,
            target_fields: typed.report.target_fields,
            never_read: typed.report.never_read.clone(),
        }),
        reasons: reasons.collect(),
        guards: guards(compilation),
        pins: pins.collect(),
    }
}

/// The report in words. `verbose` lists every reason with its words.
pub fn words(file: &str, compilation: &Compilation, passes: bool, verbose: bool) -> String {
    let found = counted(&compilation.diagnostics);
    let found = if found.is_empty() { String::new() } else { format!(": {found}") };
    let verb = if passes { "passes" } else { "fails" };
    let mut text = format!("{file}  {verb}{found}\n");
    if let Some(checked) = &compilation.checked {
        points(&mut text, checked.typed(), verbose);
        rejections(&mut text, &checked.typed().reasons, verbose);
        target(&mut text, checked.typed(), compilation);
        pins(&mut text, compilation);
    }
    text
}

fn points(text: &mut String, typed: &Typed, verbose: bool) {
    let report = &typed.report;
    text.push_str(&format!(
        "  {} point{} to prove: {} proved, {} handled here, {} by policy\n",
        report.obligations,
        plural(report.obligations),
        report.proved,
        report.handled,
        report.by_policy
    ));
    if !report.loses.is_empty() {
        paragraph(text, "  loses content: ", &report.loses, ", ");
    }
    match report.never_read.len() {
        0 => {}
        _ if verbose => paragraph(text, "  never read: ", &report.never_read, ", "),
        count => text.push_str(&format!("  never read: {count} field{} of the source\n", plural(count))),
    }
}

/// The closed list, by code; many places of one code are counted, not listed.
fn rejections(text: &mut String, reasons: &[Reason], verbose: bool) {
    const LISTED: usize = 6;
    let mut by_code: BTreeMap<Code, Vec<&Reason>> = BTreeMap::new();
    for reason in reasons {
        by_code.entry(reason.code).or_default().push(reason);
    }
    text.push_str("  can reject for\n");
    for (code, reasons) in by_code {
        let title = code.entry().map_or("", |entry| entry.title);
        let number = code.number();
        if verbose {
            for reason in reasons {
                let rule = if reason.rule.is_empty() { title } else { &reason.rule };
                text.push_str(&format!("    {number}  {rule}: {}  [{}]\n", reason.text, reason.id));
            }
            continue;
        }
        let mut rules: Vec<String> =
            reasons.iter().map(|reason| reason.rule.clone()).filter(|rule| !rule.is_empty()).collect();
        rules.dedup();
        match rules.len() {
            0 => text.push_str(&format!("    {number}  {title}\n")),
            count if count > LISTED => {
                text.push_str(&format!("    {number}  {title}, {count} places\n"));
            }
            _ => paragraph(text, &format!("    {number}  {title}: "), &rules, ", "),
        }
    }
}

fn target(text: &mut String, typed: &Typed, compilation: &Compilation) {
    let report = &typed.report;
    text.push_str(&format!(
        "  target strength: limits on {} of {} fields, {} required\n",
        report.limited, report.target_fields, report.required
    ));
    for overlay in &compilation.overlays {
        let loosens = match overlay.loosens.as_slice() {
            [] => "none loosens".to_owned(),
            [only] => format!("1 loosens ({only})"),
            several => format!("{} loosen ({})", several.len(), several.join(", ")),
        };
        text.push_str(&format!(
            "  overlay {} version {}: {} line{} tighten, {loosens}\n",
            overlay.path,
            overlay.version,
            overlay.tightens,
            plural(overlay.tightens)
        ));
    }
}

fn pins(text: &mut String, compilation: &Compilation) {
    let schemas = compilation
        .pins
        .iter()
        .filter(|pin| matches!(pin.kind, PinKind::SourceSchema | PinKind::TargetSchema))
        .map(|pin| pin.name.clone());
    let mut names: Vec<String> = schemas.collect();
    let count = |kind| compilation.pins.iter().filter(|pin| pin.kind == kind).count();
    for (kind, word) in [(PinKind::Overlay, "overlay"), (PinKind::Table, "table file")] {
        let count = count(kind);
        if count > 0 {
            names.push(format!("{count} {word}{}", plural(count)));
        }
    }
    paragraph(text, "  pins: ", &names, ", ");
}

/// One row of `--stats`, and the guards of the map in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatsRow {
    cells: Vec<String>,
    points: usize,
    proved: usize,
    handled: usize,
    by_policy: usize,
    guards: String,
}

const COLUMNS: [&str; 11] = [
    "map",
    "result",
    "points",
    "proved",
    "share",
    "handled",
    "policy",
    "can reject",
    "limits",
    "errors",
    "warnings",
];

/// The row of one map.
pub fn stats_row(file: &str, compilation: &Compilation, passes: bool) -> StatsRow {
    let report = compilation.checked.as_ref().map(|checked| &checked.typed().report);
    let reasons = compilation.checked.as_ref().map(|checked| checked.typed().reasons.len());
    let cell = |number: Option<usize>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let limits = report.map(|report| format!("{}/{}", report.limited, report.target_fields));
    let errors = compilation.diagnostics.iter().filter(|one| one.is_error()).count();
    let cells = vec![
        file.to_owned(),
        if passes { "passes" } else { "fails" }.to_owned(),
        cell(report.map(|report| report.obligations)),
        cell(report.map(|report| report.proved)),
        report.map_or_else(|| "-".to_owned(), |report| percent(report.proved, report.obligations)),
        cell(report.map(|report| report.handled)),
        cell(report.map(|report| report.by_policy)),
        cell(reasons),
        limits.unwrap_or_else(|| "-".to_owned()),
        errors.to_string(),
        (compilation.diagnostics.len() - errors).to_string(),
    ];
    let mut guards = String::new();
    guard_words(&mut guards, file, &self::guards(compilation));
    StatsRow {
        cells,
        points: report.map_or(0, |report| report.obligations),
        proved: report.map_or(0, |report| report.proved),
        handled: report.map_or(0, |report| report.handled),
        by_policy: report.map_or(0, |report| report.by_policy),
        guards,
    }
}

/// The table of `--stats`.
pub fn stats(rows: &[StatsRow]) -> String {
    let header: Vec<String> = COLUMNS.iter().map(|cell| (*cell).to_owned()).collect();
    let below = sum(rows);
    let mut table: Vec<&[String]> = vec![&header];
    table.extend(rows.iter().map(|row| row.cells.as_slice()));
    if rows.len() > 1 {
        table.push(&below);
    }
    let width = |column: usize| {
        table.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let mut text = String::new();
    for row in &table {
        let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
            if at < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    for row in rows {
        text.push_str(&row.guards);
    }
    text
}

/// The row below all maps.
fn sum(rows: &[StatsRow]) -> Vec<String> {
    let all = |number: fn(&StatsRow) -> usize| rows.iter().map(number).sum::<usize>();
    let (points, proved) = (all(|row| row.points), all(|row| row.proved));
    let mut row = vec!["all".to_owned(), String::new(), points.to_string(), proved.to_string()];
    row.extend([
        percent(proved, points),
        all(|row| row.handled).to_string(),
        all(|row| row.by_policy).to_string(),
    ]);
    row.resize(COLUMNS.len(), String::new());
    row
}

/// What is still tested in every run, each guard once.
fn guards(compilation: &Compilation) -> Vec<GuardEntry> {
    let (Some(checked), Some(module)) = (&compilation.checked, &compilation.module) else {
        return Vec::new();
    };
    let typed = checked.typed();
    let mut actions: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let lists = lists(&typed.document);
    let all = typed
        .fields
        .iter()
        .flat_map(|field| &field.guards)
        .chain(lists.into_iter().flat_map(|list| &list.guards));
    for guard in all {
        let reason = match &guard.action {
            Action::Reject { reason, .. } => typed.reasons.get(reason.0).map(|reason| reason.id.clone()),
            _ => None,
        };
        actions.insert(&guard.id, reason);
    }
    let entry = |guard: &mapc_vm::bytecode::GuardInfo| GuardEntry {
        id: guard.id.clone(),
        name: guard.name(),
        reason: actions.get(guard.id.as_str()).cloned().flatten(),
    };
    module.guards.iter().map(entry).collect()
}

fn lists(body: &RecordBody) -> Vec<&ListNode> {
    let mut found = Vec::new();
    for field in &body.fields {
        match &field.content {
            Content::Value(_) => {}
            Content::Record { body, .. } => found.extend(lists(body)),
            Content::List(list) => {
                found.push(list);
                if let ListBody::Record(body) = &list.body {
                    found.extend(lists(body));
                }
            }
        }
    }
    found
}

fn guard_words(text: &mut String, file: &str, guards: &[GuardEntry]) {
    if guards.is_empty() {
        return;
    }
    text.push_str(&format!("\n{file}: {} guard{} in every run\n", guards.len(), plural(guards.len())));
    for guard in guards {
        let reason =
            guard.reason.as_ref().map_or_else(String::new, |reason| format!(", rejects with {reason}"));
        text.push_str(&format!("  {}  {}{reason}\n", guard.id, guard.name));
    }
}

/// Proved of all, in percent with one decimal.
fn share(proved: usize, points: usize) -> f64 {
    if points == 0 { 100.0 } else { (proved as f64 * 1000.0 / points as f64).round() / 10.0 }
}

fn percent(proved: usize, points: usize) -> String {
    format!("{:.1} %", share(proved, points))
}

/// Words behind a head, broken at 100 characters and set below its end.
fn paragraph(text: &mut String, head: &str, words: &[String], between: &str) {
    const WIDTH: usize = 100;
    let indent = head.chars().count().min(24);
    let mut line = head.to_owned();
    for (at, word) in words.iter().enumerate() {
        let last = at + 1 == words.len();
        let piece = if last { word.clone() } else { format!("{word}{between}") };
        if line.chars().count() + piece.trim_end().chars().count() > WIDTH && line.trim() != "" && at > 0 {
            text.push_str(line.trim_end());
            text.push('\n');
            line = " ".repeat(indent);
        }
        line.push_str(&piece);
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
