//! Who sees what: every address is asked as a district officer, and every form as those who may not.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use mhero_app::broadcasts::{Draft, Release};
use mhero_core::{Lane, Lang, Role};

use super::{
    conversations::asked,
    desk::{Browser, Desk, encoded, system},
};

/// Every address that can be opened; a test below compares this with the routes in the sources.
const OPENED: &[&str] = &[
    "/",
    "/account",
    "/account/second-factor",
    "/approvals",
    "/approvals/{number}",
    "/audiences",
    "/audiences/new",
    "/audiences/{id}",
    "/audit",
    "/broadcasts",
    "/broadcasts/{id}",
    "/broadcasts/{id}/approve",
    "/broadcasts/{id}/held",
    "/broadcasts/{id}/people",
    "/broadcasts/{id}/progress",
    "/broadcasts/{id}/short",
    "/calls",
    "/calls/{key}",
    "/campaigns",
    "/campaigns/new",
    "/campaigns/{id}",
    "/changes",
    "/changes/file",
    "/changes/joins",
    "/exchange",
    "/exchange/clients",
    "/exchange/dead",
    "/exchange/dhis2",
    "/exchange/dhis2/mappings/new",
    "/exchange/dhis2/mappings/{id}",
    "/exchange/webhooks",
    "/exchange/{id}",
    "/flows",
    "/flows/export",
    "/flows/import",
    "/flows/library",
    "/flows/library/{key}",
    "/flows/play",
    "/flows/{id}",
    "/flows/{id}/picture",
    "/flows/{id}/play",
    "/flows/{id}/results",
    "/flows/{id}/results/late",
    "/flows/{id}/results/people",
    "/flows/{id}/results/table.csv",
    "/flows/{id}/results/table.xlsx",
    "/flows/{id}/results/texts",
    "/flows/{id}/revisions",
    "/flows/{id}/start",
    "/flows/{id}/triggers",
    "/inbox",
    "/inbox/{id}",
    "/links",
    "/links/decided",
    "/messages/states",
    "/messages/{id}",
    "/numbers",
    "/numbers/reach",
    "/numbers/shared",
    "/people",
    "/people/find",
    "/people/import",
    "/people/import/{key}",
    "/people/import/{key}/rejected",
    "/people/runs/{run}/rejected",
    "/people/{id}",
    "/places",
    "/places/{id}",
    "/reconcile",
    "/reconcile/day.csv",
    "/reconcile/{bill}",
    "/reconcile/{bill}/differences.csv",
    "/send",
    "/send/{draft}",
    "/send/{draft}/count",
    "/settings",
    "/settings/approvals",
    "/settings/blocks",
    "/settings/budgets",
    "/settings/channels",
    "/settings/channels/new",
    "/settings/channels/prices",
    "/settings/channels/routes",
    "/settings/channels/{id}",
    "/settings/delivery",
    "/settings/programmes",
    "/settings/quiet-hours",
    "/settings/registries",
    "/settings/sign-in",
    "/settings/sources",
    "/settings/sources/new",
    "/settings/sources/runs/{run}",
    "/settings/sources/{id}",
    "/settings/sources/{id}/backend",
    "/settings/uncertain",
    "/settings/users",
    "/settings/users/{id}",
    "/settings/words",
    "/simulator",
    "/triggers",
    "/triggers/new",
    "/triggers/{id}",
    "/trust",
    "/uncertain",
];

