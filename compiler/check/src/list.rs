//! Lists of the document: `each … as row { … }`, `each … as row -> value`, and a list passed on as it is.

use mapc_diagnostics::{Diagnostic, Span};
use mapc_grammar::tree::{self, EachBody};
use mapc_schema::Step;
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Length, Presence, Slot, Type};

use crate::checker::{Binding, Checker, Environment};
use crate::errors;
use crate::field::Destination;
use crate::gaps::{Gap, LineContext, Tally};
use crate::path::SourceEnd;
use crate::policy::{FieldKind, field_kind};
use crate::reliance::Outcome;
use crate::source::{Place, any};
use crate::target::{BlockId, BlockTree, Branch, LeafId, LeafState, has_unreadable};
use crate::typed::{
    Expression, Guard, ListBody, ListId, ListNode, Predicate, RowSource, RowsId, ScopeId, Sort,
};

/// Rows ready to be walked.
struct Walk {
    rows: RowsId,
    scope: ScopeId,
    list: ListId,
    environment: Environment,
}

impl<'a> Checker<'a> {
    /// `each` into a leaf.
    pub(crate) fn check_list_leaf(
        &mut self,
        id: LeafId,
        each: &'a tree::Each,
        environment: &Environment,
    ) -> LeafState {
        let Some(assignment) = self.target.leaves.get(id.0).map(|leaf| leaf.assignment) else {
            return LeafState::Broken;
        };
        let Some(destination) = self.destination(id, assignment, each.list.span) else {
            return LeafState::Broken;
        };
        let element = match &destination.slot.value {
            Type::List(list) => list.element.clone(),
            Type::Any => any(),
            other => {
                let other = other.clone();
                self.say(errors::each_into_single(&destination.facts, &other, each.span));
                return LeafState::Broken;
            }
        };
        let when = each.when.as_ref().map(|when| {
            self.settle(environment, |checker, environment| checker.condition(when, environment))
        });
        let mut outer = environment.clone();
        if let Some(when) = &when {
            outer.facts = outer.facts.with(when, true);
        }
        let Some(walk) = self.walk_each(each, &outer) else { return LeafState::Broken };
        let steps = self.target.leaves.get(id.0).map(|leaf| leaf.steps.clone()).unwrap_or_default();
        let block = self.target.leaves.get(id.0).map(|leaf| leaf.block);
        let (body, inner) = match &each.body {
            EachBody::Record(lines) => {
                let is_record = self.target_schema().is_none_or(|schema| {
                    matches!(schema.resolve(&element.value), Type::Object(_) | Type::Any)
                });
                if !is_record {
                    self.say(errors::record_into_single_rows(&destination.facts, &element.value, lines.span));
                    return LeafState::Broken;
                }
                let inner = self.open_block(block, &destination, element, steps, walk.environment.clone());
                for line in &lines.lines {
                    self.plant_line(inner, line);
                }
                self.anchor(inner);
                if !has_unreadable(lines) {
                    self.require_mapped(inner, lines.close);
                }
                (ListBody::Record(self.record_body(inner)), Some(inner))
            }
            EachBody::Value { value, handlers } => {
                let Some((body, rest)) = self.single_rows(&destination, &element, value, handlers, &walk)
                else {
                    return LeafState::Broken;
                };
                // what the values leave unanswered is there for the list
                return self.finish_list(&destination, when, rest, &outer, &walk, body, None);
            }
        };
        self.finish_list(&destination, when, &each.handlers, &outer, &walk, body, inner)
    }

