//! `mapc schema lint`

use std::path::{Path, PathBuf};

use mapc_diagnostics::{Code, Diagnostic};
use mapc_driver::{SchemaReport, lint_schema};
use mapc_schema::LintSide;
use serde::Serialize;

use crate::arguments::{Format, SchemaLint};
use crate::config::FILE_NAME;
use crate::disk::{Disk, shown};
use crate::exit::Exit;
use crate::render::{self, Shown, json};
use crate::session::Session;
use crate::trouble::Trouble;

#[derive(Debug, Serialize)]
struct Output {
    format_version: &'static str,
    schemas: Vec<SchemaLines>,
    diagnostics: Vec<json::Finding>,
}

#[derive(Debug, Serialize)]
struct SchemaLines {
    file: String,
    lint: Vec<LintLine>,
}

#[derive(Debug, Serialize)]
struct LintLine {
    code: &'static str,
    pointer: String,
    side: &'static str,
    keyword: String,
    text: String,
    file: String,
    line: u32,
    column: u32,
}

pub(super) fn run(arguments: &SchemaLint, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let machine = session.look.format == Format::Json;
    let mut output =
        Output { format_version: json::FORMAT_VERSION, schemas: Vec::new(), diagnostics: Vec::new() };
    let mut exit = Exit::Done;
    for file in &arguments.files {
        let (disk, inside) = place(file)?;
        let report = lint_schema(&inside, &disk);
        // What is not exact is listed below; here only what keeps the schema from being used.
        let errors: Vec<Diagnostic> =
            report.diagnostics.iter().filter(|one| unusable(one, &report)).cloned().collect();
        if !errors.is_empty() {
            exit = Exit::Findings;
        }
        let lines = lines(&report);
        if arguments.deny && !lines.is_empty() {
            exit = Exit::Findings;
        }
        if machine {
            let shown = Shown::new(&report.sources, &errors);
            output.diagnostics.extend(errors.iter().map(|one| json::finding(&shown, one)));
            output.schemas.push(SchemaLines { file: inside, lint: lines });
        } else {
            session.say(&render::for_people(&report.sources, &errors, &session.look.clone()));
            session.print(&words(&inside, &lines, errors.is_empty()))?;
        }
    }
    if machine {
        let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
        text.push('\n');
        session.print(&text)?;
    }
    Ok(exit)
}

/// An error that is not only the consequence of a line of the list.
fn unusable(diagnostic: &Diagnostic, report: &SchemaReport) -> bool {
    let listed = report.lint.iter().any(|line| line.code == Code::E0905);
    let follows = diagnostic.code == Code::E0905 || diagnostic.code == Code::E0906 && listed;
    diagnostic.is_error() && !follows
}

/// The workspace of a schema, or its folder when it lies in none.
fn place(file: &Path) -> Result<(Disk, String), Trouble> {
    let found = std::fs::canonicalize(file).map_err(|error| Trouble::file("read", &shown(file), &error))?;
    if found.is_dir() {
        return Err(Trouble::new(format!("`{}` is a folder, and schema files are needed", shown(file)))
            .help("schema files end in `.schema.json`"));
    }
    let folder = found.parent().map(Path::to_path_buf).unwrap_or_default();
    let root = folder
        .ancestors()
        .find(|folder| folder.join(FILE_NAME).is_file())
        .map_or(folder.clone(), PathBuf::from);
    let inside = found.strip_prefix(&root).unwrap_or(&found);
    let inside: Vec<_> =
        inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Ok((Disk::new(root), inside.join("/")))
}

fn lines(report: &SchemaReport) -> Vec<LintLine> {
    report
        .lint
        .iter()
        .map(|one| {
            let place = report.sources.position(one.span);
            LintLine {
                code: one.code.number(),
                pointer: one.pointer.clone(),
                side: match one.side {
                    LintSide::Source => "source",
                    LintSide::Target => "target",
                    LintSide::Both => "both",
                },
                keyword: one.keyword.clone(),
                text: one.text.clone(),
                file: report.sources.file(one.span.file).map_or_else(String::new, |file| file.path.clone()),
                line: place.line,
                column: place.column,
            }
        })
        .collect()
}

fn words(file: &str, lines: &[LintLine], loaded: bool) -> String {
    let mut text = String::new();
    for line in lines {
        let side = match line.side {
            "both" => "on both sides",
            "source" => "as a source",
            _ => "as a target",
        };
        let pointer = if line.pointer.is_empty() { "/" } else { &line.pointer };
        text.push_str(&format!(
            "{}:{}:{}: {} {pointer} `{}` {side}: {}\n",
            line.file,
            line.line,
            line.column,
            line.code,
            line.keyword,
            render::clean(&line.text)
        ));
    }
    match (lines.len(), loaded) {
        (0, true) => text.push_str(&format!("{file}: everything is represented exactly\n")),
        (0, false) => {}
        (count, _) => text.push_str(&format!("{file}: {count} not exact\n")),
    }
    text
}
