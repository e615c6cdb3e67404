//! Chats: addresses that people have shown to be theirs, who wants to be written to there, what messages offer as buttons, and what
//! goes by SMS because a chat has not reached somebody in time.

use mhero_core::{BroadcastId, Lane, Lang, MessageId, PersonId};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{has_left_all, statements},
};

statements! {
    /// An account of a chat is one person's, and strangers were only its place holders.
    LEAVE = "DELETE FROM person_urn WHERE scheme = $1 AND path = $2 AND person <> $3";
    LINK = "INSERT INTO person_urn (id, person, scheme, path, raw, bad, rank, source_record, verified_at, created_at) SELECT $1, $2, $3, $4, $4, NULL, 100, NULL, $5, $5 WHERE NOT EXISTS (SELECT 1 FROM person_urn WHERE person = $2 AND scheme = $3 AND path = $4)";
    OFFER = "INSERT INTO message_choice (message, choices, asks_number, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (message) DO NOTHING";
    OFFERED = "SELECT choices, asks_number FROM message_choice WHERE message = $1";
    FORGET = "DELETE FROM message_choice WHERE created_at < $1";
    VERIFIED = "UPDATE person_urn SET verified_at = $4 WHERE person = $1 AND scheme = $2 AND path = $3";
    PREFER = "INSERT INTO person_way (person, scheme, said_at, by_user) VALUES ($1, $2, $3, $4) ON CONFLICT (person) DO UPDATE SET scheme = $2, said_at = $3, by_user = $4";
    PREFER_NONE = "DELETE FROM person_way WHERE person = $1";
    WAY = "SELECT scheme, said_at, by_user FROM person_way WHERE person = $1";
    CHATS_OF = "SELECT DISTINCT u.scheme FROM person_urn u WHERE u.person = $1 AND u.scheme <> 'tel' AND u.path IS NOT NULL ORDER BY u.scheme ASC NULLS LAST";
    /// Who blocked the chat itself is written to by SMS; who wrote STOP, wherever it was, is not written to at all.
    PREFERRED = (concat!("SELECT u.person, u.scheme, u.path FROM person_way w JOIN person_urn u ON u.person = w.person AND u.scheme = w.scheme AND u.path IS NOT NULL WHERE NOT EXISTS (SELECT 1 FROM stop s WHERE s.scheme = u.scheme AND s.path = u.path AND s.list = '') AND NOT ", has_left_all!("u.person"), " ORDER BY u.person ASC NULLS LAST, u.rank ASC NULLS LAST, u.id ASC NULLS LAST"));
    LINKED = (concat!("SELECT u.person, u.scheme, u.path FROM person_urn u WHERE u.scheme = $1 AND u.path IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stop s WHERE s.scheme = u.scheme AND s.path = u.path AND s.list = '') AND NOT ", has_left_all!("u.person"), " ORDER BY u.person ASC NULLS LAST, u.rank ASC NULLS LAST, u.id ASC NULLS LAST"));
    ADD_TURN = "INSERT INTO chat_turn (message, person, broadcast, path, due_at, state, next, ended_at) VALUES ($1, $2, $3, $4, $5, 'open', NULL, NULL)";
    /// What has arrived or failed is looked at at once, the rest when its time is over. A text that came from there since tells
    /// that it was seen, where a service tells nothing.
    TURNS = "SELECT t.message, t.person, t.broadcast, t.path, t.due_at, m.state, m.scheme, m.path, m.lane, m.language, b.text, m.sent_at, EXISTS (SELECT 1 FROM message i WHERE i.path = m.path AND i.scheme = m.scheme AND i.direction = 'in' AND i.created_at > COALESCE(m.sent_at, m.created_at)) FROM chat_turn t JOIN message m ON m.id = t.message JOIN message_body b ON b.id = m.body WHERE t.state = 'open' AND (t.due_at <= $1 OR m.state IN ('delivered', 'failed', 'cancelled')) ORDER BY t.due_at ASC NULLS LAST LIMIT $2";
    END_TURN = "UPDATE chat_turn SET state = $2, next = $3, ended_at = $4 WHERE message = $1 AND state = 'open'";
    PUT_OFF = "UPDATE chat_turn SET due_at = $2 WHERE message = $1 AND state = 'open'";
    /// Nothing that is being handed over just now.
    TAKE_OUT = "DELETE FROM outbox WHERE message = $1 AND NOT submitting";
    /// The broadcast counts each person once: the chat is no longer its message, but the SMS.
    OF_NO_BROADCAST = "UPDATE message SET broadcast = NULL, version = version + 1 WHERE id = $1";
    /// The chat arrived after all, before the SMS had left.
    NEEDLESS = "SELECT t.message, t.next, t.broadcast FROM chat_turn t JOIN message m ON m.id = t.message JOIN message n ON n.id = t.next WHERE t.state = 'overtaken' AND t.due_at > $1 AND m.state = 'delivered' AND n.state = 'waiting' LIMIT $2";
    ARRIVED_LATE = "UPDATE chat_turn SET state = 'arrived', next = NULL WHERE message = $1 AND state = 'overtaken'";
    OF_BROADCAST = "UPDATE message SET broadcast = $2, version = version + 1 WHERE id = $1 AND broadcast IS NULL";
    COUNTED = "SELECT t.state, CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN t.state = 'overtaken' AND m.state = 'delivered' THEN 1 ELSE 0 END), 0) AS BIGINT) FROM chat_turn t JOIN message m ON m.id = t.message WHERE t.broadcast = $1 GROUP BY t.state ORDER BY t.state ASC NULLS LAST";
    CARRIER_IDS = "SELECT carrier_id, channel FROM submission WHERE message = $1 AND carrier_id IS NOT NULL ORDER BY part ASC NULLS LAST";
    ADD_CODE = "INSERT INTO chat_code (digest, person, message, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)";
    CODE_IN = "SELECT sealed, expires_at FROM chat_code WHERE message = $1";
    CODE = "SELECT person FROM chat_code WHERE digest = $1 AND expires_at > $2";
    USE_CODE = "DELETE FROM chat_code WHERE digest = $1";
    FORGET_CODES = "DELETE FROM chat_code WHERE expires_at < $1";
    CODES_OF = "SELECT CAST(COUNT(*) AS BIGINT) FROM chat_code WHERE person = $1 AND expires_at > $2";
    SHORTS = "SELECT language, template FROM broadcast_short WHERE broadcast = $1 ORDER BY language ASC NULLS LAST";
    ADD_SHORT = "INSERT INTO broadcast_short (broadcast, language, template) VALUES ($1, $2, $3)";
    DROP_SHORTS = "DELETE FROM broadcast_short WHERE broadcast = $1";
}

