//! Days, times and moments: strict reading, canonical writing, conversion in a zone. Knows no JSON.

use std::cmp::Ordering;

use mapc_bytecode::{DateKind, Zone};

#[cfg(test)]
mod tests;

const DAY: i64 = 86_400;
const NANOSECONDS: u64 = 1_000_000_000;
/// Days from 1970-01-01 to 0001-01-01 and to 9999-12-31.
const FIRST_DAY: i64 = -719_162;
const LAST_DAY: i64 = 2_932_896;

/// A calendar value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) kind: DateKind,
    /// Days since 1970-01-01; of an instant in UTC; of a time 0.
    pub(crate) day: i32,
    /// Nanoseconds since midnight.
    pub(crate) nanosecond: u64,
    /// Seconds east of UTC that an instant was written with.
    pub(crate) offset: i32,
}

impl Default for Moment {
    fn default() -> Moment {
        Moment { kind: DateKind::Date, day: 0, nanosecond: 0, offset: 0 }
    }
}

/// Days since 1970-01-01 of a day of the Gregorian calendar; `None` if there is no such day in the years 1 to 9999.
fn day_number(year: u32, month: u32, day: u32) -> Option<i32> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    // Years that start in March put the leap day last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before_year = year * 365 + year / 4 - year / 100 + year / 400;
    let before_month = (153 * month + 2) / 5;
    i32::try_from(i64::from(before_year + before_month + day - 1) - 719_468).ok()
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day of a day number within the years 0 to 9999.
fn day_parts(day: i32) -> (u32, u32, u32) {
    let days = u32::try_from(i64::from(day) + 719_468).unwrap_or(0);
    let era = days / 146_097;
    let in_era = days % 146_097;
    let year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let year = year_of_era + era * 400;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

/// Takes so many digits from the front.
fn digits(text: &mut &[u8], width: usize) -> Option<u32> {
    let (front, rest) = text.split_at_checked(width)?;
    let mut value = 0;
    for byte in front {
        value = value * 10 + u32::from(if byte.is_ascii_digit() { byte - b'0' } else { return None });
    }
    *text = rest;
    Some(value)
}

fn literal(text: &mut &[u8], expected: &[u8]) -> Option<()> {
    *text = text.strip_prefix(expected)?;
    Some(())
}

fn take_date(text: &mut &[u8]) -> Option<i32> {
    let year = digits(text, 4)?;
    literal(text, b"-")?;
    let month = digits(text, 2)?;
    literal(text, b"-")?;
    day_number(year, month, digits(text, 2)?)
}

fn take_time(text: &mut &[u8]) -> Option<u64> {
    let hour = digits(text, 2).filter(|hour| *hour < 24)?;
    literal(text, b":")?;
    let minute = digits(text, 2).filter(|minute| *minute < 60)?;
    literal(text, b":")?;
    let second = digits(text, 2).filter(|second| *second < 60)?;
    let mut nanosecond = 0;
    if literal(text, b".").is_some() {
        let width = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&width) {
            return None;
        }
        nanosecond = u64::from(digits(text, width)?);
        for _ in width..9 {
            nanosecond *= 10;
        }
    }
    Some(u64::from(hour * 3600 + minute * 60 + second) * NANOSECONDS + nanosecond)
}

fn take_offset(text: &mut &[u8]) -> Option<i32> {
    if literal(text, b"Z").is_some() {
        return Some(0);
    }
    let sign = if literal(text, b"-").is_some() { -60 } else { literal(text, b"+").map(|()| 60)? };
    let hour = digits(text, 2).filter(|hour| *hour < 24)?;
    literal(text, b":")?;
    let minute = digits(text, 2).filter(|minute| *minute < 60)?;
    Some(sign * i32::try_from(hour * 60 + minute).ok()?)
}

