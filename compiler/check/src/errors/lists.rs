//! Lists and records where single values are meant, and the other way round: E0501, E0505, E0506.

use mapc_diagnostics::{Code, Diagnostic, Side, Span};
use mapc_types::{Length, Type};

use super::{LineFacts, both, some_names};
use crate::words;

/// A record where a single value is meant.
pub(crate) fn record_into_value(path: &str, span: Span, inside: &[String]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0406, format!("`{path}` is a record, not a single value"), span, "a record")
            .fact(Side::Map, "", "a single value is needed here")
            .fact(Side::Source, "", format!("`{path}` has fields of its own"))
            .why("a record cannot be written into a single field");
    if inside.is_empty() {
        diagnostic.help("name a field inside it")
    } else {
        diagnostic.help(format!("name a field inside it: {}", some_names(inside)))
    }
}

/// E0501.
pub(crate) fn list_into_value(path: &str, span: Span, list: &str) -> Diagnostic {
    let rest = path.strip_prefix(list).map(|rest| rest.trim_start_matches('.')).unwrap_or_default();
    let row = if rest.is_empty() { "line".to_owned() } else { format!("line.{rest}") };
    Diagnostic::new(
        Code::E0501,
        format!("`{path}` has many values, one is needed"),
        span,
        "one value for each row",
    )
    .fact(Side::Source, "", format!("`{list}` is a list"))
    .fact(Side::Map, "", "a single value is needed here")
    .why("mapc does not guess which row is meant")
    .help(format!("take one of them: `first({path})`, `last({path})`, or `only({path})`"))
    .help(format!("or put them together: `join({path}, \", \")`"))
    .help(format!("or write a row for each: `each {list} as line {{ … = {row} }}`"))
}

/// Fits several shapes.
pub(crate) fn several_shapes(path: &str, span: Span, value: &Type) -> Diagnostic {
    let kinds = words::kind(value);
    Diagnostic::new(Code::E0505, format!("`{path}` may be {kinds}"), span, "more than one kind")
        .fact(Side::Source, "", format!("the schema allows {kinds}"))
        .fact(Side::Map, "", "a line reads a value of one kind")
        .why("the map cannot treat all of them alike")
        .help("narrow the field to one kind with an overlay line")
}

/// Fits every shape.
pub(crate) fn any_shape(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0505, format!("`{path}` may be of any kind"), span, "any kind")
        .fact(Side::Source, "", "the schema does not say of which kind it is")
        .fact(Side::Map, "", "a line reads a value of one kind")
        .why("the map cannot treat all of them alike")
        .help("state the kind of the field in the source schema or with an overlay line")
}

/// Too few or too many fields in a record.
pub(crate) fn field_count(path: &str, span: Span, has: Length, takes: Length, system: &str) -> Diagnostic {
    let record = if path.is_empty() { "the document".to_owned() } else { format!("`{path}`") };
    let few = has.min < takes.min;
    let (code, may, limit) = match takes.max.filter(|_| !few) {
        None => (Code::E0303, format!("may have only {} fields", has.min), format!("at least {}", takes.min)),
        Some(most) => {
            let own = has.max.unwrap_or_default();
            (Code::E0503, format!("may have {own} fields"), format!("at most {most}"))
        }
    };
    let diagnostic = Diagnostic::new(code, format!("{record} {may}"), span, format!("needs {limit} fields"))
        .fact(Side::Map, "", format!("{record} {may}"))
        .fact(Side::Target, "", format!("it needs {limit} fields"))
        .why(format!("{system} refuses another number of fields"));
    if few {
        diagnostic.help("give more fields a value that is always there, with `else`")
    } else {
        diagnostic.help("take out lines")
    }
}

/// A list was needed.
pub(crate) fn list_expected(what: &str, path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0506, format!("`{what}` needs a list, and `{path}` is none"), span, "not a list")
        .fact(Side::Map, "", format!("`{what}` goes over the rows of a list"))
        .fact(Side::Source, "", format!("`{path}` is one value or one record"))
        .why("there are no rows to go over")
        .help("name a list of the source")
}

/// A list of lists.
pub(crate) fn each_across(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0501, format!("`{path}` lies in another list"), span, "one list for each row")
        .fact(Side::Map, "", "`each` goes over one list")
        .fact(Side::Source, "", "this list stands in every row of another one")
        .why("mapc does not guess how the rows belong together")
        .help("write one `each` inside the other")
}

