//! Numbers compared by value, from their text alone.

/// Sign, digits without zeros at either end, and the power of ten of the first digit's place.
#[derive(Debug, PartialEq, Eq)]
struct Plain {
    negative: bool,
    digits: String,
    point: i64,
}

/// Both are JSON numbers of the same value: `12.50` and `1.25e1` are.
pub fn same_number(left: &str, right: &str) -> bool {
    match (plain(left), plain(right)) {
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}

fn plain(text: &str) -> Option<Plain> {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?)
        }
        None => (unsigned, 0_i64),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !numeric(whole) || !numeric(fraction) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    let leading = i64::try_from(digits.len() - significant.len()).ok()?;
    let point = i64::try_from(whole.len()).ok()?.checked_sub(leading)?.checked_add(exponent)?;
    let significant = significant.trim_end_matches('0');
    if significant.is_empty() {
        return Some(Plain { negative: false, digits: String::new(), point: 0 });
    }
    Some(Plain { negative, digits: significant.to_owned(), point })
}
