//! The rules as they are asked, read once in a few seconds.

use std::collections::HashMap;

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::PlaceId;
use mhero_store::{Queue, Unit};
use serde::{Serialize, de::DeserializeOwned};

use super::{Caps, QuietHours, UncertainRules, Validity, caps, policy, validity};
use crate::{App, AppError, Caller, Facts};

/// Every rule of delivery.
pub(crate) struct Rules {
    national: Option<QuietHours>,
    zone: TimeZone,
    places: HashMap<PlaceId, QuietHours>,
    /// Zones that places have beside the national one.
    zones: Vec<TimeZone>,
    pub(super) caps: Caps,
    pub(super) validity: Validity,
    pub(crate) uncertain: UncertainRules,
    /// Whether any broadcast has a validity of its own.
    has_own_validity: bool,
    /// Whether any number is blocked.
    has_blocks: bool,
}

impl Rules {
    /// The national zone, by which days are counted.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether somebody's place has to be looked at to know their hours.
    pub(super) fn is_by_place(&self) -> bool {
        !self.places.is_empty() || !self.zones.is_empty()
    }

    /// Why somebody gets nothing but alerts and answers at an instant, and until when; with the place whose rule it is.
    pub(super) fn hold(
        &self,
        now: Timestamp,
        (place, zone): (Option<PlaceId>, Option<&str>),
    ) -> Option<(Timestamp, &'static str, Option<PlaceId>)> {
        let own = place.and_then(|place| self.places.get(&place).map(|hours| (place, hours)));
        let hours = own.map(|(_, hours)| *hours).or(self.national)?;
        let zone = zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| self.zone.clone());
        let (until, why) = hours.hold(now, &zone)?;
        Some((until, why, own.map(|(place, _)| place)))
    }

    /// Whether everybody, wherever they are, gets nothing but alerts and answers.
    pub(crate) fn is_quiet_everywhere(&self, now: Timestamp) -> bool {
        self.national.is_some() && self.all_hours().all(|(hours, zone)| hours.end(now, zone).is_some())
    }

    /// Whether anybody does.
    fn is_quiet_somewhere(&self, now: Timestamp) -> bool {
        self.all_hours().any(|(hours, zone)| hours.end(now, zone).is_some())
    }

    fn all_hours(&self) -> impl Iterator<Item = (QuietHours, &TimeZone)> {
        let zones = || std::iter::once(&self.zone).chain(&self.zones);
        self.national
            .into_iter()
            .chain(self.places.values().copied())
            .flat_map(move |hours| zones().map(move |zone| (hours, zone)))
    }

    /// Whether a message may be left or held just now: else there is nothing to ask.
    pub(super) fn is_anything_asked(&self, rest: bool, now: Timestamp) -> bool {
        let ever = !self.validity.is_off() || self.has_own_validity;
        ever || (rest && (self.has_blocks || !self.caps.is_off() || self.is_quiet_somewhere(now)))
    }
}

impl App {
    /// Reads every rule.
    pub(crate) async fn read_rules(&self, facts: &Facts) -> Result<Rules, AppError> {
        let zone = facts.time_zone();
        let places = self.store().quiet_rules().await?;
        let zones = self.store().place_zones().await?;
        let (has_own_validity, has_blocks) = self.store().has_delivery_rules().await?;
        Ok(Rules {
            national: facts.quiet,
            places: places.iter().map(|row| (row.place, QuietHours::read(row))).collect(),
            zones: zones
                .iter()
                .filter(|name| **name != facts.zone)
                .filter_map(|name| TimeZone::get(name).ok())
                .collect(),
            zone,
            caps: self.delivery_setting(caps::KEY).await?,
            validity: self.delivery_setting(validity::KEY).await?,
            uncertain: self.delivery_setting(policy::KEY).await?,
            has_own_validity,
            has_blocks,
        })
    }

    /// One of the settings; as it is by itself where nobody has set it.
    pub(super) async fn delivery_setting<T: DeserializeOwned + Default>(&self, key: &str) -> Result<T, AppError> {
        let json = self.store().setting(key).await?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    /// Sets one of them.
    pub(super) async fn put_delivery_setting<T: Serialize + Sync>(
        &self,
        caller: &Caller,
        key: &str,
        action: &'static str,
        value: &T,
    ) -> Result<(), AppError> {
        let facts = serde_json::to_value(value)
            .map_err(|e| AppError::invalid("init-unreadable", [("detail", e.to_string())]))?;
        let mut unit = Unit::new();
        unit.put_setting(key, &facts.to_string(), self.clock().now_micros());
        unit.audit(self.store(), &caller.entry(action, "delivery", None, facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.rules_changed().await
    }

    /// Another rule holds: what waits for an hour or a day is asked about anew.
    pub(crate) async fn rules_changed(&self) -> Result<(), AppError> {
        self.forget_facts();
        let now = self.clock().now_micros();
        loop {
            let mut unit = Unit::new();
            unit.release_holds(now);
            if self.store().write(unit, Queue::Bulk).await?.rows[1] == 0 {
                break;
            }
        }
        self.wake();
        Ok(())
    }
}
