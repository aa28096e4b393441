//! Checked reads of the message: lists and single values by their paths, with the facts the proof relies on.

use std::collections::BTreeMap;
use std::sync::Arc;

use mapc_check::typed::{ListId, Predicate, ReadKind, SourceField, SourceList, Typed};
use mapc_types::Wire;

use crate::calendar::Calendar;
use crate::decimal::Decimal;
use crate::json::Json;
use crate::predicate;
use crate::value::{Cell, Value};

/// Why a read gives nothing.
pub(crate) enum Refusal {
    /// R0201 of the field or list.
    Source,
    /// R0112.
    NumberTooLong,
}

enum Found<'message> {
    Absent,
    Null,
    Value(&'message Json),
}

/// Follows the path; every value it goes into must be a record, except that a null on the way ends it.
fn find<'message>(base: &'message Json, path: &[Arc<str>]) -> Result<Found<'message>, Refusal> {
    let mut current = base;
    for (place, name) in path.iter().enumerate() {
        match current {
            Json::Record(fields) => match fields.iter().find(|(key, _)| key.as_str() == &**name) {
                Some((_, value)) => current = value,
                None => return Ok(Found::Absent),
            },
            Json::Null if place > 0 => return Ok(Found::Null),
            _ => return Err(Refusal::Source),
        }
    }
    Ok(if *current == Json::Null { Found::Null } else { Found::Value(current) })
}

/// Reads a single value from a row.
pub(crate) fn read(field: &SourceField, row: &Json) -> Result<Cell, Refusal> {
    let must_be_present = field.facts.contains(&Predicate::Present);
    let found = match find(row, &field.path)? {
        Found::Value(found) => found,
        Found::Null if field.nullable => return Ok(Cell::Null),
        Found::Absent if !must_be_present => return Ok(Cell::Absent),
        Found::Absent | Found::Null => return Err(Refusal::Source),
    };
    let decimal = |lexeme: &str| Decimal::read(lexeme).map_err(|_| Refusal::NumberTooLong);
    let value = match (field.read, found) {
        (ReadKind::Text, Json::Text(text)) => Value::Text(text.clone()),
        (ReadKind::Bool, Json::Bool(value)) => Value::Bool(*value),
        (ReadKind::Decimal(Wire::Plain), Json::Number(lexeme)) => Value::Decimal(decimal(lexeme)?),
        (ReadKind::Decimal(Wire::DecimalText), Json::Text(text)) if Decimal::is_canonical(text) => {
            Value::Decimal(decimal(text)?)
        }
        (ReadKind::Date(kind), Json::Text(text)) => {
            Value::Calendar(Calendar::read(kind, text).ok_or(Refusal::Source)?)
        }
        _ => return Err(Refusal::Source),
    };
    let fits = field.facts.iter().all(|fact| predicate::holds(fact, &value));
    if fits { Ok(Cell::Value(value)) } else { Err(Refusal::Source) }
}

/// The rows of a list below a row; none when it is missing.
pub(crate) fn rows<'message>(list: &SourceList, row: &'message Json) -> Result<Vec<&'message Json>, Refusal> {
    let elements = match find(row, &list.path)? {
        Found::Value(Json::List(elements)) => elements,
        Found::Null if !list.nullable => return Err(Refusal::Source),
        Found::Absent | Found::Null if !list.facts.contains(&Predicate::Present) => return Ok(Vec::new()),
        _ => return Err(Refusal::Source),
    };
    let fits = list.facts.iter().all(|fact| match fact {
        Predicate::Count { min, max } => predicate::counts(elements.len(), *min, *max),
        _ => true,
    });
    if fits { Ok(elements.iter().collect()) } else { Err(Refusal::Source) }
}

/// The places of a message that a map reads.
#[derive(Default)]
struct Place {
    /// A list is read here.
    list: bool,
    fields: BTreeMap<Arc<str>, Place>,
    rows: Option<Box<Place>>,
}

impl Place {
    fn below(&mut self, path: &[Arc<str>]) -> &mut Place {
        path.iter().fold(self, |place, name| place.fields.entry(name.clone()).or_default())
    }

    /// Where the rows of a list stand.
    fn rows_of(&mut self, typed: &Typed, list: ListId) -> &mut Place {
        let Some(SourceList { parent: Some(parent), path, .. }) = typed.source_lists.get(list.0) else {
            return self;
        };
        let place = self.rows_of(typed, *parent).below(path);
        place.list = true;
        place.rows.get_or_insert_default()
    }

    fn look(&self, value: &Json, seen: &mut Seen) {
        match value {
            Json::Record(fields) => {
                for (name, place) in &self.fields {
                    let mut values = fields.iter().filter(|(key, _)| key.as_str() == &**name);
                    if let Some((_, value)) = values.next() {
                        place.look(value, seen);
                    }
                    seen.duplicate |= values.next().is_some();
                }
            }
            Json::List(elements) if self.list => {
                seen.longest = seen.longest.max(elements.len());
                if let Some(place) = &self.rows {
                    elements.iter().for_each(|element| place.look(element, seen));
                }
            }
            _ => {}
        }
    }
}

/// What must not be in a message, wherever the map reads it.
#[derive(Default)]
pub(crate) struct Seen {
    /// A key that is read stands twice in a record.
    pub(crate) duplicate: bool,
    /// Elements of the longest list that is read.
    pub(crate) longest: usize,
}

/// Looks at every place that the map may read.
pub(crate) fn look(typed: &Typed, message: &Json) -> Seen {
    let mut root = Place::default();
    for list in 0..typed.source_lists.len() {
        root.rows_of(typed, ListId(list));
    }
    for field in &typed.source_fields {
        root.rows_of(typed, field.list).below(&field.path);
    }
    let mut seen = Seen::default();
    root.look(message, &mut seen);
    seen
}
