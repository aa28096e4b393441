//! The one call form: `sum(path)`, `count`, `min`, `max`, `join`, `first`, `last`, `only`, and `position(row)`.

use std::sync::Arc;

use mapc_diagnostics::{Code, Span};
use mapc_grammar::tree;
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Decimal, Length, Presence, Slot, Text, Type};

use crate::checker::{Checker, Environment};
use crate::errors;
use crate::expression::{fits_digits, required, text_form};
use crate::path::SourceEnd;
use crate::pipe::Bounded;
use crate::typed::{Aggregate, Constant, Expression, ExpressionKind, ListId, RowSource, RowsId, ScopeId};

/// The calls, for suggestions.
pub(crate) const CALLS: [&str; 9] =
    ["sum", "count", "min", "max", "join", "first", "last", "only", "position"];

/// What an aggregate goes over.
struct Over {
    rows: RowsId,
    count: Length,
    /// `None`: the rows themselves.
    element: Option<Expression>,
}

impl<'a> Checker<'a> {
    /// A call.
    pub(crate) fn call(
        &mut self,
        function: &'a tree::Name,
        arguments: &'a [tree::Expression],
        span: Span,
        environment: &Environment,
    ) -> Expression {
        let name = function.text.as_str();
        if !CALLS.contains(&name) {
            self.say(errors::unknown_call(name, function.span));
            return self.hole(span);
        }
        let path = match arguments.first().map(|argument| &argument.kind) {
            Some(tree::ExpressionKind::Path(path)) => path,
            Some(tree::ExpressionKind::Broken) => return self.hole(span),
            _ => {
                self.say(errors::path_expected(name, span));
                return self.hole(span);
            }
        };
        if name == "position" {
            return self.position(path, span, environment);
        }
        let separator = match (name, arguments) {
            ("join", [_]) => Some(", ".to_owned()),
            ("join", [_, separator]) => match self.single(separator, environment).kind {
                ExpressionKind::Constant(Constant::Text(text)) => Some(text),
                _ => {
                    self.say(errors::separator_expected(separator.span));
                    return self.hole(span);
                }
            },
            (_, [_]) => None,
            _ => {
                self.say(errors::one_path_expected(name, span));
                return self.hole(span);
            }
        };
        match self.over(path, name, span, environment) {
            Some(over) => self.aggregate(name, separator, over, span, path.span),
            None => self.hole(span),
        }
    }

    fn position(&mut self, path: &tree::Path, span: Span, environment: &Environment) -> Expression {
        let scope = self.binding(path, environment).filter(|scope| path.segments.len() == 1 && scope.0 > 0);
        let Some(scope) = scope else {
            self.say(errors::row_expected(self.text(path.span), path.span));
            return self.hole(span);
        };
        // `where`, `group by` and `sort by` stand outside of the rows they make
        let last = environment.bindings.iter().position(|binding| Some(binding.scope) == environment.row);
        let counted = last.and_then(|last| environment.bindings.get(..=last)).unwrap_or_default();
        if !counted.iter().any(|binding| binding.scope == scope) {
            self.say(errors::row_not_counted(self.text(path.span), path.span));
            return self.hole(span);
        }
        let one = num_one();
        let value = Type::Decimal(Decimal::whole().meet_low(&one));
        Expression { kind: ExpressionKind::Position(scope), slot: required(value), span }
    }

