//! Gaps: values that may not fit (E0401 to E0412, E0502 to E0504), with what can be typed to answer them.

use mapc_diagnostics::{Code, Diagnostic, FixLevel, Side, Span, nearest};
use mapc_types::{BigRational, Bound, DecimalGap, TextGap, round_value};

use super::{LineFacts, beside, both};
use crate::gaps::{Gap, TableGap};
use crate::typed::{Constant, Rounding};
use crate::words;

/// What does not hold, for the closed list of reasons.
pub(crate) fn gap_words(gap: &Gap, facts: &LineFacts) -> String {
    let target = &facts.target;
    match gap {
        Gap::Text(TextGap::TooLong { limit, .. }) => {
            format!("`{target}` is longer than {}", words::count(*limit, "character"))
        }
        Gap::Text(TextGap::TooShort { limit: 1, .. }) => format!("`{target}` is empty"),
        Gap::Text(TextGap::TooShort { limit, .. }) => {
            format!("`{target}` is shorter than {}", words::count(*limit, "character"))
        }
        Gap::Text(TextGap::OutsideLanguage { .. }) => format!("`{target}` does not have the required form"),
        Gap::Text(TextGap::OutsideSet { .. })
        | Gap::Decimal(DecimalGap::OutsideSet { .. })
        | Gap::Bool(_) => {
            format!("`{target}` is not one of the allowed values")
        }
        Gap::Decimal(DecimalGap::Below { limit, .. }) => {
            format!("`{target}` is below {}", words::number(&limit.value))
        }
        Gap::Decimal(DecimalGap::Above { limit, .. }) => {
            format!("`{target}` is above {}", words::number(&limit.value))
        }
        Gap::Decimal(DecimalGap::Grid { limit, .. }) => match places(limit) {
            Some(scale) => format!("`{target}` has more than {}", words::count(u64::from(scale), "decimal")),
            None => format!("`{target}` is not a multiple of {}", words::number(limit)),
        },
        Gap::TooFew { limit, .. } => format!("`{target}` has fewer than {}", words::count(*limit, "row")),
        Gap::TooMany { limit, .. } => format!("`{target}` has more than {}", words::count(*limit, "row")),
        Gap::Duplicates => format!("`{target}` has two equal rows"),
        Gap::Table(gap) => no_code_words(&gap.table),
        Gap::Zero(_) => "a divisor is zero".to_owned(),
        Gap::Several(_) => "a list has more than one row".to_owned(),
    }
}

/// A table without a row for a code, for the closed list of reasons.
pub(crate) fn no_code_words(table: &str) -> String {
    format!("the code is not in table `{table}`")
}

/// A result that cannot be computed, for the closed list of reasons.
pub(crate) fn arithmetic_words(expression: &str) -> String {
    format!("`{expression}` cannot be computed exactly")
}

/// Several rows where one is needed, for the closed list of reasons.
pub(crate) fn several_words(path: &str) -> String {
    format!("`{path}` has more than one row")
}

