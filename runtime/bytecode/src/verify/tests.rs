//! What the verifier refuses, one small module each.

use super::verify;
use crate::module::*;
use crate::operand::*;
use crate::{Instruction, natives};

/// A message with a list, a text and a number; one cursor on the list; a code of its own.
fn module(code: Vec<Instruction>) -> Module {
    let reason = Reason { code: 201, rule: "r".into(), text: "t".into(), id: "0".into() };
    let list = |parent, path: &[&str]| SourceList {
        parent,
        path: path.iter().map(|name| name.to_string()).collect(),
        nullable: false,
        facts: vec![],
        reason: ReasonIndex(0),
        display: String::new(),
    };
    let field = |list, read| SourceField {
        list,
        path: vec!["x".into()],
        read,
        nullable: false,
        facts: vec![],
        reason: ReasonIndex(0),
        display: "order.x".into(),
        sensitive: false,
    };
    Module {
        reasons: vec![reason],
        constants: vec![
            Constant::Text("k".into()),
            Constant::Number { coefficient: 5, scale: 0 },
            Constant::Number { coefficient: 5, scale: 1 },
        ],
        fragments: vec![
            Fragment::default(),
            Fragment { text: "\"a\":".into(), closers: 0 },
            Fragment { text: "\"a\":{\"b\\n\":".into(), closers: 1 },
        ],
        templates: vec![Template { parts: vec![TemplatePart::Hole(Register::Number(NumberRegister(1)))] }],
        tables: vec![Table { name: "t".into(), key_parts: 2, class: Class::Text, rows: vec![] }],
        sets: vec![Set { class: Class::Text, members: vec![ConstantIndex(0)] }],
        arguments: vec![vec![], vec![ConstantIndex(1)], vec![ConstantIndex(2)], vec![ConstantIndex(0)]],
        source_lists: vec![list(None, &[]), list(Some(0), &["rows"])],
        source_fields: vec![field(0, ReadKind::Text), field(1, ReadKind::Number)],
        predicates: vec![Predicate::MaxLength(3), Predicate::Unique],
        guards: vec![GuardInfo::default()],
        cursors: vec![
            CursorShape { list: 0, parent: Cursor(0) },
            CursorShape { list: 1, parent: Cursor(0) },
            CursorShape { list: 1, parent: Cursor(0) },
        ],
        registers: Registers { text: 3, number: 3, flag: 3, date: 1 },
        code,
        ..Module::default()
    }
}

const T: TextRegister = TextRegister(0);
const N: NumberRegister = NumberRegister(0);
const F: FlagRegister = FlagRegister(0);
const EMPTY: FragmentIndex = FragmentIndex(0);
const KEY: FragmentIndex = FragmentIndex(1);
const ROWS: Cursor = Cursor(1);
const READ: Instruction = Instruction::ReadText { into: T, cursor: Cursor(0), field: Field(0) };
const OPEN: Instruction = Instruction::OpenRecord { fragment: EMPTY };
const PUT: Instruction = Instruction::PutText { fragment: KEY, value: T, null: OnNull::Leave };
const CLOSE: Instruction = Instruction::CloseRecord { required: true };
const END: Instruction = Instruction::Deliver { key: OptionalText(None), order_by: OptionalText(None) };
const READ_ROW: Instruction = Instruction::ReadNumber { into: N, cursor: ROWS, field: Field(1) };

fn jump(target: u32) -> Instruction {
    Instruction::Jump { target: Label(target) }
}

fn each(end: u32) -> Instruction {
    Instruction::EachRow { cursor: ROWS, end: Label(end) }
}

fn next(body: u32) -> Instruction {
    Instruction::NextRow { cursor: ROWS, body: Label(body), release: false }
}

fn release(body: u32) -> Instruction {
    Instruction::NextRow { cursor: ROWS, body: Label(body), release: true }
}

/// The document behind some code.
fn before_document(mut code: Vec<Instruction>) -> Vec<Instruction> {
    code.extend([OPEN, CLOSE, END]);
    code
}

/// `""`: it verifies; otherwise what it must say.
fn check(code: Vec<Instruction>, expect: &str) {
    check_module(module(code), expect);
}

fn check_module(module: Module, expect: &str) {
    let listing = crate::listing(&module);
    match verify(module) {
        Ok(_) => assert_eq!(expect, "", "{listing}"),
        Err(error) => {
            assert!(!expect.is_empty() && error.to_string().contains(expect), "{error}\n{listing}");
        }
    }
}

