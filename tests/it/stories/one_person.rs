//! S28: the registry of the ministry and that of the community health workers have 120 people in common.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use mhero_app::Caller;
use mhero_core::PersonId;
use mhero_store::Engine;
use mhero_testkit::{Asked, Reply, Site};
use serde_json::{Value, json};

use super::{Browser, Peer, World};

/// People in both registries, and in all.
const BOTH: usize = 120;
const HR: usize = 150;
const ALL: usize = 170;
const GIVEN: [&str; 12] =
    ["Martha", "Fatu", "James", "Aissata", "Mamadou", "Ruth", "Prince", "Hawa", "Joseph", "Kebbeh", "Sekou", "Musu"];
const FAMILY: [&str; 20] = [
    "Kollie", "Kpanna", "Sumo", "Flomo", "Diallo", "Weah", "Zaza", "Karnley", "Tokpa", "Barry", "Camara", "Mulbah",
    "Gbowee", "Sirleaf", "Dolo", "Kamara", "Toure", "Yekeh", "Bah", "Conteh",
];

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_two_registries_gets_one_message_on_sqlite() {
    story(Engine::Sqlite, "s28-sqlite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_two_registries_gets_one_message_on_postgresql() {
    story(Engine::Postgres, "s28-postgresql").await;
}

/// The given and family names, day of birth, number and national id of somebody; every other has the id in both registries.
fn worker(n: usize) -> (&'static str, &'static str, String, String, Option<String>) {
    let birth = format!("{}-{:02}-{:02}", 1960 + n % 37, 1 + n % 12, 1 + (n * 5) % 28);
    let national = n.is_multiple_of(2).then(|| format!("NAT-{n:06}"));
    (GIVEN[n % 12], FAMILY[(n / 12 + n * 7) % 20], birth, format!("+23177{:07}", 100_000 + n), national)
}

/// The ministry's records.
fn ministry() -> Vec<Value> {
    let mut all = vec![json!({
        "resourceType": "Location", "id": "lola", "status": "active", "name": "Lola",
        "meta": {"profile": ["http://ihris.org/fhir/StructureDefinition/ihris-district"]},
        "identifier": [{"system": "http://moh.example/places", "value": "GN-LOLA"}],
    })];
    for n in 0..HR {
        let (given, family, birth, phone, national) = worker(n);
        let national = national.map(|value| json!([{"system": "http://id.example/national", "value": value}]));
        all.push(json!({
            "resourceType": "Practitioner", "id": format!("hr-{n}"), "active": true, "birthDate": birth,
            "identifier": national.unwrap_or_else(|| json!([{"system": "http://moh.example/payroll", "value": format!("{n}")}])),
            "name": [{"family": family, "given": [given]}], "telecom": [{"system": "phone", "value": phone}],
        }));
        all.push(json!({
            "resourceType": "PractitionerRole", "id": format!("hr-role-{n}"), "active": true,
            "practitioner": {"reference": format!("Practitioner/hr-{n}")}, "location": [{"reference": "Location/lola"}],
        }));
    }
    all
}

/// The register of community health workers: names the other way about and in capitals where there is no id.
fn community() -> String {
    let place = "<facility entityID=\"urn:uuid:lola\"><otherID code=\"GN-LOLA\" assigningAuthorityName=\"http://moh.example/places\"/>\
                 <primaryName>Lola</primaryName><record created=\"2026-11-01T08:00:00Z\" updated=\"2026-11-01T08:00:00Z\" status=\"106-001\"/></facility>";
    let mut people = String::new();
    for n in (0..BOTH).chain(HR..ALL) {
        let (given, family, birth, phone, national) = worker(n);
        let name = match &national {
            Some(_) => format!("{given} {family}"),
            None => format!("{} {}", family.to_uppercase(), given.to_uppercase()),
        };
        let other = national.map_or_else(String::new, |value| {
            format!("<otherID code=\"{value}\" assigningAuthorityName=\"http://id.example/national\"/>")
        });
        people += &format!(
            "<provider entityID=\"urn:uuid:chw-{n}\">{other}<demographic><name><commonName>{name}</commonName></name>\
             <contactPoint><codedType code=\"BP\" codingScheme=\"urn:ihe:iti:csd:2013:contactPoint\">{phone}</codedType></contactPoint>\
             <dateOfBirth>{birth}</dateOfBirth></demographic><languages><language code=\"fr\" codingScheme=\"ietf\">French</language></languages>\
             <facilities><facility entityID=\"urn:uuid:lola\"/></facilities>\
             <record created=\"2026-11-01T08:00:00Z\" updated=\"2026-11-02T08:00:00Z\" status=\"106-001\"/></provider>"
        );
    }
    format!(
        "<CSD xmlns=\"urn:ihe:iti:csd:2013\"><organizationDirectory/><serviceDirectory/><facilityDirectory>{place}</facilityDirectory>\
         <providerDirectory>{people}</providerDirectory></CSD>"
    )
}

/// A directory that answers ITI-74 with all it has.
fn directory() -> (Site, Arc<Mutex<String>>) {
    let document = Arc::new(Mutex::new(community()));
    let held = Arc::clone(&document);
    let answer = move |asked: &Asked| {
        if asked.path != "/CSD/getUpdatedServices/Chw/get" {
            return Reply::new(404, "text/plain", "No such document");
        }
        let inner = held.lock().expect("whole").clone();
        let body = format!(
            "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>\
             <c:getModificationsResponse xmlns:c=\"urn:ihe:iti:csd:2013\">{inner}</c:getModificationsResponse></s:Body></s:Envelope>"
        );
        Reply::new(200, "application/soap+xml", body)
    };
    (Site::start(answer), document)
}

async fn story(engine: Engine, name: &str) {
    let (Some(peer), Some(world)) = (Peer::new(name), World::new(engine).await) else { return };
    peer.put(&ministry()).await;
    let (site, document) = directory();
    let browser = world.admin().await;
    let types = ("types", "Location,Practitioner,PractitionerRole");
    let hr = browser.add_source("fhir", "hr", peer.url(), &[types, ("overlap", "0")]).await;
    let chw = browser.add_source("openinfoman", "chw", &site.url(), &[("document", "Chw"), ("overlap", "0")]).await;
    for (source, name) in [(&hr, "hr"), (&chw, "chw")] {
        let before = world.status(name).await;
        browser.press(source, &[("do", "run")]).await;
        let read = world.ran(name, &before).await;
        assert!(read.succeeded_at.is_some(), "{:?}", read.reason);
    }
    let all = i64::try_from(ALL).expect("few");
    world.until("120 joined", async || (world.people("place = Lola").await == (all, all)).then_some(())).await;
    browser.get("/links").await.must_have("0");

    one_message_each(&world, &browser).await;
    owners(&world, &browser, &chw).await;
    let person = wrongly_joined(&world, &browser).await;
    across_sectors(&world, &browser).await;
    // Neither registry joins them again.
    let changed = document.lock().expect("whole").replace("2026-11-02T08:00:00Z", "2026-11-03T08:00:00Z");
    *document.lock().expect("whole") = changed;
    world.pass(SignedDuration::from_mins(1));
    for (source, name) in [(&hr, "hr"), (&chw, "chw")] {
        let before = world.status(name).await;
        browser.press(source, &[("do", "run")]).await;
        world.ran(name, &before).await;
    }
    assert_eq!(world.people("place = Lola").await.0, all + 1);
    assert!(!browser.get(&format!("/people/{person}")).await.body.contains(&format!("/people/{person}/links/")));
}

async fn find(world: &World, id: &str) -> PersonId {
    world.app.find_person(&Caller::system(), id).await.expect("somebody")
}

async fn one_message_each(world: &World, browser: &Browser<'_>) {
    let draft = browser.get("/send").await.all_between("action=\"/send/", "\"").remove(0);
    let text = "One Health alert: dead bats reported in Ganta area.";
    let counted = ALL.to_string();
    let fields = [
        ("do", "send"),
        ("q", "place = Lola"),
        ("text-eng", text),
        ("text-fra", text),
        ("name", "Bats"),
        ("counted", &counted),
    ];
    let sent = browser.press(&format!("/send/{draft}"), &fields).await;
    sent.must_have("Sending starts in");
    world.pass(SignedDuration::from_secs(61));
    let path = browser.get("/broadcasts").await.all_between("href=\"/broadcasts/", "\"").remove(0);
    world
        .until("all delivered", async || {
            let page = browser.get(&format!("/broadcasts/{path}")).await;
            page.text().contains(&format!("The handset confirmed it {ALL} people")).then_some(())
        })
        .await;
    let mut phones = BTreeSet::new();
    for n in 0..ALL {
        let (.., phone, _) = worker(n);
        let got = world.got(&phone).await;
        assert_eq!(got.iter().filter(|got| got.contains("dead bats")).count(), 1, "{n}: {got:?}");
        phones.insert(phone);
    }
    assert_eq!(phones.len(), ALL);
}

/// The ministry's name counts, until somebody says that the other registry owns a field.
async fn owners(world: &World, browser: &Browser<'_>, chw: &str) {
    let person = find(world, "hr-7").await;
    assert_eq!(find(world, "urn:uuid:chw-7").await, person);
    let (given, family, ..) = worker(7);
    let page = browser.get(&format!("/people/{person}")).await;
    page.must_have(&format!("{given} {family}")).must_have("hr").must_have("chw");
    browser.press(&format!("{chw}/owners"), &[("own", "name")]).await;
    let turned = format!("{} {}", family.to_uppercase(), given.to_uppercase());
    world
        .until("the other name", async || {
            browser.get(&format!("/people/{person}")).await.text().contains(&turned).then_some(())
        })
        .await;
    browser.press(&format!("{chw}/owners"), &[("other", "")]).await;
    world
        .until("the name of before", async || {
            browser.get(&format!("/people/{person}")).await.text().contains(&format!("{given} {family}")).then_some(())
        })
        .await;
}

/// One by the same national id, one by number and name, both with their reasons; the latter was wrong, and is taken back.
async fn wrongly_joined(world: &World, browser: &Browser<'_>) -> PersonId {
    let by_id = find(world, "hr-8").await;
    assert_eq!(find(world, "urn:uuid:chw-8").await, by_id);
    let page = browser.get(&format!("/people/{by_id}")).await;
    page.must_have("hr").must_have("chw");
    let person = find(world, "hr-9").await;
    assert_eq!(find(world, "urn:uuid:chw-9").await, person);
    let page = browser.get(&format!("/people/{person}")).await;
    eprintln!("why: {}", page.text().split("Joined").nth(1).unwrap_or_default().chars().take(300).collect::<String>());
    let link = page.all_between(&format!("action=\"/people/{person}/links/"), "\"").remove(0);
    browser.press(&format!("/people/{person}/links/{link}"), &[]).await;
    let other = world
        .until("two again", async || {
            let other = find(world, "urn:uuid:chw-9").await;
            (other != person).then_some(other)
        })
        .await;
    let (given, family, ..) = worker(9);
    browser.get(&format!("/people/{person}")).await.must_have(&format!("{given} {family}"));
    browser.get(&format!("/people/{other}")).await.must_have(&family.to_uppercase());
    let all = i64::try_from(ALL).expect("few");
    assert_eq!(world.people("place = Lola").await, (all + 1, all + 1));
    person
}

/// Ten who look after animals, from a list of their own.
fn veterinary() -> String {
    let row = |n: usize| format!("V{n},Vet{n} Sangare,+23177{:07}\n", 900_000 + n);
    format!("id,name,phone\n{}", (0..10).map(row).collect::<String>())
}

/// A group of two sectors: the owner of the veterinary list decides whether messages of others reach its people.
async fn across_sectors(world: &World, browser: &Browser<'_>) {
    let vet = browser.add_source("files", "vet", "", &[]).await;
    let brought = browser.bring("/people/import", &[("source", "vet"), ("new", "")], ("vet.csv", &veterinary())).await;
    browser.press(&brought.to, &[("do", "confirm")]).await;
    assert_eq!(world.people("source = vet").await, (10, 10));
    let query = "source = vet OR (place = Lola AND name ~ Kpanna)";
    let fields = [("do", "save"), ("kind", "query"), ("name", "One Health"), ("q", query)];
    browser.press("/audiences/new", &fields).await.must_have("One Health");
    let all = world.people("group = \"One Health\"").await.0;
    let vets = |got: &[Vec<String>], words: &str| {
        got.iter().map(|got| got.iter().filter(|text| text.contains(words)).count()).collect::<Vec<_>>()
    };
    let phones: Vec<String> = (0..10).map(|n| format!("+23177{:07}", 900_000 + n)).collect();
    let got = async || {
        let mut got = Vec::new();
        for phone in &phones {
            got.push(world.got(phone).await);
        }
        got
    };

    // They do not agree: the others get it, and the page says who was left out and why.
    browser.press(&format!("{vet}/consent"), &[("others", "no"), ("programme", "")]).await;
    let (name, why) = ("Bats again", "Their registry does not let others write to them");
    sent(world, browser, (name, "One Health: report sick animals."), all - 10).await.must_have(why);
    assert_eq!(vets(&got().await, "sick animals"), [0; 10]);
    // They agree: everybody gets it once.
    browser.press(&format!("{vet}/consent"), &[("others", "yes"), ("programme", "")]).await;
    sent(world, browser, ("Bats once more", "One Health: text PROBLEM."), all).await;
    assert_eq!(vets(&got().await, "PROBLEM"), [1; 10]);
    browser.get("/audit").await.must_have("said whether others may write to the people of a registry");
}

/// Sends to the group of both sectors; the page of what became of it, once everybody has it.
async fn sent(world: &World, browser: &Browser<'_>, (name, text): (&str, &str), reached: i64) -> super::Page {
    let draft = browser.get("/send").await.all_between("action=\"/send/", "\"").remove(0);
    let counted = reached.to_string();
    let fields = [
        ("do", "send"),
        ("q", "group = \"One Health\""),
        ("text-eng", text),
        ("text-fra", text),
        ("name", name),
        ("counted", &counted),
    ];
    browser.press(&format!("/send/{draft}"), &fields).await.must_have("Sending starts in");
    world.pass(SignedDuration::from_secs(61));
    let path = browser.get("/broadcasts").await.all_between("href=\"/broadcasts/", "\"").remove(0);
    world
        .until(&format!("{name} delivered"), async || {
            let page = browser.get(&format!("/broadcasts/{path}")).await;
            page.text().contains(&format!("The handset confirmed it {reached} people")).then_some(page)
        })
        .await
}
