//! Judges one value against one schema, keyword by keyword, with one engine for patterns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Schema;
use super::formats;
use super::index::{Draft, Place};
use super::number::Number;
use super::pattern::Engine;
use super::value::Value;

/// Schemas inside of schemas, deeper than this, are not judged.
const DEPTH: usize = 600;
/// More steps than this are not taken.
const STEPS: u64 = 20_000_000;

/// The names and places of a value that its schema has looked at.
#[derive(Debug, Default)]
pub(super) struct Marks<'value> {
    names: BTreeSet<&'value str>,
    places: BTreeSet<usize>,
}

/// Absent: not valid.
type Verdict<'value> = Option<Marks<'value>>;
type Record = BTreeMap<String, Arc<Value>>;

pub(super) struct Run<'schema> {
    schema: &'schema Schema,
    engine: Engine,
    /// Resources on the way here, outermost first.
    scopes: Vec<usize>,
    depth: usize,
    steps: u64,
}

/// A schema record at work on one value.
struct Work<'run, 'value> {
    record: &'run Record,
    draft: Draft,
    asserts: bool,
    openapi30: bool,
    resource: usize,
    value: &'value Value,
    marks: Marks<'value>,
}

impl<'value> Work<'_, 'value> {
    /// The value of a keyword, if drafts from `since` to `until` know it and this is one.
    fn keyword(&self, name: &str, since: Draft, until: Draft) -> Option<&Arc<Value>> {
        if (since..=until).contains(&self.draft) { self.record.get(name) } else { None }
    }

    fn any(&self, name: &str) -> Option<&Arc<Value>> {
        self.record.get(name)
    }

    /// A keyword of the vocabulary for assertions.
    fn limit(&self, name: &str) -> Option<&Arc<Value>> {
        self.record.get(name).filter(|_| self.asserts)
    }

    fn number(&self, name: &str) -> Result<Option<&Number>, String> {
        match self.limit(name).map(|value| &**value) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number)),
            Some(_) => Err(malformed(name)),
        }
    }

    /// Does the count keep to these two keywords?
    fn count(&self, count: usize, least: &str, most: &str) -> Result<bool, String> {
        let count = Number::of_count(count);
        Ok(self.number(least)?.is_none_or(|least| count >= *least)
            && self.number(most)?.is_none_or(|most| count <= *most))
    }

    fn take(&mut self, marks: Marks<'value>) {
        self.marks.names.extend(marks.names);
        self.marks.places.extend(marks.places);
    }
}

fn malformed(name: &str) -> String {
    format!("`{name}` is not well formed")
}

fn texts<'value>(name: &str, list: &'value Value) -> Result<Vec<&'value str>, String> {
    let list = list.list().ok_or_else(|| malformed(name))?;
    list.iter().map(|one| one.text().ok_or_else(|| malformed(name))).collect()
}

impl<'schema> Run<'schema> {
    pub(super) fn new(schema: &'schema Schema, engine: Engine) -> Self {
        Self { schema, engine, scopes: Vec::new(), depth: 0, steps: 0 }
    }

