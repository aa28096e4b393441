//! Every shipped map on messages made from the real schema of its source.

use std::time::Instant;

use mapc_soundness::campaign::Plan;
use mapc_soundness::choices::Choices;
use mapc_soundness::oracle::Oracle;
use mapc_soundness::shipped;

#[test]
fn no_shipped_map_delivers_what_its_target_refuses() {
    let plan = Plan::from_environment(20_000, 1);
    let maps = shipped::all().unwrap();
    assert!(!maps.is_empty(), "no map below `mappings`");
    for map in &maps {
        let start = Instant::now();
        let halves = std::thread::scope(|scope| {
            let half = |part: u64| {
                let mut oracle = Oracle::start()?;
                map.run(plan.maps / 2, &mut Choices::of(plan.seed, part), &mut oracle)
            };
            let [one, two] = [scope.spawn(move || half(1)), scope.spawn(move || half(2))];
            [one.join().unwrap(), two.join().unwrap()]
        });
        let [mut tally, other] =
            halves.map(|half| half.unwrap_or_else(|why| panic!("seed {}: {why}", plan.seed)));
        tally.merge(other);
        let (share, points) = map.proved();
        mapc_soundness::say!(
            "{}: {} messages in {:.1} s, {} delivered, 0 refused, 0 other reasons; {share:.1} % of {points} points proved\n{}",
            map.path,
            tally.sum("endings"),
            start.elapsed().as_secs_f64(),
            tally.of("endings", "deliver"),
            tally.print(),
        );
        assert!(share >= 70.0, "{}: only {share:.1} % of {points} points are proved", map.path);
        assert!(tally.of("endings", "deliver") > plan.maps / 100, "{} hardly delivers anything", map.path);
    }
}
