//! Leg A: what the loader makes of a schema. As a target never larger than the schema, as a source never smaller.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Instant;

    use mapc_model::member::{Reading, Schema};
    use mapc_soundness::json::Json;
    use mapc_soundness::loaded::{Loaded, as_field};
    use mapc_soundness::oracle::Oracle;
    use mapc_soundness::suites::{Group, official};
    use mapc_soundness::values::Value;

    /// Documents that the standard admits and that reading refuses with a reason (R0201): files of the suite, part of
    /// the test's name, and why. Reading tests the form, so nothing is claimed of them.
    const TESTED_ON_READ: &[(&str, &str, &str)] = &[
        ("date-time.json", "fifteen nines", "a fraction of a second has at most nine digits"),
        ("date-time.json", "leap second", "no calendar of the runtime has leap seconds"),
        ("date-time.json", "case-insensitive T and Z", "the letters are capitals"),
    ];

    /// The shares that are exact on both sides, in percent; they only rise.
    const KEYWORDS_EXACT: f64 = 84.0;
    const ALL_EXACT: f64 = 71.0;

    #[derive(Default)]
    struct Count {
        tests: usize,
        exact: usize,
        tested: usize,
        unjudged: usize,
    }

    fn is_tested_on_read(group: &Group, test: &str) -> bool {
        TESTED_ON_READ.iter().any(|(file, name, _)| group.file.ends_with(file) && test.contains(name))
    }

    #[test]
    fn schemas_of_the_official_suite() {
        let start = Instant::now();
        let standards = Oracle::start().and_then(|mut oracle| oracle.standards()).unwrap();
        let Some(groups) = official(&standards) else {
            mapc_soundness::say!("skipped: the official suite is not there");
            return;
        };
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let mut unjudged: BTreeMap<String, usize> = BTreeMap::new();
        let mut inexact: BTreeMap<String, usize> = BTreeMap::new();
        let mut wrong = Vec::new();
        for group in groups.unwrap() {
            let kind = if group.file.contains("/format") { "formats" } else { "keywords" };
            let count = counts.entry(format!("{} {kind}", group.draft())).or_default();
            count.tests += group.tests.len();
            let member = Schema::new(&group.schema.to_string(), group.dialect, &group.others);
            let field = as_field(&group.schema, group.dialect, &group.others);
            let loaded = field.and_then(|field| Loaded::new(&field.to_string()));
            let (member, loaded) = match (member, loaded) {
                (Ok(member), Ok(loaded)) => (member, loaded),
                (Err(why), _) | (_, Err(why)) => {
                    count.unjudged += group.tests.len();
                    *unjudged.entry(why).or_default() += 1;
                    continue;
                }
            };
            for test in &group.tests {
                let document = test.document.to_string();
                let ask = |reading| member.accepts(document.as_bytes(), reading);
                let value = Value::of(&Json::record([("v", test.document.clone())]));
                let (Ok(both), Ok(either), Some(value)) = (ask(Reading::Both), ask(Reading::Either), value)
                else {
                    count.unjudged += 1;
                    continue;
                };
                let (written, read) = (loaded.writes(&value), loaded.reads(&value));
                let say = |what: &str| {
                    format!(
                        "{what}: {} / {} / {}\n  {}\n  {document}",
                        group.file, group.name, test.name, group.schema
                    )
                };
                if written && !both {
                    wrong.push(say("the target admits what the schema refuses"));
                }
                let missed = either && !read;
                if missed && is_tested_on_read(&group, &test.name) {
                    count.tested += 1;
                } else if missed {
                    wrong.push(say("the source leaves out what the schema admits"));
                }
                if written == both && read == either {
                    count.exact += 1;
                } else {
                    *inexact.entry(group.file.clone()).or_default() += 1;
                }
            }
        }
        for (draft, count) in &counts {
            mapc_soundness::say!(
                "loader, {draft}: {} tests, {} exact on both sides, {} of a form that reading tests, {} not judged",
                count.tests,
                count.exact,
                count.tested,
                count.unjudged
            );
        }
        for (why, groups) in &unjudged {
            mapc_soundness::say!("  not judged, {groups} groups: {why}");
        }
        if std::env::var_os("MAPC_SHOW").is_some() {
            for (file, tests) in &inexact {
                mapc_soundness::say!("  not exact: {file} {tests}");
            }
        }
        let share = |kind: &str| {
            let found = counts.iter().filter(|(name, _)| name.ends_with(kind));
            let (tests, exact) =
                found.fold((0, 0), |(tests, exact), (_, one)| (tests + one.tests, exact + one.exact));
            100.0 * exact as f64 / tests as f64
        };
        let tests: usize = counts.values().map(|count| count.tests).sum();
        mapc_soundness::say!(
            "loader: {tests} tests, {} wrong, exact on both sides {:.1} % ({:.1} % without formats), {:.1} s",
            wrong.len(),
            share(""),
            share("keywords"),
            start.elapsed().as_secs_f64()
        );
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
        // A source takes a format as a remark, a target writes the plainest texts of a format only.
        assert!(share("keywords") >= KEYWORDS_EXACT && share("") >= ALL_EXACT, "less is exact than was");
    }
}
