//! `test` blocks: names and literals checked; the run itself is the work of `mapc test`.

use mapc_grammar::tree::{self, ExpectKind, ExpectTest, Item, Literal};
use mapc_schema::LoadedSchema;
use mapc_types::Type;

use crate::checker::Checker;
use crate::errors;
use crate::source::field_names;
use crate::typed::{Expectation, ExpectationKind, SamplePath, SampleValue, TestCase};

/// Checks every `test` block.
pub(crate) fn check(checker: &mut Checker<'_>) -> Vec<TestCase> {
    let mut tests: Vec<TestCase> = Vec::new();
    for item in &checker.input.tree.items {
        let Item::Test(test) = item else { continue };
        if let Some(first) = tests.iter().find(|known| known.name == test.name.text) {
            let diagnostic = errors::name_taken(&test.name.text, test.name.span, first.span);
            checker.say(diagnostic);
        }
        tests.extend(checker.test_case(test));
    }
    tests
}

impl Checker<'_> {
    fn test_case(&mut self, test: &tree::Test) -> Option<TestCase> {
        let Some(given) = &test.given else {
            self.say(errors::test_without_given(&test.name.text, test.name.span));
            return None;
        };
        let mut with = Vec::new();
        for (path, literal) in &given.with {
            let first = path.segments.first().map(|segment| segment.name.text.as_str());
            if first != self.header.alias.map(|alias| alias.text.as_str()) {
                let alias = self.header.alias.map(|alias| alias.text.clone()).unwrap_or_default();
                self.say(errors::unknown_name(first.unwrap_or_default(), path.span, &[alias], None));
                continue;
            }
            if let Some(schema) = self.source_schema() {
                self.sample_path(schema, path, 1);
            }
            with.push((steps(path, 1), sample_value(literal)));
        }
        if test.expects.is_empty() {
            self.say(errors::test_without_expect(&test.name.text, test.name.span));
        }
        let mut expects = Vec::new();
        for expect in &test.expects {
            let kind = match &expect.kind {
                ExpectKind::Deliver => ExpectationKind::Deliver,
                ExpectKind::Skip => ExpectationKind::Skip,
                ExpectKind::Wait(text) => ExpectationKind::Wait(text.as_ref().map(|text| text.text.clone())),
                ExpectKind::Reject(text) => {
                    ExpectationKind::Reject(text.as_ref().map(|text| text.text.clone()))
                }
                ExpectKind::Key(literal) => match sample_value(literal) {
                    Some(SampleValue::Text(text) | SampleValue::Number(text)) => ExpectationKind::Key(text),
                    _ => {
                        self.say(errors::key_text_expected(expect.span));
                        continue;
                    }
                },
                ExpectKind::Field { path, test } => {
                    if let Some(schema) = self.target_schema() {
                        self.sample_path(schema, path, 0);
                    }
                    let (value, negated) = match test {
                        ExpectTest::Is { value, negated } => (sample_value(value), *negated),
                        ExpectTest::Missing { negated } => (None, *negated),
                    };
                    ExpectationKind::Field { path: steps(path, 0), value, negated }
                }
            };
            expects.push(Expectation { kind, span: expect.span });
        }
        Some(TestCase {
            name: test.name.text.clone(),
            given: given.file.text.clone(),
            with,
            expects,
            span: test.name.span,
        })
    }

    /// Follows a path with indexes through a schema and reports the first unknown name.
    fn sample_path(&mut self, schema: &LoadedSchema, path: &tree::Path, skip: usize) {
        let mut current = schema.root.clone();
        for segment in path.segments.iter().skip(skip) {
            let names = field_names(schema, &current);
            match schema.field(&current, &segment.name.text) {
                Some(slot) => current = schema.resolve(&slot.value).clone(),
                None => {
                    if matches!(schema.resolve(&current), Type::Any) {
                        return;
                    }
                    let near = crate::words::near(&segment.name.text, names.iter().map(AsRef::as_ref));
                    self.say(errors::unknown_in_test(
                        &segment.name.text,
                        segment.name.span,
                        &near,
                        skip == 0,
                    ));
                    return;
                }
            }
            if segment.index.is_some()
                && let Type::List(list) = &current
            {
                current = schema.resolve(&list.element.value).clone();
            }
        }
    }
}

fn steps(path: &tree::Path, skip: usize) -> Vec<SamplePath> {
    let mut steps = Vec::new();
    for segment in path.segments.iter().skip(skip) {
        steps.push(SamplePath::Field(segment.name.text.clone()));
        if let Some((index, _)) = segment.index {
            steps.push(SamplePath::Index(index));
        }
    }
    steps
}

fn sample_value(literal: &Literal) -> Option<SampleValue> {
    match literal {
        Literal::Text(text) => Some(SampleValue::Text(text.text.clone())),
        Literal::Number(number) => Some(SampleValue::Number(number.text.clone())),
        Literal::Bool(flag, _) => Some(SampleValue::Bool(*flag)),
        Literal::Null(_) => Some(SampleValue::Null),
        Literal::None(_) | Literal::Missing(_) => None,
    }
}
