//! The document under construction: written once, front to back; what turns out to be empty is dropped again. Every field
//! and element ends with a comma, which the closing bracket takes the place of.

use std::borrow::Cow;

use crate::decimal::Short;
use crate::escape::{escaped, first_special, is_special, low, unescape_one};

/// An open record or list.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Where its key starts.
    start: usize,
    /// Where its content starts.
    content: usize,
    /// Where the current element starts.
    element: usize,
    /// Elements so far.
    count: u64,
    /// First of its elements' starts.
    first: usize,
}

/// Bytes beyond what is asked for that there is always room for: short pieces are written as one block.
const SPARE: usize = 192;
/// Pieces up to this long are copied as a block of this size, which costs less than a call.
const BLOCK: usize = 32;

/// Bytes of a short tail.
const TAIL: usize = 4;

/// A key as it is written, with what closes its field: in blocks of one size where they are short.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// The key and the quote of a text.
    block: [u8; BLOCK],
    /// Behind a JSON value: brackets of records in the key, the comma. Behind a text also its quote.
    tails: [[u8; TAIL]; 2],
    /// Bytes of the key, without the quote.
    length: u32,
    closers: u8,
    is_short: bool,
}

impl Key {
    pub(crate) fn new(text: &str, closers: u8) -> Key {
        let mut block = [0; BLOCK];
        for (place, byte) in block.iter_mut().zip(text.bytes().chain([b'"'])) {
            *place = byte;
        }
        let is_short = text.len() + 1 < BLOCK && usize::from(closers) + 2 <= TAIL;
        let tail = |quote: Option<u8>| {
            let mut tail = [0; TAIL];
            let brackets = std::iter::repeat_n(b'}', usize::from(closers));
            let bytes = quote.into_iter().chain(brackets).chain([b',']);
            tail.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
            tail
        };
        let tails = [tail(None), tail(Some(b'"'))];
        Key { block, tails, length: text.len() as u32, closers, is_short }
    }

    pub(crate) fn closers(&self) -> u8 {
        self.closers
    }
}

#[inline(always)]
fn block(from: &[u8], start: usize) -> Option<&[u8; BLOCK]> {
    from.get(start..).and_then(|rest| rest.first_chunk())
}

#[inline(always)]
fn put_block<const LENGTH: usize>(out: &mut [u8], at: usize, block: &[u8; LENGTH]) {
    if let Some(place) = out.get_mut(at..at + LENGTH) {
        place.copy_from_slice(block);
    }
}

/// The output buffer. `bytes` is as long as it ever was; what counts ends at `length`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    bytes: Vec<u8>,
    length: usize,
    frames: Vec<Frame>,
    /// Start and end of elements of lists, when somebody tests them.
    elements: Vec<(usize, usize)>,
    keeps_elements: bool,
    order: Vec<u32>,
}

impl Document {
    pub(crate) fn clear(&mut self, keeps_elements: bool) {
        self.length = 0;
        self.frames.clear();
        self.elements.clear();
        self.keeps_elements = keeps_elements;
    }

    /// Makes room for so many bytes; every write relies on it.
    #[inline(always)]
    pub(crate) fn room(&mut self, more: usize) {
        if self.bytes.len() - self.length < more + SPARE {
            self.grow(more + SPARE);
        }
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        self.bytes.resize((self.length + more).max(self.bytes.len() * 2), 0);
    }

    /// Writes part of a text that may stand in something longer.
    #[inline(always)]
    pub(crate) fn write_part(&mut self, from: &[u8], start: usize, length: usize) {
        let at = self.length;
        if length <= BLOCK
            && let (Some(into), Some(from)) =
                (self.bytes.get_mut(at..at + BLOCK), from.get(start..start + BLOCK))
        {
            into.copy_from_slice(from);
        } else if let (Some(into), Some(from)) =
            (self.bytes.get_mut(at..at + length), from.get(start..start + length))
        {
            into.copy_from_slice(from);
        }
        self.length = at + length;
    }