    /// Is the value valid here, and what of it has been looked at?
    pub(super) fn check<'value>(
        &mut self,
        place: &Place,
        value: &'value Value,
    ) -> Result<Verdict<'value>, String> {
        self.steps += 1;
        if self.depth > DEPTH || self.steps > STEPS {
            return Err("too much work".to_owned());
        }
        let entered = self.scopes.last() != Some(&place.resource);
        if entered {
            self.scopes.push(place.resource);
        }
        self.depth += 1;
        let verdict = match &*place.schema {
            Value::Bool(true) => Ok(Some(Marks::default())),
            Value::Bool(false) => Ok(None),
            Value::Record(record) => self.record(record, place.resource, value),
            _ => Err("a schema that is no record".to_owned()),
        };
        self.depth -= 1;
        if entered {
            self.scopes.pop();
        }
        verdict
    }

    fn valid(&mut self, work: &Work<'_, '_>, schema: &Arc<Value>, value: &Value) -> Result<bool, String> {
        let place = self.schema.index.place(schema, work.resource);
        Ok(self.check(&place, value)?.is_some())
    }

    /// The same value under another schema; its marks count.
    fn also(&mut self, work: &mut Work<'_, '_>, schema: &Arc<Value>) -> Result<bool, String> {
        let place = self.schema.index.place(schema, work.resource);
        self.also_at(work, &place)
    }

    fn also_at(&mut self, work: &mut Work<'_, '_>, place: &Place) -> Result<bool, String> {
        let verdict = self.check(place, work.value)?;
        let valid = verdict.is_some();
        if let Some(marks) = verdict {
            work.take(marks);
        }
        Ok(valid)
    }

    fn record<'value>(
        &mut self,
        record: &Record,
        resource: usize,
        value: &'value Value,
    ) -> Result<Verdict<'value>, String> {
        let Some(known) = self.schema.index.resources.get(resource) else {
            return Err("a schema outside of all documents".to_owned());
        };
        let (draft, asserts, openapi30) = (known.draft, known.asserts, known.openapi30);
        let marks = Marks::default();
        let mut work = Work { record, draft, asserts, openapi30, resource, value, marks };
        if !self.references(&mut work)? {
            return Ok(None);
        }
        let lone = draft <= Draft::Seven && record.get("$ref").is_some_and(|target| target.text().is_some());
        let valid = lone
            || (of_kind(&work)?
                && listed(&work)?
                && self.kinds(&mut work)?
                && self.combined(&mut work)?
                && self.conditional(&mut work)?
                && self.leftovers(&mut work)?);
        Ok(valid.then_some(work.marks))
    }

    fn references(&mut self, work: &mut Work<'_, '_>) -> Result<bool, String> {
        let schema = self.schema;
        if let Some(target) = work.any("$ref").and_then(|target| target.text()) {
            let (place, _) = schema.index.resolve(work.resource, target)?;
            if !self.also_at(work, &place)? {
                return Ok(false);
            }
        }
        let text = |target: Option<&Arc<Value>>| target.and_then(|target| target.text()).map(str::to_owned);
        if let Some(target) = text(work.keyword("$dynamicRef", Draft::Y2020, Draft::Y2020)) {
            let (mut place, anchor) = schema.index.resolve(work.resource, &target)?;
            let resource = |number: usize| schema.index.resources.get(number);
            let dynamic = |number: usize| resource(number)?.dynamic.get(&anchor).map(|found| (found, number));
            if dynamic(place.resource).is_some_and(|(found, _)| found.address() == place.schema.address())
                && let Some((found, number)) = self.scopes.iter().find_map(|scope| dynamic(*scope))
            {
                place = schema.index.place(found, number);
            }
            if !self.also_at(work, &place)? {
                return Ok(false);
            }
        }
        if let Some(target) = text(work.keyword("$recursiveRef", Draft::Y2019, Draft::Y2019)) {
            let (mut place, _) = schema.index.resolve(work.resource, &target)?;
            let recursive = |number: usize| schema.index.resources.get(number).filter(|one| one.recursive);
            if recursive(place.resource).is_some()
                && let Some(number) = self.scopes.iter().find(|scope| recursive(**scope).is_some())
                && let Some(outer) = recursive(*number)
            {
                place = schema.index.place(&outer.root, *number);
            }
            return self.also_at(work, &place);
        }
        Ok(true)
    }

    fn kinds(&mut self, work: &mut Work<'_, '_>) -> Result<bool, String> {
        match work.value {
            Value::Number(number) => in_range(work, number),
            Value::Text(text) => self.text(work, text),
            Value::List(list) => self.list(work, list),
            Value::Record(fields) => self.fields(work, fields),
            Value::Null | Value::Bool(_) => Ok(true),
        }
    }

    fn text(&mut self, work: &Work<'_, '_>, text: &str) -> Result<bool, String> {
        if !work.count(text.chars().count(), "minLength", "maxLength")? {
            return Ok(false);
        }
        if let Some(pattern) = work.limit("pattern") {
            let pattern = pattern.text().ok_or_else(|| malformed("pattern"))?;
            if !self.schema.patterns.matches(self.engine, pattern, text)? {
                return Ok(false);
            }
        }
        let Some(format) = work.any("format") else { return Ok(true) };
        Ok(formats::has(format.text().ok_or_else(|| malformed("format"))?, text))
    }

    fn list<'value>(
        &mut self,
        work: &mut Work<'_, 'value>,
        list: &'value [Arc<Value>],
    ) -> Result<bool, String> {
        if !work.count(list.len(), "minItems", "maxItems")? {
            return Ok(false);
        }
        if work.limit("uniqueItems").is_some_and(|unique| **unique == Value::Bool(true)) {
            self.steps += (list.len() as u64).pow(2) / 2;
            if list.iter().enumerate().any(|(at, one)| list.iter().skip(at + 1).any(|two| one == two)) {
                return Ok(false);
            }
        }
        let items = work.any("items");
        let (heads, rest) = match items.filter(|_| work.draft <= Draft::Y2019).and_then(|items| items.list())
        {
            Some(heads) => (heads, work.keyword("additionalItems", Draft::Four, Draft::Y2019)),
            None => {
                let heads = work.keyword("prefixItems", Draft::Y2020, Draft::Y2020);
                (heads.and_then(|heads| heads.list()).unwrap_or(&[]), items)
            }
        };
        let mut seen = BTreeSet::new();
        for (at, element) in list.iter().enumerate() {
            if let Some(schema) = heads.get(at).or(rest) {
                if !self.valid(work, schema, element)? {
                    return Ok(false);
                }
                seen.insert(at);
            }
        }
        if let Some(schema) = work.keyword("contains", Draft::Seven, Draft::Y2020) {
            let mut found = 0;
            for (at, element) in list.iter().enumerate() {
                if self.valid(work, schema, element)? {
                    found += 1;
                    if work.draft == Draft::Y2020 {
                        seen.insert(at);
                    }
                }
            }
            let bounded = work.draft >= Draft::Y2019;
            let least = if bounded { work.number("minContains")? } else { None };
            let most = if bounded { work.number("maxContains")? } else { None };
            let one = Number::of_count(1);
            let found = Number::of_count(found);
            if found < *least.unwrap_or(&one) || most.is_some_and(|most| found > *most) {
                return Ok(false);
            }
        }
        work.marks.places.extend(seen);
        Ok(true)
    }

    fn fields<'value>(
        &mut self,
        work: &mut Work<'_, 'value>,
        fields: &'value Record,
    ) -> Result<bool, String> {
        if !work.count(fields.len(), "minProperties", "maxProperties")? {
            return Ok(false);
        }
        if let Some(required) = work.limit("required")
            && !texts("required", required)?.iter().all(|name| fields.contains_key(*name))
        {
            return Ok(false);
        }
        let declared = match work.any("properties") {
            Some(declared) => Some(declared.record().ok_or_else(|| malformed("properties"))?),
            None => None,
        };
        let patterns = work.any("patternProperties").and_then(|patterns| patterns.record());
        let rest = work.any("additionalProperties");
        let names = work.keyword("propertyNames", Draft::Seven, Draft::Y2020);
        let mut seen = BTreeSet::new();
        for (name, value) in fields {
            if let Some(schema) = names
                && !self.valid(work, schema, &Value::Text(name.clone()))?
            {
                return Ok(false);
            }
            let mut schemas: Vec<&Arc<Value>> =
                declared.and_then(|declared| declared.get(name)).into_iter().collect();
            for (pattern, schema) in patterns.into_iter().flatten() {
                if self.schema.patterns.matches(self.engine, pattern, name)? {
                    schemas.push(schema);
                }
            }
            if schemas.is_empty() {
                schemas.extend(rest);
            }
            if !schemas.is_empty() {
                seen.insert(name.as_str());
            }
            for schema in schemas {
                if !self.valid(work, schema, value)? {
                    return Ok(false);
                }
            }
        }
        if !self.dependents(work, fields)? {
            return Ok(false);
        }
        work.marks.names.extend(seen);
        Ok(true)
    }

    fn dependents(&mut self, work: &mut Work<'_, '_>, fields: &Record) -> Result<bool, String> {
        let mut needed: Vec<(Arc<Value>, bool)> = Vec::new();
        for keyword in ["dependencies", "dependentSchemas", "dependentRequired"] {
            let known = keyword == "dependencies" || work.draft >= Draft::Y2019;
            let Some(each) = work.any(keyword).filter(|_| known) else { continue };
            let each = each.record().ok_or_else(|| malformed(keyword))?;
            let present = each.iter().filter(|(name, _)| fields.contains_key(*name));
            needed.extend(
                present.map(|(_, need)| (need.clone(), keyword != "dependentRequired" || work.asserts)),
            );
        }
        for (need, counts) in needed {
            let met = match need.list() {
                Some(_) => texts("dependencies", &need)?.iter().all(|name| fields.contains_key(*name)),
                None => self.also(work, &need)?,
            };
            if counts && !met {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn combined(&mut self, work: &mut Work<'_, '_>) -> Result<bool, String> {
        let branches = |name: &str| match work.any(name) {
            None => Ok(None),
            Some(list) => list.list().map(<[_]>::to_vec).map(Some).ok_or_else(|| malformed(name)),
        };
        let (all, any, one) = (branches("allOf")?, branches("anyOf")?, branches("oneOf")?);
        for schema in all.into_iter().flatten() {
            if !self.also(work, &schema)? {
                return Ok(false);
            }
        }
        if let Some(any) = any {
            let mut found = false;
            for schema in any {
                found |= self.also(work, &schema)?;
                if found && !self.schema.index.leftovers {
                    break;
                }
            }
            if !found {
                return Ok(false);
            }
        }
        if let Some(one) = one {
            let mut found = Vec::new();
            for schema in one {
                let place = self.schema.index.place(&schema, work.resource);
                found.extend(self.check(&place, work.value)?);
            }
            if found.len() != 1 {
                return Ok(false);
            }
            found.into_iter().for_each(|marks| work.take(marks));
        }
        match work.any("not") {
            Some(schema) => Ok(!self.valid(work, schema, work.value)?),
            None => Ok(true),
        }
    }

    fn conditional(&mut self, work: &mut Work<'_, '_>) -> Result<bool, String> {
        let part = |name: &str| work.keyword(name, Draft::Seven, Draft::Y2020).cloned();
        let (Some(condition), then, otherwise) = (part("if"), part("then"), part("else")) else {
            return Ok(true);
        };
        let next = if self.also(work, &condition)? { then } else { otherwise };
        next.map_or(Ok(true), |schema| self.also(work, &schema))
    }

    /// `unevaluated…`: what nothing else has looked at.
    fn leftovers(&mut self, work: &mut Work<'_, '_>) -> Result<bool, String> {
        let keyword = |name: &str| work.keyword(name, Draft::Y2019, Draft::Y2020).cloned();
        match (work.value, keyword("unevaluatedItems"), keyword("unevaluatedProperties")) {
            (Value::List(list), Some(schema), _) => {
                for (at, element) in list.iter().enumerate() {
                    if !work.marks.places.contains(&at) && !self.valid(work, &schema, element)? {
                        return Ok(false);
                    }
                }
                work.marks.places.extend(0..list.len());
            }
            (Value::Record(fields), _, Some(schema)) => {
                for (name, value) in fields {
                    if !work.marks.names.contains(name.as_str()) && !self.valid(work, &schema, value)? {
                        return Ok(false);
                    }
                }
                work.marks.names.extend(fields.keys().map(String::as_str));
            }
            _ => {}
        }
        Ok(true)
    }
}

/// `type` and, in OpenAPI 3.0, `nullable`, which adds null to a `type` that is there.
fn of_kind(work: &Work<'_, '_>) -> Result<bool, String> {
    let Some(kind) = work.limit("type") else { return Ok(true) };
    let kinds = match kind.text() {
        Some(kind) => vec![kind],
        None => texts("type", kind)?,
    };
    for kind in kinds {
        let is = match (kind, work.value) {
            ("integer", Value::Number(number)) => number.is_whole(),
            ("null", Value::Null)
            | ("boolean", Value::Bool(_))
            | ("number", Value::Number(_))
            | ("string", Value::Text(_))
            | ("array", Value::List(_))
            | ("object", Value::Record(_)) => true,
            ("null" | "boolean" | "number" | "integer" | "string" | "array" | "object", _) => false,
            _ => return Err(malformed("type")),
        };
        if is {
            return Ok(true);
        }
    }
    let nullable = work.any("nullable").is_some_and(|yes| **yes == Value::Bool(true));
    Ok(work.openapi30 && nullable && *work.value == Value::Null)
}

fn listed(work: &Work<'_, '_>) -> Result<bool, String> {
    if let Some(list) = work.limit("enum") {
        let list = list.list().ok_or_else(|| malformed("enum"))?;
        if !list.iter().any(|one| **one == *work.value) {
            return Ok(false);
        }
    }
    let constant = work.keyword("const", Draft::Seven, Draft::Y2020).filter(|_| work.asserts);
    Ok(constant.is_none_or(|constant| **constant == *work.value))
}

fn in_range(work: &Work<'_, '_>, number: &Number) -> Result<bool, String> {
    if let Some(format) = work.any("format").and_then(|format| format.text())
        && !formats::holds(format, number)
    {
        return Ok(false);
    }
    if work.number("multipleOf")?.is_some_and(|step| !number.is_multiple_of(step)) {
        return Ok(false);
    }
    let (least, most) = (work.number("minimum")?, work.number("maximum")?);
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        return Ok(false);
    }
    if work.draft == Draft::Four {
        let strict = |name: &str| work.limit(name).is_some_and(|yes| **yes == Value::Bool(true));
        return Ok(!(strict("exclusiveMinimum") && least == Some(number)
            || strict("exclusiveMaximum") && most == Some(number)));
    }
    Ok(work.number("exclusiveMinimum")?.is_none_or(|least| number > least)
        && work.number("exclusiveMaximum")?.is_none_or(|most| number < most))
}
