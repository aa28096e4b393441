//! What every part of the loader shares: the tree, the direction, the findings, the budget of work.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use mapc_diagnostics::{Code, Diagnostic, Span};
use mapc_types::{Language, Type};

use crate::api::{Direction, Lint, LintSide};
use crate::dialect::{Dialect, Role};
use crate::errors;
use crate::expand::Alternative;
use crate::resolve::Resolver;
use crate::tree::{Json, NodeId, Tree};

/// On which side a type may differ from its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Way {
    /// Never larger than the schema: targets.
    Under,
    /// Never smaller than the schema: sources.
    Over,
    /// Never smaller, and silent: for asking whether two schemas have a value in common.
    Probe,
}

/// A schema that takes part in a conjunction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Item {
    pub(crate) node: NodeId,
    /// Only its own limits count: references and alternatives are expanded already.
    pub(crate) local: bool,
}

/// Schemas that hold together, in order of their numbers. Their number is finite, so recursion is too.
pub(crate) type Conjunction = Rc<[Item]>;

/// What a conjunction admits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lowered {
    pub(crate) null: bool,
    pub(crate) value: Type,
}

impl Lowered {
    pub(crate) fn is_never(&self) -> bool {
        !self.null && self.value == Type::Never
    }
}

/// Results of one way.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) done: HashMap<Conjunction, Lowered>,
    pub(crate) alternatives: HashMap<Conjunction, Rc<Vec<Alternative>>>,
    pub(crate) running: HashSet<Conjunction>,
    pub(crate) recursive: HashSet<Conjunction>,
    pub(crate) names: HashMap<Conjunction, Arc<str>>,
    pub(crate) taken: HashSet<Arc<str>>,
    pub(crate) definitions: BTreeMap<Arc<str>, Type>,
    pub(crate) queue: Vec<Conjunction>,
}

/// Largest number of steps one schema may cost.
const WORK_LIMIT: u64 = 1_000_000;

/// A keyword that nobody knows: how often, and where first.
#[derive(Debug)]
struct Unknown {
    places: HashSet<Span>,
    pointer: String,
    span: Span,
}

/// The loader at work on one schema.
#[derive(Debug)]
pub(crate) struct Loader {
    pub(crate) tree: Tree,
    pub(crate) dialect: Dialect,
    pub(crate) resolver: Resolver,
    pub(crate) direction: Direction,
    pub(crate) root: NodeId,
    pub(crate) under: Results,
    pub(crate) over: Results,
    pub(crate) probe: Results,
    pub(crate) depth: usize,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) negations: HashMap<NodeId, Option<(NodeId, bool)>>,
    pub(crate) constants: HashMap<NodeId, NodeId>,
    pub(crate) made: HashMap<(NodeId, &'static str), NodeId>,
    /// File and note of each overlay line.
    pub(crate) lines: Vec<(String, String)>,
    patterns: HashMap<(Arc<str>, bool), Option<Language>>,
    lints: BTreeMap<(String, String, Code), Lint>,
    unknown: BTreeMap<Arc<str>, Unknown>,
    visited: HashSet<NodeId>,
    complained: HashSet<(NodeId, Code)>,
    work: u64,
    quiet: usize,
}

impl Loader {
    pub(crate) fn new(tree: Tree, root: NodeId, dialect: Dialect, direction: Direction) -> Self {
        let resolver = Resolver::new(&tree, root, dialect);
        Self {
            tree,
            dialect,
            resolver,
            direction,
            root,
            under: Results::default(),
            over: Results::default(),
            probe: Results::default(),
            depth: 0,
            diagnostics: Vec::new(),
            negations: HashMap::new(),
            constants: HashMap::new(),
            made: HashMap::new(),
            lines: Vec::new(),
            patterns: HashMap::new(),
            lints: BTreeMap::new(),
            unknown: BTreeMap::new(),
            visited: HashSet::new(),
            complained: HashSet::new(),
            work: 0,
            quiet: 0,
        }
    }

    pub(crate) fn results(&mut self, way: Way) -> &mut Results {
        match way {
            Way::Under => &mut self.under,
            Way::Over => &mut self.over,
            Way::Probe => &mut self.probe,
        }
    }

    /// Forgets all results; the findings stay.
    pub(crate) fn forget(&mut self) {
        self.under = Results::default();
        self.over = Results::default();
        self.probe = Results::default();
    }

