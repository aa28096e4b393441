//! Expressions into registers. Operands are evaluated left to right, all of them.

use mapc_bytecode::{
    Class, Count, Cursor, Failure, Field, Instruction, Label, NumberRegister, OptionalText, Register,
    Rounding, TableIndex, TemplatePart as Part, TextRange, TextRegister, natives,
};
use mapc_check::typed::{
    Arithmetic, Arm, ArmWhen, Constant, Expression, ExpressionKind, Fallback, ReasonId, ScopeId,
    SourceFieldId, TableId, TemplatePart,
};

use super::kept::KeptId;
use super::{Encoder, reason_index, small};
use crate::plan::class::{constant_of, of_constant};

impl<'map> Encoder<'map> {
    /// Code that sets the register to the value.
    pub(super) fn evaluate(&mut self, expression: &'map Expression, into: Register) {
        let class = self.plan.class(expression);
        if class.is_some_and(|class| class != into.class()) {
            // Kinds never mix; the text form is the one meaning that always exists.
            let from = self.operand(expression, into.class());
            return self.convert(from, into);
        }
        let mark = self.registers.mark();
        self.evaluate_kind(expression, into);
        self.registers.release(mark);
    }

    fn evaluate_kind(&mut self, expression: &'map Expression, into: Register) {
        match (&expression.kind, into) {
            (ExpressionKind::Constant(constant), _) => self.load(constant, into),
            (ExpressionKind::Missing, _) => self.emit(Instruction::Clear { into }),
            (ExpressionKind::Read { scope, field }, _) => self.read(*scope, *field, into),
            (ExpressionKind::Let(id), _) => match self.kept(KeptId::Let(*id)) {
                Some(from) => self.emit(Instruction::Move { into, from }),
                None => match self.typed.lets.get(id.0) {
                    Some(named) => self.evaluate(&named.value, into),
                    None => self.emit(Instruction::Clear { into }),
                },
            },
            (ExpressionKind::Target(id), _) => match self.kept(KeptId::Target(*id)) {
                Some(from) => self.emit(Instruction::Move { into, from }),
                None => self.final_value(*id, into, None),
            },
            (ExpressionKind::Template(parts), Register::Text(into)) => self.template(parts, into, false),
            (ExpressionKind::Negate(operand), Register::Number(into)) => {
                let from = self.number_operand(operand);
                self.emit(Instruction::Negate { into, from });
            }
            (ExpressionKind::Arithmetic { operator, left, right, failure }, Register::Number(into)) => {
                let left = self.number_operand(left);
                let right = self.number_operand(right);
                let failure = self.failure(*failure);
                self.emit(match operator {
                    Arithmetic::Add => Instruction::Add { into, left, right, failure },
                    Arithmetic::Subtract => Instruction::Subtract { into, left, right, failure },
                    Arithmetic::Multiply => Instruction::Multiply { into, left, right, failure },
                });
            }
            (ExpressionKind::Quotient { left, right, scale, mode, failure }, Register::Number(into)) => {
                let left = self.number_operand(left);
                let right = self.number_operand(right);
                let (scale, mode, failure) = (Count(*scale), rounding(*mode), self.failure(*failure));
                self.emit(Instruction::Divide { into, left, right, scale, mode, failure });
            }
            (ExpressionKind::Call { function, input, arguments, failure }, _) => {
                let input = self.operand(input, into.class());
                let failure = self.failure(*failure);
                self.call(function, input, arguments, into, failure);
            }
            (ExpressionKind::Lookup { table, keys, failure }, _) => {
                let keys = self.keys(keys);
                let failure = self.failure(*failure);
                self.emit(Instruction::Lookup { into, table: table_index(*table), keys, failure });
            }
            (ExpressionKind::Xref { entity, key, source_reason }, Register::Text(into)) => {
                let key = self.text_operand(key);
                let entity = self.text_constant(entity);
                self.emit(Instruction::Xref { into, entity, key, reason: reason_index(*source_reason) });
            }
            (ExpressionKind::Aggregate { function, rows, element, failure }, _) => {
                self.aggregate(function, *rows, element.as_deref(), *failure, into);
            }
            (ExpressionKind::Position(scope), Register::Number(into)) => {
                let cursor = self.cursor(*scope);
                self.emit(Instruction::Position { into, cursor });
            }
            (ExpressionKind::Choose { subject, arms, otherwise }, _) => {
                self.choose(subject.as_deref(), arms, otherwise.as_ref(), into);
            }
            (ExpressionKind::Else { value, fallback }, Register::Number(into))
                if matches!(constant_of(fallback), Some(Constant::Decimal(_))) =>
            {
                let from = self.number_operand(value);
                if let Some(constant) = constant_of(fallback) {
                    let constant = self.constant(constant);
                    self.emit(Instruction::OrNumber { into, from, constant });
                }
            }
            (ExpressionKind::Else { value, fallback }, _) => {
                self.evaluate(value, into);
                let over = self.code.label();
                self.emit(Instruction::JumpIfPresent { register: into, target: over });
                self.branch(|encoder| encoder.fallback(fallback, into));
                self.code.bind(over);
            }
            (_, Register::Flag(into)) => self.test(expression, into),
            _ => self.emit(Instruction::Clear { into }),
        }
    }

