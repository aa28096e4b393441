//! `policy { … }`: default answers for kinds of fields. The content of a key, a code or an amount is never changed by it.

use mapc_diagnostics::{Code, Diagnostic};
use mapc_grammar::tree::PolicyLine;
use mapc_types::Type;

use crate::errors;

/// Kinds of fields; the first that matches wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FieldKind {
    /// Identity, idempotency, document number.
    Key,
    /// List of values or pattern.
    Code,
    /// Money.
    Amount,
    /// Other number.
    Number,
    /// Calendar.
    Date,
    /// List.
    List,
    /// Other text.
    Text,
    /// Presence of any field.
    Missing,
}

/// What a policy line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyAction {
    /// Rejects the message.
    Reject,
    /// Leaves an optional field out.
    Omit,
    /// Cuts to the limit.
    Cut,
    /// Rounds to the decimals of the field.
    Round,
}

/// Answers by kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    lines: Vec<(FieldKind, PolicyAction)>,
}

const KINDS: [(&str, FieldKind); 8] = [
    ("key", FieldKind::Key),
    ("code", FieldKind::Code),
    ("amount", FieldKind::Amount),
    ("number", FieldKind::Number),
    ("date", FieldKind::Date),
    ("list", FieldKind::List),
    ("text", FieldKind::Text),
    ("missing", FieldKind::Missing),
];

impl Policy {
    /// Reads the lines of a policy block.
    pub(crate) fn read(&mut self, lines: &[PolicyLine], diagnostics: &mut Vec<Diagnostic>) {
        for line in lines {
            let Some((_, kind)) = KINDS.iter().find(|(word, _)| *word == line.kind.text) else {
                let near = crate::words::near(&line.kind.text, KINDS.iter().map(|(word, _)| *word));
                diagnostics.push(errors::unknown_policy_kind(&line.kind.text, line.kind.span, &near));
                continue;
            };
            let joiner = if *kind == FieldKind::Missing { "else" } else { "or" };
            if line.joiner.text != joiner {
                diagnostics.push(errors::policy_joiner(&line.kind.text, joiner, line.joiner.span));
                continue;
            }
            let action = match (line.action.text.as_str(), kind) {
                ("reject", _) => PolicyAction::Reject,
                ("omit", FieldKind::Key | FieldKind::Code | FieldKind::Amount)
                | ("cut" | "round", FieldKind::Key | FieldKind::Code | FieldKind::Amount) => {
                    diagnostics.push(errors::policy_would_change(&line.kind.text, line.span));
                    continue;
                }
                ("omit", _) => PolicyAction::Omit,
                ("cut", FieldKind::Text) => PolicyAction::Cut,
                ("round", FieldKind::Number) => PolicyAction::Round,
                _ => {
                    diagnostics.push(errors::policy_action(
                        &line.kind.text,
                        &line.action.text,
                        line.action.span,
                    ));
                    continue;
                }
            };
            if self.lines.iter().any(|(known, _)| known == kind) {
                diagnostics.push(errors::policy_twice(&line.kind.text, line.span));
                continue;
            }
            self.lines.push((*kind, action));
        }
    }

    /// What the policy says about a gap of a field of this kind.
    pub(crate) fn action(&self, kind: FieldKind, code: Code) -> Option<PolicyAction> {
        let action = self.lines.iter().find(|(known, _)| *known == kind).map(|(_, action)| *action)?;
        let changes_other = match action {
            PolicyAction::Cut => code != Code::E0401,
            PolicyAction::Round => code != Code::E0405,
            PolicyAction::Reject | PolicyAction::Omit => false,
        };
        (!changes_other).then_some(action)
    }

    /// What the policy says about missing values.
    pub(crate) fn missing(&self) -> Option<PolicyAction> {
        self.lines.iter().find(|(known, _)| *known == FieldKind::Missing).map(|(_, action)| *action)
    }
}

/// The kind of a field by its type and description.
pub(crate) fn field_kind(
    target: &str,
    value: &Type,
    described: Option<&mapc_schema::Described>,
    by: Option<&str>,
) -> FieldKind {
    if described.is_some_and(|known| known.key) || by == Some(target) {
        return FieldKind::Key;
    }
    match value {
        Type::Text(text) if text.set.is_some() || !text.languages.is_empty() => FieldKind::Code,
        Type::Decimal(decimal) if decimal.set.is_some() => FieldKind::Code,
        Type::Decimal(_) if described.is_some_and(|known| known.currency.is_some()) => FieldKind::Amount,
        Type::Decimal(_) => FieldKind::Number,
        Type::Date(..) => FieldKind::Date,
        Type::List(_) => FieldKind::List,
        _ => FieldKind::Text,
    }
}
