//! The register and what stands at /fhir: what registries told is shown, what clients write comes in, and what counts lies over it.

use mhero_app::{Caller, people::ImportOptions};
use mhero_core::{PersonId, PlaceId, Role, Scope};
use mhero_fhir::{Limits, check};
use mhero_store::{Queue, Unit};
use mhero_wire::json::Position;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::desk::{Desk, Got, engines, got};

/// Two districts, each with a clinic, and a nurse in each, as the HR registry tells them; with a member that R4 does not have.
async fn told(desk: &Desk) {
    told_with(desk, true).await;
}

/// The same, with such a member or without.
pub(crate) async fn told_with(desk: &Desk, has_more: bool) {
    let place = |id: &str, name: &str, part_of: Option<&str>| {
        let sort =
            if part_of.is_some() { "urn:ihe:iti:mcsd:2019:facility" } else { "urn:ihe:iti:mcsd:2019:jurisdiction" };
        let mut place = json!({ "resourceType": "Location", "id": id, "name": name, "status": "active",
            "type": [{ "coding": [{ "code": sort }] }], "position": { "longitude": -9.43, "latitude": 7.95 } });
        if let Some(above) = part_of {
            place["partOf"] = json!({ "reference": format!("Location/{above}") });
        }
        place
    };
    let nurse = |id: &str, name: &str, phone: &str| {
        let mut nurse = json!({ "resourceType": "Practitioner", "id": id, "active": true, "name": [{ "text": name }],
            "identifier": [{ "system": "http://moh.gov.lr/payroll", "value": format!("PAY-{id}") }],
            "telecom": [{ "system": "phone", "value": phone }], "birthDate": "1988-04-02" });
        if has_more {
            nurse["favourite"] = json!("blue");
        }
        nurse
    };
    let role = |id: &str, person: &str, at: &str| {
        json!({ "resourceType": "PractitionerRole", "id": id, "practitioner": { "reference": format!("Practitioner/{person}") },
            "location": [{ "reference": format!("Location/{at}") }], "period": { "start": "2020-02-01" },
            "code": [{ "coding": [{ "system": "http://ihris.org/fhir/CodeSystem/ihris-job", "code": "RN", "display": "Nurse" }] }] })
    };
    import(
        desk,
        "ihris",
        &[
            place("D1", "Zorzor", None),
            place("D2", "Voinjama", None),
            place("L1", "Fissebu Clinic", Some("D1")),
            place("L2", "Tellewoyan Clinic", Some("D2")),
            nurse("P1", "Martha Kollie", "0770-000-001"),
            nurse("P2", "Esther Flomo", "0886 000 002"),
            role("R1", "P1", "L1"),
            role("R2", "P2", "L2"),
        ],
    )
    .await;
}

async fn import(desk: &Desk, source: &str, resources: &[Value]) {
    let start = Position { line: 1, column: 1 };
    let records: Vec<_> =
        resources.iter().map(|one| mhero_wire::fhir::record(&one.to_string(), "told", start)).collect();
    let options = ImportOptions::default();
    let report = desk.app.import(&Caller::system(), source, records.into_iter(), &options).await.expect("it comes in");
    assert_eq!(report.rejected, 0, "{:?}", report.rejections.first().map(|refused| refused.problem.reason.key));
    desk.rest().await;
}

/// The resource at an address, which keeps the rules of R4.
async fn valid(desk: &Desk, path: &str) -> Value {
    let found = desk.get(path).await;
    assert_eq!(found.status, 200, "{path}: {}", found.text);
    let json = found.json();
    let wrong: Vec<_> = check(&json, Limits::default()).into_iter().filter(mhero_fhir::Issue::is_error).collect();
    assert_eq!(wrong, [], "{path}");
    json
}

fn version(json: &Value) -> &str {
    json["meta"]["versionId"].as_str().unwrap_or_default()
}

