//! How often named values and output fields are used, and which row variables they depend on.

use std::collections::{BTreeMap, BTreeSet};

use mapc_check::typed::{
    Action, Arm, ArmWhen, Content, Expression, ExpressionKind, Fallback, FieldId, FieldNode, Gate, Guard,
    LetId, ListBody, RecordBody, RowSource, RowsId, ScopeId, SourceFieldId, TemplatePart, Typed, ValueField,
};

use super::{Keep, Total};

/// What is known of one named value or output field.
#[derive(Clone, Copy)]
struct Facts {
    level: ScopeId,
    /// Walks rows, so that evaluating it twice is dear.
    walks: bool,
    /// Number of references in the map.
    references: usize,
    known: bool,
}

const UNKNOWN: Facts = Facts { level: ScopeId(0), walks: false, references: 0, known: false };

/// What the uses of a map say.
pub(super) struct Uses<'map> {
    /// By named value.
    pub(super) lets: Vec<Keep>,
    /// By output field.
    pub(super) targets: Vec<Keep>,
    /// Row variables whose position is asked for.
    pub(super) numbered: BTreeSet<ScopeId>,
    /// How often each read of a row is named.
    pub(super) reads: BTreeMap<(ScopeId, SourceFieldId), usize>,
    /// Sums and counts of output fields over their rows.
    pub(super) totals: Vec<Total<'map>>,
}

/// Looks at every expression once.
pub(super) fn uses(typed: &Typed) -> Uses<'_> {
    let mut count = Count {
        typed,
        numbered: BTreeSet::new(),
        reads: BTreeMap::new(),
        totals: Vec::new(),
        lets: vec![UNKNOWN; typed.lets.len()],
        fields: vec![UNKNOWN; typed.fields.len()],
    };
    let mut outside = Facts { known: true, ..UNKNOWN };
    for gate in &typed.gates {
        match gate {
            Gate::Skip { condition, .. } => count.expression(condition, &mut outside),
            Gate::Reject { condition, text, .. } => {
                count.expression(condition, &mut outside);
                count.template(text, &mut outside);
            }
        }
    }
    count.record(&typed.document);
    for expression in typed.key.iter().chain(&typed.order_by) {
        count.expression(expression, &mut outside);
    }
    let lets = typed.lets.iter().zip(&count.lets).map(|(named, facts)| {
        let trivial = matches!(named.value.kind, ExpressionKind::Constant(_) | ExpressionKind::Missing);
        let cheap = trivial || matches!(named.value.kind, ExpressionKind::Read { .. });
        Keep { keep: !trivial && (facts.references > 1 || facts.walks), cheap, level: facts.level }
    });
    let fields = typed.fields.iter().zip(&count.fields).map(|(field, facts)| {
        let plain = field.guards.is_empty() && field.when.is_none();
        let cheap =
            plain && matches!(field.value.kind, ExpressionKind::Read { .. } | ExpressionKind::Constant(_));
        Keep { keep: facts.references > 0 && !cheap, cheap, level: facts.level }
    });
    let (lets, targets) = (lets.collect(), fields.collect());
    Uses { lets, targets, numbered: count.numbered, reads: count.reads, totals: count.totals }
}

struct Count<'map> {
    typed: &'map Typed,
    numbered: BTreeSet<ScopeId>,
    reads: BTreeMap<(ScopeId, SourceFieldId), usize>,
    totals: Vec<Total<'map>>,
    lets: Vec<Facts>,
    fields: Vec<Facts>,
}

impl<'map> Count<'map> {
    fn record(&mut self, body: &'map RecordBody) {
        for FieldNode { content, .. } in &body.fields {
            match content {
                Content::Value(id) => {
                    self.field(*id);
                }
                Content::Record { body, .. } => self.record(body),
                Content::List(list) => {
                    let mut outside = UNKNOWN;
                    self.optional(list.when.as_ref(), &mut outside);
                    self.guards(&list.guards, &mut outside);
                    self.rows(list.rows, &mut outside);
                    match &list.body {
                        ListBody::Record(body) => self.record(body),
                        ListBody::Value(id) => {
                            self.field(*id);
                        }
                    }
                }
            }
        }
    }

