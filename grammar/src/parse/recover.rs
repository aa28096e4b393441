//! Messages for what could not be read: each piece of junk is parsed alone to see where it stops, and looked
//! at for the mistakes that people make. Knows the shape of mistakes, not the words about them.

use mapc_diagnostics::{Diagnostic, Span};
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};

use super::{Grammar, Lower, Nodes, Rule, words};
use crate::errors::{self, DELIVER_WORDS, LATER_WORDS, TEST_WORDS, TOP_WORDS, WrongOrder};
use crate::layout::{MAX_OPERATORS, POISON};
use crate::tokens::{Token, TokenKind, is_word_character, tokens};
use crate::tree::Path;

/// Where the junk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Fields,
    Row,
    Policy,
    Deliver,
    Mask,
    Test,
    /// Between the braces of a text.
    Hole,
}

impl Place {
    fn rule(self) -> Rule {
        match self {
            Place::Top => Rule::item_alone,
            Place::Fields => Rule::assignment_alone,
            Place::Row => Rule::row_alone,
            Place::Policy => Rule::policy_alone,
            Place::Deliver => Rule::deliver_alone,
            Place::Mask => Rule::mask_alone,
            Place::Test => Rule::test_alone,
            Place::Hole => Rule::hole_alone,
        }
    }
}

/// At most this many possibilities are listed.
const MOST_LISTED: usize = 5;
/// A path in a hint has at most this many tokens.
const LONGEST_PATH: usize = 128;

