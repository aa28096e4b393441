//! Instructions with labels that are named before they have a place.

use mapc_bytecode::{Failure, Instruction, Label, SourceLine};

/// Code under construction. Labels in it are numbers of [`Code::label`] until [`Code::finish`].
#[derive(Default)]
pub(super) struct Code {
    instructions: Vec<Instruction>,
    /// Place of each label.
    places: Vec<usize>,
}

impl Code {
    /// A new label without a place.
    pub(super) fn label(&mut self) -> Label {
        self.places.push(usize::MAX);
        Label(super::small(self.places.len() - 1))
    }

    /// The label stands here.
    pub(super) fn bind(&mut self, label: Label) {
        if self.instructions.last() == Some(&Instruction::Jump { target: label }) {
            // A jump to the next instruction. Labels behind it now stand where it was.
            self.instructions.pop();
            let here = self.instructions.len();
            self.places.iter_mut().filter(|place| **place == here + 1).for_each(|place| *place = here);
        }
        let here = self.instructions.len();
        if let Some(place) = self.places.get_mut(label.index()) {
            *place = here;
        }
    }

    /// A label that stands here.
    pub(super) fn here(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }

    /// Adds an instruction, unless no path leads to it.
    pub(super) fn push(&mut self, instruction: Instruction) {
        if self.is_reached() {
            self.instructions.push(instruction);
        }
    }

    /// Number of instructions so far.
    pub(super) fn length(&self) -> u32 {
        super::small(self.instructions.len())
    }

    fn is_reached(&self) -> bool {
        let ends = matches!(
            self.instructions.last(),
            Some(
                Instruction::Jump { .. }
                    | Instruction::Skip { .. }
                    | Instruction::Reject { .. }
                    | Instruction::RejectText { .. }
                    | Instruction::Wait { .. }
            )
        );
        !ends || self.places.contains(&self.instructions.len())
    }

    /// Puts instructions without labels in front of everything.
    pub(super) fn prepend(&mut self, mut front: Vec<Instruction>, lines: &mut [SourceLine]) {
        let count = front.len();
        front.append(&mut self.instructions);
        self.instructions = front;
        for place in self.places.iter_mut().filter(|place| **place != usize::MAX) {
            *place += count;
        }
        for line in lines {
            line.instruction = line.instruction.saturating_add(super::small(count));
        }
    }

    /// The instructions with every label replaced by its place.
    pub(super) fn finish(self) -> Vec<Instruction> {
        let Code { mut instructions, places } = self;
        let place = |label: &mut Label| {
            *label = Label(places.get(label.index()).copied().map_or(u32::MAX, super::small));
        };
        instructions.iter_mut().for_each(|instruction| each_label(instruction, place));
        instructions
    }
}

fn each_label(instruction: &mut Instruction, change: impl Fn(&mut Label)) {
    match instruction {
        Instruction::Jump { target }
        | Instruction::JumpIf { target, .. }
        | Instruction::JumpUnless { target, .. }
        | Instruction::JumpUnlessOneOf { target, .. }
        | Instruction::JumpUnlessNumber { target, .. }
        | Instruction::JumpIfPresent { target, .. }
        | Instruction::JumpIfMissing { target, .. } => change(target),
        Instruction::EachRow { end, .. }
        | Instruction::EachCollected { end, .. }
        | Instruction::EachInGroup { end, .. } => change(end),
        Instruction::PickRow { end, failure, .. } => {
            change(end);
            if let Failure::Jump(label) = failure {
                change(label);
            }
        }
        Instruction::NextRow { body, .. } => change(body),
        Instruction::Check { pass, .. } | Instruction::CheckList { pass, .. } => change(pass),
        Instruction::Add { failure: Failure::Jump(label), .. }
        | Instruction::Subtract { failure: Failure::Jump(label), .. }
        | Instruction::Multiply { failure: Failure::Jump(label), .. }
        | Instruction::Divide { failure: Failure::Jump(label), .. }
        | Instruction::Accumulate { failure: Failure::Jump(label), .. }
        | Instruction::Call { failure: Failure::Jump(label), .. }
        | Instruction::Lookup { failure: Failure::Jump(label), .. }
        | Instruction::CopyCode { failure: Failure::Jump(label), .. } => change(label),
        _ => {}
    }
}
