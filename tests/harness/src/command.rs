//! Runs the `mapc` command in a folder on disk, and compares what it prints with what a page says.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::folder::Folder;
use crate::page::{Block, Page};

/// The command, and the folder it works in.
#[derive(Clone, Debug)]
pub struct Shell {
    binary: PathBuf,
    place: PathBuf,
}

/// What a command printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// Exit code; -1 when it was ended from outside.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Shell {
    /// That binary in that folder.
    pub fn new(binary: impl Into<PathBuf>, place: impl Into<PathBuf>) -> Shell {
        Shell { binary: binary.into(), place: place.into() }
    }

    /// The folder.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Runs `mapc` with these arguments and this standard input.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Printed, String> {
        let words = |error: std::io::Error| format!("mapc {}: {error}", arguments.join(" "));
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(&self.place).env_remove("NO_COLOR").env_remove("COLUMNS");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(words)?;
        let given = child.stdin.take();
        let input = input.to_vec();
        // A command that ends without reading all of its input is no error of ours.
        let writer = std::thread::spawn(move || given.map(|mut given| given.write_all(&input)));
        let output = child.wait_with_output().map_err(words)?;
        drop(writer.join());
        Ok(Printed {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs a line such as `mapc check "a b.map"`.
    ///
    /// # Errors
    /// It is not a line of `mapc`, or it cannot be started.
    pub fn line(&self, line: &str) -> Result<Printed, String> {
        let words = words(line);
        let Some(("mapc", arguments)) = words.split_first().map(|(first, rest)| (first.as_str(), rest))
        else {
            return Err(format!("`{line}` does not begin with `mapc`"));
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.run(&arguments, b"")
    }
}

/// Words of a command line; double quotes keep blanks.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in line.trim().chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => {
                if let Some(word) = words.last_mut() {
                    word.push(other);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Works through a page with commands, from top to bottom, in a folder on disk. Gives what is wrong with it.
///
/// # Errors
/// A file cannot be written, or a command cannot be started.
pub fn work_through(page: &Page, shell: &Shell) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    for block in &page.blocks {
        if block.language == "console" {
            console(page, block, shell, &mut wrong)?;
        } else if let Some(path) = block.value("file") {
            let mut folder = Folder::default();
            if block.language == "diff" {
                let old = std::fs::read_to_string(shell.place.join(path))
                    .map_err(|error| format!("{path}: {error}"))?;
                match changed(&old, &block.text) {
                    Ok(new) => folder.put(path, new),
                    Err(why) => wrong.push(format!("{}:{}: {why}", page.path, block.line)),
                }
            } else {
                folder.put(path, block.bytes()?);
            }
            folder.write_to(&shell.place)?;
        }
    }
    Ok(wrong)
}

fn console(page: &Page, block: &Block, shell: &Shell, wrong: &mut Vec<String>) -> Result<(), String> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, printed))) => printed.push(line),
            (None, None) => wrong.push(format!("{}:{}: output before any command", page.path, block.line)),
        }
    }
    let last = commands.len();
    for (index, (command, expected)) in commands.into_iter().enumerate() {
        let printed = shell.line(command)?;
        let code =
            block.value("exit").filter(|_| index + 1 == last).and_then(|code| code.parse().ok()).unwrap_or(0);
        let actual = format!("{}{}", printed.out, printed.err);
        let lines: Vec<&str> = actual.lines().map(str::trim_end).collect();
        if printed.code != code {
            wrong.push(format!("{}:{}: `{command}` ends with {}", page.path, block.line, printed.code));
        }
        let expected: Vec<&str> = expected.into_iter().map(str::trim_end).collect();
        if !fits(&lines, &expected) {
            let message = "prints something else than the page says. It prints:";
            wrong.push(format!("{}:{}: `{command}` {message}\n{actual}", page.path, block.line));
        }
    }
    Ok(())
}

/// Lines are those expected, where `…` stands for any number of them. An empty last line does not count.
fn fits(lines: &[&str], expected: &[&str]) -> bool {
    match (expected.split_first(), lines.split_first()) {
        (None, None) => true,
        (None, Some((line, rest))) => line.is_empty() && fits(rest, expected),
        (Some((&"…", behind)), _) => {
            (0..=lines.len()).any(|taken| fits(lines.get(taken..).unwrap_or_default(), behind))
        }
        (Some((one, behind)), Some((line, rest))) => one == line && fits(rest, behind),
        (Some((one, behind)), None) => one.is_empty() && fits(lines, behind),
    }
}

/// A text after a change as the book writes it: `-` lines go, the `+` lines behind them take their place; a line that
/// begins with a blank is one the text has, and `+` lines go behind it.
fn changed(old: &str, diff: &str) -> Result<String, String> {
    let mut lines: Vec<String> = old.lines().map(str::to_owned).collect();
    let mut at = 0;
    for line in diff.lines() {
        let (sign, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
        let find = |lines: &[String]| {
            let place = lines.iter().skip(at).position(|one| one == rest).map(|place| place + at);
            place.ok_or_else(|| format!("the file has no line `{rest}` from line {} on", at + 1))
        };
        match sign {
            "-" => {
                at = find(&lines)?;
                lines.remove(at);
            }
            "+" => {
                lines.insert(at.min(lines.len()), rest.to_owned());
                at += 1;
            }
            _ => at = find(&lines)? + 1,
        }
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_for_any_lines() {
        let check = |lines: &[&str], expected: &[&str], fit: bool| {
            assert_eq!(fits(lines, expected), fit, "{lines:?} {expected:?}")
        };
        check(&["a", "b", "c"], &["a", "…", "c"], true);
        check(&["a", "c"], &["a", "…", "c"], true);
        check(&["a", "b"], &["a", "…", "c"], false);
        check(&["a", ""], &["a"], true);
        check(&["a", "b"], &["a"], false);
        check(&["a"], &["…"], true);
    }

    #[test]
    fn a_change_takes_lines_out_and_puts_lines_in() {
        assert_eq!(changed("a\nb\nc\n", "-b\n+x\n+y\n c\n+d\n").unwrap(), "a\nx\ny\nc\nd\n");
        assert!(changed("a\n", "-b\n").is_err());
    }

    #[test]
    fn quotes_keep_blanks() {
        assert_eq!(words("mapc check  \"a b.map\" -q"), ["mapc", "check", "a b.map", "-q"]);
    }
}
