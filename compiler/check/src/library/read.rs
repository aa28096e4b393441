//! Reads the library files. Their form is described in `stdlib/signatures.md`.

use std::iter::Peekable;
use std::str::Chars;

use indexmap::IndexMap;
use mapc_diagnostics::Code;
use mapc_stdlib::File;
use mapc_types::DateKind;

use super::amount::Amount;
use super::arguments::Arguments;
use super::function::{
    ArgumentKind, Class, Condition, Doubt, Example, Expect, Extra, Fact, Function, GridRule, Kind, Library,
    Parameter, Signature,
};
use super::pattern::{self, Pattern};
use super::{calendar, exact};
use crate::typed::Constant;

/// What is wrong with a library file, for the one who writes it.
pub(super) type Fault = String;

/// Reads the files in order; later ones may use the `letters` and `class` lines of earlier ones.
pub(super) fn library(files: &[File]) -> Result<Library, Fault> {
    let mut reader = Reader::default();
    for file in files {
        reader.file = file.name;
        for (number, line) in file.text.lines().enumerate() {
            reader.line(line).map_err(|fault| format!("{}:{}: {fault}", file.name, number + 1))?;
        }
        if reader.open.is_some() {
            return Err(format!("{}: a block is not closed", file.name));
        }
        reader.comment.clear();
    }
    Ok(reader.library)
}

