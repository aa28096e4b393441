//! One pass over the message: everything is tested to be JSON, what the plan names goes into slots. No recursion, no
//! values, nothing allocated after warm-up.

use crate::escape::{hex, special, unescape};
use crate::plan::{NONE, Plan};
use crate::slot::{Kind, Slot, Store};

#[cfg(test)]
mod tests;

/// Why a message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// R0101.
    NotJson,
    /// R0102.
    BadText,
    /// R0103.
    DuplicateKey,
    /// R0110.
    Depth,
    /// R0111.
    Size,
}

/// What may be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) depth: usize,
    pub(crate) list_rows: usize,
}

/// An open record or list.
#[derive(Clone, Copy, Debug)]
struct Frame {
    is_list: bool,
    /// The place of the plan; [`NONE`] when nothing below is read.
    node: u32,
    /// The row that values below go into; of a list that is read, the row the list stands in.
    list: u32,
    row: u32,
    /// Of a record: first word of its seen keys. Of a list that is read: its first row.
    mark: u32,
}

/// Buffers of the reader.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ingest {
    frames: Vec<Frame>,
    seen: Vec<u64>,
    key: Vec<u8>,
}

/// Where values go.
#[derive(Clone, Copy)]
struct Place {
    node: u32,
    list: u32,
    row: u32,
}

const NOWHERE: Place = Place { node: NONE, list: 0, row: 0 };

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

struct Findings {
    duplicate: bool,
    too_many: bool,
}

impl Ingest {
    /// Reads the message, which is known to be UTF-8, into the store.
    pub(crate) fn read(
        &mut self,
        text: &str,
        plan: &Plan,
        bounds: Bounds,
        store: &mut Store,
    ) -> Result<(), Fault> {
        self.frames.clear();
        self.seen.clear();
        store.clear();
        let row = store.add_row(0);
        let root = plan.lists.first().map_or(NONE, |list| list.node);
        let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
        let mut findings = Findings { duplicate: false, too_many: false };
        let mut place = Place { node: root, list: 0, row };
        let mut is_row = true;
        'values: loop {
            // A value stands here.
            reader.blank();
            let opened = self.value(&mut reader, plan, bounds, store, place, is_row)?;
            let mut fresh = opened;
            // What may follow: the end of this and of outer records and lists, or the next value.
            loop {
                let Some(frame) = self.frames.last().copied() else {
                    reader.blank();
                    if reader.peek().is_some() {
                        return Err(Fault::NotJson);
                    }
                    break 'values;
                };
                reader.blank();
                let byte = reader.peek().ok_or(Fault::NotJson)?;
                if byte == (if frame.is_list { b']' } else { b'}' }) {
                    reader.at += 1;
                    self.close(frame, plan, store);
                    fresh = false;
                    continue;
                }
                if !fresh {
                    if byte != b',' {
                        return Err(Fault::NotJson);
                    }
                    reader.at += 1;
                    reader.blank();
                }
                if frame.is_list {
                    (place, is_row) = element(frame, plan, bounds, store, &mut findings);
                } else {
                    place = self.member(&mut reader, frame, plan, &mut findings)?;
                    is_row = false;
                }
                continue 'values;
            }
        }
        if findings.duplicate {
            return Err(Fault::DuplicateKey);
        }
        if findings.too_many { Err(Fault::Size) } else { Ok(()) }
    }

    /// One value; `true` if it is a record or list that is open now.
    fn value(
        &mut self,
        reader: &mut Reader<'_>,
        plan: &Plan,
        bounds: Bounds,
        store: &mut Store,
        place: Place,
        is_row: bool,
    ) -> Result<bool, Fault> {
        let start = reader.at;
        let (kind, from, to) = match reader.peek().ok_or(Fault::NotJson)? {
            b'"' => {
                reader.at += 1;
                let escaped = reader.text()?;
                (if escaped { Kind::Escaped } else { Kind::Text }, start + 1, reader.at - 1)
            }
            b'{' => {
                self.open(reader, bounds)?;
                let mark = self.seen.len() as u32;
                let keys = plan.node(place.node).map_or(0, |node| node.count);
                self.seen.resize(self.seen.len() + (keys as usize).div_ceil(64), 0);
                self.frames.push(Frame {
                    is_list: false,
                    node: if keys == 0 { NONE } else { place.node },
                    list: place.list,
                    row: place.row,
                    mark,
                });
                (Kind::Record, start, start)
            }
            b'[' => {
                self.open(reader, bounds)?;
                let node = plan.node(place.node).filter(|node| node.list != NONE);
                let first = node.map_or(0, |node| store.rows_of(node.list));
                self.frames.push(Frame {
                    is_list: true,
                    node: if node.is_some() { place.node } else { NONE },
                    list: place.list,
                    row: place.row,
                    mark: first,
                });
                (Kind::List, first as usize, first as usize)
            }
            b't' => {
                reader.word(b"true")?;
                (Kind::True, start, reader.at)
            }
            b'f' => {
                reader.word(b"false")?;
                (Kind::False, start, reader.at)
            }
            b'n' => {
                reader.word(b"null")?;
                (Kind::Null, start, reader.at)
            }
            _ => {
                reader.number()?;
                (Kind::Number, start, reader.at)
            }
        };
        if let Some(node) = plan.node(place.node) {
            if node.slot != NONE {
                let slot = Slot { start: from as u32, end: to as u32, kind };
                store.set(place.list, place.row, node.slot, slot);
            }
            if kind != Kind::Record && !node.below.is_empty() {
                // A row itself must be a record; a null further down ends the way.
                let kind = if kind == Kind::Null && !is_row { Kind::Null } else { Kind::Wrong };
                for slot in &node.below {
                    store.set(place.list, place.row, *slot, Slot { start: 0, end: 0, kind });
                }
            }
        }
        Ok(matches!(kind, Kind::Record | Kind::List))
    }

    fn open(&mut self, reader: &mut Reader<'_>, bounds: Bounds) -> Result<(), Fault> {
        if self.frames.len() >= bounds.depth {
            return Err(Fault::Depth);
        }
        reader.at += 1;
        Ok(())
    }

    fn close(&mut self, frame: Frame, plan: &Plan, store: &mut Store) {
        self.frames.pop();
        if !frame.is_list {
            self.seen.truncate(frame.mark as usize);
        } else if let Some(node) = plan.node(frame.node) {
            let slot = Slot { start: frame.mark, end: store.rows_of(node.list), kind: Kind::List };
            store.set(frame.list, frame.row, node.slot, slot);
        }
    }

    /// A key and its colon; where the value goes.
    fn member(
        &mut self,
        reader: &mut Reader<'_>,
        frame: Frame,
        plan: &Plan,
        findings: &mut Findings,
    ) -> Result<Place, Fault> {
        if reader.peek() != Some(b'"') {
            return Err(Fault::NotJson);
        }
        reader.at += 1;
        let start = reader.at;
        let escaped = reader.text()?;
        let raw = reader.bytes.get(start..reader.at - 1).unwrap_or_default();
        reader.blank();
        if reader.peek() != Some(b':') {
            return Err(Fault::NotJson);
        }
        reader.at += 1;
        let Some(node) = plan.node(frame.node) else { return Ok(NOWHERE) };
        let key = if escaped {
            self.key.clear();
            unescape(raw, &mut self.key);
            self.key.as_slice()
        } else {
            raw
        };
        let Some((index, key)) = plan.find(node, key) else { return Ok(NOWHERE) };
        let number = (index - node.first) as usize;
        let bit = 1u64 << (number % 64);
        if let Some(word) = self.seen.get_mut(frame.mark as usize + number / 64) {
            if *word & bit != 0 {
                findings.duplicate = true;
                return Ok(NOWHERE);
            }
            *word |= bit;
        }
        Ok(Place { node: key.node, list: frame.list, row: frame.row })
    }
}

