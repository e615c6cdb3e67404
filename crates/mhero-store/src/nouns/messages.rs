//! Messages in and out, and their texts, which stand apart.

use mhero_core::{
    BroadcastId, ChannelId, ConversationId, Direction, Lane, Lang, MessageId, MessageKind, PersonId, RetentionClass,
    Scope, ThreadId,
};
use uuid::Uuid;

use crate::{
    Guard, Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    ADD_BODY = "INSERT INTO message_body (id, text, retention, created_at, erased_at) VALUES ($1, $2, $3, $4, NULL)";
    ADD = "INSERT INTO message (id, direction, kind, state, lane, person, scheme, path, channel, conversation, broadcast, thread, body, language, segments, dedupe_key, reply_to, answers, failure, written_by, programme, is_test, is_drill, created_at, sent_at, done_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, NULL, $19, $20, $21, $22, $23, NULL, NULL, 1) ON CONFLICT (dedupe_key) DO NOTHING";
    /// By the time at which each left: one written earlier may have waited for the morning. What another system sent is answered there.
    LAST_TO_PATH = "SELECT m.id, COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person), m.broadcast, m.thread, COALESCE(m.sent_at, m.created_at), b.text FROM message m JOIN message_body b ON b.id = m.body WHERE m.path = $1 AND m.scheme = $2 AND m.direction = 'out' AND m.kind <> 'auto' AND m.kind <> 'elsewhere' AND m.state IN ('sent', 'delivered', 'uncertain', 'submitting') ORDER BY COALESCE(m.sent_at, m.created_at) DESC NULLS LAST, m.id DESC NULLS LAST LIMIT 1";
    /// A copy that came within the window, with nothing sent to that phone in between.
    COPY_OF = "SELECT m.id FROM message m JOIN message_body b ON b.id = m.body WHERE m.path = $1 AND m.scheme = $2 AND m.direction = 'in' AND m.created_at > $3 AND m.created_at <= $4 AND b.text = $5 AND NOT EXISTS (SELECT 1 FROM message o WHERE o.path = m.path AND o.scheme = m.scheme AND o.direction = 'out' AND o.created_at <= $4 AND ((o.sent_at >= m.created_at AND o.sent_at <= $4) OR (o.sent_at IS NULL AND o.state IN ('submitting', 'uncertain') AND o.created_at >= m.created_at))) LIMIT 1";
    AUTO_REPLIES = "SELECT CAST(COUNT(*) AS BIGINT) FROM message WHERE path = $1 AND scheme = $2 AND kind = 'auto' AND reply_to IS NOT NULL AND created_at > $3";
    /// How often flows said the same to a number as an answer, at most; and how often they answered it since another instant.
    FLOW_REPLIES = "SELECT CAST(COALESCE(MAX(t.times), 0) AS BIGINT), CAST(COALESCE(SUM(t.lately), 0) AS BIGINT) FROM (SELECT COUNT(*) AS times, SUM(CASE WHEN m.created_at > $4 THEN 1 ELSE 0 END) AS lately FROM message m JOIN message_body b ON b.id = m.body WHERE m.path = $1 AND m.scheme = $2 AND m.direction = 'out' AND m.kind = 'flow' AND m.reply_to IS NOT NULL AND m.created_at > $3 GROUP BY b.text) AS t";
    OF_PERSON = (concat!("SELECT m.id, m.direction, m.kind, m.state, m.lane, m.person, p.name, m.path, m.channel, m.broadcast, m.thread, b.text, m.language, m.segments, m.answers, m.failure, m.written_by, m.created_at, m.sent_at, m.done_at, m.is_test FROM message m JOIN message_body b ON b.id = m.body JOIN person p ON p.id = m.person WHERE m.person IN (SELECT $1 UNION ALL SELECT a.alias FROM person_alias a WHERE a.person = $1) AND m.created_at < $2 AND ", person_in_scope!("$1", "$3", "$4"), " ORDER BY m.created_at DESC NULLS LAST, m.id DESC NULLS LAST LIMIT $5"));
    OF_THREAD = (concat!("SELECT m.id, m.direction, m.kind, m.state, m.lane, m.person, p.name, m.path, m.channel, m.broadcast, m.thread, b.text, m.language, m.segments, m.answers, m.failure, m.written_by, m.created_at, m.sent_at, m.done_at, m.is_test FROM message m JOIN message_body b ON b.id = m.body JOIN person p ON p.id = m.person WHERE m.thread = $1 AND m.created_at < $2 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$3", "$4"), " ORDER BY m.created_at DESC NULLS LAST, m.id DESC NULLS LAST LIMIT $5"));
    RECENT = (concat!("SELECT m.id, m.direction, m.kind, m.state, m.lane, m.person, p.name, m.path, m.channel, m.broadcast, m.thread, b.text, m.language, m.segments, m.answers, m.failure, m.written_by, m.created_at, m.sent_at, m.done_at, m.is_test FROM message m JOIN message_body b ON b.id = m.body JOIN person p ON p.id = m.person WHERE m.created_at >= $1 AND m.created_at < $2 AND ($6 = '' OR m.direction = $6) AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$3", "$4"), " ORDER BY m.created_at DESC NULLS LAST, m.id DESC NULLS LAST LIMIT $5"));
    STATE_OF = "SELECT state, version, path, scheme, person, broadcast, lane FROM message WHERE id = $1";
    SET_STATE = "UPDATE message SET state = $2, sent_at = COALESCE(sent_at, $3), done_at = COALESCE($4, done_at), failure = COALESCE($5, failure), version = version + 1 WHERE id = $1 AND state = $6";
    /// STOP takes back what waits for the number: broadcasts, and what officials wrote before they knew.
    CANCEL_WAITING = "UPDATE message SET state = 'cancelled', done_at = $3, failure = 'stopped', version = version + 1 WHERE path = $1 AND scheme = $2 AND direction = 'out' AND kind IN ('broadcast', 'flow', 'thread') AND state = 'waiting'";
    /// What may have arrived already is not cancelled: it stays uncertain for ever, which is the truth, and only stops waiting.
    REST_UNCERTAIN = "UPDATE message SET done_at = COALESCE(done_at, $3), version = version + 1 WHERE path = $1 AND scheme = $2 AND direction = 'out' AND kind IN ('broadcast', 'flow', 'thread') AND state = 'uncertain' AND EXISTS (SELECT 1 FROM outbox o WHERE o.message = message.id)";
    DROP_CANCELLED = "DELETE FROM outbox WHERE message IN (SELECT id FROM message WHERE path = $1 AND scheme = $2 AND (state = 'cancelled' OR (state = 'uncertain' AND kind IN ('broadcast', 'flow', 'thread'))))";
    /// The same for one list: what its programme has begun. Answers that are on their way to somebody's own text go all the same.
    CANCEL_LIST = "UPDATE message SET state = 'cancelled', done_at = $4, failure = 'stopped', version = version + 1 WHERE path = $1 AND scheme = $2 AND direction = 'out' AND (kind = 'broadcast' OR (kind = 'flow' AND reply_to IS NULL)) AND state = 'waiting' AND programme = (SELECT g.id FROM programme g WHERE g.code = $3)";
    REST_LIST = "UPDATE message SET done_at = COALESCE(done_at, $4), version = version + 1 WHERE path = $1 AND scheme = $2 AND direction = 'out' AND (kind = 'broadcast' OR (kind = 'flow' AND reply_to IS NULL)) AND state = 'uncertain' AND programme = (SELECT g.id FROM programme g WHERE g.code = $3) AND EXISTS (SELECT 1 FROM outbox o WHERE o.message = message.id)";
    DROP_LIST = "DELETE FROM outbox WHERE message IN (SELECT id FROM message WHERE path = $1 AND scheme = $2 AND (state = 'cancelled' OR (state = 'uncertain' AND (kind = 'broadcast' OR (kind = 'flow' AND reply_to IS NULL)) AND programme = (SELECT g.id FROM programme g WHERE g.code = $3))))";
    UNANSWERED = "UPDATE message SET failure = $2, version = version + 1 WHERE id = $1 AND direction = 'in'";
    COUNT_BY_STATE = "SELECT state, CAST(COUNT(*) AS BIGINT) FROM message WHERE broadcast = $1 AND direction = 'out' GROUP BY state ORDER BY state ASC NULLS LAST";
    COUNT_ANSWERED = "SELECT CAST(COUNT(DISTINCT person) AS BIGINT) FROM message WHERE answers = $1";
    TOUCH_SENT = "UPDATE person SET sent_at = $2 WHERE id = $1 AND (sent_at IS NULL OR sent_at < $2)";
    TOUCH_HEARD = "UPDATE person SET heard_at = $2 WHERE id = $1 AND (heard_at IS NULL OR heard_at < $2)";
    /// A guard: nothing about the message has changed since it was read.
    UNCHANGED = "UPDATE message SET version = version + 1 WHERE id = $1 AND version = $2";
    BY_KEY = "SELECT id FROM message WHERE dedupe_key = $1";
    RELEASE_DOUBLE = "UPDATE message SET state = 'handled', thread = $2, version = version + 1 WHERE id = $1 AND state = 'suspected_double'";
}

