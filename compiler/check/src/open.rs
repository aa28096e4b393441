//! Gaps that nothing answers, left open on request: each becomes an end of the run of its own, so that a message can be
//! searched for that reaches it. Such a map is for searching only and is never a [`crate::Checked`] one.

use std::collections::BTreeSet;

use mapc_diagnostics::{Code, Diagnostic, Span};
use mapc_types::Presence;

use crate::checker::Checker;
use crate::reasons::stable_id;
use crate::typed::{
    Action, Arm, ArmWhen, Content, Expression, ExpressionKind, Fallback, Gate, Guard, ListBody, ReasonId,
    RecordBody, TemplatePart, Typed,
};

/// A gap that nothing answers, and how a run shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenGap {
    /// Code, place and title of its diagnostic: they tell it from every other.
    pub code: Code,
    /// Primary place.
    pub span: Span,
    /// Title.
    pub title: String,
    /// Target path or rule it belongs to.
    pub rule: String,
    /// Stable id of the reason that a run ends with when a message shows the gap.
    pub reason: String,
}

impl OpenGap {
    /// This is the gap that the diagnostic speaks of.
    pub fn is_of(&self, diagnostic: &Diagnostic) -> bool {
        self.code == diagnostic.code && self.span == diagnostic.primary.span && self.title == diagnostic.title
    }
}

/// A map in which every gap that nothing answers ends the run.
#[derive(Clone, Debug)]
pub struct OpenMap {
    typed: Typed,
    gaps: Vec<OpenGap>,
}

impl OpenMap {
    pub(crate) fn new(typed: Typed, gaps: Vec<OpenGap>) -> Self {
        Self { typed, gaps }
    }

    /// The map. Lines with mistakes other than gaps are not in it.
    pub fn typed(&self) -> &Typed {
        &self.typed
    }

    /// Its gaps.
    pub fn gaps(&self) -> &[OpenGap] {
        &self.gaps
    }

    /// The same map with only this gap open: values pass where the others are, as if they fitted.
    #[must_use]
    pub fn only(&self, gap: &OpenGap) -> OpenMap {
        let others: BTreeSet<&String> =
            self.gaps.iter().map(|known| &known.reason).filter(|reason| **reason != gap.reason).collect();
        let closed: BTreeSet<ReasonId> = (0..self.typed.reasons.len())
            .filter(|at| self.typed.reasons.get(*at).is_some_and(|reason| others.contains(&reason.id)))
            .map(ReasonId)
            .collect();
        let mut typed = self.typed.clone();
        for field in &mut typed.fields {
            field.guards.retain(|guard| !rejects_with(guard, &closed));
            pass(&mut field.value, &closed);
        }
        pass_lists(&mut typed.document, &closed);
        OpenMap { typed, gaps: vec![gap.clone()] }
    }
}

fn rejects_with(guard: &Guard, reasons: &BTreeSet<ReasonId>) -> bool {
    matches!(&guard.action, Action::Reject { reason, .. } if reasons.contains(reason))
}

/// What stands around a value because it may be missing or null.
fn pass(value: &mut Expression, closed: &BTreeSet<ReasonId>) {
    let let_pass = |fallback: &mut Fallback| {
        if matches!(fallback, Fallback::Reject { reason, .. } if closed.contains(reason)) {
            *fallback = Fallback::Omit;
        }
    };
    match &mut value.kind {
        ExpressionKind::Else { value, fallback } => {
            let_pass(fallback);
            pass(value, closed);
        }
        ExpressionKind::Choose { arms, otherwise, .. } => {
            for arm in arms {
                let_pass(&mut arm.then);
                if let Fallback::Value(inner) = &mut arm.then {
                    pass(inner, closed);
                }
            }
            if let Some(otherwise) = otherwise {
                let_pass(otherwise);
                if let Fallback::Value(inner) = otherwise {
                    pass(inner, closed);
                }
            }
        }
        _ => {}
    }
}

fn pass_lists(body: &mut RecordBody, closed: &BTreeSet<ReasonId>) {
    for field in &mut body.fields {
        match &mut field.content {
            Content::Value(_) => {}
            Content::Record { body, .. } => pass_lists(body, closed),
            Content::List(list) => {
                list.guards.retain(|guard| !rejects_with(guard, closed));
                if let ListBody::Record(body) = &mut list.body {
                    pass_lists(body, closed);
                }
            }
        }
    }
}

/// Gaps that are being left open.
#[derive(Debug, Default)]
pub(crate) struct OpenGaps {
    pub(crate) found: Vec<OpenGap>,
    /// The value of the line, to say what it was.
    pub(crate) value: Option<Expression>,
    /// The failure that the gap being answered is met as.
    pub(crate) failure: Option<ReasonId>,
    /// Lists that must be there and are not when a condition of the message is false.
    pub(crate) gates: Vec<Gate>,
}