/// The diagnostic of a gap that nothing answers.
pub(crate) fn gap(gap: &Gap, facts: &LineFacts, optional: bool, mode: Rounding) -> Diagnostic {
    let code = gap.code();
    let target = &facts.target;
    let system = &facts.system;
    let diagnostic = match gap {
        Gap::Text(TextGap::TooLong { allows, limit }) => {
            let allowed = words::length(mapc_types::Length::new(0, *allows));
            let title = certain(
                facts,
                format!("`{target}` may be longer than {system} accepts"),
                format!("`{target}` is longer than {system} accepts"),
            );
            let diagnostic = Diagnostic::new(code, title, facts.value_span, format!("allows {allowed}"));
            let diagnostic = both(
                diagnostic,
                facts,
                &format!("the value allows {allowed}"),
                &format!("`{target}` accepts at most {}", words::count(*limit, "character")),
            )
            .why(format!("{system} refuses the whole document when `{target}` is too long"));
            let diagnostic =
                beside(diagnostic, facts.keyword("maxLength"), format!("accepts at most {limit}"));
            diagnostic
                .help(format!(
                    "say what happens to a longer text\n{}\n{}",
                    column(facts, "or cut", &format!("keeps {limit}, loses the rest")),
                    column(facts, "or reject \"too long\"", "sends nothing")
                ))
                .fix(FixLevel::Choice, format!("keep the first {limit}"), facts.value_span.after(), " or cut")
                .fix(
                    FixLevel::Choice,
                    "reject such messages",
                    facts.value_span.after(),
                    " or reject \"too long\"",
                )
        }
        Gap::Text(TextGap::TooShort { allows, limit }) => {
            let what = if *limit == 1 { "empty".to_owned() } else { format!("shorter than {limit}") };
            let title = certain(facts, format!("`{target}` may be {what}"), format!("`{target}` is {what}"));
            let label = if *allows == 0 {
                "may be empty".to_owned()
            } else {
                format!("may have only {}", words::count(*allows, "character"))
            };
            let diagnostic = Diagnostic::new(code, title, facts.value_span, label.clone());
            let diagnostic = both(
                diagnostic,
                facts,
                &format!("the value {label}"),
                &format!("`{target}` needs at least {}", words::count(*limit, "character")),
            )
            .why(format!("{system} refuses the whole document when `{target}` is too short"));
            let diagnostic =
                beside(diagnostic, facts.keyword("minLength"), format!("needs at least {limit}"));
            handlers(diagnostic, facts, optional, "too short")
        }
        Gap::Text(TextGap::OutsideSet { missing, allowed }) => outside(
            gap,
            facts,
            optional,
            missing.as_deref(),
            &allowed.iter().map(String::as_str).collect::<Vec<_>>(),
        ),
        Gap::Decimal(DecimalGap::OutsideSet { missing, allowed }) => {
            let missing: Option<Vec<String>> =
                missing.as_ref().map(|all| all.iter().map(words::number).collect());
            let allowed: Vec<String> = allowed.iter().map(words::number).collect();
            outside(
                gap,
                facts,
                optional,
                missing.as_deref(),
                &allowed.iter().map(String::as_str).collect::<Vec<_>>(),
            )
        }
        Gap::Bool(value) => outside(
            gap,
            facts,
            optional,
            Some(&[value.to_string()]),
            &[if *value { "false" } else { "true" }],
        ),
        Gap::Text(TextGap::OutsideLanguage { example, unknown, .. }) => {
            let title = certain(
                facts,
                format!("`{target}` may not have the form {system} needs"),
                format!("`{target}` does not have the form {system} needs"),
            );
            let label = match example {
                Some(example) => format!("may be {}", words::quoted(example)),
                None if *unknown => "the pattern is too complex to prove".to_owned(),
                None => "may have another form".to_owned(),
            };
            let diagnostic = Diagnostic::new(code, title, facts.value_span, label.clone());
            let diagnostic = both(
                diagnostic,
                facts,
                &format!("the value {label}"),
                &format!("`{target}` needs a certain form"),
            )
            .why(format!("{system} refuses the whole document when the form is wrong"));
            let place = facts.described.as_ref().and_then(|known| {
                known.keywords.get("pattern").or_else(|| known.keywords.get("format")).copied()
            });
            let diagnostic = beside(diagnostic, place.or(facts.keyword("pattern")), "the form it needs");
            handlers(diagnostic, facts, optional, "has another form")
                .help("or turn the codes into the ones it takes with a table: `| lookup …`")
        }
        Gap::Decimal(DecimalGap::Grid { limit, .. }) if places(limit).is_none() => {
            let step = words::number(limit);
            let title = certain(
                facts,
                format!("`{target}` may not be a multiple of {step}"),
                format!("`{target}` is not a multiple of {step}"),
            );
            let diagnostic = Diagnostic::new(code, title, facts.value_span, "may lie between two steps");
            let diagnostic = both(
                diagnostic,
                facts,
                "the value may lie between two steps",
                &format!("`{target}` takes multiples of {step}"),
            )
            .why(format!("{system} refuses the whole document when `{target}` lies between two steps"));
            let diagnostic =
                beside(diagnostic, facts.keyword("multipleOf"), format!("takes multiples of {step}"));
            handlers(diagnostic, facts, optional, "is between two steps")
        }
        Gap::Decimal(DecimalGap::Grid { allows, limit }) => {
            let limit_words = decimals(limit);
            let allowed = allows.as_ref().map_or_else(|| "any number of decimals".to_owned(), decimals);
            let scale = places(limit).unwrap_or(0);
            let title = certain(
                facts,
                format!("`{target}` may have more than {limit_words}"),
                format!("`{target}` has more than {limit_words}"),
            );
            let diagnostic = Diagnostic::new(code, title, facts.value_span, format!("allows {allowed}"));
            let diagnostic = both(
                diagnostic,
                facts,
                &format!("the value allows {allowed}"),
                &format!("`{target}` takes {limit_words}"),
            )
            .why(format!("{system} refuses or silently rounds more decimals"));
            let diagnostic = beside(diagnostic, facts.keyword("multipleOf"), format!("takes {limit_words}"));
            diagnostic
                .help(format!(
                    "say what happens to more decimals\n{}\n{}",
                    column(facts, "or round", &rounding_example(scale, mode)),
                    column(facts, "or reject \"too many decimals\"", "sends nothing")
                ))
                .fix(
                    FixLevel::Choice,
                    format!("round to {limit_words}"),
                    facts.value_span.after(),
                    " or round",
                )
                .fix(
                    FixLevel::Choice,
                    "reject such messages",
                    facts.value_span.after(),
                    " or reject \"too many decimals\"",
                )
        }
        Gap::Decimal(DecimalGap::Below { allows, limit }) => {
            range(gap, facts, optional, allows.as_ref(), limit, ("below", "at least", "minimum"))
        }
        Gap::Decimal(DecimalGap::Above { allows, limit }) => {
            range(gap, facts, optional, allows.as_ref(), limit, ("above", "at most", "maximum"))
        }
        Gap::TooFew { allows, limit } => {
            let diagnostic = Diagnostic::new(
                code,
                format!("`{target}` may have too few rows"),
                facts.value_span,
                format!("may have {}", rows(*allows)),
            );
            let diagnostic = both(
                diagnostic,
                facts,
                &format!("the list may have {}", rows(*allows)),
                &format!("`{target}` needs at least {}", rows(*limit)),
            )
            .why(format!("{system} refuses a document with fewer rows"));
            let diagnostic = beside(diagnostic, facts.keyword("minItems"), format!("needs at least {limit}"));
            diagnostic
                .help(format!(
                    "reject such messages, behind the closing brace\n}} or reject \"{} has too few rows\"",
                    facts.short()
                ))
                .help("or skip them before: `skip when count(…) is 0`")
        }
        Gap::TooMany { allows, limit } => {
            let may = allows.map_or_else(|| "any number of rows".to_owned(), rows);
            let diagnostic = Diagnostic::new(
                code,
                format!("`{target}` may have too many rows"),
                facts.value_span,
                format!("may have {may}"),
            );
            let diagnostic = both(
                diagnostic,
                facts,
                &format!("the list may have {may}"),
                &format!("`{target}` takes at most {}", rows(*limit)),
            )
            .why(format!("{system} refuses a document with more rows"));
            let diagnostic = beside(diagnostic, facts.keyword("maxItems"), format!("takes at most {limit}"));
            diagnostic.help(format!(
                "reject such messages, behind the closing brace\n}} or reject \"{} has too many rows\"",
                facts.short()
            ))
        }
        Gap::Duplicates => {
            let diagnostic = Diagnostic::new(
                code,
                format!("`{target}` may have two equal rows"),
                facts.value_span,
                "rows may repeat",
            );
            let diagnostic =
                both(diagnostic, facts, "rows may repeat", &format!("`{target}` takes each row once"))
                    .why(format!("{system} refuses a document with equal rows"));
            let diagnostic = beside(diagnostic, facts.keyword("uniqueItems"), "each row once");
            diagnostic
                .help("reject such messages, behind the closing brace\n} or reject \"rows repeat\"")
                .help("or make them one: `group by …`")
        }
        Gap::Table(gap) => table(gap, facts, optional),
        Gap::Zero(span) => {
            let diagnostic = Diagnostic::new(
                code,
                format!("`{target}` divides by a value that may be zero"),
                *span,
                "may be zero",
            );
            let diagnostic = both(diagnostic, facts, "the divisor may be 0", "a division by 0 has no result")
                .why("the message would be rejected when it happens, and nobody would expect it");
            let diagnostic = beside(diagnostic, Some(facts.value_span), "the whole value");
            diagnostic
                .help("only compute when it is not zero: `when … > 0` at the line, or `where … > 0` for the rows")
                .help(format!("or reject such messages\n{}", facts.line("or reject \"division by zero\"")))
                .fix(FixLevel::Choice, "reject such messages", facts.value_span.after(), " or reject \"division by zero\"")
        }
        Gap::Several(span) => {
            let diagnostic = Diagnostic::new(
                code,
                "`only` finds a list that may have several rows",
                *span,
                "may have several rows",
            );
            both(diagnostic, facts, "the list may have several rows", "`only` takes the only row")
                .why("mapc does not guess which row is meant")
                .help(format!("reject such messages\n{}", facts.line("or reject \"more than one row\"")))
                .fix(
                    FixLevel::Choice,
                    "reject such messages",
                    facts.value_span.after(),
                    " or reject \"more than one row\"",
                )
        }
    };
    // the source's side, where the schema sets no limit of its own
    match facts.source_keyword(gap.keyword()) {
        Some(place) if !gap.keyword().is_empty() => diagnostic.related(place, "the source allows this"),
        _ => diagnostic,
    }
}

