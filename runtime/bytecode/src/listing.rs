//! A module as text for people: `mapc inspect`. Reads any module, verified or not.

use std::fmt::Write;

use crate::instruction::Instruction;
use crate::module::*;
use crate::natives;
use crate::operand::*;

/// Readable listing with names and map lines.
pub fn listing(module: &Module) -> String {
    let mut page = String::new();
    // Writing into a String cannot fail.
    let _ = write_listing(module, &mut page);
    page
}

fn write_listing(module: &Module, page: &mut String) -> std::fmt::Result {
    let meta = &module.meta;
    write!(page, "map {} version {}", meta.map, meta.version)?;
    if let Some(tenant) = &meta.tenant {
        write!(page, " tenant {tenant}")?;
    }
    writeln!(page, "\nfrom {}\nto   {}", meta.source, meta.target)?;
    let operation = match meta.operation {
        Operation::Create => "create",
        Operation::Update => "update",
        Operation::Upsert => "upsert",
    };
    writeln!(page, "operation {operation}, compiled by mapc {}", meta.compiler)?;
    if let Some(zone) = &module.zone {
        writeln!(page, "zone {}, {} changes", zone.name, zone.transitions.len())?;
    }
    for pin in &module.pins {
        write!(page, "pin {} ", pin.name)?;
        for byte in pin.hash.iter().take(8) {
            write!(page, "{byte:02x}")?;
        }
        writeln!(page)?;
    }
    writeln!(page, "\nsource")?;
    for (index, list) in module.source_lists.iter().enumerate() {
        let facts = facts(module, &list.facts);
        writeln!(page, "  list {index} {}{}{facts}", list.display, nullable(list.nullable))?;
        for field in module.source_fields.iter().filter(|field| field.list as usize == index) {
            let kind = match field.read {
                ReadKind::Text => "text",
                ReadKind::Number => "number",
                ReadKind::DecimalText => "number as text",
                ReadKind::Flag => "yes/no",
                ReadKind::Date(kind) => kind.name(),
            };
            let facts = self::facts(module, &field.facts);
            writeln!(page, "    {} {kind}{}{facts}", field.display, nullable(field.nullable))?;
        }
    }
    if !module.tables.is_empty() {
        writeln!(page, "\ntables")?;
        for table in &module.tables {
            writeln!(page, "  {} {} rows, {} key parts", table.name, table.rows.len(), table.key_parts)?;
        }
    }
    if !module.guards.is_empty() {
        writeln!(page, "\nguards")?;
        for guard in &module.guards {
            writeln!(page, "  {} {} {}", guard.id, guard.target, guard.text)?;
        }
    }
    writeln!(page, "\nreasons")?;
    for reason in &module.reasons {
        writeln!(page, "  R{:04} {}: {}", reason.code, reason.rule, reason.text)?;
    }
    writeln!(page, "\ncode")?;
    let mut lines = module.source_map.iter().peekable();
    for (index, instruction) in module.code.iter().enumerate() {
        while let Some(line) = lines.next_if(|line| line.instruction as usize <= index) {
            let file = module.files.get(line.file as usize).map_or("?", String::as_str);
            writeln!(page, "  # {file}:{}", line.line)?;
        }
        writeln!(page, "  {index:04} {}", show(module, instruction))?;
    }
    Ok(())
}

fn nullable(nullable: bool) -> &'static str {
    if nullable { " or null" } else { "" }
}

fn facts(module: &Module, facts: &[PredicateIndex]) -> String {
    let mut text = String::new();
    for fact in facts {
        let _ = write!(text, ", {}", predicate(module, *fact));
    }
    text
}

fn predicate(module: &Module, index: PredicateIndex) -> String {
    let Some(predicate) = module.predicates.get(index.index()) else {
        return format!("predicate {}?", index.0);
    };
    match predicate {
        Predicate::Present => "present".to_string(),
        Predicate::MinLength(length) => format!("at least {length} characters"),
        Predicate::MaxLength(length) => format!("at most {length} characters"),
        Predicate::InLanguage(language) => match module.languages.get(language.index()) {
            Some(language) => format!("matches {}", language.name),
            None => format!("language {}?", language.0),
        },
        Predicate::OneOf(set) => {
            format!("one of {} values", module.sets.get(set.index()).map_or(0, |set| set.members.len()))
        }
        Predicate::AtLeast { value, inclusive } => {
            format!("{} {}", if *inclusive { ">=" } else { ">" }, ratio(*value))
        }
        Predicate::AtMost { value, inclusive } => {
            format!("{} {}", if *inclusive { "<=" } else { "<" }, ratio(*value))
        }
        Predicate::OnGrid(grid) => format!("multiple of {}", ratio(*grid)),
        Predicate::Count { min, max: Some(max) } => format!("{min} to {max} rows"),
        Predicate::Count { min, max: None } => format!("at least {min} rows"),
        Predicate::Unique => "no two rows equal".to_string(),
    }
}

fn ratio(ratio: Ratio) -> String {
    if ratio.denominator == 1 {
        ratio.numerator.to_string()
    } else {
        format!("{}/{}", ratio.numerator, ratio.denominator)
    }
}