impl<'a> Checker<'a> {
    /// Says what nothing answers; when gaps are left open instead, gives the reason to end with.
    pub(crate) fn unanswered(&mut self, diagnostic: Diagnostic, rule: &str) -> Option<ReasonId> {
        if self.open.is_none() {
            self.say(diagnostic);
            return None;
        }
        if let Some(failure) = self.open.as_ref().and_then(|open| open.failure) {
            self.note_open(&diagnostic, rule, failure);
            return Some(failure);
        }
        let words = format!("{}: {}", diagnostic.code, diagnostic.title);
        // the place tells two lines that say the same from each other
        let place = stable_id(&[&format!("{:?}", diagnostic.primary.span)]);
        let reason = self.reasons.intern(Code::R0401, &format!("{rule} {place}"), &words);
        self.note_open(&diagnostic, rule, reason);
        Some(reason)
    }

    /// Like [`Self::unanswered`], for a value: the end says what the value was.
    pub(crate) fn unanswered_value(&mut self, diagnostic: Diagnostic, rule: &str) -> Option<Action> {
        let reason = self.unanswered(diagnostic, rule)?;
        let value = self.open.as_ref().and_then(|open| open.value.clone());
        let text = value.map(TemplatePart::Hole).into_iter().collect();
        Some(Action::Reject { reason, text })
    }

    /// Like [`Self::unanswered`], for a gap that the run meets as a failure of its own; `false`: it was said.
    pub(crate) fn unanswered_failure(&mut self, diagnostic: Diagnostic, failure: Option<ReasonId>) -> bool {
        match failure {
            Some(failure) if self.open.is_some() => {
                let rule = self.rule_name();
                self.note_open(&diagnostic, &rule, failure);
                true
            }
            _ => {
                self.say(diagnostic);
                false
            }
        }
    }

    /// The reason of that code and text in the line being checked.
    pub(crate) fn own_reason(&self, code: Code, text: &str) -> Option<ReasonId> {
        let rule = self.rule_name();
        self.reasons.find(code, &rule, text)
    }

    fn note_open(&mut self, diagnostic: &Diagnostic, rule: &str, reason: ReasonId) {
        let Some(reason) = self.reasons.get(reason).map(|reason| reason.id.clone()) else { return };
        let gap = OpenGap {
            code: diagnostic.code,
            span: diagnostic.primary.span,
            title: diagnostic.title.clone(),
            rule: rule.to_owned(),
            reason,
        };
        // a line is looked at several times
        let same =
            |known: &OpenGap| known.code == gap.code && known.span == gap.span && known.title == gap.title;
        if let Some(open) = self.open.as_mut().filter(|open| !open.found.iter().any(same)) {
            open.found.push(gap);
        }
    }
}

/// `value`, with an end where it is null.
pub(crate) fn reject_null(value: Expression, reason: ReasonId) -> Expression {
    let (span, mut slot) = (value.span, value.slot.clone());
    let is_null = Expression {
        kind: ExpressionKind::IsNull { subject: Box::new(value.clone()), negated: false },
        slot: truth(),
        span,
    };
    slot.presence.null = false;
    let reject = Fallback::Reject { reason, text: Vec::new() };
    Expression {
        kind: ExpressionKind::Choose {
            subject: None,
            arms: vec![Arm { when: ArmWhen::Condition(is_null), then: reject }],
            otherwise: Some(Fallback::Value(Box::new(value))),
        },
        slot,
        span,
    }
}

/// `value` while the condition holds, else an end.
pub(crate) fn reject_unless(condition: Expression, value: Expression, reason: ReasonId) -> Expression {
    let (span, slot) = (value.span, value.slot.clone());
    Expression {
        kind: ExpressionKind::Choose {
            subject: None,
            arms: vec![Arm { when: ArmWhen::Condition(condition), then: Fallback::Value(Box::new(value)) }],
            otherwise: Some(Fallback::Reject { reason, text: Vec::new() }),
        },
        slot,
        span,
    }
}

fn truth() -> mapc_types::Slot {
    let value = mapc_types::Type::Bool { may_be_true: true, may_be_false: true };
    mapc_types::Slot { presence: Presence::REQUIRED, value }
}

/// `value`, with an end where there is none.
pub(crate) fn reject_missing(value: Expression, reason: ReasonId) -> Expression {
    let (span, mut slot) = (value.span, value.slot.clone());
    slot.presence = Presence::REQUIRED;
    let fallback = Fallback::Reject { reason, text: Vec::new() };
    Expression { kind: ExpressionKind::Else { value: Box::new(value), fallback }, slot, span }
}

/// Ends when the condition is false.
pub(crate) fn reject_when_not(condition: Expression, reason: ReasonId) -> Gate {
    let (slot, span) = (truth(), condition.span);
    let condition = Expression { kind: ExpressionKind::Not(Box::new(condition)), slot, span };
    Gate::Reject { condition, reason, text: Vec::new() }
}

/// An arm for a subject that is missing: nothing is chosen.
pub(crate) fn omit_missing(subject: &Expression) -> Arm {
    let kind = ExpressionKind::IsMissing { subject: Box::new(subject.clone()), negated: false };
    let condition = Expression { kind, slot: truth(), span: subject.span };
    Arm { when: ArmWhen::Condition(condition), then: Fallback::Omit }
}