    /// A register with the value: its own where it is kept, otherwise a new one.
    pub(super) fn operand(&mut self, expression: &'map Expression, otherwise: Class) -> Register {
        let kept = match &expression.kind {
            ExpressionKind::Let(id) => self.kept(KeptId::Let(*id)),
            ExpressionKind::Target(id) => self.kept(KeptId::Target(*id)),
            ExpressionKind::Read { scope, field } => self.shared_read(*scope, *field),
            _ => None,
        };
        kept.unwrap_or_else(|| {
            let class = self.plan.class(expression).unwrap_or(otherwise);
            let into = self.registers.new_one(class);
            self.evaluate(expression, into);
            into
        })
    }

    /// A text register with the text form of the value.
    pub(super) fn text_operand(&mut self, expression: &'map Expression) -> TextRegister {
        let register = self.operand(expression, Class::Text);
        self.text_form(register)
    }

    pub(super) fn text_form(&mut self, register: Register) -> TextRegister {
        match register {
            Register::Text(register) => register,
            other => {
                let into = self.registers.text();
                self.convert(other, into.into());
                into
            }
        }
    }

    pub(super) fn number_operand(&mut self, expression: &'map Expression) -> NumberRegister {
        match self.operand(expression, Class::Number) {
            Register::Number(register) => register,
            _ => {
                let into = self.registers.number();
                self.emit(Instruction::Clear { into: into.into() });
                into
            }
        }
    }

    /// Copies, as text where that is asked for. Into another class goes only what is never there; null stays null.
    fn convert(&mut self, from: Register, into: Register) {
        let function = match (from.class(), into.class()) {
            (one, other) if one == other => return self.emit(Instruction::Move { into, from }),
            (_, Class::Text) => "text",
            (Class::Text, Class::Number) => "number",
            (Class::Text, Class::Date) => "date",
            _ => return self.emit(Instruction::Clear { into }),
        };
        self.call(function, from, &[], into, Failure::Never);
    }

    /// A library function; one that the runtime does not know for this class leaves the value as it is.
    pub(super) fn call(
        &mut self,
        function: &str,
        input: Register,
        arguments: &[Constant],
        into: Register,
        failure: Failure,
    ) {
        if let ("round", Register::Number(from), Register::Number(into)) = (function, input, into)
            && let Some((scale, mode)) = rounding_of(arguments)
        {
            return self.emit(Instruction::Round { into, from, scale, mode });
        }
        match natives::find(function, input.class()) {
            Some(native) if native.output == into.class() => {
                let arguments = self.arguments(arguments);
                self.emit(Instruction::Call { into, function: native.id, input, arguments, failure });
            }
            _ if input.class() == into.class() => self.emit(Instruction::Move { into, from: input }),
            _ => self.emit(Instruction::Clear { into }),
        }
    }

    pub(super) fn load(&mut self, constant: &Constant, into: Register) {
        match (constant, into) {
            (Constant::Bool(value), Register::Flag(into)) => {
                self.emit(Instruction::LoadFlag { into, value: *value });
            }
            (Constant::Text(_), Register::Text(into)) => {
                let constant = self.constant(constant);
                self.emit(Instruction::LoadText { into, constant });
            }
            (Constant::Decimal(_), Register::Number(into)) => {
                let constant = self.constant(constant);
                self.emit(Instruction::LoadNumber { into, constant });
            }
            (Constant::Date(..), Register::Date(into)) => {
                let constant = self.constant(constant);
                self.emit(Instruction::LoadDate { into, constant });
            }
            _ => self.emit(Instruction::Clear { into }),
        }
    }

