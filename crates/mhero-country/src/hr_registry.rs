//! The HR registry's export: FHIR R4 transaction bundles in the shapes of iHRIS 5.
//!
//! Jurisdictions, jobs and training follow its default site (cadre as a property of the job), facilities stand as a
//! `Location` and an `Organization` of one id, as in its demo data.

use serde_json::{Value, json};

use crate::{
    Country,
    cadre::{COURSES, Cadre, Job},
    country::SourceFile,
    facts::PAYROLL_SYSTEM,
    places::{COUNTRY_ID, Facility, Places},
    spec::Spec,
    worker::{HrEntry, Worker},
};

/// Most entries of one bundle.
pub const ENTRIES_MAX: usize = 20_000;

const PROFILE: &str = "http://ihris.org/fhir/StructureDefinition/";
const SYSTEM: &str = "http://ihris.org/fhir/CodeSystem/";

/// All bundles, places first. Each is made when the iterator comes to it.
pub fn files<'a>(spec: &'a Spec, places: &'a Places, workers: &'a [Worker]) -> impl Iterator<Item = SourceFile> + 'a {
    let staff = || workers.iter().filter_map(|worker| worker.hr.as_ref().map(|hr| (worker, hr)));
    bundles("Country", std::iter::once_with(country))
        .chain(bundles("Region", places.counties.iter().map(|c| region(&c.id, c.name))))
        .chain(bundles("District", districts(places)))
        .chain(bundles("Facility", facilities(places)))
        .chain(bundles("CodeSystem", [cadres(), jobs(), courses()].into_iter()))
        .chain(bundles("Practitioner", staff().map(|(worker, hr)| practitioner(places, worker, hr))))
        .chain(bundles("PractitionerRole", staff().flat_map(|(_, hr)| roles(spec, places, hr))))
        .chain(bundles("Basic", staff().flat_map(|(_, hr)| trainings(hr))))
}

/// Puts resources into bundles of at most [`ENTRIES_MAX`] entries, one at a time.
fn bundles<'a>(kind: &'a str, resources: impl Iterator<Item = Value> + 'a) -> impl Iterator<Item = SourceFile> + 'a {
    let mut resources = resources.peekable();
    let mut number = 0;
    std::iter::from_fn(move || {
        resources.peek()?;
        number += 1;
        let mut bytes = br#"{"resourceType":"Bundle","type":"transaction","entry":["#.to_vec();
        for (at, resource) in resources.by_ref().take(ENTRIES_MAX).enumerate() {
            bytes.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
            let url = match (&resource["resourceType"], &resource["id"]) {
                (Value::String(kind), Value::String(id)) => format!("{kind}/{id}"),
                _ => String::new(),
            };
            let entry = json!({"resource": resource, "request": {"method": "PUT", "url": url}});
            serde_json::to_writer(&mut bytes, &entry).expect("a JSON value writes into memory");
        }
        bytes.extend_from_slice(b"\n]}\n");
        let name = if number == 1 { format!("bundle-{kind}.json") } else { format!("bundle-{kind}-{number}.json") };
        Some(SourceFile { source: Country::HR_REGISTRY, name, bytes })
    })
}

fn meta(profile: &str) -> Value {
    json!({"profile": [format!("{PROFILE}{profile}")]})
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({"system": format!("{SYSTEM}{system}"), "code": code, "display": display})
}

fn jurisdiction(id: &str, name: &str, level: &str, parent: Option<&str>) -> Value {
    let mut place = json!({
        "resourceType": "Location", "id": id, "meta": meta(&format!("ihris-{level}")),
        "status": "active", "name": name,
        "type": [{"coding": [{"system": format!("{SYSTEM}ihris-jurisdiction-type"), "code": level}]}],
        "physicalType": {"coding": [{"code": "jdn"}]},
    });
    if let Some(parent) = parent {
        place["partOf"] = json!({"reference": format!("Location/{parent}")});
    }
    place
}

