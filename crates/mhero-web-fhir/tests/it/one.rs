//! One resource: written, read, changed, taken away, and its history.

use mhero_core::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{Desk, engines, got};

fn martha() -> Value {
    json!({
        "resourceType": "Practitioner", "id": "P1", "active": true, "favouriteColour": "blue",
        "extension": [{ "url": "http://ihris.org/fhir/StructureDefinition/residence", "valueReference": { "reference": "Location/1" } }],
        "name": [{ "family": "Kollie", "given": ["Martha"] }],
        "telecom": [{ "system": "phone", "value": "+231770000001" }]
    })
}

#[tokio::test]
async fn a_resource_lives_through_its_versions() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let first = desk.put(&martha()).await;
        assert_eq!(first.status, 201, "{engine:?} {}", first.text);
        assert_eq!(first.header("etag"), "W/\"1\"");
        assert_eq!(first.header("location"), format!("{}/Practitioner/P1/_history/1", desk.base));
        assert_eq!(first.header("last-modified"), "Thu, 14 May 2026 09:00:00 GMT");
        let read = desk.get("/Practitioner/P1").await;
        assert_eq!(read.header("content-type"), "application/fhir+json; charset=utf-8");
        let held = read.json();
        assert_eq!(held["favouriteColour"], "blue", "what R4 does not have comes back");
        assert_eq!(held["extension"], martha()["extension"]);
        assert_eq!(held["meta"]["versionId"], "1");

        let with =
            |name: &'static str, value: &str| desk.ask(Method::GET, "/Practitioner/P1").header(name, value.to_owned());
        assert_eq!(got(with("if-none-match", "W/\"1\"")).await.status, 304);
        assert_eq!(got(with("if-modified-since", "Thu, 14 May 2026 09:00:00 GMT")).await.status, 304);
        assert_eq!(got(with("if-none-match", "W/\"2\"")).await.status, 200);

        let mut later = martha();
        later["active"] = json!(false);
        let put = |tag: &'static str| {
            let request = desk.ask(Method::PUT, "/Practitioner/P1").header("if-match", tag);
            request.header("content-type", "application/json").body(later.to_string())
        };
        let stale = got(put("W/\"7\"")).await;
        assert_eq!((stale.status.as_u16(), stale.issue().0.as_str()), (412, "conflict"));
        assert_eq!(got(put("W/\"1\"")).await.header("etag"), "W/\"2\"");

        let patch = json!([{ "op": "replace", "path": "/active", "value": true }, { "op": "add", "path": "/gender", "value": "female" }]);
        let request = desk.ask(Method::PATCH, "/Practitioner/P1").header("content-type", "application/json-patch+json");
        let patched = got(request.body(patch.to_string())).await;
        assert_eq!((patched.status.as_u16(), &patched.json()["gender"]), (200, &json!("female")), "{}", patched.text);
        // fhirpy sends a merge document as plain JSON.
        let merged = desk.send(Method::PATCH, "/Practitioner/P1", &json!({ "gender": null })).await;
        assert_eq!((merged.json()["gender"].clone(), merged.header("etag")), (Value::Null, "W/\"4\""));

        assert_eq!(desk.ask(Method::DELETE, "/Practitioner/P1").send().await.expect("an answer").status(), 204);
        assert_eq!(desk.ask(Method::DELETE, "/Practitioner/P1").send().await.expect("an answer").status(), 204);
        let gone = desk.get("/Practitioner/P1").await;
        assert_eq!((gone.status.as_u16(), gone.issue().0.as_str()), (410, "deleted"));
        assert_eq!(desk.get("/Practitioner/P1/_history/1").await.json()["active"], true);
        assert_eq!(desk.get("/Practitioner/P1/_history/5").await.status, 410);
        let history = desk.get("/Practitioner/P1/_history?_count=3").await.json();
        let methods: Vec<&str> = history["entry"]
            .as_array()
            .expect("entries")
            .iter()
            .map(|entry| entry["request"]["method"].as_str().expect("one"))
            .collect();
        assert_eq!(methods, ["DELETE", "PUT", "PUT"]);
        assert!(history["entry"][0].get("resource").is_none());
        assert_eq!(history["entry"][1]["response"]["etag"], "W/\"4\"");
        let next = history["link"][1]["url"].as_str().expect("a next page").to_owned();
        assert_eq!(desk.get(&next).await.json()["entry"].as_array().map(Vec::len), Some(2));
        // It comes back under its id, with the versions before.
        assert_eq!(desk.put(&martha()).await.header("etag"), "W/\"6\"");
    }
}

