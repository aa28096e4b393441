//! Paths: what a dotted name on the right of a line means. A row variable or the message first, then a `let` name,
//! then an output field.

use std::sync::Arc;

use mapc_diagnostics::{Code, Span};
use mapc_grammar::tree;
use mapc_schema::Step;
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Presence, Slot, Type};

use crate::checker::{Checker, Environment};
use crate::errors;
use crate::facts::Subject;
use crate::source::{self, any};
use crate::typed::{Expression, ExpressionKind, ListId, RowSource, ScopeId, SourceField, SourceList};

/// Where a source path leads.
pub(crate) enum SourceEnd {
    /// A single value in a row.
    Value(Expression),
    /// Through lists: the rows to walk from the outside in, and what stands in the innermost row.
    Across {
        /// Lists from the outside in; the scope of each is the row of the one before.
        lists: Vec<ListId>,
        /// Path below the innermost row.
        rest: Vec<Arc<str>>,
    },
    /// A list itself.
    List(ListId),
    /// A record.
    Record,
    /// Already reported, or nothing is known about the source.
    Hole,
}

impl<'a> Checker<'a> {
    /// The row variable a path begins with.
    pub(crate) fn binding(&self, path: &tree::Path, environment: &Environment) -> Option<ScopeId> {
        let first = &path.segments.first()?.name.text;
        environment.bindings.iter().rev().find(|binding| binding.name == *first).map(|binding| binding.scope)
    }

    /// A hole: silent everywhere else.
    pub(crate) fn hole(&self, span: Span) -> Expression {
        Expression { kind: ExpressionKind::Missing, slot: any(), span }
    }

    /// An expression that stands for a path; lists and records are errors here.
    pub(crate) fn path_value(&mut self, path: &tree::Path, environment: &Environment) -> Expression {
        if self.refuse_indexes(path) {
            return self.hole(path.span);
        }
        if let Some(scope) = self.binding(path, environment) {
            return match self.source_path(path, scope, environment) {
                SourceEnd::Value(value) if self.refuse_ungrouped(scope, &value, path) => self.hole(path.span),
                SourceEnd::Value(value) => value,
                SourceEnd::Hole => self.hole(path.span),
                SourceEnd::Record => {
                    let names = self.inside_record(path, scope);
                    self.say(errors::record_into_value(self.text(path.span), path.span, &names));
                    self.hole(path.span)
                }
                SourceEnd::List(_) | SourceEnd::Across { .. } => {
                    let list = self.list_words(path, scope);
                    self.say(errors::list_into_value(self.text(path.span), path.span, &list));
                    self.hole(path.span)
                }
            };
        }
        let first = path.segments.first().map(|segment| segment.name.text.clone()).unwrap_or_default();
        if let (Some(id), true) = (self.find_let(&first), path.segments.len() == 1) {
            return self.let_value(id, path.span, environment);
        }
        if let Some(value) = self.output_value(path, environment) {
            return value;
        }
        self.unknown_name(path, &first, environment);
        self.hole(path.span)
    }

    /// The value of a `let` where it is used: its type follows from the facts known here.
    fn let_value(&mut self, id: crate::typed::LetId, span: Span, environment: &Environment) -> Expression {
        if let Some(used) = self.lets_used.get_mut(id.0) {
            *used = true;
        }
        let Some(source) = self.let_sources.get(id.0).copied() else { return self.hole(span) };
        let inner = Environment { facts: environment.facts.clone(), ..self.root.clone() };
        let assumed = self.assumed.clone();
        // names made of names would be looked at again and again
        let known = self.let_slots.get(&id).filter(|known| known.0 == inner.facts && known.1 == assumed);
        let slot = match known {
            Some((_, _, slot)) => slot.clone(),
            None => {
                let (value, _) = self.trial(assumed.clone(), |checker| checker.single(source.value, &inner));
                self.let_slots.insert(id, (inner.facts, assumed, value.slot.clone()));
                value.slot
            }
        };
        let slot = environment.facts.apply(Subject::Let(id), slot);
        Expression { kind: ExpressionKind::Let(id), slot, span }
    }

