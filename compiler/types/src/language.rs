//! Regular languages of texts, as minimal automata over UTF-8 bytes.

mod formats;
mod machine;
mod memory;
mod pattern;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use regex_automata::Anchored;
use regex_automata::MatchKind;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::start;
use regex_syntax::hir::{Dot, Hir, Repetition};

use crate::shape::{DateKind, Length};
use machine::{Combine, MAX_RAW_STATES, Machine};
use memory::Memory;
use pattern::Reading;

pub use machine::LanguageTable;
pub use pattern::PatternError;

/// A regular language; equality is equality of languages (minimal, canonical numbering).
#[derive(Clone)]
pub struct Language(Arc<Inner>);

struct Inner {
    table: LanguageTable,
    length: Length,
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.table == other.0.table
    }
}

impl Eq for Language {}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({} states, shortest member {:?})", self.states(), self.example())
    }
}

impl Language {
    fn new(table: LanguageTable) -> Self {
        let length = table.length();
        Self(Arc::new(Inner { table, length }))
    }

    /// The texts in which a JSON Schema `pattern` is found, under both the ECMA-262 and the Rust reading.
    pub fn from_pattern(pattern: &str) -> Result<Self, PatternError> {
        known((pattern, "found in both"), || compile(&searched(pattern::parse(pattern, Reading::Both)?)))
    }

    /// The texts in which a JSON Schema `pattern` is found under at least one of the two readings.
    pub fn from_pattern_wide(pattern: &str) -> Result<Self, PatternError> {
        known((pattern, "found in either"), || compile(&searched(pattern::parse(pattern, Reading::Either)?)))
    }

    /// The texts that a pattern matches from start to end, under both readings.
    pub fn from_full_pattern(pattern: &str) -> Result<Self, PatternError> {
        known((pattern, "whole"), || compile(&pattern::parse(pattern, Reading::Both)?))
    }

    /// Splits the pattern of one counted class, `^[A-Z]{1,35}$`, into the language of the class and the length: both
    /// together are the pattern, and neither grows with the count. `None`: another form of pattern.
    pub fn from_counted_pattern(pattern: &str) -> Option<(Self, Length)> {
        let (repeated, length) = pattern::counted(pattern)?;
        Some((Self::from_full_pattern(&repeated).ok()?, length))
    }

    /// All texts.
    pub fn any() -> Self {
        static ANY: OnceLock<Language> = OnceLock::new();
        ANY.get_or_init(|| Language::of_length(Length::ANY).unwrap_or_else(Language::empty)).clone()
    }

    /// No text.
    pub fn empty() -> Self {
        Self::new(LanguageTable {
            classes: [0; 256],
            class_count: 1,
            transitions: vec![0],
            start: 0,
            accepting: vec![false],
        })
    }

    /// Printable ASCII, any length: U+0020 to U+007E.
    pub fn printable_ascii() -> Self {
        static PRINTABLE: OnceLock<Language> = OnceLock::new();
        PRINTABLE.get_or_init(|| formats::built("[ -~]*")).clone()
    }

    /// Exactly this text. `None`: too long for an automaton.
    pub fn exact(text: &str) -> Option<Self> {
        machine::of_sorted(std::iter::once(text.as_bytes())).map(Self::new)
    }

    /// Exactly these texts. `None`: too large for an automaton.
    pub fn of_set<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> Option<Self> {
        let values: Vec<T> = values.into_iter().collect();
        let sorted: BTreeSet<&str> = values.iter().map(AsRef::as_ref).collect();
        machine::of_sorted(sorted.into_iter().map(str::as_bytes)).map(Self::new)
    }

    /// All texts of so many code points. `None`: an end is beyond what an automaton can count (about 1,250).
    pub fn of_length(length: Length) -> Option<Self> {
        static KNOWN: Memory<(u64, Option<u64>), Option<Language>> = Memory::new();
        let weight = |language: &Option<Language>| language.as_ref().map_or(0, Language::weight);
        KNOWN.get((length.min, length.max), || machine::of_length(length).map(Self::new), weight)
    }

