//! What a function makes of a type: the facts of the library files, or the function itself where the values are few.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use mapc_types::{BigRational, Bound, Decimal, Interval, Language, Length, Text, Type, Wire};
use num_traits::One;

use super::amount::{End, Side, places_of};
use super::arguments::{ArgumentFault, Arguments};
use super::function::{Condition, Doubt, Extra, Fact, Function, GridRule, Kind, Parameter, Signature};
use super::{LIBRARY, evaluate, exact, layout, pattern};
use crate::typed::Constant;

/// Digits of a number, and its decimals, at most.
const DIGITS: u64 = 34;
/// Up to so many values, the function is run on each of them.
const FEW: usize = 1_000;
/// Up to so many, numbers that are known by their range alone are listed.
const FEW_LISTED: usize = 100;

/// Texts without a minus sign, and without a point.
static WITHOUT_MINUS: LazyLock<Language> = LazyLock::new(|| fixed("[^-]*"));
static WITHOUT_POINT: LazyLock<Language> = LazyLock::new(|| fixed("[^.]*"));

/// A language of this file; of no text, which proves nothing, if it could not be built.
fn fixed(expression: &str) -> Language {
    pattern::compile(expression).unwrap_or_else(Language::empty)
}

/// What comes out of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The values.
    pub value: Type,
    /// For some present value there may be no result.
    pub may_be_absent: bool,
    /// For some value it may fail, with the reason of the signature.
    pub may_fail: bool,
}

/// Why a function cannot be applied. Words are found by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// It does not take this kind of value.
    Input {
        /// What it takes.
        expects: Vec<Kind>,
        /// What stands before the pipe; `None`: a list, a record, or something of several kinds.
        got: Option<Kind>,
    },
    /// Another number of arguments, those counted that the analyst writes.
    ArgumentCount {
        /// So many are needed.
        expects: usize,
        /// So many are there.
        got: usize,
    },
    /// An argument that does not do.
    Argument {
        /// Which, from 0.
        position: usize,
        /// What is asked for.
        parameter: Parameter,
        /// What is wrong.
        fault: ArgumentFault,
    },
}

/// The type of the results for every value of `input`.
pub fn apply(function: &Function, input: &Type, arguments: &[Constant]) -> Result<Applied, Misuse> {
    match input {
        Type::Never => {
            if let Some(signature) = function.signatures.first() {
                Arguments::check(signature, arguments)?;
            }
            Ok(Applied { value: Type::Never, may_be_absent: false, may_fail: false })
        }
        Type::Union(branches) => {
            let mut whole: Option<Applied> = None;
            for branch in branches {
                let part = match branch {
                    Type::Union(_) => Err(misfit(function, None)),
                    single => apply(function, single, arguments),
                }?;
                whole = Some(match whole {
                    None => part,
                    Some(before) => either(before, part),
                });
            }
            whole.ok_or_else(|| misfit(function, None))
        }
        single => {
            let kind = Kind::of_type(single);
            let signature =
                kind.and_then(|kind| function.signature(kind)).ok_or_else(|| misfit(function, kind))?;
            let checked = Arguments::check(signature, arguments)?;
            if let Some(members) = few(single, signature.result) {
                return Ok(by_members(function, signature, &members, arguments));
            }
            Ok(Transfer { signature, arguments: checked }.run(single))
        }
    }
}

fn misfit(function: &Function, got: Option<Kind>) -> Misuse {
    Misuse::Input { expects: function.inputs(), got }
}

/// Both results, for values of two types.
fn either(left: Applied, right: Applied) -> Applied {
    Applied {
        value: Type::union_of([left.value, right.value]),
        may_be_absent: left.may_be_absent || right.may_be_absent,
        may_fail: left.may_fail || right.may_fail,
    }
}

/// All values, when they are few. A range of numbers is listed only where their texts are asked for.
fn few(input: &Type, result: Kind) -> Option<Vec<Constant>> {
    match input {
        Type::Text(text) if text.set.is_some() => text.members(FEW).map(texts),
        Type::Decimal(number) if number.set.is_some() => number.members(FEW).map(numbers),
        Type::Decimal(number) if result == Kind::Text => number.members(FEW_LISTED).map(numbers),
        Type::Bool { may_be_true, may_be_false } => {
            let values = [(*may_be_false, false), (*may_be_true, true)];
            Some(values.into_iter().filter(|(may, _)| *may).map(|(_, yes)| Constant::Bool(yes)).collect())
        }
        _ => None,
    }
}

fn texts(values: BTreeSet<String>) -> Vec<Constant> {
    values.into_iter().map(Constant::Text).collect()
}

fn numbers(values: Vec<BigRational>) -> Vec<Constant> {
    values.into_iter().map(Constant::Decimal).collect()
}

