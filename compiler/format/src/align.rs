//! Columns: lines of one kind that follow each other share them. Knows what a line begins with, no meaning.

use crate::lines::Line;
use crate::spacing::{joined, spaced};

/// Lines of one kind are aligned with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Assignment,
    Let,
    Arrow,
    Gate,
    Schema,
    TableFile,
    Deliver,
    Test,
    Policy,
    /// Not aligned.
    Alone,
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// What the line is, and where its cells begin (numbers of tokens).
fn kind(line: &Line<'_>) -> (Kind, Vec<usize>) {
    let tokens = &line.tokens;
    let mut depth = 0_usize;
    let mut outer: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is("(") || token.is("{") {
            depth += 1;
        } else if token.is(")") || token.is("}") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            outer.push(at);
        }
    }
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.is(text));
    let all = |text: &'static str| {
        let outer = outer.clone();
        outer.into_iter().filter(move |at| is(*at, text) && !(*at > 0 && is(at - 1, ".")))
    };
    let starts = |list: &[Option<usize>]| -> Vec<usize> { list.iter().copied().flatten().collect() };
    let first = line.first().unwrap_or("");
    match line.block {
        "" => match first {
            "from" | "to" => (Kind::Schema, vec![1]),
            "table" if is(2, "from") => (Kind::TableFile, starts(&[Some(2), all("key").next()])),
            "let" => (Kind::Let, starts(&[all("=").next()])),
            "skip" => (Kind::Gate, vec![1]),
            "reject" | "check" => (Kind::Gate, vec![1, 2]),
            _ => (Kind::Alone, Vec::new()),
        },
        "deliver" => match first {
            "connection" | "retry" if tokens.len() > 2 => (Kind::Deliver, vec![1, 2]),
            "connection" | "retry" | "key" | "unknown" | "dead_letter" => (Kind::Deliver, vec![1]),
            "in" => (Kind::Deliver, vec![3]),
            _ => (Kind::Alone, Vec::new()),
        },
        "test" => (Kind::Test, vec![1]),
        "policy" => (Kind::Policy, vec![1]),
        "table" | "choose" | "mask" => {
            let arrows: Vec<usize> = all("->").collect();
            if arrows.len() == 1 { (Kind::Arrow, arrows) } else { (Kind::Alone, Vec::new()) }
        }
        _ => match all("=").next() {
            Some(equals) => {
                let when = all("when").rfind(|at| *at > equals);
                (Kind::Assignment, starts(&[Some(equals), when]))
            }
            None => (Kind::Alone, Vec::new()),
        },
    }
}

/// One line by itself: a statement that neither goes on nor opens a block.
fn is_single(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let goes_on = lines.get(at + 1).is_some_and(|next| next.continues);
    let opens = line.tokens.last().is_some_and(|token| token.is("{"));
    !line.tokens.is_empty() && !line.continues && !goes_on && !opens && line.first() != Some("}")
}

