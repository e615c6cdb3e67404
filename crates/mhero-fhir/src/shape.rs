//! A resource cut down to what was asked for: `_summary` and `_elements`. What is cut says so by the tag `SUBSETTED`, so that nobody
//! writes it back by mistake.

use serde_json::{Map, Value, json};

use crate::{schema::Schema, search::Summary};

/// The elements that R4 calls the summary of each kind; a choice without its `[x]`.
const SUMMARIES: [(&str, &str); 21] = [
    ("Practitioner", "identifier active name telecom address gender birthDate"),
    ("PractitionerRole", "identifier active period practitioner organization code specialty location telecom"),
    ("Person", "name telecom gender birthDate managingOrganization active"),
    ("Patient", "identifier active name telecom gender birthDate deceased address managingOrganization link"),
    ("RelatedPerson", "identifier active patient relationship name telecom gender birthDate address"),
    ("Location", "identifier status operationalStatus name description mode type physicalType managingOrganization"),
    ("Organization", "identifier active type name partOf"),
    (
        "OrganizationAffiliation",
        "identifier active period organization participatingOrganization network code specialty location telecom",
    ),
    ("HealthcareService", "identifier active providedBy category type specialty location name comment photo"),
    (
        "Endpoint",
        "identifier status connectionType name managingOrganization period payloadType payloadMimeType address",
    ),
    ("Group", "identifier active type actual code name quantity managingEntity"),
    (
        "CommunicationRequest",
        "identifier basedOn replaces groupIdentifier status priority doNotPerform encounter occurrence authoredOn requester sender \
         reasonCode reasonReference",
    ),
    (
        "Communication",
        "identifier instantiatesCanonical instantiatesUri basedOn partOf status statusReason priority subject encounter reasonCode \
         reasonReference",
    ),
    ("Basic", "identifier code subject created author"),
    (
        "Questionnaire",
        "url identifier version name title status experimental subjectType date publisher contact useContext jurisdiction \
         effectivePeriod code",
    ),
    (
        "QuestionnaireResponse",
        "identifier basedOn partOf questionnaire status subject encounter authored author source",
    ),
    ("Subscription", "status contact end reason criteria error channel"),
    ("AuditEvent", "type subtype action recorded outcome outcomeDesc purposeOfEvent"),
    ("Provenance", "target recorded"),
    (
        "CodeSystem",
        "url identifier version name title status experimental date publisher contact useContext jurisdiction caseSensitive valueSet \
         hierarchyMeaning compositional versionNeeded content supplements count filter property",
    ),
    (
        "ValueSet",
        "url identifier version name title status experimental date publisher contact useContext jurisdiction immutable",
    ),
];

/// What is never cut away.
const ALWAYS: [&str; 4] = ["resourceType", "id", "meta", "implicitRules"];

/// The elements of the summary of a kind; none where R4 or mHero names none.
pub fn summary_of(kind: &str) -> impl Iterator<Item = &'static str> {
    SUMMARIES.iter().filter(move |(known, _)| *known == kind).flat_map(|(_, elements)| elements.split_whitespace())
}

/// A resource with what was asked for.
///
/// ```
/// # use mhero_fhir::{search::Summary, shape::shaped};
/// # use serde_json::json;
/// let martha = json!({ "resourceType": "Practitioner", "id": "1", "active": true, "photo": [{ "url": "http://x" }] });
/// let short = shaped(martha, Summary::Short, &[]);
/// assert_eq!((short.get("photo"), &short["active"]), (None, &json!(true)));
/// assert_eq!(short["meta"]["tag"][0]["code"], "SUBSETTED");
/// ```
pub fn shaped(resource: Value, summary: Summary, elements: &[String]) -> Value {
    let Value::Object(object) = resource else { return resource };
    let kind = object.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let part = Schema::r4().resource(&kind).map(|part| Schema::r4().part(part));
    // The element that a member belongs to, whatever type its name says.
    let element_of =
        |name: &str| part.and_then(|part| part.element(name.trim_start_matches('_'))).map(|(element, _)| element);
    let is_required = |name: &str| element_of(name).is_some_and(|element| element.is_required);
    let is_named =
        |name: &str, wanted: &str| wanted == name || element_of(name).is_some_and(|element| element.name == wanted);
    let keeps = |name: &str| -> bool {
        if ALWAYS.contains(&name) {
            return true;
        }
        match summary {
            _ if !elements.is_empty() => is_required(name) || elements.iter().any(|wanted| is_named(name, wanted)),
            Summary::Whole | Summary::Count => true,
            Summary::Data => name != "text",
            Summary::Text => name == "text" || is_required(name),
            Summary::Short => is_required(name) || summary_of(&kind).any(|wanted| is_named(name, wanted)),
        }
    };
    let before = object.len();
    let mut kept: Map<String, Value> = object.into_iter().filter(|(name, _)| keeps(name)).collect();
    if kept.len() < before {
        subsetted(&mut kept);
    }
    Value::Object(kept)
}

fn subsetted(object: &mut Map<String, Value>) {
    let tag = json!({
        "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
        "code": "SUBSETTED",
        "display": "Resource encoded in summary mode"
    });
    let meta = object.entry("meta").or_insert_with(|| json!({}));
    if let Some(meta) = meta.as_object_mut()
        && let Some(tags) = meta.entry("tag").or_insert_with(|| json!([])).as_array_mut()
    {
        tags.push(tag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Value {
        json!({
            "resourceType": "CommunicationRequest", "id": "1", "text": { "status": "empty", "div": "<div>n</div>" },
            "status": "active", "occurrenceDateTime": "2026", "_occurrenceDateTime": { "id": "o" },
            "payload": [{ "contentString": "a" }], "note": [{ "text": "n" }]
        })
    }

    fn names(value: &Value) -> Vec<&str> {
        let mut names: Vec<&str> = value.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_was_asked_for_stays_and_what_must_be_there() {
        let elements = |list: &[&str]| -> Vec<String> { list.iter().map(|name| (*name).to_owned()).collect() };
        for (summary, list, expected) in [
            (
                Summary::Short,
                vec![],
                vec!["_occurrenceDateTime", "id", "meta", "occurrenceDateTime", "resourceType", "status"],
            ),
            (Summary::Text, vec![], vec!["id", "meta", "resourceType", "status", "text"]),
            (Summary::Whole, vec!["payload"], vec!["id", "meta", "payload", "resourceType", "status"]),
            (
                Summary::Whole,
                vec!["occurrence"],
                vec!["_occurrenceDateTime", "id", "meta", "occurrenceDateTime", "resourceType", "status"],
            ),
        ] {
            let shaped = shaped(request(), summary, &elements(&list));
            assert_eq!(names(&shaped), expected, "{summary:?} {list:?}");
            assert!(crate::check(&shaped, crate::Limits::default()).is_empty());
        }
        assert!(shaped(request(), Summary::Data, &[]).get("text").is_none());
        assert_eq!(shaped(request(), Summary::Whole, &[]), request(), "what is whole is not marked");
    }
}
