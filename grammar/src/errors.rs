//! What the parser says: the text of its messages stands only here. Knows nothing of pest.

use mapc_diagnostics::{Code, Diagnostic, Edit, FileId, Fix, FixLevel, Span, nearest};

use crate::layout::MAX_BRACKETS;

/// At most this many characters of the map's own text stand in a title.
const SHOWN: usize = 28;

/// Words that begin a top-level line.
pub(crate) const TOP_WORDS: &[&str] = &[
    "map", "from", "to", "zone", "rounding", "table", "let", "skip", "reject", "check", "policy", "fields",
    "deliver", "mask", "test",
];
/// Words that begin a line of `deliver`.
pub(crate) const DELIVER_WORDS: &[&str] =
    &["create", "update", "upsert", "connection", "key", "in", "retry", "unknown", "dead_letter"];
/// Words that begin a line of a test.
pub(crate) const TEST_WORDS: &[&str] = &["given", "expect"];
/// Words of later releases.
pub(crate) const LATER_WORDS: &[&str] = &["extends", "override", "drop", "in", "define", "disclose"];
/// Functions that stand behind a pipe; a word among these with no pipe before it wants one.
const FUNCTIONS: &[&str] = &[
    "cut",
    "start",
    "end",
    "trim",
    "squeeze",
    "nonblank",
    "upper",
    "lower",
    "upper_ascii",
    "lower_ascii",
    "pad_left",
    "pad_right",
    "replace",
    "without_prefix",
    "without_suffix",
    "before",
    "after",
    "part",
    "digits",
    "round",
    "round_up",
    "round_down",
    "floor",
    "ceiling",
    "abs",
    "clamp",
    "whole",
    "number",
    "text",
    "date",
    "time",
    "instant",
    "written_date",
    "format",
    "parse_date",
    "add_days",
    "yes_no",
    "lookup",
    "xref",
];

/// Signs of other languages, ours, and what ours means. No sign of ours: leave it out.
const FOREIGN_SIGNS: &[(&str, &str, &str)] = &[
    ("===", "is", "a comparison"),
    ("==", "is", "a comparison"),
    ("=", "is", "a comparison"),
    ("!==", "is not", "a comparison"),
    ("!=", "is not", "a comparison"),
    ("<>", "is not", "a comparison"),
    ("&&", "and", "two conditions that must both hold"),
    ("||", "or", "two conditions of which one must hold"),
    ("!", "not", "the opposite of a condition"),
    ("??", "else", "a value in place of a missing field"),
    ("?:", "else", "a value in place of a missing field"),
    ("?.", ".", "the way to a field that may be missing"),
    ("=>", "->", "an arrow"),
    (":=", "=", "an assignment"),
    (";", "", "a line ends by itself, without a mark"),
];

/// Words and signs of other languages without an exact counterpart, and what to do instead.
const FOREIGN_WORDS: &[(&[&str], &str)] = &[
    (
        &["if", "iif", "then", "elseif", "elif", "endif", "case", "switch", "?"],
        "choose between values with `choose`\n    choose { order.total > 100 -> \"big\"  otherwise -> \"small\" }",
    ),
    (
        &["null", "nil", "undefined", "missing"],
        "leave the field out with `when`, or ask with `is missing` or `is null`",
    ),
    (&["for", "foreach", "while", "loop"], "write one row per line with `each order.lines as line { … }`"),
    (&["return"], "write the target field left of `=` and its value right"),
    (&["var", "const", "set"], "name a value at top level with `let name = …`"),
    (&["function", "def"], "write the rule where it is used, or name it with `let`"),
    (&["default"], "write the last arm as `otherwise -> …`; for a value that does not fit, `or default …`"),
    (&["&"], "put field names into one text: `\"{order.id}/{order.revision}\"`"),
    (&["%"], "write a division: `order.rate / 100 | round 4`"),
    (&["//", "--", "/*"], "begin a comment with `#`"),
];

