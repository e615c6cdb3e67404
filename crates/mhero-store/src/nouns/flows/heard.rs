//! What is known of the numbers that texts came from, read for many texts at once: a pass over the intake asks a few questions
//! in all instead of a few for each text.

use std::collections::HashMap;

use mhero_core::PersonId;

use super::{ContactRecord, ConversationRow, SessionRow};
use crate::{
    Holder, LastSent, Row, Snapshot, Store, StoreError, nouns::audience::hex_list, params, statement::statements,
};

/// People of one number that are read along with it; those beyond are read when they are needed.
const PEOPLE_MAX: usize = 8;

/// Numbers as a table of one column, from a parameter of hexadecimal words with commas between: as PostgreSQL says it.
macro_rules! paths_there {
    () => {
        "SELECT convert_from(decode(unnest(string_to_array($1, ',')), 'hex'), 'UTF8') AS path"
    };
}
/// The same as SQLite says it.
macro_rules! paths_here {
    () => {
        "SELECT CAST(unhex(value) AS TEXT) AS path FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')"
    };
}
/// The newest message of each number, by the time at which it left.
macro_rules! last {
    ($paths:expr) => {
        concat!(
            "SELECT m.id, COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person), m.broadcast, m.thread, COALESCE(m.sent_at, m.created_at), b.text, n.path FROM (",
            $paths,
            ") n JOIN message m ON m.id = (SELECT l.id FROM message l WHERE l.path = n.path AND l.scheme = $2 AND ",
            "l.direction = 'out' AND l.kind <> 'auto' AND l.state IN ('sent', 'delivered', 'uncertain', 'submitting') ",
            "ORDER BY COALESCE(l.sent_at, l.created_at) DESC NULLS LAST, l.id DESC NULLS LAST LIMIT 1) ",
            "JOIN message_body b ON b.id = m.body"
        )
    };
}
macro_rules! stops {
    ($paths:expr) => {
        concat!("SELECT s.path, s.list FROM stop s WHERE s.scheme = $2 AND s.path IN (", $paths, ")")
    };
}
macro_rules! holders {
    ($paths:expr) => {
        concat!(
            "SELECT p.id, p.name, p.language, p.standing, p.active, (SELECT COUNT(*) FROM urn_primary f WHERE f.scheme = ",
            "u.scheme AND f.path = u.path AND f.person = p.id) > 0, p.version, u.path FROM person_urn u JOIN person p ON ",
            "p.id = u.person WHERE u.scheme = $2 AND u.path IN (",
            $paths,
            ") AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) ",
            "ORDER BY p.created_at ASC NULLS LAST, p.id ASC NULLS LAST"
        )
    };
}
macro_rules! open {
    ($paths:expr) => {
        concat!(
            "SELECT c.id, c.scheme, c.path, c.person, c.channel, c.depth, c.state, c.wrote_at, c.created_at, c.version ",
            "FROM conversation c WHERE c.scheme = $2 AND c.state <> 'ended' AND c.path IN (",
            $paths,
            ") ORDER BY c.depth DESC NULLS LAST, c.id DESC NULLS LAST"
        )
    };
}
macro_rules! sessions {
    ($conversations:expr) => {
        concat!(
            "SELECT s.id, s.conversation, s.person, s.flow, s.revision, s.pins, s.start, s.cause, s.parent, s.lane, ",
            "s.channel, s.status, s.state, s.effect, s.sprints, s.timeout_at, s.expires_at, s.timeout_left, s.expiry_left, ",
            "s.once_key, s.is_test, s.is_drill, s.created_at, s.replied_at, s.ended_at, s.version FROM flow_session s ",
            "WHERE s.conversation IN (",
            $conversations,
            ") AND s.ended_at IS NULL ORDER BY s.created_at ASC NULLS LAST"
        )
    };
}

statements! {
    LAST = (last!(paths_there!())) | (last!(paths_here!()));
    STOPS = (stops!(paths_there!())) | (stops!(paths_here!()));
    HOLDERS = (holders!(paths_there!())) | (holders!(paths_here!()));
    OPEN = (open!(paths_there!())) | (open!(paths_here!()));
    SESSIONS = (sessions!(ids_there!("$1"))) | (sessions!(ids_here!("$1")));
}

