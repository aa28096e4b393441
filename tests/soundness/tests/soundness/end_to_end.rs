//! Random schemas, a map between them, messages: whatever comes in, a valid document or a listed reason comes out.

use std::time::Instant;

use mapc_soundness::campaign::{Campaign, Plan};

#[test]
fn no_map_that_passes_delivers_what_its_target_refuses() {
    let plan = Plan::from_environment(8_000, 6);
    let start = Instant::now();
    let campaign = Campaign::run(&plan);
    mapc_soundness::say!("{}", campaign.print(start.elapsed()));
    assert!(campaign.failures.is_empty(), "{} broken claims, see above", campaign.failures.len());
    let never = campaign.never_hit();
    assert!(never.is_empty(), "never hit: {never:?}");
    let share = campaign.accepted_share();
    assert!((30.0..=70.0).contains(&share), "{share:.1} % of the maps pass");
}
