//! A text that was repaired before it is read, and where each of its bytes stood before. Knows no syntax.

/// Maps places of a repaired text to the text as written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offsets {
    /// (repaired, written): from here on both run in step.
    anchors: Vec<(usize, usize)>,
}

impl Offsets {
    /// Where the byte at `at` stood.
    pub(crate) fn written(&self, at: usize) -> usize {
        let next = self.anchors.partition_point(|(repaired, _)| *repaired <= at);
        let last = next.checked_sub(1).and_then(|last| self.anchors.get(last));
        let place = last.map_or(at, |(repaired, written)| written + (at - repaired));
        self.anchors.get(next).map_or(place, |(_, limit)| place.min(*limit))
    }
}

/// Builds a repaired text piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Rewrite {
    text: String,
    offsets: Offsets,
}

impl Rewrite {
    /// Takes over a piece as it was written at `start`.
    pub(crate) fn keep(&mut self, piece: &str, start: usize) {
        self.anchor(start);
        self.text.push_str(piece);
    }

    /// Writes `piece` for what stood at `start`.
    pub(crate) fn replace(&mut self, piece: &str, start: usize) {
        self.anchor(start);
        self.text.push_str(piece);
    }

    /// Writes a character `length` times for what stood at `start`.
    pub(crate) fn fill(&mut self, filler: char, length: usize, start: usize) {
        self.anchor(start);
        self.text.extend(std::iter::repeat_n(filler, length));
    }

    fn anchor(&mut self, written: usize) {
        let repaired = self.text.len();
        let in_step = match self.offsets.anchors.last() {
            Some((r, w)) => repaired.checked_sub(*r) == written.checked_sub(*w),
            None => repaired == written,
        };
        if !in_step {
            self.offsets.anchors.push((repaired, written));
        }
    }

    /// The repaired text with its offsets; `end` is the length of the text as written.
    pub(crate) fn finish(mut self, end: usize) -> (String, Offsets) {
        self.anchor(end);
        (self.text, self.offsets)
    }
}
