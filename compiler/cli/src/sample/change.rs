//! Changes to a sample: `with order.note = "x"`.

use mapc_driver::typed::{SamplePath, SampleValue};

use super::Json;

/// Sets a place of a sample, or takes it away; records on the way are made when they are missing.
///
/// # Errors
/// The path leads through something that is no record or list, or to a row that is not there.
pub fn change(sample: &mut Json, path: &[SamplePath], value: Option<&SampleValue>) -> Result<(), String> {
    let Some((step, rest)) = path.split_first() else {
        if let Some(value) = value {
            *sample = literal(value);
        }
        return Ok(());
    };
    match step {
        SamplePath::Field(name) => {
            let Json::Record(fields) = sample else {
                return Err(format!("the sample has no record where `{name}` is looked for"));
            };
            let at = fields.iter().rposition(|(found, _)| found == name);
            match (at, rest.is_empty(), value) {
                (Some(at), true, None) => {
                    fields.remove(at);
                    Ok(())
                }
                (None, _, None) => Ok(()),
                (Some(at), _, _) => match fields.get_mut(at) {
                    Some((_, below)) => change(below, rest, value),
                    None => Ok(()),
                },
                (None, _, Some(_)) => {
                    let mut below = Json::Record(Vec::new());
                    change(&mut below, rest, value)?;
                    fields.push((name.clone(), below));
                    Ok(())
                }
            }
        }
        SamplePath::Index(number) => {
            let Json::List(rows) = sample else { return Err("the sample has no list there".to_owned()) };
            let count = rows.len();
            let at = usize::try_from(*number).unwrap_or(0).checked_sub(1).filter(|at| *at < count);
            let Some(at) = at else {
                return Err(format!("the list has {count} rows, and row {number} is asked for"));
            };
            if rest.is_empty() && value.is_none() {
                rows.remove(at);
                return Ok(());
            }
            rows.get_mut(at).map_or(Ok(()), |row| change(row, rest, value))
        }
    }
}

fn literal(value: &SampleValue) -> Json {
    match value {
        SampleValue::Text(text) => Json::Text(text.clone()),
        SampleValue::Number(number) => Json::Number(number.clone()),
        SampleValue::Bool(flag) => Json::Bool(*flag),
        SampleValue::Null => Json::Null,
    }
}
