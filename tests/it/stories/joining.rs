//! S26: an unknown number asks to join; a supervisor vouches; the registry that owns the kind gets a record.

use jiff::SignedDuration;
use mhero_app::Caller;
use mhero_store::Engine;

use super::{Browser, Gate, Peer, World, record_loop};

/// The supervisor, a colleague, and two whom nobody knows.
const SUPERVISOR: &str = "+231770000002";
const MARY: &str = "+231770000001";
const JOSEPH: &str = "+231770000555";
const STRANGER: &str = "+231770000666";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_is_vouched_for_and_created_where_their_kind_belongs_on_sqlite() {
    story(Engine::Sqlite, "s26-sqlite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_is_vouched_for_and_created_where_their_kind_belongs_on_postgresql() {
    story(Engine::Postgres, "s26-postgresql").await;
}

async fn story(engine: Engine, name: &str) {
    let (Some(peer), Some(world)) = (Peer::new(name), World::new(engine).await) else { return };
    peer.put(&record_loop::registry(&[("p1", "Mary Kollie", MARY), ("p2", "Hawa Dolo", SUPERVISOR)])).await;
    let gate = Gate::before(peer.url());
    let browser = world.admin().await;
    let source = record_loop::read_hr(&world, &browser, (&peer, &gate)).await;
    let system = Caller::system();
    let groups = world.app.list_groups(&system).await.expect("groups");
    let approvers = groups.iter().find(|group| group.name == "Join approvers").expect("the group").group.id;
    let hawa = world.app.find_person(&system, "p2").await.expect("Hawa");
    world.app.add_person_to_group(&system, approvers, hawa).await.expect("added");

    let code = asks_to_join(&world, &browser, &peer).await;
    nobody_else_vouches(&world, &browser, &peer, &code).await;
    created(&world, &browser, (&peer, &source), &code).await;
    known_already(&world, &browser, &peer).await;
}

/// Returns the code that the supervisor is asked with.
async fn asks_to_join(world: &World, browser: &Browser<'_>, peer: &Peer) -> String {
    browser.write(JOSEPH, "JOIN Joseph Tarr nurse 1042").await;
    world.gets(JOSEPH, "Reply 1 if right").await;
    browser.write(JOSEPH, "1").await;
    world.gets(JOSEPH, "Your supervisor must confirm you").await;
    let asked = world.gets(SUPERVISOR, "Joseph Tarr").await;
    assert!(asked.contains("nurse") || asked.contains("Nurse"), "{asked}");
    let code = asked.split("APPROVE ").nth(1).and_then(|rest| rest.get(..4)).expect("a code").to_owned();
    browser.get("/changes/joins").await.must_have("Joseph Tarr").must_have(&code);
    assert_eq!(peer.search("/Practitioner").await.len(), 2, "nobody is created before somebody vouches");
    // Until then nothing reaches him but answers.
    assert_eq!(world.people("*").await.0, 2);
    code
}

async fn nobody_else_vouches(world: &World, browser: &Browser<'_>, peer: &Peer, code: &str) {
    for phone in [MARY, STRANGER, JOSEPH] {
        browser.write(phone, &format!("APPROVE {code}")).await;
    }
    let other = if code == "4711" { "4712" } else { "4711" };
    browser.write(SUPERVISOR, &format!("APPROVE {other}")).await;
    world.gets(SUPERVISOR, &format!("Nobody waits under {other}")).await;
    browser.get("/changes/joins").await.must_have("Joseph Tarr");
    assert_eq!(peer.search("/Practitioner").await.len(), 2);
}

async fn created(world: &World, browser: &Browser<'_>, (peer, source): (&Peer, &str), code: &str) {
    browser.write(SUPERVISOR, &format!("approve {code}")).await;
    world.gets(SUPERVISOR, "Joseph Tarr is confirmed").await;
    let role = world
        .until("a position of his", async || {
            let roles = peer.search("/PractitionerRole").await;
            roles.into_iter().find(|role| role["location"][0]["reference"] == "Location/1042")
        })
        .await;
    let path = role["practitioner"]["reference"].as_str().expect("a person");
    let joseph = peer.get(&format!("/{path}")).await;
    let text = joseph.to_string();
    assert!(text.contains("Joseph") && text.contains("Tarr") && text.contains("231770000555"), "{text}");
    assert!(role["code"].to_string().contains("urse"), "{role}");
    assert_eq!(peer.search("/Practitioner").await.len(), 3, "once");
    world.gets(JOSEPH, "You are confirmed").await;
    world.until("Joseph among the people", async || (world.people("*").await == (3, 3)).then_some(())).await;
    // His position comes with the next run.
    world.pass(SignedDuration::from_mins(1));
    let before = world.status("hr").await;
    browser.press(source, &[("do", "run")]).await;
    world.ran("hr", &before).await;
    assert_eq!(world.people("facility = \"Borkeza Clinic\"").await, (1, 1));
    browser.get("/changes/joins?s=created").await.must_have("Joseph Tarr");
}

/// Mary writes from a new phone: she is found by name and place, nobody is created, and only her number is proposed.
async fn known_already(world: &World, browser: &Browser<'_>, peer: &Peer) {
    browser.write(STRANGER, "JOIN Mary Kollie midwife 1041").await;
    world.gets(STRANGER, "Reply 1 if right").await;
    browser.write(STRANGER, "1").await;
    let asked = world.gets(SUPERVISOR, "Mary Kollie").await;
    let code = asked.split("APPROVE ").nth(1).and_then(|rest| rest.get(..4)).expect("a code").to_owned();
    browser.write(SUPERVISOR, &format!("APPROVE {code}")).await;
    world.gets(SUPERVISOR, "Mary Kollie is confirmed").await;
    browser.get("/changes/joins?s=matched").await.must_have("Mary Kollie");
    let queue = browser.get("/changes").await;
    queue.must_have("Mary Kollie").must_have("0770 ••• 666");
    assert_eq!(peer.search("/Practitioner").await.len(), 3);
    assert_eq!(world.people("*").await.0, 3);
}