    /// The rows and the element that a path stands for.
    fn over(
        &mut self,
        path: &'a tree::Path,
        name: &str,
        span: Span,
        environment: &Environment,
    ) -> Option<Over> {
        let Some(scope) = self.binding(path, environment) else {
            if let Some((rows, count, element)) = self.output_rows(path, environment) {
                return Some(Over { rows, count, element });
            }
            let value = self.path_value(path, environment);
            if !matches!(value.slot.value, Type::Any) {
                self.say(errors::list_expected(name, self.text(path.span), path.span));
            }
            return None;
        };
        // inside a group: the row variable stands for the rows of the group
        if self.scopes.get(scope.0).is_some_and(|scope| scope.grouped) {
            let (rows, inner) = self.walk(RowSource::Group { scope }, "");
            let count = Length::new(1, None);
            if path.segments.len() == 1 {
                return Some(Over { rows, count, element: None });
            }
            let element = match self.source_path(path, inner, environment) {
                SourceEnd::Value(value) => value,
                SourceEnd::Hole => return None,
                _ => {
                    self.say(errors::list_expected(name, self.text(path.span), path.span));
                    return None;
                }
            };
            return Some(Over { rows, count, element: Some(element) });
        }
        match self.source_path(path, scope, environment) {
            SourceEnd::List(list) => {
                let count = self.count_of(list);
                let (rows, inner) = self.walk(RowSource::List { list, scope }, "");
                let element = self.row_value(list, inner, &[], span, environment);
                Some(Over { rows, count, element })
            }
            SourceEnd::Across { lists, rest } => {
                let before = self.errors();
                let over = self.across(&lists, &rest, scope, name, span, environment);
                if over.is_none() && self.errors() == before {
                    self.say(errors::field_of_rows_expected(name, self.text(path.span), path.span));
                }
                over
            }
            SourceEnd::Hole => None,
            SourceEnd::Value(_) | SourceEnd::Record => {
                self.say(errors::list_expected(name, self.text(path.span), path.span));
                None
            }
        }
    }

    /// Rows inside rows: the outer aggregate of inner aggregates.
    fn across(
        &mut self,
        lists: &[ListId],
        rest: &[Arc<str>],
        scope: ScopeId,
        name: &str,
        span: Span,
        environment: &Environment,
    ) -> Option<Over> {
        let (list, inner_lists) = lists.split_first()?;
        let count = self.count_of(*list);
        let (rows, inner) = self.walk(RowSource::List { list: *list, scope }, "");
        if inner_lists.is_empty() {
            let element = self.row_value(*list, inner, rest, span, environment);
            if element.is_none() && !rest.is_empty() {
                return None;
            }
            return Some(Over { rows, count, element });
        }
        if name == "only" {
            self.say(errors::only_across(span));
            return None;
        }
        let below = self.across(inner_lists, rest, inner, name, span, environment)?;
        let separator = (name == "join").then(|| ", ".to_owned());
        let element = self.aggregate(name, separator, below, span, span);
        Some(Over { rows, count, element: Some(element) })
    }

    /// The value in a row: below it, or the row itself in a list of single values.
    fn row_value(
        &mut self,
        list: ListId,
        scope: ScopeId,
        rest: &[Arc<str>],
        span: Span,
        environment: &Environment,
    ) -> Option<Expression> {
        let schema = self.source_schema()?;
        let row = self.book.row(list);
        let mut slot = row.clone();
        slot.value = schema.resolve(&slot.value).clone();
        for name in rest {
            let field = schema.field(&slot.value, name)?;
            slot = Slot {
                presence: slot.presence.or(field.presence),
                value: schema.resolve(&field.value).clone(),
            };
        }
        self.read(scope, list, rest, slot, span, environment)
    }

    /// Number of rows of a list, as far as it may be assumed; a list that may be missing may have none.
    pub(crate) fn count_of(&self, list: ListId) -> Length {
        let slot = self.book.list_slot(list, &self.assumed);
        let count = match &slot.value {
            Type::List(list) => list.count,
            _ => Length::ANY,
        };
        if slot.presence.is_required() { count } else { Length::new(0, count.max) }
    }

