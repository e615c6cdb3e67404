//! An HR system that mHero does not read writes its staff to /fhir by fhir-kit-client: they stand among the people of the console and
//! can be asked by SMS. What they say of themselves, once an official has accepted it, the HR system reads in the history.

use std::{path::Path, process::Stdio};

use jiff::SignedDuration;
use mhero_app::{Caller, NewToken};
use mhero_core::Role;
use mhero_store::Engine;
use mhero_testkit::{Peer as Program, require};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::{Browser, World, record_loop::registry};

/// Who moved, and has a second number.
const MARY: &str = "+231770000001";
/// Where a decision can no longer be taken back.
const AFTER_DECISION: SignedDuration = SignedDuration::from_secs(31);

#[tokio::test(flavor = "multi_thread")]
async fn staff_that_an_hr_system_posts_is_asked_and_its_word_comes_back_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_that_an_hr_system_posts_is_asked_and_its_word_comes_back_on_postgresql() {
    story(Engine::Postgres).await;
}

/// Posts resources as the HR system does.
async fn post(world: &World, token: &str, resources: &[Value]) -> Option<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let packages = folder.join("node_modules/fhir-kit-client").is_dir().then_some(());
    require(packages, "the packages of tests/peers (scripts/npm-install tests/peers)")?;
    let mut command = tokio::process::Command::new(Program::Node.find()?);
    command.current_dir(folder).arg("fhir-post.mjs").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut node = command.env("FHIR_BASE", world.url("/fhir")).env("FHIR_TOKEN", token).spawn().expect("node starts");
    let mut input = node.stdin.take().expect("its input");
    input.write_all(Value::from(resources.to_vec()).to_string().as_bytes()).await.expect("it reads");
    drop(input);
    let ended = node.wait_with_output().await.expect("it ends");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
    Some(())
}

/// The check of staff goes to her, and she answers.
async fn asked(world: &World, browser: &Browser<'_>, at_clinic: &str) {
    let flow = world.app.find_flow(&Caller::system(), "Staff check").await.expect("the flow").id;
    let once = uuid::Uuid::now_v7().to_string();
    let fields = [("do", "start"), ("q", at_clinic), ("lane", "normal"), ("once", &once)];
    browser.press(&format!("/flows/{flow}/start"), &fields).await;
    world.gets(MARY, "MOH staff check").await;
    for (text, answer) in [
        ("2", "Where do you work now"),
        ("Borkeza Clinic", "Your job"),
        ("1", "another number"),
        ("0770000099", "Noted: nurse, Borkeza Clinic"),
        ("1", "HR looks at your answers"),
    ] {
        browser.write(MARY, text).await;
        world.gets(MARY, answer).await;
    }
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    let reports = world.app.load_library(&Caller::system()).await.expect("the library");
    assert!(reports.iter().all(|(_, report)| report.refused().next().is_none()));
    let new = NewToken { name: "hr".to_owned(), role: Role::Integrator, place: None, programme: None };
    let token = world.app.create_token(&Caller::system(), new).await.expect("a token");
    if post(&world, &token, &registry(&[("p1", "Mary Kollie", MARY)])).await.is_none() {
        return;
    }
    let client = reqwest::Client::new();
    let get = async |path: &str| -> Value {
        let asked = client.get(world.url(&format!("/fhir{path}"))).bearer_auth(&token);
        asked.send().await.expect("an answer").json().await.expect("JSON")
    };

    // She stands among the people, at her clinic, and can be written to.
    let at_clinic = "facility = \"Fissebu Clinic\"";
    let named = "name ~ \"Mary Kollie\"";
    world.until("her among the people", async || (world.people(named).await == (1, 1)).then_some(())).await;
    world.until("her at her clinic", async || (world.people(at_clinic).await == (1, 1)).then_some(())).await;
    let browser = world.admin().await;
    let mary = world.app.find_person(&Caller::system(), "p1").await.expect("a person");
    browser.get(&format!("/people/{mary}")).await.must_have("fhir-hr");
    asked(&world, &browser, at_clinic).await;

    // An official accepts, and the HR system reads it where it reads everything that changed.
    let queue = world
        .until("what she said in the queue", async || {
            let queue = browser.get("/changes").await;
            (queue.all_between("name=\"id\" value=\"", "\"").len() == 3).then_some(queue)
        })
        .await;
    let ids = queue.all_between("name=\"id\" value=\"", "\"");
    let mut fields: Vec<_> = ids.iter().map(|id| ("id", id.as_str())).collect();
    fields.extend([("do", "accept"), ("s", "")]);
    browser.press("/changes", &fields).await;
    world.pass(AFTER_DECISION);
    world
        .until("her second number in the history", async || {
            let history = get("/Practitioner/_history?_since=2026-11-23T09:00:00Z").await;
            let newest = history["entry"][0]["resource"].clone();
            (newest["id"] == "p1" && newest["telecom"].to_string().contains("770000099")).then_some(())
        })
        .await;
    let role = world
        .until("her new clinic in the history", async || {
            let role = get("/PractitionerRole/r-p1").await;
            (role["location"][0]["reference"] == "Location/1042").then_some(role)
        })
        .await;
    assert_eq!(role["practitioner"], json!({ "reference": "Practitioner/p1" }));
    let history = get("/PractitionerRole/r-p1/_history").await;
    let first = history["entry"].as_array().and_then(|all| all.last()).expect("its first version");
    assert_eq!(first["resource"]["location"][0]["reference"], "Location/1041", "its own word stands in the history");
    world
        .until("her at the other clinic", async || {
            (world.people("facility = \"Borkeza Clinic\"").await.0 == 1).then_some(())
        })
        .await;
}
