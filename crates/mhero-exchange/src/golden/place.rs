//! A place as the pair of `Location` and `Organization` that mCSD wants of facilities and of jurisdictions alike.

use mhero_core::{
    Lang, LangMap,
    record::{Content, PlaceRecord},
};
use mhero_store::GoldenPlace;
use serde_json::{Value, json};

use super::{MCSD, OURS, base::base, overlay, role::refer};

/// mCSD's codes of facility and jurisdiction.
const TYPES: &str = "https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types";
/// The codes of HL7 for what stands on the ground.
const PHYSICAL: &str = "http://terminology.hl7.org/CodeSystem/location-physical-type";
/// What FHIR writes a name in another language in.
const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";
/// Where FHIR writes the time zone.
const ZONE: &str = "http://hl7.org/fhir/StructureDefinition/timezone";

/// What a place refers to, by the ids of both kinds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids<'a> {
    pub(super) location: &'a str,
    pub(super) organization: &'a str,
    /// Of the place above.
    pub(super) above: Option<(&'a str, &'a str)>,
}

/// The word of mCSD for what a place is.
fn sort(place: &GoldenPlace) -> &'static str {
    if place.is_facility { "facility" } else { "jurisdiction" }
}

fn said(body: &Value) -> PlaceRecord {
    match overlay::content(body) {
        Some(Content::Place(said)) => said,
        _ => PlaceRecord::default(),
    }
}

/// The place as `Location`.
pub(super) fn location(place: &GoldenPlace, ids: Ids<'_>) -> Value {
    let mut body = base("Location", ids.location, &place.records);
    let before = body.clone();
    let said = said(&body);
    name(&mut body, &place.name, &said.name);
    let status = if place.active { "active" } else { "inactive" };
    if !(place.active && body["status"] == "suspended") {
        body["status"] = json!(status);
    }
    if body["mode"].is_null() {
        body["mode"] = json!("instance");
    }
    types(&mut body, place, 2);
    if body["physicalType"].is_null() {
        let (code, display) = if place.is_facility { ("bu", "Building") } else { ("jdn", "Jurisdiction") };
        body["physicalType"] = json!({ "coding": [{ "system": PHYSICAL, "code": code, "display": display }] });
    }
    if let Some((latitude, longitude)) = place.position.filter(|position| said.position != Some(*position)) {
        body["position"] = json!({ "longitude": longitude, "latitude": latitude });
    }
    if let (true, Some(zone)) = (said.zone != place.zone, &place.zone) {
        let extensions = overlay::list(&mut body, "extension");
        extensions.retain(|extension| extension["url"] != ZONE);
        extensions.push(json!({ "url": ZONE, "valueCode": zone }));
    }
    refer(&mut body["managingOrganization"], "Organization", ids.organization);
    above(&mut body, "Location", ids.above.map(|above| above.0));
    overlay::identifiers(&mut body, &said.identifiers, &place.identifiers);
    finish(&mut body, &before, place, "Location", ids.location);
    body
}

/// The place as `Organization`.
pub(super) fn organization(place: &GoldenPlace, ids: Ids<'_>) -> Value {
    let mut body = base("Organization", ids.organization, &place.records);
    let before = body.clone();
    let said = said(&body);
    name(&mut body, &place.name, &said.name);
    body["active"] = json!(place.active);
    types(&mut body, place, 1);
    above(&mut body, "Organization", ids.above.map(|above| above.1));
    overlay::identifiers(&mut body, &said.identifiers, &place.identifiers);
    finish(&mut body, &before, place, "Organization", ids.organization);
    body
}

fn finish(body: &mut Value, before: &Value, place: &GoldenPlace, kind: &str, id: &str) {
    if body != before {
        overlay::without_narrative(body);
    }
    if body.get("modifierExtension").is_none() && body.get("implicitRules").is_none() {
        let sort = if place.is_facility { "Facility" } else { "Jurisdiction" };
        overlay::profile(body, &format!("{MCSD}{kind}"));
        overlay::profile(body, &format!("{MCSD}{sort}{kind}"));
    }
    let own = place.records.iter().find(|record| record.kind == kind && record.ext_id == id);
    overlay::source(body, own.or(place.records.first()));
}

fn above(body: &mut Value, kind: &str, above: Option<&str>) {
    match above {
        Some(id) => refer(&mut body["partOf"], kind, id),
        // What the body says of the place above leads nowhere here, or in a circle.
        None => {
            if let Some(object) = body.as_object_mut() {
                object.shift_remove("partOf");
            }
        }
    }
}

