//! Reads that a map asks for several times: made once for a row, then taken from a register. A read gives the same at
//! every place, so that only the first one on a way through the code counts.

use mapc_bytecode::{Cursor, Register};
use mapc_check::typed::{ScopeId, SourceFieldId};

use super::Encoder;
use super::kept::KeptId;

impl Encoder<'_> {
    /// Registers for what is read several times in the rows of a cursor; they are free again when the caller's mark is
    /// released.
    pub(super) fn share_reads(&mut self, scope: ScopeId, cursor: Cursor) {
        let plan = self.plan;
        let first = (scope, SourceFieldId(0));
        for ((_, field), _) in
            plan.reads.range(first..).take_while(|((of, _), _)| *of == scope).filter(|(_, count)| **count > 1)
        {
            if let Some(class) = plan.class_of_field(*field) {
                let register = self.registers.new_one(class);
                self.shared.insert((cursor, *field), register);
            }
        }
    }

    /// The register that holds the read already.
    pub(super) fn known_read(&self, scope: ScopeId, field: SourceFieldId) -> Option<Register> {
        let cursor = self.cursor(scope);
        let known = self.known.contains(&KeptId::Read(cursor, field));
        self.shared.get(&(cursor, field)).copied().filter(|_| known)
    }

    /// A register that holds the read from here on, if it is made several times.
    pub(super) fn shared_read(&mut self, scope: ScopeId, field: SourceFieldId) -> Option<Register> {
        let cursor = self.cursor(scope);
        let register = self.shared.get(&(cursor, field)).copied()?;
        if self.known.insert(KeptId::Read(cursor, field)) {
            self.read_into(cursor, field, register);
        }
        Some(register)
    }

    /// Whether this place is passed in every row of the row variable.
    pub(super) fn is_always_passed(&self, scope: ScopeId) -> bool {
        self.levels.get(&scope) == Some(&self.depth)
    }
}
