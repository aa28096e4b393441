//! Whether a type has any value at all, and how many it has where that is few.

use std::collections::HashMap;
use std::sync::Arc;

use crate::fits::Definitions;
use crate::shape::{Object, Rest, Slot, Type};

/// Larger types are taken to have values.
const MAX_STEPS: usize = 5_000;
/// Deeper types are taken to have values.
const MAX_DEPTH: usize = 150;

/// Tells whether types over these definitions have values.
pub(super) struct Inhabited<'a> {
    definitions: &'a Definitions,
    open: Vec<Arc<str>>,
    /// Names whose answer rests on nothing open.
    known: HashMap<Arc<str>, bool>,
    steps: usize,
}

impl<'a> Inhabited<'a> {
    pub(super) fn new(definitions: &'a Definitions) -> Self {
        Self { definitions, open: Vec::new(), known: HashMap::new(), steps: 0 }
    }

    /// True unless the type surely has no value. Recursive names have values only if some value is finite.
    pub(super) fn has_values(&mut self, value: &Type) -> bool {
        self.steps = 0;
        self.has_value(value, 0)
    }

    fn has_value(&mut self, value: &Type, depth: usize) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS || depth > MAX_DEPTH {
            return true;
        }
        match value {
            Type::Named(name) => {
                if let Some(known) = self.known.get(name) {
                    return *known;
                }
                if self.open.contains(name) {
                    return false;
                }
                let Some(known) = self.definitions.get(name) else {
                    return true;
                };
                self.open.push(name.clone());
                let found = self.has_value(known, depth + 1);
                self.open.pop();
                // A value that was found is there; that there is none may be due to a name that is still open.
                if found || self.open.is_empty() {
                    self.known.insert(name.clone(), found);
                }
                found
            }
            Type::Union(branches) => branches.iter().any(|branch| self.has_value(branch, depth + 1)),
            Type::List(list) => {
                let too_few = |most: Cardinality| list.unique && most.at_most < list.count.min;
                !list.count.is_empty()
                    && (list.count.min == 0 || self.has_present(&list.element, depth + 1))
                    && !(list.count.min > 1 && cardinality(&list.element).is_some_and(too_few))
            }
            Type::Object(object) => self.has_record(object, depth),
            other => !other.is_never(),
        }
    }

    fn has_present(&mut self, slot: &Slot, depth: usize) -> bool {
        slot.presence.null || self.has_value(&slot.value, depth)
    }

    fn has_record(&mut self, object: &Object, depth: usize) -> bool {
        !object.lacks_room()
            && object.fields.values().all(|slot| slot.presence.absent || self.has_present(slot, depth + 1))
    }
}

/// A bound on the number of values.
#[derive(Clone, Copy)]
pub(super) struct Cardinality {
    /// There are no more.
    pub(super) at_most: u64,
    /// There are exactly as many.
    pub(super) exact: bool,
}

/// The number of values that may stand at a list position, where that is finite and easy to bound.
pub(super) fn cardinality(slot: &Slot) -> Option<Cardinality> {
    let mut values = of_type(&slot.value, 0)?;
    values.at_most = values.at_most.saturating_add(u64::from(slot.presence.null));
    Some(values)
}

fn of_type(value: &Type, depth: usize) -> Option<Cardinality> {
    if depth > 8 {
        return None;
    }
    let exactly = |count: usize| Cardinality { at_most: count as u64, exact: true };
    Some(match value {
        Type::Never => exactly(0),
        Type::Bool { may_be_true, may_be_false } => {
            exactly(usize::from(*may_be_true) + usize::from(*may_be_false))
        }
        Type::Text(text) => exactly(text.members(crate::MAX_SET)?.len()),
        Type::Decimal(decimal) => exactly(decimal.members(crate::MAX_SET)?.len()),
        // Branches may share values.
        Type::Union(branches) => {
            let mut sum = Cardinality { at_most: 0, exact: false };
            for branch in branches.iter().filter(|branch| !matches!(branch, Type::Union(_))) {
                sum.at_most = sum.at_most.saturating_add(of_type(branch, depth + 1)?.at_most);
            }
            sum
        }
        Type::Object(object) if matches!(object.rest, Rest::Closed) => {
            let mut product = Cardinality { at_most: 1, exact: object.count.is_none() };
            for slot in object.fields.values() {
                let values = of_type(&slot.value, depth + 1)?;
                let others = u64::from(slot.presence.null) + u64::from(slot.presence.absent);
                product.at_most = product.at_most.saturating_mul(values.at_most.saturating_add(others));
                product.exact &= values.exact;
            }
            product
        }
        _ => return None,
    })
}
