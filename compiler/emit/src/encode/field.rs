//! Output fields: condition, value, guards and handlers, and how the value is written.

use mapc_bytecode::{Class, Failure, FragmentIndex, Instruction, Label, NumberForm, OnNull, Register};
use mapc_check::typed::{
    Action, Constant, FieldId, Guard, Operation, Predicate, TemplatePart, ValueField, Write,
};
use mapc_types::planted::{Lie, is_on};

use super::expression::{field_index, table_index};
use super::kept::KeptId;
use super::{Encoder, Failing, reason_index};
use crate::plan::Shape;
use crate::plan::class::of_write;

impl<'map> Encoder<'map> {
    /// Code that writes an output field, or leaves it out.
    pub(super) fn put(&mut self, fragment: FragmentIndex, id: FieldId, shape: Shape<'map>) {
        let Some(field) = self.typed.fields.get(id.0) else { return };
        let mark = self.registers.mark();
        let over = self.code.label();
        match shape {
            Shape::Computed => {
                let plain = field.when.is_none() && field.guards.is_empty() && field.on_failure.is_none();
                let value = self.kept(KeptId::Target(id)).unwrap_or_else(|| {
                    if plain {
                        return self.operand(&field.value, of_write(field.write));
                    }
                    let class = self.plan.target_class(id).unwrap_or(of_write(field.write));
                    let into = self.registers.new_one(class);
                    self.final_value(id, into, Some(over));
                    into
                });
                self.put_register(fragment, value, field.write);
            }
            shape => {
                if let Some(when) = &field.when {
                    self.jump_unless(when, over);
                }
                self.put_shape(fragment, field, shape, over);
            }
        }
        self.code.bind(over);
        self.registers.release(mark);
    }

    /// Value and put in one instruction.
    fn put_shape(
        &mut self,
        fragment: FragmentIndex,
        field: &'map ValueField,
        shape: Shape<'map>,
        over: Label,
    ) {
        let null = self.on_null();
        let form = number_form(field.write);
        match shape {
            Shape::Copy { scope, field: source } => {
                // Texts are copied at once unless they are at hand; other values are worth keeping.
                let class = of_write(field.write);
                let shares = class != Class::Text && field.when.is_none() && self.is_always_passed(scope);
                let shared =
                    if shares { self.shared_read(scope, source) } else { self.known_read(scope, source) };
                if let Some(value) = shared {
                    return self.put_register(fragment, value, field.write);
                }
                let (cursor, source) = (self.cursor(scope), field_index(source));
                self.emit(match class {
                    Class::Text => Instruction::CopyText { fragment, cursor, field: source, null },
                    Class::Number => Instruction::CopyNumber { fragment, cursor, field: source, form, null },
                    Class::Flag => Instruction::CopyFlag { fragment, cursor, field: source, null },
                    Class::Date => Instruction::CopyDate { fragment, cursor, field: source, null },
                });
            }
            Shape::Cut { scope, field: source, length } => {
                let (cursor, source) = (self.cursor(scope), field_index(source));
                let length = mapc_bytecode::Count(length);
                self.emit(Instruction::CopyCut { fragment, cursor, field: source, length, null });
            }
            Shape::Start { scope, field: source, length } => {
                let (cursor, source) = (self.cursor(scope), field_index(source));
                let length = mapc_bytecode::Count(length);
                self.emit(Instruction::CopyStart { fragment, cursor, field: source, length, null });
            }
            Shape::WrittenDate { scope, field: source } => {
                let (cursor, source) = (self.cursor(scope), field_index(source));
                self.emit(Instruction::CopyWrittenDate { fragment, cursor, field: source, null });
            }
            Shape::Choose { subject, arms, otherwise } => {
                self.put_choose(fragment, field, (subject, arms, otherwise), over);
            }
            Shape::Code { scope, field: source, table, failure } => {
                let (cursor, source, table) = (self.cursor(scope), field_index(source), table_index(table));
                let handler = self.code.label();
                let failure = match (failure, &field.on_failure) {
                    (None, _) => Failure::Never,
                    (Some(_), Some(Action::Omit)) => Failure::Jump(over),
                    (Some(_), Some(Action::Reject { reason, text })) if text.is_empty() => {
                        Failure::Reject(reason_index(*reason))
                    }
                    (Some(_), Some(Action::Reject { .. } | Action::Default(_))) => Failure::Jump(handler),
                    (Some(reason), _) => Failure::Reject(reason_index(reason)),
                };
                self.emit(Instruction::CopyCode { fragment, cursor, field: source, table, form, failure });
                if failure == Failure::Jump(handler) {
                    self.emit(Instruction::Jump { target: over });
                    self.code.bind(handler);
                    match &field.on_failure {
                        Some(Action::Reject { reason, text }) => {
                            self.branch(|encoder| encoder.reject(*reason, text));
                        }
                        Some(Action::Default(constant)) => self.put_constant(fragment, constant, form),
                        _ => {}
                    }
                }
            }
            Shape::Constant(constant) => self.put_constant(fragment, constant, form),
            Shape::Computed => {}
        }
    }

