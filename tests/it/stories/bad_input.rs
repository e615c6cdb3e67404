//! A registry whose records are wrong in every way, one that leads its readers in circles, one that minds no parameter, and a file
//! that wants to grow: all bounded, all told where the administrator looks, and nothing known is lost.

use jiff::SignedDuration;
use mhero_app::{Caller, sync::SourceStatus};
use mhero_store::Engine;
use serde_json::{Value, json};

use super::{Browser, Gate, Mood, Page, Peer, World};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_and_nothing_known_is_lost_on_sqlite() {
    story(Engine::Sqlite, "bad-sqlite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_and_nothing_known_is_lost_on_postgresql() {
    story(Engine::Postgres, "bad-postgresql").await;
}

fn practitioner(id: &str, more: &Value) -> Value {
    let mut resource = json!({
        "resourceType": "Practitioner", "id": id, "active": true, "name": [{"family": "Kollie", "given": [format!("Worker {id}")]}],
    });
    for (key, value) in more.as_object().expect("members") {
        resource[key] = value.clone();
    }
    resource
}

fn location(id: &str, above: &str) -> Value {
    json!({
        "resourceType": "Location", "id": id, "status": "active", "name": format!("County {id}"),
        "partOf": {"reference": format!("Location/{above}")},
    })
}

/// What a registry should not hold.
fn wrong() -> Vec<Value> {
    let payroll = json!([{"system": "http://moh.example/payroll", "value": "7"}]);
    let role = |id: &str, person: &str, place: &str| {
        json!({
            "resourceType": "PractitionerRole", "id": id, "active": true, "code": [{"text": "Nurse"}],
            "practitioner": {"reference": format!("Practitioner/{person}")}, "location": [{"reference": format!("Location/{place}")}],
        })
    };
    vec![
        practitioner(
            "profile",
            &json!({"meta": {"profile": ["http://ihris.org/fhir/StructureDefinition/ihris-facility"]}}),
        ),
        practitioner("one", &json!({"identifier": payroll})),
        practitioner("same", &json!({"identifier": payroll})),
        practitioner("future", &json!({"birthDate": "2031-05-06"})),
        practitioner("long", &json!({"name": [{"text": "é".repeat(300)}]})),
        practitioner("number", &json!({"telecom": [{"system": "phone", "value": "12"}]})),
        location("a", "b"),
        location("b", "c"),
        location("c", "a"),
        location("lost", "nowhere"),
        role("no-person", "nobody", "a"),
        role("no-place", "one", "nowhere"),
    ]
}

async fn story(engine: Engine, name: &str) {
    let (Some(peer), Some(world)) = (Peer::new(name), World::new(engine).await) else { return };
    peer.put(&wrong()).await;
    let gate = Gate::before(peer.url());
    let browser = world.admin().await;
    let types = "Location,Practitioner,PractitionerRole";
    let settings = [("types", types), ("overlap", "0"), ("page", "10"), ("history", "no")];
    let source = browser.add_source("fhir", "hr", &gate.url(&peer.path()), &settings).await;
    let (read, run) = run(&world, &browser, &source).await;
    assert!(read.succeeded_at.is_some(), "{:?}", read.reason);
    assert_eq!(world.people("*").await.0, 6, "whatever is wrong with them, they are people");
    let told = run.text();
    for words in [
        "can't lie below",
        "Longer than 200",
        "This is no valid number here",
        "share the identifier 7",
        "has not come yet",
    ] {
        assert!(told.contains(words), "no {words:?} in {told}");
    }
    // What refers to something that is not there is listed, and counted.
    for words in ["3 waiting", "What waits for something", "County lost"] {
        assert!(told.contains(words), "no {words:?} in {told}");
    }
    ever_the_same_page(&world, &browser, (&peer, &gate, &source)).await;
    minds_no_parameter(&world, &browser, (&peer, &gate, &source)).await;
    a_file_that_grows(&world, &browser).await;
}

/// One run by hand: how the source stands after it, and the run's page.
async fn run(world: &World, browser: &Browser<'_>, source: &str) -> (SourceStatus, Page) {
    world.pass(SignedDuration::from_mins(1));
    let before = world.status("hr").await;
    browser.press(source, &[("do", "run")]).await;
    let status = world.ran("hr", &before).await;
    let href = browser.get(source).await.all_between("href=\"/settings/sources/runs/", "\"").remove(0);
    (status, browser.get(&format!("/settings/sources/runs/{href}")).await)
}

/// Every page says that another follows, and it is always the same.
async fn ever_the_same_page(world: &World, browser: &Browser<'_>, (peer, gate, source): (&Peer, &Gate, &str)) {
    let more: Vec<_> = (0..30).map(|n| practitioner(&format!("more-{n}"), &json!({}))).collect();
    peer.put(&more).await;
    gate.set(Mood::Circles);
    let (status, page) = run(world, browser, source).await;
    let came = gate.set(Mood::Open);
    assert!(came < 60, "{came} requests");
    assert!(status.reason.is_some() && status.failures == 1, "it is told as a failure");
    page.must_have("Failed");
    browser.get("/").await.must_have("Failing");
    assert!(world.people("*").await.0 >= 6, "who was known is known");
    let (status, _) = run(world, browser, source).await;
    assert!(status.reason.is_none() && status.failures == 0, "{:?}", status.reason);
    assert_eq!(world.people("*").await.0, 36);
}

/// A server that answers everything whatever is asked for is read whole, with a remark, and nobody is lost or doubled.
async fn minds_no_parameter(world: &World, browser: &Browser<'_>, (peer, gate, source): (&Peer, &Gate, &str)) {
    peer.put(&[practitioner("more-7", &json!({"name": [{"family": "Sesay", "given": ["Ama"]}]}))]).await;
    gate.set(Mood::Ignores);
    let (status, page) = run(world, browser, source).await;
    gate.set(Mood::Open);
    assert!(status.reason.is_none(), "{:?}", status.reason);
    page.must_have("_lastUpdated").must_have("1 changed");
    assert_eq!(world.people("*").await.0, 36);
    assert_eq!(world.people("name ~ Sesay").await.0, 1);
}

/// An XML file with entities that multiply, and one that only says that it is CSD.
async fn a_file_that_grows(world: &World, browser: &Browser<'_>) {
    let entities: String =
        (1..10).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect();
    let bomb = format!(
        "<!DOCTYPE CSD [<!ENTITY e0 \"ha\">{entities}]><CSD xmlns=\"urn:ihe:iti:csd:2013\"><providerDirectory>&e9;</providerDirectory></CSD>"
    );
    let runs = async || world.app.sync_runs(&Caller::system(), None, 100).await.expect("runs").len();
    let before = (world.people("*").await, runs().await);
    let refused = browser.bring("/people/import", &[("source", ""), ("new", "csd")], ("bomb.xml", &bomb)).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    refused.must_have("document type");
    assert_eq!((world.people("*").await, runs().await), before);
}