#[tokio::test]
async fn a_create_has_an_id_of_ours_and_happens_once_where_a_condition_says_so() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let mut new = martha();
        new["identifier"] = json!([{ "system": "http://moh/id", "value": "7" }]);
        let created = desk.send(Method::POST, "/Practitioner", &new).await;
        let id = created.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!((created.status.as_u16(), id.as_str() == "P1"), (201, false));
        let again = |condition: &'static str| {
            let request = desk.ask(Method::POST, "/Practitioner").header("if-none-exist", condition);
            request.header("content-type", "application/fhir+json").body(new.to_string())
        };
        let same = got(again("identifier=http://moh/id|7")).await;
        assert_eq!((same.status.as_u16(), same.json()["id"].as_str()), (200, Some(id.as_str())));
        assert_eq!(got(again("identifier=http://moh/id|8")).await.status, 201);
        let several = got(again("active=true")).await;
        assert_eq!(several.status, 412, "{}", several.text);
        assert_eq!(several.issue().0, "multiple-matches");
        // A condition in the place of the id changes the one that it finds.
        new["identifier"][0]["value"] = json!("9");
        new.as_object_mut().expect("an object").remove("id");
        let made = desk.send(Method::PUT, "/Practitioner?identifier=http://moh/id|9", &new).await;
        assert_eq!(made.status, 201, "{}", made.text);
        new["active"] = json!(false);
        let changed = desk.send(Method::PUT, "/Practitioner?identifier=http%3A%2F%2Fmoh%2Fid%7C9", &new).await;
        assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "W/\"2\""));
    }
}

#[tokio::test]
async fn what_comes_back_is_as_the_client_prefers() {
    let desk = Desk::new(engines()[0]).await;
    let put = |prefer: &'static str| {
        let request = desk.ask(Method::PUT, "/Practitioner/P1").header("prefer", prefer);
        request.header("content-type", "application/fhir+json").body(martha().to_string())
    };
    let minimal = got(put("return=minimal")).await;
    assert_eq!((minimal.status.as_u16(), minimal.text.as_str(), minimal.header("etag")), (201, "", "W/\"1\""));
    let outcome = got(put("return=OperationOutcome")).await;
    assert!(outcome.issue().1.contains("favouriteColour"), "{}", outcome.text);
    let xml = got(desk.ask(Method::GET, "/Practitioner/P1").header("accept", "application/fhir+xml")).await;
    assert_eq!(xml.header("content-type"), "application/fhir+xml; charset=utf-8");
    assert!(xml.text.starts_with("<Practitioner xmlns=\"http://hl7.org/fhir\"><id value=\"P1\"/>"), "{}", xml.text);
    let request = desk.ask(Method::PUT, "/Location/1").header("content-type", "application/fhir+xml");
    let location =
        got(request.body(r#"<Location xmlns="http://hl7.org/fhir"><id value="1"/><name value="Zorzor"/></Location>"#))
            .await;
    assert_eq!(location.json()["name"], "Zorzor", "{}", location.text);
    let short = desk.get("/Practitioner/P1?_elements=name&_pretty=true").await;
    assert!(short.text.contains("\n") && short.json().get("telecom").is_none());
    assert_eq!(short.json()["meta"]["tag"][0]["code"], "SUBSETTED");
    let metadata = desk.get("/metadata").await.json();
    assert_eq!((&metadata["fhirVersion"], &metadata["kind"]), (&json!("4.0.1"), &json!("instance")));
    assert_eq!(mhero_fhir::check(&metadata, mhero_fhir::Limits { issues: 10, ..mhero_fhir::Limits::default() }), []);
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let desk = Desk::new(engines()[0]).await;
    desk.put(&martha()).await;
    let client = reqwest::Client::new();
    let url = format!("{}/Practitioner/P1", desk.base);
    let nobody = got(client.get(&url)).await;
    assert_eq!((nobody.status.as_u16(), nobody.issue().0.as_str()), (401, "login"));
    assert!(nobody.header("www-authenticate").starts_with("Basic"));
    assert_eq!(got(client.get(&url).bearer_auth("mh_wrong")).await.status, 401);
    assert_eq!(got(client.get(&url).basic_auth("anybody", Some(&desk.token))).await.status, 200);
    assert_eq!(got(client.get(&url).header("authorization", format!("Token {}", desk.token))).await.status, 200);
    assert_eq!(got(client.get(format!("{}/metadata", desk.base))).await.status, 200, "anybody may ask what it can do");
    // Who reads all writes nothing, and the audit log is not for an integrator.
    let auditor = desk.token_of(Role::Auditor).await;
    assert_eq!(got(client.get(&url).bearer_auth(&auditor)).await.status, 200);
    let put = client.put(&url).bearer_auth(&auditor).header("content-type", "application/fhir+json");
    let refused = got(put.body(martha().to_string())).await;
    assert_eq!((refused.status.as_u16(), refused.issue().0.as_str()), (403, "forbidden"));
    assert_eq!(desk.get("/AuditEvent").await.status, 403);
    assert_eq!(desk.get("/_history").await.status, 403);
}
