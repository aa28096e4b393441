//! Expressions that give values: literals, texts with holes, arithmetic, `else`. Paths, pipes, conditions, choices and
//! aggregates have files of their own.

use mapc_diagnostics::{Code, Span};
use mapc_grammar::tree::{self, BinaryOperator, Literal};
use mapc_types::planted::{Lie, is_on};
use mapc_types::{DateKind, Decimal, Presence, Slot, Text, Type, Wire, parse_decimal, to_coefficient_scale};

use crate::checker::{Checker, Environment};
use crate::errors;
use crate::typed::{Arithmetic, Constant, Expression, ExpressionKind, Fallback, ReasonId, TemplatePart};

/// A required slot.
pub(crate) fn required(value: Type) -> Slot {
    Slot { presence: Presence::REQUIRED, value }
}

/// Any yes/no.
pub(crate) const YES_NO: Type = Type::Bool { may_be_true: true, may_be_false: true };

impl<'a> Checker<'a> {
    /// An expression that gives a single value; yes/no tests are values too.
    pub(crate) fn single(&mut self, tree: &'a tree::Expression, environment: &Environment) -> Expression {
        let span = tree.span;
        match &tree.kind {
            tree::ExpressionKind::Broken => self.hole(span),
            tree::ExpressionKind::Literal(literal) => self.literal(literal, span),
            tree::ExpressionKind::Template(template) => self.template(template, environment),
            tree::ExpressionKind::Path(path) => self.path_value(path, environment),
            tree::ExpressionKind::Negate(inner) => self.negate(inner, span, environment),
            tree::ExpressionKind::Binary { operator, operator_span, left, right } => {
                self.arithmetic(*operator, *operator_span, left, right, span, environment)
            }
            tree::ExpressionKind::Pipe { input, function, arguments } => {
                self.pipe(input, function, arguments, span, environment)
            }
            tree::ExpressionKind::Tuple(_) => {
                self.say(errors::tuple_outside_lookup(span));
                self.hole(span)
            }
            tree::ExpressionKind::Call { function, arguments } => {
                self.call(function, arguments, span, environment)
            }
            tree::ExpressionKind::Else { value, fallback } => {
                self.else_value(value, fallback, span, environment)
            }
            tree::ExpressionKind::Choose(choose) => self.choose(choose, environment),
            tree::ExpressionKind::Test { .. }
            | tree::ExpressionKind::Not(_)
            | tree::ExpressionKind::And(..)
            | tree::ExpressionKind::Or(..) => self.condition(tree, environment),
        }
    }

    /// A literal as a constant; `none` is a missing value.
    fn literal(&mut self, literal: &Literal, span: Span) -> Expression {
        match self.constant(literal) {
            Some(constant) => constant_expression(constant, span),
            None => Expression {
                kind: ExpressionKind::Missing,
                slot: Slot { presence: Presence::OPTIONAL, value: Type::Never },
                span,
            },
        }
    }

    /// The constant of a literal; `None` for `none`, and for what was reported.
    pub(crate) fn constant(&mut self, literal: &Literal) -> Option<Constant> {
        match literal {
            Literal::Text(quoted) => Some(Constant::Text(quoted.text.clone())),
            Literal::Bool(flag, _) => Some(Constant::Bool(*flag)),
            Literal::Number(number) => {
                let value = parse_decimal(&number.text);
                if value.as_ref().is_none_or(|value| to_coefficient_scale(value).is_none()) {
                    self.say(errors::number_too_long(&number.text, number.span));
                    return None;
                }
                value.map(Constant::Decimal)
            }
            Literal::None(_) => None,
            Literal::Null(span) | Literal::Missing(span) => {
                self.say(errors::test_word(self.text(*span), *span));
                None
            }
        }
    }

