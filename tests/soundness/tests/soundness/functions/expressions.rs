//! Arithmetic, quotients, templates, aggregates and chains of functions over random schemas: every value of a document
//! lies in the type that the checker has given its expression.

use std::collections::BTreeMap;

use mapc_check::typed::{Typed, ValueField};
use mapc_driver::{MemoryFiles, Workspace, compile};
use mapc_soundness::choices::Choices;
use mapc_soundness::json::Json;
use mapc_soundness::outside::is_soak;
use mapc_soundness::values::{Form, Value, member_of};
use mapc_types::{BigRational, format_decimal, parse_decimal};
use mapc_vm::{Context, Instance, MemoryXref, Program};

use super::generate::{any, date, text};

/// Schemas, and messages of each.
const QUICK: usize = 120;
const SOAK: usize = 60_000;
const MESSAGES: usize = 60;

/// Target field, kind of its value, expression.
const FIELDS: &[(&str, &str, &str)] = &[
    ("added", "number", "order.a + order.b or omit"),
    ("less", "number", "order.a - order.b or omit"),
    ("times", "number", "order.a * order.b or omit"),
    ("negated", "number", "-order.a"),
    ("mixed", "number", "order.a * 2 - order.b * 0.5 or omit"),
    ("quotient", "number", "order.a / order.c | round 3 or omit"),
    ("share", "number", "order.b / 3 | round 2 or omit"),
    ("rounded", "number", "order.a | round 1"),
    ("up", "number", "order.b | round_up 0 | abs"),
    ("clamped", "number", "order.a | clamp -2.5 1000"),
    ("digits", "text", "order.a | text"),
    ("letter", "text", "\"{order.t}-{order.a}/{order.d}\""),
    ("upper", "text", "order.t | upper"),
    ("lower", "text", "order.t | lower | trim"),
    ("short", "text", "order.t | cut 3"),
    ("wide", "text", "order.t | cut 5 | pad_left 8 \"ß\""),
    ("shouted", "text", "order.u | pad_right 4 \"ﬂ\" | upper"),
    ("replaced", "text", "order.t | replace \"a\" \"bcd\""),
    ("piece", "text", "order.u | part \";\" 2"),
    ("filled", "text", "order.t | nonblank | squeeze"),
    ("either", "text", "order.t | after \"-\" else order.u"),
    (
        "chosen",
        "number",
        "choose {\n    order.f is true  -> order.a\n    order.a > 5 -> order.b\n    otherwise   -> 7\n  }",
    ),
    ("day", "text", "order.i | date | text or omit"),
    ("moment", "text", "order.i | text"),
    ("later", "text", "order.d | add_days 31 | format \"DD.MM.YYYY\" or omit"),
    ("total", "number", "sum(order.rows.n) or omit"),
    ("average", "number", "sum(order.rows.n) / 7 | round 2 or omit"),
    ("least", "number", "min(order.rows.n)"),
    ("most", "number", "max(order.rows.n)"),
    ("rows", "number", "count(order.rows)"),
    ("counted", "number", "count(order.rows.s)"),
    ("joined", "text", "join(order.rows.s, \", \")"),
    ("first", "text", "first(order.rows.s)"),
    ("last", "number", "last(order.rows.n)"),
];

