//! What emNutt did for iHRIS: requests to send with their progress, schedules that are cancelled, people who opt out.
//!
//! The addresses stand in `mhero_web_fhir`. What is asked for here is a CommunicationRequest like any other: the FHIR server keeps it and
//! the runner of requests carries it out. Unlike emNutt it outlives restarts, doubles nothing, knows time zones and ends schedules that
//! were for once.

mod eidsr;
mod marks;
mod opt_out;
mod progress;
mod report;
mod request;

use mhero_app::{App, Caller};
use mhero_core::Right;
use mhero_fhir::{Code, Issue};
use mhero_store::{Queue, Unit};
use serde_json::{Value, json};

pub use eidsr::SuspectedCase;
pub(crate) use marks::mark;
pub use opt_out::{Opted, named};
pub use report::EidsrSettings;

use crate::fhir::{Answer, FhirError, FhirServer, Write};

/// Schedules that one request cancels, and ids whose progress it asks for.
const IDS_MAX: usize = 1_000;
/// What may be read of the configuration: never what is secret.
const CONFIGURATION: [(&str, &str); 5] = [
    ("app:installed", "true"),
    ("app:contactGroupsSource", "pos"),
    ("rapidpro:syncAllContacts", "false"),
    ("profiles:CommunicationRequest", "http://mhero.org/fhir/StructureDefinition/mhero-communication-request"),
    ("profiles:Communication", "http://mhero.org/fhir/StructureDefinition/mhero-communication"),
];

/// emNutt's desk over the FHIR server.
#[derive(Clone, Debug)]
pub struct EmNutt {
    app: App,
    server: FhirServer,
}

impl EmNutt {
    /// The desk over a server.
    pub fn new(server: FhirServer) -> Self {
        Self { app: server.app.clone(), server }
    }

