//! Maps between two schemas: every line has the kind its field wants, from what is in scope where it stands. Whether it
//! fits is for the check to find out; handlers stand where a gap is likely, and sometimes where none is.

mod condition;
mod expression;
mod scope;
mod table;

use super::schema::{Field, Kind, Leaf, List, Record, Shape};
use crate::choices::Choices;
use expression::Value;
use scope::{Read, Scope};

/// A map and the tables beside it.
#[derive(Clone, Debug)]
pub struct Map {
    /// The file.
    pub text: String,
    /// Table files: path beside the map, content.
    pub tables: Vec<(String, String)>,
}

/// A random map from one record to another.
pub fn map(source: &Record, target: &Record, choices: &mut Choices) -> Map {
    let mut writer = Writer {
        choices,
        head: Vec::new(),
        tables: Vec::new(),
        names: 0,
        lets: Vec::new(),
        clears: false,
        careful: true,
        policy: false,
    };
    writer.careful = writer.choices.percent(96);
    writer.clears = writer.choices.percent(30);
    writer.policy = writer.choices.percent(12);
    let root = Scope::of(source);
    let method = if writer.clears { writer.choices.one(&["upsert", "update"]) } else { "create" };
    let mut head = vec![
        "map test.record version 1".to_owned(),
        "from shop.record@1 as order".to_owned(),
        "to erp.record@1".to_owned(),
    ];
    if writer.choices.percent(85) {
        let zone = writer.choices.one(&["Europe/Berlin", "America/New_York", "UTC", "Asia/Kathmandu"]);
        head.push(format!("zone \"{zone}\""));
    }
    if writer.choices.percent(30) {
        let modes = ["half_up", "half_even", "half_down", "floor", "ceiling", "down", "up"];
        head.push(format!("rounding {}", writer.choices.one(&modes)));
    }
    if writer.policy {
        head.extend(writer.policy_block());
    }
    for _ in 0..writer.choices.below(3) {
        writer.let_line(&root);
    }
    let gates = writer.gates(&root);
    let mut written = Vec::new();
    let mut lines = writer.block(target, "", &root, &mut written, 1);
    if lines.is_empty() {
        lines.extend(writer.fill_anything(target, &root));
    }
    let deliver = writer.deliver(method, &written, &root);
    let mut text = head;
    text.append(&mut writer.head);
    text.extend(gates);
    text.push("fields {".to_owned());
    text.extend(lines);
    text.push("}".to_owned());
    text.extend(deliver);
    text.push(String::new());
    Map { text: text.join("\n"), tables: writer.tables }
}

/// A field that was written, for copies and names.
#[derive(Clone, Debug)]
struct Written {
    path: String,
    leaf: Leaf,
    absent: bool,
    null: bool,
}

struct Writer<'a> {
    choices: &'a mut Choices,
    /// `let` and `table` items.
    head: Vec<String>,
    tables: Vec<(String, String)>,
    names: usize,
    lets: Vec<Read>,
    /// The delivery clears fields: null is passed on.
    clears: bool,
    /// Answers stand where they are needed.
    careful: bool,
    policy: bool,
}

