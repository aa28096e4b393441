//! A program: a verified module with everything worked out that does not depend on the message.

use std::fmt;
use std::sync::Arc;

use mapc_bytecode::natives::{NATIVES, Native};
use mapc_bytecode::{
    ArtifactError, ConstantIndex, DateKind, Module, NumberForm, Predicate, PredicateIndex, ReadKind,
    ReasonIndex, Table, VerifiedModule, VerifyError, verify,
};

use crate::calendar::Moment;
use crate::codes::Codes;
use crate::decimal::{Decimal, Short};
use crate::document::Key;
use crate::escape::escape;
use crate::index::prefetch;
use crate::plan::Plan;
use crate::slot::Kind;
use crate::value::{Origin, Span};

/// Behind pools of texts, so that short pieces can be copied as one block.
const SLACK: usize = 64;

/// A loaded mapping. Cheap to clone; shared by threads.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) prepared: Arc<Prepared>,
}

/// Why an artifact cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// It is not an artifact.
    Artifact(ArtifactError),
    /// Its module does not verify.
    Verify(VerifyError),
    /// A constant makes no sense; says which.
    Constant(String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Artifact(error) => error.fmt(formatter),
            LoadError::Verify(error) => error.fmt(formatter),
            LoadError::Constant(what) => write!(formatter, "this compiled map does not verify: {what}"),
        }
    }
}

impl std::error::Error for LoadError {}

/// The value of a constant.
#[derive(Clone, Debug)]
pub(crate) enum Constant {
    /// Where it stands in [`Prepared::texts`].
    Text(Span),
    Number(Short),
    /// A number that does not fit into one word: rare, and kept apart so that the others stay small.
    LongNumber(Box<Decimal>),
    Flag(bool),
    Date(Moment),
}

/// A constant with its JSON forms, which stand in [`Prepared::texts`]: start and end.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    pub(crate) value: Constant,
    /// As a field: of a number its plain form.
    json: (u32, u32),
    /// Of a number its whole form.
    whole: (u32, u32),
    /// Of a number its text form in quotes.
    quoted: (u32, u32),
}

impl Rendered {
    pub(crate) fn form(&self, form: NumberForm) -> (u32, u32) {
        match form {
            NumberForm::Plain => self.json,
            NumberForm::Whole => self.whole,
            NumberForm::Text => self.quoted,
        }
    }
}

/// How a source field is read.
#[derive(Clone, Debug)]
pub(crate) struct FieldPlan {
    pub(crate) table: u32,
    pub(crate) slot: u32,
    pub(crate) read: ReadKind,
    pub(crate) nullable: bool,
    pub(crate) present: bool,
    /// Without `Present`.
    pub(crate) facts: Box<[PredicateIndex]>,
    pub(crate) reason: ReasonIndex,
    /// What a value must be that needs no further test: the read is done when this stands in the slot.
    pub(crate) plain: Option<Kind>,
}

/// A set of constants.
#[derive(Clone, Debug)]
pub(crate) enum SetPlan {
    Texts(Codes<()>),
    /// The one number of an `is`.
    Number(Short),
    Numbers(Vec<Decimal>),
    Flags(bool, bool),
    Dates(Vec<Moment>),
}

/// A key as it is written: its place in [`Prepared::keys`], where a quote stands behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FragmentPlan {
    pub(crate) start: u32,
    pub(crate) length: u32,
    pub(crate) key: Key,
}

/// A code table.
pub(crate) type TablePlan = Codes<Given>;

/// What a row of a code table gives, in one word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given(u32);

impl Given {
    /// No constant has this number.
    const NOTHING: u32 = u32::MAX;

    pub(crate) fn constant(self) -> Option<ConstantIndex> {
        (self.0 != Given::NOTHING).then_some(ConstantIndex(self.0))
    }
}

/// Everything a run needs that does not change.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) module: Module,
    pub(crate) plan: Plan,
    pub(crate) constants: Vec<Rendered>,
    pub(crate) fields: Vec<FieldPlan>,
    pub(crate) sets: Vec<SetPlan>,
    pub(crate) tables: Vec<TablePlan>,
    /// Constants and their JSON forms.
    pub(crate) texts: Box<[u8]>,
    /// All fragments.
    pub(crate) keys: Box<[u8]>,
    /// Library functions by id.
    pub(crate) natives: Vec<Option<Native>>,
    pub(crate) fragments: Vec<FragmentPlan>,
    /// Slots of a row, by cursor.
    pub(crate) widths: Vec<usize>,
    /// Some list of the document is tested for equal elements.
    pub(crate) tests_unique: bool,
}

