//! One thing we say about a file. Knows no renderer and no stage.

use crate::{Code, Severity, Span};

/// What every compile stage gives: a value, with holes where something is broken, and its diagnostics.
/// Only the driver decides that an error forbids emission.
#[derive(Clone, Debug)]
pub struct Staged<T> {
    /// The output of the stage.
    pub value: T,
    /// What the stage has to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// Which side of a mapping a fact speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The map file itself.
    Map,
    /// The source schema.
    Source,
    /// The target schema or its overlay.
    Target,
    /// A code table.
    Table,
}

/// One half of the reason: what this side says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The side that says it.
    pub side: Side,
    /// Path in that side, `/lines/sku`; empty when it has none.
    pub path: String,
    /// Statement in the analyst's words: "allows up to 500 characters".
    pub statement: String,
}

/// A labelled place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What to say there; makes sense alone in an editor.
    pub text: String,
}

/// How far a fix can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FixLevel {
    /// Re-checked: the diagnostic is gone, nothing new, no output byte changed.
    Safe,
    /// One of several that differ for the business: a person chooses.
    Choice,
    /// A stub that `check` still reports.
    Placeholder,
}

/// One replacement of text; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace.
    pub span: Span,
    /// What to put there.
    pub insert: String,
}

/// A machine-applicable change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Trust.
    pub level: FixLevel,
    /// What it does, starting with a verb.
    pub title: String,
    /// The edits; never overlapping.
    pub edits: Vec<Edit>,
}

/// One thing we say. Text appears once, in the constructor of its code (`errors.rs` of each stage).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// Field and problem, at most 80 characters, no full stop; stands alone.
    pub title: String,
    /// Exactly the characters to change.
    pub primary: Label,
    /// The other side: schema, overlay, table, lock.
    pub related: Vec<Label>,
    /// Both sides.
    pub facts: Vec<Fact>,
    /// What the ERP or the worker would do; one sentence.
    pub why: Option<String>,
    /// Advice: starts with a verb; may have a second, indented line of map text to paste.
    pub help: Vec<String>,
    /// Machine edits.
    pub fixes: Vec<Fix>,
    /// A sample message that shows the problem, built from schemas alone.
    pub witness: Option<String>,
    /// Target path it concerns, as in the map; empty when none.
    pub target: String,
}

impl Diagnostic {
    /// A diagnostic with title and primary place; the severity is the code's own.
    pub fn new(code: Code, title: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            title: title.into(),
            primary: Label { span, text: label.into() },
            related: Vec::new(),
            facts: Vec::new(),
            why: None,
            help: Vec::new(),
            fixes: Vec::new(),
            witness: None,
            target: String::new(),
        }
    }

    /// Adds a place on the other side.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, side: Side, path: impl Into<String>, statement: impl Into<String>) -> Self {
        self.facts.push(Fact { side, path: path.into(), statement: statement.into() });
        self
    }

    /// Says what would happen.
    #[must_use]
    pub fn why(mut self, text: impl Into<String>) -> Self {
        self.why = Some(text.into());
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a machine edit.
    #[must_use]
    pub fn fix(
        mut self,
        level: FixLevel,
        title: impl Into<String>,
        span: Span,
        insert: impl Into<String>,
    ) -> Self {
        let edits = vec![Edit { span, insert: insert.into() }];
        self.fixes.push(Fix { level, title: title.into(), edits });
        self
    }

    /// Adds a sample message.
    #[must_use]
    pub fn witness(mut self, text: impl Into<String>) -> Self {
        self.witness = Some(text.into());
        self
    }

    /// Names the target path.
    #[must_use]
    pub fn target(mut self, path: impl Into<String>) -> Self {
        self.target = path.into();
        self
    }

    /// True for an error: it forbids emission.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Puts diagnostics in the one order we print: by file, position, code.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (a.primary.span, a.code.number(), &a.title).cmp(&(b.primary.span, b.code.number(), &b.title))
    });
}
