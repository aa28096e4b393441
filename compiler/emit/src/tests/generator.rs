//! Random maps and messages: every construct of a checked map over a small fixed source, kinds respected, nothing else.

use mapc_check::typed::*;
use mapc_diagnostics::Code;
use mapc_model::builder::*;
use mapc_types::{BigRational, DateKind, Language, Wire};

/// A small generator of pseudo-random numbers.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) % sides as u64) as usize
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == 0
    }

    fn pick<'item, T>(&mut self, items: &'item [T]) -> &'item T {
        &items[self.roll(items.len())]
    }
}

/// Kinds of values that are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    Date(DateKind),
}

const KINDS: [Kind; 7] = [
    Kind::Text,
    Kind::Number,
    Kind::Flag,
    Kind::Date(DateKind::Date),
    Kind::Date(DateKind::Time),
    Kind::Date(DateKind::Local),
    Kind::Date(DateKind::Instant),
];

const TEXTS: [&str; 16] = [
    "",
    " ",
    "a",
    "A",
    "b",
    "ab",
    "a-b",
    "-",
    "é",
    "e\u{301}x",
    "ß",
    "👩‍👩‍👧",
    "12",
    "-1.50",
    "2024-02-29",
    "a\"\\\n",
];
const NUMBERS: [&str; 22] = [
    "0",
    "1",
    "-1",
    "2",
    "1.0",
    "1.50",
    "-0.0",
    "0.005",
    "-2.5",
    "2.5",
    "10",
    "99.995",
    "1e2",
    "5e-3",
    "1E33",
    "1e-34",
    "9999999999999999999999999999999999",
    "-0.3333",
    "3.00",
    "0.125",
    "1e34",
    "123456789.987654321",
];
const DATES: [&str; 5] = ["2024-02-29", "2023-12-31", "0001-01-01", "9999-12-31", "2024-03-10"];
const TIMES: [&str; 4] = ["00:00:00", "23:59:59.999999999", "12:30:00.500", "01:02:03"];
const OFFSETS: [&str; 5] = ["Z", "+02:00", "-05:00", "+00:00", "-23:59"];

/// A row variable that is in reach, and what its rows are.
#[derive(Clone)]
struct Reach {
    scope: ScopeId,
    rows: RowKind,
    grouped: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    /// The message or a row that is a record with the same fields.
    Record,
    Number,
    Text,
}

/// A map under construction.
pub(super) struct Generator {
    dice: Dice,
    builder: Builder,
    failure: ReasonId,
    handled: ReasonId,
    refused: ReasonId,
    waiting: ReasonId,
    /// Lets so far, by kind.
    lets: Vec<(Kind, LetId)>,
    /// Output fields that may be referred to, with the row variable they need.
    targets: Vec<(Kind, ScopeId, FieldId)>,
    /// Lists that are written once, with numbers in their rows.
    written: Vec<(RowsId, Option<FieldId>)>,
}

/// A random map.
pub(super) fn map(seed: u64) -> Typed {
    let mut builder = Builder::default();
    let mut dice = Dice::new(seed);
    builder.typed.operation = *dice.pick(&[Operation::Create, Operation::Update, Operation::Upsert]);
    builder.typed.zone = dice.pick(&[None, Some("Europe/Berlin"), Some("Asia/Kolkata")]).map(Into::into);
    let text = |word: &str| Constant::Text(word.to_owned());
    let table = |name: &str, parts: usize, values: [Option<Constant>; 3]| CodeTable {
        name: name.to_owned(),
        key_parts: parts,
        rows: ["a", "ab", ""]
            .iter()
            .zip(values)
            .map(|(key, value)| (vec![(*key).to_owned(); parts], value))
            .collect(),
        file: None,
    };
    builder.typed.tables.push(table("texts", 1, [Some(text("x")), None, Some(text("é"))]));
    builder.typed.tables.push(table("numbers", 1, [Some(hundredths(150)), Some(whole(3)), None]));
    builder.typed.tables.push(table("pairs", 2, [Some(text("p")), Some(text("q")), None]));
    let failure = builder.reason(Code::R0402, "failure");
    let handled = builder.reason(Code::R0401, "handled");
    let refused = builder.reason(Code::R0301, "refused");
    let waiting = builder.reason(Code::R0702, "waiting");
    let mut generator = Generator {
        dice,
        builder,
        failure,
        handled,
        refused,
        waiting,
        lets: Vec::new(),
        targets: Vec::new(),
        written: Vec::new(),
    };
    generator.whole_map();
    generator.builder.typed
}

