//! What is known of each number from evidence: what reached it, what failed and why, who said that they are not who we write to.

use mhero_core::{MessageId, PersonId, PlaceId, Scope};

use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::hex_list,
    params,
    statement::{person_in_scope, statements},
};

/// How long the confirmation of a number counts, in microseconds: a year.
pub const CONFIRMED_FOR_MICROS: i64 = 365 * 24 * 3_600_000_000;

/// The state of a number in words of the page; a confirmation before `$fresh` no longer counts. Whoever is wrong there counts
/// before what arrived.
macro_rules! state {
    () => {
        state!("$3")
    };
    ($fresh:literal) => {
        concat!("CASE WHEN u.bad = 'wrong-person' THEN 'wrong' WHEN u.path IS NULL THEN 'invalid' WHEN h.failures > 0 THEN 'failing' WHEN h.verified_at IS NOT NULL AND h.verified_at >= ", $fresh, " THEN 'verified' WHEN h.last_worked_at IS NOT NULL THEN 'works' WHEN h.tried > 0 THEN 'tried' ELSE 'never' END")
    };
}

/// The state of a number `u` with its evidence `h`, for audiences; `fresh` is the parameter from which on confirmations count.
pub(crate) fn state_of_number(fresh: &str) -> String {
    state!("{fresh}").replace("{fresh}", fresh)
}