/// A piece of the map in backquotes, shortened.
pub(crate) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim();
    if line.chars().count() <= SHOWN {
        return format!("`{line}`");
    }
    let head: String = line.chars().take(SHOWN - 1).collect();
    format!("`{}…`", head.trim_end())
}

/// `a`, `a or b`, `a, b or c`.
fn listed(items: &[&str], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [head @ .., last] => format!("{} {word} {last}", head.join(", ")),
    }
}

/// Replaces `span` by `text`: safe when the line can be read afterwards, else a choice.
fn level(proved: bool) -> FixLevel {
    if proved { FixLevel::Safe } else { FixLevel::Choice }
}

/// The start of a file, for messages about the whole of it.
pub(crate) fn start_of(file: FileId) -> Span {
    Span::new(file, 0, 0)
}

// ---------------------------------------------------------------------------------------------- E0101

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
    let names: Vec<&str> = present.iter().map(|(_, name, _)| *name).take(2).collect();
    let mut places =
        present.iter().flat_map(|(spans, _, label)| spans.iter().map(move |span| (*span, *label)));
    let (span, label) = places.next()?;
    let title = format!("{} in the line", listed(&names, "and"));
    let mut diagnostic = Diagnostic::new(Code::E0101, title, span, label)
        .why("mapc reads straight quotes and plain spaces only, so that two lines that look alike are alike");
    for (span, label) in places.take(3) {
        diagnostic = diagnostic.related(span, label);
    }
    let blanks = !line.spaces.is_empty() || !line.unseen.is_empty();
    let title = match (line.quotes.is_empty(), blanks) {
        (true, true) if line.spaces.is_empty() => "remove what cannot be seen",
        (false, false) => "write straight quotes",
        (true, true) => "write plain spaces",
        (false, true) => "write straight quotes and plain spaces",
        (true, false) => "write the plain sign",
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

/// E0101: a text in single quotes. `quotes` are the quotes to replace.
pub(crate) fn single_quotes(span: Span, quotes: &[Span], proved: bool) -> Diagnostic {
    let title = "write straight double quotes";
    let mut diagnostic = Diagnostic::new(
        Code::E0101,
        "a text stands in double quotes, not in single ones",
        span,
        "these are single quotes",
    )
    .help(title);
    let edits: Vec<Edit> = quotes.iter().map(|span| Edit { span: *span, insert: "\"".to_owned() }).collect();
    diagnostic.fixes.push(Fix { level: level(proved), title: title.to_owned(), edits });
    diagnostic
}

// ---------------------------------------------------------------------------------------------- E0102

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
        None => diagnostic.related(insert.0, "the block must end here"),
    };
    let (place, text) = insert;
    diagnostic.help("add a closing brace `}`").fix(FixLevel::Safe, "add the closing brace", place, text)
}

// ---------------------------------------------------------------------------------------------- E0103

/// E0103: a word that means nothing at the start of this line. `place` is "at top level", "in `deliver`".
pub(crate) fn unknown_word(word: &str, span: Span, place: &str, words: &[&str]) -> Diagnostic {
    let title = format!("unknown word {} {place}", shown(word));
    let near = nearest(word, words.iter().copied());
    if let Some(best) = near.first() {
        return Diagnostic::new(Code::E0103, title, span, format!("did you mean `{best}`?"))
            .help(format!("write `{best}`"))
            .fix(FixLevel::Safe, format!("rename to `{best}`"), span, *best);
    }
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
    let block = if DELIVER_WORDS.contains(&word) {
        Some("deliver { … }")
    } else if TEST_WORDS.contains(&word) {
        Some("test \"…\" { … }")
    } else {
        None
    };
    let diagnostic = Diagnostic::new(Code::E0103, title, span, "no line begins with this word here");
    match block {
        Some(block) => diagnostic.help(format!("write this line inside `{block}`")),
        None => diagnostic.help(format!("begin the line with {}", listed(&quoted, "or"))),
    }
}

