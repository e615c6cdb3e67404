//! A position as `PractitionerRole`.

use jiff::tz::TimeZone;
use mhero_core::{
    Lang,
    record::{Content, PositionRecord},
};
use mhero_store::GoldenPosition;
use serde_json::{Value, json};

use super::{MCSD, base::base, names::Names, overlay, words::CADRES};

/// The resource of a position of a person.
pub(super) fn role(id: &str, practitioner: &str, position: &GoldenPosition, names: &Names, zone: &TimeZone) -> Value {
    let mut body = base("PractitionerRole", id, std::slice::from_ref(&position.record));
    let before = body.clone();
    let said = match overlay::content(&body) {
        Some(Content::Position(said)) => said,
        _ => PositionRecord::default(),
    };
    if body["active"] != json!(position.active) {
        body["active"] = json!(position.active);
    }
    refer(&mut body["practitioner"], "Practitioner", practitioner);
    if let Some(place) = position.place {
        if let Some(location) = names.id("Location", place) {
            let list = overlay::list(&mut body, "location");
            match list.first_mut() {
                Some(first) => refer(first, "Location", location),
                None => list.push(json!({ "reference": format!("Location/{location}") })),
            }
        }
        if let (true, Some(organization)) = (body["organization"].is_null(), names.reference("Organization", place)) {
            body["organization"] = json!({ "reference": organization });
        }
    }
    codes(&mut body, position, &said);
    period(&mut body, position, &said, zone);
    without_null(&mut body);
    if body != before {
        overlay::without_narrative(&mut body);
    }
    if body.get("modifierExtension").is_none() && body.get("implicitRules").is_none() {
        overlay::profile(&mut body, &format!("{MCSD}PractitionerRole"));
    }
    overlay::source(&mut body, Some(&position.record).filter(|record| !record.source.is_empty()));
    body
}

/// Lets a reference lead to a resource of ours; one that does so already stays as it is written.
pub(super) fn refer(reference: &mut Value, kind: &str, id: &str) {
    let name = format!("{kind}/{id}");
    let leads = reference["reference"].as_str().is_some_and(|text| {
        let text = text.split("/_history/").next().unwrap_or_default();
        text == name || text.strip_suffix(&name).is_some_and(|before| before.ends_with('/'))
    });
    if !leads {
        *reference = json!({ "reference": name });
    }
}

/// Takes away what indexing has left.
fn without_null(body: &mut Value) {
    if let Some(object) = body.as_object_mut() {
        object.retain(|_, value| !value.is_null());
    }
}

/// Job and cadre: what the body says stays where it means the same.
fn codes(body: &mut Value, position: &GoldenPosition, said: &PositionRecord) {
    if let Some((system, code, name)) = &position.title {
        let words = name.best(Lang::ENGLISH);
        let same = said.job.as_ref().is_some_and(|job| {
            job.code.as_deref() == Some(code.as_str())
                || job.text.as_deref().is_some_and(|text| text == words || text == code)
        });
        if !same {
            let list = overlay::list(body, "code");
            list.retain(is_cadre);
            list.insert(0, concept(system, code, words));
        }
    }
    if let Some((code, name)) = position.cadre.as_ref() {
        let is_said = said.cadre.as_ref().is_some_and(|cadre| cadre.code.as_deref() == Some(code));
        let list = overlay::list(body, "code");
        if !is_said {
            list.retain(|concept| !is_cadre(concept));
            list.push(concept(CADRES, code, name.best(Lang::ENGLISH)));
        }
    }
    let list = overlay::list(body, "code");
    if list.is_empty() {
        // mCSD wants one; that none is known is said rather than invented.
        let absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
        list.push(json!({ "extension": [{ "url": absent, "valueCode": "unknown" }] }));
    }
}

fn is_cadre(concept: &Value) -> bool {
    let codings = concept["coding"].as_array().map(Vec::as_slice).unwrap_or_default();
    let cadre = |coding: &Value| {
        coding["system"]
            .as_str()
            .is_some_and(|system| system == CADRES || system.to_ascii_lowercase().ends_with("ihris-cadre"))
    };
    !codings.is_empty() && codings.iter().all(cadre)
}

fn concept(system: &str, code: &str, words: &str) -> Value {
    let mut coding = json!({ "code": code.split_whitespace().collect::<Vec<_>>().join(" ") });
    if system.contains(':') && !system.contains(char::is_whitespace) {
        coding["system"] = json!(system);
    }
    let mut concept = json!({ "coding": [coding] });
    if !words.trim().is_empty() {
        concept["coding"][0]["display"] = json!(words.trim());
        concept["text"] = json!(words.trim());
    }
    concept
}

fn period(body: &mut Value, position: &GoldenPosition, said: &PositionRecord, zone: &TimeZone) {
    let start = position.start_at.map(|at| overlay::day(at, zone, false));
    let end = position.end_at.map(|at| overlay::day(at, zone, true));
    let is_same = |counts: &Option<String>, own: Option<jiff::civil::Date>| *counts == own.map(|day| day.to_string());
    if is_same(&start, said.start) && is_same(&end, said.end) {
        return;
    }
    for (name, day) in [("start", start), ("end", end)] {
        if let Some(day) = day {
            body["period"][name] = json!(day);
        }
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::LangMap;
    use mhero_store::GoldenRecord;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_says_the_same_stays_as_it_is_written() {
        let raw = json!({ "resourceType": "PractitionerRole", "id": "r1", "active": true,
            "practitioner": { "reference": "https://mhero.example/fhir/Practitioner/p1", "display": "Martha" },
            "code": [{ "coding": [{ "system": "http://jobs", "code": "RN", "display": "Nurse" }] }], "availabilityExceptions": "none" });
        let record = GoldenRecord {
            entity: Uuid::nil(),
            source: "hr".to_owned(),
            rank: 1,
            kind: "PractitionerRole".to_owned(),
            ext_id: "r1".to_owned(),
            raw: raw.to_string(),
            changed_at: 0,
        };
        let position = GoldenPosition {
            id: Uuid::nil(),
            place: None,
            title: Some(("http://jobs".to_owned(), "RN".to_owned(), LangMap::one(Lang::ENGLISH, "Nurse"))),
            cadre: Some(("nurse".to_owned(), LangMap::one(Lang::ENGLISH, "Nurses"))),
            names_cadre: false,
            start_at: None,
            end_at: None,
            active: true,
            record,
        };
        let shown = role("r1", "p1", &position, &Names::default(), &TimeZone::UTC);
        assert_eq!(shown["practitioner"], raw["practitioner"]);
        assert_eq!(shown["code"][0], raw["code"][0]);
        assert_eq!(shown["code"][1]["coding"][0]["code"], "nurse");
        assert_eq!(shown["availabilityExceptions"], "none");
        let moved = role("r1", "p2", &position, &Names::default(), &TimeZone::UTC);
        assert_eq!(moved["practitioner"], json!({ "reference": "Practitioner/p2" }));
    }
}
