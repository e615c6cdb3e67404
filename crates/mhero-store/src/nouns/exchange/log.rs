//! Each call to or from another system, one row. Bodies are sealed before they come here.

use jiff::Timestamp;
use mhero_core::{Direction, ExchangeId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// The columns of an exchange without its bodies, in the order of [`read`].
macro_rules! columns {
    () => {
        "id, correlation, direction, peer, protocol, what, outcome, status, started_at, took_micros, client, address, sent, received, transaction_id, once, rerun_of, folded, reason"
    };
}

statements! {
    ADD = (concat!("INSERT INTO exchange (", columns!(), ", request, response) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"));
    LIST = (concat!("SELECT ", columns!(), " FROM exchange WHERE ($1 IS NULL OR peer = $1) AND ($2 IS NULL OR outcome = $2) AND ($3 IS NULL OR correlation = $3) AND started_at >= $4 AND (started_at < $5 OR (started_at = $5 AND id < $6)) AND ($8 IS NULL OR direction = $8) AND ($9 IS NULL OR outcome <> 'ok') AND ($10 IS NULL OR LOWER(what) LIKE $10) AND started_at < $11 ORDER BY started_at DESC NULLS FIRST, id DESC NULLS FIRST LIMIT $7"));
    ONE = (concat!("SELECT ", columns!(), " FROM exchange WHERE id = $1"));
    TIMELINE = (concat!("SELECT ", columns!(), " FROM exchange WHERE correlation = $1 ORDER BY started_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $2"));
    BY_TRANSACTION = (concat!("SELECT ", columns!(), " FROM exchange WHERE transaction_id = $1 ORDER BY started_at ASC NULLS LAST, id ASC NULLS LAST LIMIT 1"));
    RERUNS = (concat!("SELECT ", columns!(), " FROM exchange WHERE rerun_of = $1 ORDER BY started_at ASC NULLS LAST, id ASC NULLS LAST"));
    AFTER = (concat!("SELECT ", columns!(), " FROM exchange WHERE id > $1 AND id < $2 AND direction = 'in' AND client IS NOT NULL ORDER BY id ASC NULLS LAST LIMIT $3"));
    BODIES = "SELECT request, response FROM exchange WHERE id = $1";
    PEERS = "SELECT peer, outcome, CAST(SUM(1 + COALESCE(folded, 0)) AS BIGINT), CAST(MAX(started_at) AS BIGINT) FROM exchange WHERE started_at >= $1 GROUP BY peer, outcome ORDER BY peer ASC NULLS LAST, outcome ASC NULLS LAST";
    DROP_BODIES = "UPDATE exchange SET request = NULL, response = NULL WHERE started_at < $1 AND (request IS NOT NULL OR response IS NOT NULL)";
    DROP_ROWS = "DELETE FROM exchange WHERE started_at < $1";
    TALLY = "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(MIN(started_at), 0) AS BIGINT) FROM exchange";
}

/// One call to or from another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Its id.
    pub id: ExchangeId,
    /// What belongs together shares it: an import and the pages it fetched, a request and the calls it led to.
    pub correlation: Uuid,
    /// `in` when the other system called.
    pub direction: Direction,
    /// The other system, by the name it has here: a source, a channel, a token.
    pub peer: String,
    /// `fhir`, `file`, `http`, `smpp` ...
    pub protocol: String,
    /// What was done, without query, number or text: `GET Practitioner`.
    pub what: String,
    /// `ok`, `refused`, `failed`, `unknown`.
    pub outcome: String,
    /// The protocol's own status.
    pub status: Option<i64>,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took.
    pub took_micros: Option<i64>,
    /// What not every exchange has.
    pub details: ExchangeDetails,
}

/// What not every exchange has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExchangeDetails {
    /// The account of an API that called.
    pub client: Option<Uuid>,
    /// From which address it called.
    pub address: Option<String>,
    /// Octets of the body of the request.
    pub sent: Option<i64>,
    /// Octets of the body of the answer.
    pub received: Option<i64>,
    /// The number under which an exchange in between knows it.
    pub transaction: Option<String>,
    /// The key under which it is done once.
    pub once: Option<String>,
    /// The exchange that this one repeats.
    pub rerun_of: Option<ExchangeId>,
    /// How many calls just like it this row stands for beside itself.
    pub folded: i64,
    /// Why it failed: a word or a locale key, without numbers and texts.
    pub reason: Option<String>,
}

/// What was sent and answered, sealed. It never shows itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SealedBodies {
    /// What was sent.
    pub request: Option<Vec<u8>>,
    /// What was answered.
    pub response: Option<Vec<u8>>,
}

impl std::fmt::Debug for SealedBodies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedBodies(…)")
    }
}

/// Which exchanges to list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExchangeFilter {
    /// Only with this system.
    pub peer: Option<String>,
    /// Only with this outcome.
    pub outcome: Option<String>,
    /// Only what was not answered as it should be.
    pub failed: bool,
    /// Only calls to us, or calls of ours.
    pub direction: Option<Direction>,
    /// Only where what was done holds these letters; case does not count.
    pub what: Option<String>,
    /// Only what belongs together.
    pub correlation: Option<Uuid>,
    /// Only since then.
    pub since: Option<Timestamp>,
    /// Only before then.
    pub until: Option<Timestamp>,
    /// Only before this one: start and id of the last row of the page before.
    pub before: Option<(Timestamp, ExchangeId)>,
}

/// How one system has answered since an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerOutcome {
    /// The system.
    pub peer: String,
    /// The outcome.
    pub outcome: String,
    /// How often.
    pub count: i64,
    /// The last time.
    pub last: Timestamp,
}

