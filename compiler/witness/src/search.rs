//! The search: messages of the source, directed at what a rule looks at, run until one ends with the wanted reason.
//! A fixed sequence: the same map gives the same message.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use mapc_check::typed::{ReasonId, Typed};
use mapc_schema::LoadedSchema;
use mapc_types::Type;
use mapc_vm::{Context, Instance, Outcome, Program, Xref};

use crate::build::{Builder, Choice, Choices, ROWS};
use crate::hints::Hints;
use crate::message::Message;
use crate::places::{Place, PlaceKind, Places};
use crate::rules::{Rule, rules};
use crate::values::{candidates, plain};

/// Messages run for one reason.
pub(crate) const BUDGET: usize = 2_000;
/// Messages made for one reason: several choices may come to the same message, which is run once.
const TRIES: usize = 3 * BUDGET;
/// Bytes after which a message counts for one more.
const LONG: usize = 10_000;
/// Rows of a list that nothing counts.
const FEW: u64 = 40;
/// Results of longer messages are not kept.
const KEPT: usize = 4_000;
/// Rules in the way that are gone around.
const DETOURS: usize = 24;

/// A message that ends with the wanted reason.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) message: Message,
    /// What the rejection says.
    pub(crate) text: String,
}

/// How a message ended that is not the wanted one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Nothing was in the way.
    Passes,
    /// Another reason, by its id.
    Ends(String),
    /// No message of that shape, or none may be run any more.
    Nothing,
}

type Attempt<T> = ControlFlow<Choices, T>;

/// One search.
pub(crate) struct Search<'a> {
    typed: &'a Typed,
    wanted: &'a str,
    rules: Vec<Rule<'a>>,
    builder: Builder<'a>,
    worlds: Vec<(&'a dyn Xref, Instance)>,
    known: BTreeMap<String, Step>,
    left: usize,
    tries: usize,
    /// What goes around a reason, by its id.
    detours: BTreeMap<String, Vec<(usize, Choice)>>,
    seed: u64,
    /// Values that the source does not have may be tried.
    beyond: bool,
}

impl<'a> Search<'a> {
    /// For a reason by its id. `worlds`: ids of the receiving system, one after the other.
    pub(crate) fn new(
        typed: &'a Typed,
        program: &Program,
        schema: &'a LoadedSchema,
        places: &'a Places,
        wanted: &'a str,
        worlds: &[&'a dyn Xref],
    ) -> Search<'a> {
        let others = places.all.iter().map(|_| OnceCell::new()).collect();
        Search {
            typed,
            wanted,
            rules: rules(typed),
            builder: Builder { schema, places, others, plain: RefCell::default() },
            worlds: worlds.iter().map(|world| (*world, Instance::new(program))).collect(),
            known: BTreeMap::new(),
            left: BUDGET,
            tries: TRIES,
            detours: BTreeMap::new(),
            seed: 0x9e37_79b9_7f4a_7c15,
            beyond: false,
        }
    }

    /// The message, made as small as it will go.
    pub(crate) fn find(&mut self) -> Option<Found> {
        let own = self.rule_of(self.wanted);
        self.beyond = own.is_read;
        let ControlFlow::Break(choices) = self.attempt(&own) else { return None };
        let choices = self.shrunk(choices);
        self.reached(&choices)
    }

    fn attempt(&mut self, own: &Rule<'a>) -> Attempt<()> {
        let options = self.options(own);
        let mut starts = Vec::new();
        for base in [self.full(), Choices::new()] {
            let start = self.cleared(base)?;
            self.one_by_one(&start, &options)?;
            starts.push(start);
        }
        for start in &starts {
            self.profiles(start, own, &options)?;
        }
        for start in &starts {
            self.pairs(start, &options)?;
        }
        let all = self.all_options(options);
        for at in 0..BUDGET {
            let start = starts.get(at % 2).cloned().unwrap_or_default();
            self.mixed(start, &all)?;
        }
        ControlFlow::Continue(())
    }

    /// Everything the map reads is there.
    fn full(&self) -> Choices {
        let mut choices = Choices::new();
        for (at, place) in self.builder.places.all.iter().enumerate() {
            let choice = match &place.kind {
                PlaceKind::Value(of) => plain(of, place.name()).map(Choice::Value),
                PlaceKind::Rows { count, .. } => {
                    Some(Choice::Rows { count: count.min.max(1), differ: false })
                }
            };
            if let Some(choice) = choice {
                choices.insert(at, choice);
            }
        }
        choices
    }

