//! Every lane against the plain one and against another parser: verdicts and slots, on valid, damaged and raw bytes, and
//! with everything of interest at every place of a block.

use std::collections::HashSet;

use mapc_bytecode::ReadKind;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::super::{Bounds, Fault, Ingest};
use crate::Lane;
use crate::index::PADDING;
use crate::plan::Plan;
use crate::slot::{Slot, Store};
use crate::tests::Builder;

const BOUNDS: Bounds = Bounds { depth: 100, list_rows: 50 };

/// What the other parser finds: that it is JSON, and whether some record has a key twice.
struct Judged {
    doubled: bool,
}

impl<'de> Deserialize<'de> for Judged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Judged, D::Error> {
        struct Judge;
        impl<'de> Visitor<'de> for Judge {
            type Value = Judged;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("JSON")
            }
            fn visit_unit<E: Error>(self) -> Result<Judged, E> {
                Ok(Judged { doubled: false })
            }
            fn visit_bool<E: Error>(self, _: bool) -> Result<Judged, E> {
                Ok(Judged { doubled: false })
            }
            fn visit_u64<E: Error>(self, _: u64) -> Result<Judged, E> {
                Ok(Judged { doubled: false })
            }
            fn visit_i64<E: Error>(self, _: i64) -> Result<Judged, E> {
                Ok(Judged { doubled: false })
            }
            fn visit_f64<E: Error>(self, _: f64) -> Result<Judged, E> {
                Ok(Judged { doubled: false })
            }
            fn visit_str<E: Error>(self, _: &str) -> Result<Judged, E> {
                Ok(Judged { doubled: false })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Judged, A::Error> {
                let mut doubled = false;
                while let Some(element) = list.next_element::<Judged>()? {
                    doubled |= element.doubled;
                }
                Ok(Judged { doubled })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut record: A) -> Result<Judged, A::Error> {
                let mut keys = HashSet::new();
                let mut doubled = false;
                while let Some(key) = record.next_key::<String>()? {
                    doubled |= !keys.insert(key);
                    doubled |= record.next_value::<Judged>()?.doubled;
                }
                Ok(Judged { doubled })
            }
        }
        deserializer.deserialize_any(Judge)
    }
}

/// Reads keys of every kind: short, of sixteen bytes, longer, not ASCII, and a record of more than 64 of them.
fn plan() -> Plan {
    let mut builder = Builder::new();
    for path in [
        "",
        "a",
        "a.b",
        "name",
        "x.y.z",
        "abcdefghijklmno",
        "abcdefghijklmnop",
        "abcdefghijklmnopq",
        "a key of more than thirty-two bytes in all",
        "größe",
        "𝄞",
    ] {
        builder.field(0, path, ReadKind::Text, true, &[]);
    }
    for number in 0..100 {
        builder.field(0, &format!("many.key{number}"), ReadKind::Text, true, &[]);
    }
    let list = builder.list(Some(0), "list", true, &[]);
    builder.field(list, "", ReadKind::Number, true, &[]);
    builder.field(list, "k", ReadKind::Number, true, &[]);
    builder.field(list, "other", ReadKind::Number, true, &[]);
    let inner = builder.list(Some(list), "inner", true, &[]);
    builder.field(inner, "a", ReadKind::Number, true, &[]);
    builder.field(inner, "b.c", ReadKind::Number, true, &[]);
    Plan::new(&builder.module)
}

type Found = (Result<(), Fault>, Vec<Vec<Slot>>);

/// The reader of all cases, its buffers used again and again.
struct Lanes {
    plan: Plan,
    readers: Vec<(Lane, Ingest, Store)>,
    bytes: Vec<u8>,
    cases: usize,
    accepted: usize,
}

impl Lanes {
    fn new() -> Lanes {
        let plan = plan();
        let reader = |lane| (lane, Ingest::default(), Store::new(&plan));
        let readers = Lane::available().into_iter().map(reader).collect();
        Lanes { plan, readers, bytes: Vec::new(), cases: 0, accepted: 0 }
    }

