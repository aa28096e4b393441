//! Artifacts that are damaged or made to hurt: refused, or run without a panic and within limits.

use mapc_bytecode::*;

use super::builder::Builder;
use crate::{Buffers, Context, Instance, Limits, MemoryXref, Program};

/// A module with most kinds of data and instructions.
fn rich() -> Module {
    let mut builder = Builder::new();
    let id = builder.field(0, "id", ReadKind::Text, false, &[Predicate::Present, Predicate::MaxLength(20)]);
    let day = builder.field(0, "day", ReadKind::Date(DateKind::Instant), true, &[]);
    let gift = builder.field(0, "gift", ReadKind::Flag, true, &[]);
    let list = builder.list(Some(0), "order.lines", true, &[Predicate::Count { min: 0, max: Some(50) }]);
    let n = builder.field(list, "n", ReadKind::Number, true, &[]);
    let t = builder.field(list, "t", ReadKind::Text, true, &[]);
    let cursor = builder.cursor(list, Cursor(0));
    let other = builder.cursor(list, Cursor(0));
    let member = builder.cursor(list, Cursor(0));
    let (text, number, flag, date) = (TextRegister(0), NumberRegister(0), FlagRegister(0), DateRegister(0));
    builder.module.registers = Registers { text: 4, number: 4, flag: 2, date: 2 };
    let failure = Failure::Reject(builder.reason(403));
    let (skip, wait) = (builder.reason(701), builder.reason(702));
    let zero = builder.number(0);
    let separator = builder.text("; ");
    builder.module.languages.push(LanguageTable {
        name: "a*".into(),
        classes: std::array::from_fn(|byte| u8::from(byte != usize::from(b'a'))),
        class_count: 2,
        transitions: vec![0, 1, 1, 1],
        start: 0,
        accepting: vec![true, false],
    });
    builder.module.zone = Some(Zone {
        name: "Test/East".into(),
        initial_offset: 3600,
        transitions: vec![(1_711_846_800, 7200)],
    });
    builder.push(Instruction::ReadText { into: text, cursor: Cursor(0), field: id });
    builder.push(Instruction::Matches { into: flag, subject: text, language: LanguageIndex(0) });
    let jump = builder.push(Instruction::JumpUnless { flag, target: Label(0) });
    builder.push(Instruction::Skip { reason: skip });
    builder.land(jump);
    builder.push(Instruction::ReadDate { into: date, cursor: Cursor(0), field: day });
    let pattern = builder.arguments(&[Constant::Text("DD.MM.YYYY".into())]);
    let call = |name: &str, class| natives::find(name, class).unwrap().id;
    let function = call("format", Class::Date);
    builder.push(Instruction::Call {
        into: TextRegister(1).into(),
        function,
        input: date.into(),
        arguments: pattern,
        failure,
    });
    let ten = builder.arguments(&[Constant::Number { coefficient: 10, scale: 0 }]);
    let function = call("cut", Class::Text);
    builder.push(Instruction::Call {
        into: text.into(),
        function,
        input: text.into(),
        arguments: ten,
        failure: Failure::Never,
    });
    let entity = builder.text("erp.customer");
    let reason = builder.reason(201);
    builder.push(Instruction::Xref { into: TextRegister(2), entity, key: text, reason });
    let jump =
        builder.push(Instruction::JumpIfPresent { register: TextRegister(2).into(), target: Label(0) });
    builder.push(Instruction::Wait { reason: wait, reference: OptionalText(Some(text)) });
    builder.land(jump);
    builder.push(Instruction::LoadNumber { into: number, constant: zero });
    builder.push(Instruction::Clear { into: TextRegister(3).into() });
    let opener = builder.push(Instruction::EachRow { cursor: other, end: Label(0) });
    builder.push(Instruction::ReadNumber { into: NumberRegister(1), cursor: other, field: n });
    builder.push(Instruction::Accumulate { sum: number, value: NumberRegister(1), failure });
    builder.push(Instruction::ReadText { into: TextRegister(1), cursor: other, field: t });
    builder.push(Instruction::Join { text: TextRegister(3), value: TextRegister(1), separator });
    builder.end_walk(opener, other, false);
    builder.push(Instruction::ClearRows { cursor });
    let opener = builder.push(Instruction::EachRow { cursor, end: Label(0) });
    builder.push(Instruction::ReadText { into: TextRegister(1), cursor, field: t });
    builder.push(Instruction::CollectKeyed { cursor, key: TextRegister(1).into() });
    builder.end_walk(opener, cursor, false);
    builder.push(Instruction::GroupRows { cursor });
    let opener = builder.push(Instruction::EachCollected { cursor, end: Label(0) });
    builder.push(Instruction::ReadNumber { into: NumberRegister(1), cursor, field: n });
    builder.push(Instruction::SetKey { cursor, key: NumberRegister(1).into() });
    builder.end_walk(opener, cursor, false);
    builder.push(Instruction::SortRows { cursor, descending: true });
    builder.open();
    let fragment = builder.key("id");
    builder.push(Instruction::PutText { fragment, value: text, null: OnNull::Leave });
    let fragment = builder.key("sum");
    builder.push(Instruction::PutNumber {
        fragment,
        value: number,
        form: NumberForm::Text,
        null: OnNull::Leave,
    });
    let fragment = builder.key("all.texts");
    builder.push(Instruction::PutText { fragment, value: TextRegister(3), null: OnNull::Leave });
    let fragment = builder.key("day");
    builder.push(Instruction::CopyDate { fragment, cursor: Cursor(0), field: day, null: OnNull::Write });
    let fragment = builder.key("gift");
    builder.push(Instruction::CopyFlag { fragment, cursor: Cursor(0), field: gift, null: OnNull::Leave });
    let fragment = builder.key("rows");
    builder.push(Instruction::OpenList { fragment });
    let groups = builder.push(Instruction::EachCollected { cursor, end: Label(0) });
    builder.push(Instruction::KeepRow { cursor });
    builder.push(Instruction::OpenElement {});
    builder.push(Instruction::Position { into: NumberRegister(2), cursor });
    let fragment = builder.key("line");
    builder.push(Instruction::PutNumber {
        fragment,
        value: NumberRegister(2),
        form: NumberForm::Whole,
        null: OnNull::Leave,
    });
    let table = builder.table(
        Class::Text,
        &[
            (&["a"], Some(Constant::Text("1".into()))),
            (&["b"], None),
            (&["c"], Some(Constant::Text("3".into()))),
        ],
    );
    let fragment = builder.key("code");
    let next = builder.push(Instruction::CopyCode {
        fragment,
        cursor,
        field: t,
        table,
        form: NumberForm::Plain,
        failure,
    });
    builder.push(Instruction::LoadNumber { into: NumberRegister(3), constant: zero });
    let rows = builder.push(Instruction::EachInGroup { cursor: member, group: cursor, end: Label(0) });
    builder.push(Instruction::CountRow { count: NumberRegister(3) });
    builder.end_walk(rows, member, true);
    let handler = builder.here();
    builder.module.code[next.index()] = Instruction::CopyCode {
        fragment,
        cursor,
        field: t,
        table,
        form: NumberForm::Plain,
        failure: Failure::Jump(handler),
    };
    let fragment = builder.key("inner");
    builder.push(Instruction::OpenRecord { fragment });
    let fragment = builder.key("cut");
    builder.push(Instruction::CopyCut { fragment, cursor, field: t, length: Count(2), null: OnNull::Leave });
    builder.push(Instruction::CloseRecord { required: false });
    builder.push(Instruction::CloseElement {});
    builder.end_walk(groups, cursor, true);
    let (predicate, guard, reason) =
        (builder.predicate(Predicate::Unique), builder.guard(), builder.reason(401));
    builder.push(Instruction::RequireList { predicate, required: false, guard, reason });
    builder.push(Instruction::CloseList { required: true });
    builder.push(Instruction::CloseRecord { required: true });
    builder.push(Instruction::Deliver {
        key: OptionalText(Some(text)),
        order_by: OptionalText(Some(TextRegister(2))),
    });
    builder.module.extras.push((0x8001, vec![1, 2, 3]));
    builder.module.files.push("acme.map".into());
    builder.module.source_map.push(SourceLine { instruction: 0, file: 0, line: 4 });
    builder.module
}

