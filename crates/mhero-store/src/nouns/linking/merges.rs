//! Merges: who counts as whom, why, and what a merge brought along.

use std::collections::HashMap;

use mhero_core::{FieldId, PersonId, SourceId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, nouns::audience::hex_list, params, statement::statements};

/// What of the first of each pair the second takes over.
macro_rules! live_of {
    () => {
        concat!(
            "SELECT pair.a, 'urn', u.id, '' FROM pair CROSS JOIN person_urn u WHERE u.person = pair.a AND u.source_record IS NULL AND NOT EXISTS (SELECT 1 FROM person_urn o WHERE o.person = pair.b AND o.scheme = u.scheme AND o.path = u.path)",
            " UNION ALL SELECT pair.a, 'absence', b.id, '' FROM pair CROSS JOIN absence b WHERE b.person = pair.a AND b.source_record IS NULL",
            " UNION ALL SELECT pair.a, 'value', v.field, '' FROM pair CROSS JOIN person_value v WHERE v.person = pair.a AND v.source_record IS NULL AND NOT EXISTS (SELECT 1 FROM person_value w WHERE w.person = pair.b AND w.field = v.field AND w.source_record IS NULL)",
            " UNION ALL SELECT pair.a, 'group', g.member_of, '' FROM pair CROSS JOIN group_member g WHERE g.person = pair.a AND NOT EXISTS (SELECT 1 FROM group_member h WHERE h.person = pair.b AND h.member_of = g.member_of)",
            " UNION ALL SELECT pair.a, 'primary', r.person, r.scheme || ' ' || r.path FROM pair CROSS JOIN urn_primary r WHERE r.person = pair.a",
            " UNION ALL SELECT pair.a, 'conversation', c.id, '' FROM pair CROSS JOIN conversation c WHERE c.person = pair.a AND c.state <> 'ended' AND NOT EXISTS (SELECT 1 FROM conversation d WHERE d.person = pair.b AND d.path = c.path AND d.scheme = c.scheme AND d.state <> 'ended')",
            " UNION ALL SELECT pair.a, 'session', s.id, '' FROM pair CROSS JOIN flow_session s CROSS JOIN conversation e WHERE s.person = pair.a AND e.id = s.conversation AND s.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM conversation f WHERE f.person = pair.b AND f.path = e.path AND f.scheme = e.scheme AND f.state <> 'ended')",
            " UNION ALL SELECT pair.a, 'thread', t.id, '' FROM pair CROSS JOIN thread t WHERE t.person = pair.a AND t.state = 'open'",
        )
    };
}

