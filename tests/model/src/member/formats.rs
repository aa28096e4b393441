//! The formats of the standard, each from its own definition. An unknown format says nothing.

use super::number::Number;
use super::pattern;

/// Does the text have this format?
pub(super) fn has(format: &str, text: &str) -> bool {
    match format {
        "date" => is_date(text),
        "time" => is_time(text),
        "date-time" => is_moment(text),
        "duration" => is_duration(text),
        "email" => is_email(text, |one| one.is_ascii()),
        "idn-email" => is_email(text, |_| true),
        "hostname" => is_hostname(text),
        "idn-hostname" => is_wide_hostname(text),
        "ipv4" => is_ipv4(text),
        "ipv6" => is_ipv6(text),
        "uuid" => is_uuid(text),
        "uri" => is_uri(text, false, true),
        "uri-reference" => is_uri(text, false, false),
        "iri" => is_uri(text, true, true),
        "iri-reference" => is_uri(text, true, false),
        "uri-template" => is_template(text),
        "json-pointer" => is_pointer(text),
        "relative-json-pointer" => is_relative_pointer(text),
        "regex" => pattern::is_pattern(text),
        _ => true,
    }
}

/// Does a system that keeps numbers in this format hold this one? (OpenAPI's registry of formats.)
pub(super) fn holds(format: &str, number: &Number) -> bool {
    let within = |low: &str, high: &str| {
        Number::read(low).is_ok_and(|low| *number >= low)
            && Number::read(high).is_ok_and(|high| *number <= high)
    };
    match format {
        "int32" => within("-2147483648", "2147483647"),
        "int64" => within("-9223372036854775808", "9223372036854775807"),
        _ => true,
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit())
}

/// A number of exactly so many digits.
fn figure(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && all_digits(text)).then(|| text.parse().ok())?
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (figure(year, 4), figure(month, 2), figure(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// RFC 3339 `full-time`; a leap second only where it is 23:59:60 in UTC.
fn is_time(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(8) else { return false };
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return false };
    let (Some(hour), Some(minute), Some(second)) = (figure(hour, 2), figure(minute, 2), figure(second, 2))
    else {
        return false;
    };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|one: char| one.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    let Some(offset) = offset(zone) else { return false };
    let in_utc = (i64::from(hour) * 60 + i64::from(minute) - offset).rem_euclid(24 * 60);
    hour < 24 && minute < 60 && (second < 60 || second == 60 && in_utc == 23 * 60 + 59)
}

/// Minutes east of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hour, minute) = rest.split_once(':')?;
    let (hour, minute) = (figure(hour, 2)?, figure(minute, 2)?);
    (hour < 24 && minute < 60).then(|| sign * (i64::from(hour) * 60 + i64::from(minute)))
}

fn is_moment(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let Some((t, time)) = rest.split_at_checked(1) else { return false };
    is_date(date) && t.eq_ignore_ascii_case("t") && is_time(time)
}

/// RFC 3339 appendix A: units from large to small without a gap, weeks alone.
fn is_duration(text: &str) -> bool {
    let Some(text) = text.strip_prefix('P') else { return false };
    let (days, clock) = text.split_once('T').map_or((text, None), |(days, clock)| (days, Some(clock)));
    if clock.is_none() && days.strip_suffix('W').is_some_and(all_digits) {
        return true;
    }
    let sound = |part: &str, letters: &str| {
        units(part).is_some_and(|units| !units.is_empty() && letters.contains(&units))
    };
    (if days.is_empty() { clock.is_some() } else { sound(days, "YMD") })
        && clock.is_none_or(|clock| sound(clock, "HMS"))
}

/// The letters of `1Y2M`.
fn units(mut text: &str) -> Option<String> {
    let mut letters = String::new();
    while !text.is_empty() {
        let rest = text.trim_start_matches(|one: char| one.is_ascii_digit());
        let letter = rest.chars().next().filter(|_| rest.len() < text.len())?;
        letters.push(letter);
        text = rest.get(letter.len_utf8()..)?;
    }
    Some(letters)
}

