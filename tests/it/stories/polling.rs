//! S38: a registry that offers only polling is away for six hours.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{AppError, Caller, sync::SyncOptions};
use mhero_store::Engine;
use mhero_testkit::{Country, DHIS2_TOKEN, Dhis2Server};
use serde_json::json;

use super::{Browser, Gate, Mood, World};

/// The administrator's phone.
const ADMIN: &str = "+231770999001";
/// Requests of one run at most: places and people on a page each, and what is asked before.
const RUN_REQUESTS_MAX: u32 = 12;
/// Requests of an attempt that finds nobody, repeats among them.
const TRY_REQUESTS_MAX: u32 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_away_for_six_hours_is_asked_ever_less_and_caught_up_with_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_away_for_six_hours_is_asked_ever_less_and_caught_up_with_on_postgresql() {
    story(Engine::Postgres).await;
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    let registry = Dhis2Server::start(41, Country::SMALL);
    let gate = Gate::before(&registry.url());
    world.app.set_user_phone(&Caller::system(), world.user, ADMIN).await.expect("a phone");
    let browser = world.admin().await;
    let settings = [("token", DHIS2_TOKEN), ("every", "30m"), ("jitter", "5m"), ("silent_after", "2h")];
    let source = browser.add_source("dhis2", "chw", &gate.url(""), &settings).await;
    let before = world.status("chw").await;
    browser.press(&source, &[("do", "run")]).await;
    let first = world.ran("chw", &before).await;
    assert!(first.succeeded_at.is_some(), "{:?}", first.reason);
    assert_eq!(world.people("*").await.0, 30);
    browser.get("/").await.must_have("chw").must_have("In order").must_have("Last success");
    let until = until_next(&world).await;
    let (soonest, latest) = (SignedDuration::from_mins(30), SignedDuration::from_mins(35));
    assert!((soonest..=latest).contains(&until), "{until}: the interval with its jitter");

    away(&world, &browser, &registry, &gate).await;
    back(&world, &browser, &gate).await;
    one_at_a_time(&world, &browser, (&source, &gate)).await;
}

/// How long it is until the next run.
async fn until_next(world: &World) -> SignedDuration {
    let next = world.status("chw").await.next_at.expect("it is due");
    Timestamp::from_microsecond(next).expect("an instant").duration_since(world.now())
}

async fn away(world: &World, browser: &Browser<'_>, registry: &Dhis2Server, gate: &Gate) {
    let last = world.status("chw").await.succeeded_at;
    gate.set(Mood::Down);
    let end = world.now() + SignedDuration::from_hours(6);
    let mut tries = 0;
    loop {
        let until = until_next(world).await;
        if world.now() + until > end {
            break;
        }
        let before = world.status("chw").await;
        // Nothing is asked before its time.
        let came = gate.came();
        world.pass(until - SignedDuration::from_secs(1));
        assert_eq!(gate.came(), came);
        world.pass(SignedDuration::from_secs(1));
        let failed = world.ran("chw", &before).await;
        tries += 1;
        // At first nobody answers at all.
        gate.mood(Mood::Away);
        assert_eq!((failed.failures, failed.succeeded_at), (i64::from(tries), last));
    }
    world.pass(end.duration_since(world.now()));
    let came = gate.came();
    eprintln!("six hours away: {tries} tries, {came} requests");
    assert!((9..=20).contains(&tries), "{tries} tries: soon at first, then no more often than by schedule");
    assert!(came <= tries * TRY_REQUESTS_MAX, "{came} requests in {tries} tries");
    // Everybody can see it, the administrator was told once, and what was known is still there.
    let home = browser.get("/").await;
    home.must_have("chw").must_have("Silent").must_have("Last success").must_have("09:00");
    let told = world.gets(ADMIN, "no news from the registry chw").await;
    assert!(told.contains("2026-11-23 09:00"), "{told}");
    assert_eq!(world.got(ADMIN).await.len(), 1);
    assert_eq!(world.people("*").await.0, 30);
    // Meanwhile somebody works at the registry.
    registry.advance(60);
    registry.change("users", 3, &json!({"surname": "Sesay"}));
    registry.change("users", 4, &json!({"phoneNumber": "+231770555666"}));
}

async fn back(world: &World, browser: &Browser<'_>, gate: &Gate) {
    gate.set(Mood::Open);
    let before = world.status("chw").await;
    let until = until_next(world).await;
    world.pass(until);
    let after = world.ran("chw", &before).await;
    assert_eq!((after.failures, after.succeeded_at), (0, Some(world.now().as_microsecond())), "{:?}", after.reason);
    assert!(after.reason.is_none());
    // One run has caught up with everything, and no other follows before its time.
    let came = gate.came();
    assert!((1..=RUN_REQUESTS_MAX).contains(&came), "{came} requests");
    assert_eq!(world.people("name ~ Sesay").await.0, 1);
    assert_eq!(world.people("phone = +231770555666").await.0, 1);
    assert!(until_next(world).await >= SignedDuration::from_mins(30));
    let home = browser.get("/").await;
    home.must_have("In order").must_have("Last success");
    assert!(!home.text().contains("Silent"), "{}", home.text());
    assert_eq!(world.got(ADMIN).await.len(), 1);
}

/// Whoever asks for a run while one is under way gets the next, and never one beside it.
async fn one_at_a_time(world: &World, browser: &Browser<'_>, (source, gate): (&str, &Gate)) {
    world.pass(SignedDuration::from_mins(1));
    gate.set(Mood::Held);
    browser.press(source, &[("do", "run")]).await.must_have("A run is wanted");
    world.until("a request", async || (gate.came() > 0).then_some(())).await;
    browser.press(source, &[("do", "run")]).await;
    let beside = world.app.sync(&Caller::system(), "chw", &SyncOptions::default()).await;
    assert!(matches!(&beside, Err(AppError::Invalid(reason)) if reason.key == "sync-under-way"), "{beside:?}");
    assert_eq!(gate.came(), 1, "the run that waits is the only one");
    let runs = world.app.sync_runs(&Caller::system(), None, 100).await.expect("runs");
    assert_eq!(runs.iter().filter(|run| run.state == "running").count(), 1);
    gate.set(Mood::Open);
    world
        .until("nothing wanted", async || {
            let runs = world.app.sync_runs(&Caller::system(), None, 100).await.expect("runs");
            let is_idle = !world.status("chw").await.is_queued && runs.iter().all(|run| run.state != "running");
            is_idle.then_some(())
        })
        .await;
    assert!(gate.came() <= 2 * RUN_REQUESTS_MAX);
}