    fn read(&mut self, scope: ScopeId, field: SourceFieldId, into: Register) {
        let shared = if self.is_always_passed(scope) {
            self.shared_read(scope, field)
        } else {
            self.known_read(scope, field)
        };
        match shared.filter(|from| from.class() == into.class()) {
            Some(from) => self.emit(Instruction::Move { into, from }),
            None => self.read_into(self.cursor(scope), field, into),
        }
    }

    /// Reads, whether or not it is known already.
    pub(super) fn read_into(&mut self, cursor: Cursor, field: SourceFieldId, into: Register) {
        let field = field_index(field);
        self.emit(match into {
            Register::Text(into) => Instruction::ReadText { into, cursor, field },
            Register::Number(into) => Instruction::ReadNumber { into, cursor, field },
            Register::Flag(into) => Instruction::ReadFlag { into, cursor, field },
            Register::Date(into) => Instruction::ReadDate { into, cursor, field },
        });
    }

    /// Puts a text together. A missing part makes it absent, or prints as `(missing)`.
    pub(super) fn template(&mut self, parts: &'map [TemplatePart], into: TextRegister, or_missing: bool) {
        let mut pieces: Vec<Part> = Vec::new();
        for part in parts {
            match (part, pieces.last_mut()) {
                (TemplatePart::Text(text), Some(Part::Text(before))) => before.push_str(text),
                (TemplatePart::Text(text), _) => pieces.push(Part::Text(text.clone())),
                (TemplatePart::Hole(hole), _) => pieces.push(Part::Hole(self.operand(hole, Class::Text))),
            }
        }
        match pieces.as_slice() {
            [] => self.load(&Constant::Text(String::new()), into.into()),
            [Part::Text(text)] => self.load(&Constant::Text(text.clone()), into.into()),
            _ => {
                let template = self.template_index(pieces);
                self.emit(if or_missing {
                    Instruction::TemplateOrMissing { into, template }
                } else {
                    Instruction::Template { into, template }
                });
            }
        }
    }

    /// Key parts in neighbouring registers.
    fn keys(&mut self, keys: &'map [Expression]) -> TextRange {
        if let [key] = keys {
            return TextRange { first: self.text_operand(key), count: 1 };
        }
        let parts: Vec<TextRegister> = keys.iter().map(|_| self.registers.text()).collect();
        for (key, part) in keys.iter().zip(&parts) {
            let mark = self.registers.mark();
            self.evaluate(key, (*part).into());
            self.registers.release(mark);
        }
        let first = parts.first().copied().unwrap_or(TextRegister(0));
        TextRange { first, count: u16::try_from(parts.len()).unwrap_or(u16::MAX) }
    }

    fn choose(
        &mut self,
        subject: Option<&'map Expression>,
        arms: &'map [Arm],
        otherwise: Option<&'map Fallback>,
        into: Register,
    ) {
        let end = self.code.label();
        let subject = subject.map(|subject| self.operand(subject, Class::Text));
        match (subject, self.table_of_arms(subject, arms, into.class())) {
            (Some(Register::Text(key)), Some(table)) => {
                let other = self.code.label();
                let keys = TextRange { first: key, count: 1 };
                if otherwise.is_some() {
                    self.emit(Instruction::JumpIfMissing { register: key.into(), target: other });
                }
                self.emit(Instruction::Lookup { into, table, keys, failure: Failure::Jump(other) });
                self.emit(Instruction::Jump { target: end });
                self.code.bind(other);
                match otherwise {
                    Some(otherwise) => self.branch(|encoder| encoder.fallback(otherwise, into)),
                    None => self.emit(Instruction::Clear { into }),
                }
            }
            _ => self.arms(subject, arms, otherwise, into, end),
        }
        self.code.bind(end);
    }