#[derive(Default)]
struct Reader {
    library: Library,
    letters: IndexMap<String, String>,
    file: &'static str,
    /// Comment lines directly above.
    comment: Vec<String>,
    /// The block that is being read, and its function.
    open: Option<(String, Signature)>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), Fault> {
        let trimmed = line.trim();
        if let Some((name, mut signature)) = self.open.take() {
            if trimmed == "}" {
                return self.close(name, signature);
            }
            self.fact(trimmed, &mut signature)?;
            self.open = Some((name, signature));
        } else if let Some(comment) = trimmed.strip_prefix('#') {
            self.comment.push(comment.to_owned());
        } else if trimmed.is_empty() {
            self.comment.clear();
        } else if let Some(rest) = trimmed.strip_prefix("letters ") {
            let (name, text) = self.definition(rest)?;
            self.letters.insert(name, text.0);
        } else if let Some(rest) = trimmed.strip_prefix("class ") {
            self.class(rest)?;
        } else if let Some(rest) = trimmed.strip_prefix("native ") {
            self.open = Some(header(rest)?);
        } else {
            return Err(format!("not understood: {trimmed}"));
        }
        Ok(())
    }

    /// `NAME = "PATTERN" REST`
    fn definition(&self, text: &str) -> Result<(String, (String, String)), Fault> {
        let (name, rest) = text.split_once('=').ok_or("no `=`")?;
        let (pattern, rest) = quoted(rest.trim())?;
        Ok((name.trim().to_owned(), (self.filled(&pattern), rest.trim().to_owned())))
    }

    fn class(&mut self, text: &str) -> Result<(), Fault> {
        let (name, (pattern, flag)) = self.definition(text)?;
        let language =
            pattern::compile(&pattern).ok_or_else(|| format!("the pattern cannot be built: {pattern}"))?;
        let cased = match flag.as_str() {
            "" => false,
            "cased" => true,
            other => return Err(format!("not understood: {other}")),
        };
        let own = self.library.classes.len();
        for class in &mut self.library.classes {
            if pattern::is_inside(&class.language, &language) {
                class.inside.push(own);
            }
        }
        self.library.classes.push(Class { name, language, cased, inside: Vec::new() });
        Ok(())
    }

    /// The pattern with the `letters` lines filled in.
    fn filled(&self, pattern: &str) -> String {
        self.letters
            .iter()
            .fold(pattern.to_owned(), |text, (name, letters)| text.replace(&format!("<{name}>"), letters))
    }

    fn close(&mut self, name: String, signature: Signature) -> Result<(), Fault> {
        check_names(&signature)?;
        let mut words = Vec::new();
        let mut examples = Vec::new();
        for line in self.comment.drain(..) {
            if line.contains("-->") {
                examples.push(example(line.trim(), &name)?);
            } else {
                words.push(line.trim().to_owned());
            }
        }
        let function = self.library.functions.entry(name.clone()).or_insert_with(|| Function {
            name: name.clone(),
            file: self.file,
            doc: String::new(),
            examples: Vec::new(),
            signatures: Vec::new(),
        });
        if function.signature(signature.input).is_some() {
            return Err(format!("`{name}` takes {} twice", signature.input.word()));
        }
        if function.doc.is_empty() {
            function.doc = words.join(" ");
        } else if !words.is_empty() {
            return Err(format!("`{name}` is described twice"));
        }
        function.examples.extend(examples);
        function.signatures.push(signature);
        Ok(())
    }

    fn fact(&self, line: &str, signature: &mut Signature) -> Result<(), Fault> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let fact = match (word, rest) {
            ("same", rest) => {
                Fact::Same(self.condition(rest.strip_prefix("when ").ok_or("`same` needs `when`")?)?)
            }
            ("length", rest) => {
                let (range, when) = match rest.split_once(" when ") {
                    Some((range, when)) => (range, Some(self.condition(when)?)),
                    None => (rest, None),
                };
                let (least, most) = range_of(range)?;
                Fact::Length { least, most, when }
            }
            ("keeps", "all") => Fact::KeepsAll,
            ("keeps", "beginnings") => Fact::KeepsBeginnings,
            ("keeps", rest) => {
                let (cased, rest) = match rest.strip_prefix("cased ") {
                    Some(rest) => (true, rest),
                    None => (false, rest),
                };
                let rest = rest.strip_prefix("classes").ok_or("`keeps` needs `all` or `classes`")?.trim();
                let with = match rest.strip_prefix("with ") {
                    Some(text) if text.starts_with('"') => Some(Extra::Text(quoted(text)?.0)),
                    Some(name) => Some(Extra::Argument(name.to_owned())),
                    None if rest.is_empty() => None,
                    None => return Err(format!("not understood: {rest}")),
                };
                Fact::KeepsClasses { cased, with }
            }
            ("in", rest) => Fact::In(self.pattern(rest)?),
            ("range", rest) => {
                let (least, most) = range_of(rest)?;
                Fact::Range { least, most }
            }
            ("grid", "kept") => Fact::Grid(GridRule::Kept),
            ("grid", "1") => Fact::Grid(GridRule::Whole),
            ("grid", rest) => Fact::Grid(if let Some(name) = rest.strip_prefix("rounded ") {
                GridRule::Rounded(name.to_owned())
            } else if let Some(names) = rest.strip_prefix("with ") {
                GridRule::With(names.split(' ').map(str::to_owned).collect())
            } else {
                return Err(format!("not understood: {line}"));
            }),
            ("writes", "number") => Fact::WritesNumber,
            ("reads", "number") => Fact::ReadsNumber,
            ("writes", "pattern") => Fact::WritesPattern,
            ("needs", "zone") => {
                signature.needs_zone = true;
                return Ok(());
            }
            ("may", rest) => {
                let rest = rest.strip_prefix("be missing").ok_or("`may` needs `be missing`")?;
                signature.missing = Some(self.doubt(rest)?);
                return Ok(());
            }
            ("fails", rest) => {
                let (code, rest) = rest.split_at_checked(5).ok_or("`fails` needs a code")?;
                let code = match code {
                    "R0402" => Code::R0402,
                    "R0403" => Code::R0403,
                    other => return Err(format!("not a code of failures: {other}")),
                };
                signature.fails = Some((code, self.doubt(rest)?));
                return Ok(());
            }
            _ => return Err(format!("not understood: {line}")),
        };
        signature.facts.push(fact);
        Ok(())
    }

    fn doubt(&self, text: &str) -> Result<Doubt, Fault> {
        match text.trim() {
            "" => Ok(Doubt { unless: None }),
            text => {
                let condition =
                    text.strip_prefix("unless ").ok_or_else(|| format!("not understood: {text}"))?;
                Ok(Doubt { unless: Some(self.condition(condition)?) })
            }
        }
    }

    /// A pattern in quotes, or the standard texts of a kind of date.
    fn pattern(&self, text: &str) -> Result<Pattern, Fault> {
        if let Ok(Kind::Date(kind)) = kind(text) {
            return Ok(Pattern::of_date_kind(kind));
        }
        let (pattern, rest) = quoted(text)?;
        if !rest.is_empty() {
            return Err(format!("not understood: {rest}"));
        }
        let pattern = Pattern::new(self.filled(&pattern));
        if pattern.ready.is_none() && pattern.names().is_empty() {
            return Err(format!("the pattern cannot be built: {}", pattern.text));
        }
        Ok(pattern)
    }

    fn condition(&self, text: &str) -> Result<Condition, Fault> {
        let parts: Vec<&str> = text.split(" and ").map(str::trim).collect();
        if parts.len() > 1 {
            return Ok(Condition::All(
                parts.into_iter().map(|part| self.condition(part)).collect::<Result<_, _>>()?,
            ));
        }
        let text = text.trim();
        if let Some(pattern) = text.strip_prefix("in ") {
            return Ok(Condition::In(self.pattern(pattern)?));
        }
        if text == "grid 1" {
            return Ok(Condition::Whole);
        }
        if let Some((left, right)) = text.split_once("<=") {
            return Ok(Condition::AtMost(amount(left)?, amount(right)?));
        }
        let class = self.library.classes.iter().position(|class| class.name == text);
        class.map(Condition::Class).ok_or_else(|| format!("no such condition: {text}"))
    }
}