    pub(super) fn put_constant(&mut self, fragment: FragmentIndex, constant: &Constant, form: NumberForm) {
        let constant = self.constant(constant);
        self.emit(Instruction::PutConstant { fragment, constant, form });
    }

    fn put_register(&mut self, fragment: FragmentIndex, value: Register, write: Write) {
        let null = self.on_null();
        let form = number_form(write);
        let instruction = match (of_write(write), value) {
            (Class::Number, Register::Number(value)) => {
                Instruction::PutNumber { fragment, value, form, null }
            }
            (Class::Flag, Register::Flag(value)) => Instruction::PutFlag { fragment, value, null },
            (Class::Date, Register::Date(value)) => Instruction::PutDate { fragment, value, null },
            _ => Instruction::PutText { fragment, value: self.text_form(value), null },
        };
        self.emit(instruction);
    }

    fn on_null(&self) -> OnNull {
        if self.typed.operation == Operation::Create { OnNull::Leave } else { OnNull::Write }
    }

    /// The final value of an output field. `omitted`: where to go on when there is none and it is only to be written;
    /// otherwise the register is then absent.
    pub(super) fn final_value(&mut self, id: FieldId, into: Register, omitted: Option<Label>) {
        let Some(field) = self.typed.fields.get(id.0) else {
            return self.emit(Instruction::Clear { into });
        };
        // Nobody further out catches what fails here.
        let outer = std::mem::replace(&mut self.failing, Failing::Own);
        let end = self.code.label();
        let absent = omitted.unwrap_or_else(|| self.code.label());
        match &field.when {
            Some(when) => {
                self.jump_unless(when, absent);
                self.branch(|encoder| encoder.handled_value(field, into, absent, end, omitted.is_some()));
            }
            None => self.handled_value(field, into, absent, end, omitted.is_some()),
        }
        let mut actions = field.guards.iter().map(|guard| &guard.action).chain(&field.on_failure);
        if omitted.is_none() && (field.when.is_some() || actions.any(|action| matches!(action, Action::Omit)))
        {
            self.emit(Instruction::Jump { target: end });
            self.code.bind(absent);
            self.emit(Instruction::Clear { into });
        }
        self.code.bind(end);
        self.failing = outer;
    }

