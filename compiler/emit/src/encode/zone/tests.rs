//! Offsets at known moments.

fn check(zone: &str, second: i64, expected: i32) {
    let zone = super::offsets(zone).unwrap();
    let before = zone.transitions.iter().rev().find(|change| change.0 <= second);
    assert_eq!(before.map_or(zone.initial_offset, |change| change.1), expected, "{} at {second}", zone.name);
}

#[test]
fn offsets_are_those_of_the_database() {
    // 2024-03-31T00:59:59Z and one second later.
    check("Europe/Berlin", 1_711_846_799, 3600);
    check("Europe/Berlin", 1_711_846_800, 7200);
    // 2024-03-10T06:59:59Z and one second later.
    check("America/New_York", 1_710_053_999, -18_000);
    check("America/New_York", 1_710_054_000, -14_400);
    // 2199-07-01T00:00:00Z: the rules go on.
    check("America/New_York", 7_242_307_200, -14_400);
    check("Asia/Kolkata", 1_700_000_000, 19_800);
    check("UTC", 0, 0);
}

#[test]
fn unknown_zones_have_no_offsets() {
    assert_eq!(super::offsets("Europe/Atlantis"), None);
}
