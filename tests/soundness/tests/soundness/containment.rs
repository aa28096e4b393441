//! Leg B: labelled pairs of schemas of others. A wrong answer is a failure; what is undecided is counted.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mapc_model::member::{Dialect, Reading, Schema};
    use mapc_soundness::containment::{Question, questions};
    use mapc_soundness::json::Json;
    use mapc_soundness::oracle::Oracle;
    use mapc_soundness::outside::suite;
    use mapc_soundness::question::{Answer, Side, as_field, is_inside};

    const DIALECT: &str = "draft-07";

    /// Labels that do not hold, each with a document that shows it. Empty: the value that the inner schema names.
    /// - `unicode`: `\w` and `\d` are ASCII in ECMA-262.
    /// - `universal`: both alternatives ask for a list, or for the same fields, so not everything is admitted.
    const REVIEWED: &[(&str, &str, &str)] = &[
        ("unions/optional/unicode", "1", ""),
        ("unions/optional/unicode", "2", ""),
        ("unions/optional/unicode", "3", ""),
        ("unions/optional/unicode", "4", ""),
        ("universal/items", "6<", "5"),
        ("universal/ref", "13<", "{}"),
        ("valid/optional/unicode", "1", ""),
        ("valid/optional/unicode", "2", ""),
        ("valid/optional/unicode", "9", ""),
        ("valid/optional/unicode", "10", ""),
        ("valid/optional/unicode", "11", ""),
        ("valid/optional/unicode", "18", ""),
    ];

    /// Labels of another reading. What a text holds in another coding (`content…`) says nothing about its validity here;
    /// draft 7 lets a validator choose, the labels and the second oracle choose the other way. No defects of the labels.
    const OTHER_READING: &[(&str, &str)] = &[
        ("valid/optional/content", "2"),
        ("valid/optional/content", "5"),
        ("valid/optional/content", "8"),
        ("valid/optional/content", "9"),
    ];

    #[derive(Default, Clone, Copy)]
    struct Count {
        right: usize,
        wrong: usize,
        undecided: usize,
    }

    impl Count {
        fn add(&mut self, said: Option<bool>, expected: bool, reviewed: bool) {
            match said {
                None => self.undecided += 1,
                Some(said) if (said == expected) != reviewed => self.right += 1,
                Some(_) => self.wrong += 1,
            }
        }

        fn share(&self) -> f64 {
            100.0 * self.undecided as f64 / (self.right + self.wrong + self.undecided).max(1) as f64
        }

        fn shown(&self) -> String {
            let Count { right, wrong, undecided, .. } = self;
            format!("{right} right, {wrong} wrong, {undecided} undecided ({:.1} %)", self.share())
        }
    }

    fn ours(question: &Question) -> Answer {
        let side = |schema| Side::load(&as_field(schema, DIALECT).to_string());
        match (side(&question.inner), side(&question.outer)) {
            (Ok(inner), Ok(outer)) => is_inside(&inner, &outer),
            (Err(why), _) | (_, Err(why)) => Answer::Undecided(why),
        }
    }

    /// What is known of a label.
    enum Label {
        Right,
        /// It does not hold: one of these documents shows it to both oracles.
        Defect(Vec<String>),
        /// It holds in another reading: the oracles differ about one of these documents.
        OtherReading(Vec<String>),
    }

    fn label(question: &Question) -> Label {
        let file = format!("{}/{}", question.sort, question.file);
        let is = |known: &str, name: &str| known == file && name == question.name;
        let branches = question.inner.get("anyOf").map(Json::elements).unwrap_or_default();
        let values = branches.iter().chain([&question.inner]).filter_map(|schema| schema.get("const"));
        let values = values.map(Json::to_string);
        if OTHER_READING.iter().any(|(known, name)| is(known, name)) {
            return Label::OtherReading(values.collect());
        }
        match REVIEWED.iter().find(|(known, name, _)| is(known, name)) {
            None => Label::Right,
            Some((_, _, "")) => Label::Defect(values.collect()),
            Some((_, _, shown)) => Label::Defect(vec![(*shown).to_owned()]),
        }
    }

    /// A document that is in the inner schema, and in the outer one against the label: for both oracles, or, in another
    /// reading, for the first alone.
    fn confirmed(question: &Question, label: &Label, oracle: &mut Oracle) -> bool {
        let mut verdicts = |schema: &Json, document: &str| {
            let text = schema.to_string();
            let first = Schema::new(&text, Dialect::Draft7, &BTreeMap::new())
                .and_then(|schema| schema.accepts(document.as_bytes(), Reading::Both))
                .ok();
            let second = oracle.verdicts(&text, DIALECT, &[document.to_owned()]).ok();
            (first, second.and_then(|verdicts| verdicts.first().copied().flatten()))
        };
        let (documents, both) = match label {
            Label::Right => return true,
            Label::Defect(documents) => (documents, true),
            Label::OtherReading(documents) => (documents, false),
        };
        documents.iter().any(|document| {
            let (inner, outer) = (verdicts(&question.inner, document), verdicts(&question.outer, document));
            let against = Some(!question.expected);
            if both {
                return inner == (Some(true), Some(true)) && outer == (against, against);
            }
            (inner.0, outer.0) == (Some(true), against) && (inner.1, outer.1) != (inner.0, outer.0)
        })
    }

    #[test]
    fn labelled_pairs() {
        let Some(folder) = suite("json-schema-containment") else {
            mapc_soundness::say!("skipped: the containment suite is not there");
            return;
        };
        let questions = questions(&folder);
        assert!(!questions.is_empty());
        let mut oracle = Oracle::start().unwrap();
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let (mut plain, mut theirs) = (Count::default(), Count::default());
        let (mut wrong, mut readings) = (Vec::new(), 0);
        for question in &questions {
            let answer = ours(question);
            let said = match &answer {
                Answer::Inside => Some(true),
                Answer::Outside => Some(false),
                Answer::Undecided(_) => None,
            };
            let label = label(question);
            assert!(confirmed(question, &label, &mut oracle), "{question:?}");
            let is_defect = matches!(label, Label::Defect(_));
            readings += usize::from(matches!(label, Label::OtherReading(_)));
            let expected = question.expected != matches!(label, Label::OtherReading(_));
            let Question { sort, file, name, inner, outer, .. } = question;
            let mut names = vec![format!("sort {sort}"), "total".to_owned()];
            names.extend(question.group().map(|group| format!("file {group}")));
            for name in names {
                counts.entry(name).or_default().add(said, expected, is_defect);
            }
            if question.is_plain() {
                let covers = oracle.covers(&outer.to_string(), &inner.to_string(), DIALECT).unwrap();
                plain.add(said, expected, is_defect);
                theirs.add(covers, expected, is_defect);
            }
            if said.is_some_and(|said| (said == expected) == is_defect) {
                wrong.push(format!("{sort}/{file} {name}: {answer:?}\n  {inner}\n  {outer}"));
            }
            if std::env::var_os("MAPC_SHOW").is_some() && said.is_none() {
                mapc_soundness::say!("open {sort}/{file} {name} {answer:?}\n  {inner}\n  {outer}");
            }
        }
        for (name, count) in &counts {
            mapc_soundness::say!("containment, {name}: {}", count.shown());
        }
        mapc_soundness::say!("containment, only keywords that ERPs use: {}", plain.shown());
        mapc_soundness::say!(
            "containment, the same asked of `covers` of the second oracle: {}",
            theirs.shown()
        );
        mapc_soundness::say!(
            "containment: {} labels are defects, each shown by a document; {readings} hold in another reading of \
             `content…`, which is an annotation here",
            REVIEWED.len()
        );
        assert_eq!(readings, OTHER_READING.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(plain.share() <= 5.0, "{:.1} % are undecided", plain.share());
    }
}
