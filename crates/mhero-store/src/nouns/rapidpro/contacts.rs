//! People as contacts: by the instant at which they last changed.

use std::collections::{HashMap, HashSet};

use mhero_core::{FlowId, PersonId, Scope, SourceId, SourceRecordId};
use mhero_query::Predicate;

use super::{Keyset, in_scope};
use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::{Composer, hex_list},
    params,
    statement::statements,
};

statements! {
    STOPPED = (concat!("SELECT DISTINCT u.person FROM person_urn u JOIN stop s ON s.scheme = u.scheme AND s.path = u.path AND s.list = '' WHERE u.person IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT DISTINCT u.person FROM person_urn u JOIN stop s ON s.scheme = u.scheme AND s.path = u.path AND s.list = '' WHERE u.person IN (", ids_here!("$1"), ")"));
    MARKS = (concat!("SELECT k.person, k.mark FROM contact_mark k WHERE k.person IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT k.person, k.mark FROM contact_mark k WHERE k.person IN (", ids_here!("$1"), ")"));
    SHARED = (concat!("SELECT u.person, u.scheme, u.path FROM person_urn u WHERE u.person IN (", ids_there!("$1"), ") AND u.path IS NOT NULL AND EXISTS (SELECT 1 FROM person_urn o WHERE o.path = u.path AND o.scheme = u.scheme AND o.person <> u.person)"))
        | (concat!("SELECT u.person, u.scheme, u.path FROM person_urn u WHERE u.person IN (", ids_here!("$1"), ") AND u.path IS NOT NULL AND EXISTS (SELECT 1 FROM person_urn o WHERE o.path = u.path AND o.scheme = u.scheme AND o.person <> u.person)"));
    IN_FLOW = (concat!("SELECT s.person, s.flow FROM flow_session s WHERE s.person IN (", ids_there!("$1"), ") AND s.ended_at IS NULL ORDER BY s.created_at ASC NULLS LAST, s.id ASC NULLS LAST"))
        | (concat!("SELECT s.person, s.flow FROM flow_session s WHERE s.person IN (", ids_here!("$1"), ") AND s.ended_at IS NULL ORDER BY s.created_at ASC NULLS LAST, s.id ASC NULLS LAST"));
    /// What registries call people, the first by rank; rows of tables have ids that are nobody's but the table's.
    NAMED = (concat!("SELECT r.entity, r.kind, r.ext_id FROM source_record r JOIN source s ON s.id = r.source WHERE r.entity IN (", ids_there!("$1"), ") AND r.entity_kind = 'person' AND r.gone_at IS NULL AND r.kind NOT IN ('contact', 'row') ORDER BY s.rank ASC NULLS LAST, r.id ASC NULLS LAST"))
        | (concat!("SELECT r.entity, r.kind, r.ext_id FROM source_record r JOIN source s ON s.id = r.source WHERE r.entity IN (", ids_here!("$1"), ") AND r.entity_kind = 'person' AND r.gone_at IS NULL AND r.kind NOT IN ('contact', 'row') ORDER BY s.rank ASC NULLS LAST, r.id ASC NULLS LAST"));
    /// Somebody who no longer has the number is not meant first at it.
    DROP_LEFTOVER = "DELETE FROM urn_primary WHERE scheme = $1 AND path = $2 AND NOT EXISTS (SELECT 1 FROM person_urn u WHERE u.person = urn_primary.person AND u.scheme = $1 AND u.path = $2 AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = u.person))";
    /// Of two who claim a free number at once, the second finds the first one's key.
    CLAIM = "INSERT INTO urn_primary (scheme, path, person) VALUES ($1, $2, $3) ON CONFLICT (scheme, path) DO NOTHING";
    MARK = "INSERT INTO contact_mark (person, mark, marked_at) VALUES ($1, $2, $3) ON CONFLICT (person, mark) DO NOTHING";
    UNMARK = "DELETE FROM contact_mark WHERE person = $1 AND mark = $2";
    TOUCH = "UPDATE person SET updated_at = $2 WHERE id = $1 AND updated_at < $2";
    LEAVE_ALL = "DELETE FROM group_member WHERE person = $1";
    RETIRE = "UPDATE person SET active = FALSE, updated_at = $2, version = version + 1 WHERE id = $1";
    DROP_OWN_URN = "DELETE FROM person_urn WHERE person = $1 AND scheme = $2 AND path = $3 AND source_record = $4";
    DROP_FOUND_URN = "DELETE FROM person_urn WHERE person = $1 AND scheme = $2 AND path = $3 AND source_record IS NULL";
    RECORD = "SELECT id, content FROM source_record WHERE source = $1 AND kind = $2 AND ext_id = $3";
    /// The sources that speak of a person, those of whoever was joined to them too.
    SPEAKING = "SELECT DISTINCT s.kind, s.name FROM source_record r JOIN source s ON s.id = r.source WHERE r.gone_at IS NULL AND r.entity IN (SELECT $1 UNION ALL SELECT a.alias FROM person_alias a WHERE a.person = $1)";
}