    /// Says that a name is unknown, with what could be meant.
    fn unknown_name(&mut self, path: &tree::Path, first: &str, environment: &Environment) {
        let Some(segment) = path.segments.first() else { return };
        let mut names: Vec<String> =
            environment.bindings.iter().map(|binding| binding.name.clone()).collect();
        names.extend(self.let_sources.iter().map(|known| known.name.text.clone()));
        names.extend(self.target.root_names());
        let suggestions = crate::words::near(first, names.iter().map(String::as_str));
        let alias = self.header.alias.map(|alias| alias.text.clone()).unwrap_or_default();
        // a source field written without its record?
        let below = self.source_schema().is_some_and(|schema| schema.field(&schema.root, first).is_some());
        self.say(errors::unknown_name(
            first,
            segment.name.span,
            &suggestions,
            below.then_some(alias.as_str()),
        ));
    }

    /// Reports `[n]` outside tests.
    fn refuse_indexes(&mut self, path: &tree::Path) -> bool {
        let index = path.segments.iter().find_map(|segment| segment.index);
        if let Some((_, span)) = index {
            self.say(errors::index_in_map(self.text(path.span), span));
        }
        index.is_some()
    }

    /// Follows a source path below a row variable.
    pub(crate) fn source_path(
        &mut self,
        path: &tree::Path,
        scope: ScopeId,
        environment: &Environment,
    ) -> SourceEnd {
        let Some(schema) = self.source_schema() else { return SourceEnd::Hole };
        let list = self.scopes.get(scope.0).map_or(ListId(0), |scope| scope.list);
        let row = self.book.row(list);
        let mut current = Slot { presence: Presence::REQUIRED, value: schema.resolve(&row.value).clone() };
        let mut presence = row.presence;
        let mut owner = list;
        let mut lists: Vec<ListId> = Vec::new();
        let mut names: Vec<Arc<str>> = Vec::new();
        for segment in path.segments.iter().skip(1) {
            let name = &segment.name;
            // a step into a list crosses it
            if matches!(current.value, Type::List(_)) {
                let id = self.intern_list(owner, &names, presence, &current.value);
                lists.push(id);
                owner = id;
                names.clear();
                let row = self.book.row(id);
                presence = row.presence;
                current = Slot { presence: Presence::REQUIRED, value: schema.resolve(&row.value).clone() };
            }
            match &current.value {
                Type::Any => {
                    self.say(errors::any_shape(self.text(path.span), path.span));
                    return SourceEnd::Hole;
                }
                Type::Object(object) => {
                    let Some((key, slot)) = object.fields.get_key_value(name.text.as_str()) else {
                        self.unknown_source_field(path, &name.text, name.span, &current.value);
                        return SourceEnd::Hole;
                    };
                    names.push(key.clone());
                    presence = presence.or(slot.presence);
                    current = Slot { presence: slot.presence, value: schema.resolve(&slot.value).clone() };
                }
                other => {
                    let kind = other.clone();
                    self.say(errors::step_into_value(&name.text, name.span, &kind));
                    return SourceEnd::Hole;
                }
            }
        }
        let declared = Slot { presence, value: source::as_one(current.value.clone()) };
        match &declared.value {
            Type::Any => {
                self.say(errors::any_shape(self.text(path.span), path.span));
                SourceEnd::Hole
            }
            Type::List(_) => {
                let id = self.intern_list(owner, &names, presence, &declared.value);
                if lists.is_empty() {
                    SourceEnd::List(id)
                } else {
                    lists.push(id);
                    SourceEnd::Across { lists, rest: Vec::new() }
                }
            }
            Type::Object(_) if lists.is_empty() => SourceEnd::Record,
            Type::Union(_) | Type::Never => {
                self.say(errors::several_shapes(self.text(path.span), path.span, &declared.value));
                SourceEnd::Hole
            }
            _ if !lists.is_empty() => SourceEnd::Across { lists, rest: names },
            _ => match self.read(scope, owner, &names, declared, path.span, environment) {
                Some(value) => SourceEnd::Value(value),
                None => SourceEnd::Hole,
            },
        }
    }

