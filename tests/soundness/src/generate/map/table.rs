//! Tables of codes, made where a line looks something up.

use super::super::schema::{Kind, Leaf};
use super::expression::Value;
use super::scope::{Read, Scope};
use super::{Writer, literal};

impl Writer<'_> {
    /// `key | lookup table`
    pub(super) fn lookup(&mut self, want: &Leaf, scope: &Scope) -> Option<Value> {
        let key = self.key(scope)?;
        let second = if self.choices.percent(15) { self.key(scope) } else { None };
        let first_codes = self.codes(&key);
        let mut rows: Vec<(Vec<String>, String)> = Vec::new();
        for code in first_codes {
            let others = second.as_ref().map(|second| self.codes(second)).unwrap_or_default();
            let keys: Vec<Vec<String>> = if others.is_empty() {
                vec![vec![code]]
            } else {
                others.into_iter().map(|other| vec![code.clone(), other]).collect()
            };
            for key in keys {
                let value = if self.choices.percent(8) { "none".to_owned() } else { self.constant(want)? };
                rows.push((key, value));
            }
        }
        let table = self.fresh("table");
        let texts = rows.iter().all(|(key, value)| {
            let plain = |text: &String| !text.contains(['\n', '\r']);
            value.starts_with('"') && key.iter().all(plain) && plain(value) && !value.contains('\\')
        });
        if texts && second.is_none() && want.kind == Kind::Text && self.choices.percent(20) {
            self.table_file(&table, &rows);
        } else {
            self.table_rows(&table, &rows);
        }
        let absent = true;
        let text = match &second {
            Some(second) => format!("({}, {}) | lookup {table}", key.path, second.path),
            None => format!("{} | lookup {table}", key.path),
        };
        Some(Value::piped(text, absent, false))
    }

    fn table_rows(&mut self, table: &str, rows: &[(Vec<String>, String)]) {
        self.head.push(format!("table {table} {{"));
        for (key, value) in rows {
            let key = match key.as_slice() {
                [only] => literal(only),
                parts => {
                    let parts: Vec<String> = parts.iter().map(|part| literal(part)).collect();
                    format!("({})", parts.join(", "))
                }
            };
            self.head.push(format!("  {key} -> {value}"));
        }
        self.head.push("}".to_owned());
    }

    fn table_file(&mut self, table: &str, rows: &[(Vec<String>, String)]) {
        let mut content = "code,gives\n".to_owned();
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        for (key, value) in rows {
            let key = key.first().map_or(String::new(), |key| cell(key));
            content.push_str(&format!("{key},{}\n", cell(value.trim_matches('"'))));
        }
        let path = format!("tables/{table}.csv");
        self.head.push(format!("table {table} from \"{path}\" key code gives gives"));
        self.tables.push((path, content));
    }

    fn key(&mut self, scope: &Scope) -> Option<Read> {
        let texts: Vec<Read> = self.reads_of(Kind::Text, scope);
        let listed: Vec<Read> = texts.iter().filter(|read| !read.leaf.values.is_empty()).cloned().collect();
        if !listed.is_empty() && self.choices.percent(70) {
            return self.choices.any(&listed).cloned();
        }
        self.choices.any(&texts).cloned()
    }

    /// Codes for the rows: all values of a key with a list of values, most of the time.
    fn codes(&mut self, key: &Read) -> Vec<String> {
        let mut codes = key.leaf.values.clone();
        if codes.is_empty() {
            codes = super::super::schema::VALUES
                .iter()
                .take(1 + self.choices.below(4))
                .map(ToString::to_string)
                .collect();
        } else if codes.len() > 1 && self.choices.percent(6) {
            codes.pop();
        }
        codes.sort();
        codes.dedup();
        codes
    }
}
