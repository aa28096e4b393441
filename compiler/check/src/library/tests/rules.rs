//! Single rules: the parts that are easy to get wrong, what is proved, and what is refused.

use mapc_types::{Bound, DateKind, Decimal, Interval, Language, Length, Text, Type, Wire};

use super::super::arguments::{ArgumentFault, PatternFault};
use super::super::function::Kind;
use super::super::{Applied, Misuse, apply, exact, find};
use super::generate::text_set;
use crate::typed::Constant;

fn text(word: &str) -> Constant {
    Constant::Text(word.to_owned())
}

fn number(word: &str) -> Constant {
    Constant::Decimal(exact::read_decimal(word).unwrap())
}

/// Text of a length, in the language of a pattern if one is given.
fn of(min: u64, max: u64, pattern: &str) -> Type {
    let languages =
        if pattern.is_empty() { Vec::new() } else { vec![Language::from_full_pattern(pattern).unwrap()] };
    Type::Text(Text { length: Length::new(min, Some(max)), set: None, languages })
}

fn between(low: &str, high: &str, grid: &str) -> Type {
    let end = |word: &str| {
        (!word.is_empty()).then(|| Bound { value: exact::read_decimal(word).unwrap(), inclusive: true })
    };
    Type::Decimal(Decimal {
        interval: Interval { low: end(low), high: end(high) },
        grid: (!grid.is_empty()).then(|| exact::read_decimal(grid).unwrap()),
        set: None,
        wire: Wire::Plain,
    })
}

fn run(name: &str, input: &Type, arguments: &[Constant]) -> Applied {
    apply(find(name).unwrap(), input, arguments).unwrap()
}

/// Length of the resulting text, as `min..max`.
fn check_length(name: &str, input: &Type, arguments: &[Constant], expect: &str) {
    let Type::Text(result) = run(name, input, arguments).value else { panic!("{name} gives no text") };
    let most = result.length.max.map_or("*".to_owned(), |most| most.to_string());
    assert_eq!(format!("{}..{most}", result.length.min), expect, "{name}");
}

/// The resulting text lies in the language.
fn check_inside(name: &str, input: &Type, arguments: &[Constant], pattern: &str) {
    let Type::Text(result) = run(name, input, arguments).value else { panic!("{name} gives no text") };
    let wanted = Language::from_full_pattern(pattern).unwrap();
    let joint = result.languages.iter().fold(Language::any(), |all, one| all.intersect(one).unwrap());
    assert_eq!(joint.is_subset(&wanted), Some(true), "{name}: {:?}", joint.example_outside(&wanted));
}

/// Range and grid of the resulting number.
fn check_number(name: &str, input: &Type, arguments: &[Constant], expect: &str) {
    let Type::Decimal(result) = run(name, input, arguments).value else { panic!("{name} gives no number") };
    let end = |bound: Option<Bound>| match bound {
        None => "*".to_owned(),
        Some(bound) => {
            mapc_types::format_decimal(&bound.value).unwrap() + if bound.inclusive { "" } else { "(open)" }
        }
    };
    let grid = result.grid.map_or("any".to_owned(), |grid| mapc_types::format_decimal(&grid).unwrap());
    let found = format!("{} .. {} by {grid}", end(result.interval.low), end(result.interval.high));
    assert_eq!(found, expect, "{name}");
}

