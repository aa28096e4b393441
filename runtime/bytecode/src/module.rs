//! The module: everything a compiled mapping holds, as plain data. Built by `emit`, read by the vm.

use crate::instruction::Instruction;
use crate::operand::*;

/// A compiled mapping.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Module {
    /// Names and versions.
    pub meta: Meta,
    /// Content hashes of what the proof rests on.
    pub pins: Vec<Pin>,
    /// Everything a run may end with instead of a document.
    pub reasons: Vec<Reason>,
    /// The reasons the runtime itself uses.
    pub builtin: Builtin,
    /// Constants.
    pub constants: Vec<Constant>,
    /// Pre-rendered keys.
    pub fragments: Vec<Fragment>,
    /// Texts with holes.
    pub templates: Vec<Template>,
    /// Regular languages.
    pub languages: Vec<LanguageTable>,
    /// Code tables.
    pub tables: Vec<Table>,
    /// Sets of constants of one class.
    pub sets: Vec<Set>,
    /// Constant arguments of library calls.
    pub arguments: Vec<Vec<ConstantIndex>>,
    /// The map's time zone.
    pub zone: Option<Zone>,
    /// Lists that are read; entry 0 is the message itself. Parents come before children.
    pub source_lists: Vec<SourceList>,
    /// Single values that are read.
    pub source_fields: Vec<SourceField>,
    /// What reads and guards test.
    pub predicates: Vec<Predicate>,
    /// Guards with their stable ids; counted by the runtime.
    pub guards: Vec<GuardInfo>,
    /// Row variables; entry 0 is the message.
    pub cursors: Vec<CursorShape>,
    /// How many registers of each class the code uses.
    pub registers: Registers,
    /// The program.
    pub code: Vec<Instruction>,
    /// `deliver`, for workers.
    pub deliver: Option<Deliver>,
    /// `mask`, for workers.
    pub masks: Vec<Mask>,
    /// Map files the code comes from.
    pub files: Vec<String>,
    /// Where instructions come from; sorted by instruction, each entry holds until the next.
    pub source_map: Vec<SourceLine>,
    /// Optional sections of newer versions, kept as they are: tag (0x8000 and above) and content.
    pub extras: Vec<(u16, Vec<u8>)>,
}

/// Names and versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// `acme.sales_order`.
    pub map: String,
    /// Version of the map.
    pub version: u32,
    /// Tenant, if any.
    pub tenant: Option<String>,
    /// Version of the compiler.
    pub compiler: String,
    /// `canonical.sales_order@1`.
    pub source: String,
    /// `netsuite.sales_order@2025.2`.
    pub target: String,
    /// What the delivery does.
    pub operation: Operation,
}

/// What the delivery does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operation {
    /// A new record.
    #[default]
    Create,
    /// An existing one.
    Update,
    /// Either.
    Upsert,
}

/// A content hash of something the proof rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// `schema canonical.sales_order@1`, `table currency`, `unicode`.
    pub name: String,
    /// SHA-256.
    pub hash: [u8; 32],
}

/// One way a run may end without a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Number of the R code: 401 for R0401.
    pub code: u16,
    /// Target path, source path or rule it belongs to.
    pub rule: String,
    /// What it says to people.
    pub text: String,
    /// Stable id, 16 hex digits.
    pub id: String,
}

/// The reasons the runtime itself uses; every one must be in `reasons`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// R0101.
    pub not_json: ReasonIndex,
    /// R0102.
    pub bad_text: ReasonIndex,
    /// R0103.
    pub duplicate_key: ReasonIndex,
    /// R0110.
    pub depth: ReasonIndex,
    /// R0111.
    pub size: ReasonIndex,
    /// R0112.
    pub number: ReasonIndex,
    /// R0113.
    pub steps: ReasonIndex,
    /// R0114.
    pub output: ReasonIndex,
}