fn certain(facts: &LineFacts, may: String, is: String) -> String {
    if facts.constant.is_some() { is } else { may }
}

fn rows(n: u64) -> String {
    if n == 0 { "no row".to_owned() } else { words::count(n, "row") }
}

fn column(facts: &LineFacts, handler: &str, effect: &str) -> String {
    format!("{:<48} {effect}", facts.line(handler))
}

/// "2 decimals", "whole numbers", "multiples of 0.25".
fn decimals(grid: &BigRational) -> String {
    match places(grid) {
        Some(scale) => words::count(u64::from(scale), "decimal"),
        None => format!("multiples of {}", words::number(grid)),
    }
}

/// Number of decimals of a step of 1, 0.1, 0.01 …; `None` for another step.
fn places(grid: &BigRational) -> Option<u32> {
    mapc_types::Decimal { grid: Some(grid.clone()), ..mapc_types::Decimal::default() }.scale()
}

/// `1.234567 becomes 1.23`, in the rounding of the map.
fn rounding_example(scale: u32, mode: Rounding) -> String {
    let Some(sample) = mapc_types::parse_decimal("1.234567") else { return "loses the rest".to_owned() };
    format!("1.234567 becomes {}", words::number(&round_value(&sample, scale, mode)))
}

fn handlers(diagnostic: Diagnostic, facts: &LineFacts, optional: bool, text: &str) -> Diagnostic {
    let reject = format!("or reject \"{} {text}\"", facts.short());
    let mut diagnostic = diagnostic.help(format!("reject such messages\n{}", facts.line(&reject))).fix(
        FixLevel::Choice,
        "reject such messages",
        facts.value_span.after(),
        format!(" {reject}"),
    );
    if optional {
        diagnostic = diagnostic.help(format!("or leave the field out\n{}", facts.line("or omit"))).fix(
            FixLevel::Choice,
            "leave the field out",
            facts.value_span.after(),
            " or omit",
        );
    }
    diagnostic
}

