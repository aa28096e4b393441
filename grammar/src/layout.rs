//! The pass before the grammar: typographic characters, open texts, open blocks, joined lines, depth.
//! It gives a repaired text in which every block and every text is closed, and says what it repaired.
//! Knows tokens and the shape of lines, no expressions.

use std::collections::BTreeMap;

use mapc_diagnostics::{Diagnostic, Edit, FileId, Span};

use crate::errors::{self, Typographic};
use crate::offsets::{Offsets, Rewrite};
use crate::tokens::{Token, TokenKind, is_odd_space, is_typographic_quote, tokens};

/// Braces and parentheses that may be open at once.
pub(crate) const MAX_BRACKETS: usize = 64;
/// Operators on the way from a file to its innermost expression.
pub(crate) const MAX_OPERATORS: usize = 256;
/// Bytes of a map.
pub(crate) const MAX_BYTES: usize = 1 << 20;
/// Stands in the repaired text where something was already complained about.
pub(crate) const POISON: char = '\u{1}';

/// A text made ready for the grammar.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The repaired text: no comments, lines joined, every text and brace closed.
    pub(crate) text: String,
    typographic: Offsets,
    structure: Offsets,
    file: FileId,
    /// What was repaired.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// True when the text must not be given to the grammar.
    pub(crate) refused: bool,
}

impl Layout {
    /// The place in the file of a range of the repaired text.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let written = |at| self.typographic.written(self.structure.written(at));
        Span::new(self.file, written(start), written(end.max(start)))
    }

    fn refusal(file: FileId, diagnostic: Diagnostic) -> Self {
        Self {
            text: String::new(),
            typographic: Offsets::default(),
            structure: Offsets::default(),
            file,
            diagnostics: vec![diagnostic],
            refused: true,
        }
    }
}

/// Makes a text ready for the grammar.
pub(crate) fn lay_out(file: FileId, text: &str) -> Layout {
    if text.len() > MAX_BYTES {
        return Layout::refusal(file, errors::too_large(errors::start_of(file), text.len(), MAX_BYTES));
    }
    if let Some(at) = text.find('\0') {
        return Layout::refusal(file, errors::not_a_map(Span::new(file, at, at + 1)));
    }
    let mut diagnostics = Vec::new();
    let (plain, typographic) = straighten(file, text, &mut diagnostics);
    let tokens = tokens(&plain);
    let mut scan = Scan::new(file, &tokens, &typographic);
    if let Err(refusal) = scan.run() {
        return Layout::refusal(file, *refusal);
    }
    let (repaired, structure) = scan.rewrite(plain.len());
    diagnostics.append(&mut scan.diagnostics);
    Layout { text: repaired, typographic, structure, file, diagnostics, refused: false }
}

/// For each token of [`tokens`]: is it a line end (or what lies beside one) inside a statement, so that the next
/// line goes on with it? For a text that can be read; elsewhere it is a guess.
pub fn continued(text: &str) -> Vec<bool> {
    let tokens = tokens(text);
    let offsets = Offsets::default();
    let mut scan = Scan::new(FileId(0), &tokens, &offsets);
    // Too deep a text gives an error when it is parsed; here the lines before that point are enough.
    let _ = scan.run();
    scan.joined
}

/// What a typographic sign stands for.
fn plain_sign(c: char) -> Option<&'static str> {
    Some(match c {
        '–' | '—' | '−' | '‐' | '‑' => "-",
        '→' | '⇒' | '➔' => "->",
        '≤' => "<=",
        '≥' => ">=",
        '×' => "*",
        '…' => "...",
        c if c.is_control() => "",
        _ => return None,
    })
}