    fn nesting(&self, scope: ScopeId) -> usize {
        let parents = std::iter::successors(self.typed.scopes.get(scope.0), |scope| {
            self.typed.scopes.get(scope.parent?.0)
        });
        parents.take(self.typed.scopes.len()).count()
    }

    /// `facts` depends on the scope as well.
    fn depend(&self, scope: ScopeId, facts: &mut Facts) {
        if self.nesting(scope) > self.nesting(facts.level) {
            facts.level = scope;
        }
    }

    fn named(&mut self, id: LetId) -> Facts {
        let known = self.lets.get(id.0).copied().unwrap_or(UNKNOWN);
        let Some(named) = self.typed.lets.get(id.0).filter(|_| !known.known) else { return known };
        // Known from here on: a circle, which the checker excludes, ends.
        self.mark(true, id.0, |facts| facts.known = true);
        let mut facts = UNKNOWN;
        self.expression(&named.value, &mut facts);
        self.mark(true, id.0, |known| {
            known.level = facts.level;
            known.walks = facts.walks;
        });
        facts
    }

    fn field(&mut self, id: FieldId) -> Facts {
        let known = self.fields.get(id.0).copied().unwrap_or(UNKNOWN);
        let Some(field) = self.typed.fields.get(id.0).filter(|_| !known.known) else { return known };
        self.mark(false, id.0, |facts| facts.known = true);
        let mut facts = UNKNOWN;
        let ValueField { when, value, guards, on_failure, .. } = field;
        self.optional(when.as_ref(), &mut facts);
        self.expression(value, &mut facts);
        self.guards(guards, &mut facts);
        if let Some(Action::Reject { text, .. }) = on_failure {
            self.template(text, &mut facts);
        }
        self.mark(false, id.0, |known| {
            known.level = facts.level;
            known.walks = facts.walks;
        });
        facts
    }

    fn mark(&mut self, named: bool, place: usize, change: impl Fn(&mut Facts)) {
        let table = if named { &mut self.lets } else { &mut self.fields };
        if let Some(facts) = table.get_mut(place) {
            change(facts);
        }
    }

    fn guards(&mut self, guards: &'map [Guard], facts: &mut Facts) {
        for guard in guards {
            if let Action::Reject { text, .. } = &guard.action {
                self.template(text, facts);
            }
        }
    }

    fn optional(&mut self, expression: Option<&'map Expression>, facts: &mut Facts) {
        if let Some(expression) = expression {
            self.expression(expression, facts);
        }
    }

    fn template(&mut self, parts: &'map [TemplatePart], facts: &mut Facts) {
        for part in parts {
            if let TemplatePart::Hole(hole) = part {
                self.expression(hole, facts);
            }
        }
    }

    /// Everything of a walk but what is made of its rows.
    fn rows(&mut self, id: RowsId, facts: &mut Facts) {
        let Some(rows) = self.typed.rows.get(id.0) else { return };
        let (RowSource::List { scope, .. } | RowSource::Group { scope }) = rows.source;
        self.depend(scope, facts);
        let mut inside = UNKNOWN;
        self.optional(rows.filter.as_ref(), &mut inside);
        self.optional(rows.group.as_ref(), &mut inside);
        self.optional(rows.sort.as_ref().map(|sort| &sort.key), &mut inside);
        self.leave(rows.scope, inside, facts);
    }

    /// What is used inside rows is used outside too, except the row variable itself.
    fn leave(&self, scope: ScopeId, inside: Facts, facts: &mut Facts) {
        if inside.level == scope {
            // It may depend on what stands around the rows; those scopes all enclose this one.
            let parent = self.typed.scopes.get(scope.0).and_then(|scope| scope.parent);
            self.depend(parent.unwrap_or(ScopeId(0)), facts);
        } else {
            self.depend(inside.level, facts);
        }
    }

