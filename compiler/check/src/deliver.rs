//! `deliver` and `mask`: names resolved, expressions checked; carried in the artifact as data.

use mapc_grammar::tree::{self, DeliverLine, Item, RetryStrategy};
use mapc_types::Type;

use crate::checker::Checker;
use crate::errors;
use crate::path::SourceEnd;
use crate::target::dotted;
use crate::typed::{Deliver, Expression, Mask, MaskMethod, Retry};

/// A checked `deliver` block.
#[derive(Default)]
pub(crate) struct Delivery {
    pub(crate) data: Option<Deliver>,
    pub(crate) key: Option<Expression>,
    pub(crate) order_by: Option<Expression>,
}

/// Checks the `deliver` block, if there is one.
pub(crate) fn check(checker: &mut Checker<'_>) -> Delivery {
    let mut delivery = Delivery::default();
    for item in &checker.input.tree.items {
        if let Item::Deliver { lines, .. } = item {
            delivery.data = Some(Deliver::default());
            for line in lines {
                checker.deliver_line(line, &mut delivery);
            }
        }
    }
    delivery
}

/// Checks the `mask` block, if there is one.
pub(crate) fn check_masks(checker: &mut Checker<'_>) -> Vec<Mask> {
    let mut masks = Vec::new();
    for item in &checker.input.tree.items {
        if let Item::Mask { lines, .. } = item {
            for line in lines {
                masks.extend(checker.mask_line(line));
            }
        }
    }
    masks
}

impl<'a> Checker<'a> {
    fn deliver_line(&mut self, line: &'a DeliverLine, delivery: &mut Delivery) {
        let environment = self.root.clone();
        let data = delivery.data.get_or_insert_with(Deliver::default);
        match line {
            DeliverLine::Method { method, by, span } => {
                if !matches!(method.text.as_str(), "create" | "update" | "upsert") {
                    self.say(errors::unknown_method(&method.text, method.span));
                    return;
                }
                let by = by.as_ref();
                if by.is_none() && method.text != "create" {
                    self.say(errors::method_without_field(&method.text, *span));
                }
                if let Some(path) = by.filter(|path| self.known_output(path)) {
                    data.by = Some(dotted(path));
                }
            }
            DeliverLine::Connection { name, when, .. } => {
                self.rule = format!("connection {}", name.text);
                let written = when.as_ref().map(|when| {
                    self.settle(&environment, |checker, environment| checker.condition(when, environment));
                    self.refuse_open_gaps();
                    self.text(when.span).to_owned()
                });
                data.connections.push((name.text.clone(), written));
            }
            DeliverLine::Key { value, .. } => {
                self.rule = "key".to_owned();
                delivery.key = self.delivery_text(value, "key");
            }
            DeliverLine::InOrderBy { value, .. } => {
                self.rule = "in order by".to_owned();
                delivery.order_by = self.delivery_text(value, "in order by");
            }
            DeliverLine::Retry { class, strategy, .. } => {
                if !matches!(class.text.as_str(), "throttled" | "transient" | "conflict" | "auth") {
                    self.say(errors::unknown_answer_class(&class.text, class.span));
                    return;
                }
                let strategy = match strategy {
                    RetryStrategy::Wait { word: Some(word), .. } if word.text == "retry_after" => {
                        Retry::RetryAfter
                    }
                    RetryStrategy::Wait { duration: Some(duration), .. } => Retry::Wait(duration.seconds),
                    RetryStrategy::Wait { word, .. } => {
                        let (text, span) = word
                            .as_ref()
                            .map_or((String::new(), class.span), |word| (word.text.clone(), word.span));
                        self.say(errors::unknown_wait(&text, span));
                        return;
                    }
                    RetryStrategy::Backoff { from, to, horizon } => {
                        if from.seconds > to.seconds || to.seconds > horizon.seconds {
                            self.say(errors::backoff_order(from.span.to(horizon.span)));
                        }
                        Retry::Backoff { from: from.seconds, to: to.seconds, horizon: horizon.seconds }
                    }
                };
                data.retries.push((class.text.clone(), strategy));
            }
            DeliverLine::Unknown { settle, probe_by, .. } => {
                let probe = probe_by.as_ref().filter(|path| self.known_output(path)).map(dotted);
                data.unknown = Some((settle.seconds, probe));
            }
            DeliverLine::DeadLetter { action, .. } => {
                if matches!(action.text.as_str(), "hold" | "next") {
                    data.dead_letter = Some(action.text.clone());
                } else {
                    self.say(errors::unknown_dead_letter(&action.text, action.span));
                }
            }
            DeliverLine::Broken { .. } => {}
        }
    }

    /// The key or the ordering of a delivery: a text, or a number or date as text.
    fn delivery_text(&mut self, value: &'a tree::Expression, what: &str) -> Option<Expression> {
        let environment = self.root.clone();
        let typed = self.settle(&environment, |checker, environment| checker.single(value, environment));
        self.refuse_open_gaps();
        match &typed.slot.value {
            Type::Text(_) | Type::Decimal(_) | Type::Date(..) | Type::Any | Type::Never => Some(typed),
            other => {
                let other = other.clone();
                self.say(errors::text_expected(what, self.text(value.span), value.span, &other));
                None
            }
        }
    }

    /// Is the path a field that the map writes?
    fn known_output(&mut self, path: &'a tree::Path) -> bool {
        let environment = self.root.clone();
        match self.output_value(path, &environment) {
            Some(_) => true,
            None => {
                let names = self.target.root_names();
                let near = crate::words::near(&dotted(path), names.iter().map(String::as_str));
                self.say(errors::output_expected(self.text(path.span), path.span, &near));
                false
            }
        }
    }

    fn mask_line(&mut self, line: &'a tree::MaskLine) -> Option<Mask> {
        let method = match (line.method.text.as_str(), &line.count) {
            ("hash", None) => MaskMethod::Hash,
            ("hide", None) => MaskMethod::Hide,
            ("last", Some(count)) => match count.text.parse() {
                Ok(count) => MaskMethod::Last(count),
                Err(_) => {
                    self.say(errors::whole_number_expected(&count.text, count.span));
                    return None;
                }
            },
            _ => {
                self.say(errors::unknown_mask(&line.method.text, line.method.span));
                return None;
            }
        };
        let environment = self.root.clone();
        let Some(scope) = self.binding(&line.path, &environment) else {
            let first =
                line.path.segments.first().map(|segment| segment.name.text.clone()).unwrap_or_default();
            let alias = self.header.alias.map(|alias| alias.text.clone()).unwrap_or_default();
            self.say(errors::unknown_name(&first, line.path.span, &[alias], None));
            return None;
        };
        // masking reads nothing: the path is only resolved
        let assumed = self.assumed.clone();
        let (end, diagnostics) = self.trial(assumed, |checker| {
            !matches!(checker.source_path(&line.path, scope, &environment), SourceEnd::Hole)
        });
        self.diagnostics.extend(diagnostics);
        (end || self.source_schema().is_none()).then(|| Mask { path: dotted(&line.path), method })
    }
}
