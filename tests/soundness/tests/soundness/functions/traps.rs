//! What looks as if it kept a limit and does not: one value each that the type must hold.

use mapc_check::library::{apply, find};
use mapc_check::typed::Constant;
use mapc_types::{BigRational, Bound, DateKind, Decimal, Interval, Length, Text, Type, Wire, parse_decimal};

use super::call::{Call, End, FAILED};
use super::member::is_member;

/// Text of a length.
fn of_length(min: u64, max: u64) -> Type {
    Type::Text(Text { length: Length::new(min, Some(max)), set: None, languages: Vec::new() })
}

fn rational(digits: &str) -> BigRational {
    parse_decimal(digits).unwrap()
}

/// Numbers of a range on a grid.
fn between(low: &str, high: &str, grid: &str) -> Type {
    let end = |digits: &str| Some(Bound { value: rational(digits), inclusive: true });
    Type::Decimal(Decimal {
        interval: Interval { low: end(low), high: end(high) },
        grid: Some(rational(grid)),
        set: None,
        wire: Wire::Plain,
    })
}

fn text(value: &str) -> Constant {
    Constant::Text(value.to_owned())
}

fn number(digits: &str) -> Constant {
    Constant::Decimal(rational(digits))
}

/// A function on a value of a type: ends so, and that is what the checker says too.
#[track_caller]
fn check(function: &str, of: &Type, arguments: &[Constant], value: Constant, ends: End) {
    let function = find(function).unwrap();
    let applied = apply(function, of, arguments).unwrap();
    assert!(is_member(&value, of), "{value:?} is not in {of:?}");
    let signature = function.signature(mapc_check::library::Kind::of_constant(&value)).unwrap();
    let mut call = Call::new(function, signature.input, signature.result, arguments, "America/New_York");
    assert_eq!(call.run(&value), Ok(Some(ends.clone())));
    let allowed = match &ends {
        End::Value(result) => is_member(result, &applied.value),
        End::Absent => applied.may_be_absent,
        End::Reason(code) => *code == FAILED && applied.may_fail,
    };
    assert!(allowed, "{ends:?} is not in {applied:?}");
}

fn gives(value: Constant) -> End {
    End::Value(value)
}

#[test]
fn capital_letters_are_longer_than_small_ones() {
    check("upper", &of_length(1, 1), &[], text("ß"), gives(text("SS")));
    check("upper", &of_length(1, 1), &[], text("ﬂ"), gives(text("FL")));
    check("upper", &of_length(1, 1), &[], text("ﬃ"), gives(text("FFI")));
    check(
        "upper",
        &of_length(3, 3),
        &[],
        text("\u{390}\u{3B0}ß"),
        gives(text("Ι\u{308}\u{301}Υ\u{308}\u{301}SS")),
    );
}

#[test]
fn a_small_letter_may_be_two() {
    check("lower", &of_length(1, 1), &[], text("İ"), gives(text("i\u{307}")));
    check("lower", &of_length(2, 2), &[], text("ΑΣ"), gives(text("ας")));
}

#[test]
fn rounding_crosses_a_maximum_and_a_minimum() {
    let amounts = between("-999.996", "999.996", "0.001");
    let half_up = || vec![number("2"), text("half_up")];
    check("round", &amounts, &half_up(), number("999.996"), gives(number("1000")));
    check("round", &amounts, &half_up(), number("-999.996"), gives(number("-1000")));
    check("round_up", &between("0", "0.1", "0.01"), &[number("0")], number("0.01"), gives(number("1")));
    check("floor", &between("-0.1", "0", "0.01"), &[number("0")], number("-0.01"), gives(number("-1")));
    check("ceiling", &between("0", "9.5", "0.5"), &[number("0")], number("9.5"), gives(number("10")));
}

#[test]
fn rounding_34_nines_takes_one_digit_more() {
    let nines = "9".repeat(33) + ".5";
    let one = "1".to_owned() + &"0".repeat(33);
    let all = between("0", &nines, "0.5");
    check("round", &all, &[number("0"), text("half_up")], number(&nines), gives(number(&one)));
}

