//! Tests of the checker, through one helper: a block of lines over one small pair of schemas, and the codes it must give.

use std::collections::BTreeMap;

use mapc_diagnostics::Sources;
use mapc_schema::{Direction, Operation};

use crate::typed::{ExpressionKind, Predicate, Typed};
use crate::{CheckInput, check, references};

const SOURCE: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object", "additionalProperties": false,
  "required": ["id", "status", "placedAt", "total", "lines", "billTo", "codes"],
  "properties": {
    "id": {"type": "string", "minLength": 1, "maxLength": 20, "pattern": "^[A-Z0-9-]+$"},
    "status": {"enum": ["draft", "open", "closed"]},
    "note": {"type": "string", "maxLength": 500},
    "cleared": {"type": ["string", "null"], "maxLength": 10},
    "free": {"type": "string"},
    "loose": {},
    "either": { "anyOf": [{ "type": "string", "minLength": 3, "maxLength": 20 }, { "type": "string", "minLength": 3, "format": "uuid" }] },
    "gift": {"type": "boolean"},
    "placedAt": {"type": "string", "format": "date-time"},
    "due": {"type": "string", "format": "date"},
    "total": {"type": "string", "x-mapc-decimal": {"precision": 15, "scale": 4}},
    "percent": {"type": "number", "minimum": 0, "maximum": 100},
    "count": {"type": "integer", "minimum": 0, "maximum": 999},
    "billTo": {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
      "name": {"type": "string", "minLength": 1, "maxLength": 40}, "country": {"type": "string", "pattern": "^[A-Z]{2}$", "minLength": 2, "maxLength": 2}}},
    "codes": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 5}},
    "lines": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "object", "additionalProperties": false,
      "required": ["sku", "quantity", "amount"], "properties": {
        "sku": {"type": "string", "minLength": 1, "maxLength": 15},
        "tax": {"enum": ["S", "R", "Z"]},
        "marks": {"type": "array", "items": {"type": "string", "maxLength": 5}},
        "quantity": {"type": "integer", "minimum": 0, "maximum": 100},
        "amount": {"type": "string", "x-mapc-decimal": {"precision": 12, "scale": 2}}}}}
  }
}"#;

const TARGET: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object", "additionalProperties": false, "required": ["externalId"],
  "properties": {
    "externalId": {"type": "string", "minLength": 1, "maxLength": 30},
    "memo": {"type": "string", "maxLength": 300},
    "title": {"type": "string"},
    "clear": {"type": ["string", "null"]},
    "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
    "status": {"enum": ["A", "B"]},
    "day": {"type": "string", "format": "date"},
    "total": {"type": "number", "multipleOf": 0.01},
    "rank": {"type": "integer", "minimum": 1, "maximum": 9},
    "any": {"type": "number"},
    "quarter": {"type": "number", "multipleOf": 0.25},
    "pair": {"type": "object", "additionalProperties": false, "minProperties": 2, "maxProperties": 2, "properties": {
      "a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}}},
    "flag": {"type": "boolean"},
    "number": {"type": "string", "readOnly": true},
    "terms": {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
    "tags": {"type": "array", "items": {"type": "string", "maxLength": 5}},
    "unique": {"type": "array", "uniqueItems": true, "items": {"type": "string"}},
    "items": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "object", "additionalProperties": false,
      "required": ["item"], "properties": {
        "item": {"type": "string", "maxLength": 20},
        "marks": {"type": "array", "items": {"type": "string"}},
        "line": {"type": "integer", "minimum": 1},
        "rate": {"type": "number", "multipleOf": 0.0001},
        "amount": {"type": "number", "multipleOf": 0.01}}}}
  }
}"#;

/// A whole map around some lines: `head` before the fields, `lines` in them.
fn map(head: &str, lines: &str) -> String {
    format!(
        "map test.order version 1\nfrom source.order@1 as order\nto netsuite.order@1\n{head}\nfields {{\n  externalId = order.id\n{lines}\n}}\n"
    )
}