    fn read(&mut self, message: &[u8], from: usize, lane: usize) -> Found {
        self.bytes.clear();
        // What stands before the message must not matter.
        self.bytes.resize(from, 0xE2);
        self.bytes.extend_from_slice(message);
        self.bytes.resize(from + message.len() + PADDING, 0);
        let (lane, ingest, store) = &mut self.readers[lane];
        let to = from + message.len();
        let verdict = ingest.read(&self.bytes, from, to, &self.plan, BOUNDS, store, *lane);
        // Without what is wasted, and with places from the start of the message.
        let text = |slot: &Slot| {
            let kind = slot.kind;
            use crate::slot::Kind::{Escaped, False, Null, Number, Record, Text, True};
            let is_span = matches!(kind, Text | Escaped | Number | True | False | Record | Null);
            let moved = if is_span && slot.end != 0 { from as u32 } else { 0 };
            Slot { start: slot.start - moved, end: slot.end - moved, kind }
        };
        let rows = |table: &crate::slot::Table| {
            table.slots.chunks(table.width).flat_map(|row| row[1..].iter().map(text)).collect()
        };
        (verdict, if verdict.is_ok() { store.tables.iter().map(rows).collect() } else { Vec::new() })
    }

    /// All lanes and the other parser agree.
    fn check(&mut self, message: &[u8]) -> Result<(), Fault> {
        let shown = || String::from_utf8_lossy(message).into_owned();
        let from = self.cases % 67;
        let plain = self.read(message, 0, 0);
        for lane in 0..self.readers.len() {
            assert_eq!(self.read(message, 0, lane), plain, "{:?} {}", self.readers[lane].0, shown());
            assert_eq!(
                self.read(message, from, lane),
                plain,
                "{:?} from {from} {}",
                self.readers[lane].0,
                shown()
            );
        }
        let verdict = plain.0;
        let is_text = std::str::from_utf8(message).is_ok();
        let theirs = serde_json::from_slice::<Judged>(message);
        match verdict {
            Ok(()) | Err(Fault::Size) => {
                // Some numbers are too large for the other parser's values, but none for its grammar.
                let is_json = theirs.is_ok() || serde_json::from_slice::<&RawValue>(message).is_ok();
                assert!(is_json, "we accept {}", shown());
            }
            Err(Fault::DuplicateKey) => assert!(theirs.is_ok_and(|judged| judged.doubled), "{}", shown()),
            Err(Fault::NotJson | Fault::BadText | Fault::Depth) => {
                assert!(theirs.is_err(), "we refuse {}", shown());
            }
        }
        if !is_text {
            assert_eq!(verdict, Err(Fault::BadText), "{}", shown());
        }
        self.cases += 1;
        self.accepted += usize::from(verdict.is_ok());
        verdict
    }
}

/// Numbers without a pattern.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const KEYS: [&str; 22] = [
    "a",
    "b",
    "name",
    "x",
    "y",
    "z",
    "list",
    "k",
    "inner",
    "other",
    "c",
    "many",
    "key7",
    "key77",
    "abcdefghijklmno",
    "abcdefghijklmnop",
    "abcdefghijklmnopq",
    "abcdefghijklmnopqabcdefghijklmnop",
    "a key of more than thirty-two bytes in all",
    "größe",
    "𝄞",
    "",
];
const TEXTS: [&str; 14] = [
    "",
    "plain",
    "a text that is longer than most others are in all of the messages of the day, by far",
    "\\\"",
    "\\\\",
    "\\u00e4",
    "\\ud83d\\ude00",
    "ä",
    "日本",
    "😀",
    "\\n\\t\\/",
    "\u{7f}",
    " : , { } [ ] ",
    "\\\\\\\"",
];
const SCALARS: [&str; 10] =
    ["0", "-1", "12.50", "1e3", "-0.0E-2", "true", "false", "null", "9007199254740993", "7"];

