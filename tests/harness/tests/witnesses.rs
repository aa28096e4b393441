//! Does every refusal have a message that shows it? Every broken map of the repository, every gap in it.
//!
//! An obligation is a gap that the checker can leave open, so that a run may meet it, or a diagnostic of presence,
//! values or shape that compares the source with the target or with a table: each claims that some message would go
//! wrong. No obligation is what no message decides: a required line that is missing, a name or a constant that is
//! wrong, kinds that never meet; nor what only follows from another error in the same line, as such a line has no
//! value to run.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mapc_diagnostics::{Code, Diagnostic, Side, Stage};
    use mapc_driver::{Compilation, OpenMap, PinKind, Workspace, compile_open};
    use mapc_harness::mistake;
    use mapc_model::member::{Dialect, Reading, Schema};
    use mapc_witness::of_gap;

    /// Refusals that compare what the source may hold with what the target or a table takes, and the gaps that the
    /// checker leaves open. The others have nothing to do with a message: a line is missing, a name or a constant is
    /// wrong, two kinds never meet.
    fn is_obligation(compilation: &Compilation, diagnostic: &Diagnostic) -> bool {
        let open = compilation.open.iter().flat_map(OpenMap::gaps).any(|gap| gap.is_of(diagnostic));
        let never_by_message = [
            Code::E0301,
            Code::E0302,
            Code::E0406,
            Code::E0407,
            Code::E0413,
            Code::E0414,
            Code::E0501,
            Code::E0505,
            Code::E0506,
        ];
        let stage = diagnostic.code.entry().map(|entry| entry.stage);
        let compares = matches!(stage, Some(Stage::Presence | Stage::Values | Stage::Shape))
            && diagnostic.facts.iter().any(|fact| matches!(fact.side, Side::Target | Side::Table));
        open || compares && !never_by_message.contains(&diagnostic.code)
    }

    /// The source schema of a map, judged by the oracle.
    fn source_schema(compilation: &Compilation) -> Schema {
        let pin = compilation.pins.iter().find(|pin| pin.kind == PinKind::SourceSchema).unwrap();
        let text = compilation.sources.iter().find(|(_, file)| file.path == pin.path).unwrap().1.text.clone();
        Schema::new(&text, Dialect::Draft202012, &BTreeMap::new()).unwrap()
    }

    #[test]
    fn nearly_every_gap_has_a_message_that_shows_it() {
        let (mut obligations, mut witnessed, mut missing, mut refused) =
            (0_usize, 0_usize, Vec::new(), Vec::new());
        for mistake in mistake::all().unwrap() {
            let compilation = compile_open(&Workspace::default(), mistake.map, &mistake.folder.files());
            for diagnostic in compilation.diagnostics.iter().filter(|one| is_obligation(&compilation, one)) {
                obligations += 1;
                let found =
                    compilation.open.as_ref().zip(compilation.source.as_ref()).and_then(|(open, source)| {
                        let gap = open.gaps().iter().find(|gap| gap.is_of(diagnostic))?;
                        of_gap(open, gap, source, &compilation.sources)
                    });
                match found {
                    Some(witness) => {
                        let valid =
                            source_schema(&compilation).accepts(witness.message.as_bytes(), Reading::Either);
                        if valid != Ok(true) {
                            refused.push(format!(
                                "{} {} {} {valid:?}",
                                mistake.place, diagnostic.code, witness.message
                            ));
                        }
                        println!(
                            "{} {} {} -> {}",
                            mistake.place, diagnostic.code, witness.shown, witness.effect
                        );
                        witnessed += 1;
                    }
                    None => {
                        let known = compilation
                            .open
                            .as_ref()
                            .map(|open| open.gaps().iter().any(|gap| gap.is_of(diagnostic)));
                        missing.push(format!(
                            "{} {} {} (left open: {known:?})",
                            mistake.place, diagnostic.code, diagnostic.title
                        ));
                    }
                }
            }
        }
        let share = witnessed as f64 * 100.0 / obligations.max(1) as f64;
        println!("obligations {obligations}, witnessed {witnessed} ({share:.1} %)");
        assert!(
            obligations >= 50 && share >= 95.0,
            "{share:.1} %; without a message:\n{}",
            missing.join("\n")
        );
        println!("{}", missing.join("\n"));
        assert!(refused.is_empty(), "the source schema refuses\n{}", refused.join("\n"));
    }
}
