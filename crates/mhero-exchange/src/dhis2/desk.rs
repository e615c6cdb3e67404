//! What officials see and decide: mappings, reports with the SMS that they came by, agreeing, sending again.

use mhero_app::{AppError, Caller};
use mhero_core::{LangMap, MessageId, Right, RunId};
use mhero_store::{HmisListed, HmisMap, HmisReport, Queue, StoreError, Unit};
use serde_json::json;
use uuid::Uuid;

use super::{Answer, Content, Dhis2Error, KIND, Mapping, Reports};

/// A mapping as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingShown {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub mapping: Mapping,
    /// Grows with each change.
    pub version: i64,
}

/// A report as it stands, with the SMS that it came by.
#[derive(Clone, PartialEq)]
pub struct ReportShown {
    /// Its id.
    pub id: Uuid,
    /// The mapping's name.
    pub mapping: String,
    /// The run.
    pub run: RunId,
    /// Who reported.
    pub person: mhero_core::PersonId,
    /// Their name.
    pub person_name: String,
    /// The place's names.
    pub place: Option<LangMap>,
    /// The SMS; only for those who may read messages.
    pub text: Option<String>,
    /// Which message that is.
    pub message: Option<MessageId>,
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// See [`HmisReport::state`].
    pub state: String,
    /// What is reported.
    pub content: Content,
    /// What was accepted of the same unit and period before.
    pub before: Option<Content>,
    /// What became of it.
    pub answer: Answer,
    /// How often it was sent.
    pub attempts: i64,
    /// When it was reported, in UTC microseconds.
    pub reported_at: i64,
    /// When it was sent last.
    pub sent_at: Option<i64>,
    /// When it goes again.
    pub next_at: Option<i64>,
    /// Grows with each change.
    pub version: i64,
}

/// Never what is reported.
impl std::fmt::Debug for ReportShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportShown").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// What somebody decides about a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may go.
    Approve,
    /// It does not go.
    Refuse,
    /// What the run says is read again, and sent again.
    Again,
}

impl Reports {
    /// All mappings by name.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to flows or settings.
    pub async fn mappings(&self, caller: &Caller) -> Result<Vec<MappingShown>, Dhis2Error> {
        caller.must(Right::ReadPeople)?;
        let maps = self.app.store().hmis_maps().await?;
        let shown = |map: HmisMap| {
            let mapping = serde_json::from_str(&map.config).ok()?;
            Some(MappingShown { id: map.id, mapping, version: map.version })
        };
        Ok(maps.into_iter().filter_map(shown).collect())
    }

    /// Adds a mapping, or changes the one of its name. Runs that ended before it was added are not reported.
    ///
    /// # Errors
    /// [`Dhis2Error::Mapping`] naming field and remedy; [`Dhis2Error::Stale`] where somebody else changed it.
    pub async fn put_mapping(
        &self,
        caller: &Caller,
        mapping: Mapping,
        version: Option<i64>,
    ) -> Result<Uuid, Dhis2Error> {
        caller.must(Right::Settings)?;
        let mapping = mapping.checked()?;
        let store = self.app.store();
        let sources = store.sources().await?;
        let known: Vec<&str> = sources.iter().filter(|own| own.kind == KIND).map(|own| own.name.as_str()).collect();
        let source = sources.iter().find(|own| own.name == mapping.source && own.kind == KIND);
        let Some(source) = source else {
            let why = format!("no DHIS2 has that name: {}", known.join(", "));
            return Err(Dhis2Error::mapping("source", &mapping.source, why));
        };
        let flows = store.flows(false).await?;
        let flow = flows.iter().find(|own| mhero_query::fold(&own.name) == mhero_query::fold(&mapping.flow));
        let Some(flow) = flow else {
            return Err(Dhis2Error::mapping("flow", &mapping.flow, "no flow has that name".to_owned()));
        };
        let there = store.hmis_maps().await?.into_iter().find(|own| own.name == mapping.name);
        let now = self.app.clock().now_micros();
        let config = serde_json::to_string(&mapping).unwrap_or_default();
        let row = HmisMap {
            id: there.as_ref().map_or_else(|| store.mint().uuid(), |own| own.id),
            name: mapping.name.clone(),
            source: source.id,
            flow: flow.id,
            config,
            active: mapping.active,
            since: there.as_ref().map_or(now, |own| own.since),
            version: version.or(there.as_ref().map(|own| own.version)).unwrap_or(1),
        };
        let mut unit = Unit::new();
        let action = if there.is_some() { "report-mapping-changed" } else { "report-mapping-added" };
        if there.is_some() {
            unit.set_hmis_map(&row, now);
        } else {
            unit.add_hmis_map(&row);
        }
        let facts = json!({ "name": mapping.name, "elements": mapping.elements.len(), "active": mapping.active });
        unit.audit(store, &caller.entry(action, "report_mapping", Some(row.id), facts));
        match store.write(unit, Queue::Interactive).await {
            Ok(_) => Ok(row.id),
            Err(StoreError::Guard { .. } | StoreError::Exists { .. }) => Err(Dhis2Error::Stale),
            Err(error) => Err(error.into()),
        }
    }

