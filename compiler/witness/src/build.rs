//! Puts a message together: what was chosen at the places the map reads, and around it the least that the schema needs.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use mapc_check::typed::ListId;
use mapc_schema::LoadedSchema;
use mapc_types::{Object, Rest, Type};

use crate::message::Message;
use crate::places::{PlaceKind, Places, list_of};
use crate::values::{others, plain};

/// Deeper messages are not made.
const DEPTH: usize = 40;
/// More rows are not made.
pub(crate) const ROWS: u64 = 2_000;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Nothing.
    Absent,
    /// null.
    Null,
    /// This value, in each row.
    Value(Message),
    /// So many rows; `differ`: no two alike.
    Rows { count: u64, differ: bool },
}

/// What was chosen, by place.
pub(crate) type Choices = BTreeMap<usize, Choice>;

/// Puts messages together.
pub(crate) struct Builder<'a> {
    pub(crate) schema: &'a LoadedSchema,
    pub(crate) places: &'a Places,
    /// For each place, other values once they were asked for: rows that differ take them in turn.
    pub(crate) others: Vec<OnceCell<Vec<Message>>>,
    /// Plain values of places that were asked for: each may take long to find.
    pub(crate) plain: RefCell<PlainValues>,
}

/// Plain values by list, names from the row, and last name.
pub(crate) type PlainValues = BTreeMap<(ListId, Vec<Arc<str>>, String), Option<Message>>;

/// Where in the message: the list, the names from its row, and whether and which row of it.
#[derive(Clone, Copy)]
struct Here<'h> {
    list: ListId,
    path: &'h [Arc<str>],
    /// Number of the row when rows differ.
    row: usize,
    depth: usize,
}

