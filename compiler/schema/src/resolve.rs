//! Where a `$ref` leads: JSON pointers, anchors and identifiers inside the file. Never fetches anything.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use mapc_diagnostics::nearest;

use crate::dialect::{Dialect, Draft};
use crate::tree::{Json, NodeId, Tree};

/// The names by which parts of a schema can be reached.
#[derive(Debug)]
pub(crate) struct Resolver {
    dialect: Dialect,
    root: NodeId,
    /// Identifiers (without fragment) of embedded schemas.
    ids: BTreeMap<String, NodeId>,
    /// Identifier of each schema that has one.
    uris: HashMap<NodeId, String>,
    anchors: HashMap<(NodeId, Arc<str>), NodeId>,
    dynamic: HashMap<Arc<str>, usize>,
    /// There is a `$recursiveAnchor`.
    recursive: bool,
    /// The embedded schema in which a value lies, where that is not the root.
    resource: HashMap<NodeId, NodeId>,
}

/// Why a reference leads nowhere.
pub(crate) enum Unresolved {
    /// Out of the file.
    Remote,
    /// To a place that does not exist; names near it.
    Missing(Vec<String>),
    /// It depends on where it is reached from.
    Dynamic,
}

/// Keywords whose value is a schema.
const ONE: &[&str] = &[
    "not",
    "if",
    "then",
    "else",
    "items",
    "additionalItems",
    "additionalProperties",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords whose value is a list of schemas.
const MANY: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems", "items"];
/// Keywords whose value maps names to schemas.
const NAMED: &[&str] =
    &["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];

impl Resolver {
    pub(crate) fn new(tree: &Tree, root: NodeId, dialect: Dialect) -> Self {
        let mut resolver = Self {
            dialect,
            root,
            ids: BTreeMap::new(),
            uris: HashMap::new(),
            anchors: HashMap::new(),
            dynamic: HashMap::new(),
            recursive: false,
            resource: HashMap::new(),
        };
        resolver.uris.insert(root, String::new());
        resolver.visit(tree, root, root, 0);
        resolver
    }

    fn visit(&mut self, tree: &Tree, id: NodeId, resource: NodeId, depth: usize) {
        let Some(record) = tree.record(id) else { return };
        if depth > crate::read::DEPTH_LIMIT {
            return;
        }
        let mut resource = resource;
        let hidden = self.dialect.lone_ref() && record.get("$ref").is_some();
        if let Some(name) = record.get(self.dialect.id_keyword()).and_then(|value| tree.text(value))
            && !hidden
        {
            if let (Some(anchor), true) = (name.strip_prefix('#'), self.dialect.lone_ref()) {
                self.anchors.insert((resource, anchor.into()), id);
            } else {
                let base = self.uris.get(&resource).cloned().unwrap_or_default();
                let (bare, fragment) = name.split_once('#').unwrap_or((name, ""));
                let uri = join(&base, bare);
                self.ids.entry(uri.clone()).or_insert(id);
                self.uris.insert(id, uri);
                resource = id;
                if !fragment.is_empty() && !fragment.starts_with('/') {
                    self.anchors.insert((id, fragment.into()), id);
                }
            }
        }
        if self.dialect.draft >= Draft::Draft2019 {
            self.recursive |=
                record.get("$recursiveAnchor").and_then(|flag| tree.boolean(flag)) == Some(true);
            for keyword in ["$anchor", "$dynamicAnchor"] {
                if let Some(anchor) = record.get(keyword).and_then(|value| tree.text(value)) {
                    self.anchors.entry((resource, anchor.clone())).or_insert(id);
                    if keyword == "$dynamicAnchor" {
                        *self.dynamic.entry(anchor.clone()).or_default() += 1;
                    }
                }
            }
        }
        if resource != self.root {
            self.resource.insert(id, resource);
        }
        for member in record.iter() {
            let keyword: &str = &member.name;
            if ONE.contains(&keyword) {
                self.visit(tree, member.value, resource, depth + 1);
            }
            if MANY.contains(&keyword) {
                for one in tree.list(member.value).unwrap_or(&[]) {
                    self.visit(tree, *one, resource, depth + 1);
                }
            }
            if NAMED.contains(&keyword)
                && let Some(schemas) = tree.record(member.value)
            {
                for schema in schemas.iter() {
                    self.visit(tree, schema.value, resource, depth + 1);
                }
            }
        }
    }

    /// The embedded schema in which a value lies.
    fn resource_of(&self, tree: &Tree, id: NodeId) -> NodeId {
        let mut current = Some(tree.written(id));
        let mut steps = 0;
        while let Some(node) = current {
            if let Some(resource) = self.resource.get(&node) {
                return *resource;
            }
            steps += 1;
            if steps > 1_000 {
                break;
            }
            current = tree.parent(node).map(|parent| tree.written(parent));
        }
        self.root
    }

    /// Where a `$ref` in the schema `from` leads.
    pub(crate) fn resolve(&self, tree: &Tree, from: NodeId, reference: &str) -> Result<NodeId, Unresolved> {
        let (bare, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = if bare.is_empty() && self.ids.is_empty() {
            self.root
        } else {
            let own = self.resource_of(tree, from);
            if bare.is_empty() {
                own
            } else {
                let base = self.uris.get(&own).cloned().unwrap_or_default();
                *self.ids.get(&join(&base, bare)).ok_or(Unresolved::Remote)?
            }
        };
        let fragment = percent_decoded(fragment).ok_or_else(|| Unresolved::Missing(Vec::new()))?;
        if fragment.is_empty() {
            return Ok(resource);
        }
        let Some(pointer) = fragment.strip_prefix('/') else {
            return self.anchors.get(&(resource, fragment.as_str().into())).copied().ok_or_else(|| {
                let names = self.anchors.keys().map(|(_, name)| &**name);
                Unresolved::Missing(
                    nearest(&fragment, names).into_iter().map(|near| format!("#{near}")).collect(),
                )
            });
        };
        let mut current = resource;
        let mut walked = String::from("#");
        for part in pointer.split('/') {
            let part = part.replace("~1", "/").replace("~0", "~");
            let next = match tree.json(current) {
                Json::Record(record) => record.get(&part),
                Json::List(list) => part.parse::<usize>().ok().and_then(|at| list.get(at).copied()),
                _ => None,
            };
            let Some(next) = next else {
                let names =
                    tree.record(current).into_iter().flat_map(|record| record.iter().map(|m| &*m.name));
                let near = nearest(&part, names).into_iter().map(|near| format!("{walked}/{near}")).collect();
                return Err(Unresolved::Missing(near));
            };
            walked.push('/');
            walked.push_str(&part);
            current = next;
        }
        Ok(current)
    }

    /// Where a `$dynamicRef` leads, if that does not depend on where it is reached from.
    pub(crate) fn resolve_dynamic(
        &self,
        tree: &Tree,
        from: NodeId,
        reference: &str,
    ) -> Result<NodeId, Unresolved> {
        let anchor = reference.split_once('#').map_or("", |(_, fragment)| fragment);
        let target = self.resolve(tree, from, reference)?;
        let own = tree.get(target, "$dynamicAnchor").and_then(|name| tree.text(name));
        let open = own.is_some_and(|name| &**name == anchor);
        // With one anchor of the name there is only one place it can mean.
        let fixed = !open || self.dynamic.get(anchor).copied().unwrap_or(0) <= 1;
        if fixed { Ok(target) } else { Err(Unresolved::Dynamic) }
    }

    /// Where a `$recursiveRef` leads, if that does not depend on where it is reached from.
    pub(crate) fn resolve_recursive(&self, tree: &Tree, from: NodeId) -> Result<NodeId, Unresolved> {
        if self.ids.len() <= 1 || !self.recursive {
            self.resolve(tree, from, "#")
        } else {
            Err(Unresolved::Dynamic)
        }
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Resolves a relative reference without fragment against a base, as RFC 3986 section 5.2 does.
fn join(base: &str, reference: &str) -> String {
    let scheme_end = |text: &str| {
        let end = text.find(':')?;
        let scheme = text.get(..end)?;
        let sound = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        sound.then_some(end + 1)
    };
    if reference.is_empty() {
        return base.to_owned();
    }
    if scheme_end(reference).is_some() {
        return reference.to_owned();
    }
    let (scheme, rest) = base.split_at(scheme_end(base).unwrap_or(0));
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => {
            let end = after.find('/').map_or(rest.len(), |at| at + 2);
            rest.split_at(end)
        }
        None => ("", rest),
    };
    if reference.starts_with("//") {
        return format!("{scheme}{reference}");
    }
    let path = path.split('?').next().unwrap_or("");
    let merged = if reference.starts_with('/') {
        reference.to_owned()
    } else if reference.starts_with('?') {
        format!("{path}{reference}")
    } else {
        let folder = path.rfind('/').and_then(|at| path.get(..=at));
        let folder = folder.unwrap_or(if authority.is_empty() { "" } else { "/" });
        format!("{folder}{reference}")
    };
    format!("{scheme}{authority}{}", without_dots(&merged))
}

fn without_dots(path: &str) -> String {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    let pieces: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    for (at, piece) in pieces.iter().enumerate() {
        let last = at + 1 == pieces.len();
        match *piece {
            "." => {
                if last {
                    parts.push("");
                }
            }
            ".." => {
                parts.pop();
                if last {
                    parts.push("");
                }
            }
            piece => parts.push(piece),
        }
    }
    let joined = parts.join("/");
    let path = if rooted { format!("/{joined}") } else { joined };
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}
