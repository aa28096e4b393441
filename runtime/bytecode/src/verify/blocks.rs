//! Second step: operands point at what they must, walks, records, lists and elements nest, jumps go forward and stay
//! inside, puts stand where a field or an element may stand.

use super::VerifyError;
use super::data;
use crate::instruction::Instruction;
use crate::module::*;
use crate::natives;
use crate::operand::*;

/// Deepest nesting of walks, records and lists.
const DEEPEST: u32 = 64;
/// Most walks.
const MOST_WALKS: usize = 4096;

/// What is open at an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// Nothing.
    Root,
    /// A walk.
    Walk { cursor: Cursor, over: Over },
    /// A record of the document.
    Record,
    /// A list of the document.
    List,
    /// An element that is a record.
    Element,
}

/// What a walk goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// Rows of the source or of a group.
    Rows,
    /// Collected rows.
    Collected,
}

/// A block: from the instruction that opens it to the one that closes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) parent: usize,
    pub(super) opener: usize,
    pub(super) closer: usize,
    /// A walk that gives back texts.
    pub(super) release: bool,
    depth: u32,
}

/// What the flow needs to know of the blocks.
pub(super) struct Blocks {
    /// All walks, by opener.
    pub(super) walks: Vec<Block>,
    /// The instruction that closes the document.
    pub(super) document_closer: usize,
}

struct Pass<'a> {
    module: &'a Module,
    blocks: Vec<Block>,
    at: Vec<usize>,
    open: usize,
    documents: usize,
    document_closer: usize,
}

pub(super) fn check(module: &Module) -> Result<Blocks, VerifyError> {
    let root =
        Block { kind: BlockKind::Root, parent: 0, opener: usize::MAX, closer: 0, release: false, depth: 0 };
    let mut pass =
        Pass { module, blocks: vec![root], at: Vec::new(), open: 0, documents: 0, document_closer: 0 };
    for (index, instruction) in module.code.iter().enumerate() {
        pass.at.push(pass.open);
        pass.step(index, instruction).map_err(|mut error| {
            error.instruction = Some(index);
            error
        })?;
    }
    if pass.open != 0 {
        return Err(VerifyError::data("something stays open at the end"));
    }
    if !matches!(module.code.last(), Some(Instruction::Deliver { .. })) {
        return Err(VerifyError::data("the last instruction is not Deliver"));
    }
    if pass.documents != 1 {
        return Err(VerifyError::data("there is not exactly one document"));
    }
    for (index, instruction) in module.code.iter().enumerate() {
        pass.jumps(index, instruction)?;
    }
    let walks: Vec<Block> =
        pass.blocks.into_iter().filter(|block| matches!(block.kind, BlockKind::Walk { .. })).collect();
    if walks.len() > MOST_WALKS {
        return Err(VerifyError::data("it has too many walks"));
    }
    Ok(Blocks { walks, document_closer: pass.document_closer })
}