statements! {
    /// What ended after a mark, earliest first. What nobody knows the end of is no evidence.
    ENDED = "SELECT id, done_at, state, scheme, path, person, failure FROM message WHERE direction = 'out' AND done_at IS NOT NULL AND done_at <= $3 AND (done_at > $1 OR (done_at = $1 AND id > $2)) ORDER BY done_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $4";
    MARK = "SELECT done_at, message FROM number_mark WHERE id = $1";
    FIRST_MARK = "INSERT INTO number_mark (id, done_at, message) VALUES ($3, $1, $2) ON CONFLICT (id) DO NOTHING";
    MOVE_MARK = "UPDATE number_mark SET done_at = $3, message = $4 WHERE id = $5 AND done_at = $1 AND message = $2";
    EVIDENCE = "INSERT INTO number_health (scheme, path, tried, delivered, failures, last_tried_at, last_worked_at, last_failed_at, last_error, wrong_since, wrong_message, verified_at, operator) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL, NULL, $10) ON CONFLICT (scheme, path) DO UPDATE SET tried = number_health.tried + $3, delivered = number_health.delivered + $4, failures = CASE WHEN $11 THEN $5 ELSE number_health.failures + $5 END, last_tried_at = $6, last_worked_at = COALESCE($7, number_health.last_worked_at), last_failed_at = COALESCE($8, number_health.last_failed_at), last_error = COALESCE($9, number_health.last_error), operator = $10";
    /// Texts that came after a mark.
    CAME = "SELECT id, created_at, state, scheme, path, person, failure FROM message WHERE direction = 'in' AND created_at <= $3 AND (created_at > $1 OR (created_at = $1 AND id > $2)) AND created_at >= $1 ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $4";
    /// Who writes has a phone that works.
    HEARD = "INSERT INTO number_health (scheme, path, tried, delivered, failures, last_tried_at, last_worked_at, last_failed_at, last_error, wrong_since, wrong_message, verified_at, operator) VALUES ($1, $2, 0, 0, 0, NULL, $3, NULL, NULL, NULL, NULL, NULL, NULL) ON CONFLICT (scheme, path) DO UPDATE SET failures = 0, last_worked_at = $3";
    REACH = "INSERT INTO reach_day (day, place, operator, tried, delivered, failed) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (day, place, operator) DO UPDATE SET tried = reach_day.tried + $4, delivered = reach_day.delivered + $5, failed = reach_day.failed + $6";
    VERIFIED = "INSERT INTO number_health (scheme, path, tried, delivered, failures, last_tried_at, last_worked_at, last_failed_at, last_error, wrong_since, wrong_message, verified_at, operator) VALUES ($1, $2, 0, 0, 0, NULL, $3, NULL, NULL, NULL, NULL, $3, NULL) ON CONFLICT (scheme, path) DO UPDATE SET failures = 0, verified_at = $3, last_worked_at = $3, wrong_since = NULL, wrong_message = NULL";
    WRONG = "INSERT INTO number_health (scheme, path, tried, delivered, failures, last_tried_at, last_worked_at, last_failed_at, last_error, wrong_since, wrong_message, verified_at, operator) VALUES ($1, $2, 0, 0, 0, NULL, NULL, NULL, NULL, $3, $4, NULL, NULL) ON CONFLICT (scheme, path) DO UPDATE SET wrong_since = $3, wrong_message = $4, verified_at = NULL";
    NOT_THEIRS = "INSERT INTO number_not_theirs (scheme, path, person, since, message) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (scheme, path, person) DO UPDATE SET since = $4, message = $5";
    THEIRS_AGAIN = "DELETE FROM number_not_theirs WHERE scheme = $1 AND path = $2 AND person = $3";
    /// The number leaves their record; what was written there stays to be seen.
    DISOWN = "UPDATE person_urn SET path = NULL, bad = 'wrong-person' WHERE scheme = $1 AND path = $2 AND person = $3";
    CANCEL_FOR = "UPDATE message SET state = 'cancelled', done_at = $4, failure = 'wrong-person', version = version + 1 WHERE path = $1 AND scheme = $2 AND person = $3 AND direction = 'out' AND kind IN ('broadcast', 'flow', 'thread') AND state IN ('waiting', 'uncertain')";
    DROP_CANCELLED_FOR = "DELETE FROM outbox WHERE message IN (SELECT id FROM message WHERE path = $1 AND scheme = $2 AND person = $3 AND state = 'cancelled')";
    RIGHT_AGAIN = "UPDATE number_health SET wrong_since = NULL, wrong_message = NULL WHERE scheme = $1 AND path = $2 AND wrong_since IS NOT NULL";
    OWN_AGAIN = "UPDATE person_urn SET path = $2, bad = NULL WHERE id = $1 AND bad = 'wrong-person'";
    DISOWNED = "SELECT u.id, u.person, u.raw FROM person_urn u WHERE u.bad = 'wrong-person' AND u.person = $1";
    WRONG_NUMBERS = "SELECT scheme, path, person FROM number_not_theirs";
    /// The place below the country in which a person works, or the country itself where it has nothing below.
    COUNTIES = "SELECT q.person, c.ancestor FROM position q JOIN place_closure c ON c.descendant = q.place JOIN place a ON a.id = c.ancestor LEFT JOIN place r ON r.id = a.parent WHERE q.active AND r.id IS NOT NULL AND r.parent IS NULL AND q.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY q.person ASC NULLS LAST, c.ancestor ASC NULLS LAST"
        | "SELECT q.person, c.ancestor FROM position q JOIN place_closure c ON c.descendant = q.place JOIN place a ON a.id = c.ancestor LEFT JOIN place r ON r.id = a.parent WHERE q.active AND r.id IS NOT NULL AND r.parent IS NULL AND q.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY q.person ASC NULLS LAST, c.ancestor ASC NULLS LAST";
    LIST = (concat!("SELECT p.id, p.name, u.scheme, u.path, u.raw, u.bad, COALESCE(h.tried, 0), COALESCE(h.delivered, 0), COALESCE(h.failures, 0), h.last_tried_at, h.last_worked_at, h.last_failed_at, h.last_error, h.wrong_since, h.verified_at, ", state!(), ", p.search, u.id FROM person_urn u JOIN person p ON p.id = u.person LEFT JOIN number_health h ON h.scheme = u.scheme AND h.path = u.path WHERE u.scheme = 'tel' AND p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND ", person_in_scope!("p.id", "$1", "$2"), " AND ($4 = '' OR ", state!(), " = $4) AND (p.search > $5 OR (p.search = $5 AND u.id > $6)) ORDER BY p.search ASC NULLS LAST, u.id ASC NULLS LAST LIMIT $7"));
    COUNTS = (concat!("SELECT s.state, CAST(COUNT(*) AS BIGINT) FROM (SELECT ", state!(), " AS state FROM person_urn u JOIN person p ON p.id = u.person LEFT JOIN number_health h ON h.scheme = u.scheme AND h.path = u.path WHERE u.scheme = 'tel' AND p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND ", person_in_scope!("p.id", "$1", "$2"), ") AS s GROUP BY s.state"));
    NUMBERLESS = (concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM person p WHERE p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND NOT EXISTS (SELECT 1 FROM person_urn u WHERE u.person = p.id AND u.scheme = 'tel') AND ", person_in_scope!("p.id", "$1", "$2")));
    SHARED = (concat!("SELECT u.path, p.id, p.name FROM person_urn u JOIN person p ON p.id = u.person WHERE u.scheme = 'tel' AND p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND u.path > $3 AND u.path IN (SELECT v.path FROM person_urn v JOIN person w ON w.id = v.person WHERE v.scheme = 'tel' AND v.path > $3 AND w.standing = 'worker' AND w.active AND NOT EXISTS (SELECT 1 FROM person_alias b WHERE b.alias = w.id) GROUP BY v.path HAVING COUNT(DISTINCT v.person) > 1) AND ", person_in_scope!("p.id", "$1", "$2"), " ORDER BY u.path ASC NULLS LAST, p.search ASC NULLS LAST, p.id ASC NULLS LAST LIMIT $4"));
    REACHED = "SELECT d.day, d.place, d.operator, d.tried, d.delivered, d.failed FROM reach_day d WHERE d.day >= $1 AND ($2 OR EXISTS (SELECT 1 FROM place_closure c JOIN role_grant g ON g.place = c.ancestor WHERE c.descendant = d.place AND g.principal = $3)) ORDER BY d.day ASC NULLS LAST, d.place ASC NULLS LAST, d.operator ASC NULLS LAST";
}

/// What a mark of counted evidence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Messages to phones, by when they ended.
    Out = 1,
    /// Texts from phones, by when they came.
    In = 2,
}

