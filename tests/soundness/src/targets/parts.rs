//! One byte string, several texts: the line `%%` stands between them.

/// The texts; one that is not there is empty.
pub struct Parts<'a>(Vec<&'a [u8]>);

impl<'a> Parts<'a> {
    /// Cuts at each line that holds nothing but `%%`.
    pub fn of(bytes: &'a [u8]) -> Parts<'a> {
        let mut parts = Vec::new();
        let (mut start, mut at) = (0, 0);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if line.trim_ascii_end() == b"%%" {
                parts.extend(bytes.get(start..at));
                start = at + line.len();
            }
            at += line.len();
        }
        parts.extend(bytes.get(start..));
        Parts(parts)
    }

    /// The part of this number, from 0.
    pub fn get(&self, place: usize) -> &'a [u8] {
        self.0.get(place).copied().unwrap_or_default()
    }

    /// The lines of a part that are not empty.
    pub fn lines(&self, place: usize) -> impl Iterator<Item = &'a [u8]> {
        self.get(place).split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
    }
}
