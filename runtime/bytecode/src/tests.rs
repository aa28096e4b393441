//! The instruction table, its reference and the listing.

use std::collections::BTreeSet;

use crate::natives::{NATIVES, find, info};
use crate::*;

#[test]
fn opcodes_and_ids_are_given_once() {
    let docs = instruction_docs();
    let opcodes: BTreeSet<u8> = docs.iter().map(|doc| doc.opcode).collect();
    let names: BTreeSet<&str> = docs.iter().map(|doc| doc.name).collect();
    assert_eq!((opcodes.len(), names.len()), (docs.len(), docs.len()));
    assert!(docs.len() < 100, "{}", docs.len());
    assert!(docs.iter().all(|doc| doc.doc.ends_with('.')));
    let ids: BTreeSet<u16> = NATIVES.iter().map(|native| native.id.0).collect();
    assert_eq!(ids.len(), NATIVES.len());
    for native in NATIVES {
        assert_eq!(find(native.name, native.input).map(|it| it.id), Some(native.id));
        assert_eq!(info(native.id).map(|it| it.native), Some(native.native));
    }
    assert!(std::mem::size_of::<Instruction>() <= 28, "{}", std::mem::size_of::<Instruction>());
}

#[test]
fn the_reference_names_every_instruction_and_function() {
    let page = reference();
    for doc in instruction_docs() {
        assert!(page.contains(&format!("| `{}` |", doc.name)), "{}", doc.name);
    }
    for native in NATIVES {
        assert!(page.contains(&format!("| {} | `{}` |", native.id.0, native.name)));
    }
    assert!(page.contains(
        "| `3C` | `Divide` | into (sets number register), left (uses number register), right (uses number register), \
         scale (number), mode (rounding), failure (on failure: never, reason or label) | left / right rounded to \
         `scale` decimals; fails on a zero divisor. |"
    ));
}

#[test]
fn the_listing_reads_like_the_map() {
    let reason = |code, rule: &str| Reason { code, rule: rule.into(), text: "words".into(), id: "0".into() };
    let module = Module {
        meta: Meta {
            map: "acme.sales_order".into(),
            version: 3,
            tenant: Some("acme".into()),
            compiler: "0.1.0".into(),
            source: "canonical.sales_order@1".into(),
            target: "netsuite.sales_order@2025.2".into(),
            operation: Operation::Upsert,
        },
        pins: vec![Pin { name: "unicode".into(), hash: [0xAB; 32] }],
        reasons: vec![reason(201, "order.note"), reason(403, "rate")],
        constants: vec![Constant::Number { coefficient: -105, scale: 2 }],
        fragments: vec![Fragment::default(), Fragment { text: "\"memo\":".into(), closers: 0 }],
        source_lists: vec![SourceList {
            parent: None,
            path: vec![],
            nullable: false,
            facts: vec![],
            reason: ReasonIndex(0),
            display: "order".into(),
        }],
        source_fields: vec![SourceField {
            list: 0,
            path: vec!["note".into()],
            read: ReadKind::Text,
            nullable: true,
            facts: vec![PredicateIndex(0)],
            reason: ReasonIndex(0),
            display: "order.note".into(),
            sensitive: false,
        }],
        predicates: vec![Predicate::MaxLength(4000)],
        code: vec![
            Instruction::OpenRecord { fragment: FragmentIndex(0) },
            Instruction::CopyCut {
                fragment: FragmentIndex(1),
                cursor: Cursor(0),
                field: Field(0),
                length: Count(999),
                null: OnNull::Write,
            },
            Instruction::LoadNumber { into: NumberRegister(0), constant: ConstantIndex(0) },
            Instruction::Multiply {
                into: NumberRegister(1),
                left: NumberRegister(0),
                right: NumberRegister(0),
                failure: Failure::Reject(ReasonIndex(1)),
            },
        ],
        files: vec!["acme.map".into()],
        source_map: vec![SourceLine { instruction: 1, file: 0, line: 31 }],
        ..Module::default()
    };
    let expect = "\
map acme.sales_order version 3 tenant acme
from canonical.sales_order@1
to   netsuite.sales_order@2025.2
operation upsert, compiled by mapc 0.1.0
pin unicode abababababababab

source
  list 0 order
    order.note text or null, at most 4000 characters

reasons
  R0201 order.note: words
  R0403 rate: words

code
  0000 OpenRecord (element)
  # acme.map:31
  0001 CopyCut \"memo\": c0 order.note length=999 null=write null
  0002 LoadNumber n0 <- -1.05
  0003 Multiply n1 <- n0 n0 failure=R0403 rate
";
    assert_eq!(listing(&module), expect);
}
