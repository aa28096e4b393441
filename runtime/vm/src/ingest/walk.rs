//! The walk over a message: structure, keys and values, one member after the other. No recursion, no values; the same
//! code in every lane, which differ only in how the end of a text is found.

use super::escape::unescape;
use super::scalar::{byte, four, is_blank, number, rest_of_text, skip_blank, word};
use super::{Fault, Task};
use crate::index::{Specials, chunk};
use crate::plan::{ANY, EMPTY, Keys, NONE, Plan, WASTE, place};
use crate::slot::{Kind, Slot, Table};

/// What is kept from message to message.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffers {
    frames: Vec<Frame>,
    /// For records with many keys: a bit for each key of the open ones.
    seen: Vec<u64>,
    key: Vec<u8>,
}

/// What stands around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Around {
    Nothing,
    Record,
    List,
}

/// What is open while a record or list inside it is read.
#[derive(Clone, Copy, Debug)]
struct Frame {
    around: Around,
    level: Level,
    /// The list whose rows are filled, and the first place of the row.
    list: u32,
    row: u32,
    /// Where the record or list that is read now stands in that row.
    place: u32,
}

/// What is known of an open record or list.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// Of a record: its keys. Of a list that is read: the list; else [`NONE`].
    what: u32,
    /// Of a list that is read: its first row. Of a record with many keys: its first word of seen keys.
    mark: u32,
    /// Keys seen in a record.
    seen: u64,
}

/// Two bytes that never are equal to two bytes of the message.
const NEVER: u32 = 0x1_0000;
/// A comma and a quote.
const COMMA_QUOTE: u32 = u16::from_le_bytes(*b",\"") as u32;
const QUOTE_COLON: u16 = u16::from_le_bytes(*b"\":");

/// For each length the bytes of a key in sixteen bytes.
static MASKS: [[u64; 2]; 17] = masks();

const fn masks() -> [[u64; 2]; 17] {
    let mut masks = [[0; 2]; 17];
    let mut rest: &mut [[u64; 2]] = &mut masks;
    let mut length = 0;
    while let Some((mask, longer)) = rest.split_first_mut() {
        *mask = match length {
            0 => [0, 0],
            1..8 => [u64::MAX >> (64 - length * 8), 0],
            8 => [u64::MAX, 0],
            _ => [u64::MAX, u64::MAX >> (128 - length * 8)],
        };
        rest = longer;
        length += 1;
    }
    masks
}

