//! A tree as text, one statement to a line, places left out: for snapshots and for comparing two trees.

use std::fmt::Write;

use crate::tree::{
    Argument, ArmWhen, BinaryOperator, Block, Choose, Comparison, DeliverLine, Each, EachBody, Expect,
    ExpectKind, ExpectTest, Expression, ExpressionKind, Fallback, GateKind, Handler, HandlerAction, Item,
    Line, Literal, MapFile, MaskLine, Path, PolicyLine, Predicate, RetryStrategy, Right, SchemaReference,
    Table, TableSource, Template, TemplatePart, Test,
};

/// The tree of a file as text. Two files with the same text mean the same.
pub fn tree_text(file: &MapFile) -> String {
    let mut printer = Printer::default();
    for item in &file.items {
        printer.item(item);
    }
    printer.text
}

#[derive(Default)]
struct Printer {
    text: String,
    depth: usize,
}

impl Printer {
    fn line(&mut self, text: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn inside(&mut self, print: impl FnOnce(&mut Self)) {
        self.depth += 1;
        print(self);
        self.depth -= 1;
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Map { name, version, .. } => {
                let version = version.map(|(number, _)| format!(" version {number}")).unwrap_or_default();
                self.line(&format!("map {}{version}", name.text));
            }
            Item::From { schema: from, alias, .. } => {
                self.line(&format!("from {} as {}", schema(from), alias.text));
            }
            Item::To { schema: to, tenant, .. } => {
                let tenant = tenant.as_ref().map(|name| format!(" tenant {}", name.text)).unwrap_or_default();
                self.line(&format!("to {}{tenant}", schema(to)));
            }
            Item::Zone { zone, .. } => self.line(&format!("zone {:?}", zone.text)),
            Item::Rounding { mode, .. } => self.line(&format!("rounding {}", mode.text)),
            Item::Table(table) => self.table(table),
            Item::Let { name, value, .. } => self.line(&format!("let {} = {}", name.text, expression(value))),
            Item::Gate(gate) => {
                let kind = match &gate.kind {
                    GateKind::Skip => "skip".to_owned(),
                    GateKind::Reject(text) => format!("reject {}", template(text)),
                    GateKind::Check(text) => format!("check {}", template(text)),
                };
                self.line(&format!("{kind} when {}", expression(&gate.condition)));
            }
            Item::Policy { lines, .. } => {
                self.line("policy");
                self.inside(|printer| lines.iter().for_each(|line| printer.policy_line(line)));
            }
            Item::Fields(block) => {
                self.line("fields");
                self.block(block);
            }
            Item::Deliver { lines, .. } => {
                self.line("deliver");
                self.inside(|printer| lines.iter().for_each(|line| printer.line(&deliver_line(line))));
            }
            Item::Mask { lines, .. } => {
                self.line("mask");
                self.inside(|printer| lines.iter().for_each(|line| printer.mask_line(line)));
            }
            Item::Test(test) => self.test(test),
            Item::Broken { .. } => self.line("broken"),
        }
    }

    fn table(&mut self, table: &Table) {
        match &table.source {
            TableSource::File { file, keys, gives } => {
                let keys: Vec<&str> = keys.iter().map(|key| key.text.as_str()).collect();
                let name = &table.name.text;
                self.line(&format!(
                    "table {name} from {:?} key ({}) gives {}",
                    file.text,
                    keys.join(", "),
                    gives.text
                ));
            }
            TableSource::Inline { rows } => {
                self.line(&format!("table {}", table.name.text));
                for row in rows {
                    let keys = row.keys.iter().map(|key| match key.as_slice() {
                        [one] => literal(one),
                        parts => format!("({})", joined(parts, literal)),
                    });
                    let keys: Vec<String> = keys.collect();
                    self.inside(|printer| {
                        printer.line(&format!("{} -> {}", keys.join(", "), literal(&row.value)));
                    });
                }
            }
        }
    }

    fn policy_line(&mut self, line: &PolicyLine) {
        self.line(&format!("{} {} {}", line.kind.text, line.joiner.text, line.action.text));
    }

    fn mask_line(&mut self, line: &MaskLine) {
        let count = line.count.as_ref().map(|count| format!(" {}", count.text)).unwrap_or_default();
        self.line(&format!("{} -> {}{count}", path(&line.path), line.method.text));
    }

    fn block(&mut self, block: &Block) {
        self.inside(|printer| {
            for line in &block.lines {
                match line {
                    Line::Broken { target: Some(target), .. } => {
                        printer.line(&format!("broken {}", path(target)));
                    }
                    Line::Broken { target: None, .. } => printer.line("broken"),
                    Line::Assign(assignment) => {
                        let locked = assignment.locked.map_or("", |_| "locked ");
                        let target = path(&assignment.target);
                        match &assignment.value {
                            Right::Value { value, handlers, when } => {
                                let rest = behind(handlers, when.as_ref());
                                printer.line(&format!("{locked}{target} = {}{rest}", expression(value)));
                            }
                            Right::Each(each) => printer.each(&format!("{locked}{target}"), each),
                        }
                    }
                }
            }
        });
    }