impl Pass<'_> {
    fn block(&self, index: usize) -> Result<Block, VerifyError> {
        self.blocks.get(index).copied().ok_or_else(|| VerifyError::data("a block is missing"))
    }

    /// The innermost block that is not a walk, and whether it is the innermost at all.
    fn writing(&self) -> Result<(BlockKind, bool), VerifyError> {
        let mut index = self.open;
        loop {
            let block = self.block(index)?;
            if !matches!(block.kind, BlockKind::Walk { .. }) {
                return Ok((block.kind, index == self.open));
            }
            index = block.parent;
        }
    }

    /// The walk that the cursor is in, if it is in one.
    fn walk(&self, cursor: Cursor) -> Result<Option<Over>, VerifyError> {
        let mut index = self.open;
        while index != 0 {
            let block = self.block(index)?;
            if let BlockKind::Walk { cursor: walked, over } = block.kind
                && walked == cursor
            {
                return Ok(Some(over));
            }
            index = block.parent;
        }
        Ok(None)
    }

    fn stands(&self, cursor: Cursor) -> Result<(), VerifyError> {
        if cursor == Cursor(0) || self.walk(cursor)?.is_some() {
            Ok(())
        } else {
            Err(VerifyError::data(format!("cursor {} does not stand on a row", cursor.0)))
        }
    }

    fn collects(&self, cursor: Cursor, standing: bool) -> Result<(), VerifyError> {
        let expected = if standing { Some(Over::Rows) } else { None };
        if cursor != Cursor(0) && self.walk(cursor)? == expected {
            Ok(())
        } else {
            Err(VerifyError::data(format!("the rows of cursor {} cannot be changed here", cursor.0)))
        }
    }

    fn push(&mut self, kind: BlockKind, opener: usize) -> Result<(), VerifyError> {
        let depth = self.block(self.open)?.depth + 1;
        if depth > DEEPEST {
            return Err(VerifyError::data("it is nested too deeply"));
        }
        self.blocks.push(Block { kind, parent: self.open, opener, closer: 0, release: false, depth });
        self.open = self.blocks.len() - 1;
        Ok(())
    }

    fn pop(&mut self, kind: BlockKind, closer: usize, release: bool) -> Result<Block, VerifyError> {
        let Some(block) = self.blocks.get_mut(self.open) else {
            return Err(VerifyError::data("a block is missing"));
        };
        if block.kind != kind {
            return Err(VerifyError::data("it closes what is not open"));
        }
        block.closer = closer;
        block.release = release;
        self.open = block.parent;
        Ok(*block)
    }

    fn step(&mut self, index: usize, instruction: &Instruction) -> Result<(), VerifyError> {
        self.operands(instruction)?;
        self.classes(instruction)?;
        self.places(index, instruction)
    }

    /// Every index points at something.
    fn operands(&self, instruction: &Instruction) -> Result<(), VerifyError> {
        let module = self.module;
        let mut result = Ok(());
        instruction.each_operand(&mut |_, _, operand| {
            if result.is_ok() {
                result = operand_in_range(module, operand);
            }
        });
        result
    }

    /// Operands are of the class that the instruction needs.
    fn classes(&self, instruction: &Instruction) -> Result<(), VerifyError> {
        let module = self.module;
        let wrong = |what: &str| Err(VerifyError::data(what));
        let read = |cursor: Cursor, field: Field, class: Class| {
            self.stands(cursor)?;
            let field = module.source_fields.get(field.index());
            let cursor = module.cursors.get(cursor.index());
            match field.zip(cursor) {
                Some((field, cursor)) if field.list == cursor.list && field.read.class() == class => Ok(()),
                _ => wrong("a field is read through a wrong cursor or as a wrong class"),
            }
        };
        match *instruction {
            Instruction::CopyCut { length, .. } | Instruction::CopyStart { length, .. }
                if length.0 > 1_000_000 =>
            {
                wrong("more than a million characters")
            }
            Instruction::ReadText { cursor, field, .. }
            | Instruction::CopyText { cursor, field, .. }
            | Instruction::CopyCut { cursor, field, .. }
            | Instruction::CopyStart { cursor, field, .. } => read(cursor, field, Class::Text),
            Instruction::ReadNumber { cursor, field, .. } | Instruction::CopyNumber { cursor, field, .. } => {
                read(cursor, field, Class::Number)
            }
            Instruction::ReadFlag { cursor, field, .. } | Instruction::CopyFlag { cursor, field, .. } => {
                read(cursor, field, Class::Flag)
            }
            Instruction::ReadDate { cursor, field, .. } | Instruction::CopyDate { cursor, field, .. } => {
                read(cursor, field, Class::Date)
            }
            Instruction::CopyWrittenDate { cursor, field, .. } => {
                read(cursor, field, Class::Date)?;
                match module.source_fields.get(field.index()).map(|field| field.read) {
                    Some(ReadKind::Date(DateKind::Instant)) => Ok(()),
                    _ => wrong("only an instant has a written date"),
                }
            }
            Instruction::CopyChoice { cursor, field, table, otherwise, .. } => {
                read(cursor, field, Class::Text)?;
                match module.tables.get(table.index()) {
                    Some(table) if table.key_parts == 1 => data::constant_of(module, otherwise, table.class),
                    _ => wrong("the table has several key parts"),
                }
            }
            Instruction::CopyCode { cursor, field, table, .. } => {
                read(cursor, field, Class::Text)?;
                match module.tables.get(table.index()) {
                    Some(table) if table.key_parts == 1 => Ok(()),
                    _ => wrong("the table has several key parts"),
                }
            }
            Instruction::LoadText { constant, .. } => data::constant_of(module, constant, Class::Text),
            Instruction::LoadNumber { constant, .. }
            | Instruction::OrNumber { constant, .. }
            | Instruction::JumpUnlessNumber { constant, .. } => {
                data::constant_of(module, constant, Class::Number)
            }
            Instruction::LoadDate { constant, .. } => data::constant_of(module, constant, Class::Date),
            Instruction::Join { separator, .. } => data::constant_of(module, separator, Class::Text),
            Instruction::Xref { entity, .. } => data::constant_of(module, entity, Class::Text),
            Instruction::Move { into, from } if into.class() != from.class() => wrong("classes differ"),
            Instruction::KeepLeast { least: kept, value }
            | Instruction::KeepGreatest { greatest: kept, value }
                if kept.class() != value.class() =>
            {
                wrong("classes differ")
            }
            Instruction::Divide { scale, .. } | Instruction::Round { scale, .. } if scale.0 > 34 => {
                wrong("more than 34 decimals")
            }
            Instruction::Call { into, function, input, arguments, .. } => {
                let info = natives::info(function);
                let arguments = module.arguments.get(arguments.index());
                let Some((info, arguments)) = info.zip(arguments) else { return wrong("no such function") };
                if info.input != input.class() || info.output != into.class() {
                    return wrong("a function is called with a wrong class");
                }
                let admitted = info.arguments.len() == arguments.len()
                    && info.arguments.iter().zip(arguments).all(|(argument, constant)| {
                        module.constants.get(constant.index()).is_some_and(|it| argument.admits(it))
                    });
                if admitted { Ok(()) } else { wrong("a function is called with wrong constants") }
            }
            Instruction::Lookup { into, table, keys, .. } => match module.tables.get(table.index()) {
                Some(table) if table.class == into.class() && table.key_parts == keys.count => Ok(()),
                _ => wrong("a table is used with a wrong key or class"),
            },
            Instruction::IsOneOf { subject, set, .. } | Instruction::JumpUnlessOneOf { subject, set, .. } => {
                match module.sets.get(set.index()) {
                    Some(set) if set.class == subject.class() => Ok(()),
                    _ => wrong("a set of another class"),
                }
            }
            Instruction::Require { subject, predicate, .. }
            | Instruction::Check { subject, predicate, .. } => {
                data::predicate_on(module, predicate, Some(subject.class()))
            }
            Instruction::RequireList { predicate, .. } | Instruction::CheckList { predicate, .. } => {
                data::predicate_on(module, predicate, None)
            }
            _ => Ok(()),
        }
    }

    /// The instruction may stand here; opens and closes blocks.
    fn places(&mut self, index: usize, instruction: &Instruction) -> Result<(), VerifyError> {
        let wrong = |what: &str| Err(VerifyError::data(what));
        match *instruction {
            Instruction::Deliver { .. } if index + 1 != self.module.code.len() || self.open != 0 => {
                wrong("Deliver is not the last instruction")
            }
            Instruction::EachRow { cursor, .. } => {
                let parent = self.module.cursors.get(cursor.index()).map(|shape| shape.parent);
                self.stands(parent.unwrap_or(Cursor(0)))?;
                self.open_walk(index, cursor, Over::Rows)
            }
            Instruction::EachInGroup { cursor, group, .. } => {
                let shapes = &self.module.cursors;
                let lists = (shapes.get(cursor.index()), shapes.get(group.index()));
                let (Some(own), Some(grouped)) = lists else { return wrong("no such cursor") };
                if own.list != grouped.list || self.walk(group)? != Some(Over::Collected) {
                    return wrong("there is no group to walk");
                }
                self.open_walk(index, cursor, Over::Rows)
            }
            Instruction::EachCollected { cursor, .. } | Instruction::PickRow { cursor, .. } => {
                self.open_walk(index, cursor, Over::Collected)
            }
            Instruction::NextRow { cursor, body, release } => {
                let over = self.walk(cursor)?.unwrap_or(Over::Rows);
                let block = self.pop(BlockKind::Walk { cursor, over }, index, release)?;
                if body.index() != block.opener + 1 {
                    return wrong("the walk does not go back to its start");
                }
                Ok(())
            }
            Instruction::KeepRow { cursor } | Instruction::Position { cursor, .. } => self.stands(cursor),
            Instruction::ClearRows { cursor }
            | Instruction::GroupRows { cursor }
            | Instruction::SortRows { cursor, .. } => self.collects(cursor, false),
            Instruction::CollectRow { cursor } | Instruction::CollectKeyed { cursor, .. } => {
                self.collects(cursor, true)
            }
            Instruction::SetKey { cursor, .. } if self.walk(cursor)? != Some(Over::Collected) => {
                wrong("there is no collected row to give a key")
            }
            Instruction::OpenRecord { fragment } => {
                self.field(fragment, true)?;
                self.push(BlockKind::Record, index)
            }
            Instruction::CloseRecord { required } => {
                let block = self.pop(BlockKind::Record, index, false)?;
                if block.parent == 0 && !required {
                    return wrong("the document itself is not required");
                }
                if block.parent == 0 {
                    self.document_closer = index;
                }
                Ok(())
            }
            Instruction::OpenList { fragment } => {
                self.field(fragment, false)?;
                self.push(BlockKind::List, index)
            }
            Instruction::CloseList { .. } => self.pop(BlockKind::List, index, false).map(|_| ()),
            Instruction::OpenElement {} => {
                if self.writing()?.0 != BlockKind::List {
                    return wrong("an element stands outside of a list");
                }
                self.push(BlockKind::Element, index)
            }
            Instruction::CloseElement {} => self.pop(BlockKind::Element, index, false).map(|_| ()),
            Instruction::EndElement {} if self.writing()?.0 != BlockKind::List => {
                wrong("an element stands outside of a list")
            }
            Instruction::RequireList { .. } | Instruction::CheckList { .. } | Instruction::ClearList {}
                if self.writing()? != (BlockKind::List, true) =>
            {
                wrong("there is no list to test")
            }
            Instruction::PutText { fragment, .. }
            | Instruction::PutNumber { fragment, .. }
            | Instruction::PutFlag { fragment, .. }
            | Instruction::PutDate { fragment, .. }
            | Instruction::PutConstant { fragment, .. }
            | Instruction::CopyText { fragment, .. }
            | Instruction::CopyNumber { fragment, .. }
            | Instruction::CopyFlag { fragment, .. }
            | Instruction::CopyDate { fragment, .. }
            | Instruction::CopyCut { fragment, .. }
            | Instruction::CopyStart { fragment, .. }
            | Instruction::CopyChoice { fragment, .. }
            | Instruction::CopyWrittenDate { fragment, .. }
            | Instruction::CopyCode { fragment, .. } => self.put(fragment),
            _ => Ok(()),
        }
    }

    fn open_walk(&mut self, index: usize, cursor: Cursor, over: Over) -> Result<(), VerifyError> {
        if cursor == Cursor(0) || self.walk(cursor)?.is_some() {
            return Err(VerifyError::data(format!("cursor {} is already in use", cursor.0)));
        }
        self.push(BlockKind::Walk { cursor, over }, index)
    }

    fn is_empty(&self, fragment: FragmentIndex) -> bool {
        self.module.fragments.get(fragment.index()).is_none_or(|fragment| fragment.text.is_empty())
    }

    /// A record or list opens as a field of a record; a record also as the document.
    fn field(&mut self, fragment: FragmentIndex, document: bool) -> Result<(), VerifyError> {
        let closers = self.module.fragments.get(fragment.index()).map_or(0, |fragment| fragment.closers);
        match self.writing()? {
            (BlockKind::Root, true) if document && self.is_empty(fragment) => {
                self.documents += 1;
                Ok(())
            }
            (BlockKind::Record | BlockKind::Element, true) if !self.is_empty(fragment) && closers == 0 => {
                Ok(())
            }
            _ => Err(VerifyError::data("a record or list opens where none may stand")),
        }
    }

    fn put(&self, fragment: FragmentIndex) -> Result<(), VerifyError> {
        match self.writing()? {
            (BlockKind::Record | BlockKind::Element, true) if !self.is_empty(fragment) => Ok(()),
            (BlockKind::List, _) if self.is_empty(fragment) => Ok(()),
            _ => Err(VerifyError::data("a value is written where none may stand")),
        }
    }

    /// Jumps go forward and leave at most walks.
    fn jumps(&self, index: usize, instruction: &Instruction) -> Result<(), VerifyError> {
        let mut result = Ok(());
        instruction.each_operand(&mut |name, _, operand| {
            let label = match operand {
                Operand::Label(label) => label,
                Operand::Failure(Failure::Jump(label)) => label,
                _ => return,
            };
            if result.is_ok() && name != "body" {
                result = self.jump(index, label, name == "end");
            }
        });
        result
    }

    fn jump(&self, from: usize, label: Label, is_end: bool) -> Result<(), VerifyError> {
        let target = label.index();
        let wrong = |what: &str| Err(VerifyError::at(from, what));
        if target <= from {
            return wrong("a jump goes back");
        }
        let (Some(source), Some(goal)) = (self.at.get(from), self.at.get(target)) else {
            return wrong("a jump goes outside");
        };
        if is_end {
            let walk = self.at.get(from + 1).and_then(|inside| self.blocks.get(*inside));
            if walk.map(|walk| walk.closer + 1) != Some(target) {
                return wrong("a walk does not end behind its NextRow");
            }
        }
        let mut block = *source;
        while block != *goal {
            let inner = self.block(block)?;
            if !matches!(inner.kind, BlockKind::Walk { .. }) {
                return wrong("a jump leaves or enters a record, list or walk");
            }
            block = inner.parent;
        }
        Ok(())
    }
}