/// A person as far as lists order them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactStamp {
    /// The person.
    pub id: PersonId,
    /// When they became known, in UTC microseconds.
    pub created_at: i64,
    /// When they last changed.
    pub updated_at: i64,
    /// Whether they were deleted by the API.
    pub deleted: bool,
}

/// Which people.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContactsAsked<'a> {
    /// Only these.
    pub people: Option<&'a [PersonId]>,
    /// Only those whom this means.
    pub audience: Option<&'a Predicate>,
    /// Those who were deleted, or those who were not.
    pub deleted: bool,
}

/// What contacts show beside their record.
#[derive(Clone, Default)]
pub struct ContactExtras {
    /// Who asked to be sent nothing more, with any number.
    pub stopped: HashSet<PersonId>,
    /// Who was blocked.
    pub blocked: HashSet<PersonId>,
    /// Numbers that somebody else has, too: scheme and path, with those of the asked people who have them.
    pub shared: HashMap<(String, String), Vec<PersonId>>,
    /// The flow that each is in.
    pub flows: HashMap<PersonId, FlowId>,
    /// Kind and id by which a registry knows each.
    pub named: HashMap<PersonId, (String, String)>,
}

/// Without numbers.
impl std::fmt::Debug for ContactExtras {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactExtras").field("stopped", &self.stopped).finish_non_exhaustive()
    }
}

/// What a source keeps of a contact.
#[derive(Clone)]
pub struct OwnRecord {
    /// Its id.
    pub id: SourceRecordId,
    /// What it says, as JSON.
    pub content: Option<String>,
}

/// Never what it says: names and numbers stand there.
impl std::fmt::Debug for OwnRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

fn stamp(row: &Row) -> Result<ContactStamp, StoreError> {
    Ok(ContactStamp { id: row.get(0)?, created_at: row.get(1)?, updated_at: row.get(2)?, deleted: row.get(3)? })
}

impl Unit {
    /// Notes that something about a person changed that stands in no column of theirs.
    pub fn touch_person(&mut self, person: PersonId, now: i64) -> &mut Self {
        self.run(&TOUCH, params![person, now])
    }

    /// Marks a contact `blocked` or `deleted`.
    pub fn mark_contact(&mut self, person: PersonId, mark: &str, now: i64) -> &mut Self {
        self.run(&MARK, params![person, mark, now])
    }

    /// Takes such a mark away.
    pub fn unmark_contact(&mut self, person: PersonId, mark: &str) -> &mut Self {
        self.run(&UNMARK, params![person, mark])
    }

    /// Claims an address that nobody has for somebody; the unit fails when somebody else was faster.
    pub fn claim_address(&mut self, (scheme, path): (&str, &str), person: PersonId) -> &mut Self {
        self.run(&DROP_LEFTOVER, params![scheme, path]);
        self.one(&CLAIM, params![scheme, path, person])
    }

