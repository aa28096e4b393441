//! Limits on numbers: bounds, grids, lists of values. All exact.

use mapc_diagnostics::Code;
use mapc_types::planted::{Lie, is_on};
use mapc_types::{BigRational, Bound, Decimal, Interval, Type, parse_decimal};
use num_traits::Signed;

use crate::expand::{FRACTION, Kinds};
use crate::loader::{Loader, Way};
use crate::text::VALUES;
use crate::tree::{Json, NodeId};

/// A bound of a schema.
struct Limit {
    keyword: &'static str,
    low: bool,
    inclusive: bool,
    value: NodeId,
}

impl Loader {
    /// The numbers that all schemas admit.
    pub(crate) fn number(&mut self, nodes: &[NodeId], kinds: Kinds, way: Way) -> Type {
        let mut limit = if kinds & FRACTION == 0 { Decimal::whole() } else { Decimal::any() };
        for node in nodes {
            for Limit { keyword, low, inclusive, value } in self.limits(*node) {
                let Some(number) = self.exact(*node, keyword, value, way) else {
                    if way == Way::Under {
                        return Type::Never;
                    }
                    continue;
                };
                let bound = Some(Bound { value: number, inclusive });
                let interval = if low {
                    Interval { low: bound, high: None }
                } else {
                    Interval { low: None, high: bound }
                };
                limit.interval = limit.interval.meet(&interval);
            }
            if let Some(value) = self.keyword(*node, "multipleOf") {
                match self.exact(*node, "multipleOf", value, way) {
                    Some(grid) if grid.is_positive() => {
                        limit = limit.meet(&Decimal { grid: Some(grid), ..Decimal::default() });
                    }
                    Some(_) => self.malformed(*node, value, "multipleOf", "a number above 0"),
                    None if way == Way::Under => return Type::Never,
                    None => {}
                }
            }
            // A source of whole numbers is read within the same bounds, and the read tests them where they are used.
            let bounded = way == Way::Under || (way == Way::Over && kinds & FRACTION == 0);
            if bounded && let Some(bits) = self.whole_format(*node) {
                let power = BigRational::from_integer(num_bigint::BigInt::from(2).pow(bits - 1));
                let one = BigRational::from_integer(1.into());
                limit = limit.meet(&Decimal::between(-power.clone(), power - one));
                limit = limit.meet(&Decimal::whole());
            }
        }
        let lost = std::cell::Cell::new(false);
        let listed = self.listed(nodes, |json| match json {
            Json::Number(text) => {
                let value = parse_decimal(text);
                lost.set(lost.get() || value.is_none());
                value
            }
            _ => None,
        });
        let Some(listed) = listed else {
            let limit = limit.normalize();
            return if limit.is_empty() { Type::Never } else { Type::Decimal(limit) };
        };
        if lost.get() && way != Way::Under {
            self.too_long(nodes, way);
            let limit = limit.normalize();
            return if limit.is_empty() { Type::Never } else { Type::Decimal(limit) };
        }
        if lost.get() {
            self.too_long(nodes, way);
        }
        let mut values: Vec<BigRational> = listed.into_iter().filter(|value| limit.contains(value)).collect();
        if values.len() > VALUES {
            self.too_many_values(nodes, way);
            if way == Way::Under {
                values.truncate(VALUES);
            }
        }
        if values.is_empty() { Type::Never } else { Type::Decimal(Decimal::of_set(values)) }
    }

    fn too_long(&mut self, nodes: &[NodeId], way: Way) {
        for node in nodes {
            if self.keyword(*node, "enum").is_some() || self.keyword(*node, "const").is_some() {
                self.lint(
                    way,
                    Code::W0904,
                    *node,
                    "enum",
                    "a number has too many digits to work with; left out",
                );
            }
        }
    }

    /// `int32` and `int64` bound what a system takes.
    fn whole_format(&self, node: NodeId) -> Option<u32> {
        let name = self.tree.text(self.keyword(node, "format")?)?;
        match &**name {
            "int32" => Some(32),
            "int64" => Some(64),
            _ => None,
        }
    }

    fn limits(&mut self, node: NodeId) -> Vec<Limit> {
        let mut found = Vec::new();
        let sides = [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)];
        for (keyword, exclusive, low) in sides {
            let flag = self.keyword(node, exclusive);
            let strict = flag.and_then(|flag| self.tree.boolean(flag)) == Some(true);
            if let Some(value) = self.keyword(node, keyword) {
                found.push(Limit { keyword, low, inclusive: !strict, value });
            }
            if let Some(value) = flag
                && self.tree.boolean(value).is_none()
            {
                let inclusive = is_on(Lie::ExclusiveReadAsInclusive);
                found.push(Limit { keyword: exclusive, low, inclusive, value });
            }
        }
        found
    }

    /// The exact value of a keyword.
    fn exact(&mut self, node: NodeId, keyword: &str, value: NodeId, way: Way) -> Option<BigRational> {
        let Json::Number(text) = self.tree.json(value) else {
            self.malformed(node, value, keyword, "a number");
            return None;
        };
        let found = parse_decimal(text);
        if found.is_none() {
            let code = if way == Way::Under { Code::E0905 } else { Code::W0904 };
            self.lint(way, code, node, keyword, "this number has too many digits to work with");
        }
        found
    }
}
