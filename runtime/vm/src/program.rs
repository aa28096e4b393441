//! A program: a verified module with everything worked out that does not depend on the message.

use std::fmt;
use std::sync::Arc;

use mapc_bytecode::natives::{NATIVES, Native};
use mapc_bytecode::{
    ArtifactError, ConstantIndex, DateKind, Instruction, Module, NumberForm, Predicate, PredicateIndex,
    ReadKind, ReasonIndex, Table, VerifiedModule, VerifyError, verify,
};

use crate::calendar::Moment;
use crate::codes::Codes;
use crate::decimal::Decimal;
use crate::ingest::escape;
use crate::plan::Plan;

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
    Text(Box<str>),
    Number(Decimal),
    Flag(bool),
    Date(Moment),
}

/// A constant with its JSON forms.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    pub(crate) value: Constant,
    /// As a field: of a number its plain form.
    pub(crate) json: Box<[u8]>,
    /// Of a number its whole form.
    pub(crate) whole: Box<[u8]>,
    /// Of a number its text form in quotes.
    pub(crate) quoted: Box<[u8]>,
}

impl Rendered {
    pub(crate) fn form(&self, form: NumberForm) -> &[u8] {
        match form {
            NumberForm::Plain => &self.json,
            NumberForm::Whole => &self.whole,
            NumberForm::Text => &self.quoted,
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
}

/// A set of constants.
#[derive(Clone, Debug)]
pub(crate) enum SetPlan {
    Texts(Vec<Box<str>>, Codes),
    Numbers(Vec<Decimal>),
    Flags(bool, bool),
    Dates(Vec<Moment>),
}

/// A key as it is written.
#[derive(Clone, Debug)]
pub(crate) struct FragmentPlan {
    pub(crate) text: Box<[u8]>,
    pub(crate) closers: usize,
}

/// Everything a run needs that does not change.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) module: Module,
    pub(crate) code: Box<[Instruction]>,
    pub(crate) plan: Plan,
    pub(crate) constants: Vec<Rendered>,
    pub(crate) fields: Vec<FieldPlan>,
    pub(crate) sets: Vec<SetPlan>,
    pub(crate) tables: Vec<Codes>,
    /// Library functions by id.
    pub(crate) natives: Vec<Option<Native>>,
    pub(crate) fragments: Vec<FragmentPlan>,
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

fn prepare(module: VerifiedModule) -> Result<Prepared, LoadError> {
    let module = module.into_module();
    let constants = module.constants.iter().map(prepare_constant).collect::<Result<Vec<_>, LoadError>>()?;
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
            }
        })
        .collect();
    let sets = module.sets.iter().map(|set| prepare_set(&set.members, &constants)).collect();
    let tables = module.tables.iter().map(prepare_table).collect();
    let fragments = module
        .fragments
        .iter()
        .map(|fragment| FragmentPlan {
            text: fragment.text.as_bytes().into(),
            closers: usize::from(fragment.closers),
        })
        .collect();
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
    let code = module.code.as_slice().into();
    Ok(Prepared { code, plan, constants, fields, sets, tables, natives, fragments, tests_unique, module })
}

fn prepare_constant(constant: &mapc_bytecode::Constant) -> Result<Rendered, LoadError> {
    let mut json = Vec::new();
    let mut whole = Vec::new();
    let mut quoted = Vec::new();
    let value = match constant {
        mapc_bytecode::Constant::Text(text) => {
            write_quoted(text.as_bytes(), &mut json);
            Constant::Text(text.as_str().into())
        }
        mapc_bytecode::Constant::Number { coefficient, scale } => {
            let number = Decimal { coefficient: *coefficient, scale: *scale }.shortest();
            number.write(&mut json);
            number.write_whole(&mut whole);
            write_quoted(&json, &mut quoted);
            Constant::Number(number)
        }
        mapc_bytecode::Constant::Flag(value) => {
            json.extend_from_slice(if *value { b"true" } else { b"false" });
            Constant::Flag(*value)
        }
        mapc_bytecode::Constant::Date(kind, text) => {
            let moment = read_date(*kind, text)?;
            json.push(b'"');
            moment.write(&mut json);
            json.push(b'"');
            Constant::Date(moment)
        }
    };
    if !matches!(value, Constant::Number(_)) {
        whole = json.clone();
        quoted = json.clone();
    }
    Ok(Rendered { value, json: json.into(), whole: whole.into(), quoted: quoted.into() })
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

fn prepare_set(members: &[ConstantIndex], constants: &[Rendered]) -> SetPlan {
    let mut texts = Vec::new();
    let mut numbers = Vec::new();
    let mut flags = (false, false);
    let mut dates = Vec::new();
    let mut has_flags = false;
    for member in members {
        match constants.get(member.index()).map(|constant| &constant.value) {
            Some(Constant::Text(text)) => texts.push(text.clone()),
            Some(Constant::Number(number)) => numbers.push(*number),
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
        numbers.sort_by(|left, right| left.compare(*right));
        return SetPlan::Numbers(numbers);
    }
    if !dates.is_empty() {
        return SetPlan::Dates(dates);
    }
    let codes = Codes::new(texts.len(), |index| texts.get(index).map(|text| text.as_bytes()));
    SetPlan::Texts(texts, codes)
}

fn prepare_table(table: &Table) -> Codes {
    Codes::new(table.rows.len(), |index| table.rows.get(index).map(|(key, _)| key.as_slice()))
}
