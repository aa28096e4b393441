//! Top-level items and the lines of their blocks.

use mapc_diagnostics::Span;
use pest::iterators::{Pair, Pairs};

use super::recover::Place;
use super::{Lower, Nodes, Rule};
use crate::errors;
use crate::tree::{
    Assignment, Block, DeliverLine, Duration, Each, EachBody, Expect, ExpectKind, ExpectTest, Expression,
    ExpressionKind, Gate, GateKind, Given, Handler, HandlerAction, Item, Line, Literal, MapFile, MaskLine,
    Name, Number, Path, PolicyLine, RetryStrategy, Right, SchemaReference, Table, TableRow, TableSource,
    Test,
};

/// A statement, or what stands in its place.
enum Entry<'a> {
    /// Readable to its end.
    Whole(Pair<'a, Rule>),
    /// Junk, or a statement with something behind it: both spans together.
    Broken { start: usize, end: usize, readable: Option<Pair<'a, Rule>> },
}

/// Statements with the junk between and behind them.
fn entries<'a>(pairs: impl Iterator<Item = Pair<'a, Rule>>, rule: Rule) -> Vec<Entry<'a>> {
    let mut found: Vec<Entry<'a>> = Vec::new();
    for pair in pairs {
        let (start, end) = (pair.as_span().start(), pair.as_span().end());
        if pair.as_rule() == rule {
            found.push(Entry::Whole(pair));
        } else if pair.as_rule() == Rule::junk {
            found.push(Entry::Broken { start, end, readable: None });
        } else if pair.as_rule() == Rule::tail
            && let Some(Entry::Whole(statement)) = found.pop()
        {
            let start = statement.as_span().start();
            found.push(Entry::Broken { start, end, readable: Some(statement) });
        }
    }
    found
}

