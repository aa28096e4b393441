//! Walks: filter, position, sort, group, aggregates, nested lists, list guards.

use mapc_bytecode::*;

use super::builder::{Builder, check, check_with};
use crate::Limits;

/// Rows with a number `n` and a text `t`, and a list `items` of numbers.
struct Lines {
    builder: Builder,
    n: Field,
    t: Field,
    item: Field,
    cursor: Cursor,
    inner: Cursor,
}

fn lines(facts: &[Predicate]) -> Lines {
    let mut builder = Builder::new();
    let list = builder.list(Some(0), "order.lines", true, facts);
    let items = builder.list(Some(list), "items", false, &[]);
    let n = builder.field(list, "n", ReadKind::Number, true, &[]);
    let t = builder.field(list, "t", ReadKind::Text, true, &[]);
    let item = builder.field(items, "", ReadKind::Number, true, &[]);
    let cursor = builder.cursor(list, Cursor(0));
    let inner = builder.cursor(items, cursor);
    Lines { builder, n, t, item, cursor, inner }
}

fn input(rows: &str) -> String {
    format!(r#"{{"order":{{"lines":[{rows}]}}}}"#)
}

const N: NumberRegister = NumberRegister(0);
const T: TextRegister = TextRegister(0);
const F: FlagRegister = FlagRegister(0);

#[test]
fn rows_are_filtered_counted_and_written() {
    let Lines { mut builder, n, t, cursor, .. } = lines(&[]);
    builder.open();
    let fragment = builder.key("rows");
    builder.push(Instruction::OpenList { fragment });
    let opener = builder.push(Instruction::EachRow { cursor, end: Label(0) });
    builder.push(Instruction::ReadNumber { into: N, cursor, field: n });
    let zero = builder.number(0);
    builder.push(Instruction::LoadNumber { into: NumberRegister(1), constant: zero });
    builder.push(Instruction::CompareNumber {
        into: F,
        comparison: Comparison::Greater,
        left: N,
        right: NumberRegister(1),
    });
    let filter = builder.push(Instruction::JumpUnless { flag: F, target: Label(0) });
    builder.push(Instruction::KeepRow { cursor });
    builder.push(Instruction::OpenElement {});
    builder.push(Instruction::Position { into: NumberRegister(2), cursor });
    let fragment = builder.key("line");
    builder.push(Instruction::PutNumber {
        fragment,
        value: NumberRegister(2),
        form: NumberForm::Plain,
        null: OnNull::Leave,
    });
    let fragment = builder.key("t");
    builder.push(Instruction::CopyText { fragment, cursor, field: t, null: OnNull::Leave });
    builder.push(Instruction::CloseElement {});
    builder.land(filter);
    builder.end_walk(opener, cursor, true);
    builder.push(Instruction::CloseList { required: false });
    builder.close();
    check(
        &builder,
        &[
            (
                &input(r#"{"n":1,"t":"a"},{"n":0,"t":"b"},{"n":2}"#),
                r#"{"rows":[{"line":1,"t":"a"},{"line":2}]}"#,
            ),
            (&input(r#"{"n":0}"#), "{}"),
            (&input(""), "{}"),
            (r#"{}"#, "{}"),
            (r#"{"order":null}"#, "{}"),
            (r#"{"order":{"lines":null}}"#, "{}"),
            (r#"{"order":{"lines":{}}}"#, "R0201"),
            (r#"{"order":7}"#, "R0201"),
            (&input("7"), "R0201"),
            (&input("null"), "R0201"),
            (&input(r#"{"n":1,"n":2}"#), "R0103"),
        ],
    );
    let limits = Limits { list_rows: 2, ..Limits::default() };
    check_with(
        &builder,
        limits,
        &[
            (&input(r#"{"n":1},{"n":1}"#), r#"{"rows":[{"line":1},{"line":2}]}"#),
            (&input(r#"{"n":1},{"n":1},{"n":1}"#), "R0111"),
            (&input(r#"{"n":1},{"n":1},{"n":1,"n":1}"#), "R0103"),
            (&input(r#"{"n":1},{"n":1},{"n":1},x"#), "R0101"),
            (r#"{"other":[1,2,3,4]}"#, "{}"),
        ],
    );
    let limits = Limits { steps: 60, ..Limits::default() };
    check_with(&builder, limits, &[(&input(&[r#"{"n":1}"#; 100].join(",")), "R0113")]);
}

#[test]
fn facts_of_lists_are_tested_when_walked() {
    let Lines { mut builder, cursor, .. } =
        lines(&[Predicate::Present, Predicate::Count { min: 1, max: Some(2) }]);
    let opener = builder.push(Instruction::EachRow { cursor, end: Label(0) });
    builder.end_walk(opener, cursor, false);
    builder.open();
    builder.close();
    check(
        &builder,
        &[
            (&input("{}"), "{}"),
            (&input("{},{}"), "{}"),
            (&input("{},{},{}"), "R0201"),
            (&input(""), "R0201"),
            ("{}", "R0201"),
            (r#"{"order":null}"#, "R0201"),
        ],
    );
}

/// Collects all rows with the key in `key`.
fn collect(builder: &mut Builder, cursor: Cursor, read: Instruction, key: Register) {
    builder.push(Instruction::ClearRows { cursor });
    let opener = builder.push(Instruction::EachRow { cursor, end: Label(0) });
    builder.push(read);
    builder.push(Instruction::CollectKeyed { cursor, key });
    builder.end_walk(opener, cursor, false);
}

fn write_collected(builder: &mut Builder, cursor: Cursor, n: Field) {
    let fragment = builder.key("rows");
    builder.push(Instruction::OpenList { fragment });
    let opener = builder.push(Instruction::EachCollected { cursor, end: Label(0) });
    builder.push(Instruction::KeepRow { cursor });
    let fragment = builder.key("");
    builder.push(Instruction::CopyNumber {
        fragment,
        cursor,
        field: n,
        form: NumberForm::Plain,
        null: OnNull::Write,
    });
    builder.push(Instruction::EndElement {});
    builder.end_walk(opener, cursor, true);
    builder.push(Instruction::CloseList { required: true });
}

#[test]
fn rows_are_sorted_with_missing_keys_last() {
    for (descending, expect) in [(false, r#"{"rows":[4,1,5,2,3,6]}"#), (true, r#"{"rows":[2,1,5,4,3,6]}"#)] {
        let Lines { mut builder, n, t, cursor, .. } = lines(&[]);
        collect(&mut builder, cursor, Instruction::ReadText { into: T, cursor, field: t }, T.into());
        builder.push(Instruction::SortRows { cursor, descending });
        builder.open();
        write_collected(&mut builder, cursor, n);
        builder.close();
        let rows = r#"{"n":1,"t":"b"},{"n":2,"t":"\u00fc"},{"n":3},{"n":4,"t":"a"},{"n":5,"t":"\u0062"},{"n":6,"t":null}"#;
        check(&builder, &[(&input(rows), expect), (&input(""), r#"{"rows":[]}"#)]);
    }
}

#[test]
fn rows_are_grouped_in_order_of_first_appearance() {
    let Lines { mut builder, n, t, cursor, .. } = lines(&[]);
    let list = builder.module.cursors[cursor.index()].list;
    let member = builder.cursor(list, Cursor(0));
    collect(&mut builder, cursor, Instruction::ReadText { into: T, cursor, field: t }, T.into());
    builder.push(Instruction::GroupRows { cursor });
    builder.open();
    let fragment = builder.key("groups");
    builder.push(Instruction::OpenList { fragment });
    let groups = builder.push(Instruction::EachCollected { cursor, end: Label(0) });
    builder.push(Instruction::KeepRow { cursor });
    builder.push(Instruction::OpenElement {});
    let fragment = builder.key("t");
    builder.push(Instruction::CopyText { fragment, cursor, field: t, null: OnNull::Leave });
    let zero = builder.number(0);
    let failure = Failure::Reject(builder.reason(403));
    builder.push(Instruction::LoadNumber { into: N, constant: zero });
    let rows = builder.push(Instruction::EachInGroup { cursor: member, group: cursor, end: Label(0) });
    builder.push(Instruction::ReadNumber { into: NumberRegister(1), cursor: member, field: n });
    builder.push(Instruction::Accumulate { sum: N, value: NumberRegister(1), failure });
    builder.end_walk(rows, member, false);
    let fragment = builder.key("sum");
    builder.push(Instruction::PutNumber { fragment, value: N, form: NumberForm::Plain, null: OnNull::Leave });
    builder.push(Instruction::CloseElement {});
    builder.end_walk(groups, cursor, true);
    builder.push(Instruction::CloseList { required: true });
    builder.close();
    let rows = r#"{"n":1.50,"t":"b"},{"n":2},{"n":3,"t":"a"},{"n":4,"t":"\u0062"},{"n":5.5,"t":null},{"n":null,"t":"a"}"#;
    check(
        &builder,
        &[
            (&input(rows), r#"{"groups":[{"t":"b","sum":5.5},{"sum":7.5},{"t":"a","sum":3}]}"#),
            (&input(&format!(r#"{{"n":{0}}},{{"n":{0}}}"#, "9".repeat(34))), "R0403"),
        ],
    );
}

#[test]
fn groups_can_be_sorted() {
    let Lines { mut builder, n, t, cursor, .. } = lines(&[]);
    collect(&mut builder, cursor, Instruction::ReadText { into: T, cursor, field: t }, T.into());
    builder.push(Instruction::GroupRows { cursor });
    let walk = builder.push(Instruction::EachCollected { cursor, end: Label(0) });
    builder.push(Instruction::ReadNumber { into: N, cursor, field: n });
    builder.push(Instruction::SetKey { cursor, key: N.into() });
    builder.end_walk(walk, cursor, false);
    builder.push(Instruction::SortRows { cursor, descending: true });
    builder.open();
    write_collected(&mut builder, cursor, n);
    builder.close();
    let rows = r#"{"n":1,"t":"b"},{"n":9,"t":"b"},{"n":3,"t":"a"},{"n":2.0,"t":"c"}"#;
    check(&builder, &[(&input(rows), r#"{"rows":[3,2.0,1]}"#)]);
}

#[test]
fn aggregates() {
    let Lines { mut builder, n, t, cursor, .. } = lines(&[]);
    let separator = builder.text(", ");
    let zero = builder.number(0);
    let (least, greatest, rows, present) =
        (NumberRegister(1), NumberRegister(2), NumberRegister(3), NumberRegister(4));
    for into in [least, greatest] {
        builder.push(Instruction::Clear { into: into.into() });
    }
    for into in [rows, present] {
        builder.push(Instruction::LoadNumber { into, constant: zero });
    }
    let joined = TextRegister(1);
    builder.push(Instruction::Clear { into: joined.into() });
    let opener = builder.push(Instruction::EachRow { cursor, end: Label(0) });
    builder.push(Instruction::ReadNumber { into: N, cursor, field: n });
    builder.push(Instruction::ReadText { into: T, cursor, field: t });
    builder.push(Instruction::KeepLeast { least: least.into(), value: N.into() });
    builder.push(Instruction::KeepGreatest { greatest: greatest.into(), value: N.into() });
    builder.push(Instruction::CountRow { count: rows });
    builder.push(Instruction::CountValue { count: present, value: T.into() });
    builder.push(Instruction::Join { text: joined, value: T, separator });
    builder.end_walk(opener, cursor, false);
    builder.open();
    for (name, value) in [("least", least), ("greatest", greatest), ("rows", rows), ("present", present)] {
        let fragment = builder.key(name);
        builder.push(Instruction::PutNumber {
            fragment,
            value,
            form: NumberForm::Plain,
            null: OnNull::Leave,
        });
    }
    let fragment = builder.key("joined");
    builder.push(Instruction::PutText { fragment, value: joined, null: OnNull::Leave });
    builder.close();
    check(
        &builder,
        &[
            (
                &input(r#"{"n":2.0,"t":"x"},{"n":2,"t":"\t"},{"n":-1},{"t":"z","n":null}"#),
                r#"{"least":-1,"greatest":2.0,"rows":4,"present":3,"joined":"x, \t, z"}"#,
            ),
            (&input(""), r#"{"rows":0,"present":0}"#),
        ],
    );
}

#[test]
fn one_row_is_picked() {
    for (pick, expect) in [(Pick::First, r#"{"n":1}"#), (Pick::Last, r#"{"n":3}"#), (Pick::Only, "R0401")] {
        let Lines { mut builder, n, cursor, .. } = lines(&[]);
        let failure = Failure::Reject(builder.reason(401));
        builder.push(Instruction::ClearRows { cursor });
        let opener = builder.push(Instruction::EachRow { cursor, end: Label(0) });
        builder.push(Instruction::CollectRow { cursor });
        builder.end_walk(opener, cursor, false);
        builder.push(Instruction::Clear { into: N.into() });
        let opener = builder.push(Instruction::PickRow { cursor, pick, end: Label(0), failure });
        builder.push(Instruction::ReadNumber { into: N, cursor, field: n });
        builder.end_walk(opener, cursor, false);
        builder.open();
        let fragment = builder.key("n");
        builder.push(Instruction::PutNumber {
            fragment,
            value: N,
            form: NumberForm::Plain,
            null: OnNull::Leave,
        });
        builder.close();
        check(
            &builder,
            &[
                (&input(r#"{"n":1},{"n":2},{"n":3}"#), expect),
                (&input(r#"{"n":7}"#), r#"{"n":7}"#),
                (&input(""), "{}"),
            ],
        );
    }
}

#[test]
fn lists_within_lists() {
    let Lines { mut builder, t, item, cursor, inner, .. } = lines(&[]);
    builder.open();
    let fragment = builder.key("rows");
    builder.push(Instruction::OpenList { fragment });
    let outer = builder.push(Instruction::EachRow { cursor, end: Label(0) });
    builder.push(Instruction::OpenElement {});
    let fragment = builder.key("t");
    builder.push(Instruction::CopyText { fragment, cursor, field: t, null: OnNull::Leave });
    let fragment = builder.key("items");
    builder.push(Instruction::OpenList { fragment });
    let opener = builder.push(Instruction::EachRow { cursor: inner, end: Label(0) });
    let fragment = builder.key("");
    builder.push(Instruction::CopyNumber {
        fragment,
        cursor: inner,
        field: item,
        form: NumberForm::Plain,
        null: OnNull::Leave,
    });
    builder.push(Instruction::EndElement {});
    builder.end_walk(opener, inner, true);
    builder.push(Instruction::CloseList { required: false });
    builder.push(Instruction::CloseElement {});
    builder.end_walk(outer, cursor, true);
    builder.push(Instruction::CloseList { required: false });
    builder.close();
    check(
        &builder,
        &[
            (
                &input(r#"{"items":[1,null,2],"t":"\u0061"},{"t":"b","items":[]},{},{"items":[3]}"#),
                r#"{"rows":[{"t":"a","items":[1,2]},{"t":"b"},{},{"items":[3]}]}"#,
            ),
            (&input(r#"{"items":[1]},{"items":["x"]}"#), "R0201"),
        ],
    );
}

#[test]
fn lists_of_the_document_are_guarded() {
    for (predicate, required) in [
        (Predicate::Unique, false),
        (Predicate::Count { min: 2, max: Some(3) }, false),
        (Predicate::Count { min: 2, max: Some(3) }, true),
    ] {
        let unique = predicate == Predicate::Unique;
        let Lines { mut builder, n, cursor, .. } = lines(&[]);
        let predicate = builder.predicate(predicate);
        let guard = builder.guard();
        builder.open();
        let fragment = builder.key("rows");
        builder.push(Instruction::OpenList { fragment });
        let opener = builder.push(Instruction::EachRow { cursor, end: Label(0) });
        let fragment = builder.key("");
        builder.push(Instruction::CopyNumber {
            fragment,
            cursor,
            field: n,
            form: NumberForm::Plain,
            null: OnNull::Leave,
        });
        builder.push(Instruction::EndElement {});
        builder.end_walk(opener, cursor, true);
        let reason = builder.reason(401);
        if required {
            builder.push(Instruction::RequireList { predicate, required, guard, reason });
        } else {
            let pass = builder.push(Instruction::CheckList { predicate, required, guard, pass: Label(0) });
            builder.push(Instruction::ClearList {});
            builder.land(pass);
        }
        builder.push(Instruction::CloseList { required });
        builder.close();
        let one = input(r#"{"n":1}"#);
        let two = input(r#"{"n":1},{"n":1}"#);
        let four = input(r#"{"n":1},{"n":2},{"n":3},{"n":4}"#);
        match (unique, required) {
            (true, _) => check(
                &builder,
                &[(&one, r#"{"rows":[1]}"#), (&two, "{}"), (&four, r#"{"rows":[1,2,3,4]}"#), ("{}", "{}")],
            ),
            (false, false) => {
                check(&builder, &[(&one, "{}"), (&two, r#"{"rows":[1,1]}"#), (&four, "{}"), ("{}", "{}")]);
            }
            (false, true) => check(
                &builder,
                &[(&one, "R0401"), (&two, r#"{"rows":[1,1]}"#), (&four, "R0401"), ("{}", "R0401")],
            ),
        }
    }
}
