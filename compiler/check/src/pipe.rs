//! What stands behind a pipe: `lookup`, `xref`, and the functions of the library.

use mapc_diagnostics::{Code, Span};
use mapc_grammar::tree::{self, Argument};
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Decimal, Length, Presence, Slot, Text, Type};

use crate::checker::{Checker, Environment};
use crate::errors;
use crate::expression::after_computing;
use crate::facts::constants_type;
use crate::library::{self, Kind, Misuse};
use crate::source::Assumed;
use crate::typed::{Constant, Expression, ExpressionKind};

impl<'a> Checker<'a> {
    /// `input | function arguments`
    pub(crate) fn pipe(
        &mut self,
        input: &'a tree::Expression,
        function: &'a tree::Name,
        arguments: &'a [Argument],
        span: Span,
        environment: &Environment,
    ) -> Expression {
        match function.text.as_str() {
            "lookup" => self.lookup(input, function, arguments, span, environment),
            "xref" => self.xref(input, function, arguments, span, environment),
            "round" => match (&input.kind, scale_of(arguments)) {
                (
                    tree::ExpressionKind::Binary {
                        operator: tree::BinaryOperator::Divide, left, right, ..
                    },
                    Some(scale),
                ) => self.quotient(left, right, scale, span, environment),
                _ => self.library_call(input, function, arguments, span, environment),
            },
            _ => self.library_call(input, function, arguments, span, environment),
        }
    }

    fn library_call(
        &mut self,
        input: &'a tree::Expression,
        function: &'a tree::Name,
        arguments: &'a [Argument],
        span: Span,
        environment: &Environment,
    ) -> Expression {
        let value = self.single(input, environment);
        let Some(known) = library::find(&function.text) else {
            let names: Vec<&str> = library::names().chain(["lookup", "xref"]).collect();
            let near = crate::words::near(&function.text, names);
            self.say(errors::unknown_function(&function.text, function.span, &near));
            return self.hole(span);
        };
        let mut constants = Vec::new();
        for argument in arguments {
            match argument {
                Argument::Literal(literal) => match self.constant(literal) {
                    Some(constant) => constants.push(constant),
                    None => return self.hole(span),
                },
                Argument::Name(path) => {
                    self.say(errors::constant_expected(&function.text, self.text(path.span), path.span));
                    return self.hole(span);
                }
                Argument::Expression(inner) => {
                    let inner = self.single(inner, environment);
                    let ExpressionKind::Constant(constant) = inner.kind else {
                        self.say(errors::constant_expected(
                            &function.text,
                            self.text(inner.span),
                            inner.span,
                        ));
                        return self.hole(span);
                    };
                    constants.push(constant);
                }
            }
        }
        if matches!(value.slot.value, Type::Any) {
            return self.hole(span);
        }
        if matches!(value.slot.value, Type::Never) {
            let slot = value.slot.clone();
            // What is always missing is so in every kind; a read that must find something still ends the message.
            let missing = slot.presence.absent && !slot.presence.null;
            let kind = if missing { ExpressionKind::Missing } else { value.kind };
            return Expression { kind, slot, span };
        }
        let signature = known.signatures.iter().find(|signature| takes(signature.input, &value.slot.value));
        if signature.is_some_and(|signature| signature.needs_zone) && self.header.zone.is_none() {
            self.say(errors::zone_missing(self.text(input.span), function.span, self.header.zone_place()));
            return self.hole(span);
        }
        if function.text == "round" && constants.len() == 1 {
            constants.push(Constant::Text(library::rounding_word(self.header.rounding).to_owned()));
        }
        let applied = match library::apply(known, &value.slot.value, &constants) {
            Ok(applied) => applied,
            Err(misuse) => {
                let place = misused(&misuse, arguments).unwrap_or(function.span);
                let value = (self.text(input.span), input.span, &value.slot.value);
                self.say(errors::misuse(&misuse, &function.text, place, value));
                return self.hole(span);
            }
        };
        let rule = self.rule_name();
        let failure = applied.may_fail.then(|| {
            let code =
                signature.and_then(|known| known.fails.as_ref()).map_or(Code::R0402, |(code, _)| *code);
            let words = format!("`{}` cannot be read by `{}`", self.text(input.span), function.text);
            self.reasons.intern(code, &rule, &words)
        });
        let mut presence = value.slot.presence;
        presence.absent |= applied.may_be_absent;
        Expression {
            kind: ExpressionKind::Call {
                function: function.text.clone(),
                input: Box::new(value),
                arguments: constants,
                failure,
            },
            slot: Slot { presence, value: applied.value },
            span,
        }
    }