fn show(module: &Module, instruction: &Instruction) -> String {
    let mut text = instruction.name().to_string();
    instruction.each_operand(&mut |name, role, operand| {
        let shown = operand_text(module, operand);
        let _ = match role {
            Role::Sets | Role::Updates => write!(text, " {shown} <-"),
            Role::Uses => write!(text, " {shown}"),
            Role::Names => match operand {
                Operand::Choice(_) | Operand::Count(_) | Operand::Failure(_) | Operand::Label(_) => {
                    write!(text, " {name}={shown}")
                }
                _ => write!(text, " {shown}"),
            },
        };
    });
    text
}

fn operand_text(module: &Module, operand: Operand) -> String {
    let register = |register: Register| match register.class() {
        Class::Text => format!("t{}", register.index()),
        Class::Number => format!("n{}", register.index()),
        Class::Flag => format!("f{}", register.index()),
        Class::Date => format!("d{}", register.index()),
    };
    let named = |text: Option<String>| text.unwrap_or_else(|| "?".to_string());
    match operand {
        Operand::TextRegister(it) => register(it.into()),
        Operand::NumberRegister(it) => register(it.into()),
        Operand::FlagRegister(it) => register(it.into()),
        Operand::DateRegister(it) => register(it.into()),
        Operand::Register(it) => register(it),
        Operand::OptionalText(it) => it.0.map_or_else(|| "none".to_string(), |it| register(it.into())),
        Operand::TextRange(range) => {
            let last = u32::from(range.first.0) + u32::from(range.count);
            format!("t{}..t{last}", range.first.0)
        }
        Operand::Cursor(it) => format!("c{}", it.0),
        Operand::Field(it) => named(module.source_fields.get(it.index()).map(|field| field.display.clone())),
        Operand::ConstantIndex(it) => named(module.constants.get(it.index()).map(constant)),
        Operand::FragmentIndex(it) => named(
            module
                .fragments
                .get(it.index())
                .map(|it| if it.text.is_empty() { "(element)".to_string() } else { it.text.clone() }),
        ),
        Operand::TemplateIndex(it) => named(module.templates.get(it.index()).map(|template| {
            let mut text = String::from("\"");
            for part in &template.parts {
                match part {
                    TemplatePart::Text(part) => text.push_str(part.escape_debug().to_string().as_str()),
                    TemplatePart::Hole(hole) => {
                        let _ = write!(text, "{{{}}}", register(*hole));
                    }
                }
            }
            text.push('"');
            text
        })),
        Operand::TableIndex(it) => named(module.tables.get(it.index()).map(|table| table.name.clone())),
        Operand::SetIndex(it) => named(module.sets.get(it.index()).map(|set| {
            let members: Vec<String> = set
                .members
                .iter()
                .take(8)
                .map(|member| named(module.constants.get(member.index()).map(constant)))
                .collect();
            let more = if set.members.len() > 8 { ", ..." } else { "" };
            format!("{{{}{more}}}", members.join(", "))
        })),
        Operand::LanguageIndex(it) => {
            named(module.languages.get(it.index()).map(|language| format!("/{}/", language.name)))
        }
        Operand::PredicateIndex(it) => format!("[{}]", predicate(module, it)),
        Operand::GuardIndex(it) => {
            named(module.guards.get(it.index()).map(|guard| format!("guard {}", guard.id)))
        }
        Operand::ArgumentsIndex(it) => named(module.arguments.get(it.index()).map(|arguments| {
            let shown: Vec<String> = arguments
                .iter()
                .map(|argument| named(module.constants.get(argument.index()).map(constant)))
                .collect();
            format!("({})", shown.join(", "))
        })),
        Operand::ReasonIndex(it) => reason(module, it),
        Operand::Label(it) => format!("@{:04}", it.0),
        Operand::Count(it) => it.0.to_string(),
        Operand::Failure(Failure::Never) => "never".to_string(),
        Operand::Failure(Failure::Reject(it)) => reason(module, it),
        Operand::Failure(Failure::Jump(it)) => format!("@{:04}", it.0),
        Operand::Choice(name) => name.to_string(),
        Operand::Native(id) => natives::info(id).map_or("?", |info| info.name).to_string(),
    }
}

fn reason(module: &Module, index: ReasonIndex) -> String {
    match module.reasons.get(index.index()) {
        Some(reason) => format!("R{:04} {}", reason.code, reason.rule),
        None => "?".to_string(),
    }
}

fn constant(constant: &Constant) -> String {
    match constant {
        Constant::Text(text) => format!("{text:?}"),
        Constant::Number { coefficient, scale: 0 } => coefficient.to_string(),
        Constant::Number { coefficient, scale } => {
            let digits = format!("{:0>1$}", coefficient.unsigned_abs(), usize::from(*scale) + 1);
            let (whole, fraction) =
                digits.split_at_checked(digits.len() - usize::from(*scale)).unwrap_or(("0", ""));
            format!("{}{whole}.{fraction}", if *coefficient < 0 { "-" } else { "" })
        }
        Constant::Flag(value) => if *value { "yes" } else { "no" }.to_string(),
        Constant::Date(kind, text) => format!("{} {text}", kind.name()),
    }
}
