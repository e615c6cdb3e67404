//! What a registry no longer has: taken away, but for so much that an official must say so first.

use mhero_app::{
    Caller,
    sync::{SyncEnd, SyncOptions},
};

use super::{Bench, Step, malformed, people, person, with};
use crate::common::engines;

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_changes_and_three_removals_just_those_differ() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        bench.pull(people(100), false, "one").await;
        let mut page: Vec<_> = (1..=40).map(|n| Ok(person(&n.to_string(), &format!("Changed {n:03}")))).collect();
        page.insert(20, Err(malformed("50")));
        let remark = mhero_core::record::Reason::plain("fake-remark");
        let mut steps = vec![Step::Page(page), Step::Remark(remark.clone())];
        steps.extend((98..=100).map(|n| Step::Removed("Practitioner", n.to_string())));
        bench.registry.tells(steps, false, "two");
        let outcome = bench.sync().await;
        assert_eq!(outcome.end, SyncEnd::Done);
        let report = &outcome.report;
        assert_eq!((report.updated, report.removed, report.rejected, report.created), (40, 3, 1, 0));
        let names = bench.names().await;
        assert_eq!(names.iter().filter(|name| name.starts_with("Changed")).count(), 40);
        let left: Vec<_> = names.iter().filter(|name| name.ends_with(" -")).collect();
        assert_eq!(left, ["Person 098 -", "Person 099 -", "Person 100 -"]);
        let page = bench.test.app.sync_run(&Caller::system(), outcome.run, None, 1_000).await.expect("the run");
        assert_eq!((page.changes.len(), page.remarks), (43, vec![remark]));
        for change in &page.changes {
            let before = change.before_raw.as_deref().expect("what stood there");
            assert!(before.contains("Person "), "{}", change.verdict);
            assert_eq!(change.verdict == "changed", change.after_raw.contains("Changed "));
        }
        let refused = bench.test.app.rejections_of(&Caller::system(), outcome.run, 10).await.expect("the refused");
        assert_eq!((refused.len(), refused[0].problem.reason.key), (1, "import-row-of-nobody"));
        assert_eq!(refused[0].raw, malformed("50").raw);
        // Again the same: nothing differs.
        let again = bench.sync().await;
        assert_eq!((again.report.updated, again.report.removed, again.report.unchanged), (0, 0, 40));
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_shrink_of_more_than_five_percent_asks_before_anybody_goes() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        bench.pull(people(40), true, "one").await;
        // Three of forty are no longer told, one has left, and one has a new name.
        let mut told = people(37);
        told[0] = person("1", "Renamed");
        told[1] = with(person("2", "Person 002"), |said| said.active = false);
        let asked = bench.pull(told.clone(), true, "two").await;
        assert_eq!(asked.end, SyncEnd::Asks);
        let reason = asked.reason.expect("a question");
        assert_eq!(reason.key, "sync-asks-removals");
        assert_eq!(reason.args[0..2], [("people", "4".to_owned()), ("of_people", "40".to_owned())]);
        let names = bench.names().await;
        assert!(names.contains(&"Renamed".to_owned()) && !names.iter().any(|name| name.ends_with(" -")));
        assert_eq!(bench.status().await.asks.map(|(run, _)| run), Some(asked.run));
        let removals = bench.test.app.removals_asked(&Caller::system(), asked.run).await.expect("who would go");
        let listed: Vec<_> =
            removals.iter().map(|one| (one.kind.as_str(), one.id.as_str(), one.name.as_str())).collect();
        let gone = |id, name| ("Practitioner", id, name);
        // Who has left is listed, too, and everybody by their name.
        assert_eq!(
            listed,
            [gone("2", "Person 002"), gone("38", "Person 038"), gone("39", "Person 039"), gone("40", "Person 040")]
        );
        assert!(removals.iter().all(|one| one.of.is_some_and(|(what, _)| what == "person")));
        // The official says yes: the run is repeated from the same watermark, and they go.
        bench.test.app.confirm_removals(&Caller::system(), asked.run).await.expect("it is taken");
        assert_eq!(bench.due().await, 1);
        assert_eq!(bench.registry.pulls().last(), Some(&Some("one".to_owned())));
        let left = bench.names().await.iter().filter(|name| name.ends_with(" -")).count();
        assert_eq!((left, bench.status().await.asks.is_none()), (4, true));
        assert!(bench.test.app.confirm_removals(&Caller::system(), asked.run).await.is_err());
        // They come back as if they had never been away.
        let back = bench.pull(people(40), true, "three").await;
        assert_eq!((back.report.created, back.report.updated), (3, 2));
        assert_eq!(bench.names().await.len(), 40);
        assert!(!bench.names().await.iter().any(|name| name.ends_with(" -")));
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn who_may_not_go_stays() {
    for engine in engines() {
        let bench = Bench::new(engine, &[("shrink", "10")]).await;
        bench.pull(people(10), false, "one").await;
        let gone = (1..=2).map(|n| Step::Removed("Practitioner", n.to_string())).collect();
        bench.registry.tells(gone, false, "two");
        let asked = bench.sync().await;
        assert_eq!(asked.end, SyncEnd::Asks);
        bench.test.app.refuse_removals(&Caller::system(), asked.run).await.expect("it is taken");
        assert!(bench.status().await.asks.is_none());
        bench.registry.tells(vec![Step::Removed("Practitioner", "9".into())], false, "three");
        assert_eq!(bench.sync().await.end, SyncEnd::Done);
        assert_eq!(bench.registry.pulls().last(), Some(&Some("two".to_owned())));
        assert_eq!(bench.names().await.iter().filter(|name| name.ends_with(" -")).count(), 1);
        // Told at once, more may go.
        let gone = (1..=5).map(|n| Step::Removed("Practitioner", n.to_string())).collect();
        bench.registry.tells(gone, false, "four");
        let options = SyncOptions { allow_removals: true, ..SyncOptions::default() };
        assert_eq!(bench.sync_with(&options).await.report.removed, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_record_that_comes_damaged_has_not_gone() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        bench.pull(people(30), true, "one").await;
        let mut page: Vec<_> = people(29).into_iter().map(Ok).collect();
        page.push(Err(malformed("30")));
        bench.registry.tells(vec![Step::Page(page)], true, "two");
        let outcome = bench.sync().await;
        assert_eq!((outcome.end, outcome.report.removed, outcome.report.rejected), (SyncEnd::Done, 0, 1));
        assert_eq!(bench.names().await.iter().filter(|name| name.ends_with(" -")).count(), 0);
        // One of which nothing is left to know it by: nothing goes for being missing.
        let mut page: Vec<_> = people(29).into_iter().map(Ok).collect();
        page.push(Err(mhero_core::record::Rejection { raw: String::new(), ..malformed("30") }));
        bench.registry.tells(vec![Step::Page(page)], true, "three");
        let outcome = bench.sync().await;
        assert_eq!((outcome.end, outcome.report.removed), (SyncEnd::Done, 0));
        assert_eq!(outcome.remarks.iter().map(|remark| remark.key).collect::<Vec<_>>(), ["sync-missing-untold"]);
    }
}
