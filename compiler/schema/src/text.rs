//! Limits on texts: lengths, lists of values, patterns, formats, decimals and dates written as text.

use std::collections::BTreeSet;

use mapc_diagnostics::Code;
use mapc_types::planted::{Lie, is_on};
use mapc_types::{DateKind, Decimal, Interval, Language, Length, Text, Type, Wire};
use num_traits::Signed;

use crate::dialect::NOT_VALUES;
use crate::loader::{Loader, Way};
use crate::number;
use crate::tree::{Json, NodeId};

/// More values than this are not kept one by one.
pub(crate) const VALUES: usize = 10_000;
/// Values of `x-mapc-date`.
const DATES: &[(&str, DateKind)] = &[
    ("date", DateKind::Date),
    ("time", DateKind::Time),
    ("local", DateKind::Local),
    ("instant", DateKind::Instant),
];

impl Loader {
    /// The texts that all schemas admit.
    pub(crate) fn text(&mut self, nodes: &[NodeId], way: Way) -> Type {
        let Some(text) = self.plain_text(nodes, way) else { return Type::Never };
        if let Some(decimal) = self.decimal_text(nodes, &text, way) {
            return decimal;
        }
        self.calendar(nodes, text, way)
    }

    fn plain_text(&mut self, nodes: &[NodeId], way: Way) -> Option<Text> {
        let mut length = Length::ANY;
        let mut languages: Vec<Language> = Vec::new();
        // Decimals written as text are read by their own form: what a pattern adds is not needed.
        let decimal = nodes.iter().any(|node| self.keyword(*node, "x-mapc-decimal").is_some());
        let patterns = way == Way::Under || !decimal;
        for node in nodes {
            let min = self.count(*node, "minLength").unwrap_or(0);
            let max = self.count(*node, "maxLength");
            length = length.meet(Length::new(min, max));
            if let Some(value) = self.keyword(*node, "pattern").filter(|_| patterns) {
                let Some(pattern) = self.tree.text(value).cloned() else {
                    self.malformed(*node, value, "pattern", "a text with a pattern");
                    continue;
                };
                let wide = way != Way::Under || is_on(Lie::PatternReadWide);
                match (self.pattern(&pattern, wide), way) {
                    (Some(language), _) => languages.push(language),
                    (None, Way::Under) => {
                        self.lint(
                            way,
                            Code::E0905,
                            *node,
                            "pattern",
                            "nothing can be proved about this pattern",
                        );
                        return None;
                    }
                    _ => {
                        self.lint(way, Code::W0904, *node, "pattern", "not used: this pattern is too special")
                    }
                }
            }
        }
        if length.is_empty() {
            return None;
        }
        let mut set = self.listed(nodes, |json| match json {
            Json::Text(text) => Some(text.to_string()),
            _ => None,
        });
        let excluded: BTreeSet<String> = nodes
            .iter()
            .filter_map(|node| self.keyword(*node, NOT_VALUES))
            .flat_map(|list| self.tree.texts(list))
            .map(|(text, _)| text.to_string())
            .collect();
        if !excluded.is_empty() {
            let others = || Language::any().difference(&Language::of_set(excluded.iter())?);
            match (&mut set, others()) {
                (Some(set), _) => set.retain(|value| !excluded.contains(value)),
                (None, Some(others)) => languages.push(others),
                (None, None) if way == Way::Under => return None,
                (None, None) => {}
            }
        }
        let plain = Text { length, set: None, languages };
        let text = match set {
            Some(mut set) => {
                set.retain(|value| plain.contains(value));
                if set.len() > VALUES {
                    self.too_many_values(nodes, way);
                    if way == Way::Under {
                        set = set.into_iter().take(VALUES).collect();
                    }
                }
                Text::of_set(set)
            }
            None => plain.normalize(),
        };
        let empty = text.set.as_ref().is_some_and(|set| set.is_empty())
            || text.length.is_empty()
            || (text.languages.len() + usize::from(text.length != Length::ANY) > 1 && text.is_empty());
        if empty { None } else { Some(text) }
    }