impl Generator {
    fn whole_map(&mut self) {
        let reach = vec![Reach { scope: MESSAGE, rows: RowKind::Record, grouped: false }];
        for _ in 0..self.dice.roll(4) {
            let kind = *self.dice.pick(&KINDS);
            let value = self.expression(kind, &reach, 3);
            self.builder.typed.lets.push(Let { name: "let".into(), value });
            self.lets.push((kind, LetId(self.builder.typed.lets.len() - 1)));
        }
        for _ in 0..self.dice.roll(3) {
            // Rarely true, so that documents come about.
            let left = self.condition(&reach, 2);
            let right = self.condition(&reach, 2);
            let rare = is(self.read(Kind::Text, &reach), words("ab"), false);
            let all = expression(ExpressionKind::And(Box::new(left), Box::new(right)));
            let condition = expression(ExpressionKind::And(Box::new(all), Box::new(rare)));
            let gate = if self.dice.once_in(2) {
                Gate::Skip { condition, reason: self.refused }
            } else {
                Gate::Reject { condition, reason: self.handled, text: self.template(&reach, 2) }
            };
            self.builder.typed.gates.push(gate);
        }
        let body = self.record(&reach, 3);
        self.builder.typed.document = body;
        if self.dice.once_in(2) {
            self.builder.typed.key = Some(self.expression(Kind::Text, &reach, 2));
        }
        if self.dice.once_in(2) {
            self.builder.typed.order_by = Some(self.expression(Kind::Number, &reach, 2));
        }
    }

    fn record(&mut self, reach: &[Reach], depth: usize) -> RecordBody {
        let mut fields = Vec::new();
        for place in 0..1 + self.dice.roll(4) {
            let key = format!("f{place}");
            let content = match self.dice.roll(if depth == 0 { 6 } else { 9 }) {
                0..=5 => Content::Value(self.field(reach)),
                6 | 7 => {
                    let body = self.record(reach, depth - 1);
                    Content::Record { body, required: self.dice.once_in(4) }
                }
                _ => Content::List(self.list(reach, depth - 1)),
            };
            fields.push(node(&key, content));
        }
        RecordBody { fields }
    }

    fn list(&mut self, reach: &[Reach], depth: usize) -> ListNode {
        let when = self.dice.once_in(4).then(|| self.condition(reach, 2));
        let (rows, inner) = self.rows(reach, 2);
        let known = self.targets.len();
        let body = if self.dice.once_in(3) {
            ListBody::Value(self.field(&inner))
        } else {
            ListBody::Record(self.record(&inner, depth))
        };
        if reach.len() == 1 {
            let numbers = self.targets.iter().skip(known).filter(|it| it.0 == Kind::Number);
            self.written.extend(numbers.map(|it| (rows, Some(it.2))));
            self.written.push((rows, None));
        }
        self.targets.truncate(known);
        let mut guards = Vec::new();
        for predicate in [Predicate::Count { min: 1, max: Some(2) }, Predicate::Unique] {
            if self.dice.once_in(4) {
                let action = if self.dice.once_in(2) {
                    Action::Omit
                } else {
                    Action::Reject { reason: self.handled, text: self.template(reach, 1) }
                };
                guards.push(Guard { predicate, action, id: "list".into() });
            }
        }
        ListNode { when, rows, body, required: self.dice.once_in(3), guards, target: "list".into() }
    }

