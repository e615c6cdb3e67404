//! Messages as RapidPro lists them: by folder, with labels.

use std::collections::HashMap;

use mhero_core::{BroadcastId, ChannelId, Direction, FlowId, MessageId, PersonId, Scope, ThreadId};
use uuid::Uuid;

use super::{Keyset, in_scope};
use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::{Composer, hex_list},
    params,
    statement::statements,
};

statements! {
    LABELS = (concat!("SELECT l.message, l.label FROM message_label l WHERE l.message IN (", ids_there!("$1"), ") ORDER BY l.message ASC NULLS LAST, l.added_at ASC NULLS LAST, l.label ASC NULLS LAST"))
        | (concat!("SELECT l.message, l.label FROM message_label l WHERE l.message IN (", ids_here!("$1"), ") ORDER BY l.message ASC NULLS LAST, l.added_at ASC NULLS LAST, l.label ASC NULLS LAST"));
    LABEL_COUNTS = "SELECT l.label, CAST(COUNT(*) AS BIGINT) FROM message_label l WHERE NOT EXISTS (SELECT 1 FROM message_mark k WHERE k.message = l.message AND k.mark = 'deleted') GROUP BY l.label ORDER BY l.label ASC NULLS LAST";
    ADD_LABEL = "INSERT INTO message_label (label, message, added_at) VALUES ($1, $2, $3) ON CONFLICT (label, message) DO NOTHING";
    DROP_LABEL = "DELETE FROM message_label WHERE label = $1 AND message = $2";
    DROP_LABEL_EVERYWHERE = "DELETE FROM message_label WHERE label = $1";
    /// What was deleted stays so.
    MARK = "INSERT INTO message_mark (message, mark, marked_at) VALUES ($1, $2, $3) ON CONFLICT (message) DO UPDATE SET mark = $2, marked_at = $3 WHERE message_mark.mark <> 'deleted'";
    UNMARK = "DELETE FROM message_mark WHERE message = $1 AND mark = $2";
    MARK_ALL_OF = "INSERT INTO message_mark (message, mark, marked_at) SELECT m.id, 'archived', $2 FROM message m WHERE m.person = $1 AND m.direction = 'in' ON CONFLICT (message) DO NOTHING";
}

/// Who is meant when a message is of somebody who was joined to another.
const GOLDEN: &str = "COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)";

/// The folders of RapidPro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageFolder {
    /// Came in, and no flow wanted them.
    Inbox,
    /// Came in, and a flow answered.
    Flows,
    /// Came in, and were put away.
    Archived,
    /// Wait, or are with the carrier.
    Outbox,
    /// Left.
    Sent,
    /// Did not leave.
    Failed,
    /// All that came in.
    Incoming,
}

/// Which messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessagesAsked<'a> {
    /// Only these.
    pub ids: Option<&'a [MessageId]>,
    /// Only those of a folder.
    pub folder: Option<MessageFolder>,
    /// Only those from or to somebody.
    pub contact: Option<PersonId>,
    /// Only those with a label.
    pub label: Option<Uuid>,
    /// Only those of a broadcast.
    pub broadcast: Option<BroadcastId>,
    /// Only those that came in, or went out.
    pub direction: Option<Direction>,
    /// Tests alone, which are left out otherwise.
    pub tests: bool,
}

/// A message as the API lists it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiMessage {
    /// Its id.
    pub id: MessageId,
    /// In or out.
    pub direction: Direction,
    /// A `MessageState`, or an `InboundState`.
    pub state: String,
    /// From or to whom.
    pub person: PersonId,
    /// That person's name.
    pub name: String,
    /// The scheme of the address.
    pub scheme: String,
    /// The address.
    pub path: String,
    /// The channel.
    pub channel: Option<ChannelId>,
    /// The broadcast.
    pub broadcast: Option<BroadcastId>,
    /// The text; `None` once erased.
    pub text: Option<String>,
    /// When it was written or received, in UTC microseconds.
    pub created_at: i64,
    /// When it left.
    pub sent_at: Option<i64>,
    /// When it was delivered, or failed.
    pub done_at: Option<i64>,
    /// The thread of the inbox.
    pub thread: Option<ThreadId>,
    /// The flow that sent or answered it.
    pub flow: Option<FlowId>,
    /// Whether it was put away.
    pub archived: bool,
    /// The instant by which it was ordered.
    pub at: i64,
}

impl std::fmt::Debug for ApiMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiMessage").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

fn read(row: &Row) -> Result<ApiMessage, StoreError> {
    Ok(ApiMessage {
        id: row.get(0)?,
        direction: row.get(1)?,
        state: row.get(2)?,
        person: row.get(3)?,
        name: row.get(4)?,
        scheme: row.get(5)?,
        path: row.get(6)?,
        channel: row.get(7)?,
        broadcast: row.get(8)?,
        text: row.get(9)?,
        created_at: row.get(10)?,
        sent_at: row.get(11)?,
        done_at: row.get(12)?,
        thread: row.get(13)?,
        flow: row.get(14)?,
        archived: row.get(15)?,
        at: row.get(16)?,
    })
}

