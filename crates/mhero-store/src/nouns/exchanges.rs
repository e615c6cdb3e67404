//! Each call to or from another system, one row. Bodies are sealed before they come here.

use jiff::Timestamp;
use mhero_core::{Direction, ExchangeId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO exchange (id, correlation, direction, peer, protocol, what, outcome, status, request, response, started_at, took_micros) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    LIST = "SELECT id, correlation, direction, peer, protocol, what, outcome, status, started_at, took_micros FROM exchange WHERE ($1 IS NULL OR peer = $1) AND ($2 IS NULL OR outcome = $2) AND ($3 IS NULL OR correlation = $3) AND started_at >= $4 AND (started_at < $5 OR (started_at = $5 AND id < $6)) ORDER BY started_at DESC NULLS FIRST, id DESC NULLS FIRST LIMIT $7";
    BODIES = "SELECT request, response FROM exchange WHERE id = $1";
    PEERS = "SELECT peer, outcome, CAST(COUNT(*) AS BIGINT), CAST(MAX(started_at) AS BIGINT) FROM exchange WHERE started_at >= $1 GROUP BY peer, outcome ORDER BY peer ASC NULLS LAST, outcome ASC NULLS LAST";
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
    /// Only what belongs together.
    pub correlation: Option<Uuid>,
    /// Only since then.
    pub since: Option<Timestamp>,
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
    })
}

impl Unit {
    /// Notes an exchange.
    pub fn exchange(&mut self, exchange: &Exchange, bodies: &SealedBodies) -> &mut Self {
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
                bodies.request.as_deref(),
                bodies.response.as_deref(),
                exchange.started_at,
                exchange.took_micros
            ],
        )
    }
}

impl Store {
    /// Exchanges, newest first, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn exchanges(&self, filter: &ExchangeFilter, limit: i64) -> Result<Vec<Exchange>, StoreError> {
        let (before, id) = filter.before.unwrap_or((Timestamp::MAX, ExchangeId::from_uuid(Uuid::max())));
        let values = params![
            filter.peer.as_deref(),
            filter.outcome.as_deref(),
            filter.correlation,
            filter.since.unwrap_or(Timestamp::MIN),
            before,
            id,
            limit
        ];
        self.query(&LIST, values).await?.iter().map(read).collect()
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
}