    /// A read of a single value below a row.
    pub(crate) fn read(
        &mut self,
        scope: ScopeId,
        list: ListId,
        names: &[Arc<str>],
        declared: Slot,
        span: Span,
        environment: &Environment,
    ) -> Option<Expression> {
        let declared = Slot { presence: declared.presence, value: source::as_one(declared.value) };
        let read = source::read_kind(&declared.value)?;
        let display = self.display(list, names);
        let expects = crate::words::a_full(&declared.value);
        let reason = self.reasons.intern(
            Code::R0201,
            &display,
            &format!("`{display}` is not {expects} as its schema states"),
        );
        let sensitive = self.describe_source(list, names).is_some_and(|known| known.sensitive);
        let nullable = declared.presence.null;
        let field = SourceField {
            list,
            path: names.to_vec(),
            read,
            nullable,
            facts: Vec::new(),
            source_reason: reason,
            display,
            sensitive,
        };
        let id = self.book.field(field, declared);
        let known = self.book.field_slot(id, &self.assumed);
        let mut slot = environment.facts.apply(Subject::Read(scope, id), known);
        // on create a null is a missing value from the start
        slot.presence.absent |= slot.presence.null && self.drops_null();
        Some(Expression { kind: ExpressionKind::Read { scope, field: id }, slot, span })
    }

    /// The list at that place of the source.
    fn intern_list(&mut self, owner: ListId, names: &[Arc<str>], presence: Presence, value: &Type) -> ListId {
        let display = self.display(owner, names);
        let reason = self.reasons.intern(
            Code::R0201,
            &display,
            &format!("`{display}` is not a list as its schema states"),
        );
        let list = SourceList {
            parent: Some(owner),
            path: names.to_vec(),
            nullable: presence.null,
            facts: Vec::new(),
            source_reason: reason,
            display,
        };
        self.book.list(list, Slot { presence, value: value.clone() })
    }

    /// `order.lines[].item.id`
    pub(crate) fn display(&self, list: ListId, names: &[Arc<str>]) -> String {
        let mut text = match self.book.lists.get(list.0) {
            Some(known) if list.0 > 0 => format!("{}[]", known.display),
            Some(known) => known.display.clone(),
            None => String::new(),
        };
        for name in names {
            text.push('.');
            text.push_str(name);
        }
        text
    }

    /// Steps from the root of the source schema.
    pub(crate) fn source_steps(&self, list: ListId, names: &[Arc<str>]) -> Vec<Step> {
        let mut steps = match self.book.lists.get(list.0) {
            Some(known) => match known.parent {
                Some(parent) => {
                    let mut steps = self.source_steps(parent, &known.path);
                    steps.push(Step::Element);
                    steps
                }
                None => Vec::new(),
            },
            None => Vec::new(),
        };
        steps.extend(source::field_steps(names));
        steps
    }

