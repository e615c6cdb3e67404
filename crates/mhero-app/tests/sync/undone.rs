//! An import that is undone leaves no trace but its history, and comes again as it came first.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    groups::KeptBy,
    people::{ImportOptions, ImportReport, PeopleAsked},
};
use mhero_core::{
    Lang, LangMap, PersonId,
    record::{Coded, Content, PlaceRecord, PositionRecord, Record, Ref},
};

use super::{Bench, people, person, with};
use crate::common::engines;

/// A place of the table.
fn place(id: &str, name: &str) -> Record {
    let content = Content::Place(PlaceRecord {
        name: LangMap::one(Lang::ENGLISH, name),
        is_facility: true,
        active: true,
        ..PlaceRecord::default()
    });
    let raw = serde_json::to_string(&content).expect("it can be written");
    Record { origin: name.into(), kind: "Location".into(), id: id.into(), raw, warnings: vec![], content }
}

/// A table: one who is known from the registry, one who is there in other words, two who are new.
fn table() -> Vec<Record> {
    let at = |record: Record| {
        with(record, |said| {
            said.positions.push(PositionRecord {
                place: Some(Ref::Id { kind: "Location".into(), id: "F1".into() }),
                job: Some(Coded { text: Some("Midwife".into()), ..Coded::default() }),
                active: true,
                ..PositionRecord::default()
            });
        })
    };
    let mut rows = vec![place("F1", "Fissebu Clinic"), at(person("1", "Anne Kollie")), at(person("7", "Eve Doe"))];
    rows.push(at(person("8", "Fay Doe")));
    rows.into_iter()
        .map(|record| if record.kind == "Location" { record } else { Record { kind: "row".into(), ..record } })
        .collect()
}

async fn import(bench: &Bench) -> ImportReport {
    let rows = table().into_iter().map(Ok);
    let options = ImportOptions::default();
    bench.test.app.import(&Caller::system(), "district", rows, &options).await.expect("it is in")
}