    /// Arms that give constants for texts are a table, where it is shorter.
    fn table_of_arms(
        &mut self,
        subject: Option<Register>,
        arms: &'map [Arm],
        class: Class,
    ) -> Option<TableIndex> {
        if subject?.class() != Class::Text || arms.len() < 3 {
            return None;
        }
        let mut rows = Vec::new();
        for Arm { when, then } in arms {
            let (ArmWhen::Values(values), Fallback::Value(then)) = (when, then) else { return None };
            let ExpressionKind::Constant(result) = &then.kind else { return None };
            for value in values {
                let Constant::Text(key) = value else { return None };
                rows.push((key.as_str(), result));
            }
        }
        if rows.iter().any(|(_, result)| of_constant(result) != class) {
            return None;
        }
        Some(self.table_of_choices(class, &rows))
    }

    fn arms(
        &mut self,
        subject: Option<Register>,
        arms: &'map [Arm],
        otherwise: Option<&'map Fallback>,
        into: Register,
        end: Label,
    ) {
        let known = self.known.clone();
        let depth = self.depth;
        for Arm { when, then } in arms {
            let next = self.code.label();
            match when {
                ArmWhen::Values(values) => match subject {
                    Some(subject) => self.jump_unless_one_of(subject, values, next),
                    None => self.emit(Instruction::Jump { target: next }),
                },
                ArmWhen::Condition(condition) => self.jump_unless(condition, next),
            }
            self.branch(|encoder| encoder.fallback(then, into));
            self.emit(Instruction::Jump { target: end });
            self.code.bind(next);
            // Every further condition is asked only when this one is false.
            if self.depth == depth {
                self.depth += 1;
            }
        }
        match otherwise {
            Some(otherwise) => self.branch(|encoder| encoder.fallback(otherwise, into)),
            None => self.emit(Instruction::Clear { into }),
        }
        self.depth = depth;
        self.known = known;
    }

    fn fallback(&mut self, fallback: &'map Fallback, into: Register) {
        match fallback {
            Fallback::Value(value) => self.evaluate(value, into),
            Fallback::Reject { reason, text } => self.reject(*reason, text),
            Fallback::Wait { reason, reference } => {
                let mark = self.registers.mark();
                let reference = reference.as_ref().map(|(entity, key)| {
                    let key = self.operand(key, Class::Text);
                    let parts = vec![Part::Text(format!("{entity} ")), Part::Hole(key)];
                    let template = self.template_index(parts);
                    let into = self.registers.text();
                    self.emit(Instruction::TemplateOrMissing { into, template });
                    into
                });
                let reason = reason_index(*reason);
                self.emit(Instruction::Wait { reason, reference: OptionalText(reference) });
                self.registers.release(mark);
            }
            Fallback::Omit => self.emit(Instruction::Clear { into }),
        }
    }

    /// Ends with a rejection in these words.
    pub(super) fn reject(&mut self, reason: ReasonId, text: &'map [TemplatePart]) {
        let reason = reason_index(reason);
        if text.is_empty() {
            return self.emit(Instruction::Reject { reason });
        }
        let mark = self.registers.mark();
        let words = self.registers.text();
        self.template(text, words, true);
        self.emit(Instruction::RejectText { reason, text: words });
        self.registers.release(mark);
    }
}

/// Decimals and mode of `round`.
fn rounding_of(arguments: &[Constant]) -> Option<(Count, Rounding)> {
    let [Constant::Decimal(scale), Constant::Text(name)] = arguments else { return None };
    let mode = Rounding::ALL.iter().find(|mode| mode.name() == name)?;
    let scale = if scale.is_integer() { u32::try_from(scale.numer()).ok()? } else { return None };
    (scale <= 34).then_some((Count(scale), *mode))
}

/// Fields of the source keep their numbers.
pub(super) fn field_index(field: SourceFieldId) -> Field {
    Field(small(field.0))
}

/// Tables keep their numbers.
pub(super) fn table_index(table: TableId) -> TableIndex {
    TableIndex(small(table.0))
}

pub(super) fn rounding(mode: mapc_check::typed::Rounding) -> Rounding {
    use mapc_check::typed::Rounding as Mode;
    match mode {
        Mode::HalfUp => Rounding::HalfUp,
        Mode::HalfEven => Rounding::HalfEven,
        Mode::HalfDown => Rounding::HalfDown,
        Mode::Floor => Rounding::Floor,
        Mode::Ceiling => Rounding::Ceiling,
        Mode::Down => Rounding::Down,
        Mode::Up => Rounding::Up,
    }
}
