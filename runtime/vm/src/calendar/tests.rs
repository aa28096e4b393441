//! Calendar values: what is read, what is refused, what is written.

use mapc_bytecode::{DateKind, Zone};

use super::{Moment, day_number, day_parts};

fn written(moment: Moment) -> String {
    let mut out = Vec::new();
    moment.write(&mut out);
    String::from_utf8(out).unwrap()
}

fn check(kind: DateKind, text: &str, expect: Option<&str>) {
    assert_eq!(Moment::read(kind, text.as_bytes()).map(written).as_deref(), expect, "{text}");
}

#[test]
fn dates() {
    for day in ["0001-01-01", "1970-01-01", "2024-02-29", "2000-02-29", "9999-12-31"] {
        check(DateKind::Date, day, Some(day));
    }
    for bad in [
        "0000-01-01",
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "2024-00-01",
        "2024-04-31",
        "2024-01-00",
        "2024-1-01",
        "24-01-01",
        "2024-01-01 ",
        " 2024-01-01",
        "2024/01/01",
        "2024-01-01T00:00:00",
        "",
        "+024-01-01",
    ] {
        check(DateKind::Date, bad, None);
    }
}

#[test]
fn times() {
    check(DateKind::Time, "23:59:59", Some("23:59:59"));
    check(DateKind::Time, "00:00:00.000", Some("00:00:00"));
    check(DateKind::Time, "12:30:00.120", Some("12:30:00.12"));
    check(DateKind::Time, "12:30:00.000000001", Some("12:30:00.000000001"));
    for bad in ["24:00:00", "12:60:00", "12:00:60", "12:00", "12:00:00.", "12:00:00.1234567890", "1:00:00"] {
        check(DateKind::Time, bad, None);
    }
}

#[test]
fn instants_are_written_in_utc() {
    check(DateKind::Instant, "2024-03-01T00:30:00+01:00", Some("2024-02-29T23:30:00Z"));
    check(DateKind::Instant, "2024-12-31T23:30:00.50-01:00", Some("2025-01-01T00:30:00.5Z"));
    check(DateKind::Instant, "1960-01-01T00:00:00Z", Some("1960-01-01T00:00:00Z"));
    for bad in [
        "2024-03-01T00:30:00",
        "2024-03-01T00:30:00z",
        "2024-03-01 00:30:00Z",
        "2024-03-01T00:30:00+24:00",
        "2024-03-01T00:30:00+01:60",
        "2024-03-01T00:30:00+0100",
        "2024-03-01T00:30:60Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    ] {
        check(DateKind::Instant, bad, None);
    }
    check(DateKind::Local, "2024-03-01T00:30:00", Some("2024-03-01T00:30:00"));
    check(DateKind::Local, "2024-03-01T00:30:00Z", None);
}

#[test]
fn every_day_is_found_again() {
    let mut expected = day_number(1, 1, 1).unwrap();
    assert_eq!(expected, -719_162);
    for year in 1..=9999 {
        for month in 1..=12 {
            let last = super::days_in(year, month);
            for day in [1, 2, last] {
                let number = day_number(year, month, day).unwrap();
                assert_eq!(number - expected, i32::try_from(day).unwrap() - 1);
                assert_eq!(day_parts(number), (year, month, day));
            }
            assert_eq!(day_number(year, month, last + 1), None);
            expected += i32::try_from(last).unwrap();
        }
    }
    assert_eq!(expected, 2_932_897);
}

fn berlin() -> Zone {
    // 2024-03-31 01:00 UTC and 2024-10-27 01:00 UTC.
    Zone {
        name: "Europe/Berlin".into(),
        initial_offset: 3600,
        transitions: vec![(1_711_846_800, 7200), (1_729_990_800, 3600)],
    }
}

#[test]
fn instants_become_days_in_the_zone() {
    let zone = berlin();
    for (text, expect) in [
        ("2024-03-31T00:59:59Z", Some("2024-03-31")),
        ("2024-01-01T22:59:59Z", Some("2024-01-01")),
        ("2024-01-01T23:00:00Z", Some("2024-01-02")),
        ("2024-07-01T22:00:00Z", Some("2024-07-02")),
        ("1899-12-31T23:59:59Z", None),
        ("2201-01-01T00:00:00Z", None),
    ] {
        let moment = Moment::read(DateKind::Instant, text.as_bytes()).unwrap();
        assert_eq!(moment.to_date(Some(&zone)).map(written).as_deref(), expect, "{text}");
        assert_eq!(moment.to_date(None), None);
    }
}

#[test]
fn patterns() {
    let moment = Moment::read(DateKind::Instant, b"2024-07-01T22:05:09Z").unwrap();
    let mut out = Vec::new();
    moment.format("DD.MM.YYYY hh:mm:ss \u{fc} YYY", Some(&berlin()), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "02.07.2024 00:05:09 \u{fc} YYY");
    for (pattern, text, expect) in [
        ("DD.MM.YYYY", "29.02.2024", Some("2024-02-29")),
        ("DD.MM.YYYY", "29.02.2023", None),
        ("DD.MM.YYYY", "29.02.2024 ", None),
        ("YYYYMMDD", "20240229", Some("2024-02-29")),
        ("YYYYMM", "202402", None),
        ("YYYYMMDD hh", "20240229 23", Some("2024-02-29")),
        ("YYYYMMDD hh", "20240229 24", None),
    ] {
        assert_eq!(Moment::parse(pattern, text).map(written).as_deref(), expect, "{pattern} {text}");
    }
}

#[test]
fn days_are_added_within_the_calendar() {
    let day = |text: &str| Moment::read(DateKind::Date, text.as_bytes()).unwrap();
    assert_eq!(day("2024-02-28").add_days(2).map(written).as_deref(), Some("2024-03-01"));
    assert_eq!(day("9999-12-31").add_days(1), None);
    assert_eq!(day("0001-01-01").add_days(-1), None);
    assert_eq!(day("0001-01-01").add_days(3_652_058).map(written).as_deref(), Some("9999-12-31"));
}
