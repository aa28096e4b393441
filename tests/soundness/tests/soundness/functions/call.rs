//! One call of a library function as a program of the vm and as a map of the reference interpreter.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use mapc_bytecode::{
    ArgumentsIndex, Class, Cursor, CursorShape, Failure, Field, Fragment, FragmentIndex, Instruction, Module,
    NumberForm, OnNull, OptionalText, Reason, ReasonIndex, Register, Registers, SourceList, natives,
};
use mapc_check::library::{Function, Kind};
use mapc_check::typed::{Constant, ReadKind, ReasonId, Typed, Write};
use mapc_diagnostics::Code;
use mapc_driver::{MemoryFiles, Workspace, compile};
use mapc_model::builder::{Builder, MESSAGE, call_or};
use mapc_types::{DateKind, Wire, format_decimal, parse_decimal, to_coefficient_scale};
use mapc_vm::{Context, Instance, MemoryXref, Program};

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With a value.
    Value(Constant),
    /// Without one.
    Absent,
    /// With a reason of this number.
    Reason(u16),
}

/// A function with its arguments, ready for values of one kind.
pub struct Call {
    instance: Instance,
    typed: Typed,
    result: Kind,
}

/// The registers of a call.
fn register(kind: Kind) -> Register {
    match kind {
        Kind::Text => Register::Text(mapc_bytecode::TextRegister(0)),
        Kind::Number => Register::Number(mapc_bytecode::NumberRegister(0)),
        Kind::YesNo => Register::Flag(mapc_bytecode::FlagRegister(0)),
        Kind::Date(_) => Register::Date(mapc_bytecode::DateRegister(0)),
    }
}

fn class(kind: Kind) -> Class {
    match kind {
        Kind::Text => Class::Text,
        Kind::Number => Class::Number,
        Kind::YesNo => Class::Flag,
        Kind::Date(_) => Class::Date,
    }
}

fn date_kind(kind: DateKind) -> mapc_bytecode::DateKind {
    match kind {
        DateKind::Date => mapc_bytecode::DateKind::Date,
        DateKind::Time => mapc_bytecode::DateKind::Time,
        DateKind::Local => mapc_bytecode::DateKind::Local,
        DateKind::Instant => mapc_bytecode::DateKind::Instant,
    }
}

/// A zone as the compiler puts it into an artifact.
fn zone(name: &str) -> mapc_bytecode::Zone {
    static ZONES: OnceLock<std::sync::Mutex<BTreeMap<String, mapc_bytecode::Zone>>> = OnceLock::new();
    let mut known = ZONES.get_or_init(Default::default).lock().unwrap();
    known
        .entry(name.to_owned())
        .or_insert_with(|| {
            let schema = r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
                "properties":{"a":{"type":"string","format":"date-time"},"d":{"type":"string","format":"date"}}}"#;
            let map = format!(
                "map a.b version 1\nfrom s@1 as order\nto t@1\nzone \"{name}\"\nfields {{\n  d = order.a | date\n}}\n"
            );
            let files = MemoryFiles::new()
                .with("s@1.schema.json", schema)
                .with("t@1.schema.json", schema)
                .with("a.map", map);
            let compilation = compile(&Workspace::default(), "a.map", &files);
            let said: Vec<String> =
                compilation.diagnostics.iter().map(|one| format!("{} {}", one.code, one.title)).collect();
            compilation.module.unwrap_or_else(|| panic!("{said:?}")).zone.unwrap()
        })
        .clone()
}

/// A constant as it stands in an artifact.
fn constant(value: &Constant) -> mapc_bytecode::Constant {
    match value {
        Constant::Text(text) => mapc_bytecode::Constant::Text(text.clone()),
        Constant::Decimal(number) => {
            let (coefficient, scale) = to_coefficient_scale(number).unwrap();
            mapc_bytecode::Constant::Number { coefficient, scale: u8::try_from(scale).unwrap() }
        }
        Constant::Bool(value) => mapc_bytecode::Constant::Flag(*value),
        Constant::Date(kind, text) => mapc_bytecode::Constant::Date(date_kind(*kind), text.clone()),
    }
}