    /// The typed aggregate.
    fn aggregate(
        &mut self,
        name: &str,
        separator: Option<String>,
        over: Over,
        span: Span,
        path: Span,
    ) -> Expression {
        let Over { rows, count, element } = over;
        let nested_count = name == "count"
            && element
                .as_ref()
                .is_some_and(|element| matches!(element.kind, ExpressionKind::Aggregate { .. }));
        let element_slot = element.as_ref().map(|element| element.slot.clone());
        if element_slot.is_none() && name != "count" {
            self.say(errors::field_of_rows_expected(name, self.text(path), path));
            return self.hole(span);
        }
        let value = element_slot.as_ref().map_or(Type::Any, |slot| slot.value.clone());
        let always = element_slot.as_ref().is_none_or(|slot| slot.presence.is_required());
        let at_least_one = count.min > 0 && always || is_on(Lie::FirstOfNothing);
        let maybe = if at_least_one { Presence::REQUIRED } else { Presence::OPTIONAL };
        // One row is picked, whatever it holds; the others pass over rows without a value.
        let null = element_slot.as_ref().is_some_and(|slot| slot.presence.null);
        let picked = Presence { null, ..maybe };
        let mut failure = None;
        let (function, slot) = match name {
            "sum" => {
                let Some(decimal) = element.as_ref().and_then(|element| self.number_operand(element)) else {
                    return self.hole(span);
                };
                let total =
                    Decimal::sum(&decimal, Length::new(if always { count.min } else { 0 }, count.max));
                failure = (!fits_digits(&total)).then(|| self.arithmetic_reason(span));
                (Aggregate::Sum, required(Type::Decimal(total)))
            }
            "count" if nested_count => {
                let total = Decimal::whole().meet_low(&num_zero());
                (Aggregate::Sum, required(Type::Decimal(total)))
            }
            "count" => {
                let low = if always { count.min } else { 0 };
                let mut total = Decimal::whole().meet_low(&num_from(low));
                if let Some(max) = count.max {
                    total = total.meet_high(&num_from(max));
                }
                (Aggregate::Count, required(Type::Decimal(total)))
            }
            "min" | "max" => {
                if !matches!(value, Type::Decimal(_) | Type::Date(..) | Type::Text(_) | Type::Any) {
                    self.say(errors::not_ordered(self.text(path), path, &value));
                    return self.hole(span);
                }
                let function = if name == "min" { Aggregate::Min } else { Aggregate::Max };
                (function, Slot { presence: maybe, value })
            }
            "join" => {
                let separator = separator.unwrap_or_default();
                let text = joined(&text_form(&value), &separator, count, always);
                (Aggregate::Join(separator), Slot { presence: maybe, value: Type::Text(text) })
            }
            "first" => (Aggregate::First, Slot { presence: picked, value }),
            "last" => (Aggregate::Last, Slot { presence: picked, value }),
            _ => {
                if count.max.is_none_or(|max| max > 1) {
                    let rule = self.rule_name();
                    let words = errors::several_words(self.text(path));
                    failure = Some(self.reasons.intern(Code::R0401, &rule, &words));
                    self.several_rows.push((path, span));
                }
                (Aggregate::Only, Slot { presence: picked, value })
            }
        };
        Expression {
            kind: ExpressionKind::Aggregate { function, rows, element: element.map(Box::new), failure },
            slot,
            span,
        }
    }
}

/// Length of joined texts.
fn joined(element: &Text, separator: &str, count: Length, always: bool) -> Text {
    let gap = u64::try_from(separator.chars().count()).unwrap_or(u64::MAX);
    let min = if always && count.min > 0 {
        element.length.min.saturating_mul(count.min).saturating_add(gap.saturating_mul(count.min - 1))
    } else {
        element.length.min
    };
    let max = match (element.length.max, count.max) {
        (Some(length), Some(rows)) if rows > 0 => {
            length.checked_mul(rows).and_then(|total| total.checked_add(gap.checked_mul(rows - 1)?))
        }
        _ => None,
    };
    Text { length: Length::new(min, max), ..Text::any() }
}

fn num_from(n: u64) -> mapc_types::BigRational {
    mapc_types::parse_decimal(&n.to_string()).unwrap_or_default()
}

fn num_one() -> mapc_types::BigRational {
    num_from(1)
}

fn num_zero() -> mapc_types::BigRational {
    num_from(0)
}
