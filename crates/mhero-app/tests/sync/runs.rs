//! What stays of a run: verdicts, undo and replay.

use mhero_app::{
    AppError, Caller,
    people::{ImportOptions, Verdict},
};
use mhero_core::record::{Content, PersonRecord};

use super::{Bench, Step, malformed, people, person, record, village, with};
use crate::common::engines;

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_run_is_undone_but_for_what_was_changed_since() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let caller = Caller::system();
        bench
            .pull(vec![person("1", "Ann Kollie"), person("2", "Ben Toe"), person("3", "Cora Doe")], false, "one")
            .await;
        bench.registry.tells(
            vec![
                Step::Page(vec![Ok(person("1", "Ann Weah")), Ok(person("2", "Ben Weah")), Ok(person("4", "Dan New"))]),
                Step::Removed("Practitioner", "3".into()),
            ],
            false,
            "two",
        );
        let options = mhero_app::sync::SyncOptions { allow_removals: true, ..Default::default() };
        let wrong = bench.sync_with(&options).await;
        assert_eq!(bench.names().await, ["Ann Weah", "Ben Weah", "Cora Doe -", "Dan New"]);
        bench.pull(vec![person("2", "Ben Right")], false, "three").await;
        let undone = bench.test.app.undo_run(&caller, wrong.run).await.expect("it is undone");
        assert_eq!((undone.restored, undone.kept), (3, 1));
        assert_eq!(bench.names().await, ["Ann Kollie", "Ben Right", "Cora Doe"]);
        let again = bench.test.app.undo_run(&caller, wrong.run).await;
        assert!(matches!(again, Err(AppError::Invalid(reason)) if reason.key == "sync-not-undoable"));
        let page = bench.test.app.sync_run(&caller, undone.run, None, 10).await.expect("the run");
        assert_eq!(page.warnings.len(), 1);
        assert_eq!(page.warnings[0].0, "Practitioner/2");
        // The undo is a run, too: undone, everything is as it was before it.
        bench.test.app.undo_run(&caller, undone.run).await.expect("it is undone");
        assert_eq!(bench.names().await, ["Ann Weah", "Ben Right", "Cora Doe -", "Dan New"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_files_says_what_became_of_each_row_and_is_undone() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let app = &bench.test.app;
        let caller = Caller::system();
        bench.pull(vec![person("1", "Ann Kollie")], false, "one").await;
        let rows = || {
            let mut rows: Vec<_> = [person("1", "Anne Kollie"), person("7", "Eve Doe"), person("8", "Fay Doe")]
                .map(|record| Ok(mhero_core::record::Record { kind: "row".into(), ..record }))
                .into();
            rows.push(rows[2].clone());
            rows.push(Err(malformed("9")));
            rows
        };
        let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
        let tried = app.import(&caller, "district", rows().into_iter(), &dry).await.expect("a dry run");
        assert_eq!((bench.names().await.len(), tried.run), (1, None));
        let done =
            app.import(&caller, "district", rows().into_iter(), &ImportOptions::default()).await.expect("it is in");
        let verdicts = |report: &mhero_app::people::ImportReport| {
            report.rows.iter().map(|row| (row.id.clone(), row.verdict)).collect::<Vec<_>>()
        };
        let wanted = [
            ("1".to_owned(), Verdict::Matched),
            ("7".to_owned(), Verdict::New),
            ("8".to_owned(), Verdict::New),
            ("8".to_owned(), Verdict::Duplicate),
        ];
        assert_eq!(verdicts(&done), wanted);
        assert_eq!(verdicts(&tried), wanted, "the dry run says the same");
        assert!(done.rows[0].matched_by.as_deref().is_some_and(|by| by.ends_with("payroll 1")));
        assert_eq!((done.created, done.matched, done.duplicates, done.rejected, done.unchanged), (3, 1, 1, 1, 1));
        assert_eq!(bench.names().await, ["Ann Kollie", "Eve Doe", "Fay Doe"]);
        let run = done.run.expect("a run");
        let undone = app.undo_run(&caller, run).await.expect("it is undone");
        assert_eq!((undone.restored, undone.kept), (3, 0));
        assert_eq!(bench.names().await, ["Ann Kollie"]);
        let again =
            app.import(&caller, "district", rows().into_iter(), &ImportOptions::default()).await.expect("it is in");
        assert_eq!((again.created, again.updated), (3, 0));
        assert_eq!(bench.names().await, ["Ann Kollie", "Eve Doe", "Fay Doe"]);
        let nothing =
            app.import(&caller, "district", rows().into_iter(), &ImportOptions::default()).await.expect("it is in");
        assert_eq!((nothing.created, nothing.updated, nothing.unchanged), (0, 0, 4));
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_run_is_replayed_by_todays_readers() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let caller = Caller::system();
        let refused = mhero_core::record::Rejection { raw: person("3", "cora doe").raw, ..malformed("3") };
        let page = vec![Ok(person("1", "ann kollie")), Ok(person("2", "ben toe")), Err(refused)];
        bench.registry.tells(vec![Step::Page(page)], false, "one");
        let run = bench.sync().await.run;
        bench.pull(vec![person("2", "Ben Toe Junior")], false, "two").await;
        // By the readers of that day nothing changes, but what they refused can be read now.
        let same = bench.test.app.replay_run(&caller, run).await.expect("it is replayed");
        assert_eq!((same.read, same.unchanged, same.created), (2, 1, 1));
        bench.registry.reads(|content| {
            let Content::Person(person) = content else { return };
            person.name = person.name.to_uppercase();
        });
        let better = bench.test.app.replay_run(&caller, run).await.expect("it is replayed");
        assert_eq!((better.updated, better.created), (2, 0));
        assert_eq!(bench.names().await, ["ANN KOLLIE", "Ben Toe Junior", "CORA DOE"], "what is newer stays");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_with_a_record_goes_and_the_rest_of_a_person_stays() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let caller = Caller::system();
        let ann = village(person("1", "Ann Kollie"), "Zorzor");
        bench.test.people(&[("1", "A. Kollie", "en", &["0886123456"])]).await;
        bench.pull(vec![ann], false, "one").await;
        let all = async |query: &str| bench.test.app.count_audience(&caller, query).await.expect(query);
        assert_eq!((bench.names().await.len(), all("village = zorzor").await), (1, 1));
        bench.registry.tells(vec![Step::Removed("Practitioner", "1".into())], false, "two");
        let options = mhero_app::sync::SyncOptions { allow_removals: true, ..Default::default() };
        bench.sync_with(&options).await;
        assert_eq!((bench.names().await, all("village = zorzor").await), (vec!["A. Kollie".to_owned()], 0));
        // A person whom a record of nothing else makes known again is the same person.
        let back = with(record("9", PersonRecord::default()), |said| {
            said.name = "Ann K.".into();
            said.active = true;
            said.identifiers.push(mhero_core::record::Identifier {
                system: "http://moh.example/payroll".into(),
                value: "1".into(),
            });
        });
        bench.pull(vec![back], false, "three").await;
        assert_eq!(bench.names().await.len(), 1);
        bench.pull(people(2), false, "four").await;
        assert_eq!(bench.names().await.len(), 2);
    }
}
