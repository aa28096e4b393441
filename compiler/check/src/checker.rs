//! The state of one check and the order of its work: header, tables, lets, gates, fields, delivery, tests.

use std::collections::BTreeMap;

use mapc_diagnostics::{Code, Diagnostic, Span};
use mapc_grammar::tree::{self, Item};
use mapc_schema::LoadedSchema;
use mapc_types::{Definitions, Slot};

use crate::facts::Facts;
use crate::gaps::{TableGap, Tally};
use crate::header::Header;
use crate::open::{OpenGap, OpenGaps};
use crate::reasons::Reasons;
use crate::source::{Assumed, SourceBook, any};
use crate::tables::TableEntry;
use crate::target::{BlockId, TargetTree};
use crate::typed::{Expression, ExpressionKind, Gate, Let, LetId, Rows, Scope, ScopeId, Typed, ValueField};
use crate::{CheckInput, deliver, errors, header, report, samples, tables, target};

/// A name that a path may begin with.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) name: String,
    pub(crate) scope: ScopeId,
}

/// What is known where an expression stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// Row variables, innermost last; the message first.
    pub(crate) bindings: Vec<Binding>,
    /// Flow facts.
    pub(crate) facts: Facts,
    /// The block of output fields the expression stands in.
    pub(crate) block: BlockId,
    /// The innermost row variable of an output list, for `position`.
    pub(crate) row: Option<ScopeId>,
}

impl Environment {
    /// The same with more facts.
    pub(crate) fn with_facts(&self, facts: Facts) -> Environment {
        Environment { facts, ..self.clone() }
    }
}

/// A `let` as written, checked where it is used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LetSource<'a> {
    pub(crate) name: &'a tree::Name,
    pub(crate) value: &'a tree::Expression,
}

/// The state of one check.
pub(crate) struct Checker<'a> {
    pub(crate) input: CheckInput<'a>,
    pub(crate) header: Header<'a>,
    pub(crate) empty: Definitions,
    pub(crate) book: SourceBook,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) rows: Vec<Rows>,
    pub(crate) lets: Vec<Let>,
    pub(crate) let_sources: Vec<LetSource<'a>>,
    pub(crate) lets_used: Vec<bool>,
    /// What a `let` gave last, and what was known then.
    pub(crate) let_slots: BTreeMap<LetId, (Facts, Assumed, Slot)>,
    pub(crate) tables: Vec<TableEntry>,
    pub(crate) fields: Vec<ValueField>,
    pub(crate) field_slots: Vec<Slot>,
    pub(crate) reasons: Reasons,
    pub(crate) assumed: Assumed,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) target: TargetTree<'a>,
    pub(crate) tally: Tally,
    pub(crate) root: Environment,
    /// Divisors that may be zero in the line being checked: divisor and whole division.
    pub(crate) zero_divisors: Vec<(Span, Span)>,
    /// Tables that miss known keys in the line being checked.
    pub(crate) table_gaps: Vec<TableGap>,
    /// `only` over lists that may have several rows, in the line being checked: path and call.
    pub(crate) several_rows: Vec<(Span, Span)>,
    /// Keys of grouped row variables.
    pub(crate) group_keys: Vec<(ScopeId, Expression)>,
    /// An `xref` here has its `else`.
    pub(crate) xref_answered: bool,
    /// Target path of the line being checked, or the kind of rule.
    pub(crate) rule: String,
    /// Gaps that nothing answers, when they are left open instead of reported.
    pub(crate) open: Option<OpenGaps>,
}

/// What a check gives.
pub(crate) struct Checking {
    pub(crate) typed: Typed,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Gaps that were left open.
    pub(crate) gaps: Vec<OpenGap>,
}

/// Sizes of everything that grows, to come back to.
pub(crate) struct Mark {
    book: (usize, usize),
    scopes: usize,
    rows: usize,
    reasons: usize,
    diagnostics: usize,
    lets_used: Vec<bool>,
    tables_used: Vec<bool>,
    zero_divisors: Vec<(Span, Span)>,
    table_gaps: Vec<TableGap>,
    several_rows: Vec<(Span, Span)>,
}

