//! What a schema admits, on the points where validators go astray.

use std::collections::BTreeMap;

use super::{Dialect, Reading, Schema};

#[track_caller]
fn check_as(dialect: Dialect, schema: &str, admitted: &[&str], refused: &[&str]) {
    let known = Schema::new(schema, dialect, &BTreeMap::new()).unwrap();
    let admits = |document: &str| known.accepts(document.as_bytes(), Reading::Both).unwrap();
    for document in admitted {
        assert!(admits(document), "{schema} refuses {document}");
    }
    for document in refused {
        assert!(!admits(document), "{schema} admits {document}");
    }
}

#[track_caller]
fn check(schema: &str, admitted: &[&str], refused: &[&str]) {
    check_as(Dialect::Draft202012, schema, admitted, refused);
}

#[test]
fn numbers_are_exact() {
    check(r#"{"const":1}"#, &["1", "1.0", "10e-1"], &["1.00000000000000000000000000001"]);
    check(r#"{"uniqueItems":true}"#, &["[1,2]"], &["[1,1.0]", r#"[{"a":1,"b":2},{"b":2,"a":1e0}]"#]);
    check(r#"{"multipleOf":0.01}"#, &["0.07", "1.1", "-3", "1e300"], &["0.075", "1e-300"]);
    check(r#"{"multipleOf":7e-999999999}"#, &["0", "7", "7e999999999"], &["1", "7e-1000000000"]);
    let most = r#"{"maximum":99999999999999999999}"#;
    check(most, &["99999999999999999999", "-1e999999999999"], &["99999999999999999999.5", "1e999999999999"]);
    check(r#"{"type":"integer"}"#, &["1.0", "1e400", "-0.0"], &["1.5", "1e-400"]);
}

#[test]
fn a_number_that_is_too_long_is_not_judged() {
    let schema = Schema::new("{}", Dialect::Draft7, &BTreeMap::new()).unwrap();
    for document in ["1e99999999999999999999", &"9".repeat(30_000), "1.", "{\"a\":1,\"a\":1}", "\"\\ud800\""]
    {
        assert!(schema.accepts(document.as_bytes(), Reading::Both).is_err(), "{document}");
    }
}

#[test]
fn nullable_adds_null_to_a_kind_alone() {
    let check = |schema: &str, admitted: &[&str], refused: &[&str]| {
        check_as(Dialect::OpenApi30, schema, admitted, refused);
    };
    check(r#"{"type":"string","nullable":true}"#, &["null", "\"\""], &["1"]);
    check(r#"{"type":"string","nullable":true,"enum":["a"]}"#, &["\"a\""], &["null"]);
    check(r#"{"type":"string","nullable":true,"enum":["a",null]}"#, &["\"a\"", "null"], &[]);
    check(r#"{"nullable":false}"#, &["null"], &[]);
    check(r#"{"allOf":[{"type":"string"}],"nullable":true}"#, &["\"\""], &["null"]);
    check(r##"{"$ref":"#/d","nullable":true,"d":{"type":"string"}}"##, &["\"\""], &["null"]);
    check_as(Dialect::OpenApi31, r#"{"type":"string","nullable":true}"#, &[], &["null"]);
}

#[test]
fn words_beside_a_reference() {
    let schema = r##"{"definitions":{"a":{"type":"string"}},"$ref":"#/definitions/a","maxLength":1}"##;
    check_as(Dialect::Draft7, schema, &["\"ab\""], &["1"]);
    check_as(Dialect::Draft201909, schema, &["\"a\""], &["\"ab\"", "1"]);
}

#[test]
fn patterns_by_both_readings() {
    check(r#"{"pattern":"^a$"}"#, &["\"a\""], &["\"a\\n\""]);
    check(r#"{"pattern":"^[\\d_]\\W$"}"#, &["\"1\u{e9}\""], &["\"\u{967}-\"", "\"1a\""]);
    // a byte order mark is a space for ECMA-262 alone, a control character a full stop for Rust alone
    let schema = Schema::new(r#"{"pattern":"^\\s$"}"#, Dialect::Draft7, &BTreeMap::new()).unwrap();
    assert!(schema.accepts("\"\u{feff}\"".as_bytes(), Reading::Either).unwrap());
    check(r#"{"pattern":"^\\s$"}"#, &["\" \""], &["\"\u{feff}\"", "\"\u{85}\""]);
    check(r#"{"pattern":"^.$"}"#, &["\"a\""], &["\"\u{2028}\"", "\"\\n\""]);
    // what is forbidden is forbidden if one of them finds it
    check(r#"{"not":{"pattern":"^\\s$"}}"#, &["\"a\""], &["\"\u{feff}\"", "\"\u{85}\""]);
}

#[test]
fn lengths_count_code_points() {
    check(r#"{"maxLength":1}"#, &["\"\u{1F600}\""], &["\"e\u{301}\""]);
}

#[test]
fn endless_references_are_not_judged() {
    let schema = Schema::new(r##"{"$ref":"#"}"##, Dialect::Draft202012, &BTreeMap::new()).unwrap();
    assert!(schema.accepts(b"1", Reading::Both).is_err());
}

/// The formats that a source is taken to keep, and no others: the loader of schemas relies on exactly these.
#[test]
fn known_formats_are_asserted() {
    let of = |format: &str| format!(r#"{{"format":"{format}"}}"#);
    let uuid = "\"123E4567-e89b-12d3-a456-426614174000\"";
    check(&of("uuid"), &[uuid, "1"], &["\"123E4567e89b12d3a456426614174000\"", "\"\""]);
    check(&of("ipv4"), &["\"255.0.0.1\""], &["\"256.0.0.1\"", "\"01.0.0.1\"", "\"1.0.0\""]);
    check(&of("date"), &["\"2024-02-29\""], &["\"2023-02-29\"", "\"2024-2-29\""]);
    check(&of("time"), &["\"23:59:60z\"", "\"10:00:00.5+01:00\""], &["\"10:00:00\"", "\"24:00:00Z\""]);
    check(&of("date-time"), &["\"2024-02-29T10:00:00Z\""], &["\"2024-02-29 10:00:00Z\"", "\"2024-02-29\""]);
    for unknown in ["local-time", "time-local", "decimal", "double", "int16", "surely-unknown"] {
        check(&of(unknown), &["\"\"", "0.5", "1e40"], &[]);
    }
}

/// `int32` and `int64` bound a number in every dialect; whether it is whole says `type`.
#[test]
fn formats_of_numbers_bound_them() {
    let all = ["draft-04", "draft-07", "2019-09", "2020-12", "openapi-3.0", "openapi-3.1"];
    for dialect in all.map(|name| Dialect::of_name(name).unwrap()) {
        let check = |schema: &str, admitted: &[&str], refused: &[&str]| {
            check_as(dialect, schema, admitted, refused);
        };
        let (small, large) = (r#"{"format":"int32"}"#, r#"{"type":"integer","format":"int64"}"#);
        check(small, &["2147483647", "-2147483648", "0.5", "\"9999999999\""], &["2147483648", "-2147483649"]);
        check(
            large,
            &["9223372036854775807", "-9223372036854775808"],
            &["9223372036854775808", "1e19", "0.5"],
        );
    }
}
