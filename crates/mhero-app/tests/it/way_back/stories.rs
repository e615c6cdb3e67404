//! S23 and S25: a check by SMS, the queue, the registry.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    people::ImportOptions,
    way_back::{Decision, Shelf},
};
use mhero_core::{
    Lang,
    record::{Content, PersonRecord, PositionRecord, Record, Ref},
};

use super::{Bench, MARTHA, Mood, job, phone, place_ref};
use crate::common::engines;

#[tokio::test(flavor = "multi_thread")]
async fn answers_become_proposals_with_their_evidence_and_accepted_ones_are_written_once() {
    for engine in engines() {
        let bench = Bench::new(engine).await;
        bench.martha_answers().await;
        let open = bench.shelf(Shelf::All).await;
        let mut fields: Vec<_> = open.iter().map(|row| row.row.proposal.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["facility", "job", "phone"], "{engine:?}");
        let facility = bench.of("facility").await;
        assert_eq!(facility.old.as_deref(), Some("Fissebu Clinic"));
        assert_eq!(facility.new, "Borkeza Clinic");
        assert_eq!(facility.row.evidence.as_deref(), Some("Borkeza Clinic"));
        assert_eq!(facility.row.proposal.confidence, 95);
        assert_eq!(facility.row.source.as_ref().map(|(name, _)| name.as_str()), Some("hr"));
        let counts = bench.test.app.proposal_counts(&Caller::system()).await.expect("counts");
        assert_eq!((counts["all"], counts["sure"]), (3, 3));
        assert_eq!(bench.health(MARTHA).await, (true, false), "the number is confirmed");
        // Accepted in bulk; what somebody saw in an older version is told and left alone.
        let decided = bench.decide(&open, Decision::Accept).await;
        assert_eq!((decided.done.len(), decided.meanwhile.len()), (3, 0));
        let again = bench.decide(&open, Decision::Reject).await;
        assert_eq!((again.done.len(), again.meanwhile.len()), (0, 3));
        bench.idle().await;
        assert!(bench.hr.pushes().is_empty(), "a decision can be taken back for a moment");
        let job = bench.of("job").await.row.proposal;
        bench.test.app.undo_decision(&Caller::system(), job.id, job.version).await.expect("it is open again");
        bench.pass(SignedDuration::from_secs(31)).await;
        assert_eq!(bench.hr.place_of("R-P1"), "Location/1042");
        assert!(bench.hr.has_phone("P1", "+231770000099"));
        assert_eq!(bench.hr.writes(), 2);
        let push = &bench.hr.pushes()[0];
        assert_eq!((push.agent.as_str(), push.key.len()), ("health worker", 36));
        // The register holds it, so does the count of staff, and Martha knows.
        let martha = bench.person("P1").await;
        let works = bench.test.app.store().workplace(martha, i64::MAX - 1).await.expect("it answers");
        let works = bench.test.app.store().place(works.expect("a place")).await.expect("it answers").expect("it");
        assert_eq!(works.name.best(Lang::ENGLISH), "Borkeza Clinic");
        assert_eq!(bench.of("facility").await.row.proposal.state, "written");
        let told = bench.texts().iter().filter(|(_, text)| text == "wayback-sms-changed eng").count();
        assert_eq!(told, 2, "{engine:?} {:?}", bench.texts());
        bench.pass(SignedDuration::from_hours(1)).await;
        assert_eq!((bench.hr.writes(), bench.shelf(Shelf::All).await.len()), (2, 1));
        let late = bench.of("facility").await.row.proposal;
        assert!(bench.test.app.undo_decision(&Caller::system(), late.id, late.version).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_that_person_stops_everything_and_the_number_is_marked() {
    for engine in engines() {
        let bench = Bench::new(engine).await;
        bench.hear_all(MARTHA, &["RECORD", "3"]).await;
        assert!(bench.shelf(Shelf::All).await.is_empty());
        assert_eq!(bench.health(MARTHA).await, (false, true), "{engine:?}");
        let holders = bench.test.app.store().holders("tel", MARTHA).await.expect("it answers");
        assert!(holders.iter().all(|holder| holder.standing != "worker"));
        // Silence confirms nothing.
        let bench = Bench::new(engine).await;
        bench.hear_all(MARTHA, &["RECORD", "1"]).await;
        assert_eq!(bench.health(MARTHA).await, (false, false));
        assert!(bench.shelf(Shelf::All).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_changed_meanwhile_is_a_conflict_and_is_never_overwritten() {
    for engine in engines() {
        for (decision, place, state) in
            [(Decision::Accept, "Location/1042", "written"), (Decision::Reject, "Location/1043", "rejected")]
        {
            let bench = Bench::new(engine).await;
            bench.martha_answers().await;
            move_martha(&bench, "Location/1043");
            bench.accept_facility().await;
            let conflict = bench.of("facility").await;
            assert_eq!(conflict.row.proposal.state, "conflict", "{engine:?}");
            assert_eq!(conflict.now.as_deref(), Some("Zolowo Clinic"));
            assert_eq!((bench.hr.place_of("R-P1").as_str(), bench.hr.writes()), ("Location/1043", 0));
            bench.decide(&[conflict], decision).await;
            bench.pass(SignedDuration::from_secs(31)).await;
            assert_eq!(bench.of("facility").await.row.proposal.state, state);
            assert_eq!(bench.hr.place_of("R-P1"), place);
        }
        // The same when the change came by a pull before.
        let bench = Bench::new(engine).await;
        bench.martha_answers().await;
        move_martha(&bench, "Location/1043");
        bench.pull().await;
        bench.accept_facility().await;
        assert_eq!(bench.of("facility").await.row.proposal.state, "conflict");
        assert!(bench.hr.pushes().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_leads_to_reading_and_never_to_a_second_write() {
    for engine in engines() {
        let bench = Bench::new(engine).await;
        bench.martha_answers().await;
        bench.hr.mood(Mood::LosesAnswer);
        bench.accept_facility().await;
        let unsure = bench.of("facility").await.row.proposal;
        assert_eq!((unsure.state.as_str(), bench.hr.pushes().len()), ("writing", 1), "{engine:?}");
        bench.hr.mood(Mood::Fine);
        bench.pass(SignedDuration::from_secs(61)).await;
        bench.pass(SignedDuration::from_secs(61)).await;
        assert_eq!(bench.of("facility").await.row.proposal.state, "written");
        assert_eq!((bench.hr.pushes().len(), bench.hr.writes()), (1, 1));
        // Where the request itself was lost, the record shows that too, and the same attempt is made again.
        let bench = Bench::new(engine).await;
        bench.martha_answers().await;
        bench.hr.mood(Mood::LosesRequest);
        bench.accept_facility().await;
        bench.hr.mood(Mood::Fine);
        for _ in 0..3 {
            bench.pass(SignedDuration::from_secs(61)).await;
        }
        assert_eq!(bench.of("facility").await.row.proposal.state, "written");
        let pushes = bench.hr.pushes();
        assert_eq!((pushes.len(), bench.hr.writes()), (2, 1));
        assert_eq!(pushes[0].key, pushes[1].key);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_down_is_tried_again_and_one_that_refuses_is_told() {
    for engine in engines() {
        let bench = Bench::new(engine).await;
        bench.martha_answers().await;
        bench.hr.mood(Mood::Down);
        bench.accept_facility().await;
        let waiting = bench.of("facility").await.row.proposal;
        assert_eq!((waiting.state.as_str(), waiting.attempts), ("accepted", 1), "{engine:?}");
        bench.hr.mood(Mood::Fine);
        bench.pass(SignedDuration::from_secs(61)).await;
        assert_eq!(bench.of("facility").await.row.proposal.state, "written");
        bench.hr.mood(Mood::Refuses);
        bench.decide(&[bench.of("phone").await], Decision::Accept).await;
        bench.pass(SignedDuration::from_secs(31)).await;
        let failed = bench.of("phone").await.row.proposal;
        assert_eq!(failed.state, "failed");
        assert!(failed.reason.is_some_and(|reason| reason.contains("fake-refused")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_objects_within_seven_days_and_the_former_value_is_proposed() {
    for engine in engines() {
        let bench = Bench::new(engine).await;
        bench.hear_all(MARTHA, &["OBJECT"]).await;
        assert!(bench.texts().iter().all(|(_, text)| !text.starts_with("wayback-sms-objected")));
        bench.martha_answers().await;
        bench.accept_facility().await;
        bench.pass(SignedDuration::from_hours(24 * 6)).await;
        bench.hear_all(MARTHA, &["object"]).await;
        assert!(bench.texts().iter().any(|(_, text)| text == "wayback-sms-objected eng"), "{engine:?}");
        let done = bench.shelf(Shelf::Done).await;
        assert!(done.iter().any(|row| row.row.proposal.state == "withdrawn"));
        let thread = bench.test.app.store().open_thread_of(bench.person("P1").await, "tel", MARTHA).await;
        assert!(thread.expect("it answers").is_some());
        let back = bench.of("facility").await;
        assert_eq!((back.new.as_str(), back.row.evidence.as_deref()), ("Fissebu Clinic", Some("object")));
        assert_eq!(back.old.as_deref(), Some("Borkeza Clinic"));
        bench.decide(&[back], Decision::Accept).await;
        bench.pass(SignedDuration::from_secs(31)).await;
        assert_eq!(bench.hr.place_of("R-P1"), "Location/1041");
        // After seven days the word means nothing.
        bench.pass(SignedDuration::from_hours(24 * 8)).await;
        let before = bench.shelf(Shelf::All).await.len();
        bench.hear_all(MARTHA, &["CONTESTER"]).await;
        assert_eq!(bench.shelf(Shelf::All).await.len(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_accept_where_that_is_set_and_officials_propose_too() {
    for engine in engines() {
        let bench = Bench::new(engine).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        app.set_two_people_accept(&caller, true).await.expect("a setting");
        let martha = bench.person("P1").await;
        assert!(app.propose(&caller, martha, "shoe-size", "43").await.is_err());
        assert!(app.propose(&caller, martha, "facility", "Nowhere").await.is_err());
        assert!(app.propose(&caller, martha, "facility", "1041").await.is_err(), "that is where she works");
        let id = app.propose(&caller, martha, "facility", "1042").await.expect("a proposal");
        let seen = async || app.proposal(&caller, id).await.expect("it").row.proposal;
        let by = |user: u128| {
            let mut caller = Caller::system();
            caller.actor.id = Some(uuid::Uuid::from_u128(user));
            caller
        };
        let first = app.decide(&by(1), &[(id, seen().await.version)], Decision::Accept).await.expect("decided");
        assert_eq!(first.seconded, [id]);
        let same = app.decide(&by(1), &[(id, seen().await.version)], Decision::Accept).await.expect("decided");
        assert_eq!(same.refused, [(id, "wayback-second-person")]);
        let second = app.decide(&by(2), &[(id, seen().await.version)], Decision::Accept).await.expect("decided");
        assert_eq!(second.done, [id]);
        bench.pass(SignedDuration::from_secs(31)).await;
        assert_eq!((seen().await.state.as_str(), bench.hr.writes()), ("written", 1));
        assert_eq!(bench.hr.pushes()[0].agent, "officer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_of_files_gets_a_correction_file_until_an_import_holds_it() {
    for engine in engines() {
        let bench = Bench::new(engine).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        let row = |name: &str| {
            let person = PersonRecord {
                name: name.into(),
                active: true,
                phones: vec![phone("0770000009")],
                ..PersonRecord::default()
            };
            let content = Content::Person(Box::new(person));
            let raw = serde_json::to_string(&content).expect("it can be written");
            Record { origin: "row 2".into(), kind: "row".into(), id: "77".into(), raw, warnings: vec![], content }
        };
        let import = async |name: &str| {
            let options = ImportOptions::default();
            app.import(&caller, "payroll", std::iter::once(Ok(row(name))), &options).await.expect("an import");
        };
        import("Ann Tokpa").await;
        let person = bench.person("77").await;
        let id = app.propose(&caller, person, "name", "=Ann, Tokpah").await.expect("a proposal");
        app.decide(&caller, &[(id, 1)], Decision::Accept).await.expect("decided");
        bench.pass(SignedDuration::from_secs(31)).await;
        let file = app.correction_file(&caller, "payroll").await.expect("a file");
        let expected = "id,kind,field,old,new\r\n77,row,name,Ann Tokpa,\"'=Ann, Tokpah\"\r\n";
        assert_eq!((file.csv.as_str(), file.rows), (expected, 1), "{engine:?}");
        assert!(app.correction_file(&caller, "hr").await.is_err());
        import("=Ann, Tokpah").await;
        bench.pass(SignedDuration::from_mins(11)).await;
        assert_eq!(app.proposal(&caller, id).await.expect("it").row.proposal.state, "written");
        assert_eq!(app.correction_file(&caller, "payroll").await.expect("a file").rows, 0);
    }
}

/// Somebody changes the registry.
fn move_martha(bench: &Bench, place: &str) {
    let position = PositionRecord {
        person: Some(Ref::Id { kind: "Practitioner".into(), id: "P1".into() }),
        place: Some(place_ref(place)),
        job: Some(job("Midwife")),
        active: true,
        ..PositionRecord::default()
    };
    bench.hr.put("PractitionerRole", "R-P1", Content::Position(position));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_the_usual_language_is_no_correction_of_a_record_without_one() {
    for engine in engines() {
        for (word, proposed) in [("FACILITY", 0), ("STRUCTURE", 1)] {
            let bench = Bench::new(engine).await;
            let Some(Content::Person(mut person)) = bench.hr.get("Practitioner", "P1") else {
                unreachable!("she is there")
            };
            person.language = None;
            bench.hr.put("Practitioner", "P1", Content::Person(person));
            bench.pull().await;
            bench.idle().await;
            bench.hear_all(MARTHA, &[word, "1", "1", "1", "3"]).await;
            let rows = bench.shelf(Shelf::All).await;
            let languages: Vec<_> = rows.iter().filter(|row| row.row.proposal.field == "language").collect();
            assert_eq!(languages.len(), proposed, "{engine:?} {word}");
        }
    }
}
