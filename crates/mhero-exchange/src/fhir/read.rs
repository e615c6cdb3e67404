//! Reading what is held: as it stands, one version, or the history.

use jiff::Timestamp;
use mhero_app::Caller;
use mhero_store::{FhirVersion, HistoryOf};

use super::{FhirError, FhirServer, PAGE_MAX, rights};
use crate::macm::texts::with_texts;

/// One version of a resource as a client gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its kind.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Which version, from 1: `ETag: W/"3"`.
    pub version: i64,
    /// When it was written.
    pub at: Timestamp,
    /// `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// JSON, with `meta.versionId` and `meta.lastUpdated`; empty for a deletion.
    pub body: String,
}

/// A page of a history, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The versions.
    pub versions: Vec<Version>,
    /// Before which entry the next page begins; `None` when this is the last.
    pub next: Option<i64>,
}

/// A moment in UTC microseconds as a timestamp; the epoch for what no clock says.
pub(super) fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn version(row: FhirVersion) -> Version {
    Version {
        kind: row.kind,
        id: row.id,
        version: row.version,
        at: moment(row.updated_at),
        method: row.method,
        body: row.body,
    }
}

impl FhirServer {
    /// A resource as it stands.
    ///
    /// # Errors
    /// [`FhirError::NotFound`], [`FhirError::Gone`], or what keeps this caller from reading it.
    pub async fn read(&self, caller: &Caller, kind: &str, id: &str) -> Result<Version, FhirError> {
        rights::may_read(&self.parameters, caller, kind)?;
        if kind == crate::atna::KIND {
            return self.read_audit(caller, id).await;
        }
        let found = self.app.store().fhir_resource(&caller.scope, (kind, id)).await?;
        if found.as_ref().is_none_or(|found| found.is_deleted)
            && let Some(golden) = self.golden_id(kind, id).await?
            // Whoever may not see the one learns nothing of the other.
            && self.app.store().fhir_resource(&caller.scope, (kind, &golden)).await?.is_some_and(|one| !one.is_deleted)
        {
            return Err(FhirError::Moved(format!("{kind}/{golden}")));
        }
        match found {
            None => Err(FhirError::NotFound(format!("{kind}/{id}"))),
            Some(found) if found.is_deleted => Err(FhirError::Gone(format!("{kind}/{id}"))),
            Some(found) => Ok(Version {
                kind: found.kind,
                id: found.id,
                version: found.version,
                at: moment(found.updated_at),
                method: if found.version == 1 { "POST" } else { "PUT" }.to_owned(),
                body: with_texts(&self.app, found.body).await?,
            }),
        }
    }

    /// One version of a resource.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn read_version(
        &self,
        caller: &Caller,
        (kind, id): (&str, &str),
        number: i64,
    ) -> Result<Version, FhirError> {
        rights::may_read(&self.parameters, caller, kind)?;
        if kind == crate::atna::KIND && number == 1 {
            return self.read_audit(caller, id).await;
        }
        let name = || format!("{kind}/{id}/_history/{number}");
        let found = self.app.store().fhir_version(&caller.scope, (kind, id), number).await?;
        match found.map(version) {
            None => Err(FhirError::NotFound(name())),
            Some(found) if found.method == "DELETE" => Err(FhirError::Gone(name())),
            Some(found) => Ok(Version { body: with_texts(&self.app, found.body).await?, ..found }),
        }
    }

    /// Versions of one resource, one kind, or all that the caller may read, the newest first.
    ///
    /// # Errors
    /// [`FhirError::NotFound`] for a resource that never was, or what keeps this caller from reading.
    pub async fn history(
        &self,
        caller: &Caller,
        (kind, id): (Option<&str>, Option<&str>),
        (since, before, count): (Option<Timestamp>, Option<i64>, Option<usize>),
    ) -> Result<History, FhirError> {
        match kind {
            Some(kind) => rights::may_read(&self.parameters, caller, kind)?,
            // All kinds at once are for those who may read each.
            None => {
                for kind in self.parameters.kinds() {
                    rights::may_read(&self.parameters, caller, kind)?;
                }
            }
        }
        let count = count.unwrap_or(super::PAGE_DEFAULT).clamp(1, PAGE_MAX);
        let of = HistoryOf {
            kind,
            id,
            since: since.map_or(i64::MIN, Timestamp::as_microsecond),
            before,
            limit: i64::try_from(count).unwrap_or(i64::MAX).saturating_add(1),
        };
        let mut rows = self.app.store().fhir_history(&caller.scope, &of).await?;
        if let (Some(kind), Some(id), true, None) = (kind, id, rows.is_empty(), before)
            && self.app.store().fhir_resource(&caller.scope, (kind, id)).await?.is_none()
        {
            return Err(FhirError::NotFound(format!("{kind}/{id}")));
        }
        let has_more = rows.len() > count;
        rows.truncate(count);
        let next = rows.last().filter(|_| has_more).map(|last| last.entry);
        let mut versions: Vec<Version> = rows.into_iter().map(version).collect();
        for version in &mut versions {
            version.body = with_texts(&self.app, std::mem::take(&mut version.body)).await?;
        }
        Ok(History { versions, next })
    }
}
