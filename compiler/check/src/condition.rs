//! Conditions: tests that are true or false, never missing.

use mapc_diagnostics::Span;
use mapc_grammar::tree;
use mapc_types::{DateKind, Language, PatternError, Type};

use crate::checker::{Checker, Environment};
use crate::errors;
use crate::expression::{YES_NO, constant_expression, required};
use crate::typed::{Comparison, Constant, Expression, ExpressionKind};

impl<'a> Checker<'a> {
    /// A condition: a test, or a yes/no value (false when it is missing).
    pub(crate) fn condition(&mut self, tree: &'a tree::Expression, environment: &Environment) -> Expression {
        let span = tree.span;
        let kind = match &tree.kind {
            tree::ExpressionKind::Not(inner) => {
                ExpressionKind::Not(Box::new(self.condition(inner, environment)))
            }
            tree::ExpressionKind::And(left, right) => {
                let left = self.condition(left, environment);
                let inner = environment.with_facts(environment.facts.with(&left, true));
                let right = self.condition(right, &inner);
                ExpressionKind::And(Box::new(left), Box::new(right))
            }
            tree::ExpressionKind::Or(left, right) => {
                let left = self.condition(left, environment);
                let inner = environment.with_facts(environment.facts.with(&left, false));
                let right = self.condition(right, &inner);
                ExpressionKind::Or(Box::new(left), Box::new(right))
            }
            tree::ExpressionKind::Test { subject, test } => {
                return self.test(subject, test, span, environment);
            }
            _ => {
                let value = self.single(tree, environment);
                match &value.slot.value {
                    Type::Bool { .. } | Type::Any | Type::Never => ExpressionKind::IsTrue(Box::new(value)),
                    other => {
                        let other = other.clone();
                        self.say(errors::not_a_condition(self.text(span), span, &other));
                        ExpressionKind::IsTrue(Box::new(self.hole(span)))
                    }
                }
            }
        };
        Expression { kind, slot: required(YES_NO), span }
    }

    fn test(
        &mut self,
        subject: &'a tree::Expression,
        test: &'a tree::Predicate,
        span: Span,
        environment: &Environment,
    ) -> Expression {
        let kind = match test {
            tree::Predicate::Is { value, negated } => {
                let (left, right) = self.two_sides(subject, value, environment);
                ExpressionKind::Equal { left: Box::new(left), right: Box::new(right), negated: *negated }
            }
            tree::Predicate::Compare { operator, value } => {
                let (left, right) = self.two_sides(subject, value, environment);
                let ordered = |value: &Type| {
                    matches!(
                        value,
                        Type::Decimal(_) | Type::Date(..) | Type::Text(_) | Type::Any | Type::Never
                    )
                };
                if !ordered(&left.slot.value) {
                    self.say(errors::not_ordered(self.text(left.span), left.span, &left.slot.value));
                }
                let operator = match operator {
                    tree::Comparison::Less => Comparison::Less,
                    tree::Comparison::LessOrEqual => Comparison::LessOrEqual,
                    tree::Comparison::Greater => Comparison::Greater,
                    tree::Comparison::GreaterOrEqual => Comparison::GreaterOrEqual,
                };
                ExpressionKind::Compare { operator, left: Box::new(left), right: Box::new(right) }
            }
            tree::Predicate::OneOf { values, negated } => {
                let subject = self.single(subject, environment);
                let constants = values
                    .iter()
                    .filter_map(|literal| {
                        let constant = self.constant(literal)?;
                        self.comparable_constant(&subject, constant, literal_span(literal))
                    })
                    .collect();
                ExpressionKind::OneOf { subject: Box::new(subject), values: constants, negated: *negated }
            }
            tree::Predicate::Missing { negated } => {
                let subject = self.single(subject, environment);
                ExpressionKind::IsMissing { subject: Box::new(subject), negated: *negated }
            }
            tree::Predicate::Null { negated } => {
                let subject = self.single(subject, environment);
                ExpressionKind::IsNull { subject: Box::new(subject), negated: *negated }
            }
            tree::Predicate::LongerThan { length, negated } => {
                let subject = self.text_subject(subject, "is longer than", environment);
                match length.text.parse() {
                    Ok(length) => {
                        ExpressionKind::LongerThan { subject: Box::new(subject), length, negated: *negated }
                    }
                    Err(_) => {
                        self.say(errors::whole_number_expected(&length.text, length.span));
                        return self.hole(span);
                    }
                }
            }
            tree::Predicate::Matches { pattern } => {
                let subject = self.text_subject(subject, "matches", environment);
                match Language::from_pattern(&pattern.text) {
                    Ok(language) => ExpressionKind::Matches { subject: Box::new(subject), language },
                    Err(error) => {
                        self.say(errors::bad_pattern(&pattern.text, pattern.span, &pattern_problem(&error)));
                        return self.hole(span);
                    }
                }
            }
        };
        Expression { kind, slot: required(YES_NO), span }
    }