fn by_members(
    function: &Function,
    signature: &Signature,
    members: &[Constant],
    arguments: &[Constant],
) -> Applied {
    let (mut may_be_absent, mut may_fail) = (false, false);
    let mut results = Vec::new();
    for member in members {
        match evaluate::evaluate(function, member, arguments, None) {
            Ok(Some(result)) => results.push(result),
            Ok(None) => may_be_absent = true,
            Err(_) => may_fail = true,
        }
    }
    Applied { value: type_of(signature.result, results), may_be_absent, may_fail }
}

/// The type of exactly these values, all of one kind.
fn type_of(kind: Kind, values: Vec<Constant>) -> Type {
    if values.is_empty() {
        return Type::Never;
    }
    match kind {
        Kind::Text => {
            let texts = values.into_iter().filter_map(|value| match value {
                Constant::Text(text) => Some(text),
                _ => None,
            });
            Type::Text(Text::of_set(texts))
        }
        Kind::Number => {
            let numbers = values.into_iter().filter_map(|value| match value {
                Constant::Decimal(number) => Some(number),
                _ => None,
            });
            Type::Decimal(Decimal::of_set(numbers))
        }
        Kind::YesNo => Type::Bool {
            may_be_true: values.contains(&Constant::Bool(true)),
            may_be_false: values.contains(&Constant::Bool(false)),
        },
        Kind::Date(kind) => Type::Date(kind, Wire::Plain),
    }
}

fn length_of(text: &str) -> u64 {
    u64::try_from(text.chars().count()).unwrap_or(u64::MAX)
}

/// One application to a type of many values.
struct Transfer<'a> {
    signature: &'a Signature,
    arguments: Arguments<'a>,
}

