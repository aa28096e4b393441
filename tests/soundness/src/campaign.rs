//! Many cases on two threads: made, checked, run, judged, counted. What breaks the claim is made small and printed.

use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mapc_harness::ending::Ending;

use crate::case::{Case, Checked, Failure, Judges, Kind};
use crate::choices::Choices;
use crate::generate::json::Json;
use crate::generate::message::{self, Make, Matter};
use crate::minimise::{self, Small};
use crate::oracle::Oracle;
use crate::tally::{self, Tally};

/// How much to try.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Number of the first case: a single one can be looked at again.
    pub first: u64,
    /// Cases at most.
    pub maps: u64,
    /// Messages for each map that passes.
    pub messages: u64,
    /// Where the choices come from.
    pub seed: u64,
    /// Time at most.
    pub time: Option<Duration>,
    /// Prints every case whose map has an error with such a code.
    pub show: Option<String>,
}

/// The seed of runs that are the same every time.
const SEED: u64 = 20_260_629;

impl Plan {
    /// So many; with `MAPC_SOAK=1` a long run from a fresh seed, with `MAPC_SEED` from that one. `MAPC_FIRST`, `MAPC_MAPS`
    /// and `MAPC_MESSAGES` choose the cases.
    pub fn from_environment(maps: u64, messages: u64) -> Plan {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        let soak = number("MAPC_SOAK") == Some(1);
        let fresh = || {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            now.map_or(SEED, |now| u64::try_from(now.as_nanos()).unwrap_or(SEED))
        };
        let seed = number("MAPC_SEED").unwrap_or_else(|| if soak { fresh() } else { SEED });
        // in a long run most of the time goes to the messages: at least five million of them
        let maps = number("MAPC_MAPS").unwrap_or(if soak { 200_000 } else { maps });
        let messages = if soak { messages * 10 } else { messages };
        let minutes = number("MAPC_SOAK_MINUTES").filter(|_| soak);
        Plan {
            first: number("MAPC_FIRST").unwrap_or(0),
            maps,
            messages: number("MAPC_MESSAGES").unwrap_or(messages),
            seed,
            time: minutes.map(|minutes| Duration::from_secs(minutes * 60)),
            show: std::env::var("MAPC_SHOW").ok(),
        }
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Campaign {
    /// What was hit.
    pub tally: Tally,
    /// Broken claims, ready to be saved.
    pub failures: Vec<String>,
    seed: u64,
}

/// Most failures that are worth looking at.
const ENOUGH: usize = 8;

impl Campaign {
    /// Tries what the plan says.
    pub fn run(plan: &Plan) -> Campaign {
        let next = AtomicU64::new(plan.first);
        let start = Instant::now();
        let whole = Mutex::new(Campaign { seed: plan.seed, ..Campaign::default() });
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut own = Campaign::default();
                    let mut oracle = match Oracle::start() {
                        Ok(oracle) => oracle,
                        Err(why) => {
                            own.failures.push(format!("the second oracle does not start: {why}"));
                            take(&whole, own);
                            return;
                        }
                    };
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let late = plan.time.is_some_and(|time| start.elapsed() > time);
                        if number >= plan.first.saturating_add(plan.maps)
                            || late
                            || own.failures.len() >= ENOUGH
                        {
                            break;
                        }
                        own.one(plan, number, &mut oracle);
                    }
                    take(&whole, own);
                });
            }
        });
        whole.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn one(&mut self, plan: &Plan, number: u64, oracle: &mut Oracle) {
        let mut choices = Choices::of(plan.seed, number);
        let case = Case::random(&mut choices);
        if let Err((failure, message)) = self.attempt(plan, &case, &mut choices, oracle) {
            let small = minimise::smaller(&case, message.as_deref(), failure.kind);
            let words = small.print(&format!("seed {}, case {number}: {}", plan.seed, failure.words));
            // a long run may be stopped before its end
            println!("{words}");
            self.failures.push(words);
        }
    }

    fn attempt(
        &mut self,
        plan: &Plan,
        case: &Case,
        choices: &mut Choices,
        oracle: &mut Oracle,
    ) -> Result<(), (Failure, Option<Vec<u8>>)> {
        let tally = &mut self.tally;
        tally.count("maps", "all");
        let checked = case.check().map_err(|failure| (failure, None))?;
        let target = Json::parse(&case.target).unwrap_or(Json::Null);
        if !checked.accepted() {
            let errors = checked.errors();
            for code in &errors {
                tally.count("errors", code);
            }
            if let Some(shown) = &plan.show
                && errors.iter().any(|code| code.starts_with(shown.as_str()))
            {
                println!("{}\n{}", checked.compiled.words(), Small::new(case, None).print("shown"));
            }
            let spoiled = |stage: &str| errors.iter().any(|code| code.starts_with(stage));
            for stage in ["E01", "E02", "E09"] {
                if spoiled(stage) {
                    tally.count("maps", &format!("with {stage}xx"));
                }
            }
            tally.schema("refused target keywords", &target);
            return Ok(());
        }
        tally.count("maps", "accepted");
        let source = Json::parse(&case.source).unwrap_or(Json::Null);
        tally.schema("target keywords", &target);
        tally.schema("source keywords", &source);
        if let Some(checked) = &checked.compiled.compilation.checked {
            tally.map(checked.typed());
        }
        let mut messages = Vec::new();
        let matter = Matter::of_map(&case.map);
        for _ in 0..plan.messages {
            let (make, message) = message::message_from(&source, &matter, choices);
            tally.count(
                "messages",
                match make {
                    Make::Valid => "valid",
                    Make::Damaged => "damaged",
                    Make::Raw => "raw",
                },
            );
            messages.push(message);
        }
        let endings = checked.run(&messages).map_err(|(at, failure)| (failure, messages.get(at).cloned()))?;
        count_endings(tally, &endings);
        let judges = case.judges().map_err(|why| {
            let words = format!("the target of an accepted map cannot be judged: {why}");
            (Failure { kind: Kind::Refused, words }, None)
        })?;
        judge(tally, case, &judges, &messages, &endings, oracle)
    }

    /// The figures.
    pub fn print(&self, time: Duration) -> String {
        let tally = &self.tally;
        let mut out = String::new();
        let maps = tally.of("maps", "all");
        let runs = tally.sum("endings");
        let seconds = time.as_secs_f64().max(0.001);
        let _ = writeln!(
            out,
            "end to end, seed {}: {maps} maps, {:.1} % pass, {runs} runs in {seconds:.1} s ({:.0} maps/s, {:.0} runs/s)",
            self.seed,
            self.accepted_share(),
            maps as f64 / seconds,
            runs as f64 / seconds,
        );
        let ending = |word: &str| tally.of("endings", word);
        let _ = writeln!(
            out,
            "  {} delivered, {} rejected, {} skipped, {} waiting; {} documents judged twice; {} broken claims",
            ending("deliver"),
            ending("reject"),
            ending("skip"),
            ending("wait"),
            tally.of("judged", "documents"),
            self.failures.len(),
        );
        let all = tally.of("points", "all").max(1);
        let _ = writeln!(
            out,
            "  points to prove in maps that pass: {all}, {:.1} % proved",
            100.0 * tally.of("points", "proved") as f64 / all as f64
        );
        out.push_str(&tally.print());
        out
    }

    /// How many of a hundred maps passed.
    pub fn accepted_share(&self) -> f64 {
        let all = self.tally.of("maps", "all").max(1);
        100.0 * self.tally.of("maps", "accepted") as f64 / all as f64
    }

    /// Rows that no accepted map hit.
    pub fn never_hit(&self) -> Vec<String> {
        let tally = &self.tally;
        let mut never = tally.missing("expressions", tally::EXPRESSIONS.iter().copied());
        never.extend(tally.missing("aggregates", tally::AGGREGATES.iter().copied()));
        never.extend(tally.missing("written", tally::WRITES.iter().copied()));
        never.extend(tally.missing("functions", mapc_check::library::names()));
        let keyword =
            |name: &&str| tally.of("target keywords", name) + tally.of("refused target keywords", name) == 0;
        never.extend(KEYWORDS.iter().filter(|name| keyword(name)).map(|name| format!("target: {name}")));
        never
    }
}

