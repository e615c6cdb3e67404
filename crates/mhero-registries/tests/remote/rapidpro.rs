//! RapidPro read in both dialects: whole, what changed, and everything that can go wrong.

use mhero_app::ports::PullError;
use mhero_core::record::{Content, Identifier, PersonRecord, RawPhone, Record};
use mhero_registries::rapidpro::RapidPro;
use mhero_store::Statement;
use mhero_testkit::{Dialect, Fault, RAPIDPRO_TOKEN, RapidProServer};
use serde_json::json;

use crate::world::{Told, World, engines, pull};

static PEOPLE: Statement = Statement::both("test::rapidpro_people", "SELECT CAST(COUNT(*) AS BIGINT) FROM person");
static MEMBERS: Statement =
    Statement::both("test::rapidpro_members", "SELECT CAST(COUNT(*) AS BIGINT) FROM group_member");
static VALUES: Statement =
    Statement::both("test::rapidpro_values", "SELECT CAST(COUNT(*) AS BIGINT) FROM person_value WHERE number = 34");

const TOKEN: [(&str, &str); 1] = [("token", RAPIDPRO_TOKEN)];

#[tokio::test]
async fn contacts_of_both_dialects_come_in_whole() {
    for engine in engines() {
        for dialect in [Dialect::Nine, Dialect::Newer] {
            let (world, server) = (World::new(engine).await, RapidProServer::start(dialect, 23, 5));
            let registry = world.registry(&RapidPro, &server.url(), &TOKEN).expect("a registry");
            let (pulled, told) = pull(&*registry, None).await;
            let pulled = pulled.expect("pulled");
            assert_eq!((pulled.watermark.as_deref(), pulled.whole), (Some("2026-11-01T00:22:00Z"), true));
            assert_eq!((told.count("contact"), told.keys()), (23, Vec::new()));
            let report = world.import("rapidpro", told).await;
            assert_eq!(report.rejected, 0);
            let found = [world.number(&PEOPLE).await, world.number(&MEMBERS).await, world.number(&VALUES).await];
            assert_eq!(found, [23, 23, 23], "{engine:?} {dialect:?}");
            let remarks = registry.check().await.expect("checked");
            let remarks: Vec<_> = remarks.iter().map(|remark| remark.key).collect();
            assert_eq!(remarks, ["rapidpro-found", "rapidpro-holds", "rapidpro-has-globalid"]);
        }
    }
}

#[tokio::test]
async fn what_changed_and_what_was_deleted_since_comes_alone() {
    let world = World::new(mhero_store::Engine::Sqlite).await;
    let server = RapidProServer::start(Dialect::Newer, 12, 5);
    let registry = world.registry(&RapidPro, &format!("{}/api/v2", server.url()), &TOKEN).expect("a registry");
    let (pulled, _) = pull(&*registry, None).await;
    let watermark = pulled.expect("pulled").watermark.expect("a watermark");
    server.change(3, &json!({"status": "stopped"}));
    let gone = server.contact(5)["uuid"].as_str().map(str::to_owned).expect("a UUID");
    server.delete(5);
    let (pulled, told) = pull(&*registry, Some(&watermark)).await;
    assert!(!pulled.as_ref().expect("pulled").whole);
    assert_eq!(told.removed, [("contact".to_owned(), gone)]);
    let Content::Person(person) = &told.record("00000000-0000-4000-8000-000000000003").content else { panic!() };
    assert!(person.active && person.stopped == Some(true));
    // Within the overlap the last one before comes once more.
    assert!(told.records.len() <= 3, "{}", told.records.len());
    assert_eq!(pulled.expect("pulled").watermark.as_deref(), Some("2026-11-01T00:31:00Z"));
}

#[tokio::test]
async fn faults_are_waited_for_or_told_in_words() {
    let world = World::new(mhero_store::Engine::Sqlite).await;
    let server = RapidProServer::start(Dialect::Nine, 12, 5);
    let registry = world.registry(&RapidPro, &server.url(), &TOKEN).expect("a registry");
    for fault in [Fault::Busy(1), Fault::Away(1), Fault::Cut(1)] {
        server.fault(fault);
    }
    let (pulled, told) = pull(&*registry, None).await;
    assert!(pulled.is_ok_and(|pulled| pulled.whole));
    assert_eq!(told.count("contact"), 12);
    server.mend();
    let key = |pulled: Result<_, PullError>| match pulled {
        Err(PullError::Refused(reason) | PullError::Untrusted(reason) | PullError::Down(reason)) => reason.key,
        other => panic!("{:?}", other.is_ok()),
    };
    server.fault(Fault::Html);
    assert_eq!(key(pull(&*registry, None).await.0), "rapidpro-not-here");
    server.mend();
    server.fault(Fault::EndlessPages);
    let (pulled, told) = pull(&*registry, None).await;
    assert_eq!((key(pulled), told.records.len()), ("rapidpro-paging-loop", 0));
    server.mend();
    server.fault(Fault::FilterIgnored);
    let (pulled, told) = pull(&*registry, Some("2026-11-02T00:00:00Z")).await;
    assert_eq!((pulled.is_ok(), told.keys()), (true, vec!["rapidpro-filter-ignored"]));
    server.mend();
    let stranger = world.registry(&RapidPro, &server.url(), &[("token", "wrong")]).expect("a registry");
    assert_eq!(stranger.check().await.map_err(|reason| reason.key), Err("rapidpro-token"));
    let elsewhere = world.registry(&RapidPro, &format!("{}/x", server.url()), &TOKEN).expect("a registry");
    assert_eq!(elsewhere.check().await.map_err(|reason| reason.key), Err("rapidpro-not-here"));
}

/// A health worker of a registry.
fn worker(id: &str, phone: &str) -> Record {
    let phone = RawPhone { raw: phone.to_owned(), usage: None, element: "telecom[0].value".into() };
    let person = PersonRecord {
        name: "Martha Kollie".into(),
        active: true,
        phones: vec![phone],
        identifiers: vec![Identifier { system: "http://moh.example/payroll".into(), value: id.to_owned() }],
        ..PersonRecord::default()
    };
    Record {
        origin: "test".into(),
        kind: "Practitioner".into(),
        id: id.to_owned(),
        raw: id.to_owned(),
        warnings: Vec::new(),
        content: Content::Person(Box::new(person)),
    }
}

#[tokio::test]
async fn contacts_join_the_person_whose_record_their_globalid_names() {
    for engine in engines() {
        for registry_first in [true, false] {
            let (world, server) = (World::new(engine).await, RapidProServer::start(Dialect::Nine, 3, 5));
            server.change(1, &json!({"fields": {"globalid": "P77", "mheroentitytype": "Practitioner"}}));
            let worker = Told { records: vec![Ok(worker("P77", "+231770000001"))], ..Told::default() };
            world.add_source("rapidpro", "rapidpro", &server.url(), &TOKEN).await;
            if registry_first {
                world.import("hr", worker).await;
                world.sync("rapidpro", true).await;
            } else {
                world.sync("rapidpro", true).await;
                world.import("hr", worker).await;
            }
            assert_eq!(world.number(&PEOPLE).await, 3, "{engine:?}, the registry first: {registry_first}");
        }
    }
}