    /// Both sides of a comparison, of one kind.
    fn two_sides(
        &mut self,
        left: &'a tree::Expression,
        right: &'a tree::Expression,
        environment: &Environment,
    ) -> (Expression, Expression) {
        let left = self.single(left, environment);
        let mut right = self.single(right, environment);
        if let (ExpressionKind::Constant(constant), span) = (&right.kind, right.span) {
            let constant = constant.clone();
            if let Some(fitting) = self.comparable_constant(&left, constant, span) {
                right = constant_expression(fitting, span);
            }
            return (left, right);
        }
        if !comparable(&left.slot.value, &right.slot.value) {
            self.say(errors::kinds_differ(
                (self.text(left.span), left.span, &left.slot.value),
                (self.text(right.span), right.span, &right.slot.value),
            ));
        }
        (left, right)
    }

    /// A constant that is compared with a value: a text in date form becomes a date; a value outside a known list
    /// can never be met, which is surely a slip.
    pub(crate) fn comparable_constant(
        &mut self,
        subject: &Expression,
        constant: Constant,
        span: Span,
    ) -> Option<Constant> {
        match (&subject.slot.value, constant) {
            (Type::Date(kind, _), Constant::Text(text)) => match date_constant(*kind, &text) {
                Some(constant) => Some(constant),
                None => {
                    self.say(errors::bad_date(&text, *kind, span));
                    None
                }
            },
            (Type::Text(known), Constant::Text(text)) => {
                // a value that only the facts of this place exclude is no slip
                let outside = known.set.as_ref().is_some_and(|set| !set.contains(&text));
                if outside
                    && let Some(declared) = self.declared_set(subject).filter(|all| !all.contains(&text))
                {
                    self.say(errors::value_never_met(self.text(subject.span), &text, span, &declared));
                }
                Some(Constant::Text(text))
            }
            (Type::Decimal(_), constant @ Constant::Decimal(_))
            | (Type::Bool { .. }, constant @ Constant::Bool(_))
            | (Type::Any | Type::Never, constant) => Some(constant),
            (other, constant) => {
                let other = other.clone();
                let value = constant_expression(constant, span);
                self.say(errors::kinds_differ(
                    (self.text(subject.span), subject.span, &other),
                    (self.text(span), span, &value.slot.value),
                ));
                None
            }
        }
    }

    /// All values the schema lists for a source field or that a name may have.
    fn declared_set(
        &self,
        subject: &Expression,
    ) -> Option<std::sync::Arc<std::collections::BTreeSet<String>>> {
        let slot = match &subject.kind {
            ExpressionKind::Read { field, .. } => self.book.field_slot(*field, &crate::source::Assumed::All),
            _ => subject.slot.clone(),
        };
        match slot.value {
            Type::Text(text) => text.set,
            _ => None,
        }
    }

    /// A text that is tested.
    fn text_subject(
        &mut self,
        subject: &'a tree::Expression,
        test: &str,
        environment: &Environment,
    ) -> Expression {
        let subject = self.single(subject, environment);
        if !matches!(subject.slot.value, Type::Text(_) | Type::Any | Type::Never) {
            self.say(errors::text_expected(test, self.text(subject.span), subject.span, &subject.slot.value));
        }
        subject
    }
}

/// Two kinds that can be compared.
fn comparable(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Any | Type::Never, _) | (_, Type::Any | Type::Never) => true,
        (Type::Text(_), Type::Text(_)) | (Type::Decimal(_), Type::Decimal(_)) => true,
        (Type::Bool { .. }, Type::Bool { .. }) => true,
        (Type::Date(a, _), Type::Date(b, _)) => a == b,
        _ => false,
    }
}

/// A calendar value written as text, if it is in the strict form of the kind and on the calendar.
pub(crate) fn date_constant(kind: DateKind, text: &str) -> Option<Constant> {
    let name = match kind {
        DateKind::Date => "date",
        DateKind::Time => "time",
        DateKind::Local | DateKind::Instant => return None,
    };
    let fits = Language::format(name)?.contains(text);
    let plain_time = kind != DateKind::Time || text.len() == 8;
    (fits && plain_time).then(|| Constant::Date(kind, text.to_owned()))
}

/// Why a pattern cannot be used, in words.
pub(crate) fn pattern_problem(error: &PatternError) -> String {
    match error {
        PatternError::Unsupported(what) => format!("{what} is not supported"),
        PatternError::Invalid(what) => what.clone(),
        PatternError::TooComplex => "it is too complex".to_owned(),
    }
}

/// Place of a literal.
pub(crate) fn literal_span(literal: &tree::Literal) -> Span {
    match literal {
        tree::Literal::Text(quoted) => quoted.span,
        tree::Literal::Number(number) => number.span,
        tree::Literal::Bool(_, span)
        | tree::Literal::None(span)
        | tree::Literal::Null(span)
        | tree::Literal::Missing(span) => *span,
    }
}