    /// The same message with whatever is in the way of it gone around.
    fn cleared(&mut self, base: Choices) -> Attempt<Choices> {
        let mut current = base;
        let mut seen = Vec::new();
        for _ in 0..DETOURS {
            let Step::Ends(reason) = self.step(&current)? else { break };
            let options = self.detours_of(&reason);
            seen.push(reason);
            match self.detour(&current, &options, &seen)? {
                Some(next) => current = next,
                None => break,
            }
        }
        ControlFlow::Continue(current)
    }

    /// Another message that does not end with any of these reasons, at best with none.
    fn detour(
        &mut self,
        current: &Choices,
        options: &[(usize, Choice)],
        seen: &[String],
    ) -> Attempt<Option<Choices>> {
        let mut better = None;
        for (at, choice) in options {
            let next = self.with(current, *at, choice.clone());
            match self.step(&next)? {
                Step::Passes => return ControlFlow::Continue(Some(next)),
                Step::Ends(reason) if better.is_none() && !seen.contains(&reason) => better = Some(next),
                _ => {}
            }
        }
        ControlFlow::Continue(better)
    }

    fn detours_of(&mut self, reason: &str) -> Vec<(usize, Choice)> {
        if let Some(known) = self.detours.get(reason) {
            return known.clone();
        }
        let mut options = self.options(&self.rule_of(reason));
        options.truncate(120);
        self.detours.insert(reason.to_owned(), options.clone());
        options
    }

    fn one_by_one(&mut self, start: &Choices, options: &[(usize, Choice)]) -> Attempt<()> {
        for (at, choice) in options {
            self.step(&self.with(start, *at, choice.clone()))?;
        }
        ControlFlow::Continue(())
    }

