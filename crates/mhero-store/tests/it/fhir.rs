//! What the FHIR server holds, on both engines: versions, conditions, pages, and who sees what.

use mhero_core::Scope;
use mhero_fhir::search::{Parameters, Query, keys};
use mhero_store::{FhirPage, HistoryOf, NewFhir, Queue, StoreError, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Bench;

const BASE: &str = "http://localhost/fhir";

fn all() -> Scope {
    Scope::system()
}

async fn put(bench: &Bench, resource: &Value, at: i64) -> Uuid {
    let (kind, id) = (resource["resourceType"].as_str().expect("a kind"), resource["id"].as_str().expect("an id"));
    let body = resource.to_string();
    let found = keys(Parameters::r4(), resource, BASE);
    let new =
        NewFhir { kind, id, person: None, is_public: false, body: &body, keys: &found, programme: None, author: None };
    let mut unit = Unit::new();
    let key = match bench.store.fhir_standing((kind, id)).await.expect("a standing") {
        Some((key, version, _)) => {
            unit.change_fhir(key, version, &new, at);
            key
        }
        None => {
            let key = bench.store.mint().uuid();
            unit.add_fhir(key, &new, at);
            key
        }
    };
    bench.store.write(unit, Queue::Interactive).await.expect("it is written");
    key
}

async fn found(bench: &Bench, kind: &str, asked: &str) -> Vec<String> {
    let pairs: Vec<(&str, &str)> = asked.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let asked = Query::read(Parameters::r4(), kind, pairs.iter().copied(), BASE);
    assert!(asked.refused.is_empty(), "{:?}", asked.refused);
    let mut snapshot = bench.store.snapshot().await.expect("a snapshot");
    let now = 1_800_000_000_000_000;
    let count = snapshot.count_fhir(&all(), &asked.query, now).await.expect("a count");
    let (mut ids, mut page): (Vec<String>, Option<FhirPage>) = (Vec::new(), None);
    loop {
        // Pages of two: each search is also one of turning them.
        let some = snapshot.search_fhir(&all(), &asked.query, page.as_ref(), (2, now)).await.expect("a search");
        ids.extend(some.resources.into_iter().map(|resource| resource.id));
        match some.next {
            Some(next) => page = Some(next),
            None => break,
        }
    }
    assert_eq!(count, i64::try_from(ids.len()).expect("few"), "{asked:?}");
    ids
}

fn people() -> Vec<Value> {
    let person = |id: &str, family: &str, phone: &str, gender: &str, birth: &str| {
        json!({ "resourceType": "Practitioner", "id": id, "gender": gender, "birthDate": birth,
            "identifier": [{ "system": "http://moh/id", "value": format!("N{id}") }],
            "name": [{ "family": family, "given": ["Martha"] }],
            "telecom": [{ "system": "phone", "value": phone }],
            "communication": [{ "coding": [{ "system": "urn:ietf:bcp:47", "code": "fr", "display": "Français" }] }] })
    };
    let role = |id: &str, person: &str, location: &str, start: &str, end: Option<&str>| {
        let mut role = json!({ "resourceType": "PractitionerRole", "id": id, "active": end.is_none(),
            "practitioner": { "reference": format!("Practitioner/{person}") },
            "location": [{ "reference": format!("Location/{location}") }], "period": { "start": start } });
        if let Some(end) = end {
            role["period"]["end"] = json!(end);
        }
        role
    };
    vec![
        person("1", "Kollie", "+231770000001", "female", "1984"),
        person("2", "Kollié", "+231770000002", "female", "1990-05"),
        person("3", "Flomo", "+231770000003", "male", "1970-01-01"),
        role("r1", "1", "L1", "2020", None),
        role("r2", "2", "L2", "2019", Some("2021-06-30")),
        role("r3", "3", "L1", "2024-02-01", None),
        json!({ "resourceType": "Location", "id": "L1", "name": "Fissebu Clinic", "partOf": { "reference": "Location/D" } }),
        json!({ "resourceType": "Location", "id": "L2", "name": "Zorzor 50% Post" }),
        json!({ "resourceType": "Location", "id": "D", "name": "Zorzor", "status": "active" }),
    ]
}

async fn conditions(bench: &Bench) {
    for (at, resource) in (0..).zip(people()) {
        put(bench, &resource, 1_000_000 * at).await;
    }
    for (kind, asked, expected) in [
        ("Practitioner", "", "1 2 3"),
        ("Practitioner", "name=kollie", "1 2"),
        ("Practitioner", "name:exact=Kollié", "2"),
        ("Practitioner", "name:contains=LLI", "1 2"),
        ("Practitioner", "name=martha%20flo", ""),
        ("Practitioner", "name=martha flo", "3"),
        ("Practitioner", "family=flo,kollie&gender=female", "1 2"),
        ("Practitioner", "identifier=N3", "3"),
        ("Practitioner", "identifier=http://moh/id|N3", "3"),
        ("Practitioner", "identifier=|N3", ""),
        ("Practitioner", "identifier=http://moh/id|", "1 2 3"),
        ("Practitioner", "phone=+231770000002", "2"),
        ("Practitioner", "gender:not=female", "3"),
        ("Practitioner", "communication:text=franc", "1 2 3"),
        ("Practitioner", "address:missing=true", "1 2 3"),
        ("Practitioner", "address:missing=false", ""),
        ("Practitioner", "_id:missing=true", ""),
        ("Practitioner", "_lastUpdated:missing=false", "1 2 3"),
        ("Practitioner", "_id=3,1", "1 3"),
        ("Practitioner", "_lastUpdated=gt1970-01-01T00:00:01Z", "3"),
        ("Practitioner", "_lastUpdated=le1970-01-01T00:00:01Z", "1 2"),
        ("Practitioner", "_sort=-family,_id", "1 2 3"),
        ("Practitioner", "_sort=family,-_id", "3 2 1"),
        ("Practitioner", "_sort=-_lastUpdated", "3 2 1"),
        ("Practitioner", "_sort=-_id", "3 2 1"),
        ("PractitionerRole", "practitioner=Practitioner/1", "r1"),
        ("PractitionerRole", "practitioner=2", "r2"),
        ("PractitionerRole", "practitioner=Group/2", ""),
        ("PractitionerRole", "practitioner.name=kol", "r1 r2"),
        ("PractitionerRole", "location.partof.name=zor", "r1 r3"),
        ("PractitionerRole", "location:Location.name:contains=50%", "r2"),
        ("PractitionerRole", "date=ge2022", "r1 r3"),
        ("PractitionerRole", "date=lt2020", "r2"),
        ("PractitionerRole", "date=eb2022", "r2"),
        ("PractitionerRole", "date=sa2023", "r3"),
        ("PractitionerRole", "active=true&_sort=-date", "r3 r1"),
        ("Practitioner", "_has:PractitionerRole:practitioner:location=Location/L1", "1 3"),
        ("Practitioner", "_has:PractitionerRole:practitioner:location.name=zorzor", "2"),
        ("Location", "name:contains=_", ""),
        ("Location", "status=active", "D"),
    ] {
        assert_eq!(found(bench, kind, asked).await.join(" "), expected, "{kind}?{asked}");
    }
    let mut snapshot = bench.store.snapshot().await.expect("a snapshot");
    let to = [("Practitioner".to_owned(), "1".to_owned()), ("Practitioner".to_owned(), "3".to_owned())];
    let roles = snapshot.fhir_referring(&all(), ("PractitionerRole", "practitioner"), &to, 10).await.expect("roles");
    assert_eq!(roles.iter().map(|role| role.id.as_str()).collect::<Vec<_>>(), ["r1", "r3"]);
    let ids = ["D".to_owned(), "none".to_owned()];
    assert_eq!(snapshot.fhir_by_ids(&all(), "Location", &ids).await.expect("places").len(), 1);
}

async fn versions(bench: &Bench) {
    let basic = |text: &str| json!({ "resourceType": "Basic", "id": "b", "code": { "text": text } });
    let key = put(bench, &basic("one"), 10).await;
    put(bench, &basic("two"), 20).await;
    put(bench, &json!({ "resourceType": "Group", "id": "g" }), 25).await;
    // Who has an older version in hand writes nothing.
    let mut late = Unit::new();
    late.delete_fhir(key, 1, 30);
    assert!(matches!(bench.store.write(late, Queue::Interactive).await, Err(StoreError::Guard { .. })));
    let mut unit = Unit::new();
    unit.delete_fhir(key, 2, 30);
    bench.store.write(unit, Queue::Interactive).await.expect("it goes");
    let gone = bench.store.fhir_resource(&all(), ("Basic", "b")).await.expect("a read").expect("it was there");
    assert!(gone.is_deleted && gone.version == 3 && gone.body.is_empty());
    assert_eq!(found(bench, "Basic", "code:text=two").await, Vec::<String>::new());
    let first = bench.store.fhir_version(&all(), ("Basic", "b"), 1).await.expect("a read").expect("it is kept");
    assert!(first.body.contains("one"), "{}", first.body);
    let history = async |of: HistoryOf<'_>| -> Vec<(String, i64, String)> {
        let versions = bench.store.fhir_history(&all(), &of).await.expect("a history");
        versions.into_iter().map(|version| (version.id, version.version, version.method)).collect()
    };
    let said = |list: &[(&str, i64, &str)]| -> Vec<(String, i64, String)> {
        list.iter().map(|(id, version, method)| ((*id).to_owned(), *version, (*method).to_owned())).collect()
    };
    let of = HistoryOf { kind: Some("Basic"), id: Some("b"), limit: 10, ..HistoryOf::default() };
    assert_eq!(history(of).await, said(&[("b", 3, "DELETE"), ("b", 2, "PUT"), ("b", 1, "POST")]));
    assert_eq!(history(HistoryOf { id: None, since: 20, limit: 1, ..of }).await, said(&[("b", 3, "DELETE")]));
    let whole = HistoryOf { limit: 10, ..HistoryOf::default() };
    assert_eq!(history(whole).await, said(&[("b", 3, "DELETE"), ("g", 1, "POST"), ("b", 2, "PUT"), ("b", 1, "POST")]));
    let feed = bench.store.fhir_versions_since(0, 10).await.expect("a feed");
    assert!(feed.windows(2).all(|two| two[0].entry < two[1].entry) && feed.len() == 4);
    assert_eq!(history(HistoryOf { before: Some(feed[2].entry), ..whole }).await.len(), 2);
    // What was gone comes back under its id.
    put(bench, &basic("three"), 40).await;
    assert_eq!(found(bench, "Basic", "code:text=three").await, ["b"]);
}

#[tokio::test]
async fn conditions_find_what_they_say_on_sqlite() {
    conditions(&Bench::sqlite().await).await;
}

#[tokio::test]
async fn conditions_find_what_they_say_on_postgresql() {
    if let Some(bench) = Bench::postgres().await {
        conditions(&bench).await;
    }
}

#[tokio::test]
async fn versions_are_kept_in_order_on_sqlite() {
    versions(&Bench::sqlite().await).await;
}

#[tokio::test]
async fn versions_are_kept_in_order_on_postgresql() {
    if let Some(bench) = Bench::postgres().await {
        versions(&bench).await;
    }
}
