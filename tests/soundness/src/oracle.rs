//! Asks the second oracle, a validator that others wrote: a process from a workspace of its own, built on first use.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

/// A running oracle.
pub struct Oracle {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Oracle {
    /// Builds the oracle, once per run, and starts one.
    pub fn start() -> Result<Self, String> {
        static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
        let program = BUILT.get_or_init(build).clone()?;
        let mut process = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let input = process.stdin.take();
        let output = process.stdout.take().ok_or("the oracle has no output")?;
        Ok(Self { process, input, output: BufReader::new(output) })
    }

    /// One verdict per document; absent: it cannot judge (schema refused, document not JSON). Formats are asserted.
    /// Dialects go by the names of `x-mapc-dialect`.
    pub fn verdicts(
        &mut self,
        schema: &str,
        dialect: &str,
        documents: &[String],
    ) -> Result<Vec<Option<bool>>, String> {
        self.verdicts_among(schema, dialect, &BTreeMap::new(), documents)
    }

    /// The same for a schema that refers to others, by address.
    pub fn verdicts_among(
        &mut self,
        schema: &str,
        dialect: &str,
        others: &BTreeMap<String, String>,
        documents: &[String],
    ) -> Result<Vec<Option<bool>>, String> {
        let question =
            json!({ "schema": schema, "dialect": dialect, "others": others, "documents": documents });
        let answer = self.ask(&question)?;
        match answer.get("verdicts").and_then(Value::as_array) {
            Some(verdicts) => Ok(verdicts.iter().map(Value::as_bool).collect()),
            None => Ok(vec![None; documents.len()]),
        }
    }

    /// What the oracle's own algebra says: is `inner` inside of `outer`? Absent: it does not know.
    pub fn covers(&mut self, outer: &str, inner: &str, dialect: &str) -> Result<Option<bool>, String> {
        let answer = self.ask(&json!({ "outer": outer, "inner": inner, "dialect": dialect }))?;
        Ok(answer.get("covers").and_then(Value::as_bool))
    }

    /// The schemas that describe schemas, by address.
    pub fn standards(&mut self) -> Result<BTreeMap<String, String>, String> {
        let answer = self.ask(&json!({ "standards": true }))?;
        let documents = answer.get("documents").and_then(Value::as_object).ok_or("no documents")?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(documents.iter().map(|(uri, value)| (uri.clone(), text(value))).collect())
    }

    fn ask(&mut self, question: &Value) -> Result<Value, String> {
        let failed = |error: std::io::Error| format!("the oracle does not answer: {error}");
        let input = self.input.as_mut().ok_or("the oracle has no input")?;
        writeln!(input, "{question}").and_then(|()| input.flush()).map_err(failed)?;
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(failed)?;
        serde_json::from_str(&line).map_err(|error| format!("the oracle has ended: {error}"))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.input.take());
        // It ends with its input; what it ended with is of no use to anybody.
        let _ = self.process.wait();
    }
}

fn build() -> Result<PathBuf, String> {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oracle");
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    let profile = exe.ancestors().find(|folder| folder.join(".fingerprint").is_dir());
    let target = profile.and_then(Path::parent).ok_or("no target folder")?.join("oracle");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--locked", "--quiet", "--manifest-path"])
        .arg(room.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    if !built.status.success() {
        return Err(format!("the oracle does not build:\n{}", String::from_utf8_lossy(&built.stderr)));
    }
    Ok(target.join("release").join(format!("mapc-oracle{}", std::env::consts::EXE_SUFFIX)))
}
