//! The small scope, all of it: every record of at most two fields over a dozen values, against every schema of two
//! keywords. The loader in both directions and the oracles among themselves.

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::time::Instant;

    use mapc_model::member::{Dialect, Reading, Schema};
    use mapc_soundness::json::Json;
    use mapc_soundness::loaded::Loaded;
    use mapc_soundness::oracle::Oracle;
    use mapc_soundness::values::Value;

    const VALUES: &[&str] =
        &["null", "true", "0", "1.0", "-2", "2.5", "\"\"", "\"a\"", "\"ab\"", "[]", "[1,1.0]", r#"{"a":1}"#];
    /// Keywords for the field `a`.
    const FIELD: &[&str] = &[
        r#""type":"string""#,
        r#""type":["integer","null"]"#,
        r#""type":"number""#,
        r#""type":"array""#,
        r#""type":"object""#,
        r#""enum":[1,"a",null]"#,
        r#""enum":[true,[],{"a":1.0}]"#,
        r#""const":1"#,
        r#""minLength":1"#,
        r#""maxLength":1"#,
        r#""pattern":"^a$""#,
        r#""pattern":"b""#,
        r#""format":"date""#,
        r#""minimum":0"#,
        r#""maximum":1"#,
        r#""exclusiveMinimum":0"#,
        r#""exclusiveMaximum":2.5"#,
        r#""multipleOf":0.5"#,
        r#""multipleOf":2"#,
        r#""minItems":1"#,
        r#""maxItems":1"#,
        r#""uniqueItems":true"#,
        r#""items":{"type":"string"}"#,
        r#""items":{"minimum":1}"#,
        r#""prefixItems":[{"const":1}]"#,
        r#""contains":{"const":1}"#,
        r#""required":["a"]"#,
        r#""properties":{"a":{"type":"string"}}"#,
        r#""additionalProperties":false"#,
        r#""not":{"type":"string"}"#,
        r#""not":{"enum":[1,"a"]}"#,
        r#""anyOf":[{"type":"null"},{"maxLength":1}]"#,
        r#""oneOf":[{"type":"number"},{"minimum":1}]"#,
        r#""oneOf":[{"type":"string"},{"type":"null"}]"#,
        r#""allOf":[{"type":["string","number"]},{"minimum":0}]"#,
        r#""if":{"type":"string"},"then":{"minLength":1},"else":{"type":"number"}"#,
    ];
    /// Keywords for the record.
    const RECORD: &[&str] = &[
        r#""required":["a"]"#,
        r#""required":["b"]"#,
        r#""additionalProperties":false"#,
        r#""additionalProperties":{"type":"string"}"#,
        r#""minProperties":1"#,
        r#""maxProperties":1"#,
        r#""propertyNames":{"pattern":"^a"}"#,
        r#""patternProperties":{"^b":{"type":"number"}}"#,
        r#""patternProperties":{"a|b":{"not":{"type":"null"}}}"#,
        r#""dependentRequired":{"a":["b"]}"#,
        r#""dependentSchemas":{"b":{"required":["a"]}}"#,
        r#""unevaluatedProperties":false"#,
        r#""not":{"required":["b"]}"#,
        r#""anyOf":[{"required":["a"]},{"required":["b"]}]"#,
        r#""oneOf":[{"required":["a"]},{"required":["b"]}]"#,
        r#""allOf":[{"properties":{"a":{"type":"number"}}}]"#,
        r#""if":{"required":["a"]},"then":{"required":["b"]}"#,
        r#""enum":[{"a":1},{"b":"a"},{}]"#,
        r#""const":{"a":1,"b":null}"#,
        r#""minProperties":2"#,
    ];

    /// Every pair of keywords once: two at the field, one at the field and one at the record, two at the record.
    fn schemas() -> BTreeSet<String> {
        let name = |keyword: &str| keyword.split(':').next().unwrap().to_owned();
        let mut all = BTreeSet::new();
        let mut add = |field: &[&str], record: &[&str]| {
            let names: BTreeSet<String> = record.iter().map(|keyword| name(keyword)).collect();
            let inner: BTreeSet<String> = field.iter().map(|keyword| name(keyword)).collect();
            if names.len() == record.len() && inner.len() == field.len() {
                let mut parts = vec![r#""type":"object""#.to_owned()];
                parts.extend(
                    (!field.is_empty()).then(|| format!(r#""properties":{{"a":{{{}}}}}"#, field.join(","))),
                );
                parts.extend(record.iter().map(|keyword| (*keyword).to_owned()));
                all.insert(format!(r#"{{"x-mapc-dialect":"2020-12",{}}}"#, parts.join(",")));
            }
        };
        for (at, one) in FIELD.iter().enumerate() {
            add(&[one], &[]);
            FIELD.iter().skip(at + 1).for_each(|two| add(&[one, two], &[]));
            RECORD.iter().for_each(|two| add(&[one], &[two]));
        }
        for (at, one) in RECORD.iter().enumerate() {
            add(&[], &[one]);
            RECORD.iter().skip(at + 1).for_each(|two| add(&[], &[one, two]));
        }
        all
    }

    fn documents() -> Vec<String> {
        let mut all = vec!["{}".to_owned()];
        for one in VALUES {
            all.push(format!(r#"{{"a":{one}}}"#));
            all.push(format!(r#"{{"b":{one}}}"#));
            all.extend(VALUES.iter().map(|two| format!(r#"{{"a":{one},"b":{two}}}"#)));
        }
        all
    }

    #[test]
    fn all_pairs_of_keywords() {
        let start = Instant::now();
        let documents = documents();
        let values: Vec<Value> =
            documents.iter().map(|text| Value::of(&Json::parse(text).unwrap()).unwrap()).collect();
        let mut second = Oracle::start().unwrap();
        let (mut checks, mut exact, mut valid, mut compared) = (0, 0, 0, 0);
        let mut wrong = Vec::new();
        let schemas = schemas();
        for (at, text) in schemas.iter().enumerate() {
            let member = Schema::new(text, Dialect::Draft202012, &BTreeMap::new()).unwrap();
            let loaded = Loaded::new(text).unwrap();
            let mut verdicts = Vec::new();
            for (document, value) in documents.iter().zip(&values) {
                let ask = |reading| member.accepts(document.as_bytes(), reading).unwrap();
                let (both, either) = (ask(Reading::Both), ask(Reading::Either));
                let (written, read) = (loaded.writes(value), loaded.reads(value));
                checks += 1;
                valid += usize::from(both);
                exact += usize::from(written == both && read == either);
                if written && !both {
                    wrong.push(format!("the target admits what the schema refuses: {text}\n  {document}"));
                }
                if either && !read {
                    wrong.push(format!("the source leaves out what the schema admits: {text}\n  {document}"));
                }
                verdicts.push((both == either).then_some(both));
            }
            if at % 10 == 0 {
                let theirs = second.verdicts(text, "2020-12", &documents).unwrap();
                for ((document, ours), theirs) in documents.iter().zip(verdicts).zip(theirs) {
                    compared += 1;
                    if ours != theirs {
                        wrong.push(format!(
                            "the oracles differ, {ours:?} and {theirs:?}: {text}\n  {document}"
                        ));
                    }
                }
            }
        }
        mapc_soundness::say!(
            "small scope: {} schemas, {} documents, {checks} checks, {valid} valid, {:.1} % exact on both sides, {} wrong; \
             {compared} compared with the second oracle, {:.1} s",
            schemas.len(),
            documents.len(),
            100.0 * exact as f64 / checks as f64,
            wrong.len(),
            start.elapsed().as_secs_f64()
        );
        let shown: Vec<&str> = wrong.iter().take(20).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} wrong\n{}", wrong.len(), shown.join("\n"));
        assert!(checks > 200_000, "{checks} checks are too few");
    }
}