fn is_email(text: &str, allowed: fn(char) -> bool) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    let sound_local = if quoted {
        let inner = local.get(1..local.len() - 1).unwrap_or("");
        let mut escaped = false;
        let fine = inner.chars().all(|one| {
            let fine = escaped || one != '"';
            escaped = !escaped && one == '\\';
            fine && !one.is_control() && allowed(one)
        });
        fine && !escaped
    } else {
        let atom =
            |one: char| one.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(one) || !one.is_ascii();
        local.split('.').all(|part| !part.is_empty() && part.chars().all(|one| atom(one) && allowed(one)))
    };
    let literal = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']'));
    let sound_domain = match literal {
        Some(literal) => literal.strip_prefix("IPv6:").map_or_else(|| is_ipv4(literal), is_ipv6),
        None if allowed('é') => is_wide_hostname(domain),
        None => is_hostname(domain),
    };
    // RFC 5321 section 4.5.3.1
    local.len() <= 64 && sound_local && sound_domain
}

fn is_hostname(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(|label| is_label(label) && !has_reserved_hyphens(label))
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|one| one.is_ascii_alphanumeric() || one == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Hyphens in the third and fourth place are for encoded names only, and these must stand for something.
fn has_reserved_hyphens(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    match lower.strip_prefix("xn--") {
        Some(encoded) => !punycode(encoded).is_some_and(|label| is_wide_label(&label) && !label.is_ascii()),
        None => lower.get(2..4) == Some("--"),
    }
}

fn is_wide_hostname(text: &str) -> bool {
    let dots = ['.', '\u{3002}', '\u{FF0E}', '\u{FF61}'];
    text.split(dots).all(|label| {
        if label.is_ascii() { is_label(label) && !has_reserved_hyphens(label) } else { is_wide_label(label) }
    })
}

/// The rules of RFC 5892 that need no table of all characters.
fn is_wide_label(label: &str) -> bool {
    let letters: Vec<char> = label.chars().collect();
    let at = |place: usize| letters.get(place).copied();
    let within = |low: char, high: char| letters.iter().any(|one| (low..=high).contains(one));
    let hyphens = label.starts_with('-') || label.ends_with('-') || (at(2), at(3)) == (Some('-'), Some('-'));
    let combining = |one: char| {
        matches!(one, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61A}'
            | '\u{64B}'..='\u{65F}' | '\u{900}'..='\u{903}' | '\u{93A}'..='\u{93C}' | '\u{93E}'..='\u{94F}'
            | '\u{302A}'..='\u{302F}' | '\u{3099}'..='\u{309A}' | '\u{20D0}'..='\u{20FF}')
    };
    let kana = |one: &char| {
        matches!(one, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{3005}' | '\u{3007}'
            | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
    };
    let sound = letters.iter().enumerate().all(|(place, one)| {
        let before = place.checked_sub(1).and_then(at);
        let after = at(place + 1);
        match one {
            '\u{B7}' => before == Some('l') && after == Some('l'),
            '\u{375}' => after.is_some_and(|after| ('\u{370}'..='\u{3FF}').contains(&after)),
            '\u{5F3}' | '\u{5F4}' => before.is_some_and(|before| ('\u{5D0}'..='\u{5EA}').contains(&before)),
            '\u{30FB}' => letters.iter().any(kana),
            '\u{200C}' | '\u{200D}' => {
                before == Some('\u{94D}') || (*one == '\u{200C}' && joins(before, after))
            }
            '\u{660}'..='\u{669}' => !within('\u{6F0}', '\u{6F9}'),
            '\u{302E}' | '\u{302F}' | '\u{640}' | '\u{7FA}' | '\u{3031}'..='\u{3035}' | '\u{303B}' => false,
            // RFC 5892 section 2.6
            '-' | '\u{6FD}' | '\u{6FE}' | '\u{F0B}' => true,
            // Digits of other scripts, letters and their marks.
            one => (one.is_alphanumeric() || combining(*one)) && !one.is_uppercase(),
        }
    });
    let encoded = letters.len() + letters.iter().filter(|one| !one.is_ascii()).count() + 4;
    !label.is_empty() && encoded <= 63 && sound && !hyphens && !at(0).is_some_and(combining)
}

/// Arabic letters on both sides join over what stands between.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let arabic = |one: Option<char>| one.is_some_and(|one| ('\u{620}'..='\u{6FF}').contains(&one));
    arabic(before) && arabic(after)
}