    /// A walk, and what is in reach inside.
    fn rows(&mut self, reach: &[Reach], depth: usize) -> (RowsId, Vec<Reach>) {
        let records: Vec<Reach> = reach.iter().filter(|it| it.rows == RowKind::Record).cloned().collect();
        let from = self.dice.pick(&records).clone();
        let facts = if self.dice.once_in(8) {
            vec![Predicate::Present, Predicate::Count { min: 0, max: Some(3) }]
        } else {
            Vec::new()
        };
        let nullable = !self.dice.once_in(12);
        let (mut rows, kind) = match self.dice.roll(8) {
            0 => (self.builder.list(from.scope, "numbers", nullable, facts), RowKind::Number),
            1 => (self.builder.list(from.scope, "r.texts", nullable, facts), RowKind::Text),
            2..=5 if from.grouped => (self.builder.group_rows(from.scope), RowKind::Record),
            _ => (self.builder.list(from.scope, "rows", nullable, facts), RowKind::Record),
        };
        // Group rows and filters look at single rows.
        let single = Reach { scope: rows.scope, rows: kind, grouped: false };
        let mut inner = reach.to_vec();
        inner.push(single.clone());
        if self.dice.once_in(3) {
            rows.filter = Some(self.condition(&inner, depth));
        }
        let group = kind == RowKind::Record && self.dice.once_in(4);
        if group {
            let kind = *self.dice.pick(&KINDS);
            rows.group = Some(self.expression(kind, &inner, depth));
        }
        inner.pop();
        inner.push(Reach { grouped: group, ..single });
        // Its position is not known yet where rows are sorted.
        if self.dice.once_in(4) {
            let kind = *self.dice.pick(&KINDS);
            let key = self.expression(kind, &inner, depth);
            rows.sort = Some(Sort { key, descending: self.dice.once_in(2) });
        }
        (self.builder.rows(rows), inner)
    }

    fn field(&mut self, reach: &[Reach]) -> FieldId {
        let kind = *self.dice.pick(&KINDS);
        let value = self.expression(kind, reach, 4);
        let write = match kind {
            Kind::Text => Write::Text,
            Kind::Number => *self.dice.pick(&[Write::Number { whole: false }, Write::DecimalText]),
            Kind::Flag => Write::Bool,
            Kind::Date(kind) => Write::Date(kind),
        };
        let id = self.builder.value("field", write, value);
        let when = self.dice.once_in(4).then(|| self.condition(reach, 2));
        for _ in 0..self.dice.roll(3) {
            let (predicate, action) = self.guard(kind, reach);
            self.builder.guard(id, predicate, action);
        }
        let on_failure = match self.dice.roll(6) {
            0 => Some(Action::Omit),
            1 => Some(Action::Default(self.constant(kind))),
            2 => Some(Action::Reject { reason: self.handled, text: self.template(reach, 1) }),
            3 => Some(Action::Reject { reason: self.handled, text: Vec::new() }),
            _ => None,
        };
        let field = &mut self.builder.typed.fields[id.0];
        field.when = when;
        field.on_failure = on_failure;
        let scope = reach.last().unwrap().scope;
        self.targets.push((kind, scope, id));
        id
    }

    fn guard(&mut self, kind: Kind, reach: &[Reach]) -> (Predicate, Action) {
        let predicate = self.predicate(kind);
        let action = match self.dice.roll(6) {
            0 => Action::Omit,
            1 => Action::Default(self.constant(kind)),
            2 if kind == Kind::Text => Action::Cut(self.dice.roll(4) as u64),
            2 if kind == Kind::Number => Action::Round { scale: self.dice.roll(3) as u32, mode: self.mode() },
            3 => Action::Reject { reason: self.handled, text: self.template(reach, 1) },
            4 => Action::Reject { reason: self.handled, text: Vec::new() },
            _ => Action::Omit,
        };
        (predicate, action)
    }

    fn predicate(&mut self, kind: Kind) -> Predicate {
        let end = || BigRational::new(5.into(), 2.into());
        match (kind, self.dice.roll(4)) {
            (Kind::Text, 0) => Predicate::MinLength(self.dice.roll(3) as u64),
            (Kind::Text, 1) => Predicate::MaxLength(self.dice.roll(4) as u64),
            (Kind::Text, 2) => Predicate::InLanguage(language(), "words".into()),
            (Kind::Number, 0) => Predicate::AtLeast { value: end(), inclusive: self.dice.once_in(2) },
            (Kind::Number, 1) => Predicate::AtMost { value: end(), inclusive: self.dice.once_in(2) },
            (Kind::Number, 2) => Predicate::OnGrid(BigRational::new(1.into(), 100.into())),
            _ => Predicate::OneOf(vec![self.constant(kind), self.constant(kind)]),
        }
    }

