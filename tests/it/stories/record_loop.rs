//! S23 and S25: workers check their records by SMS; an official decides; the registry is written to with evidence, and never over
//! what somebody changed there meanwhile.

use jiff::SignedDuration;
use mhero_app::Caller;
use mhero_store::Engine;
use serde_json::{Value, json};

use super::{Browser, Gate, Page, Peer, World};

/// Who moved, who is somebody else, who says nothing.
const MARY: &str = "+231770000001";
const JAMES: &str = "+231770000002";
const RUTH: &str = "+231770000003";
/// Where a decision can no longer be taken back.
const AFTER_DECISION: SignedDuration = SignedDuration::from_secs(31);

#[tokio::test(flavor = "multi_thread")]
async fn answers_reach_the_registry_with_evidence_and_overwrite_nothing_on_sqlite() {
    story(Engine::Sqlite, "s25-sqlite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_reach_the_registry_with_evidence_and_overwrite_nothing_on_postgresql() {
    story(Engine::Postgres, "s25-postgresql").await;
}

/// Clinics, and workers at the first of them.
pub(super) fn registry(workers: &[(&str, &str, &str)]) -> Vec<Value> {
    let profile = json!({"profile": ["http://ihris.org/fhir/StructureDefinition/ihris-facility"]});
    let clinic = |(id, name): (&str, &str)| {
        json!({
            "resourceType": "Location", "id": id, "meta": profile, "status": "active", "name": name,
            "identifier": [{"system": "http://moh.example/mfl", "value": id}],
        })
    };
    let clinics = [("1041", "Fissebu Clinic"), ("1042", "Borkeza Clinic"), ("1043", "Zolowo Clinic")];
    let mut all: Vec<Value> = clinics.map(clinic).into();
    for (id, name, phone) in workers {
        let (given, family) = name.split_once(' ').expect("two names");
        all.push(json!({
            "resourceType": "Practitioner", "id": id, "active": true, "gender": "female",
            "identifier": [{"system": "http://moh.example/payroll", "value": format!("PAY-{id}-7731")}],
            "name": [{"family": family, "given": [given]}], "telecom": [{"system": "phone", "value": phone}],
            "communication": [{"coding": [{"system": "urn:ietf:bcp:47", "code": "en"}]}],
        }));
        all.push(json!({
            "resourceType": "PractitionerRole", "id": format!("r-{id}"), "active": true,
            "practitioner": {"reference": format!("Practitioner/{id}")},
            "location": [{"reference": "Location/1041"}], "code": [{"text": "Midwife"}],
        }));
    }
    all
}

/// The source `hr` behind a gate, read once; returns its page.
pub(super) async fn read_hr(world: &World, browser: &Browser<'_>, (peer, gate): (&Peer, &Gate)) -> String {
    let reports = world.app.load_library(&Caller::system()).await.expect("the library");
    assert!(reports.iter().all(|(_, report)| report.refused().next().is_none()));
    let types = "Location,Practitioner,PractitionerRole";
    let source = browser.add_source("fhir", "hr", &gate.url(&peer.path()), &[("types", types), ("overlap", "0")]).await;
    let before = world.status("hr").await;
    browser.press(&source, &[("do", "run")]).await;
    let read = world.ran("hr", &before).await;
    assert!(read.succeeded_at.is_some(), "{:?}", read.reason);
    source
}

async fn story(engine: Engine, name: &str) {
    let (Some(peer), Some(world)) = (Peer::new(name), World::new(engine).await) else { return };
    let people = [("p1", "Mary Kollie", MARY), ("p2", "James Flomo", JAMES), ("p3", "Ruth Sumo", RUTH)];
    peer.put(&registry(&people)).await;
    let gate = Gate::before(peer.url());
    let browser = world.admin().await;
    let source = read_hr(&world, &browser, (&peer, &gate)).await;
    assert_eq!(world.people("facility = \"Fissebu Clinic\"").await.0, 3);

    check(&world, &browser).await;
    let queue = browser.get("/changes").await;
    decided_in_bulk(&world, &browser, &queue, (&peer, &gate)).await;
    told_and_objected(&world, &browser, &peer).await;
    conflict(&world, &browser, (&peer, &source)).await;
}

/// The check goes to all three; each answers in their own way.
async fn check(world: &World, browser: &Browser<'_>) {
    let flow = world.app.find_flow(&Caller::system(), "Staff check").await.expect("the flow").id;
    let once = uuid::Uuid::now_v7().to_string();
    let fields = [("do", "start"), ("q", "facility = \"Fissebu Clinic\""), ("lane", "normal"), ("once", &once)];
    browser.press(&format!("/flows/{flow}/start"), &fields).await;
    for phone in [MARY, JAMES, RUTH] {
        let asked = world.gets(phone, "MOH staff check").await;
        assert!(asked.contains("1 yes, 2 yes but moved, 3 not me"), "{asked}");
    }
    assert!(world.got(MARY).await[0].contains("Mary K.,"), "{:?}", world.got(MARY).await);
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
    browser.write(JAMES, "3").await;
    world.gets(JAMES, "We mark this number as wrong").await;
    // Ruth is silent, is reminded, and confirms nothing by that.
    world.pass(SignedDuration::from_hours(25));
    browser.come_back().await;
    world.gets(RUTH, "still open").await;
    let person = async |number: &str| {
        let found = world.app.find_person(&Caller::system(), number).await.expect("a person");
        browser.get(&format!("/people/{found}")).await
    };
    world.until("Mary's number confirmed", async || person("p1").await.text().contains("Verified").then_some(())).await;
    assert!(!person("p3").await.text().contains("Verified"), "silence is no yes: {}", person("p3").await.text());
    assert_eq!(world.people("name ~ \"James Flomo\"").await, (1, 0), "nobody writes to a number of somebody else");
    // Whole family names and the numbers by which the payroll knows people leave in no text.
    for phone in [MARY, JAMES, RUTH] {
        for text in world.got(phone).await {
            assert!(!text.contains("PAY-") && !text.contains("7731") && !text.contains("Kollie"), "{text}");
        }
    }
}

/// The rows of the queue: what stands in each.
fn rows(page: &Page) -> Vec<String> {
    page.all_between("<li class=\"diff", "</li>")
        .iter()
        .map(|row| super::browser::plain(&format!("<li {row}")))
        .collect()
}

async fn decided_in_bulk(world: &World, browser: &Browser<'_>, queue: &Page, (peer, gate): (&Peer, &Gate)) {
    let shown = rows(queue);
    assert_eq!(shown.len(), 3, "{shown:?}");
    for (old, new, evidence) in [
        ("Fissebu Clinic", "Borkeza Clinic", "Borkeza Clinic"),
        ("Midwife", "Nurse", "1"),
        ("", "0770 ••• 099", "0770000099"),
    ] {
        let row = shown.iter().find(|row| row.contains(new)).unwrap_or_else(|| panic!("no {new} in {shown:?}"));
        assert!(row.contains("Mary Kollie") && row.contains(old) && row.contains("% sure"), "{row}");
        assert!(row.contains(evidence) || new.contains('•'), "the SMS stands beside it: {row}");
    }
    let ids = queue.all_between("name=\"id\" value=\"", "\"");
    let mut fields: Vec<_> = ids.iter().map(|id| ("id", id.as_str())).collect();
    fields.extend([("do", "accept"), ("s", "")]);
    browser.press("/changes", &fields).await.must_have("3");
    assert_eq!(peer.get("/PractitionerRole/r-p1").await["location"][0]["reference"], "Location/1041");
    world.pass(AFTER_DECISION);
    let role = world
        .until("the registry written to", async || {
            let role = peer.get("/PractitionerRole/r-p1").await;
            let is_there = role["location"][0]["reference"] == "Location/1042" && role.to_string().contains("Nurse");
            is_there.then_some(role)
        })
        .await;
    assert_eq!(role["practitioner"]["reference"], "Practitioner/p1", "nothing else is touched");
    world
        .until("her second number", async || {
            let telecom = peer.get("/Practitioner/p1").await["telecom"].to_string();
            (telecom.contains("231770000099") && telecom.contains("231770000001")).then_some(())
        })
        .await;
    // Each write said which version it changes, and left its evidence beside.
    let asked = gate.asked();
    let writes: Vec<_> = asked.iter().filter(|asked| asked.method == "PUT").collect();
    assert_eq!(writes.len(), 3);
    assert!(writes.iter().all(|write| write.header("if-match").is_some_and(|tag| tag.starts_with("W/\""))));
    let evidence = world
        .until("its evidence", async || {
            let found = peer.search("/Provenance?_count=50").await;
            (found.len() == 3).then_some(found)
        })
        .await;
    let targets: Vec<_> = evidence.iter().filter_map(|one| one["target"][0]["reference"].as_str()).collect();
    assert!(targets.iter().all(|target| target.contains("p1") && target.contains("/_history/")), "{targets:?}");
    let at = |one: &Value| one["recorded"].as_str().is_some_and(|at| at.starts_with("2026-11-2"));
    assert!(evidence.iter().all(|one| at(one) && one["agent"][0].is_object()), "{evidence:?}");
    // Staffing per facility follows.
    world
        .until("her clinic here", async || (world.people("facility = \"Borkeza Clinic\"").await.0 == 1).then_some(()))
        .await;
    assert_eq!(world.people("facility = \"Fissebu Clinic\"").await.0, 2);
}

/// She is told of each change, and objects to one week's changes with one word.
async fn told_and_objected(world: &World, browser: &Browser<'_>, peer: &Peer) {
    let told = world.gets(MARY, "Facility: Borkeza Clinic").await;
    assert!(told.contains("reply OBJECT within 7 days"), "{told}");
    world.pass(SignedDuration::from_hours(24));
    browser.come_back().await;
    browser.write(MARY, "OBJECT").await;
    world.gets(MARY, "The change is looked at again").await;
    let queue = world
        .until("the former values proposed", async || {
            let queue = browser.get("/changes").await;
            rows(&queue).iter().any(|row| row.contains("Fissebu Clinic")).then_some(queue)
        })
        .await;
    // An official leaves everything as it is.
    let ids = queue.all_between("name=\"id\" value=\"", "\"");
    let mut fields: Vec<_> = ids.iter().map(|id| ("id", id.as_str())).collect();
    fields.extend([("do", "reject"), ("s", "")]);
    browser.press("/changes", &fields).await;
    world.pass(AFTER_DECISION);
    assert_eq!(peer.get("/PractitionerRole/r-p1").await["location"][0]["reference"], "Location/1042");
}

/// Somebody edits the registry between an answer and the decision about it.
async fn conflict(world: &World, browser: &Browser<'_>, (peer, _source): (&Peer, &str)) {
    let ruth = world.app.find_person(&Caller::system(), "p3").await.expect("Ruth");
    let fields = [("field", "facility"), ("value", "Borkeza Clinic")];
    browser.press(&format!("/people/{ruth}/changes"), &fields).await;
    let mut role = peer.get("/PractitionerRole/r-p3").await;
    role["location"][0]["reference"] = "Location/1043".into();
    peer.put(&[role]).await;
    let queue = browser.get("/changes").await;
    let id = queue.all_between("name=\"id\" value=\"", "\"").remove(0);
    browser.press("/changes", &[("one", &format!("accept:{id}"))]).await;
    world.pass(AFTER_DECISION);
    let shown = world
        .until("a conflict", async || {
            let page = browser.get("/changes?s=conflict").await;
            (!rows(&page).is_empty()).then_some(page)
        })
        .await;
    shown.must_have("The registry changed meanwhile").must_have("Zolowo Clinic");
    assert_eq!(peer.get("/PractitionerRole/r-p3").await["location"][0]["reference"], "Location/1043");
    let provenance = peer.search("/Provenance?_count=50").await;
    assert_eq!(provenance.len(), 3, "nothing was written");
    // The official keeps what the registry has now.
    let id = shown.all_between("name=\"one\" value=\"reject:", "\"").remove(0);
    browser.press("/changes", &[("one", &format!("reject:{id}")), ("s", "conflict")]).await;
    world.pass(AFTER_DECISION);
    assert_eq!(peer.get("/PractitionerRole/r-p3").await["location"][0]["reference"], "Location/1043");
    world
        .until("Ruth where the registry has her", async || {
            (world.people("facility = \"Zolowo Clinic\"").await.0 == 1).then_some(())
        })
        .await;
}