/// A name as it is written in a path.
fn name(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if first && letters.all(|c| c.is_ascii_alphanumeric() || c == '_') && name != "if" {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

impl Writer<'_> {
    fn fresh(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    fn policy_block(&mut self) -> Vec<String> {
        let mut lines = vec!["policy {".to_owned()];
        let all: [(&str, &[&str]); 8] = [
            ("text", &["or cut", "or reject", "or omit"]),
            ("code", &["or reject"]),
            ("number", &["or round", "or reject", "or omit"]),
            ("amount", &["or reject"]),
            ("date", &["or reject", "or omit"]),
            ("list", &["or reject", "or omit"]),
            ("key", &["or reject"]),
            ("missing", &["else reject", "else omit"]),
        ];
        for (kind, actions) in all {
            if self.choices.percent(60) {
                let action = self.choices.one(actions);
                lines.push(format!("  {kind} {action}"));
            }
        }
        lines.push("}".to_owned());
        lines
    }

    fn let_line(&mut self, scope: &Scope) {
        let leaf = Leaf::random(self.choices);
        let value = self.value(&leaf, scope, 2);
        let path = self.fresh("name");
        self.head.push(format!("let {path} = {}", value.text));
        self.lets.push(Read { path, leaf, absent: value.absent, null: value.null });
    }

    /// Rules before the fields. What they exclude is known behind them.
    fn gates(&mut self, scope: &Scope) -> Vec<String> {
        let mut gates = Vec::new();
        for _ in 0..self.choices.one(&[0, 0, 1, 1, 2]) {
            let condition = self.rare_condition(scope);
            let words = self.words(scope);
            gates.push(match self.choices.below(3) {
                0 => format!("skip when {condition}"),
                1 => format!("reject {words} when {condition}"),
                _ => format!("check {words} not ({condition})"),
            });
        }
        gates
    }

    /// The text of a rejection.
    fn words(&mut self, scope: &Scope) -> String {
        match scope.hole(self.choices) {
            Some(read) if self.choices.percent(50) => format!("\"no, {{{}}}\"", read.path),
            _ => "\"no\"".to_owned(),
        }
    }

    /// Lines for a record.
    fn block(
        &mut self,
        record: &Record,
        prefix: &str,
        scope: &Scope,
        written: &mut Vec<Written>,
        depth: usize,
    ) -> Vec<String> {
        let mut lines: Vec<Vec<String>> = Vec::new();
        for field in &record.fields {
            let must = field.required && (self.careful || self.choices.percent(90));
            let share = match field.shape {
                Shape::Leaf(_) => 80,
                Shape::Record(_) => 45,
                Shape::List(_) => 65,
            };
            if (field.read_only && !self.choices.percent(2)) || !(must || self.choices.percent(share)) {
                continue;
            }
            let path =
                if prefix.is_empty() { name(&field.name) } else { format!("{prefix}.{}", name(&field.name)) };
            match &field.shape {
                Shape::Leaf(leaf) => {
                    lines.push(vec![self.line(&path, field, leaf, scope, written, depth)]);
                }
                Shape::Record(inner) => lines.push(self.block(inner, &path, scope, written, depth)),
                Shape::List(list) => lines.push(self.list(&path, field, list, scope, depth)),
            }
        }
        if self.choices.percent(25) {
            lines.reverse();
        }
        lines.into_iter().flatten().collect()
    }

    /// A map needs a line.
    fn fill_anything(&mut self, target: &Record, scope: &Scope) -> Vec<String> {
        let found = target.fields.iter().find_map(|field| match &field.shape {
            Shape::Leaf(leaf) if !field.read_only => Some((field, leaf)),
            _ => None,
        });
        let mut written = Vec::new();
        found
            .map(|(field, leaf)| self.line(&name(&field.name), field, leaf, scope, &mut written, 1))
            .into_iter()
            .collect()
    }

    fn line(
        &mut self,
        path: &str,
        field: &Field,
        leaf: &Leaf,
        scope: &Scope,
        written: &mut Vec<Written>,
        depth: usize,
    ) -> String {
        let indent = "  ".repeat(depth);
        let focused = scope.focused(self.choices);
        let scope = &focused;
        let copy = written.iter().filter(|known| known.leaf.kind == leaf.kind).cloned().collect::<Vec<_>>();
        let mut value = match self.choices.any(&copy).cloned() {
            Some(known) if self.choices.percent(6) => Value::of_path(known.path, known.absent, known.null),
            _ => self.value(leaf, scope, 3),
        };
        let conditional = !field.required && self.choices.percent(18);
        let condition = if conditional { Some(self.condition(scope, 2)) } else { None };
        self.answer_absence(&mut value, field.required, field.nullable, leaf, scope);
        let mut text = format!("{indent}{path} = {}", value.text);
        text.push_str(&self.handlers(leaf, !field.required, scope));
        if let Some(condition) = condition {
            text.push_str(&format!(" when {condition}"));
        }
        written.push(Written {
            path: path.to_owned(),
            leaf: leaf.clone(),
            absent: !field.required,
            null: field.nullable && self.clears,
        });
        text
    }

    /// `else …`, where it is needed, and sometimes where it is not.
    fn answer_absence(
        &mut self,
        value: &mut Value,
        required: bool,
        nullable: bool,
        leaf: &Leaf,
        scope: &Scope,
    ) {
        let null = value.null && self.clears && !nullable;
        let missing = value.absent || (value.null && !(self.clears && nullable));
        let needed = (required && missing) || null;
        let often = if self.careful { 97 } else { 80 };
        let share = if needed { often } else { 6 };
        if !self.choices.percent(share) {
            return;
        }
        let answer = match self.choices.below(10) {
            0..=3 => format!("reject {}", self.words(scope)),
            4 => "wait".to_owned(),
            5 if !required => "omit".to_owned(),
            6 => match self.reads_of(leaf.kind, scope).into_iter().find(|read| !read.absent && !read.null) {
                Some(read) => read.path,
                None => format!("reject {}", self.words(scope)),
            },
            _ => match self.constant(leaf) {
                Some(constant) => constant,
                None => format!("reject {}", self.words(scope)),
            },
        };
        value.text = format!("{} else {answer}", value.text);
        value.absent = answer == "omit";
        value.null = false;
    }

    /// `or …`, in an order in which each can act.
    fn handlers(&mut self, leaf: &Leaf, optional: bool, scope: &Scope) -> String {
        let mut text = String::new();
        let often = match (self.careful, self.policy) {
            (true, true) => 70,
            (true, false) => 93,
            (false, _) => 60,
        };
        if !self.choices.percent(often) {
            return text;
        }
        if leaf.kind == Kind::Text && leaf.max.is_some() && self.choices.percent(35) {
            text.push_str(" or cut");
        }
        if leaf.kind == Kind::Number && leaf.step.is_some() && self.choices.percent(35) {
            text.push_str(" or round");
        }
        match self.choices.below(10) {
            0 | 1 if optional => text.push_str(" or omit"),
            2 | 3 => match self.constant(leaf) {
                Some(constant) => text.push_str(&format!(" or default {constant}")),
                None => text.push_str(&format!(" or reject {}", self.words(scope))),
            },
            _ => text.push_str(&format!(" or reject {}", self.words(scope))),
        }
        text
    }

    /// A list: rows, values, or a copy.
    fn list(&mut self, path: &str, field: &Field, list: &List, scope: &Scope, depth: usize) -> Vec<String> {
        let indent = "  ".repeat(depth);
        let Some(from) = self.choices.any(&scope.lists).cloned() else { return Vec::new() };
        let answers = if self.choices.percent(if self.careful { 93 } else { 50 }) {
            if !field.required && self.choices.percent(30) {
                " or omit".to_owned()
            } else {
                format!(" or reject {}", self.words(scope))
            }
        } else {
            String::new()
        };
        let when = if !field.required && self.choices.percent(12) {
            format!(" when {}", self.condition(scope, 1))
        } else {
            String::new()
        };
        if let (Shape::Leaf(target), Shape::Leaf(source)) =
            (list.element.as_ref(), from.list.element.as_ref())
            && target.kind == source.kind
            && self.choices.percent(50)
        {
            return vec![format!("{indent}{path} = {}{answers}{when}", from.path)];
        }
        let row = self.fresh("row");
        let mut inner = scope.inside(&row, &from);
        let mut head = format!("{indent}{path} = each {} as {row}", from.path);
        if self.choices.percent(35) {
            let (rows, number) = (inner.only_rows(&row), inner.row.take());
            let rows = Scope { row: None, ..rows };
            let condition = self.condition(if rows.reads.is_empty() { &inner } else { &rows }, 1);
            inner.row = number;
            head.push_str(&format!(" where {condition}"));
        }
        let key = inner.only_rows(&row).any(None, self.choices);
        let group = key
            .clone()
            .filter(|_| matches!(from.list.element.as_ref(), Shape::Record(_)) && self.choices.percent(14));
        if let Some(key) = &group {
            head.push_str(&format!(" group by {}", key.path));
            inner = scope.inside_group(&row, &from, key);
        }
        if let Some(key) = key.filter(|_| self.choices.percent(18)) {
            let descending = self.choices.one(&["", " descending"]);
            head.push_str(&format!(" sort by {}{descending}", key.path));
        }
        match list.element.as_ref() {
            Shape::Record(record) => {
                let mut lines = vec![format!("{head} {{")];
                let mut body = self.block(record, "", &inner, &mut Vec::new(), depth + 1);
                if body.is_empty() {
                    body = self.fill_anything(record, &inner);
                }
                lines.append(&mut body);
                lines.push(format!("{indent}}}{answers}{when}"));
                lines
            }
            Shape::Leaf(leaf) => {
                let mut value = self.value(leaf, &inner, 2);
                self.answer_absence(&mut value, false, list.nullable, leaf, &inner);
                let handlers = self.handlers(leaf, true, &inner);
                vec![format!("{head} -> {}{handlers}{answers}{when}", value.text)]
            }
            Shape::List(_) => Vec::new(),
        }
    }

    fn deliver(&mut self, method: &str, written: &[Written], scope: &Scope) -> Vec<String> {
        let by = written.iter().find(|known| known.leaf.kind == Kind::Text && !known.absent);
        let by = by.or(written.first());
        let line = match (method, by) {
            ("create", _) if self.choices.percent(70) => return Vec::new(),
            ("create", _) | (_, None) => "  create".to_owned(),
            (method, Some(known)) => format!("  {method} by {}", known.path),
        };
        let mut lines = vec!["deliver {".to_owned(), line];
        for word in ["key", "in order by"] {
            if self.choices.percent(30)
                && let Some(read) = scope.hole(self.choices)
            {
                lines.push(format!("  {word} {}", self.key_text(&read)));
            }
        }
        lines.push("}".to_owned());
        lines
    }

    fn key_text(&mut self, read: &Read) -> String {
        if read.absent || read.null {
            format!("\"{{{}}}\"", read.path)
        } else {
            format!("\"k/{{{}}}\"", read.path)
        }
    }
}

/// A text constant of the map language; braces are no holes in it, wherever it stands.
fn literal(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '{' | '}' => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
