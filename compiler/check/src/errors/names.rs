//! Names: E0104 and E0201 to E0209.

use mapc_diagnostics::{Code, Diagnostic, Edit, Fix, FixLevel, Side, Span};
use mapc_grammar::tree;
use mapc_schema::Described;
use mapc_types::Type;

use super::{beside, names, some_names, suggest};
use crate::path::Level;
use crate::words;

/// The source stands left.
pub(crate) fn sides_swapped(left: (&str, Span), right: Option<(&str, Span)>, system: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::E0104,
        format!("the {system} field stands left, the source right"),
        left.1,
        "a source field",
    )
    .fact(Side::Map, "", format!("`{}` is a field of the source", left.0))
    .fact(Side::Target, "", format!("left of `=` stands a field of {system}"))
    .why("a map fills fields of the target from the source, never the other way round")
    .target(left.0);
    match right {
        Some((text, span)) => {
            diagnostic = diagnostic
                .related(span, format!("a field of {system}"))
                .help(format!("swap the sides\n{text} = {}", left.0));
            diagnostic.fixes.push(Fix {
                level: FixLevel::Safe,
                title: "swap the sides".to_owned(),
                edits: vec![
                    Edit { span: left.1, insert: text.to_owned() },
                    Edit { span, insert: left.0.to_owned() },
                ],
            });
            diagnostic
        }
        None => diagnostic.help(format!("write the field of {system} left of `=`")),
    }
}

/// A name that begins a path.
pub(crate) fn unknown_name(name: &str, span: Span, near: &[String], below: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0207,
        format!("`{name}` is not a name that is known here"),
        span,
        "unknown name",
    )
    .fact(Side::Map, "", format!("`{name}` is written"))
    .fact(
        Side::Map,
        "",
        "a path begins with the name behind `from … as`, a row, a `let` or a field of this map",
    )
    .why("mapc cannot tell which value is meant");
    match below {
        Some(alias) if !alias.is_empty() => diagnostic.help(format!("write `{alias}.{name}`")).fix(
            FixLevel::Safe,
            format!("write `{alias}.{name}`"),
            span,
            format!("{alias}.{name}"),
        ),
        _ if near.is_empty() => diagnostic.help("begin the path with the name of the source"),
        _ => suggest(diagnostic, span, near),
    }
}

/// A name that is taken.
pub(crate) fn name_taken(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("the name `{name}` is taken"), span, "again here")
        .related(first, "first here")
        .fact(Side::Map, "", format!("`{name}` is defined above"))
        .fact(Side::Map, "", "each name is defined once")
        .why("a line that uses the name would be ambiguous")
        .help("choose another name")
}

/// A row name that hides another.
pub(crate) fn row_name_taken(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0207,
        format!("the row name `{name}` is taken"),
        span,
        "already the name of something else",
    )
    .fact(Side::Map, "", format!("`{name}` has a meaning outside of this block"))
    .fact(Side::Map, "", "a row needs a name of its own")
    .why("a line that uses the name would be ambiguous")
    .help("choose another name behind `as`")
}

/// E0201.
pub(crate) fn unknown_source_field(
    name: &str,
    path: &str,
    span: Span,
    near: &[String],
    known: &[std::sync::Arc<str>],
    schema: &str,
    place: Option<Span>,
) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0201, format!("`{schema}` has no field `{name}` here"), span, "no such field")
            .fact(Side::Map, "", format!("the line reads `{path}`"))
            .fact(Side::Source, "", format!("the fields here are {}", some_names(known)))
            .why("the field would be missing in every message");
    let diagnostic = beside(diagnostic, place, "the record is described here");
    if near.is_empty() { diagnostic.help("write one of the fields") } else { suggest(diagnostic, span, near) }
}

/// E0203.
pub(crate) fn other_level(name: &str, span: Span, level: &Level) -> Diagnostic {
    let path = &level.path;
    let diagnostic =
        Diagnostic::new(Code::E0203, format!("`{name}` lives in `{path}`"), span, "not at this level")
            .fact(Side::Map, "", format!("`{name}` is read here"))
            .fact(Side::Source, "", format!("the field stands in `{path}`"))
            .why("the field would be missing in every message");
    if level.in_list {
        diagnostic.help(format!("use it for each row\neach {path} as line {{ … = line.{name} }}"))
    } else {
        diagnostic.help(format!("write `{path}.{name}`"))
    }
}

/// E0202.
pub(crate) fn unknown_target_field(
    name: &str,
    span: Span,
    near: &[String],
    record: &str,
    known: &[std::sync::Arc<str>],
) -> Diagnostic {
    let record_words = if record.starts_with('`') { record.to_owned() } else { format!("`{record}`") };
    let diagnostic =
        Diagnostic::new(Code::E0202, format!("{record_words} has no field `{name}`"), span, "no such field")
            .fact(Side::Map, "", format!("the line fills `{name}`"))
            .fact(Side::Target, "", format!("the fields here are {}", some_names(known)))
            .why("the value would be lost or the document refused")
            .target(name);
    if near.is_empty() { diagnostic.help("write one of the fields") } else { suggest(diagnostic, span, near) }
}