/// What the messages of one schema look like.
struct Shape {
    numbers: Vec<(&'static str, Number)>,
    texts: Vec<(&'static str, (usize, usize))>,
    rows: (usize, usize),
    required: Vec<&'static str>,
}

/// A range on a grid.
#[derive(Clone)]
struct Number {
    least: BigRational,
    step: BigRational,
    steps: u64,
}

impl Number {
    fn random(choices: &mut Choices, positive: bool) -> Number {
        let step = *any(choices, &["1", "0.01", "0.001", "0.5", "0.25", "5", "0.0000000001", "3"]);
        let steps = *any(choices, &[1, 9, 99, 1_000, 99_999, 999_999_999, 1 << 50]);
        let step = parse_decimal(step).unwrap();
        let low: i64 = if positive { 1 } else { *any(choices, &[0, 0, 1, -1, -50, -1_000_000, 7]) };
        Number { least: &step * BigRational::from_integer(low.into()), step, steps }
    }

    /// At an end, beside it, or anywhere between.
    fn member(&self, choices: &mut Choices) -> BigRational {
        let steps = match choices.below(4) {
            0 => 0,
            1 => self.steps,
            2 => self.steps - 1,
            _ => choices.between(0, self.steps),
        };
        &self.least + &self.step * BigRational::from_integer(steps.into())
    }

    fn schema(&self) -> String {
        let most = &self.least + &self.step * BigRational::from_integer(self.steps.into());
        let digits = |value: &BigRational| format_decimal(value).unwrap();
        format!(
            r#"{{"type":"number","minimum":{},"maximum":{},"multipleOf":{}}}"#,
            digits(&self.least),
            digits(&most),
            digits(&self.step)
        )
    }
}

/// Texts of so many code points.
fn text_schema((least, most): (usize, usize)) -> String {
    format!(r#"{{"type":"string","minLength":{least},"maxLength":{most}}}"#)
}

impl Shape {
    fn random(choices: &mut Choices) -> Shape {
        let lengths = |choices: &mut Choices| {
            let least = choices.below(4);
            (least, least + *any(choices, &[0, 1, 5, 12]))
        };
        let rows = choices.below(3);
        Shape {
            numbers: ["a", "b", "c", "n"].map(|name| (name, Number::random(choices, name == "c"))).to_vec(),
            texts: ["t", "u", "s"].map(|name| (name, lengths(choices))).to_vec(),
            rows: (rows, rows + choices.below(5)),
            required: ["a", "b", "c", "n", "t", "u", "s", "d", "i", "f", "rows"]
                .into_iter()
                .filter(|name| *name == "c" || choices.percent(60))
                .collect(),
        }
    }

    fn schema(&self) -> String {
        let of = |inner: bool| {
            let inside = |name: &&str| inner == ["n", "s"].contains(name);
            let numbers = self.numbers.iter().map(|(name, number)| (*name, number.schema()));
            let texts = self.texts.iter().map(|(name, lengths)| (*name, text_schema(*lengths)));
            let fields = numbers.chain(texts).filter(|(name, _)| inside(name));
            let fields: Vec<String> = fields.map(|(name, schema)| format!("\"{name}\":{schema}")).collect();
            let required: Vec<String> =
                self.required.iter().filter(|name| inside(name)).map(|name| format!("\"{name}\"")).collect();
            (fields.join(","), required.join(","))
        };
        let ((fields, required), (inner, inner_required)) = (of(false), of(true));
        let (least, most) = self.rows;
        format!(
            r#"{{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","required":[{required}],
            "properties":{{{fields},"d":{{"type":"string","format":"date"}},
            "i":{{"type":"string","format":"date-time"}},"f":{{"type":"boolean"}},
            "rows":{{"type":"array","minItems":{least},"maxItems":{most},
            "items":{{"type":"object","required":[{inner_required}],"properties":{{{inner}}}}}}}}}}}"#
        )
    }

    fn message(&self, choices: &mut Choices) -> String {
        let mut fields = Vec::new();
        self.put(choices, &["a", "b", "c", "t", "u"], &mut fields);
        for (name, kind) in [("d", mapc_types::DateKind::Date), ("i", mapc_types::DateKind::Instant)] {
            if self.stands(choices, name) {
                fields.push(format!("\"{name}\":\"{}\"", date(choices, kind)));
            }
        }
        if self.stands(choices, "f") {
            fields.push(format!("\"f\":{}", choices.percent(50)));
        }
        if self.stands(choices, "rows") {
            let (least, most) = self.rows;
            let count = choices.between(least as u64, most as u64);
            let rows: Vec<String> = (0..count)
                .map(|_| {
                    let mut fields = Vec::new();
                    self.put(choices, &["n", "s"], &mut fields);
                    format!("{{{}}}", fields.join(","))
                })
                .collect();
            fields.push(format!("\"rows\":[{}]", rows.join(",")));
        }
        format!("{{{}}}", fields.join(","))
    }

    fn stands(&self, choices: &mut Choices, name: &str) -> bool {
        self.required.contains(&name) || choices.percent(60)
    }

    fn put(&self, choices: &mut Choices, names: &[&str], fields: &mut Vec<String>) {
        for name in names {
            if !self.stands(choices, name) {
                continue;
            }
            let number = self.numbers.iter().find(|(own, _)| own == name);
            let lengths = self.texts.iter().find(|(own, _)| own == name);
            let value = match (number, lengths) {
                (Some((_, number)), _) => format_decimal(&number.member(choices)).unwrap(),
                (_, Some((_, lengths))) => serde_json::Value::from(fitting(choices, *lengths)).to_string(),
                _ => continue,
            };
            fields.push(format!("\"{name}\":{value}"));
        }
    }
}

/// A text of so many code points.
fn fitting(choices: &mut Choices, (least, most): (usize, usize)) -> String {
    let length = choices.between(least as u64, most as u64) as usize;
    let mut made = String::new();
    while made.chars().count() < length {
        let more = text(choices);
        made.push_str(if more.is_empty() { "x" } else { &more });
    }
    made.chars().take(length).collect()
}

/// The map of all fields.
fn map() -> String {
    let lines: Vec<String> = FIELDS.iter().map(|(name, _, value)| format!("  {name} = {value}")).collect();
    format!(
        "map all.expressions version 1\nfrom s@1 as order\nto t@1\nzone \"America/New_York\"\n\nfields {{\n{}\n}}\n",
        lines.join("\n")
    )
}

fn target() -> String {
    let field = |(name, kind, _): &(&str, &str, &str)| {
        let kind = if *kind == "text" { "string" } else { "number" };
        format!("\"{name}\":{{\"type\":\"{kind}\"}}")
    };
    let fields: Vec<String> = FIELDS.iter().map(field).collect();
    format!(
        r#"{{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{{{}}}}}"#,
        fields.join(",")
    )
}

/// The value of a field lies in the type of its expression.
fn is_allowed(field: &ValueField, value: Option<&Value>) -> bool {
    let may_fail = field.on_failure.is_some();
    match value {
        None => field.value.slot.presence.absent || may_fail,
        Some(value) => member_of(value, &field.value.slot.value, &BTreeMap::new(), Form::Written),
    }
}

/// Values seen and, of each field, how many.
type Seen = BTreeMap<String, usize>;

fn judge(typed: &Typed, document: &[u8], seen: &mut Seen) -> Result<(), String> {
    let text = std::str::from_utf8(document).unwrap();
    let Some(Value::Record(document)) = Json::parse(text).as_ref().and_then(Value::of) else {
        return Err(format!("no record: {text}"));
    };
    for field in &typed.fields {
        let value = document.get(&field.target);
        *seen.entry(field.target.clone()).or_default() += usize::from(value.is_some());
        if !is_allowed(field, value) {
            return Err(format!("{} = {value:?}\n  is not in {:?}", field.target, field.value.slot));
        }
    }
    Ok(())
}

#[test]
fn values_of_expressions_lie_in_the_type_that_the_checker_gives() {
    let (map, target) = (map(), target());
    let schemas = if is_soak() { SOAK } else { QUICK };
    let (mut seen, mut rejected, mut lies) = (Seen::new(), BTreeMap::<u16, usize>::new(), Vec::new());
    for seed in 0..schemas as u64 {
        let mut choices = Choices::of(31, seed);
        let shape = Shape::random(&mut choices);
        let files = MemoryFiles::new()
            .with("s@1.schema.json", shape.schema())
            .with("t@1.schema.json", target.as_str())
            .with("all.map", map.as_str());
        let compilation = compile(&Workspace::default(), "all.map", &files);
        let said: Vec<String> = compilation
            .diagnostics
            .iter()
            .filter(|one| one.is_error())
            .map(|one| format!("{} {}", one.code, one.title))
            .collect();
        let (Some(checked), Some(module)) = (compilation.checked, compilation.module) else {
            panic!("{}\n{said:?}", shape.schema())
        };
        let program = Program::from_module(module).unwrap();
        let mut instance = Instance::new(&program);
        for _ in 0..MESSAGES {
            let message = shape.message(&mut choices);
            let ids = MemoryXref::new();
            let outcome = instance.run(message.as_bytes(), &Context::new(&ids));
            if let Some(code) = outcome.code() {
                *rejected.entry(code).or_default() += 1;
            }
            let Some(document) = outcome.document() else { continue };
            if let Err(why) = judge(checked.typed(), document, &mut seen) {
                lies.push(format!("{why}\n  {message}\n  {}", shape.schema()));
            }
        }
    }
    let values: usize = seen.values().sum();
    mapc_soundness::say!(
        "expressions: {values} values of {} expressions, {} outside; rejected {rejected:?}",
        FIELDS.len(),
        lies.len()
    );
    lies.truncate(5);
    assert!(lies.is_empty(), "{}", lies.join("\n"));
    for (name, _, _) in FIELDS {
        assert!(seen.get(*name).is_some_and(|count| *count >= 100), "hardly any {name}: {seen:?}");
    }
}
