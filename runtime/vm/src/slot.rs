//! Slots: spans of the message with the kind of what stands there, row by row. Knows no paths and no meaning.

use crate::plan::Plan;

/// What stands at a place of the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// The rows of one list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) slots: Vec<Slot>,
    pub(crate) width: usize,
    pub(crate) rows: u32,
}

/// The rows of all lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub(crate) tables: Vec<Table>,
    /// Rows of all lists together.
    pub(crate) rows: usize,
}

impl Store {
    pub(crate) fn new(plan: &Plan) -> Store {
        let table = |width: u32| Table { slots: Vec::new(), width: width as usize, rows: 0 };
        Store { tables: plan.lists.iter().map(|list| table(list.width)).collect(), rows: 0 }
    }

    pub(crate) fn clear(&mut self) {
        for table in &mut self.tables {
            table.slots.clear();
            table.rows = 0;
        }
        self.rows = 0;
    }

    /// A new row with nothing in it.
    pub(crate) fn add_row(&mut self, list: u32) -> u32 {
        self.rows += 1;
        let Some(table) = self.tables.get_mut(list as usize) else { return 0 };
        let row = table.rows;
        table.rows += 1;
        table.slots.resize(table.slots.len() + table.width, Slot::default());
        row
    }

    pub(crate) fn set(&mut self, list: u32, row: u32, slot: u32, value: Slot) {
        if let Some(table) = self.tables.get_mut(list as usize)
            && let Some(place) = table.slots.get_mut(row as usize * table.width + slot as usize)
        {
            *place = value;
        }
    }

    pub(crate) fn rows_of(&self, list: u32) -> u32 {
        self.tables.get(list as usize).map_or(0, |table| table.rows)
    }

    /// The slot at this place of a table.
    #[inline(always)]
    pub(crate) fn get_at(&self, table: u32, place: usize) -> Slot {
        let table = self.tables.get(table as usize);
        table.and_then(|table| table.slots.get(place)).copied().unwrap_or_default()
    }

    pub(crate) fn get(&self, list: u32, row: u32, slot: u32) -> Slot {
        self.tables
            .get(list as usize)
            .and_then(|table| table.slots.get(row as usize * table.width + slot as usize))
            .copied()
            .unwrap_or_default()
    }
}
