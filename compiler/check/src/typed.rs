//! The checked map: every name bound, every value typed, every obligation answered. Output of this crate, input
//! of `emit` and of the reference interpreter. Data only.

use std::sync::Arc;

use mapc_diagnostics::{Code, Span};
use mapc_types::{BigRational, DateKind, Language, Slot, Wire};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);)+
    };
}

ids! {
    /// Index into [`Typed::source_lists`]; 0 is the message itself.
    ListId,
    /// Index into [`Typed::source_fields`].
    SourceFieldId,
    /// Index into [`Typed::scopes`]; 0 is the message itself.
    ScopeId,
    /// Index into [`Typed::rows`].
    RowsId,
    /// Index into [`Typed::fields`].
    FieldId,
    /// Index into [`Typed::lets`].
    LetId,
    /// Index into [`Typed::tables`].
    TableId,
    /// Index into [`Typed::reasons`].
    ReasonId,
}

/// A checked map.
#[derive(Clone, Debug)]
pub struct Typed {
    /// `acme.sales_order`.
    pub name: String,
    /// Version of the map.
    pub version: u32,
    /// Tenant, if the map names one.
    pub tenant: Option<String>,
    /// `canonical.sales_order@1`.
    pub source: String,
    /// `netsuite.sales_order@2025.2`.
    pub target: String,
    /// What the delivery does; decides what null means.
    pub operation: Operation,
    /// IANA name of the zone, if the map names one.
    pub zone: Option<String>,
    /// Lists that are read; entry 0 is the message itself.
    pub source_lists: Vec<SourceList>,
    /// Single values that are read.
    pub source_fields: Vec<SourceField>,
    /// Row variables; entry 0 is the message.
    pub scopes: Vec<Scope>,
    /// Walks over rows.
    pub rows: Vec<Rows>,
    /// Code tables.
    pub tables: Vec<CodeTable>,
    /// Named values, evaluated where they are used; later ones may use earlier ones.
    pub lets: Vec<Let>,
    /// Rules that may end the message, in file order; run before the document.
    pub gates: Vec<Gate>,
    /// Single output values; the tree in [`Typed::document`] points here.
    pub fields: Vec<ValueField>,
    /// The document, fields in the order they are evaluated and written.
    pub document: RecordBody,
    /// Idempotency key; a text.
    pub key: Option<Expression>,
    /// What orders delivery; a text.
    pub order_by: Option<Expression>,
    /// `deliver` as it travels in the artifact.
    pub deliver: Option<Deliver>,
    /// `mask` as it travels in the artifact.
    pub masks: Vec<Mask>,
    /// `test` blocks.
    pub tests: Vec<TestCase>,
    /// Everything a run may end with instead of a document: the closed list.
    pub reasons: Vec<Reason>,
    /// Counts and lists for people.
    pub report: Report,
}

/// What the delivery does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operation {
    /// A null of the source becomes missing.
    #[default]
    Create,
    /// Null clears the field.
    Update,
    /// Null clears the field.
    Upsert,
}

/// A list of the source, or (entry 0) the message itself.
#[derive(Clone, Debug)]
pub struct SourceList {
    /// The list whose rows hold this one; `None` for the message.
    pub parent: Option<ListId>,
    /// Field names from the row of the parent to the list.
    pub path: Vec<Arc<str>>,
    /// Null is allowed where the list stands (and at the records on the way); it counts as absent.
    pub nullable: bool,
    /// Facts the proof relies on: `Present`, `Count`. Tested whenever the list is walked; a miss is `source_reason`.
    pub facts: Vec<Predicate>,
    /// R0201 for this list.
    pub source_reason: ReasonId,
    /// `order.lines` for people.
    pub display: String,
}

/// A single value of the source.
#[derive(Clone, Debug)]
pub struct SourceField {
    /// The list whose row holds it.
    pub list: ListId,
    /// Field names from the row to the value; empty for a list of single values.
    pub path: Vec<Arc<str>>,
    /// How to read it. Another JSON kind is `source_reason`, always.
    pub read: ReadKind,
    /// Null is allowed (here, or at a record on the way) and reads as null. Otherwise null is `source_reason`.
    pub nullable: bool,
    /// Facts the proof relies on, tested at every read in this order; a miss is `source_reason`.
    pub facts: Vec<Predicate>,
    /// R0201 for this field. Always present: the kind is always tested.
    pub source_reason: ReasonId,
    /// `order.shipTo.country` for people.
    pub display: String,
    /// Marked `x-sensitive` in the schema.
    pub sensitive: bool,
}

