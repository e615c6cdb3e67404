//! Officials who see a part of the country decide about the people of that part only.

use mhero_app::{
    AppError, Caller, NewUser,
    way_back::{Decision, Shelf},
};
use mhero_core::{
    Lang, PersonId, PlaceId, Role,
    record::{Content, PersonRecord, PositionRecord, Ref},
};
use mhero_store::Engine;

use super::{Bench, job, phone, place_ref};
use crate::common::engines;

/// A bench with Ruth at another clinic than Martha, and an official of Ruth's clinic.
async fn with_official(engine: Engine) -> (Bench, Caller) {
    let bench = Bench::new(engine).await;
    let ruth = PersonRecord {
        name: "Ruth Sumo".into(),
        language: Some(Lang::ENGLISH),
        active: true,
        phones: vec![phone("0770000003"), phone("0770000001")],
        ..PersonRecord::default()
    };
    bench.hr.put("Practitioner", "P3", Content::Person(Box::new(ruth)));
    let position = PositionRecord {
        person: Some(Ref::Id { kind: "Practitioner".into(), id: "P3".into() }),
        place: Some(place_ref("Location/1043")),
        job: Some(job("Nurse")),
        active: true,
        ..PositionRecord::default()
    };
    bench.hr.put("PractitionerRole", "R-P3", Content::Position(position));
    bench.pull().await;
    let app = &bench.test.app;
    let place: PlaceId = app.store().places_called("", "1043").await.expect("it answers")[0].id;
    let new = NewUser {
        email: "zolowo@moh.example".into(),
        name: "An official".into(),
        language: Lang::ENGLISH,
        password: None,
        role: Role::Hr,
        place: Some(place),
        programme: None,
    };
    let user = app.add_user(&Caller::system(), new).await.expect("a user");
    let official = app.caller_of_user(user).await.expect("it answers").expect("a caller");
    (bench, official)
}

fn is_not_found<T: std::fmt::Debug>(answer: &Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotFound { .. }))
}

fn is_not_allowed<T: std::fmt::Debug>(answer: &Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotAllowed { .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_official_decides_about_the_people_of_their_places_only() {
    for engine in engines() {
        let (bench, official) = with_official(engine).await;
        let (app, system) = (&bench.test.app, Caller::system());
        let (martha, ruth): (PersonId, PersonId) = (bench.person("P1").await, bench.person("P3").await);
        let of_martha = app.propose(&system, martha, "name", "Martha Weah").await.expect("a proposal");
        let of_ruth = app.propose(&system, ruth, "name", "Ruth Weah").await.expect("a proposal");
        assert!(is_not_found(&app.propose(&official, martha, "name", "Mine").await), "{engine:?}");
        // Lists and counts.
        let seen = app.proposals(&official, Shelf::All, None, 50).await.expect("the queue");
        assert_eq!(seen.iter().map(|row| row.row.proposal.id).collect::<Vec<_>>(), [of_ruth]);
        let counts = app.proposal_counts(&official).await.expect("counts");
        assert_eq!(counts["all"], 1);
        assert!(is_not_found(&app.proposal(&official, of_martha).await));
        // Accept and reject: what is not theirs is not there for them.
        for decision in [Decision::Accept, Decision::Reject] {
            let decided = app.decide(&official, &[(of_martha, 1)], decision).await.expect("decided");
            assert_eq!((decided.refused, decided.done.len()), (vec![(of_martha, "wayback-not-there")], 0));
        }
        let both = app.decide(&official, &[(of_martha, 1), (of_ruth, 1)], Decision::Accept).await.expect("decided");
        assert_eq!((both.done, both.refused.len()), (vec![of_ruth], 1));
        app.undo_decision(&official, of_ruth, 2).await.expect("their own");
        let rejected = app.decide(&official, &[(of_ruth, 3)], Decision::Reject).await.expect("decided");
        assert_eq!(rejected.done, [of_ruth]);
        app.decide(&system, &[(of_martha, 1)], Decision::Accept).await.expect("decided");
        assert!(is_not_found(&app.undo_decision(&official, of_martha, 2).await));
        assert_eq!(app.proposal(&system, of_martha).await.expect("it").row.proposal.state, "accepted");
        // Who is nobody yet works nowhere, and a file has people of all places.
        assert!(is_not_allowed(&app.correction_file(&official, "hr").await));
        assert!(is_not_allowed(&app.candidates(&official, "waiting").await));
        assert!(is_not_allowed(&app.confirm_candidate(&official, of_martha, true).await));
        // Two of whom one is elsewhere are not theirs to join.
        assert!(is_not_found(&app.merge_people(&official, ruth, martha).await));
        assert!(is_not_found(&app.link_pair(&official, ruth, martha).await));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_official_sees_and_marks_the_numbers_of_their_places_only() {
    for engine in engines() {
        let (bench, official) = with_official(engine).await;
        let (app, system) = (&bench.test.app, Caller::system());
        let (martha, ruth) = (bench.person("P1").await, bench.person("P3").await);
        let listed = app.numbers(&official, None, None).await.expect("a list");
        assert_eq!(listed.iter().map(|row| row.person).collect::<Vec<_>>(), [ruth, ruth], "{engine:?}");
        let counts = app.number_health(&official).await.expect("counts").counts;
        assert_eq!(counts.values().sum::<i64>(), 2);
        // A number that somebody elsewhere has, too: that it is shared is seen, not with whom.
        let shared = app.shared_numbers_list(&official, "").await.expect("a list");
        assert_eq!(shared.iter().map(|one| one.people.len()).collect::<Vec<_>>(), [1]);
        assert_eq!(app.shared_numbers_list(&system, "").await.expect("a list")[0].people.len(), 2);
        assert!(is_not_found(&app.number_is_not_theirs(&official, martha, "+231770000001").await));
        assert!(is_not_found(&app.numbers_are_theirs(&official, martha).await));
        app.number_is_not_theirs(&official, ruth, "+231770000001").await.expect("theirs to say");
        let wrong = app.numbers(&system, Some(mhero_app::numbers::NumberState::Wrong), None).await.expect("a list");
        assert_eq!(wrong.iter().map(|row| row.person).collect::<Vec<_>>(), [ruth]);
        assert_eq!(app.numbers_are_theirs(&official, ruth).await.expect("given back"), 1);
    }
}