    fn each(&mut self, target: &str, each: &Each) {
        let mut head = format!("{target} = each {} as {}", path(&each.list), each.name.text);
        if let Some(filter) = &each.filter {
            let _ = write!(head, " where {}", expression(filter));
        }
        if let Some(group) = &each.group {
            let _ = write!(head, " group by {}", expression(group));
        }
        if let Some((by, descending)) = &each.sort {
            let _ =
                write!(head, " sort by {}{}", expression(by), if *descending { " descending" } else { "" });
        }
        let rest = behind(&each.handlers, each.when.as_ref());
        match &each.body {
            EachBody::Record(block) => {
                self.line(&format!("{head}{rest}"));
                self.block(block);
            }
            EachBody::Value { value, handlers } => {
                self.line(&format!("{head} -> {}{}{rest}", expression(value), behind(handlers, None)));
            }
        }
    }

    fn test(&mut self, test: &Test) {
        self.line(&format!("test {:?}", test.name.text));
        self.inside(|printer| {
            if let Some(given) = &test.given {
                let with =
                    joined(&given.with, |(field, value)| format!("{} = {}", path(field), literal(value)));
                let with = if with.is_empty() { with } else { format!(" with {with}") };
                printer.line(&format!("given {:?}{with}", given.file.text));
            }
            for line in &test.expects {
                printer.line(&expect(line));
            }
        });
    }
}

fn joined<T>(items: &[T], print: impl Fn(&T) -> String) -> String {
    items.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn schema(schema: &SchemaReference) -> String {
    let version = schema.version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
    format!("{}{version}", schema.name)
}

fn path(path: &Path) -> String {
    let segments = path.segments.iter().map(|segment| {
        let word = segment.name.text.chars().all(crate::tokens::is_word_character);
        let name = if word { segment.name.text.clone() } else { format!("`{}`", segment.name.text) };
        segment.index.map_or(name.clone(), |(index, _)| format!("{name}[{index}]"))
    });
    segments.collect::<Vec<_>>().join(".")
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("{:?}", text.text),
        Literal::Number(number) => number.text.clone(),
        Literal::Bool(value, _) => value.to_string(),
        Literal::None(_) => "none".to_owned(),
        Literal::Null(_) => "null".to_owned(),
        Literal::Missing(_) => "missing".to_owned(),
    }
}

fn template(template: &Template) -> String {
    let mut text = String::from("t\"");
    for part in &template.parts {
        match part {
            TemplatePart::Text(part) => {
                text.push_str(&part.escape_debug().to_string().replace('{', "{{").replace('}', "}}"));
            }
            TemplatePart::Hole(hole) => {
                let _ = write!(text, "{{{}}}", expression(hole));
            }
        }
    }
    text.push('"');
    text
}

fn behind(handlers: &[Handler], when: Option<&Expression>) -> String {
    let mut text = String::new();
    for handler in handlers {
        text.push_str(" or ");
        match &handler.action {
            HandlerAction::Reject(reason) => {
                let _ = write!(text, "reject {}", template(reason));
            }
            HandlerAction::Omit => text.push_str("omit"),
            HandlerAction::Default(value) => {
                let _ = write!(text, "default {}", literal(value));
            }
            HandlerAction::Cut => text.push_str("cut"),
            HandlerAction::Round => text.push_str("round"),
        }
    }
    if let Some(when) = when {
        let _ = write!(text, " when {}", expression(when));
    }
    text
}

fn fallback(value: &Fallback) -> String {
    match value {
        Fallback::Value(value) => expression(value),
        Fallback::Reject(reason, _) => format!("reject {}", template(reason)),
        Fallback::Wait(_) => "wait".to_owned(),
        Fallback::Omit(_) => "omit".to_owned(),
    }
}

/// Every operation in parentheses, so that precedence can be seen.
fn expression(value: &Expression) -> String {
    match &value.kind {
        ExpressionKind::Literal(value) => literal(value),
        ExpressionKind::Template(text) => template(text),
        ExpressionKind::Path(value) => path(value),
        ExpressionKind::Negate(value) => format!("(- {})", expression(value)),
        ExpressionKind::Binary { operator, left, right, .. } => {
            let sign = match operator {
                BinaryOperator::Add => '+',
                BinaryOperator::Subtract => '-',
                BinaryOperator::Multiply => '*',
                BinaryOperator::Divide => '/',
            };
            format!("({} {sign} {})", expression(left), expression(right))
        }
        ExpressionKind::Pipe { input, function, arguments } => {
            let mut text = format!("({} | {}", expression(input), function.text);
            for argument in arguments {
                let argument = match argument {
                    Argument::Literal(value) => literal(value),
                    Argument::Name(name) => path(name),
                    Argument::Expression(value) => format!("[{}]", expression(value)),
                };
                let _ = write!(text, " {argument}");
            }
            text.push(')');
            text
        }
        ExpressionKind::Tuple(values) => format!("tuple({})", joined(values, expression)),
        ExpressionKind::Call { function, arguments } => {
            format!("{}({})", function.text, joined(arguments, expression))
        }
        ExpressionKind::Test { subject, test } => format!("({} {})", expression(subject), predicate(test)),
        ExpressionKind::Not(value) => format!("(not {})", expression(value)),
        ExpressionKind::And(left, right) => format!("({} and {})", expression(left), expression(right)),
        ExpressionKind::Or(left, right) => format!("({} or {})", expression(left), expression(right)),
        ExpressionKind::Else { value, fallback: other } => {
            format!("({} else {})", expression(value), fallback(other))
        }
        ExpressionKind::Choose(value) => choose(value),
        ExpressionKind::Broken => "BROKEN".to_owned(),
    }
}