statements! {
    ALIASES = "SELECT alias, person FROM person_alias";
    GOLDEN = "SELECT person FROM person_alias WHERE alias = $1";
    ADD_LINK = "INSERT INTO person_link (id, person, joined, reason, decided_by, decided_at, undone_at) SELECT $1, $2, $3, $4, $5, $6, NULL WHERE NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias IN ($2, $3))";
    UNDO_LINK = "UPDATE person_link SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL";
    LINK = "SELECT id, person, joined, reason, decided_by, decided_at, undone_at FROM person_link WHERE id = $1";
    /// Merges of some people that were not undone.
    LIVE = (concat!("SELECT l.id, l.person, l.joined, l.reason, l.decided_by, l.decided_at, l.undone_at FROM person_link l WHERE l.undone_at IS NULL AND (l.person IN (", ids_there!("$1"), ") OR l.joined IN (", ids_there!("$1"), ")) ORDER BY l.id ASC NULLS LAST"))
        | (concat!("SELECT l.id, l.person, l.joined, l.reason, l.decided_by, l.decided_at, l.undone_at FROM person_link l WHERE l.undone_at IS NULL AND (l.person IN (", ids_here!("$1"), ") OR l.joined IN (", ids_here!("$1"), ")) ORDER BY l.id ASC NULLS LAST"));
    PUT_ALIAS = "INSERT INTO person_alias (alias, person, link) VALUES ($1, $2, $3) ON CONFLICT (alias) DO UPDATE SET person = $2, link = $3";
    DROP_ALIAS = "DELETE FROM person_alias WHERE alias = $1";
    SET_STANDING = "UPDATE person SET standing = $2, updated_at = $3, version = version + 1 WHERE id = $1";
    STANDINGS = (concat!("SELECT id, standing FROM person WHERE id IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT id, standing FROM person WHERE id IN (", ids_here!("$1"), ")"));
    CARRY = "INSERT INTO link_carried (link, kind, entity, detail) VALUES ($1, $2, $3, $4)";
    CARRIED = "SELECT kind, entity, detail FROM link_carried WHERE link = $1 ORDER BY kind ASC NULLS LAST, entity ASC NULLS LAST";
    DROP_CARRIED = "DELETE FROM link_carried WHERE link = $1";
    /// What of some people no record gives, and what of theirs is still under way. $2 are those who take it over, one by one. The
    /// people are read first, whatever the engine would choose.
    LIVE_OF = (concat!("WITH pair AS (SELECT decode(t.a, 'hex') AS a, decode(t.b, 'hex') AS b FROM unnest(string_to_array($1, ','), string_to_array($2, ',')) AS t(a, b)) ", live_of!()))
        | (concat!("WITH pair AS MATERIALIZED (SELECT unhex(x.value) AS a, unhex(y.value) AS b FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]') x JOIN json_each('[\"' || replace($2, ',', '\",\"') || '\"]') y ON y.key = x.key) ", live_of!()));
    MOVE_URN = "UPDATE person_urn SET person = $3 WHERE id = $1 AND person = $2";
    MOVE_ABSENCE = "UPDATE absence SET person = $3 WHERE id = $1 AND person = $2";
    MOVE_POSITION = "UPDATE position SET person = $3 WHERE id = $1 AND person = $2";
    MOVE_TRAINING = "UPDATE training SET person = $3 WHERE id = $1 AND person = $2";
    MOVE_CONVERSATION = "UPDATE conversation SET person = $3, version = version + 1 WHERE id = $1 AND person = $2 AND state <> 'ended'";
    MOVE_SESSION = "UPDATE flow_session SET person = $3, version = version + 1 WHERE id = $1 AND person = $2 AND ended_at IS NULL";
    MOVE_THREAD = "UPDATE thread SET person = $3, version = version + 1 WHERE id = $1 AND person = $2 AND state = 'open'";
    MOVE_PRIMARY = "UPDATE urn_primary SET person = $4 WHERE scheme = $1 AND path = $2 AND person = $3";
    COPY_VALUE = "INSERT INTO person_value (person, field, text, folded, number, instant, place, source_record, observed_at, verified_at) SELECT $2, v.field, v.text, v.folded, v.number, v.instant, v.place, NULL, v.observed_at, v.verified_at FROM person_value v WHERE v.person = $1 AND v.field = $3 ON CONFLICT (person, field) DO UPDATE SET text = EXCLUDED.text, folded = EXCLUDED.folded, number = EXCLUDED.number, instant = EXCLUDED.instant, place = EXCLUDED.place, source_record = NULL, observed_at = EXCLUDED.observed_at, verified_at = EXCLUDED.verified_at";
    /// Only as long as it is the one that was brought.
    DROP_COPY = "DELETE FROM person_value WHERE person = $2 AND field = $3 AND source_record IS NULL AND EXISTS (SELECT 1 FROM person_value o WHERE o.person = $1 AND o.field = $3 AND o.observed_at = person_value.observed_at)";
    HAS_COPY = "SELECT COUNT(*) > 0 FROM person_value v JOIN person_value o ON o.field = v.field AND o.observed_at = v.observed_at WHERE v.person = $2 AND o.person = $1 AND v.field = $3 AND v.source_record IS NULL";
    ADD_MEMBER = "INSERT INTO group_member (member_of, person, added_at) VALUES ($1, $2, $3) ON CONFLICT (member_of, person) DO NOTHING";
    DROP_MEMBER = "DELETE FROM group_member WHERE member_of = $1 AND person = $2";
    /// Positions, trainings and absences of some people, with the records that gave them.
    WORK = (concat!("SELECT 'position', q.id, q.person, r.source, r.entity_kind, r.entity, r.content FROM position q JOIN source_record r ON r.id = q.source_record WHERE q.person IN (", ids_there!("$1"), ") UNION ALL SELECT 'training', t.id, t.person, r.source, r.entity_kind, r.entity, r.content FROM training t JOIN source_record r ON r.id = t.source_record WHERE t.person IN (", ids_there!("$1"), ") UNION ALL SELECT 'absence', b.id, b.person, r.source, r.entity_kind, r.entity, r.content FROM absence b JOIN source_record r ON r.id = b.source_record WHERE b.person IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT 'position', q.id, q.person, r.source, r.entity_kind, r.entity, r.content FROM position q JOIN source_record r ON r.id = q.source_record WHERE q.person IN (", ids_here!("$1"), ") UNION ALL SELECT 'training', t.id, t.person, r.source, r.entity_kind, r.entity, r.content FROM training t JOIN source_record r ON r.id = t.source_record WHERE t.person IN (", ids_here!("$1"), ") UNION ALL SELECT 'absence', b.id, b.person, r.source, r.entity_kind, r.entity, r.content FROM absence b JOIN source_record r ON r.id = b.source_record WHERE b.person IN (", ids_here!("$1"), ")"));
    RECORD_OF = "SELECT entity FROM source_record WHERE source = $1 AND kind = $2 AND ext_id = $3 AND entity_kind = 'person'";
}

