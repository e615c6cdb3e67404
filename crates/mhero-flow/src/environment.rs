//! The settings of an installation that change how texts are read and written.

use std::{fmt, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::Lang;
use mhero_expr::{Chance, Collation, DateFormat, Env, NumberFormat, ObfuscationKey, Redaction};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeMap};

use crate::{assets::Assets, contact::Contact, json};

/// The environment of a session. `null` and missing settings are RapidPro's defaults.
#[derive(Clone)]
pub struct Environment {
    /// The order of day, month and year.
    pub date_format: DateFormat,
    /// The layout of times: `tt:mm`, `h:mm aa`, `tt:mm:ss`.
    pub time_format: Arc<str>,
    /// The zone in which dates are read and written.
    pub timezone: TimeZone,
    /// The languages of the installation, the default first.
    pub allowed_languages: Vec<Lang>,
    /// The signs in numbers.
    pub number_format: NumberFormat,
    /// The country of local phone numbers, two capital letters.
    pub default_country: Option<Arc<str>>,
    /// Which letters count as the same.
    pub input_collation: Collation,
    /// What is hidden from flows.
    pub redaction_policy: Redaction,
    /// The key behind the references that stand for ids of contacts.
    pub obfuscation_key: [u32; 4],
    /// The language of the contact that it is the environment of, where that is allowed.
    own_language: Option<Lang>,
    /// The zone of the installation, where `timezone` is a contact's.
    home_zone: Option<TimeZone>,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            date_format: DateFormat::YearMonthDay,
            time_format: "tt:mm".into(),
            timezone: TimeZone::UTC,
            allowed_languages: Vec::new(),
            number_format: NumberFormat::default(),
            default_country: None,
            input_collation: Collation::Default,
            redaction_policy: Redaction::None,
            obfuscation_key: [0; 4],
            own_language: None,
            home_zone: None,
        }
    }
}

impl Environment {
    /// The language of those who have none.
    pub fn default_language(&self) -> Option<Lang> {
        self.allowed_languages.first().copied()
    }

    /// The languages to look for translations in: the contact's own, then the default.
    pub fn preferred_languages(&self) -> Vec<Lang> {
        let mut languages: Vec<_> = self.own_language.into_iter().collect();
        languages.extend(self.default_language().filter(|language| Some(*language) != self.own_language));
        languages
    }

    /// The language and country of those who have none, as in `eng-RW`.
    pub fn default_locale(&self) -> String {
        locale(self.default_language(), self.default_country.as_deref())
    }

    /// Whether addresses are hidden.
    pub fn hides_urns(&self) -> bool {
        self.redaction_policy == Redaction::Urns
    }

    /// The reference that stands for the number of a contact where addresses are hidden.
    pub fn contact_ref(&self, id: i64) -> String {
        let id = u64::try_from(id).unwrap_or_default();
        ObfuscationKey::new(self.obfuscation_key).reference(id).unwrap_or_default()
    }

    /// The environment as a contact sees it: in its own zone, with its own language where that is allowed, and in the
    /// country of the channel that reaches it, else of its number.
    #[must_use]
    pub fn of_contact(&self, contact: &Contact, assets: &Assets) -> Self {
        let mut own = self.clone();
        if let Some(zone) = &contact.timezone {
            own.home_zone = Some(std::mem::replace(&mut own.timezone, zone.clone()));
        }
        own.own_language = contact.language.filter(|language| self.allowed_languages.contains(language));
        let of_channel = assets.preferred_channel(contact).and_then(|channel| channel.country.clone());
        let of_number = || {
            let mut numbers = contact.urns.iter().filter(|urn| urn.scheme() == mhero_core::Urn::TEL);
            numbers.find_map(|urn| mhero_text::phone::country_of(urn.path())).map(Arc::from)
        };
        if let Some(country) = of_channel.filter(|country| !country.is_empty()).or_else(of_number) {
            own.default_country = Some(country);
        }
        own
    }

