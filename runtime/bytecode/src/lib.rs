//! What a compiled mapping is, byte by byte: the [`Module`], its instructions, its artifact (`.mapb`), its verifier and
//! its listing. Knows nothing of map texts, schemas or types, and runs nothing.
//!
//! # How a checked map becomes a module
//!
//! A module is plain data. `code` is one straight flow: gates, then the document, then `key` and `order_by`, then one
//! [`Instruction::Deliver`] as the last instruction. All jumps go forward; the only way back is
//! [`Instruction::NextRow`]. A [`Label`] is the index of an instruction in `code`.
//!
//! **Registers** are numbered per class (text, number, yes/no, date); each holds absent, null or a value. Every register
//! must be set on every path before it is used. `Module::registers` says how many of each class there are.
//!
//! **Cursors** are row variables. Cursor 0 is the message and always stands. `Module::cursors` tells for each other one
//! which list it walks and inside whose row (`parent`). Reading a [`SourceField`] through a cursor needs that cursor to
//! stand on a row, and `field.list == cursor.list`. Cursors may be made freely: one per walk in the code is simplest.
//!
//! | typed tree | instructions |
//! |---|---|
//! | read | `ReadText/ReadNumber/ReadFlag/ReadDate into, cursor, field` (kind, null and facts are tested: R0201) |
//! | constant, `none` | `LoadText/…`, `Clear` |
//! | `let`, target reference | evaluate in place; or once: `LoadFlag done no; Clear r` at the start, then `JumpIf done over; …; Move r; LoadFlag done yes; over:` |
//! | template | evaluate the holes, then `Template into, template` (absent if a part is missing); texts of gates and rejects: `TemplateOrMissing` |
//! | arithmetic | `Negate/Add/Subtract/Multiply/Divide`; on failure: [`Failure`] (reason, or a jump to the handler) |
//! | `Call` | `Call into, function, input, arguments, failure` with [`natives::find`] by library name and class of the input |
//! | lookup | keys into neighbouring text registers, then `Lookup into, table, keys, failure` |
//! | `choose` | values: `IsOneOf` + `JumpUnless`, or a `Lookup` in a table when all arms are constants; conditions: `JumpUnless` |
//! | `value else fallback` | value into r; `JumpIfPresent r over; …fallback into r…; over:` |
//! | `and`, `or` | jumps: the right side is not evaluated when the left decides |
//! | field | `JumpUnless when`, value into r (failures jump to the handler), guards, `PutText/PutNumber/PutFlag/PutDate` |
//! | guard `or reject` with the reason's own words | `Require subject, predicate, guard, reason` |
//! | guard with any other action | `Check subject, predicate, guard, pass`: goes to `pass` when it holds (or there is no value), otherwise falls through to the action: template and `RejectText`; `Clear` and jump to the put; `Load…` and jump to the put; `Call cut`/`Call round` and go on |
//! | handler of a failure | `Failure::Jump(label)`; at the label: reject, `Clear`, or load the default, then the put |
//! | plain copy without guards and handlers | `CopyText/CopyNumber/CopyFlag/CopyDate/CopyCut/CopyCode`: read and put in one |
//! | record | `OpenRecord "key":`, fields, `CloseRecord required`; the document itself is a record with the empty fragment |
//! | record with one field | one put with a fragment `"entity":{"id":` (see [`Fragment`]); only when the record is not required |
//! | list | `JumpUnless when`, `OpenList "key":`, walk, list guards (`RequireList`, `CheckList` with `ClearList` for omit), `CloseList required` |
//! | row that is a record / a value | `OpenElement`, fields, `CloseElement` / put with the empty fragment, `EndElement` |
//! | `each` | `EachRow cursor, end`; filter: `JumpUnless f next`; `KeepRow`; body; `next: NextRow cursor, body, release`; `end:` is the instruction after it, `body` the one after `EachRow` |
//! | `sort by` | `ClearRows c; EachRow c; filter; key; CollectRow c, key; NextRow; SortRows c; EachCollected c; KeepRow; body; NextRow` |
//! | `group by` | the same with `GroupRows c` in place of `SortRows`; then to sort the groups: `EachCollected c; key; SetKey c, key; NextRow; SortRows c`; then `EachCollected c; KeepRow; body; NextRow`. On a group the cursor stands on its first row |
//! | rows of a group | `EachInGroup cursor, group, end` |
//! | `sum`, `count`, `min`, `max`, `join` | set the register (0, or `Clear`), walk, `Accumulate/CountRow/CountValue/KeepLeast/KeepGreatest/Join` in the body |
//! | `first`, `last`, `only` | collect the rows, `Clear r`, `PickRow c, which, end, failure`; element into r; `NextRow` |
//! | skip, reject, wait | `Skip`, `Reject`, `RejectText`, `Wait`; code after them on the same path is never reached |
//! | key, order_by | registers named by `Deliver` |
//!
//! A jump may leave walks but not records, lists or elements, and may not enter anything. `NextRow` with `release: true`
//! gives back the memory of texts made in the body; text registers set in the body (and rows collected there) then
//! count as not set at the next row and behind the walk. Use it for rows of the document.

mod artifact;
mod bytes;
mod instruction;
mod listing;
mod module;
pub mod natives;
mod operand;
mod parts;
mod reference;
#[cfg(test)]
mod tests;
mod verify;

pub use artifact::{ArtifactError, FORMAT_MAJOR, FORMAT_MINOR, MAGIC};
pub use instruction::{Instruction, InstructionDoc, OperandDoc, instruction_docs};
pub use listing::listing;
pub use module::*;
pub use operand::*;
pub use reference::reference;
pub use verify::{VerifiedModule, VerifyError, verify};
