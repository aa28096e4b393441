//! Tables for people. Measures nothing.

use crate::figures::{Figures, Row, plain};

fn figure(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(|| "-".to_owned(), plain)
}

fn ratio(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

fn cells(row: &Row) -> [String; 10] {
    [
        row.name.clone(),
        format!("{}/{}", row.right, row.of),
        figure(row.nanoseconds),
        figure(row.lowest_decile),
        figure(row.megabytes),
        ratio(row.to_owned),
        ratio(row.to_borrowed),
        figure(row.allocations),
        figure(row.peak.map(|peak| peak as f64 / 1024.0)),
        figure(row.instructions),
    ]
}

const TITLES: [&str; 10] = [
    "contestant",
    "equal",
    "ns / message",
    "lowest decile",
    "MB/s",
    "x (a)",
    "x (b)",
    "allocations",
    "peak KB",
    "instructions",
];

/// The rows of one set, for a terminal.
pub fn terminal(figures: &Figures, set: &str) -> String {
    let rows: Vec<_> = figures.rows.iter().filter(|row| row.set == set).map(cells).collect();
    let mut out = format!("\n{}\n", set.to_uppercase());
    let mut line = |cells: &[String]| {
        for (at, cell) in cells.iter().enumerate() {
            out += &if at == 0 { format!("{cell:<32}") } else { format!("{cell:>14}") };
        }
        out += "\n";
    };
    line(&TITLES.map(str::to_owned));
    rows.iter().for_each(|row| line(row));
    out
}

/// The rows of one set, for a document.
pub fn markdown(figures: &Figures, set: &str) -> String {
    let mut out = format!("| {} |\n|---|{}\n", TITLES.join(" | "), "--:|".repeat(TITLES.len() - 1));
    for row in figures.rows.iter().filter(|row| row.set == set) {
        let cells = cells(row);
        let ours = row.name.starts_with("mapc");
        let name = if ours { format!("**{}**", row.name) } else { row.name.clone() };
        out += &format!("| {name} | {} |\n", cells.get(1..).unwrap_or_default().join(" | "));
    }
    out
}
