//! What a source of this kind can be told.

use jiff::civil::Date;
use mhero_app::{AppError, ports::SourceSettings};
use mhero_core::Lang;
use mhero_wire::dhis2::{Level, Units, Users};

use super::api::Api;

/// Objects on a page, when nothing else is set; a national server is fragile.
const PAGE_SIZE: u64 = 500;
/// Fewest and most objects on a page.
const PAGE_SIZES: std::ops::RangeInclusive<u64> = 1..=1000;

/// The settings of one source.
pub(super) struct Settings {
    pub(super) users_wanted: bool,
    /// Whether a pull that may not see users has failed.
    pub(super) users_must: bool,
    pub(super) page_size: u64,
    roles: Vec<String>,
    facility_level: Option<String>,
    facility_groups: Vec<String>,
    uid_system: String,
    code_system: Option<String>,
    attribute_systems: Vec<(String, String)>,
    /// Fields of facility checks, each with the code or id of the attribute that holds it.
    pub(super) place_attributes: Vec<(String, String)>,
    language: Lang,
}

impl Settings {
    pub(super) fn read(settings: &SourceSettings, api: &Api) -> Result<Self, AppError> {
        let get = |key: &str| settings.config.get(key).map(|text| text.trim()).filter(|text| !text.is_empty());
        let list = |key: &str| -> Vec<String> {
            let words = get(key).unwrap_or_default().split([',', ';']).map(str::trim);
            words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let wrong = |key: &'static str, right: String| {
            let value = get(key).unwrap_or_default().to_owned();
            AppError::invalid("registry-setting", [("key", key.to_owned()), ("value", value), ("right", right)])
        };
        let (users_wanted, users_must) = match get("users").map(str::to_lowercase).as_deref() {
            None => (true, false),
            Some("yes" | "oui" | "true") => (true, true),
            Some("no" | "non" | "false") => (false, false),
            Some(_) => return Err(wrong("users", "yes, no".to_owned())),
        };
        let page_size = match get("page_size") {
            None => PAGE_SIZE,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| PAGE_SIZES.contains(size))
                .ok_or_else(|| wrong("page_size", format!("{}-{}", PAGE_SIZES.start(), PAGE_SIZES.end())))?,
        };
        let language = match get("language") {
            None => Lang::ENGLISH,
            Some(text) => text.parse().map_err(|_| wrong("language", "eng, fra, en, fr".to_owned()))?,
        };
        let pairs = list("place_attributes");
        let place_attributes = pairs.iter().map(|pair| {
            let (field, name) = pair.split_once('=').unwrap_or((pair, ""));
            let (field, name) = (field.trim().to_owned(), name.trim().to_owned());
            let is_word = |text: &str| {
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
            };
            let is_right = is_word(&field) && is_word(&name);
            is_right
                .then_some((field, name))
                .ok_or_else(|| wrong("place_attributes", "open=OPEN, power=POWER".to_owned()))
        });
        let place_attributes = place_attributes.collect::<Result<Vec<_>, _>>()?;
        let attribute = |(key, value): (&String, &String)| {
            let name = key.strip_prefix("identifier.")?;
            Some((name.to_owned(), value.trim().to_owned())).filter(|(_, system)| !system.is_empty())
        };
        Ok(Self {
            users_wanted,
            users_must,
            page_size,
            roles: list("user_roles"),
            facility_level: get("facility_level").map(str::to_lowercase),
            facility_groups: list("facility_groups"),
            uid_system: get("uid_system").map_or_else(|| api.address("organisationUnits"), str::to_owned),
            code_system: get("code_system").map(str::to_owned),
            attribute_systems: settings.config.iter().filter_map(attribute).collect(),
            place_attributes,
            language,
        })
    }

    /// How units are read, by the levels of the server and the day.
    pub(super) fn units(&self, levels: Vec<Level>, today: Date) -> Units {
        let named = |wanted: &String| {
            let by_name = levels.iter().find(|level| level.name.to_lowercase() == *wanted).map(|level| level.number);
            wanted.parse().ok().or(by_name)
        };
        Units {
            facility_level: self.facility_level.as_ref().and_then(named),
            facility_groups: self.facility_groups.clone(),
            uid_system: self.uid_system.clone(),
            code_system: self.code_system.clone(),
            attribute_systems: self.attribute_systems.clone(),
            place_attributes: self.place_attributes.clone(),
            language: self.language,
            levels,
            today,
        }
    }

    /// Whether a level of facilities is set that the server does not have.
    pub(super) fn misses_level(&self, units: &Units) -> Option<&str> {
        self.facility_level.as_deref().filter(|_| units.facility_level.is_none())
    }

    /// How users are read.
    pub(super) fn users(&self) -> Users {
        Users { roles: self.roles.clone(), attribute_systems: self.attribute_systems.clone() }
    }
}