/// A message to be written.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id.
    pub id: MessageId,
    /// In or out.
    pub direction: Direction,
    /// Where it comes from.
    pub kind: MessageKind,
    /// State: a `MessageState` for one that goes out, an `InboundState` for one that came in.
    pub state: &'static str,
    /// How urgent.
    pub lane: Lane,
    /// Whose it is.
    pub person: PersonId,
    /// Scheme of the other side.
    pub scheme: String,
    /// The other side's number.
    pub path: String,
    /// The channel, once it is known.
    pub channel: Option<ChannelId>,
    /// The conversation within which order holds.
    pub conversation: Option<ConversationId>,
    /// The broadcast it belongs to.
    pub broadcast: Option<BroadcastId>,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// Its text, see [`Unit::add_body`].
    pub body: Uuid,
    /// The language it is written in.
    pub language: Option<Lang>,
    /// SMS it takes.
    pub segments: i64,
    /// What makes it the same message when it is written twice.
    pub dedupe_key: String,
    /// The message it answers.
    pub reply_to: Option<MessageId>,
    /// The broadcast that an inbound message answers.
    pub answers: Option<BroadcastId>,
    /// The official who wrote it.
    pub written_by: Option<Uuid>,
    /// The programme it belongs to.
    pub programme: Option<Uuid>,
    /// A test.
    pub is_test: bool,
    /// A drill.
    pub is_drill: bool,
    /// When, in UTC microseconds.
    pub created_at: i64,
}

