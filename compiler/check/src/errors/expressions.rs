//! Expressions: functions and calls (E0206), kinds (E0406), conditions, choices (E0304).

use std::collections::BTreeSet;

use mapc_diagnostics::{Code, Diagnostic, FixLevel, Side, Span, nearest};
use mapc_types::{DateKind, Type};

use super::{names, suggest};
use crate::aggregate::CALLS;
use crate::library::{ArgumentFault, ArgumentKind, Kind, Misuse, Parameter};
use crate::words;

/// Unknown function behind a pipe.
pub(crate) fn unknown_function(name: &str, span: Span, near: &[String]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0206, format!("no function is called `{name}`"), span, "unknown function")
            .fact(Side::Map, "", format!("`{name}` stands behind `|`"))
            .fact(Side::Map, "", "the library has no such function")
            .why("mapc does not know what to do with the value");
    if near.is_empty() {
        diagnostic.help("look it up in docs/reference/functions.md")
    } else {
        suggest(diagnostic, span, near)
    }
}

/// Unknown call.
pub(crate) fn unknown_call(name: &str, span: Span) -> Diagnostic {
    let near = crate::words::near(name, CALLS);
    let diagnostic = Diagnostic::new(Code::E0206, format!("`{name}(…)` is not known"), span, "unknown call")
        .fact(Side::Map, "", format!("`{name}` is called with brackets"))
        .fact(Side::Map, "", format!("only these are: {}", names(&CALLS)))
        .why("functions on one value stand behind `|`");
    if near.is_empty() {
        diagnostic.help(format!("write the value first\n… | {name}"))
    } else {
        suggest(diagnostic, span, &near)
    }
}

fn arguments(title: String, span: Span, label: &str, needs: String) -> Diagnostic {
    Diagnostic::new(Code::E0206, title, span, label)
        .fact(Side::Map, "", label.to_owned())
        .fact(Side::Map, "", needs)
        .why("mapc cannot tell what is meant")
}

/// A call without a path.
pub(crate) fn path_expected(name: &str, span: Span) -> Diagnostic {
    arguments(
        format!("`{name}` needs the path of a list"),
        span,
        "no path here",
        format!("write `{name}(order.lines.…)`"),
    )
    .help(format!("write a path\n{name}(order.lines.quantity)"))
}

/// A call with too many parts.
pub(crate) fn one_path_expected(name: &str, span: Span) -> Diagnostic {
    arguments(format!("`{name}` takes one path"), span, "more than one part", "one path is needed".to_owned())
        .help(format!("write one path\n{name}(order.lines.quantity)"))
}

/// `join` with something else than a text.
pub(crate) fn separator_expected(span: Span) -> Diagnostic {
    arguments(
        "`join` needs a fixed text to put between".to_owned(),
        span,
        "not a fixed text",
        "a text in quotes is needed".to_owned(),
    )
    .help("write the text in quotes\njoin(order.lines.sku, \", \")")
}

/// `position` of no row.
pub(crate) fn row_expected(path: &str, span: Span) -> Diagnostic {
    arguments(
        "`position` needs the name of a row".to_owned(),
        span,
        "not a row of the list around this line",
        format!("`{path}` must be the name behind `as`"),
    )
    .help("write the row name\nposition(line)")
}

/// The number of a row where nobody knows yet which rows are taken.
pub(crate) fn row_not_counted(path: &str, span: Span) -> Diagnostic {
    arguments(
        "`position` counts the rows that are taken".to_owned(),
        span,
        "here it is not known yet which rows are taken",
        format!("`where`, `group by` and `sort by` decide which `{path}` are taken, and in which order"),
    )
    .help("use `position` inside the braces of the list")
}

/// An argument that is not a constant.
pub(crate) fn constant_expected(function: &str, text: &str, span: Span) -> Diagnostic {
    arguments(
        format!("`{function}` needs a fixed value"),
        span,
        "not a fixed value",
        format!("`{text}` differs from message to message"),
    )
    .help("write a number or a text in quotes")
}

/// A tuple that is no key.
pub(crate) fn tuple_outside_lookup(span: Span) -> Diagnostic {
    arguments(
        "several values in brackets only go into `lookup`".to_owned(),
        span,
        "several values",
        "one value is needed here".to_owned(),
    )
    .help("write\n(country, line.taxCode) | lookup tax_code")
}

