//! Tables that instructions refer to by index; equal entries are shared.

use std::collections::HashMap;

use mapc_bytecode::{
    ArgumentsIndex, Class, Constant as Value, ConstantIndex, DateKind, Fragment, FragmentIndex, GuardIndex,
    GuardInfo, LanguageIndex, LanguageTable, Predicate as Test, PredicateIndex, Ratio, Set, SetIndex,
    Template, TemplateIndex, TemplatePart,
};
use mapc_check::typed::{Constant, Guard, Predicate};
use mapc_types::Language;

use super::{Encoder, number, people, small};
use crate::plan::class::of_constant;

/// Where entries stand.
#[derive(Default)]
pub(super) struct Pools {
    constants: HashMap<String, ConstantIndex>,
    fragments: HashMap<String, FragmentIndex>,
    languages: Vec<Language>,
}

/// Place of an equal entry, or of a new one.
pub(super) fn place<T: PartialEq>(table: &mut Vec<T>, entry: T) -> u32 {
    let known = table.iter().position(|known| *known == entry);
    small(known.unwrap_or_else(|| {
        table.push(entry);
        table.len() - 1
    }))
}

impl Encoder<'_> {
    pub(super) fn constant(&mut self, constant: &Constant) -> ConstantIndex {
        let value = match constant {
            Constant::Text(text) => Value::Text(text.clone()),
            Constant::Decimal(value) => number::constant(value),
            Constant::Bool(value) => Value::Flag(*value),
            Constant::Date(kind, text) => Value::Date(date_kind(*kind), text.clone()),
        };
        let next = ConstantIndex(small(self.module.constants.len()));
        let name = format!("{value:?}");
        let index = *self.pools.constants.entry(name).or_insert(next);
        if index == next {
            self.module.constants.push(value);
        }
        index
    }

    pub(super) fn text_constant(&mut self, text: &str) -> ConstantIndex {
        self.constant(&Constant::Text(text.to_owned()))
    }

    /// Keys in front of a value, with a record between each two.
    pub(super) fn fragment(&mut self, keys: &[&str]) -> FragmentIndex {
        let keys: Vec<String> = keys.iter().map(|key| format!("{}:", quoted(key))).collect();
        let text = keys.join("{");
        let next = FragmentIndex(small(self.module.fragments.len()));
        let index = *self.pools.fragments.entry(text.clone()).or_insert(next);
        if index == next {
            let closers = u8::try_from(keys.len().saturating_sub(1)).unwrap_or(u8::MAX);
            self.module.fragments.push(Fragment { text, closers });
        }
        index
    }

    pub(super) fn template_index(&mut self, parts: Vec<TemplatePart>) -> TemplateIndex {
        TemplateIndex(place(&mut self.module.templates, Template { parts }))
    }

    pub(super) fn arguments(&mut self, arguments: &[Constant]) -> ArgumentsIndex {
        let arguments = arguments.iter().map(|argument| self.constant(argument)).collect();
        ArgumentsIndex(place(&mut self.module.arguments, arguments))
    }

    /// Constants of one class; those of another class never equal a value of this one.
    pub(super) fn set(&mut self, class: Class, values: &[Constant]) -> SetIndex {
        let members = values.iter().filter(|value| of_constant(value) == class);
        let members = members.map(|value| self.constant(value)).collect();
        SetIndex(place(&mut self.module.sets, Set { class, members }))
    }

    pub(super) fn language(&mut self, language: &Language, name: &str) -> LanguageIndex {
        let place = self.pools.languages.iter().position(|known| known == language);
        LanguageIndex(small(place.unwrap_or_else(|| {
            let table = language.table();
            self.module.languages.push(LanguageTable {
                name: name.to_owned(),
                classes: table.classes,
                class_count: u16::try_from(table.class_count).unwrap_or(u16::MAX),
                transitions: table.transitions.clone(),
                start: table.start,
                accepting: table.accepting.clone(),
            });
            self.pools.languages.push(language.clone());
            self.pools.languages.len() - 1
        })))
    }

    pub(super) fn predicate(&mut self, predicate: &Predicate) -> PredicateIndex {
        let test = match predicate {
            Predicate::Present => Test::Present,
            Predicate::MinLength(length) => Test::MinLength(*length),
            Predicate::MaxLength(length) => Test::MaxLength(*length),
            Predicate::InLanguage(language, name) => Test::InLanguage(self.language(language, name)),
            Predicate::OneOf(values) => {
                let class = values.first().map_or(Class::Text, of_constant);
                Test::OneOf(self.set(class, values))
            }
            Predicate::AtLeast { value, inclusive } => {
                Test::AtLeast { value: number::end(value, *inclusive), inclusive: *inclusive }
            }
            Predicate::AtMost { value, inclusive } => {
                Test::AtMost { value: number::end(value, !*inclusive), inclusive: *inclusive }
            }
            // A grid that fits nowhere is refused for every value.
            Predicate::OnGrid(grid) => match number::ratio(grid).filter(|grid| grid.numerator > 0) {
                Some(grid) => Test::OnGrid(grid),
                None => {
                    Test::AtLeast { value: Ratio { numerator: i128::MAX, denominator: 1 }, inclusive: true }
                }
            },
            Predicate::Count { min, max } => Test::Count { min: *min, max: *max },
            Predicate::Unique => Test::Unique,
        };
        PredicateIndex(place(&mut self.module.predicates, test))
    }

    pub(super) fn guard_info(&mut self, guard: &Guard, target: &str) -> GuardIndex {
        let info = GuardInfo { id: guard.id.clone(), target: target.to_owned(), text: people::words(guard) };
        GuardIndex(place(&mut self.module.guards, info))
    }
}

pub(super) fn date_kind(kind: mapc_types::DateKind) -> DateKind {
    match kind {
        mapc_types::DateKind::Date => DateKind::Date,
        mapc_types::DateKind::Time => DateKind::Time,
        mapc_types::DateKind::Local => DateKind::Local,
        mapc_types::DateKind::Instant => DateKind::Instant,
    }
}

/// A JSON text with the fewest escapes.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{8}' => quoted.push_str("\\b"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\u{c}' => quoted.push_str("\\f"),
            '\r' => quoted.push_str("\\r"),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
