//! The reference page of the library, made from the library files.

use std::fmt::Write;

use super::function::{ArgumentKind, Function, Kind, Parameter};
use super::{find, names};

/// The page `docs/reference/functions.md`.
pub fn reference() -> String {
    let mut page = String::from(
        "# Functions\n\n\
         A function stands after a pipe: `order.note | trim | cut 45`. What stands before it is its value; what follows \
         its name are its arguments, always written out in the map. A missing value passes through every function \
         unchanged, and so does null. Where an example says `in \"…\"`, that is the map's zone. This page is made from the library files in `stdlib`; every example on it is \
         executed by the tests.\n",
    );
    let mut file = "";
    for name in names() {
        let Some(function) = find(name) else { continue };
        if function.file != file {
            file = function.file;
            section(&mut page, title_of(file));
        }
        describe(&mut page, function);
    }
    page
}

/// The first words of a library file, up to a colon or full stop.
fn title_of(file: &str) -> &'static str {
    let text = mapc_stdlib::FILES.iter().find(|known| known.name == file).map_or("", |known| known.text);
    text.trim_start_matches(['#', ' ']).split([':', '.']).next().unwrap_or_default()
}

fn section(page: &mut String, title: &str) {
    page.push_str(&format!("\n## {title}\n"));
}

fn describe(page: &mut String, function: &Function) {
    let mut usage = function.name.clone();
    for parameter in function.parameters().iter().filter(|parameter| !parameter.is_supplied()) {
        usage.push(' ');
        usage.push_str(&parameter.name);
    }
    let _ = write!(page, "\n### `{usage}`\n\n{}\n", function.doc);
    page.push_str("\n| from | to | may be missing | can fail |\n|---|---|---|---|\n");
    for signature in &function.signatures {
        let zone = if signature.needs_zone { ", in the map's zone" } else { "" };
        let missing = if signature.missing.is_some() { "yes" } else { "no" };
        let fails = signature.fails.as_ref().map_or("no".to_owned(), |(code, _)| code.to_string());
        let (from, to) = (signature.input.words(), signature.result.words());
        let _ = writeln!(page, "| {from}{zone} | {to} | {missing} | {fails} |");
    }
    let written: Vec<&Parameter> =
        function.parameters().iter().filter(|parameter| !parameter.is_supplied()).collect();
    if !written.is_empty() {
        page.push_str("\n| argument | must be |\n|---|---|\n");
        for parameter in written {
            let _ = writeln!(page, "| `{}` | {} |", parameter.name, parameter.kind.words());
        }
    }
    page.push_str("\n```\n");
    for example in &function.examples {
        let _ = writeln!(page, "{}", example.text);
    }
    page.push_str("```\n");
}

impl ArgumentKind {
    /// What is asked for, in the words of an analyst.
    pub fn words(&self) -> String {
        match self {
            ArgumentKind::Whole { least, most } => format!("a whole number from {least} to {most}"),
            ArgumentKind::Number { from: None } => Kind::Number.words().to_owned(),
            ArgumentKind::Number { from: Some(name) } => format!("a number, not below `{name}`"),
            ArgumentKind::Text => "text, possibly empty".to_owned(),
            ArgumentKind::FilledText => "text, not empty".to_owned(),
            ArgumentKind::Character => "exactly one character".to_owned(),
            ArgumentKind::Pattern { full: true, .. } => {
                "a date pattern with `YYYY`, `MM` and `DD`, each once, and without times".to_owned()
            }
            ArgumentKind::Pattern { time: false, .. } => {
                "a date pattern, not empty; without times when the value is a date".to_owned()
            }
            ArgumentKind::Pattern { .. } => "a date pattern, not empty".to_owned(),
            ArgumentKind::Rounding => "the rounding mode of the map".to_owned(),
        }
    }
}
