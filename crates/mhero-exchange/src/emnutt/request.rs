//! A request as iHRIS sends it, made valid R4.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    golden::OURS,
    macm::read::{extension, is_emnutt, moment, within},
};

/// The system of the parts of one request, in the place of emNutt's tag.
pub(super) const PARENT: &str = "urn:mhero:parentReqId";
/// The system of emNutt's tag.
const PARENT_TAG: &str = "parentReqId";
/// The profile of requests.
const PROFILE: &str = "mhero-communication-request";
/// The extension of schedules.
const SCHEDULE: &str = "sms-cron-expression-schedule";
/// How deep holes in lists are looked for.
const DEPTH_MAX: usize = 20;

/// Brings a request into shape: an id of ours, a status, zones in times, legal addresses, no holes in lists. Returns the parent, too,
/// which the parts of one request share.
pub(super) fn normalised(mut body: Value, id: &str, zone: &TimeZone, now: Timestamp) -> (Value, Option<String>) {
    without_holes(&mut body, 0);
    body["id"] = json!(id);
    let parent = parent_of(&mut body);
    if let Some(parent) = &parent {
        body["groupIdentifier"] = json!({ "system": PARENT, "value": parent });
    }
    let has_schedule = extension(&body, SCHEDULE).is_some();
    if let Some(text) = body["occurrenceDateTime"].as_str() {
        body["occurrenceDateTime"] = match moment(text, zone) {
            // iHRIS writes the hour of its own clock and means now: only the schedule plans.
            Some(at) if at > now && !has_schedule => json!(whole(now).to_string()),
            Some(at) => json!(at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            None => json!(text),
        };
    }
    if body.get("authoredOn").is_none() {
        body["authoredOn"] = json!(whole(now).to_string());
    }
    let is_later = extension(&body, SCHEDULE).is_some_and(|schedule| {
        let text = |name: &str| within(schedule, name).and_then(Value::as_str).unwrap_or_default();
        text("frequency") == "recurring" || text("sendCategory") != "now"
    });
    // iHRIS lists schedules by this status.
    body["status"] = json!(if is_later { "on-hold" } else { "active" });
    // Indexing for change would put `null` where nothing stands.
    let extensions = body.get_mut("extension").and_then(Value::as_array_mut);
    for one in extensions.into_iter().flatten() {
        let url = one["url"].as_str().unwrap_or_default().to_owned();
        if url == "sender" {
            one["url"] = json!(format!("{OURS}/StructureDefinition/sender"));
        } else if let Some(name) = url.rsplit('/').next().filter(|name| is_emnutt(&url, name)) {
            one["url"] = json!(format!("{OURS}/StructureDefinition/{name}"));
        }
    }
    let profile = format!("{OURS}/StructureDefinition/{PROFILE}");
    if !body["meta"].is_object() {
        body["meta"] = json!({});
    }
    let others = body["meta"]["profile"].as_array().into_iter().flatten();
    let others = others.filter(|url| url.as_str().is_some_and(|url| !is_emnutt(url, PROFILE)));
    let profiles: Vec<Value> = others.cloned().chain([json!(profile)]).collect();
    body["meta"]["profile"] = json!(profiles);
    (body, parent)
}

/// A moment without its fractions.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Takes the tag of the parent out.
fn parent_of(body: &mut Value) -> Option<String> {
    let tags = body.get_mut("meta")?.get_mut("tag")?.as_array_mut()?;
    let at = tags.iter().position(|tag| tag["system"] == PARENT_TAG)?;
    let tag = tags.remove(at);
    if tags.is_empty()
        && let Some(meta) = body["meta"].as_object_mut()
    {
        meta.shift_remove("tag");
    }
    tag["code"].as_str().filter(|code| !code.is_empty()).map(ToOwned::to_owned)
}

/// Takes `null`, empty texts and extensions without a value out: emNutt's clients leave them where they forgot an index or a choice.
fn without_holes(value: &mut Value, depth: usize) {
    if depth > DEPTH_MAX {
        return;
    }
    let is_hole = |one: &Value| one.is_null() || one.as_str() == Some("");
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(|one| without_holes(one, depth + 1));
            let is_bare = |one: &Value| one.as_object().is_some_and(|one| one.len() == 1 && one.contains_key("url"));
            list.retain(|one| !is_hole(one) && !is_bare(one));
        }
        Value::Object(members) => {
            members.retain(|_, one| !is_hole(one));
            members.values_mut().for_each(|one| without_holes(one, depth + 1));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_made_up() {
        let body = json!({
            "resourceType": "CommunicationRequest", "payload": [{ "contentString": "Hello" }],
            "recipient": [{ "reference": "Practitioner/P1" }],
        });
        let now = "2026-05-14T14:17:48Z".parse().expect("an instant");
        let (made, parent) = normalised(body, "r1", &TimeZone::UTC, now);
        assert_eq!((parent, made.get("extension"), made["meta"].get("tag")), (None, None, None));
        let issues = mhero_fhir::check(&made, mhero_fhir::Limits::default());
        assert!(!issues.iter().any(mhero_fhir::Issue::is_error), "{issues:?}");
    }

    #[test]
    fn what_ihris_sends_becomes_valid() {
        let zone = TimeZone::get("Africa/Kampala").expect("a zone");
        let body = json!({
            "resourceType": "CommunicationRequest",
            "meta": {
                "profile": ["http://mHero.org/fhir/StructureDefinition/mhero-communication-request"],
                "tag": [{ "system": "parentReqId", "code": "p-1" }],
            },
            "extension": [null, { "url": "empty", "valueString": "" }, { "url": "sender", "valueReference": { "reference": "Person/ihris-user-demo" } }],
            "occurrenceDateTime": "2026-05-14T17:17:47",
            "payload": [{ "contentString": "Hello" }],
            "recipient": [{ "reference": "Practitioner/P1" }],
        });
        let now = "2026-05-14T14:17:48Z".parse().expect("an instant");
        let (made, parent) = normalised(body, "r1", &zone, now);
        assert_eq!(parent.as_deref(), Some("p-1"));
        assert_eq!(made["status"], "active");
        assert_eq!(made["occurrenceDateTime"], "2026-05-14T17:17:47+03:00");
        assert_eq!(made["extension"].as_array().map(Vec::len), Some(1));
        assert_eq!(made["extension"][0]["url"], "http://mhero.org/fhir/StructureDefinition/sender");
        assert_eq!(
            made["meta"],
            json!({ "profile": ["http://mhero.org/fhir/StructureDefinition/mhero-communication-request"] })
        );
        let issues = mhero_fhir::check(&made, mhero_fhir::Limits::default());
        assert!(!issues.iter().any(mhero_fhir::Issue::is_error), "{issues:?}");
    }
}
