//! Is the check too strict? Maps that are right by construction must pass.

use mapc_soundness::campaign::Plan;
use mapc_soundness::choices::Choices;
use mapc_soundness::image::{Causes, trial};

#[test]
fn maps_that_are_right_by_construction_pass() {
    let plan = Plan::from_environment(1_000, 0);
    let (mut wrong, mut fields, mut alarms) = (0_usize, 0_usize, 0_usize);
    let mut causes = Causes::default();
    let mut maps = 0_usize;
    for number in 0..plan.maps.min(50_000) {
        let trial = trial(&mut Choices::of(plan.seed, number)).unwrap();
        assert!(trial.faults.is_empty(), "{:?}\n{}\n{}", trial.faults, trial.case.source, trial.case.map);
        maps += 1;
        fields += trial.fields;
        wrong += usize::from(!trial.alarms.is_empty());
        alarms += trial.alarms.len();
        for cause in trial.alarms {
            *causes.entry(cause).or_default() += 1;
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    mapc_soundness::say!(
        "right by construction: {maps} maps, {:.2} % refused; {fields} fields, {:.2} % refused; causes: {causes:?}",
        share(wrong, maps),
        share(alarms, fields),
    );
    assert!(share(wrong, maps) <= 2.0 && share(alarms, fields) <= 0.5, "too strict");
}