    /// Takes somebody out of all groups and audiences.
    pub fn retire_person(&mut self, person: PersonId, now: i64) -> &mut Self {
        self.run(&LEAVE_ALL, params![person]);
        self.one(&RETIRE, params![person, now])
    }

    /// Takes away an address that a record, or a flow, gave. What another record gave stays.
    pub fn drop_own_urn(
        &mut self,
        person: PersonId,
        (scheme, path): (&str, &str),
        record: SourceRecordId,
    ) -> &mut Self {
        self.run(&DROP_OWN_URN, params![person, scheme, path, record]);
        self.run(&DROP_FOUND_URN, params![person, scheme, path])
    }
}

impl Store {
    /// A part of the people within the scope, by when they last changed.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn contact_page(
        &self,
        scope: &Scope,
        asked: &ContactsAsked<'_>,
        page: &Keyset,
        now: i64,
    ) -> Result<Vec<ContactStamp>, StoreError> {
        let mut composer = Composer::new(now);
        let who = match asked.audience {
            Some(predicate) => composer.audience(scope, predicate),
            None => {
                let within = in_scope(&mut composer, scope, "p.id");
                let standing = if scope.is_in_sandbox() { "'sandbox'" } else { "'worker', 'stranger'" };
                format!(
                    "p.standing IN ({standing}) AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND {within}"
                )
            }
        };
        let named = match asked.people {
            Some(people) => composer.one_of("p.id", people.iter().copied()),
            None => "TRUE".to_owned(),
        };
        let part = page.condition(&mut composer, "p.updated_at", "p.id");
        let order = page.order(&mut composer, self.engine(), ("p.updated_at", "p.id"));
        let gone = "EXISTS (SELECT 1 FROM contact_mark k WHERE k.person = p.id AND k.mark = 'deleted')";
        let not = if asked.deleted { "" } else { "NOT " };
        let sql = format!(
            "SELECT p.id, p.created_at, p.updated_at, {gone} FROM person p WHERE {part} AND {named} AND {not}{gone} AND {who} {order}"
        );
        self.query_composed(sql, composer.params()).await?.iter().map(stamp).collect()
    }

    /// What contacts show beside their record.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn contact_extras(&self, people: &[PersonId]) -> Result<ContactExtras, StoreError> {
        let mut extras = ContactExtras::default();
        if people.is_empty() {
            return Ok(extras);
        }
        let list = hex_list(people.iter().map(|person| person.uuid()));
        for row in self.query(&STOPPED, params![&list]).await? {
            extras.stopped.insert(row.get(0)?);
        }
        for row in self.query(&MARKS, params![&list]).await? {
            if row.get::<String>(1)? == "blocked" {
                extras.blocked.insert(row.get(0)?);
            }
        }
        for row in self.query(&SHARED, params![&list]).await? {
            extras.shared.entry((row.get(1)?, row.get(2)?)).or_default().push(row.get(0)?);
        }
        for row in self.query(&IN_FLOW, params![&list]).await? {
            extras.flows.insert(row.get(0)?, row.get(1)?);
        }
        for row in self.query(&NAMED, params![&list]).await? {
            extras.named.entry(row.get(0)?).or_insert((row.get(1)?, row.get(2)?));
        }
        Ok(extras)
    }

    /// What a source keeps under a kind and id.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn own_record(&self, source: SourceId, kind: &str, id: &str) -> Result<Option<OwnRecord>, StoreError> {
        let row = self.first(&RECORD, params![source, kind, id]).await?;
        row.map(|row| Ok(OwnRecord { id: row.get(0)?, content: row.get(1)? })).transpose()
    }

    /// Kind and name of the sources that speak of a person.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sources_speaking_of(&self, person: PersonId) -> Result<Vec<(String, String)>, StoreError> {
        self.query(&SPEAKING, params![person]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
