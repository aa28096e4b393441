//! Limits on lists: counts, elements, uniqueness, places, `contains`.

use mapc_diagnostics::Code;
use mapc_types::planted::{Lie, is_on};
use mapc_types::{Length, List, Slot, Type};

use crate::dialect::Draft;
use crate::loader::{Item, Loader, Lowered, Way, items};
use crate::tree::{Json, NodeId};

/// What one schema says about the elements.
#[derive(Default)]
struct Elements {
    /// By place.
    first: Vec<NodeId>,
    /// Behind these; absent: anything.
    rest: Option<NodeId>,
}

/// More places are not looked at one by one.
const PLACES: usize = 256;

impl Loader {
    /// The lists that all schemas admit.
    pub(crate) fn list(&mut self, nodes: &[NodeId], way: Way) -> Type {
        let mut count = Length::ANY;
        let mut unique = false;
        let mut all: Vec<(NodeId, Elements)> = Vec::new();
        let mut every: Vec<NodeId> = Vec::new();
        for node in nodes.iter().copied() {
            let min = self.count(node, "minItems").unwrap_or(0);
            let max = self.count(node, "maxItems");
            count = count.meet(Length::new(min, max));
            if let Some(value) = self.keyword(node, "uniqueItems") {
                match self.tree.boolean(value) {
                    Some(flag) => unique |= flag,
                    None => self.malformed(node, value, "uniqueItems", "true or false"),
                }
            }
            all.push((node, self.elements(node)));
            self.contains(node, way, &mut count, &mut every);
            self.unevaluated_items(node, way, &mut all);
        }
        let places = all.iter().map(|(_, elements)| elements.first.len()).max().unwrap_or(0);
        if all
            .iter()
            .any(|(_, elements)| elements.rest.is_some_and(|rest| self.tree.boolean(rest) == Some(false)))
        {
            let room = all
                .iter()
                .filter(|(_, elements)| {
                    elements.rest.is_some_and(|rest| self.tree.boolean(rest) == Some(false))
                })
                .map(|(_, elements)| elements.first.len())
                .min();
            let room = room.and_then(|room| u64::try_from(room).ok());
            count = count.meet(Length::new(0, room));
        }
        if count.is_empty() {
            return Type::Never;
        }
        let element = self.element(&all, &every, places, count, way);
        if element.is_never() {
            count = count.meet(Length::new(0, Some(0)));
        }
        if count.is_empty() {
            return Type::Never;
        }
        let Lowered { null, value } = element;
        let element = Slot { presence: mapc_types::Presence { absent: false, null }, value };
        Type::List(Box::new(List { element, count, unique: unique && count.max.is_none_or(|max| max > 1) }))
    }

    fn elements(&mut self, node: NodeId) -> Elements {
        let mut elements = Elements::default();
        if let Some(list) = self.keyword(node, "prefixItems") {
            match self.tree.list(list) {
                Some(list) => elements.first = list.to_vec(),
                None => self.malformed(node, list, "prefixItems", "a list of schemas"),
            }
        }
        let Some(value) = self.keyword(node, "items") else { return elements };
        match self.tree.json(value) {
            Json::List(list) if self.dialect.draft < Draft::Draft2020 => {
                elements.first = list.clone();
                elements.rest = self.keyword(node, "additionalItems");
            }
            Json::List(_) => self.malformed(node, value, "items", "a schema"),
            _ => elements.rest = Some(value),
        }
        elements
    }

    /// Asks every element to be one that is looked for: what is left is surely accepted.
    fn contains(&mut self, node: NodeId, way: Way, count: &mut Length, every: &mut Vec<NodeId>) {
        let Some(value) = self.keyword(node, "contains").filter(|_| !is_on(Lie::ContainsIgnored)) else {
            return;
        };
        let min = self.count(node, "minContains").unwrap_or(1);
        let max = self.count(node, "maxContains");
        if way != Way::Under {
            *count = count.meet(Length::new(min, None));
            self.lint(way, Code::W0904, node, "contains", "not used, except that there are enough rows");
            return;
        }
        if min > 0 {
            every.push(value);
        }
        *count = count.meet(Length::new(min, max));
        if min > 0 || max.is_some() {
            self.lint(way, Code::W0904, node, "contains", "every row is asked to be one of those looked for");
        }
    }

    fn unevaluated_items(&mut self, node: NodeId, way: Way, all: &mut Vec<(NodeId, Elements)>) {
        let Some(value) = self.keyword(node, "unevaluatedItems") else { return };
        let evaluated = self.evaluated(node);
        if evaluated.every_item {
            return;
        }
        if way != Way::Under && !evaluated.certain {
            self.lint(way, Code::W0904, node, "unevaluatedItems", "not used");
            return;
        }
        if !evaluated.certain {
            let text = "only rows that are named whatever branch holds are accepted";
            self.lint(way, Code::W0904, node, "unevaluatedItems", text);
        }
        let anything = match self.made.get(&(node, "anything")) {
            Some(known) => *known,
            None => {
                let made = self.tree.make(Json::Bool(true), node);
                self.made.insert((node, "anything"), made);
                made
            }
        };
        all.push((node, Elements { first: vec![anything; evaluated.items], rest: Some(value) }));
    }

    fn element(
        &mut self,
        all: &[(NodeId, Elements)],
        every: &[NodeId],
        places: usize,
        count: Length,
        way: Way,
    ) -> Lowered {
        let whole = |node: NodeId| Item { node, local: false };
        let at = |place: usize| -> Vec<Item> {
            let own =
                all.iter().filter_map(|(_, elements)| elements.first.get(place).copied().or(elements.rest));
            own.chain(every.iter().copied()).map(whole).collect()
        };
        if places == 0 {
            return self.lower(&items(at(0)), way);
        }
        let most = count.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
        let used = places.min(most).min(PLACES);
        let behind = most > used;
        if used == 1 && !behind {
            return self.lower(&items(at(0)), way);
        }
        let owner = all.iter().find(|(_, elements)| !elements.first.is_empty()).map(|(node, _)| *node);
        let owner = owner.unwrap_or(self.root);
        let keyword = if self.dialect.draft >= Draft::Draft2020 { "prefixItems" } else { "items" };
        let rows = (0..used).chain(behind.then_some(if places > PLACES { used } else { places }));
        if way == Way::Under {
            let text = "every row is asked to satisfy what any place of the list asks for";
            self.lint(way, Code::W0904, owner, keyword, text);
            let mut together: Vec<Item> = rows.flat_map(at).collect();
            if places > PLACES {
                together.extend((PLACES..places).flat_map(at));
            }
            return self.lower(&items(together), way);
        }
        if places > PLACES {
            self.lint(
                way,
                Code::W0904,
                owner,
                keyword,
                "there are too many places; rows are read as anything",
            );
            return Lowered { null: true, value: Type::Any };
        }
        let mut null = false;
        let mut types = Vec::new();
        for place in rows.collect::<Vec<_>>() {
            let one = self.lower(&items(at(place)), way);
            null |= one.null;
            types.push(one.value);
        }
        self.lint(way, Code::W0904, owner, keyword, "a row is read as what any place of the list may hold");
        let value = self.unite(types, way, owner);
        Lowered { null, value }
    }
}
