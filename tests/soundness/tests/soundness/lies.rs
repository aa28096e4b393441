//! Would the tests find a lie? Every unsound rule has a stored witness; five are searched for afresh among random cases.

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Instant, SystemTime, UNIX_EPOCH};

    use mapc_soundness::lies::{Hunt, hunt, stored};
    use mapc_types::planted::Lie;

    #[test]
    fn every_planted_lie_is_found_by_its_witness_and_by_nothing_when_it_is_not_told() {
        let witnesses = stored().unwrap();
        let names: BTreeSet<String> = Lie::ALL.iter().map(|lie| format!("{lie:?}")).collect();
        let known: BTreeSet<String> = witnesses.keys().cloned().collect();
        assert_eq!(known, names, "a lie without witness, or a witness without lie");
        let mut wrong = Vec::new();
        for lie in Lie::ALL {
            let witness = &witnesses[&format!("{lie:?}")];
            match (witness.breaks(), witness.breaks_under(*lie)) {
                (Ok(None), Ok(Some(_))) => {}
                other => wrong.push(format!("{lie:?}: not told, told: {other:?}")),
            }
        }
        mapc_soundness::say!(
            "planted lies: {}, {} found by their witness",
            Lie::ALL.len(),
            Lie::ALL.len() - wrong.len()
        );
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    /// Cases among which a lie is searched for.
    const CASES: u64 = 20_000;
    const SEED: u64 = 20_261_123;
    /// Lies that random cases show too seldom for a default run; a long run searches for them too.
    const RARE: &[Lie] = &[
        Lie::LowerKeepsLength,
        Lie::UpperOfLatinAsAscii,
        Lie::TrimKeepsLeast,
        Lie::ReplaceKeepsMost,
        Lie::CutKeepsLeast,
        Lie::WithoutPrefixKeepsLeast,
        Lie::BeforeKeepsLeast,
        Lie::AfterNeverMissing,
        Lie::PartNeverMissing,
        Lie::NonblankNeverMissing,
        Lie::EndKeepsBeginnings,
        Lie::UpperKeepsClasses,
        Lie::AbsKeepsRange,
        Lie::FloorKeepsRange,
        Lie::MomentHasNoFraction,
        Lie::OpenEndIsClosed,
        Lie::ProductOfTwoCorners,
        Lie::NullableAddsNullToEnum,
        Lie::FitsEqualRows,
        Lie::ClosedSeesAllOf,
        Lie::PatternReadWide,
        Lie::OmittedIsThere,
        Lie::JoinKeepsFacts,
        Lie::CountNotTested,
        Lie::NoneIsAValue,
        Lie::FirstOfNothing,
    ];

    /// Five of the others, other ones every day; with `MAPC_SOAK=1` all of them. `MAPC_MAPS` sets among how many cases.
    #[test]
    fn planted_lies_are_found_afresh() {
        let soak = std::env::var("MAPC_SOAK").is_ok_and(|value| value == "1");
        let usual: Vec<Lie> = Lie::ALL.iter().copied().filter(|lie| !RARE.contains(lie)).collect();
        let day = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
        let first = usize::try_from(day).unwrap() * 5;
        let five = (first..first + 5).map(|at| usual[at % usual.len()]).collect();
        let lies: Vec<Lie> = if soak { Lie::ALL.to_vec() } else { five };
        let cases = std::env::var("MAPC_MAPS").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
        let next = AtomicUsize::new(0);
        let missed = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while let Some(lie) = lies.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let start = Instant::now();
                        match hunt(*lie, cases, SEED) {
                            Hunt::Found(after, words) => {
                                let seconds = start.elapsed().as_secs_f32();
                                let words: String = words.chars().take(100).collect();
                                mapc_soundness::say!(
                                    "  {lie:?}: found in case {after}, {seconds:.1} s: {words}"
                                );
                            }
                            Hunt::Missed(cases) => {
                                missed.fetch_add(usize::from(!RARE.contains(lie)), Ordering::Relaxed);
                                mapc_soundness::say!("  {lie:?}: MISSED in {cases} cases");
                            }
                        }
                    }
                });
            }
        });
        let missed = missed.into_inner();
        mapc_soundness::say!("planted lies searched for afresh: {}, missed {missed}", lies.len());
        assert_eq!(missed, 0);
    }
}
