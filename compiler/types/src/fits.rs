//! Whether every value of one type is a value of another. Knows shapes; makes no messages.
//!
//! `Yes` is a proof, `No` names a place that can really go wrong, `Unknown` is neither. Recursive names are compared
//! coinductively: a pair with a name that is already being compared is taken to fit.

mod choice;
mod inhabited;
mod memory;
mod record;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::gaps::{DecimalGap, TextGap, decimal_gaps, is_exact, text_gaps};
use crate::language::Language;
use crate::operations::Kind;
use crate::planted::{Lie, is_on};
use crate::shape::{DateKind, List, Slot, Text, Type};

use inhabited::Inhabited;
use memory::Memory;

/// The types behind [`Type::Named`].
pub type Definitions = BTreeMap<Arc<str>, Type>;

/// The answer to "is every value of the one a value of the other?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Proved.
    Yes,
    /// Refuted: what does not fit, and where.
    No(Misfit),
    /// Neither; why.
    Unknown(String),
}

/// A place and what does not fit there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// From the outermost type inward.
    pub path: Vec<PathStep>,
    /// What does not fit.
    pub gap: Gap,
}

/// One step into a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// A declared field.
    Field(Arc<str>),
    /// An undeclared field.
    Rest,
    /// An element of a list.
    Element,
}

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A fact about a text.
    Text(TextGap),
    /// A fact about a number.
    Decimal(DecimalGap),
    /// A yes/no value that is not allowed.
    Bool(bool),
    /// Another sort of value.
    Kind {
        /// What it may be.
        found: Kind,
        /// What is asked for.
        expected: Kind,
    },
    /// A required field may be absent.
    MissingRequired(Arc<str>),
    /// It may be null.
    Null,
    /// A field that the other side does not declare.
    Undeclared(Arc<str>),
    /// Fields of any name may stand where the other side declares all of its fields.
    UndeclaredFields,
    /// The name of an undeclared field is not allowed.
    FieldName(String),
    /// Too many or too few fields.
    FieldCount {
        /// The possible number.
        allows: crate::shape::Length,
        /// The limit.
        limit: crate::shape::Length,
    },
    /// Too many or too few elements.
    ListCount {
        /// The possible number.
        allows: crate::shape::Length,
        /// The limit.
        limit: crate::shape::Length,
    },
    /// Elements may be equal.
    NotUnique,
    /// No branch of the other side takes it.
    NoBranch,
}

/// Is every value of `a` a value of `b`?
pub fn fits(a: &Type, b: &Type, definitions_a: &Definitions, definitions_b: &Definitions) -> Fit {
    let mut comparison = Comparison {
        left: definitions_a,
        right: definitions_b,
        memory: Memory::new(),
        inhabited: Inhabited::new(definitions_a),
        steps: 0,
        depth: 0,
    };
    comparison.types(a, b)
}

/// Comparisons of more pairs than this end as unknown.
const MAX_STEPS: usize = 200_000;
/// Deeper comparisons end as unknown.
const MAX_DEPTH: usize = 150;

struct Comparison<'a> {
    left: &'a Definitions,
    right: &'a Definitions,
    memory: Memory,
    inhabited: Inhabited<'a>,
    steps: usize,
    depth: usize,
}

impl Misfit {
    pub(crate) fn new(gap: Gap) -> Self {
        Self { path: Vec::new(), gap }
    }
}

impl Fit {
    fn no(gap: Gap) -> Self {
        Fit::No(Misfit::new(gap))
    }

    fn unknown(text: &str) -> Self {
        Fit::Unknown(text.to_owned())
    }

    /// The same answer, one step further out.
    fn below(mut self, step: PathStep) -> Self {
        if let Fit::No(misfit) = &mut self {
            misfit.path.insert(0, step);
        }
        self
    }

    /// True for a proof.
    pub fn is_yes(&self) -> bool {
        *self == Fit::Yes
    }
}

/// Gathers answers that must all be `Yes`: the first `No` wins, then `Unknown`.
struct All(Fit);

impl All {
    /// False: the rest does not matter.
    fn add(&mut self, fit: Fit) -> bool {
        match (&self.0, fit) {
            (_, fit @ Fit::No(_)) => {
                self.0 = fit;
                false
            }
            (Fit::Yes, fit) => {
                self.0 = fit;
                true
            }
            _ => true,
        }
    }
}

