//! Reading regular expressions in the ECMA-262 form where Rust reads the same. Knows no automata tables.

use crate::shape::Length;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Dot, Hir, HirKind, Look, Repetition};

/// Why a pattern has no language here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// It uses something that is not regular or on which the readings differ; what.
    Unsupported(String),
    /// It is malformed; how.
    Invalid(String),
    /// Its automaton would be too large.
    TooComplex,
}

/// Which texts a pattern stands for where ECMA-262 and Rust read it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Texts that match under both.
    Both,
    /// Texts that match under either.
    Either,
}

/// Longer patterns are refused.
const MAX_PATTERN: usize = 20_000;
/// Deeper nesting is refused.
const MAX_DEPTH: usize = 100;
/// A larger expanded expression is refused.
const MAX_SIZE: u64 = 60_000;
/// Larger numbers of repetitions are refused.
const MAX_TIMES: u32 = 5_000;

type Ranges = Vec<(u32, u32)>;

/// The pattern as an expression that looks at the whole text only through `^` and `$`.
pub(super) fn parse(pattern: &str, reading: Reading) -> Result<Hir, PatternError> {
    if pattern.len() > MAX_PATTERN {
        return Err(PatternError::TooComplex);
    }
    let mut parser = Parser { characters: pattern.chars().collect(), at: 0, reading };
    let (hir, _) = parser.alternatives(0)?;
    match parser.peek() {
        None => Ok(hir),
        Some(_) => Err(PatternError::Invalid("a closing parenthesis without an opening one".into())),
    }
}

/// Takes `^X{m,n}$` with X one character apart: the pattern of X repeated freely, and the length.
pub(super) fn counted(pattern: &str) -> Option<(String, Length)> {
    let mut parser = Parser { characters: pattern.chars().collect(), at: 0, reading: Reading::Both };
    if !parser.eat("^") || matches!(parser.peek(), Some('(' | '^' | '$')) {
        return None;
    }
    let from = parser.at;
    parser.atom(0).ok()?;
    let atom: String = parser.characters.get(from..parser.at)?.iter().collect();
    if parser.peek() != Some('{') {
        return None;
    }
    let (min, max) = parser.counts().ok()??;
    (parser.eat("$") && parser.peek().is_none())
        .then(|| (format!("{atom}*"), Length::new(u64::from(min), max.map(u64::from))))
}

fn unsupported(what: &str) -> PatternError {
    PatternError::Unsupported(what.into())
}

fn invalid(what: &str) -> PatternError {
    PatternError::Invalid(what.into())
}

fn class(ranges: &[(u32, u32)]) -> Hir {
    let mut known = Vec::new();
    for (low, high) in ranges {
        for (low, high) in [(*low, (*high).min(0xD7FF)), ((*low).max(0xE000), (*high).min(0x10_FFFF))] {
            if let (Some(low), Some(high)) = (char::from_u32(low), char::from_u32(high))
                && low <= high
            {
                known.push(ClassUnicodeRange::new(low, high));
            }
        }
    }
    Hir::class(Class::Unicode(ClassUnicode::new(known)))
}

fn complement(ranges: &[(u32, u32)]) -> Ranges {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let mut result = Vec::new();
    let mut next = 0;
    for (low, high) in sorted {
        if low > next {
            result.push((next, low - 1));
        }
        next = next.max(high.saturating_add(1));
    }
    if next <= 0x10_FFFF {
        result.push((next, 0x10_FFFF));
    }
    result
}

const DIGIT: &[(u32, u32)] = &[(0x30, 0x39)];
const WORD: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
const SPACE: &[(u32, u32)] = &[
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];

/// One atom of a bracket expression.
enum Member {
    One(u32),
    Many(Ranges),
}

struct Parser {
    characters: Vec<char>,
    at: usize,
    reading: Reading,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn look(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let found = self.peek();
        self.at += usize::from(found.is_some());
        found
    }

    fn eat(&mut self, text: &str) -> bool {
        let fits = text.chars().enumerate().all(|(index, expected)| self.look(index) == Some(expected));
        if fits {
            self.at += text.chars().count();
        }
        fits
    }

