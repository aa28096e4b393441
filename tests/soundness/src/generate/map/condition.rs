//! Conditions over what is in scope.

use super::super::number::Exact;
use super::super::schema::{FORMS, Kind, LENGTHS, VALUES};
use super::scope::{Read, Scope};
use super::{Writer, literal};

impl Writer<'_> {
    /// Any condition.
    pub(super) fn condition(&mut self, scope: &Scope, depth: usize) -> String {
        if depth > 0 {
            match self.choices.below(10) {
                0 => {
                    let (left, right) = (self.condition(scope, depth - 1), self.condition(scope, depth - 1));
                    return format!("({left}) and ({right})");
                }
                1 => {
                    let (left, right) = (self.condition(scope, depth - 1), self.condition(scope, depth - 1));
                    return format!("({left}) or ({right})");
                }
                2 => return format!("not ({})", self.condition(scope, depth - 1)),
                3 => {
                    if let Some(row) = &scope.row {
                        let row = row.clone();
                        return format!(
                            "position({row}) {} {}",
                            self.choices.one(&["<", ">", "is"]),
                            self.choices.below(4)
                        );
                    }
                    if let Some(rows) = self.choices.any(&scope.lists).cloned() {
                        return format!(
                            "count({}) {} {}",
                            rows.path,
                            self.choices.one(&["<", "<=", ">", ">=", "is"]),
                            self.choices.below(4)
                        );
                    }
                }
                _ => {}
            }
        }
        match scope.any(None, self.choices) {
            Some(read) => self.about(&read, scope),
            None => "1 > 0".to_owned(),
        }
    }

    /// A condition for a rule: seldom true, so that something is delivered.
    pub(super) fn rare_condition(&mut self, scope: &Scope) -> String {
        let Some(read) = scope.any(None, self.choices) else { return "1 > 2".to_owned() };
        match self.choices.below(4) {
            0 | 1 if read.absent || read.null => format!("{} is missing", read.path),
            2 if read.leaf.kind == Kind::Text && read.leaf.values.is_empty() => {
                let limit = read.leaf.max.unwrap_or(20).saturating_sub(1).max(1);
                format!("{} is longer than {limit}", read.path)
            }
            _ => self.about(&read, scope),
        }
    }

    /// A condition about one value.
    pub(super) fn about(&mut self, read: &Read, scope: &Scope) -> String {
        let path = &read.path;
        if self.choices.percent(12) {
            return format!("{path} is {}missing", self.choices.one(&["", "not "]));
        }
        if self.choices.percent(5) {
            return format!("{path} is {}null", self.choices.one(&["", "not "]));
        }
        let not = self.choices.one(&["", "", "not "]);
        match read.leaf.kind {
            Kind::YesNo => match self.choices.below(3) {
                0 => path.clone(),
                _ => format!("{path} is {not}{}", self.choices.one(&["true", "false"])),
            },
            Kind::Number => {
                let other = self.other(read, scope);
                let operator = self.choices.one(&["<", "<=", ">", ">=", "is", "is not"]);
                match self.choices.below(6) {
                    0 => {
                        let (one, two) = (self.end(read), self.end(read));
                        format!("{path} is {not}one of {one}, {two}")
                    }
                    1 => format!("{path} {operator} {other}"),
                    _ => format!("{path} {operator} {}", self.end(read)),
                }
            }
            Kind::Text => self.about_text(read, scope, not),
            Kind::Date => {
                let operator = self.choices.one(&["<", "<=", ">", ">=", "is", "is not"]);
                format!("{path} {operator} \"{}\"", self.choices.one(&["2026-01-01", "2024-02-29"]))
            }
            Kind::Time | Kind::Local | Kind::Instant => {
                let operator = self.choices.one(&["<", "<=", ">", ">=", "is", "is not"]);
                format!("{path} {operator} {}", self.other(read, scope))
            }
        }
    }

    fn about_text(&mut self, read: &Read, scope: &Scope, not: &str) -> String {
        let path = &read.path;
        let code = |writer: &mut Self| {
            let own = writer.choices.one(&read.leaf.values);
            let any = writer.choices.one(VALUES).to_owned();
            literal(if read.leaf.values.is_empty() { &any } else { &own })
        };
        match self.choices.below(8) {
            0 | 1 => {
                let (one, two) = (code(self), code(self));
                format!("{path} is {not}one of {one}, {two}")
            }
            2 | 3 => format!("{path} is {not}{}", code(self)),
            4 | 5 if read.leaf.values.is_empty() => {
                let limit = match read.leaf.max {
                    Some(max) => self.choices.near(max),
                    None => self.choices.one(LENGTHS),
                };
                format!("{path} is {not}longer than {limit}")
            }
            6 => {
                let pattern = self.choices.any(FORMS).filter(|form| form.keyword == "pattern");
                let pattern = pattern.map_or("^[a-z]+$", |form| form.value);
                format!("{path} matches {}", literal(pattern))
            }
            _ => format!(
                "{path} {} {}",
                self.choices.one(&["<", ">=", "is", "is not"]),
                self.other(read, scope)
            ),
        }
    }

    /// Another value of the same kind.
    fn other(&mut self, read: &Read, scope: &Scope) -> String {
        scope.any(Some(read.leaf.kind), self.choices).map_or_else(|| read.path.clone(), |other| other.path)
    }

    /// A number near the ends of what is read.
    fn end(&mut self, read: &Read) -> String {
        let ends: Vec<Exact> =
            [read.leaf.low, read.leaf.high].into_iter().flatten().map(|(end, _)| end).collect();
        match self.choices.any(&ends) {
            Some(end) if self.choices.percent(50) => end.to_string(),
            _ => self.choices.one(&["0", "1", "-1", "10", "0.5", "100"]).to_owned(),
        }
    }
}
