//! Messages for the reasons that every map has: what is wrong with them is not a matter of the map's rules.

use mapc_check::typed::ReadKind;
use mapc_check::typed::Typed;
use mapc_diagnostics::Code;
use mapc_vm::Limits;

/// Every map has this reason; no rule of it leads there.
pub(crate) fn is_of_every_map(code: Code) -> bool {
    matches!(
        code,
        Code::R0101
            | Code::R0102
            | Code::R0103
            | Code::R0110
            | Code::R0111
            | Code::R0112
            | Code::R0113
            | Code::R0114
    )
}

/// A message that a run refuses for a reason of every map. `None`: only the host's limits decide, or the map reads
/// nothing that could show it.
pub(crate) fn message(code: Code, typed: &Typed) -> Option<String> {
    let limits = Limits::default();
    match code {
        Code::R0101 => Some("{\"".to_owned()),
        Code::R0102 => Some("{\"text\":\"\\ud800\"}".to_owned()),
        Code::R0103 => {
            let field = typed.source_fields.iter().map(|field| &field.path);
            let list = typed.source_lists.iter().map(|list| &list.path);
            let first = field.chain(list).find_map(|path| path.first().filter(|_| path.len() == 1))?;
            let name = quoted(first);
            Some(format!("{{{name}:\"a\",{name}:\"b\"}}"))
        }
        Code::R0110 => {
            let deep = limits.depth;
            Some(format!("{{\"deep\":{}{}}}", "[".repeat(deep), "]".repeat(deep)))
        }
        Code::R0111 => {
            let list =
                typed.source_lists.iter().find(|list| list.parent.is_some_and(|parent| parent.0 == 0))?;
            let rows = vec!["0"; limits.list_rows + 1].join(",");
            Some(inside(&list.path, format!("[{rows}]")))
        }
        Code::R0112 => {
            let field = typed
                .source_fields
                .iter()
                .find(|field| field.list.0 == 0 && matches!(field.read, ReadKind::Decimal(_)))?;
            let digits = "1234567890".repeat(4);
            let value = match field.read {
                ReadKind::Decimal(mapc_types::Wire::DecimalText) => format!("\"{digits}\""),
                _ => digits,
            };
            Some(inside(&field.path, value))
        }
        _ => None,
    }
}

fn quoted(name: &str) -> String {
    crate::message::Message::Text(name.to_owned()).to_string()
}

/// Records around a value.
fn inside(path: &[std::sync::Arc<str>], value: String) -> String {
    path.iter().rev().fold(value, |value, name| format!("{{{}:{value}}}", quoted(name)))
}