    fn mode(&mut self) -> Rounding {
        *self.dice.pick(&[
            Rounding::HalfUp,
            Rounding::HalfEven,
            Rounding::HalfDown,
            Rounding::Floor,
            Rounding::Ceiling,
            Rounding::Down,
            Rounding::Up,
        ])
    }

    fn constant(&mut self, kind: Kind) -> Constant {
        match kind {
            Kind::Text => Constant::Text((*self.dice.pick(&TEXTS)).to_owned()),
            Kind::Number => hundredths(*self.dice.pick(&[0, 100, -150, 33, 12500, 5])),
            Kind::Flag => Constant::Bool(self.dice.once_in(2)),
            Kind::Date(kind) => {
                let text = match kind {
                    DateKind::Date => "2024-02-29",
                    DateKind::Time => "12:30:00.5",
                    DateKind::Local => "2024-02-29T12:30:00",
                    DateKind::Instant => "2024-02-29T12:30:00Z",
                };
                Constant::Date(kind, text.to_owned())
            }
        }
    }

    /// A read from the innermost rows that have the kind, or a constant.
    fn read(&mut self, kind: Kind, reach: &[Reach]) -> Expression {
        let Reach { scope, rows, .. } = self.dice.pick(reach).clone();
        let facts = if self.dice.once_in(25) { vec![self.predicate(kind)] } else { Vec::new() };
        let facts = if self.dice.once_in(50) { vec![Predicate::Present] } else { facts };
        let nullable = !self.dice.once_in(12);
        let nested = if self.dice.once_in(3) { "r." } else { "" };
        let (name, read) = match (rows, kind) {
            (RowKind::Text, Kind::Text) => (String::new(), ReadKind::Text),
            (RowKind::Number, Kind::Number) => (String::new(), ReadKind::Decimal(Wire::Plain)),
            (RowKind::Text | RowKind::Number, _) => return constant(self.constant(kind)),
            (RowKind::Record, Kind::Text) => (format!("{nested}t"), ReadKind::Text),
            (RowKind::Record, Kind::Number) if self.dice.once_in(4) => {
                (format!("{nested}s"), ReadKind::Decimal(Wire::DecimalText))
            }
            (RowKind::Record, Kind::Number) => (format!("{nested}n"), ReadKind::Decimal(Wire::Plain)),
            (RowKind::Record, Kind::Flag) => (format!("{nested}b"), ReadKind::Bool),
            (RowKind::Record, Kind::Date(kind)) => {
                (format!("{nested}{}", date_name(kind)), ReadKind::Date(kind))
            }
        };
        self.builder.field(scope, &name, read, nullable, facts)
    }

    fn template(&mut self, reach: &[Reach], depth: usize) -> Vec<TemplatePart> {
        let mut parts = Vec::new();
        for _ in 0..self.dice.roll(4) {
            if self.dice.once_in(2) {
                parts.push(TemplatePart::Text((*self.dice.pick(&TEXTS)).to_owned()));
            } else {
                let kind = *self.dice.pick(&KINDS);
                parts.push(TemplatePart::Hole(self.expression(kind, reach, depth)));
            }
        }
        parts
    }

    fn boxed(&mut self, kind: Kind, reach: &[Reach], depth: usize) -> Box<Expression> {
        Box::new(self.expression(kind, reach, depth))
    }

    fn fallback(&mut self, kind: Kind, reach: &[Reach], depth: usize) -> Fallback {
        match self.dice.roll(16) {
            0 => Fallback::Reject { reason: self.refused, text: self.template(reach, depth) },
            1 => {
                let key = self.boxed(Kind::Text, reach, depth);
                let reference = self.dice.once_in(2).then(|| ("netsuite.customer".to_owned(), key));
                Fallback::Wait { reason: self.waiting, reference }
            }
            2 => Fallback::Omit,
            _ => Fallback::Value(self.boxed(kind, reach, depth)),
        }
    }

    fn failure(&mut self) -> Option<ReasonId> {
        // Without a reason only what cannot fail would be right; the run must still agree.
        (!self.dice.once_in(16)).then_some(self.failure)
    }