/// A message that ended, as evidence about the number it went to.
#[derive(Clone, PartialEq, Eq)]
pub struct Ended {
    /// The message.
    pub message: MessageId,
    /// When it ended.
    pub done_at: i64,
    /// How.
    pub state: String,
    /// The number's scheme.
    pub scheme: String,
    /// The number.
    pub path: String,
    /// To whom.
    pub person: PersonId,
    /// The carrier's code or words.
    pub failure: Option<String>,
}

impl std::fmt::Debug for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ended").field("message", &self.message).field("state", &self.state).finish_non_exhaustive()
    }
}

/// Evidence about one number, gathered over some messages.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Messages that ended.
    pub tried: i64,
    /// Of them, those that arrived.
    pub delivered: i64,
    /// Failures since the last that arrived, or all of them.
    pub failures: i64,
    /// Whether one arrived: failures before it no longer count.
    pub worked: bool,
    /// The last end.
    pub last_tried_at: i64,
    /// The last that arrived.
    pub last_worked_at: Option<i64>,
    /// The last that failed.
    pub last_failed_at: Option<i64>,
    /// Its reason.
    pub last_error: Option<String>,
    /// The operator, as far as the prefix tells.
    pub operator: Option<String>,
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evidence").field("tried", &self.tried).field("failures", &self.failures).finish_non_exhaustive()
    }
}

/// A number of a person and what is known of it.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberRow {
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// `tel`.
    pub scheme: String,
    /// The number, where it is one and theirs.
    pub path: Option<String>,
    /// As written in the record.
    pub raw: String,
    /// Why it is none, or not theirs.
    pub bad: Option<String>,
    /// Messages that ended there.
    pub tried: i64,
    /// Of them, those that arrived.
    pub delivered: i64,
    /// Failures since it last worked.
    pub failures: i64,
    /// When the last message ended.
    pub last_tried_at: Option<i64>,
    /// When it last worked.
    pub last_worked_at: Option<i64>,
    /// When it last failed.
    pub last_failed_at: Option<i64>,
    /// Why.
    pub last_error: Option<String>,
    /// Since when somebody there is not who we write to.
    pub wrong_since: Option<i64>,
    /// When the person said that it is theirs.
    pub verified_at: Option<i64>,
    /// `wrong`, `invalid`, `failing`, `verified`, `works`, `tried`, `never`.
    pub state: String,
    /// Where the next page begins: the folded name and the row.
    pub after: (String, uuid::Uuid),
}