/// A merge: the joined person counts as the other.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// Its id.
    pub id: Uuid,
    /// As whom the joined person counts.
    pub person: PersonId,
    /// Who was joined.
    pub joined: PersonId,
    /// Why, as JSON.
    pub reason: String,
    /// Who said so; `None` for a rule.
    pub decided_by: Option<Uuid>,
    /// When, in UTC microseconds.
    pub decided_at: i64,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

/// Only whose it is: reasons name people.
impl std::fmt::Debug for LinkRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("LinkRow");
        shown.field("id", &self.id).field("person", &self.person).field("joined", &self.joined).finish_non_exhaustive()
    }
}

/// A merge to be written.
pub struct NewLink<'a> {
    /// Its id.
    pub id: Uuid,
    /// As whom the joined person counts.
    pub person: PersonId,
    /// Who is joined.
    pub joined: PersonId,
    /// Why, as JSON.
    pub reason: &'a str,
    /// Who says so; `None` for a rule.
    pub by: Option<Uuid>,
}

/// Something that a merge brought along: its kind, which one, and what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// `urn`, `absence`, `value`, `group`, `primary`, `conversation`, `session`, `thread`, `standing`.
    pub kind: String,
    /// Which one.
    pub entity: Uuid,
    /// Of a primary number, scheme and path; of a standing, the word.
    pub detail: String,
}

/// What of somebody no record gives.
pub type LiveOf = Vec<Carried>;

/// A position, training or absence, and the record that gave it.
#[derive(Clone)]
pub struct WorkHome {
    /// `position`, `training`, `absence`.
    pub kind: String,
    /// Which one.
    pub id: Uuid,
    /// Whose it is now.
    pub person: PersonId,
    /// The source of the record.
    pub source: SourceId,
    /// What the record became.
    pub entity_kind: Option<String>,
    /// Which one.
    pub entity: Option<Uuid>,
    /// What it says, as JSON.
    pub content: Option<String>,
}

/// Never what the record says.
impl std::fmt::Debug for WorkHome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorkHome").field("kind", &self.kind).field("id", &self.id).finish_non_exhaustive()
    }
}

fn link(row: &Row) -> Result<LinkRow, StoreError> {
    Ok(LinkRow {
        id: row.get(0)?,
        person: row.get(1)?,
        joined: row.get(2)?,
        reason: row.get(3)?,
        decided_by: row.get(4)?,
        decided_at: row.get(5)?,
        undone_at: row.get(6)?,
    })
}

impl Unit {
    /// Writes a merge; the unit fails when either counts as somebody else already.
    pub fn add_link(&mut self, new: &NewLink<'_>, at: i64) -> &mut Self {
        self.one(&ADD_LINK, params![new.id, new.person, new.joined, new.reason, new.by, at])
    }

    /// Takes a merge back; the unit fails when somebody has done so already.
    pub fn undo_link(&mut self, id: Uuid, at: i64) -> &mut Self {
        self.one(&UNDO_LINK, params![id, at])
    }

    /// Makes somebody count as another, by a merge.
    pub fn put_alias(&mut self, alias: PersonId, person: PersonId, link: Uuid) -> &mut Self {
        self.run(&PUT_ALIAS, params![alias, person, link])
    }

    /// Makes somebody count as themself again.
    pub fn drop_alias(&mut self, alias: PersonId) -> &mut Self {
        self.run(&DROP_ALIAS, params![alias])
    }

    /// Sets what somebody is: `worker`, `stranger`, `joined`.
    pub fn set_standing(&mut self, person: PersonId, standing: &str, at: i64) -> &mut Self {
        self.one(&SET_STANDING, params![person, standing, at])
    }

    /// Notes that a merge brought something along.
    pub fn carry(&mut self, link: Uuid, carried: &Carried) -> &mut Self {
        self.one(&CARRY, params![link, &carried.kind, carried.entity, &carried.detail])
    }

    /// Forgets what a merge brought along: it was given back.
    pub fn drop_carried(&mut self, link: Uuid) -> &mut Self {
        self.run(&DROP_CARRIED, params![link])
    }

    /// Makes what a merge brings along another's. A value is copied, a group joined; the joined person keeps theirs.
    pub fn bring(&mut self, what: &Carried, from: PersonId, to: PersonId, at: i64) -> &mut Self {
        match what.kind.as_str() {
            "value" => self.run(&COPY_VALUE, params![from, to, what.entity]),
            "group" => self.run(&ADD_MEMBER, params![what.entity, to, at]),
            _ => self.move_carried(what, from, to),
        }
    }

    /// Gives back what a merge brought along: `from` had it since, `to` is whose it was.
    pub fn give_back(&mut self, what: &Carried, from: PersonId, to: PersonId) -> &mut Self {
        match what.kind.as_str() {
            "value" => self.run(&DROP_COPY, params![to, from, what.entity]),
            "group" => self.run(&DROP_MEMBER, params![what.entity, from]),
            _ => self.move_carried(what, from, to),
        }
    }