/// What is known of one number.
#[derive(Clone, Debug, Default)]
pub struct HeardFrom {
    /// The last message that went to it, other than automatic replies.
    pub last: Option<LastSent>,
    /// The lists that it asked to leave; the empty text is everything.
    pub stops: Vec<String>,
    /// Everybody who has it, first come first.
    pub holders: Vec<Holder>,
    /// Its conversations that have not ended, the deepest first, each with its session that has not ended.
    pub open: Vec<(ConversationRow, Option<SessionRow>)>,
}

/// What is known of several numbers, of one state of the data.
#[derive(Clone, Debug, Default)]
pub struct HeardNumbers {
    /// By number. One of which nothing is known stands here too.
    pub numbers: HashMap<String, HeardFrom>,
    /// The people of those numbers as flows see them, where they were asked for.
    pub people: HashMap<PersonId, ContactRecord>,
}

impl Store {
    /// What is known of numbers of one scheme. People are read of numbers at which a conversation has not ended, and with
    /// `with_people` of all.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn heard_from(
        &self,
        scheme: &str,
        paths: &[&str],
        (with_people, now): (bool, i64),
    ) -> Result<HeardNumbers, StoreError> {
        let mut numbers: HashMap<String, HeardFrom> =
            paths.iter().map(|path| ((*path).to_owned(), HeardFrom::default())).collect();
        let list = paths.iter().map(|path| hex(path)).collect::<Vec<_>>().join(",");
        let mut snapshot = self.snapshot().await?;
        for row in snapshot.query(&LAST, params![&list, scheme]).await? {
            if let Some(number) = numbers.get_mut(&row.get::<String>(6)?) {
                number.last = Some(last(&row)?);
            }
        }
        for row in snapshot.query(&STOPS, params![&list, scheme]).await? {
            if let Some(number) = numbers.get_mut(&row.get::<String>(0)?) {
                number.stops.push(row.get(1)?);
            }
        }
        for row in snapshot.query(&HOLDERS, params![&list, scheme]).await? {
            if let Some(number) = numbers.get_mut(&row.get::<String>(7)?) {
                number.holders.push(Holder::read(&row)?);
            }
        }
        snapshot.conversations_at(&mut numbers, (&list, scheme)).await?;
        let wanted = numbers.values().filter(|number| with_people || !number.open.is_empty());
        let mut people: Vec<PersonId> = wanted.flat_map(HeardFrom::people).collect();
        people.sort_unstable();
        people.dedup();
        let people = if people.is_empty() { HashMap::new() } else { snapshot.contact_records(&people, now).await? };
        Ok(HeardNumbers { numbers, people })
    }
}

impl HeardFrom {
    fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        let talking = self.open.iter().map(|(conversation, _)| conversation.person);
        talking.chain(self.holders.iter().map(|holder| holder.person)).take(PEOPLE_MAX)
    }
}

impl Snapshot {
    async fn conversations_at(
        &mut self,
        numbers: &mut HashMap<String, HeardFrom>,
        (list, scheme): (&str, &str),
    ) -> Result<(), StoreError> {
        let rows = self.query(&OPEN, params![list, scheme]).await?;
        let open = rows.iter().map(ConversationRow::read).collect::<Result<Vec<_>, _>>()?;
        if open.is_empty() {
            return Ok(());
        }
        let ids = hex_list(open.iter().map(|conversation| conversation.id.uuid()));
        let mut sessions = HashMap::with_capacity(open.len());
        for row in self.query(&SESSIONS, params![&ids]).await? {
            let session = SessionRow::read(&row)?;
            // The newest of a conversation comes last and stays.
            sessions.insert(session.conversation, session);
        }
        for conversation in open {
            let session = sessions.remove(&conversation.id);
            if let Some(number) = numbers.get_mut(&conversation.path) {
                number.open.push((conversation, session));
            }
        }
        Ok(())
    }
}

fn last(row: &Row) -> Result<LastSent, StoreError> {
    Ok(LastSent {
        message: row.get(0)?,
        person: row.get(1)?,
        broadcast: row.get(2)?,
        thread: row.get(3)?,
        at: row.get(4)?,
        text: row.get(5)?,
    })
}

/// The bytes of a text as hexadecimal digits.
fn hex(text: &str) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    text.bytes().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}
