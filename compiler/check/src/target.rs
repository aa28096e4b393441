//! The output side: the tree of assigned paths, what is missing from it, and the order in which it is written (that of
//! the schema, so that the order of lines never changes the result).

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use mapc_diagnostics::{Code, Span};
use mapc_grammar::tree::{self, Item, Line};
use mapc_schema::Step;
use mapc_types::{Length, Presence, Slot, Type};

use crate::checker::{Checker, Environment};
use crate::errors::{self, Missing};
use crate::source::{any, field_names};
use crate::typed::{
    Content, Expression, ExpressionKind, FieldId, FieldNode, ListBody, ListNode, RecordBody, RowsId,
};

/// Index into [`TargetTree::blocks`]; 0 is the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct BlockId(pub(crate) usize);

/// Index into [`TargetTree::leaves`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LeafId(pub(crate) usize);

/// Everything that is assigned.
#[derive(Debug, Default)]
pub(crate) struct TargetTree<'a> {
    pub(crate) blocks: Vec<BlockTree>,
    pub(crate) leaves: Vec<Leaf<'a>>,
    /// Last names of the paths on right sides that are neither of the source nor of a row.
    used: BTreeSet<&'a str>,
}

/// The fields of one block: the document, or a row of a list.
#[derive(Debug)]
pub(crate) struct BlockTree {
    /// The block around it.
    pub(crate) parent: Option<BlockId>,
    /// The record.
    pub(crate) root: Branch,
    /// `item.items[].` or empty.
    pub(crate) prefix: String,
    /// What is known inside.
    pub(crate) environment: Environment,
    /// Names that were written but do not exist, with what they could mean: these do not count as missing too.
    meant: Vec<String>,
}

impl BlockTree {
    /// An empty block.
    pub(crate) fn new(
        parent: Option<BlockId>,
        root: Branch,
        prefix: String,
        environment: Environment,
    ) -> Self {
        Self { parent, root, prefix, environment, meant: Vec::new() }
    }
}

impl Branch {
    /// The record of a block.
    pub(crate) fn root(slot: Option<Slot>, steps: Vec<Step>) -> Self {
        Self { children: IndexMap::new(), slot, steps }
    }
}

/// A record on the way to assigned fields.
#[derive(Debug, Default)]
pub(crate) struct Branch {
    children: IndexMap<Arc<str>, Child>,
    slot: Option<Slot>,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Child {
    Branch(Branch),
    Leaf(LeafId),
    /// A line that could not be read.
    Broken,
}

/// One assigned path.
#[derive(Debug)]
pub(crate) struct Leaf<'a> {
    pub(crate) assignment: &'a tree::Assignment,
    pub(crate) block: BlockId,
    /// `item.items[].rate`
    pub(crate) target: String,
    pub(crate) slot: Slot,
    pub(crate) steps: Vec<Step>,
    /// Its record is always written: a required field must be there.
    pub(crate) anchored: bool,
    pub(crate) state: LeafState,
}

/// How far a leaf is.
#[derive(Clone, Debug)]
pub(crate) enum LeafState {
    Waiting,
    Running,
    Value(FieldId),
    List { node: Box<ListNode>, count: Length, body: Option<BlockId> },
    Broken,
}

impl TargetTree<'_> {
    /// Names of the outermost assigned fields.
    pub(crate) fn root_names(&self) -> Vec<String> {
        self.blocks
            .first()
            .map_or_else(Vec::new, |block| block.root.children.keys().map(ToString::to_string).collect())
    }

    fn find(&self, block: BlockId, names: &[&str]) -> Option<Found> {
        let mut branch = &self.blocks.get(block.0)?.root;
        for (at, name) in names.iter().enumerate() {
            match branch.children.get(*name)? {
                Child::Branch(next) => branch = next,
                Child::Leaf(id) => return Some(Found::Leaf(*id, at + 1)),
                Child::Broken => return Some(Found::Broken),
            }
        }
        Some(Found::Branch)
    }
}

enum Found {
    Leaf(LeafId, usize),
    Branch,
    Broken,
}

