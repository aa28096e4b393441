//! `mapc explain`

use mapc_diagnostics::{Code, Stage, all_codes, nearest};

use crate::arguments::{Explain, Format};
use crate::exit::Exit;
use crate::pages::page;
use crate::session::Session;
use crate::trouble::Trouble;

pub(super) fn run(arguments: &Explain, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let Some(wanted) = &arguments.code else {
        let list = if session.look.format == Format::Json { machine_list() } else { list() };
        session.print(&list)?;
        return Ok(Exit::Done);
    };
    let Some(code) = Code::parse(wanted.trim()) else {
        let upper = wanted.to_uppercase();
        let near = nearest(&upper, all_codes().iter().map(|entry| entry.number));
        let help = match near.first() {
            Some(code) => format!("did you mean `{code}`; `mapc explain` lists all codes"),
            None => "`mapc explain` lists all codes".to_owned(),
        };
        return Err(Trouble::new(format!("there is no code `{wanted}`")).help(help));
    };
    let text = match page(code) {
        Some(page) => page.to_owned(),
        None => {
            let title = code.entry().map_or("", |entry| entry.title);
            format!("# {}: {title}\n\nThis build of mapc has no page for this code.\n", code.number())
        }
    };
    session.print(&text)?;
    Ok(Exit::Done)
}

fn list() -> String {
    let mut text = String::new();
    let mut stage: Option<Stage> = None;
    for entry in all_codes() {
        if stage != Some(entry.stage) {
            if stage.is_some() {
                text.push('\n');
            }
            text.push_str(heading(entry.stage));
            text.push('\n');
            stage = Some(entry.stage);
        }
        text.push_str(&format!("  {}  {}\n", entry.number, entry.title));
    }
    text.push_str("\nmapc explain CODE says more.\n");
    text
}

fn heading(stage: Stage) -> &'static str {
    match stage {
        Stage::Parse => "How a map is written",
        Stage::Names => "Names",
        Stage::Presence => "Required and missing",
        Stage::Values => "Values",
        Stage::Shape => "Lists and shape",
        Stage::Tables => "Tables and records of the other system",
        Stage::Routing => "Routing",
        Stage::Delivery => "Delivery",
        Stage::Schema => "Schemas and versions",
        Stage::Safety => "Safety",
        Stage::Warning => "Warnings",
        Stage::Runtime => "Why a message gives no document",
    }
}

fn machine_list() -> String {
    let entries: Vec<_> = all_codes()
        .iter()
        .map(|entry| {
            serde_json::json!({
                "code": entry.number, "name": entry.name, "title": entry.title,
                "since": entry.since, "page": format!("errors/{}", entry.number),
            })
        })
        .collect();
    let list = serde_json::json!({ "format_version": crate::render::json::FORMAT_VERSION, "codes": entries });
    let mut text = serde_json::to_string_pretty(&list).unwrap_or_default();
    text.push('\n');
    text
}