fn country() -> Value {
    jurisdiction(COUNTRY_ID, "Sewara", "country", None)
}

fn region(id: &str, name: &str) -> Value {
    jurisdiction(id, name, "region", Some(COUNTRY_ID))
}

fn districts(places: &Places) -> impl Iterator<Item = Value> + '_ {
    places.districts.iter().map(|d| jurisdiction(&d.id, d.name, "district", Some(&places.counties[d.county].id)))
}

fn facilities(places: &Places) -> impl Iterator<Item = Value> + '_ {
    places.facilities.iter().flat_map(|facility| {
        let district = &places.districts[facility.district].id;
        [facility_location(facility, district), facility_organization(facility, district)]
    })
}

fn facility_location(facility: &Facility, district: &str) -> Value {
    let (latitude, longitude) = facility.position;
    json!({
        "resourceType": "Location", "id": facility.id,
        "meta": {"profile": [
            "http://ihe.net/fhir/StructureDefinition/IHE.mCSD.FacilityLocation", format!("{PROFILE}ihris-facility"),
        ]},
        "identifier": [{
            "use": "official",
            "type": {"coding": [{"system": format!("{SYSTEM}ihris-Facility-identifier"), "code": "dhis2Id"}]},
            "value": facility.dhis2,
        }],
        "status": "active", "name": facility.name, "alias": [facility.french_name],
        "type": [
            {"coding": [{"system": "urn:ietf:rfc:3986", "code": "urn:ihe:iti:mcsd:2019:facility"}]},
            {"coding": [coding("ihris-facility-type", facility.kind.code(), facility.kind.english())]},
        ],
        "physicalType": {"coding": [{"code": "bu"}]},
        "position": {"longitude": longitude, "latitude": latitude},
        "managingOrganization": {"reference": format!("Organization/{}", facility.id)},
        "partOf": {"reference": format!("Location/{district}")},
    })
}

fn facility_organization(facility: &Facility, district: &str) -> Value {
    json!({
        "resourceType": "Organization", "id": facility.id,
        "meta": {"profile": ["http://ihe.net/fhir/StructureDefinition/IHE.mCSD.FacilityOrganization"]},
        "active": true, "name": facility.name,
        "type": [{"coding": [{"system": "urn:ietf:rfc:3986", "code": "urn:ihe:iti:mcsd:2019:facility"}]}],
        "extension": [{
            "url": "http://ihe.net/fhir/StructureDefinition/IHE.mCSD.hierarchy.extension",
            "extension": [{"url": "part-of", "valueReference": {"reference": format!("Location/{district}")}}],
        }],
    })
}

fn code_system(id: &str, concepts: &[Value]) -> Value {
    json!({
        "resourceType": "CodeSystem", "id": id, "url": format!("{SYSTEM}{id}"),
        "status": "active", "content": "complete", "concept": concepts,
    })
}

fn concept(code: &str, english: &str, french: &str) -> Value {
    json!({"code": code, "display": english, "designation": [{"language": "fr", "value": french}]})
}

fn cadres() -> Value {
    let concepts = Cadre::ALL.iter().map(|cadre| concept(cadre.code(), cadre.english(), cadre.french()));
    code_system("ihris-cadre", &concepts.collect::<Vec<_>>())
}

fn jobs() -> Value {
    let all = Cadre::ALL.iter().flat_map(|cadre| cadre.jobs().iter().map(|job| (*cadre, job)));
    let concepts = all.map(|(cadre, job): (Cadre, &Job)| {
        let mut concept = concept(job.code, job.english, job.french);
        concept["property"] =
            json!([{"code": "cadre", "valueCoding": coding("ihris-cadre", cadre.code(), cadre.english())}]);
        concept
    });
    let mut system = code_system("ihris-job", &concepts.collect::<Vec<_>>());
    system["property"] = json!([{"code": "cadre", "type": "Coding"}]);
    system
}

