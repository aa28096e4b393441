//! The ingest plan: where in a message the values stand that the map reads, as one tree of keys per list. Knows what is
//! read, not what for.

use std::collections::BTreeMap;

use mapc_bytecode::Module;

/// No entry.
pub(crate) const NONE: u32 = u32::MAX;

/// A place in a message that the map reads or passes on the way.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where its value goes in the row; [`NONE`] for a place on the way.
    pub(crate) slot: u32,
    /// The list whose rows stand here; [`NONE`] if no list is read here.
    pub(crate) list: u32,
    /// Keys below, hashed.
    keys: Vec<u32>,
    mask: u32,
    /// First of its keys in [`Plan::keys`], and how many.
    pub(crate) first: u32,
    pub(crate) count: u32,
    /// Slots of the row below this place, itself not included.
    pub(crate) below: Vec<u32>,
}

/// A key and the place under it.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    text: Box<[u8]>,
    pub(crate) node: u32,
}

/// A list of the source.
#[derive(Clone, Debug)]
pub(crate) struct ListPlan {
    /// The place of a row.
    pub(crate) node: u32,
    /// Slots of a row.
    pub(crate) width: u32,
    /// The slot of the parent's row where the list stands.
    pub(crate) slot: u32,
    /// Whose rows it uses: its own, or those of an earlier list at the same place.
    pub(crate) table: u32,
}

/// Everything ingest needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) nodes: Vec<Node>,
    pub(crate) keys: Vec<Key>,
    pub(crate) lists: Vec<ListPlan>,
    /// Slot of each source field in the row of its list.
    pub(crate) fields: Vec<u32>,
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
            trees.push((Growing::default(), 0));
            lists.push(ListPlan { node: NONE, width: 0, slot, table: tree as u32 });
        }
        let mut fields = Vec::new();
        for field in &module.source_fields {
            let tree = same.get(field.list as usize).copied().unwrap_or_default();
            let slot = trees.get_mut(tree).map(|(growing, width)| growing.at(&field.path).slot(width));
            fields.push(slot.unwrap_or(NONE));
        }
        let mut plan = Plan { fields, ..Plan::default() };
        for ((tree, width), list) in trees.into_iter().zip(&mut lists) {
            list.width = width;
            list.node = plan.settle(tree).0;
        }
        // Shared rows: the later list takes node and width of the earlier one.
        for (index, tree) in same.into_iter().enumerate() {
            let shared = lists.get(tree).map(|list| (list.node, list.width));
            if let (Some(list), Some((node, width))) = (lists.get_mut(index), shared) {
                list.node = node;
                list.width = width;
            }
        }
        plan.lists = lists;
        plan
    }

    /// Lays a tree down; gives its place and all slots at or below it.
    fn settle(&mut self, tree: Growing) -> (u32, Vec<u32>) {
        let mut below = Vec::new();
        let mut keys = Vec::new();
        for (name, child) in tree.children {
            let (node, slots) = self.settle(child);
            below.extend(slots);
            keys.push(Key { text: name.into_bytes().into_boxed_slice(), node });
        }
        let first = self.keys.len() as u32;
        let count = keys.len() as u32;
        // Twice as many places as keys, so that a search ends soon.
        let size = (count * 2).next_power_of_two();
        let mask = size - 1;
        let mut places = vec![NONE; size as usize];
        for (offset, key) in (0u32..).zip(&keys) {
            let mut place = hash(&key.text) & mask;
            while let Some(taken) = places.get_mut(place as usize) {
                if *taken == NONE {
                    *taken = first + offset;
                    break;
                }
                place = (place + 1) & mask;
            }
        }
        self.keys.extend(keys);
        let mut all = below.clone();
        all.extend(tree.slot);
        self.nodes.push(Node {
            slot: tree.slot.unwrap_or(NONE),
            list: tree.list.map_or(NONE, |list| list as u32),
            keys: places,
            mask,
            first,
            count,
            below,
        });
        ((self.nodes.len() - 1) as u32, all)
    }

    pub(crate) fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }

    /// The entry of a key below a place, in [`Plan::keys`].
    pub(crate) fn find(&self, node: &Node, key: &[u8]) -> Option<(u32, &Key)> {
        if node.count == 0 {
            return None;
        }
        let mut place = hash(key) & node.mask;
        loop {
            let index = *node.keys.get(place as usize)?;
            let candidate = self.keys.get(index as usize)?;
            if *candidate.text == *key {
                return Some((index, candidate));
            }
            place = (place + 1) & node.mask;
        }
    }
}

/// First four bytes, last four bytes and length.
fn hash(key: &[u8]) -> u32 {
    let (first, last) = match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
        (Some(first), Some(last)) => (u32::from_le_bytes(*first), u32::from_le_bytes(*last)),
        _ => (key.iter().fold(0u32, |all, byte| (all << 8) | u32::from(*byte)), 0),
    };
    let mixed = (u64::from(first) ^ (u64::from(last) << 32) ^ ((key.len() as u64) << 24))
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}