#[test]
fn sound_programs_pass() {
    check(vec![READ, OPEN, PUT, CLOSE, END], "");
    check(before_document(vec![each(3), READ_ROW, next(1)]), "");
    check(
        before_document(vec![READ, each(5), READ_ROW, jump(4), next(2), PUT]),
        "a value is written where none",
    );
    check(before_document(vec![each(4), READ_ROW, jump(4), next(1)]), "");
    check(vec![jump(2), READ, OPEN, CLOSE, END], "");
}

#[test]
fn the_end_is_the_end() {
    check(vec![], "last instruction is not Deliver");
    check(vec![OPEN, CLOSE], "last instruction is not Deliver");
    check(vec![END], "exactly one document");
    check(vec![OPEN, CLOSE, END, END], "Deliver is not the last");
    check(vec![OPEN, CLOSE, OPEN, CLOSE, END], "exactly one document");
    check(vec![jump(3), OPEN, CLOSE, END], "not written on every path");
    check(vec![OPEN, Instruction::CloseRecord { required: false }, END], "not required");
}

#[test]
fn blocks_nest() {
    check(vec![OPEN, END], "Deliver is not the last");
    check(vec![OPEN, CLOSE, CLOSE, END], "closes what is not open");
    check(vec![OPEN, Instruction::CloseList { required: true }, END], "closes what is not open");
    check(
        vec![OPEN, Instruction::OpenElement {}, Instruction::CloseElement {}, CLOSE, END],
        "outside of a list",
    );
    check(vec![OPEN, OPEN, CLOSE, CLOSE, END], "none may stand");
    check(vec![Instruction::OpenRecord { fragment: KEY }, CLOSE, END], "none may stand");
    check(before_document(vec![next(0)]), "closes what is not open");
    check(before_document(vec![each(3), each(3), next(2), next(1)]), "already in use");
    check(before_document(vec![each(2), next(0)]), "does not go back to its start");
    check(before_document(vec![each(3), READ_ROW, next(1), READ]), "");
    check(before_document(vec![each(4), READ_ROW, next(1), READ]), "does not end behind its NextRow");
}

#[test]
fn jumps_go_forward_and_stay_inside() {
    check(before_document(vec![READ, jump(0)]), "a jump goes back");
    check(before_document(vec![jump(0)]), "a jump goes back");
    check(before_document(vec![jump(99)]), "points at nothing");
    check(vec![OPEN, jump(3), CLOSE, END], "leaves or enters");
    check(vec![jump(2), OPEN, CLOSE, END], "leaves or enters");
    check(before_document(vec![jump(2), each(4), READ_ROW, next(2)]), "leaves or enters");
}

#[test]
fn registers_are_set_before_they_are_used() {
    check(vec![OPEN, PUT, CLOSE, END], "text register 0 is used before it is set");
    // Only one of two paths sets it.
    let flag = Instruction::LoadFlag { into: F, value: true };
    let unless = |target| Instruction::JumpUnless { flag: F, target: Label(target) };
    check(vec![flag, unless(3), READ, OPEN, PUT, CLOSE, END], "text register 0 is used before it is set");
    check(vec![flag, unless(4), READ, jump(5), READ, OPEN, PUT, CLOSE, END], "");
    // A walk may have no rows.
    let put =
        Instruction::PutNumber { fragment: KEY, value: N, form: NumberForm::Plain, null: OnNull::Leave };
    check(
        vec![each(3), READ_ROW, next(1), OPEN, put, CLOSE, END],
        "number register 0 is used before it is set",
    );
    // Templates use their holes.
    let template = Instruction::Template { into: T, template: TemplateIndex(0) };
    check(before_document(vec![template]), "number register 1 is used before it is set");
    // On failure nothing is set.
    let zero = Instruction::LoadNumber { into: NumberRegister(1), constant: ConstantIndex(1) };
    let (left, right) = (NumberRegister(1), NumberRegister(1));
    let add = Instruction::Add { into: N, left, right, failure: Failure::Jump(Label(3)) };
    check(vec![zero, OPEN, add, put, CLOSE, END], "number register 0 is used before it is set");
    check(
        vec![
            READ,
            OPEN,
            CLOSE,
            Instruction::Deliver { key: OptionalText(Some(TextRegister(1))), order_by: OptionalText(None) },
        ],
        "text register 1 is used before it is set",
    );
}