impl Program {
    /// Decodes, verifies and prepares an artifact. Any bytes may be given.
    pub fn load(artifact: &[u8]) -> Result<Program, LoadError> {
        Program::from_module(Module::decode(artifact).map_err(LoadError::Artifact)?)
    }

    /// Verifies and prepares a module.
    pub fn from_module(module: Module) -> Result<Program, LoadError> {
        let module = verify(module).map_err(LoadError::Verify)?;
        Ok(Program { prepared: Arc::new(prepare(module)?) })
    }

    /// The module, for its names, reasons and delivery.
    pub fn module(&self) -> &Module {
        &self.prepared.module
    }
}

impl Prepared {
    /// Calls for the memory that every run looks at: for threads that go from program to program, which would wait for it
    /// piece by piece.
    pub(crate) fn prefetch(&self) {
        self.plan.prefetch();
        prefetch(&self.module.code);
        prefetch(&self.fields);
        prefetch(&self.fragments);
        prefetch(&self.constants);
        prefetch(&self.texts);
        prefetch(&self.keys);
        prefetch(&self.tables);
        self.tables.iter().for_each(Codes::prefetch);
        prefetch(&self.sets);
        prefetch(&self.widths);
    }
}

fn prepare(module: VerifiedModule) -> Result<Prepared, LoadError> {
    let module = module.into_module();
    let mut texts = Vec::new();
    let constants = module
        .constants
        .iter()
        .map(|constant| prepare_constant(constant, &mut texts))
        .collect::<Result<Vec<_>, LoadError>>()?;
    texts.extend_from_slice(&[0; SLACK]);
    let plan = Plan::new(&module);
    let fields = module
        .source_fields
        .iter()
        .zip(&plan.fields)
        .map(|(field, slot)| {
            let is_present = |fact: &PredicateIndex| {
                matches!(module.predicates.get(fact.index()), Some(Predicate::Present))
            };
            FieldPlan {
                table: plan.lists.get(field.list as usize).map_or(0, |list| list.table),
                slot: *slot,
                read: field.read,
                nullable: field.nullable,
                present: field.facts.iter().any(is_present),
                facts: field.facts.iter().filter(|fact| !is_present(fact)).copied().collect(),
                reason: field.reason,
                plain: match field.read {
                    _ if !field.facts.iter().all(is_present) => None,
                    ReadKind::Text | ReadKind::DecimalText => Some(Kind::Text),
                    ReadKind::Number => Some(Kind::Number),
                    ReadKind::Flag | ReadKind::Date(_) => None,
                },
            }
        })
        .collect();
    let sets = module.sets.iter().map(|set| prepare_set(&set.members, &constants, &texts)).collect();
    let tables = module.tables.iter().map(prepare_table).collect();
    let mut keys = Vec::new();
    let fragments = module
        .fragments
        .iter()
        .map(|fragment| {
            let start = keys.len() as u32;
            keys.extend_from_slice(fragment.text.as_bytes());
            keys.push(b'"');
            let key = Key::new(&fragment.text, fragment.closers);
            FragmentPlan { start, length: fragment.text.len() as u32, key }
        })
        .collect();
    keys.extend_from_slice(&[0; SLACK]);
    let tests_unique = module.predicates.contains(&Predicate::Unique);
    let mut natives = Vec::new();
    for info in NATIVES {
        let place = usize::from(info.id.0);
        if natives.len() <= place {
            natives.resize(place + 1, None);
        }
        if let Some(native) = natives.get_mut(place) {
            *native = Some(info.native);
        }
    }
    let widths = module
        .cursors
        .iter()
        .map(|cursor| plan.lists.get(cursor.list as usize).map_or(0, |list| list.width as usize))
        .collect();
    let (texts, keys) = (texts.into(), keys.into());
    Ok(Prepared {
        plan,
        constants,
        fields,
        sets,
        tables,
        texts,
        keys,
        natives,
        fragments,
        widths,
        tests_unique,
        module,
    })
}