/// How a single value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadKind {
    /// JSON text.
    Text,
    /// JSON number, or canonical decimal text.
    Decimal(Wire),
    /// true/false.
    Bool,
    /// JSON text in the strict form of that kind.
    Date(DateKind),
}

/// A row variable.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The scope it stands in; `None` for the message.
    pub parent: Option<ScopeId>,
    /// The list its rows come from.
    pub list: ListId,
    /// Its rows are groups: a plain read gives the value of the group's first row.
    pub grouped: bool,
    /// Name in the map.
    pub name: String,
}

/// A walk over rows, binding `scope` to each.
#[derive(Clone, Debug)]
pub struct Rows {
    /// What is walked.
    pub source: RowSource,
    /// The row variable.
    pub scope: ScopeId,
    /// Only rows for which it is true.
    pub filter: Option<Expression>,
    /// Rows with equal values form one group, in order of first appearance; a missing value groups with missing.
    pub group: Option<Expression>,
    /// Stable order by this value; missing values last.
    pub sort: Option<Sort>,
}

/// What a walk goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSource {
    /// The list inside the current row of the scope.
    List {
        /// The list.
        list: ListId,
        /// Whose row holds it.
        scope: ScopeId,
    },
    /// The rows of the current group of a grouped scope.
    Group {
        /// The grouped scope.
        scope: ScopeId,
    },
}

/// Order of rows: numbers by value, text by code points, dates by time, no before yes.
#[derive(Clone, Debug)]
pub struct Sort {
    /// The key.
    pub key: Expression,
    /// Largest first; missing stays last.
    pub descending: bool,
}

/// A table of codes.
#[derive(Clone, Debug)]
pub struct CodeTable {
    /// Name in the map.
    pub name: String,
    /// Number of key parts.
    pub key_parts: usize,
    /// Rows: key parts to value; `None` for `none`.
    pub rows: Vec<(Vec<String>, Option<Constant>)>,
    /// Text that pins its content: the file name, or empty for an inline table.
    pub file: Option<String>,
}

/// A named value.
#[derive(Clone, Debug)]
pub struct Let {
    /// Name.
    pub name: String,
    /// Value.
    pub value: Expression,
}

/// A rule before the document.
#[derive(Clone, Debug)]
pub enum Gate {
    /// Ends with skip when true.
    Skip {
        /// Condition.
        condition: Expression,
        /// R0701.
        reason: ReasonId,
    },
    /// Rejects when true. A `check` is lowered to this with a negated condition.
    Reject {
        /// Condition.
        condition: Expression,
        /// R0302.
        reason: ReasonId,
        /// Text; a missing part prints as `(missing)`.
        text: Vec<TemplatePart>,
    },
}

/// The body of a record.
#[derive(Clone, Debug, Default)]
pub struct RecordBody {
    /// In the order they are evaluated and written.
    pub fields: Vec<FieldNode>,
}

/// One field of a record of the document.
#[derive(Clone, Debug)]
pub struct FieldNode {
    /// JSON key.
    pub key: Arc<str>,
    /// What stands there.
    pub content: Content,
}

/// What stands in a field of the document.
#[derive(Clone, Debug)]
pub enum Content {
    /// A single value, left out when absent.
    Value(FieldId),
    /// A record; without any field it is left out, or written as `{}` when `required`.
    Record {
        /// Its fields.
        body: RecordBody,
        /// Write `{}` when empty.
        required: bool,
    },
    /// A list; without rows it is left out, or written as `[]` when `required`.
    List(ListNode),
}

/// A list of the document.
#[derive(Clone, Debug)]
pub struct ListNode {
    /// Only when true; otherwise left out.
    pub when: Option<Expression>,
    /// The rows.
    pub rows: RowsId,
    /// What each row becomes.
    pub body: ListBody,
    /// Write `[]` when empty.
    pub required: bool,
    /// Checks on the number of elements written (`Count`) and `Unique`, in order; not run for a list left out.
    pub guards: Vec<Guard>,
    /// For people: `item.items`.
    pub target: String,
}

/// What each row becomes.
#[derive(Clone, Debug)]
pub enum ListBody {
    /// A record; written even when it has no field (`{}`).
    Record(RecordBody),
    /// A single value; an absent one adds no element.
    Value(FieldId),
}

