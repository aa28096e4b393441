//! The walk over a message: structure, keys and values, one member after the other. No recursion, no values; the same
//! code in every lane, which differ only in how the bitmap is made.

use super::scalar::{Scalar, any_key, byte, four, is_blank, plain, rest_of_text, skip_blank};
use super::skip::skip;
use super::{Fault, Task};
use crate::index::{Bitmap, chunk};
use crate::plan::{EMPTY, Keys, NONE, Plan, Target, place};
use crate::slot::{Kind, Slot, Store, Table};

/// What is kept from message to message.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffers {
    frames: Vec<Frame>,
    /// For records with many keys: a bit for each key of the open ones.
    seen: Vec<u64>,
    key: Vec<u8>,
    /// For what nobody reads: which of the brackets that are open are those of lists.
    skipped: Vec<u64>,
}

/// What stands around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
enum Around {
    Nothing,
    Record,
    List,
}

/// What is open while a record or list inside it is read. What nobody reads is skipped.
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
    /// Of a record: its keys. Of a list: the list.
    what: u32,
    /// Of a list: its first row. Of a record with many keys: its first word of seen keys.
    mark: u32,
    /// Of a record: its keys seen so far, and how often one was.
    seen: u64,
    count: u32,
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
    /// Of the open record, or none.
    keys: &'a Keys,
}

/// A comma and a quote.
const COMMA_QUOTE: u16 = u16::from_le_bytes(*b",\"");
const QUOTE_COLON: u16 = u16::from_le_bytes(*b"\":");

/// For each length the bits of a key in sixteen bytes.
static MASKS: [[u64; 2]; 64] = masks();

