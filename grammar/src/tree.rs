//! The tree of a map file: what was written and where, without meaning.
#![expect(missing_docs, reason = "fields that say what they are by name stay without a sentence")]

use mapc_diagnostics::Span;

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word as written.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A quoted text after its escapes are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Value.
    pub text: String,
    /// Place including the quotes.
    pub span: Span,
}

/// A number as written: `-?digits(.digits)?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Lexeme.
    pub text: String,
    /// Place.
    pub span: Span,
}

/// A literal value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `"…"` without holes.
    Text(Quoted),
    /// `12.5`, `-3`.
    Number(Number),
    /// `true`, `false`.
    Bool(bool, Span),
    /// `none`: no value (tables and `choose` arms).
    None(Span),
    /// `null`: tests only (`with order.note = null`).
    Null(Span),
    /// `missing`: tests only.
    Missing(Span),
}

/// `a.b[2].c`. An index is only legal in tests, counted from 1; the checker says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// At least one.
    pub segments: Vec<Segment>,
    /// Whole place.
    pub span: Span,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Name. A name that is not a word is written in backquotes: `` order.`ship-to` ``; the text is without them.
    pub name: Name,
    /// `[n]`, counted from 1.
    pub index: Option<(u32, Span)>,
}

/// `canonical.sales_order@1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaReference {
    /// Dotted name.
    pub name: String,
    /// What stands behind `@`.
    pub version: Option<String>,
    /// Place.
    pub span: Span,
}

/// A file: header lines and items in any order, as written. Broken parts are [`Item::Broken`].
#[derive(Clone, Debug, Default)]
pub struct MapFile {
    /// Top-level items in file order.
    pub items: Vec<Item>,
}

/// One top-level item.
#[derive(Clone, Debug)]
pub enum Item {
    /// `map name version n`
    Map { name: Name, version: Option<(u32, Span)>, span: Span },
    /// `from schema as name`
    From { schema: SchemaReference, alias: Name, span: Span },
    /// `to schema [tenant name]`
    To { schema: SchemaReference, tenant: Option<Name>, span: Span },
    /// `zone "America/New_York"`
    Zone { zone: Quoted, span: Span },
    /// `rounding half_up`
    Rounding { mode: Name, span: Span },
    /// A code table.
    Table(Table),
    /// `let name = expression`
    Let { name: Name, value: Expression, span: Span },
    /// `skip when`, `reject "…" when`, `check "…" …`
    Gate(Gate),
    /// `policy { … }`
    Policy { lines: Vec<PolicyLine>, span: Span },
    /// `fields { … }`
    Fields(Block),
    /// `deliver { … }`
    Deliver { lines: Vec<DeliverLine>, span: Span },
    /// `mask { path -> hash }`
    Mask { lines: Vec<MaskLine>, span: Span },
    /// `test "…" { … }`
    Test(Test),
    /// Could not be read; its diagnostic was already given.
    Broken { span: Span },
}

/// `table name { … }` or `table name from "file.csv" key … gives …`.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: Name,
    pub source: TableSource,
    pub span: Span,
}

/// Where the rows of a table come from.
#[derive(Clone, Debug)]
pub enum TableSource {
    /// Rows written in the map: `"A", "B" -> "1"`; several keys share a row.
    Inline { rows: Vec<TableRow> },
    /// `from "tables/x.csv" key a gives b` or `key (a, b) gives c`.
    File { file: Quoted, keys: Vec<Name>, gives: Name },
}

/// A row; a key of a composite table is a tuple `("US", "A")`.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// Each entry is one key: its parts.
    pub keys: Vec<Vec<Literal>>,
    pub value: Literal,
    pub span: Span,
}

/// A rule that may end the message before the fields are computed.
#[derive(Clone, Debug)]
pub struct Gate {
    pub kind: GateKind,
    pub condition: Expression,
    pub span: Span,
}

/// What a gate does.
#[derive(Clone, Debug)]
pub enum GateKind {
    /// `skip when condition`
    Skip,
    /// `reject "text" when condition`
    Reject(Template),
    /// `check "text" condition`: rejects when the condition is false.
    Check(Template),
}

/// `text or cut`, `missing else reject`.
#[derive(Clone, Debug)]
pub struct PolicyLine {
    /// `key`, `code`, `amount`, `number`, `date`, `list`, `text`, `missing`.
    pub kind: Name,
    /// The word after the kind: `or` or `else`.
    pub joiner: Name,
    /// `cut`, `round`, `reject`, `omit`.
    pub action: Name,
    pub span: Span,
}

