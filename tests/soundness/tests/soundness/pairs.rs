//! Leg B: random pairs of schemas near each other. A proof is held against sampled documents, a refutation should
//! have one among them.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    use mapc_model::member::{Dialect, Reading, Schema};
    use mapc_soundness::choices::Choices;
    use mapc_soundness::json::Json;
    use mapc_soundness::outside::is_soak;
    use mapc_soundness::pairs::{document, near, schema};
    use mapc_soundness::question::{Answer, Side, is_inside};

    /// Documents for each pair.
    const DOCUMENTS: usize = 150;

    #[derive(Default)]
    struct Tally {
        pairs: usize,
        inside: usize,
        outside: usize,
        unseen: usize,
        undecided: usize,
        recursive: usize,
        samples: usize,
        wrong: Vec<String>,
        why: BTreeMap<String, usize>,
    }

    struct One {
        text: String,
        side: Side,
        member: Schema,
    }

    fn one(schema: &Json) -> Option<One> {
        let text = schema.to_string();
        let side = Side::load(&text).ok()?;
        let member = Schema::new(&text, Dialect::Draft202012, &BTreeMap::new()).ok()?;
        Some(One { text, side, member })
    }

    impl One {
        /// Its own verdict on each document.
        fn verdicts(&self, documents: &[String]) -> Vec<Option<bool>> {
            documents.iter().map(|text| self.member.accepts(text.as_bytes(), Reading::Both).ok()).collect()
        }
    }

    /// A schema with the verdicts on the documents of a pair.
    type Judged<'a> = (&'a One, &'a [Option<bool>]);

    impl Tally {
        /// Documents of `inner` held against `outer`.
        fn ask(&mut self, (inner, of_inner): Judged, (outer, of_outer): Judged, documents: &[String]) {
            self.pairs += 1;
            self.recursive += usize::from(inner.side.is_recursive() || outer.side.is_recursive());
            let answer = is_inside(&inner.side, &outer.side);
            let verdicts = of_inner.iter().zip(of_outer);
            self.samples += verdicts.clone().filter(|(first, _)| **first == Some(true)).count();
            let lost = verdicts.zip(documents).find(|(both, _)| *both == (&Some(true), &Some(false)));
            let lost = lost.map(|(_, document)| document);
            match (answer, lost) {
                (Answer::Inside, Some(lost)) => {
                    self.wrong.push(format!("{lost}\n  is in {}\n  not in {}", inner.text, outer.text));
                }
                (Answer::Inside, None) => self.inside += 1,
                (Answer::Outside, Some(_)) => self.outside += 1,
                (Answer::Outside, None) => {
                    self.unseen += 1;
                    if std::env::var_os("MAPC_SHOW").is_some() {
                        mapc_soundness::say!("unseen\n  {}\n  {}", inner.text, outer.text);
                    }
                }
                (Answer::Undecided(why), lost) => {
                    self.undecided += 1;
                    if std::env::var_os("MAPC_SHOW").is_some() {
                        mapc_soundness::say!(
                            "open {why} {}\n  {}\n  {}",
                            lost.is_some(),
                            inner.text,
                            outer.text
                        );
                    }
                    *self.why.entry(why).or_default() += 1;
                }
            }
        }
    }

    #[test]
    fn random_pairs() {
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
        let seed = if is_soak() { clock() } else { 20_261_123 };
        let wanted = if is_soak() { 50_000_000 } else { 200_000 };
        let begin = Instant::now();
        let mut tally = Tally::default();
        for case in 0.. {
            let late = is_soak() && begin.elapsed() > Duration::from_secs(7_200);
            if tally.samples >= wanted || late {
                break;
            }
            let mut choices = Choices::of(seed, case);
            let first = schema(&mut choices);
            let second = if choices.percent(90) { near(&first, &mut choices) } else { schema(&mut choices) };
            let (Some(one), Some(two)) = (one(&first), one(&second)) else { continue };
            let documents: Vec<String> = (0..DOCUMENTS)
                .map(|at| document(if at % 3 == 2 { &second } else { &first }, &mut choices).to_string())
                .collect();
            let verdicts = (one.verdicts(&documents), two.verdicts(&documents));
            tally.ask((&one, &verdicts.0), (&two, &verdicts.1), &documents);
            tally.ask((&two, &verdicts.1), (&one, &verdicts.0), &documents);
        }
        let share = 100.0 * tally.undecided as f64 / tally.pairs.max(1) as f64;
        mapc_soundness::say!(
            "random pairs: seed {seed}, {} questions ({} about recursive schemas), {} documents held; {} inside, {} \
             outside with a witness, {} outside without, {} undecided ({share:.2} %), {} wrong; {:?}",
            tally.pairs,
            tally.recursive,
            tally.samples,
            tally.inside,
            tally.outside,
            tally.unseen,
            tally.undecided,
            tally.wrong.len(),
            begin.elapsed()
        );
        mapc_soundness::say!("undecided: {:?}", tally.why);
        let few: Vec<&String> = tally.wrong.iter().take(3).collect();
        assert!(few.is_empty(), "{}", few.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("\n"));
        assert!(share <= 5.0, "{share:.2} % are undecided");
        assert!(is_soak() || tally.samples >= 200_000, "{} documents", tally.samples);
    }
}