/// A single output value.
#[derive(Clone, Debug)]
pub struct ValueField {
    /// For people and ids: `item.items[].rate`.
    pub target: String,
    /// Only when true; otherwise absent.
    pub when: Option<Expression>,
    /// The value.
    pub value: Expression,
    /// Run in order on a present value.
    pub guards: Vec<Guard>,
    /// What a failure inside `value` leads to; `None`: reject with the failure's own reason.
    pub on_failure: Option<Action>,
    /// How it is written.
    pub write: Write,
    /// Where it stands in the map.
    pub span: Span,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// JSON text.
    Text,
    /// JSON number; `whole`: always without fraction.
    Number {
        /// Target is a whole number: `1.0` is written `1`.
        whole: bool,
    },
    /// Canonical decimal text in quotes.
    DecimalText,
    /// true/false.
    Bool,
    /// JSON text in canonical form of the kind.
    Date(DateKind),
}

/// A check at run time on a value that the types could not prove.
#[derive(Clone, Debug)]
pub struct Guard {
    /// What must hold.
    pub predicate: Predicate,
    /// What happens when it does not hold.
    pub action: Action,
    /// Stable id: hash of target path and predicate, 16 hex digits.
    pub id: String,
}

/// What a handler does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Ends with this reason; `text` empty: the reason's own words.
    Reject {
        /// R0401 for guards; for failures an R0402, R0403 or R0601 of this field.
        reason: ReasonId,
        /// Text of `or reject "…"`.
        text: Vec<TemplatePart>,
    },
    /// The field is left out (guards after it do not run).
    Omit,
    /// This value instead (guards after it do not run; it is known to fit).
    Default(Constant),
    /// Cut at a grapheme boundary to at most so many characters, then go on with the next guard.
    Cut(u64),
    /// Round to so many decimals, then go on with the next guard.
    Round {
        /// Decimals.
        scale: u32,
        /// Mode.
        mode: Rounding,
    },
}

/// Something that is tested on a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// Neither absent (nor null, where null is not allowed).
    Present,
    /// Length in code points.
    MinLength(u64),
    /// Length in code points.
    MaxLength(u64),
    /// The text is in the language.
    InLanguage(Language, /* for people: the pattern or format */ String),
    /// One of these values.
    OneOf(Vec<Constant>),
    /// `>=` (inclusive) or `>` (exclusive).
    AtLeast {
        /// The end.
        value: BigRational,
        /// The end belongs to it.
        inclusive: bool,
    },
    /// `<=` or `<`.
    AtMost {
        /// The end.
        value: BigRational,
        /// The end belongs to it.
        inclusive: bool,
    },
    /// A whole multiple of this.
    OnGrid(BigRational),
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

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Text.
    Text(String),
    /// Number: at most 34 significant digits, finite decimal.
    Decimal(BigRational),
    /// true/false.
    Bool(bool),
    /// Calendar value in its canonical text.
    Date(DateKind, String),
}

pub use mapc_types::RoundingMode as Rounding;

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it does.
    pub kind: ExpressionKind,
    /// What it may give. Tests give an always present Bool.
    pub slot: Slot,
    /// Where it stands.
    pub span: Span,
}