    /// Value, guards and the handler of a failure; `end` and `absent` stand behind all this.
    fn handled_value(
        &mut self,
        field: &'map ValueField,
        into: Register,
        absent: Label,
        end: Label,
        only_written: bool,
    ) {
        let handler = self.code.label();
        self.failing = match &field.on_failure {
            Some(Action::Reject { reason, text }) if text.is_empty() => {
                Failing::Reject(reason_index(*reason))
            }
            Some(Action::Reject { .. } | Action::Default(_)) => Failing::Jump(handler),
            Some(Action::Omit) => Failing::Jump(absent),
            Some(Action::Cut(_) | Action::Round { .. }) | None => Failing::Own,
        };
        let known = self.known.clone();
        self.evaluate(&field.value, into);
        let jumps = matches!(self.failing, Failing::Jump(_));
        self.failing = Failing::Own;
        if !only_written && self.typed.operation == Operation::Create && self.plan.may_be_null(&field.value) {
            self.null_to_absent(into);
        }
        for guard in &field.guards {
            if is_on(Lie::GuardDropped) && matches!(guard.predicate, Predicate::MaxLength(_)) {
                continue;
            }
            self.guard(guard, field, into, absent, end);
        }
        if jumps {
            self.known = known;
            self.emit(Instruction::Jump { target: end });
            self.code.bind(handler);
            match &field.on_failure {
                Some(Action::Reject { reason, text }) => self.branch(|encoder| encoder.reject(*reason, text)),
                Some(Action::Default(constant)) => self.load(constant, into),
                _ => {}
            }
        }
    }

    fn null_to_absent(&mut self, into: Register) {
        let mark = self.registers.mark();
        let flag = self.registers.flag();
        let over = self.code.label();
        self.emit(Instruction::IsNull { into: flag, subject: into, negated: false });
        self.emit(Instruction::JumpUnless { flag, target: over });
        self.emit(Instruction::Clear { into });
        self.code.bind(over);
        self.registers.release(mark);
    }

    fn guard(&mut self, guard: &'map Guard, field: &ValueField, into: Register, absent: Label, end: Label) {
        let mark = self.registers.mark();
        let predicate = self.predicate(&guard.predicate);
        let subject = if is_textual(&guard.predicate) { self.text_form(into).into() } else { into };
        let info = self.guard_info(guard, &field.target);
        if let Action::Reject { reason, text } = &guard.action
            && text.is_empty()
        {
            let reason = reason_index(*reason);
            self.emit(Instruction::Require { subject, predicate, guard: info, reason });
            return self.registers.release(mark);
        }
        let pass = self.code.label();
        self.emit(Instruction::Check { subject, predicate, guard: info, pass });
        match &guard.action {
            Action::Reject { reason, text } => self.reject_in_branch(*reason, text),
            Action::Omit => self.emit(Instruction::Jump { target: absent }),
            Action::Default(constant) => {
                self.load(constant, into);
                self.emit(Instruction::Jump { target: end });
            }
            Action::Cut(length) if into.class() == Class::Text => {
                let length = [whole(i64::try_from(*length).unwrap_or(i64::MAX))];
                self.call("cut", into, &length, into, Failure::Never);
            }
            Action::Round { scale, mode } if into.class() == Class::Number && *scale <= 34 => {
                let arguments =
                    [whole(i64::from(*scale)), Constant::Text(super::number::mode_name(*mode).into())];
                self.call("round", into, &arguments, into, Failure::Never);
            }
            Action::Cut(_) | Action::Round { .. } => {}
        }
        self.code.bind(pass);
        self.registers.release(mark);
    }

    fn reject_in_branch(&mut self, reason: mapc_check::typed::ReasonId, text: &'map [TemplatePart]) {
        self.branch(|encoder| encoder.reject(reason, text));
    }
}

fn whole(value: i64) -> Constant {
    Constant::Decimal(mapc_types::BigRational::from_integer(value.into()))
}

fn is_textual(predicate: &Predicate) -> bool {
    matches!(predicate, Predicate::MinLength(_) | Predicate::MaxLength(_) | Predicate::InLanguage(..))
}

/// How a number is written.
pub(super) fn number_form(write: Write) -> NumberForm {
    match write {
        Write::Number { whole: true } => NumberForm::Whole,
        Write::DecimalText => NumberForm::Text,
        _ => NumberForm::Plain,
    }
}