    /// Runs without findings.
    pub(crate) fn quietly<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.quiet += 1;
        let result = run(self);
        self.quiet -= 1;
        result
    }

    /// Pays for work; false once the budget is spent.
    pub(crate) fn spend(&mut self, steps: usize) -> bool {
        if self.work > WORK_LIMIT {
            return false;
        }
        self.work += u64::try_from(steps).unwrap_or(u64::MAX / 2);
        if self.work > WORK_LIMIT {
            let span = self.tree.span(self.root);
            let head = Span { end: span.start.saturating_add(1), ..span };
            self.diagnostics.push(errors::too_complex(head));
            return false;
        }
        true
    }

    /// The budget is spent.
    pub(crate) fn exhausted(&self) -> bool {
        self.work > WORK_LIMIT
    }

    /// Notes a conversion that is not exact.
    pub(crate) fn lint(
        &mut self,
        way: Way,
        code: Code,
        node: NodeId,
        keyword: &str,
        text: impl Into<String>,
    ) {
        let side = match way {
            Way::Under => LintSide::Target,
            Way::Over => LintSide::Source,
            Way::Probe => return,
        };
        if self.quiet > 0 {
            return;
        }
        let pointer = self.tree.pointer(node);
        let span = self.keyword_span(node, keyword);
        let keyword = keyword.to_owned();
        let key = (pointer.clone(), keyword.clone(), code);
        self.lints.entry(key).or_insert_with(|| Lint {
            pointer,
            side,
            code,
            keyword,
            text: text.into(),
            span,
        });
    }

    pub(crate) fn take_lints(&mut self) -> Vec<Lint> {
        std::mem::take(&mut self.lints).into_values().collect()
    }

    /// The place of a keyword with its value, or of the schema if it has none.
    pub(crate) fn keyword_span(&self, node: NodeId, keyword: &str) -> Span {
        match self.tree.record(node).and_then(|record| record.member(keyword)) {
            Some(member) => member.span.to(self.tree.span(member.value)),
            None => self.tree.span(node),
        }
    }

    /// Complains once about each value and code.
    pub(crate) fn complain(&mut self, node: NodeId, diagnostic: Diagnostic) {
        if self.complained.insert((node, diagnostic.code)) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Complains that a keyword has a wrong form.
    pub(crate) fn malformed(&mut self, node: NodeId, value: NodeId, keyword: &str, expected: &str) {
        let diagnostic =
            errors::malformed(&self.tree.pointer(node), self.tree.span(value), keyword, expected);
        self.complain(value, diagnostic);
    }

    /// The value of a keyword, if the dialect knows it and the schema has it.
    pub(crate) fn keyword(&self, node: NodeId, keyword: &str) -> Option<NodeId> {
        let value = self.tree.get(node, keyword)?;
        (self.dialect.role(keyword) == Role::Assertion).then_some(value)
    }

    /// A count, as in `maxLength`.
    pub(crate) fn count(&mut self, node: NodeId, keyword: &str) -> Option<u64> {
        let value = self.keyword(node, keyword)?;
        let found = match self.tree.json(value) {
            Json::Number(text) => crate::number::count(text),
            _ => None,
        };
        if found.is_none() {
            self.malformed(node, value, keyword, "a whole number of 0 or more");
        }
        found
    }

    /// Looks once at the keywords of a schema that is in use.
    pub(crate) fn visit(&mut self, node: NodeId) {
        if self.quiet > 0 || !self.visited.insert(node) {
            return;
        }
        let Some(record) = self.tree.record(node) else { return };
        let strange: Vec<(Arc<str>, Span)> = record
            .iter()
            .filter(|member| self.dialect.role(&member.name) == Role::Unknown)
            .map(|member| (member.name.clone(), member.span.to(self.tree.span(member.value))))
            .collect();
        for (keyword, span) in strange {
            let pointer = self.tree.pointer(node);
            if keyword.as_ref() == "nullable" {
                let text = "`nullable` has no effect in this dialect; an overlay line or `x-mapc-dialect` can state it";
                let way = if self.direction == Direction::Source { Way::Over } else { Way::Under };
                self.lint(way, Code::W0904, node, "nullable", text);
                continue;
            }
            let entry =
                self.unknown.entry(keyword).or_insert(Unknown { places: HashSet::new(), pointer, span });
            entry.places.insert(span);
        }
    }

    /// W0902, one for each unknown keyword.
    pub(crate) fn take_unknown(&mut self) -> Vec<(Diagnostic, Lint)> {
        let unknown = std::mem::take(&mut self.unknown);
        unknown
            .into_iter()
            .map(|(keyword, found)| {
                let near = mapc_diagnostics::nearest(&keyword, Dialect::assertions().iter().copied());
                let diagnostic =
                    errors::keyword_ignored(&found.pointer, found.span, &keyword, found.places.len(), &near);
                let lint = Lint {
                    pointer: found.pointer,
                    side: LintSide::Target,
                    code: Code::W0902,
                    keyword: keyword.to_string(),
                    text: "this keyword is not known and limits nothing".into(),
                    span: found.span,
                };
                (diagnostic, lint)
            })
            .collect()
    }

    /// The texts in which a pattern is found: surely (`wide` false) or possibly (`wide` true).
    pub(crate) fn pattern(&mut self, pattern: &Arc<str>, wide: bool) -> Option<Language> {
        let key = (pattern.clone(), wide);
        if let Some(known) = self.patterns.get(&key) {
            return known.clone();
        }
        let language =
            if wide { Language::from_pattern_wide(pattern) } else { Language::from_pattern(pattern) }.ok();
        self.patterns.insert(key, language.clone());
        language
    }

    /// Is a pattern found in a text? Absent: that cannot be told.
    pub(crate) fn matches(&mut self, pattern: &Arc<str>, text: &str) -> Option<bool> {
        let surely = self.pattern(pattern, false)?.contains(text);
        if surely {
            return Some(true);
        }
        let possibly = self.pattern(pattern, true)?.contains(text);
        if possibly { None } else { Some(false) }
    }
}

/// A conjunction of whole schemas.
pub(crate) fn whole(nodes: impl IntoIterator<Item = NodeId>) -> Conjunction {
    items(nodes.into_iter().map(|node| Item { node, local: false }).collect())
}

/// A conjunction from any items.
pub(crate) fn items(mut items: Vec<Item>) -> Conjunction {
    items.sort_unstable();
    items.dedup();
    items.into()
}
