//! Leg B: real schemas with one small change each. The right answer is known in both directions.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Instant;

    use mapc_model::member::{Dialect, Reading, Schema};
    use mapc_soundness::choices::Choices;
    use mapc_soundness::edits::{Edit, Effect, edits, spots};
    use mapc_soundness::json::Json;
    use mapc_soundness::oracle::Oracle;
    use mapc_soundness::outside::{is_soak, specs};
    use mapc_soundness::question::{Answer, Side, is_inside};
    use mapc_soundness::vendors::{Family, LeftOut, own, vendors};

    #[derive(Default)]
    struct Tally {
        questions: usize,
        right: usize,
        undecided: usize,
        confirmed: usize,
        unconfirmed: usize,
        same: usize,
        recursive: usize,
        wrong: Vec<String>,
        why: BTreeMap<String, usize>,
    }

    /// What the other algebra says to some of the same questions, and what we say to exactly these.
    #[derive(Default)]
    struct Beside {
        asked: usize,
        passed_over: usize,
        ours_open: usize,
        theirs_right: usize,
        theirs_wrong: usize,
        theirs_open: usize,
    }

    /// The other algebra is asked so many questions, about schemas of at most so many bytes.
    const BESIDE: (usize, usize) = (200, 20_000);

    impl Beside {
        fn ask(
            &mut self,
            oracle: &mut Oracle,
            dialect: &str,
            (inner, outer): (&str, &str),
            right: bool,
            open: bool,
        ) {
            let (most, size) = BESIDE;
            if self.asked >= most {
                return;
            }
            if inner.len() > size {
                self.passed_over += 1;
                return;
            }
            self.asked += 1;
            self.ours_open += usize::from(open);
            match oracle.covers(outer, inner, dialect).unwrap() {
                None => self.theirs_open += 1,
                Some(said) if said == right => self.theirs_right += 1,
                Some(_) => self.theirs_wrong += 1,
            }
        }
    }

    fn member(schema: &str, dialect: &str, document: &Json) -> Option<bool> {
        let dialect = if dialect == "openapi-3.0" { Dialect::OpenApi30 } else { Dialect::Draft202012 };
        let schema = Schema::new(schema, dialect, &BTreeMap::new()).ok()?;
        schema.accepts(document.to_string().as_bytes(), Reading::Both).ok()
    }

    impl Tally {
        /// Both directions of one change.
        fn ask(
            &mut self,
            (family, name): (&Family, &str),
            original: (&Json, &Side),
            edit: &Edit,
            (beside, oracle): (&mut Beside, &mut Oracle),
        ) {
            let text = edit.schema.to_string();
            let Ok(edited) = Side::load(&text) else {
                *self.why.entry("not loaded".to_owned()).or_default() += 1;
                self.undecided += 2;
                self.questions += 2;
                return;
            };
            let before = original.0.to_string();
            let (narrow, wide) = match edit.effect {
                Effect::Wider => ((original.1, &before), (&edited, &text)),
                Effect::Narrower => ((&edited, &text), (original.1, &before)),
            };
            let place = || format!("{} {name}: {}", family.name, edit.what);
            self.questions += 2;
            self.recursive += 2 * usize::from(edited.is_recursive());
            let (there, back) = (is_inside(narrow.0, wide.0), is_inside(wide.0, narrow.0));
            let shown = edit.witness.as_ref().is_some_and(|witness| {
                let verdict = |schema: &str| member(schema, family.dialect, witness);
                verdict(wide.1) == Some(true) && verdict(narrow.1) == Some(false)
            });
            let open = |answer: &Answer| matches!(answer, Answer::Undecided(_));
            beside.ask(oracle, family.dialect, (narrow.1, wide.1), true, open(&there));
            if shown {
                beside.ask(oracle, family.dialect, (wide.1, narrow.1), false, open(&back));
            }
            match there {
                Answer::Inside => self.right += 1,
                Answer::Outside => self.wrong.push(format!("{}: the narrower is inside the wider", place())),
                Answer::Undecided(why) => self.open(&place(), why),
            }
            match (back, shown) {
                (Answer::Outside, true) => {
                    (self.right, self.confirmed) = (self.right + 1, self.confirmed + 1)
                }
                (Answer::Outside, false) => {
                    if std::env::var_os("MAPC_SHOW").is_some() {
                        mapc_soundness::say!(
                            "no witness: {} {:?}",
                            place(),
                            edit.witness.as_ref().map(ToString::to_string)
                        );
                    }
                    (self.right, self.unconfirmed) = (self.right + 1, self.unconfirmed + 1);
                }
                (Answer::Inside, true) => self.wrong.push(format!("{}: a document is lost", place())),
                (Answer::Inside, false) => {
                    if std::env::var_os("MAPC_SHOW").is_some() {
                        mapc_soundness::say!(
                            "same: {} {:?}",
                            place(),
                            edit.witness.as_ref().map(ToString::to_string)
                        );
                    }
                    self.same += 1;
                }
                (Answer::Undecided(why), _) => self.open(&place(), why),
            }
        }

        fn open(&mut self, place: &str, why: String) {
            if std::env::var_os("MAPC_SHOW").is_some() {
                mapc_soundness::say!("open: {place} {why}");
            }
            self.undecided += 1;
            *self.why.entry(why).or_default() += 1;
        }
    }

    #[test]
    fn real_schemas_with_one_change() {
        let families = match specs() {
            Some(folder) => vendors(&folder),
            None => {
                mapc_soundness::say!(
                    "skipped: the vendors' schemas are not there; the project's own stand in"
                );
                own()
            }
        };
        assert!(!families.is_empty());
        // So many questions, not so many seconds: a slow machine asks the same.
        let wanted = if is_soak() { 20_000 } else { 1_000 };
        let begin = Instant::now();
        let mut oracle = Oracle::start().unwrap();
        let (mut tally, mut beside) = (Tally::default(), Beside::default());
        let mut choices = Choices::new(20_261_123);
        let mut by_family: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut large, mut refused, mut no_null) = (0, BTreeMap::<String, usize>::new(), 0);
        while tally.questions < wanted {
            let Some(family) = choices.any(&families) else { break };
            let Some((name, _)) = choices.any(&family.schemas) else { break };
            // Large families are slow; the recursive one is large and wanted.
            let limit = match family.dialect {
                _ if is_soak() => 400,
                "2020-12" => 120,
                _ => 40,
            };
            let Some(document) = family.document(name, limit) else {
                large += 1;
                continue;
            };
            let side = match Side::load(&document.to_string()) {
                Ok(side) => side,
                Err(why) => {
                    *refused.entry(why).or_default() += 1;
                    continue;
                }
            };
            let places = spots(&document);
            for _ in 0..6 {
                let Some(spot) = choices.any(&places) else { break };
                no_null += usize::from(family.dialect == "openapi-3.0" && spot.is_shared());
                let all = edits(&document, spot);
                let Some(edit) = choices.any(&all) else { continue };
                *by_family.entry(&family.name).or_default() += 2;
                tally.ask((family, name), (&document, &side), edit, (&mut beside, &mut oracle));
            }
        }
        let left_out = families.iter().fold(LeftOut::new(), |mut sum, family| {
            family.left_out.iter().for_each(|(what, count)| *sum.entry(what).or_default() += count);
            sum
        });
        mapc_soundness::say!(
            "edits, not asked about: {left_out:?}; {large} schemas passed over as too large, {refused:?} not loaded; \
             {no_null} places where nothing is said about null, which is read in two ways there"
        );
        mapc_soundness::say!(
            "edits, {} questions also asked of `covers` of the second oracle ({} about larger schemas were not): it is \
             right {}, wrong {}, undecided {} times; we are undecided {} times",
            beside.asked,
            beside.passed_over,
            beside.theirs_right,
            beside.theirs_wrong,
            beside.theirs_open,
            beside.ours_open
        );
        let share = 100.0 * tally.undecided as f64 / tally.questions.max(1) as f64;
        mapc_soundness::say!(
            "edits: {} questions ({} about recursive schemas), {} right, {} wrong, {} undecided ({share:.2} %), {} \
             without effect; of the refusals {} have a witness and {} have none; {:?}",
            tally.questions,
            tally.recursive,
            tally.right,
            tally.wrong.len(),
            tally.undecided,
            tally.same,
            tally.confirmed,
            tally.unconfirmed,
            begin.elapsed()
        );
        mapc_soundness::say!("edits by file: {by_family:?}; undecided: {:?}", tally.why);
        assert_eq!(tally.wrong, Vec::<String>::new());
        assert!(share <= 1.0, "{share:.2} % are undecided");
        assert!(tally.questions >= wanted && tally.right * 10 >= tally.questions * 9);
    }
}