    /// A well-known format by its JSON Schema name; each never admits more than the format does.
    pub fn format(name: &str) -> Option<Self> {
        formats::by_name(name)
    }

    /// A language that holds every text of a well-known format, where a small one is known.
    pub fn around_format(name: &str) -> Option<Self> {
        formats::around(name)
    }

    /// The texts that are read as a date, a time, a local date-time or an instant.
    pub fn of_date_kind(kind: DateKind) -> Self {
        formats::of_date_kind(kind)
    }

    /// Shortest texts of the decimals with at most so many digits before and after the point. Counts above 1,000
    /// are taken as 1,000: no decimal of a run has as many.
    pub fn decimal_text(integer_digits: u32, scale: u32) -> Self {
        formats::decimal_text(integer_digits, scale)
    }

    /// Is the text a member?
    pub fn contains(&self, text: &str) -> bool {
        let table = &self.0.table;
        let end = text.bytes().try_fold(table.start, |state, byte| {
            let next = table.step(state, byte);
            (next != 0).then_some(next)
        });
        end.is_some_and(|state| table.accepts(state))
    }

    /// True if every member is a member of the other. `None`: too large to tell.
    pub fn is_subset(&self, other: &Language) -> Option<bool> {
        if self == other { Some(true) } else { self.0.table.is_subset(&other.0.table) }
    }

    /// Members of both. `None`: too large.
    pub fn intersect(&self, other: &Language) -> Option<Self> {
        self.combine(other, Combine::Both)
    }

    /// Members of either. `None`: too large.
    pub fn union(&self, other: &Language) -> Option<Self> {
        self.combine(other, Combine::Either)
    }

    /// Members that are not members of the other. `None`: too large.
    pub fn difference(&self, other: &Language) -> Option<Self> {
        self.combine(other, Combine::OnlyLeft)
    }

    fn combine(&self, other: &Language, how: Combine) -> Option<Self> {
        /// Both sides, which thereby keep their addresses, and what came of them.
        type Combined = (Language, Language, Option<Language>);
        static KNOWN: Memory<(usize, usize, Combine), Combined> = Memory::new();
        let address = |language: &Language| Arc::as_ptr(&language.0).addr();
        let make = || {
            let found = self.0.table.combine(&other.0.table, how).map(Self::new);
            (self.clone(), other.clone(), found)
        };
        let weight = |(left, right, found): &Combined| {
            left.weight() + right.weight() + found.as_ref().map_or(0, Language::weight)
        };
        KNOWN.get((address(self), address(other), how), make, weight).2
    }

    /// Bytes of its tables.
    fn weight(&self) -> usize {
        let table = &self.0.table;
        table.transitions.len() * size_of::<u16>() + table.accepting.len() + size_of::<Inner>()
    }

    /// Members followed by members of the other. `None`: too large.
    pub fn concat(&self, other: &Language) -> Option<Self> {
        self.0.table.concat(&other.0.table).map(Self::new)
    }

    /// There is no member.
    pub fn is_empty(&self) -> bool {
        self.0.table.start == 0
    }

    /// Every text is a member.
    pub fn is_any(&self) -> bool {
        *self == Self::any()
    }