impl std::fmt::Debug for NumberRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NumberRow").field("person", &self.person).field("state", &self.state).finish_non_exhaustive()
    }
}

impl NumberRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            person: row.get(0)?,
            name: row.get(1)?,
            scheme: row.get(2)?,
            path: row.get(3)?,
            raw: row.get(4)?,
            bad: row.get(5)?,
            tried: row.get(6)?,
            delivered: row.get(7)?,
            failures: row.get(8)?,
            last_tried_at: row.get(9)?,
            last_worked_at: row.get(10)?,
            last_failed_at: row.get(11)?,
            last_error: row.get(12)?,
            wrong_since: row.get(13)?,
            verified_at: row.get(14)?,
            state: row.get(15)?,
            after: (row.get(16)?, row.get(17)?),
        })
    }
}

/// Reach of a day, place and operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachRow {
    /// The day in the country's zone, `2026-05-14`.
    pub day: String,
    /// The place below the country; the empty id where none is known.
    pub place: PlaceId,
    /// The operator, or the first digits; empty where unknown.
    pub operator: String,
    /// Messages that ended.
    pub tried: i64,
    /// Those that arrived.
    pub delivered: i64,
    /// Those that failed.
    pub failed: i64,
}

impl Unit {
    /// Says from where evidence of a kind is counted, if nothing was counted so far.
    pub fn first_number_mark(&mut self, of: Mark, done_at: i64, message: MessageId) -> &mut Self {
        self.run(&FIRST_MARK, params![done_at, message, of as i64])
    }

    /// Moves the mark up to which evidence is counted. Whoever counted the same meanwhile makes this unit fail.
    pub fn move_number_mark(&mut self, of: Mark, from: (i64, MessageId), to: (i64, MessageId)) -> &mut Self {
        self.one(&MOVE_MARK, params![from.0, from.1, to.0, to.1, of as i64])
    }

    /// Adds evidence about a number.
    pub fn number_evidence(&mut self, (scheme, path): (&str, &str), seen: &Evidence) -> &mut Self {
        self.run(
            &EVIDENCE,
            params![
                scheme,
                path,
                seen.tried,
                seen.delivered,
                seen.failures,
                seen.last_tried_at,
                seen.last_worked_at,
                seen.last_failed_at,
                seen.last_error.as_deref(),
                seen.operator.as_deref(),
                seen.worked
            ],
        )
    }

    /// Notes that a number wrote to us.
    pub fn number_heard(&mut self, (scheme, path): (&str, &str), at: i64) -> &mut Self {
        self.run(&HEARD, params![scheme, path, at])
    }

    /// Adds to the reach of a day.
    pub fn add_reach(&mut self, row: &ReachRow) -> &mut Self {
        self.run(
            &REACH,
            params![row.day.as_str(), row.place, row.operator.as_str(), row.tried, row.delivered, row.failed],
        )
    }

    /// Notes that the person confirmed a number.
    pub fn number_verified(&mut self, (scheme, path): (&str, &str), at: i64) -> &mut Self {
        self.run(&VERIFIED, params![scheme, path, at])
    }

    /// Notes that a number is not this person's: it leaves their record at once.
    pub fn number_wrong(
        &mut self,
        (scheme, path): (&str, &str),
        person: PersonId,
        message: Option<MessageId>,
        at: i64,
    ) -> &mut Self {
        self.run(&WRONG, params![scheme, path, at, message]);
        self.run(&NOT_THEIRS, params![scheme, path, person, at, message]);
        self.run(&DISOWN, params![scheme, path, person])
    }

    /// Takes back what still waits for a person at a number that is somebody else's.
    pub fn cancel_waiting_for(&mut self, (scheme, path): (&str, &str), person: PersonId, now: i64) -> &mut Self {
        self.run(&CANCEL_FOR, params![path, scheme, person, now]);
        self.run(&DROP_CANCELLED_FOR, params![path, scheme, person])
    }

    /// Takes back that a number is not this person's; the rows of their record that had it are named one by one.
    pub fn number_right_again(
        &mut self,
        (scheme, path): (&str, &str),
        person: PersonId,
        rows: &[uuid::Uuid],
    ) -> &mut Self {
        self.run(&RIGHT_AGAIN, params![scheme, path]);
        self.run(&THEIRS_AGAIN, params![scheme, path, person]);
        for row in rows {
            self.run(&OWN_AGAIN, params![*row, path]);
        }
        self
    }
}