/// Kinds of expression. Evaluation gives value, absent or null, or ends (failure, reject, wait, omit).
/// Operands are evaluated left to right. An absent or null operand makes arithmetic, templates, lookups and
/// aggregates' elements absent; a pipe function passes absent and null through unchanged, except where said.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// A constant.
    Constant(Constant),
    /// `none`.
    Missing,
    /// A read of the source, facts tested.
    Read {
        /// Whose row.
        scope: ScopeId,
        /// What.
        field: SourceFieldId,
    },
    /// A named value.
    Let(LetId),
    /// The final value of an output field (after guards and handlers), in the current rows.
    Target(FieldId),
    /// Text put together; absent if a part is.
    Template(Vec<TemplatePart>),
    /// `-x`
    Negate(Box<Expression>),
    /// `+ - *`, exact.
    Arithmetic {
        /// Which.
        operator: Arithmetic,
        /// Left.
        left: Box<Expression>,
        /// Right.
        right: Box<Expression>,
        /// R0403; `None`: proved not to overflow 34 digits.
        failure: Option<ReasonId>,
    },
    /// `left / right | round scale`.
    Quotient {
        /// Left.
        left: Box<Expression>,
        /// Right.
        right: Box<Expression>,
        /// Decimals.
        scale: u32,
        /// Mode.
        mode: Rounding,
        /// R0403 for zero divisor and overflow; `None`: proved impossible.
        failure: Option<ReasonId>,
    },
    /// A library function.
    Call {
        /// Name in the library.
        function: String,
        /// What stands before the pipe.
        input: Box<Expression>,
        /// Constants only.
        arguments: Vec<Constant>,
        /// R0402 or R0403, if it may fail.
        failure: Option<ReasonId>,
    },
    /// A code from a table; `None` rows give absent.
    Lookup {
        /// The table.
        table: TableId,
        /// Key parts, texts.
        keys: Vec<Expression>,
        /// R0601; `None`: every key is proved to be in the table.
        failure: Option<ReasonId>,
    },
    /// An id from the host's snapshot; absent when not found.
    Xref {
        /// `netsuite.customer`.
        entity: String,
        /// Key, a text.
        key: Box<Expression>,
        /// R0201: the id is not a text of 1 to 100 characters.
        source_reason: ReasonId,
    },
    /// One value from many rows.
    Aggregate {
        /// Which.
        function: Aggregate,
        /// The rows.
        rows: RowsId,
        /// Evaluated per row; ignored for `count` of rows (`None`).
        element: Option<Box<Expression>>,
        /// R0403 of `sum`, R0401 of `only` with several; `None`: cannot fail.
        failure: Option<ReasonId>,
    },
    /// Number of the current row among those kept, from 1.
    Position(ScopeId),
    /// The first arm that applies.
    Choose {
        /// Subject of `Values` arms.
        subject: Option<Box<Expression>>,
        /// Arms in order.
        arms: Vec<Arm>,
        /// When none applies; `None`: absent.
        otherwise: Option<Fallback>,
    },
    /// `value else fallback`: the fallback when absent or null.
    Else {
        /// Value.
        value: Box<Expression>,
        /// Otherwise.
        fallback: Fallback,
    },
    /// Equality; false when a side is absent or null. `negated` is the exact negation.
    Equal {
        /// Left.
        left: Box<Expression>,
        /// Right.
        right: Box<Expression>,
        /// `is not`.
        negated: bool,
    },
    /// Membership in constants.
    OneOf {
        /// Subject.
        subject: Box<Expression>,
        /// Values.
        values: Vec<Constant>,
        /// `is not one of`.
        negated: bool,
    },
    /// `is missing`: absent or null.
    IsMissing {
        /// Subject.
        subject: Box<Expression>,
        /// `is not missing`.
        negated: bool,
    },
    /// `is null`.
    IsNull {
        /// Subject.
        subject: Box<Expression>,
        /// `is not null`.
        negated: bool,
    },
    /// More code points than.
    LongerThan {
        /// Subject, a text.
        subject: Box<Expression>,
        /// Code points.
        length: u64,
        /// `is not longer than`.
        negated: bool,
    },
    /// The text is in the language.
    Matches {
        /// Subject, a text.
        subject: Box<Expression>,
        /// Language of the unanchored pattern.
        language: Language,
    },
    /// Order; false when a side is absent or null.
    Compare {
        /// Which.
        operator: Comparison,
        /// Left.
        left: Box<Expression>,
        /// Right.
        right: Box<Expression>,
    },
    /// A yes/no value as a condition: false when absent or null.
    IsTrue(Box<Expression>),
    /// Negation of a condition.
    Not(Box<Expression>),
    /// Both; the right side is not evaluated when the left is false.
    And(Box<Expression>, Box<Expression>),
    /// Either; the right side is not evaluated when the left is true.
    Or(Box<Expression>, Box<Expression>),
}

/// Exact arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
}

/// Order comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// One value from many rows; rows whose element is absent or null are passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// 0 for no rows.
    Sum,
    /// Number of rows (or of present elements).
    Count,
    /// Absent for no rows.
    Min,
    /// Absent for no rows.
    Max,
    /// Texts with the separator between; absent for no rows.
    Join(String),
    /// Element of the first row (absent if absent there).
    First,
    /// Element of the last row.
    Last,
    /// Element of the only row; absent for none, failure for several rows.
    Only,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Written as it is.
    Text(String),
    /// A text, number (shortest form), yes/no (`true`/`false`) or date.
    Hole(Expression),
}

