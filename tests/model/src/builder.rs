//! Builds checked maps by hand, for tests only: a map that reads `a.b.c` and writes what expressions give.

use mapc_check::typed::*;
use mapc_diagnostics::{Code, FileId, Span};
use mapc_types::{BigRational, Presence, Slot, Type, Wire};

use crate::outcome::Outcome;

/// No place at all.
const PLACE: Span = Span { file: FileId(0), start: 0, end: 0 };

/// The message as a row variable.
pub const MESSAGE: ScopeId = ScopeId(0);

/// A map under construction.
#[derive(Clone, Debug)]
pub struct Builder {
    /// The map so far.
    pub typed: Typed,
}

impl Default for Builder {
    fn default() -> Self {
        let mut builder = Builder {
            typed: Typed {
                name: "test.map".to_owned(),
                version: 1,
                tenant: None,
                source: "source@1".to_owned(),
                target: "target@1".to_owned(),
                operation: Operation::Create,
                zone: None,
                source_lists: Vec::new(),
                source_fields: Vec::new(),
                scopes: vec![Scope {
                    parent: None,
                    list: ListId(0),
                    grouped: false,
                    name: "order".to_owned(),
                }],
                rows: Vec::new(),
                tables: Vec::new(),
                lets: Vec::new(),
                gates: Vec::new(),
                fields: Vec::new(),
                document: RecordBody::default(),
                key: None,
                order_by: None,
                deliver: None,
                masks: Vec::new(),
                tests: Vec::new(),
                reasons: Vec::new(),
                report: Report::default(),
            },
        };
        let always = [
            Code::R0101,
            Code::R0102,
            Code::R0103,
            Code::R0110,
            Code::R0111,
            Code::R0112,
            Code::R0113,
            Code::R0114,
        ];
        for code in always {
            builder.reason(code, "");
        }
        let source_reason = builder.reason(Code::R0201, "message");
        builder.typed.source_lists.push(SourceList {
            parent: None,
            path: Vec::new(),
            nullable: false,
            facts: Vec::new(),
            source_reason,
            display: "order".to_owned(),
        });
        builder
    }
}

fn path(dotted: &str) -> Vec<std::sync::Arc<str>> {
    dotted.split('.').filter(|name| !name.is_empty()).map(Into::into).collect()
}

/// An expression without place.
pub fn expression(kind: ExpressionKind) -> Expression {
    let slot = Slot { presence: Presence { absent: true, null: true }, value: Type::Any };
    Expression { kind, slot, span: PLACE }
}

/// A text constant.
pub fn words(text: &str) -> Expression {
    expression(ExpressionKind::Constant(Constant::Text(text.to_owned())))
}

/// A number constant, in hundredths.
pub fn hundredths(value: i64) -> Constant {
    Constant::Decimal(BigRational::new(value.into(), 100.into()))
}

/// A whole number.
pub fn whole(value: i64) -> Constant {
    hundredths(value * 100)
}

/// A constant.
pub fn constant(constant: Constant) -> Expression {
    expression(ExpressionKind::Constant(constant))
}

/// A pipe function that cannot fail.
pub fn call(function: &str, input: Expression, arguments: &[Constant]) -> Expression {
    call_or(function, input, arguments, None)
}

/// A pipe function that may fail.
pub fn call_or(
    function: &str,
    input: Expression,
    arguments: &[Constant],
    failure: Option<ReasonId>,
) -> Expression {
    expression(ExpressionKind::Call {
        function: function.to_owned(),
        input: Box::new(input),
        arguments: arguments.to_vec(),
        failure,
    })
}

/// `left operator right`.
pub fn compare(operator: Comparison, left: Expression, right: Expression) -> Expression {
    expression(ExpressionKind::Compare { operator, left: Box::new(left), right: Box::new(right) })
}

/// `left is right`.
pub fn is(left: Expression, right: Expression, negated: bool) -> Expression {
    expression(ExpressionKind::Equal { left: Box::new(left), right: Box::new(right), negated })
}

/// `value else fallback`.
pub fn or_else(value: Expression, fallback: Fallback) -> Expression {
    expression(ExpressionKind::Else { value: Box::new(value), fallback })
}

/// Texts and holes in turn: an empty text before a hole is left out.
pub fn template(parts: Vec<(&str, Option<Expression>)>) -> Vec<TemplatePart> {
    let mut template = Vec::new();
    for (text, hole) in parts {
        if !text.is_empty() {
            template.push(TemplatePart::Text(text.to_owned()));
        }
        template.extend(hole.map(TemplatePart::Hole));
    }
    template
}

impl Builder {
    /// A new reason.
    pub fn reason(&mut self, code: Code, rule: &str) -> ReasonId {
        let id = format!("{:016x}", self.typed.reasons.len());
        let text = format!("{rule}: {code}");
        self.typed.reasons.push(Reason { code, rule: rule.to_owned(), text, id });
        ReasonId(self.typed.reasons.len() - 1)
    }

    /// A read with everything said.
    pub fn field(
        &mut self,
        scope: ScopeId,
        dotted: &str,
        read: ReadKind,
        nullable: bool,
        facts: Vec<Predicate>,
    ) -> Expression {
        let list = self.typed.scopes.get(scope.0).map_or(ListId(0), |scope| scope.list);
        let source_reason = self.reason(Code::R0201, dotted);
        let path = path(dotted);
        let display = dotted.to_owned();
        let field =
            SourceField { list, path, read, nullable, facts, source_reason, display, sensitive: false };
        self.typed.source_fields.push(field);
        expression(ExpressionKind::Read { scope, field: SourceFieldId(self.typed.source_fields.len() - 1) })
    }

