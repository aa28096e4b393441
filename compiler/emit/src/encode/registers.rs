//! Registers are handed out like a stack: what is handed out behind a mark is free again when the mark is released.

use mapc_bytecode::{Class, FlagRegister, NumberRegister, Register, Registers as Counts, TextRegister};

/// Next free register of each class, and how many were ever in use.
#[derive(Default)]
pub(super) struct Registers {
    next: Mark,
    highest: Mark,
}

/// Registers in use at some place.
#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    text: u16,
    number: u16,
    flag: u16,
    date: u16,
}

impl Mark {
    fn of(&mut self, class: Class) -> &mut u16 {
        match class {
            Class::Text => &mut self.text,
            Class::Number => &mut self.number,
            Class::Flag => &mut self.flag,
            Class::Date => &mut self.date,
        }
    }
}

impl Registers {
    pub(super) fn new_one(&mut self, class: Class) -> Register {
        let next = self.next.of(class);
        let index = *next;
        *next = next.saturating_add(1);
        let highest = self.highest.of(class);
        *highest = (*highest).max(index.saturating_add(1));
        Register::new(class, index)
    }

    pub(super) fn text(&mut self) -> TextRegister {
        TextRegister(self.new_one(Class::Text).index())
    }

    pub(super) fn number(&mut self) -> NumberRegister {
        NumberRegister(self.new_one(Class::Number).index())
    }

    pub(super) fn flag(&mut self) -> FlagRegister {
        FlagRegister(self.new_one(Class::Flag).index())
    }

    pub(super) fn mark(&self) -> Mark {
        self.next
    }

    pub(super) fn release(&mut self, mark: Mark) {
        self.next = mark;
    }

    pub(super) fn highest(&self) -> Counts {
        let Mark { text, number, flag, date } = self.highest;
        Counts { text, number, flag, date }
    }
}