/// Where pest stopped.
pub(super) fn location(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// The words of the rules that would have gone on there.
fn wanted(error: &Error<Rule>) -> Vec<&'static str> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return Vec::new() };
    let mut found: Vec<&'static str> = Vec::new();
    for word in positives.iter().filter_map(|rule| words::words(*rule)) {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// The most telling of the wanted words: no arithmetic beside words, not too many.
fn telling(wanted: &[&'static str]) -> Vec<&'static str> {
    let minor = |word: &&str| {
        matches!(
            *word,
            "`+`" | "`-`" | "`*`" | "`/`" | "`<`" | "`>`" | "`<=`" | "`>=`" | "a dot" | "an argument"
        ) || word.starts_with("an opening bracket")
            || (word.starts_with("an opening parenthesis") && wanted.len() > 1)
    };
    let mut kept: Vec<&'static str> = wanted.iter().copied().filter(|word| !minor(word)).collect();
    if kept.is_empty() {
        kept = wanted.to_vec();
    }
    if kept.contains(&"a value") {
        kept.retain(|word| {
            !matches!(*word, "`reject`" | "`wait`" | "`omit`" | "the word `not`" | "`choose`")
        });
    }
    if let Some(end) = kept.iter().position(|word| *word == "the end of the line") {
        let end = kept.remove(end);
        kept.truncate(MOST_LISTED - 1);
        kept.push(end);
    }
    kept.truncate(MOST_LISTED);
    kept
}

/// Keywords among the wanted words.
fn keywords(wanted: &[&'static str]) -> Vec<&'static str> {
    let quoted = wanted.iter().flat_map(|word| word.split('`').skip(1).step_by(2));
    quoted
        .flat_map(str::split_whitespace)
        .filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect()
}

/// The layout pass counts operators outside of texts; this counts those of a hole.
pub(super) fn too_many_operators(source: &str) -> bool {
    let operator = |token: &Token<'_>| match token.kind {
        TokenKind::Mark => matches!(token.text, "+" | "-" | "*" | "/" | "|" | "("),
        TokenKind::Word => matches!(token.text, "not" | "and" | "or" | "else"),
        _ => false,
    };
    tokens(source).iter().filter(|token| operator(token)).count() > MAX_OPERATORS / 4
}

/// The number of the token where the grammar stopped. Before a handler word it had already read the `or`.
fn stopped(tokens: &[Token<'_>], at: usize) -> usize {
    let at = tokens.iter().position(|token| token.end() > at).unwrap_or(tokens.len());
    let or = at.checked_sub(1).filter(|or| tokens.get(*or).is_some_and(|token| token.is("or")));
    or.filter(|_| tokens.get(at).is_some_and(is_handler_word)).unwrap_or(at)
}

fn is_handler_word(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Word && matches!(token.text, "reject" | "omit" | "default" | "cut" | "round")
}

/// A statement that could not be read.
struct Junk<'a> {
    place: Place,
    source: &'a str,
    tokens: Vec<Token<'a>>,
    /// Where the source begins in the repaired text.
    start: usize,
    /// Number of the token where the grammar stopped; the number of tokens at the end.
    at: usize,
    wanted: Vec<&'static str>,
}

impl<'a> Junk<'a> {
    fn token(&self, at: usize) -> Option<&Token<'a>> {
        self.tokens.get(at)
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.token(at).is_some_and(|token| token.is(text))
    }

    fn word(&self, at: usize) -> Option<&'a str> {
        self.token(at).filter(|token| token.kind == TokenKind::Word).map(|token| token.text)
    }

    /// Would the line be readable with `text` in place of the bytes `from..to`?
    fn proves(&self, from: usize, to: usize, text: &str) -> bool {
        let (Some(head), Some(tail)) = (self.source.get(..from), self.source.get(to..)) else { return false };
        Grammar::parse(self.place.rule(), &format!("{head}{text}{tail}")).is_ok()
    }

    fn proves_token(&self, token: &Token<'_>, text: &str) -> bool {
        self.proves(token.start, token.end(), text)
    }

    /// The number of the first token behind the path that begins at `at`.
    fn behind_path(&self, at: usize) -> Option<usize> {
        let mut at = at;
        for _ in 0..LONGEST_PATH {
            let token = self.token(at)?;
            if !matches!(token.kind, TokenKind::Word | TokenKind::Backquoted) {
                return None;
            }
            at += 1;
            if self.is(at, "[") && self.is(at + 2, "]") {
                at += 3;
            }
            if !self.is(at, ".") {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    fn between(&self, from: usize, to: usize) -> &'a str {
        let start = self.token(from).map_or(0, |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.token(last)).map_or(start, Token::end);
        self.source.get(start..end).unwrap_or("")
    }

    /// The number of the last token before `at` that says `text` outside of braces.
    fn last_before(&self, at: usize, text: &str) -> Option<usize> {
        (0..at).rev().find(|number| self.is(*number, text) && !(*number > 0 && self.is(number - 1, ".")))
    }
}

impl Lower<'_> {
    /// Says what is wrong with a statement that could not be read.
    pub(super) fn explain(&mut self, place: Place, start: usize, end: usize) {
        let layout = self.layout;
        let source = layout.text.get(start..end).unwrap_or("").trim_end();
        let found: Vec<Token<'_>> = tokens(source).into_iter().filter(Token::is_significant).collect();
        if found.iter().any(|token| token.text.starts_with(POISON)) {
            return;
        }
        let (at, wanted) = match Grammar::parse(place.rule(), source) {
            Ok(_) => (source.len(), Vec::new()),
            Err(error) => (location(&error), wanted(&error)),
        };
        let at = stopped(&found, at);
        let junk = Junk { place, source, tokens: found, start, at, wanted };
        let diagnostic = self.diagnose(&junk);
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn explain_hole(&mut self, error: &Error<Rule>, start: usize, end: usize) {
        let layout = self.layout;
        let start = self.base + start;
        let source = layout.text.get(start..self.base + end).unwrap_or("").trim_end();
        let found: Vec<Token<'_>> = tokens(source).into_iter().filter(Token::is_significant).collect();
        let at = location(error);
        let at = stopped(&found, at);
        let junk = Junk { place: Place::Hole, source, tokens: found, start, at, wanted: wanted(error) };
        let diagnostic = if junk.tokens.is_empty() {
            errors::empty_hole(self.layout.span(start - 1, self.base + end + 1))
        } else if let Some(quote) = source.find('\\') {
            errors::text_in_hole(self.layout.span(start + quote, start + source.len()))
        } else {
            self.diagnose(&junk)
        };
        self.diagnostics.push(diagnostic);
    }

    /// Something behind a block.
    pub(super) fn explain_rest(&mut self, start: usize, end: usize) {
        let rest = self.layout.text.get(start..end).unwrap_or("");
        if rest.contains(POISON) {
            return;
        }
        let from = start + (rest.len() - rest.trim_start().len());
        let span = self.layout.span(from, start + rest.trim_end().len());
        self.diagnostics.push(errors::expected(span, &["the end of the line"], Some(rest.trim())));
    }

    fn diagnose(&self, junk: &Junk<'_>) -> Diagnostic {
        self.line_begins(junk)
            .or_else(|| self.target_line(junk))
            .or_else(|| self.parts_in_order(junk))
            .or_else(|| self.other_language(junk))
            .or_else(|| self.row_or_arm(junk))
            .or_else(|| self.parentheses(junk))
            .or_else(|| self.small_words(junk))
            .unwrap_or_else(|| self.plain(junk))
    }

    fn place_of(&self, junk: &Junk<'_>, token: &Token<'_>) -> Span {
        self.layout.span(junk.start + token.start, junk.start + token.end())
    }

    fn place_between(&self, junk: &Junk<'_>, from: usize, to: usize) -> Span {
        self.layout.span(junk.start + from, junk.start + to)
    }

    /// The empty place behind a token.
    fn place_behind(&self, junk: &Junk<'_>, at: usize) -> Span {
        let end = at.checked_sub(1).and_then(|last| junk.token(last)).map_or(0, Token::end);
        self.place_between(junk, end, end)
    }

    /// The first word of the line.
    fn line_begins(&self, junk: &Junk<'_>) -> Option<Diagnostic> {
        let first = junk.token(0)?;
        let span = self.place_of(junk, first);
        let comment = matches!(first.text, "/" | "-") && junk.is(1, first.text);
        if comment && junk.token(1).is_some_and(|token| token.start == first.end()) {
            let sign = if first.text == "/" { "//" } else { "--" };
            let span = span.to(self.place_of(junk, junk.token(1)?));
            return errors::foreign(sign, span, "", false);
        }
        let word = junk.word(0)?;
        let assigns = junk.behind_path(0).is_some_and(|at| junk.is(at, "="));
        let second_is_word = junk.word(1).is_some() || junk.is(1, "{");
        let later = LATER_WORDS.contains(&word) && second_is_word;
        match junk.place {
            Place::Top if later => Some(errors::later_release(word, span)),
            Place::Fields if later && !assigns => Some(errors::later_release(word, span)),
            Place::Top if assigns && !TOP_WORDS.contains(&word) => {
                let target = junk.between(0, junk.behind_path(0)?);
                let end = junk.source.lines().next().map_or(0, |line| line.trim_end().len());
                Some(errors::outside_fields(target, self.place_between(junk, 0, end)))
            }
            Place::Top if !TOP_WORDS.contains(&word) => errors::foreign(word, span, "", false)
                .filter(|_| errors::our_sign(word).is_none())
                .or_else(|| Some(errors::unknown_word(word, span, "at top level", TOP_WORDS))),
            Place::Deliver if !DELIVER_WORDS.contains(&word) => {
                Some(errors::unknown_word(word, span, "in `deliver`", DELIVER_WORDS))
            }
            Place::Test if !TEST_WORDS.contains(&word) => {
                Some(errors::unknown_word(word, span, "in a test", TEST_WORDS))
            }
            Place::Fields if !assigns && TOP_WORDS.contains(&word) => {
                let next = junk.token(1)?;
                let begins = junk.is(1, "{")
                    || matches!(next.kind, TokenKind::Word | TokenKind::Text)
                    || junk.is(2, "=");
                begins.then(|| errors::inside_block(word, span))
            }
            _ => None,
        }
    }

    /// A field line that is not `path = value`.
    fn target_line(&self, junk: &Junk<'_>) -> Option<Diagnostic> {
        if junk.place != Place::Fields {
            return None;
        }
        let first = usize::from(junk.is(0, "locked") && junk.word(1).is_some());
        let behind = junk.behind_path(first)?;
        let target = junk.between(first, behind);
        let target_span =
            self.place_between(junk, junk.token(first)?.start, junk.token(behind.checked_sub(1)?)?.end());
        let Some(sign) = junk.token(behind) else {
            return Some(errors::equals_missing(target, target_span, target_span.after(), false));
        };
        if sign.is("=") {
            let bare = junk.tokens.len() == behind + 1;
            return bare.then(|| errors::value_missing(target, self.place_behind(junk, behind + 1)));
        }
        let span = self.place_of(junk, sign);
        let end = junk.token(behind - 1)?.end();
        let (text, span) = match sign.text {
            "->" | "=>" | "==" | ":=" | ":" => (sign.text, span),
            "<" if junk.is(behind + 1, "-") => ("<-", span.to(self.place_of(junk, junk.token(behind + 1)?))),
            _ => {
                let proved = junk.proves(end, end, " =");
                let word = matches!(sign.kind, TokenKind::Word | TokenKind::Text | TokenKind::Number);
                let missing = || errors::equals_missing(target, target_span, target_span.after(), proved);
                return (proved || word).then(missing);
            }
        };
        if matches!(text, "->" | "=>")
            && let Some(right) = junk.token(behind + 1)
            && junk.behind_path(behind + 1) == Some(junk.tokens.len())
            && self.flows_right(junk.token(first)?, right, text)
        {
            let locked = if first == 1 { "locked " } else { "" };
            let right = junk.source.get(right.start..).unwrap_or("").trim_end();
            let line = format!("{locked}{right} = {target}");
            let proved = Grammar::parse(Rule::assignment_alone, &line).is_ok();
            let whole = self.place_between(junk, 0, junk.source.len());
            return Some(errors::sides_swapped(text, span, whole, &line, proved));
        }
        let proved = junk.proves(sign.start, sign.start + text.len(), "=");
        Some(errors::not_an_assignment(text, span, proved))
    }

    /// `left -> right`: does it flow from a source to a target? The names of sources decide; if they do not,
    /// the arrow does.
    fn flows_right(&self, left: &Token<'_>, right: &Token<'_>, sign: &str) -> bool {
        let names = self.source_names.get_or_init(|| {
            let all = tokens(&self.layout.text);
            let words: Vec<&Token<'_>> = all.iter().filter(|token| token.is_significant()).collect();
            let pairs = words.windows(2).filter(|pair| pair.first().is_some_and(|word| word.is("as")));
            pairs.filter_map(|pair| pair.last()).map(|name| name.text.to_owned()).collect()
        });
        match (names.contains(left.text), names.contains(right.text)) {
            (true, false) => true,
            (false, true) => false,
            _ => sign == "->",
        }
    }

    /// Value, `else`, `or`, `when`.
    fn parts_in_order(&self, junk: &Junk<'_>) -> Option<Diagnostic> {
        let token = junk.token(junk.at)?;
        let span = self.place_of(junk, token);
        let handler = junk.token(junk.at + 1).is_some_and(is_handler_word);
        let when = junk.last_before(junk.at, "when");
        let before = match token.text {
            "when" if junk.place == Place::Top && junk.is(0, "let") => {
                return Some(errors::handler_in_let(span));
            }
            "when" if when.is_some() => return Some(errors::second_when(span)),
            "or" if handler => when,
            "else" => {
                let handler = (0..junk.at)
                    .find(|at| junk.is(*at, "or") && junk.token(at + 1).is_some_and(is_handler_word));
                handler.or(when)
            }
            _ => return None,
        };
        let Some(before) = before else {
            let let_line = junk.place == Place::Top && junk.is(0, "let");
            return (let_line && token.is("or")).then(|| errors::handler_in_let(span));
        };
        if junk.place != Place::Fields {
            return None;
        }
        let part = match (token.text, junk.word(junk.at + 1)) {
            ("or", Some(word)) => format!("or {word}"),
            (word, _) => word.to_owned(),
        };
        let from = junk.token(before)?;
        let head = junk.source.get(from.start..token.start)?.trim_end();
        let tail = junk.source.get(token.start..)?.trim_end();
        let line = format!("{tail} {head}");
        let proved = junk.proves(from.start, junk.source.len(), &line);
        Some(errors::wrong_order(WrongOrder {
            part: &part,
            span: self.place_between(junk, token.start, junk.source.len()),
            before: from.text,
            before_span: self.place_of(junk, from),
            line,
            proved,
        }))
    }

    /// Words and signs of other languages, here or just before.
    fn other_language(&self, junk: &Junk<'_>) -> Option<Diagnostic> {
        if matches!(junk.place, Place::Deliver | Place::Policy) {
            return None;
        }
        let token = junk.token(junk.at)?;
        if token.is("'") {
            let close = (junk.at + 1..junk.tokens.len()).find(|at| junk.is(*at, "'"));
            let close = close.and_then(|at| junk.token(at)).unwrap_or(token);
            let (from, to) = (token.start, close.end());
            let inner = junk.source.get(token.end()..close.start).unwrap_or("");
            let quotes = [self.place_of(junk, token), self.place_of(junk, close)];
            let proved = junk.proves(from, to, &format!("\"{inner}\""));
            return Some(errors::single_quotes(self.place_between(junk, from, to), &quotes, proved));
        }
        let arm = junk.is(junk.at + 1, "->") || junk.is(junk.at + 1, "=>") || junk.is(junk.at + 1, ":");
        if arm && matches!(token.text, "else" | "default" | "_") {
            let proved = junk.proves_token(token, "otherwise");
            return Some(errors::otherwise_arm(token.text, self.place_of(junk, token), proved));
        }
        let before = junk.at.checked_sub(1).and_then(|last| junk.token(last)).filter(|token| {
            let word = token.kind == TokenKind::Word && !matches!(token.text, "missing" | "null" | "default");
            word || matches!(token.text, "!" | "?")
        });
        [Some(token), before].into_iter().flatten().find_map(|token| {
            if self.row_wants_arrow(junk, token) {
                return None;
            }
            let mut insert = errors::our_sign(token.text).unwrap_or("").to_owned();
            if insert.starts_with(is_word_character) {
                let head = junk.source.get(..token.start).unwrap_or("");
                let tail = junk.source.get(token.end()..).unwrap_or("");
                if head.ends_with(is_word_character) {
                    insert.insert(0, ' ');
                }
                if tail.starts_with(is_word_character) {
                    insert.push(' ');
                }
            }
            let proved = junk.proves_token(token, &insert);
            errors::foreign(token.text, self.place_of(junk, token), &insert, proved)
        })
    }

    fn row_wants_arrow(&self, junk: &Junk<'_>, token: &Token<'_>) -> bool {
        matches!(token.text, ":" | "=" | "=>" | ":=" | "==" | ">" | "<")
            && junk.wanted.iter().any(|word| word.contains("->"))
    }

    /// `"A": "1"`, `A -> "1"`.
    fn row_or_arm(&self, junk: &Junk<'_>) -> Option<Diagnostic> {
        let token = junk.token(junk.at)?;
        let span = self.place_of(junk, token);
        if self.row_wants_arrow(junk, token) {
            return Some(errors::arrow_missing(token.text, span, junk.proves_token(token, "->")));
        }
        let wants_text =
            junk.wanted.iter().any(|word| matches!(*word, "a fixed value" | "a code" | "a text in quotes"))
                && !junk.wanted.contains(&"a value");
        let sentence = junk.place == Place::Top && (junk.is(0, "reject") || junk.is(0, "check"));
        let other = matches!(token.text, "when" | "with" | "is" | "key" | "gives")
            || (sentence && junk.is(junk.at + 1, "."));
        if wants_text && token.kind == TokenKind::Word && !other {
            let last = self.end_of_words(junk);
            let words = junk.source.get(token.start..last).unwrap_or(token.text);
            let proved = junk.proves(token.start, last, &format!("\"{words}\""));
            let span = self.place_between(junk, token.start, last);
            return Some(errors::quotes_missing(words, span, proved));
        }
        None
    }

    /// Where a text without quotes ends: at the word that must follow, at an arrow, at the end of the line.
    fn end_of_words(&self, junk: &Junk<'_>) -> usize {
        let mut end = junk.at + 1;
        while let Some(token) = junk.token(end) {
            let stop = matches!(token.kind, TokenKind::Text)
                || matches!(token.text, "->" | "," | "{" | "}" | ")" | "|" | "when" | "with" | "or" | "key");
            if stop {
                break;
            }
            end += 1;
        }
        end.checked_sub(1).and_then(|last| junk.token(last)).map_or(junk.source.len(), Token::end)
    }

    fn parentheses(&self, junk: &Junk<'_>) -> Option<Diagnostic> {
        let token = junk.token(junk.at);
        if let Some(token) = token.filter(|token| token.is(")")) {
            let mut depth = 0_usize;
            for earlier in junk.tokens.iter().take(junk.at) {
                if earlier.is("(") {
                    depth += 1;
                } else if earlier.is(")") {
                    depth = depth.saturating_sub(1);
                }
            }
            return (depth == 0).then(|| errors::parenthesis(self.place_of(junk, token), true));
        }
        if !junk.wanted.iter().any(|word| word.contains("`)`")) {
            return None;
        }
        let mut open: Vec<&Token<'_>> = Vec::new();
        for token in &junk.tokens {
            if token.is("(") {
                open.push(token);
            } else if token.is(")") {
                open.pop();
            }
        }
        open.last().map(|token| errors::parenthesis(self.place_of(junk, token), false))
    }

    /// A misspelt keyword, a function without its pipe.
    fn small_words(&self, junk: &Junk<'_>) -> Option<Diagnostic> {
        let token = junk.token(junk.at).filter(|token| token.kind == TokenKind::Word)?;
        let span = self.place_of(junk, token);
        if junk.wanted.contains(&"`|`") {
            let place = self.place_between(junk, token.start, token.start);
            let proved = junk.proves(token.start, token.start, "| ");
            let missing = errors::pipe_missing(token.text, span, place, proved);
            if missing.is_some() {
                return missing;
            }
        }
        let keywords = keywords(&junk.wanted);
        let best = mapc_diagnostics::nearest(token.text, keywords.iter().copied());
        let proved = best.first().is_some_and(|best| junk.proves_token(token, best));
        errors::misspelt(token.text, span, &keywords, proved)
    }

    /// Nothing better is known than what was expected.
    fn plain(&self, junk: &Junk<'_>) -> Diagnostic {
        let wanted = telling(&junk.wanted);
        match junk.token(junk.at) {
            Some(token) => errors::expected(self.place_of(junk, token), &wanted, Some(token.text)),
            None => errors::expected(self.place_behind(junk, junk.tokens.len()), &wanted, None),
        }
    }

    /// The left side of a line that could not be read.
    pub(super) fn target_of(&mut self, start: usize, end: usize) -> Option<Path> {
        let layout = self.layout;
        let source = layout.text.get(start..end)?;
        let mut from = 0;
        let found: Vec<Token<'_>> =
            tokens(source).into_iter().filter(Token::is_significant).take(LONGEST_PATH).collect();
        let arrow = found.iter().take_while(|token| !token.is("=")).find(|token| token.is("->"));
        let behind = arrow.and_then(|arrow| found.iter().find(|token| token.start >= arrow.end()));
        if let Some(token) = behind.filter(|token| token.kind == TokenKind::Word) {
            from = token.start;
        }
        let pair = Grammar::parse(Rule::target_alone, source.get(from..)?).ok()?.next()?;
        let outer = std::mem::replace(&mut self.base, start + from);
        let path = Nodes::of(pair).find(Rule::path).map(|path| self.path(path));
        self.base = outer;
        path
    }

    /// A line `path = …` at top level.
    pub(super) fn is_field_line(&self, start: usize, end: usize) -> bool {
        let source = self.layout.text.get(start..end).unwrap_or("");
        let found = tokens(source).into_iter().filter(Token::is_significant);
        let mut found = found.take(LONGEST_PATH);
        loop {
            let Some(token) = found.next() else { return false };
            if !matches!(token.kind, TokenKind::Word | TokenKind::Backquoted) {
                return false;
            }
            match found.next() {
                Some(token) if token.is("=") => return true,
                Some(token) if token.is(".") => {}
                _ => return false,
            }
        }
    }
}
