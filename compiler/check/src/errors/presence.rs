//! Presence: E0301 to E0306.

use mapc_diagnostics::{Code, Diagnostic, FixLevel, Side, Span};

use super::{LineFacts, beside, both, names, pointer};

/// A required field that no line fills.
pub(crate) struct Missing {
    /// Whole path.
    pub(crate) path: String,
    /// Path as it is written in the block.
    pub(crate) stub: String,
    /// Where it is required.
    pub(crate) required: Option<Span>,
    /// Overlay file and note.
    pub(crate) overlay: Option<(String, String)>,
    /// Title in the schema.
    pub(crate) title: Option<String>,
}

/// E0301, E0302: all of one record in one diagnostic.
pub(crate) fn required_not_mapped(code: Code, missing: &[Missing], place: Span, system: &str) -> Diagnostic {
    let paths: Vec<&str> = missing.iter().map(|field| field.path.as_str()).collect();
    let title = match paths.as_slice() {
        [only] => format!("`{only}` is required and not mapped"),
        many => format!("{} required fields are not mapped", many.len()),
    };
    let mut diagnostic = Diagnostic::new(code, title, place, format!("no line fills {}", names(&paths)))
        .fact(Side::Map, "", format!("no line fills {}", names(&paths)))
        .why(format!("{system} refuses a document without it"))
        .target(paths.first().copied().unwrap_or_default());
    for field in missing {
        let who = match &field.overlay {
            Some((file, note)) => format!("required by {file}: {note}"),
            None => "required by the schema".to_owned(),
        };
        diagnostic = diagnostic.fact(Side::Target, pointer(&field.path), who.clone());
        let label = match &field.title {
            Some(title) => format!("`{}` ({title}) is required here", field.path),
            None => format!("`{}` is required here", field.path),
        };
        diagnostic = beside(diagnostic, field.required, label);
    }
    let stubs: Vec<String> = missing.iter().map(|field| format!("{} = todo", field.stub)).collect();
    let lines: String = stubs.iter().map(|stub| format!("  {stub}\n")).collect();
    diagnostic.help(format!("map each of them\n{}", stubs.join("\n"))).fix(
        FixLevel::Placeholder,
        "add a line for each",
        Span { end: place.start, ..place },
        lines,
    )
}

/// E0303.
pub(crate) fn may_be_missing(facts: &LineFacts, required: Option<Span>) -> Diagnostic {
    let source = facts.source.as_ref().map_or(facts.value_text.as_str(), |(display, _)| display.as_str());
    let reject = format!("else reject \"{} is missing\"", facts.short());
    let diagnostic = Diagnostic::new(
        Code::E0303,
        format!("`{}` is required, but its value may be missing", facts.target),
        facts.value_span,
        "may be missing",
    );
    let diagnostic = both(
        diagnostic,
        facts,
        &format!("`{source}` may be missing"),
        &format!("`{}` must be there", facts.target),
    )
    .why(format!("{} refuses a document without `{}`", facts.system, facts.target))
    .help(format!("say what happens without a value\n{}", facts.line(&reject)))
    .help(format!("or give a fixed value\n{}", facts.line("else \"…\"")))
    .fix(FixLevel::Choice, "reject such messages", facts.value_span.after(), format!(" {reject}"));
    let place = facts.source.as_ref().and_then(|(_, described)| described.name);
    let diagnostic = beside(diagnostic, place, "not required here");
    beside(diagnostic, required, "required here")
}

/// E0304.
pub(crate) fn filled_in_one_branch(facts: &LineFacts, conditional: bool) -> Diagnostic {
    let (label, fact) = if conditional {
        ("stays empty when the condition behind `when` is false", "the line has a `when`")
    } else {
        ("stays empty in some branch", "a branch gives no value")
    };
    let diagnostic = Diagnostic::new(
        Code::E0304,
        format!("`{}` is required, but only filled in some cases", facts.target),
        facts.value_span,
        label,
    );
    let place = facts.described.as_ref().and_then(|described| described.required);
    let diagnostic = both(diagnostic, facts, fact, &format!("`{}` must always be there", facts.target))
        .why(format!("{} refuses a document without `{}`", facts.system, facts.target))
        .help("cover the other cases with `choose { … otherwise -> … }`")
        .help("or reject the messages before: `reject \"…\" when …`");
    beside(diagnostic, place, "required here")
}

/// E0305.
pub(crate) fn null_not_allowed(facts: &LineFacts, optional: bool) -> Diagnostic {
    let handler = if optional { "else omit" } else { "else reject \"no value\"" };
    let diagnostic = Diagnostic::new(
        Code::E0305,
        format!("`{}` does not take null, but its value may be null", facts.target),
        facts.value_span,
        "may be null",
    );
    let diagnostic = both(
        diagnostic,
        facts,
        "null is allowed",
        &format!("`{}` must have a value or be left out", facts.target),
    )
    .why(format!("{} refuses null here", facts.system))
    .help(format!("say what null means\n{}", facts.line(handler)))
    .fix(FixLevel::Choice, format!("add `{handler}`"), facts.value_span.after(), format!(" {handler}"));
    let place = facts.source.as_ref().and_then(|(_, described)| described.keywords.get("type").copied());
    beside(diagnostic, place, "null is allowed here")
}

/// E0306.
pub(crate) fn omit_required(facts: &LineFacts, span: Span) -> Diagnostic {
    let place = facts.described.as_ref().and_then(|described| described.required);
    let diagnostic = Diagnostic::new(
        Code::E0306,
        format!("`{}` is required and cannot be left out", facts.target),
        span,
        "would leave a required field out",
    );
    let diagnostic = both(
        diagnostic,
        facts,
        "`or omit` leaves the field out",
        &format!("`{}` must be there", facts.target),
    )
    .why(format!("{} refuses a document without `{}`", facts.system, facts.target))
    .help("reject instead\nor reject \"…\"")
    .fix(FixLevel::Choice, "reject such messages", span, "or reject \"value does not fit\"");
    beside(diagnostic, place, "required here")
}
