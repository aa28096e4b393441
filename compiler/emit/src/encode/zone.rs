//! The map's time zone as offsets in the years 1900 to 2200, from the database that is built in.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use mapc_bytecode::Zone;

use super::Encoder;

/// 1900-01-01T00:00:00Z
const FIRST_SECOND: i64 = -2_208_988_800;
/// 2201-01-01T00:00:00Z
const END_SECOND: i64 = 7_289_654_400;

impl Encoder<'_> {
    pub(super) fn zone(&mut self) {
        self.module.zone = self.typed.zone.as_deref().and_then(offsets);
    }
}

/// `None` for a name that is not in the database.
fn offsets(name: &str) -> Option<Zone> {
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    let first = Timestamp::from_second(FIRST_SECOND).ok()?;
    let initial_offset = zone.to_offset(first).seconds();
    let mut offset = initial_offset;
    let mut transitions = Vec::new();
    for change in zone.following(first) {
        let second = change.timestamp().as_second();
        if second >= END_SECOND {
            break;
        }
        // A change of the name alone is none.
        if change.offset().seconds() != offset {
            offset = change.offset().seconds();
            transitions.push((second, offset));
        }
    }
    Some(Zone { name: name.to_owned(), initial_offset, transitions })
}