/// What officials see: lists, counts, pages, who answers to a number or an id.
async fn seen(bench: &Bench) -> String {
    let (app, caller) = (&bench.test.app, Caller::system());
    app.run_until_idle().await.expect("idle");
    let mut seen = Vec::new();
    for person in app.people(&caller, &PeopleAsked::default(), 100).await.expect("a list") {
        let page = app.person(&caller, person.id).await.expect("a page");
        let mut json = page.to_json(&caller, app.clock().now_micros());
        json["sources"] = serde_json::json!(null);
        seen.push(json.to_string());
    }
    seen.push(format!("{:?}", app.number_health(&caller).await.expect("counts")));
    for query in ["*", "cadre = midwife OR job = midwife"] {
        let count = app.count_audience(&caller, query).await;
        seen.push(format!("{query}: {:?}", count.map_err(|_| "unknown")));
    }
    let places = app.search_places(&caller, "fissebu", 10).await.expect("it answers");
    seen.push(format!("{} places, {} pairs", places.len(), app.count_link_pairs(&caller).await.expect("a count")));
    for text in ["1", "7", "8", "0770000007", "0770000008"] {
        let found = app.find_person(&caller, text).await;
        seen.push(format!("{text} {}", found.map_or_else(|error| error.to_string(), |id| id.to_string())));
    }
    seen.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn an_undone_import_is_as_if_it_had_not_been_and_comes_again_as_it_came_first() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        bench.pull(vec![person("1", "Ann Kollie"), person("2", "Ben Toe")], false, "one").await;
        let before = seen(&bench).await;
        let done = import(&bench).await;
        let after = seen(&bench).await;
        assert_ne!(before, after);
        // One of the new writes: that stays, whatever becomes of the import.
        let eve = app.find_person(&caller, "0770000007").await.expect("Eve");
        bench.test.hear("+231770000007", "when does the vaccine come").await;
        app.undo_run(&caller, done.run.expect("a run")).await.expect("it is undone");
        assert_eq!(seen(&bench).await, before, "{engine:?}");
        let page = app.person(&caller, eve).await.expect("her page is where it was");
        assert!(page.record.is_worker && !page.record.active && page.record.numbers.is_empty());
        let messages = app.messages_with(&caller, eve, i64::MAX, 10).await.expect("messages");
        assert_eq!(messages.len(), 1);
        let again = import(&bench).await;
        assert_eq!((again.created, again.updated), (done.created, done.updated), "{engine:?}");
        assert_eq!(app.count_audience(&caller, "job = midwife").await.expect("a count"), 3, "{engine:?}");
        assert_eq!(app.find_person(&caller, "0770000007").await.expect("Eve"), eve, "the same person");
        // Undone once more, and that undone: the import stands.
        let undone = app.undo_run(&caller, again.run.expect("a run")).await.expect("it is undone");
        assert_eq!(seen(&bench).await, before, "{engine:?}");
        app.undo_run(&caller, undone.run).await.expect("it is undone");
        assert_eq!(app.find_person(&caller, "0770000007").await.expect("Eve"), eve);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_known_from_nowhere_else_goes_with_an_undone_import() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        let first = import(&bench).await.run.expect("a run");
        let of = async |id: &str| -> PersonId { app.find_person(&caller, id).await.expect("somebody") };
        let (ann, eve, fay) = (of("0770000001").await, of("0770000007").await, of("0770000008").await);
        // The registry knows Ann and Fay, too, and somebody is joined to Eve.
        bench.pull(vec![person("1", "Ann Kollie"), person("8", "Fay Doe")], false, "one").await;
        bench.test.hear("+231770000099", "this is eve with a new number").await;
        let stranger = of("0770000099").await;
        app.merge_people(&caller, eve, stranger).await.expect("one");
        app.undo_run(&caller, first).await.expect("it is undone");
        assert_eq!(app.count_audience(&caller, "*").await.expect("a count"), 2, "{engine:?}");
        for (id, active) in [(ann, true), (fay, true), (eve, false)] {
            assert_eq!(app.person(&caller, id).await.expect("a page").record.active, active, "{engine:?}");
        }
        assert_eq!(of("0770000099").await, eve, "what they wrote leads to them");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_died_keeps_nobody_waiting_for_long() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let app = bench.test.app.clone();
        // It reads its second record never.
        let records = std::iter::from_fn({
            let mut told = 0;
            move || {
                told += 1;
                (told <= 400).then(|| Ok(Record { kind: "row".into(), ..person(&told.to_string(), "Ann Kollie") }))
            }
        });
        let options = ImportOptions {
            progress: Some(std::sync::Arc::new(|_| std::panic::resume_unwind(Box::new("killed")))),
            ..ImportOptions::default()
        };
        let died =
            tokio::spawn(async move { app.import(&Caller::system(), "district", records, &options).await }).await;
        assert!(died.is_err(), "it died in the middle");
        // Its lease runs out within seconds, and not within minutes.
        bench.advance(SignedDuration::from_secs(21));
        let report = tokio::time::timeout(std::time::Duration::from_secs(60), import(&bench)).await;
        assert_eq!(report.expect("it does not wait").rejected, 0, "{engine:?}");
        let runs = bench.test.app.sync_runs(&Caller::system(), None, 10).await.expect("runs");
        let states: Vec<_> = runs.iter().map(|run| run.state.as_str()).collect();
        assert_eq!(states, ["done", "failed"], "{engine:?}");
        // One that ended gives it back at once.
        let report = tokio::time::timeout(std::time::Duration::from_secs(60), import(&bench)).await;
        assert_eq!(report.expect("it does not wait").updated, 0, "{engine:?}");
    }
}

/// The groups there are, and how many are in each.
async fn groups(bench: &Bench) -> Vec<(String, i64)> {
    let (app, caller) = (&bench.test.app, Caller::system());
    app.run_until_idle().await.expect("idle");
    let mut seen = Vec::new();
    for listed in app.list_groups(&caller).await.expect("groups") {
        seen.push((listed.name, listed.people.unwrap_or(0)));
    }
    seen
}

