//! Following the register: once through all of it, then change by change.

use std::collections::BTreeSet;

use mhero_app::App;
use mhero_core::{PersonId, PlaceId};
use mhero_store::{Queue, Snapshot, Unit};
use uuid::Uuid;

use super::{Shown, group, people, places, words};
use crate::fhir::{FhirError, FhirServer};

/// The setting that says how far the feed was read.
const CURSOR: &str = "fhir-golden";
/// The setting that says how far the first way through the register is: from which change on the feed is read, what is being shown,
/// and after which one.
const FIRST: &str = "fhir-golden-first";
/// How long one node keeps this duty, in microseconds.
const DUTY_MICROS: i64 = 10_000_000;
/// Changes read in one pass.
const PASS_MAX: i64 = 500;
/// People or places that become one unit.
const SLICE: usize = 50;

/// What the first way goes through, in order: what others refer to comes before them.
const STAGES: [&str; 4] = ["words", "places", "people", "groups"];

/// What is to be shown anew.
enum Part {
    Words,
    Places(Vec<PlaceId>),
    People(Vec<PersonId>),
    Groups(Vec<Uuid>),
}

/// Shows what has changed in the register. Returns how much was looked at.
///
/// # Errors
/// Whatever the store reports.
pub async fn pass(app: &App) -> Result<usize, FhirError> {
    let store = app.store();
    // Without tokens nobody reads it.
    if store.tokens().await?.is_empty() {
        return Ok(0);
    }
    if store.take_lease("fhir-golden", app.node(), DUTY_MICROS).await?.is_none() {
        return Ok(0);
    }
    let server = FhirServer::new(app.clone(), "");
    match store.setting(CURSOR).await?.and_then(|cursor| cursor.parse::<i64>().ok()) {
        Some(cursor) => server.follow(cursor).await,
        None => server.first_way().await,
    }
}

impl FhirServer {
    async fn follow(&self, cursor: i64) -> Result<usize, FhirError> {
        let changes = self.app.store().changes_since(cursor, PASS_MAX).await?;
        let Some(last) = changes.last() else { return Ok(0) };
        let of = |kind: &str| -> Vec<Uuid> {
            let some: BTreeSet<Uuid> =
                changes.iter().filter(|change| change.kind == kind).map(|change| change.entity).collect();
            some.into_iter().collect()
        };
        let (places, people, groups) = (of("place"), of("person"), of("group"));
        if !places.is_empty() || !people.is_empty() {
            self.show_part(&Part::Words, None).await?;
        }
        for some in places.chunks(SLICE) {
            self.show_part(&Part::Places(some.iter().copied().map(PlaceId::from_uuid).collect()), None).await?;
        }
        for some in people.chunks(SLICE) {
            self.show_part(&Part::People(some.iter().copied().map(PersonId::from_uuid).collect()), None).await?;
        }
        for some in groups.chunks(SLICE) {
            self.show_part(&Part::Groups(some.to_vec()), None).await?;
        }
        let mut unit = Unit::new();
        unit.put_setting(CURSOR, &last.seq.to_string(), self.app.clock().now_micros());
        self.app.store().write(unit, Queue::Bulk).await?;
        Ok(changes.len())
    }

    /// The next slice of the first way, whose end is kept with it.
    async fn first_way(&self) -> Result<usize, FhirError> {
        let store = self.app.store();
        let kept = store.setting(FIRST).await?;
        let (from, stage, after) = match kept.as_deref().and_then(read) {
            Some(at) => at,
            // Whatever changes from now on comes again by the feed.
            None => (store.last_change().await?, 0, Uuid::nil()),
        };
        let mut snapshot = store.snapshot().await?;
        let limit = i64::try_from(SLICE).unwrap_or(i64::MAX);
        let (part, last) = match STAGES.get(stage).copied() {
            Some("places") => {
                let ids = snapshot.places_after(after, limit).await?;
                let last = ids.last().map(|id| id.uuid());
                (Part::Places(ids), last)
            }
            Some("people") => {
                let ids = snapshot.people_after(after, limit).await?;
                let last = ids.last().map(|id| id.uuid());
                (Part::People(ids), last)
            }
            Some("groups") => {
                let ids = snapshot.groups_after(after, limit).await?;
                let last = ids.last().copied();
                (Part::Groups(ids), last)
            }
            Some(_) => (Part::Words, None),
            None => {
                let mut unit = Unit::new();
                unit.put_setting(CURSOR, &from.to_string(), self.app.clock().now_micros());
                store.write(unit, Queue::Bulk).await?;
                tracing::info!("the FHIR server shows all of the register");
                return Ok(1);
            }
        };
        drop(snapshot);
        let at = match last {
            Some(last) => format!("{from} {stage} {last}"),
            None => format!("{from} {} {}", stage + 1, Uuid::nil()),
        };
        self.show_part(&part, Some(&at)).await?;
        Ok(1)
    }

    /// Shows a part in one unit, with how far the first way then is.
    async fn show_part(&self, part: &Part, first: Option<&str>) -> Result<(), FhirError> {
        let store = self.app.store();
        let once = || async {
            let (mut unit, mut snapshot) = (Unit::new(), store.snapshot().await?);
            let shown = self.part(part, (&mut unit, &mut snapshot)).await?;
            self.show(&mut unit, &mut snapshot, shown).await?;
            drop(snapshot);
            if let Some(at) = first {
                unit.put_setting(FIRST, at, self.app.clock().now_micros());
            }
            if !unit.is_empty() {
                store.write(unit, Queue::Bulk).await?;
            }
            Ok::<_, FhirError>(())
        };
        store.decide(once).await
    }

    async fn part(&self, part: &Part, on: (&mut Unit, &mut Snapshot)) -> Result<Vec<Shown>, FhirError> {
        match part {
            Part::Words => words::shown(on.1).await,
            Part::Places(ids) => places::shown(on, ids).await,
            Part::People(ids) => people::shown(&self.app, on, ids).await,
            Part::Groups(ids) => group::shown(on, ids).await,
        }
    }
}

fn read(kept: &str) -> Option<(i64, usize, Uuid)> {
    let mut words = kept.split(' ');
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}