/// So many seconds later; `None` outside the years 1 to 9999.
fn shifted(day: i32, nanosecond: u64, seconds: i64) -> Option<(i32, u64)> {
    let total = i64::from(day) * DAY + i64::try_from(nanosecond / NANOSECONDS).ok()? + seconds;
    let day = total.div_euclid(DAY);
    let second = u64::try_from(total.rem_euclid(DAY)).ok()?;
    if !(FIRST_DAY..=LAST_DAY).contains(&day) {
        return None;
    }
    Some((i32::try_from(day).ok()?, second * NANOSECONDS + nanosecond % NANOSECONDS))
}

impl Moment {
    fn date(day: i32) -> Moment {
        Moment { kind: DateKind::Date, day, ..Moment::default() }
    }

    /// The strict form of the kind, and nothing else.
    pub(crate) fn read(kind: DateKind, text: &[u8]) -> Option<Moment> {
        let mut rest = text;
        let mut moment = Moment { kind, ..Moment::default() };
        match kind {
            DateKind::Date => moment.day = take_date(&mut rest)?,
            DateKind::Time => moment.nanosecond = take_time(&mut rest)?,
            DateKind::Local | DateKind::Instant => {
                moment.day = take_date(&mut rest)?;
                literal(&mut rest, b"T")?;
                moment.nanosecond = take_time(&mut rest)?;
                if kind == DateKind::Instant {
                    moment.offset = take_offset(&mut rest)?;
                    (moment.day, moment.nanosecond) =
                        shifted(moment.day, moment.nanosecond, -i64::from(moment.offset))?;
                }
            }
        }
        if rest.is_empty() { Some(moment) } else { None }
    }