/// RFC 3492.
fn punycode(text: &str) -> Option<String> {
    let (plain, deltas) = text.rsplit_once('-').unwrap_or(("", text));
    let mut letters: Vec<char> = plain.chars().collect();
    let (mut code, mut bias, mut place, mut first) = (128_u64, 72_u64, 0_u64, true);
    let mut digits = deltas.chars();
    while let Some(mut next) = digits.next() {
        let (old, mut weight, mut step) = (place, 1_u64, 36_u64);
        loop {
            let digit = match next {
                'a'..='z' => u64::from(next) - u64::from('a'),
                '0'..='9' => u64::from(next) - u64::from('0') + 26,
                _ => return None,
            };
            place = place.checked_add(digit.checked_mul(weight)?)?;
            let threshold = step.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            step += 36;
            next = digits.next()?;
        }
        let length = letters.len() as u64 + 1;
        let mut delta = (place - old) / if first { 700 } else { 2 };
        first = false;
        delta += delta / length;
        bias = 0;
        while delta > 455 {
            delta /= 35;
            bias += 36;
        }
        bias += 36 * delta / (delta + 38);
        code = code.checked_add(place / length)?;
        place %= length;
        letters.insert(usize::try_from(place).ok()?, char::from_u32(u32::try_from(code).ok()?)?);
        place += 1;
    }
    Some(letters.into_iter().collect())
}

fn is_ipv4(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 4
        && parts.iter().all(|part| {
            let sound = all_digits(part) && part.len() <= 3 && (part.len() == 1 || !part.starts_with('0'));
            sound && part.parse::<u32>().is_ok_and(|number| number < 256)
        })
}

/// RFC 4291 section 2.2.
fn is_ipv6(text: &str) -> bool {
    // The number of groups of 16 bits; a part in the form of version 4 only at the very end.
    let groups = |text: &str, is_end: bool| -> Option<usize> {
        if text.is_empty() {
            return Some(0);
        }
        let parts: Vec<&str> = text.split(':').collect();
        let mut count = 0;
        for (at, part) in parts.iter().enumerate() {
            let group = (1..=4).contains(&part.len()) && part.bytes().all(|one| one.is_ascii_hexdigit());
            if group {
                count += 1;
            } else if is_end && at + 1 == parts.len() && is_ipv4(part) {
                count += 2;
            } else {
                return None;
            }
        }
        Some(count)
    };
    match text.split_once("::") {
        Some((head, tail)) => match (groups(head, false), groups(tail, true)) {
            (Some(head), Some(tail)) => head + tail <= 7,
            _ => false,
        },
        None => groups(text, true) == Some(8),
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|one| one == b'-' || one.is_ascii_hexdigit())
}

