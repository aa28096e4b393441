//! `mapc test`

use mapc_driver::{Files, ReadError, folder_of, join_path, typed};
use serde::Serialize;

use super::Compiled;
use crate::arguments::{Format, Test};
use crate::disk::map_files;
use crate::engine::{Engine, Runner};
use crate::exit::Exit;
use crate::limits::limits;
use crate::render::{clean, json::FORMAT_VERSION};
use crate::sample::{Failure, Json, change, judge};
use crate::session::Session;
use crate::trouble::Trouble;
use crate::xref::Snapshot;

/// Largest sample.
const SAMPLE_LIMIT: u64 = 16 * 1024 * 1024;

#[derive(Debug, Serialize)]
struct Output {
    format_version: &'static str,
    tests: Vec<TestLine>,
}

#[derive(Debug, Serialize)]
struct TestLine {
    file: String,
    line: u32,
    name: String,
    passed: bool,
    failures: Vec<FailureLine>,
}

#[derive(Debug, Serialize)]
struct FailureLine {
    line: u32,
    column: u32,
    expected: String,
    actual: String,
}

#[derive(Debug, Default)]
struct Counts {
    passed: usize,
    failed: usize,
    broken_maps: usize,
}

pub(super) fn run(arguments: &Test, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let maps = map_files(&arguments.maps)?;
    let machine = session.look.format == Format::Json;
    let mut output = Output { format_version: FORMAT_VERSION, tests: Vec::new() };
    let mut counts = Counts::default();
    for map in &maps {
        let compiled = super::compile(map)?;
        if compiled.compilation.has_errors() {
            super::show(&compiled, session)?;
            counts.broken_maps += 1;
            continue;
        }
        let lines = run_map(&compiled, arguments.filter.as_deref())?;
        for line in &lines {
            if line.passed {
                counts.passed += 1;
            } else {
                counts.failed += 1;
            }
        }
        if !machine {
            let text = words(&compiled.path, &lines, session.look.verbose > 0);
            session.say(&text);
        }
        output.tests.extend(lines);
    }
    if machine {
        let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
        text.push('\n');
        session.print(&text)?;
    } else {
        session.tell(&total(&counts, arguments.filter.is_some()));
    }
    Ok(if counts.failed + counts.broken_maps > 0 { Exit::Findings } else { Exit::Done })
}

fn run_map(compiled: &Compiled, filter: Option<&str>) -> Result<Vec<TestLine>, Trouble> {
    let compilation = &compiled.compilation;
    let (Some(checked), Some(module)) = (&compilation.checked, &compilation.module) else {
        return Ok(Vec::new());
    };
    let mut engine = Engine::load(&module.encode(), limits(&[]))
        .map_err(|error| Trouble::new(format!("the map was built and cannot be loaded: {error}")))?;
    if let Some(tenant) = &compilation.references.tenant {
        engine.set_ids(Snapshot::of_tenant(&compiled.place, tenant)?);
    }
    let mut runner = engine.runner();
    let wanted = |test: &&typed::TestCase| filter.is_none_or(|filter| test.name.contains(filter));
    let lines = checked.typed().tests.iter().filter(wanted).map(|test| {
        let failures = run_test(test, compiled, &mut runner);
        let place = compilation.sources.position(test.span);
        TestLine {
            file: compiled.path.clone(),
            line: place.line,
            name: test.name.clone(),
            passed: failures.is_empty(),
            failures: failures
                .into_iter()
                .map(|failure| {
                    let place = compilation.sources.position(failure.span);
                    FailureLine {
                        line: place.line,
                        column: place.column,
                        expected: failure.expected,
                        actual: failure.actual,
                    }
                })
                .collect(),
        }
    });
    Ok(lines.collect())
}

fn run_test(test: &typed::TestCase, compiled: &Compiled, runner: &mut Runner<'_>) -> Vec<Failure> {
    let unable = |actual: String| {
        vec![Failure { span: test.span, expected: "a sample that can be used".to_owned(), actual }]
    };
    let message = match sample(test, compiled) {
        Ok(message) => message,
        Err(why) => return unable(format!("`{}`: {why}", test.given)),
    };
    if test.expects.is_empty() {
        let actual = "nothing is expected, so nothing is tested".to_owned();
        return vec![Failure {
            span: test.span,
            expected: "at least one line `expect …`".to_owned(),
            actual,
        }];
    }
    judge(&test.expects, &runner.run(&message))
}

/// The sample with the changes of the test; byte for byte as it is when there are none.
fn sample(test: &typed::TestCase, compiled: &Compiled) -> Result<Vec<u8>, String> {
    let path = join_path(folder_of(&compiled.path), &test.given)
        .map_err(|error| format!("the path {}", error.words()))?;
    let bytes =
        compiled.place.disk.read(&path, SAMPLE_LIMIT).map_err(|error: ReadError| error.to_string())?;
    if test.with.is_empty() {
        return Ok(bytes);
    }
    let mut json = Json::parse(&bytes)?;
    for (path, value) in &test.with {
        change(&mut json, path, value.as_ref())?;
    }
    Ok(json.to_string().into_bytes())
}

fn words(path: &str, lines: &[TestLine], verbose: bool) -> String {
    let mut text = String::new();
    for line in lines {
        if line.passed {
            if verbose {
                text.push_str(&format!("passed  {path}:{}  {}\n", line.line, clean(&line.name)));
            }
            continue;
        }
        text.push_str(&format!("FAILED  {path}:{}  {}\n", line.line, clean(&line.name)));
        for failure in &line.failures {
            text.push_str(&format!(
                "  {path}:{}:{}\n    expected  {}\n    actual    {}\n",
                failure.line,
                failure.column,
                clean(&failure.expected),
                clean(&failure.actual)
            ));
        }
    }
    text
}

fn total(counts: &Counts, filtered: bool) -> String {
    let all = counts.passed + counts.failed;
    let mut text = match (all, filtered) {
        (0, true) => "no test has that text in its name".to_owned(),
        (0, false) => "no tests".to_owned(),
        _ => {
            let plural = if all == 1 { "" } else { "s" };
            format!("{all} test{plural}: {} passed, {} failed", counts.passed, counts.failed)
        }
    };
    if counts.broken_maps > 0 {
        let plural = if counts.broken_maps == 1 { "" } else { "s" };
        text.push_str(&format!("; {} map{plural} with errors", counts.broken_maps));
    }
    text.push('\n');
    text
}
