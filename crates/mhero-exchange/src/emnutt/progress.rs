//! How far requests have got, in the shape that iHRIS's window asks for every two seconds.

use mhero_app::Caller;
use mhero_core::{BroadcastId, Right, Scope, StartId};
use mhero_fhir::Code;
use mhero_store::FhirRequest;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{EmNutt, IDS_MAX};
use crate::fhir::FhirError;

/// People whose reason for not being reached is told by name.
const NAMED_MAX: i64 = 100;
/// Statuses of broadcasts that wait for a second person.
const WAITS: &str = "approval";

/// The progress of something that is over before it began, or ended with an error.
pub(super) fn ended(id: &str, ignored: usize, error: Option<&str>) -> Value {
    json!({
        "id": id, "totalRecords": ignored, "processedRecords": ignored, "step": 2, "totalSteps": 2,
        "status": "done", "error": error, "percent": 100,
        "sendStatus": { id: { "": { "success": 0, "failed": 0, "ignored": ignored, "descriptions": {} } } },
    })
}

/// How one broadcast or start stands.
#[derive(Default)]
struct Stand {
    label: String,
    success: i64,
    is_flow: bool,
    is_under_way: bool,
    waits: bool,
    descriptions: Map<String, Value>,
}

impl EmNutt {
    /// How far requests have got: `request_ids` is the text of `{"parentReqId":"…","childrenReqIDs":["…"]}`. In the list stands `null` for
    /// what is not known.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for ids that can't be read; [`FhirError::App`] for who may not read messages.
    pub async fn progress(&self, caller: &Caller, request_ids: &str) -> Result<Value, FhirError> {
        caller.must(Right::ReadMessages)?;
        let mut told = Vec::new();
        for id in ids(request_ids)? {
            told.push(self.progress_of(caller, &id).await?);
        }
        Ok(json!(told))
    }

    /// Forgets the progress of requests; what they do goes on. Of what is not known there is nothing to forget.
    ///
    /// # Errors
    /// As [`Self::progress`]; [`FhirError::App`] for who may not send either: it clears what those look at who have sent.
    pub async fn clear_progress(&self, caller: &Caller, request_ids: &str) -> Result<(), FhirError> {
        caller.must(Right::ReadMessages)?;
        caller.must(Right::Send)?;
        for id in ids(request_ids)? {
            let store = self.app.store();
            if store.emnutt_progress(&id).await?.is_none() && store.fhir_request(&id).await?.is_none() {
                continue;
            }
            self.put_progress(&id, &json!({})).await?;
        }
        Ok(())
    }

    async fn progress_of(&self, caller: &Caller, id: &str) -> Result<Value, FhirError> {
        let kept = self.app.store().emnutt_progress(id).await?;
        let kept: Option<Value> = kept.and_then(|kept| serde_json::from_str(&kept).ok());
        let ignored = kept.as_ref().and_then(|kept| kept["ignored"].as_i64()).unwrap_or(0);
        match kept {
            Some(kept) if kept.get("ignored").is_none() => return Ok(kept),
            _ => {}
        }
        let Some(request) = self.app.store().fhir_request(id).await? else { return Ok(Value::Null) };
        let resource = self.app.store().fhir_resource(&Scope::system(), ("CommunicationRequest", id)).await?;
        let resource: Value = resource.and_then(|found| serde_json::from_str(&found.body).ok()).unwrap_or_default();
        let total = resource["recipient"].as_array().map_or(0, Vec::len);
        let total = i64::try_from(total).unwrap_or(0) + ignored;
        let mut stands = Vec::new();
        for (kind, target) in self.app.store().fhir_request_targets(id).await? {
            stands.push(match kind.as_str() {
                "broadcast" => self.broadcast(caller, target).await?,
                _ => self.start(caller, target).await?,
            });
        }
        Ok(shaped(&request, (total, ignored), stands))
    }

    async fn broadcast(&self, caller: &Caller, id: Uuid) -> Result<Stand, FhirError> {
        let (store, id) = (self.app.store(), BroadcastId::from_uuid(id));
        let Some(row) = store.broadcast(&caller.scope, id).await? else { return Ok(Stand::default()) };
        let texts = store.broadcast_texts(id).await?;
        let left_out = store.broadcast_left_out(&caller.scope, id, "", Uuid::nil(), NAMED_MAX).await?;
        let descriptions = left_out.into_iter().map(|one| (one.name, json!(one.reason.unwrap_or_default())));
        Ok(Stand {
            label: texts.into_iter().next().map(|(_, text)| text).unwrap_or_default(),
            success: row.recipients,
            is_flow: false,
            is_under_way: matches!(row.status.as_str(), "releasing" | "undo"),
            waits: row.status == WAITS,
            descriptions: descriptions.collect(),
        })
    }

    async fn start(&self, caller: &Caller, id: Uuid) -> Result<Stand, FhirError> {
        let row = self.app.store().start(&caller.scope, StartId::from_uuid(id)).await?;
        let Some(row) = row else { return Ok(Stand { is_flow: true, ..Stand::default() }) };
        Ok(Stand {
            label: row.flow.to_string(),
            success: row.recipients,
            is_flow: true,
            is_under_way: row.status == "starting",
            waits: row.status == WAITS,
            descriptions: Map::new(),
        })
    }
}

fn shaped(request: &FhirRequest, (total, ignored): (i64, i64), stands: Vec<Stand>) -> Value {
    let is_flow = stands.iter().any(|stand| stand.is_flow);
    let is_under_way = stands.iter().any(|stand| stand.is_under_way);
    let (status, step) = match request.state.as_str() {
        "asked" => ("Preparing Data", 1),
        "made" if is_under_way && is_flow => ("Starting workflow", 2),
        "made" if is_under_way => ("Sending Message", 2),
        _ => ("done", 2),
    };
    let error = match (&request.failure, stands.iter().any(|stand| stand.waits)) {
        (Some(failure), _) => json!(failure),
        (None, true) => json!("It waits until a second person agrees."),
        (None, false) => Value::Null,
    };
    let processed = if status == "done" { total } else { 0 };
    let mut by_label = Map::new();
    for stand in stands {
        // What is not under way any more, and whom it did not reach, failed; a schedule has not failed.
        let is_known = request.state != "waiting" && !stand.is_under_way && !stand.waits && stand.success > 0;
        let failed = if is_known { (total - ignored - stand.success).max(0) } else { 0 };
        let one = json!({
            "success": stand.success, "failed": failed, "ignored": ignored, "descriptions": stand.descriptions,
        });
        by_label.insert(stand.label, one);
    }
    let id = request.id.as_str();
    json!({
        "id": id, "totalRecords": total, "processedRecords": processed, "step": step, "totalSteps": 2,
        "status": status, "error": error,
        "percent": if total == 0 { 100 } else { processed * 100 / total },
        "sendStatus": { id: by_label },
    })
}

/// The ids whose progress is asked for.
fn ids(text: &str) -> Result<Vec<String>, FhirError> {
    let wrong = |said: &str| FhirError::refused(Code::Value, "requestIDs", said.to_owned());
    let asked: Value = serde_json::from_str(text)
        .map_err(|_| wrong("write requestIDs={\"parentReqId\":\"…\",\"childrenReqIDs\":[\"…\"]}"))?;
    let children = asked["childrenReqIDs"].as_array().ok_or_else(|| wrong("childrenReqIDs is a list of ids"))?;
    if children.len() > IDS_MAX {
        return Err(wrong("these are too many at once"));
    }
    Ok(children.iter().filter_map(Value::as_str).map(|id| id.chars().take(64).collect()).collect())
}