fn prepare_constant(constant: &mapc_bytecode::Constant, texts: &mut Vec<u8>) -> Result<Rendered, LoadError> {
    let mut add = |write: &dyn Fn(&mut Vec<u8>)| {
        let start = texts.len() as u32;
        write(texts);
        (start, texts.len() as u32)
    };
    let same = |value, json| Ok(Rendered { value, json, whole: json, quoted: json });
    match constant {
        mapc_bytecode::Constant::Text(text) => {
            // Without escapes the value stands between the quotes of its JSON form.
            let json = add(&|out| write_quoted(text.as_bytes(), out));
            let (start, end) = (json.0 + 1, json.1 - 1);
            let span = if (end - start) as usize == text.len() {
                Span { start, end, origin: Origin::PlainConstant }
            } else {
                let (start, end) = add(&|out| out.extend_from_slice(text.as_bytes()));
                Span { start, end, origin: Origin::Constant }
            };
            same(Constant::Text(span), json)
        }
        mapc_bytecode::Constant::Number { coefficient, scale } => {
            let number = Decimal { coefficient: *coefficient, scale: *scale }.shortest();
            let json = add(&|out| number.write(out));
            let whole = add(&|out| number.write_whole(out));
            let quoted = add(&|out| {
                out.push(b'"');
                number.write(out);
                out.push(b'"');
            });
            let value =
                Short::of(number).map_or_else(|| Constant::LongNumber(Box::new(number)), Constant::Number);
            Ok(Rendered { value, json, whole, quoted })
        }
        mapc_bytecode::Constant::Flag(value) => {
            let json = add(&|out| out.extend_from_slice(if *value { b"true" } else { b"false" }));
            same(Constant::Flag(*value), json)
        }
        mapc_bytecode::Constant::Date(kind, text) => {
            let moment = read_date(*kind, text)?;
            let json = add(&|out| {
                out.push(b'"');
                moment.write(out);
                out.push(b'"');
            });
            same(Constant::Date(moment), json)
        }
    }
}

fn read_date(kind: DateKind, text: &str) -> Result<Moment, LoadError> {
    Moment::read(kind, text.as_bytes())
        .ok_or_else(|| LoadError::Constant(format!("the constant {text} is no {}", kind.name())))
}

fn write_quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    escape(text, out);
    out.push(b'"');
}

fn prepare_set(members: &[ConstantIndex], constants: &[Rendered], all: &[u8]) -> SetPlan {
    let mut texts = Vec::new();
    let mut numbers = Vec::new();
    let mut flags = (false, false);
    let mut dates = Vec::new();
    let mut has_flags = false;
    for member in members {
        match constants.get(member.index()).map(|constant| &constant.value) {
            Some(Constant::Text(text)) => texts.push(*text),
            Some(Constant::Number(number)) => numbers.push((*number).into()),
            Some(Constant::LongNumber(number)) => numbers.push(**number),
            Some(Constant::Flag(value)) => {
                has_flags = true;
                if *value { flags.1 = true } else { flags.0 = true }
            }
            Some(Constant::Date(moment)) => dates.push(*moment),
            None => {}
        }
    }
    if has_flags {
        return SetPlan::Flags(flags.0, flags.1);
    }
    if !numbers.is_empty() {
        if let [only] = numbers.as_slice()
            && let Some(short) = Short::of(*only)
        {
            return SetPlan::Number(short);
        }
        numbers.sort_by(|left, right| left.compare(*right));
        return SetPlan::Numbers(numbers);
    }
    if !dates.is_empty() {
        return SetPlan::Dates(dates);
    }
    let texts = texts.iter().map(|span| all.get(span.start as usize..span.end as usize).unwrap_or_default());
    SetPlan::Texts(Codes::new(texts.map(|text| (text, ()))))
}

fn prepare_table(table: &Table) -> TablePlan {
    let given = |value: Option<ConstantIndex>| Given(value.map_or(Given::NOTHING, |constant| constant.0));
    Codes::new(table.rows.iter().map(|(key, value)| (key.as_slice(), given(*value))))
}