/// E0103: a word in the middle of a line that is nearly one of those that may stand there.
pub(crate) fn misspelt(word: &str, span: Span, words: &[&str], proved: bool) -> Option<Diagnostic> {
    let near = nearest(word, words.iter().copied());
    let best = near.first()?;
    Some(
        Diagnostic::new(
            Code::E0103,
            format!("unknown word {}", shown(word)),
            span,
            format!("did you mean `{best}`?"),
        )
        .help(format!("write `{best}`"))
        .fix(level(proved), format!("rename to `{best}`"), span, *best),
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
    .why("a map that needs this line cannot be built by this release")
    .help(match word {
        "define" => "write the rule where it is used, or name it with `let`",
        "disclose" => "leave the line out",
        _ => "write the rules of the parent map into this map",
    })
}

/// The sign of ours for a sign of another language.
pub(crate) fn our_sign(sign: &str) -> Option<&'static str> {
    FOREIGN_SIGNS.iter().find(|(theirs, ..)| *theirs == sign).map(|(_, ours, _)| *ours)
}

/// E0103: a word or sign of another language, if it is one. `insert` is our sign with the blanks it needs.
pub(crate) fn foreign(token: &str, span: Span, insert: &str, proved: bool) -> Option<Diagnostic> {
    if let Some((_, ours, meaning)) = FOREIGN_SIGNS.iter().find(|(theirs, ..)| *theirs == token) {
        let (title, label) = match token {
            "=" => ("a comparison is written `is`, not `=`".to_owned(), format!("write `{ours}` here")),
            ";" => ("a line ends without `;`".to_owned(), (*meaning).to_owned()),
            _ => (
                format!("`{token}` is not a sign of the map language"),
                format!("write `{ours}` for {meaning}"),
            ),
        };
        let help = if ours.is_empty() { format!("remove `{token}`") } else { format!("write `{ours}`") };
        return Some(Diagnostic::new(Code::E0103, title, span, label).help(help.clone()).fix(
            level(proved),
            help,
            span,
            insert,
        ));
    }
    let lower = token.to_lowercase();
    let (_, help) = FOREIGN_WORDS.iter().find(|(words, _)| words.contains(&lower.as_str()))?;
    let (title, label) = match lower.as_str() {
        "missing" | "null" => ("is not a value for a field", "a value belongs here"),
        _ => ("is not a word of the map language", "this comes from another language"),
    };
    Some(Diagnostic::new(Code::E0103, format!("{} {title}", shown(token)), span, label).help(*help))
}

/// E0103: an arm that begins with the word of another language.
pub(crate) fn otherwise_arm(word: &str, span: Span, proved: bool) -> Diagnostic {
    Diagnostic::new(
        Code::E0103,
        format!("`{word}` is not the word for the last arm"),
        span,
        "the last arm begins with `otherwise`",
    )
    .help("write `otherwise -> …`")
    .fix(level(proved), "write `otherwise`", span, "otherwise")
}

// ---------------------------------------------------------------------------------------------- E0104

/// E0104: an arrow from the source to the target. `line` is what to write.
pub(crate) fn sides_swapped(sign: &str, span: Span, whole: Span, line: &str, proved: bool) -> Diagnostic {
    Diagnostic::new(
        Code::E0104,
        format!("a field line is written with `=`, not with `{sign}`"),
        span,
        "the target field stands left of `=`, its source right",
    )
    .help(format!("write the target field first\n    {line}"))
    .fix(level(proved), "write the line with `=`", whole, line)
}

// ---------------------------------------------------------------------------------------------- E0105

/// E0105: a text that does not end on its line.
pub(crate) fn text_not_closed(text: Span, end: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0105,
        "the text is not closed",
        text,
        "the text begins here and does not end on this line",
    )
    .why("all that follows the quote counts as text, so the line was not read")
    .help("put a quote `\"` behind the last character of the text")
    .fix(FixLevel::Choice, "close the text at the end of the line", end, "\"")
}

