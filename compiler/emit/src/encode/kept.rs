//! Named values and output fields that are used in several places: evaluated once, kept in a register of their own.

use mapc_bytecode::{Class, Cursor, FlagRegister, Instruction, Register};
use mapc_check::typed::{FieldId, LetId, ScopeId, SourceFieldId};

use super::Encoder;
use crate::plan::Keep;

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeptId {
    Let(LetId),
    Target(FieldId),
    /// What is read several times; see `repeated`.
    Read(Cursor, SourceFieldId),
}

/// Where it is kept.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    keep: Keep,
    register: Register,
    /// Says whether the register is set, where that depends on the path.
    done: FlagRegister,
}

impl<'map> Encoder<'map> {
    pub(super) fn allocate_kept(&mut self) {
        let plan = self.plan;
        for (place, keep) in plan.lets.iter().enumerate().filter(|(_, keep)| keep.keep) {
            let class = self.typed.lets.get(place).and_then(|named| plan.class(&named.value));
            self.allocate_one(KeptId::Let(LetId(place)), *keep, class);
        }
        for (place, keep) in plan.targets.iter().enumerate().filter(|(_, keep)| keep.keep) {
            let class = plan.target_class(FieldId(place));
            self.allocate_one(KeptId::Target(FieldId(place)), *keep, class);
        }
    }

    fn allocate_one(&mut self, id: KeptId, keep: Keep, class: Option<Class>) {
        if let Some(class) = class {
            let register = self.registers.new_one(class);
            let done = self.registers.flag();
            self.kept.insert(id, Kept { keep, register, done });
        }
    }

    /// The register it is kept in, set from here on; `None` if it is to be evaluated in place.
    pub(super) fn kept(&mut self, id: KeptId) -> Option<Register> {
        let Kept { keep, register, done } = *self.kept.get(&id)?;
        if self.known.contains(&id) {
            return Some(register);
        }
        if self.levels.get(&keep.level) == Some(&self.depth) {
            self.evaluate_kept(id, register);
        } else if keep.level == ScopeId(0) && !keep.cheap {
            let over = self.code.label();
            self.emit(Instruction::JumpIf { flag: done, target: over });
            self.branch(|encoder| encoder.evaluate_kept(id, register));
            self.emit(Instruction::LoadFlag { into: done, value: true });
            self.code.bind(over);
            self.flagged.insert(id);
            if register.class() == Class::Text {
                self.walks.iter_mut().for_each(|keeps_text| *keeps_text = true);
            }
        } else {
            return None;
        }
        self.known.insert(id);
        Some(register)
    }

    fn evaluate_kept(&mut self, id: KeptId, register: Register) {
        let mark = self.registers.mark();
        match id {
            KeptId::Let(id) => {
                if let Some(named) = self.typed.lets.get(id.0) {
                    self.evaluate(&named.value, register);
                }
            }
            KeptId::Target(id) => self.final_value(id, register, None),
            KeptId::Read(cursor, field) => self.read_into(cursor, field, register),
        }
        self.registers.release(mark);
    }

    /// Sets the flags of everything that is set on some paths only.
    pub(super) fn prologue(&mut self) {
        let mut front = Vec::new();
        for id in &self.flagged {
            if let Some(kept) = self.kept.get(id) {
                front.push(Instruction::LoadFlag { into: kept.done, value: false });
                front.push(Instruction::Clear { into: kept.register });
            }
        }
        self.code.prepend(front, &mut self.module.source_map);
    }
}
