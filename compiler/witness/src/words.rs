//! What a message does to a map, in the analyst's words.

use mapc_check::OpenGap;
use mapc_diagnostics::Code;

/// Longer values are shown by their beginning.
const SHOWN: usize = 40;

/// What a gap does to a message. `value`: what the field would have got.
pub(crate) fn effect(gap: &OpenGap, value: &str) -> String {
    let rule = &gap.rule;
    let count = value.chars().count();
    match gap.code {
        Code::E0401 | Code::E0409 => match count {
            0 => format!("`{rule}` is empty"),
            1 => format!("`{rule}` is 1 character"),
            _ => format!("`{rule}` is {count} characters"),
        },
        Code::E0304 if gap.title.contains("no arm") => "no arm applies".to_owned(),
        Code::E0303 | Code::E0304 => format!("`{rule}` has no value"),
        Code::E0305 => format!("`{rule}` is null"),
        Code::E0402 | Code::E0404 | Code::E0604 => format!("`{rule}` is \"{}\"", beginning(value)),
        Code::E0405 | Code::E0410 | Code::E0411 | Code::E0306 => format!("`{rule}` is {}", beginning(value)),
        Code::E0403 => "its code is not in the table".to_owned(),
        Code::E0412 => "the divisor is 0".to_owned(),
        Code::E0502 => format!("`{rule}` has too few rows"),
        Code::E0503 => format!("`{rule}` has too many rows"),
        Code::E0504 => format!("`{rule}` has two equal rows"),
        _ => format!("`{rule}` does not fit"),
    }
}

/// A long text by its beginning.
pub(crate) fn beginning(text: &str) -> String {
    let count = text.chars().count();
    if count <= SHOWN {
        return text.to_owned();
    }
    let start: String = text.chars().take(SHOWN / 2).collect();
    format!("{}… ({count} characters)", start.trim_end())
}
