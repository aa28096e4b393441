//! Writes the tables of a run into a document, between its marks `<!-- bench: NAME -->` and `<!-- end -->`.

use std::path::Path;

use crate::figures::{Figures, plain};
use crate::{goals, report};

/// The text of one marked part; none when there is no such part or it was not measured.
fn part(figures: &Figures, name: &str) -> Option<String> {
    match name {
        "machine" => {
            let machine = &figures.machine;
            let quick = if figures.quick { " A quick run: few rounds." } else { "" };
            Some(format!(
                "{}, {} cores, {}; built for {}; allocator: {}; one core for all contestants.{quick}\n",
                machine.processor, machine.cores, machine.system, machine.build, machine.allocator
            ))
        }
        "goals" => Some(goals::markdown(&goals::all(figures))),
        "figures" => {
            let mut out = "| what | measured | |\n|---|--:|---|\n".to_owned();
            for figure in &figures.figures {
                out += &format!("| {} | {} | {} |\n", figure.name, plain(figure.value), figure.unit);
            }
            (!figures.figures.is_empty()).then_some(out)
        }
        set => figures.rows.iter().any(|row| row.set == set).then(|| report::markdown(figures, set)),
    }
}

/// The document with its marked parts written anew. A part that was not measured stays as it is.
fn rewritten(text: &str, figures: &Figures) -> Result<String, String> {
    const END: &str = "<!-- end -->";
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<!-- bench: ") {
        let (name, behind) = behind.split_once(" -->").ok_or("a mark is not closed")?;
        let (old, behind) = behind.split_once(END).ok_or_else(|| format!("{name} has no end"))?;
        let body =
            part(figures, name).map_or_else(|| old.to_owned(), |body| format!("\n\n{}\n\n", body.trim()));
        out += &format!("{before}<!-- bench: {name} -->{body}{END}");
        rest = behind;
    }
    Ok(out + rest)
}

/// Writes the document anew.
pub fn rewrite(path: &Path, figures: &Figures) -> Result<(), String> {
    let shown = |error: std::io::Error| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(shown)?;
    std::fs::write(path, rewritten(&text, figures)?).map_err(shown)
}
