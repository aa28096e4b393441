//! Whether a type has any value at all, and how many it has where that is few.

use std::sync::Arc;

use crate::fits::Definitions;
use crate::shape::{Object, Slot, Type};

/// Larger types are taken to have values.
const MAX_STEPS: usize = 20_000;
/// Deeper types are taken to have values.
const MAX_DEPTH: usize = 150;

/// True unless the type surely has no value. Recursive names have values only if some value is finite.
pub(super) fn is_inhabited(value: &Type, definitions: &Definitions) -> bool {
    Search { definitions, open: Vec::new(), steps: 0 }.has_value(value, 0)
}

struct Search<'a> {
    definitions: &'a Definitions,
    open: Vec<Arc<str>>,
    steps: usize,
}

impl Search<'_> {
    fn has_value(&mut self, value: &Type, depth: usize) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS || depth > MAX_DEPTH {
            return true;
        }
        match value {
            Type::Named(name) => {
                if self.open.contains(name) {
                    return false;
                }
                let Some(known) = self.definitions.get(name) else {
                    return true;
                };
                self.open.push(name.clone());
                let found = self.has_value(known, depth + 1);
                self.open.pop();
                found
            }
            Type::Union(branches) => branches.iter().any(|branch| self.has_value(branch, depth + 1)),
            Type::List(list) => {
                !list.count.is_empty() && (list.count.min == 0 || self.has_present(&list.element, depth + 1))
            }
            Type::Object(object) => self.has_record(object, depth),
            other => !other.is_never(),
        }
    }

    fn has_present(&mut self, slot: &Slot, depth: usize) -> bool {
        slot.presence.null || self.has_value(&slot.value, depth)
    }

    fn has_record(&mut self, object: &Object, depth: usize) -> bool {
        !object.field_count().is_empty()
            && object.fields.values().all(|slot| slot.presence.absent || self.has_present(slot, depth + 1))
    }
}

/// The number of values that may stand at a list position, where that is finite and easy to count.
pub(super) fn cardinality(slot: &Slot) -> Option<u64> {
    let values = match &slot.value {
        Type::Never => 0,
        Type::Bool { may_be_true, may_be_false } => u64::from(*may_be_true) + u64::from(*may_be_false),
        Type::Text(text) => text.members(crate::MAX_SET)?.len() as u64,
        Type::Decimal(decimal) => decimal.members(crate::MAX_SET)?.len() as u64,
        _ => return None,
    };
    Some(values + u64::from(slot.presence.null))
}