fn run(text: &str) -> (Vec<String>, Option<Typed>) {
    let mut sources = Sources::new();
    let source = sources.add("source/order@1.schema.json", SOURCE);
    let target = sources.add("netsuite/order@1.schema.json", TARGET);
    let file = sources.add("test.map", text);
    let parsed = mapc_grammar::parse(&sources, file);
    let mut said: Vec<String> =
        parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.number().to_owned()).collect();
    let operation = references(&parsed.value).operation.unwrap_or(Operation::Create);
    let source = mapc_schema::load(&sources, source, &[], Direction::Source);
    let target = mapc_schema::load(&sources, target, &[], Direction::Target(operation));
    let tables = BTreeMap::new();
    let checked = check(CheckInput {
        sources: &sources,
        map: file,
        tree: &parsed.value,
        source: source.value.as_ref(),
        target: target.value.as_ref(),
        tables: &tables,
    });
    said.extend(checked.diagnostics.iter().map(|diagnostic| {
        assert!(diagnostic.title.chars().count() <= 100, "long title: {}", diagnostic.title);
        assert!(!diagnostic.title.ends_with('.'), "full stop: {}", diagnostic.title);
        diagnostic.code.number().to_owned()
    }));
    (said, checked.value.map(|checked| checked.typed().clone()))
}

/// The lines give exactly these codes (parsing and checking), and the map is checked exactly when there is no error.
#[track_caller]
fn expect(head: &str, lines: &str, codes: &[&str]) -> Option<Typed> {
    let text = map(head, lines);
    let (said, typed) = run(&text);
    assert_eq!(said, codes, "\n{text}");
    assert_eq!(typed.is_some(), !codes.iter().any(|code| code.starts_with('E')));
    typed
}

#[test]
fn presence() {
    expect("", "", &[]);
    expect("", "memo = order.free | cut 300", &[]);
    expect("", "terms.id = order.free", &[]);
    expect("", "terms.id = order.free\nterms.name = order.free", &["E0303"]);
    expect("", "terms.name = order.free", &["E0301"]);
    expect("", "terms.id = order.free else \"none\"\nterms.name = order.free", &[]);
    expect("", "terms.id = order.free else reject \"no\"\nterms.name = order.free", &[]);
    expect("", "terms.id = order.id when order.gift\nterms.name = order.free", &["E0304"]);
    expect("reject \"no\" when order.free is missing", "terms.id = order.free\nterms.name = order.free", &[]);
    expect("", "title = order.id else \"x\"", &["W0301"]);
    expect("policy {\n  missing else reject\n}", "terms.id = order.free\nterms.name = order.free", &[]);
    expect("deliver {\n  upsert by externalId\n}", "title = order.cleared", &["E0305"]);
    expect("deliver {\n  upsert by externalId\n}", "clear = order.cleared", &[]);
    expect("", "title = order.cleared", &[]);
}

#[test]
fn names() {
    expect("", "titel = order.note", &["E0202"]);
    expect("", "title = order.noot", &["E0201"]);
    expect("", "title = ordr.note", &["E0207"]);
    expect("", "title = note", &["E0207"]);
    expect("", "title = order.sku", &["E0203"]);
    expect("", "custbody_x = order.note", &["E0204"]);
    expect("", "title = order.note\ntitle = order.free", &["E0205"]);
    expect("", "number = order.id", &["E0209"]);
    expect("", "title = memo\nmemo = title", &["E0208"]);
    expect("", "order.note = title", &["E0104"]);
    expect("", "title = order.note | cutt 5", &["E0206"]);
    expect("", "title = order.note | cut \"x\"", &["E0206"]);
    expect("let a = order.note\nlet a = order.id", "title = a", &["E0207"]);
    expect("let a = order.note", "", &["W0202"]);
    expect("zone \"Europe/Berlinn\"", "", &["E0407"]);
    expect("rounding half_upp", "", &["E0207"]);
}

#[test]
fn texts() {
    expect("", "memo = order.note", &["E0401"]);
    expect("", "memo = order.note or cut", &[]);
    expect("", "memo = order.note | cut 300", &[]);
    expect("", "memo = order.note or reject \"long\"", &[]);
    expect("", "memo = order.note or omit", &[]);
    expect("", "memo = order.note or default \"-\"", &[]);
    expect("policy {\n  text or cut\n}", "memo = order.note", &[]);
    expect("", "memo = order.note when order.note is not longer than 300", &[]);
    expect("", "memo = order.id or cut", &["W0301"]);
    expect("", "title = order.total", &["E0406"]);
    expect("", "title = order.total | text", &[]);
    expect("", "title = \"{order.id} {order.note}\"", &[]);
    expect("", "country = order.billTo.country", &[]);
    expect("", "country = order.free", &["E0404"]);
    expect("", "country = order.free or omit", &[]);
    expect("", "country = order.free when order.free matches \"^[A-Z]{2}$\"", &[]);
    expect("", "status = \"C\"", &["E0402"]);
    expect("", "status = \"A\"", &[]);
    expect("", "status = order.free", &["E0411"]);
    expect("", "status = order.status", &["E0411"]);
    expect("", "status = choose order.status { \"open\" -> \"A\"\n otherwise -> \"B\" }", &[]);
    expect("", "status = choose order.status { \"open\" -> \"A\" }", &["E0304"]);
    expect(
        "",
        "status = choose order.status { \"open\" -> \"A\"\n \"opn\" -> \"B\"\n otherwise -> \"B\" }",
        &["E0402"],
    );
    expect("", "title = \"x\" when order.status is \"opn\"", &["E0402"]);
}

