//! Text becomes a [`Tree`], or an E0903 with its place. The only file that knows the JSON reader.

use std::collections::HashSet;
use std::sync::Arc;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use mapc_diagnostics::{Diagnostic, FileId, SourceFile, Span};

use crate::errors;
use crate::tree::{Json, Member, Node, NodeId, Record, Tree};

/// Deeper nesting is refused: every walk over the tree may then recurse.
pub(crate) const DEPTH_LIMIT: usize = 200;
/// Larger files are refused.
const SIZE_LIMIT: usize = 256 * 1024 * 1024;

/// Reads a file into the tree and gives its root.
pub(crate) fn read(
    tree: &mut Tree,
    file: FileId,
    source: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<NodeId> {
    match attempt(tree, file, source, diagnostics) {
        Ok(root) => root,
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            None
        }
    }
}

fn attempt(
    tree: &mut Tree,
    file: FileId,
    source: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<NodeId>, Box<Diagnostic>> {
    let text: &str = &source.text;
    let at = |start: usize, end: usize| Span::new(file, start, end);
    if text.len() > SIZE_LIMIT {
        return Err(Box::new(errors::broken_json(&source.path, at(0, 0), "the file is larger than 256 MiB")));
    }
    if let Err((offset, problem)) = scan(text.as_bytes()) {
        let end =
            text.get(offset..).and_then(|rest| rest.chars().next()).map_or(offset, |c| offset + c.len_utf8());
        return Err(Box::new(errors::broken_json(&source.path, at(offset, end), &problem)));
    }
    let options = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let range = error.range();
        Box::new(errors::broken_json(&source.path, at(range.start, range.end), words(error.kind())))
    })?;
    let Some(value) = parsed.value else {
        return Err(Box::new(errors::broken_json(&source.path, at(0, text.len()), "the file is empty")));
    };
    let mut builder = Builder { tree, file, path: &source.path, diagnostics, sound: true };
    let root = builder.build(value, None);
    Ok(builder.sound.then_some(root))
}

/// What the JSON reader stumbled over, in the analyst's words.
fn words(kind: &ParseErrorKind) -> &'static str {
    match kind {
        ParseErrorKind::TrailingCommasNotAllowed => "a comma stands before a closing bracket or brace",
        ParseErrorKind::CommentsNotAllowed | ParseErrorKind::UnterminatedCommentBlock => {
            "comments are not allowed in JSON"
        }
        ParseErrorKind::ExpectedColonAfterObjectKey => "a colon is missing after the name",
        ParseErrorKind::ExpectedObjectValue => "a value is missing after the colon",
        ParseErrorKind::ExpectedComma => "a comma is missing here",
        ParseErrorKind::ExpectedStringObjectProperty | ParseErrorKind::UnexpectedTokenInObject => {
            "a name in double quotes or a closing brace is expected here"
        }
        ParseErrorKind::SingleQuotedStringsNotAllowed => "texts stand in double quotes in JSON",
        ParseErrorKind::MultipleRootJsonValues => "the file ends here, but more text follows",
        ParseErrorKind::UnterminatedArray => "this bracket is never closed",
        ParseErrorKind::UnterminatedObject => "this brace is never closed",
        ParseErrorKind::String(_) => "this text is not closed, or has an escape that JSON does not know",
        ParseErrorKind::UnexpectedWord => {
            "a value is expected here: text, number, record, list, true, false or null"
        }
        ParseErrorKind::UnexpectedCloseBrace => "a closing brace stands where a value is expected",
        ParseErrorKind::UnexpectedCloseBracket => "a closing bracket stands where a value is expected",
        ParseErrorKind::UnexpectedColon => "a colon stands where a value is expected",
        ParseErrorKind::UnexpectedComma => "a comma stands where a value is expected",
        ParseErrorKind::NestingDepthExceeded => "it is nested deeper than 200 levels",
        _ => "a number or another value is written in a form that JSON does not know",
    }
}

/// Looks at the raw bytes for what the reader below would let pass or could not bear: depth, control
/// characters in texts, white space that JSON does not know.
fn scan(bytes: &[u8]) -> Result<(), (usize, String)> {
    let mut depth = 0usize;
    let mut in_text = false;
    let mut escaped = false;
    for (at, byte) in bytes.iter().copied().enumerate() {
        if in_text {
            match byte {
                0..=0x1F => return Err((at, "a control character stands inside a text".into())),
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > DEPTH_LIMIT {
                    return Err((at, format!("it is nested deeper than {DEPTH_LIMIT} levels")));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            0xEF if at == 0 => {
                return Err((at, "the file begins with a byte order mark; save it without".into()));
            }
            0x80.. => {
                return Err((at, "this character may stand only inside a text in double quotes".into()));
            }
            0..=8 | 11 | 12 | 14..=31 => {
                return Err((at, "a control character stands between values".into()));
            }
            _ => {}
        }
    }
    Ok(())
}

struct Builder<'a> {
    tree: &'a mut Tree,
    file: FileId,
    path: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
    sound: bool,
}

impl Builder<'_> {
    fn build(&mut self, value: Value<'_>, parent: Option<NodeId>) -> NodeId {
        let range = value.range();
        let span = Span::new(self.file, range.start, range.end);
        let id = self.tree.push(Node { json: Json::Null, span, parent, origin: None, line: None });
        let json = match value {
            Value::NullKeyword(_) => Json::Null,
            Value::BooleanLit(literal) => Json::Bool(literal.value),
            Value::NumberLit(literal) => Json::Number(literal.value.into()),
            Value::StringLit(literal) => Json::Text(literal.value.into()),
            Value::Array(array) => {
                Json::List(array.elements.into_iter().map(|element| self.build(element, Some(id))).collect())
            }
            Value::Object(object) => {
                let mut seen: HashSet<Arc<str>> = HashSet::with_capacity(object.properties.len());
                let mut members = Vec::with_capacity(object.properties.len());
                for property in object.properties {
                    let range = property.name.range();
                    let span = Span::new(self.file, range.start, range.end);
                    let name: Arc<str> = property.name.into_string().into();
                    if !seen.insert(name.clone()) {
                        self.diagnostics.push(errors::duplicate_name(self.path, span, &name));
                        self.sound = false;
                    }
                    let value = self.build(property.value, Some(id));
                    members.push(Member { name, span, value });
                }
                Json::Record(Record::new(members))
            }
        };
        if let Some(node) = self.tree.node_mut(id) {
            node.json = json;
        }
        id
    }
}
