//! Planted lies: a stored witness for each, and the search for one among random cases.

use std::collections::BTreeMap;

use mapc_model::member::{Dialect, Reading, Schema};
use mapc_types::planted::{Lie, with};
use serde_json::{Value, json};

use crate::campaign::again;
use crate::case::Case;
use crate::choices::Choices;
use crate::generate::json::Json;
use crate::generate::message;
use crate::pairs;
use crate::question::{self, Answer, Side};

/// What shows that a rule is unsound.
#[derive(Clone, Debug)]
pub enum Witness {
    /// A map that should not pass, and a message it then delivers wrongly.
    Map {
        /// Schemas and map.
        case: Box<Case>,
        /// The message.
        message: String,
    },
    /// Two schemas of which the one is not inside the other, and a document of the one alone.
    Pair {
        /// Schema that admits the document.
        inside: String,
        /// Schema that refuses it.
        outside: String,
        /// The document.
        document: String,
    },
}

/// The stored witnesses, by the name of the lie.
///
/// # Errors
/// The file is not what it should be.
pub fn stored() -> Result<BTreeMap<String, Witness>, String> {
    let text = include_str!("../lies.yaml");
    let all: BTreeMap<String, Value> = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    all.into_iter().map(|(name, entry)| witness(&entry).map(|witness| (name, witness))).collect()
}

fn witness(entry: &Value) -> Result<Witness, String> {
    let part = |name: &str| {
        entry.get(name).and_then(Value::as_str).map(str::to_owned).ok_or(format!("no `{name}` in {entry}"))
    };
    let schema = |name: &str| entry.get(name).cloned().ok_or(format!("no `{name}` in {entry}"));
    if entry.get("inside").is_some() {
        let whole = |name: &str| schema(name).map(|schema| in_dialect(schema, "2020-12").to_string());
        return Ok(Witness::Pair {
            inside: whole("inside")?,
            outside: whole("outside")?,
            document: part("document")?,
        });
    }
    let dialect = part("dialect").unwrap_or("2020-12".to_owned());
    let record = |name: &str| {
        let mut schema = in_dialect(schema(name)?, &dialect);
        schema.as_object_mut().ok_or("a schema is a record")?.insert("type".to_owned(), json!("object"));
        Ok::<String, String>(schema.to_string())
    };
    let before = part("before").unwrap_or_default();
    let lines = part("lines")?.replace('\n', "\n  ");
    let deliver = match part("operation") {
        Ok(operation) => format!("deliver {{\n  {operation} by id\n}}\n"),
        Err(_) => String::new(),
    };
    let map = format!(
        "map test.record version 1\nfrom shop.record@1 as order\nto erp.record@1\n{before}\nfields {{\n  {lines}\n}}\n{deliver}"
    );
    let target = record("target")?;
    let judges = vec![target.clone()];
    let case = Case { source: record("source")?, target, judges, map, ..Case::default() };
    Ok(Witness::Map { case: Box::new(case), message: part("message")? })
}

fn in_dialect(mut schema: Value, dialect: &str) -> Value {
    let (keyword, value) = match dialect {
        "2020-12" => ("$schema", "https://json-schema.org/draft/2020-12/schema"),
        other => ("x-mapc-dialect", other),
    };
    if let Some(record) = schema.as_object_mut() {
        record.insert(keyword.to_owned(), json!(value));
    }
    schema
}

impl Witness {
    /// Does the claim break on it? What is wrong, in words.
    ///
    /// # Errors
    /// The witness itself is wrong: its document is none of the inner schema, or all of the outer.
    pub fn breaks(&self) -> Result<Option<String>, String> {
        match self {
            Witness::Map { case, message } => {
                Ok(again(case, Some(message.as_bytes()), None).err().map(|failure| failure.words))
            }
            Witness::Pair { inside, outside, document } => {
                let valid = |schema: &str| {
                    let schema = Schema::new(schema, Dialect::Draft202012, &BTreeMap::new())?;
                    schema.accepts(document.as_bytes(), Reading::Both)
                };
                if !valid(inside)? || valid(outside)? {
                    return Err(format!("{document} is no witness"));
                }
                let answer = question::is_inside(&Side::load(inside)?, &Side::load(outside)?);
                Ok((answer == Answer::Inside).then(|| format!("{document} is said to be impossible")))
            }
        }
    }

    /// The same while the lie is told.
    ///
    /// # Errors
    /// As [`Witness::breaks`].
    pub fn breaks_under(&self, lie: Lie) -> Result<Option<String>, String> {
        with(lie, || self.breaks())
    }
}

/// What the search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hunt {
    /// Found after so many cases; in words.
    Found(u64, String),
    /// Not among so many cases.
    Missed(u64),
}

/// Looks for the lie among random cases, as the ordinary runs would: maps for most, pairs of schemas for comparisons. A
/// case that breaks the claim without the lie does not count as found.
pub fn hunt(lie: Lie, cases: u64, seed: u64) -> Hunt {
    for number in 0..cases {
        let attempt = || {
            let mut choices = Choices::of(seed, number);
            if is_about_pairs(lie) { pair(&mut choices) } else { map(lie, &mut choices) }
        };
        if let Some(words) = with(lie, attempt)
            && attempt().is_none()
        {
            return Hunt::Found(number + 1, words);
        }
    }
    Hunt::Missed(cases)
}

/// Told where two whole schemas are compared, which no map does.
fn is_about_pairs(lie: Lie) -> bool {
    matches!(
        lie,
        Lie::FitsAbsentRequired | Lie::FitsEqualRows | Lie::FitsNull | Lie::FitsUndeclared | Lie::FitsCount
    )
}