    /// A member of least length, readable where there is a choice.
    pub fn example(&self) -> Option<String> {
        self.0.table.example().and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// A shortest member that the other lacks. `None`: there is none, or the search is too large.
    pub fn example_outside(&self, other: &Language) -> Option<String> {
        self.difference(other)?.example()
    }

    /// Bounds of the members' lengths in code points, both attained; `1..=0` for the empty language.
    pub fn length(&self) -> Length {
        self.0.length
    }

    /// The number of members, at most `u64::MAX`. `None`: infinite.
    pub fn count(&self) -> Option<u64> {
        self.0.table.count()
    }

    /// All members, if there are at most so many (and not more than 20 MB of them).
    pub fn members(&self, limit: usize) -> Option<BTreeSet<String>> {
        let found = self.0.table.members(limit)?;
        found.into_iter().map(|bytes| String::from_utf8(bytes).ok()).collect()
    }

    /// Every beginning (in code points) of a member is a member.
    pub fn is_prefix_closed(&self) -> bool {
        self.0.table.is_prefix_closed()
    }

    /// No member has a character above U+007F.
    pub fn ascii_only(&self) -> bool {
        self.0.table.ascii_only()
    }

    /// Number of states, the dead one included.
    pub fn states(&self) -> usize {
        self.0.table.states()
    }

    /// The automaton as tables.
    pub fn table(&self) -> &LanguageTable {
        &self.0.table
    }
}

/// Any text, then the expression, then any text.
fn searched(hir: Hir) -> Hir {
    let any = || {
        Hir::repetition(Repetition { min: 0, max: None, greedy: true, sub: Box::new(Hir::dot(Dot::AnyChar)) })
    };
    Hir::concat(vec![any(), hir, any()])
}

/// What a pattern is read as, remembered.
fn known(
    key: (&str, &'static str),
    make: impl FnOnce() -> Result<Language, PatternError>,
) -> Result<Language, PatternError> {
    static KNOWN: Memory<(String, &'static str), Result<Language, PatternError>> = Memory::new();
    let weight = |language: &Result<Language, PatternError>| language.as_ref().map_or(0, Language::weight);
    KNOWN.get((key.0.to_owned(), key.1), make, weight)
}

/// The texts that an expression matches from start to end.
fn compile(hir: &Hir) -> Result<Language, PatternError> {
    let too_complex = |_| PatternError::TooComplex;
    let nfa = thompson::Compiler::new()
        .configure(
            thompson::Config::new()
                .utf8(true)
                .which_captures(WhichCaptures::None)
                .nfa_size_limit(Some(16 * 1024 * 1024)),
        )
        .build_from_hir(hir)
        .map_err(|_| PatternError::TooComplex)?;
    let row = 4usize << nfa.byte_classes().stride2();
    let dfa = dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Anchored)
                .match_kind(MatchKind::All)
                .accelerate(false)
                .minimize(false)
                .dfa_size_limit(Some(row * MAX_RAW_STATES + 65_536))
                .determinize_size_limit(Some(4 * 1024 * 1024)),
        )
        .build_from_nfa(&nfa)
        .map_err(|_| PatternError::TooComplex)?;
    let begin = dfa
        .start_state(&start::Config::new().anchored(Anchored::Yes))
        .map_err(|_| PatternError::TooComplex)?;
    let classes: Vec<u8> = (0..=255u8).map(|byte| dfa.byte_classes().get(byte)).collect();
    let class_count = classes.iter().map(|class| usize::from(*class) + 1).max().unwrap_or(1);
    let classes: [u8; 256] = classes.try_into().map_err(|_| PatternError::TooComplex)?;
    let mut first = vec![0u8; class_count];
    for (byte, class) in (0..=255u8).zip(classes).rev() {
        if let Some(slot) = first.get_mut(usize::from(class)) {
            *slot = byte;
        }
    }
    let mut found = vec![begin];
    let mut numbers = std::collections::HashMap::from([(begin, 1u32)]);
    let mut machine =
        Machine { classes, class_count, transitions: vec![0; class_count], start: 1, accepting: vec![false] };
    let mut at = 0;
    while let Some(state) = found.get(at).copied() {
        at += 1;
        machine.accepting.push(dfa.is_match_state(dfa.next_eoi_state(state)));
        for byte in &first {
            let next = dfa.next_state(state, *byte);
            let number = if dfa.is_dead_state(next) {
                0
            } else {
                *numbers.entry(next).or_insert_with(|| {
                    found.push(next);
                    found.len() as u32
                })
            };
            machine.transitions.push(number);
        }
        if found.len() > MAX_RAW_STATES {
            return Err(PatternError::TooComplex);
        }
    }
    machine.finish().map(Language::new).ok_or(()).map_err(too_complex)
}
