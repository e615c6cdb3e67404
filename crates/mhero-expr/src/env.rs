//! What an evaluation needs of the world around it, passed in so that the language itself reads no clock and rolls no dice.

use std::{collections::BTreeMap, fmt, sync::Arc};

use jiff::{Timestamp, Zoned, tz::TimeZone};
use mhero_core::Lang;

use crate::{collation::Collation, places::Locations};

/// The order of day, month and year in what people write and read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateFormat {
    /// `YYYY-MM-DD`
    #[default]
    YearMonthDay,
    /// `DD-MM-YYYY`
    DayMonthYear,
    /// `MM-DD-YYYY`
    MonthDayYear,
}

impl DateFormat {
    /// The format by its RapidPro name, e.g. `DD-MM-YYYY`.
    pub fn of_layout(layout: &str) -> Option<Self> {
        [Self::YearMonthDay, Self::DayMonthYear, Self::MonthDayYear].into_iter().find(|f| f.layout() == layout)
    }

    /// The RapidPro name, which is also the layout for writing.
    pub const fn layout(self) -> &'static str {
        match self {
            Self::YearMonthDay => "YYYY-MM-DD",
            Self::DayMonthYear => "DD-MM-YYYY",
            Self::MonthDayYear => "MM-DD-YYYY",
        }
    }
}

/// How `format` writes numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// Between whole and fraction.
    pub decimal: String,
    /// Between groups of three digits.
    pub grouping: String,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self { decimal: ".".to_owned(), grouping: ",".to_owned() }
    }
}

/// A source of random numbers for `rand` and `rand_between`. Sources that are shared between evaluations keep their state
/// behind a lock or an atomic.
pub trait Chance: Send + Sync {
    /// The next 64 random bits.
    fn next(&self) -> u64;
}

/// A clock that each use of the instant reads anew.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;
}

/// Whether expressions see the addresses of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redaction {
    /// They do.
    #[default]
    None,
    /// Addresses are masked, see [`redacted_urn`](crate::redacted_urn), and contacts have references for ids. Whoever builds
    /// the context heeds it.
    Urns,
}

/// The world around an evaluation.
#[derive(Clone)]
pub struct Env {
    /// The instant that `now()` gives.
    pub now: Timestamp,
    /// A clock to read in place of `now`, for those to whom each reading counts.
    pub clock: Option<Arc<dyn Clock>>,
    /// The zone in which dates and times are read and written.
    pub zone: TimeZone,
    /// The zone in which `now()` and `today()` are told, and from which a date without a time takes its time; without one it is
    /// `zone`. In a flow it is the installation's, while `zone` is the person's.
    pub now_zone: Option<TimeZone>,
    /// The order of day, month and year.
    pub date_format: DateFormat,
    /// The layout of times: `tt:mm`, `h:mm aa`, `tt:mm:ss`.
    pub time_format: String,
    /// The signs in numbers.
    pub number_format: NumberFormat,
    /// Languages, preferred first: names of months and days are written in the first that we have them for.
    pub languages: Vec<Lang>,
    /// The country of local phone numbers, two capital letters.
    pub country: Option<String>,
    /// Where random numbers come from; without one, `rand` is an error.
    pub chance: Option<Arc<dyn Chance>>,
    /// Which words are the same for the tests of routers.
    pub collation: Collation,
    /// The places of the country; without them, `has_state` and its like are errors.
    pub locations: Option<Arc<dyn Locations>>,
    /// What `prompt` gives by its name, with `{{ .arg1 }}` for its first argument.
    pub prompts: Arc<BTreeMap<String, String>>,
    /// Whether expressions see the addresses of people.
    pub redaction: Redaction,
}

impl Env {
    /// An environment with RapidPro's defaults: ISO dates, `tt:mm`, `1,234.5`, no language, no country, no chance.
    pub fn new(now: Timestamp, zone: TimeZone) -> Self {
        Self {
            now,
            clock: None,
            zone,
            now_zone: None,
            date_format: DateFormat::default(),
            time_format: "tt:mm".to_owned(),
            number_format: NumberFormat::default(),
            languages: Vec::new(),
            country: None,
            chance: None,
            collation: Collation::default(),
            locations: None,
            prompts: Arc::default(),
            redaction: Redaction::default(),
        }
    }

    /// Now, in the zone for it.
    pub(crate) fn zoned_now(&self) -> Zoned {
        let now = self.clock.as_ref().map_or(self.now, |clock| clock.now());
        now.to_zoned(self.now_zone.as_ref().unwrap_or(&self.zone).clone())
    }

    /// The layout of a date and a time together.
    pub(crate) fn datetime_layout(&self) -> String {
        format!("{} {}", self.date_format.layout(), self.time_format)
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("now", &self.now)
            .field("zone", &self.zone.iana_name())
            .field("date_format", &self.date_format)
            .field("languages", &self.languages)
            .finish_non_exhaustive()
    }
}