/// Reads a message that is known to be UTF-8.
#[inline(always)]
pub(super) fn walk<S: Specials>(task: Task<'_>, specials: S) -> Result<(), Fault> {
    let Task { bytes, from, to, plan, bounds, store, buffers } = task;
    buffers.frames.clear();
    buffers.seen.clear();
    let mut at = from as u32;
    let mut room = Room {
        of_list: bounds.list_rows,
        // The message itself is a row.
        of_all: bounds.list_rows.saturating_mul(16).saturating_sub(1),
        too_many: false,
    };

    // The rows that are filled, and the one among them.
    let mut list = 0;
    let mut table = store.take(list);
    let mut row = table.add_row();

    // The value that is read next: its slot in the row, and the place below.
    let root = plan.lists.first();
    let mut slot = row + root.map_or(WASTE, |list| list.itself);
    let mut node = root.map_or(NONE, |list| list.node);

    // What is open.
    let mut around = Around::Nothing;
    let mut expected = NEVER;
    let mut level = Level { what: EMPTY, mark: 0, seen: 0 };
    let mut keys: &Keys = plan.keys(EMPTY);

    let mut duplicates = 0u64;

    let mut first = byte(bytes, at);
    let verdict = 'values: loop {
        'member: {
            // A value: what it is, where it ends, and the bytes behind it.
            let mut rest;
            if first == b'"' {
                let start = at + 1;
                let mut end = specials.next(bytes, start);
                let mut kind = Kind::Text;
                let Ok(mut tail) = four(bytes, end) else { break 'values Err(Fault::NotJson) };
                if tail as u8 != b'"' {
                    end = match rest_of_text(bytes, end, specials) {
                        Ok(end) => end,
                        Err(fault) => break 'values Err(fault),
                    };
                    kind = Kind::Escaped;
                    let Ok(four) = four(bytes, end) else { break 'values Err(Fault::NotJson) };
                    tail = four;
                }
                table.put(slot, Slot { start, end, kind });
                if node != NONE {
                    spoil(plan, node, &mut table, row, Kind::Wrong);
                }
                at = end + 1;
                rest = tail >> 8;
            } else if first == b'{' {
                if buffers.frames.len() >= bounds.depth {
                    break 'values Err(Fault::Depth);
                }
                table.put(slot, Slot { start: at, end: at, kind: Kind::Record });
                buffers.frames.push(Frame { around, level, list, row, place: slot });
                let what = plan.node(node).map_or(EMPTY, |node| node.keys);
                level = Level { what, mark: 0, seen: 0 };
                keys = plan.keys(what);
                if !keys.is_small {
                    level.mark = buffers.seen.len() as u32;
                    buffers.seen.resize(buffers.seen.len() + keys.entries.len().div_ceil(64), 0);
                }
                around = Around::Record;
                expected = COMMA_QUOTE;
                at += 1;
                let mut next = byte(bytes, at);
                if is_blank(next) {
                    at = skip_blank(bytes, at);
                    next = byte(bytes, at);
                }
                if next == b'"' {
                    at += 1;
                    break 'member;
                }
                if next != b'}' {
                    break 'values Err(Fault::NotJson);
                }
                rest = u32::from(next);
            } else if first == b'[' {
                if buffers.frames.len() >= bounds.depth {
                    break 'values Err(Fault::Depth);
                }
                table.put(slot, Slot { start: 0, end: 0, kind: Kind::List });
                let below = plan.node(node);
                if below.is_some() {
                    spoil(plan, node, &mut table, row, Kind::Wrong);
                }
                buffers.frames.push(Frame { around, level, list, row, place: slot });
                level = Level { what: NONE, mark: 0, seen: 0 };
                if let Some(below) = below.map(|node| node.list).filter(|list| *list != NONE) {
                    store.give(list, table);
                    table = store.take(below);
                    list = below;
                    level.what = below;
                    level.mark = table.rows;
                }
                around = Around::List;
                expected = NEVER;
                at = skip_blank(bytes, at + 1);
                first = byte(bytes, at);
                if first != b']' {
                    (slot, node) = (row + WASTE, NONE);
                    if level.what != NONE {
                        row = element(&mut table, level.mark, &mut room);
                        (slot, node) = below_list(plan, level.what, row);
                    }
                    continue 'values;
                }
                rest = u32::from(first);
            } else {
                let start = at;
                let kind;
                let end = match first {
                    b'0'..=b'9' | b'-' => {
                        kind = Kind::Number;
                        number(bytes, at)
                    }
                    b'n' => {
                        kind = Kind::Null;
                        word(bytes, at, b"null")
                    }
                    b't' => {
                        kind = Kind::True;
                        word(bytes, at, b"true")
                    }
                    b'f' => {
                        kind = Kind::False;
                        word(bytes, at + 1, b"alse")
                    }
                    _ => {
                        if is_blank(first) {
                            at = skip_blank(bytes, at);
                            first = byte(bytes, at);
                            if !is_blank(first) {
                                continue 'values;
                            }
                        }
                        break 'values Err(Fault::NotJson);
                    }
                };
                at = match end {
                    Ok(end) => end,
                    Err(fault) => break 'values Err(fault),
                };
                table.put(slot, Slot { start, end: at, kind });
                if node != NONE {
                    // A row itself must be a record; a null further down ends the way.
                    let is_null = kind == Kind::Null && around == Around::Record;
                    spoil(plan, node, &mut table, row, if is_null { Kind::Null } else { Kind::Wrong });
                }
                let Ok(four) = four(bytes, at) else { break 'values Err(Fault::NotJson) };
                rest = four;
            }

            // Behind a value: the next member or element, or the end of what is open.
            loop {
                if rest & 0xFFFF == expected {
                    at += 2;
                    break 'member;
                }
                let mut next = rest as u8;
                if is_blank(next) {
                    at = skip_blank(bytes, at);
                    next = byte(bytes, at);
                }
                match around {
                    Around::Record if next == b',' => {
                        at = skip_blank(bytes, at + 1);
                        if byte(bytes, at) != b'"' {
                            break 'values Err(Fault::NotJson);
                        }
                        at += 1;
                        break 'member;
                    }
                    Around::Record if next == b'}' => {
                        if !keys.is_small {
                            buffers.seen.truncate(level.mark as usize);
                        }
                        let Some(frame) = buffers.frames.pop() else { break 'values Err(Fault::NotJson) };
                        Frame { around, level, .. } = frame;
                    }
                    Around::List if next == b',' => {
                        at = skip_blank(bytes, at + 1);
                        first = byte(bytes, at);
                        (slot, node) = (row + WASTE, NONE);
                        if level.what != NONE {
                            row = element(&mut table, level.mark, &mut room);
                            (slot, node) = below_list(plan, level.what, row);
                        }
                        continue 'values;
                    }
                    Around::List if next == b']' => {
                        let Some(frame) = buffers.frames.pop() else { break 'values Err(Fault::NotJson) };
                        if level.what != NONE {
                            let span = Slot { start: level.mark, end: table.rows, kind: Kind::List };
                            store.give(list, table);
                            Frame { list, row, .. } = frame;
                            table = store.take(list);
                            table.put(frame.place, span);
                        }
                        Frame { around, level, .. } = frame;
                    }
                    Around::Nothing if at as usize == to => break 'values Ok(()),
                    _ => break 'values Err(Fault::NotJson),
                }
                at += 1;
                (expected, keys) = match around {
                    Around::Record => (COMMA_QUOTE, plan.keys(level.what)),
                    _ => (NEVER, plan.keys(EMPTY)),
                };
                let Ok(four) = four(bytes, at) else { break 'values Err(Fault::NotJson) };
                rest = four;
            }
        }

        // A key, from behind its quote, and its colon.
        if let Some(window) = chunk::<24>(bytes, at)
            && let Some(length) = specials.near(bytes, at)
            && let Some([low, high]) = MASKS.get(length as usize)
            && keys.is_small
        {
            let tail = four_of(window, length);
            if tail as u16 == QUOTE_COLON {
                let (start, end) = (eight_of(window, 0) & low, eight_of(window, 8) & high);
                let number = keys.places.get(place(start, end, keys.multiplier)).copied().unwrap_or_default();
                let Some(entry) = keys.entries.get(usize::from(number)) else {
                    break 'values Err(Fault::NotJson);
                };
                let apart = (entry.first ^ start) | (entry.last ^ end) | u64::from(entry.length ^ length);
                let hit = apart == 0;
                let bit = u64::from(hit) << (entry.number & 63);
                duplicates |= level.seen & bit;
                level.seen |= bit;
                slot = row + if hit { entry.slot } else { WASTE };
                node = if hit { entry.node } else { NONE };
                at += length + 2;
                first = (tail >> 16) as u8;
                continue 'values;
            }
        }
        let (behind, number) = match key(bytes, at, specials, keys, &mut buffers.key) {
            Ok(found) => found,
            Err(fault) => break 'values Err(fault),
        };
        at = behind;
        first = byte(bytes, at);
        (slot, node) = (row + WASTE, NONE);
        if let Some(entry) = keys.entries.get(number)
            && entry.length != ANY
        {
            let bit = 1u64 << (entry.number & 63);
            let mut seen = Some(&mut level.seen);
            if !keys.is_small {
                seen = buffers.seen.get_mut((level.mark + entry.number / 64) as usize);
            }
            if let Some(seen) = seen {
                duplicates |= *seen & bit;
                *seen |= bit;
            }
            (slot, node) = (row + entry.slot, entry.node);
        }
    };

    // On a fault some list may be open.
    store.give(list, table);
    verdict?;
    if duplicates != 0 {
        return Err(Fault::DuplicateKey);
    }
    if room.too_many { Err(Fault::Size) } else { Ok(()) }
}

/// Room for rows.
struct Room {
    of_list: usize,
    of_all: usize,
    too_many: bool,
}

/// The row of one more element.
#[inline(always)]
fn element(table: &mut Table, mark: u32, room: &mut Room) -> u32 {
    if table.rows.saturating_sub(mark) as usize >= room.of_list || room.of_all == 0 {
        // The message is refused; what is left is only looked at for double keys, all in one row.
        room.too_many = true;
        return table.last_row();
    }
    room.of_all -= 1;
    table.add_row()
}

/// Where a row of this list goes.
#[inline(always)]
fn below_list(plan: &Plan, list: u32, row: u32) -> (u32, u32) {
    plan.lists.get(list as usize).map_or((row + WASTE, NONE), |list| (row + list.itself, list.node))
}

/// Something that is no record stands where one would be read.
#[inline(never)]
fn spoil(plan: &Plan, node: u32, table: &mut Table, row: u32, kind: Kind) {
    for slot in plan.node(node).map_or(&[][..], |node| &node.below) {
        table.put(row + slot, Slot { start: 0, end: 0, kind });
    }
}

/// Any key, from behind its quote: the place behind its colon and blanks, and the number of its entry.
#[inline(never)]
fn key<S: Specials>(
    bytes: &[u8],
    start: u32,
    specials: S,
    keys: &Keys,
    unescaped: &mut Vec<u8>,
) -> Result<(u32, usize), Fault> {
    let mut end = specials.next(bytes, start);
    let is_escaped = byte(bytes, end) != b'"';
    if is_escaped {
        end = rest_of_text(bytes, end, specials)?;
    }
    let at = skip_blank(bytes, end + 1);
    if byte(bytes, at) != b':' {
        return Err(Fault::NotJson);
    }
    let at = skip_blank(bytes, at + 1);
    let mut text = bytes.get(start as usize..end as usize).unwrap_or_default();
    if is_escaped {
        unescaped.clear();
        unescape(text, unescaped);
        text = unescaped;
    }
    Ok((at, keys.find(text)))
}

/// Four bytes of a window.
#[inline(always)]
fn four_of(window: &[u8; 24], at: u32) -> u32 {
    chunk::<4>(window, at).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Eight bytes of a window.
#[inline(always)]
fn eight_of(window: &[u8; 24], at: u32) -> u64 {
    chunk::<8>(window, at).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