/// A message as read.
#[derive(Clone, PartialEq)]
pub struct MessageRow {
    /// Its id.
    pub id: MessageId,
    /// In or out.
    pub direction: Direction,
    /// Where it comes from.
    pub kind: MessageKind,
    /// How far it has got.
    pub state: String,
    /// How urgent.
    pub lane: Lane,
    /// Whose it is.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// The other side's number.
    pub path: String,
    /// The channel.
    pub channel: Option<ChannelId>,
    /// The broadcast it belongs to.
    pub broadcast: Option<BroadcastId>,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// The text; `None` once erased.
    pub text: Option<String>,
    /// The language.
    pub language: Option<Lang>,
    /// SMS it takes.
    pub segments: i64,
    /// The broadcast that it answers.
    pub answers: Option<BroadcastId>,
    /// Why it failed or was taken back.
    pub failure: Option<String>,
    /// The official who wrote it.
    pub written_by: Option<Uuid>,
    /// When it was written or received.
    pub created_at: i64,
    /// When the carrier took it.
    pub sent_at: Option<i64>,
    /// When it was delivered, failed or cancelled.
    pub done_at: Option<i64>,
    /// A test.
    pub is_test: bool,
}

impl std::fmt::Debug for MessageRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MessageRow").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl MessageRow {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            direction: row.get(1)?,
            kind: row.get(2)?,
            state: row.get(3)?,
            lane: row.get(4)?,
            person: row.get(5)?,
            person_name: row.get(6)?,
            path: row.get(7)?,
            channel: row.get(8)?,
            broadcast: row.get(9)?,
            thread: row.get(10)?,
            text: row.get(11)?,
            language: row.get(12)?,
            segments: row.get(13)?,
            answers: row.get(14)?,
            failure: row.get(15)?,
            written_by: row.get(16)?,
            created_at: row.get(17)?,
            sent_at: row.get(18)?,
            done_at: row.get(19)?,
            is_test: row.get(20)?,
        })
    }
}