    pub(crate) fn too_many_values(&mut self, nodes: &[NodeId], way: Way) {
        let text = if way == Way::Under {
            "there are more than 10,000 values; only the first 10,000 are accepted"
        } else {
            "there are more than 10,000 values; only their bounds are used"
        };
        for node in nodes {
            if self.keyword(*node, "enum").is_some() {
                self.lint(way, Code::W0904, *node, "enum", text);
            }
        }
    }

    /// A decimal written as text (`x-mapc-decimal`); absent if no schema says so.
    fn decimal_text(&mut self, nodes: &[NodeId], text: &Text, way: Way) -> Option<Type> {
        let mut limit = Decimal { wire: Wire::DecimalText, ..Decimal::default() };
        let mut found = None;
        for node in nodes {
            let Some(value) = self.keyword(*node, "x-mapc-decimal") else { continue };
            found = Some(*node);
            if self.tree.record(value).is_none() && self.tree.boolean(value) != Some(true) {
                self.malformed(*node, value, "x-mapc-decimal", "a record with `precision` and `scale`");
                continue;
            }
            let part = |loader: &mut Self, name: &str| {
                let part = loader.tree.get(value, name)?;
                let count = match loader.tree.json(part) {
                    Json::Number(text) => number::count(text),
                    _ => None,
                };
                let count = count.and_then(|count| u32::try_from(count).ok()).filter(|count| *count <= 400);
                if count.is_none() {
                    loader.malformed(*node, part, name, "a whole number of digits, 0 to 400");
                }
                count
            };
            let (precision, scale) = (part(self, "precision"), part(self, "scale"));
            if let Some(scale) = scale {
                limit = limit.meet(&Decimal::with_scale(scale));
            }
            if let Some(precision) = precision {
                let scale = scale.unwrap_or(0);
                if scale > precision {
                    self.malformed(
                        *node,
                        value,
                        "x-mapc-decimal",
                        "a `scale` that is not larger than `precision`",
                    );
                    continue;
                }
                if self.tree.get(value, "scale").is_none() {
                    limit = limit.meet(&Decimal::whole());
                }
                let ten = number::grid(precision - scale).recip();
                let largest = ten - number::grid(scale);
                limit = limit.meet(&Decimal::between(-largest.clone(), largest));
            }
        }
        let node = found?;
        for each in nodes {
            limit = limit.meet(&Decimal::in_interval(self.stated_range(*each)));
        }
        limit.wire = Wire::DecimalText;
        if let Some(set) = &text.set {
            let values: Vec<_> = set
                .iter()
                .filter(|value| {
                    way != Way::Under
                        || number::decimal_text(value).is_some_and(|v| number::shortest(&v) == **value)
                })
                .filter_map(|value| number::decimal_text(value))
                .filter(|value| limit.contains(value))
                .collect();
            let set = Decimal { wire: Wire::DecimalText, ..Decimal::of_set(values) };
            return Some(if set.is_empty() { Type::Never } else { Type::Decimal(set) });
        }
        let limit = Decimal { wire: Wire::DecimalText, ..limit.normalize() };
        if limit.is_empty() {
            return Some(Type::Never);
        }
        if way != Way::Under {
            return Some(Type::Decimal(limit));
        }
        Some(self.writable(node, limit, text))
    }