/// A valid value.
fn value(chance: &mut Chance, depth: usize, out: &mut String) {
    let blank = |chance: &mut Chance, out: &mut String| {
        if chance.below(12) == 0 {
            out.push_str(chance.pick(&[" ", "\n  ", "\t", "\r\n"]));
        }
    };
    match chance.below(if depth == 0 { 5 } else { 9 }) {
        0 | 1 => out.push_str(chance.pick(&SCALARS)),
        2..5 => {
            out.push('"');
            for _ in 0..chance.below(4) {
                out.push_str(chance.pick(&TEXTS));
            }
            out.push('"');
        }
        5 => {
            out.push('[');
            for number in 0..chance.below(4) {
                out.push_str(if number == 0 { "" } else { "," });
                blank(chance, out);
                value(chance, depth - 1, out);
                blank(chance, out);
            }
            out.push(']');
        }
        _ => {
            out.push('{');
            for number in 0..chance.below(7) {
                out.push_str(if number == 0 { "" } else { "," });
                blank(chance, out);
                let key = chance.pick(&KEYS);
                out.push('"');
                if chance.below(15) == 0 {
                    out.extend(key.encode_utf16().map(|unit| format!("\\u{unit:04x}")));
                } else {
                    out.push_str(key);
                }
                out.push('"');
                blank(chance, out);
                out.push(':');
                blank(chance, out);
                value(chance, depth - 1, out);
                blank(chance, out);
            }
            out.push('}');
        }
    }
}

#[test]
fn valid_damaged_and_raw_bytes() {
    let mut lanes = Lanes::new();
    let mut chance = Chance(3);
    let pieces: Vec<&[u8]> = vec![
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"0",
        b"9",
        b".",
        b"e",
        b"-",
        b" ",
        b"\n",
        b"u",
        b"\\ud800",
        b"\\udc00",
        b"null",
        "\u{e4}".as_bytes(),
        b"\x01",
        b"\x00",
        b"\x80",
        b"\xC0",
        b"\xE2\x82",
        b"\xED\xA0\x80",
        b"\xF4\x90\x80\x80",
        b"\xF0\x9F\x98",
        b"\xFF",
        b"\"a\":",
        b",\"",
        b"\":\"",
    ];
    for round in 0..6_000 {
        let mut text = String::new();
        value(&mut chance, 5, &mut text);
        let good = text.into_bytes();
        let verdict = lanes.check(&good);
        assert!(
            matches!(verdict, Ok(()) | Err(Fault::DuplicateKey)),
            "{verdict:?} {}",
            String::from_utf8_lossy(&good)
        );
        for _ in 0..3 {
            let mut bad = good.clone();
            for _ in 0..=chance.below(2) {
                let place = chance.below(bad.len() + 1);
                let end = (place + chance.below(3)).min(bad.len());
                let piece = pieces[chance.below(pieces.len())];
                bad.splice(place..end, piece.iter().copied());
            }
            let _ = lanes.check(&bad);
        }
        if round % 3 == 0 {
            let raw: Vec<u8> = (0..chance.below(200)).map(|_| chance.below(256) as u8).collect();
            let _ = lanes.check(&raw);
        }
    }
    assert!(lanes.cases >= 20_000, "{}", lanes.cases);
    assert!(
        (lanes.cases / 5..lanes.cases * 4 / 5).contains(&lanes.accepted),
        "{} of {}",
        lanes.accepted,
        lanes.cases
    );
}

#[test]
fn everything_at_every_place_of_a_block() {
    let mut lanes = Lanes::new();
    for shift in 0..140 {
        let fill = "x".repeat(shift);
        for special in ["\\\"", "\\\\", "\\u00e4", "\\ud83d\\ude00", "ä", "日", "😀", "", "\u{7f}", "\\n"]
        {
            let good = format!("{{\"name\":\"{fill}{special}\",\"a\":{{\"b\":1}},\"list\":[{{\"k\":2}}]}}");
            assert_eq!(lanes.check(good.as_bytes()), Ok(()), "{good}");
            let key = format!("{{\"{fill}{special}\":\"{special}\",\"name\":\"b\"}}");
            assert_eq!(lanes.check(key.as_bytes()), Ok(()), "{key}");
        }
        for (special, fault) in [
            (&b"\x1f"[..], Fault::NotJson),
            (b"\x00", Fault::NotJson),
            (b"\n", Fault::NotJson),
            (b"\\x", Fault::NotJson),
            (b"\\u12G4", Fault::NotJson),
            (b"\\ud800", Fault::BadText),
            (b"\\udc00\\ud800", Fault::BadText),
            (b"\x80", Fault::BadText),
            (b"\xC3", Fault::BadText),
            (b"\xC1\x81", Fault::BadText),
            (b"\xE2\x82", Fault::BadText),
            (b"\xE0\x80\x80", Fault::BadText),
            (b"\xED\xA0\x80", Fault::BadText),
            (b"\xF0\x9F\x98", Fault::BadText),
            (b"\xF0\x80\x80\x80", Fault::BadText),
            (b"\xF4\x90\x80\x80", Fault::BadText),
            (b"\xF5\x80\x80\x80", Fault::BadText),
        ] {
            let bad = [b"{\"name\":\"", fill.as_bytes(), special, b"\",\"a\":1}"].concat();
            assert_eq!(lanes.check(&bad), Err(fault), "{}", String::from_utf8_lossy(&bad));
            let cut = [b"{\"name\":\"", fill.as_bytes(), special].concat();
            assert_eq!(lanes.check(&cut), Err(fault), "{}", String::from_utf8_lossy(&cut));
        }
        for run in 0..70 {
            let text = format!("[\"{fill}{}\"]", "\\".repeat(run));
            assert_eq!(lanes.check(text.as_bytes()).is_ok(), run % 2 == 0, "{text}");
        }
        // A fault far behind comes first if it is about the text as a whole.
        let both = [b"[1,}", fill.as_bytes(), b"\xFF"].concat();
        assert_eq!(lanes.check(&both), Err(Fault::BadText));
    }
}

