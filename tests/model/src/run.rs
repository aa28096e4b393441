//! One run: the message is read, the gates, the document and the key are evaluated, the first end wins.

use mapc_check::typed::{Gate, ReasonId, ScopeId, TemplatePart, Typed};
use mapc_diagnostics::Code;

use crate::json::{self, Json};
use crate::outcome::{Context, Limits, Outcome};
use crate::source::{self, Refusal};
use crate::value::{Cell, Value};

/// Why an evaluation stops.
pub(crate) enum Stop {
    /// A failure that a handler of the field may answer.
    Failure(ReasonId),
    /// The run is over.
    End(Outcome),
}

/// The state of a run: what the row variables stand for.
pub(crate) struct Run<'message> {
    pub(crate) typed: &'message Typed,
    pub(crate) context: &'message Context,
    /// By scope: its row, or the rows of its group.
    bindings: Vec<Binding<'message>>,
}

#[derive(Clone, Default)]
struct Binding<'message> {
    rows: Vec<&'message Json>,
    position: u64,
}

/// Runs a checked map on one message.
pub fn run(typed: &Typed, input: &[u8], context: &Context, limits: &Limits) -> Outcome {
    let message = match read(typed, input, limits) {
        Ok(message) => message,
        Err(code) => return by_code(typed, code),
    };
    let mut bindings = vec![Binding::default(); typed.scopes.len()];
    if let Some(root) = bindings.first_mut() {
        root.rows.push(&message);
    }
    let mut run = Run { typed, context, bindings };
    match run.deliver(limits) {
        Ok(outcome) | Err(Stop::End(outcome)) => outcome,
        Err(Stop::Failure(reason)) => own_words(typed, reason),
    }
}

fn read(typed: &Typed, input: &[u8], limits: &Limits) -> Result<Json, Code> {
    if input.len() > limits.input {
        return Err(Code::R0111);
    }
    let text = std::str::from_utf8(input).map_err(|_| Code::R0102)?;
    let message = json::read(text, limits.depth)?;
    let seen = source::look(typed, &message);
    if seen.duplicate {
        return Err(Code::R0103);
    }
    if seen.longest > limits.rows { Err(Code::R0111) } else { Ok(message) }
}

fn own_words(typed: &Typed, reason: ReasonId) -> Outcome {
    let text = typed.reasons.get(reason.0).map(|reason| reason.text.clone()).unwrap_or_default();
    Outcome::Reject { reason, text }
}

fn by_code(typed: &Typed, code: Code) -> Outcome {
    let place = typed.reasons.iter().position(|reason| reason.code == code);
    own_words(typed, ReasonId(place.unwrap_or(usize::MAX)))
}

impl<'message> Run<'message> {
    fn deliver(&mut self, limits: &Limits) -> Result<Outcome, Stop> {
        let typed = self.typed;
        for gate in &typed.gates {
            match gate {
                Gate::Skip { condition, reason } => {
                    if self.evaluate(condition)?.is_true() {
                        return Ok(Outcome::Skip { reason: *reason });
                    }
                }
                Gate::Reject { condition, reason, text } => {
                    if self.evaluate(condition)?.is_true() {
                        return self.reject(*reason, text);
                    }
                }
            }
        }
        let document = self.record(&typed.document)?.unwrap_or_else(|| "{}".to_owned()).into_bytes();
        if document.len() > limits.output {
            return Ok(by_code(typed, Code::R0114));
        }
        let key = self.optional_text(typed.key.as_ref())?;
        let order_by = self.optional_text(typed.order_by.as_ref())?;
        Ok(Outcome::Deliver { document, key, order_by })
    }

    fn optional_text(
        &mut self,
        expression: Option<&mapc_check::typed::Expression>,
    ) -> Result<Option<String>, Stop> {
        let Some(expression) = expression else { return Ok(None) };
        Ok(self.evaluate(expression)?.value().map(|value| value.text()))
    }

    /// A rejection with these words; without any, the reason's own.
    pub(crate) fn reject(&mut self, reason: ReasonId, text: &[TemplatePart]) -> Result<Outcome, Stop> {
        if text.is_empty() {
            return Ok(own_words(self.typed, reason));
        }
        let mut words = String::new();
        for part in text {
            match part {
                TemplatePart::Text(text) => words.push_str(text),
                TemplatePart::Hole(hole) => words.push_str(&shown(self.evaluate(hole)?)),
            }
        }
        Ok(Outcome::Reject { reason, text: words })
    }

    /// The end of a run for a failure that nobody answers.
    pub(crate) fn unanswered(&self, reason: ReasonId) -> Stop {
        Stop::End(own_words(self.typed, reason))
    }

    /// A failure where the map has a reason for one; the proof excludes it everywhere else.
    pub(crate) fn failure(&self, reason: Option<ReasonId>) -> Stop {
        reason.map_or_else(|| Stop::End(by_code(self.typed, Code::R0112)), Stop::Failure)
    }

    /// The end of a run for a read that does not hold.
    pub(crate) fn refused(&self, refusal: Refusal, source_reason: ReasonId) -> Stop {
        match refusal {
            Refusal::Source => self.unanswered(source_reason),
            Refusal::NumberTooLong => Stop::End(by_code(self.typed, Code::R0112)),
        }
    }

    /// Entry of a table of the map; ids always hit.
    pub(crate) fn entry<T>(&self, table: &'message [T], place: usize) -> Result<&'message T, Stop> {
        table.get(place).ok_or_else(|| self.failure(None))
    }

    pub(crate) fn bind(&mut self, scope: ScopeId, rows: Vec<&'message Json>, position: u64) {
        if let Some(binding) = self.bindings.get_mut(scope.0) {
            *binding = Binding { rows, position };
        }
    }

    /// The rows of the current group.
    pub(crate) fn group(&self, scope: ScopeId) -> Vec<&'message Json> {
        self.bindings.get(scope.0).map(|binding| binding.rows.clone()).unwrap_or_default()
    }

    /// The current row; of a group its first.
    pub(crate) fn row(&self, scope: ScopeId) -> &'message Json {
        self.bindings.get(scope.0).and_then(|binding| binding.rows.first()).copied().unwrap_or(&Json::Null)
    }

    pub(crate) fn position(&self, scope: ScopeId) -> u64 {
        self.bindings.get(scope.0).map(|binding| binding.position).unwrap_or_default()
    }
}

/// A part of a text for people.
pub(crate) fn shown(cell: Cell) -> String {
    cell.value().as_ref().map_or_else(|| "(missing)".to_owned(), Value::text)
}