/// `{ … }` with lines, after `fields` or `each`.
#[derive(Clone, Debug)]
pub struct Block {
    pub lines: Vec<Line>,
    /// Whole block with braces.
    pub span: Span,
    /// The closing brace (empty span at the end when it is missing).
    pub close: Span,
}

/// One line of a block.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every line is an assignment")]
pub enum Line {
    /// `path = …`
    Assign(Assignment),
    /// Could not be read. `target` is filled when the left side was readable, so that the field does not
    /// also count as missing.
    Broken { target: Option<Path>, span: Span },
}

/// `[locked] path = value`.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The word `locked`, if it stands there.
    pub locked: Option<Span>,
    /// Left side.
    pub target: Path,
    /// Right side.
    pub value: Right,
    /// Whole line.
    pub span: Span,
}

/// What stands right of `=`.
#[derive(Clone, Debug)]
pub enum Right {
    /// An expression with handlers and a condition.
    Value { value: Expression, handlers: Vec<Handler>, when: Option<Expression> },
    /// `each … { … }` or `each … -> value`.
    Each(Box<Each>),
}

/// `each list as name [where …] [group by …] [sort by … [descending]] { … }`, then handlers and `when`.
#[derive(Clone, Debug)]
pub struct Each {
    pub list: Path,
    pub name: Name,
    pub filter: Option<Expression>,
    pub group: Option<Expression>,
    pub sort: Option<(Expression, /* descending */ bool)>,
    pub body: EachBody,
    pub handlers: Vec<Handler>,
    pub when: Option<Expression>,
    pub span: Span,
}

/// What each row becomes.
#[derive(Clone, Debug)]
pub enum EachBody {
    /// A record.
    Record(Block),
    /// `-> expression`: a list of single values.
    Value { value: Expression, handlers: Vec<Handler> },
}

/// `or …` behind a value: what happens when it does not fit or failed.
#[derive(Clone, Debug)]
pub struct Handler {
    pub action: HandlerAction,
    /// From `or` to the end.
    pub span: Span,
}

/// The action of a handler.
#[derive(Clone, Debug)]
pub enum HandlerAction {
    Reject(Template),
    Omit,
    Default(Literal),
    Cut,
    Round,
}

/// An expression. Precedence, tightest first: path, unary minus, `* /`, `+ -`, `|`, comparison, `not`, `and`,
/// `or`, `else`.
#[derive(Clone, Debug)]
pub struct Expression {
    pub kind: ExpressionKind,
    pub span: Span,
}

/// Kinds of expression.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// A number, true/false, `none`.
    Literal(Literal),
    /// `"SO-{order.id}"`; a text without holes is a template of one part.
    Template(Template),
    /// `order.customer.id`, a `let` name, or a target path.
    Path(Path),
    /// `-x`
    Negate(Box<Expression>),
    /// `a + b` and the like.
    Binary { operator: BinaryOperator, operator_span: Span, left: Box<Expression>, right: Box<Expression> },
    /// `x | name argument …`. `lookup`, `xref` and the library functions alike.
    Pipe { input: Box<Expression>, function: Name, arguments: Vec<Argument> },
    /// `(a, b)`: only before `lookup`.
    Tuple(Vec<Expression>),
    /// `sum(path)`, `count(path)`, `min`, `max`, `join(path, ", ")`, `first`, `last`, `only`, `position(line)`.
    Call { function: Name, arguments: Vec<Expression> },
    /// A comparison or another test.
    Test { subject: Box<Expression>, test: Predicate },
    /// `not x`
    Not(Box<Expression>),
    /// `a and b`
    And(Box<Expression>, Box<Expression>),
    /// `a or b`
    Or(Box<Expression>, Box<Expression>),
    /// `a else b`
    Else { value: Box<Expression>, fallback: Box<Fallback> },
    /// `choose subject { … }` or `choose { condition -> … }`
    Choose(Box<Choose>),
    /// Could not be read; its diagnostic was already given.
    Broken,
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// An argument of a pipe function: a number, a text, a word (`lookup currency`, `last 4`), or a dotted
/// name (`xref netsuite.customer`) or an expression in parentheses.
#[derive(Clone, Debug)]
pub enum Argument {
    Literal(Literal),
    /// A bare dotted name.
    Name(Path),
    /// `(order.x + 1)`
    Expression(Expression),
}

