//! Where a value may not fit its field, and what answers it: a handler at the line, else the policy, else an error.

use mapc_diagnostics::{Code, Span};
use mapc_grammar::tree::{self, HandlerAction};
use mapc_types::planted::{Lie, is_on};
use mapc_types::{BigRational, Decimal, DecimalGap, Length, Text, TextGap, Type, decimal_gaps, text_gaps};

use crate::checker::{Checker, Environment};
use crate::errors::{self, LineFacts};
use crate::policy::{FieldKind, PolicyAction};
use crate::reasons::stable_id;
use crate::typed::{Action, Constant, Guard, Predicate};
use crate::words;

/// Points to prove and how each was answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) obligations: usize,
    pub(crate) proved: usize,
    pub(crate) handled: usize,
    pub(crate) by_policy: usize,
    pub(crate) loses: Vec<String>,
}

impl Tally {
    /// Adds another count.
    pub(crate) fn add(&mut self, other: &Tally) {
        self.obligations += other.obligations;
        self.proved += other.proved;
        self.handled += other.handled;
        self.by_policy += other.by_policy;
        self.loses.extend(other.loses.iter().cloned());
    }

    /// One point, proved or not.
    pub(crate) fn point(&mut self, proved: bool) {
        self.obligations += 1;
        self.proved += usize::from(proved);
    }
}

/// A table that misses values its keys are known to have.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TableGap {
    pub(crate) table: String,
    pub(crate) place: Span,
    pub(crate) missed: Vec<Vec<String>>,
    pub(crate) key: Span,
    pub(crate) lookup: Span,
    /// Where a row can be added; `None` for a table in a file.
    pub(crate) insert: Option<Span>,
}

/// One way a value may not fit.
#[derive(Clone, Debug)]
pub(crate) enum Gap {
    /// Text.
    Text(TextGap),
    /// Number.
    Decimal(DecimalGap),
    /// yes/no: the value the field does not take.
    Bool(bool),
    /// Number of rows.
    TooFew {
        /// The list may have so few.
        allows: u64,
        /// The field needs at least.
        limit: u64,
    },
    /// Number of rows.
    TooMany {
        /// The list may have so many.
        allows: Option<u64>,
        /// The field takes at most.
        limit: u64,
    },
    /// Rows may repeat.
    Duplicates,
    /// A table misses known keys.
    Table(TableGap),
    /// A divisor may be zero: its place.
    Zero(Span),
    /// `only` over several rows: the path.
    Several(Span),
}

impl Gap {
    /// Its code.
    pub(crate) fn code(&self) -> Code {
        match self {
            Gap::Text(TextGap::TooLong { .. }) => Code::E0401,
            Gap::Text(TextGap::TooShort { .. }) => Code::E0409,
            Gap::Text(TextGap::OutsideSet { .. })
            | Gap::Bool(_)
            | Gap::Decimal(DecimalGap::OutsideSet { .. }) => Code::E0411,
            Gap::Text(TextGap::OutsideLanguage { .. }) => Code::E0404,
            Gap::Decimal(DecimalGap::Grid { .. }) => Code::E0405,
            Gap::Decimal(_) => Code::E0410,
            Gap::TooFew { .. } => Code::E0502,
            Gap::TooMany { .. } | Gap::Several(_) => Code::E0503,
            Gap::Duplicates => Code::E0504,
            Gap::Table(_) => Code::E0403,
            Gap::Zero(_) => Code::E0412,
        }
    }

    /// Keyword of the schema that sets the limit.
    pub(crate) fn keyword(&self) -> &'static str {
        match self {
            Gap::Text(TextGap::TooLong { .. }) => "maxLength",
            Gap::Text(TextGap::TooShort { .. }) => "minLength",
            Gap::Text(TextGap::OutsideSet { .. })
            | Gap::Bool(_)
            | Gap::Decimal(DecimalGap::OutsideSet { .. }) => "enum",
            Gap::Text(TextGap::OutsideLanguage { .. }) => "pattern",
            Gap::Decimal(DecimalGap::Grid { .. }) => "multipleOf",
            Gap::Decimal(DecimalGap::Below { .. }) => "minimum",
            Gap::Decimal(DecimalGap::Above { .. }) => "maximum",
            Gap::TooFew { .. } => "minItems",
            Gap::TooMany { .. } => "maxItems",
            Gap::Duplicates => "uniqueItems",
            Gap::Table(_) | Gap::Zero(_) | Gap::Several(_) => "",
        }
    }
}