    fn move_carried(&mut self, what: &Carried, from: PersonId, to: PersonId) -> &mut Self {
        let statement = match what.kind.as_str() {
            "urn" => &MOVE_URN,
            "absence" => &MOVE_ABSENCE,
            "conversation" => &MOVE_CONVERSATION,
            "session" => &MOVE_SESSION,
            "thread" => &MOVE_THREAD,
            "primary" => {
                let Some((scheme, path)) = what.detail.split_once(' ') else { return self };
                return self.run(&MOVE_PRIMARY, params![scheme, path, from, to]);
            }
            _ => return self,
        };
        self.run(statement, params![what.entity, from, to])
    }

    /// Makes a position, training or absence another's.
    pub fn move_work(&mut self, work: &WorkHome, to: PersonId) -> &mut Self {
        let statement = match work.kind.as_str() {
            "position" => &MOVE_POSITION,
            "training" => &MOVE_TRAINING,
            _ => &MOVE_ABSENCE,
        };
        self.run(statement, params![work.id, work.person, to])
    }
}

impl Store {
    /// Everybody who counts as another, and as whom.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn aliases(&self) -> Result<HashMap<PersonId, PersonId>, StoreError> {
        self.query(&ALIASES, vec![]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// As whom somebody counts; themself when they are joined to nobody.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn golden(&self, person: PersonId) -> Result<PersonId, StoreError> {
        self.first(&GOLDEN, params![person]).await?.map_or(Ok(person), |row| row.get(0))
    }

    /// A merge.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn person_link(&self, id: Uuid) -> Result<Option<LinkRow>, StoreError> {
        self.first(&LINK, params![id]).await?.map(|row| link(&row)).transpose()
    }

    /// Merges of some people that were not undone, the oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn live_links(&self, people: &[PersonId]) -> Result<Vec<LinkRow>, StoreError> {
        let rows = self.query(&LIVE, params![hex_list(people.iter().map(|id| id.uuid()))]).await?;
        rows.iter().map(link).collect()
    }

    /// What a merge brought along.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn carried(&self, id: Uuid) -> Result<Vec<Carried>, StoreError> {
        let read = |row: &Row| Ok(Carried { kind: row.get(0)?, entity: row.get(1)?, detail: row.get(2)? });
        self.query(&CARRIED, params![id]).await?.iter().map(read).collect()
    }

    /// What of some people no record gives, and what is under way, as far as another can take it over; each comes with the other.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn live_of(&self, pairs: &[(PersonId, PersonId)]) -> Result<HashMap<PersonId, LiveOf>, StoreError> {
        let from = hex_list(pairs.iter().map(|(from, _)| from.uuid()));
        let to = hex_list(pairs.iter().map(|(_, to)| to.uuid()));
        let mut live: HashMap<PersonId, LiveOf> = HashMap::new();
        if pairs.is_empty() {
            return Ok(live);
        }
        for row in self.query(&LIVE_OF, params![from, to]).await? {
            let carried = Carried { kind: row.get(1)?, entity: row.get(2)?, detail: row.get(3)? };
            live.entry(row.get(0)?).or_default().push(carried);
        }
        Ok(live)
    }

    /// What some people are: `worker`, `stranger`, `joined`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn standings(&self, people: &[PersonId]) -> Result<HashMap<PersonId, String>, StoreError> {
        let rows = self.query(&STANDINGS, params![hex_list(people.iter().map(|id| id.uuid()))]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Whether a value that a merge brought is still the one that counts.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn has_copy(&self, of: PersonId, at: PersonId, field: FieldId) -> Result<bool, StoreError> {
        self.first(&HAS_COPY, params![of, at, field]).await?.map_or(Ok(false), |row| row.get(0))
    }

    /// Positions, trainings and absences of some people, with the records that gave them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn work_homes(&self, people: &[PersonId]) -> Result<Vec<WorkHome>, StoreError> {
        let read = |row: &Row| {
            Ok(WorkHome {
                kind: row.get(0)?,
                id: row.get(1)?,
                person: row.get(2)?,
                source: row.get(3)?,
                entity_kind: row.get(4)?,
                entity: row.get(5)?,
                content: row.get(6)?,
            })
        };
        let rows = self.query(&WORK, params![hex_list(people.iter().map(|id| id.uuid()))]).await?;
        rows.iter().map(read).collect()
    }

    /// The person of a record of a source.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn record_person(
        &self,
        source: SourceId,
        kind: &str,
        ext_id: &str,
    ) -> Result<Option<PersonId>, StoreError> {
        let row = self.first(&RECORD_OF, params![source, kind, ext_id]).await?;
        row.map_or(Ok(None), |row| row.get(0))
    }
}
