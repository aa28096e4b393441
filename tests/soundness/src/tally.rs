//! What a run has hit: how often each kind of expression, function, handler, guard, keyword, code and ending was there in
//! maps that passed. A row that nothing hits proves nothing.

use std::collections::BTreeMap;
use std::fmt::Write;

use mapc_check::typed::{
    Action, Arm, ArmWhen, Content, Expression, ExpressionKind, Fallback, Gate, Guard, ListBody, Predicate,
    RecordBody, TemplatePart, Typed,
};

use crate::generate::json::Json;

/// Counts by group and name.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    counts: BTreeMap<(String, String), u64>,
}

impl Tally {
    /// One more.
    pub fn count(&mut self, group: &str, name: &str) {
        self.add(group, name, 1);
    }

    /// So many more.
    pub fn add(&mut self, group: &str, name: &str, more: u64) {
        *self.counts.entry((group.to_owned(), name.to_owned())).or_default() += more;
    }

    /// Everything of another tally.
    pub fn merge(&mut self, other: Tally) {
        for (key, more) in other.counts {
            *self.counts.entry(key).or_default() += more;
        }
    }

    /// How often.
    pub fn of(&self, group: &str, name: &str) -> u64 {
        self.counts.get(&(group.to_owned(), name.to_owned())).copied().unwrap_or(0)
    }

    /// The sum of a group.
    pub fn sum(&self, group: &str) -> u64 {
        self.counts.iter().filter(|((known, _), _)| known == group).map(|(_, count)| count).sum()
    }