    /// Takes a request to send, and answers `{"status":"Processing","reqID":"…"}`: what comes of it is its progress, also where it can't
    /// be carried out.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for what is no CommunicationRequest; [`FhirError::App`] for who may not send.
    pub async fn send(&self, caller: &Caller, body: Value) -> Result<Value, FhirError> {
        caller.must(Right::Send)?;
        if body["resourceType"] != "CommunicationRequest" {
            return Err(FhirError::refused(Code::Structure, "resourceType", "a CommunicationRequest is sent here"));
        }
        let id = self.app.store().mint().uuid().to_string();
        let zone = self.app.facts_cached().await?.time_zone();
        let (mut resource, group) = request::normalised(body, &id, &zone, self.app.clock().now());
        let ignored = match &group {
            Some(group) => self.leave_out_known(caller, &mut resource, group).await?,
            None => 0,
        };
        if ignored > 0 {
            self.put_progress(&id, &json!({ "ignored": ignored })).await?;
        }
        let is_nobody_left = ignored > 0 && resource["recipient"].as_array().is_none_or(Vec::is_empty);
        if is_nobody_left {
            self.put_progress(&id, &progress::ended(&id, ignored, None)).await?;
        } else {
            let written = self.server.write(caller, &Write::Update { resource, if_match: None }).await;
            match written {
                Ok(_) => self.app.wake(),
                Err(FhirError::Refused(issues)) => {
                    let why = issues.into_iter().map(|issue| issue.diagnostics).collect::<Vec<_>>().join("; ");
                    self.put_progress(&id, &progress::ended(&id, 0, Some(&why))).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(json!({ "status": "Processing", "reqID": id }))
    }

    /// Takes out recipients that another part of the same request has: a large one comes in several. Returns how many.
    async fn leave_out_known(&self, caller: &Caller, resource: &mut Value, group: &str) -> Result<usize, FhirError> {
        let pairs = [("group-identifier".to_owned(), format!("{}|{group}", request::PARENT))];
        let parts = self.server.search(caller, "CommunicationRequest", (&pairs, false)).await?;
        let mut known = std::collections::HashSet::new();
        for part in parts.resources {
            let part: Value = serde_json::from_str(&part.body).unwrap_or_default();
            let references = part["recipient"].as_array().into_iter().flatten();
            known.extend(references.filter_map(|one| one["reference"].as_str().map(ToOwned::to_owned)));
        }
        let Some(recipients) = resource.get_mut("recipient").and_then(Value::as_array_mut) else { return Ok(0) };
        let before = recipients.len();
        recipients.retain(|one| one["reference"].as_str().is_none_or(|one| known.insert(one.to_owned())));
        Ok(before - recipients.len())
    }

    /// Takes schedules back, and answers as [`Self::send`]. What has left stays with those who have it.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for a body that names none; [`FhirError::App`] for who may not send.
    pub async fn cancel(&self, caller: &Caller, body: &Value) -> Result<Value, FhirError> {
        caller.must(Right::Send)?;
        let schedules = body["schedules"].as_array().filter(|all| !all.is_empty() && all.len() <= IDS_MAX);
        let schedules = schedules.ok_or_else(|| {
            let said = format!("name 1 to {IDS_MAX}: {{\"schedules\":[\"CommunicationRequest/ID\"]}}");
            FhirError::refused(Code::Required, "schedules", said)
        })?;
        let id = self.app.store().mint().uuid().to_string();
        let mut failed: Vec<String> = Vec::new();
        for schedule in schedules {
            let name = schedule.as_str().unwrap_or_default();
            let name = name.rsplit('/').next().unwrap_or_default().to_owned();
            let write = Write::Patch {
                kind: "CommunicationRequest".to_owned(),
                id: name.clone(),
                patch: json!({ "status": "revoked" }),
                if_match: None,
            };
            match self.server.write(caller, &write).await {
                Ok(_) => {}
                Err(error @ FhirError::App(_)) => return Err(error),
                Err(error) => failed.push(format!("{}: {error}", name.chars().take(64).collect::<String>())),
            }
        }
        self.app.wake();
        let why = (!failed.is_empty()).then(|| failed.join("; "));
        let mut told = progress::ended(&id, 0, why.as_deref());
        told["totalRecords"] = json!(schedules.len());
        told["processedRecords"] = json!(schedules.len() - failed.len());
        self.put_progress(&id, &told).await?;
        Ok(json!({ "status": "Processing", "reqID": id }))
    }

    /// Saves people as they were posted for synchronisation; without a body nothing needs to be done: what emNutt copied from one store to
    /// another stands here once.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for what is no Bundle.
    pub async fn save_people(&self, caller: &Caller, mut bundle: Value) -> Result<(), FhirError> {
        caller.must(Right::EditPeople)?;
        let refused = |said: &str| FhirError::refused(Code::Structure, "Bundle", said);
        if bundle["resourceType"] != "Bundle" {
            return Err(refused("a Bundle of Practitioner, Person or Patient is saved here"));
        }
        bundle["type"] = json!("batch");
        let entries = bundle.get_mut("entry").and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            let resource = &entry["resource"];
            let kind = resource["resourceType"].as_str().unwrap_or_default().to_owned();
            let request = match resource["id"].as_str() {
                Some(id) => json!({ "method": "PUT", "url": format!("{kind}/{id}") }),
                None => json!({ "method": "POST", "url": kind }),
            };
            entry["request"] = request;
        }
        let (_, answers) = self.server.bundle(caller, &bundle).await?;
        let issues: Vec<Issue> = answers
            .into_iter()
            .filter_map(|answer| match answer {
                Answer::Failed(error) => Some(error.issues()),
                _ => None,
            })
            .flatten()
            .collect();
        if issues.is_empty() { Ok(()) } else { Err(FhirError::Refused(issues)) }
    }

    /// What may be read of the configuration by a key; `None` for what is secret or is not there.
    pub fn configuration(key: &str) -> Option<&'static str> {
        CONFIGURATION.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    async fn put_progress(&self, id: &str, content: &Value) -> Result<(), FhirError> {
        let mut unit = Unit::new();
        unit.put_emnutt_progress(id, &content.to_string(), self.app.clock().now_micros());
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