/// Everything that can be pressed, with the fields it needs.
const PRESSED: &[(&str, &[(&str, &str)])] = &[
    ("/audiences/new", &[("do", "save"), ("name", "Mine"), ("q", "cadre = midwife")]),
    ("/audiences/{group}", &[("do", "delete")]),
    ("/campaigns/new", &[("name", "Mine"), ("group", "01900000-0000-7000-8000-000000000001")]),
    ("/campaigns/01900000-0000-7000-8000-000000000001", &[("do", "archive"), ("sure", "yes")]),
    ("/flows/01900000-0000-7000-8000-000000000001/results/follow", &[("do", "write"), ("which", "silent")]),
    (
        "/links",
        &[
            ("left", "01900000-0000-7000-8000-000000000001"),
            ("right", "01900000-0000-7000-8000-000000000002"),
            ("version", "1"),
            ("do", "same"),
        ],
    ),
    ("/changes", &[("do", "accept"), ("one", "01900000-0000-7000-8000-000000000001"), ("version", "1")]),
    ("/numbers/{person}", &[("do", "theirs")]),
    ("/people/{person}/changes", &[("field", "name"), ("value", "Somebody Else")]),
    ("/settings/sources", &[("kind", "files"), ("name", "mine")]),
    ("/exchange/dhis2/mappings/new", &[("name", "mine")]),
    ("/exchange/clients/new", &[("name", "mine"), ("sandbox", "yes")]),
    ("/exchange/webhooks", &[("do", "off"), ("id", "01900000-0000-7000-8000-000000000001")]),
    ("/settings/sources/01900000-0000-7000-8000-000000000001/backend", &[("do", "pull")]),
    ("/settings/sources/accepting", &[("two", "yes")]),
    ("/triggers/new", &[("flow", "01900000-0000-7000-8000-000000000001"), ("words", "mine")]),
    ("/people/{person}/way", &[("way", "")]),
    ("/people/{person}/held", &[("do", "tell")]),
    ("/broadcasts/01900000-0000-7000-8000-000000000001/short", &[("eng", "MOH: short")]),
    ("/people/{person}/messages", &[("once", "k"), ("text", "hello")]),
    ("/settings/channels", &[("kind", "simulator"), ("name", "mine")]),
    ("/settings/channels/{channel}", &[("do", "pause")]),
    ("/settings/channels/routes", &[("operator-0", "")]),
    ("/settings/channels/prices", &[("do", "currency"), ("currency", "USD")]),
    ("/settings/budgets", &[("do", "save"), ("amount", "1"), ("period", "month"), ("warn", "80")]),
    ("/settings/budgets", &[("do", "lift"), ("budget", "01900000-0000-7000-8000-000000000001"), ("reason", "mine")]),
    ("/reconcile/01900000-0000-7000-8000-000000000001", &[("do", "drop")]),
    ("/settings/delivery", &[("do", "caps"), ("day", "1")]),
    ("/settings/quiet-hours", &[("do", "national"), ("from", "20:00"), ("until", "08:00")]),
    ("/settings/uncertain", &[("do-alert", "ask")]),
    ("/settings/blocks/undo", &[("list", "01900000-0000-7000-8000-000000000001")]),
    ("/uncertain", &[("do", "again"), ("id", "01900000-0000-7000-8000-000000000001")]),
    ("/broadcasts/01900000-0000-7000-8000-000000000001/validity", &[("hours", "3")]),
    ("/settings/users", &[("login", "a@b"), ("name", "A"), ("role", "admin"), ("password", "rain on the iron roof")]),
    ("/settings/users/{user}", &[("do", "disable")]),
    ("/settings/users/{user}", &[("do", "factor")]),
    ("/settings/sign-in", &[("asked_of", "nobody")]),
    ("/settings/programmes", &[("do", "add"), ("code", "mine"), ("name_en", "Mine")]),
    ("/settings/words", &[("zone", "UTC"), ("country", "LR"), ("languages", "en")]),
    ("/settings/words/phones", &[("stop", "NEVER")]),
];

struct Ids {
    person: String,
    place: String,
    group: String,
    broadcast: String,
    flow: String,
}

impl Ids {
    fn put_into(&self, path: &str) -> String {
        let id = match path.split('/').nth(1) {
            Some("people") => &self.person,
            Some("places") => &self.place,
            Some("audiences") => &self.group,
            Some("flows") => &self.flow,
            _ => &self.broadcast,
        };
        path.replace("{id}", id).replace("{draft}", &self.broadcast)
    }
}

async fn broadcast(desk: &Desk, query: &str) -> String {
    let draft = Draft {
        name: "To all".into(),
        query: query.into(),
        texts: vec![(Lang::ENGLISH, "MOH: the report is due.".into())],
        lane: Lane::Bulk,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    };
    let id = desk.app.send(&system(), &draft).await.expect("a broadcast");
    desk.app.run_until_idle().await.expect("idle");
    id.to_string()
}

/// Names of people whom the officer may not see, without those that somebody within the county shares.
async fn strangers(desk: &Desk, county: &str) -> Vec<String> {
    let inside: Vec<String> = desk.people(&format!("place = {county}")).await.into_iter().map(|row| row.name).collect();
    let everybody: BTreeSet<String> = desk.people("*").await.into_iter().map(|row| row.name).collect();
    everybody.into_iter().filter(|name| inside.iter().all(|known| !known.contains(name))).collect()
}

