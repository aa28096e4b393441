//! The instruction table and the library functions as Markdown, generated.

use std::fmt::Write;

use crate::artifact::{FORMAT_MAJOR, FORMAT_MINOR};
use crate::instruction::instruction_docs;
use crate::natives::NATIVES;
use crate::operand::Role;

/// The generated reference page.
pub fn reference() -> String {
    let mut page = String::from("# Instructions of a compiled map\n\n");
    let _ = writeln!(
        page,
        "Generated from the instruction table of `runtime/bytecode`; format {FORMAT_MAJOR}.{FORMAT_MINOR}.\n"
    );
    page.push_str("| opcode | instruction | operands | what it does |\n|---|---|---|---|\n");
    for doc in instruction_docs() {
        let operands: Vec<String> = doc
            .operands
            .iter()
            .map(|operand| match operand.role {
                Role::Names => format!("{} ({})", operand.name, operand.kind),
                role => format!("{} ({} {})", operand.name, role.name(), operand.kind),
            })
            .collect();
        let _ = writeln!(
            page,
            "| `{:02X}` | `{}` | {} | {} |",
            doc.opcode,
            doc.name,
            operands.join(", "),
            doc.doc.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
    page.push_str(
        "\n# Library functions\n\n| id | name | from | to | constants | can fail |\n|---|---|---|---|---|---|\n",
    );
    for info in NATIVES {
        let arguments: Vec<&str> = info.arguments.iter().map(|argument| argument.name()).collect();
        let _ = writeln!(
            page,
            "| {} | `{}` | {} | {} | {} | {} |",
            info.id.0,
            info.name,
            info.input.name(),
            info.output.name(),
            arguments.join(", "),
            if info.fails { "yes" } else { "no" }
        );
    }
    page
}