    /// What people know about a place of the source.
    pub(crate) fn describe_source(
        &self,
        list: ListId,
        names: &[Arc<str>],
    ) -> Option<&'a mapc_schema::Described> {
        self.source_schema()?.describe(&self.source_steps(list, names))
    }

    /// Says that a source field is unknown: near names first, then the same name at another level.
    fn unknown_source_field(&mut self, path: &tree::Path, name: &str, span: Span, record: &Type) {
        let Some(schema) = self.source_schema() else { return };
        let names = source::field_names(schema, record);
        let suggestions = crate::words::near(name, names.iter().map(AsRef::as_ref));
        let alias = self.header.alias.map(|alias| alias.text.clone()).unwrap_or_default();
        let place = schema.describe(&[]).and_then(|described| described.name);
        if suggestions.is_empty()
            && let Some(level) = find_level(schema, &schema.root, name, &alias, 0)
        {
            self.say(errors::other_level(name, span, &level));
            return;
        }
        let written = self.text(path.span);
        self.say(errors::unknown_source_field(
            name,
            written,
            span,
            &suggestions,
            &names,
            &self.header.source_name(),
            place,
        ));
    }

    /// Names inside a record, for help.
    fn inside_record(&self, path: &tree::Path, scope: ScopeId) -> Vec<String> {
        let Some(schema) = self.source_schema() else { return Vec::new() };
        let list = self.scopes.get(scope.0).map_or(ListId(0), |scope| scope.list);
        let mut current = self.book.row(list).value;
        for segment in path.segments.iter().skip(1) {
            match schema.field(&current, &segment.name.text) {
                Some(slot) => current = slot.value.clone(),
                None => return Vec::new(),
            }
        }
        source::field_names(schema, &current)
            .iter()
            .map(|name| format!("{}.{name}", self.text(path.span)))
            .collect()
    }

    /// The list a path crosses, as written.
    fn list_words(&self, path: &tree::Path, scope: ScopeId) -> String {
        let Some(schema) = self.source_schema() else { return String::new() };
        let list = self.scopes.get(scope.0).map_or(ListId(0), |scope| scope.list);
        let mut current = self.book.row(list).value;
        let mut words: Vec<&str> =
            path.segments.iter().take(1).map(|segment| segment.name.text.as_str()).collect();
        for segment in path.segments.iter().skip(1) {
            if matches!(schema.resolve(&current), Type::List(_)) {
                break;
            }
            words.push(segment.name.text.as_str());
            match schema.field(&current, &segment.name.text) {
                Some(slot) => current = slot.value.clone(),
                None => break,
            }
        }
        words.join(".")
    }

    /// True when a null of the source is the same as a missing value.
    pub(crate) fn drops_null(&self) -> bool {
        self.header.operation == crate::typed::Operation::Create || is_on(Lie::NullIsDropped)
    }
}

/// Where else in the source a name lives, at most a few levels down: `order.lines`.
fn find_level(
    schema: &mapc_schema::LoadedSchema,
    record: &Type,
    name: &str,
    at: &str,
    depth: usize,
) -> Option<Level> {
    if depth > 4 {
        return None;
    }
    match schema.resolve(record) {
        Type::Object(object) => {
            if depth > 0 && object.fields.contains_key(name) {
                return Some(Level { path: at.to_owned(), in_list: false });
            }
            object.fields.iter().find_map(|(key, slot)| {
                find_level(schema, &slot.value, name, &format!("{at}.{key}"), depth + 1)
            })
        }
        Type::List(list) => match schema.resolve(&list.element.value) {
            Type::Object(object) if object.fields.contains_key(name) => {
                Some(Level { path: at.to_owned(), in_list: true })
            }
            other => find_level(schema, other, name, at, depth + 1),
        },
        _ => None,
    }
}

/// Another place where a field of that name lives.
pub(crate) struct Level {
    /// Record or list that holds it.
    pub(crate) path: String,
    /// It is a list.
    pub(crate) in_list: bool,
}

impl<'a> Checker<'a> {
    /// The rows of one list seen from a scope, as a fresh walk; gives the walk and its row variable.
    pub(crate) fn walk(&mut self, source: RowSource, name: &str) -> (crate::typed::RowsId, ScopeId) {
        let (list, parent) = match source {
            RowSource::List { list, scope } => (list, scope),
            RowSource::Group { scope } => {
                (self.scopes.get(scope.0).map_or(ListId(0), |scope| scope.list), scope)
            }
        };
        self.scopes.push(crate::typed::Scope {
            parent: Some(parent),
            list,
            grouped: false,
            name: name.to_owned(),
        });
        let scope = ScopeId(self.scopes.len() - 1);
        self.rows.push(crate::typed::Rows { source, scope, filter: None, group: None, sort: None });
        (crate::typed::RowsId(self.rows.len() - 1), scope)
    }
}