/// RFC 3986 and, with `wide`, RFC 3987.
fn is_uri(text: &str, wide: bool, absolute: bool) -> bool {
    let (rest, fragment) = text.split_once('#').map_or((text, ""), |(rest, fragment)| (rest, fragment));
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, query)| (rest, query));
    let scheme = rest.split_once(':').filter(|(scheme, _)| !scheme.contains('/'));
    let path = match scheme {
        Some((scheme, path)) => {
            let sound = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.chars().all(|one| one.is_ascii_alphanumeric() || "+-.".contains(one));
            if !sound {
                return false;
            }
            path
        }
        None if absolute => return false,
        None => rest,
    };
    let (authority, path) = match path.strip_prefix("//") {
        Some(after) => after.split_at(after.find('/').unwrap_or(after.len())),
        None => ("", path),
    };
    is_authority(authority, wide)
        && made_of(path, "/:@", wide)
        && made_of(query, "/?:@", wide)
        && made_of(fragment, "/?:@", wide)
}

fn is_authority(text: &str, wide: bool) -> bool {
    let (user, host) = text.rsplit_once('@').map_or(("", text), |(user, host)| (user, host));
    let (host, port) = match host.strip_prefix('[') {
        Some(inner) => {
            let Some((address, port)) = inner.split_once(']') else { return false };
            let future = address.strip_prefix(['v', 'V']).and_then(|rest| rest.split_once('.'));
            let sound = is_ipv6(address)
                || future.is_some_and(|(version, rest)| {
                    !version.is_empty()
                        && version.bytes().all(|one| one.is_ascii_hexdigit())
                        && !rest.is_empty()
                        && made_of(rest, ":", false)
                });
            if !sound {
                return false;
            }
            ("", port)
        }
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let port = port.strip_prefix(':').unwrap_or(port);
    made_of(user, ":", wide) && made_of(host, "", wide) && port.bytes().all(|one| one.is_ascii_digit())
}

/// Unreserved characters, sub-delimiters, percent signs with two digits, and these.
fn made_of(text: &str, more: &str, wide: bool) -> bool {
    let mut rest = text.chars();
    while let Some(one) = rest.next() {
        let sound = match one {
            '%' => (0..2).all(|_| rest.next().is_some_and(|digit| digit.is_ascii_hexdigit())),
            one if one.is_ascii() => {
                one.is_ascii_alphanumeric() || "-._~!$&'()*+,;=".contains(one) || more.contains(one)
            }
            one => wide && one >= '\u{A0}' && !('\u{FFF0}'..='\u{FFFF}').contains(&one),
        };
        if !sound {
            return false;
        }
    }
    true
}

/// RFC 6570.
fn is_template(text: &str) -> bool {
    let mut rest = text;
    loop {
        let (literal, after) =
            rest.split_once('{').map_or((rest, None), |(literal, after)| (literal, Some(after)));
        let plain = |one: char| !one.is_control() && !" \"<>\\^`{|}".contains(one);
        let without_percent = literal.split('%').skip(1).all(|part| {
            part.get(..2).is_some_and(|digits| digits.bytes().all(|one| one.is_ascii_hexdigit()))
        });
        if !literal.chars().all(plain) || !without_percent {
            return false;
        }
        let Some(after) = after else { return true };
        let Some((expression, tail)) = after.split_once('}') else { return false };
        let names = expression.strip_prefix(|one: char| "+#./;?&=,!@|".contains(one)).unwrap_or(expression);
        let sound = names.split(',').all(|name| {
            let name = name.strip_suffix('*').unwrap_or(name);
            let (name, length) = name.split_once(':').map_or((name, "1"), |(name, length)| (name, length));
            let letters = |one: char| one.is_ascii_alphanumeric() || "_.%".contains(one);
            !name.is_empty()
                && name.chars().all(letters)
                && !name.split('.').any(str::is_empty)
                && all_digits(length)
                && length.len() <= 4
                && !length.starts_with('0')
        });
        if !sound {
            return false;
        }
        rest = tail;
    }
}

fn is_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/'))
        && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

fn is_relative_pointer(text: &str) -> bool {
    let rest = text.trim_start_matches(|one: char| one.is_ascii_digit());
    let number = text.get(..text.len() - rest.len()).unwrap_or("");
    all_digits(number) && (number == "0" || !number.starts_with('0')) && (rest == "#" || is_pointer(rest))
}