    /// All places of the rule at one end of what they may be: sums and joined texts need them together.
    fn profiles(&mut self, start: &Choices, own: &Rule<'a>, options: &[(usize, Choice)]) -> Attempt<()> {
        let lists = self.list_places(own);
        let mut rows: Vec<Choice> = vec![Choice::Rows { count: 1, differ: false }];
        rows.extend(options.iter().filter(|(at, _)| lists.contains(at)).map(|(_, choice)| choice.clone()));
        rows.dedup();
        rows.truncate(12);
        for row in &rows {
            for measure in [longest, largest, smallest, finest] {
                let mut next = start.clone();
                for at in &lists {
                    next = self.with(&next, *at, row.clone());
                }
                for at in self.value_places(own) {
                    let own_options =
                        options.iter().filter(|(place, _)| *place == at).map(|(_, choice)| choice);
                    let best = own_options
                        .filter(|choice| matches!(choice, Choice::Value(_)))
                        .max_by_key(|one| measure(one));
                    if let Some(best) = best.cloned() {
                        next = self.with(&next, at, best);
                    }
                }
                self.step(&next)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn pairs(&mut self, start: &Choices, options: &[(usize, Choice)]) -> Attempt<()> {
        let (stop, last) = (self.left / 2, self.tries / 2);
        for (first, (at, choice)) in options.iter().enumerate() {
            let next = self.with(start, *at, choice.clone());
            for (other, second) in options.iter().skip(first + 1).filter(|(other, _)| other != at) {
                if self.left <= stop || self.tries <= last {
                    return ControlFlow::Continue(());
                }
                self.step(&self.with(&next, *other, second.clone()))?;
            }
        }
        ControlFlow::Continue(())
    }

    fn mixed(&mut self, start: Choices, all: &[(usize, Choice)]) -> Attempt<()> {
        if self.left == 0 || self.tries == 0 || all.is_empty() {
            return ControlFlow::Continue(());
        }
        let mut next = start;
        for _ in 0..=self.chance(4) {
            let picked = self.chance(all.len());
            if let Some((at, choice)) = all.get(picked) {
                next = self.with(&next, *at, choice.clone());
            }
        }
        self.step(&next)?;
        ControlFlow::Continue(())
    }

    /// What the rule turns at, then what the rules before it turn at.
    fn all_options(&self, own: Vec<(usize, Choice)>) -> Vec<(usize, Choice)> {
        let mut all = own;
        let weight = all.len();
        for rule in self.rules.iter().filter(|rule| !rule.is_read && !rule.reasons.is_empty()) {
            if all.len() > weight + 400 {
                break;
            }
            all.extend(self.options(rule).into_iter().take(30));
        }
        all
    }

    fn step(&mut self, choices: &Choices) -> Attempt<Step> {
        if self.tries == 0 {
            return ControlFlow::Continue(Step::Nothing);
        }
        self.tries -= 1;
        let Some(message) = self.builder.message(choices) else {
            return ControlFlow::Continue(Step::Nothing);
        };
        let text = message.to_string();
        if let Some(known) = self.known.get(&text) {
            return ControlFlow::Continue(known.clone());
        }
        if self.left == 0 {
            return ControlFlow::Continue(Step::Nothing);
        }
        // a long message counts for several
        self.left = self.left.saturating_sub(1 + text.len() / LONG);
        let mut step = Step::Nothing;
        for (number, (ids, instance)) in self.worlds.iter_mut().enumerate() {
            let end = match instance.run(text.as_bytes(), &Context::new(*ids)) {
                Outcome::Deliver { .. } => Step::Passes,
                Outcome::Skip { reason } | Outcome::Wait { reason, .. } | Outcome::Reject { reason, .. } => {
                    if reason.id == self.wanted {
                        return ControlFlow::Break(choices.clone());
                    }
                    Step::Ends(reason.id.clone())
                }
            };
            if number == 0 {
                step = end;
            }
        }
        if text.len() <= KEPT {
            self.known.insert(text, step.clone());
        }
        ControlFlow::Continue(step)
    }

    /// The message of these choices, if it ends with the wanted reason.
    fn reached(&mut self, choices: &Choices) -> Option<Found> {
        let message = self.builder.message(choices)?;
        let bytes = message.to_string();
        self.worlds.iter_mut().find_map(|(ids, instance)| {
            let (reason, text) = match instance.run(bytes.as_bytes(), &Context::new(*ids)) {
                Outcome::Deliver { .. } => return None,
                Outcome::Skip { reason } => (reason, reason.text.clone()),
                Outcome::Wait { reason, reference } => (reason, reference.to_owned()),
                Outcome::Reject { reason, text } => (reason, text.to_owned()),
            };
            (reason.id == self.wanted).then(|| Found { message: message.clone(), text })
        })
    }

    /// Drops what the end does not need.
    fn shrunk(&mut self, found: Choices) -> Choices {
        let mut small = found;
        for at in small.keys().copied().collect::<Vec<_>>() {
            for next in self.smaller(&small, at) {
                if self.reached(&next).is_some() {
                    small = next;
                    break;
                }
            }
        }
        small
    }

    fn smaller(&self, choices: &Choices, at: usize) -> Vec<Choices> {
        let mut without = choices.clone();
        without.remove(&at);
        let mut found = vec![without];
        let Some(place) = self.builder.places.all.get(at) else { return found };
        let with = |choice: Choice| {
            let mut next = choices.clone();
            next.insert(at, choice);
            next
        };
        match (&place.kind, choices.get(&at)) {
            (PlaceKind::Value(of), Some(Choice::Value(value))) => {
                let usual = plain(of, place.name()).filter(|usual| usual != value);
                found.extend(usual.map(|usual| with(Choice::Value(usual))));
            }
            (PlaceKind::Rows { count: may, .. }, Some(Choice::Rows { count, differ })) => {
                let fewer = (may.min.max(1)..*count).take(8);
                found.extend(fewer.map(|count| with(Choice::Rows { count, differ: *differ })));
                if *differ {
                    found.push(with(Choice::Rows { count: *count, differ: false }));
                }
            }
            _ => {}
        }
        found
    }

    /// These choices and one more, with rows for it to stand in.
    fn with(&self, choices: &Choices, at: usize, choice: Choice) -> Choices {
        let mut next = choices.clone();
        let mut list = self.builder.places.all.get(at).map(|place| place.list);
        next.insert(at, choice);
        while let Some(id) = list {
            let Some(around) = self.builder.places.of_list(id) else { break };
            let Some(Place { list: parent, kind: PlaceKind::Rows { count, .. }, .. }) =
                self.builder.places.all.get(around)
            else {
                break;
            };
            if !matches!(next.get(&around), Some(Choice::Rows { count: 1.., .. })) {
                next.insert(around, Choice::Rows { count: count.min.max(1), differ: false });
            }
            list = Some(*parent);
        }
        next
    }

    /// All rules that can end with a reason, as one.
    fn rule_of(&self, id: &str) -> Rule<'a> {
        let number = self.typed.reasons.iter().position(|reason| reason.id == id).map(ReasonId);
        let mut whole = Rule::default();
        for rule in self.rules.iter().filter(|rule| number.is_some_and(|id| rule.reasons.contains(&id))) {
            whole.expressions.extend(&rule.expressions);
            whole.predicates.extend(&rule.predicates);
            whole.fields.extend(&rule.fields);
            whole.lists.extend(&rule.lists);
            whole.is_read |= rule.is_read;
        }
        whole
    }

    fn value_places(&self, rule: &Rule<'_>) -> Vec<usize> {
        distinct(rule.fields.iter().filter_map(|field| self.builder.places.of_field(*field)))
    }

    fn list_places(&self, rule: &Rule<'_>) -> Vec<usize> {
        let mut found = distinct(rule.lists.iter().filter_map(|list| self.builder.places.of_list(*list)));
        // the lists that hold what is read
        for at in self.value_places(rule) {
            let list = self.builder.places.all.get(at).map(|place| place.list);
            found.extend(list.and_then(|list| self.builder.places.of_list(list)));
        }
        distinct(found)
    }

    /// What may be chosen at the places of a rule.
    fn options(&self, rule: &Rule<'_>) -> Vec<(usize, Choice)> {
        let hints = Hints::of(self.typed, rule);
        let beyond = self.beyond && rule.is_read;
        let mut found = Vec::new();
        for at in self.value_places(rule).into_iter().chain(self.list_places(rule)) {
            let Some(place) = self.builder.places.all.get(at) else { continue };
            let mut choices = Vec::new();
            if place.absent_at.is_some() || beyond {
                choices.push(Choice::Absent);
            }
            if place.null_at.is_some() || beyond {
                choices.push(Choice::Null);
            }
            choices.extend(match &place.kind {
                PlaceKind::Value(of) => values(of, place, &hints, beyond),
                PlaceKind::Rows { count, unique, .. } => {
                    let mut rows = row_counts(*count, *unique, &hints);
                    if beyond {
                        rows.push(Choice::Value(Message::Text("x".to_owned())));
                        rows.push(Choice::Value(Message::List(vec![Message::Number("0".to_owned())])));
                        let more = [0, count.max.unwrap_or(0).saturating_add(1)];
                        rows.extend(more.map(|count| Choice::Rows { count, differ: false }));
                    }
                    rows
                }
            });
            found.extend(choices.into_iter().map(|choice| (at, choice)));
        }
        found
    }

    /// The next number of a fixed sequence, below a limit.
    fn chance(&mut self, limit: usize) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.seed >> 33).unwrap_or(0) % limit.max(1)
    }
}

