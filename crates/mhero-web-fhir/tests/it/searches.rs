//! Searches, with what comes along.

use reqwest::Method;
use serde_json::json;

use super::desk::{Desk, engines, got};

async fn filled(desk: &Desk) {
    for resource in [
        json!({ "resourceType": "Location", "id": "D", "name": "Zorzor", "status": "active" }),
        json!({ "resourceType": "Location", "id": "L1", "name": "Fissebu", "partOf": { "reference": "Location/D" } }),
        json!({ "resourceType": "Location", "id": "L2", "name": "Salayea", "partOf": { "reference": "Location/D" } }),
        json!({ "resourceType": "Practitioner", "id": "1", "name": [{ "family": "Kollie" }] }),
        json!({ "resourceType": "Practitioner", "id": "2", "name": [{ "family": "Flomo" }] }),
        json!({ "resourceType": "PractitionerRole", "id": "r1", "practitioner": { "reference": "Practitioner/1" },
            "location": [{ "reference": "Location/L1" }] }),
        json!({ "resourceType": "PractitionerRole", "id": "r2", "practitioner": { "reference": format!("{}/Practitioner/2", desk.base) },
            "location": [{ "reference": "Location/L2" }] }),
    ] {
        let put = desk.put(&resource).await;
        assert_eq!(put.status, 201, "{}", put.text);
    }
}

#[tokio::test]
async fn searches_page_and_bring_along_what_belongs_to_them() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        filled(&desk).await;
        for (asked, expected) in [
            ("Location?_count=2", "D L1 L2"),
            ("Location?_count=1&_sort=-name", "D L2 L1"),
            ("Practitioner?name=kol", "1"),
            ("PractitionerRole?_include=PractitionerRole:practitioner", "r1 r2 +1 +2"),
            (
                "PractitionerRole?_id=r1&_include=PractitionerRole:location&_include:iterate=Location:partof",
                "r1 +L1 +D",
            ),
            ("PractitionerRole?_id=r1&_include=PractitionerRole:*", "r1 +L1 +1"),
            ("Practitioner?_id=2&_revinclude=PractitionerRole:practitioner", "2 +r2"),
            ("PractitionerRole?practitioner.name=flomo", "r2"),
            ("PractitionerRole?location.partof=Location/D&_count=1", "r1 r2"),
        ] {
            assert_eq!(desk.found(asked).await.join(" "), expected, "{engine:?} {asked}");
        }
        let first = desk.get("/Location?_count=2&name:contains=a&_format=json").await.json();
        assert_eq!((first["type"].as_str(), first["total"].as_i64()), (Some("searchset"), Some(1)));
        assert_eq!(first["link"][0]["url"], format!("{}/Location?_count=2&name:contains=a&_format=json", desk.base));
        assert_eq!(first["entry"][0]["fullUrl"], format!("{}/Location/L2", desk.base));
        let count = desk.get("/Location?_summary=count").await.json();
        assert_eq!((count["total"].as_i64(), count.get("entry")), (Some(3), None));
        // As fhirpy asks for the total.
        assert_eq!(desk.get("/Location?_count=0&_totalMethod=count").await.json()["total"], 3);
        assert!(desk.get("/Location?_total=none").await.json().get("total").is_none());
        let form =
            desk.ask(Method::POST, "/Location/_search").header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(got(form.body("name=fiss&_count=5")).await.json()["entry"][0]["resource"]["id"], "L1");
        let since = desk.get("/Location/_history?_since=2026-05-14T09:00:00Z").await.json();
        assert_eq!(since["entry"].as_array().map(Vec::len), Some(3));
        assert_eq!(desk.get("/Location/_history?_since=2026-05-14T09:00:01Z").await.json().get("entry"), None);
    }
}

#[tokio::test]
async fn what_is_not_known_is_said_and_never_ignored() {
    let desk = Desk::new(engines()[0]).await;
    filled(&desk).await;
    let refused = desk.get("/Practitioner?cadre=nurse").await;
    assert_eq!(refused.status, 400);
    assert!(refused.issue().1.contains("cadre=nurse"), "{}", refused.text);
    let told =
        got(desk.ask(Method::GET, "/Practitioner?cadre=nurse&name=kol").header("prefer", "handling=lenient")).await;
    let json = told.json();
    assert_eq!(json["link"][0]["url"], format!("{}/Practitioner?name=kol", desk.base));
    let outcome = json["entry"].as_array().expect("entries").last().expect("one");
    assert_eq!(
        (&outcome["search"]["mode"], &outcome["resource"]["resourceType"]),
        (&json!("outcome"), &json!("OperationOutcome"))
    );
    // What is wrong rather than unknown is refused all the same.
    let wrong = got(desk.ask(Method::GET, "/PractitionerRole?date=soon").header("prefer", "handling=lenient")).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn who_is_narrowed_reaches_no_further_by_a_form_or_a_condition_either() {
    let mut desk = Desk::new(engines()[0]).await;
    filled(&desk).await;
    let base = desk.narrowed().await;
    let desk = &desk;
    let form = async |form: &'static str| {
        let ask = desk.ask(Method::POST, &format!("{base}/Practitioner/_search"));
        got(ask.header("content-type", "application/x-www-form-urlencoded").body(form)).await
    };
    assert_eq!(form("name=kol").await.json()["total"], 1);
    for far in [
        "name=kol&_revinclude=PractitionerRole:practitioner",
        "_has:PractitionerRole:practitioner:location=Location/L1",
    ] {
        let told = form(far).await;
        assert_eq!((told.status.as_u16(), told.issue().0.as_str()), (403, "forbidden"), "{far}: {}", told.text);
    }
    let new = json!({ "resourceType": "PractitionerRole", "practitioner": { "reference": "Practitioner/1" } });
    let create =
        desk.ask(Method::POST, &format!("{base}/PractitionerRole")).header("content-type", "application/fhir+json");
    let told = got(create.header("if-none-exist", "practitioner:Practitioner.name=kol").body(new.to_string())).await;
    assert_eq!(told.status, 403, "{}", told.text);
}