    /// `x-mapc-minimum` and its kin, as a number or as text.
    fn stated_range(&mut self, node: NodeId) -> Interval {
        let mut range = Interval::default();
        let names = [
            ("x-mapc-minimum", true, true),
            ("x-mapc-exclusive-minimum", true, false),
            ("x-mapc-maximum", false, true),
            ("x-mapc-exclusive-maximum", false, false),
        ];
        for (keyword, low, inclusive) in names {
            let Some(value) = self.keyword(node, keyword) else { continue };
            let number = match self.tree.json(value) {
                Json::Number(text) | Json::Text(text) => mapc_types::parse_decimal(text),
                _ => None,
            };
            let Some(number) = number else {
                self.malformed(node, value, keyword, "a number");
                continue;
            };
            let bound = Some(mapc_types::Bound { value: number, inclusive });
            let own =
                if low { Interval { low: bound, high: None } } else { Interval { low: None, high: bound } };
            range = range.meet(&own);
        }
        range
    }

    /// The decimals whose written form the text's own limits accept for certain.
    fn writable(&mut self, node: NodeId, limit: Decimal, text: &Text) -> Type {
        if text.length == Length::ANY && text.languages.is_empty() {
            return Type::Decimal(limit);
        }
        let accepted = |limit: &Decimal| {
            let Some(written) = written_form(limit) else { return false };
            written.length().within(text.length)
                && text.languages.iter().all(|language| written.is_subset(language) == Some(true))
        };
        if accepted(&limit) {
            return Type::Decimal(limit);
        }
        let scale = limit.scale().unwrap_or(6).min(34);
        let digits = integer_digits(&limit).unwrap_or(34).min(34);
        let signs: &[bool] = if is_negative_possible(&limit) { &[true, false] } else { &[false] };
        // Keep as many digits before the point as can be, then decimals, then the sign.
        for whole in (1..=digits).rev() {
            for sign in signs {
                for scale in (0..=scale).rev() {
                    if !self.spend(50) {
                        return Type::Never;
                    }
                    let largest = number::grid(whole).recip() - number::grid(scale);
                    let low = if *sign { -largest.clone() } else { num_traits::Zero::zero() };
                    let smaller =
                        limit.meet(&Decimal::between(low, largest)).meet(&Decimal::with_scale(scale));
                    let smaller = Decimal { wire: Wire::DecimalText, ..smaller };
                    if !smaller.is_empty() && accepted(&smaller) {
                        let text = "`pattern` or `maxLength` do not accept every number of this size; fewer are accepted";
                        self.lint(Way::Under, Code::W0904, node, "x-mapc-decimal", text);
                        return Type::Decimal(smaller);
                    }
                }
            }
        }
        let text = "`pattern` or `maxLength` do not accept these numbers as they are written";
        self.lint(Way::Under, Code::E0905, node, "x-mapc-decimal", text);
        Type::Never
    }

