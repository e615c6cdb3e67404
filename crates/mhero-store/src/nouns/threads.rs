//! Threads: conversations that a person of the ministry reads and answers.

use mhero_core::{PersonId, PlaceId, Scope, ThreadId, UserId};

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    OPEN = "INSERT INTO thread (id, number, person, scheme, path, place, state, owner, label, opened_at, waiting_since, heard_at, closed_at, version) SELECT $1, next - 1, $2, $3, $4, $5, 'open', NULL, NULL, $6, $6, $6, NULL, 1 FROM sequence WHERE name = 'thread'";
    /// A chat and the phones of the person are one conversation; two phones are two, since each may be shared with others.
    OPEN_OF = "SELECT id, version FROM thread WHERE person = $1 AND state = 'open' AND ((path = $2 AND scheme = $3) OR scheme <> 'tel' OR $3 <> 'tel') ORDER BY CASE WHEN path = $2 AND scheme = $3 THEN 0 ELSE 1 END ASC NULLS LAST, opened_at DESC NULLS LAST LIMIT 1";
    /// Answers go to where the person wrote last.
    HEARD_AT = "UPDATE thread SET heard_at = $2, waiting_since = COALESCE(waiting_since, $2), scheme = $3, path = $4, version = version + 1 WHERE id = $1 AND state = 'open'";
    HEARD = "UPDATE thread SET heard_at = $2, waiting_since = COALESCE(waiting_since, $2), version = version + 1 WHERE id = $1 AND state = 'open'";
    /// Whoever asked to stop and has not written since is not answered.
    ANSWERED = "UPDATE thread SET waiting_since = NULL, owner = COALESCE(owner, $2), version = version + 1 WHERE id = $1 AND state = 'open' AND NOT EXISTS (SELECT 1 FROM stop s WHERE s.scheme = thread.scheme AND s.path = thread.path AND s.list = '' AND s.since >= thread.heard_at)";
    OWN = "UPDATE thread SET owner = $2, version = version + 1 WHERE id = $1";
    CLOSE = "UPDATE thread SET state = 'closed', waiting_since = NULL, label = $2, closed_at = $3, version = version + 1 WHERE id = $1 AND state = 'open'";
    GET = (concat!("SELECT t.id, t.number, t.person, p.name, t.scheme, t.path, t.place, t.state, t.owner, t.label, t.opened_at, t.waiting_since, t.heard_at, t.closed_at, t.version, (SELECT b.text FROM message m JOIN message_body b ON b.id = m.body WHERE m.thread = t.id AND m.direction = 'in' ORDER BY m.created_at DESC NULLS LAST LIMIT 1), (SELECT l.name FROM place l WHERE l.id = t.place), p.language FROM thread t JOIN person p ON p.id = t.person WHERE t.id = $1 AND ", person_in_scope!("t.person", "$2", "$3")));
    LIST = (concat!("SELECT t.id, t.number, t.person, p.name, t.scheme, t.path, t.place, t.state, t.owner, t.label, t.opened_at, t.waiting_since, t.heard_at, t.closed_at, t.version, (SELECT b.text FROM message m JOIN message_body b ON b.id = m.body WHERE m.thread = t.id AND m.direction = 'in' ORDER BY m.created_at DESC NULLS LAST LIMIT 1), (SELECT l.name FROM place l WHERE l.id = t.place), p.language FROM thread t JOIN person p ON p.id = t.person WHERE t.state = $1 AND ($6 = '' OR ($6 = 'waiting' AND t.waiting_since IS NOT NULL) OR ($6 = 'mine' AND t.owner = $3)) AND t.heard_at < $4 AND ", person_in_scope!("t.person", "$2", "$3"), " ORDER BY t.heard_at DESC NULLS LAST, t.id DESC NULLS LAST LIMIT $5"));
    WAITING = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(MIN(t.waiting_since) AS BIGINT) FROM thread t WHERE t.state = 'open' AND t.waiting_since IS NOT NULL AND ", person_in_scope!("t.person", "$1", "$2")));
    PLACE_OF = "SELECT place FROM position WHERE person = $1 AND active AND place IS NOT NULL AND (start_at IS NULL OR start_at <= $2) AND (end_at IS NULL OR end_at > $2) ORDER BY start_at DESC NULLS LAST, id ASC NULLS LAST LIMIT 1";
}

