//! Third step: on every path a register is set before it is used, rows are collected before they are walked, and the
//! document is written before it is delivered. One pass suffices: jumps go forward, and a walk starts every row with what
//! held before it, less what its release takes back.

use std::collections::HashMap;

use super::VerifyError;
use super::blocks::Blocks;
use crate::instruction::Instruction;
use crate::module::*;
use crate::operand::*;

/// Most words of state kept at once.
const MOST_WORDS: usize = 16 << 20;

/// What is set: registers of the four classes, collections of rows, the document.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    words: Vec<u64>,
}

impl State {
    fn with(&mut self, bit: usize) {
        if let Some(word) = self.words.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    fn has(&self, bit: usize) -> bool {
        self.words.get(bit / 64).is_some_and(|word| word & (1 << (bit % 64)) != 0)
    }

    fn meet(&mut self, other: &State) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    fn without(&mut self, other: &State) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    fn join(&mut self, other: &State) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }
}

struct Layout {
    number: usize,
    flag: usize,
    date: usize,
    rows: usize,
    document: usize,
}

impl Layout {
    fn new(module: &Module) -> Layout {
        let number = usize::from(module.registers.text);
        let flag = number + usize::from(module.registers.number);
        let date = flag + usize::from(module.registers.flag);
        let rows = date + usize::from(module.registers.date);
        Layout { number, flag, date, rows, document: rows + module.cursors.len() }
    }

    fn register(&self, register: Register) -> usize {
        let base = match register.class() {
            Class::Text => 0,
            Class::Number => self.number,
            Class::Flag => self.flag,
            Class::Date => self.date,
        };
        base + usize::from(register.index())
    }

    fn rows(&self, cursor: Cursor) -> usize {
        self.rows + cursor.index()
    }

    fn empty(&self) -> State {
        State { words: vec![0; self.document / 64 + 1] }
    }
}

/// The registers that an operand stands for.
fn registers(operand: Operand, visit: &mut dyn FnMut(Register)) {
    match operand {
        Operand::TextRegister(it) | Operand::OptionalText(OptionalText(Some(it))) => visit(it.into()),
        Operand::NumberRegister(it) => visit(it.into()),
        Operand::FlagRegister(it) => visit(it.into()),
        Operand::DateRegister(it) => visit(it.into()),
        Operand::Register(it) => visit(it),
        Operand::TextRange(range) => {
            for part in 0..range.count {
                visit(TextRegister(range.first.0.saturating_add(part)).into());
            }
        }
        _ => {}
    }
}

pub(super) fn check(module: &Module, blocks: &Blocks) -> Result<(), VerifyError> {
    let layout = Layout::new(module);
    let width = layout.empty().words.len();
    if width.saturating_mul(module.code.len().saturating_add(2 * blocks.walks.len())) > MOST_WORDS {
        return Err(VerifyError::data("it is too large to be verified"));
    }
    let losses = losses(module, blocks, &layout);
    let mut pending: Vec<Option<State>> = vec![None; module.code.len()];
    let mut state = Some(layout.empty());
    for (index, instruction) in module.code.iter().enumerate() {
        if let Some(waiting) = pending.get_mut(index).and_then(Option::take) {
            match &mut state {
                Some(state) => state.meet(&waiting),
                None => state = Some(waiting),
            }
        }
        // Code that no path reaches.
        let Some(before) = state.as_mut() else { continue };
        uses(module, &layout, instruction, before).map_err(|message| VerifyError::at(index, message))?;
        let mut goes_on = true;
        instruction.each_operand(&mut |name, _, operand| {
            let label = match operand {
                Operand::Label(label) if name != "body" => label,
                Operand::Failure(Failure::Jump(label)) => label,
                _ => return,
            };
            match pending.get_mut(label.index()) {
                Some(Some(waiting)) => waiting.meet(before),
                Some(waiting) => *waiting = Some(before.clone()),
                None => {}
            }
        });
        match *instruction {
            Instruction::Skip { .. }
            | Instruction::Reject { .. }
            | Instruction::RejectText { .. }
            | Instruction::Wait { .. }
            | Instruction::Jump { .. }
            | Instruction::Deliver { .. } => goes_on = false,
            Instruction::EachRow { .. }
            | Instruction::EachInGroup { .. }
            | Instruction::EachCollected { .. }
            | Instruction::PickRow { .. } => {
                if let Some(loss) = losses.get(&index) {
                    before.without(loss);
                }
            }
            Instruction::NextRow { body, .. } => {
                if let Some(loss) = body.index().checked_sub(1).and_then(|opener| losses.get(&opener)) {
                    before.without(loss);
                }
            }
            Instruction::ClearRows { cursor } => before.with(layout.rows(cursor)),
            Instruction::CloseRecord { .. } if index == blocks.document_closer => {
                before.with(layout.document)
            }
            _ => {}
        }
        instruction.each_operand(&mut |_, role, operand| {
            if matches!(role, Role::Sets | Role::Updates) {
                registers(operand, &mut |register| before.with(layout.register(register)));
            }
        });
        if !goes_on {
            state = None;
        }
    }
    Ok(())
}

