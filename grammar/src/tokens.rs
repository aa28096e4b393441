//! A text cut into tokens, nothing lost: joined again they are the text. Knows no syntax.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Blanks and tabs, a byte order mark at the start of the file.
    Space,
    /// `\n` or `\r\n`.
    LineEnd,
    /// From `#` to the end of the line.
    Comment,
    /// `order`, `or`, `custbody_acme_gift`.
    Word,
    /// `` `ship-to` ``: a name that is not a word.
    Backquoted,
    /// `12`, `12.5`, without a sign.
    Number,
    /// `2s`, `10m`, `24h`, `7d`.
    Duration,
    /// `@2025.2`.
    Version,
    /// A closed text with its quotes, straight or typographic.
    Text,
    /// A text that does not end on its line.
    OpenText,
    /// Punctuation; marks of other languages (`==`, `&&`, `??`) are one token.
    Mark,
    /// A space that is not a blank: no-break, zero-width and the like.
    OddSpace,
    /// Any other character.
    Odd,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Where it begins, in bytes.
    pub start: usize,
    /// The characters.
    pub text: &'a str,
}

impl Token<'_> {
    /// One past the last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for a word or mark that says exactly this.
    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Mark) && self.text == text
    }

    /// True unless it is blank, a line end or a comment.
    pub fn is_significant(&self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::LineEnd | TokenKind::Comment | TokenKind::OddSpace)
    }
}

/// Marks of more than one character, longest first. Those of other languages stand here so that they can be
/// named in a message.
const LONG_MARKS: &[&str] =
    &["===", "!==", "->", "=>", "<=", ">=", "==", "!=", "<>", "&&", "||", "??", "?:", ":=", "?."];

/// Cuts a text into tokens. Joined again, they are the text.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = next(rest, at == 0);
        let length = length.max(1);
        let piece = rest.get(..length).unwrap_or(rest);
        found.push(Token { kind, start: at, text: piece });
        at += piece.len();
    }
    found
}

/// A character a word may hold.
pub(crate) fn is_word_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Characters that programs put in place of a straight double quote.
pub(crate) fn is_typographic_quote(c: char) -> bool {
    is_typographic_double(c) || is_typographic_single(c)
}

fn is_typographic_double(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂')
}

fn is_typographic_single(c: char) -> bool {
    matches!(c, '‘' | '’' | '‚' | '‛')
}

/// Spaces that are not a blank, seen or unseen, and characters that cannot be seen.
pub(crate) fn is_odd_space(c: char) -> bool {
    matches!(c,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{2064}'
        | '\u{3000}' | '\u{feff}' | '\u{ad}' | '\u{85}' | '\u{b}' | '\u{c}')
}

fn run(rest: &str, accept: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !accept(c)).unwrap_or(rest.len())
}

fn next(rest: &str, first: bool) -> (TokenKind, usize) {
    let Some(c) = rest.chars().next() else { return (TokenKind::Odd, 0) };
    match c {
        '\n' => (TokenKind::LineEnd, 1),
        '\r' if rest.starts_with("\r\n") => (TokenKind::LineEnd, 2),
        '\u{feff}' if first => (TokenKind::Space, c.len_utf8()),
        ' ' | '\t' | '\r' => {
            let blank = run(rest, |c| matches!(c, ' ' | '\t'));
            (TokenKind::Space, blank.max(1))
        }
        '#' => {
            let length = rest.find('\n').unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or(rest);
            (TokenKind::Comment, line.strip_suffix('\r').unwrap_or(line).len())
        }
        '"' => straight_text(rest),
        '`' => backquoted(rest),
        '@' => match run(rest.get(1..).unwrap_or(""), |c| is_word_character(c) || matches!(c, '.' | '-')) {
            0 => (TokenKind::Mark, 1),
            length => (TokenKind::Version, length + 1),
        },
        c if c.is_ascii_digit() => number(rest),
        c if is_word_character(c) => (TokenKind::Word, run(rest, is_word_character)),
        c if is_odd_space(c) => (TokenKind::OddSpace, c.len_utf8()),
        c if is_typographic_quote(c) => typographic_text(rest, c),
        c if c.is_ascii_graphic() => {
            let long = LONG_MARKS.iter().find(|mark| rest.starts_with(**mark));
            (TokenKind::Mark, long.map_or(1, |mark| mark.len()))
        }
        c => (TokenKind::Odd, c.len_utf8()),
    }
}

fn number(rest: &str) -> (TokenKind, usize) {
    let whole = run(rest, |c| c.is_ascii_digit());
    let behind = rest.get(whole..).unwrap_or("");
    let mut after = behind.chars();
    match (after.next(), after.next()) {
        (Some('.'), Some(digit)) if digit.is_ascii_digit() => {
            let fraction = run(behind.get(1..).unwrap_or(""), |c| c.is_ascii_digit());
            (TokenKind::Number, whole + 1 + fraction)
        }
        (Some('s' | 'm' | 'h' | 'd'), next) if !next.is_some_and(is_word_character) => {
            (TokenKind::Duration, whole + 1)
        }
        _ => (TokenKind::Number, whole),
    }
}

/// The characters of the rest of the line, with their places; nothing behind the line is looked at.
fn line(rest: &str) -> impl Iterator<Item = (usize, char)> {
    rest.char_indices().take_while(|(_, c)| *c != '\n')
}

/// The rest of the line as text.
fn line_of(rest: &str) -> &str {
    let line = rest.get(..rest.find('\n').unwrap_or(rest.len())).unwrap_or(rest);
    line.strip_suffix('\r').unwrap_or(line)
}

fn backquoted(rest: &str) -> (TokenKind, usize) {
    match line(rest).skip(1).find(|(_, c)| *c == '`') {
        Some((at, _)) => (TokenKind::Backquoted, at + 1),
        None => (TokenKind::Mark, 1),
    }
}

/// The end of a text that opened with a straight quote: the first quote without a backslash; when its line
/// has none, the first typographic one.
fn straight_text(rest: &str) -> (TokenKind, usize) {
    let mut typographic = None;
    let mut escaped = false;
    for (at, c) in line(rest).skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (TokenKind::Text, at + 1),
            c if is_typographic_double(c) => typographic = typographic.or(Some(at + c.len_utf8())),
            _ => {}
        }
    }
    match typographic {
        Some(length) => (TokenKind::Text, length),
        None => (TokenKind::OpenText, open_text(line_of(rest))),
    }
}

fn typographic_text(rest: &str, open: char) -> (TokenKind, usize) {
    let double = is_typographic_double(open);
    let closes =
        |c: char| if double { c == '"' || is_typographic_double(c) } else { is_typographic_single(c) };
    match line(rest).skip(1).find(|(_, c)| closes(*c)) {
        Some((at, c)) => (TokenKind::Text, at + c.len_utf8()),
        None if double => (TokenKind::OpenText, open_text(line_of(rest))),
        None => (TokenKind::Odd, open.len_utf8()),
    }
}

/// An open text takes its line, but not an opening brace at the end of it.
fn open_text(line: &str) -> usize {
    let trimmed = line.trim_end();
    let text = trimmed.strip_suffix('{').filter(|text| text.ends_with([' ', '\t']));
    text.unwrap_or(trimmed).trim_end().len().max(1)
}
