//! What a write means beyond what is stored: it is decided before it is written, and done in the same unit.

use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
    flows::NewStart,
};
use mhero_core::{FlowId, Lang, Right};
use mhero_fhir::{Code, Issue};
use mhero_store::{FhirResource, NewFhirRequest, Unit};
use serde_json::Value;
use uuid::Uuid;

use super::{
    is_askers,
    read::{self, Asked, When},
    said, texts, whom,
};
use crate::fhir::{FhirError, FhirServer};

/// Recipients that are looked up while the client waits; of more the rest is looked up when it is sent.
const CHECKED_MAX: usize = 500;

/// What can't be changed any more once a request is on its way.
const SENT: [&str; 5] = ["payload", "recipient", "occurrenceDateTime", "occurrencePeriod", "priority"];

/// What else a write does.
pub(crate) type Meant = Unit;

/// The condition under which a resource is not created again though nobody says so: mACM's reporters repeat a request until they have
/// an answer, and its identifier makes it the same one.
pub(crate) fn implied_condition(resource: &Value) -> Option<String> {
    if resource["resourceType"] != "CommunicationRequest" {
        return None;
    }
    let identifiers = resource["identifier"].as_array()?;
    let (system, value) = identifiers.iter().find_map(|one| Some((one["system"].as_str()?, one["value"].as_str()?)))?;
    let escaped = |text: &str| -> String {
        text.replace('\\', "\\\\").replace(',', "\\,").replace('|', "\\|").replace('$', "\\$")
    };
    let token = format!("{}|{}", escaped(system), escaped(value));
    Some(form_urlencoded::Serializer::new(String::new()).append_pair("identifier", &token).finish())
}

impl FhirServer {
    /// What writing a resource means. It may take out of the resource what is not to be shown.
    ///
    /// # Errors
    /// What the asker can know: nobody is meant, nobody can be reached, no such flow, not their right.
    pub(crate) async fn meaning(
        &self,
        caller: &Caller,
        resource: &mut Value,
        held: Option<&FhirResource>,
    ) -> Result<Meant, FhirError> {
        if held.is_some_and(|held| texts::is_ours(&held.body)) {
            return Err(FhirError::Forbidden("this one is written by mHero alone: it shows a message".to_owned()));
        }
        match resource["resourceType"].as_str() {
            Some("CommunicationRequest") => self.meaning_of_request(caller, resource, held).await,
            Some("Group") => self.meaning_of_group(caller, resource).await,
            Some("Subscription") => self.meaning_of_subscription(caller, resource, held).await,
            _ => Ok(Unit::new()),
        }
    }

    /// What taking a resource away means.
    pub(crate) async fn meaning_of_delete(&self, (kind, id): (&str, &str)) -> Result<Meant, FhirError> {
        let mut unit = Unit::new();
        if matches!(kind, "Communication" | "CommunicationRequest") {
            let held = self.app.store().fhir_resource(&mhero_core::Scope::system(), (kind, id)).await?;
            if held.is_some_and(|held| texts::is_ours(&held.body)) {
                return Err(FhirError::Forbidden("this one is kept by mHero: it shows a message".to_owned()));
            }
        }
        match kind {
            "Group" => return self.meaning_of_group_delete(id).await,
            "CommunicationRequest" => drop(unit.revoke_fhir_request(id, self.app.clock().now_micros())),
            "Subscription" => {
                for target in self.app.store().notice_targets(crate::notices::subscriptions::PURPOSE, id).await? {
                    unit.drop_notice_target(target.id);
                }
            }
            _ => {}
        }
        Ok(unit)
    }

    async fn meaning_of_request(
        &self,
        caller: &Caller,
        resource: &Value,
        held: Option<&FhirResource>,
    ) -> Result<Meant, FhirError> {
        let id = resource["id"].as_str().unwrap_or_default();
        let status = resource["status"].as_str().unwrap_or_default();
        let is_scheduled = read::extension(resource, "sms-cron-expression-schedule").is_some();
        let now = self.app.clock().now();
        let mut unit = Unit::new();
        match status {
            "active" => {}
            // So emNutt marks a schedule that is on.
            "on-hold" if is_scheduled => {}
            "revoked" | "entered-in-error" | "on-hold" => {
                unit.revoke_fhir_request(id, now.as_microsecond());
                return Ok(unit);
            }
            _ => return Ok(unit),
        }
        // What is sent is sent: a later version of it changes nothing.
        if let Some(known) = self.app.store().fhir_request(id).await?
            && !matches!(known.state.as_str(), "asked" | "waiting")
        {
            let before: Value = held.and_then(|held| serde_json::from_str(&held.body).ok()).unwrap_or_default();
            let other = SENT.iter().find(|name| resource[**name] != before[**name]);
            if let (Some(name), "made") = (other, known.state.as_str()) {
                let why = "it is on its way already: set status to revoked, and write a new one";
                return Err(FhirError::refused(Code::BusinessRule, format!("CommunicationRequest.{name}"), why));
            }
            return Ok(unit);
        }
        let zone = self.app.facts_cached().await?.time_zone();
        let asked = read::read(resource, &zone, now).map_err(FhirError::Refused)?;
        self.check_flows(caller, &asked).await?;
        self.check_whom(caller, &asked).await?;
        let due = match &asked.when {
            When::Now => None,
            // A broadcast waits for its time where officials see it.
            When::At(_) if asked.flows.is_empty() => None,
            When::At(at) => Some(*at),
            When::Again(cron) => read::next_firing(cron, now, &zone),
        };
        let new = NewFhirRequest {
            id,
            principal: caller.scope.principal(),
            way: if asked.is_emnutt { "emnutt" } else { "fhir" },
            due_at: due.map(|at| at.as_microsecond()),
            until_at: asked.until.map(|at| at.as_microsecond()),
        };
        unit.ask_fhir_request(&new, now.as_microsecond());
        Ok(unit)
    }

