//! Corrections of contacts, and contacts that are created.

use mhero_app::ports::{Push, PushOutcome, Registry, Target, ValueChange};
use mhero_registries::rapidpro::RapidPro;
use mhero_testkit::{Dialect, Fault, RAPIDPRO_TOKEN, RapidProServer};
use serde_json::json;

use crate::world::{World, pull};

const TOKEN: [(&str, &str); 1] = [("token", RAPIDPRO_TOKEN)];
const THIRD: &str = "00000000-0000-4000-8000-000000000003";

fn change(id: &str, raw: &str, values: &[(&str, Option<&str>, &str)]) -> Push {
    let value = |(field, old, new): &(&str, Option<&str>, &str)| ValueChange {
        field: (*field).to_owned(),
        old: old.map(str::to_owned),
        new: (*new).to_owned(),
    };
    Push {
        key: "k1".into(),
        target: Target { kind: "contact".into(), id: id.to_owned(), raw: raw.to_owned() },
        values: values.iter().map(value).collect(),
        agent: "officer".into(),
        recorded: "2026-11-22T06:00:00Z".into(),
        reason: "said so".into(),
    }
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

async fn raw(registry: &dyn Registry) -> String {
    pull(registry, None).await.1.record(THIRD).raw.clone()
}

#[tokio::test]
async fn a_number_is_written_in_the_place_of_the_old_one() {
    for dialect in [Dialect::Nine, Dialect::Newer] {
        let world = World::new(mhero_store::Engine::Sqlite).await;
        let server = RapidProServer::start(dialect, 6, 5);
        let registry = world.registry(&RapidPro, &server.url(), &TOKEN).expect("a registry");
        server.change(3, &json!({"urns": ["telegram:9", "tel:+231771000003"]}));
        let before = raw(&*registry).await;
        // A message came meanwhile: that alone is no conflict.
        server.change(3, &json!({"last_seen_on": "2026-11-22T05:00:00Z"}));
        let values =
            [("phone", Some("+231771000003"), "+231775555555"), ("age", Some("34"), "35"), ("name", None, "Ama Béa")];
        let push = change(THIRD, &before, &values);
        assert_eq!(key(&registry.push(&push).await), "written");
        let now = server.contact(3);
        assert_eq!(now["urns"], json!(["tel:+231775555555", "telegram:9"]));
        assert_eq!((&now["fields"]["age"], &now["name"]), (&json!("35"), &json!("Ama Béa")));
        assert_eq!(key(&registry.push(&push).await), "written", "it is there already");
        let posts = server.asked().iter().filter(|asked| asked.starts_with("POST")).count();
        assert_eq!(posts, 1);
        server.change(3, &json!({"name": "Somebody"}));
        let outcome = registry.push(&change(THIRD, &now.to_string(), &[("name", None, "Nobody")])).await;
        let PushOutcome::Conflict { values, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(values, [("name".to_owned(), "Somebody".to_owned())]);
    }
}

#[tokio::test]
async fn refusals_and_silence_are_told_apart() {
    let world = World::new(mhero_store::Engine::Sqlite).await;
    let server = RapidProServer::start(Dialect::Newer, 6, 5);
    let registry = world.registry(&RapidPro, &server.url(), &TOKEN).expect("a registry");
    let before = raw(&*registry).await;
    let push = |values: &[(&str, Option<&str>, &str)]| change(THIRD, &before, values);
    assert_eq!(key(&registry.push(&push(&[("phone", None, "+231771000001")])).await), "rapidpro-refuses");
    assert_eq!(key(&registry.push(&push(&[("shoe_size", None, "42")])).await), "rapidpro-refuses");
    assert_eq!(key(&registry.push(&push(&[("name", None, &"x".repeat(65))])).await), "rapidpro-too-long");
    assert_eq!(key(&registry.push(&change("nobody", "", &[("name", None, "x")])).await), "rapidpro-contact-gone");
    server.fault(Fault::Away(99));
    assert!(matches!(registry.push(&push(&[("name", None, "x")])).await, PushOutcome::NotSent { .. }));
}

#[tokio::test]
async fn a_contact_is_created_once() {
    let world = World::new(mhero_store::Engine::Sqlite).await;
    let server = RapidProServer::start(Dialect::Nine, 2, 5);
    let registry = world.registry(&RapidPro, &server.url(), &TOKEN).expect("a registry");
    let values = [("name", None, "New"), ("phone", None, "+231779999999"), ("globalid", None, "P9")];
    let first = registry.push(&change("", "", &values)).await;
    let again = registry.push(&change("", "", &values)).await;
    let id = |outcome: &PushOutcome| match outcome {
        PushOutcome::Written { id, .. } => id.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((id(&first), server.count()), (id(&again), 3));
    assert_eq!(server.contact(2)["fields"]["mheroentitytype"], "Practitioner");
    let other = [("name", None, "Other"), ("phone", None, "+231779999999"), ("globalid", None, "P10")];
    assert_eq!(key(&registry.push(&change("", "", &other)).await), "conflict");
}
