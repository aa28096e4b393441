//! Walks over rows and what is made of many rows. Knows nothing of the document.

use std::cmp::Ordering;

use mapc_check::typed::{Aggregate, Arithmetic, Expression, ReasonId, RowSource, Rows, RowsId};

use crate::decimal::Decimal;
use crate::json::Json;
use crate::run::{Run, Stop};
use crate::source;
use crate::value::{Cell, Value};

/// Rows that belong together.
struct Group<'message> {
    rows: Vec<&'message Json>,
    group: Option<Value>,
    sort: Option<Value>,
}

impl<'message> Run<'message> {
    /// Calls `body` with the row variable bound to each row (or group) in turn.
    pub(crate) fn walk(
        &mut self,
        id: RowsId,
        body: &mut dyn FnMut(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let rows = self.entry(&self.typed.rows, id.0)?;
        let elements = self.elements(rows)?;
        let mut position = 0;
        if rows.group.is_none() && rows.sort.is_none() {
            for element in elements {
                self.bind(rows.scope, vec![element], position + 1);
                if self.keeps(rows)? {
                    position += 1;
                    body(self)?;
                }
            }
            return Ok(());
        }
        for group in self.groups(rows, elements)? {
            position += 1;
            self.bind(rows.scope, group.rows, position);
            body(self)?;
        }
        Ok(())
    }

    /// Element of one row, picked when all rows are known.
    fn pick(
        &mut self,
        function: &Aggregate,
        id: RowsId,
        element: &Expression,
        failure: Option<ReasonId>,
    ) -> Result<Cell, Stop> {
        let scope = self.entry(&self.typed.rows, id.0)?.scope;
        let mut kept = Vec::new();
        self.walk(id, &mut |run| {
            kept.push(run.group(scope));
            Ok(())
        })?;
        if *function == Aggregate::Only && kept.len() > 1 {
            return Err(self.failure(failure));
        }
        let picked = if *function == Aggregate::Last { kept.pop() } else { kept.into_iter().next() };
        let Some(picked) = picked else { return Ok(Cell::Absent) };
        self.bind(scope, picked, 1);
        self.evaluate(element)
    }

    fn elements(&mut self, rows: &Rows) -> Result<Vec<&'message Json>, Stop> {
        match rows.source {
            RowSource::Group { scope } => Ok(self.group(scope)),
            RowSource::List { list, scope } => {
                let list = self.entry(&self.typed.source_lists, list.0)?;
                source::rows(list, self.row(scope))
                    .map_err(|refusal| self.refused(refusal, list.source_reason))
            }
        }
    }

    fn keeps(&mut self, rows: &Rows) -> Result<bool, Stop> {
        match &rows.filter {
            Some(filter) => Ok(self.evaluate(filter)?.is_true()),
            None => Ok(true),
        }
    }

    fn groups(&mut self, rows: &Rows, elements: Vec<&'message Json>) -> Result<Vec<Group<'message>>, Stop> {
        let mut groups: Vec<Group<'message>> = Vec::new();
        for element in elements {
            self.bind(rows.scope, vec![element], 0);
            if !self.keeps(rows)? {
                continue;
            }
            if let Some(key) = &rows.group {
                let group = self.evaluate(key)?.value();
                match groups.iter_mut().find(|known| same(known.group.as_ref(), group.as_ref())) {
                    Some(known) => known.rows.push(element),
                    None => groups.push(Group { rows: vec![element], group, sort: None }),
                }
            } else {
                let sort = self.sort_key(rows)?;
                groups.push(Group { rows: vec![element], group: None, sort });
            }
        }
        let Some(sort) = &rows.sort else { return Ok(groups) };
        if rows.group.is_some() {
            for group in &mut groups {
                self.bind(rows.scope, group.rows.clone(), 0);
                group.sort = self.sort_key(rows)?;
            }
        }
        groups.sort_by(|left, right| match (&left.sort, &right.sort) {
            (Some(left), Some(right)) => {
                let order = left.compare(right).unwrap_or(Ordering::Equal);
                if sort.descending { order.reverse() } else { order }
            }
            // A missing key comes last.
            (left, right) => left.is_none().cmp(&right.is_none()),
        });
        Ok(groups)
    }

    fn sort_key(&mut self, rows: &Rows) -> Result<Option<Value>, Stop> {
        match &rows.sort {
            Some(sort) => Ok(self.evaluate(&sort.key)?.value()),
            None => Ok(None),
        }
    }

    /// One value from many rows.
    pub(crate) fn aggregate(
        &mut self,
        function: &Aggregate,
        rows: RowsId,
        element: Option<&Expression>,
        failure: Option<ReasonId>,
    ) -> Result<Cell, Stop> {
        if let (Aggregate::First | Aggregate::Last | Aggregate::Only, Some(element)) = (function, element) {
            return self.pick(function, rows, element, failure);
        }
        let mut count = 0;
        let mut best: Option<Value> = None;
        let mut sum = Decimal::zero();
        let mut joined: Option<String> = None;
        self.walk(rows, &mut |run| {
            let Some(element) = element else {
                count += 1;
                return Ok(());
            };
            let Some(value) = run.evaluate(element)?.value() else { return Ok(()) };
            count += 1;
            match (function, &value) {
                (Aggregate::Sum, Value::Decimal(number)) => {
                    sum = sum.calculate(Arithmetic::Add, number).map_err(|_| run.failure(failure))?;
                }
                (Aggregate::Min | Aggregate::Max, _) => {
                    let order = best.as_ref().and_then(|best| value.compare(best));
                    let better = if *function == Aggregate::Min { Ordering::Less } else { Ordering::Greater };
                    if best.is_none() || order == Some(better) {
                        best = Some(value);
                    }
                }
                (Aggregate::Join(separator), _) => match &mut joined {
                    Some(joined) => joined.push_str(&(separator.clone() + &value.text())),
                    None => joined = Some(value.text()),
                },
                _ => {}
            }
            Ok(())
        })?;
        Ok(match function {
            Aggregate::Sum => Cell::Value(Value::Decimal(sum)),
            Aggregate::Count => Cell::Value(Value::Decimal(Decimal::whole(count))),
            Aggregate::Join(_) => Cell::some(joined.map(Value::Text)),
            _ => Cell::some(best),
        })
    }
}

fn same(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.equals(right),
        (left, right) => left.is_none() && right.is_none(),
    }
}
