//! All contestants: who takes part in which set. Knows nothing of time.

mod borrowed;
mod exact;
#[cfg(feature = "interpreters")]
mod jaq;
mod ours;
mod owned;
mod serde_json_borrowed;
mod sonic;
mod straight;
mod value;
#[cfg(feature = "interpreters")]
mod vrl;

pub use ours::{Compiled, Lane, Ours, artifact, files};

use crate::contestant::{Contestant, Entrant, Filling};
use crate::data::Tables;

/// What contestants are made of: the tables, prepared as each kind wants them, and the compiled maps.
pub struct Stable {
    tables: Tables,
    quick_tables: borrowed::Tables,
    w1: Compiled,
    w2: Compiled,
}

impl Stable {
    /// Compiles the maps.
    pub fn open(tables: Tables) -> Result<Self, String> {
        let quick_tables = borrowed::Tables::new(&tables);
        Ok(Self {
            tables,
            quick_tables,
            w1: Compiled::workspace("w1.map")?,
            w2: Compiled::workspace("w2.map")?,
        })
    }

    /// A compiled map.
    pub fn compiled(&self, map: &str) -> &Compiled {
        if map == "w2" { &self.w2 } else { &self.w1 }
    }

    /// Those of a map's contestants that are wanted, by id.
    pub fn entrants(&self, map: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Entrant<'_>>, String> {
        let mut all = self.handwritten(map);
        all.retain(|entrant| wanted(entrant.id));
        all.extend(self.interpreters(map, &wanted)?);
        all.extend(self.ours(map).into_iter().filter(|entrant| wanted(entrant.id)));
        Ok(all)
    }

    fn handwritten(&self, map: &str) -> Vec<Entrant<'_>> {
        let tables = &self.tables;
        let journal = map == "w2";
        let entrant = |id, name, contestant| Entrant { id, name, exact: true, contestant };
        let owned: Box<dyn Contestant + '_> = if journal {
            Filling::boxed(|message, out| owned::journal(message, tables, out).ok())
        } else {
            Filling::boxed(|message, out| owned::order(message, tables, out).ok())
        };
        let order_tables = borrowed::OrderTables::new(&self.quick_tables);
        let journal_tables = borrowed::JournalTables::new(&self.quick_tables);
        let borrowed: Box<dyn Contestant + '_> = if journal {
            Filling::boxed(move |message, out| serde_json_borrowed::journal(message, &journal_tables, out))
        } else {
            Filling::boxed(move |message, out| serde_json_borrowed::order(message, &order_tables, out))
        };
        let order_tables = borrowed::OrderTables::new(&self.quick_tables);
        let journal_tables = borrowed::JournalTables::new(&self.quick_tables);
        let sonic: Box<dyn Contestant + '_> = if journal {
            Filling::boxed(move |message, out| sonic::journal(message, &journal_tables, out))
        } else {
            Filling::boxed(move |message, out| sonic::order(message, &order_tables, out))
        };
        let value: Box<dyn Contestant + '_> = if journal {
            Filling::boxed(|message, out| value::journal(message, tables, out))
        } else {
            Filling::boxed(|message, out| value::order(message, tables, out))
        };
        let mut all = vec![
            entrant("owned", "(a) serde structs, owned", owned),
            entrant("borrowed", "(b) serde structs, borrowed", borrowed),
            entrant("sonic", "(c) sonic-rs structs, borrowed", sonic),
            entrant("value", "(d) serde_json::Value", value),
        ];
        if !journal {
            let straight = Box::new(straight::Straight::new(&self.quick_tables));
            all.push(entrant("straight", "straight-line code for W1", straight));
        }
        all
    }

    #[cfg(feature = "interpreters")]
    fn interpreters(&self, map: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Entrant<'_>>, String> {
        let mut all = Vec::new();
        let mut entrant = |id, name, contestant| all.push(Entrant { id, name, exact: false, contestant });
        if wanted("vrl") {
            entrant("vrl", "VRL", Box::new(vrl::Vrl::compile(map, &self.tables)?) as Box<dyn Contestant>);
        }
        if wanted("jaq") {
            entrant("jaq", "jaq", Box::new(jaq::Jaq::compile(map, &self.tables)?));
        }
        Ok(all)
    }

    #[cfg(not(feature = "interpreters"))]
    fn interpreters(&self, _map: &str, _wanted: impl Fn(&str) -> bool) -> Result<Vec<Entrant<'_>>, String> {
        Ok(Vec::new())
    }

    /// Ours, once for each way of reading this machine has.
    fn ours(&self, map: &str) -> Vec<Entrant<'_>> {
        let compiled = self.compiled(map);
        let entrant = |lane: Lane| Entrant {
            id: lane.id(),
            name: lane.title(),
            exact: true,
            contestant: Box::new(Ours::new(&compiled.program, lane)),
        };
        Lane::available().into_iter().map(entrant).collect()
    }
}

/// The text of a rival's program.
#[cfg(feature = "interpreters")]
fn rival_text(name: &str) -> Result<String, String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workspace/rivals").join(name);
    std::fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))
}
