//! The oracles themselves: against the official suite, and against each other. What decides must never be wrong.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mapc_model::member::{Reading, Schema};
    use mapc_soundness::oracle::Oracle;
    use mapc_soundness::suites::{Group, official};

    /// Where the pinned reading is another one than that of the suite: file, part of the name of the group or test
    /// (empty: all), and why.
    const REVIEWED: &[(&str, &str, &str)] = &[
        ("draft2020-12/format.json", "only an annotation", "known formats are asserted in every draft"),
        ("draft7/optional/content.json", "", "what is written inside of a text is not looked at"),
        ("draft4/optional/zeroTerminatedFloats.json", "", "1 and 1.0 are one number in every draft"),
        (
            "draft4/optional/format/hostname.json",
            "consecutive hyphens",
            "the later, narrower definition holds",
        ),
        (
            "idn-hostname.json",
            "Bidi",
            "needs the directions of all characters; a target writes ASCII names only",
        ),
        ("idn-hostname.json", "right-to-left", "the same"),
        (
            "idn-hostname.json",
            "longer than 253",
            "needs the length in the encoding; a target writes short names only",
        ),
        (
            "idn-hostname.json",
            "label too long if separator ignored",
            "the length in the encoding is guessed too long",
        ),
        ("idn-hostname.json", "non-canonical Punycode", "is decoded only; a target writes no encoded names"),
    ];
    /// So many tests differ, so that no entry outlives its reason.
    const REVIEWED_TESTS: usize = 58;

    fn is_reviewed(group: &Group, test: &str) -> bool {
        REVIEWED.iter().any(|(file, name, _)| {
            group.file.ends_with(file) && (group.name.contains(name) || test.contains(name))
        })
    }

    #[derive(Default)]
    struct Count {
        tests: usize,
        wrong: usize,
        reviewed: usize,
        readings: usize,
        second_wrong: usize,
        second_silent: usize,
    }

    #[test]
    fn the_official_suite() {
        let mut second = Oracle::start().unwrap();
        let standards = second.standards().unwrap();
        let Some(groups) = official(&standards) else {
            mapc_soundness::say!("skipped: the official suite is not there");
            return;
        };
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let mut wrong = Vec::new();
        let mut misses: BTreeMap<String, usize> = BTreeMap::new();
        for group in groups.unwrap() {
            let text = group.schema.to_string();
            let documents: Vec<String> = group.tests.iter().map(|test| test.document.to_string()).collect();
            let theirs =
                second.verdicts_among(&text, group.dialect.name(), &group.others, &documents).unwrap();
            let schema = Schema::new(&text, group.dialect, &group.others);
            let kind = if group.is_optional() { "optional" } else { "required" };
            let count = counts.entry(format!("{} {kind}", group.draft())).or_default();
            for ((test, document), theirs) in group.tests.iter().zip(&documents).zip(theirs) {
                let ask =
                    |reading| schema.as_ref().map_err(Clone::clone)?.accepts(document.as_bytes(), reading);
                let (both, either) = (ask(Reading::Both), ask(Reading::Either));
                count.tests += 1;
                count.readings += usize::from(both != either);
                let ours = if both == either { both } else { Ok(test.valid) };
                if ours != Ok(test.valid) {
                    if is_reviewed(&group, &test.name) {
                        count.reviewed += 1;
                    } else {
                        count.wrong += 1;
                        wrong.push(format!(
                            "{}: {} / {}: {ours:?}\n  {text}\n  {document}",
                            group.file, group.name, test.name
                        ));
                    }
                }
                match theirs {
                    None => count.second_silent += 1,
                    Some(theirs) if theirs != test.valid => {
                        count.second_wrong += 1;
                        *misses.entry(group.file.clone()).or_default() += 1;
                    }
                    Some(_) => {}
                }
            }
        }
        for (name, count) in &counts {
            mapc_soundness::say!(
                "official suite, {name}: {} tests, {} wrong, {} by a reviewed reading, {} where the readings of patterns \
                 differ; second oracle: {} wrong, {} without an answer",
                count.tests,
                count.wrong,
                count.reviewed,
                count.readings,
                count.second_wrong,
                count.second_silent
            );
        }
        for (file, count) in misses {
            mapc_soundness::say!("  second oracle differs from the suite: {file} {count}");
        }
        let reviewed: usize = counts.values().map(|count| count.reviewed).sum();
        assert_eq!(reviewed, REVIEWED_TESTS, "tests with a reviewed reading");
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    }
}