async fn methods(desk: &Desk, path: &str) -> Vec<String> {
    let history = valid(desk, &format!("{path}/_history")).await;
    let entries = history["entry"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| entry["request"]["method"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn what_registries_told_is_shown_and_found() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        told(&desk).await;
        let martha = valid(&desk, "/Practitioner/P1").await;
        assert_eq!((&martha["favourite"], &martha["name"][0]["text"]), (&json!("blue"), &json!("Martha Kollie")));
        assert_eq!(martha["telecom"], json!([{ "system": "phone", "value": "0770-000-001" }]), "as it was written");
        assert_eq!(martha["meta"]["source"], "http://mhero.org/fhir/source/ihris#Practitioner/P1");
        let role = valid(&desk, "/PractitionerRole/R1").await;
        assert_eq!(role["location"][0]["reference"], "Location/L1");
        assert_eq!(role["organization"]["reference"], "Organization/L1");
        assert_eq!(role["period"], json!({ "start": "2020-02-01" }));
        let clinic = valid(&desk, "/Location/L1").await;
        assert_eq!(clinic["managingOrganization"]["reference"], "Organization/L1");
        assert_eq!(clinic["partOf"]["reference"], "Location/D1");
        assert!(clinic["type"].as_array().is_some_and(|types| types.len() >= 2), "{clinic}");
        assert_eq!(valid(&desk, "/Organization/L1").await["partOf"]["reference"], "Organization/D1");
        for (asked, expected) in [
            ("Practitioner?phone=%2B231770000001", "P1"),
            ("Practitioner?identifier=http://moh.gov.lr/payroll|PAY-P2", "P2"),
            ("Practitioner?active=true&_sort=name", "P2 P1"),
            ("PractitionerRole?location.partof=Location/D1&_include=PractitionerRole:practitioner", "R1 +P1"),
            ("Location?near=7.95|-9.43|5|km&type=facility", "L1 L2"),
            ("Location?near=7.0|-9.43|5|km", ""),
            ("Location?organization=Organization/L2&_include=Location:organization", "L2 +L2"),
            ("Organization?_id=L1&_revinclude=Location:organization", "L1 +L1"),
            ("CodeSystem?_summary=true", ""),
        ] {
            let mut found = desk.found(asked).await;
            found.retain(|id| id != "job");
            assert_eq!(found.join(" "), expected, "{engine:?} {asked}");
        }
        // Nothing changes: nothing is written.
        let before = valid(&desk, "/Practitioner/_history").await["entry"].as_array().map(Vec::len);
        import(&desk, "ihris", &[]).await;
        assert_eq!(valid(&desk, "/Practitioner/_history").await["entry"].as_array().map(Vec::len), before);
        assert_eq!(version(&valid(&desk, "/Practitioner/P1").await), "1");
        // The first way through a register that is there already, from its beginning, finds it all shown.
        let mut unit = Unit::new();
        unit.put_setting("fhir-golden", "", 0).put_setting("fhir-golden-first", "", 0);
        desk.app.store().write(unit, Queue::Interactive).await.expect("it is written");
        desk.rest().await;
        assert_eq!(valid(&desk, "/Practitioner/_history").await["entry"].as_array().map(Vec::len), before);
        let cursor = desk.app.store().setting("fhir-golden").await.expect("it answers");
        assert!(cursor.is_some_and(|cursor| !cursor.is_empty()), "it has come to its end");
    }
}

#[tokio::test]
async fn what_a_client_writes_is_heard_and_what_counts_lies_over_it() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        told(&desk).await;
        let joseph = json!({ "resourceType": "Practitioner", "active": true, "name": [{ "use": "official", "given": ["Joseph"], "family": "Weah" }],
            "telecom": [{ "system": "phone", "value": "0770 000 003", "rank": 1 }], "hobby": "football" });
        let work = json!({ "resourceType": "PractitionerRole", "active": true, "practitioner": { "reference": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a" },
            "location": [{ "reference": "Location/L1" }], "code": [{ "coding": [{ "system": "http://jobs", "code": "CHW", "display": "Community health worker" }] }] });
        let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": [
            { "fullUrl": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a", "resource": joseph, "request": { "method": "POST", "url": "Practitioner" } },
            { "resource": work, "request": { "method": "POST", "url": "PractitionerRole" } }] });
        let written = desk.send(Method::POST, "", &bundle).await;
        assert_eq!(written.status, 200, "{}", written.text);
        let location = written.json()["entry"][0]["response"]["location"].as_str().expect("a location").to_owned();
        let path = format!("/{}", location.split("/_history").next().expect("a path"));
        let id = path.rsplit('/').next().expect("an id").to_owned();
        assert_eq!(valid(&desk, &path).await["hobby"], "football", "what it wrote it reads at once");
        desk.rest().await;

        // The person stands in the register, with a number that can be written to, and works at the clinic of another source.
        let person = desk.app.store().fhir_entity(("Practitioner", &id)).await.expect("it answers").expect("a person");
        let person = PersonId::from_uuid(person);
        let record =
            desk.app.store().person_record(&Scope::system(), person).await.expect("it answers").expect("a record");
        assert_eq!(
            (record.name.as_str(), record.numbers[0].path.as_deref()),
            ("Joseph Weah", Some("+231770000003")),
            "{engine:?}"
        );
        assert_eq!(
            desk.found("PractitionerRole?location=Location/L1&_include=PractitionerRole:practitioner").await.len(),
            4
        );
        let stands = valid(&desk, &path).await;
        for (member, written) in joseph.as_object().expect("an object") {
            assert_eq!(&stands[member], written, "nothing of it is another's");
        }

        owned_by_another(&desk).await;
        told_twice(&desk).await;
        taken_back(&desk, &path, person).await;
    }
}