fn in_groups(record: Record, groups: &[&str]) -> Record {
    with(record, |said| said.groups = groups.iter().map(|&group| group.to_owned()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_import_takes_back_the_groups_it_made_and_the_memberships_it_gave() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        bench.pull(vec![in_groups(person("1", "Ann Kollie"), &["Tutors"]), person("2", "Ben Toe")], false, "one").await;
        let by_hand = app.create_group(&caller, "Night shift", KeptBy::Hand(None)).await.expect("a group");
        let ben = app.find_person(&caller, "2").await.expect("Ben");
        app.add_person_to_group(&caller, by_hand, ben).await.expect("added");
        let before = groups(&bench).await;
        assert_eq!(before, [("Night shift".to_owned(), 1), ("Tutors".to_owned(), 1)], "{engine:?}");
        // Two groups are new; in one of them is nobody but whom the import knows, the other is used meanwhile.
        let row = |record: Record, groups: &[&str]| Record { kind: "row".into(), ..in_groups(record, groups) };
        let rows = [
            row(person("1", "Ann Kollie"), &["Tutors", "Trained"]),
            row(person("2", "Ben Toe"), &["Tutors", "Night shift", "Drivers"]),
            row(person("7", "Eve Doe"), &["Night shift", "Trained"]),
        ];
        let options = ImportOptions::default();
        let import = || app.import(&caller, "district", rows.clone().into_iter().map(Ok), &options);
        let done = import().await.expect("it is in");
        let after = groups(&bench).await;
        let count = |seen: &[(String, i64)], name: &str| seen.iter().find(|(known, _)| known == name).map(|(_, n)| *n);
        assert_eq!(
            ["Drivers", "Night shift", "Trained", "Tutors"].map(|name| count(&after, name)),
            [Some(1), Some(2), Some(2), Some(2)]
        );
        let listed = app.list_groups(&caller).await.expect("groups");
        let drivers = listed.iter().find(|listed| listed.name == "Drivers").expect("the group").group.id;
        app.create_campaign(&caller, "Road safety", drivers).await.expect("a campaign");
        app.undo_run(&caller, done.run.expect("a run")).await.expect("it is undone");
        let left = groups(&bench).await;
        assert_eq!(
            ["Drivers", "Night shift", "Trained", "Tutors"].map(|name| count(&left, name)),
            [Some(0), Some(1), None, Some(1)]
        );
        // Ben was in the group of the night shift by hand before, and Ann among the tutors by her registry.
        let of = app.person(&caller, ben).await.expect("a page").groups;
        assert_eq!(of.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [by_hand], "{engine:?}");
        let again = import().await.expect("it is in");
        assert_eq!(groups(&bench).await.len(), 4);
        // Undone, and that undone, too.
        let undone = app.undo_run(&caller, again.run.expect("a run")).await.expect("it is undone");
        app.undo_run(&caller, undone.run).await.expect("it is undone");
        let stands = groups(&bench).await;
        assert_eq!((count(&stands, "Trained"), count(&stands, "Night shift")), (Some(2), Some(2)), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_imported_as_having_left_and_undone_is_known_again_with_the_next_import() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        let rows = || [Ok(with(person("7", "Eve Doe"), |said| said.active = false))].into_iter();
        let options = ImportOptions::default();
        let first = app.import(&caller, "district", rows(), &options).await.expect("it is in");
        assert_eq!(bench.names().await, ["Eve Doe -"], "{engine:?}");
        app.undo_run(&caller, first.run.expect("a run")).await.expect("it is undone");
        assert!(bench.names().await.is_empty());
        app.import(&caller, "district", rows(), &options).await.expect("it is in");
        assert_eq!(bench.names().await, ["Eve Doe -"], "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_counts_only_those_whose_record_it_still_has() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        bench.pull(people(30), true, "one").await;
        let rows = [Ok(person("1", "Person 001"))].into_iter();
        app.import(&caller, "district", rows, &ImportOptions::default()).await.expect("it is in");
        assert_eq!(app.count_audience(&caller, "source = hr").await.expect("a count"), 30, "{engine:?}");
        // The first is known from the district still, the registry has her no longer.
        bench.pull(people(30).split_off(1), true, "two").await;
        for (query, count) in [("source = hr", 29), ("source = district", 1), ("*", 30)] {
            assert_eq!(app.count_audience(&caller, query).await.expect("a count"), count, "{engine:?} {query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_two_rows_of_one_id_says_the_second_time_that_nothing_changed() {
    for engine in engines() {
        // Beside one another, and so far apart that they are read in two parts.
        for between in [0, 450] {
            let bench = Bench::new(engine, &[]).await;
            let (app, caller) = (&bench.test.app, Caller::system());
            let mut rows = vec![person("1", "Ann Kollie")];
            rows.extend(people(between + 1).split_off(1));
            rows.extend([person("1", "Ann Weah"), person("9999", "Zoe Toe")]);
            let options = ImportOptions::default();
            let import = |rows: Vec<Record>| {
                let options = &options;
                async move {
                    app.import(&Caller::system(), "district", rows.into_iter().map(Ok), options).await.expect("in")
                }
            };
            let read = u64::from(between) + 3;
            let first = import(rows.clone()).await;
            assert_eq!(
                (first.read, first.created, first.updated, first.duplicates),
                (read, read - 1, 1, 1),
                "{engine:?}"
            );
            let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
            for options in [&options, &dry, &options] {
                let again =
                    app.import(&caller, "district", rows.clone().into_iter().map(Ok), options).await.expect("in");
                let counts = (again.created, again.updated, again.unchanged, again.duplicates);
                assert_eq!(counts, (0, 0, read, 1), "{engine:?} {between}");
                assert_eq!(app.count_audience(&caller, "name ~ weah").await.expect("a count"), 1);
            }
            // Without the later row the earlier one counts, and is a change.
            rows.remove(rows.len() - 2);
            let mended = import(rows.clone()).await;
            assert_eq!((mended.updated, mended.unchanged, mended.duplicates), (1, read - 2, 0), "{engine:?} {between}");
            assert_eq!(app.count_audience(&caller, "name ~ kollie").await.expect("a count"), 1);
        }
    }
}