fn range(
    gap: &Gap,
    facts: &LineFacts,
    optional: bool,
    allows: Option<&Bound>,
    limit: &Bound,
    word: (&str, &str, &str),
) -> Diagnostic {
    let (side, least, keyword) = word;
    let target = &facts.target;
    let end = words::number(&limit.value);
    let least = match (limit.inclusive, side) {
        (true, _) => format!("{least} {end}"),
        (false, "below") => format!("more than {end}"),
        (false, _) => format!("less than {end}"),
    };
    let may = allows.map_or_else(
        || format!("may be far {side}"),
        |bound| format!("may be {}", words::number(&bound.value)),
    );
    let title = certain(
        facts,
        format!("`{target}` may be {side} what {} takes", facts.system),
        format!("`{target}` is {side} what {} takes", facts.system),
    );
    let diagnostic = Diagnostic::new(gap.code(), title, facts.value_span, may.clone());
    let diagnostic =
        both(diagnostic, facts, &format!("the value {may}"), &format!("`{target}` takes {least}"))
            .why(format!("{} refuses the whole document when `{target}` is out of range", facts.system));
    let diagnostic = beside(diagnostic, facts.keyword(keyword), format!("takes {least}"));
    handlers(diagnostic, facts, optional, "is out of range")
}

/// A value outside of a list: E0411, E0402 for a constant, E0604 for a table.
fn outside(
    gap: &Gap,
    facts: &LineFacts,
    optional: bool,
    missing: Option<&[String]>,
    allowed: &[&str],
) -> Diagnostic {
    let target = &facts.target;
    let listed = words::values(allowed.iter().copied());
    if let Some(Constant::Text(value)) = &facts.constant {
        let near: Vec<String> =
            nearest(value, allowed.iter().copied()).into_iter().map(words::quoted).collect();
        let diagnostic = Diagnostic::new(
            Code::E0402,
            format!("`{target}` does not take {}", words::quoted(value)),
            facts.value_span,
            "not in the list",
        );
        let diagnostic = both(
            diagnostic,
            facts,
            &format!("the value is {}", words::quoted(value)),
            &format!("`{target}` takes {listed}"),
        )
        .why(format!("{} refuses the whole document", facts.system));
        let diagnostic = beside(diagnostic, facts.keyword("enum"), "the values it takes");
        return if near.is_empty() {
            diagnostic.help(format!("write one of {listed}"))
        } else {
            super::suggest(diagnostic, facts.value_span, &near)
        };
    }
    let bad =
        missing.map_or_else(|| "any text".to_owned(), |all| words::values(all.iter().map(String::as_str)));
    if let Some((table, place)) = &facts.lookup {
        let diagnostic = Diagnostic::new(
            Code::E0604,
            format!("table `{table}` gives values that `{target}` does not take"),
            facts.value_span,
            format!("may be {bad}"),
        )
        .related(*place, "the table");
        let diagnostic =
            both(diagnostic, facts, &format!("the table gives {bad}"), &format!("`{target}` takes {listed}"))
                .why(format!("{} refuses the whole document", facts.system));
        return beside(diagnostic, facts.keyword("enum"), "the values it takes")
            .help("mend the rows of the table");
    }
    let diagnostic = Diagnostic::new(
        gap.code(),
        format!("`{target}` may get a value that is not in its list"),
        facts.value_span,
        format!("may be {bad}"),
    );
    let diagnostic =
        both(diagnostic, facts, &format!("the value may be {bad}"), &format!("`{target}` takes {listed}"))
            .why(format!("{} refuses the whole document", facts.system));
    let diagnostic = beside(diagnostic, facts.keyword("enum"), "the values it takes");
    handlers(diagnostic, facts, optional, "is not an allowed value")
        .help("or turn the codes into the ones it takes with a table: `| lookup …`")
}