/// The last message that went to a number, other than automatic replies.
#[derive(Clone, PartialEq, Eq)]
pub struct LastSent {
    /// Its text; `None` once erased.
    pub text: Option<String>,
    /// The message.
    pub message: MessageId,
    /// To whom at that number.
    pub person: PersonId,
    /// Of which broadcast.
    pub broadcast: Option<BroadcastId>,
    /// In which thread.
    pub thread: Option<ThreadId>,
    /// When.
    pub at: i64,
}

impl std::fmt::Debug for LastSent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LastSent").field("message", &self.message).finish_non_exhaustive()
    }
}

/// What a decision about a message rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStanding {
    /// State word.
    pub state: String,
    /// Version.
    pub version: i64,
    /// Number.
    pub path: String,
    /// Scheme.
    pub scheme: String,
    /// Person.
    pub person: PersonId,
    /// Broadcast.
    pub broadcast: Option<BroadcastId>,
    /// Lane.
    pub lane: Lane,
}

impl Unit {
    /// Writes a text.
    pub fn add_body(&mut self, id: Uuid, text: &str, retention: RetentionClass, now: i64) -> &mut Self {
        self.one(&ADD_BODY, params![id, text, retention, now])
    }

    /// Writes a message. With [`Guard::Rows`]`(1)` the unit fails when it was written before; with [`Guard::Any`] a second
    /// writing does nothing.
    pub fn add_message(&mut self, message: &NewMessage, guard: Guard) -> &mut Self {
        self.step(
            &ADD,
            guard,
            params![
                message.id,
                message.direction,
                message.kind,
                message.state,
                message.lane,
                message.person,
                &message.scheme,
                &message.path,
                message.channel,
                message.conversation,
                message.broadcast,
                message.thread,
                message.body,
                message.language,
                message.segments,
                &message.dedupe_key,
                message.reply_to,
                message.answers,
                message.written_by,
                message.programme,
                message.is_test,
                message.is_drill,
                message.created_at
            ],
        )
    }

    /// Moves a message from one state to another; the unit fails when it is no longer in the first.
    pub fn move_message(
        &mut self,
        id: MessageId,
        from: &str,
        to: &str,
        times: StateTimes,
        why: Option<&str>,
    ) -> &mut Self {
        self.one(&SET_STATE, params![id, to, times.sent_at, times.done_at, why, from])
    }

    /// Notes why a text that came in got no answer; officials see it beside the text.
    pub fn unanswered(&mut self, id: MessageId, why: &str) -> &mut Self {
        self.one(&UNANSWERED, params![id, why])
    }

    /// Makes the unit fail when anything about a message has changed since its version was read.
    pub fn message_unchanged(&mut self, id: MessageId, version: i64) -> &mut Self {
        self.one(&UNCHANGED, params![id, version])
    }

    /// Takes back every broadcast message and every answer of an official that still waits for a number. What is uncertain is not sent
    /// again and stays uncertain.
    pub fn cancel_waiting(&mut self, scheme: &str, path: &str, now: i64) -> &mut Self {
        self.run(&CANCEL_WAITING, params![path, scheme, now]);
        self.run(&REST_UNCERTAIN, params![path, scheme, now]);
        self.run(&DROP_CANCELLED, params![path, scheme])
    }

    /// Takes back what still waits for a number of the programme whose code is a list that it left.
    pub fn cancel_waiting_of(&mut self, (scheme, path): (&str, &str), list: &str, now: i64) -> &mut Self {
        self.run(&CANCEL_LIST, params![path, scheme, list, now]);
        self.run(&REST_LIST, params![path, scheme, list, now]);
        self.run(&DROP_LIST, params![path, scheme, list])
    }

    /// Notes that a message left for a person.
    pub fn touch_sent(&mut self, person: PersonId, at: i64) -> &mut Self {
        self.run(&TOUCH_SENT, params![person, at])
    }

    /// Notes that a person wrote.
    pub fn touch_heard(&mut self, person: PersonId, at: i64) -> &mut Self {
        self.run(&TOUCH_HEARD, params![person, at])
    }