    /// Those of these names that were never there.
    pub fn missing<'a>(&self, group: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let never = names.into_iter().filter(|name| self.of(group, name) == 0);
        never.map(|name| format!("{group}: {name}")).collect()
    }

    /// One line per group.
    pub fn print(&self) -> String {
        let mut out = String::new();
        let mut group = "";
        for ((next, name), count) in &self.counts {
            if next != group {
                let _ = write!(out, "{}  {next}:", if group.is_empty() { "" } else { "\n" });
                group = next;
            }
            let _ = write!(out, " {name} {count},");
        }
        out
    }

    /// Everything in a map that passed.
    pub fn map(&mut self, typed: &Typed) {
        for field in &typed.fields {
            self.expression(&field.value);
            if let Some(when) = &field.when {
                self.count("form", "when");
                self.expression(when);
            }
            self.guards(&field.guards);
            if let Some(action) = &field.on_failure {
                self.action("failure", action);
            }
            self.count("written", variant(&field.write));
        }
        for one in &typed.lets {
            self.count("form", "let");
            self.expression(&one.value);
        }
        for rows in &typed.rows {
            for (name, part) in [("where", &rows.filter), ("group by", &rows.group)] {
                if let Some(part) = part {
                    self.count("form", name);
                    self.expression(part);
                }
            }
            if let Some(sort) = &rows.sort {
                self.count("form", "sort by");
                self.expression(&sort.key);
            }
        }
        for gate in &typed.gates {
            let (name, condition) = match gate {
                Gate::Skip { condition, .. } => ("skip", condition),
                Gate::Reject { condition, .. } => ("reject when", condition),
            };
            self.count("form", name);
            self.expression(condition);
        }
        for (name, part) in [("key", &typed.key), ("in order by", &typed.order_by)] {
            if let Some(part) = part {
                self.count("form", name);
                self.expression(part);
            }
        }
        self.record(&typed.document);
        for reason in &typed.reasons {
            self.count("listed reasons", reason.code.number());
        }
        for field in &typed.source_fields {
            for fact in &field.facts {
                self.count("tested facts", predicate(fact));
            }
        }
        for list in &typed.source_lists {
            for fact in &list.facts {
                self.count("tested facts", predicate(fact));
            }
        }
        let report = &typed.report;
        for (name, count) in [
            ("all", report.obligations),
            ("proved", report.proved),
            ("handled", report.handled),
            ("by policy", report.by_policy),
        ] {
            self.add("points", name, u64::try_from(count).unwrap_or(0));
        }
    }

    fn record(&mut self, body: &RecordBody) {
        for node in &body.fields {
            match &node.content {
                Content::Value(_) => {}
                Content::Record { body, .. } => {
                    self.count("form", "record");
                    self.record(body);
                }
                Content::List(list) => {
                    self.guards(&list.guards);
                    if let Some(when) = &list.when {
                        self.expression(when);
                    }
                    match &list.body {
                        ListBody::Record(body) => {
                            self.count("form", "rows of records");
                            self.record(body);
                        }
                        ListBody::Value(_) => self.count("form", "rows of values"),
                    }
                }
            }
        }
    }

    fn guards(&mut self, guards: &[Guard]) {
        for guard in guards {
            self.action(predicate(&guard.predicate), &guard.action);
        }
    }

    fn action(&mut self, gap: &str, action: &Action) {
        let word = match action {
            Action::Reject { .. } => "reject",
            Action::Omit => "omit",
            Action::Default(_) => "default",
            Action::Cut(_) => "cut",
            Action::Round { .. } => "round",
        };
        self.count("guards", &format!("{gap} {word}"));
    }

    fn fallback(&mut self, fallback: &Fallback) {
        match fallback {
            Fallback::Value(value) => self.expression(value),
            Fallback::Reject { .. } => self.count("form", "else reject"),
            Fallback::Wait { .. } => self.count("form", "else wait"),
            Fallback::Omit => self.count("form", "else omit"),
        }
    }

    fn parts(&mut self, parts: &[TemplatePart]) {
        for part in parts {
            if let TemplatePart::Hole(hole) = part {
                self.expression(hole);
            }
        }
    }

    fn expression(&mut self, expression: &Expression) {
        use ExpressionKind as Kind;
        self.count("expressions", variant(&expression.kind));
        match &expression.kind {
            Kind::Constant(_)
            | Kind::Missing
            | Kind::Read { .. }
            | Kind::Let(_)
            | Kind::Target(_)
            | Kind::Position(_) => {}
            Kind::Template(parts) => self.parts(parts),
            Kind::Negate(inner) | Kind::IsTrue(inner) | Kind::Not(inner) | Kind::Xref { key: inner, .. } => {
                self.expression(inner);
            }
            Kind::Arithmetic { operator, left, right, failure } => {
                self.count(
                    "arithmetic",
                    &format!("{operator:?}{}", if failure.is_some() { " may fail" } else { "" }),
                );
                self.expression(left);
                self.expression(right);
            }
            Kind::Quotient { left, right, .. }
            | Kind::Equal { left, right, .. }
            | Kind::Compare { left, right, .. } => {
                self.expression(left);
                self.expression(right);
            }
            Kind::Call { function, input, .. } => {
                self.count("functions", function);
                self.expression(input);
            }
            Kind::Lookup { keys, failure, .. } => {
                self.count("tables", if failure.is_some() { "may miss" } else { "full" });
                for key in keys {
                    self.expression(key);
                }
            }
            Kind::Aggregate { function, element, .. } => {
                self.count("aggregates", variant(function));
                if let Some(element) = element {
                    self.expression(element);
                }
            }
            Kind::Choose { subject, arms, otherwise } => {
                if let Some(subject) = subject {
                    self.expression(subject);
                }
                for Arm { when, then } in arms {
                    if let ArmWhen::Condition(condition) = when {
                        self.expression(condition);
                    }
                    self.fallback(then);
                }
                if let Some(otherwise) = otherwise {
                    self.fallback(otherwise);
                }
            }
            Kind::Else { value, fallback } => {
                self.expression(value);
                self.fallback(fallback);
            }
            Kind::OneOf { subject, .. }
            | Kind::IsMissing { subject, .. }
            | Kind::IsNull { subject, .. }
            | Kind::LongerThan { subject, .. }
            | Kind::Matches { subject, .. } => self.expression(subject),
            Kind::And(left, right) | Kind::Or(left, right) => {
                self.expression(left);
                self.expression(right);
            }
        }
    }

    /// Keywords of a schema.
    pub fn schema(&mut self, group: &str, schema: &Json) {
        match schema {
            Json::List(elements) => elements.iter().for_each(|element| self.schema(group, element)),
            Json::Record(members) => {
                for (name, value) in members {
                    match (name.as_str(), value) {
                        (
                            "properties" | "$defs" | "definitions" | "patternProperties" | "dependentSchemas",
                            Json::Record(inner),
                        ) => {
                            self.count(group, name);
                            inner.iter().for_each(|(_, schema)| self.schema(group, schema));
                        }
                        ("$ref", _) if members.len() > 1 => {
                            self.count(group, "$ref with siblings");
                        }
                        ("$ref", Json::Text(reference)) if reference == "#" => {
                            self.count(group, "$ref to the root")
                        }
                        ("enum" | "const" | "required" | "default", _) => self.count(group, name),
                        (_, value) => {
                            self.count(group, name);
                            self.schema(group, value);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn predicate(predicate: &Predicate) -> &'static str {
    match predicate {
        Predicate::Present => "present",
        Predicate::MinLength(_) => "shortest length",
        Predicate::MaxLength(_) => "longest length",
        Predicate::InLanguage(..) => "form",
        Predicate::OneOf(_) => "list of values",
        Predicate::AtLeast { .. } => "least",
        Predicate::AtMost { .. } => "most",
        Predicate::OnGrid(_) => "step",
        Predicate::Count { .. } => "count",
        Predicate::Unique => "unique",
    }
}

/// The name of a variant, from its debug form.
fn variant(value: &impl std::fmt::Debug) -> &'static str {
    /// Writes the letters of a name and then refuses more: the rest of a large value is never formatted.
    struct Name(String);
    impl Write for Name {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
            self.0.push_str(text.get(..end).unwrap_or_default());
            if end < text.len() { Err(std::fmt::Error) } else { Ok(()) }
        }
    }
    let mut name = Name(String::new());
    let _ = write!(name, "{value:?}");
    EXPRESSIONS
        .iter()
        .chain(AGGREGATES)
        .chain(WRITES)
        .find(|known| **known == name.0)
        .copied()
        .unwrap_or("other")
}

/// Every kind of expression.
pub const EXPRESSIONS: &[&str] = &[
    "Constant",
    "Missing",
    "Read",
    "Let",
    "Target",
    "Template",
    "Negate",
    "Arithmetic",
    "Quotient",
    "Call",
    "Lookup",
    "Xref",
    "Aggregate",
    "Position",
    "Choose",
    "Else",
    "Equal",
    "OneOf",
    "IsMissing",
    "IsNull",
    "LongerThan",
    "Matches",
    "Compare",
    "IsTrue",
    "Not",
    "And",
    "Or",
];
/// Every aggregate.
pub const AGGREGATES: &[&str] = &["Sum", "Count", "Min", "Max", "Join", "First", "Last", "Only"];
/// Every way to write a value.
pub const WRITES: &[&str] = &["Text", "Number", "DecimalText", "Bool", "Date"];
