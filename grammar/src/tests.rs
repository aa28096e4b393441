//! The parser on hostile and mutated texts.

use std::time::{Duration, Instant};

use mapc_diagnostics::{Code, FileId, Staged};

use crate::tree::{Item, Line, MapFile, Right};
use crate::{parse_text, tokens, tree_text};

const ACME: &str = include_str!("../tests/ok/acme.map");
const WIDE: &str = include_str!("../tests/ok/wide.map");

fn read(text: &str) -> Staged<MapFile> {
    parse_text(FileId(0), text)
}

fn codes(text: &str) -> Vec<Code> {
    read(text).diagnostics.iter().map(|one| one.code).collect()
}

#[test]
fn precedence_is_the_one_of_the_language() {
    let tree = read("fields {\n  x = a * b + c | round 2 else 0 when d > 0\n}");
    assert_eq!(tree_text(&tree.value), "fields\n  x = ((((a * b) + c) | round 2) else 0) when (d > 0)\n");
}

#[test]
fn a_value_is_compared_with_a_negative_number() {
    let tree = read("fields {\n  x = a when b < -5 and c <= -0.5\n}");
    assert_eq!(tree.diagnostics, []);
    assert_eq!(tree_text(&tree.value), "fields\n  x = a when ((b < (- 5)) and (c <= (- 0.5)))\n");
}

#[test]
fn tokens_lose_nothing() {
    let odd = "\u{feff}a\r\n\u{a0}“x” 'y \"open\n`b` `c\n12.5 12m @1.2 -> ??\u{1}é\r# c\r\n";
    for text in [ACME, WIDE, odd, "", "\"", "\\", "\r", "`"] {
        let joined: String = tokens(text).iter().map(|token| token.text).collect();
        assert_eq!(joined, text);
        let mut at = 0;
        for token in tokens(text) {
            assert_eq!(token.start, at);
            at = token.end();
        }
    }
}

#[test]
fn spans_survive_repairs() {
    let text = "fields {\n  memo = “Gift” | lookup b # “x”\n\u{200b}  other = order.x\n";
    let staged = read(text);
    let Some(Item::Fields(block)) = staged.value.items.first() else { panic!("no fields") };
    let seen: Vec<&str> = block
        .lines
        .iter()
        .map(|line| match line {
            Line::Assign(assignment) => match &assignment.value {
                Right::Value { value, .. } => &text[value.span.start as usize..value.span.end as usize],
                Right::Each(_) => "each",
            },
            Line::Broken { .. } => "broken",
        })
        .collect();
    assert_eq!(seen, ["“Gift” | lookup b", "order.x"]);
}

#[test]
fn braces_that_were_added_lie_at_the_end_of_the_text() {
    for text in ["fields{k=choose{o", "fields {\n  kind = choose {\n er.c o", "fields {\n  a = \"x\" # b"] {
        for said in read(text).diagnostics {
            let span = said.primary.span;
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{text}: {said:?}");
        }
    }
}

