//! S34: a FHIR client with which nothing was agreed. It reads what the server can do, looks people up, creates one where there is none,
//! has a message sent and reads what became of it; pages, times and errors are as R4 has them. The same run goes by the addresses and
//! profile names of the earlier mHero.

use jiff::SignedDuration;
use mhero_app::Caller;
use mhero_core::LangMap;
use mhero_store::Engine;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    World,
    neighbour::{Neighbour, said, valid},
    people::workers,
};

const PEOPLE: usize = 7;
const TEXT: &str = "MOH (sent from iHRIS): please confirm your licence number ends in 42. Reply 1 yes, 2 no.";
/// The profile of the earlier mHero, in one of its two spellings.
const OLD: &str = "http://mHero.org/fhir/StructureDefinition/mhero-communication-request";

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_agreement_finds_its_way_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_agreement_finds_its_way_on_postgresql() {
    story(Engine::Postgres).await;
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    workers(&world, PEOPLE).await;
    let client = Neighbour::new(&world, "anybody").await;
    statement(&client).await;
    world
        .until("the register at /fhir", async || {
            (client.found("/fhir/Practitioner").await.len() == PEOPLE).then_some(())
        })
        .await;
    searches(&world, &client).await;
    creates(&client).await;
    errors(&client).await;
    sends(&world, &client, ("/fhir", 1), None).await;
    sends(&world, &client, ("/emNutt/fhir", 2), Some(OLD)).await;
    words(&client).await;
    narrowed(&world, &client).await;
}

/// Nobody needs a token to read what the server can do.
async fn statement(client: &Neighbour<'_>) {
    let statement = client.get("/fhir/metadata").await;
    valid(&statement);
    assert_eq!((&statement["fhirVersion"], &statement["kind"]), (&json!("4.0.1"), &json!("instance")));
    let kinds = statement["rest"][0]["resource"].as_array().expect("kinds");
    let of = |kind: &str| kinds.iter().find(|one| one["type"] == kind).unwrap_or_else(|| panic!("{kind} is served"));
    for kind in [
        "Practitioner",
        "PractitionerRole",
        "Location",
        "Organization",
        "OrganizationAffiliation",
        "HealthcareService",
        "Group",
        "CommunicationRequest",
        "Communication",
        "Basic",
        "Questionnaire",
        "QuestionnaireResponse",
        "Subscription",
        "AuditEvent",
        "Provenance",
        "CodeSystem",
        "ValueSet",
    ] {
        let codes: Vec<&str> =
            of(kind)["interaction"].as_array().expect("some").iter().filter_map(|one| one["code"].as_str()).collect();
        assert!(codes.contains(&"read") && codes.contains(&"search-type"), "{kind}: {codes:?}");
    }
    assert_eq!(of("Practitioner")["conditionalCreate"], true);
    assert_eq!(of("ValueSet")["operation"][0]["name"], "expand");
    // What stands here from nobody but clients is said.
    let said = of("HealthcareService")["documentation"].as_str().expect("it is said");
    assert!(said.contains("As clients wrote it"), "{said}");
}

async fn searches(world: &World, client: &Neighbour<'_>) {
    let page = client.get("/fhir/Practitioner?_count=3&_total=accurate&_sort=_id").await;
    valid(&page);
    assert_eq!((&page["type"], &page["total"]), (&json!("searchset"), &json!(PEOPLE)));
    let mut ids: Vec<String> = client
        .found("/fhir/Practitioner?_count=3&_sort=_id")
        .await
        .iter()
        .filter_map(|one| one["id"].as_str().map(str::to_owned))
        .collect();
    ids.dedup();
    assert_eq!(ids.len(), PEOPLE, "each stands on one page: {ids:?}");
    let one = client.found("/fhir/Practitioner?phone=%2B231770000004").await;
    assert_eq!((one.len(), &one[0]["id"]), (1, &json!("W00004")));
    let by_id = client.found("/fhir/Practitioner?identifier=http://moh.example/payroll%7C5").await;
    assert_eq!(by_id[0]["id"], "W00005");
    // What was changed since a moment, and nothing before.
    let now = world.now();
    let since = |at: jiff::Timestamp| format!("/fhir/Practitioner?_lastUpdated=ge{at}");
    assert_eq!(client.found(&since(now - SignedDuration::from_hours(1))).await.len(), PEOPLE);
    assert!(client.found(&since(now + SignedDuration::from_hours(1))).await.is_empty());
}

