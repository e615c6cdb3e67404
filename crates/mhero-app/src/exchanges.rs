//! Each call to or from another system is a row that the console shows; its bodies are sealed.

use jiff::{SignedDuration, Timestamp};
use mhero_core::{Direction, ExchangeId, Right};
use mhero_store::{Exchange, ExchangeDetails, ExchangeFilter, PeerOutcome, Queue, SealedBodies, Unit};
use serde_json::json;
use uuid::Uuid;

use crate::{App, AppError, Caller};

/// Most of a request that is kept, in bytes: it is kept whole or not at all where it is to be repeated.
const REQUEST_BYTES_MAX: usize = 256 * 1024;
/// Most of an answer that is kept, in bytes.
const RESPONSE_BYTES_MAX: usize = 64 * 1024;
/// Exchanges of one timeline at most.
const TIMELINE_MAX: i64 = 500;
/// What the seal of a request is bound to.
const REQUEST: &str = "exchange.request";
/// What the seal of a response is bound to.
const RESPONSE: &str = "exchange.response";

/// An exchange that has taken place. It shows no bodies.
#[derive(Clone, PartialEq, Eq)]
pub struct NewExchange<'a> {
    /// What belongs together shares it; see [`App::new_correlation`].
    pub correlation: Uuid,
    /// `In` when the other system called.
    pub direction: Direction,
    /// The other system, by the name it has here: a source, a channel, a token.
    pub peer: &'a str,
    /// `fhir`, `file`, `http`, `smpp` ...
    pub protocol: &'a str,
    /// What was done, without query, number or text: `GET Practitioner`.
    pub what: &'a str,
    /// `ok`, `refused`, `failed`, `unknown`.
    pub outcome: &'a str,
    /// The protocol's own status.
    pub status: Option<i64>,
    /// What was sent.
    pub request: Option<&'a [u8]>,
    /// What was answered.
    pub response: Option<&'a [u8]>,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took.
    pub took: Option<SignedDuration>,
    /// What not every exchange has.
    pub details: ExchangeDetails,
}

impl std::fmt::Debug for NewExchange<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewExchange")
            .field("correlation", &self.correlation)
            .field("peer", &self.peer)
            .field("what", &self.what)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// The bodies of an exchange, opened. They do not show themselves.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bodies {
    /// What was sent, at most 256 KiB of it.
    pub request: Option<Vec<u8>>,
    /// What was answered, at most 64 KiB of it.
    pub response: Option<Vec<u8>>,
}

impl std::fmt::Debug for Bodies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bodies(…)")
    }
}

/// An exchange and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangePage {
    /// It.
    pub exchange: Exchange,
    /// What shares its correlation, the oldest first.
    pub timeline: Vec<Exchange>,
    /// What repeated it, the oldest first.
    pub reruns: Vec<Exchange>,
}

/// Calls belong to no place and no programme: who sees only some of the country sees none of them.
fn may_see_all(caller: &Caller) -> Result<(), AppError> {
    caller.must(Right::Audit)?;
    match caller.scope.all_places() && caller.scope.all_programmes() {
        true => Ok(()),
        false => Err(AppError::NotAllowed { right: Right::Audit }),
    }
}

impl App {
    /// A new id for exchanges that belong together.
    pub fn new_correlation(&self) -> Uuid {
        self.store().mint().uuid()
    }

    /// Adds an exchange to a unit, so that it is there exactly when what came of it is.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when a body can't be sealed.
    pub fn exchange_into(&self, unit: &mut Unit, new: &NewExchange<'_>) -> Result<ExchangeId, AppError> {
        let id = self.store().mint().id(ExchangeId::from_uuid);
        let seal = |what: &str, body: Option<&[u8]>, most: usize| {
            body.map(|body| self.seal(what, id.uuid(), &body[..body.len().min(most)])).transpose()
        };
        let bodies = SealedBodies {
            request: seal(REQUEST, new.request, REQUEST_BYTES_MAX)?,
            response: seal(RESPONSE, new.response, RESPONSE_BYTES_MAX)?,
        };
        let exchange = Exchange {
            id,
            correlation: new.correlation,
            direction: new.direction,
            peer: new.peer.to_owned(),
            protocol: new.protocol.to_owned(),
            what: new.what.to_owned(),
            outcome: new.outcome.to_owned(),
            status: new.status,
            started_at: new.started_at,
            took_micros: new.took.map(|took| i64::try_from(took.as_micros()).unwrap_or(i64::MAX)),
            details: new.details.clone(),
        };
        unit.exchange(&exchange, &bodies);
        Ok(id)
    }

    /// Writes an exchange in a unit of its own.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn record_exchange(&self, new: &NewExchange<'_>) -> Result<ExchangeId, AppError> {
        let mut unit = Unit::new();
        let id = self.exchange_into(&mut unit, new)?;
        self.store().write(unit, Queue::Interactive).await?;
        Ok(id)
    }

    /// Exchanges, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn exchanges(
        &self,
        caller: &Caller,
        filter: &ExchangeFilter,
        limit: i64,
    ) -> Result<Vec<Exchange>, AppError> {
        may_see_all(caller)?;
        Ok(self.store().exchanges(filter, limit).await?)
    }

    /// One exchange, with what belongs to it (the oldest first, itself among them) and what repeated it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotAllowed`].
    pub async fn exchange(&self, caller: &Caller, id: ExchangeId) -> Result<ExchangePage, AppError> {
        may_see_all(caller)?;
        let found = self.store().exchange(id).await?.ok_or_else(|| AppError::not_found("exchange", id))?;
        let timeline = self.store().exchange_timeline(found.correlation, TIMELINE_MAX).await?;
        let reruns = self.store().exchange_reruns(id).await?;
        Ok(ExchangePage { exchange: found, timeline, reruns })
    }

    /// How each system has answered since an instant.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn peer_outcomes(&self, caller: &Caller, since: Timestamp) -> Result<Vec<PeerOutcome>, AppError> {
        may_see_all(caller)?;
        Ok(self.store().peer_outcomes(since).await?)
    }

    /// Opens the bodies of an exchange, which hold what people are called and what they wrote; that is audited.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotAllowed`], and [`AppError::Invalid`] when the key is another one.
    pub async fn exchange_bodies(&self, caller: &Caller, id: ExchangeId) -> Result<Bodies, AppError> {
        may_see_all(caller)?;
        caller.must(Right::ReadMessages)?;
        let sealed = self.store().exchange_bodies(id).await?.ok_or_else(|| AppError::not_found("exchange", id))?;
        let open = |what: &str, body: Option<Vec<u8>>| body.map(|body| self.unseal(what, id.uuid(), &body)).transpose();
        let bodies = Bodies { request: open(REQUEST, sealed.request)?, response: open(RESPONSE, sealed.response)? };
        let mut unit = Unit::new();
        unit.audit(self.store(), &caller.entry("exchange-opened", "exchange", Some(id.uuid()), json!({})));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(bodies)
    }
}