const fn masks() -> [[u64; 2]; 64] {
    let mut masks = [[0; 2]; 64];
    let mut rest: &mut [[u64; 2]] = &mut masks;
    let mut length = 0;
    while let Some((mask, longer)) = rest.split_first_mut() {
        *mask = match length {
            0 => [0, 0],
            1..8 => [u64::MAX >> (64 - length * 8), 0],
            8 => [u64::MAX, 0],
            9..16 => [u64::MAX, u64::MAX >> (128 - length * 8)],
            _ => [u64::MAX, u64::MAX],
        };
        rest = longer;
        length += 1;
    }
    masks
}

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
            level: Level { around: Around::Nothing, what: EMPTY, mark: 0, seen: 0, count: 0 },
            keys: plan.keys(EMPTY),
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

    /// The quick way: members of records as long as they are plain.
    #[inline(always)]
    fn members(&mut self) -> Result<Next, Fault> {
        loop {
            let mut next = match self.plain_members()? {
                Some(b'{' | b'[') if self.target.is_plain() => self.skip()?,
                Some(b'{') => self.record()?,
                Some(_) => return Ok(Next::Value),
                None => self.behind()?,
            };
            if matches!(next, Next::Value) && byte(self.bytes, self.at) == b'{' {
                next = self.record()?;
            }
            if !matches!(next, Next::Member) {
                return Ok(next);
            }
        }
    }

    /// Members of the open record as long as their values are neither records nor lists. Gives the first byte of a value
    /// that is not plain, or nothing behind one that is, if no comma and quote follow.
    #[inline(always)]
    fn plain_members(&mut self) -> Result<Option<u8>, Fault> {
        let Walk { bytes, bitmap, plan, keys, .. } = *self;
        let mut at = self.at;
        let mut seen = self.level.seen;
        let mut count = self.level.count;
        let row = self.table.slots.get_mut(self.row as usize..).unwrap_or_default();
        let entries = keys.entries.as_slice();
        let (multiplier, limit) = (keys.multiplier, keys.limit);
        let verdict = loop {
            // A key with its colon.
            let mut target = Target::NOWHERE;
            let mut first;
            if let Some(window) = chunk::<72>(bytes, at)
                && let Some((length, look)) = bitmap.near(at)
                && length < limit
                && let tail = four_of(window, length)
                && tail as u16 == QUOTE_COLON
                && let Some([low, high]) = MASKS.get(length as usize)
            {
                let (start, end) = (eight_of(window, 0) & low, eight_of(window, 8) & high);
                let number = keys.places.get(place(start, end, multiplier)).copied().unwrap_or_default();
                let entry = entries.get(usize::from(number)).ok_or(Fault::NotJson)?;
                if (entry.first ^ start) | (entry.last ^ end) == 0 {
                    target = entry.target;
                    seen |= 1 << (entry.number & 63);
                    count += 1;
                }
                first = (tail >> 16) as u8;
                if first == b'"'
                    && let Some(distance) = look.third()
                    && let tail = four_of(window, distance)
                    && tail as u8 == b'"'
                {
                    // By far the most frequent: a short text without escapes.
                    let value = Slot { start: at + length + 3, end: at + distance, kind: Kind::Text };
                    if let Some(place) = row.get_mut(target.slot() as usize) {
                        *place = value;
                    }
                    if !target.is_plain() {
                        spoil(plan, target.node(), row, Kind::Wrong);
                    }
                    at += distance + 1;
                    if (tail >> 8) as u16 == COMMA_QUOTE {
                        at += 2;
                        continue;
                    }
                    let Some(key) = spaced_key(bytes, at) else { break None };
                    at = key;
                    continue;
                }
                at += length + 2;
            } else {
                let (behind, number) = any_key(bytes, at, bitmap, keys, &mut self.buffers.key)?;
                at = behind;
                first = byte(bytes, at);
                if number != 0
                    && let Some(entry) = entries.get(number)
                {
                    target = entry.target;
                    let bit = 1 << (entry.number & 63);
                    if keys.is_small {
                        seen |= bit;
                        count += 1;
                    } else {
                        let word = (self.level.mark + entry.number / 64) as usize;
                        let word = self.buffers.seen.get_mut(word).ok_or(Fault::NotJson)?;
                        self.duplicate |= *word & bit != 0;
                        *word |= bit;
                    }
                }
            }
            // A plain value, and what stands behind it.
            if first <= b' ' {
                at = skip_blank(bytes, at);
                first = byte(bytes, at);
            }
            let start;
            let end;
            let kind;
            let rest;
            if first == b'"' {
                start = at + 1;
                let mut behind = bitmap.next(start);
                let mut tail = four(bytes, behind)?;
                if tail as u8 == b'"' {
                    kind = Kind::Text;
                } else {
                    kind = Kind::Escaped;
                    behind = rest_of_text(bytes, behind, bitmap)?;
                    tail = four(bytes, behind)?;
                }
                end = behind;
                at = end + 1;
                rest = (tail >> 8) as u16;
            } else if let Some(Scalar { kind: found, end: behind }) = plain(bytes, at, first)? {
                kind = found;
                start = at;
                end = behind;
                at = end;
                rest = four(bytes, at)? as u16;
            } else {
                self.target = target;
                break Some(first);
            }
            if let Some(place) = row.get_mut(target.slot() as usize) {
                *place = Slot { start, end, kind };
            }
            if !target.is_plain() {
                // A null ends the way.
                spoil(plan, target.node(), row, if kind == Kind::Null { Kind::Null } else { Kind::Wrong });
            }
            if rest == COMMA_QUOTE {
                at += 2;
                continue;
            }
            let Some(key) = spaced_key(bytes, at) else { break None };
            at = key;
        };
        self.at = at;
        self.level.seen = seen;
        self.level.count = count;
        Ok(verdict)
    }

    /// Any value.
    #[inline(never)]
    fn value(&mut self) -> Result<Next, Fault> {
        self.at = skip_blank(self.bytes, self.at);
        let first = byte(self.bytes, self.at);
        match first {
            b'{' | b'[' if self.target.is_plain() => self.skip(),
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

    /// A record or list in which nothing is read.
    fn skip(&mut self) -> Result<Next, Fault> {
        let is_record = byte(self.bytes, self.at) == b'{';
        // The span of a list is one of rows: of none, here.
        let slot = if is_record {
            Slot { start: self.at, end: self.at, kind: Kind::Record }
        } else {
            Slot { start: 0, end: 0, kind: Kind::List }
        };
        self.table.put(self.row + self.target.slot(), slot);
        let room = self.depth.saturating_sub(self.buffers.frames.len());
        self.at = skip(self.bytes, self.at, self.bitmap, room, &mut self.buffers.skipped)?;
        self.behind()
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
    #[inline(always)]
    fn record(&mut self) -> Result<Next, Fault> {
        let what = self.plan.node(self.target.node()).map_or(EMPTY, |node| node.keys);
        if what == EMPTY {
            return self.skip();
        }
        self.open(Level { around: Around::Record, what, mark: 0, seen: 0, count: 0 })?;
        self.table
            .put(self.row + self.target.slot(), Slot { start: self.at, end: self.at, kind: Kind::Record });
        self.keys = self.plan.keys(what);
        if !self.keys.is_small {
            let words = self.buffers.seen.len();
            self.level.mark = words as u32;
            self.buffers.seen.resize(words + self.keys.entries.len().div_ceil(64), 0);
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
        let list = self.plan.node(self.target.node()).map_or(NONE, |node| node.list);
        let row = self.table.slots.get_mut(self.row as usize..).unwrap_or_default();
        spoil(self.plan, self.target.node(), row, Kind::Wrong);
        if list == NONE {
            return self.skip();
        }
        self.open(Level { around: Around::List, what: list, mark: 0, seen: 0, count: 0 })?;
        self.fill(list);
        self.level.mark = self.table.rows;
        self.at = skip_blank(self.bytes, self.at + 1);
        if byte(self.bytes, self.at) == b']' { self.behind() } else { Ok(self.element()) }
    }

    /// Fills the rows of another list from now on.
    fn fill(&mut self, list: u32) {
        self.store.give(self.list, std::mem::take(&mut self.table));
        self.table = self.store.take(list);
        self.list = list;
    }

    /// One more element, and its row.
    fn element(&mut self) -> Next {
        self.target = Target::NOWHERE;
        if let Some(list) = self.plan.lists.get(self.level.what as usize) {
            self.target = Target::new(list.itself, list.node);
            let rows = self.table.rows.saturating_sub(self.level.mark) as usize;
            if rows >= self.room.of_list || self.room.of_all == 0 {
                // The message is refused; what is left is only looked at for double keys, all in one row.
                self.room.too_many = true;
                self.row = self.table.last_row();
            } else {
                self.room.of_all -= 1;
                self.row = self.table.add_row();
            }
        }
        Next::Value
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
            self.duplicate |= inner.seen.count_ones() != inner.count;
            if !self.keys.is_small {
                self.buffers.seen.truncate(inner.mark as usize);
            }
        } else {
            let span = Slot { start: inner.mark, end: self.table.rows, kind: Kind::List };
            self.fill(frame.list);
            self.row = frame.row;
            self.table.put(frame.row + frame.slot, span);
        }
        if self.level.around == Around::Record {
            self.keys = self.plan.keys(self.level.what);
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

/// Four bytes of a window.
#[inline(always)]
fn four_of(window: &[u8; 72], at: u32) -> u32 {
    chunk::<4>(window, at).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Eight bytes of a window.
#[inline(always)]
fn eight_of(window: &[u8; 72], at: u32) -> u64 {
    chunk::<8>(window, at).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
