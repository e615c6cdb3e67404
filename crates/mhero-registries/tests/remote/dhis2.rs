//! DHIS2 read: whole, what changed, and everything that can go wrong.

use mhero_app::ports::PullError;
use mhero_core::record::Content;
use mhero_registries::dhis2::Dhis2;
use mhero_store::Statement;
use mhero_testkit::{Country, DHIS2_TOKEN, Dhis2Server, Fault};
use serde_json::json;

use crate::world::{Told, World, engines, pull};

static PLACES: Statement = Statement::both("test::dhis2_places", "SELECT CAST(COUNT(*) AS BIGINT) FROM place");
static FACILITIES: Statement = Statement::both(
    "test::dhis2_facilities",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM place WHERE is_facility AND active",
);
static PEOPLE: Statement = Statement::both("test::dhis2_people", "SELECT CAST(COUNT(*) AS BIGINT) FROM person");
static POSITIONS: Statement =
    Statement::both("test::dhis2_positions", "SELECT CAST(COUNT(*) AS BIGINT) FROM position WHERE place IS NOT NULL");

const TOKEN: [(&str, &str); 2] = [("token", DHIS2_TOKEN), ("page_size", "7")];

fn keys(report: &mhero_app::people::ImportReport) -> Vec<&'static str> {
    report.problems.iter().map(|problem| problem.problem.reason.key).collect()
}

#[tokio::test]
async fn a_country_comes_in_whole_and_again_nothing_changes() {
    for engine in engines() {
        for minor in [38, 40, 42] {
            let (world, server) = (World::new(engine).await, Dhis2Server::start(minor, Country::SMALL));
            let registry = world.registry(&Dhis2, &server.url(), &TOKEN).expect("a registry");
            let (pulled, told) = pull(&*registry, None).await;
            let pulled = pulled.expect("pulled");
            assert_eq!((pulled.watermark.as_deref(), pulled.whole), (Some("2026-11-22T03:55:00.000"), true));
            assert_eq!((told.count("organisationUnit"), told.count("user")), (Country::SMALL.units(), 30));
            assert_eq!(told.keys(), Vec::<&str>::new());
            let report = world.import("dhis2", told).await;
            assert_eq!((report.rejected, keys(&report)), (0, Vec::new()), "2.{minor}");
            let counts = [&PLACES, &FACILITIES, &PEOPLE, &POSITIONS];
            let mut found = Vec::new();
            for statement in counts {
                found.push(world.number(statement).await);
            }
            assert_eq!(found, [19, 12, 30, 30], "{engine:?} 2.{minor}");
            let (_, again) = pull(&*registry, None).await;
            let again = world.import("dhis2", again).await;
            assert_eq!((again.created, again.updated), (0, 0));
        }
    }
}

#[tokio::test]
async fn what_changed_since_comes_alone() {
    let (world, server) = (World::new(mhero_store::Engine::Sqlite).await, Dhis2Server::start(41, Country::SMALL));
    let basic = [("username", "admin"), ("password", "district")];
    let registry = world.registry(&Dhis2, &format!("{}/api", server.url()), &basic).expect("a registry");
    let (pulled, _) = pull(&*registry, None).await;
    let watermark = pulled.expect("pulled").watermark.expect("a watermark");
    server.advance(60);
    server.change("users", 3, &json!({"phoneNumber": "+23277999999"}));
    server.change("units", 5, &json!({"closedDate": "2026-01-01T00:00:00.000"}));
    let since = {
        // The overlap of the first pull is over.
        let (pulled, _) = pull(&*registry, Some(&watermark)).await;
        pulled.expect("pulled").watermark.expect("a watermark")
    };
    assert_eq!(since, "2026-11-22T04:55:00.000");
    let (pulled, told) = pull(&*registry, Some(&since)).await;
    assert!(!pulled.expect("pulled").whole);
    let ids: Vec<_> = told.records.iter().flatten().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["O0000000005", "U0000000003"]);
    let Content::Place(place) = &told.record("O0000000005").content else { panic!("no place") };
    assert!(!place.active);
}

#[tokio::test]
async fn faults_that_pass_are_waited_for() {
    let (world, server) = (World::new(mhero_store::Engine::Sqlite).await, Dhis2Server::start(40, Country::SMALL));
    let registry = world.registry(&Dhis2, &server.url(), &TOKEN).expect("a registry");
    for fault in [Fault::Busy(1), Fault::Away(1), Fault::Cut(1)] {
        server.fault(fault);
    }
    let (pulled, told) = pull(&*registry, None).await;
    assert!(pulled.is_ok_and(|pulled| pulled.whole));
    assert_eq!(told.count("organisationUnit"), Country::SMALL.units());
}