fn uses(module: &Module, layout: &Layout, instruction: &Instruction, state: &State) -> Result<(), String> {
    let mut missing = None;
    instruction.each_operand(&mut |_, role, operand| {
        if matches!(role, Role::Uses | Role::Updates) {
            registers(operand, &mut |register| {
                if !state.has(layout.register(register)) {
                    missing = Some(register);
                }
            });
        }
    });
    if let Instruction::Template { template, .. } | Instruction::TemplateOrMissing { template, .. } =
        instruction
        && let Some(template) = module.templates.get(template.index())
    {
        for part in &template.parts {
            if let TemplatePart::Hole(hole) = part
                && !state.has(layout.register(*hole))
            {
                missing = Some(*hole);
            }
        }
    }
    if let Some(register) = missing {
        return Err(format!(
            "{} register {} is used before it is set",
            register.class().name(),
            register.index()
        ));
    }
    match *instruction {
        Instruction::EachCollected { cursor, .. }
        | Instruction::PickRow { cursor, .. }
        | Instruction::CollectRow { cursor }
        | Instruction::CollectKeyed { cursor, .. }
        | Instruction::GroupRows { cursor }
        | Instruction::SortRows { cursor, .. }
        | Instruction::SetKey { cursor, .. }
            if !state.has(layout.rows(cursor)) =>
        {
            Err(format!("the rows of cursor {} are used before they are cleared", cursor.0))
        }
        Instruction::Deliver { .. } if !state.has(layout.document) => {
            Err("the document is not written on every path".to_string())
        }
        _ => Ok(()),
    }
}

/// What each walk takes back at every row, by its opener: texts and collected rows made inside walks that release, itself
/// included.
fn losses(module: &Module, blocks: &Blocks, layout: &Layout) -> HashMap<usize, State> {
    let mut own: Vec<(usize, usize, State)> = Vec::new();
    for walk in blocks.walks.iter().filter(|walk| walk.release) {
        let mut state = layout.empty();
        let body = walk.opener.saturating_add(1)..walk.closer;
        for instruction in module.code.get(body).unwrap_or_default() {
            instruction.each_operand(&mut |_, role, operand| {
                if matches!(role, Role::Sets | Role::Updates) {
                    registers(operand, &mut |register| {
                        if register.class() == Class::Text {
                            state.with(layout.register(register));
                        }
                    });
                }
            });
            if let Instruction::ClearRows { cursor }
            | Instruction::CollectRow { cursor }
            | Instruction::CollectKeyed { cursor, .. }
            | Instruction::SetKey { cursor, .. } = *instruction
            {
                state.with(layout.rows(cursor));
            }
        }
        own.push((walk.opener, walk.closer, state));
    }
    let mut losses = HashMap::new();
    if own.is_empty() {
        return losses;
    }
    for walk in &blocks.walks {
        let mut state = layout.empty();
        for (opener, closer, inner) in &own {
            if *opener >= walk.opener && *closer <= walk.closer {
                state.join(inner);
            }
        }
        losses.insert(walk.opener, state);
    }
    losses
}