/// Puts straight quotes and plain blanks where typographic ones stand outside texts and comments.
fn straighten(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> (String, Offsets) {
    let mut rewrite = Rewrite::default();
    let mut line = Typographic::default();
    let mut flush = |line: &mut Typographic| diagnostics.extend(errors::typographic(std::mem::take(line)));
    for token in tokens(text) {
        let span = |start: usize, end: usize| Span::new(file, start, end);
        let whole = span(token.start, token.end());
        match token.kind {
            TokenKind::LineEnd => {
                flush(&mut line);
                rewrite.keep(token.text, token.start);
            }
            TokenKind::OddSpace => {
                let unseen = token.text.chars().all(|c| !c.is_whitespace());
                let plain = if unseen { "" } else { " " };
                if unseen { &mut line.unseen } else { &mut line.spaces }.push(whole);
                line.edits.push(Edit { span: whole, insert: plain.to_owned() });
                rewrite.replace(plain, token.start);
            }
            TokenKind::Text | TokenKind::OpenText => {
                let first = token.text.chars().next().filter(|c| is_typographic_quote(*c));
                let last = token.text.chars().next_back().filter(|c| is_typographic_quote(*c));
                let last = last.filter(|_| token.kind == TokenKind::Text);
                let head = first.map_or(0, char::len_utf8);
                let tail = token.text.len() - last.map_or(0, char::len_utf8);
                if first.is_some() || last.is_some() {
                    line.quotes.push(whole);
                }
                if first.is_some() {
                    let place = span(token.start, token.start + head);
                    line.edits.push(Edit { span: place, insert: "\"".to_owned() });
                    rewrite.replace("\"", token.start);
                }
                rewrite.keep(token.text.get(head..tail).unwrap_or(""), token.start + head);
                if last.is_some() {
                    let place = span(token.start + tail, token.end());
                    line.edits.push(Edit { span: place, insert: "\"".to_owned() });
                    rewrite.replace("\"", token.start + tail);
                }
            }
            TokenKind::Odd => match token.text.chars().next().and_then(plain_sign) {
                Some(plain) => {
                    if plain.is_empty() { &mut line.unseen } else { &mut line.signs }.push(whole);
                    line.edits.push(Edit { span: whole, insert: plain.to_owned() });
                    rewrite.replace(plain, token.start);
                }
                None => rewrite.keep(token.text, token.start),
            },
            TokenKind::Space if token.text.contains(is_odd_space) => {
                rewrite.fill(' ', token.text.len(), token.start);
            }
            _ => rewrite.keep(token.text, token.start),
        }
    }
    flush(&mut line);
    rewrite.finish(text.len())
}

/// A token that says something, with its place in the line.
#[derive(Clone, Copy)]
struct Sig<'a> {
    token: Token<'a>,
    /// Number in the full list of tokens.
    at: usize,
    /// First on its line.
    first: bool,
    /// Bytes before it on its line, for a first one.
    indent: usize,
}

/// An open bracket.
struct Open {
    brace: bool,
    /// Number of the significant token.
    at: usize,
    /// First significant token of the statement that opened it.
    statement: usize,
    /// Indent of the line that opened it.
    indent: usize,
    /// Lines inside are arms, rows or test lines, where a comma goes on.
    commas: bool,
    /// Operators so far in the current statement inside.
    operators: usize,
    /// The first line inside stands deeper than the block.
    deeper: Option<bool>,
    /// The first line that falls back to the indent of the block: token number of the line end before it.
    dedent: Option<usize>,
}

/// A block whose closing brace stands further left than the block: probably the brace of an outer block.
struct Suspect {
    statement: usize,
    open: usize,
    indent: usize,
    place: usize,
}