/// An address of a chat, and whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatAddress {
    /// The person.
    pub person: PersonId,
    /// Which chat: `telegram`.
    pub scheme: String,
    /// The account there.
    pub path: String,
}

impl std::fmt::Debug for ChatAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatAddress")
            .field("person", &self.person)
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

/// By which chat somebody wants to be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatWay {
    /// Which chat: `telegram`.
    pub scheme: String,
    /// When that was said, in UTC microseconds.
    pub said_at: i64,
    /// The official who noted it; `None` where the person said so.
    pub by_user: Option<Uuid>,
}

/// A message of a broadcast that went by a chat, about which something is to be decided.
#[derive(Clone)]
pub struct ChatTurn {
    /// The message.
    pub message: MessageId,
    /// To whom.
    pub person: PersonId,
    /// Of which broadcast.
    pub broadcast: BroadcastId,
    /// The number for an SMS; empty where there is none.
    pub path: String,
    /// Until when it may take, in UTC microseconds.
    pub due_at: i64,
    /// How far it has got.
    pub state: String,
    /// Which chat.
    pub scheme: String,
    /// The account there.
    pub account: String,
    /// How urgent.
    pub lane: Lane,
    /// Its language.
    pub language: Option<Lang>,
    /// Its text; `None` once erased.
    pub text: Option<String>,
    /// When the service took it.
    pub sent_at: Option<i64>,
    /// Whether that account has written since.
    pub is_answered: bool,
}

impl std::fmt::Debug for ChatTurn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatTurn").field("message", &self.message).field("state", &self.state).finish_non_exhaustive()
    }
}

