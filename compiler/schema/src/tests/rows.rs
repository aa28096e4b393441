//! One test per row of the table.

use super::*;

#[test]
fn records_with_fields_of_every_kind() {
    exact(
        r#"{"type":"object","required":["id","lines"],"additionalProperties":false,"properties":{
            "id":{"type":"string","minLength":1,"maxLength":35},
            "memo":{"type":["string","null"],"maxLength":300},
            "count":{"type":"integer","minimum":1,"exclusiveMaximum":10},
            "rate":{"type":"number","multipleOf":1e-05},
            "paid":{"type":"boolean"},
            "on":{"type":"string","format":"date"},
            "at":{"type":"string","format":"date-time"},
            "status":{"enum":["open","closed"]},
            "lines":{"type":"array","minItems":1,"maxItems":9,"uniqueItems":true,"items":{"type":"object"}}}}"#,
        "{id: text1..35, memo?: text0..300|null, count?: number/1 >=1 <=9, rate?: number/0.00001, paid?: yesno, \
         on?: date, at?: instant, status?: {\"closed\", \"open\"}, lines: [unique {...}]1..9}",
    );
}

#[test]
fn kinds() {
    exact(r#"{}"#.replace("{}", r#"{"title":"x"}"#).as_str(), "any");
    exact(r#"{"type":["string","integer"]}"#, "(text or number/1)");
    exact(r#"{"maxLength":3}"#, "({...} or [any|null] or text0..3 or number or yesno)");
    exact(r#"{"type":"integer","multipleOf":0.4}"#, "number/2");
    exact(r#"{"type":"number","multipleOf":0.4,"allOf":[{"multipleOf":0.6}]}"#, "number/1.2");
}

#[test]
fn enum_and_const() {
    exact(r#"{"enum":["a",1,1.0,true,null]}"#, "({\"a\"} or {1} or yes)");
    exact(r#"{"type":"string","enum":["a",1,"bbbb"],"maxLength":3}"#, "{\"a\"}");
    exact(r#"{"const":2.50}"#, "{2.5}");
    exact(r#"{"enum":[1,5,10],"minimum":5}"#, "{5 10}");
    exact(r#"{"enum":["a",{"b":1}]}"#, "({\"a\"} or {b: {1}})");
    exact(r#"{"const":[]}"#, "[any|null]0..0");
    exact(r#"{"const":["x"]}"#, "[{\"x\"}]1..1");
    check(
        r#"{"type":"object","properties":{"p":{"const":["x","y"]}}}"#,
        "{p?: never, ...} | prefixItems W0904",
        "{p?: [{\"x\", \"y\"}]2..2, ...} | prefixItems W0904",
    );
}

#[test]
fn all_of_meets_exactly() {
    exact(
        r#"{"allOf":[{"type":"object","properties":{"a":{"type":"string","maxLength":5}},"required":["a"]},
            {"properties":{"a":{"minLength":2},"b":{"type":"integer"}},"required":["b"]}]}"#,
        "{a: text2..5, b: number/1, ...}",
    );
    // additionalProperties sees only its sibling.
    exact(
        r#"{"type":"object","allOf":[{"properties":{"a":{"type":"string"}},"additionalProperties":false}],
            "properties":{"b":{"type":"string"}}}"#,
        "{b?: never, a?: text}",
    );
}

#[test]
fn any_of_unites() {
    exact(
        r#"{"anyOf":[{"type":"string","maxLength":3},{"type":"number","multipleOf":0.01},{"type":"null"}]}"#,
        "(text0..3 or number/0.01)",
    );
    exact(r#"{"anyOf":[{"type":"string","enum":["a"]},{"type":"string"}]}"#, "text");
    exact(r#"{"type":"string","anyOf":[{"enum":["a"]},{"enum":["b"]}]}"#, "{\"a\", \"b\"}");
    exact(r#"{"type":"string","anyOf":[{"maxLength":2},{"minLength":5}]}"#, "(text0..2 or text5..)");
    check(
        r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
            "anyOf":[{"required":["a"]},{"required":["b"]}],"additionalProperties":false}"#,
        "({a: text, b?: text} or {a?: text, b: text})",
        "{a?: text, b?: text} | anyOf W0904",
    );
}

#[test]
fn an_alternative_that_limits_nothing_is_told() {
    let schema = modern(r#"{"anyOf":[{"type":"string"},{}]}"#);
    assert_eq!(
        codes(&schema, &[], TARGET),
        ["W0901: one of the alternatives allows everything, so the others limit nothing"]
    );
    assert!(codes(&schema, &[], Direction::Source).is_empty());
}

#[test]
fn one_of() {
    exact(r#"{"oneOf":[{"type":"string"},{"type":"integer"}]}"#, "(text or number/1)");
    // A field with disjoint values tells the branches apart.
    exact(
        r#"{"type":"object","required":["k"],"oneOf":[
            {"properties":{"k":{"const":"x"},"a":{"type":"string"}}},
            {"properties":{"k":{"const":"y"},"a":{"type":"boolean"}}}]}"#,
        "({k: {\"x\"}, a?: text, ...} or {k: {\"y\"}, a?: yesno, ...})",
    );
    // Exactly one of two fields.
    check(
        r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"additionalProperties":false,
            "oneOf":[{"required":["a"]},{"required":["b"]}]}"#,
        "({a: text, b?: never} or {a?: never, b: text})",
        "{a?: text, b?: text} | oneOf W0904",
    );
    check(
        r#"{"oneOf":[{"type":"number","multipleOf":2},{"type":"number","minimum":10}]}"#,
        "number/2 <=8 | oneOf W0904",
        "(number/2 or number >=10) | oneOf W0904",
    );
    check(
        r#"{"type":"object","properties":{"p":{"oneOf":[{"type":"number","multipleOf":2},{"type":"number","multipleOf":3}]}}}"#,
        "{p?: never, ...} | oneOf E0905",
        "{p?: (number/2 or number/3), ...} | oneOf W0904",
    );
}

#[test]
fn not() {
    exact(r#"{"type":"object","not":{"required":["a"]}}"#, "{a?: never, ...}");
    exact(r#"{"not":{"type":["object","array","null"]}}"#, "(text or number or yesno)");
    exact(r#"{"type":"string","enum":["a","b"],"not":{"const":"a"}}"#, "{\"b\"}");
    exact(r#"{"type":"string","not":{"enum":[""]}}"#, "text1..~\"A\"");
    exact(r#"{"type":"number","not":{"maximum":5}}"#, "number >5");
    exact(r#"{"type":"integer","not":{"const":5}}"#, "(number/1 <=4 or number/1 >=6)");
    exact(r#"{"type":"string","not":{"maxLength":5}}"#, "text6..");
    check(
        r#"{"type":"object","properties":{"p":{"type":"string","not":{"pattern":"^a"}}}}"#,
        "{p?: never, ...} | not E0905",
        "{p?: text, ...} | not W0904",
    );
}

#[test]
fn conditions() {
    // Decided: the condition can never hold.
    exact(r#"{"type":"string","if":{"type":"integer"},"then":false,"else":{"maxLength":3}}"#, "text0..3");
    exact(r#"{"type":"string","if":{"type":"string"},"then":{"maxLength":3},"else":false}"#, "text0..3");
    check(
        r#"{"type":"object","properties":{"c":{"type":"string","maxLength":2},"s":{"type":"string"}},
            "if":{"properties":{"c":{"const":"US"}},"required":["c"]},"then":{"required":["s"]}}"#,
        "{c?: text0..2, s: text, ...} | if W0904",
        "({c?: {\"US\"}, s?: text, ...} or {c: text0..2~\"\", s?: text, ...}) | if W0904",
    );
}

#[test]
fn dependent_required() {
    check(
        r#"{"type":"object","dependentRequired":{"a":["b"]},"properties":{"a":{"type":"string"},"b":{"type":"string"}}}"#,
        "{a?: text, b: text, ...} | dependentRequired W0904",
        "{a?: text, b?: text, ...} | dependentRequired W0904",
    );
    exact(
        r#"{"type":"object","required":["a"],"dependentRequired":{"a":["b"]},
            "properties":{"a":{"type":"string"},"b":{"type":"string"}}}"#,
        "{a: text, b: text, ...}",
    );
}

#[test]
fn names_by_pattern() {
    exact(
        r#"{"type":"object","patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false,
            "properties":{"a":{"type":"integer"},"x-b":{"maxLength":3}}}"#,
        "{a?: number/1, x-b?: text0..3, ...~\"x-\"?: text}",
    );
    check(
        r#"{"type":"object","patternProperties":{"^x-":{"type":"string"}},"additionalProperties":{"maxLength":5}}"#,
        "{...?: text0..5} | patternProperties W0904",
        "{...} | patternProperties W0904",
    );
    exact(
        r#"{"type":"object","propertyNames":{"maxLength":2},"properties":{"abc":{"type":"string"},"ab":{"type":"string"}},
            "additionalProperties":false}"#,
        "{abc?: never, ab?: text}",
    );
}

#[test]
fn rows_by_place() {
    check(
        r#"{"type":"array","prefixItems":[{"type":"string","maxLength":5},{"type":"string","maxLength":3}],"items":false}"#,
        "[text0..3]0..2 | prefixItems W0904",
        "[text0..5]0..2 | prefixItems W0904",
    );
    let schema = seventh(
        r#"{"type":"array","items":[{"maxLength":5},{"maxLength":3}],"additionalItems":{"type":"string"}}"#,
    );
    check_raw(&schema, "[text0..3] | items W0904", "[any|null] | items W0904");
}

#[test]
fn contains_asks_every_row() {
    check(
        r#"{"type":"array","items":{"type":"string"},"contains":{"maxLength":3}}"#,
        "[text0..3]1.. | contains W0904",
        "[text]1.. | contains W0904",
    );
}

#[test]
fn unevaluated_fields() {
    exact(
        r#"{"type":"object","allOf":[{"properties":{"a":{"type":"string"}}}],"properties":{"b":{"type":"string"}},
            "unevaluatedProperties":false}"#,
        "{b?: text, a?: text}",
    );
    check(
        r#"{"type":"object","anyOf":[{"properties":{"a":{"type":"string"}}},{"required":["b"]}],"properties":{"b":{"type":"string"}},
            "unevaluatedProperties":false}"#,
        "({b?: text, a?: never} or {b: text}) | unevaluatedProperties W0904",
        "({b?: text, a?: text, ...} or {b: text, ...}) | unevaluatedProperties W0904",
    );
}

#[test]
fn references_and_recursion() {
    exact(
        r##"{"$ref":"#/$defs/order","$defs":{"order":{"type":"object","properties":{"parent":{"$ref":"#/$defs/order"},
            "id":{"$ref":"#id","maxLength":5}}},"id":{"$anchor":"id","type":"string","maxLength":9}}}"##,
        "{parent?: <order>, id?: text0..5, ...} where order = {parent?: <order>, id?: text0..5, ...}",
    );
    exact(
        r##"{"type":"object","properties":{"a":{"$ref":"#/properties/b/allOf/0"},"b":{"allOf":[{"type":"string"}]}}}"##,
        "{a?: text, b?: text, ...}",
    );
    // A recursive type that may be null.
    exact(
        r##"{"type":"object","properties":{"n":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":["object","null"],"properties":{"n":{"$ref":"#/$defs/n"}}}}}"##,
        "{n?: <n>|null, ...} where n = {n?: <n>|null, ...}",
    );
    // Two recursive types together.
    exact(
        r##"{"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}],"$defs":{
            "a":{"type":"object","properties":{"x":{"$ref":"#/$defs/a"}}},
            "b":{"properties":{"x":{"$ref":"#/$defs/b"}},"required":["y"]}}}"##,
        "{x?: <a>, y: any|null, ...} where a = {x?: <a>, y: any|null, ...} | required W0904",
    );
    exact(
        r##"{"$id":"https://e.com/root.json","type":"object","properties":{"a":{"$ref":"other.json#/$defs/t"}},
            "$defs":{"o":{"$id":"other.json","$defs":{"t":{"type":"boolean"}}}}}"##,
        "{a?: yesno, ...}",
    );
}

#[test]
fn keywords_beside_a_reference_go_by_dialect() {
    let body = r##"{"type":"object","properties":{"a":{"$ref":"#/definitions/t","maxLength":3}},"definitions":{"t":{"type":"string"}}}"##;
    check_raw(&modern(body), "{a?: text0..3, ...}", "{a?: text0..3, ...}");
    check_raw(&seventh(body), "{a?: text, ...} | maxLength W0904", "{a?: text, ...} | maxLength W0904");
}

#[test]
fn references_that_lead_nowhere() {
    let schema =
        modern(r##"{"type":"object","properties":{"a":{"$ref":"#/$defs/adress"}},"$defs":{"address":{}}}"##);
    let staged = run(&schema, &[], TARGET);
    assert_eq!(staged.diagnostics.len(), 1);
    assert_eq!(staged.diagnostics[0].title, "`#/$defs/adress` points to nothing in this schema file");
    assert_eq!(staged.diagnostics[0].help, ["write `#/$defs/address` instead"]);
    let schema = modern(r##"{"$ref":"https://example.com/a.json"}"##);
    assert_eq!(
        codes(&schema, &[], TARGET),
        ["E0903: `https://example.com/a.json` leads out of this schema file"]
    );
}

#[test]
fn formats_with_a_known_language_are_read_on_both_sides() {
    exact(r#"{"type":"string","format":"uuid"}"#, "text36..36~\"AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA\"");
    exact(r#"{"type":"integer","format":"int32"}"#, "number/1 >=-2147483648 <=2147483647");
    check(r#"{"type":"number","format":"int32","minimum":0}"#, "number/1 >=0 <=2147483647", "number >=0");
    exact(r#"{"type":"string","format":"weird"}"#, "text");
    // What a target writes lies well inside of the format; a source may hold all of it.
    check(r#"{"type":"string","format":"email","maxLength":3}"#, "text3..3~\"A@A\"", "text0..3");
}

#[test]
fn formats_of_dates_are_kinds() {
    exact(r#"{"type":"string","format":"date","maxLength":10}"#, "date");
    check(
        r#"{"type":"string","format":"date-time","maxLength":20}"#,
        "text20..20~\"0001-01-01T00:00:00Z\" | format W0904",
        "instant",
    );
    exact(r#"{"type":"string","x-mapc-date":"local"}"#, "local");
    exact(
        r#"{"type":"string","format":"date","enum":["2024-01-31","x"]}"#.replace(",\"x\"", "").as_str(),
        "{\"2024-01-31\"}",
    );
    // Moments are written in universal time.
    exact(r#"{"type":"string","format":"date-time","pattern":"Z$"}"#, "instant");
}

#[test]
fn patterns() {
    exact(r#"{"type":"string","pattern":"^[A-Z]{2}$"}"#, "text2..2~\"AA\"");
    check(
        r#"{"type":"object","properties":{"a":{"type":"string","pattern":"(?=a)"}}}"#,
        "{a?: never, ...} | pattern E0905",
        "{a?: text, ...} | pattern W0904",
    );
    exact(r#"{"type":"integer","pattern":"^[A-Z]{2}$"}"#, "number/1");
}

#[test]
fn decimals_as_text() {
    exact(
        r#"{"type":"string","x-mapc-decimal":{"precision":17,"scale":4},"pattern":"^-?(0|[1-9][0-9]{0,12})(\\.[0-9]{1,4})?$"}"#,
        "written number/0.0001 >=-9999999999999.9999 <=9999999999999.9999",
    );
    exact(
        r#"{"type":"string","x-mapc-decimal":{"precision":5,"scale":2},"x-mapc-exclusive-minimum":"0"}"#,
        "written number/0.01 >=0.01 <=999.99",
    );
    // The pattern takes no minus and fewer digits.
    check(
        r#"{"type":"string","x-mapc-decimal":{"precision":6,"scale":2},"pattern":"^[0-9]{1,3}(\\.[0-9]{1,2})?$"}"#,
        "written number/0.01 >=0 <=999.99 | x-mapc-decimal W0904",
        "written number/0.01 >=-9999.99 <=9999.99",
    );
    check(
        r#"{"type":"object","properties":{"a":{"type":"string","x-mapc-decimal":{"precision":6,"scale":2},"pattern":"^[A-Z]$"}}}"#,
        "{a?: never, ...} | x-mapc-decimal E0905",
        "{a?: written number/0.01 >=-9999.99 <=9999.99, ...}",
    );
    exact(
        r#"{"type":"string","x-mapc-decimal":{"precision":3,"scale":1},"enum":["1.5","2"]}"#,
        "written {1.5 2}",
    );
}

#[test]
fn nullable_is_read_in_openapi_alone() {
    let schema = r#"{"x-mapc-dialect":"openapi-3.0","type":"object","properties":{
        "a":{"type":"string","nullable":true},"b":{"nullable":true},
        "c":{"type":"string","nullable":true,"enum":["x"]},
        "d":{"$ref":"\u0023/definitions/t","nullable":true}},"definitions":{"t":{"type":"string"}}}"#;
    check_raw(
        schema,
        "{a?: text|null, b?: any|null, c?: {\"x\"}, d?: text, ...} | nullable W0904, nullable W0904, nullable W0904",
        "{a?: text|null, b?: any|null, c?: {\"x\"}|null, d?: text|null, ...} | nullable W0904",
    );
    check(
        r#"{"type":"object","properties":{"a":{"type":"string","nullable":true}}}"#,
        "{a?: text, ...} | nullable W0904",
        "{a?: text, ...} | nullable W0904",
    );
}

#[test]
fn read_only_fields_are_not_required_of_a_target() {
    check(
        r#"{"type":"object","required":["id","b"],"properties":{"id":{"type":"string","readOnly":true},"b":{"type":"string"}}}"#,
        "{id?: text, b: text, ...} | required W0904",
        "{id: text, b: text, ...}",
    );
}

#[test]
fn required_without_description() {
    check(
        r#"{"type":"object","required":["a"]}"#,
        "{a: any|null, ...} | required W0904",
        "{a: any|null, ...} | required W0904",
    );
}

#[test]
fn unknown_keywords_are_told_on_a_target() {
    let schema = modern(r#"{"type":"string","maxLenght":3,"x-any":1,"description":"d"}"#);
    let staged = run(&schema, &[], TARGET);
    assert_eq!(staged.diagnostics.len(), 1);
    assert_eq!(
        staged.diagnostics[0].title,
        "the keyword `maxLenght` of the schema is not known and limits nothing"
    );
    assert_eq!(staged.diagnostics[0].help, ["write `maxLength` or `minLength` instead"]);
    quiet(&schema, Direction::Source);
}

#[test]
fn nothing_is_accepted() {
    let schema = modern(r#"{"type":"object","required":["a"],"properties":{"a":false}}"#);
    assert_eq!(codes(&schema, &[], TARGET), ["E0906: `schema.json` accepts no document at all"]);
    exact(
        r#"{"type":"object","properties":{"a":{"type":"string","minLength":3,"maxLength":2}}}"#,
        "{a?: never, ...}",
    );
    exact(r#"{"type":"object","minProperties":1,"maxProperties":3}"#, "{...}1..3");
}

#[test]
fn older_drafts() {
    let fourth =
        |schema: &str| format!(r#"{{"$schema":"http://json-schema.org/draft-04/schema#",{}"#, &schema[1..]);
    check_raw(&fourth(r#"{"type":"number","minimum":5,"exclusiveMinimum":true}"#), "number >5", "number >5");
    check_raw(
        &fourth(
            r#"{"type":"object","dependencies":{"a":["b"]},"required":["a"],"properties":{"a":{},"b":{"type":"string"}}}"#,
        ),
        "{a: any|null, b: text, ...}",
        "{a: any|null, b: text, ...}",
    );
    check_raw(
        &seventh(r##"{"$ref":"#/definitions/a","definitions":{"a":{"type":"string"}}}"##),
        "text",
        "text",
    );
}

#[test]
fn dialects() {
    let ends = |schema: &str, code: &str| {
        let staged = run(schema, &[], TARGET);
        assert!(staged.value.is_none());
        assert_eq!(staged.diagnostics[0].code.number(), code);
    };
    ends(r#"{"type":"string"}"#, "E0904");
    ends(r#"{"$schema":"https://example.com/own"}"#, "E0904");
    ends(r#"{"x-mapc-dialect":"openapi-2.9"}"#, "E0904");
    ends("[]", "E0904");
    ends("{", "E0903");
    ends(r#"{"a":1,}"#, "E0903");
    ends(r#"{"a":1,"a":2}"#, "E0903");
    ends("", "E0903");
    ends("// no\n{}", "E0903");
}

#[test]
fn numbers_that_are_too_large_to_work_with() {
    check(
        r#"{"type":"object","properties":{"a":{"type":"number","maximum":1e99999},"b":{"enum":[1,1e99999]}}}"#,
        "{a?: never, b?: {1}, ...} | maximum E0905, enum W0904",
        "{a?: number, b?: number, ...} | maximum W0904, enum W0904",
    );
}

#[test]
fn descriptions() {
    use crate::api::Step;
    let text = modern(
        r##"{"type":"object","required":["n"],"properties":{"n":{"$ref":"#/$defs/n"},
        "s":{"type":"string","maxLength":3,"title":"T","x-sensitive":true,"deprecated":true,"x-mapc-key":true}},
        "$defs":{"n":{"type":"object","properties":{"n":{"$ref":"#/$defs/n"},"l":{"type":"array","items":{"type":"string","description":"D"}}}}}}"##,
    );
    let loaded = quiet(&text, TARGET);
    let field = |name: &str| Step::Field(name.into());
    let span = |span: mapc_diagnostics::Span| &text[span.start as usize..span.end as usize];
    let known = loaded.describe(&[field("s")]).unwrap();
    assert_eq!(span(known.keywords["maxLength"]), r#""maxLength":3"#);
    assert_eq!(span(known.name.unwrap()), r#""s""#);
    assert!(known.sensitive && known.deprecated && known.key && !known.read_only && known.required.is_none());
    assert_eq!(known.title.as_deref(), Some("T"));
    assert_eq!(span(loaded.describe(&[field("n")]).unwrap().required.unwrap()), r#""n""#);
    let deep = [field("n"), field("n"), field("n"), field("l"), Step::Element];
    assert_eq!(loaded.describe(&deep).unwrap().description.as_deref(), Some("D"));
    assert!(loaded.describe(&[field("n"), field("x")]).is_none());
    assert_eq!(loaded.strength, crate::Strength { fields: 2, limited: 1, required: 1 });
    let names: Vec<&str> = loaded.field_names(&loaded.root).into_iter().map(|name| &**name).collect();
    assert_eq!(names, ["n", "s"]);
}

#[test]
fn lint_merges_both_sides() {
    let (sources, id, _) = sources(
        &modern(
            r#"{"type":"object","properties":{"a":{"type":"string","pattern":"(?=a)"},"b":{"type":"array","contains":{}}}}"#,
        ),
        &[],
    );
    let found = crate::lint(&sources, id, &[]);
    let lines: Vec<String> =
        found.value.iter().map(|l| format!("{} {} {:?} {}", l.pointer, l.keyword, l.side, l.code)).collect();
    assert_eq!(
        lines,
        [
            "/properties/a pattern Target E0905",
            "/properties/a pattern Source W0904",
            "/properties/b contains Both W0904"
        ]
    );
}
