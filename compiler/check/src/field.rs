//! One line of a block: a single value into a field.

use mapc_diagnostics::Code;
use mapc_grammar::tree::{self, HandlerAction, Literal};
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Presence, Slot, Type, Wire};

use crate::checker::{Checker, Environment};
use crate::errors::{self, LineFacts};
use crate::expression::{constant_expression, join};
use crate::gaps::{Gap, LineContext, Tally};
use crate::open::{reject_missing, reject_null, reject_unless};
use crate::policy::{PolicyAction, field_kind};
use crate::reliance::Outcome;
use crate::target::{LeafId, LeafState};
use crate::typed::{
    Action, Constant, Expression, ExpressionKind, Fallback, FieldId, ReasonId, ValueField, Write,
};

/// A checked line before it gets its number.
pub(crate) struct Draft {
    pub(crate) field: ValueField,
    pub(crate) slot: Slot,
    pub(crate) tally: Tally,
    /// Which handlers of the line answer something.
    pub(crate) used: Vec<bool>,
    reasons: Vec<ReasonId>,
}

impl Draft {
    /// What must not change when a fact of the source is dropped.
    ///
    /// Whether an optional field is there only counts when another line uses its value.
    pub(crate) fn outcome(&self, counts: bool) -> Outcome {
        Outcome {
            reasons: self.reasons.clone(),
            presence: if counts { self.slot.presence } else { Presence::OPTIONAL },
            guards: self.field.guards.iter().map(|guard| guard.id.clone()).collect(),
        }
    }
}

/// What a value is checked against.
pub(crate) struct Destination {
    pub(crate) slot: Slot,
    /// It must be there.
    pub(crate) required: bool,
    pub(crate) facts: LineFacts,
}

impl<'a> Checker<'a> {
    /// A single value into a leaf.
    pub(crate) fn check_value_leaf(
        &mut self,
        id: LeafId,
        assignment: &'a tree::Assignment,
        value: &'a tree::Expression,
        handlers: &'a [tree::Handler],
        when: Option<&'a tree::Expression>,
        environment: &Environment,
    ) -> LeafState {
        let Some(destination) = self.destination(id, assignment, value.span) else {
            return LeafState::Broken;
        };
        if let (Type::List(_), tree::ExpressionKind::Path(path)) = (&destination.slot.value, &value.kind) {
            return self.check_list_copy(id, path, handlers, when, environment);
        }
        let before = self.errors();
        let counts = destination.required || self.is_used(id);
        let draft = self.settle_with(
            |checker| checker.value_field(&destination, value, handlers, when, environment),
            |_, draft| draft.outcome(counts),
            |draft| draft.field.when.iter().chain([&draft.field.value]).collect(),
            &[],
        );
        self.zero_divisors.clear();
        self.table_gaps.clear();
        self.several_rows.clear();
        if self.errors() > before {
            return LeafState::Broken;
        }
        LeafState::Value(self.add_field(draft))
    }

    /// Gives a checked line its number.
    pub(crate) fn add_field(&mut self, draft: Draft) -> FieldId {
        self.tally.add(&draft.tally);
        self.fields.push(draft.field);
        self.field_slots.push(draft.slot);
        FieldId(self.fields.len() - 1)
    }

    /// The field a leaf writes.
    pub(crate) fn destination(
        &self,
        id: LeafId,
        assignment: &tree::Assignment,
        value: mapc_diagnostics::Span,
    ) -> Option<Destination> {
        let leaf = self.target.leaves.get(id.0)?;
        let schema = self.target_schema();
        let described: Option<&mapc_schema::Described> =
            schema.and_then(|schema| schema.describe(&leaf.steps));
        let resolved = schema.map_or(Type::Any, |schema| schema.resolve(&leaf.slot.value).clone());
        let facts = LineFacts::new(
            leaf.target.clone(),
            assignment.target.span,
            (self.text(value).to_owned(), value),
            self.header.target_system(),
            described.cloned(),
        );
        let required = leaf.anchored && !leaf.slot.presence.absent;
        let slot = Slot { presence: leaf.slot.presence, value: resolved };
        Some(Destination { slot, required, facts })
    }

