//! What the parser says: one constructor per code, the text stands only here. Knows nothing of pest.

use mapc_diagnostics::{Code, Diagnostic, Edit, FileId, Fix, FixLevel, Span};

use crate::layout::MAX_BRACKETS;

/// At most this many characters of the map's own text stand in a title.
const SHOWN: usize = 28;

/// A piece of the map in backquotes, shortened.
pub(crate) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim();
    if line.chars().count() <= SHOWN {
        return format!("`{line}`");
    }
    let head: String = line.chars().take(SHOWN - 1).collect();
    format!("`{}…`", head.trim_end())
}

/// The typographic characters of one line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typographic {
    /// Quotes: the whole text with its quotes.
    pub(crate) quotes: Vec<Span>,
    /// Spaces that are not blanks.
    pub(crate) spaces: Vec<Span>,
    /// Characters that cannot be seen.
    pub(crate) unseen: Vec<Span>,
    /// Dashes, arrows, signs.
    pub(crate) signs: Vec<Span>,
    /// What to put there.
    pub(crate) edits: Vec<Edit>,
}

/// E0101: characters that a spreadsheet or a mail program put there.
pub(crate) fn typographic(line: Typographic) -> Option<Diagnostic> {
    let kinds = [
        (&line.quotes, "typographic quotes", "these are typographic quotes, from a spreadsheet or mail"),
        (&line.spaces, "a no-break space", "this is a no-break space, from a spreadsheet or mail"),
        (&line.unseen, "a character that cannot be seen", "here stands a character that cannot be seen"),
        (&line.signs, "a typographic sign", "this sign comes from a spreadsheet or mail"),
    ];
    let present: Vec<_> = kinds.iter().filter(|(spans, ..)| !spans.is_empty()).collect();
    let names: Vec<&str> = present.iter().map(|(_, name, _)| *name).collect();
    let mut places =
        present.iter().flat_map(|(spans, _, label)| spans.iter().map(move |span| (*span, *label)));
    let (span, label) = places.next()?;
    let mut diagnostic =
        Diagnostic::new(Code::E0101, format!("{} in the line", listed(&names, "and")), span, label).why(
            "mapc reads straight quotes and plain spaces only, so that two texts that look alike are alike",
        );
    for (span, label) in places.take(3) {
        diagnostic = diagnostic.related(span, label);
    }
    let title = match (line.quotes.is_empty(), line.spaces.is_empty() && line.unseen.is_empty()) {
        (false, true) => "write straight quotes",
        (true, false) => "write plain spaces",
        (false, false) => "write straight quotes and plain spaces",
        (true, true) => "write the plain sign",
    };
    diagnostic.help.push(title.to_owned());
    diagnostic.fixes.push(Fix { level: FixLevel::Safe, title: title.to_owned(), edits: line.edits });
    Some(diagnostic)
}

/// E0101: control characters: this was never a map.
pub(crate) fn not_a_map(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0101,
        "the file holds control characters: it is not a map",
        span,
        "a character that no text file holds",
    )
    .why("a map is plain text, so nothing in this file was read")
    .help("save the file as plain text in UTF-8")
}

/// E0102: a block whose closing brace is missing. `next` is the top-level word that begins before it.
pub(crate) fn block_not_closed(
    block: &str,
    open: Span,
    next: Option<(Span, &str)>,
    insert: (Span, String),
) -> Diagnostic {
    let title = format!("the block {} is not closed", shown(block));
    let diagnostic = Diagnostic::new(Code::E0102, title, open, "this block opens here");
    let diagnostic = match next {
        Some((span, word)) => {
            diagnostic.related(span, format!("`{word}` begins here, so the block must end before it"))
        }
        None => diagnostic.related(insert.0, "the block is still open here"),
    };
    let (place, text) = insert;
    diagnostic.help("add a closing brace `}`").fix(FixLevel::Safe, "add the closing brace", place, text)
}

