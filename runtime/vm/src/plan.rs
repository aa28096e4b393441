//! The ingest plan: where in a message the values stand that the map reads, as one tree of keys per list. Knows what is
//! read, not what for; nothing in it belongs to one tenant, so that programs which read the same may share one.

use std::collections::BTreeMap;

use mapc_bytecode::Module;

use crate::index::prefetch;

pub(crate) use keys::{EMPTY, Keys, Target, place};

mod keys;

/// No entry.
pub(crate) const NONE: u32 = u32::MAX;

/// The slot of a row for values that nobody reads.
pub(crate) const WASTE: u32 = 0;

/// A place in a message that the map reads or passes on the way, if more than a plain value may stand there.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The list whose rows stand here; [`NONE`] if no list is read here.
    pub(crate) list: u32,
    /// Its keys in [`Plan::keys`]; [`EMPTY`] if it has none.
    pub(crate) keys: u32,
    /// Slots of the row below this place, itself not included.
    pub(crate) below: Vec<u32>,
}

/// A list of the source.
#[derive(Clone, Debug)]
pub(crate) struct ListPlan {
    /// The place of a row; [`NONE`] if a row is nothing but a plain value.
    pub(crate) node: u32,
    /// The slot of a row itself.
    pub(crate) itself: u32,
    /// Slots of a row, the wasted one included.
    pub(crate) width: u32,
    /// The slot of the parent's row where the list stands.
    pub(crate) slot: u32,
    /// Whose rows it uses: its own, or those of an earlier list at the same place.
    pub(crate) table: u32,
}

/// Everything ingest needs.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) nodes: Vec<Node>,
    /// The keys of each record; those of [`EMPTY`] are none.
    pub(crate) keys: Vec<Keys>,
    pub(crate) lists: Vec<ListPlan>,
    /// Slot of each source field in the row of its list.
    pub(crate) fields: Vec<u32>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan { nodes: Vec::new(), keys: vec![Keys::default()], lists: Vec::new(), fields: Vec::new() }
    }
}

/// The tree while it grows.
#[derive(Default)]
struct Growing {
    slot: Option<u32>,
    list: Option<usize>,
    children: BTreeMap<String, Growing>,
}

impl Growing {
    fn at(&mut self, path: &[String]) -> &mut Growing {
        let Some((name, rest)) = path.split_first() else { return self };
        self.children.entry(name.clone()).or_default().at(rest)
    }

    fn slot(&mut self, width: &mut u32) -> u32 {
        *self.slot.get_or_insert_with(|| {
            let slot = *width;
            *width += 1;
            slot
        })
    }
}

/// A tree that is laid down.
struct Settled {
    node: u32,
    slot: u32,
    /// Slots at or below it.
    slots: Vec<u32>,
}

impl Plan {
    /// The plan of a verified module. Several source lists at one place share their rows.
    pub(crate) fn new(module: &Module) -> Plan {
        let mut trees: Vec<(Growing, u32)> = Vec::new();
        let mut lists = Vec::new();
        // Lists that stand at the same place as an earlier one use its tree.
        let mut same: Vec<usize> = Vec::new();
        for (index, list) in module.source_lists.iter().enumerate() {
            let mut slot = NONE;
            let mut tree = index;
            if let Some(parent) = list.parent
                && let Some(parent) = same.get(parent as usize).copied()
                && let Some((growing, width)) = trees.get_mut(parent)
            {
                let place = growing.at(&list.path);
                slot = place.slot(width);
                tree = *place.list.get_or_insert(index);
            }
            same.push(tree);
            trees.push((Growing::default(), WASTE + 1));
            lists.push(ListPlan { node: NONE, itself: WASTE, width: 0, slot, table: tree as u32 });
        }
        let mut fields = Vec::new();
        for field in &module.source_fields {
            let tree = same.get(field.list as usize).copied().unwrap_or_default();
            let slot = trees.get_mut(tree).map(|(growing, width)| growing.at(&field.path).slot(width));
            fields.push(slot.unwrap_or(NONE));
        }
        let mut plan = Plan { fields, ..Plan::default() };
        for ((tree, width), list) in trees.into_iter().zip(&mut lists) {
            let settled = plan.settle(tree);
            list.width = width;
            list.node = settled.node;
            list.itself = settled.slot;
        }
        // Shared rows: the later list takes node and width of the earlier one.
        for (index, tree) in same.into_iter().enumerate() {
            let shared = lists.get(tree).map(|list| (list.node, list.itself, list.width));
            if let (Some(list), Some((node, itself, width))) = (lists.get_mut(index), shared) {
                list.node = node;
                list.itself = itself;
                list.width = width;
            }
        }
        plan.lists = lists;
        plan
    }

    /// Lays a tree down.
    fn settle(&mut self, tree: Growing) -> Settled {
        let mut below = Vec::new();
        let mut children = Vec::new();
        for (name, child) in tree.children {
            let child = self.settle(child);
            below.extend_from_slice(&child.slots);
            children.push((name.into_bytes().into_boxed_slice(), child.slot, child.node));
        }
        let slot = tree.slot.unwrap_or(WASTE);
        let mut slots = below.clone();
        slots.extend(tree.slot);
        if children.is_empty() && tree.list.is_none() {
            return Settled { node: NONE, slot, slots };
        }
        let mut keys = EMPTY;
        if !children.is_empty() {
            keys = self.keys.len() as u32;
            self.keys.push(Keys::new(children));
        }
        let list = tree.list.map_or(NONE, |list| list as u32);
        self.nodes.push(Node { list, keys, below });
        Settled { node: (self.nodes.len() - 1) as u32, slot, slots }
    }

    /// Calls for its memory ahead of a message.
    pub(crate) fn prefetch(&self) {
        prefetch(&self.keys);
        prefetch(&self.nodes);
        prefetch(&self.lists);
        for keys in &self.keys {
            prefetch(&keys.entries);
        }
    }

    #[inline]
    pub(crate) fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }

    /// The keys of a record, or none.
    #[inline]
    pub(crate) fn keys(&self, index: u32) -> &Keys {
        static NO_KEYS: Keys = Keys::none();
        self.keys.get(index as usize).unwrap_or(&NO_KEYS)
    }
}
