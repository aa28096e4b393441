//! First step: every index of the data points at something of the right class, tables and automata are whole.

use std::collections::HashSet;

use super::VerifyError;
use crate::module::*;
use crate::operand::*;

type Checked = Result<(), VerifyError>;

/// Most registers of one class, and most cursors.
const MOST_REGISTERS: u16 = 4096;
/// Most instructions.
const MOST_CODE: usize = 1 << 20;
/// Most names of a source path.
const LONGEST_PATH: usize = 64;
const TEN_POW_34: u128 = 10_000_000_000_000_000_000_000_000_000_000_000;

pub(super) fn check(module: &Module) -> Checked {
    if module.code.len() > MOST_CODE {
        return Err(VerifyError::data("it has too many instructions"));
    }
    let registers = module.registers;
    let most = registers.text.max(registers.number).max(registers.flag).max(registers.date);
    if most > MOST_REGISTERS || module.cursors.len() > usize::from(MOST_REGISTERS) {
        return Err(VerifyError::data("it has too many registers"));
    }
    reasons(module)?;
    module.constants.iter().try_for_each(constant)?;
    module.fragments.iter().try_for_each(fragment)?;
    for template in &module.templates {
        for part in &template.parts {
            if let TemplatePart::Hole(hole) = part {
                register(module, *hole)?;
            }
        }
    }
    module.languages.iter().try_for_each(language)?;
    for table in &module.tables {
        self::table(module, table)?;
    }
    for set in &module.sets {
        for member in &set.members {
            constant_of(module, *member, set.class)?;
        }
    }
    for argument in module.arguments.iter().flatten() {
        if module.constants.get(argument.index()).is_none() {
            return Err(VerifyError::data("an argument names no constant"));
        }
    }
    if let Some(zone) = &module.zone {
        self::zone(zone)?;
    }
    module.predicates.iter().try_for_each(|it| predicate(module, it))?;
    source(module)?;
    cursors(module)?;
    let mut last = None;
    for line in &module.source_map {
        if module.files.get(line.file as usize).is_none() || last.is_some_and(|last| last > line.instruction)
        {
            return Err(VerifyError::data("the source map is out of order"));
        }
        last = Some(line.instruction);
    }
    Ok(())
}

fn reasons(module: &Module) -> Checked {
    let builtin = module.builtin;
    let all = [
        builtin.not_json,
        builtin.bad_text,
        builtin.duplicate_key,
        builtin.depth,
        builtin.size,
        builtin.number,
        builtin.steps,
        builtin.output,
    ];
    all.iter().try_for_each(|it| reason(module, *it))
}

pub(super) fn reason(module: &Module, index: ReasonIndex) -> Checked {
    match module.reasons.get(index.index()) {
        Some(_) => Ok(()),
        None => Err(VerifyError::data(format!("there is no reason {}", index.0))),
    }
}

/// Whether the register is one of those the module has.
pub(super) fn register(module: &Module, register: Register) -> Checked {
    let count = match register.class() {
        Class::Text => module.registers.text,
        Class::Number => module.registers.number,
        Class::Flag => module.registers.flag,
        Class::Date => module.registers.date,
    };
    if register.index() < count {
        Ok(())
    } else {
        Err(VerifyError::data(format!(
            "there is no {} register {}",
            register.class().name(),
            register.index()
        )))
    }
}

pub(super) fn constant_of(module: &Module, index: ConstantIndex, class: Class) -> Checked {
    match module.constants.get(index.index()) {
        Some(constant) if constant.class() == class => Ok(()),
        Some(constant) => Err(VerifyError::data(format!(
            "constant {} is a {}, not a {}",
            index.0,
            constant.class().name(),
            class.name()
        ))),
        None => Err(VerifyError::data(format!("there is no constant {}", index.0))),
    }
}

fn constant(constant: &Constant) -> Checked {
    match constant {
        Constant::Number { coefficient, scale }
            if coefficient.unsigned_abs() >= TEN_POW_34 || *scale > 34 =>
        {
            Err(VerifyError::data("a constant has more than 34 digits"))
        }
        _ => Ok(()),
    }
}

/// `"key":` or `"key":{"key":` with as many closers as there are records opened.
fn fragment(fragment: &Fragment) -> Checked {
    let fail = || Err(VerifyError::data("a fragment is not a key in quotes with a colon"));
    let bytes = fragment.text.as_bytes();
    if bytes.is_empty() {
        return if fragment.closers == 0 { Ok(()) } else { fail() };
    }
    let mut opened = 0u8;
    let mut rest = bytes;
    loop {
        let Some(after) = key(rest) else { return fail() };
        match after.split_first() {
            None => break,
            Some((b'{', tail)) => {
                opened = opened.saturating_add(1);
                rest = tail;
            }
            Some(_) => return fail(),
        }
    }
    // 32 is far below the depth limit of documents anybody reads.
    if opened == fragment.closers && opened <= 32 { Ok(()) } else { fail() }
}

/// What follows `"…":`.
fn key(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(b"\"")?;
    loop {
        let (first, tail) = rest.split_first()?;
        match first {
            b'"' => return tail.strip_prefix(b":"),
            0..=0x1F => return None,
            b'\\' => {
                let (escape, after) = tail.split_first()?;
                rest = match escape {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => after,
                    b'u' => {
                        let (digits, after) = after.split_at_checked(4)?;
                        // Keys are minimally escaped: only control characters need digits.
                        if !digits.starts_with(b"00") || !digits.iter().all(u8::is_ascii_hexdigit) {
                            return None;
                        }
                        after
                    }
                    _ => return None,
                };
            }
            _ => rest = tail,
        }
    }
}

