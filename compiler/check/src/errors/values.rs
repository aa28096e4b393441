//! Values that never fit: E0406, E0413, E0414.

use mapc_diagnostics::{Code, Diagnostic, Side, Span};
use mapc_types::{DateKind, Type};

use super::{LineFacts, beside, both, conversion};
use crate::library::Kind;
use crate::typed::Constant;
use crate::words;

/// E0406.
pub(crate) fn wrong_kind(facts: &LineFacts, value: &Type, limit: &Type) -> Diagnostic {
    let (is, wants) = (words::a_kind(value), words::a_kind(limit));
    let diagnostic = Diagnostic::new(
        Code::E0406,
        format!("`{}` takes {wants}, and the value is {is}", facts.target),
        facts.value_span,
        is.clone(),
    );
    let diagnostic =
        both(diagnostic, facts, &format!("the value is {is}"), &format!("`{}` takes {wants}", facts.target))
            .why(format!("{} refuses {is} here", facts.system));
    let diagnostic = beside(diagnostic, facts.keyword("type"), format!("takes {wants}"));
    let wanted = match limit {
        Type::Text(_) => Some(Kind::Text),
        Type::Decimal(_) => Some(Kind::Number),
        Type::Bool { .. } => Some(Kind::YesNo),
        Type::Date(kind, _) => Some(Kind::Date(*kind)),
        _ => None,
    };
    match (value, limit) {
        (Type::Text(_), Type::Date(DateKind::Date, _)) => {
            diagnostic.help(format!("read it as a date\n{}", facts.line("| date or reject \"not a date\"")))
        }
        (Type::Text(_), Type::Decimal(_)) => diagnostic
            .help(format!("read it as a number\n{}", facts.line("| number or reject \"not a number\""))),
        (Type::Decimal(_) | Type::Bool { .. } | Type::Date(..), Type::Text(_)) => {
            diagnostic.help(format!("turn it into a text\n{}", facts.line("| text")))
        }
        (Type::Date(..), Type::Date(DateKind::Date, _)) => {
            diagnostic.help(format!("take its day\n{}", facts.line("| date")))
        }
        (Type::Date(..), Type::Date(DateKind::Time, _)) => {
            diagnostic.help(format!("take its time\n{}", facts.line("| time")))
        }
        (Type::Text(_), Type::Bool { .. }) => {
            diagnostic.help(format!("compare it\n{} = {} is \"Y\"", facts.short(), facts.value_text))
        }
        _ => conversion(diagnostic, value, wanted),
    }
}

/// E0413.
pub(crate) fn default_does_not_fit(
    facts: &LineFacts,
    constant: &Constant,
    span: Span,
    limit: &Type,
) -> Diagnostic {
    let value = words::constant(constant);
    let wants = words::full(limit);
    let diagnostic = Diagnostic::new(
        Code::E0413,
        format!("the default {value} does not fit `{}`", facts.target),
        span,
        "does not fit",
    );
    let diagnostic = both(
        diagnostic,
        facts,
        &format!("the default is {value}"),
        &format!("`{}` takes {wants}", facts.target),
    )
    .why(format!("{} would refuse the default too", facts.system))
    .help(format!("give a default that is {wants}"));
    beside(diagnostic, facts.keyword("type"), format!("takes {wants}"))
}

/// E0414.
pub(crate) fn nothing_fits(facts: &LineFacts) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0414,
        format!("no value fits `{}`", facts.target),
        facts.target_span,
        "its limits contradict each other, or mapc cannot prove them",
    );
    let diagnostic =
        both(diagnostic, facts, "the line gives a value", &format!("`{}` takes no value", facts.target))
            .why("no document with this field could be proved to be accepted")
            .help("delete the line, or mend the schema with an overlay line");
    beside(diagnostic, facts.described.as_ref().and_then(|known| known.name), "described here")
}

/// W0301.
pub(crate) fn handler_cannot_act(text: &str, span: Span, facts: &LineFacts) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::W0301, format!("`{text}` has nothing to answer"), span, "never used");
    diagnostic
        .fact(Side::Map, "", "every value of this line fits")
        .fact(Side::Target, super::pointer(&facts.target), format!("`{}` accepts them all", facts.target))
        .help(format!("delete `{text}`"))
        .fix(mapc_diagnostics::FixLevel::Safe, "delete it", span, "")
        .target(facts.target.clone())
}
