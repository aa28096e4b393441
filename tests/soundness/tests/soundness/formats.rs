//! What the loader takes a format to mean, in both directions, against the oracle that decides: what is valid is read, what
//! may be written is valid.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mapc_model::member::{Dialect, Reading, Schema};
    use mapc_soundness::json::Json;
    use mapc_soundness::loaded::Loaded;
    use mapc_soundness::values::Value;

    const FORMATS: &[&str] = &[
        "uuid",
        "ipv4",
        "ipv6",
        "date",
        "time",
        "date-time",
        "duration",
        "email",
        "hostname",
        "uri",
        "uri-reference",
        "regex",
        "json-pointer",
        "local-time",
        "time-local",
        "local-date-time",
        "decimal",
        "double",
        "int32",
        "int64",
        "surely-unknown",
    ];
    const DIALECTS: &[Dialect] = &[
        Dialect::Draft4,
        Dialect::Draft7,
        Dialect::Draft201909,
        Dialect::Draft202012,
        Dialect::OpenApi30,
        Dialect::OpenApi31,
    ];
    /// Around the format `F`.
    const SCHEMAS: &[&str] = &[
        r#"{"format":"F"}"#,
        r#"{"type":"string","format":"F"}"#,
        r#"{"type":"integer","format":"F"}"#,
        r#"{"type":"number","format":"F"}"#,
        r#"{"type":"integer","format":"F","minimum":0}"#,
        r#"{"type":"string","format":"F","maxLength":20}"#,
        r#"{"allOf":[{"type":"integer"},{"format":"F"}]}"#,
        r#"{"anyOf":[{"type":"string","format":"F"},{"type":"boolean"}]}"#,
        r#"{"not":{"format":"F"}}"#,
        r#"{"not":{"type":"integer","format":"F"}}"#,
        r#"{"oneOf":[{"type":"integer"},{"type":"number","format":"F"}]}"#,
        r#"{"enum":["","2024-02-29",2147483648,0.5],"format":"F"}"#,
    ];
    const VALUES: &[&str] = &[
        "null",
        "true",
        "0",
        "0.5",
        "-1",
        "2147483647",
        "2147483648",
        "-2147483648",
        "-2147483649",
        "1e9",
        "1e10",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "1e40",
        "\"\"",
        "\"x\"",
        "\"123E4567-e89b-12d3-a456-426614174000\"",
        "\"123E4567-e89b-12d3-a456-42661417400\"",
        "\"10.0.0.255\"",
        "\"10.0.0.256\"",
        "\"010.0.0.1\"",
        "\"2024-02-29\"",
        "\"2023-02-29\"",
        "\"0000-01-01\"",
        "\"10:00:00Z\"",
        "\"10:00:00z\"",
        "\"10:00:00\"",
        "\"23:59:60Z\"",
        "\"22:59:60Z\"",
        "\"10:00:00.123456789012Z\"",
        "\"24:00:00Z\"",
        "\"2024-02-29T10:00:00Z\"",
        "\"2024-02-29t10:00:00+23:59\"",
        "\"2024-02-29T10:00:00\"",
        "\"2016-12-31T23:59:60Z\"",
        "\"a@b.example\"",
        "\"a@\"",
        "\"https://a.example/x?y#z\"",
        "\"a b\"",
        "\"::1\"",
        "\"P1D\"",
        "\"/a/b\"",
        "\"[\"",
    ];

    /// Valid dates and moments that no map relies on: these are read in one form, and a read tests it (R0201).
    const NOT_READ: &[&str] =
        &["\"0000-01-01\"", "\"2024-02-29t10:00:00+23:59\"", "\"2016-12-31T23:59:60Z\""];

    #[test]
    fn the_loader_relies_on_no_format_that_is_not_asserted() {
        let (mut read, mut written, mut judged, mut one_form, mut wrong) = (0, 0, 0, 0, Vec::new());
        for (dialect, format) in DIALECTS.iter().flat_map(|one| FORMATS.iter().map(move |name| (*one, name)))
        {
            for schema in SCHEMAS.iter().map(|schema| schema.replace('F', format)) {
                let text = format!(
                    r#"{{"x-mapc-dialect":"{}","type":"object","properties":{{"v":{schema}}},"required":["v"]}}"#,
                    dialect.name()
                );
                let member = Schema::new(&text, dialect, &BTreeMap::new()).unwrap();
                // A target may be refused altogether; nothing is written then.
                let Ok(loaded) = Loaded::new(&text) else { continue };
                for value in VALUES {
                    let document = format!(r#"{{"v":{value}}}"#);
                    let valid = member.accepts(document.as_bytes(), Reading::Both).unwrap();
                    let meaning = Value::of(&Json::parse(&document).unwrap()).unwrap();
                    let (reads, writes) = (loaded.reads(&meaning), loaded.writes(&meaning));
                    judged += 1;
                    read += usize::from(valid);
                    written += usize::from(writes);
                    if valid && !reads && format.starts_with("date") && NOT_READ.contains(value) {
                        one_form += 1;
                        continue;
                    }
                    if (valid && !reads) || (writes && !valid) {
                        wrong.push(format!("{text} {value}: valid {valid}, read {reads}, written {writes}"));
                    }
                }
            }
        }
        mapc_soundness::say!(
            "formats: {judged} values judged, {read} valid ({one_form} of them dates not read in this form), {written} \
             may be written, {} wrong",
            wrong.len()
        );
        let few: Vec<&str> = wrong.iter().take(20).map(String::as_str).collect();
        assert!(few.is_empty() && read > 0 && written > 0, "{}", few.join("\n"));
    }
}