async fn owned_by_another(desk: &Desk) {
    // A name that another source owns comes back over it; what nobody else says stays.
    let mut martha = valid(desk, "/Practitioner/P1").await;
    martha["name"] = json!([{ "text": "M. Dolo" }]);
    martha["shoeSize"] = json!(39);
    martha["telecom"].as_array_mut().expect("a list").push(json!({ "system": "phone", "value": "0770000009" }));
    assert_eq!(desk.put(&martha).await.status, 200);
    assert_eq!(valid(desk, "/Practitioner/P1").await["name"][0]["text"], "M. Dolo", "until it is heard");
    desk.rest().await;
    let counts = valid(desk, "/Practitioner/P1").await;
    assert_eq!((&counts["name"][0]["text"], &counts["shoeSize"]), (&json!("Martha Kollie"), &json!(39)), "{counts}");
    let numbers: Vec<&str> =
        counts["telecom"].as_array().into_iter().flatten().filter_map(|one| one["value"].as_str()).collect();
    assert_eq!(numbers.len(), 2, "{numbers:?}");
    assert_eq!(valid(desk, "/Practitioner/P1/_history/2").await["name"][0]["text"], "M. Dolo", "nothing is lost");
    assert_eq!(desk.found("Practitioner?_id=P1&_revinclude=Provenance:target").await, ["P1", "+of-P1"]);
    let provenance = valid(desk, "/Provenance/of-P1").await;
    assert!(provenance["extension"].to_string().contains("M. Dolo"), "what was put aside is told: {provenance}");
}

async fn told_twice(desk: &Desk) {
    // A second record of the same worker is the same person, under the id that stood first.
    let twin = json!({ "resourceType": "Practitioner", "name": [{ "text": "Esther K. Flomo" }],
        "identifier": [{ "system": "http://moh.gov.lr/payroll", "value": "PAY-P2" }] });
    let made = desk.send(Method::POST, "/Practitioner", &twin).await;
    let twin_path = format!("/Practitioner/{}", made.json()["id"].as_str().expect("an id"));
    desk.rest().await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let asked = client.get(format!("{}{twin_path}", desk.base)).bearer_auth(&desk.token);
    let moved: Got = got(asked).await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (StatusCode::MOVED_PERMANENTLY, format!("{}/Practitioner/P2", desk.base).as_str())
    );
    assert_eq!(valid(desk, &twin_path).await["id"], "P2", "who follows finds the one");
    assert_eq!(desk.found("Practitioner?identifier=PAY-P2").await, ["P2"]);
    let mut again = twin.clone();
    again["id"] = json!(twin_path.rsplit('/').next());
    again["gender"] = json!("female");
    assert_eq!(desk.put(&again).await.json()["id"], "P2");
    desk.rest().await;
    assert_eq!(valid(desk, "/Practitioner/P2").await["gender"], "female");
}