const INPUTS: [&str; 4] = [
    r#"{"id":"C-1","day":"2024-01-01T00:00:00Z","gift":true,"order":{"lines":[{"n":1.5,"t":"a"},{"n":2,"t":"b\n"},{"n":3,"t":"a"},{"t":"zz"}]}}"#,
    r#"{"id":"C-1","day":null,"order":{"lines":[]}}"#,
    r#"{"id":"C-1","order":{"lines":[null,1,"x",[],{"n":"x"}]}}"#,
    r#"[1,2]"#,
];

/// Runs all inputs under narrow limits; says how many end with a document.
fn run(program: &Program) -> usize {
    let limits = Limits { steps: 20_000, output_bytes: 100_000, ..Limits::default() };
    let mut instance = Instance::with_limits(program, limits);
    let mut xref = MemoryXref::new();
    xref.insert("erp.customer", "C-1", "77");
    let context = Context::new(&xref);
    INPUTS.iter().filter(|input| instance.run(input.as_bytes(), &context).document().is_some()).count()
}

fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let body = bytes.len() - 4;
    let checksum = crc32fast::hash(&bytes[..body]);
    bytes[body..].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

#[test]
fn the_rich_module_runs() {
    let module = rich();
    let program =
        Program::load(&module.encode()).unwrap_or_else(|error| panic!("{error}\n{}", listing(&module)));
    assert_eq!(run(&program), 2);
    let mut instance = Instance::new(&program);
    let mut xref = MemoryXref::new();
    xref.insert("erp.customer", "C-1", "77");
    let outcome = instance.run(INPUTS[0].as_bytes(), &Context::new(&xref));
    assert_eq!(
        super::builder::shown(&outcome),
        r#"{"id":"C-1","sum":"6.5","all":{"texts":"a; b\n; a; zz"},"day":"2024-01-01T00:00:00Z","gift":true,"rows":[{"line":1,"inner":{"cut":"b\n"}},{"line":2,"code":"1","inner":{"cut":"a"}},{"line":3,"inner":{"cut":"zz"}}]} key C-1 order 77"#
    );
}

