//! jaq: the filter is compiled before; the tables are a variable of it.

use jaq_core::compile::Compiler;
use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Ctx, Filter, Vars, data, unwrap_valr};
use jaq_json::{Val, read, write};

use crate::contestant::Contestant;
use crate::data::Tables;

/// A compiled filter and what it runs with.
pub struct Jaq {
    filter: Filter<data::JustLut<Val>>,
    tables: Val,
    out: Vec<u8>,
}

impl Jaq {
    /// Compiles the filter of a map.
    pub fn compile(map: &str, tables: &Tables) -> Result<Self, String> {
        let code = super::rival_text("common.jq")? + &super::rival_text(&format!("{map}.jq"))?;
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
        let arena = Arena::default();
        let modules = Loader::new(definitions).load(&arena, File { code: code.as_str(), path: () });
        let modules = modules.map_err(|errors| format!("{map}.jq: {errors:?}"))?;
        let compiler = Compiler::default().with_funs(functions).with_global_vars(["$tables"]);
        let filter = compiler.compile(modules).map_err(|errors| format!("{map}.jq: {errors:?}"))?;
        let tables = serde_json::to_vec(tables).map_err(|error| error.to_string())?;
        let tables = read::parse_single(&tables).map_err(|error| error.to_string())?;
        Ok(Self { filter, tables, out: Vec::new() })
    }
}

impl Contestant for Jaq {
    fn map(&mut self, message: &[u8]) -> Option<&[u8]> {
        let input = read::parse_single(message).ok()?;
        let context = Ctx::<data::JustLut<Val>>::new(&self.filter.lut, Vars::new([self.tables.clone()]));
        let result = self.filter.id.run((context, input)).map(unwrap_valr).next()?.ok()?;
        self.out.clear();
        write::write(&mut self.out, &write::Pp::default(), 0, &result).ok()?;
        Some(&self.out)
    }
}
