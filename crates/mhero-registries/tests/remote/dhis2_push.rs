//! Corrections of users of DHIS2.

use mhero_app::ports::{Push, PushOutcome, Registry, Target, ValueChange};
use mhero_registries::dhis2::Dhis2;
use mhero_testkit::{Country, DHIS2_TOKEN, Dhis2Server, Fault};
use serde_json::json;

use crate::world::{World, pull};

fn change(raw: &str, field: &str, new: &str) -> Push {
    Push {
        key: "k1".into(),
        target: Target { kind: "user".into(), id: "U0000000003".into(), raw: raw.to_owned() },
        values: vec![ValueChange { field: field.to_owned(), old: None, new: new.to_owned() }],
        agent: "health worker".into(),
        recorded: "2026-11-22T06:00:00Z".into(),
        reason: "said so".into(),
    }
}

async fn raw(registry: &dyn Registry) -> String {
    let (_, told) = pull(registry, None).await;
    told.record("U0000000003").raw.clone()
}

fn key(outcome: &PushOutcome) -> &'static str {
    match outcome {
        PushOutcome::Written { .. } => "written",
        PushOutcome::Conflict { .. } => "conflict",
        PushOutcome::Refused { reason } | PushOutcome::NotSent { reason } | PushOutcome::Unknown { reason } => {
            reason.key
        }
    }
}

#[tokio::test]
async fn a_phone_is_written_once_and_never_over_a_change_of_somebody_else() {
    let (world, server) = (World::new(mhero_store::Engine::Sqlite).await, Dhis2Server::start(40, Country::SMALL));
    let registry = world.registry(&Dhis2, &server.url(), &[("token", DHIS2_TOKEN)]).expect("a registry");
    let before = raw(&*registry).await;
    server.advance(10);
    let outcome = registry.push(&change(&before, "phone", "+23277555555")).await;
    let PushOutcome::Written { id, raw: Some(now) } = &outcome else { panic!("{outcome:?}") };
    assert_eq!((id.as_str(), server.user(3)["phoneNumber"].as_str()), ("U0000000003", Some("+23277555555")));
    // The same again, after a crash: it is there already.
    assert_eq!(key(&registry.push(&change(&before, "phone", "+23277555555")).await), "written");
    let patches = |server: &Dhis2Server| server.asked().iter().filter(|asked| asked.starts_with("PATCH")).count();
    assert_eq!(patches(&server), 1);
    server.advance(10);
    server.change("users", 3, &json!({"phoneNumber": "+23277666666"}));
    let outcome = registry.push(&change(now, "phone", "+23277777777")).await;
    let PushOutcome::Conflict { values, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(values, [("phone".to_owned(), "+23277666666".to_owned())]);
    assert_eq!((patches(&server), server.user(3)["phoneNumber"].as_str()), (1, Some("+23277666666")));
}

#[tokio::test]
async fn refusals_and_silence_are_told_apart() {
    let (world, server) = (World::new(mhero_store::Engine::Sqlite).await, Dhis2Server::start(42, Country::SMALL));
    let registry = world.registry(&Dhis2, &server.url(), &[("token", DHIS2_TOKEN)]).expect("a registry");
    let before = raw(&*registry).await;
    assert_eq!(key(&registry.push(&change(&before, "phone", "invalid")).await), "dhis2-refuses");
    assert_eq!(key(&registry.push(&change(&before, "facility", "Location/x")).await), "dhis2-field-not-written");
    let mut place = change(&before, "phone", "1");
    place.target.kind = "organisationUnit".into();
    assert_eq!(key(&registry.push(&place).await), "dhis2-unit-field-not-written");
    place.target = Target { kind: "user".into(), id: "../me".into(), raw: before.clone() };
    assert_eq!(key(&registry.push(&place).await), "dhis2-writes-users-only");
    assert_eq!(key(&registry.push(&change(&before, "email", "")).await), "written");
    assert!(server.user(3).get("email").is_none());
    server.fault(Fault::Away(99));
    assert!(matches!(registry.push(&change(&before, "phone", "+1")).await, PushOutcome::NotSent { .. }));
}
