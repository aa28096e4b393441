//! What was measured, as it goes into JSON, tables and goals. Measures nothing.

use serde::Serialize;

use crate::machine::Machine;

/// One contestant on one set.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Which messages.
    pub set: String,
    /// Which contestant.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Documents that are the same as expected.
    pub right: usize,
    /// Documents compared.
    pub of: usize,
    /// Median nanoseconds per message of mean size; none where it was not timed.
    pub nanoseconds: Option<f64>,
    /// Lowest decile of the same.
    pub lowest_decile: Option<f64>,
    /// Megabytes of input per second.
    pub megabytes: Option<f64>,
    /// How many times faster than owned structs, round by round.
    pub to_owned: Option<f64>,
    /// How many times faster than borrowed structs, round by round.
    pub to_borrowed: Option<f64>,
    /// How many times faster than sonic-rs, VRL and jaq: by the name of the contestant.
    pub to: Vec<(String, f64)>,
    /// Allocations per message after warm-up.
    pub allocations: Option<f64>,
    /// Bytes of heap at the most while the set was mapped, beside the compiled map or program.
    pub peak: Option<i64>,
    /// Instructions per message.
    pub instructions: Option<f64>,
}

/// Another figure, with its unit.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
}

/// Everything of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// What on.
    pub machine: Machine,
    /// A run for developers, with few rounds.
    pub quick: bool,
    /// Contestants on sets.
    pub rows: Vec<Row>,
    /// Other figures.
    pub figures: Vec<Figure>,
}

impl Figures {
    /// A contestant on a set.
    pub fn row(&self, set: &str, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.set == set && row.id == id)
    }

    /// Another figure.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|figure| figure.name == name).map(|figure| figure.value)
    }

    /// Notes another figure, and prints it.
    pub fn note(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        let name = name.into();
        println!("{name:<66} {:>12} {unit}", plain(value));
        self.figures.push(Figure { name, value, unit });
    }
}

/// A figure in three or more digits.
pub fn plain(value: f64) -> String {
    if value.abs() >= 1000.0 {
        let whole = format!("{value:.0}");
        let mut out = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && digit != '-' && (whole.len() - at) % 3 == 0 && !out.ends_with('-') {
                out.push(',');
            }
            out.push(digit);
        }
        out
    } else if value.abs() >= 100.0 || value == value.trunc() {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