/// Number of the reason of a failed call, and of a value that cannot be read.
pub const FAILED: u16 = 402;
const UNREAD: u16 = 201;

fn module(function: &Function, input: Kind, result: Kind, arguments: &[Constant], zone_name: &str) -> Module {
    let reason = |code: u16| Reason { code, rule: "r".into(), text: "t".into(), id: format!("{code:016x}") };
    let codes = [101, 102, 103, 110, 111, 112, 113, 114, UNREAD, FAILED];
    let at = |code: u16| ReasonIndex(codes.iter().position(|one| *one == code).unwrap() as u32);
    let mut module = Module { reasons: codes.map(reason).to_vec(), ..Module::default() };
    module.builtin = mapc_bytecode::Builtin {
        not_json: at(101),
        bad_text: at(102),
        duplicate_key: at(103),
        depth: at(110),
        size: at(111),
        number: at(112),
        steps: at(113),
        output: at(114),
    };
    module.zone = Some(zone(zone_name));
    module.source_lists.push(SourceList {
        parent: None,
        path: Vec::new(),
        nullable: false,
        facts: Vec::new(),
        reason: at(UNREAD),
        display: String::new(),
    });
    let read = match input {
        Kind::Text => mapc_bytecode::ReadKind::Text,
        Kind::Number => mapc_bytecode::ReadKind::DecimalText,
        Kind::YesNo => mapc_bytecode::ReadKind::Flag,
        Kind::Date(kind) => mapc_bytecode::ReadKind::Date(date_kind(kind)),
    };
    module.source_fields.push(mapc_bytecode::SourceField {
        list: 0,
        path: vec!["x".into()],
        read,
        nullable: false,
        facts: Vec::new(),
        reason: at(UNREAD),
        display: "x".into(),
        sensitive: false,
    });
    module.cursors.push(CursorShape { list: 0, parent: Cursor(0) });
    module.registers = Registers { text: 1, number: 1, flag: 1, date: 1 };
    module.constants = arguments.iter().map(constant).collect();
    module.arguments = vec![(0..arguments.len()).map(|at| mapc_bytecode::ConstantIndex(at as u32)).collect()];
    module.fragments = vec![Fragment::default(), Fragment { text: "\"r\":".into(), closers: 0 }];
    module.code = code(function, input, result, at(FAILED));
    module
}

fn code(function: &Function, input: Kind, result: Kind, failed: ReasonIndex) -> Vec<Instruction> {
    let (cursor, field) = (Cursor(0), Field(0));
    let read = match register(input) {
        Register::Text(into) => Instruction::ReadText { into, cursor, field },
        Register::Number(into) => Instruction::ReadNumber { into, cursor, field },
        Register::Flag(into) => Instruction::ReadFlag { into, cursor, field },
        Register::Date(into) => Instruction::ReadDate { into, cursor, field },
    };
    let native = natives::find(&function.name, class(input)).unwrap();
    let call = Instruction::Call {
        into: register(result),
        function: native.id,
        input: register(input),
        arguments: ArgumentsIndex(0),
        failure: Failure::Reject(failed),
    };
    let (fragment, null) = (FragmentIndex(1), OnNull::Leave);
    let put = match register(result) {
        Register::Text(value) => Instruction::PutText { fragment, value, null },
        Register::Number(value) => Instruction::PutNumber { fragment, value, form: NumberForm::Text, null },
        Register::Flag(value) => Instruction::PutFlag { fragment, value, null },
        Register::Date(value) => Instruction::PutDate { fragment, value, null },
    };
    vec![
        read,
        call,
        Instruction::OpenRecord { fragment: FragmentIndex(0) },
        put,
        Instruction::CloseRecord { required: true },
        Instruction::Deliver { key: OptionalText(None), order_by: OptionalText(None) },
    ]
}