impl Builder<'_> {
    /// The message of these choices. `None`: the schema has none of that shape.
    pub(crate) fn message(&self, choices: &Choices) -> Option<Message> {
        let here = Here { list: ListId(0), path: &[], row: 0, depth: 0 };
        self.value(&self.schema.root, choices, here, "message")
    }

    fn value(&self, of: &Type, choices: &Choices, here: Here<'_>, name: &str) -> Option<Message> {
        if here.depth > DEPTH {
            return None;
        }
        if let Some((at, choice)) = self.chosen_at(choices, here) {
            return match choice {
                Choice::Absent => None,
                Choice::Null => Some(Message::Null),
                Choice::Value(value) => Some(self.in_row(at, value, here.row)),
                Choice::Rows { count, differ } => self.rows(of, choices, here, at, (*count, *differ), name),
            };
        }
        let inside = self.below(choices, here);
        match self.schema.resolve(of) {
            Type::Object(object) => self.record(object, choices, here, &inside),
            Type::Union(arms) => {
                let records = self.schema.records(of);
                let wanted =
                    |object: &&Object| inside.iter().filter(|name| object.fields.contains_key(*name)).count();
                if let Some(object) = records.into_iter().max_by_key(wanted).filter(|_| !inside.is_empty()) {
                    return self.record(object, choices, here, &inside);
                }
                arms.iter().find_map(|arm| self.value(arm, choices, deeper(here), name))
            }
            Type::List(list) => {
                let at = self.list_place(here);
                let count = list.count.min;
                match at {
                    Some(at) => self.rows(of, choices, here, at, (count, list.unique), name),
                    None => self.unread_rows(of, here, count, name),
                }
            }
            Type::Any if !inside.is_empty() => self.record(&Object::default(), choices, here, &inside),
            single => {
                let key = (here.list, here.path.to_vec(), name.to_owned());
                self.plain.borrow_mut().entry(key).or_insert_with(|| plain(single, name)).clone()
            }
        }
    }

    fn record(
        &self,
        object: &Object,
        choices: &Choices,
        here: Here<'_>,
        inside: &[Arc<str>],
    ) -> Option<Message> {
        let mut fields: Vec<(String, Message)> = Vec::new();
        let undeclared = inside.iter().filter(|name| !object.fields.contains_key(*name));
        let may_be_more = !matches!(object.rest, Rest::Closed);
        for name in object.fields.keys().chain(undeclared.filter(|_| may_be_more)) {
            let slot = object.slot(name);
            let path: Vec<Arc<str>> = here.path.iter().chain([name]).cloned().collect();
            let below = Here { path: &path, depth: here.depth + 1, ..here };
            match self.ended_at(choices, below) {
                Some(Choice::Absent) => continue,
                Some(Choice::Null) => {
                    fields.push((name.to_string(), Message::Null));
                    continue;
                }
                _ => {}
            }
            if slot.presence.absent && !inside.contains(name) {
                continue;
            }
            match self.value(&slot.value, choices, below, name) {
                Some(value) => fields.push((name.to_string(), value)),
                None if slot.presence.null => fields.push((name.to_string(), Message::Null)),
                None if slot.presence.absent => {}
                None => return None,
            }
        }
        self.fill(object, here, &mut fields);
        Some(Message::Record(fields))
    }

    /// More fields, where the schema wants a number of them.
    fn fill(&self, object: &Object, here: Here<'_>, fields: &mut Vec<(String, Message)>) {
        let least = object.count.map_or(0, |count| count.min);
        for (name, slot) in &object.fields {
            if u64::try_from(fields.len()).is_ok_and(|count| count >= least) {
                return;
            }
            if fields.iter().any(|(known, _)| **known == **name) {
                continue;
            }
            if let Some(value) = self.value(&slot.value, &Choices::new(), deeper(here), name) {
                fields.push((name.to_string(), value));
            }
        }
    }

    fn rows(
        &self,
        of: &Type,
        choices: &Choices,
        here: Here<'_>,
        at: usize,
        (count, differ): (u64, bool),
        name: &str,
    ) -> Option<Message> {
        let PlaceKind::Rows { list: id, unique, .. } = self.places.all.get(at)?.kind else { return None };
        let list = list_of(self.schema, of);
        let mut rows = Vec::new();
        for number in 0..usize::try_from(count.min(ROWS)).ok()? {
            let row = if differ || unique { number } else { here.row };
            let row = Here { list: id, path: &[], row, depth: here.depth + 1 };
            rows.push(self.value(&list.element.value, choices, row, name)?);
        }
        Some(Message::List(rows))
    }

    fn unread_rows(&self, of: &Type, here: Here<'_>, count: u64, name: &str) -> Option<Message> {
        let list = list_of(self.schema, of);
        let one = || self.value(&list.element.value, &Choices::new(), deeper(here), name);
        (0..count.min(ROWS)).map(|_| one()).collect::<Option<Vec<_>>>().map(Message::List)
    }

    /// The value of a place in a row.
    fn in_row(&self, at: usize, value: &Message, row: usize) -> Message {
        if row == 0 {
            return value.clone();
        }
        let (Some(known), Some(place)) = (self.others.get(at), self.places.all.get(at)) else {
            return value.clone();
        };
        let PlaceKind::Value(of) = &place.kind else { return value.clone() };
        let all = known.get_or_init(|| others(of, place.name()));
        let mut others = all.iter().filter(|other| *other != value);
        let count = others.clone().count();
        // as many rows as there are other values differ; what has no other stays
        let number = if count == 0 { 0 } else { (row - 1) % count };
        others.nth(number).unwrap_or(value).clone()
    }

    fn chosen_at<'c>(&self, choices: &'c Choices, here: Here<'_>) -> Option<(usize, &'c Choice)> {
        let is_here = |at: usize| {
            self.places.all.get(at).is_some_and(|place| place.list == here.list && place.path == here.path)
        };
        choices.iter().find(|(at, _)| is_here(**at)).map(|(at, choice)| (*at, choice))
    }

    fn list_place(&self, here: Here<'_>) -> Option<usize> {
        self.places.all.iter().position(|place| {
            place.list == here.list && place.path == here.path && matches!(place.kind, PlaceKind::Rows { .. })
        })
    }

    /// A choice of nothing or null takes effect here: at the deepest step that may be so.
    fn ended_at<'c>(&self, choices: &'c Choices, here: Here<'_>) -> Option<&'c Choice> {
        choices.iter().find_map(|(at, choice)| {
            let place = self.places.all.get(*at)?;
            let length = match choice {
                Choice::Absent => place.absent_at.unwrap_or(place.path.len()),
                Choice::Null => place.null_at.unwrap_or(place.path.len()),
                _ => return None,
            };
            let ends = place.list == here.list && place.path.get(..length) == Some(here.path);
            ends.then_some(choice)
        })
    }

    /// Names below here that something was chosen for.
    fn below(&self, choices: &Choices, here: Here<'_>) -> Vec<Arc<str>> {
        let mut found: Vec<Arc<str>> = Vec::new();
        for (at, choice) in choices {
            let Some(place) = self.places.all.get(*at) else { continue };
            if place.list != here.list || !place.path.starts_with(here.path) || *choice == Choice::Absent {
                continue;
            }
            if let Some(next) = place.path.get(here.path.len()).filter(|next| !found.contains(next)) {
                found.push(next.clone());
            }
        }
        found
    }
}

fn deeper(here: Here<'_>) -> Here<'_> {
    Here { depth: here.depth + 1, ..here }
}
