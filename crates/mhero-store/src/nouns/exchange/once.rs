//! Requests that carry a key, so that the same one again changes nothing.

use uuid::Uuid;

use crate::{Guard, Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    CLAIM = "INSERT INTO exchange_once (client, once, digest, state, status, answer, at) VALUES ($1, $2, $3, 'open', NULL, NULL, $4) ON CONFLICT (client, once) DO NOTHING";
    FIND = "SELECT digest, state, status, answer, at FROM exchange_once WHERE client = $1 AND once = $2";
    ANSWERED = "UPDATE exchange_once SET state = 'done', status = $3, answer = $4 WHERE client = $1 AND once = $2";
    GIVE_BACK = "DELETE FROM exchange_once WHERE client = $1 AND once = $2 AND state = 'open'";
    FORGET = "DELETE FROM exchange_once WHERE at < $1";
}

/// A key, and what became of the request that first carried it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Of method, address and body.
    pub digest: Vec<u8>,
    /// The answer; `None` while it is worked on, or where that ended in the middle.
    pub answer: Option<OnceAnswer>,
    /// Since when, in UTC microseconds.
    pub at: i64,
}

/// An answer that is given again.
#[derive(Clone, PartialEq, Eq)]
pub struct OnceAnswer {
    /// The status.
    pub status: i64,
    /// Headers and body, sealed.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for OnceAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnceAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

fn read(row: &Row) -> Result<Once, StoreError> {
    let state: String = row.get(1)?;
    let (status, sealed) = (row.get::<Option<i64>>(2)?, row.get::<Option<Vec<u8>>>(3)?);
    let answer = status.zip(sealed).filter(|_| state == "done");
    Ok(Once {
        digest: row.get(0)?,
        answer: answer.map(|(status, sealed)| OnceAnswer { status, sealed }),
        at: row.get(4)?,
    })
}

impl Unit {
    /// Claims a key; the unit fails when somebody has it.
    pub fn claim_once(&mut self, client: Uuid, once: &str, digest: &[u8], at: i64) -> &mut Self {
        self.step(&CLAIM, Guard::Rows(1), params![client, once, digest, at])
    }

    /// Keeps the answer of a request with a key.
    pub fn once_answered(&mut self, client: Uuid, once: &str, answer: &OnceAnswer) -> &mut Self {
        self.run(&ANSWERED, params![client, once, answer.status, answer.sealed.as_slice()])
    }

    /// Gives a key back: nothing was done under it.
    pub fn give_back_once(&mut self, client: Uuid, once: &str) -> &mut Self {
        self.run(&GIVE_BACK, params![client, once])
    }

    /// Forgets keys that are older than an instant, in UTC microseconds.
    pub fn forget_once(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET, params![before])
    }
}

impl Store {
    /// A key and what became of it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn once(&self, client: Uuid, once: &str) -> Result<Option<Once>, StoreError> {
        self.first(&FIND, params![client, once]).await?.as_ref().map(read).transpose()
    }
}
