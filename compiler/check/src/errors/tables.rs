//! Tables and references to records: E0403, E0601 to E0605.

use mapc_diagnostics::{Code, Diagnostic, FixLevel, Side, Span};
use mapc_types::Type;

use super::{names, some_names, suggest};
use crate::words;

/// E0601.
pub(crate) fn unknown_table(name: &str, span: Span, near: &[String]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0601, format!("no table is called `{name}`"), span, "unknown table")
            .fact(Side::Map, "", format!("`lookup {name}` is written"))
            .fact(Side::Map, "", "the map defines no such table")
            .why("there is nothing to look the code up in");
    if near.is_empty() {
        diagnostic.help(format!("define it\ntable {name} {{ \"A\" -> \"1\" }}"))
    } else {
        suggest(diagnostic, span, near)
    }
}

/// `lookup` without a name.
pub(crate) fn table_name_expected(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0206, "`lookup` needs the name of a table", span, "no table name behind it")
        .fact(Side::Map, "", "nothing that names a table stands behind `lookup`")
        .fact(Side::Map, "", "one name is needed")
        .why("there is nothing to look the code up in")
        .help("write\norder.currency | lookup currency")
}

/// `xref` without a name.
pub(crate) fn xref_name_expected(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0206, "`xref` needs the name of a record kind", span, "no name behind it")
        .fact(Side::Map, "", "nothing that names a kind of record stands behind `xref`")
        .fact(Side::Map, "", "one name is needed")
        .why("mapc does not know which records to search")
        .help("write\norder.customer.id | xref netsuite.customer else wait")
}

/// E0602.
pub(crate) fn xref_without_else(entity: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0602, format!("`xref {entity}` does not say what happens when nothing is found"), span, "may find nothing")
        .fact(Side::Map, "", "no `else` stands behind it")
        .fact(Side::Target, "", "the record may not be there yet")
        .why("waiting, rejecting and leaving out are different for the business")
        .help("say what happens\nelse wait                the message waits for the record\nelse reject \"…\"         sends nothing")
        .fix(FixLevel::Choice, "wait for the record", span.after(), " else wait")
        .fix(FixLevel::Choice, "reject such messages", span.after(), " else reject \"unknown record\"")
}

/// Number of key parts.
pub(crate) fn key_parts(table: &str, wants: usize, got: usize, span: Span, place: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0206,
        format!("table `{table}` has a key of {}", words::count(wants as u64, "part")),
        span,
        words::count(got as u64, "part"),
    )
    .related(place, format!("a key of {}", words::count(wants as u64, "part")))
    .fact(Side::Map, "", format!("{} given", words::count(got as u64, "part")))
    .fact(Side::Table, table, words::count(wants as u64, "part"))
    .why("no row could ever be found")
    .help("give as many values as the key has parts\n(country, line.taxCode) | lookup tax_code")
}

/// A key that is no text.
pub(crate) fn key_not_text(text: &str, span: Span, kind: &Type) -> Diagnostic {
    let kind = words::a_kind(kind);
    Diagnostic::new(Code::E0406, format!("a key is a text, and `{text}` is {kind}"), span, kind.clone())
        .fact(Side::Map, "", format!("`{text}` is {kind}"))
        .fact(Side::Table, "", "keys are texts")
        .why("no row could ever be found")
        .help("turn it into a text first: `| text`")
}

/// E0603.
pub(crate) fn duplicate_key(table: &str, key: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0603,
        format!("{} stands twice in table `{table}`", words::quoted(key)),
        span,
        "again here",
    )
    .related(first, "first here")
    .fact(Side::Table, table, "two rows have this key")
    .fact(Side::Table, table, "each key has one row")
    .why("it would be unclear which row counts")
    .help("delete one of the rows")
}

/// W0601: all unused rows of a table in one diagnostic.
pub(crate) fn rows_never_used(table: &str, keys: &[String], first: Span) -> Diagnostic {
    let title = match keys {
        [only] => format!("the row {} of table `{table}` is never used", words::quoted(only)),
        many => format!("{} rows of table `{table}` are never used", many.len()),
    };
    let listed = words::values(keys.iter().map(String::as_str));
    Diagnostic::new(Code::W0601, title, first, "never used")
        .fact(Side::Table, table, format!("there are rows for {listed}"))
        .fact(Side::Source, "", "the source never sends these codes")
        .help("delete them, or mend their keys")
}

/// E0605: the file cannot be read.
pub(crate) fn table_unreadable(path: &str, span: Span, place: Span) -> Diagnostic {
    Diagnostic::new(Code::E0605, format!("`{path}` cannot be read as a table"), span, "this file")
        .related(place, "broken here")
        .fact(Side::Map, "", format!("the map names `{path}`"))
        .fact(Side::Table, path, "a row cannot be read")
        .why("codes could not be looked up")
        .help("save the sheet as CSV with commas, in UTF-8")
}

/// E0605: no such column.
pub(crate) fn unknown_column(
    name: &str,
    span: Span,
    path: &str,
    place: Span,
    near: &[String],
    known: &[String],
) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::E0605, format!("`{path}` has no column `{name}`"), span, "no such column")
            .related(place, "the columns are named here")
            .fact(Side::Map, "", format!("the map names the column `{name}`"))
            .fact(Side::Table, path, format!("the columns are {}", some_names(known)))
            .why("codes could not be looked up");
    if near.is_empty() {
        diagnostic.help(format!("write one of {}", names(known)))
    } else {
        suggest(diagnostic, span, near)
    }
}

/// E0605: a row without key or value column.
pub(crate) fn row_incomplete(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0605,
        format!("a row of `{path}` is not complete"),
        span,
        "no key, or too few columns",
    )
    .fact(Side::Table, path, "the row has no key or too few columns")
    .fact(Side::Map, "", "every row needs its key and its value column")
    .why("the code could not be looked up")
    .help("complete or delete the row")
}

/// A table without rows.
pub(crate) fn table_empty(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0605, format!("table `{name}` has no rows"), span, "no rows")
        .fact(Side::Table, name, "there are no rows")
        .fact(Side::Map, "", "a lookup needs rows")
        .why("every lookup would fail")
        .help("add rows\n\"A\" -> \"1\"")
}

/// Values of two kinds.
pub(crate) fn table_kinds(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0604, format!("table `{name}` mixes kinds of values"), span, "another kind")
        .related(first, "the first value")
        .fact(Side::Table, name, "values of two kinds")
        .fact(Side::Map, "", "all values of a table are of one kind")
        .why("one field cannot take both")
        .help("write all values as texts in quotes, or all as numbers")
}

/// A key of another size or kind.
pub(crate) fn table_key(name: &str, parts: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0605,
        format!("a key of table `{name}` is not like the others"),
        span,
        "another form",
    )
    .fact(Side::Table, name, format!("keys have {}", words::count(parts as u64, "part")))
    .fact(Side::Table, name, "each part is a text in quotes")
    .why("the row could never be found")
    .help("write the key like the first one")
}