#[test]
fn numbers() {
    expect("", "total = order.total", &["E0405"]);
    expect("", "total = order.total or round", &[]);
    expect("", "total = order.total | round 2", &[]);
    expect("", "any = order.total / order.count | round 2", &["E0412"]);
    expect("", "any = order.total / order.count | round 2 when order.count > 0", &[]);
    expect("", "any = order.total / order.count | round 2 or reject \"zero\"", &[]);
    expect("", "any = order.total / order.count", &["E0412"]);
    expect("", "rank = order.count", &["E0410", "E0410"]);
    expect("", "rank = order.count | clamp 1 9", &[]);
    expect("", "rank = order.count or omit", &[]);
    expect("", "rank = order.percent", &["E0405", "E0410", "E0410"]);
    expect("", "any = order.note", &["E0406"]);
    expect("", "any = order.note + 1", &["E0406"]);
    expect("", "flag = order.gift", &[]);
    expect("", "flag = order.count > 5", &[]);
    expect("", "any = -order.percent | round 2 when order.percent > 0", &[]);
}

#[test]
fn dates() {
    expect("", "day = order.due", &[]);
    expect("", "day = order.placedAt", &["E0407"]);
    expect("", "day = order.placedAt | date", &["E0407"]);
    expect("zone \"Europe/Berlin\"", "day = order.placedAt | date", &[]);
    expect("zone \"Europe/Berlin\"", "day = order.placedAt", &["E0406"]);
    expect("", "day = order.placedAt | written_date", &[]);
    expect("", "day = order.free | date", &[]);
    expect("", "day = \"2025-01-31\"", &[]);
    expect("", "day = \"2025-02-31\"", &["E0406"]);
}

#[test]
fn tables() {
    let table = "table st {\n  \"draft\" -> \"A\"\n  \"open\" -> \"B\"\n}";
    expect(table, "status = order.status | lookup st", &["E0403"]);
    expect(table, "status = order.status | lookup st or reject \"x\"", &[]);
    expect(table, "status = order.free | lookup st", &[]);
    expect(table, "status = order.free | lookup stt", &["E0601"]);
    expect("table st {\n  \"a\" -> \"C\"\n}", "status = order.free | lookup st", &["E0604"]);
    expect(
        "table st {\n  \"a\" -> \"A\"\n  \"a\" -> \"B\"\n}",
        "status = order.free | lookup st",
        &["E0603"],
    );
    let skip = format!("{table}\nskip when order.status is \"closed\"");
    expect(&skip, "status = order.status | lookup st", &[]);
    expect("", "terms.id = order.id | xref netsuite.terms", &["E0602"]);
    expect("", "terms.id = order.id | xref netsuite.terms else wait", &[]);
}

#[test]
fn lists() {
    expect("", "items = each order.lines as line { item = line.sku }", &[]);
    expect("", "items = each order.lines as line where line.quantity > 0 { item = line.sku }", &[]);
    expect("", "items = each order.lines as line { rate = line.amount }", &["E0301"]);
    expect(
        "",
        "items = each order.lines as line {\n item = line.sku\n rate = line.amount / line.quantity | round 4\n}",
        &["E0412"],
    );
    expect(
        "",
        "items = each order.lines as line where line.quantity > 0 {\n item = line.sku\n rate = line.amount / line.quantity | round 4\n}",
        &[],
    );
    expect("", "title = order.lines.sku", &["E0501"]);
    expect("", "title = first(order.lines.sku)", &[]);
    expect("", "title = only(order.lines.sku)", &["E0503"]);
    expect("", "title = only(order.lines.sku) or reject \"many\"", &[]);
    expect("", "title = join(order.lines.sku, \", \")", &[]);
    expect("", "any = sum(order.lines.amount)", &[]);
    expect("", "any = count(order.lines)", &[]);
    expect("", "items = order.id", &["E0506"]);
    expect("", "tags = order.codes", &[]);
    expect("", "tags = each order.codes as code -> code | upper", &["E0401"]);
    expect("", "unique = order.codes", &["E0504"]);
    expect(
        "",
        "items = each order.lines as line { item = line.sku\n line = position(line)\n amount = line.amount }\nany = sum(items.amount)",
        &[],
    );
    expect(
        "",
        "items = each order.lines as line group by line.tax { item = line.tax else \"-\"\n amount = sum(line.amount) }",
        &[],
    );
    expect("", "items = each order.lines as line group by line.tax { item = line.sku }", &["E0501"]);
    expect("", "items = each order.id as line { item = line.sku }", &["E0506"]);
}

