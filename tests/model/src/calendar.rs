//! Days, times and moments: strict reading, canonical writing, conversion in a zone. Knows no JSON.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Span};
use mapc_types::DateKind;

/// A calendar value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Calendar {
    Date(Date),
    Time(Time),
    Local(DateTime),
    /// The moment in UTC, and the offset it was written with, in seconds.
    Instant(DateTime, i64),
}

/// Takes `width` digits from the front.
fn digits(text: &mut &str, width: usize) -> Option<i64> {
    let (front, rest) = text.split_at_checked(width)?;
    *text = rest;
    if front.bytes().all(|byte| byte.is_ascii_digit()) { front.parse().ok() } else { None }
}

fn literal(text: &mut &str, expected: &str) -> Option<()> {
    *text = text.strip_prefix(expected)?;
    Some(())
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    in_range(date).then_some(date)
}

fn in_range(date: Date) -> bool {
    (1..=9999).contains(&date.year())
}

fn take_date(text: &mut &str) -> Option<Date> {
    let year = digits(text, 4)?;
    literal(text, "-")?;
    let month = digits(text, 2)?;
    literal(text, "-")?;
    date(year, month, digits(text, 2)?)
}

fn take_time(text: &mut &str) -> Option<Time> {
    let hour = digits(text, 2)?;
    literal(text, ":")?;
    let minute = digits(text, 2)?;
    literal(text, ":")?;
    let second = digits(text, 2)?;
    let mut nanosecond = 0;
    if literal(text, ".").is_some() {
        let width = text.bytes().take_while(u8::is_ascii_digit).count();
        let fraction = text.get(..width).filter(|_| (1..=9).contains(&width))?;
        nanosecond = format!("{fraction:0<9}").parse().ok()?;
        digits(text, width)?;
    }
    Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, nanosecond).ok()
}

/// The offset in seconds.
fn take_offset(text: &mut &str) -> Option<i64> {
    if literal(text, "Z").is_some() {
        return Some(0);
    }
    let sign = if literal(text, "-").is_some() { -60 } else { literal(text, "+").map(|()| 60)? };
    let hour = digits(text, 2).filter(|hour| *hour < 24)?;
    literal(text, ":")?;
    let minute = digits(text, 2).filter(|minute| *minute < 60)?;
    Some(sign * (hour * 60 + minute))
}

impl Calendar {
    /// The strict form of the kind, and nothing else.
    pub(crate) fn read(kind: DateKind, text: &str) -> Option<Calendar> {
        let mut rest = text;
        let value = match kind {
            DateKind::Date => Calendar::Date(take_date(&mut rest)?),
            DateKind::Time => Calendar::Time(take_time(&mut rest)?),
            DateKind::Local | DateKind::Instant => {
                let date = take_date(&mut rest)?;
                literal(&mut rest, "T")?;
                let local = date.to_datetime(take_time(&mut rest)?);
                if kind == DateKind::Local {
                    Calendar::Local(local)
                } else {
                    let offset = take_offset(&mut rest)?;
                    let utc = local.checked_sub(SignedDuration::from_secs(offset)).ok()?;
                    in_range(utc.date()).then_some(Calendar::Instant(utc, offset))?
                }
            }
        };
        rest.is_empty().then_some(value)
    }

    /// Canonical form.
    pub(crate) fn text(self) -> String {
        match self {
            Calendar::Date(date) => date_text(date),
            Calendar::Time(time) => time_text(time),
            Calendar::Local(local) => format!("{}T{}", date_text(local.date()), time_text(local.time())),
            Calendar::Instant(utc, _) => format!("{}T{}Z", date_text(utc.date()), time_text(utc.time())),
        }
    }

    /// `None` for different kinds.
    pub(crate) fn compare(self, other: Calendar) -> Option<Ordering> {
        match (self, other) {
            (Calendar::Date(left), Calendar::Date(right)) => Some(left.cmp(&right)),
            (Calendar::Time(left), Calendar::Time(right)) => Some(left.cmp(&right)),
            (Calendar::Local(left), Calendar::Local(right))
            | (Calendar::Instant(left, _), Calendar::Instant(right, _)) => Some(left.cmp(&right)),
            _ => None,
        }
    }

