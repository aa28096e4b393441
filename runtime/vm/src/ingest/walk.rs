//! The walk over a message: structure, keys and values, one member after the other. No recursion, no values; the same
//! code in every lane, which differ only in how the bitmap is made.

use super::guess::{Links, START, Window, is_doubled, step};
use super::scalar::{
    Scalar, any_key, byte, four, is_blank, plain, rest_of_text, short_number, short_plain, skip_blank,
};
use super::{Fault, Task};
use crate::index::{Bitmap, chunk};
use crate::plan::{EMPTY, Keys, NONE, Plan, Target, WASTE};
use crate::slot::{Kind, Slot, Store, Table};

use std::num::NonZeroU64;

/// What is kept from message to message.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffers {
    frames: Vec<Frame>,
    /// For records with many keys: a bit for each key of the open ones.
    seen: Vec<u64>,
    key: Vec<u8>,
    /// What is remembered of each kind of record of the plan.
    links: Vec<Links>,
}

impl Buffers {
    /// For the messages that are read by this plan.
    pub(super) fn new(plan: &Plan) -> Buffers {
        Buffers { links: plan.keys.iter().map(Links::new).collect(), ..Buffers::default() }
    }
}

/// What stands around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
enum Around {
    Nothing,
    Record,
    List,
}

/// What is open while a record or list inside it is read.
#[derive(Clone, Copy, Debug)]
struct Frame {
    level: Level,
    /// The list whose rows are filled, and the first place of the row.
    list: u32,
    row: u32,
    /// Where the record or list that is read now stands in that row.
    slot: u32,
}

/// An open record or list.
#[derive(Clone, Copy, Debug)]
struct Level {
    around: Around,
    /// Of a record: its keys. Of a list that is read: the list; else [`NONE`].
    what: u32,
    /// Of a list that is read: its first row. Of a record with many keys: its first word of seen keys; else [`NONE`].
    mark: u32,
    /// Of a record: its keys seen so far, as the sum of their steps.
    seen: u64,
    /// Of a record: the link of its last key.
    before: u16,
}

/// Room for rows.
struct Room {
    of_list: usize,
    of_all: usize,
    too_many: bool,
}

/// What is read next.
enum Next {
    /// Any value, blanks may stand before it.
    Value,
    /// A member, from behind the quote of its key.
    Member,
    Nothing,
}

/// A message on the way.
struct Walk<'a> {
    bytes: &'a [u8],
    at: u32,
    to: u32,
    bitmap: Bitmap<'a>,
    plan: &'a Plan,
    store: &'a mut Store,
    buffers: &'a mut Buffers,
    depth: usize,
    room: Room,
    /// Some key that is read stands twice in a record.
    duplicate: bool,
    /// The rows that are filled, taken out of the store, and the place of the one among them.
    list: u32,
    table: Table,
    row: u32,
    /// Of the value that is read next.
    target: Target,
    level: Level,
}

/// A comma and a quote.
const COMMA_QUOTE: u16 = u16::from_le_bytes(*b",\"");
const QUOTE_COMMA_QUOTE: u32 = u32::from_le_bytes(*b"\0\",\"");
const NEXT_RECORD: u32 = u32::from_le_bytes(*b",{\"\0");

/// Reads a message that is known to be UTF-8.
#[inline(always)]
pub(super) fn walk<'a>(task: Task<'a>, bitmap: Bitmap<'a>) -> Result<(), Fault> {
    let mut walk = Walk::new(task, bitmap);
    let mut next = Next::Value;
    let verdict = loop {
        let step = match next {
            Next::Member => walk.members(),
            Next::Value => walk.value(),
            Next::Nothing => break Ok(()),
        };
        match step {
            Ok(step) => next = step,
            Err(fault) => break Err(fault),
        }
    };
    walk.finish(verdict)
}

