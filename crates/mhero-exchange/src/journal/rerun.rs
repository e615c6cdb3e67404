//! What was asked of us is asked again, without doing anything twice.

use async_trait::async_trait;
use mhero_app::{AppError, Caller, rows::Exchange};
use mhero_core::{Direction, ExchangeId, Right, TokenId, record::Reason};
use mhero_store::{Queue, Unit};
use serde_json::json;
use uuid::Uuid;

use super::{Envelope, Journal};

/// Exchanges that are asked again together at most.
const RERUN_MAX: usize = 200;

/// A request that is made again as it was.
#[derive(Clone)]
pub struct Again {
    /// Method, address and headers.
    pub envelope: Envelope,
    /// The body.
    pub body: Vec<u8>,
    /// The account that made it.
    pub client: TokenId,
    /// The key under which it is done once.
    pub once: String,
    /// What belongs together shares it.
    pub correlation: Uuid,
    /// The exchange that it repeats.
    pub rerun_of: ExchangeId,
}

impl std::fmt::Debug for Again {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Again").field("rerun_of", &self.rerun_of).finish_non_exhaustive()
    }
}

/// Makes requests again, through everything that a request from outside goes through.
#[async_trait]
pub trait Replay: Send + Sync {
    /// Makes one, and returns the status.
    async fn again(&self, again: Again) -> u16;
}

/// What came of a rerun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rerun {
    /// It was made again, with this status.
    Made(u16),
    /// It was not, and why.
    Left(Reason),
}

impl Journal {
    /// Makes requests of others again. One that was done already is not done again: its first answer stands.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for who may only read; [`AppError::Invalid`] for more than 200 at a time.
    pub async fn rerun(&self, caller: &Caller, ids: &[ExchangeId]) -> Result<Vec<(ExchangeId, Rerun)>, AppError> {
        caller.must(Right::Audit)?;
        caller.must(Right::Settings)?;
        if ids.len() > RERUN_MAX {
            return Err(AppError::invalid("exchange-rerun-many", [("max", RERUN_MAX.to_string())]));
        }
        let mut done = Vec::with_capacity(ids.len());
        for id in ids {
            let came = match self.repeatable(*id).await? {
                Err(reason) => Rerun::Left(reason),
                Ok(again) => {
                    let mut unit = Unit::new();
                    let entry = caller.entry("exchange-rerun", "exchange", Some(id.uuid()), json!({}));
                    unit.audit(self.app().store(), &entry);
                    self.app().store().write(unit, Queue::Interactive).await?;
                    match self.replay() {
                        Some(replay) => Rerun::Made(replay.again(again).await),
                        None => Rerun::Left(Reason::plain("exchange-rerun-nobody")),
                    }
                }
            };
            done.push((*id, came));
        }
        self.flush().await;
        Ok(done)
    }

    /// Whether an exchange can be made again, or why not.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn may_rerun(&self, id: ExchangeId) -> Result<Option<Reason>, AppError> {
        Ok(self.repeatable(id).await?.err())
    }

    async fn repeatable(&self, id: ExchangeId) -> Result<Result<Again, Reason>, AppError> {
        let app = self.app();
        let exchange = app.store().exchange(id).await?.ok_or_else(|| AppError::not_found("exchange", id))?;
        if let Some(reason) = keeps_from(&exchange) {
            return Ok(Err(Reason::plain(reason)));
        }
        let Some(client) = exchange.details.client else {
            return Ok(Err(Reason::plain("exchange-rerun-unknown-client")));
        };
        let kept = app.exchange_bodies(&Caller::system(), id).await?.request;
        let Some(kept) = kept else { return Ok(Err(Reason::plain("exchange-rerun-no-body"))) };
        let (Some(envelope), body) = Envelope::open(&kept) else {
            return Ok(Err(Reason::plain("exchange-rerun-no-body")));
        };
        if !envelope.is_whole {
            return Ok(Err(Reason::plain("exchange-rerun-cut")));
        }
        let root = exchange.details.rerun_of.unwrap_or(id);
        Ok(Ok(Again {
            body: body.to_vec(),
            client: TokenId::from_uuid(client),
            once: exchange.details.once.clone().unwrap_or_else(|| format!("rerun:{root}")),
            correlation: exchange.correlation,
            rerun_of: id,
            envelope,
        }))
    }
}

/// What keeps an exchange from being made again, a locale key.
fn keeps_from(exchange: &Exchange) -> Option<&'static str> {
    let method = exchange.what.split(' ').next().unwrap_or_default();
    let is_repeatable = matches!(method, "GET" | "HEAD" | "PUT" | "DELETE");
    match (exchange.direction, exchange.outcome.as_str(), exchange.status) {
        (Direction::Out, ..) => Some("exchange-rerun-ours"),
        _ if exchange.details.folded > 0 => Some("exchange-rerun-folded"),
        // It was done, and there is no key under which the first answer was kept.
        (_, "ok", _) if !is_repeatable && exchange.details.once.is_none() => Some("exchange-rerun-was-done"),
        // It broke off in the middle, and may have been done.
        (_, "unknown", _) | (_, _, Some(503 | 504)) if !is_repeatable && exchange.details.once.is_none() => {
            Some("exchange-rerun-uncertain")
        }
        _ => None,
    }
}
