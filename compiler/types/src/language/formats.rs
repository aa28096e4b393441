//! Well-known languages by name: dates, times, identifiers, decimal texts. Each stays inside its format.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::Language;
use crate::shape::DateKind;

/// A language from a pattern of this file; no text if the pattern were wrong.
pub(super) fn built(pattern: &str) -> Language {
    Language::from_full_pattern(pattern).unwrap_or_else(|_| Language::empty())
}

/// Builds each language once.
fn cached(key: String, build: impl FnOnce() -> Language) -> Language {
    static KNOWN: OnceLock<Mutex<BTreeMap<String, Language>>> = OnceLock::new();
    let known = KNOWN.get_or_init(Mutex::default);
    let found = known.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    found.unwrap_or_else(|| {
        let language = build();
        known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, language.clone());
        language
    })
}

/// Calendar days of the years 0001 to 9999.
fn date() -> String {
    let year = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})";
    let fours = "(?:0[48]|[2468][048]|[13579][26])";
    let leap = format!("(?:[0-9]{{2}}{fours}|{fours}00)");
    let days = [
        format!("{year}-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"),
        format!("{year}-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"),
        format!("{year}-02-(?:0[1-9]|1[0-9]|2[0-8])"),
        format!("{leap}-02-29"),
    ];
    format!("(?:{})", days.join("|"))
}

const TIME: &str = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?";
const OFFSET: &str = r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";

pub(super) fn of_date_kind(kind: DateKind) -> Language {
    cached(format!("{kind:?}"), || {
        built(&match kind {
            DateKind::Date => date(),
            DateKind::Time => TIME.to_owned(),
            DateKind::Local => format!("{}T{TIME}", date()),
            DateKind::Instant => format!("{}T{TIME}{OFFSET}", date()),
        })
    })
}

pub(super) fn by_name(name: &str) -> Option<Language> {
    // No label longer than 41 characters and none with two hyphens in a row: well inside the standards.
    let label = "[A-Za-z0-9](?:-?[A-Za-z0-9]){0,20}";
    let last = "[A-Za-z](?:-?[A-Za-z0-9]){0,20}";
    let byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    let pattern = match name {
        "date" => return Some(of_date_kind(DateKind::Date)),
        "date-time" => return Some(of_date_kind(DateKind::Instant)),
        "local-time" | "time-local" => return Some(of_date_kind(DateKind::Time)),
        "local-date-time" | "date-time-local" => return Some(of_date_kind(DateKind::Local)),
        "time" => format!("{TIME}{OFFSET}"),
        "uuid" => "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}".to_owned(),
        "ipv4" => format!("{byte}(?:\\.{byte}){{3}}"),
        "hostname" => format!("{label}(?:\\.{label}){{0,5}}"),
        "email" => format!("[A-Za-z0-9_+-]+(?:\\.[A-Za-z0-9_+-]+)*@(?:{label}\\.){{0,3}}{last}"),
        "uri" => format!(
            "https?://(?:{label}\\.){{0,3}}{last}(?::[0-9]{{1,4}})?(?:/(?:[A-Za-z0-9._~-]|%[0-9A-F]{{2}})*)*\
             (?:\\?[A-Za-z0-9._~=&-]*)?(?:#[A-Za-z0-9._~-]*)?"
        ),
        _ => return None,
    };
    Some(cached(name.to_owned(), || {
        let language = built(&pattern);
        if name != "email" {
            return language;
        }
        let limit = Language::from_full_pattern("[ -~]{1,64}@[ -~]*");
        // Without the bound on the length the language would admit more than the format.
        limit.ok().and_then(|limit| language.intersect(&limit)).unwrap_or_else(Language::empty)
    }))
}

/// A language that holds every text of a format: unlike [`by_name`], also a leap second, any number of decimals, a
/// small letter and the year 0000.
pub(super) fn around(name: &str) -> Option<Language> {
    let day = || format!("(?:{}|0000-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))", date());
    let time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?\
                (?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
    let pattern = match name {
        "uuid" | "ipv4" => return by_name(name),
        "date" => day(),
        "time" => time.to_owned(),
        "date-time" => format!("{}[Tt]{time}", day()),
        _ => return None,
    };
    Some(cached(format!("around {name}"), || built(&pattern)))
}

pub(super) fn decimal_text(integer_digits: u32, scale: u32) -> Language {
    let more = integer_digits.clamp(1, 1_000) - 1;
    let scale = scale.min(1_000);
    cached(format!("decimal {integer_digits} {scale}"), || {
        let zero_only = integer_digits == 0;
        let large = if zero_only { String::new() } else { format!("|-?[1-9][0-9]{{0,{more}}}") };
        let whole = if zero_only { "0".to_owned() } else { format!("(?:0|[1-9][0-9]{{0,{more}}})") };
        let small = match scale.checked_sub(1) {
            None => String::new(),
            Some(before) => format!("|-?{whole}\\.[0-9]{{0,{before}}}[1-9]"),
        };
        built(&format!("0{large}{small}"))
    })
}