impl<'a> Walk<'a> {
    fn new(task: Task<'a>, bitmap: Bitmap<'a>) -> Walk<'a> {
        let Task { bytes, from, to, plan, bounds, store, buffers } = task;
        buffers.frames.clear();
        buffers.seen.clear();
        let mut table = store.take(0);
        let row = table.add_row();
        let root = plan.lists.first();
        Walk {
            bytes,
            at: from as u32,
            to: to as u32,
            bitmap,
            plan,
            store,
            buffers,
            depth: bounds.depth,
            // The message itself is a row.
            room: Room {
                of_list: bounds.list_rows,
                of_all: bounds.list_rows.saturating_mul(16).saturating_sub(1),
                too_many: false,
            },
            duplicate: false,
            list: 0,
            table,
            row,
            target: root.map_or(Target::NOWHERE, |list| Target::new(list.itself, list.node)),
            level: Level { around: Around::Nothing, what: EMPTY, mark: NONE, seen: 0, before: START },
        }
    }

    fn finish(self, verdict: Result<(), Fault>) -> Result<(), Fault> {
        // On a fault some list may be open.
        self.store.give(self.list, self.table);
        verdict?;
        if self.duplicate {
            return Err(Fault::DuplicateKey);
        }
        if self.room.too_many { Err(Fault::Size) } else { Ok(()) }
    }

    /// Members of records, and records among them, up to what else may stand there.
    #[inline(always)]
    fn members(&mut self) -> Result<Next, Fault> {
        let Walk { bytes, bitmap, plan, .. } = *self;
        let mut at = self.at;
        let Level { mut seen, mut before, mut what, .. } = self.level;
        let mut row = self.table.slots.get_mut(self.row as usize..).unwrap_or_default();
        let mut links = self.buffers.links.get_mut(what as usize).ok_or(Fault::NotJson)?;
        let mut next = links.at(before).first;
        'member: loop {
            // By far the most frequent: the key that is expected, with a short text without escapes, and more behind it.
            let list = links.all();
            let (found, window) = loop {
                let window = chunk::<80>(bytes, at).ok_or(Fault::NotJson)?;
                let link = list.get(usize::from(next)).ok_or(Fault::NotJson)?;
                if link.differs(window) {
                    break (None, window);
                }
                let behind = u32::from(link.value & 63);
                let first = byte_of(window, behind) | link.odd;
                if first == b'"' {
                    if let Some(bits) = NonZeroU64::new(bitmap.from(at) & link.beyond)
                        && let distance = bits.trailing_zeros()
                        && four_of(window, distance) << 8 == QUOTE_COMMA_QUOTE
                    {
                        if let Some(place) = row.get_mut(link.target.slot() as usize) {
                            *place = Slot { start: at + behind + 1, end: at + distance, kind: Kind::Text };
                        }
                        at += distance + 3;
                        seen = add(seen, link.step, &mut self.duplicate);
                        before = next;
                        next = link.first;
                        continue;
                    }
                } else if let Some((kind, length)) = short_plain(first, eight_of(window, behind)) {
                    at += behind;
                    if let Some(place) = row.get_mut(link.target.slot() as usize) {
                        *place = Slot { start: at, end: at + length, kind };
                    }
                    at += length + 2;
                    seen = add(seen, link.step, &mut self.duplicate);
                    before = next;
                    next = link.first;
                    continue;
                }
                break (Some(link), window);
            };
            let link = match found {
                Some(link) => link,
                None => {
                    // Another key.
                    let keys = plan.keys(what);
                    let found = links.find(before, window, bitmap.near(at), keys);
                    next = match found {
                        Some(number) => number,
                        None => {
                            let (behind, number) = any_key(bytes, at, bitmap, keys, &mut self.buffers.key)?;
                            at = behind - 2;
                            let seen = self.buffers.seen.get_mut(self.level.mark as usize..);
                            let (target, step, doubled) = odd_key(keys, number, seen.unwrap_or_default());
                            self.duplicate |= doubled;
                            links.odd(target, step)
                        }
                    };
                    let link = links.at(next);
                    if link.is_short() {
                        continue;
                    }
                    link
                }
            };
            seen = add(seen, link.step, &mut self.duplicate);
            before = next;
            next = link.first;
            let target = link.target;
            at += u32::from(link.value);
            let mut eight = u64::from_le_bytes(*chunk(bytes, at).ok_or(Fault::NotJson)?);
            if eight as u8 <= b' ' {
                at = behind_blank(bytes, at);
                eight = u64::from_le_bytes(*chunk(bytes, at).ok_or(Fault::NotJson)?);
            }
            let mut rest;
            'put: {
                let mut start = at;
                let kind;
                let stop;
                match eight as u8 {
                    b'"' => {
                        start += 1;
                        let mut end = bitmap.next(start);
                        let mut tail = four(bytes, end)?;
                        if tail as u8 == b'"' {
                            kind = Kind::Text;
                        } else {
                            kind = Kind::Escaped;
                            end = rest_of_text(bytes, end, bitmap)?;
                            tail = four(bytes, end)?;
                        }
                        stop = end;
                        at = end + 1;
                        rest = tail >> 8;
                    }
                    b'0'..=b'9' | b'-' => {
                        kind = Kind::Number;
                        (at, rest) = short_number(bytes, at, eight)?;
                        stop = at;
                    }
                    b'n' if eight as u32 == u32::from_le_bytes(*b"null") => {
                        kind = Kind::Null;
                        at += 4;
                        rest = (eight >> 32) as u32;
                        stop = at;
                    }
                    b'{' => {
                        if let Some(place) = row.get_mut(target.slot() as usize) {
                            *place = Slot { start: at, end: at, kind: Kind::Record };
                        }
                        if self.buffers.frames.len() >= self.depth {
                            return Err(Fault::Depth);
                        }
                        let level = Level { seen, before, ..self.level };
                        self.buffers.frames.push(Frame {
                            level,
                            list: self.list,
                            row: self.row,
                            slot: WASTE,
                        });
                        what = plan.node(target.node()).map_or(EMPTY, |node| node.keys);
                        links = self.buffers.links.get_mut(what as usize).ok_or(Fault::NotJson)?;
                        self.level.what = what;
                        self.level.mark = NONE;
                        if links.are_many {
                            self.level.mark = room_for_keys(&mut self.buffers.seen, plan.keys(what));
                        }
                        seen = 0;
                        before = START;
                        next = links.at(START).first;
                        at += 1;
                        let mut inside = (eight >> 8) as u8;
                        if inside <= b' ' {
                            at = behind_blank(bytes, at);
                            inside = byte(bytes, at);
                        }
                        if inside == b'"' {
                            at += 1;
                            continue 'member;
                        }
                        if inside != b'}' {
                            return Err(Fault::NotJson);
                        }
                        rest = u32::from(inside);
                        break 'put;
                    }
                    b'[' => {
                        self.level = Level { seen, before, ..self.level };
                        self.at = at;
                        self.target = target;
                        return self.list();
                    }
                    first => {
                        let Scalar { kind: found, end } = plain(bytes, at, first)?.ok_or(Fault::NotJson)?;
                        kind = found;
                        at = end;
                        rest = four(bytes, at)?;
                        stop = at;
                    }
                }
                if let Some(place) = row.get_mut(target.slot() as usize) {
                    *place = Slot { start, end: stop, kind };
                }
                if !target.is_plain() {
                    // A null ends the way.
                    spoil(
                        plan,
                        target.node(),
                        row,
                        if kind == Kind::Null { Kind::Null } else { Kind::Wrong },
                    );
                }
            }
            loop {
                if rest as u16 == COMMA_QUOTE {
                    at += 2;
                    continue 'member;
                }
                match rest as u8 {
                    b'}' => {
                        at += 1;
                        self.duplicate |= is_doubled(seen);
                        rest = four(bytes, at)?;
                        let frame = self.buffers.frames.last().ok_or(Fault::NotJson)?;
                        if self.level.mark != NONE {
                            self.buffers.seen.truncate(self.level.mark as usize);
                        } else if rest & 0xFF_FFFF == NEXT_RECORD
                            && frame.level.around == Around::List
                            && frame.level.what != NONE
                        {
                            // By far the most frequent in a list: another row.
                            self.add_row(frame.level.what, frame.level.mark);
                            row = self.table.slots.get_mut(self.row as usize..).unwrap_or_default();
                            if let Some(place) = row.get_mut(self.target.slot() as usize) {
                                *place = Slot { start: at + 1, end: at + 1, kind: Kind::Record };
                            }
                            links = self.buffers.links.get_mut(what as usize).ok_or(Fault::NotJson)?;
                            seen = 0;
                            before = START;
                            next = links.at(START).first;
                            at += 3;
                            continue 'member;
                        }
                        self.level = frame.level;
                        self.buffers.frames.pop();
                        if self.level.around != Around::Record {
                            self.at = at;
                            return self.behind();
                        }
                        Level { seen, before, what, .. } = self.level;
                        links = self.buffers.links.get_mut(what as usize).ok_or(Fault::NotJson)?;
                        next = links.at(before).first;
                    }
                    b',' => {
                        at = spaced_key(bytes, at).ok_or(Fault::NotJson)?;
                        continue 'member;
                    }
                    blank @ ..=b' ' => {
                        if !is_blank(blank) {
                            return Err(Fault::NotJson);
                        }
                        at = behind_blank(bytes, at);
                        rest = four(bytes, at)?;
                    }
                    _ => return Err(Fault::NotJson),
                }
            }
        }
    }

    /// Any value.
    #[inline(never)]
    fn value(&mut self) -> Result<Next, Fault> {
        self.at = skip_blank(self.bytes, self.at);
        if self.level.around == Around::List && self.level.what == NONE {
            return self.elements();
        }
        let first = byte(self.bytes, self.at);
        match first {
            b'{' => self.record(),
            b'[' => self.list(),
            b'"' => {
                let start = self.at + 1;
                let mut end = self.bitmap.next(start);
                let mut kind = Kind::Text;
                if byte(self.bytes, end) != b'"' {
                    kind = Kind::Escaped;
                    end = rest_of_text(self.bytes, end, self.bitmap)?;
                }
                self.at = end + 1;
                self.put(Slot { start, end, kind })
            }
            _ => {
                let start = self.at;
                let Scalar { kind, end } = plain(self.bytes, start, first)?.ok_or(Fault::NotJson)?;
                self.at = end;
                self.put(Slot { start, end, kind })
            }
        }
    }

    /// Elements of a list that is not read.
    fn elements(&mut self) -> Result<Next, Fault> {
        let Walk { bytes, bitmap, .. } = *self;
        let mut at = self.at;
        loop {
            let first = byte(bytes, at);
            if first == b'"' {
                at = bitmap.next(at + 1);
                if byte(bytes, at) != b'"' {
                    at = rest_of_text(bytes, at, bitmap)?;
                }
                at += 1;
            } else if let Some(scalar) = plain(bytes, at, first)? {
                at = scalar.end;
            } else {
                self.at = at;
                self.target = Target::NOWHERE;
                return match first {
                    b'{' => self.record(),
                    b'[' => self.list(),
                    _ if is_blank(first) => Ok(Next::Value),
                    _ => Err(Fault::NotJson),
                };
            }
            if byte(bytes, at) != b',' {
                self.at = at;
                return self.behind();
            }
            at += 1;
        }
    }

    /// A value that is neither record nor list.
    fn put(&mut self, value: Slot) -> Result<Next, Fault> {
        let row = self.table.slots.get_mut(self.row as usize..).unwrap_or_default();
        if let Some(place) = row.get_mut(self.target.slot() as usize) {
            *place = value;
        }
        if !self.target.is_plain() {
            // A row itself must be a record; a null further down ends the way.
            let is_null = value.kind == Kind::Null && self.level.around == Around::Record;
            spoil(self.plan, self.target.node(), row, if is_null { Kind::Null } else { Kind::Wrong });
        }
        self.behind()
    }

    /// One more open record or list.
    #[inline(always)]
    fn open(&mut self, level: Level) -> Result<(), Fault> {
        if self.buffers.frames.len() >= self.depth {
            return Err(Fault::Depth);
        }
        let outer = std::mem::replace(&mut self.level, level);
        self.buffers.frames.push(Frame {
            level: outer,
            list: self.list,
            row: self.row,
            slot: self.target.slot(),
        });
        Ok(())
    }

    /// A record, to behind the quote of its first key.
    fn record(&mut self) -> Result<Next, Fault> {
        let what = self.plan.node(self.target.node()).map_or(EMPTY, |node| node.keys);
        let keys = self.plan.keys(what);
        self.open(Level { around: Around::Record, what, mark: NONE, seen: 0, before: START })?;
        self.table
            .put(self.row + self.target.slot(), Slot { start: self.at, end: self.at, kind: Kind::Record });
        if !keys.is_small {
            self.level.mark = room_for_keys(&mut self.buffers.seen, keys);
        }
        self.at = skip_blank(self.bytes, self.at + 1);
        match byte(self.bytes, self.at) {
            b'"' => {
                self.at += 1;
                Ok(Next::Member)
            }
            b'}' => self.behind(),
            _ => Err(Fault::NotJson),
        }
    }

    /// A list, to its first element.
    fn list(&mut self) -> Result<Next, Fault> {
        self.open(Level { around: Around::List, what: NONE, mark: 0, seen: 0, before: START })?;
        self.table.put(self.row + self.target.slot(), Slot { start: 0, end: 0, kind: Kind::List });
        if let Some(node) = self.plan.node(self.target.node()) {
            let row = self.table.slots.get_mut(self.row as usize..).unwrap_or_default();
            spoil(self.plan, self.target.node(), row, Kind::Wrong);
            if node.list != NONE {
                self.fill(node.list);
                self.level.what = node.list;
                self.level.mark = self.table.rows;
            }
        }
        self.at = skip_blank(self.bytes, self.at + 1);
        if byte(self.bytes, self.at) == b']' { self.behind() } else { Ok(self.element()) }
    }

    /// Fills the rows of another list from now on.
    fn fill(&mut self, list: u32) {
        self.store.give(self.list, std::mem::take(&mut self.table));
        self.table = self.store.take(list);
        self.list = list;
    }

    /// One more element: its row, if the list is read.
    fn element(&mut self) -> Next {
        self.target = Target::NOWHERE;
        if self.level.what != NONE {
            self.add_row(self.level.what, self.level.mark);
        }
        Next::Value
    }

    /// One more row of a list that is read, whose first row is `mark`.
    fn add_row(&mut self, list: u32, mark: u32) {
        let Some(list) = self.plan.lists.get(list as usize) else { return };
        self.target = Target::new(list.itself, list.node);
        let rows = self.table.rows.saturating_sub(mark) as usize;
        if rows >= self.room.of_list || self.room.of_all == 0 {
            // The message is refused; what is left is only looked at for double keys, all in one row.
            self.room.too_many = true;
            self.row = self.table.last_row();
        } else {
            self.room.of_all -= 1;
            self.row = self.table.add_row();
        }
    }

    /// Behind a value, or in a record or list that is empty so far and ends: what comes next.
    #[inline(always)]
    fn behind(&mut self) -> Result<Next, Fault> {
        loop {
            let mut next = byte(self.bytes, self.at);
            if is_blank(next) {
                self.at = skip_blank(self.bytes, self.at);
                next = byte(self.bytes, self.at);
            }
            match (self.level.around, next) {
                (Around::Record, b',') => {
                    self.at = skip_blank(self.bytes, self.at + 1);
                    if byte(self.bytes, self.at) != b'"' {
                        return Err(Fault::NotJson);
                    }
                    self.at += 1;
                    return Ok(Next::Member);
                }
                (Around::List, b',') => {
                    self.at += 1;
                    return Ok(self.element());
                }
                (Around::Record, b'}') | (Around::List, b']') => self.close()?,
                (Around::Nothing, _) if self.at == self.to => return Ok(Next::Nothing),
                _ => return Err(Fault::NotJson),
            }
        }
    }

    /// The end of a record or list.
    #[inline(always)]
    fn close(&mut self) -> Result<(), Fault> {
        self.at += 1;
        let frame = self.buffers.frames.pop().ok_or(Fault::NotJson)?;
        let inner = std::mem::replace(&mut self.level, frame.level);
        if inner.around == Around::Record {
            self.duplicate |= is_doubled(inner.seen);
            if inner.mark != NONE {
                self.buffers.seen.truncate(inner.mark as usize);
            }
        } else if inner.what != NONE {
            let span = Slot { start: inner.mark, end: self.table.rows, kind: Kind::List };
            self.fill(frame.list);
            self.row = frame.row;
            self.table.put(frame.row + frame.slot, span);
        }
        Ok(())
    }
}