    /// Canonical form.
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        if self.kind != DateKind::Time {
            write_date(self.day, out);
        }
        if matches!(self.kind, DateKind::Local | DateKind::Instant) {
            out.push(b'T');
        }
        if self.kind != DateKind::Date {
            write_time(self.nanosecond, out);
        }
        if self.kind == DateKind::Instant {
            out.push(b'Z');
        }
    }

    /// `None` for different kinds.
    pub(crate) fn compare(self, other: Moment) -> Option<Ordering> {
        if self.kind != other.kind {
            return None;
        }
        Some((self.day, self.nanosecond).cmp(&(other.day, other.nanosecond)))
    }

    /// Day and time in the zone; a time of day has no day.
    fn local(self, zone: Option<&Zone>) -> Option<(i32, u64)> {
        match self.kind {
            DateKind::Date | DateKind::Local => Some((self.day, self.nanosecond)),
            DateKind::Time => None,
            DateKind::Instant => {
                let (year, _, _) = day_parts(self.day);
                if !(1900..=2200).contains(&year) {
                    return None;
                }
                let zone = zone?;
                let second = i64::from(self.day) * DAY + i64::try_from(self.nanosecond / NANOSECONDS).ok()?;
                let after = zone.transitions.partition_point(|(start, _)| *start <= second);
                let change = after.checked_sub(1).and_then(|last| zone.transitions.get(last));
                let offset = change.map_or(zone.initial_offset, |(_, offset)| *offset);
                shifted(self.day, self.nanosecond, i64::from(offset))
            }
        }
    }

    /// The day; of an instant in the zone.
    pub(crate) fn to_date(self, zone: Option<&Zone>) -> Option<Moment> {
        self.local(zone).map(|(day, _)| Moment::date(day))
    }

    /// The time of day of a local value.
    pub(crate) fn to_time(self) -> Option<Moment> {
        match self.kind {
            DateKind::Time | DateKind::Local => {
                Some(Moment { kind: DateKind::Time, day: 0, nanosecond: self.nanosecond, offset: 0 })
            }
            DateKind::Date | DateKind::Instant => None,
        }
    }

    /// The day as it was written, before the offset is applied.
    pub(crate) fn written_date(self) -> Option<Moment> {
        match self.kind {
            DateKind::Time => None,
            DateKind::Date | DateKind::Local => Some(Moment::date(self.day)),
            DateKind::Instant => {
                shifted(self.day, self.nanosecond, i64::from(self.offset)).map(|(day, _)| Moment::date(day))
            }
        }
    }

    /// So many days later; `None` outside the years 1 to 9999, and for anything but a date.
    pub(crate) fn add_days(self, days: i64) -> Option<Moment> {
        let day = i64::from(self.day).checked_add(days)?;
        if self.kind != DateKind::Date || !(FIRST_DAY..=LAST_DAY).contains(&day) {
            return None;
        }
        Some(Moment::date(i32::try_from(day).ok()?))
    }

    /// Written in the pattern; `None` when there is no day or no zone for it.
    pub(crate) fn format(self, pattern: &str, zone: Option<&Zone>, out: &mut Vec<u8>) -> Option<()> {
        let (day, nanosecond) = self.local(zone)?;
        let (year, month, day) = day_parts(day);
        let second = (nanosecond / NANOSECONDS) as u32;
        let mut rest = pattern.as_bytes();
        while let Some(first) = rest.first() {
            if let Some((part, after)) = part(rest) {
                match part {
                    Part::Year => write_digits(year, 4, out),
                    Part::Month => write_digits(month, 2, out),
                    Part::Day => write_digits(day, 2, out),
                    Part::Hour => write_digits(second / 3600, 2, out),
                    Part::Minute => write_digits(second / 60 % 60, 2, out),
                    Part::Second => write_digits(second % 60, 2, out),
                }
                rest = after;
            } else {
                out.push(*first);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
        Some(())
    }

    /// Reads a day written in the pattern, which must name year, month and day.
    pub(crate) fn parse(pattern: &str, text: &str) -> Option<Moment> {
        let (mut pattern, mut text) = (pattern.as_bytes(), text.as_bytes());
        let (mut year, mut month, mut day) = (None, None, None);
        while let Some(first) = pattern.first() {
            if let Some((part, after)) = part(pattern) {
                let value = digits(&mut text, if part == Part::Year { 4 } else { 2 })?;
                match part {
                    Part::Year => year = Some(value),
                    Part::Month => month = Some(value),
                    Part::Day => day = Some(value),
                    Part::Hour if value < 24 => {}
                    Part::Minute | Part::Second if value < 60 => {}
                    Part::Hour | Part::Minute | Part::Second => return None,
                }
                pattern = after;
            } else {
                literal(&mut text, std::slice::from_ref(first))?;
                pattern = pattern.get(1..).unwrap_or_default();
            }
        }
        if !text.is_empty() {
            return None;
        }
        day_number(year?, month?, day?).map(Moment::date)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// The part a pattern starts with, and what follows it.
fn part(pattern: &[u8]) -> Option<(Part, &[u8])> {
    let parts: [(&[u8], Part); 6] = [
        (b"YYYY", Part::Year),
        (b"MM", Part::Month),
        (b"DD", Part::Day),
        (b"hh", Part::Hour),
        (b"mm", Part::Minute),
        (b"ss", Part::Second),
    ];
    parts.into_iter().find_map(|(letters, part)| Some((part, pattern.strip_prefix(letters)?)))
}

fn write_digits(value: u32, width: u32, out: &mut Vec<u8>) {
    for place in (0..width).rev() {
        out.push(b'0' + (value / 10u32.pow(place) % 10) as u8);
    }
}

fn write_date(day: i32, out: &mut Vec<u8>) {
    let (year, month, day) = day_parts(day);
    write_digits(year, 4, out);
    out.push(b'-');
    write_digits(month, 2, out);
    out.push(b'-');
    write_digits(day, 2, out);
}

fn write_time(nanosecond: u64, out: &mut Vec<u8>) {
    let second = (nanosecond / NANOSECONDS) as u32;
    write_digits(second / 3600, 2, out);
    out.push(b':');
    write_digits(second / 60 % 60, 2, out);
    out.push(b':');
    write_digits(second % 60, 2, out);
    let mut fraction = (nanosecond % NANOSECONDS) as u32;
    if fraction > 0 {
        let mut width = 9;
        while fraction.is_multiple_of(10) {
            fraction /= 10;
            width -= 1;
        }
        out.push(b'.');
        write_digits(fraction, width, out);
    }
}
