//! The goals of the project's speed: each with its gate, its goal and what was measured. Measures nothing.

use crate::contestants::Lane;
use crate::figures::{Figures, plain};

/// One line of the table.
pub struct Goal {
    /// What is compared.
    pub what: String,
    /// What must hold.
    pub gate: f64,
    /// What is aimed at.
    pub goal: f64,
    /// What was measured; none when that part did not run.
    pub measured: Option<f64>,
    /// Is more better?
    pub more: bool,
    /// Of what.
    pub unit: &'static str,
}

impl Goal {
    fn reaches(&self, bound: f64) -> Option<bool> {
        self.measured.map(|measured| if self.more { measured >= bound } else { measured <= bound })
    }

    /// Does the gate hold?
    pub fn holds(&self) -> Option<bool> {
        self.reaches(self.gate)
    }

    /// Is the goal reached?
    pub fn reached(&self) -> Option<bool> {
        self.reaches(self.goal)
    }

    fn cells(&self) -> [String; 5] {
        let sign = if self.more { "≥" } else { "≤" };
        let figure = |figure: f64| if self.unit == "x" { format!("{figure:.2}") } else { plain(figure) };
        let verdict = match (self.holds(), self.reached()) {
            (Some(true), Some(true)) => "PASS, goal reached",
            (Some(true), _) => "PASS",
            (Some(false), _) => "MISS",
            (None, _) => "not measured",
        };
        [
            self.what.clone(),
            format!("{sign} {} {}", figure(self.gate), self.unit),
            format!("{sign} {} {}", figure(self.goal), self.unit),
            self.measured
                .map_or_else(|| "-".to_owned(), |measured| format!("{} {}", figure(measured), self.unit)),
            verdict.to_owned(),
        ]
    }
}

/// All goals with what this run measured.
pub fn all(figures: &Figures) -> Vec<Goal> {
    let mut goals = Vec::new();
    let more =
        |what: String, gate, goal, measured| Goal { what, gate, goal, measured, more: true, unit: "x" };
    let less = |what: &str, gate, goal, measured, unit| Goal {
        what: what.to_owned(),
        gate,
        goal,
        measured,
        more: false,
        unit,
    };
    let lanes: Vec<&str> = Lane::available().into_iter().map(Lane::id).collect();
    let simd: Vec<&str> = lanes.iter().copied().filter(|lane| *lane != "portable").collect();
    // Without SIMD there is nothing else that the gates could be held against.
    let rated = if simd.is_empty() { lanes } else { simd };
    let to = |set: &str, lane: &str, other: &str| {
        let row = figures.row(set, lane)?;
        match other {
            "owned" => row.to_owned,
            "borrowed" => row.to_borrowed,
            _ => row.to.iter().find(|(id, _)| id == other).map(|(_, ratio)| *ratio),
        }
    };
    for lane in &rated {
        let wide = *lane == "avx512";
        let pick = |narrow: f64, wide_goal: f64| if wide { wide_goal } else { narrow };
        for (set, other, name, gate, goal) in [
            ("w1", "owned", "(a)", 5.0, pick(7.0, 8.0)),
            ("w1", "borrowed", "(b)", 3.4, pick(4.8, 5.5)),
            ("w1", "sonic", "(c)", 2.7, pick(3.9, 4.4)),
            ("w1", "vrl", "VRL", 30.0, pick(45.0, 52.0)),
            ("w1", "jaq", "jaq", 120.0, 180.0),
            ("w2", "owned", "(a)", 5.0, pick(7.0, 8.0)),
            ("w3", "owned", "(a)", 5.0, pick(7.0, 8.0)),
        ] {
            let what = format!("{} against {name}, {lane}", set.to_uppercase());
            goals.push(more(what, gate, goal, to(set, lane, other)));
        }
    }
    goals.push(more("W1 against (b), portable".to_owned(), 1.5, 2.2, to("w1", "portable", "borrowed")));
    let rotation = figures.figure("many tenants in rotation against one");
    goals.push(less("500 tenants in rotation against one", 1.6, 1.2, rotation, "x"));
    let best = Lane::best().id();
    for kind in ["order", "escaped", "absent", "deep"] {
        let measured = to(&format!("hostile {kind}"), best, "borrowed");
        goals.push(more(format!("hostile messages, {kind}, against (b)"), 1.5, 2.5, measured));
    }
    let ours = |row: &&crate::figures::Row| Lane::available().iter().any(|lane| lane.id() == row.id);
    let calls = figures.rows.iter().filter(ours).filter_map(|row| row.allocations).reduce(f64::max);
    goals.push(less("allocations per message after warm-up, all sets", 0.0, 0.0, calls, ""));
    let counted = if rated.contains(&"avx2") { "avx2" } else { "portable" };
    for (set, gate, goal) in [("w1", 36_000.0, 27_000.0), ("w2", 3_700.0, 2_400.0)] {
        let measured = figures.row(set, counted).and_then(|row| row.instructions);
        let what = format!("instructions per {} message, {counted}", set.to_uppercase());
        goals.push(less(&what, gate, goal, measured, ""));
    }
    let per_byte = |set: &str| figures.row(set, best).and_then(|row| row.megabytes).map(f64::recip);
    let growth = per_byte("w3").zip(per_byte("w1")).map(|(large, small)| large / small);
    goals.push(less("ns per byte, W3 against W1", 1.0, 1.0, growth, "x"));
    let flat = figures.figure("running one map with all loaded against before");
    goals.push(less("one map while 10,000 are loaded against before", 1.05, 1.05, flat, "x"));
    let loading = figures.figure("loading: the last tenth of them against the first");
    goals.push(less("loading the last of 10,000 maps against the first", 1.1, 1.1, loading, "x"));
    goals.push(more(
        "two threads against one".to_owned(),
        1.8,
        1.95,
        figures.figure("two threads against one"),
    ));
    let loaded =
        figures.figures.iter().find(|figure| figure.name.starts_with("a loaded map")).map(|one| one.value);
    goals.push(less("a loaded map, with its tables", 64.0, 16.0, loaded, "KB"));
    let instance = figures.figure("an instance against its largest message");
    goals.push(less("an instance against its largest message", 4.0, 3.0, instance, "x"));
    let load = figures.figure("load and verify the W1 artifact");
    goals.push(less("load and verify the W1 artifact", 1.0, 0.2, load, "ms"));
    let compile = figures.figure("compile the W1 map, schemas in memory");
    goals.push(less("compile the W1 map, schemas in memory", 10.0, 3.0, compile, "ms"));
    goals
}

/// For a terminal.
pub fn terminal(goals: &[Goal]) -> String {
    let mut out = format!("\n{:<56}{:>14}{:>14}{:>16}  verdict\n", "goal", "gate", "goal", "measured");
    for goal in goals {
        let [what, gate, wanted, measured, verdict] = goal.cells();
        out += &format!("{what:<56}{gate:>14}{wanted:>14}{measured:>16}  {verdict}\n");
    }
    out
}

/// For a document.
pub fn markdown(goals: &[Goal]) -> String {
    let mut out = "| what | gate | goal | measured | |\n|---|--:|--:|--:|---|\n".to_owned();
    for goal in goals {
        out += &format!("| {} |\n", goal.cells().map(|cell| cell.trim().to_owned()).join(" | "));
    }
    out
}