fn predicate(test: &Predicate) -> String {
    let is = |negated: bool| if negated { "is not" } else { "is" };
    match test {
        Predicate::Is { value, negated } => format!("{} {}", is(*negated), expression(value)),
        Predicate::OneOf { values, negated } => {
            format!("{} one of [{}]", is(*negated), joined(values, literal))
        }
        Predicate::Missing { negated } => format!("{} missing", is(*negated)),
        Predicate::Null { negated } => format!("{} null", is(*negated)),
        Predicate::LongerThan { length, negated } => format!("{} longer than {}", is(*negated), length.text),
        Predicate::Matches { pattern } => format!("matches {:?}", pattern.text),
        Predicate::Compare { operator, value } => {
            let sign = match operator {
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
            };
            format!("{sign} {}", expression(value))
        }
    }
}

fn choose(choose: &Choose) -> String {
    let mut arms: Vec<String> = Vec::new();
    for arm in &choose.arms {
        let when = match &arm.when {
            ArmWhen::Values(values) => joined(values, literal),
            ArmWhen::Condition(condition) => expression(condition),
        };
        arms.push(format!("{when} -> {}", fallback(&arm.then)));
    }
    if let Some((then, _)) = &choose.otherwise {
        arms.push(format!("otherwise -> {}", fallback(then)));
    }
    let subject =
        choose.subject.as_ref().map(|subject| format!(" {}", expression(subject))).unwrap_or_default();
    format!("choose{subject} {{ {} }}", arms.join("; "))
}

fn deliver_line(line: &DeliverLine) -> String {
    match line {
        DeliverLine::Method { method, by, .. } => {
            let by = by.as_ref().map(|by| format!(" by {}", path(by))).unwrap_or_default();
            format!("{}{by}", method.text)
        }
        DeliverLine::Connection { name, when, .. } => {
            format!("connection {}{}", name.text, behind(&[], when.as_ref()))
        }
        DeliverLine::Key { value, .. } => format!("key {}", expression(value)),
        DeliverLine::InOrderBy { value, .. } => format!("in order by {}", expression(value)),
        DeliverLine::Retry { class, strategy, .. } => {
            let strategy = match strategy {
                RetryStrategy::Wait { word, duration } => {
                    let word = word.as_ref().map(|word| word.text.clone());
                    let duration = duration.as_ref().map(|duration| format!("{}s", duration.seconds));
                    format!("wait {}", word.or(duration).unwrap_or_default())
                }
                RetryStrategy::Backoff { from, to, horizon } => {
                    format!("backoff from {}s to {}s for {}s", from.seconds, to.seconds, horizon.seconds)
                }
            };
            format!("retry {} {strategy}", class.text)
        }
        DeliverLine::Unknown { settle, probe_by, .. } => {
            let probe =
                probe_by.as_ref().map(|by| format!(" then probe by {}", path(by))).unwrap_or_default();
            format!("unknown settle {}s{probe}", settle.seconds)
        }
        DeliverLine::DeadLetter { action, .. } => format!("dead_letter {}", action.text),
        DeliverLine::Broken { .. } => "broken".to_owned(),
    }
}

fn expect(line: &Expect) -> String {
    let with = |word: &str, text: &Option<crate::tree::Quoted>| match text {
        Some(text) => format!("expect {word} {:?}", text.text),
        None => format!("expect {word}"),
    };
    match &line.kind {
        ExpectKind::Deliver => with("deliver", &None),
        ExpectKind::Skip => with("skip", &None),
        ExpectKind::Wait(text) => with("wait", text),
        ExpectKind::Reject(text) => with("reject", text),
        ExpectKind::Key(value) => format!("expect key is {}", literal(value)),
        ExpectKind::Field { path: field, test } => {
            let not = |negated: bool| if negated { " not" } else { "" };
            let (negated, value) = match test {
                ExpectTest::Is { value, negated } => (*negated, literal(value)),
                ExpectTest::Missing { negated } => (*negated, "missing".to_owned()),
            };
            format!("expect {} is{} {value}", path(field), not(negated))
        }
    }
}