fn values(of: &Type, place: &Place, hints: &Hints, beyond: bool) -> Vec<Choice> {
    candidates(of, place.name(), hints, beyond).into_iter().map(Choice::Value).collect()
}

fn row_counts(may: mapc_types::Length, unique: bool, hints: &Hints) -> Vec<Choice> {
    let mut counts: Vec<u64> = vec![0, 1, 2, 3];
    for count in &hints.counts {
        counts.extend([count.saturating_add(1), *count, count.saturating_sub(1)]);
    }
    counts.extend(may.max.filter(|max| *max <= FEW));
    counts.push(may.min);
    counts.retain(|count| may.contains(*count) && *count <= ROWS);
    let mut found = Vec::new();
    for count in counts {
        for differ in [unique, true] {
            let choice = Choice::Rows { count, differ };
            if (count > 1 || !differ || unique) && !found.contains(&choice) {
                found.push(choice);
            }
        }
    }
    found
}

fn distinct(all: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// Length of a text or a number as written.
fn longest(choice: &Choice) -> i128 {
    match choice {
        Choice::Value(Message::Text(text) | Message::Number(text)) => {
            i128::try_from(text.chars().count()).unwrap_or(0)
        }
        _ => 0,
    }
}

fn largest(choice: &Choice) -> i128 {
    match choice {
        Choice::Value(Message::Text(text) | Message::Number(text)) => {
            let digits = text.split('.').next().unwrap_or_default();
            digits.parse::<i128>().unwrap_or_else(|_| longest(choice))
        }
        _ => 0,
    }
}

fn smallest(choice: &Choice) -> i128 {
    largest(choice).saturating_neg()
}

/// Decimals of a number.
fn finest(choice: &Choice) -> i128 {
    match choice {
        Choice::Value(Message::Text(text) | Message::Number(text)) => {
            text.split_once('.').map_or(0, |(_, decimals)| i128::try_from(decimals.len()).unwrap_or(0))
        }
        _ => 0,
    }
}
