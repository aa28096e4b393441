//! Totals that are added up while rows are written end a run where the map asks for them, not where the rows stand.

use mapc_check::typed::*;
use mapc_diagnostics::{Code, Sources};
use mapc_model::builder::*;

use super::{Vm, agree, by_model, difference};

/// `rows` with the number `q` in each, a field `late` that is needed, and the sum and the count of the rows behind it.
fn map() -> Typed {
    let mut builder = Builder::default();
    let late = builder.reason(Code::R0301, "late");
    let failure = builder.reason(Code::R0403, "sum");
    let rows = builder.list(MESSAGE, "rows", true, Vec::new());
    let amount = builder.number(rows.scope, "q");
    let amount = builder.value("rows.q", Write::Number { whole: false }, amount);
    let fields = vec![node("q", Content::Value(amount))];
    let rows = builder.rows(rows);
    builder.put_list("rows", rows, ListBody::Record(RecordBody { fields }), true, Vec::new());
    let value = builder.text(MESSAGE, "late");
    builder.put_text("late", or_else(value, Fallback::Reject { reason: late, text: Vec::new() }));
    let element = Some(Box::new(expression(ExpressionKind::Target(amount))));
    let kinds = [
        ("sum", Aggregate::Sum, element.clone(), Some(failure)),
        ("there", Aggregate::Count, element, None),
        ("count", Aggregate::Count, None, None),
    ];
    for (key, function, element, failure) in kinds {
        let total = ExpressionKind::Aggregate { function, rows, element, failure };
        builder.put_number(key, expression(total));
    }
    builder.typed
}

fn check(input: &str, expect: &str) {
    let typed = map();
    assert!(by_model(&typed, input.as_bytes()).starts_with(expect), "{input}");
    let mut vm = Vm::new("totals", &typed);
    agree(difference("totals", &typed, &mut vm, input.as_bytes()).into_iter().collect());
}

#[test]
fn totals_are_those_of_the_rows() {
    check(
        r#"{"late":"x","rows":[{"q":1.50},{},{"q":2.5}]}"#,
        r#"deliver {"rows":[{"q":1.50},{},{"q":2.5}],"late":"x","sum":4,"there":2,"count":3}"#,
    );
    check(r#"{"late":"x"}"#, r#"deliver {"rows":[],"late":"x","sum":0,"there":0,"count":0}"#);
}

#[test]
fn an_addition_that_fails_ends_the_run_at_the_sum() {
    let nines = "9".repeat(34);
    let rows = format!(r#""rows":[{{"q":{nines}}},{{"q":{nines}}},{{"q":1}}]"#);
    check(&format!("{{{rows}}}"), "reject R0301");
    check(&format!(r#"{{"late":"x",{rows}}}"#), "reject R0403");
}

#[test]
fn rows_are_walked_again_only_when_an_addition_failed() {
    let module = crate::emit_typed(&map(), Vec::new(), &Sources::new());
    let walks = module.code.iter().filter(|one| one.name() == "EachRow").count();
    assert_eq!(walks, 2, "the list, and the sum that failed");
}