/// The line that is being checked.
pub(crate) struct LineContext<'a, 'l> {
    pub(crate) facts: &'l LineFacts,
    pub(crate) handlers: &'a [tree::Handler],
    pub(crate) used: Vec<bool>,
    pub(crate) kind: FieldKind,
    /// The field may be left out.
    pub(crate) optional: bool,
    /// The type of the field, for `default`.
    pub(crate) limit: &'l Type,
    pub(crate) environment: &'l Environment,
    pub(crate) tally: Tally,
}

impl<'a> Checker<'a> {
    /// Guards that make a value of this type fit its field, and the type behind them.
    pub(crate) fn close_gaps(&mut self, value: &Type, line: &mut LineContext<'a, '_>) -> (Vec<Guard>, Type) {
        let limit = line.limit.clone();
        match (value, &limit) {
            (Type::Text(value), Type::Text(limit)) => self.close_text(value, limit, line),
            (Type::Decimal(value), Type::Decimal(limit)) => self.close_decimal(value, limit, line),
            (
                Type::Bool { may_be_true, may_be_false },
                Type::Bool { may_be_true: takes_true, may_be_false: takes_false },
            ) => {
                let mut guards = Vec::new();
                if !(*takes_true && *takes_false) {
                    let bad_true = *may_be_true && !takes_true;
                    let bad_false = *may_be_false && !takes_false;
                    line.tally.point(!(bad_true || bad_false));
                    if bad_true || bad_false {
                        let allowed = if *takes_true {
                            vec![Constant::Bool(true)]
                        } else {
                            vec![Constant::Bool(false)]
                        };
                        let predicate = Predicate::OneOf(allowed);
                        guards.extend(self.guard(&Gap::Bool(bad_true), predicate, line));
                    }
                }
                (guards, limit)
            }
            _ => (Vec::new(), value.clone()),
        }
    }

    fn close_text(
        &mut self,
        value: &Text,
        whole: &Text,
        line: &mut LineContext<'a, '_>,
    ) -> (Vec<Guard>, Type) {
        // a length that the form implies anyway is not a point of its own
        let limit = &without_implied_length(whole);
        let first = text_gaps(value, limit);
        for aspect in text_aspects(limit) {
            line.tally.point(!first.iter().any(|gap| aspect_of(gap) == aspect));
        }
        let mut current = value.clone();
        let mut guards = Vec::new();
        let mut closed: Vec<Aspect> = Vec::new();
        for _ in 0..16 {
            let gaps = text_gaps(&current, limit);
            let Some(gap) = gaps.into_iter().find(|gap| !closed.contains(&aspect_of(gap))) else { break };
            let aspect = aspect_of(&gap);
            let predicate = match &gap {
                TextGap::TooLong { limit, .. } => Predicate::MaxLength(*limit),
                TextGap::TooShort { limit, .. } => Predicate::MinLength(*limit),
                TextGap::OutsideSet { allowed, .. } => {
                    Predicate::OneOf(allowed.iter().cloned().map(Constant::Text).collect())
                }
                TextGap::OutsideLanguage { index, .. } => match limit.languages.get(*index) {
                    Some(language) => Predicate::InLanguage(language.clone(), line.facts.pattern.clone()),
                    None => break,
                },
            };
            let guard = self.guard(&Gap::Text(gap), predicate, line);
            match guard.as_ref().map(|guard| &guard.action) {
                Some(Action::Cut(most)) => {
                    current = Text {
                        length: Length::new(
                            if is_on(Lie::CutKeepsLimit) { current.length.min } else { 0 },
                            Some(*most),
                        ),
                        set: None,
                        languages: current
                            .languages
                            .into_iter()
                            .filter(|known| known.is_prefix_closed())
                            .collect(),
                    };
                }
                _ => closed.push(aspect),
            }
            guards.extend(guard);
        }
        let fitted = Type::Text(current).meet(&Type::Text(whole.clone()), &self.empty);
        (guards, fitted)
    }