#[test]
fn padding_does_not_bound_the_length() {
    let filled = [number("3"), text("0")];
    check("pad_left", &of_length(0, 6), &filled, text("abcdef"), gives(text("abcdef")));
    check("pad_right", &of_length(0, 6), &filled, text(""), gives(text("000")));
}

#[test]
fn cutting_whole_characters_may_leave_nothing() {
    let family = "👩\u{200D}👩\u{200D}👧";
    check("cut", &of_length(5, 5), &[number("4")], text(family), gives(text("")));
    check("cut", &of_length(6, 6), &[number("5")], text(&format!("x{family}")), gives(text("x")));
    check("cut", &of_length(3, 3), &[number("2")], text("ae\u{301}"), gives(text("a")));
    // Code points are counted without regard to what belongs together.
    check("start", &of_length(5, 5), &[number("1")], text(family), gives(text("👩")));
}

#[test]
fn a_text_that_is_not_empty_may_be_blank() {
    check("trim", &of_length(1, 3), &[], text("\u{3000}\u{A0}\u{85}"), gives(text("")));
    check("squeeze", &of_length(1, 3), &[], text(" \t "), gives(text("")));
    check("nonblank", &of_length(1, 3), &[], text("\u{A0}"), End::Absent);
    // A zero-width space is no white space.
    check("nonblank", &of_length(1, 3), &[], text("\u{200B}"), gives(text("\u{200B}")));
    check("digits", &of_length(1, 3), &[], text("٣x"), gives(text("")));
}

#[test]
fn replacing_grows_and_shrinks() {
    let longer = [text("a"), text("bcd")];
    check("replace", &of_length(3, 3), &longer, text("aaa"), gives(text("bcdbcdbcd")));
    check("replace", &of_length(3, 3), &[text("aa"), text("")], text("aab"), gives(text("b")));
    check("without_prefix", &of_length(3, 3), &[text("SO-")], text("SO-"), gives(text("")));
    check("part", &of_length(1, 1), &[text(";"), number("2")], text(";"), gives(text("")));
    check("part", &of_length(1, 1), &[text(";"), number("3")], text(";"), End::Absent);
}

#[test]
fn clamping_leaves_the_grid() {
    let limits = [number("0.5"), number("7")];
    check("clamp", &between("0", "100", "5"), &limits, number("0"), gives(number("0.5")));
    check("clamp", &between("0", "100", "5"), &limits, number("100"), gives(number("7")));
}

#[test]
fn a_number_of_35_digits_is_none() {
    let fails = End::Reason(FAILED);
    check("number", &of_length(34, 36), &[], text(&"9".repeat(35)), fails.clone());
    check(
        "number",
        &of_length(36, 36),
        &[],
        text(&format!("0.{}", "1".repeat(34))),
        gives(number(&format!("0.{}", "1".repeat(34)))),
    );
    check("number", &of_length(37, 37), &[], text(&format!("0.{}", "1".repeat(35))), fails);
}

#[test]
fn days_end_where_the_zone_says() {
    let moments = Type::Date(DateKind::Instant, Wire::Plain);
    let moment = |value: &str| Constant::Date(DateKind::Instant, value.to_owned());
    let day = |value: &str| gives(Constant::Date(DateKind::Date, value.to_owned()));
    check("date", &moments, &[], moment("2024-03-10T04:59:59Z"), day("2024-03-09"));
    check("date", &moments, &[], moment("2024-03-11T03:59:59Z"), day("2024-03-10"));
    check("date", &moments, &[], moment("1899-12-31T23:59:59Z"), End::Reason(FAILED));
    check("date", &moments, &[], moment("2201-01-01T00:00:00Z"), End::Reason(FAILED));
    let days = Type::Date(DateKind::Date, Wire::Plain);
    let last = Constant::Date(DateKind::Date, "9999-12-31".to_owned());
    check("add_days", &days, &[number("1")], last, End::Reason(FAILED));
    let leap = Constant::Date(DateKind::Date, "2024-02-28".to_owned());
    check("add_days", &days, &[number("1")], leap, day("2024-02-29"));
}
