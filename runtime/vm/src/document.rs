//! The document under construction: written once, front to back; what turns out to be empty is dropped again. Every field
//! and element ends with a comma, which the closing bracket takes the place of.

use std::borrow::Cow;

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

/// The output buffer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    pub(crate) bytes: Vec<u8>,
    frames: Vec<Frame>,
    /// Start and end of elements of lists, when somebody tests them.
    elements: Vec<(usize, usize)>,
    keeps_elements: bool,
    order: Vec<u32>,
}

impl Document {
    pub(crate) fn clear(&mut self, keeps_elements: bool) {
        self.bytes.clear();
        self.frames.clear();
        self.elements.clear();
        self.keeps_elements = keeps_elements;
    }

    pub(crate) fn open(&mut self, key: &[u8], bracket: u8) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(key);
        self.bytes.push(bracket);
        let content = self.bytes.len();
        self.frames.push(Frame { start, content, element: content, count: 0, first: self.elements.len() });
    }

    /// Closes the innermost record or list; an empty one is dropped unless required.
    pub(crate) fn close(&mut self, bracket: u8, required: bool) {
        let Some(frame) = self.frames.pop() else { return };
        self.elements.truncate(frame.first);
        if self.bytes.len() > frame.content {
            // The comma of the last field or element.
            if let Some(last) = self.bytes.last_mut() {
                *last = bracket;
            }
            self.bytes.push(b',');
        } else if required {
            self.bytes.push(bracket);
            self.bytes.push(b',');
        } else {
            self.bytes.truncate(frame.start);
        }
    }

    /// An element of the innermost list ends here, if anything was written.
    pub(crate) fn end_element(&mut self) {
        let end = self.bytes.len();
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
            self.bytes.truncate(frame.content);
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
        if self.bytes.last() == Some(&b',') {
            self.bytes.pop();
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
