//! Which part of a map can end a run, and what that part looks at: expressions, guards, walks over rows.

use mapc_check::typed::{
    Action, ArmWhen, Content, Expression, ExpressionKind, Fallback, FieldId, Gate, Guard, ListBody, ListId,
    ListNode, Predicate, ReasonId, RecordBody, RowSource, RowsId, SourceFieldId, TemplatePart, Typed,
};

/// A part of a map that can end a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rule<'t> {
    /// Reasons it can end with.
    pub(crate) reasons: Vec<ReasonId>,
    /// Every expression in it, also through names, rows and output fields.
    pub(crate) expressions: Vec<&'t Expression>,
    /// What it tests.
    pub(crate) predicates: Vec<&'t Predicate>,
    /// Source fields it reads.
    pub(crate) fields: Vec<SourceFieldId>,
    /// Source lists it walks.
    pub(crate) lists: Vec<ListId>,
    /// It is the read of a source field or list itself.
    pub(crate) is_read: bool,
}

/// Every rule of a map: reads, gates, fields and lists in order, delivery.
pub(crate) fn rules(typed: &Typed) -> Vec<Rule<'_>> {
    let mut found = Vec::new();
    for (at, field) in typed.source_fields.iter().enumerate() {
        found.push(Rule {
            reasons: vec![field.source_reason],
            predicates: field.facts.iter().collect(),
            fields: vec![SourceFieldId(at)],
            is_read: true,
            ..Rule::default()
        });
    }
    for (at, list) in typed.source_lists.iter().enumerate() {
        found.push(Rule {
            reasons: vec![list.source_reason],
            predicates: list.facts.iter().collect(),
            lists: vec![ListId(at)],
            is_read: true,
            ..Rule::default()
        });
    }
    for gate in &typed.gates {
        let mut rule = Collector::new(typed);
        let (Gate::Skip { condition, reason } | Gate::Reject { condition, reason, .. }) = gate;
        rule.rule.reasons.push(*reason);
        rule.expression(condition);
        found.push(rule.rule);
    }
    body(typed, &typed.document, &[], &mut found);
    for expression in typed.key.iter().chain(&typed.order_by) {
        let mut rule = Collector::new(typed);
        rule.expression(expression);
        found.push(rule.rule);
    }
    found
}

fn body<'t>(typed: &'t Typed, record: &'t RecordBody, around: &[&'t ListNode], found: &mut Vec<Rule<'t>>) {
    for field in &record.fields {
        match &field.content {
            Content::Value(id) => found.push(field_rule(typed, *id, around)),
            Content::Record { body: inner, .. } => body(typed, inner, around, found),
            Content::List(list) => {
                let mut inner = around.to_vec();
                inner.push(list);
                let mut rule = Collector::new(typed);
                rule.around(&inner);
                rule.guards(&list.guards);
                if let ListBody::Value(id) = &list.body {
                    rule.field(*id);
                }
                found.push(rule.rule);
                match &list.body {
                    ListBody::Value(id) => found.push(field_rule(typed, *id, &inner)),
                    ListBody::Record(record) => body(typed, record, &inner, found),
                }
            }
        }
    }
}

fn field_rule<'t>(typed: &'t Typed, id: FieldId, around: &[&'t ListNode]) -> Rule<'t> {
    let mut rule = Collector::new(typed);
    rule.field(id);
    rule.around(around);
    rule.rule
}

struct Collector<'t> {
    typed: &'t Typed,
    rule: Rule<'t>,
    seen_fields: Vec<FieldId>,
    seen_rows: Vec<RowsId>,
    seen_lets: Vec<usize>,
}

impl<'t> Collector<'t> {
    fn new(typed: &'t Typed) -> Self {
        Self {
            typed,
            rule: Rule::default(),
            seen_fields: Vec::new(),
            seen_rows: Vec::new(),
            seen_lets: Vec::new(),
        }
    }

