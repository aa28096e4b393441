//! The library with one wrong line, for a lie that is told about a function. Compiled for the soundness tests only.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use mapc_stdlib::File;
use mapc_types::planted::{Lie, told};

use super::function::Library;
use super::read;

/// The lie, the `native` line it is about (its beginning), what stands in that block, and what is told instead.
const LIES: &[(Lie, &str, &str, &str)] = &[
    (Lie::UpperKeepsLength, "upper(", "max * 3", "max"),
    (Lie::UpperOfLatinAsAscii, "upper(", "when ascii", "when latin"),
    (Lie::LowerKeepsLength, "lower(", "max * 2", "max"),
    (Lie::CutKeepsLeast, "cut(", "length 0 ..", "length min(min, n) .."),
    (Lie::PadBoundsLength, "pad_left(", ".. max(max, n)", ".. n"),
    (Lie::TrimKeepsLeast, "trim(", "length 0", "length min"),
    (Lie::SqueezeKeepsLeast, "squeeze(", "length 0", "length min"),
    (Lie::ReplaceKeepsMost, "replace(", "max + max / length(find) * (length(put) - length(find))", "max"),
    (Lie::WithoutPrefixKeepsLeast, "without_prefix(", "min - length(prefix)", "min"),
    (Lie::BeforeKeepsLeast, "before(", "length 0", "length min"),
    (Lie::PartNeverMissing, "part(", "    may be missing unless n <= 1\n", ""),
    (Lie::AfterNeverMissing, "after(", "    may be missing unless in \"<any>*<mark><any>*\"\n", ""),
    (Lie::NonblankNeverMissing, "nonblank(", "    may be missing\n", ""),
    (Lie::DigitsKeepsLeast, "digits(", "length 0", "length min"),
    (Lie::EndKeepsBeginnings, "end(", "keeps classes", "keeps beginnings\n    keeps classes"),
    (Lie::UpperKeepsClasses, "upper(", "keeps cased classes", "keeps classes"),
    (Lie::RoundKeepsRange, "round(", "round(low, n, mode) .. round(high, n, mode)", "low .. high"),
    (Lie::FloorKeepsRange, "floor(", "round(low, n, \"floor\") .. round(high, n, \"floor\")", "low .. high"),
    (Lie::AbsKeepsRange, "abs(", "max(0, low, -high) .. max(-low, high)", "low .. high"),
    (Lie::ClampKeepsGrid, "clamp(", "grid with least most", "grid kept"),
    (Lie::MomentHasNoFraction, "text(value: instant)", "20 .. 30", "20 .. 20"),
];

static LIED: LazyLock<Mutex<BTreeMap<Lie, &'static Library>>> = LazyLock::new(Mutex::default);

/// The library as the lie of this thread tells it; `None`: no lie is told, or it is about something else.
pub(super) fn library() -> Option<&'static Library> {
    let lie = told()?;
    let (_, native, from, to) = LIES.iter().find(|(known, ..)| *known == lie)?;
    let mut lied = LIED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lied.get(&lie) {
        return Some(known);
    }
    let files: Vec<File> = mapc_stdlib::FILES
        .iter()
        .map(|file| {
            let mark = format!("native {native}");
            let text = match file.text.split_once(&mark) {
                Some((before, after)) => format!("{before}{mark}{}", after.replacen(from, to, 1)),
                None => file.text.to_owned(),
            };
            File { name: file.name, text: text.leak() }
        })
        .collect();
    let library: &'static Library = Box::leak(Box::new(read::library(&files).ok()?));
    lied.insert(lie, library);
    Some(library)
}