    fn expression(&mut self, kind: Kind, reach: &[Reach], depth: usize) -> Expression {
        if depth == 0 || self.dice.once_in(4) {
            return match self.dice.roll(8) {
                0 => constant(self.constant(kind)),
                1 if self.dice.once_in(4) => expression(ExpressionKind::Missing),
                _ => self.read(kind, reach),
            };
        }
        let depth = depth - 1;
        match self.dice.roll(10) {
            0 => {
                let lets: Vec<LetId> = self.lets.iter().filter(|it| it.0 == kind).map(|it| it.1).collect();
                match lets.is_empty() {
                    true => self.read(kind, reach),
                    false => expression(ExpressionKind::Let(*self.dice.pick(&lets))),
                }
            }
            1 => {
                let in_reach = |scope: &ScopeId| reach.iter().any(|it| it.scope == *scope);
                let targets: Vec<FieldId> =
                    self.targets.iter().filter(|it| it.0 == kind && in_reach(&it.1)).map(|it| it.2).collect();
                match targets.is_empty() {
                    true => self.read(kind, reach),
                    false => expression(ExpressionKind::Target(*self.dice.pick(&targets))),
                }
            }
            2 => {
                let value = self.boxed(kind, reach, depth);
                let fallback = self.fallback(kind, reach, depth);
                expression(ExpressionKind::Else { value, fallback })
            }
            3 => self.choose(kind, reach, depth),
            4 if kind == Kind::Number && !self.written.is_empty() && self.dice.once_in(2) => {
                let (rows, field) = *self.dice.pick(&self.written);
                let sums = field.is_some() && !self.dice.once_in(4);
                let function = if sums { Aggregate::Sum } else { Aggregate::Count };
                let element = field.map(|field| Box::new(expression(ExpressionKind::Target(field))));
                let failure = self.failure();
                expression(ExpressionKind::Aggregate { function, rows, element, failure })
            }
            4 => {
                let (rows, inner) = self.rows(reach, depth.min(1));
                let element = Some(self.boxed(kind, &inner, depth.min(2)));
                let mut functions = vec![Aggregate::Min, Aggregate::Max, Aggregate::First, Aggregate::Last];
                functions.push(Aggregate::Only);
                match kind {
                    Kind::Text => functions.push(Aggregate::Join("é,".into())),
                    Kind::Number => functions.extend([Aggregate::Sum, Aggregate::Count]),
                    _ => {}
                }
                let function = self.dice.pick(&functions).clone();
                let element = element.filter(|_| function != Aggregate::Count || self.dice.once_in(2));
                let failure = self.failure();
                expression(ExpressionKind::Aggregate { function, rows, element, failure })
            }
            _ => match kind {
                Kind::Text => self.text(reach, depth),
                Kind::Number => self.number(reach, depth),
                Kind::Flag => self.condition(reach, depth),
                Kind::Date(kind) => self.date(kind, reach, depth),
            },
        }
    }

    fn choose(&mut self, kind: Kind, reach: &[Reach], depth: usize) -> Expression {
        let by = *self.dice.pick(&KINDS);
        let subject = self.dice.once_in(2).then(|| self.boxed(by, reach, depth));
        let mut arms = Vec::new();
        for _ in 0..1 + self.dice.roll(3) {
            let when = if subject.is_some() {
                ArmWhen::Values(vec![self.constant(by), self.constant(by)])
            } else {
                ArmWhen::Condition(self.condition(reach, depth))
            };
            // The first arm says what kind it is.
            let then = if arms.is_empty() {
                Fallback::Value(self.boxed(kind, reach, depth))
            } else {
                self.fallback(kind, reach, depth)
            };
            arms.push(Arm { when, then });
        }
        let otherwise = (!self.dice.once_in(3)).then(|| self.fallback(kind, reach, depth));
        expression(ExpressionKind::Choose { subject, arms, otherwise })
    }

    fn call(
        &mut self,
        function: &str,
        input: Kind,
        reach: &[Reach],
        depth: usize,
        with: &[Constant],
    ) -> Expression {
        let input = self.expression(input, reach, depth);
        call_or(function, input, with, self.failure())
    }