/// A thread as read.
#[derive(Clone, PartialEq)]
pub struct ThreadRow {
    /// Its id.
    pub id: ThreadId,
    /// Its number, for people.
    pub number: i64,
    /// With whom.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// Scheme of the number.
    pub scheme: String,
    /// The number.
    pub path: String,
    /// Where they work.
    pub place: Option<PlaceId>,
    /// Its name by language.
    pub place_name: Option<mhero_core::LangMap>,
    /// `open` or `closed`.
    pub state: String,
    /// The official who answers.
    pub owner: Option<UserId>,
    /// What it was about, said at closing.
    pub label: Option<String>,
    /// When it was opened.
    pub opened_at: i64,
    /// Since when an answer is awaited.
    pub waiting_since: Option<i64>,
    /// When the person wrote last.
    pub heard_at: i64,
    /// When it was closed.
    pub closed_at: Option<i64>,
    /// Version, for guards.
    pub version: i64,
    /// The last text from the person.
    pub last_text: Option<String>,
    /// The person's language.
    pub language: Option<mhero_core::Lang>,
}

impl std::fmt::Debug for ThreadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ThreadRow").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl ThreadRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            person: row.get(2)?,
            person_name: row.get(3)?,
            scheme: row.get(4)?,
            path: row.get(5)?,
            place: row.get(6)?,
            state: row.get(7)?,
            owner: row.get(8)?,
            label: row.get(9)?,
            opened_at: row.get(10)?,
            waiting_since: row.get(11)?,
            heard_at: row.get(12)?,
            closed_at: row.get(13)?,
            version: row.get(14)?,
            last_text: row.get(15)?,
            place_name: row.get(16)?,
            language: row.get(17)?,
        })
    }
}

/// Which threads to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadFilter {
    /// All of a state.
    All,
    /// Those that wait for an answer.
    Waiting,
    /// Those of the user who asks.
    Mine,
}

impl Unit {
    /// Opens a thread; it takes the next number.
    pub fn open_thread(
        &mut self,
        id: ThreadId,
        person: PersonId,
        (scheme, path): (&str, &str),
        place: Option<PlaceId>,
        now: i64,
    ) -> &mut Self {
        self.advance("thread");
        self.one(&OPEN, params![id, person, scheme, path, place, now])
    }

    /// Notes that the person wrote; the unit fails when the thread was closed meanwhile.
    pub fn thread_heard(&mut self, id: ThreadId, now: i64) -> &mut Self {
        self.one(&HEARD, params![id, now])
    }

    /// Notes that the person wrote, and from where: answers go there from now on. The unit fails when the thread was closed
    /// meanwhile.
    pub fn thread_heard_at(&mut self, id: ThreadId, (scheme, path): (&str, &str), now: i64) -> &mut Self {
        self.one(&HEARD_AT, params![id, now, scheme, path])
    }

    /// Notes that an official answered; the first to answer owns it. The unit fails when the thread was closed, or the number
    /// has asked to stop, since the decision.
    pub fn thread_answered(&mut self, id: ThreadId, by: Option<uuid::Uuid>) -> &mut Self {
        self.one(&ANSWERED, params![id, by])
    }

    /// Gives a thread to an official, or to nobody.
    pub fn own_thread(&mut self, id: ThreadId, owner: Option<uuid::Uuid>) -> &mut Self {
        self.one(&OWN, params![id, owner])
    }

    /// Closes a thread with a label.
    pub fn close_thread(&mut self, id: ThreadId, label: Option<&str>, now: i64) -> &mut Self {
        self.one(&CLOSE, params![id, label, now])
    }
}

impl Store {
    /// The open thread with a person at a number: its id.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn open_thread_of(
        &self,
        person: PersonId,
        scheme: &str,
        path: &str,
    ) -> Result<Option<ThreadId>, StoreError> {
        self.first(&OPEN_OF, params![person, path, scheme]).await?.map(|row| row.get(0)).transpose()
    }

    /// One thread within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn thread(&self, scope: &Scope, id: ThreadId) -> Result<Option<ThreadRow>, StoreError> {
        self.first(&GET, params![id, scope.all_places(), scope.principal()])
            .await?
            .map(|row| ThreadRow::read(&row))
            .transpose()
    }

    /// Threads within the scope whose person wrote before an instant, latest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn threads(
        &self,
        scope: &Scope,
        state: &str,
        filter: ThreadFilter,
        before: i64,
        limit: i64,
    ) -> Result<Vec<ThreadRow>, StoreError> {
        let filter = match filter {
            ThreadFilter::All => "",
            ThreadFilter::Waiting => "waiting",
            ThreadFilter::Mine => "mine",
        };
        let params = params![state, scope.all_places(), scope.principal(), before, limit, filter];
        self.query(&LIST, params).await?.iter().map(ThreadRow::read).collect()
    }

    /// How many threads within the scope wait for an answer, and since when the oldest does.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn waiting_threads(&self, scope: &Scope) -> Result<(i64, Option<i64>), StoreError> {
        let row = self.first(&WAITING, params![scope.all_places(), scope.principal()]).await?;
        row.map_or(Ok((0, None)), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Where a person works now: the latest current position.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn workplace(&self, person: PersonId, now: i64) -> Result<Option<PlaceId>, StoreError> {
        self.first(&PLACE_OF, params![person, now]).await?.map_or(Ok(None), |row| row.get(0))
    }
}
