//! Bytes of the artifact: numbers, texts, lengths. Never panics, never reserves more than the bytes that remain.

/// The bytes end early or hold an impossible value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Truncated;

/// Collects bytes.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Seven bits per byte, lowest first.
    pub(crate) fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push((value & 0x7F) as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Signed: sign in the lowest bit.
    pub(crate) fn signed(&mut self, value: i64) {
        self.number(((value << 1) ^ (value >> 63)) as u64);
    }

    pub(crate) fn wide(&mut self, value: i128) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn length(&mut self, length: usize) {
        self.number(length as u64);
    }

    pub(crate) fn blob(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.blob(text.as_bytes());
    }
}

/// Takes bytes from the front.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Truncated> {
        let (first, rest) = self.rest.split_first().ok_or(Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn number(&mut self) -> Result<u64, Truncated> {
        let mut value = 0u64;
        let mut shift = 0u32;
        loop {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                return Err(Truncated);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift += 7;
            if shift > 63 {
                return Err(Truncated);
            }
        }
    }

    /// A number that fits the type.
    pub(crate) fn small<T: TryFrom<u64>>(&mut self) -> Result<T, Truncated> {
        T::try_from(self.number()?).map_err(|_| Truncated)
    }

    pub(crate) fn signed(&mut self) -> Result<i64, Truncated> {
        let value = self.number()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    pub(crate) fn wide(&mut self) -> Result<i128, Truncated> {
        let bytes = self.take(16)?;
        Ok(i128::from_le_bytes(bytes.try_into().map_err(|_| Truncated)?))
    }

    /// A number of things that each take at least one byte: never more than the bytes that remain.
    pub(crate) fn length(&mut self) -> Result<usize, Truncated> {
        let length: usize = self.small()?;
        if length > self.rest.len() { Err(Truncated) } else { Ok(length) }
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Truncated> {
        if length > self.rest.len() {
            return Err(Truncated);
        }
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn blob(&mut self) -> Result<&'a [u8], Truncated> {
        let length = self.length()?;
        self.take(length)
    }

    pub(crate) fn text(&mut self) -> Result<String, Truncated> {
        std::str::from_utf8(self.blob()?).map(str::to_string).map_err(|_| Truncated)
    }
}