/// `each` into a single field.
pub(crate) fn each_into_single(facts: &LineFacts, limit: &Type, span: Span) -> Diagnostic {
    let kind = words::a_kind(limit);
    let diagnostic =
        Diagnostic::new(Code::E0501, format!("`{}` takes {kind}, not a list", facts.target), span, "a list");
    both(diagnostic, facts, "`each` gives a list of rows", &format!("`{}` is {kind}", facts.target))
        .why(format!("{} refuses a list here", facts.system))
        .help("take one value: `first(…)`, `last(…)`, `only(…)`, or `join(…, \", \")`")
}

/// A single value into a list or record.
pub(crate) fn single_into_many(facts: &LineFacts, limit: &Type) -> Diagnostic {
    let kind = words::a_kind(limit);
    let diagnostic = Diagnostic::new(
        Code::E0506,
        format!("`{}` takes {kind}, not a single value", facts.target),
        facts.value_span,
        "a single value",
    );
    let diagnostic =
        both(diagnostic, facts, "the line gives one value", &format!("`{}` is {kind}", facts.target))
            .why(format!("{} refuses a single value here", facts.system));
    match limit {
        Type::List(_) => diagnostic
            .help(format!("fill it row by row\n{} = each order.lines as line {{ … }}", facts.short())),
        _ => diagnostic.help(format!("fill a field inside it\n{}.… = {}", facts.short(), facts.value_text)),
    }
}

/// A record for each row of a list of single values.
pub(crate) fn record_into_single_rows(facts: &LineFacts, limit: &Type, span: Span) -> Diagnostic {
    let kind = words::a_kind(limit);
    let diagnostic = Diagnostic::new(
        Code::E0506,
        format!("each row of `{}` is {kind}", facts.target),
        span,
        "a record for each row",
    );
    both(diagnostic, facts, "the block gives a record for each row", &format!("a row is {kind}"))
        .why(format!("{} refuses a record here", facts.system))
        .help("give one value for each row\neach … as line -> line.…")
}

/// A list of records passed on.
pub(crate) fn records_copied(facts: &LineFacts, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0506,
        format!("the rows of `{}` are records", facts.value_text),
        span,
        "a list of records",
    );
    both(diagnostic, facts, "each row is a record", "each row needs its fields mapped")
        .why("only lists of single values can be passed on as they are")
        .help(format!("write\n{} = each {} as line {{ … }}", facts.short(), facts.value_text))
}

/// A field of rows was needed.
pub(crate) fn field_of_rows_expected(what: &str, path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0506, format!("`{what}` needs a field of the rows"), span, "the rows themselves")
        .fact(Side::Map, "", format!("`{path}` names the rows"))
        .fact(Side::Map, "", format!("`{what}` needs one value for each row"))
        .why("a row is a record, not a value")
        .help(format!("name a field: `{what}({path}.…)`"))
}

/// `only` over lists in lists.
pub(crate) fn only_across(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0501, "`only` goes over one list", span, "crosses two lists")
        .fact(Side::Map, "", "the path crosses a list inside another")
        .fact(Side::Map, "", "`only` says that one list has one row")
        .why("it would be unclear which list must have one row")
        .help("use `first` or `last`")
}

/// A plain field inside a group.
pub(crate) fn not_the_group_key(path: &str, span: Span, key: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0501,
        format!("`{path}` has a value for each row of the group"),
        span,
        "many values",
    )
    .fact(Side::Map, "", format!("the rows are grouped by `{key}`"))
    .fact(Side::Map, "", "inside a group only that field has one value")
    .why("mapc does not guess which row of the group is meant")
    .help(format!("put them together: `sum({path})`, `first({path})`, `join({path}, \", \")`"))
}

/// `group by` something else than a field.
pub(crate) fn group_by_path(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, "`group by` needs a field of the row", span, "not a field")
        .fact(Side::Map, "", "a computed value stands here")
        .fact(Side::Map, "", "rows are grouped by one of their fields")
        .why("the block must be able to name the value of the group")
        .help("name a field: `group by line.taxCode`")
}

/// A document that is not one record: no line can say which of several it is.
pub(crate) fn not_one_record(place: Span, whole: &Type, system: &str) -> Diagnostic {
    let kind = words::a_kind(whole);
    Diagnostic::new(
        Code::E0505,
        format!("a document of {system} is not one record"),
        place,
        "no line fills it",
    )
    .fact(Side::Map, "", "the lines of `fields` fill one record")
    .fact(Side::Target, "", format!("it takes {kind}"))
    .why("what one of several records needs, another may forbid, and lines do not choose between them")
    .help("import the schema of the record that this map makes, without the others")
}
