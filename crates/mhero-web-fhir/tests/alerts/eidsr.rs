//! Disease alerts as emNutt's clients call them: diseases, a suspected case, and what becomes known of it later.

use mhero_app::{Caller, NewToken};
use mhero_core::{PlaceId, Role};
use mhero_store::Engine;
use reqwest::Method;
use serde_json::{Value, json};

use crate::ministry::{JAMES, MARTHA, Ministry, survey};

#[tokio::test(flavor = "multi_thread")]
async fn a_suspected_case_alerts_who_must_know_and_the_reporter_is_asked_on() {
    let ministry = Ministry::new(Engine::Sqlite).await;
    let (flow, definition) = survey();
    ministry.app.save_flow(&Caller::system(), &definition, "test").await.expect("a flow");
    // Both spellings of the addresses; the second adds to the first.
    let diseases = json!([{ "code": "ML", "name": "Malaria" }, { "code": "CH", "name": "Colera" }]);
    let (status, said) = ministry.send(Method::POST, "/eidsr/addDisease", &diseases).await;
    assert_eq!((status.as_u16(), said["concept"].as_array().map(Vec::len)), (201, Some(2)), "{said}");
    let again = json!([{ "code": "ch", "name": "Cholera" }, { "code": "LF", "name": "Lassa fever" }]);
    let (_, said) = ministry.send(Method::POST, "/emNutt/eidsr/addDisease", &again).await;
    assert_eq!(said["concept"].as_array().map(Vec::len), Some(3), "{said}");
    assert_eq!(ministry.get("/fhir/CodeSystem/eidsrDiseases").await["concept"][1]["display"], "Cholera");
    let settings = json!({
        "to": ["group = \"No such group\""],
        "text": "Suspected {{diseaseName}} at {{facility}}, {{district}}. Case {{caseID}}, {{reporterName}} {{reporterPhone}}",
        "followUpFlow": flow, "countyLevel": 1, "districtLevel": 2,
    });
    let (status, said) = ministry.send(Method::PUT, "/eidsr/settings", &settings).await;
    assert_eq!(status, 400, "an audience that names an unknown group is refused: {said}");
    let mut settings = settings;
    settings["to"] = json!(["name ~ \"Johnson\" AND place = \"{{district}}\""]);
    let (status, said) = ministry.send(Method::PUT, "/eidsr/settings", &settings).await;
    assert_eq!(status, 200, "{said}");
    not_by_one_district(&ministry).await;
    reports(&ministry).await;
    refuses(&ministry).await;
}

/// There is one set of alerts for the country, and one list of diseases.
async fn not_by_one_district(ministry: &Ministry) {
    let district = ministry.app.store().fhir_entity(("Location", "D1")).await.expect("a store").expect("a place");
    let place = Some(PlaceId::from_uuid(district));
    let new = NewToken { name: "district".into(), role: Role::Integrator, place, programme: None };
    let token = ministry.app.create_token(&Caller::system(), new).await.expect("a token");
    let client = reqwest::Client::new();
    for (method, path, body) in [
        (Method::PUT, "/eidsr/settings", json!({ "to": [], "text": "nothing to see" })),
        (Method::POST, "/eidsr/addDisease", json!([{ "code": "ML", "name": "Nothing" }])),
    ] {
        let ask = client.request(method, format!("{}{path}", ministry.url)).bearer_auth(&token);
        let answer = ask.header("content-type", "application/json").body(body.to_string()).send().await;
        assert_eq!(answer.expect("an answer").status(), 403, "{path}");
    }
}

