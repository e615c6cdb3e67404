//! The currency, and what a segment costs by channel, operator and direction from a day on.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use mhero_core::{ChannelId, Direction, PriceId, Right};
use mhero_store::{PriceRow, Queue, StoreError, Unit};

use super::{
    Payer, PriceBook,
    book::EVERYBODY,
    money::{MICROS, parse_micros},
};
use crate::{App, AppError, Caller};

/// The setting that names the currency.
const CURRENCY: &str = "currency";
/// Most prices of an installation, those that no longer hold among them.
const PRICES_MAX: usize = 5_000;
/// Largest price of one segment, in micro-units: a thousand units.
const PRICE_MAX: i64 = 1_000_000 * MICROS;
/// How long prices are taken from memory, in microseconds: what another node changes is seen within this time.
const FRESH_MICROS: i64 = 5_000_000;

/// A price as somebody says it.
#[derive(Clone, Debug)]
pub struct NewPrice {
    /// By which channel.
    pub channel: ChannelId,
    /// The operator as in the list of operators; `None` for everybody else.
    pub operator: Option<String>,
    /// To phones or from them.
    pub direction: Direction,
    /// Who pays.
    pub payer: Payer,
    /// For one segment, as typed.
    pub amount: String,
    /// From which day on; today means from now on.
    pub from: Date,
}

/// A price and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceShown {
    /// The price. One for each beginning of an operator's numbers is stored; the first of them stands for all.
    pub row: PriceRow,
    /// The ids of all.
    pub ids: Vec<PriceId>,
    /// It holds now.
    pub holds: bool,
    /// It will hold.
    pub is_coming: bool,
}

/// The first instant of a day.
pub(super) fn midnight(day: Date, zone: &TimeZone) -> i64 {
    let start = day.to_zoned(zone.clone()).map(|start| start.timestamp());
    start.unwrap_or(Timestamp::UNIX_EPOCH).as_microsecond()
}