    /// Checks one value against its field.
    pub(crate) fn value_field(
        &mut self,
        destination: &Destination,
        value: &'a tree::Expression,
        handlers: &'a [tree::Handler],
        when: Option<&'a tree::Expression>,
        environment: &Environment,
    ) -> Draft {
        let condition = when.map(|when| self.condition(when, environment));
        let facts = match &condition {
            Some(condition) => environment.facts.with(condition, true),
            None => environment.facts.clone(),
        };
        let inner = environment.with_facts(facts);
        let typed = self.single(value, &inner);
        self.typed_field(destination, typed, value.span, handlers, condition, &inner)
    }

    /// Checks a typed value against its field.
    pub(crate) fn typed_field(
        &mut self,
        destination: &Destination,
        mut typed: Expression,
        span: mapc_diagnostics::Span,
        handlers: &'a [tree::Handler],
        mut condition: Option<Expression>,
        inner: &Environment,
    ) -> Draft {
        let mut facts = destination.facts.clone();
        self.note_source(&typed, &mut facts);
        let limit = self.one_shape(&typed.slot.value, &destination.slot.value);
        let default = handlers.iter().find_map(|handler| match &handler.action {
            HandlerAction::Default(literal) => Some(literal),
            _ => None,
        });
        let write = self.write_form(&typed, &limit, default, &facts);
        let described = facts.described.clone();
        let mut line = LineContext {
            kind: field_kind(&facts.target, &limit, described.as_ref(), self.header.by.as_deref()),
            facts: &facts,
            handlers,
            used: vec![false; handlers.len()],
            optional: !destination.required,
            limit: &limit,
            environment: inner,
            tally: Tally::default(),
        };
        let unknown = matches!(typed.slot.value, Type::Any) || matches!(limit, Type::Any);
        let mut presence = typed.slot.presence;
        if self.drops_null() && presence.null {
            presence = Presence { absent: true, null: false };
        }
        if !unknown || matches!(limit, Type::Any) && !matches!(typed.slot.value, Type::Any) {
            typed = self.answer_missing(typed, &mut presence, destination, &mut condition, &mut line);
        }
        let mut on_failure: Option<Action> = None;
        for (gap, failure) in self.gaps_inside() {
            line.tally.point(false);
            if let Some(action) = self.answer_inside(&gap, failure, &mut line) {
                on_failure = on_failure.or(Some(action));
            }
        }
        if let Some(open) = &mut self.open {
            open.value = Some(typed.clone());
        }
        let (guards, fitted) = if write.is_some() && !unknown {
            self.close_gaps(&typed.slot.value, &mut line)
        } else {
            (Vec::new(), typed.slot.value.clone())
        };
        let failures = self.reasons_of(&typed);
        if on_failure.is_none() && !failures.is_empty() {
            on_failure = self.failure_handler(&failures, &mut line);
        }
        if let Some(open) = &mut self.open {
            open.value = None;
        }
        let mut slot = Slot { presence, value: fitted };
        for action in guards.iter().map(|guard| &guard.action).chain(on_failure.iter()) {
            match action {
                Action::Omit => slot.presence.absent |= !is_on(Lie::OmittedIsThere),
                Action::Default(constant) => {
                    slot = join(&slot, &constant_expression(constant.clone(), span).slot);
                }
                Action::Reject { .. } | Action::Cut(_) | Action::Round { .. } => {}
            }
        }
        if condition.is_some() {
            slot.presence.absent = true;
        }
        let LineContext { used, mut tally, .. } = line;
        for (handler, used) in handlers.iter().zip(&used) {
            if !used && !unknown && write.is_some() {
                self.say(errors::handler_cannot_act(self.text(handler.span), handler.span, &facts));
            }
        }
        let mut reasons = failures;
        reasons.extend(guards.iter().filter_map(|guard| match &guard.action {
            Action::Reject { reason, .. } => Some(*reason),
            _ => None,
        }));
        note_cuts(&typed, &facts.target, &mut tally);
        Draft {
            field: ValueField {
                target: facts.target.clone(),
                when: condition,
                value: typed,
                guards,
                on_failure,
                write: write.unwrap_or(Write::Text),
                span: facts.target_span,
            },
            slot,
            tally,
            used,
            reasons,
        }
    }