    fn alternatives(&mut self, depth: usize) -> Result<(Hir, u64), PatternError> {
        if depth > MAX_DEPTH {
            return Err(PatternError::TooComplex);
        }
        let (first, mut size) = self.sequence(depth)?;
        let mut branches = vec![first];
        while self.eat("|") {
            let (branch, more) = self.sequence(depth)?;
            size = size.saturating_add(more);
            branches.push(branch);
        }
        bounded(size)?;
        Ok((Hir::alternation(branches), size))
    }

    fn sequence(&mut self, depth: usize) -> Result<(Hir, u64), PatternError> {
        let mut parts = Vec::new();
        let mut size = 1u64;
        while let Some(character) = self.peek() {
            if character == '|' || character == ')' {
                break;
            }
            let (part, more) = self.repeated(depth)?;
            size = size.saturating_add(more);
            bounded(size)?;
            parts.push(part);
        }
        Ok((Hir::concat(parts), size))
    }

    fn repeated(&mut self, depth: usize) -> Result<(Hir, u64), PatternError> {
        let anchor = matches!(self.peek(), Some('^' | '$'));
        let (atom, size) = self.atom(depth)?;
        let simple = match self.peek() {
            Some('*') => Some((0, None)),
            Some('+') => Some((1, None)),
            Some('?') => Some((0, Some(1))),
            Some('{') => None,
            _ => return Ok((atom, size)),
        };
        let (min, max) = match simple {
            Some(counts) => {
                self.at += 1;
                counts
            }
            None => self.counts()?.ok_or_else(|| unsupported("a brace that is not a repetition"))?,
        };
        self.eat("?");
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            return Err(invalid("a repetition of a repetition"));
        }
        if anchor {
            return Err(unsupported("a repeated anchor"));
        }
        if max.unwrap_or(min) > MAX_TIMES {
            return Err(PatternError::TooComplex);
        }
        let times = u64::from(max.unwrap_or(min).max(1));
        let size = size.saturating_add(1).saturating_mul(times);
        bounded(size)?;
        Ok((Hir::repetition(Repetition { min, max, greedy: true, sub: Box::new(atom) }), size))
    }

    /// `{n}`, `{n,}`, `{n,m}`; nothing is consumed if it is none of these.
    fn counts(&mut self) -> Result<Option<(u32, Option<u32>)>, PatternError> {
        let from = self.at;
        self.at += 1;
        let min = self.number();
        let comma = self.eat(",");
        let max = if comma { self.number() } else { None };
        let (Some(min), true) = (min, self.eat("}")) else {
            self.at = from;
            return Ok(None);
        };
        let limit = |value: u64| u32::try_from(value).map_err(|_| PatternError::TooComplex);
        let min = limit(min)?;
        let max = match (comma, max) {
            (false, _) => Some(min),
            (true, None) => None,
            (true, Some(max)) => Some(limit(max)?),
        };
        if max.is_some_and(|max| max < min) {
            return Err(invalid("a repetition whose numbers are out of order"));
        }
        Ok(Some((min, max)))
    }

    fn number(&mut self) -> Option<u64> {
        let mut value: Option<u64> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            value = Some(value.unwrap_or(0).saturating_mul(10).saturating_add(u64::from(digit)));
            self.at += 1;
        }
        value
    }

    fn atom(&mut self, depth: usize) -> Result<(Hir, u64), PatternError> {
        let Some(character) = self.next() else {
            return Err(invalid("an unexpected end"));
        };
        let hir = match character {
            '^' => Hir::look(Look::Start),
            '$' => Hir::look(Look::End),
            '.' => match self.reading {
                Reading::Both => class(&complement(&[(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)])),
                Reading::Either => Hir::dot(Dot::AnyCharExceptLF),
            },
            '(' => return self.group(depth),
            '[' => return Ok((self.bracket()?, 2)),
            '\\' => return Ok((self.escape()?, 2)),
            '*' | '+' | '?' => return Err(invalid("a repetition of nothing")),
            '{' => return Err(unsupported("a brace that is not a repetition")),
            other => class(&[(u32::from(other), u32::from(other))]),
        };
        Ok((hir, 1))
    }

    fn group(&mut self, depth: usize) -> Result<(Hir, u64), PatternError> {
        if self.eat("?") {
            if self.eat("=") || self.eat("!") || self.eat("<=") || self.eat("<!") {
                return Err(unsupported("look-around"));
            }
            if self.eat("<") {
                let from = self.at;
                while let Some(character) = self.peek()
                    && (character.is_ascii_alphanumeric() || character == '_')
                {
                    self.at += 1;
                }
                let starts_well = self.characters.get(from).is_some_and(|c| !c.is_ascii_digit());
                if self.at == from || !starts_well || !self.eat(">") {
                    return Err(unsupported("this group name"));
                }
            } else if !self.eat(":") {
                return Err(unsupported("group options"));
            }
        }
        let inner = self.alternatives(depth + 1)?;
        if self.eat(")") { Ok(inner) } else { Err(invalid("an opening parenthesis without a closing one")) }
    }

    fn escape(&mut self) -> Result<Hir, PatternError> {
        match self.peek() {
            Some('b' | 'B') => Err(unsupported("word boundary")),
            Some('1'..='9' | 'k') => Err(unsupported("back-reference")),
            _ => Ok(match self.escaped(false, false)? {
                Member::One(code) => class(&[(code, code)]),
                Member::Many(ranges) => class(&ranges),
            }),
        }
    }

    /// White space: ECMA-262 counts U+FEFF and Rust counts U+0085. Where both readings must match it is what both
    /// count, where either may match it is what one of them counts; the other way round in a negated place.
    fn space(&self, negated: bool) -> Ranges {
        let mut ranges = SPACE.to_vec();
        match (self.reading, negated) {
            (Reading::Both, false) | (Reading::Either, true) => {
                ranges.retain(|range| *range != (0xFEFF, 0xFEFF))
            }
            (Reading::Both, true) | (Reading::Either, false) => ranges.push((0x85, 0x85)),
        }
        ranges
    }

    /// What follows a backslash; `negated`: inside `[^…]`.
    fn escaped(&mut self, in_class: bool, negated: bool) -> Result<Member, PatternError> {
        let Some(character) = self.next() else {
            return Err(invalid("a backslash at the end"));
        };
        Ok(match character {
            'd' => Member::Many(DIGIT.to_vec()),
            'D' => Member::Many(complement(DIGIT)),
            'w' => Member::Many(WORD.to_vec()),
            'W' => Member::Many(complement(WORD)),
            's' => Member::Many(self.space(negated)),
            'S' => Member::Many(complement(&self.space(!negated))),
            't' => Member::One(0x09),
            'n' => Member::One(0x0A),
            'v' => Member::One(0x0B),
            'f' => Member::One(0x0C),
            'r' => Member::One(0x0D),
            'b' if in_class => Member::One(0x08),
            '0' if !matches!(self.peek(), Some('0'..='9')) => Member::One(0),
            'c' => match self.next() {
                Some(letter) if letter.is_ascii_alphabetic() => Member::One(u32::from(letter) % 32),
                _ => return Err(unsupported("this control escape")),
            },
            'x' => match self.hexadecimal(2) {
                Some(code) => Member::One(code),
                None => return Err(unsupported("this hexadecimal escape")),
            },
            'u' => Member::One(self.unicode()?),
            'p' | 'P' => Member::Many(self.property(character == 'P')?),
            '<' | '>' => return Err(unsupported("an escaped angle bracket")),
            other if other.is_ascii_punctuation() => Member::One(u32::from(other)),
            other => return Err(unsupported(&format!("\\{other}"))),
        })
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let mut value = 0;
        for index in 0..digits {
            value = value * 16 + self.look(index)?.to_digit(16)?;
        }
        self.at += digits;
        Some(value)
    }

    /// After `\u`: four digits (a pair of surrogates is one code point) or `{…}`.
    fn unicode(&mut self) -> Result<u32, PatternError> {
        if self.eat("{") {
            let mut value: u32 = 0;
            let from = self.at;
            while let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) {
                value = value.saturating_mul(16).saturating_add(digit);
                self.at += 1;
            }
            if self.at == from || value > 0x10_FFFF || !self.eat("}") {
                return Err(invalid("a code point escape"));
            }
            return Ok(value);
        }
        let Some(first) = self.hexadecimal(4) else {
            return Err(unsupported("this code point escape"));
        };
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(first);
        }
        let from = self.at;
        if self.eat("\\u")
            && let Some(second) = self.hexadecimal(4)
            && (0xDC00..0xE000).contains(&second)
        {
            return Ok(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        }
        self.at = from;
        Ok(first)
    }

    fn property(&mut self, negated: bool) -> Result<Ranges, PatternError> {
        if !self.eat("{") {
            return Err(unsupported("a property without braces"));
        }
        let mut name = String::new();
        while let Some(character) = self.next() {
            match character {
                '}' => break,
                c if c.is_ascii_alphanumeric() || c == '_' || c == '=' => name.push(c),
                _ => return Err(unsupported("this property")),
            }
        }
        let parsed = regex_syntax::parse(&format!("\\p{{{name}}}"))
            .map_err(|_| PatternError::Unsupported(format!("the property {name}")))?;
        let ranges: Ranges = match parsed.into_kind() {
            HirKind::Class(Class::Unicode(found)) => {
                found.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
            }
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0).ok().map(|t| t.chars()) {
                Some(text) => text.map(|c| (u32::from(c), u32::from(c))).collect(),
                None => return Err(unsupported("this property")),
            },
            _ => return Err(unsupported("this property")),
        };
        Ok(if negated { complement(&ranges) } else { ranges })
    }

    /// After `[`.
    fn bracket(&mut self) -> Result<Hir, PatternError> {
        let negated = self.eat("^");
        if self.peek() == Some(']') {
            return Err(unsupported("an empty bracket expression"));
        }
        let mut ranges: Ranges = Vec::new();
        loop {
            if ["&&", "--", "~~"]
                .iter()
                .any(|pair| pair.chars().enumerate().all(|(i, c)| self.look(i) == Some(c)))
            {
                return Err(unsupported("set operations in a bracket expression"));
            }
            let Some(character) = self.peek() else {
                return Err(invalid("an opening bracket without a closing one"));
            };
            if character == ']' {
                self.at += 1;
                break;
            }
            let low = match self.member(negated)? {
                Member::One(code) => code,
                Member::Many(more) => {
                    ranges.extend(more);
                    continue;
                }
            };
            let is_range = self.peek() == Some('-') && self.look(1).is_some_and(|c| c != ']');
            if !is_range {
                ranges.push((low, low));
                continue;
            }
            if self.look(1) == Some('-') {
                return Err(unsupported("set operations in a bracket expression"));
            }
            self.at += 1;
            match self.member(negated)? {
                Member::One(high) if high >= low => ranges.push((low, high)),
                Member::One(_) => return Err(invalid("a range out of order")),
                Member::Many(_) => return Err(unsupported("a range that ends in a class")),
            }
        }
        Ok(class(&if negated { complement(&ranges) } else { ranges }))
    }

    fn member(&mut self, negated: bool) -> Result<Member, PatternError> {
        match self.next() {
            Some('\\') => match self.peek() {
                Some('B' | 'k' | '1'..='9') => Err(unsupported("this escape in a bracket expression")),
                _ => self.escaped(true, negated),
            },
            Some('[') => Err(unsupported("an opening bracket inside a bracket expression")),
            Some(other) => Ok(Member::One(u32::from(other))),
            None => Err(invalid("an opening bracket without a closing one")),
        }
    }
}

fn bounded(size: u64) -> Result<(), PatternError> {
    if size > MAX_SIZE { Err(PatternError::TooComplex) } else { Ok(()) }
}