#[test]
fn deep_nesting_is_one_clean_error_and_fast() {
    let deep = [
        format!("let x = {}1{}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("let x = {}", "(".repeat(10_000)),
        "fields {\n".to_owned() + &"a = each b as c {\n".repeat(10_000),
        "fields {\n a = ".to_owned() + &"choose b { \"x\" -> ".repeat(10_000),
        format!("let x = {}y", "not ".repeat(10_000)),
        format!("let x = {}y", "-".repeat(10_000)),
        format!("let x = y{}", " | trim".repeat(10_000)),
        format!("let x = y{}", " else y".repeat(10_000)),
        format!("let x = y{}", "\n  else y".repeat(10_000)),
        format!("let x = y{}", " + 1".repeat(10_000)),
        format!("let x = y{}", " is y and y".repeat(10_000)),
        format!("let x = \"{{y{}}}\"", " + 1".repeat(10_000)),
        format!("let x = \"{{{}y}}\"", "(".repeat(10_000)),
    ];
    for text in deep {
        let start = Instant::now();
        assert_eq!(codes(&text), [Code::E0107], "{}", &text[..40]);
        assert!(start.elapsed() < Duration::from_secs(5), "{:?} {}", start.elapsed(), &text[..40]);
    }
}

#[test]
fn what_is_just_allowed_is_read_on_a_small_stack() {
    let nested = [
        format!("let x = {}1{}", "(".repeat(64), ")".repeat(64)),
        format!("fields {{\n{}x = y\n{}", "a = each b as c {\n".repeat(63), "}\n".repeat(64)),
        format!("fields {{ a = {}1{} }}", "choose b { \"x\" -> ".repeat(63), " }".repeat(63)),
        format!("let x = y{}", " + 1".repeat(256)),
        format!("let x = {}y", "not ".repeat(256)),
        format!("let x = y{}", " else y".repeat(256)),
        format!("let x = {}1{}", "-(".repeat(64), ")".repeat(64)),
    ];
    let read_all = move || {
        for text in nested {
            let staged = read(&text);
            assert!(staged.diagnostics.is_empty(), "{} {:?}", &text[..40], staged.diagnostics);
            assert!(!tree_text(&staged.value).is_empty());
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(read_all).unwrap().join().unwrap();
}

#[test]
fn files_that_are_no_maps_get_one_message() {
    assert_eq!(codes(""), [Code::E0106]);
    assert_eq!(codes("\u{feff}\r\n"), [Code::E0106]);
    assert_eq!(codes("a\0b\n\"c"), [Code::E0101]);
    assert_eq!(codes(&"# x\n".repeat(1 << 19)), [Code::E0107]);
}

#[test]
fn two_threads_parse_at_once() {
    let threads: Vec<_> = (0..2).map(|_| std::thread::spawn(|| tree_text(&read(ACME).value))).collect();
    let texts: Vec<String> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], tree_text(&read(ACME).value));
}

/// A small generator of numbers; the same seed gives the same numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "\"",
    "|",
    "=",
    "->",
    "else",
    "or",
    "when",
    "\n",
    "each",
    "choose",
    "reject",
    "`",
    "\\",
    "“",
    "\u{a0}",
    "\u{200b}",
    "#",
    ",",
    ".",
    "-",
    "not ",
    "fields {\n",
    "deliver {\n",
    "12",
    "@",
    "\0",
    "\u{1}",
    "é",
    "[",
    "]",
    "{{",
    "missing",
    "otherwise -> ",
    "as",
    "is one of \"a\", ",
    ";",
    "'",
    "\r\n",
    "\u{feff}",
];

fn mutate(text: &str, numbers: &mut Numbers) -> String {
    let mut text = text.to_owned();
    for _ in 0..=numbers.below(4) {
        let mut place = |limit: usize| {
            let mut at = numbers.below(limit + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (from, to) = (place(text.len()), place(text.len()));
        let (from, to) = (from.min(to), from.max(to));
        let near = (from..=to.min(from + 30)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        match numbers.below(5) {
            0 => text.replace_range(from..near, ""),
            1 => text.insert_str(from, PIECES[numbers.below(PIECES.len())]),
            2 => text.replace_range(from..near, PIECES[numbers.below(PIECES.len())]),
            3 => {
                let piece = text[from..near].to_owned();
                text.insert_str(to, &piece);
            }
            _ => {
                let line: String = text.lines().nth(numbers.below(90)).unwrap_or("").to_owned();
                text.insert_str(from, &line);
            }
        }
    }
    text
}

#[test]
fn mutated_files_are_read_without_panic_and_in_time() {
    let mut numbers = Numbers(0x5eed_1234_abcd);
    let mut silent = 0;
    for round in 0..3000 {
        let text = mutate(if round % 3 == 0 { WIDE } else { ACME }, &mut numbers);
        let start = Instant::now();
        let staged = read(&text);
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}\n{text}", start.elapsed());
        let shown = tree_text(&staged.value);
        let broken =
            shown.lines().any(|line| line.trim_start().starts_with("broken") || line.contains("BROKEN"));
        assert!(!broken || !staged.diagnostics.is_empty(), "a hole without a diagnostic\n{text}\n{shown}");
        silent += usize::from(staged.diagnostics.is_empty());
        for one in &staged.diagnostics {
            let places = std::iter::once(one.primary.span)
                .chain(one.related.iter().map(|label| label.span))
                .chain(one.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span)));
            for span in places {
                let range = span.start as usize..span.end as usize;
                assert!(text.get(range).is_some(), "{one:?}\n{text}");
            }
        }
    }
    assert!(silent < 2000, "{silent} mutants were still right: the mutations do too little");
}

#[test]
fn planted_errors_are_all_reported() {
    let plants: &[(&str, &str)] = &[
        ("  tranDate          = order.placedAt", "  tranDate          order.placedAt"),
        ("order.note | cut 999", "order.note cut 999"),
        ("else wait\n", "else\n"),
        ("order.billing is \"invoice\"", "order.billing = \"invoice\""),
        ("let country =", "lett country ="),
        ("skip   when", "skip"),
        ("custbody_acme_channel =", "custbody_acme_channel :="),
        ("rate        = line.netAmount /", "rate        = line.netAmount %"),
        ("connection  netsuite_us", "conection  netsuite_us"),
        ("phone   -> last 4", "phone   -> lst 4"),
        ("expect terms is missing", "expct terms is missing"),
        ("\"FEDEX_2DAY\"   -> \"12\"", "\"FEDEX_2DAY\"   : \"12\""),
        ("expect key is \"8812/3\"", "expect key is \"8812/3"),
        ("zone \"America/New_York\"", "zone “America/New_York”"),
        ("table terms    from", "table terms    form"),
    ];
    let mut numbers = Numbers(42);
    for plant in plants {
        assert_eq!(codes(&ACME.replace(plant.0, plant.1)).len(), 1, "{}", plant.1);
    }
    let (mut files, mut full) = (0, 0);
    for _ in 0..300 {
        let wanted = 2 + numbers.below(5);
        let mut text = ACME.to_owned();
        let mut planted = 0;
        for _ in 0..wanted {
            let (right, wrong) = plants[numbers.below(plants.len())];
            if text.contains(right) {
                text = text.replace(right, wrong);
                planted += 1;
            }
        }
        files += 1;
        full += usize::from(codes(&text).len() >= planted);
    }
    assert!(full * 100 >= files * 95, "{full} of {files}");
}

#[test]
fn time_grows_with_the_size_of_the_file() {
    let pieces = [
        ACME.to_owned(),
        "fields {\n  a = (\n".to_owned(),
        "a = b -> c\n".to_owned(),
        "}\n".to_owned(),
        "x { y\n".to_owned(),
        "fields {\n  a -> b.c\n  d = \"{e\n}\n".to_owned(),
        "“".to_owned(),
        "a = each b as c { d = ! }\n".to_owned(),
        "\n  else".to_owned(),
        "a.b.c.d.".to_owned(),
        "{{ }} \"".to_owned(),
        "\"a\" ".to_owned(),
        "`a`".to_owned(),
        "‘a ".to_owned(),
    ];
    for piece in pieces {
        let time = |size: usize| {
            let text = piece.repeat(size / piece.len() + 1);
            let start = Instant::now();
            let staged = read(&text);
            assert!(!tree_text(&staged.value).is_empty() || !staged.diagnostics.is_empty());
            start.elapsed()
        };
        let (small, large) = (time(16 << 10), time(128 << 10));
        let limit = small * 40 + Duration::from_secs(2);
        assert!(large < limit, "{small:?} then {large:?} for {piece:?}");
    }
}