    fn lookup(
        &mut self,
        input: &'a tree::Expression,
        function: &'a tree::Name,
        arguments: &'a [Argument],
        span: Span,
        environment: &Environment,
    ) -> Expression {
        let keys: Vec<Expression> = match &input.kind {
            tree::ExpressionKind::Tuple(parts) => {
                parts.iter().map(|part| self.single(part, environment)).collect()
            }
            _ => vec![self.single(input, environment)],
        };
        let name = match arguments {
            [Argument::Name(path)] if path.segments.len() == 1 => path,
            _ => {
                self.say(errors::table_name_expected(function.span));
                return self.hole(span);
            }
        };
        let Some(id) = self.find_table(self.text(name.span)) else {
            let names: Vec<String> = self.tables.iter().map(|table| table.name.clone()).collect();
            let near = crate::words::near(self.text(name.span), names.iter().map(String::as_str));
            // a misspelt table is not an unused one
            for table in self.tables.iter_mut().filter(|table| near.contains(&table.name)) {
                table.used = true;
            }
            self.say(errors::unknown_table(self.text(name.span), name.span, &near));
            return self.hole(span);
        };
        let Some(table) = self.tables.get_mut(id.0) else { return self.hole(span) };
        table.used = true;
        let table = table.clone();
        if table.broken {
            return self.hole(span);
        }
        if table.key_parts != keys.len() {
            self.say(errors::key_parts(&table.name, table.key_parts, keys.len(), input.span, table.span));
            return self.hole(span);
        }
        for key in &keys {
            if !matches!(key.slot.value, Type::Text(_) | Type::Any | Type::Never) {
                self.say(errors::key_not_text(self.text(key.span), key.span, &key.slot.value));
                return self.hole(span);
            }
        }
        let known = key_sets(&keys);
        let mut presence = Presence::REQUIRED;
        for key in &keys {
            presence = presence.or(after_computing(key.slot.presence));
        }
        let reached: Vec<bool> = table
            .rows
            .iter()
            .map(|row| row.key.iter().zip(&keys).all(|(part, key)| may_be(&key.slot.value, part)))
            .collect();
        // only what the schema as a whole says makes a row unused
        if let (Assumed::All, Some(entry)) = (&self.assumed, self.tables.get_mut(id.0)) {
            entry.reach(&reached);
        }
        let reachable: Vec<&crate::tables::Row> =
            table.rows.iter().zip(&reached).filter(|(_, reached)| **reached).map(|(row, _)| row).collect();
        if reachable.iter().any(|row| row.value.is_none()) {
            presence.absent |= !is_on(Lie::NoneIsAValue);
        }
        let values: Vec<Constant> = reachable.iter().filter_map(|row| row.value.clone()).collect();
        let value = constants_type(&values).unwrap_or(Type::Never);
        let missed: Option<Vec<Vec<String>>> = known.map(|sets| {
            sets.into_iter().filter(|key| !table.rows.iter().any(|row| row.key == *key)).collect()
        });
        let failure = match &missed {
            Some(missed) if missed.is_empty() => None,
            _ => {
                let rule = self.rule_name();
                let words = errors::no_code_words(&table.name);
                Some(self.reasons.intern(Code::R0601, &rule, &words))
            }
        };
        if let Some(missed) = missed.filter(|missed| !missed.is_empty()) {
            self.table_gaps.push(crate::gaps::TableGap {
                table: table.name.clone(),
                place: table.span,
                missed,
                key: input.span,
                lookup: function.span.to(name.span),
                insert: table.insert,
            });
        }
        Expression {
            kind: ExpressionKind::Lookup { table: id, keys, failure },
            slot: Slot { presence, value },
            span,
        }
    }