/// Keywords that targets must have had.
const KEYWORDS: &[&str] = &[
    "type",
    "enum",
    "const",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "required",
    "properties",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "contains",
    "minContains",
    "unevaluatedProperties",
    "unevaluatedItems",
    "prefixItems",
    "additionalItems",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "minProperties",
    "maxProperties",
    "$ref",
    "$ref with siblings",
    "$ref to the root",
    "format",
    "pattern",
    "nullable",
    "default",
    "readOnly",
    "maxLenght",
    "x-mapc-decimal",
    "x-mapc-date",
];

fn take(whole: &Mutex<Campaign>, own: Campaign) {
    let mut whole = whole.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    whole.tally.merge(own.tally);
    whole.failures.extend(own.failures);
}

fn count_endings(tally: &mut Tally, endings: &[Ending]) {
    for ending in endings {
        tally.count("endings", ending.word());
        if let Some(code) = ending.code() {
            tally.count("reasons", code);
        }
    }
}

/// Both oracles on every document.
fn judge(
    tally: &mut Tally,
    case: &Case,
    judges: &Judges,
    messages: &[Vec<u8>],
    endings: &[Ending],
    oracle: &mut Oracle,
) -> Result<(), (Failure, Option<Vec<u8>>)> {
    let mut documents = Vec::new();
    for (ending, message) in endings.iter().zip(messages) {
        let Some(document) = ending.document() else { continue };
        judges.judge(document).map_err(|failure| (failure, Some(message.clone())))?;
        documents.push((String::from_utf8_lossy(document).into_owned(), message));
    }
    if documents.is_empty() {
        return Ok(());
    }
    let texts: Vec<String> = documents.iter().map(|(document, _)| document.clone()).collect();
    for schema in &case.judges {
        let verdicts = oracle.verdicts(schema, judges.dialect.name(), &texts).map_err(|why| {
            (Failure { kind: Kind::Refused, words: format!("the second oracle gave up: {why}") }, None)
        })?;
        for (verdict, (document, message)) in verdicts.iter().zip(&documents) {
            match verdict {
                Some(true) => tally.count("judged", "verdicts of the second oracle"),
                None => tally.count("judged", "no verdict of the second oracle"),
                // the first oracle has accepted it; of such a number the second one compares a rounded copy
                Some(false) if has_long_fraction(document) => {
                    tally.count("judged", "beyond the numbers of the second oracle");
                }
                Some(false) => {
                    let words = format!("the second oracle alone refuses {document}");
                    return Err((Failure { kind: Kind::Refused, words }, Some((*message).clone())));
                }
            }
        }
    }
    tally.add("judged", "documents", u64::try_from(documents.len()).unwrap_or(0));
    Ok(())
}