    /// A list of single values passed on: `tags = order.tags`.
    pub(crate) fn check_list_copy(
        &mut self,
        id: LeafId,
        path: &'a tree::Path,
        handlers: &'a [tree::Handler],
        when: Option<&'a tree::Expression>,
        environment: &Environment,
    ) -> LeafState {
        let Some(assignment) = self.target.leaves.get(id.0).map(|leaf| leaf.assignment) else {
            return LeafState::Broken;
        };
        let Some(destination) = self.destination(id, assignment, path.span) else { return LeafState::Broken };
        let when = when.map(|when| {
            self.settle(environment, |checker, environment| checker.condition(when, environment))
        });
        let mut outer = environment.clone();
        if let Some(when) = &when {
            outer.facts = outer.facts.with(when, true);
        }
        let Some((list, scope)) = self.list_path(path, &outer) else { return LeafState::Broken };
        let (rows, row) = self.walk(RowSource::List { list, scope }, "");
        let slot = self.book.row(list);
        let walk = Walk { rows, scope: row, list, environment: outer.clone() };
        let Type::List(target) = &destination.slot.value else { return LeafState::Broken };
        let element = target.element.clone();
        let Some(read) = self.read(row, list, &[], slot, path.span, &outer) else {
            self.say(errors::records_copied(&destination.facts, path.span));
            return LeafState::Broken;
        };
        let Some(body) = self.checked_rows(&destination, &element, &read, &[], &walk) else {
            return LeafState::Broken;
        };
        self.finish_list(&destination, when, handlers, &outer, &walk, body, None)
    }

    /// The list that `each` names, and whose row holds it.
    fn list_path(&mut self, path: &'a tree::Path, environment: &Environment) -> Option<(ListId, ScopeId)> {
        let Some(scope) = self.binding(path, environment) else {
            let value = self.path_value(path, environment);
            if !matches!(value.slot.value, Type::Any) {
                self.say(errors::list_expected("each", self.text(path.span), path.span));
            }
            return None;
        };
        // a list in each row of a group: which row's list would it be?
        if let Some((_, key)) = self.group_keys.iter().find(|(row, _)| *row == scope) {
            let key = self.text(key.span);
            self.say(errors::not_the_group_key(self.text(path.span), path.span, key));
            return None;
        }
        match self.source_path(path, scope, environment) {
            SourceEnd::List(list) => Some((list, scope)),
            SourceEnd::Across { .. } => {
                self.say(errors::each_across(self.text(path.span), path.span));
                None
            }
            SourceEnd::Value(_) | SourceEnd::Record => {
                self.say(errors::list_expected("each", self.text(path.span), path.span));
                None
            }
            SourceEnd::Hole => None,
        }
    }

    /// Rows of an `each`: filter, groups, order, and what is known inside.
    fn walk_each(&mut self, each: &'a tree::Each, environment: &Environment) -> Option<Walk> {
        let (list, scope) = self.list_path(&each.list, environment)?;
        if environment.bindings.iter().any(|binding| binding.name == each.name.text) {
            self.say(errors::row_name_taken(&each.name.text, each.name.span));
            return None;
        }
        let (rows, row) = self.walk(RowSource::List { list, scope }, &each.name.text);
        let mut inner = environment.clone();
        inner.bindings.push(Binding { name: each.name.text.clone(), scope: row });
        let filter = each
            .filter
            .as_ref()
            .map(|filter| self.settle(&inner, |checker, inner| checker.condition(filter, inner)));
        if let Some(filter) = &filter {
            inner.facts = inner.facts.with(filter, true);
        }
        let group = each
            .group
            .as_ref()
            .map(|group| self.settle(&inner, |checker, inner| checker.single(group, inner)));
        if let (Some(group), Some(tree)) = (&group, &each.group) {
            if !matches!(tree.kind, tree::ExpressionKind::Path(_)) {
                self.say(errors::group_by_path(tree.span));
            }
            if let Some(scope) = self.scopes.get_mut(row.0) {
                scope.grouped = true;
            }
            self.group_keys.push((row, group.clone()));
        }
        let sort = each.sort.as_ref().map(|(key, descending)| {
            let key = self.settle(&inner, |checker, inner| checker.single(key, inner));
            Sort { key, descending: *descending }
        });
        inner.row = Some(row);
        if let Some(walk) = self.rows.get_mut(rows.0) {
            walk.filter = filter;
            walk.group = group;
            walk.sort = sort;
        }
        Some(Walk { rows, scope: row, list, environment: inner })
    }