#[tokio::test]
async fn answers_that_cant_be_trusted_are_told_in_words() {
    let (world, server) = (World::new(mhero_store::Engine::Sqlite).await, Dhis2Server::start(40, Country::SMALL));
    let registry = world.registry(&Dhis2, &server.url(), &TOKEN).expect("a registry");
    let key = |pulled: Result<_, PullError>| match pulled {
        Err(PullError::Refused(reason) | PullError::Untrusted(reason) | PullError::Down(reason)) => reason.key,
        other => panic!("{:?}", other.is_ok()),
    };
    server.fault(Fault::Html);
    assert_eq!(key(pull(&*registry, None).await.0), "dhis2-login-page");
    assert_eq!(registry.check().await.map_err(|reason| reason.key), Err("dhis2-login-page"));
    server.mend();
    server.fault(Fault::EndlessPages);
    let (pulled, told) = pull(&*registry, None).await;
    assert!(matches!(&pulled, Err(PullError::Untrusted(_))));
    assert_eq!((key(pulled), told.records.len()), ("dhis2-paging-loop", 7));
    server.mend();
    server.fault(Fault::FilterIgnored);
    let (pulled, told) = pull(&*registry, Some("2026-11-22T05:00:00.000")).await;
    assert!(pulled.is_ok());
    assert_eq!(told.keys(), ["dhis2-filter-ignored"; 3]);
    server.mend();
    let elsewhere = world.registry(&Dhis2, &format!("{}/hmis", server.url()), &TOKEN).expect("a registry");
    assert_eq!(elsewhere.check().await.map_err(|reason| reason.key), Err("dhis2-not-here"));
    let stranger = world.registry(&Dhis2, &server.url(), &[("token", "d2pat_wrong")]).expect("a registry");
    assert_eq!(key(pull(&*stranger, None).await.0), "dhis2-401");
}

#[tokio::test]
async fn places_come_without_users_where_users_may_not_be_seen() {
    let (world, server) = (World::new(mhero_store::Engine::Sqlite).await, Dhis2Server::start(42, Country::SMALL));
    server.fault(Fault::NoPeople);
    let registry = world.registry(&Dhis2, &server.url(), &TOKEN).expect("a registry");
    let (pulled, told) = pull(&*registry, None).await;
    // Nobody who came before is taken for gone.
    assert!(pulled.is_ok_and(|pulled| !pulled.whole));
    assert_eq!((told.keys(), told.count("user")), (vec!["dhis2-403", "dhis2-users-left-out"], 0));
    let remarks = registry.check().await.expect("checked");
    let remarks: Vec<_> = remarks.iter().map(|remark| remark.key).collect();
    let wanted = ["dhis2-found", "dhis2-facility-level", "dhis2-units-found", "dhis2-403", "dhis2-users-left-out"];
    assert_eq!(remarks, wanted);
    let must = [("token", DHIS2_TOKEN), ("users", "yes")];
    let strict = world.registry(&Dhis2, &server.url(), &must).expect("a registry");
    assert_eq!(strict.check().await.map_err(|reason| reason.key), Err("dhis2-403"));
}

#[tokio::test]
async fn users_of_other_roles_are_left_out_and_told_as_removed() {
    let (world, server) = (World::new(mhero_store::Engine::Sqlite).await, Dhis2Server::start(40, Country::SMALL));
    let clerks = [("token", DHIS2_TOKEN), ("user_roles", "Clerk")];
    let registry = world.registry(&Dhis2, &server.url(), &clerks).expect("a registry");
    let (_, told) = pull(&*registry, None).await;
    assert_eq!((told.count("user"), told.removed.len()), (15, 0));
    server.advance(60);
    server.change("users", 1, &json!({"userRoles": [{"id": "R9", "name": "Officer"}]}));
    let (_, told) = pull(&*registry, Some("2026-11-22T05:00:00.000")).await;
    assert_eq!(told.removed, [("user".to_owned(), "U0000000001".to_owned())]);
}

#[tokio::test]
async fn circles_and_missing_parents_are_warned_of() {
    for engine in engines() {
        let (world, server) = (World::new(engine).await, Dhis2Server::start(40, Country::SMALL));
        // A district below its own chiefdom, and a chiefdom below nothing that is shown to us.
        server.change("units", 1, &json!({"parent": {"id": "O0000000002"}}));
        server.change("units", 6, &json!({"parent": {"id": "O9999999999"}, "path": "/O9999999999/O0000000006"}));
        let registry = world.registry(&Dhis2, &server.url(), &TOKEN).expect("a registry");
        let (pulled, told) = pull(&*registry, None).await;
        assert!(pulled.is_ok());
        let report = world.import("dhis2", told).await;
        assert_eq!((report.rejected, world.number(&PLACES).await), (0, 19));
        assert!(!keys(&report).is_empty(), "{:?}", keys(&report));
    }
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let world = World::new(mhero_store::Engine::Sqlite).await;
    let url = "https://dhis2.example.org";
    for config in [("users", "some"), ("page_size", "0"), ("language", "klingon")] {
        assert!(world.registry(&Dhis2, url, &[config]).is_err(), "{config:?}");
    }
    let _: Told = Told::default();
}