/// mCSD's code of what the place is, with the level beside it; a facility has two types at least.
fn types(body: &mut Value, place: &GoldenPlace, least: usize) {
    let list = overlay::list(body, "type");
    let has = |list: &[Value], system: &str, code: &str| {
        let codings = list.iter().filter_map(|concept| concept["coding"].as_array()).flatten();
        codings.into_iter().any(|coding| coding["system"] == system && coding["code"] == code)
    };
    let sort = sort(place);
    if !has(list, TYPES, sort) {
        // What the body called it before contradicts it now.
        list.retain(|concept| concept["coding"][0]["system"] != TYPES);
        let display = if place.is_facility { "Facility" } else { "Jurisdiction" };
        list.push(json!({ "coding": [{ "system": TYPES, "code": sort, "display": display }] }));
    }
    if list.len() < least.max(1 + usize::from(!place.is_facility)) {
        let level = place.level.clone().unwrap_or_else(|| sort.to_owned());
        let system = if place.is_facility { "place-level" } else { "jurisdiction-type" };
        let code = level.split_whitespace().collect::<Vec<_>>().join("-");
        list.push(
            json!({ "coding": [{ "system": format!("{OURS}/CodeSystem/{system}"), "code": code }], "text": level }),
        );
    }
}

/// The name in the body's language, and its translations.
fn name(body: &mut Value, counts: &LangMap, said: &LangMap) {
    if counts == said && !body["name"].is_null() {
        return;
    }
    let own = body["language"].as_str().and_then(|code| code.parse::<Lang>().ok()).unwrap_or(Lang::ENGLISH);
    let best = counts.best(own);
    body["name"] = json!(if best.trim().is_empty() { "?" } else { best });
    let first = counts
        .get(own)
        .map_or_else(|| counts.iter().find(|(_, text)| *text == best).map(|(lang, _)| lang), |_| Some(own));
    if let Some(first) = first.filter(|first| *first != own && body["language"].is_null()) {
        body["language"] = json!(first.bcp47());
    }
    let others: Vec<Value> = counts
        .iter()
        .filter(|(lang, text)| Some(*lang) != first && !text.trim().is_empty())
        .map(|(lang, text)| {
            json!({ "url": TRANSLATION, "extension": [
                { "url": "lang", "valueCode": lang.bcp47() }, { "url": "content", "valueString": text }] })
        })
        .collect();
    if let Some(object) = body.as_object_mut() {
        object.shift_remove("_name");
    }
    if !others.is_empty() {
        body["_name"] = json!({ "extension": others });
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::PlaceId;
    use mhero_fhir::{Limits, check};
    use uuid::Uuid;

    use super::*;

    fn clinic() -> GoldenPlace {
        GoldenPlace {
            id: PlaceId::from_uuid(Uuid::nil()),
            parent: None,
            level: Some("facility".to_owned()),
            name: LangMap::one(Lang::ENGLISH, "Fissebu Clinic"),
            is_facility: true,
            active: true,
            position: Some((7.8, -9.4)),
            zone: None,
            identifiers: vec![
                ("http://moh.gov.lr/facility".to_owned(), "F12".to_owned()),
                ("#x".to_owned(), "9".to_owned()),
            ],
            records: Vec::new(),
        }
    }

    #[test]
    fn a_facility_is_a_pair_with_the_codes_of_mcsd() {
        let ids = Ids { location: "L1", organization: "O1", above: Some(("D", "OD")) };
        let (location, organization) = (location(&clinic(), ids), organization(&clinic(), ids));
        assert_eq!(location["managingOrganization"]["reference"], "Organization/O1");
        assert_eq!(
            (location["partOf"]["reference"].as_str(), organization["partOf"]["reference"].as_str()),
            (Some("Location/D"), Some("Organization/OD"))
        );
        assert_eq!(location["type"].as_array().map(Vec::len), Some(2));
        assert_eq!(location["type"][0]["coding"][0]["code"], "facility");
        assert_eq!(location["identifier"].as_array().map(Vec::len), Some(1));
        for one in [&location, &organization] {
            assert_eq!(check(one, Limits::default()), [], "{one}");
        }
        // What we show is read as what it is.
        let read = said(&location);
        assert!(read.is_facility && read.active);
        assert_eq!(read.position, Some((7.8, -9.4)));
    }

    #[test]
    fn names_in_other_languages_come_back() {
        let mut district = GoldenPlace { is_facility: false, level: Some("district".to_owned()), ..clinic() };
        district.name.insert(Lang::FRENCH, "Dispensaire");
        let ids = Ids { location: "D", organization: "D", above: None };
        let shown = location(&district, ids);
        assert_eq!(check(&shown, Limits::default()), []);
        let read = said(&shown);
        assert_eq!((read.name, read.is_facility), (district.name, false));
        assert_eq!(read.level.as_deref(), Some("district"));
    }
}