    /// Gaps that come from inside the value, with the failure each is met as.
    fn gaps_inside(&mut self) -> Vec<(Gap, Option<ReasonId>)> {
        let mut inside = Vec::new();
        for gap in std::mem::take(&mut self.table_gaps) {
            let failure = self.own_reason(Code::R0601, &errors::no_code_words(&gap.table));
            inside.push((Gap::Table(gap), failure));
        }
        for (divisor, whole) in std::mem::take(&mut self.zero_divisors) {
            let failure = self.own_reason(Code::R0403, &errors::arithmetic_words(self.text(whole)));
            inside.push((Gap::Zero(divisor), failure));
        }
        for (path, _) in std::mem::take(&mut self.several_rows) {
            let failure = self.own_reason(Code::R0401, &errors::several_words(self.text(path)));
            inside.push((Gap::Several(path), failure));
        }
        inside
    }

    /// Answers a gap inside the value; one that is left open is met as its own failure.
    fn answer_inside(
        &mut self,
        gap: &Gap,
        failure: Option<ReasonId>,
        line: &mut LineContext<'a, '_>,
    ) -> Option<Action> {
        if let Some(open) = &mut self.open {
            open.failure = failure;
        }
        let action = self.answer(gap, line);
        if let Some(open) = &mut self.open {
            open.failure = None;
        }
        let left_open =
            |action: &Action| matches!(action, Action::Reject { reason, .. } if Some(*reason) == failure);
        action.filter(|action| !left_open(action))
    }

    /// Answers a value that may be missing or null.
    fn answer_missing(
        &mut self,
        typed: Expression,
        presence: &mut Presence,
        destination: &Destination,
        condition: &mut Option<Expression>,
        line: &mut LineContext<'a, '_>,
    ) -> Expression {
        let mut typed = typed;
        let conditional = condition.is_some();
        let takes_null = destination.slot.presence.null;
        if !takes_null && typed.slot.presence.null && !self.drops_null() {
            line.tally.point(false);
            match self.header.policy.missing() {
                Some(action) => {
                    line.tally.by_policy += 1;
                    typed = self.wrap_missing(typed, action, line);
                    *presence = typed.slot.presence;
                }
                None => {
                    let diagnostic = errors::null_not_allowed(line.facts, line.optional);
                    if let Some(reason) = self.unanswered(diagnostic, &line.facts.target) {
                        typed = reject_null(typed, reason);
                    }
                }
            }
            presence.null = false;
        }
        if destination.required {
            let conditional = conditional && !is_on(Lie::ConditionAlwaysHolds);
            let missing = presence.absent || conditional;
            line.tally.point(!missing);
            if missing {
                match self.header.policy.missing() {
                    Some(PolicyAction::Reject) if !conditional => {
                        line.tally.by_policy += 1;
                        typed = self.wrap_missing(typed, PolicyAction::Reject, line);
                        presence.absent = false;
                    }
                    _ if conditional || matches!(typed.kind, ExpressionKind::Choose { .. }) => {
                        let diagnostic = errors::filled_in_one_branch(line.facts, conditional);
                        if let Some(reason) = self.unanswered(diagnostic, &line.facts.target) {
                            typed = reject_missing(typed, reason);
                            presence.absent = false;
                            if let Some(condition) = condition.take() {
                                typed = reject_unless(condition, typed, reason);
                            }
                        }
                    }
                    _ => {
                        let described = line.facts.described.as_ref();
                        let place = described.and_then(|known| known.required);
                        let diagnostic = errors::may_be_missing(line.facts, place);
                        if let Some(reason) = self.unanswered(diagnostic, &line.facts.target) {
                            typed = reject_missing(typed, reason);
                            presence.absent = false;
                        }
                    }
                }
            }
        }
        typed
    }