/// E0105: a hole of a text that is not closed.
pub(crate) fn hole_not_closed(hole: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0105,
        "a brace `{` in the text is not closed",
        hole,
        "a field name begins here, and no `}` ends it in this text",
    )
    .help("put a closing brace `}` behind the field name, or write `{{` for a brace that is meant")
}

// ---------------------------------------------------------------------------------------------- E0106

/// E0106: a closing brace in a text that closes no hole.
pub(crate) fn brace_in_text(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "a brace `}` in the text closes nothing",
        span,
        "no `{` stands before it in this text",
    )
    .help("write `}}` for a brace that is meant")
    .fix(FixLevel::Choice, "write `}}`", span, "}}")
}

/// E0106: an empty hole.
pub(crate) fn empty_hole(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, "the braces in the text are empty", span, "expected a field name").help(
        "put a field name between the braces, like `{order.number}`, or write `{{}}` for braces that are meant",
    )
}

/// E0106: a text that may hold no field names, but does.
pub(crate) fn hole_in_constant(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "a default is a fixed value: it cannot name a field",
        span,
        "the name in braces would be written as it stands",
    )
    .help("write a text without `{…}`, or use `else` with a value")
}

/// E0106: a backslash before a character that needs none.
pub(crate) fn unknown_escape(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("{} has no meaning in a text", shown(written)),
        span,
        "behind `\\` stands one of `\"` `\\` `n` `t` `r` or `u{1F600}`",
    )
    .help(format!("write `\\{written}` for a backslash that is meant"))
    .fix(FixLevel::Safe, "write two backslashes", span, format!("\\{written}"))
}

/// Title of [`closes_nothing`].
const CLOSES_NOTHING: &str = "a closing brace `}` closes no block";

/// Is it one made by [`closes_nothing`]?
pub(crate) fn is_closes_nothing(diagnostic: &Diagnostic) -> bool {
    diagnostic.title == CLOSES_NOTHING
}

/// E0106: a closing brace without its opening one.
pub(crate) fn closes_nothing(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, CLOSES_NOTHING, span, "no block is open here")
        .help("remove the brace, or open the block it belongs to")
        .fix(FixLevel::Choice, "remove the brace", span, "")
}

/// E0106: a parenthesis without its partner.
pub(crate) fn parenthesis(span: Span, closing: bool) -> Diagnostic {
    let (title, label, help) = if closing {
        ("a closing parenthesis `)` closes nothing", "no parenthesis is open here", "remove the parenthesis")
    } else {
        (
            "a parenthesis is not closed",
            "this parenthesis opens here",
            "add a closing parenthesis `)` behind the value",
        )
    };
    Diagnostic::new(Code::E0106, title, span, label).help(help)
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

/// E0106: a field line without `=`. `place` is where the sign goes.
pub(crate) fn equals_missing(target: &str, target_span: Span, place: Span, proved: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::E0106,
        format!("`=` is missing behind {}", shown(target)),
        target_span,
        "a target field is followed by `=` and its value",
    );
    if proved {
        return diagnostic.help("add `=`").fix(FixLevel::Safe, "add `=`", place, " =");
    }
    diagnostic.help(format!("write the value behind `=`\n    {target} = order.…"))
}

/// E0106: another sign where a field line has `=`.
pub(crate) fn not_an_assignment(sign: &str, span: Span, proved: bool) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("a field line is written with `=`, not with `{sign}`"),
        span,
        "the target field stands left of `=`, its source right",
    )
    .help("write `=`")
    .fix(level(proved), "write `=`", span, "=")
}

/// E0106: a field line without a value.
pub(crate) fn value_missing(target: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("the value of {} is missing", shown(target)),
        place,
        "expected a value behind `=`",
    )
    .help(format!("write the source field behind `=`\n    {target} = order.…"))
}