    /// A text with holes: one without holes is a constant.
    fn template(&mut self, template: &'a tree::Template, environment: &Environment) -> Expression {
        let (parts, presence) = self.template_parts(template, environment, true);
        let unknown =
            |part: &TemplatePart| matches!(part, TemplatePart::Hole(hole) if hole.slot.value == Type::Any);
        if parts.iter().any(unknown) {
            return self.hole(template.span);
        }
        let mut text: Option<Text> = None;
        for part in &parts {
            let next = match part {
                TemplatePart::Text(literal) => Text::constant(literal),
                TemplatePart::Hole(hole) => text_form(&hole.slot.value),
            };
            text = Some(match text {
                Some(before) => Text::concat(&before, &next),
                None => next,
            });
        }
        if let [TemplatePart::Text(only)] = parts.as_slice() {
            return constant_expression(Constant::Text(only.clone()), template.span);
        }
        let Some(text) = text else {
            return constant_expression(Constant::Text(String::new()), template.span);
        };
        Expression {
            kind: ExpressionKind::Template(parts),
            slot: Slot { presence, value: Type::Text(text) },
            span: template.span,
        }
    }

    /// The parts of a text and whether the whole may be missing.
    pub(crate) fn template_parts(
        &mut self,
        template: &'a tree::Template,
        environment: &Environment,
        value: bool,
    ) -> (Vec<TemplatePart>, Presence) {
        let mut presence = Presence::REQUIRED;
        let mut parts = Vec::new();
        for part in &template.parts {
            match part {
                tree::TemplatePart::Text(text) => parts.push(TemplatePart::Text(text.clone())),
                tree::TemplatePart::Hole(hole) => {
                    let hole = self.single(hole, environment);
                    if value && matches!(hole.slot.value, Type::List(_) | Type::Object(_)) {
                        self.say(errors::wrong_kind_in_text(
                            self.text(hole.span),
                            hole.span,
                            &hole.slot.value,
                        ));
                    }
                    presence.absent |= !hole.slot.presence.is_required() && !is_on(Lie::TemplateNeverMissing);
                    parts.push(TemplatePart::Hole(hole));
                }
            }
        }
        (parts, presence)
    }

    /// The text of a rejection.
    pub(crate) fn message(
        &mut self,
        template: &'a tree::Template,
        environment: &Environment,
    ) -> Vec<TemplatePart> {
        self.template_parts(template, environment, false).0
    }

    /// The words of a rejection for the closed list: holes by name, never by value.
    pub(crate) fn message_words(&self, template: &tree::Template) -> String {
        let mut words = String::new();
        for part in &template.parts {
            match part {
                tree::TemplatePart::Text(text) => words.push_str(text),
                tree::TemplatePart::Hole(hole) => {
                    words.push('{');
                    words.push_str(self.text(hole.span));
                    words.push('}');
                }
            }
        }
        words
    }

    fn negate(&mut self, inner: &'a tree::Expression, span: Span, environment: &Environment) -> Expression {
        let inner = self.single(inner, environment);
        let Some(decimal) = self.number_operand(&inner) else { return self.hole(span) };
        if let ExpressionKind::Constant(Constant::Decimal(value)) = &inner.kind {
            return constant_expression(Constant::Decimal(-value.clone()), span);
        }
        let slot =
            Slot { presence: after_computing(inner.slot.presence), value: Type::Decimal(decimal.negate()) };
        Expression { kind: ExpressionKind::Negate(Box::new(inner)), slot, span }
    }

    fn arithmetic(
        &mut self,
        operator: BinaryOperator,
        operator_span: Span,
        left: &'a tree::Expression,
        right: &'a tree::Expression,
        span: Span,
        environment: &Environment,
    ) -> Expression {
        let left = self.single(left, environment);
        let right = self.single(right, environment);
        let numbers = (self.number_operand(&left), self.number_operand(&right));
        let operator = match operator {
            BinaryOperator::Add => Arithmetic::Add,
            BinaryOperator::Subtract => Arithmetic::Subtract,
            BinaryOperator::Multiply => Arithmetic::Multiply,
            BinaryOperator::Divide => {
                self.say(errors::quotient_not_rounded(self.text(span), span, operator_span));
                return self.hole(span);
            }
        };
        let (Some(a), Some(b)) = numbers else { return self.hole(span) };
        let result = match operator {
            Arithmetic::Add => a.add(&b),
            Arithmetic::Subtract => a.subtract(&b),
            Arithmetic::Multiply => a.multiply(&b),
        };
        let failure = if fits_digits(&result) { None } else { Some(self.arithmetic_reason(span)) };
        let presence = after_computing(left.slot.presence.or(right.slot.presence));
        Expression {
            kind: ExpressionKind::Arithmetic {
                operator,
                left: Box::new(left),
                right: Box::new(right),
                failure,
            },
            slot: Slot { presence, value: Type::Decimal(result) },
            span,
        }
    }