    fn text(&mut self, reach: &[Reach], depth: usize) -> Expression {
        let text = |word: &str| Constant::Text(word.to_owned());
        match self.dice.roll(12) {
            0..=2 => {
                let parts = self.template(reach, depth);
                expression(ExpressionKind::Template(parts))
            }
            3 => {
                let plain =
                    ["trim", "squeeze", "nonblank", "upper", "lower", "upper_ascii", "lower_ascii", "digits"];
                let function = *self.dice.pick(&plain);
                self.call(function, Kind::Text, reach, depth, &[])
            }
            4 => {
                let function = *self.dice.pick(&["cut", "start", "end"]);
                let length = whole(self.dice.roll(4) as i64);
                self.call(function, Kind::Text, reach, depth, &[length])
            }
            5 => {
                let function = *self.dice.pick(&["before", "after", "without_prefix", "without_suffix"]);
                let needle = text(self.dice.pick::<&str>(&["a", "-", "é", "ab"]));
                self.call(function, Kind::Text, reach, depth, &[needle])
            }
            6 => match self.dice.roll(4) {
                0 => self.call("replace", Kind::Text, reach, depth, &[text("a"), text("éé")]),
                1 => self.call("part", Kind::Text, reach, depth, &[text("-"), whole(2)]),
                2 => self.call("pad_left", Kind::Text, reach, depth, &[whole(3), text("é")]),
                _ => self.call("pad_right", Kind::Text, reach, depth, &[whole(3), text("0")]),
            },
            7 => {
                let kind = *self.dice.pick(&KINDS);
                if kind == Kind::Flag {
                    return self.call("yes_no", kind, reach, depth, &[text("Y"), text("")]);
                }
                self.call("text", kind, reach, depth, &[])
            }
            8 => {
                let kind = *self.dice.pick(&[DateKind::Date, DateKind::Local, DateKind::Instant]);
                let pattern = text(self.dice.pick::<&str>(&["YYYY/MM/DD", "hh:mm:ss DDé", "YYYYYYYYMMM"]));
                self.call("format", Kind::Date(kind), reach, depth, &[pattern])
            }
            9 => {
                let keys = vec![self.expression(Kind::Text, reach, depth)];
                self.lookup(TableId(0), keys)
            }
            10 => {
                let keys = vec![
                    self.expression(Kind::Text, reach, depth),
                    self.expression(Kind::Text, reach, depth),
                ];
                self.lookup(TableId(2), keys)
            }
            _ => {
                let key = self.boxed(Kind::Text, reach, depth);
                let source_reason = self.refused;
                let entity = "netsuite.customer".to_owned();
                expression(ExpressionKind::Xref { entity, key, source_reason })
            }
        }
    }

    fn lookup(&mut self, table: TableId, keys: Vec<Expression>) -> Expression {
        let failure = self.failure();
        expression(ExpressionKind::Lookup { table, keys, failure })
    }

    fn number(&mut self, reach: &[Reach], depth: usize) -> Expression {
        match self.dice.roll(10) {
            0..=2 => {
                let operator =
                    *self.dice.pick(&[Arithmetic::Add, Arithmetic::Subtract, Arithmetic::Multiply]);
                let left = self.boxed(Kind::Number, reach, depth);
                let right = self.boxed(Kind::Number, reach, depth);
                let failure = self.failure();
                expression(ExpressionKind::Arithmetic { operator, left, right, failure })
            }
            3 | 4 => {
                let left = self.boxed(Kind::Number, reach, depth);
                let right = self.boxed(Kind::Number, reach, depth);
                let (scale, mode, failure) = (self.dice.roll(35) as u32, self.mode(), self.failure());
                expression(ExpressionKind::Quotient { left, right, scale, mode, failure })
            }
            5 => expression(ExpressionKind::Negate(self.boxed(Kind::Number, reach, depth))),
            6 => {
                let mode = self.mode();
                let name =
                    ["half_up", "half_even", "half_down", "floor", "ceiling", "down", "up"][mode as usize];
                let scale = whole(self.dice.roll(4) as i64);
                self.call("round", Kind::Number, reach, depth, &[scale, Constant::Text(name.into())])
            }
            7 => match self.dice.roll(5) {
                0 => self.call("abs", Kind::Number, reach, depth, &[]),
                1 => self.call("clamp", Kind::Number, reach, depth, &[hundredths(-150), whole(2)]),
                2 => self.call("whole", Kind::Number, reach, depth, &[]),
                _ => {
                    let function = *self.dice.pick(&["round_up", "round_down", "floor", "ceiling"]);
                    self.call(function, Kind::Number, reach, depth, &[whole(1)])
                }
            },
            8 => self.call("number", Kind::Text, reach, depth, &[]),
            _ => match self.dice.roll(3) {
                0 if reach.len() > 1 => {
                    let keys = vec![self.expression(Kind::Text, reach, depth)];
                    self.lookup(TableId(1), keys)
                }
                _ => {
                    let keys = vec![self.read(Kind::Text, reach)];
                    self.lookup(TableId(1), keys)
                }
            },
        }
    }