    /// Writes a whole field: key, part of something longer as its value (of a text without its quotes), what closes it.
    /// `false`, and nothing written, unless all of it is short and there is room for that.
    #[inline(always)]
    pub(crate) fn write_field<const TEXT: bool>(
        &mut self,
        key: &Key,
        from: &[u8],
        start: usize,
        length: usize,
    ) -> bool {
        if length >= 2 * BLOCK || !key.is_short {
            return false;
        }
        let Some(value) = block(from, start) else { return false };
        let Some(out) = self.spare() else { return false };
        // The masks change nothing: they show the compiler that no place lies outside.
        let key_end = (key.length as usize + usize::from(TEXT)) & (BLOCK - 1);
        let value_end = key_end + (length & (2 * BLOCK - 1));
        put_block(out, 0, &key.block);
        put_block(out, key_end, value);
        if length > BLOCK {
            let Some(rest) = block(from, start + BLOCK) else { return false };
            put_block(out, key_end + BLOCK, rest);
        }
        let [json_tail, text_tail] = &key.tails;
        put_block(out, value_end, if TEXT { text_tail } else { json_tail });
        self.length += value_end + usize::from(key.closers) + 1 + usize::from(TEXT);
        true
    }

    /// The same for a number in the digits it has.
    #[inline(always)]
    pub(crate) fn write_number_field(&mut self, key: &Key, number: Short) -> bool {
        if !key.is_short {
            return false;
        }
        let Some(out) = self.spare() else { return false };
        let key_end = key.length as usize & (BLOCK - 1);
        put_block(out, 0, &key.block);
        let Some(room) = out.get_mut(key_end..).and_then(|rest| rest.first_chunk_mut()) else { return false };
        let value_end = key_end + number.write(room);
        let [json_tail, _] = &key.tails;
        put_block(out, value_end, json_tail);
        self.length += value_end + usize::from(key.closers) + 1;
        true
    }

    #[inline(always)]
    fn spare(&mut self) -> Option<&mut [u8; SPARE]> {
        self.bytes.get_mut(self.length..).and_then(|rest| rest.first_chunk_mut())
    }