/// A library function used wrongly.
pub(crate) fn misuse(misuse: &Misuse, function: &str, span: Span, value: (&str, Span, &Type)) -> Diagnostic {
    let (text, place, kind) = value;
    match misuse {
        Misuse::Input { expects, .. } => {
            let expected = expects.iter().map(|kind| kind_words(*kind)).collect::<Vec<_>>().join(" or ");
            let diagnostic = Diagnostic::new(
                Code::E0406,
                format!("`{function}` takes {expected}, and this is {}", words::a_kind(kind)),
                place,
                words::a_kind(kind),
            )
            .related(span, format!("takes {expected}"))
            .fact(Side::Map, "", format!("`{text}` is {}", words::a_kind(kind)))
            .fact(Side::Map, "", format!("`{function}` takes {expected}"))
            .why("the function has no meaning for such a value");
            conversion(diagnostic, kind, expects.first().copied())
        }
        Misuse::ArgumentCount { expects, got } => arguments(
            format!(
                "`{function}` needs {} behind it, and here are {got}",
                words::count(*expects as u64, "value")
            ),
            span,
            "values behind the function",
            format!("`{function}` takes {}", words::count(*expects as u64, "value")),
        )
        .help(format!("look at its examples: docs/reference/functions.md, `{function}`")),
        Misuse::Argument { parameter, fault, .. } => arguments(
            format!("`{function}` cannot use this `{}`", parameter.name),
            span,
            "a value behind the function does not do",
            format!("{}: {}", parameter_words(parameter), fault_words(fault)),
        )
        .help(format!("give {}", parameter_words(parameter))),
    }
}

fn parameter_words(parameter: &Parameter) -> String {
    match &parameter.kind {
        ArgumentKind::Whole { least, most } => format!("a whole number from {least} to {most}"),
        ArgumentKind::Number { from: Some(other) } => format!("a number not below `{other}`"),
        ArgumentKind::Number { from: None } => "a number".to_owned(),
        ArgumentKind::Text => "a text in quotes".to_owned(),
        ArgumentKind::FilledText => "a text in quotes that is not empty".to_owned(),
        ArgumentKind::Character => "one character in quotes".to_owned(),
        ArgumentKind::Pattern { .. } => "a date pattern such as \"YYYY-MM-DD\"".to_owned(),
        ArgumentKind::Rounding => "a way of rounding".to_owned(),
    }
}

fn fault_words(fault: &ArgumentFault) -> String {
    match fault {
        ArgumentFault::WrongKind(kind) => format!("this is {}", kind_words(*kind)),
        ArgumentFault::NotWhole => "this has a fraction".to_owned(),
        ArgumentFault::OutOfRange => "this is outside".to_owned(),
        ArgumentFault::Below(other) => format!("this is below `{other}`"),
        ArgumentFault::Empty => "this is empty".to_owned(),
        ArgumentFault::NotOneCharacter => "this is not one character".to_owned(),
        ArgumentFault::Pattern(_) => "the pattern cannot be used here".to_owned(),
        ArgumentFault::NotARoundingMode => "this is not a way of rounding".to_owned(),
    }
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Number => "a number",
        Kind::YesNo => "yes/no",
        Kind::Date(DateKind::Date) => "a date",
        Kind::Date(DateKind::Time) => "a time",
        Kind::Date(DateKind::Local) => "a date with time",
        Kind::Date(DateKind::Instant) => "a moment",
    }
}

/// Advice for turning one kind into another.
pub(crate) fn conversion(diagnostic: Diagnostic, from: &Type, to: Option<Kind>) -> Diagnostic {
    match (from, to) {
        (Type::Decimal(_) | Type::Bool { .. } | Type::Date(..), Some(Kind::Text)) => {
            diagnostic.help("turn it into a text first: `| text`")
        }
        (Type::Text(_), Some(Kind::Number)) => {
            diagnostic.help("read it as a number first: `| number`, with `or reject \"…\"`")
        }
        (Type::Text(_) | Type::Date(..), Some(Kind::Date(DateKind::Date))) => {
            diagnostic.help("turn it into a date first: `| date`")
        }
        _ => diagnostic.help("use a field of the right kind"),
    }
}

/// A value that is no number in arithmetic.
pub(crate) fn not_a_number(text: &str, span: Span, kind: &Type) -> Diagnostic {
    let kind_text = words::a_kind(kind);
    let diagnostic = Diagnostic::new(
        Code::E0406,
        format!("`{text}` is {kind_text}, not a number"),
        span,
        kind_text.clone(),
    )
    .fact(Side::Map, "", format!("`{text}` is {kind_text}"))
    .fact(Side::Map, "", "only numbers can be computed with")
    .why("the result would have no meaning");
    conversion(diagnostic, kind, Some(Kind::Number))
}

