//! One way to lay out a file.
//!
//! | what | rule |
//! |---|---|
//! | indent | two blanks per open brace; a line that goes on (`\|`, `else`, `or`, `when` …) four more; lines inside parentheses two more per parenthesis |
//! | blanks | one between the parts of a line, none inside `a.b`, `a[1]`, `name@1`, `sum(`, `( )`, before a comma, behind a sign `-` |
//! | braces | `{` ends its line and `}` begins one, unless both stand on one line in the source: then they stay there |
//! | lines | the author's line breaks inside a statement stay; blank lines become at most one, none at the start or end of a block |
//! | comments | stay where they are; behind a line two blanks before them, aligned with those of the lines around |
//! | columns | consecutive one-line statements of one kind are aligned; a blank line, a comment line or a statement of several lines ends such a run |
//! | … fields, `let` | `=`, for several lines on the grid of two blanks; and `when` over neighbours (at most one line without `when` between two) |
//! | … tables, `choose`, `mask` | `->` |
//! | … gates | the text behind `reject` and `check`, and what follows it |
//! | … `from`, `to` | the schema |
//! | … `table … from` | `from` and `key` |
//! | … `deliver` | what follows the first word (the method line stands for itself), then what follows names of connections and classes of retries |
//! | … tests, `policy` | what follows the first word |
//! | ends | no trailing blanks, `\n` as line end, one at the end of the file, no byte order mark |

mod align;
mod lines;
mod spacing;

use mapc_grammar::{Diagnostic, FileId, parse_text, tree_text};

/// Lays out a map. A file that cannot be read is not touched: its errors come back, with file number 0.
///
/// # Errors
/// The errors of the parser.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let read = parse_text(FileId(0), text);
    if read.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(read.diagnostics);
    }
    let laid_out = lay_out(text);
    let again = parse_text(FileId(0), &laid_out);
    let same = again.diagnostics.is_empty() && tree_text(&again.value) == tree_text(&read.value);
    // Layout must never change what a map means; if it would, the author's text stays.
    Ok(if same { laid_out } else { text.to_owned() })
}

/// Lays out without looking whether the file can be read.
fn lay_out(text: &str) -> String {
    let mut lines = lines::lines(text);
    align::align(&mut lines);
    align::print(&lines)
}

#[cfg(test)]
mod tests;