/// What is asked of the subject. `negated` for the `is not` forms.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// `is x`, `is not x`
    Is { value: Box<Expression>, negated: bool },
    /// `is one of "A", "B"`, `is not one of …`
    OneOf { values: Vec<Literal>, negated: bool },
    /// `is missing`, `is not missing`
    Missing { negated: bool },
    /// `is null`, `is not null`
    Null { negated: bool },
    /// `is longer than 40`, `is not longer than 40`
    LongerThan { length: Number, negated: bool },
    /// `matches "^[A-Z]+$"`, `not` goes before the whole test.
    Matches { pattern: Quoted },
    /// `<`, `<=`, `>`, `>=`
    Compare { operator: Comparison, value: Box<Expression> },
}

/// Order comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What stands behind `else`.
#[derive(Clone, Debug)]
pub enum Fallback {
    Value(Expression),
    Reject(Template, Span),
    Wait(Span),
    Omit(Span),
}

/// `choose`.
#[derive(Clone, Debug)]
pub struct Choose {
    /// `choose country { … }`; none: each arm has a condition.
    pub subject: Option<Expression>,
    pub arms: Vec<Arm>,
    pub otherwise: Option<(Fallback, Span)>,
    pub span: Span,
}

/// One arm.
#[derive(Clone, Debug)]
pub struct Arm {
    pub when: ArmWhen,
    pub then: Fallback,
    pub span: Span,
}

/// When an arm applies.
#[derive(Clone, Debug)]
pub enum ArmWhen {
    /// `"US", "CA" ->`
    Values(Vec<Literal>),
    /// `order.total > 100 ->`
    Condition(Expression),
}

/// A text with holes: `"Order {order.number} has no country"`. `{{` and `}}` stand for braces.
#[derive(Clone, Debug)]
pub struct Template {
    pub parts: Vec<TemplatePart>,
    /// Place including the quotes.
    pub span: Span,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text after escapes are read.
    Text(String),
    /// `{expression}`
    Hole(Expression),
}

/// A line of `deliver`.
#[derive(Clone, Debug)]
pub enum DeliverLine {
    /// `upsert by externalId`, `create`, `update by externalId`
    Method { method: Name, by: Option<Path>, span: Span },
    /// `connection name when condition` / `connection name otherwise`
    Connection { name: Name, when: Option<Expression>, span: Span },
    /// `key "…"`
    Key { value: Expression, span: Span },
    /// `in order by path`
    InOrderBy { value: Expression, span: Span },
    /// `retry throttled wait retry_after`, `retry transient backoff from 2s to 10m for 24h`
    Retry { class: Name, strategy: RetryStrategy, span: Span },
    /// `unknown settle 5m then probe by externalId`
    Unknown { settle: Duration, probe_by: Option<Path>, span: Span },
    /// `dead_letter hold`
    DeadLetter { action: Name, span: Span },
    /// Could not be read.
    Broken { span: Span },
}

/// How to retry.
#[derive(Clone, Debug)]
pub enum RetryStrategy {
    /// `wait retry_after` or `wait 30s`
    Wait { word: Option<Name>, duration: Option<Duration> },
    /// `backoff from 2s to 10m for 24h`
    Backoff { from: Duration, to: Duration, horizon: Duration },
}

/// `2s`, `10m`, `24h`, `7d`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    pub seconds: u64,
    pub span: Span,
}

/// `order.customer.email -> hash`, `order.shipTo.phone -> last 4`.
#[derive(Clone, Debug)]
pub struct MaskLine {
    pub path: Path,
    /// `hash`, `last`, `hide`.
    pub method: Name,
    pub count: Option<Number>,
    pub span: Span,
}

/// A `test` block.
#[derive(Clone, Debug)]
pub struct Test {
    pub name: Quoted,
    pub given: Option<Given>,
    pub expects: Vec<Expect>,
    pub span: Span,
}

/// `given "file" with path = literal, …`.
#[derive(Clone, Debug)]
pub struct Given {
    pub file: Quoted,
    pub with: Vec<(Path, Literal)>,
    pub span: Span,
}

/// One expectation.
#[derive(Clone, Debug)]
pub struct Expect {
    pub kind: ExpectKind,
    pub span: Span,
}

/// What is expected.
#[derive(Clone, Debug)]
pub enum ExpectKind {
    /// `expect deliver`
    Deliver,
    /// `expect skip`
    Skip,
    /// `expect wait` or `expect wait "netsuite.customer C-1"`
    Wait(Option<Quoted>),
    /// `expect reject` or `expect reject "text"`
    Reject(Option<Quoted>),
    /// `expect key is "…"`
    Key(Literal),
    /// `expect path is …`, `is missing`, `is not …`
    Field { path: Path, test: ExpectTest },
}

/// A test on an output field.
#[derive(Clone, Debug)]
pub enum ExpectTest {
    Is { value: Literal, negated: bool },
    Missing { negated: bool },
}