    fn date(&mut self, kind: DateKind, reach: &[Reach], depth: usize) -> Expression {
        let from = |kind| Kind::Date(kind);
        match (kind, self.dice.roll(6)) {
            (DateKind::Date, 0) => self.call("date", from(DateKind::Instant), reach, depth, &[]),
            (DateKind::Date, 1) => self.call("written_date", from(DateKind::Instant), reach, depth, &[]),
            (DateKind::Date, 2) => self.call("date", from(DateKind::Local), reach, depth, &[]),
            (DateKind::Date, 3) => {
                let days = whole(*self.dice.pick(&[1, -1, 365, -400_000]));
                self.call("add_days", from(DateKind::Date), reach, depth, &[days])
            }
            (DateKind::Date, 4) => {
                let pattern = Constant::Text("YYYY-MM-DD".into());
                self.call("parse_date", Kind::Text, reach, depth, &[pattern])
            }
            (DateKind::Date, _) => self.call("date", Kind::Text, reach, depth, &[]),
            (DateKind::Time, 0) => self.call("time", from(DateKind::Local), reach, depth, &[]),
            (DateKind::Time, 1) => self.call("time", Kind::Text, reach, depth, &[]),
            (DateKind::Instant, 0) => self.call("instant", Kind::Text, reach, depth, &[]),
            _ => self.read(Kind::Date(kind), reach),
        }
    }

    fn condition(&mut self, reach: &[Reach], depth: usize) -> Expression {
        let depth = depth.saturating_sub(1);
        let negated = self.dice.once_in(2);
        let kind = *self.dice.pick(&KINDS);
        match self.dice.roll(11) {
            0 | 1 => {
                let left = self.expression(kind, reach, depth);
                is(left, self.expression(kind, reach, depth), negated)
            }
            2 => {
                let subject = self.boxed(kind, reach, depth);
                let values = vec![self.constant(kind), self.constant(kind)];
                expression(ExpressionKind::OneOf { subject, values, negated })
            }
            3 => {
                let subject = self.boxed(kind, reach, depth);
                expression(ExpressionKind::IsMissing { subject, negated })
            }
            4 => {
                let subject = self.boxed(kind, reach, depth);
                expression(ExpressionKind::IsNull { subject, negated })
            }
            5 => {
                let subject = self.boxed(Kind::Text, reach, depth);
                let length = self.dice.roll(3) as u64;
                expression(ExpressionKind::LongerThan { subject, length, negated })
            }
            6 => {
                let subject = self.boxed(Kind::Text, reach, depth);
                expression(ExpressionKind::Matches { subject, language: language() })
            }
            7 | 8 => {
                let operators = [
                    Comparison::Less,
                    Comparison::LessOrEqual,
                    Comparison::Greater,
                    Comparison::GreaterOrEqual,
                ];
                let operator = *self.dice.pick(&operators);
                let left = self.expression(kind, reach, depth);
                compare(operator, left, self.expression(kind, reach, depth))
            }
            9 => expression(ExpressionKind::IsTrue(self.boxed(Kind::Flag, reach, depth))),
            _ => {
                let left = Box::new(self.condition(reach, depth));
                let right = Box::new(self.condition(reach, depth));
                expression(match self.dice.roll(3) {
                    0 => ExpressionKind::And(left, right),
                    1 => ExpressionKind::Or(left, right),
                    _ => ExpressionKind::Not(left),
                })
            }
        }
    }
}

fn language() -> Language {
    Language::of_set(["a", "ab", "é", "a-b"]).unwrap()
}

