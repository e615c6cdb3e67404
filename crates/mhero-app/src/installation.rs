//! The facts of an installation: one country, its languages, zone, ministry and quiet hours.

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::{Lang, LangMap, Right};
use mhero_store::{Queue, Unit};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller, delivery_rules::QuietHours};

/// The key under which the facts stand.
const KEY: &str = "installation";

/// What an installation is.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Facts {
    /// Numbering countries, ISO 3166 alpha-2, the default first.
    pub countries: Vec<String>,
    /// Languages of messages, the default first.
    pub languages: Vec<Lang>,
    /// IANA name of the national time zone.
    pub zone: String,
    /// The ministry's name, as the letterhead shows it.
    pub ministry: LangMap,
    /// The country's name, as the letterhead shows it.
    pub country_name: LangMap,
    /// The number that workers text to.
    pub short_code: Option<String>,
    /// Hours and days of rest in which the lanes normal and bulk wait, where no place has its own; `None` where they are off.
    pub quiet: Option<QuietHours>,
    /// A synthetic country: every page says so, and no other data may come in.
    pub demo: bool,
}

impl Facts {
    /// The national time zone; UTC when its name is unknown to this program's table.
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The language of messages to people whose language is unknown.
    pub fn default_language(&self) -> Lang {
        self.languages.first().copied().unwrap_or(Lang::ENGLISH)
    }

    /// When quiet hours end, if they hold the lanes normal and bulk at an instant.
    pub fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.quiet?.end(now, &self.time_zone())
    }

    /// How the phones of this installation's countries are read and written.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when a country is unknown.
    pub fn numbering(&self) -> Result<mhero_text::phone::Numbering, AppError> {
        let countries: Vec<&str> = self.countries.iter().map(String::as_str).collect();
        let Some((default, others)) = countries.split_first() else {
            return Err(AppError::invalid("init-no-country", []));
        };
        mhero_text::phone::Numbering::new(default, others)
            .map_err(|e| AppError::invalid("init-unknown-country", [("detail", e.to_string())]))
    }

    /// Refuses facts that can't be: unknown countries, no language, unknown zone.
    fn check(&self) -> Result<(), AppError> {
        self.numbering()?;
        if self.languages.is_empty() {
            return Err(AppError::invalid("init-no-language", []));
        }
        if TimeZone::get(&self.zone).is_err() {
            return Err(AppError::invalid("init-unknown-zone", [("zone", self.zone.clone())]));
        }
        if self.quiet.is_some_and(|quiet| quiet.rest.is_whole_week()) {
            return Err(AppError::invalid("quiet-no-day-left", []));
        }
        Ok(())
    }
}

impl App {
    /// The facts of this installation.
    ///
    /// # Errors
    /// [`AppError::NotInitialised`] before `mhero init`.
    pub async fn facts(&self) -> Result<Facts, AppError> {
        let json = self.store().setting(KEY).await?.ok_or(AppError::NotInitialised)?;
        serde_json::from_str(&json).map_err(|_| AppError::NotInitialised)
    }

    /// Sets the facts of this installation, at first and later.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when they can't be.
    pub async fn set_facts(&self, caller: &Caller, facts: &Facts) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        facts.check()?;
        let json = serde_json::to_string(facts)
            .map_err(|e| AppError::invalid("init-unreadable", [("detail", e.to_string())]))?;
        let mut unit = Unit::new();
        unit.put_setting(KEY, &json, self.clock().now_micros());
        unit.put_numbering_countries(&facts.countries);
        unit.audit(
            self.store(),
            &caller.entry(
                "installation-set",
                "installation",
                None,
                serde_json::json!({
                    "countries": facts.countries, "languages": facts.languages, "zone": facts.zone, "demo": facts.demo,
                }),
            ),
        );
        self.store().write(unit, Queue::Interactive).await?;
        self.forget_facts();
        Ok(())
    }
}
