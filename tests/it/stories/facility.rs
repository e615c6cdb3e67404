//! S24: two of one clinic answer differently. Both answers are kept and shown, a third is asked, a reviewer decides, and the
//! registry that owns the clinic is written to.

use jiff::SignedDuration;
use mhero_app::Caller;
use mhero_store::Engine;
use serde_json::Value;

use super::{Browser, Gate, Page, Peer, World, browser::plain, record_loop};

/// Who answers, who answers otherwise, and who is asked then.
const MARY: &str = "+231770000001";
const JAMES: &str = "+231770000002";
const RUTH: &str = "+231770000003";
/// What the check asks first.
const ASKED: &str = "Is Fissebu Clinic open today?";
/// Where a decision can no longer be taken back.
const AFTER_DECISION: SignedDuration = SignedDuration::from_secs(31);

#[tokio::test(flavor = "multi_thread")]
async fn where_two_colleagues_differ_a_third_is_asked_and_a_reviewer_decides_on_sqlite() {
    story(Engine::Sqlite, "s24-sqlite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_two_colleagues_differ_a_third_is_asked_and_a_reviewer_decides_on_postgresql() {
    story(Engine::Postgres, "s24-postgresql").await;
}

async fn story(engine: Engine, name: &str) {
    let (Some(peer), Some(world)) = (Peer::new(name), World::new(engine).await) else { return };
    let people = [("p1", "Mary Kollie", MARY), ("p2", "James Flomo", JAMES), ("p3", "Ruth Sumo", RUTH)];
    peer.put(&record_loop::registry(&people)).await;
    let gate = Gate::before(peer.url());
    let browser = world.admin().await;
    record_loop::read_hr(&world, &browser, (&peer, &gate)).await;

    two_differ(&world, &browser).await;
    nothing_written(&world, &peer, &gate).await;
    a_third_answers(&world, &browser).await;
    nothing_written(&world, &peer, &gate).await;
    decided(&world, &browser, (&peer, &gate)).await;
    others_decided(&world, &browser, (&peer, &gate)).await;
    other_answers(&browser).await;
}

/// Writes texts on a phone, each once the one before is answered.
async fn says(world: &World, browser: &Browser<'_>, phone: &str, texts: &[&str]) {
    for text in texts {
        let before = world.got(phone).await.len();
        browser.write(phone, text).await;
        let what = format!("{text:?} of {phone} answered");
        world.until(&what, async || (world.got(phone).await.len() > before).then_some(())).await;
    }
}

/// The row of a field of the clinic: what a reader sees of it, and the id of the change.
fn row(page: &Page, field: &str) -> Option<(String, String)> {
    page.body.split("<li class=\"diff").skip(1).find_map(|row| {
        let text = plain(&format!("<li {row}"));
        let is_it = text.contains("Fissebu Clinic") && row.contains(&format!("<p class=\"s q\">{field}</p>"));
        let id = row.split("name=\"id\" value=\"").nth(1)?.split('"').next()?.to_owned();
        is_it.then_some((text, id))
    })
}

async fn queue(browser: &Browser<'_>) -> Page {
    browser.get("/changes").await
}

/// Mary says that the clinic is open, James that it is open in part; of the power they say the same.
async fn two_differ(world: &World, browser: &Browser<'_>) {
    says(world, browser, MARY, &["FACILITY", "1", "1", "1", "3"]).await;
    assert!(world.got(MARY).await[0].contains(ASKED), "{:?}", world.got(MARY).await);
    queue(browser).await.must_have("Nothing");
    says(world, browser, JAMES, &["FACILITY", "2", "1", "1", "2"]).await;
    let (shown, id) = world.until("the disagreement", async || row(&queue(browser).await, "Open")).await;
    for part in ["Mary Kollie", "Fully", "James Flomo", "Partly", "Colleagues differ", "A third of this facility"] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    // Nobody can accept it in bulk: one of the answers must be chosen.
    browser.press("/changes", &[("id", &id), ("do", "accept"), ("s", "")]).await;
    assert!(row(&queue(browser).await, "Open").is_some());
    let (power, _) = row(&queue(browser).await, "Power").expect("they agree on the power");
    assert!(power.contains("Grid") && power.contains("85"), "{power}");
    // A third colleague of the same clinic is asked, once.
    world.gets(RUTH, ASKED).await;
    for phone in [MARY, JAMES, RUTH] {
        let asked = world.got(phone).await.iter().filter(|text| text.contains(ASKED)).count();
        assert_eq!(asked, 1, "{phone}");
    }
}

async fn nothing_written(world: &World, peer: &Peer, gate: &Gate) {
    assert_eq!(peer.get("/Location/1041").await["extension"], Value::Null);
    assert!(gate.asked().iter().all(|asked| asked.method == "GET"), "nobody has decided");
    let page = world.app.search_places(&Caller::system(), "Fissebu", 5).await.expect("places");
    let page = world.app.place_page(&Caller::system(), page[0].place.id).await.expect("a page");
    assert!(page.values.is_empty(), "{:?}", page.values);
}

async fn a_third_answers(world: &World, browser: &Browser<'_>) {
    says(world, browser, RUTH, &["2", "1", "1", "3"]).await;
    let shown = world
        .until("three answers, weighed", async || {
            // An answer is shown as soon as it is stored, what it changes in the proposal after the next pass.
            let (shown, _) = row(&queue(browser).await, "Open")?;
            (shown.contains("Ruth Sumo") && shown.contains("Most of them say so")).then_some(shown)
        })
        .await;
    for part in ["Mary Kollie", "James Flomo", "Take: Fully", "Take: Partly"] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    assert_eq!(world.got(RUTH).await.iter().filter(|text| text.contains(ASKED)).count(), 1);
}

/// The reviewer takes one of the answers, and half a minute later the registry has it.
async fn decided(world: &World, browser: &Browser<'_>, (peer, gate): (&Peer, &Gate)) {
    let (_, id) = row(&queue(browser).await, "Open").expect("it waits");
    browser.press("/changes", &[("one", &format!("take:{id}:Partly"))]).await.must_have("1");
    assert_eq!(peer.get("/Location/1041").await["extension"], Value::Null, "it can still be taken back");
    world.pass(AFTER_DECISION);
    let clinic = world
        .until("the registry written to", async || {
            let clinic = peer.get("/Location/1041").await;
            clinic["extension"].is_array().then_some(clinic)
        })
        .await;
    let values = clinic["extension"].as_array().expect("values");
    assert_eq!(values.len(), 1, "{clinic}");
    assert!(values[0]["url"].as_str().is_some_and(|url| url.ends_with("/facility-open")), "{clinic}");
    assert_eq!((&values[0]["valueString"], &clinic["status"]), (&"Partly".into(), &"active".into()));
    assert_eq!(clinic["name"], "Fissebu Clinic", "nothing else is touched");
    let asked = gate.asked();
    let writes: Vec<_> = asked.iter().filter(|asked| asked.method == "PUT").collect();
    assert_eq!(writes.len(), 1);
    assert!(writes[0].header("if-match").is_some_and(|tag| tag.starts_with("W/\"")));
    let evidence = world
        .until("its evidence", async || {
            let found = peer.search("/Provenance?_count=50").await;
            (!found.is_empty()).then_some(found)
        })
        .await;
    let target = evidence[0]["target"][0]["reference"].as_str().unwrap_or_default();
    assert!(target.contains("Location/1041/_history/"), "{target}");
    let done = world
        .until("it is among those decided", async || {
            let page = browser.get("/changes?s=done").await;
            page.text().contains("Ruth Sumo").then_some(page)
        })
        .await;
    done.must_have("Mary Kollie").must_have("James Flomo").must_have("Fully").must_have("Partly");
}

/// The power is accepted, the water kept as it is; the page of the clinic says what is verified.
async fn others_decided(world: &World, browser: &Browser<'_>, (peer, gate): (&Peer, &Gate)) {
    let page = queue(browser).await;
    let (_, power) = row(&page, "Power").expect("it waits");
    let (_, water) = row(&page, "Clean water").or_else(|| row(&page, "Water")).expect("it waits");
    browser.press("/changes", &[("one", &format!("accept:{power}"))]).await;
    browser.press("/changes", &[("one", &format!("reject:{water}"))]).await;
    world.pass(AFTER_DECISION);
    world
        .until("the power written", async || {
            let clinic = peer.get("/Location/1041").await.to_string();
            (clinic.contains("facility-power") && clinic.contains("Grid")).then_some(())
        })
        .await;
    let clinic = peer.get("/Location/1041").await.to_string();
    assert!(clinic.contains("facility-open") && !clinic.contains("facility-water"), "{clinic}");
    assert_eq!(gate.asked().iter().filter(|asked| asked.method == "PUT").count(), 2);
    let found = world.app.search_places(&Caller::system(), "Fissebu", 5).await.expect("places");
    let path = format!("/places/{}", found[0].place.id);
    world
        .until("the power on the page of the clinic", async || {
            let shown = browser.get(&path).await;
            shown.must_have("Open Partly verified on 23 November 2026");
            shown.text().contains("Power Grid verified on 23 November 2026").then_some(())
        })
        .await;
}

/// An administrator says which answers of other flows correct records, too.
async fn other_answers(browser: &Browser<'_>) {
    let path = "/settings/sources/answers";
    for (wrong, why) in [
        ("Cold chain / fridges", "can’t be read"),
        ("Cold chain / Größe = fridges", "can’t be read"),
        ("hobby_said = hobby", "There is no field “hobby”"),
    ] {
        let refused = browser.post(path, &[("answers", wrong)]).await;
        assert_eq!(refused.status, 422, "{wrong}");
        refused.must_have(why).must_have(wrong);
    }
    let lines = "said_name = name\r\nCold chain / fridges = fridges:value\r\nFacility check / none";
    let saved = browser.press(path, &[("answers", lines)]).await;
    saved.must_have("said_name = name Cold chain / fridges = fridges:value Facility check / none");
    let emptied = browser.press(path, &[("answers", "")]).await;
    assert!(!emptied.text().contains("said_name"), "{}", emptied.text());
}