    fn open_block(
        &mut self,
        parent: Option<BlockId>,
        destination: &Destination,
        element: Slot,
        steps: Vec<Step>,
        environment: Environment,
    ) -> BlockId {
        let id = BlockId(self.target.blocks.len());
        let mut below = steps;
        below.push(Step::Element);
        self.target.blocks.push(BlockTree::new(
            parent,
            Branch::root(Some(element), below),
            format!("{}[].", destination.facts.target),
            Environment { block: id, ..environment },
        ));
        id
    }

    /// `-> value` rows, and the handlers behind the last one that the values use.
    fn single_rows(
        &mut self,
        destination: &Destination,
        element: &Slot,
        value: &'a tree::Expression,
        handlers: &'a [tree::Handler],
        walk: &Walk,
    ) -> Option<(ListBody, &'a [tree::Handler])> {
        let inner = self.row_destination(destination, element, value.span);
        let before = self.errors();
        let said = self.diagnostics.len();
        let environment = walk.environment.clone();
        let draft = self.settle_with(
            |checker| checker.value_field(&inner, value, handlers, None, &environment),
            |_, draft| draft.outcome(true),
            |draft| vec![&draft.field.value],
            &[],
        );
        if self.errors() > before {
            return None;
        }
        let taken = draft.used.iter().rposition(|used| *used).map_or(0, |last| last + 1);
        let rest = handlers.get(taken..).unwrap_or(&[]);
        let is_rest = |one: &Diagnostic| rest.iter().any(|handler| handler.span == one.primary.span);
        let kept: Vec<Diagnostic> = self.diagnostics.drain(said..).filter(|one| !is_rest(one)).collect();
        self.diagnostics.extend(kept);
        Some((ListBody::Value(self.add_field(draft)), rest))
    }

    /// Rows copied as they are.
    fn checked_rows(
        &mut self,
        destination: &Destination,
        element: &Slot,
        read: &Expression,
        handlers: &'a [tree::Handler],
        walk: &Walk,
    ) -> Option<ListBody> {
        let inner = self.row_destination(destination, element, read.span);
        let before = self.errors();
        let (scope, list, span) = (walk.scope, walk.list, read.span);
        let environment = walk.environment.clone();
        let draft = self.settle_with(
            |checker| {
                let slot = checker.book.row(list);
                let value = checker
                    .read(scope, list, &[], slot, span, &environment)
                    .unwrap_or_else(|| checker.hole(span));
                checker.typed_field(&inner, value, span, handlers, None, &environment)
            },
            |_, draft| draft.outcome(true),
            |draft| vec![&draft.field.value],
            &[],
        );
        (self.errors() == before).then(|| ListBody::Value(self.add_field(draft)))
    }

    fn row_destination(&self, destination: &Destination, element: &Slot, span: Span) -> Destination {
        let mut facts = destination.facts.clone();
        facts.target = format!("{}[]", facts.target);
        facts.value_text = self.text(span).to_owned();
        facts.value_span = span;
        facts.described = None;
        let value = self.target_schema().map_or(Type::Any, |schema| schema.resolve(&element.value).clone());
        let presence = Presence { absent: true, null: element.presence.null };
        Destination { slot: Slot { presence, value }, required: false, facts }
    }

