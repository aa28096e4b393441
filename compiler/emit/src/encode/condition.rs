//! Conditions: as jumps where something depends on them, as flags where they are values.

use mapc_bytecode::{Class, Comparison, Count, FlagRegister, Instruction, Label, Register};
use mapc_check::typed::{Comparison as Order, Constant, Expression, ExpressionKind};

use super::Encoder;

impl<'map> Encoder<'map> {
    /// Goes on at `target` unless the condition is true.
    pub(super) fn jump_unless(&mut self, condition: &'map Expression, target: Label) {
        self.jump(condition, false, target);
    }

    /// Goes on at `target` when the condition is (or is not) true.
    fn jump(&mut self, condition: &'map Expression, when: bool, target: Label) {
        let mark = self.registers.mark();
        match &condition.kind {
            ExpressionKind::Not(inner) => self.jump(inner, !when, target),
            ExpressionKind::IsTrue(inner) => self.jump_on_flag(inner, when, target),
            // One side decides on its own: `and` when it is false, `or` when it is true.
            ExpressionKind::And(left, right) if !when => self.jump_either(left, right, when, target),
            ExpressionKind::Or(left, right) if when => self.jump_either(left, right, when, target),
            ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) => {
                let over = self.code.label();
                self.jump(left, !when, over);
                self.branch(|encoder| encoder.jump(right, when, target));
                self.code.bind(over);
            }
            ExpressionKind::IsMissing { subject, negated } => {
                let register = self.operand(subject, Class::Text);
                self.emit(if when != *negated {
                    Instruction::JumpIfMissing { register, target }
                } else {
                    Instruction::JumpIfPresent { register, target }
                });
            }
            ExpressionKind::Constant(Constant::Bool(value)) => {
                if *value == when {
                    self.emit(Instruction::Jump { target });
                }
            }
            ExpressionKind::Equal { left, right, negated } => match (&left.kind, &right.kind) {
                (_, ExpressionKind::Constant(constant)) => {
                    self.jump_on_values(left, std::slice::from_ref(constant), *negated != when, target);
                }
                (ExpressionKind::Constant(constant), _) => {
                    self.jump_on_values(right, std::slice::from_ref(constant), *negated != when, target);
                }
                _ => self.jump_on_flag(condition, when, target),
            },
            ExpressionKind::OneOf { subject, values, negated } => {
                self.jump_on_values(subject, values, *negated != when, target);
            }
            ExpressionKind::Compare { operator, left, right } if !when => {
                match (self.plan.class(left), &right.kind) {
                    (Some(Class::Number), ExpressionKind::Constant(constant @ Constant::Decimal(_))) => {
                        let left = self.number_operand(left);
                        let constant = self.constant(constant);
                        let comparison = comparison(*operator);
                        self.emit(Instruction::JumpUnlessNumber { left, comparison, constant, target });
                    }
                    _ => self.jump_on_flag(condition, when, target),
                }
            }
            _ => self.jump_on_flag(condition, when, target),
        }
        self.registers.release(mark);
    }

    /// Goes on at `target` unless the value is (or is not) one of these.
    fn jump_on_values(
        &mut self,
        subject: &'map Expression,
        values: &[Constant],
        negated: bool,
        target: Label,
    ) {
        let subject = self.operand(subject, Class::Text);
        let set = self.set(subject.class(), values);
        self.emit(Instruction::JumpUnlessOneOf { subject, set, negated, target });
    }

    fn jump_either(&mut self, left: &'map Expression, right: &'map Expression, when: bool, target: Label) {
        self.jump(left, when, target);
        self.branch(|encoder| encoder.jump(right, when, target));
    }

    fn jump_on_flag(&mut self, condition: &'map Expression, when: bool, target: Label) {
        if let Register::Flag(flag) = self.operand(condition, Class::Flag) {
            self.emit_jump(flag, when, target);
        } else if !when {
            self.emit(Instruction::Jump { target });
        }
    }

    fn emit_jump(&mut self, flag: FlagRegister, when: bool, target: Label) {
        self.emit(if when {
            Instruction::JumpIf { flag, target }
        } else {
            Instruction::JumpUnless { flag, target }
        });
    }

    /// Goes on at `target` unless the value is one of these.
    pub(super) fn jump_unless_one_of(&mut self, subject: Register, values: &[Constant], target: Label) {
        let set = self.set(subject.class(), values);
        self.emit(Instruction::JumpUnlessOneOf { subject, set, negated: false, target });
    }

    fn is_one_of(&mut self, into: FlagRegister, subject: Register, values: &[Constant], negated: bool) {
        let set = self.set(subject.class(), values);
        self.emit(Instruction::IsOneOf { into, subject, set, negated });
    }

    /// Sets the flag to yes or no.
    pub(super) fn test(&mut self, condition: &'map Expression, into: FlagRegister) {
        match &condition.kind {
            ExpressionKind::Equal { left, right, negated } => match (&left.kind, &right.kind) {
                (_, ExpressionKind::Constant(constant)) => {
                    let subject = self.operand(left, Class::Text);
                    self.is_one_of(into, subject, std::slice::from_ref(constant), *negated);
                }
                (ExpressionKind::Constant(constant), _) => {
                    let subject = self.operand(right, Class::Text);
                    self.is_one_of(into, subject, std::slice::from_ref(constant), *negated);
                }
                _ => {
                    let comparison = if *negated { Comparison::NotEqual } else { Comparison::Equal };
                    self.compare(into, comparison, left, right);
                }
            },
            ExpressionKind::Compare { operator, left, right } => {
                self.compare(into, comparison(*operator), left, right);
            }
            ExpressionKind::OneOf { subject, values, negated } => {
                let subject = self.operand(subject, Class::Text);
                self.is_one_of(into, subject, values, *negated);
            }
            ExpressionKind::IsMissing { subject, negated } => {
                let subject = self.operand(subject, Class::Text);
                self.emit(Instruction::IsMissing { into, subject, negated: *negated });
            }
            ExpressionKind::IsNull { subject, negated } => {
                let subject = self.operand(subject, Class::Text);
                self.emit(Instruction::IsNull { into, subject, negated: *negated });
            }
            ExpressionKind::LongerThan { subject, length, negated } => {
                let subject = self.text_operand(subject);
                let length = Count(u32::try_from(*length).unwrap_or(u32::MAX));
                self.emit(Instruction::LongerThan { into, subject, length, negated: *negated });
            }
            ExpressionKind::Matches { subject, language } => {
                let subject = self.text_operand(subject);
                let words = self.sources.slice(condition.span).to_owned();
                let language = self.language(language, &words);
                self.emit(Instruction::Matches { into, subject, language });
            }
            ExpressionKind::IsTrue(inner) => match self.operand(inner, Class::Flag) {
                Register::Flag(from) => self.emit(Instruction::IsTrue { into, from }),
                _ => self.emit(Instruction::LoadFlag { into, value: false }),
            },
            ExpressionKind::Not(inner) => match self.operand(inner, Class::Flag) {
                Register::Flag(from) => self.emit(Instruction::Not { into, from }),
                _ => self.emit(Instruction::LoadFlag { into, value: true }),
            },
            // Yes where the jumps arrive.
            ExpressionKind::And(..) | ExpressionKind::Or(..) => {
                let no = self.code.label();
                let end = self.code.label();
                self.jump_unless(condition, no);
                self.emit(Instruction::LoadFlag { into, value: true });
                self.emit(Instruction::Jump { target: end });
                self.code.bind(no);
                self.emit(Instruction::LoadFlag { into, value: false });
                self.code.bind(end);
            }
            // Everything else is no condition.
            _ => self.emit(Instruction::LoadFlag { into, value: false }),
        }
    }

    fn compare(
        &mut self,
        into: FlagRegister,
        comparison: Comparison,
        left: &'map Expression,
        right: &'map Expression,
    ) {
        let left = self.operand(left, self.plan.class(right).unwrap_or(Class::Text));
        let right = self.operand(right, left.class());
        self.emit(match (left, right) {
            (Register::Text(left), Register::Text(right)) => {
                Instruction::CompareText { into, comparison, left, right }
            }
            (Register::Number(left), Register::Number(right)) => {
                Instruction::CompareNumber { into, comparison, left, right }
            }
            (Register::Flag(left), Register::Flag(right)) => {
                Instruction::CompareFlag { into, comparison, left, right }
            }
            (Register::Date(left), Register::Date(right)) => {
                Instruction::CompareDate { into, comparison, left, right }
            }
            // Different kinds are never equal and have no order.
            _ => Instruction::LoadFlag { into, value: comparison == Comparison::NotEqual },
        });
    }
}

fn comparison(operator: Order) -> Comparison {
    match operator {
        Order::Less => Comparison::Less,
        Order::LessOrEqual => Comparison::LessOrEqual,
        Order::Greater => Comparison::Greater,
        Order::GreaterOrEqual => Comparison::GreaterOrEqual,
    }
}