    /// Dates and moments, and other formats.
    fn calendar(&mut self, nodes: &[NodeId], text: Text, way: Way) -> Type {
        let mut kinds: Vec<(DateKind, NodeId, &'static str)> = Vec::new();
        let mut formats: Vec<Language> = Vec::new();
        for node in nodes {
            if let Some(value) = self.keyword(*node, "x-mapc-date") {
                let known =
                    self.tree.text(value).and_then(|name| DATES.iter().find(|(known, _)| *known == &**name));
                match known {
                    Some((_, kind)) => kinds.push((*kind, *node, "x-mapc-date")),
                    None => {
                        self.malformed(*node, value, "x-mapc-date", "`date`, `time`, `local` or `instant`")
                    }
                }
            }
            let Some(value) = self.keyword(*node, "format").filter(|_| !is_on(Lie::FormatIgnored)) else {
                continue;
            };
            let Some(name) = self.tree.text(value).cloned() else {
                self.malformed(*node, value, "format", "a text with the name of a format");
                continue;
            };
            match &*name {
                "date" => kinds.push((DateKind::Date, *node, "format")),
                "date-time" => kinds.push((DateKind::Instant, *node, "format")),
                _ => {
                    let known = match way {
                        Way::Under => Language::format(&name).or_else(|| standard_format(&name)),
                        Way::Over => Language::around_format(&name),
                        Way::Probe => None,
                    };
                    formats.extend(known);
                }
            }
        }
        let mut text = text;
        for language in formats {
            text = text.with_language(language);
        }
        let never = |text: &Text| text.set.as_ref().is_some_and(|set| set.is_empty());
        let Some((kind, node, keyword)) = kinds.first().copied() else {
            return if never(&text) { Type::Never } else { Type::Text(text) };
        };
        let same = kinds.iter().all(|(other, _, _)| *other == kind);
        if !same || text.set.is_some() {
            // Several forms at once, or a list of dates: a text that has all of these forms.
            if way == Way::Under {
                for (kind, _, _) in &kinds {
                    text = text.with_language(Language::of_date_kind(*kind));
                }
                if text.is_empty() {
                    return Type::Never;
                }
            }
            return Type::Text(text);
        }
        if way != Way::Under {
            return Type::Date(kind, Wire::Plain);
        }
        let written = written_date(kind);
        let accepted = written.length().within(text.length)
            && text.languages.iter().all(|language| written.is_subset(language) == Some(true));
        if accepted {
            return Type::Date(kind, Wire::Plain);
        }
        let note =
            "`pattern` or the length do not accept every date as it is written; taken as text in that form";
        self.lint(way, Code::W0904, node, keyword, note);
        let text = text.with_language(Language::of_date_kind(kind));
        if text.is_empty() { Type::Never } else { Type::Text(text) }
    }
}

/// Texts that surely have a format of the standard for which there is no full language: a target may write these.
fn standard_format(name: &str) -> Option<Language> {
    let pattern = match name {
        "ipv6" => "(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}",
        "idn-hostname" => r"[a-z0-9]{1,63}(?:\.[a-z0-9]{1,63}){0,2}",
        "idn-email" => return Language::format("email"),
        "uri-reference" | "iri" | "iri-reference" | "uri-template" => return Language::format("uri"),
        "duration" => "P(?:[0-9]+W|[0-9]+D|[0-9]+M(?:[0-9]+D)?|[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?)",
        "json-pointer" => "(?:/[A-Za-z0-9_.-]*)*",
        "relative-json-pointer" => "(?:0|[1-9][0-9]*)(?:/[A-Za-z0-9_.-]*)*",
        "regex" => "[A-Za-z0-9 ]*",
        _ => return None,
    };
    Some(Language::from_full_pattern(pattern).unwrap_or_else(|_| Language::empty()))
}

/// The texts that dates are written as: moments in universal time, without zeros at the end of the fraction.
fn written_date(kind: DateKind) -> Language {
    let read = Language::of_date_kind(kind);
    let shape = match kind {
        DateKind::Date => return read,
        DateKind::Time | DateKind::Local => r"[^.]*(\.[0-9]{0,8}[1-9])?",
        DateKind::Instant => r"[^.+]*(\.[0-9]{0,8}[1-9])?Z",
    };
    let narrowed = Language::from_full_pattern(shape).ok().and_then(|shape| read.intersect(&shape));
    narrowed.unwrap_or(read)
}

fn is_negative_possible(limit: &Decimal) -> bool {
    limit.interval.low.as_ref().is_none_or(|bound| bound.value.is_negative())
}

/// Most digits before the point.
fn integer_digits(limit: &Decimal) -> Option<u32> {
    let size = |bound: &Option<mapc_types::Bound>| {
        let whole = bound.as_ref()?.value.abs().to_integer();
        u32::try_from(whole.to_string().len()).ok()
    };
    Some(size(&limit.interval.low)?.max(size(&limit.interval.high)?))
}

/// A language around all texts that the decimals are written as.
fn written_form(limit: &Decimal) -> Option<Language> {
    let digits = integer_digits(limit)?;
    let scale = limit.scale()?;
    let all = Language::decimal_text(digits, scale);
    if is_negative_possible(limit) {
        return Some(all);
    }
    all.intersect(&Language::from_full_pattern(r"[0-9.]*").ok()?)
}
