//! Accepting is monotone: a map that passes still passes when its target takes more, when its source gives less, and
//! when both say the same in other words. At each single limit, what just fits passes and what just does not is refused.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use mapc_soundness::campaign::Plan;
    use mapc_soundness::case::Case;
    use mapc_soundness::choices::Choices;
    use mapc_soundness::edits::{Edit, Effect};
    use mapc_soundness::json::Json;
    use mapc_soundness::laws::{REWORDINGS, step};

    /// Errors that say nothing against the law: a name is gone, or a schema admits nothing any more.
    const LEFT_OUT: &[&str] = &["E0201", "E0202", "E0906"];

    /// Words of E0505 that say nothing against the law: the step has left no value for a field.
    const EMPTIED: &str = "may be nothing";

    #[derive(Default)]
    struct Tally {
        counts: BTreeMap<String, usize>,
        broken: Vec<String>,
    }

    impl Tally {
        fn count(&mut self, what: &str) {
            *self.counts.entry(what.to_owned()).or_default() += 1;
        }

        fn broken(&mut self, what: &str, case: &Case, words: &str) {
            self.count(&format!("{what}: BROKEN"));
            let Case { source, target, map, .. } = case;
            self.broken.push(format!("{what}\n{words}source {source}\ntarget {target}\n{map}"));
        }

        /// A case that must pass because another one does.
        fn must_pass(&mut self, what: &str, case: &Case) {
            let checked = case.check().unwrap();
            let errors = checked.errors();
            let diagnostics = &checked.compiled.compilation.diagnostics;
            let all_say = |words: &str| {
                diagnostics.iter().filter(|one| one.is_error()).all(|one| one.title.ends_with(words))
            };
            if errors.is_empty() {
                self.count(&format!("{what}: holds"));
            } else if all_say(EMPTIED) {
                self.count(&format!("{what}: left out, no value is left"));
            } else if errors.iter().all(|code| LEFT_OUT.contains(code)) {
                self.count(&format!("{what}: left out, {errors:?}"));
            } else {
                self.broken(&format!("{what}, {errors:?}"), case, &checked.compiled.words());
            }
        }
    }

    fn json(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    /// The values of lists that an edit takes away are named nowhere in the map.
    fn loses_no_name(edit: &Edit, case: &Case) -> bool {
        let lost = edit.witness.as_ref().map(Json::to_string).unwrap_or_default();
        let named = |text: &str| lost.split('"').any(|part| part.len() > 1 && text.contains(part));
        edit.what != "enum -1" || !(named(&case.map) || case.tables.iter().any(|(_, rows)| named(rows)))
    }

    impl Tally {
        /// One random case with all that must hold for it.
        fn one(&mut self, seed: u64, number: u64) {
            let mut choices = Choices::of(seed ^ 0x1a35, number);
            let case = Case::random(&mut choices);
            let checked = case.check().unwrap();
            let passes = checked.accepted();
            self.count(if passes { "accepted" } else { "refused" });
            let (source, target) = (json(&case.source), json(&case.target));
            // In which words both schemas are said makes no difference to a map, passing or not.
            let rewording = REWORDINGS[number as usize % REWORDINGS.len()];
            let (other, another) = (rewording.of(&source), rewording.of(&target));
            if case.overlay.is_none() && (other.is_some() || another.is_some()) {
                let same = Case {
                    source: other.map_or_else(|| case.source.clone(), |other| other.to_string()),
                    target: another.map_or_else(|| case.target.clone(), |another| another.to_string()),
                    ..case.clone()
                };
                let what = format!("said otherwise, {rewording:?}");
                if passes {
                    self.must_pass(&what, &same);
                } else if same.check().unwrap().accepted() {
                    self.broken(&format!("{what}, passes"), &same, &checked.compiled.words());
                } else {
                    self.count(&format!("{what}: holds"));
                }
            }
            if !passes {
                return;
            }
            if case.overlay.is_none()
                && let Some(edit) = step(&target, Effect::Wider, &mut choices)
            {
                let wider = Case { target: edit.schema.to_string(), ..case.clone() };
                self.must_pass(&format!("target wider, {}", edit.what), &wider);
            }
            if let Some(edit) = step(&source, Effect::Narrower, &mut choices)
                && loses_no_name(&edit, &case)
            {
                let narrower = Case { source: edit.schema.to_string(), ..case.clone() };
                self.must_pass(&format!("source narrower, {}", edit.what), &narrower);
            }
        }
    }

    #[test]
    fn accepting_is_monotone() {
        let plan = Plan::from_environment(700, 0);
        let cases = plan.maps.min(100_000);
        let begin = Instant::now();
        let next = AtomicU64::new(0);
        let work = || {
            let mut tally = Tally::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= cases {
                    return tally;
                }
                tally.one(plan.seed, number);
            }
        };
        let parts = std::thread::scope(|scope| {
            let threads = [scope.spawn(work), scope.spawn(work)];
            threads.map(|thread| thread.join().unwrap())
        });
        let mut tally = Tally::default();
        for part in parts {
            part.counts.into_iter().for_each(|(what, count)| *tally.counts.entry(what).or_default() += count);
            tally.broken.extend(part.broken);
        }
        let accepted = tally.counts.get("accepted").copied().unwrap_or_default();
        mapc_soundness::say!(
            "laws, seed {}: {cases} cases, {accepted} accepted; {} laws broken; {:?}",
            plan.seed,
            tally.broken.len(),
            begin.elapsed()
        );
        for (what, count) in &tally.counts {
            mapc_soundness::say!("  {what}: {count}");
        }
        let few: Vec<&str> = tally.broken.iter().take(12).map(String::as_str).collect();
        assert!(few.is_empty(), "{}", few.join("\n\n"));
        assert!(accepted as u64 * 3 >= cases, "too few maps pass to say anything");
    }

    /// A map that copies the field `v` of this source to this target.
    fn copies(source: &str, target: &str) -> Case {
        let document = |field: &str, required: bool| {
            let required = if required { r#","required":["v"]"# } else { "" };
            format!(
                r#"{{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{{"v":{field}}},"additionalProperties":false{required}}}"#
            )
        };
        let (source, optional) = match source.strip_prefix("optional ") {
            Some(source) => (source, true),
            None => (source, false),
        };
        let (target, free) = match target.strip_prefix("optional ") {
            Some(target) => (target, true),
            None => (target, false),
        };
        let value =
            if target.contains("array") { "each order.v as row {\n    t = row.t\n  }" } else { "order.v" };
        Case {
            source: document(source, !optional),
            target: document(target, !free),
            map: format!(
                "map test.record version 1\nfrom shop.record@1 as order\nto erp.record@1\nfields {{\n  v = {value}\n}}\n"
            ),
            ..Case::default()
        }
    }

    fn rows(limits: &str) -> String {
        format!(
            r#"{{"type":"array",{limits}"items":{{"type":"object","properties":{{"t":{{"type":"string"}}}},"required":["t"]}}}}"#
        )
    }

    #[test]
    fn at_each_limit_what_fits_passes_and_what_does_not_is_refused() {
        let number = |limits: &str| format!(r#"{{"type":"number",{limits}}}"#);
        let text = |limits: &str| format!(r#"{{"type":"string",{limits}}}"#);
        let bound = |keyword: &str, value: &str| number(&format!(r#""{keyword}":{value}"#));
        let optional = |schema: &str| format!("optional {schema}");
        let any = text(r#""maxLength":5"#);
        // the limit, a source, a target it just fits, a target it just does not
        let cases = [
            ("maxLength", text(r#""maxLength":5"#), text(r#""maxLength":5"#), text(r#""maxLength":4"#)),
            ("minLength", text(r#""minLength":2"#), text(r#""minLength":2"#), text(r#""minLength":3"#)),
            (
                "pattern",
                text(r#""pattern":"^[A-Z]{1,3}$""#),
                text(r#""pattern":"^[A-Z]{0,3}$""#),
                text(r#""pattern":"^[A-Z]{2,3}$""#),
            ),
            ("maximum", bound("maximum", "9.99"), bound("maximum", "9.99"), bound("maximum", "9.98")),
            ("minimum", bound("minimum", "0"), bound("minimum", "0"), bound("minimum", "0.01")),
            (
                "exclusiveMaximum",
                bound("exclusiveMaximum", "10"),
                bound("exclusiveMaximum", "10"),
                bound("exclusiveMaximum", "9.99"),
            ),
            (
                "exclusiveMinimum",
                bound("minimum", "0"),
                bound("minimum", "0"),
                bound("exclusiveMinimum", "0"),
            ),
            (
                "multipleOf",
                bound("multipleOf", "0.01"),
                bound("multipleOf", "0.01"),
                bound("multipleOf", "0.1"),
            ),
            ("whole", bound("multipleOf", "1"), r#"{"type":"integer"}"#.to_owned(), bound("multipleOf", "2")),
            ("enum", text(r#""enum":["A","B"]"#), text(r#""enum":["A","B"]"#), text(r#""enum":["A"]"#)),
            (
                "enum of numbers",
                r#"{"enum":[1,2]}"#.to_owned(),
                r#"{"enum":[2,1.0]}"#.to_owned(),
                r#"{"enum":[1]}"#.to_owned(),
            ),
            ("required", optional(&any), optional(&any), any.clone()),
            ("minItems", rows(r#""minItems":2,"#), rows(r#""minItems":2,"#), rows(r#""minItems":3,"#)),
            ("maxItems", rows(r#""maxItems":5,"#), rows(r#""maxItems":5,"#), rows(r#""maxItems":4,"#)),
            (
                "int32",
                r#"{"type":"integer","minimum":-2147483648,"maximum":2147483647}"#.to_owned(),
                r#"{"type":"integer","format":"int32"}"#.to_owned(),
                r#"{"type":"integer","maximum":2147483646}"#.to_owned(),
            ),
        ];
        let mut wrong = Vec::new();
        for (limit, source, fits, not) in &cases {
            for (target, passes) in [(fits, true), (not, false)] {
                let case = copies(source, target);
                let checked = case.check().unwrap();
                if checked.accepted() != passes {
                    wrong.push(format!(
                        "{limit}: {source} to {target}, {passes}\n{}",
                        checked.compiled.words()
                    ));
                }
            }
        }
        mapc_soundness::say!("laws: {} limits, each with what just fits and what just does not", cases.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
