//! S24: two of one clinic answer differently. Both answers are kept, the disagreement is shown, a third is asked, and the record
//! changes only by a reviewer.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    way_back::{Decision, QueueRow, Shelf},
};
use mhero_core::{
    Lang, PlaceId,
    record::{AbsenceRecord, Content, PersonRecord, PositionRecord, Ref},
};
use mhero_store::Engine;

use super::{Bench, MARTHA, SUPERVISOR as SAYE, job, phone, place_ref};
use crate::common::engines;

/// The third colleague's phone.
const YASSA: &str = "+231770000003";
/// The fourth's.
const KORTO: &str = "+231770000004";
/// What the check asks first.
const ASKED: &str = "Is Fissebu Clinic open today? 1 fully, 2 partly, 3 closed. Four short questions, free.";

/// The bench with further colleagues in the clinic of Martha and Saye.
async fn clinic(engine: Engine, colleagues: &[(&str, &str, &str)]) -> Bench {
    let bench = Bench::new(engine).await;
    for (id, name, number) in colleagues {
        let person = PersonRecord {
            name: (*name).into(),
            language: Some(Lang::ENGLISH),
            active: true,
            phones: vec![phone(number)],
            ..PersonRecord::default()
        };
        bench.hr.put("Practitioner", id, Content::Person(Box::new(person)));
        let position = PositionRecord {
            person: Some(Ref::Id { kind: "Practitioner".into(), id: (*id).into() }),
            place: Some(place_ref("Location/1041")),
            job: Some(job("Nurse")),
            active: true,
            ..PositionRecord::default()
        };
        bench.hr.put("PractitionerRole", &format!("R-{id}"), Content::Position(position));
    }
    bench.pull().await;
    bench.idle().await;
    bench
}

impl Bench {
    async fn fissebu(&self) -> PlaceId {
        let found = self.test.app.search_places(&Caller::system(), "Fissebu", 5).await.expect("places");
        found[0].place.id
    }

    /// The rows of a field of a place, whatever became of them.
    async fn of_place(&self, field: &str) -> Vec<QueueRow> {
        let mut rows = Vec::new();
        for shelf in [Shelf::All, Shelf::Way, Shelf::Done] {
            rows.extend(self.shelf(shelf).await);
        }
        rows.retain(|row| row.row.proposal.place.is_some() && row.row.proposal.field == field);
        rows
    }

    async fn row_of(&self, field: &str) -> QueueRow {
        let mut rows = self.of_place(field).await;
        assert_eq!(rows.len(), 1, "{field}");
        rows.remove(0)
    }

    /// How often the check asked somebody its first question.
    fn asked(&self, path: &str) -> usize {
        self.texts().iter().filter(|(to, text)| to == path && text.contains(ASKED)).count()
    }

    /// Values of the clinic's page, with whether they are verified.
    async fn values(&self) -> Vec<(String, String, bool)> {
        let page = self.test.app.place_page(&Caller::system(), self.fissebu().await).await.expect("a page");
        page.values.into_iter().map(|value| (value.field, value.value, value.verified_at.is_some())).collect()
    }
}