/// How large the log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExchangeTally {
    /// Rows.
    pub rows: i64,
    /// The oldest, in UTC microseconds; 0 without any.
    pub oldest: i64,
}

fn read(row: &Row) -> Result<Exchange, StoreError> {
    Ok(Exchange {
        id: row.get(0)?,
        correlation: row.get(1)?,
        direction: row.get(2)?,
        peer: row.get(3)?,
        protocol: row.get(4)?,
        what: row.get(5)?,
        outcome: row.get(6)?,
        status: row.get(7)?,
        started_at: row.get(8)?,
        took_micros: row.get(9)?,
        details: ExchangeDetails {
            client: row.get(10)?,
            address: row.get(11)?,
            sent: row.get(12)?,
            received: row.get(13)?,
            transaction: row.get(14)?,
            once: row.get(15)?,
            rerun_of: row.get(16)?,
            folded: row.get::<Option<i64>>(17)?.unwrap_or_default(),
            reason: row.get(18)?,
        },
    })
}

impl Unit {
    /// Notes an exchange.
    pub fn exchange(&mut self, exchange: &Exchange, bodies: &SealedBodies) -> &mut Self {
        let details = &exchange.details;
        self.one(
            &ADD,
            params![
                exchange.id,
                exchange.correlation,
                exchange.direction,
                &exchange.peer,
                &exchange.protocol,
                &exchange.what,
                &exchange.outcome,
                exchange.status,
                exchange.started_at,
                exchange.took_micros,
                details.client,
                details.address.as_deref(),
                details.sent,
                details.received,
                details.transaction.as_deref(),
                details.once.as_deref(),
                details.rerun_of,
                Some(details.folded).filter(|folded| *folded > 0),
                details.reason.as_deref(),
                bodies.request.as_deref(),
                bodies.response.as_deref()
            ],
        )
    }

    /// Takes the bodies of exchanges away that began before an instant, in UTC microseconds.
    pub fn drop_exchange_bodies(&mut self, before: i64) -> &mut Self {
        self.run(&DROP_BODIES, params![before])
    }

    /// Takes exchanges away that began before an instant, in UTC microseconds.
    pub fn drop_exchanges(&mut self, before: i64) -> &mut Self {
        self.run(&DROP_ROWS, params![before])
    }
}

impl Store {
    /// Exchanges, newest first, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchanges(&self, filter: &ExchangeFilter, limit: i64) -> Result<Vec<Exchange>, StoreError> {
        let (before, id) = filter.before.unwrap_or((Timestamp::MAX, ExchangeId::from_uuid(Uuid::max())));
        // What stands for anything in LIKE is looked for as nothing at all.
        let like = filter.what.as_deref().map(|what| format!("%{}%", what.to_lowercase().replace(['%', '_'], "")));
        let values = params![
            filter.peer.as_deref(),
            filter.outcome.as_deref(),
            filter.correlation,
            filter.since.unwrap_or(Timestamp::MIN),
            before,
            id,
            limit,
            filter.direction,
            Some(1i64).filter(|_| filter.failed),
            like.as_deref(),
            filter.until.unwrap_or(Timestamp::MAX)
        ];
        self.query(&LIST, values).await?.iter().map(read).collect()
    }

    /// One exchange.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchange(&self, id: ExchangeId) -> Result<Option<Exchange>, StoreError> {
        self.first(&ONE, params![id]).await?.as_ref().map(read).transpose()
    }

    /// What belongs together, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchange_timeline(&self, correlation: Uuid, limit: i64) -> Result<Vec<Exchange>, StoreError> {
        self.query(&TIMELINE, params![correlation, limit]).await?.iter().map(read).collect()
    }

    /// The first exchange that another exchange knows under a number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchange_of_transaction(&self, transaction: &str) -> Result<Option<Exchange>, StoreError> {
        self.first(&BY_TRANSACTION, params![transaction]).await?.as_ref().map(read).transpose()
    }

    /// Calls of accounts after one and before another, the oldest first, at most `limit`: for handing them on.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchanges_after(
        &self,
        after: ExchangeId,
        before: ExchangeId,
        limit: i64,
    ) -> Result<Vec<Exchange>, StoreError> {
        self.query(&AFTER, params![after, before, limit]).await?.iter().map(read).collect()
    }

    /// What repeated an exchange, the oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchange_reruns(&self, id: ExchangeId) -> Result<Vec<Exchange>, StoreError> {
        self.query(&RERUNS, params![id]).await?.iter().map(read).collect()
    }

    /// The sealed bodies of an exchange; `None` when there is no such exchange.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchange_bodies(&self, id: ExchangeId) -> Result<Option<SealedBodies>, StoreError> {
        let row = self.first(&BODIES, params![id]).await?;
        row.map(|row| Ok(SealedBodies { request: row.get(0)?, response: row.get(1)? })).transpose()
    }

    /// How each system has answered since an instant.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn peer_outcomes(&self, since: Timestamp) -> Result<Vec<PeerOutcome>, StoreError> {
        let rows = self.query(&PEERS, params![since]).await?;
        rows.iter()
            .map(|row| {
                Ok(PeerOutcome { peer: row.get(0)?, outcome: row.get(1)?, count: row.get(2)?, last: row.get(3)? })
            })
            .collect()
    }

    /// How large the log is.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchange_tally(&self) -> Result<ExchangeTally, StoreError> {
        let row = self.first(&TALLY, vec![]).await?;
        row.map_or(Ok(ExchangeTally::default()), |row| Ok(ExchangeTally { rows: row.get(0)?, oldest: row.get(1)? }))
    }
}
