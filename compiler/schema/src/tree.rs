//! A JSON text as a flat tree: every value with its place and its text. Knows nothing of schemas.

use std::collections::HashMap;
use std::sync::Arc;

use mapc_diagnostics::Span;

/// Number of a value in a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

/// A JSON value. Numbers keep their text.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Arc<str>),
    Text(Arc<str>),
    List(Vec<NodeId>),
    Record(Record),
    /// Stands for another value; only the loader makes these, where an overlay leads through a `$ref`.
    Link(NodeId),
}

/// The members of a record in the order of the text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    members: Vec<Member>,
    index: Option<HashMap<Arc<str>, usize>>,
}

/// A name with its value.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: Arc<str>,
    pub(crate) span: Span,
    pub(crate) value: NodeId,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) json: Json,
    pub(crate) span: Span,
    /// The value that holds this one.
    pub(crate) parent: Option<NodeId>,
    /// The value this one was made from, for values that stand in no file.
    pub(crate) origin: Option<NodeId>,
    /// The overlay line it comes from.
    pub(crate) line: Option<u32>,
}

/// All values of a schema, its overlays and what the loader adds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

/// Above this number of members a record is looked up by hash.
const INDEX_FROM: usize = 12;

impl Record {
    pub(crate) fn new(members: Vec<Member>) -> Self {
        let index = (members.len() >= INDEX_FROM)
            .then(|| members.iter().enumerate().map(|(at, member)| (member.name.clone(), at)).collect());
        Self { members, index }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        match &self.index {
            Some(index) => self.members.get(*index.get(name)?),
            None => self.members.iter().find(|member| &*member.name == name),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<NodeId> {
        self.member(name).map(|member| member.value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    pub(crate) fn set(&mut self, name: Arc<str>, span: Span, value: NodeId) {
        let at = match &self.index {
            Some(index) => index.get(&name).copied(),
            None => self.members.iter().position(|member| member.name == name),
        };
        match at.and_then(|at| self.members.get_mut(at)) {
            Some(member) => member.value = value,
            None => {
                if let Some(index) = &mut self.index {
                    index.insert(name.clone(), self.members.len());
                }
                self.members.push(Member { name, span, value });
            }
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        let members = std::mem::take(&mut self.members);
        *self = Self::new(members.into_iter().filter(|member| &*member.name != name).collect());
    }
}

impl Tree {
    pub(crate) fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    /// Adds a value that stands in no file: made from `origin`, which lends it its place.
    pub(crate) fn make(&mut self, json: Json, origin: NodeId) -> NodeId {
        let (span, line) = (self.span(origin), self.line(origin));
        self.push(Node { json, span, parent: None, origin: Some(origin), line })
    }

    /// Adds a record made from `origin`.
    pub(crate) fn make_record<'a>(
        &mut self,
        members: impl IntoIterator<Item = (&'a str, NodeId)>,
        origin: NodeId,
    ) -> NodeId {
        let members = members
            .into_iter()
            .map(|(name, value)| Member { name: name.into(), span: self.span(value), value })
            .collect();
        self.make(Json::Record(Record::new(members)), origin)
    }

    /// Number of values.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(usize::try_from(id.0).ok()?)
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(usize::try_from(id.0).ok()?)
    }

    pub(crate) fn json(&self, id: NodeId) -> &Json {
        self.node(id).map_or(&Json::Null, |node| &node.json)
    }

    pub(crate) fn span(&self, id: NodeId) -> Span {
        self.node(id).map_or(Span::new(mapc_diagnostics::FileId(0), 0, 0), |node| node.span)
    }

    pub(crate) fn line(&self, id: NodeId) -> Option<u32> {
        self.node(id).and_then(|node| node.line)
    }

    pub(crate) fn origin(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).and_then(|node| node.origin)
    }

    /// The value in the file that this one was made from.
    pub(crate) fn written(&self, id: NodeId) -> NodeId {
        let mut current = id;
        for _ in 0..1_000 {
            match self.origin(current) {
                Some(origin) => current = origin,
                None => break,
            }
        }
        current
    }

    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).and_then(|node| node.parent)
    }

    pub(crate) fn record(&self, id: NodeId) -> Option<&Record> {
        match self.json(id) {
            Json::Record(record) => Some(record),
            _ => None,
        }
    }

    pub(crate) fn get(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.record(id)?.get(name)
    }

    pub(crate) fn list(&self, id: NodeId) -> Option<&[NodeId]> {
        match self.json(id) {
            Json::List(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) fn text(&self, id: NodeId) -> Option<&Arc<str>> {
        match self.json(id) {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn boolean(&self, id: NodeId) -> Option<bool> {
        match self.json(id) {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The texts of a list of texts; other values are passed over.
    pub(crate) fn texts(&self, id: NodeId) -> Vec<(Arc<str>, NodeId)> {
        self.list(id).unwrap_or(&[]).iter().filter_map(|one| Some((self.text(*one)?.clone(), *one))).collect()
    }

    /// JSON pointer of a value in its file; for a value that the loader made, of what it was made from.
    pub(crate) fn pointer(&self, id: NodeId) -> String {
        let mut parts = Vec::new();
        let mut current = self.written(id);
        while let Some(parent) = self.parent(current) {
            let part = match self.json(parent) {
                Json::Record(record) => record
                    .iter()
                    .find(|member| member.value == current)
                    .map(|member| member.name.replace('~', "~0").replace('/', "~1")),
                Json::List(list) => list.iter().position(|one| *one == current).map(|at| at.to_string()),
                _ => None,
            };
            parts.extend(part);
            current = self.written(parent);
            if parts.len() > 1_000 {
                break;
            }
        }
        parts.iter().rev().fold(String::new(), |mut text, part| {
            text.push('/');
            text.push_str(part);
            text
        })
    }
}