/// Behind a comma, blanks and a quote, if they stand here.
#[inline(never)]
fn spaced_key(bytes: &[u8], at: u32) -> Option<u32> {
    if byte(bytes, at) != b',' {
        return None;
    }
    let at = skip_blank(bytes, at + 1);
    (byte(bytes, at) == b'"').then_some(at + 1)
}

/// Something that is no record stands where one would be read.
#[inline(never)]
fn spoil(plan: &Plan, node: u32, row: &mut [Slot], kind: Kind) {
    for slot in plan.node(node).map_or(&[][..], |node| &node.below) {
        if let Some(place) = row.get_mut(*slot as usize) {
            *place = Slot { start: 0, end: 0, kind };
        }
    }
}

/// Blanks, out of the way.
#[cold]
#[inline(never)]
fn behind_blank(bytes: &[u8], at: u32) -> u32 {
    skip_blank(bytes, at)
}

/// Words for the seen keys of a record with many keys; the first one.
#[cold]
#[inline(never)]
fn room_for_keys(seen: &mut Vec<u64>, keys: &Keys) -> u32 {
    let words = seen.len();
    seen.resize(words + keys.entries.len().div_ceil(64), 0);
    words as u32
}

/// A key by the number of its entry: where its value goes, its step, and whether it is known to have been seen before in
/// a record with many keys.
fn odd_key(keys: &Keys, number: usize, seen: &mut [u64]) -> (Target, u64, bool) {
    let Some(entry) = keys.entries.get(number).filter(|_| number != 0) else {
        return (Target::NOWHERE, 0, false);
    };
    if keys.is_small {
        return (entry.target, step(entry.number), false);
    }
    let Some(word) = seen.get_mut(entry.number as usize / 64) else {
        return (entry.target, 0, false);
    };
    let bit = 1 << (entry.number & 63);
    let doubled = *word & bit != 0;
    *word |= bit;
    (entry.target, 0, doubled)
}

/// One more key that was seen. A sum that overflows is one of more keys than there are.
#[inline(always)]
fn add(seen: u64, step: u64, duplicate: &mut bool) -> u64 {
    seen.checked_add(step).unwrap_or_else(|| {
        *duplicate = true;
        0
    })
}

/// Four bytes of a window.
#[inline(always)]
fn four_of(window: &Window, at: u32) -> u32 {
    chunk::<4>(window, at).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Eight bytes of a window.
#[inline(always)]
fn eight_of(window: &Window, at: u32) -> u64 {
    chunk::<8>(window, at).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// A byte of a window.
#[inline(always)]
fn byte_of(window: &Window, at: u32) -> u8 {
    window.get(at as usize).copied().unwrap_or_default()
}
