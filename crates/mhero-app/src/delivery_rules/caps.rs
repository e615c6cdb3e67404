//! How much one person gets: caps over all programmes and over one.

use std::collections::HashMap;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use mhero_core::{PersonId, Right, timestamp};
use mhero_store::LeftLately;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reasons;
use crate::{App, AppError, Caller};

/// The key under which the caps stand.
pub(super) const KEY: &str = "delivery-caps";
/// Most messages that a cap may allow: more is none.
const CAP_MAX: u32 = 100;
/// Days that a weekly cap looks at.
pub(super) const WEEK_DAYS: i64 = 7;

/// What becomes of a message over a cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// It waits for the next day on which there is room.
    #[default]
    Hold,
    /// It is left out.
    LeaveOut,
}

/// How many messages of the lanes normal and bulk one person gets; `None`: as many as there are. Alerts, answers and tests are
/// not counted and never held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Caps {
    /// In a day, over all programmes.
    pub per_day: Option<u32>,
    /// In seven days, over all programmes.
    pub per_week: Option<u32>,
    /// In a day, of one programme.
    pub programme_per_day: Option<u32>,
    /// In seven days, of one programme.
    pub programme_per_week: Option<u32>,
    /// What becomes of what is too much.
    pub over: Over,
}

impl Caps {
    /// Whether nothing is capped.
    pub const fn is_off(&self) -> bool {
        self.per_day.is_none()
            && self.per_week.is_none()
            && self.programme_per_day.is_none()
            && self.programme_per_week.is_none()
    }

    fn check(&self) -> Result<(), AppError> {
        let all = [self.per_day, self.per_week, self.programme_per_day, self.programme_per_week];
        if all.into_iter().flatten().any(|cap| cap == 0 || cap > CAP_MAX) {
            return Err(AppError::invalid("caps-range", [("max", CAP_MAX.to_string())]));
        }
        Ok(())
    }

    /// Which cap a further message would break on a day, given when others went.
    fn broken(&self, day: Date, gone: &[(Date, bool)]) -> Option<&'static str> {
        let week = day.checked_sub((WEEK_DAYS - 1).days()).unwrap_or(day);
        let count = |first: Date, own: bool| {
            let some = gone.iter().filter(|(at, is_own)| (first..=day).contains(at) && (!own || *is_own));
            u32::try_from(some.count()).unwrap_or(u32::MAX)
        };
        let is_full = |cap: Option<u32>, first, own| cap.is_some_and(|cap| count(first, own) >= cap);
        [
            (is_full(self.per_day, day, false), reasons::CAP_DAY),
            (is_full(self.per_week, week, false), reasons::CAP_WEEK),
            (is_full(self.programme_per_day, day, true), reasons::CAP_PROGRAMME_DAY),
            (is_full(self.programme_per_week, week, true), reasons::CAP_PROGRAMME_WEEK),
        ]
        .into_iter()
        .find_map(|(is_full, reason)| is_full.then_some(reason))
    }
}

/// What went to people lately, with what goes just now.
pub(super) struct Lately {
    zone: TimeZone,
    gone: HashMap<PersonId, Vec<(Date, Option<Uuid>)>>,
}

impl Lately {
    pub(super) fn new(zone: TimeZone, rows: &[LeftLately]) -> Self {
        let mut lately = Self { zone, gone: HashMap::new() };
        for row in rows {
            lately.add(row.person, row.programme, timestamp(row.at));
        }
        lately
    }

    pub(super) fn add(&mut self, person: PersonId, programme: Option<Uuid>, at: Timestamp) {
        let day = at.to_zoned(self.zone.clone()).date();
        self.gone.entry(person).or_default().push((day, programme));
    }

    /// Why a further message is too much today, and when the next day begins on which it is not.
    pub(super) fn full(
        &self,
        caps: &Caps,
        (person, programme): (PersonId, Option<Uuid>),
        now: Timestamp,
    ) -> Option<(&'static str, Timestamp)> {
        // What belongs to no programme breaks the caps of none.
        let gone: Vec<(Date, bool)> = self
            .gone
            .get(&person)
            .into_iter()
            .flatten()
            .map(|(day, of)| (*day, programme.is_some() && *of == programme))
            .collect();
        let today = now.to_zoned(self.zone.clone()).date();
        let reason = caps.broken(today, &gone)?;
        let mut day = today;
        for _ in 0..=WEEK_DAYS {
            day = day.tomorrow().ok()?;
            if caps.broken(day, &gone).is_none() {
                break;
            }
        }
        let free = day.to_zoned(self.zone.clone()).ok()?.timestamp();
        Some((reason, free))
    }
}

impl App {
    /// How many messages one person gets.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn caps(&self, caller: &Caller) -> Result<Caps, AppError> {
        caller.must(Right::Settings)?;
        self.delivery_setting(KEY).await
    }

    /// Sets how many messages one person gets. What waits is asked about anew.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a cap of none or of more than a hundred.
    pub async fn set_caps(&self, caller: &Caller, caps: Caps) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        caps.check()?;
        self.put_delivery_setting(caller, KEY, "caps-set", &caps).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_waits_for_the_next_free_day() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let person = PersonId::from_uuid(Uuid::from_u128(1));
        let (one, two) = (Some(Uuid::from_u128(10)), Some(Uuid::from_u128(20)));
        let now = at("2026-05-14T09:00:00Z");
        let mut lately = Lately::new(TimeZone::UTC, &[]);
        let day = Caps { per_day: Some(2), ..Caps::default() };
        assert_eq!(lately.full(&day, (person, one), now), None);
        lately.add(person, one, now);
        lately.add(person, two, now);
        assert_eq!(lately.full(&day, (person, one), now), Some((reasons::CAP_DAY, at("2026-05-15T00:00:00Z"))));
        let week = Caps { per_week: Some(2), ..Caps::default() };
        assert_eq!(lately.full(&week, (person, one), now), Some((reasons::CAP_WEEK, at("2026-05-21T00:00:00Z"))));
        let own = Caps { programme_per_day: Some(1), ..Caps::default() };
        assert_eq!(
            lately.full(&own, (person, two), now),
            Some((reasons::CAP_PROGRAMME_DAY, at("2026-05-15T00:00:00Z")))
        );
        assert_eq!(lately.full(&own, (person, Some(Uuid::from_u128(30))), now), None, "another programme");
        assert_eq!(lately.full(&own, (person, None), now), None, "none at all");
        assert_eq!(lately.full(&day, (person, one), at("2026-05-15T00:00:00Z")), None);
        assert!(Caps { per_day: Some(0), ..Caps::default() }.check().is_err());
        assert!(Caps::default().is_off() && !day.is_off());
    }
}