    /// Checks the number of rows and gives the finished list.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one list line; a struct would only rename them"
    )]
    fn finish_list(
        &mut self,
        destination: &Destination,
        when: Option<Expression>,
        handlers: &'a [tree::Handler],
        environment: &Environment,
        walk: &Walk,
        body: ListBody,
        inner: Option<BlockId>,
    ) -> LeafState {
        let conditional = when.is_some();
        if destination.required && conditional {
            let diagnostic = errors::filled_in_one_branch(&destination.facts, true);
            let Some(reason) = self.unanswered(diagnostic, &destination.facts.target) else {
                return LeafState::Broken;
            };
            // what the message as a whole decides can be tested before the document
            let outside = environment.bindings.len() == 1;
            if let (Some(open), Some(condition), true) = (&mut self.open, when.clone(), outside) {
                open.gates.push(crate::open::reject_when_not(condition, reason));
            }
        }
        let before = self.errors();
        let (guards, tally, count) = self.settle_with(
            |checker| checker.count_guards(destination, handlers, environment, walk, &body),
            |_, (guards, ..)| Outcome {
                reasons: Vec::new(),
                presence: Presence::REQUIRED,
                guards: guards.iter().map(|guard: &Guard| guard.id.clone()).collect(),
            },
            |_| Vec::new(),
            &[Place::List(walk.list)],
        );
        if self.errors() > before {
            return LeafState::Broken;
        }
        self.tally.add(&tally);
        let node = ListNode {
            when,
            rows: walk.rows,
            body,
            required: destination.required,
            guards,
            target: destination.facts.target.clone(),
        };
        LeafState::List { node: Box::new(node), count, body: inner }
    }

    fn count_guards(
        &mut self,
        destination: &Destination,
        handlers: &'a [tree::Handler],
        environment: &Environment,
        walk: &Walk,
        body: &ListBody,
    ) -> (Vec<Guard>, Tally, Length) {
        let mut count = self.count_of(walk.list);
        let rows = self.rows.get(walk.rows.0);
        if rows.is_some_and(|rows| rows.filter.is_some()) && !is_on(Lie::FilterKeepsLeast) {
            count.min = 0;
        }
        if rows.is_some_and(|rows| rows.group.is_some()) {
            count.min = count.min.min(1);
        }
        if let ListBody::Value(field) = body
            && self.field_slots.get(field.0).is_some_and(|slot| slot.presence.absent)
        {
            count.min = 0;
        }
        let limit = destination.slot.value.clone();
        let Type::List(list) = &limit else { return (Vec::new(), Tally::default(), count) };
        let described = destination.facts.described.clone();
        let kind = match field_kind(&destination.facts.target, &limit, described.as_ref(), None) {
            FieldKind::Key => FieldKind::Key,
            _ => FieldKind::List,
        };
        let mut line = LineContext {
            facts: &destination.facts,
            handlers,
            used: vec![false; handlers.len()],
            kind,
            optional: !destination.required,
            limit: &limit,
            environment,
            tally: Tally::default(),
        };
        let mut guards = Vec::new();
        // a list that may be left out is left out when it has no rows
        let fewest = if destination.required { count.min } else { count.min.max(1) };
        if list.count.min > 0 {
            let few = fewest < list.count.min;
            line.tally.point(!few);
            if few {
                let gap = Gap::TooFew { allows: count.min, limit: list.count.min };
                guards.extend(self.guard(
                    &gap,
                    Predicate::Count { min: list.count.min, max: None },
                    &mut line,
                ));
            }
        }
        if let Some(most) = list.count.max {
            let many = count.max.is_none_or(|max| max > most);
            line.tally.point(!many);
            if many {
                let gap = Gap::TooMany { allows: count.max, limit: most };
                guards.extend(self.guard(&gap, Predicate::Count { min: 0, max: Some(most) }, &mut line));
            }
        }
        if list.unique {
            let may_repeat = count.max.is_none_or(|max| max > 1);
            line.tally.point(!may_repeat);
            if may_repeat {
                guards.extend(self.guard(&Gap::Duplicates, Predicate::Unique, &mut line));
            }
        }
        let LineContext { used, tally, .. } = line;
        for (handler, used) in handlers.iter().zip(used) {
            if !used {
                self.say(errors::handler_cannot_act(
                    self.text(handler.span),
                    handler.span,
                    &destination.facts,
                ));
            }
        }
        (guards, tally, count)
    }

    /// Inside a group a plain path must be the key: other fields have one value per row.
    pub(crate) fn refuse_ungrouped(&mut self, scope: ScopeId, value: &Expression, path: &tree::Path) -> bool {
        let Some((_, key)) = self.group_keys.iter().find(|(row, _)| *row == scope) else { return false };
        if format!("{:?}", key.kind) == format!("{:?}", value.kind) {
            return false;
        }
        self.say(errors::not_the_group_key(self.text(path.span), path.span, self.text(key.span)));
        true
    }
}