/// E0103: a word that means nothing at this place.
pub(crate) fn unknown_word(word: &str, span: Span, place: &str, near: &[&str], words: &[&str]) -> Diagnostic {
    let title = format!("unknown word {} {place}", shown(word));
    let Some(best) = near.first() else {
        let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        return Diagnostic::new(Code::E0103, title, span, "no line begins with this word here")
            .help(format!("begin the line with {}", listed(&all, "or")));
    };
    let label = format!("did you mean `{best}`?");
    Diagnostic::new(Code::E0103, title, span, label).help(format!("write `{best}`")).fix(
        FixLevel::Safe,
        format!("rename to `{best}`"),
        span,
        *best,
    )
}

/// E0103: a word of a later release.
pub(crate) fn later_release(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0103,
        format!("`{word}` comes with a later release"),
        span,
        "this release does not know the word yet",
    )
    .why("the line is not part of the map that is checked and built")
    .help(match word {
        "define" => "write the rule where it is used, or name it with `let`",
        "disclose" => "leave the line out",
        _ => "write the rule in full in this map",
    })
}

/// E0103: a word or sign of another language. `instead` is what to write.
pub(crate) fn foreign_word(word: &str, span: Span, instead: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0103,
        format!("`{word}` is not a word of the map language"),
        span,
        "this comes from another language",
    )
    .help(instead)
}

/// E0103: a sign of another language that has an exact counterpart.
pub(crate) fn foreign_sign(sign: &str, span: Span, ours: &str, meaning: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0103,
        format!("`{sign}` is not a sign of the map language"),
        span,
        format!("{meaning} is written `{ours}`"),
    );
    if ours.is_empty() {
        let mut diagnostic = diagnostic.help(format!("leave `{sign}` out")).fix(
            FixLevel::Safe,
            format!("remove `{sign}`"),
            span,
            "",
        );
        diagnostic.primary.text = meaning.to_owned();
        return diagnostic;
    }
    diagnostic.help(format!("write `{ours}`")).fix(
        FixLevel::Choice,
        format!("write `{ours}` instead of `{sign}`"),
        span,
        ours,
    )
}

/// E0104: an arrow where the line wants its target left of `=`.
pub(crate) fn arrow_in_fields(left: &str, right: &str, arrow: Span, line: Span, swap: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0104,
        format!("a field line is written with `=`, not with `{}`", if swap { "->" } else { "<-" }),
        arrow,
        "the target field stands left of `=`, its source right",
    );
    let text = format!("{left} = {right}");
    diagnostic.help(format!("write the target field first\n    {text}")).fix(
        FixLevel::Choice,
        "write the line with `=`",
        line,
        text,
    )
}

/// E0105: a text that does not end on its line.
pub(crate) fn text_not_closed(text: Span, end: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0105,
        "the text is not closed",
        text,
        "the text begins here and does not end on this line",
    )
    .why("what follows the quote counts as text up to the end of the line, so the line was not read")
    .help("put a quote `\"` behind the last character of the text")
    .fix(FixLevel::Choice, "close the text at the end of the line", end, "\"")
}

/// E0105: a hole of a text that is not closed.
pub(crate) fn hole_not_closed(hole: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0105,
        "a `{` in the text is not closed",
        hole,
        "the hole begins here and does not end in this text",
    )
    .help("put a closing brace `}` behind the field name, or write `{{` for a brace that is meant")
}

/// E0106: a closing brace in a text that closes no hole.
pub(crate) fn brace_in_text(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "a `}` in the text closes nothing",
        span,
        "no `{` stands before it in this text",
    )
    .help("write `}}` for a brace that is meant")
    .fix(FixLevel::Choice, "write `}}`", span, "}}")
}

/// E0106: a text that may hold no field names, but does.
pub(crate) fn hole_in_constant(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "a default is a fixed value: it cannot name a field",
        span,
        "the name in braces would be printed as it stands",
    )
    .help("write a text without `{…}`, or use `else` with a value")
}

/// E0106: a backslash before a character that needs none.
pub(crate) fn unknown_escape(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("{} has no meaning in a text", shown(written)),
        span,
        "after `\\` stands one of `\"` `\\` `n` `t` `r` or `u{1F600}`",
    )
    .help(format!("write `\\{written}` for a backslash that is meant"))
    .fix(FixLevel::Safe, "write two backslashes", span, format!("\\{written}"))
}