impl App {
    /// The currency of the installation, a code of ISO 4217; `None` before somebody has said it.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn currency(&self) -> Result<Option<String>, AppError> {
        let stored = self.store().setting(CURRENCY).await?;
        Ok(stored.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Says in which currency the installation pays. It stays as soon as there is a price or a budget: amounts would change their
    /// meaning.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for what is no code of three letters, and for a change that comes too late; [`AppError::NotAllowed`].
    pub async fn set_currency(&self, caller: &Caller, code: &str) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let code = code.trim().to_ascii_uppercase();
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(AppError::invalid("currency-code", [("value", code.chars().take(20).collect())]));
        }
        if let Some(known) = self.currency().await?.filter(|known| *known != code)
            && !(self.store().prices().await?.is_empty() && self.store().budgets().await?.is_empty())
        {
            return Err(AppError::invalid("currency-stays", [("currency", known)]));
        }
        let json = serde_json::Value::from(code);
        let mut unit = Unit::new();
        unit.put_setting(CURRENCY, &json.to_string(), self.clock().now_micros());
        unit.audit(
            self.store(),
            &caller.entry("currency-set", "setting", None, serde_json::json!({ "currency": json })),
        );
        self.store().write(unit, Queue::Interactive).await?;
        self.costs().forget();
        Ok(())
    }

    /// All prices, with those that no longer hold.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn prices(&self, caller: &Caller) -> Result<Vec<PriceShown>, AppError> {
        caller.must(Right::Settings)?;
        let now = self.clock().now_micros();
        let rows = self.store().prices().await?;
        let mut shown: Vec<PriceShown> = Vec::new();
        for row in &rows {
            let same = |known: &PriceShown| {
                let other = &known.row;
                (other.channel, other.direction, other.valid_from, other.micros)
                    == (row.channel, row.direction, row.valid_from, row.micros)
                    && other.operator == row.operator
                    && !row.operator.is_empty()
            };
            let is_newest = !rows.iter().any(|other| {
                other.channel == row.channel
                    && other.direction == row.direction
                    && other.prefix == row.prefix
                    && other.valid_from <= now
                    && other.valid_from > row.valid_from
            });
            match shown.iter_mut().find(|known| same(known)) {
                Some(known) => known.ids.push(row.id),
                None => shown.push(PriceShown {
                    ids: vec![row.id],
                    holds: row.valid_from <= now && is_newest,
                    is_coming: row.valid_from > now,
                    row: row.clone(),
                }),
            }
        }
        Ok(shown)
    }

    /// Says what a segment costs from a day on. What has left keeps the price that was recorded with it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming what cannot be: no currency yet, an amount that is none, a day gone by, an operator that is not in
    /// the list, a price that is there already; [`AppError::NotFound`] for the channel; [`AppError::NotAllowed`].
    pub async fn add_price(&self, caller: &Caller, new: &NewPrice) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let Some(currency) = self.currency().await? else { return Err(AppError::invalid("price-no-currency", [])) };
        let channels = self.store().channels().await?;
        if !channels.iter().any(|row| row.id == new.channel) {
            return Err(AppError::not_found("channel", new.channel));
        }
        let micros = parse_micros(&new.amount).filter(|micros| *micros <= PRICE_MAX);
        let micros = micros.ok_or_else(|| {
            AppError::invalid("price-amount", [("value", new.amount.chars().take(40).collect::<String>())])
        })?;
        let (zone, now) = (self.facts_cached().await?.time_zone(), self.clock().now());
        if new.from < now.to_zoned(zone.clone()).date() {
            return Err(AppError::invalid("price-day-passed", [("day", new.from.to_string())]));
        }
        let prefixes = match &new.operator {
            None => vec![EVERYBODY.to_owned()],
            Some(name) => {
                let operators = self.operators().await?;
                let known = operators.0.iter().find(|known| known.name == *name);
                known.map(|known| known.prefixes.clone()).ok_or_else(|| {
                    AppError::invalid("price-operator", [("name", name.chars().take(60).collect::<String>())])
                })?
            }
        };
        if self.store().prices().await?.len() + prefixes.len() > PRICES_MAX {
            return Err(AppError::invalid("price-too-many", [("max", PRICES_MAX.to_string())]));
        }
        let mut unit = Unit::new();
        for prefix in prefixes {
            unit.add_price(&PriceRow {
                id: self.store().mint().id(PriceId::from_uuid),
                channel: new.channel,
                prefix,
                operator: new.operator.clone().unwrap_or_default(),
                direction: new.direction,
                payer: new.payer.word().to_owned(),
                micros,
                valid_from: midnight(new.from, &zone).max(now.as_microsecond()),
                created_at: now.as_microsecond(),
            });
        }
        let facts = serde_json::json!({
            "operator": new.operator, "direction": new.direction.as_str(), "payer": new.payer.word(), "micros": micros,
            "currency": currency, "from": new.from.to_string(),
        });
        unit.audit(self.store(), &caller.entry("price-added", "channel", Some(new.channel.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) => Err(AppError::invalid("price-twice", [("day", new.from.to_string())])),
            other => {
                other?;
                self.costs().forget();
                Ok(())
            }
        }
    }

    /// Takes a price back that does not hold yet.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for one that holds or is gone; [`AppError::NotAllowed`].
    pub async fn drop_price(&self, caller: &Caller, id: PriceId) -> Result<(), AppError> {
        let shown = self.prices(caller).await?;
        let Some(price) = shown.into_iter().find(|shown| shown.ids.contains(&id)) else { return Ok(()) };
        let mut unit = Unit::new();
        for id in &price.ids {
            unit.drop_price(*id, self.clock().now_micros());
        }
        let facts = serde_json::json!({ "operator": price.row.operator, "micros": price.row.micros });
        unit.audit(self.store(), &caller.entry("price-dropped", "channel", Some(price.row.channel.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Err(error) if error.is_decide_again() => Err(AppError::invalid("price-holds", [])),
            other => {
                other?;
                self.costs().forget();
                Ok(())
            }
        }
    }

    /// The prices, from memory where they are fresh.
    pub(crate) async fn price_book(&self) -> Result<Arc<PriceBook>, AppError> {
        let now = self.clock().now_micros();
        if let Some(known) = self.costs().book(now, FRESH_MICROS) {
            return Ok(known);
        }
        let book = Arc::new(PriceBook { currency: self.currency().await?, rows: self.store().prices().await? });
        self.costs().keep_book(now, &book);
        Ok(book)
    }
}