fn reason(row: &QueueRow) -> String {
    row.row.proposal.reason.clone().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_differ_a_third_is_asked_and_a_reviewer_decides() {
    for engine in engines() {
        let bench = clinic(engine, &[("P3", "Yassa Zubah", "0770000003")]).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        bench.hear_all(MARTHA, &["FACILITY", "1", "1", "1", "3"]).await;
        assert!(bench.shelf(Shelf::All).await.is_empty(), "{engine:?}: one answer waits for a colleague's");
        bench.hear_all(SAYE, &["FACILITY", "2", "1", "1", "2"]).await;
        // Both answers are kept, with who said them, when, and the message and the run in which they did.
        let open = bench.row_of("open").await;
        assert_eq!(open.values(), ["Fully", "Partly"], "{engine:?}");
        let said: Vec<_> = open
            .answers
            .iter()
            .map(|one| (one.name.as_deref(), one.evidence.as_deref(), one.answer.run.is_some()))
            .collect();
        assert_eq!(said, [(Some("Martha Kollie"), Some("1"), true), (Some("Saye Dolo"), Some("2"), true)]);
        assert_eq!((open.subject(Lang::ENGLISH), open.row.shelf.as_str()), ("Fissebu Clinic", "eye"));
        assert!(reason(&open).contains("wayback-place-asked"));
        // What they agree on is proposed as it is.
        let power = bench.row_of("power").await;
        assert_eq!((power.new.as_str(), power.row.proposal.confidence, power.values().len()), ("Grid", 85, 1));
        // A third colleague of the clinic is asked, once.
        assert_eq!(bench.asked(YASSA), 1);
        for _ in 0..3 {
            app.way_back_pass().await.expect("a pass");
            bench.idle().await;
        }
        assert_eq!((bench.asked(YASSA), bench.asked(MARTHA), bench.asked(SAYE)), (1, 1, 1));
        // Nobody has decided: no record says anything.
        assert_eq!((bench.hr.value_of("1041", "open"), bench.hr.pushes().len()), (None, 0));
        assert!(bench.values().await.is_empty());
        let early = bench.decide(&[bench.row_of("open").await], Decision::Accept).await;
        assert_eq!(early.refused, [(open.row.proposal.id, "wayback-choose-answer")]);
        bench.hear_all(YASSA, &["2", "1", "1", "3"]).await;
        let open = bench.row_of("open").await;
        assert_eq!((open.new.as_str(), open.row.proposal.confidence, open.answers.len()), ("Partly", 65, 3));
        assert!(reason(&open).contains("wayback-place-most-say"), "{engine:?} {}", reason(&open));
        assert_eq!((bench.hr.value_of("1041", "open"), bench.hr.pushes().len()), (None, 0));
        // The reviewer decides, and the registry that owns the record is told.
        assert_eq!(bench.decide(&[open], Decision::Accept).await.done.len(), 1);
        bench.pass(SignedDuration::from_secs(31)).await;
        assert_eq!(bench.hr.value_of("1041", "open").as_deref(), Some("Partly"));
        let push = bench.hr.pushes().remove(0);
        assert_eq!((push.target.kind.as_str(), push.target.id.as_str()), ("Location", "1041"));
        assert!(push.reason.contains("reviewer"));
        let done = bench.row_of("open").await;
        assert_eq!((done.row.proposal.state.as_str(), done.answers.len()), ("written", 3));
        assert_eq!(bench.values().await, [("open".into(), "Partly".into(), true)]);
        // No registry takes water: it is ours, once a reviewer has accepted it.
        let water = bench.row_of("water").await;
        assert_eq!(water.row.source, None);
        bench.decide(&[water], Decision::Accept).await;
        bench.decide(&[bench.row_of("power").await], Decision::Reject).await;
        bench.pass(SignedDuration::from_secs(31)).await;
        let verified = [("open".into(), "Partly".into(), true), ("water".into(), "Yes".into(), true)];
        assert_eq!(bench.values().await, verified);
        assert_eq!((bench.hr.writes(), bench.hr.value_of("1041", "power")), (1, None));
        assert!(app.store().open_round(bench.fissebu().await).await.expect("it answers").is_none());
        assert!(app.proposals(&caller, Shelf::All, None, 10).await.expect("the queue").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_else_can_be_asked_the_reviewer_is_told_and_chooses_one_of_the_answers() {
    for engine in engines() {
        // One colleague is on leave, the other has asked that nothing be sent.
        let colleagues = [("P3", "Yassa Zubah", "0770000003"), ("P4", "Korto Flomo", "0770000004")];
        let bench = clinic(engine, &colleagues).await;
        let absence = AbsenceRecord {
            person: Some(Ref::Id { kind: "Practitioner".into(), id: "P3".into() }),
            ..AbsenceRecord::default()
        };
        bench.hr.put("Basic", "L1", Content::Absence(absence));
        bench.pull().await;
        bench.hear_all(KORTO, &["STOP"]).await;
        bench.hear_all(MARTHA, &["FACILITY", "1", "1", "1", "3"]).await;
        bench.hear_all(SAYE, &["FACILITY", "3", "2"]).await;
        let open = bench.row_of("open").await;
        assert!(reason(&open).contains("wayback-place-nobody"), "{engine:?} {}", reason(&open));
        assert_eq!((bench.asked(YASSA), bench.asked(KORTO)), (0, 0));
        let (app, caller) = (&bench.test.app, Caller::system());
        let seen = (open.row.proposal.id, open.row.proposal.version);
        assert_eq!(bench.decide(&[open], Decision::Accept).await.refused.len(), 1);
        assert!(app.take_answer(&caller, seen, "Perhaps").await.is_err());
        let taken = app.take_answer(&caller, seen, "fully").await.expect("decided");
        assert_eq!(taken.done.len(), 1);
        assert_eq!(app.take_answer(&caller, seen, "closed").await.expect("told").meanwhile.len(), 1);
        bench.pass(SignedDuration::from_secs(31)).await;
        assert_eq!(bench.hr.value_of("1041", "open").as_deref(), Some("Fully"));
        // Power was answered by one alone: after two weeks a reviewer sees it.
        assert!(bench.of_place("power").await.is_empty());
        bench.pass(SignedDuration::from_hours(15 * 24)).await;
        let power = bench.row_of("power").await;
        assert!(reason(&power).contains("wayback-place-one-answer"), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_asked_and_stays_silent_is_followed_by_the_next() {
    for engine in engines() {
        let colleagues = [("P3", "Yassa Zubah", "0770000003"), ("P4", "Korto Flomo", "0770000004")];
        let bench = clinic(engine, &colleagues).await;
        bench.hear_all(MARTHA, &["FACILITY", "1", "1", "1", "3"]).await;
        bench.hear_all(SAYE, &["FACILITY", "2", "1", "1", "3"]).await;
        assert_eq!(bench.asked(YASSA) + bench.asked(KORTO), 1, "{engine:?}");
        bench.pass(SignedDuration::from_hours(25)).await;
        bench.pass(SignedDuration::from_hours(49)).await;
        assert_eq!(bench.asked(YASSA) + bench.asked(KORTO), 1);
        bench.pass(SignedDuration::from_hours(25)).await;
        assert_eq!((bench.asked(YASSA), bench.asked(KORTO)), (1, 1));
        bench.pass(SignedDuration::from_hours(4 * 24)).await;
        assert!(reason(&bench.row_of("open").await).contains("wayback-place-nobody"));
        // An answer that comes late all the same counts.
        bench.hear_all(KORTO, &["FACILITY", "1", "1", "1", "2"]).await;
        let open = bench.row_of("open").await;
        assert_eq!((open.new.as_str(), open.row.proposal.confidence), ("Fully", 65));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_facility_changed_meanwhile_is_a_conflict_and_never_overwritten() {
    for engine in engines() {
        for (decision, holds, state) in
            [(Decision::Accept, "Fully", "written"), (Decision::Reject, "Closed", "rejected")]
        {
            let bench = clinic(engine, &[]).await;
            bench.hear_all(MARTHA, &["FACILITY", "1", "1", "1", "3"]).await;
            bench.hear_all(SAYE, &["FACILITY", "1", "1", "1", "3"]).await;
            bench.hr.set_value("1041", "open", "Closed");
            bench.decide(&[bench.row_of("open").await], Decision::Accept).await;
            bench.pass(SignedDuration::from_secs(31)).await;
            let conflict = bench.row_of("open").await;
            assert_eq!((conflict.row.proposal.state.as_str(), conflict.now.as_deref()), ("conflict", Some("Closed")));
            assert_eq!(bench.hr.value_of("1041", "open").as_deref(), Some("Closed"), "{engine:?}");
            bench.decide(&[conflict], decision).await;
            bench.pass(SignedDuration::from_secs(31)).await;
            assert_eq!(bench.row_of("open").await.row.proposal.state, state);
            assert_eq!(bench.hr.value_of("1041", "open").as_deref(), Some(holds));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn colleagues_who_say_what_the_record_holds_verify_it_and_one_who_is_alone_is_believed_less() {
    for engine in engines() {
        let bench = clinic(engine, &[]).await;
        bench.hr.set_value("1041", "open", "Fully");
        bench.pull().await;
        bench.hear_all(MARTHA, &["FACILITY", "1", "1", "1", "3"]).await;
        bench.hear_all(SAYE, &["FACILITY", "1", "2", "1", "3"]).await;
        assert!(bench.of_place("open").await.is_empty(), "{engine:?}");
        assert_eq!(bench.values().await, [("open".into(), "Fully".into(), true)]);
        // Two who differ, nobody else: Saye then says the same after all.
        assert_eq!(bench.row_of("power").await.values(), ["Grid", "Solar"]);
        bench.hear_all(SAYE, &["FACILITY", "1", "1", "1", "3"]).await;
        let power = bench.row_of("power").await;
        assert_eq!((power.new.as_str(), power.row.proposal.confidence, power.answers.len()), ("Grid", 85, 3));
        // Where one works alone there is nobody to ask.
        let bench = clinic(engine, &[]).await;
        let mut role = PositionRecord {
            person: Some(Ref::Id { kind: "Practitioner".into(), id: "P2".into() }),
            place: Some(place_ref("Location/1042")),
            active: true,
            ..PositionRecord::default()
        };
        role.job = Some(job("Midwife"));
        bench.hr.put("PractitionerRole", "R-P2", Content::Position(role));
        bench.pull().await;
        bench.hear_all(MARTHA, &["FACILITY", "3", "2"]).await;
        let open = bench.row_of("open").await;
        assert_eq!((open.new.as_str(), open.row.proposal.confidence), ("Closed", 60), "{engine:?}");
        assert!(reason(&open).contains("wayback-place-alone"));
    }
}