#[test]
fn a_list_in_the_rows_of_a_group_is_refused() {
    let marks = "marks = each line.marks as mark -> mark";
    expect("", &format!("items = each order.lines as line {{ item = line.sku\n {marks} }}"), &[]);
    let grouped = format!(
        "items = each order.lines as line group by line.tax {{ item = line.tax else \"-\"\n {marks} }}"
    );
    expect("", &grouped, &["E0501"]);
}

#[test]
fn a_handler_behind_single_values_may_answer_for_the_list() {
    expect("", "unique = each order.codes as code -> code", &["E0504"]);
    expect("", "unique = each order.codes as code -> code or reject \"twice\"", &[]);
    expect("", "tags = each order.codes as code -> \"{code}{code}\" or cut or omit", &["W0301"]);
}

#[test]
fn only_needed_facts_are_tested() {
    let typed = expect("", "title = order.note\nmemo = order.free or cut", &[]).unwrap();
    let facts = |name: &str| {
        let field = typed.source_fields.iter().find(|field| field.display == name).unwrap();
        field.facts.clone()
    };
    assert_eq!(facts("order.note"), vec![]);
    assert_eq!(facts("order.free"), vec![]);
    assert_eq!(
        facts("order.id"),
        vec![Predicate::Present, Predicate::MinLength(1), Predicate::MaxLength(20)]
    );
}

#[test]
fn facts_of_a_condition_do_not_lean_on_the_schema() {
    // that `status` is not draft only helps because the schema lists its values: the list must be tested
    let head =
        "table st {\n  \"open\" -> \"A\"\n  \"closed\" -> \"B\"\n}\nskip when order.status is \"draft\"";
    let typed = expect(head, "status = order.status | lookup st", &[]).unwrap();
    let status = typed.source_fields.iter().find(|field| field.display == "order.status").unwrap();
    assert!(
        matches!(status.facts.as_slice(), [Predicate::OneOf(values)] if values.len() == 3),
        "{:?}",
        status.facts
    );
}

#[test]
fn a_let_is_named_and_narrowed() {
    let head = "let place = order.billTo.country else \"US\"\nreject \"no {place}\" when place is not one of \"US\", \"CA\"";
    let typed =
        expect(head, "country = place\ntitle = choose place { \"US\" -> \"1\"\n \"CA\" -> \"2\" }", &[])
            .unwrap();
    assert!(typed.fields.iter().any(|field| matches!(field.value.kind, ExpressionKind::Let(_))));
}

#[test]
fn the_order_of_lines_does_not_matter() {
    let one = expect("", "title = order.id\nmemo = order.id", &[]).unwrap();
    let other = expect("", "memo = order.id\ntitle = order.id", &[]).unwrap();
    let keys =
        |typed: &Typed| typed.document.fields.iter().map(|field| field.key.to_string()).collect::<Vec<_>>();
    assert_eq!(keys(&one), keys(&other));
}

#[test]
fn several_errors_in_one_file() {
    expect(
        "",
        "titel = order.note\nmemo = order.note\nday = order.placedAt\nany = order.note",
        &["E0202", "E0401", "E0407", "E0406"],
    );
}

#[test]
fn an_answered_failure_is_not_in_the_closed_list() {
    let table = "table st {\n  \"x\" -> \"A\"\n}";
    let codes = |typed: &Typed| typed.reasons.iter().filter(|reason| reason.code.number() == "R0601").count();
    let listed = expect(table, "status = order.free | lookup st", &[]).unwrap();
    assert_eq!(codes(&listed), 1);
    let answered = expect(table, "status = order.free | lookup st or omit", &[]).unwrap();
    assert_eq!(codes(&answered), 0);
    for field in &answered.fields {
        assert!(answered.reasons.len() > answered.source_fields[0].source_reason.0, "{field:?}");
    }
}

#[test]
fn an_optional_field_does_not_ask_for_its_source() {
    let present = |lines: &str| {
        let typed = expect("", lines, &[]).unwrap();
        let total = typed.source_fields.iter().find(|field| field.display == "order.total").unwrap();
        total.facts.contains(&Predicate::Present)
    };
    assert!(!present("any = order.total"));
    assert!(present("any = order.total\nterms.id = any | text\nterms.name = order.free"));
}

