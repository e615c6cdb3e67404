//! S05: the HR system posts a CommunicationRequest that names a group and a flow. The flow starts for who is in the group then, of a list
//! as of a rule; the HR system reads how each of them stands; the same identifier starts nothing twice; and a group that goes takes no
//! history with it.

use jiff::SignedDuration;
use mhero_app::{Caller, groups::KeptBy};
use mhero_core::GroupId;
use mhero_store::Engine;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    World,
    neighbour::{Neighbour, said, survey},
    people::workers,
};

const QUESTION: (&str, &str) = (
    "MOH: is your licence number right? Reply 1 yes, 2 no.",
    "MSP: votre licence est-elle juste? Répondez 1 oui, 2 non.",
);

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_names_a_group_starts_its_flow_for_the_members_of_now_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_names_a_group_starts_its_flow_for_the_members_of_now_on_postgresql() {
    story(Engine::Postgres).await;
}

fn phone(n: usize) -> String {
    format!("+23177{n:07}")
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    workers(&world, 6).await;
    let system = Caller::system();
    let flow = world.app.save_flow(&system, &survey("Licence", QUESTION), "story").await.expect("a flow").id;
    let list = world.app.create_group(&system, "EPI-Bong", KeptBy::Hand(None)).await.expect("a list");
    world.app.add_to_group(&system, list, "phone = 0770000001 OR phone = 0770000002").await.expect("members");
    let rule = world.app.create_group(&system, "Francophones", KeptBy::Query("language = fra")).await.expect("a rule");
    let ihris = Neighbour::new(&world, "ihris").await;

    // Of a list: who is in it when the request comes.
    world
        .until("the list at /fhir", async || {
            let told = ihris.ask(Method::GET, &format!("/fhir/Group/{list}"), &[], None).await;
            (told.status == 200 && told.json["member"].as_array().is_some_and(|all| all.len() == 2)).then_some(())
        })
        .await;
    let asked = request("HR-1", list, &flow.to_string());
    let made = ihris.post("/fhir/CommunicationRequest", &asked).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let id = made.json["id"].as_str().expect("an id").to_owned();
    for (n, words) in [(1, QUESTION.0), (2, QUESTION.1)] {
        world.gets(&phone(n), words).await;
    }
    per_person(&world, &ihris, &id, 2).await;

    // The same again starts nothing, also when the list has grown.
    world.app.add_to_group(&system, list, "phone = 0770000003").await.expect("a member more");
    let again = ihris.post("/fhir/CommunicationRequest", &asked).await;
    assert_eq!((again.status, again.json["id"].as_str()), (200, Some(id.as_str())), "{}", again.json);
    world.pass(SignedDuration::from_mins(5));
    assert!(world.got(&phone(3)).await.is_empty(), "nothing was started twice");
    assert_eq!(world.got(&phone(1)).await.len(), 1);

    // Another identifier: the members of now, and of a rule whoever fulfils it.
    let second = ihris.post("/fhir/CommunicationRequest", &request("HR-2", list, &flow.to_string())).await;
    assert_eq!(second.status, 201, "{}", second.json);
    world.gets(&phone(3), QUESTION.0).await;
    let third = ihris.post("/fhir/CommunicationRequest", &request("HR-3", rule, &flow.to_string())).await;
    assert_eq!(third.status, 201, "{}", third.json);
    for n in [4, 6] {
        world.gets(&phone(n), QUESTION.1).await;
    }
    assert!(world.got(&phone(5)).await.is_empty(), "who reads English is not in the rule");
    archived(&world, &ihris, list).await;
}

fn request(value: &str, group: GroupId, flow: &str) -> Value {
    json!({
        "resourceType": "CommunicationRequest", "status": "active", "priority": "urgent",
        "identifier": [{ "system": "http://ihris.moh.example/requests", "value": value }],
        "payload": [{ "contentReference": { "reference": format!("Basic/{flow}") } }],
        "recipient": [{ "reference": format!("Group/{group}") }],
    })
}

/// The HR system reads, person by person, what was sent, that it arrived, and what was answered.
async fn per_person(world: &World, ihris: &Neighbour<'_>, id: &str, people: usize) {
    let asked = format!("/fhir/Communication?based-on=CommunicationRequest/{id}");
    let sent = world
        .until("each message has arrived", async || {
            let found = ihris.found(&asked).await;
            (found.len() == people && found.iter().all(|one| one["status"] == "completed")).then_some(found)
        })
        .await;
    let mut whom: Vec<&str> = sent.iter().filter_map(|one| one["recipient"][0]["reference"].as_str()).collect();
    whom.sort_unstable();
    assert_eq!(whom, ["Practitioner/W00001", "Practitioner/W00002"]);
    assert!(sent.iter().all(|one| one["sent"].is_string() && one["received"].is_string()), "{sent:?}");
    let admin = world.admin().await;
    admin.write(&phone(1), "1").await;
    let answers = world
        .until("the answer", async || {
            let found = ihris.found("/fhir/QuestionnaireResponse?subject=Practitioner/W00001").await;
            found.into_iter().find(|one| one["status"] == "completed")
        })
        .await;
    assert_eq!(answers["item"][0]["answer"][0]["valueString"], "1", "{answers}");
    let other = ihris.found("/fhir/QuestionnaireResponse?subject=Practitioner/W00002").await;
    assert_eq!(other[0]["status"], "in-progress", "{other:?}");
}

/// The HR system deletes the group: it is chosen no more, what was sent to it stays where it was.
async fn archived(world: &World, ihris: &Neighbour<'_>, list: GroupId) {
    let gone = ihris.ask(Method::DELETE, &format!("/fhir/Group/{list}"), &[], None).await;
    assert_eq!(gone.status, 204, "{}", gone.json);
    let system = Caller::system();
    let listed = world.app.list_groups(&system).await.expect("groups");
    assert!(listed.iter().all(|row| row.group.id != list || !row.group.active), "it is listed no more");
    let history = ihris.get(&format!("/fhir/Group/{list}/_history")).await;
    assert!(history["entry"].as_array().is_some_and(|all| all.len() >= 2), "{history}");
    let flow = ihris.found("/fhir/Basic?code=mHeroWorkflows").await;
    let flow = flow[0]["id"].as_str().expect("a flow").to_owned();
    let refused = ihris.post("/fhir/CommunicationRequest", &request("HR-4", list, &flow)).await;
    assert_eq!(refused.status, 400, "{}", refused.json);
    assert!(said(&refused.json).contains("Group/"), "{}", refused.json);
    let sent = ihris.found("/fhir/Communication?recipient=Practitioner/W00001").await;
    assert!(!sent.is_empty(), "what was sent to its members stays");
    let admin = world.admin().await;
    let person = world.app.find_person(&system, "W00001").await.expect("a person");
    admin.get(&format!("/people/{person}")).await.must_have(QUESTION.0);
}