async fn reports(ministry: &Ministry) {
    let report = "/eidsr/suspectedCase?report=alert.ch.f.23.y&globalid=P1&mheroentitytype=Practitioner&caseID=LR-7";
    let (status, said) = ministry.send(Method::POST, report, &Value::Null).await;
    assert_eq!(status, 201, "{said}");
    let id = said["patientid"].as_str().expect("an id").to_owned();
    let patient = ministry.get(&format!("/fhir/Patient/{id}")).await;
    assert_eq!(patient["meta"]["profile"][0], "http://mhero.org/fhir/StructureDefinition/mhero-eidsr-patient");
    let part = |patient: &Value, name: &str| {
        let parts = patient["extension"][0]["extension"].as_array().cloned().unwrap_or_default();
        parts.into_iter().find(|one| one["url"] == name).unwrap_or_default()
    };
    assert_eq!(part(&patient, "diseaseCode")["valueCode"], "CH");
    assert_eq!(part(&patient, "age")["valueInteger"], 23);
    assert_eq!(part(&patient, "specimenCollected")["valueBoolean"], true);
    assert_eq!(part(&patient, "caseID")["valueString"], "LR-7");
    assert_eq!(
        (&patient["gender"], &part(&patient, "reporterID")["valueReference"]["reference"]),
        (&json!("female"), &json!("Practitioner/P1"))
    );
    let alert = async || {
        let got = ministry.got(JAMES).await;
        ministry.pass(jiff::SignedDuration::from_secs(30));
        got.into_iter().find(|text| text.starts_with("Suspected"))
    };
    let alert = ministry.until("an alert", alert).await;
    assert!(alert.starts_with("Suspected Cholera at Clara Town Clinic, Montserrado. Case LR-7, "), "{alert}");
    assert!(alert.contains("Kollie") && alert.contains(MARTHA), "{alert}");
    ministry
        .until("the reporter is asked", async || {
            ministry.got(MARTHA).await.iter().any(|text| text.contains("gloves")).then_some(())
        })
        .await;
    // The same case again: the same patient, and nobody hears of it twice.
    let (_, said) = ministry.send(Method::POST, report, &Value::Null).await;
    assert_eq!(said["patientid"], json!(id));
    ministry.pass(jiff::SignedDuration::from_mins(2));
    ministry.idle().await;
    assert_eq!(ministry.got(JAMES).await.iter().filter(|text| text.starts_with("Suspected")).count(), 1);
    // What becomes known later, by the address or by JSON.
    let update = format!("/eidsr/updateCase?patientid={id}&specimenCollected=n&communityDetection=oui");
    assert_eq!(ministry.send(Method::POST, &update, &json!({ "age": 24, "riderName": "Moses" })).await.0, 200);
    let patient = ministry.get(&format!("/fhir/Patient/{id}")).await;
    assert_eq!(part(&patient, "specimenCollected")["valueBoolean"], false);
    assert_eq!(part(&patient, "communityDetection")["valueBoolean"], true);
    assert_eq!(
        (part(&patient, "age")["valueInteger"].as_i64(), part(&patient, "riderName")["valueString"].as_str()),
        (Some(24), Some("Moses"))
    );
    assert_eq!(part(&patient, "diseaseCode")["valueCode"], "CH");
}

async fn refuses(ministry: &Ministry) {
    for (address, status, words) in [
        ("/eidsr/suspectedCase?globalid=P1", 400, "report"),
        ("/eidsr/suspectedCase?report=alert.CH", 400, "globalid"),
        ("/eidsr/suspectedCase?report=alert.XX.f.2.y&globalid=P1", 400, "ML, CH, LF"),
        ("/eidsr/suspectedCase?report=alert.CH.x.2.y&globalid=P1", 400, "write m or f"),
        ("/eidsr/suspectedCase?report=alert.CH.f.2.y&globalid=nobody", 404, "register them"),
        ("/eidsr/updateCase?patientid=gone&age=3", 404, "gone"),
        ("/eidsr/updateCase?age=3", 400, "patientid"),
        ("/eidsr/other", 404, "addDisease"),
    ] {
        let (got, said) = ministry.send(Method::POST, address, &Value::Null).await;
        assert_eq!(got.as_u16(), status, "{address}: {said}");
        assert!(said.to_string().contains(words), "{address}: {said}");
    }
    let (status, _) = ministry.send(Method::POST, "/eidsr/addDisease", &json!({ "code": "ML" })).await;
    assert_eq!(status, 400);
}