    /// Lets a suspected double count after all, in a thread.
    pub fn release_double(&mut self, id: MessageId, thread: ThreadId) -> &mut Self {
        self.one(&RELEASE_DOUBLE, params![id, thread])
    }
}

/// The instants that a change of state sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateTimes {
    /// When the carrier took it.
    pub sent_at: Option<i64>,
    /// When it ended.
    pub done_at: Option<i64>,
}

impl Store {
    /// The last message that went to a number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_sent_to(&self, scheme: &str, path: &str) -> Result<Option<LastSent>, StoreError> {
        let Some(row) = self.first(&LAST_TO_PATH, params![path, scheme]).await? else { return Ok(None) };
        Ok(Some(LastSent {
            message: row.get(0)?,
            person: row.get(1)?,
            broadcast: row.get(2)?,
            thread: row.get(3)?,
            at: row.get(4)?,
            text: row.get(5)?,
        }))
    }

    /// The message that was written under a key.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn message_by_key(&self, dedupe_key: &str) -> Result<Option<MessageId>, StoreError> {
        self.first(&BY_KEY, params![dedupe_key]).await?.map(|row| row.get(0)).transpose()
    }

    /// Whether the same text came from the same number after `since`, with nothing sent to it in between.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn copy_of(
        &self,
        (scheme, path): (&str, &str),
        text: &str,
        since: i64,
        at: i64,
    ) -> Result<Option<MessageId>, StoreError> {
        self.first(&COPY_OF, params![path, scheme, since, at, text]).await?.map(|row| row.get(0)).transpose()
    }

    /// How many automatic replies a number got after `since`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn auto_replies(&self, scheme: &str, path: &str, since: i64) -> Result<i64, StoreError> {
        self.first(&AUTO_REPLIES, params![path, scheme, since]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// How often flows gave a number the same answer after `since`, at most, and how often they answered it at all after `lately`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_replies(
        &self,
        (scheme, path): (&str, &str),
        since: i64,
        lately: i64,
    ) -> Result<(i64, i64), StoreError> {
        let row = self.first(&FLOW_REPLIES, params![path, scheme, since, lately]).await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Messages of a person before an instant, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn messages_of_person(
        &self,
        scope: &Scope,
        person: PersonId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let rows =
            self.query(&OF_PERSON, params![person, before, scope.all_places(), scope.principal(), limit]).await?;
        rows.iter().map(MessageRow::read).collect()
    }

    /// Messages of a thread before an instant, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn messages_of_thread(
        &self,
        scope: &Scope,
        thread: ThreadId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let rows =
            self.query(&OF_THREAD, params![thread, before, scope.all_places(), scope.principal(), limit]).await?;
        rows.iter().map(MessageRow::read).collect()
    }

    /// Messages of everybody in `since..before`, newest first; `direction` narrows.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn recent_messages(
        &self,
        scope: &Scope,
        (since, before): (i64, i64),
        direction: Option<Direction>,
        limit: i64,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let direction = direction.map_or("", Direction::as_str);
        let rows = self
            .query(&RECENT, params![since, before, scope.all_places(), scope.principal(), limit, direction])
            .await?;
        rows.iter().map(MessageRow::read).collect()
    }

    /// What a decision about a message rests on. For the system; officials read through the scoped lists.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn message_standing(&self, id: MessageId) -> Result<Option<MessageStanding>, StoreError> {
        let Some(row) = self.first(&STATE_OF, params![id]).await? else { return Ok(None) };
        Ok(Some(MessageStanding {
            state: row.get(0)?,
            version: row.get(1)?,
            path: row.get(2)?,
            scheme: row.get(3)?,
            person: row.get(4)?,
            broadcast: row.get(5)?,
            lane: row.get(6)?,
        }))
    }

    /// Messages of a broadcast by state. Counts only; whoever may see the broadcast may see them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_by_state(&self, broadcast: BroadcastId) -> Result<Vec<(String, i64)>, StoreError> {
        self.query(&COUNT_BY_STATE, params![broadcast]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// How many people answered a broadcast.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_answered(&self, broadcast: BroadcastId) -> Result<i64, StoreError> {
        self.first(&COUNT_ANSWERED, params![broadcast]).await?.map_or(Ok(0), |row| row.get(0))
    }
}
