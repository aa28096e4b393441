//! Leg C: whatever a function makes of a value of a type, in the vm and in the reference interpreter, lies in the type
//! that the checker gives, or is the failure that the signature declares.

#[cfg(test)]
mod call;
#[cfg(test)]
mod expressions;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod member;
#[cfg(test)]
mod traps;

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use mapc_check::library::{Applied, Function, Kind, apply, find, names};
    use mapc_check::typed::Constant;
    use mapc_soundness::choices::Choices;
    use mapc_types::Type;

    use super::call::{Call, End, FAILED};
    use super::generate::{ZONES, any, arguments, typed_members};
    use super::member::is_member;

    /// Runs of each function.
    const QUICK: usize = 10_000;
    const SOAK: usize = 5_000_000;

    /// How the runs of a function ended.
    #[derive(Clone, Copy, Debug, Default)]
    struct Counts {
        values: usize,
        absent: usize,
        failed: usize,
        unread: usize,
    }

    impl Counts {
        fn runs(self) -> usize {
            self.values + self.absent + self.failed
        }
    }

    /// The run lies in what the checker says.
    fn is_allowed(end: &End, applied: &Applied) -> bool {
        match end {
            End::Value(value) => is_member(value, &applied.value),
            End::Absent => applied.may_be_absent,
            End::Reason(code) => *code == FAILED && applied.may_fail,
        }
    }

    /// Runs a function so often on members of random types; the first run outside of what the checker says is an error.
    fn probe(function: &Function, runs: usize, seed: u64) -> Result<Counts, String> {
        let mut choices = Choices::new(seed);
        let mut counts = Counts::default();
        while counts.runs() < runs {
            let signature = any(&mut choices, &function.signatures);
            let (input, members) = typed_members(&mut choices, signature.input);
            let arguments = arguments(&mut choices, signature, &members);
            let zone = *any(&mut choices, ZONES);
            let applied = apply(function, &input, &arguments)
                .map_err(|misuse| format!("{}: {misuse:?}", function.name))?;
            let mut call = Call::new(function, signature.input, signature.result, &arguments, zone);
            for member in members {
                assert!(is_member(&member, &input), "the generator lies: {member:?} in {input:?}");
                let Some(end) = call.run(&member)? else {
                    counts.unread += 1;
                    continue;
                };
                match &end {
                    End::Value(_) => counts.values += 1,
                    End::Absent => counts.absent += 1,
                    End::Reason(_) => counts.failed += 1,
                }
                if !is_allowed(&end, &applied) {
                    return Err(outside(function, &arguments, &member, &end, &input, &applied));
                }
            }
        }
        Ok(counts)
    }

    fn outside(
        function: &Function,
        arguments: &[Constant],
        member: &Constant,
        end: &End,
        input: &Type,
        applied: &Applied,
    ) -> String {
        let name = &function.name;
        format!("{name} {arguments:?} of {member:?} ends with {end:?}\n  from {input:?}\n  into {applied:?}")
    }

    /// Seed of a soak run: fresh, printed.
    fn seed() -> u64 {
        let fresh = mapc_soundness::outside::is_soak();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        if fresh { now.as_nanos() as u64 } else { 7 }
    }

    #[test]
    fn results_lie_in_the_type_that_the_checker_gives() {
        let runs = if mapc_soundness::outside::is_soak() { SOAK } else { QUICK };
        let seed = seed();
        let (mut lies, mut line, mut count) = (Vec::new(), String::new(), 0);
        for (index, name) in names().enumerate() {
            match probe(find(name).unwrap(), runs, seed.wrapping_add(index as u64)) {
                Err(lie) => lies.push(lie),
                Ok(counts) => {
                    // At least one run in fifty must end with a value, or the test says nothing.
                    assert!(counts.values * 50 >= runs, "{name}: {counts:?}");
                    write!(line, " {name} {}/{}/{}", counts.values, counts.absent, counts.failed).unwrap();
                    count += counts.runs();
                }
            }
        }
        mapc_soundness::say!("functions, seed {seed} (values/missing/failed):{line}");
        mapc_soundness::say!(
            "functions: {count} runs of {} functions, {} outside",
            names().count(),
            lies.len()
        );
        assert!(lies.is_empty(), "{}", lies.join("\n"));
    }

    #[test]
    fn every_kind_of_value_that_a_function_takes_is_tried() {
        let kinds: std::collections::BTreeSet<&str> =
            names().filter_map(find).flat_map(|function| function.inputs()).map(Kind::word).collect();
        assert_eq!(kinds.len(), Kind::ALL.len(), "{kinds:?}");
    }
}