/// E0106: a function without its pipe.
pub(crate) fn pipe_missing(function: &str, span: Span, place: Span, proved: bool) -> Option<Diagnostic> {
    FUNCTIONS.contains(&function).then(|| {
        Diagnostic::new(
            Code::E0106,
            format!("`|` is missing before `{function}`"),
            span,
            "a function stands behind a `|`",
        )
        .help(format!("write `| {function}`"))
        .fix(level(proved), "add `|`", place, "| ")
    })
}

/// E0106: a function that is called like in another language.
pub(crate) fn path_called(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "a field cannot be called",
        span,
        "only `sum(…)` and the like take parentheses",
    )
    .help("write a function behind a `|`, like `order.id | trim`")
}

/// E0106: a code or a text without quotes.
pub(crate) fn quotes_missing(word: &str, span: Span, proved: bool) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("quotes are missing around {}", shown(word)),
        span,
        "a fixed text stands in quotes",
    )
    .help(format!("write `\"{word}\"`"))
    .fix(level(proved), "add quotes", span, format!("\"{word}\""))
}

/// E0106: an arrow is missing in a row or an arm; `found` stands in its place.
pub(crate) fn arrow_missing(found: &str, span: Span, proved: bool) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("{} stands where an arrow belongs", shown(found)),
        span,
        "left and right are joined by an arrow `->`",
    )
    .help("write `->`")
    .fix(level(proved), "write `->`", span, "->")
}

/// E0106: `or` with a value: `else` was meant.
pub(crate) fn or_with_value(or: Span, value: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "`or` joins conditions; a value for a missing field stands behind `else`",
        or,
        "write `else` here",
    )
    .related(value, "this is a value, not a condition")
    .help("write `else` for a missing field, `or default …` for a value that does not fit")
    .fix(FixLevel::Choice, "write `else`", or, "else")
}

/// E0106: `else` with a handler word: `or` was meant.
pub(crate) fn else_with_handler(joiner: Span, word: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("`{word}` stands behind `or`, not behind `else`"),
        joiner,
        "write `or` here",
    )
    .help("write `or` for a value that does not fit, `else` for a missing one")
    .fix(FixLevel::Choice, "write `or`", joiner, "or")
}

/// E0106: `or wait`: `else wait` was meant.
pub(crate) fn or_with_outcome(or: Span, word: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        format!("`{word}` stands behind `else`, not behind `or`"),
        or,
        "write `else` here",
    )
    .help(format!("write `else {word}`"))
    .fix(FixLevel::Choice, "write `else`", or, "else")
}

/// E0106: a handler where no field could be left out or refused.
pub(crate) fn handler_in_let(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "a named value takes no handler",
        span,
        "handlers and `when` stand behind the value of a field",
    )
    .help("write the handler where the name is used")
}

/// E0106: a text inside the braces of a text.
pub(crate) fn text_in_hole(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0106,
        "a text cannot stand inside the braces of a text",
        span,
        "a quote inside a text ends it",
    )
    .help("name the value first: `let day = order.placedAt | format \"YYYY\"`, then write `{day}`")
}

/// E0106: something is missing or stands in the way. `found` is what stands there.
pub(crate) fn expected(span: Span, expected: &[&str], found: Option<&str>) -> Diagnostic {
    let wanted = match expected {
        [] => "another line".to_owned(),
        _ => listed(expected, "or"),
    };
    let end = |word: &str| word == "the end of the line";
    let sign = |word: &str| {
        ["the word", "`", "an arrow", "an opening", "a text", "`@`"]
            .iter()
            .any(|start| word.starts_with(start))
    };
    let title = match (expected, found) {
        ([one], Some(found)) if sign(one) => format!("{one} is missing before {}", shown(found)),
        (_, Some(found)) => format!("{} cannot stand here", shown(found)),
        ([one], None) => format!("{one} is missing"),
        (_, None) => "the line ends too early".to_owned(),
    };
    let rest: Vec<&str> = expected.iter().copied().filter(|word| !end(word)).collect();
    let help = match (rest.as_slice(), expected.len() > rest.len()) {
        ([], _) => "remove it, or begin a new line with it".to_owned(),
        (rest, true) => format!("end the line here, or write {}", listed(rest, "or")),
        (rest, false) => format!("write {} here", listed(rest, "or")),
    };
    Diagnostic::new(Code::E0106, title, span, format!("expected {wanted}")).help(help)
}

