//! The values of a type: does a document belong to it? Uses the data of the types, none of their operations.

use std::collections::BTreeMap;

use mapc_types::{
    BigRational, DateKind, Decimal, Definitions, Interval, Language, List, Object, Rest, Slot, Text, Type,
    Wire,
};

use crate::json::Json;

/// A value by its meaning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An exact number.
    Number(BigRational),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A record.
    Record(BTreeMap<String, Value>),
}

/// In which form dates and decimals in text count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Every form that is read.
    Read,
    /// The one form that is written.
    Written,
}

/// Numbers with larger exponents are not looked at.
const EXPONENT: i64 = 5_000;

impl Value {
    /// The meaning of a document; absent: it holds a number that is too large to look at, or a name twice.
    pub fn of(json: &Json) -> Option<Value> {
        Some(match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(digits) => Value::Number(number(digits)?),
            Json::Text(text) => Value::Text(text.clone()),
            Json::List(elements) => Value::List(elements.iter().map(Value::of).collect::<Option<_>>()?),
            Json::Record(fields) => {
                let mut record = BTreeMap::new();
                for (name, value) in fields {
                    if record.insert(name.clone(), Value::of(value)?).is_some() {
                        return None;
                    }
                }
                Value::Record(record)
            }
        })
    }
}

fn number(digits: &str) -> Option<BigRational> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let coefficient: BigRational = format!("{whole}{fraction}").parse().ok()?;
    let exponent = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()?;
    let ten = BigRational::from_integer(10.into());
    let power = i32::try_from(exponent).ok().filter(|_| exponent.abs() <= EXPONENT)?;
    Some(coefficient * ten.pow(power))
}

/// Is the value one of the type? A bare null is of no type.
pub fn member_of(value: &Value, of: &Type, definitions: &Definitions, form: Form) -> bool {
    match (of, value) {
        (Type::Named(name), _) => {
            definitions.get(name).is_some_and(|of| member_of(value, of, definitions, form))
        }
        (Type::Union(branches), _) => branches.iter().any(|of| member_of(value, of, definitions, form)),
        (Type::Never, _) | (_, Value::Null) => false,
        (Type::Any, _) => true,
        (Type::Bool { may_be_true, may_be_false }, Value::Bool(own)) => {
            *own && *may_be_true || !*own && *may_be_false
        }
        (Type::Text(text), Value::Text(own)) => is_text(own, text),
        (Type::Date(kind, _), Value::Text(own)) => is_date(own, *kind, form),
        (Type::Decimal(decimal), Value::Number(own)) => {
            decimal.wire == Wire::Plain && is_decimal(own, decimal)
        }
        (Type::Decimal(decimal), Value::Text(own)) => {
            decimal.wire == Wire::DecimalText
                && decimal_text(own, form).is_some_and(|own| is_decimal(&own, decimal))
        }
        (Type::List(list), Value::List(own)) => is_list(own, list, definitions, form),
        (Type::Object(object), Value::Record(own)) => is_record(own, object, definitions, form),
        _ => false,
    }
}

fn stands_at(value: &Value, slot: &Slot, definitions: &Definitions, form: Form) -> bool {
    match value {
        Value::Null => slot.presence.null,
        value => member_of(value, &slot.value, definitions, form),
    }
}

fn is_text(own: &str, text: &Text) -> bool {
    text.length.contains(own.chars().count() as u64)
        && text.set.as_ref().is_none_or(|set| set.contains(own))
        && text.languages.iter().all(|language| language.contains(own))
}

/// Moments are written in universal time, fractions without zeros at the end.
fn is_date(own: &str, kind: DateKind, form: Form) -> bool {
    let written = match kind {
        DateKind::Date => true,
        DateKind::Time | DateKind::Local => !(own.contains('.') && own.ends_with('0')),
        DateKind::Instant => own.ends_with('Z') && !(own.contains('.') && own.ends_with("0Z")),
    };
    (written || form == Form::Read) && Language::of_date_kind(kind).contains(own)
}

/// Decimals in text are written without zeros at the end and without a sign of zero.
fn decimal_text(own: &str, form: Form) -> Option<BigRational> {
    let size = own.strip_prefix('-').unwrap_or(own);
    let (whole, fraction) =
        size.split_once('.').map_or((size, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    let sound = digits(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(digits);
    let shortest = fraction.is_none_or(|fraction| !fraction.ends_with('0')) && own != "-0";
    if sound && (shortest || form == Form::Read) { number(own) } else { None }
}

fn is_decimal(own: &BigRational, decimal: &Decimal) -> bool {
    within(own, &decimal.interval)
        && decimal.grid.as_ref().is_none_or(|grid| (own / grid).is_integer())
        && decimal.set.as_ref().is_none_or(|set| set.contains(own))
}

fn within(own: &BigRational, interval: &Interval) -> bool {
    let above = |low: &mapc_types::Bound| *own > low.value || low.inclusive && *own == low.value;
    let below = |high: &mapc_types::Bound| *own < high.value || high.inclusive && *own == high.value;
    interval.low.as_ref().is_none_or(above) && interval.high.as_ref().is_none_or(below)
}

fn is_list(own: &[Value], list: &List, definitions: &Definitions, form: Form) -> bool {
    let distinct = || own.iter().collect::<std::collections::BTreeSet<_>>().len() == own.len();
    list.count.contains(own.len() as u64)
        && (!list.unique || distinct())
        && own.iter().all(|value| stands_at(value, &list.element, definitions, form))
}

fn is_record(own: &BTreeMap<String, Value>, object: &Object, definitions: &Definitions, form: Form) -> bool {
    let declared = object.fields.iter().all(|(name, slot)| match own.get(&**name) {
        None => slot.presence.absent,
        Some(value) => stands_at(value, slot, definitions, form),
    });
    let mut undeclared = own.iter().filter(|(name, _)| !object.fields.contains_key(name.as_str()));
    let rest = |name: &str, value: &Value| match &object.rest {
        Rest::Closed => false,
        Rest::Open => true,
        Rest::Typed(slot, names) => {
            names.as_ref().is_none_or(|names| names.contains(name))
                && stands_at(value, slot, definitions, form)
        }
    };
    declared
        && undeclared.all(|(name, value)| rest(name, value))
        && object.count.is_none_or(|count| count.contains(own.len() as u64))
}
