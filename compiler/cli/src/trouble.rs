//! What keeps a command from doing its work: usage, configuration, files. Shown by miette, and nothing else is.

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use crate::look::Look;

/// A command could not do its work.
#[derive(Debug)]
pub struct Trouble(Box<Content>);

#[derive(Debug)]
struct Content {
    message: String,
    code: Option<&'static str>,
    help: Option<String>,
    place: Option<(NamedSource<String>, LabeledSpan)>,
    /// The reader of our output went away; nobody is left to tell.
    silent: bool,
}

impl Trouble {
    /// Says what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Content {
            message: message.into(),
            code: None,
            help: None,
            place: None,
            silent: false,
        }))
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.0.help = Some(text.into());
        self
    }

    /// Names the code with a page of its own.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.0.code = Some(code);
        self
    }

    /// Shows the place in a text.
    #[must_use]
    pub fn place(
        mut self,
        name: &str,
        text: &str,
        range: std::ops::Range<usize>,
        label: impl Into<String>,
    ) -> Self {
        let end = range.end.min(text.len());
        let start = range.start.min(end);
        let span = LabeledSpan::new_primary_with_span(Some(label.into()), start..end);
        self.0.place = Some((NamedSource::new(name, text.to_owned()), span));
        self
    }

    /// A file that could not be read or written; the path is shown as it was typed.
    pub fn file(verb: &str, path: &str, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {verb} `{path}`: {}", words(error)))
    }

    /// Writing to standard output or a file failed.
    pub fn writing(what: &str, error: &std::io::Error) -> Self {
        let mut trouble = Self::new(format!("cannot write {what}: {}", words(error)));
        trouble.0.silent = error.kind() == std::io::ErrorKind::BrokenPipe;
        trouble
    }

    /// What went wrong, in one line.
    #[cfg(test)]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The text for people; empty when nobody is left to read it.
    pub fn render(&self, look: &Look) -> String {
        if self.0.silent {
            return String::new();
        }
        let theme = match (look.ascii, look.colour) {
            (true, _) => GraphicalTheme {
                styles: miette::ThemeStyles::none(),
                characters: miette::ThemeCharacters::ascii(),
            },
            (false, true) => GraphicalTheme::unicode(),
            (false, false) => GraphicalTheme::unicode_nocolor(),
        };
        let mut text = String::new();
        let handler = GraphicalReportHandler::new_themed(theme).with_width(look.width).with_links(false);
        match handler.render_report(&mut text, self) {
            Ok(()) => text,
            Err(_) => format!("error: {}\n", self.0.message),
        }
    }
}

/// The system's words for an input or output error, the same on every platform where we know them.
pub fn words(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is not a folder".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::BrokenPipe => "the reader went away".to_owned(),
        ErrorKind::AlreadyExists => "it is there already".to_owned(),
        kind => kind.to_string(),
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Trouble {}

impl Diagnostic for Trouble {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.0.code.map(|code| Box::new(code) as Box<dyn std::fmt::Display>)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.0.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.place.as_ref().map(|(source, _)| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, span) = self.0.place.as_ref()?;
        Some(Box::new(std::iter::once(span.clone())))
    }
}
