//! A small builder of modules for tests: pools that give indexes, and one shape of source.

use mapc_bytecode::*;

use crate::{Context, Instance, Limits, MemoryXref, Outcome, Program};

/// A module under construction.
pub(crate) struct Builder {
    pub(crate) module: Module,
}

/// Codes of the built-in reasons, in their order.
pub(crate) const BUILTIN: [u16; 8] = [101, 102, 103, 110, 111, 112, 113, 114];

impl Builder {
    /// The message is the only list; registers are plenty.
    pub(crate) fn new() -> Builder {
        let mut builder = Builder { module: Module::default() };
        let index: Vec<ReasonIndex> = BUILTIN.iter().map(|code| builder.reason(*code)).collect();
        builder.module.builtin = Builtin {
            not_json: index[0],
            bad_text: index[1],
            duplicate_key: index[2],
            depth: index[3],
            size: index[4],
            number: index[5],
            steps: index[6],
            output: index[7],
        };
        builder.list(None, "", false, &[]);
        builder.module.cursors.push(CursorShape { list: 0, parent: Cursor(0) });
        builder.module.registers = Registers { text: 16, number: 16, flag: 16, date: 16 };
        builder
    }

    pub(crate) fn reason(&mut self, code: u16) -> ReasonIndex {
        let number = self.module.reasons.len();
        self.module.reasons.push(Reason {
            code,
            rule: format!("rule {number}"),
            text: format!("reason {number}"),
            id: format!("{number:016x}"),
        });
        ReasonIndex(number as u32)
    }

    fn path(path: &str) -> Vec<String> {
        path.split('.').filter(|name| !name.is_empty()).map(str::to_string).collect()
    }

    pub(crate) fn list(
        &mut self,
        parent: Option<u32>,
        path: &str,
        nullable: bool,
        facts: &[Predicate],
    ) -> u32 {
        let facts = facts.iter().map(|fact| self.predicate(fact.clone())).collect();
        let reason = self.reason(201);
        self.module.source_lists.push(SourceList {
            parent,
            path: Builder::path(path),
            nullable,
            facts,
            reason,
            display: path.to_string(),
        });
        (self.module.source_lists.len() - 1) as u32
    }

    pub(crate) fn field(
        &mut self,
        list: u32,
        path: &str,
        read: ReadKind,
        nullable: bool,
        facts: &[Predicate],
    ) -> Field {
        let facts = facts.iter().map(|fact| self.predicate(fact.clone())).collect();
        let reason = self.reason(201);
        self.module.source_fields.push(SourceField {
            list,
            path: Builder::path(path),
            read,
            nullable,
            facts,
            reason,
            display: path.to_string(),
            sensitive: false,
        });
        Field((self.module.source_fields.len() - 1) as u32)
    }

    pub(crate) fn cursor(&mut self, list: u32, parent: Cursor) -> Cursor {
        self.module.cursors.push(CursorShape { list, parent });
        Cursor((self.module.cursors.len() - 1) as u16)
    }

    pub(crate) fn predicate(&mut self, predicate: Predicate) -> PredicateIndex {
        self.module.predicates.push(predicate);
        PredicateIndex((self.module.predicates.len() - 1) as u32)
    }

    pub(crate) fn guard(&mut self) -> GuardIndex {
        self.module.guards.push(GuardInfo::default());
        GuardIndex((self.module.guards.len() - 1) as u32)
    }

    pub(crate) fn constant(&mut self, constant: Constant) -> ConstantIndex {
        self.module.constants.push(constant);
        ConstantIndex((self.module.constants.len() - 1) as u32)
    }

    pub(crate) fn text(&mut self, text: &str) -> ConstantIndex {
        self.constant(Constant::Text(text.to_string()))
    }

    pub(crate) fn number(&mut self, number: i128) -> ConstantIndex {
        self.constant(Constant::Number { coefficient: number, scale: 0 })
    }

    pub(crate) fn arguments(&mut self, arguments: &[Constant]) -> ArgumentsIndex {
        let list = arguments.iter().map(|argument| self.constant(argument.clone())).collect();
        self.module.arguments.push(list);
        ArgumentsIndex((self.module.arguments.len() - 1) as u32)
    }

    pub(crate) fn set(&mut self, class: Class, members: &[Constant]) -> SetIndex {
        let members = members.iter().map(|member| self.constant(member.clone())).collect();
        self.module.sets.push(Set { class, members });
        SetIndex((self.module.sets.len() - 1) as u32)
    }

    pub(crate) fn template(&mut self, parts: Vec<TemplatePart>) -> TemplateIndex {
        self.module.templates.push(Template { parts });
        TemplateIndex((self.module.templates.len() - 1) as u32)
    }