#[test]
fn an_artifact_comes_back_as_it_was() {
    let module = rich();
    let bytes = module.encode();
    let back = Module::decode(&bytes).unwrap();
    assert_eq!(back, module);
    assert_eq!(back.encode(), bytes);
}

#[test]
fn truncated_and_flipped_artifacts_are_refused() {
    let bytes = rich().encode();
    for end in 0..bytes.len() {
        assert!(Program::load(&bytes[..end]).is_err(), "cut at {end}");
    }
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            assert!(Module::decode(&flipped).is_err(), "bit {bit} of byte {place}");
        }
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(Program::load(&longer).is_err());
}

#[test]
fn what_is_wrong_is_said() {
    let bytes = rich().encode();
    let says = |bytes: &[u8]| Program::load(bytes).unwrap_err().to_string();
    assert_eq!(says(b""), "this is not a compiled map: a .mapb file starts with the letters MAPB");
    assert_eq!(says(b"{\"a\":1}"), says(b""));
    assert_eq!(says(&bytes[..100]), "this compiled map is cut off: the file ends before its content does");
    let mut newer = bytes.clone();
    newer[4] = 2;
    newer[6] = 7;
    assert_eq!(
        says(&newer),
        "this compiled map was made by a newer mapc: it has format 2.7, this mapc reads up to 1.0"
    );
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(says(&flipped), "this compiled map is damaged: its content does not match its checksum");
}