/// Every name in the facts is an argument or a word of its place.
fn check_names(signature: &Signature) -> Result<(), Fault> {
    let parameter = |name: &str| signature.parameters.iter().any(|parameter| parameter.name == name);
    let words: &[&str] = match signature.input {
        Kind::Text => &["min", "max"],
        Kind::Number => &["low", "high"],
        Kind::YesNo | Kind::Date(_) => &[],
    };
    let mut names = Vec::new();
    let of_condition = |condition: &Condition, names: &mut Vec<String>| {
        let mut rest = vec![condition];
        while let Some(condition) = rest.pop() {
            match condition {
                Condition::All(all) => rest.extend(all),
                Condition::AtMost(left, right) => {
                    left.names(names);
                    right.names(names);
                }
                Condition::In(pattern) => names.extend(pattern.names()),
                Condition::Class(_) | Condition::Whole => {}
            }
        }
    };
    for fact in &signature.facts {
        match fact {
            Fact::Same(condition) => of_condition(condition, &mut names),
            Fact::Length { least, most, when } => {
                least.names(&mut names);
                most.names(&mut names);
                if let Some(condition) = when {
                    of_condition(condition, &mut names);
                }
            }
            Fact::Range { least, most } => {
                least.names(&mut names);
                most.names(&mut names);
            }
            Fact::KeepsClasses { with: Some(Extra::Argument(name)), .. } => names.push(name.clone()),
            Fact::In(pattern) => names.extend(pattern.names()),
            Fact::Grid(GridRule::Rounded(name)) => names.push(name.clone()),
            Fact::Grid(GridRule::With(arguments)) => names.extend(arguments.iter().cloned()),
            Fact::WritesPattern => names.push("pattern".to_owned()),
            _ => {}
        }
    }
    let doubts = [signature.missing.as_ref(), signature.fails.as_ref().map(|(_, doubt)| doubt)];
    for condition in doubts.into_iter().flatten().filter_map(|doubt| doubt.unless.as_ref()) {
        of_condition(condition, &mut names);
    }
    match names.iter().find(|name| !parameter(name) && !words.contains(&name.as_str())) {
        Some(name) => Err(format!("no such name: {name}")),
        None => Ok(()),
    }
}

/// `NAME(value: KIND, ...) -> KIND {`
fn header(text: &str) -> Result<(String, Signature), Fault> {
    let (name, rest) = text.split_once('(').ok_or("no `(`")?;
    let (inside, rest) = rest.split_once(')').ok_or("no `)`")?;
    let result = rest.trim().strip_prefix("->").and_then(|rest| rest.trim().strip_suffix('{'));
    let result = kind(result.ok_or("a header ends with `-> KIND {`")?.trim())?;
    let mut parts = inside.split(',').map(str::trim);
    let input = parts.next().and_then(|part| part.strip_prefix("value:")).ok_or("no `value`")?;
    let parameters = parts.map(parameter).collect::<Result<_, _>>()?;
    let signature = Signature {
        input: kind(input.trim())?,
        parameters,
        result,
        needs_zone: false,
        missing: None,
        fails: None,
        facts: Vec::new(),
    };
    Ok((name.trim().to_owned(), signature))
}

fn kind(word: &str) -> Result<Kind, Fault> {
    Kind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| format!("no such kind: {word}"))
}

