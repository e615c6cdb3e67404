//! Many requests in one.

use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{Desk, engines};

fn bundle(kind: &str, entries: &Value) -> Value {
    json!({ "resourceType": "Bundle", "type": kind, "entry": entries })
}

#[tokio::test]
async fn a_transaction_is_all_or_nothing_and_names_what_it_makes() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let entries = json!([
            { "fullUrl": "urn:uuid:role", "request": { "method": "POST", "url": "PractitionerRole" },
              "resource": { "resourceType": "PractitionerRole", "practitioner": { "reference": "urn:uuid:p" },
                "organization": { "reference": "Organization?name=MOH" } } },
            { "fullUrl": "urn:uuid:p", "request": { "method": "POST", "url": "Practitioner", "ifNoneExist": "identifier=s|1" },
              "resource": { "resourceType": "Practitioner", "identifier": [{ "system": "s", "value": "1" }] } },
            { "request": { "method": "GET", "url": "Practitioner?identifier=s|1" } }
        ]);
        // The organisation is not there yet: nothing is done.
        let refused = desk.send(Method::POST, "", &bundle("transaction", &entries)).await;
        assert_eq!(refused.status, 400, "{engine:?} {}", refused.text);
        assert!(refused.issue().1.contains("Organization?name=MOH"), "{}", refused.text);
        assert!(desk.found("Practitioner").await.is_empty());
        let mut wrong = entries.clone();
        wrong[1]["resource"]["gender"] = json!("f");
        desk.put(&json!({ "resourceType": "Organization", "id": "moh", "name": "MOH" })).await;
        let refused = desk.send(Method::POST, "/", &bundle("transaction", &wrong)).await;
        assert_eq!(refused.json()["issue"][0]["expression"][0], "Bundle.entry[1].resource.gender", "{}", refused.text);
        assert!(desk.found("Practitioner").await.is_empty());

        let done = desk.send(Method::POST, "", &bundle("transaction", &entries)).await;
        let json = done.json();
        assert_eq!((done.status.as_u16(), json["type"].as_str()), (200, Some("transaction-response")), "{}", done.text);
        let person = json["entry"][1]["resource"]["id"].as_str().expect("an id").to_owned();
        let role = &json["entry"][0]["resource"];
        assert_eq!(role["practitioner"]["reference"], format!("Practitioner/{person}"));
        assert_eq!(role["organization"]["reference"], "Organization/moh");
        assert_eq!(json["entry"][0]["response"]["status"], "201 Created");
        assert_eq!(json["entry"][2]["resource"]["entry"][0]["resource"]["id"], person, "what was written is read");
        // Again: the person is there already, the role comes a second time.
        let again = desk.send(Method::POST, "", &bundle("transaction", &entries)).await.json();
        assert_eq!(again["entry"][1]["response"]["status"], "200 OK");
        assert_eq!(desk.found("Practitioner").await, [person.as_str()]);
        assert_eq!(desk.found(&format!("PractitionerRole?practitioner=Practitioner/{person}")).await.len(), 2);
    }
}

#[tokio::test]
async fn a_batch_does_each_by_itself() {
    let desk = Desk::new(engines()[0]).await;
    let put = |id: &str, gender: &str| {
        json!({ "request": { "method": "PUT", "url": format!("Practitioner/{id}") },
            "resource": { "resourceType": "Practitioner", "id": id, "gender": gender } })
    };
    let delete = json!({ "request": { "method": "DELETE", "url": "Practitioner/none" } });
    let patch = json!({ "request": { "method": "PATCH", "url": "Practitioner/1" }, "resource": { "resourceType": "Binary",
        "contentType": "application/json-patch+json",
        "data": "W3sib3AiOiJyZXBsYWNlIiwicGF0aCI6Ii9nZW5kZXIiLCJ2YWx1ZSI6Im90aGVyIn1d" } });
    let json = desk
        .send(Method::POST, "", &bundle("batch", &json!([put("1", "male"), put("2", "x"), delete, patch])))
        .await
        .json();
    let status = |at: usize| json["entry"][at]["response"]["status"].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        [status(0), status(1), status(2), status(3)],
        ["201 Created", "400 Bad Request", "404 Not Found", "200 OK"]
    );
    assert_eq!(json["entry"][1]["response"]["outcome"]["issue"][0]["code"], "code-invalid");
    assert_eq!(desk.get("/Practitioner/1").await.json()["gender"], "other");
    assert_eq!(mhero_fhir::check(&json, mhero_fhir::Limits::default()), []);
}
