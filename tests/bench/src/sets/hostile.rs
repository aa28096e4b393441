//! Messages of W1 that no usual producer writes: keys in always another order, every character escaped, everything absent
//! that may be, deep parts that nobody reads.

use serde_json::{Map, Value, json};

use crate::contest;
use crate::contestant::Contestant;
use crate::contestants::Stable;
use crate::data::Set;
use crate::figures::Figures;

/// Numbers that look random and are the same everywhere: xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count.max(1) as u64) as usize
    }
}

/// How a message is written.
struct Pen<'d> {
    dice: &'d mut Dice,
    shuffled: bool,
    escaped: bool,
}

impl Pen<'_> {
    fn text(&self, text: &str, out: &mut String) {
        if !self.escaped {
            out.push_str(&Value::from(text).to_string());
            return;
        }
        out.push('"');
        for unit in text.encode_utf16() {
            out.push_str(&format!("\\u{unit:04x}"));
        }
        out.push('"');
    }

    fn value(&mut self, value: &Value, out: &mut String) {
        match value {
            Value::String(text) => self.text(text, out),
            Value::Array(elements) => {
                out.push('[');
                for (at, element) in elements.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    self.value(element, out);
                }
                out.push(']');
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if self.shuffled {
                    for at in (1..members.len()).rev() {
                        members.swap(at, self.dice.below(at + 1));
                    }
                }
                out.push('{');
                for (at, (key, member)) in members.into_iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    self.text(key, out);
                    out.push(':');
                    self.value(member, out);
                }
                out.push('}');
            }
            other => out.push_str(&other.to_string()),
        }
    }
}

const OPTIONAL: [&str; 22] = [
    "schemaVersion",
    "messageId",
    "requestedShipDate",
    "exchangeRate",
    "paymentTerms",
    "poNumber",
    "memo",
    "isTaxExempt",
    "priority",
    "email",
    "phone",
    "segment",
    "taxId",
    "line2",
    "state",
    "shippingAddress",
    "customFields",
    "totals",
    "audit",
    "description",
    "discount",
    "warehouse",
];

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !OPTIONAL.contains(&key.as_str()));
            for key in ["lineNumber", "sku", "uom", "requestedDate", "attributes", "externalId"] {
                members.remove(key);
            }
            members.values_mut().for_each(strip);
        }
        Value::Array(elements) => elements.iter_mut().for_each(strip),
        _ => {}
    }
}

/// A part that nobody reads, so deep and about 400 bytes.
fn deep(dice: &mut Dice) -> Value {
    let mut value = json!([1.5e3, "x\\y", null, true]);
    for level in 0..40 {
        value = if dice.below(2) == 0 { json!([level, value]) } else { json!({ "lines": value, "n": "}" }) };
    }
    value
}

fn add_deep(dice: &mut Dice, members: &mut Map<String, Value>) {
    for name in ["aDeep", "mDeep", "zDeep"] {
        members.insert(name.to_owned(), deep(dice));
    }
}

/// Messages of one kind, made from those of W1.
fn messages(kind: &str, w1: &Set) -> Result<Vec<Box<[u8]>>, String> {
    let mut dice = Dice(0x9e37_79b9);
    let mut all = Vec::new();
    for message in &w1.messages {
        let mut value: Value = serde_json::from_slice(message).map_err(|error| error.to_string())?;
        match (kind, &mut value) {
            ("absent", value) => strip(value),
            ("deep", Value::Object(members)) => {
                add_deep(&mut dice, members);
                if let Some(Value::Array(lines)) = members.get_mut("lines") {
                    lines
                        .iter_mut()
                        .filter_map(Value::as_object_mut)
                        .for_each(|line| add_deep(&mut dice, line));
                }
            }
            _ => {}
        }
        let mut out = String::new();
        let mut pen = Pen { dice: &mut dice, shuffled: kind != "absent", escaped: kind == "escaped" };
        pen.value(&value, &mut out);
        all.push(out.into_bytes().into());
    }
    Ok(all)
}

/// Every kind, against borrowed structs on the same messages. What must come of them: the oracle's documents where the
/// messages mean what they meant; where fields were taken away, what owned structs make of them.
pub fn measure(stable: &Stable, w1: &Set, quick: bool, figures: &mut Figures) -> Result<(), String> {
    for (kind, name) in [
        ("order", "hostile order"),
        ("escaped", "hostile escaped"),
        ("absent", "hostile absent"),
        ("deep", "hostile deep"),
    ] {
        let messages = messages(kind, w1)?;
        let wanted = |id: &str| !["sonic", "value", "vrl", "jaq", "straight"].contains(&id);
        let mut entrants = stable.entrants("w1", wanted)?;
        let mut expected = w1.expected.clone();
        if kind == "absent" {
            let owned: &mut Box<dyn Contestant> =
                &mut entrants.first_mut().ok_or("nobody takes part")?.contestant;
            expected.clear();
            for message in &messages {
                expected.push(owned.map(message).ok_or("owned structs refuse a message")?.into());
            }
        }
        let set = Set { name, map: "w1", messages, expected };
        let mut rows = contest::compare(&set, &mut entrants, None)?;
        contest::time(&set.messages, &mut entrants, contest::plan(&set.messages, quick), &mut rows);
        figures.rows.append(&mut rows);
        println!("{}", crate::report::terminal(figures, name));
    }
    Ok(())
}
