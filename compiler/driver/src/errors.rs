//! What the driver has to say: files that are not there or cannot be read. All its message texts live here.

use mapc_diagnostics::{Code, Diagnostic, FixLevel, Span, nearest};

use crate::path::PathError;

/// Largest map file.
pub const MAP_LIMIT: u64 = 1024 * 1024;

/// E0211: the map itself is not there.
pub(crate) fn unreadable_map(path: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::E0211, format!("the map `{}` cannot be read", shorten(path)), span, why.to_owned())
        .why("nothing was checked")
        .help("name a file that ends in `.map`")
}

/// E0211: the schema a map names is not in the workspace.
pub(crate) fn unknown_schema(
    reference: &str,
    span: Span,
    expected: Option<&str>,
    known: &[String],
) -> Diagnostic {
    let near = nearest(reference, known.iter().map(String::as_str));
    let mut diagnostic = Diagnostic::new(
        Code::E0211,
        format!("there is no schema `{}` in this workspace", shorten(reference)),
        span,
        "no such schema",
    )
    .why("without the schema nothing can be proved about this map");
    if let Some(path) = expected {
        diagnostic = diagnostic.help(format!("put the schema into `{path}`"));
    }
    for name in &near {
        diagnostic = diagnostic.fix(FixLevel::Choice, format!("write `{name}`"), span, (*name).to_owned());
    }
    if !near.is_empty() {
        diagnostic.help.insert(0, format!("did you mean {}", either(&near)));
    } else if known.is_empty() {
        diagnostic = diagnostic.help("name the folder of the schemas in `mapc.toml`");
    } else if known.len() <= 8 {
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        diagnostic = diagnostic.help(format!("choose {}", either(&names)));
    }
    diagnostic
}

/// E0211: the reference has no version.
pub(crate) fn schema_without_version(name: &str, span: Span, known: &[String]) -> Diagnostic {
    let versions: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .filter(|reference| reference.rsplit_once('@').is_some_and(|(known_name, _)| known_name == name))
        .collect();
    let diagnostic = Diagnostic::new(
        Code::E0211,
        format!("the schema `{}` has no version", shorten(name)),
        span,
        "a version must follow, as in `name@1`",
    )
    .why("a map is proved against one version of a schema");
    match versions.as_slice() {
        [] => diagnostic.help(format!("write the version behind the name: `{}@1`", shorten(name))),
        [only] => diagnostic.help(format!("write `{only}`")).fix(
            FixLevel::Choice,
            format!("write `{only}`"),
            span,
            (*only).to_owned(),
        ),
        several => diagnostic.help(format!("choose {}", either(several))),
    }
}

/// E0211: the tenant has no folder.
pub(crate) fn unknown_tenant(tenant: &str, span: Span, folder: &str, known: &[String]) -> Diagnostic {
    let near = nearest(tenant, known.iter().map(String::as_str));
    let mut diagnostic = Diagnostic::new(
        Code::E0211,
        format!("there is no tenant `{}` in this workspace", shorten(tenant)),
        span,
        "no such tenant",
    )
    .why("custom fields and limits of the tenant come from its folder");
    if !near.is_empty() {
        diagnostic = diagnostic.help(format!("did you mean {}", either(&near)));
    }
    for name in near {
        diagnostic = diagnostic.fix(FixLevel::Choice, format!("write `{name}`"), span, name.to_owned());
    }
    diagnostic.help(format!("make the folder `{folder}`"))
}

/// E0903: a schema or overlay is there but cannot be used.
pub(crate) fn unreadable_schema(path: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::E0903, format!("`{}` cannot be read", shorten(path)), span, why.to_owned())
        .why("without the schema nothing can be proved about this map")
        .help(format!("mend the file `{path}`"))
}

/// E0605: the file of a table cannot be used.
pub(crate) fn table_file(path: &str, span: Span, why: &str, near: &[&str]) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::E0605,
        format!("the table file `{}` cannot be read", shorten(path)),
        span,
        why.to_owned(),
    )
    .why("without its rows no code of the table is known");
    if near.is_empty() {
        diagnostic = diagnostic.help("write the path of the file, seen from the folder of this map");
    } else {
        diagnostic = diagnostic.help(format!("did you mean {}", either(near)));
        for name in near {
            diagnostic = diagnostic.fix(
                FixLevel::Choice,
                format!("write `{name}`"),
                span,
                format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
            );
        }
    }
    diagnostic
}

/// E0605 for a path that may not be used.
pub(crate) fn table_path(path: &str, span: Span, error: PathError) -> Diagnostic {
    Diagnostic::new(
        Code::E0605,
        format!("the table file `{}` lies outside the workspace", shorten(path)),
        span,
        format!("this path {}", error.words()),
    )
    .why("a map is compiled the same on every machine, from its workspace alone")
    .help("put the file beside the map and write its path from there")
}

/// E0109: a file is not UTF-8.
pub(crate) fn not_utf8(path: &str, span: Span, byte: usize, line: usize) -> Diagnostic {
    Diagnostic::new(
        Code::E0109,
        format!("`{}` is not UTF-8 text", shorten(path)),
        span,
        format!("line {line} of it, byte {} of the file, is not UTF-8", byte.saturating_add(1)),
    )
    .why("in another encoding a letter such as ü would become another one without a word")
    .help("save the file as UTF-8; a spreadsheet offers \"CSV UTF-8\"")
}

/// E0107: a map file is larger than any map should be.
pub(crate) fn too_large(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0107,
        format!("`{}` is larger than 1 MiB", shorten(path)),
        span,
        "a map file has at most 1,048,576 bytes",
    )
    .why("a file of this size is not a map; it was not read")
    .help("move long tables into a csv file: `table name from \"tables/name.csv\" key code gives id`")
}

/// "`a`", "`a` or `b`", "`a`, `b` or `c`".
fn either(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// Keeps a title within its 80 characters.
fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let end: Vec<char> = text.chars().rev().take(MOST - 1).collect();
    std::iter::once('…').chain(end.into_iter().rev()).collect()
}