impl MessageFolder {
    const fn condition(self) -> &'static str {
        const ARCHIVED: &str = "m.direction = 'in' AND EXISTS (SELECT 1 FROM message_mark k WHERE k.message = m.id AND k.mark = 'archived')";
        match self {
            Self::Inbox => {
                "m.direction = 'in' AND m.conversation IS NULL AND NOT EXISTS (SELECT 1 FROM message_mark k WHERE k.message = m.id)"
            }
            Self::Flows => {
                "m.direction = 'in' AND m.conversation IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message_mark k WHERE k.message = m.id)"
            }
            Self::Archived => ARCHIVED,
            Self::Outbox => "m.direction = 'out' AND m.state IN ('waiting', 'submitting', 'uncertain')",
            Self::Sent => "m.direction = 'out' AND m.state IN ('sent', 'delivered')",
            Self::Failed => "m.direction = 'out' AND m.state IN ('failed', 'expired', 'cancelled')",
            Self::Incoming => "m.direction = 'in'",
        }
    }
}

impl Unit {
    /// Puts a label on a message.
    pub fn label_message(&mut self, label: Uuid, message: MessageId, now: i64) -> &mut Self {
        self.run(&ADD_LABEL, params![label, message, now])
    }

    /// Takes a label off a message.
    pub fn unlabel_message(&mut self, label: Uuid, message: MessageId) -> &mut Self {
        self.run(&DROP_LABEL, params![label, message])
    }

    /// Takes a label off every message.
    pub fn forget_label(&mut self, label: Uuid) -> &mut Self {
        self.run(&DROP_LABEL_EVERYWHERE, params![label])
    }

    /// Marks a message `archived` or `deleted`.
    pub fn mark_message(&mut self, message: MessageId, mark: &str, now: i64) -> &mut Self {
        self.run(&MARK, params![message, mark, now])
    }

    /// Takes a mark away.
    pub fn unmark_message(&mut self, message: MessageId, mark: &str) -> &mut Self {
        self.run(&UNMARK, params![message, mark])
    }

    /// Puts away all that came from somebody.
    pub fn archive_messages_of(&mut self, person: PersonId, now: i64) -> &mut Self {
        self.run(&MARK_ALL_OF, params![person, now])
    }
}

impl Store {
    /// A part of the messages within the scope, without tests (or of these alone) and without those that were deleted by the API: by when they were
    /// written or received; those of [`MessageFolder::Sent`] by when they left.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn message_page(
        &self,
        scope: &Scope,
        asked: &MessagesAsked<'_>,
        page: &Keyset,
    ) -> Result<Vec<ApiMessage>, StoreError> {
        let mut composer = Composer::for_few(0);
        let at = match asked.folder {
            Some(MessageFolder::Sent) => "COALESCE(m.sent_at, m.created_at)",
            _ => "m.created_at",
        };
        let mut tests = vec![page.condition(&mut composer, at, "m.id"), in_scope(&mut composer, scope, GOLDEN)];
        if let Some(ids) = asked.ids {
            tests.push(composer.one_of("m.id", ids.iter().copied()));
        }
        if let Some(folder) = asked.folder {
            tests.push(folder.condition().to_owned());
        }
        if let Some(person) = asked.contact {
            let person = composer.bind(person);
            tests.push(format!(
                "m.person IN (SELECT {person} UNION ALL SELECT a.alias FROM person_alias a WHERE a.person = {person})"
            ));
        }
        if let Some(label) = asked.label {
            let label = composer.bind(label);
            tests.push(format!("EXISTS (SELECT 1 FROM message_label l WHERE l.label = {label} AND l.message = m.id)"));
        }
        if let Some(broadcast) = asked.broadcast {
            tests.push(format!("m.broadcast = {}", composer.bind(broadcast)));
        }
        if let Some(direction) = asked.direction {
            tests.push(format!("m.direction = {}", composer.bind(direction)));
        }
        tests.push(if asked.tests { "m.is_test" } else { "NOT m.is_test" }.to_owned());
        let order = page.order(&mut composer, self.engine(), (at, "m.id"));
        let sql = format!(
            "SELECT m.id, m.direction, m.state, {GOLDEN}, p.name, m.scheme, m.path, m.channel, m.broadcast, b.text, m.created_at, m.sent_at, m.done_at, m.thread, \
             (SELECT s.flow FROM flow_session s WHERE s.conversation = m.conversation ORDER BY s.created_at DESC NULLS LAST LIMIT 1), \
             EXISTS (SELECT 1 FROM message_mark k WHERE k.message = m.id AND k.mark = 'archived'), {at} \
             FROM message m JOIN message_body b ON b.id = m.body JOIN person p ON p.id = {GOLDEN} \
             WHERE {} AND NOT EXISTS (SELECT 1 FROM message_mark k WHERE k.message = m.id AND k.mark = 'deleted') {order}",
            tests.join(" AND ")
        );
        self.query_composed(sql, composer.params()).await?.iter().map(read).collect()
    }

    /// The labels of messages.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn labels_of(&self, messages: &[MessageId]) -> Result<HashMap<MessageId, Vec<Uuid>>, StoreError> {
        let mut labels: HashMap<MessageId, Vec<Uuid>> = HashMap::new();
        if messages.is_empty() {
            return Ok(labels);
        }
        let list = hex_list(messages.iter().map(|message| message.uuid()));
        for row in self.query(&LABELS, params![&list]).await? {
            labels.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(labels)
    }

    /// How many messages have each label.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn label_counts(&self) -> Result<HashMap<Uuid, i64>, StoreError> {
        self.query(&LABEL_COUNTS, vec![]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