    pub(crate) fn write(&mut self, text: &[u8]) {
        self.write_part(text, 0, text.len());
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
        }
        self.length += 1;
    }

    /// Ends a value: closing brackets of the records in its key, and the comma.
    #[inline(always)]
    pub(crate) fn end_value(&mut self, closers: u8) {
        for _ in 0..closers {
            self.push(b'}');
        }
        self.push(b',');
    }

    /// A text in its minimal escaped form. Makes room itself.
    pub(crate) fn write_escaped(&mut self, text: &[u8]) {
        self.room(text.len() * 6);
        let mut start = 0;
        while let Some(found) = first_special(text.get(start..).unwrap_or_default()) {
            self.write_part(text, start, found);
            let byte = text.get(start + found).copied().unwrap_or_default();
            self.write_special(byte);
            start += found + 1;
        }
        self.write_part(text, start, text.len() - start);
    }

    /// What stands between the quotes of a JSON text, in its minimal escaped form. The text is known to be valid. Makes
    /// room itself.
    pub(crate) fn write_raw(&mut self, raw: &[u8]) {
        self.room(raw.len());
        let mut rest = raw;
        while let Some(place) = first_special(rest) {
            self.write_part(rest, 0, place);
            rest = rest.get(place..).unwrap_or_default();
            // Where one escape stands there are often more.
            while rest.first() == Some(&b'\\') {
                if let Some(byte @ ..0x80) = low(rest)
                    && !is_special(byte)
                {
                    self.push(byte);
                    rest = rest.get(6..).unwrap_or_default();
                    continue;
                }
                let (character, used) = unescape_one(rest);
                match u8::try_from(character) {
                    Ok(byte) if is_special(byte) => self.write_special(byte),
                    Ok(byte) if byte < 0x80 => self.push(byte),
                    _ => self.write(character.encode_utf8(&mut [0; 4]).as_bytes()),
                }
                rest = rest.get(used..).unwrap_or_default();
            }
        }
        self.write(rest);
    }

    fn write_special(&mut self, byte: u8) {
        let (bytes, length) = escaped(byte);
        self.write_part(&bytes, 0, length);
    }

    /// How long it is so far.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    pub(crate) fn text(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Of the buffer.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Opens a record or list; `keys` holds the key in front of it.
    pub(crate) fn open(&mut self, keys: &[u8], start: usize, length: usize, bracket: u8) {
        self.room(length + 1);
        let key = self.length;
        self.write_part(keys, start, length);
        self.push(bracket);
        let content = self.length;
        self.frames.push(Frame {
            start: key,
            content,
            element: content,
            count: 0,
            first: self.elements.len(),
        });
    }

    /// Closes the innermost record or list; an empty one is dropped unless required.
    pub(crate) fn close(&mut self, bracket: u8, required: bool) {
        let Some(frame) = self.frames.pop() else { return };
        self.elements.truncate(frame.first);
        self.room(2);
        if self.length > frame.content {
            // In place of the comma of the last field or element.
            self.length -= 1;
        } else if !required {
            self.length = frame.start;
            return;
        }
        self.push(bracket);
        self.push(b',');
    }

    /// An element of the innermost list ends here, if anything was written.
    pub(crate) fn end_element(&mut self) {
        let end = self.length;
        if let Some(frame) = self.frames.last_mut()
            && end > frame.element
        {
            frame.count += 1;
            if self.keeps_elements {
                self.elements.push((frame.element, end));
            }
            frame.element = end;
        }
    }

    /// Elements of the innermost list.
    pub(crate) fn count(&self) -> u64 {
        self.frames.last().map_or(0, |frame| frame.count)
    }

    /// Drops all elements of the innermost list.
    pub(crate) fn clear_list(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            self.length = frame.content;
            self.elements.truncate(frame.first);
            frame.element = frame.content;
            frame.count = 0;
        }
    }

    /// Whether no two elements of the innermost list are equal: written alike, but for needless zeros of numbers.
    pub(crate) fn is_unique(&mut self) -> bool {
        let Some(frame) = self.frames.last() else { return true };
        let elements = self.elements.get(frame.first..).unwrap_or_default();
        let bytes = &self.bytes;
        let element = |index: &u32| {
            let found = elements.get(*index as usize).and_then(|(start, end)| bytes.get(*start..*end));
            without_needless_zeros(found.unwrap_or_default())
        };
        self.order.clear();
        self.order.extend(0..elements.len() as u32);
        self.order.sort_unstable_by(|left, right| element(left).cmp(&element(right)));
        let mut last: Option<&u32> = None;
        for index in &self.order {
            if last.is_some_and(|last| element(last) == element(index)) {
                return false;
            }
            last = Some(index);
        }
        true
    }

    /// Whether nothing is open any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.frames.is_empty()
    }

    /// The whole document, without the last comma.
    pub(crate) fn finish(&mut self) {
        if self.text().last() == Some(&b',') {
            self.length -= 1;
        }
    }
}

/// Written JSON with every number in its shortest form. Numbers are written without exponent.
fn without_needless_zeros(json: &[u8]) -> Cow<'_, [u8]> {
    if !json.contains(&b'.') {
        return Cow::Borrowed(json);
    }
    let mut short: Vec<u8> = Vec::with_capacity(json.len());
    let mut rest = json.iter().copied().peekable();
    let mut in_text = false;
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => {
                short.push(byte);
                short.extend(rest.next());
            }
            b'.' if !in_text => {
                let point = short.len();
                short.push(byte);
                let mut kept = point;
                while let Some(digit) = rest.next_if(u8::is_ascii_digit) {
                    short.push(digit);
                    if digit != b'0' {
                        kept = short.len();
                    }
                }
                short.truncate(kept);
            }
            _ => {
                in_text ^= byte == b'"';
                short.push(byte);
            }
        }
    }
    Cow::Owned(short)
}