    /// `left / right | round n`
    pub(crate) fn quotient(
        &mut self,
        left: &'a tree::Expression,
        right: &'a tree::Expression,
        scale: u32,
        span: Span,
        environment: &Environment,
    ) -> Expression {
        let left = self.single(left, environment);
        let right = self.single(right, environment);
        let (Some(a), Some(b)) = (self.number_operand(&left), self.number_operand(&right)) else {
            return self.hole(span);
        };
        let mode = self.header.rounding;
        let result = Decimal::divide_rounded(&a, &b, scale, mode);
        let never_zero =
            environment.facts.rule_out(&right, &Constant::Decimal(mapc_types::BigRational::default()));
        let zero = b.may_be_zero() && !never_zero;
        let failure = if !zero && fits_digits(&result) { None } else { Some(self.arithmetic_reason(span)) };
        if zero {
            self.zero_divisors.push((right.span, span));
        }
        let presence = after_computing(left.slot.presence.or(right.slot.presence));
        Expression {
            kind: ExpressionKind::Quotient {
                left: Box::new(left),
                right: Box::new(right),
                scale,
                mode,
                failure,
            },
            slot: Slot { presence, value: Type::Decimal(result) },
            span,
        }
    }

    /// R0403 of an expression.
    pub(crate) fn arithmetic_reason(&mut self, span: Span) -> ReasonId {
        let rule = self.rule_name();
        let text = errors::arithmetic_words(self.text(span));
        self.reasons.intern(Code::R0403, &rule, &text)
    }

    /// The number type of an operand; a hole is any number; another kind is reported.
    pub(crate) fn number_operand(&mut self, operand: &Expression) -> Option<Decimal> {
        match &operand.slot.value {
            Type::Decimal(decimal) => Some(decimal.clone()),
            Type::Any | Type::Never => Some(Decimal::any()),
            other => {
                let other = other.clone();
                self.say(errors::not_a_number(self.text(operand.span), operand.span, &other));
                None
            }
        }
    }

    fn else_value(
        &mut self,
        value: &'a tree::Expression,
        fallback: &'a tree::Fallback,
        span: Span,
        environment: &Environment,
    ) -> Expression {
        let before = std::mem::replace(&mut self.xref_answered, true);
        let value = self.single(value, environment);
        self.xref_answered = before;
        let reference = reference_of(&value);
        let (fallback, slot) = self.fallback(fallback, reference, Code::R0301, environment);
        let never_missing = value.slot.presence.is_required();
        if never_missing && !matches!(value.slot.value, Type::Any) {
            self.say(errors::superfluous_else(self.text(value.span), value.span));
        }
        let kept = Slot { presence: Presence::REQUIRED, value: value.slot.value.clone() };
        let slot = match slot {
            Some(_) if is_on(Lie::ElseForgetsFallback) => kept,
            Some(other) => join(&kept, &other),
            None => kept,
        };
        Expression { kind: ExpressionKind::Else { value: Box::new(value), fallback }, slot, span }
    }