impl Transfer<'_> {
    fn run(&self, input: &Type) -> Applied {
        for fact in &self.signature.facts {
            if let Fact::Same(condition) = fact
                && self.holds(condition, input)
            {
                return Applied { value: plain(input), may_be_absent: false, may_fail: false };
            }
        }
        let value = match (self.signature.result, input) {
            (Kind::Text, input) => self.text(input),
            (Kind::Number, input) => self.number(input),
            (Kind::YesNo, _) => Type::Bool { may_be_true: true, may_be_false: true },
            (Kind::Date(kind), _) => Type::Date(kind, Wire::Plain),
        };
        let happens = |doubt: &Doubt| !doubt.unless.as_ref().is_some_and(|unless| self.holds(unless, input));
        Applied {
            value,
            may_be_absent: self.signature.missing.as_ref().is_some_and(happens),
            may_fail: self.signature.fails.as_ref().is_some_and(|(_, doubt)| happens(doubt)),
        }
    }

    fn holds(&self, condition: &Condition, input: &Type) -> bool {
        let inside = |language: &Language| match input {
            Type::Text(text) => pattern::holds_together(text, language),
            _ => false,
        };
        let length = match input {
            Type::Text(text) => text.normalize().length,
            _ => Length::ANY,
        };
        let whole = match input {
            Type::Decimal(number) => number.normalize().grid.is_some_and(|grid| grid.is_integer()),
            _ => false,
        };
        condition.holds(&self.arguments, length, &inside, &LIBRARY.classes, whole)
    }

    fn text(&self, input: &Type) -> Type {
        let any = Text::any();
        let before = match input {
            Type::Text(text) => text,
            _ => &any,
        };
        let (mut length, mut bounded) = (Length::ANY, false);
        let mut languages: Vec<Language> = Vec::new();
        let mut add = |language: Language| {
            if !languages.contains(&language) {
                languages.push(language);
            }
        };
        for fact in &self.signature.facts {
            match fact {
                Fact::Length { least, most, when }
                    if !bounded && when.as_ref().is_none_or(|when| self.holds(when, input)) =>
                {
                    let own = before.normalize().length;
                    let least = least.length(own, &self.arguments).unwrap_or(0);
                    length = Length::new(least, most.length(own, &self.arguments));
                    bounded = true;
                }
                Fact::KeepsAll => before.languages.iter().cloned().for_each(&mut add),
                Fact::KeepsBeginnings => {
                    let kept = before.languages.iter().filter(|language| language.is_prefix_closed());
                    kept.cloned().for_each(&mut add);
                }
                Fact::KeepsClasses { cased, with } => {
                    self.classes(before, *cased, with.as_ref()).for_each(&mut add);
                }
                Fact::In(pattern) => {
                    pattern.language(&self.arguments).into_iter().for_each(&mut add);
                }
                Fact::WritesNumber => {
                    if let Type::Decimal(number) = input {
                        length = number.text_language_or_length();
                        number.text_language().into_iter().for_each(&mut add);
                    }
                }
                Fact::WritesPattern => {
                    let layout = self.arguments.text("pattern").unwrap_or_default();
                    let pieces = layout::pieces(layout);
                    let expression: String = pieces.into_iter().map(layout::Piece::expression).collect();
                    pattern::compile(&expression).into_iter().for_each(&mut add);
                    length = Length::new(length_of(layout), Some(length_of(layout)));
                }
                _ => {}
            }
        }
        // A text that cannot have a character is the empty one.
        let set = (length == Length::new(0, Some(0))).then(|| Arc::new(BTreeSet::from([String::new()])));
        let result = Text { length, set, languages }.normalize();
        if result.set.as_ref().is_some_and(|set| set.is_empty()) { Type::Never } else { Type::Text(result) }
    }

    /// The classes the input and what joins it are in, without those that say no more than another.
    fn classes(&self, before: &Text, cased: bool, with: Option<&Extra>) -> impl Iterator<Item = Language> {
        let extra = match with {
            None => Some(""),
            Some(Extra::Text(text)) => Some(text.as_str()),
            Some(Extra::Argument(name)) => self.arguments.text(name),
        };
        let mut kept: Vec<usize> = Vec::new();
        let mut found = Vec::new();
        for (index, class) in LIBRARY.classes.iter().enumerate() {
            let implied = kept.iter().any(|narrow| {
                LIBRARY.classes.get(*narrow).is_some_and(|narrow| narrow.inside.contains(&index))
            });
            let fits = (!cased || class.cased) && extra.is_some_and(|text| class.language.contains(text));
            if !implied && fits && pattern::holds_all(before, &class.language) {
                kept.push(index);
                found.push(class.language.clone());
            }
        }
        found.into_iter()
    }

    fn number(&self, input: &Type) -> Type {
        let any = Decimal::default();
        let before = match input {
            Type::Decimal(number) => number,
            _ => &any,
        };
        let before = before.normalize();
        let (own, grid_before) = (before.interval, before.grid);
        let mut interval = Interval::default();
        let mut grid = None;
        for fact in &self.signature.facts {
            match fact {
                Fact::Range { least, most } => {
                    if let End::At(bound) = least.end(Side::Low, &own, &self.arguments) {
                        interval.low = Some(bound);
                    }
                    if let End::At(bound) = most.end(Side::High, &own, &self.arguments) {
                        interval.high = Some(bound);
                    }
                }
                Fact::Grid(GridRule::Kept) => grid = grid_before.clone(),
                Fact::Grid(GridRule::Whole) => {
                    let one = BigRational::one();
                    grid = Some(grid_before.as_ref().map_or(one.clone(), |own| exact::joint_grid(own, &one)));
                }
                Fact::Grid(GridRule::Rounded(name)) => {
                    let step = places_of(name, &self.arguments).map(exact::step);
                    let same =
                        matches!((&grid_before, &step), (Some(own), Some(step)) if exact::on_grid(own, step));
                    if same {
                        return plain(input);
                    }
                    grid = step;
                }
                Fact::Grid(GridRule::With(names)) => {
                    grid = grid_before.clone();
                    for name in names {
                        // An argument outside the range does not come out.
                        if let Some(Constant::Decimal(value)) = self.arguments.get(name)
                            && interval.contains(value)
                        {
                            grid = grid.map(|grid| exact::common_grid(&grid, value));
                        }
                    }
                }
                Fact::ReadsNumber => {
                    if let Type::Text(text) = input {
                        (interval, grid) = read(text);
                    }
                }
                _ => {}
            }
        }
        let result = Decimal { interval, grid, set: None, wire: Wire::Plain }.normalize();
        if result.is_empty() { Type::Never } else { Type::Decimal(result) }
    }
}

/// The type as the result of a function: its wire form is the plain one.
fn plain(input: &Type) -> Type {
    match input {
        Type::Decimal(number) => Type::Decimal(Decimal { wire: Wire::Plain, ..number.clone() }),
        Type::Date(kind, _) => Type::Date(*kind, Wire::Plain),
        other => other.clone(),
    }
}

/// Range and grid of the numbers that a text can be read as. With so many characters the largest is whole, all nines.
fn read(text: &Text) -> (Interval, Option<BigRational>) {
    let length = text.normalize().length.max.unwrap_or(u64::MAX);
    let nines = |digits: u64| {
        let value = exact::power_of_ten(digits.min(DIGITS)) - 1;
        Some(Bound { value: BigRational::from_integer(value), inclusive: true })
    };
    let negate = |bound: Bound| Bound { value: -bound.value, inclusive: true };
    let signed = !pattern::holds_all(text, &WITHOUT_MINUS) && length > 1;
    let digits_below = if signed { length - 1 } else { 0 };
    let pointed = !pattern::holds_all(text, &WITHOUT_POINT);
    let places = if pointed { length.saturating_sub(2).min(DIGITS) } else { 0 };
    let interval = Interval { low: nines(digits_below).map(negate), high: nines(length) };
    (interval, Some(exact::step(places)))
}
