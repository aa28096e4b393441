//! Messages are written as they are meant, and the search is the same every time.

use crate::hints::Hints;
use crate::message::Message;
use crate::values::{candidates, plain};
use mapc_types::{Language, Length, Text, Type};

#[test]
fn a_message_is_written_in_one_line_and_long_texts_are_shortened() {
    let rows = vec![Message::Number("1".to_owned()); 5];
    let long = Message::Text("memo ".repeat(61));
    let message = Message::Record(vec![
        ("memo".to_owned(), long),
        ("rows".to_owned(), Message::List(rows)),
        ("quote".to_owned(), Message::Text("a\"\n\u{1}".to_owned())),
    ]);
    assert!(!message.to_string().contains('\n'));
    assert!(message.to_string().ends_with("\"rows\":[1,1,1,1,1],\"quote\":\"a\\\"\\n\\u0001\"}"));
    assert_eq!(
        message.shortened(),
        "{\"memo\":\"memo memo memo m… (305 characters)\",\"rows\":[1, … (5 rows)],\"quote\":\"a\\\"\\n\\u0001\"}"
    );
}

#[test]
fn values_lie_in_their_type_and_at_its_limits() {
    let capitals = Language::from_full_pattern("[A-Z]{2,12}").unwrap();
    let of = Type::Text(Text::in_language(capitals.clone()));
    assert_eq!(plain(&of, "country"), Some(Message::Text("COUNTRY".to_owned())));
    let two = Language::from_full_pattern("[A-Z]{2}").unwrap();
    let hints = Hints { languages: vec![two.clone()], lengths: vec![8], ..Hints::default() };
    let found = candidates(&of, "country", &hints, false);
    let texts: Vec<&String> = found
        .iter()
        .map(|one| match one {
            Message::Text(text) => text,
            other => panic!("{other}"),
        })
        .collect();
    assert!(texts.iter().all(|text| capitals.contains(text)), "{texts:?}");
    assert!(texts.iter().any(|text| !two.contains(text)) && texts.iter().any(|text| two.contains(text)));
    assert!(texts.iter().any(|text| text.chars().count() == 9), "{texts:?}");
    let free = Type::Text(Text::any().with_length(Length::new(0, Some(40))));
    let hints = Hints { lengths: vec![30], ..Hints::default() };
    let found = candidates(&free, "note", &hints, false);
    let count = |length: usize| {
        found.iter().any(|one| matches!(one, Message::Text(text) if text.chars().count() == length))
    };
    assert!(count(31) && count(40) && count(0) && !count(41));
}