    fn close_decimal(
        &mut self,
        value: &Decimal,
        limit: &Decimal,
        line: &mut LineContext<'a, '_>,
    ) -> (Vec<Guard>, Type) {
        let first = decimal_gaps(value, limit);
        for aspect in decimal_aspects(limit) {
            line.tally.point(!first.iter().any(|gap| decimal_aspect(gap) == aspect));
        }
        let mut current = value.clone();
        let mut guards = Vec::new();
        let mut closed: Vec<Aspect> = Vec::new();
        for _ in 0..16 {
            // decimals first: rounding may cross an end of the range
            let mut gaps = decimal_gaps(&current, limit);
            gaps.sort_by_key(|gap| decimal_aspect(gap) != Aspect::Grid);
            let Some(gap) = gaps.into_iter().find(|gap| !closed.contains(&decimal_aspect(gap))) else {
                break;
            };
            let aspect = decimal_aspect(&gap);
            let predicate = match (&gap, &limit.interval.low, &limit.interval.high, &limit.grid, &limit.set) {
                (DecimalGap::Below { .. }, Some(low), ..) => {
                    Predicate::AtLeast { value: low.value.clone(), inclusive: low.inclusive }
                }
                (DecimalGap::Above { .. }, _, Some(high), ..) => {
                    Predicate::AtMost { value: high.value.clone(), inclusive: high.inclusive }
                }
                (DecimalGap::Grid { .. }, _, _, Some(grid), _) => Predicate::OnGrid(grid.clone()),
                (DecimalGap::OutsideSet { .. }, _, _, _, Some(set)) => {
                    Predicate::OneOf(set.iter().cloned().map(Constant::Decimal).collect())
                }
                _ => break,
            };
            let guard = self.guard(&Gap::Decimal(gap), predicate, line);
            match guard.as_ref().map(|guard| &guard.action) {
                Some(Action::Round { scale, mode }) => {
                    let before = current.interval.clone();
                    current = current.round(*scale, *mode);
                    if is_on(Lie::RoundNotLookedAtAgain) {
                        current.interval = before;
                    }
                }
                _ => closed.push(aspect),
            }
            guards.extend(guard);
        }
        let fitted = Type::Decimal(current).meet(&Type::Decimal(limit.clone()), &self.empty);
        (guards, fitted)
    }

    /// The guard that answers a gap; `None` after an error.
    pub(crate) fn guard(
        &mut self,
        gap: &Gap,
        predicate: Predicate,
        line: &mut LineContext<'a, '_>,
    ) -> Option<Guard> {
        let action = self.answer(gap, line)?;
        let id = stable_id(&[&line.facts.target, &predicate_words(&predicate)]);
        Some(Guard { predicate, action, id })
    }

    /// The handler or policy line that answers a gap; reports the gap when nothing does.
    pub(crate) fn answer(&mut self, gap: &Gap, line: &mut LineContext<'a, '_>) -> Option<Action> {
        let by_handler =
            line.handlers.iter().position(|handler| can_answer(&handler.action, gap, line.limit));
        if let Some(at) = by_handler {
            if let Some(used) = line.used.get_mut(at) {
                *used = true;
            }
            let handler = line.handlers.get(at)?;
            let action = self.handler_action(handler, gap, line)?;
            line.tally.handled += 1;
            return Some(action);
        }
        match self.header.policy.action(line.kind, gap.code()) {
            Some(action) => {
                let action = self.policy_action(action, gap, line)?;
                line.tally.by_policy += 1;
                Some(action)
            }
            None => {
                let diagnostic = errors::gap(gap, line.facts, line.optional, self.header.rounding);
                self.unanswered_value(diagnostic, &line.facts.target)
            }
        }
    }

    /// What a handler does about a gap.
    fn handler_action(
        &mut self,
        handler: &'a tree::Handler,
        gap: &Gap,
        line: &mut LineContext<'a, '_>,
    ) -> Option<Action> {
        match &handler.action {
            HandlerAction::Reject(template) => {
                let text = self.message(template, line.environment);
                let words = self.message_words(template);
                let code = match gap {
                    Gap::Table(_) => Code::R0601,
                    Gap::Zero(_) => Code::R0403,
                    _ => Code::R0401,
                };
                let reason = self.reasons.intern(code, &line.facts.target, &words);
                Some(Action::Reject { reason, text })
            }
            HandlerAction::Omit if line.optional => Some(Action::Omit),
            HandlerAction::Omit => {
                let diagnostic = errors::omit_required(line.facts, handler.span);
                self.unanswered_value(diagnostic, &line.facts.target)
            }
            HandlerAction::Default(literal) => self.default_constant(literal, line).map(Action::Default),
            HandlerAction::Cut => self.limit_action(PolicyAction::Cut, line),
            HandlerAction::Round => self.limit_action(PolicyAction::Round, line),
        }
    }

