//! Walks over rows: of the source, collected, grouped, sorted.

use mapc_bytecode::{Cursor, Failure, Label, Pick, Predicate, Register};

use super::{Done, End, Run, texts};
use crate::slot::Kind;
use crate::value::Key;

/// What a walk goes over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Over {
    /// Rows of the source: places are rows.
    #[default]
    Rows,
    /// The cursor's collected rows: places are entries.
    Collected,
    /// Rows of the group another cursor stands on: places are members.
    Group(u16),
}

/// Where a cursor stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CursorState {
    /// The row.
    pub(crate) row: u32,
    /// Where its slots start.
    pub(crate) base: usize,
    /// Rows kept so far.
    pub(crate) position: u64,
    over: Over,
    place: u32,
    end: u32,
    /// Texts made before the walk.
    mark: usize,
}

/// A collected row or group.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    key: Key,
    /// Its rows among the members.
    first: u32,
    count: u32,
}

/// Collected rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collection {
    entries: Vec<Entry>,
    members: Vec<u32>,
    order: Vec<u32>,
    old_entries: Vec<Entry>,
    old_members: Vec<u32>,
}

impl Run<'_> {
    pub(super) fn cursor(&self, cursor: Cursor) -> CursorState {
        self.machine.cursors.get(cursor.index()).copied().unwrap_or_default()
    }

    fn collection(&self, cursor: Cursor) -> Option<&Collection> {
        self.machine.collections.get(cursor.index())
    }

    /// Starts a walk over places, or goes behind it when there are none.
    fn start(&mut self, cursor: Cursor, over: Over, places: (u32, u32), end: Label) -> Done {
        if places.0 >= places.1 {
            self.jump(end);
            return Ok(());
        }
        let mark = self.machine.arena.len();
        if let Some(state) = self.machine.cursors.get_mut(cursor.index()) {
            *state = CursorState { row: 0, base: 0, position: 0, over, place: places.0, end: places.1, mark };
        }
        self.stand(cursor);
        Ok(())
    }

    /// The row of the current place.
    fn stand(&mut self, cursor: Cursor) {
        let state = self.cursor(cursor);
        let member = |collection: Option<&Collection>, member: u32| {
            collection.and_then(|it| it.members.get(member as usize)).copied().unwrap_or_default()
        };
        let row = match state.over {
            Over::Rows => state.place,
            Over::Collected => {
                let collection = self.collection(cursor);
                let entry = collection.and_then(|it| it.entries.get(state.place as usize));
                member(collection, entry.map_or(0, |entry| entry.first))
            }
            Over::Group(group) => member(self.collection(Cursor(group)), state.place),
        };
        let width = self.prepared.widths.get(cursor.index()).copied().unwrap_or_default();
        if let Some(state) = self.machine.cursors.get_mut(cursor.index()) {
            state.row = row;
            state.base = row as usize * width;
        }
    }

    pub(super) fn each_row(&mut self, cursor: Cursor, end: Label) -> Done {
        let prepared = self.prepared;
        let module = &prepared.module;
        let Some(shape) = module.cursors.get(cursor.index()) else { return Ok(()) };
        let lists =
            (module.source_lists.get(shape.list as usize), prepared.plan.lists.get(shape.list as usize));
        let (Some(list), Some(plan)) = lists else { return Ok(()) };
        let parent = module.cursors.get(shape.parent.index()).map_or(0, |parent| parent.list);
        let table = prepared.plan.lists.get(parent as usize).map_or(0, |parent| parent.table);
        let slot = self.store.get(table, self.cursor(shape.parent).row, plan.slot);
        let refused = Err(End::reject(list.reason));
        let predicates = list.facts.iter().filter_map(|fact| module.predicates.get(fact.index()));
        match slot.kind {
            Kind::Absent | Kind::Null => {
                let null_is_wrong = slot.kind == Kind::Null && !list.nullable;
                if null_is_wrong || predicates.into_iter().any(|it| *it == Predicate::Present) {
                    return refused;
                }
                self.jump(end);
                Ok(())
            }
            Kind::List => {
                let count = u64::from(slot.end.saturating_sub(slot.start));
                for predicate in predicates {
                    if let Predicate::Count { min, max } = predicate
                        && (count < *min || max.is_some_and(|max| count > max))
                    {
                        return refused;
                    }
                }
                self.start(cursor, Over::Rows, (slot.start, slot.end), end)
            }
            _ => refused,
        }
    }

    pub(super) fn each_collected(&mut self, cursor: Cursor, end: Label) -> Done {
        let count = self.collection(cursor).map_or(0, |it| it.entries.len()) as u32;
        self.start(cursor, Over::Collected, (0, count), end)
    }

    pub(super) fn each_in_group(&mut self, cursor: Cursor, group: Cursor, end: Label) -> Done {
        let place = self.cursor(group).place as usize;
        let entry = self.collection(group).and_then(|it| it.entries.get(place)).copied().unwrap_or_default();
        self.start(cursor, Over::Group(group.0), (entry.first, entry.first + entry.count), end)
    }

    pub(super) fn pick_row(&mut self, cursor: Cursor, pick: Pick, end: Label, failure: Failure) -> Done {
        let count = self.collection(cursor).map_or(0, |it| it.entries.len()) as u32;
        let place = match pick {
            Pick::Only if count > 1 => return self.fail(failure),
            Pick::First | Pick::Only => 0,
            Pick::Last => count.saturating_sub(1),
        };
        self.start(cursor, Over::Collected, (place, count.min(place + 1)), end)?;
        if let Some(state) = self.machine.cursors.get_mut(cursor.index()) {
            state.position = 1;
        }
        Ok(())
    }

    pub(super) fn next_row(&mut self, cursor: Cursor, body: Label, release: bool) -> Done {
        let Some(state) = self.machine.cursors.get_mut(cursor.index()) else { return Ok(()) };
        if release {
            self.machine.arena.truncate(state.mark);
        }
        state.place += 1;
        if state.place < state.end {
            self.stand(cursor);
            self.charge_steps(self.next.saturating_sub(body.index()))?;
            self.jump(body);
        }
        Ok(())
    }

    pub(super) fn keep_row(&mut self, cursor: Cursor) -> Done {
        if let Some(state) = self.machine.cursors.get_mut(cursor.index()) {
            state.position += 1;
        }
        Ok(())
    }

    pub(super) fn clear_rows(&mut self, cursor: Cursor) -> Done {
        if let Some(collection) = self.machine.collections.get_mut(cursor.index()) {
            collection.entries.clear();
            collection.members.clear();
        }
        Ok(())
    }

    pub(super) fn collect(&mut self, cursor: Cursor, key: Key) -> Done {
        let row = self.cursor(cursor).row;
        if let Some(collection) = self.machine.collections.get_mut(cursor.index()) {
            let first = collection.members.len() as u32;
            collection.members.push(row);
            collection.entries.push(Entry { key, first, count: 1 });
        }
        Ok(())
    }

    pub(super) fn set_key(&mut self, cursor: Cursor, key: Register) -> Done {
        let place = self.cursor(cursor).place as usize;
        let key = self.key(key);
        let collection = self.machine.collections.get_mut(cursor.index());
        if let Some(entry) = collection.and_then(|it| it.entries.get_mut(place)) {
            entry.key = key;
        }
        Ok(())
    }

    /// Entries in the order of their keys, equal ones in the order they have; `descending` turns present keys around.
    fn order(&mut self, cursor: Cursor, descending: bool) -> Done {
        let count = self.collection(cursor).map_or(0, |it| it.entries.len());
        self.charge(count.saturating_mul(64 * 4))?;
        let texts = texts!(self);
        let Some(collection) = self.machine.collections.get_mut(cursor.index()) else { return Ok(()) };
        let entries = &collection.entries;
        collection.order.clear();
        collection.order.extend(0..count as u32);
        collection.order.sort_unstable_by(|left, right| {
            let key = |index: &u32| entries.get(*index as usize).map_or(Key::Missing, |entry| entry.key);
            let (one, other) = (key(left), key(right));
            let mut order = one.compare(other, |span| texts.get(span));
            if descending && !one.is_missing() && !other.is_missing() {
                order = order.reverse();
            }
            order.then(left.cmp(right))
        });
        Ok(())
    }

    pub(super) fn sort_rows(&mut self, cursor: Cursor, descending: bool) -> Done {
        self.order(cursor, descending)?;
        let Some(collection) = self.machine.collections.get_mut(cursor.index()) else { return Ok(()) };
        collection.old_entries.clear();
        collection.old_entries.append(&mut collection.entries);
        for index in &collection.order {
            collection.entries.extend(collection.old_entries.get(*index as usize));
        }
        Ok(())
    }

    pub(super) fn group_rows(&mut self, cursor: Cursor) -> Done {
        self.order(cursor, false)?;
        let texts = texts!(self);
        let Some(collection) = self.machine.collections.get_mut(cursor.index()) else { return Ok(()) };
        collection.old_entries.clear();
        collection.old_entries.append(&mut collection.entries);
        collection.old_members.clear();
        collection.old_members.append(&mut collection.members);
        // Neighbours with equal keys are one group; its rows stand together, in the order of the source.
        let mut last: Option<Key> = None;
        for index in &collection.order {
            let Some(entry) = collection.old_entries.get(*index as usize) else { continue };
            let member = collection.members.len() as u32;
            let row = collection.old_members.get(entry.first as usize).copied().unwrap_or_default();
            collection.members.push(row);
            let same = last.is_some_and(|last| last.compare(entry.key, |span| texts.get(span)).is_eq());
            last = Some(entry.key);
            match collection.entries.last_mut() {
                Some(group) if same => group.count += 1,
                _ => collection.entries.push(Entry { key: Key::Missing, first: member, count: 1 }),
            }
        }
        // In order of first appearance: rows were collected in ascending order of appearance.
        let members = &collection.members;
        collection.order.clear();
        let appearance = |entry: &Entry| members.get(entry.first as usize).copied().unwrap_or_default();
        collection.entries.sort_unstable_by_key(appearance);
        Ok(())
    }
}