impl ChatTurn {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            message: row.get(0)?,
            person: row.get(1)?,
            broadcast: row.get(2)?,
            path: row.get(3)?,
            due_at: row.get(4)?,
            state: row.get(5)?,
            scheme: row.get(6)?,
            account: row.get(7)?,
            lane: row.get(8)?,
            language: row.get(9)?,
            text: row.get(10)?,
            sent_at: row.get(11)?,
            is_answered: row.get(12)?,
        })
    }
}

/// What became of the messages of a broadcast that went by a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChatCounts {
    /// They may still arrive.
    pub open: i64,
    /// They arrived, or were answered.
    pub arrived: i64,
    /// They went by SMS.
    pub overtaken: i64,
    /// Of these, those that arrived later all the same.
    pub late: i64,
}

impl Unit {
    /// Gives an address of a chat to a person who has shown that it is theirs, and to nobody else.
    pub fn link_chat(&mut self, person: PersonId, urn: Uuid, (scheme, path): (&str, &str), now: i64) -> &mut Self {
        self.run(&LEAVE, params![scheme, path, person]);
        self.run(&LINK, params![urn, person, scheme, path, now]);
        self.run(&VERIFIED, params![person, scheme, path, now]);
        self.make_primary((scheme, path), person)
    }

    /// Keeps what a message offers as buttons: a list in JSON, and whether one shows the phone number of whoever presses it.
    pub fn add_choices(&mut self, message: MessageId, choices: &str, asks_number: bool, now: i64) -> &mut Self {
        self.run(&OFFER, params![message, choices, asks_number, now])
    }

    /// Forgets the buttons of messages that left long ago.
    pub fn forget_choices(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET, params![before])
    }

    /// Notes by which chat somebody wants to be written to; `None`: by SMS.
    pub fn prefer_chat(&mut self, person: PersonId, way: Option<&ChatWay>) -> &mut Self {
        match way {
            Some(way) => self.run(&PREFER, params![person, &way.scheme, way.said_at, way.by_user]),
            None => self.run(&PREFER_NONE, params![person]),
        }
    }

    /// A message of a broadcast goes by a chat: until when it may take to arrive, and which number gets it else.
    pub fn add_chat_turn(
        &mut self,
        message: MessageId,
        (person, broadcast): (PersonId, BroadcastId),
        path: &str,
        due_at: i64,
    ) -> &mut Self {
        self.one(&ADD_TURN, params![message, person, broadcast, path, due_at])
    }

    /// Ends it; the unit fails when somebody else has. `next` is the SMS that goes instead.
    pub fn end_chat_turn(&mut self, message: MessageId, state: &str, next: Option<MessageId>, now: i64) -> &mut Self {
        self.one(&END_TURN, params![message, state, next, now])
    }

    /// Gives it more time.
    pub fn put_off_chat_turn(&mut self, message: MessageId, due_at: i64) -> &mut Self {
        self.run(&PUT_OFF, params![message, due_at])
    }

    /// Takes a message out of the outbox; the unit fails when it is not there, or is just being handed over.
    pub fn take_back_waiting(&mut self, message: MessageId) -> &mut Self {
        self.one(&TAKE_OUT, params![message])
    }

    /// The broadcast of a message goes on with another one.
    pub fn leave_broadcast(&mut self, message: MessageId) -> &mut Self {
        self.run(&OF_NO_BROADCAST, params![message])
    }

    /// A chat that was overtaken arrived before the SMS had left: it is the broadcast's message again.
    pub fn chat_came_back(&mut self, message: MessageId, broadcast: BroadcastId) -> &mut Self {
        self.one(&ARRIVED_LATE, params![message]);
        self.one(&OF_BROADCAST, params![message, broadcast])
    }

    /// Keeps a code, sealed, that a message brings to somebody's phone.
    pub fn add_chat_code(
        &mut self,
        (digest, sealed): (&[u8], &[u8]),
        (person, message): (PersonId, MessageId),
        expires_at: i64,
    ) -> &mut Self {
        self.one(&ADD_CODE, params![digest, person, message, sealed, expires_at])
    }

    /// Uses such a code; the unit fails when it was used.
    pub fn use_chat_code(&mut self, digest: &[u8]) -> &mut Self {
        self.one(&USE_CODE, params![digest])
    }

    /// Forgets codes that ended before an instant.
    pub fn forget_chat_codes(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET_CODES, params![before])
    }

    /// Puts these texts in the place of the short ones that a broadcast has.
    pub fn put_short_texts(&mut self, broadcast: BroadcastId, texts: &[(Lang, String)]) -> &mut Self {
        self.run(&DROP_SHORTS, params![broadcast]);
        for (language, template) in texts {
            self.one(&ADD_SHORT, params![broadcast, *language, template]);
        }
        self
    }
}