    /// The constant of `or default`, which must fit.
    pub(crate) fn default_constant(
        &mut self,
        literal: &tree::Literal,
        line: &LineContext<'a, '_>,
    ) -> Option<Constant> {
        let span = crate::condition::literal_span(literal);
        let constant = self.constant(literal)?;
        let constant = match (line.limit, constant) {
            (Type::Date(kind, _), Constant::Text(text)) => {
                crate::condition::date_constant(*kind, &text).unwrap_or(Constant::Text(text))
            }
            (_, constant) => constant,
        };
        if constant_fits(&constant, line.limit) || is_on(Lie::DefaultUnchecked) {
            return Some(constant);
        }
        self.say(errors::default_does_not_fit(line.facts, &constant, span, line.limit));
        None
    }

    fn limit_action(&mut self, action: PolicyAction, line: &mut LineContext<'a, '_>) -> Option<Action> {
        match (action, line.limit) {
            (PolicyAction::Cut, Type::Text(Text { length: Length { max: Some(max), .. }, .. })) => {
                line.tally.loses.push(format!("{} (cut {max})", line.facts.target));
                Some(Action::Cut(*max))
            }
            (PolicyAction::Round, limit) => {
                let scale = rounding_reaches(limit)?;
                line.tally.loses.push(format!("{} (round {scale})", line.facts.target));
                Some(Action::Round { scale, mode: self.header.rounding })
            }
            _ => None,
        }
    }

    fn policy_action(
        &mut self,
        action: PolicyAction,
        gap: &Gap,
        line: &mut LineContext<'a, '_>,
    ) -> Option<Action> {
        match action {
            PolicyAction::Cut if matches!(gap, Gap::Text(TextGap::TooLong { .. })) => {
                self.limit_action(PolicyAction::Cut, line)
            }
            PolicyAction::Round
                if matches!(gap, Gap::Decimal(DecimalGap::Grid { .. }))
                    && rounding_reaches(line.limit).is_some() =>
            {
                self.limit_action(PolicyAction::Round, line)
            }
            PolicyAction::Omit if line.optional => Some(Action::Omit),
            PolicyAction::Omit | PolicyAction::Round => {
                let diagnostic = errors::gap(gap, line.facts, line.optional, self.header.rounding);
                self.unanswered_value(diagnostic, &line.facts.target)
            }
            PolicyAction::Reject | PolicyAction::Cut => {
                let words = errors::gap_words(gap, line.facts);
                let code = match gap {
                    Gap::Table(_) => Code::R0601,
                    Gap::Zero(_) => Code::R0403,
                    _ => Code::R0401,
                };
                let reason = self.reasons.intern(code, &line.facts.target, &words);
                Some(Action::Reject { reason, text: Vec::new() })
            }
        }
    }
}

/// Is this constant a value of the type?
pub(crate) fn constant_fits(constant: &Constant, limit: &Type) -> bool {
    match (constant, limit) {
        (_, Type::Any) => true,
        (Constant::Text(text), Type::Text(limit)) => limit.contains(text),
        (Constant::Decimal(value), Type::Decimal(limit)) => limit.contains(value),
        (Constant::Bool(flag), Type::Bool { may_be_true, may_be_false }) => {
            if *flag {
                *may_be_true
            } else {
                *may_be_false
            }
        }
        (Constant::Date(a, _), Type::Date(b, _)) => a == b,
        _ => false,
    }
}