fn parameter(text: &str) -> Result<Parameter, Fault> {
    let (name, kind) = text.split_once(':').ok_or("an argument needs `: KIND`")?;
    let kind = kind.trim();
    let range = kind.strip_prefix("count ").or_else(|| kind.strip_prefix("whole "));
    let kind = match kind {
        "decimals" => ArgumentKind::Whole { least: 0, most: 34 },
        "number" => ArgumentKind::Number { from: None },
        "text" => ArgumentKind::Text,
        "filled text" => ArgumentKind::FilledText,
        "character" => ArgumentKind::Character,
        "pattern" => ArgumentKind::Pattern { time: true, full: false },
        "day pattern" => ArgumentKind::Pattern { time: false, full: false },
        "full day pattern" => ArgumentKind::Pattern { time: false, full: true },
        "rounding" => ArgumentKind::Rounding,
        other => {
            if let Some(name) = other.strip_prefix("number from ") {
                ArgumentKind::Number { from: Some(name.to_owned()) }
            } else if let Some((least, most)) = range.and_then(|range| range.split_once("..")) {
                let end = |text: &str| text.trim().parse().map_err(|_| format!("not a number: {text}"));
                ArgumentKind::Whole { least: end(least)?, most: end(most)? }
            } else {
                return Err(format!("no such argument: {other}"));
            }
        }
    };
    Ok(Parameter { name: name.trim().to_owned(), kind })
}

/// A text in quotes, and what follows it. `\"`, `\t`, `\n`, `\r` and `\u{…}` are read; any other backslash stays.
fn quoted(text: &str) -> Result<(String, &str), Fault> {
    let mut characters = text.strip_prefix('"').ok_or("a text in quotes is needed")?.chars();
    let mut value = String::new();
    loop {
        match characters.next().ok_or("a text is not closed")? {
            '"' => return Ok((value, characters.as_str())),
            '\\' => match characters.next().ok_or("a text is not closed")? {
                '"' => value.push('"'),
                't' => value.push('\t'),
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                'u' => {
                    let rest = characters.as_str().strip_prefix('{').ok_or("`\\u` needs `{`")?;
                    let (digits, rest) = rest.split_once('}').ok_or("`\\u{` needs `}`")?;
                    let code = u32::from_str_radix(digits, 16).map_err(|_| "not a code point")?;
                    value.push(char::from_u32(code).ok_or("not a code point")?);
                    characters = rest.chars();
                }
                other => value.extend(['\\', other]),
            },
            other => value.push(other),
        }
    }
}

/// `VALUE | NAME ARGUMENTS [in "ZONE"] --> OUTCOME`
fn example(line: &str, function: &str) -> Result<Example, Fault> {
    let (input, rest) = constant(line)?;
    let rest = rest.trim_start().strip_prefix("| ").ok_or("an example needs `|`")?;
    let mut rest = rest.strip_prefix(function).ok_or("the example is of another function")?.trim_start();
    let mut arguments = Vec::new();
    let mut zone = None;
    loop {
        if let Some(outcome) = rest.strip_prefix("-->") {
            let expect = match outcome.trim() {
                "missing" => Expect::Missing,
                "fails" => Expect::Fails,
                value => Expect::Value(constant(value)?.0),
            };
            return Ok(Example { text: line.to_owned(), input, arguments, zone, expect });
        }
        if let Some(name) = rest.strip_prefix("in ") {
            let (name, tail) = quoted(name)?;
            zone = Some(name);
            rest = tail.trim_start();
        } else {
            let (argument, tail) = constant(rest)?;
            arguments.push(argument);
            rest = tail.trim_start();
        }
    }
}

/// A constant of an example, and what follows it.
fn constant(text: &str) -> Result<(Constant, &str), Fault> {
    let text = text.trim_start();
    if text.starts_with('"') {
        let (value, rest) = quoted(text)?;
        return Ok((Constant::Text(value), rest));
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).ok_or("a value is needed")?;
    let date = |kind: DateKind| Constant::Date(kind, word.to_owned());
    let value = match word {
        "yes" => Constant::Bool(true),
        "no" => Constant::Bool(false),
        _ if calendar::read_date(word).is_some() => date(DateKind::Date),
        _ if calendar::read_time(word).is_some() => date(DateKind::Time),
        _ if calendar::read_local(word).is_some() => date(DateKind::Local),
        _ if calendar::read_instant(word).is_some() => date(DateKind::Instant),
        _ => Constant::Decimal(exact::read_decimal(word).ok_or_else(|| format!("not a value: {word}"))?),
    };
    Ok((value, rest))
}