    fn fallback(&mut self, fallback: &'map Fallback, facts: &mut Facts) {
        match fallback {
            Fallback::Value(value) => self.expression(value, facts),
            Fallback::Reject { text, .. } => self.template(text, facts),
            Fallback::Wait { reference: Some((_, key)), .. } => self.expression(key, facts),
            Fallback::Wait { reference: None, .. } | Fallback::Omit => {}
        }
    }

    fn expression(&mut self, expression: &'map Expression, facts: &mut Facts) {
        match &expression.kind {
            ExpressionKind::Constant(_) | ExpressionKind::Missing => {}
            ExpressionKind::Read { scope, field } => {
                *self.reads.entry((*scope, *field)).or_default() += 1;
                self.depend(*scope, facts);
            }
            ExpressionKind::Position(scope) => {
                self.numbered.insert(*scope);
                self.depend(*scope, facts);
            }
            ExpressionKind::Let(id) => {
                self.mark(true, id.0, |facts| facts.references += 1);
                let inner = self.named(*id);
                self.depend(inner.level, facts);
                facts.walks |= inner.walks;
            }
            ExpressionKind::Target(id) => {
                self.mark(false, id.0, |facts| facts.references += 1);
                let inner = self.field(*id);
                self.depend(inner.level, facts);
                facts.walks |= inner.walks;
            }
            ExpressionKind::Template(parts) => self.template(parts, facts),
            ExpressionKind::Negate(operand) => self.expression(operand, facts),
            ExpressionKind::Arithmetic { left, right, .. }
            | ExpressionKind::Quotient { left, right, .. }
            | ExpressionKind::Equal { left, right, .. }
            | ExpressionKind::Compare { left, right, .. }
            | ExpressionKind::And(left, right)
            | ExpressionKind::Or(left, right) => {
                self.expression(left, facts);
                self.expression(right, facts);
            }
            ExpressionKind::Call { input, .. } => self.expression(input, facts),
            ExpressionKind::Lookup { keys, .. } => keys.iter().for_each(|key| self.expression(key, facts)),
            ExpressionKind::Xref { key, .. } => self.expression(key, facts),
            ExpressionKind::Aggregate { function, rows, element, .. } => {
                facts.walks = true;
                let total = Total::of(function, *rows, element.as_deref());
                let fresh = |total: &Total<'map>| !self.totals.iter().any(|known| known.is_same(total));
                self.totals.extend(total.filter(fresh));
                self.rows(*rows, facts);
                if let (Some(element), Some(rows)) = (element, self.typed.rows.get(rows.0)) {
                    let mut inside = UNKNOWN;
                    self.expression(element, &mut inside);
                    self.leave(rows.scope, inside, facts);
                }
            }
            ExpressionKind::Choose { subject, arms, otherwise } => {
                self.optional(subject.as_deref(), facts);
                for Arm { when, then } in arms {
                    if let ArmWhen::Condition(condition) = when {
                        self.expression(condition, facts);
                    }
                    self.fallback(then, facts);
                }
                if let Some(otherwise) = otherwise {
                    self.fallback(otherwise, facts);
                }
            }
            ExpressionKind::Else { value, fallback } => {
                self.expression(value, facts);
                self.fallback(fallback, facts);
            }
            ExpressionKind::OneOf { subject, .. }
            | ExpressionKind::IsMissing { subject, .. }
            | ExpressionKind::IsNull { subject, .. }
            | ExpressionKind::LongerThan { subject, .. }
            | ExpressionKind::Matches { subject, .. }
            | ExpressionKind::IsTrue(subject)
            | ExpressionKind::Not(subject) => self.expression(subject, facts),
        }
    }
}