#[test]
fn a_newer_minor_version_is_read() {
    let mut bytes = rich().encode();
    bytes[6] = 9;
    assert!(Program::load(&with_checksum(bytes)).is_ok());
}

#[test]
fn damaged_bytes_with_a_right_checksum_never_panic() {
    let bytes = rich().encode();
    let mut chance = Chance(11);
    let (mut loaded, mut delivered) = (0, 0);
    for _ in 0..8_000 {
        let mut damaged = bytes.clone();
        for _ in 0..=chance.below(3) {
            // Past the header, which the test above covers.
            let place = 12 + chance.below(damaged.len() - 16);
            damaged[place] = match chance.below(4) {
                0 => damaged[place] ^ (1 << chance.below(8)),
                1 => damaged[place].wrapping_add(1),
                2 => chance.below(8) as u8,
                _ => chance.below(256) as u8,
            };
        }
        if let Ok(program) = Program::load(&with_checksum(damaged)) {
            loaded += 1;
            delivered += run(&program);
        }
    }
    assert!(loaded > 400 && delivered > 400, "{loaded} {delivered}");
}

#[test]
fn reordered_and_rewritten_code_never_panics() {
    let module = rich();
    let mut chance = Chance(12);
    let mut loaded = 0;
    for _ in 0..8_000 {
        let mut damaged = module.clone();
        for _ in 0..=chance.below(2) {
            let count = damaged.code.len();
            let (one, other) = (chance.below(count), chance.below(count));
            match chance.below(4) {
                0 => damaged.code.swap(one, other),
                1 => damaged.code[one] = damaged.code[other],
                2 => {
                    damaged.code.remove(one);
                }
                _ => {
                    let instruction = damaged.code[other];
                    damaged.code.insert(one, instruction);
                }
            }
        }
        if let Ok(program) = Program::from_module(damaged) {
            loaded += 1;
            run(&program);
        }
    }
    assert!(loaded > 100, "{loaded}");
}

#[test]
fn programs_are_shared_by_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    fn moved<T: Send>(_: &T) {}
    let program = Program::from_module(rich()).unwrap();
    shared(&program);
    moved(&Instance::new(&program));
}

#[test]
fn buffers_stop_growing() {
    let program = Program::from_module(rich()).unwrap();
    let mut instance = Instance::new(&program);
    let mut xref = MemoryXref::new();
    xref.insert("erp.customer", "C-1", "77");
    let context = Context::new(&xref);
    for input in INPUTS {
        instance.run(input.as_bytes(), &context);
    }
    let before = instance.capacities();
    for _ in 0..3 {
        for input in INPUTS {
            instance.run(input.as_bytes(), &context);
        }
    }
    assert_eq!(instance.capacities(), before);
}

#[test]
fn programs_take_turns_in_the_same_buffers() {
    // Programs of different size: what one leaves in the buffers must not show in the other.
    let mut builder = Builder::new();
    let field = builder.field(0, "t", ReadKind::Text, true, &[]);
    builder.open();
    let fragment = builder.key("t");
    builder.push(Instruction::CopyText { fragment, cursor: Cursor(0), field, null: OnNull::Leave });
    builder.close();
    let small = builder.program();
    let large = Program::from_module(rich()).unwrap();
    let mut xref = MemoryXref::new();
    xref.insert("erp.customer", "C-1", "77");
    let context = Context::new(&xref);
    let mut buffers = Buffers::new();
    let (mut small, mut large) = (Instance::new(&small), Instance::new(&large));
    let own = [r#"{"t":"a"}"#, r#"{"t":null}"#, "{", r#"{"t":"\u00e9"}"#];
    for _ in 0..3 {
        for input in INPUTS.iter().copied().chain(own) {
            for instance in [&mut small, &mut large] {
                let alone = format!("{:?}", instance.run(input.as_bytes(), &context));
                let shared = format!("{:?}", instance.run_in(&mut buffers, input.as_bytes(), &context));
                assert_eq!(alone, shared, "{input}");
            }
        }
    }
}