#[test]
fn keys_that_are_read_twice() {
    let mut lanes = Lanes::new();
    let mut twice = |key: &str, other: &str, around: [&str; 2], is_read: bool| {
        let text = format!("{}\"{key}\":1,\"between\":2,\"{other}\":3{}", around[0], around[1]);
        let expected = if is_read { Err(Fault::DuplicateKey) } else { Ok(()) };
        assert_eq!(lanes.check(text.as_bytes()), expected, "{text}");
    };
    let root = ["{", "}"];
    twice("name", "name", root, true);
    twice("name", "n\\u0061me", root, true);
    twice(
        "a key of more than thirty-two bytes in all",
        "a key of more than thirty-two bytes in all",
        root,
        true,
    );
    twice("abcdefghijklmnop", "abcdefghijklmnop", root, true);
    twice("abcdefghijklmnopq", "abcdefghijklmnopq", root, true);
    twice("größe", "gr\\u00f6ße", root, true);
    twice("unread", "unread", root, false);
    twice("k", "k", root, false);
    twice("name", "nam", root, false);
    twice("key7", "key7", ["{\"many\":{", "}}"], true);
    twice("key99", "key99", ["{\"many\":{", "}}"], true);
    twice("key7", "key71", ["{\"many\":{", "}}"], false);
    twice("k", "k", ["{\"list\":[{\"k\":1},{", "}]}"], true);
    twice("k", "k", ["{\"unread\":[{\"k\":1},{", "}]}"], false);
    // The same key in different rows, and in a record after the one inside it.
    assert_eq!(
        lanes.check(b"{\"list\":[{\"k\":1},{\"k\":1}],\"a\":{\"b\":1},\"x\":{\"y\":{\"z\":1}}}"),
        Ok(())
    );
    assert_eq!(
        lanes.check(b"{\"a\":{\"b\":1},\"many\":{\"key1\":1},\"a\":{\"b\":1}}"),
        Err(Fault::DuplicateKey)
    );
}

#[test]
fn rows_and_depth_have_limits_in_every_lane() {
    let mut lanes = Lanes::new();
    let rows = |count: usize| format!("{{\"list\":[{}]}}", vec!["{\"k\":1}"; count].join(","));
    assert_eq!(lanes.check(rows(50).as_bytes()), Ok(()));
    assert_eq!(lanes.check(rows(51).as_bytes()), Err(Fault::Size));
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(lanes.check(deep(100).as_bytes()), Ok(()));
    let read = lanes.read(deep(101).as_bytes(), 0, 0).0;
    assert_eq!(read, Err(Fault::Depth));
    for lane in 0..lanes.readers.len() {
        assert_eq!(lanes.read(deep(101).as_bytes(), 5, lane).0, read);
        // The position decides between depth and what is wrong later.
        assert_eq!(lanes.read(format!("{}}}", "[".repeat(101)).as_bytes(), 0, lane).0, Err(Fault::Depth));
        assert_eq!(lanes.read(format!("[}}{}", "[".repeat(101)).as_bytes(), 0, lane).0, Err(Fault::NotJson));
    }
}
