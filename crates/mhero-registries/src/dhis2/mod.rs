//! DHIS2 2.38 to 2.42: organisation units as places, users as people, corrections of users, values of facility checks.
//!
//! Changes are asked for by `lastUpdated` on the server's own clock. Deletions do not show: what is gone turns out when
//! everything is read, so that a pull without a watermark should be scheduled as well.

mod api;
mod check;
mod pages;
mod push;
mod push_unit;
mod reports;
mod settings;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{Timestamp, tz::TimeZone};
use mhero_app::{
    App, AppError,
    ports::{Connector, Pull, PullError, PullSink, Pulled, Push, PushOutcome, Registry, ReportTaker, SourceSettings},
};
use mhero_core::record::{Content, Reason, Record, Rejection};
use mhero_wire::dhis2::{List, Moment, UNIT, UNIT_GROUP, USER, Units, level_of};
use serde_json::Value;

use crate::http::{HttpError, KEYS, with_keys};
use api::Api;
use pages::{Listing, Walk};
use settings::Settings;

/// The keys of this connector and those of the client. `identifier.CODE` beside them names the system of an attribute's values.
const OWN_KEYS: [(&str, bool); KEYS.len() + 9] = with_keys([
    ("users", false),
    ("user_roles", false),
    ("facility_level", false),
    ("facility_groups", false),
    ("uid_system", false),
    ("code_system", false),
    ("language", false),
    ("page_size", false),
    ("place_attributes", false),
]);
/// How far before the server's clock the next pull begins, in minutes: a change is dated before it is stored.
const OVERLAP_MINUTES: i64 = 5;

const UNIT_FIELDS: &str = "id,code,name,displayName,shortName,level,path,parent[id],leaf,openingDate,closedDate,lastUpdated,geometry,\
translations[property,locale,value],organisationUnitGroups[id,code,name],attributeValues[value,attribute[id,code]]";
const USER_FIELDS: &str = "id,code,firstName,surname,displayName,email,phoneNumber,whatsApp,jobTitle,gender,birthday,languages,disabled,\
lastUpdated,organisationUnits[id],userRoles[id,name],userCredentials[disabled,userRoles[id,name]],attributeValues[value,attribute[id,code]]";
const GROUP_FIELDS: &str = "id,code,name,lastUpdated";
const LEVEL_FIELDS: &str = "level,name,displayName";

/// The kind `dhis2`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dhis2;

impl Connector for Dhis2 {
    fn kind(&self) -> &'static str {
        "dhis2"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &OWN_KEYS
    }

    fn build(&self, app: &App, settings: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        let api = Api::new(settings)?;
        let settings = Settings::read(settings, &api)?;
        Ok(Arc::new(Server { app: app.clone(), api, settings }))
    }
}

/// A server of DHIS2.
struct Server {
    app: App,
    api: Api,
    settings: Settings,
}

impl Server {
    /// How organisation units are read, by the levels that the server has.
    async fn units(&self) -> Result<Units, HttpError> {
        let text = self.api.get("organisationUnitLevels", &[("fields", LEVEL_FIELDS), ("paging", "false")]).await?;
        let list = List::read(&text, "organisationUnitLevels").ok_or_else(|| self.api.not_a_list())?;
        let now = Timestamp::from_microsecond(self.app.clock().now_micros()).unwrap_or_default();
        Ok(self.settings.units(list.items.iter().filter_map(level_of).collect(), now.to_zoned(TimeZone::UTC).date()))
    }

    async fn pull_units(
        &self,
        units: &Units,
        since: Option<Moment>,
        sink: &mut dyn PullSink,
    ) -> Result<Walk, PullError> {
        let listing = Listing { path: "organisationUnits", fields: UNIT_FIELDS, kind: UNIT, since };
        self.walk(&listing, sink, |item, origin| Some(units.record(item, origin))).await
    }

    /// Users; one who has none of the wanted roles any more is told as removed.
    async fn pull_users(&self, since: Option<Moment>, sink: &mut dyn PullSink) -> Result<Walk, PullError> {
        let listing = Listing { path: "users", fields: USER_FIELDS, kind: USER, since };
        let users = self.settings.users();
        self.walk(&listing, sink, |item, origin| users.wants(item).then(|| users.record(item, origin))).await
    }

    /// The groups of units, kept as received.
    async fn pull_groups(&self, since: Option<Moment>, sink: &mut dyn PullSink) -> Result<Walk, PullError> {
        let listing = Listing { path: "organisationUnitGroups", fields: GROUP_FIELDS, kind: UNIT_GROUP, since };
        self.walk(&listing, sink, |item, origin| Some(kept(item, origin))).await
    }

    /// Reads users where they are wanted. `None` where the server does not let us see them, which ends no pull.
    async fn users_if_allowed(
        &self,
        since: Option<Moment>,
        sink: &mut dyn PullSink,
    ) -> Result<Option<Walk>, PullError> {
        match self.pull_users(since, sink).await {
            Ok(walk) => Ok(Some(walk)),
            Err(PullError::Refused(reason)) if !self.settings.users_must => {
                sink.remark(reason);
                sink.remark(Reason::plain("dhis2-users-left-out"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// A record that is kept as received.
fn kept(item: &Value, origin: &str) -> Result<Record, Rejection> {
    let id = item.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (kind, raw) = (UNIT_GROUP.to_owned(), item.to_string());
    if id.is_empty() {
        let reason = Reason::new("import-id-missing", [("kind", kind)]);
        let problem = mhero_core::record::Problem { element: "id".to_owned(), reason };
        return Err(Rejection { origin: origin.to_owned(), problem, raw });
    }
    Ok(Record { origin: origin.to_owned(), kind, id, raw, warnings: Vec::new(), content: Content::Kept })
}

#[async_trait]
impl Registry for Server {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        self.look().await.map_err(|error| error.reason().clone())
    }

    async fn pull(&self, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        let system = self.api.system().await?;
        if let Some(remark) = check::odd_version(&system) {
            sink.remark(remark);
        }
        let since = pull.since.as_deref().and_then(|text| text.parse::<Moment>().ok());
        let units = self.units().await?;
        let mut walks = vec![self.pull_units(&units, since, sink).await?, self.pull_groups(since, sink).await?];
        let mut all_told = true;
        if self.settings.users_wanted {
            let users = self.users_if_allowed(since, sink).await?;
            all_told = users.is_some();
            walks.extend(users);
        }
        let newest = walks.iter().filter_map(|walk| walk.newest).max();
        let whole = since.is_none() && all_told && walks.iter().all(|walk| walk.is_complete);
        let until = system.now.or(newest).map(|now| now.minutes_before(OVERLAP_MINUTES)).or(since);
        Ok(Pulled { watermark: until.map(|until| until.to_string()), whole })
    }

    fn writes(&self) -> &'static [&'static str] {
        &push::WRITES
    }

    fn writes_of_place(&self, field: &str) -> bool {
        self.settings.place_attributes.iter().any(|(known, _)| known == field)
    }

    fn report_taker(&self) -> Option<&dyn ReportTaker> {
        Some(self)
    }

    async fn push(&self, push: &Push) -> PushOutcome {
        if push.target.kind == UNIT {
            return push_unit::push(self, push).await;
        }
        push::push(&self.api, push).await
    }
}