/// Fills the cells of every line and pads them.
pub(crate) fn align(lines: &mut [Line<'_>]) {
    let kinds: Vec<(Kind, Vec<usize>)> = (0..lines.len())
        .map(|at| match lines.get(at).filter(|_| is_single(lines, at)) {
            Some(line) => kind(line),
            None => (Kind::Alone, Vec::new()),
        })
        .collect();
    for (line, (_, starts)) in lines.iter_mut().zip(&kinds) {
        line.cells = cells(line, starts);
    }
    let mut at = 0;
    while let Some((first, _)) = kinds.get(at) {
        let block = lines.get(at).map_or(0, |line| line.block_number);
        let same = |next: usize| {
            let line = lines.get(next);
            kinds.get(next).is_some_and(|(kind, _)| kind == first)
                && line.is_some_and(|line| line.block_number == block && !line.blank_before)
        };
        let end = if *first == Kind::Alone {
            at + 1
        } else {
            (at + 1..).find(|next| !same(*next)).unwrap_or(at + 1)
        };
        if let Some(run) = lines.get_mut(at..end) {
            pad_run(run, *first);
        }
        at = end;
    }
    align_comments(lines);
}

/// The text of a line cut where its cells begin.
fn cells(line: &Line<'_>, starts: &[usize]) -> Vec<String> {
    let pieces = spaced(&line.tokens);
    let mut cells = Vec::new();
    let mut from = 0;
    for start in starts.iter().copied().chain([pieces.len()]) {
        let cell = pieces.get(from..start).map(joined).unwrap_or_default();
        if !cell.is_empty() {
            cells.push(cell);
        }
        from = start;
    }
    cells
}

fn pad_run(run: &mut [Line<'_>], kind: Kind) {
    if kind == Kind::Alone {
        return;
    }
    pad(run, 0);
    if matches!(kind, Kind::Assignment | Kind::Let) && run.len() > 1 {
        on_grid(run);
    }
    match kind {
        Kind::Assignment => pad_conditions(run),
        Kind::Deliver => {
            // Names of connections and classes of retries have columns of their own.
            let mut at = 0;
            while let Some(word) = run.get(at).map(|line| line.first()) {
                let end = (at + 1..).find(|next| run.get(*next).map(|line| line.first()) != Some(word));
                let end = end.unwrap_or(at + 1);
                if let Some(part) = run.get_mut(at..end) {
                    pad(part, 1);
                }
                at = end;
            }
        }
        _ => pad(run, 1),
    }
}

/// Makes a cell as wide as the widest of its column; a last cell needs no width.
fn pad(run: &mut [Line<'_>], column: usize) {
    let has_next = |line: &Line<'_>| line.cells.len() > column + 1;
    let widest = run.iter().filter(|line| has_next(line)).filter_map(|line| line.cells.get(column));
    let widest = widest.map(|cell| width(cell)).max().unwrap_or(0);
    for line in run.iter_mut().filter(|line| has_next(line)) {
        if let Some(cell) = line.cells.get_mut(column) {
            let missing = widest.saturating_sub(width(cell));
            cell.extend(std::iter::repeat_n(' ', missing));
        }
    }
}

/// Puts the sign of a run of several lines on the grid of two blanks, so that a name that is one character longer
/// seldom moves all others.
fn on_grid(run: &mut [Line<'_>]) {
    let odd = |line: &Line<'_>| {
        line.cells.first().is_some_and(|cell| (width(cell) + line.indent).is_multiple_of(2))
    };
    for line in run.iter_mut().filter(|line| line.cells.len() > 1 && odd(line)) {
        if let Some(cell) = line.cells.first_mut() {
            cell.push(' ');
        }
    }
}

/// `when` in one column over neighbours, the values of lines between them included.
fn pad_conditions(run: &mut [Line<'_>]) {
    let with: Vec<usize> =
        (0..run.len()).filter(|at| run.get(*at).is_some_and(|line| line.cells.len() > 2)).collect();
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for at in with {
        match groups.last_mut() {
            Some((_, last)) if at - *last <= 2 => *last = at,
            _ => groups.push((at, at)),
        }
    }
    for (first, last) in groups {
        let Some(group) = run.get_mut(first..=last) else { continue };
        let values = group.iter().filter_map(|line| line.cells.get(1));
        let widest = values.map(|cell| width(cell)).max().unwrap_or(0);
        for line in group.iter_mut().filter(|line| line.cells.len() > 2) {
            if let Some(cell) = line.cells.get_mut(1) {
                let missing = widest.saturating_sub(width(cell));
                cell.extend(std::iter::repeat_n(' ', missing));
            }
        }
    }
}

/// Comments behind lines that follow each other stand in one column.
fn align_comments(lines: &mut [Line<'_>]) {
    let behind = |line: &Line<'_>| line.comment.is_some() && !line.tokens.is_empty();
    let mut at = 0;
    while at < lines.len() {
        let end = (at..lines.len()).find(|next| {
            !lines.get(*next).is_some_and(|line| behind(line) && (*next == at || !line.blank_before))
        });
        let end = end.unwrap_or(lines.len()).max(at + 1);
        if let Some(run) = lines.get_mut(at..end).filter(|run| run.iter().all(behind)) {
            let length = |line: &Line<'_>| line.indent + width(&line.cells.join(" "));
            let widest = run.iter().map(length).max().unwrap_or(0);
            for line in run {
                let missing = widest - length(line) + 1;
                line.cells.push(format!("{}{}", " ".repeat(missing), line.comment.take().unwrap_or("")));
            }
        }
        at = end;
    }
}

/// The lines as text.
pub(crate) fn print(lines: &[Line<'_>]) -> String {
    let mut text = String::new();
    for line in lines {
        if line.blank_before {
            text.push('\n');
        }
        text.push_str(&" ".repeat(line.indent));
        text.push_str(&line.cells.join(" "));
        // A comment on a line of its own.
        text.push_str(line.comment.unwrap_or(""));
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}