/// A client that repeats itself makes nobody twice, and one with an old version in hand is told.
async fn creates(client: &Neighbour<'_>) {
    let nurse = json!({ "resourceType": "Practitioner", "active": true,
        "identifier": [{ "system": "http://licence.example", "value": "L-42" }],
        "name": [{ "use": "official", "family": "Barclay", "given": ["Ruth"] }] });
    let once = [("if-none-exist", "identifier=http://licence.example|L-42")];
    let first = client.ask(Method::POST, "/fhir/Practitioner", &once, Some(&nurse)).await;
    assert_eq!(first.status, 201, "{}", first.json);
    valid(&first.json);
    let id = first.json["id"].as_str().expect("an id").to_owned();
    assert!(first.location.ends_with(&format!("/fhir/Practitioner/{id}/_history/1")), "{}", first.location);
    let again = client.ask(Method::POST, "/fhir/Practitioner", &once, Some(&nurse)).await;
    assert_eq!((again.status, again.json["id"].as_str()), (200, Some(id.as_str())), "{}", again.json);
    let path = format!("/fhir/Practitioner/{id}");
    let stale = client.ask(Method::PUT, &path, &[("if-match", "W/\"99\"")], Some(&first.json)).await;
    assert_eq!(stale.status, 412, "{}", stale.json);
    assert!(said(&stale.json).contains("99"), "{}", stale.json);
    assert_eq!(first.tag, "W/\"1\"");
}

/// Whatever is wrong comes back as an OperationOutcome that says what and where.
async fn errors(client: &Neighbour<'_>) {
    let get = async |path: &str| client.ask(Method::GET, path, &[], None).await;
    for (path, status, words) in [
        ("/fhir/Practitioner/nobody", 404, "nobody"),
        ("/fhir/Appointment", 404, "Appointment"),
        ("/fhir/Practitioner?colour=blue", 400, "colour"),
        ("/fhir/Practitioner?_lastUpdated=soon", 400, "_lastUpdated"),
        ("/fhir/Practitioner?_page=x", 400, "_page"),
        ("/fhir/Practitioner/W00001/_history/77", 404, "77"),
    ] {
        let told = get(path).await;
        assert_eq!(told.status, status, "{path}: {}", told.json);
        assert!(said(&told.json).contains(words), "{path}: {}", told.json);
    }
    let wrong = json!({ "resourceType": "Practitioner", "gender": "purple", "birthDate": "soon" });
    let told = client.post("/fhir/Practitioner", &wrong).await;
    assert_eq!(told.status, 400);
    let places: Vec<&str> = told.json["issue"]
        .as_array()
        .expect("issues")
        .iter()
        .filter_map(|issue| issue["expression"][0].as_str())
        .collect();
    assert!(places.contains(&"Practitioner.gender") && places.contains(&"Practitioner.birthDate"), "{places:?}");
}

