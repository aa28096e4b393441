//! Is a value one of a type? Uses the data of the types, none of their operations.

use mapc_check::typed::Constant;
use mapc_types::{Bound, Decimal, Text, Type};

/// The value is one of the type.
pub fn is_member(member: &Constant, of: &Type) -> bool {
    match (of, member) {
        (Type::Any, _) => true,
        (Type::Union(branches), member) => branches.iter().any(|branch| is_member(member, branch)),
        (Type::Text(text), Constant::Text(member)) => is_text(member, text),
        (Type::Decimal(number), Constant::Decimal(member)) => is_number(member, number),
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

fn is_text(member: &str, text: &Text) -> bool {
    let length = member.chars().count() as u64;
    text.length.min <= length
        && text.length.max.is_none_or(|most| length <= most)
        && text.set.as_ref().is_none_or(|set| set.contains(member))
        && text.languages.iter().all(|language| language.contains(member))
}

fn is_number(member: &mapc_types::BigRational, number: &Decimal) -> bool {
    let above = |bound: &Bound| *member > bound.value || (bound.inclusive && *member == bound.value);
    let below = |bound: &Bound| *member < bound.value || (bound.inclusive && *member == bound.value);
    number.interval.low.as_ref().is_none_or(above)
        && number.interval.high.as_ref().is_none_or(below)
        && number.grid.as_ref().is_none_or(|grid| (member / grid).is_integer())
        && number.set.as_ref().is_none_or(|set| set.contains(member))
}
