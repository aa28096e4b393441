//! Runs the examples of a page by the conventions of `docs/README.md`. Judges nothing else about a page.

use mapc_diagnostics::{Code, Severity};
use mapc_vm::Limits;
use serde_json::Value;

use crate::command::Shell;
use crate::compiled::Compiled;
use crate::ending::Ending;
use crate::folder::Folder;
use crate::judge::Judge;
use crate::page::{Block, Page};

/// Where the map of an example is put.
pub(crate) const MAP: &str = "tenants/demo/page.map";
pub(crate) const BASE: &str = "tenants/demo/base.map";
pub(crate) const SOURCE: &str = "shop/order@1.schema.json";
pub(crate) const TARGET: &str = "erp/order@1.schema.json";

/// What came of a page.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Examples that were run.
    pub examples: usize,
    /// What is wrong, with the place.
    pub wrong: Vec<String>,
}

/// The workspace of the examples.
///
/// # Errors
/// A file of it cannot be read.
pub fn fixture() -> Result<Folder, String> {
    Folder::copy_of("docs/errors/fixture")
}

/// The whole map a block stands for.
pub(crate) fn whole_map(folder: &Folder, block: &[u8]) -> Result<Vec<u8>, String> {
    let text = String::from_utf8_lossy(block);
    if text.lines().any(|line| line.starts_with("map ")) {
        return Ok(block.to_vec());
    }
    let base: Vec<&str> = folder.text(BASE)?.lines().collect();
    let mut map = base.get(..3).unwrap_or_default().join("\n").into_bytes();
    map.extend_from_slice(b"\n\n");
    if text.lines().any(|line| line.starts_with("fields")) {
        map.extend_from_slice(block);
        return Ok(map);
    }
    map.extend_from_slice(b"fields {\n");
    let numbered = |line: &str| {
        line.trim_start().strip_prefix("number").is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    if !text.lines().any(numbered) {
        map.extend_from_slice(b"  number = order.number\n");
    }
    map.extend_from_slice(block);
    map.extend_from_slice(b"}\n");
    Ok(map)
}

/// Limits a block asks for.
fn limits(block: &Block) -> Result<Limits, String> {
    let mut limits = Limits::default();
    let number = |name: &str| {
        let value = block.value(name);
        value.map(|value| value.parse::<usize>().map_err(|error| format!("{name}: {error}"))).transpose()
    };
    limits.input_bytes = number("limit.input")?.unwrap_or(limits.input_bytes);
    limits.depth = number("limit.depth")?.unwrap_or(limits.depth);
    limits.list_rows = number("limit.rows")?.unwrap_or(limits.list_rows);
    limits.output_bytes = number("limit.output")?.unwrap_or(limits.output_bytes);
    if let Some(steps) = number("limit.steps")? {
        limits.steps = steps as u64;
    }
    Ok(limits)
}

/// Runs a page about a code.
///
/// # Errors
/// The page or its workspace cannot be read.
pub fn code_page(page: &Page, code: Code) -> Result<Report, String> {
    let mut report = Report::default();
    let at = |block: &Block, what: String| format!("{}:{}: {what}", page.path, block.line);
    let without = page.text.contains("**Reserved") || page.text.contains("**No example");
    if without {
        for block in page.blocks.iter().filter(|block| block.has("wrong") || block.has("right")) {
            report.wrong.push(at(block, "a page without examples has one".to_owned()));
        }
        return Ok(report);
    }
    for side in ["wrong", "right"] {
        let other = if side == "wrong" { "right" } else { "wrong" };
        let blocks: Vec<&Block> = page.blocks.iter().filter(|block| !block.has(other)).collect();
        if !blocks.iter().any(|block| block.has(side)) {
            report.wrong.push(format!("{}: there is no {side} example", page.path));
            continue;
        }
        report.examples += 1;
        let mut folder = fixture()?;
        let mut map = BASE;
        let mut message = None;
        for block in &blocks {
            if let Some(path) = block.value("file") {
                folder.put(path, block.bytes()?);
            } else if block.language == "map" {
                folder.put(MAP, whole_map(&folder, &block.bytes()?)?);
                map = MAP;
            } else if matches!(block.language.as_str(), "json" | "text") && block.has(side) {
                message = Some(*block);
            }
        }
        let compiled = Compiled::new(&folder, map);
        let errors = compiled.codes(Severity::Error);
        let place = format!("{} ({side})", page.path);
        let number = code.number();
        match (code.severity(), side, message) {
            (Severity::Error, "wrong", _) => {
                if errors.is_empty() || errors.iter().any(|one| *one != number) {
                    report
                        .wrong
                        .push(format!("{place}: the errors are not of {number} only:\n{}", compiled.words()));
                }
            }
            (Severity::Warning, "wrong", _) => {
                let warnings = compiled.codes(Severity::Warning);
                if !errors.is_empty() || warnings.is_empty() || warnings.iter().any(|one| *one != number) {
                    report.wrong.push(format!(
                        "{place}: the warnings are not of {number} only:\n{}",
                        compiled.words()
                    ));
                }
            }
            (Severity::Error | Severity::Warning, _, _) => {
                let again = compiled.codes(code.severity()).contains(&number);
                if !errors.is_empty() || again {
                    report.wrong.push(format!("{place}: is not right:\n{}", compiled.words()));
                }
            }
            (Severity::Note, _, None) => report.wrong.push(format!("{place}: there is no message")),
            (Severity::Note, _, Some(block)) => match run(&compiled, &folder, block) {
                Err(why) => report.wrong.push(at(block, why)),
                Ok(ending) => {
                    let fits = if side == "wrong" {
                        ending.code() == Some(number)
                    } else {
                        ending.document().is_some()
                    };
                    if !fits {
                        report.wrong.push(at(block, format!("ends with {ending}")));
                    }
                }
            },
        }
    }
    Ok(report)
}

/// Runs a message in the vm and, unless its steps are limited, in the reference interpreter.
fn run(compiled: &Compiled, folder: &Folder, block: &Block) -> Result<Ending, String> {
    let mut runner = compiled.runner(folder, limits(block)?)?;
    let message = block.message()?;
    let ending =
        if block.value("limit.steps").is_some() { runner.vm(&message) } else { runner.both(&message)? };
    if let Some(document) = ending.document() {
        Judge::new(folder.text(TARGET)?, &[])?.judge(document)?;
    }
    Ok(ending)
}

/// Runs any other page. `shell` runs the tests of its maps.
///
/// # Errors
/// The page or its workspace cannot be read, or the command cannot be started.
pub fn story(page: &Page, shell: &Shell) -> Result<Report, String> {
    let mut report = Report::default();
    let mut folder = fixture()?;
    let mut current: Option<Compiled> = None;
    let mut pending: Option<&Block> = None;
    for block in &page.blocks {
        let mut say = |what: String| report.wrong.push(format!("{}:{}: {what}", page.path, block.line));
        if let Some(path) = block.value("file") {
            folder.put(path, block.bytes()?);
            continue;
        }
        let answers = block.has("out") || block.has("exact") || block.has("outcome");
        if let Some(before) = pending.filter(|_| !answers) {
            say(format!("nothing says what comes of the message at line {}", before.line));
            pending = None;
        }
        match block.language.as_str() {
            "map" => {
                report.examples += 1;
                folder.put(MAP, whole_map(&folder, &block.bytes()?)?);
                let compiled = Compiled::new(&folder, MAP);
                let errors = compiled.codes(Severity::Error);
                match (block.value("error"), block.value("warning")) {
                    (Some(code), _) => {
                        if errors.is_empty() || errors.iter().any(|one| *one != code) {
                            say(format!("the errors are not of {code} only:\n{}", compiled.words()));
                        }
                        current = None;
                        continue;
                    }
                    (None, Some(code)) if !compiled.codes(Severity::Warning).contains(&code) => {
                        say(format!("there is no warning {code}:\n{}", compiled.words()));
                    }
                    _ => {}
                }
                if !errors.is_empty() {
                    say(format!("does not pass the check:\n{}", compiled.words()));
                } else if block.text.contains("\ntest \"") || block.text.starts_with("test \"") {
                    folder.write_to(shell.place())?;
                    let printed = shell.run(&["test", MAP], b"")?;
                    if printed.code != 0 {
                        say(format!("its tests do not pass:\n{}{}", printed.out, printed.err));
                    }
                }
                current = Some(compiled);
            }
            "json" if block.has("source") => folder.put(SOURCE, schema(&block.text)?),
            "json" if block.has("target") => folder.put(TARGET, schema(&block.text)?),
            "json" | "text" if block.has("in") => pending = Some(block),
            "json" | "text" if answers => {
                report.examples += 1;
                let (Some(message), Some(compiled)) = (pending.take(), &current) else {
                    say("there is no message and map above it".to_owned());
                    continue;
                };
                match run(compiled, &folder, message) {
                    Err(why) => say(why),
                    Ok(ending) => {
                        if let Err(why) = answer(block, &ending) {
                            say(format!("{why}; it ends with {ending}"));
                        }
                    }
                }
            }
            "json" | "csv" | "text" => {
                say(format!("nothing is known of `{} {}`", block.language, block.words.join(" ")))
            }
            _ => {}
        }
    }
    if let Some(block) = pending {
        report.wrong.push(format!("{}:{}: nothing says what comes of this message", page.path, block.line));
    }
    Ok(report)
}

/// A schema whose first words, always the same, were left away. The order of its fields stays.
pub(crate) fn schema(text: &str) -> Result<String, String> {
    let schema: Value = serde_json::from_str(text).map_err(|error| format!("schema: {error}"))?;
    let always = [
        ("$schema", "\"https://json-schema.org/draft/2020-12/schema\""),
        ("type", "\"object\""),
        ("additionalProperties", "false"),
    ];
    let left_away = always.iter().filter(|(key, _)| schema.get(key).is_none());
    let words: String = left_away.map(|(key, value)| format!("\"{key}\": {value}, ")).collect();
    Ok(text.replacen('{', &format!("{{ {words}"), 1))
}

/// The ending is the one the block says.
fn answer(block: &Block, ending: &Ending) -> Result<(), String> {
    if block.has("outcome") {
        let expected = block.text.trim();
        return if ending.is_written(expected) { Ok(()) } else { Err(format!("expected {expected}")) };
    }
    let Ending::Deliver { document, key, order_by } = ending else {
        return Err("expected a document".to_owned());
    };
    if block.has("exact") {
        if document.as_slice() != block.message()? {
            return Err("expected other bytes".to_owned());
        }
    } else {
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).map_err(|error| error.to_string());
        if read(document)? != read(block.text.as_bytes())? {
            return Err("expected another document".to_owned());
        }
    }
    for (name, actual) in [("key", key), ("order", order_by)] {
        if let Some(expected) = block.value(name)
            && actual.as_deref() != Some(expected)
        {
            return Err(format!("expected {name} {expected}"));
        }
    }
    Ok(())
}
