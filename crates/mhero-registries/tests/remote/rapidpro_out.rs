//! A country that keeps its RapidPro: stops of either side count on both, and our people are written there.

use mhero_app::{
    Caller,
    sync::{WriteOutOptions, WriteOutReport},
};
use mhero_core::record::{Content, Identifier, PersonRecord, RawPhone, Record, Value, ValueRecord};
use mhero_store::{Engine, Queue, Statement, Unit};
use mhero_testkit::{Dialect, Fault, RAPIDPRO_TOKEN, RapidProServer};
use serde_json::json;

use crate::world::{Told, World, engines};

static PEOPLE: Statement = Statement::both("test::out_people", "SELECT CAST(COUNT(*) AS BIGINT) FROM person");
static STOPS: Statement = Statement::both(
    "test::out_stops",
    "SELECT path || CASE WHEN source IS NULL THEN ' here' ELSE ' there' END FROM stop WHERE list = '' ORDER BY path",
);

const TOKEN: [(&str, &str); 1] = [("token", RAPIDPRO_TOKEN)];
const FIRST: (&str, &str) = ("tel", "+231771000000");
const SECOND: (&str, &str) = ("tel", "+231771000001");

async fn stops(world: &World) -> Vec<String> {
    let rows = world.app.store().query(&STOPS, vec![]).await.expect("it answers");
    rows.iter().map(|row| row.get(0).expect("a text")).collect()
}