/// A message to two, by one of the two addresses; with the profile of the earlier mHero where `profile` says so.
async fn sends(world: &World, client: &Neighbour<'_>, (base, n): (&str, usize), profile: Option<&str>) {
    let whom = [format!("W{n:05}"), format!("W{:05}", n + 2)];
    let mut request = json!({
        "resourceType": "CommunicationRequest", "status": "active", "priority": "urgent",
        "identifier": [{ "system": "http://anybody.example/requests", "value": base }],
        "payload": [{ "contentString": TEXT }],
        "recipient": whom.iter().map(|id| json!({ "reference": format!("Practitioner/{id}") })).collect::<Vec<_>>(),
    });
    if let Some(profile) = profile {
        request["meta"] = json!({ "profile": [profile] });
    }
    let made = client.post(&format!("{base}/CommunicationRequest"), &request).await;
    // The earlier one answered with a word and an id of its own.
    let id = match profile {
        Some(_) => made.json["reqID"].as_str().expect("an id").to_owned(),
        None => {
            assert_eq!(made.status, 201, "{}", made.json);
            made.json["id"].as_str().expect("an id").to_owned()
        }
    };
    let asked = format!("{base}/Communication?based-on=CommunicationRequest/{id}");
    if profile.is_some() {
        // A refusal stands in the progress, as the earlier one told it.
        let ids = json!({ "parentReqId": "p", "childrenReqIDs": [id] }).to_string();
        let ids: String = ids.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let progress = client.get(&format!("{base}/getProgress?requestIDs={ids}")).await;
        assert_eq!(progress[0]["error"], Value::Null, "{progress}");
    }
    let told = world
        .until("both told", async || {
            let found = client.found(&asked).await;
            (found.len() == 2 && found.iter().all(|one| one["status"] == "completed")).then_some(found)
        })
        .await;
    for one in &told {
        assert_eq!(one["payload"][0]["contentString"], TEXT);
        assert!(one["sent"].is_string() && one["received"].is_string(), "{one}");
    }
    for id in &whom {
        let number = id.trim_start_matches('W').parse::<usize>().expect("a number");
        assert_eq!(world.got(&format!("+23177{number:07}")).await.len(), 1, "once on the phone of {id}");
    }
    // As the earlier one did, each recipient has a request of their own, for iHRIS's reports.
    let of_one = client.found(&format!("{base}/CommunicationRequest?based-on=CommunicationRequest/{id}")).await;
    assert_eq!(of_one.len(), if profile.is_some() { 2 } else { 0 }, "{of_one:?}");
}

