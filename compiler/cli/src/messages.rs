//! Messages out of a stream: one per line, or JSON texts one after the other. Holds one block of them at a time and
//! never judges them: what is not JSON is handed on, and the run says so.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use crate::arguments::InputForm;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Line it begins on, from 1.
    pub line: u64,
    /// Its bytes; one byte more than the limit when it is longer.
    pub bytes: Vec<u8>,
}

/// A block is full when it holds so many bytes.
const FULL: usize = 256 * 1024;

/// Some messages, one after the other in one stretch of memory that is used again and again.
#[derive(Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    places: Vec<(u64, Range<usize>)>,
    consumed: u64,
}

impl Block {
    /// Takes the messages out.
    pub fn clear(&mut self) {
        // A single large message must not hold its memory for the rest of the run.
        if self.bytes.capacity() > 8 * FULL {
            self.bytes = Vec::new();
        }
        self.bytes.clear();
        self.places.clear();
    }

    /// There is no message.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Bytes of the input read up to the end of this block.
    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    /// Each message with the line it begins on.
    pub fn messages(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.places.iter().map(|(line, place)| (*line, self.bytes.get(place.clone()).unwrap_or_default()))
    }

    /// Adds a message.
    pub(crate) fn push(&mut self, message: &Message) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&message.bytes);
        self.places.push((message.line, start..self.bytes.len()));
    }

    fn is_full(&self) -> bool {
        self.bytes.len() >= FULL
    }
}

/// Where blocks of messages come from.
pub trait Source {
    /// Puts the next messages into an empty block; none at the end.
    ///
    /// # Errors
    /// The input cannot be read further; what was read before is in the block.
    fn fill(&mut self, block: &mut Block) -> std::io::Result<()>;
}

/// Messages of one input.
pub struct Messages<R> {
    input: BufReader<R>,
    form: Option<Form>,
    line: u64,
    limit: usize,
    /// Lines read while looking for the form, not yet handed out.
    pending: Option<Line>,
    consumed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Lines,
    Json,
}

/// A line without its end.
#[derive(Debug)]
struct Line {
    bytes: Vec<u8>,
    number: u64,
}

impl<R: Read> Source for Messages<R> {
    fn fill(&mut self, block: &mut Block) -> std::io::Result<()> {
        let filled = self.fill_until_full(block);
        block.consumed = self.consumed;
        filled
    }
}

impl<R: Read> Messages<R> {
    /// Reads from `input`; no message is kept beyond `limit` bytes.
    pub fn new(input: BufReader<R>, form: InputForm, limit: usize) -> Self {
        let form = match form {
            InputForm::Auto => None,
            InputForm::Lines => Some(Form::Lines),
            InputForm::Json => Some(Form::Json),
        };
        Self { input, form, line: 0, limit, pending: None, consumed: 0 }
    }

    fn fill_until_full(&mut self, block: &mut Block) -> std::io::Result<()> {
        loop {
            // The first line tells the form, and may begin with a mark that is no part of it.
            if self.form == Some(Form::Lines) && self.line > 0 {
                if !self.line_into(block)? {
                    return Ok(());
                }
            } else {
                match self.next()? {
                    Some(message) => block.push(&message),
                    None => return Ok(()),
                }
            }
            // Whoever waits for more input shall not wait for these messages as well.
            let dry = self.input.buffer().is_empty() && self.pending.is_none();
            if block.is_full() || dry && !block.is_empty() {
                return Ok(());
            }
        }
    }

    /// Puts the next line that is not blank into the block; false at the end.
    fn line_into(&mut self, block: &mut Block) -> std::io::Result<bool> {
        let start = block.bytes.len();
        loop {
            let read = self.raw_line_into(&mut block.bytes);
            if !matches!(read, Ok(true)) {
                block.bytes.truncate(start);
                return read;
            }
            let line = block.bytes.get(start..).unwrap_or_default();
            if !line.iter().all(is_blank) {
                block.places.push((self.line, start..block.bytes.len()));
                return Ok(true);
            }
            block.bytes.truncate(start);
        }
    }

    /// The next message, or the end.
    ///
    /// # Errors
    /// The input cannot be read.
    fn next(&mut self) -> std::io::Result<Option<Message>> {
        let Some(first) = self.line()? else { return Ok(None) };
        let form = match self.form {
            Some(form) => form,
            None => {
                let form = form_of(&first.bytes);
                self.form = Some(form);
                form
            }
        };
        match form {
            Form::Lines => Ok(Some(Message { line: first.number, bytes: first.bytes })),
            Form::Json => self.json(first).map(Some),
        }
    }

    /// The next line that is not blank.
    fn line(&mut self) -> std::io::Result<Option<Line>> {
        if let Some(line) = self.pending.take() {
            return Ok(Some(line));
        }
        loop {
            let Some(line) = self.raw_line()? else { return Ok(None) };
            if !line.bytes.iter().all(is_blank) {
                return Ok(Some(line));
            }
        }
    }