/// Is there a number with a fraction and more digits than a float holds? The `jsonschema` crate compares exact whole
/// numbers with whole limits, and everything else with a fraction as floats: it refuses 12345678901234567890.1 under the
/// minimum 12345678901234567890.
fn has_long_fraction(document: &str) -> bool {
    const EXACT: usize = 15;
    let numbers = document.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    numbers
        .filter(|number| number.contains('.'))
        .any(|number| number.bytes().filter(u8::is_ascii_digit).count() > EXACT)
}

/// What a map that passed is called when it is looked at again.
pub fn again(case: &Case, message: Option<&[u8]>, oracle: Option<&mut Oracle>) -> Result<(), Failure> {
    let checked: Checked = case.check()?;
    let Some(message) = message.filter(|_| checked.accepted()) else { return Ok(()) };
    let messages = vec![message.to_vec()];
    let endings = checked.run(&messages).map_err(|(_, failure)| failure)?;
    let judges = case.judges().map_err(|words| Failure { kind: Kind::Refused, words })?;
    match oracle {
        Some(oracle) => judge(&mut Tally::default(), case, &judges, &messages, &endings, oracle)
            .map_err(|(failure, _)| failure),
        None => {
            let documents = endings.iter().filter_map(Ending::document);
            documents.into_iter().try_for_each(|document| judges.judge(document))
        }
    }
}