    /// An optional nullable text.
    pub fn text(&mut self, scope: ScopeId, dotted: &str) -> Expression {
        self.field(scope, dotted, ReadKind::Text, true, Vec::new())
    }

    /// An optional nullable number.
    pub fn number(&mut self, scope: ScopeId, dotted: &str) -> Expression {
        self.field(scope, dotted, ReadKind::Decimal(Wire::Plain), true, Vec::new())
    }

    /// A list below the rows of a scope, and a row variable for it.
    pub fn list(&mut self, scope: ScopeId, dotted: &str, nullable: bool, facts: Vec<Predicate>) -> Rows {
        let parent = self.typed.scopes.get(scope.0).map_or(ListId(0), |scope| scope.list);
        let source_reason = self.reason(Code::R0201, dotted);
        let list = SourceList {
            parent: Some(parent),
            path: path(dotted),
            nullable,
            facts,
            source_reason,
            display: dotted.to_owned(),
        };
        self.typed.source_lists.push(list);
        let list = ListId(self.typed.source_lists.len() - 1);
        self.walk(RowSource::List { list, scope }, scope, list)
    }

    /// The rows of the current group.
    pub fn group_rows(&mut self, scope: ScopeId) -> Rows {
        let list = self.typed.scopes.get(scope.0).map_or(ListId(0), |scope| scope.list);
        self.walk(RowSource::Group { scope }, scope, list)
    }

    /// A second walk over the same source, with a row variable of its own.
    pub fn again(&mut self, rows: &Rows) -> Rows {
        let (parent, list) = match rows.source {
            RowSource::List { list, scope } => (scope, list),
            RowSource::Group { scope } => {
                (scope, self.typed.scopes.get(scope.0).map_or(ListId(0), |scope| scope.list))
            }
        };
        self.walk(rows.source, parent, list)
    }

    fn walk(&mut self, source: RowSource, parent: ScopeId, list: ListId) -> Rows {
        self.typed.scopes.push(Scope { parent: Some(parent), list, grouped: false, name: "row".to_owned() });
        let scope = ScopeId(self.typed.scopes.len() - 1);
        Rows { source, scope, filter: None, group: None, sort: None }
    }

    /// Adds the walk to the map.
    pub fn rows(&mut self, rows: Rows) -> RowsId {
        if let Some(scope) = self.typed.scopes.get_mut(rows.scope.0) {
            scope.grouped = rows.group.is_some();
        }
        self.typed.rows.push(rows);
        RowsId(self.typed.rows.len() - 1)
    }

    /// An output value that stands nowhere yet.
    pub fn value(&mut self, target: &str, write: Write, value: Expression) -> FieldId {
        self.typed.fields.push(ValueField {
            target: target.to_owned(),
            when: None,
            value,
            guards: Vec::new(),
            on_failure: None,
            write,
            span: PLACE,
        });
        FieldId(self.typed.fields.len() - 1)
    }

    /// A field of the document.
    pub fn put(&mut self, key: &str, write: Write, value: Expression) -> FieldId {
        let id = self.value(key, write, value);
        self.typed.document.fields.push(node(key, Content::Value(id)));
        id
    }

    /// A text field of the document.
    pub fn put_text(&mut self, key: &str, value: Expression) -> FieldId {
        self.put(key, Write::Text, value)
    }

    /// A number field of the document.
    pub fn put_number(&mut self, key: &str, value: Expression) -> FieldId {
        self.put(key, Write::Number { whole: false }, value)
    }

    /// Adds a guard to an output value.
    pub fn guard(&mut self, field: FieldId, predicate: Predicate, action: Action) {
        let id = format!("{:016x}", field.0);
        if let Some(field) = self.typed.fields.get_mut(field.0) {
            field.guards.push(Guard { predicate, action, id });
        }
    }

    /// A list of the document.
    pub fn put_list(&mut self, key: &str, rows: RowsId, body: ListBody, required: bool, guards: Vec<Guard>) {
        let target = key.to_owned();
        let list = ListNode { when: None, rows, body, required, guards, target };
        self.typed.document.fields.push(node(key, Content::List(list)));
    }

    /// One value from many rows.
    pub fn aggregate(
        &mut self,
        function: Aggregate,
        rows: Rows,
        element: Option<Expression>,
        failure: Option<ReasonId>,
    ) -> Expression {
        let rows = self.rows(rows);
        expression(ExpressionKind::Aggregate { function, rows, element: element.map(Box::new), failure })
    }
}

/// A field of a record.
pub fn node(key: &str, content: Content) -> FieldNode {
    FieldNode { key: key.into(), content }
}

/// An outcome in one line.
pub fn describe(typed: &Typed, outcome: &Outcome) -> String {
    let code = |reason: &ReasonId| match typed.reasons.get(reason.0) {
        Some(reason) => reason.code.number(),
        None => "no reason",
    };
    match outcome {
        Outcome::Deliver { document, key, order_by } => {
            let mut line = String::from_utf8_lossy(document).into_owned();
            for (name, value) in [("key", key), ("order", order_by)] {
                if let Some(value) = value {
                    line.push_str(&format!(" {name} {value}"));
                }
            }
            line
        }
        Outcome::Skip { reason } => format!("skip {}", code(reason)),
        Outcome::Wait { reason, reference } => format!("wait {} {reference}", code(reason)),
        Outcome::Reject { reason, text } => format!("reject {} {text}", code(reason)),
    }
}
