//! The instruction table: opcode, name, doc and operands, once. Enum, codec, operand view and docs are generated from it.

use crate::bytes::{Reader, Truncated, Writer};
use crate::natives::NativeId;
use crate::operand::*;

/// Documentation of one instruction.
#[derive(Clone, Debug)]
pub struct InstructionDoc {
    /// Number in the artifact.
    pub opcode: u8,
    /// Name.
    pub name: &'static str,
    /// What it does.
    pub doc: String,
    /// Its operands in order.
    pub operands: Vec<OperandDoc>,
}

/// Documentation of one operand.
#[derive(Clone, Copy, Debug)]
pub struct OperandDoc {
    /// Name.
    pub name: &'static str,
    /// What the instruction does with it.
    pub role: Role,
    /// Kind of operand.
    pub kind: &'static str,
}

macro_rules! role {
    (sets) => {
        Role::Sets
    };
    (uses) => {
        Role::Uses
    };
    (updates) => {
        Role::Updates
    };
    (names) => {
        Role::Names
    };
}

macro_rules! instructions {
    ($($(#[doc = $doc:literal])+ $opcode:literal $name:ident { $($role:ident $operand:ident: $kind:ty),* $(,)? })+) => {
        /// One instruction.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[expect(missing_docs, reason = "operands are documented by their types and by the instruction")]
        pub enum Instruction {
            $($(#[doc = $doc])+ $name { $($operand: $kind),* },)+
        }

        impl Instruction {
            /// Number in the artifact.
            pub fn opcode(&self) -> u8 {
                match self { $(Instruction::$name { .. } => $opcode,)+ }
            }

            /// Name.
            pub fn name(&self) -> &'static str {
                match self { $(Instruction::$name { .. } => stringify!($name),)+ }
            }

            /// Calls `visit` with name, role and value of each operand, in order.
            pub fn each_operand(&self, visit: &mut dyn FnMut(&'static str, Role, Operand)) {
                match *self {
                    $(Instruction::$name { $($operand),* } => {
                        $(visit(stringify!($operand), role!($role), OperandType::operand($operand));)*
                    })+
                }
                let _ = visit;
            }

            pub(crate) fn encode(&self, writer: &mut Writer) {
                writer.byte(self.opcode());
                match *self {
                    $(Instruction::$name { $($operand),* } => { $(OperandType::encode($operand, writer);)* })+
                }
            }

            pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Instruction, Truncated> {
                Ok(match reader.byte()? {
                    $($opcode => Instruction::$name { $($operand: OperandType::decode(reader)?),* },)+
                    _ => return Err(Truncated),
                })
            }
        }

        /// The whole table, in the order of the reference.
        pub fn instruction_docs() -> Vec<InstructionDoc> {
            vec![$(InstructionDoc {
                opcode: $opcode,
                name: stringify!($name),
                doc: [$($doc),+].join(" ").trim().to_string(),
                operands: vec![$(OperandDoc {
                    name: stringify!($operand),
                    role: role!($role),
                    kind: <$kind as OperandType>::KIND,
                }),*],
            }),+]
        }
    };
}

instructions! {
    // Ends.
    /// Ends with skip.
    0x01 Skip { names reason: ReasonIndex }
    /// Ends with reject, in the reason's own words.
    0x02 Reject { names reason: ReasonIndex }
    /// Ends with reject, in these words (the reason's own when missing).
    0x03 RejectText { names reason: ReasonIndex, uses text: TextRegister }
    /// Ends with wait; `reference` names what is waited for.
    0x04 Wait { names reason: ReasonIndex, uses reference: OptionalText }
    /// Ends with the document. Always and only the last instruction.
    0x05 Deliver { uses key: OptionalText, uses order_by: OptionalText }

    // Jumps; all forward.
    /// Goes on at `target`.
    0x08 Jump { names target: Label }
    /// Goes on at `target` when the flag is yes (absent and null are not).
    0x09 JumpIf { uses flag: FlagRegister, names target: Label }
    /// Goes on at `target` unless the flag is yes.
    0x0A JumpUnless { uses flag: FlagRegister, names target: Label }
    /// Goes on at `target` when there is a value.
    0x0B JumpIfPresent { uses register: Register, names target: Label }
    /// Goes on at `target` when the register is absent or null.
    0x0C JumpIfMissing { uses register: Register, names target: Label }
    /// `IsOneOf` and `JumpUnless` in one.
    0x0D JumpUnlessOneOf { uses subject: Register, names set: SetIndex, names negated: bool, names target: Label }
    /// Goes on at `target` unless the number compares so with the constant; a missing one only differs.
    0x0E JumpUnlessNumber {
        uses left: NumberRegister, names comparison: Comparison, names constant: ConstantIndex, names target: Label
    }

    // Walks.
    /// Walks the list of the cursor inside the row its parent cursor stands on; tests the facts of the list.
    0x10 EachRow { names cursor: Cursor, names end: Label }
    /// Walks the collected rows (or groups) of the cursor.
    0x11 EachCollected { names cursor: Cursor, names end: Label }
    /// Walks the rows of the group that another cursor stands on.
    0x12 EachInGroup { names cursor: Cursor, names group: Cursor, names end: Label }
    /// Stands on one of the collected rows of the cursor, closed by `NextRow` like a walk; `only` fails on several.
    0x13 PickRow { names cursor: Cursor, names pick: Pick, names end: Label, names failure: Failure }
    /// Ends a walk's body: the next row at `body`, or the walk is over. `release` gives back texts made in the body.
    0x14 NextRow { names cursor: Cursor, names body: Label, names release: bool }
    /// Counts the row as kept, for `Position`.
    0x15 KeepRow { names cursor: Cursor }
    /// Empties the collected rows of the cursor.
    0x16 ClearRows { names cursor: Cursor }
    /// Collects the row the cursor stands on, without a key.
    0x17 CollectRow { names cursor: Cursor }
    /// Collects the row the cursor stands on, with a key for grouping or sorting.
    0x18 CollectKeyed { names cursor: Cursor, uses key: Register }
    /// Groups the collected rows by equal keys in order of first appearance; missing keys form one group. Keys are then missing.
    0x19 GroupRows { names cursor: Cursor }
    /// Sets the key of the collected row (or group) the cursor stands on.
    0x1A SetKey { names cursor: Cursor, uses key: Register }
    /// Sorts the collected rows (or groups) by key, stable, missing keys last.
    0x1B SortRows { names cursor: Cursor, names descending: bool }

    // Reads. Kind, null and facts are tested; a miss ends with the field's reason.
    /// Reads a text.
    0x20 ReadText { sets into: TextRegister, names cursor: Cursor, names field: Field }
    /// Reads a number (JSON number or decimal text).
    0x21 ReadNumber { sets into: NumberRegister, names cursor: Cursor, names field: Field }
    /// Reads yes/no.
    0x22 ReadFlag { sets into: FlagRegister, names cursor: Cursor, names field: Field }
    /// Reads a date, time, local or instant.
    0x23 ReadDate { sets into: DateRegister, names cursor: Cursor, names field: Field }

    // Registers.
    /// Loads a text constant.
    0x28 LoadText { sets into: TextRegister, names constant: ConstantIndex }
    /// Loads a number constant.
    0x29 LoadNumber { sets into: NumberRegister, names constant: ConstantIndex }
    /// Loads yes or no.
    0x2A LoadFlag { sets into: FlagRegister, names value: bool }
    /// Loads a date constant.
    0x2B LoadDate { sets into: DateRegister, names constant: ConstantIndex }
    /// Makes the register absent.
    0x2C Clear { sets into: Register }
    /// Copies a register of the same class.
    0x2D Move { sets into: Register, uses from: Register }

    // Texts.
    /// Puts a text together; absent when a part is absent or null.
    0x30 Template { sets into: TextRegister, names template: TemplateIndex }
    /// Puts a text together; an absent or null part prints as `(missing)`.
    0x31 TemplateOrMissing { sets into: TextRegister, names template: TemplateIndex }
    /// Appends a present value to the text, with the separator between; the first value starts it.
    0x32 Join { updates text: TextRegister, uses value: TextRegister, names separator: ConstantIndex }

    // Numbers. A missing operand makes the result absent; a result over 34 digits or scale 34 fails.
    /// Changes the sign.
    0x38 Negate { sets into: NumberRegister, uses from: NumberRegister }
    /// left + right, exact.
    0x39 Add { sets into: NumberRegister, uses left: NumberRegister, uses right: NumberRegister, names failure: Failure }
    /// left - right, exact.
    0x3A Subtract { sets into: NumberRegister, uses left: NumberRegister, uses right: NumberRegister, names failure: Failure }
    /// left * right, exact.
    0x3B Multiply { sets into: NumberRegister, uses left: NumberRegister, uses right: NumberRegister, names failure: Failure }
    /// left / right rounded to `scale` decimals; fails on a zero divisor.
    0x3C Divide {
        sets into: NumberRegister, uses left: NumberRegister, uses right: NumberRegister,
        names scale: Count, names mode: Rounding, names failure: Failure
    }
    /// Adds a present value.
    0x3D Accumulate { updates sum: NumberRegister, uses value: NumberRegister, names failure: Failure }
    /// Adds one.
    0x3E CountRow { updates count: NumberRegister }
    /// Adds one when the value is present.
    0x3F CountValue { updates count: NumberRegister, uses value: Register }
    /// Keeps the smaller of both; a missing side gives way; of equal values the earlier one stays.
    0x40 KeepLeast { updates least: Register, uses value: Register }
    /// Keeps the greater of both; a missing side gives way; of equal values the earlier one stays.
    0x41 KeepGreatest { updates greatest: Register, uses value: Register }
    /// Number of the current row among those kept, from 1.
    0x42 Position { sets into: NumberRegister, names cursor: Cursor }
    /// Rounds to `scale` decimals; absent and null pass through unchanged.
    0x43 Round { sets into: NumberRegister, uses from: NumberRegister, names scale: Count, names mode: Rounding }
    /// The number, or the constant when it is missing.
    0x44 OrNumber { sets into: NumberRegister, uses from: NumberRegister, names constant: ConstantIndex }

    // Calls.
    /// Calls a library function; absent and null pass through unchanged.
    0x48 Call {
        sets into: Register, names function: NativeId, uses input: Register,
        names arguments: ArgumentsIndex, names failure: Failure
    }
    /// Looks a key up in a table; absent when a part is missing or the row gives none; fails when there is no row.
    0x49 Lookup { sets into: Register, names table: TableIndex, uses keys: TextRange, names failure: Failure }
    /// Asks the host for a record's id; absent when the key is missing or not found; an id that is not 1 to 100 characters ends with the reason.
    0x4A Xref { sets into: TextRegister, names entity: ConstantIndex, uses key: TextRegister, names reason: ReasonIndex }

    // Tests: always give yes or no.
    /// Compares texts by code points.
    0x50 CompareText { sets into: FlagRegister, names comparison: Comparison, uses left: TextRegister, uses right: TextRegister }
    /// Compares numbers by value.
    0x51 CompareNumber { sets into: FlagRegister, names comparison: Comparison, uses left: NumberRegister, uses right: NumberRegister }
    /// Compares yes/no; no is before yes.
    0x52 CompareFlag { sets into: FlagRegister, names comparison: Comparison, uses left: FlagRegister, uses right: FlagRegister }
    /// Compares dates by time, instants by moment.
    0x53 CompareDate { sets into: FlagRegister, names comparison: Comparison, uses left: DateRegister, uses right: DateRegister }
    /// The value is in the set; no when missing; `negated` turns the answer around.
    0x54 IsOneOf { sets into: FlagRegister, uses subject: Register, names set: SetIndex, names negated: bool }
    /// Absent or null.
    0x55 IsMissing { sets into: FlagRegister, uses subject: Register, names negated: bool }
    /// Null.
    0x56 IsNull { sets into: FlagRegister, uses subject: Register, names negated: bool }
    /// More code points than `length`; no when missing; `negated` turns the answer around.
    0x57 LongerThan { sets into: FlagRegister, uses subject: TextRegister, names length: Count, names negated: bool }
    /// The text is in the language; no when missing.
    0x58 Matches { sets into: FlagRegister, uses subject: TextRegister, names language: LanguageIndex }
    /// Yes when the value is yes; no when it is no, absent or null.
    0x59 IsTrue { sets into: FlagRegister, uses from: FlagRegister }
    /// The opposite; of a missing value: yes.
    0x5A Not { sets into: FlagRegister, uses from: FlagRegister }

    // Guards: only a present value is tested.
    /// Ends with the reason when the value does not fit.
    0x60 Require { uses subject: Register, names predicate: PredicateIndex, names guard: GuardIndex, names reason: ReasonIndex }
    /// Goes on at `pass` when the value fits or there is none; otherwise counts the guard and goes on behind.
    0x61 Check { uses subject: Register, names predicate: PredicateIndex, names guard: GuardIndex, names pass: Label }
    /// Ends with the reason when the open list does not fit; an empty list that is not required is not tested.
    0x62 RequireList { names predicate: PredicateIndex, names required: bool, names guard: GuardIndex, names reason: ReasonIndex }
    /// The same, going on at `pass` when it fits.
    0x63 CheckList { names predicate: PredicateIndex, names required: bool, names guard: GuardIndex, names pass: Label }
    /// Drops all elements of the open list.
    0x64 ClearList {}

    // Output.
    /// Opens a record under the fragment.
    0x70 OpenRecord { names fragment: FragmentIndex }
    /// Closes it; without fields it is left out, or written as `{}` when required.
    0x71 CloseRecord { names required: bool }
    /// Opens a list under the fragment.
    0x72 OpenList { names fragment: FragmentIndex }
    /// Closes it; without elements it is left out, or written as `[]` when required.
    0x73 CloseList { names required: bool }
    /// Opens an element that is a record.
    0x74 OpenElement {}
    /// Closes it; written even when empty.
    0x75 CloseElement {}
    /// Ends an element that is a single value: counts it if it was written.
    0x76 EndElement {}
    /// Writes a text; absent: nothing.
    0x78 PutText { names fragment: FragmentIndex, uses value: TextRegister, names null: OnNull }
    /// Writes a number; absent: nothing.
    0x79 PutNumber { names fragment: FragmentIndex, uses value: NumberRegister, names form: NumberForm, names null: OnNull }
    /// Writes true or false; absent: nothing.
    0x7A PutFlag { names fragment: FragmentIndex, uses value: FlagRegister, names null: OnNull }
    /// Writes a date in canonical form; absent: nothing.
    0x7B PutDate { names fragment: FragmentIndex, uses value: DateRegister, names null: OnNull }
    /// Writes a constant; numbers in this form.
    0x7C PutConstant { names fragment: FragmentIndex, names constant: ConstantIndex, names form: NumberForm }
    /// `ReadText` and `PutText` in one.
    0x80 CopyText { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names null: OnNull }
    /// `ReadNumber` and `PutNumber` in one.
    0x81 CopyNumber { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names form: NumberForm, names null: OnNull }
    /// `ReadFlag` and `PutFlag` in one.
    0x82 CopyFlag { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names null: OnNull }
    /// `ReadDate` and `PutDate` in one.
    0x83 CopyDate { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names null: OnNull }
    /// `ReadText`, `Call cut length` and `PutText` in one.
    0x84 CopyCut { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names length: Count, names null: OnNull }
    /// `ReadText`, `Lookup` with one key part and a put of the value in one; a missing key writes nothing.
    0x85 CopyCode { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names table: TableIndex, names form: NumberForm, names failure: Failure }
    /// `ReadText`, `Call start length` and `PutText` in one.
    0x86 CopyStart { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names length: Count, names null: OnNull }
    /// `ReadText`, `Lookup` with one key part and a put of the value in one; a missing key, one without a row or a row without a value writes `otherwise`.
    0x87 CopyChoice { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names table: TableIndex, names otherwise: ConstantIndex, names form: NumberForm }
    /// `ReadDate` of an instant, `Call written_date` and `PutDate` in one.
    0x88 CopyWrittenDate { names fragment: FragmentIndex, names cursor: Cursor, names field: Field, names null: OnNull }
}