/// Something in a text that has no text form.
pub(crate) fn wrong_kind_in_text(text: &str, span: Span, kind: &Type) -> Diagnostic {
    let kind = words::a_kind(kind);
    Diagnostic::new(Code::E0406, format!("`{text}` is {kind} and has no text"), span, kind.clone())
        .fact(Side::Map, "", format!("`{text}` is {kind}"))
        .fact(Side::Map, "", "a text takes single values")
        .why("mapc would not know what to write")
        .help("name a field inside it")
}

/// E0412: a quotient that is not rounded.
pub(crate) fn quotient_not_rounded(text: &str, span: Span, operator: Span) -> Diagnostic {
    Diagnostic::new(Code::E0412, "a division must be rounded at once", span, "not rounded")
        .related(operator, "the division")
        .fact(Side::Map, "", format!("`{text}` may have endless decimals"))
        .fact(Side::Map, "", "every number has a fixed number of decimals")
        .why("1 / 3 cannot be written exactly")
        .help(format!("say how many decimals are kept\n{text} | round 2"))
        .fix(FixLevel::Choice, "round to 2 decimals", span.after(), " | round 2")
}

/// A number with too many digits.
pub(crate) fn number_too_long(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0410, "this number has more than 34 digits", span, "too long")
        .fact(Side::Map, "", format!("{} characters are written", text.len()))
        .fact(Side::Map, "", "numbers have at most 34 digits")
        .why("it could not be computed exactly")
        .help("write a shorter number")
}

/// `null` or `missing` outside of tests.
pub(crate) fn test_word(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, format!("`{word}` is no value here"), span, "only tests use it")
        .fact(Side::Map, "", format!("`{word}` is written as a value"))
        .fact(Side::Map, "", "a field without value is left out")
        .why("no document needs the word")
        .help("leave the line out, or write `else omit`")
}

/// A superfluous `else`.
pub(crate) fn superfluous_else(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::W0301, format!("`{text}` is never missing"), span, "always there")
        .fact(Side::Map, "", "`else` answers a missing value")
        .fact(Side::Source, "", "the value is always there")
        .help("delete the `else`")
}

/// A value that is no condition.
pub(crate) fn not_a_condition(text: &str, span: Span, kind: &Type) -> Diagnostic {
    let kind = words::a_kind(kind);
    Diagnostic::new(Code::E0406, format!("`{text}` is {kind}, not a condition"), span, kind.clone())
        .fact(Side::Map, "", format!("`{text}` is {kind}"))
        .fact(Side::Map, "", "a condition is true or false")
        .why("mapc does not guess which values count as true")
        .help(format!("compare it: `{text} is …`, or ask whether it is there: `{text} is not missing`"))
}

/// Kinds that differ.
pub(crate) fn kinds_differ(left: (&str, Span, &Type), right: (&str, Span, &Type)) -> Diagnostic {
    let (a, b) = (words::a_kind(left.2), words::a_kind(right.2));
    Diagnostic::new(Code::E0406, format!("{a} is never equal to {b}"), right.1, b.clone())
        .related(left.1, a.clone())
        .fact(Side::Map, "", format!("`{}` is {a}", left.0))
        .fact(Side::Map, "", format!("`{}` is {b}", right.0))
        .why("the comparison would always be false")
        .help("compare values of one kind")
}

/// A kind without order.
pub(crate) fn not_ordered(text: &str, span: Span, kind: &Type) -> Diagnostic {
    let kind = words::a_kind(kind);
    Diagnostic::new(Code::E0406, format!("`{text}` is {kind} and has no order"), span, kind.clone())
        .fact(Side::Map, "", format!("`{text}` is {kind}"))
        .fact(Side::Map, "", "numbers, texts and dates have an order")
        .why("smaller and larger have no meaning here")
        .help("compare with `is`")
}

/// A text was needed.
pub(crate) fn text_expected(what: &str, text: &str, span: Span, kind: &Type) -> Diagnostic {
    let kind_text = words::a_kind(kind);
    let diagnostic = Diagnostic::new(
        Code::E0406,
        format!("`{what}` needs a text, and `{text}` is {kind_text}"),
        span,
        kind_text.clone(),
    )
    .fact(Side::Map, "", format!("`{text}` is {kind_text}"))
    .fact(Side::Map, "", format!("`{what}` needs a text"))
    .why("it has no meaning for other values");
    conversion(diagnostic, kind, Some(Kind::Text))
}

/// A whole number was needed.
pub(crate) fn whole_number_expected(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0406, "a whole number is needed here", span, "not a whole number")
        .fact(Side::Map, "", format!("`{text}` is written"))
        .fact(Side::Map, "", "a count of characters has no fraction")
        .why("mapc would not know how many are meant")
        .help("write a whole number")
}