impl Default for Builtin {
    fn default() -> Builtin {
        let none = ReasonIndex(0);
        Builtin {
            not_json: none,
            bad_text: none,
            duplicate_key: none,
            depth: none,
            size: none,
            number: none,
            steps: none,
            output: none,
        }
    }
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Text.
    Text(String),
    /// Number: `coefficient / 10^scale`, at most 34 digits, scale at most 34.
    Number {
        /// Digits with sign.
        coefficient: i128,
        /// Decimals.
        scale: u8,
    },
    /// Yes or no.
    Flag(bool),
    /// A calendar value in its canonical text.
    Date(DateKind, String),
}

impl Constant {
    /// Its class.
    pub fn class(&self) -> Class {
        match self {
            Constant::Text(_) => Class::Text,
            Constant::Number { .. } => Class::Number,
            Constant::Flag(_) => Class::Flag,
            Constant::Date(..) => Class::Date,
        }
    }
}

/// Kinds of calendar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateKind {
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// Day and time without zone.
    Local,
    /// A moment.
    Instant,
}

impl DateKind {
    /// `date`, `time`, `local`, `instant`.
    pub fn name(self) -> &'static str {
        match self {
            DateKind::Date => "date",
            DateKind::Time => "time",
            DateKind::Local => "local",
            DateKind::Instant => "instant",
        }
    }
}

/// A key rendered as JSON: `"memo":`. A record with this one field may be folded in: `"entity":{"id":` with one closer.
/// The empty fragment stands before the document and before elements of lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    /// JSON text: keys in quotes with colons, `{` between them.
    pub text: String,
    /// How many `}` follow the value: the number of `{` in `text`.
    pub closers: u8,
}

/// A text with holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// In order.
    pub parts: Vec<TemplatePart>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePart {
    /// Written as it is.
    Text(String),
    /// Text form of a register.
    Hole(Register),
}

/// A regular language as a deterministic automaton over bytes of UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageTable {
    /// For people: pattern or format.
    pub name: String,
    /// Class of each byte.
    pub classes: [u8; 256],
    /// Number of classes.
    pub class_count: u16,
    /// Next state for `state * class_count + class`.
    pub transitions: Vec<u16>,
    /// First state.
    pub start: u16,
    /// Whether a state accepts; as long as there are states.
    pub accepting: Vec<bool>,
}

/// Between key parts.
pub const KEY_SEPARATOR: u8 = 0xFF;

/// A code table. Looked up by hash at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name in the map.
    pub name: String,
    /// Number of key parts, at least 1.
    pub key_parts: u16,
    /// Class of its values.
    pub class: Class,
    /// Rows: the key parts, joined by [`KEY_SEPARATOR`], to the value; `None` gives absent. Keys differ.
    pub rows: Vec<(Vec<u8>, Option<ConstantIndex>)>,
}

/// Constants of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Class of the members.
    pub class: Class,
    /// Members.
    pub members: Vec<ConstantIndex>,
}

/// Offsets of a time zone in the years 1900 to 2200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// IANA name.
    pub name: String,
    /// Offset in seconds east of UTC before the first change.
    pub initial_offset: i32,
    /// Unix second from which an offset holds; ascending.
    pub transitions: Vec<(i64, i32)>,
}

/// A list of the source, or (entry 0) the message itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceList {
    /// Index of the list whose rows hold this one; `None` for the message.
    pub parent: Option<u32>,
    /// Field names from the row of the parent to the list.
    pub path: Vec<String>,
    /// Null is allowed there and on the way; it counts as absent.
    pub nullable: bool,
    /// `Present` or `Count`; tested whenever it is walked. `Count` is tested on a list that is there.
    pub facts: Vec<PredicateIndex>,
    /// R0201 for this list.
    pub reason: ReasonIndex,
    /// `order.lines` for people.
    pub display: String,
}