    fn wrap_missing(
        &mut self,
        typed: Expression,
        action: PolicyAction,
        line: &LineContext<'a, '_>,
    ) -> Expression {
        let span = typed.span;
        let value = typed.slot.value.clone();
        let (fallback, presence) = if action == PolicyAction::Omit && line.optional {
            (Fallback::Omit, Presence::OPTIONAL)
        } else {
            let words = format!("`{}` has no value", line.facts.target);
            let reason = self.reasons.intern(Code::R0301, &line.facts.target, &words);
            (Fallback::Reject { reason, text: Vec::new() }, Presence::REQUIRED)
        };
        Expression {
            kind: ExpressionKind::Else { value: Box::new(typed), fallback },
            slot: Slot { presence, value },
            span,
        }
    }

    /// The handler that answers what may fail inside the value.
    fn failure_handler(&mut self, failures: &[ReasonId], line: &mut LineContext<'a, '_>) -> Option<Action> {
        let at = line.handlers.iter().position(|handler| {
            matches!(
                handler.action,
                HandlerAction::Reject(_) | HandlerAction::Omit | HandlerAction::Default(_)
            )
        })?;
        if let Some(used) = line.used.get_mut(at) {
            *used = true;
        }
        let handler = line.handlers.get(at)?;
        match &handler.action {
            HandlerAction::Reject(template) => {
                let text = self.message(template, line.environment);
                let words = self.message_words(template);
                let code = failures
                    .first()
                    .and_then(|id| self.reasons.get(*id))
                    .map_or(Code::R0402, |known| known.code);
                let reason = self.reasons.intern(code, &line.facts.target, &words);
                Some(Action::Reject { reason, text })
            }
            HandlerAction::Omit if line.optional => Some(Action::Omit),
            HandlerAction::Omit => {
                self.say(errors::omit_required(line.facts, handler.span));
                None
            }
            HandlerAction::Default(literal) => self.default_constant(literal, line).map(Action::Default),
            HandlerAction::Cut | HandlerAction::Round => None,
        }
    }

    /// The branch of a field with several shapes that a value of this kind goes into.
    fn one_shape(&self, value: &Type, limit: &Type) -> Type {
        match limit {
            Type::Union(arms) => arms
                .iter()
                .map(|arm| self.target_schema().map_or(arm, |schema| schema.resolve(arm)))
                .find(|arm| same_kind(value, arm))
                .cloned()
                .unwrap_or_else(|| limit.clone()),
            other => other.clone(),
        }
    }

