//! Files and places in them. Knows nothing of diagnostics.

use std::sync::Arc;

/// Number of a file in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clip = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clip(start), end: clip(end) }
    }

    /// The smallest span that covers both; `self` when the files differ.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span just behind this one.
    pub fn after(self) -> Span {
        Span { file: self.file, start: self.end, end: self.end }
    }
}

/// A line and a column, both counted from 1; columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// One text: its workspace-relative path with `/` and what it says.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path relative to the workspace, with `/`. Never absolute: it is printed.
    pub path: String,
    /// The text.
    pub text: Arc<str>,
    line_starts: Arc<[u32]>,
}

/// All texts of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and gives its number. The same path may be added again: it gets a new number.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.share(SourceFile::new(path, text))
    }

    /// Adds a text whose lines are known already, and gives its number. The text itself is not copied.
    pub fn share(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// The file of that number, if there is one.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(usize::try_from(id.0).ok()?)
    }

    /// The number of the file that was added under this path, the newest first.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let at = self.files.iter().rposition(|file| file.path == path)?;
        Some(FileId(u32::try_from(at).ok()?))
    }

    /// Every file with its number.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), file))
    }

    /// Where a span begins; line 1, column 1 if the file is unknown.
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).map_or(Position { line: 1, column: 1 }, |file| file.position(span.start))
    }

    /// The characters a span covers; empty if it does not lie in the file.
    pub fn slice(&self, span: Span) -> &str {
        let range = usize::try_from(span.start).unwrap_or(0)..usize::try_from(span.end).unwrap_or(0);
        self.file(span.file).and_then(|file| file.text.get(range)).unwrap_or("")
    }
}

impl SourceFile {
    /// A text under a workspace-relative path.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0)
            .chain(starts.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        Self { path: path.into(), text, line_starts }
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(usize::try_from(start).unwrap_or(0)..usize::try_from(offset).unwrap_or(0));
        let column = before.map_or(0, |text| text.chars().count()) + 1;
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: clip(line), column: clip(column) }
    }

    /// Number of lines.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Text of a line, counted from 1, without its line end.
    pub fn line(&self, line: u32) -> &str {
        let at = usize::try_from(line.max(1) - 1).unwrap_or(0);
        let offset = |n: usize| self.line_starts.get(n).and_then(|start| usize::try_from(*start).ok());
        let end = offset(at + 1).unwrap_or(self.text.len());
        self.text.get(offset(at).unwrap_or(end)..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }
}