#[test]
fn lengths_follow() {
    let free = of(3, 500, "");
    check_length("cut", &free, &[number("40")], "0..40");
    check_length("cut", &of(3, 30, ""), &[number("40")], "3..30");
    check_length("cut", &of(3, 500, "[ -~]*"), &[number("40")], "3..40");
    check_length("start", &free, &[number("2")], "2..2");
    check_length("end", &of(1, 500, ""), &[number("4")], "1..4");
    check_length("trim", &free, &[], "0..500");
    check_length("nonblank", &of(0, 500, ""), &[], "1..500");
    check_length("upper", &free, &[], "3..1500");
    check_length("upper", &of(3, 500, "[\u{0}-\u{FF}]*"), &[], "3..1000");
    check_length("upper", &of(3, 500, "[ -~]*"), &[], "3..500");
    check_length("lower", &free, &[], "3..1000");
    check_length("lower", &of(3, 500, "[A-ZÄÖÜ]*"), &[], "3..500");
    check_length("upper_ascii", &free, &[], "3..500");
    check_length("pad_left", &of(0, 5, ""), &[number("8"), text("0")], "8..8");
    check_length("pad_left", &of(0, 20, ""), &[number("8"), text("0")], "8..20");
    check_length("replace", &of(4, 10, ""), &[text("a"), text("bcd")], "4..30");
    check_length("replace", &of(4, 10, ""), &[text("abc"), text("d")], "1..10");
    check_length("without_prefix", &of(4, 10, ""), &[text("SO-")], "1..10");
    check_length("after", &of(4, 10, ""), &[text("--")], "0..8");
    check_length("part", &of(4, 10, ""), &[text(";"), number("3")], "0..8");
    check_length("text", &between("0", "999", "1"), &[], "1..3");
    check_length("text", &between("-999", "5", "0.01"), &[], "1..7");
    check_length("text", &between("100", "999.99", "0.01"), &[], "3..6");
    check_length("text", &between("-999", "-10", "1"), &[], "3..4");
    check_length("text", &between("", "", ""), &[], "1..37");
    check_length("text", &Type::Date(DateKind::Date, Wire::Plain), &[], "10..10");
    check_length("format", &Type::Date(DateKind::Date, Wire::Plain), &[text("DD.MM.YYYY")], "10..10");
    check_length(
        "yes_no",
        &Type::Bool { may_be_true: true, may_be_false: true },
        &[text("Yes"), text("N")],
        "1..3",
    );
}

#[test]
fn languages_follow() {
    check_inside("cut", &of(0, 40, "[A-Z0-9 ]{0,40}"), &[number("10")], "[A-Z0-9 ]*");
    check_inside("upper", &of(0, 40, "[A-Za-z0-9]*"), &[], "[A-Z0-9]*");
    check_inside("upper_ascii", &of(0, 40, "[A-Za-z0-9]*"), &[], "[A-Z0-9]*");
    check_inside("lower", &of(0, 40, "[A-Za-z]*"), &[], "[a-z]*");
    check_inside("pad_left", &of(0, 4, "[0-9]*"), &[number("8"), text("0")], "[0-9]*");
    check_inside("digits", &of(0, 40, ""), &[], "[0-9]*");
    check_inside("trim", &of(0, 40, "[ -~]*"), &[], "([!-~]([ -~]*[!-~])?)?");
    check_inside(
        "format",
        &Type::Date(DateKind::Date, Wire::Plain),
        &[text("YYYY.MM")],
        "[0-9]{4}\\.[01][0-9]",
    );
    check_inside("text", &between("0", "999.99", "0.01"), &[], "[0-9]{1,3}(\\.[0-9]{1,2})?");
    check_inside("text", &between("-5", "999", "1"), &[], "-?[0-9]{1,3}");
    check_inside("text", &Type::Date(DateKind::Instant, Wire::Plain), &[], "[0-9T:.-]*Z");
    check_inside("nonblank", &of(0, 9, "[A-Z]*"), &[], "[A-Z]+");
}

