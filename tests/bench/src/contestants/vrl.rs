//! VRL: the program is compiled before; a message is read into its value by serde_json, as Vector does, and the result
//! written the same way.

use std::fmt::Write;

use vrl::compiler::state::RuntimeState;
use vrl::compiler::{Context, Program, TargetValue, TimeZone};
use vrl::value::{Secrets, Value};

use crate::contestant::Contestant;
use crate::data::Tables;

/// A compiled program and what it runs with.
pub struct Vrl {
    program: Program,
    state: RuntimeState,
    out: Vec<u8>,
}

/// A code table as a chain of conditions on `code`.
fn chain(tables: &Tables, name: &str) -> String {
    let mut rows: Vec<_> = tables[name].iter().collect();
    rows.sort();
    let mut text = String::new();
    for (code, id) in rows {
        let _ = write!(text, "if code == {code:?} {{ {id:?} }} else ");
    }
    text + "{ null }"
}

/// The program's text for a map.
fn program(map: &str, tables: &Tables) -> Result<String, String> {
    let mut text = super::rival_text(&format!("{map}.vrl"))?;
    for name in ["SUBS", "LOCS", "ACCTS", "CUR"] {
        text = text.replace(&format!("LOOKUP_{name}"), &chain(tables, name));
    }
    Ok(text)
}

/// The functions that the programs call. (All of them would be linked, for minutes, and do nothing.)
fn functions() -> Vec<Box<dyn vrl::compiler::Function>> {
    use vrl::stdlib::*;
    vec![
        Box::new(Array),
        Box::new(Assert),
        Box::new(Boolean),
        Box::new(Downcase),
        Box::new(Filter),
        Box::new(Integer),
        Box::new(MapValues),
        Box::new(Match),
        Box::new(Mod),
        Box::new(Round),
        Box::new(Slice),
        Box::new(StartsWith),
        Box::new(String),
        Box::new(ToFloat),
        Box::new(ToInt),
        Box::new(ToString),
        Box::new(Truncate),
        Box::new(Upcase),
    ]
}

impl Vrl {
    /// Compiles the program of a map.
    pub fn compile(map: &str, tables: &Tables) -> Result<Self, String> {
        let text = program(map, tables)?;
        let compiled = vrl::compiler::compile(&text, &functions());
        let compiled = compiled.map_err(|errors| {
            let said = vrl::diagnostic::Formatter::new(&text, errors);
            format!("{map}.vrl: {said}")
        })?;
        Ok(Self { program: compiled.program, state: RuntimeState::default(), out: Vec::new() })
    }
}

impl Contestant for Vrl {
    fn map(&mut self, message: &[u8]) -> Option<&[u8]> {
        let value: Value = serde_json::from_slice(message).ok()?;
        let metadata = Value::Object(Default::default());
        let mut target = TargetValue { value, metadata, secrets: Secrets::default() };
        self.state.clear();
        let zone = TimeZone::default();
        let result = self.program.resolve(&mut Context::new(&mut target, &mut self.state, &zone)).ok()?;
        self.out.clear();
        serde_json::to_writer(&mut self.out, &result).ok()?;
        Some(&self.out)
    }
}