impl Store {
    /// What a message offers as buttons.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn choices_of(&self, message: MessageId) -> Result<Option<(String, bool)>, StoreError> {
        let row = self.first(&OFFERED, params![message]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// By which chat somebody wants to be written to; `None`: by SMS.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn chat_way(&self, person: PersonId) -> Result<Option<ChatWay>, StoreError> {
        let row = self.first(&WAY, params![person]).await?;
        row.map(|row| Ok(ChatWay { scheme: row.get(0)?, said_at: row.get(1)?, by_user: row.get(2)? })).transpose()
    }

    /// The chats in which somebody has an account: `telegram`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn chats_of(&self, person: PersonId) -> Result<Vec<String>, StoreError> {
        self.query(&CHATS_OF, params![person]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// The accounts of all who want to be written to by a chat, or with `scheme` of all who have one there; none that has asked to
    /// stop. The best of each person comes first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn chat_addresses(&self, scheme: Option<&str>) -> Result<Vec<ChatAddress>, StoreError> {
        let rows = match scheme {
            Some(scheme) => self.query(&LINKED, params![scheme]).await?,
            None => self.query(&PREFERRED, params![]).await?,
        };
        let read = |row: &Row| Ok(ChatAddress { person: row.get(0)?, scheme: row.get(1)?, path: row.get(2)? });
        rows.iter().map(read).collect()
    }

    /// Messages by chats about which something is to be decided at an instant.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn chat_turns(&self, now: i64, limit: i64) -> Result<Vec<ChatTurn>, StoreError> {
        self.query(&TURNS, params![now, limit]).await?.iter().map(ChatTurn::read).collect()
    }

    /// Messages by chats that arrived after their time, whose SMS has not left: the chat, the SMS, the broadcast. Only those that
    /// were due after an instant.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn needless_sms(
        &self,
        since: i64,
        limit: i64,
    ) -> Result<Vec<(MessageId, MessageId, BroadcastId)>, StoreError> {
        let rows = self.query(&NEEDLESS, params![since, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// What became of the messages of a broadcast that went by a chat.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn chat_counts(&self, broadcast: BroadcastId) -> Result<ChatCounts, StoreError> {
        let mut counts = ChatCounts::default();
        for row in self.query(&COUNTED, params![broadcast]).await? {
            let (state, count): (String, i64) = (row.get(0)?, row.get(1)?);
            match state.as_str() {
                "open" => counts.open = count,
                "arrived" => counts.arrived = count,
                "overtaken" => (counts.overtaken, counts.late) = (count, row.get(2)?),
                _ => {}
            }
        }
        Ok(counts)
    }

    /// The carrier's ids of a message, with the channel of each.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn carrier_ids(&self, message: MessageId) -> Result<Vec<(String, mhero_core::ChannelId)>, StoreError> {
        let rows = self.query(&CARRIER_IDS, params![message]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Whose phone a code went to, while it counts.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn chat_code(&self, digest: &[u8], now: i64) -> Result<Option<PersonId>, StoreError> {
        self.first(&CODE, params![digest, now]).await?.map(|row| row.get(0)).transpose()
    }

    /// The sealed code that a message brings, and when it ends.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn chat_code_in(&self, message: MessageId) -> Result<Option<(Vec<u8>, i64)>, StoreError> {
        let row = self.first(&CODE_IN, params![message]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// How many codes of somebody count.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn chat_codes_of(&self, person: PersonId, now: i64) -> Result<i64, StoreError> {
        self.first(&CODES_OF, params![person, now]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// The texts of a broadcast as they go by SMS, where they are other ones.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn short_texts(&self, broadcast: BroadcastId) -> Result<Vec<(Lang, String)>, StoreError> {
        self.query(&SHORTS, params![broadcast]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }
}