/// E0403.
fn table(gap: &TableGap, facts: &LineFacts, optional: bool) -> Diagnostic {
    let missed: Vec<String> = gap.missed.iter().map(|key| key.join(", ")).collect();
    let listed = words::values(missed.iter().map(String::as_str));
    let diagnostic = Diagnostic::new(
        Code::E0403,
        format!("table `{}` misses {}", gap.table, words::count(missed.len() as u64, "value")),
        gap.lookup,
        format!("no row for {listed}"),
    )
    .related(gap.place, "the table")
    .related(gap.key, "may have these values");
    let diagnostic = both(
        diagnostic,
        facts,
        &format!("the source may send {listed}"),
        &format!("table `{}` has no row for them", gap.table),
    )
    .why("such a message would be rejected, and nobody would expect it");
    let rows: String = gap
        .missed
        .iter()
        .map(|key| {
            let parts: Vec<String> = key.iter().map(|part| words::quoted(part)).collect();
            let key = if parts.len() == 1 { parts.join("") } else { format!("({})", parts.join(", ")) };
            format!("\n  {key} -> \"todo\"")
        })
        .collect();
    let diagnostic = match gap.insert {
        Some(insert) => diagnostic.help(format!("add the rows{rows}")).fix(
            FixLevel::Placeholder,
            "add the rows",
            insert,
            rows,
        ),
        None => diagnostic.help("add the rows to the file of the table"),
    };
    handlers(diagnostic, facts, optional, "has no code").fact(
        Side::Table,
        gap.table.clone(),
        format!("no row for {listed}"),
    )
}

/// A divisor that may be zero where no handler can stand.
pub(crate) fn zero_outside_field(text: &str, divisor: Span, whole: Span) -> Diagnostic {
    Diagnostic::new(Code::E0412, format!("`{text}` may be zero"), divisor, "may be zero")
        .related(whole, "the division")
        .fact(Side::Source, "", format!("`{text}` may be 0"))
        .fact(Side::Map, "", "a division by 0 has no result")
        .why("the message would be rejected when it happens")
        .help("compute it in the line of a field, with `or reject \"…\"`, or under a condition")
}

/// A table that misses values where no handler can stand.
pub(crate) fn table_gap_outside_field(gap: &TableGap) -> Diagnostic {
    let missed: Vec<String> = gap.missed.iter().map(|key| key.join(", ")).collect();
    let listed = words::values(missed.iter().map(String::as_str));
    Diagnostic::new(
        Code::E0403,
        format!("table `{}` misses {}", gap.table, words::count(missed.len() as u64, "value")),
        gap.lookup,
        format!("no row for {listed}"),
    )
    .related(gap.place, "the table")
    .fact(Side::Source, "", format!("the source may send {listed}"))
    .fact(Side::Table, gap.table.clone(), "no row for them")
    .why("such a message would be rejected, and nobody would expect it")
    .help("add the rows to the table")
}

/// `only` where no handler can stand.
pub(crate) fn several_outside_field(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0503, format!("`{text}` may have several rows"), span, "may have several rows")
        .fact(Side::Source, "", format!("`{text}` is a list"))
        .fact(Side::Map, "", "`only` takes the only row")
        .why("mapc does not guess which row is meant")
        .help("use `first` or `last`, or write it in the line of a field with `or reject \"…\"`")
}
