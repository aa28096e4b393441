//! Sources as they may be shown: credentials masked, control characters made visible, spans on whole
//! characters. Every renderer goes through here.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files, line_starts};
use mapc_diagnostics::{Code, Diagnostic, FileId, Position, Sources, Span};

/// One text and where its lines begin.
#[derive(Debug)]
struct Text {
    shown: String,
    lines: Vec<usize>,
}

/// Texts of one compilation, safe to print.
#[derive(Debug)]
pub struct Shown<'a> {
    sources: &'a Sources,
    texts: BTreeMap<FileId, Text>,
}

impl<'a> Shown<'a> {
    /// The texts these diagnostics point into.
    pub fn new(sources: &'a Sources, diagnostics: &[Diagnostic]) -> Self {
        let mut texts = BTreeMap::new();
        let spans = diagnostics.iter().flat_map(|diagnostic| {
            let related = diagnostic.related.iter().map(|label| label.span);
            std::iter::once(diagnostic.primary.span).chain(related)
        });
        for span in spans {
            if let Some(file) = sources.file(span.file) {
                texts.entry(span.file).or_insert_with(|| Text {
                    shown: visible(&file.text),
                    lines: line_starts(&file.text).collect(),
                });
            }
        }
        let mut shown = Self { sources, texts };
        for diagnostic in diagnostics.iter().filter(|one| one.code == Code::E1001) {
            shown.mask(diagnostic.primary.span);
        }
        shown
    }

    fn mask(&mut self, span: Span) {
        let range = self.range(span);
        if let Some(text) = self.texts.get_mut(&span.file) {
            let secret = text.shown.get(range.clone()).unwrap_or("");
            let masked: String = secret.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect();
            text.shown.replace_range(range, &masked);
        }
    }

    /// Path of the file.
    pub fn path(&self, span: Span) -> &str {
        self.sources.file(span.file).map_or("", |file| file.path.as_str())
    }

    /// Where the span begins.
    pub fn start(&self, span: Span) -> Position {
        self.position(span.file, self.range(span).start)
    }

    /// Where the span ends.
    pub fn end(&self, span: Span) -> Position {
        self.position(span.file, self.range(span).end)
    }

    fn position(&self, file: FileId, offset: usize) -> Position {
        self.sources.position(Span::new(file, offset, offset))
    }

    /// The span as a range that lies in the text, on whole characters.
    pub fn range(&self, span: Span) -> Range<usize> {
        let Some(file) = self.sources.file(span.file) else { return 0..0 };
        let text: &str = &file.text;
        let whole = |offset: u32| {
            let mut at = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = whole(span.start);
        start..whole(span.end).max(start)
    }

    /// The longest line a span touches, in bytes.
    pub fn line_length(&self, span: Span) -> usize {
        let Some(file) = self.sources.file(span.file) else { return 0 };
        let (first, last) = (self.start(span).line, self.end(span).line);
        (first..=last.min(first.saturating_add(4))).map(|line| file.line(line).len()).max().unwrap_or(0)
    }
}

/// Characters that would steer a terminal or reorder a line, replaced byte by byte so that places stay true.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            shown.extend(std::iter::repeat_n('?', c.len_utf8()));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The same for a message, where places do not matter.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

fn steers(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    control
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
}

impl<'f> Files<'f> for Shown<'_> {
    type FileId = FileId;
    type Name = &'f str;
    type Source = &'f str;

    fn name(&'f self, id: FileId) -> Result<&'f str, Error> {
        self.sources.file(id).map(|file| file.path.as_str()).ok_or(Error::FileMissing)
    }

    fn source(&'f self, id: FileId) -> Result<&'f str, Error> {
        self.texts.get(&id).map(|text| text.shown.as_str()).ok_or(Error::FileMissing)
    }

    fn line_index(&'f self, id: FileId, byte_index: usize) -> Result<usize, Error> {
        let text = self.texts.get(&id).ok_or(Error::FileMissing)?;
        Ok(text.lines.partition_point(|start| *start <= byte_index).saturating_sub(1))
    }

    fn line_range(&'f self, id: FileId, line_index: usize) -> Result<Range<usize>, Error> {
        let text = self.texts.get(&id).ok_or(Error::FileMissing)?;
        let too_large = Error::LineTooLarge { given: line_index, max: text.lines.len().saturating_sub(1) };
        let start = *text.lines.get(line_index).ok_or(too_large)?;
        Ok(start..text.lines.get(line_index + 1).copied().unwrap_or(text.shown.len()))
    }
}
