//! Tests of the library: the files, their examples, single rules, and soundness on random types.

mod examples;
mod generate;
mod rules;
mod soundness;

use mapc_types::{BigRational, Bound, Decimal, Text, Type};

use crate::typed::Constant;

/// Is the value one of the type?
fn contains(value: &Type, member: &Constant) -> bool {
    match (value, member) {
        (Type::Union(branches), member) => branches.iter().any(|branch| contains(branch, member)),
        (Type::Text(text), Constant::Text(member)) => text_contains(text, member),
        (Type::Decimal(number), Constant::Decimal(member)) => decimal_contains(number, member),
        (Type::Bool { may_be_true, may_be_false }, Constant::Bool(yes)) => {
            if *yes {
                *may_be_true
            } else {
                *may_be_false
            }
        }
        (Type::Date(kind, _), Constant::Date(own, _)) => kind == own,
        _ => false,
    }
}

fn text_contains(text: &Text, member: &str) -> bool {
    let length = member.chars().count() as u64;
    text.length.min <= length
        && text.length.max.is_none_or(|most| length <= most)
        && text.set.as_ref().is_none_or(|set| set.contains(member))
        && text.languages.iter().all(|language| language.contains(member))
}

fn decimal_contains(number: &Decimal, member: &BigRational) -> bool {
    let above = |bound: &Bound| *member > bound.value || (bound.inclusive && *member == bound.value);
    let below = |bound: &Bound| *member < bound.value || (bound.inclusive && *member == bound.value);
    number.interval.low.as_ref().is_none_or(above)
        && number.interval.high.as_ref().is_none_or(below)
        && number.grid.as_ref().is_none_or(|grid| (member / grid).is_integer())
        && number.set.as_ref().is_none_or(|set| set.contains(member))
}