    pub(crate) fn table(&mut self, class: Class, rows: &[(&[&str], Option<Constant>)]) -> TableIndex {
        let key_parts = rows.first().map_or(1, |row| row.0.len()) as u16;
        let rows = rows
            .iter()
            .map(|(key, value)| {
                let key: Vec<&[u8]> = key.iter().map(|part| part.as_bytes()).collect();
                (key.join(&KEY_SEPARATOR), value.clone().map(|value| self.constant(value)))
            })
            .collect();
        self.module.tables.push(Table { name: "codes".into(), key_parts, class, rows });
        TableIndex((self.module.tables.len() - 1) as u32)
    }

    /// The fragment of a key; of the empty text the empty fragment.
    pub(crate) fn key(&mut self, key: &str) -> FragmentIndex {
        let (text, closers) = if key.is_empty() {
            (String::new(), 0)
        } else {
            let parts: Vec<String> = key.split('.').map(|part| format!("\"{part}\":")).collect();
            (parts.join("{"), (parts.len() - 1) as u8)
        };
        self.module.fragments.push(Fragment { text, closers });
        FragmentIndex((self.module.fragments.len() - 1) as u32)
    }

    pub(crate) fn push(&mut self, instruction: Instruction) -> Label {
        self.module.code.push(instruction);
        Label((self.module.code.len() - 1) as u32)
    }

    /// The label of the next instruction.
    pub(crate) fn here(&self) -> Label {
        Label(self.module.code.len() as u32)
    }

    pub(crate) fn open(&mut self) {
        let fragment = self.key("");
        self.push(Instruction::OpenRecord { fragment });
    }

    /// Closes the document and delivers it.
    pub(crate) fn close(&mut self) {
        self.push(Instruction::CloseRecord { required: true });
        self.push(Instruction::Deliver { key: OptionalText(None), order_by: OptionalText(None) });
    }

    /// Puts the end of a walk into its opener.
    pub(crate) fn end_walk(&mut self, opener: Label, cursor: Cursor, release: bool) {
        self.push(Instruction::NextRow { cursor, body: Label(opener.0 + 1), release });
        let here = self.here();
        match &mut self.module.code[opener.index()] {
            Instruction::EachRow { end, .. }
            | Instruction::EachCollected { end, .. }
            | Instruction::EachInGroup { end, .. }
            | Instruction::PickRow { end, .. } => *end = here,
            other => panic!("{other:?} is no walk"),
        }
    }

    /// Points a forward jump at the next instruction.
    pub(crate) fn land(&mut self, jump: Label) {
        let here = self.here();
        match &mut self.module.code[jump.index()] {
            Instruction::Jump { target }
            | Instruction::JumpIf { target, .. }
            | Instruction::JumpUnless { target, .. }
            | Instruction::JumpUnlessOneOf { target, .. }
            | Instruction::JumpUnlessNumber { target, .. }
            | Instruction::JumpIfPresent { target, .. }
            | Instruction::JumpIfMissing { target, .. }
            | Instruction::Check { pass: target, .. }
            | Instruction::CheckList { pass: target, .. } => *target = here,
            other => panic!("{other:?} is no jump"),
        }
    }

    /// Through the artifact, as a worker would.
    pub(crate) fn program(&self) -> Program {
        let artifact = self.module.encode();
        match Program::load(&artifact) {
            Ok(program) => program,
            Err(error) => panic!("{error}\n{}", listing(&self.module)),
        }
    }
}

/// What a run gives, in short: the document, or `R0201`, or with words `R0302 words`.
pub(crate) fn shown(outcome: &Outcome<'_>) -> String {
    match outcome {
        Outcome::Deliver { document, key, order_by } => {
            let mut text = String::from_utf8(document.to_vec()).unwrap();
            if let Some(key) = key {
                text.push_str(&format!(" key {key}"));
            }
            if let Some(order_by) = order_by {
                text.push_str(&format!(" order {order_by}"));
            }
            text
        }
        Outcome::Skip { reason } => format!("skip R{:04}", reason.code),
        Outcome::Wait { reason, reference } => format!("wait R{:04} {reference}", reason.code),
        Outcome::Reject { reason, text } if *text == reason.text => format!("R{:04}", reason.code),
        Outcome::Reject { reason, text } => format!("R{:04} {text}", reason.code),
    }
}

/// Runs each message twice in one instance: the second run must not see the first.
pub(crate) fn check_with(builder: &Builder, limits: Limits, cases: &[(&str, &str)]) {
    let program = builder.program();
    let mut instance = Instance::with_limits(&program, limits);
    let mut xref = MemoryXref::new();
    xref.insert("erp.customer", "C-1", "77");
    xref.insert("erp.customer", "C-empty", "");
    let context = Context::new(&xref);
    for _ in 0..2 {
        for (input, expect) in cases {
            assert_eq!(
                shown(&instance.run(input.as_bytes(), &context)),
                *expect,
                "{input}\n{}",
                listing(&builder.module)
            );
        }
    }
}

/// With the default limits.
pub(crate) fn check(builder: &Builder, cases: &[(&str, &str)]) {
    check_with(builder, Limits::default(), cases);
}
