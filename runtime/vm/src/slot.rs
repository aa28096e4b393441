//! Slots: spans of the message with the kind of what stands there, row by row. Knows no paths and no meaning.

use crate::plan::Plan;

/// What stands at a place of the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Nothing.
    #[default]
    Absent,
    /// Null, there or on the way.
    Null,
    /// Something on the way is no record.
    Wrong,
    /// Text without a backslash; the span is between the quotes.
    Text,
    /// Text with escapes.
    Escaped,
    /// Number.
    Number,
    /// true
    True,
    /// false
    False,
    /// Record.
    Record,
    /// List; of a list that is read the span is first row and end row.
    List,
}

/// A span of the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: Kind,
}

/// The rows of one list: row `r` stands at `r * width`. The first slot of a row is waste: what nobody reads goes there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) slots: Vec<Slot>,
    pub(crate) width: usize,
    pub(crate) rows: u32,
}

impl Table {
    /// A new row with nothing in it; its first place.
    #[inline]
    pub(crate) fn add_row(&mut self) -> u32 {
        let base = self.slots.len();
        self.rows += 1;
        self.slots.resize(base + self.width, Slot::default());
        base as u32
    }

    /// The place of the last row; of the first one if there is none.
    pub(crate) fn last_row(&self) -> u32 {
        self.slots.len().saturating_sub(self.width) as u32
    }

    #[inline]
    pub(crate) fn put(&mut self, place: u32, slot: Slot) {
        if let Some(found) = self.slots.get_mut(place as usize) {
            *found = slot;
        }
    }
}

/// The rows of all lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub(crate) tables: Vec<Table>,
}

impl Store {
    #[cfg(test)]
    pub(crate) fn new(plan: &Plan) -> Store {
        let mut store = Store::default();
        store.fit(plan);
        store
    }

    /// Room for the rows of this plan.
    pub(crate) fn fit(&mut self, plan: &Plan) {
        if self.tables.len() < plan.lists.len() {
            self.tables.resize_with(plan.lists.len(), Table::default);
        }
        for (table, list) in self.tables.iter_mut().zip(&plan.lists) {
            table.width = list.width as usize;
        }
    }

    pub(crate) fn clear(&mut self) {
        for table in &mut self.tables {
            table.slots.clear();
            table.rows = 0;
        }
    }

    /// The rows of a list.
    pub(crate) fn table(&self, list: u32) -> &Table {
        static EMPTY: Table = Table { slots: Vec::new(), width: 0, rows: 0 };
        self.tables.get(list as usize).unwrap_or(&EMPTY)
    }

    /// Takes the rows of a list out; [`Store::give`] brings them back.
    pub(crate) fn take(&mut self, list: u32) -> Table {
        self.tables.get_mut(list as usize).map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn give(&mut self, list: u32, table: Table) {
        if let Some(place) = self.tables.get_mut(list as usize) {
            *place = table;
        }
    }

    /// The slot at this place of a table.
    #[inline(always)]
    pub(crate) fn get_at(&self, table: u32, place: usize) -> Slot {
        let table = self.tables.get(table as usize);
        table.and_then(|table| table.slots.get(place)).copied().unwrap_or_default()
    }

    pub(crate) fn get(&self, list: u32, row: u32, slot: u32) -> Slot {
        let table = self.table(list);
        table.slots.get(row as usize * table.width + slot as usize).copied().unwrap_or_default()
    }
}