    fn raw_line(&mut self) -> std::io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        if !self.raw_line_into(&mut bytes)? {
            return Ok(None);
        }
        if self.line == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        Ok(Some(Line { bytes, number: self.line }))
    }

    /// Appends the next line, at most one byte longer than the limit; the rest of it is dropped. False at the end.
    fn raw_line_into(&mut self, bytes: &mut Vec<u8>) -> std::io::Result<bool> {
        let start = bytes.len();
        let most = u64::try_from(self.limit).unwrap_or(u64::MAX).saturating_add(1);
        let read = (&mut self.input).take(most.saturating_add(1)).read_until(b'\n', bytes)?;
        if read == 0 {
            return Ok(false);
        }
        self.consumed = self.consumed.saturating_add(u64::try_from(read).unwrap_or(0));
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else {
            bytes.truncate(start.saturating_add(self.limit).saturating_add(1));
            self.skip_line()?;
        }
        self.line += 1;
        Ok(true)
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let (used, done) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), false),
            };
            self.consumed = self.consumed.saturating_add(u64::try_from(used).unwrap_or(0));
            self.input.consume(used);
            if done {
                return Ok(());
            }
        }
    }

    /// One JSON text that begins on this line; what follows it on its last line stays for the next.
    fn json(&mut self, first: Line) -> std::io::Result<Message> {
        let mut scan = Scan::default();
        let mut message = Message { line: first.number, bytes: Vec::new() };
        let mut line = first;
        loop {
            let end = scan.line(&line.bytes);
            let (head, rest) = line.bytes.split_at(end.unwrap_or(line.bytes.len()).min(line.bytes.len()));
            let room = self.limit.saturating_add(1).saturating_sub(message.bytes.len());
            message.bytes.extend(head.iter().take(room));
            if end.is_some() {
                if !rest.iter().all(is_blank) {
                    self.pending = Some(Line { bytes: rest.to_vec(), number: line.number });
                }
                return Ok(message);
            }
            // A text cannot run over a line end: this message is broken, the next line begins anew.
            if scan.in_text {
                return Ok(message);
            }
            let Some(next) = self.raw_line()? else { return Ok(message) };
            if message.bytes.len() <= self.limit {
                message.bytes.push(b'\n');
            }
            line = next;
        }
    }
}

/// The elements of one list as messages of their own; the list as a whole is held in memory.
///
/// # Errors
/// Outer: the input cannot be read. Inner: it is not a list, in words.
pub fn elements(mut input: impl BufRead, limit: usize) -> std::io::Result<Result<Vec<Message>, String>> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let list: Vec<&serde_json::value::RawValue> = match serde_json::from_slice(text) {
        Ok(list) => list,
        Err(error) => return Ok(Err(format!("line {}, column {}", error.line(), error.column()))),
    };
    let (mut line, mut at) = (1_u64, text.as_ptr().addr());
    let mut messages = Vec::with_capacity(list.len());
    for element in list {
        let bytes = element.get().as_bytes();
        let start = bytes.as_ptr().addr();
        let offset = |address: usize| address.saturating_sub(text.as_ptr().addr());
        let before = text.get(offset(at)..offset(start)).unwrap_or(&[]);
        line += before.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        at = start;
        let kept = bytes.get(..limit.saturating_add(1)).unwrap_or(bytes);
        messages.push(Message { line, bytes: kept.to_vec() });
    }
    Ok(Ok(messages))
}

impl Source for Box<dyn Source + Send> {
    fn fill(&mut self, block: &mut Block) -> std::io::Result<()> {
        (**self).fill(block)
    }
}

/// The elements of a list, which are held already.
pub struct Elements(std::vec::IntoIter<Message>);

impl Elements {
    /// These messages.
    pub fn new(messages: Vec<Message>) -> Self {
        Self(messages.into_iter())
    }
}

impl Source for Elements {
    fn fill(&mut self, block: &mut Block) -> std::io::Result<()> {
        while !block.is_full() {
            match self.0.next() {
                Some(message) => block.push(&message),
                None => break,
            }
        }
        Ok(())
    }
}

/// Where a JSON text ends, by brackets and quotes alone.
#[derive(Debug, Default)]
struct Scan {
    depth: u64,
    in_text: bool,
    begun: bool,
    word: bool,
}

impl Scan {
    /// Looks through one line; where the text ends in it, if it does.
    fn line(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut escaped = false;
        for (at, byte) in bytes.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            if self.word && (is_blank(byte) || matches!(byte, b'{' | b'[' | b'"')) {
                return Some(at);
            }
            match byte {
                _ if is_blank(byte) => continue,
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 && !self.word {
                        return Some(at + 1);
                    }
                }
                _ => self.word = self.depth == 0,
            }
            self.begun = true;
        }
        (self.word && self.depth == 0).then_some(bytes.len())
    }
}

/// What the first line says: it holds one whole message, or a JSON text that goes on or is followed by another.
fn form_of(line: &[u8]) -> Form {
    let mut scan = Scan::default();
    match scan.line(line) {
        Some(end) if line.get(end..).unwrap_or(&[]).iter().all(is_blank) => Form::Lines,
        Some(_) if matches!(line.iter().find(|byte| !is_blank(byte)), Some(b'{' | b'[')) => Form::Json,
        Some(_) => Form::Lines,
        // A text that is open at the line's end can only be a line that was cut off.
        None if scan.in_text => Form::Lines,
        None => Form::Json,
    }
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests;
