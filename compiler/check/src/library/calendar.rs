//! Days, times and moments as their standard texts. Knows nothing of zones but the distance from UTC.

/// A day and time of day; the day counts from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Local {
    pub day: i64,
    pub second: i64,
    pub nano: u32,
}

/// First and last day of the calendar: 0001-01-01 and 9999-12-31.
pub(super) const FIRST_DAY: i64 = -719_162;
pub(super) const LAST_DAY: i64 = 2_932_896;
const SECONDS: i64 = 86_400;

/// Two or four digits.
fn digits(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days before the first of January of a year, from 0001-01-01.
fn days_before_year(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400)
}

/// The day of the calendar, or `None` if there is no such day in the years 1 to 9999.
pub(super) fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let before: i64 = (1..month).map(|earlier| days_in(year, earlier)).sum();
    Some(FIRST_DAY + days_before_year(year) + before + day - 1)
}

/// Year, month and day.
pub(super) fn parts_of(day: i64) -> (i64, i64, i64) {
    let since = day - FIRST_DAY;
    let mut year = since.div_euclid(366) + 1;
    while days_before_year(year + 1) <= since {
        year += 1;
    }
    let mut rest = since - days_before_year(year);
    let mut month = 1;
    while month < 12 && rest >= days_in(year, month) {
        rest -= days_in(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}

/// `YYYY-MM-DD`.
pub(super) fn read_date(text: &str) -> Option<i64> {
    if text.len() != 10 || text.get(4..5)? != "-" || text.get(7..8)? != "-" {
        return None;
    }
    day_of(digits(text.get(..4)?)?, digits(text.get(5..7)?)?, digits(text.get(8..)?)?)
}

/// `HH:MM:SS` with one to nine digits of a fraction, or none: second of the day and nanoseconds.
pub(super) fn read_time(text: &str) -> Option<(i64, u32)> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    if clock.len() != 8 || clock.get(2..3)? != ":" || clock.get(5..6)? != ":" {
        return None;
    }
    let (hour, minute, second) =
        (digits(clock.get(..2)?)?, digits(clock.get(3..5)?)?, digits(clock.get(6..)?)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let nano = match fraction {
        None => 0,
        Some(fraction) if fraction.len() <= 9 => {
            digits(fraction)?;
            format!("{fraction:0<9}").parse().ok()?
        }
        Some(_) => return None,
    };
    Some((hour * 3600 + minute * 60 + second, nano))
}

/// `YYYY-MM-DDTHH:MM:SS`, fraction likewise.
pub(super) fn read_local(text: &str) -> Option<Local> {
    let (date, time) = text.split_once('T')?;
    let (second, nano) = read_time(time)?;
    Some(Local { day: read_date(date)?, second, nano })
}

/// A local date and time with `Z`, `+HH:MM` or `-HH:MM`: as written, and the distance from UTC in seconds. The moment
/// must lie in the years 1 to 9999 of UTC too.
pub(super) fn read_instant(text: &str) -> Option<(Local, i64)> {
    let (front, offset) = match text.strip_suffix('Z') {
        Some(front) => (front, 0),
        None => {
            let start = text.len().checked_sub(6)?;
            let (front, tail) = text.split_at_checked(start)?;
            let sign = match tail.get(..1)? {
                "+" => 1,
                "-" => -1,
                _ => return None,
            };
            let (hours, minutes) = tail.get(1..)?.split_once(':')?;
            if hours.len() != 2 || minutes.len() != 2 {
                return None;
            }
            let (hours, minutes) = (digits(hours)?, digits(minutes)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (front, sign * (hours * 3600 + minutes * 60))
        }
    };
    let local = read_local(front)?;
    let utc = shift(local, -offset);
    (FIRST_DAY..=LAST_DAY).contains(&utc.day).then_some((local, offset))
}

/// So many seconds later.
pub(super) fn shift(local: Local, seconds: i64) -> Local {
    let total = local.day * SECONDS + local.second + seconds;
    Local { day: total.div_euclid(SECONDS), second: total.rem_euclid(SECONDS), nano: local.nano }
}

/// Seconds since 1970-01-01T00:00:00.
pub(super) fn seconds_of(local: Local) -> i64 {
    local.day * SECONDS + local.second
}

/// `YYYY-MM-DD`.
pub(super) fn write_date(day: i64) -> String {
    let (year, month, day) = parts_of(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `HH:MM:SS`, the fraction without trailing zeros.
pub(super) fn write_time(second: i64, nano: u32) -> String {
    let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    if nano == 0 {
        return clock;
    }
    let fraction = format!("{nano:09}");
    format!("{clock}.{}", fraction.trim_end_matches('0'))
}

/// `YYYY-MM-DDTHH:MM:SS`.
pub(super) fn write_local(local: Local) -> String {
    format!("{}T{}", write_date(local.day), write_time(local.second, local.nano))
}
