//! Tests on one value. Knows neither where the value comes from nor what a miss leads to.

use std::cmp::Ordering;

use mapc_check::typed::Predicate;
use mapc_types::BigRational;

use crate::value::Value;

/// Whether the predicate holds on a present value. `Count` and `Unique` speak of lists, see [`holds_on_list`].
pub(crate) fn holds(predicate: &Predicate, value: &Value) -> bool {
    match predicate {
        Predicate::Present | Predicate::Count { .. } | Predicate::Unique => true,
        Predicate::MinLength(length) => code_points(&value.text()) >= *length,
        Predicate::MaxLength(length) => code_points(&value.text()) <= *length,
        Predicate::InLanguage(language, _) => language.contains(&value.text()),
        Predicate::OneOf(constants) => value.is_one_of(constants),
        Predicate::AtLeast { value: end, inclusive } => {
            compare(value, end).is_some_and(|order| match order {
                Ordering::Less => false,
                Ordering::Equal => *inclusive,
                Ordering::Greater => true,
            })
        }
        Predicate::AtMost { value: end, inclusive } => compare(value, end).is_some_and(|order| match order {
            Ordering::Less => true,
            Ordering::Equal => *inclusive,
            Ordering::Greater => false,
        }),
        Predicate::OnGrid(grid) => matches!(value, Value::Decimal(number) if number.is_on_grid(grid)),
    }
}

/// Whether the predicate holds on a list with these elements in their written form.
pub(crate) fn holds_on_list(predicate: &Predicate, elements: &[String]) -> bool {
    match predicate {
        Predicate::Count { min, max } => counts(elements.len(), *min, *max),
        Predicate::Unique => {
            let mut sorted: Vec<String> = elements.iter().map(|element| shortest_numbers(element)).collect();
            sorted.sort();
            sorted.windows(2).all(|pair| pair.first() != pair.last())
        }
        _ => true,
    }
}

/// The element with every number in its shortest form, for 1.0 is 1.
fn shortest_numbers(element: &str) -> String {
    let mut short = String::new();
    let mut in_text = false;
    let mut characters = element.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\' {
            short.push(character);
            short.extend(characters.next());
        } else if character == '.' && !in_text {
            let mut digits = String::new();
            while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            let digits = digits.trim_end_matches('0');
            if !digits.is_empty() {
                short.push('.');
                short.push_str(digits);
            }
        } else {
            in_text ^= character == '"';
            short.push(character);
        }
    }
    short
}

/// Whether `min <= count <= max`.
pub(crate) fn counts(count: usize, min: u64, max: Option<u64>) -> bool {
    let count = count as u64;
    count >= min && max.is_none_or(|max| count <= max)
}

/// Length of a text.
pub(crate) fn code_points(text: &str) -> u64 {
    text.chars().count() as u64
}

fn compare(value: &Value, end: &BigRational) -> Option<Ordering> {
    match value {
        Value::Decimal(number) => Some(number.compare_rational(end)),
        _ => None,
    }
}