fn operand_in_range(module: &Module, operand: Operand) -> Result<(), VerifyError> {
    let exists = match operand {
        Operand::TextRegister(it) => return data::register(module, it.into()),
        Operand::NumberRegister(it) => return data::register(module, it.into()),
        Operand::FlagRegister(it) => return data::register(module, it.into()),
        Operand::DateRegister(it) => return data::register(module, it.into()),
        Operand::Register(it) => return data::register(module, it),
        Operand::OptionalText(OptionalText(Some(it))) => return data::register(module, it.into()),
        Operand::OptionalText(OptionalText(None)) => true,
        Operand::TextRange(range) => {
            range.count > 0
                && u32::from(range.first.0) + u32::from(range.count) <= u32::from(module.registers.text)
        }
        Operand::Cursor(it) => module.cursors.get(it.index()).is_some(),
        Operand::Field(it) => module.source_fields.get(it.index()).is_some(),
        Operand::ConstantIndex(it) => module.constants.get(it.index()).is_some(),
        Operand::FragmentIndex(it) => module.fragments.get(it.index()).is_some(),
        Operand::TemplateIndex(it) => module.templates.get(it.index()).is_some(),
        Operand::TableIndex(it) => module.tables.get(it.index()).is_some(),
        Operand::SetIndex(it) => module.sets.get(it.index()).is_some(),
        Operand::LanguageIndex(it) => module.languages.get(it.index()).is_some(),
        Operand::PredicateIndex(it) => module.predicates.get(it.index()).is_some(),
        Operand::GuardIndex(it) => module.guards.get(it.index()).is_some(),
        Operand::ArgumentsIndex(it) => module.arguments.get(it.index()).is_some(),
        Operand::ReasonIndex(it) | Operand::Failure(Failure::Reject(it)) => {
            module.reasons.get(it.index()).is_some()
        }
        Operand::Label(it) | Operand::Failure(Failure::Jump(it)) => module.code.get(it.index()).is_some(),
        Operand::Native(id) => natives::info(id).is_some(),
        Operand::Failure(Failure::Never) | Operand::Count(_) | Operand::Choice(_) => true,
    };
    if exists { Ok(()) } else { Err(VerifyError::data(format!("{operand:?} points at nothing"))) }
}