/// Puts every line of `fields` into the tree.
pub(crate) fn plant(checker: &mut Checker<'_>) {
    let slot = checker
        .target_schema()
        .map(|schema| Slot { presence: Presence::REQUIRED, value: schema.root.clone() });
    let environment = checker.root.clone();
    checker.target.blocks.push(BlockTree::new(
        None,
        Branch::root(slot, Vec::new()),
        String::new(),
        environment,
    ));
    checker.target.used = used_names(&checker.input.tree.items, checker.header.alias);
    let mut seen = None;
    let mut unreadable = false;
    let mut last = None;
    let items = &checker.input.tree.items;
    for item in items {
        if let Item::Fields(block) = item {
            unreadable |= has_unreadable(block);
            seen = Some(block.span);
            last = Some(block.close);
            for line in &block.lines {
                checker.plant_line(BlockId(0), line);
            }
        }
    }
    let place = last.or(seen).unwrap_or_else(|| checker.header.end());
    checker.anchor(BlockId(0));
    if !unreadable && seen.is_some() {
        checker.require_mapped(BlockId(0), place);
    }
}

/// Last names of the paths that may mean an output field.
fn used_names<'a>(items: &'a [Item], alias: Option<&'a tree::Name>) -> BTreeSet<&'a str> {
    let mut paths = Vec::new();
    let mut rows: Vec<&str> = alias.iter().map(|alias| alias.text.as_str()).collect();
    for item in items {
        match item {
            Item::Fields(block) => in_block(block, &mut paths, &mut rows),
            Item::Deliver { lines, .. } => {
                for line in lines {
                    match line {
                        tree::DeliverLine::Connection { when: Some(value), .. }
                        | tree::DeliverLine::Key { value, .. }
                        | tree::DeliverLine::InOrderBy { value, .. } => collect(value, &mut paths),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    paths.retain(|path| {
        path.segments.first().is_some_and(|segment| !rows.contains(&segment.name.text.as_str()))
    });
    paths
        .into_iter()
        .filter_map(|path| path.segments.last().map(|segment| segment.name.text.as_str()))
        .collect()
}

fn in_block<'a>(block: &'a tree::Block, paths: &mut Vec<&'a tree::Path>, rows: &mut Vec<&'a str>) {
    for line in &block.lines {
        let Line::Assign(assignment) = line else { continue };
        match &assignment.value {
            tree::Right::Value { value, when, .. } => {
                for part in [Some(value), when.as_ref()].into_iter().flatten() {
                    collect(part, paths);
                }
            }
            tree::Right::Each(each) => {
                rows.push(each.name.text.as_str());
                let sort = each.sort.as_ref().map(|(key, _)| key);
                for part in [each.filter.as_ref(), each.group.as_ref(), each.when.as_ref(), sort]
                    .into_iter()
                    .flatten()
                {
                    collect(part, paths);
                }
                match &each.body {
                    tree::EachBody::Record(inner) => in_block(inner, paths, rows),
                    tree::EachBody::Value { value, .. } => collect(value, paths),
                }
            }
        }
    }
}

/// A line whose left side could not be read may have filled anything: then nothing counts as missing.
pub(crate) fn has_unreadable(block: &tree::Block) -> bool {
    block.lines.iter().any(|line| matches!(line, Line::Broken { target: None, .. }))
}

/// Checks every field and gives the document.
pub(crate) fn check_all(checker: &mut Checker<'_>) -> RecordBody {
    // facts of the gates hold for the whole document
    let environment = checker.root.clone();
    if let Some(block) = checker.target.blocks.first_mut() {
        block.environment = environment;
    }
    checker.record_body(BlockId(0))
}

impl<'a> Checker<'a> {
    /// Puts one line into a block.
    pub(crate) fn plant_line(&mut self, block: BlockId, line: &'a Line) {
        match line {
            Line::Assign(assignment) => self.plant_path(block, &assignment.target, Some(assignment)),
            Line::Broken { target: Some(path), .. } => {
                // what is wrong with the line was already said
                let said = self.diagnostics.len();
                self.plant_path(block, path, None);
                self.diagnostics.truncate(said);
            }
            Line::Broken { target: None, .. } => {}
        }
    }

    fn plant_path(&mut self, block: BlockId, path: &'a tree::Path, assignment: Option<&'a tree::Assignment>) {
        let schema = self.target_schema();
        let Some(home) = self.target.blocks.get(block.0) else { return };
        let mut slot = home.root.slot.clone().unwrap_or_else(any);
        let mut steps = home.root.steps.clone();
        let prefix = home.prefix.clone();
        if let Some((_, span)) = path.segments.iter().find_map(|segment| segment.index) {
            self.say(errors::index_in_map(self.text(path.span), span));
            return;
        }
        // the source on the left?
        if let (Some(assignment), Some(first)) = (assignment, path.segments.first()) {
            let alias = self.header.alias.map(|alias| alias.text.as_str());
            let is_target =
                schema.is_some_and(|schema| schema.field(&slot.value, &first.name.text).is_some());
            if alias == Some(first.name.text.as_str()) && !is_target {
                self.say_swapped(assignment, path);
                return;
            }
        }
        let count = path.segments.len();
        for (at, segment) in path.segments.iter().enumerate() {
            let name = &segment.name;
            let value = schema.map_or(Type::Any, |schema| schema.resolve(&slot.value).clone());
            match &value {
                Type::Any if schema.is_none() => {}
                Type::Object(object) => match object.fields.get(name.text.as_str()) {
                    Some(field) => slot = field.clone(),
                    None => {
                        self.unknown_target_field(block, path, at, &value, &prefix, &steps);
                        return;
                    }
                },
                Type::Any => slot = any(),
                Type::List(_) => {
                    self.say(errors::step_into_list(self.text(path.span), name.span, path, at));
                    return;
                }
                other => {
                    let other = other.clone();
                    self.say(errors::step_into_target_value(&name.text, name.span, &other));
                    return;
                }
            }
            steps.push(Step::Field(name.text.as_str().into()));
            let described = schema.and_then(|schema| schema.describe(&steps));
            if let (Some(described), true) = (described, assignment.is_some())
                && described.read_only
            {
                self.say(errors::read_only(
                    self.text(path.span),
                    path.span,
                    described,
                    &self.header.target_system(),
                ));
                self.plant_broken(block, path);
                return;
            }
            if at + 1 == count {
                break;
            }
        }
        let target = format!("{prefix}{}", dotted(path));
        let leaf = assignment.map(|assignment| {
            self.target.leaves.push(Leaf {
                assignment,
                block,
                target,
                slot,
                steps,
                anchored: true,
                state: LeafState::Waiting,
            });
            LeafId(self.target.leaves.len() - 1)
        });
        self.insert(block, path, leaf);
    }

    fn plant_broken(&mut self, block: BlockId, path: &tree::Path) {
        self.insert(block, path, None);
    }

    /// Hangs a leaf (or a hole) into the tree, or reports that the place is taken.
    fn insert(&mut self, block: BlockId, path: &tree::Path, leaf: Option<LeafId>) {
        let schema = self.target_schema();
        let mut taken: Option<LeafId> = None;
        if let Some(home) = self.target.blocks.get_mut(block.0) {
            let mut branch = &mut home.root;
            let last = path.segments.len().saturating_sub(1);
            for (at, segment) in path.segments.iter().enumerate() {
                let key: Arc<str> = segment.name.text.as_str().into();
                if at == last {
                    match branch.children.get(&key) {
                        Some(Child::Leaf(first)) => taken = Some(*first),
                        Some(Child::Branch(below)) => taken = first_leaf(below),
                        Some(Child::Broken) => {}
                        None => {
                            branch.children.insert(key, leaf.map_or(Child::Broken, Child::Leaf));
                        }
                    }
                    break;
                }
                let slot = branch
                    .slot
                    .as_ref()
                    .and_then(|slot| schema.and_then(|schema| schema.field(&slot.value, &key)))
                    .cloned();
                let mut steps = branch.steps.clone();
                steps.push(Step::Field(key.clone()));
                let child = branch
                    .children
                    .entry(key)
                    .or_insert_with(|| Child::Branch(Branch { children: IndexMap::new(), slot, steps }));
                match child {
                    Child::Branch(next) => branch = next,
                    Child::Leaf(first) => {
                        taken = Some(*first);
                        break;
                    }
                    Child::Broken => return,
                }
            }
        }
        if let Some(first) = taken {
            let Some(first) = self.target.leaves.get(first.0) else { return };
            let (first_span, first_line) = (first.assignment.target.span, first.assignment.span);
            let line = leaf.and_then(|leaf| self.target.leaves.get(leaf.0)).map(|leaf| leaf.assignment.span);
            self.say(errors::assigned_twice(self.text(path.span), path.span, first_span, first_line, line));
        }
    }

    /// `order.id = tranId`: the sides are swapped.
    fn say_swapped(&mut self, assignment: &'a tree::Assignment, path: &'a tree::Path) {
        let right = match &assignment.value {
            tree::Right::Value { value, handlers, when: None } if handlers.is_empty() => match &value.kind {
                tree::ExpressionKind::Path(right) => Some(right),
                _ => None,
            },
            _ => None,
        };
        let swap = right.filter(|right| {
            right.segments.first().is_some_and(|first| {
                self.target_schema()
                    .is_some_and(|schema| schema.field(&schema.root, &first.name.text).is_some())
            })
        });
        let system = self.header.target_system();
        self.say(errors::sides_swapped(
            (self.text(path.span), path.span),
            swap.map(|right| (self.text(right.span), right.span)),
            &system,
        ));
        if let Some(right) = swap
            && let Some(first) = right.segments.first()
            && let Some(block) = self.target.blocks.first_mut()
        {
            block.meant.push(first.name.text.clone());
        }
    }

    fn unknown_target_field(
        &mut self,
        block: BlockId,
        path: &'a tree::Path,
        at: usize,
        record: &Type,
        prefix: &str,
        steps: &[Step],
    ) {
        let Some(schema) = self.target_schema() else { return };
        let Some(segment) = path.segments.get(at) else { return };
        let name = &segment.name;
        let writable: Vec<Arc<str>> = field_names(schema, record)
            .into_iter()
            .filter(|field| {
                let mut below = steps.to_vec();
                below.push(Step::Field(field.clone()));
                !schema.describe(&below).is_some_and(|described| described.read_only)
            })
            .collect();
        let near = crate::words::near(&name.text, writable.iter().map(AsRef::as_ref));
        if let Some(home) = self.target.blocks.get_mut(block.0) {
            home.meant.extend(near.iter().cloned());
        }
        let custom = name.text.starts_with("cust") || name.text.starts_with("YY1_");
        let record_name = if at == 0 && prefix.is_empty() {
            self.header.target_name()
        } else {
            let parts: Vec<&str> =
                path.segments.iter().take(at).map(|segment| segment.name.text.as_str()).collect();
            let record = format!("{prefix}{}", parts.join("."));
            format!("`{}`", record.trim_end_matches('.'))
        };
        let overlays: Vec<String> = schema.overlays.iter().map(|overlay| overlay.path.clone()).collect();
        if custom {
            let tenant = self.header.tenant.map(|tenant| tenant.text.clone());
            self.say(errors::custom_field_unknown(
                &name.text,
                name.span,
                &near,
                tenant.as_deref(),
                &overlays,
            ));
        } else {
            self.say(errors::unknown_target_field(&name.text, name.span, &near, &record_name, &writable));
        }
    }

    /// Marks which leaves stand in records that are always written.
    pub(crate) fn anchor(&mut self, block: BlockId) {
        let mut marks = Vec::new();
        if let Some(home) = self.target.blocks.get(block.0) {
            mark(&home.root, true, &mut marks);
        }
        for (leaf, anchored) in marks {
            if let Some(leaf) = self.target.leaves.get_mut(leaf.0) {
                leaf.anchored = anchored;
            }
        }
    }

    /// Reports required fields that no line maps: one diagnostic for each record.
    pub(crate) fn require_mapped(&mut self, block: BlockId, place: Span) {
        let Some(schema) = self.target_schema() else { return };
        let Some(home) = self.target.blocks.get(block.0) else { return };
        if let Some(slot) = &home.root.slot {
            let whole = schema.resolve(&slot.value);
            if !matches!(whole, Type::Object(_) | Type::Any) {
                // a line into it is refused with words of its own
                if home.root.children.is_empty() {
                    let (whole, system) = (whole.clone(), self.header.target_system());
                    self.say(errors::not_one_record(place, &whole, &system));
                }
                return;
            }
        }
        let mut missing = Vec::new();
        missing_in(schema, &home.root, "", &home.meant, &mut missing);
        if missing.is_empty() {
            return;
        }
        let prefix = home.prefix.clone();
        let steps = home.root.steps.clone();
        let (custom, standard): (Vec<String>, Vec<String>) = missing.into_iter().partition(|path| {
            let described = schema.describe(&steps_of(&steps, path));
            described.is_some_and(|described| described.overlay.is_some())
                && path
                    .rsplit('.')
                    .next()
                    .is_some_and(|name| name.starts_with("cust") || name.starts_with("YY1_"))
        });
        for (paths, code) in [(standard, Code::E0301), (custom, Code::E0302)] {
            if paths.is_empty() {
                continue;
            }
            let facts: Vec<Missing> = paths
                .iter()
                .map(|path| {
                    let described = schema.describe(&steps_of(&steps, path));
                    Missing {
                        path: format!("{prefix}{path}"),
                        stub: path.clone(),
                        required: described.and_then(|described| described.required),
                        overlay: described.and_then(|described| described.overlay.clone()),
                        title: described.and_then(|described| described.title.clone()),
                    }
                })
                .collect();
            let system = self.header.target_system();
            self.say(errors::required_not_mapped(code, &facts, place, &system));
        }
    }

    /// The body of a block's record, every leaf checked.
    pub(crate) fn record_body(&mut self, block: BlockId) -> RecordBody {
        let order = match self.target.blocks.get(block.0) {
            Some(home) => plan(self.target_schema(), &home.root, true),
            None => return RecordBody::default(),
        };
        let body = self.build(&order);
        self.refuse_field_counts(block);
        body
    }

    /// Says where a record may have fewer or more fields than its schema takes.
    fn refuse_field_counts(&mut self, block: BlockId) {
        let Some(home) = self.target.blocks.get(block.0) else { return };
        let mut found = Vec::new();
        self.field_counts(&home.root, true, home.prefix.trim_end_matches('.'), &mut found);
        let system = self.header.target_system();
        for (path, span, has, takes) in found {
            self.say(errors::field_count(&path, span, has, takes, &system));
        }
    }

    /// Finds records with a wrong number of fields; `forced` ones are written even when empty. True: always written.
    fn field_counts(
        &self,
        branch: &Branch,
        forced: bool,
        path: &str,
        found: &mut Vec<(String, Span, Length, Length)>,
    ) -> bool {
        let mut always: u64 = 0;
        let mut most: u64 = 0;
        for (key, child) in &branch.children {
            let is_always = match child {
                Child::Broken => true,
                Child::Leaf(leaf) => self.is_always_written(*leaf),
                Child::Branch(below) => {
                    let required = below.slot.as_ref().is_some_and(|slot| !slot.presence.absent);
                    let inner = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                    self.field_counts(below, required && forced, &inner, found) || required && forced
                }
            };
            always += u64::from(is_always);
            most += 1;
        }
        let record = branch.slot.as_ref().and_then(|slot| Some(self.target_schema()?.resolve(&slot.value)));
        if let Some(Type::Object(object)) = record {
            // a record that may be left out is only written with a field in it
            let has = Length::new(if forced { always } else { always.max(1) }, Some(most));
            if let Some(takes) = object.count.filter(|takes| !has.within(*takes)) {
                let first = first_leaf(branch).and_then(|leaf| self.target.leaves.get(leaf.0));
                let span = first.map_or_else(|| self.header.end(), |leaf| leaf.assignment.target.span);
                found.push((path.to_owned(), span, has, takes));
            }
        }
        always > 0
    }

    /// Is the field written whenever its record is? A line with an error counts as written.
    fn is_always_written(&self, leaf: LeafId) -> bool {
        let Some(leaf) = self.target.leaves.get(leaf.0) else { return true };
        match &leaf.state {
            LeafState::Value(field) => {
                self.field_slots.get(field.0).is_some_and(|slot| !slot.presence.absent)
            }
            LeafState::List { node, count, .. } => {
                node.required || count.min > 0 && node.when.is_none() && node.guards.is_empty()
            }
            LeafState::Waiting | LeafState::Running | LeafState::Broken => true,
        }
    }

    fn build(&mut self, planned: &[Planned]) -> RecordBody {
        let mut fields = Vec::new();
        for node in planned {
            match node {
                Planned::Leaf(key, leaf) => {
                    self.check_leaf(*leaf, None);
                    let content = match self.target.leaves.get(leaf.0).map(|leaf| &leaf.state) {
                        Some(LeafState::Value(field)) => Content::Value(*field),
                        Some(LeafState::List { node, .. }) => Content::List((**node).clone()),
                        _ => continue,
                    };
                    fields.push(FieldNode { key: key.clone(), content });
                }
                Planned::Record(key, required, below) => {
                    let body = self.build(below);
                    let content = Content::Record { body, required: *required };
                    fields.push(FieldNode { key: key.clone(), content });
                }
            }
        }
        RecordBody { fields }
    }

    /// Another line may use the value of this field.
    pub(crate) fn is_used(&self, id: LeafId) -> bool {
        let name = self.target.leaves.get(id.0).and_then(|leaf| leaf.assignment.target.segments.last());
        name.is_some_and(|segment| self.target.used.contains(segment.name.text.as_str()))
    }

    /// Checks one leaf, once. `from` is the place of the reference that needs it.
    pub(crate) fn check_leaf(&mut self, id: LeafId, from: Option<Span>) {
        let Some(leaf) = self.target.leaves.get_mut(id.0) else { return };
        match leaf.state {
            LeafState::Waiting => leaf.state = LeafState::Running,
            LeafState::Running => {
                let (target, span) = (leaf.target.clone(), leaf.assignment.target.span);
                leaf.state = LeafState::Broken;
                self.say(errors::circle(&target, from.unwrap_or(span), span));
                return;
            }
            _ => return,
        }
        let assignment = leaf.assignment;
        let block = leaf.block;
        let environment =
            self.target.blocks.get(block.0).map(|home| home.environment.clone()).unwrap_or_default();
        self.check_referenced(assignment, &environment);
        // a circle was found on the way
        if matches!(self.target.leaves.get(id.0).map(|leaf| &leaf.state), Some(LeafState::Broken)) {
            return;
        }
        let before = (std::mem::take(&mut self.rule), std::mem::take(&mut self.zero_divisors));
        self.rule = self.target.leaves.get(id.0).map(|leaf| leaf.target.clone()).unwrap_or_default();
        let state = match &assignment.value {
            tree::Right::Value { value, handlers, when } => {
                self.check_value_leaf(id, assignment, value, handlers, when.as_ref(), &environment)
            }
            tree::Right::Each(each) => self.check_list_leaf(id, each, &environment),
        };
        (self.rule, self.zero_divisors) = before;
        if let Some(leaf) = self.target.leaves.get_mut(id.0) {
            leaf.state = state;
        }
    }

    /// Checks the output fields that a line refers to, before the line itself.
    fn check_referenced(&mut self, assignment: &'a tree::Assignment, environment: &Environment) {
        let mut paths: Vec<&'a tree::Path> = Vec::new();
        match &assignment.value {
            tree::Right::Value { value, when, .. } => {
                collect(value, &mut paths);
                if let Some(when) = when {
                    collect(when, &mut paths);
                }
            }
            tree::Right::Each(each) => {
                for part in [&each.filter, &each.group, &each.when].into_iter().flatten() {
                    collect(part, &mut paths);
                }
            }
        }
        for path in paths {
            let first = path.segments.first().map(|segment| segment.name.text.as_str()).unwrap_or_default();
            if self.binding(path, environment).is_some() || self.find_let(first).is_some() {
                continue;
            }
            if let Some((leaf, _)) = self.find_leaf(path, environment.block) {
                self.check_leaf(leaf, Some(path.span));
            }
        }
    }

    /// The leaf that a path begins with, from the innermost block outward, and how many names lead to it.
    fn find_leaf(&self, path: &tree::Path, block: BlockId) -> Option<(LeafId, usize)> {
        let names: Vec<&str> = path.segments.iter().map(|segment| segment.name.text.as_str()).collect();
        let mut block = Some(block);
        while let Some(id) = block {
            match self.target.find(id, &names) {
                Some(Found::Leaf(leaf, used)) => return Some((leaf, used)),
                Some(_) => return None,
                None => block = self.target.blocks.get(id.0).and_then(|home| home.parent),
            }
        }
        None
    }

    /// The value of an output field on the right of a line; `None`: no such field.
    pub(crate) fn output_value(
        &mut self,
        path: &tree::Path,
        environment: &Environment,
    ) -> Option<Expression> {
        let names: Vec<&str> = path.segments.iter().map(|segment| segment.name.text.as_str()).collect();
        let Some((leaf, used)) = self.find_leaf(path, environment.block) else {
            let mut block = Some(environment.block);
            while let Some(id) = block {
                match self.target.find(id, &names) {
                    Some(Found::Branch) => {
                        self.say(errors::record_into_value(self.text(path.span), path.span, &[]));
                        return Some(self.hole(path.span));
                    }
                    Some(_) => return Some(self.hole(path.span)),
                    None => block = self.target.blocks.get(id.0).and_then(|home| home.parent),
                }
            }
            return None;
        };
        let leaf = self.target.leaves.get(leaf.0)?;
        match &leaf.state {
            LeafState::Value(field) if used == names.len() => {
                let slot = self.field_slots.get(field.0).cloned().unwrap_or_else(any);
                Some(Expression { kind: ExpressionKind::Target(*field), slot, span: path.span })
            }
            LeafState::List { .. } => {
                let list = leaf.target.clone();
                self.say(errors::list_into_value(self.text(path.span), path.span, &list));
                Some(self.hole(path.span))
            }
            LeafState::Value(_) => {
                self.say(errors::step_into_target_value(
                    names.get(used).copied().unwrap_or_default(),
                    path.span,
                    &Type::Any,
                ));
                Some(self.hole(path.span))
            }
            _ => Some(self.hole(path.span)),
        }
    }

    /// The rows of an output list under an aggregate, and the field in them.
    pub(crate) fn output_rows(
        &mut self,
        path: &tree::Path,
        environment: &Environment,
    ) -> Option<(RowsId, Length, Option<Expression>)> {
        let (leaf, used) = self.find_leaf(path, environment.block)?;
        let leaf = self.target.leaves.get(leaf.0)?;
        let LeafState::List { node, count, body } = &leaf.state else { return None };
        let (rows, mut count, body) = (node.rows, *count, *body);
        let when = node.when.clone();
        let list_body = node.body.clone();
        if let Some(when) = when {
            // a list that is not written has no rows here either
            count.min = 0;
            self.walk_only_when(rows, when);
        }
        if used == path.segments.len() {
            let element = match list_body {
                ListBody::Value(field) => {
                    let slot = self.field_slots.get(field.0).cloned().unwrap_or_else(any);
                    Some(Expression { kind: ExpressionKind::Target(field), slot, span: path.span })
                }
                ListBody::Record(_) => None,
            };
            return Some((rows, count, element));
        }
        let rest = tree::Path { segments: path.segments.get(used..)?.to_vec(), span: path.span };
        let inner = Environment { block: body?, ..environment.clone() };
        let element = self.output_value(&rest, &inner)?;
        Some((rows, count, Some(element)))
    }
}

impl Checker<'_> {
    /// The rows are walked only when the condition of their list holds, wherever they are walked.
    fn walk_only_when(&mut self, rows: RowsId, when: Expression) {
        let Some(walk) = self.rows.get_mut(rows.0) else { return };
        // the place of the condition tells that it is there already
        if walk.filter.as_ref().is_some_and(|filter| filter.span == when.span) {
            return;
        }
        let joined = match walk.filter.take() {
            None => when,
            Some(filter) => {
                let (slot, span) = (when.slot.clone(), when.span);
                let kind = ExpressionKind::And(Box::new(when), Box::new(filter));
                Expression { kind, slot, span }
            }
        };
        walk.filter = Some(joined);
    }
}

/// What to write, in the order of the schema.
enum Planned {
    Leaf(Arc<str>, LeafId),
    Record(Arc<str>, bool, Vec<Planned>),
}

fn plan(schema: Option<&mapc_schema::LoadedSchema>, branch: &Branch, anchored: bool) -> Vec<Planned> {
    let place = |key: &str| -> usize {
        let record = branch.slot.as_ref().and_then(|slot| schema.map(|schema| schema.resolve(&slot.value)));
        match record {
            Some(Type::Object(object)) => object.fields.get_index_of(key).unwrap_or(usize::MAX),
            _ => usize::MAX,
        }
    };
    let mut children: Vec<(&Arc<str>, &Child)> = branch.children.iter().collect();
    children.sort_by(|(a, _), (b, _)| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    let mut planned = Vec::new();
    for (key, child) in children {
        match child {
            Child::Leaf(leaf) => planned.push(Planned::Leaf(key.clone(), *leaf)),
            Child::Broken => {}
            Child::Branch(below) => {
                let required = below.slot.as_ref().is_some_and(|slot| !slot.presence.absent);
                let inside = is_anchored(below, required && anchored);
                planned.push(Planned::Record(key.clone(), required && anchored, plan(schema, below, inside)));
            }
        }
    }
    planned
}

/// A record is always written with all its lines when it must be there, or when another line may bring it about.
fn is_anchored(branch: &Branch, must_be_there: bool) -> bool {
    must_be_there || branch.children.len() > 1
}

fn mark(branch: &Branch, anchored: bool, marks: &mut Vec<(LeafId, bool)>) {
    for child in branch.children.values() {
        match child {
            Child::Leaf(leaf) => marks.push((*leaf, anchored)),
            Child::Broken => {}
            Child::Branch(below) => {
                let required = below.slot.as_ref().is_some_and(|slot| !slot.presence.absent);
                mark(below, is_anchored(below, required && anchored), marks);
            }
        }
    }
}

fn missing_in(
    schema: &mapc_schema::LoadedSchema,
    branch: &Branch,
    prefix: &str,
    meant: &[String],
    missing: &mut Vec<String>,
) {
    let Some(Type::Object(object)) = branch.slot.as_ref().map(|slot| schema.resolve(&slot.value)) else {
        return;
    };
    for (name, slot) in &object.fields {
        match branch.children.get(name) {
            Some(Child::Branch(below)) => {
                missing_in(schema, below, &format!("{prefix}{name}."), meant, missing);
            }
            Some(_) => {}
            None => {
                let mut steps = branch.steps.clone();
                steps.push(Step::Field(name.clone()));
                let read_only = schema.describe(&steps).is_some_and(|described| described.read_only);
                let is_meant = meant.iter().any(|known| known == name.as_ref());
                if !slot.presence.absent && !read_only && !is_meant {
                    missing.push(format!("{prefix}{name}"));
                }
            }
        }
    }
}

fn steps_of(start: &[Step], path: &str) -> Vec<Step> {
    start.iter().cloned().chain(path.split('.').map(|name| Step::Field(name.into()))).collect()
}

fn first_leaf(branch: &Branch) -> Option<LeafId> {
    branch.children.values().find_map(|child| match child {
        Child::Leaf(leaf) => Some(*leaf),
        Child::Branch(below) => first_leaf(below),
        Child::Broken => None,
    })
}

/// A path as written, without backquotes.
pub(crate) fn dotted(path: &tree::Path) -> String {
    path.segments.iter().map(|segment| segment.name.text.as_str()).collect::<Vec<_>>().join(".")
}

/// Every path in an expression.
fn collect<'a>(expression: &'a tree::Expression, paths: &mut Vec<&'a tree::Path>) {
    use tree::ExpressionKind as Kind;
    let template = |template: &'a tree::Template, paths: &mut Vec<&'a tree::Path>| {
        for part in &template.parts {
            if let tree::TemplatePart::Hole(hole) = part {
                collect(hole, paths);
            }
        }
    };
    let fallback = |fallback: &'a tree::Fallback, paths: &mut Vec<&'a tree::Path>| match fallback {
        tree::Fallback::Value(value) => collect(value, paths),
        tree::Fallback::Reject(text, _) => template(text, paths),
        tree::Fallback::Wait(_) | tree::Fallback::Omit(_) => {}
    };
    match &expression.kind {
        Kind::Literal(_) | Kind::Broken => {}
        Kind::Template(text) => template(text, paths),
        Kind::Path(path) => paths.push(path),
        Kind::Negate(inner) | Kind::Not(inner) => collect(inner, paths),
        Kind::Binary { left, right, .. } | Kind::And(left, right) | Kind::Or(left, right) => {
            collect(left, paths);
            collect(right, paths);
        }
        Kind::Pipe { input, arguments, .. } => {
            collect(input, paths);
            for argument in arguments {
                if let tree::Argument::Expression(inner) = argument {
                    collect(inner, paths);
                }
            }
        }
        Kind::Tuple(parts) | Kind::Call { arguments: parts, .. } => {
            for part in parts {
                collect(part, paths);
            }
        }
        Kind::Test { subject, test } => {
            collect(subject, paths);
            match test {
                tree::Predicate::Is { value, .. } | tree::Predicate::Compare { value, .. } => {
                    collect(value, paths)
                }
                _ => {}
            }
        }
        Kind::Else { value, fallback: other } => {
            collect(value, paths);
            fallback(other, paths);
        }
        Kind::Choose(choose) => {
            if let Some(subject) = &choose.subject {
                collect(subject, paths);
            }
            for arm in &choose.arms {
                if let tree::ArmWhen::Condition(condition) = &arm.when {
                    collect(condition, paths);
                }
                fallback(&arm.then, paths);
            }
            if let Some((other, _)) = &choose.otherwise {
                fallback(other, paths);
            }
        }
    }
}