fn date_name(kind: DateKind) -> &'static str {
    match kind {
        DateKind::Date => "day",
        DateKind::Time => "time",
        DateKind::Local => "local",
        DateKind::Instant => "at",
    }
}

/// A random message for the maps of [`map`].
pub(super) fn message(seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    // One message in some is wild, the others mostly fit.
    let wild = dice.once_in(6);
    let mut text = if dice.once_in(40) { "[]".to_owned() } else { record(&mut dice, wild, 2) };
    if dice.once_in(4) {
        text = format!(" {}\n", text.replace(':', " : "));
        text = text.replace("2024 :", "2024:");
    }
    let mut bytes = text.into_bytes();
    if dice.once_in(20) {
        let place = dice.roll(bytes.len());
        bytes[place] = *dice.pick(b"\"\\{}[],:x0\xff\t");
    }
    bytes
}

fn record(dice: &mut Dice, wild: bool, depth: usize) -> String {
    let mut fields: Vec<(String, String)> = Vec::new();
    for name in ["t", "n", "s", "b", "day", "time", "local", "at", "extra"] {
        if !dice.once_in(5) {
            let value = value(dice, name, wild);
            fields.push((name.to_owned(), value));
        }
    }
    if depth > 0 && !dice.once_in(5) {
        let inner = if dice.once_in(8) { "null".to_owned() } else { record(dice, wild, 0) };
        fields.push(("r".to_owned(), inner));
    }
    for (name, element) in [("rows", ""), ("numbers", "n"), ("texts", "t")] {
        if (depth > 0 || name == "texts") && !dice.once_in(4) {
            let mut elements = Vec::new();
            for _ in 0..dice.roll(5) {
                elements.push(match element {
                    "" if wild && dice.once_in(10) => "null".to_owned(),
                    "" => record(dice, wild, depth.saturating_sub(1)),
                    element => value(dice, element, wild),
                });
            }
            fields.push((name.to_owned(), format!("[{}]", elements.join(","))));
        }
    }
    if dice.once_in(3) {
        let turn = dice.roll(fields.len().max(1));
        let turn = turn.min(fields.len());
        fields.rotate_left(turn);
    }
    if wild && dice.once_in(10) && !fields.is_empty() {
        let again = dice.pick(&fields).clone();
        fields.push(again);
    }
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            let escaped = wild && dice.once_in(10);
            let name = if escaped {
                format!("\\u{:04x}{}", u32::from(name.as_bytes()[0]), &name[1..])
            } else {
                name.clone()
            };
            format!("\"{name}\":{value}")
        })
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn value(dice: &mut Dice, name: &str, wild: bool) -> String {
    if dice.once_in(12) {
        return "null".to_owned();
    }
    if wild && dice.once_in(25) {
        return (*dice.pick(&["1", "\"x\"", "true", "{}", "[]", "\"\\ud800\"", "1e999", "\"2024-02-30\""]))
            .to_owned();
    }
    let quoted = |text: String| format!("\"{text}\"");
    match name {
        "t" | "extra" => {
            let text = dice.pick(&TEXTS);
            let escape = dice.once_in(4);
            let mut written = String::new();
            for character in text.chars() {
                match character {
                    '"' => written.push_str("\\\""),
                    '\\' => written.push_str("\\\\"),
                    '\n' => written.push_str("\\n"),
                    other if escape => {
                        let mut units = [0; 2];
                        for unit in other.encode_utf16(&mut units) {
                            written.push_str(&format!("\\u{unit:04X}"));
                        }
                    }
                    other => written.push(other),
                }
            }
            quoted(written)
        }
        "n" => (*dice.pick(&NUMBERS)).to_owned(),
        "s" => quoted((*dice.pick(&["0", "1.50", "-3", "0.005", "12345678901234567890", "-0.0"])).to_owned()),
        "b" => (*dice.pick(&["true", "false"])).to_owned(),
        "day" => quoted((*dice.pick(&DATES)).to_owned()),
        "time" => quoted((*dice.pick(&TIMES)).to_owned()),
        "local" => quoted(format!("{}T{}", dice.pick(&DATES), dice.pick(&TIMES))),
        _ => quoted(format!("{}T{}{}", dice.pick(&DATES), dice.pick(&TIMES), dice.pick(&OFFSETS))),
    }
}
