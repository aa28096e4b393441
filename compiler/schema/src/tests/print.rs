//! Types in one line, for tests.

use mapc_types::{Decimal, Length, Presence, Rest, Slot, Type, Wire, format_decimal};

use crate::api::LoadedSchema;

pub(super) fn print(schema: &LoadedSchema) -> String {
    let mut text = value(&schema.root);
    for (name, body) in &schema.definitions {
        text.push_str(&format!(" where {name} = {}", value(body)));
    }
    text
}

pub(super) fn lints(schema: &LoadedSchema) -> String {
    let lines: Vec<String> =
        schema.lint.iter().map(|lint| format!("{} {}", lint.keyword, lint.code)).collect();
    lines.join(", ")
}

fn length(length: Length) -> String {
    match length {
        Length { min: 0, max: None } => String::new(),
        Length { min, max: None } => format!("{min}.."),
        Length { min, max: Some(max) } => format!("{min}..{max}"),
    }
}

fn decimal(decimal: &Decimal) -> String {
    let number = |value: &_| format_decimal(value).unwrap_or_else(|| format!("{value}"));
    let mut text = String::new();
    if decimal.wire == Wire::DecimalText {
        text.push_str("written ");
    }
    if let Some(set) = &decimal.set {
        let values: Vec<String> = set.iter().map(number).collect();
        text.push_str(&format!("{{{}}}", values.join(" ")));
        return text;
    }
    text.push_str("number");
    if let Some(grid) = &decimal.grid {
        text.push_str(&format!("/{}", number(grid)));
    }
    if let Some(low) = &decimal.interval.low {
        text.push_str(&format!(" {}{}", if low.inclusive { ">=" } else { ">" }, number(&low.value)));
    }
    if let Some(high) = &decimal.interval.high {
        text.push_str(&format!(" {}{}", if high.inclusive { "<=" } else { "<" }, number(&high.value)));
    }
    text
}

fn value(of: &Type) -> String {
    match of {
        Type::Never => "never".into(),
        Type::Any => "any".into(),
        Type::Bool { may_be_true: true, may_be_false: true } => "yesno".into(),
        Type::Bool { may_be_true: true, .. } => "yes".into(),
        Type::Bool { .. } => "no".into(),
        Type::Text(text) => match &text.set {
            Some(set) => format!("{set:?}"),
            None => {
                let languages: Vec<String> = text
                    .languages
                    .iter()
                    .map(|language| format!("~{:?}", language.example().unwrap()))
                    .collect();
                format!("text{}{}", length(text.length), languages.concat())
            }
        },
        Type::Decimal(of) => decimal(of),
        Type::Date(kind, _) => format!("{kind:?}").to_lowercase(),
        Type::List(list) => {
            let unique = if list.unique { "unique " } else { "" };
            let element = slot(&list.element, "");
            format!("[{unique}{element}]{}", length(list.count))
        }
        Type::Object(object) => {
            let mut parts: Vec<String> =
                object.fields.iter().map(|(name, own)| slot(own, &format!("{name}: "))).collect();
            match &object.rest {
                Rest::Closed => {}
                Rest::Open => parts.push("...".into()),
                Rest::Typed(own, names) => {
                    let names = names.as_ref().map(|names| format!("~{:?}", names.example().unwrap()));
                    parts.push(format!("...{}{}", names.unwrap_or_default(), slot(own, ": ")));
                }
            }
            format!("{{{}}}{}", parts.join(", "), object.count.map(length).unwrap_or_default())
        }
        Type::Union(branches) => {
            let branches: Vec<String> = branches.iter().map(value).collect();
            format!("({})", branches.join(" or "))
        }
        Type::Named(name) => format!("<{name}>"),
    }
}

/// `name?: type` for optional, with `|null` where null may stand.
fn slot(slot: &Slot, name: &str) -> String {
    let Presence { absent, null } = slot.presence;
    let name = if absent { name.replacen(": ", "?: ", 1) } else { name.to_owned() };
    format!("{name}{}{}", value(&slot.value), if null { "|null" } else { "" })
}