    fn around(&mut self, lists: &[&'t ListNode]) {
        for list in lists {
            if let Some(when) = &list.when {
                self.expression(when);
            }
            self.rows(list.rows);
        }
    }

    fn guards(&mut self, guards: &'t [Guard]) {
        for guard in guards {
            self.rule.predicates.push(&guard.predicate);
            self.action(&guard.action);
        }
    }

    fn action(&mut self, action: &'t Action) {
        if let Action::Reject { reason, .. } = action {
            self.rule.reasons.push(*reason);
        }
    }

    fn field(&mut self, id: FieldId) {
        if self.seen_fields.contains(&id) {
            return;
        }
        self.seen_fields.push(id);
        let Some(field) = self.typed.fields.get(id.0) else { return };
        if let Some(when) = &field.when {
            self.expression(when);
        }
        self.expression(&field.value);
        self.guards(&field.guards);
        if let Some(action) = &field.on_failure {
            self.action(action);
        }
    }

    fn rows(&mut self, id: RowsId) {
        if self.seen_rows.contains(&id) {
            return;
        }
        self.seen_rows.push(id);
        let Some(rows) = self.typed.rows.get(id.0) else { return };
        if let RowSource::List { list, .. } = rows.source {
            self.rule.lists.push(list);
        }
        let sort = rows.sort.iter().map(|sort| &sort.key);
        for part in rows.filter.iter().chain(&rows.group).chain(sort) {
            self.expression(part);
        }
    }

    fn all(&mut self, expressions: impl IntoIterator<Item = &'t Expression>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn template(&mut self, parts: &'t [TemplatePart]) {
        for part in parts {
            if let TemplatePart::Hole(hole) = part {
                self.expression(hole);
            }
        }
    }

    fn failure(&mut self, failure: Option<ReasonId>) {
        self.rule.reasons.extend(failure);
    }

    fn fallback(&mut self, fallback: &'t Fallback) {
        match fallback {
            Fallback::Value(value) => self.expression(value),
            Fallback::Reject { reason, .. } | Fallback::Wait { reason, .. } => {
                self.rule.reasons.push(*reason);
            }
            Fallback::Omit => {}
        }
    }

    fn expression(&mut self, expression: &'t Expression) {
        self.rule.expressions.push(expression);
        match &expression.kind {
            ExpressionKind::Constant(_) | ExpressionKind::Missing => {}
            ExpressionKind::Position(scope) => {
                self.rule.lists.extend(self.typed.scopes.get(scope.0).map(|scope| scope.list));
            }
            ExpressionKind::Read { field, .. } => self.rule.fields.push(*field),
            ExpressionKind::Let(id) => {
                if !self.seen_lets.contains(&id.0)
                    && let Some(known) = self.typed.lets.get(id.0)
                {
                    self.seen_lets.push(id.0);
                    self.expression(&known.value);
                }
            }
            ExpressionKind::Target(id) => self.field(*id),
            ExpressionKind::Template(parts) => self.template(parts),
            ExpressionKind::Negate(inner) | ExpressionKind::IsTrue(inner) | ExpressionKind::Not(inner) => {
                self.expression(inner);
            }
            ExpressionKind::Arithmetic { left, right, failure, .. }
            | ExpressionKind::Quotient { left, right, failure, .. } => {
                self.failure(*failure);
                // a divisor decides more than what it divides
                self.all([right.as_ref(), left.as_ref()]);
            }
            ExpressionKind::Equal { left, right, .. }
            | ExpressionKind::Compare { left, right, .. }
            | ExpressionKind::And(left, right)
            | ExpressionKind::Or(left, right) => self.all([left.as_ref(), right.as_ref()]),
            ExpressionKind::Call { input, failure, .. } => {
                self.failure(*failure);
                self.expression(input);
            }
            ExpressionKind::Lookup { keys, failure, .. } => {
                self.failure(*failure);
                self.all(keys);
            }
            ExpressionKind::Xref { key, source_reason, .. } => {
                self.rule.reasons.push(*source_reason);
                self.expression(key);
            }
            ExpressionKind::Aggregate { rows, element, failure, .. } => {
                self.failure(*failure);
                self.rows(*rows);
                self.all(element.iter().map(AsRef::as_ref));
            }
            ExpressionKind::Choose { subject, arms, otherwise } => {
                self.all(subject.iter().map(AsRef::as_ref));
                for arm in arms {
                    if let ArmWhen::Condition(condition) = &arm.when {
                        self.expression(condition);
                    }
                    self.fallback(&arm.then);
                }
                if let Some(otherwise) = otherwise {
                    self.fallback(otherwise);
                }
            }
            ExpressionKind::Else { value, fallback } => {
                self.expression(value);
                self.fallback(fallback);
            }
            ExpressionKind::OneOf { subject, .. }
            | ExpressionKind::IsMissing { subject, .. }
            | ExpressionKind::IsNull { subject, .. }
            | ExpressionKind::LongerThan { subject, .. }
            | ExpressionKind::Matches { subject, .. } => self.expression(subject),
        }
    }
}