    /// Reports about places of the caller's scope, the newest first: of one state, of one run, before one of them.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn list(
        &self,
        caller: &Caller,
        of: (Option<&str>, Option<RunId>),
        before: Option<(i64, Uuid)>,
        limit: i64,
    ) -> Result<Vec<ReportShown>, Dhis2Error> {
        caller.must(Right::ReadPeople)?;
        let names: std::collections::HashMap<Uuid, String> =
            self.app.store().hmis_maps().await?.into_iter().map(|map| (map.id, map.name)).collect();
        let reads_messages = caller.scope.may(Right::ReadMessages);
        let listed = self.app.store().hmis_reports(&caller.scope, of, before, limit).await?;
        let shown = |own: HmisListed| {
            let mapping = names.get(&own.report.map).cloned().unwrap_or_default();
            shown(own, mapping, reads_messages)
        };
        Ok(listed.into_iter().map(shown).collect())
    }

    /// Reports of the caller's scope by state.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn counts(&self, caller: &Caller) -> Result<Vec<(String, i64)>, Dhis2Error> {
        caller.must(Right::ReadPeople)?;
        Ok(self.app.store().hmis_counts(&caller.scope).await?)
    }

    /// Decides about a report that has the version that was seen.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope; [`Dhis2Error::Stale`] where it is not so any more.
    pub async fn decide(&self, caller: &Caller, id: Uuid, version: i64, decision: Decision) -> Result<(), Dhis2Error> {
        if !caller.scope.may(Right::Approve) {
            caller.must(Right::Answer)?;
        }
        let store = self.app.store();
        let report = store.hmis_report(&caller.scope, id).await?;
        let report = report.ok_or_else(|| AppError::not_found("report", id))?;
        if report.version != version {
            return Err(Dhis2Error::Stale);
        }
        let now = self.app.clock().now_micros();
        let by = (caller.scope.principal(), now);
        let mut unit = Unit::new();
        let action = match (decision, report.state.as_str()) {
            (Decision::Approve, "approval") => {
                unit.hmis_decided(&report, ("ready", Some(now), None), by);
                "report-approved"
            }
            (Decision::Refuse, "approval") => {
                let answer = Answer::why("dhis2-why-refused", "").json();
                unit.hmis_decided(&report, ("refused", None, Some(&answer)), by);
                "report-refused"
            }
            (Decision::Again, "refused" | "conflict" | "ready") => {
                self.read_again(&mut unit, &report, by).await?;
                "report-again"
            }
            _ => return Err(Dhis2Error::Stale),
        };
        let facts = json!({ "unit": report.unit, "period": report.period });
        unit.audit(store, &caller.entry(action, "report", Some(id), facts));
        match store.write(unit, Queue::Interactive).await {
            Ok(_) => {
                self.app.wake();
                Ok(())
            }
            Err(StoreError::Guard { .. }) => Err(Dhis2Error::Stale),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the run again by the mapping as it is now: the place may have got its id meanwhile, the mapping another element.
    async fn read_again(
        &self,
        unit: &mut Unit,
        report: &HmisReport,
        (by, now): (Option<Uuid>, i64),
    ) -> Result<(), Dhis2Error> {
        let maps = self.app.store().hmis_maps().await?;
        let map = maps.iter().find(|map| map.id == report.map).ok_or(Dhis2Error::Stale)?;
        let mapping: Mapping = serde_json::from_str(&map.config).map_err(|_| Dhis2Error::Stale)?;
        let read = self.read(map, &mapping, (report.run, report.person, report.reported_at)).await?;
        // Somebody looked at it: that is the approval.
        let state = if read.state == "approval" { "ready" } else { read.state };
        let fresh = HmisReport {
            place: read.place,
            unit: read.unit,
            period: read.period,
            content: serde_json::to_string(&read.content).unwrap_or_default(),
            ..report.clone()
        };
        let answer = read.answer.map(|answer| answer.json());
        let next = (state == "ready").then_some(now);
        unit.hmis_read_again(&fresh, (state, next, answer.as_deref()), (by, now));
        Ok(())
    }
}

fn shown(own: HmisListed, mapping: String, reads_messages: bool) -> ReportShown {
    let HmisListed { report, person_name, place_name, text, before } = own;
    let answer = report.answer.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    ReportShown {
        id: report.id,
        mapping,
        run: report.run,
        person: report.person,
        person_name,
        place: place_name,
        text: text.filter(|_| reads_messages),
        message: report.message,
        unit: report.unit,
        period: report.period,
        state: report.state,
        content: serde_json::from_str(&report.content).unwrap_or_default(),
        before: before.and_then(|text| serde_json::from_str(&text).ok()),
        answer,
        attempts: report.attempts,
        reported_at: report.reported_at,
        sent_at: report.sent_at,
        next_at: report.next_at,
        version: report.version,
    }
}
