//! Comparing records: declared fields, undeclared fields, number of fields.

use std::sync::Arc;

use super::{All, Comparison, Fit, Gap, PathStep};
use crate::language::Language;
use crate::planted::{Lie, is_on};
use crate::shape::{Object, Presence, Rest, Slot, Type};

impl Comparison<'_> {
    pub(super) fn records(&mut self, a: &Object, b: &Object) -> Fit {
        let tightened = self.without_impossible(a);
        let a = tightened.as_ref().unwrap_or(a);
        let mut all = All(Fit::Yes);
        for (name, limit) in &b.fields {
            let fit = self.field(&a.slot(name), limit, name);
            if !all.add(fit) {
                return all.0;
            }
        }
        for (name, slot) in &a.fields {
            if b.fields.contains_key(name) {
                continue;
            }
            let fit = self.undeclared(name, slot, &b.rest);
            if !all.add(fit) {
                return all.0;
            }
        }
        if !all.add(self.rest(a, b)) {
            return all.0;
        }
        if let Some(limit) = b.count {
            let allows = a.field_count();
            if !allows.within(limit) {
                let real = a.count.is_none() || matches!(a.rest, Rest::Open | Rest::Closed);
                let gap = Gap::FieldCount { allows, limit };
                all.add(if real { Fit::no(gap) } else { Fit::unknown("the number of fields") });
            }
        }
        all.0
    }

    /// Optional fields without a possible value are absent; where the number of fields leaves no room for optional
    /// fields they are absent too, and where it needs all of them they are required. `None`: nothing to change.
    fn without_impossible(&mut self, a: &Object) -> Option<Object> {
        let mut changed = a.clone();
        let mut any = false;
        for slot in changed.fields.values_mut() {
            let idle = slot.presence.absent && !slot.presence.null && !matches!(slot.value, Type::Never);
            if idle && matches!(slot.value, Type::Union(_) | Type::Object(_) | Type::Named(_) | Type::List(_))
            {
                // Looked at only where it can matter: a misfit below is checked by `field`.
                continue;
            }
            if idle && slot.value.is_never() {
                slot.value = Type::Never;
                any = true;
            }
        }
        if let Some(limit) = a.count {
            let required = changed.fields.values().filter(|slot| !slot.presence.absent).count() as u64;
            let possible = changed
                .fields
                .values()
                .filter(|slot| slot.presence.null || !matches!(slot.value, Type::Never))
                .count() as u64;
            if limit.max.is_some_and(|max| max <= required) {
                any = true;
                changed.rest = Rest::Closed;
                for slot in changed.fields.values_mut().filter(|slot| slot.presence.absent) {
                    *slot = Slot { presence: Presence::OPTIONAL, value: Type::Never };
                }
            } else if matches!(changed.rest, Rest::Closed) && limit.min >= possible {
                any = true;
                for slot in changed.fields.values_mut() {
                    if slot.presence.null || !matches!(slot.value, Type::Never) {
                        slot.presence.absent = false;
                    }
                }
            }
        }
        any.then_some(changed)
    }

    fn field(&mut self, slot: &Slot, limit: &Slot, name: &Arc<str>) -> Fit {
        if slot.presence.absent && !limit.presence.absent && !is_on(Lie::FitsAbsentRequired) {
            return Fit::no(Gap::MissingRequired(name.clone())).below(PathStep::Field(name.clone()));
        }
        self.present(slot, limit).below(PathStep::Field(name.clone()))
    }

    /// A field that only the left side declares.
    fn undeclared(&mut self, name: &Arc<str>, slot: &Slot, rest: &Rest) -> Fit {
        let step = PathStep::Field(name.clone());
        let never_there = |this: &mut Self| !slot.presence.null && !this.has_values(&slot.value);
        match rest {
            Rest::Closed if is_on(Lie::FitsUndeclared) => Fit::Yes,
            Rest::Open => Fit::Yes,
            Rest::Closed if never_there(self) => Fit::Yes,
            Rest::Closed => Fit::no(Gap::Undeclared(name.clone())).below(step),
            Rest::Typed(_, Some(names)) if !names.contains(name) => {
                if never_there(self) {
                    Fit::Yes
                } else {
                    Fit::no(Gap::FieldName(name.to_string())).below(step)
                }
            }
            Rest::Typed(limit, _) => self.present(slot, limit).below(step),
        }
    }

    /// Fields that neither side declares.
    fn rest(&mut self, a: &Object, b: &Object) -> Fit {
        let (slot, names) = match &a.rest {
            Rest::Closed => return Fit::Yes,
            Rest::Open => (Slot::anything(), None),
            Rest::Typed(slot, names) => (slot.as_ref().clone(), names.clone()),
        };
        if !slot.presence.null && !self.has_values(&slot.value) {
            return Fit::Yes;
        }
        // Names that can stand in the rest of both sides.
        let declared = a.fields.keys().chain(b.fields.keys()).map(|name| name.as_ref());
        let names = names.unwrap_or_else(Language::any);
        let free = Language::of_set(declared).and_then(|declared| names.difference(&declared));
        if free.as_ref().is_some_and(Language::is_empty) {
            return Fit::Yes;
        }
        // No name of an infinite language is used up by the declared fields.
        let real = free.is_some() || names.length().max.is_none();
        let answer = match &b.rest {
            Rest::Open => Fit::Yes,
            Rest::Closed => Fit::no(Gap::UndeclaredFields),
            Rest::Typed(limit, allowed) => {
                let free = free.unwrap_or(names);
                let outside = match allowed {
                    None => Some(true),
                    Some(allowed) => free.is_subset(allowed),
                };
                match (outside, allowed) {
                    (Some(false), Some(allowed)) => {
                        let example = free.example_outside(allowed).unwrap_or_default();
                        Fit::no(Gap::FieldName(example))
                    }
                    (None, _) => Fit::unknown("the names of undeclared fields"),
                    _ => self.present(&slot, limit),
                }
            }
        };
        match answer {
            Fit::No(_) if !real => Fit::unknown("the names of undeclared fields"),
            other => other.below(PathStep::Rest),
        }
    }
}