#[test]
fn released_texts_are_gone() {
    let tail = [OPEN, PUT, CLOSE, END];
    let code = |mut code: Vec<Instruction>| {
        code.extend(tail);
        code
    };
    check(code(vec![READ, each(3), release(2)]), "");
    check(code(vec![READ, each(4), READ, release(2)]), "text register 0 is used before it is set");
    check(code(vec![READ, each(4), READ, next(2)]), "");
    // The second row must not see what the first one made.
    let other = Instruction::Move { into: TextRegister(1).into(), from: T.into() };
    check(code(vec![READ, each(5), other, READ, release(2)]), "text register 0 is used before it is set");
    check(code(vec![READ, each(4), other, release(2)]), "");
    let join = Instruction::Join { text: T, value: TextRegister(1), separator: ConstantIndex(0) };
    let load = Instruction::LoadText { into: TextRegister(1), constant: ConstantIndex(0) };
    check(code(vec![READ, load, each(5), join, release(3)]), "text register 0 is used before it is set");
    // An inner walk that releases takes from the outer one too.
    let inner_each = |end| Instruction::EachRow { cursor: Cursor(2), end: Label(end) };
    let inner_release = |body| Instruction::NextRow { cursor: Cursor(2), body: Label(body), release: true };
    check(
        code(vec![READ, each(7), other, inner_each(6), READ, inner_release(4), next(2)]),
        "text register 0 is used before it is set",
    );
}

#[test]
fn rows_are_cleared_before_they_are_collected() {
    let clear = Instruction::ClearRows { cursor: ROWS };
    let collect = Instruction::CollectRow { cursor: ROWS };
    let collected = |end| Instruction::EachCollected { cursor: ROWS, end: Label(end) };
    let sort = Instruction::SortRows { cursor: ROWS, descending: false };
    check(before_document(vec![clear, each(4), collect, next(2), sort, collected(7), next(6)]), "");
    check(before_document(vec![each(3), collect, next(1)]), "before they are cleared");
    check(before_document(vec![collected(2), next(1)]), "before they are cleared");
    check(before_document(vec![clear, collect]), "cannot be changed here");
    check(before_document(vec![clear, collected(4), collect, next(2)]), "cannot be changed here");
    check(before_document(vec![clear, each(4), sort, next(2)]), "cannot be changed here");
    check(before_document(vec![clear, each(4), collect, release(2), sort]), "before they are cleared");
    let group = |end| Instruction::EachInGroup { cursor: Cursor(2), group: ROWS, end: Label(end) };
    let next_in_group = |body| Instruction::NextRow { cursor: Cursor(2), body: Label(body), release: false };
    check(before_document(vec![clear, collected(5), group(4), next_in_group(3), next(2)]), "");
    check(before_document(vec![each(4), group(3), next_in_group(2), next(1)]), "no group to walk");
}

#[test]
fn operands_are_of_the_right_kind() {
    check(
        before_document(vec![Instruction::ReadNumber { into: N, cursor: Cursor(0), field: Field(0) }]),
        "wrong cursor or as a wrong class",
    );
    check(before_document(vec![READ_ROW]), "does not stand on a row");
    check(
        before_document(vec![
            each(3),
            Instruction::ReadText { into: T, cursor: ROWS, field: Field(0) },
            next(1),
        ]),
        "wrong cursor",
    );
    check(
        before_document(vec![Instruction::LoadText { into: T, constant: ConstantIndex(1) }]),
        "constant 1 is a number",
    );
    check(
        before_document(vec![Instruction::LoadText { into: TextRegister(3), constant: ConstantIndex(0) }]),
        "no text register 3",
    );
    check(
        before_document(vec![READ, Instruction::Move { into: N.into(), from: T.into() }]),
        "classes differ",
    );
    let cut = natives::find("cut", Class::Text).unwrap().id;
    let call = |into: Register, arguments| Instruction::Call {
        into,
        function: cut,
        input: T.into(),
        arguments: ArgumentsIndex(arguments),
        failure: Failure::Never,
    };
    check(before_document(vec![READ, call(T.into(), 1)]), "");
    check(before_document(vec![READ, call(T.into(), 0)]), "wrong constants");
    check(before_document(vec![READ, call(T.into(), 2)]), "wrong constants");
    check(before_document(vec![READ, call(T.into(), 3)]), "wrong constants");
    check(before_document(vec![READ, call(N.into(), 1)]), "wrong class");
    let keys = |count| TextRange { first: T, count };
    let lookup = |count| Instruction::Lookup {
        into: T.into(),
        table: TableIndex(0),
        keys: keys(count),
        failure: Failure::Never,
    };
    check(before_document(vec![READ, lookup(1)]), "wrong key or class");
    check(before_document(vec![READ, lookup(9)]), "points at nothing");
    let require = |predicate| Instruction::Require {
        subject: T.into(),
        predicate: PredicateIndex(predicate),
        guard: GuardIndex(0),
        reason: ReasonIndex(0),
    };
    check(before_document(vec![READ, require(0)]), "");
    check(before_document(vec![READ, require(1)]), "wrong class");
    check(before_document(vec![READ, require(2)]), "points at nothing");
}