async fn decide(world: &World, change: impl FnOnce(&mut Unit)) {
    let mut unit = Unit::new();
    change(&mut unit);
    world.app.store().write(unit, Queue::Interactive).await.expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stopped_there_is_left_alone_here_until_they_ask_here() {
    for engine in engines() {
        for dialect in [Dialect::Nine, Dialect::Newer] {
            let (world, server) = (World::new(engine).await, RapidProServer::start(dialect, 3, 5));
            // One of three is more than goes without a question otherwise.
            world.add_source("rapidpro", "rapidpro", &server.url(), &[TOKEN[0], ("shrink", "100")]).await;
            world.sync("rapidpro", false).await;
            assert_eq!(stops(&world).await, Vec::<String>::new());
            let status = |word: &str| match dialect {
                Dialect::Nine => json!({"status": word, "stopped": word == "stopped", "blocked": word == "blocked"}),
                Dialect::Newer => json!({"status": word}),
            };
            let set = async |at: usize, word: &str| {
                server.change(at, &status(word));
                world.sync("rapidpro", false).await;
                stops(&world).await
            };
            assert_eq!(set(0, "stopped").await, ["+231771000000 there"], "{engine:?} {dialect:?}");
            let away = world.app.count_audience(&Caller::system(), "status = stopped").await.expect("a number");
            assert_eq!(away, 1, "they stay in the register");
            assert_eq!(set(1, "blocked").await, ["+231771000000 there", "+231771000001 there"]);
            // They ask here to be written to again: the source says nothing new, and is not heard again.
            decide(&world, |unit| {
                unit.start(FIRST, "");
            })
            .await;
            server.change(0, &json!({"name": "Ama Béa"}));
            world.sync("rapidpro", true).await;
            assert_eq!(stops(&world).await, ["+231771000001 there"]);
            assert_eq!(set(0, "active").await, ["+231771000001 there"]);
            assert_eq!(set(0, "stopped").await, ["+231771000000 there", "+231771000001 there"], "anew is new");
            // Who asked here stays stopped, whatever the source takes back.
            decide(&world, |unit| {
                unit.stop(SECOND, "", None, 7);
            })
            .await;
            assert_eq!(set(1, "active").await, ["+231771000000 there", "+231771000001 here"]);
            assert_eq!(set(0, "active").await, ["+231771000001 here"]);
            assert_eq!(set(2, "archived").await.len(), 1);
            let known = world.app.count_audience(&Caller::system(), "*").await.expect("a number");
            assert_eq!(known, 2, "who is archived there has left");
        }
    }
}

/// A health worker of a registry.
fn worker(id: &str, name: &str, phone: &str, village: &str) -> Record {
    let phone = RawPhone { raw: phone.to_owned(), usage: None, element: "telecom[0].value".into() };
    let person = PersonRecord {
        name: name.into(),
        active: true,
        phones: vec![phone],
        identifiers: vec![Identifier { system: "http://moh.example/payroll".into(), value: id.to_owned() }],
        values: vec![ValueRecord { field: "village".into(), value: Value::Text(village.into()) }],
        groups: vec!["Midwives".into()],
        ..PersonRecord::default()
    };
    let content = Content::Person(Box::new(person));
    let raw = serde_json::to_string(&content).expect("it can be written");
    Record { origin: "t".into(), kind: "Practitioner".into(), id: id.into(), raw, warnings: vec![], content }
}

async fn hires(world: &World, workers: Vec<Record>) {
    let told = Told { records: workers.into_iter().map(Ok).collect(), ..Told::default() };
    assert_eq!(world.import("hr", told).await.rejected, 0);
}

async fn write_out(world: &World, to: &str) -> WriteOutReport {
    let options = WriteOutOptions { to: Some(to.to_owned()), ..WriteOutOptions::default() };
    world.app.write_out(&Caller::system(), "rapidpro", &options).await.expect("a run")
}

fn counts(report: &WriteOutReport) -> [i64; 5] {
    [report.created, report.updated, report.unchanged, report.kept, report.conflicts]
}

fn posts(server: &RapidProServer) -> usize {
    server.asked().iter().filter(|asked| asked.starts_with("POST")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_written_out_once_and_never_over_what_changed_there() {
    for engine in engines() {
        for dialect in [Dialect::Nine, Dialect::Newer] {
            let (world, server) = (World::new(engine).await, RapidProServer::start(dialect, 2, 5));
            server.without_fields();
            // The registry first: its values count before those of the instance.
            hires(
                &world,
                vec![
                    worker("P1", "Martha Kollie", "+231770000001", "Zorzor"),
                    worker("P2", "Joseph Weah", "+231770000002", "Foya"),
                    // Somebody else's number there, and nobody knows yet whose it is.
                    worker("P3", "Hawa Doe", "+231771000001", "Foya"),
                ],
            )
            .await;
            world.add_source("rapidpro", "rapidpro", &server.url(), &TOKEN).await;
            world.sync("rapidpro", false).await;
            let dry = WriteOutOptions { to: Some("source = hr".into()), dry_run: true, limit: None };
            let would = world.app.write_out(&Caller::system(), "rapidpro", &dry).await.expect("counted");
            assert_eq!((would.matched, would.created, posts(&server)), (3, 3, 0));
            let report = write_out(&world, "source = hr").await;
            assert_eq!(counts(&report), [2, 0, 0, 0, 1], "{engine:?} {dialect:?}");
            assert_eq!(report.problems[0].2.key, "rapidpro-out-taken");
            let written = server.contact(2);
            assert_eq!((&written["name"], &written["urns"]), (&json!("Martha Kollie"), &json!(["tel:+231770000001"])));
            let fields = json!({"village": "Zorzor", "globalid": "P1", "mheroentitytype": "Practitioner"});
            for (key, value) in fields.as_object().expect("fields") {
                assert_eq!(&written["fields"][key], value, "{key}");
            }
            assert_eq!(written["groups"], json!(["Midwives"]));
            // The same again asks about nobody but the one in doubt, and what comes back is the same people.
            let before = posts(&server);
            assert_eq!(counts(&write_out(&world, "source = hr").await), [0, 0, 2, 0, 1]);
            assert_eq!(posts(&server), before);
            let people = world.number(&PEOPLE).await;
            world.sync("rapidpro", false).await;
            assert_eq!(world.number(&PEOPLE).await, people);
            // Somebody corrects a name there; here the village changes: each stays.
            server.change(2, &json!({"name": "Martha K. Kollie"}));
            hires(&world, vec![worker("P1", "Martha B. Kollie", "+231770000001", "Voinjama")]).await;
            let report = write_out(&world, "source = hr").await;
            assert_eq!((report.updated, report.kept), (1, 1));
            let now = server.contact(2);
            assert_eq!((&now["name"], &now["fields"]["village"]), (&json!("Martha K. Kollie"), &json!("Voinjama")));
            // STOP here is a block there, START here lifts it; a block of theirs is theirs.
            decide(&world, |unit| {
                unit.stop(("tel", "+231770000002"), "", None, 7);
            })
            .await;
            write_out(&world, "source = hr").await;
            assert_eq!(server.contact(3)["status"], "blocked");
            world.sync("rapidpro", false).await;
            decide(&world, |unit| {
                unit.start(("tel", "+231770000002"), "");
            })
            .await;
            world.sync("rapidpro", true).await;
            write_out(&world, "source = hr").await;
            assert_eq!(server.contact(3)["status"], "active", "{engine:?} {dialect:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_asks_for_peace_gets_it_and_the_rest_later() {
    let world = World::new(Engine::Sqlite).await;
    let server = RapidProServer::start(Dialect::Newer, 0, 5);
    let config = [TOKEN[0], ("write_out", "source = hr"), ("every", "1h")];
    let workers = (1..=9).map(|n| worker(&format!("P{n}"), "Ama", &format!("+23177000000{n}"), "Foya")).collect();
    hires(&world, workers).await;
    world.add_source("rapidpro", "rapidpro", &server.url(), &config).await;
    let options = WriteOutOptions { limit: Some(4), ..WriteOutOptions::default() };
    let report = world.app.write_out(&Caller::system(), "rapidpro", &options).await.expect("a run");
    assert_eq!((report.created, report.left, server.count()), (4, 5, 4));
    server.fault(Fault::Busy(99));
    let report = world.app.write_out(&Caller::system(), "rapidpro", &WriteOutOptions::default()).await.expect("a run");
    assert!(report.stopped.is_some() && server.count() == 4);
    server.mend();
    // By its setting, after a pull; a second time there is nothing to do.
    let source = world.app.sources(&Caller::system()).await.expect("sources");
    let source = source.iter().find(|source| source.name == "rapidpro").expect("the source").id;
    world.app.queue_sync(&Caller::system(), source).await.expect("queued");
    assert_eq!(world.app.sync_pass().await.expect("a pass"), 1);
    assert_eq!(server.count(), 9);
    let told = world.app.written_out_counts(&Caller::system(), source).await.expect("counts");
    assert_eq!(told, [("written".to_owned(), 9)]);
    let odd =
        mhero_app::sync::SourceChange { config: vec![("write_out".into(), "cadre = ".into())], ..Default::default() };
    assert!(world.app.set_source(&Caller::system(), "rapidpro", &odd).await.is_err());
}