/// E0204.
pub(crate) fn custom_field_unknown(
    name: &str,
    span: Span,
    near: &[String],
    tenant: Option<&str>,
    overlays: &[String],
) -> Diagnostic {
    let who = tenant.map_or_else(|| "this target".to_owned(), |tenant| format!("tenant {tenant}"));
    let place = match overlays {
        [] => "no overlay is loaded".to_owned(),
        files => format!("its custom fields are listed in {}", names(files)),
    };
    let diagnostic = Diagnostic::new(
        Code::E0204,
        format!("{who} has no custom field `{name}`"),
        span,
        "not in the overlay",
    )
    .fact(Side::Map, "", format!("the line fills `{name}`"))
    .fact(Side::Target, "", place)
    .why("the value would be ignored or the document refused")
    .target(name);
    if near.is_empty() {
        diagnostic.help("add the field to the overlay of the tenant")
    } else {
        suggest(diagnostic, span, near)
    }
}

/// E0205.
pub(crate) fn assigned_twice(
    path: &str,
    span: Span,
    first: Span,
    first_line: Span,
    line: Option<Span>,
) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(Code::E0205, format!("`{path}` is filled twice"), span, "again here")
            .related(first, "first here")
            .fact(Side::Map, "", format!("a line above fills `{path}`"))
            .fact(Side::Map, "", "each field has one line")
            .why("one of the two values would be lost")
            .help("delete one of the two lines")
            .target(path);
    if let Some(line) = line {
        diagnostic = diagnostic.fix(FixLevel::Choice, "delete this line", line, "");
    }
    diagnostic.fix(FixLevel::Choice, "delete the first line", first_line, "")
}

/// E0208.
pub(crate) fn circle(target: &str, span: Span, line: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0208,
        format!("`{target}` depends on itself"),
        span,
        "leads back to the same field",
    )
    .fact(Side::Map, "", format!("`{target}` is needed to compute `{target}`"))
    .fact(Side::Map, "", "a field may use other fields, but not in a circle")
    .why("there is no first value to begin with")
    .help("use the source field instead of the computed one")
    .target(target);
    if span == line { diagnostic } else { diagnostic.related(line, "the field is filled here") }
}

/// E0209.
pub(crate) fn read_only(path: &str, span: Span, described: &Described, system: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0209, format!("{system} fills `{path}` itself"), span, "cannot be written")
            .fact(Side::Map, "", format!("the line fills `{path}`"))
            .fact(Side::Target, "", "the field is read-only")
            .why(format!("{system} ignores or refuses a value for it"))
            .help("delete the line")
            .target(path);
    beside(diagnostic, described.keywords.get("readOnly").copied().or(described.name), "read-only here")
}

/// A name below a single value of the source.
pub(crate) fn step_into_value(name: &str, span: Span, kind: &Type) -> Diagnostic {
    let kind = words::a_kind(kind);
    Diagnostic::new(
        Code::E0201,
        format!("`{name}` cannot stand below {kind}"),
        span,
        format!("what stands before it is {kind}"),
    )
    .fact(Side::Map, "", format!("`{name}` is read below it"))
    .fact(Side::Source, "", format!("it is {kind}, not a record"))
    .why("only a record has fields")
    .help("end the path before this name")
}

/// A name below a single value of the target.
pub(crate) fn step_into_target_value(name: &str, span: Span, kind: &Type) -> Diagnostic {
    let kind = words::a_kind(kind);
    Diagnostic::new(
        Code::E0202,
        format!("`{name}` cannot stand below {kind}"),
        span,
        format!("what stands before it is {kind}"),
    )
    .fact(Side::Map, "", format!("`{name}` is written below it"))
    .fact(Side::Target, "", format!("it is {kind}, not a record"))
    .why("only a record has fields")
    .help("end the path before this name")
}

/// A name below a list of the target.
pub(crate) fn step_into_list(path: &str, span: Span, whole: &tree::Path, at: usize) -> Diagnostic {
    let list: Vec<&str> = whole.segments.iter().take(at).map(|segment| segment.name.text.as_str()).collect();
    let rest: Vec<&str> = whole.segments.iter().skip(at).map(|segment| segment.name.text.as_str()).collect();
    let list = list.join(".");
    Diagnostic::new(
        Code::E0506,
        format!("`{list}` is a list: fill it row by row"),
        span,
        "a field of each row",
    )
    .fact(Side::Map, "", format!("the line fills `{path}` once"))
    .fact(Side::Target, "", format!("`{list}` has many rows"))
    .why("one value cannot be the field of many rows")
    .help(format!("write\n{list} = each order.lines as line {{ {} = … }}", rest.join(".")))
    .target(path)
}

/// `[n]` in a map.
pub(crate) fn index_in_map(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0501, "rows are not counted in a map", span, "only tests use `[1]`")
        .fact(Side::Map, "", format!("`{path}` names a row by its number"))
        .fact(Side::Map, "", "the number of rows differs from message to message")
        .why("the row may not be there")
        .help("write `first(…)`, `last(…)` or `only(…)`")
}

/// An unused name or table.
pub(crate) fn unused(what: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::W0202, format!("the {what} `{name}` is never used"), span, "never used")
        .fact(Side::Map, "", format!("`{name}` is defined here"))
        .fact(Side::Map, "", "no line uses it")
        .help("delete it, or use it")
}

/// A name in a test.
pub(crate) fn unknown_in_test(name: &str, span: Span, near: &[String], output: bool) -> Diagnostic {
    let (code, side, what) = if output {
        (Code::E0202, Side::Target, "the document")
    } else {
        (Code::E0201, Side::Source, "the sample")
    };
    let diagnostic =
        Diagnostic::new(code, format!("{what} has no field `{name}` here"), span, "no such field")
            .fact(Side::Map, "", format!("the test names `{name}`"))
            .fact(side, "", "the schema has no such field")
            .why("the test could never pass");
    suggest(diagnostic, span, near)
}