    async fn check_flows(&self, caller: &Caller, asked: &Asked) -> Result<(), FhirError> {
        let mut issues = Vec::new();
        for (place, id) in &asked.flows {
            let flow = match Uuid::try_parse(id) {
                Ok(id) => self.app.store().flow(FlowId::from_uuid(id)).await?.filter(|flow| flow.active),
                Err(_) => None,
            };
            let shown: String = id.chars().take(64).collect();
            match flow {
                None => issues.push(Issue::error(
                    Code::NotFound,
                    place,
                    format!("there is no flow {shown}; GET Basic?code=mHeroWorkflows lists them"),
                )),
                Some(flow) if !self.app.may_start_flow(caller, &flow).await? => issues.push(Issue::error(
                    Code::Forbidden,
                    place,
                    format!("flow {shown} belongs to a programme for which you may not send"),
                )),
                Some(_) => {}
            }
        }
        if issues.is_empty() { Ok(()) } else { Err(FhirError::Refused(issues)) }
    }

    /// Whether everybody who is named is somebody, and anybody of them can be reached.
    async fn check_whom(&self, caller: &Caller, asked: &Asked) -> Result<(), FhirError> {
        caller.must(Right::Send)?;
        let looked_at = &asked.recipients[..asked.recipients.len().min(CHECKED_MAX)];
        let audience = whom::resolve(&self.app, caller, looked_at).await?;
        let is_all = looked_at.len() == asked.recipients.len();
        // emNutt's clients name whoever their own lists held: it sends to those who are there, and tells of the others.
        if !audience.unknown.is_empty() && (!asked.is_emnutt || audience.is_empty()) {
            return Err(FhirError::Refused(audience.unknown));
        }
        let Some(query) = audience.query().filter(|_| is_all) else { return Ok(()) };
        let reached = self.reached(caller, asked, query).await;
        let (reached, left_out) = match reached {
            Ok(reached) => reached,
            Err(FhirError::App(error)) if is_askers(&error) => {
                return Err(FhirError::refused(
                    Code::BusinessRule,
                    "CommunicationRequest.payload",
                    said(&self.app, caller, &error),
                ));
            }
            Err(error) => return Err(error),
        };
        if reached > 0 {
            return Ok(());
        }
        let why: Vec<String> = left_out.iter().map(|(reason, people)| format!("{people} {reason}")).collect();
        let why = if why.is_empty() { "the group or place is empty".to_owned() } else { why.join(", ") };
        let said = format!("nobody would be reached: {why}");
        Err(FhirError::refused(Code::BusinessRule, "CommunicationRequest.recipient", said))
    }

    /// How many would be reached, and who not, by reason.
    async fn reached(
        &self,
        caller: &Caller,
        asked: &Asked,
        query: String,
    ) -> Result<(i64, Vec<(String, i64)>), FhirError> {
        if asked.texts.is_empty() {
            let Some((_, flow)) = asked.flows.first() else { return Ok((0, Vec::new())) };
            let flow = FlowId::from_uuid(Uuid::try_parse(flow).unwrap_or_default());
            let preview = Box::pin(self.app.preview_start(caller, &NewStart::new(flow, query))).await?;
            return Ok((preview.recipients, preview.excluded));
        }
        let draft = draft(asked, query, self.first_language().await?);
        let preview = Box::pin(self.app.preview(caller, &draft, 0)).await?;
        Ok((preview.recipients, preview.left_out.into_iter().map(|one| (one.reason, one.people)).collect()))
    }

    pub(crate) async fn first_language(&self) -> Result<Lang, FhirError> {
        Ok(self.app.facts_cached().await?.languages.first().copied().unwrap_or(Lang::ENGLISH))
    }
}

/// The broadcast that a request asks for, to be sent at once.
pub(super) fn draft(asked: &Asked, query: String, first: Lang) -> Draft {
    let texts = asked.texts.iter().map(|(language, text)| (language.unwrap_or(first), text.clone())).collect();
    Draft { query, texts, lane: asked.lane, release: Release::Now, ..Draft::empty(&[]) }
}