/// What a case must have for the lie to matter; others are made and passed over.
fn needs(lie: Lie) -> (Where, &'static str) {
    use Where::{Map, Target};
    match lie {
        Lie::UpperKeepsLength | Lie::UpperOfLatinAsAscii | Lie::UpperKeepsClasses => (Map, "| upper"),
        Lie::LowerKeepsLength => (Map, "| lower"),
        Lie::CutKeepsLeast => (Map, "| cut"),
        Lie::PadBoundsLength => (Map, "| pad_left"),
        Lie::TrimKeepsLeast => (Map, "| trim"),
        Lie::SqueezeKeepsLeast => (Map, "| squeeze"),
        Lie::ReplaceKeepsMost => (Map, "| replace"),
        Lie::WithoutPrefixKeepsLeast => (Map, "| without_prefix"),
        Lie::BeforeKeepsLeast => (Map, "| before"),
        Lie::PartNeverMissing => (Map, "| part"),
        Lie::AfterNeverMissing => (Map, "| after"),
        Lie::NonblankNeverMissing => (Map, "| nonblank"),
        Lie::DigitsKeepsLeast => (Map, "| digits"),
        Lie::EndKeepsBeginnings => (Map, "| end"),
        Lie::RoundKeepsRange => (Map, "| round"),
        Lie::FloorKeepsRange => (Map, "| floor"),
        Lie::AbsKeepsRange => (Map, "| abs"),
        Lie::ClampKeepsGrid => (Map, "| clamp"),
        Lie::MomentHasNoFraction => (Map, "| text"),
        Lie::SubtractAdds => (Map, " - "),
        Lie::ProductOfTwoCorners => (Map, " * "),
        Lie::EmptySumHasElements | Lie::SumOfOne => (Map, "sum("),
        Lie::FirstOfNothing => (Map, "("),
        Lie::CutKeepsLimit => (Map, "cut"),
        Lie::RoundNotLookedAtAgain => (Map, "round"),
        Lie::OmittedIsThere => (Map, "omit"),
        Lie::DefaultUnchecked => (Map, "default"),
        Lie::NoneIsAValue => (Map, "none"),
        Lie::TemplateNeverMissing => (Map, "{"),
        Lie::ReferenceIsShort => (Map, "xref"),
        Lie::FilterKeepsLeast => (Map, " where "),
        Lie::ListGuardDropped | Lie::CountNotTested => (Map, "each"),
        Lie::ConditionAlwaysHolds => (Map, " when "),
        Lie::ChoiceCoversMissing => (Map, "choose"),
        Lie::JoinKeepsFacts => (Map, " or "),
        Lie::NullIsDropped => (Map, "deliver"),
        Lie::ElseForgetsFallback | Lie::JoinForgetsRightText | Lie::JoinForgetsRightNumber => (Map, "else"),
        Lie::OneOfAsAnyOf => (Target, "oneOf"),
        Lie::IfIgnored => (Target, "\"if\""),
        Lie::NotIgnored => (Target, "\"not\""),
        Lie::NullableAddsNullToEnum => (Target, "nullable"),
        Lie::RefDropsSiblings => (Target, "$ref"),
        Lie::ClosedSeesAllOf => (Target, "allOf"),
        Lie::ExclusiveReadAsInclusive | Lie::OpenEndIsClosed => (Target, "exclusiveM"),
        Lie::FormatIgnored => (Target, "format"),
        Lie::DependentIgnored => (Target, "depende"),
        Lie::FieldCountIgnored => (Target, "minProperties"),
        Lie::ContainsIgnored => (Target, "contains"),
        Lie::PatternReadWide => (Target, "pattern"),
        _ => (Map, ""),
    }
}

/// Where a word must stand.
enum Where {
    Map,
    Target,
}

fn map(lie: Lie, choices: &mut Choices) -> Option<String> {
    const MESSAGES: usize = 24;
    let case = Case::random(choices);
    let (text, word) = match needs(lie) {
        (Where::Map, word) => (&case.map, word),
        (Where::Target, word) => (&case.target, word),
    };
    if !text.contains(word) {
        return None;
    }
    let checked = match case.check() {
        Ok(checked) if checked.accepted() => checked,
        Ok(_) => return None,
        Err(failure) => return Some(failure.words),
    };
    let source = Json::parse(&case.source).ok()?;
    let messages: Vec<Vec<u8>> = (0..MESSAGES).map(|_| message::message(&source, choices).1).collect();
    let endings = match checked.run(&messages) {
        Ok(endings) => endings,
        Err((_, failure)) => return Some(failure.words),
    };
    let judges = case.judges().ok()?;
    let documents = endings.iter().filter_map(mapc_harness::ending::Ending::document);
    documents.into_iter().find_map(|document| judges.judge(document).err()).map(|failure| failure.words)
}

fn pair(choices: &mut Choices) -> Option<String> {
    let one = pairs::schema(choices);
    let two = pairs::near(&one, choices);
    let (inside, outside) = (one.to_string(), two.to_string());
    let answer = question::is_inside(&Side::load(&inside).ok()?, &Side::load(&outside).ok()?);
    if answer != Answer::Inside {
        return None;
    }
    let schema = |text: &str| Schema::new(text, Dialect::Draft202012, &BTreeMap::new()).ok();
    let (inner, outer) = (schema(&inside)?, schema(&outside)?);
    (0..40).find_map(|_| {
        let document = pairs::document(&one, choices).to_string();
        let is = |schema: &Schema| schema.accepts(document.as_bytes(), Reading::Both);
        (is(&inner) == Ok(true) && is(&outer) == Ok(false))
            .then(|| format!("{document} is said to be impossible"))
    })
}