/// One arm of a choice.
#[derive(Clone, Debug)]
pub struct Arm {
    /// When it applies.
    pub when: ArmWhen,
    /// What it gives.
    pub then: Fallback,
}

/// When an arm applies.
#[derive(Clone, Debug)]
pub enum ArmWhen {
    /// The subject is present and one of these.
    Values(Vec<Constant>),
    /// The condition is true.
    Condition(Expression),
}

/// What an arm or an `else` gives.
#[derive(Clone, Debug)]
pub enum Fallback {
    /// A value.
    Value(Box<Expression>),
    /// Ends with R0301 (`else reject`) or R0302 (in `choose`).
    Reject {
        /// Reason.
        reason: ReasonId,
        /// Text; a missing part prints as `(missing)`.
        text: Vec<TemplatePart>,
    },
    /// Ends with R0702.
    Wait {
        /// Reason.
        reason: ReasonId,
        /// What is waited for: `netsuite.customer` and the key, when the value is an `xref`.
        reference: Option<(String, Box<Expression>)>,
    },
    /// Absent.
    Omit,
}

/// One way a run may end without a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// R code.
    pub code: Code,
    /// Target path, source path or rule it belongs to; never a value of a message.
    pub rule: String,
    /// What it says to people: "`memo` is longer than 300 characters".
    pub text: String,
    /// Stable id: hash of code, rule and text, 16 hex digits.
    pub id: String,
}

/// `deliver` as data: names resolved, expressions checked.
#[derive(Clone, Debug, Default)]
pub struct Deliver {
    /// Target path of `upsert by`.
    pub by: Option<String>,
    /// Connection names with the condition as written (`None`: otherwise).
    pub connections: Vec<(String, Option<String>)>,
    /// Retry lines: class and strategy.
    pub retries: Vec<(String, Retry)>,
    /// Seconds to settle and the path to probe by.
    pub unknown: Option<(u64, Option<String>)>,
    /// `hold`, `next`.
    pub dead_letter: Option<String>,
}

/// How to retry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retry {
    /// As the answer says.
    RetryAfter,
    /// A fixed number of seconds.
    Wait(u64),
    /// Growing, in seconds.
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

/// A `test` block.
#[derive(Clone, Debug)]
pub struct TestCase {
    /// Name.
    pub name: String,
    /// Sample file, relative to the map.
    pub given: String,
    /// Changes to the sample: path below the message with indexes from 1, and the value (`None`: removed).
    pub with: Vec<(Vec<SamplePath>, Option<SampleValue>)>,
    /// Expectations.
    pub expects: Vec<Expectation>,
    /// Place of the block's name.
    pub span: Span,
}

/// A step into a sample or document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SamplePath {
    /// A field.
    Field(String),
    /// An element, counted from 1.
    Index(u32),
}

/// A literal in a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SampleValue {
    /// Text.
    Text(String),
    /// Number as written.
    Number(String),
    /// true/false.
    Bool(bool),
    /// null.
    Null,
}

/// What a test expects.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What.
    pub kind: ExpectationKind,
    /// Its place.
    pub span: Span,
}

/// Kinds of expectation.
#[derive(Clone, Debug)]
pub enum ExpectationKind {
    /// A document.
    Deliver,
    /// Skipped.
    Skip,
    /// Waiting, for this reference if one is given.
    Wait(Option<String>),
    /// Rejected, with this text if one is given.
    Reject(Option<String>),
    /// The idempotency key.
    Key(String),
    /// A field of the document.
    Field {
        /// Path with indexes.
        path: Vec<SamplePath>,
        /// Expected value; `None`: missing.
        value: Option<SampleValue>,
        /// `is not`.
        negated: bool,
    },
}

/// Counts and lists for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Points to prove.
    pub obligations: usize,
    /// Proved by types.
    pub proved: usize,
    /// Answered by a handler at the field.
    pub handled: usize,
    /// Answered by the policy.
    pub by_policy: usize,
    /// Fields that may lose content and how: `memo (cut 300)`.
    pub loses: Vec<String>,
    /// Required fields of the target that are mapped, and all.
    pub required: usize,
    /// Fields of the target with at least one limit.
    pub limited: usize,
    /// Fields of the target.
    pub target_fields: usize,
    /// Source fields never read.
    pub never_read: Vec<String>,
}