fn can_answer(action: &HandlerAction, gap: &Gap, limit: &Type) -> bool {
    match action {
        HandlerAction::Reject(_) | HandlerAction::Omit | HandlerAction::Default(_) => {
            !(matches!(action, HandlerAction::Default(_))
                && matches!(gap, Gap::TooFew { .. } | Gap::TooMany { .. } | Gap::Duplicates))
        }
        HandlerAction::Cut => matches!(gap, Gap::Text(TextGap::TooLong { .. })),
        HandlerAction::Round => {
            matches!(gap, Gap::Decimal(DecimalGap::Grid { .. })) && rounding_reaches(limit).is_some()
        }
    }
}

/// Decimals after which a rounded number fits the steps of the field: only steps of 1, 0.1, 0.01 and so on, for rounding
/// to two decimals does not reach steps of 0.25.
fn rounding_reaches(limit: &Type) -> Option<u32> {
    let Type::Decimal(decimal) = limit else { return None };
    let grid = decimal.grid.as_ref()?;
    let scale = decimal.scale()?;
    let step = Decimal::any().round(scale, mapc_types::RoundingMode::HalfUp).grid?;
    (step / grid).is_integer().then_some(scale)
}

/// The limits of a text without the ends of its length that one of its languages implies.
fn without_implied_length(limit: &Text) -> Text {
    let mut length = limit.length;
    for known in limit.languages.iter().map(mapc_types::Language::length) {
        if known.min >= length.min {
            length.min = 0;
        }
        if known.max.is_some_and(|max| length.max.is_some_and(|limit| max <= limit)) {
            length.max = None;
        }
    }
    Text { length, ..limit.clone() }
}

/// One limit of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aspect {
    Set,
    Max,
    Min,
    Language(usize),
    Grid,
    Low,
    High,
}

fn aspect_of(gap: &TextGap) -> Aspect {
    match gap {
        TextGap::TooLong { .. } => Aspect::Max,
        TextGap::TooShort { .. } => Aspect::Min,
        TextGap::OutsideSet { .. } => Aspect::Set,
        TextGap::OutsideLanguage { index, .. } => Aspect::Language(*index),
    }
}

fn decimal_aspect(gap: &DecimalGap) -> Aspect {
    match gap {
        DecimalGap::Below { .. } => Aspect::Low,
        DecimalGap::Above { .. } => Aspect::High,
        DecimalGap::Grid { .. } => Aspect::Grid,
        DecimalGap::OutsideSet { .. } => Aspect::Set,
    }
}

fn text_aspects(limit: &Text) -> Vec<Aspect> {
    if limit.set.is_some() {
        return vec![Aspect::Set];
    }
    let mut aspects = Vec::new();
    if limit.length.max.is_some() {
        aspects.push(Aspect::Max);
    }
    if limit.length.min > 0 {
        aspects.push(Aspect::Min);
    }
    aspects.extend((0..limit.languages.len()).map(Aspect::Language));
    aspects
}

fn decimal_aspects(limit: &Decimal) -> Vec<Aspect> {
    if limit.set.is_some() {
        return vec![Aspect::Set];
    }
    let mut aspects = Vec::new();
    if limit.grid.is_some() {
        aspects.push(Aspect::Grid);
    }
    if limit.interval.low.is_some() {
        aspects.push(Aspect::Low);
    }
    if limit.interval.high.is_some() {
        aspects.push(Aspect::High);
    }
    aspects
}

/// A predicate in a stable form, for ids.
pub(crate) fn predicate_words(predicate: &Predicate) -> String {
    let end = |value: &BigRational, inclusive: bool| {
        format!("{}{}", words::number(value), if inclusive { "=" } else { "" })
    };
    match predicate {
        Predicate::Present => "present".to_owned(),
        Predicate::MinLength(n) => format!("min length {n}"),
        Predicate::MaxLength(n) => format!("max length {n}"),
        Predicate::InLanguage(_, pattern) => format!("pattern {pattern}"),
        Predicate::OneOf(values) => {
            format!("one of {}", values.iter().map(words::constant).collect::<Vec<_>>().join(","))
        }
        Predicate::AtLeast { value, inclusive } => format!("at least {}", end(value, *inclusive)),
        Predicate::AtMost { value, inclusive } => format!("at most {}", end(value, *inclusive)),
        Predicate::OnGrid(grid) => format!("grid {}", words::number(grid)),
        Predicate::Count { min, max } => format!("count {min}..{max:?}"),
        Predicate::Unique => "unique".to_owned(),
    }
}
