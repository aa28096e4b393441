//! What `check` and `build` say about one map, finished: texts that can be printed now or kept for the next run. Knows
//! no files and no order of maps.

use mapc_driver::Compilation;
use serde::{Deserialize, Serialize};

use crate::arguments::Format;
use crate::check_report::{self, StatsRow};
use crate::look::Look;
use crate::render::{self, Shown, json};

/// What of a map is wanted. Everything here changes the words of an answer.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Points answered by a policy line alone count as errors.
    pub strict: bool,
    /// Search messages that show refusals.
    pub witness: bool,
    /// Only counts and guards.
    pub stats: bool,
    /// The compiled map instead of a report.
    pub build: bool,
}

impl Wanted {
    /// The question behind an answer: what is wanted of which map, and how it is to look. Two questions with one text
    /// have one answer, files being equal.
    pub fn question(&self, workspace: &mapc_driver::Workspace, path: &str, look: &Look) -> String {
        let Look { colour, ascii, width, format, max_errors, quiet, verbose, terminal: _ } = look;
        let more = *verbose > 0;
        format!(
            "{path:?} {workspace:?} {self:?} {:?}",
            (colour, ascii, width, format, max_errors, quiet, more)
        )
    }
}

/// What is said about one map.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Nothing to object to.
    pub passes: bool,
    /// For people, in any case.
    pub said: String,
    /// For people who do not want silence.
    pub told: String,
    /// The report for machines.
    pub report: Option<String>,
    /// The findings for machines.
    pub findings: Vec<String>,
    /// The row of the table.
    pub stats: Option<StatsRow>,
}

impl Answer {
    /// The answer for a compilation.
    pub fn new(path: &str, compilation: &Compilation, wanted: &Wanted, look: &Look) -> Self {
        let by_policy = compilation.checked.as_ref().map_or(0, |checked| checked.typed().report.by_policy);
        let too_lax = wanted.strict && by_policy > 0;
        let passes = !compilation.has_errors() && !too_lax;
        let mut answer = Self { passes, ..Self::default() };
        if look.format == Format::Json {
            // A build that goes well has nothing to report: the compiled map is there.
            if !wanted.build || !passes {
                answer.for_machines(path, compilation);
            }
            return answer;
        }
        answer.said = render::for_people(&compilation.sources, &compilation.diagnostics, look);
        if too_lax {
            answer.said.push_str(&format!(
                "{path}: {by_policy} point{} answered by the policy alone; with `--strict` each needs a handler at its field\n",
                if by_policy == 1 { " is" } else { "s are" }
            ));
        }
        if wanted.stats {
            answer.stats = Some(check_report::stats_row(path, compilation, passes));
        } else if !wanted.build {
            answer.told = check_report::words(path, compilation, passes, look.verbose > 0);
        } else if !passes {
            answer.told = format!("{path}  fails: {}\n", render::counted(&compilation.diagnostics));
        }
        answer
    }

    fn for_machines(&mut self, path: &str, compilation: &Compilation) {
        let shown = Shown::new(&compilation.sources, &compilation.diagnostics);
        let findings = compilation.diagnostics.iter().map(|finding| json::finding(&shown, finding));
        self.findings = findings.map(|finding| json::pretty(&finding)).collect();
        self.report = Some(json::pretty(&check_report::machine(path, compilation, self.passes)));
    }
}

/// Reports and findings of all maps, with a line end.
pub fn machine_output(answers: &[Answer]) -> String {
    let reports = answers.iter().filter_map(|answer| answer.report.as_deref());
    let findings = answers.iter().flat_map(|answer| answer.findings.iter().map(String::as_str));
    format!(
        "{{\n  \"format_version\": \"{}\",\n  \"maps\": {},\n  \"diagnostics\": {}\n}}\n",
        json::FORMAT_VERSION,
        list(reports),
        list(findings)
    )
}

/// Laid out like everything else that we write as JSON.
fn list<'a>(elements: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for element in elements {
        text.push_str(if text.is_empty() { "[\n" } else { ",\n" });
        for (at, line) in element.lines().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            text.push_str("    ");
            text.push_str(line);
        }
    }
    if text.is_empty() {
        text.push('[');
    } else {
        text.push_str("\n  ");
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::{Answer, machine_output};

    #[derive(Serialize)]
    struct Whole {
        format_version: &'static str,
        maps: Vec<serde_json::Value>,
        diagnostics: Vec<serde_json::Value>,
    }

    #[test]
    fn the_layout_is_that_of_one_pretty_value() {
        let value = serde_json::json!({ "a": [1, { "b": "x\ny" }], "c": {}, "d": [] });
        let one = serde_json::to_string_pretty(&value).unwrap();
        for (maps, findings) in [(0, 0), (1, 0), (1, 2), (3, 1)] {
            let mut answers = vec![Answer { report: Some(one.clone()), ..Answer::default() }; maps];
            if let Some(first) = answers.first_mut() {
                first.findings = vec![one.clone(); findings];
            }
            let whole = Whole {
                format_version: "1.0",
                maps: vec![value.clone(); maps],
                diagnostics: vec![value.clone(); findings],
            };
            assert_eq!(machine_output(&answers), serde_json::to_string_pretty(&whole).unwrap() + "\n");
        }
    }
}
