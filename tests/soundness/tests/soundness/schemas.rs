//! Leg A on real schemas: documents near each schema. What a target admits is valid, what is valid a source admits.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use mapc_model::member::{Dialect, Reading, Schema};
    use mapc_soundness::choices::Choices;
    use mapc_soundness::generate::json::Json as Text;
    use mapc_soundness::generate::message::message;
    use mapc_soundness::json::Json;
    use mapc_soundness::loaded::Loaded;
    use mapc_soundness::outside::{files, specs};
    use mapc_soundness::values::Value;
    use mapc_soundness::vendors::vendors;

    /// Documents per schema.
    const OWN: u64 = 2_000;
    const VENDOR: u64 = 200;
    /// Schemas of each vendor's file.
    const COMPONENTS: usize = 4;
    const SEED: u64 = 3;

    #[derive(Default)]
    struct Count {
        schemas: usize,
        documents: usize,
        valid: usize,
        written: usize,
        exact: usize,
        refused: usize,
        tested: usize,
        wrong: Vec<String>,
    }

    /// A date or moment of the standard that is not read but refused with a reason (R0201): year 0, small letters, leap
    /// seconds, fractions of more than nine digits.
    fn is_tested_on_read(document: &Json) -> bool {
        match document {
            Json::Text(text) => {
                let day: Vec<&str> = text.splitn(3, '-').collect();
                let digits =
                    |text: &str, count| text.len() == count && text.bytes().all(|one| one.is_ascii_digit());
                let dated = matches!(day.as_slice(), [year, month, _] if digits(year, 4) && digits(month, 2));
                let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
                let long = fraction.bytes().take_while(u8::is_ascii_digit).count() > 9;
                dated
                    && (text.starts_with("0000-")
                        || text.contains(['t', 'z'])
                        || text.contains(":60")
                        || long)
            }
            Json::List(elements) => elements.iter().any(is_tested_on_read),
            Json::Record(fields) => fields.iter().any(|(_, value)| is_tested_on_read(value)),
            _ => false,
        }
    }

    fn judge(name: &str, text: &str, dialect: Dialect, documents: u64, count: &mut Count) {
        let member = Schema::new(text, dialect, &BTreeMap::new()).unwrap();
        let loaded = match Loaded::new(text) {
            Ok(loaded) => loaded,
            Err(why) => {
                mapc_soundness::say!("  not loaded, {name}: {why}");
                count.refused += 1;
                return;
            }
        };
        count.schemas += 1;
        let schema = Text::parse(text).unwrap();
        for case in 0..documents {
            let (_, bytes) = message(&schema, &mut Choices::of(SEED, case));
            let parsed = std::str::from_utf8(&bytes).ok().and_then(Json::parse);
            let Some(document) = parsed.filter(|document| matches!(document, Json::Record(_))) else {
                continue;
            };
            let ask = |reading| member.accepts(&bytes, reading);
            let (Ok(both), Ok(either), Some(value)) =
                (ask(Reading::Both), ask(Reading::Either), Value::of(&document))
            else {
                continue;
            };
            let (written, read) = (loaded.writes(&value), loaded.reads(&value));
            count.documents += 1;
            count.valid += usize::from(both);
            count.written += usize::from(written);
            count.exact += usize::from(written == both && read == either);
            let say = |what: &str| format!("{what}: {name}, case {case}\n  {document}");
            if written && !both {
                count.wrong.push(say("the target admits what the schema refuses"));
            }
            if either && !read && is_tested_on_read(&document) {
                count.tested += 1;
            } else if either && !read {
                count.wrong.push(say("the source leaves out what the schema admits"));
            }
        }
    }

    fn report(what: &str, count: &Count) {
        mapc_soundness::say!(
            "{what}: {} schemas ({} not loaded), {} documents, {} valid, {} written, {} exact on both sides, \
             {} of a form that reading tests, {} wrong",
            count.schemas,
            count.refused,
            count.documents,
            count.valid,
            count.written,
            count.exact,
            count.tested,
            count.wrong.len()
        );
        let shown: Vec<&str> = count.wrong.iter().take(20).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} wrong\n{}", count.wrong.len(), shown.join("\n"));
    }

    #[test]
    fn our_own() {
        let mut count = Count::default();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folders = ["mappings", "docs/errors/fixture", "tests/spec", "compiler/cli/src/commands/init"];
        for path in folders.iter().flat_map(|folder| files(&root.join(folder), "json")) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let declared =
                Json::parse(&text).and_then(|schema| schema.get("$schema")?.as_text().map(str::to_owned));
            if declared.is_some_and(|uri| uri.contains("2020-12")) {
                judge(&name, &text, Dialect::Draft202012, OWN, &mut count);
            }
        }
        report("our own schemas", &count);
        assert_eq!(count.refused, 0, "all of them load");
        assert!(count.written > 1_000 && count.valid > 1_000, "hardly any valid document");
    }

    #[test]
    fn of_vendors() {
        let Some(folder) = specs() else {
            mapc_soundness::say!("skipped: the vendors' schemas are not there");
            return;
        };
        let mut count = Count::default();
        for family in vendors(&folder) {
            let step = (family.schemas.len() / COMPONENTS).max(1);
            for (name, _) in family.schemas.iter().step_by(step).take(COMPONENTS) {
                let Some(schema) = family.document(name, 400) else { continue };
                let dialect = Dialect::of_name(family.dialect).unwrap();
                judge(&format!("{} {name}", family.name), &schema.to_string(), dialect, VENDOR, &mut count);
            }
        }
        report("vendors' schemas", &count);
        assert!(count.written > 100 && count.valid > 100, "hardly any valid document");
    }
}