fn must_not_name(body: &str, names: &[String], path: &str) {
    let seen: Vec<&String> = names.iter().filter(|name| body.contains(name.as_str())).collect();
    assert!(seen.is_empty(), "{path} names {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_officer_sees_nobody_beyond_the_district() {
    let desk = Desk::new().await;
    let counties = desk.counties().await;
    let (mine, other) = (counties[0].to_string(), counties[1].to_string());
    let hidden = strangers(&desk, &mine).await;
    assert!(hidden.len() > 20, "there are people elsewhere");
    let outside = desk.people(&format!("place = {other} AND phone != \"\"")).await;
    let outside = outside.iter().find(|row| hidden.contains(&row.name)).expect("somebody elsewhere").clone();
    let inside = desk.people(&format!("place = {mine} AND phone != \"\"")).await.swap_remove(0);
    let group = desk.group("Everybody", "*").await.to_string();
    let sent = broadcast(&desk, "*").await;
    let (flow, _) = asked(&desk, "*").await;
    let ids = |person: &str, place: &str| Ids {
        person: person.into(),
        place: place.into(),
        group: group.clone(),
        broadcast: sent.clone(),
        flow: flow.to_string(),
    };
    let (near, far) = (ids(&inside.id.to_string(), &mine), ids(&outside.id.to_string(), &other));
    let mut officer = desk.signed("officer@moh.example", Role::District, Some(counties[0])).await;

    for path in OPENED {
        for ids in [&near, &far] {
            let path = ids.put_into(path);
            let answer = officer.get(&path).await;
            assert!(answer.status != StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            must_not_name(&answer.body, &hidden, &path);
        }
    }
    for path in ["/people/{id}", "/places/{id}"] {
        assert_eq!(officer.get(&far.put_into(path)).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(officer.get(&near.put_into(path)).await.status, StatusCode::OK, "{path}");
    }
    for path in [
        "/audit",
        "/exchange",
        "/exchange/clients",
        "/exchange/dead",
        "/exchange/webhooks",
        "/settings/channels",
        "/settings/users",
        "/settings/programmes",
        "/settings/words",
        "/settings/budgets",
        "/settings/channels/prices",
        "/reconcile",
        "/audiences/new",
    ] {
        assert_eq!(officer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // Asking for them by name, number or query finds nobody either.
    let typed = outside.name.clone();
    must_not_name(&officer.get("/people?q=*").await.body, &hidden, "everybody");
    let found = officer.get(&format!("/people?find={}", encoded(&typed))).await;
    assert!(!found.body.contains(&outside.id.to_string()));
    let by_number = officer.post("/people/find", &[("find", &outside.phones[0])]).await;
    assert!(!by_number.body.contains(&outside.id.to_string()) && !by_number.to.contains(&outside.id.to_string()));
    let write = [("once", "k"), ("text", "hello")];
    for (path, fields) in [("messages", &write[..]), ("number", &[("phone", group.as_str())][..])] {
        let answer = officer.post(&format!("/people/{}/{path}", outside.id), fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

async fn press(browser: &mut Browser<'_>, desk: &Desk) -> Vec<(&'static str, StatusCode)> {
    let person = desk.people("phone != \"\"").await[0].id.to_string();
    let groups = desk.app.list_groups(&system()).await.expect("groups");
    let channel = desk.app.channels().await.expect("channels")[0].id.to_string();
    let user = desk.app.users(&system()).await.expect("users")[0].user.id.to_string();
    let mut answers = Vec::new();
    for (path, fields) in PRESSED {
        let whole = path
            .replace("{person}", &person)
            .replace("{group}", &groups[0].group.id.to_string())
            .replace("{channel}", &channel)
            .replace("{user}", &user);
        answers.push((*path, browser.post(&whole, fields).await.status));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_only_read_can_press_nothing() {
    let desk = Desk::new().await;
    desk.group("Midwives", "cadre = midwife").await;
    for role in [Role::Auditor, Role::Approver] {
        let mut browser = desk.signed(&format!("{role}@moh.example"), role, None).await;
        for (path, status) in press(&mut browser, &desk).await {
            assert_eq!(status, StatusCode::FORBIDDEN, "{role} {path}");
        }
        let sends = browser.get("/send").await;
        assert_eq!(sends.status, StatusCode::FORBIDDEN, "{role}");
    }
    let words = desk.app.installation_words().await.expect("words");
    assert!(!words.control.stop.contains(&"NEVER".to_owned()));
}

#[test]
fn every_address_is_walked() {
    let mut found = BTreeSet::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source").replace(['\n', ' '], "");
            let routes = source.split(".route(\"").skip(1).filter_map(|rest| rest.split_once("\","));
            found.extend(routes.filter(|(_, verb)| verb.starts_with("get(")).map(|(address, _)| address.to_owned()));
        }
    }
    // Files of the browser side and the door need nobody.
    for open in ["/assets/{name}", "/sign-in", "/sign-in/code", "/sign-in/provider", "/sign-in/provider/back"] {
        assert!(found.remove(open), "{open}");
    }
    let walked: BTreeSet<String> = OPENED.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(found, walked, "each address that can be opened is walked as a district officer");
}