    /// The day; of an instant in the zone.
    pub(crate) fn date(self, zone: Option<&str>) -> Option<Date> {
        self.local(zone).map(DateTime::date)
    }

    /// The time of day of a local value.
    pub(crate) fn time(self) -> Option<Time> {
        match self {
            Calendar::Time(time) => Some(time),
            Calendar::Local(local) => Some(local.time()),
            _ => None,
        }
    }

    /// The day as it was written, before the offset is applied.
    pub(crate) fn written_date(self) -> Option<Date> {
        match self {
            Calendar::Instant(utc, offset) => {
                utc.checked_add(SignedDuration::from_secs(offset)).ok().map(DateTime::date)
            }
            other => other.date(None),
        }
    }

    fn local(self, zone: Option<&str>) -> Option<DateTime> {
        match self {
            Calendar::Date(date) => Some(date.to_datetime(Time::midnight())),
            Calendar::Local(local) => Some(local),
            Calendar::Time(_) => None,
            Calendar::Instant(utc, _) => {
                if !(1900..=2200).contains(&utc.year()) {
                    return None;
                }
                let zone = TimeZoneDatabase::bundled().get(zone?).ok()?;
                Some(zone.to_datetime(TimeZone::UTC.to_timestamp(utc).ok()?))
            }
        }
    }

    pub(crate) fn format(self, pattern: &str, zone: Option<&str>) -> Option<String> {
        let local = self.local(zone)?;
        let mut text = String::new();
        let mut rest = pattern;
        while let Some(next) = rest.chars().next() {
            if let Some((part, after)) = part(rest) {
                text.push_str(&match part {
                    Part::Year => format!("{:04}", local.year()),
                    Part::Month => format!("{:02}", local.month()),
                    Part::Day => format!("{:02}", local.day()),
                    Part::Hour => format!("{:02}", local.hour()),
                    Part::Minute => format!("{:02}", local.minute()),
                    Part::Second => format!("{:02}", local.second()),
                });
                rest = after;
            } else {
                text.push(next);
                rest = rest.get(next.len_utf8()..)?;
            }
        }
        Some(text)
    }
}

#[derive(Clone, Copy)]
enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// The part a pattern starts with, and what follows it.
fn part(pattern: &str) -> Option<(Part, &str)> {
    let parts = [
        ("YYYY", Part::Year),
        ("MM", Part::Month),
        ("DD", Part::Day),
        ("hh", Part::Hour),
        ("mm", Part::Minute),
        ("ss", Part::Second),
    ];
    parts.into_iter().find_map(|(letters, part)| Some((part, pattern.strip_prefix(letters)?)))
}

/// Reads a day written in the pattern.
pub(crate) fn parse_date(pattern: &str, text: &str) -> Option<Date> {
    let (mut pattern, mut text) = (pattern, text);
    let (mut year, mut month, mut day) = (None, None, None);
    while let Some(next) = pattern.chars().next() {
        if let Some((part, after)) = part(pattern) {
            let value = digits(&mut text, if matches!(part, Part::Year) { 4 } else { 2 })?;
            match part {
                Part::Year => year = Some(value),
                Part::Month => month = Some(value),
                Part::Day => day = Some(value),
                Part::Hour if value < 24 => {}
                Part::Minute | Part::Second if value < 60 => {}
                _ => return None,
            }
            pattern = after;
        } else {
            literal(&mut text, pattern.get(..next.len_utf8())?)?;
            pattern = pattern.get(next.len_utf8()..)?;
        }
    }
    text.is_empty().then_some(())?;
    date(year?, month?, day?)
}

/// So many days later; `None` outside the years 1 to 9999.
pub(crate) fn add_days(date: Date, days: i64) -> Option<Date> {
    let later = date.checked_add(Span::new().try_days(days).ok()?).ok()?;
    in_range(later).then_some(later)
}

fn date_text(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn time_text(time: Time) -> String {
    let seconds = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    let fraction = format!("{:09}", time.subsec_nanosecond());
    match fraction.trim_end_matches('0') {
        "" => seconds,
        fraction => format!("{seconds}.{fraction}"),
    }
}