    /// How the value is written; `None` after an error.
    fn write_form(
        &mut self,
        typed: &Expression,
        limit: &Type,
        default: Option<&Literal>,
        facts: &LineFacts,
    ) -> Option<Write> {
        let value = &typed.slot.value;
        match (value, limit) {
            (Type::Any, _) => Some(Write::Text),
            (Type::Never, _) => Some(form_of(limit, default)),
            (_, Type::Never) => {
                self.say(errors::nothing_fits(facts));
                None
            }
            (Type::Text(_), Type::Text(_) | Type::Any) => Some(Write::Text),
            (Type::Decimal(_), Type::Any) => Some(Write::Number { whole: false }),
            (Type::Decimal(_), Type::Decimal(limit)) => Some(match limit.wire {
                Wire::DecimalText => Write::DecimalText,
                Wire::Plain => Write::Number { whole: crate::words::is_whole(limit) },
            }),
            (Type::Bool { .. }, Type::Bool { .. } | Type::Any) => Some(Write::Bool),
            (Type::Date(kind, _), Type::Any) => Some(Write::Date(*kind)),
            (Type::Date(kind, _), Type::Date(wanted, _)) if kind == wanted => Some(Write::Date(*kind)),
            (Type::Text(_), Type::Date(kind, _)) if is_date_constant(typed, *kind) => Some(Write::Text),
            (Type::Date(mapc_types::DateKind::Instant, _), Type::Date(mapc_types::DateKind::Date, _))
                if self.header.zone.is_none() =>
            {
                self.say(errors::zone_missing(&facts.value_text, typed.span, self.header.zone_place()));
                None
            }
            (_, Type::List(_) | Type::Object(_)) => {
                self.say(errors::single_into_many(facts, limit));
                None
            }
            _ => {
                self.say(errors::wrong_kind(facts, value, limit));
                None
            }
        }
    }

    /// Adds to the line what the source says about the value.
    fn note_source(&self, typed: &Expression, facts: &mut LineFacts) {
        facts.constant = match &typed.kind {
            ExpressionKind::Constant(constant) => Some(constant.clone()),
            _ => None,
        };
        facts.lookup = match &typed.kind {
            ExpressionKind::Lookup { table, .. } => {
                self.tables.get(table.0).map(|table| (table.name.clone(), table.span))
            }
            _ => None,
        };
        facts.value_words = crate::words::full(&typed.slot.value);
        let mut reads = Vec::new();
        self.visit(typed, &mut |inner| {
            if let ExpressionKind::Read { field, .. } = &inner.kind {
                reads.push(*field);
            }
        });
        reads.dedup();
        let [only] = reads.as_slice() else { return };
        let Some(field) = self.book.fields.get(only.0) else { return };
        if let Some(described) = self.describe_source(field.list, &field.path) {
            facts.source = Some((field.display.clone(), described.clone()));
        }
    }
}

/// How a field is written whose value is never there: only its default is.
fn form_of(limit: &Type, default: Option<&Literal>) -> Write {
    match (limit, default) {
        (Type::Decimal(limit), _) if limit.wire == Wire::DecimalText => Write::DecimalText,
        (Type::Decimal(limit), _) => Write::Number { whole: crate::words::is_whole(limit) },
        (Type::Bool { .. }, _) => Write::Bool,
        (Type::Date(kind, _), _) => Write::Date(*kind),
        (Type::Any | Type::Union(_), Some(Literal::Number(_))) => Write::Number { whole: false },
        (Type::Any | Type::Union(_), Some(Literal::Bool(..))) => Write::Bool,
        _ => Write::Text,
    }
}

/// `tranDate = "2024-01-01"` is a date.
fn is_date_constant(typed: &Expression, kind: mapc_types::DateKind) -> bool {
    match &typed.kind {
        ExpressionKind::Constant(Constant::Text(text)) => {
            crate::condition::date_constant(kind, text).is_some()
        }
        _ => false,
    }
}

fn same_kind(value: &Type, limit: &Type) -> bool {
    match (value, limit) {
        (Type::Text(_), Type::Text(_)) | (Type::Decimal(_), Type::Decimal(_)) => true,
        (Type::Bool { .. }, Type::Bool { .. }) => true,
        (Type::Date(a, _), Type::Date(b, _)) => a == b,
        _ => false,
    }
}

/// Cutting and rounding functions of the line itself lose content too.
fn note_cuts(typed: &Expression, target: &str, tally: &mut Tally) {
    if let ExpressionKind::Call { function, arguments, .. } = &typed.kind
        && matches!(function.as_str(), "cut" | "round" | "start" | "end")
        && let Some(argument) = arguments.first()
    {
        tally.loses.push(format!("{target} ({function} {})", crate::words::constant(argument)));
    }
}
