//! Walks over rows: filters, groups, sorting, aggregates, lists of the document.

use mapc_check::typed::*;
use mapc_diagnostics::Code;
use mapc_types::Wire;

use super::Case;
use crate::builder::*;

pub(super) fn cases() -> Vec<Case> {
    vec![filtered(), sorted(), grouped(), nested(), aggregates(), picks(), list_guards(), list_facts()]
}

/// A list of the document whose rows are `{"n": position, "a": a}`.
fn lines(builder: &mut Builder, key: &str, rows: Rows, required: bool) {
    let scope = rows.scope;
    let rows = builder.rows(rows);
    let number = expression(ExpressionKind::Position(scope));
    let number = builder.value("n", Write::Number { whole: true }, number);
    let text = builder.text(scope, "a");
    let text = builder.value("a", Write::Text, text);
    let fields = vec![node("n", Content::Value(number)), node("a", Content::Value(text))];
    builder.put_list(key, rows, ListBody::Record(RecordBody { fields }), required, Vec::new());
}

fn filtered() -> Case {
    let mut builder = Builder::default();
    let mut rows = builder.list(MESSAGE, "rows", true, Vec::new());
    let quantity = builder.number(rows.scope, "q");
    rows.filter = Some(compare(Comparison::Greater, quantity, constant(whole(0))));
    lines(&mut builder, "items", rows, true);
    let rows = builder.list(MESSAGE, "other", false, Vec::new());
    let scope = rows.scope;
    let rows = builder.rows(rows);
    let text = builder.text(scope, "a");
    let text = builder.value("a", Write::Text, text);
    let fields = vec![node("a", Content::Value(text))];
    let when = builder.text(MESSAGE, "with");
    builder.put_list("other", rows, ListBody::Record(RecordBody { fields }), true, Vec::new());
    if let Some(FieldNode { content: Content::List(list), .. }) = builder.typed.document.fields.last_mut() {
        list.when = Some(is(when, words("yes"), false));
    }
    Case::new(
        "filtered rows",
        builder,
        &[
            ("{}", r#"{"items":[]}"#),
            (r#"{"rows":null}"#, r#"{"items":[]}"#),
            (
                r#"{"rows":[{"q":0,"a":"x"},{"q":1,"a":"y"},{"a":"z"},{"q":0.5}]}"#,
                r#"{"items":[{"n":1,"a":"y"},{"n":2}]}"#,
            ),
            // A row is written before the next one is looked at: its complaint comes first.
            (r#"{"rows":[{"q":1,"a":1},{"q":"x"}]}"#, "reject R0201 a: R0201"),
            (r#"{"rows":[{"q":0,"a":1},{"q":"x"}]}"#, "reject R0201 q: R0201"),
            (r#"{"with":"yes","other":[{},{"a":"1"}]}"#, r#"{"items":[],"other":[{},{"a":"1"}]}"#),
            (r#"{"with":"yes"}"#, r#"{"items":[],"other":[]}"#),
            (r#"{"with":"no","other":[{}]}"#, r#"{"items":[]}"#),
            (r#"{"with":"no","other":1}"#, r#"{"items":[]}"#),
            (r#"{"with":"yes","other":null}"#, "reject R0201 other: R0201"),
        ],
    )
}

fn sorted() -> Case {
    let mut builder = Builder::default();
    let base = builder.list(MESSAGE, "rows", true, Vec::new());
    let sorts: [(&str, &str, bool); 4] =
        [("up", "s", false), ("down", "s", true), ("text", "t", false), ("flag", "f", true)];
    for (key, source, descending) in sorts {
        let mut rows = builder.again(&base);
        let kind = match source {
            "s" => ReadKind::Decimal(Wire::Plain),
            "t" => ReadKind::Text,
            _ => ReadKind::Bool,
        };
        let sort = builder.field(rows.scope, source, kind, true, Vec::new());
        rows.sort = Some(Sort { key: sort, descending });
        let kept = builder.text(rows.scope, "a");
        rows.filter = Some(is(kept, words("no"), true));
        lines(&mut builder, key, rows, false);
    }
    Case::new(
        "sorted rows",
        builder,
        &[
            ("{}", "{}"),
            (
                r#"{"rows":[{"a":"1","s":2},{"a":"2"},{"a":"3","s":10},{"a":"no"},{"a":"4","s":2.0},{"a":"5","s":null}]}"#,
                r#"{"up":[{"n":1,"a":"1"},{"n":2,"a":"4"},{"n":3,"a":"3"},{"n":4,"a":"2"},{"n":5,"a":"5"}],"down":[{"n":1,"a":"3"},{"n":2,"a":"1"},{"n":3,"a":"4"},{"n":4,"a":"2"},{"n":5,"a":"5"}],"text":[{"n":1,"a":"1"},{"n":2,"a":"2"},{"n":3,"a":"3"},{"n":4,"a":"4"},{"n":5,"a":"5"}],"flag":[{"n":1,"a":"1"},{"n":2,"a":"2"},{"n":3,"a":"3"},{"n":4,"a":"4"},{"n":5,"a":"5"}]}"#,
            ),
            (
                r#"{"rows":[{"a":"1","t":"\u00e9","f":false},{"a":"2","t":"z"},{"a":"3","t":"","f":true},{"a":"4","t":"\ud83d\ude00"},{"a":"5","t":"\uffff"}]}"#,
                r#"{"up":[{"n":1,"a":"1"},{"n":2,"a":"2"},{"n":3,"a":"3"},{"n":4,"a":"4"},{"n":5,"a":"5"}],"down":[{"n":1,"a":"1"},{"n":2,"a":"2"},{"n":3,"a":"3"},{"n":4,"a":"4"},{"n":5,"a":"5"}],"text":[{"n":1,"a":"3"},{"n":2,"a":"2"},{"n":3,"a":"1"},{"n":4,"a":"5"},{"n":5,"a":"4"}],"flag":[{"n":1,"a":"3"},{"n":2,"a":"1"},{"n":3,"a":"2"},{"n":4,"a":"4"},{"n":5,"a":"5"}]}"#,
            ),
            // All keys are read before the first row is written.
            (r#"{"rows":[{"a":"1","s":2},{"a":"2","s":"x"}]}"#, "reject R0201 s: R0201"),
        ],
    )
}

fn grouped() -> Case {
    let mut builder = Builder::default();
    let mut rows = builder.list(MESSAGE, "rows", true, Vec::new());
    let group = rows.scope;
    rows.group = Some(builder.number(group, "g"));
    let inner = builder.group_rows(group);
    let amount = builder.number(inner.scope, "q");
    let all = builder.again(&inner);
    let element = builder.text(all.scope, "a");
    let joined = builder.aggregate(Aggregate::Join("+".into()), all, Some(element), None);
    let sum = builder.aggregate(Aggregate::Sum, inner, Some(amount), None);
    rows.sort = Some(Sort { key: sum.clone(), descending: true });
    let first = builder.number(group, "g");
    let fields = [
        ("n", Write::Number { whole: true }, expression(ExpressionKind::Position(group))),
        ("g", Write::Number { whole: false }, first),
        ("sum", Write::Number { whole: false }, sum),
        ("all", Write::Text, joined),
    ];
    let fields = fields
        .map(|(key, write, value)| node(key, Content::Value(builder.value(key, write, value))))
        .to_vec();
    let rows = builder.rows(rows);
    builder.put_list("groups", rows, ListBody::Record(RecordBody { fields }), false, Vec::new());
    Case::new(
        "grouped rows",
        builder,
        &[
            ("{}", "{}"),
            (
                r#"{"rows":[{"g":1.0,"q":1,"a":"a"},{"q":2,"a":"b"},{"g":2,"q":10},{"g":1,"q":3.50,"a":"c"},{"g":null,"a":"d"}]}"#,
                r#"{"groups":[{"n":1,"g":2,"sum":10},{"n":2,"g":1.0,"sum":4.5,"all":"a+c"},{"n":3,"sum":2,"all":"b+d"}]}"#,
            ),
            (r#"{"rows":[{"g":1},{"g":"x"}]}"#, "reject R0201 g: R0201"),
        ],
    )
}

fn nested() -> Case {
    let mut builder = Builder::default();
    let outer = builder.list(MESSAGE, "a.orders", false, Vec::new());
    let outer_scope = outer.scope;
    let inner = builder.list(outer_scope, "lines", true, Vec::new());
    let inner_scope = inner.scope;
    let inner = builder.rows(inner);
    let outer = builder.rows(outer);
    let parts = template(vec![
        ("", Some(builder.text(outer_scope, "id"))),
        (":", Some(builder.text(inner_scope, "x.y"))),
        (":", Some(builder.text(MESSAGE, "top"))),
        (":", Some(expression(ExpressionKind::Position(outer_scope)))),
        (".", Some(expression(ExpressionKind::Position(inner_scope)))),
    ]);
    let value = builder.value("rows[].lines[]", Write::Text, expression(ExpressionKind::Template(parts)));
    let list = ListNode {
        when: None,
        rows: inner,
        body: ListBody::Value(value),
        required: false,
        guards: Vec::new(),
        target: "lines".into(),
    };
    let fields = vec![node("lines", Content::List(list))];
    builder.put_list("rows", outer, ListBody::Record(RecordBody { fields }), false, Vec::new());
    Case::new(
        "nested rows",
        builder,
        &[
            (
                r#"{"top":"t","a":{"orders":[{"id":"1","lines":[{"x":{"y":"p"}},{"x":null},{"x":{"y":"q"}}]},{"lines":null},{"id":"3","lines":[{"x":{"y":"r"}}]}]}}"#,
                r#"{"rows":[{"lines":["1:p:t:1.1","1:q:t:1.3"]},{},{"lines":["3:r:t:3.1"]}]}"#,
            ),
            (r#"{"a":{"orders":[{"lines":[1]}]}}"#, "reject R0201 x.y: R0201"),
            (r#"{"a":{"orders":[{"lines":[{"x":1}]}]}}"#, "reject R0201 x.y: R0201"),
            (r#"{"a":{"orders":[{"lines":{}}]}}"#, "reject R0201 lines: R0201"),
            (r#"{"a":null}"#, "reject R0201 a.orders: R0201"),
            (r#"{"a":{}}"#, "{}"),
        ],
    )
}

fn aggregates() -> Case {
    let mut builder = Builder::default();
    let base = builder.list(MESSAGE, "rows", true, Vec::new());
    let overflow = Some(builder.reason(Code::R0403, "sum"));
    let number = Write::Number { whole: false };
    let functions = [
        ("sum", Aggregate::Sum, number),
        ("count", Aggregate::Count, number),
        ("min", Aggregate::Min, number),
        ("max", Aggregate::Max, number),
        ("join", Aggregate::Join(", ".into()), Write::Text),
    ];
    for (key, function, write) in functions {
        let rows = builder.again(&base);
        let element = builder.number(rows.scope, "q");
        let value = builder.aggregate(function, rows, Some(element), overflow);
        builder.put(key, write, value);
    }
    let mut rows = builder.again(&base);
    let kept = builder.text(rows.scope, "k");
    rows.filter = Some(is(kept, words("y"), false));
    let value = builder.aggregate(Aggregate::Count, rows, None, None);
    builder.put_number("kept", value);
    let rows = builder.again(&base);
    let element = builder.text(rows.scope, "k");
    let value = builder.aggregate(Aggregate::Max, rows, Some(element), None);
    builder.put_text("last", value);
    let nines = "9".repeat(34);
    let long = format!(r#"{{"rows":[{{"q":{nines}}},{{"q":1}}]}}"#);
    Case::new(
        "aggregates",
        builder,
        &[
            ("{}", r#"{"sum":0,"count":0,"kept":0}"#),
            (
                r#"{"rows":[{"q":1.50,"k":"y"},{"k":"z"},{"q":null},{"q":-2.0,"k":"y"},{"q":1.5}]}"#,
                r#"{"sum":1,"count":3,"min":-2.0,"max":1.50,"join":"1.5, -2, 1.5","kept":2,"last":"z"}"#,
            ),
            (&long, "reject R0403 sum: R0403"),
            (r#"{"rows":[{"q":1},{"q":true}]}"#, "reject R0201 q: R0201"),
        ],
    )
}

fn picks() -> Case {
    let mut builder = Builder::default();
    let base = builder.list(MESSAGE, "rows", true, Vec::new());
    let several = Some(builder.reason(Code::R0401, "only"));
    for (key, function) in [("first", Aggregate::First), ("last", Aggregate::Last), ("only", Aggregate::Only)]
    {
        let mut rows = builder.again(&base);
        let kept = builder.text(rows.scope, "k");
        rows.filter = Some(is(kept, words(key), false));
        let element = builder.number(rows.scope, "q");
        let value = builder.aggregate(function, rows, Some(element), several);
        builder.put_number(key, value);
    }
    let mut rows = builder.again(&base);
    let sort = builder.number(rows.scope, "q");
    rows.sort = Some(Sort { key: sort, descending: true });
    let element = builder.text(rows.scope, "k");
    let value = builder.aggregate(Aggregate::First, rows, Some(element), None);
    builder.put_text("largest", value);
    Case::new(
        "first, last and only",
        builder,
        &[
            ("{}", "{}"),
            (
                r#"{"rows":[{"k":"first","q":1.0},{"k":"first","q":2},{"k":"last","q":3},{"k":"last","q":4.0},{"k":"only","q":5.0}]}"#,
                r#"{"first":1.0,"last":4.0,"only":5.0,"largest":"only"}"#,
            ),
            (r#"{"rows":[{"k":"first"},{"k":"first","q":2}]}"#, r#"{"largest":"first"}"#),
            (r#"{"rows":[{"k":"last","q":2},{"k":"last"}]}"#, r#"{"largest":"last"}"#),
            (r#"{"rows":[{"k":"only","q":"x"},{"k":"only"}]}"#, "reject R0401 only: R0401"),
            // Only the picked row's element is read.
            (r#"{"rows":[{"k":"first"},{"k":"first","q":"x"}]}"#, "reject R0201 q: R0201"),
        ],
    )
}

fn list_guards() -> Case {
    let mut builder = Builder::default();
    let few = builder.reason(Code::R0401, "few");
    let same = builder.reason(Code::R0401, "same");
    let base = builder.list(MESSAGE, "rows", true, Vec::new());
    let guard = |predicate, action| Guard { predicate, action, id: "g".into() };
    for (key, required) in [("must", true), ("may", false)] {
        let rows = builder.again(&base);
        let element = builder.number(rows.scope, "");
        let element = builder.value(key, Write::Number { whole: false }, element);
        let rows = builder.rows(rows);
        let text = template(vec![("too few in ", Some(builder.text(MESSAGE, "id")))]);
        let action = if required { Action::Omit } else { Action::Reject { reason: few, text } };
        let unique = Action::Reject { reason: same, text: Vec::new() };
        let guards =
            vec![guard(Predicate::Count { min: 2, max: Some(3) }, action), guard(Predicate::Unique, unique)];
        builder.put_list(key, rows, ListBody::Value(element), required, guards);
    }
    Case::new(
        "list guards",
        builder,
        &[
            ("{}", r#"{"must":[]}"#),
            (r#"{"rows":[1,2]}"#, r#"{"must":[1,2],"may":[1,2]}"#),
            (r#"{"rows":[1,null,2.0]}"#, r#"{"must":[1,2.0],"may":[1,2.0]}"#),
            (r#"{"rows":[1,null,1.0]}"#, "reject R0401 same: R0401"),
            (r#"{"rows":[1,2,1]}"#, "reject R0401 same: R0401"),
            (r#"{"id":"x","rows":[1]}"#, "reject R0401 too few in x"),
            (r#"{"id":"x","rows":[1,1,1,1]}"#, "reject R0401 too few in x"),
            (r#"{"rows":[null]}"#, r#"{"must":[]}"#),
            (r#"{"rows":["x"]}"#, "reject R0201 : R0201"),
        ],
    )
}

fn list_facts() -> Case {
    let mut builder = Builder::default();
    let facts = vec![Predicate::Present, Predicate::Count { min: 1, max: Some(2) }];
    let rows = builder.list(MESSAGE, "rows", true, facts);
    let when = builder.text(MESSAGE, "with");
    lines(&mut builder, "items", rows, false);
    if let Some(FieldNode { content: Content::List(list), .. }) = builder.typed.document.fields.last_mut() {
        list.when = Some(is(when, words("yes"), false));
    }
    Case::new(
        "facts of lists",
        builder,
        &[
            ("{}", "{}"),
            (r#"{"with":"yes"}"#, "reject R0201 rows: R0201"),
            (r#"{"with":"yes","rows":null}"#, "reject R0201 rows: R0201"),
            (r#"{"with":"yes","rows":[]}"#, "reject R0201 rows: R0201"),
            (r#"{"with":"yes","rows":[{}]}"#, r#"{"items":[{"n":1}]}"#),
            (r#"{"with":"yes","rows":[1,2,3]}"#, "reject R0201 rows: R0201"),
            (r#"{"rows":[1,2,3]}"#, "{}"),
        ],
    )
}
