//! Expressions: from the ladder of the grammar to a tree without empty rungs.

use mapc_diagnostics::{Diagnostic, Span};
use pest::iterators::Pair;

use super::{Lower, Nodes, Rule};
use crate::errors;
use crate::tree::{
    Argument, Arm, ArmWhen, BinaryOperator, Choose, Comparison, Expression, ExpressionKind, Fallback,
    Literal, Predicate,
};

impl Lower<'_> {
    /// `expression`: a value with its `else` parts.
    pub(super) fn expression(&mut self, pair: Pair<'_, Rule>) -> Expression {
        let mut nodes = Nodes::of(pair);
        let mut value = match nodes.next() {
            Some(first) => self.disjunction(first),
            None => self.broken(),
        };
        while let Some(part) = nodes.take(Rule::alternative) {
            let span = value.span.to(self.span_of(&part));
            let mut nodes = Nodes::of(part);
            let joiner = nodes.take(Rule::kw_else).map_or(span, |word| self.span_of(&word));
            let Some(what) = nodes.next() else { break };
            let fallback = match what.as_rule() {
                Rule::disjunction => Fallback::Value(self.fallback_value(what, joiner)),
                _ => self.outcome(what),
            };
            let kind = ExpressionKind::Else { value: Box::new(value), fallback: Box::new(fallback) };
            value = Expression { kind, span };
        }
        value
    }

    /// A value behind `else`; the handler words `cut` and `round` were meant for `or`.
    fn fallback_value(&mut self, pair: Pair<'_, Rule>, joiner: Span) -> Expression {
        let value = self.disjunction(pair);
        if let ExpressionKind::Path(path) = &value.kind
            && let [only] = path.segments.as_slice()
            && matches!(only.name.text.as_str(), "cut" | "round")
        {
            self.diagnostics.push(errors::else_with_handler(joiner, &only.name.text));
            return Expression { kind: ExpressionKind::Broken, ..value };
        }
        value
    }

    /// `reject "…"`, `wait`, `omit`.
    fn outcome(&mut self, pair: Pair<'_, Rule>) -> Fallback {
        let span = self.span_of(&pair);
        match pair.as_rule() {
            Rule::outcome_wait => Fallback::Wait(span),
            Rule::outcome_omit => Fallback::Omit(span),
            _ => match self.find_template(&mut Nodes::of(pair)) {
                Some(template) => Fallback::Reject(template, span),
                None => Fallback::Value(self.broken()),
            },
        }
    }

    pub(super) fn disjunction(&mut self, pair: Pair<'_, Rule>) -> Expression {
        let mut or = None;
        let words = pair.clone().into_inner().filter(|pair| pair.as_rule() == Rule::kw_or);
        let words: Vec<Span> = words.map(|word| self.span_of(&word)).collect();
        let value = self.chain(pair, Rule::conjunction, Self::conjunction, ExpressionKind::Or);
        if !words.is_empty() {
            or = self.or_confused(&value, &words);
        }
        match or {
            Some(diagnostic) => {
                self.diagnostics.push(diagnostic);
                Expression { kind: ExpressionKind::Broken, ..value }
            }
            None => value,
        }
    }

    /// `or` before a value that can be no condition: `else` was meant.
    fn or_confused(&self, value: &Expression, words: &[Span]) -> Option<Diagnostic> {
        let mut value = value;
        for or in words.iter().rev() {
            let ExpressionKind::Or(left, right) = &value.kind else { return None };
            match &right.kind {
                ExpressionKind::Template(_)
                | ExpressionKind::Literal(Literal::Number(_) | Literal::None(_)) => {
                    return Some(errors::or_with_value(*or, right.span));
                }
                ExpressionKind::Path(path) => match path.segments.as_slice() {
                    [only] if only.name.text == "wait" => {
                        return Some(errors::or_with_outcome(*or, "wait"));
                    }
                    _ => {}
                },
                _ => {}
            }
            value = left;
        }
        None
    }

    fn conjunction(&mut self, pair: Pair<'_, Rule>) -> Expression {
        self.chain(pair, Rule::negation, Self::negation, ExpressionKind::And)
    }

    /// Operands joined by one word, from left to right.
    fn chain(
        &mut self,
        pair: Pair<'_, Rule>,
        operand: Rule,
        read: fn(&mut Self, Pair<'_, Rule>) -> Expression,
        join: fn(Box<Expression>, Box<Expression>) -> ExpressionKind,
    ) -> Expression {
        let mut value: Option<Expression> = None;
        for part in pair.into_inner().filter(|pair| pair.as_rule() == operand) {
            let right = read(self, part);
            value = Some(match value {
                None => right,
                Some(left) => {
                    let span = left.span.to(right.span);
                    Expression { kind: join(Box::new(left), Box::new(right)), span }
                }
            });
        }
        value.unwrap_or_else(|| self.broken())
    }

    fn negation(&mut self, pair: Pair<'_, Rule>) -> Expression {
        let mut nodes = Nodes::of(pair);
        let mut starts = Vec::new();
        while let Some(word) = nodes.take(Rule::kw_not) {
            starts.push(self.span_of(&word));
        }
        let mut value = match nodes.next() {
            Some(comparison) => self.comparison(comparison),
            None => self.broken(),
        };
        for start in starts.into_iter().rev() {
            let span = start.to(value.span);
            value = Expression { kind: ExpressionKind::Not(Box::new(value)), span };
        }
        value
    }

    fn comparison(&mut self, pair: Pair<'_, Rule>) -> Expression {
        let mut nodes = Nodes::of(pair);
        let subject = match nodes.next() {
            Some(piped) => self.piped(piped),
            None => self.broken(),
        };
        let Some(test) = nodes.take(Rule::test) else { return subject };
        let span = subject.span.to(self.span_of(&test));
        match Nodes::of(test).next().and_then(|test| self.predicate(test)) {
            Some(test) => {
                Expression { kind: ExpressionKind::Test { subject: Box::new(subject), test }, span }
            }
            None => Expression { kind: ExpressionKind::Broken, span },
        }
    }

    fn predicate(&mut self, pair: Pair<'_, Rule>) -> Option<Predicate> {
        let rule = pair.as_rule();
        let mut nodes = Nodes::of(pair);
        match rule {
            Rule::matches_test => Some(Predicate::Matches { pattern: self.find_quoted(&mut nodes)? }),
            Rule::order_test => {
                let operator = match nodes.next()?.as_rule() {
                    Rule::less => Comparison::Less,
                    Rule::less_or_equal => Comparison::LessOrEqual,
                    Rule::greater => Comparison::Greater,
                    _ => Comparison::GreaterOrEqual,
                };
                let value = nodes.next().map(|piped| self.piped(piped))?;
                Some(Predicate::Compare { operator, value: Box::new(value) })
            }
            _ => {
                nodes.take(Rule::kw_is);
                let negated = nodes.take(Rule::kw_not).is_some();
                let what = nodes.next()?;
                Some(match what.as_rule() {
                    Rule::is_missing => Predicate::Missing { negated },
                    Rule::is_null => Predicate::Null { negated },
                    Rule::is_one_of => Predicate::OneOf { values: self.literals(what), negated },
                    Rule::is_longer_than => {
                        let length = Nodes::of(what).find(Rule::number)?;
                        Predicate::LongerThan { length: self.number(&length), negated }
                    }
                    _ => Predicate::Is { value: Box::new(self.piped(what)), negated },
                })
            }
        }
    }

    fn literals(&mut self, pair: Pair<'_, Rule>) -> Vec<Literal> {
        let literals = pair.into_inner().filter(|pair| pair.as_rule() == Rule::literal);
        literals.filter_map(|literal| self.literal(literal)).collect()
    }

    fn piped(&mut self, pair: Pair<'_, Rule>) -> Expression {
        let mut nodes = Nodes::of(pair);
        let mut value = match nodes.next() {
            Some(sum) => self.sum(sum),
            None => self.broken(),
        };
        while let Some(pipe) = nodes.take(Rule::pipe) {
            let span = value.span.to(self.span_of(&pipe));
            let mut nodes = Nodes::of(pipe);
            let Some(function) = nodes.find(Rule::name) else { break };
            let function = self.name(&function);
            let mut arguments = Vec::new();
            while let Some(argument) = nodes.take(Rule::argument) {
                arguments.extend(self.argument(argument));
            }
            let kind = ExpressionKind::Pipe { input: Box::new(value), function, arguments };
            value = Expression { kind, span };
        }
        value
    }

    fn argument(&mut self, pair: Pair<'_, Rule>) -> Option<Argument> {
        let mut nodes = Nodes::of(pair);
        nodes.take(Rule::lparen);
        let what = nodes.next()?;
        match what.as_rule() {
            Rule::path => Some(Argument::Name(self.path(what))),
            Rule::expression => Some(Argument::Expression(self.expression(what))),
            _ => self.literal_value(what).map(Argument::Literal),
        }
    }

    fn sum(&mut self, pair: Pair<'_, Rule>) -> Expression {
        self.arithmetic(pair, Self::product)
    }

    fn product(&mut self, pair: Pair<'_, Rule>) -> Expression {
        self.arithmetic(pair, Self::negative)
    }

    fn arithmetic(
        &mut self,
        pair: Pair<'_, Rule>,
        read: fn(&mut Self, Pair<'_, Rule>) -> Expression,
    ) -> Expression {
        let mut nodes = Nodes::of(pair);
        let mut value = match nodes.next() {
            Some(first) => read(self, first),
            None => self.broken(),
        };
        while let Some(sign) = nodes.next() {
            let operator = match sign.as_rule() {
                Rule::plus => BinaryOperator::Add,
                Rule::minus => BinaryOperator::Subtract,
                Rule::star => BinaryOperator::Multiply,
                _ => BinaryOperator::Divide,
            };
            let operator_span = self.span_of(&sign);
            let Some(right) = nodes.next() else { break };
            let right = read(self, right);
            let span = value.span.to(right.span);
            let (left, right) = (Box::new(value), Box::new(right));
            value =
                Expression { kind: ExpressionKind::Binary { operator, operator_span, left, right }, span };
        }
        value
    }

    fn negative(&mut self, pair: Pair<'_, Rule>) -> Expression {
        let mut nodes = Nodes::of(pair);
        let mut starts = Vec::new();
        while let Some(sign) = nodes.take(Rule::minus) {
            starts.push(self.span_of(&sign));
        }
        let mut value = match nodes.next() {
            Some(atom) => self.atom(atom),
            None => self.broken(),
        };
        for start in starts.into_iter().rev() {
            let span = start.to(value.span);
            value = Expression { kind: ExpressionKind::Negate(Box::new(value)), span };
        }
        value
    }

    fn atom(&mut self, pair: Pair<'_, Rule>) -> Expression {
        let span = self.span_of(&pair);
        let kind = match pair.as_rule() {
            Rule::text => ExpressionKind::Template(self.template(&pair)),
            Rule::choose => match self.choose(pair) {
                Some(choose) => ExpressionKind::Choose(Box::new(choose)),
                None => ExpressionKind::Broken,
            },
            Rule::group_of_values => {
                let mut values: Vec<Expression> = self.expressions(pair);
                if values.len() == 1 {
                    // Parentheses leave no trace but the wider place.
                    return values.pop().map_or_else(|| self.broken(), |value| Expression { span, ..value });
                }
                ExpressionKind::Tuple(values)
            }
            Rule::reference => self.reference(pair),
            _ => match self.literal_value(pair) {
                Some(literal) => ExpressionKind::Literal(literal),
                None => ExpressionKind::Broken,
            },
        };
        Expression { kind, span }
    }

    fn expressions(&mut self, pair: Pair<'_, Rule>) -> Vec<Expression> {
        let parts = pair.into_inner().filter(|pair| pair.as_rule() == Rule::expression);
        parts.map(|part| self.expression(part)).collect()
    }

    fn reference(&mut self, pair: Pair<'_, Rule>) -> ExpressionKind {
        let mut nodes = Nodes::of(pair);
        let Some(path) = nodes.find(Rule::path) else { return ExpressionKind::Broken };
        let path = self.path(path);
        let Some(arguments) = nodes.find(Rule::call_arguments) else { return ExpressionKind::Path(path) };
        let arguments = self.expressions(arguments);
        match path.segments.as_slice() {
            [only] if only.index.is_none() => ExpressionKind::Call { function: only.name.clone(), arguments },
            _ => {
                self.diagnostics.push(errors::path_called(path.span));
                ExpressionKind::Broken
            }
        }
    }

    fn choose(&mut self, pair: Pair<'_, Rule>) -> Option<Choose> {
        let span = self.span_of(&pair);
        let mut nodes = Nodes::of(pair);
        nodes.take(Rule::kw_choose);
        let subject = nodes.take(Rule::expression).map(|subject| self.expression(subject));
        let mut arms = Vec::new();
        let mut otherwise: Option<(Fallback, Span)> = None;
        for arm in nodes.next()?.into_inner() {
            let span = self.span_of(&arm);
            let rule = arm.as_rule();
            if !matches!(rule, Rule::otherwise_arm | Rule::value_arm | Rule::condition_arm) {
                continue;
            }
            if let Some((_, first)) = &otherwise {
                self.diagnostics.push(errors::behind_otherwise(span, *first));
            }
            let mut nodes = Nodes::of(arm);
            if rule == Rule::otherwise_arm {
                let then = nodes.find(Rule::arm_value).and_then(|value| self.arm_value(value))?;
                otherwise.get_or_insert((then, span));
                continue;
            }
            let when = if rule == Rule::condition_arm {
                ArmWhen::Condition(self.find_expression(&mut nodes))
            } else {
                let mut values = Vec::new();
                while nodes.peek() != Some(Rule::arrow) {
                    let Some(part) = nodes.next() else { break };
                    if part.as_rule() == Rule::literal {
                        values.extend(self.literal(part));
                    }
                }
                ArmWhen::Values(values)
            };
            let then = nodes.find(Rule::arm_value).and_then(|value| self.arm_value(value))?;
            arms.push(Arm { when, then, span });
        }
        Some(Choose { subject, arms, otherwise, span })
    }

    fn arm_value(&mut self, pair: Pair<'_, Rule>) -> Option<Fallback> {
        let what = Nodes::of(pair).next()?;
        Some(match what.as_rule() {
            Rule::expression => Fallback::Value(self.expression(what)),
            _ => self.outcome(what),
        })
    }
}
