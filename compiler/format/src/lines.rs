//! From tokens to the lines of the result: where lines begin, how deep they stand, what ends them. Knows no
//! columns.

use mapc_grammar::{Token, TokenKind, continued, tokens};

/// A line of the result.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line<'a> {
    /// Its tokens; none for a blank line that holds a comment.
    pub(crate) tokens: Vec<Token<'a>>,
    /// The comment behind them.
    pub(crate) comment: Option<&'a str>,
    /// A blank line stands before it.
    pub(crate) blank_before: bool,
    /// Blanks before it.
    pub(crate) indent: usize,
    /// It goes on with the statement of the line above.
    pub(crate) continues: bool,
    /// Word that opened the block it stands in; empty at top level.
    pub(crate) block: &'a str,
    /// Number of that block in the file.
    pub(crate) block_number: usize,
    /// Its parts, to be aligned; filled by the alignment.
    pub(crate) cells: Vec<String>,
}

impl<'a> Line<'a> {
    pub(crate) fn first(&self) -> Option<&'a str> {
        self.tokens.first().map(|token| token.text)
    }

    fn opens(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.is("{"))
    }
}

/// An open bracket.
struct Open<'a> {
    brace: bool,
    /// Word that opened the block.
    word: &'a str,
    number: usize,
    /// Closes on the same line of the source.
    inline: bool,
    /// Word of the statement around.
    outer: &'a str,
}

/// For each token: an opening brace whose partner stands on the same line of the source.
fn inline_braces(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut inline = vec![false; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::LineEnd {
            open.clear();
        } else if token.is("{") {
            open.push(at);
        } else if token.is("}")
            && let Some(start) = open.pop()
        {
            for place in [start, at] {
                if let Some(place) = inline.get_mut(place) {
                    *place = true;
                }
            }
        }
    }
    inline
}

struct Builder<'a> {
    lines: Vec<Line<'a>>,
    line: Line<'a>,
    stack: Vec<Open<'a>>,
    /// First word of the current statement; `choose` once that word was read.
    word: &'a str,
    blocks: usize,
    /// The row or arm has its arrow already: behind a comma begins another.
    arrow: bool,
}

impl<'a> Builder<'a> {
    /// Ends the line that is being built.
    fn flush(&mut self) {
        if !self.line.tokens.is_empty() || self.line.comment.is_some() {
            self.lines.push(std::mem::take(&mut self.line));
        }
        self.line = Line::default();
    }

    /// The first token of a line, or a comment that stands alone, comes now.
    fn begin(&mut self, first: Option<&Token<'a>>, continues: bool) {
        let closes = first.is_some_and(|token| token.is("}"));
        let ends_parenthesis = first.is_some_and(|token| token.is(")"));
        let braces = self.stack.iter().filter(|open| open.brace && !open.inline).count();
        let parentheses = self.stack.iter().filter(|open| !open.brace).count();
        let in_parentheses = self.stack.last().is_some_and(|open| !open.brace);
        let goes_on = if continues && !in_parentheses { 4 } else { 0 };
        self.line.indent = 2 * (braces - usize::from(closes && braces > 0))
            + 2 * (parentheses - usize::from(ends_parenthesis && parentheses > 0))
            + goes_on;
        self.line.continues = continues;
        let block = self.stack.iter().rev().find(|open| open.brace);
        (self.line.block, self.line.block_number) = block.map_or(("", 0), |open| (open.word, open.number));
    }

    fn token(&mut self, token: Token<'a>, inline: bool, continues: bool) {
        let breaks = token.is("}") && !inline && !self.line.tokens.is_empty();
        let behind_brace = !inline && self.line.opens() && !self.last_is_inline();
        if breaks || behind_brace {
            self.flush();
        }
        if self.line.tokens.is_empty() {
            let rows = self.stack.last().is_some_and(|open| matches!(open.word, "table" | "choose"));
            let comma =
                self.lines.last().and_then(|line| line.tokens.last()).is_some_and(|last| last.is(","));
            let next_row = rows && comma && self.arrow;
            let continues = continues && !breaks && !behind_brace && !next_row;
            self.begin(Some(&token), continues);
            if !continues && !token.is("}") {
                self.word = token.text;
                self.arrow = false;
            }
        }
        self.arrow |= token.is("->");
        if token.is("choose") {
            self.word = "choose";
        }
        if token.is("{") || token.is("(") {
            let brace = token.is("{");
            self.blocks += usize::from(brace);
            let (word, number) = (self.word, self.blocks);
            self.stack.push(Open { brace, word, number, inline, outer: self.word });
        } else if (token.is("}") || token.is(")"))
            && let Some(open) = self.stack.pop()
        {
            self.word = open.outer;
        }
        self.line.tokens.push(token);
    }

    fn last_is_inline(&self) -> bool {
        self.stack.last().is_some_and(|open| open.inline)
    }
}

/// Cuts a text that can be read into the lines of its layout.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let tokens = tokens(text);
    let continued = continued(text);
    let inline = inline_braces(&tokens);
    let mut builder = Builder {
        lines: Vec::new(),
        line: Line::default(),
        stack: Vec::new(),
        word: "",
        blocks: 0,
        arrow: false,
    };
    let mut line_ends = 0;
    let mut continues = false;
    let mut blank = false;
    for (at, token) in tokens.iter().enumerate() {
        let flag = |flags: &[bool]| flags.get(at).copied().unwrap_or(false);
        match token.kind {
            TokenKind::LineEnd => {
                builder.flush();
                line_ends += 1;
                continues = flag(&continued);
                blank |= line_ends > 1;
                continue;
            }
            TokenKind::Space | TokenKind::OddSpace => continue,
            TokenKind::Comment => {
                if builder.line.tokens.is_empty() {
                    builder.begin(None, continues);
                }
                builder.line.comment = Some(token.text.trim_end());
            }
            _ => {
                let onto_last = continues
                    && token.is("{")
                    && builder.line.tokens.is_empty()
                    && builder.lines.last().is_some_and(|line| !line.tokens.is_empty());
                if onto_last && let Some(last) = builder.lines.pop() {
                    builder.line = last;
                    blank = false;
                }
                builder.token(*token, flag(&inline), continues);
            }
        }
        line_ends = 0;
        let starts = builder.line.tokens.len() + usize::from(builder.line.comment.is_some()) == 1;
        if starts && blank {
            let inside = builder.lines.last().is_some_and(|line| !line.opens());
            let ends = builder.line.first() == Some("}");
            builder.line.blank_before = inside && !ends && !builder.line.continues;
        }
        blank = false;
    }
    builder.flush();
    builder.lines
}