/// Where an element of a list goes, and whether it is a row.
fn element(
    frame: Frame,
    plan: &Plan,
    bounds: Bounds,
    store: &mut Store,
    findings: &mut Findings,
) -> (Place, bool) {
    let Some(list) = plan.node(frame.node).map(|node| node.list) else { return (NOWHERE, false) };
    let node = plan.lists.get(list as usize).map_or(NONE, |list| list.node);
    let rows = store.rows_of(list).saturating_sub(frame.mark) as usize;
    if rows >= bounds.list_rows || store.rows >= bounds.list_rows.saturating_mul(16) {
        // The message is refused; what is left is only looked at for double keys, all in one row.
        findings.too_many = true;
        return (Place { node, list, row: store.rows_of(list).saturating_sub(1) }, true);
    }
    let row = store.add_row(list);
    (Place { node, list, row }, true)
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Fault> {
        match self.bytes.get(self.at..) {
            Some(rest) if rest.starts_with(word) => {
                self.at += word.len();
                Ok(())
            }
            _ => Err(Fault::NotJson),
        }
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(Fault::NotJson) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Behind the opening quote; goes behind the closing one. `true` if there is a backslash.
    fn text(&mut self) -> Result<bool, Fault> {
        let mut escaped = false;
        loop {
            // Eight bytes at a time as long as none of them is a quote, a backslash or a control character.
            while let Some(chunk) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
                let special = special(u64::from_le_bytes(*chunk));
                if special != 0 {
                    self.at += (special.trailing_zeros() / 8) as usize;
                    break;
                }
                self.at += 8;
            }
            match self.peek().ok_or(Fault::NotJson)? {
                b'"' => {
                    self.at += 1;
                    return Ok(escaped);
                }
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                0..=0x1F => return Err(Fault::NotJson),
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.bytes.get(self.at + 1).ok_or(Fault::NotJson)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 2;
                Ok(())
            }
            b'u' => {
                let unit = hex(self.bytes.get(self.at + 2..)).ok_or(Fault::NotJson)?;
                self.at += 6;
                if !(0xD800..0xE000).contains(&unit) {
                    return Ok(());
                }
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                let second = rest.strip_prefix(b"\\u").and_then(|rest| hex(Some(rest)));
                match second {
                    Some(0xDC00..=0xDFFF) if unit < 0xDC00 => {
                        self.at += 6;
                        Ok(())
                    }
                    _ => Err(Fault::BadText),
                }
            }
            _ => Err(Fault::NotJson),
        }
    }
}
