//! `mapc check`

use serde::Serialize;

use super::Compiled;
use crate::arguments::{Check, Format};
use crate::check_report::{self, MapReport};
use crate::disk::map_files;
use crate::exit::Exit;
use crate::render::{self, Shown, json};
use crate::session::Session;
use crate::trouble::Trouble;

#[derive(Debug, Serialize)]
struct Output {
    format_version: &'static str,
    maps: Vec<MapReport>,
    diagnostics: Vec<json::Finding>,
}

pub(super) fn run(arguments: &Check, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let maps = map_files(&arguments.maps)?;
    let machine = session.look.format == Format::Json;
    let mut exit = Exit::Done;
    let mut kept = Vec::new();
    for map in &maps {
        let compiled =
            if arguments.witness { with_witnesses(super::compile_open(map)?) } else { super::compile(map)? };
        let by_policy =
            compiled.compilation.checked.as_ref().map_or(0, |checked| checked.typed().report.by_policy);
        let too_lax = arguments.strict && by_policy > 0;
        let passes = !compiled.compilation.has_errors() && !too_lax;
        if !passes {
            exit = Exit::Findings;
        }
        if !machine {
            let compilation = &compiled.compilation;
            let text = render::for_people(&compilation.sources, &compilation.diagnostics, &session.look);
            session.say(&text);
            if too_lax {
                session.say(&format!(
                    "{}: {by_policy} point{} answered by the policy alone; with `--strict` each needs a handler at its field\n",
                    compiled.path,
                    if by_policy == 1 { " is" } else { "s are" }
                ));
            }
            if !arguments.stats {
                let text = check_report::words(&compiled.path, compilation, passes, session.look.verbose > 0);
                session.tell(&text);
            }
        }
        if machine || arguments.stats {
            kept.push((compiled, passes));
        }
    }
    if machine {
        let rows: Vec<(&Compiled, bool)> =
            kept.iter().map(|(compiled, passes)| (compiled, *passes)).collect();
        session.print(&json(&rows))?;
    } else if arguments.stats {
        let rows: Vec<_> = kept
            .iter()
            .map(|(compiled, passes)| (compiled.path.clone(), &compiled.compilation, *passes))
            .collect();
        session.say(&check_report::stats(&rows));
    } else if maps.len() > 1 {
        session.tell(&format!("{} maps checked\n", maps.len()));
    }
    Ok(exit)
}

/// Every refusal that compares source and target says which message shows it.
fn with_witnesses(mut compiled: Compiled) -> Compiled {
    let compilation = &mut compiled.compilation;
    if let (Some(open), Some(source)) = (&compilation.open, &compilation.source) {
        let alias = open.typed().scopes.first().map(|scope| scope.name.as_str());
        let alias = alias.filter(|alias| !alias.is_empty()).unwrap_or("message");
        for diagnostic in &mut compilation.diagnostics {
            let Some(gap) = open.gaps().iter().find(|gap| gap.is_of(diagnostic)) else { continue };
            let found = mapc_witness::of_gap(open, gap, source, &compilation.sources);
            diagnostic.witness = Some(match found {
                Some(found) => format!("this {alias} shows it:\n{}\n→ {}", found.shown, found.effect),
                None => "no message found that shows it".to_owned(),
            });
        }
    }
    compiled
}

/// Findings and reports for machines, with a line end.
pub(super) fn json(compiled: &[(&Compiled, bool)]) -> String {
    let mut output =
        Output { format_version: json::FORMAT_VERSION, maps: Vec::new(), diagnostics: Vec::new() };
    for (one, passes) in compiled {
        let compilation = &one.compilation;
        let shown = Shown::new(&compilation.sources, &compilation.diagnostics);
        output
            .diagnostics
            .extend(compilation.diagnostics.iter().map(|finding| json::finding(&shown, finding)));
        output.maps.push(check_report::machine(&one.path, compilation, *passes));
    }
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}
