//! Schemas that want to hurt: they end soon, without a panic.

use std::time::{Duration, Instant};

use super::*;

/// Loads in both directions within a bound; gives the codes of the target.
#[track_caller]
fn survives(schema: &str) -> Vec<String> {
    let start = Instant::now();
    codes(schema, &[], Direction::Source);
    let found = codes(schema, &[], TARGET);
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
    found
}

fn has(codes: &[String], code: &str) -> bool {
    codes.iter().any(|one| one.starts_with(code))
}

#[test]
fn deep_nesting() {
    for (open, close) in
        [(r#"{"properties":{"a":"#, "}}"), (r#"{"allOf":["#, "]}"), ("[", "]"), (r#"{"not":"#, "}")]
    {
        let schema = format!("{}true{}", open.repeat(10_000), close.repeat(10_000));
        assert!(has(&survives(&schema), "E0903"), "{open}");
        // As deep as is allowed.
        let levels = 195 / open.matches(['{', '[']).count();
        let inner = format!("{}true{}", open.repeat(levels), close.repeat(levels));
        survives(&modern(&format!(r#"{{"items":{inner}}}"#)));
    }
}

#[test]
fn circles_of_references() {
    let schema =
        modern(r##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##);
    assert!(has(&survives(&schema), "E0903"));
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let schema = modern(&format!(r##"{{"{keyword}":[{{"$ref":"#"}}]}}"##));
        assert!(has(&survives(&schema), "E0903"), "{keyword}");
        let schema = modern(&format!(r##"{{"{keyword}":[{{"$ref":"#"}},{{"type":"string"}}]}}"##));
        assert!(has(&survives(&schema), "E0903"), "{keyword}");
    }
    survives(&modern(r##"{"not":{"$ref":"#"}}"##));
    survives(&modern(r##"{"if":{"$ref":"#"},"then":false}"##));
    survives(&modern(r##"{"$dynamicRef":"#"}"##));
    survives(&modern(r##"{"dependentSchemas":{"a":{"$ref":"#"}},"type":"object","required":["a"]}"##));
}

#[test]
fn long_chains_of_references() {
    for nested in [false, true] {
        let mut definitions = Vec::new();
        for number in 0..10_000 {
            let next = format!(r##"{{"$ref":"#/$defs/d{}"}}"##, number + 1);
            let body =
                if nested { format!(r#"{{"type":"object","properties":{{"n":{next}}}}}"#) } else { next };
            definitions.push(format!(r#""d{number}":{body}"#));
        }
        definitions.push(r#""d10000":{"type":"string"}"#.into());
        let schema = modern(&format!(r##"{{"$ref":"#/$defs/d0","$defs":{{{}}}}}"##, definitions.join(",")));
        let found = survives(&schema);
        assert_eq!(has(&found, "E0903"), !nested, "{found:?}");
    }
}

#[test]
fn doubling() {
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let definitions: Vec<String> = (0..60)
            .map(|number| {
                let next = format!(r##"{{"$ref":"#/$defs/d{}"}}"##, number + 1);
                format!(r#""d{number}":{{"{keyword}":[{next},{next}]}}"#)
            })
            .collect();
        let schema = modern(&format!(
            r##"{{"$ref":"#/$defs/d0","$defs":{{{},"d60":{{"type":"string","maxLength":3}}}}}}"##,
            definitions.join(",")
        ));
        survives(&schema);
    }
    // Fields that double.
    let definitions: Vec<String> = (0..60)
        .map(|number| {
            let next = format!(r##"{{"$ref":"#/$defs/d{}"}}"##, number + 1);
            format!(r#""d{number}":{{"type":"object","properties":{{"x":{next},"y":{next}}}}}"#)
        })
        .collect();
    let schema = modern(&format!(
        r##"{{"$ref":"#/$defs/d0","$defs":{{{},"d60":{{"type":"string"}}}}}}"##,
        definitions.join(",")
    ));
    let found = survives(&schema);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn products_of_alternatives() {
    let choice = |field: &str| {
        format!(
            r#"{{"anyOf":[{{"properties":{{"{field}":{{"const":1}}}}}},{{"properties":{{"{field}":{{"const":2}}}}}},{{"required":["{field}"]}}]}}"#
        )
    };
    let all: Vec<String> = (0..40).map(|number| choice(&format!("f{number}"))).collect();
    let schema = modern(&format!(r#"{{"type":"object","allOf":[{}]}}"#, all.join(",")));
    survives(&schema);
    survives(&schema.replace("anyOf", "oneOf"));
    let branches: Vec<String> =
        (0..300).map(|n| format!(r#"{{"properties":{{"k":{{"const":"{n}"}}}},"required":["k"]}}"#)).collect();
    survives(&modern(&format!(r#"{{"type":"object","oneOf":[{}]}}"#, branches.join(","))));
}

#[test]
fn conjunctions_of_recursive_types() {
    // Each pair of these recursive types is a type of its own.
    let names: Vec<String> = (0..12)
        .map(|n| {
            let fields: Vec<String> = (0..12)
                .map(|m| {
                    format!(
                        r##""f{m}":{{"allOf":[{{"$ref":"#/$defs/d{m}"}},{{"$ref":"#/$defs/d{}"}}]}}"##,
                        (n * m + 1) % 12
                    )
                })
                .collect();
            format!(r#""d{n}":{{"type":"object","properties":{{{}}}}}"#, fields.join(","))
        })
        .collect();
    let schema = modern(&format!(r##"{{"$ref":"#/$defs/d0","$defs":{{{}}}}}"##, names.join(",")));
    let found = codes(&schema, &[], TARGET);
    assert!(has(&found, "E0903"), "{found:?}");
}

#[test]
fn many_values() {
    let values: Vec<String> = (0..20_000).map(|n| format!(r#""v{n:05}""#)).collect();
    let schema = modern(&format!(r#"{{"type":"string","enum":[{}]}}"#, values.join(",")));
    let loaded = run(&schema, &[], Direction::Source).value.unwrap();
    assert_eq!(print(&loaded), "text6..6");
    assert_eq!(lints(&loaded), "enum W0904");
    let loaded = run(&schema, &[], TARGET).value.unwrap();
    assert!(print(&loaded).ends_with("\"v09999\"}"));
    assert_eq!(lints(&loaded), "enum W0904");
    survives(&modern(&format!(
        r#"{{"enum":[{}]}}"#,
        (0..20_000).map(|n| format!("{n}")).collect::<Vec<_>>().join(",")
    )));
    survives(&modern(&format!(
        r#"{{"enum":[{}]}}"#,
        (0..5_000).map(|n| format!("[{n}]")).collect::<Vec<_>>().join(",")
    )));
    survives(&modern(&format!(r#"{{"not":{{"enum":[{}]}}}}"#, values.join(","))));
}

#[test]
fn long_numbers() {
    let long = "9".repeat(200_000);
    for number in ["1e999999999", "1e-999999999", "-1e99999999999999999999", &long, &format!("0.{long}")] {
        for keyword in
            ["minimum", "maximum", "exclusiveMinimum", "multipleOf", "const", "maxLength", "minItems"]
        {
            survives(&modern(&format!(r#"{{"{keyword}":{number}}}"#)));
        }
    }
    survives(&modern(r#"{"type":"string","x-mapc-decimal":{"precision":4000000000,"scale":400000000}}"#));
    survives(&modern(r#"{"type":"number","multipleOf":0}"#));
    survives(&modern(r#"{"type":"number","multipleOf":-1}"#));
}

#[test]
fn wrong_forms_of_every_keyword() {
    let values = [
        "null",
        "true",
        "3",
        "-1",
        "1.5",
        r#""x""#,
        "[]",
        "{}",
        "[1]",
        r#"{"a":1}"#,
        "[[]]",
        r#"[{"a":[]}]"#,
    ];
    let keywords = crate::dialect::Dialect::assertions().iter().copied().chain([
        "$ref",
        "$id",
        "$anchor",
        "$defs",
        "definitions",
        "$dynamicRef",
        "$recursiveRef",
        "dependencies",
        "nullable",
        "x-mapc-decimal",
        "x-mapc-minimum",
        "x-mapc-date",
        "readOnly",
    ]);
    for keyword in keywords {
        for value in values {
            let pair = format!(r#"{{"{keyword}":{value}}}"#);
            survives(&modern(&pair));
            survives(&seventh(&pair));
            survives(&modern(&format!(
                r#"{{"type":"object","properties":{{"a":{pair}}},"required":["a"]}}"#
            )));
        }
    }
}

#[test]
fn a_wide_schema_is_read_fast() {
    let fields: Vec<String> = (0..20_000)
        .map(|n| {
            format!(
                r#""field_{n}":{{"type":"string","maxLength":{},"description":"field number {n}"}}"#,
                n % 100 + 1
            )
        })
        .collect();
    let schema = modern(&format!(
        r#"{{"type":"object","additionalProperties":false,"properties":{{{}}}}}"#,
        fields.join(",")
    ));
    let start = Instant::now();
    quiet(&schema, TARGET);
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(60), "{elapsed:?} for {} bytes", schema.len());
}