struct Scan<'a, 'b> {
    file: FileId,
    tokens: &'b [Token<'a>],
    offsets: &'b Offsets,
    sigs: Vec<Sig<'a>>,
    stack: Vec<Open>,
    suspects: Vec<Suspect>,
    operators: usize,
    statement: usize,
    choose: bool,
    joined: Vec<bool>,
    blanked: Vec<bool>,
    insert_before: BTreeMap<usize, String>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a, 'b> Scan<'a, 'b> {
    fn new(file: FileId, tokens: &'b [Token<'a>], offsets: &'b Offsets) -> Self {
        let mut sigs = Vec::new();
        let mut line_start = 0;
        let mut first = true;
        for (at, token) in tokens.iter().enumerate() {
            if token.kind == TokenKind::LineEnd {
                line_start = token.end();
                first = true;
            } else if token.is_significant() {
                sigs.push(Sig { token: *token, at, first, indent: token.start - line_start });
                first = false;
            }
        }
        Self {
            file,
            tokens,
            offsets,
            sigs,
            stack: Vec::new(),
            suspects: Vec::new(),
            operators: 0,
            statement: 0,
            choose: false,
            joined: vec![false; tokens.len()],
            blanked: vec![false; tokens.len()],
            insert_before: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, self.offsets.written(start), self.offsets.written(end))
    }

    fn token_span(&self, token: &Token<'_>) -> Span {
        self.span(token.start, token.end())
    }

    fn sig(&self, at: usize) -> Option<Sig<'a>> {
        self.sigs.get(at).copied()
    }

    /// The significant token `at` when it stands on the same line as the one before it.
    fn same_line(&self, at: usize) -> Option<Token<'a>> {
        self.sig(at).filter(|sig| !sig.first).map(|sig| sig.token)
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.sig(at).is_some_and(|sig| sig.token.is(text))
    }

    fn run(&mut self) -> Result<(), Box<Diagnostic>> {
        if self.sigs.is_empty() {
            self.diagnostics.push(errors::empty_file(errors::start_of(self.file)));
        }
        for at in 0..self.sigs.len() {
            let Some(sig) = self.sig(at) else { break };
            if sig.first && at > 0 {
                self.line_begins(at, sig);
            }
            self.token(at, sig)?;
        }
        let end = self.sigs.last().map_or(0, |sig| sig.at + 1);
        let end_of_file = self.sigs.len();
        if self.brace_depth() == 0 && self.is_bare_header(end_of_file) {
            self.open_bare_header(end_of_file, end);
        }
        self.close_all(end, None);
        Ok(())
    }

    fn brace_depth(&self) -> usize {
        self.stack.iter().filter(|open| open.brace).count()
    }

    /// The first line end behind the significant token before `at`.
    fn line_end_before(&self, at: usize) -> usize {
        let from = at.checked_sub(1).and_then(|last| self.sig(last)).map_or(0, |sig| sig.at + 1);
        let ends = self.tokens.iter().enumerate().skip(from);
        let found = ends.take_while(|(_, token)| !token.is_significant());
        found.filter(|(_, token)| token.kind == TokenKind::LineEnd).map(|(at, _)| at).next().unwrap_or(from)
    }

    fn line_begins(&mut self, at: usize, sig: Sig<'a>) {
        let in_parentheses = self.stack.last().is_some_and(|open| !open.brace);
        let closes = sig.token.is("}");
        if in_parentheses && !closes && !self.is_new_statement(at) {
            self.join(at);
            return;
        }
        if in_parentheses {
            self.drop_parentheses();
        } else if !closes && self.continues(at) {
            self.join(at);
            return;
        }
        let line_end = self.line_end_before(at);
        if self.is_bare_header(at) {
            self.open_bare_header(at, line_end);
        }
        if let Some(top) = self.stack.last() {
            self.operators -= top.operators;
        } else {
            self.operators = 0;
            self.suspects.clear();
        }
        if !self.stack.is_empty() && self.begins_top_level(at, sig) {
            self.close_all(line_end, Some(at));
        }
        if let Some(top) = self.stack.last_mut() {
            top.operators = 0;
            let deeper = *top.deeper.get_or_insert(sig.indent > top.indent);
            if deeper && sig.indent <= top.indent && !closes && top.dedent.is_none() {
                top.dedent = Some(line_end);
            }
        }
        self.statement = at;
        self.choose = false;
    }

    fn join(&mut self, at: usize) {
        let from = at.checked_sub(1).and_then(|last| self.sig(last)).map_or(0, |sig| sig.at + 1);
        let to = self.sig(at).map_or(from, |sig| sig.at);
        if let Some(joined) = self.joined.get_mut(from..to) {
            joined.fill(true);
        }
    }

    fn drop_parentheses(&mut self) {
        while let Some(open) = self.stack.pop_if(|open| !open.brace) {
            self.operators -= open.operators;
        }
    }

    /// A line that goes on where the line above stopped.
    fn continues(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|last| self.sig(last)) else { return false };
        let Some(sig) = self.sig(at) else { return false };
        if before.token.is("{") {
            return false;
        }
        let next = |text: &str| self.same_line(at + 1).is_some_and(|token| token.is(text));
        let by_comma = before.token.is(",") && {
            let literal = matches!(
                sig.token.kind,
                TokenKind::Text | TokenKind::OpenText | TokenKind::Number | TokenKind::Duration
            );
            literal || self.stack.last().is_some_and(|open| open.commas)
        };
        by_comma
            || match sig.token.text {
                "|" | "->" => true,
                "{" => self.opens_block(at),
                "else" | "or" | "when" | "and" | "where" | "with" => {
                    !next("=") && !next(".") && !next("[") && !next("->")
                }
                "group" | "sort" => next("by"),
                _ => false,
            }
    }

    /// An opening brace on a line of its own belongs to the line above, unless that is already closed.
    fn opens_block(&self, at: usize) -> bool {
        !at.checked_sub(1).is_some_and(|last| self.is(last, "}"))
    }

    /// `path =`, a top-level word, a word that begins a line of a block: an open parenthesis ends before it.
    fn is_new_statement(&self, at: usize) -> bool {
        let Some(sig) = self.sig(at) else { return false };
        if self.begins_top_level(at, sig) {
            return true;
        }
        let mut place = if sig.token.is("locked") { at + 1 } else { at };
        for _ in 0..MAX_BRACKETS {
            let Some(token) = self.sig(place).map(|sig| sig.token) else { return false };
            if !matches!(token.kind, TokenKind::Word | TokenKind::Backquoted) {
                return false;
            }
            match self.same_line(place + 1) {
                Some(next) if next.is("=") => return true,
                Some(next) if next.is(".") => place += 2,
                _ => return false,
            }
        }
        false
    }

    /// A line that can only stand outside of all blocks.
    fn begins_top_level(&self, at: usize, sig: Sig<'a>) -> bool {
        let Some(next) = self.same_line(at + 1) else { return false };
        let word = next.kind == TokenKind::Word
            && !matches!(next.text, "is" | "else" | "or" | "when" | "and" | "matches" | "not" | "where");
        let text = matches!(next.kind, TokenKind::Text | TokenKind::OpenText);
        let strong = match sig.token.text {
            "fields" | "deliver" | "mask" | "policy" => next.is("{"),
            "test" => text,
            "table" | "map" => word,
            _ => false,
        };
        if strong {
            return true;
        }
        let outermost = self.stack.iter().find(|open| open.brace).map_or(0, |open| open.indent);
        sig.indent <= outermost
            && match sig.token.text {
                "from" | "to" | "rounding" => word,
                "let" => word && self.same_line(at + 2).is_some_and(|token| token.is("=")),
                "zone" => text,
                "skip" => next.is("when"),
                "reject" | "check" => text,
                _ => false,
            }
    }

    /// The statement before `at` is `fields`, `deliver`, `mask`, `policy` or `test "…"` without a brace.
    fn is_bare_header(&self, at: usize) -> bool {
        if !self.stack.is_empty() || self.is(at, "{") {
            return false;
        }
        let Some(head) = self.sig(self.statement) else { return false };
        match (head.token.text, at - self.statement) {
            ("fields" | "deliver" | "mask" | "policy", 1) => true,
            ("test", 2) => self.sig(self.statement + 1).is_some_and(|sig| sig.token.kind == TokenKind::Text),
            _ => false,
        }
    }

    fn open_bare_header(&mut self, at: usize, line_end: usize) {
        let (Some(head), Some(last)) = (self.sig(self.statement), self.sig(at - 1)) else { return };
        let end = last.token.end();
        let span = self.span(head.token.start, end);
        self.diagnostics.push(errors::opening_brace_missing(head.token.text, span, self.span(end, end)));
        self.insert_before.entry(line_end).or_default().push_str(" {");
        self.push(true, at - 1);
    }

    fn push(&mut self, brace: bool, at: usize) {
        let head = self.sig(self.statement).map(|sig| sig.token.text);
        let indent = self.sig(self.statement).map_or(0, |sig| sig.indent);
        let commas = self.choose || matches!(head, Some("test" | "table"));
        self.choose = false;
        let statement = self.statement;
        self.stack.push(Open {
            brace,
            at,
            statement,
            indent,
            commas,
            operators: 0,
            deeper: None,
            dedent: None,
        });
    }

    fn token(&mut self, at: usize, sig: Sig<'a>) -> Result<(), Box<Diagnostic>> {
        let token = sig.token;
        match token.kind {
            TokenKind::Mark => match token.text {
                "{" | "(" => {
                    self.push(token.text == "{", at);
                    if self.stack.len() > MAX_BRACKETS {
                        return Err(Box::new(errors::too_deep(self.token_span(&token))));
                    }
                }
                "}" => self.close(at, sig),
                ")" => {
                    if let Some(open) = self.stack.pop_if(|open| !open.brace) {
                        self.operators -= open.operators;
                    }
                }
                "+" | "-" | "*" | "/" | "|" => self.operator(&token)?,
                _ => {}
            },
            TokenKind::Word => {
                let path = at.checked_sub(1).is_some_and(|last| self.is(last, "."));
                match token.text {
                    "else" | "or" | "and" | "not" if !path => self.operator(&token)?,
                    "choose" if !path => self.choose = true,
                    _ => {}
                }
            }
            TokenKind::OpenText => {
                let span = self.token_span(&token);
                self.diagnostics.push(errors::text_not_closed(span, span.after()));
            }
            _ => {}
        }
        Ok(())
    }

    fn operator(&mut self, token: &Token<'a>) -> Result<(), Box<Diagnostic>> {
        self.operators += 1;
        if let Some(top) = self.stack.last_mut() {
            top.operators += 1;
        }
        if self.operators > MAX_OPERATORS {
            return Err(Box::new(errors::too_long_a_rule(self.token_span(token), MAX_OPERATORS)));
        }
        Ok(())
    }

    fn close(&mut self, at: usize, sig: Sig<'a>) {
        self.drop_parentheses();
        let Some(open) = self.stack.pop() else {
            self.diagnostics.push(errors::closes_nothing(self.token_span(&sig.token)));
            if let Some(blanked) = self.blanked.get_mut(sig.at) {
                *blanked = true;
            }
            return;
        };
        self.operators -= open.operators;
        self.statement = open.statement;
        let outer = self.stack.iter().rev().find(|open| open.brace);
        if sig.first && sig.indent < open.indent && outer.is_some_and(|outer| sig.indent <= outer.indent) {
            let place = open.dedent.unwrap_or_else(|| self.line_end_before(at));
            let (statement, indent) = (open.statement, open.indent);
            self.suspects.push(Suspect { statement, open: open.at, indent, place });
        }
    }

    /// Closes every open block before `place`; `next` is the line that begins there.
    fn close_all(&mut self, place: usize, next: Option<usize>) {
        self.drop_parentheses();
        let mut open: Vec<Open> = std::mem::take(&mut self.stack);
        open.retain(|open| open.brace);
        self.operators = 0;
        let suspects = std::mem::take(&mut self.suspects);
        let blamed = suspects.len().min(open.len());
        let mut unclosed: Vec<Suspect> = suspects.into_iter().take(blamed).collect();
        for open in open.drain(blamed..).rev() {
            let place = open.dedent.unwrap_or(place);
            unclosed.push(Suspect { statement: open.statement, open: open.at, indent: open.indent, place });
        }
        for block in unclosed {
            self.report_unclosed(&block, next);
        }
    }

    fn report_unclosed(&mut self, block: &Suspect, next: Option<usize>) {
        let (Some(head), Some(brace)) = (self.sig(block.statement), self.sig(block.open)) else { return };
        let first_line_end = self
            .sigs
            .iter()
            .skip(block.statement + 1)
            .take_while(|sig| !sig.first && sig.token.start <= brace.token.start)
            .last()
            .map_or(head.token.end(), |sig| sig.token.end());
        let open = self.span(head.token.start, first_line_end);
        let start = self.tokens.get(block.place).map(|token| token.start);
        let start = start.or(self.tokens.last().map(Token::end)).unwrap_or(0);
        let spot = self.span(start, start);
        let text = format!("\n{}}}", " ".repeat(block.indent));
        let next = next.and_then(|at| self.sig(at)).map(|sig| (self.token_span(&sig.token), sig.token.text));
        let name: String = self
            .sigs
            .iter()
            .skip(block.statement)
            .map(|sig| sig.token)
            .take_while(|token| {
                matches!(token.kind, TokenKind::Word | TokenKind::Backquoted) || token.is(".")
            })
            .scan(head.token.start, |end, token| {
                let glued = token.start == *end;
                *end = token.end();
                glued.then_some(token.text)
            })
            .take(MAX_BRACKETS)
            .collect();
        self.diagnostics.push(errors::block_not_closed(&name, open, next, (spot, text)));
        self.insert_before.entry(block.place).or_default().push('}');
    }

    /// The repaired text.
    fn rewrite(&self, end: usize) -> (String, Offsets) {
        let mut rewrite = Rewrite::default();
        for (at, token) in self.tokens.iter().enumerate() {
            if let Some(text) = self.insert_before.get(&at) {
                rewrite.replace(text, token.start);
            }
            let blank = self.blanked.get(at).copied().unwrap_or(false);
            let joined = self.joined.get(at).copied().unwrap_or(false);
            match token.kind {
                TokenKind::Comment => rewrite.fill(' ', token.text.len(), token.start),
                TokenKind::LineEnd if joined => rewrite.fill(' ', token.text.len(), token.start),
                TokenKind::OpenText => rewrite.fill(POISON, token.text.len(), token.start),
                _ if blank => rewrite.fill(' ', token.text.len(), token.start),
                _ => rewrite.keep(token.text, token.start),
            }
        }
        for text in self.insert_before.range(self.tokens.len()..).map(|(_, text)| text) {
            rewrite.replace(text, end);
        }
        rewrite.finish(end)
    }
}