/// Code systems and value sets are used as they are meant to be.
async fn words(client: &Neighbour<'_>) {
    let system = json!({ "resourceType": "CodeSystem", "id": "stock", "url": "http://anybody.example/stock", "status": "active",
        "content": "complete", "title": "Stock", "concept": [
            { "code": "gloves", "display": "Gloves", "designation": [{ "language": "fr", "value": "Gants" }] },
            { "code": "masks", "display": "Masks", "concept": [{ "code": "n95", "display": "Masks N95" }] },
            { "code": "soap", "display": "Soap" }] });
    let set = json!({ "resourceType": "ValueSet", "id": "worn", "url": "http://anybody.example/worn", "status": "active",
        "compose": { "include": [{ "system": "http://anybody.example/stock" }],
            "exclude": [{ "system": "http://anybody.example/stock", "concept": [{ "code": "soap" }] }] } });
    for resource in [&system, &set] {
        let path = format!("/fhir/{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
        assert_eq!(client.ask(Method::PUT, &path, &[], Some(resource)).await.status, 201);
    }
    let codes = |set: &Value| -> Vec<String> {
        let all = set["expansion"]["contains"].as_array().cloned().unwrap_or_default();
        all.iter().filter_map(|one| one["code"].as_str().map(str::to_owned)).collect()
    };
    let whole = client.get("/fhir/ValueSet/$expand?url=http://anybody.example/worn").await;
    valid(&whole);
    assert_eq!(
        (codes(&whole), &whole["expansion"]["total"]),
        (vec!["gloves".into(), "masks".into(), "n95".into()], &json!(3))
    );
    let some = client.get("/fhir/ValueSet/worn/$expand?filter=mas&count=1&offset=1").await;
    assert_eq!((codes(&some), &some["expansion"]["total"]), (vec!["n95".to_owned()], &json!(2)));
    let french = client.get("/fhir/ValueSet/worn/$expand?displayLanguage=fr&filter=gant").await;
    assert_eq!(french["expansion"]["contains"][0]["display"], "Gants");
    let sent = json!({ "resourceType": "Parameters", "parameter": [{ "name": "valueSet", "resource": { "resourceType": "ValueSet",
        "status": "active", "compose": { "include": [{ "system": "http://nowhere.example" }] } } }] });
    let unknown = client.post("/fhir/ValueSet/$expand", &sent).await;
    assert_eq!(unknown.status, 404, "{}", unknown.json);
    assert!(said(&unknown.json).contains("http://nowhere.example"));
    let asked = client.ask(Method::GET, "/fhir/ValueSet/worn/$expand?colour=red", &[], None).await;
    assert_eq!((asked.status, said(&asked.json).contains("colour")), (400, true));

    let parameter = |told: &Value, name: &str| -> Value {
        valid(told);
        let all = told["parameter"].as_array().cloned().unwrap_or_default();
        let one = all.into_iter().find(|one| one["name"] == name).unwrap_or_default();
        one.as_object()
            .and_then(|one| one.iter().find(|(key, _)| key.starts_with("value")))
            .map(|(_, v)| v.clone())
            .unwrap_or_default()
    };
    let looked = client.get("/fhir/CodeSystem/$lookup?system=http://anybody.example/stock&code=n95").await;
    assert_eq!(parameter(&looked, "display"), "Masks N95");
    for (query, is_it) in [
        ("code=gloves", true),
        ("code=soap", false),
        ("code=gloves&display=Gants", true),
        ("code=masks&display=Hats", false),
    ] {
        let told = client.get(&format!("/fhir/ValueSet/worn/$validate-code?{query}")).await;
        assert_eq!(parameter(&told, "result"), json!(is_it), "{query}: {told}");
    }
}

/// A client of one programme reads what that programme sends, and what it asked for itself; one of a place what it asked for itself.
async fn narrowed(world: &World, wide: &Neighbour<'_>) {
    let system = Caller::system();
    let of = async |code: &str| {
        world
            .app
            .add_programme(&system, code, LangMap::one(mhero_core::Lang::ENGLISH, code))
            .await
            .expect("a programme")
    };
    let (epi, malaria) = (of("EPI").await, of("MAL").await);
    let (epi, malaria) = (
        Neighbour::narrowed(world, "epi", (None, Some(epi))).await,
        Neighbour::narrowed(world, "malaria", (None, Some(malaria))).await,
    );
    let request = json!({
        "resourceType": "CommunicationRequest", "status": "active", "priority": "urgent",
        "payload": [{ "contentString": "EPI: vaccines come on Tuesday." }], "recipient": [{ "reference": "Practitioner/W00007" }],
    });
    let made = epi.post("/fhir/CommunicationRequest", &request).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let id = made.json["id"].as_str().expect("an id").to_owned();
    let asked = format!("/fhir/Communication?based-on=CommunicationRequest/{id}");
    let told = world
        .until("told", async || epi.found(&asked).await.into_iter().find(|one| one["status"] == "completed"))
        .await;
    let path = format!("/fhir/CommunicationRequest/{id}");
    let one = format!("/fhir/Communication/{}", told["id"].as_str().expect("an id"));
    for (who, sees) in [(wide, true), (&epi, true), (&malaria, false)] {
        let status = if sees { 200 } else { 404 };
        for path in [&path, &one] {
            assert_eq!(who.ask(Method::GET, path, &[], None).await.status, status, "{path}");
        }
        assert_eq!(who.found(&asked).await.len(), usize::from(sees));
        let history = who.get("/fhir/CommunicationRequest/_history").await.to_string();
        assert_eq!(history.contains(&id), sees);
    }
    // Groups are of the country: whoever sees all places sees them.
    assert_eq!(malaria.ask(Method::GET, "/fhir/Group", &[], None).await.status, 200);
}
