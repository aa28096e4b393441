//! Encodes a plan: straight-line code with forward jumps, and the tables it refers to.

mod choose;
mod code;
mod condition;
mod document;
mod expression;
mod field;
mod kept;
mod number;
mod people;
mod pools;
mod registers;
mod repeated;
mod rows;
mod source;
mod totals;
mod travel;
mod zone;

use std::collections::{BTreeMap, BTreeSet};

use mapc_bytecode::{
    Cursor, CursorShape, Failure, Instruction, Label, Module, OptionalText, Pin, ReasonIndex, Register,
};
use mapc_check::typed::{Expression, Gate, ReasonId, ScopeId, SourceFieldId, Typed};
use mapc_diagnostics::Sources;

use crate::plan::Plan;
use code::Code;
use kept::{Kept, KeptId};
use pools::Pools;
use registers::Registers;
use totals::Adding;

/// Where a failure inside the current expression goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failing {
    /// Ends with its own reason.
    Own,
    /// Ends with this one.
    Reject(ReasonIndex),
    /// Goes on at a handler.
    Jump(Label),
}

/// The program under construction.
struct Encoder<'map> {
    plan: &'map Plan<'map>,
    typed: &'map Typed,
    sources: &'map Sources,
    module: Module,
    pools: Pools,
    code: Code,
    registers: Registers,
    /// By row variable: the cursor that stands for it here.
    cursors: BTreeMap<ScopeId, Cursor>,
    /// Registers of named values and output fields that are kept.
    kept: BTreeMap<KeptId, Kept>,
    /// Registers of what is read several times.
    shared: BTreeMap<(Cursor, SourceFieldId), Register>,
    /// Those whose register is set on every path to here.
    known: BTreeSet<KeptId>,
    /// Those that are set on some paths only, and say so in their flag.
    flagged: BTreeSet<KeptId>,
    /// How many conditions and walks stand around this place.
    depth: usize,
    /// By row variable: the depth of what happens for every row.
    levels: BTreeMap<ScopeId, usize>,
    /// Walks around this place: whether their body sets a text that must outlive the row.
    walks: Vec<bool>,
    failing: Failing,
    /// Sums and counts over lists that are written.
    totals: Vec<Adding<'map>>,
}

/// Encodes a plan.
pub(crate) fn encode(plan: &Plan<'_>, pins: Vec<Pin>, sources: &Sources) -> Module {
    let typed = plan.typed;
    let mut encoder = Encoder {
        plan,
        typed,
        sources,
        module: Module { pins, ..Module::default() },
        pools: Pools::default(),
        code: Code::default(),
        registers: Registers::default(),
        cursors: BTreeMap::from([(ScopeId(0), Cursor(0))]),
        kept: BTreeMap::new(),
        shared: BTreeMap::new(),
        known: BTreeSet::new(),
        flagged: BTreeSet::new(),
        depth: 0,
        levels: BTreeMap::from([(ScopeId(0), 0)]),
        walks: Vec::new(),
        failing: Failing::Own,
        totals: Vec::new(),
    };
    encoder.travel();
    encoder.source();
    encoder.zone();
    encoder.module.cursors.push(CursorShape { list: 0, parent: Cursor(0) });
    encoder.allocate_kept();
    encoder.share_reads(ScopeId(0), Cursor(0));
    encoder.gates();
    encoder.document();
    let key = encoder.optional_text(typed.key.as_ref());
    let order_by = encoder.optional_text(typed.order_by.as_ref());
    encoder.code.here();
    encoder.emit(Instruction::Deliver { key, order_by });
    encoder.prologue();
    encoder.finish()
}

impl<'map> Encoder<'map> {
    fn emit(&mut self, instruction: Instruction) {
        self.code.push(instruction);
    }

    fn gates(&mut self) {
        for gate in &self.typed.gates {
            let mark = self.registers.mark();
            let pass = self.code.label();
            match gate {
                Gate::Skip { condition, reason } => {
                    self.jump_unless(condition, pass);
                    self.emit(Instruction::Skip { reason: reason_index(*reason) });
                }
                Gate::Reject { condition, reason, text } => {
                    self.jump_unless(condition, pass);
                    self.branch(|encoder| encoder.reject(*reason, text));
                }
            }
            self.code.bind(pass);
            self.registers.release(mark);
        }
    }

    fn optional_text(&mut self, expression: Option<&'map Expression>) -> OptionalText {
        OptionalText(expression.map(|expression| self.text_operand(expression)))
    }

    /// Code that is not reached on every path.
    fn branch<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let known = self.known.clone();
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        self.known = known;
        result
    }

    /// What an instruction does that fails with this reason.
    fn failure(&self, reason: Option<ReasonId>) -> Failure {
        match (reason, self.failing) {
            (None, _) => Failure::Never,
            (Some(reason), Failing::Own) => Failure::Reject(reason_index(reason)),
            (Some(_), Failing::Reject(reason)) => Failure::Reject(reason),
            (Some(_), Failing::Jump(label)) => Failure::Jump(label),
        }
    }

    fn finish(mut self) -> Module {
        self.module.registers = self.registers.highest();
        self.module.code = self.code.finish();
        self.module
    }
}

/// Reasons keep their numbers.
fn reason_index(reason: ReasonId) -> ReasonIndex {
    ReasonIndex(small(reason.0))
}

/// Tables of a map never reach the end of the range.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