#[test]
fn ranges_follow() {
    let half_up = text("half_up");
    check_number("round", &between("0", "999.996", ""), &[number("2"), half_up.clone()], "0 .. 1000 by 0.01");
    check_number("round", &between("0", "999", "1"), &[number("2"), half_up], "0 .. 999 by 1");
    check_number("round_down", &between("-1.55", "999.996", ""), &[number("1")], "-1.5 .. 999.9 by 0.1");
    check_number("floor", &between("-1.55", "", ""), &[number("0")], "-2 .. * by 1");
    check_number("abs", &between("-5", "3", "1"), &[], "0 .. 5 by 1");
    check_number("abs", &between("-5", "-3", ""), &[], "3 .. 5 by any");
    check_number("clamp", &between("", "", "1"), &[number("0"), number("100")], "0 .. 100 by 1");
    check_number("clamp", &between("", "", "1"), &[number("0.5"), number("100")], "0.5 .. 100 by 0.5");
    check_number("clamp", &between("7", "9", "1"), &[number("0.5"), number("100")], "7 .. 9 by 1");
    check_number("clamp", &between("7", "9", "1"), &[number("0"), number("100")], "7 .. 9 by 1");
    check_number("clamp", &between("200", "300", "1"), &[number("0"), number("100")], "100 .. 100 by 100");
    check_number("whole", &between("0.5", "9.5", "0.1"), &[], "1 .. 9 by 1");
    check_number("number", &of(1, 4, "[0-9]*"), &[], "0 .. 9999 by 1");
    check_number("number", &of(1, 5, ""), &[], "-9999 .. 99999 by 0.001");
}

#[test]
fn failures_are_proved_away() {
    let outcome = |name: &str, input: &Type| {
        let applied = run(name, input, &[]);
        (applied.may_be_absent, applied.may_fail)
    };
    assert_eq!(outcome("whole", &between("", "", "1")), (false, false));
    assert_eq!(outcome("whole", &between("", "", "0.5")), (false, true));
    assert_eq!(outcome("number", &of(1, 9, "0|[1-9][0-9]*")), (false, false));
    assert_eq!(outcome("number", &of(1, 90, "0|[1-9][0-9]*")), (false, true));
    assert_eq!(outcome("number", &of(1, 9, "[0-9]*")), (false, true));
    assert_eq!(outcome("number", &text_set(["1".to_owned(), "2.5".to_owned()])), (false, false));
    assert_eq!(outcome("number", &text_set(["1".to_owned(), "x".to_owned()])), (false, true));
    assert_eq!(outcome("nonblank", &of(0, 9, "")), (true, false));
    assert_eq!(outcome("nonblank", &of(1, 9, "[A-Z]+")), (false, false));
    assert_eq!(outcome("nonblank", &of(1, 9, "")), (true, false));
    assert_eq!(outcome("nonblank", &of(1, 9, "[A-Z]*")), (false, false));
    assert_eq!(outcome("nonblank", &of(1, 9, "[A-Z ]*")), (true, false));
    assert_eq!(outcome("date", &Type::Date(DateKind::Local, Wire::Plain)), (false, false));
    assert_eq!(outcome("date", &Type::Date(DateKind::Instant, Wire::Plain)), (false, true));
    let dates = Type::Text(Text { languages: vec![Language::of_date_kind(DateKind::Date)], ..Text::any() });
    assert_eq!(outcome("date", &dates), (false, false));
    assert!(!run("after", &of(3, 9, "[a-z]+@[a-z]+"), &[text("@")]).may_be_absent);
    assert!(run("after", &of(3, 9, "[a-z]+"), &[text("@")]).may_be_absent);
    assert!(!run("part", &of(3, 9, ""), &[text(";"), number("1")]).may_be_absent);
    assert!(run("part", &of(3, 9, ""), &[text(";"), number("2")]).may_be_absent);
}

#[test]
fn texts_of_numbers_below_one_do_not_narrow_those_above() {
    let tiny = "0.00000000000000000000000000001";
    run("text", &between("0", "0.5", tiny), &[]);
    let Type::Text(above) = run("text", &between("0", "9.5", tiny), &[]).value else { panic!("no text") };
    assert!(above.contains("4"), "{above:?}");
}

