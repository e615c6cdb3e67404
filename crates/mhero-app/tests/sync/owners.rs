//! Whose value counts, where it comes from, and who is on leave.

use mhero_app::{
    AppError, Caller,
    broadcasts::{Draft, Release},
};
use mhero_core::{Lane, Lang};

use super::{Bench, Step, leave, person, village};
use crate::common::engines;

fn draft(lane: Lane) -> Draft {
    Draft {
        name: String::new(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, "Hello".into())],
        lane,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn people_on_leave_are_left_out_of_what_can_wait() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let caller = Caller::system();
        let page = vec![
            Ok(leave("l1", "1", "2026-05-01", Some("2026-05-14"))),
            Ok(leave("l2", "2", "2026-05-15", None)),
            Ok(person("1", "Ann Kollie")),
            Ok(person("2", "Ben Toe")),
            Ok(leave("l3", "3", "2026-05-01", Some("2026-05-13"))),
            Ok(person("3", "Cora Doe")),
        ];
        bench.registry.tells(vec![Step::Page(page)], false, "one");
        assert_eq!(bench.sync().await.report.waiting, 0);
        let look = async |lane: Lane| {
            let preview = bench.test.app.preview(&caller, &draft(lane), 0).await.expect("a preview");
            let left: Vec<_> = preview.left_out.iter().map(|out| (out.reason.clone(), out.people)).collect();
            (preview.recipients, left)
        };
        let away = vec![("on-leave".to_owned(), 1)];
        assert_eq!(look(Lane::Bulk).await, (2, away.clone()));
        assert_eq!(look(Lane::Normal).await, (2, away));
        assert_eq!(look(Lane::Alert).await, (3, vec![]));
        // She comes back earlier, says the registry; and an absence that it no longer has is none.
        bench.pull(vec![leave("l1", "1", "2026-05-01", Some("2026-05-10"))], false, "two").await;
        assert_eq!(look(Lane::Bulk).await, (3, vec![]));
        bench.test.hand.advance(jiff::SignedDuration::from_hours(48));
        assert_eq!(look(Lane::Bulk).await.0, 2);
        bench.registry.tells(vec![Step::Removed("Basic", "l2".into())], false, "three");
        bench.sync().await;
        assert_eq!(look(Lane::Bulk).await, (3, vec![]));
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn one_registry_owns_the_name_and_another_the_village() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let caller = Caller::system();
        let app = &bench.test.app;
        bench.pull(vec![village(person("1", "Ann Kollie"), "Zorzor")], false, "one").await;
        bench.add("chw", &[]).await;
        let other = vec![Step::Page(vec![Ok(village(person("1", "Annie K."), "Voinjama"))])];
        bench.registry.tells(other, false, "one");
        app.sync(&caller, "chw", &mhero_app::sync::SyncOptions::default()).await.expect("a run");
        let all = async |query: &str| app.count_audience(&caller, query).await.expect(query);
        assert_eq!((bench.names().await, all("village = zorzor").await), (vec!["Ann Kollie".to_owned()], 1));
        app.set_owners(&caller, "village", &["chw".to_owned()]).await.expect("it owns it");
        assert_eq!((bench.names().await, all("village = voinjama").await), (vec!["Ann Kollie".to_owned()], 1));
        let person = app.find_person(&caller, "0770000001").await.expect("one person");
        let told = app.provenance(&caller, person).await.expect("where it comes from").values;
        let of = |field: &str| told.iter().find(|value| value.field == field).expect(field);
        assert_eq!((of("name").source.as_deref(), of("name").value.as_str()), (Some("hr"), "Ann Kollie"));
        assert_eq!(of("name").others, [("chw".to_owned(), "Annie K.".to_owned())]);
        assert_eq!((of("village").source.as_deref(), of("village").value.as_str()), (Some("chw"), "Voinjama"));
        assert_eq!(of("village").others, [("hr".to_owned(), "Zorzor".to_owned())]);
        assert_eq!(of("phone").source.as_deref(), Some("hr"));
        // The owner says nothing any more: the next in line counts.
        bench.registry.tells(vec![Step::Page(vec![Ok(super::person("1", "Annie K."))])], false, "two");
        app.sync(&caller, "chw", &mhero_app::sync::SyncOptions::default()).await.expect("a run");
        assert_eq!(all("village = zorzor").await, 1);
        app.set_owners(&caller, "name", &["chw".to_owned()]).await.expect("it owns it");
        assert_eq!(bench.names().await, ["Annie K."]);
        app.set_owners(&caller, "name", &[]).await.expect("nobody owns it");
        assert_eq!(bench.names().await, ["Ann Kollie"]);
        let unknown = app.set_owners(&caller, "shoe", &["chw".to_owned()]).await;
        assert!(matches!(unknown, Err(AppError::Invalid(reason)) if reason.key == "sync-unknown-field"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_contradicts_the_owner_of_a_field_makes_one_proposal() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let caller = Caller::system();
        let app = &bench.test.app;
        bench.pull(vec![village(person("1", "Ann Kollie"), "Zorzor"), person("2", "Ben Toe")], false, "one").await;
        bench.add("chw", &[]).await;
        app.set_owners(&caller, "village", &["hr".to_owned()]).await.expect("it owns it");
        let says = async |name: &str| {
            let page = vec![
                Ok(village(person("1", "Annie"), name)),
                // Of her the owner says nothing: the other's value counts.
                Ok(village(person("2", "Ben Toe"), "Foya")),
            ];
            bench.registry.tells(vec![Step::Page(page)], false, name);
            app.sync(&caller, "chw", &mhero_app::sync::SyncOptions::default()).await.expect("a run");
            app.run_until_idle().await.expect("idle");
            let queue = app.proposals(&caller, mhero_app::way_back::Shelf::Eye, None, 10).await.expect("a queue");
            let said = |row: &mhero_app::way_back::QueueRow| {
                let told = &row.row.proposal;
                (
                    told.field.clone(),
                    told.old_value.clone(),
                    told.new_value.clone(),
                    told.confidence,
                    (told.id, told.version),
                )
            };
            queue.iter().map(said).collect::<Vec<_>>()
        };
        let first = says("Voinjama").await;
        assert_eq!(first.len(), 1, "{engine:?}");
        let (field, old, new, confidence, id) = first[0].clone();
        assert_eq!((field.as_str(), old.as_deref(), new.as_str()), ("village", Some("Zorzor"), "Voinjama"));
        assert!(confidence < 50);
        let all = async |query: &str| app.count_audience(&caller, query).await.expect(query);
        assert_eq!((all("village = zorzor").await, all("village = foya").await), (1, 1));
        // The same again is the same proposal; one that was refused is not made again.
        assert_eq!(says("VOINJAMA").await.len(), 1);
        app.decide(&caller, &[id], mhero_app::way_back::Decision::Reject).await.expect("refused");
        assert_eq!(says("Voinjama").await, []);
        // Another value is another proposal, and goes when the source agrees.
        assert_eq!(says("Kolahun").await.len(), 1);
        assert_eq!(says("zorzor").await, []);
    }
}