// ---------------------------------------------------------------------------------------------- E0107

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
        format!("here the rule has more than {limit} signs and words that join values"),
    )
    .why("the rule was not read")
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
pub(crate) fn number_too_large(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0107, "the number is too large", span, "no such number is needed here")
        .help("write a smaller number")
}

// ---------------------------------------------------------------------------------------------- E0108

/// What stands at the wrong place in a line: `part` must stand before `before`.
#[derive(Clone, Debug)]
pub(crate) struct WrongOrder<'a> {
    /// `or reject`, `else`.
    pub(crate) part: &'a str,
    /// Its whole place, up to the end of the line.
    pub(crate) span: Span,
    /// `when`, `or`.
    pub(crate) before: &'a str,
    /// Where that word stands.
    pub(crate) before_span: Span,
    /// What to write from `before` to the end of the line.
    pub(crate) line: String,
    /// The line can be read afterwards.
    pub(crate) proved: bool,
}

/// E0108: a part that must stand before another.
pub(crate) fn wrong_order(order: WrongOrder<'_>) -> Diagnostic {
    let WrongOrder { part, span, before, before_span, line, proved } = order;
    let diagnostic = Diagnostic::new(
        Code::E0108,
        format!("`{part}` stands behind `{before}`"),
        span,
        format!("this part stands before `{before}`"),
    )
    .related(before_span, format!("`{before}` begins here"))
    .help("put the parts in this order: value, `else …`, `or …`, `when …`");
    if proved {
        return diagnostic.fix(FixLevel::Safe, "put the parts in order", before_span.to(span), line);
    }
    diagnostic
}

/// E0108: a second `when`.
pub(crate) fn second_when(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0108, "a line has one `when`", span, "a second `when`")
        .help("join the conditions with `and`")
        .fix(FixLevel::Choice, "join with `and`", span, "and")
}

/// E0108: a part of `each` that stands twice.
pub(crate) fn part_twice(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0108,
        format!("`{word}` stands twice in one `each`"),
        span,
        "this part stood there already",
    )
    .help("keep one of them; join conditions with `and`")
}

/// E0108: an arm behind `otherwise`.
pub(crate) fn behind_otherwise(arm: Span, otherwise: Span) -> Diagnostic {
    Diagnostic::new(Code::E0108, "an arm stands behind `otherwise`", arm, "this arm is never reached")
        .related(otherwise, "`otherwise` takes everything that comes here")
        .help("write `otherwise` last, and once")
}

/// E0108: a second `given`.
pub(crate) fn second_given(given: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0108, "a test has one `given`", given, "a second `given`")
        .related(first, "the first stands here")
        .help("write a test of its own for another message")
}

/// E0108: a field line at top level.
pub(crate) fn outside_fields(target: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0108,
        format!("the field {} stands outside of `fields`", shown(target)),
        span,
        "field lines stand inside `fields { … }`",
    )
    .help("move the line, and those like it below, into `fields { … }`; name a value with `let`")
}

/// E0108: a top-level line inside a block.
pub(crate) fn inside_block(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0108,
        format!("`{word}` stands inside a block"),
        span,
        format!("`{word}` begins a line at top level"),
    )
    .help("move the line out of the block")
}

// ---------------------------------------------------------------------------------------------- E0109

/// E0109: bytes that are no text. The span may be empty.
pub fn not_utf8(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0109, "the file is not UTF-8 text", span, "here stands a byte that is no UTF-8")
        .why("nothing in this file was read")
        .help("save the file as UTF-8; a spreadsheet calls it \"Unicode text\" or \"UTF-8\"")
}