fn meaning(function: &Function, input: Kind, result: Kind, arguments: &[Constant], zone: &str) -> Typed {
    let mut builder = Builder::default();
    builder.typed.zone = Some(zone.to_owned());
    let read = match input {
        Kind::Text => ReadKind::Text,
        Kind::Number => ReadKind::Decimal(Wire::DecimalText),
        Kind::YesNo => ReadKind::Bool,
        Kind::Date(kind) => ReadKind::Date(kind),
    };
    let failed = builder.reason(Code::R0402, "r");
    let value = builder.field(MESSAGE, "x", read, false, Vec::new());
    let write = match result {
        Kind::Text => Write::Text,
        Kind::Number => Write::DecimalText,
        Kind::YesNo => Write::Bool,
        Kind::Date(kind) => Write::Date(kind),
    };
    builder.put("r", write, call_or(&function.name, value, arguments, Some(failed)));
    builder.typed
}

impl Call {
    /// Arguments are those a signature of the function accepts.
    pub fn new(function: &Function, input: Kind, result: Kind, arguments: &[Constant], zone: &str) -> Call {
        let module = module(function, input, result, arguments, zone);
        let program =
            Program::from_module(module).unwrap_or_else(|error| panic!("{}: {error}", function.name));
        let typed = meaning(function, input, result, arguments, zone);
        Call { instance: Instance::new(&program), typed, result }
    }

    /// What the function makes of a value, by the vm and by the reference interpreter; absent if the value cannot be
    /// read.
    pub fn run(&mut self, value: &Constant) -> Result<Option<End>, String> {
        let message = message(value);
        let ids = MemoryXref::new();
        let outcome = self.instance.run(message.as_bytes(), &Context::new(&ids));
        let vm = (outcome.code(), outcome.document().map(<[u8]>::to_vec));
        let limits = mapc_model::Limits::default();
        let other =
            mapc_model::run(&self.typed, message.as_bytes(), &mapc_model::Context::default(), &limits);
        let number = |reason: &ReasonId| {
            let number = self.typed.reasons[reason.0].code.number();
            number.trim_start_matches('R').parse::<u16>().unwrap()
        };
        let model = match &other {
            mapc_model::Outcome::Deliver { document, .. } => (None, Some(document.clone())),
            mapc_model::Outcome::Reject { reason, .. }
            | mapc_model::Outcome::Skip { reason }
            | mapc_model::Outcome::Wait { reason, .. } => (Some(number(reason)), None),
        };
        if vm != model {
            return Err(format!("{message}: the vm gives {vm:?}, the reference interpreter {model:?}"));
        }
        Ok(match vm {
            (Some(UNREAD), _) => None,
            (Some(code), _) => Some(End::Reason(code)),
            (None, document) => Some(read(self.result, &document.unwrap_or_default())),
        })
    }
}

/// The message `{"x": …}`.
fn message(value: &Constant) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let value = match value {
        Constant::Text(value) | Constant::Date(_, value) => text(value),
        Constant::Decimal(number) => text(&format_decimal(number).unwrap()),
        Constant::Bool(value) => value.to_string(),
    };
    format!("{{\"x\":{value}}}")
}

/// The value of the document `{"r": …}`.
fn read(kind: Kind, document: &[u8]) -> End {
    let document: serde_json::Value = serde_json::from_slice(document).unwrap();
    let Some(value) = document.get("r") else { return End::Absent };
    End::Value(match kind {
        Kind::Text => Constant::Text(value.as_str().unwrap().to_owned()),
        Kind::Number => Constant::Decimal(parse_decimal(value.as_str().unwrap()).unwrap()),
        Kind::YesNo => Constant::Bool(value.as_bool().unwrap()),
        Kind::Date(kind) => Constant::Date(kind, value.as_str().unwrap().to_owned()),
    })
}