fn language(language: &LanguageTable) -> Checked {
    let states = language.accepting.len();
    let classes = usize::from(language.class_count);
    let whole = (1..=256).contains(&classes)
        && (1..=65_536).contains(&states)
        && usize::from(language.start) < states
        && language.classes.iter().all(|class| usize::from(*class) < classes)
        && language.transitions.len() == states * classes
        && language.transitions.iter().all(|state| usize::from(*state) < states);
    if whole {
        Ok(())
    } else {
        Err(VerifyError::data(format!("the language of {} is not whole", language.name)))
    }
}

fn table(module: &Module, table: &Table) -> Checked {
    if table.key_parts == 0 {
        return Err(VerifyError::data(format!("table {} has no key", table.name)));
    }
    let mut keys = HashSet::new();
    for (key, value) in &table.rows {
        let mut parts = 0u16;
        for part in key.split(|byte| *byte == KEY_SEPARATOR) {
            parts = parts.saturating_add(1);
            if std::str::from_utf8(part).is_err() {
                return Err(VerifyError::data(format!("table {} has a key that is not text", table.name)));
            }
        }
        if parts != table.key_parts || !keys.insert(key.as_slice()) {
            return Err(VerifyError::data(format!("table {} has a wrong or double key", table.name)));
        }
        if let Some(value) = value {
            constant_of(module, *value, table.class)?;
        }
    }
    Ok(())
}

fn zone(zone: &Zone) -> Checked {
    let day = 26 * 3600;
    let offsets = std::iter::once(zone.initial_offset).chain(zone.transitions.iter().map(|change| change.1));
    let sorted = zone.transitions.is_sorted_by(|left, right| left.0 < right.0);
    if sorted && offsets.into_iter().all(|offset| (-day..=day).contains(&offset)) {
        Ok(())
    } else {
        Err(VerifyError::data(format!("zone {} is out of order", zone.name)))
    }
}

fn predicate(module: &Module, predicate: &Predicate) -> Checked {
    let whole = match predicate {
        Predicate::InLanguage(language) => module.languages.get(language.index()).is_some(),
        Predicate::OneOf(set) => module.sets.get(set.index()).is_some(),
        Predicate::AtLeast { value, .. } | Predicate::AtMost { value, .. } => value.denominator > 0,
        Predicate::OnGrid(grid) => grid.denominator > 0 && grid.numerator > 0,
        _ => true,
    };
    if whole { Ok(()) } else { Err(VerifyError::data("a predicate names nothing or has no sense")) }
}

/// Whether the predicate can be tested on a value of the class; `None`: on a list.
pub(super) fn predicate_on(module: &Module, index: PredicateIndex, class: Option<Class>) -> Checked {
    let Some(predicate) = module.predicates.get(index.index()) else {
        return Err(VerifyError::data(format!("there is no predicate {}", index.0)));
    };
    let fits = match (predicate, class) {
        (Predicate::Present, _) => true,
        (Predicate::MinLength(_) | Predicate::MaxLength(_) | Predicate::InLanguage(_), class) => {
            class == Some(Class::Text)
        }
        (Predicate::OneOf(set), Some(class)) => {
            module.sets.get(set.index()).is_some_and(|set| set.class == class)
        }
        (Predicate::AtLeast { .. } | Predicate::AtMost { .. } | Predicate::OnGrid(_), class) => {
            class == Some(Class::Number)
        }
        (Predicate::Count { .. } | Predicate::Unique, class) => class.is_none(),
        (Predicate::OneOf(_), None) => false,
    };
    if fits {
        Ok(())
    } else {
        Err(VerifyError::data(format!("predicate {} is tested on a wrong class", index.0)))
    }
}

fn source(module: &Module) -> Checked {
    let paths = module.source_lists.iter().map(|list| &list.path);
    if paths.chain(module.source_fields.iter().map(|field| &field.path)).any(|path| path.len() > LONGEST_PATH)
    {
        return Err(VerifyError::data("a source path is too long"));
    }
    for (index, list) in module.source_lists.iter().enumerate() {
        let sound = match list.parent {
            None => index == 0 && list.path.is_empty(),
            Some(parent) => (parent as usize) < index,
        };
        if !sound {
            return Err(VerifyError::data(format!("source list {index} does not stand behind its parent")));
        }
        reason(module, list.reason)?;
        for fact in &list.facts {
            predicate_on(module, *fact, None)?;
            if matches!(module.predicates.get(fact.index()), Some(Predicate::Unique)) {
                return Err(VerifyError::data("a source list is not tested for equal rows"));
            }
        }
    }
    if module.source_lists.is_empty() {
        return Err(VerifyError::data("the message itself is missing among the source lists"));
    }
    for field in &module.source_fields {
        if module.source_lists.get(field.list as usize).is_none() {
            return Err(VerifyError::data(format!("source field {} has no list", field.display)));
        }
        reason(module, field.reason)?;
        for fact in &field.facts {
            predicate_on(module, *fact, Some(field.read.class()))?;
        }
    }
    Ok(())
}

fn cursors(module: &Module) -> Checked {
    for (index, cursor) in module.cursors.iter().enumerate() {
        let sound = if index == 0 {
            cursor.list == 0 && cursor.parent == Cursor(0)
        } else {
            let parent = module.cursors.get(cursor.parent.index());
            let list = module.source_lists.get(cursor.list as usize);
            cursor.list != 0
                && cursor.parent.index() < index
                && parent.zip(list).is_some_and(|(parent, list)| list.parent == Some(parent.list))
        };
        if !sound {
            return Err(VerifyError::data(format!("cursor {index} does not fit its list")));
        }
    }
    if module.cursors.is_empty() {
        return Err(VerifyError::data("the cursor of the message is missing"));
    }
    Ok(())
}
