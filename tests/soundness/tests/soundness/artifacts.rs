//! Artifacts made to hurt: real programs with single operands and entries changed, right checksum. Each is refused, or
//! runs without a panic, within its limits, and the same every time.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mapc_bytecode::{Cursor, Instruction, Module};
    use mapc_soundness::choices::Choices;
    use mapc_soundness::outside::is_soak;
    use mapc_soundness::targets::{shelf, trial};
    use mapc_vm::Program;

    const QUICK: usize = 50_000;
    const SOAK: usize = 20_000_000;

    /// The bytes of an instruction: how the artifact of it alone ends, before the checksum.
    fn bytes_of(instruction: Instruction) -> Vec<u8> {
        let section =
            |code: Vec<Instruction>| code_section(&Module { code, ..Module::default() }.encode()).to_vec();
        let (with, without) = (section(vec![instruction]), section(Vec::new()));
        with[without.len()..].to_vec()
    }

    /// The section that ends with the code.
    fn code_section(artifact: &[u8]) -> &[u8] {
        let number = |at: usize| u32::from_le_bytes(artifact[at..at + 4].try_into().unwrap()) as usize;
        let count = number(8);
        let mut start = 12 + count * 6;
        for entry in 0..count {
            let length = number(12 + entry * 6 + 2);
            if artifact[12 + entry * 6] == 12 {
                return &artifact[start..start + length];
            }
            start += length;
        }
        panic!("no code")
    }

    /// The instruction of these bytes, if they are one.
    fn instruction_of(bytes: &[u8]) -> Option<Instruction> {
        let empty = Module::default().encode();
        let section = code_section(&empty);
        let start = section.as_ptr() as usize - empty.as_ptr() as usize;
        let mut code = section.to_vec();
        *code.last_mut().unwrap() = 1;
        code.extend_from_slice(bytes);
        let mut artifact = empty[..start].to_vec();
        let entry = (0..).find(|entry| artifact[12 + entry * 6] == 12).unwrap();
        artifact[12 + entry * 6 + 2..12 + entry * 6 + 6].copy_from_slice(&(code.len() as u32).to_le_bytes());
        artifact.extend_from_slice(&code);
        artifact.extend_from_slice(&empty[start + section.len()..empty.len() - 4]);
        let checksum = crc32fast::hash(&artifact);
        artifact.extend_from_slice(&checksum.to_le_bytes());
        Module::decode(&artifact).ok()?.code.first().copied()
    }

    /// An index one up or down, or somewhere else.
    fn shift(choices: &mut Choices, index: u32) -> u32 {
        match choices.below(4) {
            0 => index.wrapping_add(1),
            1 => index.wrapping_sub(1),
            2 => choices.below(12) as u32,
            _ => *choices.any(&[0, u32::MAX, 1 << 16, 255]).unwrap(),
        }
    }

    /// One operand of an instruction: one up, one down, changed with its neighbour, or that of another instruction.
    fn operand(choices: &mut Choices, code: &mut [Instruction]) {
        let (at, other) = (choices.below(code.len()), choices.below(code.len()));
        let (mut bytes, others) = (bytes_of(code[at]), bytes_of(code[other]));
        if bytes.len() < 2 {
            return;
        }
        let place = 1 + choices.below(bytes.len() - 1);
        match choices.below(5) {
            0 => bytes[place] = bytes[place].wrapping_add(1),
            1 => bytes[place] = bytes[place].wrapping_sub(1),
            2 => {
                let neighbour = 1 + choices.below(bytes.len() - 1);
                bytes.swap(place, neighbour);
            }
            3 => bytes[place] = *others.get(1 + choices.below(others.len())).unwrap_or(&0),
            // The same operands behind another instruction.
            _ => bytes[0] = others[0],
        }
        if let Some(changed) = instruction_of(&bytes) {
            code[at] = changed;
        }
    }

    /// Instructions in another order, twice, or gone.
    fn order(choices: &mut Choices, code: &mut Vec<Instruction>) {
        let (one, other) = (choices.below(code.len()), choices.below(code.len()));
        match choices.below(4) {
            0 => code.swap(one, other),
            1 => code[one] = code[other],
            2 => drop(code.remove(one)),
            _ => code.insert(one, code[other]),
        }
    }

    /// One entry of the data around the code.
    fn data(choices: &mut Choices, module: &mut Module) {
        let mut chosen = choices.clone();
        let mut moved = |index: u32| shift(&mut chosen, index);
        let pick = choices.number() as usize;
        macro_rules! one {
            ($list:expr, $name:ident => $change:expr) => {{
                let count = $list.len();
                if count > 0 {
                    let $name = &mut $list[pick / 32 % count];
                    $change;
                }
            }};
        }
        match pick % 24 {
            0 => one!(module.cursors, it => it.list = moved(it.list)),
            1 => one!(module.cursors, it => it.parent = Cursor(moved(it.parent.0.into()) as u16)),
            2 => one!(module.source_fields, it => it.list = moved(it.list)),
            3 => {
                one!(module.source_fields, it => it.facts.iter_mut().for_each(|fact| fact.0 = moved(fact.0)))
            }
            4 => one!(module.source_fields, it => it.path.clear()),
            5 => one!(module.source_lists, it => it.parent = it.parent.map(&mut moved)),
            6 => one!(module.source_lists, it => it.facts.iter_mut().for_each(|fact| fact.0 = moved(fact.0))),
            7 => one!(module.source_lists, it => it.path.clear()),
            8 => one!(module.templates, it => { it.parts.pop(); }),
            9 => one!(module.sets, it => it.members.iter_mut().for_each(|member| member.0 = moved(member.0))),
            10 => one!(module.arguments, it => it.iter_mut().for_each(|one| one.0 = moved(one.0))),
            11 => one!(module.arguments, it => { it.pop(); }),
            12 => one!(module.languages, it => it.start = moved(it.start.into()) as u16),
            13 => one!(module.languages, it => it.class_count = moved(it.class_count.into()) as u16),
            14 => one!(module.languages, it => it.classes[pick / 64 % 256] = moved(0) as u8),
            15 => one!(module.languages, it => one!(it.transitions, to => *to = moved((*to).into()) as u16)),
            16 => one!(module.tables, it => it.key_parts = moved(it.key_parts.into()) as u16),
            17 => {
                one!(module.tables, it => one!(it.rows, row => row.1 = row.1.map(|mut one| { one.0 = moved(one.0); one })))
            }
            18 => {
                one!(module.constants, it => *it = mapc_bytecode::Constant::Number { coefficient: i128::MAX, scale: moved(0) as u8 })
            }
            19 => one!(module.fragments, it => it.closers = moved(it.closers.into()) as u8),
            20 => module.registers.text = moved(module.registers.text.into()) as u16 % 1_000,
            21 => module.registers.number = moved(module.registers.number.into()) as u16 % 1_000,
            22 => module.builtin.steps.0 = moved(module.builtin.steps.0),
            _ => one!(module.predicates, it => *it = mapc_bytecode::Predicate::MaxLength(moved(1).into())),
        }
    }

    /// A changed program, and which kind of change it is.
    fn change(choices: &mut Choices, sound: &Module) -> (&'static str, Module) {
        let mut module = sound.clone();
        let kind = match choices.below(4) {
            0 => {
                order(choices, &mut module.code);
                "order"
            }
            1 => {
                data(choices, &mut module);
                "data"
            }
            _ => {
                operand(choices, &mut module.code);
                "operands"
            }
        };
        (kind, module)
    }

    #[test]
    fn changed_programs_are_refused_or_run_within_their_limits() {
        let programs = shelf::all();
        let messages = shelf::messages();
        let count = if is_soak() { SOAK } else { QUICK };
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for number in 0..count {
            let mut choices = Choices::of(5, number as u64);
            let ready = &programs[number % programs.len()];
            let sound = ready.program.module();
            // Some changes are none: an index of an empty table, two equal operands.
            let (kind, module) = std::iter::repeat_with(|| change(&mut choices, sound))
                .find(|(_, module)| module != sound)
                .unwrap();
            let (changed, loaded) = counts.entry(kind).or_default();
            *changed += 1;
            if let Ok(program) = Program::load(&module.encode()) {
                *loaded += 1;
                let first = choices.below(messages.len());
                let some = messages.iter().cycle().skip(first).take(3).map(Vec::as_slice);
                let said = trial(&program, some);
                assert_eq!(said, Ok(()), "{} after change {number}", ready.name);
            }
        }
        let (changed, loaded) = counts.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        mapc_soundness::say!(
            "artifacts: {changed} changed programs, {} refused, {loaded} run: {counts:?}",
            changed - loaded
        );
        assert!(changed == count && loaded * 20 > count, "{counts:?}");
    }
}