impl<'a> Checker<'a> {
    /// Adds a diagnostic.
    pub(crate) fn say(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Number of errors so far.
    pub(crate) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    /// Runs `work` with these facts and forgets everything it added; gives its result, its diagnostics and the
    /// reasons it added.
    pub(crate) fn trial<R>(
        &mut self,
        assumed: Assumed,
        work: impl FnOnce(&mut Self) -> R,
    ) -> (R, Vec<Diagnostic>) {
        let mark = Mark {
            book: self.book.sizes(),
            scopes: self.scopes.len(),
            rows: self.rows.len(),
            reasons: self.reasons.len(),
            diagnostics: self.diagnostics.len(),
            lets_used: self.lets_used.clone(),
            tables_used: self.tables.iter().map(|table| table.used).collect(),
            zero_divisors: std::mem::take(&mut self.zero_divisors),
            table_gaps: std::mem::take(&mut self.table_gaps),
            several_rows: std::mem::take(&mut self.several_rows),
        };
        let before = std::mem::replace(&mut self.assumed, assumed);
        let result = work(self);
        self.assumed = before;
        let diagnostics = self.diagnostics.split_off(mark.diagnostics);
        self.book.truncate(mark.book);
        self.scopes.truncate(mark.scopes);
        self.rows.truncate(mark.rows);
        self.reasons.truncate(mark.reasons);
        self.lets_used = mark.lets_used;
        self.zero_divisors = mark.zero_divisors;
        self.table_gaps = mark.table_gaps;
        self.several_rows = mark.several_rows;
        for (table, used) in self.tables.iter_mut().zip(mark.tables_used) {
            table.used = used;
        }
        (result, diagnostics)
    }

    /// The source schema, if it could be loaded.
    pub(crate) fn source_schema(&self) -> Option<&'a LoadedSchema> {
        self.input.source
    }

    /// The target schema, if it could be loaded.
    pub(crate) fn target_schema(&self) -> Option<&'a LoadedSchema> {
        self.input.target
    }

    /// The characters of a span.
    pub(crate) fn text(&self, span: Span) -> &'a str {
        self.input.sources.slice(span)
    }
}

/// Checks everything; the map is only meaningful when no diagnostic is an error.
///
/// `leave_open`: a gap that nothing answers ends the run instead of being reported.
pub(crate) fn run(input: CheckInput<'_>, leave_open: bool) -> Checking {
    let mut diagnostics = Vec::new();
    let header = header::read(&input, &mut diagnostics);
    let mut reasons = Reasons::standard();
    let alias = header.alias.map_or("", |alias| alias.text.as_str());
    let root_reason = reasons.intern(Code::R0201, alias, "the message is not a record");
    let root_slot = input.source.map_or_else(any, |schema| Slot {
        presence: mapc_types::Presence::REQUIRED,
        value: schema.root.clone(),
    });
    let book = SourceBook::new(alias, root_slot, root_reason);
    let scopes =
        vec![Scope { parent: None, list: crate::typed::ListId(0), grouped: false, name: alias.to_owned() }];
    let root = Environment {
        bindings: vec![Binding { name: alias.to_owned(), scope: ScopeId(0) }],
        ..Environment::default()
    };
    let mut checker = Checker {
        input,
        header,
        empty: Definitions::new(),
        book,
        scopes,
        rows: Vec::new(),
        lets: Vec::new(),
        let_sources: Vec::new(),
        lets_used: Vec::new(),
        let_slots: BTreeMap::new(),
        tables: Vec::new(),
        fields: Vec::new(),
        field_slots: Vec::new(),
        reasons,
        assumed: Assumed::All,
        diagnostics,
        target: TargetTree::default(),
        tally: Tally::default(),
        root,
        zero_divisors: Vec::new(),
        table_gaps: Vec::new(),
        several_rows: Vec::new(),
        group_keys: Vec::new(),
        xref_answered: false,
        rule: String::new(),
        open: leave_open.then(OpenGaps::default),
    };
    tables::read_all(&mut checker);
    checker.read_lets();
    target::plant(&mut checker);
    let gates = checker.check_gates();
    let document = target::check_all(&mut checker);
    let delivery = deliver::check(&mut checker);
    let masks = deliver::check_masks(&mut checker);
    let tests = samples::check(&mut checker);
    checker.warn_unused();
    let open = checker.open.take().unwrap_or_default();
    let gates = gates.into_iter().chain(open.gates).collect();
    let (typed, diagnostics) = report::finish(checker, gates, document, delivery, masks, tests);
    Checking { typed, diagnostics, gaps: open.found }
}