    fn xref(
        &mut self,
        input: &'a tree::Expression,
        function: &'a tree::Name,
        arguments: &'a [Argument],
        span: Span,
        environment: &Environment,
    ) -> Expression {
        let answered = self.xref_answered;
        let key = self.single(input, environment);
        let [Argument::Name(path)] = arguments else {
            self.say(errors::xref_name_expected(function.span));
            return self.hole(span);
        };
        let entity = self.text(path.span).to_owned();
        if !answered {
            self.say(errors::xref_without_else(&entity, span));
            return self.hole(span);
        }
        if !matches!(key.slot.value, Type::Text(_) | Type::Any | Type::Never) {
            self.say(errors::key_not_text(self.text(key.span), key.span, &key.slot.value));
            return self.hole(span);
        }
        let words = format!("the id that `{entity}` gives is not a text of 1 to 100 characters");
        let source_reason = self.reasons.intern(Code::R0201, &format!("xref {entity}"), &words);
        let longest = if is_on(Lie::ReferenceIsShort) { 20 } else { 100 };
        let value = Type::Text(Text { length: Length::new(1, Some(longest)), ..Text::any() });
        Expression {
            kind: ExpressionKind::Xref { entity, key: Box::new(key), source_reason },
            slot: Slot { presence: Presence::OPTIONAL, value },
            span,
        }
    }
}

/// The argument that does not do.
fn misused(misuse: &Misuse, arguments: &[Argument]) -> Option<Span> {
    let Misuse::Argument { position, .. } = misuse else { return None };
    arguments.get(*position).map(|argument| match argument {
        Argument::Literal(literal) => crate::condition::literal_span(literal),
        Argument::Name(path) => path.span,
        Argument::Expression(inner) => inner.span,
    })
}

/// Does a signature take values of this type?
fn takes(kind: Kind, value: &Type) -> bool {
    match (kind, value) {
        (Kind::Text, Type::Text(_)) | (Kind::Number, Type::Decimal(_)) | (Kind::YesNo, Type::Bool { .. }) => {
            true
        }
        (Kind::Date(a), Type::Date(b, _)) => a == *b,
        _ => false,
    }
}

/// Every combination of key parts, when each part has a small set of values.
fn key_sets(keys: &[Expression]) -> Option<Vec<Vec<String>>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for key in keys {
        let set = match &key.slot.value {
            Type::Text(text) => text.set.clone()?,
            Type::Never => return Some(Vec::new()),
            _ => return None,
        };
        if all.len().saturating_mul(set.len()) > 10_000 {
            return None;
        }
        all = all
            .iter()
            .flat_map(|start| {
                set.iter().map(move |value| start.iter().cloned().chain([value.clone()]).collect::<Vec<_>>())
            })
            .collect();
    }
    Some(all)
}

/// May a key have that value?
fn may_be(key: &Type, value: &str) -> bool {
    match key {
        Type::Text(text) => text.contains(value),
        Type::Never => false,
        _ => true,
    }
}

fn scale_of(arguments: &[Argument]) -> Option<u32> {
    match arguments {
        [Argument::Literal(tree::Literal::Number(number))] => number.text.parse().ok().filter(|n| *n <= 30),
        _ => None,
    }
}

/// A decimal with a bound added, for counts.
pub(crate) trait Bounded {
    /// At least.
    fn meet_low(self, value: &mapc_types::BigRational) -> Self;
    /// At most.
    fn meet_high(self, value: &mapc_types::BigRational) -> Self;
}

impl Bounded for Decimal {
    fn meet_low(mut self, value: &mapc_types::BigRational) -> Self {
        self.interval.low = Some(mapc_types::Bound { value: value.clone(), inclusive: true });
        self
    }
    fn meet_high(mut self, value: &mapc_types::BigRational) -> Self {
        self.interval.high = Some(mapc_types::Bound { value: value.clone(), inclusive: true });
        self
    }
}
