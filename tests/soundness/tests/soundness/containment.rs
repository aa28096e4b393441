//! Leg B: labelled pairs of schemas of others. A wrong answer is a failure; what is undecided is counted.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mapc_soundness::containment::{Question, questions};
    use mapc_soundness::outside::suite;
    use mapc_soundness::question::{Answer, Side, as_field, is_inside};

    const DIALECT: &str = "draft-07";

    #[derive(Default, Clone, Copy)]
    struct Count {
        right: usize,
        wrong: usize,
        undecided: usize,
    }

    impl Count {
        fn add(&mut self, said: Option<bool>, expected: bool) {
            match said {
                None => self.undecided += 1,
                Some(said) if said == expected => self.right += 1,
                Some(_) => self.wrong += 1,
            }
        }

        fn share(&self) -> f64 {
            100.0 * self.undecided as f64 / (self.right + self.wrong + self.undecided).max(1) as f64
        }
    }

    fn ours(question: &Question) -> Answer {
        let side = |schema| Side::load(&as_field(schema, DIALECT).to_string());
        match (side(&question.inner), side(&question.outer)) {
            (Ok(inner), Ok(outer)) => is_inside(&inner, &outer),
            (Err(why), _) | (_, Err(why)) => Answer::Undecided(why),
        }
    }

    #[test]
    fn labelled_pairs() {
        let Some(folder) = suite("json-schema-containment") else {
            println!("skipped: the containment suite is not there");
            return;
        };
        let questions = questions(&folder);
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let show = std::env::var_os("MAPC_SHOW").is_some();
        for question in &questions {
            let answer = ours(question);
            let said = match &answer {
                Answer::Inside => Some(true),
                Answer::Outside => Some(false),
                Answer::Undecided(_) => None,
            };
            let mut names = vec![format!("sort {}", question.sort), "total".to_owned()];
            names.extend(question.group().map(|group| format!("group {group}")));
            names.extend(question.group().map(|_| "groups".to_owned()));
            names.extend(question.is_plain().then(|| "plain".to_owned()));
            for name in names {
                counts.entry(name).or_default().add(said, question.expected);
            }
            if show && said != Some(question.expected) {
                let Question { sort, file, name, inner, outer, expected, .. } = question;
                let mark = if said.is_some() { "WRONG" } else { "open" };
                let plain = question.is_plain();
                println!(
                    "{mark} {sort}/{file} {name} plain={plain} expected={expected} {answer:?}\n   {inner}\n   {outer}"
                );
            }
        }
        for (name, count) in &counts {
            println!(
                "{name}: {} right, {} wrong, {} undecided ({:.1} %)",
                count.right,
                count.wrong,
                count.undecided,
                count.share()
            );
        }
    }
}
