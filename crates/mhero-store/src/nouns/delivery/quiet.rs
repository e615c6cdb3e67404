//! Quiet hours and rest days by place.

use mhero_core::{LangMap, PersonId, PlaceId};

use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::{hex_list, names},
    params,
    statement::statements,
};

/// Zones of places that are looked at: a country has a few.
const ZONES_MAX: i64 = 50;

/// Where somebody works first, the rule that is nearest up the tree, and the zone that is nearest.
macro_rules! placed {
    ($ids:expr) => {
        concat!(
            "SELECT q.person, (SELECT r.place FROM place_closure c JOIN quiet_rule r ON r.place = c.ancestor WHERE ",
            "c.descendant = q.place ORDER BY c.depth ASC NULLS LAST LIMIT 1), (SELECT z.zone FROM place_closure c JOIN place z ON ",
            "z.id = c.ancestor WHERE c.descendant = q.place AND z.zone IS NOT NULL ORDER BY c.depth ASC NULLS LAST LIMIT 1) FROM ",
            "position q LEFT JOIN place f ON f.id = q.place WHERE q.person IN (",
            $ids,
            ") AND q.active AND (q.start_at IS NULL OR q.start_at <= $2) AND (q.end_at IS NULL OR q.end_at > $2) ORDER BY ",
            "f.is_facility DESC NULLS LAST, q.start_at DESC NULLS LAST, q.id ASC NULLS LAST"
        )
    };
}

statements! {
    LIST = "SELECT r.place, p.name, r.from_minute, r.until_minute, r.rest_days FROM quiet_rule r JOIN place p ON p.id = r.place ORDER BY p.search ASC NULLS LAST, r.place ASC NULLS LAST";
    PUT = "INSERT INTO quiet_rule (place, from_minute, until_minute, rest_days, set_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (place) DO UPDATE SET from_minute = $2, until_minute = $3, rest_days = $4, set_at = $5";
    DROP = "DELETE FROM quiet_rule WHERE place = $1";
    ZONES = "SELECT DISTINCT zone FROM place WHERE zone IS NOT NULL ORDER BY zone ASC NULLS LAST LIMIT $1";
    PLACED = (placed!(ids_there!("$1"))) | (placed!(ids_here!("$1")));
}

/// The quiet hours of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct QuietRow {
    /// The place.
    pub place: PlaceId,
    /// Its names.
    pub name: LangMap,
    /// They begin, in minutes since midnight.
    pub from_minute: i64,
    /// They end; the same as `from_minute`: there are none.
    pub until_minute: i64,
    /// Days of rest, a sum of 1 for Monday, 2 for Tuesday, up to 64 for Sunday.
    pub rest_days: i64,
}

/// What decides about the hours of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The person.
    pub person: PersonId,
    /// The place whose rule is nearest.
    pub rule: Option<PlaceId>,
    /// The IANA name of the nearest zone.
    pub zone: Option<String>,
}

impl QuietRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            place: row.get(0)?,
            name: names(row, 1)?,
            from_minute: row.get(2)?,
            until_minute: row.get(3)?,
            rest_days: row.get(4)?,
        })
    }
}

impl Unit {
    /// Sets the quiet hours of a place.
    pub fn put_quiet_rule(&mut self, row: &QuietRow, now: i64) -> &mut Self {
        self.one(&PUT, params![row.place, row.from_minute, row.until_minute, row.rest_days, now])
    }

    /// Takes the quiet hours of a place away; the unit fails when it has none.
    pub fn drop_quiet_rule(&mut self, place: PlaceId) -> &mut Self {
        self.one(&DROP, params![place])
    }
}

impl Store {
    /// The places that have quiet hours of their own, by name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn quiet_rules(&self) -> Result<Vec<QuietRow>, StoreError> {
        self.query(&LIST, params![]).await?.iter().map(QuietRow::read).collect()
    }

    /// The zones that places have.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_zones(&self) -> Result<Vec<String>, StoreError> {
        self.query(&ZONES, params![ZONES_MAX]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// What decides about the hours of some people, who may stand there several times, what counts first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn placed(&self, people: &[PersonId], now: i64) -> Result<Vec<Placed>, StoreError> {
        let list = hex_list(people.iter().map(|person| person.uuid()));
        let rows = self.query(&PLACED, params![list, now]).await?;
        rows.iter().map(|row| Ok(Placed { person: row.get(0)?, rule: row.get(1)?, zone: row.get(2)? })).collect()
    }
}