impl<'a> Checker<'a> {
    /// Reads every `let`, in file order: one may use those above it.
    fn read_lets(&mut self) {
        let items: Vec<LetSource<'a>> = self
            .input
            .tree
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Let { name, value, .. } => Some(LetSource { name, value }),
                _ => None,
            })
            .collect();
        for source in items {
            let taken = self.let_sources.iter().find(|known| known.name.text == source.name.text);
            if let Some(first) = taken {
                let diagnostic = errors::name_taken(&source.name.text, source.name.span, first.name.span);
                self.say(diagnostic);
                continue;
            }
            if self.header.alias.is_some_and(|alias| alias.text == source.name.text) {
                let span = self.header.alias.map_or(source.name.span, |alias| alias.span);
                let diagnostic = errors::name_taken(&source.name.text, source.name.span, span);
                self.say(diagnostic);
                continue;
            }
            self.rule = format!("let {}", source.name.text);
            let environment = self.root.clone();
            let value =
                self.settle(&environment, |checker, environment| checker.single(source.value, environment));
            self.refuse_open_gaps();
            self.let_sources.push(source);
            self.lets_used.push(false);
            self.lets.push(Let { name: source.name.text.clone(), value });
        }
    }

    /// The number of a `let` by its name.
    pub(crate) fn find_let(&self, name: &str) -> Option<LetId> {
        self.let_sources.iter().position(|known| known.name.text == name).map(LetId)
    }

    /// Gates in file order; each narrows what follows.
    fn check_gates(&mut self) -> Vec<Gate> {
        let mut gates = Vec::new();
        for item in &self.input.tree.items {
            let Item::Gate(gate) = item else { continue };
            let environment = self.root.clone();
            self.rule = match &gate.kind {
                tree::GateKind::Skip => "skip".to_owned(),
                tree::GateKind::Reject(_) => "reject".to_owned(),
                tree::GateKind::Check(_) => "check".to_owned(),
            };
            let condition = self
                .settle(&environment, |checker, environment| checker.condition(&gate.condition, environment));
            self.refuse_open_gaps();
            let written = self.text(gate.condition.span).to_owned();
            let (gate, truth) = match &gate.kind {
                tree::GateKind::Skip => {
                    let reason = self.reasons.intern(Code::R0701, "skip", &format!("skipped when {written}"));
                    (Gate::Skip { condition: condition.clone(), reason }, false)
                }
                tree::GateKind::Reject(template) => {
                    let words = self.message_words(template);
                    let reason = self.reasons.intern(Code::R0302, "reject", &words);
                    let text = self.message(template, &environment);
                    (Gate::Reject { condition: condition.clone(), reason, text }, false)
                }
                tree::GateKind::Check(template) => {
                    let words = self.message_words(template);
                    let reason = self.reasons.intern(Code::R0302, "check", &words);
                    let text = self.message(template, &environment);
                    let negated = Expression {
                        kind: ExpressionKind::Not(Box::new(condition.clone())),
                        slot: condition.slot.clone(),
                        span: condition.span,
                    };
                    (Gate::Reject { condition: negated, reason, text }, true)
                }
            };
            gates.push(gate);
            self.root.facts = self.root.facts.with(&condition, truth);
        }
        self.rule = String::new();
        gates
    }

    /// Reports what only a handler could answer, where no handler can stand.
    pub(crate) fn refuse_open_gaps(&mut self) {
        let zero: Vec<(Span, Span)> = self.zero_divisors.drain(..).collect();
        for (divisor, whole) in zero {
            let failure = self.arithmetic_reason(whole);
            let diagnostic = errors::zero_outside_field(self.text(divisor), divisor, whole);
            self.unanswered_failure(diagnostic, Some(failure));
        }
        let tables: Vec<TableGap> = self.table_gaps.drain(..).collect();
        for gap in tables {
            let failure = self.own_reason(Code::R0601, &errors::no_code_words(&gap.table));
            self.unanswered_failure(errors::table_gap_outside_field(&gap), failure);
        }
        let several: Vec<(Span, Span)> = self.several_rows.drain(..).collect();
        for (path, _) in several {
            let failure = self.own_reason(Code::R0401, &errors::several_words(self.text(path)));
            self.unanswered_failure(errors::several_outside_field(self.text(path), path), failure);
        }
    }

    /// Unused names and tables.
    fn warn_unused(&mut self) {
        let lets = self.let_sources.iter().zip(&self.lets_used).filter(|(_, used)| !**used);
        let mut found: Vec<Diagnostic> =
            lets.map(|(known, _)| errors::unused("name", &known.name.text, known.name.span)).collect();
        let tables = self.tables.iter().filter(|table| !table.used);
        found.extend(tables.map(|table| errors::unused("table", &table.name, table.span)));
        for table in self.tables.iter().filter(|table| table.used && !table.broken) {
            let unused = table.unused_rows();
            if let Some(first) = unused.first() {
                let keys: Vec<String> = unused.iter().map(|row| row.key.join(", ")).collect();
                found.push(errors::rows_never_used(&table.name, &keys, first.span));
            }
        }
        self.diagnostics.extend(found);
    }
}
