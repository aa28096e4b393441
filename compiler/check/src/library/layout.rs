//! Date patterns such as `DD.MM.YYYY`: their pieces, writing and reading by them.

use super::calendar::{self, Local};

/// A piece of a date pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Literal(char),
}

const WORDS: [(&str, Piece); 6] = [
    ("YYYY", Piece::Year),
    ("MM", Piece::Month),
    ("DD", Piece::Day),
    ("hh", Piece::Hour),
    ("mm", Piece::Minute),
    ("ss", Piece::Second),
];

/// The pieces from left to right; what is not one of the six words stands for itself.
pub(super) fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while !rest.is_empty() {
        let word = WORDS.iter().find_map(|(word, piece)| Some((rest.strip_prefix(word)?, *piece)));
        if let Some((tail, piece)) = word {
            pieces.push(piece);
            rest = tail;
        } else {
            let mut characters = rest.chars();
            pieces.extend(characters.next().map(Piece::Literal));
            rest = characters.as_str();
        }
    }
    pieces
}

impl Piece {
    /// Hours, minutes or seconds.
    pub(super) fn is_time(self) -> bool {
        matches!(self, Piece::Hour | Piece::Minute | Piece::Second)
    }

    /// Texts of the piece, as a regular expression.
    pub(super) fn expression(self) -> String {
        match self {
            Piece::Year => "[0-9]{4}".to_owned(),
            Piece::Month => "(0[1-9]|1[0-2])".to_owned(),
            Piece::Day => "(0[1-9]|[12][0-9]|3[01])".to_owned(),
            Piece::Hour => "([01][0-9]|2[0-3])".to_owned(),
            Piece::Minute | Piece::Second => "[0-5][0-9]".to_owned(),
            Piece::Literal(literal) => super::pattern::literal(&literal.to_string()),
        }
    }
}

/// Writes a day and time; fractions of a second are dropped.
pub(super) fn write(pattern: &str, local: Local) -> String {
    let (year, month, day) = calendar::parts_of(local.day);
    let mut text = String::new();
    for piece in pieces(pattern) {
        match piece {
            Piece::Year => text.push_str(&format!("{year:04}")),
            Piece::Month => text.push_str(&format!("{month:02}")),
            Piece::Day => text.push_str(&format!("{day:02}")),
            Piece::Hour => text.push_str(&format!("{:02}", local.second / 3600)),
            Piece::Minute => text.push_str(&format!("{:02}", local.second / 60 % 60)),
            Piece::Second => text.push_str(&format!("{:02}", local.second % 60)),
            Piece::Literal(literal) => text.push(literal),
        }
    }
    text
}

/// Reads a day from a text that is written exactly by the pattern.
pub(super) fn read(pattern: &str, text: &str) -> Option<i64> {
    let (mut year, mut month, mut day) = (None, None, None);
    let mut rest = text;
    for piece in pieces(pattern) {
        let width = match piece {
            Piece::Year => 4,
            Piece::Literal(literal) => {
                rest = rest.strip_prefix(literal)?;
                continue;
            }
            _ => 2,
        };
        let (digits, tail) = rest.split_at_checked(width)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number: i64 = digits.parse().ok()?;
        match piece {
            Piece::Year => year = Some(number),
            Piece::Month => month = Some(number),
            Piece::Day => day = Some(number),
            _ => return None,
        }
        rest = tail;
    }
    if !rest.is_empty() {
        return None;
    }
    calendar::day_of(year?, month?, day?)
}
