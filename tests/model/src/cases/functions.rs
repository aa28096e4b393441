//! The library functions.

use mapc_check::typed::*;
use mapc_diagnostics::Code;
use mapc_types::DateKind;

use super::Case;
use crate::builder::*;

pub(super) fn cases() -> Vec<Case> {
    vec![texts(), numbers(), dates()]
}

fn text(word: &str) -> Constant {
    Constant::Text(word.to_owned())
}

/// One case: each function on the text `t`, one field each, left out where the function gives nothing.
fn texts() -> Case {
    let mut builder = Builder::default();
    let calls: Vec<(&str, &str, Vec<Constant>)> = vec![
        ("cut", "cut", vec![whole(4)]),
        ("start", "start", vec![whole(2)]),
        ("end", "end", vec![whole(2)]),
        ("trim", "trim", vec![]),
        ("squeeze", "squeeze", vec![]),
        ("nonblank", "nonblank", vec![]),
        ("upper", "upper", vec![]),
        ("lower", "lower", vec![]),
        ("uppera", "upper_ascii", vec![]),
        ("lowera", "lower_ascii", vec![]),
        ("padl", "pad_left", vec![whole(6), text("ö")]),
        ("padr", "pad_right", vec![whole(6), text("0")]),
        ("replace", "replace", vec![text("a"), text("bb")]),
        ("prefix", "without_prefix", vec![text(" ")]),
        ("suffix", "without_suffix", vec![text(" ")]),
        ("before", "before", vec![text("-")]),
        ("after", "after", vec![text("-")]),
        ("part", "part", vec![text("-"), whole(2)]),
        ("digits", "digits", vec![]),
        ("text", "text", vec![]),
    ];
    for (key, function, arguments) in calls {
        let input = builder.text(MESSAGE, "t");
        builder.put_text(key, call(function, input, &arguments));
    }
    let flag = builder.field(MESSAGE, "b", ReadKind::Bool, true, Vec::new());
    builder.put_text("yes_no", call("yes_no", flag.clone(), &[text("Y"), text("N")]));
    builder.put_text("flag", call("text", flag, &[]));
    Case::new(
        "functions on text",
        builder,
        &[
            ("{}", "{}"),
            (r#"{"t":null,"b":true}"#, r#"{"yes_no":"Y","flag":"true"}"#),
            (r#"{"b":false}"#, r#"{"yes_no":"N","flag":"false"}"#),
            (
                r#"{"t":" a-ß-3 "}"#,
                r#"{"cut":" a-ß","start":" a","end":"3 ","trim":"a-ß-3","squeeze":"a-ß-3","nonblank":" a-ß-3 ","upper":" A-SS-3 ","lower":" a-ß-3 ","uppera":" A-ß-3 ","lowera":" a-ß-3 ","padl":" a-ß-3 ","padr":" a-ß-3 ","replace":" bb-ß-3 ","prefix":"a-ß-3 ","suffix":" a-ß-3","before":" a","after":"ß-3 ","part":"ß","digits":"3","text":" a-ß-3 "}"#,
            ),
            (
                r#"{"t":"\u00a0\n"}"#,
                "{\"cut\":\"\u{a0}\\n\",\"start\":\"\u{a0}\\n\",\"end\":\"\u{a0}\\n\",\"trim\":\"\",\"squeeze\":\"\",\"upper\":\"\u{a0}\\n\",\"lower\":\"\u{a0}\\n\",\"uppera\":\"\u{a0}\\n\",\"lowera\":\"\u{a0}\\n\",\"padl\":\"öööö\u{a0}\\n\",\"padr\":\"\u{a0}\\n0000\",\"replace\":\"\u{a0}\\n\",\"prefix\":\"\u{a0}\\n\",\"suffix\":\"\u{a0}\\n\",\"before\":\"\u{a0}\\n\",\"digits\":\"\",\"text\":\"\u{a0}\\n\"}",
            ),
            (
                r#"{"t":"ΑΣ  ٣e\u0301\r\n"}"#,
                "{\"cut\":\"ΑΣ  \",\"start\":\"ΑΣ\",\"end\":\"\\r\\n\",\"trim\":\"ΑΣ  ٣e\u{301}\",\"squeeze\":\"ΑΣ ٣e\u{301}\",\"nonblank\":\"ΑΣ  ٣e\u{301}\\r\\n\",\"upper\":\"ΑΣ  ٣E\u{301}\\r\\n\",\"lower\":\"ας  ٣e\u{301}\\r\\n\",\"uppera\":\"ΑΣ  ٣E\u{301}\\r\\n\",\"lowera\":\"ΑΣ  ٣e\u{301}\\r\\n\",\"padl\":\"ΑΣ  ٣e\u{301}\\r\\n\",\"padr\":\"ΑΣ  ٣e\u{301}\\r\\n\",\"replace\":\"ΑΣ  ٣e\u{301}\\r\\n\",\"prefix\":\"ΑΣ  ٣e\u{301}\\r\\n\",\"suffix\":\"ΑΣ  ٣e\u{301}\\r\\n\",\"before\":\"ΑΣ  ٣e\u{301}\\r\\n\",\"digits\":\"\",\"text\":\"ΑΣ  ٣e\u{301}\\r\\n\"}",
            ),
        ],
    )
}

fn numbers() -> Case {
    let mut builder = Builder::default();
    let failure = Some(builder.reason(Code::R0402, "function"));
    let mut calls: Vec<(String, &str, Vec<Constant>)> = ["half_up", "half_even", "half_down", "floor", "up"]
        .iter()
        .map(|mode| (format!("r_{mode}"), "round", vec![whole(1), text(mode)]))
        .collect();
    for function in ["round_up", "round_down", "floor", "ceiling"] {
        calls.push((function.to_owned(), function, vec![whole(1)]));
    }
    calls.push(("abs".to_owned(), "abs", vec![]));
    calls.push(("clamp".to_owned(), "clamp", vec![hundredths(-50), whole(2)]));
    for (key, function, arguments) in calls {
        let input = builder.number(MESSAGE, "n");
        builder.put_number(&key, call_or(function, input, &arguments, failure));
    }
    let input = builder.number(MESSAGE, "n");
    builder.put_text("text", call("text", input, &[]));
    let input = builder.number(MESSAGE, "w");
    builder.put_number("whole", call_or("whole", input, &[], failure));
    let input = builder.text(MESSAGE, "t");
    builder.put_number("number", call_or("number", input, &[], failure));
    let digits = "9".repeat(34);
    let text = format!(r#"{{"t":"{digits}"}}"#);
    let number = format!(r#"{{"number":{digits}}}"#);
    let long = format!(r#"{{"t":"{digits}.0"}}"#);
    Case::new(
        "functions on numbers",
        builder,
        &[
            (
                r#"{"n":1.250}"#,
                r#"{"r_half_up":1.3,"r_half_even":1.2,"r_half_down":1.2,"r_floor":1.2,"r_up":1.3,"round_up":1.3,"round_down":1.2,"floor":1.2,"ceiling":1.3,"abs":1.25,"clamp":1.25,"text":"1.25"}"#,
            ),
            (
                r#"{"n":-1.350}"#,
                r#"{"r_half_up":-1.4,"r_half_even":-1.4,"r_half_down":-1.3,"r_floor":-1.4,"r_up":-1.4,"round_up":-1.4,"round_down":-1.3,"floor":-1.4,"ceiling":-1.3,"abs":1.35,"clamp":-0.5,"text":"-1.35"}"#,
            ),
            (
                r#"{"n":-0.04}"#,
                r#"{"r_half_up":0,"r_half_even":0,"r_half_down":0,"r_floor":-0.1,"r_up":-0.1,"round_up":-0.1,"round_down":0,"floor":-0.1,"ceiling":0,"abs":0.04,"clamp":-0.04,"text":"-0.04"}"#,
            ),
            (
                r#"{"n":99.96}"#,
                r#"{"r_half_up":100,"r_half_even":100,"r_half_down":100,"r_floor":99.9,"r_up":100,"round_up":100,"round_down":99.9,"floor":99.9,"ceiling":100,"abs":99.96,"clamp":2,"text":"99.96"}"#,
            ),
            (
                r#"{"n":2.00}"#,
                r#"{"r_half_up":2,"r_half_even":2,"r_half_down":2,"r_floor":2,"r_up":2,"round_up":2,"round_down":2,"floor":2,"ceiling":2,"abs":2,"clamp":2,"text":"2"}"#,
            ),
            (r#"{"w":2.00}"#, r#"{"whole":2}"#),
            (r#"{"w":2.50}"#, "reject R0402 function: R0402"),
            (r#"{"t":"-12.50"}"#, r#"{"number":-12.5}"#),
            (r#"{"t":" 1"}"#, "reject R0402 function: R0402"),
            (r#"{"t":""}"#, "reject R0402 function: R0402"),
            (&text, &number),
            (&long, "reject R0402 function: R0402"),
        ],
    )
}

fn dates() -> Case {
    let mut builder = Builder::default();
    builder.typed.zone = Some("America/New_York".to_owned());
    let failure = Some(builder.reason(Code::R0402, "date"));
    let read = |builder: &mut Builder, name: &str, kind| {
        builder.field(MESSAGE, name, ReadKind::Date(kind), true, Vec::new())
    };
    let day = Write::Date(DateKind::Date);
    let pattern = [text("DD.MM.YYYY hh:mm:ss YYY")];
    let at = || "at";
    let input = read(&mut builder, at(), DateKind::Instant);
    builder.put("day", day, call_or("date", input, &[], failure));
    let input = read(&mut builder, at(), DateKind::Instant);
    builder.put("written", day, call("written_date", input, &[]));
    let input = read(&mut builder, at(), DateKind::Instant);
    builder.put_text("shown", call_or("format", input, &pattern, failure));
    let input = read(&mut builder, at(), DateKind::Instant);
    builder.put_text("text", call("text", input, &[]));
    let input = read(&mut builder, "local", DateKind::Local);
    builder.put("local_day", day, call_or("date", input, &[], failure));
    let input = read(&mut builder, "local", DateKind::Local);
    builder.put("local_time", Write::Date(DateKind::Time), call("time", input, &[]));
    let input = read(&mut builder, "local", DateKind::Local);
    builder.put_text("local_shown", call_or("format", input, &pattern, failure));
    let input = read(&mut builder, "d", DateKind::Date);
    builder.put("later", day, call_or("add_days", input, &[whole(30)], failure));
    let input = read(&mut builder, "d", DateKind::Date);
    builder.put("earlier", day, call_or("add_days", input, &[whole(-1)], failure));
    let input = read(&mut builder, "d", DateKind::Date);
    builder.put_text("d_shown", call_or("format", input, &pattern, failure));
    let conversions = [
        ("t_date", "date", vec![], DateKind::Date),
        ("t_time", "time", vec![], DateKind::Time),
        ("t_instant", "instant", vec![], DateKind::Instant),
        ("t_parse", "parse_date", vec![text("MM/DD/YYYYThh")], DateKind::Date),
    ];
    for (key, function, arguments, kind) in conversions {
        let input = builder.text(MESSAGE, key);
        builder.put(key, Write::Date(kind), call_or(function, input, &arguments, failure));
    }
    let left = read(&mut builder, at(), DateKind::Instant);
    let right = read(&mut builder, "other", DateKind::Instant);
    builder.put("same", Write::Bool, is(left, right, false));
    Case::new(
        "functions on dates",
        builder,
        &[
            (
                r#"{"at":"2024-03-10T06:59:59Z","other":"2024-03-10T07:59:59+01:00"}"#,
                r#"{"day":"2024-03-10","written":"2024-03-10","shown":"10.03.2024 01:59:59 YYY","text":"2024-03-10T06:59:59Z","same":true}"#,
            ),
            (
                r#"{"at":"2024-03-10T07:00:00Z"}"#,
                r#"{"day":"2024-03-10","written":"2024-03-10","shown":"10.03.2024 03:00:00 YYY","text":"2024-03-10T07:00:00Z","same":false}"#,
            ),
            (
                r#"{"at":"2024-07-01T01:00:00+05:30"}"#,
                r#"{"day":"2024-06-30","written":"2024-07-01","shown":"30.06.2024 15:30:00 YYY","text":"2024-06-30T19:30:00Z","same":false}"#,
            ),
            (
                r#"{"at":"1900-01-01T00:00:00Z"}"#,
                r#"{"day":"1899-12-31","written":"1900-01-01","shown":"31.12.1899 19:00:00 YYY","text":"1900-01-01T00:00:00Z","same":false}"#,
            ),
            (
                r#"{"at":"2200-12-31T23:59:59.9Z"}"#,
                r#"{"day":"2200-12-31","written":"2200-12-31","shown":"31.12.2200 18:59:59 YYY","text":"2200-12-31T23:59:59.9Z","same":false}"#,
            ),
            (
                r#"{"at":"2150-07-04T12:00:00Z"}"#,
                r#"{"day":"2150-07-04","written":"2150-07-04","shown":"04.07.2150 08:00:00 YYY","text":"2150-07-04T12:00:00Z","same":false}"#,
            ),
            (r#"{"at":"1899-12-31T23:59:59Z"}"#, "reject R0402 date: R0402"),
            (r#"{"at":"2201-01-01T00:00:00Z"}"#, "reject R0402 date: R0402"),
            (
                r#"{"local":"2024-12-31T23:59:59.500"}"#,
                r#"{"local_day":"2024-12-31","local_time":"23:59:59.5","local_shown":"31.12.2024 23:59:59 YYY","same":false}"#,
            ),
            (
                r#"{"d":"2024-02-01"}"#,
                r#"{"later":"2024-03-02","earlier":"2024-01-31","d_shown":"01.02.2024 00:00:00 YYY","same":false}"#,
            ),
            (r#"{"d":"9999-12-02"}"#, "reject R0402 date: R0402"),
            (r#"{"d":"0001-01-01"}"#, "reject R0402 date: R0402"),
            (r#"{"t_date":"2024-02-29"}"#, r#"{"t_date":"2024-02-29","same":false}"#),
            (r#"{"t_date":"2024-02-30"}"#, "reject R0402 date: R0402"),
            (r#"{"t_time":"01:02:03.40"}"#, r#"{"t_time":"01:02:03.4","same":false}"#),
            (r#"{"t_time":"1:02:03"}"#, "reject R0402 date: R0402"),
            (
                r#"{"t_instant":"2024-01-01T00:00:00+01:00"}"#,
                r#"{"t_instant":"2023-12-31T23:00:00Z","same":false}"#,
            ),
            (r#"{"t_instant":"2024-01-01"}"#, "reject R0402 date: R0402"),
            (r#"{"t_parse":"02/29/2024T23"}"#, r#"{"t_parse":"2024-02-29","same":false}"#),
            (r#"{"t_parse":"02/29/2024T24"}"#, "reject R0402 date: R0402"),
            (r#"{"t_parse":"02/29/2023T00"}"#, "reject R0402 date: R0402"),
            (r#"{"t_parse":"02/29/2024T2"}"#, "reject R0402 date: R0402"),
            (r#"{"t_parse":"02/29/2024T222"}"#, "reject R0402 date: R0402"),
            (r#"{"t_parse":"2/29/2024T22"}"#, "reject R0402 date: R0402"),
            (r#"{"t_parse":"02-29-2024T22"}"#, "reject R0402 date: R0402"),
        ],
    )
}

/// The examples of the library files, each as a map with nothing but the call, and one with nothing but its outcome.
pub fn library_examples() -> Vec<(String, Typed, Option<Typed>)> {
    use mapc_check::library::{Expect, find, names};
    let mut all = Vec::new();
    for example in names()
        .filter_map(find)
        .flat_map(|function| function.examples.iter().map(move |example| (function.name.clone(), example)))
    {
        let (function, example) = example;
        let mut arguments = example.arguments.clone();
        if function == "round" && arguments.len() == 1 {
            arguments.push(text("half_up"));
        }
        let map = |value: Expression, write: Write| {
            let mut builder = Builder::default();
            builder.typed.zone = example.zone.clone();
            builder.reason(Code::R0402, "example");
            builder.put("x", write, value);
            builder.typed
        };
        let failure = Builder::default().typed.reasons.len();
        let called = call_or(&function, constant(example.input.clone()), &arguments, Some(ReasonId(failure)));
        let write = match &example.expect {
            Expect::Value(value) => write_of(value),
            Expect::Missing | Expect::Fails => Write::Text,
        };
        let expected = match &example.expect {
            Expect::Value(value) => Some(map(constant(value.clone()), write)),
            Expect::Missing => Some(map(expression(ExpressionKind::Missing), write)),
            Expect::Fails => None,
        };
        all.push((example.text.clone(), map(called, write), expected));
    }
    all
}

fn write_of(constant: &Constant) -> Write {
    match constant {
        Constant::Text(_) => Write::Text,
        Constant::Decimal(_) => Write::Number { whole: false },
        Constant::Bool(_) => Write::Bool,
        Constant::Date(kind, _) => Write::Date(*kind),
    }
}
