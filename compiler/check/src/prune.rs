//! Makes the closed list exact: a failure that its line always answers is not a way for the map to end.

use std::collections::BTreeSet;

use crate::typed::{
    Action, ArmWhen, Content, Expression, ExpressionKind, Fallback, Gate, ListId, ListNode, ReasonId,
    RecordBody, RowSource, Rows, TemplatePart, Typed,
};

/// Reasons that every run may end with: they stand first in the list.
const STANDARD: usize = 8;

/// A place that names a reason: the reason, and whether it is a failure inside a value.
type Visit<'v> = &'v mut dyn FnMut(&mut ReasonId, bool);

/// Takes reasons out of the list that no run can end with.
pub(crate) fn prune(typed: &mut Typed) {
    let mut used: BTreeSet<ReasonId> = (0..STANDARD.min(typed.reasons.len())).map(ReasonId).collect();
    each(typed, &mut |reason, answered| {
        if !answered {
            used.insert(*reason);
        }
    });
    let place = |id: ReasonId| ReasonId(used.iter().position(|kept| *kept == id).unwrap_or(0));
    // an answered failure keeps some valid number: nobody ever sees it
    each(typed, &mut |reason, _| *reason = place(*reason));
    let mut at = 0;
    typed.reasons.retain(|_| {
        at += 1;
        used.contains(&ReasonId(at - 1))
    });
}

/// Every place of the map that names a reason; `true` for a failure that its line answers.
fn each(typed: &mut Typed, visit: Visit<'_>) {
    // the message itself is no list that anything walks: when it is not a record, the first read of it says so
    let walked: BTreeSet<ListId> = typed.rows.iter().filter_map(walked_list).collect();
    for (at, list) in typed.source_lists.iter_mut().enumerate() {
        visit(&mut list.source_reason, !walked.contains(&ListId(at)));
    }
    for field in &mut typed.source_fields {
        visit(&mut field.source_reason, false);
    }
    for rows in &mut typed.rows {
        for part in rows.filter.iter_mut().chain(rows.group.iter_mut()) {
            expression(part, false, visit);
        }
        if let Some(sort) = &mut rows.sort {
            expression(&mut sort.key, false, visit);
        }
    }
    for known in &mut typed.lets {
        expression(&mut known.value, false, visit);
    }
    for gate in &mut typed.gates {
        match gate {
            Gate::Skip { condition, reason } => {
                visit(reason, false);
                expression(condition, false, visit);
            }
            Gate::Reject { condition, reason, text } => {
                visit(reason, false);
                expression(condition, false, visit);
                template(text, false, visit);
            }
        }
    }
    for field in &mut typed.fields {
        let answered = field.on_failure.is_some();
        if let Some(when) = &mut field.when {
            expression(when, false, visit);
        }
        expression(&mut field.value, answered, visit);
        for found in field.guards.iter_mut().map(|guard| &mut guard.action).chain(field.on_failure.iter_mut())
        {
            action(found, visit);
        }
    }
    record(&mut typed.document, visit);
    for part in typed.key.iter_mut().chain(typed.order_by.iter_mut()) {
        expression(part, false, visit);
    }
}

fn walked_list(rows: &Rows) -> Option<ListId> {
    match rows.source {
        RowSource::List { list, .. } => Some(list),
        RowSource::Group { .. } => None,
    }
}

fn record(body: &mut RecordBody, visit: Visit<'_>) {
    for field in &mut body.fields {
        match &mut field.content {
            Content::Value(_) => {}
            Content::Record { body, .. } => record(body, visit),
            Content::List(list) => list_node(list, visit),
        }
    }
}

fn list_node(list: &mut ListNode, visit: Visit<'_>) {
    if let Some(when) = &mut list.when {
        expression(when, false, visit);
    }
    for guard in &mut list.guards {
        action(&mut guard.action, visit);
    }
    if let crate::typed::ListBody::Record(body) = &mut list.body {
        record(body, visit);
    }
}

fn action(found: &mut Action, visit: Visit<'_>) {
    if let Action::Reject { reason, text } = found {
        visit(reason, false);
        template(text, false, visit);
    }
}

fn template(parts: &mut [TemplatePart], answered: bool, visit: Visit<'_>) {
    for part in parts {
        if let TemplatePart::Hole(hole) = part {
            expression(hole, answered, visit);
        }
    }
}

fn fallback(found: &mut Fallback, answered: bool, visit: Visit<'_>) {
    match found {
        Fallback::Value(value) => expression(value, answered, visit),
        Fallback::Reject { reason, text } => {
            visit(reason, false);
            template(text, answered, visit);
        }
        Fallback::Wait { reason, reference } => {
            visit(reason, false);
            if let Some((_, key)) = reference {
                expression(key, answered, visit);
            }
        }
        Fallback::Omit => {}
    }
}

fn expression(found: &mut Expression, answered: bool, visit: Visit<'_>) {
    use ExpressionKind as Kind;
    match &mut found.kind {
        Kind::Constant(_)
        | Kind::Missing
        | Kind::Read { .. }
        | Kind::Let(_)
        | Kind::Target(_)
        | Kind::Position(_) => {}
        Kind::Template(parts) => template(parts, answered, visit),
        Kind::Negate(inner) | Kind::IsTrue(inner) | Kind::Not(inner) => expression(inner, answered, visit),
        Kind::Arithmetic { left, right, failure, .. } | Kind::Quotient { left, right, failure, .. } => {
            failed(failure, answered, visit);
            expression(left, answered, visit);
            expression(right, answered, visit);
        }
        Kind::Equal { left, right, .. }
        | Kind::Compare { left, right, .. }
        | Kind::And(left, right)
        | Kind::Or(left, right) => {
            expression(left, answered, visit);
            expression(right, answered, visit);
        }
        Kind::Call { input, failure, .. } => {
            failed(failure, answered, visit);
            expression(input, answered, visit);
        }
        Kind::Lookup { keys, failure, .. } => {
            failed(failure, answered, visit);
            for key in keys {
                expression(key, answered, visit);
            }
        }
        Kind::Xref { key, source_reason, .. } => {
            visit(source_reason, false);
            expression(key, answered, visit);
        }
        Kind::Aggregate { element, failure, .. } => {
            failed(failure, answered, visit);
            if let Some(element) = element {
                expression(element, answered, visit);
            }
        }
        Kind::Choose { subject, arms, otherwise } => {
            if let Some(subject) = subject {
                expression(subject, answered, visit);
            }
            for arm in arms {
                if let ArmWhen::Condition(condition) = &mut arm.when {
                    expression(condition, answered, visit);
                }
                fallback(&mut arm.then, answered, visit);
            }
            if let Some(otherwise) = otherwise {
                fallback(otherwise, answered, visit);
            }
        }
        Kind::Else { value, fallback: other } => {
            expression(value, answered, visit);
            fallback(other, answered, visit);
        }
        Kind::OneOf { subject, .. }
        | Kind::IsMissing { subject, .. }
        | Kind::IsNull { subject, .. }
        | Kind::LongerThan { subject, .. }
        | Kind::Matches { subject, .. } => expression(subject, answered, visit),
    }
}

fn failed(failure: &mut Option<ReasonId>, answered: bool, visit: Visit<'_>) {
    if let Some(reason) = failure {
        visit(reason, answered);
    }
}