impl Store {
    /// Up to which end of messages evidence is counted.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn number_mark(&self, of: Mark) -> Result<Option<(i64, MessageId)>, StoreError> {
        let row = self.query(&MARK, params![of as i64]).await?.into_iter().next();
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// Messages that ended after a mark and up to an instant, or texts that came, earliest first.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn ended_since(
        &self,
        of: Mark,
        (done_at, message): (i64, MessageId),
        until: i64,
        limit: i64,
    ) -> Result<Vec<Ended>, StoreError> {
        let statement = if of == Mark::Out { &ENDED } else { &CAME };
        let rows = self.query(statement, params![done_at, message, until, limit]).await?;
        rows.iter()
            .map(|row| {
                Ok(Ended {
                    message: row.get(0)?,
                    done_at: row.get(1)?,
                    state: row.get(2)?,
                    scheme: row.get(3)?,
                    path: row.get(4)?,
                    person: row.get(5)?,
                    failure: row.get(6)?,
                })
            })
            .collect()
    }

    /// The place below the country in which each of some people works.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn counties_of(&self, people: &[PersonId]) -> Result<Vec<(PersonId, PlaceId)>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.query(&COUNTIES, params![hex_list(people.iter().map(|person| person.uuid()))]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Numbers that are not theirs, by person: the import does not give them back to those whose records still hold them.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn wrong_numbers(&self) -> Result<Vec<(String, String, PersonId)>, StoreError> {
        let rows = self.query(&WRONG_NUMBERS, params![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// Numbers that left a person's record because somebody else has them: the row and what is written there.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn disowned_numbers(&self, person: PersonId) -> Result<Vec<(uuid::Uuid, String)>, StoreError> {
        let rows = self.query(&DISOWNED, params![person]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(2)?))).collect()
    }

    /// Numbers of active health workers within a scope by name, after a place in that order; `state` narrows, `fresh_since` says since
    /// when a confirmation counts.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn numbers(
        &self,
        scope: &Scope,
        (state, fresh_since): (&str, i64),
        after: Option<&(String, uuid::Uuid)>,
        limit: i64,
    ) -> Result<Vec<NumberRow>, StoreError> {
        let (name, row) = after.map_or(("", uuid::Uuid::nil()), |(name, row)| (name.as_str(), *row));
        let given = params![scope.all_places(), scope.principal(), fresh_since, state, name, row, limit];
        self.query(&LIST, given).await?.iter().map(NumberRow::read).collect()
    }

    /// How many numbers are in each state, within a scope; and how many active health workers have none at all.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn number_counts(
        &self,
        scope: &Scope,
        fresh_since: i64,
    ) -> Result<(Vec<(String, i64)>, i64), StoreError> {
        let rows = self.query(&COUNTS, params![scope.all_places(), scope.principal(), fresh_since]).await?;
        let counts = rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<_, StoreError>>()?;
        let none = self.query(&NUMBERLESS, params![scope.all_places(), scope.principal()]).await?;
        Ok((counts, none.first().map_or(Ok(0), |row| row.get(0))?))
    }

    /// Numbers that several active health workers have, with those of them within a scope.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn numbers_of_several(
        &self,
        scope: &Scope,
        after: &str,
        limit: i64,
    ) -> Result<Vec<(String, PersonId, String)>, StoreError> {
        let rows = self.query(&SHARED, params![scope.all_places(), scope.principal(), after, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// Reach since a day, within a scope.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn reach_since(&self, scope: &Scope, day: &str) -> Result<Vec<ReachRow>, StoreError> {
        let rows = self.query(&REACHED, params![day, scope.all_places(), scope.principal()]).await?;
        rows.iter()
            .map(|row| {
                Ok(ReachRow {
                    day: row.get(0)?,
                    place: row.get(1)?,
                    operator: row.get(2)?,
                    tried: row.get(3)?,
                    delivered: row.get(4)?,
                    failed: row.get(5)?,
                })
            })
            .collect()
    }
}