fn range_of(text: &str) -> Result<(Amount, Amount), Fault> {
    let (least, most) = text.split_once(" .. ").ok_or("a range needs ` .. `")?;
    Ok((amount(least)?, amount(most)?))
}

fn amount(text: &str) -> Result<Amount, Fault> {
    let mut reader = AmountReader { rest: text.chars().peekable() };
    let amount = reader.sum()?;
    match reader.peek() {
        None => Ok(amount),
        Some(other) => Err(format!("not understood: {other} in {text}")),
    }
}

struct AmountReader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl AmountReader<'_> {
    fn peek(&mut self) -> Option<char> {
        while self.rest.next_if(|next| *next == ' ').is_some() {}
        self.rest.peek().copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        self.peek() == Some(wanted) && self.rest.next().is_some()
    }

    fn need(&mut self, wanted: char) -> Result<(), Fault> {
        if self.take(wanted) { Ok(()) } else { Err(format!("`{wanted}` is needed")) }
    }

    fn sum(&mut self) -> Result<Amount, Fault> {
        let mut left = self.product()?;
        loop {
            if self.take('+') {
                left = Amount::Add(Box::new(left), Box::new(self.product()?));
            } else if self.take('-') {
                left = Amount::Subtract(Box::new(left), Box::new(self.product()?));
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Result<Amount, Fault> {
        let mut left = self.single()?;
        loop {
            if self.take('*') {
                left = Amount::Multiply(Box::new(left), Box::new(self.single()?));
            } else if self.take('/') {
                left = Amount::Divide(Box::new(left), Box::new(self.single()?));
            } else {
                return Ok(left);
            }
        }
    }

    fn word(&mut self) -> Result<String, Fault> {
        let quoted = self.take('"');
        self.peek();
        let mut word = String::new();
        while let Some(next) = self.rest.next_if(|next| next.is_ascii_alphanumeric() || *next == '_') {
            word.push(next);
        }
        if quoted {
            self.need('"')?;
        }
        if word.is_empty() { Err("a name or number is needed".to_owned()) } else { Ok(word) }
    }

    fn single(&mut self) -> Result<Amount, Fault> {
        if self.take('-') {
            return Ok(Amount::Negate(Box::new(self.single()?)));
        }
        if self.take('(') {
            let inside = self.sum()?;
            self.need(')')?;
            return Ok(inside);
        }
        let word = self.word()?;
        if let Ok(number) = word.parse() {
            return Ok(Amount::Number(number));
        }
        if !self.take('(') {
            return Ok(Amount::Name(word));
        }
        let amount = match word.as_str() {
            "length" => Amount::LengthOf(self.word()?),
            "round" => {
                let inside = Box::new(self.sum()?);
                self.need(',')?;
                let places = self.word()?;
                self.need(',')?;
                Amount::Round(inside, places, self.word()?)
            }
            "min" | "max" => {
                let first = Box::new(self.sum()?);
                let mut others = Vec::new();
                while self.take(',') {
                    others.push(self.sum()?);
                }
                if word == "min" { Amount::Least(first, others) } else { Amount::Most(first, others) }
            }
            other => return Err(format!("no such operation: {other}")),
        };
        self.need(')')?;
        Ok(amount)
    }
}

impl Condition {
    /// Holds for every value of a text or number with these properties.
    pub(super) fn holds(
        &self,
        arguments: &Arguments<'_>,
        length: mapc_types::Length,
        inside: &dyn Fn(&mapc_types::Language) -> bool,
        classes: &[Class],
        whole: bool,
    ) -> bool {
        match self {
            Condition::All(all) => all.iter().all(|one| one.holds(arguments, length, inside, classes, whole)),
            Condition::AtMost(left, right) => {
                match (left.length(length, arguments), right.length(length, arguments)) {
                    (Some(left), Some(right)) => left <= right,
                    _ => false,
                }
            }
            Condition::Class(index) => classes.get(*index).is_some_and(|class| inside(&class.language)),
            Condition::In(pattern) => pattern.language(arguments).is_some_and(|language| inside(&language)),
            Condition::Whole => whole,
        }
    }
}