    /// What stands behind `else` or in an arm of `choose`; no slot when it ends the run.
    pub(crate) fn fallback(
        &mut self,
        fallback: &'a tree::Fallback,
        reference: Option<(String, Box<Expression>)>,
        code: Code,
        environment: &Environment,
    ) -> (Fallback, Option<Slot>) {
        match fallback {
            tree::Fallback::Value(value) => {
                let value = self.single(value, environment);
                let slot = value.slot.clone();
                (Fallback::Value(Box::new(value)), Some(slot))
            }
            tree::Fallback::Reject(template, _) => {
                let text = self.message(template, environment);
                let words = self.message_words(template);
                let rule = self.rule_name();
                let reason = self.reasons.intern(code, &rule, &words);
                (Fallback::Reject { reason, text }, None)
            }
            tree::Fallback::Wait(_) => {
                let rule = self.rule_name();
                let words = match &reference {
                    Some((entity, _)) => format!("waits until `{entity}` has the record"),
                    None => "waits".to_owned(),
                };
                let reason = self.reasons.intern(Code::R0702, &rule, &words);
                (Fallback::Wait { reason, reference }, None)
            }
            tree::Fallback::Omit(_) => {
                (Fallback::Omit, Some(Slot { presence: Presence::OPTIONAL, value: Type::Never }))
            }
        }
    }

    /// Target path of the line being checked, or the kind of rule: names a reason.
    pub(crate) fn rule_name(&self) -> String {
        self.rule.clone()
    }
}

/// `xref` results carry what to wait for.
fn reference_of(value: &Expression) -> Option<(String, Box<Expression>)> {
    match &value.kind {
        ExpressionKind::Xref { entity, key, .. } => Some((entity.clone(), key.clone())),
        ExpressionKind::Else { value, .. } => reference_of(value),
        _ => None,
    }
}

/// A constant as an expression.
pub(crate) fn constant_expression(constant: Constant, span: Span) -> Expression {
    let value = match &constant {
        Constant::Text(text) => Type::Text(Text::constant(text)),
        Constant::Decimal(value) => Type::Decimal(Decimal::constant(value.clone())),
        Constant::Bool(flag) => Type::Bool { may_be_true: *flag, may_be_false: !*flag },
        Constant::Date(kind, _) => Type::Date(*kind, Wire::Plain),
    };
    Expression { kind: ExpressionKind::Constant(constant), slot: required(value), span }
}

/// Union of two slots.
pub(crate) fn join(left: &Slot, right: &Slot) -> Slot {
    let value = match (&left.value, &right.value) {
        (Type::Never, other) | (other, Type::Never) => other.clone(),
        // how a number stood on the wire is over once it is a value among others
        (Type::Decimal(a), Type::Decimal(b)) if a.wire != b.wire => {
            let plain = |decimal: &Decimal| Decimal { wire: Wire::Plain, ..decimal.clone() };
            Type::Decimal(plain(a).join(&plain(b)))
        }
        (a, b) => a.join(b),
    };
    Slot { presence: left.presence.or(right.presence), value }
}

/// An operand that is absent or null makes the result absent.
pub(crate) fn after_computing(presence: Presence) -> Presence {
    let missing = presence.absent || presence.null;
    Presence { absent: missing && !is_on(Lie::ArithmeticNeverMissing), null: false }
}

/// The digits of every value stay within the 34 of the runtime.
pub(crate) fn fits_digits(decimal: &Decimal) -> bool {
    decimal.max_digits().is_some_and(|digits| digits <= 34)
}

/// What a value looks like inside a text.
pub(crate) fn text_form(value: &Type) -> Text {
    match value {
        Type::Text(text) => text.clone(),
        Type::Decimal(decimal) => Text { length: decimal.text_language_or_length(), ..Text::any() },
        Type::Bool { .. } => Text::of_set(["true".to_owned(), "false".to_owned()]),
        Type::Date(DateKind::Date, _) => {
            Text { length: mapc_types::Length::new(10, Some(10)), ..Text::any() }
        }
        Type::Date(DateKind::Time, _) => Text { length: mapc_types::Length::new(8, Some(18)), ..Text::any() },
        Type::Date(..) => Text { length: mapc_types::Length::new(19, Some(30)), ..Text::any() },
        _ => Text::any(),
    }
}