fn courses() -> Value {
    let concepts = COURSES.iter().map(|course| json!({"code": course.code, "display": course.name}));
    code_system("ihris-training-codesystem", &concepts.collect::<Vec<_>>())
}

fn practitioner(places: &Places, worker: &Worker, hr: &HrEntry) -> Value {
    let name = &worker.name;
    let mut given = vec![name.given.to_owned()];
    given.extend(name.initial.map(|initial| format!("{initial}.")));
    let mut person = json!({
        "resourceType": "Practitioner", "id": hr.id(), "meta": meta("ihris-practitioner"),
        "extension": [{
            "url": format!("{PROFILE}ihris-practitioner-nationality"),
            "valueCoding": {"system": "urn:iso:std:iso:3166", "code": COUNTRY_ID},
        }],
        "identifier": [{
            "use": "official", "type": {"coding": [{"code": "EN"}]},
            "system": PAYROLL_SYSTEM, "value": hr.payroll.to_string(),
        }],
        "active": hr.active,
        "name": [{"use": "official", "text": name.to_string(), "family": name.family, "given": given}],
    });
    if let Some(position) = hr.positions.first() {
        let district = &places.districts[places.facilities[position.facility].district].id;
        let residence = json!({
            "url": format!("{PROFILE}ihris-practitioner-residence"),
            "valueReference": {"reference": format!("Location/{district}")},
        });
        person["extension"].as_array_mut().expect("written above").push(residence);
    }
    if !hr.phones.is_empty() {
        let phone = |(at, raw): (usize, &str)| json!({"system": "phone", "use": if at == 0 { "mobile" } else { "work" }, "value": raw});
        person["telecom"] = hr.phones.iter().map(|phone| &*phone.raw).enumerate().map(phone).collect();
    }
    person["gender"] = json!(worker.sex.code());
    person["birthDate"] = json!(worker.birth.to_string());
    person["communication"] = json!([{"coding": [{"system": "urn:ietf:bcp:47", "code": worker.language.bcp47()}]}]);
    person
}

fn roles<'a>(spec: &'a Spec, places: &'a Places, hr: &'a HrEntry) -> impl Iterator<Item = Value> + 'a {
    hr.positions.iter().enumerate().map(move |(at, position)| {
        let mut period = json!({"start": position.start.to_string()});
        if let Some(end) = position.end {
            period["end"] = json!(end.to_string());
        }
        json!({
            "resourceType": "PractitionerRole", "id": format!("PR-{}-{}", hr.number, at + 1),
            "meta": meta("ihris-practitioner-role"),
            "active": position.end.is_none_or(|end| end >= spec.today),
            "period": period,
            "practitioner": {"reference": format!("Practitioner/{}", hr.id())},
            "code": [{
                "coding": [coding("ihris-job", position.job.code, position.job.english)],
                "text": position.job.english,
            }],
            "location": [{"reference": format!("Location/{}", places.facilities[position.facility].id)}],
        })
    })
}

fn trainings(hr: &HrEntry) -> impl Iterator<Item = Value> + '_ {
    hr.courses.iter().enumerate().map(|(at, attended)| {
        json!({
            "resourceType": "Basic", "id": format!("TR-{}-{}", hr.number, at + 1),
            "meta": meta("ihris-basic-inservice-training"),
            "code": {"coding": [{"system": format!("{SYSTEM}ihris-resource-codesystem"), "code": "practitioner-link"}]},
            "extension": [
                {
                    "url": format!("{PROFILE}ihris-practitioner-reference"),
                    "valueReference": {"reference": format!("Practitioner/{}", hr.id())},
                },
                {"url": format!("{PROFILE}ihris-inservice-training"), "extension": [
                    {"url": "courseName", "valueString": attended.course.name},
                    {"url": "training", "valueCoding":
                        coding("ihris-training-codesystem", attended.course.code, attended.course.name)},
                    {"url": "startDate", "valueDate": attended.start.to_string()},
                    {"url": "endDate", "valueDate": attended.end.to_string()},
                ]},
            ],
        })
    })
}