impl Comparison<'_> {
    fn types(&mut self, a: &Type, b: &Type) -> Fit {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.depth > MAX_DEPTH {
            return Fit::unknown("too large to compare");
        }
        self.depth += 1;
        let answer = match (a, b) {
            (Type::Never, _) | (_, Type::Any) => Fit::Yes,
            (Type::Named(_), _) | (_, Type::Named(_)) | (Type::Object(_), Type::Object(_)) => {
                match self.memory.begin(a, b) {
                    Ok(known) => known,
                    Err(begun) => {
                        let named = matches!(a, Type::Named(_)) || matches!(b, Type::Named(_));
                        let answer = if named { self.resolved(a, b) } else { self.shapes(a, b) };
                        self.memory.end(&begun, &answer);
                        answer
                    }
                }
            }
            _ => self.shapes(a, b),
        };
        self.depth -= 1;
        answer
    }

    fn resolved(&mut self, a: &Type, b: &Type) -> Fit {
        let (left, right) = (self.left, self.right);
        let Some(b) = b.resolve(right) else {
            return Fit::unknown("a name that stands for nothing");
        };
        match a.resolve(left) {
            Some(a) => self.types(a, b),
            // An unknown name on the left may be anything.
            None if matches!(b, Type::Any) => Fit::Yes,
            None => Fit::unknown("a name that stands for nothing"),
        }
    }

    fn shapes(&mut self, a: &Type, b: &Type) -> Fit {
        match (a, b) {
            (Type::Union(branches), _) => {
                let mut all = All(Fit::Yes);
                for branch in branches {
                    if !all.add(self.types(branch, b)) {
                        break;
                    }
                }
                all.0
            }
            (_, Type::Union(branches)) => self.choice(a, branches),
            (
                Type::Bool { may_be_true: a_true, may_be_false: a_false },
                Type::Bool { may_be_true: b_true, may_be_false: b_false },
            ) => {
                if *a_true && !b_true {
                    Fit::no(Gap::Bool(true))
                } else if *a_false && !b_false {
                    Fit::no(Gap::Bool(false))
                } else {
                    Fit::Yes
                }
            }
            (Type::Text(one), Type::Text(two)) => text_fit(one, two),
            (Type::Decimal(one), Type::Decimal(two)) => match decimal_gaps(one, two).into_iter().next() {
                None => Fit::Yes,
                Some(gap) => Fit::no(Gap::Decimal(gap)),
            },
            (Type::Date(one, _), Type::Date(two, _)) if one == two => Fit::Yes,
            (Type::Date(kind, _), Type::Text(text)) => {
                text_fit(&Text::in_language(Language::of_date_kind(*kind)), text)
            }
            (Type::Text(text), Type::Date(kind, _)) => text_as_date(text, *kind, b),
            (Type::List(one), Type::List(two)) => {
                let answer = self.lists(one, two);
                self.unless_empty(a, answer)
            }
            (Type::Object(one), Type::Object(two)) => {
                let answer = self.records(one, two);
                self.unless_empty(a, answer)
            }
            _ => {
                let answer = Fit::no(Gap::Kind { found: a.kind(), expected: b.kind() });
                self.unless_empty(a, answer)
            }
        }
    }

    /// Nothing fits everything: a failure of a type without values is none.
    fn unless_empty(&mut self, a: &Type, answer: Fit) -> Fit {
        if answer.is_yes() || self.has_values(a) { answer } else { Fit::Yes }
    }

    fn has_values(&mut self, a: &Type) -> bool {
        self.inhabited.has_values(a)
    }

    /// What stands at a place that is there: null and value. Absence is the caller's.
    fn present(&mut self, a: &Slot, b: &Slot) -> Fit {
        if a.presence.null && !b.presence.null && !is_on(Lie::FitsNull) {
            return Fit::no(Gap::Null);
        }
        self.types(&a.value, &b.value)
    }

    fn lists(&mut self, a: &List, b: &List) -> Fit {
        let mut count = a.count;
        if !a.element.presence.null && !self.has_values(&a.element.value) {
            count = count.meet(crate::shape::Length::new(0, Some(0)));
        }
        let mut exact = true;
        if a.unique
            && let Some(values) = inhabited::cardinality(&a.element)
            && count.max.is_none_or(|max| max > values.at_most)
        {
            count.max = Some(values.at_most);
            exact = values.exact;
        }
        if count.is_empty() {
            return Fit::Yes;
        }
        if !count.within(b.count) && !is_on(Lie::FitsCount) {
            let gap = Gap::ListCount { allows: count, limit: b.count };
            return if exact { Fit::no(gap) } else { Fit::unknown("the number of different elements") };
        }
        let several = count.max.is_none_or(|max| max > 1);
        if b.unique && !a.unique && several && !is_on(Lie::FitsEqualRows) {
            return Fit::no(Gap::NotUnique);
        }
        if count.max == Some(0) {
            return Fit::Yes;
        }
        self.present(&a.element, &b.element).below(PathStep::Element)
    }
}

fn text_fit(a: &Text, b: &Text) -> Fit {
    let gaps = text_gaps(a, b);
    let unproved = |gap: &TextGap| matches!(gap, TextGap::OutsideLanguage { unknown: true, .. });
    let Some(first) = gaps.iter().find(|gap| !unproved(gap)).or(gaps.first()) else {
        return Fit::Yes;
    };
    let real = match first {
        TextGap::OutsideLanguage { unknown, .. } => !unknown,
        TextGap::OutsideSet { missing: Some(_), .. } => true,
        // More values than the list has.
        TextGap::OutsideSet { missing: None, allowed } => {
            let free = a.languages.is_empty() && a.set.is_none() && a.length.max != Some(0);
            let more = |language: Language| language.count().is_none_or(|count| count > allowed.len() as u64);
            free || a.exact_language().is_some_and(more)
        }
        TextGap::TooLong { .. } | TextGap::TooShort { .. } => is_exact(a),
    };
    if real { Fit::no(Gap::Text(first.clone())) } else { Fit::unknown("patterns too large to compare") }
}

/// A text is read as a date where its language is known to.
fn text_as_date(a: &Text, kind: DateKind, b: &Type) -> Fit {
    match text_fit(a, &Text::in_language(Language::of_date_kind(kind))) {
        Fit::No(_) => Fit::no(Gap::Kind { found: Kind::Text, expected: b.kind() }),
        other => other,
    }
}
