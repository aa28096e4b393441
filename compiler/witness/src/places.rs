//! The places of the source that a map looks at, with what may stand there.

use std::sync::Arc;

use mapc_check::typed::{ListId, ReadKind, SourceFieldId, Typed};
use mapc_schema::LoadedSchema;
use mapc_types::{Decimal, Length, List, Presence, Slot, Text, Type};

/// A place the map reads.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The list whose row holds it.
    pub(crate) list: ListId,
    /// Names from the row.
    pub(crate) path: Vec<Arc<str>>,
    /// What stands there.
    pub(crate) kind: PlaceKind,
    /// The deepest step that may be absent, as a number of names.
    pub(crate) absent_at: Option<usize>,
    /// The deepest step that may be null, as a number of names.
    pub(crate) null_at: Option<usize>,
}

/// What stands at a place.
#[derive(Clone, Debug)]
pub(crate) enum PlaceKind {
    /// A single value of this type.
    Value(Type),
    /// This list, with the numbers of rows it may have.
    Rows { list: ListId, count: Length, unique: bool },
}

impl Place {
    /// The last name, for readable texts.
    pub(crate) fn name(&self) -> &str {
        self.path.last().map_or("text", AsRef::as_ref)
    }
}

/// Places of a map and which of them a field or list is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub(crate) all: Vec<Place>,
    fields: Vec<usize>,
    lists: Vec<Option<usize>>,
}

impl Places {
    /// Of a map.
    pub(crate) fn of(typed: &Typed, schema: &LoadedSchema) -> Places {
        let mut places = Places::default();
        let mut rows: Vec<Type> = Vec::new();
        for (at, list) in typed.source_lists.iter().enumerate() {
            let Some(parent) = list.parent else {
                rows.push(schema.root.clone());
                places.lists.push(None);
                continue;
            };
            let row = rows.get(parent.0).cloned().unwrap_or(Type::Any);
            let walked = walk(schema, &row, &list.path);
            let found = list_of(schema, &walked.value);
            rows.push(found.element.value.clone());
            let kind = PlaceKind::Rows { list: ListId(at), count: found.count, unique: found.unique };
            places.lists.push(Some(places.all.len()));
            places.all.push(walked.place(parent, list.path.clone(), kind));
        }
        for field in &typed.source_fields {
            let known = places.all.iter().position(|place| {
                place.list == field.list
                    && place.path == field.path
                    && matches!(place.kind, PlaceKind::Value(_))
            });
            let at = known.unwrap_or_else(|| {
                let row = rows.get(field.list.0).cloned().unwrap_or(Type::Any);
                let walked = walk(schema, &row, &field.path);
                let value = single_of(schema, &walked.value, field.read);
                let place = walked.place(field.list, field.path.clone(), PlaceKind::Value(value));
                places.all.push(place);
                places.all.len() - 1
            });
            places.fields.push(at);
        }
        places
    }

    /// The place of a field.
    pub(crate) fn of_field(&self, field: SourceFieldId) -> Option<usize> {
        self.fields.get(field.0).copied()
    }

    /// The place of a list.
    pub(crate) fn of_list(&self, list: ListId) -> Option<usize> {
        self.lists.get(list.0).copied().flatten()
    }
}

struct Walked {
    value: Type,
    absent_at: Option<usize>,
    null_at: Option<usize>,
}

impl Walked {
    fn place(self, list: ListId, path: Vec<Arc<str>>, kind: PlaceKind) -> Place {
        Place { list, path, kind, absent_at: self.absent_at, null_at: self.null_at }
    }
}

fn walk(schema: &LoadedSchema, row: &Type, path: &[Arc<str>]) -> Walked {
    let mut walked = Walked { value: row.clone(), absent_at: None, null_at: None };
    for (at, name) in path.iter().enumerate() {
        let anything = Slot { presence: Presence { absent: true, null: true }, value: Type::Any };
        let slot = schema.slot_of(&walked.value, name).unwrap_or(anything);
        if slot.presence.absent {
            walked.absent_at = Some(at + 1);
        }
        if slot.presence.null {
            walked.null_at = Some(at + 1);
        }
        walked.value = schema.resolve(&slot.value).clone();
    }
    walked
}

/// The list that a type is, or one of.
pub(crate) fn list_of(schema: &LoadedSchema, value: &Type) -> List {
    let any = List {
        element: Slot { presence: Presence::REQUIRED, value: Type::Any },
        count: Length::ANY,
        unique: false,
    };
    match schema.resolve(value) {
        Type::List(list) => list.as_ref().clone(),
        Type::Union(arms) => {
            let lists = arms.iter().filter_map(|arm| match schema.resolve(arm) {
                Type::List(list) => Some(list.as_ref().clone()),
                _ => None,
            });
            lists.into_iter().next().unwrap_or(any)
        }
        _ => any,
    }
}

/// The single value that is read from a type.
fn single_of(schema: &LoadedSchema, value: &Type, read: ReadKind) -> Type {
    let suits = |of: &Type| {
        matches!(
            (of, read),
            (Type::Text(_), ReadKind::Text)
                | (Type::Decimal(_), ReadKind::Decimal(_))
                | (Type::Bool { .. }, ReadKind::Bool)
                | (Type::Date(..), ReadKind::Date(_))
        )
    };
    let resolved = schema.resolve(value);
    if let Type::Union(arms) = resolved
        && let Some(arm) = arms.iter().map(|arm| schema.resolve(arm)).find(|arm| suits(arm))
    {
        return arm.clone();
    }
    match (resolved, read) {
        (of, _) if suits(of) => of.clone(),
        (Type::Any, ReadKind::Text) => Type::Text(Text::any()),
        (Type::Any, ReadKind::Decimal(wire)) => Type::Decimal(Decimal { wire, ..Decimal::any() }),
        (Type::Any, ReadKind::Bool) => Type::bool(),
        (Type::Any, ReadKind::Date(kind)) => Type::Date(kind, mapc_types::Wire::Plain),
        (other, _) => other.clone(),
    }
}