#[test]
fn many_known_values_follow_the_facts() {
    let input = text_set((0..1_500).map(|number| format!("a{number}")));
    check_length("upper", &input, &[], "2..5");
    check_inside("upper", &input, &[], "[A-Z0-9]*");
    assert!(!run("nonblank", &input, &[]).may_be_absent);
    let numbers = Type::Decimal(Decimal::of_set((0..1_500).map(exact::whole)));
    check_number("round", &numbers, &[number("0"), text("floor")], "0 .. 1499 by 1");
    check_length("text", &numbers, &[], "1..4");
}

#[test]
fn few_values_are_run() {
    let input = text_set(["open".to_owned(), "ß".to_owned()]);
    let upper = run("upper", &input, &[]);
    assert_eq!(upper.value, text_set(["OPEN".to_owned(), "SS".to_owned()]));
    assert_eq!(run("nonblank", &text_set([String::new()]), &[]).value, Type::Never);
    let both = Type::Bool { may_be_true: true, may_be_false: true };
    assert_eq!(
        run("yes_no", &both, &[text("Y"), text("N")]).value,
        text_set(["Y".to_owned(), "N".to_owned()])
    );
    let mixed = Type::Union(vec![text_set(["7".to_owned()]), of(1, 2, "[0-9]{1,2}")]);
    assert!(!run("digits", &mixed, &[]).may_fail);
}

fn check_misuse(name: &str, input: &Type, arguments: &[Constant], expect: &str) {
    let found = match apply(find(name).unwrap(), input, arguments) {
        Ok(_) => "fits".to_owned(),
        Err(Misuse::Input { expects, got }) => {
            let expects: Vec<&str> = expects.into_iter().map(Kind::word).collect();
            format!("{} needed, {}", expects.join(" or "), got.map_or("several", Kind::word))
        }
        Err(Misuse::ArgumentCount { expects, got }) => format!("{expects} needed, {got} given"),
        Err(Misuse::Argument { position, parameter, fault }) => {
            format!("{position} {}: {fault:?}", parameter.name)
        }
    };
    assert_eq!(found, expect, "{name}");
}

#[test]
fn misuse_is_named() {
    let free = of(0, 9, "");
    check_misuse("cut", &between("", "", ""), &[number("3")], "text needed, number");
    check_misuse("abs", &free, &[], "number needed, text");
    check_misuse("cut", &Type::Any, &[number("3")], "text needed, several");
    check_misuse("time", &Type::Date(DateKind::Instant, Wire::Plain), &[], "local or text needed, instant");
    check_misuse("cut", &free, &[], "1 needed, 0 given");
    check_misuse("trim", &free, &[number("1")], "0 needed, 1 given");
    check_misuse(
        "round",
        &between("", "", ""),
        &[number("1"), number("2"), text("half_up")],
        "1 needed, 2 given",
    );
    check_misuse("round", &between("", "", ""), &[text("half_up")], "1 needed, 0 given");
    check_misuse("cut", &free, &[text("3")], "0 n: WrongKind(Text)");
    check_misuse("cut", &free, &[number("0")], "0 n: OutOfRange");
    check_misuse("cut", &free, &[number("2.5")], "0 n: NotWhole");
    check_misuse("pad_left", &free, &[number("3"), text("ab")], "1 fill: NotOneCharacter");
    check_misuse("replace", &free, &[text(""), text("ab")], "0 find: Empty");
    check_misuse("clamp", &between("", "", ""), &[number("3"), number("2")], "1 most: Below(\"least\")");
    let day = Type::Date(DateKind::Date, Wire::Plain);
    let time = ArgumentFault::Pattern(PatternFault::TimeOfADay);
    let once = ArgumentFault::Pattern(PatternFault::NotEachOnce);
    check_misuse("format", &day, &[text("hh:mm")], &format!("0 pattern: {time:?}"));
    check_misuse("format", &Type::Date(DateKind::Local, Wire::Plain), &[text("hh:mm")], "fits");
    check_misuse("parse_date", &free, &[text("DD.MM.YY")], &format!("0 pattern: {once:?}"));
    check_misuse("add_days", &day, &[number("4000001")], "0 n: OutOfRange");
}
