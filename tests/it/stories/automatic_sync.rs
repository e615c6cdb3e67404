//! S27: a FHIR registry with 5,000 practitioners, of whom 40 change and 3 vanish.

use jiff::SignedDuration;
use mhero_app::Caller;
use mhero_store::Engine;
use serde_json::{Value, json};

use super::{Browser, Gate, Mood, Page, Peer, World};

/// The administrator's phone.
const ADMIN: &str = "+231770999001";
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// People whose number cannot be one.
const INVALID: i64 = 2;

/// How many practitioners the registry has, and on how large pages it is read.
struct Size {
    people: usize,
    page: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_those_who_changed_or_left_differ_on_sqlite() {
    story(Engine::Sqlite, "s27-sqlite", &Size { people: 5_000, page: 500 }).await;
}

/// A tenth of the people: the statements are the same.
#[tokio::test(flavor = "multi_thread")]
async fn exactly_those_who_changed_or_left_differ_on_postgresql() {
    story(Engine::Postgres, "s27-postgresql", &Size { people: 500, page: 100 }).await;
}

/// Somebody with a number in one of the spellings that registries have.
fn practitioner(n: usize, version: &str) -> Value {
    let digits = format!("{n:06}");
    let (front, back) = digits.split_at(3);
    let number = match n % 6 {
        _ if n < 2 => "12345".to_owned(),
        0 => format!("0770{digits}"),
        1 => format!("+231 770 {front} {back}"),
        2 => format!("00231770{digits}"),
        3 => format!("0770-{front}-{back}"),
        4 => format!("(0770) {front}.{back}"),
        _ => format!("231770{digits}"),
    };
    json!({
        "resourceType": "Practitioner", "id": format!("p{n:05}"), "active": true,
        "identifier": [{"system": "http://moh.example/payroll", "value": format!("{}", 10_000 + n)}],
        "name": [{"family": format!("Kollie{version}"), "given": [format!("Worker{n:05}")]}],
        "telecom": [{"system": "phone", "value": number}],
    })
}

/// One run as its pages show it.
struct Shown {
    /// The first page.
    page: Page,
    /// What its list of changes says of each record: kind, id, before and now.
    changes: Vec<String>,
    href: String,
}

/// The last run of a source, with all pages of its changes.
async fn last_run(browser: &Browser<'_>, source: &str) -> Shown {
    let href = browser.get(source).await.all_between("href=\"/settings/sources/runs/", "\"").remove(0);
    let href = format!("/settings/sources/runs/{href}");
    let page = browser.get(&href).await;
    let mut changes = page.all_between("<li class=\"tight\"><p class=\"row\">", "</li>");
    let mut next = page.all_between("<p class=\"pad s\"><a href=\"", "\"");
    while let Some(path) = next.pop() {
        let more = browser.get(&path.replace("&amp;", "&").replace("&#38;", "&")).await;
        changes.extend(more.all_between("<li class=\"tight\"><p class=\"row\">", "</li>"));
        next = more.all_between("<p class=\"pad s\"><a href=\"", "\"");
    }
    Shown { page, changes, href }
}

async fn story(engine: Engine, name: &str, size: &Size) {
    let (Some(peer), Some(world)) = (Peer::new(name), World::new(engine).await) else { return };
    let all: Vec<_> = (0..size.people).map(|n| practitioner(n, "")).collect();
    peer.put(&all).await;
    let gate = Gate::before(peer.url());
    let browser = world.admin().await;
    let page = size.page.to_string();
    let settings = [
        ("types", "Practitioner"),
        ("page", &page),
        ("overlap", "0"),
        ("every", "1h"),
        ("jitter", "0s"),
        ("whole", "1h"),
        ("silent_after", "3h"),
    ];
    world.app.set_user_phone(&Caller::system(), world.user, ADMIN).await.expect("a phone");
    let source = browser.add_source("fhir", "hr", &gate.url(&peer.path()), &settings).await;
    let before = world.status("hr").await;
    browser.press(&source, &[("do", "run")]).await.must_have("A run is wanted");
    let first = world.ran("hr", &before).await;
    assert!(first.succeeded_at.is_some(), "{:?}", first.reason);
    let people = i64::try_from(size.people).expect("few");
    assert_eq!(world.people("*").await, (people, people - INVALID), "every spelling of a number is read");
    last_run(&browser, &source).await.page.must_have("Reading").must_have("Done");

    let cycle = forty_change_and_three_vanish(&world, &browser, (&peer, &source), size).await;
    at_once(&world, &browser, (&peer, &source)).await;
    a_malformed_page(&world, &browser, (&peer, &gate, &source), size).await;
    too_many_go(&world, &browser, (&peer, &source), size).await;
    silent(&world, &browser, &gate).await;
    // What was received in the first cycle is read again, and nothing that came since is lost.
    let before = world.people("*").await;
    let replayed = browser.press(&cycle, &[("do", "replay")]).await;
    replayed.must_have("40 records were read again, 0 changed.");
    assert_eq!(world.people("*").await, before);
}

/// Returns the path of the run that found it out.
async fn forty_change_and_three_vanish(
    world: &World,
    browser: &Browser<'_>,
    (peer, source): (&Peer, &str),
    size: &Size,
) -> String {
    let changed: Vec<_> = (10..50).map(|n| practitioner(n, "-Flomo")).collect();
    peer.put(&changed).await;
    peer.delete(&[100, 200, 300].map(|n| format!("Practitioner/p{n:05}"))).await;
    let before = world.status("hr").await;
    world.pass(HOUR);
    world.ran("hr", &before).await;
    let run = last_run(browser, source).await;
    run.page.must_have("By schedule").must_have("40 changed").must_have("3 taken away");
    assert_eq!(run.changes.len(), 43, "{:?}", run.changes.last());
    for (n, change) in run.changes.iter().enumerate() {
        assert!(change.contains("<del>"), "{n}: what stood there before: {change}");
        let is_changed = change.contains("<ins>") && change.contains("Kollie-Flomo");
        assert!(is_changed != change.contains("Taken away"), "{change}");
    }
    let left = i64::try_from(size.people).expect("few") - 3;
    assert_eq!(world.people("*").await.0, left);
    run.href
}

/// The registry tells of a change, and nobody waits for the next hour.
async fn at_once(world: &World, browser: &Browser<'_>, (peer, source): (&Peer, &str)) {
    world.pass(SignedDuration::from_mins(1));
    let changed: Vec<_> = (50..55).map(|n| practitioner(n, "-Sumo")).collect();
    peer.put(&changed).await;
    let path = browser.get(source).await.all_between("/registry/", "</pre>").remove(0);
    let path = format!("/registry/{}", path.trim());
    let tell = async |path: &str| {
        let body = json!({"resourceType": "Practitioner", "id": "p00050"}).to_string();
        let told =
            reqwest::Client::new().post(world.url(path)).header("content-type", "application/fhir+json").body(body);
        told.send().await.expect("an answer").status().as_u16()
    };
    let last = path.chars().last().expect("a secret");
    let forged = format!("{}{}", &path[..path.len() - 1], if last == '0' { '1' } else { '0' });
    assert_eq!(tell(&forged).await, 404);
    assert!(!world.status("hr").await.is_queued, "a forged notification does nothing");
    let before = world.status("hr").await;
    assert_eq!(tell(&path).await, 200);
    world.ran("hr", &before).await;
    let run = last_run(browser, source).await;
    run.page.must_have("The registry told of a change").must_have("5 changed");
    assert_eq!(run.changes.len(), 5);
}

/// A page that breaks off in the middle costs nobody else anything.
async fn a_malformed_page(
    world: &World,
    browser: &Browser<'_>,
    (peer, gate, source): (&Peer, &Gate, &str),
    size: &Size,
) {
    let last = size.people - 1;
    // On the first page, near the end of the second, and on the last.
    let touched = [60, 2 * size.page - 5, last].map(|n| practitioner(n, "-Broken"));
    peer.put(&touched).await;
    gate.set(Mood::Breaks(2));
    let there = world.people("*").await;
    let before = world.status("hr").await;
    world.pass(HOUR);
    world.ran("hr", &before).await;
    let broken = async || world.people("name ~ \"Kollie-Broken\"").await.0;
    assert_eq!(broken().await, 2, "those of the good pages are in");
    last_run(browser, source).await.page.must_have("1 refused");
    let home = browser.get("/").await;
    home.must_have("In order, but for what was refused").must_have("The last run refused 1 record or page");
    assert_eq!(world.people("*").await, there, "nobody is gone because a page was not whole");
    gate.set(Mood::Open);
    let before = world.status("hr").await;
    world.pass(HOUR);
    world.ran("hr", &before).await;
    assert_eq!(broken().await, 3, "it is asked for again");
}

/// More than a twentieth is gone at once: nobody goes until an official says so.
async fn too_many_go(world: &World, browser: &Browser<'_>, (peer, source): (&Peer, &str), size: &Size) {
    let (there, reachable) = world.people("*").await;
    let gone = size.people / 16;
    let ids: Vec<_> = (size.people / 2..size.people / 2 + gone).map(|n| format!("Practitioner/p{n:05}")).collect();
    peer.delete(&ids).await;
    peer.put(&[practitioner(70, "-Weah")]).await;
    let before = world.status("hr").await;
    world.pass(HOUR);
    let asks = world.ran("hr", &before).await;
    assert!(asks.asks.is_some(), "{:?}", asks.reason);
    assert_eq!(world.people("*").await, (there, reachable));
    assert_eq!(world.people("name ~ \"Kollie-Weah\"").await.0, 1, "all else is in");
    browser.get("/").await.must_have("A registry would take many people away");
    let run = last_run(browser, source).await;
    run.page.must_have("May so many go?").must_have(&format!("{gone}"));
    let before = world.status("hr").await;
    browser.press(&run.href, &[("do", "confirm")]).await.must_have("They may go");
    world.ran("hr", &before).await;
    let gone = i64::try_from(gone).expect("few");
    assert_eq!(world.people("*").await, (there - gone, reachable - gone));
    last_run(browser, source).await.page.must_have("Somebody agreed to removals");
}

/// The registry says nothing for hours: the administrator is told by SMS, once, and everybody sees it until it speaks again.
async fn silent(world: &World, browser: &Browser<'_>, gate: &Gate) {
    assert!(world.got(ADMIN).await.is_empty(), "it has never been silent: {:?}", world.got(ADMIN).await);
    let (there, last) = (world.people("*").await, world.status("hr").await.succeeded_at);
    gate.set(Mood::Down);
    for _ in 0..4 {
        let before = world.status("hr").await;
        world.pass(HOUR);
        world.ran("hr", &before).await;
    }
    let told = world.gets(ADMIN, "no news from the registry hr").await;
    assert!(told.contains("2026-11-23"), "{told}");
    browser.come_back().await;
    browser.get("/").await.must_have("Silent").must_have("Last success");
    assert_eq!((world.people("*").await, world.status("hr").await.succeeded_at), (there, last));
    gate.set(Mood::Open);
    let before = world.status("hr").await;
    world.pass(HOUR);
    let after = world.ran("hr", &before).await;
    assert!(after.reason.is_none() && !after.is_silent, "{:?}", after.reason);
    let home = browser.get("/").await;
    assert!(!home.text().contains("Silent"), "{}", home.text());
    assert_eq!(world.got(ADMIN).await.len(), 1, "told once");
}
