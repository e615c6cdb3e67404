//! Looks whether a server can be read, without changing anything.

use mhero_core::record::Reason;
use mhero_wire::dhis2::{List, System, Version};

use super::Server;
use crate::http::HttpError;

impl Server {
    /// Which server this is, how its facilities are told, how many units and users it shows us.
    pub(super) async fn look(&self) -> Result<Vec<Reason>, HttpError> {
        let system = self.api.system().await?;
        let found = [("name", system.name.clone()), ("version", system.version.clone())];
        let mut remarks = vec![Reason::new("dhis2-found", found)];
        remarks.extend(odd_version(&system));
        let units = self.units().await?;
        if let Some(wanted) = self.settings.misses_level(&units) {
            let known: Vec<_> = units.levels.iter().map(|level| level.name.as_str()).collect();
            let args = [("value", wanted.to_owned()), ("known", known.join(", "))];
            remarks.push(Reason::new("dhis2-level-unknown", args));
        }
        if let Some(from) = units.facilities_from() {
            let name = units.levels.iter().find(|level| level.number == from).map(|level| level.name.clone());
            let args = [("level", from.to_string()), ("name", name.unwrap_or_else(|| "-".to_owned()))];
            remarks.push(Reason::new("dhis2-facility-level", args));
        }
        let count = self.count("organisationUnits").await?;
        let key = if count == 0 { "dhis2-no-units" } else { "dhis2-units-found" };
        remarks.push(Reason::new(key, [("count", count.to_string())]));
        if self.settings.users_wanted {
            match self.count("users").await {
                Ok(count) => remarks.push(Reason::new("dhis2-users-found", [("count", count.to_string())])),
                Err(HttpError::Refused { reason, .. }) if !self.settings.users_must => {
                    remarks.push(reason);
                    remarks.push(Reason::plain("dhis2-users-left-out"));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(remarks)
    }

    /// How many objects a list has.
    async fn count(&self, path: &str) -> Result<u64, HttpError> {
        let text = self.api.get(path, &[("fields", "id"), ("pageSize", "1"), ("totalPages", "true")]).await?;
        let list = List::read(&text, path).ok_or_else(|| self.api.not_a_list())?;
        let came = list.items.len() as u64;
        Ok(list.pager.and_then(|pager| pager.total).unwrap_or(came))
    }
}

/// A remark about a release that nobody has tried with this program.
pub(super) fn odd_version(system: &System) -> Option<Reason> {
    let known = |version: &Version| (Version::OLDEST..=Version::NEWEST).contains(version);
    if Version::read(&system.version).is_some_and(|version| known(&version)) {
        return None;
    }
    let args = [
        ("version", system.version.clone()),
        ("oldest", Version::OLDEST.to_string()),
        ("newest", Version::NEWEST.to_string()),
    ];
    Some(Reason::new("dhis2-version", args))
}