/// A pattern that cannot be used.
pub(crate) fn bad_pattern(pattern: &str, span: Span, problem: &str) -> Diagnostic {
    Diagnostic::new(Code::E0404, "this pattern cannot be used", span, problem)
        .fact(Side::Map, "", format!("{} is written", words::quoted(pattern)))
        .fact(Side::Map, "", problem.to_owned())
        .why("the condition could not be tested")
        .help("write a simpler pattern")
}

/// A text that is no date.
pub(crate) fn bad_date(text: &str, kind: DateKind, span: Span) -> Diagnostic {
    let form = match kind {
        DateKind::Date => "\"2025-12-31\"",
        DateKind::Time => "\"23:59:00\"",
        DateKind::Local | DateKind::Instant => "a field of the source",
    };
    let kind = words::date(kind);
    Diagnostic::new(
        Code::E0404,
        format!("{} is no {kind}", words::quoted(text)),
        span,
        format!("not a {kind}"),
    )
    .fact(Side::Map, "", format!("{} is written", words::quoted(text)))
    .fact(Side::Map, "", format!("a {kind} is compared with {form}"))
    .why("the comparison would always be false")
    .help(format!("write {form}"))
}

/// A value that the other side never has.
pub(crate) fn value_never_met(
    subject: &str,
    value: &str,
    span: Span,
    known: &BTreeSet<String>,
) -> Diagnostic {
    let near: Vec<String> = nearest(value, known.iter().map(String::as_str))
        .into_iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    let all: Vec<&str> = known.iter().map(String::as_str).collect();
    let listed = words::values(all.into_iter());
    let diagnostic = Diagnostic::new(
        Code::E0402,
        format!("`{subject}` is never {}", words::quoted(value)),
        span,
        "not in its list",
    )
    .fact(Side::Map, "", format!("{} is written", words::quoted(value)))
    .fact(Side::Source, "", format!("`{subject}` is one of {listed}"))
    .why("the condition would always be false");
    if near.is_empty() {
        diagnostic.help(format!("write one of {listed}"))
    } else {
        suggest(diagnostic, span, &near)
    }
}

/// An arm twice.
pub(crate) fn arm_twice(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("{text} stands in two arms"), span, "again here")
        .fact(Side::Map, "", format!("{text} stands in an arm above"))
        .fact(Side::Map, "", "the first arm that fits is taken")
        .why("this arm would never be taken for it")
        .help("delete it here")
}

/// Values without something to compare them with.
pub(crate) fn values_without_subject(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "this `choose` has nothing to compare with",
        span,
        "a value, where a condition is needed",
    )
    .fact(Side::Map, "", "nothing stands between `choose` and `{`")
    .fact(Side::Map, "", "then each arm needs a condition")
    .why("mapc does not know what must have this value")
    .help("write `choose country {`, or a condition: `country is \"US\" -> …`")
}

/// A condition where values are compared.
pub(crate) fn condition_with_subject(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "this `choose` compares values",
        span,
        "a condition, where a value is needed",
    )
    .fact(Side::Map, "", "a value stands behind `choose`")
    .fact(Side::Map, "", "then each arm lists values")
    .why("a condition in an arm would not use the value")
    .help("write values: `\"US\", \"CA\" -> …`, or `choose { … }` with conditions")
}

/// Cases without an arm.
pub(crate) fn choose_not_exhaustive(span: Span, left: Option<&[String]>) -> Diagnostic {
    let fact = match left {
        Some(left) => format!("no arm for {}", words::values(left.iter().map(String::as_str))),
        None => "other values may come".to_owned(),
    };
    Diagnostic::new(Code::E0304, "some cases have no arm", span, fact.clone())
        .fact(Side::Map, "", fact)
        .fact(Side::Map, "", "every case needs an arm, or `otherwise`")
        .why("mapc does not guess a value for the other cases")
        .help("add a last arm\notherwise -> reject \"…\"")
}

/// No zone.
pub(crate) fn zone_missing(text: &str, span: Span, place: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0407,
        format!("which day `{text}` falls on depends on the zone"),
        span,
        "no zone is stated",
    )
    .fact(Side::Source, "", format!("`{text}` is a moment"))
    .fact(Side::Map, "", "the map names no zone")
    .why("23:30 in New York is already the next day in London")
    .help("name the zone at the top\nzone \"America/New_York\"")
    .help("or keep the day as the sender wrote it: `| written_date`");
    match place {
        Some(place) => diagnostic.fix(FixLevel::Placeholder, "name a zone", place, "\nzone \"UTC\""),
        None => diagnostic,
    }
}