/// E0106: a closing mark without its opening one.
pub(crate) fn closes_nothing(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, "a closing brace `}` closes no block", span, "no block is open here")
        .help("remove the brace, or open the block it belongs to")
        .fix(FixLevel::Choice, "remove the brace", span, "")
}

/// E0106: a block without its opening brace.
pub(crate) fn opening_brace_missing(header: &str, header_span: Span, place: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("an opening brace is missing behind {}", shown(header)),
        header_span,
        "the lines of this block stand in braces",
    )
    .help("add an opening brace `{`")
    .fix(FixLevel::Safe, "add the opening brace", place, " {")
}

/// E0106: the file says nothing.
pub(crate) fn empty_file(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, "the file is empty", span, "a map begins with its name")
        .help("begin with the name, the source and the target\n    map acme.sales_order version 1")
}

/// E0106: something is missing or stands in the way. `found` is what stands there.
pub(crate) fn expected(span: Span, expected: &[&str], found: Option<&str>) -> Diagnostic {
    let wanted = listed(expected, "or");
    match found {
        Some(found) => Diagnostic::new(
            Code::E0106,
            format!("{} cannot stand here", shown(found)),
            span,
            format!("expected {wanted}"),
        ),
        None => {
            let title = match expected {
                [one] => format!("{one} is missing"),
                _ => "the line ends too early".to_owned(),
            };
            Diagnostic::new(Code::E0106, title, span, format!("expected {wanted}"))
        }
    }
}

/// E0106 with a hand-made message.
pub(crate) fn missing(title: impl Into<String>, span: Span, label: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::E0106, title, span, label).help(help)
}

/// E0107: brackets or words nested too deep.
pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0107,
        "the map is nested too deep",
        span,
        format!("here more than {MAX_BRACKETS} braces and parentheses are open"),
    )
    .why("nothing in this file was read")
    .help("name parts of the rule with `let`")
}

/// E0107: one rule with too many parts.
pub(crate) fn too_long_a_rule(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        Code::E0107,
        "the rule has too many parts",
        span,
        format!("here the rule has more than {limit} operators"),
    )
    .why("nothing in this file was read")
    .help("name parts of the rule with `let`, or use a table")
}

/// E0107: more text than a map may have.
pub(crate) fn too_large(span: Span, size: usize, limit: usize) -> Diagnostic {
    Diagnostic::new(
        Code::E0107,
        "the map is too large",
        span,
        format!("the file has {size} bytes, a map at most {limit}"),
    )
    .why("nothing in this file was read")
    .help("keep long tables in files: `table name from \"file.csv\" key … gives …`")
}

/// E0107: a number too large for its place.
pub(crate) fn number_too_large(span: Span, limit: &str) -> Diagnostic {
    Diagnostic::new(Code::E0107, "the number is too large", span, format!("at most {limit} here"))
        .help("write a smaller number")
}

/// E0108: a part that must stand before another.
pub(crate) fn wrong_order(part: &str, span: Span, before: &str, before_span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0108,
        format!("`{part}` stands behind `{before}`"),
        span,
        format!("this part stands before `{before}`"),
    )
    .related(before_span, format!("`{before}` begins here"))
    .help("put the parts in this order: value, `else …`, `or …`, `when …`")
}

/// E0108 with a hand-made message.
pub(crate) fn misplaced(title: impl Into<String>, span: Span, label: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::E0108, title, span, label).help(help)
}

/// E0109: bytes that are no text. The span may be empty.
pub fn not_utf8(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0109, "the file is not UTF-8 text", span, "here stands a byte that is no UTF-8")
        .why("nothing in this file was read")
        .help("save the file as UTF-8; a spreadsheet calls it \"Unicode text\" or \"UTF-8\"")
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn listed(items: &[&str], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [head @ .., last] => format!("{} {word} {last}", head.join(", ")),
    }
}

/// The whole of a text, for messages about a file.
pub(crate) fn start_of(file: FileId) -> Span {
    Span::new(file, 0, 0)
}