async fn taken_back(desk: &Desk, path: &str, person: PersonId) {
    // A client's own person goes when it says so.
    assert_eq!(desk.ask(Method::DELETE, path).send().await.expect("an answer").status(), 204);
    desk.rest().await;
    assert_eq!(desk.get(path).await.status, 410);
    assert_eq!(methods(desk, path).await[0], "DELETE");
    let record = desk.app.store().person_record(&Scope::system(), person).await.expect("it answers").expect("a record");
    assert!(!record.active);
    // Another source's person does not.
    assert_eq!(desk.ask(Method::DELETE, "/Practitioner/P1").send().await.expect("an answer").status(), 204);
    desk.rest().await;
    assert_eq!(valid(desk, "/Practitioner/P1").await["name"][0]["text"], "Martha Kollie");
}

#[tokio::test]
async fn a_token_of_a_place_reads_what_is_there_alone() {
    for engine in engines() {
        let mut desk = Desk::new(engine).await;
        told(&desk).await;
        let district = desk.app.store().fhir_entity(("Location", "D1")).await.expect("it answers").expect("a place");
        desk.token = desk.token_at(Role::Integrator, Some(PlaceId::from_uuid(district))).await;
        for (asked, expected) in [
            ("Practitioner", "P1"),
            ("Practitioner?identifier=PAY-P2", ""),
            ("PractitionerRole?practitioner.name=esther", ""),
            // Places are everybody's; who works there is not told by them.
            ("Location?_has:PractitionerRole:location:practitioner=Practitioner/P2", ""),
            ("Location?_has:PractitionerRole:location:practitioner=Practitioner/P1", "L1"),
            ("Location?_id=L2&_revinclude=PractitionerRole:location", "L2"),
            ("PractitionerRole?_include=PractitionerRole:practitioner", "R1 +P1"),
        ] {
            assert_eq!(desk.found(asked).await.join(" "), expected, "{engine:?} {asked}");
        }
        assert_eq!(desk.get("/Practitioner?_summary=count").await.json()["total"], 1);
        assert_eq!(desk.get("/Practitioner/P2").await.status, 404);
        assert_eq!(desk.get("/Practitioner/P2/_history").await.status, 404);
        assert_eq!(desk.get("/Practitioner/_history").await.json()["entry"].as_array().map(Vec::len), Some(1));
        let wrote = desk.put(&json!({ "resourceType": "Practitioner", "id": "P1", "name": [{ "text": "X" }] })).await;
        assert_eq!((wrote.status.as_u16(), wrote.issue().0.as_str()), (403, "forbidden"));
        let words = desk.put(&json!({ "resourceType": "ValueSet", "id": "cadres", "status": "active" })).await;
        assert_eq!(words.status, 403, "what everybody reads is not one district's to change: {}", words.text);

        // The export is as narrow.
        let begun =
            got(desk.ask(Method::GET, "/$export?_type=Practitioner,Location").header("prefer", "respond-async")).await;
        assert_eq!(begun.status, 202, "{}", begun.text);
        let files = desk.get(begun.header("content-location")).await.json();
        let listed: Vec<(&str, i64)> = files["output"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| Some((one["type"].as_str()?, one["count"].as_i64()?)))
            .collect();
        assert_eq!(listed, [("Location", 4), ("Practitioner", 1)], "{engine:?}");
        let lines = desk.get(files["output"][1]["url"].as_str().expect("an address")).await;
        assert_eq!(lines.header("content-type"), "application/fhir+ndjson");
        let ids: Vec<Value> =
            lines.text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].clone()).collect();
        assert_eq!(ids, ["P1"]);
        assert_eq!(desk.get("/$export?_type=Spaceship").await.status, 404);
        assert_eq!(desk.get("/$export/nonsense").await.status, 404);
    }
}
