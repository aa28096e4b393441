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

pub use ours::{Compiled, Lane, Ours};

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
        Ok(Self { tables, quick_tables, w1: Compiled::workspace("w1.map")?, w2: Compiled::workspace("w2.map")? })
    }

    /// A compiled map.
    pub fn compiled(&self, map: &str) -> &Compiled {
        if map == "w2" { &self.w2 } else { &self.w1 }
    }

    /// Contestants that a goal compares others with, and ours.
    pub fn rated(&self, map: &str) -> Vec<Entrant<'_>> {
        let mut all = self.handwritten(map);
        all.retain(|entrant| matches!(entrant.id, "owned" | "borrowed"));
        all.extend(self.ours(map));
        all
    }

    /// Everyone.
    pub fn everyone(&self, map: &str) -> Result<Vec<Entrant<'_>>, String> {
        let mut all = self.handwritten(map);
        all.extend(self.interpreters(map)?);
        all.extend(self.ours(map));
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
        if !journal && false {
            let straight = Box::new(straight::Straight::new(&self.quick_tables));
            all.push(entrant("straight", "straight-line code for W1", straight));
        }
        all
    }

    #[cfg(feature = "interpreters")]
    fn interpreters(&self, map: &str) -> Result<Vec<Entrant<'_>>, String> {
        let vrl = Box::new(vrl::Vrl::compile(map, &self.tables)?);
        let jaq = Box::new(jaq::Jaq::compile(map, &self.tables)?);
        Ok(vec![
            Entrant { id: "vrl", name: "VRL", exact: false, contestant: vrl },
            Entrant { id: "jaq", name: "jaq", exact: false, contestant: jaq },
        ])
    }

    #[cfg(not(feature = "interpreters"))]
    fn interpreters(&self, _map: &str) -> Result<Vec<Entrant<'_>>, String> {
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