/// A single value of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceField {
    /// Index of the list whose row holds it.
    pub list: u32,
    /// Field names from the row to the value; empty for a list of single values.
    pub path: Vec<String>,
    /// How it is read.
    pub read: ReadKind,
    /// Null is allowed (here or on the way) and reads as null.
    pub nullable: bool,
    /// Tested at every read, in order.
    pub facts: Vec<PredicateIndex>,
    /// R0201 for this field.
    pub reason: ReasonIndex,
    /// `order.shipTo.country` for people.
    pub display: String,
    /// Never to be shown.
    pub sensitive: bool,
}

/// How a single value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadKind {
    /// JSON text.
    Text,
    /// JSON number.
    Number,
    /// JSON text in canonical decimal form.
    DecimalText,
    /// true/false.
    Flag,
    /// JSON text in the strict form of that kind.
    Date(DateKind),
}

impl ReadKind {
    /// Class of the register it is read into.
    pub fn class(self) -> Class {
        match self {
            ReadKind::Text => Class::Text,
            ReadKind::Number | ReadKind::DecimalText => Class::Number,
            ReadKind::Flag => Class::Flag,
            ReadKind::Date(_) => Class::Date,
        }
    }
}

/// An exact ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// Above.
    pub numerator: i128,
    /// Below; positive.
    pub denominator: i128,
}

/// Something that is tested on a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// Neither absent nor null.
    Present,
    /// Code points.
    MinLength(u64),
    /// Code points.
    MaxLength(u64),
    /// The text is in the language.
    InLanguage(LanguageIndex),
    /// One of these.
    OneOf(SetIndex),
    /// `>=` (inclusive) or `>`.
    AtLeast {
        /// The end.
        value: Ratio,
        /// The end belongs to it.
        inclusive: bool,
    },
    /// `<=` (inclusive) or `<`.
    AtMost {
        /// The end.
        value: Ratio,
        /// The end belongs to it.
        inclusive: bool,
    },
    /// A whole multiple of this positive number.
    OnGrid(Ratio),
    /// Number of list elements.
    Count {
        /// At least.
        min: u64,
        /// At most.
        max: Option<u64>,
    },
    /// No two list elements equal.
    Unique,
}

/// A guard with its stable id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuardInfo {
    /// 16 hex digits.
    pub id: String,
    /// Target path.
    pub target: String,
    /// What must hold, for people.
    pub text: String,
}

impl GuardInfo {
    /// Target path and what must hold: `memo: at most 300 characters`.
    pub fn name(&self) -> String {
        format!("{}: {}", self.target, self.text)
    }
}

/// A row variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorShape {
    /// The list it walks; 0 for the message.
    pub list: u32,
    /// The cursor whose row holds the list. For cursor 0: itself.
    pub parent: Cursor,
}

/// How many registers of each class there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    /// Text.
    pub text: u16,
    /// Number.
    pub number: u16,
    /// Yes/no.
    pub flag: u16,
    /// Date.
    pub date: u16,
}

/// Where instructions come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// First instruction.
    pub instruction: u32,
    /// Index into `files`.
    pub file: u32,
    /// Line from 1.
    pub line: u32,
}

/// `deliver` as data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliver {
    /// Target path of `upsert by`.
    pub by: Option<String>,
    /// Connection names with their condition as written.
    pub connections: Vec<(String, Option<String>)>,
    /// Retry classes and strategies.
    pub retries: Vec<(String, Retry)>,
    /// Seconds to settle, and the path to probe by.
    pub unknown: Option<(u64, Option<String>)>,
    /// `hold`, `next`.
    pub dead_letter: Option<String>,
}

/// How to retry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retry {
    /// As the answer says.
    RetryAfter,
    /// Seconds.
    Wait(u64),
    /// Growing pauses, in seconds.
    Backoff {
        /// First pause.
        from: u64,
        /// Longest pause.
        to: u64,
        /// Give up after.
        horizon: u64,
    },
}

/// One line of `mask`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// Source path.
    pub path: String,
    /// How.
    pub method: MaskMethod,
}

/// How a value is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskMethod {
    /// A hash of it.
    Hash,
    /// Only the last characters.
    Last(u32),
    /// Nothing of it.
    Hide,
}