#[test]
fn a_list_under_a_condition_has_no_rows_for_aggregates_when_it_does_not_hold() {
    let lines = "  any = sum(items.rate)\n  items = each order.lines as line {\n    item = line.sku\n    rate = line.quantity / order.count | round 2\n  } when order.count > 0";
    let typed = expect("", lines, &[]).unwrap();
    assert!(typed.rows.iter().all(|rows| rows.filter.is_some()), "{:?}", typed.rows);
    let first = "  title = first(items.item) else reject \"none\"\n  items = each order.lines as line {\n    item = line.sku\n  } when order.gift";
    expect("", first, &[]);
}

#[test]
fn a_value_that_is_not_zero_divides() {
    expect("", "  any = order.count / order.percent | round 2 when order.percent is not 0", &[]);
    expect("", "  any = order.count / order.percent | round 2 when order.count is not 0", &["E0412"]);
    expect("", "  any = 1 / order.total | round 2 when order.total is not 0", &[]);
    expect("", "  any = 1 / order.total | round 2 when order.total is not 1", &["E0412"]);
}

#[test]
fn names_made_of_names_are_looked_at_once() {
    let mut head = "let x0 = order.id\n".to_owned();
    for at in 1..40 {
        head.push_str(&format!("let x{at} = \"{{x{0}}}{{x{0}}}\"\n", at - 1));
    }
    expect(&head, "  memo = x39 | cut 5", &[]);
}

#[test]
fn a_source_without_a_kind_is_refused_not_left_out() {
    expect("", "  memo = order.loose", &["E0505"]);
    expect("", "  memo = \"{order.loose}\"", &["E0505"]);
    expect("", "  any = count(order.loose.lines)", &["E0505"]);
}

#[test]
fn alternatives_that_are_all_text_are_read_as_one_text() {
    expect("", "  memo = order.either", &[]);
    expect("", "  memo = order.either | cut 300", &[]);
}

#[test]
fn rounding_answers_only_steps_of_decimals() {
    expect("", "  total = order.percent or round", &[]);
    expect("", "  quarter = order.percent or round", &["E0405", "W0301"]);
    expect("policy {\n  number or round\n}", "  quarter = order.percent", &["E0405"]);
    expect("", "  quarter = order.percent or reject \"no\"", &[]);
    expect("", "  quarter = order.count", &[]);
}

#[test]
fn a_record_has_as_many_fields_as_its_schema_takes() {
    expect("", "  pair.a = order.free\n  pair.b = order.id", &["E0303"]);
    expect("", "  pair.a = order.free else \"x\"\n  pair.b = \"y\"", &[]);
    expect("", "  pair.a = order.free else \"x\"\n  pair.b = \"y\"\n  pair.c = order.free", &["E0503"]);
}

#[test]
fn every_gap_that_nothing_answers_can_be_left_open() {
    let lines = "memo = order.free\nclear = order.cleared\nterms.id = order.id when order.gift\nterms.name = order.id\nrank = order.count\n\
                 any = order.count / order.percent | round 2\nstatus = order.status | lookup codes\ntags = order.codes";
    let text = map("table codes {\n  \"draft\" -> \"A\"\n}", lines);
    let mut sources = Sources::new();
    let source = sources.add("source/order@1.schema.json", SOURCE);
    let target = sources.add("netsuite/order@1.schema.json", TARGET);
    let file = sources.add("test.map", text);
    let parsed = mapc_grammar::parse(&sources, file);
    let source = mapc_schema::load(&sources, source, &[], Direction::Source).value;
    let target = mapc_schema::load(&sources, target, &[], Direction::Target(Operation::Create)).value;
    let input = CheckInput {
        sources: &sources,
        map: file,
        tree: &parsed.value,
        source: source.as_ref(),
        target: target.as_ref(),
        tables: &BTreeMap::new(),
    };
    let errors: Vec<_> = check(input).diagnostics.into_iter().filter(|one| one.is_error()).collect();
    assert!(errors.len() >= 6, "{errors:?}");
    let open = crate::open_gaps(input);
    let listed = |id: &String| open.typed().reasons.iter().any(|reason| reason.id == *id);
    for error in errors {
        let gap = open.gaps().iter().find(|gap| gap.is_of(&error)).unwrap_or_else(|| panic!("{error:?}"));
        assert!(listed(&gap.reason), "{gap:?}");
        let guards = open.only(gap).typed().fields.iter().map(|field| field.guards.len()).sum::<usize>();
        assert!(guards <= 1, "{guards}");
    }
}