impl Lower<'_> {
    pub(super) fn file(&mut self, pairs: Pairs<'_, Rule>) -> MapFile {
        let mut items = Vec::new();
        let children = pairs.flat_map(Pair::into_inner);
        let mut outside: Option<Span> = None;
        for entry in entries(children, Rule::item) {
            match entry {
                Entry::Whole(pair) => {
                    outside = None;
                    items.extend(Nodes::of(pair).next().and_then(|item| self.item(item)));
                }
                Entry::Broken { start, end, readable } => {
                    let block = readable
                        .as_ref()
                        .and_then(|item| item.clone().into_inner().next())
                        .filter(|item| is_block(item.as_rule()));
                    match block {
                        Some(item) => {
                            let start = item.as_span().end();
                            self.explain_rest(start, end);
                            items.extend(self.item(item));
                        }
                        None => {
                            let span = self.span(start, end);
                            let field_line = readable.is_none() && self.is_field_line(start, end);
                            if !(field_line && outside.is_some()) {
                                self.explain(Place::Top, start, end);
                            }
                            self.outside |= field_line;
                            outside = field_line.then_some(span);
                            items.push(Item::Broken { span });
                        }
                    }
                }
            }
        }
        MapFile { items }
    }

    fn item(&mut self, pair: Pair<'_, Rule>) -> Option<Item> {
        let span = self.span_of(&pair);
        let rule = pair.as_rule();
        let mut nodes = Nodes::of(pair);
        Some(match rule {
            Rule::map_item => {
                let name = nodes.find(Rule::dotted)?;
                let version = nodes.find(Rule::integer);
                let version = version.map(|integer| self.integer(&integer));
                Item::Map { name: self.name(&name), version, span }
            }
            Rule::from_item => {
                let schema = nodes.find(Rule::schema)?;
                let alias = nodes.find(Rule::name)?;
                Item::From { schema: self.schema(schema)?, alias: self.name(&alias), span }
            }
            Rule::to_item => {
                let schema = nodes.find(Rule::schema)?;
                let tenant = nodes.find(Rule::name).map(|name| self.name(&name));
                Item::To { schema: self.schema(schema)?, tenant, span }
            }
            Rule::zone_item => Item::Zone { zone: self.find_quoted(&mut nodes)?, span },
            Rule::rounding_item => {
                let mode = nodes.find(Rule::name)?;
                Item::Rounding { mode: self.name(&mode), span }
            }
            Rule::table_item => Item::Table(self.table(nodes, span)?),
            Rule::let_item => {
                let name = nodes.find(Rule::name)?;
                Item::Let { name: self.name(&name), value: self.find_expression(&mut nodes), span }
            }
            Rule::skip_item => {
                Item::Gate(Gate { kind: GateKind::Skip, condition: self.find_condition(&mut nodes), span })
            }
            Rule::reject_item => {
                let kind = GateKind::Reject(self.find_template(&mut nodes)?);
                Item::Gate(Gate { kind, condition: self.find_condition(&mut nodes), span })
            }
            Rule::check_item => {
                let kind = GateKind::Check(self.find_template(&mut nodes)?);
                Item::Gate(Gate { kind, condition: self.find_disjunction(&mut nodes), span })
            }
            Rule::policy_item => Item::Policy { lines: self.policy(nodes), span },
            Rule::fields_item => Item::Fields(nodes.find(Rule::block).map(|block| self.block(block))?),
            Rule::deliver_item => Item::Deliver { lines: self.deliver(nodes), span },
            Rule::mask_item => Item::Mask { lines: self.mask(nodes), span },
            Rule::test_item => Item::Test(self.test(nodes, span)?),
            _ => return None,
        })
    }

    fn schema(&mut self, pair: Pair<'_, Rule>) -> Option<SchemaReference> {
        let span = self.span_of(&pair);
        let mut nodes = Nodes::of(pair);
        let name = nodes.find(Rule::dotted)?.as_str().to_owned();
        let version =
            nodes.take(Rule::version).and_then(|version| Nodes::of(version).find(Rule::version_number));
        Some(SchemaReference { name, version: version.map(|version| version.as_str().to_owned()), span })
    }

    fn table(&mut self, mut nodes: Nodes<'_>, span: Span) -> Option<Table> {
        let name = nodes.find(Rule::name)?;
        let name = self.name(&name);
        let source = nodes.next()?;
        let source = if source.as_rule() == Rule::table_rows {
            let mut rows = Vec::new();
            for entry in entries(source.into_inner(), Rule::row) {
                match entry {
                    Entry::Whole(row) => rows.push(self.row(row)?),
                    Entry::Broken { start, end, .. } => self.explain(Place::Row, start, end),
                }
            }
            TableSource::Inline { rows }
        } else {
            let mut nodes = Nodes::of(source);
            let file = self.find_quoted(&mut nodes)?;
            let columns = nodes.find(Rule::columns)?.into_inner();
            let keys =
                columns.filter(|pair| pair.as_rule() == Rule::name).map(|name| self.name(&name)).collect();
            let gives = nodes.find(Rule::name)?;
            TableSource::File { file, keys, gives: self.name(&gives) }
        };
        Some(Table { name, source, span })
    }

    fn row(&mut self, pair: Pair<'_, Rule>) -> Option<TableRow> {
        let span = self.span_of(&pair);
        let mut keys = Vec::new();
        let mut value = None;
        for part in pair.into_inner() {
            if part.as_rule() == Rule::row_key {
                let parts = part.into_inner().filter(|pair| pair.as_rule() == Rule::literal);
                keys.push(parts.filter_map(|part| self.literal(part)).collect());
            } else if part.as_rule() == Rule::literal {
                value = self.literal(part);
            }
        }
        Some(TableRow { keys, value: value?, span })
    }

    fn policy(&mut self, nodes: Nodes<'_>) -> Vec<PolicyLine> {
        let mut lines = Vec::new();
        for entry in entries(nodes.0, Rule::policy_line) {
            match entry {
                Entry::Whole(line) => {
                    let span = self.span_of(&line);
                    let mut words: Vec<Name> = line.into_inner().map(|word| self.name(&word)).collect();
                    if let (Some(action), Some(joiner), Some(kind)) = (words.pop(), words.pop(), words.pop())
                    {
                        lines.push(PolicyLine { kind, joiner, action, span });
                    }
                }
                Entry::Broken { start, end, .. } => self.explain(Place::Policy, start, end),
            }
        }
        lines
    }

    // ------------------------------------------------------------------------------------------ fields

    pub(super) fn block(&mut self, pair: Pair<'_, Rule>) -> Block {
        let span = self.span_of(&pair);
        let close = pair.clone().into_inner().filter(|pair| pair.as_rule() == Rule::rbrace).last();
        let close = close.map_or(span.after(), |close| self.span_of(&close));
        let mut lines = Vec::new();
        for entry in entries(pair.into_inner(), Rule::assignment) {
            lines.push(match entry {
                Entry::Whole(pair) => {
                    let (start, end) = (pair.as_span().start(), pair.as_span().end());
                    match self.assignment(pair) {
                        Some(assignment) => Line::Assign(assignment),
                        None => Line::Broken { target: None, span: self.span(start, end) },
                    }
                }
                Entry::Broken { start, end, .. } => {
                    self.explain(Place::Fields, start, end);
                    Line::Broken { target: self.target_of(start, end), span: self.span(start, end) }
                }
            });
        }
        Block { lines, span, close }
    }

    fn assignment(&mut self, pair: Pair<'_, Rule>) -> Option<Assignment> {
        let span = self.span_of(&pair);
        let mut nodes = Nodes::of(pair);
        let locked = nodes.take(Rule::locked).and_then(|locked| Nodes::of(locked).find(Rule::kw_locked));
        let locked = locked.map(|word| self.span_of(&word));
        let target = nodes.find(Rule::path).map(|path| self.path(path))?;
        nodes.take(Rule::equals);
        let right = nodes.next()?;
        let value = match right.as_rule() {
            Rule::each => Right::Each(Box::new(self.each(right)?)),
            _ => {
                let mut nodes = Nodes::of(right);
                let value = self.find_expression(&mut nodes);
                let handlers = self.handlers(&mut nodes);
                let when = self.when(&mut nodes);
                Right::Value { value, handlers, when }
            }
        };
        Some(Assignment { locked, target, value, span })
    }

    fn handlers(&mut self, nodes: &mut Nodes<'_>) -> Vec<Handler> {
        let mut handlers = Vec::new();
        while let Some(pair) = nodes.take(Rule::handler) {
            let span = self.span_of(&pair);
            let Some(action) = Nodes::of(pair).0.find(|pair| pair.as_rule() != Rule::kw_or) else { continue };
            let rule = action.as_rule();
            let mut nodes = Nodes::of(action);
            let action = match rule {
                Rule::handler_reject => self.find_template(&mut nodes).map(HandlerAction::Reject),
                Rule::handler_omit => Some(HandlerAction::Omit),
                Rule::handler_default => nodes
                    .find(Rule::literal)
                    .and_then(|literal| self.literal(literal))
                    .inspect(|literal| self.check_constant(literal))
                    .map(HandlerAction::Default),
                Rule::handler_cut => Some(HandlerAction::Cut),
                _ => Some(HandlerAction::Round),
            };
            handlers.extend(action.map(|action| Handler { action, span }));
        }
        handlers
    }

    fn when(&mut self, nodes: &mut Nodes<'_>) -> Option<Expression> {
        nodes.take(Rule::condition).map(|pair| self.find_disjunction(&mut Nodes::of(pair)))
    }

    fn each(&mut self, pair: Pair<'_, Rule>) -> Option<Each> {
        let span = self.span_of(&pair);
        let mut nodes = Nodes::of(pair);
        let list = nodes.find(Rule::path).map(|path| self.path(path))?;
        let name = nodes.find(Rule::name)?;
        let name = self.name(&name);
        let (mut filter, mut group, mut sort) = (None, None, None);
        let mut body = None;
        while let Some(rule) = nodes.peek() {
            if matches!(rule, Rule::handler | Rule::condition) {
                break;
            }
            let part = nodes.next()?;
            let part_span = self.span_of(&part);
            let twice = match rule {
                Rule::filter => filter.replace(self.find_disjunction(&mut Nodes::of(part))).map(|_| "where"),
                Rule::group => group.replace(self.find_expression(&mut Nodes::of(part))).map(|_| "group by"),
                Rule::sort => {
                    let mut nodes = Nodes::of(part);
                    let by = self.find_expression(&mut nodes);
                    sort.replace((by, nodes.find(Rule::descending).is_some())).map(|_| "sort by")
                }
                Rule::block => {
                    body = Some(EachBody::Record(self.block(part)));
                    None
                }
                Rule::expression => {
                    let value = self.expression(part);
                    body = Some(EachBody::Value { value, handlers: Vec::new() });
                    None
                }
                _ => None,
            };
            if let Some(word) = twice {
                self.diagnostics.push(errors::part_twice(word, part_span));
            }
        }
        let handlers = self.handlers(&mut nodes);
        let when = self.when(&mut nodes);
        let (body, handlers) = match body? {
            EachBody::Value { value, .. } => (EachBody::Value { value, handlers }, Vec::new()),
            record @ EachBody::Record(_) => (record, handlers),
        };
        Some(Each { list, name, filter, group, sort, body, handlers, when, span })
    }

    // ------------------------------------------------------------------------------------------ deliver, mask

    fn deliver(&mut self, nodes: Nodes<'_>) -> Vec<DeliverLine> {
        let mut lines = Vec::new();
        for entry in entries(nodes.0, Rule::deliver_line) {
            lines.push(match entry {
                Entry::Whole(pair) => {
                    let span = self.span_of(&pair);
                    let line = Nodes::of(pair).next().and_then(|line| self.deliver_line(line));
                    line.unwrap_or(DeliverLine::Broken { span })
                }
                Entry::Broken { start, end, .. } => {
                    self.explain(Place::Deliver, start, end);
                    DeliverLine::Broken { span: self.span(start, end) }
                }
            });
        }
        lines
    }

    fn deliver_line(&mut self, pair: Pair<'_, Rule>) -> Option<DeliverLine> {
        let span = self.span_of(&pair);
        let rule = pair.as_rule();
        let mut nodes = Nodes::of(pair);
        Some(match rule {
            Rule::method_line => {
                let method = nodes.find(Rule::method)?;
                let by = nodes.find(Rule::path).map(|path| self.path(path));
                DeliverLine::Method { method: self.name(&method), by, span }
            }
            Rule::connection_line => {
                let name = nodes.find(Rule::name)?;
                DeliverLine::Connection { name: self.name(&name), when: self.when(&mut nodes), span }
            }
            Rule::key_line => DeliverLine::Key { value: self.find_expression(&mut nodes), span },
            Rule::order_line => DeliverLine::InOrderBy { value: self.find_expression(&mut nodes), span },
            Rule::retry_line => {
                let class = nodes.find(Rule::name)?;
                let strategy = nodes.next()?;
                DeliverLine::Retry { class: self.name(&class), strategy: self.strategy(strategy)?, span }
            }
            Rule::unknown_line => {
                let settle = nodes.find(Rule::duration)?;
                let probe_by = nodes.find(Rule::path).map(|path| self.path(path));
                DeliverLine::Unknown { settle: self.duration(&settle), probe_by, span }
            }
            Rule::dead_letter_line => {
                let action = nodes.find(Rule::name)?;
                DeliverLine::DeadLetter { action: self.name(&action), span }
            }
            _ => return None,
        })
    }

    fn strategy(&mut self, pair: Pair<'_, Rule>) -> Option<RetryStrategy> {
        let wait = pair.as_rule() == Rule::wait_strategy;
        let mut nodes = Nodes::of(pair);
        if wait {
            nodes.take(Rule::kw_wait);
            let value = nodes.next()?;
            return Some(match value.as_rule() {
                Rule::duration => RetryStrategy::Wait { word: None, duration: Some(self.duration(&value)) },
                _ => RetryStrategy::Wait { word: Some(self.name(&value)), duration: None },
            });
        }
        let (from, to, horizon) =
            (nodes.find(Rule::duration)?, nodes.find(Rule::duration)?, nodes.find(Rule::duration)?);
        Some(RetryStrategy::Backoff {
            from: self.duration(&from),
            to: self.duration(&to),
            horizon: self.duration(&horizon),
        })
    }

    fn duration(&mut self, pair: &Pair<'_, Rule>) -> Duration {
        let span = self.span_of(pair);
        let text = pair.as_str();
        let unit = match text.chars().next_back() {
            Some('m') => 60,
            Some('h') => 60 * 60,
            Some('d') => 24 * 60 * 60,
            _ => 1,
        };
        let count = text.get(..text.len().saturating_sub(1)).and_then(|digits| digits.parse::<u64>().ok());
        let seconds = count.and_then(|count| count.checked_mul(unit));
        let seconds = seconds.unwrap_or_else(|| {
            self.diagnostics.push(errors::number_too_large(span));
            u64::MAX
        });
        Duration { seconds, span }
    }

    fn mask(&mut self, nodes: Nodes<'_>) -> Vec<MaskLine> {
        let mut lines = Vec::new();
        for entry in entries(nodes.0, Rule::mask_line) {
            match entry {
                Entry::Whole(pair) => lines.extend(self.mask_line(pair)),
                Entry::Broken { start, end, .. } => self.explain(Place::Mask, start, end),
            }
        }
        lines
    }

    fn mask_line(&mut self, pair: Pair<'_, Rule>) -> Option<MaskLine> {
        let span = self.span_of(&pair);
        let mut nodes = Nodes::of(pair);
        let path = nodes.find(Rule::path).map(|path| self.path(path))?;
        nodes.take(Rule::arrow);
        let mut nodes = Nodes::of(nodes.next()?);
        let method = nodes.next()?;
        let count: Option<Number> = nodes.find(Rule::number).map(|number| self.number(&number));
        Some(MaskLine { path, method: self.name(&method), count, span })
    }

    // ------------------------------------------------------------------------------------------ tests

    fn test(&mut self, mut nodes: Nodes<'_>, span: Span) -> Option<Test> {
        let name = self.find_quoted(&mut nodes)?;
        let mut given: Option<Given> = None;
        let mut expects = Vec::new();
        for entry in entries(nodes.0, Rule::test_line) {
            match entry {
                Entry::Whole(pair) => {
                    let Some(line) = Nodes::of(pair).next() else { continue };
                    if line.as_rule() == Rule::expect_line {
                        expects.extend(self.expect(line));
                        continue;
                    }
                    let line = self.given(line)?;
                    if let Some(first) = &given {
                        self.diagnostics.push(errors::second_given(line.span, first.span));
                    } else {
                        given = Some(line);
                    }
                }
                Entry::Broken { start, end, .. } => self.explain(Place::Test, start, end),
            }
        }
        Some(Test { name, given, expects, span })
    }

    fn given(&mut self, pair: Pair<'_, Rule>) -> Option<Given> {
        let span = self.span_of(&pair);
        let mut nodes = Nodes::of(pair);
        let file = self.find_quoted(&mut nodes)?;
        let mut with: Vec<(Path, Literal)> = Vec::new();
        while let Some(pair) = nodes.find(Rule::with_pair) {
            let mut nodes = Nodes::of(pair);
            let path = nodes.find(Rule::path).map(|path| self.path(path))?;
            let value = nodes.find(Rule::literal).and_then(|literal| self.literal(literal))?;
            with.push((path, value));
        }
        Some(Given { file, with, span })
    }

    fn expect(&mut self, pair: Pair<'_, Rule>) -> Option<Expect> {
        let span = self.span_of(&pair);
        let mut nodes = Nodes::of(pair);
        nodes.take(Rule::kw_expect);
        let what = nodes.next()?;
        let rule = what.as_rule();
        let mut nodes = Nodes::of(what);
        let kind = match rule {
            Rule::expect_deliver => ExpectKind::Deliver,
            Rule::expect_skip => ExpectKind::Skip,
            Rule::expect_wait => ExpectKind::Wait(self.find_quoted(&mut nodes)),
            Rule::expect_reject => ExpectKind::Reject(self.find_quoted(&mut nodes)),
            Rule::expect_key => {
                ExpectKind::Key(nodes.find(Rule::literal).and_then(|literal| self.literal(literal))?)
            }
            _ => {
                let path = nodes.find(Rule::path).map(|path| self.path(path))?;
                nodes.take(Rule::kw_is);
                let negated = nodes.take(Rule::kw_not).is_some();
                let value = nodes.find(Rule::literal).and_then(|literal| self.literal(literal))?;
                let test = match value {
                    Literal::Missing(_) => ExpectTest::Missing { negated },
                    value => ExpectTest::Is { value, negated },
                };
                ExpectKind::Field { path, test }
            }
        };
        Some(Expect { kind, span })
    }

    // ------------------------------------------------------------------------------------------ parts

    fn find_condition(&mut self, nodes: &mut Nodes<'_>) -> Expression {
        match nodes.find(Rule::condition) {
            Some(pair) => self.find_disjunction(&mut Nodes::of(pair)),
            None => self.broken(),
        }
    }

    /// A condition: no `else` in it.
    fn find_disjunction(&mut self, nodes: &mut Nodes<'_>) -> Expression {
        match nodes.find(Rule::disjunction) {
            Some(pair) => self.disjunction(pair),
            None => self.broken(),
        }
    }

    pub(super) fn find_expression(&mut self, nodes: &mut Nodes<'_>) -> Expression {
        match nodes.find(Rule::expression) {
            Some(pair) => self.expression(pair),
            None => self.broken(),
        }
    }

    pub(super) fn broken(&self) -> Expression {
        Expression { kind: ExpressionKind::Broken, span: self.span(0, 0) }
    }
}

/// Items whose value is their block: something behind the block does not spoil them.
fn is_block(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::fields_item | Rule::deliver_item | Rule::mask_item | Rule::policy_item | Rule::test_item
    )
}
