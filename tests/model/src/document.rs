//! The document: fields with their guards and handlers, records and lists, written as JSON text.

use mapc_check::typed::{Action, Content, FieldId, Guard, ListBody, ListNode, Operation, RecordBody};

use crate::library;
use crate::predicate;
use crate::run::{Run, Stop};
use crate::value::{Cell, Value, quoted};

impl Run<'_> {
    /// The final value of an output field: after its condition, handlers and guards.
    pub(crate) fn field(&mut self, id: FieldId) -> Result<Cell, Stop> {
        match self.guarded(id) {
            // A failure ends at its field: nobody further out may catch it.
            Err(Stop::Failure(reason)) => Err(self.unanswered(reason)),
            other => other,
        }
    }

    fn guarded(&mut self, id: FieldId) -> Result<Cell, Stop> {
        let field = self.entry(&self.typed.fields, id.0)?;
        if let Some(when) = &field.when
            && !self.evaluate(when)?.is_true()
        {
            return Ok(Cell::Absent);
        }
        let mut value = match self.evaluate(&field.value) {
            Ok(Cell::Value(value)) => value,
            Ok(Cell::Null) if self.typed.operation != Operation::Create => return Ok(Cell::Null),
            Ok(Cell::Null | Cell::Absent) => return Ok(Cell::Absent),
            Err(Stop::Failure(reason)) => {
                return match &field.on_failure {
                    Some(Action::Reject { reason, text }) => Err(Stop::End(self.reject(*reason, text)?)),
                    Some(Action::Omit) => Ok(Cell::Absent),
                    Some(Action::Default(constant)) => Ok(Cell::some(Value::constant(constant))),
                    Some(Action::Cut(_) | Action::Round { .. }) | None => Err(Stop::Failure(reason)),
                };
            }
            Err(end) => return Err(end),
        };
        for guard in &field.guards {
            if predicate::holds(&guard.predicate, &value) {
                continue;
            }
            value = match (&guard.action, value) {
                (Action::Reject { reason, text }, _) => return Err(Stop::End(self.reject(*reason, text)?)),
                (Action::Omit, _) => return Ok(Cell::Absent),
                (Action::Default(constant), _) => return Ok(Cell::some(Value::constant(constant))),
                (Action::Cut(length), Value::Text(text)) => Value::Text(library::cut(&text, *length)),
                (Action::Round { scale, mode }, Value::Decimal(number)) => {
                    Value::Decimal(number.round(*scale as usize, *mode))
                }
                (Action::Cut(_) | Action::Round { .. }, value) => value,
            };
        }
        Ok(Cell::Value(value))
    }

    /// The written form of an output field, `None` if it is left out.
    fn written(&mut self, id: FieldId) -> Result<Option<String>, Stop> {
        let field = self.entry(&self.typed.fields, id.0)?;
        Ok(match self.field(id)? {
            Cell::Absent => None,
            Cell::Null => Some("null".to_owned()),
            Cell::Value(value) => Some(value.json(field.write)),
        })
    }

    /// The written form of a record, `None` without any field.
    pub(crate) fn record(&mut self, body: &RecordBody) -> Result<Option<String>, Stop> {
        let mut fields = Vec::new();
        for node in &body.fields {
            let written = match &node.content {
                Content::Value(id) => self.written(*id)?,
                Content::Record { body, required } => {
                    self.record(body)?.or_else(|| required.then(|| "{}".to_owned()))
                }
                Content::List(list) => self.list(list)?,
            };
            if let Some(written) = written {
                fields.push(format!("{}:{written}", quoted(&node.key)));
            }
        }
        Ok(if fields.is_empty() { None } else { Some(format!("{{{}}}", fields.join(","))) })
    }

    /// The written form of a list, `None` if it is left out.
    fn list(&mut self, list: &ListNode) -> Result<Option<String>, Stop> {
        if let Some(when) = &list.when
            && !self.evaluate(when)?.is_true()
        {
            return Ok(None);
        }
        let mut elements = Vec::new();
        self.walk(list.rows, &mut |run| {
            match &list.body {
                ListBody::Record(body) => elements.push(run.record(body)?.unwrap_or_else(|| "{}".to_owned())),
                ListBody::Value(id) => elements.extend(run.written(*id)?),
            }
            Ok(())
        })?;
        if elements.is_empty() && !list.required {
            return Ok(None);
        }
        for Guard { predicate, action, .. } in &list.guards {
            if predicate::holds_on_list(predicate, &elements) {
                continue;
            }
            match action {
                Action::Reject { reason, text } => {
                    return Err(Stop::End(self.reject(*reason, text)?));
                }
                Action::Omit => return Ok(list.required.then(|| "[]".to_owned())),
                Action::Default(_) | Action::Cut(_) | Action::Round { .. } => {}
            }
        }
        Ok(Some(format!("[{}]", elements.join(","))))
    }
}
