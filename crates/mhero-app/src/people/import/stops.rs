//! What a source says of those who want nothing sent any more: their numbers are silent here too, with the source as evidence.
//!
//! A source is heard once for each time that it begins to say so. Whoever then writes START here is written to again, although the
//! source still says what it said; and a source that says so no longer takes back only what sources said.

use std::collections::{BTreeMap, BTreeSet};

use mhero_core::{
    Urn,
    record::{Content, Record, Rejection},
};
use mhero_store::{SourceStop, Unit};

use super::run::Run;
use crate::AppError;

/// Changes of stops that one unit writes.
const CHANGES_A_UNIT: usize = 200;

/// What records say of stops: by the id of the record, the numbers that are stopped.
pub(crate) type SaidOfStops = BTreeMap<String, Vec<String>>;

/// What some records say of stops; records of sources that know no stops say nothing.
pub(crate) fn said_of_stops(records: &[Result<Record, Rejection>]) -> SaidOfStops {
    let mut said = SaidOfStops::new();
    for record in records.iter().flatten() {
        let Content::Person(person) = &record.content else { continue };
        let Some(is_stopped) = person.stopped else { continue };
        let numbers = person.phones.iter().map(|phone| phone.raw.clone()).filter(|_| is_stopped);
        said.insert(record.id.clone(), numbers.collect());
    }
    said
}

impl Run<'_> {
    /// Silences the numbers of records that say so from now on, and lifts what is no longer said. `known` is what the source
    /// said before: read when it is needed first, and kept up.
    pub(crate) async fn hear_stops(
        &mut self,
        said: SaidOfStops,
        known: &mut Option<BTreeSet<SourceStop>>,
    ) -> Result<(), AppError> {
        if said.is_empty() {
            return Ok(());
        }
        if known.is_none() {
            *known = Some(self.app.store().source_stops(self.source.id).await?.into_iter().collect());
        }
        let Some(known) = known else { return Ok(()) };
        let mut changes: Vec<(SourceStop, bool)> = Vec::new();
        for (record, numbers) in said {
            let stop =
                |path: &str| SourceStop { record: record.clone(), scheme: Urn::TEL.to_owned(), path: path.to_owned() };
            let readings = numbers.iter().flat_map(|raw| self.numbering.read_all(raw));
            let now: BTreeSet<SourceStop> = readings.filter_map(|reading| Some(stop(reading.e164()?))).collect();
            let first = SourceStop { scheme: String::new(), path: String::new(), ..stop("") };
            let before: Vec<SourceStop> =
                known.range(first..).take_while(|one| one.record == record).cloned().collect();
            changes.extend(before.iter().filter(|one| !now.contains(*one)).map(|one| (one.clone(), false)));
            changes.extend(now.into_iter().filter(|one| !before.contains(one)).map(|one| (one, true)));
        }
        let now = self.app.clock().now_micros();
        for part in changes.chunks(CHANGES_A_UNIT) {
            let mut unit = Unit::new();
            for (stop, is_stopped) in part {
                if *is_stopped {
                    unit.stop_by_source(self.source.id, stop, now);
                } else {
                    unit.lift_by_source(self.source.id, stop);
                }
            }
            self.write(unit).await?;
        }
        for (stop, is_stopped) in changes {
            if is_stopped {
                known.insert(stop)
            } else {
                known.remove(&stop)
            };
        }
        Ok(())
    }
}