#[test]
fn data_is_whole() {
    let fine = before_document(vec![]);
    let with = |change: &dyn Fn(&mut Module)| {
        let mut module = module(fine.clone());
        change(&mut module);
        module
    };
    check_module(with(&|_| {}), "");
    check_module(with(&|module| module.builtin.output = ReasonIndex(1)), "no reason 1");
    check_module(
        with(&|module| module.constants.push(Constant::Number { coefficient: i128::MAX, scale: 0 })),
        "34 digits",
    );
    for text in [
        "\"a\"",
        "a:",
        "\"a\":{",
        "\"a\":{\"b\":",
        "\"a\"b\":",
        "\"a\n\":",
        "\"a\\x\":",
        "\"a\\ud800\":",
        "\"a\":1",
    ] {
        check_module(
            with(&|module| module.fragments.push(Fragment { text: text.into(), closers: 0 })),
            "not a key",
        );
    }
    let language = LanguageTable {
        name: "l".into(),
        classes: [0; 256],
        class_count: 1,
        transitions: vec![0],
        start: 0,
        accepting: vec![true],
    };
    check_module(with(&|module| module.languages.push(language.clone())), "");
    check_module(
        with(&|module| module.languages.push(LanguageTable { start: 1, ..language.clone() })),
        "not whole",
    );
    check_module(
        with(&|module| module.languages.push(LanguageTable { transitions: vec![1], ..language.clone() })),
        "not whole",
    );
    check_module(
        with(&|module| module.languages.push(LanguageTable { transitions: vec![0, 0], ..language.clone() })),
        "not whole",
    );
    check_module(
        with(&|module| module.languages.push(LanguageTable { class_count: 0, ..language.clone() })),
        "not whole",
    );
    check_module(
        with(&|module| module.languages.push(LanguageTable { classes: [1; 256], ..language.clone() })),
        "not whole",
    );
    check_module(with(&|module| module.tables[0].rows = vec![(b"a\xffb".to_vec(), None)]), "");
    check_module(with(&|module| module.tables[0].rows = vec![(b"ab".to_vec(), None)]), "wrong or double key");
    check_module(
        with(&|module| module.tables[0].rows = vec![(b"a\xffb".to_vec(), None); 2]),
        "wrong or double key",
    );
    check_module(
        with(&|module| module.tables[0].rows = vec![(b"a\xffb".to_vec(), Some(ConstantIndex(1)))]),
        "constant 1 is a number",
    );
    check_module(with(&|module| module.sets[0].members.push(ConstantIndex(7))), "no constant 7");
    check_module(with(&|module| module.source_lists[1].parent = Some(1)), "behind its parent");
    check_module(with(&|module| module.source_lists[1].parent = None), "behind its parent");
    check_module(with(&|module| module.source_fields[0].list = 2), "has no list");
    check_module(with(&|module| module.source_fields[1].facts = vec![PredicateIndex(0)]), "wrong class");
    check_module(with(&|module| module.cursors[1].parent = Cursor(2)), "does not fit its list");
    check_module(with(&|module| module.cursors[1].list = 0), "does not fit its list");
    check_module(with(&|module| module.cursors.clear()), "message is missing");
    check_module(
        with(&|module| {
            module.zone =
                Some(Zone { name: "z".into(), initial_offset: 0, transitions: vec![(5, 0), (5, 0)] })
        }),
        "out of order",
    );
    check_module(
        with(&|module| module.predicates.push(Predicate::OnGrid(Ratio { numerator: 0, denominator: 1 }))),
        "has no sense",
    );
    check_module(
        with(&|module| module.source_map.push(SourceLine { instruction: 0, file: 0, line: 1 })),
        "source map",
    );
}