    /// What the expression language needs.
    pub fn to_expr(&self, now: Timestamp, chance: Option<Arc<dyn Chance>>) -> Env {
        let mut env = Env::new(now, self.timezone.clone());
        env.now_zone = self.home_zone.clone();
        env.date_format = self.date_format;
        env.time_format = self.time_format.to_string();
        env.number_format = self.number_format.clone();
        env.languages = self.own_language.into_iter().chain(self.allowed_languages.iter().copied()).collect();
        env.country = self.default_country.as_deref().map(str::to_owned);
        env.chance = chance;
        env.collation = self.input_collation;
        env.redaction = self.redaction_policy;
        env
    }
}

/// A language with its country, as BCP 47 joins them, with languages of three letters: `eng-US`. Empty without language.
pub fn locale(language: Option<Lang>, country: Option<&str>) -> String {
    match (language, country.filter(|country| !country.is_empty())) {
        (None, _) => String::new(),
        (Some(language), None) => language.to_string(),
        (Some(language), Some(country)) => format!("{language}-{country}"),
    }
}

/// The settings only; the key is a secret.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("timezone", &self.timezone.iana_name())
            .field("allowed_languages", &self.allowed_languages)
            .field("default_country", &self.default_country)
            .field("redaction_policy", &self.redaction_policy)
            .finish_non_exhaustive()
    }
}

/// The object of the specification.
#[derive(Deserialize)]
struct Raw {
    date_format: Option<String>,
    time_format: Option<String>,
    timezone: Option<String>,
    #[serde(default)]
    allowed_languages: Option<Vec<Lang>>,
    number_format: Option<RawNumberFormat>,
    default_country: Option<String>,
    input_collation: Option<String>,
    redaction_policy: Option<String>,
    obfuscation_key: Option<[u32; 4]>,
}

#[derive(Serialize, Deserialize)]
struct RawNumberFormat {
    decimal_symbol: String,
    digit_grouping_symbol: String,
}

impl<'de> Deserialize<'de> for Environment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut environment = Self::default();
        let Some(raw) = Option::<Raw>::deserialize(deserializer)? else { return Ok(environment) };
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        if let Some(layout) = given(raw.date_format) {
            environment.date_format =
                DateFormat::of_layout(&layout).ok_or_else(|| D::Error::custom("field 'date_format' is not valid"))?;
        }
        if let Some(layout) = given(raw.time_format) {
            environment.time_format = layout.into();
        }
        if let Some(zone) = given(raw.timezone) {
            environment.timezone =
                TimeZone::get(&zone).map_err(|_| D::Error::custom(format!("unknown time zone {zone}")))?;
        }
        if let Some(format) = raw.number_format {
            environment.number_format =
                NumberFormat { decimal: format.decimal_symbol, grouping: format.digit_grouping_symbol };
        }
        environment.allowed_languages = raw.allowed_languages.unwrap_or_default();
        environment.default_country = given(raw.default_country).map(Into::into);
        if let Some(collation) = given(raw.input_collation) {
            environment.input_collation = Collation::of_name(&collation)
                .ok_or_else(|| D::Error::custom("field 'input_collation' is not valid"))?;
        }
        environment.redaction_policy = match given(raw.redaction_policy).as_deref() {
            None | Some("none") => Redaction::None,
            Some("urns") => Redaction::Urns,
            Some(_) => return Err(D::Error::custom("field 'redaction_policy' is not valid")),
        };
        environment.obfuscation_key = raw.obfuscation_key.unwrap_or_default();
        Ok(environment)
    }
}

impl Serialize for Environment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("date_format", self.date_format.layout())?;
        map.serialize_entry("time_format", &self.time_format)?;
        map.serialize_entry("timezone", &json::name_of_zone(&self.timezone))?;
        map.serialize_entry("allowed_languages", &self.allowed_languages)?;
        let format = &self.number_format;
        map.serialize_entry(
            "number_format",
            &RawNumberFormat { decimal_symbol: format.decimal.clone(), digit_grouping_symbol: format.grouping.clone() },
        )?;
        if let Some(country) = &self.default_country {
            map.serialize_entry("default_country", country)?;
        }
        map.serialize_entry("input_collation", self.input_collation.name())?;
        map.serialize_entry("redaction_policy", if self.hides_urns() { "urns" } else { "none" })?;
        map.serialize_entry("obfuscation_key", &self.obfuscation_key)?;
        map.end()
    }
}
